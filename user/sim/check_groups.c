// SPDX-License-Identifier: GPL-2.0
/*
 * Bulk groups of an anchor: that they know their members, and that nothing is
 * acknowledged to all of them that does not stand for each.
 */
#include <stdlib.h>

#include <uthash.h>

#include "../engine/alloc.h"
#include "../engine/lma_bulk.h"
#include "../engine/lma_internal.h"
#include "../engine/lma_multihoming.h"
#include "world.h"

#define STANDS "nothing is acknowledged that does not stand"

/* How often a group is held by what is under way. */
struct holds {
	const struct lma_group *group;
	unsigned int count;
	UT_hash_handle hh;
};

static struct holds *find_holds(struct holds *all,
				const struct lma_group *group)
{
	struct holds *holds;

	HASH_FIND_PTR(all, &group, holds);
	return holds;
}

static void note_hold(struct holds **all, const struct lma_group *group)
{
	struct holds *holds = group ? find_holds(*all, group) : NULL;

	if (!group)
		return;
	if (!holds) {
		holds = must_alloc(sizeof(*holds));
		holds->group = group;
		HASH_ADD_PTR(*all, group, holds);
	}
	holds->count++;
}

/* All sessions are looked through once, however many groups there are. */
static struct holds *count_holds(const struct lma *lma)
{
	struct holds *all = NULL;
	const struct bce *bce;

	for (bce = bc_next(&lma->bc, NULL); bce; bce = bc_next(&lma->bc, bce)) {
		if (!bce->operation)
			continue;
		note_hold(&all, bce->operation->leaves);
		note_hold(&all, bce->operation->joins);
	}
	return all;
}

static void free_holds(struct holds *all)
{
	struct holds *holds, *next;

	HASH_ITER(hh, all, holds, next) {
		HASH_DEL(all, holds);
		free(holds);
	}
}

static void check_group(struct agent *agent, const struct lma_group *group,
			struct holds *all)
{
	const struct holds *found = find_holds(all, group);
	unsigned int members = 0, holds = found ? found->count : 0;
	const struct bce *bce;

	for (bce = group->first; bce; bce = bce->group_next) {
		members++;
		if (bce->group != group || bce->now.state != BCE_ACTIVE ||
		    !IN6_ARE_ADDR_EQUAL(&bce->now.proxy_coa, &group->name.mag))
			check_fail(agent->sim, "a group is of one gateway",
				   "%s: session %llu is in group %u",
				   agent->name, (unsigned long long)bce->id,
				   group->name.number);
	}
	if (members != group->count || holds != group->holds)
		check_fail(agent->sim, "a group knows its members",
			   "%s: group %u has %u and %u holds, and counts %u and %u",
			   agent->name, group->name.number, members, holds,
			   group->count, group->holds);
	if (!members && !holds && !group->bulk)
		check_fail(agent->sim, "what ends some day has a timer",
			   "%s: group %u would stay for ever", agent->name,
			   group->name.number);
}

void check_anchor_groups(struct agent *agent)
{
	const struct lma_groups *groups = &agent->lma->groups;
	const struct lma_group *group;
	unsigned int running = 0;
	struct holds *holds;

	/* Its members are still to be found. */
	if (!groups->started)
		return;
	holds = count_holds(agent->lma);
	for (group = groups->by_set; group; group = group->by_set.next) {
		check_group(agent, group, holds);
		running += timer_is_set(&group->timer);
	}
	free_holds(holds);
	if (running != groups->timers.count)
		check_fail(agent->sim, "every timer that runs has an owner",
			   "%s: %u timers of groups, of which %u have an owner",
			   agent->name, groups->timers.count, running);
}

void check_anchor_set_put(struct agent *agent, const struct kernel_set *set)
{
	if (!lma_group_by_set(agent->lma, set->id))
		check_fail(agent->sim, "what is under way has an owner",
			   "%s puts set %u of no group", agent->name, set->id);
}

/* One that something is under way for is told by that, or just could not be. */
static const char *member_missing(const struct agent *agent,
				  const struct bce *bce)
{
	const struct kernel_path *path;
	unsigned int i;

	if (lma_is_busy(bce) || timer_is_set(&bce->timer))
		return NULL;
	for (i = 0; i < bce->prefix_count; i++) {
		path = check_path(agent, bce, &bce->prefixes[i].prefix);
		if (!path)
			return "the kernel does not forward to a member";
		if (path->what.expiry_set != bce->group->set)
			return "a member ends otherwise in the kernel";
	}
	return NULL;
}

static const char *group_missing(const struct agent *agent,
				 const struct lma_group *group,
				 uint16_t lifetime)
{
	const struct kernel_set *set = kernel_set(&agent->kernel, group->set);
	uint64_t us = (uint64_t)lifetime * LIFETIME_UNIT_MS * US_PER_MS;
	const struct bce *bce;
	const char *what;

	if (!store_find(agent->store.sessions, lma_group_key(group)))
		return "no record of it is stored";
	/* What the kernel lost is being put back: see role_read_dataplane(). */
	if (!agent->reconciled || agent->reading || agent->dirty)
		return NULL;
	if (!set)
		return "the kernel has no such set";
	/* It waits in queues meanwhile, of the kernel and of the agent. */
	if (set->expires_us + 5 * US_PER_S < agent->sim->now_us + us)
		return "the kernel's set ends before";
	for (bce = group->first; bce; bce = bce->group_next) {
		what = member_missing(agent, bce);
		if (what)
			return what;
	}
	return NULL;
}

static void check_bulk_group(struct agent *agent, const struct in6_addr *mag,
			     uint32_t number, uint16_t lifetime)
{
	const struct lma_group *group = lma_group_find(agent->lma, mag, number);
	const char *what = group ? group_missing(agent, group, lifetime) :
				   "there is none";

	if (what)
		check_fail(agent->sim, STANDS,
			   "%s acknowledges group %u, but %s", agent->name,
			   number, what);
}

void check_bulk_ack(struct agent *agent, const struct effect_send *send)
{
	const struct mh_binding_ack *ba = &send->message->ba;
	const struct mh_options *options = &ba->options;
	unsigned int i;

	for (i = 0; i < options->group_count; i++)
		if (options->group[i] != MH_GROUP_ALL_SESSIONS)
			check_bulk_group(agent, &send->dst, options->group[i],
					 ba->lifetime);
}
