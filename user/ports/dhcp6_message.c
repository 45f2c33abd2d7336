// SPDX-License-Identifier: GPL-2.0
#include "dhcp6_message.h"

#include "../mh/cursor.h"
#include "inet6.h"

/* What a relay agent sends with; RFC 8415 asks for none of its own. */
#define HOP_LIMIT 64

#define UDP_HEADER_LEN 8

/* A type and a transaction identifier. */
#define MESSAGE_LEN_MIN 4

/* hardware type of Ethernet, RFC 6939 4 */
#define HARDWARE_ETHERNET 1

#define LLADDR_OPTION_LEN (2 + ETH_ALEN)

/* Where the length and the checksum are, that are known last. */
#define IPV6_START ETH_HLEN
#define UDP_START (IPV6_START + INET6_HEADER_LEN)
#define CHECKSUM_AT (UDP_START + 6)

/* RFC 8415 7.1 */
static const struct in6_addr all_agents_and_servers = {
	.s6_addr = { 0xff, 0x02, [13] = 1, [15] = 2 }
};

static bool is_unicast(const struct in6_addr *addr)
{
	return !IN6_IS_ADDR_MULTICAST(addr) && !IN6_IS_ADDR_UNSPECIFIED(addr) &&
	       !IN6_IS_ADDR_LOOPBACK(addr);
}

/* Leaves the cursor on the UDP header of what is for a relay agent. */
static bool read_headers(struct cursor *cursor, struct dhcp6_client *client,
			 size_t *payload_len)
{
	struct in6_addr dst;
	struct cursor udp;
	uint8_t protocol;

	cursor_skip(cursor, ETH_ALEN);
	cursor_bytes(cursor, client->lladdr, ETH_ALEN);
	if (cursor_be(cursor, 2) != ETHERTYPE_IPV6 ||
	    cursor_be(cursor, 4) >> 28 != 6)
		return false;
	*payload_len = cursor_be(cursor, 2);
	protocol = cursor_u8(cursor);
	cursor_skip(cursor, 1);
	cursor_bytes(cursor, &client->src, sizeof(client->src));
	cursor_bytes(cursor, &dst, sizeof(dst));
	udp = *cursor;
	cursor_skip(&udp, 2);
	return cursor_be(&udp, 2) == DHCP6_SERVER_PORT && !udp.failed &&
	       protocol == IPPROTO_UDP &&
	       IN6_ARE_ADDR_EQUAL(&dst, &all_agents_and_servers);
}

static bool has_whole_options(struct cursor options)
{
	while (options.left) {
		cursor_skip(&options, 2);
		cursor_skip(&options, cursor_be(&options, 2));
		if (options.failed)
			return false;
	}
	return true;
}

/* RFC 8415 16: what relay agents and servers do not take from a client. */
static enum dhcp6_error check_client(const struct dhcp6_client *client)
{
	struct cursor options;

	switch (client->type) {
	case DHCP6_RELAY_FORW:
		return DHCP6_ERROR_NESTED;
	case DHCP6_ADVERTISE:
	case DHCP6_REPLY:
	case DHCP6_RECONFIGURE:
	case DHCP6_RELAY_REPL:
		return DHCP6_ERROR_TYPE;
	}
	/* RFC 7283: there is no knowing what is in one of another type. */
	if (client->type > DHCP6_RELAY_REPL)
		return DHCP6_OK;
	options = cursor_on(client->message, client->len);
	cursor_skip(&options, MESSAGE_LEN_MIN);
	return has_whole_options(options) ? DHCP6_OK : DHCP6_ERROR_OPTION;
}

enum dhcp6_error dhcp6_parse_frame(const uint8_t *frame, size_t len,
				   bool checked, struct dhcp6_client *client)
{
	struct cursor cursor = cursor_on(frame, len);
	size_t payload_len, udp_len;
	struct cursor udp;

	if (!read_headers(&cursor, client, &payload_len))
		return DHCP6_ERROR_NOT_DHCP;
	udp = cursor;
	cursor_skip(&udp, 4);
	udp_len = cursor_be(&udp, 2);
	if (udp.failed || udp_len > payload_len || udp_len > cursor.left)
		return DHCP6_ERROR_TRUNCATED;
	if (udp_len < UDP_HEADER_LEN + MESSAGE_LEN_MIN)
		return DHCP6_ERROR_LENGTH;
	/* RFC 8200 8.1: there is always one. */
	if (!cursor_be(&udp, 2) && !checked)
		return DHCP6_ERROR_CHECKSUM;
	if (!checked && inet6_checksum(&client->src, &all_agents_and_servers,
				       IPPROTO_UDP, cursor.at, udp_len))
		return DHCP6_ERROR_CHECKSUM;
	if (!is_unicast(&client->src))
		return DHCP6_ERROR_SOURCE;
	client->message = udp.at;
	client->len = udp_len - UDP_HEADER_LEN;
	client->type = cursor_u8(&udp);
	return check_client(client);
}

static void put_option(struct builder *builder, uint16_t option,
		       const void *from, size_t len)
{
	if (len > UINT16_MAX) {
		builder->failed = true;
		return;
	}
	builder_be(builder, option, 2);
	builder_be(builder, len, 2);
	builder_bytes(builder, from, len);
}

size_t dhcp6_build_forward(const struct dhcp6_client *client,
			   const struct dhcp6_link *link, uint8_t *data,
			   size_t size)
{
	struct builder builder = builder_on(data, size);

	builder_u8(&builder, DHCP6_RELAY_FORW);
	/* hop-count: it comes from a client. */
	builder_u8(&builder, 0);
	builder_bytes(&builder, &link->link, sizeof(link->link));
	builder_bytes(&builder, &client->src, sizeof(client->src));
	put_option(&builder, DHCP6_OPTION_INTERFACE_ID, link->interface_id,
		   link->interface_id_len);
	builder_be(&builder, DHCP6_OPTION_CLIENT_LLADDR, 2);
	builder_be(&builder, LLADDR_OPTION_LEN, 2);
	builder_be(&builder, HARDWARE_ETHERNET, 2);
	builder_bytes(&builder, client->lladdr, ETH_ALEN);
	if (link->subscriber_id_len)
		put_option(&builder, DHCP6_OPTION_SUBSCRIBER_ID,
			   link->subscriber_id, link->subscriber_id_len);
	put_option(&builder, DHCP6_OPTION_RELAY_MSG, client->message,
		   client->len);
	return builder.failed ? 0 : builder.len;
}

/* Remembers the options that matter; one that is there twice is none. */
static bool read_reply_option(struct cursor *cursor, struct dhcp6_reply *reply)
{
	uint16_t option = (uint16_t)cursor_be(cursor, 2);
	struct cursor body = cursor_take(cursor, cursor_be(cursor, 2));

	if (body.failed)
		return false;
	switch (option) {
	case DHCP6_OPTION_RELAY_MSG:
		if (reply->message)
			return false;
		reply->message = body.at;
		reply->len = body.left;
		break;
	case DHCP6_OPTION_INTERFACE_ID:
		if (reply->interface_id)
			return false;
		reply->interface_id = body.at;
		reply->interface_id_len = body.left;
		break;
	}
	return true;
}

/* What a relay agent may hand to a client: what a server sends to one. */
static enum dhcp6_error check_reply(struct dhcp6_reply *reply)
{
	struct cursor message;

	if (!reply->message || !reply->interface_id)
		return DHCP6_ERROR_INCOMPLETE;
	if (reply->len < MESSAGE_LEN_MIN)
		return DHCP6_ERROR_LENGTH;
	if (!is_unicast(&reply->peer))
		return DHCP6_ERROR_PEER;
	message = cursor_on(reply->message, reply->len);
	reply->type = cursor_u8(&message);
	switch (reply->type) {
	case DHCP6_RELAY_REPL:
	case DHCP6_RELAY_FORW:
		return DHCP6_ERROR_NESTED;
	case DHCP6_ADVERTISE:
	case DHCP6_REPLY:
	case DHCP6_RECONFIGURE:
		return DHCP6_OK;
	}
	/* RFC 7283 again. */
	return reply->type > DHCP6_RELAY_REPL ? DHCP6_OK : DHCP6_ERROR_TYPE;
}

enum dhcp6_error dhcp6_parse_reply(const uint8_t *data, size_t len,
				   struct dhcp6_reply *reply)
{
	struct cursor cursor = cursor_on(data, len);
	uint8_t type;

	memset(reply, 0, sizeof(*reply));
	type = cursor_u8(&cursor);
	if (cursor.failed)
		return DHCP6_ERROR_LENGTH;
	if (type != DHCP6_RELAY_REPL)
		return DHCP6_ERROR_TYPE;
	/* hop-count */
	cursor_skip(&cursor, 1);
	cursor_bytes(&cursor, &reply->link, sizeof(reply->link));
	cursor_bytes(&cursor, &reply->peer, sizeof(reply->peer));
	if (cursor.failed)
		return DHCP6_ERROR_LENGTH;
	while (cursor.left)
		if (!read_reply_option(&cursor, reply))
			return DHCP6_ERROR_OPTION;
	return check_reply(reply);
}

static void put_headers(struct builder *builder, const struct dhcp6_path *path,
			uint16_t udp_len)
{
	builder_bytes(builder, path->dst_lladdr, ETH_ALEN);
	builder_bytes(builder, path->src_lladdr, ETH_ALEN);
	builder_be(builder, ETHERTYPE_IPV6, 2);

	builder_be(builder, 6u << 28, 4);
	builder_be(builder, udp_len, 2);
	builder_u8(builder, IPPROTO_UDP);
	builder_u8(builder, HOP_LIMIT);
	builder_bytes(builder, &path->src, sizeof(path->src));
	builder_bytes(builder, &path->dst, sizeof(path->dst));

	builder_be(builder, DHCP6_SERVER_PORT, 2);
	builder_be(builder, DHCP6_CLIENT_PORT, 2);
	builder_be(builder, udp_len, 2);
	builder_be(builder, 0, 2);
}

size_t dhcp6_build_frame(const struct dhcp6_path *path, const uint8_t *message,
			 size_t len, uint8_t *frame, size_t size)
{
	struct builder builder = builder_on(frame, size);
	size_t udp_len = UDP_HEADER_LEN + len;
	uint16_t checksum;

	if (udp_len > UINT16_MAX)
		return 0;
	put_headers(&builder, path, (uint16_t)udp_len);
	builder_bytes(&builder, message, len);
	if (builder.failed)
		return 0;
	checksum = inet6_checksum(&path->src, &path->dst, IPPROTO_UDP,
				  frame + UDP_START, udp_len);
	len = builder.len;
	builder = builder_on(frame + CHECKSUM_AT, 2);
	/* RFC 8200 8.1: zero stands for none. */
	builder_be(&builder, checksum ? checksum : 0xffff, 2);
	return len;
}

const char *dhcp6_type_name(uint8_t type)
{
	static const char *const names[] = {
		[DHCP6_SOLICIT] = "solicit",
		[DHCP6_ADVERTISE] = "advertise",
		[DHCP6_REQUEST] = "request",
		[DHCP6_CONFIRM] = "confirm",
		[DHCP6_RENEW] = "renew",
		[DHCP6_REBIND] = "rebind",
		[DHCP6_REPLY] = "reply",
		[DHCP6_RELEASE] = "release",
		[DHCP6_DECLINE] = "decline",
		[DHCP6_RECONFIGURE] = "reconfigure",
		[DHCP6_INFORMATION_REQUEST] = "information-request",
		[DHCP6_RELAY_FORW] = "relay-forward",
		[DHCP6_RELAY_REPL] = "relay-reply",
	};

	if (type < sizeof(names) / sizeof(names[0]) && names[type])
		return names[type];
	return "unknown";
}

const char *dhcp6_error_name(enum dhcp6_error error)
{
	static const char *const names[DHCP6_ERROR_MAX] = {
		[DHCP6_OK] = "ok",
		[DHCP6_ERROR_NOT_DHCP] = "dhcp-other",
		[DHCP6_ERROR_TRUNCATED] = "dhcp-invalid-truncated",
		[DHCP6_ERROR_CHECKSUM] = "dhcp-invalid-checksum",
		[DHCP6_ERROR_LENGTH] = "dhcp-invalid-length",
		[DHCP6_ERROR_OPTION] = "dhcp-invalid-option",
		[DHCP6_ERROR_SOURCE] = "dhcp-invalid-source",
		[DHCP6_ERROR_TYPE] = "dhcp-invalid-type",
		[DHCP6_ERROR_NESTED] = "dhcp-nested-relay",
		[DHCP6_ERROR_INCOMPLETE] = "dhcp-invalid-incomplete",
		[DHCP6_ERROR_PEER] = "dhcp-invalid-peer",
	};

	return error < DHCP6_ERROR_MAX ? names[error] : "unknown";
}
