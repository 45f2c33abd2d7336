// SPDX-License-Identifier: GPL-2.0
/*
 * Decapsulation: what comes out of the device, what ECN becomes of inside and
 * outside, and who is refused.
 */
#include <linux/pmip6.h>
#include <net/inet_ecn.h>

#include "decap.h"
#include "fixture.h"
#include "inner.h"
#include "suites.h"

#define HEADER	sizeof(struct ipv6hdr)
#define PATIENCE	(10 * HZ)

/*
 * An inner packet from the mobile node with an outer header in front of it, as
 * a handler of next header 41 gets it.
 */
static struct sk_buff *arriving(struct kunit *test, u8 outer_dsfield,
				u8 inner_dsfield)
{
	struct sk_buff *skb = fixture_packet(test, HEADER, 300, inner_dsfield);
	struct fixture *fx = test->priv;
	struct ipv6hdr *outer;

	swap(ipv6_hdr(skb)->saddr, ipv6_hdr(skb)->daddr);
	skb_reset_transport_header(skb);
	outer = skb_push(skb, HEADER);
	skb_reset_network_header(skb);
	*(__be32 *)outer = htonl(6 << 28 | outer_dsfield << 20);
	outer->payload_len = htons(HEADER + 300);
	outer->nexthdr = IPPROTO_IPV6;
	outer->hop_limit = 60;
	outer->saddr = fixture_remote;
	outer->daddr = fixture_local;
	skb->dev = fx->underlay;
	skb_pull(skb, HEADER);
	return skb;
}

static struct ipv6hdr *inner_of(const struct sk_buff *skb)
{
	return (struct ipv6hdr *)skb->data;
}

static enum pmip6_drop decap(struct fixture *fx, struct sk_buff *skb)
{
	enum pmip6_drop why;

	local_bh_disable();
	rcu_read_lock();
	why = pmip6_decap(skb, &fx->tunnel);
	rcu_read_unlock();
	local_bh_enable();
	return why;
}

static void expect_counted(struct kunit *test, u64 packets)
{
	struct pmip6_totals device, tunnel, binding;
	struct fixture *fx = test->priv;
	u64 bytes = packets * (HEADER + 300);

	fixture_totals(fx, &device, &tunnel, &binding);
	KUNIT_EXPECT_EQ(test, device.rx_packets, packets);
	KUNIT_EXPECT_EQ(test, device.rx_bytes, bytes);
	KUNIT_EXPECT_EQ(test, tunnel.rx_packets, packets);
	KUNIT_EXPECT_EQ(test, tunnel.rx_bytes, bytes);
	KUNIT_EXPECT_EQ(test, binding.rx_packets, packets);
	KUNIT_EXPECT_EQ(test, binding.rx_bytes, bytes);
	KUNIT_EXPECT_EQ(test, device.tx_packets + tunnel.tx_packets, 0ULL);
}

/* What the device was given, after it was waited for. */
static struct sk_buff *arrived(struct kunit *test)
{
	struct fixture *fx = test->priv;

	KUNIT_ASSERT_NE(test, wait_for_completion_timeout(&fx->arrived,
							  PATIENCE), 0UL);
	KUNIT_ASSERT_NOT_NULL(test, fx->caught);
	return fixture_caught(fx);
}

static void decap_packet(struct kunit *test)
{
	struct sk_buff *skb = arriving(test, 0, 0xb8);
	struct fixture *fx = test->priv;
	unsigned int len = skb->len;
	u8 *inner;

	inner = kunit_kmalloc(test, len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, inner);
	memcpy(inner, skb->data, len);
	skb->pkt_type = PACKET_OTHERHOST;
	KUNIT_ASSERT_EQ(test, decap(fx, skb), PMIP6_DROP_UNSPEC);

	skb = arrived(test);
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, fx->pd->dev);
	KUNIT_EXPECT_TRUE(test, skb->protocol == htons(ETH_P_IPV6));
	KUNIT_EXPECT_TRUE(test, skb->pkt_type == PACKET_HOST);
	KUNIT_EXPECT_EQ(test, skb->len, len);
	KUNIT_EXPECT_EQ(test, skb_network_offset(skb), 0);
	KUNIT_EXPECT_EQ(test, skb_mac_offset(skb), 0);
	/* RULE: B-LMA-59 B-MAG-35 */
	KUNIT_EXPECT_EQ(test, memcmp(skb->data, inner, len), 0);
	expect_counted(test, 1);
	kfree_skb(skb);
}

/* At a gateway the mobile node is the destination. */
static void decap_roles(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct sk_buff *skb;

	fx->pd->role = PMIP6_ROLE_MAG;
	skb = arriving(test, 0, 0);
	/* RULE: B-MAG-36 */
	KUNIT_ASSERT_EQ(test, decap(fx, skb), PMIP6_DROP_NO_BINDING);
	swap(inner_of(skb)->saddr, inner_of(skb)->daddr);
	KUNIT_ASSERT_EQ(test, decap(fx, skb), PMIP6_DROP_UNSPEC);
	kfree_skb(arrived(test));

	fx->pd->role = PMIP6_ROLE_LMA;
	skb = arriving(test, 0, 0);
	swap(inner_of(skb)->saddr, inner_of(skb)->daddr);
	KUNIT_ASSERT_EQ(test, decap(fx, skb), PMIP6_DROP_NO_BINDING);
	kfree_skb(skb);
	expect_counted(test, 1);
}

#define DROP	0xff

/* RFC 6040 4.2, figure 4; by inner and by outer ECN field. */
static const u8 ecn_out[4][4] = {
	[INET_ECN_NOT_ECT] = {
		[INET_ECN_NOT_ECT] = INET_ECN_NOT_ECT,
		[INET_ECN_ECT_0] = INET_ECN_NOT_ECT,
		[INET_ECN_ECT_1] = INET_ECN_NOT_ECT,
		[INET_ECN_CE] = DROP,
	},
	[INET_ECN_ECT_0] = {
		[INET_ECN_NOT_ECT] = INET_ECN_ECT_0,
		[INET_ECN_ECT_0] = INET_ECN_ECT_0,
		[INET_ECN_ECT_1] = INET_ECN_ECT_1,
		[INET_ECN_CE] = INET_ECN_CE,
	},
	[INET_ECN_ECT_1] = {
		[INET_ECN_NOT_ECT] = INET_ECN_ECT_1,
		[INET_ECN_ECT_0] = INET_ECN_ECT_1,
		[INET_ECN_ECT_1] = INET_ECN_ECT_1,
		[INET_ECN_CE] = INET_ECN_CE,
	},
	[INET_ECN_CE] = {
		[INET_ECN_NOT_ECT] = INET_ECN_CE,
		[INET_ECN_ECT_0] = INET_ECN_CE,
		[INET_ECN_ECT_1] = INET_ECN_CE,
		[INET_ECN_CE] = INET_ECN_CE,
	},
};

/* The DSCP of the inner header stays, whatever the outer one is. */
static void decap_ecn_one(struct kunit *test, u8 inner, u8 outer)
{
	const u8 inner_dscp = 0xb8, outer_dscp = 0x44;
	struct fixture *fx = test->priv;
	struct sk_buff *skb;
	enum pmip6_drop why;

	skb = arriving(test, outer_dscp | outer, inner_dscp | inner);
	why = decap(fx, skb);
	if (ecn_out[inner][outer] == DROP) {
		KUNIT_ASSERT_EQ(test, why, PMIP6_DROP_ECN);
		KUNIT_EXPECT_NULL(test, fx->caught);
		kfree_skb(skb);
		return;
	}
	KUNIT_ASSERT_EQ(test, why, PMIP6_DROP_UNSPEC);
	skb = arrived(test);
	/* RULE: B-LMA-92 */
	KUNIT_EXPECT_EQ_MSG(test, ipv6_get_dsfield(inner_of(skb)),
			    inner_dscp | ecn_out[inner][outer],
			    "inner %u, outer %u", inner, outer);
	kfree_skb(skb);
}

static void decap_ecn(struct kunit *test)
{
	u8 inner, outer;

	for (inner = 0; inner < 4; inner++)
		for (outer = 0; outer < 4; outer++)
			decap_ecn_one(test, inner, outer);
	expect_counted(test, 15);
}

/* A packet that is refused is left alone, and counted by nobody as received. */
static void expect_refused(struct kunit *test, struct sk_buff *skb,
			   enum pmip6_drop why)
{
	struct fixture *fx = test->priv;
	const u8 *data = skb->data;
	unsigned int len = skb->len;

	KUNIT_ASSERT_EQ(test, decap(fx, skb), why);
	KUNIT_EXPECT_NULL(test, fx->caught);
	KUNIT_EXPECT_PTR_EQ(test, (const u8 *)skb->data, data);
	KUNIT_EXPECT_EQ(test, skb->len, len);
	expect_counted(test, 0);
	kfree_skb(skb);
}

static void decap_refused(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct pmip6_tunnel other = {};
	struct sk_buff *skb;

	fx->pd->dev->flags &= ~IFF_UP;
	expect_refused(test, arriving(test, 0, 0), PMIP6_DROP_DOWN);
	fx->pd->dev->flags |= IFF_UP;

	skb = arriving(test, 0, 0);
	inner_of(skb)->version = 4;
	expect_refused(test, skb, PMIP6_DROP_PROTOCOL);

	/* The next prefix, and one in the middle of it. */
	skb = arriving(test, 0, 0);
	inner_of(skb)->saddr.s6_addr[7] ^= 1;
	/* RULE: B-LMA-59 */
	expect_refused(test, skb, PMIP6_DROP_NO_BINDING);

	fx->path.tunnel = &other;
	/* RULE: B-LMA-59 */
	expect_refused(test, arriving(test, 0, 0), PMIP6_DROP_WRONG_TUNNEL);
	fx->path.tunnel = &fx->tunnel;

	atomic64_set(&fx->path.set->deadline, get_jiffies_64());
	expect_refused(test, arriving(test, 0, 0), PMIP6_DROP_EXPIRED);
	atomic64_set(&fx->path.set->deadline, PMIP6_NEVER);

	RCU_INIT_POINTER(fx->binding->paths, NULL);
	expect_refused(test, arriving(test, 0, 0), PMIP6_DROP_NO_PATH);
	rcu_assign_pointer(fx->binding->paths, &fx->path);

	/* And all is as before. */
	KUNIT_ASSERT_EQ(test, decap(fx, arriving(test, 0, 0)),
			PMIP6_DROP_UNSPEC);
	kfree_skb(arrived(test));
	expect_counted(test, 1);
}

struct address_case {
	struct in6_addr addr;
	bool allowed;
};

static const struct address_case addresses[] = {
	{ { { { 0 } } }, false },				/* :: */
	{ { { { [15] = 1 } } }, false },			/* ::1 */
	{ { { { 0xfe, 0x80, [15] = 1 } } }, false },		/* fe80::1 */
	{ { { { 0xfe, 0xbf, [15] = 1 } } }, false },		/* febf::1 */
	{ { { { 0xff, 0x02, [15] = 1 } } }, false },		/* ff02::1 */
	{ { { { 0xff, 0x0e, [15] = 1 } } }, false },		/* ff0e::1 */
	{ { { { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } } }, true },
	{ { { { 0xfc, [15] = 1 } } }, true },			/* fc00::1 */
	{ { { { 0xfd, 0xff, [15] = 1 } } }, true },		/* fdff::1 */
	{ { { { 0xfe, 0x7f, [15] = 1 } } }, true },		/* fe7f::1 */
	{ { { { 0xfe, 0xc0, [15] = 1 } } }, true },		/* fec0::1 */
	{ { { { 0x00, 0x64, 0xff, 0x9b, [15] = 1 } } }, true },
};

/* RFC 4291 2.4: each address as source and as destination of each other. */
static void decap_addresses(struct kunit *test)
{
	const unsigned int count = ARRAY_SIZE(addresses);
	struct ipv6hdr inner = { .version = 6 };
	unsigned int i, j;

	for (i = 0; i < count; i++) {
		for (j = 0; j < count; j++) {
			inner.saddr = addresses[i].addr;
			inner.daddr = addresses[j].addr;
			/* RULE: B-MAG-40 */
			KUNIT_EXPECT_EQ_MSG(test,
					    pmip6_inner_addresses_ok(&inner),
					    addresses[i].allowed &&
					    addresses[j].allowed,
					    "%pI6c to %pI6c", &inner.saddr,
					    &inner.daddr);
		}
	}
}

/* They are looked at before the binding is, on both sides. */
static void decap_bad_address(struct kunit *test)
{
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		if (addresses[i].allowed)
			continue;
		skb = arriving(test, 0, 0);
		inner_of(skb)->saddr = addresses[i].addr;
		/* RULE: B-MAG-40 */
		expect_refused(test, skb, PMIP6_DROP_BAD_ADDRESS);
		skb = arriving(test, 0, 0);
		inner_of(skb)->daddr = addresses[i].addr;
		expect_refused(test, skb, PMIP6_DROP_BAD_ADDRESS);
	}
}

static struct kunit_case decap_cases[] = {
	KUNIT_CASE(decap_packet),
	KUNIT_CASE(decap_roles),
	KUNIT_CASE(decap_ecn),
	KUNIT_CASE(decap_refused),
	KUNIT_CASE(decap_addresses),
	KUNIT_CASE(decap_bad_address),
	{}
};

struct kunit_suite pmip6_decap_suite = {
	.name = "pmip6_decap",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = decap_cases,
};
