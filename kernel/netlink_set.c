// SPDX-License-Identifier: GPL-2.0
/*
 * Commands on expiry sets that many paths have in common: bulk groups.
 */
#include "compat.h"
#include "device.h"
#include "netlink.h"

#define SET_SIZE	128

static struct netlink_range_validation id_range = {
	.min = 1,
	.max = PMIP6_EXPIRY_SET_ID_MAX,
};

struct netlink_range_validation pmip6_expiry_set_or_own = {
	.min = 0,
	.max = PMIP6_EXPIRY_SET_ID_MAX,
};

const struct nla_policy pmip6_expiry_set_policy[PMIP6_A_EXPIRY_SET_MAX + 1] = {
	[PMIP6_A_EXPIRY_SET_IFINDEX] = NLA_POLICY_FULL_RANGE(NLA_U32,
							  &pmip6_ifindex_range),
	[PMIP6_A_EXPIRY_SET_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &id_range),
	[PMIP6_A_EXPIRY_SET_LIFETIME] = { .type = NLA_U64 },
	[PMIP6_A_EXPIRY_SET_GENERATION] = { .type = NLA_U32 },
	[PMIP6_A_EXPIRY_SET_PATHS] = { .type = NLA_REJECT },
};

static int parse_id(struct genl_info *info, u32 *id)
{
	if (!info->attrs[PMIP6_A_EXPIRY_SET_ID]) {
		NL_SET_ERR_MSG(info->extack, "the expiry set's id is missing");
		return -EINVAL;
	}
	*id = nla_get_u32(info->attrs[PMIP6_A_EXPIRY_SET_ID]);
	return 0;
}

static u32 generation_of(struct genl_info *info, u32 otherwise)
{
	const struct nlattr *attr = info->attrs[PMIP6_A_EXPIRY_SET_GENERATION];

	return attr ? nla_get_u32(attr) : otherwise;
}

static int create(struct pmip6_device *pd, struct genl_info *info, u32 id,
		  u64 lifetime_ms)
{
	if (!(info->nlhdr->nlmsg_flags & NLM_F_CREATE)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[PMIP6_A_EXPIRY_SET_ID],
				    "no such expiry set to renew: it may have expired");
		return -ENOENT;
	}
	if (pmip6_expiry_set_new(&pd->lifetimes, id, lifetime_ms,
				 generation_of(info, 0)))
		return 0;
	NL_SET_ERR_MSG(info->extack, "no memory for the expiry set");
	return -ENOMEM;
}

static int renew(struct pmip6_device *pd, struct genl_info *info,
		 struct pmip6_expiry_set *set, u64 lifetime_ms)
{
	u16 flags = info->nlhdr->nlmsg_flags;

	if (flags & NLM_F_EXCL || !(flags & NLM_F_REPLACE)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[PMIP6_A_EXPIRY_SET_ID],
				    "an expiry set of this id exists");
		return -EEXIST;
	}
	return pmip6_expiry_set_renew(&pd->lifetimes, set, lifetime_ms,
				      generation_of(info, set->generation + 1));
}

static int set_one(struct pmip6_device *pd, struct genl_info *info)
{
	struct pmip6_expiry_set *set;
	u64 lifetime_ms;
	u32 id;
	int err;

	err = parse_id(info, &id);
	if (err)
		return err;
	err = pmip6_parse_lifetime(info->attrs[PMIP6_A_EXPIRY_SET_LIFETIME],
				   &lifetime_ms, info->extack);
	if (err)
		return err;
	set = pmip6_expiry_set_find(&pd->lifetimes, id);
	return set ? renew(pd, info, set, lifetime_ms) :
		     create(pd, info, id, lifetime_ms);
}

int pmip6_expiry_set_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return pmip6_command_device(info,
				    info->attrs[PMIP6_A_EXPIRY_SET_IFINDEX],
				    set_one);
}

/* The set that a command names, under the device's lock. */
static struct pmip6_expiry_set *named_set(struct pmip6_device *pd,
					  struct genl_info *info)
{
	struct pmip6_expiry_set *set;
	u32 id;
	int err;

	err = parse_id(info, &id);
	if (err)
		return ERR_PTR(err);
	set = pmip6_expiry_set_find(&pd->lifetimes, id);
	if (set)
		return set;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[PMIP6_A_EXPIRY_SET_ID],
			    "no such expiry set");
	return ERR_PTR(-ENOENT);
}

static int delete(struct pmip6_device *pd, struct genl_info *info)
{
	struct pmip6_expiry_set *set = named_set(pd, info);

	if (IS_ERR(set))
		return PTR_ERR(set);
	if (!list_empty(&set->members)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[PMIP6_A_EXPIRY_SET_ID],
				    "the expiry set has paths: a lifetime of 0 ends it with them");
		return -EBUSY;
	}
	pmip6_expiry_set_free(&pd->lifetimes, set);
	return 0;
}

int pmip6_expiry_set_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return pmip6_command_device(info,
				    info->attrs[PMIP6_A_EXPIRY_SET_IFINDEX],
				    delete);
}

static int put_set(struct sk_buff *skb, const struct pmip6_device *pd,
		   struct pmip6_expiry_set *set)
{
	u32 paths = READ_ONCE(pmip6_expiry_set_shared(set)->paths);

	if (nla_put_u32(skb, PMIP6_A_EXPIRY_SET_IFINDEX, pd->dev->ifindex) ||
	    nla_put_u32(skb, PMIP6_A_EXPIRY_SET_ID, set->id) ||
	    nla_put_u64_64bit(skb, PMIP6_A_EXPIRY_SET_LIFETIME,
			      pmip6_expiry_set_remaining_ms(set),
			      PMIP6_A_EXPIRY_SET_PAD) ||
	    nla_put_u32(skb, PMIP6_A_EXPIRY_SET_GENERATION,
			READ_ONCE(set->generation)) ||
	    nla_put_u32(skb, PMIP6_A_EXPIRY_SET_PATHS, paths))
		return -EMSGSIZE;
	return 0;
}

static int reply(struct pmip6_device *pd, struct genl_info *info)
{
	struct pmip6_expiry_set *set = named_set(pd, info);
	struct sk_buff *msg;
	void *header;

	if (IS_ERR(set))
		return PTR_ERR(set);
	msg = genlmsg_new(SET_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	header = genlmsg_put_reply(msg, info, &pmip6_genl_family, 0,
				   PMIP6_CMD_EXPIRY_SET_GET);
	if (!header || put_set(msg, pd, set)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return genlmsg_reply(msg, info);
}

int pmip6_expiry_set_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return pmip6_command_device(info,
				    info->attrs[PMIP6_A_EXPIRY_SET_IFINDEX],
				    reply);
}

int pmip6_expiry_set_get_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;

	return pmip6_dump_start(cb, attrs[PMIP6_A_EXPIRY_SET_IFINDEX]);
}

static int dump_sets(struct sk_buff *skb, struct netlink_callback *cb,
		     struct pmip6_device *pd, u32 *id)
{
	struct pmip6_expiry_set *set;
	unsigned long index;
	void *header;

	xa_for_each_start(&pd->lifetimes.shared, index, set, *id) {
		*id = index;
		header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, &pmip6_genl_family,
				     NLM_F_MULTI, PMIP6_CMD_EXPIRY_SET_GET);
		if (!header)
			return -EMSGSIZE;
		if (put_set(skb, pd, set)) {
			genlmsg_cancel(skb, header);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, header);
	}
	return 0;
}

int pmip6_expiry_set_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return pmip6_dump_devices(skb, cb, dump_sets);
}
