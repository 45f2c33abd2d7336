// SPDX-License-Identifier: GPL-2.0
/*
 * What an anchor keeps of a group, and how groups find their way back after a
 * restart of its own or of the data plane.
 */
#include <stdlib.h>

#include "alloc.h"
#include "lma_bulk.h"
#include "lma_internal.h"
#include "record.h"

/* "G" and the version of the layout. */
#define RECORD_KIND 0x4701

/* Sessions count from 1 on, and never get there. */
#define KEY_BASE (1ull << 63)

uint64_t lma_group_key(const struct lma_group *group)
{
	return KEY_BASE | group->set;
}

bool lma_is_group_key(uint64_t key)
{
	return key & KEY_BASE;
}

static void put_record(struct transaction *transaction,
		       const struct lma_group *group, struct now now)
{
	struct effect *effect = transaction_add(transaction, EFFECT_STORE_PUT);
	uint8_t data[RECORD_MAX];
	struct builder builder = builder_on(data, sizeof(data));

	builder_be(&builder, RECORD_KIND, 2);
	builder_bytes(&builder, &group->name.mag, sizeof(group->name.mag));
	builder_be(&builder, group->name.number, 4);
	builder_be(&builder, group->most, 2);
	builder_be(&builder, group->now.timestamp, 8);
	builder_be(&builder, group->now.received, 8);
	builder_be(&builder, group->now.lifetime, 2);
	builder_be(&builder, group->now.sequence, 2);
	builder_be(&builder, group->now.generation, 4);
	record_put_time(&builder, group->now.expires_ms, now);
	effect->store.key = lma_group_key(group);
	effect->store.data = must_copy(data, builder.len);
	effect->store.len = builder.len;
}

void lma_put_set(struct transaction *transaction,
		 const struct lma_group *group, struct now now)
{
	uint64_t expires_ms = group->now.expires_ms;
	struct effect_expiry_set *set;

	set = &transaction_add(transaction, EFFECT_EXPIRY_SET_PUT)->set;
	set->id = group->set;
	/* Made anew, it would be without the paths that it is to have. */
	set->renews = group->stands;
	set->lifetime_ms = expires_ms > now.mono_ms ?
			   expires_ms - now.mono_ms : 0;
	set->generation = group->now.generation;
}

void lma_put_group(struct transaction *transaction,
		   const struct lma_group *group, struct now now)
{
	put_record(transaction, group, now);
	lma_put_set(transaction, group, now);
}

bool lma_group_restore(struct lma *lma, uint64_t key, const uint8_t *data,
		       size_t len, bool same_boot, struct now now)
{
	struct cursor cursor = cursor_on(data, len);
	struct lma_renewal renewal = { 0 };
	struct lma_group_name name;
	struct lma_group *group;
	uint64_t set = key & ~KEY_BASE;
	uint16_t most;

	if (cursor_be(&cursor, 2) != RECORD_KIND)
		return false;
	cursor_bytes(&cursor, &name.mag, sizeof(name.mag));
	name.number = (uint32_t)cursor_be(&cursor, 4);
	most = (uint16_t)cursor_be(&cursor, 2);
	renewal.timestamp = cursor_be(&cursor, 8);
	renewal.received = cursor_be(&cursor, 8);
	renewal.lifetime = (uint16_t)cursor_be(&cursor, 2);
	renewal.sequence = (uint16_t)cursor_be(&cursor, 2);
	renewal.generation = (uint32_t)cursor_be(&cursor, 4);
	renewal.expires_ms = record_get_time(&cursor, same_boot, now);
	if (cursor.failed || cursor.left || !set || set > EXPIRY_SET_MAX ||
	    lma_group_by_set(lma, (uint32_t)set) ||
	    lma_group_find(lma, &name.mag, name.number))
		return false;

	group = lma_group_insert(lma, &name, (uint32_t)set);
	group->now = renewal;
	group->most = most;
	if (lma->groups.next_set < group->set)
		lma->groups.next_set = group->set;
	timer_set(&lma->groups.timers, &group->timer, renewal.expires_ms);
	return true;
}

/* Its group may come after it. */
void lma_group_expect(struct lma *lma, struct bce *bce, uint32_t set)
{
	struct lma_groups *groups = &lma->groups;
	struct lma_membership *membership;

	if (groups->restored_count == groups->restored_room) {
		groups->restored_room = groups->restored_room ?
					2 * groups->restored_room : 64;
		groups->restored = must_realloc(groups->restored,
						groups->restored_room *
						sizeof(*membership));
	}
	membership = &groups->restored[groups->restored_count++];
	membership->bce = bce;
	membership->set = set;
}

static void join_restored(struct lma *lma,
			  const struct lma_membership *membership)
{
	struct lma_group *group = lma_group_by_set(lma, membership->set);
	struct bce *bce = membership->bce;

	if (!group || !IN6_ARE_ADDR_EQUAL(&group->name.mag, &bce->now.proxy_coa))
		return;
	lma_group_join(group, bce);
	lma_arm(lma, bce);
}

void lma_groups_start(struct lma *lma, struct outbox *out)
{
	struct lma_groups *groups = &lma->groups;
	struct lma_group *group, *next;
	size_t i;

	if (groups->started)
		return;
	groups->started = true;
	for (i = 0; i < groups->restored_count; i++)
		join_restored(lma, &groups->restored[i]);
	free(groups->restored);
	groups->restored = NULL;
	groups->restored_count = groups->restored_room = 0;
	HASH_ITER(by_set, groups->by_set, group, next)
		lma_group_settle(lma, group, out);
}

static void compare(struct lma *lma, const struct dataplane_set *set,
		    struct now now)
{
	struct lma_group *group = lma_group_by_set(lma, set->id);

	/* What is under way will be right; what was read is old. */
	if (!group || group->bulk)
		return;
	group->stands = true;
	group->agreed = dataplane_set_agrees(set, group->now.expires_ms,
					     now.mono_ms);
	if (group->agreed)
		group->now.generation = set->generation;
}

void lma_groups_on_dataplane(struct lma *lma, const struct dataplane_dump *dump,
			     struct now now, struct outbox *out)
{
	struct lma_groups *groups = &lma->groups;
	struct lma_group *group, *next;
	size_t i;

	groups->unsupported = !dump->has_sets;
	HASH_ITER(by_set, groups->by_set, group, next) {
		group->agreed = false;
		group->stands &= group->bulk != NULL;
	}
	for (i = 0; i < dump->set_count; i++)
		compare(lma, &dump->sets[i], now);
	HASH_ITER(by_set, groups->by_set, group, next) {
		if (group->agreed || group->bulk || group->ending)
			continue;
		if (groups->unsupported)
			lma_group_dissolve(lma, group, now);
		else
			lma_bulk_repair(lma, group, false, now, out);
	}
}

void lma_groups_after_dataplane(const struct lma *lma,
				const struct dataplane_dump *dump,
				struct outbox *out)
{
	size_t i;

	for (i = 0; i < dump->set_count; i++)
		if (!lma_group_by_set(lma, dump->sets[i].id))
			dataplane_delete_stray_set(dump->sets[i].id, out);
}
