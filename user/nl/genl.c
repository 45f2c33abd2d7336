// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "genl.h"

struct nl_msg *genl_new(int family, enum pmip6_cmd cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg)
		return NULL;
	if (genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, flags,
			(uint8_t)cmd, PMIP6_GENL_VERSION))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

int genl_put_addr(struct nl_msg *msg, int type, const struct in6_addr *addr,
		  int prefixlen)
{
	struct nlattr *nest = nla_nest_start(msg, type);

	if (!nest)
		return -NLE_MSGSIZE;
	NLA_PUT_U16(msg, PMIP6_A_ADDR_FAMILY, AF_INET6);
	NLA_PUT(msg, PMIP6_A_ADDR_ADDRESS, sizeof(*addr), addr);
	if (prefixlen >= 0)
		NLA_PUT_U8(msg, PMIP6_A_ADDR_PREFIXLEN, (uint8_t)prefixlen);
	nla_nest_end(msg, nest);
	return 0;
nla_put_failure:
	return -NLE_MSGSIZE;
}

static int put_path(struct nl_msg *msg, const struct genl_path *path)
{
	struct nlattr *nest = nla_nest_start(msg, PMIP6_A_PATHS_PATH);

	if (!nest || genl_put_addr(msg, PMIP6_A_PATH_REMOTE, &path->remote, -1))
		return -NLE_MSGSIZE;
	if (path->expiry_set)
		NLA_PUT_U32(msg, PMIP6_A_PATH_EXPIRY_SET, path->expiry_set);
	else
		NLA_PUT_U64(msg, PMIP6_A_PATH_LIFETIME, path->lifetime_ms);
	if (path->bid)
		NLA_PUT_U16(msg, PMIP6_A_PATH_BID, path->bid);
	if (path->encap)
		NLA_PUT_U8(msg, PMIP6_A_PATH_ENCAP, path->encap);
	if (path->priority)
		NLA_PUT_U8(msg, PMIP6_A_PATH_PRIORITY, path->priority);
	if (path->weight)
		NLA_PUT_U8(msg, PMIP6_A_PATH_WEIGHT, path->weight);
	if (path->has_generation && !path->expiry_set)
		NLA_PUT_U32(msg, PMIP6_A_PATH_GENERATION, path->generation);
	if (path->access_ifindex)
		NLA_PUT_U32(msg, PMIP6_A_PATH_ACCESS_IFINDEX,
			    path->access_ifindex);
	if (path->has_lladdr)
		NLA_PUT(msg, PMIP6_A_PATH_LLADDR, ETH_ALEN, path->lladdr);
	nla_nest_end(msg, nest);
	return 0;
nla_put_failure:
	return -NLE_MSGSIZE;
}

static int put_paths(struct nl_msg *msg, const struct genl_binding *binding)
{
	/* Kept also when it is empty: no path means drop. */
	struct nlattr *nest = nla_nest_start(msg, PMIP6_A_BINDING_PATHS);
	unsigned int i;

	if (!nest)
		return -NLE_MSGSIZE;
	for (i = 0; i < binding->path_count; i++)
		if (put_path(msg, &binding->path[i]))
			return -NLE_MSGSIZE;
	nla_nest_end_keep_empty(msg, nest);
	return 0;
}

int genl_put_binding(struct nl_msg *msg, const struct genl_binding *binding)
{
	struct nla_bitfield32 flags = {
		.value = binding->flags,
		.selector = binding->flags_mask,
	};

	NLA_PUT_U32(msg, PMIP6_A_BINDING_IFINDEX, binding->ifindex);
	if (genl_put_addr(msg, PMIP6_A_BINDING_HNP, &binding->hnp.addr,
			  binding->hnp.len))
		return -NLE_MSGSIZE;
	if (binding->flags_mask)
		NLA_PUT(msg, PMIP6_A_BINDING_FLAGS, sizeof(flags), &flags);
	if (binding->has_cookie)
		NLA_PUT_U64(msg, PMIP6_A_BINDING_COOKIE, binding->cookie);
	if (binding->has_paths)
		return put_paths(msg, binding);
	return 0;
nla_put_failure:
	return -NLE_MSGSIZE;
}

int genl_put_expiry_set(struct nl_msg *msg, const struct genl_expiry_set *set)
{
	NLA_PUT_U32(msg, PMIP6_A_EXPIRY_SET_IFINDEX, set->ifindex);
	NLA_PUT_U32(msg, PMIP6_A_EXPIRY_SET_ID, set->id);
	if (set->has_lifetime)
		NLA_PUT_U64(msg, PMIP6_A_EXPIRY_SET_LIFETIME, set->lifetime_ms);
	if (set->has_generation)
		NLA_PUT_U32(msg, PMIP6_A_EXPIRY_SET_GENERATION,
			    set->generation);
	return 0;
nla_put_failure:
	return -NLE_MSGSIZE;
}

static void get_u8(struct nlattr *attr, uint8_t *value)
{
	if (attr)
		*value = nla_get_u8(attr);
}

static void get_u16(struct nlattr *attr, uint16_t *value)
{
	if (attr)
		*value = nla_get_u16(attr);
}

static void get_u32(struct nlattr *attr, uint32_t *value)
{
	if (attr)
		*value = nla_get_u32(attr);
}

static void get_u64(struct nlattr *attr, uint64_t *value)
{
	if (attr)
		*value = nla_get_u64(attr);
}

static void get_string(struct nlattr *attr, char *to, size_t size)
{
	if (attr)
		nla_strlcpy(to, attr, size);
}

void genl_get_addr(struct nlattr *attr, struct in6_addr *addr, uint8_t *len)
{
	static struct nla_policy policy[PMIP6_A_ADDR_MAX + 1] = {
		[PMIP6_A_ADDR_FAMILY] = { .type = NLA_U16 },
		[PMIP6_A_ADDR_ADDRESS] = { .minlen = 4, .maxlen = 16 },
		[PMIP6_A_ADDR_PREFIXLEN] = { .type = NLA_U8 },
	};
	struct nlattr *tb[PMIP6_A_ADDR_MAX + 1];

	if (!attr || nla_parse_nested(tb, PMIP6_A_ADDR_MAX, attr, policy) < 0)
		return;
	if (tb[PMIP6_A_ADDR_ADDRESS])
		nla_memcpy(addr, tb[PMIP6_A_ADDR_ADDRESS], sizeof(*addr));
	if (len)
		get_u8(tb[PMIP6_A_ADDR_PREFIXLEN], len);
}

void genl_get_stats(struct nlattr *attr, struct genl_stats *stats)
{
	struct nlattr *tb[PMIP6_A_STATS_MAX + 1];

	if (!attr || nla_parse_nested(tb, PMIP6_A_STATS_MAX, attr, NULL) < 0)
		return;
	get_u64(tb[PMIP6_A_STATS_RX_PACKETS], &stats->rx_packets);
	get_u64(tb[PMIP6_A_STATS_RX_BYTES], &stats->rx_bytes);
	get_u64(tb[PMIP6_A_STATS_TX_PACKETS], &stats->tx_packets);
	get_u64(tb[PMIP6_A_STATS_TX_BYTES], &stats->tx_bytes);
	stats->has_local = tb[PMIP6_A_STATS_LOCAL_PACKETS];
	get_u64(tb[PMIP6_A_STATS_LOCAL_PACKETS], &stats->local_packets);
	get_u64(tb[PMIP6_A_STATS_LOCAL_BYTES], &stats->local_bytes);
}

static void get_path(struct nlattr *attr, struct genl_path *path)
{
	struct nlattr *tb[PMIP6_A_PATH_MAX + 1];

	if (nla_parse_nested(tb, PMIP6_A_PATH_MAX, attr, NULL) < 0)
		return;
	get_u16(tb[PMIP6_A_PATH_BID], &path->bid);
	genl_get_addr(tb[PMIP6_A_PATH_REMOTE], &path->remote, NULL);
	get_u8(tb[PMIP6_A_PATH_ENCAP], &path->encap);
	get_u8(tb[PMIP6_A_PATH_PRIORITY], &path->priority);
	get_u8(tb[PMIP6_A_PATH_WEIGHT], &path->weight);
	get_u64(tb[PMIP6_A_PATH_LIFETIME], &path->lifetime_ms);
	get_u32(tb[PMIP6_A_PATH_EXPIRY_SET], &path->expiry_set);
	path->has_generation = tb[PMIP6_A_PATH_GENERATION];
	get_u32(tb[PMIP6_A_PATH_GENERATION], &path->generation);
	get_u32(tb[PMIP6_A_PATH_ACCESS_IFINDEX], &path->access_ifindex);
	path->has_lladdr = tb[PMIP6_A_PATH_LLADDR];
	if (path->has_lladdr)
		nla_memcpy(path->lladdr, tb[PMIP6_A_PATH_LLADDR], ETH_ALEN);
}

int genl_get_binding(struct nlmsghdr *nlh, struct genl_binding *binding)
{
	struct nlattr *tb[PMIP6_A_BINDING_MAX + 1], *item;
	int err, rem;

	memset(binding, 0, sizeof(*binding));
	err = genlmsg_parse(nlh, 0, tb, PMIP6_A_BINDING_MAX, NULL);
	if (err < 0)
		return err;
	get_u32(tb[PMIP6_A_BINDING_IFINDEX], &binding->ifindex);
	genl_get_addr(tb[PMIP6_A_BINDING_HNP], &binding->hnp.addr,
		      &binding->hnp.len);
	if (tb[PMIP6_A_BINDING_FLAGS])
		nla_memcpy(&binding->flags, tb[PMIP6_A_BINDING_FLAGS],
			   sizeof(binding->flags));
	binding->has_cookie = tb[PMIP6_A_BINDING_COOKIE];
	get_u64(tb[PMIP6_A_BINDING_COOKIE], &binding->cookie);
	genl_get_stats(tb[PMIP6_A_BINDING_STATS], &binding->stats);
	binding->has_paths = tb[PMIP6_A_BINDING_PATHS];
	if (!binding->has_paths)
		return 0;
	nla_for_each_nested(item, tb[PMIP6_A_BINDING_PATHS], rem)
		if (binding->path_count < GENL_MAX_PATHS)
			get_path(item, &binding->path[binding->path_count++]);
	return 0;
}

int genl_get_expiry_set(struct nlmsghdr *nlh, struct genl_expiry_set *set)
{
	struct nlattr *tb[PMIP6_A_EXPIRY_SET_MAX + 1];
	int err;

	memset(set, 0, sizeof(*set));
	err = genlmsg_parse(nlh, 0, tb, PMIP6_A_EXPIRY_SET_MAX, NULL);
	if (err < 0)
		return err;
	get_u32(tb[PMIP6_A_EXPIRY_SET_IFINDEX], &set->ifindex);
	get_u32(tb[PMIP6_A_EXPIRY_SET_ID], &set->id);
	set->has_lifetime = tb[PMIP6_A_EXPIRY_SET_LIFETIME];
	get_u64(tb[PMIP6_A_EXPIRY_SET_LIFETIME], &set->lifetime_ms);
	set->has_generation = tb[PMIP6_A_EXPIRY_SET_GENERATION];
	get_u32(tb[PMIP6_A_EXPIRY_SET_GENERATION], &set->generation);
	get_u32(tb[PMIP6_A_EXPIRY_SET_PATHS], &set->paths);
	return 0;
}

int genl_get_tunnel(struct nlmsghdr *nlh, struct genl_tunnel *tunnel)
{
	struct nlattr *tb[PMIP6_A_TUNNEL_MAX + 1];
	int err;

	memset(tunnel, 0, sizeof(*tunnel));
	err = genlmsg_parse(nlh, 0, tb, PMIP6_A_TUNNEL_MAX, NULL);
	if (err < 0)
		return err;
	get_u32(tb[PMIP6_A_TUNNEL_IFINDEX], &tunnel->ifindex);
	genl_get_addr(tb[PMIP6_A_TUNNEL_LOCAL], &tunnel->local, NULL);
	genl_get_addr(tb[PMIP6_A_TUNNEL_REMOTE], &tunnel->remote, NULL);
	get_u8(tb[PMIP6_A_TUNNEL_ENCAP], &tunnel->encap);
	get_u32(tb[PMIP6_A_TUNNEL_PATHS], &tunnel->paths);
	get_u32(tb[PMIP6_A_TUNNEL_MTU], &tunnel->mtu);
	genl_get_stats(tb[PMIP6_A_TUNNEL_STATS], &tunnel->stats);
	return 0;
}

static void get_drops(struct nlattr *attr, uint64_t *drops)
{
	struct nlattr *tb[__PMIP6_DROP_MAX];
	unsigned int why;

	if (!attr || nla_parse_nested(tb, PMIP6_DROP_MAX, attr, NULL) < 0)
		return;
	for (why = PMIP6_DROP_NO_BINDING; why <= PMIP6_DROP_MAX; why++)
		get_u64(tb[why], &drops[why]);
}

static void get_fastpath(struct nlattr *attr, struct genl_device *device)
{
	struct nlattr *one;
	int rem;

	if (!attr)
		return;
	device->has_fastpath = true;
	nla_for_each_nested(one, attr, rem) {
		switch (nla_type(one)) {
		case PMIP6_A_FASTPATH_IFINDEX:
			if (device->fastpath_count < PMIP6_FASTPATH_MAX_IFACES)
				get_u32(one, &device->fastpath[device->fastpath_count++]);
			break;
		case PMIP6_A_FASTPATH_RX_PACKETS:
			get_u64(one, &device->fast_rx_packets);
			break;
		case PMIP6_A_FASTPATH_TX_PACKETS:
			get_u64(one, &device->fast_tx_packets);
			break;
		}
	}
}

int genl_get_device(struct nlmsghdr *nlh, struct genl_device *device)
{
	struct nlattr *tb[PMIP6_A_DEVICE_MAX + 1];
	int err;

	memset(device, 0, sizeof(*device));
	err = genlmsg_parse(nlh, 0, tb, PMIP6_A_DEVICE_MAX, NULL);
	if (err < 0)
		return err;
	get_u32(tb[PMIP6_A_DEVICE_IFINDEX], &device->ifindex);
	get_string(tb[PMIP6_A_DEVICE_NAME], device->name, sizeof(device->name));
	get_u8(tb[PMIP6_A_DEVICE_ROLE], &device->role);
	genl_get_addr(tb[PMIP6_A_DEVICE_LOCAL], &device->local, NULL);
	get_u8(tb[PMIP6_A_DEVICE_HOP_LIMIT], &device->hop_limit);
	get_u32(tb[PMIP6_A_DEVICE_LINK], &device->link);
	get_u32(tb[PMIP6_A_DEVICE_FWMARK], &device->fwmark);
	get_u32(tb[PMIP6_A_DEVICE_BINDINGS], &device->bindings);
	get_u32(tb[PMIP6_A_DEVICE_TUNNELS], &device->tunnels);
	genl_get_stats(tb[PMIP6_A_DEVICE_STATS], &device->stats);
	get_drops(tb[PMIP6_A_DEVICE_DROPS], device->drops);
	get_fastpath(tb[PMIP6_A_DEVICE_FASTPATH], device);
	device->has_overtook = tb[PMIP6_A_DEVICE_OVERTOOK];
	get_u64(tb[PMIP6_A_DEVICE_OVERTOOK], &device->overtook);
	return 0;
}

int genl_get_info(struct nlmsghdr *nlh, struct genl_info *info)
{
	struct nlattr *tb[PMIP6_A_INFO_MAX + 1];
	int err;

	memset(info, 0, sizeof(*info));
	err = genlmsg_parse(nlh, 0, tb, PMIP6_A_INFO_MAX, NULL);
	if (err < 0)
		return err;
	get_string(tb[PMIP6_A_INFO_VERSION], info->version,
		   sizeof(info->version));
	get_u64(tb[PMIP6_A_INFO_CAPABILITIES], &info->capabilities);
	return 0;
}

int genl_get_event(struct nlmsghdr *nlh, struct genl_event *event)
{
	struct nlattr *tb[PMIP6_A_EVENT_MAX + 1];
	int err;

	memset(event, 0, sizeof(*event));
	err = genlmsg_parse(nlh, 0, tb, PMIP6_A_EVENT_MAX, NULL);
	if (err < 0)
		return err;
	event->cmd = genlmsg_hdr(nlh)->cmd;
	get_u32(tb[PMIP6_A_EVENT_IFINDEX], &event->ifindex);
	genl_get_addr(tb[PMIP6_A_EVENT_HNP], &event->hnp.addr, &event->hnp.len);
	get_u64(tb[PMIP6_A_EVENT_COOKIE], &event->cookie);
	get_u16(tb[PMIP6_A_EVENT_BID], &event->bid);
	get_u32(tb[PMIP6_A_EVENT_EXPIRY_SET], &event->expiry_set);
	get_u32(tb[PMIP6_A_EVENT_GENERATION], &event->generation);
	genl_get_addr(tb[PMIP6_A_EVENT_ADDRESS], &event->address, NULL);
	event->has_remote = tb[PMIP6_A_EVENT_REMOTE];
	genl_get_addr(tb[PMIP6_A_EVENT_REMOTE], &event->remote, NULL);
	get_u32(tb[PMIP6_A_EVENT_ACCESS_IFINDEX], &event->access_ifindex);
	get_u32(tb[PMIP6_A_EVENT_DROP], &event->drop);
	get_u32(tb[PMIP6_A_EVENT_PATHS], &event->paths);
	return 0;
}

const char *genl_drop_name(unsigned int drop)
{
	static const char *const names[__PMIP6_DROP_MAX] = {
		[PMIP6_DROP_NO_BINDING] = "no-binding",
		[PMIP6_DROP_NO_PATH] = "no-path",
		[PMIP6_DROP_EXPIRED] = "expired",
		[PMIP6_DROP_ACCESS_LINK] = "access-link",
		[PMIP6_DROP_LLADDR] = "link-layer-address",
		[PMIP6_DROP_WRONG_TUNNEL] = "wrong-tunnel",
		[PMIP6_DROP_BAD_ADDRESS] = "bad-address",
		[PMIP6_DROP_PROTOCOL] = "protocol",
		[PMIP6_DROP_MALFORMED] = "malformed",
		[PMIP6_DROP_ECN] = "ecn",
		[PMIP6_DROP_TOO_BIG] = "too-big",
		[PMIP6_DROP_NO_ROUTE] = "no-route",
		[PMIP6_DROP_LOOP] = "loop",
		[PMIP6_DROP_POLICY] = "policy",
		[PMIP6_DROP_NO_TUNNEL] = "no-tunnel",
		[PMIP6_DROP_NO_MEMORY] = "no-memory",
		[PMIP6_DROP_DOWN] = "down",
		[PMIP6_DROP_FLOW] = "flow",
	};

	return drop < __PMIP6_DROP_MAX && names[drop] ? names[drop] : "unknown";
}

const char *genl_role_name(unsigned int role)
{
	switch (role) {
	case PMIP6_ROLE_LMA:
		return "lma";
	case PMIP6_ROLE_MAG:
		return "mag";
	default:
		return "unknown";
	}
}

const char *genl_encap_name(unsigned int encap)
{
	switch (encap) {
	case PMIP6_ENCAP_IPV6:
		return "ipv6";
	case PMIP6_ENCAP_IPV4:
		return "ipv4";
	case PMIP6_ENCAP_UDP:
		return "udp";
	case PMIP6_ENCAP_GRE:
		return "gre";
	default:
		return "unknown";
	}
}
