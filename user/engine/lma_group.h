/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bulk groups of an anchor (RFC 6602): sessions of one gateway that end at one
 * time, which one update puts off for all of them.
 *
 * A group has the name that its gateway has for it, or one of the anchor's choice
 * where the gateway has none. Both ends call it that, so gateways that send their
 * own identifier, as RFC 6602 wants it, and those that send the anchor's, as the
 * draft before it did, mean the same.
 *
 * A member has no lifetime of its own, neither here nor in the data plane, where
 * an expiry set has that of all. So nothing of a member is touched as its group
 * is renewed.
 */
#ifndef PMIP6_ENGINE_LMA_GROUP_H
#define PMIP6_ENGINE_LMA_GROUP_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <uthash.h>

#include "dataplane.h"
#include "effects.h"
#include "timer.h"
#include "types.h"

struct bce;
struct lma;
struct lma_bulk;
struct lma_policy;
struct lma_request;
struct revocation;

/**
 * struct lma_group_name - what both ends call a group
 * @mag: its gateway
 * @number: its identifier there
 */
struct lma_group_name {
	struct in6_addr mag;
	uint32_t number;
};

/**
 * struct lma_renewal - what an update of a group sets and a later one changes
 * @expires_ms: end of its lifetime
 * @timestamp: of the last one that had one; of the update that it began with
 *	until then, else 0
 * @received: when the last one came, by our clock; 0: none did
 * @lifetime: granted, in units of 4 s
 * @sequence: of the last one
 * @generation: counts what was told the data plane
 */
struct lma_renewal {
	uint64_t expires_ms;
	uint64_t timestamp;
	uint64_t received;
	uint16_t lifetime;
	uint16_t sequence;
	uint32_t generation;
};

/**
 * struct lma_group - a bulk group
 * @name: the key
 * @set: its expiry set in the data plane; another key
 * @now: as it is
 * @before: what to go back to, while @bulk
 * @most: the longest lifetime that the policy of all of its members allows, in
 *	units of 4 s
 * @stands: it is known to be stored, and its set to be there
 * @ending: its lifetime is over: it is not joined and not renewed any more, and
 *	no other one has its name until all of its members have ended
 * @dissolves: they do not end, but leave, for what they have left
 * @revoked: its members are being revoked: data plane and store have it that it
 *	is over, or will have
 * @meant: how many of its members a revocation is about, while that is counted
 * @agreed: the data plane was just found to have its set right
 * @count: how many members
 * @holds: operations of sessions that the data plane has, or will have, in its
 *	set until they have ended
 * @first: the members
 * @bulk: what is under way for it, or NULL; one at a time
 * @timer: end of its lifetime, or the next step of its end
 * @by_name: in the anchor
 * @by_set: likewise
 */
struct lma_group {
	struct lma_group_name name;
	uint32_t set;
	struct lma_renewal now;
	struct lma_renewal before;
	uint16_t most;
	bool stands;
	bool ending;
	bool dissolves;
	bool revoked;
	unsigned int meant;
	bool agreed;
	unsigned int count;
	unsigned int holds;
	struct bce *first;
	struct lma_bulk *bulk;
	struct timer timer;
	UT_hash_handle by_name;
	UT_hash_handle by_set;
};

/**
 * struct lma_membership - what a record of a session says of its group
 * @bce: the session
 * @set: the expiry set of the group
 */
struct lma_membership {
	struct bce *bce;
	uint32_t set;
};

/**
 * struct lma_groups - all of them
 * @by_name: by what both ends call them
 * @by_set: by their expiry sets
 * @bulks: what is under way for them
 * @timers: when they end
 * @next_set: number of the next expiry set, unless it is in use
 * @unsupported: the data plane knows no expiry sets, so there are none
 * @started: all records were read
 * @restored: who is in which group by those, until then
 * @restored_count: how many
 * @restored_room: how many fit
 */
struct lma_groups {
	struct lma_group *by_name;
	struct lma_group *by_set;
	struct lma_bulk *bulks;
	struct timers timers;
	uint32_t next_set;
	bool unsupported;
	bool started;
	struct lma_membership *restored;
	size_t restored_count;
	size_t restored_room;
};

/**
 * lma_groups_free() - the end of all groups, after that of their members
 * @lma: the anchor
 */
void lma_groups_free(struct lma *lma);

/**
 * lma_group_find() - the group of a name
 * @lma: the anchor
 * @mag: its gateway
 * @number: its identifier there
 *
 * Return: the group or NULL.
 */
struct lma_group *lma_group_find(const struct lma *lma,
				 const struct in6_addr *mag, uint32_t number);

/**
 * lma_group_by_set() - the group of an expiry set
 * @lma: the anchor
 * @set: its expiry set
 *
 * Return: the group or NULL.
 */
struct lma_group *lma_group_by_set(const struct lma *lma, uint32_t set);

/**
 * lma_group_insert() - a group without members
 * @lma: the anchor
 * @name: what it is called; no other one is
 * @set: its expiry set, which no other one has
 *
 * Return: the group, which the anchor owns.
 */
struct lma_group *lma_group_insert(struct lma *lma,
				   const struct lma_group_name *name,
				   uint32_t set);

/**
 * lma_group_end_ms() - until when members can rely on it
 * @group: the group
 *
 * Return: the end of its lifetime; of the earlier one, if another one is under
 * way, which may fail.
 */
static inline uint64_t lma_group_end_ms(const struct lma_group *group)
{
	return group->bulk && group->before.expires_ms < group->now.expires_ms ?
	       group->before.expires_ms : group->now.expires_ms;
}

/**
 * lma_group_rest() - what members can rely on
 * @group: the group
 * @now: the time
 *
 * Return: in units of 4 s, rounded down.
 */
uint16_t lma_group_rest(const struct lma_group *group, struct now now);

/**
 * lma_expires_ms() - when a session ends unless it is registered anew
 * @bce: the session
 *
 * Return: that, by its own registration or its group's.
 */
uint64_t lma_expires_ms(const struct bce *bce);

/**
 * lma_arm() - let a session end when it does
 * @lma: the anchor
 * @bce: the session, whose registration or group has changed
 *
 * A member has no timer.
 */
void lma_arm(struct lma *lma, struct bce *bce);

/**
 * lma_group_place() - an update is accepted: which group is its session in now
 * @lma: the anchor
 * @bce: the session, with an operation under way and as the update wants it
 * @request: the update
 * @now: the time
 *
 * RFC 6602 5.2.2. Its lifetime is no longer than what its group still has: that
 * of the others is not put off.
 */
void lma_group_place(struct lma *lma, struct bce *bce,
		     const struct lma_request *request, struct now now);

/**
 * lma_group_join() - a session is one of a group
 * @group: the group
 * @bce: the session, in none
 */
void lma_group_join(struct lma_group *group, struct bce *bce);

/**
 * lma_group_leave() - a session is in no group
 * @lma: the anchor
 * @bce: the session; what its end is now is for the caller to say
 */
void lma_group_leave(struct lma *lma, struct bce *bce);

/**
 * lma_stand_alone() - a session leaves its group, if it is in one, and what has
 * changed of it is told data plane and store
 * @lma: the anchor
 * @bce: the session
 * @now: the time
 * @out: what shall happen; what is under way for it comes first
 */
void lma_stand_alone(struct lma *lma, struct bce *bce, struct now now,
		     struct outbox *out);

/**
 * lma_repair() - have the data plane know what a session is
 * @bce: the session, with nothing under way
 * @now: the time
 * @out: what shall happen, before anything that waits for the store
 */
void lma_repair(struct bce *bce, struct now now, struct outbox *out);

/**
 * lma_group_go_back() - what a session was to be has failed
 * @lma: the anchor
 * @bce: the session
 * @group: the group it was in before, or NULL
 */
void lma_group_go_back(struct lma *lma, struct bce *bce,
		       struct lma_group *group);

/**
 * lma_group_hold() - a set is needed until an operation has ended
 * @group: the group whose it is, or NULL
 *
 * Return: @group.
 */
struct lma_group *lma_group_hold(struct lma_group *group);

/**
 * lma_group_release() - an operation has ended
 * @lma: the anchor
 * @group: what it has held, or NULL; one without members and holds ends
 * @out: what shall happen
 */
void lma_group_release(struct lma *lma, struct lma_group *group,
		       struct outbox *out);

/**
 * lma_group_settle() - something has ended for a group
 * @lma: the anchor
 * @group: the group; one without members and holds ends
 * @out: what shall happen
 */
void lma_group_settle(struct lma *lma, struct lma_group *group,
		      struct outbox *out);

/**
 * lma_most_lifetime() - the longest lifetime that is granted
 * @lma: the anchor
 * @policy: what policy says
 *
 * Return: that, in units of 4 s, at least 1.
 */
uint16_t lma_most_lifetime(const struct lma *lma,
			   const struct lma_policy *policy);

/**
 * lma_clock_agrees() - is a timestamp within TimestampValidityWindow
 * @lma: the anchor
 * @timestamp: the timestamp
 * @now: the time
 * @difference_ms: set to how far it is before our clock, if not
 *
 * Return: true if so, or if it is none of a gateway's clock.
 */
bool lma_clock_agrees(const struct lma *lma, uint64_t timestamp,
		      struct now now, int64_t *difference_ms);

/**
 * lma_failure_status() - how to refuse what could not be set up
 * @error: the errno value of why not
 *
 * Return: the status.
 */
uint8_t lma_failure_status(int error);

/**
 * lma_group_expire() - the lifetime of a group is over
 * @lma: the anchor
 * @group: the group
 * @now: the time
 * @out: what shall happen, now and on the timer: its members end
 */
void lma_group_expire(struct lma *lma, struct lma_group *group,
		      struct now now, struct outbox *out);

/**
 * lma_group_revoke() - all members of a group are to end
 * @lma: the anchor
 * @group: the group
 * @revocation: what ends them, one after the other
 * @now: the time
 * @out: what shall happen: nothing is forwarded for any of them
 *
 * Return: false if that cannot be said of the group at once.
 */
bool lma_group_revoke(struct lma *lma, struct lma_group *group,
		      struct revocation *revocation, struct now now,
		      struct outbox *out);

/**
 * lma_group_dissolve() - a group can not be kept in the data plane
 * @lma: the anchor
 * @group: the group
 * @now: the time
 *
 * On the timer its members leave it, some at a time.
 */
void lma_group_dissolve(struct lma *lma, struct lma_group *group,
			struct now now);

/**
 * lma_report_group() - a line for the operator on a group
 * @transaction: where it goes
 * @level: how bad
 * @event: what happened; a constant string
 * @group: the group
 *
 * Return: the line, which the transaction owns.
 */
struct report *lma_report_group(struct transaction *transaction,
				enum report_level level, const char *event,
				const struct lma_group *group);

/**
 * lma_groups_on_timer() - groups whose lifetime is over end
 * @lma: the anchor
 * @now: the time
 * @out: what shall happen
 *
 * Some of their members at a time.
 */
void lma_groups_on_timer(struct lma *lma, struct now now, struct outbox *out);

/* --- Records and the data plane. */

/**
 * lma_put_group() - keep what a group is now, and tell the data plane
 * @transaction: where the effects go; bindings of members after them
 * @group: the group
 * @now: the time
 */
void lma_put_group(struct transaction *transaction,
		   const struct lma_group *group, struct now now);

/**
 * lma_put_set() - tell the data plane alone
 * @transaction: where the effect goes; bindings of members after it
 * @group: the group
 * @now: the time
 */
void lma_put_set(struct transaction *transaction, const struct lma_group *group,
		 struct now now);

/**
 * lma_group_key() - of the record of a group
 * @group: the group
 *
 * Return: the key, which no session has.
 */
uint64_t lma_group_key(const struct lma_group *group);

/**
 * lma_is_group_key() - whose record is it
 * @key: its key
 *
 * Return: true if it is a group's.
 */
bool lma_is_group_key(uint64_t key);

/**
 * lma_group_restore() - a record of an earlier run
 * @lma: the anchor
 * @key: its key
 * @data: its octets
 * @len: how many
 * @same_boot: struct now.mono_ms counts as it did then
 * @now: the time
 *
 * Return: false if it is not one of ours: forget it.
 */
bool lma_group_restore(struct lma *lma, uint64_t key, const uint8_t *data,
		       size_t len, bool same_boot, struct now now);

/**
 * lma_group_expect() - a record of a session says that it is in a group
 * @lma: the anchor
 * @bce: the session, which ends by itself until lma_groups_start()
 * @set: the expiry set of the group
 */
void lma_group_expect(struct lma *lma, struct bce *bce, uint32_t set);

/**
 * lma_groups_start() - all records were read
 * @lma: the anchor
 * @out: what shall happen
 *
 * Before anything else does. Who is in a group without a record is in none, and
 * a group without members ends.
 */
void lma_groups_start(struct lma *lma, struct outbox *out);

/**
 * lma_groups_on_dataplane() - all that the data plane has
 * @lma: the anchor
 * @dump: that
 * @now: the time
 * @out: sets that are missing, before bindings that need them
 *
 * Without any, groups dissolve.
 */
void lma_groups_on_dataplane(struct lma *lma, const struct dataplane_dump *dump,
			     struct now now, struct outbox *out);

/**
 * lma_groups_after_dataplane() - bindings were seen to
 * @lma: the anchor
 * @dump: all that the data plane has
 * @out: sets that are nobody's go
 */
void lma_groups_after_dataplane(const struct lma *lma,
				const struct dataplane_dump *dump,
				struct outbox *out);

#endif /* PMIP6_ENGINE_LMA_GROUP_H */
