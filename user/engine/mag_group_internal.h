/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the gateway share about bulk groups.
 */
#ifndef PMIP6_ENGINE_MAG_GROUP_INTERNAL_H
#define PMIP6_ENGINE_MAG_GROUP_INTERNAL_H

#include "mag_internal.h"

/*
 * An anchor's choice of an identifier has the highest bit, so that it clashes
 * with none of a gateway's; and expiry sets of the data plane have no such bit.
 */
#define GROUP_ID_MAX EXPIRY_SET_MAX

/**
 * group_id_is_ours() - may a group, or an expiry set, have that number
 * @id: the number
 *
 * Return: true if so.
 */
static inline bool group_id_is_ours(uint32_t id)
{
	return id > MH_GROUP_ALL_SESSIONS && id <= GROUP_ID_MAX;
}

/* --- Who is in which: mag_group.c. */

/**
 * groups_init() - no groups yet
 * @mag: the gateway
 */
void groups_init(struct mag *mag);

/**
 * groups_free() - forget all groups, which have no members
 * @mag: the gateway
 */
void groups_free(struct mag *mag);

/**
 * group_new() - a group without members
 * @mag: the gateway
 * @lma: whose it is
 * @id: its identifier, or 0 for one of the gateway's choice
 *
 * Return: the group.
 */
struct mag_group *group_new(struct mag *mag, const struct in6_addr *lma,
			    uint32_t id);

/**
 * group_free() - the end of a group
 * @mag: the gateway
 * @group: the group, of which nothing is left
 */
void group_free(struct mag *mag, struct mag_group *group);

/**
 * group_by_set() - whose expiry set is that
 * @groups: all of them
 * @set: its number
 *
 * Return: the group or NULL.
 */
struct mag_group *group_by_set(const struct mag_groups *groups, uint32_t set);

/**
 * group_set_is() - a group has this expiry set
 * @mag: the gateway
 * @group: the group
 * @set: its number, which no other group has
 */
void group_set_is(struct mag *mag, struct mag_group *group, uint32_t set);

/**
 * group_new_set() - a group is to have another expiry set
 * @mag: the gateway
 * @group: the group
 */
void group_new_set(struct mag *mag, struct mag_group *group);

/**
 * group_is_wanted() - does policy want an entry to be in a group
 * @mag: the gateway
 * @bule: the entry
 *
 * Return: true if so.
 */
bool group_is_wanted(const struct mag *mag, const struct bule *bule);

/**
 * group_to_ask() - which group is an entry to be in
 * @mag: the gateway
 * @bule: the entry, whose PBU is about to be sent
 * @now: the time
 *
 * All copies of a PBU ask for the same, unless that cannot be any more.
 *
 * Return: its identifier, or 0 for none.
 */
uint32_t group_to_ask(struct mag *mag, struct bule *bule, struct now now);

/**
 * group_ask_no_more() - an entry does not ask to join a group any more
 * @mag: the gateway
 * @bule: the entry
 */
void group_ask_no_more(struct mag *mag, struct bule *bule);

/**
 * group_add() - an entry is a member from now on, and of no other group
 * @mag: the gateway
 * @group: the group
 * @bule: the entry
 */
void group_add(struct mag *mag, struct mag_group *group, struct bule *bule);

/**
 * group_remove() - an entry is a member no more, and has its own lifetime
 * @mag: the gateway
 * @bule: the entry, of a group or of none
 */
void group_remove(struct mag *mag, struct bule *bule);

/**
 * group_close() - nobody is to join a group any more
 * @group: the group
 * @end: nor is it to be renewed
 */
void group_close(struct mag_group *group, bool end);

/**
 * group_anchor() - what is known of an anchor
 * @mag: the gateway
 * @lma: its address
 *
 * Return: that.
 */
struct mag_anchor *group_anchor(struct mag *mag, const struct in6_addr *lma);

/**
 * group_set_timer() - let something happen to a group later
 * @mag: the gateway
 * @group: the group
 * @kind: what
 * @due: when, in struct now.mono_ms
 */
void group_set_timer(struct mag *mag, struct mag_group *group,
		     enum mag_group_timer_kind kind, uint64_t due);

/**
 * group_cancel_timer() - let it not happen
 * @mag: the gateway
 * @group: the group
 * @kind: what
 */
void group_cancel_timer(struct mag *mag, struct mag_group *group,
			enum mag_group_timer_kind kind);

/* --- How a group is renewed: mag_bulk.c, mag_bulk_answer.c. */

/**
 * bulk_report() - a line about a group
 * @transaction: where it goes
 * @level: how important it is
 * @event: what happens; a constant string
 * @group: the group
 *
 * Return: the line, which more may be said in.
 */
struct report *bulk_report(struct transaction *transaction,
			   enum report_level level, const char *event,
			   const struct mag_group *group);

/**
 * bulk_send_alone() - ask for a group, now, with no other
 * @mag: the gateway
 * @group: the group, which waits for an answer
 * @now: the time
 * @out: what shall happen
 */
void bulk_send_alone(struct mag *mag, struct mag_group *group, struct now now,
		     struct outbox *out);

/**
 * bulk_find() - the group that an acknowledgement is about
 * @mag: the gateway
 * @ba: the acknowledgement
 *
 * Return: one that waits for it, or NULL if it is about a mobile node, or about
 * nothing that was asked.
 */
struct mag_group *bulk_find(const struct mag *mag,
			    const struct mh_binding_ack *ba);

/**
 * bulk_echoes() - does an acknowledgement name the group that was asked for
 * @group: the group
 * @ba: an acknowledgement that accepts
 *
 * Return: true if so (RFC 6602 5.2.3).
 */
bool bulk_echoes(const struct mag_group *group,
		 const struct mh_binding_ack *ba);

/**
 * bulk_on_pba() - a bulk PBU was answered
 * @mag: the gateway
 * @group: what it was about
 * @ba: the answer, from its anchor
 * @now: the time
 * @out: what shall happen
 */
void bulk_on_pba(struct mag *mag, struct mag_group *group,
		 const struct mh_binding_ack *ba, struct now now,
		 struct outbox *out);

/**
 * bulk_due() - a group is to be renewed, or was not answered
 * @mag: the gateway
 * @group: the group
 * @now: the time
 * @out: what shall happen
 */
void bulk_due(struct mag *mag, struct mag_group *group, struct now now,
	      struct outbox *out);

/**
 * bulk_fall_back() - a group is not renewed any more: each asks for itself
 * @mag: the gateway
 * @group: the group
 * @reason: why, for the operator; a constant string
 * @now: the time
 * @out: what shall happen
 *
 * RFC 6602's draft S0, 5.
 */
void bulk_fall_back(struct mag *mag, struct mag_group *group,
		    const char *reason, struct now now, struct outbox *out);

/**
 * group_retire() - nobody joins a group any more, and members leave it when they can
 * @mag: the gateway
 * @group: the group
 * @now: the time
 * @out: what shall happen
 */
void group_retire(struct mag *mag, struct mag_group *group, struct now now,
		  struct outbox *out);

/**
 * bulk_on_peer() - something has become of an anchor
 * @mag: the gateway
 * @lma: the anchor
 * @event: what
 * @spread_ms: what is asked of it is asked within so long
 * @now: the time
 */
void bulk_on_peer(struct mag *mag, const struct in6_addr *lma,
		  enum peer_event event, uint64_t spread_ms, struct now now);

/* --- What becomes of members: mag_membership.c. */

/**
 * membership_on_pba() - an anchor accepts: is an entry in a group now
 * @mag: the gateway
 * @bule: the entry, with the lifetime that was granted
 * @ba: the acknowledgement
 * @now: the time
 * @out: what shall happen
 *
 * RFC 6602 5.1.2. For mag_install() to make it so.
 */
void membership_on_pba(struct mag *mag, struct bule *bule,
		       const struct mh_binding_ack *ba, struct now now,
		       struct outbox *out);

/**
 * membership_unsure() - an entry ends, and its anchor was not heard to know that
 * @mag: the gateway
 * @bule: the entry
 * @now: the time
 * @out: what shall happen
 *
 * It may be renewed there with its group for ever: so that group must end.
 */
void membership_unsure(struct mag *mag, struct bule *bule, struct now now,
		       struct outbox *out);

/**
 * membership_on_stray() - an acknowledgement answers nothing that was asked
 * @mag: the gateway
 * @src: from whom it is
 * @ba: the acknowledgement
 * @now: the time
 * @out: what shall happen
 *
 * If the anchor has somebody in a group who is not, that group must end.
 */
void membership_on_stray(struct mag *mag, const struct in6_addr *src,
			 const struct mh_binding_ack *ba, struct now now,
			 struct outbox *out);

/**
 * membership_put() - what has to stand before a member's forwarding state
 * @transaction: where the effects go
 * @bule: the entry
 * @now: the time
 */
void membership_put(struct transaction *transaction, struct bule *bule,
		    struct now now);

/**
 * membership_lost() - could forwarding not be set up as a set was just over
 * @mag: the gateway
 * @bule: the entry
 * @error: why, an errno value
 * @now: the time
 *
 * Return: true if it is to be set up once more, with another set.
 */
bool membership_lost(struct mag *mag, struct bule *bule, int error,
		     struct now now);

/**
 * membership_stands() - forwarding of an entry was set up
 * @bule: the entry
 */
void membership_stands(struct bule *bule);

/* --- What is kept of a group: mag_group_record.c. */

/**
 * group_put() - have store and data plane know a group as it is now
 * @transaction: where the effects go
 * @group: the group
 * @now: the time
 */
void group_put(struct transaction *transaction, struct mag_group *group,
	       struct now now);

/**
 * group_bury() - have neither know it any more
 * @transaction: where the effects go
 * @group: the group
 */
void group_bury(struct transaction *transaction, const struct mag_group *group);

/**
 * group_of_record() - the group that an entry's record names
 * @mag: the gateway
 * @lma: whose it is
 * @id: its identifier, or 0
 * @now: the time
 *
 * Return: the group, which may have to wait for a record of its own; or NULL if
 * that anchor can have none with it.
 */
struct mag_group *group_of_record(struct mag *mag, const struct in6_addr *lma,
				  uint32_t id, struct now now);

/**
 * groups_on_dataplane() - see what the data plane has of groups
 * @mag: the gateway
 * @dump: all that it has
 * @now: the time
 * @out: what is needed to make them agree
 */
void groups_on_dataplane(struct mag *mag, const struct dataplane_dump *dump,
			 struct now now, struct outbox *out);

/**
 * groups_delete_strays() - end sets that are left over from an earlier run
 * @mag: the gateway
 * @dump: all that the data plane has
 * @out: what shall happen
 */
void groups_delete_strays(struct mag *mag, const struct dataplane_dump *dump,
			  struct outbox *out);

/* --- The life of a group: mag_group_life.c. */

/**
 * group_schedule() - set the timers of a group
 * @mag: the gateway
 * @group: the group
 * @now: the time
 */
void group_schedule(struct mag *mag, struct mag_group *group, struct now now);

/**
 * group_put_alone() - the same, in a transaction of its own
 * @group: the group
 * @now: the time
 * @out: what shall happen
 *
 * Return: the transaction.
 */
struct transaction *group_put_alone(struct mag_group *group, struct now now,
				    struct outbox *out);

/**
 * group_begin() - begin to do something with all members of a group
 * @mag: the gateway
 * @group: the group
 * @task: what; besides what is being done, unless that ends it
 * @spread_ms: within so long they are registered, if it is that
 * @now: the time
 */
void group_begin(struct mag *mag, struct mag_group *group,
		 enum mag_group_task task, uint64_t spread_ms, struct now now);

/**
 * group_lose_set() - the data plane has no such set any more, nor its paths
 * @mag: the gateway
 * @group: whose it was; it gets another, and members are set up anew
 * @now: the time
 */
void group_lose_set(struct mag *mag, struct mag_group *group, struct now now);

/**
 * group_revoke() - all members of a group are to end
 * @mag: the gateway
 * @group: the group
 * @revocation: what ends them, one after the other
 * @now: the time
 * @out: what shall happen: nothing is forwarded for any of them
 *
 * Return: false if that cannot be said of the group at once.
 */
bool group_revoke(struct mag *mag, struct mag_group *group,
		  struct revocation *revocation, struct now now,
		  struct outbox *out);

/**
 * groups_on_done() - a transaction of a group has ended
 * @mag: the gateway
 * @group: the group
 * @error: 0 or an errno value
 * @now: the time
 * @out: what shall happen
 */
void groups_on_done(struct mag *mag, struct mag_group *group, int error,
		    struct now now, struct outbox *out);

/**
 * groups_on_timer() - do what is due for groups
 * @mag: the gateway
 * @now: the time
 * @out: what shall happen
 */
void groups_on_timer(struct mag *mag, struct now now, struct outbox *out);

#endif /* PMIP6_ENGINE_MAG_GROUP_INTERNAL_H */
