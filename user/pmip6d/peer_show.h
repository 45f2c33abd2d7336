/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operator sees of the peers of a role, and says of them.
 */
#ifndef PMIP6D_PEER_SHOW_H
#define PMIP6D_PEER_SHOW_H

struct json_object;
struct role;

/**
 * peer_show_put() - list the peers of a role
 * @role: the role
 * @address: only that one, or NULL
 * @list: where to
 */
void peer_show_put(const struct role *role, const char *address,
		   struct json_object *list);

/**
 * peer_show_put_stats() - add what passed between a role and its peers
 * @role: the role
 * @object: where to
 */
void peer_show_put_stats(const struct role *role, struct json_object *object);

/**
 * peer_show_reset() - a peer is to be asked anew
 * @role: the role
 * @address: its address
 *
 * Return: NULL, or what is wrong; a constant string.
 */
const char *peer_show_reset(struct role *role, const char *address);

#endif /* PMIP6D_PEER_SHOW_H */
