/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The data plane: bindings and expiry sets of pmip6.ko, over its generic-netlink
 * family.
 */
#ifndef PMIP6_PORTS_DATAPLANE_GENL_H
#define PMIP6_PORTS_DATAPLANE_GENL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../engine/dataplane.h"
#include "../engine/effects.h"
#include "../nl/genl.h"
#include "nl_queue.h"

struct dataplane;

/**
 * struct dataplane_listener - who wants to know
 * @context: given to each
 * @on_event: the kernel tells something
 * @on_lost: events were lost: what there is must be read again
 * @on_module: the module is there now, or is not there any more
 */
struct dataplane_listener {
	void *context;
	void (*on_event)(void *context, const struct genl_event *event);
	void (*on_lost)(void *context);
	void (*on_module)(void *context, bool present);
};

/**
 * typedef dataplane_read_t - a dump has ended
 * @context: as given with the request
 * @error: 0 or an errno value
 * @dump: all that the device has, valid for this call
 */
typedef void (*dataplane_read_t)(void *context, int error,
				 const struct dataplane_dump *dump);

/**
 * typedef dataplane_tunnel_t - called with a tunnel
 * @context: as given with the request
 * @remote: its other end
 * @mtu: what fits inside, or 0 without a route
 */
typedef void (*dataplane_tunnel_t)(void *context, const struct in6_addr *remote,
				   uint32_t mtu);

/**
 * dataplane_new() - a connection to the data plane
 * @loop: where its callbacks run
 * @listener: who wants to know; must live as long
 *
 * Blocks once, to ask whether the module is there.
 *
 * Return: the connection, for dataplane_free(), or NULL with errno set.
 */
struct dataplane *dataplane_new(struct ev_loop *loop,
				const struct dataplane_listener *listener);

/**
 * dataplane_free() - end the connection; what the kernel has stays
 * @dataplane: the connection or NULL
 */
void dataplane_free(struct dataplane *dataplane);

/**
 * dataplane_present() - is the module there
 * @dataplane: the connection
 *
 * Return: true if so.
 */
bool dataplane_present(const struct dataplane *dataplane);

/**
 * dataplane_set() - make a binding, or make it what it should be
 * @dataplane: the connection
 * @ifindex: its device
 * @binding: what it should be
 * @done: when the kernel has answered; ENODEV without the device, ENOENT
 *	without the module
 * @context: for @done
 */
void dataplane_set(struct dataplane *dataplane, uint32_t ifindex,
		   const struct effect_binding *binding, nl_done_t done,
		   void *context);

/**
 * dataplane_delete() - end a binding
 * @dataplane: the connection
 * @ifindex: its device
 * @hnp: its prefix
 * @done: when the kernel has answered; ENOENT if there was none
 * @context: for @done
 */
void dataplane_delete(struct dataplane *dataplane, uint32_t ifindex,
		      const struct mh_prefix *hnp, nl_done_t done,
		      void *context);

/**
 * dataplane_put_set() - make an expiry set, or renew it with all of its paths
 * @dataplane: the connection
 * @ifindex: its device
 * @set: what it should be
 * @done: when the kernel has answered; ENOENT if it is to be renewed and is over
 * @context: for @done
 */
void dataplane_put_set(struct dataplane *dataplane, uint32_t ifindex,
		       const struct effect_expiry_set *set, nl_done_t done,
		       void *context);

/**
 * dataplane_delete_set() - end an expiry set
 * @dataplane: the connection
 * @ifindex: its device
 * @id: its number
 * @done: when the kernel has answered; ENOENT if there was none, EBUSY if it has
 *	paths
 * @context: for @done
 */
void dataplane_delete_set(struct dataplane *dataplane, uint32_t ifindex,
			  uint32_t id, nl_done_t done, void *context);

/**
 * dataplane_put_flow() - make a flow of a binding, or make it what it should be
 * @dataplane: the connection
 * @ifindex: its device
 * @flow: what it should be
 * @done: when the kernel has answered; ENOENT without the binding
 * @context: for @done
 */
void dataplane_put_flow(struct dataplane *dataplane, uint32_t ifindex,
			const struct effect_flow *flow, nl_done_t done,
			void *context);

/**
 * dataplane_delete_flow() - end a flow of a binding, or all of them
 * @dataplane: the connection
 * @ifindex: its device
 * @flow: which
 * @done: when the kernel has answered; ENOENT if there was none
 * @context: for @done
 */
void dataplane_delete_flow(struct dataplane *dataplane, uint32_t ifindex,
			   const struct effect_flow *flow, nl_done_t done,
			   void *context);

/**
 * dataplane_read() - all that a device has
 * @dataplane: the connection
 * @ifindex: the device
 * @done: gets them; a dump that changed while it was read is repeated
 * @context: for @done
 */
void dataplane_read(struct dataplane *dataplane, uint32_t ifindex,
		    dataplane_read_t done, void *context);

/**
 * dataplane_read_tunnels() - all tunnels of a device
 * @dataplane: the connection
 * @ifindex: the device
 * @each: called with each, maybe more than once
 * @done: when there are no more
 * @context: for both
 */
void dataplane_read_tunnels(struct dataplane *dataplane, uint32_t ifindex,
			    dataplane_tunnel_t each, nl_done_t done,
			    void *context);

#endif /* PMIP6_PORTS_DATAPLANE_GENL_H */
