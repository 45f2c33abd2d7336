// SPDX-License-Identifier: GPL-2.0
/*
 * Octets as a frame of a station. The first says whether the checksum that
 * follows is made right, which no random input would get. What is taken for
 * Neighbour Discovery keeps the rules of RFC 4861 6.1.1, 7.1.1 and 7.1.2; what
 * is behind it in the frame does not matter, and what is missing is noticed.
 *
 * Covers: user/ports/nd_message.c user/ports/nd_query.c user/ports/inet6.c
 */
#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <string.h>

#include "../ports/inet6.h"
#include "../ports/nd_message.h"
#include "../ports/nd_query.h"
#include "fuzz.h"

#define SEAL 0x01

#define PAYLOAD_LEN (ETH_HLEN + 4)
#define NEXT_HEADER (ETH_HLEN + 6)
#define HOP_LIMIT (ETH_HLEN + 7)
#define PAYLOAD (ETH_HLEN + INET6_HEADER_LEN)
#define HOP_BY_HOP_LEN 8

/* No message is shorter than a Router Solicitation. */
#define SOLICIT_LEN 8

static struct in6_addr address(const uint8_t *frame, size_t at)
{
	struct in6_addr addr;

	memcpy(&addr, frame + ETH_HLEN + at, sizeof(addr));
	return addr;
}

static size_t payload_len(const uint8_t *frame)
{
	return (size_t)frame[PAYLOAD_LEN] << 8 | frame[PAYLOAD_LEN + 1];
}

/* Of ICMPv6 that is the packet, or behind one extension header of 8 octets. */
static void seal(uint8_t *frame, size_t len)
{
	struct in6_addr src, dst;
	size_t at = PAYLOAD, end;
	uint16_t sum;

	if (len < PAYLOAD)
		return;
	if (frame[NEXT_HEADER] == IPPROTO_HOPOPTS)
		at += HOP_BY_HOP_LEN;
	end = PAYLOAD + payload_len(frame);
	if (end > len || end < at + 4)
		return;
	src = address(frame, 8);
	dst = address(frame, 24);
	memset(frame + at + 2, 0, 2);
	sum = inet6_checksum(&src, &dst, IPPROTO_ICMPV6, frame + at, end - at);
	frame[at + 2] = (uint8_t)(sum >> 8);
	frame[at + 3] = (uint8_t)sum;
}

static uint8_t *copy(const uint8_t *frame, size_t len)
{
	uint8_t *data = malloc(len ? len : 1);

	REQUIRE(data);
	if (len)
		memcpy(data, frame, len);
	return data;
}

/* Of the same frame, with less or more behind its headers. */
static enum nd_error parse_cut(const uint8_t *frame, size_t len,
			       struct nd_message *message)
{
	uint8_t *data = copy(frame, len);
	enum nd_error error = nd_parse(data, len, message);

	free(data);
	return error;
}

static void require_rules(const uint8_t *frame, const struct nd_message *message)
{
	struct in6_addr src = address(frame, 8), dst = address(frame, 24);

	REQUIRE(frame[HOP_LIMIT] == 255);
	REQUIRE(frame[NEXT_HEADER] == IPPROTO_ICMPV6);
	REQUIRE(frame[PAYLOAD] == message->type && !frame[PAYLOAD + 1]);
	REQUIRE(!inet6_checksum(&src, &dst, IPPROTO_ICMPV6, frame + PAYLOAD,
				payload_len(frame)));
	REQUIRE(IN6_ARE_ADDR_EQUAL(&src, &message->src));
	REQUIRE(IN6_ARE_ADDR_EQUAL(&dst, &message->dst));
	REQUIRE(!IN6_IS_ADDR_MULTICAST(&message->src));
	REQUIRE(!IN6_IS_ADDR_MULTICAST(&message->target));
	if (message->type == ND_ROUTER_SOLICIT)
		REQUIRE(IN6_IS_ADDR_UNSPECIFIED(&message->target));
	else
		REQUIRE(!memcmp(&message->target, frame + PAYLOAD + 8, 16));
	if (message->type == ND_NEIGHBOR_ADVERT)
		REQUIRE(!IN6_IS_ADDR_UNSPECIFIED(&message->src));
}

static void on_message(const uint8_t *frame, size_t len,
		       const struct nd_message *message)
{
	struct nd_message other;
	size_t end;

	REQUIRE(len >= PAYLOAD + SOLICIT_LEN);
	require_rules(frame, message);
	end = PAYLOAD + payload_len(frame);
	REQUIRE(end <= len);
	REQUIRE(!parse_cut(frame, end, &other));
	REQUIRE(other.type == message->type &&
		IN6_ARE_ADDR_EQUAL(&other.target, &message->target));
	REQUIRE(parse_cut(frame, end - 1, &other) == ND_ERROR_TRUNCATED);
}

/* Our own question is no answer to anybody's. */
static void ask(const uint8_t *frame, const struct in6_addr *src)
{
	uint8_t query[ND_QUERY_LEN];
	struct nd_message message;

	nd_query_build(frame + ETH_ALEN, frame, src, query);
	REQUIRE(nd_parse(query, sizeof(query), &message) == ND_ERROR_NOT_ND);
	REQUIRE(!nd_joins_groups(query, sizeof(query)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nd_message message;
	struct in6_addr src;
	enum nd_error error;
	uint8_t *frame;

	if (!size)
		return -1;
	frame = copy(data + 1, --size);
	if (data[0] & SEAL)
		seal(frame, size);
	error = nd_parse(frame, size, &message);
	REQUIRE(error < ND_ERROR_MAX && *nd_error_name(error));
	if (!error)
		on_message(frame, size, &message);
	if (nd_joins_groups(frame, size))
		REQUIRE(error == ND_ERROR_NOT_ND && size > PAYLOAD &&
			frame[HOP_LIMIT] == 1);
	if (nd_link_local_source(frame, size, &src)) {
		REQUIRE(IN6_IS_ADDR_LINKLOCAL(&src));
		ask(frame, &src);
	}
	free(frame);
	return 0;
}
