/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Traffic selectors (RFC 6088): ranges of what packets have in their headers.
 */
#ifndef PMIP6_SELECTOR_H
#define PMIP6_SELECTOR_H

#include <linux/bits.h>
#include <linux/types.h>

struct sk_buff;

/* What a selector may look at; in RFC 6088's words, as of packets downlink. */
enum pmip6_selector_field {
	PMIP6_FIELD_SOURCE,		/* the correspondent's address */
	PMIP6_FIELD_DESTINATION,	/* the mobile node's */
	PMIP6_FIELD_SPI,		/* of ESP or AH */
	PMIP6_FIELD_FLOW_LABEL,
	PMIP6_FIELD_SOURCE_PORT,
	PMIP6_FIELD_DESTINATION_PORT,
	PMIP6_FIELD_DS,			/* the upper 6 bits of the traffic class */
	PMIP6_FIELD_PROTOCOL,		/* after extension headers */
	PMIP6_FIELDS,
};

/**
 * struct pmip6_value - what a field has: an address, or a smaller number
 * @high: the upper 64 bits
 * @low: the lower ones
 */
struct pmip6_value {
	u64 high;
	u64 low;
};

/**
 * struct pmip6_selector - which packets
 * @fields: bits of enum pmip6_selector_field: those that matter
 * @first: of each of them the least value
 * @last: and the greatest, not below @first
 */
struct pmip6_selector {
	unsigned int fields;
	struct pmip6_value first[PMIP6_FIELDS];
	struct pmip6_value last[PMIP6_FIELDS];
};

/**
 * struct pmip6_flow_key - what a packet has
 * @fields: bits of enum pmip6_selector_field: those that it has at all
 * @value: of each of them
 */
struct pmip6_flow_key {
	unsigned int fields;
	struct pmip6_value value[PMIP6_FIELDS];
};

/**
 * pmip6_value_below() - is one less than another
 * @a: one
 * @b: the other
 *
 * Context: any.
 * Return: true if so.
 */
static inline bool pmip6_value_below(const struct pmip6_value *a,
				     const struct pmip6_value *b)
{
	return a->high < b->high || (a->high == b->high && a->low < b->low);
}

/**
 * pmip6_selector_matches() - is it one of these packets
 * @selector: which
 * @key: what the packet has
 *
 * One that lacks what matters is not.
 *
 * Context: any.
 * Return: true if so.
 */
static inline bool pmip6_selector_matches(const struct pmip6_selector *selector,
					  const struct pmip6_flow_key *key)
{
	unsigned int field;

	if (selector->fields & ~key->fields)
		return false;
	for (field = 0; field < PMIP6_FIELDS; field++)
		if (selector->fields & BIT(field) &&
		    (pmip6_value_below(&key->value[field],
				       &selector->first[field]) ||
		     pmip6_value_below(&selector->last[field],
				       &key->value[field])))
			return false;
	return true;
}

/**
 * pmip6_flow_key_of() - what a packet has
 * @skb: an IPv6 packet, whose network header is linear
 * @key: where to put it
 *
 * Ports are those of TCP, UDP, UDP-Lite, SCTP and DCCP. What cannot be reached,
 * behind a header that is cut short, unknown, or the eighth, the packet lacks;
 * so does a fragment that is not the first.
 *
 * Context: any.
 */
void pmip6_flow_key_of(const struct sk_buff *skb, struct pmip6_flow_key *key);

#endif /* PMIP6_SELECTOR_H */
