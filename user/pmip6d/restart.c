// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "../mh/cursor.h"
#include "../ports/clock.h"
#include "agent.h"
#include "log.h"
#include "restart.h"
#include "role.h"

/* "C" and the version of the layout. */
#define RECORD_KIND 0x4301
#define RECORD_LEN (2 + 4 + STORE_ID_LEN)

/* All others are of peers. */
#define COUNTER_KEY 0

static void read_counter(struct role *role, const uint8_t *data, size_t len)
{
	struct restart *restart = &role->restart;
	struct cursor cursor = cursor_on(data, len);
	uint16_t kind = (uint16_t)cursor_be(&cursor, 2);
	uint32_t counter = (uint32_t)cursor_be(&cursor, 4);

	cursor_bytes(&cursor, restart->store_id, sizeof(restart->store_id));
	if (cursor.failed || kind != RECORD_KIND) {
		log_event(REPORT_ERROR, "restart-counter-lost",
			  " role=%s reason=\"its record is of another version\"",
			  role->ops->name);
		return;
	}
	restart->counter = counter;
	restart->known = true;
}

static void take_peer(void *context, uint64_t key, const uint8_t *data,
		      size_t len, bool same_boot)
{
	struct role *role = context;

	(void)same_boot;
	if (key == COUNTER_KEY)
		read_counter(role, data, len);
	else if (!peers_restore(role->peers, key, data, len))
		store_batch_delete(role->restart.peers, key);
}

static void take_session(void *context, uint64_t key, const uint8_t *data,
			 size_t len, bool same_boot)
{
	struct role *role = context;
	struct restart *restart = &role->restart;

	if (!role->agent->lose_state &&
	    restart->take(role, key, data, len, same_boot))
		return;
	restart->lost = true;
	store_batch_delete(restart->sessions, key);
}

static void read_all(struct role *role, struct store *store, const char *what,
		     store_record_t each)
{
	int error = store_read_all(store, role->ops->store_role, each, role);

	if (!error)
		return;
	role->restart.lost = true;
	log_event(REPORT_ERROR, "restore-failed",
		  " role=%s of=%s reason=\"%s\"", role->ops->name, what,
		  strerror(error));
}

static void keep_counter(struct role *role)
{
	struct restart *restart = &role->restart;
	uint8_t data[RECORD_LEN];
	struct builder builder = builder_on(data, sizeof(data));

	memcpy(restart->store_id, store_id(role->agent->store), STORE_ID_LEN);
	builder_be(&builder, RECORD_KIND, 2);
	builder_be(&builder, restart->counter, 4);
	builder_bytes(&builder, restart->store_id, STORE_ID_LEN);
	store_batch_put(restart->peers, COUNTER_KEY, data, builder.len);
}

/*
 * The first one of all is the time: if what is kept here is lost as well, the
 * next one is still more than the last.
 */
static uint32_t first_counter(void)
{
	return (uint32_t)(clock_now().wall / WALL_PER_SECOND);
}

/*
 * They were if there were peers, and what is left of the sessions is not all,
 * or lies in another store than it did.
 */
static void judge(struct role *role)
{
	struct restart *restart = &role->restart;
	bool other = memcmp(restart->store_id, store_id(role->agent->store),
			    STORE_ID_LEN);

	restart->lost = restart->known &&
			(role->agent->lose_state ||
			 ((other || restart->lost) && role->peers->count));
	if (!restart->known)
		restart->counter = first_counter();
	else if (restart->lost)
		restart->counter++;
	if (!restart->known || restart->lost || other)
		keep_counter(role);
	if (restart->lost)
		log_event(REPORT_WARNING, "sessions-lost",
			  " role=%s restart-counter=%u peers=%u effect=\"they are told\"",
			  role->ops->name, restart->counter,
			  role->peers->count);
	peers_set_restart(role->peers, restart->counter, restart->lost);
}

void restart_restore(struct role *role, restart_take_t take)
{
	struct restart *restart = &role->restart;

	restart->take = take;
	restart->peers = store_batch_new(role->ops->store_role);
	restart->sessions = store_batch_new(role->ops->store_role);
	/* First, so that sessions find the peers that they are with. */
	read_all(role, role->agent->peer_store, "peers", take_peer);
	read_all(role, role->agent->store, "sessions", take_session);
	judge(role);
}

void restart_start(struct role *role)
{
	struct restart *restart = &role->restart;

	store_submit(role->agent->peer_store, restart->peers, NULL, NULL);
	store_submit(role->agent->store, restart->sessions, NULL, NULL);
	restart->peers = restart->sessions = NULL;
}

void restart_free(struct role *role)
{
	store_batch_free(role->restart.peers);
	store_batch_free(role->restart.sessions);
}
