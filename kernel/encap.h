/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wire, outer headers on: IPv6 in IPv6 by RFC 2473.
 */
#ifndef PMIP6_ENCAP_H
#define PMIP6_ENCAP_H

#include <linux/ipv6.h>
#include <linux/pmip6.h>
#include <linux/skbuff.h>
#include <net/dst.h>

#include "tunnel.h"

/**
 * pmip6_encap_xmit() - wrap a packet and send it to the tunnel's other end
 * @skb: an IPv6 packet, network header at its start, headers in its linear part
 * @tunnel: where to
 *
 * A packet that does not fit is answered with Packet Too Big, but never one
 * of 1280 octets or less: its outer packet is fragmented (RFC 2473 7.1).
 *
 * Context: BH disabled, RCU read side.
 * Return: PMIP6_DROP_UNSPEC when it was sent and @skb is gone; otherwise why
 * not, and @skb is still the caller's.
 */
enum pmip6_drop pmip6_encap_xmit(struct sk_buff *skb,
				 struct pmip6_tunnel *tunnel);

/**
 * pmip6_encap_headroom() - what wrapping needs in front of a packet
 * @dst: the route of outer packets
 *
 * Context: any.
 * Return: octets.
 */
static inline unsigned int pmip6_encap_headroom(const struct dst_entry *dst)
{
	return LL_RESERVED_SPACE(dst->dev) + dst->header_len +
	       sizeof(struct ipv6hdr);
}

/**
 * pmip6_encap_prepare() - make an outer packet of an inner one
 * @skb: as for pmip6_encap_xmit()
 * @tunnel: where to
 * @dst: the route of outer packets
 *
 * The outer header's length is still to be filled in.
 *
 * Context: BH disabled, RCU read side.
 * Return: 0, or -ENOMEM, and then there is no outer header.
 */
int pmip6_encap_prepare(struct sk_buff *skb, const struct pmip6_tunnel *tunnel,
			const struct dst_entry *dst);

/**
 * pmip6_encap_mtu() - the largest inner packet that need not be refused
 * @path_mtu: of the outer path
 *
 * RFC 2473 7.1.
 *
 * Context: any.
 * Return: octets, 1280 or more.
 */
u32 pmip6_encap_mtu(u32 path_mtu);

/**
 * pmip6_encap_fits() - may this packet go in as it is
 * @skb: an IPv6 packet, or one that will be segmented into many
 * @mtu: largest inner packet
 *
 * Context: any.
 * Return: false if Packet Too Big must be sent.
 */
bool pmip6_encap_fits(const struct sk_buff *skb, u32 mtu);

/**
 * pmip6_encap_push_ipv6() - put the outer IPv6 header on
 * @skb: with headroom for it; the inner header is at its start
 * @key: the endpoints
 * @dsfield: inner traffic class, of which the ECN field is copied (RFC 6040)
 * @hop_limit: of the outer header
 *
 * Context: any.
 */
void pmip6_encap_push_ipv6(struct sk_buff *skb,
			   const struct pmip6_tunnel_key *key, u8 dsfield,
			   u8 hop_limit);

#endif /* PMIP6_ENCAP_H */
