/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One run: agents, mobile nodes, and a clock that goes as fast as events come.
 * Everything that is drawn at random comes from one seed.
 */
#ifndef PMIP6_SIM_WORLD_H
#define PMIP6_SIM_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "../engine/rng.h"
#include "../engine/types.h"
#include "agent.h"
#include "check.h"
#include "faults.h"
#include "mobile.h"
#include "queue.h"
#include "trace.h"

#define US_PER_MS 1000ull
#define US_PER_S 1000000ull

/**
 * struct options - what the command line says
 * @seed: of the first run
 * @mns: how many mobile nodes
 * @lmas: how many anchors
 * @mags: how many gateways; 0 as many as suit the mobile nodes
 * @duration_s: how long mobile nodes move and things go wrong
 * @without: bits: faults that do not happen
 * @single: no interfaces share prefixes
 * @trace: print every line
 */
struct options {
	uint64_t seed;
	uint32_t mns;
	uint32_t lmas;
	uint32_t mags;
	uint32_t duration_s;
	uint32_t without;
	bool single;
	bool trace;
};

/* Streams of their own, so that less changes when one thing is left out. */
enum stream {
	STREAM_SETUP,
	STREAM_FAULTS,
	STREAM_NETWORK,
	STREAM_PORTS,
	STREAM_MOBILE,
	STREAM_MULTIHOMED,
	STREAM_CHECK,
	STREAMS,
};

/**
 * struct setup - what a seed decides for the whole run
 * @latency_us: of messages, at most
 * @lifetime_s: of bindings
 * @presence_s: after so long a silent mobile node is asked
 * @heartbeat_s: HEARTBEAT_INTERVAL
 * @pace_s: how long a mobile node stays, on average
 * @second: of 100 mobile nodes, so many have a second interface
 * @timestamps: PBUs have a timestamp
 * @fixed_router: FixedMAGLinkLocalAddressOnAllAccessLinks
 * @revocation: anchors ask gateways
 * @bulk_group_size: gateways register so many mobile nodes together, or 0
 * @multihomed: of 100 mobile nodes, of so many interfaces share prefixes
 * @sharing: bits: anchors that have multihoming
 */
struct setup {
	uint32_t latency_us;
	uint32_t lifetime_s;
	uint32_t presence_s;
	uint32_t heartbeat_s;
	uint32_t pace_s;
	uint32_t second;
	bool timestamps;
	bool fixed_router;
	bool revocation;
	uint32_t bulk_group_size;
	uint32_t multihomed;
	uint32_t sharing;
};

/**
 * setup_member_interval_s() - when does a member of a bulk group register by itself
 * @setup: the run's
 *
 * Return: after so long.
 */
static inline uint32_t setup_member_interval_s(const struct setup *setup)
{
	return 3 * setup->lifetime_s / 2;
}

/**
 * struct partition - two agents that do not reach each other
 * @one: an agent
 * @other: another one
 * @until_us: until then
 */
struct partition {
	uint32_t one, other;
	uint64_t until_us;
};

/**
 * struct totals - what all runs did
 * @events: events of the virtual clock
 * @messages: that were delivered
 * @faults: by kind
 * @registered: sessions that began
 * @handovers: that moved
 * @refreshed: that were extended
 * @renumbered: that got other prefixes
 * @revoked: that their gateway had no more
 * @joined: interfaces that shared the prefixes of others
 * @flows: that were agreed
 * @packets: whose tunnels were compared
 */
struct totals {
	uint64_t events;
	uint64_t messages;
	uint64_t faults[FAULTS];
	uint64_t registered;
	uint64_t handovers;
	uint64_t refreshed;
	uint64_t renumbered;
	uint64_t revoked;
	uint64_t joined;
	uint64_t flows;
	uint64_t packets;
};

/**
 * struct sim - a run
 * @options: what the command line says
 * @setup: what the seed says
 * @seed: of this run
 * @rng: by enum stream
 * @now_us: the time
 * @queue: what is to happen
 * @agents: anchors first, then gateways
 * @agent_count: how many
 * @mns: mobile nodes
 * @moving: they do as they like
 * @faults: what goes wrong
 * @partitions: who does not reach whom
 * @partition_count: how many of those
 * @check: what is looked after
 * @trace: what happened
 * @totals: what this run did
 * @stuck: events in a row at one time
 */
struct sim {
	struct options options;
	struct setup setup;
	uint64_t seed;
	struct rng rng[STREAMS];
	uint64_t now_us;
	struct queue queue;
	struct agent *agents;
	uint32_t agent_count;
	struct mn *mns;
	bool moving;
	struct faults faults;
	struct partition *partitions;
	uint32_t partition_count;
	struct check check;
	struct trace trace;
	struct totals totals;
	uint32_t stuck;
};

/**
 * sim_run() - one seed from its beginning to its end
 * @options: what the command line says
 * @seed: the seed
 * @trace_to: where every line is printed, or NULL
 * @keep: keep the last lines, and print them if something is wrong
 * @totals: what was done is added here, or NULL
 *
 * Return: true if everything was as it should be. Else what was not was
 * printed, if @keep.
 */
bool sim_run(const struct options *options, uint64_t seed, FILE *trace_to,
	     bool keep, struct totals *totals);

/**
 * sim_draw() - a number in a range
 * @sim: the run
 * @stream: for what
 * @low: the least
 * @high: the most
 *
 * Return: the number.
 */
static inline uint64_t sim_draw(struct sim *sim, enum stream stream,
				uint64_t low, uint64_t high)
{
	return rng_between(&sim->rng[stream], low, high);
}

/**
 * sim_chance() - does something happen
 * @sim: the run
 * @stream: for what
 * @percent: how likely that is
 *
 * Return: true if so.
 */
static inline bool sim_chance(struct sim *sim, enum stream stream,
			      uint32_t percent)
{
	return sim_draw(sim, stream, 0, 99) < percent;
}

/**
 * sim_after() - let something happen
 * @sim: the run
 * @after_us: so long from now
 * @run: what
 * @who: whom to
 * @life: its life
 * @data: what else there is to know; for free() if the run ends before
 */
void sim_after(struct sim *sim, uint64_t after_us, event_run_t run,
	       uint32_t who, uint32_t life, void *data);

#endif /* PMIP6_SIM_WORLD_H */
