/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel tells of links and of neighbours on them.
 */
#ifndef PMIP6_PORTS_LINK_MONITOR_H
#define PMIP6_PORTS_LINK_MONITOR_H

#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct ev_loop;
struct link_monitor;

/**
 * struct link_state - a link as it is now
 * @ifindex: its index
 * @name: its name
 * @up: somebody brought it up
 * @running: it is up and has a carrier
 * @gone: it is not there any more
 * @is_pmip6: it is a device of ours
 * @role: then: enum pmip6_role
 * @local: then: its address
 * @mtu: its MTU
 * @has_lladdr: it has a link-layer address of ETH_ALEN octets
 * @lladdr: that
 */
struct link_state {
	uint32_t ifindex;
	char name[IFNAMSIZ];
	bool up;
	bool running;
	bool gone;
	bool is_pmip6;
	uint8_t role;
	struct in6_addr local;
	uint32_t mtu;
	bool has_lladdr;
	uint8_t lladdr[ETH_ALEN];
};

/**
 * struct link_listener - who wants to know
 * @context: given to each
 * @on_link: a link came, changed, or went; also once for each at start
 * @on_neighbour_failed: the kernel asked for a neighbour and it did not answer
 */
struct link_listener {
	void *context;
	void (*on_link)(void *context, const struct link_state *link);
	void (*on_neighbour_failed)(void *context, uint32_t ifindex,
				    const struct in6_addr *address);
};

/**
 * link_monitor_new() - listen
 * @loop: where callbacks run
 * @listener: who wants to know; must live as long
 *
 * Return: the monitor, for link_monitor_free(), or NULL with errno set.
 */
struct link_monitor *link_monitor_new(struct ev_loop *loop,
				      const struct link_listener *listener);

/**
 * link_monitor_free() - listen no more
 * @monitor: the monitor or NULL
 */
void link_monitor_free(struct link_monitor *monitor);

/**
 * link_monitor_catch_up() - hear now what the kernel has told already
 * @monitor: the monitor
 *
 * For whoever got an error that a link's end would explain.
 */
void link_monitor_catch_up(struct link_monitor *monitor);

#endif /* PMIP6_PORTS_LINK_MONITOR_H */
