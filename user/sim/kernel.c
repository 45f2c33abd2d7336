// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

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

/* --- Bindings. */

struct kernel_binding *kernel_binding(const struct kernel *kernel,
				      const struct mh_prefix *hnp)
{
	struct kernel_binding *binding;

	HASH_FIND(hh, kernel->bindings, hnp, PREFIX_KEY, binding);
	return binding;
}

static void end_path(struct agent *agent, struct kernel_binding *binding)
{
	struct kernel *kernel = &agent->kernel;

	timer_cancel(&kernel->expiry, &binding->expiry);
	if (!binding->set.has_path)
		return;
	if (binding->set.expiry_set)
		kernel_leave_set(kernel, binding);
	leave_tunnel(kernel, &binding->set.remote);
	binding->set.has_path = false;
}

void kernel_remove_binding(struct agent *agent, struct kernel_binding *binding)
{
	end_path(agent, binding);
	HASH_DEL(agent->kernel.bindings, binding);
	free(binding);
}

uint64_t kernel_expires_us(const struct kernel *kernel,
			   const struct kernel_binding *binding)
{
	const struct kernel_set *set = kernel_set(kernel,
						  binding->set.expiry_set);

	return set ? set->expires_us : binding->expires_us;
}

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
static void tell_expired(struct agent *agent, const struct effect_binding *set)
{
	struct sim *sim = agent->sim;
	uint64_t us = sim_draw(sim, STREAM_PORTS, 20, 2000);

	if (agent->up && !kernel_event_is_lost(agent, us))
		sim_after(sim, us, on_expired, agent->index, agent->life,
			  must_copy(set, sizeof(*set)));
}

static void on_reaper(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];
	struct kernel *kernel = &agent->kernel;
	struct kernel_binding *binding;
	struct timer *timer;

	if (event->due_us != kernel->wake_us)
		return;
	kernel->wake_us = 0;
	while ((timer = timers_take(&kernel->expiry, sim->now_us))) {
		binding = (struct kernel_binding *)((char *)timer -
			offsetof(struct kernel_binding, expiry));
		TRACE(sim, agent->name, "kernel reaps cookie=%llu",
		      (unsigned long long)binding->set.cookie);
		tell_expired(agent, &binding->set);
		kernel_remove_binding(agent, binding);
	}
	wake_reaper(agent);
}

static int set_binding(struct agent *agent, const struct effect_binding *set)
{
	struct kernel *kernel = &agent->kernel;
	struct kernel_binding *binding = kernel_binding(kernel, &set->hnp);
	struct sim *sim = agent->sim;
	uint64_t expires = sim->now_us + set->lifetime_ms * US_PER_MS;
	const struct kernel_set *joins;

	/* What is to end with a set that is not there, or is over, is not set. */
	if (set->has_path && set->expiry_set) {
		joins = kernel_set(kernel, set->expiry_set);
		if (!joins || joins->ending)
			return ENOENT;
		expires = joins->expires_us;
	}
	check_binding_set(agent, binding, set, expires);
	if (binding) {
		end_path(agent, binding);
	} else {
		binding = must_alloc(sizeof(*binding));
		binding->hnp = set->hnp;
		HASH_ADD(hh, kernel->bindings, hnp, PREFIX_KEY, binding);
	}
	binding->set = *set;
	/* Nobody has several paths here. */
	binding->set.more = NULL;
	binding->expires_us = expires;
	if (!set->has_path)
		return 0;
	use_tunnel(kernel, &set->remote);
	if (set->expiry_set) {
		kernel_join_set(kernel, binding);
		return 0;
	}
	timer_set(&kernel->expiry, &binding->expiry, expires);
	wake_reaper(agent);
	return 0;
}

/* --- Routes and addresses. */

static void route_key(const struct mh_prefix *prefix, bool access, uint8_t *key)
{
	memcpy(key, &prefix->addr, sizeof(prefix->addr));
	key[16] = prefix->len;
	key[17] = access;
}

struct kernel_route *kernel_route(const struct kernel *kernel,
				  const struct mh_prefix *prefix, bool access)
{
	struct kernel_route *route;
	uint8_t key[18];

	route_key(prefix, access, key);
	HASH_FIND(hh, kernel->routes, key, sizeof(key), route);
	return route;
}

static void add_route(struct kernel *kernel, const struct effect_route *add)
{
	bool access = add->access_ifindex;
	struct kernel_route *route = kernel_route(kernel, &add->prefix, access);

	if (!route) {
		route = must_alloc(sizeof(*route));
		route_key(&add->prefix, access, route->key);
		HASH_ADD(hh, kernel->routes, key, sizeof(route->key), route);
	}
	route->ifindex = add->access_ifindex;
}

static void remove_route(struct kernel *kernel, struct kernel_route *route)
{
	if (!route)
		return;
	HASH_DEL(kernel->routes, route);
	free(route);
}

static struct kernel_address *find_address(const struct kernel *kernel,
					   uint32_t ifindex,
					   const struct in6_addr *address,
					   uint8_t *key)
{
	struct kernel_address *found;

	memcpy(key, &ifindex, 4);
	memcpy(key + 4, address, 16);
	HASH_FIND(hh, kernel->addresses, key, 20, found);
	return found;
}

bool kernel_has_address(const struct kernel *kernel, uint32_t ifindex,
			const struct in6_addr *address)
{
	uint8_t key[20];

	return find_address(kernel, ifindex, address, key);
}

static void set_address(struct kernel *kernel,
			const struct effect_address *what, bool add)
{
	struct kernel_address *address;
	uint8_t key[20];

	address = find_address(kernel, what->ifindex, &what->address, key);
	if (add && !address) {
		address = must_alloc(sizeof(*address));
		memcpy(address->key, key, sizeof(key));
		HASH_ADD(hh, kernel->addresses, key, sizeof(address->key),
			 address);
	} else if (!add && address) {
		HASH_DEL(kernel->addresses, address);
		free(address);
	}
}

/* --- All of it. */

static void trace_effect(struct agent *agent, const struct effect *effect)
{
	bool adds = !effect_takes_away(effect->kind);
	struct mh_prefix what = { .len = 128 };
	char text[TRACE_TEXT];

	switch (effect->kind) {
	case EFFECT_BINDING_SET:
	case EFFECT_BINDING_DELETE:
		TRACE(agent->sim, agent->name,
		      "kernel %s binding %s cookie=%llu set=%u lifetime=%llu ms%s",
		      adds ? "sets" : "deletes",
		      trace_prefix(&effect->binding.hnp, text),
		      (unsigned long long)effect->binding.cookie,
		      effect->binding.expiry_set,
		      (unsigned long long)effect->binding.lifetime_ms,
		      effect->binding.has_path ? "" : " without path");
		break;
	case EFFECT_EXPIRY_SET_PUT:
	case EFFECT_EXPIRY_SET_DELETE:
		TRACE(agent->sim, agent->name,
		      "kernel %s set=%u lifetime=%llu ms",
		      adds ? "puts" : "deletes", effect->set.id,
		      (unsigned long long)effect->set.lifetime_ms);
		break;
	case EFFECT_ROUTE_ADD:
	case EFFECT_ROUTE_DELETE:
		TRACE(agent->sim, agent->name, "kernel %s route %s link=%u",
		      adds ? "adds" : "deletes",
		      trace_prefix(&effect->route.prefix, text),
		      effect->route.access_ifindex);
		break;
	default:
		what.addr = effect->address.address;
		TRACE(agent->sim, agent->name, "kernel %s address %s link=%u",
		      adds ? "adds" : "deletes", trace_prefix(&what, text),
		      effect->address.ifindex);
		break;
	}
}

int kernel_apply(struct agent *agent, const struct effect *effect)
{
	struct kernel *kernel = &agent->kernel;
	struct kernel_binding *binding;

	if (agent->sim->trace.wanted)
		trace_effect(agent, effect);
	switch (effect->kind) {
	case EFFECT_BINDING_SET:
		return set_binding(agent, &effect->binding);
	case EFFECT_BINDING_DELETE:
		binding = kernel_binding(kernel, &effect->binding.hnp);
		if (binding)
			kernel_remove_binding(agent, binding);
		break;
	case EFFECT_EXPIRY_SET_PUT:
		return kernel_put_set(agent, &effect->set);
	case EFFECT_EXPIRY_SET_DELETE:
		return kernel_delete_set(agent, effect->set.id);
	case EFFECT_ROUTE_ADD:
		add_route(kernel, &effect->route);
		break;
	case EFFECT_ROUTE_DELETE:
		remove_route(kernel, kernel_route(kernel, &effect->route.prefix,
						  effect->route.access_ifindex));
		break;
	case EFFECT_ADDRESS_ADD:
	case EFFECT_ADDRESS_DELETE:
		set_address(kernel, &effect->address,
			    effect->kind == EFFECT_ADDRESS_ADD);
		break;
	default:
		break;
	}
	return 0;
}

void kernel_erase(struct agent *agent, bool all)
{
	struct kernel *kernel = &agent->kernel;
	struct kernel_address *address, *next_address;
	struct kernel_binding *binding, *next_binding;
	struct kernel_route *route, *next_route;

	HASH_ITER(hh, kernel->bindings, binding, next_binding)
		kernel_remove_binding(agent, binding);
	kernel_erase_sets(kernel);
	HASH_ITER(hh, kernel->routes, route, next_route)
		if (all || !route->ifindex)
			remove_route(kernel, route);
	if (!all)
		return;
	HASH_ITER(hh, kernel->addresses, address, next_address) {
		HASH_DEL(kernel->addresses, address);
		free(address);
	}
}

void kernel_delete_leftovers(struct agent *agent)
{
	struct kernel *kernel = &agent->kernel;
	struct kernel_address *address, *next_address;
	struct kernel_route *route, *next_route;
	struct mh_prefix prefix = { 0 };
	struct in6_addr router;
	uint32_t ifindex;

	HASH_ITER(hh, kernel->routes, route, next_route) {
		memcpy(&prefix.addr, route->key, sizeof(prefix.addr));
		prefix.len = route->key[16];
		if (!agent->ops->wants_route(agent, &prefix, route->ifindex))
			remove_route(kernel, route);
	}
	HASH_ITER(hh, kernel->addresses, address, next_address) {
		memcpy(&ifindex, address->key, sizeof(ifindex));
		memcpy(&router, address->key + 4, sizeof(router));
		if (mag_link_carries(agent->mag, ifindex, &router))
			continue;
		HASH_DEL(kernel->addresses, address);
		free(address);
	}
}

static void dump_bindings(const struct agent *agent,
			  struct dataplane_binding *to)
{
	const struct kernel *kernel = &agent->kernel;
	const struct kernel_binding *from;
	uint64_t now = agent->sim->now_us, expires;

	for (from = kernel->bindings; from; from = from->hh.next, to++) {
		to->hnp = from->set.hnp;
		to->cookie = from->set.cookie;
		to->local_routing = from->set.local_routing;
		to->has_path = from->set.has_path;
		if (!to->has_path)
			continue;
		expires = kernel_expires_us(kernel, from);
		to->remote = from->set.remote;
		to->bid = from->set.bid;
		to->priority = from->set.priority;
		to->expiry_set = from->set.expiry_set;
		to->lifetime_ms = expires > now ? (expires - now) / US_PER_MS :
						  0;
		to->generation = from->set.generation;
		to->access_ifindex = from->set.access_ifindex;
	}
}

struct dataplane_dump kernel_dump(const struct agent *agent)
{
	const struct kernel *kernel = &agent->kernel;
	struct dataplane_dump dump = {
		.count = HASH_COUNT(kernel->bindings),
		.has_sets = true,
		.set_count = HASH_COUNT(kernel->sets),
	};
	const struct kernel_set *from;
	uint64_t now = agent->sim->now_us;
	struct dataplane_set *to;

	dump.bindings = must_alloc((dump.count + 1) * sizeof(*dump.bindings));
	dump.sets = must_alloc((dump.set_count + 1) * sizeof(*dump.sets));
	dump_bindings(agent, dump.bindings);
	for (from = kernel->sets, to = dump.sets; from;
	     from = from->hh.next, to++) {
		to->id = from->id;
		to->generation = from->generation;
		to->lifetime_ms = from->expires_us > now ?
				  (from->expires_us - now) / US_PER_MS : 0;
	}
	return dump;
}
