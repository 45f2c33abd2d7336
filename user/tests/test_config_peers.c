// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/config*.c: heartbeats, and what is done without them
 */
#include "common/config_text.h"

static void test_defaults(void **state)
{
	struct config *config = load_good(LMA(""));
	const struct lma_config *lma = &config->lma->engine;
	const struct mag_config *mag;

	(void)state;
	/* RULE: HB-03 */
	assert_int_equal(lma->peers.heartbeat_interval_s, 60);
	/* RULE: HB-05 */
	assert_int_equal(lma->peers.missing_heartbeats_allowed, 3);
	assert_false(lma->delete_if_unreachable);
	config_free(config);

	config = load_good(MAG(""));
	mag = &config->mag->engine;
	/* RULE: HB-03 */
	assert_int_equal(mag->peers.heartbeat_interval_s, 60);
	/* RULE: HB-05 */
	assert_int_equal(mag->peers.missing_heartbeats_allowed, 3);
	assert_int_equal(mag->reregister_within_s, 30);
	config_free(config);
}

static void test_values(void **state)
{
	struct config *config;

	(void)state;
	config = load_good(LMA(" HEARTBEAT_INTERVAL = 30\n"
			   " MISSING_HEARTBEATS_ALLOWED = 5\n"
			   " delete-if-unreachable = true\n"));
	assert_int_equal(config->lma->engine.peers.heartbeat_interval_s, 30);
	assert_int_equal(config->lma->engine.peers.missing_heartbeats_allowed,
			 5);
	assert_true(config->lma->engine.delete_if_unreachable);
	config_free(config);
	config = load_good(MAG(" lab-heartbeat-interval = true\n"
			   " HEARTBEAT_INTERVAL = 1\n"
			   " reregister-within = 7\n"));
	assert_int_equal(config->mag->engine.peers.heartbeat_interval_s, 1);
	assert_int_equal(config->mag->engine.reregister_within_s, 7);
	config_free(config);
}

static void test_faults(void **state)
{
	static const struct fault faults[] = {
		/* RULE: HB-03 */
		{ LMA(" HEARTBEAT_INTERVAL = 29\n"),
		  "F:7: \"29\" is not a value of HEARTBEAT_INTERVAL, which is 30 to 3600\n" },
		/* RULE: HB-03 */
		{ MAG(" HEARTBEAT_INTERVAL = 29\n"),
		  "F:7: \"29\" is not a value of HEARTBEAT_INTERVAL, which is 30 to 3600\n" },
		/* RULE: HB-03 */
		{ MAG(" HEARTBEAT_INTERVAL = 3601\n"),
		  "F:7: \"3601\" is not a value of HEARTBEAT_INTERVAL, which is 30 to 3600\n" },
		{ MAG(" lab-heartbeat-interval = true\n"
		      " HEARTBEAT_INTERVAL = 0\n"),
		  "F:8: \"0\" is not a value of HEARTBEAT_INTERVAL, which is 1 to 3600\n" },
		{ LMA(" MISSING_HEARTBEATS_ALLOWED = 0\n"),
		  "F:7: \"0\" is not a value of MISSING_HEARTBEATS_ALLOWED, which is 1 to 100\n" },
		{ MAG(" reregister-within = 0\n"),
		  "F:7: \"0\" is not a value of reregister-within, which is 1 to 3600\n" },
		{ LMA(" delete-if-unreachable = perhaps\n"),
		  "F:7: \"perhaps\" is not a value of delete-if-unreachable, which is true or false\n" },
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
