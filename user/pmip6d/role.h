/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the roles have in common: an engine, its ports, and when it may be
 * spoken to.
 */
#ifndef PMIP6D_ROLE_H
#define PMIP6D_ROLE_H

#include <stdbool.h>
#include <stdint.h>

#include <ev.h>

#include "../engine/dataplane.h"
#include "../engine/effects.h"
#include "../engine/peers.h"
#include "../engine/types.h"
#include "agent.h"
#include "executor.h"
#include "restart.h"
#include "role_device.h"

struct role;
struct json_object;

/**
 * struct role_handler - whom a message is for
 * @type: enum mh_type
 * @unready: it is of no matter what the data plane has, so that it is taken
 *	even before that was read
 * @on_message: what to do with it; valid until it returns
 */
struct role_handler {
	uint8_t type;
	bool unready;
	void (*on_message)(struct role *role, const struct in6_addr *src,
			   const struct in6_addr *dst,
			   const struct mh_message *message, struct now now,
			   struct outbox *out);
};

/**
 * struct role_ops - what is different in each role
 * @name: as operators see it
 * @kernel_role: enum pmip6_role
 * @store_role: whose records
 * @on_ready: the device stands, maybe anew: what it needs around it
 * @handlers: whom messages are for that only this role has a use for; the
 *	last has no @on_message. Those of both roles are in role_message.c.
 * @on_done: a transaction has ended
 * @on_timer: something is due
 * @next_timer: when the next thing is due
 * @on_dataplane: all that the data plane has
 * @on_path_expired: a path was reaped
 * @on_set_expired: an expiry set was, with all of its paths; NULL if it makes none
 */
struct role_ops {
	const char *name;
	uint8_t kernel_role;
	enum store_role store_role;
	const struct role_handler *handlers;
	void (*on_ready)(struct role *role, struct outbox *out);
	void (*on_done)(struct role *role, void *owner, int error,
			struct now now, struct outbox *out);
	void (*on_timer)(struct role *role, struct now now, struct outbox *out);
	uint64_t (*next_timer)(const struct role *role);
	void (*on_dataplane)(struct role *role,
			     const struct dataplane_dump *dump, struct now now,
			     struct outbox *out);
	void (*on_path_expired)(struct role *role,
				const struct genl_event *event, struct now now,
				struct outbox *out);
	void (*on_set_expired)(struct role *role, uint32_t set,
			       uint32_t generation, struct now now,
			       struct outbox *out);
};

/**
 * struct role_counters - what did not reach an engine
 * @not_ready: messages that came while the data plane was being read or was
 *	not there; their senders repeat them
 * @other_type: messages that this role has no use for
 * @binding_errors: Binding Errors, which say that a peer does not understand
 * @expired_events: paths that the kernel said were reaped
 * @set_expired_events: expiry sets, likewise
 * @mn_unknown_events: packets of or for nobody, as the kernel reports them
 * @tunnel_unknown_events: outer packets from nobody, likewise
 */
struct role_counters {
	uint64_t not_ready;
	uint64_t other_type;
	uint64_t binding_errors;
	uint64_t expired_events;
	uint64_t set_expired_events;
	uint64_t mn_unknown_events;
	uint64_t tunnel_unknown_events;
};

/**
 * struct role - the beginning of every role
 * @ops: what is different
 * @agent: whose it is
 * @device: its pmip6 device
 * @address: LMAA or Proxy-CoA
 * @peers: its peers, in its engine
 * @restart: what is kept of them and of our restarts
 * @executor: its ports
 * @timer: when something is due
 * @read_retry: when to read the data plane again after it could not be
 * @socket_retry: when to try again to listen
 * @socket_config: where to listen
 * @stood: the device was there once
 * @reconciled: engine and data plane agree; messages are taken
 * @reading: the data plane is being read
 * @read_again: and changed meanwhile
 * @counters: what did not reach the engine
 */
struct role {
	const struct role_ops *ops;
	struct agent *agent;
	struct role_device device;
	struct in6_addr address;
	struct peers *peers;
	struct restart restart;
	struct executor executor;
	struct ev_timer timer;
	struct ev_timer read_retry;
	struct ev_timer socket_retry;
	struct mh_socket_config socket_config;
	bool stood;
	bool reconciled;
	bool reading;
	bool read_again;
	struct role_counters counters;
};

/**
 * role_init() - what it is, before any of its sessions is restored
 * @role: the role, zero
 * @ops: what is different
 * @agent: whose it is
 * @peers: its peers, in its engine
 */
void role_init(struct role *role, const struct role_ops *ops,
	       struct agent *agent, struct peers *peers);

/**
 * role_start() - begin
 * @role: the role, with its executor's tables and nd, and its sessions
 * @config: of its device
 * @address: LMAA or Proxy-CoA
 */
void role_start(struct role *role, const struct config_device *config,
		const struct in6_addr *address);

/**
 * role_stop() - end; what the kernel has stays
 * @role: the role
 */
void role_stop(struct role *role);

/**
 * role_run() - make happen what came of an event
 * @role: the role
 * @out: what shall happen
 */
void role_run(struct role *role, struct outbox *out);

/**
 * role_read_dataplane() - compare the data plane with the engine
 * @role: the role
 */
void role_read_dataplane(struct role *role);

/**
 * role_on_event() - the kernel tells something of the role's device
 * @role: the role
 * @event: what
 */
void role_on_event(struct role *role, const struct genl_event *event);

/**
 * role_put_stats() - add its counters, and those of its socket
 * @role: the role
 * @object: where to
 */
void role_put_stats(const struct role *role, struct json_object *object);

#endif /* PMIP6D_ROLE_H */
