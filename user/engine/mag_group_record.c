// SPDX-License-Identifier: GPL-2.0
/*
 * What a gateway keeps of a bulk group, and how it finds its way back after a
 * restart of its own or of the data plane.
 */
#include <string.h>

#include "alloc.h"
#include "dataplane.h"
#include "mag_group_internal.h"
#include "record.h"

/* "G" and the version of the layout. */
#define RECORD_KIND 0x4701

/* Keys of entries count from 1 on. */
#define KEY_OF_GROUPS (1ull << 63)

static uint64_t key_of(uint32_t id)
{
	return KEY_OF_GROUPS | id;
}

static void put_record(struct transaction *transaction,
		       const struct mag_group *group, struct now now)
{
	struct effect *effect = transaction_add(transaction, EFFECT_STORE_PUT);
	uint8_t data[RECORD_MAX];
	struct builder builder = builder_on(data, sizeof(data));

	builder_be(&builder, RECORD_KIND, 2);
	builder_be(&builder, group->id, 4);
	builder_bytes(&builder, &group->anchor->address,
		      sizeof(group->anchor->address));
	builder_be(&builder, group->set, 4);
	builder_be(&builder, group->lifetime, 2);
	builder_be(&builder, group->generation, 4);
	builder_be(&builder, group->sequence, 2);
	builder_u8(&builder, group->retired);
	record_put_time(&builder, group->expires_ms, now);
	effect->store.key = key_of(group->id);
	effect->store.data = must_copy(data, builder.len);
	effect->store.len = builder.len;
}

void group_put(struct transaction *transaction, struct mag_group *group,
	       struct now now)
{
	struct effect_expiry_set *set;

	group->generation++;
	group->put = true;
	group->stored = true;
	put_record(transaction, group, now);
	set = &transaction_add(transaction, EFFECT_EXPIRY_SET_PUT)->set;
	set->id = group->set;
	set->renews = group->made;
	set->generation = group->generation;
	set->lifetime_ms = group->expires_ms > now.mono_ms ?
			   group->expires_ms - now.mono_ms : 0;
}

void group_bury(struct transaction *transaction, const struct mag_group *group)
{
	if (!group->stored)
		return;
	transaction_add(transaction, EFFECT_STORE_DELETE)->store.key =
		key_of(group->id);
	transaction_add(transaction, EFFECT_EXPIRY_SET_DELETE)->set.id =
		group->set;
}

/* --- After a restart. */

struct mag_group *group_of_record(struct mag *mag, const struct in6_addr *lma,
				  uint32_t id, struct now now)
{
	struct mag_group *group = mag_group_by_id(&mag->groups, id);

	if (group && !IN6_ARE_ADDR_EQUAL(&group->anchor->address, lma))
		return NULL;
	if (group || !group_id_is_ours(id))
		return group;
	group = group_new(mag, lma, id);
	group_begin(mag, group, GROUP_ORPHAN, 0, now);
	return group;
}

/* RFC 6602 6: what an operator has set counts after a restart as it did before. */
static void resume(struct mag *mag, struct mag_group *group, struct now now)
{
	uint64_t rest = group->expires_ms > now.mono_ms ?
			group->expires_ms - now.mono_ms : 0;

	group_schedule(mag, group, now);
	/* One without members is buried. */
	group_set_timer(mag, group, GROUP_TIMER_WORK, now.mono_ms);
	if (mag->config.request_bulk)
		return;
	group_close(group, true);
	group_cancel_timer(mag, group, GROUP_TIMER_PBU);
	group_begin(mag, group, GROUP_REGISTER, rest / 2, now);
}

bool mag_restore_group(struct mag *mag, uint64_t key, const uint8_t *data,
		       size_t len, bool same_boot, struct now now)
{
	struct cursor cursor = cursor_on(data, len);
	uint32_t id, set, generation;
	uint16_t lifetime, sequence;
	struct mag_group *group;
	struct in6_addr lma;
	uint64_t expires_ms;
	bool retired;

	if (cursor_be(&cursor, 2) != RECORD_KIND)
		return false;
	id = (uint32_t)cursor_be(&cursor, 4);
	cursor_bytes(&cursor, &lma, sizeof(lma));
	set = (uint32_t)cursor_be(&cursor, 4);
	lifetime = (uint16_t)cursor_be(&cursor, 2);
	generation = (uint32_t)cursor_be(&cursor, 4);
	sequence = (uint16_t)cursor_be(&cursor, 2);
	retired = cursor_u8(&cursor);
	expires_ms = record_get_time(&cursor, same_boot, now);
	if (cursor.failed || cursor.left || key != key_of(id) || !lifetime ||
	    !group_id_is_ours(set) || group_by_set(&mag->groups, set))
		return false;
	group = group_of_record(mag, &lma, id, now);
	if (!group || group->stored)
		return false;
	group->tasks = 0;
	group->stored = true;
	group_set_is(mag, group, set);
	group->put = true;
	group->made = true;
	group->lifetime = lifetime;
	group->generation = generation;
	group->sequence = sequence;
	group->expires_ms = expires_ms;
	group->begun_ms = now.mono_ms;
	if (retired)
		group_close(group, false);
	resume(mag, group, now);
	return true;
}

/* --- What the data plane has. */

static const struct dataplane_set *find(const struct dataplane_dump *dump,
					uint32_t id)
{
	size_t i;

	for (i = 0; i < dump->set_count; i++)
		if (dump->sets[i].id == id)
			return &dump->sets[i];
	return NULL;
}

/* A module without expiry sets: each member lives by itself from now on. */
static void disband(struct mag *mag, struct mag_group *group, struct now now)
{
	struct bule *bule;

	group_close(group, true);
	while ((bule = group->members)) {
		bule->lifetime = group->lifetime;
		bule->expires_ms = group->expires_ms;
		group_remove(mag, bule);
		if (bule->state == BULE_ACTIVE)
			mag_schedule(mag, bule, now);
	}
}

void groups_on_dataplane(struct mag *mag, const struct dataplane_dump *dump,
			 struct now now, struct outbox *out)
{
	const struct dataplane_set *set;
	struct mag_group *group;

	mag->groups.usable = dump->has_sets;
	for (group = mag->groups.all; group; group = mag_group_next(group)) {
		if (!dump->has_sets) {
			disband(mag, group, now);
			continue;
		}
		/* What is under way will be right; what was read is old. */
		if (group->busy || !group->put)
			continue;
		set = find(dump, group->set);
		/* The first of its members puts it. */
		if (!set) {
			group->put = false;
			group->made = false;
		} else if (dataplane_set_agrees(set, group->expires_ms,
						now.mono_ms)) {
			group->generation = set->generation;
		} else {
			group_put_alone(group, now, out);
		}
	}
}

void groups_delete_strays(struct mag *mag, const struct dataplane_dump *dump,
			  struct outbox *out)
{
	size_t i;

	for (i = 0; i < dump->set_count; i++)
		if (!group_by_set(&mag->groups, dump->sets[i].id))
			dataplane_delete_stray_set(dump->sets[i].id, out);
}
