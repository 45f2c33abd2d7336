// SPDX-License-Identifier: GPL-2.0
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "memory.h"

#define SLABS "/sys/kernel/slab/"

static const char *const caches[] = {
	"pmip6_binding", "pmip6_path", "pmip6_expiry_set"
};

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
	char path[128];
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
	if (fscanf(file, "%ld", &count) != 1)
		count = -1;
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

long memory_held(void)
{
	char line[128];
	long sum = 0, kib;
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
		if (sscanf(line, "SUnreclaim: %ld kB", &kib) == 1 ||
		    sscanf(line, "Percpu: %ld kB", &kib) == 1)
			sum += kib;
	fclose(file);
	return sum;
}
