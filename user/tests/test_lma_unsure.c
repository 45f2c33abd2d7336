// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma.c, user/engine/lma_record.c: what the data plane may have lost of
 * a session is told anew, whatever is under way meanwhile.
 */
#include <errno.h>

#include "../engine/lma_group.h"
#include "../engine/lma_internal.h"
#include "../engine/lma_multihoming.h"
#include "common/lma_flows.h"
#include "common/test.h"

/* Whatever is told next is told with all flows: it is what is looked at again. */
static void test_unsure(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct bce *bce = paths_of(bench, 1);

	bench->world.flow_count = 0;
	bce->unsure = true;
	lma_stand_alone(&bench->lma, bce, bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_lma_flows(bench, 1);
	assert_false(bce->unsure);
}

/* Whichever of its interfaces it was that failed: there is one binding. */
static void test_unsure_of_another(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG2, 2);
	assert_answered(bench, MAG2, 2, new_flow(8, 20, 5060), MH_FLOW_ACCEPTED);
	bench->world.flow_count = 0;
	paths_of(bench, 1)->unsure = true;
	request = with_flow(bench, MAG2, 2, new_flow(8, 20, 5060));
	assert_status(bench, &request, MH_ACCEPTED);
	assert_lma_flows(bench, 2);
}

/* A copy of what one was acknowledged is no sign that it still stands then. */
static void test_unsure_and_repeated(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG2, 2);
	request = with_flow(bench, MAG1, 1, new_flow(7, 10, 5060));
	assert_status(bench, &request, MH_ACCEPTED);
	bench->world.flow_count = 0;
	paths_of(bench, 2)->unsure = true;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_lma_flows(bench, 1);
}

/* Nor is it told with what is under way for another one, which fails. */
static void test_unsure_meanwhile(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct mh_prefix hnp = prefix6(HNP1);
	struct lma_request request;

	paths_attach(bench, MAG2, 2);
	assert_answered(bench, MAG2, 2, new_flow(8, 20, 5060), MH_FLOW_ACCEPTED);
	bench->world.flow_count = 0;
	lma_repair(paths_of(bench, 1), bench->world.now, &bench->world.out);
	request = with_flow(bench, MAG2, 2, new_flow(8, 20, 5060));
	give(bench, &request);
	world_fail(&bench->world, EFFECT_FLOW_SET, 1, 1, ENOMEM);
	world_settle(&bench->world);
	assert_int_equal(bench->world.fail_count, 0);
	assert_non_null(world_flow(&bench->world, &hnp,
				   paths_of(bench, 2)->path->flows->flow[0].id));
}

/* The last path ended, and with it the binding, just before it was renewed. */
static void test_renewed_late(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct bce *bce = paths_of(bench, 1);
	uint32_t generation = bce->now.generation;
	struct lma_request request = paths_pbu(bench, MAG1, 1, HNP1,
					       MH_HI_NOT_CHANGED);

	bench->world.flow_count = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	lma_on_path_expired(&bench->lma, &bce->prefixes[0].prefix,
			    bce->path->bid, generation, bench->world.now,
			    &bench->world.out);
	lma_bench_until(bench, 10);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_lma_flows(bench, 1);
}

/*
 * Likewise, and the data plane has not said so yet: what is acknowledged stands.
 * That is not so long before the end, nor while another interface goes on.
 */
static void test_renewed_at_the_end(void **state)
{
	static const struct { uint64_t left_ms; bool goes_on; } cases[] = {
		{ 1001, false }, { 1000, false }, { 1, false }, { 1, true },
	};
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request;
	struct bce *bce;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bce = paths_of(bench, 1);
		if (cases[i].goes_on) {
			world_pass(&bench->world, 1000);
			paths_attach(bench, MAG2, 2);
		}
		world_pass(&bench->world, bce->now.expires_ms -
			   bench->world.now.mono_ms - cases[i].left_ms);
		request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
		bench->world.flow_count = 0;
		assert_status(bench, &request, MH_ACCEPTED);
		if (cases[i].left_ms <= 1000 && !cases[i].goes_on)
			assert_lma_flows(bench, 1);
		else
			assert_int_equal(bench->world.flow_count, 0);
		assert_false(bce->unsure);
	}
}

/* It ended just as its interface did: another one that waits has its flows anew. */
static void test_ended_late(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct bce *second, *bce = paths_of(bench, 1);
	struct mh_prefix hnp = bce->prefixes[0].prefix;
	uint32_t generation;
	uint16_t bid;

	paths_attach(bench, MAG2, 2);
	second = paths_of(bench, 2);
	generation = second->now.generation;
	bid = second->path->bid;
	/* While it goes, and when it has gone. */
	lma_delete(&bench->lma, second, "binding-deleted", bench->world.now,
		   &bench->world.out);
	bench->world.flow_count = 0;
	lma_on_path_expired(&bench->lma, &hnp, bid, generation,
			    bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	lma_bench_until(bench, 10);
	assert_null(paths_of(bench, 2));
	assert_lma_flows(bench, 1);
	bench->world.flow_count = 0;
	lma_on_path_expired(&bench->lma, &hnp, bid, generation,
			    bench->world.now, &bench->world.out);
	lma_bench_until(bench, 10);
	assert_lma_flows(bench, 1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
}

/* What could not be told took the binding, maybe. */
static void test_refused(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request = paths_pbu(bench, MAG1, 1, HNP1,
					       MH_HI_NOT_CHANGED);
	unsigned int sets;

	bench->world.flow_count = 0;
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, ENOENT);
	assert_status(bench, &request, MH_REASON_UNSPECIFIED);
	assert_lma_flows(bench, 1);
	/* Going back has told all of it, and that is that. */
	sets = bench->world.binding_sets;
	lma_bench_until(bench, 2000);
	assert_int_equal(bench->world.binding_sets, sets);
}

/* As a module that is loaded anew has nothing, nor any of what it was told before. */
static void lose_all(struct lma_bench *bench)
{
	bench->world.binding_count = 0;
	bench->world.flow_count = 0;
}

static void read_nothing(struct lma_bench *bench)
{
	static const struct dataplane_dump nothing = { .has_sets = true };

	lma_on_dataplane(&bench->lma, &nothing, bench->world.now,
			 &bench->world.out);
	world_collect(&bench->world);
}

/*
 * A renewal waits for the disk until its path has ended, and what makes the binding
 * anew then knows of no flows. The gateway has said it again meanwhile, or has not.
 */
static void renew_slowly(struct lma_bench *bench, bool again)
{
	struct bce *bce = paths_of(bench, 1);
	uint32_t generation = bce->now.generation;
	struct lma_request request;

	world_pass(&bench->world, bce->now.expires_ms -
		   bench->world.now.mono_ms - 1500);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	give(bench, &request);
	world_pass(&bench->world, 2000);
	lose_all(bench);
	lma_on_path_expired(&bench->lma, &bce->prefixes[0].prefix,
			    bce->path->bid, generation, bench->world.now,
			    &bench->world.out);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	if (again)
		give(bench, &request);
	assert_int_equal(world_collect(&bench->world), 1);
	world_settle(&bench->world);
	if (!again)
		lma_bench_until(bench, 0);
	assert_lma_flows(bench, 1);
	assert_false(bce->unsure);
	assert_agreed(bench);
}

static void test_renewed_slowly(void **state)
{
	struct lma_bench *bench = flow_begin(state);

	renew_slowly(bench, false);
	renew_slowly(bench, true);
}

/* A copy for another interface is not answered while that is so. */
static void test_repeated_meanwhile(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request first, second;

	paths_attach(bench, MAG2, 2);
	second = with_flow(bench, MAG2, 2, new_flow(8, 20, 5061));
	assert_status(bench, &second, MH_ACCEPTED);
	first = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	give(bench, &first);
	bench->world.flow_count = 0;
	lma_on_path_expired(&bench->lma, &paths_of(bench, 1)->prefixes[0].prefix,
			    paths_of(bench, 1)->path->bid, 0, bench->world.now,
			    &bench->world.out);
	world_forget_messages(&bench->world);
	give(bench, &second);
	assert_int_equal(world_collect(&bench->world), 2);
	world_run_one(&bench->world, 1);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->world.flow_count, 2);
	world_settle(&bench->world);
	lma_bench_until(bench, 0);
	assert_lma_flows(bench, 2);
}

/* It stands by itself when that ends, and is told its flows with it. */
static void test_lost_as_it_leaves_its_group(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	struct bce *bce;

	paths_attach(bench, MAG1, 1);
	request = with_flow(bench, MAG1, 1, new_flow(7, 10, 5060));
	request.policy.accepts_bulk = true;
	request.bu.flags |= MH_BU_BULK;
	request.bu.options.group_count = 1;
	request.bu.options.group[0] = 0x101;
	assert_status(bench, &request, MH_ACCEPTED);
	bce = paths_of(bench, 1);
	assert_non_null(bce->group);
	world_pass(&bench->world, 1000);
	request.bu.sequence++;
	request.bu.options.timestamp = bench->world.now.wall;
	give(bench, &request);
	lma_stand_alone(&bench->lma, bce, bench->world.now, &bench->world.out);
	read_nothing(bench);
	world_run_one(&bench->world, 0);
	lose_all(bench);
	world_settle(&bench->world);
	assert_lma_flows(bench, 1);
	lma_bench_until(bench, 0);
	assert_false(bce->unsure);
	assert_lma_flows(bench, 1);
}

/* What is stored meanwhile is no answer to that. */
static void test_renumbered_meanwhile(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_policy policy = { .mn_known = true };
	struct mh_prefix other = prefix6(HNP2);
	struct bce *bce = paths_of(bench, 1);

	lose_all(bench);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, ENOMEM);
	lma_bench_reconcile(bench);
	assert_true(bce->unsure);
	assert_null(lma_renumber(&bench->lma, bce, &policy, &other, 1,
				 bench->world.now, &bench->world.out));
	world_settle(&bench->world);
	assert_true(bce->unsure);
	lma_bench_until(bench, 1000);
	assert_lma_flows(bench, 1);
	assert_false(bce->unsure);
	/* Nor where it was not known before. */
	assert_null(lma_renumber(&bench->lma, bce, &policy, &other, 1,
				 bench->world.now, &bench->world.out));
	read_nothing(bench);
	world_settle(&bench->world);
	lose_all(bench);
	lma_bench_until(bench, 0);
	assert_lma_flows(bench, 1);
}

/* What the first asks for cannot be done, nor undone. */
static void make_unsure(struct lma_bench *bench)
{
	struct lma_request request = with_flow(bench, MAG1, 1,
					       new_flow(7, 10, 80));

	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 2, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_true(paths_of(bench, 1)->unsure);
	assert_int_equal(bench->world.flow_count, 0);
}

/* What one told all others anew, as they were not sure, is told once more. */
static void test_joins_in_vain(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG2, 2);
	make_unsure(bench);
	request = paths_pbu(bench, MAG3, 3, NULL, MH_HI_NEW_INTERFACE);
	give(bench, &request);
	/* That is repaired meanwhile. */
	world_pass(&bench->world, 1000);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	assert_int_equal(world_collect(&bench->world), 2);
	world_run_one(&bench->world, 1);
	assert_false(paths_of(bench, 1)->unsure);
	world_fail(&bench->world, EFFECT_FLOW_SET, 0, 1, ENOMEM);
	world_settle(&bench->world);
	assert_null(paths_of(bench, 3));
	assert_lma_flows(bench, 1);
	assert_agreed(bench);
}

/* How many flows are told by what is under way. */
static unsigned int count_flow_sets(const struct world *world)
{
	unsigned int count = 0, j;
	size_t i;

	for (i = 0; i < world->pending_count; i++)
		for (j = 0; j < world->pending[i]->count; j++)
			count += world->pending[i]->effects[j].kind ==
				 EFFECT_FLOW_SET;
	return count;
}

/* But not what it could not be given itself. */
static void test_joins_with_flow_in_vain(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
		add_flow_to(&request, new_flow(8, 20, 5061));
		give(bench, &request);
		world_fail(&bench->world, EFFECT_FLOW_SET, i, 1, ENOMEM);
		world_run_one(&bench->world, 0);
		world_collect(&bench->world);
		assert_int_equal(count_flow_sets(&bench->world), 1);
		world_settle(&bench->world);
		assert_null(paths_of(bench, 2));
		assert_lma_flows(bench, 1);
		assert_agreed(bench);
		/* Nor where the others are not sure. */
		world_pass(&bench->world, 500);
		if (!i)
			make_unsure(bench);
	}
}

/* The one that was to be told anew goes: the other's flows are told with that. */
static void test_unsure_and_ended(void **state)
{
	struct lma_bench *bench = flow_begin(state);

	paths_attach(bench, MAG2, 2);
	assert_answered(bench, MAG2, 2, new_flow(8, 20, 5061), MH_FLOW_ACCEPTED);
	lose_all(bench);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, ENOMEM);
	lma_bench_reconcile(bench);
	assert_true(paths_of(bench, 1)->unsure);
	assert_int_equal(bench->world.flow_count, 0);
	lma_delete(&bench->lma, paths_of(bench, 1), "binding-deleted",
		   bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_lma_flows(bench, 1);
	assert_agreed(bench);
}

/* Two interfaces: the one that goes is busy, or the one that stays. */
static void test_lost_by_several(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG2, 2);
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NOT_CHANGED);
	give(bench, &request);
	read_nothing(bench);
	world_settle(&bench->world);
	lose_all(bench);
	lma_bench_until(bench, 1000);
	assert_paths(bench, 2, MAG1, MAG2);
	assert_lma_flows(bench, 1);
	lma_delete(&bench->lma, paths_of(bench, 2), "binding-deleted",
		   bench->world.now, &bench->world.out);
	read_nothing(bench);
	world_settle(&bench->world);
	lose_all(bench);
	lma_bench_until(bench, 1000);
	assert_paths(bench, 1, MAG1);
	assert_lma_flows(bench, 1);
	assert_agreed(bench);
}

/* One joins, and its binding is there already: nobody knows of the flows. */
static void test_lost_and_joined(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct lma_request request;

	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	give(bench, &request);
	lma_bench_read(bench);
	assert_int_equal(world_collect(&bench->world), 1);
	bench->world.flow_count = 0;
	world_settle(&bench->world);
	lma_bench_until(bench, 0);
	assert_paths(bench, 2, MAG1, MAG2);
	assert_lma_flows(bench, 1);
	/* Where there are none, it is not told twice. */
	request = with_flow(bench, MAG1, 1, operation_on(7, MH_FLOW_DELETE));
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NOT_CHANGED);
	give(bench, &request);
	lma_bench_read(bench);
	world_settle(&bench->world);
	assert_false(lma_is_unsure(paths_of(bench, 1)));
}

/*
 * A flow of the second goes by the first, which goes, and that fails; while the
 * second is renewed, which does not.
 */
static void test_goes_in_vain_beside_another(void **state)
{
	struct lma_bench *bench = flow_begin(state);
	struct mh_flow by_first = new_flow(8, 20, 5061);
	struct lma_request request;

	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.has_bid = true;
	request.bu.options.bid.id = 21;
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	paths_attach(bench, MAG2, 2);
	by_first.has_bid = true;
	by_first.bid = 21;
	assert_answered(bench, MAG2, 2, by_first, MH_FLOW_ACCEPTED);
	lma_delete(&bench->lma, paths_of(bench, 1), "binding-deleted",
		   bench->world.now, &bench->world.out);
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NOT_CHANGED);
	give(bench, &request);
	assert_int_equal(world_collect(&bench->world), 2);
	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, ENOSPC);
	world_settle(&bench->world);
	assert_null(paths_of(bench, 1));
	lma_bench_until(bench, 1000);
	assert_lma_flows(bench, 1);
	assert_agreed(bench);
	assert_int_equal(lma_bench_restart(bench, true), 2);
	assert_int_equal(lma_flow_at(bench, 2, 0)->bid,
			 paths_of(bench, 2)->path->bid);
}

/*
 * Of three the first goes and leaves its flow to the last, which fails; while the
 * second goes as well, which does not.
 */
static void test_goes_in_vain_beside_one_that_goes(void **state)
{
	static const uint8_t others[][2] = { { 2, 3 }, { 3, 2 } };
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		uint8_t goes = others[i][0], stays = others[i][1];

		paths_attach(bench, MAG1, 1);
		assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060),
				MH_FLOW_ACCEPTED);
		request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
		assert_status(bench, &request, MH_ACCEPTED);
		world_pass(&bench->world, 1000);
		paths_attach(bench, MAG2, 2);
		paths_attach(bench, MAG3, 3);
		paths_of(bench, stays)->now.priority = 1;
		lma_delete(&bench->lma, paths_of(bench, 1), "binding-deleted",
			   bench->world.now, &bench->world.out);
		lma_delete(&bench->lma, paths_of(bench, goes),
			   "binding-deleted", bench->world.now,
			   &bench->world.out);
		world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, ENOSPC);
		world_settle(&bench->world);
		assert_int_equal(bench->lma.bc.count, 1);
		lma_bench_until(bench, 1000);
		assert_lma_flows(bench, 1);
		assert_agreed(bench);
		assert_int_equal(lma_bench_restart(bench, true), 2);
		bench->lma.config.multihoming = true;
		lma_bench_reconcile(bench);
		assert_true(lma_flow_at(bench, stays, 0)->moved);
		lma_delete(&bench->lma, paths_of(bench, stays),
			   "binding-deleted", bench->world.now,
			   &bench->world.out);
		world_settle(&bench->world);
		assert_int_equal(bench->lma.bc.count, 0);
	}
}

/* Both go: nobody is left that could be told. */
static void test_all_go_in_vain(void **state)
{
	struct lma_bench *bench = flow_begin(state);

	paths_attach(bench, MAG2, 2);
	lma_delete(&bench->lma, paths_of(bench, 1), "binding-deleted",
		   bench->world.now, &bench->world.out);
	lma_delete(&bench->lma, paths_of(bench, 2), "binding-deleted",
		   bench->world.now, &bench->world.out);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, ENOMEM);
	world_settle(&bench->world);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->world.record_count, 0);
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->lma.timers.count, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, \
	lma_bench_setup, lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_unsure),
		TEST(test_unsure_of_another),
		TEST(test_unsure_and_repeated),
		TEST(test_unsure_meanwhile),
		TEST(test_renewed_late),
		TEST(test_renewed_at_the_end),
		TEST(test_ended_late),
		TEST(test_refused),
		TEST(test_renewed_slowly),
		TEST(test_repeated_meanwhile),
		TEST(test_lost_as_it_leaves_its_group),
		TEST(test_renumbered_meanwhile),
		TEST(test_joins_in_vain),
		TEST(test_joins_with_flow_in_vain),
		TEST(test_unsure_and_ended),
		TEST(test_lost_by_several),
		TEST(test_lost_and_joined),
		TEST(test_goes_in_vain_beside_another),
		TEST(test_goes_in_vain_beside_one_that_goes),
		TEST(test_all_go_in_vain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
