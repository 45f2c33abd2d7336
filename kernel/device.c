// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/module.h>
#include <net/addrconf.h>
#include <net/rtnetlink.h>

#include "access.h"
#include "compat.h"
#include "device.h"
#include "encap.h"
#include "event.h"
#include "fastpath.h"
#include "flow.h"
#include "fragment.h"
#include "inner.h"
#include "local.h"
#include "net.h"
#include "netlink.h"
#include "path.h"

#define DEFAULT_HOP_LIMIT	64

/*
 * Each tunnel knows its own path MTU, so the device does not narrow it. What
 * is left is the room that an outer header needs.
 */
#define DEVICE_MTU		(IPV6_MAXPLEN - sizeof(struct ipv6hdr))

/* An outer route may lead into another tunnel, but not round and round. */
#define XMIT_DEPTH_MAX		4

static DEFINE_PER_CPU(unsigned int, xmit_depth);

static struct rtnl_link_ops link_ops;

bool pmip6_is_device(const struct net_device *dev)
{
	return dev->rtnl_link_ops == &link_ops;
}

struct pmip6_device *pmip6_device_get(struct net *net, int ifindex,
				      netdevice_tracker *tracker,
				      struct netlink_ext_ack *extack)
{
	struct net_device *dev = dev_get_by_index(net, ifindex);

	if (!dev) {
		NL_SET_ERR_MSG(extack, "no such device");
		return ERR_PTR(-ENODEV);
	}
	if (!pmip6_is_device(dev)) {
		dev_put(dev);
		NL_SET_ERR_MSG(extack, "the device is not of kind pmip6");
		return ERR_PTR(-EOPNOTSUPP);
	}
	netdev_hold(dev, tracker, GFP_KERNEL);
	dev_put(dev);
	return netdev_priv(dev);
}

struct pmip6_device *pmip6_device_next(struct net *net, int after)
{
	struct pmip6_device *pd, *best = NULL;

	hlist_for_each_entry_rcu(pd, &pmip6_net(net)->inside, inside)
		if (pd->dev->ifindex > after &&
		    (!best || pd->dev->ifindex < best->dev->ifindex))
			best = pd;
	return best;
}

struct pmip6_device *pmip6_device_by_local(struct net *net,
					   const struct in6_addr *local)
{
	struct pmip6_device *pd;

	list_for_each_entry_rcu(pd, &pmip6_net(net)->devices, list,
				lockdep_rtnl_is_held())
		if (ipv6_addr_equal(&pd->local, local))
			return pd;
	return NULL;
}

static enum pmip6_drop xmit_by_flow(struct sk_buff *skb,
				    struct pmip6_device *pd,
				    struct pmip6_binding *binding)
{
	const struct pmip6_path *path;
	unsigned int len = skb->len;
	struct pmip6_flow *flow;
	enum pmip6_drop why;

	path = pmip6_flow_choose(binding, skb, &flow, &why);
	if (flow)
		pmip6_counters_tx(&flow->counters, len);
	if (!path)
		return why;
	if (flow && flow->spec.action == PMIP6_FLOW_DUPLICATE)
		pmip6_flow_duplicate(binding, flow, path, skb);
	why = pmip6_encap_xmit(skb, path->tunnel);
	if (likely(!why))
		pmip6_counters_tx(&binding->counters, len);
	return why;
}

static enum pmip6_drop xmit(struct sk_buff *skb, struct pmip6_device *pd)
{
	struct pmip6_binding *binding, *local;
	const struct pmip6_path *path;
	const struct ipv6hdr *inner;
	unsigned int len = skb->len;
	enum pmip6_drop why;

	if (unlikely(skb->protocol != htons(ETH_P_IPV6)))
		return PMIP6_DROP_PROTOCOL;
	if (unlikely(skb_network_offset(skb) ||
		     !pskb_may_pull(skb, sizeof(*inner))))
		return PMIP6_DROP_MALFORMED;
	inner = ipv6_hdr(skb);
	if (unlikely(inner->version != 6))
		return PMIP6_DROP_MALFORMED;
	if (unlikely(!pmip6_inner_addresses_ok(inner)))
		return PMIP6_DROP_BAD_ADDRESS;

	binding = pmip6_binding_lookup(&pd->bindings,
				       pmip6_inner_mn_going_in(pd->role, inner));
	if (unlikely(!binding))
		return PMIP6_DROP_NO_BINDING;
	if (unlikely(rcu_access_pointer(binding->flows)))
		return xmit_by_flow(skb, pd, binding);
	path = pmip6_path_choose(binding, skb, &why);
	if (unlikely(!path))
		return why;
	if (pd->role == PMIP6_ROLE_MAG) {
		why = pmip6_access_check(path, skb);
		if (unlikely(why))
			return why;
		local = pmip6_local_lookup(pd, binding, path, skb);
		if (local)
			return pmip6_local_xmit(pd, skb, binding, local);
	}

	why = pmip6_encap_xmit(skb, path->tunnel);
	if (likely(!why))
		pmip6_counters_tx(&binding->counters, len);
	return why;
}

/*
 * Tell the correspondent what it can act on. At a gateway the source is the
 * one in doubt, so nothing goes to it; a binding without a path waits for its
 * mobile node to come back, so nothing is said of it (RFC 5213 5.3.5).
 */
static void refuse(struct sk_buff *skb, struct pmip6_device *pd,
		   enum pmip6_drop why)
{
	switch (why) {
	case PMIP6_DROP_NO_BINDING:
	case PMIP6_DROP_EXPIRED:
		if (pd->role != PMIP6_ROLE_LMA)
			break;
		fallthrough;
	case PMIP6_DROP_NO_ROUTE:
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH,
				0);
		break;
	default:
		break;
	}

	switch (why) {
	case PMIP6_DROP_NO_BINDING:
	case PMIP6_DROP_ACCESS_LINK:
	case PMIP6_DROP_LLADDR:
		pmip6_event_mn_unknown(pd,
				       pmip6_inner_mn_going_in(pd->role,
							       ipv6_hdr(skb)),
				       NULL, skb->skb_iif, why);
		break;
	default:
		break;
	}
}

static netdev_tx_t device_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct pmip6_device *pd = netdev_priv(dev);
	enum pmip6_drop why = PMIP6_DROP_LOOP;

	/* Who transmits may hold rcu_read_lock_bh() only, as packet sockets. */
	rcu_read_lock();
	if (likely(__this_cpu_inc_return(xmit_depth) <= XMIT_DEPTH_MAX))
		why = xmit(skb, pd);
	__this_cpu_dec(xmit_depth);
	if (unlikely(why)) {
		refuse(skb, pd, why);
		pmip6_count_drop(pd, why, true);
		kfree_skb_reason(skb, pmip6_drop_reason(why));
	}
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

static int device_init(struct net_device *dev)
{
	struct pmip6_device *pd = netdev_priv(dev);
	int err;

	pd->dev = dev;
	INIT_LIST_HEAD(&pd->fastpaths);
	mutex_init(&pd->lock);
	xa_init_flags(&pd->tunnels, XA_FLAGS_ALLOC1);
	pmip6_lifetimes_init(&pd->lifetimes, &pd->lock, pmip6_path_reap);
	pd->next_event = jiffies;

	pd->stats = netdev_alloc_pcpu_stats(struct pmip6_pcpu_stats);
	if (!pd->stats)
		return -ENOMEM;
	err = pmip6_binding_table_init(&pd->bindings);
	if (err)
		goto free_stats;
	err = gro_cells_init(&pd->gro_cells, dev);
	if (err)
		goto free_table;

	list_add_rcu(&pd->list, &pmip6_net(pd->net)->devices);
	return 0;
free_table:
	pmip6_binding_table_free(&pd->bindings);
free_stats:
	free_percpu(pd->stats);
	return err;
}

/* Traffic has stopped. Let go of the underlay; the rest can wait for RTNL. */
static void device_uninit(struct net_device *dev)
{
	struct pmip6_device *pd = netdev_priv(dev);

	list_del_rcu(&pd->list);
	mutex_lock(&pd->lock);
	pmip6_tunnels_detach(pd);
	pd->dying = true;
	mutex_unlock(&pd->lock);
	pmip6_lifetimes_stop(&pd->lifetimes);
}

static void device_free(struct net_device *dev)
{
	struct pmip6_device *pd = netdev_priv(dev);

	pmip6_binding_delete_all(pd);
	/* Enqueueing may have armed the worker again. */
	pmip6_lifetimes_stop(&pd->lifetimes);
	pmip6_lifetimes_free(&pd->lifetimes);
	pmip6_binding_table_free(&pd->bindings);
	xa_destroy(&pd->tunnels);
	kfree(pd->fragments);
	gro_cells_destroy(&pd->gro_cells);
	free_percpu(pd->stats);
}

static int device_open(struct net_device *dev)
{
	struct inet6_dev *idev = __in6_dev_get(dev);

	/*
	 * No link-local address: with one, a packet that goes out where it
	 * came in, from mobile node to mobile node, would cost a Redirect.
	 */
	if (idev)
		idev->cnf.addr_gen_mode = IN6_ADDR_GEN_MODE_NONE;
	return 0;
}

static int device_iflink(const struct net_device *dev)
{
	const struct pmip6_device *pd = netdev_priv(dev);

	return READ_ONCE(pd->link);
}

static const struct net_device_ops device_ops = {
	.ndo_init = device_init,
	.ndo_uninit = device_uninit,
	.ndo_open = device_open,
	.ndo_start_xmit = device_xmit,
	.ndo_get_stats64 = pmip6_get_stats64,
	.ndo_get_iflink = device_iflink,
};

static void device_setup(struct net_device *dev)
{
	const netdev_features_t features = NETIF_F_SG | NETIF_F_FRAGLIST |
					   NETIF_F_HIGHDMA | NETIF_F_HW_CSUM |
					   NETIF_F_GSO_SOFTWARE;

	dev->netdev_ops = &device_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = device_free;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->mtu = DEVICE_MTU;
	dev->min_mtu = IPV6_MIN_MTU;
	dev->max_mtu = DEVICE_MTU;
	dev->features |= features;
	dev->hw_features |= features;
	pmip6_compat_set_lockless_tx(dev);
}

static const struct nla_policy link_policy[IFLA_PMIP6_MAX + 1] = {
	[IFLA_PMIP6_ROLE] = NLA_POLICY_RANGE(NLA_U8, PMIP6_ROLE_LMA,
					     PMIP6_ROLE_MAX),
	[IFLA_PMIP6_LOCAL] = NLA_POLICY_NESTED(pmip6_addr_policy),
	[IFLA_PMIP6_HOP_LIMIT] = NLA_POLICY_MIN(NLA_U8, 1),
	[IFLA_PMIP6_LINK] = { .type = NLA_U32 },
	[IFLA_PMIP6_FWMARK] = { .type = NLA_U32 },
	[IFLA_PMIP6_FASTPATH] = NLA_POLICY_NESTED(pmip6_fastpath_policy),
};

static int parse_local(const struct nlattr *attr, struct in6_addr *local,
		       struct netlink_ext_ack *extack)
{
	int err = pmip6_parse_addr(attr, local, extack);

	if (err)
		return err;
	if (ipv6_addr_any(local) || ipv6_addr_is_multicast(local) ||
	    ipv6_addr_loopback(local) ||
	    ipv6_addr_type(local) & IPV6_ADDR_LINKLOCAL) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "local address must be a global unicast address");
		return -EINVAL;
	}
	return 0;
}

static int device_validate(struct nlattr *tb[], struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	struct in6_addr local;

	if (data && data[IFLA_PMIP6_LOCAL])
		return parse_local(data[IFLA_PMIP6_LOCAL], &local, extack);
	return 0;
}

static int check_link(struct net *net, const struct nlattr *attr,
		      struct netlink_ext_ack *extack)
{
	if (!attr || !nla_get_u32(attr) ||
	    __dev_get_by_index(net, nla_get_u32(attr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "no such underlay interface");
	return -ENODEV;
}

static void set_underlay(struct pmip6_device *pd, struct nlattr *data[])
{
	if (data[IFLA_PMIP6_HOP_LIMIT])
		WRITE_ONCE(pd->hop_limit,
			   nla_get_u8(data[IFLA_PMIP6_HOP_LIMIT]));
	if (data[IFLA_PMIP6_LINK])
		WRITE_ONCE(pd->link, nla_get_u32(data[IFLA_PMIP6_LINK]));
	if (data[IFLA_PMIP6_FWMARK])
		WRITE_ONCE(pd->fwmark, nla_get_u32(data[IFLA_PMIP6_FWMARK]));
}

int pmip6_device_newlink(struct net_device *dev,
			 struct rtnl_newlink_params *params,
			 struct netlink_ext_ack *extack)
{
	struct net *underlay = rtnl_newlink_link_net(params);
	struct pmip6_device *pd = netdev_priv(dev);
	struct nlattr **data = params->data;
	int err;

	if (!data || !data[IFLA_PMIP6_ROLE]) {
		NL_SET_ERR_MSG(extack, "role is missing: lma or mag");
		return -EINVAL;
	}
	if (!data[IFLA_PMIP6_LOCAL]) {
		NL_SET_ERR_MSG(extack, "local address is missing");
		return -EINVAL;
	}
	if (data[IFLA_PMIP6_FASTPATH]) {
		NL_SET_ERR_MSG_ATTR(extack, data[IFLA_PMIP6_FASTPATH],
				    "a device is given a fast path once it is there");
		return -EOPNOTSUPP;
	}
	err = parse_local(data[IFLA_PMIP6_LOCAL], &pd->local, extack);
	if (err)
		return err;
	err = check_link(underlay, data[IFLA_PMIP6_LINK], extack);
	if (err)
		return err;
	if (pmip6_device_by_local(underlay, &pd->local)) {
		NL_SET_ERR_MSG(extack, "another pmip6 device has this local address");
		return -EEXIST;
	}

	pd->net = underlay;
	pd->role = nla_get_u8(data[IFLA_PMIP6_ROLE]);
	pd->hop_limit = DEFAULT_HOP_LIMIT;
	set_underlay(pd, data);
	return register_netdevice(dev);
}

static int device_changelink(struct net_device *dev, struct nlattr *tb[],
			     struct nlattr *data[],
			     struct netlink_ext_ack *extack)
{
	struct pmip6_device *pd = netdev_priv(dev);
	struct in6_addr local;
	int err;

	if (!data)
		return 0;
	if (!net_eq(pd->net, dev_net(dev)) &&
	    !ns_capable(pd->net->user_ns, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(extack, "CAP_NET_ADMIN is needed in the underlay's namespace too");
		return -EPERM;
	}
	if (data[IFLA_PMIP6_ROLE] &&
	    nla_get_u8(data[IFLA_PMIP6_ROLE]) != pd->role) {
		NL_SET_ERR_MSG(extack, "the role can not be changed");
		return -EOPNOTSUPP;
	}
	if (data[IFLA_PMIP6_LOCAL]) {
		err = parse_local(data[IFLA_PMIP6_LOCAL], &local, extack);
		if (err)
			return err;
		if (!ipv6_addr_equal(&local, &pd->local)) {
			NL_SET_ERR_MSG(extack, "the local address can not be changed");
			return -EOPNOTSUPP;
		}
	}
	err = check_link(pd->net, data[IFLA_PMIP6_LINK], extack);
	if (err)
		return err;
	if (data[IFLA_PMIP6_FASTPATH]) {
		err = pmip6_fastpath_set(pd, data[IFLA_PMIP6_FASTPATH], extack);
		if (err)
			return err;
	}

	set_underlay(pd, data);
	mutex_lock(&pd->lock);
	pmip6_tunnels_forget_routes(pd);
	mutex_unlock(&pd->lock);
	return 0;
}

static size_t device_get_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(u8)) +		/* IFLA_PMIP6_ROLE */
	       PMIP6_ADDR_ATTR_SIZE +			/* IFLA_PMIP6_LOCAL */
	       nla_total_size(sizeof(u8)) +		/* IFLA_PMIP6_HOP_LIMIT */
	       nla_total_size(sizeof(u32)) +		/* IFLA_PMIP6_LINK */
	       nla_total_size(sizeof(u32)) +		/* IFLA_PMIP6_FWMARK */
	       PMIP6_FASTPATH_ATTR_SIZE;		/* IFLA_PMIP6_FASTPATH */
}

static int put_fastpath(struct sk_buff *skb, const struct pmip6_device *pd)
{
	struct nlattr *nest;

	if (list_empty(&pd->fastpaths))
		return 0;
	nest = nla_nest_start(skb, IFLA_PMIP6_FASTPATH);
	if (!nest || pmip6_fastpath_put(skb, pd))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int device_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct pmip6_device *pd = netdev_priv(dev);

	if (nla_put_u8(skb, IFLA_PMIP6_ROLE, pd->role) ||
	    pmip6_put_addr(skb, IFLA_PMIP6_LOCAL, &pd->local) ||
	    nla_put_u8(skb, IFLA_PMIP6_HOP_LIMIT, pd->hop_limit) ||
	    nla_put_u32(skb, IFLA_PMIP6_LINK, pd->link) ||
	    nla_put_u32(skb, IFLA_PMIP6_FWMARK, pd->fwmark))
		return -EMSGSIZE;
	return put_fastpath(skb, pd);
}

static struct net *device_link_net(const struct net_device *dev)
{
	const struct pmip6_device *pd = netdev_priv(dev);

	return pd->net;
}

static struct rtnl_link_ops link_ops __read_mostly = {
	.kind = PMIP6_LINK_KIND,
	.priv_size = sizeof(struct pmip6_device),
	.setup = device_setup,
	.maxtype = IFLA_PMIP6_MAX,
	.policy = link_policy,
	.validate = device_validate,
	.newlink = pmip6_compat_newlink,
	.changelink = device_changelink,
	.get_size = device_get_size,
	.fill_info = device_fill_info,
	.get_link_net = device_link_net,
};

/* A device comes to a namespace, new or from another one, or goes from it. */
static int device_event(struct notifier_block *nb, unsigned long event,
			void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct pmip6_device *pd;

	if (!pmip6_is_device(dev))
		return NOTIFY_DONE;
	pd = netdev_priv(dev);
	switch (event) {
	case NETDEV_REGISTER:
		hlist_add_head_rcu(&pd->inside,
				   &pmip6_net(dev_net(dev))->inside);
		break;
	case NETDEV_UNREGISTER:
		/* Not in it, if another notifier did not want the device. */
		hlist_del_init_rcu(&pd->inside);
		/* No reader may follow it into another namespace's list. */
		if (dev->reg_state == NETREG_REGISTERED)
			synchronize_net();
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

int pmip6_device_init(void)
{
	int err = register_netdevice_notifier(&device_notifier);

	if (err)
		return err;
	err = rtnl_link_register(&link_ops);
	if (err)
		unregister_netdevice_notifier(&device_notifier);
	return err;
}

void pmip6_device_exit(void)
{
	rtnl_link_unregister(&link_ops);
	unregister_netdevice_notifier(&device_notifier);
}

void pmip6_device_exit_net(struct net *net, struct list_head *kill)
{
	struct pmip6_device *pd;

	list_for_each_entry(pd, &pmip6_net(net)->devices, list)
		unregister_netdevice_queue(pd->dev, kill);
}

MODULE_ALIAS_RTNL_LINK(PMIP6_LINK_KIND);
