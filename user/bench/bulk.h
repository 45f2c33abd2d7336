/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Updates for groups: of all sessions, and of one.
 */
#ifndef PMIP6_BENCH_BULK_H
#define PMIP6_BENCH_BULK_H

#include "options.h"
#include "result.h"

/**
 * bulk_run() - measure what an update for a group costs
 * @options: how many sessions
 * @round: what came of it
 *
 * One anchor has all sessions in one group, another one a single session. Their
 * updates come by turns, so that whatever else the processor does is the same for
 * both.
 */
void bulk_run(const struct options *options, struct round *round);

#endif /* PMIP6_BENCH_BULK_H */
