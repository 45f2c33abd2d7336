/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A network namespace whose routes and addresses user/ports/routes_rtnl.c asks
 * for, and what the kernel answers.
 */
#ifndef PMIP6_TESTS_RTNL_FIXTURE_H
#define PMIP6_TESTS_RTNL_FIXTURE_H

#include <stdbool.h>

#include <ev.h>

#include "../../ports/nl_queue.h"

/**
 * struct rtnl_fixture - what a test has
 * @loop: what calls back; NULL without root, who alone makes a namespace
 * @queue: requests to rtnetlink
 * @answered: the last one was
 * @error: with which errno, or 0
 */
struct rtnl_fixture {
	struct ev_loop *loop;
	struct nl_queue *queue;
	bool answered;
	int error;
};

/**
 * rtnl_open() - ask in the present namespace from here on
 * @fixture: what the test has, zero
 */
void rtnl_open(struct rtnl_fixture *fixture);

/**
 * rtnl_close() - the end of rtnl_open()
 * @fixture: what the test has, zero afterwards
 */
void rtnl_close(struct rtnl_fixture *fixture);

/**
 * rtnl_on_done() - takes the answer to a request
 * @context: struct rtnl_fixture
 * @error: errno, or 0
 * @text: what the kernel says of it
 */
void rtnl_on_done(void *context, int error, const char *text);

/**
 * rtnl_answer() - wait for that
 * @fixture: what the test has
 *
 * Return: errno, or 0.
 */
int rtnl_answer(struct rtnl_fixture *fixture);

#endif /* PMIP6_TESTS_RTNL_FIXTURE_H */
