// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/icmpv6.h>
#include <net/inet_ecn.h>
#include <net/ip6_route.h>
#include <net/ip6_tunnel.h>

#include "compat.h"
#include "device.h"
#include "encap.h"

u32 pmip6_encap_mtu(u32 path_mtu)
{
	if (path_mtu < IPV6_MIN_MTU + sizeof(struct ipv6hdr))
		return IPV6_MIN_MTU;
	return path_mtu - sizeof(struct ipv6hdr);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_encap_mtu);

bool pmip6_encap_fits(const struct sk_buff *skb, u32 mtu)
{
	if (skb_is_gso(skb))
		return skb_gso_validate_network_len(skb, mtu);
	return skb->len <= mtu;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_encap_fits);

void pmip6_encap_push_ipv6(struct sk_buff *skb,
			   const struct pmip6_tunnel_key *key, u8 dsfield,
			   u8 hop_limit)
{
	struct ipv6hdr *outer;

	outer = skb_push(skb, sizeof(*outer));
	skb_reset_network_header(skb);
	/* RFC 6040 4.1, normal mode: the ECN field goes out as it came in. */
	ip6_flow_hdr(outer, dsfield & INET_ECN_MASK, 0);
	outer->payload_len = 0; /* ip6_local_out() knows it */
	outer->nexthdr = IPPROTO_IPV6;
	outer->hop_limit = hop_limit;
	outer->saddr = key->local;
	outer->daddr = key->remote;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_encap_push_ipv6);

int pmip6_encap_prepare(struct sk_buff *skb, const struct pmip6_tunnel *tunnel,
			const struct dst_entry *dst)
{
	const struct pmip6_device *pd = tunnel->device;
	u8 dsfield = ipv6_get_dsfield(ipv6_hdr(skb));
	int err;

	err = skb_cow_head(skb, pmip6_encap_headroom(dst));
	if (err)
		return err;
	err = iptunnel_handle_offloads(skb, SKB_GSO_IPXIP6);
	if (err)
		return err;
	skb_set_inner_ipproto(skb, IPPROTO_IPV6);
	skb_scrub_packet(skb, !net_eq(pd->net, dev_net(pd->dev)));
	/* RFC 2473 7.2: an outer packet may be fragmented by its source, us. */
	skb->ignore_df = 1;
	pmip6_encap_push_ipv6(skb, &tunnel->key, dsfield,
			      READ_ONCE(pd->hop_limit));
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	return 0;
}

enum pmip6_drop pmip6_encap_xmit(struct sk_buff *skb,
				 struct pmip6_tunnel *tunnel)
{
	struct pmip6_device *pd = tunnel->device;
	unsigned int len = skb->len;
	struct dst_entry *dst;
	enum pmip6_drop why;
	u32 mtu;

	dst = pmip6_tunnel_route(tunnel, &why);
	if (unlikely(!dst))
		return why;

	mtu = pmip6_encap_mtu(dst_mtu(dst));
	if (unlikely(!pmip6_encap_fits(skb, mtu))) {
		icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
		dst_release(dst);
		return PMIP6_DROP_TOO_BIG;
	}
	if (unlikely(pmip6_encap_prepare(skb, tunnel, dst))) {
		dst_release(dst);
		return PMIP6_DROP_NO_MEMORY;
	}
	skb_dst_set(skb, dst);

	/* Counted as sent here; what the underlay drops, it counts itself. */
	pmip6_count_tx(pd, len);
	pmip6_tunnel_count_tx(tunnel, len);
	ip6_local_out(pd->net, NULL, skb);
	return PMIP6_DROP_UNSPEC;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_encap_xmit);
