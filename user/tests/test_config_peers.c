// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/config*.c: heartbeats, and what is done without them
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../pmip6d/config.h"
#include "common/scratch.h"
#include "common/test.h"

#define LMA "lma {\n device = pmip0\n address = 2001:db8:ffff::1\n"	\
	" mags = { any }\n"
#define MAG "mag {\n device = pmip1\n address = 2001:db8:ffff::11\n"	\
	" lma = 2001:db8:ffff::1\n access eth1 { }\n"

static struct config *load(const char *role, const char *more, char **errors)
{
	struct capture capture;
	struct config *config;
	char text[600];

	snprintf(text, sizeof(text), "profiles = p\n%s%s}\n", role, more);
	capture_begin(&capture);
	config = config_load(scratch_write("test.conf", text), capture.file);
	*errors = capture_end(&capture);
	return config;
}

static struct config *load_good(const char *role, const char *more)
{
	struct config *config;
	char *errors;

	config = load(role, more, &errors);
	assert_string_equal(errors, "");
	assert_non_null(config);
	free(errors);
	return config;
}

static void test_defaults(void **state)
{
	struct config *config = load_good(LMA, "");
	const struct lma_config *lma = &config->lma->engine;
	const struct mag_config *mag;

	(void)state;
	/* RULE: HB-03 */
	assert_int_equal(lma->peers.heartbeat_interval_s, 60);
	/* RULE: HB-05 */
	assert_int_equal(lma->peers.missing_heartbeats_allowed, 3);
	assert_false(lma->delete_if_unreachable);
	config_free(config);

	config = load_good(MAG, "");
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
	config = load_good(LMA, " HEARTBEAT_INTERVAL = 30\n"
			   " MISSING_HEARTBEATS_ALLOWED = 5\n"
			   " delete-if-unreachable = true\n");
	assert_int_equal(config->lma->engine.peers.heartbeat_interval_s, 30);
	assert_int_equal(config->lma->engine.peers.missing_heartbeats_allowed,
			 5);
	assert_true(config->lma->engine.delete_if_unreachable);
	config_free(config);
	config = load_good(MAG, " lab-heartbeat-interval = true\n"
			   " HEARTBEAT_INTERVAL = 1\n"
			   " reregister-within = 7\n");
	assert_int_equal(config->mag->engine.peers.heartbeat_interval_s, 1);
	assert_int_equal(config->mag->engine.reregister_within_s, 7);
	config_free(config);
}

static void assert_refused(const char *role, const char *more, const char *why)
{
	char *errors;

	assert_null(load(role, more, &errors));
	if (!strstr(errors, why))
		fail_msg("\"%s\" is not said in \"%s\"", why, errors);
	free(errors);
}

static void test_faults(void **state)
{
	(void)state;
	/* RULE: HB-03 */
	assert_refused(LMA, " HEARTBEAT_INTERVAL = 29\n", "HEARTBEAT_INTERVAL");
	/* RULE: HB-03 */
	assert_refused(MAG, " HEARTBEAT_INTERVAL = 29\n", "HEARTBEAT_INTERVAL");
	/* RULE: HB-03 */
	assert_refused(MAG, " HEARTBEAT_INTERVAL = 3601\n",
		       "HEARTBEAT_INTERVAL");
	assert_refused(MAG, " lab-heartbeat-interval = true\n"
		       " HEARTBEAT_INTERVAL = 0\n", "HEARTBEAT_INTERVAL");
	assert_refused(LMA, " MISSING_HEARTBEATS_ALLOWED = 0\n",
		       "MISSING_HEARTBEATS_ALLOWED");
	assert_refused(MAG, " reregister-within = 0\n", "reregister-within");
	assert_refused(LMA, " delete-if-unreachable = perhaps\n",
		       "delete-if-unreachable");
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
