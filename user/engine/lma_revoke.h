/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Binding Revocation, as far as an anchor needs it: whether a mobile node has
 * left a gateway (RFC 5846 8.1).
 */
#ifndef PMIP6_ENGINE_LMA_REVOKE_H
#define PMIP6_ENGINE_LMA_REVOKE_H

#include "lma.h"

/**
 * struct lma_question - a Binding Revocation Indication without an answer
 * @bce: the session
 * @mag: whom it went to
 * @bri: the message: all copies are the same
 * @copies: how often its time to be sent has come
 * @interval_ms: until the next one
 * @left: it was answered: the mobile node has left. What else is under way for
 *	the session comes first
 * @timer: the next copy, or no more
 * @by_sequence: in the anchor
 */
struct lma_question {
	struct bce *bce;
	struct in6_addr mag;
	struct mh_revocation bri;
	unsigned int copies;
	uint32_t interval_ms;
	bool left;
	struct timer timer;
	UT_hash_handle by_sequence;
};

/**
 * lma_ask() - a PBU waits for a session: ask its gateway whether it still has it
 * @lma: the anchor
 * @bce: the session
 * @now: the time
 * @out: what shall happen
 *
 * Nothing happens if it is asked already, or does not understand that, or if
 * the operator does not want it.
 */
void lma_ask(struct lma *lma, struct bce *bce, struct now now,
	     struct outbox *out);

/**
 * lma_end_question() - no answer is awaited any more
 * @lma: the anchor
 * @bce: the session
 */
void lma_end_question(struct lma *lma, struct bce *bce);

/**
 * lma_revoke() - its gateway does not have it any more: it is de-registered
 * @lma: the anchor
 * @bce: the session; nothing happens if that is not so, or if it is busy
 * @now: the time
 * @out: what shall happen
 */
void lma_revoke(struct lma *lma, struct bce *bce, struct now now,
		struct outbox *out);

/**
 * lma_questions_on_timer() - send copies that are due
 * @lma: the anchor
 * @now: the time
 * @out: what shall happen
 */
void lma_questions_on_timer(struct lma *lma, struct now now,
			    struct outbox *out);

/**
 * lma_questions_on_error() - a gateway may not know what it was asked
 * @lma: the anchor
 * @peer: the gateway
 * @out: what shall happen
 *
 * Return: true if that is so: it is not asked again before peers_reset().
 */
bool lma_questions_on_error(struct lma *lma, struct peer *peer,
			    struct outbox *out);

#endif /* PMIP6_ENGINE_LMA_REVOKE_H */
