// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "mag_group.h"
#include "test.h"

int mag_group_setup(void **state)
{
	struct mag_bench *bench;
	int error = mag_bench_setup(state);

	if (error)
		return error;
	bench = *state;
	bench->mag.config.request_bulk = true;
	bench->mag.config.bulk_group_size = GROUP_SIZE;
	bench->mag.config.bulk_retry_s = BULK_RETRY_S;
	bench->mag.config.reregister_within_s = 30;
	read_back(bench);
	return 0;
}

struct mag_group *mn_group(struct mag_bench *bench, uint8_t last)
{
	assert_non_null(mn(bench, last));
	return mn(bench, last)->member.group;
}

const struct mh_binding_update *come(struct mag_bench *bench, uint8_t last)
{
	char text[32];

	snprintf(text, sizeof(text), "mn%u@example.com", last);
	bench->profile.mn_id = nai(text);
	attach(bench, ACCESS1, last, false);
	world_settle(&bench->world);
	return last_pbu(bench);
}

struct mh_binding_ack let_in(const struct mh_binding_update *bu, uint8_t last,
			     uint16_t units)
{
	struct mh_binding_ack ba;
	char text[32];

	snprintf(text, sizeof(text), "2001:db8:a:%u::/64", last);
	ba = pba_to(bu, MH_ACCEPTED, text);
	assert_int_equal(bu->options.group_count, 1);
	ba.flags |= MH_BA_BULK;
	ba.lifetime = units;
	return ba;
}

void hand_and_settle(struct mag_bench *bench, const struct mh_binding_ack *ba)
{
	hand(bench, ba);
	world_settle(&bench->world);
}

struct bule *come_in(struct mag_bench *bench, uint8_t last)
{
	const struct mh_binding_update *bu = come(bench, last);
	const struct mag_group *group =
		mag_group_by_id(&bench->mag.groups, bu->options.group[0]);
	struct mh_binding_ack ba;
	uint64_t left = 300000;

	assert_non_null(group);
	if (group->count)
		left = group->expires_ms - bench->world.now.mono_ms;
	ba = let_in(bu, last, (uint16_t)(left / LIFETIME_UNIT_MS));
	hand_and_settle(bench, &ba);
	assert_int_equal(mn(bench, last)->state, BULE_ACTIVE);
	return mn(bench, last);
}

struct mag_group *join_all(struct mag_bench *bench, uint8_t count)
{
	uint8_t last;

	for (last = 1; last <= count; last++)
		come_in(bench, last);
	return mn_group(bench, count);
}

bool is_bulk(const struct mh_binding_update *bu)
{
	return bu->options.group_count && !bu->options.has_mn_id;
}

const struct mh_binding_update *until_bulk(struct mag_bench *bench)
{
	struct world *world = &bench->world;
	unsigned int seconds;
	size_t sent;

	for (seconds = 0; seconds < 600; seconds++) {
		sent = world->sent_count;
		mag_bench_until(bench, 1000);
		if (world->sent_count > sent && is_bulk(last_pbu(bench)))
			return last_pbu(bench);
	}
	fail_msg("no bulk PBU was sent");
	return NULL;
}

struct mh_binding_ack renewal(const struct mh_binding_update *bu,
			      uint8_t status)
{
	assert_true(is_bulk(bu));
	return pba_to(bu, status, NULL);
}

void acknowledge_bulk(struct mag_bench *bench, uint8_t status)
{
	struct mh_binding_ack ba = renewal(last_pbu(bench), status);

	hand_and_settle(bench, &ba);
}

void leave_for_good(struct mag_bench *bench, uint8_t last)
{
	mag_on_detach(&bench->mag, mn(bench, last), false, "test",
		      bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, last));
	mag_bench_until(bench, 0);
}

void read_back(struct mag_bench *bench)
{
	struct dataplane_dump dump = world_dump(&bench->world);

	mag_on_dataplane(&bench->mag, &dump, bench->world.now,
			 &bench->world.out);
	dataplane_dump_free(&dump);
	world_settle(&bench->world);
}

unsigned int mns_in_state(struct mag_bench *bench, enum bule_state state)
{
	const struct bule *bule;
	unsigned int count = 0;

	for (bule = bench->mag.bul.entries; bule; bule = bul_next(bule))
		count += bule->state == state;
	return count;
}

void group_expired(struct mag_bench *bench, uint32_t set, uint32_t generation)
{
	mag_on_set_expired(&bench->mag, set, generation, bench->world.now);
	mag_bench_until(bench, 0);
}

void group_reap(struct mag_bench *bench, uint32_t id)
{
	struct world *world = &bench->world;
	struct world_set *set = world_set(world, id);
	size_t i;

	for (i = world->binding_count; i-- > 0;)
		if (world->bindings[i].set.expiry_set == id)
			world->bindings[i] =
				world->bindings[--world->binding_count];
	assert_non_null(set);
	*set = world->sets[--world->set_count];
}

unsigned int pbus_sent(const struct mag_bench *bench, bool bulk)
{
	const struct mh_message *message;
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < bench->world.sent_count; i++) {
		message = bench->world.sent[i].message;
		if (message->type == MH_BINDING_UPDATE)
			count += is_bulk(&message->bu) == bulk;
	}
	return count;
}
