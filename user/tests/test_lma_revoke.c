// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_revoke.c: RFC 5846 8.1, while a PBU waits
 */
#include "common/lma_revoke.h"
#include "common/test.h"

#define STRANGER "2001:db8:66::1"

static void test_asked(void **state)
{
	struct lma_bench *bench;
	const struct mh_revocation *bri;
	struct mh_mn_id mn_id = nai("mn1@example.com");

	revoke_begin(state, &bench);
	revoke_come(bench, 2);
	assert_int_equal(bench->world.sent_count, 1);
	bri = revoke_bri(bench, 0);
	assert_ip6_equal(&bench->world.sent[0].src, LMAA);
	assert_ip6_equal(&bench->world.sent[0].dst, MAG1);
	/* RULE: B-LMA-86 BRI-14 */
	assert_int_equal(bri->trigger, MH_BR_HANDOVER_UNKNOWN);
	assert_int_equal(bri->flags, MH_BR_PROXY);
	assert_true(bri->options.has_mn_id);
	assert_true(mh_mn_id_equal(&bri->options.mn_id, &mn_id));
	assert_int_equal(bri->options.hnp_count, 1);
	assert_prefix_equal(&bri->options.hnp[0], HNP1);
	assert_false(bri->options.has_alt_coa);
	assert_non_null(world_reported(&bench->world, "pbu-delayed"));
	/* One question, however many wait, and however often they say so. */
	lma_bench_until(bench, 10);
	revoke_come(bench, 2);
	revoke_come(bench, 3);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->lma.revocations.counters.sent, 1);
}

/* It has left: who waits has the session, at once. */
static void assert_taken_over(void **state, uint8_t status)
{
	struct lma_bench *bench;
	struct bce *bce = revoke_begin(state, &bench);

	revoke_come(bench, 2);
	lma_bench_until(bench, 10);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);
	revoke_say(bench, 0, status);
	/* RULE: B-LMA-86 */
	assert_int_equal(bench->world.sent_count, 2);
	/* RULE: B-LMA-86 */
	assert_granted(bench, 1, MAG2, HNP1);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_int_equal(bench->lma.counters.revoked, 1);
	assert_int_equal(bench->lma.counters.handovers, 1);
	assert_int_equal(bench->lma.counters.delays_deregistered, 1);
	assert_int_equal(bench->lma.counters.deregistered, 0);
	assert_int_equal(bench->lma.revocations.counters.acks_received, 1);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 0);
	assert_non_null(world_reported(&bench->world, "binding-revoked"));
	assert_agreed(bench);
	/* And that was all. */
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(bench->lma.revocations.counters.unanswered, 0);
	assert_int_equal(bench->lma.counters.delays_timed_out, 0);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

static void test_has_left(void **state)
{
	assert_taken_over(state, MH_BR_SUCCESS);
}

/* RFC 5846 5.2: all below 128 is success. */
static void test_has_left_in_part(void **state)
{
	assert_taken_over(state, 1);
}

/* So it is with what it asks for meanwhile: a copy, and the first one. */
static void test_copy_takes_over(void **state)
{
	struct lma_bench *bench;

	revoke_begin(state, &bench);
	revoke_come(bench, 2);
	lma_bench_until(bench, 10);
	revoke_come(bench, 2);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bench->world.sent_count, 2);
	assert_granted(bench, 1, MAG2, HNP1);
	assert_agreed(bench);
}

/* Two wait: the first one has the session, the second one asks on. */
static void test_first_takes_over(void **state)
{
	struct lma_bench *bench;

	revoke_begin(state, &bench);
	revoke_come(bench, 2);
	lma_bench_until(bench, 10);
	revoke_come(bench, 3);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bench->world.sent_count, 2);
	assert_granted(bench, 1, MAG2, HNP1);
	lma_bench_until(bench, WAIT_MS);
	assert_int_equal(bench->world.sent_count, 3);
	assert_granted(bench, 2, MAG2, HNP2);
	assert_agreed(bench);
}

/* It is still there: who waits has a session of its own, at once. */
static void test_attached(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = revoke_begin(state, &bench);

	revoke_come(bench, 2);
	lma_bench_until(bench, 10);
	revoke_say(bench, 0, MH_BR_ATTACHED);
	/* RULE: B-LMA-86 */
	assert_int_equal(bench->world.sent_count, 2);
	/* RULE: B-LMA-86 */
	assert_granted(bench, 1, MAG2, HNP2);
	assert_int_equal(bench->lma.bc.count, 2);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_int_equal(bench->lma.revocations.counters.attached, 1);
	assert_int_equal(bench->lma.counters.delays_attached, 1);
	assert_int_equal(bench->lma.counters.revoked, 0);
	assert_non_null(world_reported(&bench->world, "still-attached"));
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(bench->lma.bc.count, 2);
	assert_agreed(bench);
}

/* Its gateway has heard of it since it was asked: then it has not left. */
static void test_confirmed(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = revoke_begin(state, &bench);
	struct lma_request request;

	revoke_come(bench, 2);
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	give(bench, &request);
	world_settle(&bench->world);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);
	lma_bench_until(bench, WAIT_MS);
	assert_granted(bench, 2, MAG2, HNP2);
	assert_agreed(bench);
}

/* It refuses: as if it had not been asked. */
static void test_refused(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = revoke_begin(state, &bench);

	revoke_come(bench, 2);
	revoke_say(bench, 0, MH_BR_NO_BINDING);
	assert_int_equal(world_reported(&bench->world, "bri-refused")->status,
			 MH_BR_NO_BINDING);
	/* Nor is it asked again by a copy of what waits. */
	lma_bench_until(bench, 1000);
	revoke_come(bench, 2);
	lma_bench_until(bench, WAIT_MS - 1000 - 1);
	/* RULE: B-LMA-86 */
	assert_int_equal(bench->world.sent_count, 1);
	lma_bench_until(bench, 1);
	assert_granted(bench, 1, MAG2, HNP2);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);
	assert_int_equal(bench->lma.revocations.counters.refused, 1);
	assert_int_equal(bench->lma.counters.delays_timed_out, 1);
	assert_agreed(bench);
}

/* No answer: asked once more, which fits into the wait. */
static void assert_asked_again(void **state, uint32_t wait_ms,
			       uint32_t first_ms, uint32_t end_ms)
{
	struct lma_bench *bench;
	uint64_t begun;

	revoke_begin(state, &bench);
	bench->lma.config.max_delay_before_new_bce_assign_ms = wait_ms;
	begun = bench->world.now.mono_ms;
	revoke_come(bench, 2);
	lma_bench_until(bench, first_ms - 1);
	assert_int_equal(bench->world.sent_count, 1);
	lma_bench_until(bench, 1);
	/* RULE: B-LMA-86 */
	assert_int_equal(bench->world.sent_count, 2);
	/* The same one. */
	assert_memory_equal(revoke_bri(bench, 1), revoke_bri(bench, 0),
			    sizeof(struct mh_revocation));
	assert_int_equal(bench->lma.revocations.counters.unanswered, 0);
	lma_bench_until(bench, end_ms - first_ms - 1);
	assert_int_equal(bench->lma.revocations.counters.unanswered, 0);
	lma_bench_until(bench, 1);
	assert_int_equal(bench->lma.revocations.counters.unanswered, 1);
	assert_int_equal(world_reported(&bench->world, "bri-unanswered")->level,
			 REPORT_WARNING);
	lma_bench_until(bench, begun + wait_ms - bench->world.now.mono_ms);
	assert_int_equal(bench->world.sent_count, 3);
	/* RULE: B-LMA-86 */
	assert_granted(bench, 2, MAG2, HNP2);
	assert_int_equal(bench->lma.revocations.counters.sent, 2);
	assert_int_equal(bench->lma.revocations.counters.retransmitted, 1);
	assert_int_equal(bench->lma.counters.delays_timed_out, 1);
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->world.sent_count, 3);
	assert_agreed(bench);
}

static void test_unanswered(void **state)
{
	assert_asked_again(state, WAIT_MS, 500, 1500);
}

static void test_unanswered_long_wait(void **state)
{
	assert_asked_again(state, 2400, 800, 2400);
}

static void test_unanswered_longer_wait(void **state)
{
	assert_asked_again(state, 60000, 1000, 3000);
}

/* Shorter than RFC 5846 allows for copies: it is not asked for nobody. */
static void assert_short_wait(void **state, uint32_t wait_ms, size_t copies)
{
	struct lma_bench *bench;

	revoke_begin(state, &bench);
	bench->lma.config.max_delay_before_new_bce_assign_ms = wait_ms;
	revoke_come(bench, 2);
	lma_bench_until(bench, wait_ms - 1);
	assert_int_equal(bench->world.sent_count, copies);
	lma_bench_until(bench, 1);
	assert_granted(bench, copies, MAG2, HNP2);
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->world.sent_count, copies + 1);
	assert_int_equal(bench->lma.revocations.counters.sent, copies);
	assert_agreed(bench);
}

static void test_short_wait(void **state)
{
	assert_short_wait(state, 501, 2);
}

static void test_shorter_wait(void **state)
{
	assert_short_wait(state, 499, 1);
}

/* The answer to the copy is the answer. */
static void test_copy_answered(void **state)
{
	struct lma_bench *bench;

	revoke_begin(state, &bench);
	revoke_come(bench, 2);
	lma_bench_until(bench, 600);
	revoke_say(bench, 1, MH_BR_SUCCESS);
	assert_int_equal(bench->world.sent_count, 3);
	assert_granted(bench, 2, MAG2, HNP1);
	/* Nor is it another one. */
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 1);
	assert_agreed(bench);
}

static void test_ignored(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = revoke_begin(state, &bench);
	uint16_t sequence;

	revoke_say_of(bench, MAG1, "mn1@example.com", 0, MH_BR_SUCCESS);
	revoke_come(bench, 2);
	sequence = revoke_bri(bench, 0)->sequence;
	/* None of these is an answer to it. */
	revoke_say_of(bench, MAG2, "mn1@example.com", sequence, MH_BR_SUCCESS);
	revoke_say_of(bench, STRANGER, NULL, sequence, MH_BR_ATTACHED);
	revoke_say_of(bench, MAG1, NULL, sequence + 1, MH_BR_SUCCESS);
	revoke_say_of(bench, MAG1, "mn2@example.com", sequence, MH_BR_SUCCESS);
	assert_non_null(world_reported(&bench->world, "bra-ignored"));
	/* RULE: B-LMA-86 */
	assert_int_equal(bench->world.sent_count, 1);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 5);
	revoke_say_of(bench, MAG1, "mn1@example.com", sequence, MH_BR_SUCCESS);
	assert_granted(bench, 1, MAG2, HNP1);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 5);
}

/* Each question has a number of its own, round the end of them. */
static void test_sequence(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;
	uint16_t first;
	unsigned int i;

	revoke_begin(state, &bench);
	bench->lma.revocations.sequence = 0xffff;
	revoke_come(bench, 2);
	first = revoke_bri(bench, 0)->sequence;
	assert_int_equal(first, 0xffff);
	/* Another mobile node: so many questions later that it would be it. */
	bench->lma.revocations.sequence = first;
	for (i = 1; i <= 2; i++) {
		request = pbu(bench, NULL, MH_HI_UNKNOWN);
		request.bu.options.mn_id = nai("mn2@example.com");
		if (i == 2) {
			request.src = ip6(MAG2);
			request.bu.options.ll_id = ll_id6(2);
		}
		give(bench, &request);
		world_settle(&bench->world);
		world_pass(&bench->world, 10);
	}
	assert_int_equal(bench->world.sent_count, 3);
	/* RULE: B-LMA-86 */
	assert_int_equal(revoke_bri(bench, 2)->sequence, 0);
}

/* RFC 5846 8.1: the address that its updates come from, if it is another. */
static void test_alternate(void **state)
{
	struct lma_bench *bench = *state;
	const struct mh_revocation *bri;
	struct lma_request request;
	struct in6_addr coa = ip6("2001:db8:1::77");

	bench->lma.config.revocation = true;
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.has_alt_coa = true;
	request.bu.options.alt_coa = coa;
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 10);
	world_forget_messages(&bench->world);
	revoke_come(bench, 2);
	bri = revoke_bri(bench, 0);
	assert_ip6_equal(&bench->world.sent[0].dst, MAG1);
	assert_true(bri->options.has_alt_coa);
	assert_memory_equal(&bri->options.alt_coa, &coa, sizeof(coa));
	revoke_say_of(bench, "2001:db8:1::77", NULL, bri->sequence, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 1);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_granted(bench, 1, MAG2, HNP1);
}

/* RFC 5846 6.2: it gets no more of what it does not understand. */
static void test_not_understood(void **state)
{
	struct lma_bench *bench;
	struct in6_addr mag = ip6(MAG1);

	revoke_begin(state, &bench);
	assert_false(binding_error(bench, MAG1, MH_BE_UNKNOWN_TYPE));
	revoke_come(bench, 2);
	assert_int_equal(bench->world.sent_count, 1);
	assert_false(binding_error(bench, MAG1, 1));
	assert_false(binding_error(bench, MAG2, MH_BE_UNKNOWN_TYPE));
	assert_true(binding_error(bench, MAG1, MH_BE_UNKNOWN_TYPE));
	assert_false(binding_error(bench, MAG1, MH_BE_UNKNOWN_TYPE));
	assert_non_null(world_reported(&bench->world, "bri-not-understood"));
	lma_bench_until(bench, WAIT_MS - 1);
	assert_int_equal(bench->world.sent_count, 1);
	lma_bench_until(bench, 1);
	/* RULE: B-LMA-86 */
	assert_granted(bench, 1, MAG2, HNP2);
	assert_int_equal(bench->lma.revocations.counters.unanswered, 0);

	/* Until the operator says that it has learnt. */
	assert_true(peers_find(&bench->lma.peers, &mag)->no_revocations);
	peers_reset(&bench->lma.peers, peers_find(&bench->lma.peers, &mag),
		    bench->world.now, &bench->world.out);
	assert_false(peers_find(&bench->lma.peers, &mag)->no_revocations);
}

/* It has said that it does not understand, or the operator so wills. */
static void assert_not_asked(struct lma_bench *bench)
{
	revoke_come(bench, 2);
	lma_bench_until(bench, WAIT_MS - 1);
	/* RULE: B-LMA-86 */
	assert_int_equal(bench->world.sent_count, 0);
	lma_bench_until(bench, 1);
	assert_granted(bench, 0, MAG2, HNP2);
	assert_int_equal(bench->lma.revocations.counters.sent, 0);
	assert_agreed(bench);
}

static void test_not_asked(void **state)
{
	struct lma_bench *bench;
	struct in6_addr mag = ip6(MAG1);

	revoke_begin(state, &bench);
	peers_find(&bench->lma.peers, &mag)->no_revocations = true;
	assert_not_asked(bench);
}

static void test_switched_off(void **state)
{
	struct lma_bench *bench;

	revoke_begin(state, &bench);
	bench->lma.config.revocation = false;
	assert_not_asked(bench);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_asked),
		TEST(test_has_left),
		TEST(test_has_left_in_part),
		TEST(test_copy_takes_over),
		TEST(test_first_takes_over),
		TEST(test_attached),
		TEST(test_confirmed),
		TEST(test_refused),
		TEST(test_unanswered),
		TEST(test_unanswered_long_wait),
		TEST(test_unanswered_longer_wait),
		TEST(test_short_wait),
		TEST(test_shorter_wait),
		TEST(test_copy_answered),
		TEST(test_ignored),
		TEST(test_sequence),
		TEST(test_alternate),
		TEST(test_not_understood),
		TEST(test_not_asked),
		TEST(test_switched_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
