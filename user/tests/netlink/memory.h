/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel holds: objects of the module's caches, and memory at all.
 */
#ifndef PMIP6_TESTS_NETLINK_MEMORY_H
#define PMIP6_TESTS_NETLINK_MEMORY_H

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
 * Return: how many; -1 where the caches are merged with others, or not told of.
 */
long memory_objects(void);

/**
 * memory_held() - what the kernel can not give back, when all caches have been
 *	asked to
 *
 * Return: KiB.
 */
long memory_held(void);

#endif /* PMIP6_TESTS_NETLINK_MEMORY_H */
