/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets to mobile nodes, and the flows that divide them: drawn from so few
 * values that they often meet.
 */
#ifndef PMIP6_SIM_PACKET_H
#define PMIP6_SIM_PACKET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "../engine/rng.h"
#include "../mh/mh.h"

/**
 * struct packet - what forwarding looks at of a packet
 * @source: the correspondent's address
 * @destination: the mobile node's
 * @flow_label: of its header
 * @ds: the upper 6 bits of its traffic class
 * @protocol: behind all extension headers
 * @has_ports: it is of a protocol that has them
 * @source_port: if so
 * @destination_port: likewise
 * @has_spi: it is of IPsec
 * @spi: if so
 * @hash: the same for all of a connection
 */
struct packet {
	struct in6_addr source;
	struct in6_addr destination;
	uint32_t flow_label;
	uint8_t ds;
	uint8_t protocol;
	bool has_ports;
	uint16_t source_port;
	uint16_t destination_port;
	bool has_spi;
	uint32_t spi;
	uint32_t hash;
};

/**
 * packet_draw() - a packet to a mobile node
 * @rng: where from
 * @hnp: its prefix
 *
 * Return: the packet.
 */
struct packet packet_draw(struct rng *rng, const struct mh_prefix *hnp);

/* The longest that packet_print() writes, with its end. */
#define PACKET_TEXT 200

/**
 * packet_print() - a packet as text
 * @packet: the packet
 * @text: where to put it, PACKET_TEXT octets
 *
 * Return: @text.
 */
const char *packet_print(const struct packet *packet, char *text);

/**
 * flow_draw() - a flow
 * @rng: where from
 * @fid: its identifier
 * @priority: its priority
 *
 * Return: the flow.
 */
struct mh_flow flow_draw(struct rng *rng, uint16_t fid, uint16_t priority);

#endif /* PMIP6_SIM_PACKET_H */
