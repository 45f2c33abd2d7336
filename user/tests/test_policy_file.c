// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/policy_file.c
 */
#include <stdlib.h>
#include <string.h>

#include "../ports/policy_file.h"
#include "common/scratch.h"
#include "common/test.h"

static const uint8_t first[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t second[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t third[ETH_ALEN] = { 2, 0, 0, 0, 0, 3 };
static const uint8_t fourth[ETH_ALEN] = { 2, 0, 0, 0, 0, 4 };
static const struct mh_ll_id no_ll_id;

/* Loads a text; what is said of it, with "F" for the name of the file. */
static struct policy *load(const char *text, char **errors)
{
	const char *path = scratch_write("profiles.conf", text);
	struct capture capture;
	struct policy *policy;

	capture_begin(&capture);
	policy = policy_load(path, capture.file);
	*errors = capture_end_of(&capture, path);
	return policy;
}

static struct policy *load_good(const char *text)
{
	struct policy *policy;
	char *errors;

	policy = load(text, &errors);
	assert_string_equal(errors, "");
	assert_non_null(policy);
	free(errors);
	return policy;
}

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
	struct lma_policy answer;
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

static const char profiles[] =
	"mn \"mn1@example.com\" {\n"
	" lladdr = { \"02:00:00:00:00:01\" }\n"
	"}\n"
	"mn \"mn2@example.com\" {\n"
	" lladdr = { \"02:00:00:00:00:02\", \"02:00:00:00:00:03\" }\n"
	" lma = \"2001:db8::2\"\n"
	" prefixes = { \"2001:db8:100:2::/64\", \"2001:db8:100:1::/64\" }\n"
	" lifetime = 3600\n"
	" service = true\n"
	"}\n"
	"mn \"mn3@example.com\" {\n"
	" lladdr = { \"02:00:00:00:00:04\" }\n"
	" service = false\n"
	"}\n";

static void test_for_lladdr(void **state)
{
	struct config_mag mag = { .lma = ip6("2001:db8::1") };
	struct policy *policy = load_good(profiles);
	static const uint8_t other[ETH_ALEN] = { 2, 0, 0, 0, 0, 9 };
	struct mag_profile profile;
	struct mh_mn_id id;

	(void)state;
	assert_int_equal(policy_count(policy), 3);
	memset(&profile, 0xff, sizeof(profile));
	/* RULE: B-MAG-03 */
	assert_int_equal(policy_for_lladdr(policy, first, &mag, &profile),
			 POLICY_SERVICE);
	id = nai("mn1@example.com");
	/* RULE: B-MAG-07 B-MAG-08 B-SEC-15 */
	assert_true(mh_mn_id_equal(&profile.mn_id, &id));
	/* RULE: B-MAG-04 B-LMA-60 */
	assert_ip6_equal(&profile.lma, "2001:db8::1");
	assert_int_equal(profile.lifetime_s, 0);
	assert_int_equal(profile.address_configuration, ADDRESS_SLAAC);
	assert_int_equal(profile.valid_lifetime_s, 0);
	assert_int_equal(profile.hnp_count, 0);

	assert_int_equal(policy_for_lladdr(policy, third, &mag, &profile),
			 POLICY_SERVICE);
	id = nai("mn2@example.com");
	assert_true(mh_mn_id_equal(&profile.mn_id, &id));
	/* RULE: B-MAG-04 B-LMA-60 */
	assert_ip6_equal(&profile.lma, "2001:db8::2");
	assert_int_equal(profile.lifetime_s, 3600);
	/* Two share them: the anchor knows which of the two has them. */
	assert_int_equal(profile.hnp_count, 0);

	/* RULE: B-MAG-47 */
	assert_int_equal(policy_for_lladdr(policy, fourth, &mag, &profile),
			 POLICY_NO_SERVICE);
	/* RULE: B-MAG-47 B-SEC-08 */
	assert_int_equal(policy_for_lladdr(policy, other, &mag, &profile),
			 POLICY_UNKNOWN);
	assert_int_equal(policy_for_lladdr(NULL, first, &mag, &profile),
			 POLICY_UNKNOWN);
	policy_free(policy);
}

static bool may_route_locally(const struct policy *policy,
			      const uint8_t *lladdr, bool by_default)
{
	struct config_mag mag = {
		.local_routing = by_default,
		.realm_of_unknown = "b.c",
	};
	struct mag_profile profile;

	assert_int_equal(policy_for_lladdr(policy, lladdr, &mag, &profile),
			 POLICY_SERVICE);
	return profile.local_routing;
}

/* What a profile says counts, whatever EnableMAGLocalRouting says. */
static void test_local_routing(void **state)
{
	struct policy *policy = load_good(
		"mn a@b.c {\n lladdr = { \"02:00:00:00:00:01\" }\n}\n"
		"mn b@b.c {\n lladdr = { \"02:00:00:00:00:02\" }\n"
		" local-routing = true\n}\n"
		"mn c@b.c {\n lladdr = { \"02:00:00:00:00:03\" }\n"
		" local-routing = false\n}\n");
	int by_default;

	(void)state;
	for (by_default = 0; by_default < 2; by_default++) {
		/* RULE: B-MAG-52 */
		assert_int_equal(may_route_locally(policy, first, by_default),
				 by_default);
		/* RULE: B-MAG-52 */
		assert_true(may_route_locally(policy, second, by_default));
		/* RULE: B-MAG-33 B-MAG-52 */
		assert_false(may_route_locally(policy, third, by_default));
		assert_int_equal(may_route_locally(policy, fourth, by_default),
				 by_default);
	}
	policy_free(policy);
}

/* RFC 5213 6.4, 6.7: the same wherever it attaches. */
static void test_home_link(void **state)
{
	static const struct {
		const char *text;
		uint8_t configuration;
	} cases[] = {
		{ "slaac", ADDRESS_SLAAC },
		{ "stateless-dhcpv6", ADDRESS_STATELESS },
		{ "dhcpv6", ADDRESS_DHCPV6 },
		{ "both", ADDRESS_BOTH },
		{ "manual", ADDRESS_MANUAL },
	};
	struct config_mag mag = { .lma = ip6("2001:db8::1") };
	struct mag_profile profile;
	struct policy *policy;
	char text[300];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(text, sizeof(text),
			 "mn a@b.c {\n lladdr = { \"02:00:00:00:00:01\" }\n"
			 " address-configuration = %s\n valid-lifetime = %zu\n"
			 " preferred-lifetime = 5\n}\n",
			 cases[i].text, 50 + i);
		policy = load_good(text);
		assert_int_equal(policy_for_lladdr(policy, first, &mag,
						   &profile),
				 POLICY_SERVICE);
		/* RULE: B-MAG-04 B-MAG-06 */
		assert_int_equal(profile.address_configuration,
				 cases[i].configuration);
		/* RULE: B-MAG-04 B-MAG-67 */
		assert_int_equal(profile.valid_lifetime_s, 50 + i);
		assert_int_equal(profile.preferred_lifetime_s, 5);
		policy_free(policy);
	}
}

static void test_for_mn(void **state)
{
	struct config_lma lma = { .accept_unknown_mns = false };
	struct policy *policy = load_good(profiles);
	struct lma_policy answer = { .mag_authorized = true };
	struct mh_mn_id id = nai("mn2@example.com");

	(void)state;
	policy_for_mn(policy, &id, &no_ll_id, &lma, &answer);
	assert_true(answer.mag_authorized);
	/* RULE: B-LMA-65 */
	assert_true(answer.mn_known);
	assert_true(answer.service_enabled);
	assert_int_equal(answer.max_lifetime_s, 3600);
	assert_int_equal(answer.hnp_count, 2);
	/* RULE: B-LMA-65 */
	assert_prefix_equal(&answer.hnp[0], "2001:db8:100:2::/64");
	assert_prefix_equal(&answer.hnp[1], "2001:db8:100:1::/64");

	/* The same octets are another mobile node where they are no NAI. */
	id.subtype = MH_MN_ID_NAI + 1;
	policy_for_mn(policy, &id, &no_ll_id, &lma, &answer);
	assert_false(answer.mn_known);

	id = nai("mn3@example.com");
	policy_for_mn(policy, &id, &no_ll_id, &lma, &answer);
	assert_true(answer.mn_known);
	assert_false(answer.service_enabled);
	assert_int_equal(answer.hnp_count, 0);

	id = nai("mn4@example.com");
	policy_for_mn(policy, &id, &no_ll_id, &lma, &answer);
	assert_false(answer.mn_known);
	assert_false(answer.service_enabled);
	policy_for_mn(NULL, &id, &no_ll_id, &lma, &answer);
	assert_false(answer.mn_known);

	/* Open to strangers, but not to one that is known and may not. */
	lma.accept_unknown_mns = true;
	answer.mag_authorized = false;
	policy_for_mn(NULL, &id, &no_ll_id, &lma, &answer);
	assert_false(answer.mag_authorized);
	assert_true(answer.mn_known);
	assert_true(answer.service_enabled);
	assert_int_equal(answer.max_lifetime_s, 0);
	assert_int_equal(answer.hnp_count, 0);
	id = nai("mn3@example.com");
	policy_for_mn(policy, &id, &no_ll_id, &lma, &answer);
	assert_true(answer.mn_known);
	assert_false(answer.service_enabled);
	policy_free(policy);
}

static const char interfaces[] =
	"mn a {\n"
	" lladdr = { 02:00:00:00:00:01 }\n"
	" prefixes = { 2001:db8:a::/64 }\n"
	" prefixes-per-session = 3\n"
	" interface 02:00:00:00:00:02 {\n"
	"  prefixes = { 2001:db8:b::/64, 2001:db8:c::/64 }\n }\n"
	" interface 02:00:00:00:00:03 {\n"
	"  prefixes = { 2001:db8:d::/64 }\n"
	"  prefixes-per-session = 2\n }\n"
	"}\n"
	"mn b {\n interface 02:00:00:00:00:04 { }\n}\n";

static struct mh_ll_id ll_id_of(const uint8_t *lladdr)
{
	struct mh_ll_id id = { .len = ETH_ALEN };

	memcpy(id.data, lladdr, ETH_ALEN);
	return id;
}

static void assert_own(const struct lma_policy *answer, unsigned int count,
		       const char *const *hnp)
{
	unsigned int i;

	assert_int_equal(answer->interface_hnp_count, count);
	assert_int_equal(answer->hnp_count, 4);
	for (i = 0; i < 4; i++)
		assert_prefix_equal(&answer->hnp[i], hnp[i]);
}

/* RFC 5213 6.2: prefixes are kept per interface. */
static void test_interfaces_at_an_anchor(void **state)
{
	static const char *const of_first[] = {
		"2001:db8:a::/64", "2001:db8:b::/64", "2001:db8:c::/64",
		"2001:db8:d::/64",
	};
	static const char *const of_second[] = {
		"2001:db8:b::/64", "2001:db8:c::/64", "2001:db8:a::/64",
		"2001:db8:d::/64",
	};
	static const char *const of_third[] = {
		"2001:db8:d::/64", "2001:db8:a::/64", "2001:db8:b::/64",
		"2001:db8:c::/64",
	};
	struct config_lma lma = { .prefixes_per_session = 5 };
	struct policy *policy = load_good(interfaces);
	struct mh_ll_id ll_id = ll_id_of(first);
	struct mh_mn_id id = nai("a");
	struct lma_policy answer;

	(void)state;
	policy_for_mn(policy, &id, &ll_id, &lma, &answer);
	assert_own(&answer, 1, of_first);
	assert_int_equal(answer.session_prefixes, 3);
	ll_id = ll_id_of(second);
	policy_for_mn(policy, &id, &ll_id, &lma, &answer);
	/* RULE: B-LMA-65 B-LMA-73 */
	assert_own(&answer, 2, of_second);
	assert_int_equal(answer.session_prefixes, 3);
	ll_id = ll_id_of(third);
	policy_for_mn(policy, &id, &ll_id, &lma, &answer);
	assert_own(&answer, 1, of_third);
	assert_int_equal(answer.session_prefixes, 2);
	/* An interface of somebody else, one of nobody, and none. */
	ll_id = ll_id_of(fourth);
	policy_for_mn(policy, &id, &ll_id, &lma, &answer);
	assert_own(&answer, 1, of_first);
	ll_id.data[0] = 6;
	policy_for_mn(policy, &id, &ll_id, &lma, &answer);
	assert_own(&answer, 1, of_first);
	policy_for_mn(policy, &id, &no_ll_id, &lma, &answer);
	assert_own(&answer, 1, of_first);

	id = nai("b");
	policy_for_mn(policy, &id, &no_ll_id, &lma, &answer);
	/* RULE: B-LMA-77 */
	assert_int_equal(answer.session_prefixes, 5);
	assert_int_equal(answer.hnp_count, 0);
	policy_free(policy);
}

static void test_interfaces_at_a_gateway(void **state)
{
	struct config_mag mag = { .lma = ip6("2001:db8::1") };
	struct policy *policy = load_good(interfaces);
	struct mag_profile profile;

	(void)state;
	policy_for_lladdr(policy, first, &mag, &profile);
	/* The only one that has none of its own has those. */
	assert_int_equal(profile.hnp_count, 1);
	assert_prefix_equal(&profile.hnp[0], "2001:db8:a::/64");
	policy_for_lladdr(policy, second, &mag, &profile);
	/* RULE: B-MAG-04 */
	assert_int_equal(profile.hnp_count, 2);
	assert_prefix_equal(&profile.hnp[0], "2001:db8:b::/64");
	assert_prefix_equal(&profile.hnp[1], "2001:db8:c::/64");
	policy_for_lladdr(policy, third, &mag, &profile);
	assert_int_equal(profile.hnp_count, 1);
	assert_prefix_equal(&profile.hnp[0], "2001:db8:d::/64");
	assert_int_equal(policy_for_lladdr(policy, fourth, &mag, &profile),
			 POLICY_SERVICE);
	assert_int_equal(profile.hnp_count, 0);
	policy_free(policy);
}

static void test_lladdrs(void **state)
{
	struct policy *policy = load_good(profiles);
	struct mh_mn_id id = nai("mn2@example.com");
	const uint8_t (*lladdrs)[ETH_ALEN];

	(void)state;
	assert_int_equal(policy_lladdrs(policy, &id, &lladdrs), 2);
	assert_memory_equal(lladdrs[0], second, ETH_ALEN);
	assert_memory_equal(lladdrs[1], third, ETH_ALEN);
	assert_int_equal(policy_lladdrs(NULL, &id, &lladdrs), 0);
	id = nai("mn9@example.com");
	assert_int_equal(policy_lladdrs(policy, &id, &lladdrs), 0);
	policy_free(policy);
}

struct seen {
	unsigned int count;
	struct mh_prefix hnp[4];
};

static void see(void *context, const struct mh_prefix *hnp)
{
	struct seen *seen = context;

	assert_in_range(seen->count, 0, ARRAY_SIZE(seen->hnp) - 1);
	seen->hnp[seen->count++] = *hnp;
}

static void test_each_prefix(void **state)
{
	struct policy *policy = load_good(profiles);
	struct seen seen = { .count = 0 };

	(void)state;
	policy_each_prefix(policy, see, &seen);
	assert_int_equal(seen.count, 2);
	assert_prefix_equal(&seen.hnp[0], "2001:db8:100:2::/64");
	assert_prefix_equal(&seen.hnp[1], "2001:db8:100:1::/64");
	policy_each_prefix(NULL, see, &seen);
	assert_int_equal(seen.count, 2);
	policy_free(policy);
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
		cmocka_unit_test(test_for_lladdr),
		cmocka_unit_test(test_local_routing),
		cmocka_unit_test(test_home_link),
		cmocka_unit_test(test_for_mn),
		cmocka_unit_test(test_interfaces_at_an_anchor),
		cmocka_unit_test(test_interfaces_at_a_gateway),
		cmocka_unit_test(test_lladdrs),
		cmocka_unit_test(test_each_prefix),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
