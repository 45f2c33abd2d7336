// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/store_*.c: what could not be deleted is deleted later
 */
#include "../ports/store_internal.h"
#include "bench/store_bench.h"
#include "common/scratch.h"
#include "common/test.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_deleted_later, lift_limit),
		cmocka_unit_test_teardown(test_deleted_with_the_next, lift_limit),
		cmocka_unit_test_teardown(test_deleted_beside_others, lift_limit),
		cmocka_unit_test_teardown(test_never_there, lift_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
