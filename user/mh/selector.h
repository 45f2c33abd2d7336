/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Traffic selectors (RFC 6088, IPv6), and how people write them.
 */
#ifndef PMIP6_MH_SELECTOR_H
#define PMIP6_MH_SELECTOR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a selector may look at, in packets to mobile nodes. */
enum selector_field {
	SELECTOR_SOURCE,
	SELECTOR_DESTINATION,
	SELECTOR_SPI,
	SELECTOR_FLOW_LABEL,
	SELECTOR_SOURCE_PORT,
	SELECTOR_DESTINATION_PORT,
	SELECTOR_DS,
	SELECTOR_PROTOCOL,
	SELECTOR_FIELDS,
};

/* Addresses come first. */
#define SELECTOR_ADDRESSES 2

/**
 * struct selector - which packets: all for which each field is in its range
 * @fields: bits of enum selector_field: those that matter
 * @address: of addresses, the first and the last
 * @number: of other fields, likewise
 */
struct selector {
	unsigned int fields;
	struct in6_addr address[SELECTOR_ADDRESSES][2];
	uint32_t number[SELECTOR_FIELDS][2];
};

/* The longest that selector_print() writes, with its end. */
#define SELECTOR_TEXT_MAX 384

/**
 * selector_max() - the greatest value of a field that is no address
 * @field: which
 *
 * Return: the value.
 */
uint32_t selector_max(enum selector_field field);

/**
 * selector_parse_pair() - read one field, as people write it
 * @key: proto, sport, dport, from, to, dscp, flow-label or spi
 * @value: a number or a name, a range FIRST-LAST, or a prefix
 * @selector: where to put it
 *
 * Return: NULL, or why not, a constant string to come after @key and @value.
 */
const char *selector_parse_pair(const char *key, const char *value,
				struct selector *selector);

/**
 * selector_is_key() - is it a word that selector_parse_pair() knows
 * @key: the word
 *
 * Return: true if so.
 */
bool selector_is_key(const char *key);

/**
 * selector_print() - write a selector so that it can be read back
 * @selector: the selector
 * @text: where to; "any" if no field matters
 * @size: room there, SELECTOR_TEXT_MAX is always enough
 */
void selector_print(const struct selector *selector, char *text, size_t size);

#endif /* PMIP6_MH_SELECTOR_H */
