/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a role keeps apart from its sessions: its Restart Counter, and who its
 * peers are. By that it knows at its next start whether sessions were lost, and
 * whom to tell (RFC 5847 3.2).
 */
#ifndef PMIP6D_RESTART_H
#define PMIP6D_RESTART_H

#include <stdbool.h>
#include <stdint.h>

#include "../ports/store_lmdb.h"

struct role;

/**
 * typedef restart_take_t - give a session back to its engine
 * @role: the role
 * @key: key of its record
 * @data: its octets
 * @len: how many
 * @same_boot: clocks count as they did when it was written
 *
 * Return: false if it is no session: its record is deleted.
 */
typedef bool (*restart_take_t)(struct role *role, uint64_t key,
			       const uint8_t *data, size_t len,
			       bool same_boot);

/**
 * struct restart - how a role's start came about
 * @known: there was an earlier run that kept a counter
 * @lost: sessions that there were are not there any more
 * @counter: the Restart Counter
 * @store_id: of the store that had the sessions
 * @take: for sessions
 * @peers: what changes in the store of peers, until restart_start()
 * @sessions: what changes in that of sessions, likewise
 */
struct restart {
	bool known;
	bool lost;
	uint32_t counter;
	uint8_t store_id[STORE_ID_LEN];
	restart_take_t take;
	struct store_batch *peers;
	struct store_batch *sessions;
};

/**
 * restart_restore() - go on where an earlier run ended
 * @role: the role, after role_init(), its engine empty
 * @take: for sessions
 *
 * Neither store must be started yet. Counts up and prepares to tell all peers
 * if sessions were lost.
 */
void restart_restore(struct role *role, restart_take_t take);

/**
 * restart_start() - keep what came of it
 * @role: the role, both stores started
 */
void restart_start(struct role *role);

/**
 * restart_free() - for a role that was not started
 * @role: the role
 */
void restart_free(struct role *role);

#endif /* PMIP6D_RESTART_H */
