/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages from their octets, which are cut where they end.
 */
#ifndef PMIP6_TESTS_MH_TEXT_H
#define PMIP6_TESTS_MH_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "../../mh/mh.h"

/**
 * parse_octets() - mh_parse() of a copy that ends where its allocation does
 * @data: the octets
 * @len: how many
 * @message: what they say
 *
 * Return: what mh_parse() says.
 */
enum mh_error parse_octets(const uint8_t *data, size_t len,
			   struct mh_message *message);

/**
 * parse() - the same of hexadecimal digits
 * @hex: as from_hex() reads them, at most MH_MAX_LEN octets
 * @message: what they say
 *
 * Return: what mh_parse() says.
 */
enum mh_error parse(const char *hex, struct mh_message *message);

/**
 * assert_is_mn() - options name a mobile node
 * @options: the options
 * @mn: its network access identifier
 */
void assert_is_mn(const struct mh_options *options, const char *mn);

/**
 * assert_truncated() - no part of a message is taken for all of it
 * @hex: the message, of which no option ends where it might be cut
 *
 * Whether it is cut, or says itself that it is shorter.
 */
void assert_truncated(const char *hex);

#endif /* PMIP6_TESTS_MH_TEXT_H */
