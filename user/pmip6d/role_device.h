/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pmip6 device of a role: made if it is not there, taken over if it is,
 * made again when the module comes back.
 */
#ifndef PMIP6D_ROLE_DEVICE_H
#define PMIP6D_ROLE_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include <ev.h>

#include "../nl/link.h"
#include "../ports/dataplane_genl.h"
#include "../ports/link_monitor.h"
#include "../ports/nl_queue.h"
#include "config.h"
#include "role_fastpath.h"

/**
 * struct role_device - the device
 * @loop: the loop
 * @dataplane: tells whether the module is there
 * @rtnl: where requests go
 * @spec: what it is to be
 * @fastpath: what it takes packets from by itself
 * @underlay: name of the link below its tunnels, "" for any
 * @found: its index while it is there, up or down, else 0
 * @ifindex: its index while it can be used, else 0
 * @asked: it was asked for, and no answer has come
 * @retry: when to look again
 * @on_ready: it can be used from now on
 * @on_gone: it cannot be used any more
 * @on_failed: it cannot be had; the reason was logged
 * @context: given to each
 */
struct role_device {
	struct ev_loop *loop;
	struct dataplane *dataplane;
	struct nl_queue *rtnl;
	struct link_spec spec;
	struct role_fastpath fastpath;
	char underlay[IFNAMSIZ];
	uint32_t found;
	uint32_t ifindex;
	bool asked;
	struct ev_timer retry;
	void (*on_ready)(void *context);
	void (*on_gone)(void *context);
	void (*on_failed)(void *context);
	void *context;
};

/**
 * role_device_start() - have the device
 * @device: the device, with its callbacks and what they need set
 * @config: what it is to be; must live as long
 * @role: enum pmip6_role
 * @local: its address
 */
void role_device_start(struct role_device *device,
		       const struct config_device *config, uint8_t role,
		       const struct in6_addr *local);

/**
 * role_device_stop() - care for it no more; it stays
 * @device: the device
 */
void role_device_stop(struct role_device *device);

/**
 * role_device_on_link() - a link came, changed or went
 * @device: the device
 * @link: the link, any
 */
void role_device_on_link(struct role_device *device,
			 const struct link_state *link);

/**
 * role_device_on_module() - the module came or went
 * @device: the device
 * @present: it is there
 */
void role_device_on_module(struct role_device *device, bool present);

#endif /* PMIP6D_ROLE_DEVICE_H */
