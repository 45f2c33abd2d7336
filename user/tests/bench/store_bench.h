/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A store on disk, and what was read from it.
 */
#ifndef PMIP6_TESTS_STORE_BENCH_H
#define PMIP6_TESTS_STORE_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ports/store_lmdb.h"

#define RECORDS 64
#define DATA_MAX 2304

/**
 * struct record - a record as it was read
 * @key: its key
 * @len: how many octets it has
 * @data: those
 * @same_boot: it was written since the last boot
 */
struct record {
	uint64_t key;
	size_t len;
	uint8_t data[DATA_MAX];
	bool same_boot;
};

/**
 * struct records - all of a role
 * @count: how many
 * @records: those, by their keys
 */
struct records {
	unsigned int count;
	struct record records[RECORDS];
};

/**
 * open_good() - open a store
 * @directory: where it is
 *
 * Return: the store, not started; the test fails if anything is said.
 */
struct store *open_good(const char *directory);

/**
 * start_good() - open a store and start it, in the default loop
 * @directory: where it is
 *
 * Return: the store; the test fails if anything is said.
 */
struct store *start_good(const char *directory);

/**
 * open_bad() - open a store, which fails
 * @directory: where it is
 * @expected: what is said
 */
void open_bad(const char *directory, const char *expected);

/**
 * store_run() - the default loop, until all outcomes are told
 * @store: a store that was started
 *
 * The program aborts if that takes a minute.
 */
void store_run(struct store *store);

/**
 * note_record() - for store_read_all(): one more record
 * @context: struct records, to add it to
 * @key: its key
 * @data: its octets
 * @len: how many
 * @same_boot: it was written since the last boot
 */
void note_record(void *context, uint64_t key, const uint8_t *data, size_t len,
		 bool same_boot);

/**
 * read_good() - read all records; the test fails if one is bad
 * @store: a store that was not started
 * @role: whose they are
 * @records: where to put them
 */
void read_good(struct store *store, enum store_role role,
	       struct records *records);

/**
 * assert_record() - a record of this boot is what it should be
 * @record: the record
 * @key: its key
 * @data: its octets, as a string
 */
void assert_record(const struct record *record, uint64_t key,
		   const char *data);

/**
 * assert_left() - so many records of the anchor are on disk
 * @directory: where the store is, which nobody has open
 * @count: how many
 */
void assert_left(const char *directory, unsigned int count);

/**
 * expect_done() - a store_done_t: it went well
 * @arg: unsigned int, one more
 * @error: is to be 0
 */
void expect_done(void *arg, int error);

/**
 * put() - store_put(), which is to go well
 * @store: a store that was started
 * @role: whose the record is
 * @key: its key
 * @data: its octets, as a string
 * @count: one more when it is stored
 */
void put(struct store *store, enum store_role role, uint64_t key,
	 const char *data, unsigned int *count);

/**
 * note_error() - a store_done_t: what came of it
 * @arg: int, where to put the error
 * @error: 0 or an errno value
 */
void note_error(void *arg, int error);

/**
 * limit_files() - to this process what a full disk is to all
 * @octets: none of its files grows beyond
 *
 * A test that does so has lift_limit() for its teardown: what comes after one that
 * fails, and what is printed, goes to files as well.
 */
void limit_files(uint64_t octets);

/**
 * lift_limit() - the end of limit_files(); of a test, too
 * @state: not looked at
 *
 * Return: 0.
 */
int lift_limit(void **state);

#endif /* PMIP6_TESTS_STORE_BENCH_H */
