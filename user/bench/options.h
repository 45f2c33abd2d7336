/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the command line says.
 */
#ifndef PMIP6_BENCH_OPTIONS_H
#define PMIP6_BENCH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct options - what is to be measured
 * @sessions: how many the anchor gets
 * @gateways: how many gateways they are with
 * @rounds: how often everything is measured, each time in a process of its own
 * @refreshes: how often a round refreshes all sessions
 * @seed: of what is drawn at random
 * @json: print JSON, not a table
 */
struct options {
	uint32_t sessions;
	uint32_t gateways;
	uint32_t rounds;
	uint32_t refreshes;
	uint64_t seed;
	bool json;
};

enum options_outcome {
	OPTIONS_RUN,
	OPTIONS_HELP,
	OPTIONS_WRONG,
};

/**
 * options_read() - understand the command line
 * @argc: of main()
 * @argv: of main()
 * @options: where to put what it says
 *
 * Return: what to do; help or what is wrong was printed.
 */
enum options_outcome options_read(int argc, char **argv,
				  struct options *options);

#endif /* PMIP6_BENCH_OPTIONS_H */
