// SPDX-License-Identifier: GPL-2.0
/*
 * Flows that a gateway has its anchor send through it (RFC 6089 5): what is to be
 * said of them, and what becomes of each.
 */
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "alloc.h"
#include "mag_internal.h"

static struct bule_flow *find(const struct bule_multihoming *multihoming,
			      uint16_t fid)
{
	struct bule_flow *flow;

	DL_FOREACH(multihoming->flows, flow)
		if (flow->says.fid == fid)
			return flow;
	return NULL;
}

static struct bule_flow *add(struct bule_multihoming *multihoming,
			     const struct mh_flow *says, uint8_t origin)
{
	struct bule_flow *flow = must_alloc(sizeof(*flow));

	flow->says = *says;
	flow->origin = origin;
	flow->state = BULE_FLOW_PENDING;
	DL_APPEND(multihoming->flows, flow);
	multihoming->count++;
	return flow;
}

static void drop(struct bule_multihoming *multihoming, struct bule_flow *flow)
{
	DL_DELETE(multihoming->flows, flow);
	multihoming->count--;
	free(flow);
}

void flows_free(struct bule_multihoming *multihoming)
{
	while (multihoming->flows)
		drop(multihoming, multihoming->flows);
}

/* What was said of it before is no answer to this. */
static void want(struct bule_flow *flow, enum bule_flow_state state)
{
	flow->state = (uint8_t)state;
	flow->sent = false;
}

static void let_go(struct bule_multihoming *multihoming,
		   struct bule_flow *flow)
{
	/* What is on its way may arrive; what is refused may be there as it was. */
	flow->known |= flow->sent || flow->state == BULE_FLOW_REFUSED;
	if (!flow->known)
		drop(multihoming, flow);
	else if (flow->state != BULE_FLOW_LEAVING)
		want(flow, BULE_FLOW_LEAVING);
}

static bool says_so(const struct bule_flow *flow, const struct mh_flow *says)
{
	return flow->says.priority == says->priority &&
	       flow->says.action == says->action &&
	       !memcmp(&flow->says.selector, &says->selector,
		       sizeof(says->selector));
}

static bool is_among(const struct mh_flow *flows, unsigned int count,
		     uint16_t fid)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (flows[i].fid == fid)
			return true;
	return false;
}

void flows_sync(struct mag *mag, struct bule *bule)
{
	struct bule_multihoming *multihoming = bule->multihoming;
	const struct mh_flow *flows = NULL;
	struct bule_flow *flow, *next;
	unsigned int count = 0, i;

	if (mag->flows)
		flows = mag->flows(mag->flows_context, bule->at.lladdr, &count);
	DL_FOREACH_SAFE(multihoming->flows, flow, next)
		if (flow->origin == BULE_FLOW_PROFILE &&
		    !is_among(flows, count, flow->says.fid))
			let_go(multihoming, flow);
	for (i = 0; i < count; i++) {
		flow = find(multihoming, flows[i].fid);
		if (!flow) {
			if (multihoming->count < BULE_FLOWS_MAX)
				add(multihoming, &flows[i], BULE_FLOW_PROFILE);
			continue;
		}
		if (flow->state != BULE_FLOW_LEAVING &&
		    (flow->origin != BULE_FLOW_PROFILE ||
		     says_so(flow, &flows[i])))
			continue;
		flow->origin = BULE_FLOW_PROFILE;
		flow->says = flows[i];
		want(flow, BULE_FLOW_PENDING);
	}
}

void flows_anew(struct bule_multihoming *multihoming)
{
	struct bule_flow *flow;

	DL_FOREACH(multihoming->flows, flow) {
		/* It may have them all the same, and what shall go, too. */
		if (flow->state == BULE_FLOW_LEAVING) {
			flow->sent = false;
			continue;
		}
		flow->known = false;
		want(flow, BULE_FLOW_PENDING);
	}
}

void flows_retry(struct bule_multihoming *multihoming)
{
	struct bule_flow *flow;

	DL_FOREACH(multihoming->flows, flow)
		if (flow->state == BULE_FLOW_REFUSED &&
		    flow->status == MH_FLOW_REASON_UNSPECIFIED)
			want(flow, BULE_FLOW_PENDING);
}

static bool waits(const struct bule_flow *flow)
{
	return flow->state == BULE_FLOW_PENDING ||
	       flow->state == BULE_FLOW_LEAVING;
}

bool flows_wait(const struct bule_multihoming *multihoming)
{
	const struct bule_flow *flow;

	DL_FOREACH(multihoming->flows, flow)
		if (waits(flow))
			return true;
	return false;
}

/* What is to be deleted is named, and needs not be described. */
static void put(struct mh_flow *to, const struct bule_flow *flow)
{
	bool leaves = flow->state == BULE_FLOW_LEAVING;

	if (leaves) {
		to->fid = flow->says.fid;
		to->priority = flow->says.priority;
	} else {
		*to = flow->says;
	}
	to->has_extras = true;
	to->operation = leaves ? MH_FLOW_DELETE : flow->known ? MH_FLOW_MODIFY :
								MH_FLOW_ADD;
	to->pro = leaves ? MH_FLOW_PRO_DELETE :
		  flow->known ? MH_FLOW_PRO_MODIFY : MH_FLOW_PRO_CREATE;
}

/* Of those that the anchor has moved here it speaks itself. */
static bool is_ours(const struct bule_flow *flow)
{
	return flow->state == BULE_FLOW_STANDS &&
	       flow->origin != BULE_FLOW_ANCHOR;
}

/* Another one each time. */
static void put_one_that_stands(struct bule_multihoming *multihoming,
				struct mh_binding_update *bu)
{
	unsigned int skip = multihoming->count ?
			    multihoming->turn++ % multihoming->count : 0;
	const struct bule_flow *flow, *chosen = NULL;

	DL_FOREACH(multihoming->flows, flow) {
		if (is_ours(flow) && (!chosen || !skip))
			chosen = flow;
		if (chosen && !skip)
			break;
		skip -= skip != 0;
	}
	if (chosen)
		put(mh_add_flow(&bu->options), chosen);
}

/* See flows_retry(). */
static bool is_asked_again(const struct bule_flow *flow)
{
	return flow->state == BULE_FLOW_PENDING &&
	       flow->status == MH_FLOW_REASON_UNSPECIFIED;
}

bool flows_put(struct bule_multihoming *multihoming,
	       struct mh_binding_update *bu)
{
	struct mh_options *options = &bu->options;
	bool news = false, said = false;
	struct bule_flow *flow;

	DL_FOREACH(multihoming->flows, flow) {
		if (!waits(flow))
			continue;
		news |= !is_asked_again(flow);
		if (options->flow_count == MH_MAX_FLOWS)
			return said;
		put(mh_add_flow(options), flow);
		if (!flow->sent)
			flow->first = bu->sequence;
		said = true;
		flow->sent = true;
		flow->last = bu->sequence;
	}
	if (!news && options->flow_count < MH_MAX_FLOWS)
		put_one_that_stands(multihoming, bu);
	return said;
}

static struct report *tell(struct outbox *out, enum report_level level,
			   const char *event, const struct bule *bule,
			   const struct mh_flow *flow)
{
	struct report *report = mag_report(transaction_new(out, NULL), level,
					   event, bule);

	report->flow = flow->fid;
	return report;
}

static const char *what_to_do(uint8_t status)
{
	switch (status) {
	case MH_FLOW_PROHIBITED:
		return "the anchor's policy does not allow it";
	case MH_FLOW_REASON_UNSPECIFIED:
		return "the anchor cannot have it now: it is asked again with the next renewal";
	case MH_FLOW_FORMAT_NOT_SUPPORTED:
		return "the anchor does not know this kind of selector";
	default:
		return mh_flow_status_name(status);
	}
}

static void refused(struct mag *mag, const struct bule *bule,
		    struct bule_flow *flow, uint8_t status, struct outbox *out)
{
	struct report *report = tell(out, REPORT_WARNING, "flow-refused", bule,
				     &flow->says);

	report->status = status;
	report->reason = what_to_do(status);
	mag->counters.flows_refused++;
	/* It stands as it was before, if it did. */
	flow->state = flow->state == BULE_FLOW_LEAVING ? BULE_FLOW_STANDS :
							 BULE_FLOW_REFUSED;
}

static void give_back(struct mag *mag, struct bule *bule,
		      struct bule_flow *flow, struct outbox *out)
{
	mag->counters.flows_given_back++;
	tell(out, REPORT_INFO, "flow-given-back", bule, &flow->says);
	drop(bule->multihoming, flow);
}

/*
 * An anchor that has lost its sessions has it from us now, and does not say any more
 * that it was another gateway's; by one of its own identifiers it would know that.
 */
static bool is_said_anew(const struct bule_flow *flow)
{
	return flow->origin == BULE_FLOW_ANCHOR && !flow->known &&
	       flow->says.fid < FLOW_FID_OF_ANCHOR;
}

static void answered(struct mag *mag, struct bule *bule,
		     struct bule_flow *flow, uint8_t status,
		     struct outbox *out)
{
	bool leaves = flow->state == BULE_FLOW_LEAVING;

	flow->sent = false;
	flow->status = status;
	if (leaves && (status < MH_STATUS_REJECTED ||
		       status == MH_FLOW_FID_NOT_FOUND)) {
		mag->counters.flows_removed++;
		tell(out, REPORT_DEBUG, "flow-removed", bule, &flow->says);
		drop(bule->multihoming, flow);
	} else if (status < MH_STATUS_REJECTED) {
		if (is_said_anew(flow))
			flow->origin = BULE_FLOW_OPERATOR;
		flow->state = BULE_FLOW_STANDS;
		flow->known = true;
		mag->counters.flows_accepted++;
		tell(out, REPORT_DEBUG, "flow-accepted", bule, &flow->says);
	} else if (!leaves && flow->origin == BULE_FLOW_ANCHOR) {
		/* Said anew, but nobody here wants it but the anchor. */
		give_back(mag, bule, flow, out);
	} else if (status == MH_FLOW_FID_NOT_FOUND && flow->known) {
		/* To be changed, but it is not there: to be added, then. */
		flow->known = false;
	} else {
		refused(mag, bule, flow, status, out);
	}
}

static bool is_asked_for(const struct bule_flow *flow)
{
	return waits(flow) || flow->state == BULE_FLOW_REFUSED;
}

/*
 * The anchor sends through us what it sent through another gateway, which is
 * gone; it says so when it has something to say anyway. What is asked for in its
 * place goes on to be.
 */
static void take_over(struct mag *mag, struct bule *bule,
		      const struct mh_flow *says, struct outbox *out)
{
	struct bule_multihoming *multihoming = bule->multihoming;
	struct bule_flow *flow = find(multihoming, says->fid);

	if (flow && (is_asked_for(flow) || says_so(flow, says)))
		return;
	/* It is another interface's, and it is for us to say what it shall be. */
	if (flow && flow->origin != BULE_FLOW_ANCHOR) {
		want(flow, BULE_FLOW_PENDING);
		return;
	}
	if (!flow) {
		if (multihoming->count >= BULE_FLOWS_MAX)
			return;
		flow = add(multihoming, says, BULE_FLOW_ANCHOR);
	}
	flow->says = (struct mh_flow){
		.fid = says->fid,
		.priority = says->priority,
		.action = says->action,
		.format = says->format,
		.selector = says->selector,
	};
	flow->state = BULE_FLOW_STANDS;
	flow->known = true;
	mag->counters.flows_taken_over++;
	tell(out, REPORT_INFO, "flow-taken-over", bule, says);
}

static bool is_named(const struct mh_options *options, uint16_t fid)
{
	unsigned int i;

	for (i = 0; i < options->flow_count; i++)
		if (options->flow[i].fid == fid)
			return options->flow[i].status !=
			       MH_FLOW_FID_NOT_FOUND;
	return false;
}

/*
 * RFC 7864 3.4: what was moved to us, and is not named any more, is with us no more:
 * another gateway has it, where its interface is again. An acknowledgement that is
 * full may have had no room for it.
 */
static void give_all_back(struct mag *mag, struct bule *bule,
			  const struct mh_binding_ack *ba, struct outbox *out)
{
	struct bule_multihoming *multihoming = bule->multihoming;
	struct bule_flow *flow, *next;

	if (ba->options.flow_count == MH_MAX_FLOWS)
		return;
	DL_FOREACH_SAFE(multihoming->flows, flow, next) {
		if (flow->origin != BULE_FLOW_ANCHOR ||
		    flow->state != BULE_FLOW_STANDS ||
		    is_named(&ba->options, flow->says.fid))
			continue;
		give_back(mag, bule, flow, out);
	}
}

static bool is_taken_over(const struct mh_flow *says)
{
	return says->has_extras && says->pro == MH_FLOW_PRO_REINSTANTIATED &&
	       says->status < MH_STATUS_REJECTED &&
	       says->format != MH_SELECTOR_NONE;
}

/* Not what was said of it before that PBU. */
static bool is_answer(const struct bule_flow *flow,
		      const struct mh_binding_ack *ba)
{
	return waits(flow) && flow->sent &&
	       (int16_t)(ba->sequence - flow->first) >= 0;
}

/* The anchor does not know what it has accepted: it has none of them. */
static bool is_lost(const struct bule_flow *flow, const struct mh_flow *says,
		    const struct mh_binding_ack *ba)
{
	return says->status == MH_FLOW_FID_NOT_FOUND && flow->known &&
	       flow->origin != BULE_FLOW_ANCHOR &&
	       (flow->state == BULE_FLOW_STANDS ||
		(flow->state == BULE_FLOW_PENDING && is_answer(flow, ba)));
}

void flows_on_pba(struct mag *mag, struct bule *bule,
		  const struct mh_binding_ack *ba, struct outbox *out)
{
	struct bule_multihoming *multihoming = bule->multihoming;
	const struct mh_flow *says;
	struct bule_flow *flow, *next;
	bool lost = false;
	unsigned int i;

	for (i = 0; i < ba->options.flow_count; i++) {
		says = &ba->options.flow[i];
		flow = find(multihoming, says->fid);
		lost |= flow && is_lost(flow, says, ba);
		if (is_taken_over(says))
			take_over(mag, bule, says, out);
		else if (flow && is_answer(flow, ba))
			answered(mag, bule, flow, says->status, out);
	}
	/* An anchor that passes over one has not done it. */
	DL_FOREACH_SAFE(multihoming->flows, flow, next)
		if (is_answer(flow, ba) && flow->last == ba->sequence)
			answered(mag, bule, flow, MH_FLOW_REASON_UNSPECIFIED,
				 out);
	give_all_back(mag, bule, ba, out);
	if (lost)
		flows_anew(multihoming);
}

bool flow_restore(struct bule_multihoming *multihoming,
		  const struct bule_flow *flow)
{
	struct bule_flow *restored;

	if (flow->origin > BULE_FLOW_ANCHOR ||
	    flow->state > BULE_FLOW_LEAVING || flow->says.fault ||
	    !flow->says.fid || find(multihoming, flow->says.fid) ||
	    multihoming->count == BULE_FLOWS_MAX)
		return false;
	restored = add(multihoming, &flow->says, flow->origin);
	restored->state = flow->state;
	restored->known = flow->known;
	restored->status = flow->status;
	return true;
}

/* --- What operators say. */

static bool priority_is_taken(const struct bule_multihoming *multihoming,
			      const struct mh_flow *says)
{
	const struct bule_flow *flow;

	DL_FOREACH(multihoming->flows, flow)
		if (flow->says.fid != says->fid &&
		    flow->state != BULE_FLOW_LEAVING &&
		    flow->says.priority == says->priority)
			return true;
	return false;
}

static const char *wrong_with(const struct bule *bule)
{
	if (!bule->multihoming)
		return "its profile has no multihoming: set multihoming = true there, and attach it anew";
	if (bule->state != BULE_REGISTERING && bule->state != BULE_ACTIVE)
		return "it is not registered";
	return NULL;
}

const char *mag_flow_set(struct mag *mag, struct bule *bule,
			 const struct mh_flow *says, bool changes,
			 struct now now)
{
	struct bule_multihoming *multihoming = bule->multihoming;
	const char *why = wrong_with(bule);
	struct bule_flow *flow;

	if (why)
		return why;
	flow = find(multihoming, says->fid);
	if (changes && (!flow || flow->state == BULE_FLOW_LEAVING))
		return "it has no flow with that fid: flow show lists those that it has";
	if (!changes && flow && flow->state != BULE_FLOW_LEAVING)
		return "it has a flow with that fid already: change it, or choose another fid";
	if (priority_is_taken(multihoming, says))
		return "another of its flows has that priority";
	if (!flow && says->fid >= FLOW_FID_OF_ANCHOR)
		return "a fid of 32768 or above is for the anchor to give: choose a lower one";
	if (!flow && multihoming->count == BULE_FLOWS_MAX)
		return "it has as many flows as it can have: delete one";
	if (!flow)
		flow = add(multihoming, says, BULE_FLOW_OPERATOR);
	flow->origin = BULE_FLOW_OPERATOR;
	flow->says = *says;
	want(flow, BULE_FLOW_PENDING);
	multihoming_tell(mag, bule, now);
	return NULL;
}

const char *mag_flow_delete(struct mag *mag, struct bule *bule, uint16_t fid,
			    struct now now)
{
	const char *why = wrong_with(bule);
	struct bule_flow *flow;

	if (why)
		return why;
	flow = find(bule->multihoming, fid);
	if (!flow || flow->state == BULE_FLOW_LEAVING)
		return "it has no flow with that fid: flow show lists those that it has";
	let_go(bule->multihoming, flow);
	multihoming_tell(mag, bule, now);
	return NULL;
}

const char *bule_flow_state_name(uint8_t state)
{
	static const char *const names[] = {
		[BULE_FLOW_PENDING] = "pending",
		[BULE_FLOW_STANDS] = "active",
		[BULE_FLOW_REFUSED] = "refused",
		[BULE_FLOW_LEAVING] = "leaving",
	};

	return names[state];
}

const char *bule_flow_origin_name(uint8_t origin)
{
	static const char *const names[] = {
		[BULE_FLOW_PROFILE] = "profile",
		[BULE_FLOW_OPERATOR] = "operator",
		[BULE_FLOW_ANCHOR] = "anchor",
	};

	return names[origin];
}
