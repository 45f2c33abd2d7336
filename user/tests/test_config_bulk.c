// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/config_mag.c: bulk groups (RFC 6602 6)
 */
#include "common/config_text.h"
#include "common/test.h"

static void test_defaults(void **state)
{
	struct config *config = load_good(MAG(""));
	const struct mag_config *mag = &config->mag->engine;

	(void)state;
	/* RULE: BULK-15 */
	assert_false(mag->request_bulk);
	assert_int_equal(mag->bulk_group_size, 1000);
	/* RULE: BULK-08 */
	assert_int_equal(mag->bulk_groups, 1);
	assert_int_equal(mag->bulk_retry_s, 600);
	assert_int_equal(mag->bulk_member_interval_s, 7200);
	config_free(config);
}

static void test_values(void **state)
{
	struct config *config;
	const struct mag_config *mag;

	(void)state;
	config = load_good(MAG(" request-bulk-binding-update = true\n"
			       " bulk-group-size = 10000000\n"
			       " bulk-groups-per-update = 32\n"
			       " bulk-retry = 1\n"
			       " bulk-member-interval = 0\n"));
	mag = &config->mag->engine;
	/* RULE: BULK-54 */
	assert_true(mag->request_bulk);
	assert_int_equal(mag->bulk_group_size, 10000000);
	assert_int_equal(mag->bulk_groups, MH_MAX_GROUPS);
	assert_int_equal(mag->bulk_retry_s, 1);
	assert_int_equal(mag->bulk_member_interval_s, 0);
	config_free(config);
}

static void test_faults(void **state)
{
	static const struct fault faults[] = {
		{ MAG(" request-bulk-binding-update = perhaps\n"),
		  "F:7: \"perhaps\" is not a value of request-bulk-binding-update, which is true or false\n" },
		{ MAG(" bulk-group-size = 0\n"),
		  "F:7: \"0\" is not a value of bulk-group-size, which is 1 to 10000000\n" },
		{ MAG(" bulk-groups-per-update = 33\n"),
		  "F:7: \"33\" is not a value of bulk-groups-per-update, which is 1 to 32\n" },
		{ MAG(" bulk-member-interval = 604801\n"),
		  "F:7: \"604801\" is not a value of bulk-member-interval, which is 0 to 604800\n" },
		{ MAG(" bulk-retry = 86401\n"),
		  "F:7: \"86401\" is not a value of bulk-retry, which is 1 to 86400\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
