// SPDX-License-Identifier: GPL-2.0
#include <net/ipv6.h>

#include "netlink.h"

const struct nla_policy pmip6_addr_policy[PMIP6_A_ADDR_MAX + 1] = {
	[PMIP6_A_ADDR_FAMILY] = { .type = NLA_U16 },
	[PMIP6_A_ADDR_ADDRESS] =
		NLA_POLICY_RANGE(NLA_BINARY, sizeof(struct in_addr),
				 sizeof(struct in6_addr)),
};

const struct nla_policy pmip6_prefix_policy[PMIP6_A_ADDR_MAX + 1] = {
	[PMIP6_A_ADDR_FAMILY] = { .type = NLA_U16 },
	[PMIP6_A_ADDR_ADDRESS] =
		NLA_POLICY_RANGE(NLA_BINARY, sizeof(struct in_addr),
				 sizeof(struct in6_addr)),
	[PMIP6_A_ADDR_PREFIXLEN] = NLA_POLICY_MAX(NLA_U8, 128),
};

static int parse(const struct nlattr *attr, const struct nla_policy *policy,
		 struct nlattr **tb, struct in6_addr *addr,
		 struct netlink_ext_ack *extack)
{
	u16 family;
	int err;

	err = nla_parse_nested(tb, PMIP6_A_ADDR_MAX, attr, policy, extack);
	if (err)
		return err;
	if (!tb[PMIP6_A_ADDR_FAMILY] || !tb[PMIP6_A_ADDR_ADDRESS]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an address needs its family and its octets");
		return -EINVAL;
	}
	family = nla_get_u16(tb[PMIP6_A_ADDR_FAMILY]);
	if (family == AF_INET) {
		NL_SET_ERR_MSG_ATTR(extack, tb[PMIP6_A_ADDR_FAMILY],
				    "IPv4 addresses are not supported yet");
		return -EOPNOTSUPP;
	}
	if (family != AF_INET6) {
		NL_SET_ERR_MSG_ATTR(extack, tb[PMIP6_A_ADDR_FAMILY],
				    "unknown address family");
		return -EINVAL;
	}
	if (nla_len(tb[PMIP6_A_ADDR_ADDRESS]) != sizeof(*addr)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[PMIP6_A_ADDR_ADDRESS],
				    "an IPv6 address has 16 octets");
		return -EINVAL;
	}
	*addr = nla_get_in6_addr(tb[PMIP6_A_ADDR_ADDRESS]);
	return 0;
}

int pmip6_parse_addr(const struct nlattr *attr, struct in6_addr *addr,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[PMIP6_A_ADDR_MAX + 1];

	return parse(attr, pmip6_addr_policy, tb, addr, extack);
}

int pmip6_parse_prefix(const struct nlattr *attr, struct pmip6_prefix *prefix,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[PMIP6_A_ADDR_MAX + 1];
	struct in6_addr addr;
	int err;

	err = parse(attr, pmip6_prefix_policy, tb, &addr, extack);
	if (err)
		return err;
	if (!tb[PMIP6_A_ADDR_PREFIXLEN]) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a prefix needs its length");
		return -EINVAL;
	}
	prefix->len = nla_get_u8(tb[PMIP6_A_ADDR_PREFIXLEN]);
	ipv6_addr_prefix(&prefix->addr, &addr, prefix->len);
	if (!ipv6_addr_equal(&prefix->addr, &addr)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[PMIP6_A_ADDR_ADDRESS],
				    "the prefix has bits set after its length");
		return -EINVAL;
	}
	return 0;
}

static int put(struct sk_buff *skb, int type, const struct in6_addr *addr,
	       int prefixlen)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u16(skb, PMIP6_A_ADDR_FAMILY, AF_INET6) ||
	    nla_put_in6_addr(skb, PMIP6_A_ADDR_ADDRESS, addr) ||
	    (prefixlen >= 0 &&
	     nla_put_u8(skb, PMIP6_A_ADDR_PREFIXLEN, prefixlen))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int pmip6_put_addr(struct sk_buff *skb, int type, const struct in6_addr *addr)
{
	return put(skb, type, addr, -1);
}

int pmip6_put_prefix(struct sk_buff *skb, int type,
		     const struct pmip6_prefix *prefix)
{
	return put(skb, type, &prefix->addr, prefix->len);
}
