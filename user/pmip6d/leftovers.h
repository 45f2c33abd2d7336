/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Routes, rules and addresses of an earlier run, whose configuration may have been another.
 */
#ifndef PMIP6D_LEFTOVERS_H
#define PMIP6D_LEFTOVERS_H

#include <stdbool.h>
#include <stddef.h>

#include "../ports/routes_rtnl.h"

struct leftovers;

/**
 * typedef leftovers_judge_t - what there is has been read
 * @context: as given with the request
 * @leftovers: that; to be given to leftovers_delete_route(),
 *	leftovers_delete_rule() and leftovers_delete_address() one by one
 *
 * What was made since is among it, or is not: neither means anything.
 */
typedef void (*leftovers_judge_t)(void *context, struct leftovers *leftovers);

/**
 * struct leftovers - routes, rules and addresses with the protocol that ours have
 * @role: of which role, for the log; a constant string
 * @rtnl: where requests go
 * @judge: knows which are wanted
 * @context: for @judge
 * @routes: those there are
 * @route_count: how many
 * @route_room: how many fit
 * @rules: those there are
 * @rule_count: how many
 * @rule_room: how many fit
 * @addresses: those there are
 * @address_count: how many
 * @address_room: how many fit
 */
struct leftovers {
	const char *role;
	struct nl_queue *rtnl;
	leftovers_judge_t judge;
	void *context;
	struct route *routes;
	size_t route_count;
	size_t route_room;
	struct routing_rule *rules;
	size_t rule_count;
	size_t rule_room;
	struct link_address *addresses;
	size_t address_count;
	size_t address_room;
};

/**
 * leftovers_read() - read what there is
 * @leftovers: zero but for the first four
 */
void leftovers_read(struct leftovers *leftovers);

/**
 * leftovers_delete_route() - delete one that nobody wants
 * @leftovers: from within the judge
 * @route: the route
 */
void leftovers_delete_route(struct leftovers *leftovers,
			    const struct route *route);

/**
 * leftovers_delete_rule() - delete one that nobody wants
 * @leftovers: from within the judge
 * @rule: the rule
 */
void leftovers_delete_rule(struct leftovers *leftovers,
			   const struct routing_rule *rule);

/**
 * leftovers_delete_address() - delete one that nobody wants
 * @leftovers: from within the judge
 * @address: the address
 */
void leftovers_delete_address(struct leftovers *leftovers,
			      const struct link_address *address);

/**
 * leftovers_free() - forget them
 * @leftovers: zero, or what was read; no request is under way any more
 */
void leftovers_free(struct leftovers *leftovers);

#endif /* PMIP6D_LEFTOVERS_H */
