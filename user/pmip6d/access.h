/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Access links: their addresses, and the rules and tables that lead packets
 * of mobile nodes into the tunnel and out of it.
 *
 *	visitors, see visitors.h
 *	iif ACCESS	lookup uplink	default via the tunnel device, and should
 *					that be gone, unreachable
 *	iif TUNNEL	lookup access	routes to mobile nodes, and nothing else
 *	iif lo		lookup access	likewise, for what the router sends them
 *	iif TUNNEL	blackhole
 *
 * One rule an access link, however many mobile nodes there are, and no way to
 * them but from the anchor.
 */
#ifndef PMIP6D_ACCESS_H
#define PMIP6D_ACCESS_H

#include "mag_role.h"

/**
 * access_route_tunnel() - the rules and routes of the tunnel device
 * @gateway: the role, its device there
 */
void access_route_tunnel(struct mag_role *gateway);

/**
 * access_delete_leftovers() - end what an earlier run made and this one does not
 * @gateway: the role, its device there
 *
 * Whatever has our protocol and is in no table of others is taken for ours:
 * there is one gateway in a network namespace.
 */
void access_delete_leftovers(struct mag_role *gateway);

/**
 * access_on_link() - a link came, changed or went
 * @gateway: the role
 * @link: the link, any
 */
void access_on_link(struct mag_role *gateway, const struct link_state *link);

/**
 * access_on_policy() - the profiles have changed
 * @gateway: the role
 */
void access_on_policy(struct mag_role *gateway);

/**
 * access_by_index() - the access link that has an index
 * @gateway: the role
 * @ifindex: the index, not 0
 *
 * Return: the link or NULL.
 */
struct access_link *access_by_index(const struct mag_role *gateway,
				    uint32_t ifindex);

/**
 * access_by_name() - the access link of a name
 * @gateway: the role
 * @name: the name, or NULL for the only one there is
 *
 * Return: the link or NULL.
 */
struct access_link *access_by_name(const struct mag_role *gateway,
				   const char *name);

#endif /* PMIP6D_ACCESS_H */
