// SPDX-License-Identifier: GPL-2.0
#include "revocation.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "alloc.h"
#include "revocation_peer.h"

void revocations_init(struct revocations *all,
		      const struct revocation_config *config,
		      const struct in6_addr *address, uint16_t sequence,
		      const struct revocation_ops *ops, void *context)
{
	all->config = *config;
	all->address = *address;
	all->sequence = sequence;
	all->ops = ops;
	all->context = context;
}

bool revocations_have_room(const struct revocations *all, unsigned int count)
{
	return HASH_CNT(by_sequence, all->by_sequence) + count <=
	       REVOCATIONS_MAX;
}

static struct revocation *by_sequence(const struct revocations *all,
				      uint16_t sequence)
{
	struct revocation *revocation;

	HASH_FIND(by_sequence, all->by_sequence, &sequence, sizeof(sequence),
		  revocation);
	return revocation;
}

/* RFC 5846 5.1: none that another one has which is not answered. */
static uint16_t fresh_sequence(struct revocations *all)
{
	while (by_sequence(all, all->sequence))
		all->sequence++;
	return all->sequence++;
}

static struct revocation *insert(struct revocations *all,
				 const struct in6_addr *peer)
{
	struct revocation *revocation = must_alloc(sizeof(*revocation));

	revocation->peer = *peer;
	DL_APPEND(all->all, revocation);
	return revocation;
}

struct revocation *revocation_new(struct revocations *all,
				  const struct in6_addr *peer, uint8_t trigger)
{
	struct revocation *revocation = insert(all, peer);
	struct mh_revocation *bri = &revocation->bri;

	revocation->ours = true;
	bri->kind = MH_BR_INDICATION;
	bri->trigger = trigger;
	bri->sequence = fresh_sequence(all);
	bri->flags = MH_BR_PROXY;
	if (trigger >= MH_BR_GLOBAL_TRIGGER)
		bri->flags |= MH_BR_GLOBAL;
	HASH_ADD(by_sequence, all->by_sequence, bri.sequence,
		 sizeof(bri->sequence), revocation);
	return revocation;
}

struct revocation *revocation_from_peer(struct revocations *all,
					const struct in6_addr *peer,
					const struct mh_revocation *bri)
{
	struct revocation *revocation = insert(all, peer);

	revocation->bri = *bri;
	return revocation;
}

struct revoking *revocation_add(struct revocation *revocation, void *session)
{
	struct revoking *revoking = must_alloc(sizeof(*revoking));

	revoking->revocation = revocation;
	revoking->session = session;
	DL_APPEND(revocation->members, revoking);
	revocation->count++;
	revocation->open++;
	return revoking;
}

/* --- The end of one. */

static void forget_sequence(struct revocations *all,
			    struct revocation *revocation)
{
	if (!revocation->ours)
		return;
	HASH_DELETE(by_sequence, all->by_sequence, revocation);
	revocation->ours = false;
}

static void drop(struct revocations *all, struct revocation *revocation)
{
	struct revocation_order *order = revocation->order;

	forget_sequence(all, revocation);
	timer_cancel(&all->timers, &revocation->timer);
	DL_DELETE(all->all, revocation);
	free(revocation->promise);
	free(revocation);
	/* An order is over with the last one. */
	if (order)
		revocation_order_release(all, order);
}

static bool is_over(const struct revocation *revocation)
{
	return !revocation->count && !revocation->stops && !revocation->held;
}

/* RFC 5846 6.1.2: what is acknowledged stands. */
static bool is_to_be_kept(const struct revocation *revocation)
{
	return revocation->promise && !revocation->open &&
	       !revocation->stops && !revocation->held;
}

static void settle(struct revocations *all, struct revocation *revocation,
		   struct now now, struct outbox *out)
{
	if (is_to_be_kept(revocation))
		revocation_keep_promise(all, revocation, now, out);
	if (is_over(revocation))
		drop(all, revocation);
}

void revocations_free(struct revocations *all)
{
	while (all->all)
		drop(all, all->all);
	timers_free(&all->timers);
}

/* --- Sessions. */

static void unlink_member(struct revoking *revoking)
{
	struct revocation *revocation = revoking->revocation;

	if (revoking->ending)
		DL_DELETE(revocation->ending, revoking);
	else
		DL_DELETE(revocation->members, revoking);
}

/*
 * What could not be done is not acknowledged: a copy of the indication is followed
 * as the first one was.
 */
static void leave(struct revoking *revoking, enum revocation_result result)
{
	struct revocation *revocation = revoking->revocation;

	if (revocation->order)
		revocation_outcome(revocation)->results[result]++;
	if (result == REVOCATION_FAILED) {
		free(revocation->promise);
		revocation->promise = NULL;
	}
	unlink_member(revoking);
	revocation->count--;
	revocation->open -= !revoking->stopped;
	free(revoking);
}

void revoking_drop(struct revocations *all, struct revoking *revoking,
		   enum revocation_result result)
{
	struct revocation *revocation = revoking->revocation;

	leave(revoking, result);
	if (is_to_be_kept(revocation))
		timer_set(&all->timers, &revocation->timer, 0);
	else if (is_over(revocation))
		drop(all, revocation);
}

void revoking_stop(struct revoking *revoking)
{
	if (revoking->stopped)
		return;
	revoking->stopped = true;
	revoking->revocation->open--;
}

void revoking_forwards(struct revoking *revoking)
{
	if (!revoking || !revoking->stopped)
		return;
	revoking->stopped = false;
	revoking->revocation->open++;
}

void revocation_stopping(struct revocation *revocation)
{
	revocation->stops++;
}

static void go_on(struct revoking *list)
{
	struct revoking *revoking;

	DL_FOREACH(list, revoking)
		revoking_forwards(revoking);
}

void revocation_stopped(struct revocations *all, struct revocation *revocation,
			int error, struct now now, struct outbox *out)
{
	revocation->stops--;
	if (error) {
		go_on(revocation->members);
		go_on(revocation->ending);
	}
	settle(all, revocation, now, out);
}

void revoking_over(struct revocations *all, struct revoking *revoking,
		   enum revocation_result result, int status, struct now now,
		   struct outbox *out)
{
	struct revocation *revocation = revoking->revocation;
	bool held = revocation->held;

	/* What is told may look at it, and end what it is about. */
	revocation->held = true;
	all->ops->over(all->context, revoking, result, status, now, out);
	revocation->held = held;
	leave(revoking, result);
	settle(all, revocation, now, out);
}

static void end_member(struct revocations *all, struct revoking *revoking,
		       struct now now, struct outbox *out)
{
	struct revocation *revocation = revoking->revocation;

	/* It is one of them. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	DL_DELETE(revocation->members, revoking);
	DL_APPEND(revocation->ending, revoking);
	revoking->ending = true;
	if (all->ops->end(all->context, revoking, now, out))
		return;
	DL_DELETE(revocation->ending, revoking);
	DL_APPEND(revocation->members, revoking);
	revoking->ending = false;
}

void revoking_retry(struct revocations *all, struct revoking *revoking,
		    struct now now, struct outbox *out)
{
	struct revocation *revocation = revoking ? revoking->revocation : NULL;

	if (!revocation || !revocation->ends || revoking->ending)
		return;
	revocation->held = true;
	end_member(all, revoking, now, out);
	revocation->held = false;
	settle(all, revocation, now, out);
}

/* Who is busy comes again in the next turn. */
static void step(struct revocations *all, struct revocation *revocation,
		 struct now now, struct outbox *out)
{
	unsigned int left = REVOCATION_STEP;

	revocation->held = true;
	if (left > revocation->count)
		left = revocation->count;
	for (; left && revocation->members; left--)
		end_member(all, revocation->members, now, out);
	revocation->held = false;
	if (revocation->members)
		timer_set(&all->timers, &revocation->timer,
			  now.mono_ms + REVOCATION_STEP_MS);
	else
		settle(all, revocation, now, out);
}

void revocation_end(struct revocations *all, struct revocation *revocation,
		    enum revocation_result result, int status, struct now now,
		    struct outbox *out)
{
	forget_sequence(all, revocation);
	timer_cancel(&all->timers, &revocation->timer);
	revocation->ends = true;
	revocation->result = result;
	if (revocation->order)
		revocation_outcome(revocation)->status = status;
	/* One ends as soon by itself. */
	if (revocation->count > 1)
		all->ops->stop(all->context, revocation, now, out);
	step(all, revocation, now, out);
}

/* It is as it was, with all its sessions. */
static void give_up(struct revocations *all, struct revocation *revocation,
		    enum revocation_result result, int status, struct now now,
		    struct outbox *out)
{
	struct revoking *revoking, *next;

	forget_sequence(all, revocation);
	timer_cancel(&all->timers, &revocation->timer);
	if (revocation->order)
		revocation_outcome(revocation)->status = status;
	revocation->held = true;
	DL_FOREACH_SAFE(revocation->members, revoking, next)
		revoking_over(all, revoking, result, status, now, out);
	revocation->held = false;
	settle(all, revocation, now, out);
}

void revocation_cancel(struct revocations *all, struct revocation *revocation,
		       struct now now, struct outbox *out)
{
	give_up(all, revocation, REVOCATION_OVERTAKEN, -1, now, out);
}

/* --- Messages. */

static struct report *report_on(struct outbox *out, enum report_level level,
				const char *event,
				const struct revocation *revocation)
{
	const struct mh_options *options = &revocation->bri.options;
	struct report *report;

	report = transaction_report(transaction_new(out, NULL), level, event,
				    &options->mn_id);
	report->has_hnp = options->hnp_count;
	report->hnp = options->hnp[0];
	report->has_peer = true;
	report->peer = revocation->peer;
	if (revocation->bri.flags & MH_BR_GLOBAL)
		report->bindings = revocation->count;
	if (options->group_count)
		report->group = options->group[0];
	return report;
}

static void next_copy(struct revocations *all, struct revocation *revocation,
		      struct now now, struct outbox *out)
{
	uint32_t most = all->config.max_timeout_ms;
	struct effect_send *send;

	if (!revocation->question || all->ops->is_wanted(revocation)) {
		send = &transaction_add(transaction_new(out, NULL),
					EFFECT_SEND)->send;
		send->src = all->address;
		send->dst = revocation->peer;
		send->message->type = MH_BINDING_REVOCATION;
		send->message->revocation = revocation->bri;
		all->counters.sent++;
		all->counters.retransmitted += revocation->copies != 0;
	}
	revocation->copies++;
	timer_set(&all->timers, &revocation->timer,
		  now.mono_ms + revocation->interval_ms);
	/* RFC 5846 6.3 */
	revocation->interval_ms = revocation->interval_ms < most / 2 ?
				  2 * revocation->interval_ms : most;
}

void revocation_begin(struct revocations *all, struct revocation *revocation,
		      uint32_t interval_ms, uint64_t delay_ms, struct now now,
		      struct outbox *out)
{
	revocation->interval_ms = interval_ms;
	revocation->begun = now.wall;
	report_on(out, revocation->question ? REPORT_DEBUG : REPORT_INFO,
		  "bri-sent", revocation);
	if (delay_ms)
		timer_set(&all->timers, &revocation->timer,
			  now.mono_ms + delay_ms);
	else
		next_copy(all, revocation, now, out);
}

/* RFC 5846 6.3: then it is for us to clean up, but for what was only asked. */
static void unanswered(struct revocations *all, struct revocation *revocation,
		       struct now now, struct outbox *out)
{
	all->counters.unanswered++;
	report_on(out, REPORT_WARNING, "bri-unanswered", revocation)->reason =
		revocation->question ? NULL :
		"what it is about ends here without it";
	if (revocation->question)
		give_up(all, revocation, REVOCATION_UNANSWERED, -1, now, out);
	else
		revocation_end(all, revocation, REVOCATION_UNANSWERED, -1, now,
			       out);
}

void revocations_on_timer(struct revocations *all, struct now now,
			  struct outbox *out)
{
	struct revocation *revocation;
	struct timer *timer;
	uint32_t retries;

	while ((timer = timers_take(&all->timers, now.mono_ms))) {
		revocation = (struct revocation *)timer;
		retries = revocation->question ? REVOCATION_QUESTION_RETRIES :
						 all->config.max_retries;
		if (revocation->ends)
			step(all, revocation, now, out);
		else if (revocation->copies <= retries)
			next_copy(all, revocation, now, out);
		else
			unanswered(all, revocation, now, out);
	}
}

/*
 * RFC 5846 6.2.2. One of a mobile node repeats its identifier, if any; one of
 * many may name those that it could not do.
 */
static struct revocation *find(const struct revocations *all,
			       const struct in6_addr *src,
			       const struct mh_revocation *bra)
{
	struct revocation *revocation = by_sequence(all, bra->sequence);
	const struct mh_revocation *bri;

	if (!revocation || !revocation->copies ||
	    !IN6_ARE_ADDR_EQUAL(&revocation->peer, src))
		return NULL;
	bri = &revocation->bri;
	if (bra->options.has_mn_id && !(bri->flags & MH_BR_GLOBAL) &&
	    !mh_mn_id_equal(&bra->options.mn_id, &bri->options.mn_id))
		return NULL;
	return revocation;
}

/*
 * What is named in it was over before (RFC 5846 8.2, 9.1): it ends here as all
 * the rest does.
 */
static void note_partial(struct revocations *all,
			 const struct revocation *revocation,
			 const struct mh_revocation *bra, struct outbox *out)
{
	const struct mh_options *options = &bra->options;
	struct report *report;

	all->counters.partial++;
	report = report_on(out, REPORT_INFO, "bri-partial", revocation);
	report->status = bra->status;
	report->reason = "the peer had not all of it any more";
	if (options->has_mn_id)
		report->mn_id = options->mn_id;
	if (options->hnp_count)
		report->hnp = options->hnp[0];
	report->has_hnp |= options->hnp_count != 0;
}

static void refused(struct revocations *all, struct revocation *revocation,
		    uint8_t status, struct now now, struct outbox *out)
{
	bool attached = status == MH_BR_ATTACHED;
	struct report *report;

	all->counters.attached += attached;
	all->counters.refused += !attached;
	report = report_on(out, attached ? REPORT_INFO : REPORT_WARNING,
			   attached ? "still-attached" : "bri-refused",
			   revocation);
	if (!attached)
		report->status = status;
	give_up(all, revocation, REVOCATION_REFUSED, status, now, out);
}

/* RFC 5846 6.2.2: what the peer does not have need not be kept for it. */
static bool is_done(const struct revocation *revocation, uint8_t status)
{
	return status < MH_STATUS_REJECTED ||
	       (status == MH_BR_NO_BINDING && !revocation->question);
}

void revocations_on_ack(struct revocations *all, const struct in6_addr *src,
			const struct mh_revocation *bra, struct now now,
			struct outbox *out)
{
	struct revocation *revocation = find(all, src, bra);
	struct report *report;

	all->counters.acks_received++;
	if (!revocation) {
		all->counters.acks_ignored++;
		report = transaction_report(transaction_new(out, NULL),
					    REPORT_INFO, "bra-ignored",
					    &bra->options.mn_id);
		report->has_peer = true;
		report->peer = *src;
		report->reason = "answers nothing that was asked";
		return;
	}
	if (bra->status == MH_BR_PARTIAL)
		note_partial(all, revocation, bra, out);
	if (is_done(revocation, bra->status))
		revocation_end(all, revocation, REVOCATION_DONE, bra->status,
			       now, out);
	else
		refused(all, revocation, bra->status, now, out);
}

static void not_understood(struct revocations *all,
			   struct revocation *revocation, struct now now,
			   struct outbox *out)
{
	all->counters.not_understood++;
	report_on(out, REPORT_WARNING, "bri-not-understood", revocation);
	if (revocation->question)
		give_up(all, revocation, REVOCATION_NOT_UNDERSTOOD, -1, now,
			out);
	else
		revocation_end(all, revocation, REVOCATION_NOT_UNDERSTOOD, -1,
			       now, out);
}

bool revocations_on_error(struct revocations *all, const struct in6_addr *peer,
			  struct now now, struct outbox *out)
{
	struct revocation *revocation, *next;
	bool any = false;

	DL_FOREACH_SAFE(all->all, revocation, next) {
		if (!revocation->ours || !revocation->copies ||
		    !IN6_ARE_ADDR_EQUAL(&revocation->peer, peer))
			continue;
		any = true;
		not_understood(all, revocation, now, out);
	}
	return any;
}
