// SPDX-License-Identifier: GPL-2.0
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <net/gro_cells.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>

#include "fixture.h"

const struct in6_addr fixture_local = { { {
	0x20, 0x01, 0x0d, 0xb8, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11 } } };
const struct in6_addr fixture_remote = { { {
	0x20, 0x01, 0x0d, 0xb8, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x22 } } };
const struct in6_addr fixture_mn = { { {
	0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2, 0xa, 0xb, 0xc, 0xd, 1, 2, 3, 4 } } };
const struct in6_addr fixture_cn = { { {
	0x20, 0x01, 0x0d, 0xb8, 0xcc, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x33 } } };

/* Private part of the device; the module's own part must come first. */
struct fixture_device {
	struct pmip6_device pd;
	struct fixture *fx;
};

static struct fixture *fixture_of(const struct net_device *dev)
{
	return ((struct fixture_device *)netdev_priv(dev))->fx;
}

static void catch_packet(struct fixture *fx, struct sk_buff *skb)
{
	/* One at a time, or a test would miss the other. */
	if (WARN_ON_ONCE(fx->caught))
		kfree_skb(skb);
	else
		fx->caught = skb;
}

static int catch_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	catch_packet(fixture_of(skb->dev), skb);
	return 0;
}

static rx_handler_result_t catch_input(struct sk_buff **pskb)
{
	struct fixture *fx = fixture_of((*pskb)->dev);

	catch_packet(fx, *pskb);
	complete(&fx->arrived);
	return RX_HANDLER_CONSUMED;
}

static void setup_device(struct net_device *dev)
{
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_NOARP;
	dev->features = NETIF_F_GRO;
}

static void setup_underlay(struct net_device *dev)
{
	dev->type = ARPHRD_NONE;
	dev->needed_headroom = FIXTURE_NEEDED_HEADROOM;
}

static bool never_reap(struct pmip6_lifetimes *lifetimes,
		       struct pmip6_expiry_set *set, unsigned int *budget)
{
	WARN_ON_ONCE(true);
	*budget = 0;
	return false;
}

static int make_device(struct fixture *fx)
{
	struct fixture_device *fd;
	struct net_device *dev;
	int err;

	dev = alloc_netdev(sizeof(*fd), "pmip6kunit%d", NET_NAME_UNKNOWN,
			   setup_device);
	if (!dev)
		return -ENOMEM;
	fd = netdev_priv(dev);
	fd->fx = fx;
	fd->pd.dev = dev;
	fd->pd.net = dev_net(dev);
	fd->pd.local = fixture_local;
	fd->pd.role = PMIP6_ROLE_LMA;
	fd->pd.hop_limit = 64;
	mutex_init(&fd->pd.lock);
	pmip6_lifetimes_init(&fd->pd.lifetimes, &fd->pd.lock, never_reap);
	err = pmip6_binding_table_init(&fd->pd.bindings);
	if (err) {
		free_netdev(dev);
		return err;
	}
	/* From here on it is fixture_exit() that cleans up. */
	fx->pd = &fd->pd;
	fd->pd.stats = netdev_alloc_pcpu_stats(struct pmip6_pcpu_stats);
	if (!fd->pd.stats)
		return -ENOMEM;
	err = gro_cells_init(&fd->pd.gro_cells, dev);
	if (err)
		return err;
	rtnl_lock();
	err = netdev_rx_handler_register(dev, catch_input, NULL);
	rtnl_unlock();
	/* Never opened, for it is not registered; but it receives. */
	dev->flags |= IFF_UP;
	set_bit(__LINK_STATE_START, &dev->state);
	return err;
}

static int make_route(struct fixture *fx)
{
	fx->underlay = alloc_netdev(0, "pmip6under%d", NET_NAME_UNKNOWN,
				    setup_underlay);
	if (!fx->underlay)
		return -ENOMEM;
	fx->route = ip6_dst_alloc(dev_net(fx->underlay), fx->underlay, 0);
	if (!fx->route)
		return -ENOMEM;
	fx->route->dst.output = catch_output;
	/* It is in no table that would vouch for it. */
	fx->route->dst.obsolete = DST_OBSOLETE_NONE;
	dst_metric_set(&fx->route->dst, RTAX_MTU, 1500);
	return 0;
}

static int make_tunnel(struct fixture *fx)
{
	struct pmip6_tunnel *tunnel = &fx->tunnel;

	tunnel->key.local = fixture_local;
	tunnel->key.remote = fixture_remote;
	tunnel->key.encap = PMIP6_ENCAP_IPV6;
	tunnel->device = fx->pd;
	tunnel->stats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!tunnel->stats)
		return -ENOMEM;
	return dst_cache_init(&tunnel->route, GFP_KERNEL);
}

static int make_binding(struct fixture *fx)
{
	struct pmip6_path *path = &fx->path;
	struct pmip6_prefix prefix = { .len = 64 };
	struct pmip6_binding *binding;

	ipv6_addr_prefix(&prefix.addr, &fixture_mn, prefix.len);
	binding = pmip6_binding_insert(&fx->pd->bindings, &prefix);
	if (IS_ERR(binding))
		return PTR_ERR(binding);
	fx->binding = binding;

	mutex_lock(&fx->pd->lock);
	path->set = &path->own;
	pmip6_expiry_set_begin(&fx->pd->lifetimes, path->set,
			       PMIP6_LIFETIME_FOREVER, 0);
	mutex_unlock(&fx->pd->lock);
	path->tunnel = &fx->tunnel;
	path->binding = binding;
	rcu_assign_pointer(binding->paths, path);
	return 0;
}

int fixture_init(struct kunit *test)
{
	struct fixture *fx;
	int err;

	fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);
	if (!fx)
		return -ENOMEM;
	test->priv = fx;
	init_completion(&fx->arrived);
	err = make_device(fx);
	if (err)
		return err;
	err = make_route(fx);
	if (err)
		return err;
	err = make_tunnel(fx);
	if (err)
		return err;
	return make_binding(fx);
}

static void free_device(struct fixture *fx)
{
	struct pmip6_device *pd = fx->pd;

	if (rcu_access_pointer(pd->dev->rx_handler)) {
		rtnl_lock();
		netdev_rx_handler_unregister(pd->dev);
		rtnl_unlock();
	}
	if (fx->binding) {
		RCU_INIT_POINTER(fx->binding->paths, NULL);
		pmip6_binding_remove(&pd->bindings, fx->binding);
	}
	mutex_lock(&pd->lock);
	if (fx->path.set)
		pmip6_expiry_set_end(&pd->lifetimes, fx->path.set);
	mutex_unlock(&pd->lock);
	pmip6_lifetimes_stop(&pd->lifetimes);
	pmip6_binding_table_free(&pd->bindings);
	gro_cells_destroy(&pd->gro_cells);
	free_percpu(pd->stats);
	mutex_destroy(&pd->lock);
	free_netdev(pd->dev);
}

void fixture_exit(struct kunit *test)
{
	struct fixture *fx = test->priv;

	if (!fx)
		return;
	kfree_skb(fx->caught);
	dst_cache_destroy(&fx->tunnel.route);
	free_percpu(fx->tunnel.stats);
	if (fx->route)
		dst_release(&fx->route->dst);
	/* The route lets go of its device after a grace period. */
	rcu_barrier();
	if (fx->underlay)
		free_netdev(fx->underlay);
	if (fx->pd)
		free_device(fx);
}

void fixture_fill(u8 *data, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		data[i] = i * 7 + (i >> 8);
}

struct sk_buff *fixture_packet(struct kunit *test, unsigned int headroom,
			       unsigned int payload, u8 dsfield)
{
	struct fixture *fx = test->priv;
	struct ipv6hdr *inner;
	struct sk_buff *skb;

	skb = alloc_skb(headroom + sizeof(*inner) + payload, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	memset(skb->data, 0xa5, headroom);
	skb_reserve(skb, headroom);
	skb_reset_network_header(skb);
	inner = skb_put_zero(skb, sizeof(*inner));
	skb_set_transport_header(skb, sizeof(*inner));
	/* Version, traffic class and the flow label 0x12345. */
	*(__be32 *)inner = htonl(6 << 28 | dsfield << 20 | 0x12345);
	inner->payload_len = htons(payload);
	inner->nexthdr = IPPROTO_NONE;
	inner->hop_limit = 61;
	inner->saddr = fixture_cn;
	inner->daddr = fixture_mn;
	fixture_fill(skb_put(skb, payload), payload);
	skb->protocol = htons(ETH_P_IPV6);
	skb->dev = fx->pd->dev;
	return skb;
}

struct sk_buff *fixture_caught(struct fixture *fx)
{
	struct sk_buff *skb = fx->caught;

	fx->caught = NULL;
	return skb;
}

void fixture_totals(const struct fixture *fx, struct pmip6_totals *device,
		    struct pmip6_totals *tunnel, struct pmip6_totals *binding)
{
	struct rtnl_link_stats64 sum = {};

	pmip6_device_totals(fx->pd, device);
	dev_fetch_sw_netstats(&sum, fx->tunnel.stats);
	tunnel->rx_packets = sum.rx_packets;
	tunnel->rx_bytes = sum.rx_bytes;
	tunnel->tx_packets = sum.tx_packets;
	tunnel->tx_bytes = sum.tx_bytes;
	pmip6_counters_read(&fx->binding->counters, binding);
}
