/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Update Notifications of an anchor (RFC 7077 5).
 */
#ifndef PMIP6_ENGINE_LMA_NOTICE_H
#define PMIP6_ENGINE_LMA_NOTICE_H

#include "lma.h"

/**
 * struct lma_notice - an Update Notification
 * @bce: the session that it is about
 * @waits: it was sent, and is to be acknowledged
 * @mag: whom to
 * @sequence: its sequence number
 * @copies: how often
 * @timer: when it is sent, or sent again, or given up
 */
struct lma_notice {
	struct bce *bce;
	bool waits;
	struct in6_addr mag;
	uint16_t sequence;
	unsigned int copies;
	struct timer timer;
};

/**
 * lma_notify() - tell the gateway of a session to register it anew
 * @lma: the anchor
 * @bce: the session
 * @transaction: where the message goes
 * @now: the time
 */
void lma_notify(struct lma *lma, struct bce *bce,
		struct transaction *transaction, struct now now);

/**
 * lma_notify_at() - tell it then, if anything is pending
 * @lma: the anchor
 * @bce: the session
 * @due: when, in milliseconds of struct now
 */
void lma_notify_at(struct lma *lma, struct bce *bce, uint64_t due);

/**
 * lma_end_notice() - no acknowledgement of that is awaited any more
 * @lma: the anchor
 * @bce: the session
 */
void lma_end_notice(struct lma *lma, struct bce *bce);

/**
 * lma_notices_on_timer() - send copies that are due
 * @lma: the anchor
 * @now: the time
 * @out: what shall happen
 */
void lma_notices_on_timer(struct lma *lma, struct now now, struct outbox *out);

/**
 * lma_notices_on_error() - a gateway may not know what it was told
 * @lma: the anchor
 * @peer: the gateway
 * @out: what shall happen
 *
 * Return: true if that is so: it is not told again before peers_reset().
 */
bool lma_notices_on_error(struct lma *lma, struct peer *peer,
			  struct outbox *out);

#endif /* PMIP6_ENGINE_LMA_NOTICE_H */
