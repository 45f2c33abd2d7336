/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What packets did, counted: per device and drop reason on every CPU, per
 * binding in one shared line of its own.
 */
#ifndef PMIP6_COUNTERS_H
#define PMIP6_COUNTERS_H

#include <linux/atomic.h>
#include <linux/netdevice.h>
#include <linux/pmip6.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>

/**
 * struct pmip6_pcpu_stats - a device's counters on one CPU
 * @rx_packets: packets received: decapsulated, or routed locally
 * @rx_bytes: their inner octets
 * @tx_packets: packets transmitted: encapsulated, or routed locally
 * @tx_bytes: their inner octets
 * @local_packets: packets routed locally
 * @local_bytes: their octets
 * @fast_rx_packets: how many of @rx_packets came by the fast path
 * @fast_tx_packets: how many of @tx_packets
 * @drops: packets dropped, by enum pmip6_drop
 * @tx_dropped: how many of the drops were on the way out
 * @syncp: makes the 64-bit values whole on 32-bit machines
 */
struct pmip6_pcpu_stats {
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t local_packets;
	u64_stats_t local_bytes;
	u64_stats_t fast_rx_packets;
	u64_stats_t fast_tx_packets;
	u64_stats_t tx_dropped;
	u64_stats_t drops[__PMIP6_DROP_MAX];
	struct u64_stats_sync syncp;
};

/**
 * struct pmip6_counters - a binding's counters
 *
 * Atomic rather than per CPU: a million bindings cannot afford 32 octets a
 * CPU each, and a mobile node's packets mostly stay on one CPU.
 *
 * @rx_packets: packets decapsulated, or routed locally to its mobile node
 * @rx_bytes: their inner octets
 * @tx_packets: packets encapsulated, or routed locally from its mobile node
 * @tx_bytes: their inner octets
 * @local_packets: how many of @tx_packets were routed locally
 * @local_bytes: their octets
 */
struct pmip6_counters {
	atomic64_t rx_packets;
	atomic64_t rx_bytes;
	atomic64_t tx_packets;
	atomic64_t tx_bytes;
	atomic64_t local_packets;
	atomic64_t local_bytes;
};

/**
 * struct pmip6_totals - a snapshot of counters of any kind
 * @rx_packets: packets received
 * @rx_bytes: their inner octets
 * @tx_packets: packets transmitted
 * @tx_bytes: their inner octets
 * @local_packets: how many of these were routed locally; not of a tunnel
 * @local_bytes: their octets
 * @fast_rx_packets: how many of @rx_packets came by the fast path; of a device
 * @fast_tx_packets: how many of @tx_packets; of a device
 */
struct pmip6_totals {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 local_packets;
	u64 local_bytes;
	u64 fast_rx_packets;
	u64 fast_tx_packets;
};

struct pmip6_device;

/**
 * pmip6_count_tx() - account one encapsulated packet to its device
 * @pd: the device
 * @len: inner length in octets
 *
 * Context: softirq or BH disabled.
 */
void pmip6_count_tx(struct pmip6_device *pd, unsigned int len);

/**
 * pmip6_count_rx() - account one decapsulated packet to its device
 * @pd: the device
 * @len: inner length in octets
 *
 * Context: softirq or BH disabled.
 */
void pmip6_count_rx(struct pmip6_device *pd, unsigned int len);

/**
 * pmip6_count_local() - account one packet that was routed locally
 * @pd: the device, which has transmitted and received it
 * @len: length in octets
 *
 * Context: softirq or BH disabled.
 */
void pmip6_count_local(struct pmip6_device *pd, unsigned int len);

/**
 * pmip6_count_fast() - account one packet that the fast path took
 * @pd: the device
 * @len: inner length in octets
 * @transmit: it was encapsulated; otherwise it was decapsulated
 *
 * Context: softirq or BH disabled.
 */
void pmip6_count_fast(struct pmip6_device *pd, unsigned int len, bool transmit);

/**
 * pmip6_count_drop() - account one packet that went no further
 * @pd: the device
 * @why: the reason, which operators see by name
 * @transmit: true on the way into a tunnel
 *
 * Context: softirq or BH disabled.
 */
void pmip6_count_drop(struct pmip6_device *pd, enum pmip6_drop why,
		      bool transmit);

/**
 * pmip6_drop_reason() - the stack-wide reason nearest to ours
 * @why: ours
 *
 * Context: any.
 * Return: what kfree_skb_reason() shall be told.
 */
enum skb_drop_reason pmip6_drop_reason(enum pmip6_drop why);

/**
 * pmip6_device_totals() - add up a device's traffic over all CPUs
 * @pd: the device
 * @totals: where to put it
 *
 * Context: any.
 */
void pmip6_device_totals(const struct pmip6_device *pd,
			 struct pmip6_totals *totals);

/**
 * pmip6_device_drops() - add up a device's drops over all CPUs
 * @pd: the device
 * @drops: array of __PMIP6_DROP_MAX sums, by enum pmip6_drop
 *
 * Context: any.
 * Return: how many of them were on the way out.
 */
u64 pmip6_device_drops(const struct pmip6_device *pd, u64 *drops);

/**
 * pmip6_get_stats64() - what ``ip -s link`` shows
 * @dev: the network device
 * @stats: where to put it
 *
 * Context: any.
 */
void pmip6_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats);

static inline void pmip6_counters_tx(struct pmip6_counters *counters,
				     unsigned int len)
{
	atomic64_inc(&counters->tx_packets);
	atomic64_add(len, &counters->tx_bytes);
}

static inline void pmip6_counters_rx(struct pmip6_counters *counters,
				     unsigned int len)
{
	atomic64_inc(&counters->rx_packets);
	atomic64_add(len, &counters->rx_bytes);
}

/* Of the mobile node that has sent it. */
static inline void pmip6_counters_local(struct pmip6_counters *counters,
					unsigned int len)
{
	pmip6_counters_tx(counters, len);
	atomic64_inc(&counters->local_packets);
	atomic64_add(len, &counters->local_bytes);
}

static inline void pmip6_counters_read(const struct pmip6_counters *counters,
				       struct pmip6_totals *totals)
{
	totals->rx_packets = atomic64_read(&counters->rx_packets);
	totals->rx_bytes = atomic64_read(&counters->rx_bytes);
	totals->tx_packets = atomic64_read(&counters->tx_packets);
	totals->tx_bytes = atomic64_read(&counters->tx_bytes);
	totals->local_packets = atomic64_read(&counters->local_packets);
	totals->local_bytes = atomic64_read(&counters->local_bytes);
}

#endif /* PMIP6_COUNTERS_H */
