// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>
#include <net/xfrm.h>

#include "device.h"
#include "encap.h"
#include "net.h"
#include "tunnel.h"

static const struct rhashtable_params tunnel_params = {
	.head_offset = offsetof(struct pmip6_tunnel, node),
	.key_offset = offsetof(struct pmip6_tunnel, key),
	.key_len = sizeof(struct pmip6_tunnel_key),
	.automatic_shrinking = true,
};

static struct pmip6_tunnel *tunnel_find(struct net *net,
					const struct pmip6_tunnel_key *key)
{
	return rhashtable_lookup(&pmip6_net(net)->tunnels, key, tunnel_params);
}

static void tunnel_free(struct pmip6_tunnel *tunnel)
{
	dst_cache_destroy(&tunnel->route);
	free_percpu(tunnel->stats);
	kfree(tunnel);
}

static void tunnel_free_rcu(struct rcu_head *rcu)
{
	tunnel_free(container_of(rcu, struct pmip6_tunnel, rcu));
}

static int tunnel_publish(struct pmip6_device *pd, struct pmip6_tunnel *tunnel)
{
	int err;

	err = xa_alloc_cyclic(&pd->tunnels, &tunnel->id, tunnel, xa_limit_31b,
			      &pd->next_tunnel, GFP_KERNEL_ACCOUNT);
	if (err < 0)
		return err;

	err = rhashtable_insert_fast(&pmip6_net(pd->net)->tunnels,
				     &tunnel->node, tunnel_params);
	if (err)
		xa_erase(&pd->tunnels, tunnel->id);
	return err;
}

static struct pmip6_tunnel *tunnel_create(struct pmip6_device *pd,
					  const struct pmip6_tunnel_key *key)
{
	struct pmip6_tunnel *tunnel;
	int err;

	tunnel = kzalloc(sizeof(*tunnel), GFP_KERNEL_ACCOUNT);
	if (!tunnel)
		return ERR_PTR(-ENOMEM);
	tunnel->key = *key;
	tunnel->device = pd;

	err = dst_cache_init(&tunnel->route, GFP_KERNEL_ACCOUNT);
	if (err)
		goto free;
	tunnel->stats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!tunnel->stats) {
		err = -ENOMEM;
		goto free;
	}
	err = tunnel_publish(pd, tunnel);
	if (err)
		goto free;
	WRITE_ONCE(pd->tunnel_count, pd->tunnel_count + 1);
	return tunnel;
free:
	tunnel_free(tunnel);
	return ERR_PTR(err);
}

struct pmip6_tunnel *pmip6_tunnel_get(struct pmip6_device *pd,
				      const struct in6_addr *remote,
				      enum pmip6_encap encap, u32 key)
{
	struct pmip6_tunnel_key wanted = {
		.local = pd->local,
		.remote = *remote,
		.encap = encap,
		.key = key,
	};
	struct pmip6_tunnel *tunnel;

	lockdep_assert_held(&pd->lock);
	rcu_read_lock();
	tunnel = tunnel_find(pd->net, &wanted);
	rcu_read_unlock();
	/* Only this device has this local address, and its lock is ours. */
	if (!tunnel)
		tunnel = tunnel_create(pd, &wanted);
	if (!IS_ERR(tunnel))
		WRITE_ONCE(tunnel->users, tunnel->users + 1);
	return tunnel;
}

void pmip6_tunnel_put(struct pmip6_tunnel *tunnel)
{
	struct pmip6_device *pd = tunnel->device;

	lockdep_assert_held(&pd->lock);
	WRITE_ONCE(tunnel->users, tunnel->users - 1);
	if (tunnel->users)
		return;
	/* A dying device has taken its tunnels out of the underlay already. */
	if (!pd->dying)
		rhashtable_remove_fast(&pmip6_net(pd->net)->tunnels,
				       &tunnel->node, tunnel_params);
	xa_erase(&pd->tunnels, tunnel->id);
	WRITE_ONCE(pd->tunnel_count, pd->tunnel_count - 1);
	call_rcu(&tunnel->rcu, tunnel_free_rcu);
}

struct pmip6_tunnel *pmip6_tunnel_lookup(struct net *net,
					 const struct in6_addr *local,
					 const struct in6_addr *remote,
					 enum pmip6_encap encap)
{
	struct pmip6_tunnel_key key = {
		.local = *local,
		.remote = *remote,
		.encap = encap,
	};

	return tunnel_find(net, &key);
}

static struct dst_entry *route_lookup(const struct pmip6_tunnel *tunnel,
				      enum pmip6_drop *why)
{
	const struct pmip6_device *pd = tunnel->device;
	struct flowi6 fl6 = {
		.daddr = tunnel->key.remote,
		.saddr = tunnel->key.local,
		.flowi6_oif = READ_ONCE(pd->link),
		.flowi6_mark = READ_ONCE(pd->fwmark),
		.flowi6_proto = IPPROTO_IPV6,
	};
	struct dst_entry *dst;

	*why = PMIP6_DROP_NO_ROUTE;
	/* A local address that moved elsewhere must not be spoken for. */
	if (!ipv6_chk_addr(pd->net, &tunnel->key.local, NULL, 0))
		return NULL;

	dst = ip6_route_output(pd->net, NULL, &fl6);
	if (dst->error) {
		dst_release(dst);
		return NULL;
	}
	dst = xfrm_lookup(pd->net, dst, flowi6_to_flowi(&fl6), NULL, 0);
	if (IS_ERR(dst)) {
		*why = PMIP6_DROP_POLICY;
		return NULL;
	}
	if (dst->dev == pd->dev) {
		*why = PMIP6_DROP_LOOP;
		dst_release(dst);
		return NULL;
	}
	return dst;
}

struct dst_entry *pmip6_tunnel_route(struct pmip6_tunnel *tunnel,
				     enum pmip6_drop *why)
{
	struct dst_entry *dst = dst_cache_get(&tunnel->route);

	if (likely(dst))
		return dst;

	dst = route_lookup(tunnel, why);
	if (dst)
		dst_cache_set_ip6(&tunnel->route, dst, &tunnel->key.local);
	return dst;
}

u32 pmip6_tunnel_mtu(struct pmip6_tunnel *tunnel)
{
	enum pmip6_drop why;
	struct dst_entry *dst;
	u32 mtu;

	/*
	 * Not the cached one: that is for who transmits, which has stopped by
	 * the time that pmip6_tunnels_detach() lets go of it.
	 */
	dst = route_lookup(tunnel, &why);
	if (!dst)
		return 0;
	mtu = pmip6_encap_mtu(dst_mtu(dst));
	dst_release(dst);
	return mtu;
}

void pmip6_tunnels_forget_routes(struct pmip6_device *pd)
{
	struct pmip6_tunnel *tunnel;
	unsigned long id;

	lockdep_assert_held(&pd->lock);
	xa_for_each(&pd->tunnels, id, tunnel)
		dst_cache_reset(&tunnel->route);
}

void pmip6_tunnels_detach(struct pmip6_device *pd)
{
	struct pmip6_tunnel *tunnel;
	unsigned long id;

	lockdep_assert_held(&pd->lock);
	xa_for_each(&pd->tunnels, id, tunnel) {
		rhashtable_remove_fast(&pmip6_net(pd->net)->tunnels,
				       &tunnel->node, tunnel_params);
		dst_cache_reset_now(&tunnel->route);
	}
}

void pmip6_tunnel_totals(const struct pmip6_tunnel *tunnel,
			 struct pmip6_totals *totals)
{
	struct rtnl_link_stats64 sum = {};

	dev_fetch_sw_netstats(&sum, tunnel->stats);
	totals->rx_packets = sum.rx_packets;
	totals->rx_bytes = sum.rx_bytes;
	totals->tx_packets = sum.tx_packets;
	totals->tx_bytes = sum.tx_bytes;
}

int pmip6_tunnel_init_net(struct pmip6_net *pn)
{
	return rhashtable_init(&pn->tunnels, &tunnel_params);
}

void pmip6_tunnel_exit_net(struct pmip6_net *pn)
{
	rhashtable_destroy(&pn->tunnels);
}
