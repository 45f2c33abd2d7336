// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/update_notification.c
 */
#include <string.h>

#include "common/mh_text.h"
#include "common/test.h"

/*
 * A Mobile Node Identifier option of "m@x", after one that nobody knows, which
 * looks like another. No option ends where the message might be cut.
 */
#define UPN "3b0313000000" "0a0b" "0001" "8000" \
	"c80b0804016e40780000000000" "0804016d4078" "00"
#define UPA "3b0214000000" "0a0b" "84" "000000" \
	"0804016d4078" "01040000" "0000"

static void test_upn(void **state)
{
	struct mh_message message;

	(void)state;
	assert_int_equal(parse(UPN, &message), MH_OK);
	assert_int_equal(message.type, 19);
	assert_int_equal(message.upn.sequence, 0x0a0b);
	assert_int_equal(message.upn.reason, MH_UPN_FORCE_REREGISTRATION);
	assert_int_equal(message.upn.flags, MH_UPN_ACK);
	assert_is_mn(&message.upn.options, "m@x");
}

static void test_upa(void **state)
{
	struct mh_message message;

	(void)state;
	assert_int_equal(parse(UPA, &message), MH_OK);
	assert_int_equal(message.type, 20);
	assert_int_equal(message.upa.sequence, 0x0a0b);
	assert_int_equal(message.upa.status, MH_UPA_MN_NOT_ATTACHED);
	assert_is_mn(&message.upa.options, "m@x");
}

/* RFC 7077 4.1: A and D are the first bits; the others are reserved. */
static void test_flags(void **state)
{
	struct mh_message message;

	(void)state;
	assert_int_equal(parse("3b0113000000" "0001" "0004" "4000" "01020000",
			       &message), MH_OK);
	assert_int_equal(message.upn.flags, MH_UPN_RETRANSMITTED);
	assert_int_equal(message.upn.reason, 4);
	assert_int_equal(parse("3b0113000000" "0001" "00ff" "bfff" "01020000",
			       &message), MH_OK);
	assert_int_equal(message.upn.flags, MH_UPN_ACK);
}

static void test_truncated(void **state)
{
	(void)state;
	assert_truncated(UPN);
	assert_truncated("3b0214000000" "0a0b" "84" "000000"
			 "0809016d40787878787878" "00");
}

static void test_bad_options(void **state)
{
	struct mh_message message;

	(void)state;
	/* An identifier that runs past the end, one without, one twice. */
	assert_int_equal(parse("3b0113000000" "0001" "0001" "8000" "08040161",
			       &message), MH_ERROR_OPTION_TRUNCATED);
	assert_int_equal(parse("3b0113000000" "0001" "0001" "8000" "08000100",
			       &message), MH_ERROR_OPTION_LENGTH);
	assert_int_equal(parse("3b0214000000" "0001" "00" "000000"
			       "08020161" "08020161" "01020000", &message),
			 MH_ERROR_OPTION_REPEATED);
}

/* Both ways of what is built. */
static void test_build(void **state)
{
	struct mh_message message = { .type = MH_UPDATE_NOTIFICATION }, parsed;
	uint8_t data[MH_MAX_LEN];

	(void)state;
	message.upn.sequence = 0xfffe;
	message.upn.reason = MH_UPN_FORCE_REREGISTRATION;
	message.upn.flags = MH_UPN_ACK | MH_UPN_RETRANSMITTED;
	message.upn.options.has_mn_id = true;
	message.upn.options.mn_id = nai("m@x");
	assert_int_equal(mh_build(&message, data, sizeof(data)), 24);
	assert_memory_equal(data, "\x3b\x02\x13\0\0\0\xff\xfe\0\x01\xc0\0"
			    "\x08\x04\x01m@x\x01\x04\0\0\0\0", 24);
	assert_int_equal(parse_octets(data, 24, &parsed), MH_OK);
	assert_memory_equal(&parsed, &message, sizeof(parsed));

	memset(&message, 0, sizeof(message));
	message.type = MH_UPDATE_ACK;
	message.upa.sequence = 0xfffe;
	message.upa.status = MH_UPA_FAILED;
	message.upa.options.has_mn_id = true;
	message.upa.options.mn_id = nai("m@x");
	assert_int_equal(mh_build(&message, data, sizeof(data)), 24);
	assert_memory_equal(data, "\x3b\x02\x14\0\0\0\xff\xfe\x80\0\0\0"
			    "\x08\x04\x01m@x\x01\x04\0\0\0\0", 24);
	assert_int_equal(parse_octets(data, 24, &parsed), MH_OK);
	assert_memory_equal(&parsed, &message, sizeof(parsed));
	assert_int_equal(mh_build(&message, data, 23), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_upn),
		cmocka_unit_test(test_upa),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_bad_options),
		cmocka_unit_test(test_build),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
