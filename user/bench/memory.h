/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much memory the process has.
 */
#ifndef PMIP6_BENCH_MEMORY_H
#define PMIP6_BENCH_MEMORY_H

#include <stdint.h>

/**
 * struct memory - at one moment
 * @resident: octets of anonymous memory that are backed by pages: all that was
 *	allocated and touched, with what malloc() needs itself, and what was freed
 *	and not given back
 * @heap: octets that malloc() has handed out, with its headers
 */
struct memory {
	uint64_t resident;
	uint64_t heap;
};

/**
 * memory_now() - how much there is
 *
 * Return: that; all zero where /proc does not say.
 */
struct memory memory_now(void);

#endif /* PMIP6_BENCH_MEMORY_H */
