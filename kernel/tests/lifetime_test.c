// SPDX-License-Identifier: GPL-2.0
/*
 * Expiry sets, each test with a queue and a reaper of its own. While a test
 * holds the lock, the worker waits: that makes "past its deadline but not yet
 * reaped" last as long as a test needs.
 */
#include <linux/pmip6.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "lifetime.h"
#include "suites.h"

#define SETS		200
#define MEMBERS		600
#define PATIENCE	(10 * HZ)

/**
 * struct lifetime_test - a queue and what its reaper saw
 * @lifetimes: under test
 * @lock: its lock
 * @ready: it was made ready
 * @woken: wakes when the reaper was called
 * @sets: what is queued, by &struct pmip6_expiry_set.id less 1
 * @reaped: how often each of them was let go
 * @calls: of the reaper
 * @taken: members that it took
 * @most: members that it took in one call
 * @early: calls before the deadline of the set
 * @unordered: calls with an earlier deadline than the call before
 * @last: the deadline of the call before
 * @hold: do not let go of anything for now
 */
struct lifetime_test {
	struct pmip6_lifetimes lifetimes;
	struct mutex lock; /* the device's, if there were one */
	bool ready;
	wait_queue_head_t woken;
	struct pmip6_expiry_set *sets[SETS];
	unsigned int reaped[SETS];
	unsigned int calls;
	unsigned int taken;
	unsigned int most;
	unsigned int early;
	unsigned int unordered;
	s64 last;
	bool hold;
};

static s64 now(void)
{
	return get_jiffies_64();
}

/* What a lifetime is in jiffies: the whole seconds, and what is left. */
static s64 in_jiffies(u64 ms)
{
	u64 seconds = div_u64(ms, 1000);

	return seconds * HZ + (ms - seconds * 1000) * HZ / 1000;
}

static s64 deadline_of(const struct pmip6_expiry_set *set)
{
	return atomic64_read(&set->deadline);
}

static void wait_until(s64 when)
{
	while (now() < when)
		schedule_timeout_uninterruptible(1);
}

static unsigned int take_members(struct pmip6_expiry_set *set,
				 unsigned int *budget)
{
	unsigned int taken = 0;

	while (*budget && !list_empty(&set->members)) {
		list_del_init(set->members.next);
		(*budget)--;
		taken++;
	}
	return taken;
}

static bool let_go(struct lifetime_test *lt, struct pmip6_expiry_set *set,
		   unsigned int *budget)
{
	unsigned int taken, index = set->id - 1;

	if (lt->hold) {
		*budget = 0;
		return false;
	}
	taken = take_members(set, budget);
	lt->taken += taken;
	lt->most = max(lt->most, taken);
	if (!list_empty(&set->members))
		return false;
	pmip6_expiry_set_free(&lt->lifetimes, set);
	lt->sets[index] = NULL;
	WRITE_ONCE(lt->reaped[index], lt->reaped[index] + 1);
	return true;
}

static bool reap(struct pmip6_lifetimes *lifetimes,
		 struct pmip6_expiry_set *set, unsigned int *budget)
{
	struct lifetime_test *lt;
	bool gone;

	lt = container_of(lifetimes, struct lifetime_test, lifetimes);
	lt->early += now() < deadline_of(set);
	lt->unordered += deadline_of(set) < lt->last;
	lt->last = deadline_of(set);
	gone = let_go(lt, set, budget);
	WRITE_ONCE(lt->calls, lt->calls + 1);
	wake_up(&lt->woken);
	return gone;
}

/* Holding the lock. */
static struct pmip6_expiry_set *make_set(struct kunit *test, unsigned int index,
					 u64 lifetime_ms, u32 generation)
{
	struct lifetime_test *lt = test->priv;

	KUNIT_EXPECT_NULL(test, lt->sets[index]);
	lt->sets[index] = pmip6_expiry_set_new(&lt->lifetimes, index + 1,
					       lifetime_ms, generation);
	/* A test that ends here must not take the lock with it. */
	if (!lt->sets[index])
		mutex_unlock(&lt->lock);
	KUNIT_ASSERT_NOT_NULL(test, lt->sets[index]);
	return lt->sets[index];
}

/* Holding the lock. */
static void drop_set(struct lifetime_test *lt, unsigned int index)
{
	pmip6_expiry_set_free(&lt->lifetimes, lt->sets[index]);
	lt->sets[index] = NULL;
}

static int renew(struct lifetime_test *lt, unsigned int index, u64 lifetime_ms,
		 u32 generation)
{
	return pmip6_expiry_set_renew(&lt->lifetimes, lt->sets[index],
				      lifetime_ms, generation);
}

static bool comes_to_pass(struct lifetime_test *lt, unsigned int *counter,
			  unsigned int value)
{
	return wait_event_timeout(lt->woken, READ_ONCE(*counter) >= value,
				  PATIENCE);
}

/* Let the worker have the turn that it may be waiting for. */
static void have_turn(struct lifetime_test *lt)
{
	mod_delayed_work(system_power_efficient_wq, &lt->lifetimes.work, 0);
	flush_delayed_work(&lt->lifetimes.work);
}

static const u64 finite[] = {
	0, 1, 9, 10, 11, 19, 999, 1000, 1001, 3999, 4000, 59999,
	/* the most that a Lifetime field can say, 65535 units of 4 s */
	262140000,
	U32_MAX, BIT_ULL(32), BIT_ULL(41) + 7, PMIP6_LIFETIME_MAX_MS - 1,
	PMIP6_LIFETIME_MAX_MS,
};

static const u64 endless[] = {
	PMIP6_LIFETIME_MAX_MS + 1, BIT_ULL(62), BIT_ULL(63),
	PMIP6_LIFETIME_FOREVER - 1, PMIP6_LIFETIME_FOREVER,
};

static void check_deadline(struct kunit *test, u64 ms, bool renewed)
{
	struct lifetime_test *lt = test->priv;
	struct pmip6_expiry_set *set;
	s64 before, deadline;

	mutex_lock(&lt->lock);
	before = now();
	if (renewed) {
		set = make_set(test, 0, PMIP6_LIFETIME_FOREVER, 0);
		KUNIT_EXPECT_EQ(test, renew(lt, 0, ms, 0), 0);
	} else {
		set = make_set(test, 0, ms, 0);
	}
	deadline = deadline_of(set);
	KUNIT_EXPECT_GE_MSG(test, deadline, before + in_jiffies(ms),
			    "lifetime %llu ms", ms);
	KUNIT_EXPECT_LE_MSG(test, deadline, now() + in_jiffies(ms),
			    "lifetime %llu ms", ms);
	KUNIT_EXPECT_EQ(test, set->queued_for, deadline);
	/* Never longer than was said, not even by a jiffy's worth. */
	KUNIT_EXPECT_LE(test, pmip6_expiry_set_remaining_ms(set), ms);
	if (!in_jiffies(ms))
		KUNIT_EXPECT_TRUE(test, pmip6_expiry_set_is_due(set));
	drop_set(lt, 0);
	mutex_unlock(&lt->lock);
}

static void lifetime_deadline(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(finite); i++) {
		check_deadline(test, finite[i], false);
		check_deadline(test, finite[i], true);
	}
}

static void lifetime_forever(struct kunit *test)
{
	struct lifetime_test *lt = test->priv;
	struct pmip6_expiry_set *set;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(endless); i++) {
		mutex_lock(&lt->lock);
		set = make_set(test, i, endless[i], 0);
		KUNIT_EXPECT_EQ(test, deadline_of(set), PMIP6_NEVER);
		KUNIT_EXPECT_FALSE(test, pmip6_expiry_set_is_due(set));
		KUNIT_EXPECT_EQ(test, pmip6_expiry_set_remaining_ms(set),
				PMIP6_LIFETIME_FOREVER);
		KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&lt->lifetimes.due.rb_root));
		mutex_unlock(&lt->lock);
	}
	have_turn(lt);
	KUNIT_EXPECT_EQ(test, lt->calls, 0);

	/* To a day that comes, and back to none. */
	mutex_lock(&lt->lock);
	KUNIT_EXPECT_EQ(test, renew(lt, 0, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, renew(lt, 1, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, renew(lt, 1, PMIP6_LIFETIME_FOREVER, 0), 0);
	mutex_unlock(&lt->lock);
	KUNIT_EXPECT_TRUE(test, comes_to_pass(lt, &lt->reaped[0], 1));
	have_turn(lt);
	KUNIT_EXPECT_EQ(test, lt->calls, 1);
	KUNIT_EXPECT_EQ(test, lt->reaped[1], 0);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&lt->lifetimes.due.rb_root));
}

/* In jiffies around now, of which at most one passes between two reads. */
static void lifetime_due(struct kunit *test)
{
	struct lifetime_test *lt = test->priv;
	struct pmip6_expiry_set *set;
	s64 before, deadline, after;
	unsigned int seen[2] = {};
	bool due;

	mutex_lock(&lt->lock);
	set = make_set(test, 0, PMIP6_LIFETIME_FOREVER, 0);
	deadline = now() + 5;
	atomic64_set(&set->deadline, deadline);
	do {
		before = now();
		due = pmip6_expiry_set_is_due(set);
		after = now();
		if (after < deadline)
			KUNIT_EXPECT_FALSE(test, due);
		if (before >= deadline)
			KUNIT_EXPECT_TRUE(test, due);
		seen[due]++;
		cond_resched();
	} while (before < deadline + 3);
	drop_set(lt, 0);
	mutex_unlock(&lt->lock);
	KUNIT_EXPECT_GT(test, seen[false], 0);
	KUNIT_EXPECT_GT(test, seen[true], 0);
}

/* Half of the 64 bits away, and over the edge of 32: nothing wraps. */
static void lifetime_far(struct kunit *test)
{
	static const s64 jiffies_away[] = {
		1000, S32_MAX, BIT_ULL(32), BIT_ULL(33) + 5, BIT_ULL(52),
	};
	struct lifetime_test *lt = test->priv;
	struct pmip6_expiry_set *set;
	u64 remaining;
	unsigned int i;
	s64 start;

	mutex_lock(&lt->lock);
	set = make_set(test, 0, PMIP6_LIFETIME_FOREVER, 0);
	for (i = 0; i < ARRAY_SIZE(jiffies_away); i++) {
		start = now();
		atomic64_set(&set->deadline, start + jiffies_away[i]);
		KUNIT_EXPECT_FALSE(test, pmip6_expiry_set_is_due(set));
		remaining = pmip6_expiry_set_remaining_ms(set);
		KUNIT_EXPECT_LE(test, remaining,
				div_u64(jiffies_away[i] * 1000, HZ));
		KUNIT_EXPECT_GE(test, remaining,
				div_u64((start + jiffies_away[i] - now()) *
					1000, HZ));

		atomic64_set(&set->deadline, start - jiffies_away[i]);
		KUNIT_EXPECT_TRUE(test, pmip6_expiry_set_is_due(set));
		KUNIT_EXPECT_EQ(test, pmip6_expiry_set_remaining_ms(set), 0ULL);
	}
	/* From before jiffies pass 2^32, which is soon after boot, to after. */
	start = round_up(now() + 1, BIT_ULL(32));
	KUNIT_EXPECT_EQ(test, renew(lt, 0, div_u64((start + HZ - now()) * 1000,
						   HZ), 0), 0);
	KUNIT_EXPECT_GT(test, deadline_of(set), start);
	KUNIT_EXPECT_FALSE(test, pmip6_expiry_set_is_due(set));
	/* The worker can not wait for as long as the longest lifetimes. */
	make_set(test, 1, PMIP6_LIFETIME_MAX_MS, 0);
	mutex_unlock(&lt->lock);
	have_turn(lt);
	KUNIT_EXPECT_EQ(test, lt->calls, 0);
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&lt->lifetimes.work));
}

static void lifetime_remaining(struct kunit *test)
{
	static const unsigned int jiffies_left[] = {
		0, 1, 2, 3, 7, 10, HZ - 1, HZ, HZ + 1, 3600 * HZ,
	};
	struct lifetime_test *lt = test->priv;
	struct pmip6_expiry_set *set;
	unsigned int i;
	u64 remaining;
	s64 start;

	mutex_lock(&lt->lock);
	set = make_set(test, 0, PMIP6_LIFETIME_FOREVER, 0);
	for (i = 0; i < ARRAY_SIZE(jiffies_left); i++) {
		/* Again, should the clock tick in between. */
		do {
			start = now();
			atomic64_set(&set->deadline, start + jiffies_left[i]);
			remaining = pmip6_expiry_set_remaining_ms(set);
		} while (now() != start);
		KUNIT_EXPECT_EQ(test, remaining,
				(u64)jiffies_left[i] * 1000 / HZ);
	}
	drop_set(lt, 0);
	mutex_unlock(&lt->lock);
}

static void lifetime_lazy(struct kunit *test)
{
	struct lifetime_test *lt = test->priv;
	struct pmip6_expiry_set *set;

	mutex_lock(&lt->lock);
	set = make_set(test, 0, 100, 0);
	wait_until(deadline_of(set));
	/* The worker has had reason to run, and could not. */
	KUNIT_EXPECT_TRUE(test, pmip6_expiry_set_is_due(set));
	KUNIT_EXPECT_EQ(test, pmip6_expiry_set_remaining_ms(set), 0ULL);
	KUNIT_EXPECT_EQ(test, lt->calls, 0);
	KUNIT_EXPECT_FALSE(test, set->reaped);
	mutex_unlock(&lt->lock);

	KUNIT_EXPECT_TRUE(test, comes_to_pass(lt, &lt->reaped[0], 1));
	KUNIT_EXPECT_EQ(test, lt->early, 0);
}

static void lifetime_revived(struct kunit *test)
{
	struct lifetime_test *lt = test->priv;
	struct pmip6_expiry_set *set;

	mutex_lock(&lt->lock);
	set = make_set(test, 0, 50, 4);
	KUNIT_EXPECT_EQ(test, set->generation, 4);
	wait_until(deadline_of(set) + 2);
	KUNIT_EXPECT_TRUE(test, pmip6_expiry_set_is_due(set));
	KUNIT_EXPECT_EQ(test, renew(lt, 0, 3600 * 1000, 5), 0);
	KUNIT_EXPECT_EQ(test, set->generation, 5);
	KUNIT_EXPECT_FALSE(test, pmip6_expiry_set_is_due(set));
	KUNIT_EXPECT_GT(test, pmip6_expiry_set_remaining_ms(set),
			3500ULL * 1000);
	mutex_unlock(&lt->lock);

	/* Its turn comes for the old deadline, and leaves it be. */
	have_turn(lt);
	KUNIT_ASSERT_EQ(test, lt->calls, 0);
	mutex_lock(&lt->lock);
	KUNIT_EXPECT_EQ(test, set->queued_for, deadline_of(set));
	/* Shorter again: the queue must not wait for the old deadline. */
	KUNIT_EXPECT_EQ(test, renew(lt, 0, 30, 6), 0);
	mutex_unlock(&lt->lock);
	KUNIT_EXPECT_TRUE(test, comes_to_pass(lt, &lt->reaped[0], 1));
	KUNIT_EXPECT_EQ(test, lt->early, 0);
}

static void lifetime_renewed_late(struct kunit *test)
{
	struct lifetime_test *lt = test->priv;
	struct pmip6_expiry_set *set;
	s64 deadline;

	mutex_lock(&lt->lock);
	lt->hold = true;
	set = make_set(test, 0, 0, 7);
	deadline = deadline_of(set);
	mutex_unlock(&lt->lock);
	KUNIT_EXPECT_TRUE(test, comes_to_pass(lt, &lt->calls, 1));

	mutex_lock(&lt->lock);
	KUNIT_EXPECT_TRUE(test, set->reaped);
	KUNIT_EXPECT_EQ(test, renew(lt, 0, 60 * 1000, 8), -ENOENT);
	KUNIT_EXPECT_EQ(test, renew(lt, 0, PMIP6_LIFETIME_FOREVER, 8), -ENOENT);
	KUNIT_EXPECT_EQ(test, deadline_of(set), deadline);
	KUNIT_EXPECT_EQ(test, set->generation, 7);
	KUNIT_EXPECT_TRUE(test, pmip6_expiry_set_is_due(set));
	/* Others go on while this one is held. */
	make_set(test, 1, 0, 0);
	KUNIT_EXPECT_EQ(test, renew(lt, 1, 20, 1), 0);
	lt->hold = false;
	mutex_unlock(&lt->lock);
	KUNIT_EXPECT_TRUE(test, comes_to_pass(lt, &lt->reaped[0], 1));
	KUNIT_EXPECT_TRUE(test, comes_to_pass(lt, &lt->reaped[1], 1));
}

/* A later deadline is one store; the queue learns of it in its own time. */
static void lifetime_renewed_cheaply(struct kunit *test)
{
	struct lifetime_test *lt = test->priv;
	struct pmip6_expiry_set *set;
	unsigned int i;
	s64 queued_for;

	mutex_lock(&lt->lock);
	set = make_set(test, 0, 60 * 1000, 0);
	queued_for = set->queued_for;
	for (i = 1; i <= 100; i++) {
		KUNIT_EXPECT_EQ(test, renew(lt, 0, (60 + i) * 1000, i), 0);
		KUNIT_EXPECT_EQ(test, set->queued_for, queued_for);
	}
	KUNIT_EXPECT_EQ(test, set->generation, 100);
	KUNIT_EXPECT_GE(test, deadline_of(set), queued_for + 100 * HZ);
	KUNIT_EXPECT_EQ(test, renew(lt, 0, 1000, 101), 0);
	KUNIT_EXPECT_EQ(test, set->queued_for, deadline_of(set));
	drop_set(lt, 0);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&lt->lifetimes.due.rb_root));
	mutex_unlock(&lt->lock);
}

/* Sets come due in order, each once and none too early. */
static void lifetime_order(struct kunit *test)
{
	struct lifetime_test *lt = test->priv;
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 5213);
	/* Held until the last is queued, so that the order is known. */
	mutex_lock(&lt->lock);
	for (i = 0; i < SETS; i++)
		make_set(test, i, prandom_u32_state(&rnd) % 300, i);
	mutex_unlock(&lt->lock);

	for (i = 0; i < SETS; i++)
		KUNIT_EXPECT_TRUE(test, comes_to_pass(lt, &lt->reaped[i], 1));
	have_turn(lt);
	KUNIT_EXPECT_EQ(test, lt->calls, SETS);
	KUNIT_EXPECT_EQ(test, lt->early, 0);
	KUNIT_EXPECT_EQ(test, lt->unordered, 0);
	for (i = 0; i < SETS; i++)
		KUNIT_EXPECT_EQ(test, lt->reaped[i], 1);
}

/* Renewed at random, longer and shorter, while the worker reaps. */
static void lifetime_random(struct kunit *test)
{
	unsigned int i, renewals = 0, revivals = 0;
	struct lifetime_test *lt = test->priv;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 5213);
	mutex_lock(&lt->lock);
	for (i = 0; i < SETS; i++)
		make_set(test, i, prandom_u32_state(&rnd) % 400, 0);
	mutex_unlock(&lt->lock);

	for (i = 0; i < 20000; i++) {
		u32 index = prandom_u32_state(&rnd) % SETS;
		u32 lifetime = prandom_u32_state(&rnd) % 400;

		mutex_lock(&lt->lock);
		/* A set that is there was not reaped, so this must succeed. */
		if (lt->sets[index]) {
			renewals++;
			revivals += pmip6_expiry_set_is_due(lt->sets[index]);
			KUNIT_EXPECT_EQ(test, renew(lt, index, lifetime, i), 0);
		}
		mutex_unlock(&lt->lock);
		if (!(i % 500))
			schedule_timeout_uninterruptible(1);
	}
	for (i = 0; i < SETS; i++)
		KUNIT_EXPECT_TRUE(test, comes_to_pass(lt, &lt->reaped[i], 1));
	have_turn(lt);
	kunit_info(test, "renewals=%u revivals=%u", renewals, revivals);
	KUNIT_EXPECT_GT(test, renewals, SETS);
	KUNIT_EXPECT_EQ(test, lt->calls, SETS);
	KUNIT_EXPECT_EQ(test, lt->early, 0);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&lt->lifetimes.due.rb_root));
}

/* What is too large for one turn takes more, and the set is let go once. */
static void lifetime_members(struct kunit *test)
{
	struct lifetime_test *lt = test->priv;
	struct pmip6_expiry_set *set;
	struct list_head *members;
	unsigned int i;

	members = kunit_kcalloc(test, MEMBERS, sizeof(*members), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, members);
	mutex_lock(&lt->lock);
	set = make_set(test, 0, 0, 0);
	for (i = 0; i < MEMBERS; i++)
		list_add(&members[i], &set->members);
	make_set(test, 1, 0, 0);
	mutex_unlock(&lt->lock);

	KUNIT_EXPECT_TRUE(test, comes_to_pass(lt, &lt->reaped[1], 1));
	have_turn(lt);
	KUNIT_EXPECT_EQ(test, lt->reaped[0], 1);
	KUNIT_EXPECT_EQ(test, lt->reaped[1], 1);
	KUNIT_EXPECT_EQ(test, lt->taken, MEMBERS);
	KUNIT_EXPECT_LT(test, lt->most, MEMBERS / 2);
	KUNIT_EXPECT_GE(test, lt->calls, 1 + DIV_ROUND_UP(MEMBERS, lt->most));
}

static void lifetime_stop(struct kunit *test)
{
	struct lifetime_test *lt = test->priv;
	struct pmip6_expiry_set *set;
	unsigned int calls;
	s64 deadline;

	mutex_lock(&lt->lock);
	set = make_set(test, 0, 50, 0);
	deadline = deadline_of(set);
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&lt->lifetimes.work));
	mutex_unlock(&lt->lock);
	pmip6_lifetimes_stop(&lt->lifetimes);
	wait_until(deadline + 5);
	KUNIT_ASSERT_EQ(test, lt->calls, 0);
	KUNIT_EXPECT_TRUE(test, pmip6_expiry_set_is_due(set));
	mutex_lock(&lt->lock);
	drop_set(lt, 0);

	/* In the middle of a set, when every turn asks for another. */
	lt->hold = true;
	make_set(test, 1, 0, 0);
	mutex_unlock(&lt->lock);
	KUNIT_EXPECT_TRUE(test, comes_to_pass(lt, &lt->calls, 3));
	pmip6_lifetimes_stop(&lt->lifetimes);
	calls = lt->calls;
	wait_until(now() + 5);
	KUNIT_EXPECT_EQ(test, lt->calls, calls);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&lt->lifetimes.work));
	KUNIT_EXPECT_EQ(test, lt->reaped[1], 0);
}

static int lifetime_init(struct kunit *test)
{
	struct lifetime_test *lt;

	lt = kunit_kzalloc(test, sizeof(*lt), GFP_KERNEL);
	if (!lt)
		return -ENOMEM;
	test->priv = lt;
	mutex_init(&lt->lock);
	init_waitqueue_head(&lt->woken);
	lt->last = S64_MIN;
	pmip6_lifetimes_init(&lt->lifetimes, &lt->lock, reap);
	lt->ready = true;
	return 0;
}

static void lifetime_exit(struct kunit *test)
{
	struct lifetime_test *lt = test->priv;
	unsigned int i;

	if (!lt || !lt->ready)
		return;
	pmip6_lifetimes_stop(&lt->lifetimes);
	mutex_lock(&lt->lock);
	for (i = 0; i < SETS; i++)
		if (lt->sets[i])
			drop_set(lt, i);
	lt->lifetimes.reaping = NULL;
	mutex_unlock(&lt->lock);
	pmip6_lifetimes_free(&lt->lifetimes);
	mutex_destroy(&lt->lock);
}

static struct kunit_case lifetime_cases[] = {
	KUNIT_CASE(lifetime_deadline),
	KUNIT_CASE(lifetime_forever),
	KUNIT_CASE(lifetime_due),
	KUNIT_CASE(lifetime_far),
	KUNIT_CASE(lifetime_remaining),
	KUNIT_CASE(lifetime_lazy),
	KUNIT_CASE(lifetime_revived),
	KUNIT_CASE(lifetime_renewed_late),
	KUNIT_CASE(lifetime_renewed_cheaply),
	KUNIT_CASE(lifetime_order),
	KUNIT_CASE(lifetime_random),
	KUNIT_CASE(lifetime_members),
	KUNIT_CASE(lifetime_stop),
	{}
};

struct kunit_suite pmip6_lifetime_suite = {
	.name = "pmip6_lifetime",
	.init = lifetime_init,
	.exit = lifetime_exit,
	.test_cases = lifetime_cases,
};
