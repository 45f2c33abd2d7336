// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/ipv6.h>
#include <net/gro_cells.h>

#include "compat.h"
#include "counters.h"
#include "local.h"

/* Read with the pointer to the paths, from the same cache line. */
static bool permits(const struct pmip6_binding *binding)
{
	return READ_ONCE(binding->flags) & PMIP6_BINDING_F_LOCAL_ROUTING;
}

struct pmip6_binding *pmip6_local_lookup(struct pmip6_device *pd,
					 const struct pmip6_binding *source,
					 const struct pmip6_path *path,
					 const struct sk_buff *skb)
{
	struct pmip6_binding *destination;
	enum pmip6_drop why;

	/*
	 * A source without an access link may send from anywhere: also what
	 * has come straight before, so that it would go round for ever.
	 */
	if (likely(!permits(source)) || !path->access_ifindex)
		return NULL;
	destination = pmip6_binding_lookup(&pd->bindings, &ipv6_hdr(skb)->daddr);
	if (!destination || !permits(destination))
		return NULL;
	if (READ_ONCE(destination->flags) & PMIP6_BINDING_F_HOSTS)
		return destination;
	path = pmip6_path_choose(destination, NULL, &why);
	return path && path->access_ifindex ? destination : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_local_lookup);

/*
 * Not for fragments that have forgotten where they came in: these are the only
 * ones that could come here twice, and then it is the hop limit that ends it.
 */
static void give_hop_back(struct sk_buff *skb)
{
	struct ipv6hdr *header = ipv6_hdr(skb);

	if (skb->skb_iif && header->hop_limit < 255)
		header->hop_limit++;
}

enum pmip6_drop pmip6_local_xmit(struct pmip6_device *pd, struct sk_buff *skb,
				 struct pmip6_binding *source,
				 struct pmip6_binding *destination)
{
	unsigned int len = skb->len;

	/* A clone, as tcpdump has, keeps the header that it has seen. */
	if (unlikely(skb_cow_head(skb, 0)))
		return PMIP6_DROP_NO_MEMORY;
	give_hop_back(skb);

	/*
	 * As by loopback: conntrack and IPsec have seen it, and need not twice.
	 */
	skb_orphan(skb);
	skb_dst_drop(skb);
	skb->pkt_type = PACKET_HOST;
	skb->ignore_df = 0;
	skb->dev = pd->dev;
	skb_reset_mac_header(skb);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));

	pmip6_count_local(pd, len);
	pmip6_counters_local(&source->counters, len);
	pmip6_counters_rx(&destination->counters, len);
	gro_cells_receive(&pd->gro_cells, skb);
	return PMIP6_DROP_UNSPEC;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_local_xmit);
