// SPDX-License-Identifier: GPL-2.0
/*
 * Flow bindings in the kernel.
 */
#include <string.h>

#include <linux/netlink.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "../nl/genl_flow.h"
#include "args.h"
#include "nl.h"
#include "out.h"
#include "pmipctl.h"
#include "show.h"

static void show_one(struct nlmsghdr *nlh, void *context)
{
	char text[SELECTOR_TEXT_MAX];
	struct genl_flow flow;
	unsigned int i;

	(void)context;
	if (genl_get_flow(nlh, &flow))
		return;
	selector_print(&flow.selector, text, sizeof(text));
	out_object();
	out_prefix("hnp", NULL, &flow.hnp);
	show_ifname("device", "dev ", flow.ifindex);
	out_u64("fid", "fid ", flow.fid);
	out_u64("priority", "priority ", flow.priority);
	out_string("action", "action ", genl_action_name(flow.action));
	out_list("bids");
	for (i = 0; i < flow.bid_count; i++)
		out_u64(NULL, "bid ", flow.bid[i]);
	out_list_end();
	out_string("selector", NULL, text);
	show_stats(&flow.stats);
	out_object_end();
}

/* What the words of a command say. */
struct words {
	struct genl_flow flow;
	bool has_hnp;
	bool has_content;
};

static bool parse_action(const char *value, uint8_t *action)
{
	unsigned int one;

	for (one = PMIP6_FLOW_FORWARD; one <= PMIP6_FLOW_MAX; one++)
		if (!strcmp(value, genl_action_name(one))) {
			*action = (uint8_t)one;
			return true;
		}
	return !fail("\"%s\" is not an action: forward, duplicate or drop",
		     value);
}

static bool parse_bid(const char *value, struct genl_flow *flow)
{
	uint32_t number;

	if (flow->bid_count == PMIP6_PATHS_MAX)
		return !fail("a flow has %u paths at most", PMIP6_PATHS_MAX);
	if (!arg_u32("bid", value, 1, UINT16_MAX, &number))
		return false;
	flow->bid[flow->bid_count++] = (uint16_t)number;
	return true;
}

static bool parse_selector(const char *key, const char *value,
			   struct selector *selector)
{
	const char *error = selector_parse_pair(key, value, selector);

	return !error || !fail("%s \"%s\" %s", key, value, error);
}

static bool parse_content(const char *key, const char *value,
			  struct words *words)
{
	uint32_t number;

	words->has_content = true;
	if (!strcmp(key, "action"))
		return parse_action(value, &words->flow.action);
	if (!strcmp(key, "bid"))
		return parse_bid(value, &words->flow);
	if (!strcmp(key, "priority")) {
		if (!arg_u32(key, value, 1, UINT16_MAX, &number))
			return false;
		words->flow.priority = (uint16_t)number;
		return true;
	}
	if (selector_is_key(key))
		return parse_selector(key, value, &words->flow.selector);
	return !fail("unknown word \"%s\"", key);
}

static bool parse_pair(const char *key, const char *value, struct words *words)
{
	uint32_t number;

	if (!strcmp(key, "dev"))
		return arg_ifindex(value, &words->flow.ifindex);
	if (!strcmp(key, "fid")) {
		if (!arg_u32(key, value, 1, UINT16_MAX, &number))
			return false;
		words->flow.fid = (uint16_t)number;
		return true;
	}
	return parse_content(key, value, words);
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
			if (!arg_prefix(argv[0], &words->flow.hnp))
				return false;
			words->has_hnp = true;
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
	if (!words->flow.ifindex)
		return !fail("the device is missing: dev DEV");
	return true;
}

static int request(enum pmip6_cmd cmd, int flags, const struct genl_flow *flow)
{
	struct nl_command command;
	int error;

	if (!nl_command_begin(&command, cmd, flags))
		return 1;
	error = cmd == PMIP6_CMD_FLOW_NEW ?
		genl_put_flow(command.msg, flow) :
		genl_put_flow_place(command.msg, flow);
	return nl_command_end(&command, error, "flow binding", NULL);
}

static int show(int argc, char **argv)
{
	uint32_t ifindex = 0;

	if (!arg_device(argc, argv, &ifindex))
		return 1;
	return show_dump(PMIP6_CMD_FLOW_GET, PMIP6_A_FLOWS_IFINDEX, ifindex,
			 "flow bindings", show_one);
}

static int set(int argc, char **argv, int flags)
{
	struct words words;

	if (!parse_words(argc, argv, &words) || !needs_place(&words))
		return 1;
	if (!words.flow.fid)
		return fail("the flow's identifier is missing: fid N");
	if (!words.flow.priority)
		return fail("the flow's priority is missing: priority N");
	if (!words.flow.bid_count && words.flow.action != PMIP6_FLOW_DROP)
		return fail("the flow's path is missing: bid N, or action drop");
	return request(PMIP6_CMD_FLOW_NEW, flags, &words.flow);
}

static int add(int argc, char **argv)
{
	return set(argc, argv, NLM_F_CREATE | NLM_F_EXCL);
}

static int change(int argc, char **argv)
{
	return set(argc, argv, NLM_F_REPLACE);
}

static int del(int argc, char **argv)
{
	struct words words;

	if (!parse_words(argc, argv, &words) || !needs_place(&words))
		return 1;
	if (words.has_content)
		return fail("only a prefix, dev DEV and fid N say which flow");
	return request(PMIP6_CMD_FLOW_DEL, 0, &words.flow);
}

#define CONTENT "priority N bid N [bid N ...] [action ACTION] " \
	"[proto N-N] [sport N-N] [dport N-N] [from ADDR-ADDR] [to ADDR-ADDR] " \
	"[dscp N-N] [flow-label N-N] [spi N-N]"

static const struct verb verbs[] = {
	{ "show", show, "[dev DEV]" },
	{ "add", add, "PREFIX dev DEV fid N " CONTENT },
	{ "change", change, "PREFIX dev DEV fid N " CONTENT },
	{ "del", del, "PREFIX dev DEV [fid N]" },
	{ 0 }
};

const struct noun noun_flow_binding = { "flow-binding", verbs };
