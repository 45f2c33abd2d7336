// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "../engine/alloc.h"
#include "queue.h"

static bool before(const struct event *a, const struct event *b)
{
	if (a->due_us != b->due_us)
		return a->due_us < b->due_us;
	return a->order < b->order;
}

void queue_push(struct queue *queue, struct event event)
{
	size_t at, parent;

	if (queue->count == queue->room) {
		queue->room = queue->room ? 2 * queue->room : 1024;
		queue->heap = must_realloc(queue->heap, queue->room *
					   sizeof(*queue->heap));
	}
	event.order = queue->order++;
	for (at = queue->count++; at; at = parent) {
		parent = (at - 1) / 2;
		if (!before(&event, &queue->heap[parent]))
			break;
		queue->heap[at] = queue->heap[parent];
	}
	queue->heap[at] = event;
}

bool queue_pop(struct queue *queue, struct event *event)
{
	struct event last;
	size_t at = 0, child;

	if (!queue->count)
		return false;
	*event = queue->heap[0];
	last = queue->heap[--queue->count];
	while ((child = 2 * at + 1) < queue->count) {
		if (child + 1 < queue->count &&
		    before(&queue->heap[child + 1], &queue->heap[child]))
			child++;
		if (!before(&queue->heap[child], &last))
			break;
		queue->heap[at] = queue->heap[child];
		at = child;
	}
	queue->heap[at] = last;
	return true;
}

uint64_t queue_next_us(const struct queue *queue)
{
	return queue->count ? queue->heap[0].due_us : UINT64_MAX;
}

void queue_free(struct queue *queue)
{
	size_t i;

	for (i = 0; i < queue->count; i++)
		if (queue->heap[i].drop)
			queue->heap[i].drop(queue->heap[i].data);
	free(queue->heap);
	queue->heap = NULL;
	queue->count = queue->room = 0;
}
