// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/config_mag.c: what a gateway says to its anchor, and when.
 */
#include "common/config_text.h"

static void test_defaults(void **state)
{
	struct config *config = load_good(MAG(""));
	const struct mag_config *engine = &config->mag->engine;

	(void)state;
	assert_true(engine->timestamp_based);
	assert_true(engine->ask_any_prefix);
	assert_int_equal(engine->max_delay_ms, 1500);
	assert_int_equal(engine->first_bindack_timeout_ms, 1000);
	assert_int_equal(engine->multihoming_retry_s, 600);
	config_free(config);
	/* It is that of every registration. */
	config = load_good(MAG(" INITIAL_BINDACK_TIMEOUT = 700\n"));
	assert_int_equal(config->mag->engine.first_bindack_timeout_ms, 700);
	config_free(config);
}

static void test_values(void **state)
{
	struct config *config = load_good(MAG(
		" TimestampBasedApproachInUse = false\n"
		" request-any-prefix = false\n"
		" MaxDelayBeforeNewBCEAssign = 0\n"
		" multihoming-retry = 1\n"
		" InitialBindackTimeoutFirstReg = 1500\n"));
	const struct mag_config *engine = &config->mag->engine;

	(void)state;
	assert_false(engine->timestamp_based);
	assert_false(engine->ask_any_prefix);
	assert_int_equal(engine->max_delay_ms, 0);
	assert_int_equal(engine->multihoming_retry_s, 1);
	assert_int_equal(engine->first_bindack_timeout_ms, 1500);
	assert_int_equal(engine->initial_bindack_timeout_ms, 1000);
	config_free(config);
}

static void test_faults(void **state)
{
	static const struct fault faults[] = {
		{ MAG(" TimestampBasedApproachInUse = maybe\n"),
		  "F:7: \"maybe\" is not a value of TimestampBasedApproachInUse, which is true or false\n" },
		{ MAG(" request-any-prefix = 2001:db8::\n"),
		  "F:7: \"2001:db8::\" is not a value of request-any-prefix, which is true or false\n" },
		{ MAG(" InitialBindackTimeoutFirstReg = 99\n"),
		  "F:7: \"99\" is not a value of InitialBindackTimeoutFirstReg, which is 100 to 600000\n" },
		{ MAG(" MaxDelayBeforeNewBCEAssign = 60001\n"),
		  "F:7: \"60001\" is not a value of MaxDelayBeforeNewBCEAssign, which is 0 to 60000\n" },
		{ MAG(" multihoming-retry = 0\n"),
		  "F:7: \"0\" is not a value of multihoming-retry, which is 1 to 604800\n" },
		{ MAG(" InitialBindackTimeoutFirstReg = 600001\n"),
		  "F:7: \"600001\" is not a value of InitialBindackTimeoutFirstReg, which is 100 to 600000\n" },
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
