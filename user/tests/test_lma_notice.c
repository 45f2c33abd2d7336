// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_notice.c: Update Notifications, as RFC 7077 5 wants them
 */
#include "common/lma_bench.h"
#include "common/test.h"

static void renumber(struct lma_bench *bench, struct bce *bce)
{
	struct lma_policy policy = pbu(bench, NULL, MH_HI_UNKNOWN).policy;
	struct mh_prefix hnp = prefix6(OWN1);

	world_forget_messages(&bench->world);
	assert_null(lma_renumber(&bench->lma, bce, &policy, &hnp, 1,
				 bench->world.now, &bench->world.out));
	world_settle(&bench->world);
}

static const struct mh_update_notification *copy(const struct lma_bench *bench,
						 size_t at)
{
	assert_true(at < bench->world.sent_count);
	assert_int_equal(bench->world.sent[at].message->type,
			 MH_UPDATE_NOTIFICATION);
	return &bench->world.sent[at].message->upn;
}

static void answer_as(struct lma_bench *bench, const char *from,
		      const char *mn, uint16_t sequence, uint8_t status)
{
	struct in6_addr src = ip6(from);
	struct mh_update_ack upa = {
		.sequence = sequence,
		.status = status,
		.options = { .has_mn_id = mn },
	};

	if (mn)
		upa.options.mn_id = nai(mn);
	lma_on_upa(&bench->lma, &src, &upa, &bench->world.out);
	world_settle(&bench->world);
}

static void test_retransmitted(void **state)
{
	struct lma_bench *bench = *state;
	const struct mh_update_notification *first, *second;

	bench->lma.config.max_update_notification_retransmit_count = 2;
	bench->lma.config.min_delay_between_update_notification_replay_ms = 700;
	renumber(bench, register_mn1(bench));
	assert_int_equal(bench->world.sent_count, 1);
	lma_bench_until(bench, 699);
	assert_int_equal(bench->world.sent_count, 1);
	lma_bench_until(bench, 1);
	assert_int_equal(bench->world.sent_count, 2);
	lma_bench_until(bench, 700);
	assert_int_equal(bench->world.sent_count, 3);
	first = copy(bench, 0);
	assert_int_equal(first->flags, MH_UPN_ACK);
	second = copy(bench, 2);
	assert_int_equal(second->flags, MH_UPN_ACK | MH_UPN_RETRANSMITTED);
	assert_int_equal(second->sequence, first->sequence);
	assert_int_equal(second->reason, first->reason);
	assert_options_equal(&second->options, &first->options);
	assert_null(world_reported(&bench->world, "upn-unanswered"));

	lma_bench_until(bench, 60000);
	assert_int_equal(bench->world.sent_count, 3);
	assert_int_equal(world_reported(&bench->world, "upn-unanswered")->level,
			 REPORT_WARNING);
	assert_int_equal(bench->lma.counters.upn_sent, 3);
	assert_int_equal(bench->lma.counters.upn_retransmitted, 2);
	assert_int_equal(bench->lma.counters.upn_unanswered, 1);
}

static void test_acknowledged(void **state)
{
	struct lma_bench *bench = *state;
	uint16_t sequence;

	renumber(bench, register_mn1(bench));
	sequence = copy(bench, 0)->sequence;
	/* None of these is an answer to it. */
	answer_as(bench, MAG2, "mn1@example.com", sequence, 0);
	answer_as(bench, MAG1, "mn2@example.com", sequence, 0);
	answer_as(bench, MAG1, "mn1@example.com", sequence + 1, 0);
	answer_as(bench, MAG1, NULL, sequence, 0);
	assert_int_equal(bench->lma.counters.upa_ignored, 4);
	lma_bench_until(bench, 1000);
	assert_int_equal(bench->world.sent_count, 2);
	answer_as(bench, MAG1, "mn1@example.com", sequence, 0);
	assert_int_equal(bench->lma.counters.upa_ignored, 4);
	lma_bench_until(bench, 60000);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(bench->lma.counters.upn_unanswered, 0);
	assert_null(world_reported(&bench->world, "upn-refused"));
	/* It was answered already. */
	answer_as(bench, MAG1, "mn1@example.com", sequence, 0);
	assert_int_equal(bench->lma.counters.upa_ignored, 5);
}

/* RFC 7077 5.1: each message has the number after that of the one before. */
static void test_sequence(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	uint16_t sequence;

	bench->lma.upn_sequence = 0xffff;
	renumber(bench, bce);
	sequence = copy(bench, 0)->sequence;
	assert_int_equal(sequence, 0xffff);
	/* Another message, not a copy of that. */
	renumber(bench, bce);
	assert_int_equal(copy(bench, 0)->sequence, 0);
	assert_int_equal(copy(bench, 0)->flags, MH_UPN_ACK);
	/* What answers the one before ends nothing. */
	answer_as(bench, MAG1, "mn1@example.com", sequence, 0);
	lma_bench_until(bench, 1000);
	assert_int_equal(copy(bench, 1)->sequence, 0);
}

static void test_refused(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	const struct report *report;

	renumber(bench, bce);
	answer_as(bench, MAG1, "mn1@example.com", copy(bench, 0)->sequence,
		  MH_UPA_MN_NOT_ATTACHED);
	report = world_reported(&bench->world, "upn-refused");
	assert_non_null(report);
	assert_int_equal(report->level, REPORT_WARNING);
	assert_int_equal(report->status, MH_UPA_MN_NOT_ATTACHED);
	assert_int_equal(bench->lma.counters.upn_refused, 1);
	lma_bench_until(bench, 60000);
	assert_int_equal(bench->world.sent_count, 1);
	/* They come with its next update all the same. */
	assert_int_equal(bce->pending.count, 1);
}

/* RFC 7077 5.2: it gets no more of what it does not understand. */
static void test_not_understood(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct in6_addr mag = ip6(MAG1);

	assert_false(binding_error(bench, MAG1, MH_BE_UNKNOWN_TYPE));
	renumber(bench, bce);
	assert_false(binding_error(bench, MAG1, 1));
	assert_false(binding_error(bench, MAG2, MH_BE_UNKNOWN_TYPE));
	assert_true(binding_error(bench, MAG1, MH_BE_UNKNOWN_TYPE));
	assert_non_null(world_reported(&bench->world, "upn-not-understood"));
	lma_bench_until(bench, 60000);
	assert_int_equal(bench->world.sent_count, 1);
	renumber(bench, bce);
	assert_int_equal(bench->world.sent_count, 0);
	assert_int_equal(bce->pending.count, 1);
	/* Until the operator says that it has learnt. */
	peers_reset(&bench->lma.peers, peers_find(&bench->lma.peers, &mag),
		    bench->world.now, &bench->world.out);
	renumber(bench, bce);
	assert_int_equal(copy(bench, 0)->flags, MH_UPN_ACK);
}

/* What is gone is not told again. */
static void test_session_ends(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	bench->lma.config.max_update_notification_retransmit_count = 5;
	renumber(bench, register_mn1(bench));
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	world_forget_messages(&bench->world);
	lma_bench_until(bench, 60000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->world.sent_count, 0);
	assert_int_equal(bench->lma.counters.upn_unanswered, 0);
	assert_true(lma_next_timer(&bench->lma) == NEVER);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_retransmitted),
		TEST(test_acknowledged),
		TEST(test_sequence),
		TEST(test_refused),
		TEST(test_not_understood),
		TEST(test_session_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
