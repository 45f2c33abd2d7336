/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Home network prefixes to hand out.
 */
#ifndef PMIP6_ENGINE_PREFIX_POOL_H
#define PMIP6_ENGINE_PREFIX_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "../mh/mh.h"

struct prefix_range;

/**
 * struct prefix_pool - the ranges that prefixes come from, first one first
 * @ranges: the ranges
 * @count: how many
 */
struct prefix_pool {
	struct prefix_range *ranges;
	unsigned int count;
};

/**
 * typedef prefix_in_use_t - may this prefix not be handed out
 * @context: as given to prefix_pool_allocate()
 * @prefix: the prefix
 *
 * Return: true if somebody has it, or it is kept for somebody.
 */
typedef bool (*prefix_in_use_t)(void *context, const struct mh_prefix *prefix);

/**
 * typedef prefix_range_usable_t - may prefixes of this range be handed out
 * @context: as given to prefix_pool_allocate()
 * @range: the range
 *
 * Return: true if so.
 */
typedef bool (*prefix_range_usable_t)(void *context,
				      const struct mh_prefix *range);

/**
 * prefix_pool_add() - one more range
 * @pool: the pool, zero to begin with
 * @range: the range, with the bits after its length zero
 * @len: the length of the prefixes in it, no shorter and at most 32 bits longer
 *
 * Return: true, or false if it overlaps a range that is there or the lengths
 * do not fit.
 */
bool prefix_pool_add(struct prefix_pool *pool, const struct mh_prefix *range,
		     uint8_t len);

/**
 * prefix_pool_allocate() - a prefix that nobody has
 * @pool: the pool
 * @usable: which ranges are meant, or NULL for all
 * @in_use: tells of those that were not handed out here
 * @context: for both
 * @prefix: where to put it
 *
 * Takes constant time but for the prefixes that @in_use speaks against. One
 * that was released is handed out again as late as can be.
 *
 * Return: false if there is none left.
 */
bool prefix_pool_allocate(struct prefix_pool *pool,
			  prefix_range_usable_t usable, prefix_in_use_t in_use,
			  void *context, struct mh_prefix *prefix);

/**
 * prefix_pool_release() - a prefix that nobody has any more
 * @pool: the pool
 * @prefix: the prefix; one that is not of this pool, or was released already,
 *	is ignored
 */
void prefix_pool_release(struct prefix_pool *pool,
			 const struct mh_prefix *prefix);

/**
 * prefix_pool_covers() - does a range hold this prefix
 * @pool: the pool
 * @prefix: the prefix
 *
 * Return: true if so, whatever its length.
 */
bool prefix_pool_covers(const struct prefix_pool *pool,
			const struct mh_prefix *prefix);

/**
 * prefix_is_within() - is one prefix part of another
 * @prefix: the one
 * @outer: the other
 *
 * Return: true if so, also if they are the same.
 */
bool prefix_is_within(const struct mh_prefix *prefix,
		      const struct mh_prefix *outer);

/**
 * prefix_pool_hands_out() - is this one of those that are handed out
 * @pool: the pool
 * @prefix: the prefix
 *
 * Return: true if a range holds it and hands out prefixes of its length, and
 * the bits after its length are zero.
 */
bool prefix_pool_hands_out(const struct prefix_pool *pool,
			   const struct mh_prefix *prefix);

/**
 * prefix_pool_range() - one of the ranges
 * @pool: the pool
 * @index: below the pool's count
 *
 * Return: the range.
 */
const struct mh_prefix *prefix_pool_range(const struct prefix_pool *pool,
					  unsigned int index);

/**
 * prefix_pool_free() - the end of a pool
 * @pool: the pool
 */
void prefix_pool_free(struct prefix_pool *pool);

#endif /* PMIP6_ENGINE_PREFIX_POOL_H */
