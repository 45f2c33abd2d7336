// SPDX-License-Identifier: GPL-2.0
#include <linux/if_vlan.h>
#include <linux/netfilter.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/xfrm.h>

#include "access.h"
#include "decap.h"
#include "device.h"
#include "encap.h"
#include "fastpath.h"
#include "flow.h"
#include "inner.h"
#include "local.h"
#include "path.h"

/* May a router forward it, and need it do nothing else? */
static bool is_ordinary(const struct sk_buff *skb)
{
	const struct ipv6hdr *header = (const struct ipv6hdr *)skb->data;

	return header->version == 6 && header->payload_len &&
	       ntohs(header->payload_len) + sizeof(*header) == skb->len &&
	       header->hop_limit > 1 && !ipv6_ext_hdr(header->nexthdr) &&
	       pmip6_inner_addresses_ok(header) &&
	       !ipv6_addr_v4mapped(&header->saddr);
}

/* Segments that a driver put together for a host, not to be forwarded. */
static bool is_lro(const struct sk_buff *skb)
{
	return skb_is_nonlinear(skb) && skb_shinfo(skb)->gso_size &&
	       !skb_shinfo(skb)->gso_type;
}

static bool is_for_us(struct sk_buff *skb, const struct pmip6_device *pd)
{
	return skb->protocol == htons(ETH_P_IPV6) &&
	       skb->pkt_type == PACKET_HOST && !skb_vlan_tag_present(skb) &&
	       !skb_shared(skb) && !is_lro(skb) && pd->dev->flags & IFF_UP &&
	       pskb_may_pull(skb, sizeof(struct ipv6hdr)) &&
	       ipv6_hdr(skb)->version == 6;
}

static bool forwards(const struct net_device *dev)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);

	return idev && !READ_ONCE(idev->cnf.disable_ipv6) &&
	       READ_ONCE(dev_net(dev)->ipv6.devconf_all->forwarding);
}

static unsigned int drop(struct sk_buff *skb, struct pmip6_device *pd,
			 enum pmip6_drop why, bool transmit)
{
	pmip6_count_drop(pd, why, transmit);
	kfree_skb_reason(skb, pmip6_drop_reason(why));
	return NF_STOLEN;
}

/* What forwarding does to a packet. Its header is ours already. */
static void take_hop(struct sk_buff *skb)
{
	skb_forward_csum(skb);
	ipv6_hdr(skb)->hop_limit--;
}

/* --- Into a tunnel. */

/* The route that outer packets take, if there is nothing special about it. */
static struct dst_entry *outer_route(const struct sk_buff *skb,
				     struct pmip6_tunnel *tunnel)
{
	enum pmip6_drop why;
	struct dst_entry *dst = pmip6_tunnel_route(tunnel, &why);

	if (!dst)
		return NULL;
	/* One that does not fit is refused, or fragmented, the usual way. */
	if (dst_xfrm(dst) || dst->lwtstate ||
	    !pmip6_encap_fits(skb, dst_mtu(dst) - sizeof(struct ipv6hdr))) {
		dst_release(dst);
		return NULL;
	}
	return dst;
}

/* The same packet as ip6_local_out() sends, to a neighbour that is known. */
static void send_outer(struct sk_buff *skb, struct net *net,
		       struct dst_entry *dst)
{
	struct rt6_info *rt = container_of(dst, struct rt6_info, dst);
	struct ipv6hdr *outer = ipv6_hdr(skb);
	unsigned int len = skb->len - sizeof(*outer);
	struct neighbour *neigh;

	skb_dst_set(skb, dst);
	neigh = __ipv6_neigh_lookup_noref(dst->dev,
					  rt6_nexthop(rt, &outer->daddr));
	if (unlikely(!neigh)) {
		ip6_local_out(net, NULL, skb);
		return;
	}
	outer->payload_len = len > IPV6_MAXPLEN ? 0 : htons(len);
	skb->protocol = htons(ETH_P_IPV6);
	skb->dev = dst->dev;
	neigh_output(neigh, skb, false);
}

static unsigned int wrap(struct sk_buff *skb, struct pmip6_device *pd,
			 struct pmip6_binding *binding,
			 struct pmip6_tunnel *tunnel, struct dst_entry *dst)
{
	unsigned int len = skb->len;

	if (unlikely(skb_cow_head(skb, pmip6_encap_headroom(dst)))) {
		dst_release(dst);
		return drop(skb, pd, PMIP6_DROP_NO_MEMORY, true);
	}
	skb_reset_mac_header(skb);
	skb_set_transport_header(skb, sizeof(struct ipv6hdr));
	take_hop(skb);
	if (unlikely(pmip6_encap_prepare(skb, tunnel, dst))) {
		dst_release(dst);
		return drop(skb, pd, PMIP6_DROP_NO_MEMORY, true);
	}
	pmip6_count_fast(pd, len, true);
	pmip6_tunnel_count_tx(tunnel, len);
	pmip6_counters_tx(&binding->counters, len);
	send_outer(skb, pd->net, dst);
	return NF_STOLEN;
}

/*
 * At a gateway the mobile node may mean the gateway itself, or another one that
 * is reached without a tunnel; and it may be somebody else.
 */
static bool is_from_mobile_node(struct pmip6_device *pd,
				const struct pmip6_binding *binding,
				const struct pmip6_path *path,
				const struct sk_buff *skb)
{
	return !pmip6_access_check(path, skb) &&
	       !pmip6_local_lookup(pd, binding, path, skb) &&
	       !ipv6_chk_addr(dev_net(pd->dev), &ipv6_hdr(skb)->daddr, NULL, 0);
}

static unsigned int into_tunnel(struct sk_buff *skb, struct pmip6_device *pd)
{
	struct pmip6_binding *binding;
	const struct pmip6_path *path;
	struct pmip6_flow *flow = NULL;
	struct dst_entry *dst;
	enum pmip6_drop why;

	if (!is_ordinary(skb))
		return NF_ACCEPT;
	binding = pmip6_binding_lookup(&pd->bindings,
				       pmip6_inner_mn_going_in(pd->role,
							       ipv6_hdr(skb)));
	if (!binding)
		return NF_ACCEPT;
	path = unlikely(rcu_access_pointer(binding->flows)) ?
	       pmip6_flow_choose(binding, skb, &flow, &why) :
	       pmip6_path_choose(binding, skb, &why);
	if (unlikely(!path || (flow &&
			       flow->spec.action != PMIP6_FLOW_FORWARD)))
		return NF_ACCEPT;
	if (pd->role == PMIP6_ROLE_MAG &&
	    !is_from_mobile_node(pd, binding, path, skb))
		return NF_ACCEPT;
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	if (!xfrm6_policy_check(NULL, XFRM_POLICY_FWD, skb))
		return NF_ACCEPT;
	dst = outer_route(skb, path->tunnel);
	if (unlikely(!dst))
		return NF_ACCEPT;
	if (flow)
		pmip6_counters_tx(&flow->counters, skb->len);
	return wrap(skb, pd, binding, path->tunnel, dst);
}

/* --- Out of a tunnel. */

/*
 * At a gateway: straight to the mobile node, if its link-layer address is known.
 * Who may not be there is looked for the usual way, which tells the sender.
 */
static bool to_mobile_node(struct sk_buff *skb, const struct pmip6_device *pd,
			   const struct pmip6_path *path)
{
	struct neighbour *neigh;
	struct inet6_dev *idev;
	struct net_device *dev;

	dev = dev_get_by_index_rcu(dev_net(pd->dev), path->access_ifindex);
	if (!dev || !(dev->flags & IFF_UP))
		return false;
	idev = __in6_dev_get(dev);
	if (!idev || !pmip6_encap_fits(skb, READ_ONCE(idev->cnf.mtu6)))
		return false;
	neigh = __ipv6_neigh_lookup_noref(dev, &ipv6_hdr(skb)->daddr);
	if (!neigh || !(READ_ONCE(neigh->nud_state) & NUD_VALID))
		return false;
	if (skb_cow_head(skb, LL_RESERVED_SPACE(dev)))
		return false;
	skb_set_transport_header(skb, sizeof(struct ipv6hdr));
	take_hop(skb);
	skb->dev = dev;
	neigh_output(neigh, skb, false);
	return true;
}

static unsigned int unwrap(struct sk_buff *skb, struct pmip6_tunnel *tunnel,
			   struct pmip6_binding *binding,
			   const struct pmip6_path *path)
{
	struct pmip6_device *pd = tunnel->device;
	unsigned int len = skb->len;
	enum pmip6_drop why;

	why = pmip6_decap_strip(skb, tunnel);
	if (unlikely(why))
		return drop(skb, pd, why, false);
	pmip6_count_fast(pd, len, false);
	pmip6_tunnel_count_rx(tunnel, len);
	pmip6_counters_rx(&binding->counters, len);
	if (pd->role != PMIP6_ROLE_MAG || !to_mobile_node(skb, pd, path))
		gro_cells_receive(&pd->gro_cells, skb);
	return NF_STOLEN;
}

static unsigned int out_of_tunnel(struct sk_buff *skb, struct pmip6_device *pd)
{
	const struct ipv6hdr *outer = ipv6_hdr(skb);
	struct pmip6_binding *binding;
	struct pmip6_tunnel *tunnel;
	const struct pmip6_path *path;
	enum pmip6_drop why;

	if (ntohs(outer->payload_len) + sizeof(*outer) != skb->len ||
	    !pskb_may_pull(skb, 2 * sizeof(*outer)))
		return NF_ACCEPT;
	outer = ipv6_hdr(skb);
	tunnel = pmip6_tunnel_lookup(pd->net, &outer->daddr, &outer->saddr,
				     PMIP6_ENCAP_IPV6);
	/* An address that moved elsewhere is not ours to take packets for. */
	if (!tunnel || !ipv6_chk_addr(pd->net, &pd->local, NULL, 0))
		return NF_ACCEPT;
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	if (!xfrm6_policy_check(NULL, XFRM_POLICY_IN, skb))
		return NF_ACCEPT;

	/* As the stack hands it over: the inner header is at its start. */
	__skb_pull(skb, sizeof(*outer));
	why = PMIP6_DROP_MALFORMED;
	if (is_ordinary(skb))
		why = pmip6_decap_check(skb, tunnel, &binding, &path);
	if (unlikely(why)) {
		__skb_push(skb, sizeof(*outer));
		return NF_ACCEPT;
	}
	skb_postpull_rcsum(skb, skb_network_header(skb), sizeof(*outer));
	return unwrap(skb, tunnel, binding, path);
}

unsigned int pmip6_fastpath_hook(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	const struct pmip6_fastpath *fp = priv;
	struct pmip6_device *pd = fp->device;
	const struct ipv6hdr *header;

	if (!is_for_us(skb, pd) || !forwards(skb->dev))
		return NF_ACCEPT;
	header = ipv6_hdr(skb);
	if (header->nexthdr == IPPROTO_IPV6 &&
	    ipv6_addr_equal(&header->daddr, &pd->local))
		return net_eq(pd->net, state->net) ? out_of_tunnel(skb, pd) :
						     NF_ACCEPT;
	return into_tunnel(skb, pd);
}
