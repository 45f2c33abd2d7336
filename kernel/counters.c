// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/percpu.h>

#include "compat.h"
#include "counters.h"
#include "device.h"

void pmip6_count_tx(struct pmip6_device *pd, unsigned int len)
{
	struct pmip6_pcpu_stats *stats = this_cpu_ptr(pd->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->tx_packets);
	u64_stats_add(&stats->tx_bytes, len);
	u64_stats_update_end(&stats->syncp);
}

void pmip6_count_rx(struct pmip6_device *pd, unsigned int len)
{
	struct pmip6_pcpu_stats *stats = this_cpu_ptr(pd->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->rx_packets);
	u64_stats_add(&stats->rx_bytes, len);
	u64_stats_update_end(&stats->syncp);
}

void pmip6_count_local(struct pmip6_device *pd, unsigned int len)
{
	struct pmip6_pcpu_stats *stats = this_cpu_ptr(pd->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->tx_packets);
	u64_stats_add(&stats->tx_bytes, len);
	u64_stats_inc(&stats->rx_packets);
	u64_stats_add(&stats->rx_bytes, len);
	u64_stats_inc(&stats->local_packets);
	u64_stats_add(&stats->local_bytes, len);
	u64_stats_update_end(&stats->syncp);
}

void pmip6_count_fast(struct pmip6_device *pd, unsigned int len, bool transmit)
{
	struct pmip6_pcpu_stats *stats = this_cpu_ptr(pd->stats);

	u64_stats_update_begin(&stats->syncp);
	if (transmit) {
		u64_stats_inc(&stats->tx_packets);
		u64_stats_add(&stats->tx_bytes, len);
		u64_stats_inc(&stats->fast_tx_packets);
	} else {
		u64_stats_inc(&stats->rx_packets);
		u64_stats_add(&stats->rx_bytes, len);
		u64_stats_inc(&stats->fast_rx_packets);
	}
	u64_stats_update_end(&stats->syncp);
}

void pmip6_count_drop(struct pmip6_device *pd, enum pmip6_drop why,
		      bool transmit)
{
	struct pmip6_pcpu_stats *stats = this_cpu_ptr(pd->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->drops[why]);
	if (transmit)
		u64_stats_inc(&stats->tx_dropped);
	u64_stats_update_end(&stats->syncp);
}

enum skb_drop_reason pmip6_drop_reason(enum pmip6_drop why)
{
	switch (why) {
	case PMIP6_DROP_ACCESS_LINK:
	case PMIP6_DROP_LLADDR:
	case PMIP6_DROP_WRONG_TUNNEL:
		return SKB_DROP_REASON_IP_RPFILTER;
	case PMIP6_DROP_BAD_ADDRESS:
		return SKB_DROP_REASON_IP_INADDRERRORS;
	case PMIP6_DROP_PROTOCOL:
		return SKB_DROP_REASON_IP_NOPROTO;
	case PMIP6_DROP_MALFORMED:
	case PMIP6_DROP_ECN:
		return SKB_DROP_REASON_IP_INHDR;
	case PMIP6_DROP_TOO_BIG:
		return SKB_DROP_REASON_PKT_TOO_BIG;
	case PMIP6_DROP_NO_ROUTE:
	case PMIP6_DROP_LOOP:
		return SKB_DROP_REASON_IP_OUTNOROUTES;
	case PMIP6_DROP_POLICY:
		return SKB_DROP_REASON_XFRM_POLICY;
	case PMIP6_DROP_NO_MEMORY:
		return SKB_DROP_REASON_NOMEM;
	default:
		return SKB_DROP_REASON_NOT_SPECIFIED;
	}
}

void pmip6_device_totals(const struct pmip6_device *pd,
			 struct pmip6_totals *totals)
{
	struct pmip6_totals one;
	unsigned int start;
	int cpu;

	memset(totals, 0, sizeof(*totals));
	for_each_possible_cpu(cpu) {
		const struct pmip6_pcpu_stats *stats;

		stats = per_cpu_ptr(pd->stats, cpu);
		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			one.rx_packets = u64_stats_read(&stats->rx_packets);
			one.rx_bytes = u64_stats_read(&stats->rx_bytes);
			one.tx_packets = u64_stats_read(&stats->tx_packets);
			one.tx_bytes = u64_stats_read(&stats->tx_bytes);
			one.local_packets = u64_stats_read(&stats->local_packets);
			one.local_bytes = u64_stats_read(&stats->local_bytes);
			one.fast_rx_packets = u64_stats_read(&stats->fast_rx_packets);
			one.fast_tx_packets = u64_stats_read(&stats->fast_tx_packets);
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		totals->rx_packets += one.rx_packets;
		totals->rx_bytes += one.rx_bytes;
		totals->tx_packets += one.tx_packets;
		totals->tx_bytes += one.tx_bytes;
		totals->local_packets += one.local_packets;
		totals->local_bytes += one.local_bytes;
		totals->fast_rx_packets += one.fast_rx_packets;
		totals->fast_tx_packets += one.fast_tx_packets;
	}
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_device_totals);

u64 pmip6_device_drops(const struct pmip6_device *pd, u64 *drops)
{
	u64 one[__PMIP6_DROP_MAX], transmit = 0;
	unsigned int start, why;
	int cpu;

	memset(drops, 0, sizeof(one));
	for_each_possible_cpu(cpu) {
		const struct pmip6_pcpu_stats *stats;
		u64 tx_dropped;

		stats = per_cpu_ptr(pd->stats, cpu);
		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			tx_dropped = u64_stats_read(&stats->tx_dropped);
			for (why = 0; why < __PMIP6_DROP_MAX; why++)
				one[why] = u64_stats_read(&stats->drops[why]);
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		transmit += tx_dropped;
		for (why = 0; why < __PMIP6_DROP_MAX; why++)
			drops[why] += one[why];
	}
	return transmit;
}

void pmip6_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	const struct pmip6_device *pd = netdev_priv(dev);
	u64 drops[__PMIP6_DROP_MAX], tx_dropped, sum = 0;
	struct pmip6_totals totals;
	unsigned int why;

	pmip6_device_totals(pd, &totals);
	stats->rx_packets += totals.rx_packets;
	stats->rx_bytes += totals.rx_bytes;
	stats->tx_packets += totals.tx_packets;
	stats->tx_bytes += totals.tx_bytes;

	tx_dropped = pmip6_device_drops(pd, drops);
	for (why = 0; why < __PMIP6_DROP_MAX; why++)
		sum += drops[why];
	/* A packet for no tunnel of ours was counted, but passed on. */
	sum -= drops[PMIP6_DROP_NO_TUNNEL];
	stats->tx_dropped += tx_dropped;
	stats->rx_dropped += sum - tx_dropped;
}
