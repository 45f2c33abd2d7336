/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What goes wrong, and how often: each seed has rates of its own.
 */
#ifndef PMIP6_SIM_FAULTS_H
#define PMIP6_SIM_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

struct sim;

enum fault {
	FAULT_LOSS,		/* a message gets lost */
	FAULT_DUPLICATE,	/* or comes twice */
	FAULT_REORDER,		/* or is overtaken */
	FAULT_DELAY,		/* or comes late */
	FAULT_PARTITION,	/* two agents do not reach each other */
	FAULT_SKEW,		/* the wall clock of an agent is set */
	FAULT_CRASH,		/* an agent ends between two effects */
	FAULT_REBOOT,		/* likewise, and its kernel with it */
	FAULT_ERASE,		/* and finds its sessions gone */
	FAULT_RELOAD,		/* the module goes and comes back, empty */
	FAULT_REVOKE,		/* an operator ends sessions (RFC 5846) */
	FAULT_DATAPLANE,	/* the kernel refuses a binding or a route */
	FAULT_STORE,		/* a record cannot be written */
	FAULT_EVENT,		/* an expiry is not told, but that one is lost */
	FAULT_FORGET,		/* a record cannot be deleted yet */
	FAULT_RESTART,		/* an agent ends in good order, and comes back */
	FAULTS,
};

/**
 * struct faults - of one run
 * @on: they happen now
 * @rate: of each, in 1/1000 of the messages or effects; of those of whole
 *	agents, how many there are in an hour of the whole run
 * @count: how many there were
 */
struct faults {
	bool on;
	uint32_t rate[FAULTS];
	uint64_t count[FAULTS];
};

/**
 * fault_name() - as on the command line
 * @fault: which
 *
 * Return: a constant string.
 */
const char *fault_name(enum fault fault);

/**
 * faults_draw() - the rates of a seed
 * @sim: the run, with its options
 */
void faults_draw(struct sim *sim);

/**
 * faults_begin() - from now on things go wrong
 * @sim: the run
 * @until_us: no new fault of an agent begins after that
 */
void faults_begin(struct sim *sim, uint64_t until_us);

/**
 * faults_end() - nothing goes wrong any more, and what did is put right: paths
 * and clocks are. Agents that are away come back by themselves.
 * @sim: the run
 */
void faults_end(struct sim *sim);

/**
 * fault_happens() - does it now
 * @sim: the run
 * @fault: one with a rate by message or effect; counted if so
 *
 * Return: true if so.
 */
bool fault_happens(struct sim *sim, enum fault fault);

#endif /* PMIP6_SIM_FAULTS_H */
