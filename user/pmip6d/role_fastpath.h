/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interfaces of a device's fast path, which the configuration names: the
 * kernel is told of those that are there, and again when one comes.
 */
#ifndef PMIP6D_ROLE_FASTPATH_H
#define PMIP6D_ROLE_FASTPATH_H

#include <stdbool.h>
#include <stdint.h>

#include "../ports/link_monitor.h"
#include "../ports/nl_queue.h"
#include "config.h"

/**
 * struct role_fastpath - what the kernel was told
 * @rtnl: where requests go
 * @config: names device and interfaces
 * @standing: the device can be used
 * @ifindex: of each interface, as the kernel was told; 0 for one that was not
 *	there
 * @missed: that was said
 */
struct role_fastpath {
	struct nl_queue *rtnl;
	const struct config_device *config;
	bool standing;
	uint32_t ifindex[PMIP6_FASTPATH_MAX_IFACES];
	bool missed[PMIP6_FASTPATH_MAX_IFACES];
};

/**
 * role_fastpath_init() - before there is a device
 * @fastpath: zero
 * @rtnl: where requests go
 * @config: the device; must live as long
 */
void role_fastpath_init(struct role_fastpath *fastpath, struct nl_queue *rtnl,
			const struct config_device *config);

/**
 * role_fastpath_on_ready() - the device can be used, maybe a new one
 * @fastpath: its fast path
 */
void role_fastpath_on_ready(struct role_fastpath *fastpath);

/**
 * role_fastpath_on_gone() - it cannot be used any more
 * @fastpath: its fast path
 */
void role_fastpath_on_gone(struct role_fastpath *fastpath);

/**
 * role_fastpath_on_link() - a link came, changed or went
 * @fastpath: the fast path
 * @link: the link, any
 */
void role_fastpath_on_link(struct role_fastpath *fastpath,
			   const struct link_state *link);

#endif /* PMIP6D_ROLE_FASTPATH_H */
