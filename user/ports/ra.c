// SPDX-License-Identifier: GPL-2.0
#include "ra.h"

#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>

#include "../mh/cursor.h"
#include "inet6.h"

/* RFC 4861 6.1.2: what has passed a router is no advertisement. */
#define HOP_LIMIT 255

/* RFC 4861 4.2 Cur Hop Limit: what the mobile node shall send with. */
#define CURRENT_HOP_LIMIT 64

/* The prefix length that RFC 4862 5.5.3 (d) can make an address from. */
#define AUTONOMOUS_PREFIX_LEN 64

/* Options count their length in units of 8 octets (RFC 4861 4.6). */
#define SOURCE_LLADDR_UNITS 1
#define MTU_UNITS 1
#define PREFIX_UNITS 4

/* Where lengths and checksum are, that are known last. */
#define IPV6_START ETH_HLEN
#define ICMP6_START (IPV6_START + INET6_HEADER_LEN)
#define PAYLOAD_LEN_AT (IPV6_START + 4)
#define CHECKSUM_AT (ICMP6_START + 2)

static void put_headers(struct builder *builder,
			const struct effect_advertise *ra,
			const struct in6_addr *dst, const uint8_t *lladdr)
{
	builder_bytes(builder, ra->lladdr, ETH_ALEN);
	builder_bytes(builder, lladdr, ETH_ALEN);
	builder_be(builder, ETHERTYPE_IPV6, 2);

	builder_be(builder, 6u << 28, 4);
	builder_be(builder, 0, 2);
	builder_u8(builder, IPPROTO_ICMPV6);
	builder_u8(builder, HOP_LIMIT);
	builder_bytes(builder, &ra->src, sizeof(ra->src));
	builder_bytes(builder, dst, sizeof(*dst));
}

static void put_fixed_part(struct builder *builder,
			   const struct effect_advertise *ra)
{
	builder_u8(builder, ND_ROUTER_ADVERT);
	builder_u8(builder, 0);
	builder_be(builder, 0, 2);
	builder_u8(builder, CURRENT_HOP_LIMIT);
	builder_u8(builder, (ra->managed ? ND_RA_FLAG_MANAGED : 0) |
			    (ra->other ? ND_RA_FLAG_OTHER : 0));
	builder_be(builder, ra->router_lifetime_s, 2);
	/* Reachable Time and Retrans Timer: the mobile node's own. */
	builder_be(builder, 0, 4);
	builder_be(builder, 0, 4);
}

static void put_source_lladdr(struct builder *builder, const uint8_t *lladdr)
{
	builder_u8(builder, ND_OPT_SOURCE_LINKADDR);
	builder_u8(builder, SOURCE_LLADDR_UNITS);
	builder_bytes(builder, lladdr, ETH_ALEN);
}

static void put_mtu(struct builder *builder, uint32_t mtu)
{
	builder_u8(builder, ND_OPT_MTU);
	builder_u8(builder, MTU_UNITS);
	builder_be(builder, 0, 2);
	builder_be(builder, mtu, 4);
}

/* RFC 4861 4.6.2: what is behind the prefix is zero. */
static struct in6_addr prefix_address(const struct mh_prefix *prefix)
{
	struct in6_addr addr = prefix->addr;
	unsigned int i;

	for (i = prefix->len; i < 128; i++)
		addr.s6_addr[i / 8] &= (uint8_t)~(0x80 >> i % 8);
	return addr;
}

static void put_prefix(struct builder *builder,
		       const struct advertised_prefix *advertised)
{
	const struct mh_prefix *prefix = &advertised->prefix;
	struct in6_addr addr = prefix_address(prefix);
	uint32_t valid_s = advertised->valid_s;
	uint32_t preferred_s = advertised->preferred_s;
	uint8_t flags = 0;

	if (advertised->on_link)
		flags |= ND_OPT_PI_FLAG_ONLINK;
	if (advertised->autonomous && prefix->len == AUTONOMOUS_PREFIX_LEN)
		flags |= ND_OPT_PI_FLAG_AUTO;
	builder_u8(builder, ND_OPT_PREFIX_INFORMATION);
	builder_u8(builder, PREFIX_UNITS);
	builder_u8(builder, prefix->len);
	builder_u8(builder, flags);
	builder_be(builder, valid_s, 4);
	builder_be(builder, preferred_s < valid_s ? preferred_s : valid_s, 4);
	builder_be(builder, 0, 4);
	builder_bytes(builder, &addr, sizeof(addr));
}

static void fill_in(uint8_t *frame, size_t len, const struct in6_addr *src,
		    const struct in6_addr *dst)
{
	struct builder field = builder_on(frame + PAYLOAD_LEN_AT, 2);

	builder_be(&field, len - ICMP6_START, 2);
	field = builder_on(frame + CHECKSUM_AT, 2);
	builder_be(&field, inet6_checksum(src, dst, IPPROTO_ICMPV6,
					  frame + ICMP6_START,
					  len - ICMP6_START), 2);
}

size_t ra_build(const struct effect_advertise *ra, const uint8_t *lladdr,
		uint8_t *frame, size_t size)
{
	static const struct in6_addr all_nodes = {
		.s6_addr = { 0xff, 0x02, [15] = 1 }
	};
	const struct in6_addr *dst = &ra->dst;
	struct builder builder = builder_on(frame, size);
	unsigned int i;

	if (IN6_IS_ADDR_UNSPECIFIED(dst))
		dst = &all_nodes;
	if (ra->prefix_count > ADVERTISED_MAX)
		return 0;
	put_headers(&builder, ra, dst, lladdr);
	put_fixed_part(&builder, ra);
	put_source_lladdr(&builder, lladdr);
	if (ra->mtu)
		put_mtu(&builder, ra->mtu);
	for (i = 0; i < ra->prefix_count; i++)
		put_prefix(&builder, &ra->prefix[i]);
	if (builder.failed)
		return 0;
	fill_in(frame, builder.len, &ra->src, dst);
	return builder.len;
}
