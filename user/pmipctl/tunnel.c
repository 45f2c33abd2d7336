// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "args.h"
#include "out.h"
#include "pmipctl.h"
#include "show.h"

static void show_one(struct nlmsghdr *nlh, void *context)
{
	struct genl_tunnel tunnel;

	(void)context;
	if (genl_get_tunnel(nlh, &tunnel))
		return;
	out_object();
	out_addr("remote", NULL, &tunnel.remote);
	out_addr("local", "local ", &tunnel.local);
	show_ifname("device", "dev ", tunnel.ifindex);
	out_string("encap", "encap ", genl_encap_name(tunnel.encap));
	out_u64("paths", "paths ", tunnel.paths);
	if (tunnel.mtu)
		out_u64("mtu", "mtu ", tunnel.mtu);
	else
		out_bool("unreachable", "unreachable", true);
	show_stats(&tunnel.stats);
	out_object_end();
}

static int show(int argc, char **argv)
{
	uint32_t ifindex = 0;

	if (!arg_device(argc, argv, &ifindex))
		return 1;
	return show_dump(PMIP6_CMD_TUNNEL_GET, PMIP6_A_TUNNEL_IFINDEX, ifindex,
			 "tunnels", show_one);
}

static const struct verb verbs[] = {
	{ "show", show, "[dev DEV]" },
	{ 0 }
};

const struct noun noun_tunnel = { "tunnel", verbs };
