// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/config_dhcp.c
 */
#include "common/config_text.h"

static void test_without(void **state)
{
	struct config *config = load_good(MAG(""));

	(void)state;
	assert_int_equal(config->mag->dhcp.server_count, 0);
	config_free(config);
	config = load_good(MAG(" dhcp-servers = {}\n"));
	assert_int_equal(config->mag->dhcp.server_count, 0);
	config_free(config);
}

static void test_unicast(void **state)
{
	struct config *config = load_good(MAG(
		" dhcp-servers = { 2001:db8:c::2, 2001:db8:c::3 }\n"));
	const struct config_dhcp *dhcp = &config->mag->dhcp;

	(void)state;
	assert_int_equal(dhcp->server_count, 2);
	/* RULE: B-MAG-89 */
	assert_ip6_equal(&dhcp->servers[0].addr, "2001:db8:c::2");
	assert_ip6_equal(&dhcp->servers[1].addr, "2001:db8:c::3");
	assert_string_equal(dhcp->servers[0].ifname, "");
	assert_false(dhcp->has_group);
	assert_int_equal(dhcp->rate, 10);
	config_free(config);
}

static void test_group(void **state)
{
	struct config *config = load_good(MAG(
		" dhcp-servers = { 'ff05::1:3%eth0', 2001:db8:c::2, 'ff05::1:3%eth1' }\n"
		" dhcp-rate = 100\n"));
	const struct config_dhcp *dhcp = &config->mag->dhcp;

	(void)state;
	assert_int_equal(dhcp->server_count, 3);
	/* RULE: B-MAG-89 */
	assert_ip6_equal(&dhcp->servers[0].addr, "ff05::1:3");
	assert_string_equal(dhcp->servers[0].ifname, "eth0");
	assert_string_equal(dhcp->servers[1].ifname, "");
	assert_string_equal(dhcp->servers[2].ifname, "eth1");
	assert_true(dhcp->has_group);
	assert_int_equal(dhcp->rate, 100);
	config_free(config);
}

static void test_faults(void **state)
{
	static const struct fault faults[] = {
		{ MAG(" dhcp-servers = { ff05::1:3 }\n"),
		  "F:7: \"ff05::1:3\" is a group: say by which link, as in ff05::1:3%eth0\n" },
		{ MAG(" dhcp-servers = { 'ff05::1:3%' }\n"),
		  "F:7: \"\" is not a name of a network device\n" },
		{ MAG(" dhcp-servers = { 'ff05::1:3%a/b' }\n"),
		  "F:7: \"a/b\" is not a name of a network device\n" },
		{ MAG(" dhcp-servers = { kea }\n"),
		  "F:7: \"kea\" is not an IPv6 address\n" },
		{ MAG(" dhcp-servers = { fe80::1 }\n"),
		  "F:7: \"fe80::1\" is not a global unicast address\n" },
		{ MAG(" dhcp-servers = { 2001:db8::1,\n 2001:db8::1 }\n"),
		  "F:8: \"2001:db8::1\" stands in dhcp-servers twice\n" },
		{ MAG(" dhcp-rate = 0\n"),
		  "F:7: \"0\" is not a value of dhcp-rate, which is 1 to 10000\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without),
		cmocka_unit_test(test_unicast),
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
