/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pmipctl: what an operator sees and says, in iproute2's manner.
 */
#ifndef PMIPCTL_H
#define PMIPCTL_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct options - what stands before the noun
 * @json: -j
 * @pretty: -p, of JSON
 * @statistics: -s
 * @socket: -S, where the agent listens
 */
struct options {
	bool json;
	bool pretty;
	bool statistics;
	const char *socket;
};

extern struct options options;

/**
 * struct verb - one thing that can be done with a noun
 * @name: the verb
 * @run: does it; returns the exit status
 * @usage: what follows it on the command line
 */
struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage;
};

/**
 * struct noun - one thing that there is
 * @name: the noun
 * @verbs: what can be done with it, the default first, ended by an empty one
 */
struct noun {
	const char *name;
	const struct verb *verbs;
};

extern const struct noun noun_device;
extern const struct noun noun_binding;
extern const struct noun noun_tunnel;
extern const struct noun noun_expiry_set;
extern const struct noun noun_flow_binding;
extern const struct noun noun_stats;
extern const struct noun noun_mn;
extern const struct noun noun_flow;
extern const struct noun noun_peer;
extern const struct noun noun_group;
extern const struct noun noun_revoke;
extern const struct noun noun_monitor;
extern const struct noun noun_info;

/**
 * run_verb() - do what a command line says of a noun
 * @noun: the noun
 * @argc: how many words follow it
 * @argv: those
 *
 * Return: the exit status.
 */
int run_verb(const struct noun *noun, int argc, char **argv);

/**
 * fail() - say what is wrong with a command
 * @format: as printf()
 *
 * Return: the exit status for it.
 */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* PMIPCTL_H */
