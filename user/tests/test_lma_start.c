// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_start.c
 */
#include <errno.h>

#include "common/lma_bench.h"
#include "common/test.h"

/* A route that the kernel refuses at the start is tried until it stands. */
static void test_route_refused_at_start(void **state)
{
	struct lma_bench *bench = *state;
	struct world *world = &bench->world;

	world->route_count = 0;
	world_fail(world, EFFECT_ROUTE_ADD, 0, 1, ENOMEM);
	lma_start(&bench->lma, &world->out);
	world_settle(world);
	assert_int_equal(world->route_count, 0);
	world_fail(world, EFFECT_ROUTE_ADD, 0, 1, ENOMEM);
	lma_bench_until(bench, 1000);
	assert_int_equal(world->route_count, 0);
	lma_bench_until(bench, 1000);
	assert_int_equal(world->route_count, 1);
	assert_true(lma_next_timer(&bench->lma) == NEVER);
}

/* Before that nothing is acknowledged without one. */
static void test_route_before_acknowledgement(void **state)
{
	struct lma_bench *bench = *state;
	struct world *world = &bench->world;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	own_prefixes(&request, OWN1, NULL);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_non_null(world_route(world, OWN1));
	world->route_count = 0;
	world_fail(world, EFFECT_ROUTE_ADD, 0, 2, ENOMEM);
	lma_start(&bench->lma, &world->out);
	world_settle(world);
	assert_null(world_route(world, OWN1));
	request = pbu(bench, OWN1, MH_HI_NOT_CHANGED);
	own_prefixes(&request, OWN1, NULL);
	world_pass(world, 100);
	request.bu.options.timestamp = world->now.wall;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_non_null(world_route(world, OWN1));
}

/*
 * A session that ends in 4 s has its route refused at a start after @ms, so that it
 * is to be tried again in a second.
 */
static void begin_with_own_prefix(struct lma_bench *bench, uint64_t ms)
{
	struct world *world = &bench->world;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	request.bu.lifetime = 1;
	own_prefixes(&request, OWN1, NULL);
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(world, ms);
	world->route_count = 0;
	world_fail(world, EFFECT_ROUTE_ADD, 1, 1, ENOMEM);
	lma_start(&bench->lma, &world->out);
	world_settle(world);
	assert_null(world_route(world, OWN1));
	world_pass(world, 1000);
}

/* A session that ends as that comes gets none any more. */
static void test_no_route_for_what_ends(void **state)
{
	struct lma_bench *bench = *state;
	struct world *world = &bench->world;

	begin_with_own_prefix(bench, 3500);
	lma_on_timer(&bench->lma, world->now, &world->out);
	world_settle(world);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(world->route_count, 1);
	assert_null(world_route(world, OWN1));
}

/* One that ends in the meantime, before its route can be made, leaves none. */
static void test_route_after_its_session(void **state)
{
	struct lma_bench *bench = *state;
	struct world *world = &bench->world;

	begin_with_own_prefix(bench, 2500);
	lma_on_timer(&bench->lma, world->now, &world->out);
	assert_int_equal(world_collect(world), 1);
	world_pass(world, 500);
	lma_on_timer(&bench->lma, world->now, &world->out);
	assert_int_equal(world_collect(world), 2);
	world_run_one(world, 1);
	assert_int_equal(bench->lma.bc.count, 0);
	world_run_one(world, 0);
	assert_non_null(world_route(world, OWN1));
	world_settle(world);
	assert_null(world_route(world, OWN1));
	assert_int_equal(world->route_count, 1);
}

/* One that comes meanwhile, and is in no record when the agent ends, leaves none. */
static void test_no_route_for_what_comes(void **state)
{
	struct lma_bench *bench = *state;
	struct world *world = &bench->world;
	struct lma_request request;

	world->route_count = 0;
	world_fail(world, EFFECT_ROUTE_ADD, 0, 1, ENOMEM);
	lma_start(&bench->lma, &world->out);
	world_settle(world);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	own_prefixes(&request, OWN1, NULL);
	give(bench, &request);
	assert_int_equal(world_collect(world), 1);
	world_pass(world, 1000);
	lma_on_timer(&bench->lma, world->now, &world->out);
	assert_int_equal(world_collect(world), 2);
	world_run_one(world, 1);
	assert_int_equal(world->route_count, 1);
	lma_bench_restart(bench, true);
	assert_int_equal(world->record_count, 0);
	assert_null(world_route(world, OWN1));
	assert_int_equal(world->route_count, 1);
}

static bool wanted(const struct lma_bench *bench, const char *text)
{
	struct mh_prefix prefix = prefix6(text);

	return lma_wants_route(&bench->lma, &prefix);
}

/* What an earlier run left is a pool's, a session's of its own prefix, or nobody's. */
static void test_leftovers(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	assert_true(wanted(bench, POOL));
	assert_false(wanted(bench, OWN1));
	assert_false(wanted(bench, HNP1));
	register_mn1(bench);
	assert_non_null(world_binding(&bench->world, HNP1));
	/* The pool's route is its own. */
	assert_false(wanted(bench, HNP1));
	request.bu.options.ll_id = ll_id6(2);
	own_prefixes(&request, OWN1, NULL);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_true(wanted(bench, OWN1));
	assert_false(wanted(bench, OWN2));
	assert_false(wanted(bench, "2001:db8:b:1::/63"));
	assert_false(wanted(bench, "2001:db8:b:1::/65"));
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_route_refused_at_start),
		with_bench(test_route_before_acknowledgement),
		with_bench(test_no_route_for_what_ends),
		with_bench(test_route_after_its_session),
		with_bench(test_no_route_for_what_comes),
		with_bench(test_leftovers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
