/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Expiry sets: one deadline for one path, or for a whole bulk group.
 *
 * Members carry no timer.  The packet path compares against the set's
 * deadline, so nothing is forwarded a moment too long; a worker reaps what is
 * due.  Renewal is one store: the queue is put in order again only when the
 * worker meets the old deadline.
 */
#ifndef PMIP6_LIFETIME_H
#define PMIP6_LIFETIME_H

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

/* A deadline that never comes. */
#define PMIP6_NEVER		S64_MAX

/* The longest lifetime that is not forever: 2^42 ms, some 139 years. */
#define PMIP6_LIFETIME_MAX_MS	BIT_ULL(42)

/**
 * struct pmip6_expiry_set - what shares one deadline
 * @deadline: in 64-bit jiffies; read by the packet path
 * @generation: counts renewals, for the agent to tell a stale event
 * @reaped: the worker has taken it; it can not be renewed any more
 * @id: 0 for a path's own set, else that of a &struct pmip6_shared_set
 * @members: paths, linked by &struct pmip6_path.member
 * @queued_for: the deadline that @node is sorted by, never later than @deadline
 * @node: in &struct pmip6_lifetimes.due, unless the set lives forever
 * @rcu: takes @node's place once it is out of the queue
 */
struct pmip6_expiry_set {
	atomic64_t deadline;
	u32 generation;
	u32 id : 31;
	u32 reaped : 1;
	struct list_head members;
	s64 queued_for;
	union {
		struct rb_node node;
		struct rcu_head rcu;
	};
};

/**
 * struct pmip6_shared_set - what shares one deadline by name: a bulk group
 * @set: with an id
 * @paths: how many it has; read without the lock
 * @reaped: how many the worker has taken
 */
struct pmip6_shared_set {
	struct pmip6_expiry_set set;
	u32 paths;
	u32 reaped;
};

struct pmip6_lifetimes;

/**
 * typedef pmip6_reap_t - let go of members of a set that is due
 * @lifetimes: where the set was queued
 * @set: the set; the callee frees it with its last member
 * @budget: how many members it may take, counted down by the callee
 *
 * Context: process, holding the lock that pmip6_lifetimes_init() was given.
 * Return: true when the set has no member left and is gone.
 */
typedef bool (*pmip6_reap_t)(struct pmip6_lifetimes *lifetimes,
			     struct pmip6_expiry_set *set,
			     unsigned int *budget);

/**
 * struct pmip6_lifetimes - the expiry sets of one device
 * @due: the sets in order of their deadlines, protected by @lock
 * @shared: the sets that have an id, unless the worker has taken them; read
 *	under RCU too
 * @reaping: a set that was larger than one turn's budget
 * @work: reaps what is due and finds its next turn
 * @lock: the device's lock
 * @reap: takes the members of a due set
 */
struct pmip6_lifetimes {
	struct rb_root_cached due;
	struct xarray shared;
	struct pmip6_expiry_set *reaping;
	struct delayed_work work;
	struct mutex *lock; /* the device's */
	pmip6_reap_t reap;
};

/**
 * pmip6_lifetimes_init() - make ready to hold expiry sets
 * @lifetimes: what to make ready
 * @lock: protects it; taken by the worker
 * @reap: called for every set that is due
 *
 * Context: any.
 */
void pmip6_lifetimes_init(struct pmip6_lifetimes *lifetimes, struct mutex *lock,
			  pmip6_reap_t reap);

/**
 * pmip6_lifetimes_stop() - no reaping after this
 * @lifetimes: what to stop
 *
 * The sets stay as they are.
 *
 * Context: process, not holding the lock. Sleeps.
 */
void pmip6_lifetimes_stop(struct pmip6_lifetimes *lifetimes);

/**
 * pmip6_lifetimes_free() - free the sets that have an id
 * @lifetimes: what was stopped; no path is in any set
 *
 * Context: process, not holding the lock.
 */
void pmip6_lifetimes_free(struct pmip6_lifetimes *lifetimes);

/**
 * pmip6_expiry_set_begin() - a set without an id begins
 * @lifetimes: where it will be reaped
 * @set: zeroed memory of the caller's, as of a path's own set; has no members
 * @lifetime_ms: milliseconds from now, or PMIP6_LIFETIME_FOREVER
 * @generation: the agent's count of renewals
 *
 * Context: process, holding the lock.
 */
void pmip6_expiry_set_begin(struct pmip6_lifetimes *lifetimes,
			    struct pmip6_expiry_set *set, u64 lifetime_ms,
			    u32 generation);

/**
 * pmip6_expiry_set_end() - and ends: it is out of the queue
 * @lifetimes: where it was queued
 * @set: the set, without members; readers may hold it until a grace period ends,
 *	for which its rcu is free to be used
 *
 * Context: process, holding the lock.
 */
void pmip6_expiry_set_end(struct pmip6_lifetimes *lifetimes,
			  struct pmip6_expiry_set *set);

/**
 * pmip6_expiry_set_new() - make a set with an id and no members
 * @lifetimes: where it will be reaped
 * @id: its identifier, which no other set has; not 0
 * @lifetime_ms: milliseconds from now, or PMIP6_LIFETIME_FOREVER
 * @generation: the agent's count of renewals
 *
 * Context: process, holding the lock. Sleeps.
 * Return: the set, or NULL without memory.
 */
struct pmip6_expiry_set *
pmip6_expiry_set_new(struct pmip6_lifetimes *lifetimes, u32 id, u64 lifetime_ms,
		     u32 generation);

/**
 * pmip6_expiry_set_find() - a set by its identifier
 * @lifetimes: where it is
 * @id: not 0
 *
 * Context: process, holding the lock.
 * Return: the set, or NULL if there is none, or none any more.
 */
struct pmip6_expiry_set *
pmip6_expiry_set_find(struct pmip6_lifetimes *lifetimes, u32 id);

/**
 * pmip6_expiry_set_join() - a path is to live as long as a set
 * @set: the set
 * @member: of the path
 *
 * Context: process, holding the lock.
 */
void pmip6_expiry_set_join(struct pmip6_expiry_set *set,
			   struct list_head *member);

/**
 * pmip6_expiry_set_leave() - the end of that
 * @set: the set
 * @member: of the path
 *
 * Context: process, holding the lock.
 */
void pmip6_expiry_set_leave(struct pmip6_expiry_set *set,
			    struct list_head *member);

/**
 * pmip6_expiry_set_shared() - what a set with an id has besides
 * @set: the set
 *
 * Context: any; RCU or the lock holds @set.
 * Return: that.
 */
static inline struct pmip6_shared_set *
pmip6_expiry_set_shared(struct pmip6_expiry_set *set)
{
	return container_of(set, struct pmip6_shared_set, set);
}

/**
 * pmip6_expiry_set_renew() - give a set a new deadline
 * @lifetimes: where it is queued
 * @set: the set
 * @lifetime_ms: milliseconds from now, or PMIP6_LIFETIME_FOREVER
 * @generation: the agent's count of renewals
 *
 * Revives a set that is past its deadline but not yet reaped.
 *
 * Context: process, holding the lock.
 * Return: 0, or -ENOENT when the worker was first.
 */
int pmip6_expiry_set_renew(struct pmip6_lifetimes *lifetimes,
			   struct pmip6_expiry_set *set, u64 lifetime_ms,
			   u32 generation);

/**
 * pmip6_expiry_set_free() - take a set out of the queue and free it
 * @lifetimes: where it is queued
 * @set: a set with an id, without members; readers may hold it until a grace period ends
 *
 * Context: process, holding the lock.
 */
void pmip6_expiry_set_free(struct pmip6_lifetimes *lifetimes,
			   struct pmip6_expiry_set *set);

/**
 * pmip6_expiry_set_remaining_ms() - how long a set still lives
 * @set: the set
 *
 * Context: any; RCU or the lock holds @set.
 * Return: milliseconds, 0 when past, or PMIP6_LIFETIME_FOREVER.
 */
u64 pmip6_expiry_set_remaining_ms(const struct pmip6_expiry_set *set);

/**
 * pmip6_expiry_set_is_due() - may nothing be forwarded by this set any more
 * @set: the set
 *
 * Context: any; RCU or the lock holds @set.
 * Return: true from the deadline on.
 */
static inline bool pmip6_expiry_set_is_due(const struct pmip6_expiry_set *set)
{
	u64 deadline = atomic64_read(&set->deadline);

	return time_after_eq64(get_jiffies_64(), deadline);
}

#endif /* PMIP6_LIFETIME_H */
