// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "genl_flow.h"

/* Attributes of a field: those of the first one are 1 and 2. */
#define FIRST(field) (1 + 2 * (int)(field))

static size_t octets_of(enum selector_field field)
{
	switch (field) {
	case SELECTOR_SOURCE:
	case SELECTOR_DESTINATION:
		return sizeof(struct in6_addr);
	case SELECTOR_SPI:
	case SELECTOR_FLOW_LABEL:
		return sizeof(uint32_t);
	case SELECTOR_SOURCE_PORT:
	case SELECTOR_DESTINATION_PORT:
		return sizeof(uint16_t);
	default:
		return sizeof(uint8_t);
	}
}

static int put_end(struct nl_msg *msg, int type, enum selector_field field,
		   const struct selector *selector, unsigned int end)
{
	switch (octets_of(field)) {
	case sizeof(struct in6_addr):
		return nla_put(msg, type, sizeof(struct in6_addr),
			       &selector->address[field][end]);
	case sizeof(uint32_t):
		return nla_put_u32(msg, type, selector->number[field][end]);
	case sizeof(uint16_t):
		return nla_put_u16(msg, type,
				   (uint16_t)selector->number[field][end]);
	default:
		return nla_put_u8(msg, type,
				  (uint8_t)selector->number[field][end]);
	}
}

static int put_selector(struct nl_msg *msg, const struct selector *selector)
{
	struct nlattr *nest = nla_nest_start(msg, PMIP6_A_FLOW_SELECTOR);
	enum selector_field field;
	unsigned int end;

	if (!nest)
		return -NLE_MSGSIZE;
	for (field = 0; field < SELECTOR_FIELDS; field++)
		for (end = 0; end < 2 && selector->fields & 1u << field; end++)
			if (put_end(msg, FIRST(field) + (int)end, field,
				    selector, end))
				return -NLE_MSGSIZE;
	nla_nest_end_keep_empty(msg, nest);
	return 0;
}

static int put_place(struct nl_msg *msg, const struct genl_flow *flow)
{
	NLA_PUT_U32(msg, PMIP6_A_FLOWS_IFINDEX, flow->ifindex);
	return genl_put_addr(msg, PMIP6_A_FLOWS_HNP, &flow->hnp.addr,
			     flow->hnp.len);
nla_put_failure:
	return -NLE_MSGSIZE;
}

int genl_put_flow_place(struct nl_msg *msg, const struct genl_flow *flow)
{
	int err = put_place(msg, flow);

	if (!err && flow->fid)
		err = nla_put_u16(msg, PMIP6_A_FLOWS_FID, flow->fid);
	return err;
}

int genl_put_flow(struct nl_msg *msg, const struct genl_flow *flow)
{
	struct nlattr *list, *nest;

	if (put_place(msg, flow))
		return -NLE_MSGSIZE;
	list = nla_nest_start(msg, PMIP6_A_FLOWS_LIST);
	nest = list ? nla_nest_start(msg, PMIP6_A_FLOW_LIST_FLOW) : NULL;
	if (!nest)
		return -NLE_MSGSIZE;
	NLA_PUT_U16(msg, PMIP6_A_FLOW_FID, flow->fid);
	NLA_PUT_U16(msg, PMIP6_A_FLOW_PRIORITY, flow->priority);
	if (flow->action)
		NLA_PUT_U8(msg, PMIP6_A_FLOW_ACTION, flow->action);
	if (flow->bid_count)
		NLA_PUT(msg, PMIP6_A_FLOW_BIDS,
			(int)(flow->bid_count * sizeof(flow->bid[0])),
			flow->bid);
	if (put_selector(msg, &flow->selector))
		return -NLE_MSGSIZE;
	nla_nest_end(msg, nest);
	nla_nest_end(msg, list);
	return 0;
nla_put_failure:
	return -NLE_MSGSIZE;
}

static void get_end(const struct nlattr *attr, enum selector_field field,
		    struct selector *selector, unsigned int end)
{
	if ((size_t)nla_len(attr) < octets_of(field))
		return;
	switch (octets_of(field)) {
	case sizeof(struct in6_addr):
		memcpy(&selector->address[field][end], nla_data(attr),
		       sizeof(struct in6_addr));
		break;
	case sizeof(uint32_t):
		selector->number[field][end] = nla_get_u32(attr);
		break;
	case sizeof(uint16_t):
		selector->number[field][end] = nla_get_u16(attr);
		break;
	default:
		selector->number[field][end] = nla_get_u8(attr);
	}
}

static void get_selector(struct nlattr *attr, struct selector *selector)
{
	struct nlattr *tb[PMIP6_A_SELECTOR_MAX + 1];
	enum selector_field field;

	if (!attr || nla_parse_nested(tb, PMIP6_A_SELECTOR_MAX, attr, NULL) < 0)
		return;
	for (field = 0; field < SELECTOR_FIELDS; field++) {
		struct nlattr *first = tb[FIRST(field)];
		struct nlattr *last = tb[FIRST(field) + 1];

		if (!first)
			continue;
		selector->fields |= 1u << field;
		get_end(first, field, selector, 0);
		get_end(last ? last : first, field, selector, 1);
	}
}

static void get_one(struct nlattr *attr, struct genl_flow *flow)
{
	struct nlattr *tb[PMIP6_A_FLOW_MAX + 1], *bids;
	size_t len;

	if (nla_parse_nested(tb, PMIP6_A_FLOW_MAX, attr, NULL) < 0)
		return;
	if (tb[PMIP6_A_FLOW_FID])
		flow->fid = nla_get_u16(tb[PMIP6_A_FLOW_FID]);
	if (tb[PMIP6_A_FLOW_PRIORITY])
		flow->priority = nla_get_u16(tb[PMIP6_A_FLOW_PRIORITY]);
	if (tb[PMIP6_A_FLOW_ACTION])
		flow->action = nla_get_u8(tb[PMIP6_A_FLOW_ACTION]);
	bids = tb[PMIP6_A_FLOW_BIDS];
	if (bids) {
		len = (size_t)nla_len(bids);
		if (len > sizeof(flow->bid))
			len = sizeof(flow->bid);
		memcpy(flow->bid, nla_data(bids), len);
		flow->bid_count = (unsigned int)(len / sizeof(flow->bid[0]));
	}
	get_selector(tb[PMIP6_A_FLOW_SELECTOR], &flow->selector);
	genl_get_stats(tb[PMIP6_A_FLOW_STATS], &flow->stats);
}

int genl_get_flow(struct nlmsghdr *nlh, struct genl_flow *flow)
{
	struct nlattr *tb[PMIP6_A_FLOWS_MAX + 1], *item;
	int err, rem;

	memset(flow, 0, sizeof(*flow));
	err = genlmsg_parse(nlh, 0, tb, PMIP6_A_FLOWS_MAX, NULL);
	if (err < 0)
		return err;
	if (tb[PMIP6_A_FLOWS_IFINDEX])
		flow->ifindex = nla_get_u32(tb[PMIP6_A_FLOWS_IFINDEX]);
	genl_get_addr(tb[PMIP6_A_FLOWS_HNP], &flow->hnp.addr, &flow->hnp.len);
	if (tb[PMIP6_A_FLOWS_LIST])
		nla_for_each_nested(item, tb[PMIP6_A_FLOWS_LIST], rem)
			get_one(item, flow);
	return 0;
}

const char *genl_action_name(unsigned int action)
{
	switch (action) {
	case PMIP6_FLOW_FORWARD:
		return "forward";
	case PMIP6_FLOW_DUPLICATE:
		return "duplicate";
	case PMIP6_FLOW_DROP:
		return "drop";
	default:
		return "unknown";
	}
}
