// SPDX-License-Identifier: GPL-2.0
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "memory.h"

#define SLABS "/sys/kernel/slab/"
#define KMEMLEAK "/sys/kernel/debug/kmemleak"

/* The kernel's MSECS_MIN_AGE, and some more. */
#define LEAK_AGE_MS 5500

static const char *const caches[] = { "pmip6_binding", "pmip6_path" };

/* A free object in a CPU's own slab, or in quarantine, counts until then. */
static void shrink(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return;
	fputs("1\n", file);
	fclose(file);
}

long memory_cache(const char *cache)
{
	char path[128], text[128], *end;
	struct stat is;
	long count = -1;
	FILE *file;

	snprintf(path, sizeof(path), SLABS "%s", cache);
	if (lstat(path, &is) || S_ISLNK(is.st_mode))
		return -1;
	snprintf(path, sizeof(path), SLABS "%s/shrink", cache);
	shrink(path);
	snprintf(path, sizeof(path), SLABS "%s/objects", cache);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fgets(text, sizeof(text), file)) {
		count = strtol(text, &end, 10);
		if (end == text)
			count = -1;
	}
	fclose(file);
	return count;
}

long memory_objects(void)
{
	const struct timespec turn = { .tv_nsec = 20000000 };
	unsigned int turns, i;
	long sum = 0, count;

	for (turns = 0; turns < 100; turns++) {
		sum = 0;
		for (i = 0; i < sizeof(caches) / sizeof(caches[0]); i++) {
			count = memory_cache(caches[i]);
			if (count < 0)
				return -1;
			sum += count;
		}
		if (!sum)
			break;
		nanosleep(&turn, NULL);
	}
	return sum;
}

/* What a line of /proc/meminfo says, if it is that one. */
static long kib_of(const char *line, const char *name)
{
	size_t len = strlen(name);

	return strncmp(line, name, len) ? 0 : strtol(line + len, NULL, 10);
}

long memory_held(void)
{
	char line[128];
	long sum = 0;
	glob_t found;
	FILE *file;
	size_t i;

	if (!glob(SLABS "*/shrink", 0, NULL, &found)) {
		for (i = 0; i < found.gl_pathc; i++)
			shrink(found.gl_pathv[i]);
		globfree(&found);
	}
	file = fopen("/proc/meminfo", "r");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		sum += kib_of(line, "SUnreclaim:") + kib_of(line, "Percpu:");
	fclose(file);
	return sum;
}

bool memory_can_leak(void)
{
	return !access(KMEMLEAK, F_OK);
}

/* What is in a register or on a stack is not taken for a leak: twice. */
static bool scan(void)
{
	unsigned int turn;
	FILE *file;

	for (turn = 0; turn < 2; turn++) {
		file = fopen(KMEMLEAK, "w");
		if (!file)
			return false;
		fputs("scan", file);
		if (fclose(file))
			return false;
	}
	return true;
}

long memory_leaked(void)
{
	const struct timespec age = { LEAK_AGE_MS / 1000,
				      LEAK_AGE_MS % 1000 * 1000000L };
	char line[256];
	long count = 0;
	FILE *file;

	nanosleep(&age, NULL);
	if (!scan())
		return -1;
	file = fopen(KMEMLEAK, "r");
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		printf("# %s", line);
		count += !strncmp(line, "unreferenced object", 19);
	}
	fclose(file);
	return count;
}
