// SPDX-License-Identifier: GPL-2.0
#include "nd_message.h"

#include <net/ethernet.h>
#include <netinet/icmp6.h>

#include "../mh/cursor.h"
#include "inet6.h"

#define HOP_LIMIT 255

/* Octets before the options. */
#define SOLICIT_LEN 8
#define NEIGHBOUR_LEN 24

/* The S flag of a Neighbor Advertisement, in its first octet of flags. */
#define FLAG_SOLICITED 0x40

#define OPTION_UNIT 8

/**
 * struct ip6 - an IPv6 header
 * @payload_len: octets behind it, as it says
 * @protocol: what they are
 * @hop_limit: of the packet
 * @src: its source
 * @dst: its destination
 */
struct ip6 {
	size_t payload_len;
	uint8_t protocol;
	uint8_t hop_limit;
	struct in6_addr src;
	struct in6_addr dst;
};

/**
 * struct packet - what is known of a message while it is read
 * @code: ICMPv6 code
 * @flags: first octet behind the ICMPv6 header
 * @has_source_lladdr: there is a Source Link-Layer Address option
 */
struct packet {
	uint8_t code;
	uint8_t flags;
	bool has_source_lladdr;
};

static bool is_heard(uint8_t type)
{
	return type == ND_ROUTER_SOLICIT || type == ND_NEIGHBOR_SOLICIT ||
	       type == ND_NEIGHBOR_ADVERT;
}

static size_t least_len(uint8_t type)
{
	return type == ND_ROUTER_SOLICIT ? SOLICIT_LEN : NEIGHBOUR_LEN;
}

/* Leaves the cursor behind the IPv6 header; false if the frame has none. */
static bool read_ip6(struct cursor *cursor, struct ip6 *ip6)
{
	cursor_skip(cursor, (size_t)2 * ETH_ALEN);
	if (cursor_be(cursor, 2) != ETHERTYPE_IPV6 ||
	    cursor_be(cursor, 4) >> 28 != 6)
		return false;
	ip6->payload_len = cursor_be(cursor, 2);
	ip6->protocol = cursor_u8(cursor);
	ip6->hop_limit = cursor_u8(cursor);
	cursor_bytes(cursor, &ip6->src, sizeof(ip6->src));
	cursor_bytes(cursor, &ip6->dst, sizeof(ip6->dst));
	return !cursor->failed;
}

/* Leaves the cursor on the ICMPv6 header of what is Neighbour Discovery. */
static bool read_headers(struct cursor *cursor, struct ip6 *ip6,
			 struct nd_message *message)
{
	struct cursor body;

	if (!read_ip6(cursor, ip6))
		return false;
	message->src = ip6->src;
	message->dst = ip6->dst;
	body = *cursor;
	message->type = cursor_u8(&body);
	return !body.failed && ip6->protocol == IPPROTO_ICMPV6 &&
	       is_heard(message->type);
}

static void read_body(struct cursor *cursor, struct packet *packet,
		      struct nd_message *message)
{
	cursor_skip(cursor, 1);
	packet->code = cursor_u8(cursor);
	cursor_skip(cursor, 2);
	packet->flags = cursor_u8(cursor);
	cursor_skip(cursor, 3);
	memset(&message->target, 0, sizeof(message->target));
	if (message->type != ND_ROUTER_SOLICIT)
		cursor_bytes(cursor, &message->target, sizeof(message->target));
}

static bool read_options(struct cursor *cursor, struct packet *packet)
{
	while (cursor->left) {
		uint8_t type = cursor_u8(cursor);
		size_t octets = (size_t)cursor_u8(cursor) * OPTION_UNIT;

		if (cursor->failed || !octets)
			return false;
		cursor_skip(cursor, octets - 2);
		if (type == ND_OPT_SOURCE_LINKADDR)
			packet->has_source_lladdr = true;
	}
	return !cursor->failed;
}

/* RFC 4291 2.7.1: the group of all addresses that end like this one. */
static bool is_group_of(const struct in6_addr *group,
			const struct in6_addr *addr)
{
	static const uint8_t start[13] = { 0xff, 0x02, [11] = 1, [12] = 0xff };

	return !memcmp(group->s6_addr, start, sizeof(start)) &&
	       !memcmp(group->s6_addr + sizeof(start),
		       addr->s6_addr + sizeof(start), 3);
}

static enum nd_error check_addresses(const struct packet *packet,
				     const struct nd_message *message)
{
	bool unspecified = IN6_IS_ADDR_UNSPECIFIED(&message->src);

	if (IN6_IS_ADDR_MULTICAST(&message->src))
		return ND_ERROR_SOURCE;
	if (IN6_IS_ADDR_MULTICAST(&message->target))
		return ND_ERROR_TARGET;
	switch (message->type) {
	case ND_NEIGHBOR_SOLICIT:
		if (unspecified && !is_group_of(&message->dst,
						&message->target))
			return ND_ERROR_DESTINATION;
		break;
	case ND_NEIGHBOR_ADVERT:
		if (IN6_IS_ADDR_MULTICAST(&message->dst) &&
		    packet->flags & FLAG_SOLICITED)
			return ND_ERROR_SOLICITED;
		return unspecified ? ND_ERROR_SOURCE : ND_OK;
	}
	if (unspecified && packet->has_source_lladdr)
		return ND_ERROR_SOURCE;
	return ND_OK;
}

enum nd_error nd_parse(const uint8_t *frame, size_t len,
		       struct nd_message *message)
{
	struct cursor cursor = cursor_on(frame, len);
	struct packet packet = { 0 };
	struct ip6 ip6;

	if (!read_headers(&cursor, &ip6, message))
		return ND_ERROR_NOT_ND;
	if (ip6.payload_len > cursor.left)
		return ND_ERROR_TRUNCATED;
	if (ip6.hop_limit != HOP_LIMIT)
		return ND_ERROR_HOP_LIMIT;
	if (inet6_checksum(&ip6.src, &ip6.dst, IPPROTO_ICMPV6, cursor.at,
			   ip6.payload_len))
		return ND_ERROR_CHECKSUM;
	if (ip6.payload_len < least_len(message->type))
		return ND_ERROR_LENGTH;
	cursor = cursor_on(cursor.at, ip6.payload_len);
	read_body(&cursor, &packet, message);
	if (packet.code)
		return ND_ERROR_CODE;
	if (!read_options(&cursor, &packet))
		return ND_ERROR_OPTION;
	return check_addresses(&packet, message);
}

/* RFC 3810 5.2.13: the only extension header is one of eight octets. */
#define REPORT_HOP_LIMIT 1
#define HOP_BY_HOP_LEN 8

/* Octets of a report before the type of its first record, and of that record. */
#define BEFORE_RECORD 8
#define RECORD_LEN 20

/* Leaves the cursor on the ICMPv6 header, with no more than the packet. */
static bool read_report_headers(struct cursor *cursor, struct ip6 *ip6)
{
	uint8_t protocol;

	if (!read_ip6(cursor, ip6) || ip6->protocol != IPPROTO_HOPOPTS ||
	    ip6->hop_limit != REPORT_HOP_LIMIT ||
	    ip6->payload_len > cursor->left)
		return false;
	*cursor = cursor_on(cursor->at, ip6->payload_len);
	protocol = cursor_u8(cursor);
	if (cursor_u8(cursor) || protocol != IPPROTO_ICMPV6)
		return false;
	cursor_skip(cursor, HOP_BY_HOP_LEN - 2);
	return !cursor->failed;
}

bool nd_joins_groups(const uint8_t *frame, size_t len)
{
	struct cursor cursor = cursor_on(frame, len);
	struct ip6 ip6;
	uint8_t record;

	if (!read_report_headers(&cursor, &ip6) ||
	    cursor.left < BEFORE_RECORD + RECORD_LEN ||
	    inet6_checksum(&ip6.src, &ip6.dst, IPPROTO_ICMPV6, cursor.at,
			   cursor.left))
		return false;
	if (cursor_u8(&cursor) != ND_GROUP_REPORT)
		return false;
	cursor_skip(&cursor, BEFORE_RECORD - 1);
	record = cursor_u8(&cursor);
	return record == ND_RECORD_TO_INCLUDE || record == ND_RECORD_TO_EXCLUDE;
}

bool nd_link_local_source(const uint8_t *frame, size_t len,
			  struct in6_addr *src)
{
	struct cursor cursor = cursor_on(frame, len);
	struct ip6 ip6;

	if (!read_ip6(&cursor, &ip6))
		return false;
	*src = ip6.src;
	return IN6_IS_ADDR_LINKLOCAL(src);
}

const char *nd_error_name(enum nd_error error)
{
	static const char *const names[ND_ERROR_MAX] = {
		[ND_OK] = "ok",
		[ND_ERROR_NOT_ND] = "not-nd",
		[ND_ERROR_TRUNCATED] = "invalid-truncated",
		[ND_ERROR_HOP_LIMIT] = "invalid-hop-limit",
		[ND_ERROR_CHECKSUM] = "invalid-checksum",
		[ND_ERROR_CODE] = "invalid-code",
		[ND_ERROR_LENGTH] = "invalid-length",
		[ND_ERROR_OPTION] = "invalid-option",
		[ND_ERROR_SOURCE] = "invalid-source",
		[ND_ERROR_DESTINATION] = "invalid-destination",
		[ND_ERROR_TARGET] = "invalid-target",
		[ND_ERROR_SOLICITED] = "invalid-solicited",
	};

	return error < ND_ERROR_MAX ? names[error] : "unknown";
}
