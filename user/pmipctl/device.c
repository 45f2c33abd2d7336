// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>
#include <netlink/socket.h>

#include "../nl/link.h"
#include "args.h"
#include "nl.h"
#include "out.h"
#include "pmipctl.h"
#include "show.h"

static void show_fastpath(const struct genl_device *device)
{
	unsigned int i;

	if (!device->fastpath_count)
		return;
	out_list("fastpath");
	for (i = 0; i < device->fastpath_count; i++)
		show_ifname(NULL, i ? NULL : "fastpath ", device->fastpath[i]);
	out_list_end();
}

static void show_one(struct nlmsghdr *nlh, void *context)
{
	struct genl_device device;

	(void)context;
	if (genl_get_device(nlh, &device))
		return;
	out_object();
	out_string("name", NULL, device.name);
	out_string("role", "role ", genl_role_name(device.role));
	out_addr("local", "local ", &device.local);
	out_u64("hop_limit", "hoplimit ", device.hop_limit);
	if (device.link)
		show_ifname("link", "link ", device.link);
	if (device.fwmark)
		out_u64("fwmark", "fwmark ", device.fwmark);
	out_u64("bindings", "bindings ", device.bindings);
	out_u64("tunnels", "tunnels ", device.tunnels);
	show_fastpath(&device);
	show_stats(&device.stats);
	out_object_end();
}

static int show(int argc, char **argv)
{
	uint32_t ifindex = 0;

	if (argc > 1)
		return fail("device show takes one device at most");
	if (argc && !arg_ifindex(argv[0], &ifindex))
		return 1;
	return show_dump(PMIP6_CMD_DEVICE_GET, PMIP6_A_DEVICE_IFINDEX, ifindex,
			 "devices", show_one);
}

static bool parse_role(const char *word, uint8_t *role)
{
	if (!strcmp(word, "lma"))
		*role = PMIP6_ROLE_LMA;
	else if (!strcmp(word, "mag"))
		*role = PMIP6_ROLE_MAG;
	else
		return !fail("\"%s\" is not a role, which is lma or mag", word);
	return true;
}

static bool parse_pair(const char *key, const char *value,
		       struct link_spec *spec)
{
	uint32_t hop_limit;

	if (!strcmp(key, "role"))
		return parse_role(value, &spec->role);
	if (!strcmp(key, "local")) {
		spec->has_local = true;
		return arg_addr(value, &spec->local);
	}
	if (!strcmp(key, "hoplimit")) {
		if (!arg_u32(key, value, 1, 255, &hop_limit))
			return false;
		spec->hop_limit = (uint8_t)hop_limit;
		return true;
	}
	if (!strcmp(key, "link")) {
		spec->has_link = true;
		return !strcmp(value, "none") || arg_ifindex(value, &spec->link);
	}
	if (!strcmp(key, "fwmark")) {
		spec->has_fwmark = true;
		return arg_u32(key, value, 0, UINT32_MAX, &spec->fwmark);
	}
	return !fail("unknown word \"%s\"", key);
}

/* "off", or "on dev" and interfaces to the end of the line. */
static bool parse_fastpath(int argc, char **argv, struct link_spec *spec)
{
	spec->has_fastpath = true;
	if (argc == 1 && !strcmp(argv[0], "off"))
		return true;
	if (argc < 3 || strcmp(argv[0], "on") != 0 || strcmp(argv[1], "dev") != 0)
		return !fail("fastpath comes last, and is off, or on dev and one interface or more");
	for (argc -= 2, argv += 2; argc; argc--, argv++) {
		if (spec->fastpath_count == PMIP6_FASTPATH_MAX_IFACES)
			return !fail("fastpath takes %d interfaces at most",
				     PMIP6_FASTPATH_MAX_IFACES);
		if (!arg_ifindex(argv[0], &spec->fastpath[spec->fastpath_count++]))
			return false;
	}
	return true;
}

static bool parse_spec(int argc, char **argv, struct link_spec *spec)
{
	const char *value;

	if (!argc)
		return !fail("the name of a device is missing");
	if (!*argv[0] || strlen(argv[0]) >= sizeof(spec->name))
		return !fail("\"%s\" is not a name for a device", argv[0]);
	strcpy(spec->name, argv[0]);
	for (argc--, argv++; argc; argc -= 2, argv += 2) {
		if (!strcmp(argv[0], "fastpath"))
			return parse_fastpath(argc - 1, argv + 1, spec);
		value = arg_value(argc, argv);
		if (!value || !parse_pair(argv[0], value, spec))
			return false;
	}
	return true;
}

static int request(struct nl_msg *msg, const char *name)
{
	struct nl_sock *sock = nl_route();
	int status;

	if (!sock)
		return 1;
	status = nl_do(sock, msg, name, NULL, NULL, NULL);
	nl_socket_free(sock);
	return status;
}

static int add(int argc, char **argv)
{
	struct link_spec spec = { .up = true };

	if (!parse_spec(argc, argv, &spec))
		return 1;
	return request(link_request(&spec, NLM_F_REQUEST | NLM_F_CREATE |
					   NLM_F_EXCL), spec.name);
}

static int set(int argc, char **argv)
{
	struct link_spec spec = { 0 };

	if (!parse_spec(argc, argv, &spec))
		return 1;
	return request(link_request(&spec, NLM_F_REQUEST), spec.name);
}

static int del(int argc, char **argv)
{
	uint32_t ifindex;

	if (argc != 1)
		return fail("device del takes the name of one device");
	if (!arg_ifindex(argv[0], &ifindex))
		return 1;
	return request(link_delete_request(argv[0]), argv[0]);
}

static const struct verb verbs[] = {
	{ "show", show, "[DEV]" },
	{ "add", add, "DEV role lma|mag local ADDR [hoplimit N] [link IFACE] [fwmark N]" },
	{ "set", set, "DEV [hoplimit N] [link IFACE|none] [fwmark N] [fastpath off|on dev IFACE...]" },
	{ "del", del, "DEV" },
	{ 0 }
};

const struct noun noun_device = { "device", verbs };
