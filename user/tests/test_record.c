// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/record.c
 */
#include <stdlib.h>
#include <string.h>

#include "../engine/record.h"
#include "common/test.h"
#include "common/vectors.h"

/* Some day in 2023. */
#define WALL (1700000000ull * WALL_PER_SECOND)

static struct now at(uint64_t mono_ms, uint64_t wall)
{
	return (struct now){ .mono_ms = mono_ms, .wall = wall };
}

static uint64_t through(uint64_t time, struct now written, bool same_boot,
			struct now read)
{
	uint8_t data[64];
	struct builder builder = builder_on(data, sizeof(data));
	struct cursor cursor;
	uint64_t back;

	record_put_time(&builder, time, written);
	assert_false(builder.failed);
	cursor = cursor_on(data, builder.len);
	back = record_get_time(&cursor, same_boot, read);
	assert_false(cursor.failed);
	assert_int_equal(cursor.left, 0);
	return back;
}

/* Without a reboot, steps of the wall clock do not matter. */
static void test_time_same_boot(void **state)
{
	(void)state;
	assert_int_equal(through(70000, at(10000, WALL), true,
				 at(50000, WALL + wall_from_ms(40000))), 70000);
	assert_int_equal(through(70000, at(10000, WALL), true,
				 at(50000, 0)), 70000);
	assert_int_equal(through(70000, at(10000, WALL), true,
				 at(90000, WALL)), 70000);
}

static void test_time_other_boot(void **state)
{
	(void)state;
	/* 60 s remained, 40 s of them are over, and a boot was 5 s ago. */
	assert_int_equal(through(70000, at(10000, WALL), false,
				 at(5000, WALL + wall_from_ms(40000))), 25000);
	/* All of them are over. */
	assert_int_equal(through(70000, at(10000, WALL), false,
				 at(5000, WALL + wall_from_ms(60000))), 5000);
	assert_int_equal(through(70000, at(10000, WALL), false,
				 at(5000, WALL + wall_from_ms(900000))), 5000);
	/* The clock went back: never later than it could have been. */
	assert_int_equal(through(70000, at(10000, WALL), false,
				 at(5000, WALL - wall_from_ms(40000))), 65000);
	assert_int_equal(through(70000, at(10000, WALL), false, at(5000, 0)),
			 65000);
	/* It was over when it was written. */
	assert_int_equal(through(9000, at(10000, WALL), false,
				 at(5000, WALL)), 5000);
}

/* As much is left as a Lifetime field can say, whatever a record says. */
static void test_time_without_end(void **state)
{
	const uint64_t most = UINT16_MAX * 4000ull;

	(void)state;
	assert_int_equal(through(UINT64_MAX, at(10000, WALL), true,
				 at(50000, WALL)), 50000 + most);
	assert_int_equal(through(50000 + most, at(50000, WALL), true,
				 at(50000, WALL)), 50000 + most);
	assert_int_equal(through(UINT64_MAX, at(10000, WALL), false,
				 at(5000, WALL + wall_from_ms(40000))),
			 5000 + most - 40000);
}

static void test_options_come_back(void **state)
{
	struct mh_message message;
	uint8_t data[RECORD_MAX];
	struct builder builder = builder_on(data, sizeof(data));
	struct mh_options back;
	struct cursor cursor;
	uint8_t *copy;
	size_t len;

	(void)state;
	full_update(&message);
	/* Wherever in a record they begin. */
	builder_u8(&builder, 0xaa);
	record_put_options(&builder, &message.bu.options);
	builder_u8(&builder, 0xbb);
	assert_false(builder.failed);

	cursor = cursor_on(data, builder.len);
	cursor_skip(&cursor, 1);
	assert_true(record_get_options(&cursor, &back));
	assert_memory_equal(&back, &message.bu.options, sizeof(back));
	assert_int_equal(cursor_u8(&cursor), 0xbb);

	for (len = 1; len < builder.len - 1; len++) {
		copy = exact_copy(data, len);
		cursor = cursor_on(copy, len);
		cursor_skip(&cursor, 1);
		assert_false(record_get_options(&cursor, &back));
		free(copy);
	}
}

static void test_options_that_are_none(void **state)
{
	static const uint8_t bad[] = { 0, 4, 22, 2, 0, 0 };
	struct cursor cursor = cursor_on(bad, sizeof(bad));
	struct mh_options back;

	(void)state;
	assert_false(record_get_options(&cursor, &back));
}

static void test_no_room(void **state)
{
	struct mh_message message;
	uint8_t *data = exact_copy((const uint8_t *)"........", 8);
	struct builder builder = builder_on(data, 8);

	(void)state;
	full_update(&message);
	record_put_options(&builder, &message.bu.options);
	assert_true(builder.failed);
	builder = builder_on(data, 8);
	record_put_time(&builder, 1, at(0, 0));
	assert_true(builder.failed);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time_same_boot),
		cmocka_unit_test(test_time_other_boot),
		cmocka_unit_test(test_time_without_end),
		cmocka_unit_test(test_options_come_back),
		cmocka_unit_test(test_options_that_are_none),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
