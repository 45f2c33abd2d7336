/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens, line by line: printed, or the last lines kept for when
 * something is found to be wrong.
 */
#ifndef PMIP6_SIM_TRACE_H
#define PMIP6_SIM_TRACE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../mh/mh.h"

#define TRACE_LINE 240
#define TRACE_KEPT 4000
#define TRACE_TEXT 64

struct sim;

/**
 * struct trace - the lines
 * @wanted: make them at all
 * @to: where they are printed, or NULL to keep the last ones
 * @kept: those, a ring
 * @count: how many lines there were
 */
struct trace {
	bool wanted;
	FILE *to;
	char (*kept)[TRACE_LINE];
	uint64_t count;
};

/**
 * trace_line() - one more line; see TRACE()
 * @sim: the run
 * @who: to whom it happens
 * @format: what
 */
void trace_line(struct sim *sim, const char *who, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * trace_print_kept() - print the lines that were kept
 * @trace: the trace
 * @to: where to
 * @most: so many of the last ones
 * @word: only those that have this word, or NULL for all
 */
void trace_print_kept(const struct trace *trace, FILE *to, unsigned int most,
		      const char *word);

/**
 * trace_free() - forget them
 * @trace: the trace
 */
void trace_free(struct trace *trace);

/**
 * trace_prefix() - a prefix as text
 * @prefix: the prefix
 * @text: where to put it, TRACE_TEXT octets
 *
 * Return: @text.
 */
const char *trace_prefix(const struct mh_prefix *prefix, char *text);

/* Arguments cost nothing where no line is wanted. */
#define TRACE(sim, who, ...) do {					\
	if ((sim)->trace.wanted)					\
		trace_line(sim, who, __VA_ARGS__);			\
} while (0)

#endif /* PMIP6_SIM_TRACE_H */
