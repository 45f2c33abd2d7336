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
 * lma_role_put_groups() - list its bulk groups
 * @anchor: the role
 * @list: where to
 */
void lma_role_put_groups(const struct lma_role *anchor,
			 struct json_object *list);

/**
 * lma_role_put_stats() - add its counters
 * @anchor: the role
 * @object: where to
 */
void lma_role_put_stats(const struct lma_role *anchor,
			struct json_object *object);

/**
 * lma_role_put_session() - show a session
 * @bce: the session
 * @now: the time
 * @list: where to
 *
 * Return: what was added to the list, which owns it.
 */
struct json_object *lma_role_put_session(const struct bce *bce, struct now now,
					 struct json_object *list);

/**
 * lma_role_is_named() - is a session what an operator means
 * @bce: the session
 * @mn: identifier or link-layer address of a mobile node
 *
 * Return: true if so.
 */
bool lma_role_is_named(const struct bce *bce, const char *mn);

/**
 * lma_role_ask_policy() - what policy says of a PBU
 * @anchor: the role
 * @request: the PBU; its policy is filled in
 */
void lma_role_ask_policy(const struct lma_role *anchor,
			 struct lma_request *request);

/**
 * lma_role_renumber() - let a mobile node have other prefixes
 * @anchor: the role
 * @mn: its identifier or link-layer address
 * @prefixes: which, as text
 * @count: how many; 0 to choose
 * @list: where its sessions go, as lma_role_put_session() shows them; with
 *	"refused", why not, where there are others that can be
 *
 * Return: NULL, or why none of its sessions can be: a constant string.
 */
const char *lma_role_renumber(struct lma_role *anchor, const char *mn,
			      const char *const *prefixes, unsigned int count,
			      struct json_object *list);

#endif /* PMIP6D_LMA_ROLE_H */
