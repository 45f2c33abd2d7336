// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/config_advertise.c, config_access.c: what is told mobile nodes, and
 * visitors.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../pmip6d/config.h"
#include "common/scratch.h"
#include "common/test.h"

static struct config *load(const char *more, char **errors)
{
	struct capture capture;
	struct config *config;
	char text[600];

	snprintf(text, sizeof(text),
		 "profiles = p\nmag {\n device = pmip1\n"
		 " address = 2001:db8:ffff::11\n lma = 2001:db8:ffff::1\n"
		 " access eth1 { }\n%s}\n", more);
	capture_begin(&capture);
	config = config_load(scratch_write("test.conf", text), capture.file);
	*errors = capture_end(&capture);
	return config;
}

static struct config *load_good(const char *more)
{
	struct config *config;
	char *errors;

	config = load(more, &errors);
	assert_string_equal(errors, "");
	assert_non_null(config);
	free(errors);
	return config;
}

static void expect_fault(const char *more, const char *what)
{
	struct config *config;
	char *errors;

	config = load(more, &errors);
	assert_null(config);
	assert_non_null(strstr(errors, what));
	free(errors);
}

static void test_defaults(void **state)
{
	struct config *config = load_good("");
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
	struct config *config = load_good(
		" MAX_INITIAL_RTR_ADVERTISEMENTS = 4\n"
		" MAX_INITIAL_RTR_ADVERT_INTERVAL = 5\n"
		" MAX_FINAL_RTR_ADVERTISEMENTS = 6\n"
		" MIN_DELAY_BETWEEN_RAS = 700\n"
		" default-path-mtu = 1400\n prefix-lifetimes = binding\n"
		" path-mtu-interval = 3\n neighbour-idle = 8\n"
		" traffic-idle = 9\n"
		" access eth2 { visitor-prefix = 2001:db8:f::/64 }\n");
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
	config = load_good(" prefix-lifetimes = configured\n");
	assert_false(config->mag->engine.prefixes_of_binding);
	config_free(config);
}

static void test_faults(void **state)
{
	(void)state;
	expect_fault(" prefix-lifetimes = long\n",
		     ":7: \"long\" is not a value of prefix-lifetimes");
	expect_fault(" access eth2 { visitor-prefix = 2001:db8:f::/56 }\n",
		     ":7: visitor-prefix \"2001:db8:f::/56\" is not 64 bits long");
	expect_fault(" access eth2 { visitor-prefix = fe80::/64 }\n",
		     ":7: \"fe80::/64\" is not a prefix of global unicast");
	expect_fault(" access eth2 { visitor-prefix = 2001:db8:f::/64 }\n"
		     " access eth3 { visitor-prefix = 2001:db8:f::/64 }\n",
		     ":8: visitor-prefix \"2001:db8:f::/64\" is that of access \"eth2\" already");
	expect_fault(" default-path-mtu = 1000\n",
		     "is not a value of default-path-mtu");
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
