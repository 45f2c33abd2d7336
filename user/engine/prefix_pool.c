// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "prefix_pool.h"

/**
 * struct prefix_range - prefixes of one length below one prefix
 * @range: the prefix that they are below
 * @len: their length
 * @size: how many there are
 * @fresh: the first that was never handed out; all after it were not either
 * @released: a ring of those that were, and came back; none of them twice
 * @room: how many fit into it
 * @head: the oldest
 * @count: how many
 * @in_ring: a bit for each of those that were handed out: it is in the ring
 * @bits: how many there are
 */
struct prefix_range {
	struct mh_prefix range;
	uint8_t len;
	uint64_t size;
	uint64_t fresh;
	uint64_t *released;
	uint64_t room;
	uint64_t head;
	uint64_t count;
	uint8_t *in_ring;
	uint64_t bits;
};

static bool bit(const struct in6_addr *addr, unsigned int at)
{
	return addr->s6_addr[at / 8] & (0x80 >> at % 8);
}

/* Are the bits after its length zero, as in every name of it that we give. */
static bool is_canonical(const struct mh_prefix *prefix)
{
	unsigned int i;

	for (i = prefix->len; i < 128; i++)
		if (bit(&prefix->addr, i))
			return false;
	return true;
}

/* Do the two share their first bits, as many as the shorter one has. */
static bool overlap(const struct mh_prefix *a, const struct mh_prefix *b)
{
	unsigned int len = a->len < b->len ? a->len : b->len, i;

	for (i = 0; i < len; i++)
		if (bit(&a->addr, i) != bit(&b->addr, i))
			return false;
	return true;
}

static void prefix_at(const struct prefix_range *range, uint64_t index,
		      struct mh_prefix *prefix)
{
	unsigned int at;

	*prefix = (struct mh_prefix){
		.addr = range->range.addr,
		.len = range->len,
	};
	for (at = range->len; at > range->range.len; at--, index >>= 1)
		if (index & 1)
			prefix->addr.s6_addr[(at - 1) / 8] |=
				(uint8_t)(0x80 >> (at - 1) % 8);
}

static uint64_t index_of(const struct prefix_range *range,
			 const struct mh_prefix *prefix)
{
	uint64_t index = 0;
	unsigned int at;

	for (at = range->range.len; at < range->len; at++)
		index = index << 1 | bit(&prefix->addr, at);
	return index;
}

bool prefix_pool_add(struct prefix_pool *pool, const struct mh_prefix *range,
		     uint8_t len)
{
	struct prefix_range *added;
	unsigned int i;

	if (len < range->len || len > 128 || len - range->len > 32)
		return false;
	for (i = 0; i < pool->count; i++)
		if (overlap(&pool->ranges[i].range, range))
			return false;

	pool->ranges = must_realloc(pool->ranges, (pool->count + 1) *
				    sizeof(*pool->ranges));
	added = &pool->ranges[pool->count++];
	memset(added, 0, sizeof(*added));
	added->range = *range;
	added->len = len;
	added->size = 1ull << (len - range->len);
	return true;
}

static bool take_released(struct prefix_range *range, uint64_t *index)
{
	if (!range->count)
		return false;
	*index = range->released[range->head];
	range->head = (range->head + 1) % range->room;
	range->count--;
	range->in_ring[*index / 8] &= (uint8_t)~(1u << *index % 8);
	return true;
}

/* Returns false if it is in the ring already. */
static bool mark(struct prefix_range *range, uint64_t index)
{
	uint64_t bits = range->bits;

	if (index >= bits) {
		range->bits = (2 * index + 128) / 8 * 8;
		range->in_ring = must_realloc(range->in_ring, range->bits / 8);
		memset(range->in_ring + bits / 8, 0, (range->bits - bits) / 8);
	}
	if (range->in_ring[index / 8] & 1u << index % 8)
		return false;
	range->in_ring[index / 8] |= (uint8_t)(1u << index % 8);
	return true;
}

static bool take(struct prefix_range *range, uint64_t *index)
{
	if (range->fresh < range->size) {
		*index = range->fresh++;
		return true;
	}
	return take_released(range, index);
}

static void give_back(struct prefix_range *range, uint64_t index)
{
	uint64_t *ring, i;

	/* Claimed by name, a prefix leaves no gap in the ring. */
	if (!mark(range, index))
		return;
	if (range->count == range->room) {
		ring = must_alloc((2 * range->room + 16) * sizeof(*ring));
		for (i = 0; i < range->count; i++)
			ring[i] = range->released[(range->head + i) %
						  range->room];
		free(range->released);
		range->released = ring;
		range->room = 2 * range->room + 16;
		range->head = 0;
	}
	range->released[(range->head + range->count++) % range->room] = index;
}

/*
 * What @in_use speaks against is passed over for good: whoever has it, or
 * keeps it for somebody, releases it when that ends.
 */
static bool allocate_from(struct prefix_range *range, prefix_in_use_t in_use,
			  void *context, struct mh_prefix *prefix)
{
	uint64_t index;

	while (take(range, &index)) {
		prefix_at(range, index, prefix);
		if (!in_use(context, prefix))
			return true;
	}
	return false;
}

bool prefix_pool_allocate(struct prefix_pool *pool,
			  prefix_range_usable_t usable, prefix_in_use_t in_use,
			  void *context, struct mh_prefix *prefix)
{
	struct prefix_range *range;
	unsigned int i;

	for (i = 0; i < pool->count; i++) {
		range = &pool->ranges[i];
		if (usable && !usable(context, &range->range))
			continue;
		if (allocate_from(range, in_use, context, prefix))
			return true;
	}
	return false;
}

bool prefix_is_within(const struct mh_prefix *prefix,
		      const struct mh_prefix *outer)
{
	return prefix->len >= outer->len && overlap(prefix, outer);
}

void prefix_pool_release(struct prefix_pool *pool,
			 const struct mh_prefix *prefix)
{
	struct prefix_range *range;
	uint64_t index;
	unsigned int i;

	for (i = 0; i < pool->count; i++) {
		range = &pool->ranges[i];
		if (prefix->len != range->len ||
		    !overlap(&range->range, prefix))
			continue;
		index = index_of(range, prefix);
		/* One that is still fresh will be handed out in its turn. */
		if (index < range->fresh)
			give_back(range, index);
		return;
	}
}

bool prefix_pool_covers(const struct prefix_pool *pool,
			const struct mh_prefix *prefix)
{
	unsigned int i;

	for (i = 0; i < pool->count; i++)
		if (prefix_is_within(prefix, &pool->ranges[i].range))
			return true;
	return false;
}

bool prefix_pool_hands_out(const struct prefix_pool *pool,
			   const struct mh_prefix *prefix)
{
	unsigned int i;

	if (!is_canonical(prefix))
		return false;
	for (i = 0; i < pool->count; i++)
		if (prefix->len == pool->ranges[i].len &&
		    overlap(&pool->ranges[i].range, prefix))
			return true;
	return false;
}

const struct mh_prefix *prefix_pool_range(const struct prefix_pool *pool,
					  unsigned int index)
{
	return &pool->ranges[index].range;
}

void prefix_pool_free(struct prefix_pool *pool)
{
	unsigned int i;

	for (i = 0; i < pool->count; i++) {
		free(pool->ranges[i].released);
		free(pool->ranges[i].in_ring);
	}
	free(pool->ranges);
	*pool = (struct prefix_pool){ 0 };
}
