// SPDX-License-Identifier: GPL-2.0
/*
 * How many Proxy Binding Updates the engine of an anchor handles a second, and
 * how much memory a session takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bulk.h"
#include "options.h"
#include "result.h"
#include "round.h"

/* In a process of its own, so that a round finds nothing of the one before. */
static bool run_apart(const struct options *options, struct round *round)
{
	int ends[2], status = 1;
	pid_t child;
	bool got;

	if (pipe(ends)) {
		perror("engine-bench: pipe");
		return false;
	}
	child = fork();
	if (child < 0) {
		perror("engine-bench: fork");
		return false;
	}
	if (!child) {
		close(ends[0]);
		round_run(options, round);
		bulk_run(options, round);
		_exit(write(ends[1], round, sizeof(*round)) != sizeof(*round));
	}
	close(ends[1]);
	got = read(ends[0], round, sizeof(*round)) == sizeof(*round);
	close(ends[0]);
	waitpid(child, &status, 0);
	if (got && !status)
		return true;
	fprintf(stderr, "engine-bench: a round ended with status %d\n", status);
	return false;
}

int main(int argc, char **argv)
{
	struct round *rounds;
	struct options options;
	bool good = true;
	unsigned int i;

	switch (options_read(argc, argv, &options)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_RUN:
		break;
	}
	rounds = calloc(options.rounds, sizeof(*rounds));
	if (!rounds) {
		perror("engine-bench");
		return 1;
	}
	for (i = 0; i < options.rounds; i++) {
		if (!run_apart(&options, &rounds[i])) {
			free(rounds);
			return 1;
		}
		good &= round_is_good(&rounds[i]);
	}
	result_print(&options, rounds);
	free(rounds);
	return !good;
}
