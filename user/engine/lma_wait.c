// SPDX-License-Identifier: GPL-2.0
/*
 * PBUs that wait for the previous gateway to de-register a session, which
 * would then be theirs (RFC 5213 5.4.1.2 (4), 5.4.1.3 (3)).
 */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "lma_internal.h"

/* Interfaces that nothing tells apart are told apart by where they are. */
static bool same_interface(const struct lma_request *one,
			   const struct lma_request *other)
{
	const struct mh_options *a = &one->bu.options;
	const struct mh_options *b = &other->bu.options;

	if (a->att != b->att || a->ll_id.len != b->ll_id.len ||
	    memcmp(a->ll_id.data, b->ll_id.data, a->ll_id.len))
		return false;
	return lma_knows_ll_id(&a->ll_id) ||
	       IN6_ARE_ADDR_EQUAL(lma_proxy_coa(one), lma_proxy_coa(other));
}

/* What can not be compared was sent in the order that it came in. */
static bool is_newer(const struct lma_request *one,
		     const struct lma_request *other)
{
	const struct mh_options *a = &one->bu.options;
	const struct mh_options *b = &other->bu.options;

	if (a->has_timestamp && b->has_timestamp)
		return a->timestamp > b->timestamp;
	if (!IN6_ARE_ADDR_EQUAL(lma_proxy_coa(one), lma_proxy_coa(other)))
		return true;
	return (int16_t)(one->bu.sequence - other->bu.sequence) > 0;
}

static void unlink_delayed(struct lma *lma, struct lma_delayed *delayed)
{
	struct lma_delayed **at = &delayed->bce->delayed;

	while (*at != delayed)
		at = &(*at)->next;
	*at = delayed->next;
	delayed->next = NULL;
	timer_cancel(&lma->waits, &delayed->timer);
}

static struct lma_delayed *find(const struct bc_mn *mn,
				const struct lma_request *request)
{
	struct lma_delayed *delayed;
	struct bce *bce;

	for (bce = mn ? mn->sessions : NULL; bce; bce = bce->next)
		for (delayed = bce->delayed; delayed; delayed = delayed->next)
			if (same_interface(&delayed->waiting.request, request))
				return delayed;
	return NULL;
}

enum lma_replaced lma_replace_delayed(struct lma *lma, const struct bc_mn *mn,
				      const struct lma_request *request,
				      uint64_t *due)
{
	struct lma_delayed *delayed = find(mn, request);

	if (!delayed)
		return LMA_REPLACED_NONE;
	if (!is_newer(request, &delayed->waiting.request))
		return LMA_NEWER_WAITS;
	*due = delayed->timer.due;
	unlink_delayed(lma, delayed);
	free(delayed);
	return LMA_REPLACED;
}

void lma_delay(struct lma *lma, struct bce *bce,
	       const struct lma_request *request, uint64_t wall, uint64_t due)
{
	struct lma_delayed *delayed = must_alloc(sizeof(*delayed)), **at;

	delayed->bce = bce;
	delayed->waiting.request = *request;
	delayed->waiting.wall = wall;
	for (at = &bce->delayed; *at; at = &(*at)->next)
		;
	*at = delayed;
	timer_set(&lma->waits, &delayed->timer, due);
}

struct lma_delayed *lma_take_delayed(struct lma *lma, struct bce *bce)
{
	struct lma_delayed *delayed = bce->delayed;

	if (delayed)
		unlink_delayed(lma, delayed);
	return delayed;
}

struct lma_delayed *lma_take_due(struct lma *lma, uint64_t now_ms)
{
	struct timer *timer = timers_take(&lma->waits, now_ms);
	struct lma_delayed *delayed;

	if (!timer)
		return NULL;
	delayed = (struct lma_delayed *)((char *)timer -
					 offsetof(struct lma_delayed, timer));
	unlink_delayed(lma, delayed);
	return delayed;
}
