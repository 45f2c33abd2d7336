// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../engine/alloc.h"
#include "store_internal.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

/* Address space to begin with, of which only what is used costs anything. */
#define MAP_SIZE ((size_t)16 << 20)

#define FORMAT "pmip6 1"

int store_errno(int result)
{
	if (result >= 0)
		return result;
	if (result == MDB_MAP_FULL || result == MDB_TXN_FULL)
		return ENOSPC;
	if (result == MDB_BAD_VALSIZE)
		return EMSGSIZE;
	return EIO;
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool parse_boot_id(const char *text, uint8_t *boot_id)
{
	unsigned int at;

	for (at = 0; at < STORE_BOOT_ID_LEN; at++) {
		if (*text == '-')
			text++;
		/* Two digits fit. NOLINTNEXTLINE(cert-err34-c) */
		if (sscanf(text, "%2hhx", &boot_id[at]) != 1)
			return false;
		text += 2;
	}
	return true;
}

static bool read_boot_id(uint8_t *boot_id, FILE *errors)
{
	FILE *file = fopen(BOOT_ID, "re");
	char text[64] = "";
	bool right;

	right = file && fgets(text, sizeof(text), file) &&
		strlen(text) >= 36 && parse_boot_id(text, boot_id);
	if (!right)
		fprintf(errors, "%s: %s\n", BOOT_ID,
			file ? "not a boot id" : strerror(errno));
	if (file)
		fclose(file);
	return right;
}

static void tell_holder(const char *directory, int lock, FILE *errors)
{
	char pid[32];
	ssize_t len = pread(lock, pid, sizeof(pid) - 1, 0);

	pid[len > 0 ? len : 0] = '\0';
	pid[strspn(pid, "0123456789")] = '\0';
	fprintf(errors, "%s: in use by another pmip6d, process %s\n",
		directory, pid[0] ? pid : "unknown");
}

/* A lock that ends with its process, and says whose it is. */
static int take_lock(const char *directory, FILE *errors)
{
	char path[PATH_MAX];
	int lock;

	if (snprintf(path, sizeof(path), "%s/pmip6d.lock", directory) >=
	    (int)sizeof(path)) {
		fprintf(errors, "%s: %s\n", directory, strerror(ENAMETOOLONG));
		return -1;
	}
	if (mkdir(directory, 0700) && errno != EEXIST) {
		fprintf(errors, "%s: %s\n", directory, strerror(errno));
		return -1;
	}
	lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock < 0) {
		fprintf(errors, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	if (flock(lock, LOCK_EX | LOCK_NB)) {
		if (errno == EWOULDBLOCK)
			tell_holder(directory, lock, errors);
		else
			fprintf(errors, "%s: %s\n", path, strerror(errno));
		close(lock);
		return -1;
	}
	if (ftruncate(lock, 0) || dprintf(lock, "%d\n", getpid()) < 0) {
		fprintf(errors, "%s: %s\n", path, strerror(errno));
		close(lock);
		return -1;
	}
	return lock;
}

/* Refuses what another version wrote in a way that this one cannot read. */
static int check_format(MDB_txn *txn, MDB_dbi meta)
{
	MDB_val key = { strlen("format"), "format" };
	MDB_val value = { strlen(FORMAT), FORMAT };
	MDB_val found;
	int result;

	result = mdb_get(txn, meta, &key, &found);
	if (result == MDB_NOTFOUND)
		return mdb_put(txn, meta, &key, &value, 0);
	if (!result && (found.mv_size != value.mv_size ||
			memcmp(found.mv_data, value.mv_data, value.mv_size)))
		return MDB_VERSION_MISMATCH;
	return result;
}

const uint8_t *store_id(const struct store *store)
{
	return store->id;
}

static int read_id(MDB_txn *txn, MDB_dbi meta, uint8_t *id)
{
	MDB_val key = { strlen("id"), "id" };
	MDB_val value = { STORE_ID_LEN, id };
	MDB_val found;
	int result = mdb_get(txn, meta, &key, &found);

	if (!result && found.mv_size == STORE_ID_LEN) {
		memcpy(id, found.mv_data, STORE_ID_LEN);
		return 0;
	}
	if (result && result != MDB_NOTFOUND)
		return result;
	if (getrandom(id, STORE_ID_LEN, 0) != STORE_ID_LEN)
		return errno;
	return mdb_put(txn, meta, &key, &value, 0);
}

static int open_databases(struct store *store, uint8_t *id)
{
	static const char *const names[STORE_ROLES] = {
		[STORE_LMA] = "lma",
		[STORE_MAG] = "mag",
	};
	unsigned int role;
	MDB_txn *txn;
	MDB_dbi meta;
	int result;

	result = mdb_txn_begin(store->env, NULL, 0, &txn);
	if (result)
		return result;
	result = mdb_dbi_open(txn, "meta", MDB_CREATE, &meta);
	if (!result)
		result = check_format(txn, meta);
	if (!result)
		result = read_id(txn, meta, id);
	for (role = 0; !result && role < STORE_ROLES; role++)
		result = mdb_dbi_open(txn, names[role], MDB_CREATE,
				      &store->dbi[role]);
	if (!result)
		return mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return result;
}

/*
 * MDB_NOMETASYNC: what a transaction wrote is in the hands of the kernel
 * before it counts as done, so that a process that is killed loses nothing.
 * Its data are on the disk before the page that makes them valid is written,
 * so that a power cut leaves the last transaction or the one before, never a
 * mixture; losing that one costs less than waiting for the disk twice each
 * time: gateways and anchors register again. MDB_NOSYNC would give up the
 * order and with it the whole, MDB_WRITEMAP would let a stray pointer in.
 */
static int open_environment(struct store *store, uint8_t *id)
{
	int result = mdb_env_create(&store->env);
	MDB_envinfo info;
	int dead;

	if (result)
		return result;
	result = mdb_env_set_maxdbs(store->env, STORE_ROLES + 1);
	if (!result)
		result = mdb_env_set_mapsize(store->env, MAP_SIZE);
	if (!result)
		result = mdb_env_open(store->env, store->directory,
				      MDB_NOMETASYNC, 0600);
	if (result)
		return result;
	mdb_env_info(store->env, &info);
	/* Nearly full is as good as full: open with room for the next ones. */
	if (info.me_last_pgno * (size_t)sysconf(_SC_PAGESIZE) >
	    info.me_mapsize / 2)
		mdb_env_set_mapsize(store->env, 2 * info.me_mapsize);
	mdb_reader_check(store->env, &dead);
	return open_databases(store, id);
}

int store_reopen(struct store *store)
{
	uint8_t id[STORE_ID_LEN];
	int result;

	mdb_env_close(store->env);
	store->env = NULL;
	result = open_environment(store, id);
	if (!result && memcmp(id, store->id, STORE_ID_LEN))
		result = MDB_INVALID;
	if (result) {
		mdb_env_close(store->env);
		store->env = NULL;
	}
	return result;
}

static void sync_directory(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

struct store *store_open(const char *directory, FILE *errors)
{
	struct store *store = must_alloc(sizeof(*store));
	int result;

	store->directory = must_copy(directory, strlen(directory) + 1);
	store->lock = -1;
	store->owed_at_once = STORE_TRANSACTION_CHANGES;
	store->retry_ms = STORE_RETRY_MS;
	if (!read_boot_id(store->boot_id, errors))
		goto bad;
	store->lock = take_lock(directory, errors);
	if (store->lock < 0)
		goto bad;
	result = open_environment(store, store->id);
	if (result) {
		fprintf(errors, "%s/data.mdb: %s\n", directory,
			result == MDB_VERSION_MISMATCH ?
			"written by another version of pmip6d" :
			mdb_strerror(result));
		goto bad;
	}
	/* So that the files themselves are there after a power cut. */
	sync_directory(directory);
	return store;
bad:
	store_close(store);
	return NULL;
}

static bool tell_record(const struct store *store, const MDB_val *key,
			const MDB_val *value, store_record_t each,
			void *context)
{
	const uint8_t *octets = key->mv_data, *data = value->mv_data;
	uint64_t number = 0;
	unsigned int i;

	if (key->mv_size != STORE_KEY_LEN ||
	    value->mv_size < STORE_BOOT_ID_LEN)
		return false;
	for (i = 0; i < STORE_KEY_LEN; i++)
		number = number << 8 | octets[i];
	each(context, number, data + STORE_BOOT_ID_LEN,
	     value->mv_size - STORE_BOOT_ID_LEN,
	     !memcmp(data, store->boot_id, STORE_BOOT_ID_LEN));
	return true;
}

int store_read_all(struct store *store, enum store_role role,
		   store_record_t each, void *context)
{
	bool bad = false;
	MDB_val key, value;
	MDB_cursor *cursor;
	MDB_txn *txn;
	int result;

	result = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
	if (result)
		return store_errno(result);
	result = mdb_cursor_open(txn, store->dbi[role], &cursor);
	if (result)
		goto out;
	while (!(result = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)))
		if (!tell_record(store, &key, &value, each, context))
			bad = true;
	mdb_cursor_close(cursor);
	if (result == MDB_NOTFOUND)
		result = bad ? EBADMSG : 0;
out:
	mdb_txn_abort(txn);
	return store_errno(result);
}
