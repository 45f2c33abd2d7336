// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ev.h>
#include <linux/neighbour.h>
#include <linux/pmip6.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "../engine/alloc.h"
#include "link_monitor.h"
#include "nl_queue.h"

#define EVENT_BUFFER (1 << 20)

struct link_monitor {
	const struct link_listener *listener;
	struct ev_loop *loop;
	struct nl_queue *queue;	/* to read what there is */
	struct nl_sock *sock;	/* to hear what changes */
	struct nl_cb *cb;
	struct ev_io readable;
};

static void get_pmip6(struct nlattr *data, struct link_state *link)
{
	struct nlattr *tb[IFLA_PMIP6_MAX + 1];
	struct nlattr *addr[PMIP6_A_ADDR_MAX + 1];

	if (!data || nla_parse_nested(tb, IFLA_PMIP6_MAX, data, NULL))
		return;
	if (tb[IFLA_PMIP6_ROLE])
		link->role = nla_get_u8(tb[IFLA_PMIP6_ROLE]);
	if (tb[IFLA_PMIP6_LOCAL] &&
	    !nla_parse_nested(addr, PMIP6_A_ADDR_MAX, tb[IFLA_PMIP6_LOCAL],
			      NULL) &&
	    addr[PMIP6_A_ADDR_ADDRESS])
		nla_memcpy(&link->local, addr[PMIP6_A_ADDR_ADDRESS],
			   sizeof(link->local));
}

static void get_kind(struct nlattr *attr, struct link_state *link)
{
	struct nlattr *tb[IFLA_INFO_MAX + 1];

	if (nla_parse_nested(tb, IFLA_INFO_MAX, attr, NULL) ||
	    !tb[IFLA_INFO_KIND] ||
	    nla_strcmp(tb[IFLA_INFO_KIND], PMIP6_LINK_KIND))
		return;
	link->is_pmip6 = true;
	get_pmip6(tb[IFLA_INFO_DATA], link);
}

static void on_link(struct link_monitor *monitor, struct nlmsghdr *nlh)
{
	struct nlattr *tb[IFLA_MAX + 1];
	struct ifinfomsg *ifi = nlmsg_data(nlh);
	struct link_state link = { 0 };

	/* AF_BRIDGE: of a port, and gone is only its being one. */
	if (nlmsg_parse(nlh, sizeof(*ifi), tb, IFLA_MAX, NULL) ||
	    ifi->ifi_family != AF_UNSPEC)
		return;
	link.ifindex = (uint32_t)ifi->ifi_index;
	link.gone = nlh->nlmsg_type == RTM_DELLINK;
	link.up = !link.gone && (ifi->ifi_flags & IFF_UP);
	link.running = link.up && (ifi->ifi_flags & IFF_RUNNING);
	if (tb[IFLA_IFNAME])
		nla_strlcpy(link.name, tb[IFLA_IFNAME], sizeof(link.name));
	if (tb[IFLA_MTU])
		link.mtu = nla_get_u32(tb[IFLA_MTU]);
	if (tb[IFLA_LINKINFO])
		get_kind(tb[IFLA_LINKINFO], &link);
	if (tb[IFLA_ADDRESS] && nla_len(tb[IFLA_ADDRESS]) == ETH_ALEN) {
		link.has_lladdr = true;
		nla_memcpy(link.lladdr, tb[IFLA_ADDRESS], ETH_ALEN);
	}
	monitor->listener->on_link(monitor->listener->context, &link);
}

static void on_neighbour(struct link_monitor *monitor, struct nlmsghdr *nlh)
{
	struct nlattr *tb[NDA_MAX + 1];
	struct ndmsg *ndm = nlmsg_data(nlh);
	struct in6_addr address;

	if (nlmsg_parse(nlh, sizeof(*ndm), tb, NDA_MAX, NULL) ||
	    ndm->ndm_family != AF_INET6 || ndm->ndm_state != NUD_FAILED ||
	    !tb[NDA_DST] || nla_len(tb[NDA_DST]) != sizeof(address))
		return;
	nla_memcpy(&address, tb[NDA_DST], sizeof(address));
	monitor->listener->on_neighbour_failed(monitor->listener->context,
					       (uint32_t)ndm->ndm_ifindex,
					       &address);
}

static void on_message(void *context, struct nlmsghdr *nlh)
{
	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		on_link(context, nlh);
		break;
	case RTM_NEWNEIGH:
		on_neighbour(context, nlh);
		break;
	}
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	on_message(arg, nlmsg_hdr(msg));
	return NL_OK;
}

static int any_seq(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

static void read_links(struct link_monitor *monitor);

static void on_read(void *context, int error, const char *text)
{
	(void)text;
	/* Changed meanwhile: the change itself has been heard or will be. */
	if (error == ENOBUFS)
		read_links(context);
}

static void read_links(struct link_monitor *monitor)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETLINK, NLM_F_DUMP);
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };

	if (!msg || nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO))
		abort();
	nl_queue_submit(monitor->queue, msg, on_message, on_read, monitor);
}

static void on_readable(struct ev_loop *loop, struct ev_io *io, int events)
{
	(void)loop;
	(void)events;
	link_monitor_catch_up(io->data);
}

void link_monitor_catch_up(struct link_monitor *monitor)
{
	int err;

	do {
		errno = 0;
		err = nl_recvmsgs(monitor->sock, monitor->cb);
		if (err == -NLE_NOMEM || (err < 0 && errno == ENOBUFS)) {
			read_links(monitor);
			err = 0;
		}
	} while (err >= 0);
}

static bool open_socket(struct link_monitor *monitor)
{
	monitor->sock = nl_socket_alloc();
	monitor->cb = nl_cb_alloc(NL_CB_CUSTOM);
	if (!monitor->sock || !monitor->cb ||
	    nl_connect(monitor->sock, NETLINK_ROUTE) ||
	    nl_socket_add_memberships(monitor->sock, RTNLGRP_LINK,
				      RTNLGRP_NEIGH, 0))
		return false;
	nl_socket_set_nonblocking(monitor->sock);
	nl_socket_set_buffer_size(monitor->sock, EVENT_BUFFER, 0);
	nl_cb_set(monitor->cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, monitor);
	nl_cb_set(monitor->cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, any_seq, NULL);
	return true;
}

struct link_monitor *link_monitor_new(struct ev_loop *loop,
				      const struct link_listener *listener)
{
	struct link_monitor *monitor = must_alloc(sizeof(*monitor));

	monitor->listener = listener;
	monitor->loop = loop;
	ev_init(&monitor->readable, on_readable);
	monitor->readable.data = monitor;
	monitor->queue = nl_queue_new(loop, NETLINK_ROUTE);
	errno = 0;
	if (!monitor->queue || !open_socket(monitor)) {
		link_monitor_free(monitor);
		errno = errno ? errno : ENOMEM;
		return NULL;
	}
	ev_io_set(&monitor->readable, nl_socket_get_fd(monitor->sock), EV_READ);
	ev_io_start(loop, &monitor->readable);
	read_links(monitor);
	return monitor;
}

void link_monitor_free(struct link_monitor *monitor)
{
	int error = errno;

	if (!monitor)
		return;
	ev_io_stop(monitor->loop, &monitor->readable);
	nl_queue_free(monitor->queue);
	nl_socket_free(monitor->sock);
	nl_cb_put(monitor->cb);
	free(monitor);
	errno = error;
}
