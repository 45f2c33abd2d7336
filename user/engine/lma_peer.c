// SPDX-License-Identifier: GPL-2.0
/*
 * What an anchor does when a gateway has restarted or is gone (RFC 5847 3), or
 * does not know what it is told.
 */
#include "lma_internal.h"
#include "lma_revoke.h"

/* What gateways take, unless their operators say otherwise, and some seconds. */
#define RECOVERY_MS 35000u

/* A group is of one gateway, and of sessions that are active (RFC 6602 5.2.2). */
void lma_note_peer(struct lma *lma, struct bce *bce)
{
	bool active = bce->now.state == BCE_ACTIVE;

	if (bce->group &&
	    (!active || !IN6_ARE_ADDR_EQUAL(&bce->group->name.mag,
					    &bce->now.proxy_coa)))
		lma_group_leave(lma, bce);
	if (active)
		peers_link(&lma->peers, &bce->peer, &bce->now.proxy_coa);
	else
		peers_unlink(&lma->peers, &bce->peer);
}

bool lma_is_recovering(const struct lma *lma, const struct lma_request *request,
		       struct now now)
{
	return lma->peers.lost && lma->peers.started &&
	       now.mono_ms - lma->peers.started_ms < RECOVERY_MS &&
	       lma_asks_for_any(&request->bu.options) &&
	       !request->policy.interface_hnp_count;
}

struct bce *lma_bce_of(struct peer_link *link)
{
	return (struct bce *)((char *)link - offsetof(struct bce, peer));
}

static uint64_t begin_ms(uint64_t expires_ms, uint16_t lifetime)
{
	uint64_t ms = (uint64_t)lifetime * LIFETIME_UNIT_MS;

	return expires_ms > ms ? expires_ms - ms : 0;
}

/* By itself, or with its group, whichever was later. */
static uint64_t registered_ms(const struct bce *bce)
{
	uint64_t alone = begin_ms(bce->now.expires_ms, bce->now.lifetime), all;

	if (!bce->group)
		return alone;
	all = begin_ms(bce->group->now.expires_ms, bce->group->now.lifetime);
	return all > alone ? all : alone;
}

/*
 * It is kept, and forwards, as long as one that was de-registered is: the
 * gateway may register it anew, or another one may.
 */
static void invalidate(struct lma *lma, struct bce *bce, struct now now,
		       struct outbox *out)
{
	uint64_t end = now.mono_ms + lma->config.min_delay_before_bce_delete_ms;

	if (lma_expires_ms(bce) < end)
		return;
	lma->counters.invalidated++;
	bce->now.invalid = true;
	bce->now.expires_ms = end;
	lma_stand_alone(lma, bce, now, out);
}

static void invalidate_all(struct lma *lma, struct peer *peer,
			   uint64_t since_ms, struct now now,
			   struct outbox *out)
{
	struct peer_link *link;
	struct bce *bce;

	for (link = peer->links; link; link = link->next) {
		bce = lma_bce_of(link);
		if (!bce->now.invalid && registered_ms(bce) <= since_ms)
			invalidate(lma, bce, now, out);
	}
}

/*
 * One that does not answer may be cut off from us alone, and serve its mobile
 * nodes when the path is back: they are left to their lifetimes.
 */
static void on_event(void *context, struct peer *peer, enum peer_event event,
		     uint64_t since_ms, struct now now, struct outbox *out)
{
	struct lma *lma = context;

	switch (event) {
	case PEER_EVENT_RESTARTED:
		invalidate_all(lma, peer, since_ms, now, out);
		break;
	case PEER_EVENT_UNREACHABLE:
		if (lma->config.delete_if_unreachable)
			invalidate_all(lma, peer, now.mono_ms, now, out);
		break;
	case PEER_EVENT_BACK:
		break;
	}
}

void lma_init_peers(struct lma *lma)
{
	struct peers_config config = lma->config.peers;

	config.address = lma->config.address;
	config.seed = lma->config.seed;
	peers_init(&lma->peers, &config, lma, on_event);
}

bool lma_on_binding_error(struct lma *lma, const struct in6_addr *src,
			  const struct mh_binding_error *error,
			  struct now now, struct outbox *out)
{
	struct peer *peer = peers_find(&lma->peers, src);

	if (error->status != MH_BE_UNKNOWN_TYPE || !peer)
		return false;
	/* It may be Heartbeats that it does not know. */
	if (peer->awaits && !peer->counters.answered)
		return false;
	/* What is revoked is so at once: it is the likelier one. */
	if (!revocations_on_error(&lma->revocations, src, now, out))
		return lma_notices_on_error(lma, peer, out);
	peer->no_revocations = true;
	return true;
}
