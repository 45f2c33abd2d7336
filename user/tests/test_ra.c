// SPDX-License-Identifier: GPL-2.0
/*
 * Router Advertisements, octet by octet.
 */
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "../ports/ra.h"
#include "common/frame.h"
#include "common/test.h"

static const uint8_t router[6] = { 0x00, 0x00, 0x5e, 0x00, 0x52, 0x13 };

static struct effect_advertise advertisement(void)
{
	static const uint8_t mn[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };
	struct effect_advertise ra = {
		.ifindex = 3,
		.dst = ip6("fe80::11:22ff:fe33:4455"),
		.src = ip6("fe80::200:5eff:fe00:5213"),
		.router_lifetime_s = 1800,
		.mtu = 1460,
		.prefix_count = 1,
	};

	memcpy(ra.lladdr, mn, sizeof(mn));
	ra.prefix[0] = (struct advertised_prefix){
		.prefix = prefix6("2001:db8:1:2::/64"),
		.valid_s = 2592000,
		.preferred_s = 604800,
		.on_link = true,
		.autonomous = true,
	};
	return ra;
}

/* In memory of just its size, so that a sanitizer sees what is beyond. */
static uint8_t *build(const struct effect_advertise *ra, size_t expected)
{
	uint8_t *frame = malloc(expected);

	assert_non_null(frame);
	assert_int_equal(ra_build(ra, router, frame, expected), expected);
	return frame;
}

static void test_every_octet(void **state)
{
	static const uint8_t before_checksum[] = {
		/* Ethernet */
		0x02, 0x11, 0x22, 0x33, 0x44, 0x55,
		0x00, 0x00, 0x5e, 0x00, 0x52, 0x13, 0x86, 0xdd,
		/* IPv6: 64 octets of ICMPv6, hop limit 255 */
		0x60, 0, 0, 0, 0, 64, 58, 255,
		0xfe, 0x80, 0, 0, 0, 0, 0, 0,
		0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x52, 0x13,
		0xfe, 0x80, 0, 0, 0, 0, 0, 0,
		0x00, 0x11, 0x22, 0xff, 0xfe, 0x33, 0x44, 0x55,
		/* Router Advertisement */
		134, 0,
	};
	static const uint8_t behind_checksum[] = {
		/* hop limit 64, no flags, 1800 s, two times unspecified */
		64, 0, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0,
		/* Source Link-Layer Address */
		1, 1, 0x00, 0x00, 0x5e, 0x00, 0x52, 0x13,
		/* MTU 1460 */
		5, 1, 0, 0, 0, 0, 0x05, 0xb4,
		/* Prefix Information: L and A, 30 days, 7 days */
		3, 4, 64, 0xc0, 0x00, 0x27, 0x8d, 0x00, 0x00, 0x09, 0x3a, 0x80,
		0, 0, 0, 0, 0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2,
		0, 0, 0, 0, 0, 0, 0, 0,
	};
	struct effect_advertise ra = advertisement();
	uint8_t *frame = build(&ra, 118);

	(void)state;
	/* RULE: B-MAG-05 */
	assert_memory_equal(frame, before_checksum, sizeof(before_checksum));
	/* RULE: B-MAG-81 B-MAG-67 */
	assert_memory_equal(frame + 58, behind_checksum,
			    sizeof(behind_checksum));
	assert_int_equal(ones_complement_sum(frame, 118), 0xffff);
	free(frame);
}

static void test_unknown_destination(void **state)
{
	struct effect_advertise ra = advertisement();
	struct in6_addr all_nodes = ip6("ff02::1");
	uint8_t *frame;

	(void)state;
	ra.dst = in6addr_any;
	frame = build(&ra, 118);
	/* RFC 6085: a group's packet in a frame to one station. */
	/* RULE: B-MAG-05 */
	assert_memory_equal(frame, ra.lladdr, 6);
	assert_memory_equal(frame + 38, &all_nodes, 16);
	assert_int_equal(ones_complement_sum(frame, 118), 0xffff);
	free(frame);
}

static void test_no_mtu_no_prefix(void **state)
{
	struct effect_advertise ra = advertisement();
	uint8_t *frame;

	(void)state;
	ra.mtu = 0;
	ra.prefix_count = 0;
	frame = build(&ra, 78);
	assert_int_equal(frame[19], 24);
	assert_int_equal(frame[70], 1);
	assert_int_equal(ones_complement_sum(frame, 78), 0xffff);
	free(frame);
}

static void test_withdraw(void **state)
{
	static const uint8_t zero[8];
	struct effect_advertise ra = advertisement();
	uint8_t *frame;

	(void)state;
	ra.router_lifetime_s = 0;
	ra.prefix[0].valid_s = 0;
	ra.prefix[0].preferred_s = 0;
	frame = build(&ra, 118);
	assert_memory_equal(frame + 60, zero, 2);
	/* RULE: B-MAG-42 */
	assert_memory_equal(frame + 90, zero, 8);
	assert_int_equal(ones_complement_sum(frame, 118), 0xffff);
	free(frame);
}

static void test_preferred_not_above_valid(void **state)
{
	static const uint8_t times[8] = { 0, 0, 0, 100, 0, 0, 0, 100 };
	struct effect_advertise ra = advertisement();
	uint8_t *frame;

	(void)state;
	ra.prefix[0].valid_s = 100;
	frame = build(&ra, 118);
	assert_memory_equal(frame + 90, times, sizeof(times));
	free(frame);
}

static void test_prefix_lengths(void **state)
{
	struct effect_advertise ra = advertisement();
	unsigned int len, bit;
	const uint8_t *option;
	uint8_t *frame;

	(void)state;
	ra.prefix[0].prefix =
		prefix6("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/0");
	for (len = 0; len <= 128; len++) {
		ra.prefix[0].prefix.len = (uint8_t)len;
		frame = build(&ra, 118);
		option = frame + 86;
		assert_int_equal(option[2], len);
		/* On-link always, for autoconfiguration only 64. */
		assert_int_equal(option[3], len == 64 ? 0xc0 : 0x80);
		for (bit = 0; bit < 128; bit++)
			assert_int_equal(option[16 + bit / 8] >>
					 (7 - bit % 8) & 1, bit < len);
		assert_int_equal(ones_complement_sum(frame, 118), 0xffff);
		free(frame);
	}
}

static void test_many_prefixes(void **state)
{
	struct effect_advertise ra = advertisement();
	const uint8_t *option;
	uint8_t *frame;
	size_t i;

	(void)state;
	ra.prefix_count = ADVERTISED_MAX;
	for (i = 0; i < ADVERTISED_MAX; i++) {
		ra.prefix[i].prefix = prefix6("2001:db8::/64");
		ra.prefix[i].prefix.addr.s6_addr[7] = (uint8_t)i;
	}
	frame = build(&ra, RA_MAX_LEN);
	for (i = 0; i < ADVERTISED_MAX; i++) {
		option = frame + 86 + 32 * i;
		assert_int_equal(option[0], 3);
		/* RULE: B-MAG-67 */
		assert_memory_equal(option + 16, &ra.prefix[i].prefix.addr,
				    16);
	}
	assert_int_equal(ones_complement_sum(frame, RA_MAX_LEN), 0xffff);
	free(frame);
}

static void test_no_room(void **state)
{
	struct effect_advertise ra = advertisement();
	uint8_t *frame = must_alloc(4096), *end = frame + 4096;
	size_t size;

	(void)state;
	/* The address sanitizer sees a write past the end. */
	for (size = 0; size < 118; size++)
		assert_int_equal(ra_build(&ra, router, end - size, size), 0);
	ra.prefix_count = ADVERTISED_MAX + 1;
	assert_int_equal(ra_build(&ra, router, frame, 4096), 0);
	free(frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_octet),
		cmocka_unit_test(test_unknown_destination),
		cmocka_unit_test(test_no_mtu_no_prefix),
		cmocka_unit_test(test_withdraw),
		cmocka_unit_test(test_preferred_not_above_valid),
		cmocka_unit_test(test_prefix_lengths),
		cmocka_unit_test(test_many_prefixes),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
