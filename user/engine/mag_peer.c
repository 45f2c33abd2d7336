// SPDX-License-Identifier: GPL-2.0
/*
 * What a gateway does when an anchor has restarted or is gone (RFC 5847 3): it
 * goes on to forward, and registers its mobile nodes anew.
 */
#include <stddef.h>

#include "mag_group_internal.h"

/* A few come at once, thousands are spread as the operator says. */
#define REREGISTER_PER_S 100u

struct bule *mag_bule_of(struct peer_link *link)
{
	return (struct bule *)((char *)link - offsetof(struct bule, peer));
}

uint64_t mag_reregister_spread(const struct mag *mag, uint64_t count)
{
	uint64_t most = mag->config.reregister_within_s * 1000ull;
	uint64_t needed = count * 1000ull / REREGISTER_PER_S;

	return needed < most ? needed : most;
}

/* @anew: as if nothing had been sent yet, so that copies come fast again. */
static void reregister(struct mag *mag, struct bule *bule, uint64_t due,
		       bool anew)
{
	const struct timer *timer = &bule->timers[BULE_TIMER_PBU].timer;

	if (bule->state != BULE_ACTIVE || bule->stopped)
		return;
	mag->counters.reregistered++;
	/* It may have been elsewhere meanwhile, and its anchor does not know yet. */
	if (anew && bule->waits && bule->handoff != MH_HI_NOT_CHANGED)
		bule->confirm = true;
	if (anew)
		bule->waits = false;
	/* Of one that is probed, a PBU follows its answer. */
	if (!bule->unheard && (!timer_is_set(timer) || timer->due > due))
		mag_set_timer(mag, bule, BULE_TIMER_PBU, due);
}

/* What a group is asked for, and answers, its members need not. */
static bool is_asked_together(const struct bule *bule, enum peer_event event)
{
	return event != PEER_EVENT_RESTARTED && !bule->waits &&
	       bule->member.group && !bule->member.group->ending;
}

static void on_event(void *context, struct peer *peer, enum peer_event event,
		     uint64_t since_ms, struct now now, struct outbox *out)
{
	struct mag *mag = context;
	uint64_t spread = mag_reregister_spread(mag, peer->bindings);
	struct peer_link *link;
	struct bule *bule;

	(void)since_ms;
	(void)out;
	bulk_on_peer(mag, &peer->address, event, spread, now);
	for (link = peer->links; link; link = link->next) {
		bule = mag_bule_of(link);
		if (is_asked_together(bule, event))
			continue;
		/* Once it is back, only what it has not answered is sent. */
		if (event != PEER_EVENT_BACK || bule->waits)
			reregister(mag, bule, now.mono_ms +
				   rng_between(&mag->rng, 0, spread),
				   event != PEER_EVENT_UNREACHABLE);
	}
}

void mag_init_peers(struct mag *mag)
{
	struct peers_config config = mag->config.peers;

	config.address = mag->config.address;
	config.seed = mag->config.seed;
	peers_init(&mag->peers, &config, mag, on_event);
}
