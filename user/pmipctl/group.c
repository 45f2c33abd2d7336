// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <json-c/json.h>

#include "agent.h"
#include "args.h"
#include "out.h"
#include "pmipctl.h"

static void show_span(struct json_object *group, const char *key,
		      const char *label)
{
	struct json_object *value;

	if (json_object_object_get_ex(group, key, &value))
		out_lifetime(key, label, json_object_get_uint64(value));
}

static void show_group(struct json_object *group)
{
	out_object();
	agent_show_number(group, "id", NULL);
	agent_show_text(group, "role", "at ");
	agent_show_text(group, "peer", "peer ");
	agent_show_text(group, "state", "state ");
	agent_show_number(group, "members", "members ");
	show_span(group, "lifetime_ms", "lifetime ");
	show_span(group, "renewed_ms", "renewed-ago ");
	agent_show_number(group, "expiry_set", "expiry-set ");
	out_object_end();
}

static int show(int argc, char **argv)
{
	struct json_object *answer, *list;
	int status;
	size_t i;

	(void)argv;
	if (argc)
		return fail("group show takes nothing after it");
	answer = agent_ask(agent_request("group-show", NULL, NULL), false,
			   &status);
	if (!answer)
		return status;
	out_begin();
	list = agent_list(answer, "groups");
	for (i = 0; list && i < json_object_array_length(list); i++)
		show_group(json_object_array_get_idx(list, i));
	out_end();
	json_object_put(answer);
	return 0;
}

static int renew(int argc, char **argv)
{
	struct json_object *answer;
	uint32_t id;
	int status;

	if (argc != 1)
		return fail("group renew takes the identifier of one group, or all");
	if (strcmp(argv[0], "all") &&
	    !arg_u32("group", argv[0], 1, UINT32_MAX, &id))
		return 1;
	answer = agent_ask(agent_request("group-renew", "group", argv[0]),
			   false, &status);
	json_object_put(answer);
	return status;
}

static const struct verb verbs[] = {
	{ "show", show, "" },
	{ "renew", renew, "ID|all" },
	{ 0 }
};

const struct noun noun_group = { "group", verbs };
