// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/message.c
 */
#include <stdlib.h>
#include <string.h>

#include "../engine/rng.h"
#include "common/mh_text.h"
#include "common/test.h"
#include "common/tlv.h"
#include "common/vectors.h"

/* Header Len counts from the eighth octet on, in units of eight. */
#define SET_HEADER_LEN(data, len) ((data)[1] = (uint8_t)((len) / 8 - 1))

static size_t build(const struct mh_message *message, uint8_t *data)
{
	size_t len = mh_build(message, data, MH_MAX_LEN);

	assert_true(len > 0);
	assert_int_equal(len % 8, 0);
	assert_int_equal(data[1], len / 8 - 1);
	return len;
}

static void assert_round_trip(const struct mh_message *message)
{
	uint8_t data[MH_MAX_LEN];
	struct mh_message back;
	size_t len = build(message, data);

	assert_int_equal(parse_octets(data, len, &back), MH_OK);
	assert_memory_equal(&back, message, sizeof(back));
}

static void test_vectors_build(void **state)
{
	struct in6_addr mag = ip6(VECTOR_MAG), lma = ip6(VECTOR_LMA);
	uint8_t data[MH_MAX_LEN], expected[MH_MAX_LEN];
	struct vector vectors[VECTORS], *vector;
	size_t len;
	int i;

	(void)state;
	vectors_fill(vectors);
	for (i = 0; i < VECTORS; i++) {
		vector = &vectors[i];
		print_message("# %s\n", vector->name);
		len = build(&vector->message, data);
		mh_set_checksum(vector->from_mag ? &mag : &lma,
				vector->from_mag ? &lma : &mag, data, len);
		assert_int_equal(len, from_hex(vector->hex, expected,
					       sizeof(expected)));
		/* RULE: B-MSG-01 B-MSG-02 B-MSG-05 */
		assert_memory_equal(data, expected, len);
	}
}

static void test_vectors_parse(void **state)
{
	struct in6_addr mag = ip6(VECTOR_MAG), lma = ip6(VECTOR_LMA);
	struct vector vectors[VECTORS], *vector;
	uint8_t data[MH_MAX_LEN];
	struct mh_message message;
	size_t len;
	int i;

	(void)state;
	vectors_fill(vectors);
	for (i = 0; i < VECTORS; i++) {
		vector = &vectors[i];
		print_message("# %s\n", vector->name);
		len = from_hex(vector->hex, data, sizeof(data));
		assert_int_equal(parse_octets(data, len, &message), MH_OK);
		/* RULE: B-MSG-05 */
		assert_memory_equal(&message, &vector->message,
				    sizeof(message));
		assert_int_equal(mh_checksum(vector->from_mag ? &mag : &lma,
					     vector->from_mag ? &lma : &mag,
					     data, len), 0);
	}
}

/*
 * From peers that can more: what is not known of an update is skipped, and of
 * which type a message is that is not known at all is said.
 */
static void test_more_than_is_known(void **state)
{
	/* RFC 5648, 6089, 5096: identifier, flow and experimental options. */
	static const char flows[] =
		"3b0d050047c300048200004b" "0810016d6e31406578616d706c652e636f6d"
		"010400000000" "1612004020010db8000a00010000000000000000"
		"17020005" "18020004" "01001b0800006553f1008000"
		"23040001001412" "0401000000" "2d160007000a0000" "02020001"
		"030a020000a0000000501f90";
	/* RFC 5096: an experimental message. */
	static const char *const others[] = {
		"3b0c0b00217c010000154000025800000810016d6e31406578616d706c65"
		"2e636f6d01001612004020010db8000a00010000000000000000"
		"010200003312008020010db80001000000000000000000010810016d6e32"
		"406578616d706c652e636f6d010400000000",
	};
	struct in6_addr mag = ip6(VECTOR_MAG), lma = ip6(VECTOR_LMA);
	uint8_t data[MH_MAX_LEN];
	struct mh_message message;
	size_t i, len;

	(void)state;
	len = from_hex(flows, data, sizeof(data));
	assert_int_equal(mh_checksum(&mag, &lma, data, len), 0);
	/* RULE: B-MSG-10 */
	assert_int_equal(parse_octets(data, len, &message), MH_OK);
	assert_int_equal(message.bu.sequence, 4);
	assert_int_equal(message.bu.options.handoff, MH_HI_NOT_CHANGED);
	assert_prefix_equal(&message.bu.options.hnp[0], "2001:db8:a:1::/64");
	assert_true(message.bu.options.has_timestamp);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		len = from_hex(others[i], data, sizeof(data));
		/* RULE: B-LMA-12 */
		assert_int_equal(parse_octets(data, len, &message),
				 MH_ERROR_UNKNOWN_TYPE);
	}
}

static void test_fields_round_trip(void **state)
{
	struct mh_message message;
	unsigned int value;

	(void)state;
	for (value = 0; value < 0x10000; value += 0x101) {
		full_update(&message);
		message.bu.sequence = (uint16_t)value;
		message.bu.flags = (uint16_t)~value;
		message.bu.lifetime = (uint16_t)(value ^ 0x5a5a);
		assert_round_trip(&message);
		full_ack(&message);
		message.ba.status = (uint8_t)value;
		message.ba.flags = (uint8_t)~value;
		message.ba.sequence = (uint16_t)~value;
		message.ba.lifetime = (uint16_t)(value ^ 0xa5a5);
		assert_round_trip(&message);
	}
	memset(&message, 0, sizeof(message));
	message.type = MH_BINDING_ERROR;
	message.be.status = 1;
	message.be.home_address = ip6("2001:db8:a:1::17");
	assert_round_trip(&message);
}

/* Where each field is: RFC 6275 6.1.7 and 6.1.8. */
static void test_fields_are_where_they_belong(void **state)
{
	uint8_t data[MH_MAX_LEN];
	struct mh_message message;

	(void)state;
	full_update(&message);
	message.bu.lifetime = 0x1234;
	build(&message, data);
	assert_memory_equal(data + 6, "\xfe\xdc\x82\x00\x12\x34", 6);
	assert_int_equal(data[0], 59);
	assert_int_equal(data[2], 5);
	assert_int_equal(data[3], 0);
	full_ack(&message);
	message.ba.lifetime = 0x1234;
	build(&message, data);
	assert_memory_equal(data + 6, "\x9c\x20\x80\x01\x12\x34", 6);
	assert_int_equal(data[2], 6);
}

/* What arrived is shorter than it says it is. */
static void test_cut_short_at_every_length(void **state)
{
	struct mh_message message, cut;
	uint8_t data[MH_MAX_LEN];
	size_t full, len;
	int type;

	(void)state;
	for (type = 0; type < 2; type++) {
		if (type)
			full_ack(&message);
		else
			full_update(&message);
		full = build(&message, data);
		for (len = 0; len < full; len++)
			assert_int_equal(parse_octets(data, len, &cut),
					 MH_ERROR_TRUNCATED);
		assert_int_equal(parse_octets(data, full, &cut), MH_OK);
	}
}

static bool ends_an_option(const struct tlv *options, unsigned int count,
			   size_t len)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (options[i].at == len)
			return true;
	return false;
}

/* It says that it is as short as it is, but an option does not know. */
static void test_option_runs_past_the_end(void **state)
{
	uint8_t data[MH_MAX_LEN], cut[MH_MAX_LEN];
	struct tlv options[TLV_MAX];
	struct mh_message message;
	unsigned int count;
	size_t full, len;
	int type, seen = 0;

	(void)state;
	for (type = 0; type < 2; type++) {
		if (type)
			full_ack(&message);
		else
			full_update(&message);
		full = build(&message, data);
		count = tlv_walk(data, full, options);
		for (len = 8; len < full; len += 8) {
			enum mh_error error, expected = MH_OK;

			memcpy(cut, data, len);
			SET_HEADER_LEN(cut, len);
			error = parse_octets(cut, len, &message);
			if (len < 16)
				expected = MH_ERROR_HEADER_LEN;
			else if (!ends_an_option(options, count, len))
				expected = MH_ERROR_OPTION_TRUNCATED;
			assert_int_equal(error, expected);
			seen |= 1 << error;
		}
	}
	assert_true(seen & 1 << MH_ERROR_OPTION_TRUNCATED);
	assert_true(seen & 1 << MH_ERROR_HEADER_LEN);
}

/* What is behind the message is not looked at. */
static void test_trailing_octets_are_ignored(void **state)
{
	struct mh_message message, back;
	uint8_t data[MH_MAX_LEN];
	size_t len;

	(void)state;
	full_update(&message);
	len = build(&message, data);
	memset(data + len, 0xff, 16);
	assert_int_equal(parse_octets(data, len + 16, &back), MH_OK);
	assert_memory_equal(&back, &message, sizeof(back));
}

/* The order of RFC 6275 9.2: type, Payload Proto, Header Len. */
static void test_header_errors(void **state)
{
	struct mh_message message;
	uint8_t data[MH_MAX_LEN] = { 58, 0, 4 };

	(void)state;
	/* RULE: B-LMA-12 B-MAG-74 B-LMA-62 */
	assert_int_equal(mh_parse(data, 8, &message), MH_ERROR_UNKNOWN_TYPE);
	assert_int_equal(message.type, 4);
	data[2] = MH_BINDING_UPDATE;
	/* RULE: B-LMA-12 B-MAG-74 */
	assert_int_equal(mh_parse(data, 8, &message), MH_ERROR_PAYLOAD_PROTO);
	data[0] = 59;
	/* RULE: B-LMA-12 B-MAG-74 */
	assert_int_equal(mh_parse(data, 8, &message), MH_ERROR_HEADER_LEN);
	data[2] = MH_BINDING_ERROR;
	SET_HEADER_LEN(data, 16);
	assert_int_equal(mh_parse(data, 16, &message), MH_ERROR_HEADER_LEN);
	data[2] = MH_BINDING_ACK;
	assert_int_equal(mh_parse(data, 16, &message), MH_OK);
}

/* RFC 6275 6.1.1: the reserved octet is ignored. */
static void test_reserved_is_ignored(void **state)
{
	struct mh_message message, back;
	uint8_t data[MH_MAX_LEN];
	size_t len;

	(void)state;
	full_update(&message);
	len = build(&message, data);
	data[3] = 0xff;
	assert_int_equal(parse_octets(data, len, &back), MH_OK);
	assert_memory_equal(&back, &message, sizeof(back));
}

/* Those are not sent with it. */
static void clear_faults(struct mh_message *message)
{
	struct mh_options *options = &message->bu.options;
	unsigned int i;

	if (message->type == MH_BINDING_ACK)
		options = &message->ba.options;
	else if (message->type != MH_BINDING_UPDATE)
		return;
	for (i = 0; i < options->flow_count; i++)
		options->flow[i].fault = 0;
}

static void mutate_all(const struct mh_message *message, unsigned int *parsed,
		       unsigned int *refused)
{
	struct mh_message once, twice;
	uint8_t data[MH_MAX_LEN];
	size_t len = build(message, data), at;
	unsigned int flip;

	for (at = 0; at < len; at++) {
		for (flip = 1; flip < 256; flip++) {
			uint8_t again[MH_MAX_LEN];

			data[at] ^= (uint8_t)flip;
			if (parse_octets(data, len, &once) == MH_OK) {
				size_t built;

				clear_faults(&once);
				built = build(&once, again);

				assert_int_equal(parse_octets(again, built,
							      &twice), MH_OK);
				assert_memory_equal(&once, &twice,
						    sizeof(once));
				(*parsed)++;
			} else {
				(*refused)++;
			}
			data[at] ^= (uint8_t)flip;
		}
	}
}

/*
 * Whatever single octet is different, it is an error or it is a message that
 * comes back the same.
 */
static void test_every_mutation(void **state)
{
	unsigned int parsed = 0, refused = 0;
	struct mh_message message;

	(void)state;
	full_update(&message);
	mutate_all(&message, &parsed, &refused);
	full_ack(&message);
	mutate_all(&message, &parsed, &refused);
	assert_true(parsed > 10000);
	assert_true(refused > 1000);
}

static void test_build_is_bounded(void **state)
{
	struct mh_message message;
	uint8_t data[MH_MAX_LEN], *small;
	size_t len, size;

	(void)state;
	full_update(&message);
	len = build(&message, data);
	for (size = 0; size < len; size++) {
		small = exact_copy(data, size);
		assert_int_equal(mh_build(&message, small, size), 0);
		free(small);
	}
	assert_int_equal(mh_build(&message, data, len), len);
	message.type = 4;
	assert_int_equal(mh_build(&message, data, sizeof(data)), 0);
}

/* Every field, each a range. */
static void fill_flow(struct mh_flow *flow)
{
	struct selector *selector = &flow->selector;
	unsigned int field;

	flow->has_bid = true;
	flow->has_extras = true;
	flow->operation = MH_FLOW_ADD;
	flow->format = MH_SELECTOR_IPV6;
	selector->fields = (1u << SELECTOR_FIELDS) - 1;
	for (field = 0; field < SELECTOR_ADDRESSES; field++)
		selector->address[field][1].s6_addr[15] = 1;
	for (; field < SELECTOR_FIELDS; field++)
		selector->number[field][1] = 1;
}

/* The most that is accepted fits into the most that is sent. */
static void test_largest_fits(void **state)
{
	struct mh_message message;
	unsigned int i;

	(void)state;
	full_update(&message);
	message.bu.options.mn_id.len = MH_MN_ID_MAX;
	memset(message.bu.options.mn_id.data, 'x', MH_MN_ID_MAX);
	message.bu.options.ll_id.len = MH_LL_ID_MAX;
	message.bu.options.hnp_count = MH_MAX_HNP;
	for (i = 0; i < MH_MAX_HNP; i++) {
		message.bu.options.hnp[i] = prefix6("2001:db8:d::/64");
		message.bu.options.hnp[i].addr.s6_addr[7] = (uint8_t)i;
	}
	message.bu.options.has_multihoming = true;
	message.bu.options.has_bid = true;
	message.bu.options.has_alt_coa = true;
	message.bu.options.group_count = MH_MAX_GROUPS;
	message.bu.options.flow_count = MH_MAX_FLOWS;
	for (i = 0; i < MH_MAX_FLOWS; i++)
		fill_flow(&message.bu.options.flow[i]);
	assert_round_trip(&message);
}

/* A sum of its own: octet by octet, with the carry folded in at once. */
static uint16_t naive_checksum(const struct in6_addr *src,
			       const struct in6_addr *dst, const uint8_t *data,
			       size_t len)
{
	uint8_t all[40 + MH_MAX_LEN];
	uint32_t sum = 0;
	size_t i;

	memset(all, 0, sizeof(all));
	memcpy(all, src, 16);
	memcpy(all + 16, dst, 16);
	all[34] = (uint8_t)(len >> 8);
	all[35] = (uint8_t)len;
	all[39] = 135;
	memcpy(all + 40, data, len);
	for (i = 0; i < 40 + len; i += 2) {
		sum += (uint32_t)(all[i] << 8 | all[i + 1]);
		if (sum > 0xffff)
			sum -= 0xffff;
	}
	return (uint16_t)~sum;
}

static void test_checksum(void **state)
{
	struct in6_addr src = ip6("2001:db8:ffff:1:2:3:4:5");
	struct in6_addr dst = ip6("fe80::ffff:ffff:ffff:ffff"), other;
	uint8_t data[MH_MAX_LEN];
	struct mh_message message;
	size_t len, at;

	(void)state;
	full_update(&message);
	len = build(&message, data);
	assert_int_equal(mh_checksum(&src, &dst, data, len),
			 naive_checksum(&src, &dst, data, len));
	mh_set_checksum(&src, &dst, data, len);
	assert_int_equal(mh_checksum(&src, &dst, data, len), 0);
	for (at = 0; at < len; at++) {
		data[at] ^= 0x40;
		assert_int_not_equal(mh_checksum(&src, &dst, data, len), 0);
		data[at] ^= 0x40;
	}
	/* The pseudo header counts: addresses and length. */
	for (at = 0; at < 16; at++) {
		other = src;
		other.s6_addr[at] ^= 1;
		assert_int_not_equal(mh_checksum(&other, &dst, data, len), 0);
		other = dst;
		other.s6_addr[at] ^= 1;
		assert_int_not_equal(mh_checksum(&src, &other, data, len), 0);
	}
	memset(data + len, 0, 8);
	assert_int_not_equal(mh_checksum(&src, &dst, data, len + 8), 0);
}

/* Of octets that end, and begin, anywhere. */
static void test_checksum_of_any_length(void **state)
{
	struct in6_addr src = ip6("2001:db8::1"), dst = ip6("ffff::fffe");
	struct rng rng = { .state = 1 };
	uint8_t data[8 + 300];
	size_t len, at;

	(void)state;
	for (at = 0; at < sizeof(data); at++)
		data[at] = at % 3 ? (uint8_t)rng_next(&rng) : 0xff;
	for (len = 0; len <= 300; len++) {
		at = len % 8;
		assert_int_equal(mh_checksum(&src, &dst, data + at, len),
				 naive_checksum(&src, &dst, data + at, len));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors_build),
		cmocka_unit_test(test_vectors_parse),
		cmocka_unit_test(test_more_than_is_known),
		cmocka_unit_test(test_fields_round_trip),
		cmocka_unit_test(test_fields_are_where_they_belong),
		cmocka_unit_test(test_cut_short_at_every_length),
		cmocka_unit_test(test_option_runs_past_the_end),
		cmocka_unit_test(test_trailing_octets_are_ignored),
		cmocka_unit_test(test_header_errors),
		cmocka_unit_test(test_reserved_is_ignored),
		cmocka_unit_test(test_every_mutation),
		cmocka_unit_test(test_build_is_bounded),
		cmocka_unit_test(test_largest_fits),
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_checksum_of_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
