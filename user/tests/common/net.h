/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An anchor and gateways, and the messages between them.
 */
#ifndef PMIP6_TESTS_NET_H
#define PMIP6_TESTS_NET_H

#include "lma_bench.h"
#include "mag_bench.h"

#define GATEWAYS 3

/* Many prefixes, so that nobody is refused for want of one. */
#define LARGE_POOL "2001:db8:f00::/56"

struct letter;

/**
 * struct net - all of them
 * @rng: what happens
 * @now: the time, everywhere
 * @anchor: the anchor
 * @gateways: the gateways
 * @mail: messages on their way
 * @mail_count: how many
 * @faults: things go wrong
 * @ways: bits: by sequence numbers; routers' addresses from the anchor
 * @done: what anchors that have ended did
 */
struct net {
	struct rng rng;
	struct now now;
	struct lma_bench *anchor;
	struct mag_bench *gateways[GATEWAYS];
	struct letter *mail;
	size_t mail_count;
	bool faults;
	unsigned int ways;
	struct lma_counters done;
};

/**
 * net_begin() - all of them have started
 * @net: the net
 * @seed: of what happens
 */
void net_begin(struct net *net, uint64_t seed);

/**
 * net_end() - their end
 * @net: the net
 */
void net_end(struct net *net);

/**
 * net_chance() - does it happen
 * @net: the net
 * @percent: how likely that is
 *
 * Return: true if so.
 */
bool net_chance(struct net *net, unsigned int percent);

/**
 * net_world() - the world of one of them
 * @net: the net
 * @i: which gateway, or GATEWAYS for the anchor
 *
 * Return: its world.
 */
struct world *net_world(struct net *net, unsigned int i);

/**
 * net_pass() - let time pass, for all
 * @net: the net
 * @ms: how much
 */
void net_pass(struct net *net, uint64_t ms);

/**
 * net_collect_mail() - what was sent is on its way, or gets lost
 * @net: the net
 */
void net_collect_mail(struct net *net);

/**
 * net_deliver_one() - a message arrives, if there is any
 * @net: the net
 */
void net_deliver_one(struct net *net);

/**
 * net_run_all() - everything that was begun ends
 * @net: the net
 */
void net_run_all(struct net *net);

/**
 * net_calm_down() - and all messages arrive
 * @net: the net
 */
void net_calm_down(struct net *net);

/**
 * net_restart() - one of them ends and starts again, with its records
 * @net: the net
 * @i: as for net_world()
 */
void net_restart(struct net *net, unsigned int i);

#endif /* PMIP6_TESTS_NET_H */
