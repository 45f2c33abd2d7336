// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag.c: one that the operator keeps out, and that goes about.
 */
#include "common/mag_bench.h"
#include "common/test.h"

/* Where it was before, it is heard again once it may come in. */
static void test_hold_on_another_link(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	detach(bench, true);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_HELD);
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_HELD);
	assert_false(hears_all(bench, ACCESS2));
	assert_true(hears_all(bench, ACCESS1));
	detach(bench, false);
	world_settle(&bench->world);
	assert_null(mn(bench, 1));
	assert_true(hears_all(bench, ACCESS1));
	assert_true(hears_all(bench, ACCESS2));
	register_at(bench, ACCESS1);
	assert_mag_agreed(bench);
}

/* While it leaves one link, what is under way is about that one. */
static void test_hold_while_it_moves(void **state)
{
	struct mag_bench *bench = *state;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	detach(bench, true);
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_HELD);
	assert_int_equal(bench->world.route_count, 0);
	assert_int_equal(bench->world.address_count, 0);
	detach(bench, false);
	world_settle(&bench->world);
	assert_true(hears_all(bench, ACCESS1));
	assert_true(hears_all(bench, ACCESS2));
	assert_mag_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_hold_on_another_link),
		with_bench(test_hold_while_it_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
