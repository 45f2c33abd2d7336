/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines for operators: one an event, key=value. More than a few of one kind in
 * a second are counted instead, so that nobody outside can fill a disk.
 */
#ifndef PMIP6D_LOG_H
#define PMIP6D_LOG_H

#include <stdbool.h>

#include "../engine/effects.h"

/**
 * log_init() - before the first line
 * @level: what is less bad is not logged
 *
 * Lines go to the standard error output; with the time in front, unless that
 * is the journal, which has its own.
 */
void log_init(enum report_level level);

/**
 * log_event() - one line
 * @level: how bad
 * @event: what happened, one word; a constant string
 * @format: " key=value" pairs, as for printf(), or ""
 */
void log_event(enum report_level level, const char *event, const char *format,
	       ...) __attribute__((format(printf, 3, 4)));

/**
 * log_report() - what an engine reports
 * @role: of which role; a constant string
 * @report: the report
 */
void log_report(const char *role, const struct report *report);

/**
 * log_quote() - text from outside, fit for a line
 * @to: where to put it, at least 3 octets; cut short if it does not fit
 * @size: room there
 * @from: the text
 * @len: its length
 *
 * What would break a line or a value is written as \xNN.
 *
 * Return: @to.
 */
const char *log_quote(char *to, size_t size, const void *from, size_t len);

#endif /* PMIP6D_LOG_H */
