// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_membership.c, mag_bulk.c: groups in which an anchor may have
 * somebody who is not there
 */
#include "../engine/mag_internal.h"
#include "common/mag_group.h"
#include "common/test.h"

static void go(struct mag_bench *bench, uint8_t last)
{
	mag_on_detach(&bench->mag, mn(bench, last), false, "test",
		      bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(last_pbu(bench)->lifetime, 0);
}

/*
 * Its anchor may not know that it has left, and would go on to renew it with its
 * group: so that has to end, and the others are in another one by then.
 */
static void test_leaves_unheard(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group;
	struct mh_binding_ack ba;
	unsigned int asked = 0;
	uint8_t last;

	bench->mag.config.bulk_member_interval_s = 400;
	group = join_all(bench, 3);
	go(bench, 1);
	mag_bench_until(bench, 2000);
	assert_false(group->retired);
	mag_bench_until(bench, 10000);
	assert_null(mn(bench, 1));
	assert_true(group->retired);
	assert_false(group->ending);
	assert_mag_agreed(bench);
	while (asked < 2) {
		until_sent(bench);
		if (is_bulk(last_pbu(bench))) {
			acknowledge_bulk(bench, MH_ACCEPTED);
			continue;
		}
		asked++;
		assert_true(last_pbu(bench)->flags & MH_BU_BULK);
		assert_int_not_equal(last_pbu(bench)->options.group[0],
				     group->id);
		last = (uint8_t)(last_pbu(bench)->options.mn_id.data[2] - '0');
		ba = let_in(last_pbu(bench), last, 75);
		ba.options.hnp[0] = mn(bench, last)->hnp[0];
		hand_and_settle(bench, &ba);
	}
	mag_bench_until(bench, 0);
	assert_int_equal(HASH_CNT(by_id, bench->mag.groups.all), 1);
	assert_int_equal(mn_group(bench, 2)->count, 2);
	assert_int_equal(bench->mag.groups.counters.retired, 1);
	assert_mag_agreed(bench);
}

/* Where nobody asks for itself now and then, all do, within a lifetime. */
static void test_leaves_unheard_for_good(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);

	go(bench, 1);
	mag_bench_until(bench, 12000);
	assert_true(group->retired);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 300000);
	assert_true(pbus_sent(bench, false) >= 2);
}

/* One that is old is left, too: who knows whom its anchor has in it. */
static void test_old_group(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group;
	unsigned int renewed;

	bench->mag.config.bulk_member_interval_s = 500;
	group = join_all(bench, 2);
	for (renewed = 0; renewed < 3; renewed++) {
		assert_int_equal(group->retired, renewed > 2);
		until_bulk(bench);
		acknowledge_bulk(bench, MH_ACCEPTED);
	}
	assert_true(group->retired);
	assert_false(group->ending);
}

/* So it is if its end is refused; not if it is another gateway's by now. */
static void test_end_is_refused(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 4);
	struct mh_binding_ack ba;

	go(bench, 1);
	acknowledge(bench, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	go(bench, 2);
	acknowledge(bench, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_false(group->retired);
	go(bench, 3);
	ba = pba_to(last_pbu(bench), MH_TIMESTAMP_MISMATCH, NULL);
	hand_and_settle(bench, &ba);
	assert_true(group->retired);
}

/* Or if it is not served any more; not if it is served elsewhere. */
static void test_service_is_refused(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);

	mag_set_timer(&bench->mag, mn(bench, 1), BULE_TIMER_PBU,
		      bench->world.now.mono_ms);
	mag_bench_until(bench, 0);
	acknowledge(bench, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_null(mn(bench, 1));
	assert_false(group->retired);
	mag_set_timer(&bench->mag, mn(bench, 2), BULE_TIMER_PBU,
		      bench->world.now.mono_ms);
	mag_bench_until(bench, 0);
	acknowledge(bench, MH_PROXY_REG_NOT_ENABLED);
	assert_int_equal(mn(bench, 2)->state, BULE_REFUSED);
	assert_true(group->retired);
}

/*
 * A copy that came late has made somebody a member there who is none: he would be
 * renewed for ever. That of a message, or of one who is, makes nobody one.
 */
static void test_stray_answers(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 2);
	struct mh_binding_ack good = let_in(come(bench, 3), 3, 75), ba;
	struct in6_addr other = ip6("2001:db8:2::2");

	hand_and_settle(bench, &good);
	hand_and_settle(bench, &good);
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_UNASKED], 1);
	ba = good;
	ba.options.mn_id = nai("mn9@example.com");
	mag_on_pba(&bench->mag, &other, &ba, bench->world.now,
		   &bench->world.out);
	ba.flags = MH_BA_PROXY;
	hand_and_settle(bench, &ba);
	ba.flags = good.flags;
	ba.status = MH_REASON_UNSPECIFIED;
	hand_and_settle(bench, &ba);
	ba.status = MH_ACCEPTED;
	ba.options.group[0]++;
	hand_and_settle(bench, &ba);
	go(bench, 2);
	ba = good;
	ba.options.mn_id = mn(bench, 2)->profile.mn_id;
	ba.options.ll_id = ll_id6(2);
	hand_and_settle(bench, &ba);
	assert_false(group->retired);
	ba = good;
	ba.options.hnp[0] = prefix6("2001:db8:a:99::/64");
	hand_and_settle(bench, &ba);
	assert_true(group->retired);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, mag_group_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_leaves_unheard),
		TEST(test_leaves_unheard_for_good),
		TEST(test_old_group),
		TEST(test_end_is_refused),
		TEST(test_service_is_refused),
		TEST(test_stray_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
