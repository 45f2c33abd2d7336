// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "args.h"
#include "nl.h"
#include "out.h"
#include "pmipctl.h"
#include "show.h"

static void show_path(const struct genl_path *path)
{
	out_object();
	out_u64("bid", "  path ", path->bid);
	out_addr("remote", "remote ", &path->remote);
	out_string("encap", "encap ", genl_encap_name(path->encap));
	if (path->priority)
		out_u64("priority", "priority ", path->priority);
	if (path->weight > 1)
		out_u64("weight", "weight ", path->weight);
	out_lifetime("lifetime_ms", "lifetime ", path->lifetime_ms);
	if (path->expiry_set)
		out_u64("expiry_set", "expiry-set ", path->expiry_set);
	if (path->access_ifindex)
		show_ifname("access", "access ", path->access_ifindex);
	if (path->has_lladdr)
		out_lladdr("lladdr", "lladdr ", path->lladdr);
	if (options.statistics)
		out_u64("generation", "generation ", path->generation);
	if (options.json)
		out_object_end();
}

static void show_binding(const struct genl_binding *binding)
{
	unsigned int i;

	out_object();
	out_prefix("hnp", NULL, &binding->hnp);
	show_ifname("device", "dev ", binding->ifindex);
	if (binding->cookie)
		out_u64("cookie", "cookie ", binding->cookie);
	if (binding->flags & PMIP6_BINDING_F_LOCAL_ROUTING)
		out_bool("local_routing", "local-routing", true);
	if (binding->flags & PMIP6_BINDING_F_HOSTS)
		out_bool("hosts", "hosts", true);
	else if (!binding->path_count)
		out_bool("drop", "drop", true);
	out_list("paths");
	for (i = 0; i < binding->path_count; i++) {
		out_text("\n");
		show_path(&binding->path[i]);
	}
	out_list_end();
	show_stats(&binding->stats);
	out_object_end();
}

static void show_one(struct nlmsghdr *nlh, void *context)
{
	struct genl_binding binding;

	(void)context;
	if (!genl_get_binding(nlh, &binding))
		show_binding(&binding);
}

/* What the words of a command say. */
struct words {
	struct genl_binding binding;
	bool has_hnp;
	bool has_path;
	bool has_remote;
	bool has_lifetime;
	/* Which path is spoken of. */
	unsigned int at;
};

static bool is_whole_path(const struct words *words)
{
	bool in_set = words->binding.path[words->at].expiry_set;

	if (!words->has_remote)
		return !fail("the path's remote endpoint is missing: remote ADDR");
	if (words->has_lifetime == in_set)
		return !fail(in_set ?
			     "a path lives as long as lifetime TIME says, or as its expiry-set ID" :
			     "the path's lifetime is missing: lifetime TIME, or expiry-set ID");
	return true;
}

static bool begin_path(struct words *words)
{
	if (!is_whole_path(words))
		return false;
	if (words->at + 1 == GENL_MAX_PATHS)
		return !fail("a binding has %u paths at most", GENL_MAX_PATHS);
	words->at++;
	words->has_remote = false;
	words->has_lifetime = false;
	return true;
}

static bool parse_path_pair(const char *key, const char *value,
			    struct words *words)
{
	struct genl_path *path = &words->binding.path[words->at];
	uint32_t number;

	words->has_path = true;
	if (!strcmp(key, "remote")) {
		words->has_remote = true;
		return arg_addr(value, &path->remote);
	}
	if (!strcmp(key, "lifetime")) {
		words->has_lifetime = true;
		return arg_lifetime(value, &path->lifetime_ms);
	}
	if (!strcmp(key, "expiry-set"))
		return arg_u32(key, value, 1, PMIP6_EXPIRY_SET_ID_MAX,
			       &path->expiry_set);
	if (!strcmp(key, "bid")) {
		if (!arg_u32(key, value, 1, UINT16_MAX, &number))
			return false;
		path->bid = (uint16_t)number;
		return true;
	}
	if (!strcmp(key, "priority")) {
		if (!arg_u32(key, value, 0, UINT8_MAX, &number))
			return false;
		path->priority = (uint8_t)number;
		return true;
	}
	if (!strcmp(key, "weight")) {
		if (!arg_u32(key, value, 1, PMIP6_PATH_WEIGHT_MAX, &number))
			return false;
		path->weight = (uint8_t)number;
		return true;
	}
	if (!strcmp(key, "access"))
		return arg_ifindex(value, &path->access_ifindex);
	if (!strcmp(key, "lladdr")) {
		path->has_lladdr = true;
		return arg_lladdr(value, path->lladdr);
	}
	return !fail("unknown word \"%s\"", key);
}

static bool parse_pair(const char *key, const char *value, struct words *words)
{
	char *end;

	if (!strcmp(key, "dev"))
		return arg_ifindex(value, &words->binding.ifindex);
	if (!strcmp(key, "local-routing")) {
		words->binding.flags_mask |= PMIP6_BINDING_F_LOCAL_ROUTING;
		return arg_flag(key, value, PMIP6_BINDING_F_LOCAL_ROUTING,
				&words->binding.flags);
	}
	if (!strcmp(key, "cookie")) {
		words->binding.has_cookie = true;
		words->binding.cookie = strtoull(value, &end, 0);
		return (*value && !*end) ||
		       !fail("\"%s\" is not a cookie, which is a number", value);
	}
	return parse_path_pair(key, value, words);
}

static void set_flag(struct words *words, uint32_t flag)
{
	words->binding.flags_mask |= flag;
	words->binding.flags |= flag;
}

static bool parse_words(int argc, char **argv, struct words *words)
{
	const char *value;

	memset(words, 0, sizeof(*words));
	while (argc) {
		if (strchr(argv[0], ':')) {
			if (words->has_hnp)
				return !fail("one prefix at a time: \"%s\"",
					     argv[0]);
			if (!arg_prefix(argv[0], &words->binding.hnp))
				return false;
			words->has_hnp = true;
			argc--;
			argv++;
			continue;
		}
		if (!strcmp(argv[0], "drop") || !strcmp(argv[0], "hosts")) {
			words->binding.has_paths = true;
			if (!strcmp(argv[0], "hosts"))
				set_flag(words, PMIP6_BINDING_F_HOSTS);
			argc--;
			argv++;
			continue;
		}
		if (!strcmp(argv[0], "path")) {
			if (!begin_path(words))
				return false;
			argc--;
			argv++;
			continue;
		}
		value = arg_value(argc, argv);
		if (!value || !parse_pair(argv[0], value, words))
			return false;
		argc -= 2;
		argv += 2;
	}
	return true;
}

static bool needs_place(const struct words *words)
{
	if (!words->has_hnp)
		return !fail("the prefix of the binding is missing");
	if (!words->binding.ifindex)
		return !fail("the device is missing: dev DEV");
	return true;
}

/* What is only looked for or removed has no path to be told. */
static bool has_place_only(const struct words *words)
{
	return (!words->has_path && !words->binding.has_paths &&
		!words->binding.has_cookie && !words->binding.flags_mask) ||
	       !fail("only a prefix and dev DEV say which binding");
}

static int request(enum pmip6_cmd cmd, int flags,
		   const struct genl_binding *binding,
		   void (*each)(struct nlmsghdr *nlh, void *context))
{
	struct nl_command command;

	if (!nl_command_begin(&command, cmd, flags))
		return 1;
	return nl_command_end(&command, genl_put_binding(command.msg, binding),
			      "binding", each);
}

static int show(int argc, char **argv)
{
	struct words words;
	int status;

	if (!parse_words(argc, argv, &words) || !has_place_only(&words))
		return 1;
	if (!words.has_hnp)
		return show_dump(PMIP6_CMD_BINDING_GET, PMIP6_A_BINDING_IFINDEX,
				 words.binding.ifindex, "bindings", show_one);
	if (!needs_place(&words))
		return 1;
	out_begin();
	status = request(PMIP6_CMD_BINDING_GET, 0, &words.binding, show_one);
	out_end();
	return status;
}

static int set(int argc, char **argv, int flags, bool needs_path)
{
	struct words words;

	if (!parse_words(argc, argv, &words) || !needs_place(&words))
		return 1;
	if (words.has_path && words.binding.has_paths)
		return fail("a binding that drops, or of hosts, has no path");
	if (needs_path && !words.has_path && !words.binding.has_paths)
		return fail("the path is missing: remote ADDR and lifetime TIME or expiry-set ID, or drop or hosts");
	if (words.has_path) {
		if (!is_whole_path(&words))
			return 1;
		words.binding.has_paths = true;
		words.binding.path_count = words.at + 1;
	}
	return request(PMIP6_CMD_BINDING_NEW, flags, &words.binding, NULL);
}

static int add(int argc, char **argv)
{
	return set(argc, argv, NLM_F_CREATE | NLM_F_EXCL, true);
}

static int change(int argc, char **argv)
{
	return set(argc, argv, NLM_F_REPLACE, false);
}

static int replace(int argc, char **argv)
{
	return set(argc, argv, NLM_F_CREATE | NLM_F_REPLACE, true);
}

static int del(int argc, char **argv)
{
	struct genl_binding place = { 0 };
	struct words words;

	if (!parse_words(argc, argv, &words) || !has_place_only(&words) ||
	    !needs_place(&words))
		return 1;
	place.ifindex = words.binding.ifindex;
	place.hnp = words.binding.hnp;
	return request(PMIP6_CMD_BINDING_DEL, 0, &place, NULL);
}

#define PATH "remote ADDR lifetime TIME | expiry-set ID [bid N] [priority N] [weight N] [access IFACE] [lladdr MAC] [path ...]"

#define REST "[local-routing on|off] [cookie N]"

static const struct verb verbs[] = {
	{ "show", show, "[dev DEV [PREFIX]]" },
	{ "add", add, "PREFIX dev DEV " PATH " | drop | hosts " REST },
	{ "change", change, "PREFIX dev DEV [" PATH " | drop | hosts] " REST },
	{ "replace", replace, "PREFIX dev DEV " PATH " | drop | hosts " REST },
	{ "del", del, "PREFIX dev DEV" },
	{ 0 }
};

const struct noun noun_binding = { "binding", verbs };
