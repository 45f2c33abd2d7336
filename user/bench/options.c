// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "result.h"

static const struct {
	const char *name;
	uint64_t least, most;
	const char *help;
} numbers[] = {
	{ "sessions", 1, 4000000, "sessions of the anchor (1000000)" },
	{ "gateways", 2, 60000, "gateways they are with (1000)" },
	{ "rounds", 1, ROUNDS_MAX, "how often everything is measured (5)" },
	{ "refreshes", 1, 100, "how often a round refreshes all of them (1)" },
	{ "seed", 0, UINT64_MAX, "of the order that they come in (1)" },
};

#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

static void help(void)
{
	unsigned int i;

	puts("usage: engine-bench [OPTION...]\n\n"
	     "Measures the engine of an anchor alone: Proxy Binding Updates go in and\n"
	     "acknowledgements come out as octets, and what else is to happen, in kernel and\n"
	     "store, is taken for done at once. Looks at every acknowledgement. Rates are by\n"
	     "processor time, memory is what the process has grown by.\n");
	for (i = 0; i < NUMBERS; i++)
		printf("  --%-10s N   %s\n", numbers[i].name, numbers[i].help);
	puts("  -j               print JSON\n"
	     "  --help           this\n\n"
	     "Exit status: 0 all were accepted, 1 some were not, 2 the command line is wrong.");
}

static bool wrong(const char *what, const char *value)
{
	fprintf(stderr, "engine-bench: %s \"%s\": see engine-bench --help\n",
		what, value);
	return false;
}

static bool read_number(unsigned int which, const char *text, uint64_t *number)
{
	unsigned long long value;
	char *end;

	if (!text) {
		fprintf(stderr,
			"engine-bench: --%s wants a number: see engine-bench --help\n",
			numbers[which].name);
		return false;
	}
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-')
		return wrong("not a number", text);
	if (value < numbers[which].least || value > numbers[which].most) {
		fprintf(stderr,
			"engine-bench: --%s is from %llu to %llu, not %s\n",
			numbers[which].name,
			(unsigned long long)numbers[which].least,
			(unsigned long long)numbers[which].most, text);
		return false;
	}
	*number = value;
	return true;
}

static bool read_one(char ***argv, struct options *options, uint64_t *values)
{
	const char *word = **argv;
	unsigned int i;

	if (!strcmp(word, "-j")) {
		options->json = true;
		return true;
	}
	for (i = 0; i < NUMBERS; i++)
		if (!strncmp(word, "--", 2) &&
		    !strcmp(word + 2, numbers[i].name))
			return read_number(i, *++*argv, &values[i]);
	return wrong("no such option", word);
}

enum options_outcome options_read(int argc, char **argv,
				  struct options *options)
{
	uint64_t values[NUMBERS] = { 1000000, 1000, 5, 1, 1 };
	char **end = argv + argc;

	memset(options, 0, sizeof(*options));
	for (argv++; argv < end; argv++) {
		if (!strcmp(*argv, "--help")) {
			help();
			return OPTIONS_HELP;
		}
		if (!read_one(&argv, options, values))
			return OPTIONS_WRONG;
	}
	options->sessions = (uint32_t)values[0];
	options->gateways = (uint32_t)values[1];
	options->rounds = (uint32_t)values[2];
	options->refreshes = (uint32_t)values[3];
	options->seed = values[4];
	return OPTIONS_RUN;
}
