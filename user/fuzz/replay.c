// SPDX-License-Identifier: GPL-2.0
/*
 * Gives a fuzz target the files of its corpus, or others, one after the other:
 *
 *	replay_NAME [FILE|DIRECTORY]...
 *
 * Without any it is user/fuzz/corpus/NAME. Prints TAP, a test a file. The name
 * of a file is printed before it is tried, as most faults end the process.
 */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

/* --- Which files. */

struct paths {
	char **at;
	size_t count;
};

static void add(struct paths *paths, char *path)
{
	paths->at = realloc(paths->at, (paths->count + 1) * sizeof(*paths->at));
	if (!paths->at || !path)
		abort();
	paths->at[paths->count++] = path;
}

static int no_dots(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int add_directory(struct paths *paths, const char *directory)
{
	struct dirent **entries;
	char *path;
	int count, i;

	count = scandir(directory, &entries, no_dots, alphasort);
	if (count <= 0) {
		fprintf(stderr, "%s: %s\n", directory,
			count ? strerror(errno) : "no file is in it");
		if (!count)
			free(entries);
		return 1;
	}
	for (i = 0; i < count; i++) {
		if (asprintf(&path, "%s/%s", directory, entries[i]->d_name) < 0)
			abort();
		add(paths, path);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

static int add_path(struct paths *paths, const char *path)
{
	struct stat status;

	if (stat(path, &status)) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return 1;
	}
	if (S_ISDIR(status.st_mode))
		return add_directory(paths, path);
	add(paths, strdup(path));
	return 0;
}

static int add_corpus(struct paths *paths, const char *program)
{
	const char *name = strrchr(program, '_');
	char *directory;
	int error;

	if (asprintf(&directory, "user/fuzz/corpus/%s",
		     name ? name + 1 : program) < 0)
		abort();
	error = add_path(paths, directory);
	free(directory);
	return error;
}

/* --- What is done with one. */

static uint8_t *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	struct stat status;
	uint8_t *data;

	if (!file || fstat(fileno(file), &status)) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	*size = (size_t)status.st_size;
	/* Of exactly that size, for the address sanitizer to see its end. */
	data = malloc(*size);
	if ((!data && *size) || fread(data, 1, *size, file) != *size) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	fclose(file);
	return data;
}

static void replay(const char *path, size_t number)
{
	uint8_t *data;
	size_t size;

	printf("# %s\n", path);
	fflush(stdout);
	data = read_file(path, &size);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	printf("ok %zu - %s\n", number, path);
}

int main(int argc, char **argv)
{
	struct paths paths = { 0 };
	int error = 0, i;
	size_t at;

	if (argc == 1)
		error = add_corpus(&paths, argv[0]);
	for (i = 1; i < argc; i++)
		error |= add_path(&paths, argv[i]);
	if (error)
		return 1;
	printf("1..%zu\n", paths.count);
	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	for (at = 0; at < paths.count; at++)
		replay(paths.at[at], at + 1);
	for (at = 0; at < paths.count; at++)
		free(paths.at[at]);
	free(paths.at);
	return 0;
}
