// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/timer.c, against an oracle that looks at every timer.
 */
#include <stdlib.h>
#include <string.h>

#include "../engine/rng.h"
#include "../engine/timer.h"
#include "../engine/types.h"
#include "common/test.h"

#define TIMERS 700
#define ROUNDS 60000

static void test_empty(void **state)
{
	struct timers timers = { 0 };
	struct timer timer = { 0 };

	(void)state;
	assert_true(timers_next(&timers) == NEVER);
	assert_null(timers_take(&timers, NEVER - 1));
	assert_false(timer_is_set(&timer));
	timer_cancel(&timers, &timer);
	timers_free(&timers);
}

static void test_due_at_its_time(void **state)
{
	struct timers timers = { 0 };
	struct timer timer = { 0 };

	(void)state;
	timer_set(&timers, &timer, 100);
	assert_true(timer_is_set(&timer));
	assert_int_equal(timers_next(&timers), 100);
	assert_null(timers_take(&timers, 99));
	assert_ptr_equal(timers_take(&timers, 100), &timer);
	assert_false(timer_is_set(&timer));
	assert_null(timers_take(&timers, 100));
	timers_free(&timers);
}

static void test_set_again_moves(void **state)
{
	struct timers timers = { 0 };
	struct timer a = { 0 }, b = { 0 };

	(void)state;
	timer_set(&timers, &a, 10);
	timer_set(&timers, &b, 20);
	timer_set(&timers, &a, 30);
	assert_int_equal(timers.count, 2);
	assert_ptr_equal(timers_take(&timers, 100), &b);
	assert_ptr_equal(timers_take(&timers, 100), &a);
	assert_null(timers_take(&timers, 100));
	timers_free(&timers);
}

/* The heap does not own timers: it can go before they do. */
static void test_free_leaves_timers(void **state)
{
	struct timers timers = { 0 };
	struct timer a = { 0 };

	(void)state;
	timer_set(&timers, &a, 10);
	timers_free(&timers);
	assert_int_equal(timers.count, 0);
	assert_int_equal(a.due, 10);
}

static uint64_t oracle_next(const struct timer *all, const bool *set)
{
	uint64_t next = NEVER;
	int i;

	for (i = 0; i < TIMERS; i++)
		if (set[i] && all[i].due < next)
			next = all[i].due;
	return next;
}

static void take_due(struct timers *timers, struct timer *all, bool *set,
		     uint64_t now)
{
	struct timer *taken;
	uint64_t next;

	while ((next = oracle_next(all, set)) <= now) {
		taken = timers_take(timers, now);
		assert_non_null(taken);
		assert_true(taken->due == next);
		assert_true(set[taken - all]);
		set[taken - all] = false;
	}
	assert_null(timers_take(timers, now));
}

static void test_against_oracle(void **state)
{
	struct timer *all = calloc(TIMERS, sizeof(*all));
	bool *set = calloc(TIMERS, sizeof(*set));
	struct timers timers = { 0 };
	struct rng rng = { .state = 1 };
	uint64_t now = 0;
	int round, i;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		i = (int)rng_between(&rng, 0, TIMERS - 1);
		switch (rng_between(&rng, 0, 9)) {
		case 0:
		case 1:
			timer_cancel(&timers, &all[i]);
			set[i] = false;
			break;
		case 2:
			now += rng_between(&rng, 0, 30);
			take_due(&timers, all, set, now);
			break;
		default:
			/* Few values, so that many are due at once. */
			timer_set(&timers, &all[i],
				  now + rng_between(&rng, 0, 200) / 7 * 7);
			set[i] = true;
			break;
		}
		assert_int_equal(timer_is_set(&all[i]), set[i]);
		if (round % 16 == 0)
			assert_true(timers_next(&timers) ==
				    oracle_next(all, set));
	}
	assert_true(timers.count > 0);
	take_due(&timers, all, set, NEVER - 1);
	assert_int_equal(timers.count, 0);
	timers_free(&timers);
	free(set);
	free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_due_at_its_time),
		cmocka_unit_test(test_set_again_moves),
		cmocka_unit_test(test_free_leaves_timers),
		cmocka_unit_test(test_against_oracle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
