// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_ra.c: what mobile nodes are told of their home link
 * (RFC 5213 6.7, 6.9.2, 6.9.5, 6.12; RFC 4861 6.2).
 */
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

#define HNP3 "2001:db8:a:2::/64"

static void tunnel_mtu(struct mag_bench *bench, uint32_t mtu)
{
	struct in6_addr lma = ip6(ANCHOR);

	mag_on_tunnel_mtu(&bench->mag, &lma, mtu, bench->world.now,
			  &bench->world.out);
	world_settle(&bench->world);
}

static void link_mtu(struct mag_bench *bench, uint32_t ifindex, uint32_t mtu)
{
	struct mag_link link = { .ifindex = ifindex, .mtu = mtu };

	mag_set_link(&bench->mag, &link, bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

static void repeats(struct mag_bench *bench)
{
	bench->mag.config.initial_ras = 3;
	bench->mag.config.final_ras = 3;
}

/* --- Flags and lifetimes. */

static void test_address_configuration(void **state)
{
	static const struct {
		uint8_t configuration;
		bool managed, other, autonomous;
	} cases[] = {
		{ ADDRESS_SLAAC, false, false, true },
		{ ADDRESS_STATELESS, false, true, true },
		{ ADDRESS_DHCPV6, true, true, false },
		{ ADDRESS_BOTH, true, true, true },
		{ ADDRESS_MANUAL, false, false, false },
	};
	struct mag_bench *bench = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bench->profile.address_configuration = cases[i].configuration;
		register_at(bench, i % 2 ? ACCESS1 : ACCESS2);
		/* RULE: B-MAG-06 B-MAG-04 */
		assert_int_equal(last_ra(bench)->managed, cases[i].managed);
		assert_int_equal(last_ra(bench)->other, cases[i].other);
		assert_int_equal(told(bench, HNP1)->autonomous,
				 cases[i].autonomous);
		assert_true(told(bench, HNP1)->on_link);
		detach(bench, false);
		world_settle(&bench->world);
		acknowledge(bench, MH_ACCEPTED);
	}
}

/* Appendix B of the draft: its prefix is an address of one that many share. */
static void test_shared_prefix(void **state)
{
	static const char address[] = "2001:db8:b::11/128";
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	bench->profile.address_configuration = ADDRESS_DHCPV6;
	bench->profile.hnp[0] = prefix6(address);
	bench->profile.hnp_count = 1;
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	/* RULE: B-LMA-66 */
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], address);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, address);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_true(last_ra(bench)->managed);
	assert_false(told(bench, address)->on_link);
	assert_false(told(bench, address)->autonomous);
	assert_non_null(world_binding(&bench->world, address));
	assert_non_null(world_route(&bench->world, address));
	assert_mag_agreed(bench);
}

static void test_lifetimes_of_profile(void **state)
{
	struct mag_bench *bench = *state;

	bench->profile.valid_lifetime_s = 500;
	register_at(bench, ACCESS1);
	/* RULE: B-MAG-67 B-MAG-04 */
	assert_int_equal(told(bench, HNP1)->valid_s, 500);
	/* No address is preferred for longer than it is valid. */
	assert_int_equal(told(bench, HNP1)->preferred_s, 500);

	bench->profile.preferred_lifetime_s = 200;
	mag_on_profile(&bench->mag, mn(bench, 1), &bench->profile,
		       bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.ra_count, 2);
	assert_int_equal(told(bench, HNP1)->valid_s, 500);
	assert_int_equal(told(bench, HNP1)->preferred_s, 200);
	/* Nothing new is no news. */
	mag_on_profile(&bench->mag, mn(bench, 1), &bench->profile,
		       bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.ra_count, 2);
	assert_mag_agreed(bench);
}

/* As long as the binding lasts, and told anew whenever that is extended. */
static void test_lifetimes_of_binding(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.prefixes_of_binding = true;
	register_at(bench, ACCESS1);
	assert_int_equal(told(bench, HNP1)->valid_s, 300);
	world_pass(&bench->world, 100500);
	solicit(bench, 1, "fe80::1");
	/* RULE: B-MAG-67 */
	assert_int_equal(told(bench, HNP1)->valid_s, 200);
	assert_int_equal(told(bench, HNP1)->preferred_s, 200);
	world_forget_messages(&bench->world);
	/* What solicits is registered again, and what is granted is told. */
	mag_bench_until(bench, 1);
	acknowledge(bench, MH_ACCEPTED);
	assert_in_range(told(bench, HNP1)->valid_s, 298, 300);
	assert_mag_agreed(bench);
}

static void test_an_option_a_prefix(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.hnp_count = 2;
	ba.options.hnp[1] = prefix6(HNP2);
	hand(bench, &ba);
	world_settle(&bench->world);
	/* RULE: B-MAG-67 B-MAG-75 B-MAG-11 */
	assert_int_equal(last_ra(bench)->prefix_count, 2);
	assert_non_null(told(bench, HNP1));
	assert_non_null(told(bench, HNP2));
	/* RULE: B-MAG-11 */
	assert_memory_equal(last_ra(bench)->lladdr, ll_id6(1).data, ETH_ALEN);
	assert_int_equal(last_ra(bench)->ifindex, ACCESS1);
	/* RULE: B-MAG-82 */
	assert_ip6_equal(&last_ra(bench)->src, ROUTER);
}

/* --- The MTU. */

static void test_mtu(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.mtu = 0;
	link_mtu(bench, ACCESS1, 1500);
	link_mtu(bench, ACCESS2, 1400);
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	tunnel_mtu(bench, 1460);
	acknowledge(bench, MH_ACCEPTED);
	/* RULE: B-MAG-56 B-MAG-81 */
	assert_int_equal(last_ra(bench)->mtu, 1460);
	tunnel_mtu(bench, 1420);
	/* RULE: B-MAG-56 B-MAG-86 */
	assert_int_equal(bench->world.ra_count, 2);
	assert_int_equal(last_ra(bench)->mtu, 1420);
	assert_int_equal(bench->mag.counters.mtu_changes, 1);
	/* Not of interest: it is another anchor's, or no change. */
	tunnel_mtu(bench, 1420);
	link_mtu(bench, ACCESS2, 1300);
	assert_int_equal(bench->world.ra_count, 2);
	link_mtu(bench, ACCESS1, 1400);
	/* RULE: B-MAG-56 B-MAG-86 */
	assert_int_equal(bench->world.ra_count, 3);
	assert_int_equal(last_ra(bench)->mtu, 1400);
	/* The least that a link may have (RFC 8200 5), but not less. */
	link_mtu(bench, ACCESS1, 1280);
	/* RULE: B-MAG-56 */
	assert_int_equal(last_ra(bench)->mtu, 1280);
	link_mtu(bench, ACCESS1, 1279);
	/* RULE: B-MAG-56 */
	assert_int_equal(last_ra(bench)->mtu, 1420);
	link_mtu(bench, ACCESS1, 1400);
	/* And all later ones have it. RULE: B-MAG-86 */
	mag_bench_until(bench, 200000);
	acknowledge(bench, MH_ACCEPTED);
	mag_bench_until(bench, 500000);
	assert_true(bench->world.ra_count > 6);
	assert_int_equal(last_ra(bench)->mtu, 1400);
	assert_mag_agreed(bench);
}

static void test_mtu_is_asked_for(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.mtu = 0;
	register_at(bench, ACCESS1);
	assert_int_equal(bench->world.mtu_asked, 1);
	assert_ip6_equal(&bench->world.mtu_remote, ANCHOR);
	/* Nothing is known, and nothing is set. */
	assert_int_equal(last_ra(bench)->mtu, 0);
	tunnel_mtu(bench, 1460);
	assert_int_equal(last_ra(bench)->mtu, 1460);
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_int_equal(bench->world.mtu_asked, 1);
}

static void test_mtu_default(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.mtu = 0;
	bench->mag.config.default_path_mtu = 1492;
	register_at(bench, ACCESS1);
	/* RULE: B-MAG-86 */
	assert_int_equal(last_ra(bench)->mtu, 1452);
	tunnel_mtu(bench, 1460);
	assert_int_equal(last_ra(bench)->mtu, 1460);
	tunnel_mtu(bench, 0);
	assert_int_equal(last_ra(bench)->mtu, 1452);
	bench->mag.config.default_path_mtu = 1280;
	solicit(bench, 1, "fe80::1");
	world_pass(&bench->world, 1000);
	solicit(bench, 1, "fe80::1");
	assert_int_equal(last_ra(bench)->mtu, 1280);
}

static void test_mtu_set_by_operator(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.mtu = 1300;
	register_at(bench, ACCESS1);
	tunnel_mtu(bench, 1460);
	link_mtu(bench, ACCESS1, 1290);
	assert_int_equal(bench->world.ra_count, 1);
	/* RULE: B-MAG-86 */
	assert_int_equal(last_ra(bench)->mtu, 1300);
}

/* --- Again and again. */

static void test_news_is_repeated(void **state)
{
	struct mag_bench *bench = *state;

	repeats(bench);
	register_at(bench, ACCESS1);
	assert_int_equal(bench->world.ra_count, 1);
	mag_bench_until(bench, 16000);
	assert_int_equal(bench->world.ra_count, 2);
	mag_bench_until(bench, 16000);
	assert_int_equal(bench->world.ra_count, 3);
	mag_bench_until(bench, 100000);
	assert_int_equal(bench->world.ra_count, 3);
}

static void change(struct mag_bench *bench, unsigned int count,
		   const char *first, const char *second)
{
	struct mh_prefix hnp[2] = { prefix6(first), prefix6(second) };

	mag_change_prefixes(&bench->mag, mn(bench, 1), hnp, count, "changed",
			    bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

static void test_change_prefixes(void **state)
{
	struct mag_bench *bench = *state;
	unsigned int i;

	repeats(bench);
	register_at(bench, ACCESS1);
	mag_bench_until(bench, 40000);
	world_forget_messages(&bench->world);
	change(bench, 2, HNP2, HNP3);
	/* RULE: B-MAG-42 */
	assert_null(world_binding(&bench->world, HNP1));
	assert_null(world_route(&bench->world, HNP1));
	assert_non_null(world_binding(&bench->world, HNP2));
	assert_non_null(world_route(&bench->world, HNP3));
	assert_non_null(world_reported(&bench->world, "prefix-withdrawn"));
	assert_mag_agreed(bench);
	for (i = 1; i <= 3; i++) {
		assert_int_equal(bench->world.ra_count, i);
		/* RULE: B-MAG-42 */
		assert_int_equal(told(bench, HNP1)->valid_s, 0);
		assert_int_equal(told(bench, HNP1)->preferred_s, 0);
		assert_int_equal(told(bench, HNP2)->valid_s, 7200);
		assert_int_equal(told(bench, HNP3)->valid_s, 7200);
		assert_int_equal(last_ra(bench)->router_lifetime_s, 1800);
		mag_bench_until(bench, 3000);
	}
	/* Said often enough. */
	mag_bench_until(bench, 40000);
	solicit(bench, 1, "fe80::1");
	assert_null(told(bench, HNP1));
	assert_int_equal(last_ra(bench)->prefix_count, 2);
}

static void test_change_keeps_the_rest(void **state)
{
	struct mag_bench *bench = *state;
	unsigned int sets;

	register_at(bench, ACCESS1);
	change(bench, 2, HNP1, HNP2);
	sets = bench->world.binding_sets;
	assert_null(world_reported(&bench->world, "prefix-withdrawn"));
	assert_int_equal(last_ra(bench)->prefix_count, 2);
	change(bench, 1, HNP2, HNP2);
	assert_true(bench->world.binding_sets > sets);
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	assert_null(world_binding(&bench->world, HNP1));
	/* It is its own again before that was said for the last time. */
	bench->mag.config.final_ras = 3;
	change(bench, 2, HNP1, HNP2);
	change(bench, 1, HNP2, HNP2);
	change(bench, 2, HNP1, HNP2);
	assert_int_equal(told(bench, HNP1)->valid_s, 7200);
	assert_int_equal(last_ra(bench)->prefix_count, 2);
	assert_mag_agreed(bench);
}

/* Refused, it has no router here either. */
static void test_withdrawn_when_refused(void **state)
{
	struct mag_bench *bench = *state;
	unsigned int i;

	repeats(bench);
	register_at(bench, ACCESS1);
	mag_bench_until(bench, 40000);
	world_forget_messages(&bench->world);
	while (!bench->world.sent_count)
		mag_bench_until(bench, 1000);
	acknowledge(bench, MH_NOT_LMA_FOR_THIS_MOBILE_NODE);
	world_forget_messages(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_REFUSED);
	for (i = 1; i <= 2; i++) {
		mag_bench_until(bench, 3000);
		/* RULE: B-MAG-42 B-MAG-19 B-MAG-80 */
		assert_int_equal(bench->world.ra_count, i);
		assert_int_equal(told(bench, HNP1)->valid_s, 0);
		assert_int_equal(last_ra(bench)->router_lifetime_s, 0);
	}
	mag_bench_until(bench, 30000);
	assert_int_equal(bench->world.ra_count, 2);
	solicit(bench, 1, "fe80::1");
	assert_int_equal(bench->world.ra_count, 2);
	assert_mag_agreed(bench);
}

static void test_withdrawn_when_barred(void **state)
{
	struct mag_bench *bench = *state;

	repeats(bench);
	register_at(bench, ACCESS1);
	world_forget_messages(&bench->world);
	mag_on_barred(&bench->mag, mn(bench, 1), "test", bench->world.now,
		      &bench->world.out);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_int_equal(bench->world.ra_count, 1);
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	mag_bench_until(bench, 10000);
	assert_int_equal(bench->world.ra_count, 3);
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	mag_bench_until(bench, 600000);
	assert_int_equal(bench->world.ra_count, 3);
	assert_true(mag_next_timer(&bench->mag) == NEVER);
}

/* Who has left hears nothing; who is let go by command is still there. */
static void test_withdrawn_when_held(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	detach(bench, true);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_HELD);
	assert_int_equal(bench->world.ra_count, 2);
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	assert_int_equal(last_ra(bench)->router_lifetime_s, 0);
	assert_mag_agreed(bench);
}

/* --- Solicitations. */

static void test_solicit_while_registering(void **state)
{
	struct mag_bench *bench = *state;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	solicit(bench, 1, "fe80::1");
	mag_bench_until(bench, 5000);
	/* RULE: B-MAG-12 B-MAG-50 B-MAG-80 */
	assert_int_equal(bench->world.ra_count, 0);
	acknowledge(bench, MH_ACCEPTED);
	/* RULE: B-MAG-79 B-MAG-59 */
	assert_int_equal(bench->world.ra_count, 1);
	assert_ip6_equal(&last_ra(bench)->dst, "fe80::1");
	assert_non_null(told(bench, HNP1));
}

/* Asked too soon, it is answered as soon as may be. */
static void test_solicit_is_not_lost(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	world_pass(&bench->world, 100);
	solicit(bench, 1, "fe80::1");
	solicit(bench, 1, "fe80::1");
	assert_int_equal(bench->world.ra_count, 1);
	mag_bench_until(bench, 149);
	assert_int_equal(bench->world.ra_count, 1);
	mag_bench_until(bench, 1);
	/* RULE: B-MAG-79 */
	assert_int_equal(bench->world.ra_count, 2);
	mag_bench_until(bench, 100000);
	assert_int_equal(bench->world.ra_count, 2);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_address_configuration),
		with_bench(test_shared_prefix),
		with_bench(test_lifetimes_of_profile),
		with_bench(test_lifetimes_of_binding),
		with_bench(test_an_option_a_prefix),
		with_bench(test_mtu),
		with_bench(test_mtu_is_asked_for),
		with_bench(test_mtu_default),
		with_bench(test_mtu_set_by_operator),
		with_bench(test_news_is_repeated),
		with_bench(test_change_prefixes),
		with_bench(test_change_keeps_the_rest),
		with_bench(test_withdrawn_when_refused),
		with_bench(test_withdrawn_when_barred),
		with_bench(test_withdrawn_when_held),
		with_bench(test_solicit_while_registering),
		with_bench(test_solicit_is_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
