/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the engine wants to happen.
 *
 * Effects come in transactions. Those of one transaction run in the order
 * store, data plane, routes, messages, each phase when the one before has
 * ended well, so that nothing is acknowledged before the state stands that it
 * promises. One that takes something away and fails keeps nothing from what
 * comes after it: as much goes as can, and the outcome is as if it had gone.
 * Transactions run side by side. The outcome of one that has an owner comes back
 * to the engine as an event.
 */
#ifndef PMIP6_ENGINE_EFFECTS_H
#define PMIP6_ENGINE_EFFECTS_H

#include <net/ethernet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../mh/mh.h"
#include "../mh/selector.h"

/*
 * What one Router Advertisement can say of prefixes: those of a mobile node, as
 * many that it had, and a visitor prefix.
 */
#define ADVERTISED_MAX (2 * MH_MAX_HNP + 1)

/* By how many paths a flow may go. */
#define FLOW_PATHS_MAX 8

/* Expiry sets have numbers up to this. */
#define EXPIRY_SET_MAX 0x7fffffffu

enum effect_kind {
	EFFECT_STORE_PUT,
	EFFECT_STORE_DELETE,
	EFFECT_BINDING_SET,
	EFFECT_BINDING_DELETE,
	EFFECT_EXPIRY_SET_PUT,
	EFFECT_EXPIRY_SET_DELETE,
	EFFECT_FLOW_SET,
	EFFECT_FLOW_DELETE,
	EFFECT_TUNNEL_MTU,
	EFFECT_ROUTE_ADD,
	EFFECT_ROUTE_DELETE,
	EFFECT_ADDRESS_ADD,
	EFFECT_ADDRESS_DELETE,
	EFFECT_SEND,
	EFFECT_ADVERTISE,
	EFFECT_PROBE,
	EFFECT_HEAR,
	EFFECT_REPORT,
	EFFECT_PEER_PUT,
	EFFECT_PEER_DELETE,
};

/* The order in which the effects of a transaction run. */
enum effect_phase {
	PHASE_STORE,
	PHASE_DATAPLANE,
	PHASE_ROUTES,
	PHASE_MESSAGES,
	PHASE_END,
};

/**
 * struct effect_store - a record to keep or to forget; of a session, or of a
 *	peer, which is kept elsewhere, so that it outlives all sessions
 * @key: its key
 * @data: for a record to keep; owned by the effect
 * @len: octets of @data
 */
struct effect_store {
	uint64_t key;
	uint8_t *data;
	size_t len;
};

/**
 * struct effect_path - another path of a binding, at an anchor
 * @remote: the other end of the tunnel
 * @bid: its binding identifier
 * @priority: the lower, the rather is it taken
 * @expiry_set: as of the first path
 * @lifetime_ms: likewise
 * @generation: likewise
 */
struct effect_path {
	struct in6_addr remote;
	uint16_t bid;
	uint8_t priority;
	uint32_t expiry_set;
	uint64_t lifetime_ms;
	uint32_t generation;
};

/**
 * struct effect_binding - forwarding state of one prefix
 * @hnp: the home network prefix
 * @has_path: packets go to @remote; without a path they are dropped
 * @remote: the other end of the tunnel
 * @expiry_set: the set that its path ends with, which is there; 0 for none, so
 *	that the next two are its own
 * @lifetime_ms: until when, from now
 * @generation: count of renewals, that comes back in an expiry event
 * @bid: binding identifier of its path; 0 where there is no other one
 * @priority: of that
 * @more_count: how many other paths there are
 * @more: those; owned by the effect
 * @cookie: what the engine knows the binding by
 * @local_routing: at a gateway, its packets may go straight to another mobile
 *	node that is there and may do so too
 * @hosts: at a gateway, it is of hosts there that are no mobile nodes
 * @access_ifindex: at a gateway, where its mobile node is; else 0
 * @has_lladdr: its packets must come from @lladdr
 * @lladdr: its link-layer address
 */
struct effect_binding {
	struct mh_prefix hnp;
	bool has_path;
	struct in6_addr remote;
	uint32_t expiry_set;
	uint64_t lifetime_ms;
	uint32_t generation;
	uint16_t bid;
	uint8_t priority;
	uint8_t more_count;
	struct effect_path *more;
	uint64_t cookie;
	bool local_routing;
	bool hosts;
	uint32_t access_ifindex;
	bool has_lladdr;
	uint8_t lladdr[ETH_ALEN];
};

/**
 * struct effect_expiry_set - one deadline of many paths
 * @id: its number, from 1 to EXPIRY_SET_MAX
 * @renews: it has paths, and must be there for that: one that is over fails with
 *	ENOENT; without, it is made if it is not there
 * @lifetime_ms: until when, from now
 * @generation: count of renewals, that comes back in the event that it is over
 *
 * Put before the bindings of its paths are set, and deleted after they are
 * gone, or have ends of their own.
 */
struct effect_expiry_set {
	uint32_t id;
	bool renews;
	uint64_t lifetime_ms;
	uint32_t generation;
};

/**
 * struct effect_flow - which packets of a binding go by which of its paths
 * @hnp: the prefix of the binding
 * @id: its number there; 0 to delete all of them
 * @priority: the lower is matched before; no other one's there
 * @action: enum mh_flow_action
 * @bid_count: how many paths
 * @bid: those, the preferred one first; one that is not there is passed over
 * @selector: its packets
 */
struct effect_flow {
	struct mh_prefix hnp;
	uint16_t id;
	uint16_t priority;
	uint8_t action;
	unsigned int bid_count;
	uint16_t bid[FLOW_PATHS_MAX];
	struct selector selector;
};

/**
 * struct effect_route - a route to a prefix, instead of any that there is
 * @prefix: the prefix
 * @access_ifindex: the access link it is on, or 0 for the tunnel device; one
 *	that is to go may be on another access link
 */
struct effect_route {
	struct mh_prefix prefix;
	uint32_t access_ifindex;
};

/**
 * struct effect_tunnel_mtu - have the engine told the MTU of a tunnel
 * @remote: its other end; there is a path with it
 *
 * Before what comes after it in the transaction. It cannot fail: what is not
 * known is not told.
 */
struct effect_tunnel_mtu {
	struct in6_addr remote;
};

/**
 * struct effect_address - a link-local address of the host
 * @ifindex: on which link
 * @detect: only after Duplicate Address Detection (RFC 4862 5.4)
 * @address: the address
 */
struct effect_address {
	uint32_t ifindex;
	bool detect;
	struct in6_addr address;
};

/**
 * struct effect_send - a message to a peer
 * @src: its source address
 * @dst: its destination
 * @message: owned by the effect
 */
struct effect_send {
	struct in6_addr src;
	struct in6_addr dst;
	struct mh_message *message;
};

/**
 * struct advertised_prefix - a Prefix Information option (RFC 4861 4.6.2)
 * @prefix: the prefix
 * @valid_s: how long an address from it may be used; 0 not any more
 * @preferred_s: how long it is to be preferred
 * @on_link: its addresses are on the link
 * @autonomous: addresses may be made from it, if its length is right for that
 */
struct advertised_prefix {
	struct mh_prefix prefix;
	uint32_t valid_s;
	uint32_t preferred_s;
	bool on_link;
	bool autonomous;
};

/**
 * struct effect_advertise - a Router Advertisement to one mobile node
 * @ifindex: its access link
 * @lladdr: its link-layer address, which the frame goes to
 * @dst: its address, or :: where it is not known: ff02::1 then (RFC 6085)
 * @src: the router's link-local address
 * @router_lifetime_s: 0 if it shall not be its router any more
 * @managed: M: addresses by DHCPv6
 * @other: O: other parameters by DHCPv6
 * @mtu: MTU option, or 0 for none
 * @prefix_count: how many prefixes
 * @prefix: those
 */
struct effect_advertise {
	uint32_t ifindex;
	uint8_t lladdr[ETH_ALEN];
	struct in6_addr dst;
	struct in6_addr src;
	uint16_t router_lifetime_s;
	bool managed;
	bool other;
	uint32_t mtu;
	unsigned int prefix_count;
	struct advertised_prefix prefix[ADVERTISED_MAX];
};

/**
 * struct effect_probe - ask a station whether it is there
 * @ifindex: its access link
 * @lladdr: its link-layer address
 * @address: its link-local address, or :: where it was never heard
 *
 * Whatever it sends in answer is heard, as any frame of it is.
 */
struct effect_probe {
	uint32_t ifindex;
	uint8_t lladdr[ETH_ALEN];
	struct in6_addr address;
};

/**
 * struct effect_hear - whether frames of a station are news
 * @ifindex: the access link
 * @lladdr: the station
 * @every_frame: true: the next frame of any kind is an attachment; false:
 *	only Neighbour Discovery is to be heard
 */
struct effect_hear {
	uint32_t ifindex;
	uint8_t lladdr[ETH_ALEN];
	bool every_frame;
};

enum report_level {
	REPORT_DEBUG,
	REPORT_INFO,
	REPORT_WARNING,
	REPORT_ERROR,
};

/**
 * struct report - one line for the operator
 * @level: how bad
 * @event: what happened, one word
 * @mn_id: of which mobile node, if its length is not 0
 * @has_hnp: there is a prefix
 * @hnp: which
 * @has_peer: there is a gateway or anchor
 * @peer: its address
 * @has_previous: there is one that it was before
 * @previous: its address
 * @status: of an acknowledgement, or -1
 * @lifetime_s: granted, or -1
 * @has_ahead: a clock was compared with ours
 * @ahead_ms: how far it is ahead
 * @bindings: how many are concerned, or -1
 * @group: identifier of a bulk group, or -1
 * @flow: identifier of a flow, or -1
 * @restart_counter: a Restart Counter, or -1
 * @ifindex: of an access link, or 0
 * @has_difference: there is a difference of clocks
 * @difference_ms: how far that of the peer is before ours
 * @reason: why, or NULL; a constant string
 */
struct report {
	enum report_level level;
	const char *event;
	struct mh_mn_id mn_id;
	bool has_hnp;
	struct mh_prefix hnp;
	bool has_peer;
	struct in6_addr peer;
	bool has_previous;
	struct in6_addr previous;
	int status;
	int64_t lifetime_s;
	bool has_ahead;
	int64_t ahead_ms;
	int64_t bindings;
	int64_t group;
	int64_t flow;
	int64_t restart_counter;
	uint32_t ifindex;
	bool has_difference;
	int64_t difference_ms;
	const char *reason;
};

/**
 * struct effect - one thing that shall happen
 * @kind: which member of the union is meant
 */
struct effect {
	enum effect_kind kind;
	union {
		struct effect_store store;
		struct effect_binding binding;
		struct effect_expiry_set set;
		struct effect_flow *flow;
		struct effect_route route;
		struct effect_tunnel_mtu tunnel_mtu;
		struct effect_address address;
		struct effect_send send;
		struct effect_advertise *advertise;
		struct effect_probe probe;
		struct effect_hear hear;
		struct report *report;
	};
};

/**
 * struct transaction - effects that belong together
 * @next: the next one in an outbox
 * @owner: given back with the outcome; NULL if nobody waits for it
 * @effects: what shall happen
 * @count: how many
 * @room: how many fit
 */
struct transaction {
	struct transaction *next;
	void *owner;
	struct effect *effects;
	unsigned int count;
	unsigned int room;
};

/**
 * struct outbox - what came of one event
 * @first: transactions in the order of their making
 * @last: where the next is linked
 */
struct outbox {
	struct transaction *first;
	struct transaction **last;
};

/**
 * outbox_init() - make an outbox empty
 * @out: the outbox
 */
void outbox_init(struct outbox *out);

/**
 * outbox_take() - the first transaction of an outbox
 * @out: the outbox
 *
 * Return: the transaction, for transaction_free(), or NULL.
 */
struct transaction *outbox_take(struct outbox *out);

/**
 * outbox_free() - forget what nobody took
 * @out: the outbox, empty afterwards
 */
void outbox_free(struct outbox *out);

/**
 * transaction_new() - a transaction at the end of an outbox
 * @out: the outbox
 * @owner: who waits for the outcome, or NULL
 *
 * Return: the transaction, which the outbox owns.
 */
struct transaction *transaction_new(struct outbox *out, void *owner);

/**
 * transaction_add() - one more effect
 * @transaction: the transaction
 * @kind: what it is
 *
 * Return: the effect, zero but for its kind, valid until the next is added.
 */
struct effect *transaction_add(struct transaction *transaction,
			       enum effect_kind kind);

/**
 * transaction_report() - one more line for the operator
 * @transaction: the transaction
 * @level: how bad
 * @event: what happened; a constant string
 * @mn_id: of which mobile node, or NULL
 *
 * Return: the line, which the transaction owns.
 */
struct report *transaction_report(struct transaction *transaction,
				  enum report_level level, const char *event,
				  const struct mh_mn_id *mn_id);

/**
 * transaction_free() - the end of a transaction
 * @transaction: the transaction, or NULL
 */
void transaction_free(struct transaction *transaction);

/**
 * effect_takes_away() - does an effect only take something away
 * @kind: what it is
 *
 * Return: true if so.
 */
bool effect_takes_away(enum effect_kind kind);

/**
 * effect_prefix() - what an effect of the data plane is about
 * @effect: the effect
 *
 * Return: the address of the prefix of a binding, a flow or a route, within @effect;
 * NULL for all else.
 */
const struct in6_addr *effect_prefix(const struct effect *effect);

/**
 * effect_may_stay() - does a transaction go on though an effect has failed
 * @effect: the effect
 *
 * Return: true for what takes something away: that it stays keeps nothing else from
 * being right; but for flows of a binding, which go on to match packets, and keep
 * others from having their priority.
 */
bool effect_may_stay(const struct effect *effect);

/**
 * effect_phase() - when an effect runs
 * @kind: what it is
 *
 * Return: its phase.
 */
enum effect_phase effect_phase(enum effect_kind kind);

#endif /* PMIP6_ENGINE_EFFECTS_H */
