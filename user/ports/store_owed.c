// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "store_internal.h"

#define OWED_KEY_LEN (offsetof(struct owed, key) + STORE_KEY_LEN)

/* 0, MDB_NOTFOUND, or why that cannot be said. */
static int look_up(const struct store *store, unsigned int role,
		   const uint8_t *octets)
{
	/* Which is only read. */
	MDB_val key = { STORE_KEY_LEN, (uint8_t *)octets }, value;
	MDB_txn *txn;
	int result;

	result = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
	if (result)
		return result;
	result = mdb_get(txn, store->dbi[role], &key, &value);
	mdb_txn_abort(txn);
	return result;
}

void store_owe(struct store *store, unsigned int role, const uint8_t *octets)
{
	struct owed *owed, *found;

	if (look_up(store, role, octets) == MDB_NOTFOUND)
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

void store_forget_owed(struct store *store)
{
	struct owed *owed, *next;

	HASH_ITER(hh, store->owed, owed, next) {
		HASH_DEL(store->owed, owed);
		free(owed);
	}
}
