// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/update_notification.c
 */
#include <stdlib.h>
#include <string.h>

#include "../mh/mh.h"
#include "common/test.h"

/*
 * A Mobile Node Identifier option of "m@x", after one that nobody knows, which
 * looks like another. No option ends where the message might be cut.
 */
#define UPN "3b0313000000" "0a0b" "0001" "8000" \
	"c80b0804016e40780000000000" "0804016d4078" "00"
#define UPA "3b0214000000" "0a0b" "84" "000000" \
	"0804016d4078" "01040000" "0000"

static enum mh_error parse_octets(const uint8_t *data, size_t len,
				  struct mh_message *message)
{
	uint8_t *copy = exact_copy(data, len);
	enum mh_error error = mh_parse(copy, len, message);

	free(copy);
	return error;
}

static enum mh_error parse(const char *hex, struct mh_message *message)
{
	uint8_t data[MH_MAX_LEN];

	return parse_octets(data, octets(hex, data, sizeof(data)), message);
}

static void assert_is_mn(const struct mh_options *options)
{
	struct mh_mn_id mn_id = nai("m@x");

	assert_true(options->has_mn_id);
	assert_true(mh_mn_id_equal(&options->mn_id, &mn_id));
}

static void test_upn(void **state)
{
	struct mh_message message;

	(void)state;
	assert_int_equal(parse(UPN, &message), MH_OK);
	assert_int_equal(message.type, 19);
	assert_int_equal(message.upn.sequence, 0x0a0b);
	assert_int_equal(message.upn.reason, MH_UPN_FORCE_REREGISTRATION);
	assert_int_equal(message.upn.flags, MH_UPN_ACK);
	assert_is_mn(&message.upn.options);
}

static void test_upa(void **state)
{
	struct mh_message message;

	(void)state;
	assert_int_equal(parse(UPA, &message), MH_OK);
	assert_int_equal(message.type, 20);
	assert_int_equal(message.upa.sequence, 0x0a0b);
	assert_int_equal(message.upa.status, MH_UPA_MN_NOT_ATTACHED);
	assert_is_mn(&message.upa.options);
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

static void assert_truncated(const char *hex)
{
	struct mh_message message;
	uint8_t data[MH_MAX_LEN];
	size_t len = octets(hex, data, sizeof(data)), at;

	for (at = 0; at < len; at++)
		assert_int_equal(parse_octets(data, at, &message),
				 MH_ERROR_TRUNCATED);
	/* Also by its own account of its length. */
	for (at = 0; at < data[1]; at++) {
		uint8_t octet = data[1];

		data[1] = (uint8_t)at;
		assert_int_not_equal(parse_octets(data, 8 * (at + 1), &message),
				     MH_OK);
		data[1] = octet;
	}
	data[1] = 0;
	assert_int_equal(parse_octets(data, 8, &message), MH_ERROR_HEADER_LEN);
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
