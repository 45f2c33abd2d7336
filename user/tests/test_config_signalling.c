// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/config_mag.c: what a gateway says to its anchor, and when.
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

static void test_defaults(void **state)
{
	struct config *config = load_good("");
	const struct mag_config *engine = &config->mag->engine;

	(void)state;
	assert_true(engine->timestamp_based);
	assert_true(engine->ask_any_prefix);
	assert_int_equal(engine->max_delay_ms, 1500);
	assert_int_equal(engine->first_bindack_timeout_ms, 1000);
	config_free(config);
	/* It is that of every registration. */
	config = load_good(" INITIAL_BINDACK_TIMEOUT = 700\n");
	assert_int_equal(config->mag->engine.first_bindack_timeout_ms, 700);
	config_free(config);
}

static void test_values(void **state)
{
	struct config *config = load_good(
		" TimestampBasedApproachInUse = false\n"
		" request-any-prefix = false\n"
		" MaxDelayBeforeNewBCEAssign = 0\n"
		" InitialBindackTimeoutFirstReg = 1500\n");
	const struct mag_config *engine = &config->mag->engine;

	(void)state;
	assert_false(engine->timestamp_based);
	assert_false(engine->ask_any_prefix);
	assert_int_equal(engine->max_delay_ms, 0);
	assert_int_equal(engine->first_bindack_timeout_ms, 1500);
	assert_int_equal(engine->initial_bindack_timeout_ms, 1000);
	config_free(config);
}

static void test_faults(void **state)
{
	static const char *const texts[] = {
		" TimestampBasedApproachInUse = maybe\n",
		" request-any-prefix = 2001:db8::\n",
		" InitialBindackTimeoutFirstReg = 99\n",
		" MaxDelayBeforeNewBCEAssign = 60001\n",
		" InitialBindackTimeoutFirstReg = 600001\n",
	};
	char key[64], *errors;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_null(load(texts[i], &errors));
		assert_int_equal(sscanf(texts[i], " %63s", key), 1);
		assert_non_null(strstr(errors, key));
		assert_non_null(strstr(errors, ":7: "));
		free(errors);
	}
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
