// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_forward.c: RFC 5213 6.7, 6.9.2, 6.10.5.
 */
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

static void test_binding(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);
	const struct effect_binding *set;

	set = &world_binding(&bench->world, HNP1)->set;
	assert_true(set->has_path);
	/* RULE: B-MAG-18 */
	assert_ip6_equal(&set->remote, ANCHOR);
	/* RULE: B-MAG-31 */
	assert_int_equal(set->access_ifindex, ACCESS1);
	assert_true(set->has_lladdr);
	assert_memory_equal(set->lladdr, ll_id6(1).data, ETH_ALEN);
	assert_true(set->lifetime_ms == 300000);
	assert_true(set->cookie == bule->id);
	/* RULE: B-MAG-35 */
	assert_int_equal(world_route(&bench->world, HNP1)->access_ifindex,
			 ACCESS1);
	assert_mag_agreed(bench);
}

static void test_advertisement(void **state)
{
	struct mag_bench *bench = *state;
	const struct effect_advertise *ra;

	register_at(bench, ACCESS1);
	/* RULE: B-MAG-18 */
	assert_int_equal(bench->world.ra_count, 1);
	ra = &bench->world.ras[0];
	assert_int_equal(ra->ifindex, ACCESS1);
	/* To the one station, also where its address is not known. */
	/* RULE: B-MAG-05 B-MAG-11 */
	assert_memory_equal(ra->lladdr, ll_id6(1).data, ETH_ALEN);
	assert_ip6_equal(&ra->dst, "::");
	/* RULE: B-MAG-82 */
	assert_ip6_equal(&ra->src, ROUTER);
	assert_int_equal(ra->router_lifetime_s, 1800);
	assert_int_equal(ra->prefix[0].valid_s, 7200);
	assert_int_equal(ra->prefix[0].preferred_s, 3600);
	assert_int_equal(ra->mtu, 1460);
	assert_int_equal(ra->prefix_count, 1);
	/* RULE: B-MAG-11 B-MAG-48 B-LMA-61 */
	assert_prefix_equal(&ra->prefix[0].prefix, HNP1);
	assert_int_equal(bench->mag.counters.ra_sent, 1);
}

/* RFC 4861 6.2.4: again and again, never later than the most. */
static void test_advertised_again(void **state)
{
	struct mag_bench *bench = *state;
	uint64_t last, least = UINT64_MAX, most = 0, pause;
	size_t count;

	register_at(bench, ACCESS1);
	last = bench->world.now.mono_ms;
	count = bench->world.ra_count;
	while (count < 60) {
		mag_bench_until(bench, 500);
		if (mn(bench, 1)->waits)
			acknowledge(bench, MH_ACCEPTED);
		if (bench->world.ra_count == count)
			continue;
		assert_int_equal(bench->world.ra_count, ++count);
		pause = bench->world.now.mono_ms - last;
		assert_in_range(pause, 199000, 600500);
		least = pause < least ? pause : least;
		most = pause > most ? pause : most;
		last = bench->world.now.mono_ms;
	}
	assert_true(most - least > 200000);
	assert_mag_agreed(bench);
}

/* RFC 5213 6.9.2 (1): answered once registered, and not more than that. */
static void test_solicit(void **state)
{
	struct mag_bench *bench = *state;

	solicit(bench, 1, "fe80::1");
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	solicit(bench, 1, "fe80::1");
	/* RULE: B-MAG-12 B-MAG-80 */
	assert_int_equal(bench->world.ra_count, 0);
	acknowledge(bench, MH_ACCEPTED);
	/* RULE: B-MAG-50 */
	assert_int_equal(bench->world.ra_count, 1);
	assert_ip6_equal(&bench->world.ras[0].dst, "fe80::1");

	world_pass(&bench->world, 249);
	solicit(bench, 1, "fe80::1");
	assert_int_equal(bench->world.ra_count, 1);
	world_pass(&bench->world, 1);
	solicit(bench, 1, "fe80::2");
	/* RULE: B-MAG-79 */
	assert_int_equal(bench->world.ra_count, 2);
	assert_ip6_equal(&bench->world.ras[1].dst, "fe80::2");
	world_pass(&bench->world, 250);
	/* From no address yet: the last one that is known. */
	solicit(bench, 1, "::");
	assert_int_equal(bench->world.ra_count, 3);
	assert_ip6_equal(&bench->world.ras[2].dst, "fe80::2");
	/* Nobody's. */
	solicit(bench, 2, "fe80::3");
	assert_int_equal(bench->world.ra_count, 3);

	world_pass(&bench->world, 1000);
	detach(bench, false);
	solicit(bench, 1, "fe80::1");
	assert_int_equal(bench->world.ra_count, 3);
}

/* Is the last PBU one for a mobile node that came? */
static bool registers(const struct mag_bench *bench, unsigned int sent)
{
	return bench->mag.counters.pbu_sent == sent &&
	       last_pbu(bench)->options.handoff == MH_HI_UNKNOWN;
}

/*
 * It may have been elsewhere since, and the anchor would not say so: what hosts
 * do when their link comes up has it registered again, once a second at most.
 */
static void test_arrival(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);
	int i;

	assert_true(registers(bench, 1));
	for (i = 0; i < 3; i++)
		mag_on_arrival(&bench->mag, ll_id6(1).data, bench->world.now);
	mag_bench_until(bench, 999);
	assert_int_equal(bench->mag.counters.pbu_sent, 1);
	mag_bench_until(bench, 1);
	assert_true(registers(bench, 2));
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(bule->state, BULE_ACTIVE);

	mag_bench_until(bench, 5000);
	solicit(bench, 1, "fe80::1");
	mag_bench_until(bench, 1);
	assert_true(registers(bench, 3));
	acknowledge(bench, MH_ACCEPTED);

	mag_bench_until(bench, 5000);
	attach(bench, ACCESS1, 1, true);
	mag_bench_until(bench, 1);
	assert_true(registers(bench, 4));
	acknowledge(bench, MH_ACCEPTED);

	/* A refresh is one of one that stayed. */
	for (i = 0; i < 600 && !bule->waits; i++)
		mag_bench_until(bench, 500);
	assert_int_equal(bench->mag.counters.pbu_sent, 5);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	acknowledge(bench, MH_ACCEPTED);
	mag_on_arrival(&bench->mag, ll_id6(2).data, bench->world.now);
	detach(bench, false);
	mag_on_arrival(&bench->mag, ll_id6(1).data, bench->world.now);
	world_settle(&bench->world);
	assert_int_equal(bench->mag.counters.pbu_sent, 6);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

/* On another link of the gateway it is to be registered again as soon. */
static void test_arrival_and_move(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	mag_on_arrival(&bench->mag, ll_id6(1).data, bench->world.now);
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	mag_bench_until(bench, 1000);
	assert_true(registers(bench, 2));
	acknowledge(bench, MH_ACCEPTED);
	assert_mag_agreed(bench);
}

/* One that is being refreshed is as registered as any. */
static void test_solicit_while_refreshing(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	register_at(bench, ACCESS1);
	world_forget_messages(&bench->world);
	while (!bench->world.sent_count)
		mag_bench_until(bench, 1000);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 1000);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	hand(bench, &ba);
	assert_true(mn(bench, 1)->busy);
	solicit(bench, 1, "fe80::1");
	assert_int_equal(bench->world.ra_count, 1);
}

static void test_solicit_refused(void **state)
{
	struct mag_bench *bench = *state;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_INSUFFICIENT_RESOURCES);
	solicit(bench, 1, "fe80::1");
	/* RULE: B-MAG-80 */
	assert_int_equal(bench->world.ra_count, 0);
}

static void test_neighbour(void **state)
{
	struct mag_bench *bench = *state;
	struct in6_addr global = ip6("2001:db8:a::1"), local = ip6("fe80::7");
	struct bule *bule = register_at(bench, ACCESS1);

	mag_on_neighbour(&bench->mag, ll_id6(1).data, &global,
			 bench->world.now, &bench->world.out);
	assert_ip6_equal(&bule->link_local, "::");
	mag_on_neighbour(&bench->mag, ll_id6(9).data, &local,
			 bench->world.now, &bench->world.out);
	mag_on_neighbour(&bench->mag, ll_id6(1).data, &local,
			 bench->world.now, &bench->world.out);
	assert_ip6_equal(&bule->link_local, "fe80::7");
	/* On another link it may have another. */
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_ip6_equal(&bench->world.ras[1].dst, "::");
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_binding),
		with_bench(test_advertisement),
		with_bench(test_advertised_again),
		with_bench(test_solicit),
		with_bench(test_arrival),
		with_bench(test_arrival_and_move),
		with_bench(test_solicit_while_refreshing),
		with_bench(test_solicit_refused),
		with_bench(test_neighbour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
