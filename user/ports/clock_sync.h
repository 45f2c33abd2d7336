/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is the clock that Timestamp options come from right (RFC 5213 5.5)?
 */
#ifndef PMIP6_PORTS_CLOCK_SYNC_H
#define PMIP6_PORTS_CLOCK_SYNC_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct clock_sync - what the kernel knows of its clock
 * @synchronized: something keeps it, as an NTP client does
 * @max_error_us: it is no more wrong than that, in microseconds
 */
struct clock_sync {
	bool synchronized;
	uint64_t max_error_us;
};

/**
 * clock_sync_now() - ask the kernel
 *
 * Return: what it says; not synchronized if it says nothing.
 */
struct clock_sync clock_sync_now(void);

#endif /* PMIP6_PORTS_CLOCK_SYNC_H */
