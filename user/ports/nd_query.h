/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A question to a station of which no address is known: a Multicast Listener
 * Query (RFC 3810 5.1), in a frame to it alone.
 *
 * Every node with an IPv6 address has joined the group of that address for its
 * neighbours (RFC 4291 2.8) and has to say so when asked (RFC 3810 6), from its
 * link-local address, which is learnt so. Nothing has to be guessed: an address
 * made from its link-layer address would be that of few (RFC 7217), and an Echo
 * Request to all nodes is one that many leave unanswered (RFC 4443 2.4 (e),
 * 4.2). Since nobody else hears it, no election of a querier is disturbed.
 */
#ifndef PMIP6_PORTS_ND_QUERY_H
#define PMIP6_PORTS_ND_QUERY_H

#include <netinet/in.h>
#include <stdint.h>

/* Ethernet, IPv6, Hop-by-Hop Options, and the query. */
#define ND_QUERY_LEN (14 + 40 + 8 + 28)

/**
 * nd_query_build() - the frame
 * @to: the station's link-layer address, ETH_ALEN octets
 * @from: the router's
 * @src: the router's link-local address
 * @frame: where to put it, ND_QUERY_LEN octets
 */
void nd_query_build(const uint8_t *to, const uint8_t *from,
		    const struct in6_addr *src, uint8_t *frame);

#endif /* PMIP6_PORTS_ND_QUERY_H */
