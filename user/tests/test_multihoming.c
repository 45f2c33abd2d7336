// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/multihoming.c
 */
#include <string.h>

#include "../mh/multihoming.h"
#include "common/mh_text.h"
#include "common/test.h"

/* A PBU with these options, of 12 octets together. */
#define WITH(options) "3b02 05 00 0000 0001 8200 004b" options

static void assert_multihoming(const char *hex, unsigned int group,
			       unsigned int act)
{
	struct mh_message message;

	assert_int_equal(parse(hex, &message), MH_OK);
	assert_true(message.bu.options.has_multihoming);
	assert_int_equal(message.bu.options.multihoming.group, group);
	assert_int_equal(message.bu.options.multihoming.act, act);
}

static void assert_passed_over(const char *hex)
{
	struct mh_message message;

	assert_int_equal(parse(hex, &message), MH_OK);
	assert_false(message.bu.options.has_multihoming);
	assert_int_equal(message.bu.options.att, 4);
}

/* All that an octet has to the right of the action is reserved. */
static void test_fields(void **state)
{
	(void)state;
	/* RULE: MH-11 */
	assert_multihoming(WITH("1204 01 00 00 00 0104 00000000"),
			   0, MH_ACT_NONE);
	/* RULE: MH-11 */
	assert_multihoming(WITH("1204 01 00 00 20 0104 00000000"),
			   0, MH_ACT_REMOVE);
	/* RULE: MH-11 */
	assert_multihoming(WITH("1204 01 00 00 40 0104 00000000"),
			   0, MH_ACT_KEEP);
	/* RULE: MH-11 */
	assert_multihoming(WITH("1204 01 00 07 5f 0104 00000000"),
			   7, MH_ACT_KEEP);
	assert_multihoming(WITH("1204 01 00 ff ff 0104 00000000"), 255, 7);
}

/* RFC 5096: the option is everybody's. */
static void test_other_experiments(void **state)
{
	(void)state;
	assert_passed_over(WITH("1204 02 00 00 20 1802 0004 0100"));
	assert_passed_over(WITH("1204 01 01 00 20 1802 0004 0100"));
	assert_passed_over(WITH("1203 01 00 00 1802 0004 0101 00"));
	assert_passed_over(WITH("1205 01 00 00 20 00 1802 0004 00"));
	assert_passed_over(WITH("1200 1802 0004 0104 00000000"));
	/* One of somebody else does not count against there being one. */
	assert_multihoming(WITH("1204 02 00 00 20 1204 01 00 00 40"),
			   0, MH_ACT_KEEP);
}

static void test_only_one(void **state)
{
	struct mh_message message;

	(void)state;
	assert_int_equal(parse(WITH("1204 01 00 00 20 1204 01 00 00 20"),
			       &message), MH_ERROR_OPTION_REPEATED);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(mh_multihoming_act_name(MH_ACT_NONE), "none");
	assert_string_equal(mh_multihoming_act_name(MH_ACT_REMOVE), "remove");
	assert_string_equal(mh_multihoming_act_name(MH_ACT_KEEP), "keep");
	assert_string_equal(mh_multihoming_act_name(3), "unknown");
}

static void assert_bid(const char *hex, unsigned int id, unsigned int priority)
{
	struct mh_message message;

	assert_int_equal(parse(hex, &message), MH_OK);
	assert_true(message.bu.options.has_bid);
	assert_int_equal(message.bu.options.bid.id, id);
	assert_int_equal(message.bu.options.bid.priority, priority);
}

/* The bit left of the priority is for a mobile node that is at home. */
static void test_binding_id(void **state)
{
	(void)state;
	assert_bid(WITH("2304 0001 00 14 0104 00000000"), 1, 20);
	assert_bid(WITH("2304 8001 05 ff 0104 00000000"), 0x8001, 127);
	assert_bid(WITH("2308 0102 00 03 c0000201 0100"), 0x102, 3);
}

/* The one of the gateway's own care-of address is the first. */
static void test_first_binding_id(void **state)
{
	(void)state;
	assert_bid(WITH("2304 0001 00 14 2304 0002 00 28"), 1, 20);
}

static void test_build(void **state)
{
	struct mh_message message = { .type = MH_BINDING_UPDATE };
	struct mh_options *options = &message.bu.options;
	uint8_t data[MH_MAX_LEN];

	(void)state;
	options->has_multihoming = true;
	options->multihoming.act = MH_ACT_KEEP;
	options->has_bid = true;
	options->bid = (struct mh_binding_id){ .id = 7, .priority = 20 };
	assert_int_equal(mh_build(&message, data, sizeof(data)), 24);
	/* RULE: MH-11 */
	assert_memory_equal(data + 12, "\x12\x04\x01\x00\x00\x40", 6);
	assert_memory_equal(data + 18, "\x23\x04\x00\x07\x00\x14", 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_other_experiments),
		cmocka_unit_test(test_only_one),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_binding_id),
		cmocka_unit_test(test_first_binding_id),
		cmocka_unit_test(test_build),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
