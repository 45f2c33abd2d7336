/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Home network prefix to binding: the one lookup that everything else uses.
 */
#ifndef PMIP6_BINDING_H
#define PMIP6_BINDING_H

#include <linux/in6.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/xarray.h>

#include "counters.h"

struct netlink_ext_ack;
struct pmip6_flow_table;
struct pmip6_device;
struct pmip6_path;
struct pmip6_path_spec;
struct pmip6_tunnel;

/**
 * struct pmip6_prefix - a home network prefix
 * @addr: with the bits after @len zero
 * @len: 0 to 128
 */
struct pmip6_prefix {
	struct in6_addr addr;
	u32 len;
};

/**
 * struct pmip6_binding - what is known of one home network prefix
 * @node: in &struct pmip6_binding_table.hash
 * @prefix: what it is found by
 * @flags: PMIP6_BINDING_F_*
 * @paths: in order of priority; none means drop
 * @flows: which packets do not take the preferred path, or NULL
 * @cookie: the agent's
 * @id: in &struct pmip6_binding_table.by_id
 * @counters: traffic; in a cache line that lookups do not read
 * @rcu: frees it
 */
struct pmip6_binding {
	struct rhash_head node;
	struct pmip6_prefix prefix;
	u32 flags;
	struct pmip6_path __rcu *paths;
	struct pmip6_flow_table __rcu *flows;
	u64 cookie;
	u32 id;
	struct pmip6_counters counters ____cacheline_aligned;
	struct rcu_head rcu;
};

/**
 * struct pmip6_prefix_lengths - the lengths that a table has prefixes of
 * @rcu: frees it
 * @count: how many
 * @mask: each length with the bits that it keeps; most specific first
 */
struct pmip6_prefix_lengths {
	struct rcu_head rcu;
	unsigned int count;
	struct pmip6_prefix mask[];
};

/**
 * struct pmip6_binding_table - the bindings of one device
 * @hash: by prefix
 * @lengths: the prefix lengths to probe
 * @users: how many prefixes there are of each length
 * @by_id: in the order of their making, for dumps to resume from
 * @next_id: where the next id is looked for
 * @count: how many bindings
 * @generation: changes whenever the table does
 */
struct pmip6_binding_table {
	struct rhashtable hash;
	struct pmip6_prefix_lengths __rcu *lengths;
	u32 users[129];
	struct xarray by_id;
	u32 next_id;
	u32 count;
	u32 generation;
};

/**
 * struct pmip6_binding_spec - what a command says of a binding
 * @prefix: which one
 * @flags: new values of the bits in @flags_mask
 * @flags_mask: the bits that it speaks of
 * @cookie: if @has_cookie
 * @has_cookie: the command has one
 * @has_paths: the command has paths, if only none
 * @path_count: how many
 * @path: those, in the order of pmip6_path_order()
 */
struct pmip6_binding_spec {
	struct pmip6_prefix prefix;
	u32 flags;
	u32 flags_mask;
	u64 cookie;
	bool has_cookie;
	bool has_paths;
	unsigned int path_count;
	struct pmip6_path_spec *path;
};

/**
 * pmip6_binding_table_init() - make a table ready
 * @table: the table
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int pmip6_binding_table_init(struct pmip6_binding_table *table);

/**
 * pmip6_binding_table_free() - free an empty table
 * @table: the table
 *
 * Context: process. Nobody else uses it any more.
 */
void pmip6_binding_table_free(struct pmip6_binding_table *table);

/**
 * pmip6_binding_insert() - make a binding without paths
 * @table: the table, under its owner's lock
 * @prefix: what it is found by
 *
 * Context: process. Sleeps.
 * Return: the binding, which the table owns, or ERR_PTR(-EEXIST) or
 * ERR_PTR(-ENOMEM).
 */
struct pmip6_binding *pmip6_binding_insert(struct pmip6_binding_table *table,
					   const struct pmip6_prefix *prefix);

/**
 * pmip6_binding_remove() - take a binding out, and free it after a grace period
 * @table: the table, under its owner's lock
 * @binding: one of the table's, without paths
 *
 * Context: process.
 */
void pmip6_binding_remove(struct pmip6_binding_table *table,
			  struct pmip6_binding *binding);

/**
 * pmip6_binding_find() - the binding of just this prefix
 * @table: the table
 * @prefix: the prefix
 *
 * Context: any; RCU read side, or the owner's lock held.
 * Return: the binding or NULL.
 */
struct pmip6_binding *pmip6_binding_find(struct pmip6_binding_table *table,
					 const struct pmip6_prefix *prefix);

/**
 * pmip6_binding_lookup() - the most specific binding that holds an address
 * @table: the table
 * @addr: a mobile node's address
 *
 * Costs one hash probe for each prefix length in use.
 *
 * Context: any; RCU read side.
 * Return: the binding or NULL.
 */
struct pmip6_binding *pmip6_binding_lookup(struct pmip6_binding_table *table,
					   const struct in6_addr *addr);

/**
 * pmip6_binding_set() - make or change a binding as a command says
 * @pd: the device
 * @spec: what the command says
 * @nlflags: NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE as in rtnetlink
 * @extack: told why not
 *
 * All of it happens or nothing. A path that stays the same is renewed in its
 * place; any other takes the place of the old ones at once.
 *
 * Context: process, holding the device's lock. Sleeps.
 * Return: 0, -ENOENT, -EEXIST, -ENOMEM or -EINVAL.
 */
int pmip6_binding_set(struct pmip6_device *pd,
		      const struct pmip6_binding_spec *spec, u16 nlflags,
		      struct netlink_ext_ack *extack);

/**
 * pmip6_binding_delete() - end a binding and its paths
 * @pd: the device
 * @binding: one of its bindings
 *
 * Context: process, holding the device's lock.
 */
void pmip6_binding_delete(struct pmip6_device *pd,
			  struct pmip6_binding *binding);

/**
 * pmip6_binding_delete_all() - end all bindings of a device
 * @pd: a device that no packet and no command reaches any more
 *
 * Context: process. Sleeps.
 */
void pmip6_binding_delete_all(struct pmip6_device *pd);

/**
 * pmip6_binding_init() - module init
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int pmip6_binding_init(void);

/**
 * pmip6_binding_exit() - module exit
 *
 * Context: process, after a rcu_barrier().
 */
void pmip6_binding_exit(void);

#endif /* PMIP6_BINDING_H */
