// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/policy_file.c: what profiles say of mobile nodes
 */
#include <string.h>

#include "common/policy_text.h"

static const uint8_t first[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t second[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t third[ETH_ALEN] = { 2, 0, 0, 0, 0, 3 };
static const uint8_t fourth[ETH_ALEN] = { 2, 0, 0, 0, 0, 4 };
static const struct mh_ll_id no_ll_id;

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

/* Who may be in bulk groups, for both ends; unless its gateway may have none. */
static void test_bulk(void **state)
{
	struct policy *policy = load_good(
		"mn a@b.c {\n lladdr = { \"02:00:00:00:00:01\" }\n}\n"
		"mn b@b.c {\n lladdr = { \"02:00:00:00:00:02\" }\n"
		" bulk-binding-update = false\n}\n");
	static const char *const mns[] = { "a@b.c", "b@b.c", "c@b.c" };
	const uint8_t *const lladdrs[] = { first, second, third };
	struct config_mag mag = { .realm_of_unknown = "b.c" };
	struct config_lma lma = { .accept_unknown_mns = true };
	struct mag_profile profile;
	struct lma_policy answer;
	struct mh_mn_id id;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(mns); i++) {
		assert_int_equal(policy_for_lladdr(policy, lladdrs[i], &mag,
						   &profile), POLICY_SERVICE);
		/* RULE: BULK-15 */
		assert_int_equal(profile.alone, i == 1);
		id = nai(mns[i]);
		answer = (struct lma_policy){ .accepts_bulk = true };
		policy_for_mn(policy, &id, &no_ll_id, &lma, &answer);
		/* RULE: BULK-28 */
		assert_int_equal(answer.accepts_bulk, i != 1);
		answer.accepts_bulk = false;
		policy_for_mn(policy, &id, &no_ll_id, &lma, &answer);
		assert_false(answer.accepts_bulk);
	}
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
	struct lma_policy answer = { 0 };

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_for_lladdr),
		cmocka_unit_test(test_local_routing),
		cmocka_unit_test(test_bulk),
		cmocka_unit_test(test_home_link),
		cmocka_unit_test(test_for_mn),
		cmocka_unit_test(test_interfaces_at_an_anchor),
		cmocka_unit_test(test_interfaces_at_a_gateway),
		cmocka_unit_test(test_lladdrs),
		cmocka_unit_test(test_each_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
