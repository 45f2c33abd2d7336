// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/store_*.c: what is written is there, whatever happens
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ev.h>

#include "../engine/alloc.h"
#include "../ports/store_internal.h"
#include "bench/store_bench.h"
#include "common/scratch.h"
#include "common/test.h"

static void test_put_and_delete(void **state)
{
	const char *directory = scratch_path("put");
	struct store *store = start_good(directory);
	static struct records records;
	unsigned int count = 0;

	(void)state;
	put(store, STORE_LMA, 2, "two", &count);
	put(store, STORE_LMA, UINT64_MAX, "most", &count);
	put(store, STORE_LMA, 0, "", &count);
	put(store, STORE_LMA, 256, "long", &count);
	put(store, STORE_LMA, 256, "shorter", &count);
	put(store, STORE_LMA, 7, "gone", &count);
	put(store, STORE_MAG, 2, "other", &count);
	store_delete(store, STORE_LMA, 7, expect_done, &count);
	store_delete(store, STORE_LMA, 8, expect_done, &count);
	store_delete(store, STORE_MAG, 256, NULL, NULL);
	/* Never from within. */
	assert_int_equal(count, 0);
	assert_int_equal(store_pending(store), 10);
	store_run(store);
	assert_int_equal(count, 9);
	store_close(store);

	store = open_good(directory);
	read_good(store, STORE_LMA, &records);
	assert_int_equal(records.count, 4);
	assert_record(&records.records[0], 0, "");
	assert_record(&records.records[1], 2, "two");
	assert_record(&records.records[2], 256, "shorter");
	assert_record(&records.records[3], UINT64_MAX, "most");
	read_good(store, STORE_MAG, &records);
	assert_int_equal(records.count, 1);
	assert_record(&records.records[0], 2, "other");
	store_close(store);
}

static void test_batch(void **state)
{
	const char *directory = scratch_path("batch");
	struct store *store = start_good(directory);
	struct store_batch *batch = store_batch_new(STORE_MAG);
	static struct records records;
	unsigned int count = 0;

	(void)state;
	store_batch_put(batch, 1, (const uint8_t *)"a", 1);
	store_batch_put(batch, 2, (const uint8_t *)"b", 1);
	store_batch_delete(batch, 1);
	store_batch_put(batch, 3, (const uint8_t *)"c", 1);
	store_submit(store, batch, expect_done, &count);
	store_submit(store, store_batch_new(STORE_LMA), expect_done, &count);
	store_run(store);
	assert_int_equal(count, 2);
	batch = store_batch_new(STORE_LMA);
	store_batch_put(batch, 1, (const uint8_t *)"never", 5);
	store_batch_free(batch);
	store_batch_free(NULL);
	store_close(store);

	store = open_good(directory);
	read_good(store, STORE_MAG, &records);
	assert_int_equal(records.count, 2);
	assert_record(&records.records[0], 2, "b");
	assert_record(&records.records[1], 3, "c");
	read_good(store, STORE_LMA, &records);
	assert_int_equal(records.count, 0);
	store_close(store);
}

static size_t transactions(const struct store *store)
{
	MDB_envinfo info;

	assert_int_equal(mdb_env_info(store->env, &info), 0);
	return info.me_last_txnid;
}

/* Even where the writer has time to take the first alone. */
static void test_one_turn(void **state)
{
	struct store *store = start_good(scratch_path("turn"));
	size_t before = transactions(store);
	unsigned int count = 0, i;

	(void)state;
	for (i = 0; i < 10; i++) {
		put(store, STORE_LMA, i, "together", &count);
		usleep(2000);
	}
	store_run(store);
	assert_int_equal(count, 10);
	assert_int_equal(transactions(store) - before, 1);
	store_close(store);
}

struct order {
	struct store *store;
	unsigned int next;
	unsigned int told;
};

struct numbered {
	struct order *order;
	unsigned int number;
};

static void in_order(void *arg, int error)
{
	struct numbered *numbered = arg;

	assert_int_equal(error, 0);
	assert_int_equal(numbered->number, numbered->order->next++);
	free(numbered);
}

static void put_numbered(struct order *order, unsigned int number)
{
	struct numbered *numbered = malloc(sizeof(*numbered));

	assert_non_null(numbered);
	numbered->order = order;
	numbered->number = number;
	store_put(order->store, STORE_LMA, number, (const uint8_t *)"x", 1,
		  in_order, numbered);
}

static void count_record(void *context, uint64_t key, const uint8_t *data,
			 size_t len, bool same_boot)
{
	uint64_t *next = context;

	assert_true(key == (*next)++);
	assert_int_equal(len, 1);
	assert_int_equal(data[0], 'x');
	assert_true(same_boot);
}

/* More than one transaction takes; outcomes come in order all the same. */
static void test_order(void **state)
{
	const unsigned int count = 20000;
	const char *directory = scratch_path("order");
	struct order order = { .store = start_good(directory) };
	uint64_t next = 0;
	unsigned int i;

	(void)state;
	for (i = 0; i < count; i++)
		put_numbered(&order, i);
	store_run(order.store);
	assert_int_equal(order.next, count);
	store_close(order.store);

	order.store = open_good(directory);
	assert_int_equal(store_read_all(order.store, STORE_LMA, count_record,
					&next), 0);
	assert_int_equal(next, count);
	store_close(order.store);
}

static void put_more(void *arg, int error)
{
	struct order *order = arg;

	assert_int_equal(error, 0);
	order->told++;
	if (order->told < 5)
		store_put(order->store, STORE_MAG, order->told,
			  (const uint8_t *)"x", 1, put_more, order);
}

/* The loop does not run any more: all the same nothing is lost. */
static void test_close_writes(void **state)
{
	const char *directory = scratch_path("close");
	struct order order = { .store = start_good(directory) };
	uint64_t next = 0;
	unsigned int i;

	(void)state;
	for (i = 0; i < 1000; i++)
		put_numbered(&order, i);
	store_put(order.store, STORE_MAG, 0, (const uint8_t *)"x", 1, put_more,
		  &order);
	store_close(order.store);
	assert_int_equal(order.next, 1000);
	assert_int_equal(order.told, 5);

	order.store = open_good(directory);
	assert_int_equal(store_read_all(order.store, STORE_LMA, count_record,
					&next), 0);
	assert_int_equal(next, 1000);
	next = 0;
	assert_int_equal(store_read_all(order.store, STORE_MAG, count_record,
					&next), 0);
	assert_int_equal(next, 5);
	store_close(order.store);
	store_close(NULL);
}

/* What a record of this key has in it, of a length of its own. */
static size_t fill(uint64_t key, uint8_t *data)
{
	size_t len = 100 + key * 7919 % 1900, i;

	for (i = 0; i < len; i++)
		data[i] = (uint8_t)(key * 31 + i);
	return len;
}

struct killed {
	struct store *store;
	int pipe;
	uint64_t next;
};

struct killed_put {
	struct killed *killed;
	uint64_t key;
};

static void put_filled(struct killed *killed);

static void tell_parent(void *arg, int error)
{
	struct killed_put *done = arg;
	struct killed *killed = done->killed;

	if (error || write(killed->pipe, &done->key, sizeof(done->key)) !=
		     sizeof(done->key))
		_exit(1);
	free(done);
	put_filled(killed);
}

static void put_filled(struct killed *killed)
{
	struct killed_put *mine = malloc(sizeof(*mine));
	uint8_t data[DATA_MAX];
	size_t len;

	if (!mine)
		_exit(1);
	mine->killed = killed;
	mine->key = killed->next++;
	len = fill(mine->key, data);
	store_put(killed->store, STORE_LMA, mine->key, data, len, tell_parent,
		  mine);
}

/* Writes until it is killed; what was told to be written goes into a pipe. */
static void write_for_ever(const char *directory, int pipe)
{
	struct killed killed = {
		.store = store_open(directory, stderr),
		.pipe = pipe,
	};
	struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
	unsigned int i;

	if (!killed.store || store_start(killed.store, loop))
		_exit(1);
	for (i = 0; i < 50; i++)
		put_filled(&killed);
	ev_run(loop, 0);
	_exit(1);
}

struct told {
	uint8_t *keys;
	uint64_t count;
};

static void check_record(void *context, uint64_t key, const uint8_t *data,
			 size_t len, bool same_boot)
{
	struct told *told = context;
	uint8_t expected[DATA_MAX];

	assert_int_equal(fill(key, expected), len);
	assert_memory_equal(data, expected, len);
	assert_true(same_boot);
	if (key < told->count)
		told->keys[key] = 1;
}

static void test_kill(void **state)
{
	static const unsigned int kill_after[] = { 1, 60, 500, 3000 };
	const char *directory = scratch_path("kill");
	struct told told;
	struct store *store;
	int fds[2], status;
	unsigned int i;
	uint64_t key, j;
	pid_t child;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kill_after); i++) {
		assert_int_equal(pipe(fds), 0);
		child = fork();
		assert_true(child >= 0);
		if (!child) {
			close(fds[0]);
			write_for_ever(directory, fds[1]);
		}
		close(fds[1]);
		told.count = 0;
		/* All that it was told before it died, also what came late. */
		while (read(fds[0], &key, sizeof(key)) == sizeof(key)) {
			assert_true(key == told.count);
			if (++told.count == kill_after[i])
				assert_int_equal(kill(child, SIGKILL), 0);
		}
		close(fds[0]);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_true(told.count >= kill_after[i]);

		told.keys = must_alloc(told.count);
		store = open_good(directory);
		assert_int_equal(store_read_all(store, STORE_LMA, check_record,
						&told), 0);
		for (j = 0; j < told.count; j++)
			assert_int_equal(told.keys[j], 1);
		store_close(store);
		free(told.keys);
	}
}

static void test_disk_full(void **state)
{
	const char *directory = scratch_path("full");
	struct store *store = start_good(directory);
	static struct records records;
	static uint8_t large[60000];
	unsigned int count = 0, i;
	struct store_batch *batch;
	int error = -1;

	(void)state;
	put(store, STORE_LMA, 1, "before", &count);
	store_run(store);

	limit_files(256 << 10);
	batch = store_batch_new(STORE_LMA);
	store_batch_put(batch, 2, (const uint8_t *)"in vain", 7);
	for (i = 0; i < 10; i++)
		store_batch_put(batch, 100 + i, large, sizeof(large));
	store_submit(store, batch, note_error, &error);
	store_run(store);
	assert_int_not_equal(error, -1);
	assert_int_not_equal(error, 0);
	assert_true(error > 0);
	lift_limit(NULL);

	put(store, STORE_LMA, 3, "after", &count);
	store_run(store);
	assert_int_equal(count, 2);
	store_close(store);

	store = open_good(directory);
	read_good(store, STORE_LMA, &records);
	assert_int_equal(records.count, 2);
	assert_record(&records.records[0], 1, "before");
	assert_record(&records.records[1], 3, "after");
	store_close(store);
}

struct sum {
	uint64_t count;
	uint64_t octets;
};

static void add_up(void *context, uint64_t key, const uint8_t *data,
		   size_t len, bool same_boot)
{
	struct sum *sum = context;

	(void)key;
	(void)same_boot;
	assert_int_equal(data[0], 0x5a);
	assert_int_equal(data[len - 1], 0x5a);
	sum->count++;
	sum->octets += len;
}

/* Four times the map that a store begins with, and again after it was closed. */
static void test_map_grows(void **state)
{
	const char *directory = scratch_path("grow");
	static uint8_t data[32768];
	struct sum sum = { 0, 0 };
	unsigned int count = 0, i, round;
	struct store *store;

	(void)state;
	memset(data, 0x5a, sizeof(data));
	for (round = 0; round < 2; round++) {
		store = start_good(directory);
		for (i = 0; i < 1024; i++)
			store_put(store, STORE_MAG, round << 16 | i, data,
				  sizeof(data), expect_done, &count);
		store_run(store);
		store_close(store);
	}
	assert_int_equal(count, 2048);
	store = open_good(directory);
	assert_int_equal(store_read_all(store, STORE_MAG, add_up, &sum), 0);
	assert_int_equal(sum.count, 2048);
	assert_int_equal(sum.octets, 2048 * sizeof(data));
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* First, while there is no thread that fork() would lose. */
		cmocka_unit_test(test_kill),
		cmocka_unit_test(test_put_and_delete),
		cmocka_unit_test(test_batch),
		cmocka_unit_test(test_one_turn),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_close_writes),
		cmocka_unit_test_teardown(test_disk_full, lift_limit),
		cmocka_unit_test(test_map_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
