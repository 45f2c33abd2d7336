// SPDX-License-Identifier: GPL-2.0
#include "inet6.h"

#include "../mh/cursor.h"

static uint64_t sum_octets(const void *from, size_t len)
{
	struct cursor cursor = cursor_on(from, len);
	uint64_t sum = 0;

	while (cursor.left >= 2)
		sum += cursor_be(&cursor, 2);
	if (cursor.left)
		sum += (uint64_t)cursor_u8(&cursor) << 8;
	return sum;
}

uint16_t inet6_checksum(const struct in6_addr *src, const struct in6_addr *dst,
			uint8_t protocol, const uint8_t *data, size_t len)
{
	uint64_t sum = len + protocol;

	sum += sum_octets(src, sizeof(*src));
	sum += sum_octets(dst, sizeof(*dst));
	sum += sum_octets(data, len);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}
