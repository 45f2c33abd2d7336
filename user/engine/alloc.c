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

void *must_alloc(size_t size)
{
	return checked(calloc(1, size ? size : 1), size);
}

void *must_realloc(void *old, size_t size)
{
	return checked(realloc(old, size), size);
}

void *must_copy(const void *from, size_t size)
{
	void *copy = must_alloc(size);

	if (size)
		memcpy(copy, from, size);
	return copy;
}
