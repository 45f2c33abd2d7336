// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/ipv6.h>
#include <net/ah.h>
#include <net/dsfield.h>
#include <net/esp.h>
#include <net/ipv6.h>

#include "compat.h"
#include "selector.h"

/* Longer chains are nobody's: what is behind them, a packet lacks. */
#define HEADERS_MAX 8

static void set_number(struct pmip6_flow_key *key,
		       enum pmip6_selector_field field, u64 number)
{
	key->fields |= BIT(field);
	key->value[field] = (struct pmip6_value){ .low = number };
}

static void set_address(struct pmip6_flow_key *key,
			enum pmip6_selector_field field,
			const struct in6_addr *addr)
{
	key->fields |= BIT(field);
	key->value[field] = (struct pmip6_value){
		.high = (u64)ntohl(addr->s6_addr32[0]) << 32 |
			ntohl(addr->s6_addr32[1]),
		.low = (u64)ntohl(addr->s6_addr32[2]) << 32 |
		       ntohl(addr->s6_addr32[3]),
	};
}

static bool has_ports(u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return true;
	default:
		return false;
	}
}

static void set_spi(struct pmip6_flow_key *key, const struct sk_buff *skb,
		    unsigned int at)
{
	const __be32 *spi;
	__be32 room;

	spi = skb_header_pointer(skb, at, sizeof(room), &room);
	if (spi)
		set_number(key, PMIP6_FIELD_SPI, ntohl(*spi));
}

static void set_ports(struct pmip6_flow_key *key, const struct sk_buff *skb,
		      unsigned int at)
{
	const __be16 *ports;
	__be16 room[2];

	ports = skb_header_pointer(skb, at, sizeof(room), room);
	if (!ports)
		return;
	set_number(key, PMIP6_FIELD_SOURCE_PORT, ntohs(ports[0]));
	set_number(key, PMIP6_FIELD_DESTINATION_PORT, ntohs(ports[1]));
}

/*
 * Over one extension header: RFC 8200 4, RFC 4302 2. Returns how long it is, or 0
 * where nothing is known of what is behind it.
 */
static unsigned int extension(struct pmip6_flow_key *key,
			      const struct sk_buff *skb, unsigned int at,
			      u8 *protocol)
{
	const struct ipv6_opt_hdr *header;
	const struct frag_hdr *fragment;
	struct ipv6_opt_hdr header_room;
	struct frag_hdr fragment_room;
	u8 is = *protocol;

	header = skb_header_pointer(skb, at, sizeof(header_room), &header_room);
	if (!header)
		return 0;
	*protocol = header->nexthdr;
	switch (is) {
	case NEXTHDR_FRAGMENT:
		fragment = skb_header_pointer(skb, at, sizeof(fragment_room),
					      &fragment_room);
		if (!fragment || fragment->frag_off & htons(IP6_OFFSET))
			return 0;
		return sizeof(*fragment);
	case NEXTHDR_AUTH:
		set_spi(key, skb, at + offsetof(struct ip_auth_hdr, spi));
		return ipv6_authlen(header);
	default:
		return ipv6_optlen(header);
	}
}

static void upper_layer(struct pmip6_flow_key *key, const struct sk_buff *skb,
			unsigned int at, u8 protocol)
{
	set_number(key, PMIP6_FIELD_PROTOCOL, protocol);
	if (has_ports(protocol))
		set_ports(key, skb, at);
	else if (protocol == IPPROTO_ESP)
		set_spi(key, skb, at + offsetof(struct ip_esp_hdr, spi));
}

void pmip6_flow_key_of(const struct sk_buff *skb, struct pmip6_flow_key *key)
{
	const struct ipv6hdr *inner = ipv6_hdr(skb);
	unsigned int at, len, i;
	u8 protocol;

	key->fields = 0;
	set_address(key, PMIP6_FIELD_SOURCE, &inner->saddr);
	set_address(key, PMIP6_FIELD_DESTINATION, &inner->daddr);
	set_number(key, PMIP6_FIELD_FLOW_LABEL, ntohl(ip6_flowlabel(inner)));
	set_number(key, PMIP6_FIELD_DS, ipv6_get_dsfield(inner) >> 2);

	at = skb_network_offset(skb) + sizeof(*inner);
	protocol = inner->nexthdr;
	for (i = 0; i < HEADERS_MAX; i++) {
		if (likely(!ipv6_ext_hdr(protocol) ||
			   protocol == NEXTHDR_NONE)) {
			upper_layer(key, skb, at, protocol);
			return;
		}
		len = extension(key, skb, at, &protocol);
		if (!len)
			return;
		at += len;
	}
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_flow_key_of);
