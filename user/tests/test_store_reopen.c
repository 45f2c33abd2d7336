// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/store_*.c: an environment that LMDB has given up is opened again
 *
 * It gives one up when it could not write the page that makes a transaction valid,
 * and tells whoever comes after that (MDB_PANIC). No limit of a file's size does
 * that: this page is before the others, which are written first.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../ports/store_internal.h"
#include "bench/store_bench.h"
#include "common/scratch.h"
#include "common/test.h"

/* So many of them fail, the next ones. */
static atomic_uint failures;
/* How many did. */
static atomic_uint failed;

/*
 * In the place of libc's for LMDB, too. It writes whole pages, and of that page what
 * is behind its header; or, when that failed, what was there before.
 */
ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
	if (len < (size_t)sysconf(_SC_PAGESIZE) && atomic_load(&failures)) {
		atomic_fetch_sub(&failures, 1);
		atomic_fetch_add(&failed, 1);
		errno = EIO;
		return -1;
	}
	return syscall(SYS_pwrite64, fd, data, len, at);
}

/* Of as many transactions; the second of each pair is to put back what was there. */
static void break_disk(unsigned int transactions)
{
	atomic_store(&failed, 0);
	atomic_store(&failures, 2 * transactions);
}

static void assert_all_failed(unsigned int transactions)
{
	assert_int_equal(atomic_load(&failures), 0);
	assert_int_equal(atomic_load(&failed), 2 * transactions);
}

static int nothing_fails(void **state)
{
	(void)state;
	break_disk(0);
	return 0;
}

static void put_in_vain(struct store *store, uint64_t key, int expected)
{
	int error = 0;

	store_put(store, STORE_LMA, key, (const uint8_t *)"in vain", 7,
		  note_error, &error);
	store_run(store);
	assert_int_equal(error, expected);
}

static void delete_in_vain(struct store *store, uint64_t key)
{
	int error = 0;

	store_delete(store, STORE_LMA, key, note_error, &error);
	store_run(store);
	assert_int_equal(error, EIO);
}

static void put_one(struct store *store, uint64_t key, const char *data)
{
	unsigned int count = 0;

	put(store, STORE_LMA, key, data, &count);
	store_run(store);
	assert_int_equal(count, 1);
}

/* A store with a record, that LMDB has given up. */
static struct store *give_up(const char *directory)
{
	struct store *store = start_good(directory);

	put_one(store, 1, "before");
	break_disk(1);
	put_in_vain(store, 2, EIO);
	assert_all_failed(1);
	return store;
}

/* What failed is not there, what was written before and after it is. */
static void test_written_again(void **state)
{
	const char *directory = scratch_path("reopen");
	struct store *store = give_up(directory);
	static struct records records;

	(void)state;
	put_one(store, 3, "after");
	put_one(store, 4, "long after");
	store_close(store);

	store = open_good(directory);
	read_good(store, STORE_LMA, &records);
	assert_int_equal(records.count, 3);
	assert_record(&records.records[0], 1, "before");
	assert_record(&records.records[1], 3, "after");
	assert_record(&records.records[2], 4, "long after");
	store_close(store);
}

/* However often: each time for who asks, and for nobody after it. */
static void test_fails_again(void **state)
{
	struct store *store = start_good(scratch_path("reopen-again"));
	unsigned int times;

	(void)state;
	for (times = 0; times < 10; times++) {
		break_disk(1);
		put_in_vain(store, 1, EIO);
		assert_all_failed(1);
	}
	put_one(store, 1, "at last");
	store_close(store);
}

/* A deletion is owed as on a full disk; one of nothing is not. */
static void test_deleted_later(void **state)
{
	const char *directory = scratch_path("reopen-owed");
	struct store *store = start_good(directory);
	static struct records records;
	uint64_t key;

	(void)state;
	put_one(store, 1, "ended");
	put_one(store, 2, "stays");
	break_disk(1);
	delete_in_vain(store, 1);
	assert_all_failed(1);
	assert_int_equal(HASH_COUNT(store->owed), 1);
	for (key = 3; key < 10; key++) {
		break_disk(1);
		delete_in_vain(store, key);
		assert_all_failed(1);
	}
	assert_int_equal(HASH_COUNT(store->owed), 1);
	put_one(store, 3, "next");
	assert_int_equal(HASH_COUNT(store->owed), 0);
	store_close(store);

	store = open_good(directory);
	read_good(store, STORE_LMA, &records);
	assert_int_equal(records.count, 2);
	assert_record(&records.records[0], 2, "stays");
	assert_record(&records.records[1], 3, "next");
	store_close(store);
}

/* While it cannot be opened nothing is written; then all is as it was. */
static void test_out_of_reach(void **state)
{
	const char *directory = scratch_path("reopen-away");
	const char *away = scratch_path("reopen-elsewhere");
	struct store *store = give_up(directory);
	static struct records records;

	(void)state;
	assert_int_equal(rename(directory, away), 0);
	put_in_vain(store, 2, ENOENT);
	store_delete(store, STORE_LMA, 1, NULL, NULL);
	put_in_vain(store, 3, ENOENT);
	assert_int_equal(rename(away, directory), 0);
	put_one(store, 4, "after");
	store_close(store);

	store = open_good(directory);
	read_good(store, STORE_LMA, &records);
	assert_int_equal(records.count, 1);
	assert_record(&records.records[0], 4, "after");
	store_close(store);
}

/* Nor at the end. */
static void test_closed_out_of_reach(void **state)
{
	const char *directory = scratch_path("reopen-closed");
	const char *away = scratch_path("reopen-closed-elsewhere");
	struct store *store = give_up(directory);

	(void)state;
	assert_int_equal(rename(directory, away), 0);
	put_in_vain(store, 2, ENOENT);
	store_close(store);
}

/*
 * Others than those that were read at the start are not written to: the anchor would
 * take what is restored from them for what this one acknowledged.
 */
static void test_other_records(void **state)
{
	const char *directory = scratch_path("reopen-other");
	struct store *store = give_up(directory);
	char path[256];

	(void)state;
	snprintf(path, sizeof(path), "%s/data.mdb", directory);
	assert_int_equal(unlink(path), 0);
	put_in_vain(store, 2, EIO);
	put_in_vain(store, 3, EIO);
	store_close(store);
	assert_left(directory, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_written_again, nothing_fails),
		cmocka_unit_test_teardown(test_fails_again, nothing_fails),
		cmocka_unit_test_teardown(test_deleted_later, nothing_fails),
		cmocka_unit_test_teardown(test_out_of_reach, nothing_fails),
		cmocka_unit_test_teardown(test_closed_out_of_reach,
					  nothing_fails),
		cmocka_unit_test_teardown(test_other_records, nothing_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
