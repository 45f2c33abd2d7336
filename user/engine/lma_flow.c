// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "lma_flow_internal.h"
#include "lma_multihoming.h"

/* --- What there is. */

unsigned int lma_flow_count(const struct bce *bce)
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
		if (lma_flow_count(path))
			return true;
		path = bce_next_path(path);
	} while (path != bce);
	return false;
}

static struct lma_flow *find(const struct bce *bce, uint16_t fid)
{
	unsigned int i;

	for (i = 0; i < lma_flow_count(bce); i++)
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
		for (i = 0; i < lma_flow_count(path); i++)
			if (test(&path->path->flows->flow[i], number))
				return &path->path->flows->flow[i];
		path = bce_next_path(path);
	} while (path != bce);
	return NULL;
}

/* There are fewer flows than numbers: LMA_FLOWS_MAX of each interface. */
static uint16_t free_id(const struct bce *bce)
{
	uint16_t id = 1;

	while (find_among_all(bce, has_id, id))
		id++;
	return id;
}

bool lma_flow_clashes(const struct bce *bce, const struct lma_flow *flow)
{
	return find_among_all(bce, has_id, flow->id) ||
	       find_among_all(bce, has_priority, flow->priority);
}

/*
 * Not the first one that is free: a gateway may say anew what it was called before,
 * and has not heard yet that it has gone.
 */
uint16_t lma_free_moved_fid(struct bce *bce)
{
	uint16_t fid;

	do
		fid = LMA_MOVED_FID_FIRST | bce->path->moved++;
	while (find_among_all(bce, has_fid, fid));
	return fid;
}

/* It was given by a run of which nothing is known. */
static void note_moved_fid(struct bce *bce, uint16_t fid)
{
	if ((LMA_MOVED_FID_FIRST | bce->path->moved) <= fid)
		bce->path->moved = fid + 1;
}

struct lma_flows *lma_flows_copy(const struct lma_flows *flows)
{
	return must_copy(flows, size_of(flows->count));
}

struct lma_flow *lma_flow_append_to(struct lma_flows **flows,
				    const struct lma_flow *flow)
{
	*flows = must_realloc(*flows, size_of((*flows)->count + 1));
	(*flows)->flow[(*flows)->count] = *flow;
	return &(*flows)->flow[(*flows)->count++];
}

struct lma_flow *lma_flow_append(struct bce *bce, const struct lma_flow *flow)
{
	flows_of(bce);
	return lma_flow_append_to(&bce->path->flows, flow);
}

bool lma_flow_remove(struct lma_flows *flows, uint16_t id)
{
	unsigned int i;

	for (i = 0; i < flows->count; i++) {
		if (flows->flow[i].id != id)
			continue;
		flows->count--;
		memmove(&flows->flow[i], &flows->flow[i + 1],
			(flows->count - i) * sizeof(flows->flow[0]));
		return true;
	}
	return false;
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

void lma_flow_set(struct transaction *transaction, const struct bce *bce,
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

void lma_flow_unset(struct transaction *transaction, const struct bce *bce,
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
		for (i = 0; i < lma_flow_count(path); i++)
			lma_flow_set(transaction, bce, &path->path->flows->flow[i]);
		path = bce_next_path(path);
	} while (path != bce);
}

void lma_clear_flows(struct transaction *transaction, const struct bce *bce)
{
	lma_flow_unset(transaction, bce, 0);
}

void lma_put_all_flows(struct transaction *transaction, struct bce *bce)
{
	if (!bce->path)
		return;
	lma_flow_unset(transaction, bce, 0);
	set_all(transaction, bce);
}

void lma_flows_follow(struct transaction *transaction, struct bce *bce)
{
	if (!lma_flow_count(bce))
		return;
	set_all(transaction, bce);
	lma_put_flows(transaction, bce);
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

/*
 * One that is moved stands in for that of an interface that has gone: it is there
 * again, at whatever gateway, when the same packets are asked for with the same
 * priority.
 */
static bool stands_in_for(const struct lma_flow *one,
			  const struct lma_flow *flow)
{
	return one->moved && !flow->id && one->priority == flow->priority &&
	       !memcmp(&one->selector, &flow->selector, sizeof(one->selector));
}

static bool is_taken(const struct lma_flow *one, const struct lma_flow *flow)
{
	return one && one->id != flow->id && !stands_in_for(one, flow);
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
	if (is_taken(find_among_all(bce, has_priority, to->priority), to))
		return MH_FLOW_REASON_UNSPECIFIED;
	return MH_FLOW_ACCEPTED;
}

/*
 * Its own interface has it back from the one that it was moved to. In the data
 * plane it stays the same one, so that no packet is without it meanwhile.
 * Return: its number there, or 0 where it was not moved.
 */
static uint16_t take_back(struct transaction *transaction, struct bce *bce,
			  const struct lma_flow *flow)
{
	const struct lma_flow *moved = find_among_all(bce, has_priority,
						      flow->priority);
	struct lma_flow former;
	struct bce *path = bce;

	if (!moved)
		return 0;
	former = *moved;
	/* Its own, that is, which is undone with all that it asks for. */
	if (lma_flow_remove(bce->path->flows, former.id))
		return former.id;
	do
		path = bce_next_path(path);
	while (!lma_flow_lose(path, former.id));
	lma_flow_passed(bce->operation, path, false, &former);
	lma_put_flows(transaction, path);
	return former.id;
}

/* What has an identifier of ours was moved there, and we have forgotten it. */
static uint8_t add(struct transaction *transaction, struct bce *bce,
		   const struct mh_flow *from)
{
	struct lma_flow flow = {
		.fid = from->fid,
		.bid = bce->path->bid,
		.moved = from->fid >= LMA_MOVED_FID_FIRST,
	};
	uint8_t status;

	if (from->format == MH_SELECTOR_NONE)
		return MH_FLOW_MALFORMED;
	if (lma_flow_count(bce) >= LMA_FLOWS_MAX)
		return MH_FLOW_PROHIBITED;
	status = fill(bce, from, &flow);
	if (status)
		return status;
	if (flow.moved)
		note_moved_fid(bce, flow.fid);
	flow.id = take_back(transaction, bce, &flow);
	if (!flow.id)
		flow.id = free_id(bce);
	lma_flow_set(transaction, bce, lma_flow_append(bce, &flow));
	return MH_FLOW_ACCEPTED;
}

static bool does_the_same(const struct lma_flow *one, const struct lma_flow *other)
{
	return one->priority == other->priority &&
	       one->action == other->action && one->bid == other->bid &&
	       !memcmp(&one->selector, &other->selector, sizeof(one->selector));
}

/* What another interface has under way may tell all flows anew, and fail. */
static bool is_beside_another(const struct bce *bce)
{
	const struct bce *path;

	for (path = bce_next_path(bce); path != bce;
	     path = bce_next_path(path))
		if (path->operation)
			return true;
	return false;
}

/*
 * What a gateway changes of a flow that was moved to it makes it one of its own.
 * One that stays as it is goes on counting in the data plane.
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
	changed.moved &= same;
	*flow = changed;
	if (!same || is_beside_another(bce))
		lma_flow_set(transaction, bce, flow);
	return MH_FLOW_ACCEPTED;
}

static uint8_t delete(struct transaction *transaction, struct bce *bce,
		      struct lma_flow *flow)
{
	lma_flow_unset(transaction, bce, flow->id);
	lma_flow_remove(bce->path->flows, flow->id);
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

static bool is_named(const struct mh_options *options, uint16_t fid)
{
	unsigned int i;

	for (i = 0; i < options->flow_count; i++)
		if (options->flow[i].fid == fid)
			return true;
	return false;
}

/*
 * Whoever attaches an interface knows of none of its flows, or has forgotten them:
 * those that it does not name it is told of, as of those that were another's.
 */
static void tell_all(struct bce *bce, const struct mh_options *options)
{
	struct lma_flow *flow;
	unsigned int i;

	for (i = 0; i < lma_flow_count(bce); i++) {
		flow = &bce->path->flows->flow[i];
		flow->moved |= !is_named(options, flow->fid);
	}
}

/*
 * Those that it names as we have called them it was told of another time, and another
 * gateway may have changed them since.
 */
static void keep_ours(struct bce *bce)
{
	struct lma_flow *flow;
	unsigned int i;

	for (i = 0; i < lma_flow_count(bce); i++) {
		flow = &bce->path->flows->flow[i];
		flow->moved |= flow->fid >= LMA_MOVED_FID_FIRST;
	}
}

void lma_take_flows(struct transaction *transaction, struct bce *bce,
		    const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;
	struct lma_operation *operation = bce->operation;
	bool attaches = operation->action == LMA_HANDOVER ||
			options->handoff != MH_HI_NOT_CHANGED;
	bool twice = is_named_twice(options);
	uint8_t results[MH_MAX_FLOWS];
	struct lma_flows *flows;
	unsigned int i;

	/* It was to be removed, and is back. */
	if (lma_flow_count(bce) && operation->before.keeps_flows)
		lma_put_flows(transaction, bce);
	/* Without the option an update has none of this kind: see the draft, 2. */
	if (!options->has_multihoming || !bce->path)
		return;
	if (bce->path->flows)
		bce->path->flows->result_count = 0;
	if (attaches)
		tell_all(bce, options);
	if (attaches && lma_flow_count(bce) && !options->flow_count)
		lma_put_flows(transaction, bce);
	if (!options->flow_count)
		return;
	operation->has_flows = true;
	operation->flows = lma_flows_copy(flows_of(bce));
	for (i = 0; i < options->flow_count; i++)
		results[i] = twice ? MH_FLOW_MALFORMED :
			     take(transaction, bce, &options->flow[i]);
	if (attaches)
		keep_ours(bce);
	/* They may be somewhere else now. */
	flows = flows_of(bce);
	memcpy(flows->result, results, i * sizeof(*results));
	flows->result_count = (uint8_t)i;
	lma_put_flows(transaction, bce);
}

static bool has_path(struct bce *bce, uint16_t bid)
{
	const struct bce *path = lma_path_by_bid(bce, bid);

	return path && !(path->operation &&
			 path->operation->action == LMA_DELETE);
}

/* Other interfaces may have taken its place meanwhile, its number or its path. */
static void bring_back(struct bce *bce, struct lma_flow flow)
{
	if (find_among_all(bce, has_priority, flow.priority))
		return;
	if (find_among_all(bce, has_id, flow.id))
		flow.id = free_id(bce);
	if (!has_path(bce, flow.bid))
		flow.bid = bce->path->bid;
	lma_flow_append(bce, &flow);
}

void lma_flows_go_back(struct transaction *transaction, struct bce *bce,
		       const struct lma_operation *operation)
{
	unsigned int i;

	lma_flows_return(transaction, bce, operation);
	free(bce->path->flows);
	bce->path->flows = must_copy(operation->flows, size_of(0));
	bce->path->flows->count = 0;
	for (i = 0; i < operation->flows->count; i++)
		bring_back(bce, operation->flows->flow[i]);
	lma_flow_unset(transaction, bce, 0);
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

/* A copy may come when its own interface has one back that was moved here. */
static uint8_t result_of(const struct bce *bce, const struct mh_flow *from,
			 uint8_t result)
{
	if (result < MH_STATUS_REJECTED &&
	    mh_flow_wants(from) != MH_FLOW_DELETE && !find(bce, from->fid))
		return MH_FLOW_FID_NOT_FOUND;
	return result;
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
		options->flow[i].status = result_of(bce, &from->flow[i],
						    flows->result[i]);
	}
	options->flow_count = (uint8_t)i;
	/* Where there are more of them, others another time; and those just named. */
	for (i = 0; i < flows->count &&
	     options->flow_count < MH_MAX_FLOWS; i++) {
		const struct lma_flow *flow =
			&flows->flow[(i + request->bu.sequence) % flows->count];

		if (flow->moved && !is_named(options, flow->fid))
			put_moved(options, flow);
	}
}
