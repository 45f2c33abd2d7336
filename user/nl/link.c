// SPDX-License-Identifier: GPL-2.0
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "genl.h"
#include "link.h"

static int put_fastpath(struct nl_msg *msg, const struct link_spec *spec)
{
	struct nlattr *nest = nla_nest_start(msg, IFLA_PMIP6_FASTPATH);
	unsigned int i;

	if (!nest)
		return -1;
	for (i = 0; i < spec->fastpath_count; i++)
		NLA_PUT_U32(msg, PMIP6_A_FASTPATH_IFINDEX, spec->fastpath[i]);
	/* Also when it is empty, which nla_nest_end() would take back. */
	nla_nest_end_keep_empty(msg, nest);
	return 0;
nla_put_failure:
	return -1;
}

static int put_data(struct nl_msg *msg, const struct link_spec *spec)
{
	struct nlattr *info = nla_nest_start(msg, IFLA_LINKINFO), *data;

	if (!info)
		return -1;
	NLA_PUT_STRING(msg, IFLA_INFO_KIND, PMIP6_LINK_KIND);
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	if (!data)
		return -1;
	if (spec->role)
		NLA_PUT_U8(msg, IFLA_PMIP6_ROLE, spec->role);
	if (spec->has_local &&
	    genl_put_addr(msg, IFLA_PMIP6_LOCAL, &spec->local, -1))
		return -1;
	if (spec->hop_limit)
		NLA_PUT_U8(msg, IFLA_PMIP6_HOP_LIMIT, spec->hop_limit);
	if (spec->has_link)
		NLA_PUT_U32(msg, IFLA_PMIP6_LINK, spec->link);
	if (spec->has_fwmark)
		NLA_PUT_U32(msg, IFLA_PMIP6_FWMARK, spec->fwmark);
	if (spec->has_fastpath && put_fastpath(msg, spec))
		return -1;
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	return 0;
nla_put_failure:
	return -1;
}

struct nl_msg *link_request(const struct link_spec *spec, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, flags);
	struct ifinfomsg ifi = { 0 };

	if (!msg)
		return NULL;
	if (spec->up)
		ifi.ifi_flags = ifi.ifi_change = IFF_UP;
	if (nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO) ||
	    nla_put_string(msg, IFLA_IFNAME, spec->name) ||
	    put_data(msg, spec)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

struct nl_msg *link_delete_request(const char *name)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_DELLINK, 0);
	struct ifinfomsg ifi = { 0 };

	if (!msg)
		return NULL;
	if (nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO) ||
	    nla_put_string(msg, IFLA_IFNAME, name)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}
