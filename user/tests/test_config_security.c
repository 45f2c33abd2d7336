// SPDX-License-Identifier: GPL-2.0
/*
 * What a configuration says of IPsec.
 */
#include "common/config_text.h"

static void test_values(void **state)
{
	struct config *config;

	(void)state;
	/* RULE: B-SEC-01 */
	config = load_good(LMA(""));
	assert_true(config->ipsec);
	assert_int_equal(config->ipsec_reqid, 0);
	config_free(config);

	config = load_good("security = ipsec\nipsec-reqid = 7\n" LMA(""));
	assert_true(config->ipsec);
	assert_int_equal(config->ipsec_reqid, 7);
	config_free(config);

	config = load_good("security = none\n" LMA(""));
	assert_false(config->ipsec);
	config_free(config);
}

static void test_faults(void **state)
{
	static const struct fault faults[] = {
		{ "security = \"\"\n" LMA(""),
		  "F:1: \"\" is not a value of security, which is ipsec or none\n" },
		{ "security = off\n" LMA(""),
		  "F:1: \"off\" is not a value of security, which is ipsec or none\n" },
		{ "security = none\nipsec-reqid = 1\n" LMA(""),
		  "F:2: ipsec-reqid has no use with security = none\n" },
		{ "ipsec-reqid = 0\n" LMA(""),
		  "F:1: \"0\" is not a value of ipsec-reqid, which is 1 to 4294967295\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
