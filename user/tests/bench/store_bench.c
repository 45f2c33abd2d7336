// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <ev.h>

#include "../common/scratch.h"
#include "../common/test.h"
#include "store_bench.h"

/* Far above what anything here takes. */
#define DEADLINE_S 60

struct store *open_good(const char *directory)
{
	struct capture capture;
	struct store *store;
	char *errors;

	capture_begin(&capture);
	store = store_open(directory, capture.file);
	errors = capture_end(&capture);
	assert_string_equal(errors, "");
	assert_non_null(store);
	free(errors);
	return store;
}

struct store *start_good(const char *directory)
{
	struct store *store = open_good(directory);

	assert_int_equal(store_start(store, EV_DEFAULT), 0);
	return store;
}

void open_bad(const char *directory, const char *expected)
{
	struct capture capture;
	char *errors;

	capture_begin(&capture);
	assert_null(store_open(directory, capture.file));
	errors = capture_end(&capture);
	assert_string_equal(errors, expected);
	free(errors);
}

static void on_deadline(struct ev_loop *loop, struct ev_timer *timer,
			int events)
{
	(void)loop;
	(void)timer;
	(void)events;
	abort();
}

void store_run(struct store *store)
{
	struct ev_timer deadline;

	ev_timer_init(&deadline, on_deadline, DEADLINE_S, 0);
	ev_timer_start(EV_DEFAULT, &deadline);
	while (store_pending(store))
		ev_run(EV_DEFAULT, EVRUN_ONCE);
	ev_timer_stop(EV_DEFAULT, &deadline);
}

void note_record(void *context, uint64_t key, const uint8_t *data,
		 size_t len, bool same_boot)
{
	struct records *records = context;
	struct record *record;

	assert_in_range(records->count, 0, RECORDS - 1);
	assert_in_range(len, 0, DATA_MAX);
	record = &records->records[records->count++];
	record->key = key;
	record->len = len;
	record->same_boot = same_boot;
	memcpy(record->data, data, len);
}

void read_good(struct store *store, enum store_role role,
	       struct records *records)
{
	records->count = 0;
	assert_int_equal(store_read_all(store, role, note_record, records), 0);
}

void assert_record(const struct record *record, uint64_t key,
		   const char *data)
{
	assert_true(record->key == key);
	assert_int_equal(record->len, strlen(data));
	assert_memory_equal(record->data, data, record->len);
	assert_true(record->same_boot);
}

void assert_left(const char *directory, unsigned int count)
{
	struct store *store = open_good(directory);
	static struct records records;

	read_good(store, STORE_LMA, &records);
	assert_int_equal(records.count, count);
	store_close(store);
}

void expect_done(void *arg, int error)
{
	unsigned int *count = arg;

	assert_int_equal(error, 0);
	++*count;
}

void put(struct store *store, enum store_role role, uint64_t key,
	 const char *data, unsigned int *count)
{
	store_put(store, role, key, (const uint8_t *)data, strlen(data),
		  expect_done, count);
}

void note_error(void *arg, int error)
{
	*(int *)arg = error;
}

void limit_files(uint64_t octets)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = octets < limit.rlim_max ? octets : limit.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

int lift_limit(void **state)
{
	(void)state;
	limit_files(RLIM_INFINITY);
	return 0;
}
