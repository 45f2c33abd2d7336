// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/options.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/rng.h"
#include "../mh/options.h"
#include "common/test.h"
#include "common/tlv.h"
#include "common/vectors.h"

static enum mh_error parse(const uint8_t *data, size_t len,
			   struct mh_options *options)
{
	uint8_t *copy = exact_copy(data, len);
	struct cursor cursor = cursor_on(copy, len);
	enum mh_error error;

	memset(options, 0, sizeof(*options));
	error = mh_parse_options(&cursor, options);
	free(copy);
	return error;
}

static enum mh_error parse_hex(const char *hex, struct mh_options *options)
{
	uint8_t data[MH_MAX_LEN];
	size_t len = from_hex(hex, data, sizeof(data));

	return parse(data, len, options);
}

static enum mh_error try_hex(const char *hex)
{
	struct mh_options options;

	return parse_hex(hex, &options);
}

static void test_each_option(void **state)
{
	struct mh_options options;

	(void)state;
	assert_int_equal(parse_hex("0804 02 616263", &options), MH_OK);
	assert_true(options.has_mn_id);
	assert_int_equal(options.mn_id.subtype, 2);
	assert_int_equal(options.mn_id.len, 3);
	assert_memory_equal(options.mn_id.data, "abc", 3);

	/* RULE: B-MSG-03 */
	assert_int_equal(parse_hex("1612 ff40 20010db8000a0001"
				   "0000000000000000", &options), MH_OK);
	assert_int_equal(options.hnp_count, 1);
	/* RULE: B-MSG-03 */
	assert_prefix_equal(&options.hnp[0], "2001:db8:a:1::/64");
	/* RFC 7864 4.1: the first bit, and only that one. */
	assert_true(options.hnp[0].off_link);
	assert_int_equal(parse_hex("1612 7f40 20010db8000a0001"
				   "0000000000000000", &options), MH_OK);
	assert_false(options.hnp[0].off_link);

	/* RULE: B-MSG-11 */
	assert_int_equal(parse_hex("1702 ff03", &options), MH_OK);
	assert_true(options.has_handoff);
	/* RULE: B-MSG-11 */
	assert_int_equal(options.handoff, 3);

	assert_int_equal(parse_hex("1802 ff0d", &options), MH_OK);
	assert_true(options.has_att);
	/* RULE: B-MSG-11 */
	assert_int_equal(options.att, 13);

	assert_int_equal(parse_hex("1908 ffff 0200000000ab", &options), MH_OK);
	assert_true(options.has_ll_id);
	assert_int_equal(options.ll_id.len, 6);
	/* RULE: B-MSG-11 */
	assert_memory_equal(options.ll_id.data, "\2\0\0\0\0\xab", 6);

	/* RULE: B-MSG-04 */
	assert_int_equal(parse_hex("1a10 fe800000000000000200 5efffe005213",
				   &options), MH_OK);
	assert_true(options.has_link_local);
	/* RULE: B-MSG-04 */
	assert_ip6_equal(&options.link_local, "fe80::200:5eff:fe00:5213");

	assert_int_equal(parse_hex("1b08 0102030405060708", &options), MH_OK);
	assert_true(options.has_timestamp);
	/* RULE: B-MSG-05 */
	assert_true(options.timestamp == 0x0102030405060708);

	assert_int_equal(parse_hex("0310 20010db8000300010000000000000001",
				   &options), MH_OK);
	assert_true(options.has_alt_coa);
	assert_ip6_equal(&options.alt_coa, "2001:db8:3:1::1");
}

/* RFC 6602 4.3: of subtype 1; the octet after it is reserved. */
static void test_groups(void **state)
{
	struct mh_options options;

	(void)state;
	/* RULE: BULK-10 BULK-11 */
	assert_int_equal(parse_hex("3206 01ff 80000101", &options), MH_OK);
	assert_int_equal(options.group_count, 1);
	assert_true(options.group[0] == 0x80000101);

	/* RULE: BULK-53 */
	assert_int_equal(parse_hex("3206 0000 00000101 3206 0200 00000102"
				   "3206 ff00 00000103", &options), MH_OK);
	assert_int_equal(options.group_count, 0);

	assert_int_equal(parse_hex("3206 0100 00000007 3206 0100 00000009"
				   "3206 0100 00000007", &options), MH_OK);
	assert_int_equal(options.group_count, 3);
	assert_int_equal(options.group[1], 9);
	assert_int_equal(options.group[2], 7);
}

/* RFC 5845, RFC 5844: that they are there is all that is read of them. */
static void test_of_a_session(void **state)
{
	struct mh_options options;

	(void)state;
	/* RULE: BULK-07 BULK-50 */
	assert_int_equal(parse_hex("2106 0000 00000007", &options), MH_OK);
	assert_true(options.has_gre_key);
	assert_true(mh_names_session(&options));
	/* RULE: BULK-07 BULK-50 */
	assert_int_equal(parse_hex("2406 8000 c0000201", &options), MH_OK);
	assert_true(options.has_ipv4_request);
	assert_true(mh_names_session(&options));
	assert_int_equal(parse_hex("3206 0100 00000007", &options), MH_OK);
	assert_false(mh_names_session(&options));
}

/* What the draft before RFC 6602 has for all sessions. */
static void test_all_sessions(void **state)
{
	struct mh_options options;

	(void)state;
	assert_int_equal(parse_hex("3200", &options), MH_OK);
	assert_int_equal(options.group_count, 1);
	assert_int_equal(options.group[0], MH_GROUP_ALL_SESSIONS);
}

static void test_groups_are_counted(void **state)
{
	uint8_t data[8 * (MH_MAX_GROUPS + 1)] = { 0 };
	struct mh_options options;
	size_t i;

	(void)state;
	for (i = 0; i <= MH_MAX_GROUPS; i++) {
		data[8 * i] = MH_OPT_MN_GROUP_ID;
		data[8 * i + 1] = 6;
		data[8 * i + 2] = MH_MN_GROUP_BULK;
		data[8 * i + 7] = (uint8_t)(i + 1);
	}
	for (i = 0; i <= MH_MAX_GROUPS; i++) {
		assert_int_equal(parse(data, 8 * i, &options), MH_OK);
		assert_int_equal(options.group_count, i);
		if (i)
			assert_int_equal(options.group[i - 1], i);
	}
	assert_int_equal(parse(data, sizeof(data), &options),
			 MH_ERROR_TOO_MANY_GROUPS);
}

static void test_nothing_is_no_option(void **state)
{
	struct mh_options options, none = { 0 };

	(void)state;
	assert_int_equal(parse_hex("", &options), MH_OK);
	assert_memory_equal(&options, &none, sizeof(none));
}

/* RFC 6275 6.2.2, 6.2.3; what is in PadN is ignored. */
static void test_padding_is_passed_over(void **state)
{
	struct mh_options options;

	(void)state;
	assert_int_equal(parse_hex("00 00 0100 0103ffffff 1702 0004 00",
				   &options), MH_OK);
	assert_int_equal(options.handoff, 4);
	assert_int_equal(try_hex("0102ff"), MH_ERROR_OPTION_TRUNCATED);
	assert_int_equal(try_hex("01"), MH_ERROR_OPTION_TRUNCATED);
}

/* RFC 6275 6.2.1: what is not understood is skipped, however often. */
static void test_unknown_is_skipped(void **state)
{
	struct mh_options options;
	char hex[64];
	int type;

	(void)state;
	for (type = 2; type < 256; type++) {
		if (type == MH_OPT_MN_ID || type == MH_OPT_ALT_COA ||
		    (type >= MH_OPT_HNP && type <= MH_OPT_TIMESTAMP) ||
		    type == MH_OPT_MN_GROUP_ID || type == MH_OPT_BINDING_ID ||
		    type == MH_OPT_FLOW_IDENTIFICATION)
			continue;
		snprintf(hex, sizeof(hex), "%02x00 %02x03010203 1802 0004 %02x00",
			 type, type, type);
		/* RULE: B-MSG-10 B-LMA-16 */
		assert_int_equal(parse_hex(hex, &options), MH_OK);
		assert_int_equal(options.att, 4);
	}
	assert_int_equal(try_hex("6404 010203"), MH_ERROR_OPTION_TRUNCATED);
}

/* RFC 5213 8.1: in any order. */
static void test_any_order(void **state)
{
	struct mh_options options;

	(void)state;
	/* RULE: B-MSG-09 */
	assert_int_equal(parse_hex("1b08 0000000000000001 1802 0001 1702 0002"
				   "0803 01 6162", &options), MH_OK);
	assert_true(options.has_timestamp && options.has_att &&
		    options.has_handoff && options.has_mn_id);
}

/* RFC 5213 8.1: one instance of each, but for prefixes. */
static void test_repeated_is_refused(void **state)
{
	static const char *const once[] = {
		"0803016162", "17020001", "18020001", "19080000020000000001",
		"1a10fe800000000000000000000000000001",
		"1b080000000000000001",
		"031020010db8000000000000000000000001",
		"120401000020",
	};
	char twice[128];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(once); i++) {
		assert_int_equal(try_hex(once[i]), MH_OK);
		snprintf(twice, sizeof(twice), "%s00%s", once[i], once[i]);
		/* RULE: B-MSG-09 */
		assert_int_equal(try_hex(twice), MH_ERROR_OPTION_REPEATED);
	}
}

static void test_prefixes_are_counted(void **state)
{
	uint8_t data[20 * (MH_MAX_HNP + 1)];
	struct mh_options options;
	size_t i;

	(void)state;
	memset(data, 0, sizeof(data));
	for (i = 0; i <= MH_MAX_HNP; i++) {
		data[20 * i] = MH_OPT_HNP;
		data[20 * i + 1] = 18;
		data[20 * i + 3] = (uint8_t)(i + 1);
		data[20 * i + 4] = 0x20;
	}
	for (i = 0; i <= MH_MAX_HNP; i++) {
		assert_int_equal(parse(data, 20 * i, &options), MH_OK);
		/* RULE: B-MSG-09 */
		assert_int_equal(options.hnp_count, i);
		if (i)
			assert_int_equal(options.hnp[i - 1].len, i);
	}
	assert_int_equal(parse(data, sizeof(data), &options),
			 MH_ERROR_TOO_MANY_PREFIXES);
}

static void test_prefix_length(void **state)
{
	char hex[64];
	int len;

	(void)state;
	for (len = 0; len < 256; len++) {
		snprintf(hex, sizeof(hex), "1612 00%02x 20010db8000a0001"
			 "0000000000000000", len);
		assert_int_equal(try_hex(hex), len <= 128 ? MH_OK :
				 MH_ERROR_OPTION_LENGTH);
	}
}

static bool length_fits(int type, int len)
{
	switch (type) {
	case MH_OPT_MN_ID:
		return len >= 1;
	case MH_OPT_HNP:
		return len == 18;
	case MH_OPT_HANDOFF_INDICATOR:
	case MH_OPT_ACCESS_TECH_TYPE:
		return len == 2;
	case MH_OPT_MN_LL_ID:
		return len >= 2 && len <= 2 + MH_LL_ID_MAX;
	case MH_OPT_LINK_LOCAL_ADDRESS:
	case MH_OPT_ALT_COA:
		return len == 16;
	case MH_OPT_TIMESTAMP:
		return len == 8;
	case MH_OPT_MN_GROUP_ID:
		return !len || len == 6;
	case MH_OPT_FLOW_IDENTIFICATION:
		return len >= 6;
	case MH_OPT_BINDING_ID:
		return len == 4 || len == 8 || len == 20;
	default:
		return true;
	}
}

/* Every type with every length, complete and one octet short. */
static void test_every_length(void **state)
{
	struct mh_options options;
	uint8_t data[2 + 255];
	int type, len;

	(void)state;
	for (type = 1; type < 256; type++) {
		for (len = 0; len < 256; len++) {
			memset(data, 0, sizeof(data));
			data[0] = (uint8_t)type;
			data[1] = (uint8_t)len;
			/* RULE: B-MSG-03 B-MSG-04 B-MSG-05 B-MSG-11 */
			assert_int_equal(parse(data, 2 + (size_t)len, &options),
					 length_fits(type, len) ? MH_OK :
					 MH_ERROR_OPTION_LENGTH);
			if (len)
				assert_int_equal(parse(data, 1 + (size_t)len,
						       &options),
						 MH_ERROR_OPTION_TRUNCATED);
		}
	}
}

static void random_options(struct rng *rng, struct mh_options *options)
{
	uint64_t bits = rng_next(rng);
	unsigned int i;

	memset(options, 0, sizeof(*options));
	options->has_mn_id = bits & 1;
	options->has_handoff = bits & 2;
	options->has_att = bits & 4;
	options->has_ll_id = bits & 8;
	options->has_link_local = bits & 16;
	options->has_timestamp = bits & 32;
	options->has_alt_coa = bits & 64;
	options->has_multihoming = bits & 128;
	options->has_bid = bits & 256;
	if (options->has_mn_id) {
		options->mn_id.subtype = (uint8_t)rng_between(rng, 0, 255);
		options->mn_id.len = (uint8_t)rng_between(rng, 0, MH_MN_ID_MAX);
		for (i = 0; i < options->mn_id.len; i++)
			options->mn_id.data[i] = (uint8_t)rng_next(rng);
	}
	options->hnp_count = (uint8_t)rng_between(rng, 0, MH_MAX_HNP);
	for (i = 0; i < options->hnp_count; i++) {
		options->hnp[i].len = (uint8_t)rng_between(rng, 0, 128);
		options->hnp[i].addr.s6_addr[rng_between(rng, 0, 15)] =
			(uint8_t)rng_next(rng);
		options->hnp[i].off_link = rng_next(rng) & 1;
	}
	if (options->has_handoff)
		options->handoff = (uint8_t)rng_next(rng);
	if (options->has_att)
		options->att = (uint8_t)rng_next(rng);
	if (options->has_ll_id) {
		options->ll_id.len = (uint8_t)rng_between(rng, 0, MH_LL_ID_MAX);
		for (i = 0; i < options->ll_id.len; i++)
			options->ll_id.data[i] = (uint8_t)rng_next(rng);
	}
	if (options->has_link_local)
		options->link_local.s6_addr[15] = (uint8_t)rng_next(rng);
	if (options->has_timestamp)
		options->timestamp = rng_next(rng);
	if (options->has_alt_coa)
		options->alt_coa.s6_addr[15] = (uint8_t)rng_next(rng);
	options->group_count = (uint8_t)rng_between(rng, 0, MH_MAX_GROUPS);
	for (i = 0; i < options->group_count; i++)
		options->group[i] = (uint32_t)rng_next(rng);
	if (options->has_multihoming) {
		options->multihoming.group = (uint8_t)rng_next(rng);
		options->multihoming.act = (uint8_t)rng_between(rng, 0, 7);
	}
	if (options->has_bid) {
		options->bid.id = (uint16_t)rng_next(rng);
		options->bid.status = (uint8_t)rng_next(rng);
		options->bid.priority = (uint8_t)rng_between(rng, 0, 127);
	}
}

/* RFC 5213 8.3, 8.7, 8.8: "xn+y", from the first octet of the message. */
static void assert_aligned(const uint8_t *data, const struct tlv *tlv)
{
	unsigned int i;

	switch (tlv->type) {
	case MH_OPT_PAD1:
		break;
	case MH_OPT_PADN:
		assert_true(tlv->len >= 2 && tlv->len < 8);
		for (i = 2; i < tlv->len; i++)
			assert_int_equal(data[tlv->at + i], 0);
		break;
	case MH_OPT_HNP:
		/* RULE: B-MSG-03 */
		assert_int_equal(tlv->at % 8, 4);
		break;
	case MH_OPT_LINK_LOCAL_ADDRESS:
	case MH_OPT_ALT_COA:
		/* RULE: B-MSG-04 */
		assert_int_equal(tlv->at % 8, 6);
		break;
	case MH_OPT_MN_LL_ID:
		for (i = 2; i <= 8; i *= 2)
			/* RULE: B-MSG-11 */
			assert_true((tlv->len - 4) % i ||
				    !((tlv->at + 4) % i));
		break;
	case MH_OPT_TIMESTAMP:
		/* RULE: B-MSG-05 */
		assert_int_equal(tlv->at % 8, 2);
		break;
	case MH_OPT_MN_GROUP_ID:
		assert_int_equal(tlv->at % 4, 0);
		break;
	case MH_OPT_BINDING_ID:
		assert_int_equal(tlv->at % 2, 0);
		break;
	default:
		break;
	}
}

static bool is_padding(const struct tlv *tlv)
{
	return tlv->type == MH_OPT_PAD1 || tlv->type == MH_OPT_PADN;
}

/* Any options come back as they were, and stand where they should. */
static void test_random_options(void **state)
{
	struct mh_message message = { .type = MH_BINDING_UPDATE }, back;
	struct rng rng = { .state = 5213 };
	struct tlv found[TLV_MAX];
	uint8_t data[MH_MAX_LEN];
	unsigned int i, count;
	size_t len;
	int round;

	(void)state;
	for (round = 0; round < 3000; round++) {
		random_options(&rng, &message.bu.options);
		len = mh_build(&message, data, sizeof(data));
		assert_true(len > 0);
		assert_int_equal(len % 8, 0);
		count = tlv_walk(data, len, found);
		for (i = 0; i < count; i++) {
			assert_aligned(data, &found[i]);
			if (i)
				assert_false(is_padding(&found[i]) &&
					     is_padding(&found[i - 1]));
		}
		memset(&back, 0, sizeof(back));
		assert_int_equal(mh_parse(data, len, &back), MH_OK);
		assert_memory_equal(&back, &message, sizeof(back));
	}
}

/* Every place, every alignment: the fewest octets that get there. */
static void test_padding(void **state)
{
	uint8_t data[64];
	size_t before, n, y;

	(void)state;
	for (before = 0; before < 17; before++) {
		for (n = 1; n <= 8; n *= 2) {
			for (y = 0; y < n; y++) {
				struct builder builder =
					builder_on(data, sizeof(data));

				builder_zeros(&builder, before);
				memset(data + before, 0xee, 16);
				mh_build_padding(&builder, n, y);
				assert_int_equal(builder.len % n, y);
				assert_true(builder.len < before + n);
				if (builder.len == before + 1)
					assert_int_equal(data[before], 0);
				if (builder.len > before + 1) {
					assert_int_equal(data[before], 1);
					assert_int_equal(data[before + 1],
							 builder.len - before -
							 2);
				}
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_option),
		cmocka_unit_test(test_nothing_is_no_option),
		cmocka_unit_test(test_padding_is_passed_over),
		cmocka_unit_test(test_unknown_is_skipped),
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_repeated_is_refused),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_of_a_session),
		cmocka_unit_test(test_all_sessions),
		cmocka_unit_test(test_groups_are_counted),
		cmocka_unit_test(test_prefixes_are_counted),
		cmocka_unit_test(test_prefix_length),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_random_options),
		cmocka_unit_test(test_padding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
