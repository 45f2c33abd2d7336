// SPDX-License-Identifier: GPL-2.0
#include "nd_query.h"

#include <net/ethernet.h>
#include <netinet/icmp6.h>

#include "../mh/cursor.h"
#include "inet6.h"

/* RFC 3810 5.1.14: from a neighbour, and to be looked at by routers. */
#define HOP_LIMIT 1

/* The Maximum Response Code, in milliseconds as long as it is small. */
#define RESPONSE_MS 500

/* RFC 3810 9.1, 9.2: the defaults of a querier. */
#define ROBUSTNESS 2
#define QUERY_INTERVAL_S 125

#define ICMP6_START (ETH_HLEN + INET6_HEADER_LEN + 8)
#define CHECKSUM_AT (ICMP6_START + 2)

static const struct in6_addr all_nodes = {
	.s6_addr = { 0xff, 0x02, [15] = 1 }
};

static void put_headers(struct builder *builder, const uint8_t *to,
			const uint8_t *from, const struct in6_addr *src)
{
	/* RFC 2711: a Router Alert, and padding. */
	static const uint8_t options[] = { 5, 2, 0, 0, 1, 0 };

	builder_bytes(builder, to, ETH_ALEN);
	builder_bytes(builder, from, ETH_ALEN);
	builder_be(builder, ETHERTYPE_IPV6, 2);
	builder_be(builder, 6u << 28, 4);
	builder_be(builder, ND_QUERY_LEN - ETH_HLEN - INET6_HEADER_LEN, 2);
	builder_u8(builder, IPPROTO_HOPOPTS);
	builder_u8(builder, HOP_LIMIT);
	builder_bytes(builder, src, sizeof(*src));
	builder_bytes(builder, &all_nodes, sizeof(all_nodes));
	builder_u8(builder, IPPROTO_ICMPV6);
	builder_u8(builder, 0);
	builder_bytes(builder, options, sizeof(options));
}

void nd_query_build(const uint8_t *to, const uint8_t *from,
		    const struct in6_addr *src, uint8_t *frame)
{
	struct builder builder = builder_on(frame, ND_QUERY_LEN), field;

	put_headers(&builder, to, from, src);
	builder_u8(&builder, MLD_LISTENER_QUERY);
	builder_u8(&builder, 0);
	builder_be(&builder, 0, 2);
	builder_be(&builder, RESPONSE_MS, 2);
	builder_be(&builder, 0, 2);
	/* Of all groups. */
	builder_bytes(&builder, &in6addr_any, sizeof(in6addr_any));
	builder_u8(&builder, ROBUSTNESS);
	builder_u8(&builder, QUERY_INTERVAL_S);
	builder_be(&builder, 0, 2);
	field = builder_on(frame + CHECKSUM_AT, 2);
	builder_be(&field, inet6_checksum(src, &all_nodes, IPPROTO_ICMPV6,
					  frame + ICMP6_START,
					  ND_QUERY_LEN - ICMP6_START), 2);
}
