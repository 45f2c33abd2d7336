/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was measured, and how it is told.
 */
#ifndef PMIP6_BENCH_RESULT_H
#define PMIP6_BENCH_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"

#define ROUNDS_MAX 1000

enum figure {
	FIGURE_REGISTER,	/* registrations a second */
	FIGURE_REFRESH,		/* refreshes a second, of all sessions at random */
	FIGURE_HANDOVER,	/* handovers a second, likewise */
	FIGURE_DEREGISTER,	/* de-registrations a second, likewise */
	FIGURE_DELETE,		/* deletions a second, of what was de-registered */
	FIGURE_MEMORY,		/* octets of the process a session */
	FIGURE_HEAP,		/* octets that malloc() has handed out, a session */
	FIGURE_RECORD,		/* octets of its record */
	FIGURE_BULK,		/* updates a second for a group of all sessions */
	FIGURE_BULK_RATIO,	/* what one costs against one for a group of one */
	FIGURES,
};

/**
 * struct round - what came of one round
 * @figures: by enum figure
 * @sent: PBUs that were sent
 * @answered: those that were answered
 * @accepted: those whose answer is right: accepted, and with its prefix
 * @left: sessions that were not deleted
 */
struct round {
	double figures[FIGURES];
	uint64_t sent;
	uint64_t answered;
	uint64_t accepted;
	uint64_t left;
};

/**
 * round_is_good() - was every PBU answered and accepted, and every session deleted
 * @round: what came of it
 *
 * Return: true if so.
 */
bool round_is_good(const struct round *round);

/**
 * result_print() - tell what was measured
 * @options: what was to be
 * @rounds: what came of each round, as many as @options says
 */
void result_print(const struct options *options, const struct round *rounds);

#endif /* PMIP6_BENCH_RESULT_H */
