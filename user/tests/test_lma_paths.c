// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_multihoming.c: what becomes of interfaces that share prefixes
 * as other things happen
 */
#include <errno.h>

#include "common/lma_bri.h"
#include "common/lma_order.h"
#include "common/lma_paths.h"
#include "common/test.h"

static struct lma_bench *begin_both(void **state)
{
	struct lma_bench *bench = paths_begin(state);

	paths_attach(bench, MAG1, 1);
	paths_attach(bench, MAG2, 2);
	return bench;
}

/* All of it is found again; as its flows are not read, it is set once more. */
static void test_restart(void **state)
{
	struct lma_bench *bench = begin_both(state);
	unsigned int sets = bench->world.binding_sets;
	struct lma_request request;
	uint16_t bid = paths_of(bench, 2)->path->bid;

	lma_bench_until(bench, 100000);
	assert_int_equal(lma_bench_restart(bench, true), 2);
	bench->lma.config.multihoming = true;
	assert_int_equal(paths_of(bench, 2)->path->bid, bid);
	assert_ptr_equal(bce_next_path(paths_of(bench, 2)),
			 paths_of(bench, 1));
	lma_bench_reconcile(bench);
	assert_int_equal(bench->world.binding_sets, sets + 1);
	assert_agreed(bench);
	lma_bench_reconcile(bench);
	assert_int_equal(bench->world.binding_sets, sets + 1);
	/* Each is renewed as before. */
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_paths(bench, 2, MAG1, MAG2);
	lma_bench_until(bench, 299000);
	assert_paths(bench, 1, MAG2);
	assert_agreed(bench);
}

/* The record of the one that was found by the prefixes may be the later one. */
static void test_restart_without_first(void **state)
{
	struct lma_bench *bench = begin_both(state);
	struct lma_request request;

	paths_attach(bench, MAG3, 3);
	request = paths_detach(bench, MAG1, 1, MH_ACT_NONE);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 0);
	assert_agreed(bench);
	assert_int_equal(lma_bench_restart(bench, true), 2);
	bench->lma.config.multihoming = true;
	lma_bench_reconcile(bench);
	assert_agreed(bench);
	paths_attach(bench, MAG1, 1);
	assert_paths(bench, 3, MAG1, MAG2, MAG3);
}

/* The data plane was empty: it gets all paths back. */
static void test_reboot(void **state)
{
	struct lma_bench *bench = begin_both(state);

	bench->world.binding_count = 0;
	assert_int_equal(lma_bench_restart(bench, false), 2);
	lma_bench_reconcile(bench);
	assert_paths(bench, 2, MAG1, MAG2);
	assert_agreed(bench);
}

/* One path is not there, or is to another gateway, or has another priority. */
static void test_repair(void **state)
{
	struct lma_bench *bench = begin_both(state);
	struct world_binding *binding = world_binding(&bench->world, HNP1);
	unsigned int sets = bench->world.binding_sets;

	lma_bench_reconcile(bench);
	assert_int_equal(bench->world.binding_sets, sets);
	binding->set.more_count = 0;
	lma_bench_reconcile(bench);
	assert_int_equal(bench->world.binding_sets, ++sets);
	assert_agreed(bench);
	binding->more[0].remote = ip6(MAG3);
	lma_bench_reconcile(bench);
	assert_int_equal(bench->world.binding_sets, ++sets);
	assert_agreed(bench);
	binding->more[0].priority++;
	lma_bench_reconcile(bench);
	assert_int_equal(bench->world.binding_sets, ++sets);
	binding->more[0].bid++;
	lma_bench_reconcile(bench);
	assert_int_equal(bench->world.binding_sets, ++sets);
	binding->more[0].lifetime_ms += 10000;
	lma_bench_reconcile(bench);
	assert_int_equal(bench->world.binding_sets, ++sets);
	assert_agreed(bench);
}

/* The data plane has reaped a path: that one, and no older one. */
static void test_reaped(void **state)
{
	struct lma_bench *bench = begin_both(state);
	struct mh_prefix hnp = prefix6(HNP1);
	struct bce *second = paths_of(bench, 2);
	uint32_t generation = second->now.generation;
	uint16_t bid = second->path->bid;

	lma_on_path_expired(&bench->lma, &hnp, bid, generation - 1,
			    bench->world.now, &bench->world.out);
	lma_on_path_expired(&bench->lma, &hnp, bid + 1, generation,
			    bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_paths(bench, 2, MAG1, MAG2);
	lma_on_path_expired(&bench->lma, &hnp, bid, generation,
			    bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_paths(bench, 1, MAG1);
	assert_agreed(bench);
}

static void test_fails(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG1, 1);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, EOPNOTSUPP);
	/* RULE: MH-27 */
	assert_status(bench, &request, MH_CANNOT_SUPPORT_MULTIPATH_BINDING);
	assert_paths(bench, 1, MAG1);
	assert_agreed(bench);
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, ENOSPC);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_paths(bench, 1, MAG1);
	assert_agreed(bench);
	assert_int_equal(bench->lma.counters.joined, 0);
	world_pass(&bench->world, 1000);
	paths_attach(bench, MAG2, 2);
	assert_paths(bench, 2, MAG1, MAG2);
}

/* Two gateways at once, and none of them waits for the other. */
static void test_at_once(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request first = paths_pbu(bench, MAG1, 1, NULL,
					     MH_HI_NEW_INTERFACE);
	struct lma_request second = paths_pbu(bench, MAG2, 2, NULL,
					      MH_HI_NEW_INTERFACE);

	give(bench, &first);
	give(bench, &second);
	world_settle(&bench->world);
	assert_paths(bench, 2, MAG1, MAG2);
	assert_int_equal(bench->world.sent_count, 2);
	assert_agreed(bench);
}

/* The first of two fails, and takes nothing of the second with it. */
static void test_first_fails(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request first = paths_pbu(bench, MAG1, 1, NULL,
					     MH_HI_NEW_INTERFACE);
	struct lma_request second = paths_pbu(bench, MAG2, 2, NULL,
					      MH_HI_NEW_INTERFACE);

	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, EIO);
	give(bench, &first);
	give(bench, &second);
	world_settle(&bench->world);
	assert_paths(bench, 1, MAG2);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

/* All of it is over at the same time, and a new one waits for that. */
static void test_end_together(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	const struct bce *bce;

	paths_attach(bench, MAG1, 1);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	request.bu.lifetime = 74;
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 400000);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	world_collect(&bench->world);
	assert_int_equal(bench->lma.bc.count, 2);
	request = paths_pbu(bench, MAG3, 3, NULL, MH_HI_NEW_INTERFACE);
	give(bench, &request);
	world_settle(&bench->world);
	assert_int_equal(bench->lma.bc.count, 1);
	bce = paths_of(bench, 3);
	assert_non_null(bce);
	assert_ptr_equal(bce_next_path(bce), bce);
	assert_agreed(bench);
}

/* Each gateway is told of what it has. */
static void test_revoked(void **state)
{
	struct lma_bench *bench = begin_both(state);
	struct outcome outcome;

	world_forget_messages(&bench->world);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	assert_int_equal(bench->world.sent_count, 2);
	assert_true(IN6_ARE_ADDR_EQUAL(&bench->world.sent[0].dst,
				       &paths_of(bench, 1)->now.proxy_coa) !=
		    IN6_ARE_ADDR_EQUAL(&bench->world.sent[1].dst,
				       &paths_of(bench, 1)->now.proxy_coa));
	lma_bench_until(bench, 60000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->world.binding_count, 0);
	assert_agreed(bench);
}

/* A gateway revokes what is its own. */
static void test_revoked_by_gateway(void **state)
{
	struct lma_bench *bench = begin_both(state);
	struct mh_revocation bri = bri_of(MN1, MH_BR_ADMINISTRATIVE);

	bri.options.hnp_count = 1;
	bri.options.hnp[0] = prefix6(HNP1);
	assert_lma_answer(bench, MAG1, &bri, &may_own, MH_BR_SUCCESS);
	/* RULE: MH-33 */
	assert_paths(bench, 1, MAG2);
	lma_bench_until(bench, 10000);
	assert_paths(bench, 1, MAG2);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

static void test_renumbered(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct mh_prefix other = prefix6(HNP2);
	struct lma_policy policy = { .mn_known = true };
	struct lma_request request;
	struct bce *first = paths_attach(bench, MAG1, 1);

	assert_null(lma_renumber(&bench->lma, first, &policy, &other, 1,
				 bench->world.now, &bench->world.out));
	world_settle(&bench->world);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_non_null(lma_renumber(&bench->lma, first, &policy, &other, 1,
				     bench->world.now, &bench->world.out));
	assert_int_equal(world_binding(&bench->world, HNP2)->set.more_count, 1);
}

/* HNP1 is exchanged for OWN1, and another interface comes while that is under way. */
static void join_exchange(struct lma_bench *bench, struct bce *first)
{
	struct lma_policy policy = { .mn_known = true };
	struct mh_prefix other = prefix6(OWN1);
	struct lma_request request;

	assert_null(lma_renumber(&bench->lma, first, &policy, &other, 1,
				 bench->world.now, &bench->world.out));
	world_settle(&bench->world);
	world_pass(&bench->world, 10);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	give(bench, &request);
	world_collect(&bench->world);
	assert_prefix_equal(&first->prefixes[0].prefix, OWN1);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	give(bench, &request);
	assert_null(paths_of(bench, 2));
	world_settle(&bench->world);
}

/* It gets what that comes to. */
static void test_joins_exchange(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct bce *first = paths_attach(bench, MAG1, 1);
	const struct world_binding *binding;

	join_exchange(bench, first);
	assert_prefix_equal(&first->prefixes[0].prefix, OWN1);
	assert_non_null(paths_of(bench, 2));
	assert_prefix_equal(&paths_of(bench, 2)->prefixes[0].prefix, OWN1);
	binding = world_binding(&bench->world, OWN1);
	assert_non_null(binding);
	assert_int_equal(binding->set.more_count, 1);
	assert_agreed(bench);
}

/* Nor has it other prefixes than the first one if that goes back. */
static void test_joins_exchange_in_vain(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct bce *first = paths_attach(bench, MAG1, 1);
	struct lma_request request;

	world_fail(&bench->world, EFFECT_ROUTE_ADD, 0, 1, ENOMEM);
	join_exchange(bench, first);
	assert_prefix_equal(&first->prefixes[0].prefix, HNP1);
	assert_prefix_equal(&first->pending.prefixes[0].prefix, OWN1);
	assert_null(paths_of(bench, 2));
	assert_int_equal(world_last_message(&bench->world)->ba.status,
			 MH_INSUFFICIENT_RESOURCES);
	assert_agreed(bench);

	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&first->prefixes[0].prefix, OWN1);
	world_pass(&bench->world, 10);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&paths_of(bench, 2)->prefixes[0].prefix, OWN1);
	assert_agreed(bench);
}

/*
 * An interface that has ended is there again after a restart, as its record could not
 * be deleted, beside one that was to get other prefixes: that waits for its end.
 */
static void test_renumbered_and_restarted(void **state)
{
	struct lma_bench *bench = begin_both(state);
	struct lma_policy policy = { .mn_known = true };
	struct mh_prefix other = prefix6(HNP2);
	struct lma_request request;

	request = paths_detach(bench, MAG2, 2, MH_ACT_REMOVE);
	assert_status(bench, &request, MH_ACCEPTED);
	world_fail(&bench->world, EFFECT_STORE_DELETE, 0, 1, EIO);
	lma_bench_until(bench, 10000);
	assert_null(paths_of(bench, 2));
	assert_null(lma_renumber(&bench->lma, paths_of(bench, 1), &policy,
				 &other, 1, bench->world.now,
				 &bench->world.out));
	world_settle(&bench->world);
	assert_int_equal(lma_bench_restart(bench, true), 2);
	bench->lma.config.multihoming = true;
	assert_int_equal(paths_of(bench, 1)->pending.count, 1);
	assert_non_null(paths_of(bench, 2));

	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&paths_of(bench, 1)->prefixes[0].prefix, HNP1);
	assert_prefix_equal(&paths_of(bench, 2)->prefixes[0].prefix, HNP1);
	lma_bench_until(bench, 10000);
	assert_null(paths_of(bench, 2));
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&paths_of(bench, 1)->prefixes[0].prefix, HNP2);
	assert_agreed(bench);
}

/* Each may end with the others of its gateway, whatever the other one does. */
static void test_bulk(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG1, 1);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	request.policy.accepts_bulk = true;
	request.bu.flags |= MH_BU_BULK;
	request.bu.options.group_count = 1;
	request.bu.options.group[0] = 0x101;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_non_null(paths_of(bench, 2)->group);
	assert_null(paths_of(bench, 1)->group);
	assert_paths(bench, 2, MAG1, MAG2);
	assert_agreed(bench);
	/* The other one is renewed by itself, and leaves the group alone. */
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_agreed(bench);
	lma_bench_reconcile(bench);
	assert_agreed(bench);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	request.bu.lifetime = 0xffff;
	world_pass(&bench->world, 1000);
	request.bu.options.timestamp = bench->world.now.wall;
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 300000);
	assert_null(paths_of(bench, 2));
	assert_paths(bench, 1, MAG1);
	assert_agreed(bench);
}

/*
 * A session began anew while one of its gateways did not know that: it is not to
 * have two sets of prefixes, and is told to ask for any.
 */
static void test_other_prefixes(void **state)
{
	struct lma_bench *bench = begin_both(state);
	struct lma_request request = paths_pbu(bench, MAG3, 3, HNP2,
					       MH_HI_NOT_CHANGED);

	/* RULE: MH-04 MH-09 */
	assert_status(bench, &request, MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	assert_int_equal(bench->lma.bc.count, 2);
	request = paths_pbu(bench, MAG3, 3, NULL, MH_HI_UNKNOWN);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_paths(bench, 3, MAG1, MAG2, MAG3);
	/* What would end it is no more than late; and without the option... */
	request = paths_detach(bench, MAG3, 4, MH_ACT_NONE);
	request.bu.options.hnp[0] = prefix6(HNP2);
	assert_status(bench, &request, -1);
	/* ...it is another session. */
	request = paths_pbu(bench, MAG3, 5, HNP2, MH_HI_NEW_INTERFACE);
	request.bu.options.has_multihoming = false;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 4);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_restart),
		TEST(test_restart_without_first),
		TEST(test_reboot),
		TEST(test_repair),
		TEST(test_reaped),
		TEST(test_fails),
		TEST(test_at_once),
		TEST(test_first_fails),
		TEST(test_end_together),
		TEST(test_revoked),
		TEST(test_revoked_by_gateway),
		TEST(test_renumbered),
		TEST(test_joins_exchange),
		TEST(test_joins_exchange_in_vain),
		TEST(test_renumbered_and_restarted),
		TEST(test_bulk),
		TEST(test_other_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
