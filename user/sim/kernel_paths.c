// SPDX-License-Identifier: GPL-2.0
/*
 * Paths of a kernel's bindings, as kernel/path_list.c has them: in the order of
 * priority and then of binding identifier, each with an end of its own or of a
 * set, and with a tunnel that is there while a path needs it.
 */
#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "../engine/alloc.h"
#include "world.h"

/* --- Tunnels exist while a path needs them. */

static void use_tunnel(struct kernel *kernel, const struct in6_addr *remote)
{
	struct kernel_tunnel *tunnel;

	HASH_FIND(hh, kernel->tunnels, remote, sizeof(*remote), tunnel);
	if (!tunnel) {
		tunnel = must_alloc(sizeof(*tunnel));
		tunnel->remote = *remote;
		HASH_ADD(hh, kernel->tunnels, remote, sizeof(*remote), tunnel);
	}
	tunnel->users++;
}

static void leave_tunnel(struct kernel *kernel, const struct in6_addr *remote)
{
	struct kernel_tunnel *tunnel;

	HASH_FIND(hh, kernel->tunnels, remote, sizeof(*remote), tunnel);
	/* Each path has used it once: use_tunnel(). */
	assert(tunnel);
	if (--tunnel->users)
		return;
	HASH_DEL(kernel->tunnels, tunnel);
	free(tunnel);
}

/* --- What there is. */

struct kernel_path *kernel_path_by_bid(const struct kernel_binding *binding,
				       uint16_t bid)
{
	struct kernel_path *path = binding->paths;

	while (path && path->what.bid != bid)
		path = path->next;
	return path;
}

unsigned int kernel_path_count(const struct kernel_binding *binding)
{
	const struct kernel_path *path;
	unsigned int count = 0;

	for (path = binding->paths; path; path = path->next)
		count++;
	return count;
}

uint64_t kernel_path_ends_us(const struct kernel *kernel,
			     const struct kernel_path *path)
{
	const struct kernel_set *set = kernel_set(kernel,
						  path->what.expiry_set);

	return set ? set->expires_us : path->expires_us;
}

/* --- Those that are over. */

static void on_reaper(struct sim *sim, const struct event *event);

static void wake_reaper(struct agent *agent)
{
	struct kernel *kernel = &agent->kernel;
	struct sim *sim = agent->sim;
	uint64_t due = timers_next(&kernel->expiry);

	if (due == NEVER || (kernel->wake_us && kernel->wake_us <= due))
		return;
	kernel->wake_us = due > sim->now_us ? due : sim->now_us;
	sim_after(sim, kernel->wake_us - sim->now_us, on_reaper, agent->index,
		  0, NULL);
}

static void on_expired(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];

	if (agent_is_here(agent, event->life))
		agent_on_expired(agent, event->data);
	free(event->data);
}

static void on_overflow(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];

	if (agent_is_here(agent, event->life) && agent->kernel.device)
		agent_read_kernel(agent);
}

bool kernel_event_is_lost(struct agent *agent, uint64_t us)
{
	struct sim *sim = agent->sim;

	if (!fault_happens(sim, FAULT_EVENT))
		return false;
	sim_after(sim, us, on_overflow, agent->index, agent->life, NULL);
	return true;
}

/* Told to who listens; what does not fit into its socket is, that it did not. */
static void tell_expired(struct agent *agent, const struct kernel_path *path)
{
	struct effect_binding told = path->binding->told;
	struct sim *sim = agent->sim;
	uint64_t us = sim_draw(sim, STREAM_PORTS, 20, 2000);

	told.bid = path->what.bid;
	told.generation = path->what.generation;
	if (agent->up && !kernel_event_is_lost(agent, us))
		sim_after(sim, us, on_expired, agent->index, agent->life,
			  must_copy(&told, sizeof(told)));
}

void kernel_end_path(struct agent *agent, struct kernel_path *path)
{
	struct kernel_path **at = &path->binding->paths;
	struct kernel *kernel = &agent->kernel;

	timer_cancel(&kernel->expiry, &path->expiry);
	if (path->what.expiry_set)
		kernel_leave_set(kernel, path);
	leave_tunnel(kernel, &path->what.remote);
	while (*at != path)
		at = &(*at)->next;
	*at = path->next;
	free(path);
}

void kernel_reap_path(struct agent *agent, struct kernel_path *path)
{
	struct kernel_binding *binding = path->binding;

	kernel_end_path(agent, path);
	if (!binding->paths)
		kernel_remove_binding(agent, binding);
}

static void on_reaper(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];
	struct kernel *kernel = &agent->kernel;
	struct kernel_path *path;
	struct timer *timer;

	if (event->due_us != kernel->wake_us)
		return;
	kernel->wake_us = 0;
	while ((timer = timers_take(&kernel->expiry, sim->now_us))) {
		path = (struct kernel_path *)((char *)timer -
			offsetof(struct kernel_path, expiry));
		TRACE(sim, agent->name, "kernel reaps cookie=%llu path=%u",
		      (unsigned long long)path->binding->told.cookie,
		      path->what.bid);
		tell_expired(agent, path);
		kernel_reap_path(agent, path);
	}
	wake_reaper(agent);
}

/* --- Changes. */

static bool has_set(const struct kernel *kernel, uint32_t id)
{
	const struct kernel_set *set = id ? kernel_set(kernel, id) : NULL;

	return !id || (set && !set->ending);
}

bool kernel_find_sets(const struct kernel *kernel,
		      const struct effect_binding *set)
{
	unsigned int i;

	if (set->has_path && !has_set(kernel, set->expiry_set))
		return false;
	for (i = 0; i < set->more_count; i++)
		if (!has_set(kernel, set->more[i].expiry_set))
			return false;
	return true;
}

static bool is_before(const struct effect_path *one,
		      const struct effect_path *other)
{
	return one->priority < other->priority ||
	       (one->priority == other->priority && one->bid < other->bid);
}

static void add_path(struct agent *agent, struct kernel_binding *binding,
		     const struct effect_path *what)
{
	struct kernel_path *path = must_alloc(sizeof(*path));
	struct kernel_path **at = &binding->paths;
	struct kernel *kernel = &agent->kernel;

	path->binding = binding;
	path->what = *what;
	if (!path->what.bid)
		path->what.bid = KERNEL_BID;
	while (*at && is_before(&(*at)->what, &path->what))
		at = &(*at)->next;
	path->next = *at;
	*at = path;
	use_tunnel(kernel, &what->remote);
	if (what->expiry_set) {
		kernel_join_set(kernel, path);
		return;
	}
	path->expires_us = agent->sim->now_us + what->lifetime_ms * US_PER_MS;
	timer_set(&kernel->expiry, &path->expiry, path->expires_us);
	wake_reaper(agent);
}

void kernel_set_paths(struct agent *agent, struct kernel_binding *binding,
		      const struct effect_binding *set)
{
	struct effect_path first = {
		.remote = set->remote,
		.bid = set->bid,
		.priority = set->priority,
		.expiry_set = set->expiry_set,
		.lifetime_ms = set->lifetime_ms,
		.generation = set->generation,
	};
	unsigned int i;

	while (binding->paths)
		kernel_end_path(agent, binding->paths);
	if (!set->has_path)
		return;
	add_path(agent, binding, &first);
	for (i = 0; i < set->more_count; i++)
		add_path(agent, binding, &set->more[i]);
}
