/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bulk groups of a gateway (RFC 6602): mobile nodes of one anchor that live as
 * long as each other, and that one message renews. Each has one deadline, here,
 * at the anchor and in the data plane; its members have none.
 */
#ifndef PMIP6_ENGINE_MAG_GROUP_H
#define PMIP6_ENGINE_MAG_GROUP_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <uthash.h>

#include "rng.h"
#include "timer.h"
#include "types.h"
#include "update_list.h"

struct mag;
struct mag_group;
struct outbox;
struct revocation;

/* What a group's timer is for. */
enum mag_group_timer_kind {
	GROUP_TIMER_PBU,	/* renew it, or ask again */
	GROUP_TIMER_EXPIRY,	/* end of its lifetime */
	GROUP_TIMER_WORK,	/* go on with its members, or bury it */
	GROUP_TIMERS,
};

/* What is being done with all members, some of them at a time. */
enum mag_group_task {
	GROUP_TELL = 1 << 0,	/* advertise for how long they live now */
	GROUP_RESTORE = 1 << 1,	/* the data plane has lost them */
	GROUP_REGISTER = 1 << 2, /* each is to be registered by itself */
	GROUP_ORPHAN = 1 << 3,	/* it has no record: each lives as its own says */
	GROUP_EXPIRE = 1 << 4,	/* their lifetime has ended */
};

/**
 * struct mag_group_timer - a timer that knows its group
 * @timer: the timer
 * @kind: what it is for
 * @group: whose it is
 */
struct mag_group_timer {
	struct timer timer;
	enum mag_group_timer_kind kind;
	struct mag_group *group;
};

/**
 * struct mag_anchor - what is known of an anchor, as far as groups go
 * @address: its address
 * @again_ms: its mobile nodes do not ask to join before
 * @several_ms: nor is it asked to renew several groups at once
 * @echoes: it calls groups what we call them
 * @open: groups that have room, those that one was added to last at the end
 * @next: the next anchor
 */
struct mag_anchor {
	struct in6_addr address;
	uint64_t again_ms;
	uint64_t several_ms;
	bool echoes;
	struct mag_group *open;
	struct mag_anchor *next;
};

/**
 * struct mag_group - a bulk group
 * @owner: MAG_OWNER_GROUP
 * @id: MAG-Bulk-Binding-Update-Group-Id (RFC 6602 5.1.1), of all anchors' groups
 *	the only one with it; and part of the key of its record
 * @anchor: whose it is
 * @set: its expiry set in the data plane
 * @put: the data plane was told of that, as it is now
 * @made: that set is known to be there, so that it is only renewed; until then
 *	every member that is set up makes it
 * @stored: there is a record of it
 * @members: those, in the order in which they joined
 * @count: how many
 * @asking: how many others have asked to join it
 * @lifetime: granted, in units of 4 s
 * @expires_ms: end of that
 * @renewed_ms: when it was last renewed at once, or 0
 * @generation: counts what was told the data plane
 * @sequence: of its last PBU
 * @copies: what was sent of that, the newest first
 * @waits: an acknowledgement is awaited
 * @resynced: its sequence number is counted on from what the anchor said
 * @interval_ms: until the next copy
 * @tries: how many copies were sent
 * @refusals: how many of them were refused
 * @give_up_ms: without an answer by then, each member asks for itself
 * @begun_ms: when it began, or was restored
 * @retired: nobody joins it any more
 * @ending: likewise, and it is not renewed
 * @revoked: its members are being revoked: data plane and store have it that it
 *	is over, or will have
 * @stops: for this revocation, which is told when they do, or NULL
 * @stop_error: why they do not, an errno value
 * @meant: how many of its members a revocation is about, while that is counted
 * @forgotten: its anchor had to make it anew, and does not know all members
 * @losses: how often its set was lost since one was set up well
 * @busy: how many transactions are under way
 * @tasks: what is being done with its members
 * @begun: @next_member says how far that is
 * @missed: some were busy: once more
 * @next_member: the next of them, or NULL
 * @spread_ms: within so long they are registered
 * @timers: by enum mag_group_timer_kind
 * @is_open: it is among those that have room
 * @prev: among those
 * @next: likewise
 * @by_id: among all groups
 * @by_set: likewise
 */
struct mag_group {
	enum mag_owner owner;
	uint32_t id;
	struct mag_anchor *anchor;
	uint32_t set;
	bool put;
	bool made;
	bool stored;
	struct bule *members;
	uint32_t count;
	uint32_t asking;
	uint16_t lifetime;
	uint64_t expires_ms;
	uint64_t renewed_ms;
	uint32_t generation;
	uint16_t sequence;
	struct bule_copy copies[BULE_COPIES];
	bool waits;
	bool resynced;
	uint32_t interval_ms;
	uint32_t tries;
	uint32_t refusals;
	uint64_t give_up_ms;
	uint64_t begun_ms;
	bool retired;
	bool ending;
	bool revoked;
	struct revocation *stops;
	int stop_error;
	uint32_t meant;
	bool forgotten;
	unsigned int losses;
	unsigned int busy;
	unsigned int tasks;
	bool begun;
	bool missed;
	struct bule *next_member;
	uint64_t spread_ms;
	struct mag_group_timer timers[GROUP_TIMERS];
	bool is_open;
	struct mag_group *prev, *next;
	UT_hash_handle by_id;
	UT_hash_handle by_set;
};

/**
 * struct mag_group_counters - what there was of groups
 * @joined: mobile nodes that joined one
 * @left: mobile nodes that left one
 * @denied: mobile nodes that were not let in
 * @sent: bulk PBUs, with all copies
 * @named: groups that those were for
 * @retransmitted: copies among them
 * @apart: of several groups some were not renewed, and are asked for one by one
 * @accepted: their acknowledgements of status below 128
 * @refused: likewise, of status 128 and above
 * @renewed: members whose lifetime those have extended
 * @fell_back: groups that ended as their anchor would not renew them
 * @forgotten: groups that their anchor did not know any more
 * @retired: groups that nobody was to join any more
 */
struct mag_group_counters {
	uint64_t joined;
	uint64_t left;
	uint64_t denied;
	uint64_t sent;
	uint64_t named;
	uint64_t retransmitted;
	uint64_t apart;
	uint64_t accepted;
	uint64_t refused;
	uint64_t renewed;
	uint64_t fell_back;
	uint64_t forgotten;
	uint64_t retired;
};

/**
 * struct mag_groups - all of them
 * @usable: the data plane knows expiry sets; not before it was read
 * @all: groups by identifier
 * @by_set: by their expiry sets
 * @anchors: whose they are
 * @timers: what they wait for
 * @rng: what is drawn at random
 * @next_id: of the next group
 * @next_set: of the next expiry set
 * @counters: what there was of them
 */
struct mag_groups {
	bool usable;
	struct mag_group *all;
	struct mag_group *by_set;
	struct mag_anchor *anchors;
	struct timers timers;
	struct rng rng;
	uint32_t next_id;
	uint32_t next_set;
	struct mag_group_counters counters;
};

/**
 * mag_group_next() - walk all groups
 * @group: the one before
 *
 * Return: a group, or NULL after the last.
 */
struct mag_group *mag_group_next(const struct mag_group *group);

/**
 * mag_group_by_id() - a group
 * @groups: all of them
 * @id: its identifier
 *
 * Return: the group or NULL.
 */
struct mag_group *mag_group_by_id(const struct mag_groups *groups, uint32_t id);

/**
 * mag_group_renew() - ask an anchor to renew a group, now
 * @mag: the gateway
 * @group: the group
 * @now: the time
 * @out: what shall happen
 *
 * RFC 6602 5.1.3.
 *
 * Return: NULL, or why that cannot be; a constant string.
 */
const char *mag_group_renew(struct mag *mag, struct mag_group *group,
			    struct now now, struct outbox *out);

/**
 * mag_groups_renew() - the same for all groups for which it can be
 * @mag: the gateway
 * @now: the time
 * @out: what shall happen: as few messages as the operator allows
 */
void mag_groups_renew(struct mag *mag, struct now now, struct outbox *out);

/**
 * mag_on_set_expired() - the data plane has reaped an expiry set
 * @mag: the gateway
 * @set: which
 * @generation: as last told the data plane
 * @now: the time
 */
void mag_on_set_expired(struct mag *mag, uint32_t set, uint32_t generation,
			struct now now);

/**
 * bule_expires_ms() - until when is an entry registered
 * @bule: the entry
 *
 * Return: the end of its lifetime, or of its group's.
 */
static inline uint64_t bule_expires_ms(const struct bule *bule)
{
	return bule->member.group ? bule->member.group->expires_ms :
				    bule->expires_ms;
}

#endif /* PMIP6_ENGINE_MAG_GROUP_H */
