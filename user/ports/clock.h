/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PMIP6_PORTS_CLOCK_H
#define PMIP6_PORTS_CLOCK_H

#include <time.h>

#include "../engine/types.h"

/**
 * clock_now() - the time, as the engine counts it
 *
 * CLOCK_BOOTTIME, since lifetimes go on while a machine sleeps, and the wall
 * clock for Timestamp options.
 *
 * Return: the time.
 */
static inline struct now clock_now(void)
{
	struct timespec boot, wall;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_REALTIME, &wall);
	return (struct now) {
		.mono_ms = (uint64_t)boot.tv_sec * 1000 +
			   (uint64_t)boot.tv_nsec / 1000000,
		.wall = (uint64_t)wall.tv_sec * WALL_PER_SECOND +
			(uint64_t)wall.tv_nsec * WALL_PER_SECOND / 1000000000,
	};
}

#endif /* PMIP6_PORTS_CLOCK_H */
