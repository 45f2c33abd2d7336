/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table of peers in a world, and bindings with them.
 */
#ifndef PMIP6_TESTS_PEERS_BENCH_H
#define PMIP6_TESTS_PEERS_BENCH_H

#include "../../engine/peers.h"
#include "world.h"

#define OURS "2001:db8:2::1"
#define PEER1 "2001:db8:1::1"
#define PEER2 "2001:db8:3::1"
#define STRANGER "2001:db8:66::1"

/* HEARTBEAT_INTERVAL, and MISSING_HEARTBEATS_ALLOWED. */
#define INTERVAL_MS 60000ull
#define ALLOWED 3

#define PEERS_BENCH_LINKS 8

/**
 * struct peers_bench - the table, and what it said
 * @peers: the table
 * @world: its world
 * @links: bindings, for whoever wants one
 * @events: how often each has happened
 * @last: to whom the last one has
 * @since_ms: what came with it
 */
struct peers_bench {
	struct peers peers;
	struct world world;
	struct peer_link links[PEERS_BENCH_LINKS];
	unsigned int events[3];
	struct in6_addr last;
	uint64_t since_ms;
};

/**
 * peers_bench_setup() - a table that has started, with a Restart Counter of 7
 * @state: where to put it
 *
 * Return: 0.
 */
int peers_bench_setup(void **state);

/**
 * peers_bench_teardown() - its end
 * @state: where it is
 *
 * Return: 0.
 */
int peers_bench_teardown(void **state);

/**
 * peers_bench_restart() - it ends and starts again, with its records
 * @bench: the bench
 * @bound: how many of its links are bindings with PEER1 that were recovered
 * @counter: Restart Counter of the new run
 * @lost: the others were lost
 *
 * Not started yet.
 */
void peers_bench_restart(struct peers_bench *bench, unsigned int bound,
			 uint32_t counter, bool lost);

/**
 * bind_to() - a binding with a peer
 * @bench: the bench
 * @link: which
 * @peer: its address
 *
 * Return: the peer.
 */
struct peer *bind_to(struct peers_bench *bench, unsigned int link,
		     const char *peer);

/**
 * unbind() - a binding is over
 * @bench: the bench
 * @link: which
 */
void unbind(struct peers_bench *bench, unsigned int link);

/**
 * peers_bench_pass() - let time pass, and everything that becomes due
 * @bench: the bench
 * @ms: how long
 */
void peers_bench_pass(struct peers_bench *bench, uint64_t ms);

/**
 * heartbeat_from() - a Heartbeat comes
 * @bench: the bench
 * @src: its source
 * @flags: its flags
 * @sequence: its sequence number
 * @counter: its Restart Counter, or -1 for none
 */
void heartbeat_from(struct peers_bench *bench, const char *src, uint16_t flags,
		    uint32_t sequence, int64_t counter);

/**
 * respond() - a peer answers the last request
 * @bench: the bench
 * @src: the peer
 * @counter: its Restart Counter, or -1 for none
 */
void respond(struct peers_bench *bench, const char *src, int64_t counter);

/**
 * error_from() - a Binding Error comes
 * @bench: the bench
 * @src: its source
 * @status: its status
 *
 * Return: whether it was about a Heartbeat.
 */
bool error_from(struct peers_bench *bench, const char *src, uint8_t status);

/**
 * sent() - how many Heartbeats were sent since the last look
 * @bench: the bench
 * @dst: to whom
 * @flags: with these flags
 *
 * Return: how many; all that were sent are forgotten.
 */
unsigned int sent(struct peers_bench *bench, const char *dst, uint16_t flags);

#endif /* PMIP6_TESTS_PEERS_BENCH_H */
