// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "world.h"

/* --- Bindings. */

struct kernel_binding *kernel_binding(const struct kernel *kernel,
				      const struct mh_prefix *hnp)
{
	struct kernel_binding *binding;

	HASH_FIND(hh, kernel->bindings, hnp, PREFIX_KEY, binding);
	return binding;
}

void kernel_remove_binding(struct agent *agent, struct kernel_binding *binding)
{
	while (binding->paths)
		kernel_end_path(agent, binding->paths);
	kernel_free_flows(binding);
	HASH_DEL(agent->kernel.bindings, binding);
	free(binding);
}

static int set_binding(struct agent *agent, const struct effect_binding *set)
{
	struct kernel *kernel = &agent->kernel;
	struct kernel_binding *binding = kernel_binding(kernel, &set->hnp);

	/* What is to end with a set that is not there, or is over, is not set. */
	if (!kernel_find_sets(kernel, set))
		return ENOENT;
	check_binding_set(agent, binding, set);
	if (!binding) {
		binding = must_alloc(sizeof(*binding));
		binding->hnp = set->hnp;
		HASH_ADD(hh, kernel->bindings, hnp, PREFIX_KEY, binding);
	}
	binding->told = *set;
	binding->told.has_path = false;
	binding->told.more_count = 0;
	binding->told.more = NULL;
	kernel_set_paths(agent, binding, set);
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

static void trace_path(struct agent *agent, const struct effect_path *path)
{
	const struct agent *to = agent_by_address(agent->sim, &path->remote);

	TRACE(agent->sim, agent->name,
	      "  path %u to %s priority=%u set=%u lifetime=%llu ms", path->bid,
	      to ? to->name : "nobody", path->priority, path->expiry_set,
	      (unsigned long long)path->lifetime_ms);
}

static void trace_binding(struct agent *agent, const struct effect_binding *set,
			  bool adds)
{
	char text[TRACE_TEXT];
	unsigned int i;

	TRACE(agent->sim, agent->name,
	      "kernel %s binding %s cookie=%llu set=%u lifetime=%llu ms%s",
	      adds ? "sets" : "deletes", trace_prefix(&set->hnp, text),
	      (unsigned long long)set->cookie, set->expiry_set,
	      (unsigned long long)set->lifetime_ms,
	      set->has_path ? "" : " without path");
	for (i = 0; i < set->more_count; i++)
		trace_path(agent, &set->more[i]);
}

static void trace_flow(struct agent *agent, const struct effect_flow *flow,
		       bool adds)
{
	char prefix[TRACE_TEXT], selector[SELECTOR_TEXT_MAX];

	trace_prefix(&flow->hnp, prefix);
	selector_print(&flow->selector, selector, sizeof(selector));
	if (adds)
		TRACE(agent->sim, agent->name,
		      "kernel sets flow %s id=%u priority=%u action=%u path=%u %s",
		      prefix, flow->id, flow->priority, flow->action,
		      flow->bid[0], selector);
	else
		TRACE(agent->sim, agent->name, "kernel deletes flow %s id=%u",
		      prefix, flow->id);
}

static void trace_effect(struct agent *agent, const struct effect *effect)
{
	bool adds = !effect_takes_away(effect->kind);
	struct mh_prefix what = { .len = 128 };
	char text[TRACE_TEXT];

	switch (effect->kind) {
	case EFFECT_BINDING_SET:
	case EFFECT_BINDING_DELETE:
		trace_binding(agent, &effect->binding, adds);
		break;
	case EFFECT_FLOW_SET:
	case EFFECT_FLOW_DELETE:
		trace_flow(agent, effect->flow, adds);
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
	case EFFECT_FLOW_SET:
		return kernel_set_flow(kernel, effect->flow);
	case EFFECT_FLOW_DELETE:
		kernel_delete_flow(kernel, effect->flow);
		break;
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

static struct effect_path dump_path(const struct agent *agent,
				    const struct kernel_path *from)
{
	uint64_t ends = kernel_path_ends_us(&agent->kernel, from);
	uint64_t now = agent->sim->now_us;
	struct effect_path to = from->what;

	to.lifetime_ms = ends > now ? (ends - now) / US_PER_MS : 0;
	return to;
}

static void dump_paths(const struct agent *agent,
		       const struct kernel_binding *from,
		       struct dataplane_binding *to)
{
	struct effect_path first = dump_path(agent, from->paths);
	const struct kernel_path *path;

	to->has_path = true;
	to->remote = first.remote;
	to->bid = first.bid;
	to->priority = first.priority;
	to->expiry_set = first.expiry_set;
	to->lifetime_ms = first.lifetime_ms;
	to->generation = first.generation;
	to->access_ifindex = from->told.access_ifindex;
	if (!from->paths->next)
		return;
	to->more = must_alloc(kernel_path_count(from) * sizeof(*to->more));
	for (path = from->paths->next; path; path = path->next)
		to->more[to->more_count++] = dump_path(agent, path);
}

static void dump_bindings(const struct agent *agent,
			  struct dataplane_binding *to)
{
	const struct kernel_binding *from = agent->kernel.bindings;

	for (; from; from = from->hh.next, to++) {
		to->hnp = from->hnp;
		to->cookie = from->told.cookie;
		to->local_routing = from->told.local_routing;
		if (from->paths)
			dump_paths(agent, from, to);
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
