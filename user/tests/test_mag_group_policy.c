// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_policy.c, mag_group.c: policy that takes mobile nodes out of their
 * bulk groups, or lets them in, while they are there (RFC 6602 5.1.2)
 */
#include "../engine/mag_group_internal.h"
#include "common/mag_group.h"
#include "common/test.h"

/* Of the bench: so soon all have left that are to. */
#define WITHIN_MS 30000u

static void policy_says(struct mag_bench *bench, uint8_t last, bool alone,
			uint32_t lifetime_s)
{
	struct mag_profile profile = mn(bench, last)->profile;

	profile.alone = alone;
	profile.lifetime_s = lifetime_s;
	mag_on_profile(&bench->mag, mn(bench, last), &profile,
		       bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

static void answer_without_group(struct mag_bench *bench)
{
	struct mh_binding_ack ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);

	hand_and_settle(bench, &ba);
}

/* One asks for itself, in time, to be in none. */
static const struct mh_binding_update *until_alone(struct mag_bench *bench)
{
	uint64_t begun = bench->world.now.mono_ms;

	world_forget_messages(&bench->world);
	until_sent(bench);
	assert_int_equal(bench->world.sent_count, 1);
	assert_in_range(bench->world.now.mono_ms - begun, 0, WITHIN_MS + 1000);
	assert_true(last_pbu(bench)->options.has_mn_id);
	/* RULE: BULK-06 BULK-48 */
	assert_false(last_pbu(bench)->flags & MH_BU_BULK);
	/* RULE: BULK-06 BULK-48 */
	assert_int_equal(last_pbu(bench)->options.group_count, 0);
	return last_pbu(bench);
}

static void begin(struct mag_bench *bench, uint8_t count)
{
	join_all(bench, count);
	world_forget_messages(&bench->world);
}

static void test_leaves(void **state)
{
	struct mag_bench *bench = *state;
	const struct mh_binding_update *bu;
	struct mag_group *group;
	uint64_t asked_ms;

	begin(bench, 3);
	group = mn_group(bench, 1);
	mag_bench_until(bench, 1000);
	policy_says(bench, 2, true, 0);
	/* Not by itself: the anchor would go on to have it in there. */
	assert_ptr_equal(mn_group(bench, 2), group);
	bu = until_alone(bench);
	asked_ms = mn(bench, 2)->copies[0].sent_ms;
	assert_int_equal(bu->options.mn_id.data[2], '2');
	assert_int_equal(bu->options.handoff, MH_HI_NOT_CHANGED);
	answer_without_group(bench);
	/* RULE: BULK-48 */
	assert_null(mn_group(bench, 2));
	assert_int_equal(group->count, 2);
	assert_int_equal(bench->mag.groups.counters.left, 1);
	assert_int_equal(bench->mag.groups.counters.denied, 0);
	assert_true(bule_expires_ms(mn(bench, 2)) == asked_ms + 300000);
	assert_mag_agreed(bench);
	/* The others are renewed by one message, and it by its own, as it was. */
	until_bulk(bench);
	acknowledge_bulk(bench, MH_ACCEPTED);
	assert_int_equal(bench->mag.groups.counters.renewed, 2);
	until_sent(bench);
	assert_true(last_pbu(bench)->options.has_mn_id);
	assert_false(last_pbu(bench)->flags & MH_BU_BULK);
}

/* One that lives by a time of its own does so by itself. */
static void test_other_lifetime(void **state)
{
	struct mag_bench *bench = *state;

	begin(bench, 2);
	policy_says(bench, 1, false, 300);
	mag_bench_until(bench, WITHIN_MS);
	assert_int_equal(bench->world.sent_count, 0);
	policy_says(bench, 1, false, 120);
	assert_int_equal(until_alone(bench)->lifetime, 30);
	answer_without_group(bench);
	assert_null(mn_group(bench, 1));
	assert_non_null(mn_group(bench, 2));
	assert_mag_agreed(bench);
}

/* What is said again is no news, however often. */
static void test_unchanged(void **state)
{
	struct mag_bench *bench = *state;
	const struct timer *timer;
	unsigned int i;
	uint64_t due;

	bench->mag.config.bulk_member_interval_s = 100;
	begin(bench, 2);
	timer = &mn(bench, 1)->timers[BULE_TIMER_PBU].timer;
	due = timer->due;
	for (i = 0; i < 100; i++)
		policy_says(bench, 1, false, 0);
	assert_true(timer->due == due);
	policy_says(bench, 1, true, 0);
	assert_true(timer->due < due);
}

/* That need not be soon: it is when it would be renewed. */
static void test_joins(void **state)
{
	struct mag_bench *bench = *state;
	const struct mh_binding_update *bu;
	struct mh_binding_ack ba;

	bench->profile.alone = true;
	assert_false(come(bench, 1)->flags & MH_BU_BULK);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, "2001:db8:a:1::/64");
	hand_and_settle(bench, &ba);
	assert_null(mn_group(bench, 1));
	world_forget_messages(&bench->world);
	policy_says(bench, 1, false, 0);
	mag_bench_until(bench, WITHIN_MS);
	assert_int_equal(bench->world.sent_count, 0);
	until_sent(bench);
	bu = last_pbu(bench);
	/* RULE: BULK-15 */
	assert_true(bu->flags & MH_BU_BULK);
	ba = let_in(bu, 1, 75);
	hand_and_settle(bench, &ba);
	assert_non_null(mn_group(bench, 1));
	assert_mag_agreed(bench);
}

/* What asks to join asks for none with its next copy. */
static void test_while_it_asks(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba = let_in(come(bench, 1), 1, 75);

	policy_says(bench, 1, true, 0);
	until_sent(bench);
	assert_false(last_pbu(bench)->flags & MH_BU_BULK);
	/* What was asked for before is not to be answered any more. */
	hand_and_settle(bench, &ba);
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_UNASKED], 1);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, "2001:db8:a:1::/64");
	hand_and_settle(bench, &ba);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_null(mn_group(bench, 1));
	mag_bench_until(bench, 0);
	assert_null(bench->mag.groups.all);
	assert_mag_agreed(bench);
}

/* Or it is let in before: then it leaves. */
static void test_is_let_in(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba = let_in(come(bench, 1), 1, 75);

	policy_says(bench, 1, true, 0);
	hand_and_settle(bench, &ba);
	assert_non_null(mn_group(bench, 1));
	until_alone(bench);
	answer_without_group(bench);
	assert_null(mn_group(bench, 1));
	mag_bench_until(bench, 0);
	assert_mag_agreed(bench);
}

/* Not all at once. */
static void test_all_leave(void **state)
{
	struct mag_bench *bench = *state;
	uint64_t first = 0, begun;
	uint8_t last;

	begin(bench, GROUP_SIZE);
	begun = bench->world.now.mono_ms;
	for (last = 1; last <= GROUP_SIZE; last++)
		policy_says(bench, last, true, 0);
	assert_int_equal(bench->world.sent_count, 0);
	for (last = 1; last <= GROUP_SIZE; last++) {
		until_sent(bench);
		assert_true(last_pbu(bench)->options.has_mn_id);
		if (!first)
			first = bench->world.now.mono_ms;
		answer_without_group(bench);
	}
	assert_true(bench->world.now.mono_ms - begun <= WITHIN_MS + 1000);
	assert_true(bench->world.now.mono_ms - first > WITHIN_MS / 4);
	mag_bench_until(bench, 0);
	assert_null(bench->mag.groups.all);
	assert_int_equal(bench->world.set_count, 0);
	assert_mag_agreed(bench);
}

/* A change while it was not running counts as one while it was. */
static void test_after_restart(void **state)
{
	struct mag_bench *bench = *state;

	begin(bench, 2);
	mag_bench_restart(bench, true);
	policy_says(bench, 1, true, 0);
	read_back(bench);
	until_alone(bench);
	answer_without_group(bench);
	assert_null(mn_group(bench, 1));
	assert_non_null(mn_group(bench, 2));
	assert_mag_agreed(bench);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, mag_group_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_leaves),
		TEST(test_other_lifetime),
		TEST(test_unchanged),
		TEST(test_joins),
		TEST(test_while_it_asks),
		TEST(test_is_let_in),
		TEST(test_all_leave),
		TEST(test_after_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
