/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What may stand in the addresses of an inner header.
 */
#ifndef PMIP6_INNER_H
#define PMIP6_INNER_H

#include <linux/ipv6.h>
#include <net/ipv6.h>

/**
 * pmip6_inner_addresses_ok() - may a packet between these be forwarded at all
 * @inner: the inner header
 *
 * RFC 4291 2.5.2, 2.5.3 and 2.5.6; RFC 5213 6.10.5 for link-local. When a
 * packet leaves by the device that it came in by, the stack's own check of
 * the source is skipped, so it is made here. Multicast is not carried.
 *
 * Context: any.
 * Return: false for unspecified, loopback, multicast and link-local addresses.
 */
static inline bool pmip6_inner_addresses_ok(const struct ipv6hdr *inner)
{
	const int never = IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL |
			  IPV6_ADDR_MULTICAST;
	int source = ipv6_addr_type(&inner->saddr);
	int destination = ipv6_addr_type(&inner->daddr);

	return source != IPV6_ADDR_ANY && destination != IPV6_ADDR_ANY &&
	       !((source | destination) & never);
}

#endif /* PMIP6_INNER_H */
