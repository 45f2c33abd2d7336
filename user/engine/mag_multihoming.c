// SPDX-License-Identifier: GPL-2.0
/*
 * Mobile nodes that are at several gateways at once
 * (draft-melia-netext-muho-solution): what that changes of registration.
 */
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "../mh/options.h"
#include "alloc.h"
#include "mag_internal.h"

/* What a gateway calls its path, of which it has one (RFC 5648). */
#define OWN_BID 1

/* A flow in a record: what is kept of it, and the longest option. */
#define RECORD_FLOW_MAX (8 + 2 + 255)

void multihoming_free(struct bule *bule)
{
	if (!bule->multihoming)
		return;
	flows_free(bule->multihoming);
	free(bule->multihoming);
	bule->multihoming = NULL;
}

void multihoming_begin(struct mag *mag, struct bule *bule)
{
	multihoming_free(bule);
	if (!bule->profile.multihoming)
		return;
	bule->multihoming = must_alloc(sizeof(*bule->multihoming));
	flows_sync(mag, bule);
}

/* --- Anchors that do not know of it. */

static struct multihoming_anchor *find_anchor(const struct mag *mag,
					      const struct in6_addr *address)
{
	struct multihoming_anchor *anchor;

	HASH_FIND(hh, mag->multihoming_anchors, address, sizeof(*address),
		  anchor);
	return anchor;
}

static bool may_ask(const struct mag *mag, const struct bule *bule,
		    struct now now)
{
	const struct multihoming_anchor *anchor =
		find_anchor(mag, &bule->profile.lma);

	return !anchor || now.mono_ms >= anchor->again_ms;
}

/* Said once, and again if it has learned and forgotten it. */
static void note_unsupported(struct mag *mag, const struct bule *bule,
			     struct now now, struct outbox *out)
{
	struct multihoming_anchor *anchor =
		find_anchor(mag, &bule->profile.lma);
	struct report *report;

	mag->counters.multihoming_unsupported++;
	if (!anchor) {
		anchor = must_alloc(sizeof(*anchor));
		anchor->address = bule->profile.lma;
		HASH_ADD(hh, mag->multihoming_anchors, address,
			 sizeof(anchor->address), anchor);
		report = mag_report(transaction_new(out, NULL), REPORT_WARNING,
				    "multihoming-unsupported", bule);
		report->reason = "the anchor does not have it, or it is disabled there: mobile nodes are registered without";
	}
	anchor->again_ms = now.mono_ms + mag->config.multihoming_retry_s *
			   1000ull;
}

static void note_supported(struct mag *mag, const struct bule *bule)
{
	struct multihoming_anchor *anchor =
		find_anchor(mag, &bule->profile.lma);

	if (!anchor)
		return;
	HASH_DEL(mag->multihoming_anchors, anchor);
	free(anchor);
}

void multihoming_forget_anchors(struct mag *mag)
{
	struct multihoming_anchor *anchor, *next;

	HASH_ITER(hh, mag->multihoming_anchors, anchor, next) {
		HASH_DEL(mag->multihoming_anchors, anchor);
		free(anchor);
	}
}

/* --- Exchanges. */

enum mh_handoff_indicator
multihoming_ask(struct mag *mag, struct bule *bule,
		enum mh_handoff_indicator handoff, struct now now)
{
	struct bule_multihoming *multihoming = bule->multihoming;

	if (!multihoming)
		return handoff;
	/* It leaves what it is in, and stays in it. */
	multihoming->asked = multihoming->stands ||
			     (bule->state != BULE_DEREGISTERING &&
			      may_ask(mag, bule, now));
	if (!multihoming->asked || bule->state == BULE_DEREGISTERING)
		return handoff;
	if (handoff == MH_HI_NOT_CHANGED && multihoming->stands) {
		flows_retry(multihoming);
		return handoff;
	}
	flows_anew(multihoming);
	/* 4 is what says that an interface goes. */
	return handoff == MH_HI_UNKNOWN ? MH_HI_NEW_INTERFACE : handoff;
}

bool multihoming_asks(const struct bule *bule)
{
	return bule->multihoming && bule->multihoming->asked;
}

bool multihoming_put(struct bule *bule, struct mh_binding_update *bu)
{
	struct mh_options *options = &bu->options;

	if (!multihoming_asks(bule))
		return false;
	options->has_multihoming = true;
	options->multihoming.group = MH_MULTIHOMING_GROUP_ALL;
	if (bule->profile.path_priority) {
		options->has_bid = true;
		options->bid.id = OWN_BID;
		options->bid.priority = bule->profile.path_priority;
	}
	if (bule->state != BULE_DEREGISTERING)
		return flows_put(bule->multihoming, bu);
	options->multihoming.act = bule->profile.keep_flows ? MH_ACT_KEEP :
							      MH_ACT_REMOVE;
	return false;
}

/*
 * While it is being asked for something, that comes first: what is to be told
 * follows the answer.
 */
static void renew(struct mag *mag, struct bule *bule, struct now now)
{
	if (bule->state != BULE_ACTIVE || bule->stopped ||
	    !bule->multihoming->stands)
		return;
	bule->news = true;
	if (!bule->waits)
		mag_set_timer(mag, bule, BULE_TIMER_PBU, now.mono_ms);
}

void multihoming_tell(struct mag *mag, struct bule *bule, struct now now)
{
	if (flows_wait(bule->multihoming))
		renew(mag, bule, now);
}

void multihoming_set_priority(struct mag *mag, struct bule *bule,
			      uint8_t priority, struct now now)
{
	bool differs = bule->profile.path_priority != priority;

	bule->profile.path_priority = priority;
	if (bule->multihoming && differs)
		renew(mag, bule, now);
}

void multihoming_on_pba(struct mag *mag, struct bule *bule,
			const struct mh_binding_ack *ba, struct now now,
			struct outbox *out)
{
	struct bule_multihoming *multihoming = bule->multihoming;

	if (!multihoming_asks(bule))
		return;
	multihoming->stands = ba->options.has_multihoming;
	if (!multihoming->stands) {
		note_unsupported(mag, bule, now, out);
		return;
	}
	note_supported(mag, bule);
	flows_on_pba(mag, bule, ba, out);
	bule->news |= flows_wait(multihoming);
}

/* As if it had been asked without from the beginning. */
static enum mh_handoff_indicator plain_handoff(const struct bule *bule)
{
	if (bule->state == BULE_ACTIVE)
		return MH_HI_NOT_CHANGED;
	return bule->state == BULE_REGISTERING && bule->at.handoff ?
	       (enum mh_handoff_indicator)bule->at.handoff : MH_HI_UNKNOWN;
}

bool multihoming_on_refusal(struct mag *mag, struct bule *bule,
			    const struct mh_binding_ack *ba, struct now now,
			    struct outbox *out)
{
	if (!multihoming_asks(bule) ||
	    ba->status != MH_CANNOT_SUPPORT_MULTIPATH_BINDING)
		return false;
	bule->multihoming->stands = false;
	note_unsupported(mag, bule, now, out);
	mag_register(mag, bule, plain_handoff(bule), now, out);
	return true;
}

void multihoming_on_profile(struct mag *mag, struct bule *bule, struct now now)
{
	if (!bule->multihoming)
		return;
	flows_sync(mag, bule);
	multihoming_tell(mag, bule, now);
}

/* --- Records. */

size_t multihoming_record_max(const struct bule *bule)
{
	return bule->multihoming ?
	       5 + (size_t)bule->multihoming->count * RECORD_FLOW_MAX : 0;
}

void multihoming_put_record(struct builder *builder, const struct bule *bule)
{
	const struct bule_multihoming *multihoming = bule->multihoming;
	const struct bule_flow *flow;

	if (!multihoming)
		return;
	builder_u8(builder, multihoming->stands);
	builder_u8(builder, bule->profile.keep_flows);
	builder_u8(builder, bule->profile.path_priority);
	builder_be(builder, multihoming->count, 2);
	DL_FOREACH(multihoming->flows, flow) {
		builder_u8(builder, flow->origin);
		builder_u8(builder, flow->state);
		/* What was sent may have arrived. */
		builder_u8(builder, flow->known || flow->sent);
		builder_u8(builder, flow->status);
		builder_u8(builder, flow->says.action);
		mh_flow_build(builder, &flow->says);
	}
}

static bool restore_flow(struct bule_multihoming *multihoming,
			 struct cursor *cursor)
{
	struct bule_flow flow = { 0 };
	struct cursor data;
	uint8_t type, action;

	flow.origin = cursor_u8(cursor);
	flow.state = cursor_u8(cursor);
	flow.known = cursor_u8(cursor);
	flow.status = cursor_u8(cursor);
	action = cursor_u8(cursor);
	do {
		if (!cursor->left || mh_take_option(cursor, &type, &data))
			return false;
	} while (type == MH_OPT_PAD1 || type == MH_OPT_PADN);
	if (type != MH_OPT_FLOW_IDENTIFICATION ||
	    !mh_flow_parse(&data, &flow.says))
		return false;
	flow.says.action = action;
	return flow_restore(multihoming, &flow);
}

bool multihoming_restore(struct bule *bule, struct cursor *cursor)
{
	struct bule_multihoming *multihoming;
	unsigned int count;

	if (!cursor->left)
		return true;
	bule->profile.multihoming = true;
	bule->multihoming = must_alloc(sizeof(*bule->multihoming));
	multihoming = bule->multihoming;
	multihoming->stands = cursor_u8(cursor);
	bule->profile.keep_flows = cursor_u8(cursor);
	bule->profile.path_priority = cursor_u8(cursor);
	for (count = (unsigned int)cursor_be(cursor, 2); count; count--)
		if (!restore_flow(multihoming, cursor))
			return false;
	bule->news = multihoming->stands && flows_wait(multihoming);
	return !cursor->failed && !cursor->left;
}
