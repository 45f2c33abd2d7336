/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random numbers that a seed gives again (splitmix64).
 */
#ifndef PMIP6_TESTS_NETLINK_RANDOM_H
#define PMIP6_TESTS_NETLINK_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/**
 * random_next() - the next number
 * @state: the generator, at first its seed
 *
 * Return: any number.
 */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/**
 * random_below() - one of several
 * @state: the generator
 * @count: how many, at least one
 *
 * Return: 0 to @count - 1.
 */
static inline uint32_t random_below(uint64_t *state, uint32_t count)
{
	return (uint32_t)((random_next(state) >> 32) * count >> 32);
}

/**
 * random_percent() - does it happen this time
 * @state: the generator
 * @percent: how often it does
 *
 * Return: true so often.
 */
static inline bool random_percent(uint64_t *state, unsigned int percent)
{
	return random_below(state, 100) < percent;
}

#endif /* PMIP6_TESTS_NETLINK_RANDOM_H */
