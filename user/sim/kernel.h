/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel with the module, as far as an agent can tell: bindings, their paths,
 * which expire alone or as a set, the tunnels that these need, flows, routes and
 * addresses.
 */
#ifndef PMIP6_SIM_KERNEL_H
#define PMIP6_SIM_KERNEL_H

#include <uthash.h>

#include "../engine/dataplane.h"
#include "../engine/effects.h"
#include "../engine/timer.h"

struct agent;

/* Octets of a struct mh_prefix that say which it is: what follows is padding. */
#define PREFIX_KEY 17

/* What the module calls a path that it is told no binding identifier of. */
#define KERNEL_BID 1

struct kernel_binding;

/**
 * struct kernel_path - one way to a mobile node
 * @next: the one after it in the order of preference
 * @binding: whose
 * @what: as last told, but with a binding identifier
 * @expires_us: its end, unless that is of a set
 * @expiry: when that is reaped, on the virtual clock
 * @set_prev: in its set
 * @set_next: likewise
 */
struct kernel_path {
	struct kernel_path *next;
	struct kernel_binding *binding;
	struct effect_path what;
	uint64_t expires_us;
	struct timer expiry;
	struct kernel_path *set_prev, *set_next;
};

/**
 * struct kernel_flow - which packets go by which path
 * @next: the one that is matched after it
 * @what: as last told
 */
struct kernel_flow {
	struct kernel_flow *next;
	struct effect_flow what;
};

/**
 * struct kernel_binding - one prefix
 * @hnp: the key
 * @told: as last told; of its paths, which are in @paths, only the first
 * @paths: in the order of preference
 * @flows: in the order of priority
 * @hh: in the kernel
 */
struct kernel_binding {
	struct mh_prefix hnp;
	struct effect_binding told;
	struct kernel_path *paths;
	struct kernel_flow *flows;
	UT_hash_handle hh;
};

/**
 * struct kernel_set - one expiry set
 * @id: the key
 * @generation: as last told
 * @expires_us: its end
 * @ending: its paths are being reaped
 * @members: paths that end with it
 * @expiry: when it is reaped, or the next chunk of it
 * @hh: in the kernel
 */
struct kernel_set {
	uint32_t id;
	uint32_t generation;
	uint64_t expires_us;
	bool ending;
	struct kernel_path *members;
	struct timer expiry;
	UT_hash_handle hh;
};

/**
 * struct kernel_route - one route
 * @key: its prefix, and 1 if it is in the table of access links
 * @ifindex: the access link, or 0
 * @hh: in the kernel
 */
struct kernel_route {
	uint8_t key[18];
	uint32_t ifindex;
	UT_hash_handle hh;
};

/**
 * struct kernel_tunnel - one other end
 * @remote: the key
 * @users: how many paths need it
 * @hh: in the kernel
 */
struct kernel_tunnel {
	struct in6_addr remote;
	unsigned int users;
	UT_hash_handle hh;
};

/**
 * struct kernel_address - a link-local address of an access link
 * @key: link and address
 * @hh: in the kernel
 */
struct kernel_address {
	uint8_t key[20];
	UT_hash_handle hh;
};

/**
 * struct kernel - the state that an agent's effects have made
 * @device: the pmip6 device is there
 * @bindings: by prefix
 * @routes: by table and prefix
 * @tunnels: by other end
 * @addresses: by link and address
 * @expiry: when paths are reaped
 * @wake_us: when that is looked after, or 0
 * @sets: expiry sets by number
 * @set_expiry: when they are reaped
 * @sets_wake_us: when that is looked after, or 0
 */
struct kernel {
	bool device;
	struct kernel_binding *bindings;
	struct kernel_route *routes;
	struct kernel_tunnel *tunnels;
	struct kernel_address *addresses;
	struct timers expiry;
	uint64_t wake_us;
	struct kernel_set *sets;
	struct timers set_expiry;
	uint64_t sets_wake_us;
};

/**
 * kernel_erase() - as after a reboot, or after the module went
 * @agent: whose
 * @all: also what does not hang on the module's device
 */
void kernel_erase(struct agent *agent, bool all);

/**
 * kernel_binding() - what there is of a prefix
 * @kernel: the kernel
 * @hnp: the prefix
 *
 * Return: the binding or NULL.
 */
struct kernel_binding *kernel_binding(const struct kernel *kernel,
				      const struct mh_prefix *hnp);

/**
 * kernel_remove_binding() - a binding goes, with its paths and flows
 * @agent: whose kernel
 * @binding: the binding
 */
void kernel_remove_binding(struct agent *agent, struct kernel_binding *binding);

/**
 * kernel_route() - the route to a prefix
 * @kernel: the kernel
 * @prefix: the prefix
 * @access: of access links, not of the device
 *
 * Return: the route or NULL.
 */
struct kernel_route *kernel_route(const struct kernel *kernel,
				  const struct mh_prefix *prefix, bool access);

/**
 * kernel_has_address() - is this one of a link's
 * @kernel: the kernel
 * @ifindex: the link
 * @address: the address
 *
 * Return: true if so.
 */
bool kernel_has_address(const struct kernel *kernel, uint32_t ifindex,
			const struct in6_addr *address);

/**
 * kernel_apply() - do what one effect says
 * @agent: whose kernel
 * @effect: of the phases data plane and routes
 *
 * Return: 0, or the errno value of why not.
 */
int kernel_apply(struct agent *agent, const struct effect *effect);

/**
 * kernel_delete_leftovers() - what an agent does when it starts: routes and
 * addresses that are nobody's go
 * @agent: the agent
 */
void kernel_delete_leftovers(struct agent *agent);

/**
 * kernel_dump() - all bindings and expiry sets
 * @agent: whose kernel
 *
 * Return: those, for dataplane_dump_free().
 */
struct dataplane_dump kernel_dump(const struct agent *agent);

/* --- Paths: kernel_paths.c. */

/**
 * kernel_path_by_bid() - a path of a binding
 * @binding: the binding
 * @bid: binding identifier of the path
 *
 * Return: the path or NULL.
 */
struct kernel_path *kernel_path_by_bid(const struct kernel_binding *binding,
				       uint16_t bid);

/**
 * kernel_path_count() - how many paths a binding has
 * @binding: the binding
 *
 * Return: the number.
 */
unsigned int kernel_path_count(const struct kernel_binding *binding);

/**
 * kernel_path_ends_us() - when a path ends
 * @kernel: the kernel
 * @path: the path
 *
 * Return: on the virtual clock; alone or with its set.
 */
uint64_t kernel_path_ends_us(const struct kernel *kernel,
			     const struct kernel_path *path);

/**
 * kernel_find_sets() - are all sets there that paths are to end with
 * @kernel: the kernel
 * @set: what a binding is to be
 *
 * Return: true if so.
 */
bool kernel_find_sets(const struct kernel *kernel,
		      const struct effect_binding *set);

/**
 * kernel_set_paths() - let a binding have these paths and no others
 * @agent: whose kernel
 * @binding: the binding
 * @set: what it is to be, with sets that are there
 */
void kernel_set_paths(struct agent *agent, struct kernel_binding *binding,
		      const struct effect_binding *set);

/**
 * kernel_end_path() - a path goes
 * @agent: whose kernel
 * @path: the path, whose binding stays
 */
void kernel_end_path(struct agent *agent, struct kernel_path *path);

/**
 * kernel_reap_path() - a path is over, and with the last one its binding
 * @agent: whose kernel
 * @path: the path
 */
void kernel_reap_path(struct agent *agent, struct kernel_path *path);

/**
 * kernel_event_is_lost() - does an event not fit into its socket
 * @agent: the agent, which is told that, as it is told events
 * @us: in so many microseconds
 *
 * Return: true if so.
 */
bool kernel_event_is_lost(struct agent *agent, uint64_t us);

/* --- Flows: kernel_flows.c. */

struct packet;

/**
 * kernel_set_flow() - let a binding have this flow, instead of any of its number
 * @kernel: the kernel
 * @flow: the flow
 *
 * Return: 0, ENOENT without the binding, or EINVAL if another flow has its
 * priority.
 */
int kernel_set_flow(struct kernel *kernel, const struct effect_flow *flow);

/**
 * kernel_delete_flow() - a flow of a binding goes, or all of them
 * @kernel: the kernel
 * @flow: which; what is not there is ignored
 */
void kernel_delete_flow(struct kernel *kernel, const struct effect_flow *flow);

/**
 * kernel_free_flows() - a binding has no flows any more
 * @binding: the binding
 */
void kernel_free_flows(struct kernel_binding *binding);

/**
 * kernel_flow() - a flow of a binding
 * @binding: the binding
 * @id: its number
 *
 * Return: the flow or NULL.
 */
const struct kernel_flow *kernel_flow(const struct kernel_binding *binding,
				      uint16_t id);

/**
 * kernel_choose() - where does a packet to a mobile node go
 * @agent: whose kernel
 * @binding: its binding
 * @packet: the packet
 * @to: set to the other ends of the tunnels, FLOW_PATHS_MAX at most
 *
 * Return: how many of them; 0 for one that is dropped.
 */
unsigned int kernel_choose(const struct agent *agent,
			   const struct kernel_binding *binding,
			   const struct packet *packet, struct in6_addr *to);

/* --- Expiry sets: kernel_sets.c. */

/**
 * kernel_set() - an expiry set
 * @kernel: the kernel
 * @id: its number
 *
 * Return: the set or NULL.
 */
struct kernel_set *kernel_set(const struct kernel *kernel, uint32_t id);

/**
 * kernel_put_set() - there shall be such a set, until then
 * @agent: whose kernel
 * @put: which
 *
 * Return: 0, or ENOENT if it is being reaped, or is to be renewed and not there.
 */
int kernel_put_set(struct agent *agent, const struct effect_expiry_set *put);

/**
 * kernel_delete_set() - a set shall go
 * @agent: whose kernel
 * @id: its number; one that is not there is ignored
 *
 * Return: 0, or EBUSY if it has paths.
 */
int kernel_delete_set(struct agent *agent, uint32_t id);

/**
 * kernel_join_set() - a path ends with its set from now on
 * @kernel: the kernel
 * @path: the path; its set is there
 */
void kernel_join_set(struct kernel *kernel, struct kernel_path *path);

/**
 * kernel_leave_set() - a path does not any more
 * @kernel: the kernel
 * @path: the path; it has joined
 */
void kernel_leave_set(struct kernel *kernel, struct kernel_path *path);

/**
 * kernel_erase_sets() - none is left
 * @kernel: the kernel, without bindings
 */
void kernel_erase_sets(struct kernel *kernel);

#endif /* PMIP6_SIM_KERNEL_H */
