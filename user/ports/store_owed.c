// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "store_internal.h"

#define OWED_KEY_LEN (offsetof(struct owed, key) + STORE_KEY_LEN)

/*
 * What the system says is of the disk, or of memory, and keeps everybody from writing:
 * ENOSPC, EDQUOT, EFBIG, EIO, EROFS, ENOMEM. What LMDB says by itself is of the pages
 * that it met (MDB_CORRUPTED, MDB_PAGE_NOTFOUND), or of files that are none of ours
 * any more (MDB_INVALID). A map that is full grows.
 */
static bool may_pass(int result)
{
	return result > 0;
}

/* 0, MDB_NOTFOUND, or why that cannot be said. */
static int look_up(struct store *store, unsigned int role,
		   const uint8_t *octets)
{
	/* Which is only read. */
	MDB_val key = { STORE_KEY_LEN, (uint8_t *)octets }, value;
	MDB_txn *txn;
	int result;

	/* It could just now not be opened: that is not tried for each of them. */
	if (!store->env)
		return EIO;
	result = store_begin(store, MDB_RDONLY, &txn);
	if (result)
		return result;
	result = mdb_get(txn, store->dbi[role], &key, &value);
	mdb_txn_abort(txn);
	return result;
}

void store_owe(struct store *store, unsigned int role, const uint8_t *octets)
{
	struct owed *owed, *found;
	int result;

	result = look_up(store, role, octets);
	if (result && !may_pass(result))
		return;
	owed = must_alloc(sizeof(*owed));
	owed->role = (uint8_t)role;
	memcpy(owed->key, octets, STORE_KEY_LEN);
	HASH_FIND(hh, store->owed, owed, OWED_KEY_LEN, found);
	if (found)
		free(owed);
	else
		HASH_ADD(hh, store->owed, role, OWED_KEY_LEN, owed);
}

static void drop(struct store *store, unsigned int count)
{
	struct owed *owed;

	for (; count && (owed = store->owed); count--) {
		HASH_DEL(store->owed, owed);
		free(owed);
	}
}

/**
 * struct payment - some of what is owed, in one transaction
 * @most: not more than so many
 * @count: so many were deleted, the first ones
 */
struct payment {
	unsigned int most;
	unsigned int count;
};

static int delete_some(const struct store *store, MDB_txn *txn, void *arg)
{
	struct payment *payment = arg;
	const struct owed *owed = store->owed;
	int result;

	payment->count = 0;
	for (; owed && payment->count < payment->most; owed = owed->hh.next) {
		result = store_delete_key(store, txn, owed->role, owed->key);
		if (result)
			return result;
		payment->count++;
	}
	return 0;
}

/*
 * Each page that a deletion changes is written anew, so that on a disk that is nearly
 * full there may be room for some of them, and then for more. What fails there is not
 * tried again at once, as others wait for what comes of it.
 *
 * One that fails for itself stays: fewer at a time, until it is alone.
 */
int store_pay_owed(struct store *store)
{
	struct payment payment;
	int result;

	while (store->owed) {
		payment.most = store->owed_at_once;
		payment.count = 0;
		result = store_transact(store, delete_some, &payment);
		if (!result) {
			drop(store, payment.count);
			store->owed_at_once = 2 * payment.most;
			if (store->owed_at_once > STORE_TRANSACTION_CHANGES)
				store->owed_at_once = STORE_TRANSACTION_CHANGES;
			continue;
		}
		store->owed_at_once = payment.count > 1 ? payment.count / 2 : 1;
		if (may_pass(result))
			return result;
		if (payment.most == 1)
			drop(store, 1);
	}
	return 0;
}

void store_forget_owed(struct store *store)
{
	drop(store, HASH_COUNT(store->owed));
}
