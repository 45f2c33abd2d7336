// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_visitor.c: hosts without mobility service (RFC 5213 6.14).
 */
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

#define VISITOR "2001:db8:f::/64"

static struct mag_attachment station(uint32_t ifindex, uint8_t last)
{
	struct mag_attachment at = { .ifindex = ifindex };

	memcpy(at.lladdr, ll_id6(last).data, ETH_ALEN);
	return at;
}

static int setup(void **state)
{
	struct mag_link link = {
		.ifindex = ACCESS1,
		.mtu = 1500,
		.has_visitor_prefix = true,
		.visitor_prefix = prefix6(VISITOR),
	};
	struct mag_bench *bench;

	mag_bench_setup(state);
	bench = *state;
	bench->mag.config.initial_ras = 3;
	bench->mag.config.final_ras = 3;
	bench->mag.config.mtu = 0;
	mag_set_link(&bench->mag, &link, bench->world.now, &bench->world.out);
	link.ifindex = ACCESS2;
	link.has_visitor_prefix = false;
	mag_set_link(&bench->mag, &link, bench->world.now, &bench->world.out);
	return 0;
}

static bool stranger(struct mag_bench *bench, uint32_t ifindex, uint8_t last)
{
	struct mag_attachment at = station(ifindex, last);
	bool visits = mag_on_stranger(&bench->mag, &at, bench->world.now,
				      &bench->world.out);

	mag_bench_until(bench, 0);
	return visits;
}

static void assert_visits(const struct mag_bench *bench, uint8_t last)
{
	const struct effect_advertise *ra = last_ra(bench);

	/* RULE: B-MAG-49 B-MAG-92 B-MAG-80 */
	assert_int_equal(ra->ifindex, ACCESS1);
	assert_memory_equal(ra->lladdr, ll_id6(last).data, ETH_ALEN);
	assert_ip6_equal(&ra->src, ROUTER);
	assert_int_equal(ra->router_lifetime_s, 1800);
	assert_false(ra->managed || ra->other);
	assert_non_null(told(bench, VISITOR));
	assert_int_equal(told(bench, VISITOR)->valid_s, 7200);
	assert_int_equal(told(bench, VISITOR)->preferred_s, 3600);
	assert_true(told(bench, VISITOR)->autonomous);
	assert_false(told(bench, VISITOR)->on_link);
}

static void test_stranger(void **state)
{
	struct mag_bench *bench = *state;

	assert_true(stranger(bench, ACCESS1, 7));
	assert_int_equal(bench->world.ra_count, 1);
	assert_visits(bench, 7);
	/* RULE: B-MAG-49 */
	assert_int_equal(last_ra(bench)->prefix_count, 1);
	assert_ip6_equal(&last_ra(bench)->dst, "::");
	assert_int_equal(bench->mag.counters.visitors, 1);
	/* Nothing is asked of anchors, nothing is set up. */
	assert_int_equal(bench->world.sent_count, 0);
	assert_int_equal(bench->world.binding_count, 0);
	/* Heard again, it is no other. */
	world_pass(&bench->world, 10000);
	assert_true(stranger(bench, ACCESS1, 7));
	assert_int_equal(bench->mag.counters.visitors, 1);
	assert_mag_agreed(bench);
}

static void test_no_visitor_prefix(void **state)
{
	struct mag_bench *bench = *state;

	/* RULE: B-MAG-49 */
	assert_false(stranger(bench, ACCESS2, 7));
	solicit(bench, 7, "fe80::7");
	assert_int_equal(bench->world.ra_count, 0);
	assert_true(mag_next_timer(&bench->mag) == NEVER);
}

static void test_solicit(void **state)
{
	struct mag_bench *bench = *state;

	stranger(bench, ACCESS1, 7);
	world_pass(&bench->world, 1000);
	solicit(bench, 7, "fe80::7");
	assert_int_equal(bench->world.ra_count, 2);
	assert_visits(bench, 7);
	assert_ip6_equal(&last_ra(bench)->dst, "fe80::7");
	/* So often and not more. */
	solicit(bench, 7, "fe80::7");
	assert_int_equal(bench->world.ra_count, 2);
	mag_bench_until(bench, 250);
	assert_int_equal(bench->world.ra_count, 3);
	solicit(bench, 8, "fe80::8");
	assert_int_equal(bench->world.ra_count, 3);
}

/* As long as it is heard. */
static void test_ends_by_silence(void **state)
{
	struct mag_bench *bench = *state;
	size_t count;

	stranger(bench, ACCESS1, 7);
	mag_bench_until(bench, 1000000);
	assert_true(bench->world.ra_count > 3);
	stranger(bench, ACCESS1, 7);
	mag_bench_until(bench, 1000000);
	count = bench->world.ra_count;
	mag_bench_until(bench, 700000);
	assert_true(bench->world.ra_count > count);
	mag_bench_until(bench, 1000000);
	assert_true(mag_next_timer(&bench->mag) == NEVER);
	solicit(bench, 7, "fe80::7");
	count = bench->world.ra_count;
	mag_bench_until(bench, 1000000);
	assert_int_equal(bench->world.ra_count, count);
}

static void test_ends_with_link(void **state)
{
	struct mag_bench *bench = *state;

	stranger(bench, ACCESS1, 7);
	mag_on_link_down(&bench->mag, ACCESS1, bench->world.now,
			 &bench->world.out);
	assert_true(mag_next_timer(&bench->mag) == NEVER);
	stranger(bench, ACCESS1, 7);
	mag_forget_link(&bench->mag, ACCESS1);
	assert_true(mag_next_timer(&bench->mag) == NEVER);
	assert_false(stranger(bench, ACCESS1, 7));
}

/* RFC 5213 6.9.2 (2): refused, it is a visitor until it is not. */
static void test_refused(void **state)
{
	static const uint8_t statuses[] = {
		MH_PROXY_REG_NOT_ENABLED, MH_NOT_LMA_FOR_THIS_MOBILE_NODE,
		MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG,
	};
	struct mag_bench *bench;
	size_t i;

	mag_bench_teardown(state);
	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		setup(state);
		bench = *state;
		attach(bench, ACCESS1, 1, false);
		world_settle(&bench->world);
		assert_int_equal(bench->world.ra_count, 0);
		acknowledge(bench, statuses[i]);
		mag_bench_until(bench, 0);
		assert_int_equal(mn(bench, 1)->state, BULE_REFUSED);
		/* RULE: B-MAG-80 B-MAG-47 */
		assert_int_equal(bench->world.ra_count, 1);
		assert_visits(bench, 1);
		assert_null(told(bench, HNP1));
		solicit(bench, 1, "fe80::1");
		assert_mag_agreed(bench);

		/* Taken again, it has a home, and no visit. */
		attach(bench, ACCESS1, 1, true);
		world_settle(&bench->world);
		world_forget_messages(&bench->world);
		attach(bench, ACCESS1, 1, true);
		world_settle(&bench->world);
		mag_bench_until(bench, 1000);
		acknowledge(bench, MH_ACCEPTED);
		/* RULE: B-MAG-48 B-MAG-49 */
		assert_non_null(told(bench, HNP1));
		assert_int_equal(told(bench, HNP1)->valid_s, 7200);
		assert_non_null(told(bench, VISITOR));
		assert_int_equal(told(bench, VISITOR)->valid_s, 0);
		assert_int_equal(told(bench, VISITOR)->preferred_s, 0);
		assert_int_equal(last_ra(bench)->router_lifetime_s, 1800);
		world_forget_messages(&bench->world);
		mag_bench_until(bench, 3000);
		assert_int_equal(told(bench, VISITOR)->valid_s, 0);
		mag_bench_until(bench, 3000);
		assert_int_equal(told(bench, VISITOR)->valid_s, 0);
		solicit(bench, 1, "fe80::1");
		world_pass(&bench->world, 1000);
		solicit(bench, 1, "fe80::1");
		assert_null(told(bench, VISITOR));
		assert_mag_agreed(bench);
		mag_bench_teardown(state);
	}
	setup(state);
}

/* It had a home: that goes, the router stays. */
static void test_barred(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	mag_on_barred(&bench->mag, mn(bench, 1), "test", bench->world.now,
		      &bench->world.out);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	assert_true(world_hears_all(&bench->world, ACCESS1, ll_id6(1).data));
	/* It need not ask. */
	mag_bench_until(bench, 0);
	assert_visits(bench, 1);
	assert_true(stranger(bench, ACCESS1, 1));
	assert_visits(bench, 1);
	/* RULE: B-MAG-42 */
	assert_non_null(told(bench, HNP1));
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	mag_bench_until(bench, 60000);
	assert_visits(bench, 1);
	assert_null(told(bench, HNP1));
}

/* Made-up ones take the place of each other, not of all memory. */
/* A mobile node gets a prefix from there: nobody else may have it. */
static void test_prefix_goes(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_link link = {
		.ifindex = ACCESS1,
		.has_visitor_prefix = true,
		.visitor_prefix = prefix6(VISITOR),
	};

	assert_true(stranger(bench, ACCESS1, 7));
	assert_visits(bench, 7);
	link.has_visitor_prefix = false;
	mag_set_link(&bench->mag, &link, bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_non_null(told(bench, VISITOR));
	assert_int_equal(told(bench, VISITOR)->valid_s, 0);
	assert_int_equal(last_ra(bench)->router_lifetime_s, 0);
	assert_false(stranger(bench, ACCESS1, 7));
	/* And again, once it is to be had. */
	link.has_visitor_prefix = true;
	mag_set_link(&bench->mag, &link, bench->world.now, &bench->world.out);
	assert_true(stranger(bench, ACCESS1, 7));
	mag_bench_until(bench, 10000);
	assert_visits(bench, 7);
}

static void test_many(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_attachment at = station(ACCESS1, 9);
	unsigned int i;

	for (i = 0; i < 5000; i++) {
		at.lladdr[3] = (uint8_t)(i >> 8);
		at.lladdr[4] = (uint8_t)i;
		assert_true(mag_on_stranger(&bench->mag, &at, bench->world.now,
					    &bench->world.out));
	}
	mag_bench_until(bench, 0);
	assert_int_equal(bench->world.ra_count, 4096);
	/* The first is forgotten, the last is not. */
	world_forget_messages(&bench->world);
	world_pass(&bench->world, 1000);
	at.lladdr[3] = at.lladdr[4] = 0;
	mag_on_solicit(&bench->mag, at.lladdr, &in6addr_any, bench->world.now,
		       &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.ra_count, 0);
	at.lladdr[3] = 4999 >> 8;
	at.lladdr[4] = (uint8_t)4999;
	mag_on_solicit(&bench->mag, at.lladdr, &in6addr_any, bench->world.now,
		       &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.ra_count, 1);
}

/* By policy it has no service any more: what it has ends, and it visits. */
static void test_stranger_at_home(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	assert_false(stranger(bench, ACCESS1, 1));
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_DEREGISTERING);
	assert_int_equal(last_pbu(bench)->lifetime, 0);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_int_equal(bench->world.binding_count, 0);
	mag_bench_until(bench, 0);
	assert_visits(bench, 1);
	assert_true(stranger(bench, ACCESS1, 1));
	assert_mag_agreed(bench);
}

/* Registered again, what it had before is not said to be gone if it has it. */
static void assert_comes_home(void **state, const char *hnp)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	register_at(bench, ACCESS1);
	mag_on_barred(&bench->mag, mn(bench, 1), "test", bench->world.now,
		      &bench->world.out);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	mag_bench_until(bench, 0);
	assert_visits(bench, 1);
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, hnp);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(told(bench, hnp)->valid_s, 7200);
	assert_int_equal(told(bench, VISITOR)->valid_s, 0);
}

static void test_comes_home(void **state)
{
	struct mag_bench *bench = *state;

	assert_comes_home(state, HNP1);
	assert_int_equal(last_ra(bench)->prefix_count, 2);
	assert_mag_agreed(bench);
}

static void test_comes_home_elsewhere(void **state)
{
	struct mag_bench *bench = *state;

	assert_comes_home(state, HNP2);
	assert_int_equal(last_ra(bench)->prefix_count, 3);
	/* RULE: B-MAG-42 */
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	assert_mag_agreed(bench);
}

static uint64_t heard_now(void *context, const struct mag_attachment *at)
{
	const struct mag_bench *bench = context;

	assert_memory_equal(at->lladdr, ll_id6(7).data, ETH_ALEN);
	return bench->heard_ms;
}

/* Any frame of it says that it is there, also those that are no news. */
static void test_ends_not_while_heard(void **state)
{
	struct mag_bench *bench = *state;
	size_t count;

	bench->mag.heard = heard_now;
	bench->mag.heard_context = bench;
	stranger(bench, ACCESS1, 7);
	mag_bench_until(bench, 1700000);
	bench->heard_ms = bench->world.now.mono_ms;
	count = bench->world.ra_count;
	mag_bench_until(bench, 1700000);
	assert_true(bench->world.ra_count > count + 1);
	assert_visits(bench, 7);
	mag_bench_until(bench, 1000000);
	assert_true(mag_next_timer(&bench->mag) == NEVER);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, setup, mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_stranger),
		with_bench(test_no_visitor_prefix),
		with_bench(test_solicit),
		with_bench(test_ends_by_silence),
		with_bench(test_ends_not_while_heard),
		with_bench(test_ends_with_link),
		with_bench(test_refused),
		with_bench(test_barred),
		with_bench(test_stranger_at_home),
		with_bench(test_comes_home),
		with_bench(test_comes_home_elsewhere),
		with_bench(test_prefix_goes),
		with_bench(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
