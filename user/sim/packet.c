// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "packet.h"

/* Of each there are so many, so that flows and packets meet. */
#define HOSTS 15
#define PORTS_LAST 8
#define SPIS 4
#define LABELS 3
#define DSCPS 3

static const uint8_t protocols[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMPV6, IPPROTO_ESP, IPPROTO_AH,
};

static uint32_t draw(struct rng *rng, uint32_t low, uint32_t high)
{
	return (uint32_t)rng_between(rng, low, high);
}

static uint8_t draw_protocol(struct rng *rng)
{
	return protocols[draw(rng, 0, sizeof(protocols) - 1)];
}

static struct in6_addr host(uint8_t number)
{
	return (struct in6_addr){
		.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, 0, 0x0c, [15] = number },
	};
}

struct packet packet_draw(struct rng *rng, const struct mh_prefix *hnp)
{
	struct packet packet = {
		.source = host((uint8_t)draw(rng, 0, HOSTS)),
		.destination = hnp->addr,
		.flow_label = draw(rng, 0, LABELS),
		.ds = (uint8_t)draw(rng, 0, DSCPS),
		.protocol = draw_protocol(rng),
		.hash = (uint32_t)rng_next(rng),
	};

	packet.destination.s6_addr[15] = (uint8_t)draw(rng, 1, HOSTS);
	packet.has_ports = packet.protocol == IPPROTO_TCP ||
			   packet.protocol == IPPROTO_UDP;
	packet.has_spi = packet.protocol == IPPROTO_ESP ||
			 packet.protocol == IPPROTO_AH;
	if (packet.has_ports) {
		packet.source_port = (uint16_t)draw(rng, 1, PORTS_LAST);
		packet.destination_port = (uint16_t)draw(rng, 1, PORTS_LAST);
	}
	if (packet.has_spi)
		packet.spi = draw(rng, 1, SPIS);
	return packet;
}

const char *packet_print(const struct packet *packet, char *text)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &packet->source, from, sizeof(from));
	inet_ntop(AF_INET6, &packet->destination, to, sizeof(to));
	snprintf(text, PACKET_TEXT,
		 "from %s to %s proto %u ports %u-%u spi %u label %u dscp %u",
		 from, to, packet->protocol, packet->source_port,
		 packet->destination_port, packet->spi, packet->flow_label,
		 packet->ds);
	return text;
}

static void draw_range(struct rng *rng, struct selector *selector,
		       enum selector_field field, uint32_t low, uint32_t high)
{
	uint32_t one = draw(rng, low, high), other = draw(rng, low, high);

	selector->fields |= 1u << field;
	selector->number[field][0] = one < other ? one : other;
	selector->number[field][1] = one < other ? other : one;
}

static void draw_source(struct rng *rng, struct selector *selector)
{
	uint8_t one = (uint8_t)draw(rng, 0, HOSTS);
	uint8_t other = (uint8_t)draw(rng, 0, HOSTS);

	selector->fields |= 1u << SELECTOR_SOURCE;
	selector->address[SELECTOR_SOURCE][0] = host(one < other ? one : other);
	selector->address[SELECTOR_SOURCE][1] = host(one < other ? other : one);
}

/* Of a mobile node it is not known which prefix it will have: some of all. */
static void draw_destination(struct rng *rng, struct selector *selector)
{
	struct in6_addr *range = selector->address[SELECTOR_DESTINATION];

	selector->fields |= 1u << SELECTOR_DESTINATION;
	memset(&range[1], 0xff, sizeof(range[1]));
	range[0].s6_addr[0] = 0x20;
	range[1].s6_addr[0] = draw(rng, 0, 1) ? 0x20 : 0x2a;
}

static void draw_field(struct rng *rng, struct selector *selector)
{
	enum selector_field field = (enum selector_field)
		draw(rng, 0, SELECTOR_FIELDS - 1);

	switch (field) {
	case SELECTOR_SOURCE:
		draw_source(rng, selector);
		break;
	case SELECTOR_DESTINATION:
		draw_destination(rng, selector);
		break;
	case SELECTOR_SPI:
		draw_range(rng, selector, field, 1, SPIS);
		break;
	case SELECTOR_FLOW_LABEL:
		draw_range(rng, selector, field, 0, LABELS);
		break;
	case SELECTOR_SOURCE_PORT:
	case SELECTOR_DESTINATION_PORT:
		draw_range(rng, selector, field, 1, PORTS_LAST);
		break;
	case SELECTOR_DS:
		draw_range(rng, selector, field, 0, DSCPS);
		break;
	default:
		selector->fields |= 1u << SELECTOR_PROTOCOL;
		selector->number[SELECTOR_PROTOCOL][0] = draw_protocol(rng);
		selector->number[SELECTOR_PROTOCOL][1] =
			selector->number[SELECTOR_PROTOCOL][0];
		break;
	}
}

struct mh_flow flow_draw(struct rng *rng, uint16_t fid, uint16_t priority)
{
	static const uint8_t actions[] = {
		MH_FLOW_FORWARD, MH_FLOW_FORWARD, MH_FLOW_FORWARD,
		MH_FLOW_DUPLICATE, MH_FLOW_DUPLICATE, MH_FLOW_DROP,
	};
	struct mh_flow flow = {
		.fid = fid,
		.priority = priority,
		.action = actions[draw(rng, 0, sizeof(actions) - 1)],
		.format = MH_SELECTOR_IPV6,
	};
	uint32_t fields;

	for (fields = draw(rng, 0, 2); fields; fields--)
		draw_field(rng, &flow.selector);
	return flow;
}
