// SPDX-License-Identifier: GPL-2.0
/*
 * Who is in which bulk group, and how a group ends.
 */
#include <stddef.h>
#include <stdlib.h>

#include <utlist.h>

#include "alloc.h"
#include "lma_bulk.h"
#include "lma_internal.h"

/* Of a gateway without identifiers of its own: the first choice, and how many. */
#define CHOICE_FIRST UINT32_MAX
#define CHOICES 256u

/* So many members of a group that is over end at once, and when the next do. */
#define END_STEP 256u
#define END_STEP_MS 1u

/* --- All groups. */

struct lma_group *lma_group_find(const struct lma *lma,
				 const struct in6_addr *mag, uint32_t number)
{
	struct lma_group_name name = { .mag = *mag, .number = number };
	struct lma_group *group;

	HASH_FIND(by_name, lma->groups.by_name, &name, sizeof(name), group);
	return group;
}

struct lma_group *lma_group_by_set(const struct lma *lma, uint32_t set)
{
	struct lma_group *group;

	HASH_FIND(by_set, lma->groups.by_set, &set, sizeof(set), group);
	return group;
}

struct lma_group *lma_group_insert(struct lma *lma,
				   const struct lma_group_name *name,
				   uint32_t set)
{
	struct lma_group *group = must_alloc(sizeof(*group));

	group->name = *name;
	group->set = set;
	HASH_ADD(by_name, lma->groups.by_name, name, sizeof(group->name),
		 group);
	HASH_ADD(by_set, lma->groups.by_set, set, sizeof(group->set), group);
	return group;
}

static void forget_group(struct lma *lma, struct lma_group *group)
{
	timer_cancel(&lma->groups.timers, &group->timer);
	HASH_DELETE(by_name, lma->groups.by_name, group);
	HASH_DELETE(by_set, lma->groups.by_set, group);
	free(group);
}

void lma_groups_free(struct lma *lma)
{
	struct lma_groups *groups = &lma->groups;
	struct lma_bulk *bulk, *next;

	HASH_ITER(by_owner, groups->bulks, bulk, next) {
		HASH_DELETE(by_owner, groups->bulks, bulk);
		free(bulk);
	}
	free(groups->restored);

	while (groups->by_set)
		forget_group(lma, groups->by_set);
	timers_free(&groups->timers);
}

static uint32_t fresh_set(struct lma *lma)
{
	struct lma_groups *groups = &lma->groups;

	do {
		groups->next_set = groups->next_set < EXPIRY_SET_MAX ?
				   groups->next_set + 1 : 1;
	} while (lma_group_by_set(lma, groups->next_set));
	return groups->next_set;
}

/* --- Membership. */

uint64_t lma_expires_ms(const struct bce *bce)
{
	return bce->group ? bce->group->now.expires_ms : bce->now.expires_ms;
}

void lma_arm(struct lma *lma, struct bce *bce)
{
	if (bce->group)
		timer_cancel(&lma->timers, &bce->timer);
	else
		timer_set(&lma->timers, &bce->timer, bce->now.expires_ms);
}

struct lma_group *lma_group_hold(struct lma_group *group)
{
	if (group)
		group->holds++;
	return group;
}

void lma_group_join(struct lma_group *group, struct bce *bce)
{
	bce->group = group;
	DL_PREPEND2(group->first, bce, group_prev, group_next);
	group->count++;
}

void lma_group_leave(struct lma *lma, struct bce *bce)
{
	struct lma_group *group = bce->group;

	if (!group)
		return;
	DL_DELETE2(group->first, bce, group_prev, group_next);
	group->count--;
	bce->group = NULL;
	lma->counters.groups_left++;
}

void lma_group_go_back(struct lma *lma, struct bce *bce,
		       struct lma_group *group)
{
	if (bce->group == group)
		return;
	lma_group_leave(lma, bce);
	if (!group)
		return;
	if (group->ending)
		bce->now.expires_ms = group->now.expires_ms;
	else
		lma_group_join(group, bce);
}

/* --- Who joins which. */

uint16_t lma_group_rest(const struct lma_group *group, struct now now)
{
	uint64_t end = lma_group_end_ms(group), rest;

	if (end <= now.mono_ms)
		return 0;
	rest = (end - now.mono_ms) / LIFETIME_UNIT_MS;
	return rest < group->most ? (uint16_t)rest : group->most;
}

/*
 * A session whose profile does not allow it what others of the group are granted
 * would be extended beyond that.
 */
static bool takes(const struct lma *lma, const struct lma_group *group,
		  const struct lma_request *request, struct now now)
{
	return !group->ending && lma_group_rest(group, now) &&
	       lma_most_lifetime(lma, &request->policy) >= group->most;
}

/*
 * One that gets other prefixes is to be refreshed by itself until its gateway has
 * said that it knows which.
 */
static bool asks(const struct lma *lma, const struct bce *bce,
		 const struct lma_request *request)
{
	return request->bu.flags & MH_BU_BULK && request->bu.lifetime &&
	       request->policy.accepts_bulk && !lma->groups.unsupported &&
	       !bce->pending.count && !bce->former.count;
}

/* Of the gateway's choice, or 0. */
static uint32_t asked_for(const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;

	return options->group_count &&
	       options->group[0] != MH_GROUP_ALL_SESSIONS ?
	       options->group[0] : MH_GROUP_RESERVED;
}

/*
 * The first of those of the anchor's choice that takes it, or that there is not
 * yet. One that the gateway begins itself later by such an identifier is this one,
 * which it was told, as by the draft before RFC 6602.
 */
static uint32_t choose(const struct lma *lma, const struct lma_request *request,
		       struct now now)
{
	const struct in6_addr *mag = lma_proxy_coa(request);
	const struct lma_group *group;
	uint32_t i;

	for (i = 0; i < CHOICES; i++) {
		group = lma_group_find(lma, mag, CHOICE_FIRST - i);
		if (!group || takes(lma, group, request, now))
			return CHOICE_FIRST - i;
	}
	return MH_GROUP_RESERVED;
}

static struct lma_group *begin_group(struct lma *lma, const struct bce *bce,
				     const struct lma_request *request,
				     uint32_t number, struct now now)
{
	struct lma_group_name name = {
		.mag = *lma_proxy_coa(request),
		.number = number,
	};
	struct lma_group *group = lma_group_insert(lma, &name, fresh_set(lma));

	group->most = lma_most_lifetime(lma, &request->policy);
	group->now.lifetime = bce->now.lifetime;
	group->now.expires_ms = now.mono_ms +
				(uint64_t)bce->now.lifetime * LIFETIME_UNIT_MS;
	if (request->bu.options.has_timestamp)
		group->now.timestamp = request->bu.options.timestamp;
	timer_set(&lma->groups.timers, &group->timer, group->now.expires_ms);
	return group;
}

static struct lma_group *place_for(struct lma *lma, const struct bce *bce,
				   const struct lma_request *request,
				   struct now now)
{
	const struct in6_addr *mag = lma_proxy_coa(request);
	uint32_t number = asked_for(request);
	struct lma_group *group = bce->group;

	if (!asks(lma, bce, request))
		return NULL;
	/* Whichever it is in will do, if it is one with this gateway. */
	if (!number && group && IN6_ARE_ADDR_EQUAL(&group->name.mag, mag) &&
	    takes(lma, group, request, now))
		return group;
	if (!number)
		number = choose(lma, request, now);
	if (!number)
		return NULL;
	group = lma_group_find(lma, mag, number);
	if (!group)
		return begin_group(lma, bce, request, number, now);
	return takes(lma, group, request, now) ? group : NULL;
}

void lma_group_place(struct lma *lma, struct bce *bce,
		     const struct lma_request *request, struct now now)
{
	struct lma_group *group = place_for(lma, bce, request, now);
	uint16_t rest;

	if (group != bce->group) {
		lma_group_leave(lma, bce);
		revoking_forwards(bce->revoking);
		if (group) {
			lma_group_join(group, bce);
			lma->counters.groups_joined++;
		}
	}
	lma->counters.groups_denied += !group && request->bu.flags & MH_BU_BULK;
	if (!group)
		return;
	bce->operation->joins = lma_group_hold(group);
	rest = lma_group_rest(group, now);
	if (rest < bce->now.lifetime)
		bce->now.lifetime = rest;
}

/* --- Its end. */

struct report *lma_report_group(struct transaction *transaction,
				enum report_level level, const char *event,
				const struct lma_group *group)
{
	struct report *report = transaction_report(transaction, level, event,
						   NULL);

	report->has_peer = true;
	report->peer = group->name.mag;
	report->group = group->name.number;
	report->bindings = group->count;
	return report;
}

static void end_group(struct lma *lma, struct lma_group *group,
		      struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);

	transaction_add(transaction, EFFECT_STORE_DELETE)->store.key =
		lma_group_key(group);
	transaction_add(transaction, EFFECT_EXPIRY_SET_DELETE)->set.id =
		group->set;
	lma_report_group(transaction, REPORT_DEBUG, "group-ended", group);
	forget_group(lma, group);
}

void lma_group_settle(struct lma *lma, struct lma_group *group,
		      struct outbox *out)
{
	if (!group->count && !group->holds && !group->bulk)
		end_group(lma, group, out);
}

void lma_group_release(struct lma *lma, struct lma_group *group,
		       struct outbox *out)
{
	if (!group)
		return;
	group->holds--;
	lma_group_settle(lma, group, out);
}

void lma_group_expire(struct lma *lma, struct lma_group *group,
		      struct now now, struct outbox *out)
{
	if (group->ending)
		return;
	group->ending = true;
	if (group->now.expires_ms > now.mono_ms)
		group->now.expires_ms = now.mono_ms;
	lma->counters.groups_expired++;
	timer_set(&lma->groups.timers, &group->timer, now.mono_ms);
	lma_report_group(transaction_new(out, NULL), REPORT_INFO,
			 "group-expired", group);
}

bool lma_group_revoke(struct lma *lma, struct lma_group *group,
		      struct revocation *revocation, struct now now,
		      struct outbox *out)
{
	if (group->ending || group->bulk || !group->stands)
		return false;
	group->ending = true;
	group->revoked = true;
	if (group->now.expires_ms > now.mono_ms)
		group->now.expires_ms = now.mono_ms;
	timer_cancel(&lma->groups.timers, &group->timer);
	lma_bulk_stop(lma, group, revocation, now, out);
	return true;
}

void lma_group_dissolve(struct lma *lma, struct lma_group *group,
			struct now now)
{
	if (group->ending)
		return;
	group->ending = true;
	group->dissolves = true;
	timer_set(&lma->groups.timers, &group->timer, now.mono_ms);
}

/* One that something is under way for ends after that. */
static void end_member(struct lma *lma, struct bce *bce, struct now now,
		       struct outbox *out)
{
	bce->now.expires_ms = now.mono_ms;
	if (bce->operation) {
		lma_group_leave(lma, bce);
		lma_arm(lma, bce);
		return;
	}
	lma->counters.expired++;
	lma_delete(lma, bce, "binding-expired", now, out);
}

static void let_go(struct lma *lma, struct lma_group *group, struct bce *bce,
		   struct now now, struct outbox *out)
{
	bce->now.expires_ms = group->now.expires_ms;
	bce->now.lifetime = lma_group_rest(group, now);
	lma_stand_alone(lma, bce, now, out);
}

static void end_some(struct lma *lma, struct lma_group *group, struct now now,
		     struct outbox *out)
{
	unsigned int i;

	for (i = 0; i < END_STEP && group->first; i++)
		if (group->dissolves)
			let_go(lma, group, group->first, now, out);
		else
			end_member(lma, group->first, now, out);
	if (group->first)
		timer_set(&lma->groups.timers, &group->timer,
			  now.mono_ms + END_STEP_MS);
}

void lma_groups_on_timer(struct lma *lma, struct now now, struct outbox *out)
{
	struct lma_group *group;
	struct timer *timer;

	while ((timer = timers_take(&lma->groups.timers, now.mono_ms))) {
		group = (struct lma_group *)((char *)timer -
					     offsetof(struct lma_group, timer));
		if (group->bulk)
			timer_set(&lma->groups.timers, timer,
				  now.mono_ms + LMA_BUSY_RETRY_MS);
		else if (!group->ending)
			lma_group_expire(lma, group, now, out);
		else
			end_some(lma, group, now, out);
	}
}

void lma_on_set_expired(struct lma *lma, uint32_t set, uint32_t generation,
			struct now now, struct outbox *out)
{
	struct lma_group *group = lma_group_by_set(lma, set);

	if (group && !group->bulk && group->now.generation == generation)
		lma_group_expire(lma, group, now, out);
}
