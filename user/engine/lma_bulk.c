// SPDX-License-Identifier: GPL-2.0
/*
 * Updates for groups (RFC 6602 5.2.3): all of those that one names, or none, and
 * at the same cost however many sessions they have.
 */
#include <errno.h>
#include <stdlib.h>

#include "alloc.h"
#include "lma_bulk.h"
#include "lma_internal.h"

/**
 * struct scope - what an update is for
 * @mag: its gateway
 * @count: how many groups
 * @room: how many fit
 * @groups: those
 * @repeats: it was accepted already
 * @reason: why it is refused, for the operator: a constant string
 * @difference_ms: how far the gateway's clock is before ours, where it is for that
 */
struct scope {
	struct in6_addr mag;
	unsigned int count;
	unsigned int room;
	struct lma_group **groups;
	bool repeats;
	const char *reason;
	int64_t difference_ms;
};

/* With both the flag and a session it is that of the session, which is to join. */
bool lma_is_bulk(const struct lma_request *request)
{
	return request->policy.accepts_bulk &&
	       request->bu.flags & MH_BU_PROXY &&
	       request->bu.options.group_count &&
	       !(request->bu.flags & MH_BU_BULK &&
		 mh_names_session(&request->bu.options));
}

/* --- Which groups. */

static void add(struct scope *scope, struct lma_group *group)
{
	unsigned int i;

	for (i = 0; i < scope->count; i++)
		if (scope->groups[i] == group)
			return;
	if (scope->count == scope->room) {
		scope->room = scope->room ? 2 * scope->room : 4;
		scope->groups = must_realloc(scope->groups, scope->room *
					     sizeof(struct lma_group *));
	}
	scope->groups[scope->count++] = group;
}

static void add_all(const struct lma *lma, struct scope *scope)
{
	struct lma_group *group, *next;

	HASH_ITER(by_name, lma->groups.by_name, group, next)
		if (IN6_ARE_ADDR_EQUAL(&group->name.mag, &scope->mag) &&
		    !group->ending)
			add(scope, group);
}

/* One that is not known makes all of it void. */
static bool find_groups(const struct lma *lma, const struct lma_request *request,
			struct scope *scope)
{
	const struct mh_options *options = &request->bu.options;
	struct lma_group *group;
	unsigned int i;

	for (i = 0; i < options->group_count; i++) {
		if (options->group[i] == MH_GROUP_ALL_SESSIONS) {
			add_all(lma, scope);
			continue;
		}
		group = lma_group_find(lma, &scope->mag, options->group[i]);
		if (!group || group->ending)
			return false;
		add(scope, group);
	}
	return scope->count;
}

/* --- In which order. */

static uint8_t out_of_order(struct scope *scope, uint8_t status,
			    const char *reason)
{
	scope->reason = reason;
	return status;
}

static uint8_t check_sequence(const struct lma_request *request,
			      struct scope *scope)
{
	const struct lma_group *group;
	unsigned int i;
	int16_t ahead;

	for (i = 0; i < scope->count; i++) {
		group = scope->groups[i];
		ahead = (int16_t)(request->bu.sequence - group->now.sequence);
		/* None was before. */
		if (!group->now.received || ahead > 0)
			continue;
		if (ahead)
			return out_of_order(scope, MH_SEQUENCE_OUT_OF_WINDOW,
					    "sequence number is not newer");
		scope->repeats = true;
	}
	return MH_ACCEPTED;
}

/*
 * It has to be newer than the last one for the group, and than the update that
 * the group began with, so that none of an earlier group of the same name counts.
 *
 * It need not be newer than updates of members, the per-session ordering rule,
 * which would have to look at each. A member that has moved, was de-registered or
 * has left is none any more, whichever came first. One that has joined since, or
 * has come back, is with that gateway by an update newer than this one: it is
 * extended by what its gateway has sent before it knew, and gets the same with
 * the next one. And an update of a session is compared with those of the session
 * alone, so that what this one has overtaken, as a de-registration, still counts.
 */
static uint8_t check_timestamp(const struct lma *lma,
			       const struct lma_request *request,
			       struct scope *scope, struct now now)
{
	uint64_t timestamp = request->bu.options.timestamp;
	const struct lma_group *group;
	unsigned int i;

	for (i = 0; i < scope->count; i++) {
		group = scope->groups[i];
		if (timestamp > group->now.timestamp)
			continue;
		if (timestamp < group->now.timestamp || !group->now.received ||
		    request->bu.sequence != group->now.sequence)
			return out_of_order(scope,
					    MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED,
					    "timestamp is not newer than the last accepted");
		scope->repeats = true;
	}
	if (scope->repeats ||
	    lma_clock_agrees(lma, timestamp, now, &scope->difference_ms))
		return MH_ACCEPTED;
	return out_of_order(scope, MH_TIMESTAMP_MISMATCH,
			    "clocks differ by more than TimestampValidityWindow");
}

/*
 * Groups that began after an update for all of them are not meant by it: what its
 * gateway repeats, it has sent before.
 */
static void drop_younger(const struct lma_request *request, struct scope *scope)
{
	const struct lma_renewal *renewal;
	unsigned int i, count = 0;

	for (i = 0; i < scope->count; i++) {
		renewal = &scope->groups[i]->now;
		if (renewal->received ||
		    request->bu.options.timestamp > renewal->timestamp)
			scope->groups[count++] = scope->groups[i];
	}
	if (count)
		scope->count = count;
}

static bool is_for_all(const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;

	return options->group_count == 1 &&
	       options->group[0] == MH_GROUP_ALL_SESSIONS;
}

static uint8_t check_order(const struct lma *lma,
			   const struct lma_request *request,
			   struct scope *scope, struct now now)
{
	if (!request->bu.options.has_timestamp ||
	    !lma->config.timestamp_based_approach_in_use)
		return check_sequence(request, scope);
	if (is_for_all(request))
		drop_younger(request, scope);
	return check_timestamp(lma, request, scope, now);
}

static uint8_t judge(const struct lma *lma, const struct lma_request *request,
		     struct scope *scope, struct now now)
{
	if (!request->policy.mag_authorized) {
		scope->reason = "gateway may not register mobile nodes";
		return MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG;
	}
	if (mh_names_session(&request->bu.options)) {
		scope->reason = "names both groups and a session";
		return MH_INVALID_MN_GROUP_IDENTIFIER;
	}
	/* What that would mean is not defined. */
	if (!request->bu.lifetime) {
		scope->reason = "groups are not de-registered";
		return MH_ADMINISTRATIVELY_PROHIBITED;
	}
	if (!find_groups(lma, request, scope)) {
		scope->reason = "gateway has no such group";
		return MH_INVALID_MN_GROUP_IDENTIFIER;
	}
	return check_order(lma, request, scope, now);
}

/* --- The answer. */

static void acknowledge(struct transaction *transaction,
			const struct lma_request *request, uint8_t status,
			uint16_t lifetime, struct now now)
{
	struct effect *effect = transaction_add(transaction, EFFECT_SEND);
	struct mh_binding_ack *ba = &effect->send.message->ba;

	effect->send.src = request->dst;
	effect->send.dst = request->src;
	effect->send.message->type = MH_BINDING_ACK;
	ba->status = status;
	ba->flags = MH_BA_PROXY;
	if (request->bu.flags & MH_BU_BULK)
		ba->flags |= MH_BA_BULK;
	ba->sequence = request->bu.sequence;
	ba->lifetime = lifetime;
	/* What it names, it is answered with. */
	ba->options = request->bu.options;
	ba->options.has_alt_coa = false;
	ba->options.has_gre_key = false;
	ba->options.has_ipv4_request = false;
	/* RFC 5213 5.5 */
	if (status == MH_TIMESTAMP_MISMATCH ||
	    status == MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED)
		ba->options.timestamp = now.wall;
}

static void refuse(struct lma *lma, const struct lma_request *request,
		   const struct scope *scope, uint8_t status, struct now now,
		   struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	const struct mh_options *options = &request->bu.options;
	struct report *report;

	lma->counters.refused++;
	lma->counters.bulk_refused++;
	lma->counters.timestamp_mismatches += status == MH_TIMESTAMP_MISMATCH;
	acknowledge(transaction, request, status, 0, now);
	report = transaction_report(transaction, REPORT_WARNING,
				    "bulk-pbu-refused", NULL);
	report->has_peer = true;
	report->peer = request->src;
	report->group = options->group[0];
	report->status = status;
	report->has_difference = status == MH_TIMESTAMP_MISMATCH;
	report->difference_ms = scope->difference_ms;
	report->reason = scope->reason;
}

/* --- What is under way. */

struct lma_bulk *lma_bulk_find(const struct lma *lma, void *owner)
{
	struct lma_bulk *bulk;

	HASH_FIND(by_owner, lma->groups.bulks, &owner, sizeof(owner), bulk);
	return bulk;
}

static struct lma_bulk *begin(struct lma *lma, struct lma_group *const *groups,
			      unsigned int count,
			      const struct lma_request *request)
{
	struct lma_bulk *bulk = must_alloc(sizeof(*bulk) +
					   count * sizeof(struct lma_group *));
	unsigned int i;

	bulk->self = bulk;
	bulk->repairs = !request;
	if (request) {
		bulk->src = request->src;
		bulk->dst = request->dst;
		bulk->bu = request->bu;
	}
	bulk->count = count;
	for (i = 0; i < count; i++) {
		bulk->groups[i] = groups[i];
		groups[i]->bulk = bulk;
		groups[i]->before = groups[i]->now;
	}
	HASH_ADD(by_owner, lma->groups.bulks, self, sizeof(void *), bulk);
	return bulk;
}

static uint16_t grant(const struct lma *lma, const struct lma_request *request,
		      const struct scope *scope)
{
	uint16_t lifetime = lma_grant_lifetime(lma, request);
	unsigned int i;

	for (i = 0; i < scope->count; i++)
		if (scope->groups[i]->most < lifetime)
			lifetime = scope->groups[i]->most;
	return lifetime;
}

static void renew(struct lma *lma, struct lma_group *group,
		  const struct lma_request *request, uint16_t lifetime,
		  struct now now)
{
	struct lma_renewal *renewal = &group->now;

	renewal->lifetime = lifetime;
	renewal->expires_ms = now.mono_ms +
			      (uint64_t)lifetime * LIFETIME_UNIT_MS;
	if (request->bu.options.has_timestamp)
		renewal->timestamp = request->bu.options.timestamp;
	renewal->received = now.wall;
	renewal->sequence = request->bu.sequence;
	renewal->generation++;
	timer_set(&lma->groups.timers, &group->timer, renewal->expires_ms);
}

static void report_renewed(struct transaction *transaction,
			   const struct lma_group *group)
{
	struct report *report = lma_report_group(transaction, REPORT_INFO,
						 "group-renewed", group);

	report->lifetime_s = (int64_t)group->now.lifetime * LIFETIME_UNIT_MS /
			     1000;
}

static void renew_all(struct lma *lma, const struct lma_request *request,
		      const struct scope *scope, struct now now,
		      struct outbox *out)
{
	struct lma_bulk *bulk = begin(lma, scope->groups, scope->count,
				      request);
	struct transaction *transaction = transaction_new(out, bulk);
	uint16_t lifetime = grant(lma, request, scope);
	unsigned int i;

	for (i = 0; i < scope->count; i++) {
		renew(lma, scope->groups[i], request, lifetime, now);
		lma_put_group(transaction, scope->groups[i], now);
	}
	acknowledge(transaction, request, MH_ACCEPTED, lifetime, now);
	for (i = 0; i < scope->count; i++)
		report_renewed(transaction, scope->groups[i]);
}

/* Its acknowledgement was lost: what that has granted is less by now. */
static void repeat(struct lma *lma, const struct lma_request *request,
		   const struct scope *scope, struct now now,
		   struct outbox *out)
{
	uint16_t rest = lma_group_rest(scope->groups[0], now), other;
	unsigned int i;

	for (i = 1; i < scope->count; i++) {
		other = lma_group_rest(scope->groups[i], now);
		rest = other < rest ? other : rest;
	}
	if (rest)
		acknowledge(transaction_new(out, NULL), request, MH_ACCEPTED,
			    rest, now);
	else
		lma->counters.pbu_ignored++;
}

/* Or not known to stand yet: the first member is just being set up. */
static bool is_busy(const struct scope *scope)
{
	unsigned int i;

	for (i = 0; i < scope->count; i++)
		if (scope->groups[i]->bulk || !scope->groups[i]->stands)
			return true;
	return false;
}

void lma_on_bulk(struct lma *lma, const struct lma_request *request,
		 struct now now, struct outbox *out)
{
	struct scope scope = { .mag = *lma_proxy_coa(request) };
	uint8_t status = judge(lma, request, &scope, now);

	lma->counters.bulk_received++;
	/* Its sender repeats it, until what is under way is answered. */
	if (is_busy(&scope))
		lma->counters.pbu_ignored++;
	else if (status != MH_ACCEPTED)
		refuse(lma, request, &scope, status, now, out);
	else if (scope.repeats)
		repeat(lma, request, &scope, now, out);
	else
		renew_all(lma, request, &scope, now, out);
	free(scope.groups);
}

void lma_bulk_repair(struct lma *lma, struct lma_group *group, bool store,
		     struct now now, struct outbox *out)
{
	struct lma_bulk *bulk = begin(lma, &group, 1, NULL);
	struct transaction *transaction = transaction_new(out, bulk);

	group->now.generation++;
	if (store)
		lma_put_group(transaction, group, now);
	else
		lma_put_set(transaction, group, now);
}

void lma_bulk_stop(struct lma *lma, struct lma_group *group,
		   struct revocation *revocation, struct now now,
		   struct outbox *out)
{
	struct lma_bulk *bulk = begin(lma, &group, 1, NULL);
	struct transaction *transaction = transaction_new(out, bulk);

	bulk->stops = revocation;
	revocation_stopping(revocation);
	group->now.generation++;
	lma_put_group(transaction, group, now);
	lma_report_group(transaction, REPORT_INFO, "group-revoked", group);
}

/* --- What has ended. */

static void count_success(struct lma *lma, const struct lma_bulk *bulk)
{
	unsigned int i;

	if (bulk->repairs)
		return;
	lma->counters.accepted++;
	lma->counters.bulk_accepted++;
	for (i = 0; i < bulk->count; i++)
		lma->counters.bulk_renewed += bulk->groups[i]->count;
}

/* Part of what failed may stand: what comes now must be told from it. */
static void go_back(struct lma *lma, struct lma_group *group, struct now now,
		    struct outbox *out)
{
	uint32_t generation = group->now.generation;

	group->now = group->before;
	group->now.generation = generation;
	timer_set(&lma->groups.timers, &group->timer, group->now.expires_ms);
	if (group->count)
		lma_bulk_repair(lma, group, true, now, out);
}

static void say_failed(struct lma *lma, const struct lma_bulk *bulk, int error,
		       struct now now, struct outbox *out)
{
	struct lma_request request = {
		.src = bulk->src,
		.dst = bulk->dst,
		.bu = bulk->bu,
	};
	struct scope scope = { .reason = "groups could not be renewed" };

	lma->counters.failed++;
	refuse(lma, &request, &scope, lma_failure_status(error), now, out);
}

/*
 * What is not there any more is stopped. In case of another error each session
 * ends by itself, as if it were in no group.
 */
static void stopped(struct lma *lma, const struct lma_bulk *bulk, int error,
		    struct now now, struct outbox *out)
{
	revocation_stopped(&lma->revocations, bulk->stops,
			   error == ENOENT ? 0 : error, now, out);
}

static void group_done(struct lma *lma, const struct lma_bulk *bulk,
		       struct lma_group *group, int error, struct now now,
		       struct outbox *out)
{
	if (!error)
		group->stands = true;
	else if (bulk->repairs && !bulk->stops)
		lma_group_dissolve(lma, group, now);
	else if (!bulk->repairs)
		go_back(lma, group, now, out);
}

void lma_on_bulk_done(struct lma *lma, struct lma_bulk *bulk, int error,
		      struct now now, struct outbox *out)
{
	struct lma_group *group;
	unsigned int i;

	HASH_DELETE(by_owner, lma->groups.bulks, bulk);
	if (!error)
		count_success(lma, bulk);
	else if (!bulk->repairs)
		say_failed(lma, bulk, error, now, out);
	for (i = 0; i < bulk->count; i++) {
		group = bulk->groups[i];
		group->bulk = NULL;
		group_done(lma, bulk, group, error, now, out);
		lma_group_settle(lma, group, out);
	}
	if (bulk->stops)
		stopped(lma, bulk, error, now, out);
	free(bulk);
}
