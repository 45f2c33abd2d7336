// SPDX-License-Identifier: GPL-2.0
/*
 * Flow bindings in the data plane.
 */
#include <stdlib.h>
#include <string.h>

#include <netlink/msg.h>

#include "../nl/genl_flow.h"
#include "dataplane_internal.h"

_Static_assert(FLOW_PATHS_MAX == PMIP6_PATHS_MAX, "all paths of a binding");

static void fill(struct genl_flow *to, uint32_t ifindex,
		 const struct effect_flow *from)
{
	static const uint8_t actions[] = {
		[MH_FLOW_FORWARD] = PMIP6_FLOW_FORWARD,
		[MH_FLOW_DROP] = PMIP6_FLOW_DROP,
		[MH_FLOW_DUPLICATE] = PMIP6_FLOW_DUPLICATE,
	};

	to->ifindex = ifindex;
	to->hnp = from->hnp;
	to->fid = from->id;
	to->priority = from->priority;
	to->action = actions[from->action];
	to->selector = from->selector;
	/* What is dropped goes by no path. */
	to->bid_count = from->action == MH_FLOW_DROP ? 0 : from->bid_count;
	memcpy(to->bid, from->bid, sizeof(to->bid));
}

void dataplane_put_flow(struct dataplane *dataplane, uint32_t ifindex,
			const struct effect_flow *effect, nl_done_t done,
			void *context)
{
	struct nl_msg *msg = dataplane_request(dataplane, PMIP6_CMD_FLOW_NEW,
					       NLM_F_CREATE | NLM_F_REPLACE);
	struct genl_flow flow = { 0 };

	fill(&flow, ifindex, effect);
	if (!msg || genl_put_flow(msg, &flow))
		abort();
	dataplane_submit(dataplane, msg, done, context);
}

void dataplane_delete_flow(struct dataplane *dataplane, uint32_t ifindex,
			   const struct effect_flow *effect, nl_done_t done,
			   void *context)
{
	struct nl_msg *msg = dataplane_request(dataplane, PMIP6_CMD_FLOW_DEL,
					       0);
	struct genl_flow flow = {
		.ifindex = ifindex,
		.hnp = effect->hnp,
		.fid = effect->id,
	};

	if (!msg || genl_put_flow_place(msg, &flow))
		abort();
	dataplane_submit(dataplane, msg, done, context);
}
