// SPDX-License-Identifier: GPL-2.0
/*
 * Traffic selectors as text: "proto udp dport 5060-5062 from 2001:db8::/32".
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "selector.h"

/* In the order in which they are written. */
static const struct {
	enum selector_field field;
	const char *key;
} keys[] = {
	{ SELECTOR_PROTOCOL, "proto" },
	{ SELECTOR_SOURCE_PORT, "sport" },
	{ SELECTOR_DESTINATION_PORT, "dport" },
	{ SELECTOR_SOURCE, "from" },
	{ SELECTOR_DESTINATION, "to" },
	{ SELECTOR_DS, "dscp" },
	{ SELECTOR_FLOW_LABEL, "flow-label" },
	{ SELECTOR_SPI, "spi" },
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* Not by /etc/protocols, which may be missing or another. */
static const struct {
	uint8_t number;
	const char *name;
} protocols[] = {
	{ IPPROTO_TCP, "tcp" }, { IPPROTO_UDP, "udp" },
	{ 33, "dccp" }, { IPPROTO_SCTP, "sctp" }, { 136, "udplite" },
	{ IPPROTO_ICMPV6, "icmpv6" }, { IPPROTO_ESP, "esp" },
	{ IPPROTO_AH, "ah" },
};

#define PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

uint32_t selector_max(enum selector_field field)
{
	switch (field) {
	case SELECTOR_SPI:
		return UINT32_MAX;
	case SELECTOR_FLOW_LABEL:
		return 0xfffff;
	case SELECTOR_SOURCE_PORT:
	case SELECTOR_DESTINATION_PORT:
		return UINT16_MAX;
	case SELECTOR_DS:
		return 63;
	default:
		return UINT8_MAX;
	}
}

static bool find_key(const char *key, enum selector_field *field)
{
	size_t i;

	for (i = 0; i < KEYS; i++)
		if (!strcmp(key, keys[i].key)) {
			*field = keys[i].field;
			return true;
		}
	return false;
}

bool selector_is_key(const char *key)
{
	enum selector_field field;

	return find_key(key, &field);
}

static bool parse_number(const char *word, uint32_t max, uint32_t *number)
{
	unsigned long long value;
	char *end;

	if (*word < '0' || *word > '9')
		return false;
	value = strtoull(word, &end, 0);
	if (*end || value > max)
		return false;
	*number = (uint32_t)value;
	return true;
}

static bool parse_protocol(const char *word, uint32_t *number)
{
	size_t i;

	for (i = 0; i < PROTOCOLS; i++)
		if (!strcmp(word, protocols[i].name)) {
			*number = protocols[i].number;
			return true;
		}
	return parse_number(word, UINT8_MAX, number);
}

static bool parse_one(enum selector_field field, const char *word,
		      uint32_t *number)
{
	return field == SELECTOR_PROTOCOL ? parse_protocol(word, number) :
	       parse_number(word, selector_max(field), number);
}

/* The first and the last address of a prefix. */
static void spread(struct in6_addr range[2], unsigned int len)
{
	unsigned int i, bit;

	range[1] = range[0];
	for (i = len; i < 128; i++) {
		bit = 0x80u >> i % 8;
		range[0].s6_addr[i / 8] &= (uint8_t)~bit;
		range[1].s6_addr[i / 8] |= (uint8_t)bit;
	}
}

static bool parse_prefix(char *word, struct in6_addr range[2])
{
	char *slash = strchr(word, '/');
	struct in6_addr given;
	uint32_t len = 128;

	if (slash) {
		*slash = '\0';
		if (!parse_number(slash + 1, 128, &len))
			return false;
	}
	if (inet_pton(AF_INET6, word, &given) != 1)
		return false;
	range[0] = given;
	spread(range, len);
	/* Bits behind the prefix are a mistake more often than not. */
	return !memcmp(&given, &range[0], sizeof(given));
}

static const char *parse_addresses(char *word, struct in6_addr range[2])
{
	char *dash = strchr(word, '-');

	if (!dash)
		return parse_prefix(word, range) ? NULL :
		       "is not an IPv6 address, prefix or range";
	*dash = '\0';
	if (inet_pton(AF_INET6, word, &range[0]) != 1 ||
	    inet_pton(AF_INET6, dash + 1, &range[1]) != 1)
		return "is not an IPv6 address, prefix or range";
	return memcmp(&range[0], &range[1], sizeof(range[0])) <= 0 ? NULL :
	       "ends before it begins";
}

static const char *parse_numbers(enum selector_field field, char *word,
				 uint32_t range[2])
{
	char *dash = strchr(word, '-');

	if (dash)
		*dash++ = '\0';
	if (!parse_one(field, word, &range[0]))
		return "is not a number, or range of numbers, of it";
	range[1] = range[0];
	if (dash && !parse_one(field, dash, &range[1]))
		return "is not a number, or range of numbers, of it";
	return range[0] <= range[1] ? NULL : "ends before it begins";
}

const char *selector_parse_pair(const char *key, const char *value,
				struct selector *selector)
{
	char word[2 * INET6_ADDRSTRLEN + 2];
	enum selector_field field;
	const char *error;

	if (!find_key(key, &field))
		return "is of nothing that is known";
	if (selector->fields & 1u << field)
		return "can be said only once";
	if (strlen(value) >= sizeof(word))
		return "is too long";
	strcpy(word, value);
	error = field < SELECTOR_ADDRESSES ?
		parse_addresses(word, selector->address[field]) :
		parse_numbers(field, word, selector->number[field]);
	if (!error)
		selector->fields |= 1u << field;
	return error;
}

/* Of a range that is one, else -1. */
static int prefix_len(const struct in6_addr range[2])
{
	struct in6_addr of[2];
	unsigned int len;

	for (len = 0; len <= 128; len++) {
		of[0] = range[0];
		spread(of, len);
		if (!memcmp(of, range, sizeof(of)))
			return (int)len;
	}
	return -1;
}

static void print_addresses(const struct in6_addr range[2], char *text,
			    size_t size)
{
	char first[INET6_ADDRSTRLEN], last[INET6_ADDRSTRLEN];
	int len = prefix_len(range);

	inet_ntop(AF_INET6, &range[0], first, sizeof(first));
	inet_ntop(AF_INET6, &range[1], last, sizeof(last));
	if (len == 128)
		snprintf(text, size, "%s", first);
	else if (len >= 0)
		snprintf(text, size, "%s/%d", first, len);
	else
		snprintf(text, size, "%s-%s", first, last);
}

static const char *protocol_name(const uint32_t range[2])
{
	size_t i;

	for (i = 0; range[0] == range[1] && i < PROTOCOLS; i++)
		if (protocols[i].number == range[0])
			return protocols[i].name;
	return NULL;
}

static void print_numbers(enum selector_field field, const uint32_t range[2],
			  char *text, size_t size)
{
	const char *name = field == SELECTOR_PROTOCOL ? protocol_name(range) :
							NULL;

	if (name)
		snprintf(text, size, "%s", name);
	else if (range[0] == range[1])
		snprintf(text, size, "%u", range[0]);
	else
		snprintf(text, size, "%u-%u", range[0], range[1]);
}

void selector_print(const struct selector *selector, char *text, size_t size)
{
	char value[2 * INET6_ADDRSTRLEN + 2];
	enum selector_field field;
	size_t used = 0, i;

	snprintf(text, size, "any");
	for (i = 0; i < KEYS; i++) {
		field = keys[i].field;
		if (!(selector->fields & 1u << field))
			continue;
		if (field < SELECTOR_ADDRESSES)
			print_addresses(selector->address[field], value,
					sizeof(value));
		else
			print_numbers(field, selector->number[field], value,
				      sizeof(value));
		used += (size_t)snprintf(text + used, size - used, "%s%s %s",
					 used ? " " : "", keys[i].key, value);
		if (used >= size)
			return;
	}
}
