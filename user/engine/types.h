/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every part of the engine speaks of. The engine is pure: it is handed
 * an event and the time, and says what shall happen; it touches no socket, no
 * clock and no file, and has no state outside the objects it is given.
 */
#ifndef PMIP6_ENGINE_TYPES_H
#define PMIP6_ENGINE_TYPES_H

#include <stdint.h>

/**
 * struct now - the time of an event
 * @mono_ms: milliseconds since boot, which never jump; everything that runs
 *	out is measured by it
 * @wall: 1/65536 s since 1970-01-01 00:00 UTC, as Timestamp options count
 *	(RFC 5213 8.8)
 */
struct now {
	uint64_t mono_ms;
	uint64_t wall;
};

/* Nothing is due. */
#define NEVER UINT64_MAX

/* The unit of a Lifetime field (RFC 6275 6.1.7). */
#define LIFETIME_UNIT_MS 4000u

#define WALL_PER_SECOND 65536u

/**
 * wall_from_ms() - a span of time in the units of struct now.wall
 * @ms: milliseconds
 *
 * Return: 1/65536 s, rounded down.
 */
static inline uint64_t wall_from_ms(uint64_t ms)
{
	return ms / 1000 * WALL_PER_SECOND + ms % 1000 * WALL_PER_SECOND / 1000;
}

/**
 * wall_to_ms() - a span of time in milliseconds
 * @wall: 1/65536 s
 *
 * Return: milliseconds, rounded down.
 */
static inline uint64_t wall_to_ms(uint64_t wall)
{
	return wall / WALL_PER_SECOND * 1000 +
	       wall % WALL_PER_SECOND * 1000 / WALL_PER_SECOND;
}

#endif /* PMIP6_ENGINE_TYPES_H */
