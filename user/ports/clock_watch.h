/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether the wall clock is what a common source of time says.
 */
#ifndef PMIP6_PORTS_CLOCK_WATCH_H
#define PMIP6_PORTS_CLOCK_WATCH_H

#include <stdbool.h>

#include <ev.h>

/**
 * struct clock_watch - tells when the wall clock was set
 * @io: of a timer that the kernel cancels then
 * @on_set: called when it was
 * @arg: handed to it
 */
struct clock_watch {
	struct ev_io io;
	void (*on_set)(void *arg);
	void *arg;
};

/**
 * clock_watch_start() - begin
 * @watch: the watch, with @on_set and @arg
 * @loop: what calls back
 *
 * Return: 0 or an errno value; the watch may be stopped in either case.
 */
int clock_watch_start(struct clock_watch *watch, struct ev_loop *loop);

/**
 * clock_watch_stop() - end
 * @watch: the watch
 * @loop: what calls back
 */
void clock_watch_stop(struct clock_watch *watch, struct ev_loop *loop);

/**
 * clock_is_synchronised() - does the kernel know the clock to be right
 *
 * Whoever keeps it so tells the kernel: adjtimex(2), STA_UNSYNC.
 *
 * Return: true if so; false also where nobody tells.
 */
bool clock_is_synchronised(void);

#endif /* PMIP6_PORTS_CLOCK_WATCH_H */
