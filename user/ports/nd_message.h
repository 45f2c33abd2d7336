/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stations say by Neighbour Discovery (RFC 4861): bytes of a frame to a
 * struct. No sockets, no allocation, no globals.
 */
#ifndef PMIP6_PORTS_ND_MESSAGE_H
#define PMIP6_PORTS_ND_MESSAGE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 3810 5.2: a report, and those of its records that tell of a change. */
#define ND_GROUP_REPORT 143
#define ND_RECORD_TO_INCLUDE 3
#define ND_RECORD_TO_EXCLUDE 4

/* Why a frame is no message; counted under these names. */
enum nd_error {
	ND_OK,
	ND_ERROR_NOT_ND,	/* something else, and no fault */
	ND_ERROR_TRUNCATED,	/* shorter than its length says */
	ND_ERROR_HOP_LIMIT,	/* not 255: it has passed a router */
	ND_ERROR_CHECKSUM,
	ND_ERROR_CODE,		/* not 0 */
	ND_ERROR_LENGTH,	/* too short for its type */
	ND_ERROR_OPTION,	/* of no length, or runs past the end */
	ND_ERROR_SOURCE,	/* multicast, or :: with a link-layer address */
	ND_ERROR_DESTINATION,	/* a test of an address, not sent to its group */
	ND_ERROR_TARGET,	/* multicast */
	ND_ERROR_SOLICITED,	/* to a group, but called an answer */
	ND_ERROR_MAX,
};

/**
 * struct nd_message - Router or Neighbour Solicitation, Neighbour Advertisement
 * @type: ND_ROUTER_SOLICIT, ND_NEIGHBOR_SOLICIT or ND_NEIGHBOR_ADVERT
 * @src: its source; :: or unicast
 * @dst: its destination
 * @target: the address that it is about; :: for ND_ROUTER_SOLICIT
 */
struct nd_message {
	uint8_t type;
	struct in6_addr src;
	struct in6_addr dst;
	struct in6_addr target;
};

/**
 * nd_parse() - bytes to a message
 * @frame: a frame from its Ethernet header on, without a VLAN tag
 * @len: how much of it there is; padding behind the packet is ignored
 * @message: where to put it; undefined on error
 *
 * Checks all that RFC 4861 6.1.1, 7.1.1 and 7.1.2 demand. Messages behind an
 * extension header are not recognised.
 *
 * Return: ND_OK or why not.
 */
enum nd_error nd_parse(const uint8_t *frame, size_t len,
		       struct nd_message *message);

/**
 * nd_joins_groups() - does a station report groups that it has just joined
 * @frame: a frame of any kind from its Ethernet header on, without a VLAN tag
 * @len: how much of it there is
 *
 * A host does so when its link comes up (RFC 3810 6.1), and may say nothing
 * else. An answer to a query is none.
 *
 * Return: true if the first record of a valid report says so.
 */
bool nd_joins_groups(const uint8_t *frame, size_t len);

/**
 * nd_link_local_source() - the address that a station calls its own
 * @frame: a frame of any kind from its Ethernet header on, without a VLAN tag
 * @len: how much of it there is
 * @src: where to put the source of its IPv6 packet
 *
 * A station whose link was down for a moment sends no Neighbour Discovery when
 * it is back, but reports its groups (RFC 3810), from a link-local address.
 *
 * Return: true if there is one, and it is a link-local address.
 */
bool nd_link_local_source(const uint8_t *frame, size_t len,
			  struct in6_addr *src);

/**
 * nd_error_name() - the name that an error is counted under
 * @error: the error
 *
 * Return: a constant string.
 */
const char *nd_error_name(enum nd_error error);

#endif /* PMIP6_PORTS_ND_MESSAGE_H */
