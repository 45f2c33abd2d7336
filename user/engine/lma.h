/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The local mobility anchor (RFC 5213 5).
 */
#ifndef PMIP6_ENGINE_LMA_H
#define PMIP6_ENGINE_LMA_H

#include "binding_cache.h"
#include "dataplane.h"
#include "effects.h"
#include "lma_group.h"
#include "prefix_pool.h"
#include "revocation.h"
#include "rng.h"
#include "timer.h"
#include "types.h"

/**
 * struct lma_config - what an operator sets, under the names of RFC 5213 9.1
 * @address: LMAA
 * @max_lifetime_s: the longest lifetime that is granted
 * @min_delay_before_bce_delete_ms: MinDelayBeforeBCEDelete
 * @max_delay_before_new_bce_assign_ms: MaxDelayBeforeNewBCEAssign; 0 not to
 *	wait for a de-registration (RFC 5213 5.4.1.2 (4))
 * @timestamp_validity_window_ms: TimestampValidityWindow
 * @timestamp_based_approach_in_use: TimestampBasedApproachInUse
 * @mobile_node_generated_timestamp_in_use: MobileNodeGeneratedTimestampInUse
 * @accept_draft_peers: take a Handoff Indicator that is missing for 4, and an
 *	Access Technology Type for 0, as of gateways that are older than both
 * @multihoming: interfaces of a mobile node may share its prefixes; without, the
 *	Multihoming option is one that is not known
 * @max_update_notification_retransmit_count:
 *	MAX_UPDATE_NOTIFICATION_RETRANSMIT_COUNT (RFC 7077 7)
 * @min_delay_between_update_notification_replay_ms:
 *	MIN_DELAY_BETWEEN_UPDATE_NOTIFICATION_REPLAY
 * @max_sessions: so many a mobile node may have at once, and so many PBUs may
 *	wait for one of them
 * @revocation: ask the gateway of a session that a PBU waits for whether it
 *	still has it (RFC 5846 8.1)
 * @revocations: how often, for what an operator revokes
 * @delete_if_unreachable: sessions of a gateway that does not answer
 *	heartbeats end as those of one that has lost them do
 * @peers: heartbeats; its address and seed are filled in
 * @seed: of what is drawn at random
 */
struct lma_config {
	struct in6_addr address;
	uint32_t max_lifetime_s;
	uint32_t min_delay_before_bce_delete_ms;
	uint32_t max_delay_before_new_bce_assign_ms;
	uint32_t timestamp_validity_window_ms;
	bool timestamp_based_approach_in_use;
	bool mobile_node_generated_timestamp_in_use;
	bool accept_draft_peers;
	bool multihoming;
	uint32_t max_update_notification_retransmit_count;
	uint32_t min_delay_between_update_notification_replay_ms;
	uint32_t max_sessions;
	bool revocation;
	struct revocation_config revocations;
	bool delete_if_unreachable;
	struct peers_config peers;
	uint64_t seed;
};

/**
 * struct lma_policy - what policy says of a PBU
 * @mag_authorized: its gateway may register this mobile node
 * @mag_limited: with some prefixes only
 * @mag_prefixes: theirs have to be within one of these; whoever asks the
 *	anchor owns them, as long as it lasts
 * @mag_prefix_count: how many
 * @mn_known: there is such a mobile node
 * @service_enabled: it may have mobility service
 * @max_lifetime_s: the longest lifetime it is granted, 0 for the anchor's own
 * @accepts_bulk: its gateway may have sessions in bulk groups:
 *	AcceptBulkBindingUpdateReqForMobilitySession (RFC 6602 6.1)
 * @session_prefixes: how many a pool shall give a session, 0 for one
 * @hnp_count: how many prefixes are its own, with whichever interface
 * @interface_hnp_count: how many of them are for the interface of the PBU,
 *	the first ones
 * @hnp: those
 */
struct lma_policy {
	bool mag_authorized;
	bool mag_limited;
	const struct mh_prefix *mag_prefixes;
	unsigned int mag_prefix_count;
	bool mn_known;
	bool service_enabled;
	uint32_t max_lifetime_s;
	bool accepts_bulk;
	unsigned int session_prefixes;
	unsigned int hnp_count;
	unsigned int interface_hnp_count;
	struct mh_prefix hnp[MH_MAX_HNP];
};

/**
 * struct lma_request - a PBU and what is known of it
 * @src: IPv6 source: the proxy care-of address, unless an Alternate Care-of
 *	Address option has that
 * @dst: IPv6 destination: our address
 * @policy: what policy says
 * @bu: the message
 */
struct lma_request {
	struct in6_addr src;
	struct in6_addr dst;
	struct lma_policy policy;
	struct mh_binding_update bu;
};

/**
 * lma_request_init() - a PBU has come
 * @request: where to put it; policy is not asked yet
 * @src: its source
 * @dst: its destination
 * @bu: the message
 */
static inline void lma_request_init(struct lma_request *request,
				    const struct in6_addr *src,
				    const struct in6_addr *dst,
				    const struct mh_binding_update *bu)
{
	request->src = *src;
	request->dst = *dst;
	request->policy = (struct lma_policy){ 0 };
	mh_update_copy(&request->bu, bu);
}

/**
 * struct lma_counters - what an anchor did
 * @pbu_received: PBUs
 * @pbu_ignored: those that RFC 5213 leaves without an answer
 * @accepted: those that were accepted
 * @refused: those that were refused
 * @created: sessions that began
 * @joined: further interfaces that came to share the prefixes of a session
 * @refreshed: sessions extended by the same gateway
 * @handovers: sessions that moved to another gateway
 * @deregistered: sessions that a gateway ended
 * @expired: sessions whose lifetime ran out
 * @invalidated: sessions that their gateway lost
 * @failed: PBUs refused because their state could not be set up
 * @delayed: PBUs that began to wait for a de-registration, but for their copies
 * @delays_deregistered: waits that it ended, or that the gateway has said that
 *	it is not necessary
 * @delays_attached: waits that ended as the mobile node is there as well
 * @delays_timed_out: waits that MaxDelayBeforeNewBCEAssign ended
 * @timestamp_mismatches: PBUs refused as their timestamp is too far from our
 *	clock
 * @pool_exhausted: PBUs refused because no pool had a prefix left
 * @renumbered: sessions that got other prefixes
 * @renumber_failed: sessions that were to, which could not be stored
 * @upn_sent: Update Notifications, with all copies
 * @upn_retransmitted: copies among them
 * @upn_refused: those that could not be followed
 * @upn_unanswered: those that nobody has acknowledged
 * @upa_received: their acknowledgements
 * @upa_ignored: those of nothing that was sent
 * @revoked: sessions that a gateway had no more, or an operator wanted to end
 * @groups_joined: sessions that joined a bulk group
 * @groups_left: those that left one, their end included
 * @groups_denied: PBUs whose session was to join one, and did not
 * @groups_expired: bulk groups whose lifetime ran out
 * @bulk_received: PBUs for groups, among @pbu_received
 * @bulk_accepted: those that were accepted
 * @bulk_refused: those that were refused
 * @bulk_renewed: how many sessions were extended by them
 */
struct lma_counters {
	uint64_t pbu_received;
	uint64_t pbu_ignored;
	uint64_t accepted;
	uint64_t refused;
	uint64_t created;
	uint64_t joined;
	uint64_t refreshed;
	uint64_t handovers;
	uint64_t deregistered;
	uint64_t expired;
	uint64_t invalidated;
	uint64_t failed;
	uint64_t delayed;
	uint64_t delays_deregistered;
	uint64_t delays_attached;
	uint64_t delays_timed_out;
	uint64_t timestamp_mismatches;
	uint64_t pool_exhausted;
	uint64_t renumbered;
	uint64_t renumber_failed;
	uint64_t upn_sent;
	uint64_t upn_retransmitted;
	uint64_t upn_refused;
	uint64_t upn_unanswered;
	uint64_t upa_received;
	uint64_t upa_ignored;
	uint64_t revoked;
	uint64_t groups_joined;
	uint64_t groups_left;
	uint64_t groups_denied;
	uint64_t groups_expired;
	uint64_t bulk_received;
	uint64_t bulk_accepted;
	uint64_t bulk_refused;
	uint64_t bulk_renewed;
};

struct lma_reserved;

/**
 * struct lma - an anchor
 * @config: what an operator set
 * @bc: its sessions
 * @pool: prefixes to hand out
 * @reserved: prefixes that policy keeps for somebody
 * @peers: its gateways
 * @groups: its bulk groups
 * @timers: when sessions end that are in none
 * @waits: when waits for a de-registration end
 * @notices: when Update Notifications are sent again
 * @upn_sequence: of the next one
 * @revocations: Binding Revocation Indications, and what they bring about: its
 *	functions take their acknowledgements
 * @pool_empty: that was told, and no prefix is free again since
 * @routes_stand: what lma_start() wants does
 * @start_again_ms: when it is tried again, or 0
 * @starting: prefixes outside the pools whose routes are on their way by it
 * @starting_count: how many
 * @rng: what is drawn at random
 * @next_id: of the next session
 * @counters: what it did
 */
struct lma {
	struct lma_config config;
	struct binding_cache bc;
	struct prefix_pool pool;
	struct lma_reserved *reserved;
	struct peers peers;
	struct lma_groups groups;
	struct timers timers;
	struct timers waits;
	struct timers notices;
	uint16_t upn_sequence;
	struct revocations revocations;
	bool pool_empty;
	bool routes_stand;
	uint64_t start_again_ms;
	struct mh_prefix *starting;
	unsigned int starting_count;
	struct rng rng;
	uint64_t next_id;
	struct lma_counters counters;
};

/**
 * lma_init() - an anchor with no sessions
 * @lma: the anchor
 * @config: what an operator set
 */
void lma_init(struct lma *lma, const struct lma_config *config);

/**
 * lma_free() - the end of an anchor; state elsewhere stays
 * @lma: the anchor
 */
void lma_free(struct lma *lma);

/**
 * lma_reserve() - keep a prefix for a mobile node that policy names
 * @lma: the anchor
 * @hnp: the prefix
 */
void lma_reserve(struct lma *lma, const struct mh_prefix *hnp);

/**
 * lma_unreserve_all() - before policy names them anew
 * @lma: the anchor
 */
void lma_unreserve_all(struct lma *lma);

/**
 * lma_start() - what must stand before the first PBU
 * @lma: the anchor, with its pools
 * @out: routes to the pools, and to prefixes outside them
 */
void lma_start(struct lma *lma, struct outbox *out);

/**
 * lma_wants_route() - is a route into the tunnels still somebody's
 * @lma: the anchor, with all that lma_restore() gave it
 * @prefix: where it leads
 *
 * One that was left by an earlier run, of a session that is gone, or of a pool that
 * the configuration does not have any more, is nobody's.
 *
 * Return: true if it is a pool's, or that of a session whose prefix is in none.
 */
bool lma_wants_route(const struct lma *lma, const struct mh_prefix *prefix);

/**
 * lma_on_pbu() - a PBU has come
 * @lma: the anchor
 * @request: the PBU and what is known of it
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5213 5.3.
 */
void lma_on_pbu(struct lma *lma, const struct lma_request *request,
		struct now now, struct outbox *out);

/**
 * lma_renumber() - a session is to have other prefixes
 * @lma: the anchor
 * @bce: the session
 * @policy: what policy says of it at its gateway
 * @prefixes: which, or NULL to choose those of its profile if these are others
 *	than it has, or else as many as it has from a pool
 * @count: how many; 0 to choose
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5213 6.12. They are kept for it at once, and its gateway is told to
 * register it anew (RFC 7077); it gets them with the next PBU, whether by that
 * or not.
 *
 * Return: NULL, or why not, for the operator: a constant string.
 */
const char *lma_renumber(struct lma *lma, struct bce *bce,
			 const struct lma_policy *policy,
			 const struct mh_prefix *prefixes, unsigned int count,
			 struct now now, struct outbox *out);

/**
 * lma_on_upa() - an Update Notification Acknowledgement has come
 * @lma: the anchor
 * @src: its source
 * @upa: the acknowledgement
 * @out: what shall happen
 *
 * RFC 7077 5.2.
 */
void lma_on_upa(struct lma *lma, const struct in6_addr *src,
		const struct mh_update_ack *upa, struct outbox *out);

/**
 * struct lma_revoker - what policy says of a gateway that revokes
 * @known: it may register mobile nodes, so that it may have sessions to revoke
 * @many: more than one mobile node's at a time (RFC 5846 13)
 */
struct lma_revoker {
	bool known;
	bool many;
};

/**
 * lma_on_bri() - a Binding Revocation Indication of a gateway has come
 * @lma: the anchor
 * @src: its source
 * @dst: its destination: our address
 * @bri: the indication
 * @revoker: what policy says of the gateway
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5846 8.2.
 */
void lma_on_bri(struct lma *lma, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_revocation *bri,
		const struct lma_revoker *revoker, struct now now,
		struct outbox *out);

/**
 * lma_on_binding_error() - a gateway may not understand Update Notifications or
 * Binding Revocation Indications
 * @lma: the anchor
 * @src: the source of the Binding Error
 * @error: that
 * @now: the time
 * @out: what shall happen
 *
 * RFC 7077 5.2, RFC 5846 6.2: it is sent no more of them until peers_reset().
 *
 * Return: true if that is what it was about.
 */
bool lma_on_binding_error(struct lma *lma, const struct in6_addr *src,
			  const struct mh_binding_error *error,
			  struct now now, struct outbox *out);

/**
 * lma_on_done() - a transaction has ended
 * @lma: the anchor
 * @owner: its owner
 * @error: 0, or the errno value of the first effect that failed and was not only
 *	to take something away
 * @now: the time
 * @out: what shall happen next
 */
void lma_on_done(struct lma *lma, void *owner, int error, struct now now,
		 struct outbox *out);

/**
 * lma_on_timer() - the time of lma_next_timer() has come
 * @lma: the anchor
 * @now: the time
 * @out: what shall happen
 */
void lma_on_timer(struct lma *lma, struct now now, struct outbox *out);

/**
 * lma_next_timer() - when shall lma_on_timer() be called
 * @lma: the anchor
 *
 * Return: in struct now.mono_ms, or NEVER.
 */
uint64_t lma_next_timer(const struct lma *lma);

/**
 * lma_on_path_expired() - the data plane has reaped a path
 * @lma: the anchor
 * @hnp: of which prefix
 * @bid: binding identifier of the path
 * @generation: as last told the data plane
 * @now: the time
 * @out: what shall happen
 *
 * The anchor's clock decides: an event that a renewal overtook is ignored.
 */
void lma_on_path_expired(struct lma *lma, const struct mh_prefix *hnp,
			 uint16_t bid, uint32_t generation, struct now now,
			 struct outbox *out);

/**
 * lma_on_set_expired() - the data plane has reaped an expiry set
 * @lma: the anchor
 * @set: its number
 * @generation: as last told the data plane
 * @now: the time
 * @out: what shall happen
 *
 * As of a path: an event that a renewal overtook is ignored.
 */
void lma_on_set_expired(struct lma *lma, uint32_t set, uint32_t generation,
			struct now now, struct outbox *out);

/**
 * lma_restore() - a record of an earlier run
 * @lma: the anchor, before lma_start()
 * @key: its key, after those that are lower: what has flows is there before them
 * @data: its octets
 * @len: how many
 * @same_boot: struct now.mono_ms counts as it did then
 * @now: the time
 *
 * One whose time is over is ended by the next lma_on_timer(), with whatever is
 * left of it.
 *
 * Return: false if it is not one of ours: forget it.
 */
bool lma_restore(struct lma *lma, uint64_t key, const uint8_t *data, size_t len,
		 bool same_boot, struct now now);

/**
 * lma_on_dataplane() - all that the data plane has
 * @lma: the anchor
 * @dump: that
 * @now: the time
 * @out: what is needed to make them agree; nothing that agrees is touched
 *
 * At start, after events were lost, and when the data plane is found empty.
 */
void lma_on_dataplane(struct lma *lma, const struct dataplane_dump *dump,
		      struct now now, struct outbox *out);

#endif /* PMIP6_ENGINE_LMA_H */
