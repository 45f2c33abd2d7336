// SPDX-License-Identifier: GPL-2.0
/*
 * What a session is granted: prefixes, a lifetime, a link-local address.
 */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "lma_internal.h"

/**
 * struct lma_reserved - a prefix that policy keeps for a mobile node
 * @prefix: the prefix; the key
 * @hh: in the anchor
 */
struct lma_reserved {
	struct mh_prefix prefix;
	UT_hash_handle hh;
};

#define PREFIX_KEY_LEN (offsetof(struct mh_prefix, len) + 1)

void lma_reserve(struct lma *lma, const struct mh_prefix *hnp)
{
	struct lma_reserved *reserved;

	if (lma_is_reserved(lma, hnp))
		return;
	reserved = must_alloc(sizeof(*reserved));
	reserved->prefix = *hnp;
	HASH_ADD(hh, lma->reserved, prefix, PREFIX_KEY_LEN, reserved);
}

void lma_unreserve_all(struct lma *lma)
{
	struct lma_reserved *reserved, *next;

	lma->pool_empty = false;
	HASH_ITER(hh, lma->reserved, reserved, next) {
		HASH_DELETE(hh, lma->reserved, reserved);
		/* The pool passed it over as long as it was kept. */
		if (!bc_by_prefix(&lma->bc, &reserved->prefix))
			prefix_pool_release(&lma->pool, &reserved->prefix);
		free(reserved);
	}
}

bool lma_is_reserved(const struct lma *lma, const struct mh_prefix *hnp)
{
	struct lma_reserved *reserved;

	HASH_FIND(hh, lma->reserved, hnp, PREFIX_KEY_LEN, reserved);
	return reserved;
}

/**
 * struct choice - prefixes that are being chosen
 * @lma: the anchor
 * @policy: whom they are for
 */
struct choice {
	const struct lma *lma;
	const struct lma_policy *policy;
};

static bool in_use(void *context, const struct mh_prefix *hnp)
{
	const struct choice *choice = context;

	return bc_by_prefix(&choice->lma->bc, hnp) ||
	       lma_is_reserved(choice->lma, hnp);
}

bool lma_mag_may_use(const struct lma_policy *policy,
		     const struct mh_prefix *hnp)
{
	unsigned int i;

	if (!policy->mag_limited)
		return true;
	for (i = 0; i < policy->mag_prefix_count; i++)
		if (prefix_is_within(hnp, &policy->mag_prefixes[i]))
			return true;
	return false;
}

static bool is_usable(void *context, const struct mh_prefix *range)
{
	const struct choice *choice = context;

	return lma_mag_may_use(choice->policy, range);
}

static bool is_own(const struct lma_policy *policy, const struct mh_prefix *hnp)
{
	unsigned int i;

	for (i = 0; i < policy->hnp_count; i++)
		if (mh_prefix_equal(&policy->hnp[i], hnp))
			return true;
	return false;
}

bool lma_may_use(const struct lma *lma, const struct lma_request *request,
		 const struct mh_prefix *hnp)
{
	if (bc_by_prefix(&lma->bc, hnp) ||
	    !lma_mag_may_use(&request->policy, hnp))
		return false;
	if (is_own(&request->policy, hnp))
		return true;
	return !lma_is_reserved(lma, hnp) &&
	       prefix_pool_hands_out(&lma->pool, hnp);
}

bool lma_asks_for_any(const struct mh_options *options)
{
	unsigned int i;

	for (i = 0; i < options->hnp_count; i++)
		if (mh_prefix_any(&options->hnp[i]))
			return true;
	return false;
}

static unsigned int add_once(struct mh_prefix *prefixes, unsigned int count,
			     const struct mh_prefix *hnp)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (mh_prefix_equal(&prefixes[i], hnp))
			return count;
	prefixes[count] = *hnp;
	/* RFC 7864 4.1: it is gateways that are told so. */
	prefixes[count].off_link = false;
	return count + 1;
}

unsigned int lma_choose_prefixes(struct lma *lma,
				 const struct lma_request *request,
				 struct mh_prefix *prefixes)
{
	const struct lma_policy *policy = &request->policy;
	const struct mh_options *options = &request->bu.options;
	struct choice choice = { .lma = lma, .policy = policy };
	unsigned int wanted = policy->session_prefixes, count = 0, i;

	if (!lma_asks_for_any(options)) {
		for (i = 0; i < options->hnp_count; i++)
			count = add_once(prefixes, count, &options->hnp[i]);
		return count;
	}
	for (i = 0; i < policy->interface_hnp_count; i++)
		if (!bc_by_prefix(&lma->bc, &policy->hnp[i]) &&
		    lma_mag_may_use(policy, &policy->hnp[i]))
			count = add_once(prefixes, count, &policy->hnp[i]);
	if (count)
		return count;
	/* Fewer than are wanted are better than none. */
	do {
		if (!prefix_pool_allocate(&lma->pool, is_usable, in_use,
					  &choice, &prefixes[count]))
			break;
	} while (++count < wanted);
	return count;
}

static bool overlap(const struct mh_prefix *a, const struct mh_prefix *b)
{
	return prefix_is_within(a, b) || prefix_is_within(b, a);
}

static bool is_kept_for_others(const struct lma *lma,
			       const struct lma_policy *policy,
			       const struct mh_prefix *hnp)
{
	struct lma_reserved *reserved, *next;

	if (is_own(policy, hnp))
		return false;
	HASH_ITER(hh, lma->reserved, reserved, next)
		if (overlap(&reserved->prefix, hnp) &&
		    !is_own(policy, &reserved->prefix))
			return true;
	return false;
}

static bool fits_pools(const struct lma *lma, const struct lma_policy *policy,
		       const struct mh_prefix *hnp)
{
	unsigned int i;

	if (is_own(policy, hnp) || prefix_pool_hands_out(&lma->pool, hnp))
		return true;
	for (i = 0; i < lma->pool.count; i++)
		if (overlap(prefix_pool_range(&lma->pool, i), hnp))
			return false;
	return true;
}

static const char *may_give(const struct lma *lma, const struct bce *bce,
			    const struct lma_policy *policy,
			    const struct mh_prefix *hnp)
{
	struct bce_prefix *other, *next;

	if (mh_prefix_any(hnp) || !hnp->len)
		return "that is no prefix that a mobile node can have";
	HASH_ITER(by_prefix, lma->bc.prefixes, other, next)
		if (other->bce != bce && overlap(&other->prefix, hnp))
			return "another session has it, or part of it";
	if (is_kept_for_others(lma, policy, hnp))
		return "a profile keeps it for another mobile node";
	if (!fits_pools(lma, policy, hnp))
		return "the pool that it is of hands out others only";
	if (!lma_mag_may_use(policy, hnp))
		return "the gateway may not register it";
	return NULL;
}

static const char *check_named(const struct lma *lma, const struct bce *bce,
			       const struct lma_policy *policy,
			       const struct mh_prefix *prefixes,
			       unsigned int count)
{
	const char *why;
	unsigned int i, j;

	for (i = 0; i < count; i++) {
		why = may_give(lma, bce, policy, &prefixes[i]);
		if (why)
			return why;
		for (j = 0; j < i; j++)
			if (overlap(&prefixes[i], &prefixes[j]))
				return "one is part of another, or named twice";
	}
	if (bce_prefixes_are(bce->prefixes, bce->prefix_count, prefixes, count))
		return "it has just these";
	return NULL;
}

const char *lma_choose_others(struct lma *lma, const struct bce *bce,
			      const struct lma_policy *policy,
			      struct mh_prefix *prefixes, unsigned int *count)
{
	struct choice choice = { .lma = lma, .policy = policy };
	const struct mh_prefix *own;
	unsigned int chosen = 0, i;

	if (*count)
		return check_named(lma, bce, policy, prefixes, *count);
	for (i = 0; i < policy->interface_hnp_count; i++) {
		own = &policy->hnp[i];
		if (!may_give(lma, bce, policy, own))
			chosen = add_once(prefixes, chosen, own);
	}
	if (chosen &&
	    !bce_prefixes_are(bce->prefixes, bce->prefix_count, prefixes,
			      chosen)) {
		*count = chosen;
		return NULL;
	}
	chosen = 0;
	while (chosen < bce->prefix_count &&
	       prefix_pool_allocate(&lma->pool, is_usable, in_use, &choice,
				    &prefixes[chosen]))
		chosen++;
	*count = chosen;
	return chosen ? NULL : "no prefix is left in any pool: name one";
}

uint16_t lma_most_lifetime(const struct lma *lma,
			   const struct lma_policy *policy)
{
	uint32_t most = lma->config.max_lifetime_s;

	if (policy->max_lifetime_s && policy->max_lifetime_s < most)
		most = policy->max_lifetime_s;
	most /= LIFETIME_UNIT_MS / 1000;
	if (most > UINT16_MAX)
		most = UINT16_MAX;
	return most ? (uint16_t)most : 1;
}

uint16_t lma_grant_lifetime(const struct lma *lma,
			    const struct lma_request *request)
{
	uint16_t most = lma_most_lifetime(lma, &request->policy);

	return request->bu.lifetime < most ? request->bu.lifetime : most;
}

void lma_set_link_local(struct lma *lma, struct bce *bce,
			const struct mh_options *options)
{
	uint64_t iid;

	if (!options->has_link_local)
		return;
	if (!IN6_IS_ADDR_UNSPECIFIED(&options->link_local)) {
		bce->link_local = options->link_local;
		return;
	}
	if (!IN6_IS_ADDR_UNSPECIFIED(&bce->link_local))
		return;
	iid = rng_next(&lma->rng);
	bce->link_local.s6_addr[0] = 0xfe;
	bce->link_local.s6_addr[1] = 0x80;
	memcpy(&bce->link_local.s6_addr[8], &iid, sizeof(iid));
}
