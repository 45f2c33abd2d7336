// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "binding_cache.h"

#define CACHE_LINE 64

static unsigned int mn_key(const struct mh_mn_id *mn_id,
			   uint8_t key[1 + MH_MN_ID_MAX])
{
	key[0] = mn_id->subtype;
	memcpy(key + 1, mn_id->data, mn_id->len);
	return 1u + mn_id->len;
}

/* Of a million sessions, none is in a cache: its lines are waited for at once. */
static void fetch(const struct bce *bce)
{
	const char *at = (const char *)bce, *end = (const char *)&bce->notice;

	for (; at < end; at += CACHE_LINE)
		__builtin_prefetch(at);
}

struct bc_mn *bc_mn(const struct binding_cache *bc,
		    const struct mh_mn_id *mn_id)
{
	uint8_t key[1 + MH_MN_ID_MAX];
	unsigned int len = mn_key(mn_id, key);
	struct bc_mn *mn;

	HASH_FIND(by_id, bc->mns, key, len, mn);
	if (mn)
		fetch(mn->sessions);
	return mn;
}

static struct bc_mn *mn_get(struct binding_cache *bc,
			    const struct mh_mn_id *mn_id)
{
	struct bc_mn *mn = bc_mn(bc, mn_id);

	if (mn)
		return mn;
	mn = must_alloc(sizeof(*mn) + 1u + mn_id->len);
	mn->key_len = mn_key(mn_id, mn->key);
	HASH_ADD_KEYPTR(by_id, bc->mns, mn->key, mn->key_len, mn);
	return mn;
}

static void mn_put(struct binding_cache *bc, struct bc_mn *mn)
{
	if (mn->count)
		return;
	HASH_DELETE(by_id, bc->mns, mn);
	free(mn);
}

static struct bce_prefix *insert(struct binding_cache *bc, struct bce *bce,
				 const struct mh_prefix *prefixes,
				 unsigned int count)
{
	struct bce_prefix *inserted = must_alloc(count * sizeof(*inserted));
	struct bce_prefix *prefix;
	unsigned int i;

	for (i = 0; i < count; i++) {
		prefix = &inserted[i];
		prefix->prefix = prefixes[i];
		prefix->bce = bce;
		HASH_ADD(by_prefix, bc->prefixes, prefix, MH_PREFIX_KEY_LEN,
			 prefix);
	}
	return inserted;
}

static void remove_all(struct binding_cache *bc, struct bce_prefix *prefixes,
		       unsigned int count)
{
	struct bce_prefix *prefix;
	unsigned int i;

	for (i = 0; i < count; i++) {
		prefix = &prefixes[i];
		/* It is in it. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
		HASH_DELETE(by_prefix, bc->prefixes, prefix);
	}
	free(prefixes);
}

void bc_set_insert(struct binding_cache *bc, struct bce *bce,
		   struct bce_set *set, const struct mh_prefix *prefixes,
		   unsigned int count)
{
	set->prefixes = insert(bc, bce, prefixes, count);
	set->count = count;
}

void bc_set_remove(struct binding_cache *bc, struct bce_set *set)
{
	remove_all(bc, set->prefixes, set->count);
	*set = (struct bce_set){ 0 };
}

struct bce *bc_insert(struct binding_cache *bc, uint64_t id,
		      const struct mh_mn_id *mn_id,
		      const struct mh_prefix *prefixes, unsigned int count)
{
	struct bce *bce = must_alloc(sizeof(*bce));

	bce->id = id;
	bce->mn = mn_get(bc, mn_id);
	bce->next = bce->mn->sessions;
	bce->mn->sessions = bce;
	bce->mn->count++;

	bce->prefixes = insert(bc, bce, prefixes, count);
	bce->prefix_count = count;
	bc->count++;
	return bce;
}

struct bce_path *bce_path(struct bce *bce)
{
	if (!bce->path) {
		bce->path = must_alloc(sizeof(*bce->path));
		bce->path->next = bce;
		bce->path->bid = BCE_BID_FIRST;
	}
	return bce->path;
}

struct bce *bc_insert_path(struct binding_cache *bc, uint64_t id,
			   struct bce *bce, uint16_t bid)
{
	struct bce_path *beside = bce_path(bce);
	struct bce *joins = must_alloc(sizeof(*joins));
	unsigned int i;

	joins->id = id;
	joins->mn = bce->mn;
	joins->next = bce->mn->sessions;
	bce->mn->sessions = joins;
	bce->mn->count++;
	bc->count++;

	joins->prefix_count = bce->prefix_count;
	joins->prefixes = must_copy(bce->prefixes, bce->prefix_count *
				    sizeof(*bce->prefixes));
	for (i = 0; i < joins->prefix_count; i++)
		joins->prefixes[i].bce = joins;
	bce_path(joins)->next = beside->next;
	joins->path->shares = true;
	joins->path->bid = bid;
	beside->next = joins;
	return joins;
}

static void hand_over(struct bce_prefix *prefixes, unsigned int count,
		      struct bce *heir)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		prefixes[i].bce = heir;
}

/* Whoever remains is found by what it was found by. */
static void leave_to(struct bce *bce, struct bce *heir)
{
	free(heir->prefixes);
	heir->path->shares = false;
	heir->prefixes = bce->prefixes;
	heir->pending = bce->pending;
	heir->former = bce->former;
	hand_over(heir->prefixes, heir->prefix_count, heir);
	hand_over(heir->pending.prefixes, heir->pending.count, heir);
	hand_over(heir->former.prefixes, heir->former.count, heir);
}

static void leave_prefixes(struct binding_cache *bc, struct bce *bce)
{
	struct bce *other = bce_next_path(bce), *before = bce;

	while (bce_next_path(before) != bce)
		before = bce_next_path(before);
	if (bce->path && bce->path->shares) {
		free(bce->prefixes);
	} else if (other != bce) {
		leave_to(bce, other);
	} else {
		remove_all(bc, bce->prefixes, bce->prefix_count);
		bc_set_remove(bc, &bce->pending);
		bc_set_remove(bc, &bce->former);
	}
	if (other != bce)
		before->path->next = other;
	if (bce->path)
		free(bce->path->flows);
	free(bce->path);
}

void bc_remove(struct binding_cache *bc, struct bce *bce)
{
	struct bce **prev = &bce->mn->sessions;

	leave_prefixes(bc, bce);
	while (*prev != bce)
		prev = &(*prev)->next;
	*prev = bce->next;
	bce->mn->count--;
	mn_put(bc, bce->mn);
	free(bce);
	bc->count--;
}

struct bce *bc_by_prefix(const struct binding_cache *bc,
			 const struct mh_prefix *prefix)
{
	struct bce_prefix *found;

	HASH_FIND(by_prefix, bc->prefixes, prefix, MH_PREFIX_KEY_LEN, found);
	if (!found)
		return NULL;
	fetch(found->bce);
	return found->bce;
}

static bool is_among(const struct bce_prefix *set, unsigned int count,
		     const struct mh_prefix *prefix)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (mh_prefix_equal(&set[i].prefix, prefix))
			return true;
	return false;
}

bool bce_has_prefix(const struct bce *bce, const struct mh_prefix *prefix)
{
	return is_among(bce->prefixes, bce->prefix_count, prefix);
}

bool bce_prefixes_are(const struct bce_prefix *set, unsigned int count,
		      const struct mh_prefix *prefixes, unsigned int others)
{
	unsigned int i, j;

	if (count != others)
		return false;
	for (i = 0; i < count; i++) {
		if (!is_among(set, count, &prefixes[i]))
			return false;
		for (j = 0; j < count; j++)
			if (mh_prefix_equal(&set[i].prefix, &prefixes[j]))
				break;
		if (j == count)
			return false;
	}
	return true;
}

void bce_mn_id(const struct bce *bce, struct mh_mn_id *mn_id)
{
	const struct bc_mn *mn = bce->mn;

	memset(mn_id, 0, sizeof(*mn_id));
	mn_id->subtype = mn->key[0];
	mn_id->len = (uint8_t)(mn->key_len - 1);
	memcpy(mn_id->data, mn->key + 1, mn_id->len);
}

bool bce_is_of(const struct bce *bce, const struct mh_mn_id *mn_id)
{
	const struct bc_mn *mn = bce->mn;

	return mn->key_len == 1u + mn_id->len && mn->key[0] == mn_id->subtype &&
	       !memcmp(mn->key + 1, mn_id->data, mn_id->len);
}

struct bce *bc_next(const struct binding_cache *bc, const struct bce *bce)
{
	const struct bc_mn *mn;

	if (!bce)
		return bc->mns ? bc->mns->sessions : NULL;
	if (bce->next)
		return bce->next;
	mn = bce->mn->by_id.next;
	return mn ? mn->sessions : NULL;
}

void bc_free(struct binding_cache *bc)
{
	struct bce *bce;

	while ((bce = bc_next(bc, NULL)))
		bc_remove(bc, bce);
}
