/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes what an engine wants happen: transactions, phase by phase.
 */
#ifndef PMIP6D_EXECUTOR_H
#define PMIP6D_EXECUTOR_H

#include <stdint.h>

#include "../engine/effects.h"
#include "../ports/dataplane_genl.h"
#include "../ports/link_monitor.h"
#include "../ports/mh_socket.h"
#include "../ports/nd.h"
#include "../ports/nl_queue.h"
#include "../ports/store_lmdb.h"
#include "role_device.h"

struct job;
struct parked_prefix;
struct step;

/**
 * struct executor - the ports of a role
 * @role: its name, for the log; a constant string
 * @store: records of sessions
 * @peer_store: records of peers
 * @store_role: whose
 * @dataplane: bindings and expiry sets
 * @rtnl: routes
 * @monitor: links
 * @device: the device that bindings and routes to the tunnel need
 * @table_tunnel: of routes to the tunnel device
 * @table_access: of routes to access links
 * @socket: messages, or NULL while there is none
 * @nd: access links, or NULL
 * @context: for @on_done and @on_tunnel
 * @on_done: a transaction with an owner has ended
 * @on_tunnel: the MTU of a tunnel is known, or 0: not; NULL if nobody asks
 * @jobs: transactions under way
 * @parked: what waits for the device
 * @parked_prefixes: what that is about, by their addresses
 */
struct executor {
	const char *role;
	struct store *store;
	struct store *peer_store;
	enum store_role store_role;
	struct dataplane *dataplane;
	struct nl_queue *rtnl;
	struct link_monitor *monitor;
	const struct role_device *device;
	uint32_t table_tunnel;
	uint32_t table_access;
	struct mh_socket *socket;
	struct nd *nd;
	void *context;
	void (*on_done)(void *context, void *owner, int error);
	void (*on_tunnel)(void *context, const struct in6_addr *remote,
			  uint32_t mtu);
	struct job *jobs;
	struct step *parked;
	struct parked_prefix *parked_prefixes;
};

/**
 * executor_run() - make the transactions of an outbox happen
 * @executor: the ports
 * @out: the outbox, empty afterwards
 *
 * What has no phase that takes time has happened when this returns; its
 * on_done() comes from within.
 */
void executor_run(struct executor *executor, struct outbox *out);

/**
 * executor_resume() - the device is there: do what waited for it
 * @executor: the ports
 */
void executor_resume(struct executor *executor);

/**
 * executor_abandon() - forget what is under way
 * @executor: the ports, none of which answers any more
 */
void executor_abandon(struct executor *executor);

#endif /* PMIP6D_EXECUTOR_H */
