// SPDX-License-Identifier: GPL-2.0
/*
 * Whether an engine is in order in itself: every timer that runs belongs to
 * something that is there, every transaction to something that waits for it.
 */
#include <utlist.h>

#include "../engine/lma_bulk.h"
#include "../engine/lma_internal.h"
#include "world.h"

static void expect(struct agent *agent, const char *what, unsigned int found,
		   unsigned int owned)
{
	if (found != owned)
		check_fail(agent->sim, "every timer that runs has an owner",
			   "%s: %u %s, of which %u have an owner", agent->name,
			   found, what, owned);
}

/* What is set stands where it says, so that its end ends it. */
static bool stands(const struct timers *timers, const struct timer *timer)
{
	return timer->slot && timer->slot <= timers->count &&
	       timers->heap[timer->slot].timer == timer;
}

static void check_peers(struct agent *agent)
{
	const struct peers *peers = agent->peers;
	unsigned int running = 0, kind;
	struct peer *peer;

	for (peer = peers_next(peers, NULL); peer;
	     peer = peers_next(peers, peer))
		for (kind = 0; kind < PEER_TIMERS; kind++)
			running += stands(&peers->timers,
					  &peer->timers[kind].timer);
	expect(agent, "timers of peers", peers->timers.count, running);
}

/* Whatever is revoked has a next copy, or a next step, or is under way. */
static void check_revocations(struct agent *agent,
			      const struct revocations *all)
{
	const struct revocation *revocation;
	unsigned int running = 0;

	for (revocation = all->all; revocation; revocation = revocation->next) {
		running += stands(&all->timers, &revocation->timer);
		if (!timer_is_set(&revocation->timer) && !revocation->ending &&
		    !revocation->stops)
			check_fail(agent->sim, "what ends some day has a timer",
				   "%s: a revocation would stay for ever",
				   agent->name);
	}
	expect(agent, "revocations", all->timers.count, running);
}

/* Whoever is found by them stands for all. */
static bool shares_all(const struct bce *bce)
{
	const struct bce *other = bce_next_path(bce);
	unsigned int i;

	for (i = 0; i < bce->prefix_count; i++)
		if (!bce_has_prefix(other, &bce->prefixes[i].prefix))
			return false;
	return other->prefix_count == bce->prefix_count;
}

static void check_lma(struct agent *agent)
{
	const struct lma *lma = agent->lma;
	unsigned int lifetimes = 0, waits = 0, notices = 0;
	unsigned int busy = 0;
	const struct lma_delayed *delayed;
	const struct bce *bce;

	for (bce = bc_next(&lma->bc, NULL); bce;
	     bce = bc_next(&lma->bc, bce)) {
		lifetimes += stands(&lma->timers, &bce->timer);
		if (bce->notice)
			notices += stands(&lma->notices, &bce->notice->timer);
		for (delayed = bce->delayed; delayed; delayed = delayed->next)
			waits += stands(&lma->waits, &delayed->timer);
		busy += bce->operation != NULL;
		if (!shares_all(bce))
			check_fail(agent->sim,
				   "interfaces of a session have its prefixes",
				   "%s: session %llu has others than the next",
				   agent->name, (unsigned long long)bce->id);
		if (!bce->operation && !bce->group &&
		    !timer_is_set(&bce->timer))
			check_fail(agent->sim, "what ends some day has a timer",
				   "%s: session %llu would stay for ever",
				   agent->name, (unsigned long long)bce->id);
		if (bce->waiting && !bce->operation)
			check_fail(agent->sim, "what waits is taken up",
				   "%s: a PBU waits for session %llu, which is not busy",
				   agent->name, (unsigned long long)bce->id);
	}
	expect(agent, "lifetimes", lma->timers.count, lifetimes);
	expect(agent, "waits", lma->waits.count, waits);
	expect(agent, "notices", lma->notices.count, notices);
	check_anchor_groups(agent);
	check_revocations(agent, &lma->revocations);
	/* Its start is the engine's own. */
	if (lma->routes_stand)
		expect(agent, "transactions", agent->exec.owned,
		       busy + HASH_CNT(by_owner, lma->groups.bulks));
}

/* Those of one that is revoked end by that, when what they are busy with has. */
static bool are_revoked(const struct mag_group *group)
{
	const struct bule *bule;

	for (bule = group->members; bule; bule = bule->member.next)
		if (!bule->revoking)
			return false;
	return group->revoked;
}

static bool has_an_end(const struct mag_group *group)
{
	if (group->count)
		return timer_is_set(&group->timers[GROUP_TIMER_EXPIRY].timer) ||
		       group->tasks || are_revoked(group);
	return group->asking || group->busy ||
	       timer_is_set(&group->timers[GROUP_TIMER_WORK].timer);
}

/* Returns how many transactions are theirs. */
static unsigned int check_groups(struct agent *agent)
{
	const struct mag_groups *groups = &agent->mag->groups;
	unsigned int running = 0, busy = 0, kind, count, asking = 0;
	const struct mag_group *group;
	const struct bule *bule;

	for (group = groups->all; group; group = mag_group_next(group)) {
		for (kind = 0; kind < GROUP_TIMERS; kind++)
			running += stands(&groups->timers,
					  &group->timers[kind].timer);
		busy += group->busy;
		asking += group->asking;
		count = 0;
		for (bule = group->members; bule; bule = bule->member.next)
			count += bule->member.group == group;
		if (count != group->count)
			check_fail(agent->sim, "a group knows its members",
				   "%s: group %u has %u members, and counts %u",
				   agent->name, group->id, count,
				   group->count);
		if (!has_an_end(group))
			check_fail(agent->sim, "what ends some day has a timer",
				   "%s: group %u would stay for ever",
				   agent->name, group->id);
	}
	for (bule = agent->mag->bul.entries; bule; bule = bul_next(bule))
		asking -= bule->member.asked != NULL;
	expect(agent, "timers of groups", groups->timers.count, running);
	expect(agent, "requests to join", asking, 0);
	return busy;
}

/* A kernel may be that much before the engine, which hears of it in a while. */
#define ENDS_MS (2ull * DATAPLANE_SLACK_MS)

/* What forwards, and is being told nothing else, does so in the kernel. */
static void check_forwards(struct agent *agent, const struct bule *bule)
{
	const char *what = NULL;
	unsigned int i;

	if (bule_expires_ms(bule) < agent_now(agent).mono_ms + ENDS_MS ||
	    !agent->reconciled || agent->reading || bule->busy ||
	    bule->state != BULE_ACTIVE || !bule->forwards)
		return;
	for (i = 0; i < bule->hnp_count && !what; i++)
		what = check_gateway_path(agent, bule, &bule->hnp[i]);
	if (what)
		check_fail(agent->sim, "who is said to have service has it",
			   "%s: mn=%.*s: %s", agent->name,
			   bule->profile.mn_id.len,
			   (const char *)bule->profile.mn_id.data, what);
}

static void check_mag(struct agent *agent)
{
	const struct mag *mag = agent->mag;
	unsigned int running = 0, busy = 0, kind;
	const struct bule *bule;

	for (bule = mag->bul.entries; bule; bule = bul_next(bule)) {
		for (kind = 0; kind < BULE_TIMERS; kind++)
			running += stands(&mag->timers,
					  &bule->timers[kind].timer);
		busy += bule->busy;
		check_forwards(agent, bule);
		if (bule->next != BULE_NEXT_NOTHING && !bule->busy)
			check_fail(agent->sim, "what waits is taken up",
				   "%s: something waits for mn=%.*s, which is not busy",
				   agent->name, bule->profile.mn_id.len,
				   (const char *)bule->profile.mn_id.data);
	}
	check_revocations(agent, &mag->revocations);
	expect(agent, "timers", mag->timers.count, running);
	expect(agent, "transactions", agent->exec.owned,
	       busy + check_groups(agent));
}

void check_engine(struct agent *agent)
{
	if (agent->lma)
		check_lma(agent);
	else
		check_mag(agent);
	check_peers(agent);
}
