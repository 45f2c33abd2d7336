// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/cursor.h
 */
#include <stdlib.h>
#include <string.h>

#include "../mh/cursor.h"
#include "common/test.h"

static void test_reads_in_order(void **state)
{
	const uint8_t from[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
	struct cursor cursor = cursor_on(from, sizeof(from));
	uint8_t two[2];

	(void)state;
	assert_int_equal(cursor_u8(&cursor), 1);
	assert_int_equal(cursor_be(&cursor, 2), 0x0203);
	assert_int_equal(cursor_be(&cursor, 4), 0x04050607);
	cursor_skip(&cursor, 1);
	cursor_bytes(&cursor, two, 2);
	assert_memory_equal(two, ((uint8_t[]){ 9, 10 }), 2);
	assert_int_equal(cursor.left, 1);
	assert_false(cursor.failed);
}

static void test_be_reads_eight_octets(void **state)
{
	const uint8_t from[] = { 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0xf8 };
	struct cursor cursor = cursor_on(from, sizeof(from));

	(void)state;
	assert_true(cursor_be(&cursor, 8) == 0xfffefdfcfbfaf9f8u);
}

/* Every read that does not fit fails, reads nothing, and goes on failing. */
static void test_error_sticks(void **state)
{
	uint8_t *from = exact_copy((const uint8_t *)"abc", 3), to[4];
	struct cursor cursor;
	size_t left;

	(void)state;
	for (left = 0; left <= 3; left++) {
		cursor = cursor_on(from, 3);
		cursor_skip(&cursor, 3 - left);
		memset(to, 0xee, sizeof(to));
		cursor_bytes(&cursor, to, left + 1);
		assert_true(cursor.failed);
		assert_memory_equal(to, "\0\0\0\0", left + 1);
		assert_int_equal(cursor_u8(&cursor), 0);
		cursor_skip(&cursor, 0);
		assert_true(cursor.failed);
	}
	free(from);
}

static void test_skip_past_the_end_fails(void **state)
{
	struct cursor cursor = cursor_on((const uint8_t *)"ab", 2);

	(void)state;
	cursor_skip(&cursor, 3);
	assert_true(cursor.failed);
	cursor = cursor_on((const uint8_t *)"ab", 2);
	cursor_skip(&cursor, SIZE_MAX);
	assert_true(cursor.failed);
}

static void test_take_ends_where_it_should(void **state)
{
	struct cursor cursor = cursor_on((const uint8_t *)"abcd", 4), part;

	(void)state;
	part = cursor_take(&cursor, 2);
	assert_int_equal(cursor_be(&part, 2), 'a' << 8 | 'b');
	assert_int_equal(cursor_u8(&part), 0);
	assert_true(part.failed);
	assert_false(cursor.failed);
	assert_int_equal(cursor_u8(&cursor), 'c');

	part = cursor_take(&cursor, 2);
	assert_true(part.failed);
	assert_int_equal(part.left, 0);
	assert_true(cursor.failed);
	part = cursor_take(&cursor, 0);
	assert_true(part.failed);
}

static void test_writes_in_order(void **state)
{
	uint8_t to[17];
	struct builder builder = builder_on(to, sizeof(to));

	(void)state;
	builder_u8(&builder, 0xab);
	builder_be(&builder, 0x0102, 2);
	builder_be(&builder, 0x0102030405060708, 8);
	builder_zeros(&builder, 3);
	builder_bytes(&builder, "xyz", 3);
	assert_false(builder.failed);
	assert_int_equal(builder.len, 17);
	assert_memory_equal(to, "\xab\1\2\1\2\3\4\5\6\7\10\0\0\0xyz", 17);
}

/* What does not fit is not begun, and what would fit after it is not either. */
static void test_builder_is_bounded(void **state)
{
	uint8_t *to = exact_copy((const uint8_t *)"....", 4);
	struct builder builder = builder_on(to, 4);

	(void)state;
	builder_be(&builder, 0x0102, 2);
	builder_be(&builder, 0x01020304, 4);
	assert_true(builder.failed);
	builder_u8(&builder, 5);
	builder_zeros(&builder, 1);
	assert_int_equal(builder.len, 2);
	assert_memory_equal(to, "\1\2..", 4);
	free(to);

	builder = builder_on(NULL, 0);
	builder_bytes(&builder, NULL, 0);
	assert_false(builder.failed);
	builder_u8(&builder, 0);
	assert_true(builder.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_in_order),
		cmocka_unit_test(test_be_reads_eight_octets),
		cmocka_unit_test(test_error_sticks),
		cmocka_unit_test(test_skip_past_the_end_fails),
		cmocka_unit_test(test_take_ends_where_it_should),
		cmocka_unit_test(test_writes_in_order),
		cmocka_unit_test(test_builder_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
