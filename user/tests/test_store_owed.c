// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/store_*.c: what could not be deleted is deleted later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <ev.h>

#include "../engine/alloc.h"
#include "../ports/store_internal.h"
#include "bench/store_bench.h"
#include "common/scratch.h"
#include "common/test.h"

/* Of the files of LMDB. */
static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static void delete_in_vain(struct store *store, uint64_t key)
{
	int error = 0;

	store_delete(store, STORE_LMA, key, note_error, &error);
	store_run(store);
	assert_true(error > 0);
}

/* What has ended is not restored beside what came after it. */
static void test_deleted_later(void **state)
{
	const char *directory = scratch_path("owed");
	struct store *store = start_good(directory);
	static struct records records;
	struct store_batch *batch;
	unsigned int count = 0;
	int error = 0;

	(void)state;
	put(store, STORE_LMA, 1, "ended", &count);
	put(store, STORE_LMA, 2, "rolled back", &count);
	put(store, STORE_LMA, 3, "ended, and new", &count);
	put(store, STORE_MAG, 1, "another role's", &count);
	store_run(store);

	limit_files(4096);
	delete_in_vain(store, 1);
	delete_in_vain(store, 3);
	batch = store_batch_new(STORE_LMA);
	store_batch_delete(batch, 2);
	store_batch_put(batch, 4, (const uint8_t *)"in vain", 7);
	store_submit(store, batch, note_error, &error);
	store_run(store);
	assert_true(error > 0);
	lift_limit(NULL);

	put(store, STORE_LMA, 3, "new", &count);
	store_run(store);
	/* Once: it may have a record again. */
	put(store, STORE_LMA, 1, "again", &count);
	store_run(store);
	put(store, STORE_LMA, 5, "after", &count);
	store_run(store);
	assert_int_equal(count, 7);
	store_close(store);

	store = open_good(directory);
	read_good(store, STORE_LMA, &records);
	assert_int_equal(records.count, 4);
	assert_record(&records.records[0], 1, "again");
	assert_record(&records.records[1], 2, "rolled back");
	assert_record(&records.records[2], 3, "new");
	assert_record(&records.records[3], 5, "after");
	read_good(store, STORE_MAG, &records);
	assert_int_equal(records.count, 1);
	store_close(store);
}

/* Nor after nothing but that: at the latest with the next record of anybody. */
static void test_deleted_with_the_next(void **state)
{
	const char *directory = scratch_path("owed-next");
	struct store *store = start_good(directory);
	static struct records records;
	unsigned int count = 0;

	(void)state;
	put(store, STORE_LMA, 1, "ended", &count);
	store_run(store);
	limit_files(4096);
	delete_in_vain(store, 1);
	lift_limit(NULL);
	put(store, STORE_MAG, 2, "next", &count);
	store_run(store);
	store_close(store);

	store = open_good(directory);
	read_good(store, STORE_LMA, &records);
	assert_int_equal(records.count, 0);
	store_close(store);
}

/* In one turn of the loop, and so in one transaction: each batch for itself. */
static void delete_beside(const char *directory, bool mixed_first)
{
	struct store *store = start_good(directory);
	int alone = 0, beside = 0;
	static struct records records;
	struct store_batch *mixed;
	unsigned int count = 0;

	put(store, STORE_LMA, 1, "ended", &count);
	put(store, STORE_LMA, 2, "rolled back", &count);
	store_run(store);

	limit_files(4096);
	mixed = store_batch_new(STORE_LMA);
	store_batch_delete(mixed, 2);
	store_batch_put(mixed, 3, (const uint8_t *)"in vain", 7);
	if (mixed_first)
		store_submit(store, mixed, note_error, &beside);
	store_delete(store, STORE_LMA, 1, note_error, &alone);
	if (!mixed_first)
		store_submit(store, mixed, note_error, &beside);
	store_run(store);
	assert_true(alone > 0);
	assert_int_equal(beside, alone);
	lift_limit(NULL);
	put(store, STORE_LMA, 4, "next", &count);
	store_run(store);
	store_close(store);

	store = open_good(directory);
	read_good(store, STORE_LMA, &records);
	assert_int_equal(records.count, 2);
	assert_record(&records.records[0], 2, "rolled back");
	assert_record(&records.records[1], 4, "next");
	store_close(store);
}

static void test_deleted_beside_others(void **state)
{
	(void)state;
	delete_beside(scratch_path("owed-before"), false);
	delete_beside(scratch_path("owed-behind"), true);
}

/*
 * What was never there needs no deletion, and who is refused for want of room takes
 * back what was not written: else these would be as many as ask.
 */
static void test_never_there(void **state)
{
	struct store *store = start_good(scratch_path("owed-never"));
	int refused = 0, taken_back = 0, ended = 0;
	unsigned int count = 0;

	(void)state;
	put(store, STORE_LMA, 1, "ended", &count);
	store_run(store);

	limit_files(4096);
	store_put(store, STORE_LMA, 2, (const uint8_t *)"in vain", 7,
		  note_error, &refused);
	store_delete(store, STORE_LMA, 2, note_error, &taken_back);
	store_run(store);
	assert_true(refused > 0);
	assert_int_equal(taken_back, refused);
	assert_int_equal(HASH_COUNT(store->owed), 0);

	/* What is there is owed once, and keeps others from being written. */
	store_delete(store, STORE_LMA, 1, note_error, &ended);
	store_delete(store, STORE_LMA, 3, NULL, NULL);
	store_delete(store, STORE_MAG, 1, NULL, NULL);
	store_run(store);
	assert_true(ended > 0);
	assert_int_equal(HASH_COUNT(store->owed), 1);
	delete_in_vain(store, 1);
	delete_in_vain(store, 4);
	assert_int_equal(HASH_COUNT(store->owed), 1);
	lift_limit(NULL);
	put(store, STORE_MAG, 1, "next", &count);
	store_run(store);
	assert_int_equal(HASH_COUNT(store->owed), 0);
	store_close(store);
}

/* Of so many records every third is to go, so that none of their pages gets empty. */
#define RECORDS_MANY 60000
#define OWED_MANY (RECORDS_MANY / 3)

/* A store in which these were to be deleted, and none was. */
static struct store *owe_many(const char *directory)
{
	struct store *store = start_good(directory);
	static const uint8_t data[100];
	unsigned int count = 0, i;
	int error = 0;

	for (i = 0; i < RECORDS_MANY; i++)
		store_put(store, STORE_LMA, i, data, sizeof(data), expect_done,
			  &count);
	store_run(store);
	assert_int_equal(count, RECORDS_MANY);
	limit_files(4096);
	for (i = 0; i < RECORDS_MANY; i += 3)
		store_delete(store, STORE_LMA, i, note_error, &error);
	store_run(store);
	assert_true(error > 0);
	assert_int_equal(HASH_COUNT(store->owed), OWED_MANY);
	return store;
}

/* So many pages more than there are. */
static void leave_room(const char *directory, unsigned int pages)
{
	struct stat status;
	char path[256];

	snprintf(path, sizeof(path), "%s/data.mdb", directory);
	assert_int_equal(stat(path, &status), 0);
	limit_files((uint64_t)status.st_size + (uint64_t)page_size() * pages);
}

static void expect_kept(void *context, uint64_t key, const uint8_t *data,
			size_t len, bool same_boot)
{
	unsigned int *count = context;

	(void)data;
	(void)len;
	assert_true(same_boot);
	assert_true(key == RECORDS_MANY || key % 3);
	++*count;
}

/* Those are gone, and the next one is there. */
static void close_many(struct store *store, const char *directory)
{
	unsigned int count = 0;

	lift_limit(NULL);
	store_close(store);
	store = open_good(directory);
	assert_int_equal(store_read_all(store, STORE_LMA, expect_kept, &count),
			 0);
	assert_int_equal(count, RECORDS_MANY - OWED_MANY + 1);
	store_close(store);
}

/* Room for a transaction or two of them is enough, not for all of their pages. */
static void test_many(void **state)
{
	const char *directory = scratch_path("owed-many");
	struct store *store = owe_many(directory);
	unsigned int count = 0;

	(void)state;
	leave_room(directory, 1200);
	put(store, STORE_LMA, RECORDS_MANY, "next", &count);
	store_run(store);
	assert_int_equal(count, 1);
	assert_int_equal(HASH_COUNT(store->owed), 0);
	close_many(store, directory);
}

/* With less, it is fewer of them; nothing is written before the last one is gone. */
static void test_little_room(void **state)
{
	const char *directory = scratch_path("owed-little");
	struct store *store = owe_many(directory);
	unsigned int owed = OWED_MANY, times = 0;
	int error = -1;

	(void)state;
	leave_room(directory, 100);
	for (; error && times < 1000; times++) {
		store_put(store, STORE_LMA, RECORDS_MANY,
			  (const uint8_t *)"next", 4, note_error, &error);
		store_run(store);
		assert_true(HASH_COUNT(store->owed) <= owed);
		owed = HASH_COUNT(store->owed);
		assert_true(!error == !owed);
	}
	assert_int_equal(error, 0);
	/* Else there was room enough. */
	assert_true(times > 1);
	close_many(store, directory);
}

/* Pages with this in them are none any more: LMDB has their kind at the 10th octet. */
static void damage(const char *directory, const char *marker)
{
	uint8_t *page = must_alloc(page_size());
	static const uint8_t none[2];
	unsigned int damaged = 0;
	char path[256];
	off_t at;
	int fd;

	snprintf(path, sizeof(path), "%s/data.mdb", directory);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	for (at = 0; pread(fd, page, page_size(), at) > 0;
	     at += (off_t)page_size()) {
		if (!memmem(page, page_size(), marker, strlen(marker)))
			continue;
		assert_int_equal(pwrite(fd, none, sizeof(none), at + 10),
				 sizeof(none));
		damaged++;
	}
	assert_true(damaged > 0);
	close(fd);
	free(page);
}

static struct store *start_to_damage(const char *directory)
{
	struct store *store = start_good(directory);
	unsigned int count = 0;

	put(store, STORE_LMA, 1, "on a damaged page", &count);
	put(store, STORE_MAG, 1, "ended", &count);
	put(store, STORE_MAG, 2, "ended, too", &count);
	store_run(store);
	assert_int_equal(count, 3);
	return store;
}

/* Others are written, and nothing is left of what was owed of the other role. */
static void write_next(struct store *store, const char *directory)
{
	static struct records records;
	unsigned int count = 0;

	put(store, STORE_MAG, 3, "next", &count);
	store_run(store);
	assert_int_equal(count, 1);
	assert_int_equal(HASH_COUNT(store->owed), 0);
	store_close(store);
	store = open_good(directory);
	read_good(store, STORE_MAG, &records);
	assert_int_equal(records.count, 1);
	assert_record(&records.records[0], 3, "next");
	records.count = 0;
	assert_int_equal(store_read_all(store, STORE_LMA, note_record,
					&records), EIO);
	store_close(store);
}

/* What will never be deleted is told, and keeps nobody from going on. */
static void test_damaged(void **state)
{
	const char *directory = scratch_path("owed-damaged");
	struct store *store = start_to_damage(directory);
	int damaged = 0, beside = 0;

	(void)state;
	damage(directory, "on a damaged page");
	store_delete(store, STORE_MAG, 1, note_error, &beside);
	store_delete(store, STORE_MAG, 2, note_error, &beside);
	store_delete(store, STORE_LMA, 1, note_error, &damaged);
	store_run(store);
	assert_int_equal(damaged, EIO);
	assert_int_equal(beside, EIO);
	assert_int_equal(HASH_COUNT(store->owed), 2);
	write_next(store, directory);
}

static void test_damaged_later(void **state)
{
	const char *directory = scratch_path("owed-damaged-later");
	struct store *store = start_to_damage(directory);
	int error = 0;

	(void)state;
	limit_files(4096);
	store_delete(store, STORE_MAG, 1, note_error, &error);
	store_delete(store, STORE_LMA, 1, note_error, &error);
	store_delete(store, STORE_MAG, 2, note_error, &error);
	store_run(store);
	assert_true(error > 0);
	assert_int_equal(HASH_COUNT(store->owed), 3);
	lift_limit(NULL);
	damage(directory, "on a damaged page");
	write_next(store, directory);
}

static struct store *start_good_with(const char *directory,
				     unsigned int retry_ms)
{
	struct store *store = open_good(directory);

	store->retry_ms = retry_ms;
	assert_int_equal(store_start(store, EV_DEFAULT), 0);
	return store;
}

/* A store with a record that was to be deleted; it waits as good as for ever. */
static struct store *owe_one(const char *directory)
{
	struct store *store = start_good_with(directory, 3600 * 1000);
	unsigned int count = 0;

	put(store, STORE_LMA, 1, "ended", &count);
	store_run(store);
	limit_files(4096);
	delete_in_vain(store, 1);
	return store;
}

static void close_at_once(struct store *store)
{
	alarm(60);
	store_close(store);
	alarm(0);
}

/* An end in good order leaves nothing, though nothing else is written any more. */
static void test_deleted_at_the_end(void **state)
{
	const char *directory = scratch_path("owed-end");
	struct store *store = owe_one(directory);

	(void)state;
	lift_limit(NULL);
	close_at_once(store);
	assert_left(directory, 0);
}

/* Unless that fails as well: it ends all the same. */
static void test_end_in_vain(void **state)
{
	const char *directory = scratch_path("owed-end-in-vain");
	struct store *store = owe_one(directory);

	(void)state;
	close_at_once(store);
	lift_limit(NULL);
	assert_left(directory, 1);
}

static bool is_there(struct store *store, uint64_t key)
{
	uint8_t octets[STORE_KEY_LEN];
	MDB_val found = { sizeof(octets), octets }, value;
	MDB_txn *txn;
	int result;

	store_key(key, octets);
	assert_int_equal(mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn), 0);
	result = mdb_get(txn, store->dbi[STORE_LMA], &found, &value);
	mdb_txn_abort(txn);
	return !result;
}

/* Without a next one, too, as soon as there is room. */
static void test_deleted_by_and_by(void **state)
{
	struct store *store = start_good_with(scratch_path("owed-later"), 10);
	unsigned int count = 0;

	(void)state;
	put(store, STORE_LMA, 1, "ended", &count);
	store_run(store);
	limit_files(4096);
	delete_in_vain(store, 1);
	assert_true(is_there(store, 1));
	lift_limit(NULL);
	alarm(60);
	while (is_there(store, 1))
		usleep(1000);
	alarm(0);
	/* Work comes through as before. */
	put(store, STORE_LMA, 2, "next", &count);
	store_run(store);
	assert_int_equal(count, 2);
	store_close(store);
}

static uint64_t cpu_us(const struct store *store)
{
	struct timespec time;
	clockid_t clock;

	assert_int_equal(pthread_getcpuclockid(store->thread, &clock), 0);
	assert_int_equal(clock_gettime(clock, &time), 0);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

/* It waits for room, and does not ask for it all the time. */
static void test_waits(void **state)
{
	struct store *store = owe_one(scratch_path("owed-waits"));
	uint64_t before = cpu_us(store);

	(void)state;
	usleep(100000);
	assert_true(cpu_us(store) - before < 20000);
	close_at_once(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_deleted_later, lift_limit),
		cmocka_unit_test_teardown(test_deleted_with_the_next, lift_limit),
		cmocka_unit_test_teardown(test_deleted_beside_others, lift_limit),
		cmocka_unit_test_teardown(test_never_there, lift_limit),
		cmocka_unit_test_teardown(test_many, lift_limit),
		cmocka_unit_test_teardown(test_little_room, lift_limit),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test_teardown(test_damaged_later, lift_limit),
		cmocka_unit_test_teardown(test_deleted_at_the_end, lift_limit),
		cmocka_unit_test_teardown(test_end_in_vain, lift_limit),
		cmocka_unit_test_teardown(test_deleted_by_and_by, lift_limit),
		cmocka_unit_test_teardown(test_waits, lift_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
