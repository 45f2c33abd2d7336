// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_flow.c, user/engine/lma_flow_move.c,
 * user/engine/lma_flow_record.c
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/lma_flow.h"
#include "common/lma_paths.h"
#include "common/test.h"

static struct selector of_port(uint16_t port)
{
	struct selector selector = {
		.fields = 1u << SELECTOR_DESTINATION_PORT,
	};

	selector.number[SELECTOR_DESTINATION_PORT][0] = port;
	selector.number[SELECTOR_DESTINATION_PORT][1] = port;
	return selector;
}

static struct mh_flow new_flow(uint16_t fid, uint16_t priority, uint16_t port)
{
	return (struct mh_flow){
		.fid = fid,
		.priority = priority,
		.format = MH_SELECTOR_IPV6,
		.selector = of_port(port),
	};
}

static struct mh_flow numbered(unsigned int number)
{
	return new_flow((uint16_t)number, (uint16_t)number, 1);
}

static struct mh_flow operation_on(uint16_t fid, enum mh_flow_operation what)
{
	return (struct mh_flow){
		.fid = fid,
		.priority = 1,
		.operation = (uint8_t)what,
	};
}

static void add_to(struct lma_request *request, struct mh_flow one)
{
	struct mh_options *options = &request->bu.options;

	options->flow[options->flow_count++] = one;
}

/* What a PBU that renews an interface says of one flow is answered so. */
static void assert_flow(struct lma_bench *bench, const char *mag, uint8_t ll_id,
			struct mh_flow one, uint8_t status)
{
	struct lma_request request = paths_pbu(bench, mag, ll_id, HNP1,
					       MH_HI_NOT_CHANGED);
	const struct mh_binding_ack *ba;

	add_to(&request, one);
	ba = answer(bench, &request);
	assert_non_null(ba);
	assert_int_equal(ba->status, MH_ACCEPTED);
	/* RULE: MH-10 MH-32 */
	assert_true(ba->options.flow_count >= 1);
	assert_int_equal(ba->options.flow[0].fid, one.fid);
	/* RULE: MH-10 MH-22 */
	assert_int_equal(ba->options.flow[0].status, status);
	world_pass(&bench->world, 1000);
}

/* All flows of the session stand in the data plane, and no others. */
static void assert_flows(struct lma_bench *bench, unsigned int count)
{
	const struct bce *bce;
	unsigned int flows = 0, i;

	for (bce = bc_next(&bench->lma.bc, NULL); bce;
	     bce = bc_next(&bench->lma.bc, bce)) {
		if (!bce->path || !bce->path->flows)
			continue;
		for (i = 0; i < bce->path->flows->count; i++) {
			const struct lma_flow *one = &bce->path->flows->flow[i];
			const struct effect_flow *set =
				world_flow(&bench->world,
					   &bce->prefixes[0].prefix, one->id);

			assert_non_null(set);
			assert_int_equal(set->priority, one->priority);
			assert_int_equal(set->action, one->action);
			assert_int_equal(set->bid[0], one->bid);
			assert_memory_equal(&set->selector, &one->selector,
					    sizeof(set->selector));
			flows++;
		}
	}
	assert_int_equal(flows, count);
	assert_int_equal(bench->world.flow_count, count);
	assert_int_equal(world_collect(&bench->world), 0);
}

static struct lma_bench *begin(void **state)
{
	struct lma_bench *bench = paths_begin(state);

	paths_attach(bench, MAG1, 1);
	paths_attach(bench, MAG2, 2);
	return bench;
}

static const struct lma_flow *flow_of(struct lma_bench *bench, uint8_t ll_id,
				      unsigned int at)
{
	const struct lma_flows *flows = paths_of(bench, ll_id)->path->flows;

	assert_non_null(flows);
	assert_true(at < flows->count);
	return &flows->flow[at];
}

/* Each with its answer, also where an interface comes with them. */
static void test_added(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request = paths_pbu(bench, MAG1, 1, NULL,
					       MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	add_to(&request, new_flow(7, 10, 5060));
	add_to(&request, new_flow(8, 0, 5061));
	add_to(&request, new_flow(9, 20, 5062));
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
	assert_flows(bench, 2);
	assert_int_equal(flow_of(bench, 1, 0)->bid, 1);
	/* Another gateway calls its own as it likes. */
	paths_attach(bench, MAG2, 2);
	/* RULE: MH-20 */
	assert_flows(bench, 2);
	assert_flow(bench, MAG2, 2, new_flow(7, 30, 80), MH_FLOW_ACCEPTED);
	assert_flows(bench, 3);
	/* RULE: MH-19 MH-26 */
	assert_int_equal(flow_of(bench, 2, 0)->bid, 2);
	assert_int_not_equal(flow_of(bench, 2, 0)->id,
			     flow_of(bench, 1, 0)->id);
}

static void test_changed(void **state)
{
	struct lma_bench *bench = begin(state);
	struct mh_flow change = operation_on(7, MH_FLOW_MODIFY);

	assert_flow(bench, MAG1, 1, change, MH_FLOW_FID_NOT_FOUND);
	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	/* What is not said stays: RFC 6089 5.3.2. */
	change.priority = 12;
	assert_flow(bench, MAG1, 1, change, MH_FLOW_ACCEPTED);
	assert_int_equal(flow_of(bench, 1, 0)->priority, 12);
	assert_int_equal(flow_of(bench, 1, 0)->selector.fields,
			 1u << SELECTOR_DESTINATION_PORT);
	/* RULE: MH-22 MH-32 */
	assert_flows(bench, 1);
	change.has_extras = true;
	change.action = MH_FLOW_DROP;
	change.pro = MH_FLOW_PRO_MODIFY;
	assert_flow(bench, MAG1, 1, change, MH_FLOW_ACCEPTED);
	assert_flows(bench, 1);
	assert_int_equal(flow_of(bench, 1, 0)->action, MH_FLOW_DROP);
	assert_flow(bench, MAG2, 2, change, MH_FLOW_FID_NOT_FOUND);
	/* Known, and said again as if it was new. */
	assert_flow(bench, MAG1, 1, new_flow(7, 13, 4), MH_FLOW_ACCEPTED);
	assert_flows(bench, 1);
	assert_flow(bench, MAG1, 1, operation_on(7, MH_FLOW_DELETE),
		    MH_FLOW_ACCEPTED);
	/* RULE: MH-22 */
	assert_flows(bench, 0);
	assert_flow(bench, MAG1, 1, operation_on(7, MH_FLOW_DELETE),
		    MH_FLOW_FID_NOT_FOUND);
	/* Nor does it come back. */
	assert_int_equal(lma_bench_restart(bench, true), 2);
	assert_flows(bench, 0);
}

/* By itself: a renewal without them changes none. */
static void test_stay(void **state)
{
	struct lma_bench *bench = begin(state);
	struct lma_request request;
	const struct mh_binding_ack *ba;

	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	ba = answer(bench, &request);
	assert_int_equal(ba->options.flow_count, 0);
	assert_flows(bench, 1);
	/* An interface that moves takes them along. */
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG3, 1, HNP1, MH_HI_SAME_INTERFACE);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_flows(bench, 1);
}

static void test_refused(void **state)
{
	struct lma_bench *bench = begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct lma_request request;
	const struct mh_binding_ack *ba;
	unsigned int i;

	one.fid = 0;
	assert_flow(bench, MAG1, 1, one, MH_FLOW_MALFORMED);
	one = new_flow(7, 10, 5060);
	one.format = MH_SELECTOR_NONE;
	assert_flow(bench, MAG1, 1, one, MH_FLOW_MALFORMED);
	one.format = MH_SELECTOR_IPV4;
	/* RULE: MH-37 */
	assert_flow(bench, MAG1, 1, one, MH_FLOW_FORMAT_NOT_SUPPORTED);
	one = new_flow(7, 10, 5060);
	one.fault = MH_FLOW_FORMAT_NOT_SUPPORTED;
	assert_flow(bench, MAG1, 1, one, MH_FLOW_FORMAT_NOT_SUPPORTED);
	one = new_flow(7, 10, 5060);
	one.has_bid = true;
	one.bid = 4;
	assert_flow(bench, MAG1, 1, one, MH_FLOW_BID_NOT_FOUND);
	one = new_flow(7, 10, 5060);
	one.has_extras = true;
	one.action = 3;
	assert_flow(bench, MAG1, 1, one, MH_FLOW_MALFORMED);
	one = new_flow(7, 10, 5060);
	one.operation = 15;
	assert_flow(bench, MAG1, 1, one, MH_FLOW_REASON_UNSPECIFIED);
	assert_flows(bench, 0);
	/* No two of a mobile node have the same priority. */
	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG2, 2, new_flow(7, 10, 80),
		    MH_FLOW_REASON_UNSPECIFIED);
	assert_flow(bench, MAG1, 1, new_flow(8, 10, 80),
		    MH_FLOW_REASON_UNSPECIFIED);
	assert_flows(bench, 1);
	/* RFC 6089 5.3.2: of one that is named twice nothing is known. */
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	add_to(&request, new_flow(9, 11, 1));
	add_to(&request, new_flow(10, 12, 1));
	add_to(&request, new_flow(9, 13, 1));
	ba = answer(bench, &request);
	assert_int_equal(ba->options.flow_count, 3);
	for (i = 0; i < 3; i++)
		/* RULE: MH-10 */
		assert_int_equal(ba->options.flow[i].status, MH_FLOW_MALFORMED);
	assert_flows(bench, 1);
	world_pass(&bench->world, 1000);
	for (i = 1; i < LMA_FLOWS_MAX; i++)
		assert_flow(bench, MAG1, 1, numbered(100 + i),
			    MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG1, 1, new_flow(1, 1, 1), MH_FLOW_PROHIBITED);
	assert_flows(bench, LMA_FLOWS_MAX);
}

/* Without the Multihoming option they are none of ours. */
static void test_without_option(void **state)
{
	struct lma_bench *bench = begin(state);
	struct lma_request request = paths_pbu(bench, MAG1, 1, HNP1,
					       MH_HI_NOT_CHANGED);
	const struct mh_binding_ack *ba;

	request.bu.options.has_multihoming = false;
	add_to(&request, new_flow(7, 10, 5060));
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.flow_count, 0);
	assert_flows(bench, 0);
}

/* Its acknowledgement was lost: that says the same once more. */
static void test_repeated(void **state)
{
	struct lma_bench *bench = begin(state);
	struct lma_request request = paths_pbu(bench, MAG1, 1, HNP1,
					       MH_HI_NOT_CHANGED);
	const struct mh_binding_ack *ba;

	add_to(&request, operation_on(7, MH_FLOW_DELETE));
	add_to(&request, new_flow(8, 10, 5060));
	assert_int_equal(answer(bench, &request)->options.flow[0].status,
			 MH_FLOW_FID_NOT_FOUND);
	ba = answer(bench, &request);
	assert_int_equal(ba->options.flow_count, 2);
	assert_int_equal(ba->options.flow[0].status, MH_FLOW_FID_NOT_FOUND);
	assert_int_equal(ba->options.flow[1].status, MH_FLOW_ACCEPTED);
	assert_flows(bench, 1);
}

static void test_paths(void **state)
{
	struct lma_bench *bench = begin(state);
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
	assert_flow(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	assert_flows(bench, 1);
	assert_int_equal(flow_of(bench, 1, 0)->bid, 2);
	one = new_flow(8, 11, 5060);
	one.has_extras = true;
	one.action = MH_FLOW_DUPLICATE;
	assert_flow(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	set = world_flow(&bench->world, &hnp, flow_of(bench, 1, 1)->id);
	/* By all, also by those that come later. */
	assert_int_equal(set->bid_count, BCE_PATHS_MAX);
	assert_int_equal(set->bid[0], 1);
	for (i = 1; i < set->bid_count; i++)
		assert_int_equal(set->bid[i], i + 1);
	/* That one goes: what is left is its own. */
	request = paths_detach(bench, MAG2, 2, MH_ACT_REMOVE);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 0);
	assert_flows(bench, 2);
	assert_int_equal(flow_of(bench, 1, 0)->bid, 1);
	assert_int_equal(lma_bench_restart(bench, true), 2);
	assert_int_equal(flow_of(bench, 1, 0)->bid, 1);
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
	struct lma_bench *bench = begin(state);
	struct lma_request request;
	unsigned int i;

	paths_attach(bench, MAG3, 3);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_flow(bench, cases[i].mag, cases[i].leaves,
			    numbered(i + 1), MH_FLOW_ACCEPTED);
		request = paths_detach(bench, cases[i].mag, cases[i].leaves,
				       MH_ACT_KEEP);
		assert_status(bench, &request, MH_ACCEPTED);
		lma_bench_until(bench, 0);
		assert_int_equal(flow_of(bench, cases[i].heir, i)->priority,
				 i + 1);
		paths_attach(bench, cases[i].mag, cases[i].leaves);
	}
}

static void test_removed(void **state)
{
	static const enum mh_multihoming_act acts[] = {
		MH_ACT_REMOVE, MH_ACT_NONE, (enum mh_multihoming_act)3,
	};
	struct lma_bench *bench = begin(state);
	struct lma_request request;
	unsigned int i;

	assert_flow(bench, MAG2, 2, new_flow(7, 10, 80), MH_FLOW_ACCEPTED);
	for (i = 0; i < ARRAY_SIZE(acts); i++) {
		assert_flow(bench, MAG1, 1, new_flow(7, 20, 5060),
			    MH_FLOW_ACCEPTED);
		assert_flows(bench, 2);
		request = paths_detach(bench, MAG1, 1, acts[i]);
		assert_status(bench, &request, MH_ACCEPTED);
		lma_bench_until(bench, 0);
		/* RULE: MH-13 MH-15 */
		assert_flows(bench, 1);
		assert_agreed(bench);
		paths_attach(bench, MAG1, 1);
		assert_flows(bench, 1);
	}
	/* And so they do with one whose time is over. */
	assert_flow(bench, MAG1, 1, new_flow(7, 20, 5060), MH_FLOW_ACCEPTED);
	paths_of(bench, 2)->now.expires_ms += 1000000;
	timer_set(&bench->lma.timers, &paths_of(bench, 2)->timer,
		  paths_of(bench, 2)->now.expires_ms);
	lma_bench_until(bench, 300000);
	assert_null(paths_of(bench, 1));
	assert_flows(bench, 1);
}

static const struct mh_binding_ack *renewed(struct lma_bench *bench,
					    const char *mag, uint8_t ll_id)
{
	struct lma_request request = paths_pbu(bench, mag, ll_id, HNP1,
					       MH_HI_NOT_CHANGED);
	const struct mh_binding_ack *ba = answer(bench, &request);

	assert_int_equal(ba->status, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	return ba;
}

/* They go on by the best one that is left, whose gateway hears of them. */
static void test_kept(void **state)
{
	struct lma_bench *bench = begin(state);
	struct mh_flow one = new_flow(7, 10, 5060), *told;
	struct lma_request request;
	const struct mh_binding_ack *ba;

	paths_attach(bench, MAG3, 3);
	one.has_extras = true;
	one.action = MH_FLOW_DUPLICATE;
	assert_flow(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG1, 1, new_flow(8, 11, 5061), MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG3, 3, new_flow(8, 12, 5062), MH_FLOW_ACCEPTED);
	paths_of(bench, 3)->now.priority = 1;
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: MH-18 */
	world_forget_messages(&bench->world);
	lma_bench_until(bench, 0);
	/* RULE: MH-18 */
	assert_int_equal(bench->world.sent_count, 0);
	/* RULE: MH-14 */
	assert_flows(bench, 3);
	assert_int_equal(flow_of(bench, 3, 1)->bid,
			 paths_of(bench, 3)->path->bid);
	/* RULE: MH-17 */
	assert_int_equal(flow_of(bench, 3, 1)->fid, 0x8000);
	assert_int_equal(flow_of(bench, 3, 2)->fid, 0x8001);
	assert_agreed(bench);

	assert_int_equal(renewed(bench, MAG2, 2)->options.flow_count, 0);
	ba = renewed(bench, MAG3, 3);
	/* RULE: MH-16 MH-18 */
	assert_int_equal(ba->options.flow_count, 2);
	told = (struct mh_flow *)&ba->options.flow[
		ba->options.flow[0].fid == 0x8000 ? 0 : 1];
	/* RULE: MH-17 */
	assert_int_equal(told->fid, 0x8000);
	assert_int_equal(told->priority, 10);
	assert_int_equal(told->status, MH_FLOW_ACCEPTED);
	assert_true(told->has_extras);
	/* RULE: MH-17 */
	assert_int_equal(told->action, MH_FLOW_DUPLICATE);
	assert_int_equal(told->pro, MH_FLOW_PRO_REINSTANTIATED);
	assert_memory_equal(&told->selector, &one.selector,
			    sizeof(told->selector));
	/* It deletes one, and says something of the other, which is its own then. */
	assert_flow(bench, MAG3, 3, operation_on(0x8000, MH_FLOW_DELETE),
		    MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG3, 3, operation_on(0x8001, MH_FLOW_MODIFY),
		    MH_FLOW_ACCEPTED);
	assert_int_equal(renewed(bench, MAG3, 3)->options.flow_count, 0);
	assert_flows(bench, 2);
}

/* Where effects of a kind are that the last transactions had, in their order. */
static int place_of(const struct transaction *transaction,
		    enum effect_kind kind)
{
	unsigned int i;

	for (i = 0; i < transaction->count; i++)
		if (transaction->effects[i].kind == kind)
			return (int)i;
	return -1;
}

/* They go by the other one before their own path goes; it is told of it then. */
static void test_kept_without_a_gap(void **state)
{
	struct lma_bench *bench = begin(state);
	const struct transaction *transaction;
	struct lma_request request;
	int flow, binding, ack;

	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	give(bench, &request);
	transaction = bench->world.pending[0];
	flow = place_of(transaction, EFFECT_FLOW_SET);
	binding = place_of(transaction, EFFECT_BINDING_SET);
	ack = place_of(transaction, EFFECT_SEND);
	/* RULE: MH-14 */
	assert_in_range(flow, 0, binding);
	assert_in_range(binding, flow + 1, ack);
	assert_int_equal(transaction->effects[flow].flow->bid[0],
			 paths_of(bench, 2)->path->bid);
	assert_int_equal(transaction->effects[binding].binding.more_count, 0);
	world_settle(&bench->world);
	lma_bench_until(bench, 0);
	assert_null(paths_of(bench, 1));
	assert_flows(bench, 1);
	assert_agreed(bench);
}

/* Its path could not be taken away: all is as it was. */
static void test_kept_in_vain(void **state)
{
	struct lma_bench *bench = begin(state);
	struct lma_request request;
	uint16_t id;

	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG1, 1, new_flow(8, 11, 5061), MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG2, 2, new_flow(7, 12, 80), MH_FLOW_ACCEPTED);
	id = flow_of(bench, 1, 0)->id;
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, ENOMEM);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(flow_of(bench, 1, 0)->fid, 7);
	assert_int_equal(flow_of(bench, 1, 0)->id, id);
	assert_int_equal(paths_of(bench, 1)->path->flows->count, 2);
	assert_int_equal(paths_of(bench, 2)->path->flows->count, 1);
	assert_flows(bench, 3);
	assert_agreed(bench);
}

static void leave(struct lma_bench *bench, const char *mag, uint8_t ll_id,
		  enum mh_multihoming_act act)
{
	struct lma_request request = paths_detach(bench, mag, ll_id, act);

	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 0);
	world_pass(&bench->world, 1000);
}

static struct lma_request joining(struct lma_bench *bench, const char *mag,
				  uint8_t ll_id, struct mh_flow one)
{
	struct lma_request request = paths_pbu(bench, mag, ll_id, NULL,
					       MH_HI_NEW_INTERFACE);

	add_to(&request, one);
	return request;
}

/* It has its flow again, and that is the same one in the data plane. */
static void test_comes_back(void **state)
{
	struct lma_bench *bench = begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	const struct mh_binding_ack *ba;
	struct lma_request request;
	uint16_t id;

	/* So that a lower number is free. */
	assert_flow(bench, MAG2, 2, new_flow(6, 9, 443), MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG2, 2, new_flow(7, 11, 80), MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG2, 2, operation_on(6, MH_FLOW_DELETE),
		    MH_FLOW_ACCEPTED);
	id = flow_of(bench, 1, 0)->id;
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	assert_int_equal(flow_of(bench, 2, 1)->id, id);
	request = joining(bench, MAG1, 1, one);
	ba = answer(bench, &request);
	assert_int_equal(ba->options.flow_count, 1);
	/* RULE: MH-10 */
	assert_int_equal(ba->options.flow[0].status, MH_FLOW_ACCEPTED);
	assert_int_equal(flow_of(bench, 1, 0)->id, id);
	assert_int_equal(flow_of(bench, 1, 0)->bid,
			 paths_of(bench, 1)->path->bid);
	assert_false(flow_of(bench, 1, 0)->moved);
	assert_int_equal(paths_of(bench, 2)->path->flows->count, 1);
	assert_flows(bench, 2);
	assert_agreed(bench);
	/* The gateway that had it hears nothing of it any more. */
	world_pass(&bench->world, 1000);
	assert_int_equal(renewed(bench, MAG2, 2)->options.flow_count, 0);
	assert_int_equal(lma_bench_restart(bench, true), 4);
	bench->lma.config.multihoming = true;
	assert_int_equal(flow_of(bench, 1, 0)->id, id);
	assert_int_equal(paths_of(bench, 2)->path->flows->count, 1);
}

/* Said anew as it is, it is still moved; changed, it is its gateway's own. */
static void test_comes_back_later(void **state)
{
	struct lma_bench *bench = begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct lma_request request;

	assert_flow(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	one.fid = 0x8000;
	assert_flow(bench, MAG2, 2, one, MH_FLOW_ACCEPTED);
	assert_true(flow_of(bench, 2, 0)->moved);
	/* Other packets with its priority are another flow. */
	request = joining(bench, MAG1, 1, new_flow(7, 10, 5061));
	assert_int_equal(answer(bench, &request)->options.flow[0].status,
			 MH_FLOW_REASON_UNSPECIFIED);
	assert_flows(bench, 1);
	world_pass(&bench->world, 1000);
	one.action = MH_FLOW_DROP;
	one.has_extras = true;
	assert_flow(bench, MAG2, 2, one, MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060),
		    MH_FLOW_REASON_UNSPECIFIED);
	/* Nor does one yield that has changed by a renewal of its own interface. */
	assert_false(flow_of(bench, 2, 0)->moved);
	assert_flows(bench, 1);
}

/* An anchor that has forgotten it hears of it from where it was moved to. */
static void test_comes_back_after_loss(void **state)
{
	struct lma_bench *bench = begin(state);

	assert_flow(bench, MAG2, 2, new_flow(0x8000, 10, 5060),
		    MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	assert_flows(bench, 1);
	assert_int_equal(flow_of(bench, 1, 0)->fid, 7);
}

/* It could not, or its flows could not: they stay where they are. */
static void test_comes_back_in_vain(void **state)
{
	struct lma_bench *bench = begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct lma_request request;
	uint16_t id;

	assert_flow(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	id = flow_of(bench, 1, 0)->id;
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	request = joining(bench, MAG1, 1, one);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_null(paths_of(bench, 1));
	assert_int_equal(flow_of(bench, 2, 0)->id, id);
	assert_true(flow_of(bench, 2, 0)->moved);
	assert_flows(bench, 1);
	assert_agreed(bench);
	world_pass(&bench->world, 1000);
	paths_attach(bench, MAG1, 1);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	add_to(&request, one);
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(flow_of(bench, 2, 0)->id, id);
	assert_flows(bench, 1);
	assert_agreed(bench);
	assert_int_equal(lma_bench_restart(bench, true), 3);
	bench->lma.config.multihoming = true;
	assert_int_equal(flow_of(bench, 2, 0)->id, id);
}

/* More of them than one acknowledgement has room for. */
static void test_kept_many(void **state)
{
	struct lma_bench *bench = begin(state);
	bool heard[12] = { false };
	struct lma_request request;
	const struct mh_binding_ack *ba;
	unsigned int i, count = 0, round;

	for (i = 0; i < 12; i++)
		assert_flow(bench, MAG1, 1, numbered(i + 1), MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 0);
	assert_flows(bench, 12);
	for (round = 0; round < 12; round++) {
		ba = renewed(bench, MAG2, 2);
		assert_int_equal(ba->options.flow_count, MH_MAX_FLOWS);
		for (i = 0; i < ba->options.flow_count; i++)
			heard[ba->options.flow[i].fid - 0x8000] = true;
	}
	for (i = 0; i < 12; i++)
		count += heard[i];
	/* RULE: MH-16 */
	assert_int_equal(count, 12);
	/* What became of those that it names comes first. */
	assert_flow(bench, MAG2, 2, new_flow(3, 100, 1), MH_FLOW_ACCEPTED);
}

/* An interface has no more of them however they come; the next best has the rest. */
static void test_kept_within_limit(void **state)
{
	struct lma_bench *bench = begin(state);
	struct lma_request request;
	unsigned int i;

	paths_attach(bench, MAG3, 3);
	for (i = 1; i < LMA_FLOWS_MAX; i++)
		assert_flow(bench, MAG2, 2, numbered(i), MH_FLOW_ACCEPTED);
	for (i = 0; i < 3; i++)
		assert_flow(bench, MAG1, 1, numbered(100 + i),
			    MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 0);
	assert_flows(bench, LMA_FLOWS_MAX + 2);
	assert_int_equal(paths_of(bench, 2)->path->flows->count, LMA_FLOWS_MAX);
	assert_int_equal(paths_of(bench, 3)->path->flows->count, 2);
	/* Nobody has room for these. */
	world_pass(&bench->world, 1000);
	request = paths_detach(bench, MAG3, 3, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 0);
	assert_flows(bench, LMA_FLOWS_MAX);
	assert_agreed(bench);
}

/* Nobody is left that they could go to. */
static void test_kept_by_nobody(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG1, 1);
	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 5000);
	assert_flows(bench, 1);
	lma_bench_until(bench, 5000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->world.flow_count, 0);
	assert_int_equal(bench->world.record_count, 0);
}

/* It comes back before it has gone: what was said as it left counts no more. */
static void test_kept_until_back(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG1, 1);
	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	paths_attach(bench, MAG1, 1);
	assert_int_equal(lma_bench_restart(bench, true), 2);
	bench->lma.config.multihoming = true;
	assert_false(paths_of(bench, 1)->now.keeps_flows);
	lma_bench_until(bench, 100000);
	paths_attach(bench, MAG2, 2);
	lma_bench_until(bench, 250000);
	assert_null(paths_of(bench, 1));
	assert_non_null(paths_of(bench, 2));
	assert_flows(bench, 0);
	assert_agreed(bench);
}

static void test_fails(void **state)
{
	struct lma_bench *bench = begin(state);
	struct lma_request request;

	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	add_to(&request, operation_on(7, MH_FLOW_DELETE));
	add_to(&request, new_flow(8, 10, 5061));
	add_to(&request, new_flow(9, 11, 5062));
	world_fail(&bench->world, EFFECT_FLOW_SET, 1, 1, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_flows(bench, 1);
	assert_int_equal(flow_of(bench, 1, 0)->fid, 7);
	assert_agreed(bench);
	/* Nor is anything left of an interface that could not join with some. */
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG3, 3, NULL, MH_HI_NEW_INTERFACE);
	add_to(&request, new_flow(8, 12, 5061));
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_flows(bench, 1);
	assert_null(paths_of(bench, 3));
}

/* What it goes back to is not by a path that has gone meanwhile. */
static void test_fails_as_path_goes(void **state)
{
	struct lma_bench *bench = begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct lma_request request = paths_pbu(bench, MAG2, 2, HNP1,
					       MH_HI_NOT_CHANGED);

	request.bu.options.has_bid = true;
	request.bu.options.bid.id = 22;
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	one.has_bid = true;
	one.bid = 22;
	assert_flow(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG2, 2, MH_ACT_REMOVE);
	assert_status(bench, &request, MH_ACCEPTED);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	add_to(&request, new_flow(8, 11, 5061));
	give(bench, &request);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	assert_int_equal(world_collect(&bench->world), 2);
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	world_settle(&bench->world);
	assert_null(paths_of(bench, 2));
	assert_int_equal(flow_of(bench, 1, 0)->bid, 1);
	assert_flows(bench, 1);
	assert_agreed(bench);
}

static void reconcile(struct lma_bench *bench)
{
	struct dataplane_dump dump = world_dump(&bench->world);

	lma_on_dataplane(&bench->lma, &dump, bench->world.now,
			 &bench->world.out);
	dataplane_dump_free(&dump);
	world_settle(&bench->world);
}

/* Said again, and no other: the data plane, where it counts, hears nothing of it. */
static void test_said_again(void **state)
{
	struct lma_bench *bench = begin(state);
	struct lma_request request;

	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	add_to(&request, new_flow(7, 10, 5061));
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_flows(bench, 1);
	assert_agreed(bench);
}

/* Records of all, and the data plane is as they say, whatever it was. */
static void test_restart(void **state)
{
	struct lma_bench *bench = begin(state);
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
	assert_flow(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	assert_flow(bench, MAG2, 2, new_flow(7, 11, 80), MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	give(bench, &request);
	world_settle(&bench->world);
	/* It ends before the interface has gone, whose flow is the other's already. */
	assert_int_equal(lma_bench_restart(bench, true), 3);
	bench->lma.config.multihoming = true;
	lma_bench_until(bench, 0);
	assert_null(paths_of(bench, 1));
	assert_flows(bench, 2);
	assert_int_equal(flow_of(bench, 2, 1)->fid, 0x8000);
	assert_memory_equal(&flow_of(bench, 2, 1)->selector, &one.selector,
			    sizeof(one.selector));
	assert_true(flow_of(bench, 2, 1)->moved);
	/* One that was to go has not, and one is not there. */
	stray = &bench->world.flows[0];
	stray->id = 99;
	assert_int_equal(lma_bench_restart(bench, true), 2);
	reconcile(bench);
	assert_flows(bench, 2);
	assert_agreed(bench);
	/* Nor is anything of its binding. */
	bench->world.flow_count = 0;
	bench->world.binding_count = 0;
	reconcile(bench);
	assert_flows(bench, 2);
}

/* Cut short at any octet, or with something behind it, it is none. */
static void test_bad_records(void **state)
{
	struct lma_bench *bench = begin(state);
	const struct effect_store *record = NULL;
	uint8_t octets[256];
	uint64_t key;
	size_t len, i;

	assert_flow(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
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
	assert_flows(bench, 1);
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
		TEST(test_kept),
		TEST(test_kept_without_a_gap),
		TEST(test_kept_in_vain),
		TEST(test_comes_back),
		TEST(test_comes_back_later),
		TEST(test_comes_back_after_loss),
		TEST(test_comes_back_in_vain),
		TEST(test_kept_many),
		TEST(test_kept_by_first),
		TEST(test_kept_within_limit),
		TEST(test_kept_by_nobody),
		TEST(test_kept_until_back),
		TEST(test_fails),
		TEST(test_fails_as_path_goes),
		TEST(test_said_again),
		TEST(test_restart),
		TEST(test_bad_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
