/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel with the module, as far as an agent can tell: bindings that expire,
 * the tunnels that they need, routes and addresses.
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

/**
 * struct kernel_binding - one prefix
 * @hnp: the key
 * @set: as last told
 * @expires_us: end of its path
 * @expiry: when that is reaped, on the virtual clock
 * @hh: in the kernel
 */
struct kernel_binding {
	struct mh_prefix hnp;
	struct effect_binding set;
	uint64_t expires_us;
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
 */
struct kernel {
	bool device;
	struct kernel_binding *bindings;
	struct kernel_route *routes;
	struct kernel_tunnel *tunnels;
	struct kernel_address *addresses;
	struct timers expiry;
	uint64_t wake_us;
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
 */
void kernel_apply(struct agent *agent, const struct effect *effect);

/**
 * kernel_delete_leftovers() - what an agent does when it starts: routes and
 * addresses that are nobody's go
 * @agent: the agent
 */
void kernel_delete_leftovers(struct agent *agent);

/**
 * kernel_dump() - all bindings
 * @agent: whose kernel
 * @count: how many
 *
 * Return: those, for free().
 */
struct dataplane_binding *kernel_dump(const struct agent *agent, size_t *count);

#endif /* PMIP6_SIM_KERNEL_H */
