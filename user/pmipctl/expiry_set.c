// SPDX-License-Identifier: GPL-2.0
/*
 * Expiry sets that paths have in common, in the kernel.
 */
#include <string.h>

#include <linux/netlink.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "args.h"
#include "nl.h"
#include "out.h"
#include "pmipctl.h"
#include "show.h"

static void show_one(struct nlmsghdr *nlh, void *context)
{
	struct genl_expiry_set set;

	(void)context;
	if (genl_get_expiry_set(nlh, &set))
		return;
	out_object();
	out_u64("id", NULL, set.id);
	show_ifname("device", "dev ", set.ifindex);
	out_lifetime("lifetime_ms", "lifetime ", set.lifetime_ms);
	out_u64("paths", "paths ", set.paths);
	out_u64("generation", "generation ", set.generation);
	out_object_end();
}

static bool parse_pair(const char *key, const char *value,
		       struct genl_expiry_set *set)
{
	if (!strcmp(key, "dev"))
		return arg_ifindex(value, &set->ifindex);
	if (!strcmp(key, "id"))
		return arg_u32(key, value, 1, PMIP6_EXPIRY_SET_ID_MAX,
			       &set->id);
	if (!strcmp(key, "lifetime")) {
		set->has_lifetime = true;
		return !strcmp(value, "0") ||
		       arg_lifetime(value, &set->lifetime_ms);
	}
	return !fail("unknown word \"%s\"", key);
}

static bool parse_words(int argc, char **argv, struct genl_expiry_set *set)
{
	const char *value;

	memset(set, 0, sizeof(*set));
	for (; argc; argc -= 2, argv += 2) {
		value = arg_value(argc, argv);
		if (!value || !parse_pair(argv[0], value, set))
			return false;
	}
	return true;
}

static bool needs_place(const struct genl_expiry_set *set)
{
	if (!set->id)
		return !fail("the expiry set is missing: id ID");
	if (!set->ifindex)
		return !fail("the device is missing: dev DEV");
	return true;
}

static bool has_place_only(const struct genl_expiry_set *set)
{
	return !set->has_lifetime ||
	       !fail("only id ID and dev DEV say which expiry set");
}

static int request(enum pmip6_cmd cmd, int flags,
		   const struct genl_expiry_set *set,
		   void (*each)(struct nlmsghdr *nlh, void *context))
{
	struct nl_command command;

	if (!nl_command_begin(&command, cmd, flags))
		return 1;
	return nl_command_end(&command, genl_put_expiry_set(command.msg, set),
			      "expiry set", each);
}

static int show(int argc, char **argv)
{
	struct genl_expiry_set set;
	int status;

	if (!parse_words(argc, argv, &set) || !has_place_only(&set))
		return 1;
	if (!set.id)
		return show_dump(PMIP6_CMD_EXPIRY_SET_GET,
				 PMIP6_A_EXPIRY_SET_IFINDEX, set.ifindex,
				 "expiry sets", show_one);
	if (!needs_place(&set))
		return 1;
	out_begin();
	status = request(PMIP6_CMD_EXPIRY_SET_GET, 0, &set, show_one);
	out_end();
	return status;
}

static int give_lifetime(int argc, char **argv, int flags)
{
	struct genl_expiry_set set;

	if (!parse_words(argc, argv, &set) || !needs_place(&set))
		return 1;
	if (!set.has_lifetime)
		return fail("the lifetime is missing: lifetime TIME");
	return request(PMIP6_CMD_EXPIRY_SET_NEW, flags, &set, NULL);
}

static int add(int argc, char **argv)
{
	return give_lifetime(argc, argv, NLM_F_CREATE | NLM_F_EXCL);
}

static int renew(int argc, char **argv)
{
	return give_lifetime(argc, argv, NLM_F_REPLACE);
}

static int del(int argc, char **argv)
{
	struct genl_expiry_set set;

	if (!parse_words(argc, argv, &set) || !has_place_only(&set) ||
	    !needs_place(&set))
		return 1;
	return request(PMIP6_CMD_EXPIRY_SET_DEL, 0, &set, NULL);
}

static const struct verb verbs[] = {
	{ "show", show, "[dev DEV [id ID]]" },
	{ "add", add, "id ID dev DEV lifetime TIME" },
	{ "renew", renew, "id ID dev DEV lifetime TIME" },
	{ "del", del, "id ID dev DEV" },
	{ 0 }
};

const struct noun noun_expiry_set = { "expiry-set", verbs };
