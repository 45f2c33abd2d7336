// SPDX-License-Identifier: GPL-2.0
/*
 * Who is in which bulk group of a gateway, and who may join (RFC 6602 5.1.2).
 */
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "alloc.h"
#include "mag_group_internal.h"

/* A group that is to be renewed has time for that, and for one that joins. */
#define JOIN_PERCENT 20u

static uint32_t draw_id(struct mag *mag)
{
	return (uint32_t)rng_between(&mag->groups.rng, MH_GROUP_ALL_SESSIONS + 1,
				     GROUP_ID_MAX);
}

void groups_init(struct mag *mag)
{
	mag->groups.rng.state = mag->config.seed ^ GROUP_ID_MAX;
	/* Not from the first after each start: the anchor remembers. */
	mag->groups.next_id = draw_id(mag);
	mag->groups.next_set = draw_id(mag);
}

struct mag_group *mag_group_next(const struct mag_group *group)
{
	return group->by_id.next;
}

struct mag_group *mag_group_by_id(const struct mag_groups *groups, uint32_t id)
{
	struct mag_group *group;

	HASH_FIND(by_id, groups->all, &id, sizeof(id), group);
	return group;
}

static uint32_t after(uint32_t id)
{
	return id < GROUP_ID_MAX ? id + 1 : MH_GROUP_ALL_SESSIONS + 1;
}

struct mag_group *group_by_set(const struct mag_groups *groups, uint32_t set)
{
	struct mag_group *group;

	HASH_FIND(by_set, groups->by_set, &set, sizeof(set), group);
	return group;
}

void group_set_is(struct mag *mag, struct mag_group *group, uint32_t set)
{
	/* It is in it. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	HASH_DELETE(by_set, mag->groups.by_set, group);
	group->set = set;
	HASH_ADD(by_set, mag->groups.by_set, set, sizeof(group->set), group);
}

static uint32_t fresh_set(struct mag_groups *groups)
{
	do {
		groups->next_set = after(groups->next_set);
	} while (group_by_set(groups, groups->next_set));
	return groups->next_set;
}

void group_new_set(struct mag *mag, struct mag_group *group)
{
	group_set_is(mag, group, fresh_set(&mag->groups));
	group->put = false;
	group->made = false;
}

struct mag_anchor *group_anchor(struct mag *mag, const struct in6_addr *lma)
{
	struct mag_anchor *anchor;

	LL_FOREACH(mag->groups.anchors, anchor)
		if (IN6_ARE_ADDR_EQUAL(&anchor->address, lma))
			return anchor;
	anchor = must_alloc(sizeof(*anchor));
	anchor->address = *lma;
	LL_PREPEND(mag->groups.anchors, anchor);
	return anchor;
}

static void open_group(const struct mag *mag, struct mag_group *group)
{
	bool has_room = !group->retired && group->count + group->asking <
					   mag->config.bulk_group_size;

	if (has_room == group->is_open)
		return;
	group->is_open = has_room;
	if (has_room)
		DL_APPEND(group->anchor->open, group);
	else
		DL_DELETE(group->anchor->open, group);
}

void group_close(struct mag_group *group, bool end)
{
	group->retired = true;
	group->ending |= end;
	if (group->is_open)
		DL_DELETE(group->anchor->open, group);
	group->is_open = false;
}

struct mag_group *group_new(struct mag *mag, const struct in6_addr *lma,
			    uint32_t id)
{
	struct mag_groups *groups = &mag->groups;
	struct mag_group *group = must_alloc(sizeof(*group));
	int kind;

	while (!id) {
		groups->next_id = after(groups->next_id);
		if (!mag_group_by_id(groups, groups->next_id))
			id = groups->next_id;
	}
	group->owner = MAG_OWNER_GROUP;
	group->id = id;
	group->anchor = group_anchor(mag, lma);
	group->sequence = (uint16_t)rng_next(&mag->groups.rng);
	for (kind = 0; kind < GROUP_TIMERS; kind++) {
		group->timers[kind].kind = (enum mag_group_timer_kind)kind;
		group->timers[kind].group = group;
	}
	group->set = fresh_set(groups);
	HASH_ADD(by_set, groups->by_set, set, sizeof(group->set), group);
	HASH_ADD(by_id, groups->all, id, sizeof(group->id), group);
	open_group(mag, group);
	return group;
}

void group_set_timer(struct mag *mag, struct mag_group *group,
		     enum mag_group_timer_kind kind, uint64_t due)
{
	timer_set(&mag->groups.timers, &group->timers[kind].timer, due);
}

void group_cancel_timer(struct mag *mag, struct mag_group *group,
			enum mag_group_timer_kind kind)
{
	timer_cancel(&mag->groups.timers, &group->timers[kind].timer);
}

void group_free(struct mag *mag, struct mag_group *group)
{
	int kind;

	for (kind = 0; kind < GROUP_TIMERS; kind++)
		group_cancel_timer(mag, group,
				   (enum mag_group_timer_kind)kind);
	group_close(group, true);
	/* It is in it. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	HASH_DELETE(by_set, mag->groups.by_set, group);
	/* Likewise. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	HASH_DELETE(by_id, mag->groups.all, group);
	free(group);
}

void groups_free(struct mag *mag)
{
	struct mag_groups *groups = &mag->groups;
	struct mag_anchor *anchor, *next;

	while (groups->all)
		group_free(mag, groups->all);
	LL_FOREACH_SAFE(groups->anchors, anchor, next)
		free(anchor);
	timers_free(&groups->timers);
	groups->anchors = NULL;
}

/* What has neither members nor any that want to be is buried, but not here. */
static void look_after(struct mag *mag, struct mag_group *group)
{
	open_group(mag, group);
	if (group->count || group->asking)
		return;
	group_cancel_timer(mag, group, GROUP_TIMER_PBU);
	group_cancel_timer(mag, group, GROUP_TIMER_EXPIRY);
	group->waits = false;
	group_set_timer(mag, group, GROUP_TIMER_WORK, 0);
}

void group_add(struct mag *mag, struct mag_group *group, struct bule *bule)
{
	struct bule_member *member = &bule->member;

	DL_APPEND2(group->members, bule, member.prev, member.next);
	member->group = group;
	group->count++;
	open_group(mag, group);
}

void group_remove(struct mag *mag, struct bule *bule)
{
	struct bule_member *member = &bule->member;
	struct mag_group *group = member->group;

	if (!group)
		return;
	if (group->next_member == bule)
		group->next_member = member->next;
	DL_DELETE2(group->members, bule, member.prev, member.next);
	/* RFC 6602 5.1.2: both identifiers are 0 then. */
	*member = (struct bule_member){
		.asked = member->asked,
		.left = group->id,
		.again_ms = member->again_ms,
	};
	group->count--;
	mag->groups.counters.left++;
	look_after(mag, group);
}

/* --- What a PBU asks for. */

static bool is_of(const struct mag_group *group, const struct bule *bule)
{
	return group && !group->retired &&
	       IN6_ARE_ADDR_EQUAL(&group->anchor->address, &bule->profile.lma);
}

/* One whose profile says how long it lives does so, by itself. */
bool group_is_wanted(const struct mag *mag, const struct bule *bule)
{
	uint32_t own = bule->profile.lifetime_s;

	return mag->config.request_bulk && !bule->profile.alone &&
	       (!own || own == mag->config.lifetime_s);
}

static bool may_join(struct mag *mag, const struct bule *bule, struct now now)
{
	return mag->groups.usable && now.mono_ms >= bule->member.again_ms &&
	       now.mono_ms >=
		       group_anchor(mag, &bule->profile.lma)->again_ms;
}

/* One that joins lives no longer than those that are there. */
static bool has_time(const struct mag_group *group, struct now now)
{
	uint64_t lifetime = (uint64_t)group->lifetime * LIFETIME_UNIT_MS;

	return !group->count ||
	       group->expires_ms > now.mono_ms + lifetime * JOIN_PERCENT / 100;
}

static struct mag_group *choose(struct mag *mag, const struct bule *bule,
				struct now now)
{
	struct mag_anchor *anchor = group_anchor(mag, &bule->profile.lma);
	struct mag_group *group;

	DL_FOREACH(anchor->open, group)
		if (has_time(group, now))
			return group;
	return group_new(mag, &bule->profile.lma, 0);
}

void group_ask_no_more(struct mag *mag, struct bule *bule)
{
	struct mag_group *group = bule->member.asked;

	if (!group)
		return;
	bule->member.asked = NULL;
	group->asking--;
	look_after(mag, group);
}

uint32_t group_to_ask(struct mag *mag, struct bule *bule, struct now now)
{
	const struct bule_copy *last = &bule->copies[0];
	struct bule_member *member = &bule->member;
	bool wanted = group_is_wanted(mag, bule);

	if (bule->state != BULE_DEREGISTERING && wanted &&
	    is_of(member->asked, bule))
		return member->asked->id;
	if (member->asked)
		member->left = member->asked->id;
	group_ask_no_more(mag, bule);
	/* Who leaves is in none (RFC 6602 5.2.2); nor is it asked halfway. */
	if (bule->state == BULE_DEREGISTERING || (last->used && !last->group))
		return 0;
	/* RFC 6602 5.1.2: or leaves, as its policy has changed. */
	if (!wanted)
		return 0;
	if (is_of(member->group, bule))
		return member->group->id;
	/* One with flows has something to say of its own. */
	if (bule->multihoming || !may_join(mag, bule, now))
		return 0;
	member->asked = choose(mag, bule, now);
	member->asked->asking++;
	open_group(mag, member->asked);
	return member->asked->id;
}
