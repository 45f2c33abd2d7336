// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_bri.c: what gateways revoke at an anchor (RFC 5846 8.2)
 */
#include <errno.h>

#include "common/lma_bri.h"
#include "common/lma_order.h"
#include "common/lma_revoke.h"
#include "common/test.h"

#define STRANGER "2001:db8:66::1"
#define IDENTITY "gw1@example.net"

static const struct lma_revoker may_not;

static struct lma_bench *begin(void **state)
{
	struct lma_bench *bench = *state;

	bench->more = "2001:db8:c::/56";
	lma_bench_restart(bench, true);
	world_settle(&bench->world);
	return bench;
}

static void test_mobile_node(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct lma_bench *bench = begin(state);
	struct bce *one = order_come(bench, MAG1, MN1, 1);
	struct bce *two = order_come(bench, MAG1, MN1, 2);
	struct bce *away = order_come(bench, MAG2, MN1, 3);
	struct bce *other = order_come(bench, MAG1, MN2, 4);

	/* RULE: BRI-16 */
	assert_lma_answer(bench, MAG1, &bri, &may_own, MH_BR_SUCCESS);
	assert_revoked(bench, one);
	assert_revoked(bench, two);
	/* RULE: BRI-16 */
	assert_int_equal(away->now.state, BCE_ACTIVE);
	assert_int_equal(other->now.state, BCE_ACTIVE);
	assert_int_equal(bench->lma.counters.revoked, 2);
	assert_non_null(world_reported(&bench->world, "revoked-by-gateway"));
	assert_agreed(bench);
	lma_bench_until(bench, 10000);
	assert_int_equal(bench->lma.bc.count, 2);
}

static void test_prefixes(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_USER_INITIATED);
	struct lma_bench *bench = begin(state);
	struct bce *one = order_come(bench, MAG1, MN1, 1);
	struct bce *two = order_come(bench, MAG1, MN1, 2);
	const struct mh_revocation *bra;

	bri.options.hnp_count = 2;
	bri.options.hnp[0] = prefix6(OWN1);
	bri.options.hnp[1] = two->prefixes[0].prefix;
	/* RULE: BRI-16 */
	assert_lma_answer(bench, MAG1, &bri, &may_own, MH_BR_PARTIAL);
	bra = &bench->world.sent[0].message->revocation;
	assert_int_equal(bra->options.hnp_count, 1);
	assert_prefix_equal(&bra->options.hnp[0], OWN1);
	/* RULE: BRI-16 */
	assert_int_equal(one->now.state, BCE_ACTIVE);
	assert_revoked(bench, two);
	assert_agreed(bench);
}

/* RFC 5846 13: nobody revokes what is registered with another. */
static void test_not_its_own(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct lma_bench *bench = begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);

	/* RULE: BRI-07 */
	assert_lma_answer(bench, MAG2, &bri, &may_all, MH_BR_NO_BINDING);
	bri.options.has_alt_coa = true;
	bri.options.alt_coa = ip6(MAG1);
	assert_lma_answer(bench, MAG2, &bri, &may_all, MH_BR_NO_BINDING);
	bri.options.alt_coa = ip6(MAG2);
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_NO_BINDING);
	bri = bri_of(IDENTITY, MH_BR_PER_PEER_POLICY);
	bri.options.has_alt_coa = true;
	bri.options.alt_coa = ip6(MAG1);
	assert_lma_answer(bench, MAG2, &bri, &may_all, MH_BR_NO_BINDING);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_agreed(bench);
}

static void test_all(void **state)
{
	struct mh_revocation bri = bri_of(IDENTITY, MH_BR_PER_PEER_POLICY);
	struct lma_bench *bench = begin(state);
	struct bce *one = order_come(bench, MAG1, MN1, 1);
	struct bce *two = order_come(bench, MAG1, MN3, 2);
	struct bce *away = order_come(bench, MAG2, MN2, 3);
	struct mh_revocation none = bri_of(NULL, MH_BR_PER_PEER_POLICY);

	/* RULE: BRI-16 */
	assert_lma_answer(bench, MAG1, &bri, &may_own,
			  MH_BR_GLOBAL_NOT_AUTHORIZED);
	/* RULE: BRI-16 */
	assert_lma_answer(bench, MAG1, &none, &may_all,
			  MH_BR_GLOBAL_NOT_AUTHORIZED);
	assert_int_equal(one->now.state, BCE_ACTIVE);
	/* RULE: BRI-16 */
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	assert_revoked(bench, one);
	assert_revoked(bench, two);
	assert_int_equal(away->now.state, BCE_ACTIVE);
	assert_agreed(bench);
}

static void test_alternate(void **state)
{
	struct mh_revocation bri = bri_of(IDENTITY, MH_BR_PER_PEER_POLICY);
	struct lma_bench *bench = begin(state);
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	struct bce *bce, *own;

	request.bu.options.has_alt_coa = true;
	request.bu.options.alt_coa = ip6("2001:db8:1::77");
	assert_status(bench, &request, MH_ACCEPTED);
	bce = bc_by_prefix(&bench->lma.bc,
			   &world_last_message(&bench->world)->ba.options.hnp[0]);
	own = order_come(bench, MAG1, MN2, 2);
	bri.options.has_alt_coa = true;
	bri.options.alt_coa = ip6("2001:db8:1::77");
	/* RULE: BRI-16 */
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	assert_revoked(bench, bce);
	assert_int_equal(own->now.state, BCE_ACTIVE);
}

static void test_realm(void **state)
{
	struct mh_revocation bri = bri_of("@example.com",
					  MH_BR_MN_LOCAL_POLICY);
	struct lma_bench *bench = begin(state);
	struct bce *one = order_come(bench, MAG1, MN1, 1);
	struct bce *other = order_come(bench, MAG1, MN3, 2);
	struct bce *away = order_come(bench, MAG2, MN2, 3);
	struct bce *shorter = order_come(bench, MAG1, "a@b.com", 4);
	struct mh_revocation none = bri_of(MN1, MH_BR_MN_LOCAL_POLICY);

	assert_lma_answer(bench, MAG1, &bri, &may_own,
			  MH_BR_GLOBAL_NOT_AUTHORIZED);
	assert_lma_answer(bench, MAG1, &none, &may_all, MH_BR_MN_ID_REQUIRED);
	assert_int_equal(one->now.state, BCE_ACTIVE);
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	assert_revoked(bench, one);
	assert_int_equal(other->now.state, BCE_ACTIVE);
	assert_int_equal(away->now.state, BCE_ACTIVE);
	assert_int_equal(shorter->now.state, BCE_ACTIVE);
	assert_agreed(bench);
}

/* Its acknowledgement was lost: it gets the same, and nothing ends twice. */
static void test_copy(void **state)
{
	struct mh_revocation bri = bri_of(IDENTITY, MH_BR_PER_PEER_POLICY);
	struct lma_bench *bench = begin(state);
	struct bce *bce;

	order_come(bench, MAG1, MN1, 1);
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	bce = order_come(bench, MAG1, MN2, 2);
	/* RULE: BRI-04 */
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_int_equal(bench->lma.revocations.counters.duplicates, 1);
	/* Another one is none, nor is one that comes too late. */
	bri.sequence++;
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	assert_revoked(bench, bce);
	/* The first is not forgotten for the second. */
	bri.sequence--;
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	bri.sequence++;
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.revocations.counters.duplicates, 3);
	world_pass(&bench->world, REVOCATION_COPIES_MS);
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_NO_BINDING);
}

static void test_refused(void **state)
{
	static const struct {
		uint8_t trigger;
		uint16_t flags;
		uint8_t status;
	} cases[] = {
		{ 1, 0, MH_BR_NO_BINDING },
		{ 1, MH_BR_PROXY | MH_BR_IPV4_ONLY, MH_BR_NO_BINDING },
		{ 1, BRI_GLOBAL, MH_BR_FUNCTION_NOT_SUPPORTED },
		{ 128, MH_BR_PROXY, MH_BR_FUNCTION_NOT_SUPPORTED },
		{ 2, MH_BR_PROXY, MH_BR_TRIGGER_NOT_SUPPORTED },
		{ 4, MH_BR_PROXY, MH_BR_TRIGGER_NOT_SUPPORTED },
		{ 8, MH_BR_PROXY, MH_BR_TRIGGER_NOT_SUPPORTED },
		{ 130, BRI_GLOBAL, MH_BR_TRIGGER_NOT_SUPPORTED },
		{ 255, BRI_GLOBAL, MH_BR_TRIGGER_NOT_SUPPORTED },
	};
	struct lma_bench *bench = begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct mh_revocation bri;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bri = bri_of(MN1, cases[i].trigger);
		bri.flags = cases[i].flags;
		/* RULE: BRI-03 BRI-06 BRI-16 */
		assert_lma_answer(bench, MAG1, &bri, &may_all, cases[i].status);
		assert_non_null(world_reported(&bench->world,
					       "revocation-refused"));
	}
	bri = bri_of(NULL, MH_BR_ADMINISTRATIVE);
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_MN_ID_REQUIRED);
	bri = bri_of("", MH_BR_ADMINISTRATIVE);
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_MN_ID_REQUIRED);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_int_equal(bench->lma.revocations.counters.peers_refused,
			 ARRAY_SIZE(cases) + 2);
	assert_agreed(bench);
}

static void test_ignored(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct in6_addr src = ip6(MAG1), dst = ip6("ff02::1");
	struct lma_bench *bench = begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);

	lma_hear_bri(bench, STRANGER, &bri, &may_not);
	lma_hear_bri(bench, "ff02::2", &bri, &may_all);
	lma_hear_bri(bench, "::", &bri, &may_all);
	lma_on_bri(&bench->lma, &src, &dst, &bri, &may_all, bench->world.now,
		   &bench->world.out);
	world_settle(&bench->world);
	/* RULE: BRI-04 */
	assert_int_equal(bench->world.sent_count, 0);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_int_equal(bench->lma.revocations.counters.received, 4);
	assert_int_equal(bench->lma.revocations.counters.ignored, 4);
}

/* Being refreshed: that comes first. */
static void test_busy(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct lma_bench *bench = begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct lma_request request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);

	give(bench, &request);
	lma_hear_bri(bench, MAG1, &bri, &may_own);
	world_settle(&bench->world);
	assert_revoked(bench, bce);
	lma_bench_until(bench, 10);
	assert_null(bench->lma.revocations.all);
	assert_agreed(bench);
}

/* It is just being asked whether it is there: that needs no answer any more. */
static void test_while_asked(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct lma_bench *bench = begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);

	bench->lma.config.revocation = true;
	revoke_come(bench, 2);
	assert_true(bce->revoking->revocation->question);
	lma_hear_bri(bench, MAG1, &bri, &may_own);
	world_settle(&bench->world);
	/* Who waits has it. */
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(bench->lma.revocations.counters.answered, 1);
	assert_nothing_open(bench);
}

/* It is acknowledged when it is stored, and not before. */
static void test_acknowledged_when_done(void **state)
{
	struct mh_revocation bri = bri_of(IDENTITY, MH_BR_PER_PEER_POLICY);
	struct lma_bench *bench = begin(state);

	order_come(bench, MAG1, MN1, 1);
	order_come(bench, MAG1, MN2, 2);
	lma_hear_bri(bench, MAG1, &bri, &may_all);
	assert_int_equal(world_collect(&bench->world), 3);
	lma_hear_bri(bench, MAG1, &bri, &may_all);
	assert_int_equal(bench->lma.revocations.counters.ignored, 1);
	world_run_one(&bench->world, 1);
	/* RULE: BRI-04 */
	assert_int_equal(bench->world.sent_count, 0);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->lma.counters.revoked, 2);
	assert_agreed(bench);
}

/* What could not be stored is not acknowledged: a copy is followed anew. */
static void test_fails(void **state)
{
	struct mh_revocation bri = bri_of(IDENTITY, MH_BR_PER_PEER_POLICY);
	struct lma_bench *bench = begin(state);
	struct bce *one = order_come(bench, MAG1, MN1, 1);
	struct bce *two = order_come(bench, MAG1, MN2, 2);

	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, ENOSPC);
	lma_hear_bri(bench, MAG1, &bri, &may_all);
	world_settle(&bench->world);
	/* RULE: BRI-04 */
	assert_int_equal(bench->world.sent_count, 0);
	assert_int_equal(one->now.state, BCE_ACTIVE);
	assert_revoked(bench, two);
	assert_null(bench->lma.revocations.all);
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	assert_revoked(bench, one);
	assert_agreed(bench);
}

/*
 * A session that is meant moves to another gateway before its turn: that stands,
 * and the rest is acknowledged.
 */
static void test_overtaken(void **state)
{
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);
	struct lma_bench *bench = begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct lma_request refresh = pbu(bench, NULL, MH_HI_NOT_CHANGED);
	struct lma_request move;

	refresh.bu.options.hnp[0] = bce->prefixes[0].prefix;
	refresh.bu.options.ll_id = ll_id6(1);
	give(bench, &refresh);
	lma_hear_bri(bench, MAG1, &bri, &may_own);
	world_pass(&bench->world, 1);
	move = pbu(bench, NULL, MH_HI_SAME_INTERFACE);
	move.src = ip6(MAG2);
	move.bu.options.ll_id = ll_id6(1);
	give(bench, &move);
	world_settle(&bench->world);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	lma_bench_until(bench, 10);
	/* RULE: BRI-04 */
	assert_int_equal(bench->lma.revocations.counters.answered, 1);
	assert_null(bench->lma.revocations.all);
	assert_agreed(bench);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_mobile_node),
		TEST(test_prefixes),
		TEST(test_not_its_own),
		TEST(test_all),
		TEST(test_alternate),
		TEST(test_realm),
		TEST(test_copy),
		TEST(test_refused),
		TEST(test_ignored),
		TEST(test_busy),
		TEST(test_while_asked),
		TEST(test_acknowledged_when_done),
		TEST(test_fails),
		TEST(test_overtaken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
