// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "compat.h"
#include "fragment.h"

/*
 * A slot: 32 bits of the hash, 16 of the time, 16 of the flow. The others of the
 * hash say which slot.
 */
#define HASH_MASK	GENMASK_ULL(63, 32)

/* Fragments of a packet that are sent together arrive within that. */
#define TICK_MS		50
#define TICKS_MAX	(2000 / TICK_MS)

static u16 ticks(void)
{
	return jiffies_to_msecs(jiffies) / TICK_MS;
}

struct pmip6_fragments *pmip6_fragments_new(void)
{
	struct pmip6_fragments *fragments;

	fragments = kzalloc(sizeof(*fragments), GFP_KERNEL_ACCOUNT);
	if (fragments)
		get_random_bytes(&fragments->key, sizeof(fragments->key));
	return fragments;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_fragments_new);

bool pmip6_fragment_of(const struct pmip6_fragments *fragments,
		       const struct sk_buff *skb,
		       struct pmip6_fragment *fragment)
{
	const struct ipv6hdr *inner = ipv6_hdr(skb);
	unsigned int at = skb_network_offset(skb);
	const struct frag_hdr *header;
	struct frag_hdr room;
	struct {
		struct in6_addr saddr;
		struct in6_addr daddr;
		u64 id;
	} packet;

	if (likely(!ipv6_ext_hdr(inner->nexthdr)) ||
	    ipv6_find_hdr(skb, &at, NEXTHDR_FRAGMENT, NULL, NULL) !=
	    NEXTHDR_FRAGMENT)
		return false;
	header = skb_header_pointer(skb, at, sizeof(room), &room);
	if (!header)
		return false;
	packet.saddr = inner->saddr;
	packet.daddr = inner->daddr;
	packet.id = (__force u32)header->identification;
	/* 0 is that of an empty slot. */
	fragment->hash = siphash(&packet, sizeof(packet), &fragments->key) |
			 BIT_ULL(63);
	fragment->first = !(header->frag_off & htons(IP6_OFFSET));
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_fragment_of);

void pmip6_fragment_note(struct pmip6_fragments *fragments,
			 const struct pmip6_fragment *fragment, u16 fid)
{
	atomic64_set(&fragments->slot[fragment->hash % PMIP6_FRAGMENT_SLOTS],
		     (fragment->hash & HASH_MASK) | (u64)ticks() << 16 | fid);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_fragment_note);

u16 pmip6_fragment_flow(struct pmip6_fragments *fragments,
			const struct pmip6_fragment *fragment)
{
	u64 slot = atomic64_read(&fragments->slot[fragment->hash %
						  PMIP6_FRAGMENT_SLOTS]);

	if ((slot ^ fragment->hash) & HASH_MASK ||
	    (u16)(ticks() - (u16)(slot >> 16)) > TICKS_MAX) {
		atomic64_inc(&fragments->overtook);
		return 0;
	}
	return slot;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_fragment_flow);
