// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_renumber.c: what is in the way of other prefixes: the kernel,
 * the store, the end of the process
 */
#include <errno.h>
#include <stdlib.h>

#include "common/lma_renumber.h"
#include "common/test.h"

/* The kernel does not take them: it keeps what it had, and may try again. */
static void test_rolled_back(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;

	assert_null(renumber_to(bench, bce, OWN1, NULL));
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	world_fail(&bench->world, EFFECT_ROUTE_ADD, 0, 1, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_prefix_equal(&bce->prefixes[0].prefix, HNP1);
	assert_prefix_equal(&bce->pending.prefixes[0].prefix, OWN1);
	assert_int_equal(bce->former.count, 0);
	assert_null(world_binding(&bench->world, OWN1));
	assert_null(world_route(&bench->world, OWN1));
	assert_int_equal(bench->lma.counters.renumbered, 0);
	assert_agreed(bench);
	refresh_with(bench, HNP1, OWN1);
	assert_agreed(bench);
}

static void test_not_stored(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, EIO);
	assert_null(renumber_to(bench, bce, NULL, NULL));
	assert_non_null(world_reported(&bench->world, "renumber-failed"));
	assert_int_equal(bench->lma.counters.renumber_failed, 1);
	assert_int_equal(bce->pending.count, 0);
	assert_prefix_equal(other_gets(bench), HNP2);
	lma_bench_until(bench, 5000);
	assert_int_equal(bench->lma.counters.upn_unanswered, 0);
}

/* An update that comes while that is being stored waits for it. */
static void test_while_storing(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_policy policy = policy_of(bench);
	struct lma_request request;

	world_pass(&bench->world, 10);
	assert_null(lma_renumber(&bench->lma, bce, &policy, NULL, 0,
				 bench->world.now, &bench->world.out));
	world_collect(&bench->world);
	assert_string_equal(lma_renumber(&bench->lma, bce, &policy, NULL, 0,
					 bench->world.now, &bench->world.out),
			    "its session is just being changed: try again");
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	give(bench, &request);
	world_settle(&bench->world);
	assert_prefix_equal(&bce->prefixes[0].prefix, HNP2);
	assert_agreed(bench);
}

static void test_restart_before(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	assert_null(renumber_to(bench, bce, NULL, NULL));
	assert_int_equal(lma_bench_restart(bench, true), 1);
	assert_null(other_gets(bench));
	/* Its gateway is told again, which it may not have been. */
	world_forget_messages(&bench->world);
	lma_bench_until(bench, 0);
	assert_int_equal(world_last_message(&bench->world)->type,
			 MH_UPDATE_NOTIFICATION);
	refresh_with(bench, HNP1, HNP2);
	assert_agreed(bench);
}

/*
 * The record still says what it was to have, as its last one could not be stored;
 * meanwhile another session has that.
 */
static void test_restart_with_old_record(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench), *other;
	struct lma_request request;

	assert_null(renumber_to(bench, bce, OWN1, NULL));
	bc_set_remove(&bench->lma.bc, &bce->pending);
	request = pbu(bench, OWN1, MH_HI_NEW_INTERFACE);
	request.bu.options.mn_id = nai("mn2@example.com");
	own_prefixes(&request, OWN1, NULL);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(lma_bench_restart(bench, true), 2);
	other = of_prefix(bench, OWN1);
	assert_non_null(other);
	assert_true(bce_has_prefix(other, &other->prefixes[0].prefix));
	assert_prefix_equal(&other->prefixes[0].prefix, OWN1);
	assert_int_equal(of_prefix(bench, HNP1)->pending.count, 0);
}

static void test_restart_after(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	assert_null(renumber_to(bench, bce, NULL, NULL));
	refresh_with(bench, HNP1, HNP2);
	assert_int_equal(lma_bench_restart(bench, true), 1);
	/* Its acknowledgement was lost, and then the anchor. */
	refresh_with(bench, HNP1, HNP2);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
	refresh_with(bench, HNP2, HNP2);
	assert_int_equal(lma_bench_restart(bench, true), 1);
	assert_prefix_equal(other_gets(bench), HNP1);
}

/* The kernel has what it had, as after an exchange that a crash cut short. */
static void test_dataplane(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct dataplane_dump dump;

	assert_null(renumber_to(bench, bce, NULL, NULL));
	dump = world_dump(&bench->world);
	refresh_with(bench, HNP1, HNP2);
	lma_on_dataplane(&bench->lma, &dump, bench->world.now,
			 &bench->world.out);
	world_collect(&bench->world);
	/* What is there of former ones is to go; what should be there, comes. */
	world_settle(&bench->world);
	assert_null(world_binding(&bench->world, HNP1));
	assert_non_null(world_binding(&bench->world, HNP2));
	assert_agreed(bench);
	/* An end of what it had is none of what it has. */
	lma_on_path_expired(&bench->lma, &bce->former.prefixes[0].prefix,
			    BCE_BID_FIRST, bce->now.generation, bench->world.now,
			    &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->lma.bc.count, 1);
	dataplane_dump_free(&dump);
}

/*
 * What it had could not be taken away, and is still there after a restart. Nor does
 * a session that is just ending by its time have that.
 */
static void test_dataplane_while_busy(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct dataplane_dump dump;

	assert_null(renumber_to(bench, bce, NULL, NULL));
	world_fail(&bench->world, EFFECT_BINDING_DELETE, 0, 1, ENOMEM);
	refresh_with(bench, HNP1, HNP2);
	assert_non_null(world_binding(&bench->world, HNP1));
	world_pass(&bench->world, 300001);
	assert_int_equal(lma_bench_restart(bench, true), 1);
	dump = world_dump(&bench->world);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	assert_non_null(of_prefix(bench, HNP1)->operation);
	lma_on_dataplane(&bench->lma, &dump, bench->world.now,
			 &bench->world.out);
	world_settle(&bench->world);
	assert_null(world_binding(&bench->world, HNP1));
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
	dataplane_dump_free(&dump);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rolled_back),
		TEST(test_not_stored),
		TEST(test_while_storing),
		TEST(test_restart_before),
		TEST(test_restart_with_old_record),
		TEST(test_restart_after),
		TEST(test_dataplane),
		TEST(test_dataplane_while_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
