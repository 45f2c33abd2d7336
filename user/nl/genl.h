/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The messages of the generic-netlink family "pmip6", as structs.
 */
#ifndef PMIP6_NL_GENL_H
#define PMIP6_NL_GENL_H

#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <linux/pmip6.h>

#include "../mh/mh.h"

struct nl_msg;
struct nlattr;
struct nlmsghdr;

/* More paths than this in one binding are not shown. */
#define GENL_MAX_PATHS PMIP6_PATHS_MAX

/**
 * struct genl_stats - counters of a device, a binding or a tunnel
 * @rx_packets: packets decapsulated, or routed locally to a mobile node
 * @rx_bytes: their inner octets
 * @tx_packets: packets encapsulated, or routed locally from a mobile node
 * @tx_bytes: their inner octets
 * @has_local: not of a tunnel
 * @local_packets: how many of @tx_packets were routed locally
 * @local_bytes: their octets
 */
struct genl_stats {
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	bool has_local;
	uint64_t local_packets;
	uint64_t local_bytes;
};

/**
 * struct genl_path - PMIP6_A_PATHS_PATH
 * @bid: binding identifier; 0 for the module's default
 * @remote: the other end of the tunnel
 * @encap: enum pmip6_encap; 0 for the module's default
 * @priority: lower is preferred
 * @weight: of flows that paths of that priority share; 0 for the module's default
 * @lifetime_ms: from now, or PMIP6_LIFETIME_FOREVER; told by @expiry_set where
 *	there is one
 * @expiry_set: id of the set that it is in, or 0
 * @has_generation: the sender counts renewals, unless @expiry_set
 * @generation: how many
 * @access_ifindex: at a gateway, or 0
 * @has_lladdr: packets must come from @lladdr
 * @lladdr: the mobile node's link-layer address
 */
struct genl_path {
	uint16_t bid;
	struct in6_addr remote;
	uint8_t encap;
	uint8_t priority;
	uint8_t weight;
	uint64_t lifetime_ms;
	uint32_t expiry_set;
	bool has_generation;
	uint32_t generation;
	uint32_t access_ifindex;
	bool has_lladdr;
	uint8_t lladdr[ETH_ALEN];
};

/**
 * struct genl_binding - PMIP6_CMD_BINDING_*
 * @ifindex: the pmip6 device; 0 for all, in a dump
 * @hnp: its prefix
 * @flags: PMIP6_BINDING_F_*
 * @flags_mask: those of them that are meant
 * @has_cookie: there is one
 * @cookie: the agent's
 * @has_paths: paths are given, if only none
 * @path_count: how many
 * @path: those
 * @stats: in replies
 */
struct genl_binding {
	uint32_t ifindex;
	struct mh_prefix hnp;
	uint32_t flags;
	uint32_t flags_mask;
	bool has_cookie;
	uint64_t cookie;
	bool has_paths;
	unsigned int path_count;
	struct genl_path path[GENL_MAX_PATHS];
	struct genl_stats stats;
};

/**
 * struct genl_expiry_set - PMIP6_CMD_EXPIRY_SET_*
 * @ifindex: the pmip6 device
 * @id: its identifier
 * @has_lifetime: not where only its place is meant
 * @lifetime_ms: from now, or PMIP6_LIFETIME_FOREVER
 * @has_generation: the sender counts renewals
 * @generation: how many
 * @paths: in replies: how many it has
 */
struct genl_expiry_set {
	uint32_t ifindex;
	uint32_t id;
	bool has_lifetime;
	uint64_t lifetime_ms;
	bool has_generation;
	uint32_t generation;
	uint32_t paths;
};

/**
 * struct genl_tunnel - PMIP6_CMD_TUNNEL_GET
 * @ifindex: the pmip6 device
 * @local: our end
 * @remote: the other end
 * @encap: enum pmip6_encap
 * @paths: how many use it
 * @mtu: what fits inside, 0 without a route
 * @stats: its traffic
 */
struct genl_tunnel {
	uint32_t ifindex;
	struct in6_addr local;
	struct in6_addr remote;
	uint8_t encap;
	uint32_t paths;
	uint32_t mtu;
	struct genl_stats stats;
};

/**
 * struct genl_device - PMIP6_CMD_DEVICE_GET
 * @ifindex: its index
 * @name: its name
 * @role: enum pmip6_role
 * @local: its address
 * @hop_limit: of outer headers
 * @link: underlay interface, or 0
 * @fwmark: of outer packets, or 0
 * @bindings: how many
 * @tunnels: how many
 * @stats: its traffic
 * @drops: by enum pmip6_drop
 * @has_fastpath: the module has one
 * @fastpath: interfaces that it takes packets from
 * @fastpath_count: how many
 * @fast_rx_packets: how many of @stats.rx_packets came by the fast path
 * @fast_tx_packets: how many of @stats.tx_packets
 * @has_overtook: it is an anchor's
 * @overtook: fragments that came before the first, and so took no flow
 */
struct genl_device {
	uint32_t ifindex;
	char name[IFNAMSIZ];
	uint8_t role;
	struct in6_addr local;
	uint8_t hop_limit;
	uint32_t link;
	uint32_t fwmark;
	uint32_t bindings;
	uint32_t tunnels;
	struct genl_stats stats;
	uint64_t drops[__PMIP6_DROP_MAX];
	bool has_fastpath;
	uint32_t fastpath[PMIP6_FASTPATH_MAX_IFACES];
	unsigned int fastpath_count;
	uint64_t fast_rx_packets;
	uint64_t fast_tx_packets;
	bool has_overtook;
	uint64_t overtook;
};

/**
 * struct genl_info - PMIP6_CMD_INFO_GET
 * @version: of the module
 * @capabilities: bits of enum pmip6_capability
 */
struct genl_info {
	char version[32];
	uint64_t capabilities;
};

/**
 * struct genl_event - what comes in the group "events"
 * @cmd: enum pmip6_cmd
 * @ifindex: the pmip6 device
 * @hnp: PATH_EXPIRED: of the binding
 * @cookie: PATH_EXPIRED: of the binding
 * @bid: PATH_EXPIRED: of the path
 * @expiry_set: PATH_EXPIRED: 0; EXPIRY_SET_EXPIRED: its id
 * @generation: PATH_EXPIRED: of the path; EXPIRY_SET_EXPIRED: of the set
 * @paths: EXPIRY_SET_EXPIRED: how many it had
 * @address: MN_UNKNOWN: of the mobile node
 * @has_remote: @remote is there
 * @remote: the other end of the tunnel
 * @access_ifindex: MN_UNKNOWN: where it came in, or 0
 * @drop: enum pmip6_drop
 */
struct genl_event {
	uint8_t cmd;
	uint32_t ifindex;
	struct mh_prefix hnp;
	uint64_t cookie;
	uint16_t bid;
	uint32_t expiry_set;
	uint32_t generation;
	uint32_t paths;
	struct in6_addr address;
	bool has_remote;
	struct in6_addr remote;
	uint32_t access_ifindex;
	uint32_t drop;
};

/**
 * genl_new() - a request of the family
 * @family: its id
 * @cmd: enum pmip6_cmd
 * @flags: NLM_F_*
 *
 * Return: the message, for nlmsg_free(), or NULL without memory.
 */
struct nl_msg *genl_new(int family, enum pmip6_cmd cmd, int flags);

/**
 * genl_put_binding() - write what a command says of a binding
 * @msg: the message
 * @binding: what it says
 *
 * Return: 0 or a negative libnl error.
 */
int genl_put_binding(struct nl_msg *msg, const struct genl_binding *binding);

/**
 * genl_put_expiry_set() - write what a command says of an expiry set
 * @msg: the message
 * @set: what it says
 *
 * Return: 0 or a negative libnl error.
 */
int genl_put_expiry_set(struct nl_msg *msg, const struct genl_expiry_set *set);

/**
 * genl_put_addr() - write an address
 * @msg: the message
 * @type: the attribute
 * @addr: the address
 * @prefixlen: its prefix length, or -1 for none
 *
 * Return: 0 or a negative libnl error.
 */
int genl_put_addr(struct nl_msg *msg, int type, const struct in6_addr *addr,
		  int prefixlen);

/**
 * genl_get_binding() - read a binding
 * @nlh: the message
 * @binding: where to put it
 *
 * Return: 0 or a negative libnl error.
 */
int genl_get_binding(struct nlmsghdr *nlh, struct genl_binding *binding);

/**
 * genl_get_expiry_set() - read an expiry set
 * @nlh: the message
 * @set: where to put it
 *
 * Return: 0 or a negative libnl error.
 */
int genl_get_expiry_set(struct nlmsghdr *nlh, struct genl_expiry_set *set);

/**
 * genl_get_tunnel() - read a tunnel
 * @nlh: the message
 * @tunnel: where to put it
 *
 * Return: 0 or a negative libnl error.
 */
int genl_get_tunnel(struct nlmsghdr *nlh, struct genl_tunnel *tunnel);

/**
 * genl_get_device() - read a device
 * @nlh: the message
 * @device: where to put it
 *
 * Return: 0 or a negative libnl error.
 */
int genl_get_device(struct nlmsghdr *nlh, struct genl_device *device);

/**
 * genl_get_info() - read what the module can do
 * @nlh: the message
 * @info: where to put it
 *
 * Return: 0 or a negative libnl error.
 */
int genl_get_info(struct nlmsghdr *nlh, struct genl_info *info);

/**
 * genl_get_event() - read an event
 * @nlh: the message
 * @event: where to put it
 *
 * Return: 0 or a negative libnl error.
 */
int genl_get_event(struct nlmsghdr *nlh, struct genl_event *event);

/**
 * genl_get_addr() - read an address
 * @attr: the attribute, or NULL
 * @addr: where to put it, if it is there
 * @len: where to put its prefix length, or NULL
 */
void genl_get_addr(struct nlattr *attr, struct in6_addr *addr, uint8_t *len);

/**
 * genl_get_stats() - read counters
 * @attr: the attribute, or NULL
 * @stats: where to put them, if they are there
 */
void genl_get_stats(struct nlattr *attr, struct genl_stats *stats);

/**
 * genl_drop_name() - the name of a drop reason, as operators see it
 * @drop: enum pmip6_drop
 *
 * Return: a constant string.
 */
const char *genl_drop_name(unsigned int drop);

/**
 * genl_role_name() - the name of a role
 * @role: enum pmip6_role
 *
 * Return: a constant string.
 */
const char *genl_role_name(unsigned int role);

/**
 * genl_encap_name() - the name of an encapsulation
 * @encap: enum pmip6_encap
 *
 * Return: a constant string.
 */
const char *genl_encap_name(unsigned int encap);

#endif /* PMIP6_NL_GENL_H */
