// SPDX-License-Identifier: GPL-2.0
/*
 * Groups of an anchor while something else is under way, or what they were to be
 * does not stand.
 */
#include <errno.h>
#include <string.h>

#include "common/lma_groups.h"
#include "common/test.h"

/* Two sessions in a group, since 100 s. */
static struct lma_group *begin(void **state, struct lma_bench **bench)
{
	struct lma_group *group;

	*bench = *state;
	group = join(*bench, 1, GROUP_A)->group;
	join(*bench, 2, GROUP_A);
	world_pass(&(*bench)->world, 100000);
	return group;
}

/* Nothing is left of a group whose first session could not be set up. */
static void test_first_fails(void **state)
{
	static const int kinds[] = {
		EFFECT_STORE_PUT, EFFECT_EXPIRY_SET_PUT, EFFECT_BINDING_SET,
	};
	struct lma_bench *bench = *state;
	struct lma_request request;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		world_fail(&bench->world, kinds[i], 0, 1, ENOSPC);
		request = joining(bench, 1, GROUP_A);
		assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
		assert_null(session_of(bench, 1));
		assert_null(group_of(bench, MAG1, GROUP_A));
		assert_agreed(bench);
		world_pass(&bench->world, 1000);
	}
	join(bench, 1, GROUP_A);
	assert_agreed(bench);
}

/* It was joined meanwhile, by one that brings what it needs. */
static void test_first_fails_second_stands(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request first = joining(bench, 1, GROUP_A);
	struct lma_request second = joining(bench, 2, GROUP_A);

	give(bench, &first);
	give(bench, &second);
	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, EIO);
	world_settle(&bench->world);
	assert_null(session_of(bench, 1));
	assert_int_equal(group_of(bench, MAG1, GROUP_A)->count, 1);
	assert_agreed(bench);
}

static void test_joining_fails(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_request request = joining(bench, 3, 0);
	struct bce *bce;

	request.bu.flags &= ~MH_BU_BULK;
	assert_granted_none(answer(bench, &request));
	bce = session_of(bench, 3);
	world_pass(&bench->world, 1000);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, EIO);
	request = refreshing(bench, bce, GROUP_A);
	assert_status(bench, &request, MH_REASON_UNSPECIFIED);
	assert_null(bce->group);
	assert_int_equal(group->count, 2);
	assert_true(lma_expires_ms(bce) ==
		    bench->world.now.mono_ms + 299000);
	assert_agreed(bench);
}

/* It is one of the group again, or still. */
static void test_leaving_fails(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_request request;
	unsigned int mn;

	for (mn = 1; mn <= 2; mn++) {
		world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, EIO);
		request = refreshing(bench, session_of(bench, mn), 0);
		assert_status(bench, &request, MH_REASON_UNSPECIFIED);
		assert_int_equal(group->count, 2);
		assert_agreed(bench);
	}
	/* Of the last one as well, whose group waits for the outcome. */
	request = refreshing(bench, session_of(bench, 1), 0);
	assert_granted_none(answer(bench, &request));
	world_pass(&bench->world, 1000);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, EIO);
	request = refreshing(bench, session_of(bench, 2), 0);
	assert_status(bench, &request, MH_REASON_UNSPECIFIED);
	assert_ptr_equal(session_of(bench, 2)->group, group);
	assert_agreed(bench);
}

static void test_handover_fails(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_request request = joining(bench, 1, GROUP_A);

	request.src = ip6(MAG2);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, EIO);
	assert_status(bench, &request, MH_REASON_UNSPECIFIED);
	assert_ptr_equal(session_of(bench, 1)->group, group);
	assert_null(group_of(bench, MAG2, GROUP_A));
	assert_agreed(bench);
}

/* As it was before, and once more told what it is. */
static void test_renewal_fails(void **state)
{
	static const int kinds[] = { EFFECT_STORE_PUT, EFFECT_EXPIRY_SET_PUT };
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	uint64_t end = group->now.expires_ms;
	struct lma_request request;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		world_pass(&bench->world, 1000);
		world_fail(&bench->world, kinds[i], 0, 1, ENOMEM);
		request = bulk_pbu(bench, GROUP_A);
		/* RULE: BULK-35 */
		assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
		assert_true(group->now.expires_ms == end);
		assert_int_equal(bench->lma.counters.bulk_accepted, 0);
		assert_agreed(bench);
	}
	assert_int_equal(bench->lma.counters.bulk_refused, 2);
	/* Nothing of it counts: the same is taken now. */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_agreed(bench);
}

/* The data plane has reaped it just before, and not told yet. */
static void test_renewed_too_late(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_request request = bulk_pbu(bench, GROUP_A);
	uint32_t generation = group->now.generation, set = group->set;

	bench->world.set_count = 0;
	bench->world.binding_count = 0;
	give(bench, &request);
	lma_on_set_expired(&bench->lma, set, generation, bench->world.now,
			   &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(world_last_message(&bench->world)->ba.status,
			 MH_REASON_UNSPECIFIED);
	/* And what it is told of, to have it again, has nothing to renew. */
	assert_int_equal(bench->world.set_count, 0);
	lma_bench_until(bench, 1);
	assert_int_equal(bench->lma.groups.timers.count, 0);
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_int_equal(bench->lma.bc.count, 2);
	assert_agreed(bench);
}

/* What can not be made what it was, is none: each for what it has left. */
static void test_repair_fails(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	uint64_t end = group->now.expires_ms;
	struct lma_request request = bulk_pbu(bench, GROUP_A);

	world_fail(&bench->world, EFFECT_EXPIRY_SET_PUT, 0, 2, EIO);
	assert_status(bench, &request, MH_REASON_UNSPECIFIED);
	lma_bench_until(bench, 0);
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_true(lma_expires_ms(session_of(bench, 1)) == end);
	assert_true(lma_expires_ms(session_of(bench, 2)) == end);
	assert_agreed(bench);
	request = bulk_pbu(bench, GROUP_A);
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	assert_int_equal(bench->lma.counters.expired, 0);
}

/* One that something is under way for ends after that, or is not in it any more. */
static void test_expiry_while_busy(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_request request;

	world_pass(&bench->world, 199000);
	request = refreshing(bench, session_of(bench, 1), 0);
	give(bench, &request);
	request = refreshing(bench, session_of(bench, 2), GROUP_A);
	request.policy.accepts_bulk = false;
	give(bench, &request);
	assert_int_equal(group->count, 0);
	world_settle(&bench->world);
	assert_agreed(bench);

	join(bench, 3, GROUP_B);
	world_pass(&bench->world, 290000);
	request = refreshing(bench, session_of(bench, 3), GROUP_B);
	give(bench, &request);
	world_pass(&bench->world, 10000);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	assert_null(session_of(bench, 3)->group);
	world_settle(&bench->world);
	lma_bench_until(bench, 200);
	assert_null(session_of(bench, 3));
	assert_null(group_of(bench, MAG1, GROUP_B));
	assert_agreed(bench);
}

/* Its members are over by then: what runs late is not left for the next time. */
static void test_dissolved_too_late(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct world *world = &bench->world;

	world_pass(world, group->now.expires_ms + 1 - world->now.mono_ms);
	lma_group_dissolve(&bench->lma, group, world->now);
	lma_on_timer(&bench->lma, world->now, &world->out);
	assert_true(lma_next_timer(&bench->lma) >= world->now.mono_ms);
	world_settle(world);
	lma_bench_until(bench, 1000);
	assert_null(session_of(bench, 1));
	assert_null(session_of(bench, 2));
	assert_agreed(bench);
}

/* MAG1 says what its Restart Counter is. */
static void tells(struct lma_bench *bench, uint32_t counter)
{
	struct mh_heartbeat heartbeat = {
		.flags = MH_HB_RESPONSE | MH_HB_UNSOLICITED,
		.has_restart_counter = true,
		.restart_counter = counter,
	};
	struct in6_addr mag = ip6(MAG1);

	peers_on_heartbeat(&bench->lma.peers, &mag, &heartbeat,
			   bench->world.now, &bench->world.out);
}

static void test_gateway_restarts(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_request request;
	unsigned int mn;

	world_pass(&bench->world, 10000);
	/* One is just being told that it stays. */
	request = refreshing(bench, session_of(bench, 1), GROUP_A);
	give(bench, &request);
	tells(bench, 1);
	tells(bench, 2);
	assert_int_equal(group->count, 0);
	world_settle(&bench->world);
	for (mn = 1; mn <= 2; mn++) {
		assert_true(session_of(bench, mn)->now.invalid);
		assert_true(lma_expires_ms(session_of(bench, mn)) ==
			    bench->world.now.mono_ms + 10000);
	}
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_agreed(bench);
}

/* What was renewed since then, it knows. */
static void test_gateway_knows(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);

	tells(bench, 1);
	world_pass(&bench->world, 10000);
	renew(bench, GROUP_A);
	tells(bench, 2);
	world_settle(&bench->world);
	assert_int_equal(group->count, 2);
	assert_agreed(bench);
}

/* An engine may end while much is under way. */
static void test_free_while_busy(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;

	begin(state, &bench);
	request = joining(bench, 3, GROUP_B);
	give(bench, &request);
	request = bulk_pbu(bench, GROUP_A);
	give(bench, &request);
	assert_int_equal(bench->world.pending_count, 2);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, group_setup, lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_first_fails),
		with_bench(test_first_fails_second_stands),
		with_bench(test_joining_fails),
		with_bench(test_leaving_fails),
		with_bench(test_handover_fails),
		with_bench(test_renewal_fails),
		with_bench(test_renewed_too_late),
		with_bench(test_repair_fails),
		with_bench(test_expiry_while_busy),
		with_bench(test_dissolved_too_late),
		with_bench(test_gateway_restarts),
		with_bench(test_gateway_knows),
		with_bench(test_free_while_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
