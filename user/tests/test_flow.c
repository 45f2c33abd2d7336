// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/flow.c, user/mh/selector_binary.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/rng.h"
#include "../mh/options.h"
#include "common/mh_text.h"
#include "common/test.h"
#include "common/tlv.h"

/* An option by what it holds. */
static void parse_flow(const char *hex, struct mh_flow *flow)
{
	uint8_t data[MH_MAX_LEN], *copy;
	size_t len = from_hex(hex, data, sizeof(data));
	struct cursor cursor;

	copy = exact_copy(data, len);
	cursor = cursor_on(copy, len);
	memset(flow, 0, sizeof(*flow));
	assert_true(mh_flow_parse(&cursor, flow));
	free(copy);
}

static void assert_fault(const char *hex, uint8_t fault)
{
	static const struct selector none;
	struct mh_flow flow;

	parse_flow(hex, &flow);
	assert_int_equal(flow.fault, fault);
	/* Which one it is, and nothing else. */
	assert_int_equal(flow.fid, 7);
	assert_int_equal(flow.priority, 10);
	assert_false(flow.has_bid);
	assert_false(flow.has_extras);
	assert_int_equal(flow.operation, 0);
	assert_int_equal(flow.format, 0);
	assert_memory_equal(&flow.selector, &none, sizeof(none));
}

static void parse_selector(const char *text, struct selector *selector)
{
	char words[SELECTOR_TEXT_MAX], *key, *value, *rest;

	memset(selector, 0, sizeof(*selector));
	assert_true(strlen(text) < sizeof(words));
	strcpy(words, strcmp(text, "any") ? text : "");
	for (key = strtok_r(words, " ", &rest); key;
	     key = strtok_r(NULL, " ", &rest)) {
		value = strtok_r(NULL, " ", &rest);
		assert_non_null(value);
		assert_null(selector_parse_pair(key, value, selector));
	}
}

static void assert_selects(const struct mh_flow *flow, const char *expected)
{
	char text[SELECTOR_TEXT_MAX];

	assert_int_equal(flow->fault, 0);
	assert_int_equal(flow->format, MH_SELECTOR_IPV6);
	selector_print(&flow->selector, text, sizeof(text));
	assert_string_equal(text, expected);
}

/* Both as it is read and as it is written, at a multiple of 8. */
static void assert_golden(const char *hex, const char *selector)
{
	struct mh_flow flow = { .fid = 7, .priority = 10,
				.format = MH_SELECTOR_IPV6 }, read;
	uint8_t expected[MH_MAX_LEN], data[MH_MAX_LEN];
	struct builder builder = builder_on(data, sizeof(data));
	size_t len = from_hex(hex, expected, sizeof(expected));

	parse_selector(selector, &flow.selector);
	mh_flow_build(&builder, &flow);
	assert_false(builder.failed);
	assert_int_equal(builder.len, len);
	assert_memory_equal(data, expected, len);
	parse_flow(hex + strlen("2d 00 "), &read);
	assert_memory_equal(&read, &flow, sizeof(flow));
	assert_selects(&read, selector);
}

/* RFC 6089 4.2, RFC 6088 3.2: in the order of the figures. */
static void test_golden(void **state)
{
	(void)state;
	/* RULE: MH-37 */
	assert_golden("2d 0e 0007 000a 00 00 0306 02 00 00000000", "any");
	/* RULE: MH-37 */
	assert_golden("2d 0f 0007 000a 00 00 0307 02 00 00020000 11",
		      "proto udp");
	/* RULE: MH-37 */
	assert_golden("2d 12 0007 000a 00 00 030a 02 00 00a00000 0050 1f90",
		      "sport 80 dport 8080");
	/* RULE: MH-37 */
	assert_golden("2d 33 0007 000a 00 00 032b 02 00 c0320000"
		      "20010db8000000000000000000000000"
		      "20010db8ffffffffffffffffffffffff 13c4 13c6 11",
		      "proto udp dport 5060-5062 from 2001:db8::/32");
	/* RULE: MH-37 */
	assert_golden("2d 2b 0007 000a 00 00 0323 02 00 2e080000"
		      "20010db8000000000000000000000001"
		      "00000100 000001ff 00012345 b8",
		      "to 2001:db8::1 dscp 46 flow-label 74565 spi 256-511");
}

/* RFC 6088 3.1 */
static void test_ipv4(void **state)
{
	static const char hex[] = "2d 19 0007 000a 00 00 0311 01 00 c0880000"
				  "c0000200 c00002ff 13c4 11";
	uint8_t expected[64], data[64];
	struct builder builder = builder_on(data, sizeof(data));
	size_t len = from_hex(hex, expected, sizeof(expected));
	struct mh_flow flow;

	(void)state;
	parse_flow(hex + strlen("2d 00 "), &flow);
	assert_int_equal(flow.fault, 0);
	assert_int_equal(flow.format, MH_SELECTOR_IPV4);
	assert_int_equal(flow.selector.fields,
			 1u << SELECTOR_SOURCE |
			 1u << SELECTOR_DESTINATION_PORT |
			 1u << SELECTOR_PROTOCOL);
	assert_ip6_equal(&flow.selector.address[SELECTOR_SOURCE][0],
			 "::ffff:192.0.2.0");
	assert_ip6_equal(&flow.selector.address[SELECTOR_SOURCE][1],
			 "::ffff:192.0.2.255");
	assert_int_equal(flow.selector.number[SELECTOR_DESTINATION_PORT][1],
			 5060);
	mh_flow_build(&builder, &flow);
	assert_int_equal(builder.len, len);
	assert_memory_equal(data, expected, len);
}

static void test_extras(void **state)
{
	struct mh_flow flow;

	(void)state;
	parse_flow("8001 0014 ff 84", &flow);
	assert_int_equal(flow.fid, 0x8001);
	assert_int_equal(flow.priority, 20);
	assert_int_equal(flow.status, MH_FLOW_FID_NOT_FOUND);
	assert_int_equal(flow.fault, 0);
	assert_int_equal(mh_flow_wants(&flow), MH_FLOW_UNSAID);

	parse_flow("8001 0014 00 00 0202 0102 fb02 01 02", &flow);
	assert_true(flow.has_bid);
	assert_int_equal(flow.bid, 0x102);
	assert_true(flow.has_extras);
	assert_int_equal(flow.action, MH_FLOW_DROP);
	assert_int_equal(flow.pro, MH_FLOW_PRO_REINSTANTIATED);
	assert_int_equal(mh_flow_wants(&flow), MH_FLOW_UNSAID);

	parse_flow("0001 0001 00 00 0402 ff 0c", &flow);
	assert_int_equal(mh_flow_wants(&flow), MH_FLOW_DELETE);
	parse_flow("0001 0001 00 00 0402 00 0d fb02 00 01", &flow);
	assert_int_equal(mh_flow_wants(&flow), MH_FLOW_MODIFY);
	parse_flow("0001 0001 00 00 fb02 02 00", &flow);
	assert_int_equal(flow.action, MH_FLOW_DUPLICATE);
	assert_int_equal(mh_flow_wants(&flow), MH_FLOW_ADD);
	parse_flow("0001 0001 00 00 fb02 00 03", &flow);
	assert_int_equal(mh_flow_wants(&flow), MH_FLOW_DELETE);
}

/* RFC 6089 4.2.1: padding, and what is not known; and of other experiments. */
static void test_passed_over(void **state)
{
	struct mh_flow flow;

	(void)state;
	parse_flow("0007 000a 00 00 00 0102 ffff 0504 0000 0000 fc00 fb03 000000"
		   "00 0306 02 ff 00000000 0000", &flow);
	assert_selects(&flow, "any");
	assert_false(flow.has_extras);
	/* Reserved bits after the last flag. */
	parse_flow("0007 000a 00 00 0307 02 00 0002ffff 06", &flow);
	assert_selects(&flow, "proto tcp");
	/* The two bits right of the DSCP, and what is left of a flow label. */
	parse_flow("0007 000a 00 00 030b 02 00 02080000 fff12345 bb", &flow);
	assert_selects(&flow, "dscp 46 flow-label 74565");
	parse_flow("0007 000a 00 00 0308 02 00 000c0000 bb b8", &flow);
	assert_selects(&flow, "dscp 46");
}

/* It is refused by itself: the message that it is in is read on. */
static void test_faults(void **state)
{
	struct mh_message message;

	(void)state;
	assert_fault("0007 000a 00 00 0307 02 00 00010000 11",
		     MH_FLOW_MALFORMED);
	/* Too short, too long, beyond its end, and twice. */
	assert_fault("0007 000a 00 00 0301 02", MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 0305 02 00 000200", MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 0306 02 00 00020000", MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 0308 02 00 00020000 11 00",
		     MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 0308 02 00 00020000 11",
		     MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 03", MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 0307 02 00 00020000 11"
		     "0307 02 00 00020000 11", MH_FLOW_MALFORMED);
	/* Ends before they begin. */
	assert_fault("0007 000a 00 00 030a 02 00 00300000 13c6 13c4",
		     MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 0326 02 00 c0000000"
		     "20010db8000000000000000000000001"
		     "20010db8000000000000000000000000", MH_FLOW_MALFORMED);
	/* Formats that there are not. */
	assert_fault("0007 000a 00 00 0306 03 00 00000000",
		     MH_FLOW_FORMAT_NOT_SUPPORTED);
	assert_fault("0007 000a 00 00 0306 00 00 00000000",
		     MH_FLOW_FORMAT_NOT_SUPPORTED);
	/* Bindings: none, half of one, two, and twice one. */
	assert_fault("0007 000a 00 00 0200", MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 0203 000102", MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 0204 0001 0002", MH_FLOW_BID_NOT_FOUND);
	assert_fault("0007 000a 00 00 0202 0001 0202 0001", MH_FLOW_MALFORMED);
	/* Operations: too long, twice, and one that the other does not say. */
	assert_fault("0007 000a 00 00 0403 00 0b 00", MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 0402 00 0b 0402 00 0b",
		     MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 fb02 00 00 fb02 00 00",
		     MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 0402 00 0b fb02 00 03",
		     MH_FLOW_MALFORMED);
	assert_fault("0007 000a 00 00 0402 00 0c fb02 00 02",
		     MH_FLOW_MALFORMED);

	assert_int_equal(parse("3b03 05 00 0000 0001 8200 004b"
			       "2d08 0007 000a 00 00 0304"
			       "2d06 0008 000b 00 00 0100", &message),
			 MH_OK);
	assert_int_equal(message.bu.options.flow_count, 2);
	assert_int_equal(message.bu.options.flow[0].fault, MH_FLOW_MALFORMED);
	assert_int_equal(message.bu.options.flow[1].fault, 0);
	assert_int_equal(message.bu.options.flow[1].fid, 8);
}

/* Without its identifier there is nothing to answer. */
static void test_too_short(void **state)
{
	struct mh_message message;

	(void)state;
	assert_int_equal(parse("3b02 05 00 0000 0001 8200 004b"
			       "2d05 0007 000a 00 01030000 00", &message),
			 MH_ERROR_OPTION_LENGTH);
}

static void test_counted(void **state)
{
	struct mh_message message;
	uint8_t data[16 + 8 * (MH_MAX_FLOWS + 1)] = { 59, 0, 5 };
	unsigned int i;

	(void)state;
	data[12] = MH_OPT_PADN;
	data[13] = 2;
	for (i = 0; i <= MH_MAX_FLOWS; i++) {
		data[16 + 8 * i] = MH_OPT_FLOW_IDENTIFICATION;
		data[17 + 8 * i] = 6;
		data[19 + 8 * i] = (uint8_t)(i + 1);
		data[1] = (uint8_t)(2 + i);
		assert_int_equal(parse_octets(data, 24 + 8 * i, &message),
				 i < MH_MAX_FLOWS ? MH_OK :
						    MH_ERROR_TOO_MANY_FLOWS);
		if (i < MH_MAX_FLOWS)
			assert_int_equal(message.bu.options.flow[i].fid, i + 1);
	}
}

/* The vector of a renewal with a flow, by port on either side. */
static void test_renewal(void **state)
{
	const struct mh_options *options;
	struct mh_message message;

	(void)state;
	assert_int_equal(parse("3b0d050047c300048200004b"
			       "0810016d6e31406578616d706c652e636f6d"
			       "010400000000"
			       "1612004020010db8000a00010000000000000000"
			       "17020005 18020004 0100 1b0800006553f1008000"
			       "230400010014 120401000000"
			       "2d160007000a0000 02020001"
			       "030a020000a00000 00501f90", &message), MH_OK);
	options = &message.bu.options;
	assert_int_equal(options->flow_count, 1);
	assert_int_equal(options->flow[0].fid, 7);
	assert_int_equal(options->flow[0].priority, 10);
	assert_true(options->flow[0].has_bid);
	assert_int_equal(options->flow[0].bid, options->bid.id);
	assert_selects(&options->flow[0], "sport 80 dport 8080");
}

/* --- Any flow is read as it was written, and stands where it should. */

static void random_number(struct rng *rng, enum selector_field field,
			  struct selector *selector)
{
	uint32_t *range = selector->number[field];
	uint32_t max = selector_max(field);

	range[0] = (uint32_t)rng_between(rng, 0, max);
	range[1] = rng_next(rng) % 2 ? range[0] :
		   (uint32_t)rng_between(rng, range[0], max);
}

static void random_address(struct rng *rng, bool ipv4, struct in6_addr *range)
{
	unsigned int i, end;

	for (end = 0; end < 2; end++) {
		range[end] = ip6("::ffff:0:0");
		for (i = ipv4 ? 12 : 0; i < 16; i++)
			range[end].s6_addr[i] = (uint8_t)rng_next(rng);
	}
	if (rng_next(rng) % 2 || memcmp(&range[0], &range[1], 16) > 0)
		range[1] = range[0];
}

static void random_flow(struct rng *rng, struct mh_flow *flow)
{
	struct selector *selector = &flow->selector;
	unsigned int field;

	memset(flow, 0, sizeof(*flow));
	flow->fid = (uint16_t)rng_next(rng);
	flow->priority = (uint16_t)rng_next(rng);
	flow->status = (uint8_t)rng_next(rng);
	flow->has_bid = rng_next(rng) % 2;
	flow->bid = flow->has_bid ? (uint16_t)rng_next(rng) : 0;
	flow->has_extras = rng_next(rng) % 2;
	flow->action = flow->has_extras ? (uint8_t)rng_next(rng) : 0;
	flow->pro = flow->has_extras ? (uint8_t)rng_next(rng) : 0;
	flow->operation = flow->has_extras ? 0 : (uint8_t)rng_next(rng);
	flow->format = (uint8_t)(rng_next(rng) % 3);
	if (flow->format == MH_SELECTOR_NONE)
		return;
	selector->fields = (unsigned int)rng_next(rng) %
			   (1u << SELECTOR_FIELDS);
	if (flow->format == MH_SELECTOR_IPV4)
		selector->fields &= ~(1u << SELECTOR_FLOW_LABEL);
	for (field = 0; field < SELECTOR_FIELDS; field++) {
		if (!(selector->fields & 1u << field))
			continue;
		if (field < SELECTOR_ADDRESSES)
			random_address(rng, flow->format == MH_SELECTOR_IPV4,
				       selector->address[field]);
		else
			random_number(rng, (enum selector_field)field,
				      selector);
	}
}

static size_t alignment_of(const struct mh_flow *flow)
{
	unsigned int fields = flow->selector.fields;

	if (fields & (1u << SELECTOR_SOURCE | 1u << SELECTOR_DESTINATION))
		return flow->format == MH_SELECTOR_IPV6 ? 8 : 4;
	if (fields & (1u << SELECTOR_SPI | 1u << SELECTOR_FLOW_LABEL))
		return 4;
	if (fields & (1u << SELECTOR_SOURCE_PORT |
		      1u << SELECTOR_DESTINATION_PORT))
		return 2;
	return 1;
}

/* Found without the code under test. */
static void assert_aligned(const uint8_t *data, const struct tlv *option,
			   const struct mh_flow *flow)
{
	size_t at = option->at + 8;

	assert_int_equal(option->at % 2, 0);
	while (at < option->at + option->len && data[at] != 3)
		at += data[at] ? 2 + (size_t)data[at + 1] : 1;
	if (flow->format == MH_SELECTOR_NONE) {
		assert_int_equal(at, option->at + option->len);
		return;
	}
	assert_int_equal(at % alignment_of(flow), 0);
}

static void test_random(void **state)
{
	struct rng rng = { .state = 6089 };
	struct mh_message message, back;
	struct tlv found[TLV_MAX];
	uint8_t data[MH_MAX_LEN];
	unsigned int round, i, count, flow;
	struct mh_options *options;
	size_t len;

	(void)state;
	for (round = 0; round < 2000; round++) {
		memset(&message, 0, sizeof(message));
		message.type = MH_BINDING_UPDATE;
		options = &message.bu.options;
		options->has_mn_id = true;
		options->mn_id.len = (uint8_t)(rng_next(&rng) % 9);
		options->flow_count = MH_MAX_FLOWS;
		for (i = 0; i < MH_MAX_FLOWS; i++)
			random_flow(&rng, &options->flow[i]);
		len = mh_build(&message, data, sizeof(data));
		/* RULE: MH-37 */
		assert_int_equal(parse_octets(data, len, &back), MH_OK);
		/* RULE: MH-37 */
		assert_memory_equal(&back, &message, sizeof(message));
		count = tlv_walk(data, len, found);
		for (i = 0, flow = 0; i < count; i++)
			if (found[i].type == MH_OPT_FLOW_IDENTIFICATION)
				assert_aligned(data, &found[i],
					       &options->flow[flow++]);
		assert_int_equal(flow, MH_MAX_FLOWS);
	}
}

/* One with a fault is answered by what is known of it. */
static void test_fault_is_built_bare(void **state)
{
	struct mh_flow flow = { .fid = 7, .priority = 10, .status = 130,
				.fault = 130, .has_extras = true,
				.format = 9 };
	uint8_t data[16];
	struct builder builder = builder_on(data, sizeof(data));

	(void)state;
	mh_flow_build(&builder, &flow);
	assert_false(builder.failed);
	assert_int_equal(builder.len, 8);
	assert_memory_equal(data, "\x2d\x06\x00\x07\x00\x0a\x00\x82", 8);
}

static void test_names(void **state)
{
	unsigned int status, known = 0;

	(void)state;
	for (status = 0; status < 256; status++)
		known += strcmp(mh_flow_status_name((uint8_t)status),
				"unknown") != 0;
	assert_int_equal(known, 7);
	assert_string_equal(mh_flow_status_name(MH_FLOW_ACCEPTED), "accepted");
	assert_string_equal(mh_flow_status_name(MH_FLOW_FID_NOT_FOUND),
			    "fid-not-found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_extras),
		cmocka_unit_test(test_passed_over),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_too_short),
		cmocka_unit_test(test_counted),
		cmocka_unit_test(test_renewal),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_fault_is_built_bare),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
