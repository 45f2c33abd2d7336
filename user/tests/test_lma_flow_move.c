// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_flow_move.c, and in user/engine/lma_flow.c what comes back
 */
#include <errno.h>

#include "common/lma_flows.h"
#include "common/test.h"

/* They go on by the best one that is left, whose gateway hears of them. */
static void test_kept(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060), *told;
	struct lma_request request;
	const struct mh_binding_ack *ba;

	paths_attach(bench, MAG3, 3);
	one.has_extras = true;
	one.action = MH_FLOW_DUPLICATE;
	assert_answered(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG1, 1, new_flow(8, 11, 5061), MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG3, 3, new_flow(8, 12, 5062), MH_FLOW_ACCEPTED);
	paths_of(bench, 3)->now.priority = 1;
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: MH-18 */
	world_forget_messages(&bench->world);
	lma_bench_until(bench, 0);
	/* RULE: MH-18 */
	assert_int_equal(bench->world.sent_count, 0);
	/* RULE: MH-14 */
	assert_lma_flows(bench, 3);
	assert_int_equal(lma_flow_at(bench, 3, 1)->bid,
			 paths_of(bench, 3)->path->bid);
	/* RULE: MH-17 */
	assert_int_equal(lma_flow_at(bench, 3, 1)->fid, 0x8000);
	assert_int_equal(lma_flow_at(bench, 3, 2)->fid, 0x8001);
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
	assert_answered(bench, MAG3, 3, operation_on(0x8000, MH_FLOW_DELETE),
			MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG3, 3, operation_on(0x8001, MH_FLOW_MODIFY),
			MH_FLOW_ACCEPTED);
	assert_int_equal(renewed(bench, MAG3, 3)->options.flow_count, 0);
	assert_lma_flows(bench, 2);
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
	struct lma_bench *bench = flows_begin(state);
	const struct transaction *transaction;
	struct lma_request request;
	int flow, binding, ack;

	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
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
	assert_lma_flows(bench, 1);
	assert_agreed(bench);
}

/* Its path could not be taken away: all is as it was. */
static void test_kept_in_vain(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct lma_request request;
	uint16_t id;

	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG1, 1, new_flow(8, 11, 5061), MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG2, 2, new_flow(7, 12, 80), MH_FLOW_ACCEPTED);
	id = lma_flow_at(bench, 1, 0)->id;
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, ENOMEM);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(lma_flow_at(bench, 1, 0)->fid, 7);
	assert_int_equal(lma_flow_at(bench, 1, 0)->id, id);
	assert_int_equal(paths_of(bench, 1)->path->flows->count, 2);
	assert_int_equal(paths_of(bench, 2)->path->flows->count, 1);
	assert_lma_flows(bench, 3);
	assert_agreed(bench);
}

/* Nor could that be stored: what is kept of both is set right when it can be. */
static void test_kept_and_stored_in_vain(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct lma_request request;

	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	/* The path, after three records and the flow; three records as it goes back. */
	world_fail(&bench->world, ANY_EFFECT, 4, 4, ENOSPC);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(bench->world.fail_count, 0);
	assert_int_equal(bench->world.record_count, 3);
	assert_int_equal(paths_of(bench, 1)->path->flows->count, 1);
	lma_bench_until(bench, 1000);
	assert_lma_flows(bench, 1);
	assert_agreed(bench);
	assert_int_equal(lma_bench_restart(bench, true), 3);
	bench->lma.config.multihoming = true;
	assert_int_equal(lma_flow_at(bench, 1, 0)->fid, 7);
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

	add_flow_to(&request, one);
	return request;
}

/* It has its flow again, and that is the same one in the data plane. */
static void test_comes_back(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	const struct mh_binding_ack *ba;
	struct lma_request request;
	uint16_t id;

	/* So that a lower number is free. */
	assert_answered(bench, MAG2, 2, new_flow(6, 9, 443), MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG2, 2, new_flow(7, 11, 80), MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG2, 2, operation_on(6, MH_FLOW_DELETE),
			MH_FLOW_ACCEPTED);
	id = lma_flow_at(bench, 1, 0)->id;
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	assert_int_equal(lma_flow_at(bench, 2, 1)->id, id);
	request = joining(bench, MAG1, 1, one);
	ba = answer(bench, &request);
	assert_int_equal(ba->options.flow_count, 1);
	/* RULE: MH-10 */
	assert_int_equal(ba->options.flow[0].status, MH_FLOW_ACCEPTED);
	assert_int_equal(lma_flow_at(bench, 1, 0)->id, id);
	assert_int_equal(lma_flow_at(bench, 1, 0)->bid,
			 paths_of(bench, 1)->path->bid);
	assert_false(lma_flow_at(bench, 1, 0)->moved);
	assert_int_equal(paths_of(bench, 2)->path->flows->count, 1);
	assert_lma_flows(bench, 2);
	assert_agreed(bench);
	/* The gateway that had it hears nothing of it any more. */
	world_pass(&bench->world, 1000);
	assert_int_equal(renewed(bench, MAG2, 2)->options.flow_count, 0);
	assert_int_equal(lma_bench_restart(bench, true), 4);
	bench->lma.config.multihoming = true;
	assert_int_equal(lma_flow_at(bench, 1, 0)->id, id);
	assert_int_equal(paths_of(bench, 2)->path->flows->count, 1);
}

/* Said anew as it is, it is still moved; changed, it is its gateway's own. */
static void test_comes_back_later(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct lma_request request;

	assert_answered(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	one.fid = 0x8000;
	assert_answered(bench, MAG2, 2, one, MH_FLOW_ACCEPTED);
	assert_true(lma_flow_at(bench, 2, 0)->moved);
	/* Other packets with its priority are another flow. */
	request = joining(bench, MAG1, 1, new_flow(7, 10, 5061));
	assert_int_equal(answer(bench, &request)->options.flow[0].status,
			 MH_FLOW_REASON_UNSPECIFIED);
	assert_lma_flows(bench, 1);
	world_pass(&bench->world, 1000);
	one.action = MH_FLOW_DROP;
	one.has_extras = true;
	assert_answered(bench, MAG2, 2, one, MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060),
			MH_FLOW_REASON_UNSPECIFIED);
	/* Nor does one yield that has changed by a renewal of its own interface. */
	assert_false(lma_flow_at(bench, 2, 0)->moved);
	assert_lma_flows(bench, 1);
}

/*
 * A gateway changes it, and its interface goes back to one that has it as it was, and
 * does not take it for one of its own: it hears what became of it, and later that it
 * is not.
 */
static void test_comes_back_to_who_had_it(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	const struct mh_binding_ack *ba;
	struct lma_request request;

	assert_answered(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	assert_answered(bench, MAG2, 2, new_flow(0x8000, 20, 5061),
			MH_FLOW_ACCEPTED);
	assert_false(lma_flow_at(bench, 2, 0)->moved);
	one.fid = 0x8000;
	request = paths_pbu(bench, MAG3, 2, NULL, MH_HI_SAME_INTERFACE);
	add_flow_to(&request, one);
	ba = answer(bench, &request);
	/* RULE: MH-10 */
	assert_int_equal(ba->options.flow_count, 1);
	assert_int_equal(ba->options.flow[0].status, MH_FLOW_ACCEPTED);
	world_pass(&bench->world, 1000);
	ba = renewed(bench, MAG3, 2);
	assert_int_equal(ba->options.flow_count, 1);
	assert_int_equal(ba->options.flow[0].pro, MH_FLOW_PRO_REINSTANTIATED);
	assert_int_equal(ba->options.flow[0].priority, 10);
	assert_true(lma_flow_at(bench, 2, 0)->moved);
	assert_lma_flows(bench, 1);
	/* So that its own interface can have it back. */
	request = joining(bench, MAG1, 1, new_flow(7, 10, 5060));
	assert_int_equal(answer(bench, &request)->options.flow[0].status,
			 MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 1);
}

/* An anchor that has forgotten it hears of it from where it was moved to. */
static void test_comes_back_after_loss(void **state)
{
	struct lma_bench *bench = flows_begin(state);

	assert_answered(bench, MAG2, 2, new_flow(0x8004, 10, 5060),
			MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG2, 2, new_flow(0x8002, 11, 5061),
			MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 2);
	assert_int_equal(lma_flow_at(bench, 1, 0)->fid, 7);
	/* Which that gateway has not heard as it is given another one. */
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	/* RULE: MH-17 */
	assert_int_equal(lma_flow_at(bench, 2, 1)->fid, 0x8005);
}

/* The first interface has a flow, and leaves it to the second; which one it is. */
static uint16_t pass_on(struct lma_bench *bench, struct mh_flow flow)
{
	uint16_t id;

	assert_answered(bench, MAG1, 1, flow, MH_FLOW_ACCEPTED);
	id = lma_flow_at(bench, 1, 0)->id;
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	assert_int_equal(lma_flow_at(bench, 2, 0)->id, id);
	return id;
}

/* It could not, or its flows could not: they stay where they are. */
static void test_comes_back_in_vain(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct lma_request request;
	uint16_t id;

	id = pass_on(bench, one);
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	request = joining(bench, MAG1, 1, one);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_null(paths_of(bench, 1));
	assert_int_equal(lma_flow_at(bench, 2, 0)->id, id);
	assert_true(lma_flow_at(bench, 2, 0)->moved);
	assert_lma_flows(bench, 1);
	assert_agreed(bench);
	world_pass(&bench->world, 1000);
	paths_attach(bench, MAG1, 1);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	add_flow_to(&request, one);
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(lma_flow_at(bench, 2, 0)->id, id);
	assert_lma_flows(bench, 1);
	assert_agreed(bench);
	assert_int_equal(lma_bench_restart(bench, true), 3);
	bench->lma.config.multihoming = true;
	assert_int_equal(lma_flow_at(bench, 2, 0)->id, id);
}

/*
 * The interface that has it now asks for it as its own, in vain: it stays what was
 * moved there.
 */
static void test_taken_by_its_holder_in_vain(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct lma_request request;
	uint16_t id;

	id = pass_on(bench, one);
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NOT_CHANGED);
	add_flow_to(&request, one);
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_lma_flows(bench, 1);
	assert_int_equal(lma_flow_at(bench, 2, 0)->id, id);
	assert_true(lma_flow_at(bench, 2, 0)->moved);
	assert_agreed(bench);
	world_pass(&bench->world, 1000);
	assert_answered(bench, MAG2, 2, one, MH_FLOW_ACCEPTED);
	assert_int_equal(lma_flow_at(bench, 2, 0)->id, id);
	assert_false(lma_flow_at(bench, 2, 0)->moved);
	assert_lma_flows(bench, 1);
}

/* Nor could it be undone at once: that is tried until it is. */
static void test_stays_in_vain(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct mh_flow two = new_flow(8, 11, 5061);
	struct lma_request request;

	assert_answered(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	assert_answered(bench, MAG1, 1, two, MH_FLOW_ACCEPTED);
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	request = joining(bench, MAG1, 1, one);
	add_flow_to(&request, two);
	/* One goes by its own interface, and not back when the other cannot. */
	world_fail(&bench->world, EFFECT_FLOW_SET, 1, 2, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_null(paths_of(bench, 1));
	lma_bench_until(bench, 1000);
	assert_lma_flows(bench, 2);
	assert_int_equal(lma_flow_at(bench, 2, 0)->bid,
			 paths_of(bench, 2)->path->bid);
	assert_agreed(bench);
	assert_int_equal(lma_bench_restart(bench, true), 2);
	bench->lma.config.multihoming = true;
	assert_int_equal(paths_of(bench, 2)->path->flows->count, 2);
}

/* A copy of what was accepted is not told that of one that has gone since. */
static void test_repeated_when_back(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	const struct mh_binding_ack *ba;
	struct lma_request request, back;

	assert_answered(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	one.fid = 0x8000;
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NOT_CHANGED);
	add_flow_to(&request, one);
	add_flow_to(&request, operation_on(9, MH_FLOW_DELETE));
	add_flow_to(&request, new_flow(6, 12, 80));
	ba = answer(bench, &request);
	assert_int_equal(ba->options.flow[0].status, MH_FLOW_ACCEPTED);
	world_forget_messages(&bench->world);
	ba = answer(bench, &request);
	assert_int_equal(ba->options.flow[0].status, MH_FLOW_ACCEPTED);
	one.fid = 7;
	back = joining(bench, MAG1, 1, one);
	assert_int_equal(answer(bench, &back)->options.flow[0].status,
			 MH_FLOW_ACCEPTED);
	world_forget_messages(&bench->world);
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.flow_count, 3);
	/* RULE: MH-10 */
	assert_int_equal(ba->options.flow[0].status, MH_FLOW_FID_NOT_FOUND);
	assert_int_equal(ba->options.flow[2].status, MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 2);
}

/* What a gateway says anew of one that has gone is not said of a later one. */
static void test_kept_again(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct mh_flow one = new_flow(7, 10, 5060);
	struct lma_request request;
	uint16_t fid;

	assert_answered(bench, MAG1, 1, one, MH_FLOW_ACCEPTED);
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	assert_int_equal(lma_flow_at(bench, 2, 0)->fid, 0x8000);
	request = joining(bench, MAG1, 1, one);
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5061), MH_FLOW_ACCEPTED);
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	assert_int_equal(lma_flow_at(bench, 2, 0)->fid, 0x8001);
	one.fid = 0x8000;
	assert_answered(bench, MAG2, 2, one, MH_FLOW_REASON_UNSPECIFIED);
	assert_true(lma_flow_at(bench, 2, 0)->moved);
	/* Nor by an anchor that has started anew, and does not know which have gone. */
	assert_int_equal(lma_bench_restart(bench, true), 2);
	bench->lma.config.multihoming = true;
	lma_bench_reconcile(bench);
	request = joining(bench, MAG1, 1, new_flow(7, 10, 5061));
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	/* RULE: MH-17 */
	fid = lma_flow_at(bench, 2, 0)->fid;
	assert_in_range(fid, 0x8002, 0xfffe);
	/* But when all have been given they are given again, if they are free. */
	paths_of(bench, 2)->path->moved = fid;
	paths_attach(bench, MAG1, 1);
	assert_answered(bench, MAG1, 1, new_flow(7, 11, 80), MH_FLOW_ACCEPTED);
	leave(bench, MAG1, 1, MH_ACT_KEEP);
	/* RULE: MH-17 */
	assert_int_equal(lma_flow_at(bench, 2, 1)->fid, fid + 1);
	assert_lma_flows(bench, 2);
}

/* More of them than one acknowledgement has room for. */
static void test_kept_many(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	bool heard[12] = { false };
	struct lma_request request;
	const struct mh_binding_ack *ba;
	unsigned int i, count = 0, round;

	for (i = 0; i < 12; i++)
		assert_answered(bench, MAG1, 1, numbered_flow(i + 1), MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 0);
	assert_lma_flows(bench, 12);
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
	assert_answered(bench, MAG2, 2, new_flow(3, 100, 1), MH_FLOW_ACCEPTED);
}

/* An interface has no more of them however they come; the next best has the rest. */
static void test_kept_within_limit(void **state)
{
	struct lma_bench *bench = flows_begin(state);
	struct lma_request request;
	unsigned int i;

	paths_attach(bench, MAG3, 3);
	for (i = 1; i < LMA_FLOWS_MAX; i++)
		assert_answered(bench, MAG2, 2, numbered_flow(i), MH_FLOW_ACCEPTED);
	for (i = 0; i < 3; i++)
		assert_answered(bench, MAG1, 1, numbered_flow(100 + i),
				MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 0);
	assert_lma_flows(bench, LMA_FLOWS_MAX + 2);
	assert_int_equal(paths_of(bench, 2)->path->flows->count, LMA_FLOWS_MAX);
	assert_int_equal(paths_of(bench, 3)->path->flows->count, 2);
	/* Nobody has room for these. */
	world_pass(&bench->world, 1000);
	request = paths_detach(bench, MAG3, 3, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 0);
	assert_lma_flows(bench, LMA_FLOWS_MAX);
	assert_agreed(bench);
}

/* Nobody is left that they could go to. */
static void test_kept_by_nobody(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG1, 1);
	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 5000);
	assert_lma_flows(bench, 1);
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
	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
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
	assert_lma_flows(bench, 0);
	assert_agreed(bench);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_kept),
		TEST(test_kept_without_a_gap),
		TEST(test_kept_in_vain),
		TEST(test_kept_and_stored_in_vain),
		TEST(test_comes_back),
		TEST(test_comes_back_later),
		TEST(test_comes_back_to_who_had_it),
		TEST(test_comes_back_after_loss),
		TEST(test_comes_back_in_vain),
		TEST(test_taken_by_its_holder_in_vain),
		TEST(test_stays_in_vain),
		TEST(test_repeated_when_back),
		TEST(test_kept_again),
		TEST(test_kept_many),
		TEST(test_kept_within_limit),
		TEST(test_kept_by_nobody),
		TEST(test_kept_until_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
