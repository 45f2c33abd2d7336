/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Binding Revocation at an anchor (RFC 5846 8): whether a mobile node has left
 * a gateway, what an operator wants to end, what a gateway does.
 */
#ifndef PMIP6_ENGINE_LMA_REVOKE_H
#define PMIP6_ENGINE_LMA_REVOKE_H

#include "lma.h"

/**
 * lma_init_revocations() - none
 * @lma: the anchor, with its configuration
 * @sequence: of the first one
 */
void lma_init_revocations(struct lma *lma, uint16_t sequence);

/**
 * lma_signals_to() - where the gateway of a session is spoken to (RFC 5846 8.1)
 * @bce: the session
 *
 * Return: where its updates come from, its Proxy-CoA mostly.
 */
const struct in6_addr *lma_signals_to(const struct bce *bce);

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
 * lma_may_revoke() - is there something that may be revoked
 * @bce: the session
 *
 * Return: false if it ends already.
 */
bool lma_may_revoke(const struct bce *bce);

/**
 * lma_put_session() - which binding a message is about (RFC 5846 8.1)
 * @options: of the message, which has room for its prefixes
 * @bce: the session
 */
void lma_put_session(struct mh_options *options, const struct bce *bce);

/**
 * lma_revoking() - a session is to end with a revocation
 * @lma: the anchor
 * @revocation: the revocation
 * @bce: the session, active
 *
 * It is not part any more of what it was part of before.
 */
void lma_revoking(struct lma *lma, struct revocation *revocation,
		  struct bce *bce);

/**
 * lma_leave_revocation() - a session is not to be revoked any more
 * @lma: the anchor
 * @bce: the session
 * @result: what became of it
 */
void lma_leave_revocation(struct lma *lma, struct bce *bce,
			  enum revocation_result result);

/**
 * lma_on_revoked() - that a session ends stands, or could not be
 * @lma: the anchor
 * @bce: the session
 * @error: 0, or the errno value of why not
 * @now: the time
 * @out: what shall happen
 */
void lma_on_revoked(struct lma *lma, struct bce *bce, int error, struct now now,
		    struct outbox *out);

/**
 * lma_revoke() - what an operator wants to end
 * @lma: the anchor
 * @target: that
 * @done: told when all of it is over; not if there is nothing of it
 * @context: for it
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5846 8.1: sessions are kept until their gateway has answered, or does not,
 * and then end as if it had de-registered them.
 *
 * Return: NULL, or why not, for the operator: a constant string.
 */
const char *lma_revoke(struct lma *lma, const struct revocation_target *target,
		       void (*done)(void *context,
				    const struct revocation_order *order),
		       void *context, struct now now, struct outbox *out);

#endif /* PMIP6_ENGINE_LMA_REVOKE_H */
