// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_bulk.c, mag_bulk_answer.c: several groups of an anchor that one
 * message renews, where its operator says so
 */
#include "../engine/mag_group_internal.h"
#include "common/mag_group.h"
#include "common/test.h"

/* Mobile nodes of a group, and groups of a message. */
#define SIZE 2
#define MOST 4

#define LIFETIME_MS 300000u

static int setup(void **state)
{
	struct mag_bench *bench;
	int error = mag_group_setup(state);

	if (error)
		return error;
	bench = *state;
	bench->mag.config.bulk_group_size = SIZE;
	bench->mag.config.bulk_groups = MOST;
	return 0;
}

static struct mag_group *group_at(struct mag_bench *bench, uint8_t n)
{
	return mn_group(bench, (uint8_t)(n * SIZE));
}

/* Numbered from 1 on, as group_at() does. */
static void begin_groups(struct mag_bench *bench, uint8_t count)
{
	uint8_t n;

	join_all(bench, (uint8_t)(count * SIZE));
	for (n = 2; n <= count; n++)
		assert_ptr_not_equal(group_at(bench, n),
				     group_at(bench, (uint8_t)(n - 1)));
	world_forget_messages(&bench->world);
}

static bool is_named(const struct mh_binding_update *bu,
		     const struct mag_group *group)
{
	unsigned int i, found = 0;

	for (i = 0; i < bu->options.group_count; i++)
		found += bu->options.group[i] == group->id;
	assert_true(found < 2);
	return found;
}

/* The last messages that were sent, each for one of these groups alone. */
static void assert_asked_alone(struct mag_bench *bench, uint8_t first,
			       uint8_t last)
{
	size_t at = bench->world.sent_count;
	unsigned int found = 0;
	uint8_t n, left;

	assert_true(at > (unsigned int)(last - first));
	for (left = first; left <= last; left++) {
		const struct mh_binding_update *bu =
			&bench->world.sent[--at].message->bu;

		assert_true(is_bulk(bu));
		assert_int_equal(bu->options.group_count, 1);
		for (n = first; n <= last; n++)
			found |= is_named(bu, group_at(bench, n)) ? 1u << n : 0;
	}
	for (n = first; n <= last; n++)
		assert_true(found & 1u << n);
}

/* Answers what was sent, the last one first, for a group alone. */
static void answer_alone(struct mag_bench *bench, uint8_t n, uint8_t status)
{
	size_t at = bench->world.sent_count;
	struct mh_binding_ack ba;

	while (at--) {
		const struct mh_binding_update *bu =
			&bench->world.sent[at].message->bu;

		if (bu->options.group_count != 1 ||
		    !is_named(bu, group_at(bench, n)))
			continue;
		ba = renewal(bu, status);
		hand_and_settle(bench, &ba);
		return;
	}
	fail_msg("group %u was not asked for alone", n);
}

static void test_together(void **state)
{
	struct mag_bench *bench = *state;
	const struct mag_group_counters *counters = &bench->mag.groups.counters;
	const struct mh_binding_update *bu;
	struct mh_binding_ack ba;
	uint64_t sent;
	uint8_t n;

	begin_groups(bench, 3);
	bu = until_bulk(bench);
	sent = group_at(bench, 1)->copies[0].sent_ms;
	/* RULE: BULK-08 */
	assert_int_equal(bu->options.group_count, 3);
	assert_false(bu->flags & MH_BU_BULK);
	assert_false(bu->options.has_mn_id);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(counters->sent, 1);
	assert_int_equal(counters->named, 3);
	for (n = 1; n <= 3; n++) {
		/* RULE: BULK-08 */
		assert_true(is_named(bu, group_at(bench, n)));
		assert_true(group_at(bench, n)->waits);
	}
	ba = renewal(bu, MH_ACCEPTED);
	hand_and_settle(bench, &ba);
	for (n = 1; n <= 3; n++) {
		assert_false(group_at(bench, n)->waits);
		/* RULE: BULK-21 */
		assert_true(group_at(bench, n)->expires_ms ==
			    sent + LIFETIME_MS);
	}
	assert_int_equal(counters->accepted, 1);
	assert_int_equal(bench->mag.counters.pba_accepted, 3 * SIZE + 1);
	assert_int_equal(counters->renewed, 3 * SIZE);
	assert_mag_agreed(bench);
	/* And so on, with nothing besides. */
	world_forget_messages(&bench->world);
	assert_int_equal(until_bulk(bench)->options.group_count, 3);
	assert_int_equal(bench->world.sent_count, 1);
}

/* RFC 6602 4.3: unless they say otherwise. */
static void test_each_by_itself(void **state)
{
	struct mag_bench *bench = *state;
	uint8_t n;

	bench->mag.config.bulk_groups = 1;
	begin_groups(bench, 3);
	mag_bench_until(bench, LIFETIME_MS * 60 / 100);
	for (n = 0; n < 3; n++) {
		assert_int_equal(until_bulk(bench)->options.group_count, 1);
		acknowledge_bulk(bench, MH_ACCEPTED);
	}
	assert_int_equal(bench->mag.groups.counters.named, 3);
	assert_int_equal(bench->mag.groups.counters.sent, 3);
}

static void test_limit(void **state)
{
	struct mag_bench *bench = *state;
	unsigned int named;

	begin_groups(bench, MOST + 1);
	named = until_bulk(bench)->options.group_count;
	assert_int_equal(named, MOST);
	acknowledge_bulk(bench, MH_ACCEPTED);
	assert_int_equal(until_bulk(bench)->options.group_count, 1);
	acknowledge_bulk(bench, MH_ACCEPTED);
	assert_int_equal(bench->mag.groups.counters.renewed,
			 (MOST + 1) * SIZE);
}

/* What has most of its lifetime left is not asked for because others are. */
static void test_not_due(void **state)
{
	struct mag_bench *bench = *state;
	const struct mh_binding_update *bu;

	join_all(bench, SIZE);
	mag_bench_until(bench, 100000);
	come_in(bench, SIZE + 1);
	come_in(bench, 2 * SIZE);
	bu = until_bulk(bench);
	assert_int_equal(bu->options.group_count, 1);
	assert_true(is_named(bu, group_at(bench, 1)));
	assert_false(group_at(bench, 2)->waits);
}

static void test_of_another_anchor(void **state)
{
	struct in6_addr other = ip6("2001:db8:2::2");
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	join_all(bench, SIZE);
	bench->profile.lma = other;
	ba = let_in(come(bench, 2 * SIZE), 2 * SIZE, 75);
	mag_on_pba(&bench->mag, &other, &ba, bench->world.now,
		   &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(group_at(bench, 2)->count, 1);
	/* RULE: BULK-16 */
	assert_int_equal(until_bulk(bench)->options.group_count, 1);
}

/* One that looks at the first only: the others have a message of their own. */
static void test_answered_in_part(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	uint64_t until;
	uint8_t n, alone = 0;

	begin_groups(bench, 3);
	ba = renewal(until_bulk(bench), MH_ACCEPTED);
	until = bench->world.now.mono_ms + BULK_RETRY_S * 1000;
	ba.options.group_count = 1;
	ba.options.group[0] = group_at(bench, 1)->id;
	hand_and_settle(bench, &ba);
	/* RULE: BULK-09 BULK-21 */
	assert_false(group_at(bench, 1)->waits);
	assert_true(group_at(bench, 2)->waits);
	assert_true(group_at(bench, 3)->waits);
	assert_asked_alone(bench, 2, 3);
	assert_int_equal(bench->mag.groups.counters.apart, 2);
	assert_non_null(world_reported(&bench->world, "group-apart"));
	/* Once more the same says nothing new. */
	world_forget_messages(&bench->world);
	hand_and_settle(bench, &ba);
	assert_int_equal(bench->world.sent_count, 0);
	mag_bench_until(bench, 1000);
	assert_asked_alone(bench, 2, 3);
	answer_alone(bench, 2, MH_ACCEPTED);
	answer_alone(bench, 3, MH_ACCEPTED);
	for (n = 1; n <= 3; n++)
		assert_false(group_at(bench, n)->waits);
	assert_mag_agreed(bench);
	/* For a while each of them has: two renewals of three. */
	while (alone < 6) {
		assert_int_equal(until_bulk(bench)->options.group_count, 1);
		acknowledge_bulk(bench, MH_ACCEPTED);
		alone++;
		assert_true(bench->world.now.mono_ms < until);
	}
	while (bench->world.now.mono_ms < until + LIFETIME_MS) {
		n = until_bulk(bench)->options.group_count;
		acknowledge_bulk(bench, MH_ACCEPTED);
		if (n == 3)
			return;
	}
	fail_msg("they are not renewed together again");
}

/* Which one it does not know is for it to say: the others live on. */
static void test_one_is_unknown(void **state)
{
	struct mag_bench *bench = *state;
	uint8_t n;

	begin_groups(bench, 3);
	until_bulk(bench);
	acknowledge_bulk(bench, MH_INVALID_MN_GROUP_IDENTIFIER);
	for (n = 1; n <= 3; n++)
		assert_false(group_at(bench, n)->ending);
	assert_int_equal(bench->mag.groups.counters.forgotten, 0);
	assert_int_equal(bench->mag.groups.counters.refused, 1);
	assert_non_null(world_reported(&bench->world, "group-refused"));
	assert_asked_alone(bench, 1, 3);
	answer_alone(bench, 1, MH_ACCEPTED);
	answer_alone(bench, 2, MH_INVALID_MN_GROUP_IDENTIFIER);
	answer_alone(bench, 3, MH_ACCEPTED);
	/* RULE: BULK-35 */
	assert_false(group_at(bench, 1)->ending);
	/* RULE: BULK-35 */
	assert_true(group_at(bench, 2)->ending);
	assert_false(group_at(bench, 3)->ending);
	assert_int_equal(bench->mag.groups.counters.forgotten, 1);
	assert_int_equal(bench->mag.groups.counters.fell_back, 0);
}

/* An anchor that takes it for something else names nobody. */
static void test_not_understood(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	begin_groups(bench, 2);
	ba = renewal(until_bulk(bench), MH_MISSING_MN_ID_OPTION);
	ba.options.group_count = 0;
	hand_and_settle(bench, &ba);
	assert_int_equal(bench->mag.groups.counters.fell_back, 0);
	assert_asked_alone(bench, 1, 2);
	answer_alone(bench, 1, MH_ACCEPTED);
	assert_false(group_at(bench, 1)->ending);
	assert_true(group_at(bench, 2)->waits);
}

/* A copy is for the same ones, and whichever is answered counts. */
static void test_copies(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	uint64_t sent;
	uint8_t n;

	begin_groups(bench, 3);
	ba = renewal(until_bulk(bench), MH_ACCEPTED);
	sent = group_at(bench, 1)->copies[0].sent_ms;
	mag_bench_until(bench, 1000);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(last_pbu(bench)->options.group_count, 3);
	assert_int_not_equal(last_pbu(bench)->sequence, ba.sequence);
	assert_int_equal(bench->mag.groups.counters.retransmitted, 1);
	hand_and_settle(bench, &ba);
	for (n = 1; n <= 3; n++)
		assert_true(group_at(bench, n)->expires_ms ==
			    sent + LIFETIME_MS);
}

/* One that does not answer to several may answer to each. */
static void test_unanswered(void **state)
{
	struct mag_bench *bench = *state;

	begin_groups(bench, 2);
	until_bulk(bench);
	mag_bench_until(bench, 1000);
	assert_int_equal(last_pbu(bench)->options.group_count, 2);
	mag_bench_until(bench, 2000);
	assert_int_equal(bench->world.sent_count, 4);
	assert_asked_alone(bench, 1, 2);
	answer_alone(bench, 1, MH_ACCEPTED);
	answer_alone(bench, 2, MH_ACCEPTED);
	assert_false(group_at(bench, 1)->waits);
	assert_mag_agreed(bench);
	/* So it is asked for each at once. */
	world_forget_messages(&bench->world);
	assert_int_equal(until_bulk(bench)->options.group_count, 1);
	acknowledge_bulk(bench, MH_ACCEPTED);
	assert_int_equal(until_bulk(bench)->options.group_count, 1);
}

static void test_never_answered(void **state)
{
	struct mag_bench *bench = *state;

	begin_groups(bench, 2);
	until_bulk(bench);
	mag_bench_until(bench, LIFETIME_MS * 40 / 100);
	/* RULE: BULK-22 */
	assert_int_equal(bench->mag.groups.counters.fell_back, 2);
	assert_true(pbus_sent(bench, false) > 0);
}

/* What was refused with the first copy is asked for alone by now. */
static void test_refused_late(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	begin_groups(bench, 2);
	ba = renewal(until_bulk(bench), MH_REASON_UNSPECIFIED);
	mag_bench_until(bench, 3000);
	assert_asked_alone(bench, 1, 2);
	world_forget_messages(&bench->world);
	hand_and_settle(bench, &ba);
	assert_int_equal(bench->world.sent_count, 0);
	assert_true(group_at(bench, 1)->waits);
	assert_int_equal(bench->mag.groups.counters.apart, 0);
}

static void test_one_goes_meanwhile(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	uint8_t last;

	begin_groups(bench, 2);
	ba = renewal(until_bulk(bench), MH_ACCEPTED);
	for (last = 1; last <= SIZE; last++)
		leave_for_good(bench, last);
	hand_and_settle(bench, &ba);
	assert_int_equal(bench->mag.groups.counters.renewed, SIZE);
	assert_false(group_at(bench, 2)->waits);
	assert_mag_agreed(bench);
}

/* Each group counts for itself: no number would be the next of several. */
static void test_sequence(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.timestamp_based = false;
	begin_groups(bench, 2);
	assert_int_equal(until_bulk(bench)->options.group_count, 1);
}

static void test_all_are_commanded(void **state)
{
	struct mag_bench *bench = *state;
	struct now now;

	join_all(bench, SIZE);
	mag_bench_until(bench, 100000);
	come_in(bench, SIZE + 1);
	come_in(bench, 2 * SIZE);
	come_in(bench, 3 * SIZE);
	now = bench->world.now;
	assert_null(mag_group_renew(&bench->mag, group_at(bench, 3), now,
				    &bench->world.out));
	world_settle(&bench->world);
	world_forget_messages(&bench->world);
	/* RULE: BULK-20 */
	mag_groups_renew(&bench->mag, now, &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(last_pbu(bench)->options.group_count, 2);
	assert_false(is_named(last_pbu(bench), group_at(bench, 3)));
	acknowledge_bulk(bench, MH_ACCEPTED);
	assert_true(group_at(bench, 1)->renewed_ms == now.mono_ms);
	assert_true(group_at(bench, 2)->renewed_ms == now.mono_ms);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, setup, mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_together),
		TEST(test_each_by_itself),
		TEST(test_limit),
		TEST(test_not_due),
		TEST(test_of_another_anchor),
		TEST(test_answered_in_part),
		TEST(test_one_is_unknown),
		TEST(test_not_understood),
		TEST(test_copies),
		TEST(test_unanswered),
		TEST(test_never_answered),
		TEST(test_refused_late),
		TEST(test_one_goes_meanwhile),
		TEST(test_sequence),
		TEST(test_all_are_commanded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
