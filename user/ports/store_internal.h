/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the files of the store.
 *
 * A key is 8 octets, the highest first. A value is the boot id of the machine
 * when it was written, and then the record. The database "meta" says in which
 * format the others are, and which store this is.
 */
#ifndef PMIP6_PORTS_STORE_INTERNAL_H
#define PMIP6_PORTS_STORE_INTERNAL_H

#include <pthread.h>

#include <ev.h>
#include <lmdb.h>
#include <uthash.h>

#include "store_lmdb.h"

#define STORE_KEY_LEN 8
#define STORE_BOOT_ID_LEN 16

/* What one transaction may hold, so that outcomes do not wait for ever. */
#define STORE_TRANSACTION_CHANGES 4096

/* Much shorter than a lifetime, much longer than what it takes to see a disk full. */
#define STORE_RETRY_MS 5000

/**
 * struct store_queue - batches in the order of their making
 * @first: the first
 * @last: where the next is linked
 */
struct store_queue {
	struct store_batch *first;
	struct store_batch **last;
};

/**
 * struct owed - a record that could not be deleted
 * @role: whose it is
 * @key: its key, as it is stored
 * @hh: among all of them, by both
 *
 * Nothing newer is written before it is gone: who restored both would give what is
 * in the older one to two, and could not say which is which.
 */
struct owed {
	uint8_t role;
	uint8_t key[STORE_KEY_LEN];
	UT_hash_handle hh;
};

/**
 * struct store - records on disk
 * @directory: where they are
 * @env: the LMDB environment, or NULL if it could not be opened again
 * @dbi: by enum store_role
 * @lock: descriptor of the lock file, or -1
 * @boot_id: of this machine
 * @id: what tells it from any other
 * @loop: where outcomes are told
 * @async: wakes it up
 * @prepare: it has done all that it had to, and is about to wait
 * @thread: that writes
 * @running: it does
 * @owed: what is still to be deleted, the writer's alone
 * @owed_at_once: how many of these the next transaction has, likewise
 * @retry_ms: after so long it is tried again, if nothing is written before
 * @pending: batches whose outcome was not told, counted by the loop alone
 * @collected: batches that the writer is to be told of, the loop's alone, too
 * @mutex: over all below
 * @work: there is something in @submitted, or @stop is set
 * @outcome: there is something in @written
 * @submitted: batches to write
 * @written: batches whose outcome is known
 * @stop: end when there is nothing to write
 */
struct store {
	char *directory;
	MDB_env *env;
	MDB_dbi dbi[STORE_ROLES];
	int lock;
	uint8_t boot_id[STORE_BOOT_ID_LEN];
	uint8_t id[STORE_ID_LEN];
	struct ev_loop *loop;
	struct ev_async async;
	struct ev_prepare prepare;
	pthread_t thread;
	bool running;
	struct owed *owed;
	unsigned int owed_at_once;
	unsigned int retry_ms;
	unsigned int pending;
	struct store_queue collected;
	pthread_mutex_t mutex;
	pthread_cond_t work;
	pthread_cond_t outcome;
	struct store_queue submitted;
	struct store_queue written;
	bool stop;
};

/**
 * store_key() - a key as it is stored
 * @key: the key
 * @octets: where to put it, of STORE_KEY_LEN
 */
static inline void store_key(uint64_t key, uint8_t *octets)
{
	unsigned int i;

	for (i = 0; i < STORE_KEY_LEN; i++)
		octets[i] = (uint8_t)(key >> 8 * (STORE_KEY_LEN - 1 - i));
}

/**
 * store_errno() - what LMDB says as an errno value
 * @result: what it returned
 *
 * Return: 0 or the value.
 */
int store_errno(int result);

/**
 * store_reopen() - open an environment that LMDB has given up
 * @store: the store, whose writer this is, outside of any transaction
 *
 * What stood before is there. Other records than those that were opened first are
 * refused: nobody would know what of them is true.
 *
 * Return: 0, or what LMDB says; then the store has no environment.
 */
int store_reopen(struct store *store);

/**
 * store_begin() - begin a transaction
 * @store: the store, whose writer this is
 * @flags: 0 or MDB_RDONLY
 * @txn: where to put it
 *
 * Opens the environment again first, if it has to be.
 *
 * Return: 0, or what LMDB says.
 */
int store_begin(struct store *store, unsigned int flags, MDB_txn **txn);

/**
 * typedef store_write_t - what a transaction writes
 * @store: the store
 * @txn: the transaction
 * @arg: as given to store_transact()
 *
 * Return: 0, or what LMDB says.
 */
typedef int (*store_write_t)(const struct store *store, MDB_txn *txn,
			     void *arg);

/**
 * store_transact() - write in one transaction, all of it or nothing
 * @store: the store, whose writer this is
 * @write: does so; called once more after the map has grown
 * @arg: for @write
 *
 * Return: 0, or what LMDB says.
 */
int store_transact(struct store *store, store_write_t write, void *arg);

/**
 * store_delete_key() - delete a record, if it is there
 * @store: the store
 * @txn: the transaction
 * @role: whose it is
 * @octets: its key, as it is stored
 *
 * Return: 0, or what LMDB says.
 */
int store_delete_key(const struct store *store, MDB_txn *txn,
		     unsigned int role, const uint8_t *octets);

/**
 * store_owe() - a record could not be deleted
 * @store: the store, whose writer this is, outside of any transaction
 * @role: whose it is
 * @octets: its key, as it is stored
 *
 * If there is none it is not owed, so that these are never more than records.
 */
void store_owe(struct store *store, unsigned int role, const uint8_t *octets);

/**
 * store_pay_owed() - delete what is owed, as far as that is possible
 * @store: the store, whose writer this is
 *
 * Return: 0 if nothing is owed any more, else what LMDB says.
 */
int store_pay_owed(struct store *store);

/**
 * store_forget_owed() - none of them is to be deleted any more
 * @store: the store, whose writer this is, or which has none
 */
void store_forget_owed(struct store *store);

#endif /* PMIP6_PORTS_STORE_INTERNAL_H */
