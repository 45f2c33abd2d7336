// SPDX-License-Identifier: GPL-2.0
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

static uint64_t resident(void)
{
	static const char name[] = "RssAnon:";
	FILE *file = fopen("/proc/self/status", "re");
	uint64_t kilobytes = 0;
	char line[128];

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			kilobytes = strtoull(line + strlen(name), NULL, 10);
	fclose(file);
	return kilobytes * 1024;
}

struct memory memory_now(void)
{
	struct memory memory = { .resident = resident() };
	struct mallinfo2 info = mallinfo2();

	memory.heap = info.uordblks + info.hblkhd;
	return memory;
}
