// SPDX-License-Identifier: GPL-2.0
/*
 * Proxy Binding Acknowledgements (RFC 5213 6.9.1.2).
 */
#include <string.h>

#include "mag_internal.h"

static void ignore(struct mag *mag, const struct in6_addr *src,
		   const struct mh_binding_ack *ba, const char *reason,
		   struct outbox *out)
{
	struct report *report;

	mag->counters.pba_ignored++;
	report = transaction_report(transaction_new(out, NULL), REPORT_INFO,
				    "pba-ignored", &ba->options.mn_id);
	report->has_peer = true;
	report->peer = *src;
	report->status = ba->status;
	report->reason = reason;
}

/* One that is named twice is still one. */
static void take_prefixes(struct bule *bule, const struct mh_options *options)
{
	unsigned int i;

	bule->hnp_count = 0;
	for (i = 0; i < options->hnp_count; i++)
		if (!bule_has_prefix(bule, &options->hnp[i]))
			bule->hnp[bule->hnp_count++] = options->hnp[i];
}

static bool same_prefixes(const struct bule *bule,
			  const struct mh_options *options)
{
	struct bule other = { 0 };
	unsigned int i;

	take_prefixes(&other, options);
	if (bule->hnp_count != other.hnp_count)
		return false;
	for (i = 0; i < other.hnp_count; i++)
		if (!bule_has_prefix(bule, &other.hnp[i]))
			return false;
	return true;
}

/* RFC 6275 11.7.3: the lifetime counts from the sending of the update. */
static void note_lifetime(struct bule *bule, const struct mh_binding_ack *ba)
{
	const struct bule_copy *copy = bule_copy_of(bule, ba->sequence);

	bule->lifetime = ba->lifetime;
	bule->expires_ms = copy->sent_ms +
			   (uint64_t)ba->lifetime * LIFETIME_UNIT_MS;
}

static bool grants_prefixes(const struct mh_binding_ack *ba)
{
	unsigned int i;

	if (!ba->lifetime || !ba->options.hnp_count)
		return false;
	for (i = 0; i < ba->options.hnp_count; i++)
		if (mh_prefix_any(&ba->options.hnp[i]))
			return false;
	return true;
}

static void registered(struct mag *mag, struct bule *bule,
		       const struct mh_binding_ack *ba, struct now now,
		       struct outbox *out)
{
	note_lifetime(bule, ba);
	mag_end_exchange(mag, bule);
	if (bule->state == BULE_ACTIVE) {
		mag_install(mag, bule, "binding-refreshed", REPORT_DEBUG, false,
			    now, out);
		return;
	}
	take_prefixes(bule, &ba->options);
	mag_install(mag, bule, "registered", REPORT_INFO, true, now, out);
}

static void accepted(struct mag *mag, struct bule *bule,
		     const struct in6_addr *src,
		     const struct mh_binding_ack *ba, struct now now,
		     struct outbox *out)
{
	mag->counters.pba_accepted++;
	if (bule->state == BULE_DEREGISTERING) {
		mag_end_exchange(mag, bule);
		if (bule->forwards)
			mag_uninstall(mag, bule, "unbound", NULL, bule->refuse,
				      now, out);
		else
			mag_gone(mag, bule, now, out);
		return;
	}
	if (!grants_prefixes(ba)) {
		ignore(mag, src, ba, "accepts, but grants no prefix", out);
		return;
	}
	/* What was moved to another prefix must not keep the one it had. */
	if (bule->forwards && !same_prefixes(bule, &ba->options)) {
		bule->state = BULE_REGISTERING;
		bule->handoff = MH_HI_UNKNOWN;
		mag_uninstall(mag, bule, "unbound", "prefix was changed", true,
			      now, out);
		return;
	}
	registered(mag, bule, ba, now, out);
}

static const char *what_to_do(uint8_t status)
{
	switch (status) {
	case MH_TIMESTAMP_MISMATCH:
		return "clocks differ: synchronise this gateway's and the anchor's";
	case MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG:
		return "the anchor does not know this gateway: configure it there";
	case MH_NOT_LMA_FOR_THIS_MOBILE_NODE:
		return "the anchor does not know this mobile node";
	case MH_PROXY_REG_NOT_ENABLED:
		return "the anchor's profile does not allow mobility service: when it does, attach it by hand";
	case MH_INSUFFICIENT_RESOURCES:
		return "the anchor has no prefix or no memory left";
	default:
		return mh_status_name(status);
	}
}

/* There is no agreement with the anchor, and there will be none. */
static void give_up(struct mag *mag, struct bule *bule, const char *reason,
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

static void let_go(struct mag *mag, struct bule *bule, struct now now,
		   struct outbox *out)
{
	mag_end_exchange(mag, bule);
	bule->state = BULE_DEREGISTERING;
	bule->hold = false;
	mag->counters.detachments++;
	mag_uninstall(mag, bule, "unbound", "another gateway has registered it",
		      false, now, out);
}

static void refused(struct mag *mag, struct bule *bule,
		    const struct mh_binding_ack *ba, struct now now,
		    struct outbox *out)
{
	struct report *report;

	mag->counters.pba_refused++;
	report = mag_report(transaction_new(out, NULL), REPORT_WARNING,
			    "refused", bule);
	report->status = ba->status;
	report->reason = what_to_do(ba->status);

	/* RFC 5213 6.9.1.2 (8): a newer one, but of one that is there. */
	if (ba->status == MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED &&
	    bule->state != BULE_DEREGISTERING) {
		bule->waits = false;
		return;
	}
	if (is_elsewhere(bule, ba)) {
		let_go(mag, bule, now, out);
		return;
	}
	/* RFC 5213 6.9.1.2 (7) */
	if (ba->status == MH_PROXY_REG_NOT_ENABLED)
		bule->stopped = true;
	give_up(mag, bule, "refused by the anchor", now, out);
}

static bool echoes(const struct bule *bule, const struct mh_binding_ack *ba)
{
	const struct bule_copy *copy = bule_copy_of(bule, ba->sequence);
	const struct mh_options *options = &ba->options;

	return (!options->has_handoff || options->handoff == copy->handoff) &&
	       (!options->has_att || options->att == copy->att);
}

/* RFC 5213 6.9.1.2 (6): ignored, and not asked again. What stands may stand. */
static void stop(struct mag *mag, struct bule *bule, struct now now,
		 struct outbox *out)
{
	bule->stopped = true;
	if (bule->state == BULE_ACTIVE)
		mag_end_exchange(mag, bule);
	else
		give_up(mag, bule, "anchor answers something else", now, out);
}

void mag_on_pba(struct mag *mag, const struct in6_addr *src,
		const struct mh_binding_ack *ba, struct now now,
		struct outbox *out)
{
	struct bule *bule = bul_by_ack(&mag->bul, ba);

	if (!bule) {
		ignore(mag, src, ba, "answers nothing that was asked", out);
		return;
	}
	if (!IN6_ARE_ADDR_EQUAL(src, &bule->profile.lma)) {
		ignore(mag, src, ba, "is not from the anchor that was asked",
		       out);
		return;
	}
	if (!(ba->flags & MH_BA_PROXY)) {
		ignore(mag, src, ba, "is from an anchor without proxy service",
		       out);
		return;
	}
	/* It will be repeated. */
	if (bule->busy)
		return;
	if (!echoes(bule, ba)) {
		ignore(mag, src, ba, "echoes other options than were sent", out);
		stop(mag, bule, now, out);
		return;
	}
	if (ba->status < MH_STATUS_REJECTED)
		accepted(mag, bule, src, ba, now, out);
	else
		refused(mag, bule, ba, now, out);
}
