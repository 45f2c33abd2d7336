/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mobility options: the part of a message that follows its fixed fields.
 */
#ifndef PMIP6_MH_OPTIONS_H
#define PMIP6_MH_OPTIONS_H

#include "cursor.h"
#include "mh.h"

/**
 * mh_take_option() - the next option of a message
 * @cursor: at the option, of which there is at least one octet
 * @type: where to put its type, enum mh_option_type or one unknown to us
 * @data: where to put what it holds; nothing in a Pad1
 *
 * Return: MH_OK or MH_ERROR_OPTION_TRUNCATED.
 */
enum mh_error mh_take_option(struct cursor *cursor, uint8_t *type,
			     struct cursor *data);

/**
 * mh_parse_options() - read the options of a message to its end
 * @cursor: at the first option, ending where the message ends
 * @options: where to put them
 *
 * Return: MH_OK or why not.
 */
enum mh_error mh_parse_options(struct cursor *cursor,
			       struct mh_options *options);

/**
 * mh_build_options() - write the options of a message, each where it belongs
 * @builder: the message so far, from its first octet on
 * @options: the options
 *
 * The order is that of the figures of RFC 5213 8.1 and 8.2, except that the
 * Timestamp is after them, bulk groups (RFC 6602) after that, and last what a
 * mobile node at several gateways needs.
 */
void mh_build_options(struct builder *builder,
		      const struct mh_options *options);

/**
 * mh_build_padding() - pad up to an alignment (RFC 6275 6.2.1)
 * @builder: the message so far, from its first octet on
 * @n: the next octet shall stand at a multiple of this...
 * @y: ...and this many more
 */
void mh_build_padding(struct builder *builder, size_t n, size_t y);

#endif /* PMIP6_MH_OPTIONS_H */
