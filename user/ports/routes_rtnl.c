// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "routes_rtnl.h"

static struct nl_msg *message(int type, int flags, void *header, size_t len)
{
	struct nl_msg *msg = nlmsg_alloc_simple(type, flags);

	/* All that is put into it fits by far; only memory can be short. */
	if (!msg || nlmsg_append(msg, header, len, NLMSG_ALIGNTO))
		abort();
	return msg;
}

static void put(struct nl_msg *msg, int type, const void *data, int len)
{
	if (nla_put(msg, type, len, data))
		abort();
}

static void put_u32(struct nl_msg *msg, int type, uint32_t value)
{
	put(msg, type, &value, sizeof(value));
}

static void put_gateway(struct nl_msg *msg)
{
	struct in6_addr gateway;

	inet_pton(AF_INET6, ROUTES_TUNNEL_GATEWAY, &gateway);
	put(msg, RTA_GATEWAY, &gateway, sizeof(gateway));
}

static struct nl_msg *route_message(int type, int flags,
				    const struct route *route)
{
	struct rtmsg rtm = {
		.rtm_family = AF_INET6,
		.rtm_dst_len = route->prefix.len,
		.rtm_table = RT_TABLE_UNSPEC,
		.rtm_protocol = ROUTES_PROTOCOL,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = route->unreachable ? RTN_UNREACHABLE : RTN_UNICAST,
	};
	struct nl_msg *msg = message(type, flags, &rtm, sizeof(rtm));

	if (route->prefix.len)
		put(msg, RTA_DST, &route->prefix.addr,
		    sizeof(route->prefix.addr));
	put_u32(msg, RTA_TABLE, route->table);
	if (route->ifindex)
		put_u32(msg, RTA_OIF, route->ifindex);
	if (route->tunnel && type == RTM_NEWROUTE)
		put_gateway(msg);
	if (route->metric)
		put_u32(msg, RTA_PRIORITY, route->metric);
	return msg;
}

void route_add(struct nl_queue *queue, const struct route *route,
	       nl_done_t done, void *context)
{
	nl_queue_submit(queue,
			route_message(RTM_NEWROUTE,
				      NLM_F_CREATE | NLM_F_REPLACE, route),
			NULL, done, context);
}

void route_delete(struct nl_queue *queue, const struct route *route,
		  nl_done_t done, void *context)
{
	nl_queue_submit(queue, route_message(RTM_DELROUTE, 0, route), NULL,
			done, context);
}

void route_dump(struct nl_queue *queue, nl_each_t each, nl_done_t done,
		void *context)
{
	/* Kernels that filter leave out those of others. */
	struct rtmsg rtm = {
		.rtm_family = AF_INET6,
		.rtm_protocol = ROUTES_PROTOCOL,
	};

	nl_queue_submit(queue, message(RTM_GETROUTE, NLM_F_DUMP, &rtm,
				       sizeof(rtm)), each, done, context);
}

static uint32_t get_u32(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

bool route_get(struct nlmsghdr *nlh, struct route *route)
{
	struct nlattr *tb[RTA_MAX + 1];
	const struct rtmsg *rtm = nlmsg_data(nlh);

	if (nlh->nlmsg_type != RTM_NEWROUTE ||
	    nlmsg_parse(nlh, sizeof(*rtm), tb, RTA_MAX, NULL) ||
	    rtm->rtm_family != AF_INET6 ||
	    rtm->rtm_protocol != ROUTES_PROTOCOL)
		return false;
	memset(route, 0, sizeof(*route));
	route->prefix.len = rtm->rtm_dst_len;
	if (tb[RTA_DST])
		nla_memcpy(&route->prefix.addr, tb[RTA_DST],
			   sizeof(route->prefix.addr));
	route->table = tb[RTA_TABLE] ? get_u32(tb[RTA_TABLE]) : rtm->rtm_table;
	route->metric = get_u32(tb[RTA_PRIORITY]);
	route->unreachable = rtm->rtm_type == RTN_UNREACHABLE;
	/* What is unreachable is said to be so by way of lo. */
	if (!route->unreachable)
		route->ifindex = get_u32(tb[RTA_OIF]);
	return true;
}

static struct nl_msg *rule_message(int type, int flags,
				   const struct routing_rule *rule)
{
	struct fib_rule_hdr header = {
		.family = AF_INET6,
		.src_len = rule->from.len,
		.table = RT_TABLE_UNSPEC,
		.action = rule->table ? FR_ACT_TO_TBL : FR_ACT_BLACKHOLE,
	};
	struct nl_msg *msg = message(type, flags, &header, sizeof(header));
	uint8_t protocol = ROUTES_PROTOCOL;

	put_u32(msg, FRA_PRIORITY, rule->preference);
	if (rule->from.len)
		put(msg, FRA_SRC, &rule->from.addr, sizeof(rule->from.addr));
	put(msg, FRA_IIFNAME, rule->iif, (int)strlen(rule->iif) + 1);
	put(msg, FRA_PROTOCOL, &protocol, sizeof(protocol));
	if (rule->table)
		put_u32(msg, FRA_TABLE, rule->table);
	return msg;
}

void rule_add(struct nl_queue *queue, const struct routing_rule *rule,
	      nl_done_t done, void *context)
{
	nl_queue_submit(queue,
			rule_message(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL,
				     rule),
			NULL, done, context);
}

void rule_delete(struct nl_queue *queue, const struct routing_rule *rule,
		 nl_done_t done, void *context)
{
	nl_queue_submit(queue, rule_message(RTM_DELRULE, 0, rule), NULL, done,
			context);
}

void rule_dump(struct nl_queue *queue, nl_each_t each, nl_done_t done,
	       void *context)
{
	struct fib_rule_hdr header = { .family = AF_INET6 };

	nl_queue_submit(queue, message(RTM_GETRULE, NLM_F_DUMP, &header,
				       sizeof(header)), each, done, context);
}

bool rule_get(struct nlmsghdr *nlh, struct routing_rule *rule)
{
	struct nlattr *tb[FRA_MAX + 1];
	const struct fib_rule_hdr *header = nlmsg_data(nlh);

	if (nlh->nlmsg_type != RTM_NEWRULE ||
	    nlmsg_parse(nlh, sizeof(*header), tb, FRA_MAX, NULL) ||
	    header->family != AF_INET6 || !tb[FRA_PROTOCOL] ||
	    nla_get_u8(tb[FRA_PROTOCOL]) != ROUTES_PROTOCOL)
		return false;
	memset(rule, 0, sizeof(*rule));
	rule->preference = get_u32(tb[FRA_PRIORITY]);
	rule->from.len = header->src_len;
	if (tb[FRA_SRC])
		nla_memcpy(&rule->from.addr, tb[FRA_SRC],
			   sizeof(rule->from.addr));
	if (tb[FRA_IIFNAME])
		nla_strlcpy(rule->iif, tb[FRA_IIFNAME], sizeof(rule->iif));
	if (header->action == FR_ACT_TO_TBL)
		rule->table = tb[FRA_TABLE] ? get_u32(tb[FRA_TABLE]) :
					      header->table;
	return true;
}

void link_ensure(struct nl_queue *queue, const struct link_spec *spec,
		 nl_done_t done, void *context)
{
	nl_queue_submit(queue, link_request(spec, NLM_F_CREATE), NULL, done,
			context);
}

void link_change(struct nl_queue *queue, const struct link_spec *spec,
		 nl_done_t done, void *context)
{
	nl_queue_submit(queue, link_request(spec, 0), NULL, done, context);
}

void link_set_address(struct nl_queue *queue, uint32_t ifindex,
		      const uint8_t lladdr[ETH_ALEN], nl_done_t done,
		      void *context)
{
	struct ifinfomsg ifi = { .ifi_index = (int)ifindex };
	struct nl_msg *msg = message(RTM_SETLINK, 0, &ifi, sizeof(ifi));

	put(msg, IFLA_ADDRESS, lladdr, ETH_ALEN);
	nl_queue_submit(queue, msg, NULL, done, context);
}

static struct nl_msg *address_message(int type, int flags, uint32_t ifindex,
				      const struct in6_addr *address,
				      uint8_t len)
{
	struct ifaddrmsg ifa = {
		.ifa_family = AF_INET6,
		.ifa_prefixlen = len,
		.ifa_scope = IN6_IS_ADDR_LINKLOCAL(address) ? RT_SCOPE_LINK :
							      RT_SCOPE_UNIVERSE,
		.ifa_index = ifindex,
	};
	struct nl_msg *msg = message(type, flags, &ifa, sizeof(ifa));
	uint8_t proto = ROUTES_PROTOCOL;

	put(msg, IFA_LOCAL, address, sizeof(*address));
	put(msg, IFA_ADDRESS, address, sizeof(*address));
	put(msg, IFA_PROTO, &proto, sizeof(proto));
	return msg;
}

void address_add(struct nl_queue *queue, uint32_t ifindex,
		 const struct in6_addr *address, uint8_t len, nl_done_t done,
		 void *context)
{
	struct nl_msg *msg = address_message(RTM_NEWADDR,
					     NLM_F_CREATE | NLM_F_EXCL, ifindex,
					     address, len);

	put_u32(msg, IFA_FLAGS, IFA_F_NODAD | IFA_F_PERMANENT);
	nl_queue_submit(queue, msg, NULL, done, context);
}

void address_add_detected(struct nl_queue *queue, uint32_t ifindex,
			  const struct in6_addr *address, uint8_t len,
			  nl_done_t done, void *context)
{
	struct nl_msg *msg = address_message(RTM_NEWADDR,
					     NLM_F_CREATE | NLM_F_EXCL, ifindex,
					     address, len);

	put_u32(msg, IFA_FLAGS, IFA_F_PERMANENT);
	nl_queue_submit(queue, msg, NULL, done, context);
}

void address_delete(struct nl_queue *queue, uint32_t ifindex,
		    const struct in6_addr *address, uint8_t len,
		    nl_done_t done, void *context)
{
	struct nl_msg *msg = address_message(RTM_DELADDR, 0, ifindex, address,
					     len);

	nl_queue_submit(queue, msg, NULL, done, context);
}

void address_dump(struct nl_queue *queue, nl_each_t each, nl_done_t done,
		  void *context)
{
	struct ifaddrmsg ifa = { .ifa_family = AF_INET6 };

	nl_queue_submit(queue, message(RTM_GETADDR, NLM_F_DUMP, &ifa,
				       sizeof(ifa)), each, done, context);
}

bool address_get(struct nlmsghdr *nlh, struct link_address *address)
{
	struct nlattr *tb[IFA_MAX + 1];
	const struct ifaddrmsg *ifa = nlmsg_data(nlh);

	if (nlh->nlmsg_type != RTM_NEWADDR ||
	    nlmsg_parse(nlh, sizeof(*ifa), tb, IFA_MAX, NULL) ||
	    ifa->ifa_family != AF_INET6 || !tb[IFA_ADDRESS] ||
	    !tb[IFA_PROTO] || nla_get_u8(tb[IFA_PROTO]) != ROUTES_PROTOCOL)
		return false;
	memset(address, 0, sizeof(*address));
	address->ifindex = ifa->ifa_index;
	address->len = ifa->ifa_prefixlen;
	nla_memcpy(&address->address, tb[IFA_ADDRESS],
		   sizeof(address->address));
	return true;
}

void neighbour_probe(struct nl_queue *queue, uint32_t ifindex,
		     const struct in6_addr *address, const uint8_t *lladdr)
{
	struct ndmsg ndm = {
		.ndm_family = AF_INET6,
		.ndm_ifindex = (int)ifindex,
		.ndm_state = NUD_PROBE,
	};
	struct nl_msg *msg = message(RTM_NEWNEIGH,
				     NLM_F_CREATE | NLM_F_REPLACE, &ndm,
				     sizeof(ndm));

	put(msg, NDA_DST, address, sizeof(*address));
	put(msg, NDA_LLADDR, lladdr, ETH_ALEN);
	nl_queue_submit(queue, msg, NULL, NULL, NULL);
}
