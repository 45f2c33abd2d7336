// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <net/sock.h>

#include "compat.h"
#include "device.h"
#include "fastpath.h"
#include "fragment.h"
#include "net.h"
#include "netlink.h"
#include "tunnel.h"

#define INFO_SIZE	128
#define DEVICE_SIZE	1024

static const u64 capabilities = BIT_ULL(PMIP6_CAP_ENCAP_IPV6) |
				BIT_ULL(PMIP6_CAP_ACCESS_CHECK) |
				BIT_ULL(PMIP6_CAP_MULTIPATH) |
				BIT_ULL(PMIP6_CAP_EXPIRY_SETS) |
				BIT_ULL(PMIP6_CAP_FLOWS) |
				BIT_ULL(PMIP6_CAP_LOCAL_ROUTING) |
				BIT_ULL(PMIP6_CAP_HOSTS) |
				BIT_ULL(PMIP6_CAP_FASTPATH);

/* Locked, and kept until release_device(). */
static struct pmip6_device *claim_device(struct genl_info *info,
					 const struct nlattr *attr,
					 netdevice_tracker *tracker)
{
	struct net *net = genl_info_net(info);
	struct pmip6_device *pd;

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "the pmip6 device is missing");
		return ERR_PTR(-EINVAL);
	}
	pd = pmip6_device_get(net, nla_get_u32(attr), tracker, info->extack);
	if (IS_ERR(pd)) {
		NL_SET_BAD_ATTR(info->extack, attr);
		return pd;
	}
	if (!net_eq(pd->net, net) &&
	    !ns_capable(pd->net->user_ns, CAP_NET_ADMIN)) {
		netdev_put(pd->dev, tracker);
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "CAP_NET_ADMIN is needed in the underlay's namespace too");
		return ERR_PTR(-EPERM);
	}
	mutex_lock(&pd->lock);
	return pd;
}

static void release_device(struct pmip6_device *pd, netdevice_tracker *tracker)
{
	mutex_unlock(&pd->lock);
	netdev_put(pd->dev, tracker);
}

int pmip6_command_device(struct genl_info *info, const struct nlattr *attr,
			 int (*act)(struct pmip6_device *pd,
				    struct genl_info *info))
{
	netdevice_tracker tracker;
	struct pmip6_device *pd;
	int err = -ENODEV;

	pd = claim_device(info, attr, &tracker);
	if (IS_ERR(pd))
		return PTR_ERR(pd);
	if (pd->dying)
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "the device is being deleted");
	else
		err = act(pd, info);
	release_device(pd, &tracker);
	return err;
}

static int put_local_totals(struct sk_buff *skb,
			    const struct pmip6_totals *totals)
{
	if (nla_put_u64_64bit(skb, PMIP6_A_STATS_LOCAL_PACKETS,
			      totals->local_packets, PMIP6_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, PMIP6_A_STATS_LOCAL_BYTES,
			      totals->local_bytes, PMIP6_A_STATS_PAD))
		return -EMSGSIZE;
	return 0;
}

int pmip6_put_totals(struct sk_buff *skb, int type,
		     const struct pmip6_totals *totals, bool local)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u64_64bit(skb, PMIP6_A_STATS_RX_PACKETS, totals->rx_packets,
			      PMIP6_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, PMIP6_A_STATS_RX_BYTES, totals->rx_bytes,
			      PMIP6_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, PMIP6_A_STATS_TX_PACKETS, totals->tx_packets,
			      PMIP6_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, PMIP6_A_STATS_TX_BYTES, totals->tx_bytes,
			      PMIP6_A_STATS_PAD) ||
	    (local && put_local_totals(skb, totals))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int pmip6_dump_start(struct netlink_callback *cb, const struct nlattr *ifindex)
{
	struct pmip6_dump *dump = (struct pmip6_dump *)cb->ctx;
	netdevice_tracker tracker;
	struct pmip6_device *pd;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	memset(dump, 0, sizeof(*dump));
	if (!ifindex)
		return 0;
	dump->ifindex = nla_get_u32(ifindex);
	pd = pmip6_device_get(sock_net(cb->skb->sk), dump->ifindex, &tracker,
			      cb->extack);
	if (IS_ERR(pd))
		return PTR_ERR(pd);
	netdev_put(pd->dev, &tracker);
	return 0;
}

static struct pmip6_device *dump_next(struct net *net,
				      const struct pmip6_dump *dump)
{
	struct pmip6_device *pd;

	pd = pmip6_device_next(net, max(dump->after, dump->ifindex - 1));
	if (pd && dump->ifindex && pd->dev->ifindex != dump->ifindex)
		return NULL;
	return pd;
}

/* Changes whenever a device, or a binding of one, comes or goes. */
static u32 dump_generation(struct net *net)
{
	struct pmip6_device *pd;
	u32 sum = 1;

	hlist_for_each_entry_rcu(pd, &pmip6_net(net)->inside, inside)
		sum += READ_ONCE(pd->bindings.generation) + 1;
	return sum;
}

int pmip6_dump_devices(struct sk_buff *skb, struct netlink_callback *cb,
		       pmip6_dump_t one)
{
	struct pmip6_dump *dump = (struct pmip6_dump *)cb->ctx;
	struct net *net = sock_net(skb->sk);
	struct pmip6_device *pd;
	int err = 0;

	rcu_read_lock();
	cb->seq = dump_generation(net);
	while (!err && (pd = dump_next(net, dump))) {
		if (pd->dev->ifindex != dump->at)
			dump->id = 0;
		dump->at = pd->dev->ifindex;
		err = one(skb, cb, pd, &dump->id);
		if (!err)
			dump->after = dump->at;
	}
	rcu_read_unlock();
	return skb->len ?: err;
}

static int info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg = genlmsg_new(INFO_SIZE, GFP_KERNEL);
	void *header;

	if (!msg)
		return -ENOMEM;
	header = genlmsg_put_reply(msg, info, &pmip6_genl_family, 0,
				   PMIP6_CMD_INFO_GET);
	if (!header ||
	    nla_put_string(msg, PMIP6_A_INFO_VERSION, THIS_MODULE->version) ||
	    nla_put_u64_64bit(msg, PMIP6_A_INFO_CAPABILITIES, capabilities,
			      PMIP6_A_INFO_PAD)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return genlmsg_reply(msg, info);
}

static int put_drops(struct sk_buff *skb, const u64 *drops)
{
	struct nlattr *nest = nla_nest_start(skb, PMIP6_A_DEVICE_DROPS);
	int why;

	if (!nest)
		return -EMSGSIZE;
	for (why = PMIP6_DROP_NO_BINDING; why <= PMIP6_DROP_MAX; why++)
		if (nla_put_u64_64bit(skb, why, drops[why], PMIP6_DROP_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_fastpath(struct sk_buff *skb, const struct pmip6_device *pd,
			const struct pmip6_totals *totals)
{
	struct nlattr *nest = nla_nest_start(skb, PMIP6_A_DEVICE_FASTPATH);

	if (!nest)
		return -EMSGSIZE;
	if (pmip6_fastpath_put(skb, pd) ||
	    nla_put_u64_64bit(skb, PMIP6_A_FASTPATH_RX_PACKETS,
			      totals->fast_rx_packets, PMIP6_A_FASTPATH_PAD) ||
	    nla_put_u64_64bit(skb, PMIP6_A_FASTPATH_TX_PACKETS,
			      totals->fast_tx_packets, PMIP6_A_FASTPATH_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_overtook(struct sk_buff *skb, const struct pmip6_device *pd)
{
	struct pmip6_fragments *fragments = READ_ONCE(pd->fragments);

	if (pd->role != PMIP6_ROLE_LMA)
		return 0;
	return nla_put_u64_64bit(skb, PMIP6_A_DEVICE_OVERTOOK, fragments ?
				 atomic64_read(&fragments->overtook) : 0,
				 PMIP6_A_DEVICE_PAD);
}

static int put_device_info(struct sk_buff *skb, const struct pmip6_device *pd)
{
	u64 drops[__PMIP6_DROP_MAX];
	struct pmip6_totals totals;

	pmip6_device_totals(pd, &totals);
	pmip6_device_drops(pd, drops);
	if (nla_put_u32(skb, PMIP6_A_DEVICE_IFINDEX, pd->dev->ifindex) ||
	    nla_put_string(skb, PMIP6_A_DEVICE_NAME, pd->dev->name) ||
	    nla_put_u8(skb, PMIP6_A_DEVICE_ROLE, pd->role) ||
	    pmip6_put_addr(skb, PMIP6_A_DEVICE_LOCAL, &pd->local) ||
	    nla_put_u8(skb, PMIP6_A_DEVICE_HOP_LIMIT,
		       READ_ONCE(pd->hop_limit)) ||
	    nla_put_u32(skb, PMIP6_A_DEVICE_LINK, READ_ONCE(pd->link)) ||
	    nla_put_u32(skb, PMIP6_A_DEVICE_FWMARK, READ_ONCE(pd->fwmark)) ||
	    nla_put_u32(skb, PMIP6_A_DEVICE_BINDINGS,
			READ_ONCE(pd->bindings.count)) ||
	    nla_put_u32(skb, PMIP6_A_DEVICE_TUNNELS,
			READ_ONCE(pd->tunnel_count)) ||
	    pmip6_put_totals(skb, PMIP6_A_DEVICE_STATS, &totals, true) ||
	    put_drops(skb, drops) ||
	    put_fastpath(skb, pd, &totals) ||
	    put_overtook(skb, pd))
		return -EMSGSIZE;
	return 0;
}

static int reply_device(struct pmip6_device *pd, struct genl_info *info)
{
	struct sk_buff *msg = genlmsg_new(DEVICE_SIZE, GFP_KERNEL);
	void *header;

	if (!msg)
		return -ENOMEM;
	header = genlmsg_put_reply(msg, info, &pmip6_genl_family, 0,
				   PMIP6_CMD_DEVICE_GET);
	if (!header || put_device_info(msg, pd)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return genlmsg_reply(msg, info);
}

static int device_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return pmip6_command_device(info, info->attrs[PMIP6_A_DEVICE_IFINDEX],
				    reply_device);
}

static int device_get_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;

	return pmip6_dump_start(cb, attrs[PMIP6_A_DEVICE_IFINDEX]);
}

static int dump_device(struct sk_buff *skb, struct netlink_callback *cb,
		       struct pmip6_device *pd, u32 *id)
{
	void *header;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
			     cb->nlh->nlmsg_seq, &pmip6_genl_family,
			     NLM_F_MULTI, PMIP6_CMD_DEVICE_GET);
	if (!header)
		return -EMSGSIZE;
	if (put_device_info(skb, pd)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

static int device_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return pmip6_dump_devices(skb, cb, dump_device);
}

static int put_tunnel(struct sk_buff *skb, struct pmip6_tunnel *tunnel)
{
	u32 mtu = pmip6_tunnel_mtu(tunnel);
	struct pmip6_totals totals;

	pmip6_tunnel_totals(tunnel, &totals);
	if (nla_put_u32(skb, PMIP6_A_TUNNEL_IFINDEX,
			tunnel->device->dev->ifindex) ||
	    pmip6_put_addr(skb, PMIP6_A_TUNNEL_LOCAL, &tunnel->key.local) ||
	    pmip6_put_addr(skb, PMIP6_A_TUNNEL_REMOTE, &tunnel->key.remote) ||
	    nla_put_u8(skb, PMIP6_A_TUNNEL_ENCAP, tunnel->key.encap) ||
	    nla_put_u32(skb, PMIP6_A_TUNNEL_PATHS, READ_ONCE(tunnel->users)) ||
	    (mtu && nla_put_u32(skb, PMIP6_A_TUNNEL_MTU, mtu)) ||
	    pmip6_put_totals(skb, PMIP6_A_TUNNEL_STATS, &totals, false))
		return -EMSGSIZE;
	return 0;
}

static int tunnel_get_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;

	return pmip6_dump_start(cb, attrs[PMIP6_A_TUNNEL_IFINDEX]);
}

static int dump_tunnels(struct sk_buff *skb, struct netlink_callback *cb,
			struct pmip6_device *pd, u32 *id)
{
	struct pmip6_tunnel *tunnel;
	unsigned long index;
	void *header;

	xa_for_each_start(&pd->tunnels, index, tunnel, *id) {
		*id = index;
		header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, &pmip6_genl_family,
				     NLM_F_MULTI, PMIP6_CMD_TUNNEL_GET);
		if (!header)
			return -EMSGSIZE;
		if (put_tunnel(skb, tunnel)) {
			genlmsg_cancel(skb, header);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, header);
	}
	return 0;
}

static int tunnel_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return pmip6_dump_devices(skb, cb, dump_tunnels);
}

struct netlink_range_validation pmip6_ifindex_range = {
	.min = 1,
	.max = INT_MAX,
};

static const struct nla_policy device_policy[PMIP6_A_DEVICE_IFINDEX + 1] = {
	[PMIP6_A_DEVICE_IFINDEX] = NLA_POLICY_FULL_RANGE(NLA_U32,
							  &pmip6_ifindex_range),
};

static const struct nla_policy tunnel_policy[PMIP6_A_TUNNEL_IFINDEX + 1] = {
	[PMIP6_A_TUNNEL_IFINDEX] = NLA_POLICY_FULL_RANGE(NLA_U32,
							  &pmip6_ifindex_range),
};

/*
 * No attribute: one of each kind is refused. Without a maximum none would be
 * looked at, and who asks the core for the policy would make it warn.
 */
static const struct nla_policy info_policy[PMIP6_A_INFO_PAD + 1] = {
	[PMIP6_A_INFO_PAD] = { .type = NLA_REJECT },
};

static const struct genl_ops ops[] = {
	{
		.cmd = PMIP6_CMD_INFO_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = info_policy,
		.maxattr = PMIP6_A_INFO_PAD,
		.doit = info_get_doit,
	}, {
		.cmd = PMIP6_CMD_DEVICE_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = device_policy,
		.maxattr = PMIP6_A_DEVICE_IFINDEX,
		.doit = device_get_doit,
		.start = device_get_start,
		.dumpit = device_get_dumpit,
	}, {
		.cmd = PMIP6_CMD_BINDING_NEW,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = pmip6_binding_policy,
		.maxattr = PMIP6_A_BINDING_MAX,
		.doit = pmip6_binding_new_doit,
	}, {
		.cmd = PMIP6_CMD_BINDING_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = pmip6_binding_policy,
		.maxattr = PMIP6_A_BINDING_HNP,
		.doit = pmip6_binding_del_doit,
	}, {
		.cmd = PMIP6_CMD_BINDING_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = pmip6_binding_policy,
		.maxattr = PMIP6_A_BINDING_HNP,
		.doit = pmip6_binding_get_doit,
		.start = pmip6_binding_get_start,
		.dumpit = pmip6_binding_get_dumpit,
	}, {
		.cmd = PMIP6_CMD_TUNNEL_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = tunnel_policy,
		.maxattr = PMIP6_A_TUNNEL_IFINDEX,
		.start = tunnel_get_start,
		.dumpit = tunnel_get_dumpit,
	}, {
		.cmd = PMIP6_CMD_EXPIRY_SET_NEW,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = pmip6_expiry_set_policy,
		.maxattr = PMIP6_A_EXPIRY_SET_GENERATION,
		.doit = pmip6_expiry_set_new_doit,
	}, {
		.cmd = PMIP6_CMD_EXPIRY_SET_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = pmip6_expiry_set_policy,
		.maxattr = PMIP6_A_EXPIRY_SET_ID,
		.doit = pmip6_expiry_set_del_doit,
	}, {
		.cmd = PMIP6_CMD_EXPIRY_SET_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = pmip6_expiry_set_policy,
		.maxattr = PMIP6_A_EXPIRY_SET_ID,
		.doit = pmip6_expiry_set_get_doit,
		.start = pmip6_expiry_set_get_start,
		.dumpit = pmip6_expiry_set_get_dumpit,
	}, {
		.cmd = PMIP6_CMD_FLOW_NEW,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = pmip6_flows_policy,
		.maxattr = PMIP6_A_FLOWS_MAX,
		.doit = pmip6_flow_new_doit,
	}, {
		.cmd = PMIP6_CMD_FLOW_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = pmip6_flows_policy,
		.maxattr = PMIP6_A_FLOWS_FID,
		.doit = pmip6_flow_del_doit,
	}, {
		.cmd = PMIP6_CMD_FLOW_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = pmip6_flows_policy,
		.maxattr = PMIP6_A_FLOWS_HNP,
		.start = pmip6_flow_get_start,
		.dumpit = pmip6_flow_get_dumpit,
	},
};

static const struct genl_multicast_group mcgrps[] = {
	{
		.name = PMIP6_GENL_MCGRP_EVENTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family pmip6_genl_family __ro_after_init = {
	.name = PMIP6_GENL_NAME,
	.version = PMIP6_GENL_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.resv_start_op = __PMIP6_CMD_MAX,
	.mcgrps = mcgrps,
	.n_mcgrps = ARRAY_SIZE(mcgrps),
};

int __init pmip6_netlink_init(void)
{
	return genl_register_family(&pmip6_genl_family);
}

void pmip6_netlink_exit(void)
{
	genl_unregister_family(&pmip6_genl_family);
}
