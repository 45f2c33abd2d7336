/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every upper-layer protocol on IPv6 needs.
 */
#ifndef PMIP6_PORTS_INET6_H
#define PMIP6_PORTS_INET6_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define INET6_HEADER_LEN 40

/**
 * inet6_checksum() - the checksum of an upper-layer packet (RFC 8200 8.1)
 * @src: IPv6 source
 * @dst: IPv6 destination
 * @protocol: the upper-layer protocol
 * @data: the packet, without any IPv6 header
 * @len: its length
 *
 * Return: what belongs into the field if that was zero, else 0 if it was right;
 * in host byte order.
 */
uint16_t inet6_checksum(const struct in6_addr *src, const struct in6_addr *dst,
			uint8_t protocol, const uint8_t *data, size_t len);

#endif /* PMIP6_PORTS_INET6_H */
