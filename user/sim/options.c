// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/numbers.h"
#include "options.h"

/* How many mobile nodes a gateway has, unless the command line says so. */
#define MNS_PER_MAG 500u
#define MAGS_LEAST 6u

static const struct number options_of_numbers[] = {
	{ "seed", 0, UINT64_MAX, "of the first run (1)" },
	{ "seeds", 1, 1000000000, "how many runs, each with the next seed (1)" },
	{ "mns", 1, 4000000, "mobile nodes (30)" },
	{ "lmas", 2, 200, "anchors (2)" },
	{ "mags", 4, 60000, "gateways (6, or one for 500 mobile nodes)" },
	{ "duration", 10, 1000000,
	  "for how many seconds things go wrong (180)" },
};

#define NUMBERS (sizeof(options_of_numbers) / sizeof(options_of_numbers[0]))

static const struct numbers numbers = {
	.program = "sim",
	.number = options_of_numbers,
	.count = NUMBERS,
};

static void help(void)
{
	unsigned int i;

	puts("usage: sim [OPTION...]\n\n"
	     "Runs anchors, gateways and mobile nodes on a virtual clock, with faults, and\n"
	     "looks whether what must be true is. The same seed is the same run. Prints a\n"
	     "TAP line a run; one that fails is run again, and how it came to that is\n"
	     "printed.\n");
	numbers_help(&numbers);
	puts("  --trace          print everything that happens\n"
	     "  --stop           end after the first run that fails\n"
	     "  --no-FAULT       without a fault of:");
	printf("                  ");
	for (i = 0; i < FAULTS; i++)
		printf(" %s%s", fault_name((enum fault)i),
		       i == FAULTS / 2 ? "\n                  " : "");
	puts("\n  --no-faults      without any\n"
	     "  --no-multihoming interfaces of a mobile node have prefixes of their own\n"
	     "  --help           this\n\n"
	     "Exit status: 0 all is well, 1 a run failed, 2 the command line is wrong.");
}

static bool read_without(const char *name, struct options *options)
{
	int i;

	if (!strcmp(name, "faults")) {
		options->without = (1u << FAULTS) - 1;
		return true;
	}
	for (i = 0; i < FAULTS; i++) {
		if (strcmp(name, fault_name((enum fault)i)))
			continue;
		options->without |= 1u << i;
		return true;
	}
	return numbers_wrong(&numbers, "no such fault", name);
}

static bool read_one(char ***argv, struct command *command, uint64_t *values)
{
	const char *word = **argv;

	if (!strcmp(word, "--trace")) {
		command->options.trace = true;
		return true;
	}
	if (!strcmp(word, "--no-multihoming")) {
		command->options.single = true;
		return true;
	}
	if (!strcmp(word, "--stop")) {
		command->stop = true;
		return true;
	}
	if (!strncmp(word, "--no-", 5))
		return read_without(word + 5, &command->options);
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
				  struct command *command)
{
	uint64_t values[NUMBERS] = { 1, 1, 30, 2, 0, 180 };
	struct options *options = &command->options;
	char **end = argv + argc;

	memset(command, 0, sizeof(*command));
	for (argv++; argv < end; argv++) {
		if (!strcmp(*argv, "--help")) {
			help();
			return OPTIONS_HELP;
		}
		if (!read_one(&argv, command, values))
			return OPTIONS_WRONG;
	}
	options->seed = values[0];
	command->seeds = values[1];
	options->mns = (uint32_t)values[2];
	options->lmas = (uint32_t)values[3];
	options->mags = (uint32_t)values[4];
	options->duration_s = (uint32_t)values[5];
	if (!options->mags)
		options->mags = options->mns / MNS_PER_MAG > MAGS_LEAST ?
				options->mns / MNS_PER_MAG : MAGS_LEAST;
	return OPTIONS_RUN;
}
