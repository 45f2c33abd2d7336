// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/nd_message.c
 */
#include <stdlib.h>
#include <string.h>

#include <netinet/icmp6.h>

#include "../ports/nd_message.h"
#include "common/frame.h"
#include "common/test.h"

#define LINK_LOCAL "fe80::1"
#define GROUP "ff02::1:ff00:1"
#define RS_BODY "00000000"
#define NS_BODY "00000000" "fe800000000000000000000000000001"
#define NA_BODY "60000000" "fe800000000000000000000000000001"
#define UNASKED_BODY "20000000" "fe800000000000000000000000000001"
#define SOURCE_LLADDR "0101021122334455"
#define NONCE "0e01010203040506"

static const uint8_t mn[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };

/**
 * struct sample - a message, and what it is
 * @src: source
 * @dst: destination
 * @type: ICMPv6 type
 * @body: behind the checksum
 * @expected: ND_OK, or what is wrong with it
 */
struct sample {
	const char *src;
	const char *dst;
	uint8_t type;
	const char *body;
	enum nd_error expected;
};

static enum nd_error parse(const struct frame *frame, struct nd_message *message)
{
	uint8_t *data = exact_copy(frame->data, frame->len);
	enum nd_error error = nd_parse(data, frame->len, message);

	free(data);
	return error;
}

static struct frame build(const struct sample *sample)
{
	return frame_icmp6(mn, sample->src, sample->dst, sample->type,
			   sample->body);
}

static const struct sample samples[] = {
	{ "::", "ff02::2", ND_ROUTER_SOLICIT, RS_BODY, ND_OK },
	{ LINK_LOCAL, "ff02::2", ND_ROUTER_SOLICIT, RS_BODY, ND_OK },
	{ LINK_LOCAL, "ff02::2", ND_ROUTER_SOLICIT, RS_BODY SOURCE_LLADDR,
	  ND_OK },
	{ "::", "ff02::2", ND_ROUTER_SOLICIT, RS_BODY NONCE, ND_OK },
	{ "::", "ff02::2", ND_ROUTER_SOLICIT, RS_BODY SOURCE_LLADDR,
	  ND_ERROR_SOURCE },
	{ "ff02::1", "ff02::2", ND_ROUTER_SOLICIT, RS_BODY, ND_ERROR_SOURCE },
	{ LINK_LOCAL, "ff02::2", ND_ROUTER_SOLICIT, RS_BODY "0100000000000000",
	  ND_ERROR_OPTION },
	{ LINK_LOCAL, "ff02::2", ND_ROUTER_SOLICIT, RS_BODY "0102000000000000",
	  ND_ERROR_OPTION },
	{ LINK_LOCAL, "ff02::2", ND_ROUTER_SOLICIT,
	  RS_BODY SOURCE_LLADDR "0e", ND_ERROR_OPTION },

	{ LINK_LOCAL, "fe80::2", ND_NEIGHBOR_SOLICIT, NS_BODY SOURCE_LLADDR,
	  ND_OK },
	{ "::", GROUP, ND_NEIGHBOR_SOLICIT, NS_BODY, ND_OK },
	{ "::", GROUP, ND_NEIGHBOR_SOLICIT, NS_BODY NONCE, ND_OK },
	{ "::", GROUP, ND_NEIGHBOR_SOLICIT, NS_BODY SOURCE_LLADDR,
	  ND_ERROR_SOURCE },
	{ "::", LINK_LOCAL, ND_NEIGHBOR_SOLICIT, NS_BODY,
	  ND_ERROR_DESTINATION },
	{ "::", "ff02::1:ff00:2", ND_NEIGHBOR_SOLICIT, NS_BODY,
	  ND_ERROR_DESTINATION },
	{ LINK_LOCAL, "fe80::2", ND_NEIGHBOR_SOLICIT,
	  "00000000" "ff020000000000000000000000000001", ND_ERROR_TARGET },
	{ "ff02::1", "fe80::2", ND_NEIGHBOR_SOLICIT, NS_BODY,
	  ND_ERROR_SOURCE },
	{ LINK_LOCAL, "fe80::2", ND_NEIGHBOR_SOLICIT, RS_BODY,
	  ND_ERROR_LENGTH },

	{ LINK_LOCAL, "fe80::2", ND_NEIGHBOR_ADVERT, NA_BODY, ND_OK },
	{ LINK_LOCAL, "ff02::1", ND_NEIGHBOR_ADVERT, UNASKED_BODY, ND_OK },
	{ LINK_LOCAL, "ff02::1", ND_NEIGHBOR_ADVERT, NA_BODY,
	  ND_ERROR_SOLICITED },
	{ LINK_LOCAL, "ff02::1", ND_NEIGHBOR_ADVERT,
	  "20000000" "ff020000000000000000000000000001", ND_ERROR_TARGET },
	{ "::", "ff02::1", ND_NEIGHBOR_ADVERT, UNASKED_BODY, ND_ERROR_SOURCE },
	{ LINK_LOCAL, "fe80::2", ND_NEIGHBOR_ADVERT,
	  NA_BODY "0201021122334455", ND_OK },

	{ LINK_LOCAL, "ff02::1", ND_ROUTER_ADVERT, RS_BODY, ND_ERROR_NOT_ND },
	{ LINK_LOCAL, "ff02::1", ICMP6_ECHO_REQUEST, RS_BODY,
	  ND_ERROR_NOT_ND },
};

static void test_samples(void **state)
{
	struct nd_message message;
	struct frame frame;
	enum nd_error error;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		frame = build(&samples[i]);
		error = parse(&frame, &message);
		if (error != samples[i].expected)
			fail_msg("sample %zu is %s, not %s", i,
				 nd_error_name(error),
				 nd_error_name(samples[i].expected));
	}
}

static void test_values(void **state)
{
	struct in6_addr src = ip6(LINK_LOCAL), dst = ip6("fe80::2");
	struct in6_addr target = ip6("fe80::abcd");
	struct nd_message message;
	struct frame frame;

	(void)state;
	frame = frame_icmp6(mn, LINK_LOCAL, "fe80::2", ND_NEIGHBOR_SOLICIT,
			    "00000000" "fe80000000000000000000000000abcd");
	assert_int_equal(parse(&frame, &message), ND_OK);
	assert_int_equal(message.type, ND_NEIGHBOR_SOLICIT);
	assert_memory_equal(&message.src, &src, 16);
	assert_memory_equal(&message.dst, &dst, 16);
	assert_memory_equal(&message.target, &target, 16);

	frame = build(&samples[0]);
	assert_int_equal(parse(&frame, &message), ND_OK);
	assert_int_equal(message.type, ND_ROUTER_SOLICIT);
	assert_memory_equal(&message.src, &in6addr_any, 16);
	assert_memory_equal(&message.target, &in6addr_any, 16);
}

static void test_padding_is_ignored(void **state)
{
	struct frame frame = build(&samples[0]);
	struct nd_message message;

	(void)state;
	memset(frame.data + frame.len, 0xff, 20);
	frame.len += 20;
	assert_int_equal(parse(&frame, &message), ND_OK);
}

/* As the frame is cut by a wire: its lengths say what it was. */
static void test_cut_short(void **state)
{
	struct nd_message message;
	struct frame frame;
	enum nd_error expected;
	size_t i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		frame = build(&samples[i]);
		len = frame.len;
		for (frame.len = 0; frame.len < len; frame.len++) {
			expected = frame.len <= FRAME_ICMP6 ||
				   samples[i].expected == ND_ERROR_NOT_ND ?
				   ND_ERROR_NOT_ND : ND_ERROR_TRUNCATED;
			assert_int_equal(parse(&frame, &message), expected);
		}
	}
}

/* As a station might send it: shorter, and else without a fault. */
static void test_sent_short(void **state)
{
	const struct sample solicit = {
		LINK_LOCAL, "fe80::2", ND_NEIGHBOR_SOLICIT,
		NS_BODY SOURCE_LLADDR NONCE, ND_OK
	};
	struct nd_message message;
	enum nd_error expected;
	struct frame frame;
	size_t len;

	(void)state;
	for (len = 4; len <= 40; len++) {
		frame = build(&solicit);
		frame.len = FRAME_ICMP6 + len;
		frame_seal(&frame);
		if (len < 24)
			expected = ND_ERROR_LENGTH;
		else
			expected = len % 8 ? ND_ERROR_OPTION : ND_OK;
		assert_int_equal(parse(&frame, &message), expected);
	}
}

static void test_header_faults(void **state)
{
	static const struct {
		size_t offset;
		uint8_t value;
		bool seal;
		enum nd_error expected;
	} faults[] = {
		{ 12, 0x08, false, ND_ERROR_NOT_ND },
		{ 14, 0x40, false, ND_ERROR_NOT_ND },
		{ 20, 0, false, ND_ERROR_NOT_ND },
		{ 21, 254, false, ND_ERROR_HOP_LIMIT },
		{ 21, 0, false, ND_ERROR_HOP_LIMIT },
		{ 37, 0x02, false, ND_ERROR_CHECKSUM },
		{ 53, 0x03, false, ND_ERROR_CHECKSUM },
		{ 55, 1, false, ND_ERROR_CHECKSUM },
		{ 55, 1, true, ND_ERROR_CODE },
		{ 60, 1, false, ND_ERROR_CHECKSUM },
		{ 60, 1, true, ND_OK },
	};
	struct nd_message message;
	struct frame frame;
	size_t i, sample;

	(void)state;
	for (sample = 0; sample < ARRAY_SIZE(samples); sample++) {
		if (samples[sample].expected)
			continue;
		for (i = 0; i < ARRAY_SIZE(faults); i++) {
			frame = build(&samples[sample]);
			assert_int_not_equal(frame.data[faults[i].offset],
					     faults[i].value);
			frame.data[faults[i].offset] = faults[i].value;
			if (faults[i].seal)
				frame_seal(&frame);
			assert_int_equal(parse(&frame, &message),
					 faults[i].expected);
		}
	}
}

static void test_names(void **state)
{
	int error, other;

	(void)state;
	for (error = 0; error < ND_ERROR_MAX; error++)
		for (other = 0; other < error; other++)
			assert_string_not_equal(
				nd_error_name((enum nd_error)error),
				nd_error_name((enum nd_error)other));
	assert_string_equal(nd_error_name(ND_ERROR_CHECKSUM),
			    "invalid-checksum");
	assert_string_equal(nd_error_name(ND_ERROR_MAX), "unknown");
}

static bool joins(const struct frame *frame, size_t len)
{
	uint8_t *data = exact_copy(frame->data, len);
	bool joins = nd_joins_groups(data, len);

	free(data);
	return joins;
}

/* RFC 3810 5.2.12: a change is news, an answer to a query is none. */
static void test_reports(void **state)
{
	struct frame frame, spoilt;
	uint8_t record;
	size_t i;

	(void)state;
	for (record = 0; record < 8; record++) {
		frame = frame_report(mn, LINK_LOCAL, record);
		assert_int_equal(joins(&frame, frame.len),
				 record == ND_RECORD_TO_INCLUDE ||
				 record == ND_RECORD_TO_EXCLUDE);
	}
	frame = frame_report(mn, LINK_LOCAL, ND_RECORD_TO_EXCLUDE);
	assert_true(joins(&frame, frame.len));
	for (i = 0; i < frame.len; i++)
		assert_false(joins(&frame, i));
	/* Any other octet, but for traffic class, flow label and Router Alert. */
	for (i = 12; i < frame.len; i++) {
		if ((i > 14 && i < 18) || (i > 55 && i < 62))
			continue;
		spoilt = frame;
		spoilt.data[i] ^= 0x55;
		assert_false(joins(&spoilt, spoilt.len));
	}
	frame = frame_udp(mn);
	assert_false(joins(&frame, frame.len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_padding_is_ignored),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_sent_short),
		cmocka_unit_test(test_header_faults),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
