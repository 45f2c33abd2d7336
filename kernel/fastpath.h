/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fast path: packets of established bindings are taken where they arrive,
 * on interfaces that the operator names, and sent on without routing and
 * netfilter's hooks. What is out of the ordinary goes the usual way.
 */
#ifndef PMIP6_FASTPATH_H
#define PMIP6_FASTPATH_H

#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/pmip6.h>
#include <linux/rcupdate.h>

struct netlink_ext_ack;
struct nlattr;
struct pmip6_device;

/* Room of a nest of interfaces. */
#define PMIP6_FASTPATH_ATTR_SIZE \
	(nla_total_size(0) + PMIP6_FASTPATH_MAX_IFACES * nla_total_size(sizeof(u32)))

extern const struct nla_policy pmip6_fastpath_policy[PMIP6_A_FASTPATH_MAX + 1];

/**
 * struct pmip6_fastpath - an interface whose packets a device takes
 * @list: in &struct pmip6_device.fastpaths, changed under RTNL, read by RCU
 * @device: the device
 * @dev: the interface, which is in the device's namespace
 * @tracker: of the reference to @dev
 * @hook: at the interface's ingress; its private data is this
 * @wanted: a command that is being carried out names it too
 * @rcu: frees it
 */
struct pmip6_fastpath {
	struct list_head list;
	struct pmip6_device *device;
	struct net_device *dev;
	netdevice_tracker tracker;
	struct nf_hook_ops hook;
	bool wanted;
	struct rcu_head rcu;
};

/**
 * pmip6_fastpath_hook() - what happens to a packet at an interface's ingress
 * @priv: a &struct pmip6_fastpath
 * @skb: the packet
 * @state: of the hook
 *
 * Context: softirq or BH disabled, RCU read side.
 * Return: NF_STOLEN for a packet that was taken, NF_ACCEPT for one that goes
 * the usual way, as it came.
 */
unsigned int pmip6_fastpath_hook(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state);

/**
 * pmip6_fastpath_set() - name the interfaces of a device's fast path
 * @pd: a registered device
 * @attr: a nest of enum pmip6_fastpath_attr; an empty one ends the fast path
 * @extack: told why not
 *
 * All of it happens or nothing. An interface that stays is not interrupted.
 *
 * Context: process, holding RTNL. Sleeps.
 * Return: 0, -EINVAL, -ENODEV, -ENOMEM, or -EOPNOTSUPP on a kernel without
 * CONFIG_NETFILTER_INGRESS.
 */
int pmip6_fastpath_set(struct pmip6_device *pd, const struct nlattr *attr,
		       struct netlink_ext_ack *extack);

/**
 * pmip6_fastpath_put() - write the interfaces of a device's fast path
 * @skb: the message, in an open nest
 * @pd: the device
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int pmip6_fastpath_put(struct sk_buff *skb, const struct pmip6_device *pd);

/**
 * pmip6_fastpath_init() - module init: interfaces may go
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int pmip6_fastpath_init(void);

/**
 * pmip6_fastpath_exit() - module exit, after the last device
 *
 * Context: process.
 */
void pmip6_fastpath_exit(void);

#endif /* PMIP6_FASTPATH_H */
