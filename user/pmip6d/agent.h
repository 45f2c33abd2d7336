/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a process of pmip6d has: its roles, and the ports that they share.
 */
#ifndef PMIP6D_AGENT_H
#define PMIP6D_AGENT_H

#include <stdbool.h>

#include "../ports/dataplane_genl.h"
#include "../ports/link_monitor.h"
#include "../ports/nl_queue.h"
#include "../ports/policy.h"
#include "../ports/store_lmdb.h"
#include "config.h"

struct control;
struct ev_loop;
struct lma_role;
struct mag_role;

/**
 * struct agent - one process
 * @loop: its loop
 * @config: what an operator sets
 * @policy: profiles of mobile nodes, or NULL
 * @store: records of sessions
 * @peer_store: records of peers, and of our restarts
 * @lose_state: begin without the sessions of before
 * @dataplane: bindings
 * @rtnl: routes
 * @monitor: links
 * @control: the control socket
 * @lma: if it is in this role
 * @mag: if it is in this role
 * @status: what the process is to end with
 */
struct agent {
	struct ev_loop *loop;
	const struct config *config;
	struct policy *policy;
	struct store *store;
	struct store *peer_store;
	bool lose_state;
	struct dataplane *dataplane;
	struct nl_queue *rtnl;
	struct link_monitor *monitor;
	struct control *control;
	struct lma_role *lma;
	struct mag_role *mag;
	int status;
};

/**
 * agent_run() - do all there is to do until a signal ends it
 * @config: what an operator sets
 * @lose_state: begin without the sessions of before, and tell so
 *
 * Return: what the process is to end with: 0 after SIGTERM or SIGINT.
 */
int agent_run(const struct config *config, bool lose_state);

/**
 * agent_fail() - end the process, for a reason that was logged
 * @agent: the agent
 */
void agent_fail(struct agent *agent);

#endif /* PMIP6D_AGENT_H */
