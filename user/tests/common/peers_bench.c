// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../../engine/alloc.h"
#include "peers_bench.h"
#include "test.h"

static void on_event(void *context, struct peer *peer, enum peer_event event,
		     uint64_t since_ms, struct now now, struct outbox *out)
{
	struct peers_bench *bench = context;

	(void)now;
	(void)out;
	bench->events[event]++;
	bench->last = peer->address;
	bench->since_ms = since_ms;
}

static void settle(struct peers_bench *bench)
{
	peers_settle(&bench->peers, bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

static void begin(struct peers_bench *bench)
{
	struct peers_config config = {
		.address = ip6(OURS),
		.heartbeat_interval_s = INTERVAL_MS / 1000,
		.missing_heartbeats_allowed = ALLOWED,
		.seed = 11,
	};

	peers_init(&bench->peers, &config, bench, on_event);
}

int peers_bench_setup(void **state)
{
	struct peers_bench *bench = must_alloc(sizeof(*bench));

	world_init(&bench->world, NULL, NULL);
	begin(bench);
	peers_set_restart(&bench->peers, 7, false);
	peers_start(&bench->peers, bench->world.now);
	*state = bench;
	return 0;
}

int peers_bench_teardown(void **state)
{
	struct peers_bench *bench = *state;

	peers_free(&bench->peers);
	world_free(&bench->world);
	free(bench);
	return 0;
}

void peers_bench_restart(struct peers_bench *bench, unsigned int bound,
			 uint32_t counter, bool lost)
{
	struct in6_addr peer = ip6(PEER1);
	struct effect_store *record;
	unsigned int i;

	peers_free(&bench->peers);
	memset(bench->links, 0, sizeof(bench->links));
	memset(bench->events, 0, sizeof(bench->events));
	begin(bench);
	for (i = 0; i < bench->world.peer_record_count; i++) {
		record = &bench->world.peer_records[i];
		assert_true(peers_restore(&bench->peers, record->key,
					  record->data, record->len));
	}
	for (i = 0; i < bound; i++)
		peers_link(&bench->peers, &bench->links[i], &peer);
	peers_set_restart(&bench->peers, counter, lost);
	settle(bench);
}

struct peer *bind_to(struct peers_bench *bench, unsigned int link,
		     const char *peer)
{
	struct in6_addr address = ip6(peer);

	peers_link(&bench->peers, &bench->links[link], &address);
	settle(bench);
	return bench->links[link].peer;
}

void unbind(struct peers_bench *bench, unsigned int link)
{
	peers_unlink(&bench->peers, &bench->links[link]);
	settle(bench);
}

void peers_bench_pass(struct peers_bench *bench, uint64_t ms)
{
	uint64_t end = bench->world.now.mono_ms + ms, next;

	for (;;) {
		next = peers_next_timer(&bench->peers);
		if (next > end)
			break;
		if (next > bench->world.now.mono_ms)
			world_pass(&bench->world,
				   next - bench->world.now.mono_ms);
		peers_on_timer(&bench->peers, bench->world.now,
			       &bench->world.out);
		settle(bench);
	}
	world_pass(&bench->world, end - bench->world.now.mono_ms);
}

void heartbeat_from(struct peers_bench *bench, const char *src, uint16_t flags,
		    uint32_t sequence, int64_t counter)
{
	struct in6_addr address = ip6(src);
	struct mh_heartbeat heartbeat = {
		.flags = flags,
		.sequence = sequence,
		.has_restart_counter = counter >= 0,
		.restart_counter = counter >= 0 ? (uint32_t)counter : 0,
	};

	peers_on_message(&bench->peers, &address, bench->world.now);
	peers_on_heartbeat(&bench->peers, &address, &heartbeat,
			   bench->world.now, &bench->world.out);
	settle(bench);
}

void respond(struct peers_bench *bench, const char *src, int64_t counter)
{
	struct in6_addr address = ip6(src);
	struct peer *peer = peers_find(&bench->peers, &address);

	assert_non_null(peer);
	heartbeat_from(bench, src, MH_HB_RESPONSE, peer->sequence, counter);
}

bool error_from(struct peers_bench *bench, const char *src, uint8_t status)
{
	struct mh_binding_error error = { .status = status };
	struct in6_addr address = ip6(src);
	bool ours;

	ours = peers_on_binding_error(&bench->peers, &address, &error,
				      bench->world.now, &bench->world.out);
	settle(bench);
	return ours;
}

unsigned int sent(struct peers_bench *bench, const char *dst, uint16_t flags)
{
	struct in6_addr to = ip6(dst), from = ip6(OURS);
	const struct effect_send *send;
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < bench->world.sent_count; i++) {
		send = &bench->world.sent[i];
		assert_int_equal(send->message->type, MH_HEARTBEAT);
		assert_memory_equal(&send->src, &from, sizeof(from));
		if (IN6_ARE_ADDR_EQUAL(&send->dst, &to) &&
		    send->message->heartbeat.flags == flags)
			count++;
	}
	world_forget_messages(&bench->world);
	return count;
}
