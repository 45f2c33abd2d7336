// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/icmpv6.h>
#include <net/inet_ecn.h>
#include <net/ip6_route.h>
#include <net/ip6_tunnel.h>
#include <net/xfrm.h>

#include "compat.h"
#include "decap.h"
#include "device.h"
#include "encap.h"
#include "event.h"
#include "inner.h"
#include "path.h"

/* How far below 0 to look for a priority that nobody has taken. */
#define LOWEST_PRIORITY (-16)

enum pmip6_drop pmip6_decap_check(const struct sk_buff *skb,
				  const struct pmip6_tunnel *tunnel,
				  struct pmip6_binding **binding,
				  const struct pmip6_path **path)
{
	const struct ipv6hdr *inner = (const struct ipv6hdr *)skb->data;
	struct pmip6_device *pd = tunnel->device;
	enum pmip6_drop why;

	if (unlikely(inner->version != 6))
		return PMIP6_DROP_PROTOCOL;
	if (unlikely(!pmip6_inner_addresses_ok(inner)))
		return PMIP6_DROP_BAD_ADDRESS;
	*binding = pmip6_binding_lookup(&pd->bindings,
					pmip6_inner_mn_coming_out(pd->role, inner));
	if (unlikely(!*binding))
		return PMIP6_DROP_NO_BINDING;
	*path = pmip6_path_by_tunnel(*binding, tunnel, &why);
	return likely(*path) ? PMIP6_DROP_UNSPEC : why;
}

enum pmip6_drop pmip6_decap_strip(struct sk_buff *skb,
				  const struct pmip6_tunnel *tunnel)
{
	u8 dsfield = ipv6_get_dsfield(ipv6_hdr(skb));
	const struct pmip6_device *pd = tunnel->device;

	if (__iptunnel_pull_header(skb, 0, htons(ETH_P_IPV6), false,
				   !net_eq(pd->net, dev_net(pd->dev))))
		return PMIP6_DROP_NO_MEMORY;
	skb->dev = pd->dev;
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));

	/* RFC 6040 4.2: 2 is congestion that the sender could not be told. */
	if (unlikely(INET_ECN_decapsulate(skb, dsfield,
					  ipv6_get_dsfield(ipv6_hdr(skb))) > 1))
		return PMIP6_DROP_ECN;
	return PMIP6_DROP_UNSPEC;
}

enum pmip6_drop pmip6_decap(struct sk_buff *skb, struct pmip6_tunnel *tunnel)
{
	struct pmip6_device *pd = tunnel->device;
	struct pmip6_binding *binding;
	const struct pmip6_path *path;
	enum pmip6_drop why;

	if (unlikely(!(pd->dev->flags & IFF_UP)))
		return PMIP6_DROP_DOWN;
	/* Handlers of next header 41 run before IPsec policy is checked. */
	if (!xfrm6_policy_check(NULL, XFRM_POLICY_IN, skb))
		return PMIP6_DROP_POLICY;
	why = pmip6_decap_check(skb, tunnel, &binding, &path);
	if (unlikely(why))
		return why;
	why = pmip6_decap_strip(skb, tunnel);
	if (unlikely(why))
		return why;

	pmip6_count_rx(pd, skb->len);
	pmip6_tunnel_count_rx(tunnel, skb->len);
	pmip6_counters_rx(&binding->counters, skb->len);
	gro_cells_receive(&pd->gro_cells, skb);
	return PMIP6_DROP_UNSPEC;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_decap);

/* For an address of ours, but from nobody we know: others may want it. */
static void tell_no_tunnel(struct net *net, const struct ipv6hdr *outer)
{
	struct pmip6_device *pd = pmip6_device_by_local(net, &outer->daddr);

	if (!pd)
		return;
	pmip6_count_drop(pd, PMIP6_DROP_NO_TUNNEL, false);
	pmip6_event_tunnel_unknown(pd, &outer->saddr);
}

static int rcv(struct sk_buff *skb)
{
	const struct ipv6hdr *outer = ipv6_hdr(skb);
	struct net *net = dev_net(skb->dev);
	struct pmip6_tunnel *tunnel;
	struct pmip6_device *pd;
	struct ipv6hdr inner;
	enum pmip6_drop why;

	tunnel = pmip6_tunnel_lookup(net, &outer->daddr, &outer->saddr,
				     PMIP6_ENCAP_IPV6);
	if (!tunnel) {
		tell_no_tunnel(net, outer);
		return 1;
	}

	why = pmip6_decap(skb, tunnel);
	if (likely(!why))
		return 0;

	pd = tunnel->device;
	pmip6_count_drop(pd, why, false);
	if (why == PMIP6_DROP_NO_BINDING || why == PMIP6_DROP_WRONG_TUNNEL) {
		skb_copy_bits(skb, 0, &inner, sizeof(inner));
		pmip6_event_mn_unknown(pd,
				       pmip6_inner_mn_coming_out(pd->role, &inner),
				       &tunnel->key.remote, 0, why);
	}
	kfree_skb_reason(skb, pmip6_drop_reason(why));
	return 0;
}

/*
 * Tell the inner source. Only what a binding of ours sent into this tunnel is
 * answered, so that a forged error does not make us write to a stranger.
 */
static void relay_error(struct sk_buff *skb, struct pmip6_tunnel *tunnel,
			int offset, u8 type, u8 code, u32 info)
{
	struct pmip6_device *pd = tunnel->device;
	const struct pmip6_binding *binding;
	const struct ipv6hdr *inner;
	struct sk_buff *relayed;
	enum pmip6_drop why;

	if (!pskb_may_pull(skb, offset + sizeof(struct ipv6hdr)))
		return;
	inner = (struct ipv6hdr *)(skb->data + offset);
	if (inner->version != 6)
		return;
	if (type == ICMPV6_PKT_TOOBIG &&
	    sizeof(*inner) + ntohs(inner->payload_len) <= info)
		return;
	binding = pmip6_binding_lookup(&pd->bindings,
				       pmip6_inner_mn_going_in(pd->role, inner));
	if (!binding || !pmip6_path_by_tunnel(binding, tunnel, &why))
		return;

	relayed = skb_clone(skb, GFP_ATOMIC);
	if (!relayed)
		return;
	memset(IP6CB(relayed), 0, sizeof(*IP6CB(relayed)));
	skb_dst_drop(relayed);
	skb_pull(relayed, offset);
	skb_reset_network_header(relayed);
	relayed->dev = pd->dev;
	icmpv6_send(relayed, type, code, info);
	kfree_skb(relayed);
}

/* RFC 2473 8: which errors of the outer path the inner source hears of. */
static int rcv_error(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type,
		     u8 code, int offset, __be32 info)
{
	const struct ipv6hdr *outer = (struct ipv6hdr *)skb->data;
	struct net *net = dev_net(skb->dev);
	struct pmip6_tunnel *tunnel;
	struct pmip6_device *pd;
	u32 mtu;

	tunnel = pmip6_tunnel_lookup(net, &outer->saddr, &outer->daddr,
				     PMIP6_ENCAP_IPV6);
	if (!tunnel)
		return -ENOENT;

	pd = tunnel->device;
	switch (type) {
	case ICMPV6_PKT_TOOBIG:
		ip6_update_pmtu(skb, net, info, READ_ONCE(pd->link),
				READ_ONCE(pd->fwmark), sock_net_uid(net, NULL));
		mtu = pmip6_encap_mtu(ntohl(info));
		relay_error(skb, tunnel, offset, ICMPV6_PKT_TOOBIG, 0, mtu);
		break;
	case ICMPV6_TIME_EXCEED:
		if (code != ICMPV6_EXC_HOPLIMIT)
			break;
		fallthrough;
	case ICMPV6_DEST_UNREACH:
		relay_error(skb, tunnel, offset, ICMPV6_DEST_UNREACH,
			    ICMPV6_ADDR_UNREACH, 0);
		break;
	case NDISC_REDIRECT:
		ip6_redirect(skb, net, skb->dev->ifindex,
			     READ_ONCE(pd->fwmark), sock_net_uid(net, NULL));
		break;
	}
	return 0;
}

static struct xfrm6_tunnel handler __read_mostly = {
	.handler = rcv,
	.err_handler = rcv_error,
};

int pmip6_decap_init(void)
{
	int err = -EEXIST;

	/*
	 * Before ip6_tunnel, whose fallback device takes whatever reaches it.
	 * What is not ours goes on to the others untouched.
	 */
	for (handler.priority = -1; handler.priority >= LOWEST_PRIORITY;
	     handler.priority--) {
		err = xfrm6_tunnel_register(&handler, AF_INET6);
		if (err != -EEXIST)
			break;
	}
	return err;
}

void pmip6_decap_exit(void)
{
	xfrm6_tunnel_deregister(&handler, AF_INET6);
}
