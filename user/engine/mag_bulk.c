// SPDX-License-Identifier: GPL-2.0
/*
 * Bulk Proxy Binding Updates: one that renews a group, and its acknowledgement
 * (RFC 6602 5.1.3).
 */
#include <string.h>

#include "mag_group_internal.h"

/* An anchor that refuses so often is not asked any more. */
#define REFUSALS_MAX 3u

/* --- Asking. */

/*
 * RFC 6602 5.1.3: no identifier of a session, and the B flag is 0. Draft S0 has
 * it 1, but its anchors are to know such a message by what it does not have.
 */
static void put_options(struct mag *mag, const struct mag_group *group,
			struct mh_options *options, struct now now)
{
	options->group[options->group_count++] = group->id;
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

static void remember_copy(struct mag_group *group,
			  const struct mh_binding_update *bu, struct now now)
{
	memmove(&group->copies[1], &group->copies[0],
		sizeof(group->copies) - sizeof(group->copies[0]));
	group->copies[0] = (struct bule_copy){
		.sequence = bu->sequence,
		.used = true,
		.lifetime = bu->lifetime,
		.group = group->id,
		.sent_ms = now.mono_ms,
	};
}

static struct report *report_on(struct transaction *transaction,
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

static void send_copy(struct mag *mag, struct mag_group *group, struct now now,
		      struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	struct effect *effect = transaction_add(transaction, EFFECT_SEND);
	struct mh_binding_update *bu = &effect->send.message->bu;

	effect->send.src = mag->config.address;
	effect->send.dst = group->anchor->address;
	effect->send.message->type = MH_BINDING_UPDATE;
	if (mag->config.timestamp_based)
		group->sequence = ++mag->sequence;
	else
		group->sequence++;
	bu->sequence = group->sequence;
	bu->flags = MH_BU_ACK | MH_BU_PROXY;
	bu->lifetime = mag_units(mag->config.lifetime_s);
	put_options(mag, group, &bu->options, now);
	remember_copy(group, bu, now);
	report_on(transaction, REPORT_DEBUG, "bulk-pbu-sent", group)
		->lifetime_s = (int64_t)bu->lifetime * LIFETIME_UNIT_MS / 1000;

	mag->counters.pbu_sent++;
	mag->groups.counters.sent++;
	group->tries++;
	group->waits = true;
	group_set_timer(mag, group, GROUP_TIMER_PBU,
			now.mono_ms + group->interval_ms);
}

static void begin(struct mag *mag, struct mag_group *group, struct now now,
		  struct outbox *out)
{
	uint64_t left = group->expires_ms > now.mono_ms ?
			group->expires_ms - now.mono_ms : 0;

	memset(group->copies, 0, sizeof(group->copies));
	group->tries = 0;
	group->refusals = 0;
	group->resynced = false;
	group->interval_ms = mag->config.initial_bindack_timeout_ms;
	/* What is left then is for each member to ask for itself. */
	group->give_up_ms = now.mono_ms + left / 2;
	send_copy(mag, group, now, out);
}

const char *mag_group_renew(struct mag *mag, struct mag_group *group,
			    struct now now, struct outbox *out)
{
	if (group->ending)
		return "it is ending: its members are registered one by one";
	if (!group->count)
		return "it has no members yet";
	if (group->waits)
		return "it is being renewed";
	begin(mag, group, now, out);
	return NULL;
}

/* That of an anchor that answers nothing at all is no matter of groups. */
static bool is_unreachable(const struct mag *mag, const struct mag_group *group)
{
	const struct peer *peer = peers_find(&mag->peers,
					     &group->anchor->address);

	return peer && peer->state == PEER_UNREACHABLE;
}

void bulk_due(struct mag *mag, struct mag_group *group, struct now now,
	      struct outbox *out)
{
	uint32_t most = mag->config.max_bindack_timeout_ms;

	if (!group->waits) {
		begin(mag, group, now, out);
		return;
	}
	if (now.mono_ms >= group->give_up_ms && !is_unreachable(mag, group)) {
		bulk_fall_back(mag, group, "anchor does not answer", now, out);
		return;
	}
	group->interval_ms = group->interval_ms < most / 2 ?
			     2 * group->interval_ms : most;
	mag->counters.pbu_retransmitted++;
	mag->groups.counters.retransmitted++;
	send_copy(mag, group, now, out);
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

/* --- Answers. */

static const struct bule_copy *copy_of(const struct mag_group *group,
				       uint16_t sequence)
{
	int i;

	for (i = 0; group->waits && i < BULE_COPIES; i++)
		if (group->copies[i].used &&
		    group->copies[i].sequence == sequence)
			return &group->copies[i];
	return NULL;
}

static bool names(const struct mh_options *options, uint32_t id)
{
	unsigned int i;

	for (i = 0; i < options->group_count; i++)
		if (options->group[i] == id)
			return true;
	return false;
}

/* Of status 135 the number is that of what was accepted last. */
static bool is_answered(const struct mag *mag, const struct mag_group *group,
			const struct mh_binding_ack *ba)
{
	if (ba->status == MH_SEQUENCE_OUT_OF_WINDOW &&
	    !mag->config.timestamp_based)
		return group->waits && names(&ba->options, group->id);
	return copy_of(group, ba->sequence);
}

/*
 * An anchor that does not know groups names nobody, since it missed that, and
 * it need not repeat what it does not know. Where each session counts for
 * itself, two groups may have come to one number: what is named, is meant.
 */
struct mag_group *bulk_find(const struct mag *mag,
			    const struct mh_binding_ack *ba)
{
	const struct mh_options *options = &ba->options;
	struct mag_group *group;

	if (options->mn_id.len || options->has_ll_id)
		return NULL;
	for (group = mag->groups.all; group; group = mag_group_next(group))
		if (is_answered(mag, group, ba) &&
		    (!options->group_count || names(options, group->id)))
			return group;
	return NULL;
}

bool bulk_echoes(const struct mag_group *group, const struct mh_binding_ack *ba)
{
	return names(&ba->options, group->id);
}

static void end_exchange(struct mag *mag, struct mag_group *group)
{
	group->waits = false;
	group_cancel_timer(mag, group, GROUP_TIMER_PBU);
}

/*
 * Whom the anchor keeps in a group by mistake ends with it, as one alone would when
 * its lifetime is over; so it has to end some day. Its members, each with its next
 * update of its own, are in others by then.
 */
void group_retire(struct mag *mag, struct mag_group *group, struct now now,
		  struct outbox *out)
{
	if (group->retired)
		return;
	group->put = false;
	group_close(group, false);
	mag->groups.counters.retired++;
	report_on(transaction_new(out, NULL), REPORT_DEBUG, "group-retired",
		  group);
	if (!mag->config.bulk_member_interval_s)
		group_begin(mag, group, GROUP_REGISTER, (uint64_t)
			    group->lifetime * LIFETIME_UNIT_MS, now);
	group_set_timer(mag, group, GROUP_TIMER_WORK, now.mono_ms);
}

static void retire_if_old(struct mag *mag, struct mag_group *group,
			  struct now now, struct outbox *out)
{
	uint64_t interval = mag->config.bulk_member_interval_s * 1000ull;

	if (interval && now.mono_ms - group->begun_ms >= interval)
		group_retire(mag, group, now, out);
}

/*
 * Whose lifetime it is that prefixes are advertised for is to be told soon; else
 * nothing is done that costs more the more members there are.
 */
static void renewed(struct mag *mag, struct mag_group *group,
		    const struct bule_copy *copy,
		    const struct mh_binding_ack *ba, struct now now,
		    struct outbox *out)
{
	struct mag_group_counters *counters = &mag->groups.counters;
	struct transaction *transaction;

	/* RFC 6275 11.7.3, as for one of them. */
	group->lifetime = ba->lifetime < copy->lifetime ? ba->lifetime :
							  copy->lifetime;
	group->expires_ms = copy->sent_ms +
			    (uint64_t)group->lifetime * LIFETIME_UNIT_MS;
	group->renewed_ms = now.mono_ms;
	group->forgotten = false;
	end_exchange(mag, group);
	counters->accepted++;
	counters->renewed += group->count;
	mag->counters.pba_accepted++;
	transaction = group_put_alone(group, now, out);
	report_on(transaction, REPORT_INFO, "group-renewed", group)
		->lifetime_s = (int64_t)group->lifetime * LIFETIME_UNIT_MS /
			       1000;
	group_schedule(mag, group, now);
	retire_if_old(mag, group, now, out);
	if (mag->config.prefixes_of_binding)
		group_begin(mag, group, GROUP_TELL, 0, now);
}

static void end_by_members(struct mag *mag, struct mag_group *group,
			   uint64_t spread_ms, struct now now)
{
	end_exchange(mag, group);
	group_close(group, true);
	group_begin(mag, group, GROUP_REGISTER, spread_ms, now);
}

static uint64_t half_of_rest(const struct mag_group *group, struct now now)
{
	return group->expires_ms > now.mono_ms ?
	       (group->expires_ms - now.mono_ms) / 2 : 0;
}

void bulk_fall_back(struct mag *mag, struct mag_group *group,
		    const char *reason, struct now now, struct outbox *out)
{
	mag->groups.counters.fell_back++;
	group->anchor->again_ms = now.mono_ms +
				  mag->config.bulk_retry_s * 1000ull;
	report_on(transaction_new(out, NULL), REPORT_WARNING,
		  "group-fell-back", group)->reason = reason;
	end_by_members(mag, group, half_of_rest(group, now), now);
}

/* It has forgotten them all, and knows groups: in others, but one by one. */
static void unknown(struct mag *mag, struct mag_group *group, struct now now)
{
	uint64_t spread = mag_reregister_spread(mag, group->count);
	uint64_t rest = half_of_rest(group, now);

	mag->groups.counters.forgotten++;
	end_by_members(mag, group, spread < rest ? spread : rest, now);
}

/* RFC 6275 11.7.3: on from what the anchor has; once, for it may not be it. */
static bool resync(struct mag *mag, struct mag_group *group,
		   const struct mh_binding_ack *ba, struct now now,
		   struct outbox *out)
{
	if (ba->status != MH_SEQUENCE_OUT_OF_WINDOW ||
	    mag->config.timestamp_based || group->resynced)
		return false;
	group->sequence = ba->sequence;
	group->resynced = true;
	send_copy(mag, group, now, out);
	return true;
}

static void refused(struct mag *mag, struct mag_group *group,
		    const struct mh_binding_ack *ba, struct now now,
		    struct outbox *out)
{
	struct report *report;

	mag->counters.pba_refused++;
	mag->counters.refused[mag_refusal_of(ba->status)]++;
	mag->groups.counters.refused++;
	report = report_on(transaction_new(out, NULL), REPORT_WARNING,
			   "group-refused", group);
	report->status = ba->status;
	report->reason = mh_status_name(ba->status);
	if (resync(mag, group, ba, now, out))
		return;
	switch (ba->status) {
	case MH_INVALID_MN_GROUP_IDENTIFIER:
		unknown(mag, group, now);
		break;
	/* RFC 5213: it takes it for a PBU of a mobile node. */
	case MH_MISSING_HNP_OPTION:
	case MH_MISSING_MN_ID_OPTION:
	case MH_MISSING_HANDOFF_INDICATOR_OPTION:
	case MH_MISSING_ACCESS_TECH_TYPE_OPTION:
		bulk_fall_back(mag, group, "anchor does not know bulk groups",
			       now, out);
		break;
	default:
		/* The next copy is newer; but not for ever. */
		if (++group->refusals >= REFUSALS_MAX)
			bulk_fall_back(mag, group, "refused by the anchor",
				       now, out);
		break;
	}
}

void bulk_on_pba(struct mag *mag, struct mag_group *group,
		 const struct mh_binding_ack *ba, struct now now,
		 struct outbox *out)
{
	const struct bule_copy *copy = copy_of(group, ba->sequence);

	if (ba->status >= MH_STATUS_REJECTED)
		refused(mag, group, ba, now, out);
	else if (copy)
		renewed(mag, group, copy, ba, now, out);
}
