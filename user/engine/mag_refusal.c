// SPDX-License-Identifier: GPL-2.0
/*
 * Anchors that refuse (RFC 5213 6.9.1.2 (7) to (11)).
 */
#include "mag_group_internal.h"

const char *mag_refusal_name(enum mag_refusal refusal)
{
	static const char *const names[MAG_REFUSALS] = {
		[MAG_REFUSED_CLOCK] = "pba-refused-clock",
		[MAG_REFUSED_SEQUENCE] = "pba-refused-sequence",
		[MAG_REFUSED_PREFIX] = "pba-refused-prefix",
		[MAG_REFUSED_SERVICE] = "pba-refused-service",
		[MAG_REFUSED_UNKNOWN] = "pba-refused-unknown-mn",
		[MAG_REFUSED_GATEWAY] = "pba-refused-gateway",
		[MAG_REFUSED_RESOURCES] = "pba-refused-resources",
		[MAG_REFUSED_OPTION] = "pba-refused-option",
		[MAG_REFUSED_OTHER] = "pba-refused-other",
	};

	return names[refusal];
}

const char *mag_ignored_name(enum mag_ignored ignored)
{
	static const char *const names[MAG_IGNORED_REASONS] = {
		[MAG_IGNORED_UNASKED] = "pba-ignored-unasked",
		[MAG_IGNORED_SOURCE] = "pba-ignored-source",
		[MAG_IGNORED_NO_PROXY] = "pba-ignored-no-proxy",
		[MAG_IGNORED_ECHO] = "pba-ignored-echo",
		[MAG_IGNORED_NO_PREFIX] = "pba-ignored-no-prefix",
		[MAG_IGNORED_NO_GROUP] = "pba-ignored-no-group",
		[MAG_IGNORED_BUSY] = "pba-ignored-busy",
	};

	return names[ignored];
}

enum mag_refusal mag_refusal_of(uint8_t status)
{
	switch (status) {
	case MH_TIMESTAMP_MISMATCH:
	case MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED:
		return MAG_REFUSED_CLOCK;
	case MH_SEQUENCE_OUT_OF_WINDOW:
		return MAG_REFUSED_SEQUENCE;
	case MH_NOT_AUTHORIZED_FOR_HNP:
	case MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH:
		return MAG_REFUSED_PREFIX;
	case MH_PROXY_REG_NOT_ENABLED:
		return MAG_REFUSED_SERVICE;
	case MH_NOT_HOME_AGENT_FOR_THIS_MOBILE_NODE:
	case MH_NOT_LMA_FOR_THIS_MOBILE_NODE:
		return MAG_REFUSED_UNKNOWN;
	case MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG:
		return MAG_REFUSED_GATEWAY;
	case MH_INSUFFICIENT_RESOURCES:
		return MAG_REFUSED_RESOURCES;
	case MH_MISSING_HNP_OPTION:
	case MH_MISSING_MN_ID_OPTION:
	case MH_MISSING_HANDOFF_INDICATOR_OPTION:
	case MH_MISSING_ACCESS_TECH_TYPE_OPTION:
		return MAG_REFUSED_OPTION;
	default:
		return MAG_REFUSED_OTHER;
	}
}

static const char *what_to_do(uint8_t status)
{
	switch (mag_refusal_of(status)) {
	case MAG_REFUSED_CLOCK:
		return status == MH_TIMESTAMP_MISMATCH ?
		       "clocks differ: synchronise this gateway's and the anchor's with a common source; it is registered again once this gateway's was set" :
		       "another gateway's clock, or ours before, was ahead: asked again with a newer timestamp";
	case MAG_REFUSED_PREFIX:
		return "the anchor does not grant the prefixes that were asked for";
	case MAG_REFUSED_SERVICE:
		return "the anchor's profile does not allow mobility service: when it does, attach it by hand";
	case MAG_REFUSED_UNKNOWN:
		return "the anchor does not know this mobile node";
	case MAG_REFUSED_GATEWAY:
		return "the anchor does not know this gateway: configure it there";
	case MAG_REFUSED_RESOURCES:
		return "the anchor has no prefix or no memory left";
	case MAG_REFUSED_OPTION:
		return "the anchor misses an option that was sent: a fault of this gateway, of the anchor or of what is between them";
	default:
		return mh_status_name(status);
	}
}

/*
 * Its end, and its registration by the gateway that it went to, were under way
 * together: whose is later is served, and there is nothing left to undo.
 */
static bool is_overtaken(const struct bule *bule, uint8_t status)
{
	return bule->state == BULE_DEREGISTERING &&
	       (status == MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED ||
		status == MH_NOT_AUTHORIZED_FOR_HNP);
}

static enum report_level level_of(const struct bule *bule, uint8_t status)
{
	if (is_overtaken(bule, status))
		return REPORT_INFO;
	return mag_refusal_of(status) == MAG_REFUSED_OPTION ? REPORT_ERROR :
							  REPORT_WARNING;
}

/* --- Clocks. */

static uint64_t clock_offset(struct now now)
{
	return now.wall - wall_from_ms(now.mono_ms);
}

/* How far the anchor's is ahead: it answered half way between. */
static int64_t clock_ahead(const struct bule *bule,
			   const struct mh_binding_ack *ba, struct now now)
{
	const struct bule_copy *copy = bule_copy_of(bule, ba->sequence);
	uint64_t way = wall_from_ms(now.mono_ms - copy->sent_ms) / 2;

	return (int64_t)(ba->options.timestamp - (now.wall - way));
}

static void note_clocks(struct bule *bule, const struct mh_binding_ack *ba,
			struct report *report, struct now now)
{
	int64_t ahead;

	if (mag_refusal_of(ba->status) != MAG_REFUSED_CLOCK ||
	    !ba->options.has_timestamp)
		return;
	ahead = clock_ahead(bule, ba, now);
	report->has_ahead = true;
	report->ahead_ms = ahead < 0 ? -(int64_t)wall_to_ms((uint64_t)-ahead) :
				       (int64_t)wall_to_ms((uint64_t)ahead);
	bule->clock.ahead = ahead;
}

/*
 * RFC 5213 6.9.1.2 (9): not before our clock is synchronised with what all
 * clocks of the domain are, and never by what the anchor said. Where the kernel
 * does not know whether it is, that it was set by about that much will do.
 */
bool mag_clocks_may_agree(const struct mag *mag, const struct bule *bule,
			  struct now now)
{
	int64_t set = (int64_t)(clock_offset(now) - bule->clock.offset);
	int64_t ahead = bule->clock.ahead;

	if (!bule->clock.differs || mag->clock_synchronised)
		return true;
	set = set < 0 ? -set : set;
	ahead = ahead < 0 ? -ahead : ahead;
	return set > (int64_t)wall_from_ms(10) && set >= ahead / 2;
}

void mag_on_clock(struct mag *mag, bool synchronised, struct now now,
		  struct outbox *out)
{
	struct bule *bule;

	mag->clock_synchronised = synchronised;
	for (bule = mag->bul.entries; bule; bule = bul_next(bule))
		if (bule->state == BULE_REFUSED && bule->clock.differs &&
		    !bule->stopped && mag_clocks_may_agree(mag, bule, now))
			mag_set_timer(mag, bule, BULE_TIMER_PBU, now.mono_ms);
	mag_on_timer(mag, now, out);
}

/* --- What follows. */

void mag_give_up(struct mag *mag, struct bule *bule, const char *reason,
		 struct now now, struct outbox *out)
{
	mag_end_exchange(mag, bule);
	if (bule->state == BULE_DEREGISTERING) {
		if (bule->forwards)
			mag_uninstall(mag, bule, "unbound", NULL, bule->refuse,
				      now, out);
		else
			mag_gone(mag, bule, now, out);
		return;
	}
	if (bule->forwards)
		mag_uninstall(mag, bule, "unbound", reason, true, now, out);
	mag_refused(mag, bule, now);
}

/*
 * It left unnoticed, and another gateway has registered it. A frame of it will
 * mean that it is back, and attach it.
 */
static bool is_elsewhere(const struct bule *bule,
			 const struct mh_binding_ack *ba)
{
	return ba->status == MH_NOT_AUTHORIZED_FOR_HNP &&
	       bule->state == BULE_ACTIVE &&
	       bule->handoff == MH_HI_NOT_CHANGED;
}

void mag_let_go(struct mag *mag, struct bule *bule, const char *reason,
		struct now now, struct outbox *out)
{
	bool leaves = bule->state == BULE_DEREGISTERING;

	if (bule->state == BULE_REFUSED || bule->state == BULE_HELD)
		return;
	if (bule->busy && !leaves) {
		/* The operator's word stands. */
		if (bule->next != BULE_NEXT_HOLD)
			bule->next = BULE_NEXT_LET_GO;
		return;
	}
	mag_end_exchange(mag, bule);
	if (!leaves) {
		bule->state = BULE_DEREGISTERING;
		bule->hold = false;
		mag->counters.detachments++;
	}
	/* What is being undone is over when it is. */
	if (bule->busy)
		return;
	if (bule->forwards)
		mag_uninstall(mag, bule, "unbound", reason, false, now, out);
	else
		mag_gone(mag, bule, now, out);
}

static bool asked_for_its_own(const struct bule *bule)
{
	return bule->forwards || (bule->profile.hnp_count && !bule->any_prefix);
}

/* RFC 5213 6.9.1.2 (10): not these again, but maybe any. */
static void ask_for_others(struct mag *mag, struct bule *bule, struct now now,
			   struct outbox *out)
{
	uint8_t handoff = bule->handoff;

	if (!mag->config.ask_any_prefix) {
		bule->stopped = true;
		mag_give_up(mag, bule, "prefix is refused", now, out);
		return;
	}
	bule->any_prefix = true;
	mag_end_exchange(mag, bule);
	bule->state = BULE_REGISTERING;
	if (bule->forwards) {
		handoff = MH_HI_UNKNOWN;
		mag_uninstall(mag, bule, "unbound", "prefix is refused", true,
			      now, out);
	}
	mag_register(mag, bule, (enum mh_handoff_indicator)handoff, now, out);
}

/* RFC 6275 11.7.3: on from what the anchor has; once, for it may not be it. */
static bool resync(struct mag *mag, struct bule *bule,
		   const struct mh_binding_ack *ba, struct now now,
		   struct outbox *out)
{
	enum mh_handoff_indicator handoff =
		(enum mh_handoff_indicator)bule->handoff;

	if (ba->status != MH_SEQUENCE_OUT_OF_WINDOW ||
	    mag->config.timestamp_based || bule->resynced)
		return false;
	bule->sequence = ba->sequence;
	mag_register(mag, bule, handoff, now, out);
	bule->resynced = true;
	bule->late_until_ms = now.mono_ms + mag->config.max_bindack_timeout_ms;
	return true;
}

void mag_on_refusal(struct mag *mag, struct bule *bule,
		    const struct mh_binding_ack *ba, struct now now,
		    struct outbox *out)
{
	enum mag_refusal refusal = mag_refusal_of(ba->status);
	struct report *report;

	mag->counters.pba_refused++;
	mag->counters.refused[refusal]++;
	report = mag_report(transaction_new(out, NULL), level_of(bule, ba->status),
			    "refused", bule);
	report->status = ba->status;
	report->reason = is_overtaken(bule, ba->status) ?
			 "another gateway has registered it meanwhile" :
			 what_to_do(ba->status);
	note_clocks(bule, ba, report, now);

	if (resync(mag, bule, ba, now, out) ||
	    multihoming_on_refusal(mag, bule, ba, now, out))
		return;
	if (bule->state == BULE_DEREGISTERING) {
		if (!is_overtaken(bule, ba->status))
			membership_unsure(mag, bule, now, out);
		mag_give_up(mag, bule, NULL, now, out);
		return;
	}
	/* RFC 5213 6.9.1.2 (8): a newer one, but of one that is there. */
	if (ba->status == MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED) {
		bule->waits = false;
		bule->confirm = bule->state == BULE_ACTIVE &&
				bule->handoff != MH_HI_NOT_CHANGED;
		return;
	}
	if (is_elsewhere(bule, ba)) {
		mag_let_go(mag, bule, "another gateway has registered it", now,
			   out);
		return;
	}
	if (refusal == MAG_REFUSED_PREFIX && asked_for_its_own(bule)) {
		ask_for_others(mag, bule, now, out);
		return;
	}
	/* RFC 5213 6.9.1.2 (7) */
	if (refusal == MAG_REFUSED_SERVICE)
		bule->stopped = true;
	if (ba->status == MH_TIMESTAMP_MISMATCH) {
		bule->clock.differs = true;
		bule->clock.offset = clock_offset(now);
	}
	membership_unsure(mag, bule, now, out);
	mag_give_up(mag, bule, "refused by the anchor", now, out);
}
