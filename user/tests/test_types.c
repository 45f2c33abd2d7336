// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/types.h
 */
#include "../engine/types.h"
#include "common/test.h"

static void test_whole_seconds(void **state)
{
	(void)state;
	assert_true(wall_from_ms(0) == 0);
	assert_true(wall_from_ms(1000) == 65536);
	assert_true(wall_to_ms(65536) == 1000);
	assert_true(wall_from_ms(262140000) == 262140ull * 65536);
}

static void test_parts_round_down(void **state)
{
	(void)state;
	assert_true(wall_from_ms(1) == 65);
	assert_true(wall_from_ms(300) == 19660);
	assert_true(wall_from_ms(1500) == 98304);
	assert_true(wall_to_ms(1) == 0);
	assert_true(wall_to_ms(66) == 1);
	assert_true(wall_to_ms(32768) == 500);
}

/* Times of day are large: neither way may overflow for them. */
static void test_large(void **state)
{
	uint64_t ms = 281474976710655123ull, back;

	(void)state;
	back = wall_to_ms(wall_from_ms(ms));
	assert_true(ms - back <= 1);
	assert_true(wall_to_ms(UINT64_MAX) == 281474976710655999ull);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_seconds),
		cmocka_unit_test(test_parts_round_down),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
