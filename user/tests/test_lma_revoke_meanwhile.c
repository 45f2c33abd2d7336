// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_revoke_order.c, user/engine/revocation.c: what happens while an
 * anchor waits for the answer to what its operator wants to be revoked
 */
#include <stdio.h>

#include "common/lma_order.h"
#include "common/lma_revoke.h"
#include "common/test.h"

/* RFC 5846 8.1: who has registered it anew was not meant. */
static void test_moved(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct lma_request request;
	struct outcome outcome;

	assert_null(order_mn(bench, MN1, NULL, &outcome));
	request = pbu(bench, HNP1, MH_HI_SAME_INTERFACE);
	request.src = ip6(MAG2);
	give(bench, &request);
	world_settle(&bench->world);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
	assert_told(&outcome, REVOCATION_OVERTAKEN, 1);
	revoke_say_of(bench, MAG1, MN1, revoke_bri(bench, 0)->sequence, 0);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_nothing_open(bench);
}

/* An update that comes meanwhile is granted, and the session ends all the same. */
static void assert_not_overtaken(struct lma_bench *bench, const struct bce *bce,
				 struct lma_request *request,
				 const struct outcome *outcome)
{
	give(bench, request);
	world_settle(&bench->world);
	assert_granted(bench, 1, MAG1, HNP1);
	assert_int_equal(outcome->told, 0);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_told(outcome, REVOCATION_DONE, 1);
	assert_revoked(bench, bce);
	assert_nothing_open(bench);
}

/* A copy that was under way when its gateway was asked to let it go. */
static void test_copy_from_before(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct lma_request before = pbu(bench, HNP1, MH_HI_NEW_INTERFACE);
	struct outcome outcome;

	world_pass(&bench->world, 10);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	assert_not_overtaken(bench, bce, &before, &outcome);
}

/* One that has come back to the same gateway, whose answer is lost. */
static void test_back_since(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct lma_request request;
	struct outcome outcome;

	assert_null(order_mn(bench, MN1, NULL, &outcome));
	world_pass(&bench->world, 10);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	give(bench, &request);
	world_settle(&bench->world);
	assert_told(&outcome, REVOCATION_OVERTAKEN, 1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_nothing_open(bench);
}

/* Its gateway has not heard yet that it is to let it go, and a station asks it. */
static void test_confirmed_meanwhile(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct lma_request request;
	struct outcome outcome;

	assert_null(order_mn(bench, MN1, NULL, &outcome));
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	assert_not_overtaken(bench, bce, &request, &outcome);
}

static void test_deregistered(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct lma_request request;
	struct outcome outcome;

	order_come(bench, MAG1, MN1, 1);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	give(bench, &request);
	world_settle(&bench->world);
	/* RULE: BRI-15 */
	assert_told(&outcome, REVOCATION_DONE, 1);
	assert_nothing_open(bench);
}

/* It is being refreshed: that comes first, and changes nothing. */
static void test_busy(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct mh_revocation bra = { .kind = MH_BR_ACK };
	struct in6_addr src = ip6(MAG1);
	struct lma_request request;
	struct outcome outcome;

	assert_null(order_mn(bench, MN1, NULL, &outcome));
	bra.sequence = revoke_bri(bench, 0)->sequence;
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	give(bench, &request);
	revocations_on_ack(&bench->lma.revocations, &src, &bra,
			   bench->world.now, &bench->world.out);
	assert_int_equal(outcome.told, 0);
	world_settle(&bench->world);
	assert_revoked(bench, bce);
	assert_told(&outcome, REVOCATION_DONE, 1);
	/* What was to try again has nothing to. */
	lma_bench_until(bench, 10);
	assert_nothing_open(bench);
}

/* Its lifetime is over, and it is being deleted: that is no session any more. */
static void test_expired(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct outcome outcome;

	order_come(bench, MAG1, MN1, 1);
	world_pass(&bench->world, 300000);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_non_null(order_mn(bench, MN1, NULL, &outcome));
	assert_int_equal(bench->lma.bc.count, 0);
	assert_nothing_open(bench);
}

/* What could not be stored stands as it was. */
static void test_not_stored(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct outcome outcome;

	assert_null(order_mn(bench, MN1, NULL, &outcome));
	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, 5);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_told(&outcome, REVOCATION_FAILED, 1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_nothing_open(bench);
}

/* Asked whether it has left, and then told to let it go. */
static void test_asked_before(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct outcome outcome;

	bench->lma.config.revocation = true;
	revoke_come(bench, 2);
	assert_int_equal(bench->world.sent_count, 1);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	assert_int_equal(bench->world.sent_count, 2);
	/* RULE: BRI-02 */
	assert_int_not_equal(revoke_bri(bench, 0)->sequence,
			     revoke_bri(bench, 1)->sequence);
	revoke_say(bench, 0, MH_BR_ATTACHED);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 1);
	revoke_say(bench, 1, MH_BR_SUCCESS);
	assert_told(&outcome, REVOCATION_DONE, 1);
	/* Who waits has it. */
	assert_granted(bench, 2, MAG2, HNP1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_nothing_open(bench);
}

/* Two operators: what is ordered last is what both hear of. */
static void test_twice(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct outcome first, second;

	order_come(bench, MAG1, MN1, 1);
	assert_null(order_mn(bench, MN1, NULL, &first));
	assert_null(order_mag(bench, MAG1, &second));
	assert_told(&first, REVOCATION_OVERTAKEN, 1);
	revoke_say_of(bench, MAG1, NULL, revoke_bri(bench, 1)->sequence, 0);
	assert_told(&second, REVOCATION_DONE, 1);
	assert_nothing_open(bench);
}

/* The agent ends: nobody is left to wait. */
static void test_end(void **state)
{
	struct lma_bench *bench = order_begin(state);
	static struct outcome outcome;

	order_come(bench, MAG1, MN1, 1);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	lma_bench_restart(bench, true);
	assert_told(&outcome, REVOCATION_OVERTAKEN, 1);
	assert_int_equal(bench->lma.bc.count, 1);
}

/* --- Many. */

#define MANY 1000

/* However many: one message, and so many end in one turn, and all within 1 s. */
static void test_many(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct mh_revocation bra = { .kind = MH_BR_ACK };
	struct in6_addr src = ip6(MAG1);
	unsigned int i, turns;
	struct outcome outcome;
	size_t count;
	char mn[32];

	for (i = 0; i < MANY; i++) {
		snprintf(mn, sizeof(mn), "mn%u@example.com", i);
		order_come(bench, MAG1, mn, (uint8_t)i);
		/* All of them within a lifetime. */
		bench->world.now.mono_ms -= 900;
	}
	assert_null(order_mag(bench, MAG1, &outcome));
	/* RULE: BRI-12 */
	assert_int_equal(bench->world.sent_count, 1);
	bra.sequence = revoke_bri(bench, 0)->sequence;
	revocations_on_ack(&bench->lma.revocations, &src, &bra,
			   bench->world.now, &bench->world.out);
	for (turns = 0; !outcome.told; turns++) {
		count = world_collect(&bench->world);
		assert_in_range(count, 1, REVOCATION_STEP + 3);
		world_settle(&bench->world);
		world_pass(&bench->world, REVOCATION_STEP_MS);
		lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	}
	assert_int_equal(turns, (MANY + REVOCATION_STEP - 1) / REVOCATION_STEP);
	assert_told(&outcome, REVOCATION_DONE, MANY);
	assert_int_equal(bench->lma.counters.revoked, MANY);
	for (i = 0; i < bench->world.binding_count; i++)
		assert_false(bench->world.bindings[i].set.has_path);
	assert_int_equal(bench->lma.revocations.timers.count, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_moved),
		TEST(test_copy_from_before),
		TEST(test_back_since),
		TEST(test_confirmed_meanwhile),
		TEST(test_deregistered),
		TEST(test_busy),
		TEST(test_expired),
		TEST(test_not_stored),
		TEST(test_asked_before),
		TEST(test_twice),
		TEST(test_end),
		TEST(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
