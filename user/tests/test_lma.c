// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma.c: what an anchor does, from the PBU to the state that it
 * leaves.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/lma_bench.h"
#include "common/test.h"

/* Routes to the pools stand before the first PBU. */
static void test_start(void **state)
{
	struct lma_bench *bench = *state;

	/* RULE: B-LMA-57 */
	assert_non_null(world_route(&bench->world, POOL));
	assert_int_equal(bench->world.route_count, 1);
	assert_true(lma_next_timer(&bench->lma) == NEVER);
	assert_agreed(bench);
}

static void test_initial_registration(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba = answer(bench, &request);
	const struct world_binding *binding;

	assert_non_null(ba);
	/* RULE: B-LMA-81 */
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->lifetime, 75);
	assert_int_equal(ba->options.hnp_count, 1);
	/* RULE: B-LMA-05 B-LMA-23 */
	assert_prefix_equal(&ba->options.hnp[0], HNP1);

	binding = world_binding(&bench->world, HNP1);
	assert_non_null(binding);
	assert_true(binding->set.has_path);
	/* RULE: B-LMA-06 B-LMA-28 */
	assert_ip6_equal(&binding->set.remote, MAG1);
	assert_true(binding->set.lifetime_ms == 300000);
	/* The pool's route covers it. */
	assert_int_equal(bench->world.route_count, 1);
	assert_agreed(bench);
	assert_int_equal(bench->lma.counters.pbu_received, 1);
	assert_int_equal(bench->lma.counters.accepted, 1);
	assert_int_equal(bench->lma.counters.created, 1);
	assert_non_null(world_reported(&bench->world, "binding-created"));
}

static void test_profile_prefixes(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	own_prefixes(&request, OWN1, OWN2);
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	/* RULE: B-LMA-73 B-LMA-77 */
	assert_int_equal(ba->options.hnp_count, 2);
	/* RULE: B-LMA-05 */
	assert_prefix_equal(&ba->options.hnp[0], OWN1);
	assert_prefix_equal(&ba->options.hnp[1], OWN2);
	/* No pool's route leads to them. */
	/* RULE: B-LMA-57 */
	assert_non_null(world_route(&bench->world, OWN1));
	assert_non_null(world_route(&bench->world, OWN2));
	assert_agreed(bench);

	lma_bench_until(bench, 310000);
	assert_null(world_route(&bench->world, OWN1));
	assert_null(world_route(&bench->world, OWN2));
	assert_int_equal(bench->world.binding_count, 0);
	assert_agreed(bench);
}

static void test_refresh(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;
	uint64_t expires = bce->now.expires_ms;

	lma_bench_until(bench, 200000);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.bu.lifetime = 100;
	/* RULE: B-LMA-32 B-LMA-81 */
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-75 */
	assert_true(bce->now.expires_ms == expires + 300000);
	assert_int_equal(bce->now.lifetime, 100);
	assert_int_equal(bench->lma.counters.refreshed, 1);
	/* RULE: B-LMA-30 */
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
	/* The end of the old lifetime is no end any more. */
	lma_bench_until(bench, 150000);
	assert_int_equal(bench->lma.bc.count, 1);
}

/* RFC 5213 5.1: what had no timestamp leaves none. */
static void test_no_timestamp(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;

	assert_true(bce->now.timestamp != 0);
	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.has_timestamp = false;
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-70 */
	assert_true(bce->now.timestamp == 0);
	assert_true(bce->now.received == bench->world.now.wall);
	assert_agreed(bench);
}

static void test_handover(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;
	const struct report *report;

	world_pass(&bench->world, 1000);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	/* RULE: B-LMA-32 B-LMA-81 */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options.hnp[0],
			    HNP1);
	/* RULE: B-LMA-75 */
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
	/* RULE: B-LMA-31 */
	assert_ip6_equal(&world_binding(&bench->world, HNP1)->set.remote, MAG2);
	/* RULE: B-LMA-30 */
	assert_int_equal(bench->lma.bc.count, 1);
	assert_int_equal(bench->lma.counters.handovers, 1);
	report = world_reported(&bench->world, "handover");
	assert_non_null(report);
	assert_ip6_equal(&report->previous, MAG1);
	assert_ip6_equal(&report->peer, MAG2);
	assert_agreed(bench);

	/* RFC 5213 5.3.5 (1): the gateway that was left can not end it. */
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	/* RULE: B-LMA-33 */
	assert_status(bench, &request, -1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_int_equal(bench->lma.counters.pbu_ignored, 1);
	assert_agreed(bench);
}

static void deregister(struct lma_bench *bench)
{
	struct lma_request request;
	const struct mh_binding_ack *ba;

	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	ba = answer(bench, &request);
	assert_non_null(ba);
	/* RULE: B-LMA-34 B-LMA-81 */
	assert_int_equal(ba->status, MH_ACCEPTED);
	/* RULE: B-LMA-98 */
	assert_int_equal(ba->lifetime, 0);
	assert_prefix_equal(&ba->options.hnp[0], HNP1);
}

/* RFC 5213 5.3.5 (2): it drops, and after MinDelayBeforeBCEDelete it is gone. */
static void test_deregistration(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	deregister(bench);
	/* RULE: B-LMA-75 */
	assert_int_equal(bce->now.state, BCE_DEREGISTERED);
	/* RULE: B-LMA-34 */
	assert_false(world_binding(&bench->world, HNP1)->set.has_path);
	assert_int_equal(bench->lma.counters.deregistered, 1);
	assert_agreed(bench);
	lma_bench_until(bench, 9999);
	/* RULE: B-LMA-34 */
	assert_int_equal(bench->lma.bc.count, 1);
	lma_bench_until(bench, 1);
	/* RULE: B-LMA-34 B-LMA-36 */
	assert_int_equal(bench->lma.bc.count, 0);
	/* RULE: B-LMA-36 */
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->world.record_count, 0);
	assert_non_null(world_reported(&bench->world, "binding-deleted"));
	assert_int_equal(bench->lma.counters.expired, 0);
	assert_agreed(bench);
}

/* The wait is not begun anew by another copy. */
static void test_deregistration_repeated(void **state)
{
	struct lma_bench *bench = *state;

	register_mn1(bench);
	deregister(bench);
	lma_bench_until(bench, 5000);
	deregister(bench);
	lma_bench_until(bench, 3999);
	assert_int_equal(bench->lma.bc.count, 1);
	lma_bench_until(bench, 1);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
}

static void assert_taken_over(struct lma_bench *bench, struct bce *bce)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_UNKNOWN);

	request.src = ip6(MAG2);
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-35 */
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_ip6_equal(&world_binding(&bench->world, HNP1)->set.remote, MAG2);
	assert_true(world_binding(&bench->world, HNP1)->set.has_path);
	lma_bench_until(bench, 60000);
	/* RULE: B-LMA-35 */
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

/* RFC 5213 5.3.5 (2): who comes back in time keeps what it had. */
static void test_registration_ends_the_wait(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	deregister(bench);
	lma_bench_until(bench, 9000);
	assert_taken_over(bench, bce);
}

/* By whichever interface, if there is only the one session. */
static void test_registration_by_another_interface(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	register_mn1(bench);
	deregister(bench);
	world_pass(&bench->world, 10);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.bu.options.ll_id = ll_id6(2);
	request.bu.options.att = MH_ATT_IEEE_802_3;
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-84 */
	assert_int_equal(bench->lma.bc.count, 1);
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options.hnp[0],
			    HNP1);
	assert_agreed(bench);
}

static void test_expiry(void **state)
{
	struct lma_bench *bench = *state;

	register_mn1(bench);
	lma_bench_until(bench, 299999);
	assert_int_equal(bench->lma.bc.count, 1);
	lma_bench_until(bench, 1);
	/* RULE: B-LMA-98 */
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->lma.counters.expired, 1);
	assert_non_null(world_reported(&bench->world, "binding-expired"));
	assert_agreed(bench);
}

/* Told by the data plane, which may be first; stale news are no news. */
static void test_path_expired(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct mh_prefix hnp = prefix6(HNP1), other = prefix6(HNP2);
	uint32_t generation = bce->now.generation;
	struct lma_request request;

	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_on_path_expired(&bench->lma, &hnp, 1, generation, bench->world.now,
			    &bench->world.out);
	lma_on_path_expired(&bench->lma, &other, 1, generation + 1,
			    bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->lma.bc.count, 1);
	lma_on_path_expired(&bench->lma, &hnp, 1, bce->now.generation,
			    bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
}

static void test_pool_exhausted(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;
	int i;

	for (i = 0; i < 3; i++) {
		request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
		request.bu.options.mn_id.data[2] = (uint8_t)('1' + i);
		request.bu.options.ll_id = ll_id6((uint8_t)(i + 1));
		/* RULE: B-LMA-24 B-LMA-25 */
		assert_status(bench, &request, i < 2 ? MH_ACCEPTED :
			      MH_INSUFFICIENT_RESOURCES);
	}
	assert_int_equal(bench->lma.bc.count, 2);
	assert_int_equal(bench->lma.counters.refused, 1);
	assert_agreed(bench);
	/* What the first two gave back is there for the third. */
	lma_bench_until(bench, 300000);
	request.bu.options.timestamp = bench->world.now.wall;
	/* RULE: B-LMA-36 */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_agreed(bench);
}

/* Nothing is said before it is true. */
static void test_state_before_acknowledgement(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct transaction *transaction;
	unsigned int i, kinds = 0;

	give(bench, &request);
	assert_int_equal(bench->world.pending_count, 1);
	transaction = bench->world.pending[0];
	assert_non_null(transaction->owner);
	for (i = 0; i < transaction->count; i++)
		kinds |= 1u << transaction->effects[i].kind;
	assert_true(kinds & 1 << EFFECT_STORE_PUT);
	assert_true(kinds & 1 << EFFECT_BINDING_SET);
	assert_true(kinds & 1 << EFFECT_SEND);
	assert_int_equal(bench->lma.counters.accepted, 0);
	world_settle(&bench->world);
	assert_int_equal(bench->lma.counters.accepted, 1);
}

/* Whatever fails of a new session: refused, and nothing is left of it. */
static void test_failed_creation(void **state)
{
	static const int kinds[] = {
		EFFECT_STORE_PUT, EFFECT_BINDING_SET, EFFECT_ROUTE_ADD,
	};
	struct lma_bench *bench = *state;
	struct lma_request request;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
		own_prefixes(&request, OWN1, OWN2);
		world_fail(&bench->world, kinds[i], 0, 1, EIO);
		assert_status(bench, &request, MH_REASON_UNSPECIFIED);
		assert_int_equal(bench->world.fail_count, 0);
		assert_int_equal(bench->lma.bc.count, 0);
		assert_int_equal(bench->world.route_count, 1);
		assert_int_equal(bench->lma.counters.failed, i + 1);
		assert_int_equal(bench->lma.counters.created, 0);
		assert_agreed(bench);
		/* It may be asked for again. */
		world_pass(&bench->world, 1000);
		request = pbu(bench, OWN1, MH_HI_NEW_INTERFACE);
		own_prefixes(&request, OWN1, NULL);
		assert_status(bench, &request, MH_ACCEPTED);
		lma_bench_until(bench, 300000);
		bench->lma.counters.created = 0;
	}
}

static void test_out_of_memory_is_said(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, ENOMEM);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	world_pass(&bench->world, 10);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, ENOSPC);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_agreed(bench);
}

/* A session whose change fails is what it was, everywhere. */
static void assert_change_fails(struct lma_bench *bench, struct bce *bce,
				struct lma_request *request, int kind)
{
	struct bce_registration before = bce->now;
	struct in6_addr link_local = bce->link_local;

	world_fail(&bench->world, kind, 0, 1, EIO);
	assert_status(bench, request, MH_REASON_UNSPECIFIED);
	assert_int_equal(bench->world.fail_count, 0);
	assert_memory_equal(&bce->now.proxy_coa, &before.proxy_coa, 16);
	assert_true(bce->now.timestamp == before.timestamp);
	assert_true(bce->now.expires_ms == before.expires_ms);
	assert_int_equal(bce->now.sequence, before.sequence);
	assert_int_equal(bce->now.state, before.state);
	assert_memory_equal(&bce->link_local, &link_local, 16);
	/* News of what failed must not be taken for news of what stands. */
	assert_true(bce->now.generation > before.generation + 1);
	assert_agreed(bench);
}

static void test_failed_changes(void **state)
{
	static const int kinds[] = { EFFECT_STORE_PUT, EFFECT_BINDING_SET };
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		world_pass(&bench->world, 1000);
		request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
		request.bu.options.has_link_local = true;
		request.bu.options.link_local = ip6("fe80::1");
		assert_change_fails(bench, bce, &request, kinds[i]);

		world_pass(&bench->world, 1000);
		request = pbu(bench, NULL, MH_HI_UNKNOWN);
		request.src = ip6(MAG2);
		assert_change_fails(bench, bce, &request, kinds[i]);

		world_pass(&bench->world, 1000);
		request = pbu(bench, HNP1, MH_HI_UNKNOWN);
		request.bu.lifetime = 0;
		assert_change_fails(bench, bce, &request, kinds[i]);
	}
	assert_int_equal(bench->lma.counters.failed, 6);
	assert_int_equal(bench->lma.counters.accepted, 1);
	/* It still ends when it was to end. */
	lma_bench_until(bench, 300000 - 6000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
}

/* Several interfaces, several sessions (RFC 5213 5.4). */
static void test_two_interfaces(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	register_mn1(bench);
	world_pass(&bench->world, 10);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.ll_id = ll_id6(2);
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-71 */
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options.hnp[0],
			    HNP2);
	/* RULE: B-LMA-01 B-LMA-72 */
	assert_int_equal(bench->lma.bc.count, 2);
	deregister(bench);
	lma_bench_until(bench, 10000);
	assert_int_equal(bench->lma.bc.count, 1);
	/* RULE: B-LMA-72 */
	assert_non_null(world_binding(&bench->world, HNP2));
	assert_agreed(bench);
}

/* Other identifiers cost a gateway nothing. */
static void test_too_many_interfaces(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	bench->lma.config.max_sessions = 1;
	register_mn1(bench);
	world_pass(&bench->world, 10);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.ll_id = ll_id6(2);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(bench->lma.bc.count, 1);
	/* One that waits may be a handover; and so many may wait. */
	bench->lma.config.max_delay_before_new_bce_assign_ms = 1500;
	request.bu.options.handoff = MH_HI_UNKNOWN;
	request.bu.options.timestamp++;
	assert_status(bench, &request, -1);
	request.bu.options.ll_id = ll_id6(3);
	request.bu.options.timestamp++;
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	/* Another mobile node may have its own. */
	request.bu.options.mn_id = nai("mn2@example.com");
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 2000);
	assert_int_equal(bench->lma.bc.count, 2);
	assert_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_start),
		with_bench(test_initial_registration),
		with_bench(test_profile_prefixes),
		with_bench(test_refresh),
		with_bench(test_no_timestamp),
		with_bench(test_handover),
		with_bench(test_deregistration),
		with_bench(test_deregistration_repeated),
		with_bench(test_registration_ends_the_wait),
		with_bench(test_registration_by_another_interface),
		with_bench(test_expiry),
		with_bench(test_path_expired),
		with_bench(test_pool_exhausted),
		with_bench(test_state_before_acknowledgement),
		with_bench(test_failed_creation),
		with_bench(test_out_of_memory_is_said),
		with_bench(test_failed_changes),
		with_bench(test_two_interfaces),
		with_bench(test_too_many_interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
