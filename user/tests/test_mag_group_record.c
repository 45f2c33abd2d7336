// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_group_record.c: how groups outlive restarts, of gateways and of
 * data planes.
 */
#include <string.h>

#include "../engine/mag_group_internal.h"
#include "common/mag_group.h"
#include "common/test.h"

/* --- Restarts. */

static void test_restart(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct mag_group before = *group;
	unsigned int sets, puts;

	mag_bench_until(bench, 10000);
	sets = bench->world.binding_sets;
	puts = bench->world.set_puts;
	assert_int_equal(mag_bench_restart(bench, true), 3);
	read_back(bench);
	mag_bench_until(bench, 0);
	group = mn_group(bench, 1);
	assert_non_null(group);
	/* RULE: BULK-54 */
	assert_int_equal(group->id, before.id);
	assert_int_equal(group->set, before.set);
	assert_int_equal(group->count, 3);
	assert_int_equal(group->generation, before.generation);
	assert_true(group->expires_ms == before.expires_ms);
	assert_int_equal(mn(bench, 2)->member.lma_id, before.id);
	assert_int_equal(mn(bench, 2)->member.set, before.set);
	/* Nothing that agrees is touched, nor taken for a stray. */
	assert_int_equal(bench->world.binding_sets, sets);
	assert_int_equal(bench->world.set_puts, puts);
	assert_null(world_reported(&bench->world, "stray-set-deleted"));
	assert_mag_agreed(bench);
	assert_int_equal(until_bulk(bench)->options.group[0], before.id);
	acknowledge_bulk(bench, MH_ACCEPTED);
	assert_mag_agreed(bench);
	/* Those that come are in others, which have other numbers. */
	assert_int_equal(come(bench, 9)->options.group[0], before.id);
}

/* What the data plane says of a set is about the group that had it before. */
static void test_ends_after_restart(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group;

	join_all(bench, 3);
	assert_int_equal(mag_bench_restart(bench, true), 3);
	read_back(bench);
	group = mn_group(bench, 1);
	group_reap(bench, group->set);
	group_expired(bench, group->set, group->generation);
	assert_int_equal(mns_in_state(bench, BULE_REGISTERING), 3);
	assert_mag_agreed(bench);
}

static void forget_data_plane(struct mag_bench *bench)
{
	bench->world.binding_count = 0;
	bench->world.set_count = 0;
	bench->world.route_count = 0;
}

static void test_reboot(void **state)
{
	struct mag_bench *bench = *state;
	uint64_t left = join_all(bench, 3)->expires_ms -
			bench->world.now.mono_ms;
	struct mag_group *group;

	forget_data_plane(bench);
	assert_int_equal(mag_bench_restart(bench, false), 3);
	read_back(bench);
	group = mn_group(bench, 1);
	assert_non_null(group);
	assert_true(group->expires_ms - bench->world.now.mono_ms <= left);
	assert_int_equal(bench->world.binding_count, 3);
	mag_bench_until(bench, 0);
	assert_mag_agreed(bench);
}

/* Its record is not there: what members have of their own counts. */
static void test_group_has_no_record(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);

	world_forget_record(&bench->world, 1ull << 63 | group->id);
	assert_int_equal(mag_bench_restart(bench, true), 3);
	mag_bench_until(bench, 0);
	read_back(bench);
	mag_bench_until(bench, 0);
	assert_null(mn_group(bench, 1));
	assert_int_equal(mns_in_state(bench, BULE_ACTIVE), 3);
	assert_null(bench->mag.groups.all);
	assert_mag_agreed(bench);
}

static void test_group_has_no_members(void **state)
{
	struct mag_bench *bench = *state;

	join_all(bench, 1);
	world_forget_record(&bench->world, mn(bench, 1)->id);
	assert_int_equal(mag_bench_restart(bench, true), 0);
	read_back(bench);
	mag_bench_until(bench, 0);
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->world.set_count, 0);
	assert_int_equal(bench->world.record_count, 0);
	assert_mag_agreed(bench);
}

/* Nobody was there when it ended. */
static void test_group_is_over(void **state)
{
	struct mag_bench *bench = *state;

	join_all(bench, 3);
	forget_data_plane(bench);
	world_pass(&bench->world, 400000);
	assert_int_equal(mag_bench_restart(bench, true), 3);
	mag_bench_until(bench, 0);
	read_back(bench);
	mag_bench_until(bench, 1000);
	assert_int_equal(mns_in_state(bench, BULE_REGISTERING), 3);
	assert_null(world_reported(&bench->world, "bulk-pbu-sent"));
	assert_mag_agreed(bench);
}

/* Meanwhile the operator wants none: they leave it one by one. */
static void test_switched_off(void **state)
{
	struct mag_bench *bench = *state;
	unsigned int asked;

	join_all(bench, 3);
	bench->mag.config.request_bulk = false;
	assert_int_equal(mag_bench_restart(bench, true), 3);
	read_back(bench);
	assert_int_equal(mns_in_state(bench, BULE_ACTIVE), 3);
	for (asked = 0; asked < 3; asked++) {
		until_sent(bench);
		assert_false(last_pbu(bench)->flags & MH_BU_BULK);
		acknowledge(bench, MH_ACCEPTED);
	}
	mag_bench_until(bench, 0);
	assert_null(bench->mag.groups.all);
	assert_mag_agreed(bench);
}

/* What nobody is to join any more nobody joins after a restart either. */
static void test_retired(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);

	bench->mag.config.bulk_member_interval_s = 400;
	group_retire(&bench->mag, group, bench->world.now, &bench->world.out);
	mag_bench_until(bench, 0);
	assert_int_equal(mag_bench_restart(bench, true), 3);
	read_back(bench);
	mag_bench_until(bench, 0);
	assert_true(mn_group(bench, 1)->retired);
	assert_int_not_equal(come(bench, 9)->options.group[0],
			     mn_group(bench, 1)->id);
}

/* Octets that are no group's record, or not one that may be there. */
static void test_bad_records(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 1);
	uint64_t key = 1ull << 63 | group->id;
	struct world *world = &bench->world;
	const struct effect_store *record = world_record(world, key);
	uint8_t data[256];
	size_t len, i;

	assert_non_null(record);
	len = record->len;
	memcpy(data, record->data, len);
	/* It is there already. */
	assert_false(mag_restore_group(&bench->mag, key, data, len, true,
				       world->now));
	leave_for_good(bench, 1);
	for (i = 0; i < len; i++)
		assert_false(mag_restore_group(&bench->mag, key, data, i, true,
					       world->now));
	assert_false(mag_restore_group(&bench->mag, key + 1, data, len, true,
				       world->now));
	/* An identifier, a set, and a lifetime of 0. */
	for (i = 0; i < 3; i++) {
		static const struct {
			size_t at, len;
		} fields[] = { { 2, 4 }, { 22, 4 }, { 26, 2 } };
		uint8_t bad[256];

		memcpy(bad, data, len);
		memset(bad + fields[i].at, 0, fields[i].len);
		assert_false(mag_restore_group(&bench->mag, i ? key :
					       1ull << 63, bad, len, true,
					       world->now));
	}
	assert_null(bench->mag.groups.all);
	assert_true(mag_restore_group(&bench->mag, key, data, len, true,
				      world->now));
}

/* --- The data plane. */

static void test_set_is_missing(void **state)
{
	struct mag_bench *bench = *state;

	join_all(bench, 3);
	forget_data_plane(bench);
	read_back(bench);
	assert_int_equal(bench->world.set_count, 1);
	assert_int_equal(bench->world.binding_count, 3);
	assert_int_equal(bench->world.route_count, 3);
	assert_mag_agreed(bench);
}

static void test_set_differs(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct world *world = &bench->world;
	unsigned int sets = world->binding_sets, puts = world->set_puts;
	struct world_set *set = world_set(world, group->set);

	set->expires_ms -= DATAPLANE_SLACK_MS;
	set->set.generation = 77;
	read_back(bench);
	assert_int_equal(world->set_puts, puts);
	assert_int_equal(group->generation, 77);
	set->expires_ms -= 1;
	read_back(bench);
	assert_int_equal(world->set_puts, puts + 1);
	assert_int_equal(world->binding_sets, sets);
	assert_mag_agreed(bench);
}

/* Of an earlier run, and with a path that is nobody's. */
static void test_stray_sets(void **state)
{
	struct mag_bench *bench = *state;
	struct effect_binding stray = {
		.hnp = prefix6("2001:db8:c::/64"),
		.has_path = true,
		.cookie = 99,
		.expiry_set = 4711,
	};
	struct transaction *transaction;
	unsigned int i;

	join_all(bench, 2);
	for (i = 4711; i < 4713; i++) {
		transaction = transaction_new(&bench->world.out, NULL);
		transaction_add(transaction, EFFECT_EXPIRY_SET_PUT)->set =
			(struct effect_expiry_set){ i, false, 5000, 1 };
	}
	transaction_add(transaction, EFFECT_BINDING_SET)->binding = stray;
	world_settle(&bench->world);
	assert_int_equal(bench->world.set_count, 3);
	read_back(bench);
	assert_int_equal(bench->world.set_count, 1);
	assert_mag_agreed(bench);
}

/* A member whose path has an end of its own, or another's. */
static void test_paths_differ(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 2);
	struct world *world = &bench->world;
	unsigned int sets = world->binding_sets;

	world_binding(world, "2001:db8:a:1::/64")->set.expiry_set = 0;
	read_back(bench);
	assert_int_equal(world->binding_sets, sets + 1);
	assert_mag_agreed(bench);
	bench->mag.config.request_bulk = false;
	acknowledge(bench, MH_ACCEPTED);
	come(bench, 3);
	acknowledge(bench, MH_ACCEPTED);
	world_binding(world, HNP1)->set.expiry_set = group->set;
	read_back(bench);
	assert_mag_agreed(bench);
}

/* A module that knows no sets: each by itself. */
static void test_no_sets(void **state)
{
	struct mag_bench *bench = *state;
	uint64_t expires = join_all(bench, 3)->expires_ms;

	forget_data_plane(bench);
	bench->world.no_sets = true;
	read_back(bench);
	mag_bench_until(bench, 0);
	assert_null(bench->mag.groups.all);
	assert_null(mn_group(bench, 1));
	assert_true(mn(bench, 1)->expires_ms == expires);
	assert_int_equal(bench->world.binding_count, 3);
	assert_mag_agreed(bench);
	assert_false(come(bench, 4)->flags & MH_BU_BULK);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, mag_group_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_restart),
		TEST(test_ends_after_restart),
		TEST(test_reboot),
		TEST(test_group_has_no_record),
		TEST(test_group_has_no_members),
		TEST(test_group_is_over),
		TEST(test_switched_off),
		TEST(test_retired),
		TEST(test_bad_records),
		TEST(test_set_is_missing),
		TEST(test_set_differs),
		TEST(test_stray_sets),
		TEST(test_paths_differ),
		TEST(test_no_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
