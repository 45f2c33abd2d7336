// SPDX-License-Identifier: GPL-2.0
/*
 * What policy says of flows, and what a gateway makes of that.
 */
#include <string.h>

#include <utlist.h>

#include "policy.h"
#include "world.h"

static const struct mh_flow *find(const struct mh_flow *flows,
				  unsigned int count, uint16_t fid)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (flows[i].fid == fid)
			return &flows[i];
	return NULL;
}

static bool says_so(const struct bule_flow *flow, const struct mh_flow *wanted)
{
	return flow->says.priority == wanted->priority &&
	       flow->says.action == wanted->action &&
	       !memcmp(&flow->says.selector, &wanted->selector,
		       sizeof(wanted->selector));
}

/* One that is not there an operator may have deleted. */
const char *check_policy(const struct sim *sim, const struct bule *bule)
{
	struct mh_flow flows[POLICY_FLOWS_MAX];
	const struct mh_flow *wanted;
	const struct bule_flow *flow;
	unsigned int count;
	uint32_t mn, iface;

	mn = mobile_of_lladdr(bule->at.lladdr, &iface);
	count = policy_flows(sim, mn, iface, flows);
	DL_FOREACH(bule->multihoming->flows, flow) {
		if (flow->origin != BULE_FLOW_PROFILE)
			continue;
		wanted = find(flows, count, flow->says.fid);
		if (!wanted)
			return "its gateway has a flow that policy does not want";
		if (!says_so(flow, wanted))
			return "its gateway has a flow otherwise than policy";
	}
	return NULL;
}
