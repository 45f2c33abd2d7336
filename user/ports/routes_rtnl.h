/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Routes, rules, links and addresses, over rtnetlink.
 *
 * Whatever is made here carries a route protocol of its own, so that it can be
 * told from what others made: "ip -6 route show proto 52".
 */
#ifndef PMIP6_PORTS_ROUTES_RTNL_H
#define PMIP6_PORTS_ROUTES_RTNL_H

#include <net/ethernet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "../mh/mh.h"
#include "../nl/link.h"
#include "nl_queue.h"

/* That of no one in /etc/iproute2/rt_protos. */
#define ROUTES_PROTOCOL 52

/*
 * The next hop of every route by a pmip6 device. No one has it and nothing is
 * sent to it; but without one, the kernel would keep a neighbour for each
 * destination, and make and forget one for each packet once these are too many.
 */
#define ROUTES_TUNNEL_GATEWAY "fe80::5213"

/**
 * struct route - a route
 * @prefix: where to; length 0 for the default
 * @table: which table
 * @ifindex: out of which interface, or 0 with @unreachable
 * @metric: lower is preferred, or 0 for the kernel's default
 * @tunnel: by a pmip6 device, and so via ROUTES_TUNNEL_GATEWAY; not told by
 *	route_get()
 * @unreachable: refuse with ICMPv6, no route
 */
struct route {
	struct mh_prefix prefix;
	uint32_t table;
	uint32_t ifindex;
	uint32_t metric;
	bool tunnel;
	bool unreachable;
};

/**
 * struct routing_rule - which packets look into which table
 * @preference: its place; lower is earlier
 * @from: has its source there; of length 0 from anywhere
 * @iif: came in by
 * @table: look there, or 0 to drop them
 */
struct routing_rule {
	uint32_t preference;
	struct mh_prefix from;
	char iif[IFNAMSIZ];
	uint32_t table;
};

/**
 * route_add() - make a route, or make it what it should be
 * @queue: of NETLINK_ROUTE
 * @route: the route
 * @done: when the kernel has answered, or NULL
 * @context: for @done
 */
void route_add(struct nl_queue *queue, const struct route *route,
	       nl_done_t done, void *context);

/**
 * route_delete() - end a route, whatever its next hop
 * @queue: of NETLINK_ROUTE
 * @route: the route
 * @done: when the kernel has answered, or NULL; ESRCH if there was none
 * @context: for @done
 */
void route_delete(struct nl_queue *queue, const struct route *route,
		  nl_done_t done, void *context);

/**
 * route_dump() - all routes of ours
 * @queue: of NETLINK_ROUTE
 * @each: for each, with what route_get() takes
 * @done: when there are no more; EINTR if they changed meanwhile
 * @context: for both
 */
void route_dump(struct nl_queue *queue, nl_each_t each, nl_done_t done,
		void *context);

/**
 * route_get() - a route of a dump
 * @nlh: the message
 * @route: where to put it
 *
 * Return: false if it is none of ours.
 */
bool route_get(struct nlmsghdr *nlh, struct route *route);

/**
 * rule_add() - make a rule
 * @queue: of NETLINK_ROUTE
 * @rule: the rule
 * @done: when the kernel has answered, or NULL; EEXIST if it is there
 * @context: for @done
 */
void rule_add(struct nl_queue *queue, const struct routing_rule *rule,
	      nl_done_t done, void *context);

/**
 * rule_delete() - end a rule
 * @queue: of NETLINK_ROUTE
 * @rule: the rule
 * @done: when the kernel has answered, or NULL; ENOENT if there was none
 * @context: for @done
 */
void rule_delete(struct nl_queue *queue, const struct routing_rule *rule,
		 nl_done_t done, void *context);

/**
 * rule_dump() - all rules
 * @queue: of NETLINK_ROUTE
 * @each: for each, with what rule_get() takes
 * @done: when there are no more; EINTR if they changed meanwhile
 * @context: for both
 */
void rule_dump(struct nl_queue *queue, nl_each_t each, nl_done_t done,
	       void *context);

/**
 * rule_get() - a rule of a dump
 * @nlh: the message
 * @rule: where to put it
 *
 * Return: false if it is none of ours.
 */
bool rule_get(struct nlmsghdr *nlh, struct routing_rule *rule);

/**
 * link_change() - change a pmip6 device
 * @queue: of NETLINK_ROUTE
 * @spec: its name, and what is to be otherwise
 * @done: when the kernel has answered, or NULL; ENODEV if it is not there
 * @context: for @done
 */
void link_change(struct nl_queue *queue, const struct link_spec *spec,
		 nl_done_t done, void *context);

/**
 * link_ensure() - make a pmip6 device if there is none of its name, and bring
 * it up
 * @queue: of NETLINK_ROUTE
 * @spec: the device
 * @done: when the kernel has answered, or NULL; EOPNOTSUPP without the module
 * @context: for @done
 *
 * One that is there keeps its role and address; whether they are right is for
 * the caller to see.
 */
void link_ensure(struct nl_queue *queue, const struct link_spec *spec,
		 nl_done_t done, void *context);

/**
 * link_set_address() - give a link a link-layer address
 * @queue: of NETLINK_ROUTE
 * @ifindex: the link
 * @lladdr: the address
 * @done: when the kernel has answered, or NULL
 * @context: for @done
 */
void link_set_address(struct nl_queue *queue, uint32_t ifindex,
		      const uint8_t lladdr[ETH_ALEN], nl_done_t done,
		      void *context);

/**
 * address_add() - give a link an address, without Duplicate Address Detection
 * @queue: of NETLINK_ROUTE
 * @ifindex: the link
 * @address: the address
 * @len: its prefix length
 * @done: when the kernel has answered, or NULL; EEXIST if it is there
 * @context: for @done
 */
void address_add(struct nl_queue *queue, uint32_t ifindex,
		 const struct in6_addr *address, uint8_t len, nl_done_t done,
		 void *context);

/**
 * address_add_detected() - give a link an address, once nobody else is found to
 * have it
 * @queue: of NETLINK_ROUTE
 * @ifindex: the link
 * @address: the address
 * @len: its prefix length
 * @done: when the kernel has answered, or NULL; EEXIST if it is there
 * @context: for @done
 *
 * RFC 4862 5.4; that somebody has it is not told.
 */
void address_add_detected(struct nl_queue *queue, uint32_t ifindex,
			  const struct in6_addr *address, uint8_t len,
			  nl_done_t done, void *context);

/**
 * address_delete() - take an address from a link
 * @queue: of NETLINK_ROUTE
 * @ifindex: the link
 * @address: the address
 * @len: its prefix length
 * @done: when the kernel has answered, or NULL; EADDRNOTAVAIL if there was none
 * @context: for @done
 */
void address_delete(struct nl_queue *queue, uint32_t ifindex,
		    const struct in6_addr *address, uint8_t len,
		    nl_done_t done, void *context);

/**
 * struct link_address - an address of a link
 * @ifindex: the link
 * @address: the address
 * @len: its prefix length
 */
struct link_address {
	uint32_t ifindex;
	struct in6_addr address;
	uint8_t len;
};

/**
 * address_dump() - all addresses of ours
 * @queue: of NETLINK_ROUTE
 * @each: for each, with what address_get() takes
 * @done: when there are no more; EINTR if they changed meanwhile
 * @context: for both
 */
void address_dump(struct nl_queue *queue, nl_each_t each, nl_done_t done,
		  void *context);

/**
 * address_get() - an address of a dump
 * @nlh: the message
 * @address: where to put it
 *
 * Return: false if it is none of ours, or the kernel (before Linux 5.18) does
 * not keep whose it is.
 */
bool address_get(struct nlmsghdr *nlh, struct link_address *address);

/**
 * neighbour_probe() - have the kernel find out whether a neighbour is there
 * @queue: of NETLINK_ROUTE
 * @ifindex: its link
 * @address: its address
 * @lladdr: its link-layer address, ETH_ALEN octets
 *
 * By unicast Neighbour Solicitations (RFC 4861 7.3.3). That it failed is told
 * by a link monitor; nothing is told of one that answers.
 */
void neighbour_probe(struct nl_queue *queue, uint32_t ifindex,
		     const struct in6_addr *address, const uint8_t *lladdr);

#endif /* PMIP6_PORTS_ROUTES_RTNL_H */
