// SPDX-License-Identifier: GPL-2.0
#include "network.h"
#include "world.h"

/* The most of each: in 1/1000, or in an hour. */
static const struct {
	const char *name;
	uint32_t most;
	bool of_agent;
} kinds[FAULTS] = {
	[FAULT_LOSS] = { "loss", 200, false },
	[FAULT_DUPLICATE] = { "duplicate", 100, false },
	[FAULT_REORDER] = { "reorder", 150, false },
	[FAULT_DELAY] = { "delay", 50, false },
	[FAULT_PARTITION] = { "partition", 40, true },
	[FAULT_SKEW] = { "skew", 30, true },
	[FAULT_CRASH] = { "crash", 40, true },
	[FAULT_REBOOT] = { "reboot", 15, true },
	[FAULT_ERASE] = { "erase", 10, true },
	[FAULT_RELOAD] = { "reload", 15, true },
	[FAULT_REVOKE] = { "revoke", 120, true },
	[FAULT_DATAPLANE] = { "dataplane", 30, false },
	[FAULT_STORE] = { "store", 20, false },
	[FAULT_EVENT] = { "event", 300, false },
	[FAULT_FORGET] = { "forget", 20, false },
	[FAULT_RESTART] = { "restart", 20, true },
};

const char *fault_name(enum fault fault)
{
	return kinds[fault].name;
}

void faults_draw(struct sim *sim)
{
	struct faults *faults = &sim->faults;
	uint64_t rate, never;
	int i;

	for (i = 0; i < FAULTS; i++) {
		rate = sim_draw(sim, STREAM_FAULTS, 1, kinds[i].most);
		never = sim_draw(sim, STREAM_FAULTS, 0, 4);
		if (!never || sim->options.without & 1u << i)
			rate = 0;
		faults->rate[i] = (uint32_t)rate;
	}
}

bool fault_happens(struct sim *sim, enum fault fault)
{
	struct faults *faults = &sim->faults;

	if (!faults->on || !faults->rate[fault] ||
	    sim_draw(sim, STREAM_NETWORK, 0, 999) >= faults->rate[fault])
		return false;
	faults->count[fault]++;
	return true;
}

/* --- Of whole agents. */

/* An agent with nothing to do ends all the same. */
static void on_crash_due(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];

	if (agent_is_here(agent, event->life) && agent->crash_in)
		agent->dying = true;
	agent_settle_death(agent);
}

static void crash(struct sim *sim, struct agent *agent, enum fault fault)
{
	if (agent->crash_in)
		return;
	agent->crash_in = (uint32_t)sim_draw(sim, STREAM_FAULTS, 1, 30);
	agent->reboots = fault == FAULT_REBOOT;
	if (fault == FAULT_ERASE)
		agent->erases = (uint32_t)sim_draw(sim, STREAM_FAULTS, 1, 4) / 2;
	if (fault == FAULT_ERASE && !agent->erases)
		agent->erases = 1;
	sim_after(sim, 5 * US_PER_S, on_crash_due, agent->index, agent->life,
		  NULL);
}

static void part(struct sim *sim, const struct agent *agent)
{
	uint32_t other = (uint32_t)sim_draw(sim, STREAM_FAULTS, 0,
					    sim->agent_count - 1);
	uint64_t s = sim_draw(sim, STREAM_FAULTS, 1, 180);

	if (other == agent->index)
		other = (other + 1) % sim->agent_count;
	TRACE(sim, agent->name, "fault parted from %s for %llu s",
	      sim->agents[other].name, (unsigned long long)s);
	network_part(sim, agent->index, other, sim->now_us + s * US_PER_S);
}

/* Inside of the window, outside of it, or set by somebody. */
static void skew(struct sim *sim, struct agent *agent)
{
	uint64_t dice = sim_draw(sim, STREAM_FAULTS, 0, 9);
	uint64_t most = dice < 6 ? 120 : dice < 9 ? 3000 : 60000;
	int64_t ms = (int64_t)sim_draw(sim, STREAM_FAULTS, 0, 2 * most) -
		     (int64_t)most;

	agent_set_clock(agent, ms * (int64_t)WALL_PER_SECOND / 1000);
}

/* One of the agent's bulk groups, if it has any. */
static void choose_group(const struct agent *agent, uint32_t dice,
			 struct revocation_target *target)
{
	const struct lma_group *of_anchor;
	const struct mag_group *of_gateway;

	if (agent_is_lma(agent)) {
		of_anchor = agent->lma->groups.by_name;
		for (; of_anchor && dice; dice--)
			of_anchor = of_anchor->by_name.next;
		if (!of_anchor)
			return;
		target->group = of_anchor->name.number;
		target->has_peer = true;
		target->peer = of_anchor->name.mag;
	} else {
		of_gateway = agent->mag->groups.all;
		for (; of_gateway && dice; dice--)
			of_gateway = mag_group_next(of_gateway);
		if (!of_gateway)
			return;
		target->group = of_gateway->id;
	}
	target->scope = REVOKE_GROUP;
}

/* One mobile node; its realm, which all have; a group; all that is with a peer. */
static void revoke(struct sim *sim, struct agent *agent)
{
	uint32_t mn = (uint32_t)sim_draw(sim, STREAM_FAULTS, 0,
					 sim->options.mns - 1);
	uint32_t peer = (uint32_t)sim_draw(sim, STREAM_FAULTS, 0,
					   sim->agent_count - 1);
	uint64_t dice = sim_draw(sim, STREAM_FAULTS, 0, 9);
	struct revocation_target target = {
		.scope = dice < 6 ? REVOKE_MN :
			 dice < 8 ? REVOKE_PEER : REVOKE_REALM,
		.peer = sim->agents[peer].address,
	};

	mobile_id(mn, &target.mn_id);
	if (target.scope == REVOKE_REALM)
		target.mn_id = (struct mh_mn_id){ .subtype = MH_MN_ID_NAI,
						  .len = 4, .data = "@sim" };
	if (dice == 7)
		choose_group(agent, mn % 4, &target);
	if (agent_is_lma(agent))
		anchor_revoke(agent, &target);
	else
		gateway_revoke(agent, &target);
}

static void befall(struct sim *sim, struct agent *agent, enum fault fault)
{
	sim->faults.count[fault]++;
	TRACE(sim, agent->name, "fault %s", fault_name(fault));
	switch (fault) {
	case FAULT_PARTITION:
		part(sim, agent);
		break;
	case FAULT_SKEW:
		skew(sim, agent);
		break;
	case FAULT_RELOAD:
		agent_lose_device(agent);
		break;
	case FAULT_REVOKE:
		revoke(sim, agent);
		break;
	case FAULT_RESTART:
		agent->stops = !agent->crash_in;
		break;
	default:
		crash(sim, agent, fault);
		break;
	}
}

static void on_fault(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];

	if (sim->faults.on && agent->up)
		befall(sim, agent, (enum fault)event->life);
	agent_settle_death(agent);
}

void faults_begin(struct sim *sim, uint64_t until_us)
{
	uint64_t span = until_us - sim->now_us, count, i;
	uint32_t agent;
	int fault;

	sim->faults.on = true;
	for (fault = 0; fault < FAULTS; fault++) {
		if (!kinds[fault].of_agent)
			continue;
		count = sim->faults.rate[fault] * span / (3600 * US_PER_S);
		/* At least one, if there is to be any. */
		count += sim->faults.rate[fault] != 0;
		for (i = 0; i < count; i++) {
			agent = (uint32_t)sim_draw(sim, STREAM_FAULTS, 0,
						   sim->agent_count - 1);
			sim_after(sim, sim_draw(sim, STREAM_FAULTS, 0,
						span - 1),
				  on_fault, agent, (uint32_t)fault, NULL);
		}
	}
}

void faults_end(struct sim *sim)
{
	uint32_t i;

	sim->faults.on = false;
	sim->partition_count = 0;
	for (i = 0; i < sim->agent_count; i++) {
		sim->agents[i].crash_in = 0;
		agent_set_clock(&sim->agents[i], 0);
	}
}
