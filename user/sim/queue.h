/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is to happen on the virtual clock: at its time, and at one time in the
 * order in which it was planned, so that a run is the same each time.
 */
#ifndef PMIP6_SIM_QUEUE_H
#define PMIP6_SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim;
struct event;

/**
 * typedef event_run_t - what happens
 * @sim: the run
 * @event: of which @data is owned by whom it was made for
 */
typedef void (*event_run_t)(struct sim *sim, const struct event *event);

/**
 * struct event - one thing that is to happen
 * @due_us: when
 * @order: counts events, those of one time happen in their order
 * @run: what
 * @who: whom to: the index of an agent or of a mobile node
 * @life: which life of whom: one that is over has no events
 * @data: what else there is to know
 * @drop: how to forget @data, or NULL
 */
struct event {
	uint64_t due_us;
	uint64_t order;
	event_run_t run;
	uint32_t who;
	uint32_t life;
	void *data;
	void (*drop)(void *data);
};

/**
 * struct queue - all of them: a heap
 * @heap: the events, the earliest first, from index 0 on
 * @count: how many
 * @room: how many fit
 * @order: of the next one
 */
struct queue {
	struct event *heap;
	size_t count;
	size_t room;
	uint64_t order;
};

/**
 * queue_push() - one more
 * @queue: the queue
 * @event: the event, whose order is set here
 */
void queue_push(struct queue *queue, struct event event);

/**
 * queue_pop() - the next one
 * @queue: the queue
 * @event: where to put it
 *
 * Return: false if there is none.
 */
bool queue_pop(struct queue *queue, struct event *event);

/**
 * queue_next_us() - when is the next one due
 * @queue: the queue
 *
 * Return: the time, or UINT64_MAX.
 */
uint64_t queue_next_us(const struct queue *queue);

/**
 * queue_free() - forget all that has not happened
 * @queue: the queue
 */
void queue_free(struct queue *queue);

#endif /* PMIP6_SIM_QUEUE_H */
