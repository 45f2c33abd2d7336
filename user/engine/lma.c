// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "lma_bulk.h"
#include "lma_flow.h"
#include "lma_internal.h"
#include "lma_multihoming.h"
#include "lma_revoke.h"

/* A session is of no use without its forwarding state. */
#define REPAIR_RETRY_MS 1000u

void lma_init(struct lma *lma, const struct lma_config *config)
{
	memset(lma, 0, sizeof(*lma));
	lma->config = *config;
	lma->rng.state = config->seed;
	lma->next_id = 1;
	/* RFC 7077 5.1: from anywhere on. */
	lma->upn_sequence = (uint16_t)(config->seed ^ config->seed >> 16 ^
				       config->seed >> 32);
	lma_init_revocations(lma, (uint16_t)~lma->upn_sequence);
	lma_init_peers(lma);
}

static void free_operation(struct lma_operation *operation)
{
	if (!operation)
		return;
	free(operation->flows);
	free(operation->passed);
	free(operation);
}

void lma_free(struct lma *lma)
{
	struct lma_delayed *delayed;
	struct bce *bce;

	for (bce = bc_next(&lma->bc, NULL); bce; bce = bc_next(&lma->bc, bce)) {
		free_operation(bce->operation);
		free(bce->waiting);
		while ((delayed = lma_take_delayed(lma, bce)))
			free(delayed);
		lma_end_notice(lma, bce);
		lma_leave_revocation(lma, bce, REVOCATION_OVERTAKEN);
	}
	revocations_free(&lma->revocations);
	peers_free(&lma->peers);
	bc_free(&lma->bc);
	lma_groups_free(lma);
	lma_unreserve_all(lma);
	prefix_pool_free(&lma->pool);
	lma_free_start(lma);
	timers_free(&lma->timers);
	timers_free(&lma->waits);
	timers_free(&lma->notices);
}

void lma_put_routes(struct lma *lma, struct transaction *transaction,
		    const struct bce *bce, enum effect_kind kind)
{
	struct effect *effect;
	unsigned int i;

	for (i = 0; i < bce->prefix_count; i++) {
		if (prefix_pool_covers(&lma->pool, &bce->prefixes[i].prefix))
			continue;
		effect = transaction_add(transaction, kind);
		effect->route.prefix = bce->prefixes[i].prefix;
	}
}

struct report *lma_report_on(struct transaction *transaction,
			     enum report_level level, const char *event,
			     const struct bce *bce)
{
	struct report *report = transaction_report(transaction, level, event,
						   NULL);

	bce_mn_id(bce, &report->mn_id);
	report->has_hnp = true;
	report->hnp = bce->prefixes[0].prefix;
	report->has_peer = true;
	report->peer = bce->now.proxy_coa;
	return report;
}

struct lma_operation *lma_begin(struct bce *bce, enum lma_action action,
				const struct lma_request *request)
{
	struct lma_operation *operation;

	operation = must_alloc_head(sizeof(*operation), LMA_OPERATION_HEAD);

	operation->action = action;
	operation->before = bce->now;
	operation->link_local = bce->link_local;
	operation->leaves = lma_group_hold(bce->group);
	operation->told = bce->group;
	if (request) {
		operation->src = request->src;
		operation->dst = request->dst;
		mh_update_copy(&operation->bu, &request->bu);
	}
	bce->operation = operation;
	return operation;
}

static void set_paths(struct transaction *transaction, struct bce *bce,
		      struct now now)
{
	bool in_set = bce->group && !bce->group->dissolves;
	uint64_t expires_ms = lma_expires_ms(bce);
	struct effect *effect;
	unsigned int i;

	bce->now.generation++;
	bce->operation->told = in_set ? bce->group : NULL;
	for (i = 0; i < bce->prefix_count; i++) {
		effect = transaction_add(transaction, EFFECT_BINDING_SET);
		effect->binding.hnp = bce->prefixes[i].prefix;
		if (bce->path) {
			lma_put_paths(&effect->binding, bce, now);
			continue;
		}
		effect->binding.cookie = bce->id;
		effect->binding.generation = bce->now.generation;
		/* RFC 5213 5.3.5 (4): what waits for its deletion drops. */
		if (bce->now.state == BCE_DEREGISTERED ||
		    expires_ms <= now.mono_ms)
			continue;
		effect->binding.has_path = true;
		effect->binding.remote = bce->now.proxy_coa;
		if (in_set)
			effect->binding.expiry_set = bce->group->set;
		else
			effect->binding.lifetime_ms = expires_ms - now.mono_ms;
	}
}

/* Also what is kept of them: that may have been to pass from one to another. */
static void put_flows_anew(struct transaction *transaction, struct bce *bce)
{
	lma_put_all_flows(transaction, bce);
	lma_put_flows_of_all(transaction, bce);
}

void lma_set_forwarding(struct transaction *transaction, struct bce *bce,
			struct now now)
{
	set_paths(transaction, bce, now);
	/* What was to set all of it right has failed, and this takes its place. */
	if (lma_is_unsure(bce))
		put_flows_anew(transaction, bce);
}

static void stop_forwarding(struct lma *lma, struct transaction *transaction,
			    const struct bce *bce)
{
	struct effect *effect;
	unsigned int i;

	for (i = 0; i < bce->prefix_count; i++) {
		effect = transaction_add(transaction, EFFECT_BINDING_DELETE);
		effect->binding.hnp = bce->prefixes[i].prefix;
	}
	lma_put_routes(lma, transaction, bce, EFFECT_ROUTE_DELETE);
}

/* What has failed before, if so, was to have flows of other interfaces. */
static void delete(struct lma *lma, struct bce *bce, const char *event,
		   const struct lma_operation *failed, struct now now,
		   struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, bce);
	struct effect *effect;

	timer_cancel(&lma->timers, &bce->timer);
	lma_end_notice(lma, bce);
	lma_leave_revocation(lma, bce, REVOCATION_DONE);
	peers_unlink(&lma->peers, &bce->peer);
	lma_begin(bce, LMA_DELETE, NULL);
	lma_group_leave(lma, bce);
	effect = transaction_add(transaction, EFFECT_STORE_DELETE);
	effect->store.key = bce->id;
	if (lma_outlives(bce))
		set_paths(transaction, bce, now);
	else
		stop_forwarding(lma, transaction, bce);
	if (failed && failed->passed_count)
		lma_flows_return(transaction, bce, failed);
	lma_end_flows(transaction, bce, now);
	/*
	 * What has failed may have begun to tell all of them anew, as others were not
	 * sure then, or did not clear what an earlier session had left; its own ones
	 * are none any more.
	 */
	if (lma_outlives(bce) && (failed || lma_is_unsure(bce)))
		put_flows_anew(transaction, bce);
	lma_report_on(transaction, REPORT_INFO, event, bce);
}

void lma_delete(struct lma *lma, struct bce *bce, const char *event,
		struct now now, struct outbox *out)
{
	delete(lma, bce, event, NULL, now, out);
}

void lma_end_delay(struct lma *lma, struct lma_delayed *delayed,
		   struct now now, struct outbox *out)
{
	delayed->waiting.delayed = true;
	lma_handle_pbu(lma, &delayed->waiting, now, out);
	free(delayed);
}

uint8_t lma_failure_status(int error)
{
	return error == ENOMEM || error == ENOSPC || error == ENOBUFS ?
	       MH_INSUFFICIENT_RESOURCES : MH_REASON_UNSPECIFIED;
}

/* The state that was asked for does not stand: say so, and go back. */
static void roll_back(struct lma *lma, struct bce *bce,
		      const struct lma_operation *failed, int error,
		      struct now now, struct outbox *out)
{
	struct lma_verdict verdict = {
		.status = bce->path && error == EOPNOTSUPP ?
			  MH_CANNOT_SUPPORT_MULTIPATH_BINDING :
			  lma_failure_status(error),
		.reason = "forwarding state could not be set up",
	};
	struct lma_request request = {
		.src = failed->src,
		.dst = failed->dst,
		.bu = failed->bu,
	};
	struct transaction *transaction;
	uint32_t generation;

	if (failed->action != LMA_REVOKE) {
		lma->counters.failed++;
		lma_refuse(lma, &request, &verdict, now, out);
	}
	if (failed->action == LMA_CREATE || failed->action == LMA_JOIN) {
		delete(lma, bce, "binding-rolled-back", failed, now, out);
		return;
	}
	generation = bce->now.generation;
	bce->now = failed->before;
	/* Part of what failed may stand: what comes now must be told from it. */
	bce->now.generation = generation;
	bce->link_local = failed->link_local;
	if (failed->exchanged)
		lma_exchange_back(bce);
	lma_note_peer(lma, bce);
	lma_group_go_back(lma, bce, failed->leaves);
	lma_arm(lma, bce);
	lma_begin(bce, LMA_ROLL_BACK, NULL);
	transaction = transaction_new(out, bce);
	lma_set_forwarding(transaction, bce, now);
	if (failed->has_flows)
		lma_flows_go_back(transaction, bce, failed);
	else if (!lma_is_unsure(bce) && lma_has_flows(bce))
		lma_put_all_flows(transaction, bce);
	if (failed->exchanged) {
		lma_flows_follow(transaction, bce);
		lma_put_exchange(lma, transaction, bce, &bce->pending);
	}
	lma_put_record(transaction, bce, now);
}

static void count_success(struct lma *lma,
			  const struct lma_operation *operation)
{
	lma->counters.renumbered += operation->exchanged;
	switch (operation->action) {
	case LMA_CREATE:
		lma->counters.created++;
		break;
	case LMA_JOIN:
		lma->counters.joined++;
		break;
	case LMA_REFRESH:
		lma->counters.refreshed++;
		break;
	case LMA_HANDOVER:
		lma->counters.handovers++;
		break;
	case LMA_DEREGISTER:
		lma->counters.deregistered++;
		break;
	case LMA_REVOKE:
		lma->counters.revoked++;
		return;
	default:
		return;
	}
	lma->counters.accepted++;
}

static void forget(struct lma *lma, struct bce *bce)
{
	struct mh_prefix prefixes[3 * MH_MAX_HNP];
	unsigned int count;

	count = lma_copy_prefixes(bce->prefixes, bce->prefix_count, prefixes);
	count += lma_copy_prefixes(bce->pending.prefixes, bce->pending.count,
				   &prefixes[count]);
	count += lma_copy_prefixes(bce->former.prefixes, bce->former.count,
				   &prefixes[count]);
	timer_cancel(&lma->timers, &bce->timer);
	bc_remove(&lma->bc, bce);
	lma_release(lma, prefixes, count);
}

/* A session that is gone is nobody's: what waited for it waits no more. */
static void forget_and_go_on(struct lma *lma, struct bce *bce, struct now now,
			     struct outbox *out)
{
	struct lma_delayed *delayed, *first = NULL, **last = &first;

	while ((delayed = lma_take_delayed(lma, bce))) {
		*last = delayed;
		last = &delayed->next;
	}
	forget(lma, bce);
	while ((delayed = first)) {
		first = delayed->next;
		lma->counters.delays_deregistered++;
		lma_end_delay(lma, delayed, now, out);
	}
}

/* What waits longest takes over a session that was de-registered. */
static void go_on(struct lma *lma, struct bce *bce, struct now now,
		  struct outbox *out)
{
	struct lma_delayed *delayed;

	if (bce->operation || bce->now.state != BCE_DEREGISTERED)
		return;
	delayed = lma_take_delayed(lma, bce);
	if (!delayed)
		return;
	lma->counters.delays_deregistered++;
	lma_end_delay(lma, delayed, now, out);
}

void lma_stand_alone(struct lma *lma, struct bce *bce, struct now now,
		     struct outbox *out)
{
	struct transaction *transaction;

	/* What is under way was told kernel and store already: see below. */
	if (bce->operation) {
		lma_group_leave(lma, bce);
		lma_arm(lma, bce);
		return;
	}
	transaction = transaction_new(out, bce);
	lma_begin(bce, LMA_REPAIR, NULL);
	lma_group_leave(lma, bce);
	lma_arm(lma, bce);
	lma_set_forwarding(transaction, bce, now);
	lma_put_record(transaction, bce, now);
}

/* It has left its group while something else was under way. */
static void tell_again(struct lma *lma, struct bce *bce,
		       const struct lma_operation *ended, struct now now,
		       struct outbox *out)
{
	if (bce->operation || ended->told == bce->group)
		return;
	lma_stand_alone(lma, bce, now, out);
	bce->operation->joins = lma_group_hold(ended->told);
}

void lma_doubt(struct lma *lma, struct bce *bce, uint64_t again_ms)
{
	if (bce->operation) {
		bce->missed = true;
		return;
	}
	bce->unsure = true;
	/* It may end before. */
	if (again_ms < lma_expires_ms(bce))
		timer_set(&lma->timers, &bce->timer, again_ms);
}

/*
 * Forwarding that is not as it is to be: that is tried until it is. Going back may be
 * under way, or what tells it anew: that tells all of it, and is looked at when it
 * has ended.
 */
static void note_forwarding(struct lma *lma, struct bce *bce, bool stands,
			    uint64_t again_ms)
{
	bce->unsure = !stands;
	if (!stands && !bce->operation)
		lma_doubt(lma, bce, again_ms);
}

/*
 * What those that are left were to have of one that is gone may not stand; and its
 * records were to go together with what is kept of them. One that is about to go as
 * well leaves that to the next one.
 */
static void note_others(struct lma *lma, struct bce *bce, uint64_t again_ms,
			struct outbox *out)
{
	struct transaction *transaction;

	transaction = transaction_new(out, NULL);
	transaction_add(transaction, EFFECT_STORE_DELETE)->store.key = bce->id;
	lma_forget_flows(transaction, bce);
	lma_doubt(lma, bce_next_path(bce), again_ms);
}

static void end_operation(struct lma *lma, struct lma_operation *operation,
			  struct outbox *out)
{
	lma_group_release(lma, operation->leaves, out);
	lma_group_release(lma, operation->joins, out);
	free_operation(operation);
}

static void on_session_done(struct lma *lma, struct bce *bce, int error,
			    struct now now, struct outbox *out)
{
	struct lma_operation *operation = bce->operation;
	struct lma_waiting *waiting = bce->waiting;
	bool deleted = operation->action == LMA_DELETE;
	uint64_t again_ms = now.mono_ms + (error ? REPAIR_RETRY_MS : 0);
	bool missed = bce->missed;

	bce->operation = NULL;
	bce->waiting = NULL;
	/* Whatever comes of this tells all of it. */
	bce->unsure |= missed;
	bce->missed = false;
	if (operation->joins)
		operation->joins->stands |= !error;
	if (operation->action == LMA_REVOKE)
		lma_on_revoked(lma, bce, error, now, out);
	if (deleted && (error || missed) && bce_next_path(bce) != bce)
		note_others(lma, bce, again_ms, out);
	if (deleted)
		forget_and_go_on(lma, bce, now, out);
	else if (error && (operation->action < LMA_DELETE ||
			   operation->action == LMA_REVOKE))
		roll_back(lma, bce, operation, error, now, out);
	else if (operation->action == LMA_RENUMBER)
		lma_on_renumber_done(lma, bce, error, out);
	else if (!error)
		count_success(lma, operation);
	if (!deleted) {
		tell_again(lma, bce, operation, now, out);
		if (operation->action != LMA_RENUMBER || missed)
			note_forwarding(lma, bce, !error && !missed, again_ms);
	}
	end_operation(lma, operation, out);
	if (waiting)
		lma_handle_pbu(lma, waiting, now, out);
	free(waiting);
	if (deleted)
		return;
	revoking_retry(&lma->revocations, bce->revoking, now, out);
	go_on(lma, bce, now, out);
}

void lma_on_done(struct lma *lma, void *owner, int error, struct now now,
		 struct outbox *out)
{
	struct lma_bulk *bulk = lma_bulk_find(lma, owner);

	if (owner == lma)
		lma_on_started(lma, error, now, out);
	else if (bulk)
		lma_on_bulk_done(lma, bulk, error, now, out);
	else
		on_session_done(lma, owner, error, now, out);
}

static void end(struct lma *lma, struct bce *bce, struct now now,
		struct outbox *out)
{
	if (bce->now.state == BCE_DEREGISTERED || bce->now.invalid) {
		lma_delete(lma, bce, "binding-deleted", now, out);
		return;
	}
	lma->counters.expired++;
	lma_delete(lma, bce, "binding-expired", now, out);
}

static void try_again(struct lma *lma, struct bce *bce, struct now now,
		      struct outbox *out)
{
	lma_repair(bce, now, out);
	lma_arm(lma, bce);
}

void lma_on_timer(struct lma *lma, struct now now, struct outbox *out)
{
	struct lma_delayed *delayed;
	struct timer *timer;
	struct bce *bce;

	lma_groups_start(lma, out);
	while ((delayed = lma_take_due(lma, now.mono_ms))) {
		lma->counters.delays_timed_out++;
		lma_end_delay(lma, delayed, now, out);
	}
	/* First, as who is let go of may be over as well. */
	lma_groups_on_timer(lma, now, out);
	while ((timer = timers_take(&lma->timers, now.mono_ms))) {
		bce = (struct bce *)((char *)timer -
				     offsetof(struct bce, timer));
		if (bce->operation)
			timer_set(&lma->timers, timer,
				  now.mono_ms + LMA_BUSY_RETRY_MS);
		else if (bce->group || now.mono_ms < bce->now.expires_ms)
			try_again(lma, bce, now, out);
		else
			end(lma, bce, now, out);
	}
	lma_notices_on_timer(lma, now, out);
	revocations_on_timer(&lma->revocations, now, out);
	if (lma->start_again_ms && lma->start_again_ms <= now.mono_ms)
		lma_start(lma, out);
}

uint64_t lma_next_timer(const struct lma *lma)
{
	uint64_t session = timers_next(&lma->timers);
	uint64_t wait = timers_next(&lma->waits);
	uint64_t notice = timers_next(&lma->notices);
	uint64_t revocation = timers_next(&lma->revocations.timers);
	uint64_t group = timers_next(&lma->groups.timers);
	uint64_t next = session < wait ? session : wait;

	next = next < notice ? next : notice;
	next = next < group ? next : group;
	next = next < revocation ? next : revocation;
	return lma->start_again_ms && lma->start_again_ms < next ?
	       lma->start_again_ms : next;
}

/*
 * It was over before it was renewed: without another path its binding went, and
 * with that its flows; what there is was made anew, and has none.
 */
static void note_renewed(struct lma *lma, struct bce *bce, struct now now)
{
	if (lma_has_flows(bce))
		lma_doubt(lma, bce, now.mono_ms);
}

void lma_on_path_expired(struct lma *lma, const struct mh_prefix *hnp,
			 uint16_t bid, uint32_t generation, struct now now,
			 struct outbox *out)
{
	struct bce *any = bc_by_prefix(&lma->bc, hnp), *bce;

	if (!any || !bce_has_prefix(any, hnp))
		return;
	bce = lma_path_by_bid(any, bid);
	if (!bce)
		note_renewed(lma, any, now);
	else if (bce->operation || bce->now.generation != generation)
		note_renewed(lma, bce, now);
	else
		end(lma, bce, now, out);
}
