/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operator sets: pmip6d.conf(5).
 */
#ifndef PMIP6D_CONFIG_H
#define PMIP6D_CONFIG_H

#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <linux/pmip6.h>

#include "../engine/effects.h"
#include "../engine/lma.h"
#include "../engine/mag.h"
#include "../ports/nai.h"

/**
 * struct config_pool - prefixes to hand out
 * @range: what they are below; disjoint from all other pools
 * @length: their length, which prefix_pool_add() takes with @range
 */
struct config_pool {
	struct mh_prefix range;
	uint8_t length;
};

/**
 * struct config_device - the pmip6 device of a role
 * @name: its name
 * @underlay: name of the link below its tunnels, "" for any
 * @fwmark: for the route lookup of its tunnels
 * @hop_limit: of outer headers, 1 to 255
 * @has_fastpath: @fastpath is given, maybe empty; else the device keeps what
 *	it has
 * @fastpath: names of the interfaces of its fast path
 * @fastpath_count: how many
 */
struct config_device {
	char name[IFNAMSIZ];
	char underlay[IFNAMSIZ];
	uint32_t fwmark;
	uint8_t hop_limit;
	bool has_fastpath;
	char fastpath[PMIP6_FASTPATH_MAX_IFACES][IFNAMSIZ];
	unsigned int fastpath_count;
};

/**
 * struct config_lma_mag - a gateway that an anchor knows
 * @address: its Proxy-CoA; first, as this is sorted by it
 * @service: it may register mobile nodes
 * @accepts_bulk: in bulk groups, too
 * @limited: only with these prefixes
 * @prefixes: theirs have to be within one of these
 * @prefix_count: how many
 * @some_mns: only these mobile nodes
 * @mns: identifiers, or "*" and an ending
 * @mn_count: how many
 * @revoke_all: it may revoke more than one mobile node's sessions at a time
 * @identity: what it calls itself then
 */
struct config_lma_mag {
	struct in6_addr address;
	bool service;
	bool accepts_bulk;
	bool limited;
	struct mh_prefix *prefixes;
	unsigned int prefix_count;
	bool some_mns;
	char **mns;
	unsigned int mn_count;
	bool revoke_all;
	struct mh_mn_id identity;
};

/**
 * struct config_lma - local mobility anchor
 * @device: its device
 * @engine: for lma_init(); its seed is left 0
 * @pools: prefixes to hand out, first ones first
 * @pool_count: how many
 * @any_mag: whoever can send to us may register mobile nodes
 * @mags: gateways that are known, sorted
 * @mag_count: how many
 * @accept_unknown_mns: mobile nodes without a profile get a pool's prefix
 * @prefixes_per_session: how many a pool gives, unless a profile says
 * @accepts_bulk: gateways may have bulk groups, unless more is said of one
 */
struct config_lma {
	struct config_device device;
	struct lma_config engine;
	struct config_pool *pools;
	unsigned int pool_count;
	bool any_mag;
	struct config_lma_mag *mags;
	unsigned int mag_count;
	bool accept_unknown_mns;
	uint32_t prefixes_per_session;
	bool accepts_bulk;
};

/**
 * struct config_access - an access link
 * @ifname: its name
 * @att: enum mh_access_technology
 * @has_visitor_prefix: hosts without mobility service get plain IPv6
 * @visitor_prefix: from there; of 64 bits, no link has that of another
 */
struct config_access {
	char ifname[IFNAMSIZ];
	uint8_t att;
	bool has_visitor_prefix;
	struct mh_prefix visitor_prefix;
};

/**
 * struct config_lladdr - FixedMAGLinkLayerAddressOnAllAccessLinks
 * @enabled: false where links keep their own
 * @octets: the address
 */
struct config_lladdr {
	bool enabled;
	uint8_t octets[ETH_ALEN];
};

/**
 * struct config_dhcp_server - where DHCPv6 messages are relayed to
 * @addr: a server, or a group of them
 * @ifname: for a group, the link it is reached by; else ""
 */
struct config_dhcp_server {
	struct in6_addr addr;
	char ifname[IFNAMSIZ];
};

/**
 * struct config_dhcp - the relay agent for DHCPv6
 * @servers: where messages are relayed to, all of them
 * @server_count: how many; 0: there is no relay agent
 * @has_group: at least one is a group: answers come from who knows where
 * @rate: so many messages a second are taken from a mobile node
 */
struct config_dhcp {
	struct config_dhcp_server *servers;
	unsigned int server_count;
	bool has_group;
	uint32_t rate;
};

/**
 * struct config_mag - mobile access gateway
 * @device: its device
 * @engine: for mag_init(); its seed is left 0, its link_local is
 *	FixedMAGLinkLocalAddressOnAllAccessLinks or ::
 * @lma: anchor of mobile nodes whose profile names none
 * @realm_of_unknown: of the identifiers of mobile nodes without a profile; empty:
 *	they are none
 * @access: access links, no name twice
 * @access_count: how many, at least 1
 * @fixed_lladdr: what access links are to have as link-layer address
 * @local_routing: EnableMAGLocalRouting, of those whose profile does not say
 * @rule_priority: preference of the second of 3 consecutive rules, all below
 *	that of VRF, 1000
 * @table_uplink: number of the table of packets from mobile nodes
 * @table_access: number of the table of routes to mobile nodes
 * @neighbour_idle_s: after how long a silence the kernel is asked whether a
 *	mobile node is still there; 0 never
 * @mtu_interval_s: how often the MTU of tunnels is read
 * @traffic_idle_s: after how long without traffic of its own a mobile node is
 *	let go; 0 never
 * @dhcp: the relay agent for DHCPv6
 */
struct config_mag {
	struct config_device device;
	struct mag_config engine;
	struct in6_addr lma;
	char realm_of_unknown[NAI_REALM_MAX + 1];
	struct config_access *access;
	unsigned int access_count;
	struct config_lladdr fixed_lladdr;
	bool local_routing;
	uint32_t rule_priority;
	uint32_t table_uplink;
	uint32_t table_access;
	uint32_t neighbour_idle_s;
	uint32_t mtu_interval_s;
	uint32_t traffic_idle_s;
	struct config_dhcp dhcp;
};

/**
 * struct config - one file
 * @path: the file
 * @control_socket: path of the control socket
 * @state_directory: for store_open()
 * @profiles: for policy_load(), relative to where @path is; NULL without
 * @log_level: what is less bad is not logged
 * @ipsec: messages have to be protected by it (RFC 5213 4)
 * @ipsec_reqid: of its security associations, or 0 for any
 * @lma: NULL if not in this role
 * @mag: NULL if not in this role; there is at least one
 */
struct config {
	char *path;
	char *control_socket;
	char *state_directory;
	char *profiles;
	enum report_level log_level;
	bool ipsec;
	uint32_t ipsec_reqid;
	struct config_lma *lma;
	struct config_mag *mag;
};

/**
 * config_load() - read a configuration file
 * @path: the file
 * @errors: what is wrong goes here, "FILE:LINE: what" a line
 *
 * Whatever can be found wrong without asking the kernel is found. Not to be
 * called by two threads at once.
 *
 * Return: for config_free(), or NULL if anything is wrong.
 */
struct config *config_load(const char *path, FILE *errors);

/**
 * config_free() - the end of a configuration
 * @config: the configuration, or NULL
 */
void config_free(struct config *config);

/**
 * config_mag_may_register() - is this gateway one that may register
 * @lma: configuration of the anchor
 * @proxy_coa: the gateway
 *
 * Return: true if so, whatever mobile nodes.
 */
bool config_mag_may_register(const struct config_lma *lma,
			     const struct in6_addr *proxy_coa);

/**
 * config_mag_policy() - what a gateway may register
 * @lma: configuration of the anchor
 * @proxy_coa: the gateway
 * @mn_id: the mobile node that it wants to register
 * @policy: its members that begin with mag are set; they refer to @lma
 */
void config_mag_policy(const struct config_lma *lma,
		       const struct in6_addr *proxy_coa,
		       const struct mh_mn_id *mn_id, struct lma_policy *policy);

/**
 * config_mag_revoker() - what a gateway may revoke
 * @lma: configuration of the anchor
 * @src: where its message is from
 * @bri: that
 * @revoker: where to put it
 */
void config_mag_revoker(const struct config_lma *lma,
			const struct in6_addr *src,
			const struct mh_revocation *bri,
			struct lma_revoker *revoker);

/**
 * config_access_find() - is this an access link
 * @mag: configuration of the gateway
 * @ifname: a link's name
 *
 * Return: what is configured of it, or NULL.
 */
const struct config_access *config_access_find(const struct config_mag *mag,
					       const char *ifname);

#endif /* PMIP6D_CONFIG_H */
