// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <utlist.h>

#include "../mh/flow_text.h"
#include "../ports/clock.h"
#include "agent.h"
#include "mag_role.h"
#include "operator_flow.h"
#include "show.h"

static const char *word(struct json_object *request, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(request, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

static struct json_object *outcome(const char *why)
{
	struct json_object *answer = json_object_new_object();

	if (why)
		json_object_object_add(answer, "error",
				       json_object_new_string(why));
	return answer;
}

/* --- What there is. */

static void add_text(struct json_object *object, const char *key,
		     const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

static void put_flow(const struct bule *bule, const struct bule_flow *flow,
		     struct json_object *list)
{
	struct json_object *object = json_object_new_object();
	char selector[SELECTOR_TEXT_MAX];

	selector_print(&flow->says.selector, selector, sizeof(selector));
	show_text(object, "mn", bule->profile.mn_id.data,
		  bule->profile.mn_id.len);
	add_text(object, "role", "mag");
	show_lladdr(object, "lladdr", bule->at.lladdr);
	show_count(object, "fid", flow->says.fid);
	show_count(object, "priority", flow->says.priority);
	add_text(object, "action", flow_action_name(flow->says.action));
	add_text(object, "selector", selector);
	add_text(object, "state", bule_flow_state_name(flow->state));
	add_text(object, "origin", bule_flow_origin_name(flow->origin));
	if (flow->status >= MH_STATUS_REJECTED)
		add_text(object, "refused", mh_flow_status_name(flow->status));
	json_object_array_add(list, object);
}

static void put_flows(const struct mag_role *gateway, const char *mn,
		      struct json_object *list)
{
	const struct bule_flow *flow;
	const struct bule *bule;

	for (bule = gateway->mag.bul.entries; bule; bule = bul_next(bule)) {
		if (!bule->multihoming || (mn && !mag_role_is_named(bule, mn)))
			continue;
		DL_FOREACH(bule->multihoming->flows, flow)
			put_flow(bule, flow, list);
	}
}

struct json_object *operator_flow_show(struct agent *agent,
				       struct json_object *request)
{
	struct json_object *answer = json_object_new_object();
	struct json_object *list = json_object_new_array();

	if (agent->mag)
		put_flows(agent->mag, word(request, "mn"), list);
	json_object_object_add(answer, "flows", list);
	return answer;
}

/* --- What is wanted. */

/* Whose it is; by its identifier, if only one of its interfaces is here. */
static const char *find(const struct agent *agent, struct json_object *request,
			struct bule **found)
{
	const char *mn = word(request, "mn");
	struct bule *bule;

	*found = NULL;
	if (!agent->mag)
		return "this agent is no mobile access gateway";
	if (!mn)
		return "no mobile node was named";
	for (bule = agent->mag->mag.bul.entries; bule; bule = bul_next(bule)) {
		if (!mag_role_is_named(bule, mn))
			continue;
		if (*found)
			return "several of its interfaces are here: give the link-layer address of one";
		*found = bule;
	}
	return *found ? NULL : "it is not attached here";
}

/* It may have a timer now. */
static void run(struct mag_role *gateway)
{
	struct outbox out;

	outbox_init(&out);
	role_run(&gateway->role, &out);
}

struct json_object *operator_flow_set(struct agent *agent,
				      struct json_object *request)
{
	const char *what = word(request, "do"), *text = word(request, "flow");
	bool changes = what && !strcmp(what, "flow-change");
	char wrong[FLOW_WHY_MAX];
	struct mh_flow flow;
	struct bule *bule;
	const char *why = find(agent, request, &bule);

	if (why)
		return outcome(why);
	if (!flow_parse(text ? text : "", &flow, wrong))
		return outcome(wrong);
	why = mag_flow_set(&agent->mag->mag, bule, &flow, changes, clock_now());
	run(agent->mag);
	return outcome(why);
}

struct json_object *operator_flow_delete(struct agent *agent,
					 struct json_object *request)
{
	const char *text = word(request, "fid");
	unsigned long fid;
	struct bule *bule;
	const char *why = find(agent, request, &bule);
	char *end;

	if (why)
		return outcome(why);
	fid = text ? strtoul(text, &end, 10) : 0;
	if (!fid || *end || fid > UINT16_MAX)
		return outcome("which flow is missing: fid N, from 1 to 65535");
	why = mag_flow_delete(&agent->mag->mag, bule, (uint16_t)fid,
			      clock_now());
	run(agent->mag);
	return outcome(why);
}
