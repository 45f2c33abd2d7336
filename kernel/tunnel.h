/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tunnels appear with the first path that needs them and go with the last.
 */
#ifndef PMIP6_TUNNEL_H
#define PMIP6_TUNNEL_H

#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/pmip6.h>
#include <linux/rhashtable.h>
#include <net/dst_cache.h>

#include "counters.h"

struct pmip6_device;
struct pmip6_net;

/**
 * struct pmip6_tunnel_key - what makes a tunnel this one
 * @local: our end
 * @remote: the other end
 * @encap: enum pmip6_encap
 * @key: GRE key, or 0
 */
struct pmip6_tunnel_key {
	struct in6_addr local;
	struct in6_addr remote;
	u32 encap;
	u32 key;
};

/**
 * struct pmip6_tunnel - a pair of endpoints
 * @node: in &struct pmip6_net.tunnels
 * @key: what it is found by
 * @device: whose it is
 * @route: the outer route as last looked up on every CPU
 * @stats: traffic on every CPU
 * @users: paths that use it, under the device's lock
 * @id: in &struct pmip6_device.tunnels
 * @rcu: frees it
 */
struct pmip6_tunnel {
	struct rhash_head node;
	struct pmip6_tunnel_key key;
	struct pmip6_device *device;
	struct dst_cache route;
	struct pcpu_sw_netstats __percpu *stats;
	u32 users;
	u32 id;
	struct rcu_head rcu;
};

/**
 * pmip6_tunnel_get() - the tunnel to a remote endpoint, made if need be
 * @pd: the device
 * @remote: the other end
 * @encap: how packets are wrapped
 * @key: GRE key, or 0
 *
 * Context: process, holding the device's lock. Sleeps.
 * Return: the tunnel with one more user, or ERR_PTR(-ENOMEM) and the like.
 */
struct pmip6_tunnel *pmip6_tunnel_get(struct pmip6_device *pd,
				      const struct in6_addr *remote,
				      enum pmip6_encap encap, u32 key);

/**
 * pmip6_tunnel_put() - one user less; the last one ends the tunnel
 * @tunnel: the tunnel
 *
 * Context: process, holding the device's lock.
 */
void pmip6_tunnel_put(struct pmip6_tunnel *tunnel);

/**
 * pmip6_tunnel_lookup() - the tunnel that an outer header belongs to
 * @net: the underlay's namespace
 * @local: outer destination
 * @remote: outer source
 * @encap: how the packet was wrapped
 *
 * Context: RCU read side; the result is valid inside it.
 * Return: a tunnel or NULL.
 */
struct pmip6_tunnel *pmip6_tunnel_lookup(struct net *net,
					 const struct in6_addr *local,
					 const struct in6_addr *remote,
					 enum pmip6_encap encap);

/**
 * pmip6_tunnel_route() - the route of outer packets, from the cache if it can
 * @tunnel: the tunnel
 * @why: on failure, what to count
 *
 * The lookup goes through IPsec policy before its result is cached.
 *
 * Context: BH disabled, RCU read side.
 * Return: a route with a reference, or NULL.
 */
struct dst_entry *pmip6_tunnel_route(struct pmip6_tunnel *tunnel,
				     enum pmip6_drop *why);

/**
 * pmip6_tunnel_mtu() - what fits inside, by the present route
 * @tunnel: the tunnel
 *
 * Context: process, RCU read side.
 * Return: octets of the largest inner packet that needs no outer fragments,
 * or 0 without a route.
 */
u32 pmip6_tunnel_mtu(struct pmip6_tunnel *tunnel);

/**
 * pmip6_tunnels_forget_routes() - look every outer route up again
 * @pd: the device
 *
 * Context: process, holding the device's lock.
 */
void pmip6_tunnels_forget_routes(struct pmip6_device *pd);

/**
 * pmip6_tunnels_detach() - no packet finds the device's tunnels any more
 * @pd: a device that carries no traffic any more
 *
 * Lets go of the routes, and so of the underlay's devices; the tunnels
 * themselves stay until their paths go.
 *
 * Context: process, holding the device's lock.
 */
void pmip6_tunnels_detach(struct pmip6_device *pd);

/**
 * pmip6_tunnel_totals() - add up a tunnel's traffic over all CPUs
 * @tunnel: the tunnel
 * @totals: where to put it
 *
 * Context: any; RCU or the device's lock holds @tunnel.
 */
void pmip6_tunnel_totals(const struct pmip6_tunnel *tunnel,
			 struct pmip6_totals *totals);

/**
 * pmip6_tunnel_init_net() - namespace init
 * @pn: the module's part of the namespace
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int pmip6_tunnel_init_net(struct pmip6_net *pn);

/**
 * pmip6_tunnel_exit_net() - namespace exit, after its last device
 * @pn: the module's part of the namespace
 *
 * Context: process.
 */
void pmip6_tunnel_exit_net(struct pmip6_net *pn);

static inline void pmip6_tunnel_count_tx(struct pmip6_tunnel *tunnel,
					 unsigned int len)
{
	struct pcpu_sw_netstats *stats = this_cpu_ptr(tunnel->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->tx_packets);
	u64_stats_add(&stats->tx_bytes, len);
	u64_stats_update_end(&stats->syncp);
}

static inline void pmip6_tunnel_count_rx(struct pmip6_tunnel *tunnel,
					 unsigned int len)
{
	struct pcpu_sw_netstats *stats = this_cpu_ptr(tunnel->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->rx_packets);
	u64_stats_add(&stats->rx_bytes, len);
	u64_stats_update_end(&stats->syncp);
}

#endif /* PMIP6_TUNNEL_H */
