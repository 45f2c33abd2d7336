/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The other ends: gateways of an anchor, anchors of a gateway. Whether they are
 * there, and whether they still know what they agreed to (RFC 5847).
 */
#ifndef PMIP6_ENGINE_PEERS_H
#define PMIP6_ENGINE_PEERS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <uthash.h>

#include "effects.h"
#include "rng.h"
#include "timer.h"
#include "types.h"

struct peer;

/* How often a restart is told, at intervals of 1 s that double. */
#define PEERS_ANNOUNCEMENTS 3
#define PEERS_ANNOUNCE_INTERVAL_MS 1000u

/* By then the last copy of what tells of a restart has come. */
#define PEERS_ANNOUNCE_SPAN_MS 4000u

enum peer_state {
	PEER_UNKNOWN,		/* nothing was asked, or not answered yet */
	PEER_UP,		/* it answers */
	PEER_UNREACHABLE,	/* it does not */
	PEER_NO_HEARTBEAT,	/* it does not know how to: never asked again */
};

enum peer_event {
	PEER_EVENT_RESTARTED,	/* it has lost what was agreed on */
	PEER_EVENT_UNREACHABLE,	/* MISSING_HEARTBEATS_ALLOWED is exceeded */
	PEER_EVENT_BACK,	/* it was unreachable, and answers again */
};

/**
 * struct peers_config - what an operator sets, under the names of RFC 5847 5
 * @address: our own
 * @heartbeat_interval_s: HEARTBEAT_INTERVAL
 * @missing_heartbeats_allowed: MISSING_HEARTBEATS_ALLOWED
 * @seed: of what is drawn at random
 */
struct peers_config {
	struct in6_addr address;
	uint32_t heartbeat_interval_s;
	uint32_t missing_heartbeats_allowed;
	uint64_t seed;
};

/**
 * struct peer_link - a binding's place among those with the same peer
 * @peer: the peer, or NULL while it is linked to none
 * @prev: the one before
 * @next: the one after
 */
struct peer_link {
	struct peer *peer;
	struct peer_link *prev, *next;
};

/* What a timer of a peer is for. */
enum peer_timer_kind {
	PEER_TIMER_ASK,		/* the next request, or the end of the peer */
	PEER_TIMER_ANNOUNCE,	/* the next copy of an announcement */
	PEER_TIMERS,
};

/**
 * struct peer_timer - a timer that knows its peer
 * @timer: the timer
 * @kind: what it is for
 * @peer: whose it is
 */
struct peer_timer {
	struct timer timer;
	enum peer_timer_kind kind;
	struct peer *peer;
};

/**
 * struct peer_counters - what passed between us and one peer
 * @asked: requests that were sent
 * @answered: responses to them
 * @missed: requests without a response, when the next one was due
 * @asked_us: its requests, all of which were answered
 * @restarts: how often it was found to have lost its sessions
 */
struct peer_counters {
	uint64_t asked;
	uint64_t answered;
	uint64_t missed;
	uint64_t asked_us;
	uint64_t restarts;
};

/**
 * struct peer - one other end
 * @address: its address
 * @by_address: in the table
 * @links: its bindings
 * @bindings: how many
 * @state: enum peer_state
 * @sequence: of the last request
 * @awaits: the last request was not answered yet
 * @no_notices: it does not understand Update Notifications (RFC 7077 5.2)
 * @no_revocations: nor Binding Revocation Indications (RFC 5846 6.2)
 * @no_global_revocations: nor wants those of more than one mobile node (RFC 5846
 *	9.2)
 * @missing: MISSING_HEARTBEAT: consecutive requests before it without an answer
 * @has_counter: its Restart Counter is known
 * @counter: that
 * @confirmed_ms: when it last said so
 * @heard: anything was heard of it
 * @heard_ms: when it was last
 * @asked_ms: when it was last asked, or 0
 * @announce: how many copies of an announcement it is still to get
 * @announced: how many it got
 * @id: key of its record
 * @recorded: there is one
 * @stale: and it says something else
 * @changed: it is to be looked after by peers_settle()
 * @next_changed: the next one of those
 * @timers: by enum peer_timer_kind
 * @counters: what passed
 */
struct peer {
	struct in6_addr address;
	UT_hash_handle by_address;
	struct peer_link *links;
	unsigned int bindings;
	enum peer_state state;
	uint32_t sequence;
	bool awaits;
	bool no_notices;
	bool no_revocations;
	bool no_global_revocations;
	uint32_t missing;
	bool has_counter;
	uint32_t counter;
	uint64_t confirmed_ms;
	bool heard;
	uint64_t heard_ms;
	uint64_t asked_ms;
	unsigned int announce;
	unsigned int announced;
	uint64_t id;
	bool recorded;
	bool stale;
	bool changed;
	struct peer *next_changed;
	struct peer_timer timers[PEER_TIMERS];
	struct peer_counters counters;
};

/**
 * struct peers_counters - what passed between us and all of them
 * @requests_sent: Heartbeats that ask
 * @requests_received: those of others
 * @responses_sent: Heartbeats that answer them
 * @responses_received: those of others that answer ours
 * @responses_ignored: those that answer nothing that was asked
 * @missing: requests without a response
 * @announcements_sent: Heartbeats that tell of our restart
 * @announcements_received: those that tell of another's
 * @unreachable: how often one was found unreachable
 * @restarted: how often one was found to have lost its sessions
 * @unsupported: how often one was found not to understand Heartbeats
 * @errors_ignored: Binding Errors that no request was waiting for
 */
struct peers_counters {
	uint64_t requests_sent;
	uint64_t requests_received;
	uint64_t responses_sent;
	uint64_t responses_received;
	uint64_t responses_ignored;
	uint64_t missing;
	uint64_t announcements_sent;
	uint64_t announcements_received;
	uint64_t unreachable;
	uint64_t restarted;
	uint64_t unsupported;
	uint64_t errors_ignored;
};

/**
 * typedef peers_event_t - something has happened to a peer
 * @context: as given to peers_init()
 * @peer: whom to
 * @event: what
 * @since_ms: of PEER_EVENT_RESTARTED: what was agreed on later than this may be
 *	what it knows
 * @now: the time
 * @out: what shall happen
 */
typedef void (*peers_event_t)(void *context, struct peer *peer,
			      enum peer_event event, uint64_t since_ms,
			      struct now now, struct outbox *out);

/**
 * struct peers - all of them
 * @config: what an operator set
 * @all: by address
 * @count: how many
 * @changed: those to be looked after
 * @timers: when to ask them
 * @rng: what is drawn at random
 * @restart_counter: our own
 * @lost: our last start lost what was agreed on
 * @started: messages can be sent
 * @started_ms: since when
 * @next_id: of the next record
 * @context: for @on_event
 * @on_event: whom to tell
 * @counters: what passed
 */
struct peers {
	struct peers_config config;
	struct peer *all;
	unsigned int count;
	struct peer *changed;
	struct timers timers;
	struct rng rng;
	uint32_t restart_counter;
	bool lost;
	bool started;
	uint64_t started_ms;
	uint64_t next_id;
	void *context;
	peers_event_t on_event;
	struct peers_counters counters;
};

/**
 * peers_init() - none
 * @peers: the table
 * @config: what an operator set
 * @context: for @on_event
 * @on_event: whom to tell
 */
void peers_init(struct peers *peers, const struct peers_config *config,
		void *context, peers_event_t on_event);

/**
 * peers_free() - the end of a table
 * @peers: the table; links are not touched
 */
void peers_free(struct peers *peers);

/**
 * peers_link() - a binding is one with this peer, and with none else
 * @peers: the table
 * @link: its link, zero before its first use
 * @address: the peer's address
 */
void peers_link(struct peers *peers, struct peer_link *link,
		const struct in6_addr *address);

/**
 * peers_unlink() - a binding is over
 * @peers: the table
 * @link: its link, linked or not
 */
void peers_unlink(struct peers *peers, struct peer_link *link);

/**
 * peers_find() - the peer with an address
 * @peers: the table
 * @address: the address
 *
 * Return: the peer, or NULL if there is none.
 */
struct peer *peers_find(const struct peers *peers,
			const struct in6_addr *address);

/**
 * peers_next() - walk all peers
 * @peers: the table
 * @peer: the one before, or NULL to begin
 *
 * Return: a peer, or NULL after the last.
 */
struct peer *peers_next(const struct peers *peers, const struct peer *peer);

/**
 * peer_state_name() - a state as operators see it
 * @state: the state
 *
 * Return: a constant string.
 */
const char *peer_state_name(enum peer_state state);

/**
 * peers_restore() - a record of an earlier run
 * @peers: the table, before bindings are linked
 * @key: its key
 * @data: its octets
 * @len: how many
 *
 * Return: false if it is not one of ours: forget it.
 */
bool peers_restore(struct peers *peers, uint64_t key, const uint8_t *data,
		   size_t len);

/**
 * peers_set_restart() - how this start came about
 * @peers: the table, with what peers_restore() gave it
 * @counter: our Restart Counter
 * @lost: it is one more than before, since what was agreed on with the peers
 *	that there are is lost: they are told
 */
void peers_set_restart(struct peers *peers, uint32_t counter, bool lost);

/**
 * peers_start() - from now on messages can be sent
 * @peers: the table; may have been started before
 * @now: the time
 */
void peers_start(struct peers *peers, struct now now);

/**
 * peers_settle() - look after peers that got a first or lost a last binding
 * @peers: the table
 * @now: the time
 * @out: records of them
 *
 * After each event, whatever it was.
 */
void peers_settle(struct peers *peers, struct now now, struct outbox *out);

/**
 * peers_on_timer() - the time of peers_next_timer() has come
 * @peers: the table
 * @now: the time
 * @out: what shall happen
 */
void peers_on_timer(struct peers *peers, struct now now, struct outbox *out);

/**
 * peers_next_timer() - when shall peers_on_timer() be called
 * @peers: the table
 *
 * Return: in struct now.mono_ms, or NEVER.
 */
uint64_t peers_next_timer(const struct peers *peers);

/**
 * peers_on_message() - a message of any type has come
 * @peers: the table
 * @src: its source
 * @now: the time
 */
void peers_on_message(struct peers *peers, const struct in6_addr *src,
		      struct now now);

/**
 * peers_on_heartbeat() - a Heartbeat has come
 * @peers: the table
 * @src: its source, which need not be a peer's
 * @heartbeat: what it says
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5847 3. A request is answered whoever it is from.
 */
void peers_on_heartbeat(struct peers *peers, const struct in6_addr *src,
			const struct mh_heartbeat *heartbeat, struct now now,
			struct outbox *out);

/**
 * peers_on_binding_error() - a Binding Error has come
 * @peers: the table
 * @src: its source
 * @error: what it says
 * @now: the time
 * @out: what shall happen
 *
 * Return: true if it is about a Heartbeat of ours.
 */
bool peers_on_binding_error(struct peers *peers, const struct in6_addr *src,
			    const struct mh_binding_error *error,
			    struct now now, struct outbox *out);

/**
 * peers_reset() - the operator says that a peer is to be asked anew
 * @peers: the table
 * @peer: the peer
 * @now: the time
 * @out: what shall happen
 */
void peers_reset(struct peers *peers, struct peer *peer, struct now now,
		 struct outbox *out);

#endif /* PMIP6_ENGINE_PEERS_H */
