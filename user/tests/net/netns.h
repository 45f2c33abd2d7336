/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tests of ports share: a network namespace of their own, and waiting for
 * what must happen.
 */
#ifndef PMIP6_TESTS_NETNS_H
#define PMIP6_TESTS_NETNS_H

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ev.h>

#include "../../ports/counter.h"
#include "../common/test.h"

/* What has not happened by then does not happen. */
#define DEADLINE_S 10.

/**
 * have_root() - may the test make a network namespace
 *
 * Says so if not, as TAP.
 *
 * Return: true if it may.
 */
static inline bool have_root(void)
{
	if (!geteuid())
		return true;
	puts("1..1\nok 1 # SKIP needs root, for a network namespace of its own");
	return false;
}

/**
 * shell() - run a command that must succeed
 * @command: for sh(1)
 */
static inline void shell(const char *command)
{
	int status = system(command);

	if (status)
		fail_msg("status %d: %s", status, command);
}

/**
 * await() - wait until a command succeeds
 * @command: for sh(1), without a single quote
 *
 * For what the kernel does in its own time, and tells nobody of.
 */
static inline void await(const char *command)
{
	char text[512];

	snprintf(text, sizeof(text), "timeout 10 sh -c 'until %s; "
		 "do sleep 0.01; done' >/dev/null", command);
	shell(text);
}

/**
 * await_carrier() - wait until what is sent by a link is not lost
 * @ifname: the link
 */
static inline void await_carrier(const char *ifname)
{
	char command[128];

	snprintf(command, sizeof(command),
		 "ip -o link show dev %s | grep \"state UP\"", ifname);
	await(command);
}

/**
 * add_address() - give a link an address, and wait until it has it
 * @address: the address
 * @ifname: the link
 */
static inline void add_address(const char *address, const char *ifname)
{
	char command[128];

	snprintf(command, sizeof(command), "ip addr add %s dev %s nodad",
		 address, ifname);
	shell(command);
	snprintf(command, sizeof(command),
		 "ip -6 route show table local | grep -w \"local %.*s\"",
		 (int)strcspn(address, "/"), address);
	await(command);
}

/**
 * enter_namespace() - a new network namespace, with only a loopback link
 */
static inline void enter_namespace(void)
{
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	shell("ip link set lo up");
}

static inline void on_tick(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)timer;
	(void)events;
}

/**
 * comes_true() - let a loop run until something is the case
 * @loop: the loop
 * @is_so: is it the case; asked after each event, and every few milliseconds
 * @arg: handed to it
 *
 * Return: false if it was not within DEADLINE_S.
 */
static inline bool comes_true(struct ev_loop *loop, bool (*is_so)(void *arg),
			      void *arg)
{
	ev_tstamp deadline = ev_time() + DEADLINE_S;
	ev_timer tick;
	bool so;

	ev_timer_init(&tick, on_tick, 0., 0.005);
	ev_timer_again(loop, &tick);
	while (!(so = is_so(arg)) && ev_time() < deadline)
		ev_run(loop, EVRUN_ONCE);
	ev_timer_stop(loop, &tick);
	return so;
}

/**
 * counter_of() - one of many counters
 * @counters: those
 * @count: how many
 * @name: which; there must be such
 *
 * Return: its value.
 */
static inline uint64_t counter_of(const struct counter *counters,
				  unsigned int count, const char *name)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!strcmp(counters[i].name, name))
			return counters[i].value;
	fail_msg("no counter %s", name);
	return 0;
}

#endif /* PMIP6_TESTS_NETNS_H */
