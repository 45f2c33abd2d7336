/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which flow the fragments of a packet take: that of the first one, which alone
 * shows it (RFC 6089 5.2). A table of fixed size, where a newer packet may take
 * the place of an older one.
 */
#ifndef PMIP6_FRAGMENT_H
#define PMIP6_FRAGMENT_H

#include <linux/atomic.h>
#include <linux/siphash.h>
#include <linux/skbuff.h>

#define PMIP6_FRAGMENT_SLOTS 1024

/**
 * struct pmip6_fragments - packets whose first fragment has been seen
 * @key: makes places unpredictable
 * @overtook: fragments whose first one was not seen
 * @slot: hash, time and flow of each packet
 */
struct pmip6_fragments {
	siphash_key_t key;
	atomic64_t overtook;
	atomic64_t slot[PMIP6_FRAGMENT_SLOTS];
};

/**
 * struct pmip6_fragment - a fragment
 * @hash: of its packet
 * @first: it is the first one
 */
struct pmip6_fragment {
	u64 hash;
	bool first;
};

/**
 * pmip6_fragments_new() - an empty table
 *
 * Context: process. Sleeps.
 * Return: the table, for kfree(), or NULL without memory.
 */
struct pmip6_fragments *pmip6_fragments_new(void);

/**
 * pmip6_fragment_of() - is a packet a fragment, and of which packet
 * @fragments: the table
 * @skb: an IPv6 packet
 * @fragment: set if it is
 *
 * Context: any.
 * Return: true if it is.
 */
bool pmip6_fragment_of(const struct pmip6_fragments *fragments,
		       const struct sk_buff *skb,
		       struct pmip6_fragment *fragment);

/**
 * pmip6_fragment_note() - remember the flow of a packet
 * @fragments: the table
 * @fragment: its first fragment
 * @fid: the flow, or 0 for none
 *
 * Context: any.
 */
void pmip6_fragment_note(struct pmip6_fragments *fragments,
			 const struct pmip6_fragment *fragment, u16 fid);

/**
 * pmip6_fragment_flow() - the flow of a packet
 * @fragments: the table
 * @fragment: another fragment
 *
 * One that came before the first, or long after it, has none, and is counted.
 *
 * Context: any.
 * Return: the flow, or 0 for none.
 */
u16 pmip6_fragment_flow(struct pmip6_fragments *fragments,
			const struct pmip6_fragment *fragment);

#endif /* PMIP6_FRAGMENT_H */
