/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The mobile access gateway (RFC 5213 6).
 */
#ifndef PMIP6_ENGINE_MAG_H
#define PMIP6_ENGINE_MAG_H

#include "effects.h"
#include "lma.h"
#include "mag_config.h"
#include "mag_counters.h"
#include "mag_group.h"
#include "mag_multihoming.h"
#include "mag_revoke.h"
#include "rng.h"
#include "timer.h"
#include "types.h"
#include "update_list.h"

struct dataplane_binding;
struct router_address;
struct visitor;

/**
 * struct mag_link - an access link
 * @ifindex: the link
 * @mtu: its MTU, or 0 if it is not known
 * @has_visitor_prefix: who may not have mobility service gets plain IPv6
 * @visitor_prefix: from there (RFC 5213 6.14)
 */
struct mag_link {
	uint32_t ifindex;
	uint32_t mtu;
	bool has_visitor_prefix;
	struct mh_prefix visitor_prefix;
};

/**
 * struct mag_tunnel - what is known of the way to an anchor
 * @lma: the anchor
 * @mtu: of the tunnel, not 0
 */
struct mag_tunnel {
	struct in6_addr lma;
	uint32_t mtu;
};

/**
 * typedef mag_heard_t - when was a mobile node last heard
 * @context: as given
 * @at: where it is
 *
 * Return: in struct now.mono_ms; 0 if it never was.
 */
typedef uint64_t (*mag_heard_t)(void *context, const struct mag_attachment *at);

/**
 * struct mag - a gateway
 * @config: what an operator set
 * @bul: its mobile nodes
 * @peers: its anchors
 * @groups: those of its mobile nodes that are registered together
 * @timers: what it waits for
 * @routers: addresses of routers that access links carry, by link
 * @rng: what is drawn at random
 * @next_id: of the next entry
 * @sequence: of the last PBU with a timestamp; one count for all (RFC 5213
 *	6.9.1.1)
 * @timestamp: of the last PBU; every one is newer, unless the clock was set
 *	back
 * @clock_synchronised: our clock is what a common source of time says
 * @links: access links
 * @link_count: how many
 * @tunnels: anchors to which the MTU is known
 * @tunnel_count: how many
 * @visitors: stations without mobility service, by link-layer address
 * @visitor_timers: what is to be told them
 * @heard: when was a mobile node heard; NULL if nobody knows
 * @heard_context: for @heard
 * @flows: what flows does policy want; NULL if it wants none
 * @flows_context: for @flows
 * @multihoming_anchors: who does not know of it
 * @counters: what it did
 * @revocations: Binding Revocation Indications, and what they bring about: its
 *	functions take their acknowledgements
 */
struct mag {
	struct mag_config config;
	struct update_list bul;
	struct peers peers;
	struct mag_groups groups;
	struct timers timers;
	struct router_address *routers;
	struct rng rng;
	uint64_t next_id;
	uint16_t sequence;
	uint64_t timestamp;
	bool clock_synchronised;
	struct mag_link *links;
	unsigned int link_count;
	struct mag_tunnel *tunnels;
	unsigned int tunnel_count;
	struct visitor *visitors;
	struct timers visitor_timers;
	mag_heard_t heard;
	void *heard_context;
	mag_flows_t flows;
	void *flows_context;
	struct multihoming_anchor *multihoming_anchors;
	struct mag_counters counters;
	struct revocations revocations;
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
 * mag_on_barred() - a mobile node may not have service any more
 * @mag: the gateway
 * @bule: its entry
 * @reason: why; a constant string
 * @now: the time
 * @out: what shall happen
 *
 * It is detached, but has not left: its prefixes are withdrawn, and it is a
 * visitor where there is a prefix for them (RFC 5213 6.14).
 */
void mag_on_barred(struct mag *mag, struct bule *bule, const char *reason,
		   struct now now, struct outbox *out);

/**
 * mag_on_profile() - policy may say something else of a mobile node now
 * @mag: the gateway
 * @bule: its entry
 * @profile: what it says
 * @now: the time
 * @out: what shall happen
 *
 * What is advertised to it and whether it may route locally change at once; its
 * anchor and its prefixes do not.
 */
void mag_on_profile(struct mag *mag, struct bule *bule,
		    const struct mag_profile *profile, struct now now,
		    struct outbox *out);

/**
 * mag_on_stranger() - a station was heard that may not have mobility service
 * @mag: the gateway
 * @at: where
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5213 6.14: it gets a visitor prefix if its link has one.
 *
 * Return: true if so.
 */
bool mag_on_stranger(struct mag *mag, const struct mag_attachment *at,
		     struct now now, struct outbox *out);

/**
 * mag_set_link() - an access link is there, or has changed
 * @mag: the gateway
 * @link: what it is now
 * @now: the time
 * @out: what shall happen
 */
void mag_set_link(struct mag *mag, const struct mag_link *link, struct now now,
		  struct outbox *out);

/**
 * mag_forget_link() - an access link is gone; its mobile nodes were detached
 * @mag: the gateway
 * @ifindex: the link
 */
void mag_forget_link(struct mag *mag, uint32_t ifindex);

/**
 * mag_on_tunnel_mtu() - the MTU of a tunnel is known, or has changed
 * @mag: the gateway
 * @lma: its other end
 * @mtu: what fits inside, or 0 if that is not known any more
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5213 6.9.5.
 */
void mag_on_tunnel_mtu(struct mag *mag, const struct in6_addr *lma,
		       uint32_t mtu, struct now now, struct outbox *out);

/**
 * mag_change_prefixes() - a registered mobile node has other prefixes now
 * @mag: the gateway
 * @bule: its entry, which forwards and is not busy
 * @hnp: all prefixes that it has from now on, none twice
 * @count: how many, at least 1
 * @event: for the operator; a constant string
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5213 6.12: the data plane and routes forget those that are not among
 * them, and the mobile node is told to. Those that stay are not touched but for
 * what else of the entry may have changed: its lifetime, say. The entry is busy
 * afterwards.
 *
 * Return: the transaction that makes it so.
 */
struct transaction *mag_change_prefixes(struct mag *mag, struct bule *bule,
					const struct mh_prefix *hnp,
					unsigned int count, const char *event,
					struct now now, struct outbox *out);

/**
 * mag_silent_ms() - how long was a mobile node not heard
 * @mag: the gateway
 * @bule: its entry
 * @now: the time
 *
 * Any frame from it counts, an answer to mag_probe() above all.
 *
 * Return: milliseconds; UINT64_MAX if it never was; 0 if nobody knows.
 */
uint64_t mag_silent_ms(const struct mag *mag, const struct bule *bule,
		       struct now now);

/**
 * mag_is_present() - may a mobile node be taken for attached (RFC 5213 6.13)
 * @mag: the gateway
 * @bule: its entry
 * @now: the time
 *
 * One that is asked as often as mag_config.presence_s says, and answers, always
 * is. Without that, its link and whoever detaches it are believed.
 *
 * Return: true if so; if not, mag_probe() and look again after some seconds.
 */
bool mag_is_present(const struct mag *mag, const struct bule *bule,
		    struct now now);

/**
 * mag_probe() - ask a mobile node whether it is there
 * @mag: the gateway
 * @bule: its entry
 * @out: what shall happen
 */
void mag_probe(struct mag *mag, struct bule *bule, struct outbox *out);

/**
 * mag_on_traffic() - let go who sends nothing (RFC 5213 6.13, S1)
 * @mag: the gateway
 * @bindings: all bindings that the data plane has, with how much they were used
 * @count: how many
 * @idle_ms: after so long
 * @now: the time
 * @out: what shall happen
 *
 * What is sent to it does not count, nor what it says to neighbours. The next
 * frame of it attaches it again.
 */
void mag_on_traffic(struct mag *mag, const struct dataplane_binding *bindings,
		    size_t count, uint64_t idle_ms, struct now now,
		    struct outbox *out);

/**
 * mag_sweep() - ask those who were silent for long, let go who does not answer
 * @mag: the gateway
 * @now: the time
 * @out: what shall happen
 *
 * For every half of mag_config.presence_s.
 *
 * Return: how many were asked.
 */
unsigned int mag_sweep(struct mag *mag, struct now now, struct outbox *out);

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
 * @now: the time
 * @out: what shall happen
 *
 * One that is its router's on that link, as the anchor wants it, is left to the
 * mobile node (RFC 5213 6.9.1.2 (15)).
 */
void mag_on_neighbour(struct mag *mag, const uint8_t *lladdr,
		      const struct in6_addr *src, struct now now,
		      struct outbox *out);

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
 * mag_on_upn() - an Update Notification has come
 * @mag: the gateway
 * @src: its source
 * @dst: its destination: our address
 * @upn: the notification
 * @now: the time
 * @out: what shall happen
 *
 * RFC 7077 6.1: the session is registered anew, and what changed comes with the
 * acknowledgement of that.
 */
void mag_on_upn(struct mag *mag, const struct in6_addr *src,
		const struct in6_addr *dst,
		const struct mh_update_notification *upn, struct now now,
		struct outbox *out);

/**
 * mag_on_clock() - our clock was set, or is synchronised from now on or no more
 * @mag: the gateway
 * @synchronised: it is what a common source of time says
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5213 6.9.1.2 (9): who was refused because clocks differ may be
 * registered again.
 */
void mag_on_clock(struct mag *mag, bool synchronised, struct now now,
		  struct outbox *out);

/**
 * mag_link_carries() - does an access link carry an address of routers
 * @mag: the gateway, since mag_start()
 * @ifindex: the link
 * @address: the address; not one that the gateway has on all of them
 *
 * Return: true if it does for a mobile node there.
 */
bool mag_link_carries(const struct mag *mag, uint32_t ifindex,
		      const struct in6_addr *address);

/**
 * mag_router() - link-local address of the router of a mobile node
 * @mag: the gateway
 * @bule: the entry
 *
 * Return: the fixed one, the one of the session, or :: for the link's own.
 */
const struct in6_addr *mag_router(const struct mag *mag,
				  const struct bule *bule);

/**
 * mag_on_done() - a transaction has ended
 * @mag: the gateway
 * @owner: its owner
 * @error: 0, or the errno value of the first effect that failed and was not only
 *	to take something away
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
 * mag_restore_group() - a record of an earlier run that may be of a bulk group
 * @mag: the gateway, before mag_start()
 * @key: its key
 * @data: its octets
 * @len: how many
 * @same_boot: struct now.mono_ms counts as it did then
 * @now: the time
 *
 * Return: true if it is; if not, see mag_restore().
 */
bool mag_restore_group(struct mag *mag, uint64_t key, const uint8_t *data,
		       size_t len, bool same_boot, struct now now);

/**
 * mag_on_dataplane() - all that the data plane has
 * @mag: the gateway
 * @dump: that; bindings of hosts are none of its
 * @now: the time
 * @out: what is needed to make them agree; nothing that agrees is touched
 */
void mag_on_dataplane(struct mag *mag, const struct dataplane_dump *dump,
		      struct now now, struct outbox *out);

#endif /* PMIP6_ENGINE_MAG_H */
