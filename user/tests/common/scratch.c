// SPDX-License-Identifier: GPL-2.0
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "test.h"

#define PATHS 64

static char directory[] = "/tmp/pmip6-test-XXXXXX";
static char *paths[PATHS];
static pid_t owner;

static int remove_one(const char *path, const struct stat *status, int kind,
		      struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void remove_all(void)
{
	unsigned int i;

	for (i = 0; i < PATHS; i++)
		free(paths[i]);
	/* A child that was forked ends without taking files away. */
	if (getpid() == owner)
		nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_path(const char *name)
{
	unsigned int i;
	char *path;

	if (!owner) {
		assert_non_null(mkdtemp(directory));
		owner = getpid();
		atexit(remove_all);
	}
	assert_true(asprintf(&path, "%s/%s", directory, name) > 0);
	for (i = 0; paths[i]; i++) {
		assert_true(i < PATHS - 1);
		if (!strcmp(paths[i], path)) {
			free(path);
			return paths[i];
		}
	}
	paths[i] = path;
	return path;
}

const char *scratch_write(const char *name, const char *text)
{
	const char *path = scratch_path(name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
	return path;
}

void capture_begin(struct capture *capture)
{
	capture->file = open_memstream(&capture->text, &capture->size);
	assert_non_null(capture->file);
}

char *capture_end(struct capture *capture)
{
	assert_int_equal(fclose(capture->file), 0);
	return capture->text;
}

char *capture_end_of(struct capture *capture, const char *path)
{
	char *text = capture_end(capture), *at;

	while ((at = strstr(text, path))) {
		*at = 'F';
		memmove(at + 1, at + strlen(path),
			strlen(at + strlen(path)) + 1);
	}
	return text;
}
