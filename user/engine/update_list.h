/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The binding update list of a mobile access gateway (RFC 5213 6.1): one
 * entry an attached interface of a mobile node.
 */
#ifndef PMIP6_ENGINE_UPDATE_LIST_H
#define PMIP6_ENGINE_UPDATE_LIST_H

#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <uthash.h>

#include "../mh/mh.h"
#include "peers.h"
#include "timer.h"

struct bule;
struct bule_multihoming;
struct mag_group;
struct revoking;
struct router_address;

/* How many copies of one PBU a late acknowledgement may still answer. */
#define BULE_COPIES 4

enum bule_state {
	BULE_REGISTERING,	/* no forwarding yet */
	BULE_ACTIVE,		/* forwarding stands */
	BULE_DEREGISTERING,	/* the mobile node has left */
	BULE_REFUSED,		/* not to be asked again for a while */
	BULE_HELD,		/* detached by the operator */
};

/* What a timer of an entry is for. */
enum bule_timer_kind {
	BULE_TIMER_PBU,		/* retransmit, refresh, or ask again */
	BULE_TIMER_RA,		/* advertise again */
	BULE_TIMER_EXPIRY,	/* end of the lifetime */
	BULE_TIMERS,
};

/* Who waits for the outcome of a transaction; the first member of those. */
enum mag_owner {
	MAG_OWNER_BULE,
	MAG_OWNER_GROUP,
};

/**
 * struct bule_timer - a timer that knows its entry
 * @timer: the timer
 * @kind: what it is for
 * @bule: whose it is
 */
struct bule_timer {
	struct timer timer;
	enum bule_timer_kind kind;
	struct bule *bule;
};

/**
 * struct bule_copy - a PBU that may still be answered
 * @sequence: its sequence number
 * @used: it was sent
 * @handoff: its handoff indicator
 * @att: its access technology
 * @several: it renews this bulk group with others
 * @lifetime: what it asked for, in units of 4 s
 * @group: the bulk group that it asked to be in, or 0
 * @sent_ms: when
 */
struct bule_copy {
	uint16_t sequence;
	bool used;
	uint8_t handoff;
	uint8_t att;
	bool several;
	uint16_t lifetime;
	uint32_t group;
	uint64_t sent_ms;
};

/**
 * struct mag_attachment - where a mobile node is
 * @ifindex: access link; 0 if it is not there any more
 * @ifname: its name, which outlives a reboot
 * @lladdr: the mobile node's link-layer address; the key
 * @att: enum mh_access_technology
 * @handoff: how it came there, if the link layer knows: enum
 *	mh_handoff_indicator, or 0
 */
struct mag_attachment {
	uint32_t ifindex;
	char ifname[IFNAMSIZ];
	uint8_t lladdr[ETH_ALEN];
	uint8_t att;
	uint8_t handoff;
};

/* How a mobile node gets its addresses (RFC 5213 6.4), on whatever link. */
enum address_configuration {
	ADDRESS_SLAAC,		/* it makes them */
	ADDRESS_STATELESS,	/* likewise, and asks DHCPv6 for all else */
	ADDRESS_DHCPV6,		/* DHCPv6 only */
	ADDRESS_BOTH,
	ADDRESS_MANUAL,		/* its owner sets them */
};

/**
 * struct mag_profile - what policy says of a mobile node (RFC 5213 6.2)
 * @mn_id: its identifier
 * @lma: its anchor
 * @lifetime_s: to ask for, 0 for the gateway's own
 * @address_configuration: enum address_configuration
 * @valid_lifetime_s: to be advertised of its prefixes, 0 for the gateway's own
 * @preferred_lifetime_s: likewise
 * @local_routing: EnableMAGLocalRouting for this one: its packets may go
 *	straight to another mobile node of the gateway
 * @alone: it is to be in no bulk group
 * @multihoming: it may be at other gateways at the same time
 * @keep_flows: when it leaves, its flows are to go on by those
 * @path_priority: of its path through this one, or 0: as the anchor has it
 * @hnp_count: how many prefixes to ask for; 0 asks for any
 * @hnp: those
 */
struct mag_profile {
	struct mh_mn_id mn_id;
	struct in6_addr lma;
	uint32_t lifetime_s;
	uint8_t address_configuration;
	uint32_t valid_lifetime_s;
	uint32_t preferred_lifetime_s;
	bool local_routing;
	bool alone;
	bool multihoming;
	bool keep_flows;
	uint8_t path_priority;
	unsigned int hnp_count;
	struct mh_prefix hnp[MH_MAX_HNP];
};

/**
 * struct bule_clock - what was known of clocks when they were found to differ
 * @differs: they were
 * @offset: of our wall clock to the time since boot, in 1/65536 s
 * @ahead: how far the anchor's is ahead of ours, in 1/65536 s
 */
struct bule_clock {
	bool differs;
	uint64_t offset;
	int64_t ahead;
};

/* So many prefixes are told to be gone at a time: of a home and of a visit. */
#define TOLD_GONE_MAX (MH_MAX_HNP + 1)

/**
 * struct told - what a station was told by Router Advertisements
 * @sent_ms: when it was last
 * @mtu: the MTU option then, 0 without
 * @repeats: so many more shall follow soon (RFC 4861 6.2.4)
 * @gone: prefixes that it shall not use any more
 * @gone_count: how many
 * @gone_left: so many more shall say so (RFC 4861 6.2.5)
 */
struct told {
	uint64_t sent_ms;
	uint32_t mtu;
	unsigned int repeats;
	struct mh_prefix gone[TOLD_GONE_MAX];
	unsigned int gone_count;
	unsigned int gone_left;
};

/**
 * struct bule_member - the part of an entry in bulk groups (RFC 6602 5.1.1)
 * @group: that it is in, which has its lifetime; or NULL
 * @asked: that it has asked to join, or NULL
 * @lma_id: LMA-Bulk-Binding-Update-Group-Id: what its anchor calls @group
 * @left: identifier of one that its anchor may still have it in, or 0
 * @set: the expiry set that the data plane was last told
 * @again_ms: it was not let in, and does not ask before
 * @prev: the one before in @group
 * @next: the one after
 */
struct bule_member {
	struct mag_group *group;
	struct mag_group *asked;
	uint32_t lma_id;
	uint32_t left;
	uint32_t set;
	uint64_t again_ms;
	struct bule *prev;
	struct bule *next;
};

/* What is to happen to an entry when its transaction has ended. */
enum bule_next {
	BULE_NEXT_NOTHING,
	BULE_NEXT_DETACH,
	BULE_NEXT_HOLD,
	BULE_NEXT_ATTACH,
	BULE_NEXT_LET_GO,
};

/**
 * struct bule_prefix - a prefix of an entry, to be found by it
 * @hnp: the prefix
 * @bule: the entry
 * @by_hnp: in the list
 */
struct bule_prefix {
	struct mh_prefix hnp;
	struct bule *bule;
	UT_hash_handle by_hnp;
};

/**
 * struct bule_mn - a mobile node that has entries
 * @id: its identifier, the key
 * @entries: those, in the order in which they became its own
 * @by_mn: in the list
 */
struct bule_mn {
	struct mh_mn_id id;
	struct bule *entries;
	UT_hash_handle by_mn;
};

/**
 * struct bule_lma - an anchor of entries
 * @address: its address, the key
 * @entries: how many there are
 * @by_address: in the list
 */
struct bule_lma {
	struct in6_addr address;
	unsigned int entries;
	UT_hash_handle by_address;
};

/**
 * struct bule - binding update list entry
 * @owner: MAG_OWNER_BULE
 * @id: key of its record, and its cookie in the data plane
 * @state: enum bule_state
 * @at: where the mobile node is
 * @profile: what policy says of it; bul_set_profile() changes it
 * @link_local: its link-local address, or :: if it was not seen
 * @router: link-local address that its router has on its link, where the
 *	anchor says which (RFC 5213 6.8); :: else
 * @router_own: that was chosen here, since the mobile node has the anchor's
 * @router_news: the anchor does not know of it yet
 * @router_ms: when it was chosen
 * @carried: that address, where its link carries it for this one, or NULL
 * @hnp: its prefixes, the first @hnp_count; bul_set_prefixes() changes them
 * @hnp_count: 0 until it was registered
 * @prefixes: an array of the same, in the list
 * @member: its bulk group, which has the next two while there is one
 * @lifetime: granted, in units of 4 s
 * @expires_ms: end of its lifetime; see bule_expires_ms()
 * @generation: counts what was told the data plane
 * @sequence: of its last PBU
 * @resynced: that is counted on from what the anchor said
 * @late_until_ms: who was here before may have used the numbers that follow that,
 *	and be answered late until then, when nobody waits for it any more: see
 *	mag_config.max_bindack_timeout_ms
 * @skips: some after that may have been sent by an earlier run
 * @handoff: handoff indicator of the PBU under way
 * @copies: what was sent of it, the newest first
 * @waits: an acknowledgement is awaited
 * @interval_ms: until the next copy
 * @tries: how many copies were sent
 * @asked_ms: when the first was
 * @news: once that is over, it is registered anew: the anchor has news
 * @notified: the anchor has said so
 * @notified_as: the sequence number of that
 * @unheard: none is sent before it is known to be there
 * @forwards: forwarding state stands
 * @hold: once de-registered, it is held
 * @refuse: once de-registered, it is refused
 * @confirm: it may have been elsewhere: the next PBU is as for one that came
 * @stopped: the anchor is not to be asked again before the operator says so
 * @any_prefix: its own prefixes were refused: any other will do
 * @clock: refused because clocks differ
 * @local_routing: as last told the data plane
 * @agreed: how many prefixes the data plane was just found to have right
 * @missed: it did not have all of them, as it was read while it was being told
 * @barred: it may not have service any more, but has not left
 * @tell: its mobile node is to be advertised to once it is installed
 * @told: what that was told
 * @unanswered: how often it was asked for since it was heard
 * @traffic: packets that it has sent
 * @traffic_now: likewise, while they are counted
 * @traffic_ms: when they were found to be more than before, or 0
 * @busy: a transaction is under way
 * @next: what to do when it has ended
 * @next_at: for BULE_NEXT_ATTACH: where to
 * @next_profile: for BULE_NEXT_ATTACH: what policy says of it; else NULL
 * @next_commanded: for BULE_NEXT_ATTACH: the operator says so
 * @timers: by enum bule_timer_kind
 * @peer: among those of its anchor, while it forwards
 * @revoking: its place in a revocation, or NULL
 * @multihoming: where its profile had that when it attached, or NULL
 * @mn: its mobile node, as its profile says
 * @lma: its anchor, as its profile says
 * @prev_of_mn: the one before among those of its mobile node
 * @next_of_mn: the one after
 * @by_lladdr: in the list
 * @by_id: in the list
 */
struct bule {
	enum mag_owner owner;
	uint64_t id;
	enum bule_state state;
	struct mag_attachment at;
	struct mag_profile profile;
	struct in6_addr link_local;
	struct in6_addr router;
	bool router_own;
	bool router_news;
	uint64_t router_ms;
	struct router_address *carried;
	struct mh_prefix hnp[MH_MAX_HNP];
	unsigned int hnp_count;
	struct bule_prefix *prefixes;
	struct bule_member member;
	uint16_t lifetime;
	uint64_t expires_ms;
	uint32_t generation;
	uint16_t sequence;
	bool resynced;
	uint64_t late_until_ms;
	bool skips;
	uint8_t handoff;
	struct bule_copy copies[BULE_COPIES];
	bool waits;
	uint32_t interval_ms;
	uint32_t tries;
	uint64_t asked_ms;
	bool news;
	bool notified;
	uint16_t notified_as;
	bool unheard;
	bool forwards;
	bool hold;
	bool refuse;
	bool confirm;
	bool stopped;
	bool any_prefix;
	struct bule_clock clock;
	bool local_routing;
	unsigned int agreed;
	bool missed;
	bool barred;
	bool tell;
	struct told told;
	unsigned int unanswered;
	uint64_t traffic;
	uint64_t traffic_now;
	uint64_t traffic_ms;
	bool busy;
	enum bule_next next;
	struct mag_attachment next_at;
	struct mag_profile *next_profile;
	bool next_commanded;
	struct bule_timer timers[BULE_TIMERS];
	struct peer_link peer;
	struct revoking *revoking;
	struct bule_multihoming *multihoming;
	struct bule_mn *mn;
	struct bule_lma *lma;
	struct bule *prev_of_mn;
	struct bule *next_of_mn;
	UT_hash_handle by_lladdr;
	UT_hash_handle by_id;
};

/**
 * struct update_list - all entries
 * @entries: by link-layer address
 * @ids: by key of their records
 * @mns: whose they are, by identifier
 * @lmas: where they are registered, or to be, by address
 * @prefixes: what they have, by prefix
 */
struct update_list {
	struct bule *entries;
	struct bule *ids;
	struct bule_mn *mns;
	struct bule_lma *lmas;
	struct bule_prefix *prefixes;
};

/**
 * bul_insert() - a new entry
 * @bul: the list
 * @id: key of its record
 * @at: where its mobile node is; no entry has its link-layer address
 * @profile: what policy says of it
 *
 * Return: the entry, which the list owns.
 */
struct bule *bul_insert(struct update_list *bul, uint64_t id,
			const struct mag_attachment *at,
			const struct mag_profile *profile);

/**
 * bul_count() - how many entries there are
 * @bul: the list
 *
 * Return: the number.
 */
unsigned int bul_count(const struct update_list *bul);

/**
 * bul_remove() - the end of an entry
 * @bul: the list
 * @bule: the entry, with no timer set
 */
void bul_remove(struct update_list *bul, struct bule *bule);

/**
 * bul_by_lladdr() - the entry of a link-layer address
 * @bul: the list
 * @lladdr: the address, of ETH_ALEN octets
 *
 * Return: the entry or NULL.
 */
struct bule *bul_by_lladdr(const struct update_list *bul,
			   const uint8_t *lladdr);

/**
 * bul_by_ack() - the entry that an acknowledgement answers
 * @bul: the list
 * @ba: the acknowledgement
 * @echoes: set to whether it repeats the identifiers that were sent
 *
 * By its sequence number, and by the link-layer identifier that it repeats or
 * by its mobile node identifier. One of the two may be another than was sent,
 * which is for the caller to judge (RFC 5213 6.9.1.2 (6)); with both, it
 * answers nothing. So does a number that the interface that it names does not
 * wait for: it is late, whatever another one of that mobile node waits for.
 *
 * Return: the entry or NULL.
 */
struct bule *bul_by_ack(const struct update_list *bul,
			const struct mh_binding_ack *ba, bool *echoes);

/**
 * bul_by_options() - the entry that is waited for, whatever the number
 * @bul: the list
 * @options: of an acknowledgement
 *
 * By the identifiers that it repeats.
 *
 * Return: the entry or NULL.
 */
struct bule *bul_by_options(const struct update_list *bul,
			    const struct mh_options *options);

/**
 * bul_by_id() - the entry that the data plane knows by a cookie
 * @bul: the list
 * @id: the cookie
 *
 * Return: the entry or NULL.
 */
struct bule *bul_by_id(const struct update_list *bul, uint64_t id);

/**
 * bul_by_mn() - the first entry of a mobile node
 * @bul: the list
 * @mn_id: its identifier
 *
 * Return: the entry or NULL.
 */
struct bule *bul_by_mn(const struct update_list *bul,
		       const struct mh_mn_id *mn_id);

/**
 * bul_has_lma() - is it the anchor of any entry
 * @bul: the list
 * @lma: its address
 *
 * In constant time: any stranger may claim to be one.
 *
 * Return: whether it is, be the entry registered there, on its way, or leaving.
 */
bool bul_has_lma(const struct update_list *bul, const struct in6_addr *lma);

/**
 * bul_next_of_mn() - walk all entries of a mobile node
 * @bule: the one before
 *
 * Return: an entry, or NULL after the last.
 */
struct bule *bul_next_of_mn(const struct bule *bule);

/**
 * bul_set_profile() - policy says this of an entry now
 * @bul: the list
 * @bule: the entry
 * @profile: what, perhaps that it is another mobile node's
 */
void bul_set_profile(struct update_list *bul, struct bule *bule,
		     const struct mag_profile *profile);

/**
 * bul_set_prefixes() - an entry has these now, and no others
 * @bul: the list
 * @bule: the entry
 * @hnp: the prefixes, which may be the entry's own
 * @count: how many, MH_MAX_HNP at most
 */
void bul_set_prefixes(struct update_list *bul, struct bule *bule,
		      const struct mh_prefix *hnp, unsigned int count);

/**
 * bul_by_prefix() - the entry that has a prefix
 * @bul: the list
 * @hnp: the prefix
 *
 * Return: the entry, any of them if there are several, or NULL.
 */
struct bule *bul_by_prefix(const struct update_list *bul,
			   const struct mh_prefix *hnp);

/**
 * bule_has_prefix() - is it one of an entry's
 * @bule: the entry
 * @hnp: the prefix
 *
 * Return: true if so.
 */
bool bule_has_prefix(const struct bule *bule, const struct mh_prefix *hnp);

/**
 * bule_prefixes_are() - does an entry have just these
 * @bule: the entry
 * @hnp: prefixes, none of them twice
 * @count: how many
 *
 * Return: true if so, each of them on the link or off it as said.
 */
bool bule_prefixes_are(const struct bule *bule, const struct mh_prefix *hnp,
		       unsigned int count);

/**
 * bule_is_named() - is what an anchor says about an entry
 * @bule: the entry
 * @lma: who says it
 * @options: of its message; they have an identifier of a mobile node
 *
 * About one interface of the mobile node, if that is named, or else about all.
 *
 * Return: true if so.
 */
bool bule_is_named(const struct bule *bule, const struct in6_addr *lma,
		   const struct mh_options *options);

/**
 * bule_holds() - is an address from one of its prefixes
 * @bule: the entry
 * @addr: the address
 *
 * Return: true if so.
 */
bool bule_holds(const struct bule *bule, const struct in6_addr *addr);

/**
 * bul_next() - walk all entries
 * @bule: the one before
 *
 * Return: an entry, or NULL after the last.
 */
struct bule *bul_next(const struct bule *bule);

/**
 * bule_copy_of() - the copy of its PBU that has a sequence number
 * @bule: the entry
 * @sequence: the number
 *
 * Return: the copy or NULL.
 */
const struct bule_copy *bule_copy_of(const struct bule *bule,
				     uint16_t sequence);

/**
 * bule_state_name() - a state as operators see it
 * @state: the state
 *
 * Return: a constant string.
 */
const char *bule_state_name(enum bule_state state);

#endif /* PMIP6_ENGINE_UPDATE_LIST_H */
