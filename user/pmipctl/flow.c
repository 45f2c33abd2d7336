// SPDX-License-Identifier: GPL-2.0
/*
 * Flows of mobile nodes, as pmip6d knows them.
 */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "../mh/flow_text.h"
#include "agent.h"
#include "out.h"
#include "pmipctl.h"

/* From fid on as it is written, so that it can be given back. */
static void show_flow(struct json_object *flow)
{
	out_object();
	agent_show_text(flow, "mn", NULL);
	agent_show_text(flow, "role", "at ");
	agent_show_text(flow, "lladdr", "lladdr ");
	agent_show_text(flow, "state", "state ");
	agent_show_text(flow, "origin", "origin ");
	agent_show_text(flow, "refused", "refused ");
	agent_show_number(flow, "fid", "fid ");
	agent_show_number(flow, "priority", "priority ");
	agent_show_text(flow, "action", "action ");
	agent_show_text(flow, "selector", NULL);
	out_object_end();
}

static int show(int argc, char **argv)
{
	struct json_object *answer, *list;
	int status;
	size_t i;

	if (argc > 1)
		return fail("flow show takes one mobile node at most");
	answer = agent_ask(agent_request("flow-show", "mn",
					 argc ? argv[0] : NULL), false,
			   &status);
	if (!answer)
		return status;
	out_begin();
	list = agent_list(answer, "flows");
	for (i = 0; list && i < json_object_array_length(list); i++)
		show_flow(json_object_array_get_idx(list, i));
	out_end();
	json_object_put(answer);
	return 0;
}

static int tell(struct json_object *asks)
{
	struct json_object *answer;
	int status;

	answer = agent_ask(asks, false, &status);
	json_object_put(answer);
	return status;
}

/* All words together are one text, whether they were quoted or not. */
static bool join(int argc, char **argv, char *text, size_t size)
{
	size_t used = 0, len;

	text[0] = '\0';
	for (; argc; argc--, argv++) {
		len = strlen(argv[0]);
		if (len + 2 > size - used)
			return false;
		memcpy(text + used, argv[0], len);
		used += len;
		text[used++] = ' ';
		text[used] = '\0';
	}
	return true;
}

static int set(const char *verb, int argc, char **argv)
{
	char text[2 * FLOW_TEXT_MAX], why[FLOW_WHY_MAX];
	struct json_object *asks;
	struct mh_flow flow;

	if (!argc)
		return fail("the mobile node is missing: its identifier or link-layer address");
	if (!join(argc - 1, argv + 1, text, sizeof(text)))
		return fail("the flow is too long");
	/* What it says is put as it is printed. */
	if (!flow_parse(text, &flow, why))
		return fail("%s", why);
	flow_print(&flow, text, sizeof(text));
	asks = agent_request(verb, "mn", argv[0]);
	json_object_object_add(asks, "flow", json_object_new_string(text));
	return tell(asks);
}

static int add(int argc, char **argv)
{
	return set("flow-add", argc, argv);
}

static int change(int argc, char **argv)
{
	return set("flow-change", argc, argv);
}

static int del(int argc, char **argv)
{
	struct json_object *asks;

	if (!argc)
		return fail("the mobile node is missing: its identifier or link-layer address");
	if (argc != 3 || strcmp(argv[1], "fid"))
		return fail("which flow is missing: fid N, and nothing else");
	asks = agent_request("flow-del", "mn", argv[0]);
	json_object_object_add(asks, "fid", json_object_new_string(argv[2]));
	return tell(asks);
}

#define CONTENT "fid N priority N [action ACTION] {any | [proto N-N] " \
	"[sport N-N] [dport N-N] [from ADDR-ADDR] [to ADDR-ADDR] " \
	"[dscp N-N] [flow-label N-N] [spi N-N]}"

static const struct verb verbs[] = {
	{ "show", show, "[ID|MAC]" },
	{ "add", add, "ID|MAC " CONTENT },
	{ "change", change, "ID|MAC " CONTENT },
	{ "del", del, "ID|MAC fid N" },
	{ 0 }
};

const struct noun noun_flow = { "flow", verbs };
