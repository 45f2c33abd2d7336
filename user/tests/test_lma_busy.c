// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma.c: what happens while a transaction is under way.
 */
#include <errno.h>

#include "common/lma_bench.h"
#include "common/test.h"

/* While a session is busy, the newest PBU waits, and is handled then. */
static void test_busy_keeps_the_newest(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request first = pbu(bench, NULL, MH_HI_UNKNOWN), late, newest;
	const struct mh_binding_ack *ba;
	struct mh_prefix hnp = prefix6(HNP1);

	give(bench, &first);
	world_pass(&bench->world, 50);
	late = pbu(bench, NULL, MH_HI_UNKNOWN);
	world_pass(&bench->world, 50);
	newest = pbu(bench, NULL, MH_HI_UNKNOWN);
	newest.src = ip6(MAG2);
	give(bench, &newest);
	give(bench, &late);
	assert_int_equal(bench->world.pending_count, 1);
	assert_int_equal(bench->lma.bc.count, 1);

	world_run_one(&bench->world, 0);
	assert_int_equal(bench->world.sent_count, 1);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 2);
	ba = &world_last_message(&bench->world)->ba;
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->sequence, newest.bu.sequence);
	assert_ip6_equal(&bc_by_prefix(&bench->lma.bc, &hnp)->now.proxy_coa,
			 MAG2);
	assert_agreed(bench);
}

/* It was in time when it came: that it had to wait does not make it late. */
static void test_busy_longer_than_the_window(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_UNKNOWN);

	give(bench, &request);
	world_pass(&bench->world, 100);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	give(bench, &request);
	world_pass(&bench->world, 2000);
	world_settle(&bench->world);
	assert_int_equal(world_last_message(&bench->world)->ba.status,
			 MH_ACCEPTED);
	assert_int_equal(bench->lma.counters.handovers, 1);
	assert_agreed(bench);
}

static void test_busy_and_failing(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_UNKNOWN);

	give(bench, &request);
	world_pass(&bench->world, 100);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	give(bench, &request);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, EIO);
	world_settle(&bench->world);
	/* The first was refused, the second got a session of its own. */
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(bench->world.sent[0].message->ba.status,
			 MH_REASON_UNSPECIFIED);
	assert_int_equal(bench->world.sent[1].message->ba.status, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

/* The end of a lifetime waits for what is under way, which may renew it. */
static void test_expiry_while_busy(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;
	struct mh_prefix hnp = prefix6(HNP1);
	struct bce *bce = register_mn1(bench);

	lma_bench_until(bench, 299990);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	give(bench, &request);
	world_pass(&bench->world, 60000);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	lma_on_path_expired(&bench->lma, &hnp, 1, bce->now.generation,
			    bench->world.now, &bench->world.out);
	assert_int_equal(world_collect(&bench->world), 1);
	assert_true(lma_next_timer(&bench->lma) > bench->world.now.mono_ms);
	world_settle(&bench->world);
	assert_int_equal(bench->lma.bc.count, 1);
	lma_bench_until(bench, 1000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
}

/* A PBU that comes while its session is being deleted makes a new one. */
static void test_registration_while_deleting(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	register_mn1(bench);
	lma_bench_until(bench, 299999);
	world_pass(&bench->world, 1);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	give(bench, &request);
	assert_int_equal(bench->world.pending_count, 1);
	assert_int_equal(bench->world.sent_count, 1);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(world_last_message(&bench->world)->ba.status,
			 MH_ACCEPTED);
	assert_int_equal(bench->lma.counters.created, 2);
	assert_agreed(bench);
}

/* That nothing can be deleted keeps no session alive. */
static void test_failed_deletion(void **state)
{
	struct lma_bench *bench = *state;

	register_mn1(bench);
	world_fail(&bench->world, EFFECT_BINDING_DELETE, 0, 1, EIO);
	lma_bench_until(bench, 300000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->world.record_count, 0);
	assert_true(lma_next_timer(&bench->lma) == NEVER);
}

/* An engine may end while much is under way. */
static void test_free_while_busy(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_UNKNOWN);

	give(bench, &request);
	world_pass(&bench->world, 100);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	give(bench, &request);
	assert_int_equal(bench->world.pending_count, 1);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_busy_keeps_the_newest),
		with_bench(test_busy_longer_than_the_window),
		with_bench(test_busy_and_failing),
		with_bench(test_expiry_while_busy),
		with_bench(test_registration_while_deleting),
		with_bench(test_failed_deletion),
		with_bench(test_free_while_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
