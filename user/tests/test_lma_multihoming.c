// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_multihoming.c: interfaces that share prefixes come and go
 * (draft-melia-netext-muho-solution 3)
 */
#include <string.h>

#include "../engine/lma_multihoming.h"
#include "common/lma_paths.h"
#include "common/test.h"

static const struct mh_binding_ack *
accepted(struct lma_bench *bench, const struct lma_request *request)
{
	const struct mh_binding_ack *ba = answer(bench, request);

	assert_non_null(ba);
	assert_int_equal(ba->status, MH_ACCEPTED);
	return ba;
}

static void forget_ll_id(struct lma_request *request)
{
	struct mh_options *options = &request->bu.options;

	options->has_ll_id = false;
	memset(&options->ll_id, 0, sizeof(options->ll_id));
}

/* Figures 3 and 7: the same prefix by another gateway, and another one. */
static void test_join(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct bce *first, *second, *third;

	/* RULE: MH-29 */
	first = paths_attach(bench, MAG1, 1);
	assert_paths(bench, 1, MAG1);
	/* RULE: MH-01 MH-04 MH-09 MH-30 MH-39 */
	second = paths_attach(bench, MAG2, 2);
	/* RULE: MH-03 MH-08 MH-36 */
	assert_paths(bench, 2, MAG1, MAG2);
	assert_ptr_not_equal(first, second);
	/* RULE: MH-34 */
	third = paths_attach(bench, MAG3, 3);
	assert_paths(bench, 3, MAG1, MAG2, MAG3);
	assert_ptr_equal(bce_next_path(bce_next_path(bce_next_path(third))),
			 third);
	assert_int_equal(bench->lma.counters.created, 1);
	assert_int_equal(bench->lma.counters.joined, 2);
	assert_int_equal(bench->lma.counters.handovers, 0);
	assert_int_equal(bench->world.binding_count, 1);
	assert_non_null(world_reported(&bench->world, "interface-joined"));
}

/* What the gateway is to see that it was understood by. */
static void test_echo(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request = paths_pbu(bench, MAG1, 1, NULL,
					       MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	request.bu.options.multihoming.act = MH_ACT_KEEP;
	request.bu.options.has_bid = true;
	request.bu.options.bid = (struct mh_binding_id){
		.id = 7,
		.status = 99,
		.priority = 20,
	};
	ba = accepted(bench, &request);
	/* RULE: MH-28 MH-29 */
	assert_true(ba->options.has_multihoming);
	/* RULE: MH-12 */
	assert_int_equal(ba->options.multihoming.act, MH_ACT_NONE);
	assert_true(ba->options.has_bid);
	assert_int_equal(ba->options.bid.id, 7);
	assert_int_equal(ba->options.bid.status, 0);
	assert_int_equal(ba->options.bid.priority, 20);
	assert_int_equal(world_binding(&bench->world, HNP1)->set.priority, 20);
	/* RULE: MH-41 */
	assert_int_equal(world_binding(&bench->world, HNP1)->set.bid, 1);

	world_pass(&bench->world, 1000);
	request = paths_detach(bench, MAG1, 1, MH_ACT_KEEP);
	ba = accepted(bench, &request);
	/* RULE: MH-12 */
	assert_int_equal(ba->options.multihoming.act, MH_ACT_KEEP);
}

static void test_priorities(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	struct bce *first = paths_attach(bench, MAG1, 1);
	struct bce *second = paths_attach(bench, MAG2, 2);

	assert_int_equal(first->now.priority, second->now.priority);
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.has_bid = true;
	request.bu.options.bid.id = 2;
	request.bu.options.bid.priority = 3;
	accepted(bench, &request);
	assert_int_equal(second->now.priority, 3);
	assert_int_equal(second->now.named, 2);
	assert_agreed(bench);
	/* RFC 6089 4.1: 0 is not the best one, but none. */
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.has_bid = true;
	request.bu.options.bid.id = 2;
	accepted(bench, &request);
	assert_int_equal(second->now.priority, LMA_PRIORITY_DEFAULT);
}

/* As if there was no such option. */
static void test_off(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = paths_pbu(bench, MAG1, 1, NULL,
					       MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	request.bu.options.has_bid = true;
	ba = accepted(bench, &request);
	/* RULE: MH-28 */
	assert_false(ba->options.has_multihoming);
	assert_false(ba->options.has_bid);
	assert_null(paths_of(bench, 1)->path);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.multihoming.group = 3;
	ba = accepted(bench, &request);
	assert_prefix_equal(&ba->options.hnp[0], HNP2);
	assert_false(ba->options.has_multihoming);
	assert_paths(bench, 1, MAG1);
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG3, 3, HNP1, MH_HI_SHARED_PREFIXES);
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_agreed(bench);
}

/* A gateway that does not know it is served as ever, beside one that does. */
static void test_without_option(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	const struct mh_binding_ack *ba;

	paths_attach(bench, MAG1, 1);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.has_multihoming = false;
	ba = accepted(bench, &request);
	/* RULE: MH-26 */
	assert_prefix_equal(&ba->options.hnp[0], HNP2);
	assert_false(ba->options.has_multihoming);
	assert_paths(bench, 1, MAG1);
	/* Nor does it hold what a later one with it joins. */
	world_pass(&bench->world, 1000);
	paths_attach(bench, MAG3, 3);
	assert_paths(bench, 2, MAG1, MAG3);
	/* Its gateway goes on with an interface of which it knows that. */
	request = paths_pbu(bench, MAG3, 3, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.has_multihoming = false;
	ba = accepted(bench, &request);
	assert_false(ba->options.has_multihoming);
	assert_paths(bench, 2, MAG1, MAG3);
	assert_agreed(bench);
}

static void test_group(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request = paths_pbu(bench, MAG1, 1, NULL,
					       MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	request.bu.options.multihoming.group = 1;
	ba = answer(bench, &request);
	/* RULE: MH-05 MH-27 */
	assert_int_equal(ba->status, MH_ADMINISTRATIVELY_PROHIBITED);
	assert_false(ba->options.has_multihoming);
	assert_int_equal(bench->lma.bc.count, 0);
}

/* Figure 4: each for itself. */
static void test_renew(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	const struct mh_binding_ack *ba;
	struct bce *first, *second;
	uint64_t ends;

	first = paths_attach(bench, MAG1, 1);
	second = paths_attach(bench, MAG2, 2);
	ends = second->now.expires_ms;
	lma_bench_until(bench, 100000);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_NOT_CHANGED);
	request.bu.lifetime = 100;
	ba = accepted(bench, &request);
	/* RULE: MH-25 MH-31 */
	assert_int_equal(ba->lifetime, 100);
	assert_true(ba->options.has_multihoming);
	assert_true(first->now.expires_ms ==
		    bench->world.now.mono_ms + 400000);
	/* RULE: MH-31 */
	assert_true(second->now.expires_ms == ends);
	assert_agreed(bench);
	/* One ends when nobody renews it. */
	lma_bench_until(bench, ends - bench->world.now.mono_ms);
	assert_null(paths_of(bench, 2));
	assert_paths(bench, 1, MAG1);
	assert_int_equal(bench->lma.counters.expired, 1);
	assert_agreed(bench);
	lma_bench_until(bench, 400000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
}

/* Clocks of gateways are not compared with each other, within the window. */
static void test_order(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request, again;

	paths_attach(bench, MAG1, 1);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.timestamp = paths_of(bench, 1)->now.timestamp;
	bench->lma.config.timestamp_validity_window_ms = 5000;
	again = request;
	/* RULE: MH-36 */
	accepted(bench, &request);
	/* The very same once more is answered once more. */
	accepted(bench, &again);
	assert_int_equal(bench->lma.counters.joined, 1);
	/* Of one and the same interface they are. */
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.timestamp = paths_of(bench, 1)->now.timestamp - 1;
	assert_status(bench, &request, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	assert_agreed(bench);
}

/* Figure 6: at once, and nobody else's. */
static void test_remove(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	const struct mh_binding_ack *ba;

	paths_attach(bench, MAG1, 1);
	paths_attach(bench, MAG2, 2);
	request = paths_detach(bench, MAG1, 1, MH_ACT_REMOVE);
	ba = accepted(bench, &request);
	assert_int_equal(ba->lifetime, 0);
	assert_true(ba->options.has_multihoming);
	/* RULE: MH-33 */
	assert_paths(bench, 1, MAG2);
	lma_bench_until(bench, 0);
	assert_null(paths_of(bench, 1));
	assert_paths(bench, 1, MAG2);
	assert_agreed(bench);
	/* It comes back, and is found by what the other one is found by. */
	paths_attach(bench, MAG1, 1);
	assert_paths(bench, 2, MAG1, MAG2);
}

/* The last one waits as any session does, and may be joined as it waits. */
static void test_remove_last(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG1, 1);
	paths_attach(bench, MAG2, 2);
	request = paths_detach(bench, MAG2, 2, MH_ACT_NONE);
	accepted(bench, &request);
	lma_bench_until(bench, 1000);
	request = paths_detach(bench, MAG1, 1, MH_ACT_NONE);
	accepted(bench, &request);
	assert_paths(bench, 0);
	lma_bench_until(bench, 9000);
	assert_int_equal(bench->lma.bc.count, 1);
	paths_attach(bench, MAG3, 3);
	assert_paths(bench, 1, MAG3);
	lma_bench_until(bench, 1000);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_paths(bench, 1, MAG3);
	assert_agreed(bench);
	request = paths_detach(bench, MAG3, 3, MH_ACT_NONE);
	accepted(bench, &request);
	lma_bench_until(bench, 10000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->world.record_count, 0);
	assert_agreed(bench);
}

/* What a gateway removes that has none of it is none of another one's. */
static void test_remove_by_others(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG1, 1);
	paths_attach(bench, MAG2, 2);
	request = paths_detach(bench, MAG3, 1, MH_ACT_REMOVE);
	/* RULE: MH-33 */
	assert_null(answer(bench, &request));
	request = paths_detach(bench, MAG3, 3, MH_ACT_REMOVE);
	assert_null(answer(bench, &request));
	assert_paths(bench, 2, MAG1, MAG2);
	assert_agreed(bench);
}

/* Nor is one of several at a gateway another one of them that is not here. */
static void test_not_the_other(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	struct bce *first, *second;

	first = paths_attach(bench, MAG1, 1);
	second = paths_attach(bench, MAG1, 2);
	request = paths_detach(bench, MAG1, 3, MH_ACT_REMOVE);
	/* RULE: MH-33 */
	assert_null(answer(bench, &request));
	assert_int_equal(first->now.state, BCE_ACTIVE);
	assert_int_equal(second->now.state, BCE_ACTIVE);
	/* What is renewed is registered, and takes nobody's place. */
	request = paths_pbu(bench, MAG1, 3, HNP1, MH_HI_NOT_CHANGED);
	accepted(bench, &request);
	assert_ptr_equal(paths_of(bench, 1), first);
	assert_ptr_equal(paths_of(bench, 2), second);
	assert_non_null(paths_of(bench, 3));
	assert_int_equal(bench->lma.counters.joined, 2);
	/* One that is not told apart ends the one that there is. */
	world_pass(&bench->world, 1000);
	request = paths_detach(bench, MAG1, 2, MH_ACT_REMOVE);
	forget_ll_id(&request);
	accepted(bench, &request);
	assert_int_equal(second->now.state, BCE_DEREGISTERED);
	assert_int_equal(first->now.state, BCE_ACTIVE);
}

/* An interface moves: one of them, from gateway to gateway. */
static void test_handover(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	struct bce *second;

	paths_attach(bench, MAG1, 1);
	second = paths_attach(bench, MAG2, 2);
	request = paths_pbu(bench, MAG3, 2, NULL, MH_HI_SAME_INTERFACE);
	accepted(bench, &request);
	/* RULE: MH-25 */
	assert_paths(bench, 2, MAG1, MAG3);
	assert_ptr_equal(paths_of(bench, 2), second);
	assert_int_equal(bench->lma.counters.handovers, 1);
	assert_int_equal(bench->lma.counters.joined, 1);
	assert_agreed(bench);
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_paths(bench, 2, MAG1, MAG3);
}

/* Is it the first interface, at MAG1, that somebody speaks of, or another one. */
static void test_which_interface(void **state)
{
	static const struct {
		const char *mag;
		uint8_t ll_id;		/* 0: none is said, nor what it is */
		enum mh_handoff_indicator handoff;
		bool alone;		/* the first is the only one */
		bool first;		/* and it is it */
	} cases[] = {
		{ MAG3, 4, MH_HI_BETWEEN_INTERFACES, true, true },
		{ MAG3, 4, MH_HI_BETWEEN_INTERFACES, false, false },
		{ MAG3, 0, MH_HI_SAME_INTERFACE, true, true },
		{ MAG3, 0, MH_HI_SAME_INTERFACE, false, false },
		{ MAG3, 4, MH_HI_SAME_INTERFACE, true, false },
		{ MAG3, 0, MH_HI_NEW_INTERFACE, true, false },
		{ MAG3, 0, MH_HI_NOT_CHANGED, true, false },
		{ MAG1, 0, MH_HI_NOT_CHANGED, true, true },
		{ MAG1, 0, MH_HI_NOT_CHANGED, false, true },
		{ MAG1, 0, MH_HI_NEW_INTERFACE, true, false },
	};
	struct lma_bench *bench;
	struct lma_request request;
	unsigned int i, before;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		lma_bench_teardown(state);
		lma_bench_setup(state);
		bench = paths_begin(state);
		paths_attach(bench, MAG1, 1);
		if (!cases[i].alone)
			paths_attach(bench, MAG2, 2);
		before = bench->lma.bc.count;
		request = paths_pbu(bench, cases[i].mag, cases[i].ll_id, HNP1,
				    cases[i].handoff);
		if (!cases[i].ll_id)
			forget_ll_id(&request);
		accepted(bench, &request);
		/* RULE: MH-36 MH-40 */
		assert_int_equal(bench->lma.bc.count - before, !cases[i].first);
	}
}

/* Without the option: where it comes from says which, where nothing else does. */
static void test_renewed_without_option(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	struct bce *first, *second;
	uint64_t until;

	first = paths_attach(bench, MAG1, 1);
	second = paths_attach(bench, MAG2, 2);
	until = first->now.expires_ms;
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.has_multihoming = false;
	forget_ll_id(&request);
	accepted(bench, &request);
	assert_int_equal(first->now.expires_ms, until);
	assert_true(second->now.expires_ms > until + 1000);
	assert_paths(bench, 2, MAG1, MAG2);
}

/* RFC 7864 3.2.1, without the option. */
static void test_shared(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	struct bce *bce = register_mn1(bench);

	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_SHARED_PREFIXES);
	request.bu.options.has_multihoming = false;
	/* RULE: MH-40 */
	assert_false(accepted(bench, &request)->options.has_multihoming);
	/* RULE: MH-40 */
	assert_paths(bench, 2, MAG1, MAG2);
	assert_agreed(bench);
	/* Technology and identifier match: it is that interface. */
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG3, 1, HNP1, MH_HI_SHARED_PREFIXES);
	request.bu.options.has_multihoming = false;
	accepted(bench, &request);
	/* RULE: MH-40 */
	assert_paths(bench, 2, MAG3, MAG2);
	assert_ip6_equal(&bce->now.proxy_coa, MAG3);
	assert_int_equal(bench->lma.counters.joined, 1);
	/* No identifier: one more. */
	world_pass(&bench->world, 1000);
	request = paths_pbu(bench, MAG1, 1, HNP1, MH_HI_SHARED_PREFIXES);
	request.bu.options.has_multihoming = false;
	forget_ll_id(&request);
	accepted(bench, &request);
	/* RULE: MH-40 */
	assert_paths(bench, 3, MAG1, MAG2, MAG3);
	assert_agreed(bench);
}

/* Prefixes of others are not shared, nor part of one's own. */
static void test_not_its_prefixes(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG1, 1);
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_SHARED_PREFIXES);
	request.bu.options.mn_id = nai("mn2@example.com");
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NEW_INTERFACE);
	request.bu.options.hnp_count = 2;
	request.bu.options.hnp[1] = prefix6(OWN1);
	assert_status(bench, &request, MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	assert_paths(bench, 1, MAG1);
}

/* RFC 5213 4 holds for whoever joins. */
static void test_prefixes_of_gateway(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct mh_prefix other = prefix6("2001:db8:cc::/48");
	struct lma_request request;

	paths_attach(bench, MAG1, 1);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_NEW_INTERFACE);
	request.policy.mag_limited = true;
	request.policy.mag_prefixes = &other;
	request.policy.mag_prefix_count = 1;
	assert_status(bench, &request, MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG);
	request = paths_pbu(bench, MAG2, 2, HNP1, MH_HI_NEW_INTERFACE);
	request.policy.mag_limited = true;
	request.policy.mag_prefixes = &other;
	request.policy.mag_prefix_count = 1;
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_paths(bench, 1, MAG1);
}

/* It may be another interface, or the same one that has moved: that is waited for. */
static void test_unknown(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG1, 1);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_UNKNOWN);
	give(bench, &request);
	world_settle(&bench->world);
	assert_paths(bench, 1, MAG1);
	lma_bench_until(bench, 1500);
	assert_paths(bench, 2, MAG1, MAG2);
	assert_int_equal(bench->lma.counters.joined, 1);
	/* With two of them there is nothing to wait for. */
	request = paths_pbu(bench, MAG3, 3, NULL, MH_HI_UNKNOWN);
	accepted(bench, &request);
	assert_paths(bench, 3, MAG1, MAG2, MAG3);
	assert_agreed(bench);
}

static void test_unknown_has_moved(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;

	paths_attach(bench, MAG1, 1);
	request = paths_pbu(bench, MAG2, 2, NULL, MH_HI_UNKNOWN);
	give(bench, &request);
	world_settle(&bench->world);
	world_pass(&bench->world, 100);
	request = paths_detach(bench, MAG1, 1, MH_ACT_NONE);
	give(bench, &request);
	world_settle(&bench->world);
	assert_paths(bench, 1, MAG2);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_int_equal(bench->lma.counters.handovers, 1);
	assert_agreed(bench);
}

static void test_limits(void **state)
{
	struct lma_bench *bench = paths_begin(state);
	struct lma_request request;
	uint8_t i;

	bench->lma.config.max_sessions = 100;
	for (i = 1; i <= BCE_PATHS_MAX; i++)
		paths_attach(bench, MAG1, i);
	assert_int_equal(bench->lma.bc.count, BCE_PATHS_MAX);
	request = paths_pbu(bench, MAG2, i, NULL, MH_HI_NEW_INTERFACE);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	bench->lma.config.max_sessions = 3;
	request = paths_detach(bench, MAG1, 1, MH_ACT_NONE);
	accepted(bench, &request);
	lma_bench_until(bench, 1000);
	request = paths_pbu(bench, MAG2, i, NULL, MH_HI_NEW_INTERFACE);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	bench->lma.config.max_sessions = 100;
	paths_attach(bench, MAG2, i);
	assert_int_equal(bench->lma.bc.count, BCE_PATHS_MAX);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_join),
		TEST(test_echo),
		TEST(test_priorities),
		TEST(test_off),
		TEST(test_without_option),
		TEST(test_group),
		TEST(test_renew),
		TEST(test_order),
		TEST(test_remove),
		TEST(test_remove_last),
		TEST(test_remove_by_others),
		TEST(test_not_the_other),
		TEST(test_handover),
		TEST(test_which_interface),
		TEST(test_renewed_without_option),
		TEST(test_shared),
		TEST(test_not_its_prefixes),
		TEST(test_prefixes_of_gateway),
		TEST(test_unknown),
		TEST(test_unknown_has_moved),
		TEST(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
