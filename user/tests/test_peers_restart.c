// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/peers.c and peers_heartbeat.c: restarts, of others and of our own
 */
#include <stdlib.h>
#include <string.h>

#include "common/peers_bench.h"
#include "common/test.h"

#define ANNOUNCEMENT (MH_HB_UNSOLICITED | MH_HB_RESPONSE)
#define RESTARTED(bench) ((bench)->events[PEER_EVENT_RESTARTED])

/* A peer that has said that its counter is 5. */
static struct peer *known_peer(struct peers_bench *bench)
{
	struct peer *peer = bind_to(bench, 0, PEER1);

	peers_bench_pass(bench, 1000);
	respond(bench, PEER1, 5);
	sent(bench, PEER1, 0);
	return peer;
}

static void test_first_value(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = known_peer(bench);

	/* RULE: HB-08 */
	assert_int_equal(RESTARTED(bench), 0);
	/* RULE: HB-07 */
	assert_true(peer->has_counter);
	/* RULE: HB-07 */
	assert_int_equal(peer->counter, 5);
	peers_bench_pass(bench, INTERVAL_MS);
	respond(bench, PEER1, 5);
	/* RULE: HB-08 */
	assert_int_equal(RESTARTED(bench), 0);
}

static void test_changed_value(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = known_peer(bench);
	uint64_t confirmed = bench->world.now.mono_ms;
	struct in6_addr address = ip6(PEER1);
	const struct report *report;

	peers_bench_pass(bench, INTERVAL_MS);
	respond(bench, PEER1, 6);
	/* RULE: HB-08 */
	assert_int_equal(RESTARTED(bench), 1);
	assert_memory_equal(&bench->last, &address, sizeof(address));
	assert_int_equal(bench->since_ms, confirmed);
	assert_int_equal(peer->counter, 6);
	report = world_reported(&bench->world, "peer-restarted");
	assert_non_null(report);
	assert_int_equal(report->restart_counter, 6);

	/* Another one it is, also if it is less. */
	peers_bench_pass(bench, INTERVAL_MS);
	respond(bench, PEER1, 3);
	/* RULE: HB-08 */
	assert_int_equal(RESTARTED(bench), 2);
	peers_bench_pass(bench, INTERVAL_MS);
	respond(bench, PEER1, -1);
	assert_int_equal(RESTARTED(bench), 2);
	assert_int_equal(peer->counter, 3);
}

static void test_unsolicited(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = known_peer(bench);
	uint32_t sequence = peer->sequence;

	peers_bench_pass(bench, INTERVAL_MS / 2);
	/* RULE: HB-09 */
	heartbeat_from(bench, PEER1, ANNOUNCEMENT, sequence + 1000, 6);
	/* RULE: HB-08 HB-09 */
	assert_int_equal(RESTARTED(bench), 1);
	assert_int_equal(bench->since_ms, bench->world.now.mono_ms -
					  PEERS_ANNOUNCE_SPAN_MS);
	/* RULE: HB-09 */
	assert_int_equal(bench->world.sent_count, 0);
	assert_int_equal(peer->sequence, sequence);

	/* Its copies say nothing new; without a counter it says nothing. */
	heartbeat_from(bench, PEER1, ANNOUNCEMENT, 0, 6);
	heartbeat_from(bench, PEER1, ANNOUNCEMENT, 0, -1);
	assert_int_equal(RESTARTED(bench), 1);
	/* Nor does a stranger's. */
	heartbeat_from(bench, STRANGER, ANNOUNCEMENT, 0, 8);
	assert_int_equal(RESTARTED(bench), 1);
	assert_int_equal(bench->peers.count, 1);
	assert_int_equal(bench->peers.counters.announcements_received, 3);
}

static void test_unsolicited_first_value(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = bind_to(bench, 0, PEER1);

	heartbeat_from(bench, PEER1, ANNOUNCEMENT, 0, 9);
	/* RULE: HB-08 */
	assert_int_equal(RESTARTED(bench), 0);
	assert_int_equal(peer->counter, 9);
}

/* Who has no session has none to lose. */
static void test_not_without_a_binding(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer = known_peer(bench);

	unbind(bench, 0);
	/* RULE: HB-07 */
	assert_false(peer->has_counter);
	heartbeat_from(bench, PEER1, ANNOUNCEMENT, 0, 6);
	bind_to(bench, 0, PEER1);
	peers_bench_pass(bench, INTERVAL_MS);
	respond(bench, PEER1, 7);
	/* RULE: HB-08 */
	assert_int_equal(RESTARTED(bench), 0);
}

static void test_kept_over_our_restart(void **state)
{
	struct peers_bench *bench = *state;
	struct peer *peer;
	uint64_t started;

	known_peer(bench);
	assert_int_equal(bench->world.peer_record_count, 1);
	peers_bench_restart(bench, 1, 7, false);
	peers_start(&bench->peers, bench->world.now);
	started = bench->world.now.mono_ms;
	peer = bench->links[0].peer;
	/* RULE: HB-07 */
	assert_int_equal(peer->counter, 5);
	peers_bench_pass(bench, INTERVAL_MS);
	assert_int_equal(sent(bench, PEER1, 0), 1);
	respond(bench, PEER1, 6);
	/* RULE: HB-08 */
	assert_int_equal(RESTARTED(bench), 1);
	/* All that was restored is of the time before. */
	assert_int_equal(bench->since_ms, started);
	/* And the new one after the next. */
	peers_bench_restart(bench, 1, 7, false);
	assert_int_equal(bench->links[0].peer->counter, 6);
}

/* A restart that lost nothing is nothing to tell. */
static void test_not_announced(void **state)
{
	struct peers_bench *bench = *state;

	known_peer(bench);
	peers_bench_restart(bench, 1, 7, false);
	peers_start(&bench->peers, bench->world.now);
	peers_bench_pass(bench, 10000);
	/* RULE: HB-09 */
	assert_int_equal(sent(bench, PEER1, ANNOUNCEMENT), 0);
	heartbeat_from(bench, PEER1, 0, 1, -1);
	/* RULE: HB-06 */
	assert_int_equal(world_last_message(&bench->world)->
			 heartbeat.restart_counter, 7);
}

static void test_announced(void **state)
{
	struct peers_bench *bench = *state;
	const struct mh_heartbeat *heartbeat;
	struct in6_addr address = ip6(PEER2);

	known_peer(bench);
	bind_to(bench, 1, PEER2);
	peers_bench_restart(bench, 0, 8, true);
	/* Not before there is a socket. */
	peers_bench_pass(bench, 10000);
	assert_int_equal(bench->world.sent_count, 0);
	/* Who is to be told must be known if this start is not the last. */
	assert_int_equal(bench->world.peer_record_count, 2);

	peers_start(&bench->peers, bench->world.now);
	peers_bench_pass(bench, 10);
	assert_int_equal(bench->world.sent_count, 2);
	heartbeat = &world_last_message(&bench->world)->heartbeat;
	/* RULE: HB-06 HB-09 */
	assert_int_equal(heartbeat->restart_counter, 8);
	/* RULE: HB-09 */
	assert_int_equal(heartbeat->flags, ANNOUNCEMENT);
	/* RULE: HB-09 */
	assert_int_equal(sent(bench, PEER1, ANNOUNCEMENT), 1);
	/* One of it is back already. */
	bind_to(bench, 1, PEER2);
	peers_bench_pass(bench, PEERS_ANNOUNCE_SPAN_MS);
	/* RULE: HB-09 */
	assert_int_equal(sent(bench, PEER2, ANNOUNCEMENT),
			 PEERS_ANNOUNCEMENTS - 1);
	assert_int_equal(bench->peers.counters.announcements_sent,
			 2 * PEERS_ANNOUNCEMENTS);
	peers_bench_pass(bench, 3 * INTERVAL_MS);
	/* RULE: HB-09 */
	assert_int_equal(sent(bench, PEER1, ANNOUNCEMENT), 0);
	/* Only that one is still a peer. */
	assert_int_equal(bench->world.peer_record_count, 1);
	assert_int_equal(bench->peers.count, 1);
	assert_non_null(peers_find(&bench->peers, &address));
}

static void test_records(void **state)
{
	struct peers_bench *bench = *state;
	const struct effect_store *record;
	struct peers *peers = &bench->peers;
	uint8_t *cut;
	size_t len;

	known_peer(bench);
	record = &bench->world.peer_records[0];
	assert_true(record->key > 0);
	for (len = 0; len < record->len; len++) {
		cut = exact_copy(record->data, len);
		peers_free(peers);
		memset(&bench->links, 0, sizeof(bench->links));
		peers->changed = NULL;
		assert_false(peers_restore(peers, record->key, cut, len));
		free(cut);
	}
	record->data[1]++;
	assert_false(peers_restore(peers, record->key, record->data,
				   record->len));
	record->data[1]--;
	assert_false(peers_restore(peers, 0, record->data, record->len));
	assert_true(peers_restore(peers, record->key, record->data,
				  record->len));
	/* Twice the same is not one more. */
	assert_false(peers_restore(peers, record->key + 1, record->data,
				   record->len));
	assert_int_equal(peers->count, 1);
	/* It has no binding any more: it is not kept. */
	peers_settle(peers, bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.peer_record_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(test)							\
	cmocka_unit_test_setup_teardown(test, peers_bench_setup,	\
					peers_bench_teardown)
		TEST(test_first_value),
		TEST(test_changed_value),
		TEST(test_unsolicited),
		TEST(test_unsolicited_first_value),
		TEST(test_not_without_a_binding),
		TEST(test_kept_over_our_restart),
		TEST(test_not_announced),
		TEST(test_announced),
		TEST(test_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
