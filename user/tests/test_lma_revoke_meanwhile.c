// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_revoke.c: what happens to a session while it is asked for
 */
#include "common/lma_revoke.h"
#include "common/test.h"

/* De-registered while asked: nothing is asked any more. */
static void test_deregistered(void **state)
{
	struct lma_bench *bench;
	struct lma_request left;

	revoke_begin(state, &bench);
	revoke_come(bench, 2);
	lma_bench_until(bench, 100);
	left = pbu(bench, HNP1, MH_HI_UNKNOWN);
	left.bu.lifetime = 0;
	give(bench, &left);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 3);
	/* RULE: B-LMA-86 */
	assert_granted(bench, 2, MAG2, HNP1);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 1);
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->world.sent_count, 3);
	assert_int_equal(bench->lma.revocations.counters.unanswered, 0);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

static void refresh(struct lma_bench *bench, enum mh_handoff_indicator handoff)
{
	struct lma_request request = pbu(bench, HNP1, handoff);

	give(bench, &request);
	world_settle(&bench->world);
}

/* A refresh may have been under way when it was asked, and let it go then. */
static void test_refreshed(void **state)
{
	struct lma_bench *bench;

	revoke_begin(state, &bench);
	revoke_come(bench, 2);
	lma_bench_until(bench, 10);
	refresh(bench, MH_HI_NOT_CHANGED);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bench->world.sent_count, 3);
	assert_granted(bench, 2, MAG2, HNP1);
	assert_agreed(bench);
}

/* De-registered, and nobody waits: it is not revoked once more. */
static void test_deregistered_for_nobody(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;

	revoke_begin(state, &bench);
	revoke_come(bench, 2);
	lma_bench_until(bench, 10);
	request = revoke_attachment(bench, 2);
	request.bu.lifetime = 0;
	give(bench, &request);
	world_settle(&bench->world);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	give(bench, &request);
	world_settle(&bench->world);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 1);
	assert_int_equal(bench->lma.counters.revoked, 0);
	assert_agreed(bench);
}

/* RFC 5846 8.1: who came back was not meant. */
static void test_came_back(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = revoke_begin(state, &bench);

	revoke_come(bench, 2);
	lma_bench_until(bench, 10);
	refresh(bench, MH_HI_UNKNOWN);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 1);
	lma_bench_until(bench, WAIT_MS);
	assert_int_equal(bench->world.sent_count, 3);
	assert_granted(bench, 2, MAG2, HNP2);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_agreed(bench);
}

/* What is under way comes first. */
static void test_busy(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;
	struct in6_addr src = ip6(MAG1);
	struct mh_revocation bra = { .kind = MH_BR_ACK };

	revoke_begin(state, &bench);
	revoke_come(bench, 2);
	bra.sequence = revoke_bri(bench, 0)->sequence;
	lma_bench_until(bench, 10);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	give(bench, &request);
	revocations_on_ack(&bench->lma.revocations, &src, &bra,
			   bench->world.now, &bench->world.out);
	assert_int_equal(bench->world.sent_count, 1);
	/* A second one changes nothing. */
	revocations_on_ack(&bench->lma.revocations, &src, &bra,
			   bench->world.now, &bench->world.out);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 1);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 3);
	assert_granted(bench, 1, MAG1, HNP1);
	assert_granted(bench, 2, MAG2, HNP1);
	assert_agreed(bench);
}

/* That it is revoked could not be kept: it is not, and who waits waits on. */
static void test_failed(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = revoke_begin(state, &bench);

	revoke_come(bench, 2);
	lma_bench_until(bench, 10);
	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, 5);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_int_equal(bench->lma.counters.revoked, 0);
	assert_int_equal(bench->lma.counters.failed, 0);
	lma_bench_until(bench, WAIT_MS);
	assert_int_equal(bench->world.sent_count, 2);
	assert_granted(bench, 1, MAG2, HNP2);
	assert_agreed(bench);
}

/* Who waited has left: what was asked is still answered, but not asked again. */
static void test_nobody_waits(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = revoke_begin(state, &bench);
	struct lma_request request;

	revoke_come(bench, 2);
	lma_bench_until(bench, 10);
	request = revoke_attachment(bench, 2);
	request.bu.lifetime = 0;
	give(bench, &request);
	world_settle(&bench->world);
	lma_bench_until(bench, 1000);
	assert_int_equal(bench->world.sent_count, 1);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bce->now.state, BCE_DEREGISTERED);
	assert_int_equal(bce->now.lifetime, 0);
	assert_int_equal(bench->lma.counters.revoked, 1);
	assert_agreed(bench);
	/* RFC 5846 8.1: as de-registered, so it ends. */
	lma_bench_until(bench, 9999);
	assert_int_equal(bench->lma.bc.count, 1);
	lma_bench_until(bench, 1);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->world.sent_count, 1);
	assert_agreed(bench);
}

/* Its time is over while it is asked for. */
static void test_expired(void **state)
{
	struct lma_bench *bench;

	revoke_begin(state, &bench);
	lma_bench_until(bench, 298900);
	revoke_come(bench, 2);
	assert_int_equal(bench->world.sent_count, 1);
	lma_bench_until(bench, 200);
	assert_int_equal(bench->lma.counters.expired, 1);
	assert_int_equal(bench->lma.bc.count, 1);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 1);
	assert_agreed(bench);
}

/* An engine may end while it asks. */
static void test_free_while_asked(void **state)
{
	struct lma_bench *bench;

	revoke_begin(state, &bench);
	revoke_come(bench, 2);
	assert_int_equal(bench->lma.revocations.counters.sent, 1);
	assert_true(lma_next_timer(&bench->lma) ==
		    bench->world.now.mono_ms + 500);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_deregistered),
		TEST(test_deregistered_for_nobody),
		TEST(test_refreshed),
		TEST(test_came_back),
		TEST(test_busy),
		TEST(test_failed),
		TEST(test_nobody_waits),
		TEST(test_expired),
		TEST(test_free_while_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
