// SPDX-License-Identifier: GPL-2.0
/*
 * The binding table against an oracle that scans an array, bit by bit where
 * the table hashes.
 */
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/prandom.h>
#include <linux/sched.h>

#include "binding.h"
#include "suites.h"

static ulong seed = 5213;
module_param(seed, ulong, 0444);
MODULE_PARM_DESC(seed, "Seed of the random tests");

#define OPERATIONS	240000

/* The table swings between empty and this many bindings. */
#define SLOTS		256
#define PHASE		4000

/* Prefixes lie below few addresses, so that they nest and collide. */
#define BASES		6

/* Threads that look up while the table changes. */
#define READERS		2

struct slot {
	struct pmip6_prefix prefix;
	struct pmip6_binding *binding;
};

/**
 * struct tally - what the random operations did, to see that all was done
 * @inserted: new prefixes
 * @refused: prefixes that were there
 * @removed: prefixes taken out
 * @found: finds of a prefix that is there
 * @missed: finds of one that is not
 * @hits: lookups that a prefix holds
 * @misses: lookups that none does
 * @nested: of @hits, how many a shorter prefix held as well
 * @emptied: how often the table was empty again
 */
struct tally {
	u32 inserted, refused, removed, found, missed, hits, misses, nested;
	u32 emptied;
};

/**
 * struct reader - a thread that looks up while the table changes
 * @task: the thread
 * @table: where it looks
 * @done: how many lookups there were
 * @wrong: how many of them gave what can not be
 */
struct reader {
	struct task_struct *task;
	struct pmip6_binding_table *table;
	unsigned long done;
	unsigned long wrong;
};

struct binding_test {
	struct pmip6_binding_table table;
	bool ready;
	struct reader readers[READERS];
	struct rnd_state rnd;
	struct in6_addr bases[BASES];
	struct slot slots[SLOTS];
	unsigned int used;
	struct tally tally;
};

/* Without the kernel's own prefix functions, which the table uses. */
static bool oracle_holds(const struct pmip6_prefix *prefix,
			 const struct in6_addr *addr)
{
	unsigned int i, octets = prefix->len / 8, bits = prefix->len % 8;

	for (i = 0; i < octets; i++)
		if (prefix->addr.s6_addr[i] != addr->s6_addr[i])
			return false;
	return !bits || prefix->addr.s6_addr[octets] >> (8 - bits) ==
			addr->s6_addr[octets] >> (8 - bits);
}

static void oracle_cut(struct pmip6_prefix *prefix)
{
	unsigned int bit;

	for (bit = prefix->len; bit < 128; bit++)
		prefix->addr.s6_addr[bit / 8] &= ~(0x80 >> bit % 8);
}

static struct slot *oracle_find(struct binding_test *bt,
				const struct pmip6_prefix *prefix)
{
	unsigned int i;

	for (i = 0; i < bt->used; i++)
		if (bt->slots[i].prefix.len == prefix->len &&
		    !memcmp(&bt->slots[i].prefix.addr, &prefix->addr,
			    sizeof(prefix->addr)))
			return &bt->slots[i];
	return NULL;
}

static struct slot *oracle_lookup(struct binding_test *bt,
				  const struct in6_addr *addr,
				  unsigned int *holders)
{
	struct slot *best = NULL;
	unsigned int i;

	*holders = 0;
	for (i = 0; i < bt->used; i++) {
		struct slot *slot = &bt->slots[i];

		if (!oracle_holds(&slot->prefix, addr))
			continue;
		(*holders)++;
		if (!best || slot->prefix.len > best->prefix.len)
			best = slot;
	}
	return best;
}

static u32 below(struct binding_test *bt, u32 limit)
{
	return prandom_u32_state(&bt->rnd) % limit;
}

static void random_addr(struct binding_test *bt, struct in6_addr *addr)
{
	unsigned int flips = below(bt, 4);

	if (!below(bt, 16)) {
		prandom_bytes_state(&bt->rnd, addr, sizeof(*addr));
		return;
	}
	*addr = bt->bases[below(bt, BASES)];
	while (flips--) {
		u32 bit = below(bt, 128);

		addr->s6_addr[bit / 8] ^= 0x80 >> bit % 8;
	}
}

static void random_prefix(struct binding_test *bt, struct pmip6_prefix *prefix)
{
	random_addr(bt, &prefix->addr);
	prefix->len = below(bt, 129);
	oracle_cut(prefix);
}

/* An address in a prefix that is there, or just beside it. */
static void address_near(struct binding_test *bt, struct in6_addr *addr)
{
	const struct pmip6_prefix *prefix;
	u32 bit;

	if (!bt->used || !below(bt, 4)) {
		random_addr(bt, addr);
		return;
	}
	prefix = &bt->slots[below(bt, bt->used)].prefix;
	*addr = prefix->addr;
	for (bit = prefix->len; bit < 128; bit++)
		if (below(bt, 2))
			addr->s6_addr[bit / 8] |= 0x80 >> bit % 8;
	if (prefix->len && !below(bt, 3)) {
		bit = prefix->len - 1;
		addr->s6_addr[bit / 8] ^= 0x80 >> bit % 8;
	}
}

static struct pmip6_binding *find(struct binding_test *bt,
				  const struct pmip6_prefix *prefix)
{
	struct pmip6_binding *binding;

	rcu_read_lock();
	binding = pmip6_binding_find(&bt->table, prefix);
	rcu_read_unlock();
	return binding;
}

static struct pmip6_binding *lookup(struct binding_test *bt,
				    const struct in6_addr *addr)
{
	struct pmip6_binding *binding;

	rcu_read_lock();
	binding = pmip6_binding_lookup(&bt->table, addr);
	rcu_read_unlock();
	return binding;
}

/* Does the table probe just the lengths that the oracle has, longest first? */
static bool lengths_agree(struct binding_test *bt)
{
	const struct pmip6_prefix_lengths *lengths;
	bool used[129] = {}, agree = true;
	unsigned int i, n = 0;
	int len;

	for (i = 0; i < bt->used; i++)
		used[bt->slots[i].prefix.len] = true;
	rcu_read_lock();
	lengths = rcu_dereference(bt->table.lengths);
	for (len = 128; len >= 0; len--)
		if (used[len])
			agree &= n < lengths->count &&
				 lengths->mask[n++].len == len;
	agree &= n == lengths->count;
	rcu_read_unlock();
	return agree;
}

static void do_insert(struct kunit *test, const struct pmip6_prefix *prefix)
{
	struct binding_test *bt = test->priv;
	struct slot *old = oracle_find(bt, prefix);
	u32 generation = bt->table.generation;
	struct pmip6_binding *binding;

	binding = pmip6_binding_insert(&bt->table, prefix);
	if (old) {
		KUNIT_ASSERT_EQ(test, PTR_ERR(binding), (long)-EEXIST);
		KUNIT_ASSERT_EQ(test, bt->table.generation, generation);
		bt->tally.refused++;
		return;
	}
	KUNIT_ASSERT_FALSE(test, IS_ERR(binding));
	KUNIT_ASSERT_NE(test, bt->table.generation, generation);
	KUNIT_ASSERT_PTR_EQ(test, xa_load(&bt->table.by_id, binding->id),
			    (void *)binding);
	bt->slots[bt->used].prefix = *prefix;
	bt->slots[bt->used].binding = binding;
	bt->used++;
	bt->tally.inserted++;
}

static void do_remove(struct kunit *test, unsigned int index)
{
	struct binding_test *bt = test->priv;
	u32 generation = bt->table.generation;
	struct slot *slot = &bt->slots[index];
	u32 id = slot->binding->id;

	pmip6_binding_remove(&bt->table, slot->binding);
	KUNIT_ASSERT_NULL(test, find(bt, &slot->prefix));
	KUNIT_ASSERT_NULL(test, xa_load(&bt->table.by_id, id));
	KUNIT_ASSERT_NE(test, bt->table.generation, generation);
	*slot = bt->slots[--bt->used];
	bt->tally.removed++;
	bt->tally.emptied += !bt->used;
}

static void do_find(struct kunit *test, const struct pmip6_prefix *prefix)
{
	struct binding_test *bt = test->priv;
	struct slot *slot = oracle_find(bt, prefix);
	struct pmip6_binding *binding = find(bt, prefix);

	if (!slot) {
		KUNIT_ASSERT_NULL(test, binding);
		bt->tally.missed++;
		return;
	}
	KUNIT_ASSERT_PTR_EQ(test, binding, slot->binding);
	bt->tally.found++;
}

static void do_lookup(struct kunit *test, const struct in6_addr *addr)
{
	struct binding_test *bt = test->priv;
	struct pmip6_binding *binding = lookup(bt, addr);
	unsigned int holders;
	struct slot *slot;

	slot = oracle_lookup(bt, addr, &holders);
	if (!slot) {
		KUNIT_ASSERT_NULL(test, binding);
		bt->tally.misses++;
		return;
	}
	KUNIT_ASSERT_PTR_EQ(test, binding, slot->binding);
	bt->tally.hits++;
	bt->tally.nested += holders > 1;
}

static void random_operation(struct kunit *test, bool grow)
{
	struct binding_test *bt = test->priv;
	u32 dice = below(bt, 100), inserts = grow ? 45 : 15;
	struct pmip6_prefix prefix;
	struct in6_addr addr;

	if (dice < 60) {
		if (dice >= inserts || bt->used == SLOTS) {
			if (bt->used)
				do_remove(test, below(bt, bt->used));
			return;
		}
		random_prefix(bt, &prefix);
		if (bt->used && !below(bt, 5))
			prefix = bt->slots[below(bt, bt->used)].prefix;
		do_insert(test, &prefix);
	} else if (dice < 75) {
		random_prefix(bt, &prefix);
		if (bt->used && below(bt, 2))
			prefix = bt->slots[below(bt, bt->used)].prefix;
		do_find(test, &prefix);
	} else {
		address_near(bt, &addr);
		do_lookup(test, &addr);
	}
}

static void check_tally(struct kunit *test)
{
	struct binding_test *bt = test->priv;
	const struct tally *did = &bt->tally;

	kunit_info(test, "inserted=%u refused=%u removed=%u found=%u missed=%u",
		   did->inserted, did->refused, did->removed, did->found,
		   did->missed);
	kunit_info(test, "hits=%u nested=%u misses=%u emptied=%u", did->hits,
		   did->nested, did->misses, did->emptied);
	/* An operation that hardly happened was not tested. */
	KUNIT_EXPECT_GT(test, did->inserted, OPERATIONS / 10);
	KUNIT_EXPECT_GT(test, did->refused, OPERATIONS / 100);
	KUNIT_EXPECT_GT(test, did->found, OPERATIONS / 100);
	KUNIT_EXPECT_GT(test, did->missed, OPERATIONS / 100);
	KUNIT_EXPECT_GT(test, did->hits, OPERATIONS / 100);
	KUNIT_EXPECT_GT(test, did->nested, OPERATIONS / 100);
	KUNIT_EXPECT_GT(test, did->misses, OPERATIONS / 100);
	KUNIT_EXPECT_GT(test, did->emptied, 10);
}

static void empty_table(struct kunit *test)
{
	struct binding_test *bt = test->priv;

	while (bt->used)
		do_remove(test, bt->used - 1);
	KUNIT_EXPECT_EQ(test, bt->table.count, 0);
	KUNIT_EXPECT_TRUE(test, xa_empty(&bt->table.by_id));
	KUNIT_EXPECT_EQ(test, atomic_read(&bt->table.hash.nelems), 0);
	KUNIT_EXPECT_TRUE(test, lengths_agree(bt));
	KUNIT_EXPECT_EQ(test, bt->tally.inserted, bt->tally.removed);
}

static void binding_random(struct kunit *test)
{
	struct binding_test *bt = test->priv;
	unsigned int i;

	kunit_info(test, "operations=%u seed=%lu", OPERATIONS, seed);
	prandom_seed_state(&bt->rnd, seed);
	for (i = 0; i < BASES; i++)
		prandom_bytes_state(&bt->rnd, &bt->bases[i],
				    sizeof(bt->bases[i]));
	for (i = 0; i < OPERATIONS; i++) {
		random_operation(test, !(i / PHASE % 2));
		KUNIT_ASSERT_EQ(test, bt->table.count, bt->used);
		if (!(i % 16)) {
			KUNIT_ASSERT_TRUE(test, lengths_agree(bt));
			cond_resched();
		}
	}
	check_tally(test);
	empty_table(test);
}

static const struct in6_addr nest = { { {
	0x20, 0x01, 0x0d, 0xb8, 0xa5, 0x5a, 0x0f, 0xf0,
	0x33, 0xcc, 0x81, 0x7e, 0x55, 0xaa, 0x00, 0xff } } };

/* One prefix of every length around the same address. */
static void binding_every_length(struct kunit *test)
{
	struct binding_test *bt = test->priv;
	struct pmip6_prefix prefix;
	struct in6_addr beside;
	int len;

	for (len = 0; len <= 128; len++) {
		prefix.addr = nest;
		prefix.len = len;
		oracle_cut(&prefix);
		do_insert(test, &prefix);
		KUNIT_ASSERT_TRUE(test, lengths_agree(bt));
	}
	for (len = 128; len > 0; len--) {
		KUNIT_ASSERT_EQ(test, lookup(bt, &nest)->prefix.len, len);
		/* The last bit that counts takes it to the next shorter. */
		beside = nest;
		beside.s6_addr[(len - 1) / 8] ^= 0x80 >> (len - 1) % 8;
		KUNIT_ASSERT_EQ(test, lookup(bt, &beside)->prefix.len, len - 1);
		/* The first that does not count takes it nowhere else. */
		if (len < 128) {
			beside = nest;
			beside.s6_addr[len / 8] ^= 0x80 >> len % 8;
			KUNIT_ASSERT_EQ(test, lookup(bt, &beside)->prefix.len,
					len);
		}
		do_remove(test, len);
		KUNIT_ASSERT_TRUE(test, lengths_agree(bt));
	}
	KUNIT_EXPECT_EQ(test, lookup(bt, &in6addr_any)->prefix.len, 0);
	empty_table(test);
	KUNIT_EXPECT_NULL(test, lookup(bt, &nest));
}

/* The length is probed for as long as there is one prefix of it. */
static void binding_last_of_length(struct kunit *test)
{
	struct pmip6_prefix one = { .addr = nest, .len = 61 };
	struct binding_test *bt = test->priv;
	struct pmip6_prefix other;

	oracle_cut(&one);
	other = one;
	other.addr.s6_addr[3] ^= 1;
	do_insert(test, &one);
	do_insert(test, &other);
	KUNIT_EXPECT_EQ(test, bt->table.users[61], 2);
	/* A refused duplicate of it does not count. */
	do_insert(test, &one);
	KUNIT_EXPECT_EQ(test, bt->tally.refused, 1);
	KUNIT_EXPECT_EQ(test, bt->table.users[61], 2);
	KUNIT_EXPECT_EQ(test, bt->table.count, 2);

	do_remove(test, 0);
	KUNIT_EXPECT_TRUE(test, lengths_agree(bt));
	do_find(test, &other);
	KUNIT_EXPECT_EQ(test, bt->tally.found, 1);
	do_remove(test, 0);
	KUNIT_EXPECT_EQ(test, bt->table.users[61], 0);
	KUNIT_EXPECT_TRUE(test, lengths_agree(bt));
	/* And comes back with the next. */
	do_insert(test, &one);
	do_lookup(test, &nest);
	KUNIT_EXPECT_EQ(test, bt->tally.hits, 1);
	empty_table(test);
}

/*
 * What differs anywhere is another key. Most that differ are elsewhere in the
 * hash, and so are never compared: hence so many of them.
 */
static void binding_every_octet(struct kunit *test)
{
	struct binding_test *bt = test->priv;
	struct pmip6_prefix prefix = {}, other;
	unsigned int base, octet, delta;

	prandom_seed_state(&bt->rnd, seed);
	for (base = 0; base < 16; base++) {
		prandom_bytes_state(&bt->rnd, &prefix.addr,
				    sizeof(prefix.addr));
		prefix.len = 128;
		do_insert(test, &prefix);
		for (octet = 0; octet < sizeof(prefix.addr); octet++) {
			other = prefix;
			for (delta = 1; delta < 256; delta++) {
				other.addr.s6_addr[octet] =
					prefix.addr.s6_addr[octet] ^ delta;
				do_find(test, &other);
			}
		}
		do_find(test, &prefix);
		do_remove(test, 0);
	}
	KUNIT_EXPECT_EQ(test, bt->tally.missed, 16 * 16 * 255);
	KUNIT_EXPECT_EQ(test, bt->tally.found, 16);
}

/* Even if all that two differ in is their length. */
static void binding_only_length(struct kunit *test)
{
	struct binding_test *bt = test->priv;
	struct pmip6_prefix prefix = {}, other = {};

	for (prefix.len = 0; prefix.len <= 128; prefix.len++) {
		do_insert(test, &prefix);
		for (other.len = 0; other.len <= 128; other.len++)
			do_find(test, &other);
		do_remove(test, 0);
	}
	KUNIT_EXPECT_EQ(test, bt->tally.missed, 129 * 128);
	KUNIT_EXPECT_EQ(test, bt->tally.found, 129);
}

/* The /48 never goes, so there is always an answer, and it holds @nest. */
static int read_table(void *data)
{
	struct reader *reader = data;
	struct pmip6_binding *binding;

	while (!kthread_should_stop()) {
		rcu_read_lock();
		binding = pmip6_binding_lookup(reader->table, &nest);
		if (!binding || binding->prefix.len < 48 ||
		    !oracle_holds(&binding->prefix, &nest))
			reader->wrong++;
		rcu_read_unlock();
		WRITE_ONCE(reader->done, reader->done + 1);
		cond_resched();
	}
	return 0;
}

/* Come and go, around @nest and elsewhere, so that the hash is resized too. */
static void churn(struct kunit *test)
{
	struct binding_test *bt = test->priv;
	struct pmip6_prefix prefix;
	unsigned int i;

	for (i = 0; i < 200; i++) {
		prefix.addr = nest;
		prefix.len = 49 + below(bt, 80);
		if (i % 2)
			prandom_bytes_state(&bt->rnd, &prefix.addr, 6);
		oracle_cut(&prefix);
		do_insert(test, &prefix);
		cond_resched();
	}
	while (bt->used > 1) {
		do_remove(test, 1 + below(bt, bt->used - 1));
		cond_resched();
	}
}

static void start_readers(struct kunit *test)
{
	struct binding_test *bt = test->priv;
	struct task_struct *task;
	unsigned int i;

	for (i = 0; i < READERS; i++) {
		bt->readers[i].table = &bt->table;
		task = kthread_run(read_table, &bt->readers[i], "pmip6-reader");
		KUNIT_ASSERT_FALSE(test, IS_ERR(task));
		bt->readers[i].task = task;
	}
}

static void stop_readers(struct binding_test *bt)
{
	unsigned int i;

	for (i = 0; i < READERS; i++) {
		if (bt->readers[i].task)
			kthread_stop(bt->readers[i].task);
		bt->readers[i].task = NULL;
	}
}

static void binding_readers(struct kunit *test)
{
	struct pmip6_prefix stays = { .addr = nest, .len = 48 };
	struct binding_test *bt = test->priv;
	unsigned int i;

	prandom_seed_state(&bt->rnd, seed);
	oracle_cut(&stays);
	do_insert(test, &stays);
	start_readers(test);
	/* Until every reader has seen enough of it, but not just that once. */
	for (i = 0; i < 50; i++)
		churn(test);
	for (i = 0; i < READERS; i++)
		while (READ_ONCE(bt->readers[i].done) < 1000)
			churn(test);
	stop_readers(bt);
	for (i = 0; i < READERS; i++) {
		kunit_info(test, "lookups=%lu", bt->readers[i].done);
		KUNIT_EXPECT_EQ(test, bt->readers[i].wrong, 0UL);
	}
	empty_table(test);
}

static int binding_init(struct kunit *test)
{
	struct binding_test *bt;
	int err;

	bt = kunit_kzalloc(test, sizeof(*bt), GFP_KERNEL);
	if (!bt)
		return -ENOMEM;
	test->priv = bt;
	err = pmip6_binding_table_init(&bt->table);
	bt->ready = !err;
	return err;
}

static void binding_exit(struct kunit *test)
{
	struct binding_test *bt = test->priv;
	struct pmip6_binding *binding;
	unsigned long id;

	if (!bt || !bt->ready)
		return;
	stop_readers(bt);
	xa_for_each(&bt->table.by_id, id, binding)
		pmip6_binding_remove(&bt->table, binding);
	pmip6_binding_table_free(&bt->table);
}

static struct kunit_case binding_cases[] = {
	KUNIT_CASE(binding_random),
	KUNIT_CASE(binding_every_length),
	KUNIT_CASE(binding_last_of_length),
	KUNIT_CASE(binding_every_octet),
	KUNIT_CASE(binding_only_length),
	KUNIT_CASE(binding_readers),
	{}
};

struct kunit_suite pmip6_binding_suite = {
	.name = "pmip6_binding",
	.init = binding_init,
	.exit = binding_exit,
	.test_cases = binding_cases,
};
