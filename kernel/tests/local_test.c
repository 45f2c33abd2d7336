// SPDX-License-Identifier: GPL-2.0
/*
 * Local routing: which packets of a gateway go straight from one mobile node
 * to another, what comes out of the device then, and what is counted.
 */
#include <linux/pmip6.h>
#include <net/dst.h>

#include "compat.h"
#include "fixture.h"
#include "local.h"
#include "suites.h"

#define HEADER	sizeof(struct ipv6hdr)
#define PAYLOAD	300
#define PATIENCE	(10 * HZ)
#define SENDER_LINK	7
#define RECEIVER_LINK	8

/* Somebody else who is at this gateway: the receiver. */
static const struct in6_addr receiver = { { {
	0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 9 } } };

/* The fixture's binding is the sender's. */
struct local_test {
	struct fixture *fx;
	struct pmip6_binding *receiver;
	struct pmip6_path path;
};

static void local_begin(struct kunit *test, struct local_test *lt)
{
	struct pmip6_prefix prefix = { .len = 64 };
	struct fixture *fx = test->priv;

	memset(lt, 0, sizeof(*lt));
	lt->fx = fx;
	fx->pd->role = PMIP6_ROLE_MAG;
	fx->path.access_ifindex = SENDER_LINK;
	fx->binding->flags = PMIP6_BINDING_F_LOCAL_ROUTING;

	ipv6_addr_prefix(&prefix.addr, &receiver, prefix.len);
	lt->receiver = pmip6_binding_insert(&fx->pd->bindings, &prefix);
	KUNIT_ASSERT_FALSE(test, IS_ERR(lt->receiver));
	lt->receiver->flags = PMIP6_BINDING_F_LOCAL_ROUTING;
	mutex_lock(&fx->pd->lock);
	lt->path.set = &lt->path.own;
	pmip6_expiry_set_begin(&fx->pd->lifetimes, lt->path.set,
			       PMIP6_LIFETIME_FOREVER, 0);
	mutex_unlock(&fx->pd->lock);
	lt->path.tunnel = &fx->tunnel;
	lt->path.binding = lt->receiver;
	lt->path.access_ifindex = RECEIVER_LINK;
	rcu_assign_pointer(lt->receiver->paths, &lt->path);
}

static void local_end(struct local_test *lt)
{
	struct pmip6_device *pd = lt->fx->pd;

	RCU_INIT_POINTER(lt->receiver->paths, NULL);
	mutex_lock(&pd->lock);
	pmip6_expiry_set_end(&pd->lifetimes, lt->path.set);
	mutex_unlock(&pd->lock);
	pmip6_binding_remove(&pd->bindings, lt->receiver);
}

static struct sk_buff *packet(struct kunit *test)
{
	struct sk_buff *skb = fixture_packet(test, 0, PAYLOAD, 0);

	ipv6_hdr(skb)->saddr = fixture_mn;
	ipv6_hdr(skb)->daddr = receiver;
	skb->skb_iif = SENDER_LINK;
	return skb;
}

static struct pmip6_binding *destination_of(struct local_test *lt,
					    const struct sk_buff *skb)
{
	struct pmip6_binding *found;

	rcu_read_lock();
	found = pmip6_local_lookup(lt->fx->pd, lt->fx->binding,
				   &lt->fx->path, skb);
	rcu_read_unlock();
	return found;
}

/* Both ends permit it: one that does not is enough for the tunnel. */
static void local_permission(struct kunit *test)
{
	const u32 flag = PMIP6_BINDING_F_LOCAL_ROUTING;
	struct sk_buff *skb = packet(test);
	struct local_test lt;
	unsigned int both;

	local_begin(test, &lt);
	for (both = 0; both < 4; both++) {
		lt.fx->binding->flags = both & 1 ? flag : 0;
		lt.receiver->flags = both & 2 ? flag : 0;
		/* RULE: B-MAG-38 */
		KUNIT_EXPECT_PTR_EQ_MSG(test, destination_of(&lt, skb),
					both == 3 ? lt.receiver : NULL,
					"sender %u, receiver %u", both & 1,
					both >> 1);
	}
	local_end(&lt);
	kfree_skb(skb);
}

static void local_whereabouts(struct kunit *test)
{
	struct sk_buff *skb = packet(test);
	struct local_test lt;

	local_begin(test, &lt);
	/* RULE: B-MAG-32 B-MAG-38 */
	KUNIT_EXPECT_PTR_EQ(test, destination_of(&lt, skb), lt.receiver);

	/* Elsewhere: nobody's here, or of the next prefix. */
	ipv6_hdr(skb)->daddr = fixture_cn;
	/* RULE: B-MAG-39 */
	KUNIT_EXPECT_NULL(test, destination_of(&lt, skb));
	ipv6_hdr(skb)->daddr = receiver;
	ipv6_hdr(skb)->daddr.s6_addr[7] ^= 1;
	ipv6_hdr(skb)->daddr.s6_addr[6] ^= 1;
	KUNIT_EXPECT_NULL(test, destination_of(&lt, skb));
	ipv6_hdr(skb)->daddr = receiver;

	/* It left, its lifetime has passed, or it is on no known link. */
	RCU_INIT_POINTER(lt.receiver->paths, NULL);
	/* RULE: B-MAG-37 */
	KUNIT_EXPECT_NULL(test, destination_of(&lt, skb));
	rcu_assign_pointer(lt.receiver->paths, &lt.path);
	atomic64_set(&lt.path.set->deadline, get_jiffies_64());
	KUNIT_EXPECT_NULL(test, destination_of(&lt, skb));
	atomic64_set(&lt.path.set->deadline, PMIP6_NEVER);
	lt.path.access_ifindex = 0;
	KUNIT_EXPECT_NULL(test, destination_of(&lt, skb));
	lt.path.access_ifindex = RECEIVER_LINK;

	/* Hosts of this gateway are nowhere else. */
	RCU_INIT_POINTER(lt.receiver->paths, NULL);
	lt.receiver->flags |= PMIP6_BINDING_F_HOSTS;
	/* RULE: B-MAG-38 */
	KUNIT_EXPECT_PTR_EQ(test, destination_of(&lt, skb), lt.receiver);
	lt.receiver->flags = PMIP6_BINDING_F_HOSTS;
	KUNIT_EXPECT_NULL(test, destination_of(&lt, skb));
	lt.receiver->flags = PMIP6_BINDING_F_LOCAL_ROUTING;
	rcu_assign_pointer(lt.receiver->paths, &lt.path);

	/* One that may come from anywhere. */
	lt.fx->path.access_ifindex = 0;
	KUNIT_EXPECT_NULL(test, destination_of(&lt, skb));
	lt.fx->path.access_ifindex = SENDER_LINK;

	/* One link for both, or one mobile node with itself. */
	lt.path.access_ifindex = SENDER_LINK;
	KUNIT_EXPECT_PTR_EQ(test, destination_of(&lt, skb), lt.receiver);
	ipv6_hdr(skb)->daddr = fixture_mn;
	KUNIT_EXPECT_PTR_EQ(test, destination_of(&lt, skb), lt.fx->binding);
	local_end(&lt);
	kfree_skb(skb);
}

static enum pmip6_drop local_xmit(struct local_test *lt, struct sk_buff *skb)
{
	enum pmip6_drop why;

	local_bh_disable();
	rcu_read_lock();
	why = pmip6_local_xmit(lt->fx->pd, skb, lt->fx->binding, lt->receiver);
	rcu_read_unlock();
	local_bh_enable();
	return why;
}

static struct sk_buff *arrived(struct kunit *test)
{
	struct fixture *fx = test->priv;

	KUNIT_ASSERT_NE(test, wait_for_completion_timeout(&fx->arrived,
							  PATIENCE), 0UL);
	KUNIT_ASSERT_NOT_NULL(test, fx->caught);
	return fixture_caught(fx);
}

static void expect_counted(struct kunit *test, struct local_test *lt,
			   u64 packets)
{
	struct pmip6_totals device, tunnel, sender, receiver;
	u64 bytes = packets * (HEADER + PAYLOAD);

	fixture_totals(lt->fx, &device, &tunnel, &sender);
	pmip6_counters_read(&lt->receiver->counters, &receiver);
	KUNIT_EXPECT_EQ(test, device.local_packets, packets);
	KUNIT_EXPECT_EQ(test, device.local_bytes, bytes);
	KUNIT_EXPECT_EQ(test, device.tx_packets, packets);
	KUNIT_EXPECT_EQ(test, device.tx_bytes, bytes);
	KUNIT_EXPECT_EQ(test, device.rx_packets, packets);
	KUNIT_EXPECT_EQ(test, device.rx_bytes, bytes);
	KUNIT_EXPECT_EQ(test, sender.local_packets, packets);
	KUNIT_EXPECT_EQ(test, sender.local_bytes, bytes);
	KUNIT_EXPECT_EQ(test, sender.tx_packets, packets);
	KUNIT_EXPECT_EQ(test, sender.tx_bytes, bytes);
	KUNIT_EXPECT_EQ(test, sender.rx_packets, 0ULL);
	KUNIT_EXPECT_EQ(test, receiver.rx_packets, packets);
	KUNIT_EXPECT_EQ(test, receiver.rx_bytes, bytes);
	KUNIT_EXPECT_EQ(test, receiver.tx_packets, 0ULL);
	KUNIT_EXPECT_EQ(test, receiver.local_packets, 0ULL);
	KUNIT_EXPECT_EQ(test, tunnel.tx_packets + tunnel.rx_packets, 0ULL);
}

/* As it was, but for the hop; received by the device, with no route. */
static void local_packet(struct kunit *test)
{
	struct sk_buff *skb = packet(test);
	struct local_test lt;
	u8 *before;

	local_begin(test, &lt);
	before = kunit_kmalloc(test, skb->len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, before);
	memcpy(before, skb->data, skb->len);
	before[7]++;
	skb_dst_set(skb, dst_clone(&lt.fx->route->dst));
	skb->pkt_type = PACKET_OTHERHOST;
	skb->ignore_df = 1;
	IP6CB(skb)->iif = SENDER_LINK;
	/* GRO has the same octets for itself, and leaves them as they are. */
	lt.fx->pd->dev->features &= ~NETIF_F_GRO;
	KUNIT_ASSERT_EQ(test, local_xmit(&lt, skb), PMIP6_DROP_UNSPEC);

	skb = arrived(test);
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, lt.fx->pd->dev);
	KUNIT_EXPECT_NULL(test, skb_dst(skb));
	KUNIT_EXPECT_TRUE(test, skb->pkt_type == PACKET_HOST);
	KUNIT_EXPECT_FALSE(test, skb->ignore_df);
	KUNIT_EXPECT_EQ(test, IP6CB(skb)->iif, 0);
	KUNIT_EXPECT_EQ(test, skb_network_offset(skb), 0);
	KUNIT_EXPECT_EQ(test, skb_mac_offset(skb), 0);
	KUNIT_ASSERT_EQ(test, skb->len, (unsigned int)(HEADER + PAYLOAD));
	KUNIT_EXPECT_EQ(test, memcmp(skb->data, before, skb->len), 0);
	expect_counted(test, &lt, 1);
	kfree_skb(skb);
	local_end(&lt);
}

struct hop_case {
	int iif;
	u8 before;
	u8 after;
};

/* Without an origin it may come again: then nothing is given back. */
static const struct hop_case hop_cases[] = {
	{ SENDER_LINK, 1, 2 },	{ SENDER_LINK, 63, 64 },
	{ SENDER_LINK, 254, 255 },	{ SENDER_LINK, 255, 255 },
	{ 0, 1, 1 },		{ 0, 254, 254 },
};

static void local_hops(struct kunit *test)
{
	const struct hop_case *hc;
	struct local_test lt;
	struct sk_buff *skb;

	local_begin(test, &lt);
	for (hc = hop_cases; hc < hop_cases + ARRAY_SIZE(hop_cases); hc++) {
		skb = packet(test);
		ipv6_hdr(skb)->hop_limit = hc->before;
		skb->skb_iif = hc->iif;
		KUNIT_ASSERT_EQ(test, local_xmit(&lt, skb), PMIP6_DROP_UNSPEC);
		skb = arrived(test);
		KUNIT_EXPECT_EQ(test, ipv6_hdr(skb)->hop_limit, hc->after);
		kfree_skb(skb);
	}
	expect_counted(test, &lt, ARRAY_SIZE(hop_cases));
	local_end(&lt);
}

/* What others hold of it stays as it was. */
static void local_clone(struct kunit *test)
{
	struct sk_buff *skb = packet(test), *clone;
	struct local_test lt;

	local_begin(test, &lt);
	ipv6_hdr(skb)->hop_limit = 9;
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	KUNIT_ASSERT_EQ(test, local_xmit(&lt, skb), PMIP6_DROP_UNSPEC);
	skb = arrived(test);
	KUNIT_EXPECT_EQ(test, ipv6_hdr(skb)->hop_limit, 10);
	KUNIT_EXPECT_EQ(test, ipv6_hdr(clone)->hop_limit, 9);
	kfree_skb(clone);
	kfree_skb(skb);
	local_end(&lt);
}

static struct kunit_case local_cases[] = {
	KUNIT_CASE(local_permission),
	KUNIT_CASE(local_whereabouts),
	KUNIT_CASE(local_packet),
	KUNIT_CASE(local_hops),
	KUNIT_CASE(local_clone),
	{}
};

struct kunit_suite pmip6_local_suite = {
	.name = "pmip6_local",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = local_cases,
};
