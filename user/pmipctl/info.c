// SPDX-License-Identifier: GPL-2.0
#include <linux/netlink.h>
#include <netlink/socket.h>

#include "nl.h"
#include "out.h"
#include "pmipctl.h"
#include "show.h"

static const char *const capabilities[] = {
	[PMIP6_CAP_ENCAP_IPV6] = "encap-ipv6",
	[PMIP6_CAP_ENCAP_IPV4] = "encap-ipv4",
	[PMIP6_CAP_ENCAP_UDP] = "encap-udp",
	[PMIP6_CAP_ENCAP_GRE] = "encap-gre",
	[PMIP6_CAP_ACCESS_CHECK] = "access-check",
	[PMIP6_CAP_MULTIPATH] = "multipath",
	[PMIP6_CAP_EXPIRY_SETS] = "expiry-sets",
	[PMIP6_CAP_LOCAL_ROUTING] = "local-routing",
	[PMIP6_CAP_FLOWS] = "flows",
	[PMIP6_CAP_HOSTS] = "hosts",
	[PMIP6_CAP_FASTPATH] = "fastpath",
};

static void show_one(struct nlmsghdr *nlh, void *context)
{
	struct genl_info info;
	size_t bit;

	(void)context;
	if (genl_get_info(nlh, &info))
		return;
	out_object();
	out_string("module_version", "module ", info.version);
	out_string("version", "pmipctl ", PMIP6_VERSION);
	out_text(" can ");
	out_nest("capabilities");
	for (bit = 0; bit < sizeof(capabilities) / sizeof(*capabilities); bit++)
		if (info.capabilities & 1ull << bit)
			out_bool(capabilities[bit], capabilities[bit], true);
	out_nest_end();
	out_object_end();
}

static int show(int argc, char **argv)
{
	struct nl_sock *sock;
	int family, status;

	if (argc)
		return fail("unknown word \"%s\"", argv[0]);
	family = nl_family(&sock);
	if (family < 0)
		return 1;
	out_begin();
	status = nl_do(sock, genl_new(family, PMIP6_CMD_INFO_GET,
				      NLM_F_REQUEST), "info", show_one, NULL,
		       NULL);
	out_end();
	nl_socket_free(sock);
	return status;
}

static const struct verb verbs[] = {
	{ "show", show, "" },
	{ 0 }
};

const struct noun noun_info = { "info", verbs };
