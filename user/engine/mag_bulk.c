// SPDX-License-Identifier: GPL-2.0
/*
 * Bulk Proxy Binding Updates: what renews groups, and when (RFC 6602 5.1.3).
 */
#include <string.h>

#include "mag_group_internal.h"

/* So many copies are for several groups; then it is tried for each by itself. */
#define SEVERAL_TRIES 2u

/*
 * Of the lifetime: what falls due so soon after another one is renewed with that.
 * It is what mag_refresh_at() puts between two at most, so that groups that were
 * renewed together are so again.
 */
#define TOGETHER_PERCENT 13u

/**
 * struct together - groups that one PBU is for
 * @count: how many
 * @groups: those, all of one anchor
 */
struct together {
	unsigned int count;
	struct mag_group *groups[MH_MAX_GROUPS];
};

/*
 * RFC 6602 5.1.3: no identifier of a session, and the B flag is 0. Draft S0 has
 * it 1, but its anchors are to know such a message by what it does not have.
 */
static void put_options(struct mag *mag, const struct together *together,
			struct mh_options *options, struct now now)
{
	unsigned int i;

	for (i = 0; i < together->count; i++)
		options->group[options->group_count++] =
			together->groups[i]->id;
	/* RFC 5213 5.3.3: an extension; of no one access technology. */
	options->has_handoff = true;
	options->handoff = MH_HI_NOT_CHANGED;
	options->has_att = true;
	options->att = MH_ATT_RESERVED;
	if (!mag->config.timestamp_based)
		return;
	options->has_timestamp = true;
	options->timestamp = mag_next_timestamp(mag, now);
}

static void remember_copy(struct mag_group *group, bool several,
			  const struct mh_binding_update *bu, struct now now)
{
	memmove(&group->copies[1], &group->copies[0],
		sizeof(group->copies) - sizeof(group->copies[0]));
	group->copies[0] = (struct bule_copy){
		.sequence = bu->sequence,
		.used = true,
		.several = several,
		.lifetime = bu->lifetime,
		.group = group->id,
		.sent_ms = now.mono_ms,
	};
}

struct report *bulk_report(struct transaction *transaction,
			   enum report_level level, const char *event,
			   const struct mag_group *group)
{
	struct report *report = transaction_report(transaction, level, event,
						   NULL);

	report->has_peer = true;
	report->peer = group->anchor->address;
	report->group = group->id;
	report->bindings = group->count;
	return report;
}

static void sent(struct mag *mag, struct mag_group *group, bool several,
		 const struct mh_binding_update *bu,
		 struct transaction *transaction, struct now now)
{
	group->sequence = bu->sequence;
	remember_copy(group, several, bu, now);
	group->tries++;
	group->waits = true;
	group_set_timer(mag, group, GROUP_TIMER_PBU,
			now.mono_ms + group->interval_ms);
	mag->groups.counters.named++;
	bulk_report(transaction, REPORT_DEBUG, "bulk-pbu-sent", group)
		->lifetime_s = (int64_t)bu->lifetime * LIFETIME_UNIT_MS / 1000;
}

static void send_copy(struct mag *mag, const struct together *together,
		      struct now now, struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	struct effect *effect = transaction_add(transaction, EFFECT_SEND);
	struct mh_binding_update *bu = &effect->send.message->bu;
	unsigned int i;

	effect->send.src = mag->config.address;
	effect->send.dst = together->groups[0]->anchor->address;
	effect->send.message->type = MH_BINDING_UPDATE;
	bu->sequence = mag->config.timestamp_based ? ++mag->sequence :
		       (uint16_t)(together->groups[0]->sequence + 1);
	bu->flags = MH_BU_ACK | MH_BU_PROXY;
	bu->lifetime = mag_units(mag->config.lifetime_s);
	put_options(mag, together, &bu->options, now);
	mag->counters.pbu_sent++;
	mag->groups.counters.sent++;
	for (i = 0; i < together->count; i++)
		sent(mag, together->groups[i], together->count > 1, bu,
		     transaction, now);
}

void bulk_send_alone(struct mag *mag, struct mag_group *group, struct now now,
		     struct outbox *out)
{
	struct together together = { .count = 1, .groups = { group } };

	send_copy(mag, &together, now, out);
}

static void begin(struct mag *mag, const struct together *together,
		  struct now now, struct outbox *out)
{
	struct mag_group *group;
	unsigned int i;
	uint64_t left;

	for (i = 0; i < together->count; i++) {
		group = together->groups[i];
		left = group->expires_ms > now.mono_ms ?
		       group->expires_ms - now.mono_ms : 0;
		memset(group->copies, 0, sizeof(group->copies));
		group->tries = 0;
		group->refusals = 0;
		group->resynced = false;
		group->interval_ms = mag->config.initial_bindack_timeout_ms;
		/* What is left then is for each member to ask for itself. */
		group->give_up_ms = now.mono_ms + left / 2;
	}
	send_copy(mag, together, now, out);
}

static const char *why_not(const struct mag_group *group)
{
	if (group->ending)
		return "it is ending: its members are registered one by one";
	if (!group->count)
		return "it has no members yet";
	if (group->waits)
		return "it is being renewed";
	return NULL;
}

static void add(struct together *together, struct mag_group *group)
{
	together->groups[together->count++] = group;
}

/*
 * RFC 6602 4.3: options of one sub-type SHOULD not stand in a message twice, so
 * that it is for the operator to say how many do. The draft that it comes from
 * has them so (S0 5). Each group has its own Sequence Number, where these count.
 */
static unsigned int most_at_once(const struct mag *mag,
				 const struct mag_anchor *anchor,
				 struct now now)
{
	unsigned int most = mag->config.bulk_groups;

	if (!mag->config.timestamp_based || now.mono_ms < anchor->several_ms)
		return 1;
	return most < MH_MAX_GROUPS ? most : MH_MAX_GROUPS;
}

/* What would be renewed until a time, of one anchor. */
static void gather(const struct mag *mag, struct mag_group *first,
		   uint64_t until_ms, struct now now, struct together *together)
{
	unsigned int most = most_at_once(mag, first->anchor, now);
	const struct timer *timer;
	struct mag_group *group;

	together->count = 0;
	add(together, first);
	for (group = mag->groups.all; group && together->count < most;
	     group = mag_group_next(group)) {
		timer = &group->timers[GROUP_TIMER_PBU].timer;
		if (group != first && group->anchor == first->anchor &&
		    !why_not(group) && timer_is_set(timer) &&
		    timer->due <= until_ms)
			add(together, group);
	}
}

const char *mag_group_renew(struct mag *mag, struct mag_group *group,
			    struct now now, struct outbox *out)
{
	struct together together = { .count = 1, .groups = { group } };
	const char *why = why_not(group);

	if (!why)
		begin(mag, &together, now, out);
	return why;
}

void mag_groups_renew(struct mag *mag, struct now now, struct outbox *out)
{
	struct together together;
	struct mag_group *group;

	for (group = mag->groups.all; group; group = mag_group_next(group)) {
		if (why_not(group))
			continue;
		gather(mag, group, NEVER, now, &together);
		begin(mag, &together, now, out);
	}
}

/* That of an anchor that answers nothing at all is no matter of groups. */
static bool is_unreachable(const struct mag *mag, const struct mag_group *group)
{
	const struct peer *peer = peers_find(&mag->peers,
					     &group->anchor->address);

	return peer && peer->state == PEER_UNREACHABLE;
}

/* Those that the last copy was for, and that are not answered either. */
static void gather_again(const struct mag *mag, struct mag_group *first,
			 struct together *together)
{
	const struct bule_copy *copy = &first->copies[0];
	struct mag_group *group;

	together->count = 0;
	add(together, first);
	if (!copy->several || first->tries >= SEVERAL_TRIES)
		return;
	for (group = mag->groups.all; group; group = mag_group_next(group))
		if (group != first && group->anchor == first->anchor &&
		    group->waits && group->copies[0].several &&
		    group->copies[0].sequence == copy->sequence)
			add(together, group);
}

void bulk_due(struct mag *mag, struct mag_group *group, struct now now,
	      struct outbox *out)
{
	uint64_t window = (uint64_t)group->lifetime * LIFETIME_UNIT_MS *
			  TOGETHER_PERCENT / 100;
	uint32_t most = mag->config.max_bindack_timeout_ms;
	struct together together;
	unsigned int i;

	if (!group->waits) {
		gather(mag, group, now.mono_ms + window, now, &together);
		begin(mag, &together, now, out);
		return;
	}
	if (now.mono_ms >= group->give_up_ms && !is_unreachable(mag, group)) {
		bulk_fall_back(mag, group, "anchor does not answer", now, out);
		return;
	}
	gather_again(mag, group, &together);
	for (i = 0; i < together.count; i++) {
		group = together.groups[i];
		group->interval_ms = group->interval_ms < most / 2 ?
				     2 * group->interval_ms : most;
	}
	mag->counters.pbu_retransmitted++;
	mag->groups.counters.retransmitted++;
	send_copy(mag, &together, now, out);
}

void bulk_on_peer(struct mag *mag, const struct in6_addr *lma,
		  enum peer_event event, uint64_t spread_ms, struct now now)
{
	bool waits = event == PEER_EVENT_BACK;
	struct mag_group *group;
	const struct timer *timer;
	uint64_t due;

	/* What it has lost, it does not renew. */
	if (event == PEER_EVENT_RESTARTED)
		return;
	for (group = mag->groups.all; group; group = mag_group_next(group)) {
		if (!IN6_ARE_ADDR_EQUAL(&group->anchor->address, lma) ||
		    group->ending || !group->count || group->waits != waits)
			continue;
		/* As if nothing had been sent: copies come fast again. */
		group->waits = false;
		due = now.mono_ms + rng_between(&mag->groups.rng, 0, spread_ms);
		timer = &group->timers[GROUP_TIMER_PBU].timer;
		if (!timer_is_set(timer) || timer->due > due)
			group_set_timer(mag, group, GROUP_TIMER_PBU, due);
	}
}
