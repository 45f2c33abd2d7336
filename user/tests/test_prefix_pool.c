// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/prefix_pool.c
 */
#include <stdlib.h>
#include <string.h>

#include "../engine/prefix_pool.h"
#include "../engine/rng.h"
#include "common/test.h"

static bool add(struct prefix_pool *pool, const char *range, uint8_t len)
{
	struct mh_prefix prefix = prefix6(range);

	return prefix_pool_add(pool, &prefix, len);
}

static bool covers(const struct prefix_pool *pool, const char *text)
{
	struct mh_prefix prefix = prefix6(text);

	return prefix_pool_covers(pool, &prefix);
}

static bool hands_out(const struct prefix_pool *pool, const char *text)
{
	struct mh_prefix prefix = prefix6(text);

	return prefix_pool_hands_out(pool, &prefix);
}

static void release(struct prefix_pool *pool, const char *text)
{
	struct mh_prefix prefix = prefix6(text);

	prefix_pool_release(pool, &prefix);
}

static bool nobody(void *context, const struct mh_prefix *prefix)
{
	(void)context;
	(void)prefix;
	return false;
}

static void assert_next(struct prefix_pool *pool, const char *expected)
{
	struct mh_prefix prefix;

	assert_true(prefix_pool_allocate(pool, NULL, nobody, NULL, &prefix));
	assert_prefix_equal(&prefix, expected);
}

static void assert_none_left(struct prefix_pool *pool)
{
	struct mh_prefix prefix;

	assert_false(prefix_pool_allocate(pool, NULL, nobody, NULL, &prefix));
}

static void test_lengths_must_fit(void **state)
{
	struct prefix_pool pool = { 0 };

	(void)state;
	assert_false(add(&pool, "2001:db8::/48", 47));
	assert_false(add(&pool, "2001:db8::/31", 64));
	assert_false(add(&pool, "2001:db8::/120", 129));
	assert_true(add(&pool, "2001:db8::/32", 64));
	assert_true(add(&pool, "2001:db9::/64", 64));
	assert_true(add(&pool, "2001:dba::/128", 128));
	assert_int_equal(pool.count, 3);
	prefix_pool_free(&pool);
	assert_int_equal(pool.count, 0);
}

static void test_ranges_must_not_overlap(void **state)
{
	struct prefix_pool pool = { 0 };

	(void)state;
	assert_true(add(&pool, "2001:db8:a::/48", 64));
	assert_false(add(&pool, "2001:db8:a::/48", 64));
	assert_false(add(&pool, "2001:db8:a:1::/64", 64));
	assert_false(add(&pool, "2001:db8::/32", 64));
	assert_false(add(&pool, "::/0", 32));
	assert_true(add(&pool, "2001:db8:b::/48", 64));
	assert_prefix_equal(prefix_pool_range(&pool, 0), "2001:db8:a::/48");
	assert_prefix_equal(prefix_pool_range(&pool, 1), "2001:db8:b::/48");
	prefix_pool_free(&pool);
}

/* In order, the first range first, and then no more. */
static void test_exhaustion(void **state)
{
	struct prefix_pool pool = { 0 };

	(void)state;
	assert_none_left(&pool);
	assert_true(add(&pool, "2001:db8:0:4::/62", 64));
	assert_true(add(&pool, "2001:db8:1::5/128", 128));
	assert_next(&pool, "2001:db8:0:4::/64");
	assert_next(&pool, "2001:db8:0:5::/64");
	assert_next(&pool, "2001:db8:0:6::/64");
	assert_next(&pool, "2001:db8:0:7::/64");
	assert_next(&pool, "2001:db8:1::5/128");
	assert_none_left(&pool);
	release(&pool, "2001:db8:0:6::/64");
	assert_next(&pool, "2001:db8:0:6::/64");
	assert_none_left(&pool);
	prefix_pool_free(&pool);
}

/* One that came back is handed out as late as can be: a host may still use it. */
static void test_released_comes_last(void **state)
{
	struct prefix_pool pool = { 0 };

	(void)state;
	assert_true(add(&pool, "2001:db8::/62", 64));
	assert_next(&pool, "2001:db8::/64");
	assert_next(&pool, "2001:db8:0:1::/64");
	release(&pool, "2001:db8:0:1::/64");
	release(&pool, "2001:db8::/64");
	assert_next(&pool, "2001:db8:0:2::/64");
	assert_next(&pool, "2001:db8:0:3::/64");
	assert_next(&pool, "2001:db8:0:1::/64");
	assert_next(&pool, "2001:db8::/64");
	assert_none_left(&pool);
	prefix_pool_free(&pool);
}

/* Those that came back keep their order when more come than there was room for. */
static void test_released_keep_their_order(void **state)
{
	struct prefix_pool pool = { 0 };
	struct mh_prefix prefix;
	unsigned int i;

	(void)state;
	assert_true(add(&pool, "2001:db8::/58", 64));
	for (i = 0; i < 64; i++)
		assert_true(prefix_pool_allocate(&pool, NULL, nobody, NULL, &prefix));
	for (i = 0; i < 60; i++) {
		prefix.addr.s6_addr[7] = (uint8_t)(63 - i);
		prefix_pool_release(&pool, &prefix);
		/* Every third goes out again, so that the oldest moves on. */
		if (i % 3)
			continue;
		assert_true(prefix_pool_allocate(&pool, NULL, nobody, NULL, &prefix));
		assert_int_equal(prefix.addr.s6_addr[7], 63 - i / 3);
	}
	for (i = 20; i < 60; i++) {
		assert_true(prefix_pool_allocate(&pool, NULL, nobody, NULL, &prefix));
		assert_int_equal(prefix.addr.s6_addr[7], 63 - i);
	}
	assert_none_left(&pool);
	prefix_pool_free(&pool);
}

/* Twice released is not there twice; nor is one that was not handed out. */
static void test_released_twice(void **state)
{
	struct prefix_pool pool = { 0 };

	(void)state;
	assert_true(add(&pool, "2001:db8::/63", 64));
	assert_next(&pool, "2001:db8::/64");
	release(&pool, "2001:db8::/64");
	release(&pool, "2001:db8::/64");
	release(&pool, "2001:db8:0:1::/64");
	release(&pool, "2001:db8:0:2::/64");
	release(&pool, "2001:db8::/63");
	assert_next(&pool, "2001:db8:0:1::/64");
	assert_next(&pool, "2001:db8::/64");
	assert_none_left(&pool);
	prefix_pool_free(&pool);
}

static void test_covers(void **state)
{
	struct prefix_pool pool = { 0 };

	(void)state;
	assert_false(covers(&pool, "2001:db8:a:1::/64"));
	assert_true(add(&pool, "2001:db8:a::/47", 64));
	assert_true(covers(&pool, "2001:db8:a:1::/64"));
	assert_true(covers(&pool, "2001:db8:b:ffff::/64"));
	assert_true(covers(&pool, "2001:db8:a:1::17/128"));
	assert_true(covers(&pool, "2001:db8:a::/47"));
	assert_false(covers(&pool, "2001:db8:a::/46"));
	assert_false(covers(&pool, "2001:db8:c:1::/64"));
	prefix_pool_free(&pool);
}

static void test_hands_out(void **state)
{
	struct prefix_pool pool = { 0 };

	(void)state;
	assert_true(add(&pool, "2001:db8:a::/48", 64));
	assert_true(hands_out(&pool, "2001:db8:a:1::/64"));
	assert_false(hands_out(&pool, "2001:db8:a:1::/65"));
	assert_false(hands_out(&pool, "2001:db8:a::/48"));
	assert_false(hands_out(&pool, "2001:db8:b:1::/64"));
	/* Another name for a prefix would be another prefix to a table. */
	assert_false(hands_out(&pool, "2001:db8:a:1::1/64"));
	assert_false(hands_out(&pool, "2001:db8:a:1:8000::/64"));
	prefix_pool_free(&pool);
}

#define SIZE 64

struct oracle {
	bool taken[SIZE];
	bool reserved[SIZE];
};

static bool in_use(void *context, const struct mh_prefix *prefix)
{
	const struct oracle *oracle = context;
	unsigned int i = prefix->addr.s6_addr[7];

	return oracle->taken[i] || oracle->reserved[i];
}

static struct mh_prefix nth(unsigned int i)
{
	struct mh_prefix prefix = prefix6("2001:db8::/64");

	prefix.addr.s6_addr[7] = (uint8_t)i;
	return prefix;
}

static bool any_free(const struct oracle *oracle)
{
	unsigned int i;

	for (i = 0; i < SIZE; i++)
		if (!oracle->taken[i] && !oracle->reserved[i])
			return true;
	return false;
}

/*
 * Handed out, claimed by name, reserved and released at random: nothing is
 * given twice, nothing gets lost, nothing grows without end.
 */
static void test_against_oracle(void **state)
{
	struct oracle oracle = { .taken = { false } };
	struct prefix_pool pool = { 0 };
	struct rng rng = { .state = 11 };
	struct mh_prefix prefix;
	unsigned int i, full = 0;
	int round;

	(void)state;
	assert_true(add(&pool, "2001:db8::/58", 64));
	for (round = 0; round < 200000; round++) {
		i = (unsigned int)rng_between(&rng, 0, SIZE - 1);
		prefix = nth(i);
		switch (rng_between(&rng, 0, 6)) {
		case 0:
			if (!oracle.reserved[i])
				oracle.taken[i] = true;
			break;
		case 1:
			oracle.reserved[i] = true;
			break;
		case 2:
			/* As often as policy is read anew. */
			oracle.reserved[i] = false;
			if (!oracle.taken[i])
				prefix_pool_release(&pool, &prefix);
			break;
		case 3:
			if (!oracle.taken[i])
				break;
			oracle.taken[i] = false;
			prefix_pool_release(&pool, &prefix);
			break;
		default:
			if (!prefix_pool_allocate(&pool, NULL, in_use, &oracle,
						  &prefix)) {
				assert_false(any_free(&oracle));
				full++;
				break;
			}
			i = prefix.addr.s6_addr[7];
			assert_true(i < SIZE);
			assert_false(oracle.taken[i] || oracle.reserved[i]);
			oracle.taken[i] = true;
			break;
		}
	}
	assert_true(full > 0);
	prefix_pool_free(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths_must_fit),
		cmocka_unit_test(test_ranges_must_not_overlap),
		cmocka_unit_test(test_exhaustion),
		cmocka_unit_test(test_released_comes_last),
		cmocka_unit_test(test_released_keep_their_order),
		cmocka_unit_test(test_released_twice),
		cmocka_unit_test(test_covers),
		cmocka_unit_test(test_hands_out),
		cmocka_unit_test(test_against_oracle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
