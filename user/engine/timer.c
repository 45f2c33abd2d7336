// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "alloc.h"
#include "timer.h"
#include "types.h"

/* Four children a node: half the depth of two, and they share cache lines. */
#define CHILDREN 4u

static uint32_t parent_of(uint32_t slot)
{
	return (slot - 2) / CHILDREN + 1;
}

static uint32_t first_child_of(uint32_t slot)
{
	return CHILDREN * (slot - 1) + 2;
}

static void place(struct timers *timers, struct timer_place what, uint32_t slot)
{
	timers->heap[slot] = what;
	what.timer->slot = slot;
}

static void move_up(struct timers *timers, struct timer_place what,
		    uint32_t slot)
{
	while (slot > 1 && timers->heap[parent_of(slot)].due > what.due) {
		place(timers, timers->heap[parent_of(slot)], slot);
		slot = parent_of(slot);
	}
	place(timers, what, slot);
}

static uint32_t earliest_child(const struct timers *timers, uint32_t slot)
{
	uint32_t child = first_child_of(slot), last = child + CHILDREN - 1;
	uint32_t best = 0;

	for (; child <= last && child <= timers->count; child++)
		if (!best || timers->heap[child].due < timers->heap[best].due)
			best = child;
	return best;
}

static void move_down(struct timers *timers, struct timer_place what,
		      uint32_t slot)
{
	uint32_t child;

	while ((child = earliest_child(timers, slot)) &&
	       timers->heap[child].due < what.due) {
		place(timers, timers->heap[child], slot);
		slot = child;
	}
	place(timers, what, slot);
}

void timers_free(struct timers *timers)
{
	free(timers->heap);
	*timers = (struct timers){ 0 };
}

void timer_cancel(struct timers *timers, struct timer *timer)
{
	uint32_t slot = timer->slot;
	struct timer_place last;

	if (!slot)
		return;
	timer->slot = 0;
	last = timers->heap[timers->count--];
	if (last.timer == timer)
		return;
	if (slot > 1 && timers->heap[parent_of(slot)].due > last.due)
		move_up(timers, last, slot);
	else
		move_down(timers, last, slot);
}

static void make_room(struct timers *timers)
{
	if (timers->count + 1 < timers->room)
		return;
	timers->room = timers->room ? 2 * timers->room : 64;
	timers->heap = must_realloc(timers->heap, timers->room *
				    sizeof(*timers->heap));
}

/* Mostly to later, from where most are: at the bottom, with nothing below. */
void timer_set(struct timers *timers, struct timer *timer, uint64_t due)
{
	struct timer_place what = { .due = due, .timer = timer };
	uint32_t slot = timer->slot;
	bool later = slot && due > timer->due;

	timer->due = due;
	if (!slot) {
		make_room(timers);
		slot = ++timers->count;
	}
	if (later)
		move_down(timers, what, slot);
	else
		move_up(timers, what, slot);
}

uint64_t timers_next(const struct timers *timers)
{
	return timers->count ? timers->heap[1].due : NEVER;
}

struct timer *timers_take(struct timers *timers, uint64_t now_ms)
{
	struct timer *first;

	if (timers_next(timers) > now_ms)
		return NULL;
	first = timers->heap[1].timer;
	timer_cancel(timers, first);
	return first;
}
