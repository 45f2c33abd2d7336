// SPDX-License-Identifier: GPL-2.0
/*
 * What an operator of an anchor revokes: a mobile node, a realm, a gateway, a bulk
 * group (RFC 5846 8.1, RFC 6602). Each gateway is told once, however much there is of it.
 */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "lma_internal.h"
#include "lma_revoke.h"
#include "revocation_peer.h"

/**
 * struct told_mag - what one gateway is told
 * @to: where to; and, of one mobile node, of which Proxy-CoA: the key
 * @revocation: that; NULL while they are only counted
 * @hh: among all that are told
 */
struct told_mag {
	struct in6_addr to[2];
	struct revocation *revocation;
	UT_hash_handle hh;
};

/**
 * struct collection - what there is of what an operator wants
 * @lma: the anchor
 * @target: what he wants
 * @order: what is made of it; NULL while gateways are only counted
 * @told: the gateways
 * @sessions: how many were found
 * @ambiguous: several gateways have such a group
 */
struct collection {
	struct lma *lma;
	const struct revocation_target *target;
	struct revocation_order *order;
	struct told_mag *told;
	unsigned int sessions;
	bool ambiguous;
};

static bool is_of_mn(const struct revocation_target *target)
{
	return target->scope == REVOKE_MN || target->scope == REVOKE_SESSIONS;
}

static uint8_t trigger_of(const struct revocation_target *target)
{
	if (is_of_mn(target))
		return MH_BR_ADMINISTRATIVE;
	return target->scope == REVOKE_REALM ? MH_BR_MN_LOCAL_POLICY :
					       MH_BR_PER_PEER_POLICY;
}

static void key_of(const struct collection *found, const struct bce *bce,
		   struct in6_addr *to)
{
	to[0] = *lma_signals_to(bce);
	to[1] = is_of_mn(found->target) ? bce->now.proxy_coa : in6addr_any;
}

static struct told_mag *find_told(const struct collection *found,
				  const struct bce *bce)
{
	struct in6_addr to[2];
	struct told_mag *told;

	key_of(found, bce, to);
	HASH_FIND(hh, found->told, to, sizeof(to), told);
	return told;
}

/* RFC 6602 5.2.3: by the anchor's identifier, and with nothing of a session. */
static void put_group(struct mh_options *options, uint32_t group,
		      const struct bce *bce)
{
	options->group[options->group_count++] = group;
	if (IN6_IS_ADDR_UNSPECIFIED(&bce->now.source))
		return;
	options->has_alt_coa = true;
	options->alt_coa = bce->now.proxy_coa;
}

static struct told_mag *tell(struct collection *found, const struct bce *bce)
{
	struct told_mag *told = must_alloc(sizeof(*told));
	struct mh_options *options;

	key_of(found, bce, told->to);
	HASH_ADD(hh, found->told, to, sizeof(told->to), told);
	if (!found->order)
		return told;
	told->revocation = revocation_new(&found->lma->revocations,
					  &told->to[0],
					  trigger_of(found->target));
	revocation_order_add(found->order, told->revocation);
	options = &told->revocation->bri.options;
	if (found->target->scope == REVOKE_GROUP) {
		put_group(options, found->target->group, bce);
	} else if (found->target->scope == REVOKE_REALM) {
		options->has_mn_id = true;
		options->mn_id = found->target->mn_id;
	} else if (found->target->ll_id.len) {
		options->has_ll_id = true;
		options->ll_id = found->target->ll_id;
	}
	return told;
}

/* What is ending already needs no end. */
static bool is_meant(const struct revocation_target *target,
		     const struct bce *bce)
{
	const struct mh_ll_id *ll_id = &target->ll_id;

	if (!lma_may_revoke(bce) ||
	    (target->has_hnp && !bce_has_prefix(bce, &target->hnp)))
		return false;
	return !ll_id->len || (ll_id->len == bce->now.ll_id.len &&
			       !memcmp(ll_id->data, bce->now.ll_id.data,
				       ll_id->len));
}

/*
 * RFC 5846 8.1: with all prefixes, or, where these are too many, with none: then
 * it is about all that the mobile node has there.
 */
static void take(struct collection *found, struct bce *bce)
{
	struct told_mag *told;
	struct mh_options *options;

	if (!is_meant(found->target, bce))
		return;
	told = find_told(found, bce);
	if (!told)
		told = tell(found, bce);
	found->sessions++;
	if (!found->order)
		return;
	options = &told->revocation->bri.options;
	if (is_of_mn(found->target)) {
		if (options->hnp_count + bce->prefix_count > MH_MAX_HNP ||
		    (told->revocation->count && !options->hnp_count))
			options->hnp_count = 0;
		else
			lma_put_session(options, bce);
	}
	lma_revoking(found->lma, told->revocation, bce);
}

/* --- What there is. */

static void collect_mn(struct collection *found, const struct bc_mn *mn)
{
	struct bce *bce;

	for (bce = mn ? mn->sessions : NULL; bce; bce = bce->next)
		take(found, bce);
}

static void collect_realm(struct collection *found)
{
	const struct mh_mn_id *realm = &found->target->mn_id;
	const struct bc_mn *mn;
	struct mh_mn_id mn_id;

	for (mn = found->lma->bc.mns; mn; mn = mn->by_id.next) {
		bce_mn_id(mn->sessions, &mn_id);
		if (revocation_is_of_realm(&mn_id, realm))
			collect_mn(found, mn);
	}
}

static void collect_links(struct collection *found, const struct peer *peer,
			  bool only_told)
{
	struct peer_link *link;
	struct bce *bce;

	for (link = peer->links; link; link = link->next) {
		bce = lma_bce_of(link);
		if (!only_told || find_told(found, bce))
			take(found, bce);
	}
}

/*
 * A gateway is known by a Proxy-CoA; one that signals from elsewhere may have
 * more of these, and gives up what it has of them, too.
 */
static void collect_mag(struct collection *found)
{
	const struct in6_addr *mag = &found->target->peer;
	const struct peers *peers = &found->lma->peers;
	const struct peer *peer = peers_find(peers, mag), *other;
	bool elsewhere = false;
	const struct told_mag *told;

	if (!peer)
		return;
	collect_links(found, peer, false);
	for (told = found->told; told; told = told->hh.next)
		elsewhere |= !IN6_ARE_ADDR_EQUAL(&told->to[0], mag);
	for (other = elsewhere ? peers_next(peers, NULL) : NULL; other;
	     other = peers_next(peers, other))
		if (other != peer)
			collect_links(found, other, true);
}

static bool is_group(const struct lma_group *group,
		     const struct revocation_target *target)
{
	return group->name.number == target->group &&
	       (!target->has_peer ||
		IN6_ARE_ADDR_EQUAL(&group->name.mag, &target->peer));
}

/* What gateways call their groups is a matter of each. */
static void collect_group(struct collection *found)
{
	struct lma_group *group, *meant = NULL;
	struct bce *bce;

	for (group = found->lma->groups.by_name; group;
	     group = group->by_name.next) {
		if (!is_group(group, found->target))
			continue;
		found->ambiguous |= meant != NULL;
		meant = group;
	}
	if (found->ambiguous)
		return;
	for (bce = meant ? meant->first : NULL; bce; bce = bce->group_next)
		take(found, bce);
}

static void collect(struct collection *found)
{
	const struct revocation_target *target = found->target;

	switch (target->scope) {
	case REVOKE_SESSIONS:
	case REVOKE_MN:
		collect_mn(found, bc_mn(&found->lma->bc, &target->mn_id));
		break;
	case REVOKE_REALM:
		collect_realm(found);
		break;
	case REVOKE_PEER:
		collect_mag(found);
		break;
	case REVOKE_GROUP:
		collect_group(found);
		break;
	}
}

static void forget_told(struct collection *found)
{
	struct told_mag *told, *next;

	HASH_ITER(hh, found->told, told, next) {
		HASH_DEL(found->told, told);
		free(told);
	}
}

static const char *nothing_of(const struct collection *found)
{
	if (found->ambiguous)
		return "several gateways have such a group: say which, with mag ADDRESS";
	switch (found->target->scope) {
	case REVOKE_SESSIONS:
		return "no such mobile node has a session with that prefix here";
	case REVOKE_MN:
		return "no such mobile node has a session here";
	case REVOKE_REALM:
		return "no mobile node of that realm has a session here";
	case REVOKE_GROUP:
		return "there is no such group here";
	default:
		return "no mobile node has a session here by that gateway";
	}
}

const char *lma_revoke(struct lma *lma, const struct revocation_target *target,
		       void (*done)(void *context,
				    const struct revocation_order *order),
		       void *context, struct now now, struct outbox *out)
{
	struct collection found = { .lma = lma, .target = target };
	unsigned int gateways;

	/*
	 * First counted: a gateway that signals from many addresses is told at
	 * each, and of numbers there are so many.
	 */
	collect(&found);
	gateways = HASH_COUNT(found.told);
	forget_told(&found);
	if (!found.sessions)
		return nothing_of(&found);
	if (!revocations_have_room(&lma->revocations, gateways))
		return "too much is being revoked: try again";
	found.order = revocation_order_new(&lma->revocations, done, context);
	collect(&found);
	forget_told(&found);
	revocation_order_begin(&lma->revocations, found.order, &lma->peers, now,
			       out);
	return NULL;
}
