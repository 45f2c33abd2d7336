// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "world.h"

/* Nobody's time to come is longer than this, in seconds. */
#define REFUSAL_S 60u
#define SLACK_S 120u

void sim_after(struct sim *sim, uint64_t after_us, event_run_t run,
	       uint32_t who, uint32_t life, void *data)
{
	struct event event = {
		.due_us = sim->now_us + after_us,
		.run = run,
		.who = who,
		.life = life,
		.data = data,
		.drop = data ? free : NULL,
	};

	queue_push(&sim->queue, event);
}

/* --- What a seed decides. */

/* In some runs it is all as it was before there was multihoming. */
static void draw_multihoming(struct sim *sim)
{
	struct setup *setup = &sim->setup;
	bool any = sim_chance(sim, STREAM_MULTIHOMED, 60);
	uint32_t i;

	for (i = 0; i < 32; i++)
		if (sim_chance(sim, STREAM_MULTIHOMED, 70))
			setup->sharing |= 1u << i;
	setup->multihomed = (uint32_t)sim_draw(sim, STREAM_MULTIHOMED, 10, 80);
	if (!any || sim->options.single)
		setup->multihomed = 0;
}

static void draw_setup(struct sim *sim)
{
	struct setup *setup = &sim->setup;
	uint64_t seed = sim->seed;
	int i;

	for (i = 0; i < STREAMS; i++) {
		sim->rng[i].state = seed * STREAMS + (uint64_t)i;
		sim->rng[i].state = rng_next(&sim->rng[i]);
	}
	setup->latency_us = (uint32_t)sim_draw(sim, STREAM_SETUP, 200, 60000);
	setup->lifetime_s = (uint32_t)sim_draw(sim, STREAM_SETUP, 10, 40) * 4;
	setup->presence_s = (uint32_t)sim_draw(sim, STREAM_SETUP, 15, 40);
	setup->heartbeat_s = (uint32_t)sim_draw(sim, STREAM_SETUP, 10, 40);
	setup->pace_s = (uint32_t)sim_draw(sim, STREAM_SETUP, 20, 90);
	setup->second = (uint32_t)sim_draw(sim, STREAM_SETUP, 0, 30);
	setup->timestamps = sim_chance(sim, STREAM_SETUP, 75);
	setup->fixed_router = sim_chance(sim, STREAM_SETUP, 50);
	setup->revocation = sim_chance(sim, STREAM_SETUP, 50);
	if (sim_chance(sim, STREAM_SETUP, 70))
		setup->bulk_group_size =
			(uint32_t)sim_draw(sim, STREAM_SETUP, 2, 12);
	draw_multihoming(sim);
	faults_draw(sim);
}

static void trace_setup(struct sim *sim)
{
	const struct setup *setup = &sim->setup;
	int i;

	TRACE(sim, "sim",
	      "seed=%llu mns=%u lmas=%u mags=%u latency=%u us lifetime=%u s",
	      (unsigned long long)sim->seed, sim->options.mns,
	      sim->options.lmas, sim->options.mags, setup->latency_us,
	      setup->lifetime_s);
	TRACE(sim, "sim",
	      "presence=%u s heartbeat=%u s pace=%u s second=%u%% timestamps=%d fixed-router=%d revocation=%d bulk-group-size=%u",
	      setup->presence_s, setup->heartbeat_s, setup->pace_s,
	      setup->second, setup->timestamps, setup->fixed_router,
	      setup->revocation, setup->bulk_group_size);
	TRACE(sim, "sim", "multihomed=%u%% sharing=%x", setup->multihomed,
	      setup->sharing);
	for (i = 0; i < FAULTS; i++)
		TRACE(sim, "sim", "rate %s=%u", fault_name((enum fault)i),
		      sim->faults.rate[i]);
}

static void create(struct sim *sim)
{
	uint32_t i;

	draw_setup(sim);
	trace_setup(sim);
	sim->agent_count = sim->options.lmas + sim->options.mags;
	sim->agents = must_alloc(sim->agent_count * sizeof(*sim->agents));
	for (i = 0; i < sim->agent_count; i++)
		agent_create(sim, i);
	mobile_create(sim);
	for (i = 0; i < sim->agent_count; i++)
		agent_start(&sim->agents[i]);
}

static void destroy(struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->agent_count; i++)
		agent_free(&sim->agents[i]);
	queue_free(&sim->queue);
	free(sim->agents);
	free(sim->mns);
	free(sim->partitions);
	check_free(&sim->check);
	trace_free(&sim->trace);
}

/* --- Time. */

/* So many events in a row at one time are no progress. */
static uint32_t most_at_once(const struct sim *sim)
{
	return 100000 + 100 * sim->options.mns;
}

static void run_until(struct sim *sim, uint64_t until_us)
{
	struct event event;

	while (!sim->check.broken && queue_next_us(&sim->queue) <= until_us) {
		queue_pop(&sim->queue, &event);
		if (event.due_us != sim->now_us)
			sim->stuck = 0;
		else if (sim->stuck++ > most_at_once(sim))
			check_fail(sim, "time goes on",
				   "%u events at one time", sim->stuck);
		sim->now_us = event.due_us;
		sim->totals.events++;
		event.run(sim, &event);
		check_step(sim);
	}
	if (sim->now_us < until_us && !sim->check.broken)
		sim->now_us = until_us;
}

/* What failed to go when it was to, or when nobody was there, goes now. */
static void restart_dirty(struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->agent_count; i++) {
		if (!sim->agents[i].up || !sim->agents[i].dirty)
			continue;
		agent_stop(&sim->agents[i]);
		agent_start(&sim->agents[i]);
	}
}

/* Until whatever was begun is over: lifetimes, refusals, silences, waits. */
static uint64_t settle_us(const struct sim *sim)
{
	const struct setup *setup = &sim->setup;

	return (setup->lifetime_s + 2 * (setup->presence_s + 5) +
		5ull * setup->heartbeat_s + REFUSAL_S + SLACK_S) * US_PER_S;
}

/*
 * What a gateway has forgotten of a bulk group, its anchor keeps as long as the group:
 * that is retired after the interval at which members register by themselves, renewed
 * until the last one has left it, and then it has its lifetime.
 */
static uint64_t groups_settle_us(const struct sim *sim)
{
	const struct setup *setup = &sim->setup;

	return setup->bulk_group_size ?
	       2ull * setup_member_interval_s(setup) * US_PER_S : 0;
}

static void trouble(struct sim *sim)
{
	uint64_t until = sim->now_us + sim->options.duration_s * US_PER_S;

	mobile_go(sim);
	faults_begin(sim, until);
	run_until(sim, until);
}

/*
 * Lifetimes are extended all the time: what is under way just now ends, and what
 * timers make of that at once, so that nothing is looked at halfway. Where there are
 * very many mobile nodes there is always something.
 */
static void finish(struct sim *sim)
{
	unsigned int tries = 0;
	uint64_t events;
	uint32_t i;

	do {
		for (i = 0; i < sim->agent_count; i++)
			exec_finish(&sim->agents[i]);
		events = sim->totals.events;
		run_until(sim, sim->now_us + 2 * US_PER_MS);
	} while (sim->totals.events != events && tries++ < 100);
}

static void calm(struct sim *sim)
{
	uint32_t i;

	TRACE(sim, "sim", "calm");
	faults_end(sim);
	mobile_rest(sim);
	/* Whoever is away comes back; then nothing is left undone. */
	run_until(sim, sim->now_us + (AGENT_AWAY_S + 10) * US_PER_S);
	if (sim->check.broken)
		return;
	restart_dirty(sim);
	for (i = sim->options.lmas; i < sim->agent_count; i++)
		gateway_release(&sim->agents[i]);
	run_until(sim, sim->now_us + settle_us(sim) + groups_settle_us(sim));
	finish(sim);
	if (!sim->check.broken)
		check_settled(sim);
}

static void farewell(struct sim *sim)
{
	TRACE(sim, "sim", "all leave");
	mobile_leave(sim);
	run_until(sim, sim->now_us + settle_us(sim));
	finish(sim);
	if (!sim->check.broken)
		check_empty(sim);
}

/* --- The run. */

static void add_up(const struct sim *sim, struct totals *totals)
{
	int i;

	totals->events += sim->totals.events;
	totals->messages += sim->totals.messages;
	totals->registered += sim->totals.registered;
	totals->handovers += sim->totals.handovers;
	totals->refreshed += sim->totals.refreshed;
	totals->renumbered += sim->totals.renumbered;
	totals->revoked += sim->totals.revoked;
	totals->joined += sim->totals.joined;
	totals->flows += sim->totals.flows;
	totals->packets += sim->totals.packets;
	for (i = 0; i < FAULTS; i++)
		totals->faults[i] += sim->faults.count[i];
}

bool sim_run(const struct options *options, uint64_t seed, FILE *trace_to,
	     bool keep, struct totals *totals)
{
	struct sim *sim = must_alloc(sizeof(*sim));
	bool good;

	sim->options = *options;
	sim->seed = seed;
	sim->trace.wanted = trace_to || keep;
	sim->trace.to = trace_to;
	sim->check.until_deep = 1000;
	create(sim);
	trouble(sim);
	if (!sim->check.broken)
		calm(sim);
	if (!sim->check.broken)
		farewell(sim);
	good = !sim->check.broken;
	if (!good && keep)
		check_print(sim, stdout);
	destroy(sim);
	if (totals)
		add_up(sim, totals);
	free(sim);
	return good;
}
