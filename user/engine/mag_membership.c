// SPDX-License-Identifier: GPL-2.0
/*
 * Mobile nodes that join bulk groups, and leave them (RFC 6602 5.1.2).
 */
#include <errno.h>

#include "mag_group_internal.h"

/*
 * One that joins is granted what is left of its group, in whole units, and from
 * when it asked on: by so much two that agree may differ.
 */
#define SLACK_MS (LIFETIME_UNIT_MS + 1000u)

/* By so much one that joins does not live longer unless the group is new. */
#define ANEW_MS 10000u

/* So often its set may be over just as a member is set up. */
#define LOSSES_MAX 3u

/*
 * Its anchor calls the group what we call it, so it is one that grants no more
 * than what is left of it; and that was more than it can be. So it had lost the
 * group, with all others that are in it, and renews only whoever came since.
 */
static void note_forgotten(struct mag *mag, struct mag_group *group,
			   struct now now, struct outbox *out)
{
	struct report *report;

	group->forgotten = true;
	mag->groups.counters.forgotten++;
	report = transaction_report(transaction_new(out, NULL), REPORT_WARNING,
				    "group-forgotten", NULL);
	report->has_peer = true;
	report->peer = group->anchor->address;
	report->group = group->id;
	report->bindings = group->count;
	report->reason = "its anchor has made it anew: its members are registered one by one";
	group_begin(mag, group, GROUP_REGISTER,
		    mag_reregister_spread(mag, group->count), now);
}

/* It lives as long as the group, which may live no longer than it was granted. */
static void agree(struct mag *mag, struct mag_group *group,
		  const struct bule *bule, struct now now, struct outbox *out)
{
	uint64_t granted = bule->expires_ms;

	if (group->count == 1) {
		if (!group->begun_ms)
			group->begun_ms = now.mono_ms;
		group->lifetime = bule->lifetime;
		group->expires_ms = granted;
		group->put = false;
		group->forgotten = false;
	} else if (granted + SLACK_MS < group->expires_ms) {
		group->expires_ms = granted;
		group->put = false;
	} else if (granted > group->expires_ms + ANEW_MS &&
		   bule->member.lma_id == group->id && !group->forgotten &&
		   !group->waits && !group->ending) {
		note_forgotten(mag, group, now, out);
	}
	if (!group->put)
		group_schedule(mag, group, now);
}

static void join(struct mag *mag, struct bule *bule, uint32_t id,
		 uint32_t lma_id, struct now now, struct outbox *out)
{
	struct mag_group *group = mag_group_by_id(&mag->groups, id);

	/* It has ended here meanwhile, and there is somebody in it there. */
	if (!group)
		group = group_new(mag, &bule->profile.lma, id);
	if (bule->member.group != group) {
		group_remove(mag, bule);
		group_add(mag, group, bule);
		mag->groups.counters.joined++;
	}
	bule->member.lma_id = lma_id;
	group->anchor->echoes |= lma_id == id;
	agree(mag, group, bule, now, out);
}

/*
 * Where an anchor calls groups what we do, another name is that of another group:
 * it was there before, and what was asked for now was taken for a copy of that. It
 * is for its next update to join this one.
 */
static bool is_of_another(struct mag *mag, const struct bule *bule, uint32_t id,
			  uint32_t lma_id)
{
	return lma_id == MH_GROUP_RESERVED ||
	       (lma_id != id && group_anchor(mag, &bule->profile.lma)->echoes);
}

/* Its anchor has said so since, or is being told: there is nothing to join. */
static bool is_revoked(const struct mag *mag, uint32_t id)
{
	const struct mag_group *group = mag_group_by_id(&mag->groups, id);

	return group && group->revoked;
}

void membership_on_pba(struct mag *mag, struct bule *bule,
		       const struct mh_binding_ack *ba, struct now now,
		       struct outbox *out)
{
	const struct bule_copy *copy = bule_copy_of(bule, ba->sequence);
	uint32_t lma_id = ba->options.group_count ? ba->options.group[0] :
						    MH_GROUP_RESERVED;

	/* RFC 6602 4.2: a flag that answers none is no answer. */
	if (copy->group && (ba->flags & MH_BA_BULK) &&
	    !is_revoked(mag, copy->group) &&
	    !is_of_another(mag, bule, copy->group, lma_id)) {
		join(mag, bule, copy->group, lma_id, now, out);
	} else {
		group_remove(mag, bule);
		revoking_forwards(bule->revoking);
		if (copy->group && !(ba->flags & MH_BA_BULK)) {
			mag->groups.counters.denied++;
			bule->member.again_ms = now.mono_ms +
				mag->config.bulk_retry_s * 1000ull;
		}
	}
	group_ask_no_more(mag, bule);
	bule->member.left = 0;
}

void membership_unsure(struct mag *mag, struct bule *bule, struct now now,
		       struct outbox *out)
{
	struct mag_group *group = bule->member.group;

	if (!group)
		group = mag_group_by_id(&mag->groups, bule->member.left);
	bule->member.left = 0;
	if (group)
		group_retire(mag, group, now, out);
}

/* One that is on its way in or out is answered yet, and counts then. */
static bool is_known(const struct bule *bule, const struct mag_group *group,
		     const struct mh_options *options)
{
	unsigned int i;

	if (bule->state != BULE_ACTIVE || bule->waits)
		return true;
	for (i = 0; i < options->hnp_count; i++)
		if (!bule_has_prefix(bule, &options->hnp[i]))
			return false;
	return bule->member.group == group;
}

void membership_on_stray(struct mag *mag, const struct in6_addr *src,
			 const struct mh_binding_ack *ba, struct now now,
			 struct outbox *out)
{
	const struct mh_options *options = &ba->options;
	struct mag_group *group;
	const struct bule *bule;

	if (ba->status >= MH_STATUS_REJECTED || !ba->lifetime ||
	    !options->has_mn_id || !options->group_count ||
	    (ba->flags & (MH_BA_PROXY | MH_BA_BULK)) !=
		    (MH_BA_PROXY | MH_BA_BULK))
		return;
	group = mag_group_by_id(&mag->groups, options->group[0]);
	if (!group || group->ending || !group->count ||
	    !IN6_ARE_ADDR_EQUAL(&group->anchor->address, src))
		return;
	for (bule = bul_by_mn(&mag->bul, &options->mn_id); bule;
	     bule = bul_next_of_mn(bule))
		if (bule_is_named(bule, src, options) &&
		    is_known(bule, group, options))
			return;
	group_retire(mag, group, now, out);
}

void membership_put(struct transaction *transaction, struct bule *bule,
		    struct now now)
{
	struct mag_group *group = bule->member.group;

	bule->member.set = group ? group->set : 0;
	if (group && (!group->put || !group->made))
		group_put(transaction, group, now);
}

void membership_stands(struct bule *bule)
{
	struct mag_group *group = bule->member.group;

	if (!group || bule->member.set != group->set)
		return;
	group->made = true;
	group->losses = 0;
}

bool membership_lost(struct mag *mag, struct bule *bule, int error,
		     struct now now)
{
	struct mag_group *group = bule->member.group;

	if (!group)
		return false;
	/* It may have been for this one to put it. */
	group->put = false;
	if (error != ENOENT || group->losses >= LOSSES_MAX || group->revoked)
		return false;
	if (bule->member.set == group->set)
		group_lose_set(mag, group, now);
	return true;
}
