/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options of a mobile node that is at several gateways at once: the
 * Multihoming option of draft-melia-netext-muho-solution, which has no number
 * of its own and stands in the Experimental Mobility Option of RFC 5096, and
 * the Binding Identifier option (RFC 5648 4.3, RFC 6089 4.1).
 */
#ifndef PMIP6_MH_MULTIHOMING_H
#define PMIP6_MH_MULTIHOMING_H

#include "cursor.h"
#include "mh.h"

/**
 * mh_parse_experimental() - read an Experimental Mobility Option
 * @data: what it holds
 * @options: where to put it, if it is a Multihoming option
 *
 * Anybody's experiment may stand there: what is not ours is passed over.
 *
 * Return: MH_OK, or MH_ERROR_OPTION_REPEATED.
 */
enum mh_error mh_parse_experimental(struct cursor *data,
				    struct mh_options *options);

/**
 * mh_parse_binding_id() - read a Binding Identifier option
 * @data: what it holds
 * @options: where to put it, if it is the first one: a gateway has one care-of
 *	address a message, so that there is no other binding to name
 *
 * Return: MH_OK, or MH_ERROR_OPTION_LENGTH.
 */
enum mh_error mh_parse_binding_id(struct cursor *data,
				  struct mh_options *options);

/**
 * mh_build_multihoming() - write a Multihoming option
 * @builder: the message so far, from its first octet on
 * @multihoming: the option
 */
void mh_build_multihoming(struct builder *builder,
			  const struct mh_multihoming *multihoming);

/**
 * mh_build_binding_id() - write a Binding Identifier option
 * @builder: the message so far, from its first octet on
 * @bid: the option
 */
void mh_build_binding_id(struct builder *builder,
			 const struct mh_binding_id *bid);

#endif /* PMIP6_MH_MULTIHOMING_H */
