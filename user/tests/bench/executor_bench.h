/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An executor whose ports are played here: what is asked of them is noted, and
 * answered when the test says so.
 */
#ifndef PMIP6_TESTS_EXECUTOR_BENCH_H
#define PMIP6_TESTS_EXECUTOR_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "../../pmip6d/executor.h"

#define MAX_ASKED 16

/* Where records of peers go. */
#define PEER_STORE ((struct store *)&world.count)

/**
 * struct asked - what a port was asked for and has not answered
 * @done: whom to answer, unless it is the store's
 * @stored: whom to answer if it is
 * @context: for either
 */
struct asked {
	nl_done_t done;
	store_done_t stored;
	void *context;
};

/**
 * struct executor_bench - an executor, and what became of what it was given
 * @executor: the executor
 * @device: its network device, of index 7
 * @said: what happened since the last expect(), a word each
 * @asked: what is to be answered, the oldest first
 * @count: how much
 * @owner: of the transaction that has ended last
 * @error: how it has ended
 * @done: how many have ended
 * @device_after_catch_up: index of the device, from link_monitor_catch_up() on
 * @catches_up: if so
 */
struct executor_bench {
	struct executor executor;
	struct role_device device;
	char said[512];
	struct asked asked[MAX_ASKED];
	unsigned int count;
	void *owner;
	int error;
	unsigned int done;
	uint32_t device_after_catch_up;
	bool catches_up;
};

/* There is one, because ports are told nothing that would name another. */
extern struct executor_bench world;

/**
 * executor_bench_setup() - nothing has happened
 * @state: not used
 *
 * Return: 0.
 */
int executor_bench_setup(void **state);

/**
 * executor_bench_teardown() - abandon what is under way
 * @state: not used
 *
 * Return: 0.
 */
int executor_bench_teardown(void **state);

/**
 * say() - something has happened
 * @format: a word and a blank, as printf() takes it
 */
__attribute__((format(printf, 1, 2)))
void say(const char *format, ...);

/**
 * expect() - this has happened since the last look, exactly
 * @said: the words
 */
void expect(const char *said);

/**
 * port_answers() - answer the oldest question; the test fails if there is none
 * @error: 0 or an errno value
 */
void port_answers(int error);

/**
 * run() - give the executor what is to be done
 * @out: that
 */
void run(struct outbox *out);

/**
 * run_one() - give it a transaction of one effect
 * @kind: of which kind
 * @owner: its owner, or NULL
 */
void run_one(enum effect_kind kind, void *owner);

#endif /* PMIP6_TESTS_EXECUTOR_BENCH_H */
