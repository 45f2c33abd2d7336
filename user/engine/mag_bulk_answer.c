// SPDX-License-Identifier: GPL-2.0
/*
 * What anchors answer to bulk Proxy Binding Updates, or do not (RFC 6602 5.1.3).
 */
#include "mag_group_internal.h"

/* An anchor that refuses so often is not asked any more. */
#define REFUSALS_MAX 3u

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
	bulk_report(transaction_new(out, NULL), REPORT_DEBUG, "group-retired",
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
	struct transaction *transaction;

	/* RFC 6275 11.7.3, as for one of them. */
	group->lifetime = ba->lifetime < copy->lifetime ? ba->lifetime :
							  copy->lifetime;
	group->expires_ms = copy->sent_ms +
			    (uint64_t)group->lifetime * LIFETIME_UNIT_MS;
	group->renewed_ms = now.mono_ms;
	group->forgotten = false;
	end_exchange(mag, group);
	mag->groups.counters.renewed += group->count;
	transaction = group_put_alone(group, now, out);
	bulk_report(transaction, REPORT_INFO, "group-renewed", group)
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
	bulk_report(transaction_new(out, NULL), REPORT_WARNING,
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
	bulk_send_alone(mag, group, now, out);
	return true;
}

static void report_refused(const struct mag_group *group,
			   const struct mh_binding_ack *ba, struct outbox *out)
{
	struct report *report = bulk_report(transaction_new(out, NULL),
					    REPORT_WARNING, "group-refused",
					    group);

	report->status = ba->status;
	report->reason = mh_status_name(ba->status);
}

static void refused(struct mag *mag, struct mag_group *group,
		    const struct mh_binding_ack *ba, struct now now,
		    struct outbox *out)
{
	report_refused(group, ba, out);
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

/*
 * Another copy may be under way, of this one alone: then that counts. What the
 * anchor says of several it may say of none of them, as of one that it does not
 * know; and one that does not expect several may have looked at the first only.
 */
static void ask_apart(struct mag *mag, struct mag_group *group, struct now now,
		      struct outbox *out)
{
	struct report *report;

	if (!group->copies[0].several)
		return;
	mag->groups.counters.apart++;
	report = bulk_report(transaction_new(out, NULL), REPORT_INFO,
			     "group-apart", group);
	report->reason = "not renewed with others: it is asked for alone";
	group->interval_ms = mag->config.initial_bindack_timeout_ms;
	bulk_send_alone(mag, group, now, out);
}

static void on_several(struct mag *mag, const struct mag_anchor *anchor,
		       const struct mh_binding_ack *ba, struct now now,
		       struct outbox *out)
{
	const struct bule_copy *copy;
	struct mag_group *group;

	for (group = mag->groups.all; group; group = mag_group_next(group)) {
		copy = copy_of(group, ba->sequence);
		if (group->anchor != anchor || !copy || !copy->several)
			continue;
		if (ba->status < MH_STATUS_REJECTED && bulk_echoes(group, ba))
			renewed(mag, group, copy, ba, now, out);
		else
			ask_apart(mag, group, now, out);
	}
}

/* It is answered alone, and was not with others: not by chance, maybe. */
static void note_alone(const struct mag *mag, struct mag_group *group,
		       struct now now)
{
	int i;

	for (i = 0; i < BULE_COPIES; i++)
		if (group->copies[i].used && group->copies[i].several)
			group->anchor->several_ms = now.mono_ms +
				mag->config.bulk_retry_s * 1000ull;
}

static void count_answer(struct mag *mag, const struct mh_binding_ack *ba)
{
	struct mag_group_counters *counters = &mag->groups.counters;

	if (ba->status < MH_STATUS_REJECTED) {
		counters->accepted++;
		mag->counters.pba_accepted++;
		return;
	}
	counters->refused++;
	mag->counters.pba_refused++;
	mag->counters.refused[mag_refusal_of(ba->status)]++;
}

void bulk_on_pba(struct mag *mag, struct mag_group *group,
		 const struct mh_binding_ack *ba, struct now now,
		 struct outbox *out)
{
	const struct bule_copy *copy = copy_of(group, ba->sequence);

	count_answer(mag, ba);
	if (copy && copy->several) {
		if (ba->status >= MH_STATUS_REJECTED)
			report_refused(group, ba, out);
		on_several(mag, group->anchor, ba, now, out);
	} else if (ba->status >= MH_STATUS_REJECTED) {
		refused(mag, group, ba, now, out);
	} else if (copy) {
		note_alone(mag, group, now);
		renewed(mag, group, copy, ba, now, out);
	}
}
