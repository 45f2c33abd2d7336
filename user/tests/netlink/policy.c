// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "policy.h"

static const struct nlattr *find(const struct nlattr *nest, uint16_t type)
{
	return attr_find(attr_data(nest), attr_len(nest), type);
}

static uint64_t number(const struct nlattr *nest, uint16_t type,
		       uint64_t otherwise)
{
	const struct nlattr *attr = find(nest, type);
	uint64_t value = 0;

	if (!attr)
		return otherwise;
	memcpy(&value, attr_data(attr),
	       attr_len(attr) < sizeof(value) ? attr_len(attr) : sizeof(value));
	return value;
}

static void take_attr(struct policy *policy, uint32_t set, uint32_t type,
		      const struct nlattr *nest)
{
	struct policy_attr *attr = &policy->attrs[set][type];
	bool sized;

	attr->type = attr_u32(find(nest, NL_POLICY_TYPE_ATTR_TYPE));
	sized = attr->type == NL_ATTR_TYPE_BINARY ||
		attr->type == NL_ATTR_TYPE_STRING ||
		attr->type == NL_ATTR_TYPE_NUL_STRING;
	attr->min = number(nest, sized ? NL_POLICY_TYPE_ATTR_MIN_LENGTH :
			   NL_POLICY_TYPE_ATTR_MIN_VALUE_U, 0);
	attr->max = number(nest, sized ? NL_POLICY_TYPE_ATTR_MAX_LENGTH :
			   NL_POLICY_TYPE_ATTR_MAX_VALUE_U, UINT16_MAX);
	attr->mask = (uint32_t)number(nest, NL_POLICY_TYPE_ATTR_BITFIELD32_MASK,
				      0);
	attr->nested = (uint32_t)number(nest, NL_POLICY_TYPE_ATTR_POLICY_IDX,
					POLICY_NONE);
}

/* A nest of sets, each with nests of attributes. */
static void take_sets(struct policy *policy, const struct nlattr *all)
{
	const void *sets = attr_data(all), *attrs;
	size_t sets_len = attr_len(all), attrs_len;
	const struct nlattr *set, *attr;
	uint32_t at, type;

	while ((set = attr_next(&sets, &sets_len))) {
		attrs = attr_data(set);
		attrs_len = attr_len(set);
		while ((attr = attr_next(&attrs, &attrs_len))) {
			at = set->nla_type & NLA_TYPE_MASK;
			type = attr->nla_type & NLA_TYPE_MASK;
			if (at < POLICY_SETS && type < POLICY_ATTRS)
				take_attr(policy, at, type, attr);
		}
	}
}

static void take_cmds(struct policy *policy, const struct nlattr *all)
{
	const struct nlattr *cmd, *how;
	const void *cmds = attr_data(all);
	size_t len = attr_len(all);
	uint32_t at;

	while ((cmd = attr_next(&cmds, &len))) {
		at = cmd->nla_type & NLA_TYPE_MASK;
		/* What can only be dumped has no number in Linux 6.12, but its turn. */
		if (!at && policy->told < policy->dump_count)
			at = policy->dumps[policy->told++];
		if (at >= POLICY_CMDS)
			continue;
		policy->known[at] = true;
		how = find(cmd, CTRL_ATTR_POLICY_DO);
		policy->has_do[at] = how;
		if (how)
			policy->set[at] = attr_u32(how);
		how = find(cmd, CTRL_ATTR_POLICY_DUMP);
		policy->has_dump[at] = how;
		if (how)
			policy->set[at] = attr_u32(how);
	}
}

/* A nest of commands, each with its number and what can be done with it. */
static void take_ops(struct policy *policy, const struct nlattr *all)
{
	const void *ops = attr_data(all);
	size_t len = attr_len(all);
	const struct nlattr *op;
	uint32_t flags;

	while ((op = attr_next(&ops, &len))) {
		flags = attr_u32(find(op, CTRL_ATTR_OP_FLAGS));
		if (flags & GENL_CMD_CAP_DUMP && !(flags & GENL_CMD_CAP_DO) &&
		    policy->dump_count < POLICY_CMDS)
			policy->dumps[policy->dump_count++] =
				attr_u32(find(op, CTRL_ATTR_OP_ID));
	}
}

static void take_part(const struct nlmsghdr *nlh, void *arg)
{
	const size_t header = NLMSG_LENGTH(GENL_HDRLEN);
	const uint8_t *attrs = (const uint8_t *)nlh + header;
	size_t len = nlh->nlmsg_len - header;
	struct policy *policy = arg;
	const struct nlattr *attr;

	attr = attr_find(attrs, len, CTRL_ATTR_FAMILY_ID);
	if (attr)
		memcpy(&policy->family, attr_data(attr),
		       sizeof(policy->family));
	attr = attr_find(attrs, len, CTRL_ATTR_OPS);
	if (attr)
		take_ops(policy, attr);
	attr = attr_find(attrs, len, CTRL_ATTR_OP_POLICY);
	if (attr)
		take_cmds(policy, attr);
	attr = attr_find(attrs, len, CTRL_ATTR_POLICY);
	if (attr)
		take_sets(policy, attr);
}

static void ask(struct channel *channel, uint8_t cmd, uint16_t flags,
		const char *name)
{
	struct message message;
	struct answer answer;

	message_genl(&message, GENL_ID_CTRL, cmd, flags);
	message_put(&message, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	errno = -channel_exchange(channel, &message, &answer);
	if (errno)
		die("asking for the policy of %s", name);
	errno = -answer.error;
	if ((!answer.done && !answer.acked) || errno)
		die("the policy of %s", name);
}

void policy_learn(struct policy *policy, const char *name)
{
	struct channel channel;

	memset(policy, 0, sizeof(*policy));
	channel_open(&channel, NETLINK_GENERIC);
	channel.part = take_part;
	channel.arg = policy;
	ask(&channel, CTRL_CMD_GETFAMILY, NLM_F_ACK, name);
	ask(&channel, CTRL_CMD_GETPOLICY, NLM_F_DUMP, name);
	if (!policy->family)
		die("the policy of %s", name);
	channel_close(&channel);
}
