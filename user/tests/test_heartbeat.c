// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/heartbeat.c
 */
#include <string.h>

#include "common/mh_text.h"
#include "common/test.h"

/* RFC 5847 3.3: the two last bits are U and R, all others are reserved. */
static void test_flags(void **state)
{
	struct mh_message message;
	uint8_t data[MH_MAX_LEN];

	(void)state;
	assert_int_equal(parse("3b010dff00000002" "0a0b0c0d" "01020000",
			       &message), MH_OK);
	assert_int_equal(message.heartbeat.flags, MH_HB_UNSOLICITED);
	assert_int_equal(message.heartbeat.sequence, 0x0a0b0c0d);
	/* RULE: HB-11 */
	assert_int_equal(parse("3b010d000000fffd" "0a0b0c0d" "01020000",
			       &message), MH_OK);
	/* RULE: HB-11 */
	assert_int_equal(message.heartbeat.flags, MH_HB_RESPONSE);

	message.heartbeat.flags = MH_HB_RESPONSE | MH_HB_UNSOLICITED;
	assert_int_equal(mh_build(&message, data, sizeof(data)), 16);
	/* RULE: HB-11 */
	assert_memory_equal(data, "\x3b\x01\x0d\0\0\0\0\x03", 8);
}

static void test_unknown_options(void **state)
{
	struct mh_message message;

	(void)state;
	/* Of an unassigned type, with data that look like an option. */
	/* RULE: HB-11 */
	assert_int_equal(parse("3b020d0000000001" "00000007"
			       "c8041c04ffff" "1c0400000009", &message), MH_OK);
	assert_true(message.heartbeat.has_restart_counter);
	/* RULE: HB-11 */
	assert_int_equal(message.heartbeat.restart_counter, 9);
}

static void test_restart_counter_length(void **state)
{
	struct mh_message message;

	(void)state;
	assert_int_equal(parse("3b020d0000000001" "00000007"
			       "1c03000009" "01050000000000", &message),
			 MH_ERROR_OPTION_LENGTH);
	assert_int_equal(parse("3b020d0000000001" "00000007"
			       "1c050000000009" "0103000000", &message),
			 MH_ERROR_OPTION_LENGTH);
	assert_int_equal(parse("3b020d0000000001" "00000007"
			       "01061c04000000000000" "1c08", &message),
			 MH_ERROR_OPTION_TRUNCATED);
	assert_int_equal(parse("3b020d0000000001" "00000007"
			       "1c0400000009" "1c0400000009", &message),
			 MH_ERROR_OPTION_REPEATED);
	/* Too short for its own fields: RFC 6275 9.2. */
	assert_int_equal(parse("3b000d0000000001", &message),
			 MH_ERROR_HEADER_LEN);
}

/* RFC 5847 3.4: the option stands at 4n+2, so that its value is aligned. */
static void test_alignment(void **state)
{
	struct mh_message message = { .type = MH_HEARTBEAT };
	uint8_t data[MH_MAX_LEN];

	(void)state;
	message.heartbeat.flags = MH_HB_RESPONSE;
	message.heartbeat.has_restart_counter = true;
	message.heartbeat.restart_counter = 0x01020304;
	assert_int_equal(mh_build(&message, data, sizeof(data)), 24);
	/* RULE: HB-07 */
	assert_memory_equal(data + 14, "\x1c\x04\x01\x02\x03\x04", 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_unknown_options),
		cmocka_unit_test(test_restart_counter_length),
		cmocka_unit_test(test_alignment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
