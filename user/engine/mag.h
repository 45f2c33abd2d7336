/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The mobile access gateway (RFC 5213 6).
 */
#ifndef PMIP6_ENGINE_MAG_H
#define PMIP6_ENGINE_MAG_H

#include "effects.h"
#include "lma.h"
#include "rng.h"
#include "timer.h"
#include "types.h"
#include "update_list.h"

/**
 * struct mag_config - what an operator sets
 * @address: Proxy-CoA
 * @lifetime_s: of a binding, to ask for
 * @initial_bindack_timeout_ms: INITIAL_BINDACK_TIMEOUT (RFC 6275)
 * @max_bindack_timeout_ms: MAX_BINDACK_TIMEOUT (RFC 6275)
 * @deregistration_tries: how often a de-registration is sent
 * @retry_after_refusal_s: how long a refused mobile node is not asked for
 * @link_local: source of Router Advertisements:
 *	FixedMAGLinkLocalAddressOnAllAccessLinks, or :: for the link's own
 * @ra_interval_s: the longest time between two advertisements
 * @router_lifetime_s: advertised
 * @valid_lifetime_s: advertised of prefixes
 * @preferred_lifetime_s: advertised of prefixes
 * @mtu: advertised, or 0
 * @seed: of what is drawn at random
 */
struct mag_config {
	struct in6_addr address;
	uint32_t lifetime_s;
	uint32_t initial_bindack_timeout_ms;
	uint32_t max_bindack_timeout_ms;
	uint32_t deregistration_tries;
	uint32_t retry_after_refusal_s;
	struct in6_addr link_local;
	uint32_t ra_interval_s;
	uint16_t router_lifetime_s;
	uint32_t valid_lifetime_s;
	uint32_t preferred_lifetime_s;
	uint32_t mtu;
	uint64_t seed;
};

/**
 * struct mag_counters - what a gateway did
 * @attachments: mobile nodes that came
 * @detachments: mobile nodes that left
 * @pbu_sent: PBUs, with all copies
 * @pbu_retransmitted: copies among them
 * @pba_accepted: acknowledgements of status below 128
 * @pba_refused: acknowledgements of status 128 and above
 * @pba_ignored: acknowledgements of nothing that was asked
 * @ra_sent: Router Advertisements
 * @expired: bindings whose lifetime ran out
 * @failed: bindings whose forwarding state could not be set up
 */
struct mag_counters {
	uint64_t attachments;
	uint64_t detachments;
	uint64_t pbu_sent;
	uint64_t pbu_retransmitted;
	uint64_t pba_accepted;
	uint64_t pba_refused;
	uint64_t pba_ignored;
	uint64_t ra_sent;
	uint64_t expired;
	uint64_t failed;
};

/**
 * struct mag - a gateway
 * @config: what an operator set
 * @bul: its mobile nodes
 * @timers: what it waits for
 * @rng: what is drawn at random
 * @next_id: of the next entry
 * @sequence: of the last PBU; one count for all (RFC 5213 6.9.1.1)
 * @timestamp: of the last PBU; every one is newer
 * @counters: what it did
 */
struct mag {
	struct mag_config config;
	struct update_list bul;
	struct timers timers;
	struct rng rng;
	uint64_t next_id;
	uint16_t sequence;
	uint64_t timestamp;
	struct mag_counters counters;
};

/**
 * mag_init() - a gateway with no mobile nodes
 * @mag: the gateway
 * @config: what an operator set
 */
void mag_init(struct mag *mag, const struct mag_config *config);

/**
 * mag_free() - the end of a gateway; state elsewhere stays
 * @mag: the gateway
 */
void mag_free(struct mag *mag);

/**
 * mag_start() - what must stand before the first frame
 * @mag: the gateway, with what mag_restore() gave it
 * @out: what shall happen
 */
void mag_start(struct mag *mag, struct outbox *out);

/**
 * mag_on_attach() - a mobile node is on an access link
 * @mag: the gateway
 * @at: where
 * @profile: what policy says of it
 * @commanded: the operator says so, not a frame
 * @now: the time
 * @out: what shall happen
 *
 * One that is there already is left alone, unless by command: then it is
 * registered again, see mag_on_arrival(). One that is on another access link
 * than it was is moved there.
 */
void mag_on_attach(struct mag *mag, const struct mag_attachment *at,
		   const struct mag_profile *profile, bool commanded,
		   struct now now, struct outbox *out);

/**
 * mag_on_detach() - a mobile node has left
 * @mag: the gateway
 * @bule: its entry
 * @hold: do not take it for attached before the operator or its link says so
 * @reason: how that is known; a constant string
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5213 6.9.1.4.
 */
void mag_on_detach(struct mag *mag, struct bule *bule, bool hold,
		   const char *reason, struct now now, struct outbox *out);

/**
 * mag_on_link_down() - an access link carries nothing any more
 * @mag: the gateway
 * @ifindex: the link
 * @now: the time
 * @out: what shall happen
 */
void mag_on_link_down(struct mag *mag, uint32_t ifindex, struct now now,
		      struct outbox *out);

/**
 * mag_on_solicit() - a mobile node asks for an advertisement
 * @mag: the gateway
 * @lladdr: its link-layer address
 * @src: source of its Router Solicitation, maybe ::
 * @now: the time
 * @out: what shall happen
 */
void mag_on_solicit(struct mag *mag, const uint8_t *lladdr,
		    const struct in6_addr *src, struct now now,
		    struct outbox *out);

/**
 * mag_on_arrival() - a mobile node does what hosts do when their link comes up
 * @mag: the gateway
 * @lladdr: its link-layer address
 * @now: the time
 *
 * One that is served already may have been at another gateway, for too short
 * a time to be missed here, and the anchor sends its packets there now. So it
 * is registered again, at most once a second.
 */
void mag_on_arrival(struct mag *mag, const uint8_t *lladdr, struct now now);

/**
 * mag_on_neighbour() - a mobile node was heard with this address
 * @mag: the gateway
 * @lladdr: its link-layer address
 * @src: the address
 */
void mag_on_neighbour(struct mag *mag, const uint8_t *lladdr,
		      const struct in6_addr *src);

/**
 * mag_on_pba() - a PBA has come
 * @mag: the gateway
 * @src: its source
 * @ba: the message
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5213 6.9.1.2.
 */
void mag_on_pba(struct mag *mag, const struct in6_addr *src,
		const struct mh_binding_ack *ba, struct now now,
		struct outbox *out);

/**
 * mag_on_done() - a transaction has ended
 * @mag: the gateway
 * @owner: its owner
 * @error: 0, or the errno value of the first effect that failed
 * @now: the time
 * @out: what shall happen next
 */
void mag_on_done(struct mag *mag, void *owner, int error, struct now now,
		 struct outbox *out);

/**
 * mag_on_timer() - the time of mag_next_timer() has come
 * @mag: the gateway
 * @now: the time
 * @out: what shall happen
 */
void mag_on_timer(struct mag *mag, struct now now, struct outbox *out);

/**
 * mag_next_timer() - when shall mag_on_timer() be called
 * @mag: the gateway
 *
 * Return: in struct now.mono_ms, or NEVER.
 */
uint64_t mag_next_timer(const struct mag *mag);

/**
 * mag_on_path_expired() - the data plane has reaped a path
 * @mag: the gateway
 * @cookie: of which binding
 * @generation: as last told the data plane
 * @now: the time
 * @out: what shall happen
 */
void mag_on_path_expired(struct mag *mag, uint64_t cookie, uint32_t generation,
			 struct now now, struct outbox *out);

/**
 * mag_restore() - a record of an earlier run
 * @mag: the gateway, before mag_start()
 * @key: its key
 * @data: its octets
 * @len: how many
 * @same_boot: struct now.mono_ms counts as it did then
 * @now: the time
 *
 * The access link is known by its name only: the caller fills its index in.
 *
 * One whose time is over is ended by the next mag_on_timer(), with whatever is
 * left of it.
 *
 * Return: the entry, or NULL if it is not one of ours: forget it.
 */
struct bule *mag_restore(struct mag *mag, uint64_t key, const uint8_t *data,
			 size_t len, bool same_boot, struct now now);

/**
 * mag_on_dataplane() - all bindings that the data plane has
 * @mag: the gateway
 * @bindings: those
 * @count: how many
 * @now: the time
 * @out: what is needed to make them agree; nothing that agrees is touched
 */
void mag_on_dataplane(struct mag *mag, const struct dataplane_binding *bindings,
		      size_t count, struct now now, struct outbox *out);

#endif /* PMIP6_ENGINE_MAG_H */
