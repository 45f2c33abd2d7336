// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/mh_answer.c
 */
#include <string.h>

#include "../ports/mh_answer.h"
#include "common/test.h"

static void test_limit(void **state)
{
	struct mh_answer_limit limit = { 0 };
	uint64_t now = 123456;
	int i;

	(void)state;
	for (i = 0; i < MH_ANSWER_BURST; i++)
		assert_true(mh_answer_allowed(&limit, now));
	assert_false(mh_answer_allowed(&limit, now));
	assert_false(mh_answer_allowed(&limit, now + 99));
	assert_true(mh_answer_allowed(&limit, now + 100));
	assert_false(mh_answer_allowed(&limit, now + 101));
	assert_true(mh_answer_allowed(&limit, now + 200));

	/* What was not used is not saved for ever. */
	now += 1000000;
	for (i = 0; i < MH_ANSWER_BURST; i++)
		assert_true(mh_answer_allowed(&limit, now));
	assert_false(mh_answer_allowed(&limit, now));
}

static void test_problem(void **state)
{
	static const uint8_t data[8] = { 0, 0, 5, 0, 0xab, 0xcd, 0, 0 };
	static const uint8_t expected[16] = {
		4, 0, 0, 0, 0, 0, 0, 41, 0x60, 0, 0, 0, 0, 8, 135, 61,
	};
	struct mh_packet packet = {
		.src = ip6("2001:db8::1"), .dst = ip6("2001:db8::2"),
		.hop_limit = 61, .data = data, .len = sizeof(data),
	};
	uint8_t answer[MH_ANSWER_MAX_LEN];

	(void)state;
	assert_int_equal(mh_answer_problem(&packet, 1, answer), 56);
	assert_memory_equal(answer, expected, sizeof(expected));
	assert_memory_equal(answer + 16, &packet.src, 16);
	assert_memory_equal(answer + 32, &packet.dst, 16);
	assert_memory_equal(answer + 48, data, sizeof(data));
}

static void test_problem_of_long_packet(void **state)
{
	static uint8_t data[2048];
	struct mh_packet packet = { .data = data, .len = sizeof(data) };
	uint8_t answer[MH_ANSWER_MAX_LEN];

	(void)state;
	memset(data, 0x5a, sizeof(data));
	assert_int_equal(mh_answer_problem(&packet, 0, answer), 1240);
	assert_int_equal(answer[7], 40);
	assert_int_equal(answer[12] << 8 | answer[13], 2048);
	assert_memory_equal(answer + 48, data, 1240 - 48);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_problem),
		cmocka_unit_test(test_problem_of_long_packet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
