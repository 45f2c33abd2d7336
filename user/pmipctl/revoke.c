// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation (RFC 5846): end sessions, and have the other end know.
 */
#include <string.h>

#include <json-c/json.h>

#include "agent.h"
#include "args.h"
#include "out.h"
#include "pmipctl.h"

/* Peers are told more than once, and as slowly as they may be configured to. */
#define PATIENCE_S 90

static unsigned int count_of(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value))
		return 0;
	return (unsigned int)json_object_get_uint64(value);
}

static void show_count(struct json_object *object, const char *key,
		       const char *label)
{
	if (options.json || count_of(object, key))
		out_u64(key, label, count_of(object, key));
}

static void show_results(struct json_object *object)
{
	out_u64("revoked", "revoked ", count_of(object, "revoked"));
	show_count(object, "refused", "refused ");
	show_count(object, "unanswered", "unanswered ");
	show_count(object, "not_understood", "not-understood ");
	show_count(object, "overtaken", "overtaken ");
	show_count(object, "failed", "failed ");
}

static void show_peer(struct json_object *peer)
{
	struct json_object *value;

	out_object();
	if (json_object_object_get_ex(peer, "peer", &value))
		out_string("peer", NULL, agent_text(value));
	show_results(peer);
	if (json_object_object_get_ex(peer, "status", &value))
		out_u64("status", "status ", json_object_get_uint64(value));
	out_object_end();
}

/* What has ended here has, whatever the other end said of it. */
static int status_of(struct json_object *answer)
{
	return count_of(answer, "refused") || count_of(answer, "overtaken") ||
	       count_of(answer, "failed");
}

static int ask(struct json_object *request)
{
	struct json_object *answer, *list;
	int status;
	size_t i;

	answer = agent_ask_within(request, PATIENCE_S, false, &status);
	if (!answer)
		return status;
	list = agent_list(answer, "peers");
	out_begin();
	for (i = 0; list && i < json_object_array_length(list); i++)
		show_peer(json_object_array_get_idx(list, i));
	out_end();
	status = status_of(answer);
	json_object_put(answer);
	return status;
}

static int revoke_mn(int argc, char **argv)
{
	struct json_object *request;
	struct mh_prefix prefix;
	const char *value;

	if (!argc)
		return fail("the mobile node is missing: its identifier or link-layer address");
	if (argc > 1 && strcmp(argv[1], "prefix"))
		return fail("prefix PREFIX is all that may follow, not \"%s\"",
			    argv[1]);
	if (argc == 1)
		return ask(agent_request("revoke", "mn", argv[0]));
	value = arg_value(argc - 1, argv + 1);
	if (!value || !arg_prefix(value, &prefix))
		return 1;
	if (argc > 3)
		return fail("a session has all of its prefixes: name one, not \"%s\" too",
			    argv[3]);
	request = agent_request("revoke", "mn", argv[0]);
	json_object_object_add(request, "hnp", json_object_new_string(value));
	return ask(request);
}

static int revoke_peer(const char *what, int argc, char **argv)
{
	struct in6_addr address;

	if (argc != 1)
		return fail("revoke %s takes one address", what);
	if (!arg_addr(argv[0], &address))
		return 1;
	return ask(agent_request("revoke", what, argv[0]));
}

static int revoke_mag(int argc, char **argv)
{
	return revoke_peer("mag", argc, argv);
}

static int revoke_lma(int argc, char **argv)
{
	return revoke_peer("lma", argc, argv);
}

static int revoke_realm(int argc, char **argv)
{
	if (argc != 1)
		return fail("revoke realm takes one realm, like example.com");
	return ask(agent_request("revoke", "realm", argv[0]));
}

static int revoke_group(int argc, char **argv)
{
	struct json_object *request;
	struct in6_addr mag;
	const char *value;
	uint32_t group;

	if (argc != 1 && (argc != 3 || strcmp(argv[1], "mag")))
		return fail("revoke group takes the identifier of one group, and mag ADDRESS where several gateways have such a group");
	if (!arg_u32("group", argv[0], 1, UINT32_MAX, &group))
		return 1;
	value = argc > 1 ? arg_value(argc - 1, argv + 1) : NULL;
	if (value && !arg_addr(value, &mag))
		return 1;
	request = agent_request("revoke", "group", argv[0]);
	if (value)
		json_object_object_add(request, "mag",
				       json_object_new_string(value));
	return ask(request);
}

static const struct verb verbs[] = {
	{ "mn", revoke_mn, "ID|MAC [prefix PREFIX]" },
	{ "group", revoke_group, "ID [mag ADDRESS]" },
	{ "mag", revoke_mag, "ADDRESS" },
	{ "lma", revoke_lma, "ADDRESS" },
	{ "realm", revoke_realm, "REALM" },
	{ 0 }
};

const struct noun noun_revoke = { "revoke", verbs };
