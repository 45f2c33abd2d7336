// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "lma_flow.h"
#include "lma_multihoming.h"

/* --- What there is. */

static unsigned int count_of(const struct bce *bce)
{
	return bce->path && bce->path->flows ? bce->path->flows->count : 0;
}

static size_t size_of(unsigned int count)
{
	return sizeof(struct lma_flows) + count * sizeof(struct lma_flow);
}

static struct lma_flows *flows_of(struct bce *bce)
{
	if (!bce->path->flows)
		bce->path->flows = must_alloc(size_of(0));
	return bce->path->flows;
}

bool lma_has_flows(const struct bce *bce)
{
	const struct bce *path = bce;

	do {
		if (count_of(path))
			return true;
		path = bce_next_path(path);
	} while (path != bce);
	return false;
}

static struct lma_flow *find(const struct bce *bce, uint16_t fid)
{
	unsigned int i;

	for (i = 0; i < count_of(bce); i++)
		if (bce->path->flows->flow[i].fid == fid)
			return &bce->path->flows->flow[i];
	return NULL;
}

typedef bool (*flow_test_t)(const struct lma_flow *flow, uint16_t number);

static bool has_id(const struct lma_flow *flow, uint16_t id)
{
	return flow->id == id;
}

static bool has_priority(const struct lma_flow *flow, uint16_t priority)
{
	return flow->priority == priority;
}

static bool has_fid(const struct lma_flow *flow, uint16_t fid)
{
	return flow->fid == fid;
}

/* Of all interfaces. */
static const struct lma_flow *find_among_all(const struct bce *bce,
					     flow_test_t test, uint16_t number)
{
	const struct bce *path = bce;
	unsigned int i;

	do {
		for (i = 0; i < count_of(path); i++)
			if (test(&path->path->flows->flow[i], number))
				return &path->path->flows->flow[i];
		path = bce_next_path(path);
	} while (path != bce);
	return NULL;
}

/* There are fewer flows than numbers: LMA_FLOWS_MAX of each interface. */
static uint16_t free_number(const struct bce *bce, flow_test_t test,
			    uint16_t first)
{
	uint16_t number = first;

	while (find_among_all(bce, test, number))
		number++;
	return number;
}

static struct lma_flow *append_to(struct lma_flows **flows,
				  const struct lma_flow *flow)
{
	*flows = must_realloc(*flows, size_of((*flows)->count + 1));
	(*flows)->flow[(*flows)->count] = *flow;
	return &(*flows)->flow[(*flows)->count++];
}

static struct lma_flow *append(struct bce *bce, const struct lma_flow *flow)
{
	flows_of(bce);
	return append_to(&bce->path->flows, flow);
}

/* --- The data plane. */

static void put_bids(struct effect_flow *to, const struct lma_flow *flow)
{
	uint16_t bid;

	to->bid[to->bid_count++] = flow->bid;
	if (flow->action != MH_FLOW_DUPLICATE)
		return;
	/* Those that nobody has are of no effect until somebody has them. */
	for (bid = BCE_BID_FIRST; bid < BCE_BID_FIRST + BCE_PATHS_MAX; bid++)
		if (bid != flow->bid)
			to->bid[to->bid_count++] = bid;
}

static void set_flow(struct transaction *transaction, const struct bce *bce,
		     const struct lma_flow *flow)
{
	struct effect_flow *to;
	unsigned int i;

	for (i = 0; i < bce->prefix_count; i++) {
		to = transaction_add(transaction, EFFECT_FLOW_SET)->flow;
		to->hnp = bce->prefixes[i].prefix;
		to->id = flow->id;
		to->priority = flow->priority;
		to->action = flow->action;
		to->selector = flow->selector;
		put_bids(to, flow);
	}
}

/* One of them, or with 0 all that a session has. */
static void delete_flow(struct transaction *transaction, const struct bce *bce,
			uint16_t id)
{
	struct effect_flow *to;
	unsigned int i;

	for (i = 0; i < bce->prefix_count; i++) {
		to = transaction_add(transaction, EFFECT_FLOW_DELETE)->flow;
		to->hnp = bce->prefixes[i].prefix;
		to->id = id;
	}
}

static void set_all(struct transaction *transaction, const struct bce *bce)
{
	const struct bce *path = bce;
	unsigned int i;

	do {
		for (i = 0; i < count_of(path); i++)
			set_flow(transaction, bce, &path->path->flows->flow[i]);
		path = bce_next_path(path);
	} while (path != bce);
}

void lma_put_all_flows(struct transaction *transaction, struct bce *bce)
{
	if (!bce->path)
		return;
	delete_flow(transaction, bce, 0);
	set_all(transaction, bce);
}

/* --- What an update wants. */

static bool is_named_twice(const struct mh_options *options)
{
	unsigned int i, j;

	for (i = 0; i < options->flow_count; i++)
		for (j = 0; j < i; j++)
			if (options->flow[i].fid == options->flow[j].fid)
				return true;
	return false;
}

/* By what its gateway calls a path, its own before those of others. */
static uint16_t bid_of(const struct bce *bce, uint16_t named)
{
	const struct bce *path = bce;

	do {
		if (path->now.named == named && named)
			return path->path->bid;
		path = bce_next_path(path);
	} while (path != bce);
	return 0;
}

static bool is_another(const struct lma_flow *one, const struct lma_flow *flow)
{
	return one && one->id != flow->id;
}

/* Into what a flow is to be: RFC 6089 5.3.2. */
static uint8_t fill(const struct bce *bce, const struct mh_flow *from,
		    struct lma_flow *to)
{
	to->priority = from->priority;
	if (from->format == MH_SELECTOR_IPV4)
		return MH_FLOW_FORMAT_NOT_SUPPORTED;
	if (from->format != MH_SELECTOR_NONE)
		to->selector = from->selector;
	if (from->has_bid)
		to->bid = bid_of(bce, from->bid);
	if (!to->bid)
		return MH_FLOW_BID_NOT_FOUND;
	if (from->has_extras)
		to->action = from->action;
	if (to->action > MH_FLOW_DUPLICATE || !to->priority)
		return MH_FLOW_MALFORMED;
	/* RFC 6089 4.2: no two flows of a mobile node have the same one. */
	if (is_another(find_among_all(bce, has_priority, to->priority), to))
		return MH_FLOW_REASON_UNSPECIFIED;
	return MH_FLOW_ACCEPTED;
}

static uint8_t add(struct transaction *transaction, struct bce *bce,
		   const struct mh_flow *from)
{
	struct lma_flow flow = {
		.fid = from->fid,
		.bid = bce->path->bid,
	};
	uint8_t status;

	if (from->format == MH_SELECTOR_NONE)
		return MH_FLOW_MALFORMED;
	if (count_of(bce) >= LMA_FLOWS_MAX)
		return MH_FLOW_PROHIBITED;
	status = fill(bce, from, &flow);
	if (status)
		return status;
	flow.id = free_number(bce, has_id, 1);
	set_flow(transaction, bce, append(bce, &flow));
	return MH_FLOW_ACCEPTED;
}

static bool does_the_same(const struct lma_flow *one, const struct lma_flow *other)
{
	return one->priority == other->priority &&
	       one->action == other->action && one->bid == other->bid &&
	       !memcmp(&one->selector, &other->selector, sizeof(one->selector));
}

/*
 * What a gateway says of a flow that was moved to it makes it one of its own. One
 * that stays as it is goes on counting in the data plane.
 */
static uint8_t modify(struct transaction *transaction, const struct bce *bce,
		      const struct mh_flow *from, struct lma_flow *flow)
{
	struct lma_flow changed = *flow;
	uint8_t status = fill(bce, from, &changed);
	bool same;

	if (status)
		return status;
	same = does_the_same(flow, &changed);
	changed.moved = false;
	*flow = changed;
	if (!same)
		set_flow(transaction, bce, flow);
	return MH_FLOW_ACCEPTED;
}

static uint8_t delete(struct transaction *transaction, struct bce *bce,
		      struct lma_flow *flow)
{
	struct lma_flows *flows = bce->path->flows;
	size_t at = (size_t)(flow - flows->flow);

	delete_flow(transaction, bce, flow->id);
	flows->count--;
	memmove(flow, flow + 1, (flows->count - at) * sizeof(*flow));
	return MH_FLOW_ACCEPTED;
}

static uint8_t take(struct transaction *transaction, struct bce *bce,
		    const struct mh_flow *from)
{
	struct lma_flow *flow = find(bce, from->fid);

	if (from->fault)
		return from->fault;
	if (!from->fid)
		return MH_FLOW_MALFORMED;
	switch (mh_flow_wants(from)) {
	case MH_FLOW_DELETE:
		return flow ? delete(transaction, bce, flow) :
			      MH_FLOW_FID_NOT_FOUND;
	case MH_FLOW_MODIFY:
		return flow ? modify(transaction, bce, from, flow) :
			      MH_FLOW_FID_NOT_FOUND;
	case MH_FLOW_ADD:
	case MH_FLOW_UNSAID:
		return flow ? modify(transaction, bce, from, flow) :
			      add(transaction, bce, from);
	default:
		return MH_FLOW_REASON_UNSPECIFIED;
	}
}

void lma_take_flows(struct transaction *transaction, struct bce *bce,
		    const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;
	struct lma_operation *operation = bce->operation;
	bool twice = is_named_twice(options);
	uint8_t results[MH_MAX_FLOWS];
	struct lma_flows *flows;
	unsigned int i;

	/* It was to be removed, and is back. */
	if (count_of(bce) && operation->before.keeps_flows)
		lma_put_flows(transaction, bce);
	/* Without the option an update has none of this kind: see the draft, 2. */
	if (!options->has_multihoming || !bce->path)
		return;
	if (bce->path->flows)
		bce->path->flows->result_count = 0;
	if (!options->flow_count)
		return;
	operation->has_flows = true;
	operation->flows = must_copy(flows_of(bce), size_of(count_of(bce)));
	for (i = 0; i < options->flow_count; i++)
		results[i] = twice ? MH_FLOW_MALFORMED :
			     take(transaction, bce, &options->flow[i]);
	/* They may be somewhere else now. */
	flows = flows_of(bce);
	memcpy(flows->result, results, i * sizeof(*results));
	flows->result_count = (uint8_t)i;
	lma_put_flows(transaction, bce);
}

void lma_flows_go_back(struct transaction *transaction, struct bce *bce,
		       const struct lma_operation *operation)
{
	free(bce->path->flows);
	bce->path->flows = must_copy(operation->flows,
				     size_of(operation->flows->count));
	delete_flow(transaction, bce, 0);
	set_all(transaction, bce);
	lma_put_flows(transaction, bce);
}

/* --- What the gateway hears. */

static void put_moved(struct mh_options *options, const struct lma_flow *flow)
{
	options->flow[options->flow_count++] = (struct mh_flow){
		.fid = flow->fid,
		.priority = flow->priority,
		.has_extras = true,
		.action = flow->action,
		.pro = MH_FLOW_PRO_REINSTANTIATED,
		.format = MH_SELECTOR_IPV6,
		.selector = flow->selector,
	};
}

void lma_put_results(struct mh_options *options,
		     const struct lma_request *request, const struct bce *bce)
{
	const struct mh_options *from = &request->bu.options;
	const struct lma_flows *flows = bce->path ? bce->path->flows : NULL;
	unsigned int i;

	if (!flows || !from->has_multihoming || !request->bu.lifetime)
		return;
	for (i = 0; i < from->flow_count && i < flows->result_count; i++) {
		options->flow[i] = from->flow[i];
		options->flow[i].status = flows->result[i];
	}
	options->flow_count = (uint8_t)i;
	/* Where there are more of them, others another time. */
	for (i = 0; i < flows->count &&
	     options->flow_count < MH_MAX_FLOWS; i++) {
		const struct lma_flow *flow =
			&flows->flow[(i + request->bu.sequence) % flows->count];

		if (flow->moved)
			put_moved(options, flow);
	}
}

/* --- The end of an interface. */

void lma_note_removal(struct transaction *transaction, struct bce *bce,
		      const struct mh_options *options)
{
	if (!count_of(bce))
		return;
	bce->now.keeps_flows = options->has_multihoming &&
			       options->handoff == MH_HI_UNKNOWN &&
			       options->multihoming.act == MH_ACT_KEEP;
	lma_put_flows(transaction, bce);
}

/* Also once what is under way for it has failed. */
static bool has_room(const struct bce *bce)
{
	const struct lma_operation *operation = bce->operation;

	return count_of(bce) < LMA_FLOWS_MAX &&
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

	for (i = first; i < count_of(bce) && has_room(heir); i++) {
		flow = bce->path->flows->flow[i];
		flow.fid = free_number(bce, has_fid, LMA_MOVED_FID_FIRST);
		flow.moved = true;
		if (flow.bid == bce->path->bid)
			flow.bid = heir->path->bid;
		set_flow(transaction, bce, append(heir, &flow));
		/* That what is under way may fail is nothing to them. */
		if (heir->operation && heir->operation->has_flows)
			append_to(&heir->operation->flows, &flow);
	}
	lma_put_flows(transaction, heir);
	return i;
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

	for (i = 0; i < count_of(other); i++) {
		flow = &other->path->flows->flow[i];
		if (!bring_home(flow, bce, other))
			continue;
		set_flow(transaction, bce, flow);
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
	struct bce *heir, *other;
	unsigned int i = 0;

	if (!bce->path)
		return;
	for (other = bce_next_path(bce); other != bce;
	     other = bce_next_path(other))
		let_go(transaction, bce, other);
	if (!count_of(bce))
		return;
	while (bce->now.keeps_flows && i < count_of(bce) &&
	       (heir = heir_of(bce, now)))
		i = move(transaction, bce, i, heir);
	for (; i < count_of(bce) && lma_outlives(bce); i++)
		delete_flow(transaction, bce, bce->path->flows->flow[i].id);
	bce->path->flows->count = 0;
	lma_forget_flows(transaction, bce);
}
