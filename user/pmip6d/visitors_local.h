/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What mobile nodes send to visitors, hosts at the gateway that are no mobile
 * nodes: straight there, where EnableMAGLocalRouting says so (RFC 5213 6.10.5).
 *
 *	a binding of VISITOR, of hosts	so that it is not tunnelled
 *	VISITOR dev ACCESS		in the table of access links
 */
#ifndef PMIP6D_VISITORS_LOCAL_H
#define PMIP6D_VISITORS_LOCAL_H

#include "mag_role.h"

/**
 * visitors_on_dataplane() - all bindings that the data plane has
 * @gateway: the role
 * @bindings: those
 * @count: how many
 *
 * Bindings of visitors are made that are wanted, and deleted that are not.
 */
void visitors_on_dataplane(struct mag_role *gateway,
			   const struct dataplane_binding *bindings,
			   size_t count);

/**
 * visitors_route_locally() - the route of an access link that is up
 * @gateway: the role
 * @link: the link
 */
void visitors_route_locally(struct mag_role *gateway,
			    const struct access_link *link);

/**
 * visitors_want_local_route() - is a route of the table of access links one
 * of these
 * @gateway: the role
 * @route: the route
 *
 * Return: true if so.
 */
bool visitors_want_local_route(const struct mag_role *gateway,
			       const struct route *route);

#endif /* PMIP6D_VISITORS_LOCAL_H */
