// SPDX-License-Identifier: GPL-2.0
/*
 * What an operator of a gateway revokes: a mobile node, a realm, a bulk group, all
 * that is with an anchor (RFC 5846 9.2, RFC 6602 5.1.3).
 */
#include <string.h>

#include "mag_group_internal.h"
#include "revocation_peer.h"

/**
 * struct collection - what there is of what an operator wants
 * @mag: the gateway
 * @target: what he wants
 * @order: what is made of it
 * @last: the last anchor that is told, which the next one mostly is
 * @bindings: how many were found
 * @refused: how many are not tried, as their anchor does not want that
 */
struct collection {
	struct mag *mag;
	const struct revocation_target *target;
	struct revocation_order *order;
	struct revocation *last;
	unsigned int bindings;
	unsigned int refused;
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

static struct revocation *tell(struct collection *found,
			       const struct in6_addr *lma)
{
	const struct revocation_target *target = found->target;
	struct mag *mag = found->mag;
	struct mh_options *options;

	found->last = revocation_new(&mag->revocations, lma,
				     trigger_of(target));
	revocation_order_add(found->order, found->last);
	options = &found->last->bri.options;
	/* RFC 6602 5.1.3: by the gateway's identifier, with nothing of a session. */
	if (target->scope == REVOKE_GROUP) {
		options->group[options->group_count++] = target->group;
		return found->last;
	}
	options->has_mn_id = true;
	/* RFC 5846 9.2: which gateway it is; what it signals from is its Proxy-CoA. */
	options->mn_id = target->scope == REVOKE_PEER ? mag->config.identity :
							target->mn_id;
	options->has_ll_id = target->ll_id.len;
	options->ll_id = target->ll_id;
	return found->last;
}

/* There are few anchors. */
static struct revocation *told(struct collection *found,
			       const struct in6_addr *lma)
{
	struct revocation *one;

	if (found->last && IN6_ARE_ADDR_EQUAL(&found->last->peer, lma))
		return found->last;
	for (one = found->mag->revocations.all; one; one = one->next)
		if (one->order == found->order &&
		    IN6_ARE_ADDR_EQUAL(&one->peer, lma))
			return found->last = one;
	return tell(found, lma);
}

static bool is_meant(const struct collection *found, const struct bule *bule)
{
	const struct revocation_target *target = found->target;

	if (!mag_may_revoke(bule) || !bule->forwards ||
	    (target->has_hnp && !bule_has_prefix(bule, &target->hnp)))
		return false;
	return !target->ll_id.len ||
	       (target->ll_id.len == ETH_ALEN &&
		!memcmp(target->ll_id.data, bule->at.lladdr, ETH_ALEN));
}

/* RFC 5846 8.2: all of its prefixes, or none, which means whatever it has. */
static void put_prefixes(struct revocation *revocation, const struct bule *bule)
{
	struct mh_options *options = &revocation->bri.options;
	unsigned int i;

	if (options->hnp_count + bule->hnp_count > MH_MAX_HNP ||
	    (revocation->count && !options->hnp_count)) {
		options->hnp_count = 0;
		return;
	}
	for (i = 0; i < bule->hnp_count; i++)
		mag_name_prefix(options, &bule->hnp[i]);
}

static void take(struct collection *found, struct bule *bule)
{
	const struct peer *peer = bule->peer.peer;
	struct revocation *revocation;

	if (!is_meant(found, bule))
		return;
	if (!is_of_mn(found->target) && peer && peer->no_global_revocations) {
		found->refused++;
		return;
	}
	revocation = told(found, &bule->profile.lma);
	if (is_of_mn(found->target))
		put_prefixes(revocation, bule);
	mag_revoking(found->mag, revocation, bule);
	found->bindings++;
}

static void collect(struct collection *found)
{
	const struct revocation_target *target = found->target;
	const struct mag_group *group;
	const struct peer *peer;
	struct peer_link *link;
	struct bule *bule;

	switch (target->scope) {
	case REVOKE_SESSIONS:
	case REVOKE_MN:
		for (bule = bul_by_mn(&found->mag->bul, &target->mn_id); bule;
		     bule = bul_next_of_mn(bule))
			take(found, bule);
		break;
	case REVOKE_REALM:
		for (bule = found->mag->bul.entries; bule;
		     bule = bul_next(bule))
			if (revocation_is_of_realm(&bule->profile.mn_id,
						   &target->mn_id))
				take(found, bule);
		break;
	case REVOKE_PEER:
		peer = peers_find(&found->mag->peers, &target->peer);
		for (link = peer ? peer->links : NULL; link; link = link->next)
			take(found, mag_bule_of(link));
		break;
	case REVOKE_GROUP:
		group = mag_group_by_id(&found->mag->groups, target->group);
		for (bule = group ? group->members : NULL; bule;
		     bule = bule->member.next)
			take(found, bule);
		break;
	}
}

static const char *nothing_of(const struct collection *found)
{
	if (found->refused)
		return "the anchor does not let this gateway revoke all at once: pmipctl peer reset when it does";
	switch (found->target->scope) {
	case REVOKE_SESSIONS:
		return "no such mobile node is registered with that prefix here";
	case REVOKE_MN:
		return "no such mobile node is registered here";
	case REVOKE_REALM:
		return "no mobile node of that realm is registered here";
	case REVOKE_GROUP:
		return "there is no such group here";
	default:
		return "no mobile node is registered here with that anchor";
	}
}

const char *mag_revoke(struct mag *mag, const struct revocation_target *target,
		       void (*done)(void *context,
				    const struct revocation_order *order),
		       void *context, struct now now, struct outbox *out)
{
	struct collection found = { .mag = mag, .target = target };

	if (!revocations_have_room(&mag->revocations, mag->peers.count))
		return "too much is being revoked: try again";
	found.order = revocation_order_new(&mag->revocations, done, context);
	collect(&found);
	if (!found.bindings) {
		revocation_order_cancel(&mag->revocations, found.order);
		return nothing_of(&found);
	}
	revocation_order_begin(&mag->revocations, found.order, &mag->peers, now,
			       out);
	return NULL;
}

bool mag_on_binding_error(struct mag *mag, const struct in6_addr *src,
			  const struct mh_binding_error *error, struct now now,
			  struct outbox *out)
{
	struct peer *peer = peers_find(&mag->peers, src);

	if (error->status != MH_BE_UNKNOWN_TYPE || !peer)
		return false;
	/* It may be Heartbeats that it does not know. */
	if (peer->awaits && !peer->counters.answered)
		return false;
	if (!revocations_on_error(&mag->revocations, src, now, out))
		return false;
	peer->no_revocations = true;
	return true;
}
