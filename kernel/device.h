/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The `pmip6` network device: one local address in one underlay, in the role
 * of anchor or gateway.
 */
#ifndef PMIP6_DEVICE_H
#define PMIP6_DEVICE_H

#include <linux/in6.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pmip6.h>
#include <linux/xarray.h>
#include <net/gro_cells.h>

#include "binding.h"
#include "counters.h"
#include "lifetime.h"

struct netlink_ext_ack;
struct pmip6_fragments;
struct rtnl_newlink_params;

/**
 * struct pmip6_device - private part of a pmip6 network device
 * @dev: the network device
 * @net: the underlay's namespace; when it goes, so does the device
 * @list: in the underlay's list of devices, changed under RTNL, read by RCU
 * @inside: in the list of the namespace that it is in, changed and read likewise
 * @local: our end of every tunnel; never changes
 * @role: which side of an inner header is the mobile node; never changes
 * @hop_limit: of outer headers
 * @link: underlay interface that outer packets must leave by, or 0
 * @fwmark: mark for the outer route lookup
 * @fastpaths: interfaces that it takes packets from, changed under RTNL, read by
 *	RCU
 * @lock: serialises every writer of what follows
 * @dying: no new state may be added
 * @bindings: home network prefix to binding
 * @lifetimes: when paths end
 * @tunnels: the tunnels in use, by an index that dumps resume from
 * @next_tunnel: where the next index is looked for
 * @tunnel_count: how many there are
 * @fragments: which flows they take; there since the first flow was
 * @next_event: earliest time, in jiffies, of the next rate-limited event
 * @stats: traffic and drops on every CPU
 * @gro_cells: aggregation of what was decapsulated
 */
struct pmip6_device {
	struct net_device *dev;
	struct net *net;
	struct list_head list;
	struct hlist_node inside;
	struct in6_addr local;
	enum pmip6_role role;
	u8 hop_limit;
	int link;
	u32 fwmark;
	struct list_head fastpaths;

	struct mutex lock; /* of what follows, against other writers */
	bool dying;
	struct pmip6_binding_table bindings;
	struct pmip6_lifetimes lifetimes;
	struct xarray tunnels;
	u32 next_tunnel;
	u32 tunnel_count;
	struct pmip6_fragments *fragments;

	unsigned long next_event;
	struct pmip6_pcpu_stats __percpu *stats;
	struct gro_cells gro_cells;
};

/**
 * pmip6_is_device() - is this network device one of ours
 * @dev: any network device
 *
 * Context: any.
 * Return: true if its private part is a &struct pmip6_device.
 */
bool pmip6_is_device(const struct net_device *dev);

/**
 * pmip6_device_get() - find a device by its index and keep it
 * @net: the namespace that the index is of
 * @ifindex: the index
 * @tracker: remembers who keeps it, for netdev_put()
 * @extack: told when there is none
 *
 * Context: process. RTNL is not needed.
 * Return: the device, with a reference that the caller gives back by
 * netdev_put(), or ERR_PTR(-ENODEV) or ERR_PTR(-EOPNOTSUPP) for a device of
 * another kind.
 */
struct pmip6_device *pmip6_device_get(struct net *net, int ifindex,
				      netdevice_tracker *tracker,
				      struct netlink_ext_ack *extack);

/**
 * pmip6_device_next() - the device with the next higher index
 * @net: the namespace
 * @after: the index that it is higher than; 0 for the first device
 *
 * Not the lowest that is wanted: an index may be INT_MAX, and who walks them
 * would then come round to the first again.
 *
 * Context: RCU read side; the result is valid inside it.
 * Return: a device, or NULL after the last.
 */
struct pmip6_device *pmip6_device_next(struct net *net, int after);

/**
 * pmip6_device_by_local() - find a device by its local address
 * @net: the underlay's namespace
 * @local: the address
 *
 * Linear in the devices of the namespace, which are few; not for packets that
 * found their tunnel.
 *
 * Context: RCU read side; the result is valid inside it.
 * Return: a device or NULL.
 */
struct pmip6_device *pmip6_device_by_local(struct net *net,
					   const struct in6_addr *local);

/**
 * pmip6_device_newlink() - make a device of what a user asked for
 * @dev: a device that is not registered yet
 * @params: the namespaces and attributes of the request
 * @extack: what to tell who asked
 *
 * Called through pmip6_compat_newlink(), as kernels differ in how.
 *
 * Context: process, holding RTNL.
 * Return: 0 with @dev registered, or -EINVAL, -ENODEV, -EEXIST, -ENOMEM and
 * what register_netdevice() returns.
 */
int pmip6_device_newlink(struct net_device *dev,
			 struct rtnl_newlink_params *params,
			 struct netlink_ext_ack *extack);

/**
 * pmip6_device_init() - module init: the link kind
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int pmip6_device_init(void);

/**
 * pmip6_device_exit() - module exit: every device goes
 *
 * Context: process.
 */
void pmip6_device_exit(void);

/**
 * pmip6_device_exit_net() - the devices of an underlay that goes away
 * @net: the underlay's namespace
 * @kill: where to queue them for unregistering
 *
 * Context: process, under RTNL.
 */
void pmip6_device_exit_net(struct net *net, struct list_head *kill);

#endif /* PMIP6_DEVICE_H */
