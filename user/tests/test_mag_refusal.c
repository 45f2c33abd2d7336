// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_refusal.c: RFC 5213 6.9.1.2 (7) to (11).
 */
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

static void assert_denied(struct mag_bench *bench)
{
	assert_int_equal(mn(bench, 1)->state, BULE_REFUSED);
	/* RULE: B-MAG-19 */
	assert_int_equal(bench->world.binding_count, 0);
	/* RULE: B-MAG-12 B-MAG-19 B-MAG-80 */
	assert_int_equal(bench->world.ra_count, 0);
	assert_mag_agreed(bench);
}

/* 6.9.1.2 (11): no service, and for a while no other try. */
static void test_refused(void **state)
{
	static const uint8_t statuses[] = {
		MH_REASON_UNSPECIFIED, MH_ADMINISTRATIVELY_PROHIBITED,
		MH_INSUFFICIENT_RESOURCES, MH_NOT_LMA_FOR_THIS_MOBILE_NODE,
		MH_NOT_HOME_AGENT_FOR_THIS_MOBILE_NODE,
		MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG, MH_NOT_AUTHORIZED_FOR_HNP,
		MH_SEQUENCE_OUT_OF_WINDOW, MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH,
		MH_MISSING_HNP_OPTION, MH_MISSING_MN_ID_OPTION,
		MH_MISSING_HANDOFF_INDICATOR_OPTION,
		MH_MISSING_ACCESS_TECH_TYPE_OPTION, 200, 255,
	};
	const struct report *report;
	struct mag_bench *bench;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		mag_bench_setup(state);
		mag_bench_begin(state, &bench);
		acknowledge(bench, statuses[i]);
		/* RULE: B-MAG-19 B-MAG-80 B-MSG-06 */
		assert_denied(bench);
		report = world_reported(&bench->world, "refused");
		assert_non_null(report);
		assert_int_equal(report->status, statuses[i]);
		assert_non_null(report->reason);
		assert_int_equal(bench->mag.counters.pba_refused, 1);
		/* Its frames are no news now... */
		attach(bench, ACCESS1, 1, false);
		world_settle(&bench->world);
		assert_false(world_hears_all(&bench->world, ACCESS1,
					     ll_id6(1).data));
		mag_bench_until(bench, 59999);
		assert_denied(bench);
		assert_int_equal(bench->world.sent_count, 1);
		/* ...but then they are again. */
		mag_bench_until(bench, 1);
		assert_null(mn(bench, 1));
		assert_true(world_hears_all(&bench->world, ACCESS1,
					    ll_id6(1).data));
		register_at(bench, ACCESS1);
		assert_mag_agreed(bench);
		mag_bench_teardown(state);
	}
}

/* The operator does not have to wait. */
static void test_refused_then_commanded(void **state)
{
	struct mag_bench *bench;

	mag_bench_begin(state, &bench);
	acknowledge(bench, MH_INSUFFICIENT_RESOURCES);
	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 2);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* 6.9.1.2 (7): not before the operator says so. */
static void test_service_not_enabled(void **state)
{
	struct mag_bench *bench;

	mag_bench_begin(state, &bench);
	acknowledge(bench, MH_PROXY_REG_NOT_ENABLED);
	/* RULE: B-MAG-55 */
	assert_denied(bench);
	mag_bench_until(bench, 10000000);
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	assert_denied(bench);
	/* RULE: B-MAG-55 */
	assert_int_equal(bench->world.sent_count, 1);
	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 2);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* 6.9.1.2 (8): again, with a newer timestamp. */
static void test_timestamp_lower(void **state)
{
	struct mag_bench *bench;
	uint64_t timestamp;

	mag_bench_begin(state, &bench);
	timestamp = last_pbu(bench)->options.timestamp;
	acknowledge(bench, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_REGISTERING);
	assert_mag_agreed(bench);
	mag_bench_until(bench, 1000);
	/* RULE: B-MAG-55 */
	assert_int_equal(bench->world.sent_count, 2);
	assert_true(last_pbu(bench)->options.timestamp > timestamp);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* It may have been elsewhere: also with a newer timestamp that is what it says. */
static void test_timestamp_lower_of_one_that_came_back(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	mag_on_arrival(&bench->mag, ll_id6(1).data, bench->world.now);
	mag_bench_until(bench, 1000);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
	acknowledge(bench, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 1000);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
}

/* It has gone: nobody is to be registered. */
static void test_timestamp_lower_of_one_that_left(void **state)
{
	struct mag_bench *bench = *state;
	const struct report *report;
	size_t sent;

	register_at(bench, ACCESS1);
	detach(bench, false);
	world_settle(&bench->world);
	sent = bench->world.sent_count;
	acknowledge(bench, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	/* Nobody needs to look after a clock. */
	report = world_reported(&bench->world, "refused");
	assert_int_equal(report->level, REPORT_INFO);
	assert_string_equal(report->reason,
			    "another gateway has registered it meanwhile");
	mag_bench_until(bench, 1000000);
	/* RULE: B-MAG-77 */
	assert_int_equal(bench->world.sent_count, sent);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

/* A refresh that is refused ends what stands, and the host is told. */
static void test_refresh_refused(void **state)
{
	struct mag_bench *bench = *state;
	const struct effect_advertise *ra;

	register_at(bench, ACCESS1);
	world_forget_messages(&bench->world);
	while (!bench->world.sent_count)
		mag_bench_until(bench, 1000);
	acknowledge(bench, MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(bench->world.ra_count, 1);
	ra = &bench->world.ras[0];
	/* RULE: B-MAG-19 */
	assert_int_equal(ra->router_lifetime_s, 0);
	/* RULE: B-MAG-19 */
	assert_int_equal(ra->prefix[0].valid_s, 0);
	assert_int_equal(ra->prefix[0].preferred_s, 0);
	assert_prefix_equal(&ra->prefix[0].prefix, HNP1);
	bench->world.ra_count = 0;
	assert_denied(bench);
}

/* It left unnoticed: nothing is to be said to the link that it left. */
static void test_refresh_refused_elsewhere(void **state)
{
	struct mag_bench *bench = *state;
	uint64_t advertised;

	register_at(bench, ACCESS1);
	advertised = bench->mag.counters.ra_sent;
	mag_bench_until(bench, 230000);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	acknowledge(bench, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_null(mn(bench, 1));
	assert_int_equal(bench->mag.counters.ra_sent, advertised);
	assert_true(world_hears_all(&bench->world, ACCESS1, ll_id6(1).data));
	assert_mag_agreed(bench);

	register_at(bench, ACCESS1);
	assert_mag_agreed(bench);
}

/* --- Clocks: 6.9.1.2 (9). */

/* The anchor's clock is so far ahead. */
static void refuse_clock(struct mag_bench *bench, int64_t ahead_ms)
{
	struct mh_binding_ack ba = pba_to(last_pbu(bench),
					  MH_TIMESTAMP_MISMATCH, NULL);
	uint64_t ahead = wall_from_ms((uint64_t)(ahead_ms < 0 ? -ahead_ms :
							       ahead_ms));

	/* It was on its way for 40 ms, and so was what it answers. */
	ba.options.timestamp += wall_from_ms(40);
	ba.options.timestamp += ahead_ms < 0 ? -ahead : ahead;
	world_pass(&bench->world, 80);
	hand(bench, &ba);
	world_settle(&bench->world);
}

static void assert_asked_again(struct mag_bench *bench)
{
	assert_int_equal(mn(bench, 1)->state, BULE_REGISTERING);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

static void test_clock_is_told(void **state)
{
	static const int64_t rows[] = { 5000, -5000, 301, -86400000 };
	const struct report *report;
	struct mag_bench *bench;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		mag_bench_setup(state);
		mag_bench_begin(state, &bench);
		refuse_clock(bench, rows[i]);
		assert_denied(bench);
		report = world_reported(&bench->world, "refused");
		assert_non_null(report);
		assert_int_equal(report->level, REPORT_WARNING);
		/* RULE: B-MAG-55 */
		assert_true(report->has_ahead);
		assert_in_range(report->ahead_ms - rows[i] + 2, 0, 4);
		assert_int_equal(bench->mag.counters.refused[MAG_REFUSED_CLOCK],
				 1);
		mag_bench_teardown(state);
	}
}

/* Not asked again, however long it lasts, and the clock is not touched. */
static void test_clock_not_synchronised(void **state)
{
	struct mag_bench *bench;
	uint64_t timestamp;

	mag_bench_begin(state, &bench);
	timestamp = last_pbu(bench)->options.timestamp;
	refuse_clock(bench, 5000);
	mag_bench_until(bench, 10000000);
	/* RULE: B-MAG-55 */
	assert_int_equal(bench->world.sent_count, 1);
	assert_denied(bench);
	/* Others are, and with our own time. */
	attach(bench, ACCESS1, 2, false);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 2);
	/* RULE: B-MAG-55 */
	assert_true(last_pbu(bench)->options.timestamp ==
		    timestamp + wall_from_ms(10000080));
	/* The operator may know better. */
	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 3);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

static void test_clock_was_set(void **state)
{
	struct mag_bench *bench;
	struct world *world;

	mag_bench_begin(state, &bench);
	world = &bench->world;
	refuse_clock(bench, 5000);
	/* Not by enough. */
	world->now.wall += wall_from_ms(1000);
	mag_on_clock(&bench->mag, false, world->now, &world->out);
	world_settle(world);
	/* RULE: B-MAG-55 */
	assert_denied(bench);
	world->now.wall += wall_from_ms(4000);
	mag_on_clock(&bench->mag, false, world->now, &world->out);
	world_settle(world);
	/* RULE: B-MAG-55 */
	assert_asked_again(bench);
}

static void test_clock_was_slewed(void **state)
{
	struct mag_bench *bench;

	mag_bench_begin(state, &bench);
	refuse_clock(bench, -400);
	mag_bench_until(bench, 59000);
	bench->world.now.wall -= wall_from_ms(390);
	mag_bench_until(bench, 1000);
	assert_asked_again(bench);
}

static void test_clock_is_synchronised(void **state)
{
	struct mag_bench *bench;
	struct world *world;

	mag_bench_begin(state, &bench);
	world = &bench->world;
	refuse_clock(bench, 5000);
	mag_on_clock(&bench->mag, true, world->now, &world->out);
	world_settle(world);
	/* RULE: B-MAG-55 */
	assert_asked_again(bench);
	/* It was all the time: after a while, since the anchor's may be now. */
	detach(bench, false);
	world_settle(world);
	acknowledge(bench, MH_ACCEPTED);
	mag_bench_begin(state, &bench);
	refuse_clock(bench, 5000);
	assert_non_null(mn(bench, 1));
	mag_bench_until(bench, 60000);
	assert_asked_again(bench);
}

/* --- Prefixes: 6.9.1.2 (10). */

static void test_prefix_refused(void **state)
{
	static const uint8_t statuses[] = {
		MH_NOT_AUTHORIZED_FOR_HNP, MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH,
	};
	struct mag_bench *bench;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		mag_bench_setup(state);
		bench = *state;
		bench->profile.hnp_count = 2;
		bench->profile.hnp[0] = prefix6(HNP1);
		bench->profile.hnp[1] = prefix6(HNP2);
		mag_bench_begin(state, &bench);
		acknowledge(bench, statuses[i]);
		assert_int_equal(bench->world.sent_count, 2);
		/* RULE: B-MAG-55 B-MAG-17 */
		assert_int_equal(last_pbu(bench)->options.hnp_count, 1);
		assert_prefix_equal(&last_pbu(bench)->options.hnp[0], "::/0");
		assert_int_equal(last_pbu(bench)->options.handoff,
				 MH_HI_UNKNOWN);
		assert_mag_agreed(bench);
		/* Nor by a copy. */
		mag_bench_until(bench, 1000);
		assert_int_equal(last_pbu(bench)->options.hnp_count, 1);
		acknowledge(bench, MH_ACCEPTED);
		assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
		assert_mag_agreed(bench);
		mag_bench_teardown(state);
	}
}

static void test_prefix_refused_and_no_other_wanted(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.ask_any_prefix = false;
	bench->profile.hnp_count = 1;
	bench->profile.hnp[0] = prefix6(HNP1);
	mag_bench_begin(state, &bench);
	acknowledge(bench, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_denied(bench);
	mag_bench_until(bench, 10000000);
	/* RULE: B-MAG-55 */
	assert_int_equal(bench->world.sent_count, 1);
	assert_denied(bench);
}

static void test_prefix_set_refused_later(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	world_forget_messages(&bench->world);
	while (!bench->world.sent_count)
		mag_bench_until(bench, 1000);
	acknowledge(bench, MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	assert_int_equal(bench->world.ra_count, 1);
	assert_int_equal(bench->world.ras[0].prefix[0].valid_s, 0);
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->world.sent_count, 2);
	/* RULE: B-MAG-55 B-MAG-17 */
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], "::/0");
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
	assert_mag_agreed(bench);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* --- What operators are told. */

static void test_levels_and_counters(void **state)
{
	static const struct {
		uint8_t status;
		enum mag_refusal refusal;
		enum report_level level;
	} rows[] = {
		{ 128, MAG_REFUSED_OTHER, REPORT_WARNING },
		{ 130, MAG_REFUSED_RESOURCES, REPORT_WARNING },
		{ 133, MAG_REFUSED_UNKNOWN, REPORT_WARNING },
		{ 135, MAG_REFUSED_SEQUENCE, REPORT_WARNING },
		{ 152, MAG_REFUSED_SERVICE, REPORT_WARNING },
		{ 153, MAG_REFUSED_UNKNOWN, REPORT_WARNING },
		{ 154, MAG_REFUSED_GATEWAY, REPORT_WARNING },
		{ 155, MAG_REFUSED_PREFIX, REPORT_WARNING },
		{ 156, MAG_REFUSED_CLOCK, REPORT_WARNING },
		{ 157, MAG_REFUSED_CLOCK, REPORT_WARNING },
		{ 158, MAG_REFUSED_OPTION, REPORT_ERROR },
		{ 159, MAG_REFUSED_PREFIX, REPORT_WARNING },
		{ 160, MAG_REFUSED_OPTION, REPORT_ERROR },
		{ 161, MAG_REFUSED_OPTION, REPORT_ERROR },
		{ 162, MAG_REFUSED_OPTION, REPORT_ERROR },
		{ 163, MAG_REFUSED_OTHER, REPORT_WARNING },
	};
	struct mag_bench *bench;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		mag_bench_setup(state);
		mag_bench_begin(state, &bench);
		acknowledge(bench, rows[i].status);
		assert_int_equal(world_reported(&bench->world,
						"refused")->level,
				 rows[i].level);
		for (j = 0; j < MAG_REFUSALS; j++)
			assert_int_equal(bench->mag.counters.refused[j],
					 j == rows[i].refusal);
		mag_bench_teardown(state);
	}
}

static void test_names(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i < MAG_REFUSALS; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(
				mag_refusal_name((enum mag_refusal)i),
				mag_refusal_name((enum mag_refusal)j));
	for (i = 0; i < MAG_IGNORED_REASONS; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(
				mag_ignored_name((enum mag_ignored)i),
				mag_ignored_name((enum mag_ignored)j));
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		with_bench(test_refused_then_commanded),
		with_bench(test_service_not_enabled),
		with_bench(test_timestamp_lower),
		with_bench(test_timestamp_lower_of_one_that_left),
		with_bench(test_timestamp_lower_of_one_that_came_back),
		with_bench(test_refresh_refused),
		with_bench(test_refresh_refused_elsewhere),
		cmocka_unit_test(test_clock_is_told),
		with_bench(test_clock_not_synchronised),
		with_bench(test_clock_was_set),
		with_bench(test_clock_was_slewed),
		with_bench(test_clock_is_synchronised),
		cmocka_unit_test(test_prefix_refused),
		with_bench(test_prefix_refused_and_no_other_wanted),
		with_bench(test_prefix_set_refused_later),
		cmocka_unit_test(test_levels_and_counters),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
