/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is due when: a heap, so that a million entries cost no more than their
 * logarithm, on monotonic time, so that a clock step expires nothing.
 */
#ifndef PMIP6_ENGINE_TIMER_H
#define PMIP6_ENGINE_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct timer - one thing that becomes due, inside what it belongs to
 * @due: in milliseconds of struct now.mono_ms
 * @slot: its place in the heap, from 1 on; 0 while it is not set
 */
struct timer {
	uint64_t due;
	uint32_t slot;
};

/**
 * struct timer_place - a place in the heap
 * @due: of its timer, so that to compare two need not look at either
 * @timer: that
 */
struct timer_place {
	uint64_t due;
	struct timer *timer;
};

/**
 * struct timers - all that an engine waits for
 * @heap: the timers, the earliest first, from index 1 on
 * @count: how many
 * @room: how many fit
 */
struct timers {
	struct timer_place *heap;
	uint32_t count;
	uint32_t room;
};

/**
 * timers_free() - forget all timers
 * @timers: the timers; none of them is touched
 */
void timers_free(struct timers *timers);

/**
 * timer_set() - let a timer become due, instead of when it was to be
 * @timers: the timers
 * @timer: the timer, zero before its first use
 * @due: when
 */
void timer_set(struct timers *timers, struct timer *timer, uint64_t due);

/**
 * timer_cancel() - let a timer not become due
 * @timers: the timers
 * @timer: the timer, set or not
 */
void timer_cancel(struct timers *timers, struct timer *timer);

/**
 * timer_is_set() - will it become due
 * @timer: the timer
 *
 * Return: true if so.
 */
static inline bool timer_is_set(const struct timer *timer)
{
	return timer->slot;
}

/**
 * timers_next() - when is the next one due
 * @timers: the timers
 *
 * Return: the time, or NEVER.
 */
uint64_t timers_next(const struct timers *timers);

/**
 * timers_take() - the earliest timer that is due, not set any more
 * @timers: the timers
 * @now_ms: the time
 *
 * Return: the timer, or NULL if none is due.
 */
struct timer *timers_take(struct timers *timers, uint64_t now_ms);

#endif /* PMIP6_ENGINE_TIMER_H */
