/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The binding cache of a local mobility anchor (RFC 5213 5.1): one entry a
 * mobility session, found by any of its prefixes or by its mobile node.
 */
#ifndef PMIP6_ENGINE_BINDING_CACHE_H
#define PMIP6_ENGINE_BINDING_CACHE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Without memory the process ends anyway: see alloc.h. */
#include <uthash.h>

#include "../mh/mh.h"
#include "peers.h"
#include "timer.h"

/* How many interfaces of a mobile node may share its prefixes. */
#define BCE_PATHS_MAX 8

/* Of the first one, and in the data plane of one that has no number. */
#define BCE_BID_FIRST 1

struct bce;
struct lma_delayed;
struct lma_flows;
struct lma_group;
struct lma_notice;
struct lma_waiting;
struct lma_operation;
struct revoking;

/**
 * struct bce_prefix - one of the prefixes of a session
 * @by_prefix: in the cache; what a search needs of it is its end
 * @bce: whose it is
 * @prefix: the prefix; the key
 */
struct bce_prefix {
	UT_hash_handle by_prefix;
	struct bce *bce;
	struct mh_prefix prefix;
};

/**
 * struct bce_set - prefixes that are a session's, but not those that it has
 * @prefixes: the prefixes
 * @count: how many; 0 if there is no such set
 */
struct bce_set {
	struct bce_prefix *prefixes;
	unsigned int count;
};

/**
 * struct bc_mn - a mobile node that has sessions
 * @sessions: the first one
 * @count: how many
 * @by_id: in the cache
 * @key_len: octets of @key
 * @key: its subtype and its identifier
 */
struct bc_mn {
	struct bce *sessions;
	unsigned int count;
	UT_hash_handle by_id;
	unsigned int key_len;
	uint8_t key[];
};

enum bce_state {
	BCE_ACTIVE,
	BCE_DEREGISTERED,	/* waits for MinDelayBeforeBCEDelete */
};

/**
 * struct bce_path - what an interface has that may share its prefixes with others
 * @next: the next one with the same prefixes; itself if there is no other one
 * @shares: another one of them is found by the prefixes
 * @bid: binding identifier of its path in the data plane, no other one's; none
 *	of its gateway's choice (RFC 7864 3.2)
 * @moved: which of their identifiers a flow of another is given next, if that is free
 * @flows: those that its gateway has asked for, in one allocation, or NULL
 */
struct bce_path {
	struct bce *next;
	bool shares;
	uint16_t bid;
	uint16_t moved;
	struct lma_flows *flows;
};

/**
 * struct bce_registration - what an accepted PBU sets and a later one changes
 * @proxy_coa: address of the serving gateway
 * @source: where it signals from, if that is another one; :: else, and if that is
 *	not known any more
 * @timestamp: of the last accepted PBU that had one, else 0
 * @received: when that came, by our clock
 * @expires_ms: end of its lifetime, or of the wait for its deletion; of a member
 *	of a bulk group as it was granted, and not when it ends: lma_expires_ms()
 * @lifetime: granted, in units of 4 s; 0 once de-registered
 * @sequence: of the last accepted PBU
 * @generation: counts what was told the data plane
 * @state: enum bce_state
 * @invalid: its gateway has lost it: it ends unless it is registered anew
 * @keeps_flows: when it goes, others go on with its flows
 * @att: access technology
 * @priority: the lower, the rather is its path taken (RFC 6089 4.1), where there
 *	are several
 * @ll_id: link-layer identifier
 * @named: what its gateway calls its path (RFC 5648), or 0
 */
struct bce_registration {
	struct in6_addr proxy_coa;
	struct in6_addr source;
	uint64_t timestamp;
	uint64_t received;
	uint64_t expires_ms;
	uint16_t lifetime;
	uint16_t sequence;
	uint32_t generation;
	uint8_t state;
	bool invalid;
	bool keeps_flows;
	uint8_t att;
	uint8_t priority;
	struct mh_ll_id ll_id;
	uint16_t named;
};

/**
 * struct bce - binding cache entry: one mobility session, or one interface of a
 *	session that has several, of which each has one
 * @id: key of its record, and its cookie in the data plane
 * @mn: its mobile node
 * @now: as it is
 * @link_local: of the gateway on its access link (RFC 5213 5.1)
 * @prefixes: its prefixes
 * @prefix_count: how many
 * @agreed: how many of its prefixes the data plane was just found to have right
 * @unsure: the data plane, or the store, may not have it as it is: something has
 *	failed, or was lost, or a restart does not know; what is told next tells all
 * @missed: the same was found out while @operation is under way, which was told
 *	before: @unsure once it has ended, whatever becomes of it
 * @operation: what is under way, or NULL; one at a time
 * @waiting: the newest PBU that came meanwhile, or NULL
 * @delayed: PBUs that take it over if it is de-registered soon, first come
 *	first
 * @timer: end of its lifetime, or of its wait for deletion; not of a member of a
 *	bulk group
 * @revoking: its place in a revocation, or NULL
 * @pending: prefixes that it gets with the next PBU that is accepted
 * @former: those that it had, as long as its gateway may name them: they find
 *	it, and are nobody else's
 * @peer: among those of its gateway, while it is active
 * @next: another session of the same mobile node
 * @group: the bulk group that it ends with, or NULL
 * @notice: what its gateway was told of @pending, or is to be, or NULL
 * @path: it may be one of several with the same prefixes: its place among them;
 *	or NULL
 * @group_prev: another member of @group
 * @group_next: likewise
 *
 * What a refresh looks at stands before what it does not: of a million
 * sessions, none is in a cache.
 */
struct bce {
	uint64_t id;
	struct bc_mn *mn;
	struct bce_registration now;
	struct in6_addr link_local;
	struct bce_prefix *prefixes;
	unsigned int prefix_count;
	unsigned int agreed;
	bool unsure;
	bool missed;
	struct lma_operation *operation;
	struct lma_waiting *waiting;
	struct lma_delayed *delayed;
	struct timer timer;
	struct revoking *revoking;
	struct bce_set pending;
	struct bce_set former;
	struct peer_link peer;
	struct bce *next;
	struct lma_group *group;
	struct lma_notice *notice;
	struct bce_path *path;
	struct bce *group_prev;
	struct bce *group_next;
};

/**
 * struct binding_cache - all sessions
 * @prefixes: by prefix
 * @mns: by mobile node
 * @count: how many sessions
 */
struct binding_cache {
	struct bce_prefix *prefixes;
	struct bc_mn *mns;
	unsigned int count;
};

/**
 * bc_insert() - a new session
 * @bc: the cache
 * @id: key of its record
 * @mn_id: its mobile node
 * @prefixes: its prefixes, none of them in the cache
 * @count: how many
 *
 * Return: the session, which the cache owns.
 */
struct bce *bc_insert(struct binding_cache *bc, uint64_t id,
		      const struct mh_mn_id *mn_id,
		      const struct mh_prefix *prefixes, unsigned int count);

/**
 * bc_insert_path() - another interface of a session
 * @bc: the cache
 * @id: key of its record
 * @bce: an interface of the session, which may be the only one
 * @bid: binding identifier of the new one's path
 *
 * Return: the new one's entry, which the cache owns.
 */
struct bce *bc_insert_path(struct binding_cache *bc, uint64_t id,
			   struct bce *bce, uint16_t bid);

/**
 * bce_path() - from now on it may be one of several with the same prefixes
 * @bce: the session
 *
 * Return: its place among them, which is the same as ever if it had one.
 */
struct bce_path *bce_path(struct bce *bce);

/**
 * bce_next_path() - walk all interfaces of a session
 * @bce: the one before
 *
 * Return: the next one; after all others, the first one again.
 */
static inline struct bce *bce_next_path(const struct bce *bce)
{
	return bce->path ? bce->path->next : (struct bce *)bce;
}

/**
 * bc_remove() - the end of a session, or of one interface of it
 * @bc: the cache
 * @bce: the session, with nothing under way and nothing waiting
 */
void bc_remove(struct binding_cache *bc, struct bce *bce);

/**
 * bc_by_prefix() - the session that a prefix is kept for, which mostly has it;
 * whichever of its interfaces, if it has several
 * @bc: the cache
 * @prefix: the prefix
 *
 * Return: the session or NULL.
 */
struct bce *bc_by_prefix(const struct binding_cache *bc,
			 const struct mh_prefix *prefix);

/**
 * bc_set_insert() - a session is found by more prefixes
 * @bc: the cache
 * @bce: the session
 * @set: its set that they are, which is empty
 * @prefixes: those; no other session has them
 * @count: how many
 */
void bc_set_insert(struct binding_cache *bc, struct bce *bce,
		   struct bce_set *set, const struct mh_prefix *prefixes,
		   unsigned int count);

/**
 * bc_set_remove() - a session is not found by these any more
 * @bc: the cache
 * @set: the set, empty afterwards
 */
void bc_set_remove(struct binding_cache *bc, struct bce_set *set);

/**
 * bce_has_prefix() - is it one of those that a session has now
 * @bce: the session
 * @prefix: the prefix
 *
 * Return: true if so; not of one that it had, or gets.
 */
bool bce_has_prefix(const struct bce *bce, const struct mh_prefix *prefix);

/**
 * bce_prefixes_are() - are the prefixes of a set, in whatever order, these
 * @set: the set
 * @count: how many prefixes it has
 * @prefixes: these
 * @others: how many
 *
 * Return: true if so.
 */
bool bce_prefixes_are(const struct bce_prefix *set, unsigned int count,
		      const struct mh_prefix *prefixes, unsigned int others);

/**
 * bc_mn() - a mobile node that has sessions
 * @bc: the cache
 * @mn_id: its identifier
 *
 * Return: the mobile node, or NULL if it has none.
 */
struct bc_mn *bc_mn(const struct binding_cache *bc,
		    const struct mh_mn_id *mn_id);

/**
 * bce_mn_id() - the identifier of a session's mobile node
 * @bce: the session
 * @mn_id: where to put it
 */
void bce_mn_id(const struct bce *bce, struct mh_mn_id *mn_id);

/**
 * bce_is_of() - is it a session of this mobile node
 * @bce: the session
 * @mn_id: the mobile node
 *
 * Return: true if so.
 */
bool bce_is_of(const struct bce *bce, const struct mh_mn_id *mn_id);

/**
 * bc_next() - walk all sessions
 * @bc: the cache
 * @bce: the one before, or NULL to begin
 *
 * Return: a session, or NULL after the last. Sessions may be changed on the
 * way, but none inserted or removed.
 */
struct bce *bc_next(const struct binding_cache *bc, const struct bce *bce);

/**
 * bc_free() - the end of a cache
 * @bc: the cache
 */
void bc_free(struct binding_cache *bc);

#endif /* PMIP6_ENGINE_BINDING_CACHE_H */
