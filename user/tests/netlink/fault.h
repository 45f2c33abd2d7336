/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocations of the kernel that fail on demand (CONFIG_FAILSLAB and
 * CONFIG_FAIL_PAGE_ALLOC, by /proc/thread-self/fail-nth and debugfs).
 */
#ifndef PMIP6_TESTS_NETLINK_FAULT_H
#define PMIP6_TESTS_NETLINK_FAULT_H

#include <stdbool.h>

/**
 * fault_open() - make every allocation one that may fail
 *
 * Return: false if this kernel fails none.
 */
bool fault_open(void);

/**
 * fault_arm() - the nth allocation of this thread from now on fails
 * @nth: which; 1 is the next
 */
void fault_arm(unsigned int nth);

/**
 * fault_disarm() - none fails any more
 *
 * Return: true if it came to that allocation.
 */
bool fault_disarm(void);

/**
 * fault_used() - instead of fault_disarm(): how many there were
 * @nth: as given to fault_arm(), which was more
 *
 * Return: allocations.
 */
unsigned int fault_used(unsigned int nth);

/**
 * fault_arm_after() - nothing is left for this thread once it has had so much
 * @octets: how much it gets
 *
 * Some allocate again, in another way, what they could not get.
 */
void fault_arm_after(unsigned long octets);

/**
 * fault_disarm_after() - memory is back
 *
 * Return: true if an allocation failed.
 */
bool fault_disarm_after(void);

/**
 * fault_begin() - allocations of everybody fail, where they must not wait
 * @percent: so many of them
 *
 * Those are what the packet path allocates.
 */
void fault_begin(unsigned int percent);

/**
 * fault_end() - the end of that
 *
 * Return: how many failed.
 */
unsigned long fault_end(void);

#endif /* PMIP6_TESTS_NETLINK_FAULT_H */
