// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_policy.c: EnableMAGLocalRouting of one mobile node.
 */
#include <stdlib.h>

#include "common/mag_bench.h"
#include "common/test.h"

static bool routes_locally(struct mag_bench *bench)
{
	return world_binding(&bench->world, HNP1)->set.local_routing;
}

static void policy_says(struct mag_bench *bench, bool local_routing)
{
	bench->profile.local_routing = local_routing;
	mag_on_profile(&bench->mag, mn(bench, 1), &bench->profile,
		       bench->world.now, &bench->world.out);
}

static void test_off(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	assert_false(routes_locally(bench));
	assert_mag_agreed(bench);
}

static void test_on(void **state)
{
	struct mag_bench *bench = *state;

	bench->profile.local_routing = true;
	register_at(bench, ACCESS1);
	/* RULE: B-MAG-33 B-MAG-52 */
	assert_true(routes_locally(bench));
	/* Also what is renewed or moved. */
	while (bench->world.sent_count < 2)
		mag_bench_until(bench, 1000);
	acknowledge(bench, MH_ACCEPTED);
	assert_true(routes_locally(bench));
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_true(routes_locally(bench));
	assert_mag_agreed(bench);
}

/* What stands is told at once, and nobody else notices. */
static void test_changes(void **state)
{
	struct mag_bench *bench = *state;
	unsigned int sets;

	register_at(bench, ACCESS1);
	world_forget_messages(&bench->world);
	policy_says(bench, true);
	world_settle(&bench->world);
	/* RULE: B-MAG-33 */
	assert_true(routes_locally(bench));
	assert_non_null(world_reported(&bench->world, "local-routing-on"));
	policy_says(bench, false);
	world_settle(&bench->world);
	assert_false(routes_locally(bench));
	assert_non_null(world_reported(&bench->world, "local-routing-off"));
	assert_int_equal(bench->world.sent_count, 0);
	assert_int_equal(bench->world.ra_count, 0);

	sets = bench->world.binding_sets;
	policy_says(bench, false);
	world_settle(&bench->world);
	assert_int_equal(bench->world.binding_sets, sets);
	assert_mag_agreed(bench);
}

/* While forwarding is being set up, and before it is. */
static void test_changes_early(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	policy_says(bench, true);
	assert_int_equal(world_collect(&bench->world), 0);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	hand(bench, &ba);
	assert_true(mn(bench, 1)->busy);
	policy_says(bench, false);
	assert_int_equal(bench->world.pending_count, 1);
	world_settle(&bench->world);
	assert_false(routes_locally(bench));
	assert_mag_agreed(bench);
}

/* And what else is to happen then does. */
static void test_changes_while_busy(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	policy_says(bench, true);
	assert_true(mn(bench, 1)->busy);
	policy_says(bench, false);
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	assert_false(routes_locally(bench));
	assert_mag_agreed(bench);

	policy_says(bench, true);
	policy_says(bench, false);
	detach(bench, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

static void reconcile(struct mag_bench *bench)
{
	struct dataplane_dump dump;

	dump = world_dump(&bench->world);
	mag_on_dataplane(&bench->mag, &dump, bench->world.now,
			 &bench->world.out);
	dataplane_dump_free(&dump);
	world_settle(&bench->world);
}

/* What the data plane has is made what policy says. */
static void test_repaired(void **state)
{
	struct mag_bench *bench = *state;
	unsigned int sets;

	register_at(bench, ACCESS1);
	world_binding(&bench->world, HNP1)->set.local_routing = true;
	reconcile(bench);
	assert_false(routes_locally(bench));
	assert_mag_agreed(bench);

	sets = bench->world.binding_sets;
	reconcile(bench);
	assert_int_equal(bench->world.binding_sets, sets);
}

/* What is of hosts, and not of mobile nodes, is not the engine's. */
static void test_hosts(void **state)
{
	struct mag_bench *bench = *state;
	struct dataplane_binding binding = {
		.hnp = prefix6("2001:db8:f:1::/64"),
		.hosts = true,
		.local_routing = true,
		.cookie = UINT64_MAX,
	};
	struct dataplane_dump dump = { .bindings = &binding, .count = 1 };

	mag_on_dataplane(&bench->mag, &dump, bench->world.now,
			 &bench->world.out);
	assert_int_equal(world_collect(&bench->world), 0);
	binding.hosts = false;
	mag_on_dataplane(&bench->mag, &dump, bench->world.now,
			 &bench->world.out);
	assert_int_equal(world_collect(&bench->world), 1);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_off),
		with_bench(test_on),
		with_bench(test_changes),
		with_bench(test_changes_early),
		with_bench(test_changes_while_busy),
		with_bench(test_repaired),
		with_bench(test_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
