/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where packets of visitors go: hosts on access links that have no mobility
 * service, but plain IPv6 from a visitor prefix (RFC 5213 6.14).
 *
 *	from VISITOR iif ACCESS	lookup main	before the rule of mobile nodes
 *	VISITOR dev ACCESS	in main
 *
 * By that and nothing else: with any other source they are taken for mobile
 * nodes, whose packets the kernel checks one by one.
 */
#ifndef PMIP6D_VISITORS_H
#define PMIP6D_VISITORS_H

#include "mag_role.h"

/**
 * visitors_may_be() - may a link have visitors
 * @gateway: the role
 * @access: what is configured of the link
 *
 * Not from a prefix that is a mobile node's, as its profile says.
 *
 * Return: true if so.
 */
bool visitors_may_be(const struct mag_role *gateway,
		     const struct config_access *access);

/**
 * visitors_open() - the rule and the route of an access link that is up
 * @gateway: the role
 * @link: the link
 *
 * Both go where there may not be visitors any more.
 */
void visitors_open(struct mag_role *gateway, const struct access_link *link);

/**
 * visitors_want_rule() - is a rule one of these
 * @gateway: the role
 * @rule: the rule, that looks at sources
 *
 * Return: true if so.
 */
bool visitors_want_rule(const struct mag_role *gateway,
			const struct routing_rule *rule);

/**
 * visitors_want_route() - is a route of the main table one of these, or no
 * concern of ours
 * @gateway: the role
 * @route: the route
 *
 * Return: true if so.
 */
bool visitors_want_route(const struct mag_role *gateway,
			 const struct route *route);

#endif /* PMIP6D_VISITORS_H */
