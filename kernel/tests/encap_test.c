// SPDX-License-Identifier: GPL-2.0
/*
 * Encapsulation: headers octet by octet, and packets through
 * pmip6_encap_xmit() to a route that catches them.
 */
#include <linux/pmip6.h>
#include <linux/tcp.h>
#include <net/dst_cache.h>
#include <net/ip6_checksum.h>
#include <net/ip6_fib.h>

#include "compat.h"
#include "encap.h"
#include "fixture.h"
#include "suites.h"

#define HEADER	sizeof(struct ipv6hdr)

/* A GSO packet: whole segments, and one that is not. */
#define SEGMENT		1000
#define SEGMENTS	6
#define TCP_PAYLOAD	((SEGMENTS - 1) * SEGMENT + 123)
#define TCP_SEQ		0xfffffe00	/* wraps within the packet */

/*
 * The header of RFC 2473 5.1 by hand: version 6, no DSCP, the ECN field of the
 * inner header (RFC 6040 4.1, normal mode), flow label 0.
 */
static void expected_header(u8 *header, u8 dsfield, u16 payload, u8 hop_limit)
{
	memset(header, 0, HEADER);
	header[0] = 0x60;
	header[1] = (dsfield & 3) << 4;
	header[4] = payload >> 8;
	header[5] = payload & 0xff;
	header[6] = 41;
	header[7] = hop_limit;
	memcpy(header + 8, &fixture_local, 16);
	memcpy(header + 24, &fixture_remote, 16);
}

/* Is @skb such a header, and @inner behind it just as it was? */
static void expect_packet(struct kunit *test, const struct sk_buff *skb,
			  const u8 *header, const u8 *inner, unsigned int len)
{
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, skb->len, HEADER + len);
	KUNIT_EXPECT_EQ(test, skb_network_offset(skb), 0);
	KUNIT_EXPECT_EQ(test, memcmp(skb->data, header, HEADER), 0);
	KUNIT_EXPECT_EQ(test, memcmp(skb->data + HEADER, inner, len), 0);
}

/* What went in, to compare with what comes out. */
static u8 *copy_of(struct kunit *test, const struct sk_buff *skb)
{
	u8 *copy = kunit_kmalloc(test, skb->len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, skb->data, skb->len);
	return copy;
}

/* Without @routed there is no route, as the local address is nobody's. */
static enum pmip6_drop xmit(struct fixture *fx, struct sk_buff *skb,
			    bool routed)
{
	struct dst_cache *cache = &fx->tunnel.route;
	enum pmip6_drop why;

	local_bh_disable();
	rcu_read_lock();
	dst_cache_reset(cache);
	dst_release(dst_cache_get(cache));
	if (routed) {
		/* What was cached in the jiffy of a reset is not believed. */
		cache->reset_ts--;
		dst_cache_set_ip6(cache, &fx->route->dst, &fixture_local);
	}
	why = pmip6_encap_xmit(skb, &fx->tunnel);
	rcu_read_unlock();
	local_bh_enable();
	return why;
}

static void expect_counted(struct kunit *test, u64 packets, u64 bytes)
{
	struct pmip6_totals device, tunnel, binding;
	struct fixture *fx = test->priv;

	fixture_totals(fx, &device, &tunnel, &binding);
	KUNIT_EXPECT_EQ(test, device.tx_packets, packets);
	KUNIT_EXPECT_EQ(test, device.tx_bytes, bytes);
	KUNIT_EXPECT_EQ(test, tunnel.tx_packets, packets);
	KUNIT_EXPECT_EQ(test, tunnel.tx_bytes, bytes);
	KUNIT_EXPECT_EQ(test, device.rx_packets + tunnel.rx_packets, 0ULL);
}

static void encap_header(struct kunit *test)
{
	struct fixture *fx = test->priv;
	unsigned int dsfield, len;
	u8 header[HEADER], *inner;
	struct sk_buff *skb;

	for (dsfield = 0; dsfield < 256; dsfield++) {
		skb = fixture_packet(test, HEADER, 100, dsfield);
		inner = copy_of(test, skb);
		len = skb->len;
		pmip6_encap_push_ipv6(skb, &fx->tunnel.key, dsfield,
				      255 - dsfield);
		/* The payload length is the stack's to fill in. */
		expected_header(header, dsfield, 0, 255 - dsfield);
		/* RULE: B-LMA-58 B-MAG-88 B-MAG-30 */
		expect_packet(test, skb, header, inner, len);
		KUNIT_EXPECT_EQ(test, skb_headroom(skb), 0);
		kunit_kfree(test, inner);
		kfree_skb(skb);
	}
}

struct packet_case {
	u8 dsfield;
	u8 hop_limit;
	u16 payload;
};

/* Each ECN codepoint, with and without DSCP; sizes up to the limit. */
static const struct packet_case packet_cases[] = {
	{ 0x00, 64, 0 },	{ 0x01, 64, 1 },
	{ 0x02, 64, 100 },	{ 0x03, 64, 1232 },
	{ 0xb8, 1, 1233 },	{ 0xb9, 255, 1419 },
	{ 0xba, 128, 1420 },	{ 0xfb, 63, 1420 },
};

static void send_packet(struct kunit *test, const struct packet_case *pc)
{
	struct fixture *fx = test->priv;
	u8 header[HEADER], *inner;
	struct sk_buff *skb;
	unsigned int len;

	skb = fixture_packet(test, 256, pc->payload, pc->dsfield);
	inner = copy_of(test, skb);
	len = skb->len;
	fx->pd->hop_limit = pc->hop_limit;
	KUNIT_ASSERT_EQ(test, xmit(fx, skb, true), PMIP6_DROP_UNSPEC);

	skb = fixture_caught(fx);
	expected_header(header, pc->dsfield, len, pc->hop_limit);
	/* RULE: B-LMA-92 */
	expect_packet(test, skb, header, inner, len);
	KUNIT_EXPECT_PTR_EQ(test, skb_dst(skb), &fx->route->dst);
	KUNIT_EXPECT_TRUE(test, skb->protocol == htons(ETH_P_IPV6));
	/* RFC 2473 7.2: may be fragmented outside. */
	KUNIT_EXPECT_TRUE(test, skb->ignore_df);
	KUNIT_EXPECT_FALSE(test, skb->encapsulation);
	KUNIT_EXPECT_EQ(test, IP6CB(skb)->flags, 0);
	kfree_skb(skb);
}

static void encap_packet(struct kunit *test)
{
	unsigned int i, bytes = 0;

	for (i = 0; i < ARRAY_SIZE(packet_cases); i++) {
		send_packet(test, &packet_cases[i]);
		bytes += HEADER + packet_cases[i].payload;
		expect_counted(test, i + 1, bytes);
	}
}

/* What the packet had on it before, the outer one must not have. */
static void encap_scrubbed(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct sk_buff *skb;

	skb = fixture_packet(test, 256, 100, 0);
	dst_hold(&fx->route->dst);
	skb_dst_set(skb, &fx->route->dst);
	memset(IP6CB(skb), 0xff, sizeof(*IP6CB(skb)));
	skb->pkt_type = PACKET_OTHERHOST;
	skb->skb_iif = 77;
	skb->mark = 0x1234;
	KUNIT_ASSERT_EQ(test, xmit(fx, skb, true), PMIP6_DROP_UNSPEC);
	skb = fixture_caught(fx);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, IP6CB(skb)->flags, 0);
	KUNIT_EXPECT_EQ(test, IP6CB(skb)->frag_max_size, 0);
	KUNIT_EXPECT_TRUE(test, skb->pkt_type == PACKET_HOST);
	KUNIT_EXPECT_EQ(test, skb->skb_iif, 0);
	/* Within one namespace a mark stays. */
	KUNIT_EXPECT_EQ(test, skb->mark, 0x1234);
	kfree_skb(skb);
}

static void encap_headroom(struct kunit *test)
{
	struct fixture *fx = test->priv;
	unsigned int room, enough, len;
	u8 header[HEADER], *inner, *head;
	struct sk_buff *skb;

	enough = LL_RESERVED_SPACE(fx->underlay) + HEADER;
	KUNIT_ASSERT_GT(test, enough, FIXTURE_NEEDED_HEADROOM);
	for (room = 0; room <= enough + 1; room++) {
		skb = fixture_packet(test, room, 200, 0);
		inner = copy_of(test, skb);
		len = skb->len;
		head = skb->head;
		KUNIT_ASSERT_EQ(test, skb_headroom(skb), room);
		KUNIT_ASSERT_EQ(test, xmit(fx, skb, true), PMIP6_DROP_UNSPEC);

		skb = fixture_caught(fx);
		expected_header(header, 0, len, 64);
		expect_packet(test, skb, header, inner, len);
		/* What the underlay needs is still there. */
		KUNIT_EXPECT_GE(test, skb_headroom(skb),
				LL_RESERVED_SPACE(fx->underlay));
		KUNIT_EXPECT_EQ(test, skb->head != head, room < enough);
		kfree_skb(skb);
		kunit_kfree(test, inner);
	}
}

/* Others may have the same octets: nothing is written in front of them. */
static void encap_cloned(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u8 header[HEADER], *before;
	struct sk_buff *skb, *clone;
	unsigned int i, len;

	skb = fixture_packet(test, 256, 200, 3);
	before = copy_of(test, skb);
	len = skb->len;
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	KUNIT_ASSERT_EQ(test, xmit(fx, clone, true), PMIP6_DROP_UNSPEC);

	clone = fixture_caught(fx);
	expected_header(header, 3, len, 64);
	expect_packet(test, clone, header, before, len);
	KUNIT_EXPECT_PTR_NE(test, clone->head, skb->head);
	KUNIT_EXPECT_EQ(test, skb->len, len);
	KUNIT_EXPECT_EQ(test, memcmp(skb->data, before, len), 0);
	for (i = 0; i < 256; i++)
		KUNIT_ASSERT_EQ(test, skb->head[i], 0xa5);
	kfree_skb(clone);
	kfree_skb(skb);
}

/* TCP with its checksum left to the device, and its segmentation if @gso. */
static struct sk_buff *tcp_packet(struct kunit *test, unsigned int payload,
				  bool gso)
{
	unsigned int length = sizeof(struct tcphdr) + payload;
	struct tcphdr *tcp;
	struct sk_buff *skb;

	skb = fixture_packet(test, 256, length, 2);
	ipv6_hdr(skb)->nexthdr = IPPROTO_TCP;
	tcp = tcp_hdr(skb);
	memset(tcp, 0, sizeof(*tcp));
	tcp->source = htons(443);
	tcp->dest = htons(50000);
	tcp->seq = htonl(TCP_SEQ);
	tcp->doff = sizeof(*tcp) / 4;
	tcp->ack = 1;
	tcp->check = ~csum_ipv6_magic(&fixture_cn, &fixture_mn, length,
				      IPPROTO_TCP, 0);
	fixture_fill((u8 *)(tcp + 1), payload);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	if (gso) {
		skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6;
		skb_shinfo(skb)->gso_size = SEGMENT;
		skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(payload, SEGMENT);
	}
	return skb;
}

/* Where offloads must look for the inner headers. */
static void expect_inner_headers(struct kunit *test, const struct sk_buff *skb)
{
	KUNIT_EXPECT_TRUE(test, skb->encapsulation);
	KUNIT_EXPECT_EQ(test, skb_inner_network_offset(skb), (int)HEADER);
	KUNIT_EXPECT_EQ(test, skb_inner_transport_offset(skb),
			(int)(2 * HEADER));
	KUNIT_EXPECT_TRUE(test, skb->inner_protocol_type == ENCAP_TYPE_IPPROTO);
	KUNIT_EXPECT_EQ(test, skb->inner_ipproto, IPPROTO_IPV6);
	KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_PARTIAL);
	KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb),
			(int)(2 * HEADER));
}

static void encap_checksum(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u8 header[HEADER], *inner;
	struct sk_buff *skb;
	unsigned int len;

	skb = tcp_packet(test, 100, false);
	inner = copy_of(test, skb);
	len = skb->len;
	KUNIT_ASSERT_EQ(test, xmit(fx, skb, true), PMIP6_DROP_UNSPEC);
	skb = fixture_caught(fx);
	expected_header(header, 2, len, 64);
	expect_packet(test, skb, header, inner, len);
	expect_inner_headers(test, skb);
	KUNIT_EXPECT_FALSE(test, skb_is_gso(skb));
	kfree_skb(skb);
}

/* One of the packets that a GSO packet became: whole, in place, and sound. */
static void expect_segment(struct kunit *test, struct sk_buff *segment,
			   unsigned int index, const u8 *payload)
{
	unsigned int chunk = index < SEGMENTS - 1 ? SEGMENT : 123;
	unsigned int tcp_len = sizeof(struct tcphdr) + chunk;
	const struct ipv6hdr *inner;
	const struct tcphdr *tcp;
	u8 header[HEADER];
	__wsum sum;

	KUNIT_ASSERT_EQ(test, segment->len, 2 * HEADER + tcp_len);
	KUNIT_ASSERT_EQ(test, skb_linearize(segment), 0);
	expected_header(header, 2, HEADER + tcp_len, 64);
	KUNIT_EXPECT_EQ(test, memcmp(segment->data, header, HEADER), 0);
	inner = (struct ipv6hdr *)(segment->data + HEADER);
	KUNIT_EXPECT_EQ(test, ntohs(inner->payload_len), tcp_len);
	KUNIT_EXPECT_EQ(test, memcmp(&inner->saddr, &fixture_cn, 16), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&inner->daddr, &fixture_mn, 16), 0);
	tcp = (struct tcphdr *)(inner + 1);
	KUNIT_EXPECT_EQ(test, ntohl(tcp->seq), TCP_SEQ + index * SEGMENT);
	KUNIT_EXPECT_EQ(test, memcmp(tcp + 1, payload + index * SEGMENT, chunk),
			0);
	sum = skb_checksum(segment, 2 * HEADER, tcp_len, 0);
	KUNIT_EXPECT_FALSE(test, csum_ipv6_magic(&inner->saddr, &inner->daddr,
						 tcp_len, IPPROTO_TCP, sum));
}

/* Segment it as a device without offloads would have it done. */
static void segment(struct kunit *test, struct sk_buff *skb)
{
	struct sk_buff *segments, *next;
	unsigned int count = 0;
	u8 *payload;

	payload = kunit_kmalloc(test, TCP_PAYLOAD, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, payload);
	fixture_fill(payload, TCP_PAYLOAD);
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	segments = skb_gso_segment(skb, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, segments);
	skb_list_walk_safe(segments, segments, next) {
		skb_mark_not_on_list(segments);
		expect_segment(test, segments, count++, payload);
		kfree_skb(segments);
	}
	KUNIT_EXPECT_EQ(test, count, SEGMENTS);
}

static void encap_gso(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u8 header[HEADER], *inner;
	struct sk_buff *skb, *clone;
	unsigned int len;

	skb = tcp_packet(test, TCP_PAYLOAD, true);
	inner = copy_of(test, skb);
	len = skb->len;
	/* A clone has the same offload state, which must not change for it. */
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	KUNIT_ASSERT_EQ(test, xmit(fx, skb, true), PMIP6_DROP_UNSPEC);
	expect_counted(test, 1, len);

	skb = fixture_caught(fx);
	expected_header(header, 2, len, 64);
	expect_packet(test, skb, header, inner, len);
	expect_inner_headers(test, skb);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_type,
			SKB_GSO_TCPV6 | SKB_GSO_IPXIP6);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, SEGMENT);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, SEGMENTS);
	KUNIT_EXPECT_EQ(test, skb_shinfo(clone)->gso_type, SKB_GSO_TCPV6);
	segment(test, skb);
	kfree_skb(skb);
	kfree_skb(clone);
}

/* What is refused comes back as it was, and is not counted as sent. */
static void expect_refused(struct kunit *test, struct sk_buff *skb, bool routed,
			   enum pmip6_drop why)
{
	struct fixture *fx = test->priv;
	u8 *before = copy_of(test, skb);
	unsigned int len = skb->len;

	KUNIT_ASSERT_EQ(test, xmit(fx, skb, routed), why);
	KUNIT_EXPECT_NULL(test, fx->caught);
	KUNIT_EXPECT_EQ(test, skb->len, len);
	KUNIT_EXPECT_EQ(test, memcmp(skb->data, before, len), 0);
	KUNIT_EXPECT_PTR_EQ(test, skb->data, skb_network_header(skb));
	KUNIT_EXPECT_NULL(test, skb_dst(skb));
	expect_counted(test, 0, 0);
	kfree_skb(skb);
}

static void encap_refused(struct kunit *test)
{
	struct sk_buff *skb;

	/* No error goes to the unspecified address (RFC 4443 2.4 e.6). */
	skb = fixture_packet(test, 256, 1500 - 2 * HEADER + 1, 0);
	ipv6_hdr(skb)->saddr = in6addr_any;
	expect_refused(test, skb, true, PMIP6_DROP_TOO_BIG);
	expect_refused(test, fixture_packet(test, 256, 100, 0), false,
		       PMIP6_DROP_NO_ROUTE);
}

static void encap_mtu(struct kunit *test)
{
	static const struct {
		u32 path, inner;
	} cases[] = {
		/* RFC 2473 7.1: 1280 is never refused. */
		{ 0, 1280 }, { 39, 1280 }, { 40, 1280 }, { 68, 1280 },
		{ 1279, 1280 }, { 1280, 1280 }, { 1319, 1280 },
		{ 1320, 1280 }, { 1321, 1281 }, { 1499, 1459 },
		{ 1500, 1460 }, { 9000, 8960 }, { 65535, 65495 },
		{ 65575, 65535 }, { U32_MAX, U32_MAX - 40 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, pmip6_encap_mtu(cases[i].path),
				    cases[i].inner, "path MTU %u",
				    cases[i].path);
}

static void encap_fits(struct kunit *test)
{
	static const unsigned int mtus[] = { 1280, 1281, 1460, 8960 };
	struct sk_buff *skb;
	unsigned int i;
	int off;

	for (i = 0; i < ARRAY_SIZE(mtus); i++) {
		for (off = -1; off <= 1; off++) {
			skb = fixture_packet(test, 0, mtus[i] - HEADER + off,
					     0);
			KUNIT_EXPECT_EQ(test, pmip6_encap_fits(skb, mtus[i]),
					off <= 0);
			kfree_skb(skb);
		}
	}
}

/* A segment is what must fit, not the whole, and with its headers. */
static void encap_fits_gso(struct kunit *test)
{
	const unsigned int largest = HEADER + sizeof(struct tcphdr) + SEGMENT;
	struct sk_buff *skb = tcp_packet(test, TCP_PAYLOAD, true);

	KUNIT_EXPECT_GT(test, skb->len, 5 * largest - 500);
	KUNIT_EXPECT_TRUE(test, pmip6_encap_fits(skb, largest + 1));
	KUNIT_EXPECT_TRUE(test, pmip6_encap_fits(skb, largest));
	KUNIT_EXPECT_FALSE(test, pmip6_encap_fits(skb, largest - 1));
	skb_shinfo(skb)->gso_size = 1280 - HEADER - sizeof(struct tcphdr);
	KUNIT_EXPECT_TRUE(test, pmip6_encap_fits(skb, 1280));
	skb_shinfo(skb)->gso_size++;
	KUNIT_EXPECT_FALSE(test, pmip6_encap_fits(skb, 1280));
	kfree_skb(skb);
}

static struct kunit_case encap_cases[] = {
	KUNIT_CASE(encap_header),
	KUNIT_CASE(encap_packet),
	KUNIT_CASE(encap_scrubbed),
	KUNIT_CASE(encap_headroom),
	KUNIT_CASE(encap_cloned),
	KUNIT_CASE(encap_checksum),
	KUNIT_CASE(encap_gso),
	KUNIT_CASE(encap_refused),
	KUNIT_CASE(encap_mtu),
	KUNIT_CASE(encap_fits),
	KUNIT_CASE(encap_fits_gso),
	{}
};

struct kunit_suite pmip6_encap_suite = {
	.name = "pmip6_encap",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = encap_cases,
};
