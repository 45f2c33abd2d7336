// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_flow.c, user/engine/lma_flow_record.c: flows while what they
 * hang on changes, fails, or begins anew. user/sim has found most of these.
 */
#include <errno.h>
#include <stdlib.h>

#include "../engine/lma_group.h"
#include "../engine/lma_internal.h"
#include "common/lma_flows.h"
#include "common/test.h"

static unsigned int count_of(struct lma_bench *bench, uint8_t ll_id)
{
	const struct bce *bce = paths_of(bench, ll_id);

	return bce && bce->path && bce->path->flows ?
	       bce->path->flows->count : 0;
}

static void restart(struct lma_bench *bench, unsigned int records)
{
	assert_int_equal(lma_bench_restart(bench, true), records);
	bench->lma.config.multihoming = true;
	lma_bench_reconcile(bench);
}

static void renumber(struct lma_bench *bench)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	assert_null(lma_renumber(&bench->lma, paths_of(bench, 1),
				 &request.policy, NULL, 0, bench->world.now,
				 &bench->world.out));
	world_settle(&bench->world);
	world_pass(&bench->world, 10);
	world_forget_messages(&bench->world);
}

/* What it gets is another binding of the data plane, which has no flows yet. */
static void test_renumbered(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request;
	struct mh_prefix other = prefix6(HNP2);

	renumber(bench);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&paths_of(bench, 1)->prefixes[0].prefix, HNP2);
	assert_non_null(world_flow(&bench->world, &other, 1));
	assert_lma_flows(bench, 1);
	/* Nor would its record find it by what it had. */
	restart(bench, 2);
	assert_lma_flows(bench, 1);
}

static void test_renumbering_fails(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request;

	renumber(bench);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	/* After what it had is gone. */
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_prefix_equal(&paths_of(bench, 1)->prefixes[0].prefix, HNP1);
	assert_lma_flows(bench, 1);
	restart(bench, 2);
	assert_lma_flows(bench, 1);
}

/* A gateway that does not know them is told, as if they were another's. */
static void test_handed_over(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request = paths_pbu(bench, MAG2, 1, NULL,
					       MH_HI_SAME_INTERFACE);
	const struct mh_binding_ack *ba;

	/* What it names itself is its own. */
	*mh_add_flow(&request.bu.options) = new_flow(7, 10, 5060);
	ba = answer(bench, &request);
	assert_non_null(ba);
	assert_int_equal(ba->options.flow_count, 1);
	assert_int_equal(ba->options.flow[0].pro, MH_FLOW_PRO_CREATE);
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG1, 1, NULL, MH_HI_SAME_INTERFACE);
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.flow_count, 1);
	assert_int_equal(ba->options.flow[0].fid, 7);
	/* RULE: MH-16 MH-18 */
	assert_int_equal(ba->options.flow[0].pro, MH_FLOW_PRO_REINSTANTIATED);
	assert_int_equal(ba->options.flow[0].format, MH_SELECTOR_IPV6);
	assert_lma_flows(bench, 1);
}

/*
 * The last that lived has just ended, and its binding with all flows in the data
 * plane; then another one comes. They are wanted again if what they go to is back.
 */
static void test_joined_at_the_end(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct bce *bce = paths_of(bench, 1);
	struct lma_request request;

	world_pass(&bench->world, bce->now.expires_ms -
		   bench->world.now.mono_ms - 1);
	bench->world.flow_count = 0;
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_lma_flows(bench, 1);
	assert_false(paths_of(bench, 2)->unsure);
}

/* Who goes on is told nothing. */
static void test_goes_on(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request = paths_pbu(bench, MAG1, 1, HNP1,
					       MH_HI_NOT_CHANGED);
	const struct mh_binding_ack *ba = answer(bench, &request);

	assert_non_null(ba);
	assert_int_equal(ba->options.flow_count, 0);
}

/* It goes on to match, and to take its priority: nobody is told that it has gone. */
static void test_deleted_in_vain(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request = with_flow(bench, MAG1, 1,
					       operation_on(7, MH_FLOW_DELETE));

	world_fail(&bench->world, EFFECT_FLOW_DELETE, 0, 1, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_lma_flows(bench, 1);
	world_pass(&bench->world, 1000);
	assert_answered(bench, MAG1, 1, operation_on(7, MH_FLOW_DELETE),
			MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 0);
	assert_agreed(bench);
}

/* Its interface goes, and it stays: that is tried until it has gone as well. */
static void test_ended_in_vain(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG2, 2);
	world_fail(&bench->world, EFFECT_FLOW_DELETE, 0, 2, ENOMEM);
	request = paths_detach(bench, MAG1, 1, MH_ACT_REMOVE);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 1999);
	assert_null(paths_of(bench, 1));
	assert_int_equal(bench->world.flow_count, 1);
	lma_bench_until(bench, 1);
	assert_lma_flows(bench, 0);
	assert_agreed(bench);
}

/* An earlier run has left one. */
static void leave_stray(struct lma_bench *bench)
{
	struct effect_flow stray = bench->world.flows[0];

	assert_answered(bench, MAG1, 1, operation_on(7, MH_FLOW_DELETE),
			MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 0);
	bench->world.flows[bench->world.flow_count++] = stray;
}

/* Nobody knows which flows the data plane has, not even that it has some. */
static void test_stray_flow(void **state)
{
	struct lma_bench *bench = flow_begin(state);

	leave_stray(bench);
	restart(bench, 1);
	assert_lma_flows(bench, 0);
	/* Once: there is no doubt any more. */
	assert_false(paths_of(bench, 1)->unsure);
}

/* A session has ended whose binding could not be taken away, nor so its flow. */
static struct lma_bench *leave_over(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request = paths_detach(bench, MAG1, 1, MH_ACT_REMOVE);

	world_fail(&bench->world, EFFECT_BINDING_DELETE, 0, 1, EIO);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->world.flow_count, 1);
	return bench;
}

/* Who has its prefix next has no flows. */
static void test_left_over(void **state)
{
	struct lma_bench *bench = leave_over(state);
	struct lma_request request;

	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NEW_INTERFACE);
	request.bu.options.has_multihoming = false;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_int_equal(bench->world.flow_count, 0);
}

/* Nor has who joins one that has it next, and ends as they could not be taken away. */
static void test_left_over_to_another(void **state)
{
	struct lma_bench *bench = leave_over(state);
	struct lma_request request;

	world_fail(&bench->world, EFFECT_FLOW_DELETE, 0, 1, ENOMEM);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NEW_INTERFACE);
	give(bench, &request);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	give(bench, &request);
	world_settle(&bench->world);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_non_null(paths_of(bench, 2));
	assert_lma_flows(bench, 0);
	assert_int_equal(bench->world.flow_count, 0);
}

/* Its flows could not be taken away either: who comes is let in when they are. */
static void test_left_over_twice(void **state)
{
	struct lma_bench *bench = leave_over(state);
	struct lma_request request;

	world_fail(&bench->world, EFFECT_FLOW_DELETE, 0, 1, ENOMEM);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NEW_INTERFACE);
	request.bu.options.has_multihoming = false;
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(bench->lma.bc.count, 0);
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NEW_INTERFACE);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->world.flow_count, 0);
}

/* Nor has one that gets that prefix later: its own ones follow it there. */
static void test_renumbered_to_left_over(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct mh_prefix left = prefix6(HNP1);
	struct lma_request request;

	assert_answered(bench, MAG1, 1, new_flow(8, 20, 5060), MH_FLOW_ACCEPTED);
	world_fail(&bench->world, EFFECT_BINDING_DELETE, 0, 1, EIO);
	request = paths_detach(bench, MAG1, 1, MH_ACT_REMOVE);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->world.flow_count, 2);
	request = paths_pbu(bench, MAG1, 1, HNP2, MH_HI_NEW_INTERFACE);
	*mh_add_flow(&request.bu.options) = new_flow(9, 30, 5060);
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	renumber(bench);
	request = paths_pbu(bench, MAG1, 1, HNP2, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_non_null(world_flow(&bench->world, &left, 1));
	assert_lma_flows(bench, 1);
}

/* Nor are they told anew beside what is there: that is tried until it has gone. */
static void test_unsure_in_vain(void **state)
{
	struct lma_bench *bench = flow_begin(state);

	leave_stray(bench);
	world_fail(&bench->world, EFFECT_FLOW_DELETE, 0, 1, ENOMEM);
	restart(bench, 1);
	assert_true(paths_of(bench, 1)->unsure);
	lma_bench_until(bench, 1000);
	assert_lma_flows(bench, 0);
	assert_false(paths_of(bench, 1)->unsure);
}

/* Nor could their record be, which goes with its interface. */
static void test_record_left_over(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct mh_flow end = new_flow(7, 10, 5060);
	struct lma_request request;

	end.operation = MH_FLOW_DELETE;
	world_fail(&bench->world, EFFECT_STORE_DELETE, 0, 1, EIO);
	assert_answered(bench, MAG1, 1, end, MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 0);
	assert_int_equal(bench->world.record_count, 2);
	request = paths_detach(bench, MAG1, 1, MH_ACT_REMOVE);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->world.record_count, 0);
}

/* Its flows are kept with the other's, and its own records go all the same. */
static void test_kept_but_not_stored(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG2, 2);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	assert_status(bench, &request, MH_ACCEPTED);
	/* Its records, which go, and what is left of its paths. */
	world_fail(&bench->world, ANY_EFFECT, 0, 3, ENOSPC);
	lma_bench_until(bench, 3000);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_int_equal(count_of(bench, 2), 1);
	assert_lma_flows(bench, 1);
	assert_int_equal(bench->world.record_count, 2);
	restart(bench, 2);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_lma_flows(bench, 1);
}

/* Two records of one flow: it was moved, and not forgotten where it was. */
static void test_there_twice(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct transaction *transaction;
	const struct effect_store *record;
	struct lma_flows *flows;
	struct bce *other;
	struct outbox out;

	other = paths_attach(bench, MAG2, 2);
	flows = paths_of(bench, 1)->path->flows;
	outbox_init(&out);
	transaction = transaction_new(&out, NULL);
	other->path->flows = flows;
	lma_put_flows(transaction, other);
	other->path->flows = NULL;
	record = &transaction->effects[0].store;
	assert_false(lma_restore_flows(&bench->lma, record->key, record->data,
				       record->len));
	assert_int_equal(count_of(bench, 2), 0);
	/* As it is where nobody has it. */
	paths_of(bench, 1)->path->flows = NULL;
	assert_true(lma_restore_flows(&bench->lma, record->key, record->data,
				      record->len));
	assert_int_equal(count_of(bench, 2), 1);
	free(flows);
	outbox_free(&out);
}

/* While one deletes a flow, which fails, another takes its number. */
static void test_number_is_taken(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct mh_flow end = new_flow(7, 10, 5060);
	struct lma_request first, second;

	paths_attach(bench, MAG2, 2);
	end.operation = MH_FLOW_DELETE;
	first = with_flow(bench, MAG1, 1, end);
	second = with_flow(bench, MAG2, 2, new_flow(8, 20, 5060));
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, EIO);
	give(bench, &first);
	give(bench, &second);
	world_settle(&bench->world);
	assert_int_equal(count_of(bench, 1), 1);
	assert_int_equal(count_of(bench, 2), 1);
	assert_lma_flows(bench, 2);
	assert_int_not_equal(paths_of(bench, 1)->path->flows->flow[0].id,
			     paths_of(bench, 2)->path->flows->flow[0].id);
}

/* Of two of one priority one goes: the data plane takes no two. */
static void test_priority_is_taken(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request first, second;

	paths_attach(bench, MAG2, 2);
	first = with_flow(bench, MAG1, 1, new_flow(7, 30, 5060));
	second = with_flow(bench, MAG2, 2, new_flow(8, 10, 5060));
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, EIO);
	give(bench, &first);
	give(bench, &second);
	world_settle(&bench->world);
	assert_int_equal(count_of(bench, 1), 0);
	assert_int_equal(count_of(bench, 2), 1);
	assert_lma_flows(bench, 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, \
	lma_bench_setup, lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_renumbered),
		TEST(test_renumbering_fails),
		TEST(test_handed_over),
		TEST(test_joined_at_the_end),
		TEST(test_goes_on),
		TEST(test_deleted_in_vain),
		TEST(test_ended_in_vain),
		TEST(test_stray_flow),
		TEST(test_left_over),
		TEST(test_left_over_to_another),
		TEST(test_left_over_twice),
		TEST(test_renumbered_to_left_over),
		TEST(test_unsure_in_vain),
		TEST(test_record_left_over),
		TEST(test_kept_but_not_stored),
		TEST(test_there_twice),
		TEST(test_number_is_taken),
		TEST(test_priority_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
