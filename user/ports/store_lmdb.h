/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records on disk, in an LMDB environment, one database a role. A thread of
 * its own writes, so that the loop never waits for a disk: everything that was
 * submitted in one turn of the loop, and while a transaction was written, goes
 * into the next.
 */
#ifndef PMIP6_PORTS_STORE_LMDB_H
#define PMIP6_PORTS_STORE_LMDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Octets of what tells one store from another. */
#define STORE_ID_LEN 16

struct ev_loop;
struct store;
struct store_batch;

enum store_role {
	STORE_LMA,
	STORE_MAG,
	STORE_ROLES,
};

/**
 * typedef store_done_t - a batch has ended
 * @arg: as given to store_submit()
 * @error: 0 if it is on disk as a whole, else an errno value and nothing of it
 *	is
 *
 * Called from the loop, in the order of store_submit(). What could not be deleted, by
 * a batch that has nothing to keep, is deleted before anything else is written, and
 * tried again every few seconds until then, and once more by store_close(); unless the
 * record itself cannot be deleted any more, which keeps nothing from being written.
 */
typedef void (*store_done_t)(void *arg, int error);

/**
 * typedef store_record_t - called with a record
 * @context: as given to store_read_all()
 * @key: its key
 * @data: its octets, for the time of the call
 * @len: how many
 * @same_boot: it was written since this machine was started, so that clocks
 *	which count from then can be compared
 */
typedef void (*store_record_t)(void *context, uint64_t key,
			       const uint8_t *data, size_t len,
			       bool same_boot);

/**
 * store_open() - open the records, or begin with none
 * @directory: where; is made if only its last component is not there
 * @errors: what is wrong goes here, as one line
 *
 * No other process may have it open. Does not survive fork().
 *
 * Return: for store_close(), or NULL.
 */
struct store *store_open(const char *directory, FILE *errors);

/**
 * store_id() - what tells this store from any other
 * @store: the store
 *
 * Drawn at random when it is made: one that was erased and made anew has
 * another.
 *
 * Return: STORE_ID_LEN octets, valid as long as the store.
 */
const uint8_t *store_id(const struct store *store);

/**
 * store_read_all() - all records of a role
 * @store: the store, before store_start()
 * @role: the role
 * @each: called with each, in the order of their keys
 * @context: for @each
 *
 * Return: 0 or an errno value; EBADMSG if one was no record, all others being
 * given.
 */
int store_read_all(struct store *store, enum store_role role,
		   store_record_t each, void *context);

/**
 * store_start() - begin to write
 * @store: the store
 * @loop: where outcomes are told
 *
 * Return: 0 or an errno value.
 */
int store_start(struct store *store, struct ev_loop *loop);

/**
 * store_batch_new() - changes that are to happen together
 * @role: whose records
 *
 * Return: no changes, for store_submit() or store_batch_free().
 */
struct store_batch *store_batch_new(enum store_role role);

/**
 * store_batch_put() - keep a record, in the place of one with its key
 * @batch: the batch
 * @key: its key
 * @data: its octets, which are copied
 * @len: how many, at most 64 KiB
 */
void store_batch_put(struct store_batch *batch, uint64_t key,
		     const uint8_t *data, size_t len);

/**
 * store_batch_delete() - forget a record; it need not be there
 * @batch: the batch
 * @key: its key
 */
void store_batch_delete(struct store_batch *batch, uint64_t key);

/**
 * store_batch_free() - forget changes that were not submitted
 * @batch: the batch, or NULL
 */
void store_batch_free(struct store_batch *batch);

/**
 * store_submit() - have changes written
 * @store: the store, after store_start()
 * @batch: the changes, which the store owns from now on
 * @done: called with the outcome, never from within this; may be NULL
 * @arg: for @done
 *
 * Batches take effect in the order of this call.
 */
void store_submit(struct store *store, struct store_batch *batch,
		  store_done_t done, void *arg);

/**
 * store_put() - keep one record
 * @store: the store, after store_start()
 * @role: whose
 * @key: its key
 * @data: its octets, which are copied
 * @len: how many, at most 64 KiB
 * @done: called with the outcome, never from within this; may be NULL
 * @arg: for @done
 */
void store_put(struct store *store, enum store_role role, uint64_t key,
	       const uint8_t *data, size_t len, store_done_t done, void *arg);

/**
 * store_delete() - forget one record
 * @store: the store, after store_start()
 * @role: whose
 * @key: its key
 * @done: called with the outcome, never from within this; may be NULL
 * @arg: for @done
 */
void store_delete(struct store *store, enum store_role role, uint64_t key,
		  store_done_t done, void *arg);

/**
 * store_pending() - how many batches have no outcome yet
 * @store: the store
 *
 * Return: how many.
 */
unsigned int store_pending(const struct store *store);

/**
 * store_close() - write what is left, and let go of the records
 * @store: the store, or NULL
 *
 * Waits for all that was submitted, and tells the outcomes from here; what
 * those submit is written as well. The last of the power of a machine may go
 * after this without anything being lost.
 */
void store_close(struct store *store);

#endif /* PMIP6_PORTS_STORE_LMDB_H */
