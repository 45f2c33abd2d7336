// SPDX-License-Identifier: GPL-2.0
/*
 * Which session a PBU is about (RFC 5213 5.4.1).
 */
#include <string.h>

#include "lma_internal.h"
#include "lma_multihoming.h"

/* RFC 5213 6.9.1.1 (7): one that is all zero is none. */
bool lma_knows_ll_id(const struct mh_ll_id *ll_id)
{
	unsigned int i;

	for (i = 0; i < ll_id->len; i++)
		if (ll_id->data[i])
			return true;
	return false;
}

static bool ll_id_matches(const struct bce *bce,
			  const struct mh_options *options)
{
	return lma_knows_ll_id(&options->ll_id) &&
	       options->ll_id.len == bce->now.ll_id.len &&
	       !memcmp(options->ll_id.data, bce->now.ll_id.data,
		       options->ll_id.len);
}

bool lma_names_no_prefix(const struct mh_options *options)
{
	unsigned int i;

	for (i = 0; i < options->hnp_count; i++)
		if (!mh_prefix_any(&options->hnp[i]))
			return false;
	return true;
}

bool lma_names_current(const struct bce *bce, const struct mh_options *options)
{
	return bce_prefixes_are(bce->prefixes, bce->prefix_count, options->hnp,
				options->hnp_count);
}

static bool names_set(const struct bce_set *set,
		      const struct mh_options *options)
{
	return set->count && bce_prefixes_are(set->prefixes, set->count,
					      options->hnp, options->hnp_count);
}

bool lma_names_former(const struct bce *bce, const struct mh_options *options)
{
	return names_set(&bce->former, options);
}

bool lma_names_pending(const struct bce *bce, const struct mh_options *options)
{
	return names_set(&bce->pending, options);
}

struct bce *lma_by_any_prefix(const struct lma *lma,
			      const struct mh_options *options)
{
	struct bce *bce;
	unsigned int i;

	for (i = 0; i < options->hnp_count; i++) {
		bce = bc_by_prefix(&lma->bc, &options->hnp[i]);
		if (bce)
			return bce;
	}
	return NULL;
}

/*
 * There may be two, where a gateway that the mobile node has left has registered
 * it anew by a prefix that its session does not have. Each gateway means its own:
 * it may not have heard of that yet, and would never end it.
 */
static struct bce *by_ll_id(const struct bc_mn *mn,
			    const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;
	struct bce *bce, *found = NULL;

	for (bce = mn->sessions; bce; bce = bce->next) {
		if (bce->now.att != options->att || !ll_id_matches(bce, options))
			continue;
		if (IN6_ARE_ADDR_EQUAL(&bce->now.proxy_coa,
				       lma_proxy_coa(request)))
			return bce;
		if (!found)
			found = bce;
	}
	return found;
}

/* RFC 5213 5.4.1.1 (5) */
static bool is_update(const struct bce *bce, const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;

	if (options->handoff == MH_HI_BETWEEN_INTERFACES)
		return true;
	if (bce->now.att != options->att)
		return false;
	return ll_id_matches(bce, options) ||
	       IN6_ARE_ADDR_EQUAL(&bce->now.proxy_coa,
				  lma_proxy_coa(request)) ||
	       (!lma_knows_ll_id(&options->ll_id) && !lma_knows_ll_id(&bce->now.ll_id) &&
		options->handoff == MH_HI_SAME_INTERFACE);
}

/* RFC 5213 5.4.1.1: some prefix is named. */
static struct lma_found by_prefix(const struct lma *lma,
				  const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;
	struct lma_found found = { 0 };
	struct bce *bce = lma_by_any_prefix(lma, options);

	if (!bce)
		return found;
	bce = lma_path_of(bce, request);
	if (!bce_is_of(bce, &options->mn_id))
		found.status = MH_NOT_AUTHORIZED_FOR_HNP;
	/*
	 * A gateway may not have heard yet that it was renumbered, or know from
	 * its profile that it is to be.
	 */
	else if (!lma_names_current(bce, options) &&
		 !lma_names_former(bce, options) &&
		 !lma_names_pending(bce, options))
		found.status = MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH;
	/* De-registered already, so nobody else can mean it. */
	else if (is_update(bce, request) ||
		 bce->now.state == BCE_DEREGISTERED)
		found.bce = bce;
	/*
	 * A new session can not have a prefix that another one has; but what
	 * would end it is no more than late.
	 */
	else if (request->bu.lifetime)
		found.status = MH_NOT_AUTHORIZED_FOR_HNP;
	return found;
}

/* RFC 5213 5.4.1.2 and 5.4.1.3: no prefix is named. */
static struct lma_found by_mn(const struct lma *lma,
			      const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;
	struct bc_mn *mn = bc_mn(&lma->bc, &options->mn_id);
	struct lma_found found = { 0 };

	if (!mn)
		return found;
	found.bce = by_ll_id(mn, request);
	if (found.bce || mn->count != 1)
		return found;

	if (options->handoff == MH_HI_BETWEEN_INTERFACES ||
	    (options->handoff == MH_HI_SAME_INTERFACE &&
	     !lma_knows_ll_id(&options->ll_id)))
		found.bce = mn->sessions;
	if (options->handoff != MH_HI_UNKNOWN)
		return found;
	/* An entry that waits for its deletion counts as de-registered. */
	if (mn->sessions->now.state == BCE_DEREGISTERED)
		found.bce = mn->sessions;
	else if (request->bu.lifetime)
		found.may_be = mn->sessions;
	return found;
}

struct lma_found lma_lookup(const struct lma *lma,
			    const struct lma_request *request)
{
	if (lma_is_multihoming(lma, &request->bu.options))
		return lma_lookup_path(lma, request);
	if (lma_names_no_prefix(&request->bu.options))
		return by_mn(lma, request);
	return by_prefix(lma, request);
}
