// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "alloc.h"
#include "lma_multihoming.h"

bool lma_is_multihoming(const struct lma *lma, const struct mh_options *options)
{
	return lma->config.multihoming &&
	       (options->has_multihoming ||
		options->handoff == MH_HI_SHARED_PREFIXES);
}

/* --- Which interface it is. */

static bool is_ending(const struct bce *bce)
{
	return bce->operation && bce->operation->action == LMA_DELETE;
}

bool lma_path_lives(const struct bce *bce, struct now now)
{
	return !is_ending(bce) && bce->now.state == BCE_ACTIVE &&
	       lma_expires_ms(bce) > now.mono_ms;
}

/* Of those that are not about to be forgotten. */
static unsigned int count_paths(const struct bce *bce)
{
	const struct bce *path = bce;
	unsigned int count = 0;

	do {
		count += !is_ending(path);
		path = bce_next_path(path);
	} while (path != bce);
	return count;
}

static bool same_ll_id(const struct bce *bce, const struct mh_options *options)
{
	return options->ll_id.len == bce->now.ll_id.len &&
	       !memcmp(options->ll_id.data, bce->now.ll_id.data,
		       options->ll_id.len);
}

static bool same_coa(const struct bce *bce, const struct lma_request *request)
{
	return IN6_ARE_ADDR_EQUAL(&bce->now.proxy_coa, lma_proxy_coa(request));
}

/* RFC 7864 3.2.1: by technology and identifier. */
static bool is_interface(const struct bce *bce,
			 const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;

	return bce->now.att == options->att &&
	       lma_knows_ll_id(&options->ll_id) && same_ll_id(bce, options);
}

/* At that gateway, and not another one by its identifier: there may be several. */
static bool may_be_it(const struct bce *bce, const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;

	return same_coa(bce, request) &&
	       (!lma_knows_ll_id(&options->ll_id) ||
		!lma_knows_ll_id(&bce->now.ll_id) || same_ll_id(bce, options));
}

/* Where one has no identifier, its gateway has one such interface. */
static bool is_alike(const struct bce *bce, const struct lma_request *request)
{
	return bce->now.att == request->bu.options.att &&
	       may_be_it(bce, request);
}

typedef bool (*path_test_t)(const struct bce *bce,
			    const struct lma_request *request);

static struct bce *find(struct bce *bce, const struct lma_request *request,
			path_test_t test)
{
	struct bce *path = bce;

	do {
		if (test(path, request))
			return path;
		path = bce_next_path(path);
	} while (path != bce);
	return NULL;
}

static bool is_any(const struct bce *bce, const struct lma_request *request)
{
	(void)request;
	return !is_ending(bce);
}

static bool is_deregistered(const struct bce *bce,
			    const struct lma_request *request)
{
	(void)request;
	return !is_ending(bce) && bce->now.state == BCE_DEREGISTERED;
}

/*
 * What goes on, or ends, is with the gateway that says so. A mobile node that is
 * said to have moved between interfaces has moved from the only one.
 */
static struct bce *find_known(struct bce *bce,
			      const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;
	struct bce *path = find(bce, request, is_interface);

	if (!path)
		path = find(bce, request, is_alike);
	if (!path && (!request->bu.lifetime ||
		      options->handoff == MH_HI_NOT_CHANGED))
		path = find(bce, request, may_be_it);
	if (path || count_paths(bce) != 1)
		return path;
	if (options->handoff == MH_HI_BETWEEN_INTERFACES ||
	    (options->handoff == MH_HI_SAME_INTERFACE &&
	     !lma_knows_ll_id(&options->ll_id)))
		return find(bce, request, is_any);
	return NULL;
}

struct bce *lma_path_of(struct bce *bce, const struct lma_request *request)
{
	struct bce *path;

	if (!bce->path)
		return bce;
	path = find(bce, request, is_interface);
	if (!path)
		path = find(bce, request, same_coa);
	return path ? path : bce;
}

static void find_path(struct bce *bce, const struct lma_request *request,
		      struct lma_found *found)
{
	found->bce = find_known(bce, request);
	/* It is waited for that there is nothing left of it. */
	if (!found->bce && !count_paths(bce))
		found->bce = bce;
	if (found->bce || !request->bu.lifetime)
		return;
	if (request->bu.options.handoff == MH_HI_UNKNOWN) {
		found->bce = find(bce, request, is_deregistered);
		if (found->bce)
			return;
		if (count_paths(bce) == 1)
			found->may_be = find(bce, request, is_any);
	}
	found->joins = find(bce, request, is_any);
}

/*
 * All that a mobile node has in its group is one session (draft 2), which one
 * without the option is not part of unless its prefixes are named.
 */
static struct bce *session_of(const struct lma *lma,
			      const struct mh_options *options)
{
	const struct bc_mn *mn = bc_mn(&lma->bc, &options->mn_id);
	struct bce *bce;

	for (bce = mn ? mn->sessions : NULL; bce; bce = bce->next)
		if (bce->path)
			return bce;
	return NULL;
}

/* RFC 5213 5.4.1.1 (3), (4), but that one is joined with what it has. */
static uint8_t check_prefixes(const struct bce *bce,
			      const struct mh_options *options)
{
	if (!bce_is_of(bce, &options->mn_id))
		return MH_NOT_AUTHORIZED_FOR_HNP;
	if (lma_names_current(bce, options) ||
	    (bce_next_path(bce) == bce && (lma_names_former(bce, options) ||
					   lma_names_pending(bce, options))))
		return MH_ACCEPTED;
	return MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH;
}

struct lma_found lma_lookup_path(const struct lma *lma,
				 const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;
	struct lma_found found = { 0 };
	struct bce *bce;

	if (lma_names_no_prefix(options)) {
		bce = session_of(lma, options);
	} else {
		bce = lma_by_any_prefix(lma, options);
		if (bce)
			found.status = check_prefixes(bce, options);
		/* It has others by now, and is to have one set of them. */
		else if (request->bu.lifetime && options->has_multihoming &&
			 session_of(lma, options))
			found.status = MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH;
	}
	if (bce && !found.status)
		find_path(bce, request, &found);
	return found;
}

static bool is_renumbered(const struct bce *bce,
			  const struct lma_request *request)
{
	(void)request;
	return bce->pending.count;
}

struct lma_verdict lma_judge_join(const struct lma_request *request,
				  struct bce *bce)
{
	struct lma_verdict verdict = { .action = LMA_JOIN, .bce = bce };
	unsigned int i;

	if (find(bce, request, is_renumbered)) {
		verdict.action = LMA_REFUSE;
		verdict.status = MH_INSUFFICIENT_RESOURCES;
		verdict.reason = "session is about to get other prefixes";
	}
	/* RFC 5213 4 */
	for (i = 0; i < bce->prefix_count; i++) {
		if (lma_mag_may_use(&request->policy, &bce->prefixes[i].prefix))
			continue;
		verdict.action = LMA_REFUSE;
		verdict.status = lma_names_no_prefix(&request->bu.options) ?
				 MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG :
				 MH_NOT_AUTHORIZED_FOR_HNP;
		verdict.reason = "gateway may not register this prefix";
	}
	return verdict;
}

/* --- What it is. */

struct bce *lma_path_by_bid(struct bce *bce, uint16_t bid)
{
	struct bce *path = bce;

	if (!bce->path)
		return bce;
	do {
		if (path->path->bid == bid)
			return path;
		path = bce_next_path(path);
	} while (path != bce);
	return NULL;
}

/* One that is about to go has its own until it has gone. */
static uint16_t free_bid(struct bce *bce)
{
	uint16_t bid;

	bce_path(bce);
	for (bid = BCE_BID_FIRST; bid < BCE_BID_FIRST + BCE_PATHS_MAX; bid++)
		if (!lma_path_by_bid(bce, bid))
			return bid;
	return 0;
}

struct bce *lma_insert_path(struct lma *lma, struct bce *bce)
{
	uint16_t bid = free_bid(bce);

	return bid ? bc_insert_path(&lma->bc, lma->next_id++, bce, bid) : NULL;
}

void lma_note_path(const struct lma *lma, struct bce *bce,
		   const struct mh_options *options)
{
	bce->now.keeps_flows = false;
	if (!lma_is_multihoming(lma, options))
		return;
	bce_path(bce);
	bce->now.named = options->has_bid ? options->bid.id : 0;
	/* RFC 6089 4.1: 0 is none, and what RFC 5648 has in its place. */
	bce->now.priority = options->has_bid && options->bid.priority ?
			    options->bid.priority : LMA_PRIORITY_DEFAULT;
}

bool lma_has_others(const struct bce *bce, struct now now)
{
	const struct bce *path;

	for (path = bce_next_path(bce); path != bce;
	     path = bce_next_path(path))
		if (lma_path_lives(path, now))
			return true;
	return false;
}

/* So long the data plane may take to be told. */
#define REAPED_SOON_MS 1000u

bool lma_may_be_reaped(const struct bce *bce, struct now now)
{
	struct now then = { .mono_ms = now.mono_ms + REAPED_SOON_MS };

	return !lma_path_lives(bce, then) && !lma_has_others(bce, then);
}

bool lma_outlives(const struct bce *bce)
{
	return count_paths(bce) > !is_ending(bce);
}

bool lma_is_busy(const struct bce *bce)
{
	const struct bce *path = bce;

	do {
		if (path->operation)
			return true;
		path = bce_next_path(path);
	} while (path != bce);
	return false;
}

bool lma_is_unsure(const struct bce *bce)
{
	const struct bce *path = bce;

	do {
		if (path->unsure || path->missed)
			return true;
		path = bce_next_path(path);
	} while (path != bce);
	return false;
}

/* --- The data plane. */

/* Of whoever is found by the prefixes, or will be. */
static uint64_t cookie(const struct bce *bce)
{
	const struct bce *path = bce, *heir = bce;

	do {
		if (!is_ending(path) && (is_ending(heir) || !path->path->shares))
			heir = path;
		path = bce_next_path(path);
	} while (path != bce);
	return heir->id;
}

static struct effect_path path_of(const struct bce *bce, struct now now)
{
	struct effect_path path = {
		.remote = bce->now.proxy_coa,
		.bid = bce->path->bid,
		.priority = bce->now.priority,
		.generation = bce->now.generation,
	};

	if (bce->group && !bce->group->dissolves)
		path.expiry_set = bce->group->set;
	else
		path.lifetime_ms = lma_expires_ms(bce) - now.mono_ms;
	return path;
}

static void put_first(struct effect_binding *binding,
		      const struct effect_path *path)
{
	binding->has_path = true;
	binding->remote = path->remote;
	binding->bid = path->bid;
	binding->priority = path->priority;
	binding->expiry_set = path->expiry_set;
	binding->lifetime_ms = path->lifetime_ms;
	binding->generation = path->generation;
}

void lma_put_paths(struct effect_binding *binding, struct bce *bce,
		   struct now now)
{
	struct effect_path paths[BCE_PATHS_MAX];
	struct bce *path = bce;
	uint8_t count = 0;

	binding->cookie = cookie(bce);
	do {
		/* One more than all of them is none that was let in. */
		if (lma_path_lives(path, now) && count < BCE_PATHS_MAX)
			paths[count++] = path_of(path, now);
		path = bce_next_path(path);
	} while (path != bce);
	if (!count)
		return;
	put_first(binding, &paths[0]);
	if (count == 1)
		return;
	binding->more_count = count - 1;
	binding->more = must_copy(&paths[1],
				  binding->more_count * sizeof(paths[0]));
}

static bool path_agrees(const struct bce *bce, const struct effect_path *path,
			struct now now)
{
	const struct dataplane_binding lifetime = {
		.lifetime_ms = path->lifetime_ms,
	};

	if (!IN6_ARE_ADDR_EQUAL(&path->remote, &bce->now.proxy_coa) ||
	    path->priority != bce->now.priority)
		return false;
	if (bce->group)
		return path->expiry_set == bce->group->set;
	return !path->expiry_set &&
	       dataplane_lifetime_agrees(&lifetime, bce->now.expires_ms,
					 now.mono_ms);
}

static bool paths_agree(struct bce *bce, const struct effect_path *paths,
			unsigned int count, struct now now)
{
	unsigned int expected = 0, i;
	struct bce *path = bce;

	do {
		expected += lma_path_lives(path, now);
		path = bce_next_path(path);
	} while (path != bce);
	if (expected != count)
		return false;
	for (i = 0; i < count; i++) {
		path = lma_path_by_bid(bce, paths[i].bid);
		if (!path || !lma_path_lives(path, now) ||
		    !path_agrees(path, &paths[i], now))
			return false;
	}
	return true;
}

bool lma_paths_agree(struct bce *bce, const struct dataplane_binding *binding,
		     struct now now)
{
	struct effect_path paths[BCE_PATHS_MAX] = { {
		.remote = binding->remote,
		.bid = binding->bid,
		.priority = binding->priority,
		.expiry_set = binding->expiry_set,
		.lifetime_ms = binding->lifetime_ms,
		.generation = binding->generation,
	} };
	unsigned int count = binding->has_path + binding->more_count, i;
	struct bce *path;

	if (binding->cookie != cookie(bce) || count > BCE_PATHS_MAX)
		return false;
	if (binding->more_count)
		memcpy(&paths[1], binding->more,
		       binding->more_count * sizeof(paths[0]));
	if (!paths_agree(bce, paths, count, now))
		return false;
	for (i = 0; i < count; i++) {
		path = lma_path_by_bid(bce, paths[i].bid);
		if (!path->group)
			path->now.generation = paths[i].generation;
	}
	return true;
}

/* --- Records. */

struct bce *lma_restore_path(struct lma *lma, uint64_t key,
			     const struct mh_options *options, uint16_t bid)
{
	struct bce *beside = lma_by_any_prefix(lma, options);

	if (!beside || (!bid && !beside->path) ||
	    !bce_is_of(beside, &options->mn_id) ||
	    !lma_names_current(beside, options))
		return NULL;
	bce_path(beside);
	if (!bid || lma_path_by_bid(beside, bid))
		bid = free_bid(beside);
	return bid ? bc_insert_path(&lma->bc, key, beside, bid) : NULL;
}
