// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_revoke.c: an anchor ends bindings, whoever is there
 * (RFC 5846 9.1)
 */
#include <stdio.h>

#include "common/mag_bri.h"
#include "common/mag_order.h"
#include "common/test.h"

#define STRANGER "2001:db8:66::1"

/* It is there, but has no home; nobody is asked for it for a while. */
static void assert_taken(struct mag_bench *bench, uint8_t last, const char *hnp)
{
	/* RULE: BRI-20 */
	assert_null(world_binding(&bench->world, hnp));
	assert_null(world_route(&bench->world, hnp));
	assert_int_equal(mn(bench, last)->state, BULE_REFUSED);
	assert_null(mn(bench, last)->revoking);
	assert_null(mn(bench, last)->peer.peer);
}

static void assert_stays(struct mag_bench *bench, uint8_t last,
			 const char *hnp)
{
	assert_int_equal(mn(bench, last)->state, BULE_ACTIVE);
	assert_non_null(world_binding(&bench->world, hnp));
}

/* Whatever it is that ends it. */
static void test_each_trigger(void **state)
{
	static const uint8_t triggers[] = { 0, 1, 5, 6, 7 };
	struct mag_bench *bench = *state;
	struct mh_revocation bri;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(triggers); i++) {
		order_register(bench, 1, MN1, HNP1);
		bri = bri_of(MN1, triggers[i]);
		bri.sequence = (uint16_t)i;
		/* RULE: BRI-20 */
		assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
		assert_taken(bench, 1, HNP1);
		assert_int_equal(told(bench, HNP1)->valid_s, 0);
		assert_mag_agreed(bench);
		attach(bench, ACCESS1, 1, true);
		world_settle(&bench->world);
		acknowledge(bench, MH_ACCEPTED);
	}
}

static void test_told(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct mag_bench *bench = *state;
	const struct report *report;
	size_t count;

	bench->mag.config.final_ras = 3;
	order_register(bench, 1, MN1, HNP1);
	bri.options.hnp_count = 1;
	bri.options.hnp[0] = prefix6(HNP1);
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	/* RULE: BRI-20 */
	assert_int_equal(bench->world.ra_count, 1);
	assert_int_equal(last_ra(bench)->ifindex, ACCESS1);
	assert_int_equal(last_ra(bench)->router_lifetime_s, 0);
	/* RULE: BRI-20 */
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	assert_int_equal(told(bench, HNP1)->preferred_s, 0);
	/* And who keeps the access link. */
	report = world_reported(&bench->world, "revoked");
	/* RULE: BRI-20 */
	assert_non_null(report);
	assert_int_equal(report->ifindex, ACCESS1);
	assert_prefix_equal(&report->hnp, HNP1);
	assert_non_null(world_reported(&bench->world, "revoked-by-anchor"));
	assert_int_equal(bench->mag.counters.revoked, 1);
	/* As often as RFC 4861 6.2.5 says. */
	mag_bench_until(bench, 20000);
	assert_int_equal(bench->world.ra_count, 3);
	/* No de-registration, nor is it asked for, whatever it sends. */
	count = bench->world.sent_count;
	attach(bench, ACCESS1, 1, false);
	mag_bench_until(bench, 30000);
	assert_int_equal(bench->world.sent_count, count);
	assert_false(hears_all(bench, ACCESS1));
	/* After a minute its next frame is an attachment again. */
	mag_bench_until(bench, 10001);
	assert_null(mn(bench, 1));
	assert_true(hears_all(bench, ACCESS1));
}

/* Where there is a prefix for visitors, it is one. */
static void test_visitor(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct mag_link link = {
		.ifindex = ACCESS1,
		.mtu = 1500,
		.has_visitor_prefix = true,
		.visitor_prefix = prefix6("2001:db8:dead::/64"),
	};
	struct mag_bench *bench = *state;

	mag_set_link(&bench->mag, &link, bench->world.now, &bench->world.out);
	order_register(bench, 1, MN1, HNP1);
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	mag_bench_until(bench, 5000);
	assert_int_equal(told(bench, "2001:db8:dead::/64")->valid_s, 7200);
	assert_true(bench->mag.counters.visitors);
}

static void test_all(void **state)
{
	struct mh_revocation bri = bri_of(NULL, MH_BR_PER_PEER_POLICY);
	struct mag_bench *bench = *state;

	order_register(bench, 1, MN1, HNP1);
	order_register(bench, 2, MN2, HNP2);
	bench->profile.lma = ip6(OTHER);
	order_register(bench, 3, MN3, HNP3);
	/* RULE: BRI-17 */
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_taken(bench, 1, HNP1);
	assert_taken(bench, 2, HNP2);
	/* RULE: BRI-17 */
	assert_stays(bench, 3, HNP3);
	assert_int_equal(world_reported(&bench->world,
					"revoked-by-anchor")->bindings, 2);
	assert_mag_agreed(bench);
	/* A copy gets the same; another one finds nothing. */
	/* RULE: BRI-04 */
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_int_equal(bench->mag.revocations.counters.duplicates, 1);
	bri.sequence++;
	/* RULE: BRI-07 */
	assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
}

/* RFC 5846 9.1: with an option, it may be meant for less. */
static void test_all_with_options(void **state)
{
	struct mh_revocation bri = bri_of(NULL, MH_BR_PER_PEER_POLICY);
	struct mag_bench *bench = *state;

	order_register(bench, 1, MN1, HNP1);
	bri.options.hnp_count = 1;
	bri.options.hnp[0] = prefix6(HNP2);
	/* RULE: BRI-17 */
	assert_mag_answer(bench, &bri, MH_BR_FUNCTION_NOT_SUPPORTED);
	bri.options.hnp_count = 0;
	bri.options.has_alt_coa = true;
	bri.options.alt_coa = ip6(PROXY_COA);
	assert_mag_answer(bench, &bri, MH_BR_FUNCTION_NOT_SUPPORTED);
	bri = bri_of(MN1, MH_BR_PER_PEER_POLICY);
	assert_mag_answer(bench, &bri, MH_BR_FUNCTION_NOT_SUPPORTED);
	assert_stays(bench, 1, HNP1);
	/* One that has nobody here has nothing to revoke. */
	bri = bri_of(NULL, MH_BR_PER_PEER_POLICY);
	mag_hear_bri(bench, STRANGER, &bri);
	world_settle(&bench->world);
	/* RULE: BRI-17 */
	assert_int_equal(bench->world.sent_count, 0);
	assert_stays(bench, 1, HNP1);
}

static void test_realm(void **state)
{
	struct mh_revocation bri = bri_of("@EXAMPLE.com",
					  MH_BR_MN_LOCAL_POLICY);
	struct mag_bench *bench = *state;

	order_register(bench, 1, MN1, HNP1);
	order_register(bench, 2, MN3, HNP2);
	order_register(bench, 3, "mn5@a.example.com", HNP3);
	/* RULE: BRI-18 */
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_taken(bench, 1, HNP1);
	assert_stays(bench, 2, HNP2);
	assert_stays(bench, 3, HNP3);
	assert_mag_agreed(bench);
	bri = bri_of("@example.net", MH_BR_MN_LOCAL_POLICY);
	assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
	bri = bri_of(NULL, MH_BR_MN_LOCAL_POLICY);
	/* RULE: BRI-18 */
	assert_mag_answer(bench, &bri, MH_BR_MN_ID_REQUIRED);
	bri = bri_of("@", MH_BR_MN_LOCAL_POLICY);
	assert_mag_answer(bench, &bri, MH_BR_MN_ID_REQUIRED);
	bri = bri_of("@example.org", MH_BR_MN_LOCAL_POLICY);
	bri.options.mn_id.subtype = 2;
	assert_mag_answer(bench, &bri, MH_BR_MN_ID_REQUIRED);
	assert_stays(bench, 2, HNP2);
}

/* --- Meanwhile. */

/* What is under way comes first. */
static void test_busy(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct mag_bench *bench = *state;
	struct mh_prefix hnp = prefix6(HNP1);
	struct bule *bule;

	bule = order_register(bench, 1, MN1, HNP1);
	mag_change_prefixes(&bench->mag, bule, &hnp, 1, "test",
			    bench->world.now, &bench->world.out);
	assert_true(bule->busy);
	mag_hear_bri(bench, ANCHOR, &bri);
	assert_non_null(bule->revoking);
	world_settle(&bench->world);
	mag_bench_until(bench, REVOCATION_STEP_MS);
	assert_taken(bench, 1, HNP1);
	assert_null(bench->mag.revocations.all);
	assert_mag_agreed(bench);
}

/* The operator's word stands. */
static void test_held_meanwhile(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct mag_bench *bench = *state;

	order_register(bench, 1, MN1, HNP1);
	mag_hear_bri(bench, ANCHOR, &bri);
	detach(bench, true);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_HELD);
	assert_null(world_binding(&bench->world, HNP1));
	assert_null(bench->mag.revocations.all);
}

/* It has left, and its de-registration is under way: that is over. */
static void test_leaves(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct mag_bench *bench = *state;

	order_register(bench, 1, MN1, HNP1);
	detach(bench, false);
	world_settle(&bench->world);
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_null(mn(bench, 1));
	assert_null(bench->mag.revocations.all);
	assert_mag_agreed(bench);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 60000);
	assert_int_equal(bench->world.sent_count, 0);
}

/* A copy of what was followed is not about who came since. */
static void test_copy_and_back(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct mag_bench *bench = *state;

	order_register(bench, 1, MN1, HNP1);
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	/* RULE: BRI-04 */
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
}

/*
 * It is acknowledged when all of it has ended, and not before; a copy that comes
 * meanwhile neither begins it anew nor is answered by itself.
 */
static void test_acknowledged_when_done(void **state)
{
	struct mh_revocation bri = bri_of(NULL, MH_BR_PER_PEER_POLICY);
	struct mag_bench *bench = *state;

	order_register(bench, 1, MN1, HNP1);
	order_register(bench, 2, MN2, HNP2);
	mag_hear_bri(bench, ANCHOR, &bri);
	world_collect(&bench->world);
	assert_int_equal(bench->mag.revocations.all->count, 2);
	mag_hear_bri(bench, ANCHOR, &bri);
	assert_int_equal(bench->mag.revocations.counters.ignored, 1);
	/* The first of them has ended. */
	while (world_binding(&bench->world, HNP1)) {
		assert_in_range(world_collect(&bench->world), 1, SIZE_MAX);
		/* RULE: BRI-04 */
		assert_int_equal(bench->world.sent_count, 0);
		world_run_one(&bench->world, 0);
	}
	assert_int_equal(bench->world.sent_count, 0);
	world_settle(&bench->world);
	/* RULE: BRI-04 */
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->world.sent[0].message->revocation.status,
			 MH_BR_SUCCESS);
	assert_int_equal(bench->mag.counters.revoked, 2);
	assert_taken(bench, 2, HNP2);
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_int_equal(bench->mag.counters.revoked, 2);
}

/* --- Many. */

#define MANY 1000

static void register_many(struct mag_bench *bench)
{
	char id[32], hnp[32];
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		snprintf(id, sizeof(id), "mn%u@example.com", i);
		snprintf(hnp, sizeof(hnp), "2001:db8:c:%x::/64", i);
		order_register_at(bench, (uint16_t)i, id, hnp);
	}
}

/* So many are told in one turn, and forwarding is over within 1 s. */
static void test_many(void **state)
{
	struct mh_revocation bri = bri_of(NULL, MH_BR_PER_PEER_POLICY);
	struct mag_bench *bench = *state;
	uint64_t begun;
	size_t before;

	bench->mag.config.max_mobile_nodes = MANY;
	register_many(bench);
	assert_int_equal(bench->world.binding_count, MANY);
	begun = bench->world.now.mono_ms;
	mag_hear_bri(bench, ANCHOR, &bri);
	while (bench->world.binding_count) {
		/* RULE: BRI-04 */
		assert_int_equal(bench->world.sent_count, 0);
		before = bench->world.ra_count;
		world_settle(&bench->world);
		/* RULE: BRI-20 */
		assert_in_range(bench->world.ra_count - before, 1,
				REVOCATION_STEP);
		world_pass(&bench->world, REVOCATION_STEP_MS);
		mag_on_timer(&bench->mag, bench->world.now, &bench->world.out);
	}
	/* RULE: BRI-20 */
	assert_in_range(bench->world.now.mono_ms - begun, 1, 100);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->world.ra_count, MANY);
	assert_int_equal(bench->world.route_count, 0);
	assert_int_equal(bench->mag.counters.revoked, MANY);
	assert_null(bench->mag.revocations.all);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_each_trigger),
		TEST(test_told),
		TEST(test_visitor),
		TEST(test_all),
		TEST(test_all_with_options),
		TEST(test_realm),
		TEST(test_busy),
		TEST(test_held_meanwhile),
		TEST(test_leaves),
		TEST(test_copy_and_back),
		TEST(test_acknowledged_when_done),
		TEST(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
