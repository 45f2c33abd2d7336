/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes what an engine wants happen, in the order in which the daemon's
 * executor does, and as slowly: the store, the module and the kernel's routes
 * are three queues, each of which answers in its own time, and an agent may end
 * between any two effects.
 */
#ifndef PMIP6_SIM_EXEC_H
#define PMIP6_SIM_EXEC_H

#include "../engine/effects.h"

struct agent;
struct job;
struct op;

enum port {
	PORT_STORE,
	PORT_DATAPLANE,
	PORT_ROUTES,
	PORTS,
};

/**
 * struct exec - what is under way at one agent
 * @jobs: transactions, in whatever order
 * @owned: how many of them the engine waits for
 * @first: by enum port, what is to be done next
 * @last: and last
 * @parked: what waits for the device
 */
struct exec {
	struct job *jobs;
	unsigned int owned;
	struct op *first[PORTS];
	struct op *last[PORTS];
	struct op *parked;
};

/**
 * exec_run() - make the transactions of an agent's outbox happen
 * @agent: the agent, whose outbox is empty afterwards
 */
void exec_run(struct agent *agent);

/**
 * exec_read_kernel() - have all that the module has read, after what was queued before
 * @agent: the agent
 */
void exec_read_kernel(struct agent *agent);

/**
 * exec_delete_leftovers() - have routes that are nobody's deleted
 * @agent: the agent
 */
void exec_delete_leftovers(struct agent *agent);

/**
 * exec_flush() - write what is to be written, as an end in good order does
 * @agent: the agent; what comes of that is written as well
 */
void exec_flush(struct agent *agent);

/**
 * exec_lose_device() - the device goes, and with it what was told it
 * @agent: the agent
 */
void exec_lose_device(struct agent *agent);

/**
 * exec_resume() - the device is back: do what waited for it
 * @agent: the agent
 */
void exec_resume(struct agent *agent);

/**
 * exec_finish() - do at once what is under way, and what comes of that
 * @agent: the agent
 */
void exec_finish(struct agent *agent);

/**
 * exec_abandon() - forget what is under way
 * @agent: the agent, which has ended
 *
 * Return: true if anything was.
 */
bool exec_abandon(struct agent *agent);

#endif /* PMIP6_SIM_EXEC_H */
