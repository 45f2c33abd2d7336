// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/policy_file.c: what a file may say
 */
#include <stdlib.h>
#include <string.h>

#include "common/policy_text.h"

static const struct mh_ll_id no_ll_id;

static void test_faults(void **state)
{
	static const struct {
		const char *text;
		const char *errors;
	} faults[] = {
		{ "mobile \"a@b.c\" {\n}\n", "F:1: no such option 'mobile'\n" },
		{ "mn a@b.c {\n colour = red\n}\n",
		  "F:2: no such option 'colour'\n" },
		{ "mn {\n}\n", "F:1: missing title for section 'mn'\n" },
		{ "\"\" = 1\n",
		  "F:1: from here on it is not understood: is a key empty?\n" },
		/* RULE: B-MAG-66 B-MAG-07 */
		{ "# one\nmn a@b.c {\n}\n\nmn b@b.c {\n}\nmn a@b.c\n{\n}\n",
		  "F:8: there is a mn \"a@b.c\" already, on line 2\n" },
		{ "mn a@b.c {\n lladdr = {02:00:00:00:00:01}\n}\n"
		  "mn b@b.c {\n lladdr = {02:00:00:00:00:02,\n"
		  " 02:00:00:00:00:01}\n}\n",
		  "F:6: lladdr \"02:00:00:00:00:01\" is that of mn \"a@b.c\" already, on line 2\n" },
		{ "mn a@b.c {\n lladdr = {02:00:00:00:00:01,\n"
		  "  02-00-00-00-00-01}\n}\n",
		  "F:3: lladdr \"02-00-00-00-00-01\" is that of mn \"a@b.c\" already, on line 2\n" },
		{ "mn a@b.c {\n\n lladdr = {33:33:00:00:00:01}\n}\n",
		  "F:3: \"33:33:00:00:00:01\" is not the link-layer address of one station\n" },
		{ "mn a@b.c {\n lladdr = {00:00:00:00:00:00}\n}\n",
		  "F:2: \"00:00:00:00:00:00\" is not the link-layer address of one station\n" },
		{ "mn a@b.c {\n lladdr = {02:00:00:00:00:0g}\n}\n",
		  "F:2: \"02:00:00:00:00:0g\" is not a link-layer address, like 02:00:00:00:00:01\n" },
		{ "mn a@b.c {\n lladdr = {02:00:00:00:00:01:02}\n}\n",
		  "F:2: \"02:00:00:00:00:01:02\" is not a link-layer address, like 02:00:00:00:00:01\n" },
		{ "mn a@b.c {\n prefixes = {2001:db8::1/64}\n}\n",
		  "F:2: \"2001:db8::1/64\" has bits set after its length\n" },
		{ "mn a@b.c {\n prefixes = {fe80::/64}\n}\n",
		  "F:2: \"fe80::/64\" is not a prefix of global unicast addresses\n" },
		{ "mn a@b.c {\n prefixes = {2001:db8::}\n}\n",
		  "F:2: \"2001:db8::\" is not an IPv6 prefix, like 2001:db8:1::/64\n" },
		{ "mn a@b.c {\n lma = ff02::1\n}\n",
		  "F:2: \"ff02::1\" is not a global unicast address\n" },
		{ "mn a@b.c {\n lma = here\n}\n",
		  "F:2: \"here\" is not an IPv6 address\n" },
		{ "mn a@b.c {\n lifetime = 0\n}\n",
		  "F:2: \"0\" is not a value of lifetime, which is 4 to 262140\n" },
		{ "mn a@b.c {\n lifetime = 262141\n}\n",
		  "F:2: \"262141\" is not a value of lifetime, which is 4 to 262140\n" },
		{ "mn a@b.c {\n bulk-binding-update = 1\n}\n",
		  "F:2: \"1\" is not a value of bulk-binding-update, which is true or false\n" },
		{ "mn a@b.c {\n local-routing = always\n}\n",
		  "F:2: \"always\" is not a value of local-routing, which is true or false\n" },
		{ "mn a@b.c {\n valid-lifetime = 5\n preferred-lifetime = 6\n}\n",
		  "F:3: preferred-lifetime 6 is more than valid-lifetime 5\n" },
		{ "mn a@b.c {\n address-configuration = dhcp\n}\n",
		  "F:2: \"dhcp\" is not a value of address-configuration, which is slaac, stateless-dhcpv6, dhcpv6, both or manual\n" },
		{ "mn a@b.c {\n service = maybe\n}\n",
		  "F:2: \"maybe\" is not a value of service, which is true or false\n" },
		{ "mn a@b.c {\n lifetime = 5\n lifetime = 6\n}\n",
		  "F:3: lifetime is set twice, first on line 2\n" },
		{ "mn a@b.c {\n prefixes-per-session = 0\n}\n",
		  "F:2: \"0\" is not a value of prefixes-per-session, which is 1 to 16\n" },
		{ "mn a {\n interface 02:00:00:00:00:01 {\n }\n"
		  " interface 02:00:00:00:00:0g {\n }\n}\n",
		  "F:4: \"02:00:00:00:00:0g\" is not a link-layer address, like 02:00:00:00:00:01\n" },
		{ "mn a {\n lladdr = {02:00:00:00:00:01}\n"
		  " interface 02:00:00:00:00:01 {\n }\n}\n",
		  "F:3: lladdr \"02:00:00:00:00:01\" is that of mn \"a\" already, on line 2\n" },
		{ "mn a {\n interface 02:00:00:00:00:01 {\n"
		  "  prefixes-per-session = 17\n }\n}\n",
		  "F:3: \"17\" is not a value of prefixes-per-session, which is 0 to 16\n" },
		{ "mn a {\n prefixes = {2001:db8::/64}\n"
		  " interface 02:00:00:00:00:01 {\n"
		  "  prefixes = {2001:db8::/64}\n }\n}\n",
		  "F:4: a prefix of mn \"a\" overlaps one of \"a\" on line 2\n" },
		/* One wrong value does not hide another. */
		{ "mn a {\n lifetime = x\n}\nmn b {\n lma = y\n}\nmn a {\n}\n",
		  "F:2: \"x\" is not a value of lifetime, which is 4 to 262140\n"
		  "F:5: \"y\" is not an IPv6 address\n"
		  "F:7: there is a mn \"a\" already, on line 1\n" },
	};
	char *errors;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		assert_null(load(faults[i].text, &errors));
		assert_string_equal(errors, faults[i].errors);
		free(errors);
	}
}

static void test_overlaps(void **state)
{
	static const struct {
		const char *text;
		const char *errors;
	} faults[] = {
		{ "mn a {\n prefixes = {2001:db8:1::/64}\n}\n"
		  "mn b {\n prefixes = {2001:db8:2::/64,\n2001:db8:1::/64}\n}\n",
		  "F:6: a prefix of mn \"b\" overlaps one of \"a\" on line 2\n" },
		{ "mn a {\n prefixes = {2001:db8:1:5::/64}\n}\n"
		  "mn b {\n prefixes = {2001:db8:1::/48}\n}\n",
		  "F:5: a prefix of mn \"b\" overlaps one of \"a\" on line 2\n" },
		/* The one that is overlapped is not the one just before. */
		{ "mn a {\n prefixes = {2001:db8::/32}\n}\n"
		  "mn b {\n prefixes = {2001:db8:1::/64}\n}\n"
		  "mn c {\n prefixes = {2001:db8:2::/64}\n}\n"
		  "mn d {\n prefixes = {2001:db9::/64}\n}\n",
		  "F:5: a prefix of mn \"b\" overlaps one of \"a\" on line 2\n"
		  "F:8: a prefix of mn \"c\" overlaps one of \"a\" on line 2\n" },
		{ "mn a {\n prefixes = {2001:db8::/64}\n}\n"
		  "mn b {\n prefixes = {2001:db8:1::/48}\n}\n"
		  "mn c {\n prefixes = {2001:db8:1:5::/64}\n}\n",
		  "F:8: a prefix of mn \"c\" overlaps one of \"b\" on line 5\n" },
		{ "mn a {\n prefixes = {2001:db8:1::/64,\n2001:db8:1::/64}\n}\n",
		  "F:3: a prefix of mn \"a\" overlaps one of \"a\" on line 2\n" },
	};
	char *errors;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		assert_null(load(faults[i].text, &errors));
		assert_string_equal(errors, faults[i].errors);
		free(errors);
	}
}

static void test_identifiers(void **state)
{
	static const char *const bad[] = {
		"", "@", "@example.com", "mn@", "mn@@example.com",
		"mn@a@example.com", "m n@example.com", "mn\\t@example.com",
		"mn@.com", "mn@example.", "mn@example..com", "mn@-a.com",
		"mn@a-.com", "mn@exa_mple.com", "mn\\x7f",
	};
	static const char *const good[] = {
		"mn1", "mn1@example.com", "mn.1+x@a-b.example", "m@b",
		"0123456789abcdef", "0001010123456789@nai.epc.mnc001.mcc001.3gppnetwork.org",
		"\xc3\xbc@\xc3\xbc.example",
	};
	struct policy *policy;
	char text[400], *errors;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(text, sizeof(text), "\nmn \"%s\" { }\n", bad[i]);
		assert_null(load(text, &errors));
		assert_memory_equal(errors, "F:2: \"", 6);
		/* RULE: B-MAG-07 */
		assert_non_null(strstr(errors, "\" is not a network access identifier, like mn1@example.com\n"));
		free(errors);
	}
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		snprintf(text, sizeof(text), "mn \"%s\" {\nlladdr = {02:00:00:00:00:01}\n}\n", good[i]);
		policy = load_good(text);
		/* RULE: B-MAG-09 */
		assert_int_equal(policy_count(policy), 1);
		policy_free(policy);
	}
}

/* RFC 4283: one octet of length, of which the subtype takes one. */
static void test_longest_identifier(void **state)
{
	struct config_lma lma = { .any_mag = false };
	char text[400], long_id[MH_MN_ID_MAX + 2], *errors;
	struct lma_policy answer = { 0 };
	struct policy *policy;
	struct mh_mn_id id;

	(void)state;
	memset(long_id, 'a', MH_MN_ID_MAX + 1);
	long_id[MH_MN_ID_MAX + 1] = '\0';
	snprintf(text, sizeof(text), "mn %s {\n}\n", long_id);
	assert_null(load(text, &errors));
	assert_memory_equal(errors, "F:1: ", 5);
	free(errors);

	long_id[MH_MN_ID_MAX] = '\0';
	snprintf(text, sizeof(text), "mn %s {\n}\n", long_id);
	policy = load_good(text);
	id = nai(long_id);
	assert_int_equal(id.len, MH_MN_ID_MAX);
	policy_for_mn(policy, &id, &no_ll_id, &lma, &answer);
	assert_true(answer.mn_known);
	policy_free(policy);
}

static void test_too_many_prefixes(void **state)
{
	char text[2048] = "mn a {\n prefixes = {", *errors;
	unsigned int i;
	size_t len;

	(void)state;
	for (i = 0; i <= MH_MAX_HNP; i++) {
		len = strlen(text);
		snprintf(text + len, sizeof(text) - len,
			 "%s2001:db8:%x::/64\n", i ? "," : "", i);
	}
	strcat(text, "} }\n");
	assert_null(load(text, &errors));
	assert_string_equal(errors,
			    "F:18: mn \"a\" has more than 16 prefixes\n");
	free(errors);
}

static void test_empty(void **state)
{
	struct policy *policy = load_good("");

	(void)state;
	assert_int_equal(policy_count(policy), 0);
	assert_int_equal(policy_count(NULL), 0);
	policy_free(policy);
	policy_free(NULL);
}

/* Linear: as many as this take minutes where every one is compared. */
static void test_many(void **state)
{
	const unsigned int count = 50000;
	struct config_mag mag = { .lma = ip6("2001:db8::1") };
	uint8_t lladdr[ETH_ALEN] = { 2, 0, 0, 0, 0, 0 };
	struct mag_profile profile;
	struct capture capture;
	struct policy *policy;
	struct mh_mn_id id;
	unsigned int i;
	char *text;

	(void)state;
	capture_begin(&capture);
	for (i = 0; i < count; i++)
		fprintf(capture.file,
			"mn mn%u {\nlladdr = {02:00:00:00:%02x:%02x}\n"
			"prefixes = {2001:db8:1:%x::/64}\n}\n", i, i >> 8,
			i & 0xff, i);
	text = capture_end(&capture);
	policy = load_good(text);
	free(text);
	assert_int_equal(policy_count(policy), count);
	lladdr[4] = (count - 1) >> 8;
	lladdr[5] = (count - 1) & 0xff;
	assert_int_equal(policy_for_lladdr(policy, lladdr, &mag, &profile),
			 POLICY_SERVICE);
	id = nai("mn49999");
	assert_true(mh_mn_id_equal(&profile.mn_id, &id));
	assert_prefix_equal(&profile.hnp[0], "2001:db8:1:c34f::/64");
	policy_free(policy);
}

static void test_example(void **state)
{
	struct policy *policy;
	struct capture capture;
	char *errors;

	(void)state;
	capture_begin(&capture);
	policy = policy_load("Documentation/examples/profiles.conf",
			     capture.file);
	errors = capture_end(&capture);
	assert_string_equal(errors, "");
	assert_int_equal(policy_count(policy), 4);
	free(errors);
	policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_identifiers),
		cmocka_unit_test(test_longest_identifier),
		cmocka_unit_test(test_too_many_prefixes),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
