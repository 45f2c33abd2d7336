// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/rng.h
 */
#include "../engine/rng.h"
#include "common/test.h"

/* What others print of this generator for the seed 1234567. */
static void test_known_numbers(void **state)
{
	static const uint64_t known[] = {
		6457827717110365317u, 3203168211198807973u,
		9817491932198370423u, 4593380528125082431u,
		16408922859458223821u,
	};
	struct rng rng = { .state = 1234567 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(known); i++)
		assert_true(rng_next(&rng) == known[i]);
}

static void test_between_reaches_both_ends(void **state)
{
	struct rng rng = { .state = 7 };
	unsigned int seen[5] = { 0 };
	uint64_t number;
	int i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		number = rng_between(&rng, 10, 14);
		assert_in_range(number, 10, 14);
		seen[number - 10]++;
	}
	for (i = 0; i < 5; i++)
		assert_in_range(seen[i], 800, 1200);
	assert_int_equal(rng_between(&rng, 3, 3), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_numbers),
		cmocka_unit_test(test_between_reaches_both_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
