// SPDX-License-Identifier: GPL-2.0
#include <net/if.h>
#include <stdio.h>

#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "nl.h"
#include "out.h"
#include "pmipctl.h"
#include "show.h"

void show_stats(const struct genl_stats *stats)
{
	if (!options.statistics)
		return;
	out_text("\n   ");
	out_nest("stats");
	out_u64("rx_packets", " rx packets ", stats->rx_packets);
	out_u64("rx_bytes", "bytes ", stats->rx_bytes);
	out_u64("tx_packets", "tx packets ", stats->tx_packets);
	out_u64("tx_bytes", "bytes ", stats->tx_bytes);
	if (stats->has_local) {
		out_u64("local_packets", " local packets ",
			stats->local_packets);
		out_u64("local_bytes", "bytes ", stats->local_bytes);
	}
	out_nest_end();
}

void show_ifname(const char *key, const char *label, uint32_t ifindex)
{
	char name[IF_NAMESIZE];

	if (!if_indextoname(ifindex, name))
		snprintf(name, sizeof(name), "if%u", ifindex);
	out_string(key, label, name);
}

int show_dump(enum pmip6_cmd cmd, int ifindex_attr, uint32_t ifindex,
	      const char *what,
	      void (*each)(struct nlmsghdr *nlh, void *context))
{
	bool interrupted = false;
	struct nl_sock *sock;
	struct nl_msg *msg;
	int family, status;

	family = nl_family(&sock);
	if (family < 0)
		return 1;
	msg = genl_new(family, cmd, NLM_F_REQUEST | NLM_F_DUMP);
	if (msg && ifindex && nla_put_u32(msg, ifindex_attr, ifindex)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	out_begin();
	status = nl_do(sock, msg, what, each, NULL, &interrupted);
	out_end();
	if (interrupted)
		fail("%s changed while they were shown: those that stayed are all there",
		     what);
	nl_socket_free(sock);
	return status;
}
