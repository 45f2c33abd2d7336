// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/nd_query.c, octet by octet.
 */
#include <string.h>

#include "../ports/inet6.h"
#include "../ports/nd_query.h"
#include "common/frame.h"
#include "common/test.h"

static void test_every_octet(void **state)
{
	static const uint8_t to[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };
	static const uint8_t from[6] = { 0x00, 0x00, 0x5e, 0x00, 0x52, 0x13 };
	static const uint8_t before_checksum[] = {
		/* Ethernet: to the station alone (RFC 6085) */
		0x02, 0x11, 0x22, 0x33, 0x44, 0x55,
		0x00, 0x00, 0x5e, 0x00, 0x52, 0x13, 0x86, 0xdd,
		/* IPv6: 36 octets of Hop-by-Hop Options and ICMPv6, 1 hop */
		0x60, 0, 0, 0, 0, 36, 0, 1,
		0xfe, 0x80, 0, 0, 0, 0, 0, 0,
		0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x52, 0x13,
		0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		/* Router Alert for Multicast Listener Discovery, PadN */
		58, 0, 5, 2, 0, 0, 1, 0,
		/* Multicast Listener Query */
		130, 0,
	};
	static const uint8_t behind_checksum[] = {
		/* 500 ms, any group, robustness 2, every 125 s, no sources */
		0x01, 0xf4, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		2, 125, 0, 0,
	};
	struct in6_addr src = ip6("fe80::200:5eff:fe00:5213");
	struct in6_addr dst = ip6("ff02::1");
	uint8_t frame[ND_QUERY_LEN];

	(void)state;
	nd_query_build(to, from, &src, frame);
	assert_memory_equal(frame, before_checksum, sizeof(before_checksum));
	/* RULE: B-MAG-46 */
	assert_memory_equal(frame + sizeof(before_checksum) + 2,
			    behind_checksum, sizeof(behind_checksum));
	assert_int_equal(sizeof(before_checksum) + 2 + sizeof(behind_checksum),
			 ND_QUERY_LEN);
	assert_int_equal(inet6_checksum(&src, &dst, IPPROTO_ICMPV6, frame + 62,
					ND_QUERY_LEN - 62), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_octet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
