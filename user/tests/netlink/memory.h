/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel holds: objects of the module's caches, and memory at all.
 */
#ifndef PMIP6_TESTS_NETLINK_MEMORY_H
#define PMIP6_TESTS_NETLINK_MEMORY_H

#include <stdbool.h>

/**
 * memory_cache() - objects of one cache, when it has given back what it can
 * @cache: its name
 *
 * Return: how many; -1 where it is merged with others, or not told of.
 */
long memory_cache(const char *cache);

/**
 * memory_objects() - objects of the module's own caches
 *
 * Waits up to two seconds for those that RCU frees.
 *
 * Return: how many; -1 where the caches are merged with others, which slab_nomerge
 * on the kernel's command line prevents, or not told of.
 */
long memory_objects(void);

/**
 * memory_held() - what the kernel can not give back, when all caches have been
 *	asked to
 *
 * Return: KiB.
 */
long memory_held(void);

/**
 * memory_can_leak() - does this kernel have kmemleak
 *
 * Return: true if so, switched off or not.
 */
bool memory_can_leak(void);

/**
 * memory_leaked() - what kmemleak finds that nothing points to
 *
 * Prints each as comments of TAP. Takes as long as something must be old to be
 * found, 5 seconds.
 *
 * Return: how many; -1 if kmemleak does not look, as it is switched off.
 */
long memory_leaked(void);

#endif /* PMIP6_TESTS_NETLINK_MEMORY_H */
