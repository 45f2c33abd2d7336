/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One description of what is shown, printed as text or as JSON.
 */
#ifndef PMIPCTL_OUT_H
#define PMIPCTL_OUT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "../mh/mh.h"

/**
 * out_begin() - the start of all output: a list
 *
 * What begins inside another becomes part of it.
 */
void out_begin(void);

/**
 * out_end() - the end of all output
 */
void out_end(void);

/**
 * out_object() - the start of one thing
 */
void out_object(void);

/**
 * out_object_end() - the end of one thing: text goes on in a new line
 */
void out_object_end(void);

/**
 * out_nest() - the start of a thing inside a thing
 * @key: its name in JSON
 */
void out_nest(const char *key);

/**
 * out_nest_end() - its end
 */
void out_nest_end(void);

/**
 * out_list() - the start of a list inside a thing
 * @key: its name in JSON
 */
void out_list(const char *key);

/**
 * out_list_end() - its end
 */
void out_list_end(void);

/**
 * out_text() - what only text has
 * @text: the text
 */
void out_text(const char *text);

/**
 * out_string() - a word
 * @key: its name in JSON
 * @label: what text has before it, with the space after, or NULL
 * @value: the word; control characters in it are escaped
 */
void out_string(const char *key, const char *label, const char *value);

/**
 * out_u64() - a number
 * @key: its name in JSON
 * @label: as above
 * @value: the number
 */
void out_u64(const char *key, const char *label, uint64_t value);

/**
 * out_bool() - a fact
 * @key: its name in JSON
 * @word: what text has if it is true
 * @value: whether it is
 */
void out_bool(const char *key, const char *word, bool value);

/**
 * out_addr() - an address
 * @key: its name in JSON
 * @label: as above
 * @addr: the address
 */
void out_addr(const char *key, const char *label, const struct in6_addr *addr);

/**
 * out_prefix() - a prefix
 * @key: its name in JSON
 * @label: as above
 * @prefix: the prefix
 */
void out_prefix(const char *key, const char *label,
		const struct mh_prefix *prefix);

/**
 * out_lladdr() - a link-layer address
 * @key: its name in JSON
 * @label: as above
 * @lladdr: its 6 octets
 */
void out_lladdr(const char *key, const char *label, const uint8_t *lladdr);

/**
 * out_lifetime() - a span of time: seconds in text, milliseconds in JSON
 * @key: its name in JSON, ending in _ms
 * @label: as above
 * @ms: milliseconds, or PMIP6_LIFETIME_FOREVER
 */
void out_lifetime(const char *key, const char *label, uint64_t ms);

#endif /* PMIPCTL_OUT_H */
