/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One round: everything once.
 */
#ifndef PMIP6_BENCH_ROUND_H
#define PMIP6_BENCH_ROUND_H

#include "options.h"
#include "result.h"

/**
 * round_run() - measure everything once
 * @options: how much of it
 * @round: what came of it
 *
 * Memory is what the process has grown by, so it is to be a process that has
 * not done so before.
 */
void round_run(const struct options *options, struct round *round);

#endif /* PMIP6_BENCH_ROUND_H */
