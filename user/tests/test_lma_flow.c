// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_flow.c, user/engine/lma_flow_record.c
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/lma_flows.h"
#include "common/test.h"

/* Each with its answer, also where an interface comes with them. */
static void test_added(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request = paths_pbu(bench, MAG1, 1, NULL,
					       MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	add_flow_to(&request, new_flow(7, 10, 5060));
	add_flow_to(&request, new_flow(8, 0, 5061));
	add_flow_to(&request, new_flow(9, 20, 5062));
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.flow_count, 3);
	/* RULE: MH-10 MH-29 MH-37 */
	assert_int_equal(ba->options.flow[0].status, MH_FLOW_ACCEPTED);
	/* RULE: MH-10 */
	assert_int_equal(ba->options.flow[1].status, MH_FLOW_MALFORMED);
	assert_int_equal(ba->options.flow[2].status, MH_FLOW_ACCEPTED);
	assert_int_equal(ba->options.flow[2].fid, 9);
	/* RULE: MH-03 MH-19 MH-35 */
	assert_lma_flows(bench, 2);
	assert_int_equal(lma_flow_at(bench, 1, 0)->bid, 1);
	/* Another gateway calls its own as it likes. */
	paths_attach(bench, MAG2, 2);
	/* RULE: MH-20 */
	assert_lma_flows(bench, 2);
	assert_answered(bench, MAG2, 2, new_flow(7, 30, 80), MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 3);
	/* RULE: MH-19 MH-26 */
	assert_int_equal(lma_flow_at(bench, 2, 0)->bid, 2);
	assert_int_not_equal(lma_flow_at(bench, 2, 0)->id,
			     lma_flow_at(bench, 1, 0)->id);
}

static void test_changed(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow change = operation_on(7, MH_FLOW_MODIFY);

	assert_answered(bench, MAG1, 1, change, MH_FLOW_FID_NOT_FOUND);
	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	/* What is not said stays: RFC 6089 5.3.2. */
	change.priority = 12;
	assert_answered(bench, MAG1, 1, change, MH_FLOW_ACCEPTED);
	assert_int_equal(lma_flow_at(bench, 1, 0)->priority, 12);
	assert_int_equal(lma_flow_at(bench, 1, 0)->selector.fields,
			 1u << SELECTOR_DESTINATION_PORT);
	/* RULE: MH-22 MH-32 */
	assert_lma_flows(bench, 1);
	change.has_extras = true;
	change.action = MH_FLOW_DROP;
	change.pro = MH_FLOW_PRO_MODIFY;
	assert_answered(bench, MAG1, 1, change, MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 1);
	assert_int_equal(lma_flow_at(bench, 1, 0)->action, MH_FLOW_DROP);
	assert_answered(bench, MAG2, 2, change, MH_FLOW_FID_NOT_FOUND);
	/* Known, and said again as if it was new. */
	assert_answered(bench, MAG1, 1, new_flow(7, 13, 4), MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 1);
	assert_answered(bench, MAG1, 1, operation_on(7, MH_FLOW_DELETE),
			MH_FLOW_ACCEPTED);
	/* RULE: MH-22 */
	assert_lma_flows(bench, 0);
	assert_answered(bench, MAG1, 1, operation_on(7, MH_FLOW_DELETE),
			MH_FLOW_FID_NOT_FOUND);
	/* Nor does it come back. */
	assert_int_equal(lma_bench_restart(bench, true), 2);
	assert_lma_flows(bench, 0);
}

/* By itself: a renewal without them changes none. */
static void test_stay(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct lma_request request;
	const struct mh_binding_ack *ba;

	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	ba = answer(bench, &request);
	assert_int_equal(ba->options.flow_count, 0);
	assert_lma_flows(bench, 1);
	/* An interface that moves takes them along. */
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG3, 1, HNP1, MH_HI_SAME_INTERFACE);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_lma_flows(bench, 1);
}

static void test_refused(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct lma_request request;
	const struct mh_binding_ack *ba;
	unsigned int i;

	one.fid = 0;
	assert_answered(bench, MAG1, 1, one, MH_FLOW_MALFORMED);
	one = new_flow(7, 10, 5060);
	one.format = MH_SELECTOR_NONE;
	assert_answered(bench, MAG1, 1, one, MH_FLOW_MALFORMED);
	one.format = MH_SELECTOR_IPV4;
	/* RULE: MH-37 */
	assert_answered(bench, MAG1, 1, one, MH_FLOW_FORMAT_NOT_SUPPORTED);
	one = new_flow(7, 10, 5060);
	one.fault = MH_FLOW_FORMAT_NOT_SUPPORTED;
	assert_answered(bench, MAG1, 1, one, MH_FLOW_FORMAT_NOT_SUPPORTED);
	one = new_flow(7, 10, 5060);
	one.has_bid = true;
	one.bid = 4;
	assert_answered(bench, MAG1, 1, one, MH_FLOW_BID_NOT_FOUND);
	one = new_flow(7, 10, 5060);
	one.has_extras = true;
	one.action = 3;
	assert_answered(bench, MAG1, 1, one, MH_FLOW_MALFORMED);
	one = new_flow(7, 10, 5060);
	one.operation = 15;
	assert_answered(bench, MAG1, 1, one, MH_FLOW_REASON_UNSPECIFIED);
	assert_lma_flows(bench, 0);
	/* No two of a mobile node have the same priority. */
	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG2, 2, new_flow(7, 10, 80),
			MH_FLOW_REASON_UNSPECIFIED);
	assert_answered(bench, MAG1, 1, new_flow(8, 10, 80),
			MH_FLOW_REASON_UNSPECIFIED);
	assert_lma_flows(bench, 1);
	/* RFC 6089 5.3.2: of one that is named twice nothing is known. */
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	add_flow_to(&request, new_flow(9, 11, 1));
	add_flow_to(&request, new_flow(10, 12, 1));
	add_flow_to(&request, new_flow(9, 13, 1));
	ba = answer(bench, &request);
	assert_int_equal(ba->options.flow_count, 3);
	for (i = 0; i < 3; i++)
		/* RULE: MH-10 */
		assert_int_equal(ba->options.flow[i].status, MH_FLOW_MALFORMED);
	assert_lma_flows(bench, 1);
	world_pass(&bench->world, 1000);
	for (i = 1; i < LMA_FLOWS_MAX; i++)
		assert_answered(bench, MAG1, 1, numbered_flow(100 + i),
				MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG1, 1, new_flow(1, 1, 1), MH_FLOW_PROHIBITED);
	assert_lma_flows(bench, LMA_FLOWS_MAX);
}

/* Without the Multihoming option they are none of ours. */
static void test_without_option(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct lma_request request = paths_pbu(bench, MAG1, 1, HNP1,
					       MH_HI_NOT_CHANGED);
	const struct mh_binding_ack *ba;

	request.bu.options.has_multihoming = false;
	add_flow_to(&request, new_flow(7, 10, 5060));
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.flow_count, 0);
	assert_lma_flows(bench, 0);
}

/* Its acknowledgement was lost: that says the same once more. */
static void test_repeated(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct lma_request request = paths_pbu(bench, MAG1, 1, HNP1,
					       MH_HI_NOT_CHANGED);
	const struct mh_binding_ack *ba;

	add_flow_to(&request, operation_on(7, MH_FLOW_DELETE));
	add_flow_to(&request, new_flow(8, 10, 5060));
	assert_int_equal(answer(bench, &request)->options.flow[0].status,
			 MH_FLOW_FID_NOT_FOUND);
	ba = answer(bench, &request);
	assert_int_equal(ba->options.flow_count, 2);
	assert_int_equal(ba->options.flow[0].status, MH_FLOW_FID_NOT_FOUND);
	assert_int_equal(ba->options.flow[1].status, MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 1);
}

static void test_paths(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct lma_request request = paths_pbu(bench, MAG2, 2, HNP1,
					       MH_HI_NOT_CHANGED);
	struct mh_flow one = new_flow(7, 10, 5060);
	const struct effect_flow *set;
	struct mh_prefix hnp = prefix6(HNP1);
	unsigned int i;

	request.bu.options.has_bid = true;
	request.bu.options.bid.id = 22;
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	one.has_bid = true;
	one.bid = 22;
	/* By the path of another one, by what that one's gateway calls it. */
	assert_answered(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 1);
	assert_int_equal(lma_flow_at(bench, 1, 0)->bid, 2);
	one = new_flow(8, 11, 5060);
	one.has_extras = true;
	one.action = MH_FLOW_DUPLICATE;
	assert_answered(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	set = world_flow(&bench->world, &hnp, lma_flow_at(bench, 1, 1)->id);
	/* By all, also by those that come later. */
	assert_int_equal(set->bid_count, BCE_PATHS_MAX);
	assert_int_equal(set->bid[0], 1);
	for (i = 1; i < set->bid_count; i++)
		assert_int_equal(set->bid[i], i + 1);
	/* That one goes: what is left is its own. */
	request = paths_detach(bench, MAG2, 2, MH_ACT_REMOVE);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 0);
	assert_lma_flows(bench, 2);
	assert_int_equal(lma_flow_at(bench, 1, 0)->bid, 1);
	assert_int_equal(lma_bench_restart(bench, true), 2);
	assert_int_equal(lma_flow_at(bench, 1, 0)->bid, 1);
}

/* Of those that are as good, the first. */
static void test_kept_by_first(void **state)
{
	static const struct {
		const char *mag;
		uint8_t leaves;
		uint8_t heir;
	} cases[] = {
		{ MAG3, 3, 1 }, { MAG2, 2, 1 }, { MAG1, 1, 2 },
	};
	struct lma_bench *bench = flows_begin(state);
	struct lma_request request;
	unsigned int i;

	paths_attach(bench, MAG3, 3);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_answered(bench, cases[i].mag, cases[i].leaves,
				numbered_flow(i + 1), MH_FLOW_ACCEPTED);
		request = paths_detach(bench, cases[i].mag, cases[i].leaves,
				       MH_ACT_KEEP);
		assert_status(bench, &request, MH_ACCEPTED);
		lma_bench_until(bench, 0);
		assert_int_equal(lma_flow_at(bench, cases[i].heir, i)->priority,
				 i + 1);
		paths_attach(bench, cases[i].mag, cases[i].leaves);
	}
}

static void test_removed(void **state)
{
	static const enum mh_multihoming_act acts[] = {
		MH_ACT_REMOVE, MH_ACT_NONE, (enum mh_multihoming_act)3,
	};
	struct lma_bench *bench = flows_begin(state);
	struct lma_request request;
	unsigned int i;

	assert_answered(bench, MAG2, 2, new_flow(7, 10, 80), MH_FLOW_ACCEPTED);
	for (i = 0; i < ARRAY_SIZE(acts); i++) {
		assert_answered(bench, MAG1, 1, new_flow(7, 20, 5060),
				MH_FLOW_ACCEPTED);
		assert_lma_flows(bench, 2);
		request = paths_detach(bench, MAG1, 1, acts[i]);
		assert_status(bench, &request, MH_ACCEPTED);
		lma_bench_until(bench, 0);
		/* RULE: MH-13 MH-15 */
		assert_lma_flows(bench, 1);
		assert_agreed(bench);
		paths_attach(bench, MAG1, 1);
		assert_lma_flows(bench, 1);
	}
	/* And so they do with one whose time is over. */
	assert_answered(bench, MAG1, 1, new_flow(7, 20, 5060), MH_FLOW_ACCEPTED);
	paths_of(bench, 2)->now.expires_ms += 1000000;
	timer_set(&bench->lma.timers, &paths_of(bench, 2)->timer,
		  paths_of(bench, 2)->now.expires_ms);
	lma_bench_until(bench, 300000);
	assert_null(paths_of(bench, 1));
	assert_lma_flows(bench, 1);
}

static void test_fails(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct lma_request request;

	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	add_flow_to(&request, operation_on(7, MH_FLOW_DELETE));
	add_flow_to(&request, new_flow(8, 10, 5061));
	add_flow_to(&request, new_flow(9, 11, 5062));
	world_fail(&bench->world, EFFECT_FLOW_SET, 1, 1, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_lma_flows(bench, 1);
	assert_int_equal(lma_flow_at(bench, 1, 0)->fid, 7);
	assert_agreed(bench);
	/* Nor is anything left of an interface that could not join with some. */
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG3, 3, NULL, MH_HI_NEW_INTERFACE);
	add_flow_to(&request, new_flow(8, 12, 5061));
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_lma_flows(bench, 1);
	assert_null(paths_of(bench, 3));
}

/* What it goes back to is not by a path that has gone meanwhile. */
static void test_fails_as_path_goes(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct lma_request request = paths_pbu(bench, MAG2, 2, HNP1,
					       MH_HI_NOT_CHANGED);

	request.bu.options.has_bid = true;
	request.bu.options.bid.id = 22;
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	one.has_bid = true;
	one.bid = 22;
	assert_answered(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG2, 2, MH_ACT_REMOVE);
	assert_status(bench, &request, MH_ACCEPTED);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	add_flow_to(&request, new_flow(8, 11, 5061));
	give(bench, &request);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	assert_int_equal(world_collect(&bench->world), 2);
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	world_settle(&bench->world);
	assert_null(paths_of(bench, 2));
	assert_int_equal(lma_flow_at(bench, 1, 0)->bid, 1);
	assert_lma_flows(bench, 1);
	assert_agreed(bench);
}

/* Said again, and no other: the data plane, where it counts, hears nothing of it. */
static void test_said_again(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct lma_request request;

	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	add_flow_to(&request, new_flow(7, 10, 5061));
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_lma_flows(bench, 1);
	assert_agreed(bench);
}

/* Records of all, and the data plane is as they say, whatever it was. */
static void test_restart(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct lma_request request;
	struct effect_flow *stray;

	one.selector.fields |= 1u << SELECTOR_SOURCE | 1u << SELECTOR_PROTOCOL;
	one.selector.address[SELECTOR_SOURCE][0] = ip6("2001:db8:9::");
	one.selector.address[SELECTOR_SOURCE][1] = ip6("2001:db8:9::ffff");
	one.selector.number[SELECTOR_PROTOCOL][0] = 17;
	one.selector.number[SELECTOR_PROTOCOL][1] = 17;
	one.has_extras = true;
	one.action = MH_FLOW_DUPLICATE;
	assert_answered(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG2, 2, new_flow(7, 11, 80), MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	give(bench, &request);
	world_settle(&bench->world);
	/* It ends before the interface has gone, whose flow is the other's already. */
	assert_int_equal(lma_bench_restart(bench, true), 3);
	bench->lma.config.multihoming = true;
	lma_bench_until(bench, 0);
	assert_null(paths_of(bench, 1));
	assert_lma_flows(bench, 2);
	assert_int_equal(lma_flow_at(bench, 2, 1)->fid, 0x8000);
	assert_memory_equal(&lma_flow_at(bench, 2, 1)->selector, &one.selector,
			    sizeof(one.selector));
	assert_true(lma_flow_at(bench, 2, 1)->moved);
	/* One that was to go has not, and one is not there. */
	stray = &bench->world.flows[0];
	stray->id = 99;
	assert_int_equal(lma_bench_restart(bench, true), 2);
	lma_bench_reconcile(bench);
	assert_lma_flows(bench, 2);
	assert_agreed(bench);
	/* Nor is anything of its binding. */
	bench->world.flow_count = 0;
	bench->world.binding_count = 0;
	lma_bench_reconcile(bench);
	assert_lma_flows(bench, 2);
}

/* Cut short at any octet, or with something behind it, it is none. */
static void test_bad_records(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	const struct effect_store *record = NULL;
	uint8_t octets[256];
	uint64_t key;
	size_t len, i;

	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	for (i = 0; i < bench->world.record_count; i++)
		if (lma_is_flow_key(bench->world.records[i].key))
			record = &bench->world.records[i];
	assert_non_null(record);
	assert_in_range(record->len, 30, sizeof(octets) - 1);
	memcpy(octets, record->data, record->len);
	len = record->len;
	key = record->key;
	octets[len] = 0;
	free(paths_of(bench, 1)->path->flows);
	paths_of(bench, 1)->path->flows = NULL;
	for (i = 0; i <= len + 1; i++) {
		if (i == len)
			continue;
		assert_false(lma_restore(&bench->lma, key, octets, i, true,
					 bench->world.now));
	}
	/* Of another entry. */
	assert_false(lma_restore(&bench->lma, key + 1, octets, len, true,
				 bench->world.now));
	assert_true(lma_restore(&bench->lma, key, octets, len, true,
				bench->world.now));
	/* Twice is once too often. */
	assert_false(lma_restore(&bench->lma, key, octets, len, true,
				 bench->world.now));
	assert_lma_flows(bench, 1);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_added),
		TEST(test_changed),
		TEST(test_stay),
		TEST(test_refused),
		TEST(test_without_option),
		TEST(test_repeated),
		TEST(test_paths),
		TEST(test_removed),
		TEST(test_kept_by_first),
		TEST(test_fails),
		TEST(test_fails_as_path_goes),
		TEST(test_said_again),
		TEST(test_restart),
		TEST(test_bad_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
