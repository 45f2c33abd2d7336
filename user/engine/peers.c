// SPDX-License-Identifier: GPL-2.0
/*
 * The table of peers: who they are, by the bindings with them, and what is kept
 * of them over a restart.
 */
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "../mh/cursor.h"
#include "alloc.h"
#include "peers_internal.h"

/* "P" and the version of the layout. */
#define RECORD_KIND 0x5001
#define RECORD_LEN (2 + 16 + 1 + 4)

/* Soon after the first binding: who has no value cannot tell a restart. */
#define FIRST_REQUEST_MS 1000u

void peers_init(struct peers *peers, const struct peers_config *config,
		void *context, peers_event_t on_event)
{
	memset(peers, 0, sizeof(*peers));
	peers->config = *config;
	peers->rng.state = config->seed;
	peers->next_id = 1;
	peers->context = context;
	peers->on_event = on_event;
}

static void cancel_timers(struct peers *peers, struct peer *peer)
{
	int kind;

	for (kind = 0; kind < PEER_TIMERS; kind++)
		timer_cancel(&peers->timers, &peer->timers[kind].timer);
}

void peers_drop(struct peers *peers, struct peer *peer)
{
	cancel_timers(peers, peer);
	if (peer->changed)
		LL_DELETE2(peers->changed, peer, next_changed);
	HASH_DELETE(by_address, peers->all, peer);
	peers->count--;
	free(peer);
}

void peers_free(struct peers *peers)
{
	while (peers->all)
		peers_drop(peers, peers->all);
	timers_free(&peers->timers);
}

struct peer *peers_find(const struct peers *peers,
			const struct in6_addr *address)
{
	struct peer *peer;

	HASH_FIND(by_address, peers->all, address, sizeof(*address), peer);
	return peer;
}

struct peer *peers_next(const struct peers *peers, const struct peer *peer)
{
	return peer ? peer->by_address.next : peers->all;
}

static struct peer *insert(struct peers *peers, const struct in6_addr *address)
{
	struct peer *peer = must_alloc(sizeof(*peer));
	int kind;

	peer->address = *address;
	/* Not from 0 after each start: a late response is to match nothing. */
	peer->sequence = (uint32_t)rng_next(&peers->rng);
	for (kind = 0; kind < PEER_TIMERS; kind++) {
		peer->timers[kind].kind = (enum peer_timer_kind)kind;
		peer->timers[kind].peer = peer;
	}
	HASH_ADD(by_address, peers->all, address, sizeof(peer->address), peer);
	peers->count++;
	return peer;
}

void peers_set_timer(struct peers *peers, struct peer *peer,
		     enum peer_timer_kind kind, uint64_t due)
{
	timer_set(&peers->timers, &peer->timers[kind].timer, due);
}

void peers_touch(struct peers *peers, struct peer *peer)
{
	if (peer->changed)
		return;
	peer->changed = true;
	LL_PREPEND2(peers->changed, peer, next_changed);
}

void peers_link(struct peers *peers, struct peer_link *link,
		const struct in6_addr *address)
{
	struct peer *peer = link->peer;

	if (peer && IN6_ARE_ADDR_EQUAL(&peer->address, address))
		return;
	peers_unlink(peers, link);
	peer = peers_find(peers, address);
	if (!peer)
		peer = insert(peers, address);
	link->peer = peer;
	DL_APPEND(peer->links, link);
	if (!peer->bindings++)
		peers_touch(peers, peer);
}

void peers_unlink(struct peers *peers, struct peer_link *link)
{
	struct peer *peer = link->peer;

	if (!peer)
		return;
	DL_DELETE(peer->links, link);
	link->peer = NULL;
	if (!--peer->bindings)
		peers_touch(peers, peer);
}

const char *peer_state_name(enum peer_state state)
{
	static const char *const names[] = {
		[PEER_UNKNOWN] = "unknown",
		[PEER_UP] = "up",
		[PEER_UNREACHABLE] = "unreachable",
		[PEER_NO_HEARTBEAT] = "no-heartbeat",
	};

	return names[state];
}

/* --- What is kept. */

static void put_record(struct peer *peer, struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	struct effect *effect = transaction_add(transaction, EFFECT_PEER_PUT);
	uint8_t data[RECORD_LEN];
	struct builder builder = builder_on(data, sizeof(data));

	builder_be(&builder, RECORD_KIND, 2);
	builder_bytes(&builder, &peer->address, sizeof(peer->address));
	builder_u8(&builder, peer->has_counter);
	builder_be(&builder, peer->counter, 4);
	effect->store.key = peer->id;
	effect->store.data = must_copy(data, builder.len);
	effect->store.len = builder.len;
	peer->recorded = true;
	peer->stale = false;
}

static void delete_record(struct peer *peer, struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	struct effect *effect = transaction_add(transaction,
						EFFECT_PEER_DELETE);

	effect->store.key = peer->id;
	peer->recorded = false;
}

bool peers_restore(struct peers *peers, uint64_t key, const uint8_t *data,
		   size_t len)
{
	struct cursor cursor = cursor_on(data, len);
	uint16_t kind = (uint16_t)cursor_be(&cursor, 2);
	struct in6_addr address;
	uint32_t counter;
	struct peer *peer;
	bool has_counter;

	/* Above every key, also of records that are forgotten. */
	if (key >= peers->next_id)
		peers->next_id = key + 1;
	cursor_bytes(&cursor, &address, sizeof(address));
	has_counter = cursor_u8(&cursor);
	counter = (uint32_t)cursor_be(&cursor, 4);
	if (cursor.failed || cursor.left || kind != RECORD_KIND || !key ||
	    peers_find(peers, &address))
		return false;
	peer = insert(peers, &address);
	peer->id = key;
	peer->recorded = true;
	peer->has_counter = has_counter;
	peer->counter = counter;
	/* If there is no binding with it, that is to be settled. */
	peers_touch(peers, peer);
	return true;
}

/* --- The first and the last binding. */

static void first_binding(struct peers *peers, struct peer *peer,
			  struct now now, struct outbox *out)
{
	if (!peer->id)
		peer->id = peers->next_id++;
	if (!peer->recorded || peer->stale)
		put_record(peer, out);
	if (peers->started && !peer->awaits && peer->state != PEER_NO_HEARTBEAT)
		peers_ask_soon(peers, peer, FIRST_REQUEST_MS, now);
}

/*
 * What it answers does not matter any more, nor whether it restarts: who has
 * no session has none to lose.
 */
static void last_binding(struct peers *peers, struct peer *peer,
			 struct now now, struct outbox *out)
{
	peer->awaits = false;
	peer->missing = 0;
	peer->has_counter = false;
	if (peer->state != PEER_NO_HEARTBEAT)
		peer->state = PEER_UNKNOWN;
	/* Whom to tell of a restart must outlive another one. */
	if (peer->announce)
		return;
	if (peer->recorded)
		delete_record(peer, out);
	/* Soon it may have one again. */
	if (peer->state != PEER_NO_HEARTBEAT)
		peers_set_timer(peers, peer, PEER_TIMER_ASK, now.mono_ms +
				peers->config.heartbeat_interval_s * 1000ull);
}

void peers_settle(struct peers *peers, struct now now, struct outbox *out)
{
	struct peer *peer, *next;

	LL_FOREACH_SAFE2(peers->changed, peer, next, next_changed) {
		peer->changed = false;
		if (peer->bindings)
			first_binding(peers, peer, now, out);
		else
			last_binding(peers, peer, now, out);
	}
	peers->changed = NULL;
}
