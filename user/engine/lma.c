// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "lma_internal.h"

/* How soon to look again at a session that is busy when its time comes. */
#define BUSY_RETRY_MS 100u

void lma_init(struct lma *lma, const struct lma_config *config)
{
	memset(lma, 0, sizeof(*lma));
	lma->config = *config;
	lma->rng.state = config->seed;
	lma->next_id = 1;
}

void lma_free(struct lma *lma)
{
	struct bce *bce;

	for (bce = bc_next(&lma->bc, NULL); bce; bce = bc_next(&lma->bc, bce)) {
		free(bce->operation);
		free(bce->waiting);
	}
	bc_free(&lma->bc);
	lma_unreserve_all(lma);
	prefix_pool_free(&lma->pool);
	timers_free(&lma->timers);
}

static void add_routes(struct lma *lma, struct transaction *transaction,
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

void lma_start(struct lma *lma, struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	struct effect *effect;
	struct bce *bce;
	unsigned int i;

	for (i = 0; i < lma->pool.count; i++) {
		effect = transaction_add(transaction, EFFECT_ROUTE_ADD);
		effect->route.prefix = *prefix_pool_range(&lma->pool, i);
	}
	for (bce = bc_next(&lma->bc, NULL); bce; bce = bc_next(&lma->bc, bce))
		add_routes(lma, transaction, bce, EFFECT_ROUTE_ADD);
}

static struct report *report_on(struct transaction *transaction,
				enum report_level level, const char *event,
				const struct bce *bce)
{
	struct mh_mn_id mn_id;
	struct report *report;

	bce_mn_id(bce, &mn_id);
	report = transaction_report(transaction, level, event, &mn_id);
	report->has_hnp = true;
	report->hnp = bce->prefixes[0].prefix;
	report->has_peer = true;
	report->peer = bce->now.proxy_coa;
	return report;
}

struct lma_operation *lma_begin(struct bce *bce, enum lma_action action,
				const struct lma_request *request)
{
	struct lma_operation *operation = must_alloc(sizeof(*operation));

	operation->action = action;
	operation->before = bce->now;
	operation->link_local = bce->link_local;
	if (request)
		operation->request = *request;
	bce->operation = operation;
	return operation;
}

void lma_set_forwarding(struct transaction *transaction, struct bce *bce,
			struct now now)
{
	struct effect *effect;
	unsigned int i;

	bce->now.generation++;
	for (i = 0; i < bce->prefix_count; i++) {
		effect = transaction_add(transaction, EFFECT_BINDING_SET);
		effect->binding.hnp = bce->prefixes[i].prefix;
		effect->binding.cookie = bce->id;
		effect->binding.generation = bce->now.generation;
		/* RFC 5213 5.3.5 (4): what waits for its deletion drops. */
		if (bce->now.state == BCE_DEREGISTERED ||
		    bce->now.expires_ms <= now.mono_ms)
			continue;
		effect->binding.has_path = true;
		effect->binding.remote = bce->now.proxy_coa;
		effect->binding.lifetime_ms = bce->now.expires_ms - now.mono_ms;
	}
}

void lma_delete(struct lma *lma, struct bce *bce, const char *event,
		struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, bce);
	struct effect *effect;
	unsigned int i;

	timer_cancel(&lma->timers, &bce->timer);
	lma_begin(bce, LMA_DELETE, NULL);
	effect = transaction_add(transaction, EFFECT_STORE_DELETE);
	effect->store.key = bce->id;
	for (i = 0; i < bce->prefix_count; i++) {
		effect = transaction_add(transaction, EFFECT_BINDING_DELETE);
		effect->binding.hnp = bce->prefixes[i].prefix;
	}
	add_routes(lma, transaction, bce, EFFECT_ROUTE_DELETE);
	report_on(transaction, REPORT_INFO, event, bce);
}

/* What RFC 5213 5.1 keeps of an accepted PBU. */
static void note_registration(struct lma *lma, struct bce *bce,
			      const struct lma_request *request,
			      struct now now)
{
	const struct mh_options *options = &request->bu.options;

	bce->now.proxy_coa = *lma_proxy_coa(request);
	bce->now.timestamp = options->has_timestamp ? options->timestamp : 0;
	bce->now.received = now.wall;
	bce->now.sequence = request->bu.sequence;
	bce->now.att = options->att;
	bce->now.ll_id = options->ll_id;
	bce->now.state = BCE_ACTIVE;
	bce->now.lifetime = lma_grant_lifetime(lma, request);
	bce->now.expires_ms = now.mono_ms +
			      (uint64_t)bce->now.lifetime * LIFETIME_UNIT_MS;
	timer_set(&lma->timers, &bce->timer, bce->now.expires_ms);
}

static void report_accepted(struct transaction *transaction,
			    const struct bce *bce,
			    const struct lma_operation *operation)
{
	enum report_level level = REPORT_INFO;
	const char *event = "binding-created";
	struct report *report;

	switch (operation->action) {
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
	report = report_on(transaction, level, event, bce);
	report->lifetime_s = (int64_t)bce->now.lifetime * LIFETIME_UNIT_MS /
			     1000;
	if (operation->action == LMA_HANDOVER) {
		report->has_previous = true;
		report->previous = operation->before.proxy_coa;
	}
}

/* State first, the acknowledgement last. */
static void carry_out(struct lma *lma, struct bce *bce, struct now now,
		      struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, bce);
	const struct lma_operation *operation = bce->operation;

	lma_set_forwarding(transaction, bce, now);
	lma_put_record(transaction, bce, now);
	if (operation->action == LMA_CREATE)
		add_routes(lma, transaction, bce, EFFECT_ROUTE_ADD);
	lma_acknowledge(transaction, &operation->request, bce, MH_ACCEPTED,
			now);
	report_accepted(transaction, bce, operation);
}

static void send_refusal(struct lma *lma, const struct lma_request *request,
			 const struct lma_verdict *verdict, struct now now,
			 struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	struct report *report;

	lma->counters.refused++;
	lma_acknowledge(transaction, request, verdict->bce,
			verdict->status, now);
	report = transaction_report(transaction, REPORT_WARNING, "pbu-refused",
				    &request->bu.options.mn_id);
	report->has_peer = true;
	report->peer = request->src;
	report->status = verdict->status;
	report->reason = verdict->reason;
}

static void create(struct lma *lma, const struct lma_request *request,
		   struct now now, struct outbox *out)
{
	const struct mh_options *options = &request->bu.options;
	struct lma_verdict none_left = {
		.status = MH_INSUFFICIENT_RESOURCES,
		.reason = "no prefix is left in any pool",
	};
	struct mh_prefix prefixes[MH_MAX_HNP];
	unsigned int count;
	struct bce *bce;

	count = lma_choose_prefixes(lma, request, prefixes);
	if (!count) {
		send_refusal(lma, request, &none_left, now, out);
		return;
	}
	bce = bc_insert(&lma->bc, lma->next_id++, &options->mn_id, prefixes,
			count);
	lma_begin(bce, LMA_CREATE, request);
	note_registration(lma, bce, request, now);
	lma_set_link_local(lma, bce, options);
	carry_out(lma, bce, now, out);
}

static void update(struct lma *lma, struct bce *bce, enum lma_action action,
		   const struct lma_request *request, struct now now,
		   struct outbox *out)
{
	lma_begin(bce, action, request);
	note_registration(lma, bce, request, now);
	lma_set_link_local(lma, bce, &request->bu.options);
	carry_out(lma, bce, now, out);
}

/* RFC 5213 5.3.5 */
static void deregister(struct lma *lma, struct bce *bce,
		       const struct lma_request *request, struct now now,
		       struct outbox *out)
{
	bool waits = bce->now.state == BCE_DEREGISTERED;

	lma_begin(bce, LMA_DEREGISTER, request);
	if (!waits)
		bce->now.expires_ms = now.mono_ms +
			lma->config.min_delay_before_bce_delete_ms;
	bce->now.state = BCE_DEREGISTERED;
	bce->now.lifetime = 0;
	bce->now.sequence = request->bu.sequence;
	bce->now.timestamp = request->bu.options.has_timestamp ?
			     request->bu.options.timestamp : 0;
	bce->now.received = now.wall;
	timer_set(&lma->timers, &bce->timer, bce->now.expires_ms);
	carry_out(lma, bce, now, out);
}

static void repeat(const struct bce *bce, const struct lma_request *request,
		   struct now now, struct outbox *out)
{
	lma_acknowledge(transaction_new(out, NULL), request, bce,
			MH_ACCEPTED, now);
}

/* The newest of those that wait is the one that counts. */
static void keep_waiting(struct bce *bce, const struct lma_request *request,
			 uint64_t wall)
{
	const struct mh_options *newer = &request->bu.options, *waits;

	waits = bce->waiting ? &bce->waiting->request.bu.options : NULL;
	if (waits && waits->has_timestamp && newer->has_timestamp &&
	    newer->timestamp < waits->timestamp)
		return;
	if (!bce->waiting)
		bce->waiting = must_alloc(sizeof(*bce->waiting));
	bce->waiting->request = *request;
	bce->waiting->wall = wall;
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

/* @wall: when it came; it may have waited since. */
static void handle_pbu(struct lma *lma, const struct lma_request *request,
		       uint64_t wall, struct now now, struct outbox *out)
{
	struct now then = { .mono_ms = now.mono_ms, .wall = wall };
	struct lma_verdict verdict = lma_judge(lma, request, then);
	struct bce *bce = verdict.bce;

	if (bce && bce->operation) {
		keep_waiting(bce, request, wall);
		return;
	}
	switch (verdict.action) {
	case LMA_REFUSE:
		send_refusal(lma, request, &verdict, now, out);
		break;
	case LMA_REPEAT:
		repeat(bce, request, now, out);
		break;
	case LMA_CREATE:
		create(lma, request, now, out);
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
	lma->counters.pbu_received++;
	handle_pbu(lma, request, now.wall, now, out);
}

/* The state that a PBU asked for does not stand: say so, and go back. */
static void roll_back(struct lma *lma, struct bce *bce,
		      const struct lma_operation *failed, int error,
		      struct now now, struct outbox *out)
{
	struct lma_verdict verdict = {
		.status = error == ENOMEM || error == ENOSPC ||
			  error == ENOBUFS ? MH_INSUFFICIENT_RESOURCES :
					     MH_REASON_UNSPECIFIED,
		.reason = "forwarding state could not be set up",
	};
	struct transaction *transaction;
	uint32_t generation;

	lma->counters.failed++;
	send_refusal(lma, &failed->request, &verdict, now, out);
	if (failed->action == LMA_CREATE) {
		lma_delete(lma, bce, "binding-rolled-back", out);
		return;
	}
	generation = bce->now.generation;
	bce->now = failed->before;
	/* Part of what failed may stand: what comes now must be told from it. */
	bce->now.generation = generation;
	bce->link_local = failed->link_local;
	timer_set(&lma->timers, &bce->timer, bce->now.expires_ms);
	lma_begin(bce, LMA_ROLL_BACK, NULL);
	transaction = transaction_new(out, bce);
	lma_set_forwarding(transaction, bce, now);
	lma_put_record(transaction, bce, now);
}

static void count_success(struct lma *lma, enum lma_action action)
{
	switch (action) {
	case LMA_CREATE:
		lma->counters.created++;
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
	default:
		return;
	}
	lma->counters.accepted++;
}

static void forget(struct lma *lma, struct bce *bce)
{
	struct mh_prefix prefixes[MH_MAX_HNP];
	unsigned int count = bce->prefix_count, i;

	for (i = 0; i < count; i++)
		prefixes[i] = bce->prefixes[i].prefix;
	timer_cancel(&lma->timers, &bce->timer);
	bc_remove(&lma->bc, bce);
	for (i = 0; i < count; i++)
		prefix_pool_release(&lma->pool, &prefixes[i]);
}

void lma_on_done(struct lma *lma, void *owner, int error, struct now now,
		 struct outbox *out)
{
	struct bce *bce = owner;
	struct lma_operation *operation = bce->operation;
	struct lma_waiting *waiting = bce->waiting;

	bce->operation = NULL;
	bce->waiting = NULL;
	if (operation->action == LMA_DELETE)
		forget(lma, bce);
	else if (error && operation->action < LMA_DELETE)
		roll_back(lma, bce, operation, error, now, out);
	else if (!error)
		count_success(lma, operation->action);
	free(operation);
	if (waiting)
		handle_pbu(lma, &waiting->request, waiting->wall, now, out);
	free(waiting);
}

static void end(struct lma *lma, struct bce *bce, struct outbox *out)
{
	if (bce->now.state == BCE_DEREGISTERED) {
		lma_delete(lma, bce, "binding-deleted", out);
		return;
	}
	lma->counters.expired++;
	lma_delete(lma, bce, "binding-expired", out);
}

void lma_on_timer(struct lma *lma, struct now now, struct outbox *out)
{
	struct timer *timer;
	struct bce *bce;

	while ((timer = timers_take(&lma->timers, now.mono_ms))) {
		bce = (struct bce *)((char *)timer -
				     offsetof(struct bce, timer));
		if (bce->operation)
			timer_set(&lma->timers, timer,
				  now.mono_ms + BUSY_RETRY_MS);
		else
			end(lma, bce, out);
	}
}

uint64_t lma_next_timer(const struct lma *lma)
{
	return timers_next(&lma->timers);
}

void lma_on_path_expired(struct lma *lma, const struct mh_prefix *hnp,
			 uint32_t generation, struct now now,
			 struct outbox *out)
{
	struct bce *bce = bc_by_prefix(&lma->bc, hnp);

	(void)now;
	if (!bce || bce->operation || bce->now.generation != generation)
		return;
	end(lma, bce, out);
}
