// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_group_life.c: how groups end, and what becomes of those whose data
 * plane was first.
 */
#include <errno.h>
#include <string.h>

#include <utlist.h>

#include "../engine/mag_group_internal.h"
#include "common/mag_group.h"
#include "common/test.h"

/* More than are seen to in one turn. */
#define MANY 600

/* Members of one group that nobody asked for one by one. */
static struct mag_group *join_many(struct mag_bench *bench, unsigned int count)
{
	struct mag_group *group = join_all(bench, 1);
	struct mag_attachment at = { .ifindex = ACCESS1, .ifname = "access1" };
	struct mag_profile profile = bench->profile;
	struct mh_prefix hnp = prefix6("2001:db8:b::/64");
	struct bule *bule;
	unsigned int i;

	for (i = 2; i <= count; i++) {
		at.lladdr[4] = (uint8_t)(i >> 8);
		at.lladdr[5] = (uint8_t)i;
		hnp.addr.s6_addr[6] = (uint8_t)(i >> 8);
		hnp.addr.s6_addr[7] = (uint8_t)i;
		bule = bul_insert(&bench->mag.bul, bench->mag.next_id++, &at,
				  &profile);
		bul_set_prefixes(&bench->mag.bul, bule, &hnp, 1);
		bule->state = BULE_ACTIVE;
		bule->forwards = true;
		DL_APPEND2(group->members, bule, member.prev, member.next);
		bule->member.group = group;
		bule->member.set = group->set;
		group->count++;
	}
	return group;
}

/* The anchor answers nobody: all end with their group, and are asked for anew. */
static void test_expires(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 4);
	uint64_t expires = group->expires_ms;

	/* None that is asked for is let out of it. */
	while (bench->world.now.mono_ms + 1000 < expires)
		mag_bench_until(bench, 1000);
	assert_int_equal(mns_in_state(bench, BULE_ACTIVE), 4);
	assert_int_equal(bench->mag.groups.counters.fell_back, 1);
	mag_bench_until(bench, 1100);
	assert_int_equal(mns_in_state(bench, BULE_REGISTERING), 4);
	assert_int_equal(bench->mag.counters.expired, 4);
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->world.set_count, 0);
	assert_null(bench->mag.groups.all);
	assert_mag_agreed(bench);
}

/* However many they are, others have their turn; nor are all asked for at once. */
static void test_expires_in_steps(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_many(bench, MANY);
	struct world *world = &bench->world;
	unsigned int turns = 0, before, after = MANY;

	world_pass(world, group->expires_ms - world->now.mono_ms);
	world_forget_messages(world);
	while (after) {
		before = after;
		world_pass(world, turns > 0);
		mag_on_timer(&bench->mag, world->now, &world->out);
		world_settle(world);
		after = mns_in_state(bench, BULE_ACTIVE);
		assert_in_range(before - after, 1, 256);
		turns++;
	}
	assert_int_equal(turns, 3);
	assert_in_range(pbus_sent(bench, false), 0, MANY / 20);
	mag_bench_until(bench, 6000);
	assert_in_range(pbus_sent(bench, false), MANY, 3 * MANY);
}

static void test_data_plane_says_so(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	uint32_t set = group->set, generation = group->generation;

	group_expired(bench, set + 1, generation);
	assert_int_equal(mns_in_state(bench, BULE_ACTIVE), 3);
	group_reap(bench, set);
	group_expired(bench, set, generation);
	assert_int_equal(mns_in_state(bench, BULE_REGISTERING), 3);
	assert_mag_agreed(bench);
	group_expired(bench, set, generation);
}

/* It was renewed, but too late for the data plane: the members stand anew. */
static void test_data_plane_was_first(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	uint32_t set = group->set;

	group_reap(bench, set);
	group_expired(bench, set, group->generation - 1);
	assert_int_equal(mns_in_state(bench, BULE_ACTIVE), 3);
	assert_int_not_equal(group->set, set);
	assert_int_equal(bench->world.binding_count, 3);
	assert_mag_agreed(bench);
	assert_int_equal(group->losses, 0);
}

/* So it is if that is seen by the renewal itself. */
static void test_renewal_comes_too_late(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	uint32_t set = group->set;

	until_bulk(bench);
	group_reap(bench, set);
	acknowledge_bulk(bench, MH_ACCEPTED);
	mag_bench_until(bench, 0);
	assert_int_not_equal(group->set, set);
	assert_int_equal(bench->world.binding_count, 3);
	assert_mag_agreed(bench);
}

/* Or by a member that is being set up. */
static void test_member_comes_too_late(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 2);
	uint32_t set = group->set;

	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, ENOENT);
	come_in(bench, 3);
	group_reap(bench, set);
	mag_bench_until(bench, 0);
	assert_int_not_equal(group->set, set);
	assert_int_equal(bench->world.binding_count, 3);
	assert_int_equal(bench->mag.counters.failed, 0);
	assert_mag_agreed(bench);
}

/* But not for ever. */
static void test_member_cannot_be_set_up(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	join_all(bench, 1);
	ba = let_in(come(bench, 2), 2, 70);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1000, ENOENT);
	hand_and_settle(bench, &ba);
	assert_int_equal(mn(bench, 2)->state, BULE_DEREGISTERING);
	assert_int_equal(bench->mag.counters.failed, 1);
	bench->world.fail_count = 0;
	mag_bench_until(bench, 20000);
	assert_non_null(world_binding(&bench->world, "2001:db8:a:1::/64"));
	assert_int_equal(mn_group(bench, 1)->count, 1);
}

/* What is to be put, and could not, is put a second later. */
static void test_renewal_fails(void **state)
{
	static const int kinds[] = { EFFECT_STORE_PUT, EFFECT_EXPIRY_SET_PUT };
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct world *world = &bench->world;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		until_bulk(bench);
		world_fail(world, kinds[i], 0, 2, ENOMEM);
		acknowledge_bulk(bench, MH_ACCEPTED);
		assert_true(world_set(world, group->set)->expires_ms <
			    group->expires_ms);
		mag_bench_until(bench, 1000);
		assert_true(world_set(world, group->set)->expires_ms <
			    group->expires_ms);
		mag_bench_until(bench, 1000);
		assert_mag_agreed(bench);
	}
}

/* The first of a group cannot be set up: the next puts what it could not. */
static void test_first_fails(void **state)
{
	static const int kinds[] = { EFFECT_STORE_PUT, EFFECT_EXPIRY_SET_PUT,
				     EFFECT_BINDING_SET };
	struct mag_bench *bench = *state;
	struct mh_binding_ack first, second;
	unsigned int i;
	uint8_t last;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		last = (uint8_t)(10 * i + 1);
		first = let_in(come(bench, last), last, 75);
		second = let_in(come(bench, last + 1), last + 1, 75);
		world_fail(&bench->world, kinds[i], 0, 1, ENOMEM);
		hand(bench, &first);
		hand_and_settle(bench, &second);
		assert_int_equal(bench->mag.counters.failed, i + 1);
		assert_int_equal(mn(bench, last + 1)->state, BULE_ACTIVE);
		acknowledge(bench, MH_ACCEPTED);
		mag_bench_until(bench, 60000);
		assert_int_equal(mn_group(bench, last + 1)->count, i + 1);
	}
}

/* One that is busy is not forgotten. */
static void test_busy_members(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct mh_binding_ack ba;
	uint32_t set = group->set;
	bool expires;

	for (expires = false;; expires = true) {
		attach(bench, ACCESS1, 2, true);
		until_sent(bench);
		ba = let_in(last_pbu(bench), 2, 70);
		hand(bench, &ba);
		assert_true(mn(bench, 2)->busy);
		mag_on_set_expired(&bench->mag, set,
				   group->generation - !expires,
				   bench->world.now);
		mag_on_timer(&bench->mag, bench->world.now, &bench->world.out);
		group_reap(bench, set);
		world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, ENOENT);
		if (expires)
			break;
		world_settle(&bench->world);
		mag_bench_until(bench, 1000);
		assert_int_equal(bench->world.binding_count, 3);
		assert_mag_agreed(bench);
		set = group->set;
	}
	world_settle(&bench->world);
	mag_bench_until(bench, 1000);
	assert_int_equal(mns_in_state(bench, BULE_REGISTERING), 3);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, mag_group_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_expires),
		TEST(test_expires_in_steps),
		TEST(test_data_plane_says_so),
		TEST(test_data_plane_was_first),
		TEST(test_renewal_comes_too_late),
		TEST(test_member_comes_too_late),
		TEST(test_member_cannot_be_set_up),
		TEST(test_renewal_fails),
		TEST(test_first_fails),
		TEST(test_busy_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
