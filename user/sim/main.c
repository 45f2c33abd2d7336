// SPDX-License-Identifier: GPL-2.0
/*
 * A simulator: the engines of anchors and gateways, with faults, by seeds.
 */
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "options.h"

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print_replay(const struct options *options, uint64_t seed)
{
	int i;

	printf("# replay: sim --seed %llu --mns %u --lmas %u --mags %u --duration %u",
	       (unsigned long long)seed, options->mns, options->lmas,
	       options->mags, options->duration_s);
	for (i = 0; i < FAULTS; i++)
		if (options->without & 1u << i)
			printf(" --no-%s", fault_name((enum fault)i));
	if (options->single)
		printf(" --no-multihoming");
	printf(" --trace\n");
}

static bool run(const struct command *command, uint64_t number,
		struct totals *totals)
{
	const struct options *options = &command->options;
	uint64_t seed = options->seed + number - 1;
	bool good;

	good = sim_run(options, seed, options->trace ? stdout : NULL, false,
		       totals);
	printf("%s %llu - seed %llu\n", good ? "ok" : "not ok",
	       (unsigned long long)number, (unsigned long long)seed);
	if (!good) {
		print_replay(options, seed);
		if (sim_run(options, seed, NULL, true, NULL))
			printf("# it did not happen again: a run depends on more than its seed\n");
	}
	fflush(stdout);
	return good;
}

static void print_totals(const struct totals *totals, uint64_t seeds,
			 double took)
{
	struct rusage usage;
	int i;

	getrusage(RUSAGE_SELF, &usage);
	printf("# %llu seeds, %llu events in %.1f s: %.0f events/s, %ld MB\n",
	       (unsigned long long)seeds, (unsigned long long)totals->events,
	       took, (double)totals->events / took, usage.ru_maxrss / 1024);
	printf("# %llu messages, sessions: %llu began, %llu moved, %llu extended, %llu renumbered, %llu revoked\n",
	       (unsigned long long)totals->messages,
	       (unsigned long long)totals->registered,
	       (unsigned long long)totals->handovers,
	       (unsigned long long)totals->refreshed,
	       (unsigned long long)totals->renumbered,
	       (unsigned long long)totals->revoked);
	printf("# interfaces: %llu joined, flows: %llu agreed, packets: %llu compared\n",
	       (unsigned long long)totals->joined,
	       (unsigned long long)totals->flows,
	       (unsigned long long)totals->packets);
	printf("# faults:");
	for (i = 0; i < FAULTS; i++)
		printf(" %s=%llu", fault_name((enum fault)i),
		       (unsigned long long)totals->faults[i]);
	printf("\n");
}

int main(int argc, char **argv)
{
	struct totals totals = { 0 };
	struct command command;
	uint64_t number, failed = 0;
	double start = seconds();

	switch (options_read(argc, argv, &command)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_RUN:
		break;
	}
	printf("1..%llu\n", (unsigned long long)command.seeds);
	for (number = 1; number <= command.seeds; number++) {
		failed += !run(&command, number, &totals);
		if (failed && command.stop)
			command.seeds = number;
	}
	print_totals(&totals, command.seeds, seconds() - start);
	return failed != 0;
}
