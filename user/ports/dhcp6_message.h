/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a relay agent for DHCPv6 (RFC 8415 19) reads and writes: bytes to a
 * struct and back. No sockets, no allocation, no globals.
 */
#ifndef PMIP6_PORTS_DHCP6_MESSAGE_H
#define PMIP6_PORTS_DHCP6_MESSAGE_H

#include <net/ethernet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DHCP6_CLIENT_PORT 546
#define DHCP6_SERVER_PORT 547

/* Message types (RFC 8415 7.3). */
enum dhcp6_type {
	DHCP6_SOLICIT = 1,
	DHCP6_ADVERTISE = 2,
	DHCP6_REQUEST = 3,
	DHCP6_CONFIRM = 4,
	DHCP6_RENEW = 5,
	DHCP6_REBIND = 6,
	DHCP6_REPLY = 7,
	DHCP6_RELEASE = 8,
	DHCP6_DECLINE = 9,
	DHCP6_RECONFIGURE = 10,
	DHCP6_INFORMATION_REQUEST = 11,
	DHCP6_RELAY_FORW = 12,
	DHCP6_RELAY_REPL = 13,
};

/* Options that are for relay agents. */
enum dhcp6_option {
	DHCP6_OPTION_RELAY_MSG = 9,		/* RFC 8415 21.10 */
	DHCP6_OPTION_INTERFACE_ID = 18,		/* RFC 8415 21.18 */
	DHCP6_OPTION_SUBSCRIBER_ID = 38,	/* RFC 4580 */
	DHCP6_OPTION_CLIENT_LLADDR = 79,	/* RFC 6939 */
};

/* The longest Interface-ID that is read or written. */
#define DHCP6_INTERFACE_ID_MAX 64

/*
 * The longest frame of a client that is looked at; and how much a Relay-forward
 * may add to a message: header, Interface-ID, Subscriber-ID, Client Link-Layer
 * Address, header of the Relay Message.
 */
#define DHCP6_FRAME_MAX 2048
#define DHCP6_RELAY_EXTRA (34 + (4 + DHCP6_INTERFACE_ID_MAX) + (4 + 255) + \
			   (4 + 8) + 4)

/* All an answer may be, with all that a server may add to it. */
#define DHCP6_REPLY_MAX 4096

/* Octets of Ethernet, IPv6 and UDP in front of a message. */
#define DHCP6_HEADERS_LEN (14 + 40 + 8)

/* Why something is no message that can be relayed; counted under these names. */
enum dhcp6_error {
	DHCP6_OK,
	DHCP6_ERROR_NOT_DHCP,	/* something else, and no fault */
	DHCP6_ERROR_TRUNCATED,	/* shorter than its length says */
	DHCP6_ERROR_CHECKSUM,
	DHCP6_ERROR_LENGTH,	/* too short for any message */
	DHCP6_ERROR_OPTION,	/* runs past the end, or is there twice */
	DHCP6_ERROR_SOURCE,	/* not unicast */
	DHCP6_ERROR_TYPE,	/* not for who sent it to send */
	DHCP6_ERROR_NESTED,	/* of another relay agent */
	DHCP6_ERROR_INCOMPLETE,	/* an answer lacks an option that it needs */
	DHCP6_ERROR_PEER,	/* an answer is for no unicast address */
	DHCP6_ERROR_MAX,
};

/**
 * struct dhcp6_client - what a client has sent
 * @lladdr: source of the frame
 * @src: source of the packet, unicast
 * @type: enum dhcp6_type, or one that is not known
 * @message: the message; not owned
 * @len: its octets
 */
struct dhcp6_client {
	uint8_t lladdr[ETH_ALEN];
	struct in6_addr src;
	uint8_t type;
	const uint8_t *message;
	size_t len;
};

/**
 * struct dhcp6_link - what a server is told of where a client is
 * @link: link-address: of a prefix that belongs to the link
 * @interface_id: what the server gives back, not owned
 * @interface_id_len: its octets, at most DHCP6_INTERFACE_ID_MAX
 * @subscriber_id: who the client is, not owned
 * @subscriber_id_len: its octets, at most 255; 0 without
 */
struct dhcp6_link {
	struct in6_addr link;
	const void *interface_id;
	size_t interface_id_len;
	const void *subscriber_id;
	size_t subscriber_id_len;
};

/**
 * struct dhcp6_reply - Relay-reply of a server
 * @link: link-address
 * @peer: whom it is for, unicast
 * @interface_id: as was given; not owned
 * @interface_id_len: its octets
 * @type: of the message that it carries
 * @message: that; not owned
 * @len: its octets
 */
struct dhcp6_reply {
	struct in6_addr link;
	struct in6_addr peer;
	const uint8_t *interface_id;
	size_t interface_id_len;
	uint8_t type;
	const uint8_t *message;
	size_t len;
};

/**
 * dhcp6_parse_frame() - what a client has sent
 * @frame: a frame from its Ethernet header on, without a VLAN tag
 * @len: how much of it there is; padding behind the packet is ignored
 * @checked: its checksum is right, or is not there yet as it has not left this
 *	machine
 * @client: where to put it; points into @frame; undefined on error
 *
 * To All_DHCP_Relay_Agents_and_Servers, else it is something else. Messages
 * behind an extension header, and fragments, are not recognised. A message of
 * a type that is not known is one (RFC 7283), with whatever is in it.
 *
 * Return: DHCP6_OK or why not.
 */
enum dhcp6_error dhcp6_parse_frame(const uint8_t *frame, size_t len,
				   bool checked, struct dhcp6_client *client);

/**
 * dhcp6_build_forward() - a Relay-forward (RFC 8415 19.1.1)
 * @client: what the client has sent
 * @link: where the client is
 * @data: where to put it
 * @size: room there; @client->len + DHCP6_RELAY_EXTRA is always enough
 *
 * Has its link-layer address in it (RFC 6939): a server that knows clients by
 * that need not believe what they say.
 *
 * Return: length in octets, or 0 if it does not fit.
 */
size_t dhcp6_build_forward(const struct dhcp6_client *client,
			   const struct dhcp6_link *link, uint8_t *data,
			   size_t size);

/**
 * dhcp6_parse_reply() - a Relay-reply
 * @data: what a server has sent
 * @len: how much
 * @reply: where to put it; points into @data; undefined on error
 *
 * Return: DHCP6_OK or why not.
 */
enum dhcp6_error dhcp6_parse_reply(const uint8_t *data, size_t len,
				   struct dhcp6_reply *reply);

/**
 * struct dhcp6_path - from whom to whom a frame goes
 * @src_lladdr: link-layer source
 * @dst_lladdr: link-layer destination
 * @src: source
 * @dst: destination
 */
struct dhcp6_path {
	uint8_t src_lladdr[ETH_ALEN];
	uint8_t dst_lladdr[ETH_ALEN];
	struct in6_addr src;
	struct in6_addr dst;
};

/**
 * dhcp6_build_frame() - a message to a client, as a frame
 * @path: from whom to whom
 * @message: the message
 * @len: its octets
 * @frame: where to put it
 * @size: room there
 *
 * Return: length in octets, or 0 if it does not fit.
 */
size_t dhcp6_build_frame(const struct dhcp6_path *path, const uint8_t *message,
			 size_t len, uint8_t *frame, size_t size);

/**
 * dhcp6_type_name() - a type of message as operators see it
 * @type: the type
 *
 * Return: a constant string.
 */
const char *dhcp6_type_name(uint8_t type);

/**
 * dhcp6_error_name() - the name that an error is counted under
 * @error: the error
 *
 * Return: a constant string.
 */
const char *dhcp6_error_name(enum dhcp6_error error);

#endif /* PMIP6_PORTS_DHCP6_MESSAGE_H */
