// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "agent.h"
#include "args.h"
#include "out.h"
#include "pmipctl.h"

static const char *text_of(struct json_object *mn, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(mn, key, &value))
		return NULL;
	return json_object_get_string(value);
}

static void show_flag(struct json_object *mn, const char *key,
		      const char *label)
{
	struct json_object *value;

	if (json_object_object_get_ex(mn, key, &value))
		out_bool(key, label, json_object_get_boolean(value));
}

static void show_prefixes(struct json_object *mn, const char *key,
			  const char *label)
{
	struct json_object *list = agent_list(mn, key);
	size_t i;

	if (!list)
		return;
	out_list(key);
	for (i = 0; i < json_object_array_length(list); i++)
		out_string(NULL, label,
			   agent_text(json_object_array_get_idx(list, i)));
	out_list_end();
}

/* In lines of their own, after that of the mobile node. */
static void show_flows(struct json_object *mn)
{
	struct json_object *list = agent_list(mn, "flow_bindings"), *flow;
	size_t i;

	if (!list)
		return;
	out_list("flow_bindings");
	for (i = 0; i < json_object_array_length(list); i++) {
		flow = json_object_array_get_idx(list, i);
		out_text("\n");
		out_object();
		agent_show_number(flow, "fid", "  flow ");
		agent_show_number(flow, "id", "id ");
		agent_show_number(flow, "priority", "priority ");
		agent_show_text(flow, "action", NULL);
		agent_show_number(flow, "bid", "bid ");
		agent_show_text(flow, "selector", NULL);
		show_flag(flow, "moved", "moved");
		if (options.json)
			out_object_end();
	}
	out_list_end();
}

static void show_mn(struct json_object *mn)
{
	struct json_object *left;

	out_object();
	agent_show_text(mn, "mn", NULL);
	agent_show_text(mn, "role", "at ");
	agent_show_text(mn, "state", "state ");
	show_prefixes(mn, "hnp", "hnp ");
	show_prefixes(mn, "off_link", "off-link ");
	show_prefixes(mn, "pending", "pending ");
	agent_show_text(mn, "proxy_coa", "mag ");
	agent_show_text(mn, "lma", "lma ");
	agent_show_text(mn, "access", "access ");
	agent_show_text(mn, "lladdr", "lladdr ");
	agent_show_text(mn, "link_local", "link-local ");
	agent_show_text(mn, "router", "router ");
	show_flag(mn, "local_routing", "local-routing");
	if (json_object_object_get_ex(mn, "lifetime_ms", &left))
		out_lifetime("lifetime_ms", "lifetime ",
			     json_object_get_uint64(left));
	agent_show_number(mn, "group", "group ");
	show_flag(mn, "multihoming", "multihoming");
	agent_show_number(mn, "flows", "flows ");
	agent_show_number(mn, "bid", "bid ");
	agent_show_number(mn, "priority", "priority ");
	agent_show_number(mn, "sequence", "sequence ");
	agent_show_text(mn, "refused", "refused ");
	show_flows(mn);
	out_object_end();
}

/* Returns how many of them were refused what was asked for. */
static unsigned int show_mns(struct json_object *answer)
{
	struct json_object *list = agent_list(answer, "mns"), *mn;
	unsigned int refused = 0;
	size_t i;

	out_begin();
	for (i = 0; list && i < json_object_array_length(list); i++) {
		mn = json_object_array_get_idx(list, i);
		show_mn(mn);
		refused += text_of(mn, "refused") != NULL;
	}
	out_end();
	return refused;
}

static int show(int argc, char **argv)
{
	struct json_object *answer;
	int status;

	if (argc > 1)
		return fail("mn show takes one mobile node at most");
	answer = agent_ask(agent_request("mn-show", "mn",
					 argc ? argv[0] : NULL), false,
			   &status);
	if (!answer)
		return status;
	show_mns(answer);
	json_object_put(answer);
	return 0;
}

static int command(const char *verb, int argc, char **argv)
{
	struct json_object *ask, *answer;
	const char *key, *value;
	int status;

	if (!argc)
		return fail("the mobile node is missing: its identifier or link-layer address");
	ask = agent_request(verb, "mn", argv[0]);
	for (argc--, argv++; argc; argc -= 2, argv += 2) {
		key = !strcmp(argv[0], "dev") ? "access" :
		      !strcmp(argv[0], "handoff") ? "handoff" : NULL;
		value = key ? arg_value(argc, argv) : NULL;
		if (!value) {
			json_object_put(ask);
			return fail("dev IFACE and handoff HOW are all that may follow, not \"%s\"",
				    argv[0]);
		}
		json_object_object_add(ask, key, json_object_new_string(value));
	}
	answer = agent_ask(ask, false, &status);
	json_object_put(answer);
	return status;
}

static int attach(int argc, char **argv)
{
	return command("mn-attach", argc, argv);
}

static int detach(int argc, char **argv)
{
	if (argc > 1)
		return fail("mn detach takes one mobile node, not \"%s\"",
			    argv[1]);
	return command("mn-detach", argc, argv);
}

static int renumber(int argc, char **argv)
{
	struct json_object *ask, *answer, *list;
	int status;

	if (!argc)
		return fail("the mobile node is missing: its identifier or link-layer address");
	ask = agent_request("mn-renumber", "mn", argv[0]);
	list = json_object_new_array();
	for (argc--, argv++; argc; argc--, argv++)
		json_object_array_add(list, json_object_new_string(argv[0]));
	json_object_object_add(ask, "hnp", list);
	answer = agent_ask(ask, false, &status);
	if (!answer)
		return status;
	if (show_mns(answer))
		status = 1;
	json_object_put(answer);
	return status;
}

static const struct verb verbs[] = {
	{ "show", show, "[ID|MAC]" },
	{ "attach", attach, "ID|MAC [dev IFACE] [handoff HOW]" },
	{ "detach", detach, "ID|MAC" },
	{ "renumber", renumber, "ID|MAC [PREFIX...]" },
	{ 0 }
};

const struct noun noun_mn = { "mn", verbs };
