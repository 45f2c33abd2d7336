// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/revocation.c
 */
#include <string.h>

#include "common/mh_text.h"
#include "common/test.h"

/*
 * As RFC 5846 5.1 and 5.2 draw them: after the fixed part, a Mobile Node
 * Identifier option of "m@x", and a prefix, which RFC 5213 8.3 aligns.
 */
#define BRI "3b0410000000" "0104" "0a0b" "8000" \
	"0804016d4078" "0100" "1612004020010db8000a00010000000000000000"
#define BRA "3b0210000000" "0284" "0a0b" "8000" \
	"0804016d4078" "01040000" "0000"

/* RFC 6602: of a group. */
#define GROUP "3b0210008254" "0180" "0009" "a000" \
	"3206" "0100000001010102" "0000"

static void test_indication(void **state)
{
	struct mh_message message;

	(void)state;
	assert_int_equal(parse(BRI, &message), MH_OK);
	assert_int_equal(message.type, 16);
	assert_int_equal(message.revocation.kind, MH_BR_INDICATION);
	assert_int_equal(message.revocation.trigger, MH_BR_HANDOVER_UNKNOWN);
	assert_int_equal(message.revocation.sequence, 0x0a0b);
	assert_int_equal(message.revocation.flags, MH_BR_PROXY);
	assert_is_mn(&message.revocation.options, "m@x");
	assert_int_equal(message.revocation.options.hnp_count, 1);
	assert_prefix_equal(&message.revocation.options.hnp[0],
			    "2001:db8:a:1::/64");
}

static void test_ack(void **state)
{
	struct mh_message message;

	(void)state;
	assert_int_equal(parse(BRA, &message), MH_OK);
	assert_int_equal(message.type, 16);
	assert_int_equal(message.revocation.kind, MH_BR_ACK);
	assert_int_equal(message.revocation.status, MH_BR_ATTACHED);
	assert_int_equal(message.revocation.sequence, 0x0a0b);
	assert_int_equal(message.revocation.flags, MH_BR_PROXY);
	assert_is_mn(&message.revocation.options, "m@x");
}

/* RFC 5846 5.1: P, V and G are the first bits; the others are reserved. */
static void test_flags(void **state)
{
	struct mh_message message;

	(void)state;
	assert_int_equal(parse("3b0110000000" "0101" "0001" "4000" "01020000",
			       &message), MH_OK);
	assert_int_equal(message.revocation.flags, MH_BR_IPV4_ONLY);
	assert_int_equal(parse("3b0110000000" "0202" "0001" "3fff" "01020000",
			       &message), MH_OK);
	assert_int_equal(message.revocation.flags, MH_BR_GLOBAL);
	assert_int_equal(parse("3b0110000000" "ff07" "0001" "8000" "01020000",
			       &message), MH_OK);
	assert_int_equal(message.revocation.kind, 255);
	assert_int_equal(parse(GROUP, &message), MH_OK);
	assert_int_equal(message.revocation.trigger, MH_BR_PER_PEER_POLICY);
	assert_int_equal(message.revocation.flags, MH_BR_PROXY | MH_BR_GLOBAL);
	assert_false(message.revocation.options.has_mn_id);
}

static void test_truncated(void **state)
{
	(void)state;
	assert_truncated("3b0310000000" "0104" "0a0b" "8000"
			 "0811016d407878787878787878787878787878" "00");
	assert_truncated("3b0210000000" "0200" "0a0b" "8000"
			 "0809016d40787878787878" "00");
}

static void test_bad_options(void **state)
{
	struct mh_message message;

	(void)state;
	/* An identifier that runs past the end, one without, one twice. */
	assert_int_equal(parse("3b0110000000" "0104" "0001" "8000" "08040161",
			       &message), MH_ERROR_OPTION_TRUNCATED);
	assert_int_equal(parse("3b0110000000" "0104" "0001" "8000" "08000100",
			       &message), MH_ERROR_OPTION_LENGTH);
	assert_int_equal(parse("3b0210000000" "0200" "0001" "8000"
			       "08020161" "08020161" "01020000", &message),
			 MH_ERROR_OPTION_REPEATED);
}

/* Both ways of what is built. */
static void test_build(void **state)
{
	struct mh_message message = { .type = MH_BINDING_REVOCATION }, parsed;
	struct mh_revocation *revocation = &message.revocation;
	uint8_t data[MH_MAX_LEN], expected[MH_MAX_LEN];
	size_t len;

	(void)state;
	revocation->kind = MH_BR_INDICATION;
	revocation->trigger = MH_BR_HANDOVER_UNKNOWN;
	revocation->sequence = 0x0a0b;
	revocation->flags = MH_BR_PROXY;
	revocation->options.has_mn_id = true;
	revocation->options.mn_id = nai("m@x");
	revocation->options.hnp_count = 1;
	revocation->options.hnp[0] = prefix6("2001:db8:a:1::/64");
	len = from_hex(BRI, expected, sizeof(expected));
	assert_int_equal(mh_build(&message, data, sizeof(data)), len);
	assert_memory_equal(data, expected, len);
	assert_int_equal(parse_octets(data, len, &parsed), MH_OK);
	assert_memory_equal(&parsed, &message, sizeof(parsed));
	assert_int_equal(mh_build(&message, data, len - 1), 0);

	/* RFC 5846 5.1: without options, 4 octets of padding. */
	memset(&message, 0, sizeof(message));
	message.type = MH_BINDING_REVOCATION;
	revocation->kind = MH_BR_ACK;
	revocation->status = MH_BR_TRIGGER_NOT_SUPPORTED;
	revocation->sequence = 0xfffe;
	revocation->flags = MH_BR_PROXY | MH_BR_GLOBAL | MH_BR_IPV4_ONLY;
	assert_int_equal(mh_build(&message, data, sizeof(data)), 16);
	assert_memory_equal(data, "\x3b\x01\x10\0\0\0\x02\x85\xff\xfe\xe0\0"
			    "\x01\x02\0\0", 16);
	assert_int_equal(parse_octets(data, 16, &parsed), MH_OK);
	assert_memory_equal(&parsed, &message, sizeof(parsed));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_indication),
		cmocka_unit_test(test_ack),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_bad_options),
		cmocka_unit_test(test_build),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
