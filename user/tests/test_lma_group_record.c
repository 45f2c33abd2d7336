// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_group_record.c
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "common/lma_groups.h"
#include "common/test.h"

/* Two groups, of two sessions and of one, and a session in none, since 100 s. */
static struct lma_bench *begin(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	join(bench, 1, GROUP_A);
	join(bench, 2, GROUP_A);
	join(bench, 3, GROUP_B);
	request = joining(bench, 4, 0);
	request.bu.flags &= ~MH_BU_BULK;
	assert_granted_none(answer(bench, &request));
	world_pass(&bench->world, 100000);
	return bench;
}

static void reconcile(struct lma_bench *bench)
{
	lma_bench_reconcile(bench);
	lma_bench_until(bench, 0);
}

/* Nothing is touched, all is known. */
static void test_restart(void **state)
{
	struct lma_bench *bench = begin(state);
	struct lma_renewal before;
	unsigned int sets, puts;
	struct lma_group *group;
	uint32_t number;

	renew(bench, GROUP_A);
	group = group_of(bench, MAG1, GROUP_A);
	before = group->now;
	number = group->set;
	world_pass(&bench->world, 1000);
	sets = bench->world.binding_sets;
	puts = bench->world.set_puts;
	/* RULE: BULK-26 */
	assert_int_equal(lma_bench_restart(bench, true), 6);
	reconcile(bench);
	assert_int_equal(bench->world.binding_sets, sets);
	assert_int_equal(bench->world.set_puts, puts);
	group = group_of(bench, MAG1, GROUP_A);
	assert_int_equal(group->set, number);
	assert_memory_equal(&group->now, &before, sizeof(before));
	assert_int_equal(group->most, 900);
	assert_ptr_equal(session_of(bench, 1)->group, group);
	assert_ptr_equal(session_of(bench, 2)->group, group);
	assert_null(session_of(bench, 4)->group);
	assert_agreed(bench);

	/* It goes on, and no set is another group's. */
	renew(bench, GROUP_A);
	group = join(bench, 5, GROUP_B + 1)->group;
	assert_int_equal(group->set, 3);
	assert_agreed(bench);
}

static void test_reboot(void **state)
{
	struct lma_bench *bench = begin(state);

	bench->world.binding_count = 0;
	bench->world.set_count = 0;
	world_pass(&bench->world, 10000);
	assert_int_equal(lma_bench_restart(bench, false), 6);
	reconcile(bench);
	/* What is left of it by the wall clock. */
	assert_true(group_of(bench, MAG1, GROUP_A)->now.expires_ms ==
		    bench->world.now.mono_ms + 190000);
	assert_agreed(bench);
	lma_bench_until(bench, 190002);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
}

/* Its end came while nobody was there to see it. */
static void test_over_meanwhile(void **state)
{
	struct lma_bench *bench = begin(state);

	world_pass(&bench->world, 300000);
	bench->world.binding_count = 0;
	bench->world.set_count = 0;
	assert_int_equal(lma_bench_restart(bench, true), 6);
	reconcile(bench);
	lma_bench_until(bench, 2);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
}

static uint64_t key_of(struct lma_bench *bench, uint32_t number)
{
	const struct lma_group *group = group_of(bench, MAG1, number);

	assert_non_null(group);
	return lma_group_key(group);
}

/* Who was in a group that is not known any more is in none, for what was granted. */
static void test_without_its_group(void **state)
{
	struct lma_bench *bench = begin(state);

	world_forget_record(&bench->world, key_of(bench, GROUP_A));
	assert_int_equal(lma_bench_restart(bench, true), 5);
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_null(session_of(bench, 1)->group);
	reconcile(bench);
	assert_true(lma_expires_ms(session_of(bench, 1)) ==
		    bench->world.now.mono_ms + 200000);
	assert_int_equal(bench->world.set_count, 1);
	assert_agreed(bench);
}

static void test_without_members(void **state)
{
	struct lma_bench *bench = begin(state);

	world_forget_record(&bench->world, session_of(bench, 3)->id);
	assert_int_equal(lma_bench_restart(bench, true), 5);
	reconcile(bench);
	assert_null(group_of(bench, MAG1, GROUP_B));
	assert_agreed(bench);
}

static bool takes(struct lma_bench *bench, uint64_t key, const uint8_t *data,
		  size_t len)
{
	return lma_restore(&bench->lma, key, data, len, true,
			   bench->world.now);
}

/* What is no group is none, and takes nothing with it. */
static void test_malformed(void **state)
{
	struct lma_bench *bench = begin(state);
	uint64_t key = key_of(bench, GROUP_B);
	const struct effect_store *record = world_record(&bench->world, key);
	size_t len, i;
	uint8_t *data;

	assert_non_null(record);
	len = record->len;
	data = must_alloc(len + 1);
	memcpy(data, record->data, len);
	world_forget_record(&bench->world, key);
	lma_bench_restart(bench, true);
	for (i = 0; i < len; i++)
		assert_false(takes(bench, key, data, i));
	assert_false(takes(bench, key, data, len + 1));
	/* No number of a set, or one too high. */
	assert_false(takes(bench, 1ull << 63, data, len));
	assert_false(takes(bench, 1ull << 63 | 1ull << 31, data, len));
	assert_false(takes(bench, 1ull << 63 | 1ull << 32 | 7, data, len));
	/* One that another group has. */
	assert_false(takes(bench, key_of(bench, GROUP_A), data, len));
	/* A session's. */
	assert_false(takes(bench, 7, data, len));
	data[0]++;
	assert_false(takes(bench, key, data, len));
	data[0]--;
	assert_true(takes(bench, key, data, len));
	/* Twice the same name. */
	assert_false(takes(bench, key + 1, data, len));
	free(data);
}

/* What follows the record of a session is nothing, or its group. */
static void test_malformed_session(void **state)
{
	struct lma_bench *bench = begin(state);
	uint64_t key = session_of(bench, 1)->id;
	const struct effect_store *record = world_record(&bench->world, key);
	size_t len, i;
	uint8_t *data;

	assert_non_null(record);
	len = record->len;
	data = must_alloc(len + 1);
	memcpy(data, record->data, len);
	world_forget_record(&bench->world, key);
	lma_bench_restart(bench, true);
	for (i = 1; i < 4; i++)
		assert_false(takes(bench, key, data, len - i));
	assert_false(takes(bench, key, data, len + 1));
	assert_true(takes(bench, key, data, len - 4));
	free(data);
}

/* The module was loaded anew: sets are there before what needs them. */
static void test_dataplane_lost_all(void **state)
{
	struct lma_bench *bench = begin(state);
	struct dataplane_dump nothing = { .has_sets = true };

	bench->world.binding_count = 0;
	bench->world.set_count = 0;
	lma_on_dataplane(&bench->lma, &nothing, bench->world.now,
			 &bench->world.out);
	world_settle(&bench->world);
	assert_agreed(bench);
	assert_int_equal(bench->world.set_count, 2);
}

/*
 * What has no record to be stored runs at once: the set that is to be there first
 * must not wait for the store.
 */
static void test_sets_first(void **state)
{
	struct lma_bench *bench = begin(state);
	struct dataplane_dump nothing = { .has_sets = true };
	const struct transaction *transaction;
	size_t i, sets = 0;

	bench->world.binding_count = 0;
	bench->world.set_count = 0;
	lma_on_dataplane(&bench->lma, &nothing, bench->world.now,
			 &bench->world.out);
	world_collect(&bench->world);
	assert_int_equal(bench->world.pending_count, 2 + 4);
	for (i = 0; i < bench->world.pending_count; i++) {
		transaction = bench->world.pending[i];
		sets += transaction->effects[0].kind == EFFECT_EXPIRY_SET_PUT;
		assert_int_equal(transaction->effects[0].kind,
				 i < 2 ? EFFECT_EXPIRY_SET_PUT :
					 EFFECT_BINDING_SET);
	}
	assert_int_equal(sets, 2);
	world_settle(&bench->world);
	assert_agreed(bench);
}

/* A member has no refresh of its own: it is tried again, as any is. */
static void test_member_is_not_repaired(void **state)
{
	struct lma_bench *bench = begin(state);
	struct dataplane_dump nothing = { .has_sets = true };
	uint64_t next;

	bench->world.binding_count = 0;
	bench->world.set_count = 0;
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 4, EIO);
	lma_on_dataplane(&bench->lma, &nothing, bench->world.now,
			 &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.binding_count, 0);
	next = lma_next_timer(&bench->lma);
	assert_true(next == bench->world.now.mono_ms + 1000);
	world_fail(&bench->world, EFFECT_BINDING_SET, 1, 1, EIO);
	lma_bench_until(bench, 1000);
	assert_int_equal(bench->world.binding_count, 3);
	lma_bench_until(bench, 1000);
	assert_int_equal(bench->world.binding_count, 4);
	assert_agreed(bench);
}

static void test_dataplane_differs(void **state)
{
	struct lma_bench *bench = begin(state);
	struct lma_group *group = group_of(bench, MAG1, GROUP_A);
	struct world_binding *binding;
	unsigned int sets, puts;

	sets = bench->world.binding_sets;
	puts = bench->world.set_puts;
	reconcile(bench);
	assert_int_equal(bench->world.binding_sets, sets);
	assert_int_equal(bench->world.set_puts, puts);

	/* A set that ends too soon, a path that ends by itself or with others. */
	world_set(&bench->world, group->set)->expires_ms -= 2001;
	reconcile(bench);
	assert_int_equal(bench->world.set_puts, puts + 1);
	assert_agreed(bench);
	binding = world_binding_of(&bench->world,
				   &session_of(bench, 1)->prefixes[0].prefix);
	binding->set.expiry_set = 0;
	reconcile(bench);
	assert_agreed(bench);
	binding->set.expiry_set = group_of(bench, MAG1, GROUP_B)->set;
	reconcile(bench);
	assert_agreed(bench);
	binding = world_binding_of(&bench->world,
				   &session_of(bench, 4)->prefixes[0].prefix);
	binding->set.expiry_set = group->set;
	reconcile(bench);
	assert_int_equal(bench->world.binding_sets, sets + 3);
	assert_agreed(bench);
}

/* A set of an earlier run goes, after the paths that it has. */
static void test_stray(void **state)
{
	struct lma_bench *bench = begin(state);
	struct effect *effect;

	effect = transaction_add(transaction_new(&bench->world.out, NULL),
				 EFFECT_EXPIRY_SET_PUT);
	effect->set.id = 77;
	effect = transaction_add(transaction_new(&bench->world.out, NULL),
				 EFFECT_BINDING_SET);
	effect->binding.hnp = prefix6(OWN1);
	effect->binding.has_path = true;
	effect->binding.cookie = 4711;
	effect->binding.expiry_set = 77;
	world_settle(&bench->world);
	assert_int_equal(bench->world.set_count, 3);
	reconcile(bench);
	assert_non_null(world_reported(&bench->world, "stray-set-deleted"));
	assert_agreed(bench);
}

/* A module that knows no sets: each ends by itself, at the same time. */
static void test_dataplane_without_sets(void **state)
{
	struct lma_bench *bench = begin(state);
	struct dataplane_dump nothing = { 0 };
	struct lma_request request;

	bench->world.binding_count = 0;
	bench->world.set_count = 0;
	bench->world.no_sets = true;
	lma_on_dataplane(&bench->lma, &nothing, bench->world.now,
			 &bench->world.out);
	world_settle(&bench->world);
	lma_bench_until(bench, 0);
	assert_null(bench->lma.groups.by_set);
	assert_true(lma_expires_ms(session_of(bench, 1)) ==
		    bench->world.now.mono_ms + 200000);
	assert_agreed(bench);
	request = bulk_pbu(bench, GROUP_A);
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	assert_int_equal(bench->lma.counters.expired, 0);
}

/* What is under way will be right; what was read is old. */
static void test_read_while_busy(void **state)
{
	struct lma_bench *bench = begin(state);
	struct dataplane_dump dump = world_dump(&bench->world);
	struct lma_request request = bulk_pbu(bench, GROUP_A);
	unsigned int puts = bench->world.set_puts;

	give(bench, &request);
	lma_on_dataplane(&bench->lma, &dump, bench->world.now,
			 &bench->world.out);
	dataplane_dump_free(&dump);
	world_settle(&bench->world);
	assert_int_equal(bench->world.set_puts, puts + 1);
	assert_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, group_setup, lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_restart),
		with_bench(test_reboot),
		with_bench(test_over_meanwhile),
		with_bench(test_without_its_group),
		with_bench(test_without_members),
		with_bench(test_malformed),
		with_bench(test_malformed_session),
		with_bench(test_dataplane_lost_all),
		with_bench(test_sets_first),
		with_bench(test_member_is_not_repaired),
		with_bench(test_dataplane_differs),
		with_bench(test_stray),
		with_bench(test_dataplane_without_sets),
		with_bench(test_read_while_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
