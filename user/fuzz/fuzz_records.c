// SPDX-License-Identifier: GPL-2.0
/*
 * Octets as what an earlier run has left in the two stores of an agent: records
 * of sessions of an anchor or of mobile nodes of a gateway, of bulk groups, of peers,
 * and of the restart counter. Sessions and groups that are taken are stored again, and
 * a start with those takes all of them and would store them as they are.
 *
 * The first octet says which role, and whether state is to be lost; then, for
 * each record, one of flags, one that is its key, and two that are its length.
 *
 * Covers: user/engine/record.c user/engine/lma_record.c
 * user/engine/lma_group_record.c user/engine/mag_record.c
 * user/engine/mag_group_record.c user/engine/peers.c user/pmip6d/restart.c
 * user/ports/store_open.c
 */
#include <string.h>
#include <unistd.h>

#include <lmdb.h>

#include "../engine/alloc.h"
#include "../engine/lma_bulk.h"
#include "../engine/lma_internal.h"
#include "../engine/mag_group_internal.h"
#include "../mh/cursor.h"
#include "../pmip6d/agent.h"
#include "../pmip6d/log.h"
#include "../pmip6d/restart.h"
#include "../pmip6d/role.h"
#include "../ports/store_internal.h"
#include "fuzz.h"

#define IS_MAG 0x01
#define LOSE_STATE 0x02

#define OF_PEERS 0x01
#define SAME_BOOT 0x02
#define RAW 0x04
#define OF_GROUPS 0x08

/* Of both roles: keys of groups, beside those of sessions. */
#define GROUP_KEYS (1ull << 63)

/* What records end with: see record_put_time(). */
#define TIME_LEN 24

#define MONO_MS 3600000ull
#define WALL (1700000000ull * WALL_PER_SECOND)

/* More says nothing new. */
#define RECORDS_MAX 32
#define TURNS_MAX 256

static const struct now now = { .mono_ms = MONO_MS, .wall = WALL };
static struct agent agent;

void role_run(struct role *role, struct outbox *out)
{
	(void)role;
	outbox_free(out);
}

void log_event(enum report_level level, const char *event, const char *format,
	       ...)
{
	(void)level;
	REQUIRE(event && format);
}

/* --- The stores. */

static char directory[] = "/tmp/pmip6-fuzz-records-XXXXXX";

static void remove_stores(void)
{
	static const char *const paths[] = {
		"peers/data.mdb", "peers/lock.mdb", "peers/pmip6d.lock", "peers",
		"data.mdb", "lock.mdb", "pmip6d.lock", "",
	};
	char path[64];
	size_t i;

	store_close(agent.store);
	store_close(agent.peer_store);
	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, paths[i]);
		remove(path);
	}
}

static struct store *open_store(const char *path)
{
	struct store *store = store_open(path, stderr);

	REQUIRE(store);
	REQUIRE(!mdb_env_set_flags(store->env, MDB_NOSYNC, 1));
	return store;
}

static void open_once(void)
{
	char path[64];

	if (agent.store)
		return;
	REQUIRE(mkdtemp(directory));
	agent.store = open_store(directory);
	snprintf(path, sizeof(path), "%s/peers", directory);
	agent.peer_store = open_store(path);
	atexit(remove_stores);
}

static MDB_txn *begin(struct store *store)
{
	unsigned int role;
	MDB_txn *txn;

	REQUIRE(!mdb_txn_begin(store->env, NULL, 0, &txn));
	for (role = 0; role < STORE_ROLES; role++)
		REQUIRE(!mdb_drop(txn, store->dbi[role], 0));
	return txn;
}

/* As written by hand, or by a process that had other ideas. */
static void put_raw(MDB_txn *txn, MDB_dbi dbi, uint8_t key_octet,
		    struct cursor value)
{
	size_t len = key_octet % 16 + 1u;
	struct cursor key = cursor_take(&value, len);
	MDB_val at = { len, (void *)(uintptr_t)key.at };
	MDB_val what = { value.left, (void *)(uintptr_t)value.at };

	if (!key.failed)
		REQUIRE(!mdb_put(txn, dbi, &at, &what, 0));
}

static void put(const struct store *store, MDB_txn *txn, MDB_dbi dbi,
		uint8_t flags, uint8_t key_octet, const struct cursor *value)
{
	static const uint8_t other_boot[STORE_BOOT_ID_LEN];
	uint8_t key[STORE_KEY_LEN], *room;
	MDB_val at = { sizeof(key), key };
	MDB_val what = { STORE_BOOT_ID_LEN + value->left, NULL };

	/* The last one there can be, too. */
	store_key(key_octet == 0xff ? UINT64_MAX :
		  key_octet | (flags & OF_GROUPS ? GROUP_KEYS : 0), key);
	REQUIRE(!mdb_put(txn, dbi, &at, &what, MDB_RESERVE));
	room = what.mv_data;
	memcpy(room, flags & SAME_BOOT ? store->boot_id : other_boot,
	       STORE_BOOT_ID_LEN);
	if (value->left)
		memcpy(room + STORE_BOOT_ID_LEN, value->at, value->left);
}

static void fill(struct cursor *input, enum store_role role)
{
	MDB_txn *sessions = begin(agent.store), *peers = begin(agent.peer_store);
	unsigned int i;

	for (i = 0; i < RECORDS_MAX && input->left > 3; i++) {
		uint8_t flags = cursor_u8(input), key = cursor_u8(input);
		size_t len = cursor_be(input, 2);
		struct cursor value;
		struct store *store = flags & OF_PEERS ? agent.peer_store :
							 agent.store;
		MDB_txn *txn = flags & OF_PEERS ? peers : sessions;

		value = cursor_take(input, len < input->left ? len :
							       input->left);
		if (flags & RAW)
			put_raw(txn, store->dbi[role], key, value);
		else
			put(store, txn, store->dbi[role], flags, key, &value);
	}
	REQUIRE(!mdb_txn_commit(sessions));
	REQUIRE(!mdb_txn_commit(peers));
}

/* --- The roles, for which taken records are collected. */

/**
 * struct image - what is to outlive a restart, read off an engine: of a session, a
 *	mobile node or a group
 * @record: what it would store
 * @prefixes: those it has, is to have, and had
 * @count: how many
 * @peer: its gateway or anchor
 * @link_local: its router's address
 * @router: likewise, of a mobile node
 * @expires_ms: when it ends
 * @timestamp: of a group, of its last PBU
 * @generation: as the data plane knows it
 * @group: which one it is in, or is
 * @set: of a group, in the data plane
 * @lifetime: as registered
 * @sequence: of its last PBU
 * @state: of a session; of a group, that nobody joins it
 */
struct image {
	struct effect_store record;
	struct mh_prefix prefixes[3][MH_MAX_HNP];
	unsigned int count[3];
	struct in6_addr peer, link_local, router;
	uint64_t expires_ms, timestamp;
	uint32_t generation, group, set;
	uint16_t lifetime, sequence;
	uint8_t state;
};

/**
 * struct source - whose image it is; all others are NULL
 * @bce: a session's of an anchor
 * @bule: a mobile node's of a gateway
 * @lma_group: a group's of an anchor
 * @mag_group: a group's of a gateway
 */
struct source {
	const struct bce *bce;
	const struct bule *bule;
	const struct lma_group *lma_group;
	const struct mag_group *mag_group;
};

static struct {
	struct role role;
	struct lma lma;
	struct mag mag;
	struct image kept[RECORDS_MAX];
	unsigned int kept_count;
} run;

static struct effect_store record_of(const struct source *source);

/* Nothing of a group is left out: all but the time, and what is true or not. */
static void require_as_read(const struct source *source, uint64_t key,
			    const uint8_t *data, size_t len)
{
	struct effect_store record = record_of(source);

	REQUIRE(record.key == key && record.len == len);
	len -= TIME_LEN;
	if (source->mag_group) {
		len--;
		REQUIRE(!record.data[len] == !data[len]);
	}
	REQUIRE(!memcmp(record.data, data, len));
	free(record.data);
}

static bool take_lma(struct role *role, uint64_t key, const uint8_t *data,
		     size_t len, bool same_boot)
{
	struct source source = { 0 };

	REQUIRE(role == &run.role);
	if (!lma_restore(&run.lma, key, data, len, same_boot, now))
		return false;
	if (!lma_is_group_key(key))
		return true;
	source.lma_group = lma_group_by_set(&run.lma, (uint32_t)key);
	REQUIRE(source.lma_group);
	require_as_read(&source, key, data, len);
	return true;
}

static bool take_mag(struct role *role, uint64_t key, const uint8_t *data,
		     size_t len, bool same_boot)
{
	struct source source = { 0 };
	struct bule *bule;

	REQUIRE(role == &run.role);
	if (mag_restore_group(&run.mag, key, data, len, same_boot, now)) {
		source.mag_group = mag_group_by_id(&run.mag.groups,
						   (uint32_t)key);
		REQUIRE(source.mag_group);
		require_as_read(&source, key, data, len);
		return true;
	}
	bule = mag_restore(&run.mag, key, data, len, same_boot, now);
	/* As the role finds its link. */
	if (bule)
		bule->at.ifindex = bule->at.ifname[0] == 'e' ? 11 : 0;
	return bule;
}

static void begin_engines(bool is_mag)
{
	static const struct role_ops ops[] = {
		{ .name = "lma", .store_role = STORE_LMA },
		{ .name = "mag", .store_role = STORE_MAG },
	};
	static const struct mh_prefix pool = { .len = 48,
		.addr = { .s6_addr = { 0x20, 1, 0x0d, 0xb8, 0, 10 } } };
	struct lma_config lma = { .max_lifetime_s = 3600,
		.max_update_notification_retransmit_count = 1,
		.min_delay_between_update_notification_replay_ms = 1000 };
	struct mag_config mag = { .lifetime_s = 300,
		.initial_bindack_timeout_ms = 1000,
		.first_bindack_timeout_ms = 1000,
		.max_bindack_timeout_ms = 32000, .deregistration_tries = 3,
		.max_mobile_nodes = 64, .ra_interval_s = 600,
		.reregister_within_s = 30, .request_bulk = true,
		.bulk_group_size = 8, .bulk_groups = 8, .bulk_retry_s = 60,
		.initial_ras = 1, .initial_ra_interval_s = 16 };

	lma_init(&run.lma, &lma);
	REQUIRE(prefix_pool_add(&run.lma.pool, &pool, 64));
	mag_init(&run.mag, &mag);
	memset(&run.role, 0, sizeof(run.role));
	run.role.ops = &ops[is_mag];
	run.role.agent = &agent;
	run.role.peers = is_mag ? &run.mag.peers : &run.lma.peers;
}

static void end_engines(void)
{
	lma_free(&run.lma);
	mag_free(&run.mag);
}

/* --- What was taken is stored. */

/* As it is: what is put is a generation newer. */
static void put_mag_group(struct transaction *transaction,
			  const struct mag_group *group)
{
	struct mag_group copy;

	REQUIRE(group);
	copy = *group;
	copy.generation--;
	group_put(transaction, &copy, now);
}

static struct effect_store record_of(const struct source *source)
{
	struct effect_store record;
	struct transaction *transaction;
	struct outbox out;

	outbox_init(&out);
	transaction = transaction_new(&out, NULL);
	if (source->bce)
		lma_put_record(transaction, source->bce, now);
	else if (source->bule)
		mag_put_record(transaction, source->bule, now);
	else if (source->lma_group)
		lma_put_group(transaction, source->lma_group, now);
	else
		put_mag_group(transaction, source->mag_group);
	record = transaction->effects[0].store;
	record.data = must_copy(record.data, record.len);
	outbox_free(&out);
	return record;
}

static void read_prefixes(struct image *image, unsigned int set,
			  const struct bce_prefix *prefixes,
			  unsigned int count)
{
	image->count[set] = count;
	lma_copy_prefixes(prefixes, count, image->prefixes[set]);
}

static void read_bce(struct image *image, const struct bce *bce)
{
	read_prefixes(image, 0, bce->prefixes, bce->prefix_count);
	read_prefixes(image, 1, bce->pending.prefixes, bce->pending.count);
	read_prefixes(image, 2, bce->former.prefixes, bce->former.count);
	image->peer = bce->now.proxy_coa;
	image->link_local = bce->link_local;
	image->expires_ms = bce->now.expires_ms;
	image->group = bce->group ? bce->group->set : 0;
	image->generation = bce->now.generation;
	image->lifetime = bce->now.lifetime;
	image->sequence = bce->now.sequence;
	image->state = bce->now.state;
}

static void read_bule(struct image *image, const struct bule *bule)
{
	image->count[0] = bule->hnp_count;
	memcpy(image->prefixes[0], bule->hnp,
	       bule->hnp_count * sizeof(bule->hnp[0]));
	image->peer = bule->profile.lma;
	image->link_local = bule->link_local;
	image->router = bule->router;
	image->expires_ms = bule->expires_ms;
	image->group = bule->member.group ? bule->member.group->id : 0;
	image->generation = bule->generation;
	image->lifetime = bule->lifetime;
	image->sequence = bule->sequence;
	image->state = bule->router_own;
}

static void read_lma_group(struct image *image, const struct lma_group *group)
{
	image->peer = group->name.mag;
	image->group = group->name.number;
	image->set = group->set;
	image->expires_ms = group->now.expires_ms;
	image->timestamp = group->now.timestamp;
	image->generation = group->now.generation;
	image->lifetime = group->now.lifetime;
	image->sequence = group->now.sequence;
}

static void read_mag_group(struct image *image, const struct mag_group *group)
{
	REQUIRE(group);
	image->peer = group->anchor->address;
	image->group = group->id;
	image->set = group->set;
	image->expires_ms = group->expires_ms;
	image->generation = group->generation;
	image->lifetime = group->lifetime;
	image->sequence = group->sequence;
	image->state = group->retired;
}

static void read_image(struct image *image, const struct source *source)
{
	memset(image, 0, sizeof(*image));
	if (source->bce)
		read_bce(image, source->bce);
	else if (source->bule)
		read_bule(image, source->bule);
	else if (source->lma_group)
		read_lma_group(image, source->lma_group);
	else
		read_mag_group(image, source->mag_group);
	image->record = record_of(source);
}

static void keep(const struct source *source)
{
	REQUIRE(run.kept_count < RECORDS_MAX);
	read_image(&run.kept[run.kept_count++], source);
}

/* Those of an anchor find each other when all are there. */
static void find_groups(void)
{
	struct outbox out;

	outbox_init(&out);
	lma_groups_start(&run.lma, &out);
	outbox_free(&out);
}

/* Groups first, so that no other takes their places meanwhile. */
static void for_all(void (*each)(const struct source *source))
{
	const struct lma_group *lma_group = run.lma.groups.by_name;
	const struct mag_group *mag_group = run.mag.groups.all;
	const struct bule *bule;
	const struct bce *bce;

	for (; lma_group; lma_group = lma_group->by_name.next)
		each(&(struct source){ .lma_group = lma_group });
	/* One without a record is only what members say of it. */
	for (; mag_group; mag_group = mag_group_next(mag_group))
		if (mag_group->stored)
			each(&(struct source){ .mag_group = mag_group });
	for (bce = bc_next(&run.lma.bc, NULL); bce;
	     bce = bc_next(&run.lma.bc, bce))
		each(&(struct source){ .bce = bce });
	for (bule = run.mag.bul.entries; bule; bule = bul_next(bule))
		each(&(struct source){ .bule = bule });
}

static struct image *kept_of(uint64_t key)
{
	unsigned int i;

	for (i = 0; i < run.kept_count; i++)
		if (run.kept[i].record.key == key)
			return &run.kept[i];
	return NULL;
}

static void require_same(const struct source *source)
{
	static struct image image;
	struct image *kept;

	read_image(&image, source);
	kept = kept_of(image.record.key);
	REQUIRE(kept && kept->record.len == image.record.len);
	REQUIRE(!memcmp(kept->record.data, image.record.data,
			image.record.len));
	free(image.record.data);
	/* All but for where its record is. */
	image.record = kept->record;
	REQUIRE(same_octets(kept, &image, sizeof(image)));
}

/* A start with what this one stored. */
static void start_again(bool is_mag)
{
	restart_take_t take = is_mag ? take_mag : take_lma;
	const struct effect_store *kept;
	unsigned int i;

	begin_engines(is_mag);
	for (i = 0; i < run.kept_count; i++) {
		kept = &run.kept[i].record;
		REQUIRE(take(&run.role, kept->key, kept->data, kept->len,
			     true));
	}
	find_groups();
	for_all(require_same);
	for (i = 0; i < run.kept_count; i++)
		free(run.kept[i].record.data);
	end_engines();
}

/* --- And it goes on from there. */

static void settle(bool is_mag, struct now at, struct outbox *out)
{
	struct transaction *transaction;
	unsigned int turns = 0;

	while ((transaction = outbox_take(out))) {
		if (transaction->owner && is_mag)
			mag_on_done(&run.mag, transaction->owner, 0, at, out);
		else if (transaction->owner)
			lma_on_done(&run.lma, transaction->owner, 0, at, out);
		transaction_free(transaction);
		REQUIRE(turns++ < 100000);
	}
}

static void go_on(bool is_mag)
{
	static const struct dataplane_dump nothing = { .has_sets = true };
	struct now at = now;
	struct outbox out;
	unsigned int i;
	uint64_t next;

	outbox_init(&out);
	if (is_mag) {
		mag_start(&run.mag, &out);
		mag_on_dataplane(&run.mag, &nothing, at, &out);
	} else {
		lma_start(&run.lma, &out);
		lma_on_dataplane(&run.lma, &nothing, at, &out);
	}
	for (i = 0; i < TURNS_MAX; i++) {
		settle(is_mag, at, &out);
		next = is_mag ? mag_next_timer(&run.mag) :
				lma_next_timer(&run.lma);
		if (next == UINT64_MAX)
			break;
		if (next > at.mono_ms) {
			at.wall += wall_from_ms(next - at.mono_ms);
			at.mono_ms = next;
		}
		if (is_mag)
			mag_on_timer(&run.mag, at, &out);
		else
			lma_on_timer(&run.lma, at, &out);
	}
	outbox_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor input = cursor_on(data, size);
	uint8_t flags = cursor_u8(&input);
	bool is_mag = flags & IS_MAG;

	open_once();
	agent.lose_state = flags & LOSE_STATE;
	begin_engines(is_mag);
	fill(&input, run.role.ops->store_role);
	restart_restore(&run.role, is_mag ? take_mag : take_lma);
	REQUIRE(!agent.lose_state || !(run.lma.bc.count || run.mag.bul.entries));
	restart_free(&run.role);
	find_groups();
	run.kept_count = 0;
	for_all(keep);
	go_on(is_mag);
	end_engines();
	start_again(is_mag);
	return 0;
}
