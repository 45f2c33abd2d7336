// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_judge.c: RFC 5213 5.3.1 and 5.5.
 */
#include <stdlib.h>
#include <string.h>

#include "common/lma_bench.h"
#include "common/test.h"

#define WINDOW_MS 300

/* Each check by itself, and that the earlier one wins. */
static void test_order_of_checks(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request bad = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	bad.bu.flags = MH_BU_ACK;
	bad.bu.options.has_mn_id = false;
	bad.policy = (struct lma_policy){ 0 };
	bad.bu.options.timestamp -= wall_from_ms(WINDOW_MS + 1);
	bad.bu.options.hnp_count = 0;
	bad.bu.options.has_handoff = false;
	bad.bu.options.has_att = false;

	/* RULE: B-LMA-02 B-MSG-01 */
	assert_status(bench, &bad, -1);
	assert_int_equal(bench->lma.counters.pbu_ignored, 1);
	bad.bu.flags |= MH_BU_PROXY;
	/* RULE: B-LMA-13 B-LMA-11 B-LMA-69 */
	assert_status(bench, &bad, MH_MISSING_MN_ID_OPTION);
	bad.bu.options.has_mn_id = true;
	/* RULE: B-LMA-19 B-LMA-69 */
	assert_status(bench, &bad, MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG);
	bad.policy.mag_authorized = true;
	/* RULE: B-LMA-14 B-LMA-69 */
	assert_status(bench, &bad, MH_NOT_LMA_FOR_THIS_MOBILE_NODE);
	bad.policy.mn_known = true;
	/* RULE: B-LMA-15 B-LMA-69 */
	assert_status(bench, &bad, MH_PROXY_REG_NOT_ENABLED);
	bad.policy.service_enabled = true;
	/* RULE: B-LMA-21 B-LMA-69 */
	assert_status(bench, &bad, MH_TIMESTAMP_MISMATCH);
	bad.bu.options.timestamp = bench->world.now.wall;
	/* RULE: B-LMA-20 B-LMA-69 */
	assert_status(bench, &bad, MH_MISSING_HNP_OPTION);
	bad.bu.options.hnp_count = 1;
	/* RULE: B-MSG-07 B-MSG-08 B-LMA-69 */
	assert_status(bench, &bad, MH_MISSING_HANDOFF_INDICATOR_OPTION);
	bad.bu.options.has_handoff = true;
	/* RULE: B-MSG-07 B-MSG-08 B-LMA-69 */
	assert_status(bench, &bad, MH_MISSING_ACCESS_TECH_TYPE_OPTION);
	bad.bu.options.has_att = true;
	assert_int_equal(bench->lma.counters.refused, 8);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
	/* RULE: B-LMA-16 */
	assert_status(bench, &bad, MH_ACCEPTED);
}

/* A zero-length identifier identifies nobody. */
static void test_empty_mn_id(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	request.bu.options.mn_id.len = 0;
	/* RULE: B-LMA-13 */
	assert_status(bench, &request, MH_MISSING_MN_ID_OPTION);
}

/* RFC 6275 10.3.1: who does not ask for an acknowledgement gets one too. */
static void test_without_a_flag(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	request.bu.flags = MH_BU_PROXY;
	/* RULE: B-LMA-98 B-LMA-68 */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_agreed(bench);
}

static void test_refusal_leaves_a_session_alone(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct bce_registration before = bce->now;
	struct lma_request request;

	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.policy.mag_authorized = false;
	request.src = ip6(MAG2);
	assert_status(bench, &request, MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.has_att = false;
	assert_status(bench, &request, MH_MISSING_ACCESS_TECH_TYPE_OPTION);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	request.policy.service_enabled = false;
	assert_status(bench, &request, MH_PROXY_REG_NOT_ENABLED);
	assert_memory_equal(&bce->now, &before, sizeof(before));
	assert_agreed(bench);
}

/* --- Order of messages: RFC 5213 5.5. */

static void test_timestamp_window(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;
	int64_t ms;

	for (ms = -WINDOW_MS - 1; ms <= WINDOW_MS + 1; ms += WINDOW_MS + 1) {
		request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
		request.bu.options.timestamp += ms < 0 ?
			-wall_from_ms((uint64_t)-ms) :
			wall_from_ms((uint64_t)ms);
		/* RULE: B-LMA-49 B-LMA-52 */
		assert_status(bench, &request, ms ? MH_TIMESTAMP_MISMATCH :
			      MH_ACCEPTED);
		/* Refused, it is told our time; accepted, its own. */
		/* RULE: B-LMA-47 B-LMA-52 */
		assert_true(world_last_message(&bench->world)->ba.options
			    .timestamp == bench->world.now.wall);
	}
	/* At the edges it is still close enough. */
	world_pass(&bench->world, 5000);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.bu.options.timestamp -= wall_from_ms(WINDOW_MS);
	/* RULE: B-LMA-49 */
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-51 */
	assert_true(world_last_message(&bench->world)->ba.options.timestamp ==
		    request.bu.options.timestamp);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.bu.options.timestamp += wall_from_ms(WINDOW_MS);
	assert_status(bench, &request, MH_ACCEPTED);
}

static void test_timestamp_lower_than_previous(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct lma_request request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	struct lma_request older = request;

	older.bu.sequence = (uint16_t)(request.bu.sequence + 1);
	older.bu.options.timestamp--;
	older.bu.options.handoff = MH_HI_UNKNOWN;
	older.src = ip6(MAG2);
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-52 B-LMA-45 */
	assert_status(bench, &older, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	/* RULE: B-LMA-52 B-LMA-47 */
	assert_true(world_last_message(&bench->world)->ba.options.timestamp ==
		    bench->world.now.wall);
	/* Lower is said before too far away. */
	older.bu.options.timestamp -= wall_from_ms(10000);
	/* RULE: B-LMA-90 */
	assert_status(bench, &older, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	/* One that is equal is not greater. */
	older.bu.options.timestamp = request.bu.options.timestamp;
	/* RULE: B-LMA-90 */
	assert_status(bench, &older, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);
	/* The sequence number does not count beside a timestamp. */
	older.bu.options.timestamp++;
	older.bu.sequence = 0;
	/* RULE: B-LMA-50 */
	assert_status(bench, &older, MH_ACCEPTED);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
}

/* A gateway that a mobile node has left does not get it back by a refresh. */
static void test_refreshed_by_previous_gateway(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct lma_request request = pbu(bench, HNP1, MH_HI_UNKNOWN);

	request.src = ip6(MAG2);
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 100);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	/* RULE: B-LMA-75 */
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
	assert_agreed(bench);

	/* But once nobody has it, it is better served than not. */
	world_pass(&bench->world, 100);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 100);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);
}

/* MobileNodeGeneratedTimestampInUse: only that it is greater counts. */
static void test_timestamps_of_mobile_nodes(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	bench->lma.config.mobile_node_generated_timestamp_in_use = true;
	request.bu.options.timestamp = 17;
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-89 */
	assert_true(world_last_message(&bench->world)->ba.options.timestamp ==
		    17);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.timestamp = 16;
	/* RULE: B-LMA-89 */
	assert_status(bench, &request, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	request.bu.options.timestamp = 18;
	assert_status(bench, &request, MH_ACCEPTED);
}

/* The same message again: its acknowledgement got lost. */
static void test_repeated_message(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct lma_request request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	struct bce_registration after;
	unsigned int sets;

	assert_status(bench, &request, MH_ACCEPTED);
	after = bce->now;
	sets = bench->world.binding_sets;
	world_pass(&bench->world, 100);
	/* RULE: B-LMA-90 */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(world_last_message(&bench->world)->ba.lifetime, 75);
	assert_memory_equal(&bce->now, &after, sizeof(after));
	assert_int_equal(bench->world.binding_sets, sets);

	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	sets = bench->world.binding_sets;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(world_last_message(&bench->world)->ba.lifetime, 0);
	assert_int_equal(bench->world.binding_sets, sets);
	assert_agreed(bench);
}

/* The network may double the first message, also one that has no LLID. */
static void test_repeated_creation(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	request.bu.options.has_ll_id = false;
	request.bu.options.ll_id.len = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options
			    .hnp[0], HNP1);
	assert_agreed(bench);
}

/* Without a timestamp, modulo 2^16 (RFC 6275 9.5.1). */
static void test_sequence_numbers(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	request.bu.options.has_timestamp = false;
	request.bu.sequence = 0xfff0;
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	/* RULE: B-LMA-53 */
	assert_false(ba->options.has_timestamp);

	request.bu.sequence = 0xffef;
	ba = answer(bench, &request);
	/* RULE: B-LMA-45 B-LMA-53 B-LMA-88 B-LMA-68 */
	assert_int_equal(ba->status, MH_SEQUENCE_OUT_OF_WINDOW);
	assert_int_equal(ba->sequence, 0xfff0);
	request.bu.sequence = 0x7ff0;
	assert_status(bench, &request, MH_SEQUENCE_OUT_OF_WINDOW);
	request.bu.sequence = 0x7fef;
	assert_status(bench, &request, MH_ACCEPTED);
	request.bu.sequence = 0x8fee;
	assert_status(bench, &request, MH_ACCEPTED);
	request.bu.sequence = 0x0000;
	assert_status(bench, &request, MH_ACCEPTED);
	/* The same again, and the same from another gateway. */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.counters.refreshed, 3);
	request.src = ip6(MAG2);
	/* RULE: B-LMA-46 */
	assert_status(bench, &request, MH_SEQUENCE_OUT_OF_WINDOW);
	request.bu.sequence = 0x0001;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_agreed(bench);
}

/* By how much, for the operator: the gateway's clock before ours. */
static void test_clock_difference_is_told(void **state)
{
	static const int64_t rows[] = { 1500, -2500 };
	struct lma_bench *bench = *state;
	const struct report *report;
	struct lma_request request;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		world_forget_messages(&bench->world);
		request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
		request.src = ip6(MAG2);
		request.bu.options.timestamp +=
			(uint64_t)(rows[i] * (int64_t)WALL_PER_SECOND / 1000);
		assert_status(bench, &request, MH_TIMESTAMP_MISMATCH);
		report = world_reported(&bench->world, "pbu-refused");
		assert_non_null(report);
		assert_ip6_equal(&report->peer, MAG2);
		assert_true(report->has_difference);
		assert_true(report->difference_ms == rows[i]);
	}
	assert_int_equal(bench->lma.counters.timestamp_mismatches, 2);
	world_forget_messages(&bench->world);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.has_att = false;
	assert_status(bench, &request, MH_MISSING_ACCESS_TECH_TYPE_OPTION);
	assert_false(world_reported(&bench->world, "pbu-refused")
		     ->has_difference);
	assert_int_equal(bench->lma.counters.timestamp_mismatches, 2);
}

/* TimestampBasedApproachInUse = 0: all are ordered by sequence numbers. */
static void test_without_timestamps_in_use(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	bench->lma.config.timestamp_based_approach_in_use = false;
	request.bu.sequence = 100;
	request.bu.options.timestamp = 17;
	ba = answer(bench, &request);
	/* RULE: B-LMA-97 */
	assert_int_equal(ba->status, MH_ACCEPTED);
	/* One that is there all the same comes back. */
	assert_true(ba->options.timestamp == 17);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.bu.sequence = 99;
	ba = answer(bench, &request);
	/* RULE: B-LMA-97 B-LMA-88 */
	assert_int_equal(ba->status, MH_SEQUENCE_OUT_OF_WINDOW);
	assert_int_equal(ba->sequence, 100);
	request.bu.sequence = 101;
	request.bu.options.timestamp = 16;
	/* RULE: B-LMA-97 */
	assert_status(bench, &request, MH_ACCEPTED);

	/* Each session has its own (RFC 5213 5.5). */
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.ll_id = ll_id6(2);
	request.bu.sequence = 7;
	/* RULE: B-LMA-46 */
	assert_status(bench, &request, MH_ACCEPTED);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.bu.sequence = 102;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_agreed(bench);
}

/* RFC 5213 5.1: the field is zero again after a PBU that had none. */
static void test_timestamp_of_an_entry(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct lma_request request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);

	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-07 */
	assert_true(bce->now.timestamp == request.bu.options.timestamp);
	assert_true(bce->now.received == bench->world.now.wall);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.has_timestamp = false;
	request.bu.options.timestamp = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-70 */
	assert_true(bce->now.timestamp == 0);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.options.has_timestamp = false;
	request.bu.options.timestamp = 0;
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-70 */
	assert_true(bce->now.timestamp == 0);
}

/* RFC 5213 5.5 (7): a mobile node's timestamp comes back with a refusal, too. */
static void test_refused_timestamp_of_mobile_node(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	bench->lma.config.mobile_node_generated_timestamp_in_use = true;
	request.bu.options.timestamp = 17;
	request.bu.options.has_att = false;
	assert_status(bench, &request, MH_MISSING_ACCESS_TECH_TYPE_OPTION);
	/* RULE: B-LMA-89 */
	assert_true(world_last_message(&bench->world)->ba.options.timestamp ==
		    17);
}

/* What is compared is found, and nothing else happens (RFC 5213 5.3.1 (9)). */
static void test_order_is_of_a_session(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct bce_registration before = bce->now;
	struct lma_request request;

	/* Older than the other session's last one, but not than its own. */
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.ll_id = ll_id6(2);
	request.bu.options.timestamp = before.timestamp - 1;
	bench->lma.config.timestamp_validity_window_ms = 5000;
	/* RULE: B-LMA-91 */
	assert_status(bench, &request, MH_ACCEPTED);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.timestamp = before.timestamp - 1;
	/* RULE: B-LMA-91 */
	assert_status(bench, &request, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	assert_memory_equal(&bce->now, &before, sizeof(before));
	assert_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_order_of_checks),
		with_bench(test_empty_mn_id),
		with_bench(test_without_a_flag),
		with_bench(test_refusal_leaves_a_session_alone),
		with_bench(test_timestamp_window),
		with_bench(test_timestamp_lower_than_previous),
		with_bench(test_refreshed_by_previous_gateway),
		with_bench(test_timestamps_of_mobile_nodes),
		with_bench(test_repeated_message),
		with_bench(test_repeated_creation),
		with_bench(test_sequence_numbers),
		with_bench(test_clock_difference_is_told),
		with_bench(test_without_timestamps_in_use),
		with_bench(test_timestamp_of_an_entry),
		with_bench(test_refused_timestamp_of_mobile_node),
		with_bench(test_order_is_of_a_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
