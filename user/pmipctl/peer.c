// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdbool.h>

#include <json-c/json.h>

#include "agent.h"
#include "out.h"
#include "pmipctl.h"

static struct json_object *request(const char *verb, const char *peer)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "do", json_object_new_string(verb));
	if (peer)
		json_object_object_add(object, "peer",
				       json_object_new_string(peer));
	return object;
}

static bool is_address(const char *text)
{
	struct in6_addr address;

	return inet_pton(AF_INET6, text, &address) == 1;
}

static void show_text(struct json_object *peer, const char *key,
		      const char *label)
{
	struct json_object *value;

	if (json_object_object_get_ex(peer, key, &value))
		out_string(key, label, agent_text(value));
}

static void show_number(struct json_object *peer, const char *key,
			const char *label)
{
	struct json_object *value;

	if (json_object_object_get_ex(peer, key, &value))
		out_u64(key, label, json_object_get_uint64(value));
}

static void show_stats(struct json_object *peer)
{
	struct json_object *stats;

	if (!options.statistics ||
	    !json_object_object_get_ex(peer, "stats", &stats))
		return;
	out_text("\n   ");
	out_nest("stats");
	show_number(stats, "asked", " asked ");
	show_number(stats, "answered", "answered ");
	show_number(stats, "missed", "missed ");
	show_number(stats, "asked_us", "asked-us ");
	show_number(stats, "restarts", "restarts ");
	out_nest_end();
}

static void show_peer(struct json_object *peer)
{
	struct json_object *heard;

	out_object();
	show_text(peer, "peer", NULL);
	show_text(peer, "role", "of ");
	show_text(peer, "state", "state ");
	show_number(peer, "bindings", "bindings ");
	show_number(peer, "restart_counter", "restart-counter ");
	show_number(peer, "missing", "missing ");
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
	answer = agent_ask(request("peer-show", argc ? argv[0] : NULL), false,
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
	answer = agent_ask(request("peer-reset", argv[0]), false, &status);
	json_object_put(answer);
	return status;
}

static const struct verb verbs[] = {
	{ "show", show, "[ADDRESS]" },
	{ "reset", reset, "ADDRESS" },
	{ 0 }
};

const struct noun noun_peer = { "peer", verbs };
