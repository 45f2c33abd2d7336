// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/config_advertise.c, config_access.c: what is told mobile nodes, and
 * visitors.
 */
#include "common/config_text.h"

static void test_defaults(void **state)
{
	struct config *config = load_good(MAG(""));
	const struct mag_config *engine = &config->mag->engine;

	(void)state;
	assert_int_equal(engine->initial_ras, 3);
	assert_int_equal(engine->initial_ra_interval_s, 16);
	assert_int_equal(engine->final_ras, 3);
	assert_int_equal(engine->ra_delay_ms, 3000);
	assert_int_equal(engine->mtu, 0);
	assert_int_equal(engine->default_path_mtu, 1280);
	assert_false(engine->prefixes_of_binding);
	assert_int_equal(engine->presence_s, 30);
	assert_int_equal(config->mag->traffic_idle_s, 0);
	assert_int_equal(config->mag->mtu_interval_s, 10);
	assert_false(config->mag->access[0].has_visitor_prefix);
	config_free(config);
}

static void test_values(void **state)
{
	struct config *config = load_good(MAG(
		" MAX_INITIAL_RTR_ADVERTISEMENTS = 4\n"
		" MAX_INITIAL_RTR_ADVERT_INTERVAL = 5\n"
		" MAX_FINAL_RTR_ADVERTISEMENTS = 6\n"
		" MIN_DELAY_BETWEEN_RAS = 700\n"
		" default-path-mtu = 1400\n prefix-lifetimes = binding\n"
		" path-mtu-interval = 3\n neighbour-idle = 8\n"
		" traffic-idle = 9\n"
		" access eth2 { visitor-prefix = 2001:db8:f::/64 }\n"));
	const struct mag_config *engine = &config->mag->engine;

	(void)state;
	assert_int_equal(engine->initial_ras, 4);
	assert_int_equal(engine->initial_ra_interval_s, 5);
	assert_int_equal(engine->final_ras, 6);
	assert_int_equal(engine->ra_delay_ms, 700);
	assert_int_equal(engine->default_path_mtu, 1400);
	/* RULE: B-MAG-67 */
	assert_true(engine->prefixes_of_binding);
	assert_int_equal(engine->presence_s, 8);
	assert_int_equal(config->mag->mtu_interval_s, 3);
	assert_int_equal(config->mag->traffic_idle_s, 9);
	assert_true(config->mag->access[1].has_visitor_prefix);
	assert_prefix_equal(&config->mag->access[1].visitor_prefix,
			    "2001:db8:f::/64");
	config_free(config);
	config = load_good(MAG(" prefix-lifetimes = configured\n"));
	assert_false(config->mag->engine.prefixes_of_binding);
	config_free(config);
}

static void test_faults(void **state)
{
	static const struct fault faults[] = {
		{ MAG(" prefix-lifetimes = long\n"),
		  "F:7: \"long\" is not a value of prefix-lifetimes, which is configured or binding\n" },
		{ MAG(" access eth2 { visitor-prefix = 2001:db8:f::/56 }\n"),
		  "F:7: visitor-prefix \"2001:db8:f::/56\" is not 64 bits long\n" },
		{ MAG(" access eth2 { visitor-prefix = fe80::/64 }\n"),
		  "F:7: \"fe80::/64\" is not a prefix of global unicast addresses\n" },
		{ MAG(" access eth2 { visitor-prefix = 2001:db8:f::/64 }\n"
		      " access eth3 { visitor-prefix = 2001:db8:f::/64 }\n"),
		  "F:8: visitor-prefix \"2001:db8:f::/64\" is that of access \"eth2\" already\n" },
		{ MAG(" default-path-mtu = 1000\n"),
		  "F:7: \"1000\" is not a value of default-path-mtu, which is 1280 to 65535\n" },
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
