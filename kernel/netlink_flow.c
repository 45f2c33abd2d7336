// SPDX-License-Identifier: GPL-2.0
/*
 * Commands on flow bindings.
 */
#include <linux/mm.h>

#include "compat.h"
#include "device.h"
#include "flow.h"
#include "netlink.h"

/* Attributes of a field: those of the first one are 1 and 2. */
#define FIRST(field)	(1 + 2 * (field))
#define LAST(field)	(FIRST(field) + 1)

#define ADDRESS_POLICY	NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr))
#define LABEL_POLICY	NLA_POLICY_FULL_RANGE(NLA_U32, &label_range)

static struct netlink_range_validation label_range = {
	.min = 0,
	.max = 0xfffff,
};

static const struct nla_policy selector_policy[PMIP6_A_SELECTOR_MAX + 1] = {
	[PMIP6_A_SELECTOR_SOURCE_FIRST] = ADDRESS_POLICY,
	[PMIP6_A_SELECTOR_SOURCE_LAST] = ADDRESS_POLICY,
	[PMIP6_A_SELECTOR_DESTINATION_FIRST] = ADDRESS_POLICY,
	[PMIP6_A_SELECTOR_DESTINATION_LAST] = ADDRESS_POLICY,
	[PMIP6_A_SELECTOR_SPI_FIRST] = { .type = NLA_U32 },
	[PMIP6_A_SELECTOR_SPI_LAST] = { .type = NLA_U32 },
	[PMIP6_A_SELECTOR_FLOW_LABEL_FIRST] = LABEL_POLICY,
	[PMIP6_A_SELECTOR_FLOW_LABEL_LAST] = LABEL_POLICY,
	[PMIP6_A_SELECTOR_SOURCE_PORT_FIRST] = { .type = NLA_U16 },
	[PMIP6_A_SELECTOR_SOURCE_PORT_LAST] = { .type = NLA_U16 },
	[PMIP6_A_SELECTOR_DESTINATION_PORT_FIRST] = { .type = NLA_U16 },
	[PMIP6_A_SELECTOR_DESTINATION_PORT_LAST] = { .type = NLA_U16 },
	[PMIP6_A_SELECTOR_DS_FIRST] = NLA_POLICY_MAX(NLA_U8, 63),
	[PMIP6_A_SELECTOR_DS_LAST] = NLA_POLICY_MAX(NLA_U8, 63),
	[PMIP6_A_SELECTOR_PROTOCOL_FIRST] = { .type = NLA_U8 },
	[PMIP6_A_SELECTOR_PROTOCOL_LAST] = { .type = NLA_U8 },
};

static const struct nla_policy flow_policy[PMIP6_A_FLOW_MAX + 1] = {
	[PMIP6_A_FLOW_FID] = NLA_POLICY_MIN(NLA_U16, 1),
	[PMIP6_A_FLOW_PRIORITY] = NLA_POLICY_MIN(NLA_U16, 1),
	[PMIP6_A_FLOW_ACTION] = NLA_POLICY_RANGE(NLA_U8, PMIP6_FLOW_FORWARD,
						 PMIP6_FLOW_MAX),
	[PMIP6_A_FLOW_BIDS] = NLA_POLICY_RANGE(NLA_BINARY, sizeof(u16),
					       PMIP6_PATHS_MAX * sizeof(u16)),
	[PMIP6_A_FLOW_SELECTOR] = NLA_POLICY_NESTED(selector_policy),
	[PMIP6_A_FLOW_STATS] = { .type = NLA_REJECT },
};

static const struct nla_policy list_policy[PMIP6_A_FLOW_LIST_MAX + 1] = {
	[PMIP6_A_FLOW_LIST_FLOW] = NLA_POLICY_NESTED(flow_policy),
};

const struct nla_policy pmip6_flows_policy[PMIP6_A_FLOWS_MAX + 1] = {
	[PMIP6_A_FLOWS_IFINDEX] = NLA_POLICY_FULL_RANGE(NLA_U32,
							&pmip6_ifindex_range),
	[PMIP6_A_FLOWS_HNP] = NLA_POLICY_NESTED(pmip6_prefix_policy),
	[PMIP6_A_FLOWS_FID] = NLA_POLICY_MIN(NLA_U16, 1),
	[PMIP6_A_FLOWS_LIST] = NLA_POLICY_NESTED(list_policy),
};

/* --- Selectors. */

static bool is_address(enum pmip6_selector_field field)
{
	return field == PMIP6_FIELD_SOURCE ||
	       field == PMIP6_FIELD_DESTINATION;
}

static struct pmip6_value get_value(enum pmip6_selector_field field,
				    const struct nlattr *attr)
{
	struct pmip6_value value = {};

	if (is_address(field)) {
		value.high = get_unaligned_be64(nla_data(attr));
		value.low = get_unaligned_be64(nla_data(attr) + 8);
		return value;
	}
	switch (nla_len(attr)) {
	case sizeof(u32):
		value.low = nla_get_u32(attr);
		break;
	case sizeof(u16):
		value.low = nla_get_u16(attr);
		break;
	default:
		value.low = nla_get_u8(attr);
	}
	return value;
}

static int parse_field(struct nlattr **tb, enum pmip6_selector_field field,
		       struct pmip6_selector *selector,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *first = tb[FIRST(field)], *last = tb[LAST(field)];

	if (!first && !last)
		return 0;
	if (!first) {
		NL_SET_ERR_MSG_ATTR(extack, last,
				    "a range has an end, but does not begin");
		return -EINVAL;
	}
	selector->fields |= BIT(field);
	selector->first[field] = get_value(field, first);
	selector->last[field] = get_value(field, last ?: first);
	if (pmip6_value_below(&selector->last[field],
			      &selector->first[field])) {
		NL_SET_ERR_MSG_ATTR(extack, last,
				    "a range ends before it begins");
		return -EINVAL;
	}
	return 0;
}

static int parse_selector(const struct nlattr *attr,
			  struct pmip6_selector *selector,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[PMIP6_A_SELECTOR_MAX + 1];
	unsigned int field;
	int err;

	if (!attr)
		return 0;
	BUILD_BUG_ON(LAST(PMIP6_FIELDS - 1) != PMIP6_A_SELECTOR_MAX);
	err = nla_parse_nested(tb, PMIP6_A_SELECTOR_MAX, attr, selector_policy,
			       extack);
	for (field = 0; !err && field < PMIP6_FIELDS; field++)
		err = parse_field(tb, field, selector, extack);
	return err;
}

static int put_value(struct sk_buff *skb, enum pmip6_selector_field field,
		     int type, const struct pmip6_value *value)
{
	__be64 octets[2];

	switch (field) {
	case PMIP6_FIELD_SOURCE:
	case PMIP6_FIELD_DESTINATION:
		octets[0] = cpu_to_be64(value->high);
		octets[1] = cpu_to_be64(value->low);
		return nla_put(skb, type, sizeof(octets), octets);
	case PMIP6_FIELD_SPI:
	case PMIP6_FIELD_FLOW_LABEL:
		return nla_put_u32(skb, type, value->low);
	case PMIP6_FIELD_SOURCE_PORT:
	case PMIP6_FIELD_DESTINATION_PORT:
		return nla_put_u16(skb, type, value->low);
	default:
		return nla_put_u8(skb, type, value->low);
	}
}

static int put_selector(struct sk_buff *skb,
			const struct pmip6_selector *selector)
{
	struct nlattr *nest = nla_nest_start(skb, PMIP6_A_FLOW_SELECTOR);
	unsigned int field;

	if (!nest)
		return -EMSGSIZE;
	for (field = 0; field < PMIP6_FIELDS; field++)
		if (selector->fields & BIT(field) &&
		    (put_value(skb, field, FIRST(field),
			       &selector->first[field]) ||
		     put_value(skb, field, LAST(field),
			       &selector->last[field])))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* --- Flows. */

static bool bids_differ(const struct pmip6_flow_spec *spec)
{
	unsigned int i, j;

	for (i = 0; i < spec->bid_count; i++) {
		if (!spec->bid[i])
			return false;
		for (j = 0; j < i; j++)
			if (spec->bid[i] == spec->bid[j])
				return false;
	}
	return true;
}

static int parse_bids(const struct nlattr *attr, struct pmip6_flow_spec *spec,
		      struct netlink_ext_ack *extack)
{
	if (spec->action == PMIP6_FLOW_DROP) {
		if (!attr)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a flow that is dropped takes no path");
		return -EINVAL;
	}
	if (!attr) {
		NL_SET_ERR_MSG(extack, "the flow's paths are missing");
		return -EINVAL;
	}
	if (nla_len(attr) % sizeof(u16)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a binding identifier has two octets");
		return -EINVAL;
	}
	spec->bid_count = nla_len(attr) / sizeof(u16);
	memcpy(spec->bid, nla_data(attr), nla_len(attr));
	if (!bids_differ(spec)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a flow's binding identifiers must differ, and none is 0");
		return -EINVAL;
	}
	return 0;
}

static int parse_flow(const struct nlattr *attr, struct pmip6_flow_spec *spec,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[PMIP6_A_FLOW_MAX + 1];
	int err;

	err = nla_parse_nested(tb, PMIP6_A_FLOW_MAX, attr, flow_policy, extack);
	if (err)
		return err;
	if (!tb[PMIP6_A_FLOW_FID] || !tb[PMIP6_A_FLOW_PRIORITY]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the flow's identifier or its priority is missing");
		return -EINVAL;
	}
	spec->fid = nla_get_u16(tb[PMIP6_A_FLOW_FID]);
	spec->priority = nla_get_u16(tb[PMIP6_A_FLOW_PRIORITY]);
	spec->action = PMIP6_FLOW_FORWARD;
	if (tb[PMIP6_A_FLOW_ACTION])
		spec->action = nla_get_u8(tb[PMIP6_A_FLOW_ACTION]);
	err = parse_bids(tb[PMIP6_A_FLOW_BIDS], spec, extack);
	if (err)
		return err;
	return parse_selector(tb[PMIP6_A_FLOW_SELECTOR], &spec->selector,
			      extack);
}

/* For kvfree(). */
static struct pmip6_flow_spec *parse_list(const struct nlattr *attr,
					  unsigned int *count,
					  struct netlink_ext_ack *extack)
{
	struct pmip6_flow_spec *specs;
	const struct nlattr *item;
	int rem, err;

	*count = 0;
	if (attr)
		nla_for_each_nested(item, attr, rem)
			(*count)++;
	if (!*count) {
		NL_SET_ERR_MSG(extack, "the flows are missing");
		return ERR_PTR(-EINVAL);
	}
	if (*count > PMIP6_FLOWS_MAX) {
		NL_SET_ERR_MSG(extack, "a binding has 4096 flows at most");
		return ERR_PTR(-E2BIG);
	}
	specs = kvcalloc(*count, sizeof(*specs), GFP_KERNEL);
	if (!specs) {
		NL_SET_ERR_MSG(extack, "no memory for the flows");
		return ERR_PTR(-ENOMEM);
	}
	*count = 0;
	nla_for_each_nested(item, attr, rem) {
		err = parse_flow(item, &specs[(*count)++], extack);
		if (err) {
			kvfree(specs);
			return ERR_PTR(err);
		}
	}
	return specs;
}

/* The binding that a command names, under the device's lock. */
static struct pmip6_binding *named_binding(struct pmip6_device *pd,
					   struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[PMIP6_A_FLOWS_HNP];
	struct pmip6_binding *binding;
	struct pmip6_prefix prefix;
	int err;

	if (pd->role != PMIP6_ROLE_LMA) {
		NL_SET_ERR_MSG(info->extack,
			       "only a device of role lma has flow bindings");
		return ERR_PTR(-EINVAL);
	}
	if (!attr) {
		NL_SET_ERR_MSG(info->extack,
			       "the home network prefix is missing");
		return ERR_PTR(-EINVAL);
	}
	err = pmip6_parse_prefix(attr, &prefix, info->extack);
	if (err)
		return ERR_PTR(err);
	binding = pmip6_binding_find(&pd->bindings, &prefix);
	if (binding)
		return binding;
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "no such binding");
	return ERR_PTR(-ENOENT);
}

static int set_flows(struct pmip6_device *pd, struct genl_info *info)
{
	struct pmip6_binding *binding = named_binding(pd, info);
	struct pmip6_flow_spec *specs;
	unsigned int count;
	int err;

	if (IS_ERR(binding))
		return PTR_ERR(binding);
	specs = parse_list(info->attrs[PMIP6_A_FLOWS_LIST], &count,
			   info->extack);
	if (IS_ERR(specs))
		return PTR_ERR(specs);
	err = pmip6_flows_set(pd, binding, specs, count,
			      info->nlhdr->nlmsg_flags, info->extack);
	kvfree(specs);
	return err;
}

int pmip6_flow_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return pmip6_command_device(info, info->attrs[PMIP6_A_FLOWS_IFINDEX],
				    set_flows);
}

static int delete_flows(struct pmip6_device *pd, struct genl_info *info)
{
	struct pmip6_binding *binding = named_binding(pd, info);

	if (IS_ERR(binding))
		return PTR_ERR(binding);
	if (info->attrs[PMIP6_A_FLOWS_FID])
		return pmip6_flow_delete(pd, binding,
					 nla_get_u16(info->attrs[PMIP6_A_FLOWS_FID]),
					 info->extack);
	pmip6_flows_free(binding);
	return 0;
}

int pmip6_flow_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return pmip6_command_device(info, info->attrs[PMIP6_A_FLOWS_IFINDEX],
				    delete_flows);
}

/* --- Dumps. */

static int put_flow(struct sk_buff *skb, const struct pmip6_device *pd,
		    const struct pmip6_binding *binding,
		    const struct pmip6_flow *flow)
{
	const struct pmip6_flow_spec *spec = &flow->spec;
	struct pmip6_totals totals;
	struct nlattr *list, *nest;

	pmip6_counters_read(&flow->counters, &totals);
	if (nla_put_u32(skb, PMIP6_A_FLOWS_IFINDEX, pd->dev->ifindex) ||
	    pmip6_put_prefix(skb, PMIP6_A_FLOWS_HNP, &binding->prefix))
		return -EMSGSIZE;
	list = nla_nest_start(skb, PMIP6_A_FLOWS_LIST);
	nest = list ? nla_nest_start(skb, PMIP6_A_FLOW_LIST_FLOW) : NULL;
	if (!nest ||
	    nla_put_u16(skb, PMIP6_A_FLOW_FID, spec->fid) ||
	    nla_put_u16(skb, PMIP6_A_FLOW_PRIORITY, spec->priority) ||
	    nla_put_u8(skb, PMIP6_A_FLOW_ACTION, spec->action) ||
	    (spec->bid_count &&
	     nla_put(skb, PMIP6_A_FLOW_BIDS,
		     spec->bid_count * sizeof(*spec->bid), spec->bid)) ||
	    put_selector(skb, &spec->selector) ||
	    pmip6_put_totals(skb, PMIP6_A_FLOW_STATS, &totals, false))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	nla_nest_end(skb, list);
	return 0;
}

static int dump_flow(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct pmip6_device *pd,
		     const struct pmip6_binding *binding,
		     const struct pmip6_flow *flow)
{
	void *header;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			     &pmip6_genl_family, NLM_F_MULTI,
			     PMIP6_CMD_FLOW_GET);
	if (!header)
		return -EMSGSIZE;
	if (put_flow(skb, pd, binding, flow)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

/* From the flow on whose priority is the part that is to come. */
static int dump_of_binding(struct sk_buff *skb, struct netlink_callback *cb,
			   const struct pmip6_device *pd,
			   const struct pmip6_binding *binding)
{
	struct pmip6_dump *dump = (struct pmip6_dump *)cb->ctx;
	const struct pmip6_flow_table *table = rcu_dereference(binding->flows);
	unsigned int i;
	int err;

	for (i = 0; table && i < table->count; i++) {
		if (table->flow[i]->spec.priority < dump->part)
			continue;
		err = dump_flow(skb, cb, pd, binding, table->flow[i]);
		if (err)
			return err;
		dump->part = table->flow[i]->spec.priority + 1;
	}
	return 0;
}

static int dump_flows(struct sk_buff *skb, struct netlink_callback *cb,
		      struct pmip6_device *pd, u32 *id)
{
	struct pmip6_dump *dump = (struct pmip6_dump *)cb->ctx;
	const struct nlattr *hnp = genl_info_dump(cb)->attrs[PMIP6_A_FLOWS_HNP];
	struct pmip6_binding *binding;
	struct pmip6_prefix prefix;
	unsigned long index;

	if (hnp && pmip6_parse_prefix(hnp, &prefix, NULL))
		return 0;
	xa_for_each_start(&pd->bindings.by_id, index, binding, *id) {
		if (index != *id)
			dump->part = 0;
		*id = index;
		if (hnp && (binding->prefix.len != prefix.len ||
			    !ipv6_addr_equal(&binding->prefix.addr,
					     &prefix.addr)))
			continue;
		if (dump_of_binding(skb, cb, pd, binding))
			return -EMSGSIZE;
	}
	dump->part = 0;
	return 0;
}

int pmip6_flow_get_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct pmip6_prefix prefix;
	int err;

	if (attrs[PMIP6_A_FLOWS_HNP]) {
		err = pmip6_parse_prefix(attrs[PMIP6_A_FLOWS_HNP], &prefix,
					 cb->extack);
		if (err)
			return err;
	}
	return pmip6_dump_start(cb, attrs[PMIP6_A_FLOWS_IFINDEX]);
}

int pmip6_flow_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return pmip6_dump_devices(skb, cb, dump_flows);
}
