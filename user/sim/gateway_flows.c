// SPDX-License-Identifier: GPL-2.0
/*
 * Flows through a gateway: those that policy wants, and what an operator does
 * with "pmipctl flow".
 */
#include <stdlib.h>

#include <utlist.h>

#include "../mh/flow_text.h"
#include "packet.h"
#include "policy.h"
#include "world.h"

/* Identifiers that an operator uses: few, so that some are there already. */
#define OPERATOR_FIDS 6

/* Between those of policy: some are another interface's, and are refused. */
#define OPERATOR_PRIORITIES 60

const struct mh_flow *gateway_flows(void *context, const uint8_t *lladdr,
				    unsigned int *count)
{
	struct agent *agent = context;
	uint32_t iface, mn = mobile_of_lladdr(lladdr, &iface);

	*count = policy_flows(agent->sim, mn, iface, agent->wanted);
	return agent->wanted;
}

static struct bule *find(const struct agent *agent, const uint8_t *lladdr)
{
	return agent->up && !agent->dying ?
	       bul_by_lladdr(&agent->mag->bul, lladdr) : NULL;
}

void gateway_on_policy(struct agent *agent, const uint8_t *lladdr)
{
	struct bule *bule = find(agent, lladdr);
	struct mag_profile profile;
	uint32_t iface, mn;

	if (!bule)
		return;
	mn = mobile_of_lladdr(lladdr, &iface);
	policy_profile(agent->sim, mn, iface, &profile);
	mag_on_profile(agent->mag, bule, &profile, agent_now(agent),
		       &agent->out);
	agent_run(agent);
	agent_settle_death(agent);
}

static const struct bule_flow *some_flow(struct sim *sim,
					 const struct bule *bule)
{
	const struct bule_multihoming *multihoming = bule->multihoming;
	const struct bule_flow *flow;
	uint64_t skip;

	if (!multihoming || !multihoming->count)
		return NULL;
	skip = sim_draw(sim, STREAM_MULTIHOMED, 0, multihoming->count - 1);
	flow = multihoming->flows;
	while (skip--)
		flow = flow->next;
	return flow;
}

static void trace(struct agent *agent, const struct bule *bule,
		  const char *what, const struct mh_flow *flow, const char *why)
{
	char text[FLOW_TEXT_MAX];

	flow_print(flow, text, sizeof(text));
	TRACE(agent->sim, agent->name, "operator %s flow mn=%.*s %s%s%s", what,
	      bule->profile.mn_id.len, (const char *)bule->profile.mn_id.data,
	      text, why ? ": " : "", why ? why : "");
}

/* What a gateway does not do is its answer, and nothing else. */
void gateway_change_flow(struct agent *agent, const uint8_t *lladdr)
{
	struct bule *bule = find(agent, lladdr);
	const struct bule_flow *there;
	struct sim *sim = agent->sim;
	struct rng *rng = &sim->rng[STREAM_MULTIHOMED];
	struct mh_flow flow;
	const char *why;
	uint64_t dice;

	if (!bule)
		return;
	there = some_flow(sim, bule);
	dice = rng_between(rng, 0, 99);
	flow = flow_draw(rng, there && dice < 60 ? there->says.fid :
			 (uint16_t)rng_between(rng, 1, OPERATOR_FIDS),
			 (uint16_t)rng_between(rng, 1, OPERATOR_PRIORITIES));
	if (dice < 30) {
		why = mag_flow_delete(agent->mag, bule, flow.fid,
				      agent_now(agent));
		trace(agent, bule, "deletes", &flow, why);
	} else {
		why = mag_flow_set(agent->mag, bule, &flow, dice < 60,
				   agent_now(agent));
		trace(agent, bule, dice < 60 ? "changes" : "adds", &flow, why);
	}
	agent_run(agent);
	agent_settle_death(agent);
}
