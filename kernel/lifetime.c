// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/pmip6.h>
#include <linux/slab.h>

#include "compat.h"
#include "lifetime.h"

/* How many members one turn of the worker takes under the lock. */
#define REAP_BUDGET 256

/*
 * Rounded down: a jiffy too early asks a mobile node to renew, a jiffy too
 * late forwards for one that has no right to it.
 */
static s64 deadline_after(u64 lifetime_ms)
{
	if (lifetime_ms > PMIP6_LIFETIME_MAX_MS)
		return PMIP6_NEVER;
	return get_jiffies_64() + div_u64(lifetime_ms * HZ, MSEC_PER_SEC);
}

static bool is_queued(const struct pmip6_expiry_set *set)
{
	return !set->reaped && set->queued_for != PMIP6_NEVER;
}

static bool due_before(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct pmip6_expiry_set, node)->queued_for <
	       rb_entry(b, struct pmip6_expiry_set, node)->queued_for;
}

static void dequeue(struct pmip6_lifetimes *lifetimes,
		    struct pmip6_expiry_set *set)
{
	if (is_queued(set))
		rb_erase_cached(&set->node, &lifetimes->due);
	set->queued_for = PMIP6_NEVER;
}

static void enqueue(struct pmip6_lifetimes *lifetimes,
		    struct pmip6_expiry_set *set, s64 deadline)
{
	s64 delay;

	set->queued_for = deadline;
	if (deadline == PMIP6_NEVER)
		return;
	if (!rb_add_cached(&set->node, &lifetimes->due, due_before))
		return;

	/*
	 * The first in the queue sets the worker's next turn, unless that is at
	 * once, for what is left of a large set.
	 */
	if (lifetimes->reaping)
		return;
	delay = deadline - (s64)get_jiffies_64();
	mod_delayed_work(system_power_efficient_wq, &lifetimes->work,
			 clamp_t(s64, delay, 0, MAX_JIFFY_OFFSET));
}

/* Another one may have its id from here on. */
static void forget_id(struct pmip6_lifetimes *lifetimes,
		      struct pmip6_expiry_set *set)
{
	if (set->id && !set->reaped)
		xa_erase(&lifetimes->shared, set->id);
}

static struct pmip6_expiry_set *first_due(struct pmip6_lifetimes *lifetimes)
{
	struct rb_node *first = rb_first_cached(&lifetimes->due);

	return rb_entry_safe(first, struct pmip6_expiry_set, node);
}

/* The next set past its deadline, put in order those that were renewed. */
static struct pmip6_expiry_set *take_due(struct pmip6_lifetimes *lifetimes)
{
	struct pmip6_expiry_set *set;
	s64 now = get_jiffies_64();
	s64 deadline;

	while ((set = first_due(lifetimes)) && set->queued_for <= now) {
		deadline = atomic64_read(&set->deadline);
		dequeue(lifetimes, set);
		if (deadline <= now) {
			forget_id(lifetimes, set);
			set->reaped = 1;
			return set;
		}
		enqueue(lifetimes, set, deadline);
	}
	return NULL;
}

static void reap_work(struct work_struct *work)
{
	struct pmip6_lifetimes *lifetimes;
	unsigned int budget = REAP_BUDGET;
	struct pmip6_expiry_set *set;
	s64 delay = 0;

	lifetimes = container_of(to_delayed_work(work), struct pmip6_lifetimes,
				 work);
	mutex_lock(lifetimes->lock);
	while (budget) {
		if (!lifetimes->reaping)
			lifetimes->reaping = take_due(lifetimes);
		if (!lifetimes->reaping)
			break;
		if (lifetimes->reap(lifetimes, lifetimes->reaping, &budget))
			lifetimes->reaping = NULL;
	}

	set = first_due(lifetimes);
	if (budget && set)
		delay = max_t(s64, set->queued_for - (s64)get_jiffies_64(), 0);
	if (!budget || set)
		mod_delayed_work(system_power_efficient_wq, &lifetimes->work,
				 min_t(s64, delay, MAX_JIFFY_OFFSET));
	mutex_unlock(lifetimes->lock);
}

void pmip6_lifetimes_init(struct pmip6_lifetimes *lifetimes, struct mutex *lock,
			  pmip6_reap_t reap)
{
	lifetimes->due = RB_ROOT_CACHED;
	xa_init(&lifetimes->shared);
	lifetimes->reaping = NULL;
	lifetimes->lock = lock;
	lifetimes->reap = reap;
	INIT_DELAYED_WORK(&lifetimes->work, reap_work);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_lifetimes_init);

void pmip6_lifetimes_stop(struct pmip6_lifetimes *lifetimes)
{
	cancel_delayed_work_sync(&lifetimes->work);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_lifetimes_stop);

static void fill(struct pmip6_expiry_set *set, s64 deadline, u32 generation)
{
	set->generation = generation;
	atomic64_set(&set->deadline, deadline);
	INIT_LIST_HEAD(&set->members);
}

void pmip6_expiry_set_begin(struct pmip6_lifetimes *lifetimes,
			    struct pmip6_expiry_set *set, u64 lifetime_ms,
			    u32 generation)
{
	s64 deadline = deadline_after(lifetime_ms);

	lockdep_assert_held(lifetimes->lock);
	fill(set, deadline, generation);
	enqueue(lifetimes, set, deadline);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_expiry_set_begin);

void pmip6_expiry_set_end(struct pmip6_lifetimes *lifetimes,
			  struct pmip6_expiry_set *set)
{
	lockdep_assert_held(lifetimes->lock);
	WARN_ON_ONCE(!list_empty(&set->members));
	dequeue(lifetimes, set);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_expiry_set_end);

struct pmip6_expiry_set *
pmip6_expiry_set_new(struct pmip6_lifetimes *lifetimes, u32 id, u64 lifetime_ms,
		     u32 generation)
{
	s64 deadline = deadline_after(lifetime_ms);
	struct pmip6_shared_set *shared;
	struct pmip6_expiry_set *set;

	lockdep_assert_held(lifetimes->lock);
	shared = kzalloc(sizeof(*shared), GFP_KERNEL_ACCOUNT);
	if (!shared)
		return NULL;
	set = &shared->set;
	set->id = id;
	fill(set, deadline, generation);
	/* From here on a dump sees it. */
	if (xa_insert(&lifetimes->shared, id, set, GFP_KERNEL_ACCOUNT)) {
		kfree(shared);
		return NULL;
	}
	enqueue(lifetimes, set, deadline);
	return set;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_expiry_set_new);

struct pmip6_expiry_set *
pmip6_expiry_set_find(struct pmip6_lifetimes *lifetimes, u32 id)
{
	lockdep_assert_held(lifetimes->lock);
	return xa_load(&lifetimes->shared, id);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_expiry_set_find);

void pmip6_expiry_set_join(struct pmip6_expiry_set *set,
			   struct list_head *member)
{
	struct pmip6_shared_set *shared = pmip6_expiry_set_shared(set);

	list_add(member, &set->members);
	if (set->id)
		WRITE_ONCE(shared->paths, shared->paths + 1);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_expiry_set_join);

void pmip6_expiry_set_leave(struct pmip6_expiry_set *set,
			    struct list_head *member)
{
	struct pmip6_shared_set *shared = pmip6_expiry_set_shared(set);

	list_del(member);
	if (set->id)
		WRITE_ONCE(shared->paths, shared->paths - 1);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_expiry_set_leave);

int pmip6_expiry_set_renew(struct pmip6_lifetimes *lifetimes,
			   struct pmip6_expiry_set *set, u64 lifetime_ms,
			   u32 generation)
{
	s64 deadline = deadline_after(lifetime_ms);

	lockdep_assert_held(lifetimes->lock);
	if (set->reaped)
		return -ENOENT;

	WRITE_ONCE(set->generation, generation);
	atomic64_set(&set->deadline, deadline);
	/* One store is enough unless the queue would notice it too late. */
	if (deadline < set->queued_for) {
		dequeue(lifetimes, set);
		enqueue(lifetimes, set, deadline);
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_expiry_set_renew);

void pmip6_expiry_set_free(struct pmip6_lifetimes *lifetimes,
			   struct pmip6_expiry_set *set)
{
	struct pmip6_shared_set *shared = pmip6_expiry_set_shared(set);

	pmip6_expiry_set_end(lifetimes, set);
	forget_id(lifetimes, set);
	kfree_rcu(shared, set.rcu);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_expiry_set_free);

void pmip6_lifetimes_free(struct pmip6_lifetimes *lifetimes)
{
	struct pmip6_expiry_set *set;
	unsigned long id;

	mutex_lock(lifetimes->lock);
	if (lifetimes->reaping)
		pmip6_expiry_set_free(lifetimes, lifetimes->reaping);
	lifetimes->reaping = NULL;
	xa_for_each(&lifetimes->shared, id, set)
		pmip6_expiry_set_free(lifetimes, set);
	mutex_unlock(lifetimes->lock);
	xa_destroy(&lifetimes->shared);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_lifetimes_free);

u64 pmip6_expiry_set_remaining_ms(const struct pmip6_expiry_set *set)
{
	s64 deadline = atomic64_read(&set->deadline);
	s64 now = get_jiffies_64();

	if (deadline == PMIP6_NEVER)
		return PMIP6_LIFETIME_FOREVER;
	if (deadline <= now)
		return 0;
	return div_u64((u64)(deadline - now) * MSEC_PER_SEC, HZ);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_expiry_set_remaining_ms);
