/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an agent has on disk: records of sessions and of peers, and its Restart
 * Counter. A batch is written whole or not at all.
 */
#ifndef PMIP6_SIM_STORE_H
#define PMIP6_SIM_STORE_H

#include <uthash.h>

#include "../engine/effects.h"

/**
 * struct record - one of them
 * @key: its key
 * @boot: the boot in which it was written
 * @len: octets of @data
 * @hh: in its table
 * @data: what was written
 */
struct record {
	uint64_t key;
	uint32_t boot;
	size_t len;
	UT_hash_handle hh;
	uint8_t data[];
};

/**
 * struct store - one agent's
 * @sessions: records of sessions
 * @owed: those that could not be deleted, to go before anything else is written,
 *	as long as the agent runs
 * @retries: which is tried again after a while
 * @peers: records of peers
 * @id: which store of sessions it is: one that was erased is another one
 * @has_counter: a Restart Counter is kept, with the peers
 * @counter: that
 * @counter_id: the store of sessions that it goes with
 */
struct store {
	struct record *sessions;
	struct record *owed;
	bool retries;
	struct record *peers;
	uint32_t id;
	bool has_counter;
	uint32_t counter;
	uint32_t counter_id;
};

/**
 * store_put() - write a record, instead of any that there is
 * @table: sessions or peers
 * @from: the record
 * @boot: which boot this is
 */
void store_put(struct record **table, const struct effect_store *from,
	       uint32_t boot);

/**
 * store_delete() - forget a record
 * @table: sessions or peers
 * @key: its key; one that is not there is ignored
 */
void store_delete(struct record **table, uint64_t key);

/**
 * store_owe() - a record could not be deleted
 * @store: the store
 * @from: the record, of which only the key counts; one that is not there is ignored
 */
void store_owe(struct store *store, const struct effect_store *from);

/**
 * store_pay() - delete all those
 * @store: the store
 */
void store_pay(struct store *store);

/**
 * store_forget_owed() - who would have deleted them has ended
 * @store: the store
 */
void store_forget_owed(struct store *store);

/**
 * store_find() - one record
 * @table: sessions or peers
 * @key: its key
 *
 * Return: the record or NULL.
 */
const struct record *store_find(const struct record *table, uint64_t key);

/**
 * store_erase() - records are gone
 * @store: the store
 * @peers: also those of peers, and the Restart Counter
 */
void store_erase(struct store *store, bool peers);

#endif /* PMIP6_SIM_STORE_H */
