// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/clock_sync.c
 */
#include <sys/timex.h>

#include "../ports/clock_sync.h"
#include "common/test.h"

static struct {
	int state;
	int status;
	long max_error;
} kernel;

/* In place of the C library's, whose clock a test can not set. */
int ntp_adjtime(struct timex *timex)
{
	/* It is only asked. */
	assert_int_equal(timex->modes, 0);
	timex->status = kernel.status;
	timex->maxerror = kernel.max_error;
	return kernel.state;
}

static void test_states(void **state)
{
	static const struct {
		int state;
		int status;
		bool synchronized;
	} rows[] = {
		{ TIME_OK, 0, true },
		{ TIME_OK, STA_PLL, true },
		{ TIME_INS, STA_PLL | STA_INS, true },
		{ TIME_WAIT, 0, true },
		{ TIME_ERROR, STA_UNSYNC, false },
		{ TIME_ERROR, 0, false },
		{ TIME_OK, STA_UNSYNC, false },
		{ -1, 0, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		kernel.state = rows[i].state;
		kernel.status = rows[i].status;
		/* RULE: B-LMA-48 */
		assert_int_equal(clock_sync_now().synchronized,
				 rows[i].synchronized);
	}
}

static void test_error(void **state)
{
	(void)state;
	kernel.state = TIME_OK;
	kernel.status = 0;
	kernel.max_error = 16000;
	assert_int_equal(clock_sync_now().max_error_us, 16000);
	kernel.max_error = -1;
	assert_int_equal(clock_sync_now().max_error_us, 0);
	kernel.state = -1;
	kernel.max_error = 16000;
	assert_int_equal(clock_sync_now().max_error_us, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
