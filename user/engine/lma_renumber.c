// SPDX-License-Identifier: GPL-2.0
/*
 * A session gets other prefixes (RFC 5213 6.12). They are kept for it at once,
 * its gateway is told to register it anew (RFC 7077), and the update that does
 * so exchanges what it has. What it had finds it until its gateway names what
 * it has: the acknowledgement of that update may be lost.
 */
#include <string.h>

#include "lma_internal.h"

void lma_release(struct lma *lma, const struct mh_prefix *prefixes,
		 unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (bc_by_prefix(&lma->bc, &prefixes[i]))
			continue;
		prefix_pool_release(&lma->pool, &prefixes[i]);
		if (prefix_pool_hands_out(&lma->pool, &prefixes[i]))
			lma->pool_empty = false;
	}
}

unsigned int lma_copy_prefixes(const struct bce_prefix *from,
			       unsigned int count, struct mh_prefix *to)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		to[i] = from[i].prefix;
	return count;
}

static void drop(struct lma *lma, struct bce_set *set)
{
	struct mh_prefix prefixes[MH_MAX_HNP];
	unsigned int count = lma_copy_prefixes(set->prefixes, set->count,
					       prefixes);

	bc_set_remove(&lma->bc, set);
	lma_release(lma, prefixes, count);
}

/* --- The exchange. */

/*
 * One that names the former ones has not heard of those that it has: it is
 * told of these first. So is a gateway that the mobile node has just come to,
 * since only who has advertised them can withdraw them.
 */
static bool has_heard(const struct bce *bce, const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;

	if (lma_names_pending(bce, options))
		return true;
	return IN6_ARE_ADDR_EQUAL(&bce->now.proxy_coa,
				  lma_proxy_coa(request)) &&
	       (lma_names_no_prefix(options) ||
		lma_names_current(bce, options));
}

/* Interfaces that share their prefixes have the same: not before it is alone again. */
static bool may_have_pending(const struct bce *bce,
			     const struct lma_request *request)
{
	unsigned int i;

	if (!bce->pending.count || !request->bu.lifetime ||
	    bce_next_path(bce) != bce)
		return false;
	for (i = 0; i < bce->pending.count; i++)
		if (!lma_mag_may_use(&request->policy,
				     &bce->pending.prefixes[i].prefix))
			return false;
	return true;
}

bool lma_takes_pending(const struct bce *bce, const struct lma_request *request)
{
	return may_have_pending(bce, request) && has_heard(bce, request);
}

bool lma_is_to_hear(const struct bce *bce, const struct lma_request *request)
{
	return may_have_pending(bce, request) && !has_heard(bce, request);
}

static void take(struct bce *bce, struct bce_set *from, struct bce_set *to)
{
	to->prefixes = bce->prefixes;
	to->count = bce->prefix_count;
	bce->prefixes = from->prefixes;
	bce->prefix_count = from->count;
	*from = (struct bce_set){ 0 };
}

bool lma_exchange(struct lma *lma, struct bce *bce,
		  const struct lma_request *request)
{
	if (bce->former.count &&
	    lma_names_current(bce, &request->bu.options))
		drop(lma, &bce->former);
	if (!lma_takes_pending(bce, request))
		return false;
	/* Who names none, or those to come, does not know of any. */
	drop(lma, &bce->former);
	take(bce, &bce->pending, &bce->former);
	return true;
}

void lma_exchange_back(struct bce *bce)
{
	take(bce, &bce->former, &bce->pending);
}

static void put_route(struct lma *lma, struct transaction *transaction,
		      enum effect_kind kind, const struct mh_prefix *prefix)
{
	if (prefix_pool_covers(&lma->pool, prefix))
		return;
	transaction_add(transaction, kind)->route.prefix = *prefix;
}

static bool is_among(const struct bce_set *set, const struct mh_prefix *prefix)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		if (mh_prefix_equal(&set->prefixes[i].prefix, prefix))
			return true;
	return false;
}

void lma_put_exchange(struct lma *lma, struct transaction *transaction,
		      const struct bce *bce, const struct bce_set *had)
{
	const struct mh_prefix *prefix;
	struct effect *effect;
	unsigned int i;

	for (i = 0; i < had->count; i++) {
		prefix = &had->prefixes[i].prefix;
		if (bce_has_prefix(bce, prefix))
			continue;
		effect = transaction_add(transaction, EFFECT_BINDING_DELETE);
		effect->binding.hnp = *prefix;
		put_route(lma, transaction, EFFECT_ROUTE_DELETE, prefix);
	}
	for (i = 0; i < bce->prefix_count; i++) {
		prefix = &bce->prefixes[i].prefix;
		if (!is_among(had, prefix))
			put_route(lma, transaction, EFFECT_ROUTE_ADD, prefix);
	}
}

void lma_report_exchange(struct transaction *transaction,
			 const struct bce *bce)
{
	unsigned int i;

	for (i = 0; i < bce->former.count; i++)
		if (!bce_has_prefix(bce, &bce->former.prefixes[i].prefix))
			lma_report_on(transaction, REPORT_INFO,
				      "prefix-withdrawn", bce)->hnp =
				bce->former.prefixes[i].prefix;
	lma_report_on(transaction, REPORT_INFO, "renumbered", bce);
}

/* --- What an operator wants. */

void lma_on_renumber_done(struct lma *lma, struct bce *bce, int error,
			  struct outbox *out)
{
	struct report *report;

	if (!error)
		return;
	lma->counters.renumber_failed++;
	lma_end_notice(lma, bce);
	report = lma_report_on(transaction_new(out, NULL), REPORT_ERROR,
			       "renumber-failed", bce);
	report->reason = "it could not be stored";
	drop(lma, &bce->pending);
}

const char *lma_renumber(struct lma *lma, struct bce *bce,
			 const struct lma_policy *policy,
			 const struct mh_prefix *prefixes, unsigned int count,
			 struct now now, struct outbox *out)
{
	struct mh_prefix chosen[MH_MAX_HNP];
	struct bce_set before = bce->pending;
	struct transaction *transaction;
	const char *why;

	if (bce->now.state == BCE_DEREGISTERED)
		return "it is de-registered";
	if (bce->operation)
		return "its session is just being changed: try again";
	if (bce_next_path(bce) != bce)
		return "its interfaces share their prefixes";
	if (count > MH_MAX_HNP)
		return "no session has so many prefixes";
	if (count)
		memcpy(chosen, prefixes, count * sizeof(*chosen));
	why = lma_choose_others(lma, bce, policy, chosen, &count);
	if (why)
		return why;
	/* Some may have been chosen before, and are kept. */
	bc_set_insert(&lma->bc, bce, &bce->pending, chosen, count);
	drop(lma, &before);

	lma_begin(bce, LMA_RENUMBER, NULL);
	transaction = transaction_new(out, bce);
	lma_put_record(transaction, bce, now);
	lma_report_on(transaction, REPORT_INFO, "renumbering", bce)->hnp =
		chosen[0];
	lma_notify(lma, bce, transaction, now);
	return NULL;
}
