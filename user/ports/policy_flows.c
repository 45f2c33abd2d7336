// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "../engine/alloc.h"
#include "../engine/mag_multihoming.h"
#include "../mh/flow_text.h"
#include "policy_flows.h"

void policy_read_multihoming(struct conf *conf, cfg_t *section,
			     bool *multihoming, bool *keep_flows,
			     uint32_t *path_priority)
{
	const struct conf_value *value = conf_value(section,
						    "flows-on-detachment");

	conf_bool(conf, section, "multihoming", multihoming);
	conf_u32(conf, section, "path-priority", 1, 127, path_priority);
	if (!value)
		return;
	*keep_flows = !strcmp(value->text, "keep");
	if (!*keep_flows && strcmp(value->text, "remove"))
		conf_error(conf, value->line,
			   "\"%s\" is not a value of flows-on-detachment, which is keep or remove",
			   value->text);
}

static bool is_new(struct conf *conf, unsigned int line,
		   const struct policy_flows *flows, const struct mh_flow *flow)
{
	unsigned int i;

	for (i = 0; i < flows->count; i++) {
		if (flows->flows[i].fid == flow->fid) {
			conf_error(conf, line, "there is a flow with fid %u already",
				   flow->fid);
			return false;
		}
		if (flows->flows[i].priority == flow->priority) {
			conf_error(conf, line,
				   "the flow with fid %u has priority %u already",
				   flows->flows[i].fid, flow->priority);
			return false;
		}
	}
	return true;
}

static void add(struct conf *conf, const struct conf_value *value,
		struct policy_flows *flows)
{
	char why[FLOW_WHY_MAX];
	struct mh_flow flow;

	if (!flow_parse(value->text, &flow, why)) {
		conf_error(conf, value->line, "\"%s\" is not a flow: %s",
			   value->text, why);
		return;
	}
	if (flow.fid >= FLOW_FID_OF_ANCHOR) {
		conf_error(conf, value->line,
			   "fid %u is for the anchor to give: choose one below %u",
			   flow.fid, FLOW_FID_OF_ANCHOR);
		return;
	}
	if (!is_new(conf, value->line, flows, &flow))
		return;
	flows->flows = must_realloc(flows->flows, (flows->count + 1) *
						  sizeof(flow));
	flows->flows[flows->count++] = flow;
}

void policy_read_flows(struct conf *conf, cfg_t *section,
		       struct policy_flows *flows)
{
	unsigned int count = cfg_size(section, "flows"), i;

	if (count > BULE_FLOWS_MAX) {
		conf_error(conf, conf_item(section, "flows", 0)->line,
			   "there are %u flows, and %u at most", count,
			   BULE_FLOWS_MAX);
		return;
	}
	for (i = 0; i < count; i++)
		add(conf, conf_item(section, "flows", i), flows);
}
