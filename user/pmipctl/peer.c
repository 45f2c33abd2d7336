// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdbool.h>

#include <json-c/json.h>

#include "agent.h"
#include "out.h"
#include "pmipctl.h"

static bool is_address(const char *text)
{
	struct in6_addr address;

	return inet_pton(AF_INET6, text, &address) == 1;
}

static void show_stats(struct json_object *peer)
{
	struct json_object *stats;

	if (!options.statistics ||
	    !json_object_object_get_ex(peer, "stats", &stats))
		return;
	out_text("\n   ");
	out_nest("stats");
	agent_show_number(stats, "asked", " asked ");
	agent_show_number(stats, "answered", "answered ");
	agent_show_number(stats, "missed", "missed ");
	agent_show_number(stats, "asked_us", "asked-us ");
	agent_show_number(stats, "restarts", "restarts ");
	out_nest_end();
}

static void show_peer(struct json_object *peer)
{
	struct json_object *heard;

	out_object();
	agent_show_text(peer, "peer", NULL);
	agent_show_text(peer, "role", "of ");
	agent_show_text(peer, "state", "state ");
	agent_show_number(peer, "bindings", "bindings ");
	agent_show_number(peer, "restart_counter", "restart-counter ");
	agent_show_number(peer, "missing", "missing ");
	if (json_object_object_get_ex(peer, "heard_ms", &heard))
		out_lifetime("heard_ms", "heard-ago ",
			     json_object_get_uint64(heard));
	show_stats(peer);
	out_object_end();
}

static int show(int argc, char **argv)
{
	struct json_object *answer, *list;
	int status;
	size_t i;

	if (argc > 1)
		return fail("peer show takes one address at most");
	if (argc && !is_address(argv[0]))
		return fail("\"%s\" is no IPv6 address", argv[0]);
	answer = agent_ask(agent_request("peer-show", "peer",
					 argc ? argv[0] : NULL), false,
			   &status);
	if (!answer)
		return status;
	out_begin();
	list = agent_list(answer, "peers");
	for (i = 0; list && i < json_object_array_length(list); i++)
		show_peer(json_object_array_get_idx(list, i));
	out_end();
	json_object_put(answer);
	return 0;
}

static int reset(int argc, char **argv)
{
	struct json_object *answer;
	int status;

	if (argc != 1)
		return fail("peer reset takes one address");
	if (!is_address(argv[0]))
		return fail("\"%s\" is no IPv6 address", argv[0]);
	answer = agent_ask(agent_request("peer-reset", "peer", argv[0]), false,
			   &status);
	json_object_put(answer);
	return status;
}

static const struct verb verbs[] = {
	{ "show", show, "[ADDRESS]" },
	{ "reset", reset, "ADDRESS" },
	{ 0 }
};

const struct noun noun_peer = { "peer", verbs };
