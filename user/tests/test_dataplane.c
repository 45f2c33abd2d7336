// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/dataplane.c
 */
#include "../engine/dataplane.h"
#include "common/test.h"

static bool agrees(uint64_t lifetime_ms, uint64_t expires_ms, uint64_t now_ms)
{
	struct dataplane_binding binding = {
		.has_path = true,
		.lifetime_ms = lifetime_ms,
	};

	return dataplane_lifetime_agrees(&binding, expires_ms, now_ms);
}

static void test_lifetime(void **state)
{
	(void)state;
	assert_true(agrees(60000, 70000, 10000));
	assert_true(agrees(62000, 70000, 10000));
	assert_false(agrees(62001, 70000, 10000));
	assert_true(agrees(58000, 70000, 10000));
	assert_false(agrees(57999, 70000, 10000));
	/* What is over has nothing left, not less than that. */
	assert_true(agrees(0, 5000, 10000));
	assert_true(agrees(2000, 5000, 10000));
	assert_false(agrees(2001, 5000, 10000));
}

static void test_stray(void **state)
{
	struct mh_prefix hnp = prefix6("2001:db8:a:1::/64");
	const struct effect *effect;
	struct outbox out;

	(void)state;
	outbox_init(&out);
	dataplane_delete_stray(&hnp, &out);
	assert_non_null(out.first);
	assert_null(out.first->next);
	assert_null(out.first->owner);
	assert_int_equal(out.first->count, 2);
	effect = out.first->effects;
	assert_int_equal(effect[0].kind, EFFECT_BINDING_DELETE);
	assert_true(mh_prefix_equal(&effect[0].binding.hnp, &hnp));
	assert_int_equal(effect[1].kind, EFFECT_REPORT);
	assert_string_equal(effect[1].report->event, "stray-deleted");
	outbox_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lifetime),
		cmocka_unit_test(test_stray),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
