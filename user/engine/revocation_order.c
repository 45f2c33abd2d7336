// SPDX-License-Identifier: GPL-2.0
/*
 * What operators want to be revoked, and hear of it.
 */
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "alloc.h"
#include "peers.h"
#include "revocation.h"

struct revocation_order *
revocation_order_new(struct revocations *all,
		     void (*done)(void *context,
				  const struct revocation_order *order),
		     void *context)
{
	struct revocation_order *order = must_alloc(sizeof(*order));

	order->done = done;
	order->context = context;
	DL_APPEND(all->orders, order);
	return order;
}

void revocation_order_add(struct revocation_order *order,
			  struct revocation *revocation)
{
	struct revocation_outcome *outcome;

	order->outcomes = must_realloc(order->outcomes, (order->count + 1) *
				       sizeof(*order->outcomes));
	outcome = &order->outcomes[order->count];
	memset(outcome, 0, sizeof(*outcome));
	outcome->peer = revocation->peer;
	outcome->status = -1;
	revocation->order = order;
	revocation->outcome = order->count++;
	order->open++;
}

void revocation_order_cancel(struct revocations *all,
			     struct revocation_order *order)
{
	DL_DELETE(all->orders, order);
	free(order->outcomes);
	free(order);
}

void revocation_order_release(struct revocations *all,
			      struct revocation_order *order)
{
	if (--order->open)
		return;
	if (order->done)
		order->done(order->context, order);
	revocation_order_cancel(all, order);
}

static bool does_know(const struct peers *peers, const struct in6_addr *addr)
{
	const struct peer *peer = peers_find(peers, addr);

	return !peer || !peer->no_revocations;
}

void revocation_order_begin(struct revocations *all,
			    struct revocation_order *order,
			    const struct peers *peers, struct now now,
			    struct outbox *out)
{
	struct revocation *revocation, *next;
	uint64_t count = 0;

	/* It is not to be over before the last one has begun. */
	order->open++;
	DL_FOREACH_SAFE(all->all, revocation, next) {
		if (revocation->order != order)
			continue;
		if (does_know(peers, &revocation->peer))
			/* Of thousands of gateways not all in one turn. */
			revocation_begin(all, revocation, all->config.first_ms,
					 count++ / REVOCATION_STEP *
						 REVOCATION_STEP_MS, now, out);
		else
			revocation_end(all, revocation,
				       REVOCATION_NOT_UNDERSTOOD, -1, now,
				       out);
	}
	revocation_order_release(all, order);
}
