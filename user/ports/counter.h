/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a port counted, by the names that operators see.
 */
#ifndef PMIP6_PORTS_COUNTER_H
#define PMIP6_PORTS_COUNTER_H

#include <stdint.h>

/**
 * struct counter - one number
 * @name: a constant string
 * @value: what was counted since the port was opened
 */
struct counter {
	const char *name;
	uint64_t value;
};

#endif /* PMIP6_PORTS_COUNTER_H */
