// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/peers_heartbeat.c: requests, responses, failure
 */
#include <string.h>

#include "common/peers_bench.h"
#include "common/test.h"

#define RESTARTED(bench) ((bench)->events[PEER_EVENT_RESTARTED])
#define UNREACHABLE(bench) ((bench)->events[PEER_EVENT_UNREACHABLE])
#define BACK(bench) ((bench)->events[PEER_EVENT_BACK])

static const struct mh_heartbeat *last_heartbeat(struct peers_bench *bench)
{
	return &world_last_message(&bench->world)->heartbeat;
}

/* With or without a binding, known or not. */
static void test_every_request_is_answered(void **state)
{
	struct peers_bench *bench = *state;
	const struct mh_heartbeat *answer;

	heartbeat_from(bench, STRANGER, 0, 0xfedcba98, -1);
	answer = last_heartbeat(bench);
	/* RULE: HB-01 */
	assert_int_equal(answer->flags, MH_HB_RESPONSE);
	/* RULE: HB-01 */
	assert_int_equal(answer->sequence, 0xfedcba98);
	/* RULE: HB-07 */
	assert_true(answer->has_restart_counter);
	/* RULE: HB-07 */
	assert_int_equal(answer->restart_counter, 7);
	/* RULE: HB-01 */
	assert_int_equal(sent(bench, STRANGER, MH_HB_RESPONSE), 1);

	bind_to(bench, 0, PEER1);
	heartbeat_from(bench, PEER1, 0, 4, -1);
	assert_int_equal(last_heartbeat(bench)->sequence, 4);
	/* RULE: HB-01 */
	assert_int_equal(sent(bench, PEER1, MH_HB_RESPONSE), 1);
	unbind(bench, 0);
	heartbeat_from(bench, PEER1, 0, 5, -1);
	/* RULE: HB-01 */
	assert_int_equal(sent(bench, PEER1, MH_HB_RESPONSE), 1);
	assert_int_equal(bench->peers.counters.requests_received, 3);
	assert_int_equal(bench->peers.counters.responses_sent, 3);

	/* A group, or nobody, is not. */
	heartbeat_from(bench, "ff02::1", 0, 6, -1);
	heartbeat_from(bench, "::", 0, 6, -1);
	assert_int_equal(bench->world.sent_count, 0);
}

static void test_only_with_a_binding(void **state)
{
	struct peers_bench *bench = *state;

	peers_bench_pass(bench, 10 * INTERVAL_MS);
	assert_int_equal(bench->world.sent_count, 0);

	bind_to(bench, 0, PEER1);
	bind_to(bench, 1, PEER1);
	bind_to(bench, 2, PEER2);
	peers_bench_pass(bench, 1000);
	assert_int_equal(sent(bench, PEER1, 0), 1);
	respond(bench, PEER1, 1);
	respond(bench, PEER2, 1);
	unbind(bench, 0);
	peers_bench_pass(bench, INTERVAL_MS);
	/* RULE: HB-02 */
	assert_int_equal(sent(bench, PEER1, 0), 1);
	respond(bench, PEER1, 1);
	respond(bench, PEER2, 1);
	unbind(bench, 1);
	peers_bench_pass(bench, 10 * INTERVAL_MS);
	/* RULE: HB-02 */
	assert_int_equal(sent(bench, PEER1, 0), 0);
	/* That with another one goes on. */
	assert_int_equal(bench->peers.count, 1);
	assert_true(bench->links[2].peer->counters.asked > 10);
}

static void test_interval(void **state)
{
	struct peers_bench *bench = *state;
	unsigned int i;

	bind_to(bench, 0, PEER1);
	peers_bench_pass(bench, 1000);
	assert_int_equal(sent(bench, PEER1, 0), 1);
	respond(bench, PEER1, 1);
	peers_bench_pass(bench, INTERVAL_MS - 1001);
	/* RULE: HB-03 */
	assert_int_equal(sent(bench, PEER1, 0), 0);
	/* However often its bindings come and go. */
	for (i = 0; i < 10; i++) {
		unbind(bench, 0);
		bind_to(bench, 0, PEER1);
	}
	/* RULE: HB-03 */
	assert_int_equal(sent(bench, PEER1, 0), 0);
	peers_bench_pass(bench, 1001);
	/* RULE: HB-03 */
	assert_int_equal(sent(bench, PEER1, 0), 1);
	respond(bench, PEER1, 1);
	peers_bench_pass(bench, 5 * INTERVAL_MS);
	assert_int_equal(sent(bench, PEER1, 0), 5);
}

static void test_sequence(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *one = bind_to(bench, 0, PEER1);
	struct peer *two = bind_to(bench, 1, PEER2);
	uint32_t first, other;

	peers_bench_pass(bench, 1000);
	first = one->sequence;
	other = two->sequence;
	peers_bench_pass(bench, INTERVAL_MS);
	/* RULE: HB-04 */
	assert_int_equal(one->sequence, first + 1);
	assert_int_equal(two->sequence, other + 1);

	/* Neither one that was not sent, nor the other peer's. */
	heartbeat_from(bench, PEER1, MH_HB_RESPONSE, one->sequence + 1, 1);
	heartbeat_from(bench, PEER1, MH_HB_RESPONSE, first - 1, 1);
	heartbeat_from(bench, STRANGER, MH_HB_RESPONSE, one->sequence, 1);
	/* RULE: HB-04 */
	assert_true(one->awaits);
	assert_int_equal(one->missing, 1);
	assert_int_equal(one->state, PEER_UNKNOWN);
	assert_false(one->has_counter);
	assert_int_equal(bench->peers.counters.responses_ignored, 3);

	heartbeat_from(bench, PEER1, MH_HB_RESPONSE, one->sequence, 1);
	/* RULE: HB-04 */
	assert_false(one->awaits);
	/* RULE: HB-04 */
	assert_int_equal(one->missing, 0);
	assert_int_equal(one->state, PEER_UP);

	/* Twice the same answers nothing. */
	heartbeat_from(bench, PEER1, MH_HB_RESPONSE, one->sequence, 2);
	assert_int_equal(bench->peers.counters.responses_ignored, 4);
	assert_int_equal(one->counter, 1);
}

/* One that was slow is there all the same. */
static void test_late_response(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = bind_to(bench, 0, PEER1);
	uint32_t first;

	peers_bench_pass(bench, 1000);
	first = peer->sequence;
	peers_bench_pass(bench, 2 * INTERVAL_MS);
	assert_int_equal(peer->missing, 2);
	heartbeat_from(bench, PEER1, MH_HB_RESPONSE, first, 1);
	/* RULE: HB-04 */
	assert_int_equal(peer->missing, 0);
	assert_true(peer->awaits);
	assert_int_equal(peer->state, PEER_UP);
}

static void test_unreachable(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = bind_to(bench, 0, PEER1);
	const struct report *report;

	peers_bench_pass(bench, 1000);
	respond(bench, PEER1, 1);
	peers_bench_pass(bench, INTERVAL_MS);
	peers_bench_pass(bench, ALLOWED * INTERVAL_MS);
	assert_int_equal(peer->missing, ALLOWED);
	/* RULE: HB-05 */
	assert_int_equal(peer->state, PEER_UP);
	/* RULE: HB-05 */
	assert_int_equal(UNREACHABLE(bench), 0);
	assert_null(world_reported(&bench->world, "peer-unreachable"));
	peers_bench_pass(bench, INTERVAL_MS);
	/* RULE: HB-05 */
	assert_int_equal(peer->state, PEER_UNREACHABLE);
	/* RULE: HB-05 */
	assert_int_equal(UNREACHABLE(bench), 1);
	report = world_reported(&bench->world, "peer-unreachable");
	assert_non_null(report);
	assert_int_equal(report->bindings, 1);
	assert_memory_equal(&report->peer, &peer->address, 16);

	/* It is said once, and asked for ever. */
	sent(bench, PEER1, 0);
	peers_bench_pass(bench, 10 * INTERVAL_MS);
	assert_int_equal(UNREACHABLE(bench), 1);
	assert_int_equal(sent(bench, PEER1, 0), 10);
	respond(bench, PEER1, 1);
	assert_int_equal(BACK(bench), 1);
	assert_int_equal(peer->state, PEER_UP);
	assert_int_equal(RESTARTED(bench), 0);
	assert_non_null(world_reported(&bench->world, "peer-back"));
}

static void test_reset_by_any_response(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = bind_to(bench, 0, PEER1);
	unsigned int i;

	peers_bench_pass(bench, 1000);
	for (i = 0; i < 5; i++) {
		peers_bench_pass(bench, (ALLOWED + !!i) * INTERVAL_MS);
		assert_int_equal(peer->missing, ALLOWED);
		/* RULE: HB-04 */
		respond(bench, PEER1, 1);
	}
	/* RULE: HB-04 HB-05 */
	assert_int_equal(UNREACHABLE(bench), 0);
	assert_int_equal(bench->peers.counters.missing, 5 * ALLOWED);
}

static void test_binding_error(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = bind_to(bench, 0, PEER1);

	bind_to(bench, 1, PEER2);
	peers_bench_pass(bench, 1000);
	/* Another status, another peer: not about this. */
	assert_false(error_from(bench, PEER1, 1));
	assert_false(error_from(bench, STRANGER, 2));
	assert_int_equal(peer->state, PEER_UNKNOWN);
	assert_true(error_from(bench, PEER1, 2));
	assert_int_equal(peer->state, PEER_NO_HEARTBEAT);
	assert_non_null(world_reported(&bench->world,
				       "peer-without-heartbeat"));

	sent(bench, PEER1, 0);
	peers_bench_pass(bench, 100 * INTERVAL_MS);
	unbind(bench, 0);
	peers_bench_pass(bench, 100 * INTERVAL_MS);
	assert_ptr_equal(bind_to(bench, 0, PEER1), peer);
	peers_bench_pass(bench, 100 * INTERVAL_MS);
	/* RULE: HB-10 */
	assert_int_equal(sent(bench, PEER1, 0), 0);
	assert_int_equal(bench->links[1].peer->state, PEER_UNREACHABLE);

	/* It asks: it is answered, and not asked back. */
	heartbeat_from(bench, PEER1, 0, 1, -1);
	assert_int_equal(sent(bench, PEER1, MH_HB_RESPONSE), 1);
	peers_bench_pass(bench, 10 * INTERVAL_MS);
	/* RULE: HB-10 */
	assert_int_equal(sent(bench, PEER1, 0), 0);

	peers_reset(&bench->peers, peer, bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	/* RULE: HB-10 */
	assert_int_equal(sent(bench, PEER1, 0), 1);
	respond(bench, PEER1, 1);
	assert_int_equal(peer->state, PEER_UP);
}

/* RFC 6275 11.3.6: anybody can send one. */
static void test_binding_error_of_nothing(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = bind_to(bench, 0, PEER1);

	assert_false(error_from(bench, PEER1, 2));
	peers_bench_pass(bench, 1000);
	respond(bench, PEER1, 1);
	assert_false(error_from(bench, PEER1, 2));
	/* RULE: HB-10 */
	assert_int_equal(peer->state, PEER_UP);
	assert_int_equal(bench->peers.counters.errors_ignored, 2);
	sent(bench, PEER1, 0);
	peers_bench_pass(bench, INTERVAL_MS);
	assert_int_equal(sent(bench, PEER1, 0), 1);
}

/* One that says that it has restarted is there, whatever it was asked. */
static void test_back_by_announcement(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = bind_to(bench, 0, PEER1);

	peers_bench_pass(bench, 1000);
	respond(bench, PEER1, 1);
	peers_bench_pass(bench, (ALLOWED + 2) * INTERVAL_MS);
	assert_int_equal(peer->state, PEER_UNREACHABLE);
	heartbeat_from(bench, PEER1, MH_HB_UNSOLICITED | MH_HB_RESPONSE, 0, 1);
	assert_int_equal(peer->state, PEER_UP);
	assert_int_equal(peer->missing, 0);
	assert_int_equal(BACK(bench), 1);
	assert_int_equal(RESTARTED(bench), 0);
	/* What it was asked is not answered by that. */
	assert_true(peer->awaits);
}

/* Nothing is sent to one that we have no binding with, when it is reset. */
static void test_reset_without_a_binding(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = bind_to(bench, 0, PEER1);

	peers_bench_pass(bench, 1000);
	assert_true(error_from(bench, PEER1, 2));
	unbind(bench, 0);
	sent(bench, PEER1, 0);
	peers_reset(&bench->peers, peer, bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	peers_bench_pass(bench, 5 * INTERVAL_MS);
	assert_int_equal(sent(bench, PEER1, 0), 0);
	/* It was forgotten; when it is known again, it is asked. */
	bind_to(bench, 0, PEER1);
	peers_bench_pass(bench, INTERVAL_MS);
	assert_true(sent(bench, PEER1, 0) > 0);
}

/* A start is one: what comes later is no restart of time. */
static void test_started_once(void **state)
{
	struct peers_bench *bench = *state;
	uint64_t started = bench->peers.started_ms;

	assert_true(bench->peers.started);
	peers_bench_pass(bench, 1000);
	peers_start(&bench->peers, bench->world.now);
	assert_true(bench->peers.started_ms == started);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(test)							\
	cmocka_unit_test_setup_teardown(test, peers_bench_setup,	\
					peers_bench_teardown)
		TEST(test_every_request_is_answered),
		TEST(test_only_with_a_binding),
		TEST(test_interval),
		TEST(test_sequence),
		TEST(test_late_response),
		TEST(test_unreachable),
		TEST(test_back_by_announcement),
		TEST(test_reset_by_any_response),
		TEST(test_binding_error),
		TEST(test_binding_error_of_nothing),
		TEST(test_reset_without_a_binding),
		TEST(test_started_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
