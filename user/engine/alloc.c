// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

static void *checked(void *memory, size_t size)
{
	if (memory)
		return memory;
	fprintf(stderr, "level=error event=out-of-memory octets=%zu\n", size);
	abort();
}

/* What glibc keeps for a thread that has just freed it is no larger. */
#define KEPT_MAX 1032

/*
 * calloc() of glibc before 2.41 passes over what is kept, and what comes and
 * goes with each message then costs several times as much.
 */
void *must_alloc(size_t size)
{
	void *memory;

	if (size > KEPT_MAX)
		return checked(calloc(1, size), size);
	memory = checked(malloc(size ? size : 1), size);
	memset(memory, 0, size);
	return memory;
}

void *must_alloc_head(size_t size, size_t head)
{
	void *memory = checked(malloc(size), size);

	memset(memory, 0, head);
	return memory;
}

void *must_realloc(void *old, size_t size)
{
	return checked(realloc(old, size), size);
}

void *must_copy(const void *from, size_t size)
{
	void *copy = checked(malloc(size ? size : 1), size);

	if (size)
		memcpy(copy, from, size);
	return copy;
}
