/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The local mobility anchor of this process.
 */
#ifndef PMIP6D_LMA_ROLE_H
#define PMIP6D_LMA_ROLE_H

#include "../engine/lma.h"
#include "leftovers.h"
#include "role.h"

/**
 * struct lma_role - the anchor and its ports
 * @role: what all roles have
 * @config: what an operator sets
 * @lma: the engine
 * @leftovers: routes of an earlier run
 */
struct lma_role {
	struct role role;
	const struct config_lma *config;
	struct lma lma;
	struct leftovers leftovers;
};

/**
 * lma_role_init() - an anchor with the sessions that it had
 * @anchor: zero
 * @agent: whose it is, with its ports, its store not started
 * @config: what an operator sets
 */
void lma_role_init(struct lma_role *anchor, struct agent *agent,
		   const struct config_lma *config);

/**
 * lma_role_start() - begin
 * @anchor: the role, its store started
 */
void lma_role_start(struct lma_role *anchor);

/**
 * lma_role_stop() - end; what the kernel has stays
 * @anchor: the role
 */
void lma_role_stop(struct lma_role *anchor);

/**
 * lma_role_on_policy() - the profiles have changed
 * @anchor: the role
 */
void lma_role_on_policy(struct lma_role *anchor);

/**
 * lma_role_put_mns() - list its sessions
 * @anchor: the role
 * @mn: only those of this mobile node, or NULL
 * @list: where to
 */
void lma_role_put_mns(const struct lma_role *anchor, const char *mn,
		      struct json_object *list);

/**
 * lma_role_put_stats() - add its counters
 * @anchor: the role
 * @object: where to
 */
void lma_role_put_stats(const struct lma_role *anchor,
			struct json_object *object);

#endif /* PMIP6D_LMA_ROLE_H */
