/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the command line says.
 */
#ifndef PMIP6_SIM_OPTIONS_H
#define PMIP6_SIM_OPTIONS_H

#include "world.h"

/**
 * struct command - all of it
 * @options: of every run
 * @seeds: how many runs
 * @stop: no more of them after one that fails
 */
struct command {
	struct options options;
	uint64_t seeds;
	bool stop;
};

enum options_outcome {
	OPTIONS_RUN,
	OPTIONS_HELP,		/* it was printed */
	OPTIONS_WRONG,		/* why was printed */
};

/**
 * options_read() - read a command line
 * @argc: of main()
 * @argv: of main()
 * @command: where to put it
 *
 * Return: what to do.
 */
enum options_outcome options_read(int argc, char **argv,
				  struct command *command);

#endif /* PMIP6_SIM_OPTIONS_H */
