// SPDX-License-Identifier: GPL-2.0
/*
 * What an anchor does with a PBU (RFC 5213 5.3).
 */
#include "alloc.h"
#include "lma_bulk.h"
#include "lma_flow.h"
#include "lma_internal.h"
#include "lma_multihoming.h"
#include "lma_revoke.h"

/* What RFC 5213 5.1 keeps of an accepted PBU. */
static void note_registration(struct lma *lma, struct bce *bce,
			      const struct lma_request *request,
			      struct now now)
{
	const struct mh_options *options = &request->bu.options;

	/* Judged to be of a session. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	bce->now.proxy_coa = *lma_proxy_coa(request);
	bce->now.source = in6addr_any;
	if (!IN6_ARE_ADDR_EQUAL(lma_proxy_coa(request), &request->src))
		bce->now.source = request->src;
	/* One that waited may be older than what it waited for. */
	if (!options->has_timestamp)
		bce->now.timestamp = 0;
	else if (bce->now.timestamp < options->timestamp)
		bce->now.timestamp = options->timestamp;
	bce->now.received = now.wall;
	bce->now.sequence = request->bu.sequence;
	bce->now.att = options->att;
	bce->now.ll_id = options->ll_id;
	lma_note_path(lma, bce, options);
	bce->now.state = BCE_ACTIVE;
	bce->now.invalid = false;
	lma_note_peer(lma, bce);
	bce->now.lifetime = lma_grant_lifetime(lma, request);
	lma_group_place(lma, bce, request, now);
	bce->now.expires_ms = now.mono_ms +
			      (uint64_t)bce->now.lifetime * LIFETIME_UNIT_MS;
	lma_arm(lma, bce);
}

static void report_accepted(struct transaction *transaction,
			    const struct bce *bce,
			    const struct lma_operation *operation)
{
	enum report_level level = REPORT_INFO;
	const char *event = "binding-created";
	struct report *report;

	switch (operation->action) {
	case LMA_JOIN:
		event = "interface-joined";
		break;
	case LMA_REFRESH:
		event = "binding-refreshed";
		level = REPORT_DEBUG;
		break;
	case LMA_HANDOVER:
		event = "handover";
		break;
	case LMA_DEREGISTER:
		event = "binding-deregistered";
		break;
	default:
		break;
	}
	report = lma_report_on(transaction, level, event, bce);
	report->lifetime_s = (int64_t)bce->now.lifetime * LIFETIME_UNIT_MS /
			     1000;
	if (operation->action == LMA_HANDOVER) {
		report->has_previous = true;
		report->previous = operation->before.proxy_coa;
	}
}

/* State first, the acknowledgement last. */
static void carry_out(struct lma *lma, struct bce *bce,
		      const struct lma_request *request, struct now now,
		      struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, bce);
	const struct lma_operation *operation = bce->operation;

	if (bce->group && !bce->group->stands)
		lma_put_group(transaction, bce->group, now);
	/* What is to keep its flows has them before its path goes. */
	if (operation->action == LMA_DEREGISTER)
		lma_note_removal(transaction, bce, &request->bu.options, now);
	lma_set_forwarding(transaction, bce, now);
	/* What could not be taken away of an earlier session has its own ones. */
	if ((operation->action == LMA_CREATE || operation->exchanged) &&
	    lma->config.multihoming)
		lma_clear_flows(transaction, bce);
	if (operation->exchanged)
		lma_flows_follow(transaction, bce);
	if (operation->action != LMA_DEREGISTER)
		lma_take_flows(transaction, bce, request);
	lma_put_record(transaction, bce, now);
	/* What it joins may not have begun, and may never have routes. */
	if (operation->action == LMA_CREATE || operation->action == LMA_JOIN ||
	    (operation->action != LMA_DEREGISTER && !lma->routes_stand))
		lma_put_routes(lma, transaction, bce, EFFECT_ROUTE_ADD);
	if (operation->exchanged)
		lma_put_exchange(lma, transaction, bce, &bce->former);
	lma_acknowledge(transaction, request, bce, MH_ACCEPTED, now);
	report_accepted(transaction, bce, operation);
	if (operation->exchanged)
		lma_report_exchange(transaction, bce);
}

void lma_refuse(struct lma *lma, const struct lma_request *request,
		const struct lma_verdict *verdict, struct now now,
		struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	struct report *report;

	lma->counters.refused++;
	lma->counters.timestamp_mismatches +=
		verdict->status == MH_TIMESTAMP_MISMATCH;
	lma_acknowledge(transaction, request, verdict->bce,
			verdict->status, now);
	report = transaction_report(transaction, REPORT_WARNING, "pbu-refused",
				    &request->bu.options.mn_id);
	report->has_peer = true;
	report->peer = request->src;
	report->status = verdict->status;
	report->has_difference = verdict->status == MH_TIMESTAMP_MISMATCH;
	report->difference_ms = verdict->difference_ms;
	report->reason = verdict->reason;
}

/* Told once: more of the same would hide what else is refused. */
static void refuse_for_want_of_prefix(struct lma *lma,
				      const struct lma_request *request,
				      struct now now, struct outbox *out)
{
	struct lma_verdict verdict = {
		.status = MH_INSUFFICIENT_RESOURCES,
		.reason = request->policy.mag_limited ?
			  "no prefix is left that this gateway may register" :
			  "no prefix is left in any pool",
	};
	enum report_level level = lma->pool_empty ? REPORT_DEBUG :
						    REPORT_ERROR;
	struct transaction *transaction = transaction_new(out, NULL);
	struct report *report;

	lma->pool_empty = true;
	lma->counters.refused++;
	lma->counters.pool_exhausted++;
	lma_acknowledge(transaction, request, NULL, verdict.status, now);
	report = transaction_report(transaction, level, "pool-exhausted",
				    &request->bu.options.mn_id);
	report->has_peer = true;
	report->peer = *lma_proxy_coa(request);
	report->status = verdict.status;
	report->reason = verdict.reason;
}

static void ignore(struct lma *lma, const struct lma_request *request,
		   const struct lma_verdict *verdict, struct outbox *out)
{
	struct report *report;

	lma->counters.pbu_ignored++;
	report = transaction_report(transaction_new(out, NULL), REPORT_INFO,
				    "pbu-ignored",
				    &request->bu.options.mn_id);
	report->has_peer = true;
	report->peer = request->src;
	report->reason = verdict->reason;
}

/* Interfaces cost a gateway nothing but other link-layer identifiers. */
static bool has_enough(const struct lma *lma, const struct lma_request *request)
{
	const struct bc_mn *mn = bc_mn(&lma->bc, &request->bu.options.mn_id);

	return mn && mn->count >= lma->config.max_sessions;
}

/* Those that wait may be handovers of sessions, and so many there are at most. */
static bool enough_wait(const struct lma *lma, const struct bce *bce)
{
	const struct lma_delayed *delayed;
	unsigned int count = 0;

	for (delayed = bce->delayed; delayed; delayed = delayed->next)
		count++;
	return count >= lma->config.max_sessions;
}

static void refuse_for_enough(struct lma *lma,
			      const struct lma_request *request,
			      struct now now, struct outbox *out)
{
	static const struct lma_verdict verdict = {
		.status = MH_INSUFFICIENT_RESOURCES,
		.reason = "mobile node has max-sessions already",
	};

	lma_refuse(lma, request, &verdict, now, out);
}

static void create(struct lma *lma, const struct lma_request *request,
		   struct now now, struct outbox *out)
{
	const struct mh_options *options = &request->bu.options;
	static const struct lma_verdict recovering = {
		.reason = "first come those whose sessions were lost",
	};
	struct mh_prefix prefixes[MH_MAX_HNP];
	unsigned int count;
	struct bce *bce;

	if (lma_is_recovering(lma, request, now)) {
		ignore(lma, request, &recovering, out);
		return;
	}
	if (has_enough(lma, request)) {
		refuse_for_enough(lma, request, now, out);
		return;
	}
	count = lma_choose_prefixes(lma, request, prefixes);
	if (!count) {
		refuse_for_want_of_prefix(lma, request, now, out);
		return;
	}
	bce = bc_insert(&lma->bc, lma->next_id++, &options->mn_id, prefixes,
			count);
	lma_begin(bce, LMA_CREATE, request);
	note_registration(lma, bce, request, now);
	lma_set_link_local(lma, bce, options);
	carry_out(lma, bce, request, now, out);
}

/* Flows go with their binding, which is made anew then: see carry_out(). */
static void note_reaped(struct bce *bce, struct now now)
{
	if (lma_has_flows(bce) && lma_may_be_reaped(bce, now))
		bce->unsure = true;
}

static void join(struct lma *lma, struct bce *bce,
		 const struct lma_request *request, struct now now,
		 struct outbox *out)
{
	static const struct lma_verdict full = {
		.status = MH_INSUFFICIENT_RESOURCES,
		.reason = "session has as many interfaces as it may have",
	};
	struct bce *joins;

	if (has_enough(lma, request)) {
		refuse_for_enough(lma, request, now, out);
		return;
	}
	joins = lma_insert_path(lma, bce);
	if (!joins) {
		lma_refuse(lma, request, &full, now, out);
		return;
	}
	lma_begin(joins, LMA_JOIN, request);
	note_reaped(joins, now);
	note_registration(lma, joins, request, now);
	lma_set_link_local(lma, joins, &request->bu.options);
	carry_out(lma, joins, request, now, out);
}

/*
 * The clock of a gateway says so, and a copy that waited in a queue is no sign
 * that a mobile node has come back.
 */
static bool was_sent_before(const struct lma *lma, const struct bce *bce,
			    const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;

	return options->has_timestamp &&
	       !lma->config.mobile_node_generated_timestamp_in_use &&
	       options->timestamp < bce->revoking->revocation->begun;
}

/*
 * RFC 5846 8.1: who has registered it since it was asked was not asked about
 * that; but what an operator revokes ends, though its gateway confirms meanwhile
 * that it is there: one that has let it go names no prefix of it any more. A mere
 * refresh was sent before: nobody refreshes what he has let go.
 */
static bool does_overtake(const struct lma *lma, const struct bce *bce,
			  enum lma_action action,
			  const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;

	if (action == LMA_HANDOVER)
		return true;
	if (options->handoff == MH_HI_NOT_CHANGED ||
	    was_sent_before(lma, bce, request))
		return false;
	return !bce->revoking->revocation->order || lma_names_no_prefix(options);
}

static void update(struct lma *lma, struct bce *bce, enum lma_action action,
		   const struct lma_request *request, struct now now,
		   struct outbox *out)
{
	struct lma_operation *operation = lma_begin(bce, action, request);
	bool is_to_hear = lma_is_to_hear(bce, request);
	uint64_t due = now.mono_ms;

	/* One that goes on without is not told as often as it says so. */
	if (action == LMA_REFRESH)
		due += lma->config.min_delay_between_update_notification_replay_ms;
	if (bce->revoking && does_overtake(lma, bce, action, request))
		lma_leave_revocation(lma, bce, REVOCATION_OVERTAKEN);
	note_reaped(bce, now);
	operation->exchanged = lma_exchange(lma, bce, request);
	note_registration(lma, bce, request, now);
	lma_set_link_local(lma, bce, &request->bu.options);
	carry_out(lma, bce, request, now, out);
	/* Its gateway is told what it has now, and shall ask for the rest. */
	if (is_to_hear)
		lma_notify_at(lma, bce, due);
}

/* RFC 5213 5.3.5 */
static void deregister(struct lma *lma, struct bce *bce,
		       const struct lma_request *request, struct now now,
		       struct outbox *out)
{
	/* Judged to be of a session. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	bool waits = bce->now.state == BCE_DEREGISTERED;

	lma_leave_revocation(lma, bce, REVOCATION_DONE);
	lma_begin(bce, LMA_DEREGISTER, request);
	/* One that others go on without is not waited for. */
	if (lma_has_others(bce, now))
		bce->now.expires_ms = now.mono_ms;
	else if (!waits)
		bce->now.expires_ms = now.mono_ms +
			lma->config.min_delay_before_bce_delete_ms;
	bce->now.state = BCE_DEREGISTERED;
	lma_note_peer(lma, bce);
	bce->now.lifetime = 0;
	bce->now.sequence = request->bu.sequence;
	bce->now.timestamp = request->bu.options.has_timestamp ?
			     request->bu.options.timestamp : 0;
	bce->now.received = now.wall;
	timer_set(&lma->timers, &bce->timer, bce->now.expires_ms);
	carry_out(lma, bce, request, now, out);
}

static void repeat(const struct bce *bce, const struct lma_request *request,
		   struct now now, struct outbox *out)
{
	lma_acknowledge(transaction_new(out, NULL), request, bce,
			MH_ACCEPTED, now);
}

/* The newest of those that wait is the one that counts. */
static void keep_waiting(struct bce *bce, const struct lma_waiting *pbu)
{
	const struct mh_options *newer = &pbu->request.bu.options, *waits;

	waits = bce->waiting ? &bce->waiting->request.bu.options : NULL;
	if (waits && waits->has_timestamp && newer->has_timestamp &&
	    newer->timestamp < waits->timestamp)
		return;
	if (!bce->waiting)
		bce->waiting = must_alloc(sizeof(*bce->waiting));
	*bce->waiting = *pbu;
}

/* RFC 5213 5.4.1.2 (4), 5.4.1.3 (3), RFC 5846 8.1 */
static void delay(struct lma *lma, struct bce *bce,
		  const struct lma_waiting *pbu, enum lma_replaced replaced,
		  uint64_t due, struct now now, struct outbox *out)
{
	const struct lma_request *request = &pbu->request;
	struct report *report;

	if (replaced == LMA_NEWER_WAITS)
		return;
	if (replaced == LMA_REPLACED_NONE && enough_wait(lma, bce)) {
		refuse_for_enough(lma, request, now, out);
		return;
	}
	if (replaced == LMA_REPLACED_NONE) {
		due = now.mono_ms +
		      lma->config.max_delay_before_new_bce_assign_ms;
		lma->counters.delayed++;
		report = transaction_report(transaction_new(out, NULL),
					    REPORT_INFO, "pbu-delayed",
					    &request->bu.options.mn_id);
		report->has_peer = true;
		report->peer = *lma_proxy_coa(request);
		report->has_previous = true;
		report->previous = bce->now.proxy_coa;
		report->reason = "another gateway may be about to de-register";
	}
	lma_delay(lma, bce, request, pbu->wall, due);
	if (replaced == LMA_REPLACED_NONE)
		lma_ask(lma, bce, now, out);
}

/* Who has the session that it is about; a refresh need not look for that again. */
static const struct bc_mn *mn_of(const struct lma *lma, const struct bce *bce,
				 const struct lma_request *request)
{
	return bce ? bce->mn : bc_mn(&lma->bc, &request->bu.options.mn_id);
}

void lma_handle_pbu(struct lma *lma, const struct lma_waiting *pbu,
		    struct now now, struct outbox *out)
{
	struct now then = { .mono_ms = now.mono_ms, .wall = pbu->wall };
	const struct lma_request *request = &pbu->request;
	struct lma_verdict verdict = lma_judge(lma, request, pbu->delayed,
					       then);
	enum lma_replaced replaced = LMA_REPLACED_NONE;
	struct bce *bce = verdict.bce;
	uint64_t due = 0;

	if (verdict.action > LMA_REFUSE)
		replaced = lma_replace_delayed(lma, mn_of(lma, bce, request),
					       request, &due);
	if (verdict.action == LMA_WAIT) {
		delay(lma, bce, pbu, replaced, due, now, out);
		return;
	}
	/* What it joins may yet get other prefixes, or back those that it had. */
	if (bce && bce->operation &&
	    (verdict.action != LMA_JOIN || bce->operation->exchanged)) {
		keep_waiting(bce, pbu);
		return;
	}
	switch (verdict.action) {
	case LMA_REFUSE:
		lma_refuse(lma, request, &verdict, now, out);
		break;
	case LMA_REPEAT:
		repeat(bce, request, now, out);
		break;
	case LMA_CREATE:
		create(lma, request, now, out);
		break;
	case LMA_JOIN:
		join(lma, bce, request, now, out);
		break;
	case LMA_REFRESH:
	case LMA_HANDOVER:
		update(lma, bce, verdict.action, request, now, out);
		break;
	case LMA_DEREGISTER:
		deregister(lma, bce, request, now, out);
		break;
	default:
		ignore(lma, request, &verdict, out);
		break;
	}
}

void lma_on_pbu(struct lma *lma, const struct lma_request *request,
		struct now now, struct outbox *out)
{
	struct mh_options *options;
	struct lma_waiting pbu;

	lma->counters.pbu_received++;
	pbu.wall = now.wall;
	pbu.delayed = false;
	lma_request_init(&pbu.request, &request->src, &request->dst,
			 &request->bu);
	pbu.request.policy = request->policy;
	options = &pbu.request.bu.options;
	/* The options stay absent: the acknowledgement has zero for both. */
	if (!options->has_handoff && lma->config.accept_draft_peers)
		options->handoff = MH_HI_UNKNOWN;
	/* As one that does not know them. */
	if (!lma->config.multihoming) {
		options->has_multihoming = false;
		options->has_bid = false;
	}
	if (lma_is_bulk(request)) {
		lma_on_bulk(lma, request, now, out);
		return;
	}
	lma_handle_pbu(lma, &pbu, now, out);
}
