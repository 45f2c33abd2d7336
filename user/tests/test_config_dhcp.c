// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/config_dhcp.c
 */
#include <stdlib.h>
#include <string.h>

#include "../pmip6d/config.h"
#include "common/scratch.h"
#include "common/test.h"

/* What is added begins at line 3. */
#define MAG(more) \
	"profiles = p\nmag { device = pmip1 address = 2001:db8:ffff::11 " \
	"lma = 2001:db8:ffff::1 access eth1 { }\n" more "}\n"

static struct config *load(const char *text, char **errors)
{
	const char *path = scratch_write("dhcp.conf", text);
	struct capture capture;
	struct config *config;

	capture_begin(&capture);
	config = config_load(path, capture.file);
	*errors = capture_end(&capture);
	if (!strncmp(*errors, path, strlen(path)))
		memmove(*errors, *errors + strlen(path),
			strlen(*errors + strlen(path)) + 1);
	return config;
}

static struct config *load_good(const char *text)
{
	struct config *config;
	char *errors;

	config = load(text, &errors);
	assert_string_equal(errors, "");
	assert_non_null(config);
	free(errors);
	return config;
}

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
	static const struct {
		const char *text;
		const char *error;
	} faults[] = {
		{ MAG(" dhcp-servers = { ff05::1:3 }\n"),
		  ":3: \"ff05::1:3\" is a group: say by which link, as in ff05::1:3%eth0\n" },
		{ MAG(" dhcp-servers = { 'ff05::1:3%' }\n"),
		  ":3: \"\" is not a name of a network device\n" },
		{ MAG(" dhcp-servers = { 'ff05::1:3%a/b' }\n"),
		  ":3: \"a/b\" is not a name of a network device\n" },
		{ MAG(" dhcp-servers = { kea }\n"),
		  ":3: \"kea\" is not an IPv6 address\n" },
		{ MAG(" dhcp-servers = { fe80::1 }\n"),
		  ":3: \"fe80::1\" is not a global unicast address\n" },
		{ MAG(" dhcp-servers = { 2001:db8::1,\n 2001:db8::1 }\n"),
		  ":4: \"2001:db8::1\" stands in dhcp-servers twice\n" },
		{ MAG(" dhcp-rate = 0\n"),
		  ":3: \"0\" is not a value of dhcp-rate, which is 1 to 10000\n" },
	};
	char *errors;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		assert_null(load(faults[i].text, &errors));
		assert_string_equal(errors, faults[i].error);
		free(errors);
	}
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
