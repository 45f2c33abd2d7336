// SPDX-License-Identifier: GPL-2.0
/*
 * Flows of an anchor that pass from one interface to another: to those that are
 * left when it goes, and back where that could not be done.
 */
#include <string.h>

#include "alloc.h"
#include "lma_flow_internal.h"
#include "lma_multihoming.h"

/* That what is under way for it may fail is nothing to them. */
static void get(struct bce *bce, const struct lma_flow *flow)
{
	lma_flow_append(bce, flow);
	if (bce->operation && bce->operation->has_flows)
		lma_flow_append_to(&bce->operation->flows, flow);
}

bool lma_flow_lose(struct bce *bce, uint16_t id)
{
	if (bce->operation && bce->operation->has_flows)
		lma_flow_remove(bce->operation->flows, id);
	return lma_flow_count(bce) && lma_flow_remove(bce->path->flows, id);
}

void lma_flow_passed(struct lma_operation *operation, const struct bce *bce,
		     bool got, const struct lma_flow *flow)
{
	unsigned int at = operation->passed_count++;

	operation->passed = must_realloc(operation->passed, (at + 1) *
					 sizeof(*operation->passed));
	operation->passed[at] = (struct lma_passed){
		.bid = bce->path->bid,
		.got = got,
		.flow = *flow,
	};
}

/* --- Where it could not be done. */

static struct bce *find_holder(struct bce *bce, uint16_t id)
{
	struct bce *path = bce;

	do {
		if (lma_flow_lose(path, id))
			return path;
		path = bce_next_path(path);
	} while (path != bce);
	return NULL;
}

void lma_flows_return(struct transaction *transaction, struct bce *bce,
		      const struct lma_operation *operation)
{
	const struct lma_passed *passed;
	struct bce *path;
	unsigned int i;

	for (i = 0; i < operation->passed_count; i++) {
		passed = &operation->passed[i];
		path = find_holder(bce, passed->flow.id);
		if (path)
			lma_put_flows(transaction, path);
		path = passed->got ? NULL : lma_path_by_bid(bce, passed->bid);
		/* It has gone meanwhile, and so would have its flows. */
		if (!path || path == bce)
			continue;
		get(path, &passed->flow);
		lma_flow_set(transaction, bce, &passed->flow);
		lma_put_flows(transaction, path);
	}
}

/* --- The end of an interface. */

/* Also once what is under way for it has failed. */
static bool has_room(const struct bce *bce)
{
	const struct lma_operation *operation = bce->operation;

	return lma_flow_count(bce) < LMA_FLOWS_MAX &&
	       (!operation || !operation->has_flows ||
		operation->flows->count < LMA_FLOWS_MAX);
}

/* RFC 6089 4.1: the lowest priority is the best one. */
static struct bce *heir_of(struct bce *bce, struct now now)
{
	struct bce *path, *best = NULL;

	for (path = bce_next_path(bce); path != bce;
	     path = bce_next_path(path)) {
		if (!lma_path_lives(path, now) || !has_room(path))
			continue;
		if (!best || path->now.priority < best->now.priority ||
		    (path->now.priority == best->now.priority &&
		     path->path->bid < best->path->bid))
			best = path;
	}
	return best;
}

/*
 * Draft 4.2: a new identifier; priority and action are copied. Return: the first
 * one that there was no room for.
 */
static unsigned int move(struct transaction *transaction, struct bce *bce,
			 unsigned int first, struct bce *heir)
{
	struct lma_flow flow;
	unsigned int i;

	for (i = first; i < lma_flow_count(bce) && has_room(heir); i++) {
		flow = bce->path->flows->flow[i];
		flow.fid = lma_free_moved_fid(heir);
		flow.moved = true;
		if (flow.bid == bce->path->bid)
			flow.bid = heir->path->bid;
		get(heir, &flow);
		lma_flow_set(transaction, bce, &flow);
		lma_flow_passed(bce->operation, heir, true, &flow);
	}
	lma_put_flows(transaction, heir);
	return i;
}

/* As many as others have room for. */
static unsigned int move_all(struct transaction *transaction, struct bce *bce,
			     struct now now)
{
	unsigned int count = 0;
	struct bce *heir;

	while (count < lma_flow_count(bce) && (heir = heir_of(bce, now)))
		count = move(transaction, bce, count, heir);
	return count;
}

void lma_note_removal(struct transaction *transaction, struct bce *bce,
		      const struct mh_options *options, struct now now)
{
	struct lma_operation *operation = bce->operation;
	unsigned int moved = 0;
	struct lma_flows *flows;

	if (!lma_flow_count(bce))
		return;
	flows = bce->path->flows;
	bce->now.keeps_flows = options->has_multihoming &&
			       options->handoff == MH_HI_UNKNOWN &&
			       options->multihoming.act == MH_ACT_KEEP;
	if (bce->now.keeps_flows && lma_has_others(bce, now)) {
		operation->has_flows = true;
		operation->flows = lma_flows_copy(flows);
		moved = move_all(transaction, bce, now);
	}
	flows->count -= moved;
	memmove(flows->flow, &flows->flow[moved],
		flows->count * sizeof(flows->flow[0]));
	lma_put_flows(transaction, bce);
}

/* A flow of another interface by this path goes by that interface's own one. */
static bool bring_home(struct lma_flow *flow, const struct bce *bce,
		       const struct bce *other)
{
	if (flow->bid != bce->path->bid)
		return false;
	flow->bid = other->path->bid;
	return true;
}

static void let_go(struct transaction *transaction, struct bce *bce,
		   struct bce *other)
{
	const struct lma_operation *operation = other->operation;
	struct lma_flow *flow;
	bool changed = false;
	unsigned int i;

	for (i = 0; i < lma_flow_count(other); i++) {
		flow = &other->path->flows->flow[i];
		if (!bring_home(flow, bce, other))
			continue;
		lma_flow_set(transaction, bce, flow);
		changed = true;
	}
	if (changed)
		lma_put_flows(transaction, other);
	/* Nor is what it goes back to by a path that is not there any more. */
	if (!operation || !operation->has_flows)
		return;
	for (i = 0; i < operation->flows->count; i++)
		bring_home(&operation->flows->flow[i], bce, other);
}

void lma_end_flows(struct transaction *transaction, struct bce *bce,
		   struct now now)
{
	struct bce *other;
	unsigned int i = 0;

	if (!bce->path)
		return;
	for (other = bce_next_path(bce); other != bce;
	     other = bce_next_path(other))
		let_go(transaction, bce, other);
	/* Also where their record could not be deleted with the last one. */
	if (!bce->path->flows)
		return;
	if (bce->now.keeps_flows)
		i = move_all(transaction, bce, now);
	for (; i < lma_flow_count(bce) && lma_outlives(bce); i++)
		lma_flow_unset(transaction, bce, bce->path->flows->flow[i].id);
	bce->path->flows->count = 0;
	lma_forget_flows(transaction, bce);
}
