// SPDX-License-Identifier: GPL-2.0
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "compat.h"
#include "device.h"
#include "fastpath.h"
#include "net.h"
#include "netlink.h"

const struct nla_policy pmip6_fastpath_policy[PMIP6_A_FASTPATH_MAX + 1] = {
	[PMIP6_A_FASTPATH_IFINDEX] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &pmip6_ifindex_range),
};

static struct pmip6_fastpath *find(const struct list_head *fastpaths,
				   const struct net_device *dev)
{
	struct pmip6_fastpath *fp;

	list_for_each_entry(fp, fastpaths, list)
		if (fp->dev == dev)
			return fp;
	return NULL;
}

/* A packet may be in the hook still: what it needs is freed by RCU. */
static void end(struct pmip6_fastpath *fp)
{
	list_del_rcu(&fp->list);
	nf_unregister_net_hook(dev_net(fp->dev), &fp->hook);
	netdev_put(fp->dev, &fp->tracker);
	kfree_rcu(fp, rcu);
}

static int begin(struct pmip6_device *pd, struct net_device *dev,
		 struct list_head *fastpaths, const struct nlattr *attr,
		 struct netlink_ext_ack *extack)
{
	struct pmip6_fastpath *fp = kzalloc(sizeof(*fp), GFP_KERNEL_ACCOUNT);
	int err;

	if (!fp)
		return -ENOMEM;
	fp->device = pd;
	fp->dev = dev;
	fp->hook.hook = pmip6_fastpath_hook;
	fp->hook.priv = fp;
	fp->hook.dev = dev;
	fp->hook.pf = NFPROTO_NETDEV;
	fp->hook.hooknum = NF_NETDEV_INGRESS;
	err = nf_register_net_hook(dev_net(dev), &fp->hook);
	if (err) {
		kfree(fp);
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the interface's ingress can not be hooked");
		return err;
	}
	netdev_hold(dev, &fp->tracker, GFP_KERNEL);
	list_add_tail(&fp->list, fastpaths);
	return 0;
}

/*
 * What an anchor's own device receives came out of a tunnel, and may be on its
 * way into another. A gateway's would take for a mobile node's what is for one.
 */
static int check_iface(const struct pmip6_device *pd,
		       const struct net_device *dev, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	if (dev->flags & IFF_LOOPBACK ||
	    (pmip6_is_device(dev) && dev != pd->dev)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "neither a loopback nor another pmip6 device has a fast path");
		return -EINVAL;
	}
	if (dev == pd->dev && pd->role != PMIP6_ROLE_LMA) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "only an anchor's own device has a fast path");
		return -EINVAL;
	}
	return 0;
}

static struct net_device *parse_iface(const struct pmip6_device *pd,
				      const struct nlattr *attr,
				      struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	int err;

	if (nla_type(attr) != PMIP6_A_FASTPATH_IFINDEX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a fast path is set by its interfaces only");
		return ERR_PTR(-EINVAL);
	}
	dev = __dev_get_by_index(dev_net(pd->dev), nla_get_u32(attr));
	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "no such interface");
		return ERR_PTR(-ENODEV);
	}
	err = check_iface(pd, dev, attr, extack);
	return err ? ERR_PTR(err) : dev;
}

static int want(struct pmip6_device *pd, const struct nlattr *attr,
		struct list_head *added, struct netlink_ext_ack *extack)
{
	struct net_device *dev = parse_iface(pd, attr, extack);
	struct pmip6_fastpath *fp;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	fp = find(&pd->fastpaths, dev);
	if (fp) {
		fp->wanted = true;
		return 0;
	}
	if (find(added, dev))
		return 0;
	return begin(pd, dev, added, attr, extack);
}

static int want_all(struct pmip6_device *pd, const struct nlattr *attr,
		    struct list_head *added, struct netlink_ext_ack *extack)
{
	unsigned int count = 0;
	struct nlattr *iface;
	int rem, err;

	nla_for_each_nested(iface, attr, rem) {
		if (++count > PMIP6_FASTPATH_MAX_IFACES) {
			NL_SET_ERR_MSG_ATTR(extack, iface,
					    "too many interfaces");
			return -EINVAL;
		}
		err = want(pd, iface, added, extack);
		if (err)
			return err;
	}
	return 0;
}

int pmip6_fastpath_set(struct pmip6_device *pd, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	struct pmip6_fastpath *fp, *next;
	LIST_HEAD(added);
	int err;

	ASSERT_RTNL();
	err = want_all(pd, attr, &added, extack);
	list_for_each_entry_safe(fp, next, &pd->fastpaths, list) {
		if (!err && !fp->wanted)
			end(fp);
		else
			fp->wanted = false;
	}
	list_for_each_entry_safe(fp, next, &added, list) {
		if (err) {
			end(fp);
			continue;
		}
		list_del(&fp->list);
		list_add_tail_rcu(&fp->list, &pd->fastpaths);
	}
	return err;
}

int pmip6_fastpath_put(struct sk_buff *skb, const struct pmip6_device *pd)
{
	const struct pmip6_fastpath *fp;
	int err = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(fp, &pd->fastpaths, list) {
		err = nla_put_u32(skb, PMIP6_A_FASTPATH_IFINDEX,
				  fp->dev->ifindex);
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}

static void end_all(struct pmip6_device *pd, const struct net_device *dev)
{
	struct pmip6_fastpath *fp, *next;

	list_for_each_entry_safe(fp, next, &pd->fastpaths, list)
		if (!dev || fp->dev == dev)
			end(fp);
}

/* A device, or an interface of one, goes from its namespace. */
static int device_event(struct notifier_block *nb, unsigned long event,
			void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct pmip6_device *pd;

	if (event != NETDEV_UNREGISTER)
		return NOTIFY_DONE;
	if (pmip6_is_device(dev)) {
		end_all(netdev_priv(dev), NULL);
		return NOTIFY_DONE;
	}
	hlist_for_each_entry(pd, &pmip6_net(dev_net(dev))->inside, inside)
		end_all(pd, dev);
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

int pmip6_fastpath_init(void)
{
	return register_netdevice_notifier(&device_notifier);
}

void pmip6_fastpath_exit(void)
{
	unregister_netdevice_notifier(&device_notifier);
}
