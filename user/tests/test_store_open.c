// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/store_*.c: directories of others, and what others have written
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ev.h>
#include <lmdb.h>

#include "bench/store_bench.h"
#include "common/scratch.h"
#include "common/test.h"

static void test_second_instance(void **state)
{
	const char *directory = scratch_path("second");
	struct store *store = open_good(directory);
	char expected[256];

	(void)state;
	snprintf(expected, sizeof(expected),
		 "%s: in use by another pmip6d, process %d\n", directory,
		 getpid());
	open_bad(directory, expected);
	store_close(store);
	store = open_good(directory);
	store_close(store);
}

static void test_second_process(void **state)
{
	const char *directory = scratch_path("process");
	char expected[256], ready;
	int to_us[2], to_it[2];
	struct store *store;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(to_us), 0);
	assert_int_equal(pipe(to_it), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		if (!store_open(directory, stderr) ||
		    write(to_us[1], "r", 1) != 1)
			_exit(1);
		close(to_it[1]);
		_exit(read(to_it[0], &ready, 1) != 0);
	}
	assert_int_equal(read(to_us[0], &ready, 1), 1);
	snprintf(expected, sizeof(expected),
		 "%s: in use by another pmip6d, process %d\n", directory,
		 child);
	open_bad(directory, expected);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	store = open_good(directory);
	store_close(store);
	close(to_us[0]);
	close(to_us[1]);
	close(to_it[0]);
	close(to_it[1]);
}

static void test_bad_directories(void **state)
{
	const char *file = scratch_write("file", "");
	const char *locked = scratch_path("locked");
	char path[128], expected[256];
	int status;
	pid_t child;

	(void)state;
	snprintf(expected, sizeof(expected), "%s/pmip6d.lock: %s\n", file,
		 strerror(ENOTDIR));
	open_bad(file, expected);
	snprintf(path, sizeof(path), "%s/deeper", scratch_path("none"));
	snprintf(expected, sizeof(expected), "%s: %s\n", path,
		 strerror(ENOENT));
	open_bad(path, expected);

	/* Root may write everywhere. */
	assert_int_equal(mkdir(locked, 0500), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		char text[256] = "";
		FILE *errors = fmemopen(text, sizeof(text), "w");

		if (!geteuid() && (chmod(locked, 0555) || seteuid(65534)))
			_exit(1);
		if (store_open(locked, errors))
			_exit(2);
		fclose(errors);
		_exit(!strstr(text, strerror(EACCES)));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Changes what is stored behind the store's back. */
static void tamper(const char *directory, const char *database,
		   const void *key, size_t key_len, const void *data,
		   size_t len)
{
	MDB_val k = { key_len, (void *)key }, v = { len, (void *)data };
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;

	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, 4), 0);
	assert_int_equal(mdb_env_open(env, directory, 0, 0600), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, database, 0, &dbi), 0);
	assert_int_equal(mdb_put(txn, dbi, &k, &v, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_close(env);
}

static void test_other_boot(void **state)
{
	static const uint8_t key[8] = { 0, 0, 0, 0, 0, 0, 0, 5 };
	static const uint8_t value[16 + 3] = "0123456789abcdefold";
	const char *directory = scratch_path("boot");
	struct store *store = start_good(directory);
	static struct records records;
	unsigned int count = 0;

	(void)state;
	put(store, STORE_LMA, 4, "new", &count);
	put(store, STORE_LMA, 5, "new", &count);
	store_run(store);
	store_close(store);
	tamper(directory, "lma", key, sizeof(key), value, sizeof(value));

	store = open_good(directory);
	read_good(store, STORE_LMA, &records);
	assert_int_equal(records.count, 2);
	assert_record(&records.records[0], 4, "new");
	assert_int_equal(records.records[1].key, 5);
	assert_false(records.records[1].same_boot);
	assert_int_equal(records.records[1].len, 3);
	assert_memory_equal(records.records[1].data, "old", 3);

	/* Written anew, it is of this boot; the other run changed nothing. */
	assert_int_equal(store_start(store, EV_DEFAULT), 0);
	put(store, STORE_LMA, 5, "new", &count);
	store_run(store);
	store_close(store);
	store = open_good(directory);
	read_good(store, STORE_LMA, &records);
	assert_record(&records.records[1], 5, "new");
	store_close(store);
}

static void test_bad_records(void **state)
{
	static const uint8_t key[8] = { 0, 0, 0, 0, 0, 0, 0, 5 };
	const char *directory = scratch_path("bad");
	struct store *store = start_good(directory);
	static struct records records;
	unsigned int count = 0;

	(void)state;
	put(store, STORE_MAG, 4, "four", &count);
	put(store, STORE_MAG, 6, "six", &count);
	store_run(store);
	store_close(store);
	tamper(directory, "mag", key, sizeof(key), "short", 5);
	tamper(directory, "mag", key, 3, "0123456789abcdef", 16);

	store = open_good(directory);
	records.count = 0;
	assert_int_equal(store_read_all(store, STORE_MAG, note_record,
					&records), EBADMSG);
	assert_int_equal(records.count, 2);
	assert_record(&records.records[0], 4, "four");
	assert_record(&records.records[1], 6, "six");
	store_close(store);
}

static void test_foreign_files(void **state)
{
	const char *directory = scratch_path("foreign");
	char path[128], expected[256];
	struct store *store;
	FILE *file;

	(void)state;
	store = open_good(directory);
	store_close(store);
	tamper(directory, "meta", "format", 6, "pmip6 2", 7);
	snprintf(expected, sizeof(expected),
		 "%s/data.mdb: written by another version of pmip6d\n",
		 directory);
	open_bad(directory, expected);

	snprintf(path, sizeof(path), "%s/data.mdb", directory);
	file = fopen(path, "w");
	assert_non_null(file);
	for (unsigned int i = 0; i < 10000; i++)
		fprintf(file, "this is no database\n");
	fclose(file);
	snprintf(expected, sizeof(expected), "%s: %s\n", path,
		 mdb_strerror(MDB_INVALID));
	open_bad(directory, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* First, while there is no thread that fork() would lose. */
		cmocka_unit_test(test_second_process),
		cmocka_unit_test(test_bad_directories),
		cmocka_unit_test(test_second_instance),
		cmocka_unit_test(test_other_boot),
		cmocka_unit_test(test_bad_records),
		cmocka_unit_test(test_foreign_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
