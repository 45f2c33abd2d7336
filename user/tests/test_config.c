// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/config*.c, user/ports/conf_*.c
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../pmip6d/config_internal.h"
#include "../pmip6d/paths.h"
#include "common/config_text.h"

static void test_form(void **state)
{
	static const struct fault faults[] = {
		{ "", "F: there is no section lma and none mag\n" },
		{ "colour = red\n", "F:1: no such option 'colour'\n" },
		{ "\n\nha {\n}\n", "F:3: no such option 'ha'\n" },
		{ LMA(" colour = red\n"), "F:7: no such option 'colour'\n" },
		{ LMA(" pool 2001:db8::/40 {\n  length = 64\n }\n"),
		  "F:8: no such option 'length'\n" },
		{ "lma = 5\n", "F:1: missing opening brace for section 'lma'\n" },
		{ LMA(" fwmark = {1}\n"), "F:7: unexpected token '{'\n" },
		{ LMA(" pool { }\n"), "F:7: missing title for section 'pool'\n" },
		{ LMA(" hop-limit 64\n"),
		  "F:7: missing equal sign after option 'hop-limit'\n" },
		{ "lma {\n pool x {\n }\n\n", "F:1: brace is not closed\n" },
		{ "lma {\n mags = {\n", "F:2: brace is not closed\n" },
		{ "profiles =\n", "F:2: premature end of file\n" },
		{ "}\n", "F:1: unexpected closing brace\n" },
		{ "\nprofiles = \"p\nlma {}\n", "F:2: string has no end\n" },
		{ "\nprofiles = 'p", "F:2: string has no end\n" },
		{ "\n/* comment\n\n", "F:2: comment has no end\n" },
		{ "\n\"\" = 1\nlma {\n}\n",
		  "F:2: from here on it is not understood: is a key empty?\n" },
		{ LMA(" underlay = eth0\"\"\n"),
		  "F:2: from here on it is not understood: is a key empty?\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

/* A comment of any kind leaves the lines after it where they are. */
static void test_comments(void **state)
{
	static const struct fault faults[] = {
		{ "# one\n// two\n/* three\n * four\n */ # five\n\nx = 1\n",
		  "F:7: no such option 'x'\n" },
		{ "profiles = \"a#b//c/*d\\\"\" # two\nx = 1\n",
		  "F:2: no such option 'x'\n" },
		{ "/*/ still a comment */ x = 1\n",
		  "F:1: no such option 'x'\n" },
		{ "profiles = /a//b/c\r\nx = 1\r\n",
		  "F:2: no such option 'x'\n" },
	};
	struct config *config;

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
	config = load_good("profiles = '/a#b//c/*d' # e {\nlma { /* { */\n"
			   " device = '{' address = 2001:db8::1 // {\n"
			   " mags = {} }\n");
	assert_string_equal(config->profiles, "/a#b//c/*d");
	config_free(config);
}

static void test_no_text(void **state)
{
	const char *path = scratch_path("octets.conf");
	struct capture capture;
	FILE *file = fopen(path, "w");
	char *errors;

	(void)state;
	assert_non_null(file);
	assert_int_equal(fwrite("x\n\0y\n", 1, 5, file), 5);
	assert_int_equal(fclose(file), 0);
	capture_begin(&capture);
	assert_null(config_load(path, capture.file));
	errors = capture_end(&capture);
	assert_non_null(strstr(errors,
			       ":2: this is no text: there is an octet of 0"));
	free(errors);
}

static void test_no_file(void **state)
{
	struct capture capture;
	char *errors;

	(void)state;
	capture_begin(&capture);
	assert_null(config_load("/nowhere/pmip6d.conf", capture.file));
	assert_null(config_load("/", capture.file));
	errors = capture_end(&capture);
	assert_string_equal(errors,
			    "/nowhere/pmip6d.conf: No such file or directory\n"
			    "/: Is a directory\n");
	free(errors);
}

static void test_common_keys(void **state)
{
	static const struct fault faults[] = {
		{ "control-socket = run/s\n" LMA(""),
		  "F:1: control-socket: \"run/s\" does not begin with a slash\n" },
		{ "control-socket = /123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/1234567\n"
		  LMA(""),
		  "F:1: control-socket: \"/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/1234567\" is longer than 107 octets\n" },
		{ "state-directory = \"\"\n" LMA(""),
		  "F:1: state-directory: \"\" does not begin with a slash\n" },
		{ "profiles = \"\"\nprofiles = x\n",
		  "F:2: profiles is set twice, first on line 1\n"
		  "F: there is no section lma and none mag\n" },
		{ "log-level = loud\n" LMA(""),
		  "F:1: \"loud\" is not a value of log-level, which is debug, info, warning or error\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

static void test_device(void **state)
{
	static const struct fault faults[] = {
		{ "profiles = p\n\nlma {\n}\n",
		  "F:3: lma lacks device\n"
		  "F:3: lma lacks address\n"
		  "F:3: lma lacks mags\n" },
		{ LMA(" device = pmip1\n"),
		  "F:7: device is set twice, first on line 3\n" },
		{ LMA(" underlay = 1234567890123456\n"),
		  "F:7: \"1234567890123456\" is too long for the name of a network device, which has at most 15 characters\n" },
		{ LMA(" underlay = a/b\n"),
		  "F:7: \"a/b\" is not a name of a network device\n" },
		{ LMA(" underlay = \"\"\n"),
		  "F:7: \"\" is not a name of a network device\n" },
		{ LMA(" underlay = eth0;\n"),
		  "F:7: \"eth0;\" is not a name of a network device\n" },
		{ LMA(" underlay = pmip0\n"),
		  "F:7: \"pmip0\" cannot be the link below itself\n" },
		{ LMA(" hop-limit = 0\n fwmark = -1\n"),
		  "F:8: \"-1\" is not a value of fwmark, which is 0 to 4294967295\n"
		  "F:7: \"0\" is not a value of hop-limit, which is 1 to 255\n" },
		{ LMA(" hop-limit = 256\n fwmark = 0x100000000\n"),
		  "F:8: \"0x100000000\" is not a value of fwmark, which is 0 to 4294967295\n"
		  "F:7: \"256\" is not a value of hop-limit, which is 1 to 255\n" },
		{ LMA(" hop-limit = many\n"),
		  "F:7: \"many\" is not a value of hop-limit, which is 1 to 255\n" },
		{ LMA(" hop-limit = 64;\n"),
		  "F:7: \"64;\" is not a value of hop-limit, which is 1 to 255\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

static void test_addresses(void **state)
{
	static const char *const bad[] = {
		"2001:db8::zz", "192.0.2.1", "2001:db8::1/64", "",
	};
	static const char *const other[] = {
		"::", "::1", "ff02::1", "fe80::1", "::ffff:192.0.2.1",
	};
	char text[256], expected[256], *errors;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad) + ARRAY_SIZE(other); i++) {
		bool is_bad = i < ARRAY_SIZE(bad);
		const char *addr = is_bad ? bad[i] :
					    other[i - ARRAY_SIZE(bad)];

		snprintf(text, sizeof(text),
			 "profiles = p\nlma {\n device = a\n mags = {}\n"
			 " address = \"%s\"\n}\n", addr);
		snprintf(expected, sizeof(expected), "F:5: \"%s\" is not %s\n",
			 addr, is_bad ? "an IPv6 address" :
					"a global unicast address");
		assert_null(load(text, &errors));
		assert_string_equal(errors, expected);
		free(errors);
	}
}

static void test_mag_faults(void **state)
{
	static const struct fault faults[] = {
		{ "\nprofiles = p\nmag {\n}\n",
		  "F:3: mag lacks lma\n"
		  "F:3: mag lacks device\n"
		  "F:3: mag lacks address\n"
		  "F:3: mag lacks access\n" },
		{ MAG("") + strlen("profiles = p\n"),
		  "F:1: mag knows no mobile node: give profiles, or realm-of-unknown\n" },
		{ MAG(" lma = 2001:db8:ffff::11\n"),
		  "F:7: lma is set twice, first on line 5\n"
		  "F:7: mag cannot be its own lma, \"2001:db8:ffff::11\"\n" },
		{ MAG("\n access eth1 {\n }\n"),
		  "F:8: found duplicate title 'eth1'\n" },
		{ MAG("\n access pmip1 {\n }\n"),
		  "F:8: access \"pmip1\" is the device of mag\n" },
		{ MAG(" access 1234567890123456 {\n }\n"),
		  "F:7: \"1234567890123456\" is too long for the name of a network device, which has at most 15 characters\n" },
		{ MAG(" access eth2 {\n  access-technology = smoke\n }\n"),
		  "F:8: there is no access technology \"smoke\"\n" },
		{ MAG(" access eth2 {\n  access-technology = 0\n }\n"),
		  "F:8: \"0\" is not a value of access-technology, which is 1 to 255\n" },
		{ MAG(" access eth2 {\n  access-technology = 256\n }\n"),
		  "F:8: \"256\" is not a value of access-technology, which is 1 to 255\n" },
		{ MAG(" FixedMAGLinkLocalAddressOnAllAccessLinks = 2001:db8::1\n"),
		  "F:7: \"2001:db8::1\" is neither a link-local address nor none\n" },
		{ MAG(" FixedMAGLinkLayerAddressOnAllAccessLinks = 01:00:5e:00:00:01\n"),
		  "F:7: \"01:00:5e:00:00:01\" is not the link-layer address of one station\n" },
		{ MAG(" FixedMAGLinkLayerAddressOnAllAccessLinks = 00:00:5e:00:52\n"),
		  "F:7: \"00:00:5e:00:52\" is not a link-layer address, like 02:00:00:00:00:01\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

static void test_mag_variable_faults(void **state)
{
	static const struct fault faults[] = {
		{ MAG(" lifetime = 3\n"),
		  "F:7: \"3\" is not a value of lifetime, which is 4 to 262140\n" },
		{ MAG(" lifetime = 262141\n"),
		  "F:7: \"262141\" is not a value of lifetime, which is 4 to 262140\n" },
		{ MAG(" INITIAL_BINDACK_TIMEOUT = 99\n"),
		  "F:7: \"99\" is not a value of INITIAL_BINDACK_TIMEOUT, which is 100 to 600000\n" },
		{ MAG(" INITIAL_BINDACK_TIMEOUT = 32001\n"),
		  "F:7: MAX_BINDACK_TIMEOUT 32000 is less than INITIAL_BINDACK_TIMEOUT 32001\n" },
		{ MAG("\n MAX_BINDACK_TIMEOUT = 999\n"),
		  "F:8: MAX_BINDACK_TIMEOUT 999 is less than INITIAL_BINDACK_TIMEOUT 1000\n" },
		{ MAG(" deregistration-tries = 0\n"),
		  "F:7: \"0\" is not a value of deregistration-tries, which is 1 to 10\n" },
		{ MAG(" retry-after-refusal = 0\n"),
		  "F:7: \"0\" is not a value of retry-after-refusal, which is 1 to 86400\n" },
		{ MAG(" MaxRtrAdvInterval = 1801\n"),
		  "F:7: \"1801\" is not a value of MaxRtrAdvInterval, which is 1 to 1800\n" },
		{ MAG(" MaxRtrAdvInterval = 10\n AdvDefaultLifetime = 9\n"),
		  "F:8: \"9\" is not a value of AdvDefaultLifetime, which is 10 to 9000\n" },
		{ MAG(" AdvDefaultLifetime = 9001\n"),
		  "F:7: \"9001\" is not a value of AdvDefaultLifetime, which is 600 to 9000\n" },
		{ MAG(" AdvValidLifetime = 0\n"),
		  "F:7: \"0\" is not a value of AdvValidLifetime, which is 1 to 4294967295\n" },
		{ MAG(" AdvPreferredLifetime = 101\n AdvValidLifetime = 100\n"),
		  "F:7: AdvPreferredLifetime 101 is more than AdvValidLifetime 100\n" },
		{ MAG(" AdvLinkMTU = 1279\n"),
		  "F:7: \"1279\" is not a value of AdvLinkMTU, which is 1280 to 65535\n" },
		{ MAG(" realm-of-unknown = a@b\n"),
		  "F:7: \"a@b\" is not a realm, like example.com\n" },
		{ MAG(" EnableMAGLocalRouting = 2\n"),
		  "F:7: \"2\" is not a value of EnableMAGLocalRouting, which is true or false\n" },
		{ MAG(" neighbour-idle = 86401\n"),
		  "F:7: \"86401\" is not a value of neighbour-idle, which is 0 to 86400\n" },
		{ MAG(" rule-priority = 999\n"),
		  "F:7: \"999\" is not a value of rule-priority, which is 2 to 998\n" },
		{ MAG(" table-uplink = 254\n"),
		  "F:7: table-uplink: table 254 is the kernel's\n" },
		{ MAG(" table-access = 0\n"),
		  "F:7: \"0\" is not a value of table-access, which is 1 to 4294967295\n" },
		{ MAG(" table-access = 5213\n"),
		  "F:7: table-uplink and table-access are the same, 5213\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

/* LMA("") ends on line 7; what is added to it begins on line 8. */
static void test_both_roles(void **state)
{
	static const struct fault faults[] = {
		{ LMA("") "mag {\n device = pmip0\n address = 2001:db8:ffff::2\n"
		  " lma = 2001:db8:ffff::1\n access eth1 { }\n}\n",
		  "F:9: mag cannot have the device of lma, \"pmip0\"\n" },
		{ LMA("") "mag {\n device = pmip1\n address = 2001:db8:ffff::1\n"
		  " lma = 2001:db8:ffff::9\n access eth1 { }\n}\n",
		  "F:10: mag cannot have the address of lma, \"2001:db8:ffff::1\"\n" },
		{ LMA("") "mag {\n device = pmip1\n address = 2001:db8:ffff::2\n"
		  " lma = 2001:db8:ffff::1\n access eth1 { }\n"
		  " access pmip0 {\n }\n}\n",
		  "F:13: \"pmip0\" is the device of lma\n" },
		/* Nothing is said twice of a name that is wrong or not there. */
		{ "profiles = p\nlma {\n address = 2001:db8::1\n mags = {}\n}\n"
		  "mag {\n device = \"\"\n address = ::\n lma = 2001:db8::1\n"
		  " access eth1 { }\n}\n",
		  "F:2: lma lacks device\n"
		  "F:7: \"\" is not a name of a network device\n"
		  "F:8: \"::\" is not a global unicast address\n" },
	};
	struct config *config;

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
	config = load_good(LMA("") "mag {\n device = pmip1\n"
			   " address = 2001:db8:ffff::2\n"
			   " lma = 2001:db8:ffff::1\n access eth1 { }\n}\n");
	assert_non_null(config->lma);
	assert_non_null(config->mag);
	config_free(config);
}

/* One wrong value does not hide another. */
static void test_all_errors(void **state)
{
	struct config *config;
	char *errors;

	(void)state;
	config = load("log-level = x\nlma {\n device = a/b\n address = x\n"
		      " mags = { y }\n pool z {\n prefix-length = w\n }\n"
		      " max-lifetime = v\n}\n", &errors);
	assert_null(config);
	assert_string_equal(errors,
			    "F:1: \"x\" is not a value of log-level, which is debug, info, warning or error\n"
			    "F:3: \"a/b\" is not a name of a network device\n"
			    "F:4: \"x\" is not an IPv6 address\n"
			    "F:5: \"y\" is not an IPv6 address\n"
			    "F:7: \"w\" is not a value of prefix-length, which is 1 to 128\n"
			    "F:6: \"z\" is not an IPv6 prefix, like 2001:db8:1::/64\n"
			    "F:9: \"v\" is not a value of max-lifetime, which is 4 to 262140\n"
			    "F:2: lma knows no mobile node: give profiles, or accept-unknown-mobile-nodes = true\n");
	free(errors);
}

static void test_mag_defaults(void **state)
{
	static const uint8_t lladdr[] = { 0, 0, 0x5e, 0, 0x52, 0x13 };
	struct config *config = load_good(MAG(""));
	const struct config_mag *mag = config->mag;

	(void)state;
	assert_null(config->lma);
	assert_string_equal(mag->device.name, "pmip1");
	assert_int_equal(mag->device.hop_limit, 64);
	assert_ip6_equal(&mag->engine.address, "2001:db8:ffff::11");
	assert_ip6_equal(&mag->lma, "2001:db8:ffff::1");
	assert_int_equal(mag->access_count, 1);
	assert_string_equal(mag->access[0].ifname, "eth1");
	assert_int_equal(mag->access[0].att, MH_ATT_IEEE_802_3);
	/* RULE: B-MAG-82 */
	assert_ip6_equal(&mag->engine.link_local, "fe80::200:5eff:fe00:5213");
	assert_true(mag->fixed_lladdr.enabled);
	/* RULE: B-MAG-82 */
	assert_memory_equal(mag->fixed_lladdr.octets, lladdr, ETH_ALEN);
	assert_int_equal(mag->engine.lifetime_s, 600);
	/* RULE: B-MAG-53 */
	assert_int_equal(mag->engine.initial_bindack_timeout_ms, 1000);
	/* RULE: B-MAG-53 B-MAG-83 */
	assert_int_equal(mag->engine.max_bindack_timeout_ms, 32000);
	assert_int_equal(mag->engine.deregistration_tries, 3);
	assert_int_equal(mag->engine.retry_after_refusal_s, 60);
	assert_int_equal(mag->engine.max_mobile_nodes, 65536);
	assert_int_equal(mag->engine.ra_interval_s, 600);
	assert_int_equal(mag->engine.router_lifetime_s, 1800);
	assert_int_equal(mag->engine.valid_lifetime_s, 2592000);
	assert_int_equal(mag->engine.preferred_lifetime_s, 604800);
	assert_int_equal(mag->engine.mtu, 0);
	assert_int_equal(mag->rule_priority, 900);
	assert_int_equal(mag->table_uplink, 5213);
	assert_int_equal(mag->table_access, 5214);
	assert_int_equal(mag->neighbour_idle_s, 30);
	assert_string_equal(mag->realm_of_unknown, "");
	/* RULE: B-MAG-52 */
	assert_false(mag->local_routing);
	config_free(config);
}

static void test_mag_values(void **state)
{
	static const uint8_t lladdr[] = { 2, 0, 0, 0xa, 0xB, 0xff };
	struct config *config = load_good(MAG(
		" access wlan0 {\n access-technology = ieee-802.11\n }\n"
		" access nbiot0 {\n access-technology = 13\n }\n"
		" FixedMAGLinkLocalAddressOnAllAccessLinks = fe80::1\n"
		" FixedMAGLinkLayerAddressOnAllAccessLinks = 02-00-00-0A-0b-FF\n"
		" lifetime = 8\n INITIAL_BINDACK_TIMEOUT = 200\n"
		" MAX_BINDACK_TIMEOUT = 400\n deregistration-tries = 1\n"
		" max-mobile-nodes = 5000\n"
		" retry-after-refusal = 2\n MaxRtrAdvInterval = 5\n"
		" AdvValidLifetime = 100\n AdvLinkMTU = 1400\n"
		" rule-priority = 100\n table-uplink = 7\n table-access = 8\n"
		" neighbour-idle = 0\n realm-of-unknown = b.example\n"
		" EnableMAGLocalRouting = true\n"));
	const struct config_mag *mag = config->mag;

	(void)state;
	assert_int_equal(mag->access_count, 3);
	assert_int_equal(config_access_find(mag, "wlan0")->att,
			 MH_ATT_IEEE_802_11);
	assert_int_equal(config_access_find(mag, "nbiot0")->att,
			 MH_ATT_NB_IOT);
	assert_null(config_access_find(mag, "eth0"));
	/* RULE: B-LMA-96 B-MAG-82 */
	assert_ip6_equal(&mag->engine.link_local, "fe80::1");
	assert_true(mag->fixed_lladdr.enabled);
	/* RULE: B-LMA-96 B-MAG-82 */
	assert_memory_equal(mag->fixed_lladdr.octets, lladdr, ETH_ALEN);
	assert_int_equal(mag->engine.lifetime_s, 8);
	assert_int_equal(mag->engine.initial_bindack_timeout_ms, 200);
	assert_int_equal(mag->engine.max_bindack_timeout_ms, 400);
	assert_int_equal(mag->engine.deregistration_tries, 1);
	assert_int_equal(mag->engine.retry_after_refusal_s, 2);
	assert_int_equal(mag->engine.max_mobile_nodes, 5000);
	assert_int_equal(mag->engine.ra_interval_s, 5);
	assert_int_equal(mag->engine.router_lifetime_s, 15);
	assert_int_equal(mag->engine.valid_lifetime_s, 100);
	assert_int_equal(mag->engine.preferred_lifetime_s, 100);
	assert_int_equal(mag->engine.mtu, 1400);
	assert_int_equal(mag->rule_priority, 100);
	assert_int_equal(mag->table_uplink, 7);
	assert_int_equal(mag->table_access, 8);
	assert_int_equal(mag->neighbour_idle_s, 0);
	assert_string_equal(mag->realm_of_unknown, "b.example");
	/* RULE: B-MAG-52 */
	assert_true(mag->local_routing);
	config_free(config);
}

static void test_fixed_addresses_off(void **state)
{
	static const char *const texts[] = {
		MAG(" FixedMAGLinkLocalAddressOnAllAccessLinks = none\n"
		    " FixedMAGLinkLayerAddressOnAllAccessLinks = none\n"),
		MAG(" FixedMAGLinkLocalAddressOnAllAccessLinks = ::\n"
		    " FixedMAGLinkLayerAddressOnAllAccessLinks = 00:00:00:00:00:00\n"),
	};
	struct config *config;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		config = load_good(texts[i]);
		assert_ip6_equal(&config->mag->engine.link_local, "::");
		/* RULE: B-LMA-96 */
		assert_false(config->mag->fixed_lladdr.enabled);
		config_free(config);
	}
}

/* Every name that the manual page has. */
static void test_access_technologies(void **state)
{
	static const char *const names[] = {
		"virtual", "ppp", "ieee-802.3", "ieee-802.11", "ieee-802.16e",
		"geran", "utran", "e-utran", "ehrpd", "hrpd", "1xrtt", "umb",
		"nb-iot",
	};
	struct config *config;
	char text[512];
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(text, sizeof(text), MAG("access w {\n"
						 "access-technology = %s\n}\n"),
			 names[i]);
		config = load_good(text);
		assert_int_equal(config->mag->access[1].att, i + 1);
		config_free(config);
	}
}

static void test_examples(void **state)
{
	static const char *const paths[] = {
		"Documentation/examples/lma.conf",
		"Documentation/examples/mag.conf",
	};
	struct capture capture;
	struct config *config;
	char *errors;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		capture_begin(&capture);
		config = config_load(paths[i], capture.file);
		errors = capture_end(&capture);
		assert_string_equal(errors, "");
		assert_non_null(config);
		assert_string_equal(config->profiles,
				    "Documentation/examples/profiles.conf");
		assert_int_equal(!!config->lma, i == 0);
		assert_int_equal(!!config->mag, i == 1);
		free(errors);
		config_free(config);
	}
}

static bool is_explained(const char *page, const char *key)
{
	static const char *const forms[] = {
		"\n.BI %s \"", "\n.BI \"%s ", "\n.BR \"%s ",
	};
	char wanted[128];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		snprintf(wanted, sizeof(wanted), forms[i], key);
		if (strstr(page, wanted))
			return true;
	}
	return false;
}

/* The manual page has every key that a role may have. */
static void test_manual(void **state)
{
	static const cfg_opt_t *const roles[] = {
		config_lma_keys, config_mag_keys,
	};
	FILE *file = fopen("Documentation/man/pmip6d.conf.5", "r");
	static char page[65536];
	const cfg_opt_t *key;
	size_t size = 0;
	unsigned int i;
	int c;

	(void)state;
	assert_non_null(file);
	while ((c = fgetc(file)) != EOF) {
		assert_true(size < sizeof(page) - 1);
		if (c != '\\')
			page[size++] = (char)c;
	}
	fclose(file);
	for (i = 0; i < ARRAY_SIZE(roles); i++) {
		for (key = roles[i]; key->name; key++) {
			if (!is_explained(page, key->name))
				fail_msg("nothing is said of %s", key->name);
			if (key->type == CFGT_SEC)
				assert_non_null(strstr(page,
						       key->subopts->name));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_no_text),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_common_keys),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_mag_faults),
		cmocka_unit_test(test_mag_variable_faults),
		cmocka_unit_test(test_both_roles),
		cmocka_unit_test(test_all_errors),
		cmocka_unit_test(test_mag_defaults),
		cmocka_unit_test(test_mag_values),
		cmocka_unit_test(test_fixed_addresses_off),
		cmocka_unit_test(test_access_technologies),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
