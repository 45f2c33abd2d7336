/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A world for an engine: it has a clock, runs effects as engine/effects.h says
 * they run, keeps what became of them, and tells the engine the outcome.
 */
#ifndef PMIP6_TESTS_WORLD_H
#define PMIP6_TESTS_WORLD_H

#include "../../engine/binding_cache.h"
#include "../../engine/dataplane.h"
#include "../../engine/effects.h"
#include "../../engine/types.h"

/* When a world begins: some day in 2023, an hour after the boot. */
#define WORLD_MONO_MS 3600000ull
#define WORLD_WALL (1700000000ull * WALL_PER_SECOND)

/* Any effect that is not to take something away, for world_fail(). */
#define ANY_ADDITION (-1)

/* Any at all. */
#define ANY_EFFECT (-2)

/**
 * struct world_binding - what the data plane has of a prefix
 * @set: as last told
 * @expires_ms: end of its lifetime; of its set, if it is of one
 * @more: its other paths, as they were last set; not in @set
 * @set_ms: when that was
 */
struct world_binding {
	struct effect_binding set;
	uint64_t expires_ms;
	struct effect_path more[BCE_PATHS_MAX];
	uint64_t set_ms;
};

/**
 * struct world_set - an expiry set of the data plane
 * @set: as last told
 * @expires_ms: its end
 */
struct world_set {
	struct effect_expiry_set set;
	uint64_t expires_ms;
};

/**
 * struct world - the world, as far as an engine knows it
 * @now: the time
 * @out: where the engine puts what shall happen
 * @engine: for @done
 * @done: the engine's on_done
 * @pending: transactions under way, the oldest first
 * @pending_count: how many
 * @records: what the store has
 * @record_count: how many
 * @peer_records: what is kept of peers
 * @peer_record_count: how many
 * @bindings: what the data plane has
 * @binding_count: how many
 * @flows: flows that it has, of all bindings
 * @flow_count: how many
 * @sets: expiry sets that it has
 * @set_count: how many
 * @no_sets: it knows none
 * @routes: the routes that stand
 * @route_count: how many
 * @addresses: the addresses that links have
 * @address_count: how many
 * @dropped: a process ended before all was done that it wanted
 * @sent: messages to peers, the oldest first
 * @sent_count: how many
 * @ras: Router Advertisements, the oldest first
 * @ra_count: how many
 * @probes: stations that were asked for, the oldest first
 * @probe_count: how many
 * @mtu_asked: how often the MTU of a tunnel was asked for
 * @mtu_remote: of the tunnel to there, the last time
 * @hears: what is to be heard of stations: the last word on each
 * @hear_count: how many
 * @reports: lines for the operator, the oldest first
 * @report_count: how many
 * @fail_kind: which effect fails: enum effect_kind, ANY_ADDITION or ANY_EFFECT
 * @fail_after: so many of them go well before
 * @fail_count: so many fail then; 0 none
 * @fail_errno: how
 * @binding_sets: how often the data plane was told to set a binding
 * @set_puts: how often to put an expiry set
 */
struct world {
	struct now now;
	struct outbox out;
	void *engine;
	void (*done)(void *engine, void *owner, int error, struct now now,
		     struct outbox *out);
	struct transaction **pending;
	size_t pending_count;
	struct effect_store *records;
	size_t record_count;
	struct effect_store *peer_records;
	size_t peer_record_count;
	struct world_binding *bindings;
	size_t binding_count;
	struct effect_flow *flows;
	size_t flow_count;
	struct world_set *sets;
	size_t set_count;
	bool no_sets;
	struct effect_route *routes;
	size_t route_count;
	struct effect_address *addresses;
	size_t address_count;
	bool dropped;
	struct effect_send *sent;
	size_t sent_count;
	struct effect_advertise *ras;
	size_t ra_count;
	struct effect_probe *probes;
	size_t probe_count;
	unsigned int mtu_asked;
	struct in6_addr mtu_remote;
	struct effect_hear *hears;
	size_t hear_count;
	struct report *reports;
	size_t report_count;
	int fail_kind;
	unsigned int fail_after;
	unsigned int fail_count;
	int fail_errno;
	unsigned int binding_sets;
	unsigned int set_puts;
};

/**
 * world_init() - a world in which nothing has happened
 * @world: the world
 * @engine: an engine
 * @done: its on_done
 */
void world_init(struct world *world, void *engine,
		void (*done)(void *engine, void *owner, int error,
			     struct now now, struct outbox *out));

/**
 * world_free() - the end of a world
 * @world: the world
 */
void world_free(struct world *world);

/**
 * world_pass() - time goes by
 * @world: the world
 * @ms: so much
 */
void world_pass(struct world *world, uint64_t ms);

/**
 * world_collect() - take what the engine has put out, without running it
 * @world: the world
 *
 * Return: how many transactions are under way now.
 */
size_t world_collect(struct world *world);

/**
 * world_run_one() - run a transaction to its end, and tell the engine
 * @world: the world
 * @index: below its pending_count
 */
void world_run_one(struct world *world, size_t index);

/**
 * world_settle() - run everything, and what comes of it, until there is no more
 * @world: the world
 */
void world_settle(struct world *world);

/**
 * world_drop_pending() - forget what is under way, as a crash does
 * @world: the world
 */
void world_drop_pending(struct world *world);

/**
 * world_fail() - let an effect go wrong
 * @world: the world
 * @kind: enum effect_kind, ANY_ADDITION or ANY_EFFECT, of those that can
 * @after: so many of them go well before
 * @count: so many fail then
 * @error: the errno value
 */
void world_fail(struct world *world, int kind, unsigned int after,
		unsigned int count, int error);

/**
 * world_record() - what the store has under a key
 * @world: the world
 * @key: the key
 *
 * Return: the record or NULL.
 */
const struct effect_store *world_record(const struct world *world,
					uint64_t key);

/**
 * world_forget_record() - the store drops a record
 * @world: the world
 * @key: its key; one that is not there is ignored
 */
void world_forget_record(struct world *world, uint64_t key);

/**
 * world_binding() - what the data plane has of a prefix
 * @world: the world
 * @hnp: the prefix, as text
 *
 * Return: the binding or NULL.
 */
struct world_binding *world_binding(struct world *world, const char *hnp);

/**
 * world_binding_of() - the same of a prefix that is no text
 * @world: the world
 * @hnp: the prefix
 *
 * Return: the binding or NULL.
 */
struct world_binding *world_binding_of(const struct world *world,
				       const struct mh_prefix *hnp);

/**
 * world_route() - the route to a prefix
 * @world: the world
 * @prefix: the prefix, as text
 *
 * Return: the route or NULL.
 */
const struct effect_route *world_route(const struct world *world,
				       const char *prefix);

/**
 * world_hears_all() - would any frame of a station be an attachment
 * @world: the world
 * @ifindex: its link
 * @lladdr: its address
 *
 * Return: true if so, as it is of one that nothing was said of.
 */
bool world_hears_all(const struct world *world, uint32_t ifindex,
		     const uint8_t *lladdr);

/**
 * world_flow() - a flow of the data plane
 * @world: the world
 * @hnp: the prefix of its binding
 * @id: its number
 *
 * Return: the flow or NULL.
 */
struct effect_flow *world_flow(const struct world *world,
			       const struct mh_prefix *hnp, uint16_t id);

/**
 * world_set() - an expiry set
 * @world: the world
 * @id: its number
 *
 * Return: the set or NULL.
 */
struct world_set *world_set(const struct world *world, uint32_t id);

/**
 * world_set_paths() - how many paths end with it
 * @world: the world
 * @id: its number
 *
 * Return: that.
 */
unsigned int world_set_paths(const struct world *world, uint32_t id);

/**
 * world_dump() - what the data plane tells of itself
 * @world: the world
 *
 * Return: that, for dataplane_dump_free().
 */
struct dataplane_dump world_dump(const struct world *world);

/**
 * world_last_message() - the last message that was sent
 * @world: the world
 *
 * Return: the message; the test fails if there is none.
 */
const struct mh_message *world_last_message(const struct world *world);

/**
 * world_forget_messages() - as if nothing had been sent, advertised, reported
 * @world: the world
 */
void world_forget_messages(struct world *world);

/**
 * world_reported() - was there such a line since that
 * @world: the world
 * @event: its event
 *
 * Return: the last one, or NULL.
 */
const struct report *world_reported(const struct world *world,
				    const char *event);

#endif /* PMIP6_TESTS_WORLD_H */
