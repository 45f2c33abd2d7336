// SPDX-License-Identifier: GPL-2.0
#include "multihoming.h"
#include "options.h"

/* Which experiment it is: ours, in the only version that there is. */
#define EXPERIMENT 1
#define VERSION 0
#define EXPERIMENT_LEN 4

#define ACT_SHIFT 5

/* RFC 5648 4.3: without a care-of address, or with one of either family. */
#define BID_LEN 4
#define BID_LEN_IPV4 8
#define BID_LEN_IPV6 20

/* RFC 6089 4.1: the priority is what is right of the H flag. */
#define BID_PRIORITY_MASK 0x7f

enum mh_error mh_parse_experimental(struct cursor *data,
				    struct mh_options *options)
{
	struct mh_multihoming *multihoming = &options->multihoming;

	if (data->left != EXPERIMENT_LEN || cursor_u8(data) != EXPERIMENT ||
	    cursor_u8(data) != VERSION)
		return MH_OK;
	if (options->has_multihoming)
		return MH_ERROR_OPTION_REPEATED;
	options->has_multihoming = true;
	multihoming->group = cursor_u8(data);
	/* What is right of the action is reserved and not looked at. */
	multihoming->act = cursor_u8(data) >> ACT_SHIFT;
	return MH_OK;
}

enum mh_error mh_parse_binding_id(struct cursor *data,
				  struct mh_options *options)
{
	struct mh_binding_id *bid = &options->bid;

	if (data->left != BID_LEN && data->left != BID_LEN_IPV4 &&
	    data->left != BID_LEN_IPV6)
		return MH_ERROR_OPTION_LENGTH;
	if (options->has_bid)
		return MH_OK;
	options->has_bid = true;
	bid->id = (uint16_t)cursor_be(data, 2);
	bid->status = cursor_u8(data);
	bid->priority = cursor_u8(data) & BID_PRIORITY_MASK;
	return MH_OK;
}

void mh_build_multihoming(struct builder *builder,
			  const struct mh_multihoming *multihoming)
{
	builder_u8(builder, MH_OPT_EXPERIMENTAL);
	builder_u8(builder, EXPERIMENT_LEN);
	builder_u8(builder, EXPERIMENT);
	builder_u8(builder, VERSION);
	builder_u8(builder, multihoming->group);
	builder_u8(builder, (uint8_t)(multihoming->act << ACT_SHIFT));
}

void mh_build_binding_id(struct builder *builder,
			 const struct mh_binding_id *bid)
{
	mh_build_padding(builder, 2, 0);
	builder_u8(builder, MH_OPT_BINDING_ID);
	builder_u8(builder, BID_LEN);
	builder_be(builder, bid->id, 2);
	builder_u8(builder, bid->status);
	builder_u8(builder, bid->priority & BID_PRIORITY_MASK);
}
