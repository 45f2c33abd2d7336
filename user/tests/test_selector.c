// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/selector_text.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/rng.h"
#include "../mh/selector.h"
#include "common/test.h"

/* What is printed, word by word. */
static void read_back(const char *printed, struct selector *selector)
{
	char text[SELECTOR_TEXT_MAX], *key, *value, *rest;

	memset(selector, 0, sizeof(*selector));
	assert_true(strlen(printed) < sizeof(text));
	strcpy(text, printed);
	if (!strcmp(text, "any"))
		return;
	for (key = strtok_r(text, " ", &rest); key;
	     key = strtok_r(NULL, " ", &rest)) {
		value = strtok_r(NULL, " ", &rest);
		assert_non_null(value);
		assert_true(selector_is_key(key));
		assert_null(selector_parse_pair(key, value, selector));
	}
}

static const char *parse_one(const char *key, const char *value)
{
	struct selector selector = { 0 };

	return selector_parse_pair(key, value, &selector);
}

static void assert_prints(const char *key, const char *value,
			  const char *expected)
{
	struct selector selector = { 0 };
	char text[SELECTOR_TEXT_MAX];

	assert_null(selector_parse_pair(key, value, &selector));
	selector_print(&selector, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void test_words(void **state)
{
	(void)state;
	assert_prints("proto", "udp", "proto udp");
	assert_prints("proto", "17", "proto udp");
	assert_prints("proto", "58", "proto icmpv6");
	assert_prints("proto", "tcp-udp", "proto 6-17");
	assert_prints("proto", "0", "proto 0");
	assert_prints("dport", "5060-5062", "dport 5060-5062");
	assert_prints("sport", "7-7", "sport 7");
	assert_prints("sport", "0-65535", "sport 0-65535");
	assert_prints("dscp", "0x2e", "dscp 46");
	assert_prints("flow-label", "1048575", "flow-label 1048575");
	assert_prints("spi", "0-0xffffffff", "spi 0-4294967295");
	assert_prints("from", "2001:db8::/32", "from 2001:db8::/32");
	assert_prints("from", "::/0", "from ::/0");
	assert_prints("to", "2001:db8::1", "to 2001:db8::1");
	assert_prints("to", "2001:db8::1/128", "to 2001:db8::1");
	assert_prints("to", "2001:db8::-2001:db8::ff", "to 2001:db8::/120");
	assert_prints("to", "2001:db8::1-2001:db8::ff",
		      "to 2001:db8::1-2001:db8::ff");
}

static void test_ranges(void **state)
{
	struct selector selector = { 0 };

	(void)state;
	assert_null(selector_parse_pair("from", "2001:db8::/33", &selector));
	assert_ip6_equal(&selector.address[SELECTOR_SOURCE][0], "2001:db8::");
	assert_ip6_equal(&selector.address[SELECTOR_SOURCE][1],
			 "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff");
	assert_null(selector_parse_pair("dport", "9-10", &selector));
	assert_int_equal(selector.number[SELECTOR_DESTINATION_PORT][0], 9);
	assert_int_equal(selector.number[SELECTOR_DESTINATION_PORT][1], 10);
	assert_int_equal(selector.fields, 1u << SELECTOR_SOURCE |
			 1u << SELECTOR_DESTINATION_PORT);
}

static void test_refused(void **state)
{
	static const char *const wrong[][2] = {
		{ "dport", "" }, { "dport", "-" }, { "dport", "1-" },
		{ "dport", "-1" }, { "dport", "65536" }, { "dport", "1-65536" },
		{ "dport", "9-8" }, { "dport", "1-2-3" }, { "dport", "http" },
		{ "dport", " 1" }, { "dport", "1 " }, { "dport", "+1" },
		{ "dport", "99999999999999999999" },
		{ "proto", "256" }, { "proto", "quic" }, { "proto", "udp-tcp" },
		{ "dscp", "64" }, { "flow-label", "0x100000" },
		{ "spi", "0x100000000" }, { "from", "" }, { "from", "2001:db8" },
		{ "from", "2001:db8::/129" }, { "from", "2001:db8::/" },
		{ "from", "2001:db8::1/64" }, { "from", "2001:db8::/-1" },
		{ "from", "2001:db8::2-2001:db8::1" }, { "from", "::-" },
		{ "from", "192.0.2.1" }, { "from", "::/64-::1" },
		{ "from", "1111:2222:3333:4444:5555:6666:7777:8888-"
			  "1111:2222:3333:4444:5555:6666:7777:8888-::1111:2222:3333" },
		{ "colour", "2" }, { "", "2" },
	};
	struct selector selector = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		print_message("# %s %s\n", wrong[i][0], wrong[i][1]);
		assert_non_null(parse_one(wrong[i][0], wrong[i][1]));
	}
	assert_false(selector_is_key("colour"));
	assert_null(selector_parse_pair("dport", "1", &selector));
	assert_non_null(selector_parse_pair("dport", "2", &selector));
	assert_int_equal(selector.number[SELECTOR_DESTINATION_PORT][0], 1);
}

static void random_addresses(struct rng *rng, struct in6_addr address[2])
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		address[0].s6_addr[i] = (uint8_t)rng_next(rng);
	address[1] = address[0];
	for (i = (unsigned int)rng_between(rng, 0, 16); i < 16; i++) {
		address[0].s6_addr[i] = 0;
		address[1].s6_addr[i] = 255;
	}
	address[1].s6_addr[15] |= (uint8_t)rng_next(rng);
}

static void random_selector(struct rng *rng, struct selector *selector)
{
	unsigned int field;

	memset(selector, 0, sizeof(*selector));
	selector->fields = (unsigned int)rng_between(rng, 0,
						(1 << SELECTOR_FIELDS) - 1);
	for (field = 0; field < SELECTOR_FIELDS; field++) {
		uint32_t max = selector_max((enum selector_field)field);
		uint32_t *number = selector->number[field];

		if (!(selector->fields & 1u << field))
			continue;
		if (field < SELECTOR_ADDRESSES) {
			random_addresses(rng, selector->address[field]);
			continue;
		}
		number[0] = (uint32_t)rng_next(rng) & max;
		number[1] = number[0] +
			    (uint32_t)rng_between(rng, 0, max - number[0]);
	}
}

/* Whatever is written is read as the same. */
static void test_round_trip(void **state)
{
	struct rng rng = { .state = 6088 };
	struct selector selector, back;
	char text[SELECTOR_TEXT_MAX];
	int round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		random_selector(&rng, &selector);
		selector_print(&selector, text, sizeof(text));
		read_back(text, &back);
		assert_memory_equal(&back, &selector, sizeof(back));
	}
}

/* All fields at their longest fit, and less room is not overrun. */
static void test_room(void **state)
{
	static const char longest[] =
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff1-"
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff9";
	struct selector selector = { 0 };
	char text[SELECTOR_TEXT_MAX], *room;
	size_t size;

	(void)state;
	assert_null(selector_parse_pair("from", longest, &selector));
	assert_null(selector_parse_pair("to", longest, &selector));
	assert_null(selector_parse_pair("proto", "100-255", &selector));
	assert_null(selector_parse_pair("sport", "10000-65535", &selector));
	assert_null(selector_parse_pair("dport", "10000-65535", &selector));
	assert_null(selector_parse_pair("dscp", "10-63", &selector));
	assert_null(selector_parse_pair("flow-label", "1000000-1048575",
					&selector));
	assert_null(selector_parse_pair("spi", "4000000000-4294967295",
					&selector));
	selector_print(&selector, text, sizeof(text));
	assert_true(strlen(text) < sizeof(text) - 1);
	assert_non_null(strstr(text, "spi 4000000000-4294967295"));
	for (size = 1; size < sizeof(text); size++) {
		room = malloc(size);
		assert_non_null(room);
		selector_print(&selector, room, size);
		assert_true(strlen(room) < size);
		free(room);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
