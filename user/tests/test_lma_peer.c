// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_peer.c: gateways that have restarted or are gone
 */
#include <string.h>

#include "../engine/record.h"
#include "common/lma_bench.h"
#include "common/test.h"

#define ANNOUNCEMENT (MH_HB_UNSOLICITED | MH_HB_RESPONSE)

static void settle(struct lma_bench *bench)
{
	peers_settle(&bench->lma.peers, bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

static struct peer *gateway(struct lma_bench *bench, const char *address)
{
	struct in6_addr key = ip6(address);

	return peers_find(&bench->lma.peers, &key);
}

/* It says what its counter is. */
static void tells(struct lma_bench *bench, const char *address,
		  uint32_t counter)
{
	struct mh_heartbeat heartbeat = {
		.flags = ANNOUNCEMENT,
		.has_restart_counter = true,
		.restart_counter = counter,
	};
	struct in6_addr src = ip6(address);

	peers_on_heartbeat(&bench->lma.peers, &src, &heartbeat,
			   bench->world.now, &bench->world.out);
	settle(bench);
}

static struct bce *session(struct lma_bench *bench)
{
	struct mh_prefix prefix = prefix6(HNP1);

	return bc_by_prefix(&bench->lma.bc, &prefix);
}

static void test_counted(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	assert_null(gateway(bench, MAG1));
	register_mn1(bench);
	/* RULE: HB-02 */
	assert_int_equal(gateway(bench, MAG1)->bindings, 1);
	lma_bench_until(bench, 1000);
	request = pbu(bench, HNP1, MH_HI_SAME_INTERFACE);
	request.src = ip6(MAG2);
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: HB-02 */
	assert_int_equal(gateway(bench, MAG1)->bindings, 0);
	assert_int_equal(gateway(bench, MAG2)->bindings, 1);
	lma_bench_until(bench, 1000);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.src = ip6(MAG2);
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: HB-02 */
	assert_int_equal(gateway(bench, MAG2)->bindings, 0);
}

static void test_counted_as_it_stands(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	register_mn1(bench);
	/* A handover that is taken back. */
	lma_bench_until(bench, 1000);
	request = pbu(bench, HNP1, MH_HI_SAME_INTERFACE);
	request.src = ip6(MAG2);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, 5);
	give(bench, &request);
	world_settle(&bench->world);
	assert_int_equal(gateway(bench, MAG1)->bindings, 1);
	assert_int_equal(gateway(bench, MAG2)->bindings, 0);
	/* One that was restored. */
	assert_int_equal(lma_bench_restart(bench, true), 1);
	assert_int_equal(gateway(bench, MAG1)->bindings, 1);
	/* And its end. */
	lma_bench_until(bench, 400000);
	assert_null(session(bench));
	assert_int_equal(gateway(bench, MAG1)->bindings, 0);
	/* A new one that cannot be set up. */
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, 5);
	give(bench, &request);
	world_settle(&bench->world);
	assert_int_equal(gateway(bench, MAG1)->bindings, 0);
}

static void test_restarted(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	tells(bench, MAG1, 1);
	lma_bench_until(bench, 60000);
	/* RULE: HB-08 */
	assert_false(bce->now.invalid);
	tells(bench, MAG1, 2);
	/* RULE: HB-08 */
	assert_true(bce->now.invalid);
	assert_int_equal(bench->lma.counters.invalidated, 1);
	assert_int_equal(bce->now.expires_ms,
			 bench->world.now.mono_ms + 10000);
	/* It forwards on, for as long; an anchor that dies now knows. */
	assert_agreed(bench);
	assert_int_equal(world_binding(&bench->world, HNP1)->expires_ms,
			 bce->now.expires_ms);
	assert_int_equal(lma_bench_restart(bench, true), 1);
	assert_int_equal(session(bench)->now.expires_ms,
			 bench->world.now.mono_ms + 10000);
	lma_bench_until(bench, 9999);
	assert_non_null(session(bench));
	lma_bench_until(bench, 2);
	/* RULE: HB-08 */
	assert_null(session(bench));
	assert_agreed(bench);
}

static void test_deleted(void **state)
{
	struct lma_bench *bench = *state;

	register_mn1(bench);
	tells(bench, MAG1, 1);
	lma_bench_until(bench, 60000);
	tells(bench, MAG1, 2);
	lma_bench_until(bench, 10001);
	/* RULE: HB-08 */
	assert_null(session(bench));
	assert_non_null(world_reported(&bench->world, "binding-deleted"));
	assert_int_equal(bench->lma.counters.expired, 0);
	assert_agreed(bench);
}

static void test_registered_anew(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;

	tells(bench, MAG1, 1);
	lma_bench_until(bench, 60000);
	tells(bench, MAG1, 2);
	lma_bench_until(bench, 5000);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_ptr_equal(session(bench), bce);
	/* RULE: HB-08 */
	assert_false(bce->now.invalid);
	/* A copy of the announcement that is late. */
	tells(bench, MAG1, 2);
	lma_bench_until(bench, 60000);
	/* RULE: HB-08 */
	assert_ptr_equal(session(bench), bce);
	assert_agreed(bench);
}

/* What came after the restart, and before it was told of, is not lost. */
static void test_spared(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;

	tells(bench, MAG1, 1);
	lma_bench_until(bench, 60000);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, PEERS_ANNOUNCE_SPAN_MS - 1);
	tells(bench, MAG1, 2);
	assert_false(bce->now.invalid);
	assert_int_equal(bench->lma.counters.invalidated, 0);
}

/* Those of another gateway are no matter of it. */
static void test_only_its_own(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;

	lma_bench_until(bench, 1000);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.src = ip6(MAG2);
	request.bu.options.mn_id = nai("other@example.com");
	assert_status(bench, &request, MH_ACCEPTED);
	tells(bench, MAG1, 1);
	tells(bench, MAG2, 1);
	lma_bench_until(bench, 60000);
	tells(bench, MAG2, 2);
	assert_false(bce->now.invalid);
	assert_int_equal(bench->lma.counters.invalidated, 1);
}

/* Asks without an answer until it counts as unreachable. */
static void goes_silent(struct lma_bench *bench)
{
	uint64_t end = bench->world.now.mono_ms + 300000;

	bench->lma.peers.config.heartbeat_interval_s = 10;
	bench->lma.peers.config.missing_heartbeats_allowed = 3;
	peers_start(&bench->lma.peers, bench->world.now);
	while (gateway(bench, MAG1)->state != PEER_UNREACHABLE) {
		assert_true(bench->world.now.mono_ms < end);
		world_pass(&bench->world, 1000);
		peers_on_timer(&bench->lma.peers, bench->world.now,
			       &bench->world.out);
		settle(bench);
	}
}

static void test_unreachable(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	goes_silent(bench);
	/* RULE: HB-05 */
	assert_false(bce->now.invalid);
	lma_bench_until(bench, 20000);
	assert_ptr_equal(session(bench), bce);
	assert_agreed(bench);
}

static void test_unreachable_deletes(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	bench->lma.config.delete_if_unreachable = true;
	goes_silent(bench);
	assert_true(bce->now.invalid);
	lma_bench_until(bench, 10001);
	assert_null(session(bench));
	assert_agreed(bench);
}

/* Who has a prefix keeps it; who wants any waits until all have said so. */
static void test_recovery(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	peers_set_restart(&bench->lma.peers, 2, true);
	peers_start(&bench->lma.peers, bench->world.now);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.mn_id = nai("other@example.com");
	assert_status(bench, &request, -1);
	lma_bench_until(bench, 10000);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_non_null(session(bench));
	lma_bench_until(bench, 24999);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.mn_id = nai("other@example.com");
	assert_status(bench, &request, -1);
	lma_bench_until(bench, 1);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.mn_id = nai("other@example.com");
	assert_status(bench, &request, MH_ACCEPTED);
	assert_agreed(bench);
}

/* One whose profile says which it has need not wait. */
static void test_recovery_of_own(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	peers_set_restart(&bench->lma.peers, 2, true);
	peers_start(&bench->lma.peers, bench->world.now);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.policy.hnp_count = 1;
	request.policy.interface_hnp_count = 1;
	request.policy.hnp[0] = prefix6(OWN1);
	assert_status(bench, &request, MH_ACCEPTED);
}

/* What ends sooner anyway ends when it does. */
static void test_restarted_at_the_end(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	uint64_t end = bce->now.expires_ms;

	tells(bench, MAG1, 1);
	lma_bench_until(bench, end - bench->world.now.mono_ms - 5000);
	tells(bench, MAG1, 2);
	assert_false(bce->now.invalid);
	assert_int_equal(bench->lma.counters.invalidated, 0);
	assert_true(bce->now.expires_ms == end);
	lma_bench_until(bench, 4999);
	assert_ptr_equal(session(bench), bce);
	lma_bench_until(bench, 2);
	assert_null(session(bench));
	assert_agreed(bench);
}

/* One that is just being told kernel and store ends in time all the same. */
static void test_restarted_meanwhile(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_policy policy = pbu(bench, NULL, MH_HI_UNKNOWN).policy;
	struct mh_prefix other = prefix6(HNP2);

	tells(bench, MAG1, 1);
	lma_bench_until(bench, 60000);
	assert_null(lma_renumber(&bench->lma, bce, &policy, &other, 1,
				 bench->world.now, &bench->world.out));
	assert_int_equal(world_collect(&bench->world), 1);
	assert_int_not_equal(bce->operation, 0);
	tells(bench, MAG1, 2);
	assert_true(bce->now.invalid);
	assert_true(bce->now.expires_ms ==
		    bench->world.now.mono_ms + 10000);
	lma_bench_until(bench, 10001);
	assert_null(session(bench));
	assert_int_equal(bench->world.binding_count, 0);
	assert_agreed(bench);
}

/* One that answers again after all has lost nothing. */
static void test_back(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	tells(bench, MAG1, 1);
	goes_silent(bench);
	tells(bench, MAG1, 1);
	assert_int_equal(gateway(bench, MAG1)->state, PEER_UP);
	assert_non_null(world_reported(&bench->world, "peer-back"));
	assert_false(bce->now.invalid);
	assert_int_equal(bench->lma.counters.invalidated, 0);
	assert_agreed(bench);
}

/* A Binding Error may be about the Heartbeat that has no answer yet. */
static void test_error_of_either(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_policy policy = pbu(bench, NULL, MH_HI_UNKNOWN).policy;
	struct mh_prefix other = prefix6(HNP2);
	struct peer *peer = gateway(bench, MAG1);

	assert_null(lma_renumber(&bench->lma, bce, &policy, &other, 1,
				 bench->world.now, &bench->world.out));
	world_settle(&bench->world);
	bench->lma.peers.config.heartbeat_interval_s = 10;
	peers_start(&bench->lma.peers, bench->world.now);
	world_pass(&bench->world, 10000);
	peers_on_timer(&bench->lma.peers, bench->world.now, &bench->world.out);
	settle(bench);
	assert_true(peer->awaits);
	assert_false(binding_error(bench, MAG1, MH_BE_UNKNOWN_TYPE));
	assert_false(peer->no_notices);
	/* It has answered one before: that was not it. */
	peer->counters.answered = 1;
	assert_true(binding_error(bench, MAG1, MH_BE_UNKNOWN_TYPE));
	assert_true(peer->no_notices);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(test)							\
	cmocka_unit_test_setup_teardown(test, lma_bench_setup,		\
					lma_bench_teardown)
		TEST(test_counted),
		TEST(test_counted_as_it_stands),
		TEST(test_restarted),
		TEST(test_restarted_at_the_end),
		TEST(test_restarted_meanwhile),
		TEST(test_deleted),
		TEST(test_registered_anew),
		TEST(test_spared),
		TEST(test_only_its_own),
		TEST(test_unreachable),
		TEST(test_unreachable_deletes),
		TEST(test_back),
		TEST(test_error_of_either),
		TEST(test_recovery),
		TEST(test_recovery_of_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
