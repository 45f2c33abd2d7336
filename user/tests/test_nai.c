// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/nai.c, and the identifiers that a gateway makes up.
 */
#include <string.h>

#include "../ports/nai.h"
#include "../ports/policy.h"
#include "common/test.h"

static void test_realms(void **state)
{
	static const char *const good[] = {
		"a", "example.com", "a-b.example", "x\xc3\xbc.example",
	};
	static const char *const bad[] = {
		"", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "a@b",
		"@", "a\tb",
	};
	char longest[NAI_REALM_MAX + 2];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++)
		assert_true(nai_is_realm(good[i]));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(nai_is_realm(bad[i]));
	memset(longest, 'a', sizeof(longest));
	longest[NAI_REALM_MAX + 1] = '\0';
	assert_false(nai_is_realm(longest));
	longest[NAI_REALM_MAX] = '\0';
	assert_true(nai_is_realm(longest));
}

static const uint8_t lladdr[ETH_ALEN] = { 2, 0, 0xa, 0, 0xbc, 0xff };

/* RFC 5213 6.2: who has no profile gets one. */
static void test_made_up(void **state)
{
	struct config_mag mag = { .lma = ip6("2001:db8::1") };
	struct mh_mn_id id = nai("02000a00bcff@example.com");
	struct mag_profile profile;

	(void)state;
	assert_int_equal(policy_for_lladdr(NULL, lladdr, &mag, &profile),
			 POLICY_UNKNOWN);
	strcpy(mag.realm_of_unknown, "example.com");
	memset(&profile, 0xff, sizeof(profile));
	/* RULE: B-MAG-64 */
	assert_int_equal(policy_for_lladdr(NULL, lladdr, &mag, &profile),
			 POLICY_SERVICE);
	/* RULE: B-MAG-64 B-MAG-09 */
	assert_true(mh_mn_id_equal(&profile.mn_id, &id));
	assert_ip6_equal(&profile.lma, "2001:db8::1");
	assert_int_equal(profile.hnp_count, 0);
	assert_int_equal(profile.lifetime_s, 0);
	assert_false(profile.local_routing);
	mag.local_routing = true;
	assert_int_equal(policy_for_lladdr(NULL, lladdr, &mag, &profile),
			 POLICY_SERVICE);
	/* RULE: B-MAG-64 */
	assert_true(profile.local_routing);
}

static void test_longest_made_up(void **state)
{
	struct config_mag mag = { .access_count = 0 };
	struct mag_profile profile;

	(void)state;
	memset(mag.realm_of_unknown, 'r', NAI_REALM_MAX);
	assert_int_equal(policy_for_lladdr(NULL, lladdr, &mag, &profile),
			 POLICY_SERVICE);
	assert_int_equal(profile.mn_id.len, MH_MN_ID_MAX);
	assert_int_equal(profile.mn_id.data[MH_MN_ID_MAX - 1], 'r');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_realms),
		cmocka_unit_test(test_made_up),
		cmocka_unit_test(test_longest_made_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
