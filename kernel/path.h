/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Paths: how a binding's packets go, until when, and from where they may come.
 */
#ifndef PMIP6_PATH_H
#define PMIP6_PATH_H

#include <linux/etherdevice.h>
#include <linux/in6.h>
#include <linux/list.h>
#include <linux/pmip6.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>

#include "binding.h"
#include "lifetime.h"
#include "tunnel.h"

/**
 * struct pmip6_path - one way to a mobile node
 *
 * All but @next and its deadline is fixed once readers can see it; a path that
 * changes is replaced. What packets read, up to the deadline, is in one cache
 * line.
 *
 * @next: the binding's path of next lower priority
 * @set: its deadline: @own, or that of a group
 * @tunnel: where packets go; the path is one of its users
 * @access_ifindex: at a gateway, the interface the mobile node is on, or 0
 * @lladdr: its link-layer address, if @has_lladdr
 * @has_lladdr: packets must come from @lladdr
 * @priority: lower is preferred
 * @weight: of the flows that it shares, how many it takes in proportion
 * @shares: another path of the binding has the same priority
 * @bid: binding identifier
 * @own: the set of this path alone; its rcu frees the path
 * @binding: whose path it is
 * @member: in &struct pmip6_expiry_set.members
 */
struct pmip6_path {
	struct pmip6_path __rcu *next;
	struct pmip6_expiry_set *set;
	struct pmip6_tunnel *tunnel;
	int access_ifindex;
	u8 lladdr[ETH_ALEN];
	bool has_lladdr;
	u8 priority;
	u16 bid;
	u8 weight;
	bool shares;
	struct pmip6_expiry_set own;
	struct pmip6_binding *binding;
	struct list_head member;
};

/**
 * struct pmip6_path_spec - what a command says of a path
 * @remote: the other end of the tunnel
 * @lifetime_ms: from now, or PMIP6_LIFETIME_FOREVER; unless @expiry_set
 * @expiry_set: id of the set that says how long it lives, 0 for its own
 * @encap: how packets are wrapped
 * @key: GRE key, or 0
 * @generation: if @has_generation
 * @access_ifindex: at a gateway, or 0
 * @bid: binding identifier
 * @priority: lower is preferred
 * @weight: of the flows that it shares, how many it takes in proportion
 * @has_generation: the agent counts renewals itself
 * @has_lladdr: packets must come from @lladdr
 * @lladdr: the mobile node's link-layer address
 */
struct pmip6_path_spec {
	struct in6_addr remote;
	u64 lifetime_ms;
	u32 expiry_set;
	u32 encap;
	u32 key;
	u32 generation;
	int access_ifindex;
	u16 bid;
	u8 priority;
	u8 weight;
	bool has_generation;
	bool has_lladdr;
	u8 lladdr[ETH_ALEN];
};

/**
 * pmip6_paths_set() - let a binding have these paths and no others
 * @pd: the device
 * @binding: the binding
 * @spec: what the command says of them, in the order of pmip6_path_order()
 * @count: how many
 * @extack: told why not
 *
 * Paths that are there as the command says are renewed. Readers see what was or
 * what is, never none or part of it.
 *
 * Context: process, holding the device's lock. Sleeps.
 * Return: 0, or a negative error with nothing changed.
 */
int pmip6_paths_set(struct pmip6_device *pd, struct pmip6_binding *binding,
		    const struct pmip6_path_spec *spec, unsigned int count,
		    struct netlink_ext_ack *extack);

/**
 * pmip6_path_order() - which of two paths is preferred, for sort()
 * @a: &struct pmip6_path_spec
 * @b: another
 *
 * Context: any.
 * Return: below 0 for @a, above it for @b.
 */
int pmip6_path_order(const void *a, const void *b);

/**
 * pmip6_path_new() - make a path that is not in its binding yet
 * @pd: the device
 * @binding: whose path it will be
 * @spec: what the command says
 * @set: the expiry set that it joins, or NULL for one of its own
 * @generation: of its own, the agent's count of renewals
 *
 * Context: process, holding the device's lock. Sleeps.
 * Return: the path or an ERR_PTR(), -ENOMEM above all.
 */
struct pmip6_path *pmip6_path_new(struct pmip6_device *pd,
				  struct pmip6_binding *binding,
				  const struct pmip6_path_spec *spec,
				  struct pmip6_expiry_set *set,
				  u32 generation);

/**
 * pmip6_path_free() - end a path that its binding does not show any more
 * @pd: the device
 * @path: the path; readers may hold it until a grace period ends
 *
 * A set of its own goes with it.
 *
 * Context: process, holding the device's lock.
 */
void pmip6_path_free(struct pmip6_device *pd, struct pmip6_path *path);

/**
 * pmip6_path_matches() - would this command leave the path as it is
 * @path: the path
 * @spec: what the command says
 * @set: the expiry set that it is to be in, or NULL for one of its own
 *
 * Context: process, holding the device's lock.
 * Return: true if only its lifetime may differ.
 */
bool pmip6_path_matches(const struct pmip6_path *path,
			const struct pmip6_path_spec *spec,
			const struct pmip6_expiry_set *set);

/**
 * pmip6_path_reap() - take the paths of a set that is due
 * @lifetimes: the device's
 * @set: the set
 * @budget: how many paths to take, counted down
 *
 * A binding whose last path ends so ends with it. See &pmip6_reap_t.
 *
 * Context: process, holding the device's lock.
 * Return: true when the set is gone.
 */
bool pmip6_path_reap(struct pmip6_lifetimes *lifetimes,
		     struct pmip6_expiry_set *set, unsigned int *budget);

/**
 * pmip6_path_share() - the path that a flow takes, of those of one priority
 * @path: the first of them that still lives
 * @skb: a packet of the flow, or NULL for that path
 *
 * Each flow keeps its path as long as that lives, whatever becomes of others.
 *
 * Context: RCU read side.
 * Return: the path.
 */
const struct pmip6_path *pmip6_path_share(const struct pmip6_path *path,
					  struct sk_buff *skb);

/**
 * pmip6_path_choose() - the path that a packet takes
 * @binding: the packet's binding
 * @skb: the packet, or NULL at a gateway, where there is one path at most
 * @why: without one, what to count
 *
 * Context: RCU read side.
 * Return: the preferred path that still lives, or NULL.
 */
static inline const struct pmip6_path *
pmip6_path_choose(const struct pmip6_binding *binding, struct sk_buff *skb,
		  enum pmip6_drop *why)
{
	const struct pmip6_path *path = rcu_dereference(binding->paths);

	*why = PMIP6_DROP_NO_PATH;
	for (; path; path = rcu_dereference(path->next)) {
		if (likely(!pmip6_expiry_set_is_due(path->set)))
			return likely(!path->shares) ? path :
			       pmip6_path_share(path, skb);
		*why = PMIP6_DROP_EXPIRED;
	}
	return NULL;
}

/**
 * pmip6_path_by_tunnel() - the path by which a packet may have come
 * @binding: the binding of the mobile node's side of the inner header
 * @tunnel: the tunnel it came by
 * @why: without one, what to count
 *
 * Context: RCU read side.
 * Return: a path that still lives, or NULL.
 */
static inline const struct pmip6_path *
pmip6_path_by_tunnel(const struct pmip6_binding *binding,
		     const struct pmip6_tunnel *tunnel, enum pmip6_drop *why)
{
	const struct pmip6_path *path = rcu_dereference(binding->paths);

	*why = path ? PMIP6_DROP_WRONG_TUNNEL : PMIP6_DROP_NO_PATH;
	for (; path; path = rcu_dereference(path->next)) {
		if (path->tunnel != tunnel)
			continue;
		if (likely(!pmip6_expiry_set_is_due(path->set)))
			return path;
		*why = PMIP6_DROP_EXPIRED;
	}
	return NULL;
}

/**
 * pmip6_path_init() - module init
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int pmip6_path_init(void);

/**
 * pmip6_path_exit() - module exit
 *
 * Context: process, after a rcu_barrier().
 */
void pmip6_path_exit(void);

#endif /* PMIP6_PATH_H */
