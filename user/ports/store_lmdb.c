// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ev.h>
#include <lmdb.h>

#include "../engine/alloc.h"
#include "store_internal.h"

/**
 * struct change - a record to keep or to forget
 * @next: in its batch
 * @key: its key, as it is stored
 * @put: keep it
 * @len: octets of @value
 * @value: as it is stored, but for the boot id
 */
struct change {
	struct change *next;
	uint8_t key[STORE_KEY_LEN];
	bool put;
	size_t len;
	uint8_t value[];
};

struct store_batch {
	struct store_batch *next;
	enum store_role role;
	struct change *first;
	struct change **last;
	unsigned int count;
	store_done_t done;
	void *arg;
	int error;
};

static void queue_init(struct store_queue *queue)
{
	queue->first = NULL;
	queue->last = &queue->first;
}

static void queue_add(struct store_queue *queue, struct store_batch *batch)
{
	batch->next = NULL;
	*queue->last = batch;
	queue->last = &batch->next;
}

static struct store_batch *queue_take(struct store_queue *queue)
{
	struct store_batch *batch = queue->first;

	if (!batch)
		return NULL;
	queue->first = batch->next;
	if (!queue->first)
		queue->last = &queue->first;
	return batch;
}

struct store_batch *store_batch_new(enum store_role role)
{
	struct store_batch *batch = must_alloc(sizeof(*batch));

	batch->role = role;
	batch->last = &batch->first;
	return batch;
}

static struct change *add_change(struct store_batch *batch, uint64_t key,
				 size_t len)
{
	struct change *change = must_alloc(sizeof(*change) + len);

	store_key(key, change->key);
	change->len = len;
	*batch->last = change;
	batch->last = &change->next;
	batch->count++;
	return change;
}

void store_batch_put(struct store_batch *batch, uint64_t key,
		     const uint8_t *data, size_t len)
{
	struct change *change = add_change(batch, key, len);

	change->put = true;
	if (len)
		memcpy(change->value, data, len);
}

void store_batch_delete(struct store_batch *batch, uint64_t key)
{
	add_change(batch, key, 0);
}

void store_batch_free(struct store_batch *batch)
{
	struct change *change;

	if (!batch)
		return;
	while ((change = batch->first)) {
		batch->first = change->next;
		free(change);
	}
	free(batch);
}

int store_delete_key(const struct store *store, MDB_txn *txn,
		     unsigned int role, const uint8_t *octets)
{
	/* Which is only read. */
	MDB_val key = { STORE_KEY_LEN, (uint8_t *)octets };
	int result = mdb_del(txn, store->dbi[role], &key, NULL);

	return result == MDB_NOTFOUND ? 0 : result;
}

static int write_change(const struct store *store, MDB_txn *txn,
			enum store_role role, struct change *change)
{
	MDB_val key = { STORE_KEY_LEN, change->key };
	MDB_val value = { STORE_BOOT_ID_LEN + change->len, NULL };
	uint8_t *room;
	int result;

	if (!change->put)
		return store_delete_key(store, txn, role, change->key);
	result = mdb_put(txn, store->dbi[role], &key, &value, MDB_RESERVE);
	if (result)
		return result;
	room = value.mv_data;
	memcpy(room, store->boot_id, STORE_BOOT_ID_LEN);
	if (change->len)
		memcpy(room + STORE_BOOT_ID_LEN, change->value, change->len);
	return 0;
}

/*
 * After the page that makes a transaction valid could not be written, LMDB does not
 * know what is on the disk, and refuses all that comes (MDB_PANIC); whoever opens it
 * again knows, as after a power cut.
 */
int store_begin(struct store *store, unsigned int flags, MDB_txn **txn)
{
	int result = MDB_PANIC;

	if (store->env)
		result = mdb_txn_begin(store->env, NULL, flags, txn);
	if (result != MDB_PANIC)
		return result;
	result = store_reopen(store);
	return result ? result : mdb_txn_begin(store->env, NULL, flags, txn);
}

static int write_once(struct store *store, store_write_t write, void *arg)
{
	MDB_txn *txn;
	int result;

	result = store_begin(store, 0, &txn);
	if (result)
		return result;
	result = write(store, txn, arg);
	if (!result)
		return mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return result;
}

/* Nobody else has a transaction open here, as growing the map asks for. */
static int grow(struct store *store)
{
	MDB_envinfo info;

	mdb_env_info(store->env, &info);
	return mdb_env_set_mapsize(store->env, 2 * info.me_mapsize);
}

int store_transact(struct store *store, store_write_t write, void *arg)
{
	int result = write_once(store, write, arg);

	while (result == MDB_MAP_FULL) {
		result = grow(store);
		if (!result)
			result = write_once(store, write, arg);
	}
	return result;
}

static int write_changes(const struct store *store, MDB_txn *txn, void *arg)
{
	const struct store_queue *queue = arg;
	const struct store_batch *batch;
	struct change *change;
	int result;

	for (batch = queue->first; batch; batch = batch->next) {
		for (change = batch->first; change; change = change->next) {
			result = write_change(store, txn, batch->role, change);
			if (result)
				return result;
		}
	}
	return 0;
}

/*
 * What was only to be deleted has ended for whoever wanted that, though it is still
 * there. What was to be written as well is rolled back, and all of it stands.
 */
static void owe_deletions(struct store *store, const struct store_queue *queue)
{
	const struct store_batch *batch;
	const struct change *change;

	for (batch = queue->first; batch; batch = batch->next) {
		for (change = batch->first; change; change = change->next)
			if (change->put)
				break;
		if (change)
			continue;
		for (change = batch->first; change; change = change->next)
			store_owe(store, batch->role, change->key);
	}
}

static int write_queue(struct store *store, struct store_queue *queue)
{
	int result = store_pay_owed(store);

	if (!result)
		result = store_transact(store, write_changes, queue);
	if (result)
		owe_deletions(store, queue);
	return store_errno(result);
}

static struct timespec in_ms(unsigned int ms)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec += ms / 1000;
	time.tv_nsec += ms % 1000 * 1000000L;
	if (time.tv_nsec >= 1000000000L) {
		time.tv_nsec -= 1000000000L;
		time.tv_sec++;
	}
	return time;
}

/* False if it is time to try again what is owed. */
static bool wait_for_work(struct store *store, const struct timespec *retry)
{
	if (store->owed)
		return pthread_cond_timedwait(&store->work, &store->mutex,
					      retry) != ETIMEDOUT;
	pthread_cond_wait(&store->work, &store->mutex);
	return true;
}

/*
 * Waits for something to write, of which there may be none if something is owed;
 * false when there will be nothing any more.
 */
static bool take_work(struct store *store, struct store_queue *queue)
{
	struct timespec retry = in_ms(store->retry_ms);
	unsigned int count = 0;
	bool goes_on;

	queue_init(queue);
	pthread_mutex_lock(&store->mutex);
	while (!store->submitted.first && !store->stop &&
	       wait_for_work(store, &retry))
		;
	while (store->submitted.first && count < STORE_TRANSACTION_CHANGES) {
		count += store->submitted.first->count;
		queue_add(queue, queue_take(&store->submitted));
	}
	goes_on = queue->first || !store->stop;
	pthread_mutex_unlock(&store->mutex);
	return goes_on;
}

static void *writer(void *context)
{
	struct store *store = context;
	struct store_batch *batch;
	struct store_queue queue;
	int error;

	while (take_work(store, &queue)) {
		if (!queue.first) {
			store_pay_owed(store);
			continue;
		}
		error = write_queue(store, &queue);
		pthread_mutex_lock(&store->mutex);
		while ((batch = queue_take(&queue))) {
			batch->error = error;
			queue_add(&store->written, batch);
		}
		pthread_cond_signal(&store->outcome);
		pthread_mutex_unlock(&store->mutex);
		ev_async_send(store->loop, &store->async);
	}
	/* Afterwards nobody knows of it. */
	store_pay_owed(store);
	return NULL;
}

static void tell_outcomes(struct store *store)
{
	struct store_queue told;
	struct store_batch *batch;

	queue_init(&told);
	pthread_mutex_lock(&store->mutex);
	while ((batch = queue_take(&store->written)))
		queue_add(&told, batch);
	pthread_mutex_unlock(&store->mutex);

	while ((batch = queue_take(&told))) {
		store->pending--;
		if (batch->done)
			batch->done(batch->arg, batch->error);
		store_batch_free(batch);
	}
}

/*
 * One by one, a writer that is as fast as we are would have a transaction for
 * each: what comes of the same turn of the loop goes together.
 */
static void hand_over(struct store *store)
{
	struct store_batch *batch;

	if (!store->collected.first)
		return;
	pthread_mutex_lock(&store->mutex);
	while ((batch = queue_take(&store->collected)))
		queue_add(&store->submitted, batch);
	pthread_cond_signal(&store->work);
	pthread_mutex_unlock(&store->mutex);
}

static void on_prepare(struct ev_loop *loop, struct ev_prepare *prepare,
		       int events)
{
	(void)loop;
	(void)events;
	hand_over(prepare->data);
}

static void on_async(struct ev_loop *loop, struct ev_async *async, int events)
{
	(void)loop;
	(void)events;
	tell_outcomes(async->data);
}

int store_start(struct store *store, struct ev_loop *loop)
{
	pthread_condattr_t attr;
	sigset_t all, old;
	int error;

	queue_init(&store->collected);
	queue_init(&store->submitted);
	queue_init(&store->written);
	pthread_mutex_init(&store->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&store->work, &attr);
	pthread_condattr_destroy(&attr);
	pthread_cond_init(&store->outcome, NULL);
	store->loop = loop;
	ev_async_init(&store->async, on_async);
	store->async.data = store;
	ev_async_start(loop, &store->async);
	ev_prepare_init(&store->prepare, on_prepare);
	store->prepare.data = store;
	ev_prepare_start(loop, &store->prepare);

	/* Signals are the loop's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&store->thread, NULL, writer, store);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (error) {
		ev_async_stop(loop, &store->async);
		ev_prepare_stop(loop, &store->prepare);
	}
	store->running = !error;
	return error;
}

void store_submit(struct store *store, struct store_batch *batch,
		  store_done_t done, void *arg)
{
	batch->done = done;
	batch->arg = arg;
	store->pending++;
	queue_add(&store->collected, batch);
}

void store_put(struct store *store, enum store_role role, uint64_t key,
	       const uint8_t *data, size_t len, store_done_t done, void *arg)
{
	struct store_batch *batch = store_batch_new(role);

	store_batch_put(batch, key, data, len);
	store_submit(store, batch, done, arg);
}

void store_delete(struct store *store, enum store_role role, uint64_t key,
		  store_done_t done, void *arg)
{
	struct store_batch *batch = store_batch_new(role);

	store_batch_delete(batch, key);
	store_submit(store, batch, done, arg);
}

unsigned int store_pending(const struct store *store)
{
	return store->pending;
}

static void stop(struct store *store)
{
	while (store->pending) {
		hand_over(store);
		pthread_mutex_lock(&store->mutex);
		while (!store->written.first)
			pthread_cond_wait(&store->outcome, &store->mutex);
		pthread_mutex_unlock(&store->mutex);
		tell_outcomes(store);
	}
	pthread_mutex_lock(&store->mutex);
	store->stop = true;
	pthread_cond_signal(&store->work);
	pthread_mutex_unlock(&store->mutex);
	pthread_join(store->thread, NULL);
	ev_async_stop(store->loop, &store->async);
	ev_prepare_stop(store->loop, &store->prepare);
	pthread_cond_destroy(&store->outcome);
	pthread_cond_destroy(&store->work);
	pthread_mutex_destroy(&store->mutex);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	if (store->running)
		stop(store);
	/* What MDB_NOMETASYNC left for the next transaction to do. */
	if (store->env) {
		mdb_env_sync(store->env, 1);
		mdb_env_close(store->env);
	}
	/* Last: it is what keeps other processes out. */
	if (store->lock >= 0)
		close(store->lock);
	store_forget_owed(store);
	free(store->directory);
	free(store);
}
