// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "store.h"

void store_delete(struct record **table, uint64_t key)
{
	struct record *record;

	HASH_FIND(hh, *table, &key, sizeof(key), record);
	if (!record)
		return;
	HASH_DEL(*table, record);
	free(record);
}

void store_put(struct record **table, const struct effect_store *from,
	       uint32_t boot)
{
	struct record *record = must_alloc(sizeof(*record) + from->len);

	store_delete(table, from->key);
	record->key = from->key;
	record->boot = boot;
	record->len = from->len;
	if (from->len)
		memcpy(record->data, from->data, from->len);
	HASH_ADD(hh, *table, key, sizeof(record->key), record);
}

const struct record *store_find(const struct record *table, uint64_t key)
{
	struct record *record;

	HASH_FIND(hh, table, &key, sizeof(key), record);
	return record;
}

static void erase(struct record **table)
{
	struct record *record, *next;

	HASH_ITER(hh, *table, record, next) {
		HASH_DEL(*table, record);
		free(record);
	}
}

void store_owe(struct store *store, const struct effect_store *from)
{
	if (store_find(store->sessions, from->key))
		store_put(&store->owed, from, 0);
}

void store_pay(struct store *store)
{
	struct record *record, *next;

	HASH_ITER(hh, store->owed, record, next)
		store_delete(&store->sessions, record->key);
	erase(&store->owed);
}

void store_forget_owed(struct store *store)
{
	erase(&store->owed);
	store->retries = false;
}

void store_erase(struct store *store, bool peers)
{
	erase(&store->sessions);
	erase(&store->owed);
	store->id++;
	if (!peers)
		return;
	erase(&store->peers);
	store->has_counter = false;
}
