// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "flow.h"
#include "options.h"

/* What a Flow Identification option has before its sub-options. */
#define FIXED_LEN 6

/* Which sub-options were seen: one instance of each. */
struct seen {
	bool bid;
	bool operation;
};

static uint8_t parse_bid(struct cursor *data, struct mh_flow *flow,
			 struct seen *seen)
{
	if (seen->bid || !data->left || data->left % 2)
		return MH_FLOW_MALFORMED;
	seen->bid = true;
	/* A flow is bound to one: there is none of which a second could be. */
	if (data->left != 2)
		return MH_FLOW_BID_NOT_FOUND;
	flow->has_bid = true;
	flow->bid = (uint16_t)cursor_be(data, 2);
	return 0;
}

static uint8_t parse_operation(struct cursor *data, struct mh_flow *flow,
			       struct seen *seen)
{
	if (seen->operation || data->left != 2)
		return MH_FLOW_MALFORMED;
	seen->operation = true;
	cursor_skip(data, 1);
	flow->operation = cursor_u8(data);
	return 0;
}

static uint8_t parse_extras(struct cursor *data, struct mh_flow *flow)
{
	/* Another experiment's. */
	if (data->left != 2)
		return 0;
	if (flow->has_extras)
		return MH_FLOW_MALFORMED;
	flow->has_extras = true;
	flow->action = cursor_u8(data);
	flow->pro = cursor_u8(data);
	return 0;
}

static uint8_t parse_suboption(uint8_t type, struct cursor *data,
			       struct mh_flow *flow, struct seen *seen)
{
	switch (type) {
	case MH_FLOW_OPT_BID_REFERENCE:
		return parse_bid(data, flow, seen);
	case MH_FLOW_OPT_TRAFFIC_SELECTOR:
		if (flow->format != MH_SELECTOR_NONE)
			return MH_FLOW_MALFORMED;
		return mh_selector_parse(data, &flow->format, &flow->selector);
	case MH_FLOW_OPT_OPERATION:
		return parse_operation(data, flow, seen);
	case MH_FLOW_OPT_EXTRAS:
		return parse_extras(data, flow);
	default:
		/* RFC 6089 4.2.1: padding, and what is not understood. */
		return 0;
	}
}

static uint8_t operation_of(uint8_t pro)
{
	switch (pro) {
	case MH_FLOW_PRO_CREATE:
		return MH_FLOW_ADD;
	case MH_FLOW_PRO_MODIFY:
		return MH_FLOW_MODIFY;
	case MH_FLOW_PRO_DELETE:
		return MH_FLOW_DELETE;
	default:
		return MH_FLOW_UNSAID;
	}
}

static bool disagrees(const struct mh_flow *flow)
{
	return flow->operation != MH_FLOW_UNSAID && flow->has_extras &&
	       operation_of(flow->pro) != flow->operation;
}

static uint8_t parse_suboptions(struct cursor *data, struct mh_flow *flow)
{
	struct seen seen = { 0 };
	struct cursor content;
	uint8_t type, fault;

	while (data->left) {
		/* Sub-options, and their padding, are like options. */
		if (mh_take_option(data, &type, &content))
			return MH_FLOW_MALFORMED;
		fault = parse_suboption(type, &content, flow, &seen);
		if (fault)
			return fault;
	}
	return disagrees(flow) ? MH_FLOW_MALFORMED : 0;
}

bool mh_flow_parse(struct cursor *data, struct mh_flow *flow)
{
	struct mh_flow whole;

	if (data->left < FIXED_LEN)
		return false;
	flow->fid = (uint16_t)cursor_be(data, 2);
	flow->priority = (uint16_t)cursor_be(data, 2);
	cursor_skip(data, 1);
	flow->status = cursor_u8(data);
	whole = *flow;
	flow->fault = parse_suboptions(data, &whole);
	if (!flow->fault)
		*flow = whole;
	return true;
}

static void build_bid(struct builder *builder, uint16_t bid)
{
	mh_build_padding(builder, 2, 0);
	builder_u8(builder, MH_FLOW_OPT_BID_REFERENCE);
	builder_u8(builder, 2);
	builder_be(builder, bid, 2);
}

static void build_pair(struct builder *builder, enum mh_flow_suboption type,
		       uint8_t first, uint8_t second)
{
	builder_u8(builder, (uint8_t)type);
	builder_u8(builder, 2);
	builder_u8(builder, first);
	builder_u8(builder, second);
}

void mh_flow_build(struct builder *builder, const struct mh_flow *flow)
{
	size_t begin;

	mh_build_padding(builder, 2, 0);
	builder_u8(builder, MH_OPT_FLOW_IDENTIFICATION);
	builder_u8(builder, 0);
	begin = builder->len;
	builder_be(builder, flow->fid, 2);
	builder_be(builder, flow->priority, 2);
	builder_u8(builder, 0);
	builder_u8(builder, flow->status);
	if (!flow->fault) {
		if (flow->has_bid)
			build_bid(builder, flow->bid);
		if (flow->format != MH_SELECTOR_NONE)
			mh_selector_build(builder, flow->format,
					  &flow->selector);
		if (flow->operation != MH_FLOW_UNSAID)
			build_pair(builder, MH_FLOW_OPT_OPERATION, 0,
				   flow->operation);
		if (flow->has_extras)
			build_pair(builder, MH_FLOW_OPT_EXTRAS, flow->action,
				   flow->pro);
	}
	if (!builder->failed)
		builder->data[begin - 1] = (uint8_t)(builder->len - begin);
}

uint8_t mh_flow_wants(const struct mh_flow *flow)
{
	if (flow->operation != MH_FLOW_UNSAID || !flow->has_extras)
		return flow->operation;
	return operation_of(flow->pro);
}

const char *mh_flow_status_name(uint8_t status)
{
	switch (status) {
	case MH_FLOW_ACCEPTED:
		return "accepted";
	case MH_FLOW_PROHIBITED:
		return "administratively-prohibited";
	case MH_FLOW_REASON_UNSPECIFIED:
		return "reason-unspecified";
	case MH_FLOW_MALFORMED:
		return "flow-identification-option-malformed";
	case MH_FLOW_BID_NOT_FOUND:
		return "bid-not-found";
	case MH_FLOW_FID_NOT_FOUND:
		return "fid-not-found";
	case MH_FLOW_FORMAT_NOT_SUPPORTED:
		return "traffic-selector-format-not-supported";
	default:
		return "unknown";
	}
}
