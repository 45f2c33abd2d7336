// SPDX-License-Identifier: GPL-2.0
/*
 * Octets as what a client or a server of DHCPv6 says to the relay agent. The
 * first says which, and whether a client's checksum is made right or is not
 * looked at. What a client says is found again, whole, in what is relayed; what
 * a server says, in the frame that the client gets.
 *
 * Covers: user/ports/dhcp6_message.c user/pmip6d/dhcp_link.c user/ports/inet6.c
 */
#include <string.h>

#include "../pmip6d/dhcp_link.h"
#include "../ports/dhcp6_message.h"
#include "../ports/inet6.h"
#include "fuzz.h"

#define SEAL 0x01
#define CHECKED 0x02
#define FROM_SERVER 0x04

#define PAYLOAD_LEN (ETH_HLEN + 4)
#define SRC (ETH_HLEN + 8)
#define DST (ETH_HLEN + 24)
#define UDP (ETH_HLEN + INET6_HEADER_LEN)
#define UDP_LEN (UDP + 4)
#define UDP_CHECKSUM (UDP + 6)

static const struct mag_attachment at = {
	.ifindex = 11,
	.ifname = "eth0",
	.lladdr = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 },
};

static uint16_t checksum(const uint8_t *frame, size_t len)
{
	struct in6_addr src, dst;

	memcpy(&src, frame + SRC, sizeof(src));
	memcpy(&dst, frame + DST, sizeof(dst));
	return inet6_checksum(&src, &dst, IPPROTO_UDP, frame + UDP, len);
}

static void seal(uint8_t *frame, size_t size)
{
	size_t len;
	uint16_t sum;

	if (size < DHCP6_HEADERS_LEN)
		return;
	len = (size_t)frame[UDP_LEN] << 8 | frame[UDP_LEN + 1];
	if (len > size - UDP || len < 8)
		return;
	memset(frame + UDP_CHECKSUM, 0, 2);
	sum = checksum(frame, len);
	if (!sum)
		sum = 0xffff;
	frame[UDP_CHECKSUM] = (uint8_t)(sum >> 8);
	frame[UDP_CHECKSUM + 1] = (uint8_t)sum;
}

/* A server that gives everything back, but calls it a Reply. */
static void require_relayed(const struct dhcp6_client *client,
			    const struct dhcp6_link *link, uint8_t *data,
			    size_t len)
{
	struct dhcp6_reply reply;

	REQUIRE(dhcp6_parse_reply(data, len, &reply) == DHCP6_ERROR_TYPE);
	data[0] = DHCP6_RELAY_REPL;
	REQUIRE(!memcmp(data + len - client->len, client->message,
			client->len));
	data[len - client->len] = DHCP6_REPLY;
	REQUIRE(!dhcp6_parse_reply(data, len, &reply));
	REQUIRE(reply.type == DHCP6_REPLY && reply.len == client->len);
	REQUIRE(reply.message == data + len - client->len);
	REQUIRE(IN6_ARE_ADDR_EQUAL(&reply.peer, &client->src));
	REQUIRE(IN6_ARE_ADDR_EQUAL(&reply.link, &link->link));
	REQUIRE(reply.interface_id_len == link->interface_id_len &&
		!memcmp(reply.interface_id, link->interface_id,
			reply.interface_id_len));
}

static void on_client(const struct dhcp6_client *client)
{
	char id[DHCP_INTERFACE_ID_SIZE];
	struct dhcp6_link link = {
		.link = client->src,
		.interface_id = id,
		.interface_id_len = dhcp_interface_id(&at, id),
		.subscriber_id = client->message,
		/* Any length there may be. */
		.subscriber_id_len = client->len < 255 ? client->len : 255,
	};
	size_t size = client->len + DHCP6_RELAY_EXTRA, len;
	uint8_t *data = malloc(size), *exact;

	REQUIRE(data && *dhcp6_type_name(client->type));
	REQUIRE(client->len >= 4 && client->message[0] == client->type);
	len = dhcp6_build_forward(client, &link, data, size);
	REQUIRE(len && len <= size);
	exact = malloc(len);
	REQUIRE(exact);
	REQUIRE(!dhcp6_build_forward(client, &link, exact, len - 1));
	REQUIRE(dhcp6_build_forward(client, &link, exact, len) == len);
	REQUIRE(!memcmp(exact, data, len));
	require_relayed(client, &link, exact, len);
	free(exact);
	free(data);
}

static void from_client(const uint8_t *data, size_t size, uint8_t flags)
{
	uint8_t *frame = malloc(size ? size : 1);
	struct dhcp6_client client;
	enum dhcp6_error error;

	REQUIRE(frame);
	memcpy(frame, data, size);
	if (flags & SEAL)
		seal(frame, size);
	error = dhcp6_parse_frame(frame, size, flags & CHECKED, &client);
	REQUIRE(error < DHCP6_ERROR_MAX && *dhcp6_error_name(error));
	if (!error)
		on_client(&client);
	free(frame);
}

/* Only what is exactly what was said of it names a mobile node. */
static void look_up(const struct dhcp6_reply *reply)
{
	struct mag_profile profile = { .lma = { .s6_addr = { 0x20, 1 } } };
	char id[DHCP_INTERFACE_ID_SIZE];
	struct update_list bul = { 0 };
	struct bule *bule = bul_insert(&bul, 1, &at, &profile);
	bool ours = reply->interface_id_len == dhcp_interface_id(&at, id) &&
		    !memcmp(reply->interface_id, id, reply->interface_id_len);

	REQUIRE(dhcp_find(&bul, reply->interface_id,
			  reply->interface_id_len) == (ours ? bule : NULL));
	bul_remove(&bul, bule);
}

static void on_reply(const struct dhcp6_reply *reply)
{
	const struct dhcp6_path path = { .src = reply->link,
					 .dst = reply->peer };
	size_t size = DHCP6_HEADERS_LEN + reply->len;
	uint8_t *frame = malloc(size);

	REQUIRE(frame);
	REQUIRE(!dhcp6_build_frame(&path, reply->message, reply->len, frame,
				   size - 1));
	REQUIRE(dhcp6_build_frame(&path, reply->message, reply->len, frame,
				  size) == size);
	REQUIRE(!memcmp(frame + DHCP6_HEADERS_LEN, reply->message, reply->len));
	REQUIRE(frame[PAYLOAD_LEN] == frame[UDP_LEN] &&
		frame[PAYLOAD_LEN + 1] == frame[UDP_LEN + 1]);
	REQUIRE(!checksum(frame, size - UDP));
	free(frame);
	look_up(reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dhcp6_reply reply;
	enum dhcp6_error error;

	if (!size)
		return -1;
	if (!(data[0] & FROM_SERVER)) {
		from_client(data + 1, size - 1, data[0]);
		return 0;
	}
	error = dhcp6_parse_reply(data + 1, size - 1, &reply);
	REQUIRE(error < DHCP6_ERROR_MAX && *dhcp6_error_name(error));
	if (!error)
		on_reply(&reply);
	return 0;
}
