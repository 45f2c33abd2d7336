/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bytes of a Router Advertisement (RFC 4861 4.2). No sockets, no globals.
 */
#ifndef PMIP6_PORTS_RA_H
#define PMIP6_PORTS_RA_H

#include <stddef.h>
#include <stdint.h>

#include "../engine/effects.h"

/*
 * Ethernet, IPv6 and fixed part; Source Link-Layer Address, MTU, and a Prefix
 * Information for each prefix.
 */
#define RA_MAX_LEN (14 + 40 + 16 + 8 + 8 + 32 * ADVERTISED_MAX)

/**
 * ra_build() - an advertisement to one mobile node, as a frame
 * @ra: what it says; its source is not ::, its prefix_count at most
 *	ADVERTISED_MAX
 * @lladdr: the router's link-layer address, ETH_ALEN octets
 * @frame: where to put it
 * @size: room there, RA_MAX_LEN is always enough
 *
 * The frame goes to the mobile node's own link-layer address even if the packet
 * goes to all nodes, so that nobody else hears of its prefixes (RFC 6085). They
 * are for addresses of its own making only if they are 64 bits long, which is
 * what RFC 4862 5.5.3 (d) can use. No address is preferred for longer than it is
 * valid.
 *
 * Return: length in octets, or 0 if it does not fit.
 */
size_t ra_build(const struct effect_advertise *ra, const uint8_t *lladdr,
		uint8_t *frame, size_t size);

#endif /* PMIP6_PORTS_RA_H */
