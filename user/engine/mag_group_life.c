// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a bulk group: its timers, and what is to be done with all members,
 * however many they are: some of them in each turn of the loop.
 */
#include <errno.h>

#include "mag_group_internal.h"

/* So many members are seen to at a time. */
#define STEP 256u

/* How soon the next are, so that others have their turn. */
#define STEP_MS 1u

/* How soon to look again at those that were busy. */
#define BUSY_RETRY_MS 100u

/* How soon to try again what has failed. */
#define RETRY_MS 1000u

void group_schedule(struct mag *mag, struct mag_group *group, struct now now)
{
	if (!group->waits && !group->ending)
		group_set_timer(mag, group, GROUP_TIMER_PBU,
				mag_refresh_at(mag, group->lifetime,
					       group->expires_ms, now));
	group_set_timer(mag, group, GROUP_TIMER_EXPIRY, group->expires_ms);
}

struct transaction *group_put_alone(struct mag_group *group, struct now now,
				    struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, group);

	group->busy++;
	group_put(transaction, group, now);
	return transaction;
}

void group_begin(struct mag *mag, struct mag_group *group,
		 enum mag_group_task task, uint64_t spread_ms, struct now now)
{
	if (group->revoked || group->tasks & (GROUP_EXPIRE | GROUP_ORPHAN))
		return;
	if (task == GROUP_EXPIRE)
		group->tasks = 0;
	if (task == GROUP_EXPIRE || task == GROUP_REGISTER)
		group->spread_ms = spread_ms;
	group->tasks |= task;
	group->begun = false;
	group_set_timer(mag, group, GROUP_TIMER_WORK, now.mono_ms);
}

static void expire(struct mag *mag, struct mag_group *group, struct now now)
{
	group->waits = false;
	group_close(group, true);
	group_cancel_timer(mag, group, GROUP_TIMER_PBU);
	group_cancel_timer(mag, group, GROUP_TIMER_EXPIRY);
	group_begin(mag, group, GROUP_EXPIRE,
		    mag_reregister_spread(mag, group->count), now);
}

void group_lose_set(struct mag *mag, struct mag_group *group, struct now now)
{
	if (group->revoked)
		return;
	group->losses++;
	group_new_set(mag, group);
	group_begin(mag, group, GROUP_RESTORE, 0, now);
}

void mag_on_set_expired(struct mag *mag, uint32_t set, uint32_t generation,
			struct now now)
{
	struct mag_group *group = group_by_set(&mag->groups, set);

	if (!group || !group->count || group->revoked)
		return;
	/* It was renewed, but too late for the data plane. */
	if (generation != group->generation)
		group_lose_set(mag, group, now);
	else
		expire(mag, group, now);
}

bool group_revoke(struct mag *mag, struct mag_group *group,
		  struct revocation *revocation, struct now now,
		  struct outbox *out)
{
	struct report *report;

	if (!group->stored || group->tasks & (GROUP_EXPIRE | GROUP_ORPHAN))
		return false;
	group_close(group, true);
	group->revoked = true;
	group->tasks = 0;
	group->begun = false;
	group->waits = false;
	group_cancel_timer(mag, group, GROUP_TIMER_PBU);
	group_cancel_timer(mag, group, GROUP_TIMER_EXPIRY);
	if (group->expires_ms > now.mono_ms)
		group->expires_ms = now.mono_ms;
	group->stops = revocation;
	group->stop_error = 0;
	revocation_stopping(revocation);
	report = transaction_report(group_put_alone(group, now, out),
				    REPORT_INFO, "group-revoked", NULL);
	report->has_peer = true;
	report->peer = group->anchor->address;
	report->group = group->id;
	report->bindings = group->count;
	return true;
}

/* With whatever else was under way for it; what is not there is stopped. */
static void stopped(struct mag *mag, struct mag_group *group, int error,
		    struct now now, struct outbox *out)
{
	struct revocation *revocation = group->stops;

	if (error && error != ENOENT)
		group->stop_error = error;
	if (group->busy || !revocation)
		return;
	group->stops = NULL;
	revocation_stopped(&mag->revocations, revocation, group->stop_error,
			   now, out);
}

void groups_on_done(struct mag *mag, struct mag_group *group, int error,
		    struct now now, struct outbox *out)
{
	group->busy--;
	stopped(mag, group, error, now, out);
	if (error == ENOENT && group->revoked)
		error = 0;
	if (error)
		group->put = false;
	if (error == ENOENT)
		group_lose_set(mag, group, now);
	else if (error)
		group_set_timer(mag, group, GROUP_TIMER_WORK,
				now.mono_ms + RETRY_MS);
	else if (!group->count && !group->asking)
		group_set_timer(mag, group, GROUP_TIMER_WORK, now.mono_ms);
}

/* --- Members. */

static void set_earlier(struct mag *mag, struct bule *bule,
			enum bule_timer_kind kind, uint64_t due)
{
	const struct timer *timer = &bule->timers[kind].timer;

	if (!timer_is_set(timer) || timer->due > due)
		mag_set_timer(mag, bule, kind, due);
}

/* What it waits for, or is asked itself, is followed by a PBU anyway. */
static void register_one(struct mag *mag, const struct mag_group *group,
			 struct bule *bule, struct now now)
{
	if (bule->state == BULE_ACTIVE && !bule->stopped && !bule->waits &&
	    !bule->unheard)
		set_earlier(mag, bule, BULE_TIMER_PBU, now.mono_ms +
			    rng_between(&mag->groups.rng, 0, group->spread_ms));
}

static void tell_one(struct mag *mag, struct bule *bule, struct now now)
{
	if (bule->state == BULE_ACTIVE && bule->forwards)
		set_earlier(mag, bule, BULE_TIMER_RA, now.mono_ms +
			    rng_between(&mag->groups.rng, 0,
					mag->config.ra_delay_ms));
}

static void expire_one(struct mag *mag, const struct mag_group *group,
		       struct bule *bule, struct now now, struct outbox *out)
{
	uint64_t ask_ms = now.mono_ms + rng_between(&mag->groups.rng, 0,
						    group->spread_ms);

	group_remove(mag, bule);
	if (bule->state == BULE_ACTIVE)
		mag_expire(mag, bule, ask_ms, now, out);
}

static void see_to(struct mag *mag, struct mag_group *group, struct bule *bule,
		   struct now now, struct outbox *out)
{
	if (group->tasks & GROUP_ORPHAN) {
		group_remove(mag, bule);
		mag_resume(mag, bule, now);
		return;
	}
	if (group->tasks & GROUP_REGISTER)
		register_one(mag, group, bule, now);
	if (group->tasks & GROUP_TELL)
		tell_one(mag, bule, now);
	if (!(group->tasks & (GROUP_EXPIRE | GROUP_RESTORE)))
		return;
	if (bule->busy)
		group->missed = true;
	else if (group->tasks & GROUP_EXPIRE)
		expire_one(mag, group, bule, now, out);
	else if (bule->state == BULE_ACTIVE && bule->member.set != group->set)
		mag_install(mag, bule, "forwarding-restored", REPORT_DEBUG,
			    false, now, out);
}

static void finish(struct mag *mag, struct mag_group *group, struct now now)
{
	group->begun = false;
	if (group->missed) {
		group_set_timer(mag, group, GROUP_TIMER_WORK,
				now.mono_ms + BUSY_RETRY_MS);
		return;
	}
	group->tasks = 0;
}

static void go_on(struct mag *mag, struct mag_group *group, struct now now,
		  struct outbox *out)
{
	struct bule *bule;
	unsigned int i;

	if (!group->begun)
		group->next_member = group->members;
	if (!group->begun)
		group->missed = false;
	group->begun = true;
	for (i = 0; i < STEP && group->next_member; i++) {
		bule = group->next_member;
		group->next_member = bule->member.next;
		see_to(mag, group, bule, now, out);
	}
	if (group->next_member)
		group_set_timer(mag, group, GROUP_TIMER_WORK,
				now.mono_ms + STEP_MS);
	/* Unless there is more to do since. */
	else if (group->begun)
		finish(mag, group, now);
}

static void work(struct mag *mag, struct mag_group *group, struct now now,
		 struct outbox *out)
{
	if (group->tasks)
		go_on(mag, group, now, out);
	if (group->count && !group->put && group->stored &&
	    !(group->tasks & GROUP_EXPIRE))
		group_put_alone(group, now, out);
	if (group->count || group->asking || group->busy)
		return;
	group_bury(transaction_new(out, NULL), group);
	group_free(mag, group);
}

void groups_on_timer(struct mag *mag, struct now now, struct outbox *out)
{
	struct mag_group_timer *timer;
	struct mag_group *group;

	while ((timer = (struct mag_group_timer *)
		timers_take(&mag->groups.timers, now.mono_ms))) {
		group = timer->group;
		switch (timer->kind) {
		case GROUP_TIMER_PBU:
			if (group->count)
				bulk_due(mag, group, now, out);
			break;
		case GROUP_TIMER_EXPIRY:
			expire(mag, group, now);
			break;
		default:
			work(mag, group, now, out);
			break;
		}
	}
}
