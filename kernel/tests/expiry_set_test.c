// SPDX-License-Identifier: GPL-2.0
/*
 * Expiry sets that many paths have in common. While a test holds the lock, the
 * worker waits.
 */
#include <linux/pmip6.h>
#include <linux/wait.h>

#include "lifetime.h"
#include "suites.h"

#define PATIENCE	(10 * HZ)

/**
 * struct set_test - a queue with a reaper that can be stopped
 * @lifetimes: under test
 * @lock: its lock
 * @woken: wakes when the reaper was called
 * @begun: it was called
 * @hold: it takes nothing for now
 * @gone: it has let a set go
 * @left: how many paths that had, and how many were taken
 */
struct set_test {
	struct pmip6_lifetimes lifetimes;
	struct mutex lock; /* the device's, if there were one */
	wait_queue_head_t woken;
	bool begun;
	bool hold;
	bool gone;
	u32 left;
};

static bool reap(struct pmip6_lifetimes *lifetimes,
		 struct pmip6_expiry_set *set, unsigned int *budget)
{
	struct set_test *st = container_of(lifetimes, struct set_test,
					   lifetimes);

	WRITE_ONCE(st->begun, true);
	wake_up(&st->woken);
	if (st->hold) {
		*budget = 0;
		return false;
	}
	st->left = pmip6_expiry_set_shared(set)->paths;
	while (!list_empty(&set->members))
		pmip6_expiry_set_leave(set, set->members.next);
	pmip6_expiry_set_free(lifetimes, set);
	WRITE_ONCE(st->gone, true);
	wake_up(&st->woken);
	return true;
}

static bool comes_to_pass(struct set_test *st, bool *what)
{
	return wait_event_timeout(st->woken, READ_ONCE(*what), PATIENCE);
}

/* A set has its id from when it is made until it is freed, and no other has. */
static void set_has_its_id(struct kunit *test)
{
	struct set_test *st = test->priv;
	struct pmip6_expiry_set *a, *b;

	mutex_lock(&st->lock);
	KUNIT_EXPECT_NULL(test, pmip6_expiry_set_find(&st->lifetimes, 1));
	a = pmip6_expiry_set_new(&st->lifetimes, 1, PMIP6_LIFETIME_FOREVER, 0);
	b = pmip6_expiry_set_new(&st->lifetimes, PMIP6_EXPIRY_SET_ID_MAX, 60000,
				 0);
	KUNIT_EXPECT_NOT_NULL(test, a);
	KUNIT_EXPECT_NOT_NULL(test, b);
	KUNIT_EXPECT_PTR_EQ(test, pmip6_expiry_set_find(&st->lifetimes, 1), a);
	KUNIT_EXPECT_PTR_EQ(test,
			    pmip6_expiry_set_find(&st->lifetimes,
						  PMIP6_EXPIRY_SET_ID_MAX), b);
	KUNIT_EXPECT_NULL(test, pmip6_expiry_set_find(&st->lifetimes, 2));
	KUNIT_EXPECT_NULL(test, pmip6_expiry_set_new(&st->lifetimes, 1, 1, 0));
	if (a)
		pmip6_expiry_set_free(&st->lifetimes, a);
	KUNIT_EXPECT_NULL(test, pmip6_expiry_set_find(&st->lifetimes, 1));
	if (b)
		pmip6_expiry_set_free(&st->lifetimes, b);
	KUNIT_EXPECT_TRUE(test, xa_empty(&st->lifetimes.shared));
	mutex_unlock(&st->lock);
}

static void set_counts_paths(struct kunit *test)
{
	struct list_head member[3];
	struct set_test *st = test->priv;
	struct pmip6_expiry_set *set, own = {};
	unsigned int i;

	mutex_lock(&st->lock);
	set = pmip6_expiry_set_new(&st->lifetimes, 1, 60000, 0);
	KUNIT_EXPECT_NOT_NULL(test, set);
	if (!set)
		goto unlock;
	pmip6_expiry_set_begin(&st->lifetimes, &own, 60000, 0);
	for (i = 0; i < 3; i++) {
		pmip6_expiry_set_join(set, &member[i]);
		KUNIT_EXPECT_EQ(test, pmip6_expiry_set_shared(set)->paths,
				i + 1);
	}
	pmip6_expiry_set_leave(set, &member[1]);
	KUNIT_EXPECT_EQ(test, pmip6_expiry_set_shared(set)->paths, 2);
	/* One of its own has no room to count. */
	pmip6_expiry_set_join(&own, &member[1]);
	KUNIT_EXPECT_FALSE(test, list_empty(&own.members));
	pmip6_expiry_set_leave(&own, &member[1]);
	pmip6_expiry_set_leave(set, &member[0]);
	pmip6_expiry_set_leave(set, &member[2]);
	KUNIT_EXPECT_EQ(test, pmip6_expiry_set_shared(set)->paths, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&set->members));
	pmip6_expiry_set_free(&st->lifetimes, set);
	pmip6_expiry_set_end(&st->lifetimes, &own);
unlock:
	mutex_unlock(&st->lock);
}

/* Once the worker has it, it is found no more, and another has its id. */
static void set_is_taken(struct kunit *test)
{
	struct set_test *st = test->priv;
	struct pmip6_expiry_set *set, *other;
	struct list_head member;

	st->hold = true;
	mutex_lock(&st->lock);
	set = pmip6_expiry_set_new(&st->lifetimes, 7, 0, 0);
	KUNIT_EXPECT_NOT_NULL(test, set);
	if (set)
		pmip6_expiry_set_join(set, &member);
	mutex_unlock(&st->lock);
	KUNIT_ASSERT_NOT_NULL(test, set);
	KUNIT_EXPECT_TRUE(test, comes_to_pass(st, &st->begun));

	mutex_lock(&st->lock);
	KUNIT_EXPECT_NULL(test, pmip6_expiry_set_find(&st->lifetimes, 7));
	other = pmip6_expiry_set_new(&st->lifetimes, 7, 60000, 5);
	KUNIT_EXPECT_NOT_NULL(test, other);
	KUNIT_EXPECT_EQ(test, pmip6_expiry_set_renew(&st->lifetimes, set, 1, 1),
			-ENOENT);
	st->hold = false;
	mutex_unlock(&st->lock);
	KUNIT_EXPECT_TRUE(test, comes_to_pass(st, &st->gone));
	KUNIT_EXPECT_EQ(test, st->left, 1);

	mutex_lock(&st->lock);
	KUNIT_EXPECT_PTR_EQ(test, pmip6_expiry_set_find(&st->lifetimes, 7),
			    other);
	mutex_unlock(&st->lock);
}

/* A device may go while the worker has a set, and sets wait. */
static void set_outlives_nothing(struct kunit *test)
{
	struct set_test *st = test->priv;
	struct pmip6_expiry_set *set;

	st->hold = true;
	mutex_lock(&st->lock);
	set = pmip6_expiry_set_new(&st->lifetimes, 7, 0, 0);
	mutex_unlock(&st->lock);
	KUNIT_ASSERT_NOT_NULL(test, set);
	KUNIT_EXPECT_TRUE(test, comes_to_pass(st, &st->begun));
	mutex_lock(&st->lock);
	set = pmip6_expiry_set_new(&st->lifetimes, 8, 60000, 0);
	mutex_unlock(&st->lock);
	KUNIT_EXPECT_NOT_NULL(test, set);

	pmip6_lifetimes_stop(&st->lifetimes);
	KUNIT_EXPECT_NOT_NULL(test, st->lifetimes.reaping);
	pmip6_lifetimes_free(&st->lifetimes);
	KUNIT_EXPECT_NULL(test, st->lifetimes.reaping);
	KUNIT_EXPECT_TRUE(test, xa_empty(&st->lifetimes.shared));
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&st->lifetimes.due.rb_root));
}

static int set_init(struct kunit *test)
{
	struct set_test *st;

	st = kunit_kzalloc(test, sizeof(*st), GFP_KERNEL);
	if (!st)
		return -ENOMEM;
	mutex_init(&st->lock);
	init_waitqueue_head(&st->woken);
	pmip6_lifetimes_init(&st->lifetimes, &st->lock, reap);
	test->priv = st;
	return 0;
}

static void set_exit(struct kunit *test)
{
	struct set_test *st = test->priv;

	if (!st)
		return;
	pmip6_lifetimes_stop(&st->lifetimes);
	pmip6_lifetimes_free(&st->lifetimes);
	mutex_destroy(&st->lock);
}

static struct kunit_case set_cases[] = {
	KUNIT_CASE(set_has_its_id),
	KUNIT_CASE(set_counts_paths),
	KUNIT_CASE(set_is_taken),
	KUNIT_CASE(set_outlives_nothing),
	{}
};

struct kunit_suite pmip6_expiry_set_suite = {
	.name = "pmip6_expiry_set",
	.init = set_init,
	.exit = set_exit,
	.test_cases = set_cases,
};
