// SPDX-License-Identifier: GPL-2.0
#include <linux/if_ether.h>
#include <linux/mutex.h>
#include <linux/netfilter_ipv6.h>
#include <net/ipv6.h>

#include "access.h"
#include "device.h"
#include "event.h"
#include "net.h"

static DEFINE_MUTEX(hook_lock);

/*
 * The stack has moved the MAC header to the network header by the time a
 * device transmits, but the frame's header still stands in front of the
 * packet, and mac_len still says how long it was.
 */
static const struct ethhdr *frame_header(const struct sk_buff *skb)
{
	const unsigned char *start = skb_network_header(skb) - ETH_HLEN;

	if (skb->mac_len != ETH_HLEN || start < skb->head)
		return NULL;
	return (const struct ethhdr *)start;
}

static bool is_fragment(const struct sk_buff *skb)
{
	unsigned int offset = 0;

	if (likely(!ipv6_ext_hdr(ipv6_hdr(skb)->nexthdr)))
		return false;
	return ipv6_find_hdr(skb, &offset, NEXTHDR_FRAGMENT, NULL, NULL) ==
	       NEXTHDR_FRAGMENT;
}

static enum pmip6_drop check_origin(const struct pmip6_path *path,
				    const struct sk_buff *skb, int ifindex)
{
	const struct ethhdr *frame;

	if (path->access_ifindex && path->access_ifindex != ifindex)
		return PMIP6_DROP_ACCESS_LINK;
	if (!path->has_lladdr)
		return PMIP6_DROP_UNSPEC;
	frame = frame_header(skb);
	if (!frame || !ether_addr_equal(frame->h_source, path->lladdr))
		return PMIP6_DROP_LLADDR;
	return PMIP6_DROP_UNSPEC;
}

enum pmip6_drop pmip6_access_check(const struct pmip6_path *path,
				   const struct sk_buff *skb)
{
	int ifindex = skb->skb_iif;

	/*
	 * The hook below has checked every fragment on arrival. What conntrack
	 * reassembled and was fragmented again has lost its frame's header,
	 * and all but the first fragment may have lost where they came in.
	 */
	if (unlikely(is_fragment(skb)))
		return ifindex && path->access_ifindex &&
		       path->access_ifindex != ifindex ?
		       PMIP6_DROP_ACCESS_LINK : PMIP6_DROP_UNSPEC;
	return check_origin(path, skb, ifindex);
}

static enum pmip6_drop check_fragment(struct pmip6_device *pd,
				      const struct sk_buff *skb, int ifindex)
{
	const struct pmip6_binding *binding;
	const struct pmip6_path *path;
	enum pmip6_drop why;

	if (pd->role != PMIP6_ROLE_MAG)
		return PMIP6_DROP_UNSPEC;
	binding = pmip6_binding_lookup(&pd->bindings, &ipv6_hdr(skb)->saddr);
	if (!binding)
		return PMIP6_DROP_UNSPEC;
	path = pmip6_path_choose(binding, NULL, &why);
	if (!path)
		return PMIP6_DROP_UNSPEC;
	return check_origin(path, skb, ifindex);
}

static unsigned int fragment_hook(void *priv, struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	struct pmip6_device *pd;
	enum pmip6_drop why;

	if (likely(!is_fragment(skb)))
		return NF_ACCEPT;
	/* What left one of our tunnels was checked when it did. */
	if (pmip6_is_device(state->in))
		return NF_ACCEPT;

	hlist_for_each_entry_rcu(pd, &pmip6_net(state->net)->inside, inside) {
		why = check_fragment(pd, skb, state->in->ifindex);
		if (unlikely(why)) {
			pmip6_count_drop(pd, why, true);
			pmip6_event_mn_unknown(pd, &ipv6_hdr(skb)->saddr, NULL,
					       state->in->ifindex, why);
			return NF_DROP;
		}
	}
	return NF_ACCEPT;
}

static const struct nf_hook_ops fragment_hook_ops = {
	.hook = fragment_hook,
	.pf = NFPROTO_IPV6,
	.hooknum = NF_INET_PRE_ROUTING,
	.priority = NF_IP6_PRI_FIRST,
};

static int access_enable(struct net *net)
{
	struct pmip6_net *pn = pmip6_net(net);
	int err = 0;

	mutex_lock(&hook_lock);
	if (!pn->access_hook)
		err = nf_register_net_hook(net, &fragment_hook_ops);
	if (!err)
		pn->access_hook = true;
	mutex_unlock(&hook_lock);
	return err;
}

/* A gateway's device has come to a namespace, new or from another one. */
static int device_event(struct notifier_block *nb, unsigned long event,
			void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	const struct pmip6_device *pd;
	int err;

	if (event != NETDEV_REGISTER || !pmip6_is_device(dev))
		return NOTIFY_DONE;
	pd = netdev_priv(dev);
	if (pd->role != PMIP6_ROLE_MAG)
		return NOTIFY_DONE;
	err = access_enable(dev_net(dev));
	/* Who moves a device is not told of it. */
	if (err)
		netdev_err(dev, "fragments of mobile nodes are not checked: %d\n",
			   err);
	return notifier_from_errno(err);
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

int pmip6_access_init(void)
{
	return register_netdevice_notifier(&device_notifier);
}

void pmip6_access_exit(void)
{
	unregister_netdevice_notifier(&device_notifier);
}

void pmip6_access_disable(struct net *net)
{
	struct pmip6_net *pn = pmip6_net(net);

	mutex_lock(&hook_lock);
	if (pn->access_hook)
		nf_unregister_net_hook(net, &fragment_hook_ops);
	pn->access_hook = false;
	mutex_unlock(&hook_lock);
}
