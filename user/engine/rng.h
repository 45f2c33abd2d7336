/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers that spread load, not secrets: from a seed, so that a run can be
 * played again.
 */
#ifndef PMIP6_ENGINE_RNG_H
#define PMIP6_ENGINE_RNG_H

#include <stdint.h>

/**
 * struct rng - a stream of numbers
 * @state: the seed to begin with
 */
struct rng {
	uint64_t state;
};

/**
 * rng_next() - the next number
 * @rng: the stream
 *
 * Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
 *
 * Return: 64 bits.
 */
static inline uint64_t rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/**
 * rng_between() - a number in a range
 * @rng: the stream
 * @low: the least
 * @high: the most, not below @low
 *
 * Return: the number.
 */
static inline uint64_t rng_between(struct rng *rng, uint64_t low, uint64_t high)
{
	return low + rng_next(rng) % (high - low + 1);
}

#endif /* PMIP6_ENGINE_RNG_H */
