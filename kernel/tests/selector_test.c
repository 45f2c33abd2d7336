// SPDX-License-Identifier: GPL-2.0
/*
 * What a packet has for selectors to look at, behind extension headers too.
 */
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ipv6.h>

#include "selector.h"
#include "suites.h"

#define SPORT	0x1234
#define DPORT	0x5678
#define SPI	0x89abcdef

/* Of the fixed header: these each packet has. */
#define ALWAYS	(BIT(PMIP6_FIELD_SOURCE) | BIT(PMIP6_FIELD_DESTINATION) | \
		 BIT(PMIP6_FIELD_FLOW_LABEL) | BIT(PMIP6_FIELD_DS))
#define PORTS	(BIT(PMIP6_FIELD_SOURCE_PORT) | \
		 BIT(PMIP6_FIELD_DESTINATION_PORT))
#define PROTOCOL BIT(PMIP6_FIELD_PROTOCOL)

/**
 * struct packet - one, and what of it can be looked at
 * @name: what it is
 * @nexthdr: of the fixed header
 * @data: what follows that
 * @len: octets of it
 * @fields: what it has besides ALWAYS
 * @protocol: if that is in @fields
 */
struct packet {
	const char *name;
	u8 nexthdr;
	const u8 *data;
	unsigned int len;
	unsigned int fields;
	u8 protocol;
};

#define DATA(octets) \
	.data = (const u8 *)(octets), \
	.len = sizeof(octets) - 1
#define PORT_OCTETS "\x12\x34\x56\x78"
#define SPI_OCTETS "\x89\xab\xcd\xef"
/* Of 8 octets, before UDP, and before such options again. */
#define OPTIONS_UDP "\x11\x00\x01\x04\x00\x00\x00\x00"
#define OPTIONS_MORE "\x3c\x00\x01\x04\x00\x00\x00\x00"

static const struct packet packets[] = {
	{ "UDP", IPPROTO_UDP, DATA(PORT_OCTETS "\x00\x08\x00\x00"),
	  PROTOCOL | PORTS, IPPROTO_UDP },
	{ "TCP", IPPROTO_TCP, DATA(PORT_OCTETS), PROTOCOL | PORTS,
	  IPPROTO_TCP },
	{ "UDP-Lite", IPPROTO_UDPLITE, DATA(PORT_OCTETS), PROTOCOL | PORTS,
	  IPPROTO_UDPLITE },
	{ "SCTP", IPPROTO_SCTP, DATA(PORT_OCTETS), PROTOCOL | PORTS,
	  IPPROTO_SCTP },
	{ "DCCP", IPPROTO_DCCP, DATA(PORT_OCTETS), PROTOCOL | PORTS,
	  IPPROTO_DCCP },
	{ "UDP, cut short in its ports", IPPROTO_UDP, DATA("\x12\x34\x56"),
	  PROTOCOL, IPPROTO_UDP },
	{ "ICMPv6", IPPROTO_ICMPV6, DATA(PORT_OCTETS "\x00\x00\x00\x00"),
	  PROTOCOL, IPPROTO_ICMPV6 },
	{ "no next header", IPPROTO_NONE, DATA(PORT_OCTETS), PROTOCOL,
	  IPPROTO_NONE },
	{ "ESP", IPPROTO_ESP, DATA(SPI_OCTETS "\x00\x00\x00\x01"),
	  PROTOCOL | BIT(PMIP6_FIELD_SPI), IPPROTO_ESP },
	{ "ESP, cut short", IPPROTO_ESP, DATA("\x89\xab\xcd"), PROTOCOL,
	  IPPROTO_ESP },
	{ "UDP behind AH", IPPROTO_AH,
	  DATA("\x11\x01\x00\x00" SPI_OCTETS "\x00\x00\x00\x01" PORT_OCTETS),
	  PROTOCOL | PORTS | BIT(PMIP6_FIELD_SPI), IPPROTO_UDP },
	{ "UDP behind options", IPPROTO_HOPOPTS,
	  DATA(OPTIONS_MORE OPTIONS_UDP PORT_OCTETS),
	  PROTOCOL | PORTS, IPPROTO_UDP },
	{ "UDP behind options of 16 octets", IPPROTO_DSTOPTS,
	  DATA("\x11\x01\x01\x0c\x00\x00\x00\x00"
	       "\x00\x00\x00\x00\x00\x00\x00\x00" PORT_OCTETS),
	  PROTOCOL | PORTS, IPPROTO_UDP },
	{ "UDP behind a routing header", IPPROTO_ROUTING,
	  DATA("\x11\x00\x02\x00\x00\x00\x00\x00" PORT_OCTETS),
	  PROTOCOL | PORTS, IPPROTO_UDP },
	{ "the first fragment", IPPROTO_FRAGMENT,
	  DATA("\x11\x00\x00\x01\x00\x00\x00\x07" PORT_OCTETS),
	  PROTOCOL | PORTS, IPPROTO_UDP },
	{ "another fragment", IPPROTO_FRAGMENT,
	  DATA("\x11\x00\x00\x09\x00\x00\x00\x07" PORT_OCTETS), 0, 0 },
	{ "the last fragment", IPPROTO_FRAGMENT,
	  DATA("\x11\x00\x00\x08\x00\x00\x00\x07" PORT_OCTETS), 0, 0 },
	{ "options, cut short", IPPROTO_HOPOPTS, DATA("\x11"), 0, 0 },
	{ "options that go on behind the end", IPPROTO_HOPOPTS,
	  DATA("\x11\x09\x01\x04\x00\x00\x00\x00" PORT_OCTETS), PROTOCOL,
	  IPPROTO_UDP },
	{ "AH, cut short", IPPROTO_AH, DATA("\x11\x04\x00\x00\x89"),
	  PROTOCOL, IPPROTO_UDP },
	{ "a fragment header, cut short", IPPROTO_FRAGMENT,
	  DATA("\x11\x00\x00\x01\x00"), 0, 0 },
	{ "seven headers", IPPROTO_DSTOPTS,
	  DATA(OPTIONS_MORE OPTIONS_MORE OPTIONS_MORE OPTIONS_MORE
	       OPTIONS_MORE OPTIONS_MORE OPTIONS_UDP PORT_OCTETS),
	  PROTOCOL | PORTS, IPPROTO_UDP },
	{ "eight headers", IPPROTO_DSTOPTS,
	  DATA(OPTIONS_MORE OPTIONS_MORE OPTIONS_MORE OPTIONS_MORE
	       OPTIONS_MORE OPTIONS_MORE OPTIONS_MORE OPTIONS_UDP
	       PORT_OCTETS), 0, 0 },
};

static struct sk_buff *make(struct kunit *test, const struct packet *packet)
{
	const struct in6_addr src = { .s6_addr = { 0x20, 1, 0xd, 0xb8, 0, 0xc,
						   [15] = 2 } };
	const struct in6_addr dst = { .s6_addr = { 0x20, 1, 0xd, 0xb8, 0, 0xa,
						   [7] = 1, [15] = 9 } };
	struct sk_buff *skb = alloc_skb(512, GFP_KERNEL);
	struct ipv6hdr *header;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	/* Something in front of it, so that offsets are not all from 0. */
	skb_put_zero(skb, 14);
	skb_set_network_header(skb, 14);
	header = skb_put_zero(skb, sizeof(*header));
	ip6_flow_hdr(header, 0xb9, htonl(0x12345));
	header->payload_len = htons(packet->len);
	header->nexthdr = packet->nexthdr;
	header->saddr = src;
	header->daddr = dst;
	skb_put_data(skb, packet->data, packet->len);
	return skb;
}

static void expect_number(struct kunit *test, const struct packet *packet,
			  const struct pmip6_flow_key *key,
			  enum pmip6_selector_field field, u64 number)
{
	if (!(key->fields & BIT(field)))
		return;
	KUNIT_EXPECT_EQ_MSG(test, key->value[field].low, number, "%s",
			    packet->name);
	KUNIT_EXPECT_EQ_MSG(test, key->value[field].high, 0, "%s",
			    packet->name);
}

static void selector_packets(struct kunit *test)
{
	struct pmip6_flow_key key;
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(packets); i++) {
		const struct packet *packet = &packets[i];

		skb = make(test, packet);
		memset(&key, 0xff, sizeof(key));
		pmip6_flow_key_of(skb, &key);
		KUNIT_EXPECT_EQ_MSG(test, key.fields, ALWAYS | packet->fields,
				    "%s", packet->name);
		expect_number(test, packet, &key, PMIP6_FIELD_PROTOCOL,
			      packet->protocol);
		expect_number(test, packet, &key, PMIP6_FIELD_SOURCE_PORT,
			      SPORT);
		expect_number(test, packet, &key, PMIP6_FIELD_DESTINATION_PORT,
			      DPORT);
		expect_number(test, packet, &key, PMIP6_FIELD_SPI, SPI);
		expect_number(test, packet, &key, PMIP6_FIELD_FLOW_LABEL,
			      0x12345);
		expect_number(test, packet, &key, PMIP6_FIELD_DS, 0xb9 >> 2);
		KUNIT_EXPECT_EQ(test, key.value[PMIP6_FIELD_SOURCE].high,
				0x20010db8000c0000);
		KUNIT_EXPECT_EQ(test, key.value[PMIP6_FIELD_SOURCE].low, 2);
		KUNIT_EXPECT_EQ(test, key.value[PMIP6_FIELD_DESTINATION].high,
				0x20010db8000a0001);
		KUNIT_EXPECT_EQ(test, key.value[PMIP6_FIELD_DESTINATION].low,
				9);
		kfree_skb(skb);
	}
}

/* Cut short anywhere: nothing behind the end is read, which KASAN would tell. */
static void selector_cut_short(struct kunit *test)
{
	struct pmip6_flow_key key;
	struct packet packet;
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(packets); i++) {
		packet = packets[i];
		for (; packet.len; packet.len--) {
			skb = make(test, &packet);
			pmip6_flow_key_of(skb, &key);
			KUNIT_EXPECT_EQ(test, key.fields & ~packets[i].fields &
					~PROTOCOL & ~ALWAYS, 0);
			kfree_skb(skb);
		}
	}
}

/* Each end of a range is in it, and what is beside it is not. */
static void selector_ranges(struct kunit *test)
{
	struct pmip6_selector selector = {
		.fields = BIT(PMIP6_FIELD_SOURCE_PORT),
		.first[PMIP6_FIELD_SOURCE_PORT] = { 0, 5060 },
		.last[PMIP6_FIELD_SOURCE_PORT] = { 0, 5062 },
	};
	struct pmip6_flow_key key = {
		.fields = BIT(PMIP6_FIELD_SOURCE_PORT),
	};
	u64 *port = &key.value[PMIP6_FIELD_SOURCE_PORT].low;

	for (*port = 5058; *port < 5065; (*port)++)
		KUNIT_EXPECT_EQ(test, pmip6_selector_matches(&selector, &key),
				*port >= 5060 && *port <= 5062);
	*port = 5061;
	key.fields = 0;
	KUNIT_EXPECT_FALSE(test, pmip6_selector_matches(&selector, &key));
	selector.fields = 0;
	KUNIT_EXPECT_TRUE(test, pmip6_selector_matches(&selector, &key));

	/* The upper half of an address counts for more than the lower. */
	selector.fields = BIT(PMIP6_FIELD_SOURCE);
	selector.first[PMIP6_FIELD_SOURCE] = (struct pmip6_value){ 7, 100 };
	selector.last[PMIP6_FIELD_SOURCE] = (struct pmip6_value){ 8, 3 };
	key.fields = BIT(PMIP6_FIELD_SOURCE);
	key.value[PMIP6_FIELD_SOURCE] = (struct pmip6_value){ 7, 101 };
	KUNIT_EXPECT_TRUE(test, pmip6_selector_matches(&selector, &key));
	key.value[PMIP6_FIELD_SOURCE] = (struct pmip6_value){ 7, 99 };
	KUNIT_EXPECT_FALSE(test, pmip6_selector_matches(&selector, &key));
	key.value[PMIP6_FIELD_SOURCE] = (struct pmip6_value){ 8, 3 };
	KUNIT_EXPECT_TRUE(test, pmip6_selector_matches(&selector, &key));
	key.value[PMIP6_FIELD_SOURCE] = (struct pmip6_value){ 8, 4 };
	KUNIT_EXPECT_FALSE(test, pmip6_selector_matches(&selector, &key));
}

static struct kunit_case selector_cases[] = {
	KUNIT_CASE(selector_packets),
	KUNIT_CASE(selector_cut_short),
	KUNIT_CASE(selector_ranges),
	{}
};

struct kunit_suite pmip6_selector_suite = {
	.name = "pmip6_selector",
	.test_cases = selector_cases,
};
