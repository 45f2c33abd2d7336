/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The anchor that is measured: engine and codec, between them what the daemon
 * does with a message, and in place of kernel, store and log something that has
 * done at once whatever it is told.
 */
#ifndef PMIP6_BENCH_SUBJECT_H
#define PMIP6_BENCH_SUBJECT_H

#include <stddef.h>

#include "../engine/lma.h"

/* No PBU or PBA here is longer. */
#define LETTER_MAX 256

/**
 * struct letter - a message to the anchor, and its answer
 * @src: whom from
 * @now: when it comes
 * @len: octets of @data
 * @data: the message
 * @answer_len: octets of @answer, 0 if there is none
 * @answer: the answer
 */
struct letter {
	struct in6_addr src;
	struct now now;
	size_t len;
	uint8_t data[LETTER_MAX];
	size_t answer_len;
	uint8_t answer[LETTER_MAX];
};

/**
 * struct subject - the anchor
 * @lma: its engine
 * @letter: that is being handled, or NULL
 * @records: how many records it had stored
 * @record_octets: and how long they were
 */
struct subject {
	struct lma lma;
	struct letter *letter;
	uint64_t records;
	uint64_t record_octets;
};

/**
 * subject_address() - LMAA
 *
 * Return: that.
 */
struct in6_addr subject_address(void);

/**
 * subject_init() - an anchor with a pool and no sessions
 * @subject: the anchor
 */
void subject_init(struct subject *subject);

/**
 * subject_free() - its end
 * @subject: the anchor
 */
void subject_free(struct subject *subject);

/**
 * subject_take() - a message comes
 * @subject: the anchor
 * @letter: the message; its answer is put there
 */
void subject_take(struct subject *subject, struct letter *letter);

/**
 * subject_pass() - time passes
 * @subject: the anchor
 * @now: what it is now
 */
void subject_pass(struct subject *subject, struct now now);

#endif /* PMIP6_BENCH_SUBJECT_H */
