// SPDX-License-Identifier: GPL-2.0
/*
 * Expiry sets of a kernel: one deadline of many paths. The paths of one that is
 * over go in chunks, and it can not be renewed from the first of them on.
 */
#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include <utlist.h>

#include "../engine/alloc.h"
#include "world.h"

/* Few, so that much can happen before the last. */
#define CHUNK 8

/* What is told when all are gone. */
struct set_expired {
	uint32_t id;
	uint32_t generation;
};

static void on_reaper(struct sim *sim, const struct event *event);

static void wake_reaper(struct agent *agent)
{
	struct kernel *kernel = &agent->kernel;
	struct sim *sim = agent->sim;
	uint64_t due = timers_next(&kernel->set_expiry);

	if (due == NEVER ||
	    (kernel->sets_wake_us && kernel->sets_wake_us <= due))
		return;
	kernel->sets_wake_us = due > sim->now_us ? due : sim->now_us;
	sim_after(sim, kernel->sets_wake_us - sim->now_us, on_reaper,
		  agent->index, 0, NULL);
}

struct kernel_set *kernel_set(const struct kernel *kernel, uint32_t id)
{
	struct kernel_set *set;

	HASH_FIND(hh, kernel->sets, &id, sizeof(id), set);
	return set;
}

static void remove_set(struct kernel *kernel, struct kernel_set *set)
{
	timer_cancel(&kernel->set_expiry, &set->expiry);
	HASH_DEL(kernel->sets, set);
	free(set);
}

static void on_expired(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];
	const struct set_expired *expired = event->data;

	if (agent_is_here(agent, event->life))
		agent_on_set_expired(agent, expired->id, expired->generation);
	free(event->data);
}

static void tell_expired(struct agent *agent, const struct kernel_set *set)
{
	struct set_expired expired = { set->id, set->generation };
	uint64_t us = sim_draw(agent->sim, STREAM_PORTS, 20, 2000);

	if (agent->up && !kernel_event_is_lost(agent, us))
		sim_after(agent->sim, us, on_expired, agent->index, agent->life,
			  must_copy(&expired, sizeof(expired)));
}

static void reap(struct agent *agent, struct kernel_set *set)
{
	struct kernel *kernel = &agent->kernel;
	struct sim *sim = agent->sim;
	unsigned int i;

	set->ending = true;
	for (i = 0; i < CHUNK && set->members; i++)
		kernel_reap_path(agent, set->members);
	if (set->members) {
		timer_set(&kernel->set_expiry, &set->expiry, sim->now_us +
			  sim_draw(sim, STREAM_PORTS, 20, 2000));
		return;
	}
	TRACE(sim, agent->name, "kernel reaps set=%u", set->id);
	tell_expired(agent, set);
	remove_set(kernel, set);
}

static void on_reaper(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];
	struct kernel *kernel = &agent->kernel;
	struct timer *timer;

	if (event->due_us != kernel->sets_wake_us)
		return;
	kernel->sets_wake_us = 0;
	while ((timer = timers_take(&kernel->set_expiry, sim->now_us)))
		reap(agent, (struct kernel_set *)((char *)timer -
			     offsetof(struct kernel_set, expiry)));
	wake_reaper(agent);
}

int kernel_put_set(struct agent *agent, const struct effect_expiry_set *put)
{
	struct kernel *kernel = &agent->kernel;
	struct kernel_set *set = kernel_set(kernel, put->id);

	if (set ? set->ending : put->renews)
		return ENOENT;
	if (!set) {
		set = must_alloc(sizeof(*set));
		set->id = put->id;
		HASH_ADD(hh, kernel->sets, id, sizeof(set->id), set);
	}
	set->generation = put->generation;
	set->expires_us = agent->sim->now_us + put->lifetime_ms * US_PER_MS;
	check_set_put(agent, set);
	timer_set(&kernel->set_expiry, &set->expiry, set->expires_us);
	wake_reaper(agent);
	return 0;
}

int kernel_delete_set(struct agent *agent, uint32_t id)
{
	struct kernel_set *set = kernel_set(&agent->kernel, id);

	if (set && set->members)
		return EBUSY;
	if (set)
		remove_set(&agent->kernel, set);
	return 0;
}

void kernel_join_set(struct kernel *kernel, struct kernel_path *path)
{
	struct kernel_set *set = kernel_set(kernel, path->what.expiry_set);

	assert(set);
	DL_APPEND2(set->members, path, set_prev, set_next);
}

void kernel_leave_set(struct kernel *kernel, struct kernel_path *path)
{
	struct kernel_set *set = kernel_set(kernel, path->what.expiry_set);

	/* It has not gone before its members: reap(), kernel_delete_set(). */
	assert(set);
	DL_DELETE2(set->members, path, set_prev, set_next);
}

void kernel_erase_sets(struct kernel *kernel)
{
	struct kernel_set *set, *next;

	HASH_ITER(hh, kernel->sets, set, next)
		remove_set(kernel, set);
}
