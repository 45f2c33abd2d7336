// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/dhcp_link.c
 */
#include <stdlib.h>
#include <string.h>

#include "../pmip6d/dhcp_link.h"
#include "common/test.h"

static struct bule *insert(struct update_list *bul, const char *ifname,
			   uint8_t last)
{
	struct mag_attachment at = { .lladdr = { 0x02, [5] = last } };
	struct mag_profile profile = { .mn_id = nai("mn1@example.com") };

	strcpy(at.ifname, ifname);
	return bul_insert(bul, last, &at, &profile);
}

static void expect_link(const char *first, const char *second,
			const char *expected)
{
	struct bule bule = { .hnp_count = 2 };
	struct in6_addr addr;

	/* Whatever order an anchor names them in. */
	bule.hnp[0] = prefix6(first);
	bule.hnp[1] = prefix6(second);
	dhcp_link_address(&bule, &addr);
	/* RULE: B-MAG-41 B-MAG-90 */
	assert_ip6_equal(&addr, expected);
	assert_true(bule_holds(&bule, &addr));
	bule.hnp[0] = prefix6(second);
	bule.hnp[1] = prefix6(first);
	dhcp_link_address(&bule, &addr);
	assert_ip6_equal(&addr, expected);
}

static void test_link_address(void **state)
{
	(void)state;
	expect_link("2001:db8:a:1::/64", "2001:db8:a:2::/64",
		    "2001:db8:a:1:200:5eff:fe00:5213");
	expect_link("2001:db8:b::/48", "2001:db8:c:2::/64",
		    "2001:db8:b:0:200:5eff:fe00:5213");
	expect_link("2001:db8:b::5/128", "2001:db8:b::6/128", "2001:db8:b::5");
	expect_link("2001:db8:b::abc0/124", "2001:db8:c::6/128",
		    "2001:db8:b::abc3");
	expect_link("2001:db8:b:0:8000::/65", "2001:db8:c::6/128",
		    "2001:db8:b:0:8200:5eff:fe00:5213");
}

/* RFC 7864 3.2.2: that comes first, but has its place on another link. */
static void test_off_link(void **state)
{
	struct bule bule = { .hnp_count = 2 };
	struct in6_addr addr;

	(void)state;
	bule.hnp[0] = prefix6("2001:db8:a:1::/64");
	bule.hnp[1] = prefix6("2001:db8:a:2::/64");
	bule.hnp[0].off_link = true;
	dhcp_link_address(&bule, &addr);
	assert_ip6_equal(&addr, "2001:db8:a:2:200:5eff:fe00:5213");
	bule.hnp[1].off_link = true;
	dhcp_link_address(&bule, &addr);
	assert_ip6_equal(&addr, "2001:db8:a:1:200:5eff:fe00:5213");
}

static void test_holds(void **state)
{
	static const struct {
		const char *addr;
		bool held;
	} samples[] = {
		{ "2001:db8:a:1::", true },
		{ "2001:db8:a:1:ffff:ffff:ffff:ffff", true },
		{ "2001:db8:a:2::", false },
		{ "2001:db8:b:8000::1", true },
		{ "2001:db8:b:7fff::1", false },
		{ "2001:db8:c::5", true },
		{ "2001:db8:c::4", false },
		{ "fe80::1", false },
	};
	struct bule bule = { .hnp_count = 3 };
	struct in6_addr addr;
	size_t i;

	(void)state;
	bule.hnp[0] = prefix6("2001:db8:a:1::/64");
	bule.hnp[1] = prefix6("2001:db8:b:8000::/49");
	bule.hnp[2] = prefix6("2001:db8:c::5/128");
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		addr = ip6(samples[i].addr);
		assert_int_equal(bule_holds(&bule, &addr), samples[i].held);
	}
}

static struct bule *find(const struct update_list *bul, const char *id)
{
	uint8_t *exact = exact_copy((const uint8_t *)id, strlen(id));
	struct bule *bule = dhcp_find(bul, exact, strlen(id));

	free(exact);
	return bule;
}

static void test_interface_id(void **state)
{
	struct update_list bul = { 0 };
	struct bule *one = insert(&bul, "access0", 1);
	struct bule *other = insert(&bul, "a/123456789012", 2);
	char id[DHCP_INTERFACE_ID_SIZE];

	(void)state;
	assert_int_equal(dhcp_interface_id(&one->at, id), 25);
	assert_string_equal(id, "access0/02:00:00:00:00:01");
	assert_ptr_equal(find(&bul, id), one);
	assert_int_equal(dhcp_interface_id(&other->at, id), 32);
	assert_ptr_equal(find(&bul, id), other);

	/* Where it was, what others make of it, and what is none. */
	assert_null(find(&bul, "access1/02:00:00:00:00:01"));
	assert_null(find(&bul, "access0/02:00:00:00:00:03"));
	assert_null(find(&bul, "access0/2:0:0:0:0:1"));
	assert_null(find(&bul, "access0/02:00:00:00:00:01 "));
	assert_null(find(&bul, "access0"));
	assert_null(find(&bul, "/"));
	assert_null(find(&bul, ""));
	assert_null(find(&bul, "access0access0access0access0/02:00:00:00:00:01"));
	bul_remove(&bul, one);
	assert_null(find(&bul, "access0/02:00:00:00:00:01"));
	bul_remove(&bul, other);
}

static void test_limit(void **state)
{
	struct dhcp_limit limit = { 0 };
	unsigned int i, sent = 0;
	uint64_t now_ms = 5000;

	(void)state;
	for (i = 0; i < 100; i++)
		sent += dhcp_may(&limit, 10, now_ms);
	assert_int_equal(sent, 20);
	/* A tenth of a second brings one more, in whatever steps it passes. */
	for (i = 0; i < 99; i++)
		assert_false(dhcp_may(&limit, 10, ++now_ms));
	assert_true(dhcp_may(&limit, 10, ++now_ms));
	assert_false(dhcp_may(&limit, 10, now_ms));
	assert_false(dhcp_limit_idle(&limit, now_ms + 1999));
	assert_true(dhcp_limit_idle(&limit, now_ms + 2000));
	for (i = sent = 0; i < 100; i++)
		sent += dhcp_may(&limit, 10, now_ms + 100000000);
	assert_int_equal(sent, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link_address),
		cmocka_unit_test(test_off_link),
		cmocka_unit_test(test_holds),
		cmocka_unit_test(test_interface_id),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
