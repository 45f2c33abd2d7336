/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The addresses of an inner header: which is the mobile node's, and what may not
 * stand there.
 */
#ifndef PMIP6_INNER_H
#define PMIP6_INNER_H

#include <linux/ipv6.h>
#include <linux/pmip6.h>
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

/**
 * pmip6_inner_mn_going_in() - the mobile node of a packet that goes into a tunnel
 * @role: of the device
 * @inner: the inner header
 *
 * Context: any.
 * Return: its address, in @inner.
 */
static inline const struct in6_addr *
pmip6_inner_mn_going_in(enum pmip6_role role, const struct ipv6hdr *inner)
{
	return role == PMIP6_ROLE_LMA ? &inner->daddr : &inner->saddr;
}

/**
 * pmip6_inner_mn_coming_out() - the mobile node of a packet that comes out of one
 * @role: of the device
 * @inner: the inner header
 *
 * Context: any.
 * Return: its address, in @inner.
 */
static inline const struct in6_addr *
pmip6_inner_mn_coming_out(enum pmip6_role role, const struct ipv6hdr *inner)
{
	return role == PMIP6_ROLE_LMA ? &inner->saddr : &inner->daddr;
}

#endif /* PMIP6_INNER_H */
