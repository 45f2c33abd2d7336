/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Proxy Mobile IPv6: the contract between pmip6.ko and user space.
 *
 * A pmip6 network device is made over rtnetlink (kind "pmip6"); everything
 * below it - bindings, their paths, the tunnels that paths imply - is driven
 * over the generic-netlink family "pmip6".  Lifetimes are relative and in
 * milliseconds, counters are 64 bits wide, addresses say their family.
 */
#ifndef _UAPI_LINUX_PMIP6_H
#define _UAPI_LINUX_PMIP6_H

#include <linux/const.h>

#define PMIP6_LINK_KIND		"pmip6"

#define PMIP6_GENL_NAME		"pmip6"
#define PMIP6_GENL_VERSION	1

/* Multicast group of every event; joining it needs CAP_NET_ADMIN. */
#define PMIP6_GENL_MCGRP_EVENTS	"events"

/* A path that does not expire on its own. */
#define PMIP6_LIFETIME_FOREVER	0xffffffffffffffffULL

/* What a device is to the mobile nodes behind it. */
enum pmip6_role {
	PMIP6_ROLE_UNSPEC,
	PMIP6_ROLE_LMA,		/* mobile node = inner destination on transmit */
	PMIP6_ROLE_MAG,		/* mobile node = inner source on transmit */
	__PMIP6_ROLE_MAX,
};

#define PMIP6_ROLE_MAX (__PMIP6_ROLE_MAX - 1)

/* How a path wraps packets.  What the module lacks answers EOPNOTSUPP. */
enum pmip6_encap {
	PMIP6_ENCAP_UNSPEC,
	PMIP6_ENCAP_IPV6,	/* RFC 2473 */
	PMIP6_ENCAP_IPV4,	/* RFC 5844 */
	PMIP6_ENCAP_UDP,	/* RFC 5844, UDP over IPv4 or IPv6 */
	PMIP6_ENCAP_GRE,	/* RFC 5845, with key */
	__PMIP6_ENCAP_MAX,
};

#define PMIP6_ENCAP_MAX (__PMIP6_ENCAP_MAX - 1)

/* Bits of PMIP6_A_INFO_CAPABILITIES: agree by these, not by versions. */
enum pmip6_capability {
	PMIP6_CAP_ENCAP_IPV6,		/* PMIP6_ENCAP_IPV6 */
	PMIP6_CAP_ENCAP_IPV4,		/* PMIP6_ENCAP_IPV4 */
	PMIP6_CAP_ENCAP_UDP,		/* PMIP6_ENCAP_UDP */
	PMIP6_CAP_ENCAP_GRE,		/* PMIP6_ENCAP_GRE */
	PMIP6_CAP_ACCESS_CHECK,		/* PMIP6_A_PATH_ACCESS_IFINDEX, _LLADDR */
	PMIP6_CAP_MULTIPATH,		/* more than one path in a binding */
	PMIP6_CAP_EXPIRY_SETS,		/* PMIP6_A_PATH_EXPIRY_SET other than 0 */
	PMIP6_CAP_LOCAL_ROUTING,	/* PMIP6_BINDING_F_LOCAL_ROUTING */
	PMIP6_CAP_FLOWS,		/* flow bindings */
	PMIP6_CAP_HOSTS,		/* PMIP6_BINDING_F_HOSTS */
	PMIP6_CAP_FASTPATH,		/* IFLA_PMIP6_FASTPATH */
};

enum pmip6_cmd {
	PMIP6_CMD_UNSPEC,

	PMIP6_CMD_INFO_GET,	/* do: what this module can do */
	PMIP6_CMD_DEVICE_GET,	/* do, dump: role, local address, drops */
	/*
	 * do: NLM_F_CREATE makes the binding where there is none,
	 * NLM_F_EXCL refuses one that is there, NLM_F_REPLACE changes one.
	 * Paths, where given, replace all that the binding has.
	 */
	PMIP6_CMD_BINDING_NEW,
	PMIP6_CMD_BINDING_DEL,	/* do */
	PMIP6_CMD_BINDING_GET,	/* do: by prefix; dump: of one device or all */
	PMIP6_CMD_TUNNEL_GET,	/* dump: of one device or all */

	/* Events, in the group PMIP6_GENL_MCGRP_EVENTS. */
	PMIP6_CMD_PATH_EXPIRED,	/* a path was reaped; see PMIP6_A_PATH_GENERATION */
	PMIP6_CMD_MN_UNKNOWN,	/* a packet of or for nobody; rate-limited */
	PMIP6_CMD_TUNNEL_UNKNOWN, /* outer header for us, no such tunnel; rate-limited */

	/*
	 * do: NLM_F_CREATE makes a set that many paths may have in common,
	 * NLM_F_EXCL refuses one that is there, NLM_F_REPLACE renews one: all
	 * of its paths at once.
	 */
	PMIP6_CMD_EXPIRY_SET_NEW,
	PMIP6_CMD_EXPIRY_SET_DEL,	/* do: one without paths */
	PMIP6_CMD_EXPIRY_SET_GET,	/* do: by id; dump: of one device or all */
	/* Event: a set was reaped with all of its paths, which have none each. */
	PMIP6_CMD_EXPIRY_SET_EXPIRED,

	/*
	 * do, at role lma: NLM_F_CREATE makes those flows of a binding that are
	 * not there, NLM_F_EXCL refuses one that is, NLM_F_REPLACE changes one.
	 * All happens or nothing.
	 */
	PMIP6_CMD_FLOW_NEW,
	PMIP6_CMD_FLOW_DEL,	/* do: one by its identifier, or all of a binding */
	PMIP6_CMD_FLOW_GET,	/* dump: of one binding, of one device or all */

	__PMIP6_CMD_MAX,
};

#define PMIP6_CMD_MAX (__PMIP6_CMD_MAX - 1)

/* An address, or with _PREFIXLEN a prefix. */
enum pmip6_addr_attr {
	PMIP6_A_ADDR_UNSPEC,
	PMIP6_A_ADDR_FAMILY,	/* u16: AF_INET or AF_INET6 */
	PMIP6_A_ADDR_ADDRESS,	/* binary: 4 or 16 octets */
	PMIP6_A_ADDR_PREFIXLEN,	/* u8 */
	__PMIP6_A_ADDR_MAX,
};

#define PMIP6_A_ADDR_MAX (__PMIP6_A_ADDR_MAX - 1)

/* Attributes of the link kind (in IFLA_INFO_DATA). */
enum pmip6_link_attr {
	IFLA_PMIP6_UNSPEC,
	IFLA_PMIP6_ROLE,	/* u8: enum pmip6_role; fixed once made */
	IFLA_PMIP6_LOCAL,	/* nest: enum pmip6_addr_attr; fixed once made */
	IFLA_PMIP6_HOP_LIMIT,	/* u8: outer hop limit, 1 to 255; default 64 */
	IFLA_PMIP6_LINK,	/* u32: underlay interface, 0 for any */
	IFLA_PMIP6_FWMARK,	/* u32: mark for the outer route lookup */
	/*
	 * nest of PMIP6_A_FASTPATH_IFINDEX: the interfaces of the device's
	 * namespace that it takes packets from as they arrive; none ends that.
	 * Role lma: may be the device itself.  Not when the device is made.
	 */
	IFLA_PMIP6_FASTPATH,
	__IFLA_PMIP6_MAX,
};

#define IFLA_PMIP6_MAX (__IFLA_PMIP6_MAX - 1)

/* How many interfaces IFLA_PMIP6_FASTPATH may have. */
#define PMIP6_FASTPATH_MAX_IFACES	32

enum pmip6_fastpath_attr {
	PMIP6_A_FASTPATH_UNSPEC,
	PMIP6_A_FASTPATH_PAD,
	PMIP6_A_FASTPATH_IFINDEX,	/* u32: an interface; repeated */
	PMIP6_A_FASTPATH_RX_PACKETS,	/* u64: of rx_packets; replies only */
	PMIP6_A_FASTPATH_TX_PACKETS,	/* u64: of tx_packets; replies only */
	__PMIP6_A_FASTPATH_MAX,
};

#define PMIP6_A_FASTPATH_MAX (__PMIP6_A_FASTPATH_MAX - 1)

enum pmip6_info_attr {
	PMIP6_A_INFO_UNSPEC,
	PMIP6_A_INFO_PAD,
	PMIP6_A_INFO_VERSION,		/* string: version of the module */
	PMIP6_A_INFO_CAPABILITIES,	/* u64: bits of enum pmip6_capability */
	__PMIP6_A_INFO_MAX,
};

#define PMIP6_A_INFO_MAX (__PMIP6_A_INFO_MAX - 1)

/*
 * Counters of a device, a binding or a tunnel; tx is into the tunnel.  What a
 * gateway routes locally counts as tx of its sender and rx of its receiver, and
 * besides as local of its sender; both are those of the device.
 */
enum pmip6_stats_attr {
	PMIP6_A_STATS_UNSPEC,
	PMIP6_A_STATS_PAD,
	PMIP6_A_STATS_RX_PACKETS,	/* u64 */
	PMIP6_A_STATS_RX_BYTES,		/* u64 */
	PMIP6_A_STATS_TX_PACKETS,	/* u64 */
	PMIP6_A_STATS_TX_BYTES,		/* u64 */
	PMIP6_A_STATS_LOCAL_PACKETS,	/* u64: not of a tunnel */
	PMIP6_A_STATS_LOCAL_BYTES,	/* u64: not of a tunnel */
	__PMIP6_A_STATS_MAX,
};

#define PMIP6_A_STATS_MAX (__PMIP6_A_STATS_MAX - 1)

/*
 * Why a packet went no further.  These are also the attribute types inside
 * the nest PMIP6_A_DEVICE_DROPS, each a u64.
 */
enum pmip6_drop {
	PMIP6_DROP_UNSPEC,
	PMIP6_DROP_PAD,
	PMIP6_DROP_NO_BINDING,	/* no binding holds the mobile node's address */
	PMIP6_DROP_NO_PATH,	/* the binding has no path: it waits or ends */
	PMIP6_DROP_EXPIRED,	/* its lifetime has passed */
	PMIP6_DROP_ACCESS_LINK,	/* came from another access interface */
	PMIP6_DROP_LLADDR,	/* came from another link-layer address */
	PMIP6_DROP_WRONG_TUNNEL, /* the binding has no path by that tunnel */
	PMIP6_DROP_BAD_ADDRESS,	/* inner address that is never forwarded */
	PMIP6_DROP_PROTOCOL,	/* neither IPv6 nor what the path can carry */
	PMIP6_DROP_MALFORMED,	/* shorter than its headers say */
	PMIP6_DROP_ECN,		/* congestion marked on a packet that is not ECT */
	PMIP6_DROP_TOO_BIG,	/* Packet Too Big was sent to its source */
	PMIP6_DROP_NO_ROUTE,	/* no route to the tunnel's remote endpoint */
	PMIP6_DROP_LOOP,	/* the outer route leads back into a tunnel */
	PMIP6_DROP_POLICY,	/* IPsec policy asks for more than it had */
	PMIP6_DROP_NO_TUNNEL,	/* outer header for us, no such tunnel: passed on */
	PMIP6_DROP_NO_MEMORY,
	PMIP6_DROP_DOWN,	/* the device is down */
	PMIP6_DROP_FLOW,	/* a flow binding says so */
	__PMIP6_DROP_MAX,
};

#define PMIP6_DROP_MAX (__PMIP6_DROP_MAX - 1)

enum pmip6_device_attr {
	PMIP6_A_DEVICE_UNSPEC,
	PMIP6_A_DEVICE_PAD,
	PMIP6_A_DEVICE_IFINDEX,		/* u32 */
	PMIP6_A_DEVICE_NAME,		/* string */
	PMIP6_A_DEVICE_ROLE,		/* u8: enum pmip6_role */
	PMIP6_A_DEVICE_LOCAL,		/* nest: enum pmip6_addr_attr */
	PMIP6_A_DEVICE_HOP_LIMIT,	/* u8 */
	PMIP6_A_DEVICE_LINK,		/* u32: ifindex in the underlay's namespace */
	PMIP6_A_DEVICE_FWMARK,		/* u32 */
	PMIP6_A_DEVICE_BINDINGS,	/* u32: how many it has */
	PMIP6_A_DEVICE_TUNNELS,		/* u32: how many they use */
	PMIP6_A_DEVICE_STATS,		/* nest: enum pmip6_stats_attr */
	PMIP6_A_DEVICE_DROPS,		/* nest: u64 by enum pmip6_drop */
	PMIP6_A_DEVICE_FASTPATH,	/* nest: enum pmip6_fastpath_attr */
	/* u64, role lma: fragments that came before the first: without a flow */
	PMIP6_A_DEVICE_OVERTOOK,
	__PMIP6_A_DEVICE_MAX,
};

#define PMIP6_A_DEVICE_MAX (__PMIP6_A_DEVICE_MAX - 1)

/*
 * Bits of PMIP6_A_BINDING_FLAGS.  Role mag: packets between two mobile nodes of
 * the device whose bindings both say so, and have an access link, are not
 * tunnelled.
 */
#define PMIP6_BINDING_F_LOCAL_ROUTING	_BITUL(0)
/*
 * Role mag: a prefix of hosts at the gateway that are no mobile nodes (RFC 5213
 * 6.14).  It is there to be a destination of local routing, without a path; one
 * that is given a path is a mobile node's again.
 */
#define PMIP6_BINDING_F_HOSTS		_BITUL(1)

enum pmip6_binding_attr {
	PMIP6_A_BINDING_UNSPEC,
	PMIP6_A_BINDING_PAD,
	PMIP6_A_BINDING_IFINDEX,	/* u32: the pmip6 device */
	PMIP6_A_BINDING_HNP,		/* nest: enum pmip6_addr_attr with _PREFIXLEN */
	PMIP6_A_BINDING_FLAGS,		/* bitfield32: PMIP6_BINDING_F_* */
	PMIP6_A_BINDING_COOKIE,		/* u64: the agent's own, given back in events */
	PMIP6_A_BINDING_PATHS,		/* nest of PMIP6_A_PATHS_PATH; empty: drop */
	PMIP6_A_BINDING_STATS,		/* nest: enum pmip6_stats_attr; replies only */
	__PMIP6_A_BINDING_MAX,
};

#define PMIP6_A_BINDING_MAX (__PMIP6_A_BINDING_MAX - 1)

enum pmip6_paths_attr {
	PMIP6_A_PATHS_UNSPEC,
	/* nest: enum pmip6_path_attr; repeated, at role lma */
	PMIP6_A_PATHS_PATH,
	__PMIP6_A_PATHS_MAX,
};

#define PMIP6_A_PATHS_MAX (__PMIP6_A_PATHS_MAX - 1)

enum pmip6_path_attr {
	PMIP6_A_PATH_UNSPEC,
	PMIP6_A_PATH_PAD,
	PMIP6_A_PATH_BID,	/* u16: binding identifier, not 0; default 1 */
	PMIP6_A_PATH_REMOTE,	/* nest: enum pmip6_addr_attr; proxy CoA or LMA */
	PMIP6_A_PATH_ENCAP,	/* u8: enum pmip6_encap; default IPv6 */
	PMIP6_A_PATH_KEY,	/* u32: GRE key */
	PMIP6_A_PATH_PRIORITY,	/* u8: lower is preferred; default 0 */
	PMIP6_A_PATH_LIFETIME,	/* u64: ms from now, or PMIP6_LIFETIME_FOREVER */
	/*
	 * u32: the set that says how long it lives, or 0 (default) for one of its
	 * own.  Where there is one, it has neither lifetime nor generation itself.
	 */
	PMIP6_A_PATH_EXPIRY_SET,
	/*
	 * u32: the agent's count of renewals.  An event that carries an older
	 * one than the agent last sent is stale.  Without it the module counts.
	 */
	PMIP6_A_PATH_GENERATION,
	PMIP6_A_PATH_ACCESS_IFINDEX, /* u32: role mag: where the mobile node is */
	PMIP6_A_PATH_LLADDR,	/* binary, 6 octets: its link-layer address */
	/*
	 * u8: of the flows that paths of the same priority share, how many it
	 * takes in proportion; default 1
	 */
	PMIP6_A_PATH_WEIGHT,
	__PMIP6_A_PATH_MAX,
};

#define PMIP6_A_PATH_MAX (__PMIP6_A_PATH_MAX - 1)

enum pmip6_tunnel_attr {
	PMIP6_A_TUNNEL_UNSPEC,
	PMIP6_A_TUNNEL_PAD,
	PMIP6_A_TUNNEL_IFINDEX,	/* u32: the pmip6 device */
	PMIP6_A_TUNNEL_LOCAL,	/* nest: enum pmip6_addr_attr */
	PMIP6_A_TUNNEL_REMOTE,	/* nest: enum pmip6_addr_attr */
	PMIP6_A_TUNNEL_ENCAP,	/* u8: enum pmip6_encap */
	PMIP6_A_TUNNEL_PATHS,	/* u32: how many use it */
	PMIP6_A_TUNNEL_MTU,	/* u32: what fits inside; absent without a route */
	PMIP6_A_TUNNEL_STATS,	/* nest: enum pmip6_stats_attr */
	__PMIP6_A_TUNNEL_MAX,
};

#define PMIP6_A_TUNNEL_MAX (__PMIP6_A_TUNNEL_MAX - 1)

/* How many paths a binding may have, and how heavy one may be. */
#define PMIP6_PATHS_MAX		8
#define PMIP6_PATH_WEIGHT_MAX	16

/* The highest id of an expiry set that paths have in common. */
#define PMIP6_EXPIRY_SET_ID_MAX	0x7fffffff

enum pmip6_expiry_set_attr {
	PMIP6_A_EXPIRY_SET_UNSPEC,
	PMIP6_A_EXPIRY_SET_PAD,
	PMIP6_A_EXPIRY_SET_IFINDEX,	/* u32: the pmip6 device */
	PMIP6_A_EXPIRY_SET_ID,		/* u32: not 0; the agent's own */
	PMIP6_A_EXPIRY_SET_LIFETIME,	/* u64: as of a path, or 0 to end it */
	PMIP6_A_EXPIRY_SET_GENERATION,	/* u32: as of a path */
	PMIP6_A_EXPIRY_SET_PATHS,	/* u32: how many it has; replies only */
	__PMIP6_A_EXPIRY_SET_MAX,
};

#define PMIP6_A_EXPIRY_SET_MAX (__PMIP6_A_EXPIRY_SET_MAX - 1)

/* How many flows a binding may have. */
#define PMIP6_FLOWS_MAX		4096

/* What becomes of the packets of a flow. */
enum pmip6_flow_action {
	PMIP6_FLOW_UNSPEC,
	PMIP6_FLOW_FORWARD,	/* by the first of its paths that lives */
	PMIP6_FLOW_DUPLICATE,	/* by all of those */
	PMIP6_FLOW_DROP,
	__PMIP6_FLOW_MAX,
};

#define PMIP6_FLOW_MAX (__PMIP6_FLOW_MAX - 1)

/*
 * Which packets (RFC 6088 4.2, IPv6), as they come from correspondents.  Each is
 * a range: a _LAST that is missing is the _FIRST; a field of which neither is there
 * does not matter.
 */
enum pmip6_selector_attr {
	PMIP6_A_SELECTOR_UNSPEC,
	PMIP6_A_SELECTOR_SOURCE_FIRST,		/* binary, 16 octets */
	PMIP6_A_SELECTOR_SOURCE_LAST,		/* binary, 16 octets */
	PMIP6_A_SELECTOR_DESTINATION_FIRST,	/* binary, 16 octets */
	PMIP6_A_SELECTOR_DESTINATION_LAST,	/* binary, 16 octets */
	PMIP6_A_SELECTOR_SPI_FIRST,		/* u32: of ESP or AH */
	PMIP6_A_SELECTOR_SPI_LAST,		/* u32 */
	PMIP6_A_SELECTOR_FLOW_LABEL_FIRST,	/* u32: 20 bits */
	PMIP6_A_SELECTOR_FLOW_LABEL_LAST,	/* u32 */
	PMIP6_A_SELECTOR_SOURCE_PORT_FIRST,	/* u16 */
	PMIP6_A_SELECTOR_SOURCE_PORT_LAST,	/* u16 */
	PMIP6_A_SELECTOR_DESTINATION_PORT_FIRST, /* u16 */
	PMIP6_A_SELECTOR_DESTINATION_PORT_LAST,	/* u16 */
	PMIP6_A_SELECTOR_DS_FIRST,	/* u8: upper 6 bits of the traffic class */
	PMIP6_A_SELECTOR_DS_LAST,	/* u8 */
	PMIP6_A_SELECTOR_PROTOCOL_FIRST, /* u8: after extension headers */
	PMIP6_A_SELECTOR_PROTOCOL_LAST,	/* u8 */
	__PMIP6_A_SELECTOR_MAX,
};

#define PMIP6_A_SELECTOR_MAX (__PMIP6_A_SELECTOR_MAX - 1)

enum pmip6_flow_attr {
	PMIP6_A_FLOW_UNSPEC,
	PMIP6_A_FLOW_PAD,
	PMIP6_A_FLOW_FID,	/* u16: identifier within the binding, not 0 */
	PMIP6_A_FLOW_PRIORITY,	/* u16: not 0, and no other's; lowest first */
	PMIP6_A_FLOW_ACTION,	/* u8: enum pmip6_flow_action; default forward */
	/* binary: u16 each, the preferred path first; unless the action is drop */
	PMIP6_A_FLOW_BIDS,
	PMIP6_A_FLOW_SELECTOR,	/* nest: enum pmip6_selector_attr */
	PMIP6_A_FLOW_STATS,	/* nest: enum pmip6_stats_attr; replies only */
	__PMIP6_A_FLOW_MAX,
};

#define PMIP6_A_FLOW_MAX (__PMIP6_A_FLOW_MAX - 1)

enum pmip6_flow_list_attr {
	PMIP6_A_FLOW_LIST_UNSPEC,
	PMIP6_A_FLOW_LIST_FLOW,	/* nest: enum pmip6_flow_attr; repeated */
	__PMIP6_A_FLOW_LIST_MAX,
};

#define PMIP6_A_FLOW_LIST_MAX (__PMIP6_A_FLOW_LIST_MAX - 1)

/* Attributes of PMIP6_CMD_FLOW_*. */
enum pmip6_flows_attr {
	PMIP6_A_FLOWS_UNSPEC,
	PMIP6_A_FLOWS_IFINDEX,	/* u32: the pmip6 device */
	PMIP6_A_FLOWS_HNP,	/* nest: of the binding */
	PMIP6_A_FLOWS_FID,	/* u16: FLOW_DEL: which, or all */
	PMIP6_A_FLOWS_LIST,	/* nest: enum pmip6_flow_list_attr */
	__PMIP6_A_FLOWS_MAX,
};

#define PMIP6_A_FLOWS_MAX (__PMIP6_A_FLOWS_MAX - 1)

/* Attributes of all events. */
enum pmip6_event_attr {
	PMIP6_A_EVENT_UNSPEC,
	PMIP6_A_EVENT_PAD,
	PMIP6_A_EVENT_IFINDEX,		/* u32: the pmip6 device */
	PMIP6_A_EVENT_HNP,		/* nest: of the binding whose path expired */
	PMIP6_A_EVENT_COOKIE,		/* u64: of that binding */
	PMIP6_A_EVENT_BID,		/* u16: of that path */
	PMIP6_A_EVENT_EXPIRY_SET,	/* u32 */
	PMIP6_A_EVENT_GENERATION,	/* u32 */
	PMIP6_A_EVENT_ADDRESS,		/* nest: the unknown mobile node's */
	PMIP6_A_EVENT_REMOTE,		/* nest: outer source, if by a tunnel */
	PMIP6_A_EVENT_ACCESS_IFINDEX,	/* u32: where it came in, if by a link */
	PMIP6_A_EVENT_DROP,		/* u32: enum pmip6_drop */
	PMIP6_A_EVENT_PATHS,		/* u32: how many a set had as it expired */
	__PMIP6_A_EVENT_MAX,
};

#define PMIP6_A_EVENT_MAX (__PMIP6_A_EVENT_MAX - 1)

#endif /* _UAPI_LINUX_PMIP6_H */
