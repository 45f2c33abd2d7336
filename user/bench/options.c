// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/numbers.h"
#include "options.h"
#include "result.h"

static const struct number options_of_numbers[] = {
	{ "sessions", 1, 4000000, "sessions of the anchor (1000000)" },
	{ "gateways", 2, 60000, "gateways they are with (1000)" },
	{ "rounds", 1, ROUNDS_MAX, "how often everything is measured (5)" },
	{ "refreshes", 1, 100, "how often a round refreshes all of them (1)" },
	{ "seed", 0, UINT64_MAX, "of the order that they come in (1)" },
};

#define NUMBERS (sizeof(options_of_numbers) / sizeof(options_of_numbers[0]))

static const struct numbers numbers = {
	.program = "engine-bench",
	.number = options_of_numbers,
	.count = NUMBERS,
};

static void help(void)
{
	puts("usage: engine-bench [OPTION...]\n\n"
	     "Measures the engine of an anchor alone: Proxy Binding Updates go in and\n"
	     "acknowledgements come out as octets, and what else is to happen, in kernel and\n"
	     "store, is taken for done at once. Looks at every acknowledgement. Rates are by\n"
	     "processor time, memory is what the process has grown by.\n");
	numbers_help(&numbers);
	puts("  -j               print JSON\n"
	     "  --help           this\n\n"
	     "Exit status: 0 all were accepted, 1 some were not, 2 the command line is wrong.");
}

static bool read_one(char ***argv, struct options *options, uint64_t *values)
{
	const char *word = **argv;

	if (!strcmp(word, "-j")) {
		options->json = true;
		return true;
	}
	switch (numbers_read(&numbers, argv, values)) {
	case NUMBERS_READ:
		return true;
	case NUMBERS_WRONG:
		return false;
	default:
		return numbers_wrong(&numbers, "no such option", word);
	}
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
