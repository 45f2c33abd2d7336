// SPDX-License-Identifier: GPL-2.0
#include <linux/if_ether.h>
#include <linux/sort.h>

#include "compat.h"
#include "device.h"
#include "netlink.h"
#include "path.h"

#define BINDING_SIZE	(512 + 160 * PMIP6_PATHS_MAX)
#define BINDING_FLAGS	(PMIP6_BINDING_F_LOCAL_ROUTING | PMIP6_BINDING_F_HOSTS)

static const struct nla_policy path_policy[PMIP6_A_PATH_MAX + 1] = {
	[PMIP6_A_PATH_BID] = NLA_POLICY_MIN(NLA_U16, 1),
	[PMIP6_A_PATH_REMOTE] = NLA_POLICY_NESTED(pmip6_addr_policy),
	[PMIP6_A_PATH_ENCAP] = NLA_POLICY_RANGE(NLA_U8, PMIP6_ENCAP_IPV6,
						PMIP6_ENCAP_MAX),
	[PMIP6_A_PATH_KEY] = { .type = NLA_U32 },
	[PMIP6_A_PATH_PRIORITY] = { .type = NLA_U8 },
	[PMIP6_A_PATH_LIFETIME] = NLA_POLICY_MIN(NLA_U64, 1),
	[PMIP6_A_PATH_EXPIRY_SET] = NLA_POLICY_FULL_RANGE(NLA_U32,
						&pmip6_expiry_set_or_own),
	[PMIP6_A_PATH_GENERATION] = { .type = NLA_U32 },
	[PMIP6_A_PATH_ACCESS_IFINDEX] = NLA_POLICY_FULL_RANGE(NLA_U32,
							  &pmip6_ifindex_range),
	[PMIP6_A_PATH_LLADDR] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[PMIP6_A_PATH_WEIGHT] = NLA_POLICY_RANGE(NLA_U8, 1,
						 PMIP6_PATH_WEIGHT_MAX),
};

static const struct nla_policy paths_policy[PMIP6_A_PATHS_MAX + 1] = {
	[PMIP6_A_PATHS_PATH] = NLA_POLICY_NESTED(path_policy),
};

const struct nla_policy pmip6_binding_policy[PMIP6_A_BINDING_MAX + 1] = {
	[PMIP6_A_BINDING_IFINDEX] = NLA_POLICY_FULL_RANGE(NLA_U32,
							  &pmip6_ifindex_range),
	[PMIP6_A_BINDING_HNP] = NLA_POLICY_NESTED(pmip6_prefix_policy),
	[PMIP6_A_BINDING_FLAGS] =
		NLA_POLICY_BITFIELD32(BINDING_FLAGS),
	[PMIP6_A_BINDING_COOKIE] = { .type = NLA_U64 },
	[PMIP6_A_BINDING_PATHS] = NLA_POLICY_NESTED(paths_policy),
	[PMIP6_A_BINDING_STATS] = { .type = NLA_REJECT },
};

/* What the uapi has a place for, but this module does not do. */
static int refuse_unsupported(struct nlattr **tb,
			      struct netlink_ext_ack *extack)
{
	if (tb[PMIP6_A_PATH_ENCAP] &&
	    nla_get_u8(tb[PMIP6_A_PATH_ENCAP]) != PMIP6_ENCAP_IPV6) {
		NL_SET_ERR_MSG_ATTR(extack, tb[PMIP6_A_PATH_ENCAP],
				    "only IPv6-in-IPv6 encapsulation is supported yet");
		return -EOPNOTSUPP;
	}
	if (tb[PMIP6_A_PATH_KEY]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[PMIP6_A_PATH_KEY],
				    "IPv6-in-IPv6 encapsulation has no key");
		return -EOPNOTSUPP;
	}
	return 0;
}

static int parse_remote(const struct pmip6_device *pd,
			const struct nlattr *attr, struct in6_addr *remote,
			struct netlink_ext_ack *extack)
{
	int err;

	if (!attr) {
		NL_SET_ERR_MSG(extack, "the path's remote endpoint is missing");
		return -EINVAL;
	}
	err = pmip6_parse_addr(attr, remote, extack);
	if (err)
		return err;
	if (ipv6_addr_any(remote) || ipv6_addr_is_multicast(remote) ||
	    ipv6_addr_loopback(remote) ||
	    ipv6_addr_type(remote) & IPV6_ADDR_LINKLOCAL) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "remote endpoint must be a global unicast address");
		return -EINVAL;
	}
	if (ipv6_addr_equal(remote, &pd->local)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "remote endpoint is the device's own address");
		return -EINVAL;
	}
	return 0;
}

/* Its packets were checked where they came from: not a second time. */
static bool is_one_of_ours(struct net *net, int ifindex)
{
	struct net_device *dev;
	bool ours;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(net, ifindex);
	ours = dev && pmip6_is_device(dev);
	rcu_read_unlock();
	return ours;
}

static int parse_access(const struct pmip6_device *pd, struct nlattr **tb,
			struct pmip6_path_spec *path,
			struct netlink_ext_ack *extack)
{
	if (!tb[PMIP6_A_PATH_ACCESS_IFINDEX] && !tb[PMIP6_A_PATH_LLADDR])
		return 0;
	if (pd->role != PMIP6_ROLE_MAG) {
		NL_SET_ERR_MSG(extack, "only a device of role mag has access links");
		return -EINVAL;
	}
	if (tb[PMIP6_A_PATH_ACCESS_IFINDEX])
		path->access_ifindex =
			nla_get_u32(tb[PMIP6_A_PATH_ACCESS_IFINDEX]);
	if (is_one_of_ours(dev_net(pd->dev), path->access_ifindex)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[PMIP6_A_PATH_ACCESS_IFINDEX],
				    "a pmip6 device is no access link");
		return -EINVAL;
	}
	if (tb[PMIP6_A_PATH_LLADDR]) {
		path->has_lladdr = true;
		nla_memcpy(path->lladdr, tb[PMIP6_A_PATH_LLADDR], ETH_ALEN);
	}
	return 0;
}

int pmip6_parse_lifetime(const struct nlattr *attr, u64 *lifetime_ms,
			 struct netlink_ext_ack *extack)
{
	if (!attr) {
		NL_SET_ERR_MSG(extack, "the lifetime is missing");
		return -EINVAL;
	}
	*lifetime_ms = nla_get_u64(attr);
	if (*lifetime_ms > PMIP6_LIFETIME_MAX_MS &&
	    *lifetime_ms != PMIP6_LIFETIME_FOREVER) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "lifetime is too long: more than 2^42 ms and not forever");
		return -ERANGE;
	}
	return 0;
}

static int parse_own_lifetime(struct nlattr **tb, struct pmip6_path_spec *path,
			      struct netlink_ext_ack *extack)
{
	if (tb[PMIP6_A_PATH_GENERATION]) {
		path->has_generation = true;
		path->generation = nla_get_u32(tb[PMIP6_A_PATH_GENERATION]);
	}
	return pmip6_parse_lifetime(tb[PMIP6_A_PATH_LIFETIME],
				    &path->lifetime_ms, extack);
}

/* How long it lives is its own, or its set's. */
static int parse_set(struct nlattr **tb, struct pmip6_path_spec *path,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *own = tb[PMIP6_A_PATH_LIFETIME] ?:
				   tb[PMIP6_A_PATH_GENERATION];

	if (tb[PMIP6_A_PATH_EXPIRY_SET])
		path->expiry_set = nla_get_u32(tb[PMIP6_A_PATH_EXPIRY_SET]);
	if (!path->expiry_set)
		return parse_own_lifetime(tb, path, extack);
	if (own) {
		NL_SET_ERR_MSG_ATTR(extack, own,
				    "a path of an expiry set has no lifetime or generation of its own");
		return -EINVAL;
	}
	return 0;
}

static int parse_path(const struct pmip6_device *pd, const struct nlattr *attr,
		      struct pmip6_path_spec *path,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[PMIP6_A_PATH_MAX + 1];
	int err;

	memset(path, 0, sizeof(*path));
	err = nla_parse_nested(tb, PMIP6_A_PATH_MAX, attr, path_policy, extack);
	if (err)
		return err;
	err = refuse_unsupported(tb, extack);
	if (err)
		return err;
	err = parse_remote(pd, tb[PMIP6_A_PATH_REMOTE], &path->remote, extack);
	if (err)
		return err;
	err = parse_set(tb, path, extack);
	if (err)
		return err;

	path->bid = 1;
	path->weight = 1;
	path->encap = PMIP6_ENCAP_IPV6;
	if (tb[PMIP6_A_PATH_BID])
		path->bid = nla_get_u16(tb[PMIP6_A_PATH_BID]);
	if (tb[PMIP6_A_PATH_PRIORITY])
		path->priority = nla_get_u8(tb[PMIP6_A_PATH_PRIORITY]);
	if (tb[PMIP6_A_PATH_WEIGHT])
		path->weight = nla_get_u8(tb[PMIP6_A_PATH_WEIGHT]);
	return parse_access(pd, tb, path, extack);
}

/* A gateway has one anchor for a mobile node. */
static int check_count(const struct pmip6_device *pd, unsigned int count,
		       const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	if (count && pd->role != PMIP6_ROLE_LMA) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "only role lma has several paths in a binding");
		return -EINVAL;
	}
	if (count == PMIP6_PATHS_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a binding has eight paths at most");
		return -E2BIG;
	}
	return 0;
}

static int check_bids(const struct pmip6_binding_spec *spec,
		      struct netlink_ext_ack *extack)
{
	unsigned int i, j;

	for (i = 1; i < spec->path_count; i++)
		for (j = 0; j < i; j++)
			if (spec->path[i].bid == spec->path[j].bid) {
				NL_SET_ERR_MSG(extack, "two paths have one binding identifier");
				return -EINVAL;
			}
	return 0;
}

static int parse_paths(const struct pmip6_device *pd, const struct nlattr *attr,
		       struct pmip6_binding_spec *spec,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *item;
	int rem, err;

	spec->has_paths = true;
	nla_for_each_nested(item, attr, rem) {
		err = check_count(pd, spec->path_count, item, extack);
		if (err)
			return err;
		err = parse_path(pd, item, &spec->path[spec->path_count++],
				 extack);
		if (err)
			return err;
	}
	err = check_bids(spec, extack);
	if (!err)
		sort(spec->path, spec->path_count, sizeof(*spec->path),
		     pmip6_path_order, NULL);
	return err;
}

static int parse_prefix(struct genl_info *info, struct pmip6_prefix *prefix)
{
	const struct nlattr *attr = info->attrs[PMIP6_A_BINDING_HNP];

	if (!attr) {
		NL_SET_ERR_MSG(info->extack,
			       "the home network prefix is missing");
		return -EINVAL;
	}
	return pmip6_parse_prefix(attr, prefix, info->extack);
}

/* Inner addresses from there are never forwarded: see inner.h. */
static bool is_never_forwarded(const struct pmip6_prefix *prefix)
{
	int type = ipv6_addr_type(&prefix->addr);

	return type & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL |
		       IPV6_ADDR_LOOPBACK);
}

static int parse_binding(const struct pmip6_device *pd, struct genl_info *info,
			 struct pmip6_binding_spec *spec)
{
	struct nlattr **tb = info->attrs;
	struct nla_bitfield32 flags;
	int err;

	err = parse_prefix(info, &spec->prefix);
	if (err)
		return err;
	if (is_never_forwarded(&spec->prefix)) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[PMIP6_A_BINDING_HNP],
				    "a home network prefix must be of global unicast addresses");
		return -EINVAL;
	}
	if (tb[PMIP6_A_BINDING_FLAGS]) {
		flags = nla_get_bitfield32(tb[PMIP6_A_BINDING_FLAGS]);
		spec->flags = flags.value;
		spec->flags_mask = flags.selector;
	}
	if (spec->flags && pd->role != PMIP6_ROLE_MAG) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[PMIP6_A_BINDING_FLAGS],
				    "only a device of role mag routes locally");
		return -EINVAL;
	}
	if (tb[PMIP6_A_BINDING_COOKIE]) {
		spec->has_cookie = true;
		spec->cookie = nla_get_u64(tb[PMIP6_A_BINDING_COOKIE]);
	}
	if (!tb[PMIP6_A_BINDING_PATHS])
		return 0;
	err = parse_paths(pd, tb[PMIP6_A_BINDING_PATHS], spec, info->extack);
	if (err || !spec->path_count)
		return err;
	if (spec->flags & PMIP6_BINDING_F_HOSTS) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[PMIP6_A_BINDING_PATHS],
				    "a binding of hosts has no path");
		return -EINVAL;
	}
	/* Whatever it was, it is of a mobile node now. */
	spec->flags_mask |= PMIP6_BINDING_F_HOSTS;
	return 0;
}

static int set_binding(struct pmip6_device *pd, struct genl_info *info)
{
	struct pmip6_path_spec path[PMIP6_PATHS_MAX];
	struct pmip6_binding_spec spec = { .path = path };
	int err;

	err = parse_binding(pd, info, &spec);
	if (err)
		return err;
	return pmip6_binding_set(pd, &spec, info->nlhdr->nlmsg_flags,
				 info->extack);
}

int pmip6_binding_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return pmip6_command_device(info, info->attrs[PMIP6_A_BINDING_IFINDEX],
				    set_binding);
}

/* The binding that a command names, under the device's lock. */
static struct pmip6_binding *named_binding(struct pmip6_device *pd,
					   struct genl_info *info)
{
	struct pmip6_binding *binding;
	struct pmip6_prefix prefix;
	int err;

	err = parse_prefix(info, &prefix);
	if (err)
		return ERR_PTR(err);
	binding = pmip6_binding_find(&pd->bindings, &prefix);
	if (binding)
		return binding;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[PMIP6_A_BINDING_HNP],
			    "no such binding");
	return ERR_PTR(-ENOENT);
}

static int delete_binding(struct pmip6_device *pd, struct genl_info *info)
{
	struct pmip6_binding *binding = named_binding(pd, info);

	if (IS_ERR(binding))
		return PTR_ERR(binding);
	pmip6_binding_delete(pd, binding);
	return 0;
}

int pmip6_binding_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return pmip6_command_device(info, info->attrs[PMIP6_A_BINDING_IFINDEX],
				    delete_binding);
}

static int put_path(struct sk_buff *skb, const struct pmip6_path *path)
{
	struct nlattr *nest = nla_nest_start(skb, PMIP6_A_PATHS_PATH);

	if (!nest ||
	    nla_put_u16(skb, PMIP6_A_PATH_BID, path->bid) ||
	    pmip6_put_addr(skb, PMIP6_A_PATH_REMOTE,
			   &path->tunnel->key.remote) ||
	    nla_put_u8(skb, PMIP6_A_PATH_ENCAP, path->tunnel->key.encap) ||
	    nla_put_u8(skb, PMIP6_A_PATH_PRIORITY, path->priority) ||
	    nla_put_u8(skb, PMIP6_A_PATH_WEIGHT, path->weight) ||
	    nla_put_u64_64bit(skb, PMIP6_A_PATH_LIFETIME,
			      pmip6_expiry_set_remaining_ms(path->set),
			      PMIP6_A_PATH_PAD) ||
	    nla_put_u32(skb, PMIP6_A_PATH_EXPIRY_SET, path->set->id) ||
	    nla_put_u32(skb, PMIP6_A_PATH_GENERATION,
			READ_ONCE(path->set->generation)))
		return -EMSGSIZE;
	if (path->access_ifindex &&
	    nla_put_u32(skb, PMIP6_A_PATH_ACCESS_IFINDEX, path->access_ifindex))
		return -EMSGSIZE;
	if (path->has_lladdr &&
	    nla_put(skb, PMIP6_A_PATH_LLADDR, ETH_ALEN, path->lladdr))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_paths(struct sk_buff *skb, const struct pmip6_binding *binding)
{
	struct nlattr *nest = nla_nest_start(skb, PMIP6_A_BINDING_PATHS);
	const struct pmip6_path *path;

	if (!nest)
		return -EMSGSIZE;
	for (path = rcu_dereference(binding->paths); path;
	     path = rcu_dereference(path->next))
		if (put_path(skb, path))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_binding(struct sk_buff *skb, const struct pmip6_device *pd,
		       const struct pmip6_binding *binding)
{
	struct nla_bitfield32 flags = {
		.value = READ_ONCE(binding->flags),
		.selector = BINDING_FLAGS,
	};
	struct pmip6_totals totals;

	pmip6_counters_read(&binding->counters, &totals);
	if (nla_put_u32(skb, PMIP6_A_BINDING_IFINDEX, pd->dev->ifindex) ||
	    pmip6_put_prefix(skb, PMIP6_A_BINDING_HNP, &binding->prefix) ||
	    nla_put(skb, PMIP6_A_BINDING_FLAGS, sizeof(flags), &flags) ||
	    nla_put_u64_64bit(skb, PMIP6_A_BINDING_COOKIE,
			      READ_ONCE(binding->cookie),
			      PMIP6_A_BINDING_PAD) ||
	    put_paths(skb, binding) ||
	    pmip6_put_totals(skb, PMIP6_A_BINDING_STATS, &totals, true))
		return -EMSGSIZE;
	return 0;
}

static int reply_binding(struct pmip6_device *pd, struct genl_info *info)
{
	const struct pmip6_binding *binding = named_binding(pd, info);
	struct sk_buff *msg;
	void *header;
	int err;

	if (IS_ERR(binding))
		return PTR_ERR(binding);
	msg = genlmsg_new(BINDING_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	header = genlmsg_put_reply(msg, info, &pmip6_genl_family, 0,
				   PMIP6_CMD_BINDING_GET);
	rcu_read_lock();
	err = header ? put_binding(msg, pd, binding) : -EMSGSIZE;
	rcu_read_unlock();
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, header);
	return genlmsg_reply(msg, info);
}

int pmip6_binding_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return pmip6_command_device(info, info->attrs[PMIP6_A_BINDING_IFINDEX],
				    reply_binding);
}

int pmip6_binding_get_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;

	return pmip6_dump_start(cb, attrs[PMIP6_A_BINDING_IFINDEX]);
}

static int dump_bindings(struct sk_buff *skb, struct netlink_callback *cb,
			 struct pmip6_device *pd, u32 *id)
{
	struct pmip6_binding *binding;
	unsigned long index;
	void *header;

	/* Each that lives through the dump is in it once, whatever changes. */
	xa_for_each_start(&pd->bindings.by_id, index, binding, *id) {
		*id = index;
		header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, &pmip6_genl_family,
				     NLM_F_MULTI, PMIP6_CMD_BINDING_GET);
		if (!header)
			return -EMSGSIZE;
		if (put_binding(skb, pd, binding)) {
			genlmsg_cancel(skb, header);
			return -EMSGSIZE;
		}
		genl_dump_check_consistent(cb, header);
		genlmsg_end(skb, header);
	}
	return 0;
}

int pmip6_binding_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return pmip6_dump_devices(skb, cb, dump_bindings);
}
