// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_presence.c: is it still there (RFC 5213 6.13).
 */
#include <stdlib.h>
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

static int setup(void **state)
{
	struct mag_bench *bench;

	mag_bench_setup(state);
	bench = *state;
	mag_bench_listen(bench);
	return 0;
}

static unsigned int sweep(struct mag_bench *bench)
{
	unsigned int asked = mag_sweep(&bench->mag, bench->world.now,
				       &bench->world.out);

	world_settle(&bench->world);
	return asked;
}

static void test_heard(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);

	world_pass(&bench->world, 29999);
	assert_int_equal(sweep(bench), 0);
	assert_int_equal(bench->world.probe_count, 0);
	assert_true(mag_silent_ms(&bench->mag, bule, bench->world.now) ==
		    29999);
	/* RULE: B-MAG-43 */
	assert_true(mag_is_present(&bench->mag, bule, bench->world.now));
}

static void test_asked_and_let_go(void **state)
{
	struct mag_bench *bench = *state;
	struct in6_addr address = ip6("fe80::7");
	unsigned int i;

	register_at(bench, ACCESS1);
	for (i = 1; i <= 3; i++) {
		world_pass(&bench->world, 30000);
		assert_int_equal(sweep(bench), 1);
		assert_int_equal(bench->world.probe_count, i);
		/* RULE: B-MAG-46 */
		assert_ip6_equal(&bench->world.probes[i - 1].address,
				 i == 1 ? "::" : "fe80::7");
		assert_memory_equal(bench->world.probes[i - 1].lladdr,
				    ll_id6(1).data, ETH_ALEN);
		mag_on_neighbour(&bench->mag, ll_id6(1).data, &address,
				 bench->world.now, &bench->world.out);
		assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	}
	world_pass(&bench->world, 15000);
	assert_int_equal(sweep(bench), 0);
	/* RULE: B-MAG-46 B-MAG-45 */
	assert_int_equal(mn(bench, 1)->state, BULE_DEREGISTERING);
	assert_int_equal(last_pbu(bench)->lifetime, 0);
	assert_string_equal(world_reported(&bench->world, "left")->reason,
			    "it does not answer");
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

static void test_answers(void **state)
{
	struct mag_bench *bench = *state;
	unsigned int i;

	bench->mag.config.lifetime_s = 60000;
	register_at(bench, ACCESS1);
	for (i = 0; i < 20; i++) {
		world_pass(&bench->world, 31000);
		assert_int_equal(sweep(bench), 1);
		world_pass(&bench->world, 15000);
		bench->heard_ms = bench->world.now.mono_ms;
		assert_int_equal(sweep(bench), 0);
	}
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
}

static void test_presence(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);
	uint64_t ms;

	world_pass(&bench->world, 65000);
	/* RULE: B-MAG-43 */
	assert_true(mag_is_present(&bench->mag, bule, bench->world.now));
	world_pass(&bench->world, 1);
	/* RULE: B-MAG-44 */
	assert_false(mag_is_present(&bench->mag, bule, bench->world.now));
	bench->heard_ms = 0;
	ms = mag_silent_ms(&bench->mag, bule, bench->world.now);
	assert_true(ms == UINT64_MAX);
	assert_false(mag_is_present(&bench->mag, bule, bench->world.now));
	/* Who is not to be asked is believed to be there. */
	bench->mag.config.presence_s = 0;
	assert_true(mag_is_present(&bench->mag, bule, bench->world.now));
	bule->at.ifindex = 0;
	assert_false(mag_is_present(&bench->mag, bule, bench->world.now));
	bule->at.ifindex = ACCESS1;
}

/* --- Traffic. */

static void traffic(struct mag_bench *bench, uint64_t packets)
{
	struct dataplane_dump dump = world_dump(&bench->world);

	assert_int_equal(dump.count, 1);
	dump.bindings[0].tx_packets = packets;
	mag_on_traffic(&bench->mag, dump.bindings, dump.count, 60000,
		       bench->world.now, &bench->world.out);
	dataplane_dump_free(&dump);
	world_settle(&bench->world);
}

static void test_traffic(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	traffic(bench, 5);
	world_pass(&bench->world, 50000);
	traffic(bench, 6);
	world_pass(&bench->world, 59999);
	bench->heard_ms = bench->world.now.mono_ms;
	traffic(bench, 6);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	world_pass(&bench->world, 1);
	traffic(bench, 6);
	/* RULE: B-MAG-46 */
	assert_int_equal(mn(bench, 1)->state, BULE_DEREGISTERING);
	assert_string_equal(world_reported(&bench->world, "left")->reason,
			    "it sends nothing");
	/* RULE: B-MAG-46 */
	assert_true(world_hears_all(&bench->world, ACCESS1, ll_id6(1).data));
}

/* Attached again, it has all the time anew. */
static void test_traffic_again(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	traffic(bench, 5);
	world_pass(&bench->world, 60000);
	traffic(bench, 5);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	register_at(bench, ACCESS1);
	traffic(bench, 5);
	world_pass(&bench->world, 59999);
	traffic(bench, 5);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, setup, mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_heard),
		with_bench(test_asked_and_let_go),
		with_bench(test_answers),
		with_bench(test_presence),
		with_bench(test_traffic),
		with_bench(test_traffic_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
