// SPDX-License-Identifier: GPL-2.0
/*
 * Update Notifications: an anchor has news for a mobile node (RFC 7077 6).
 */
#include "mag_internal.h"

static void ignore(struct mag *mag, const struct in6_addr *src,
		   const struct mh_options *options, const char *reason,
		   struct outbox *out)
{
	struct report *report;

	mag->counters.upn_ignored++;
	report = transaction_report(transaction_new(out, NULL), REPORT_INFO,
				    "upn-ignored", &options->mn_id);
	report->has_peer = true;
	report->peer = *src;
	report->reason = reason;
}

/* RFC 7077 6.2: from where to where the notification went, and of whom. */
static void answer(struct mag *mag, const struct in6_addr *src,
		   const struct in6_addr *dst,
		   const struct mh_update_notification *upn,
		   enum mh_upa_status status, struct outbox *out)
{
	struct transaction *transaction;
	struct effect_send *send;

	if (!(upn->flags & MH_UPN_ACK))
		return;
	transaction = transaction_new(out, NULL);
	send = &transaction_add(transaction, EFFECT_SEND)->send;
	send->src = *dst;
	send->dst = *src;
	send->message->type = MH_UPDATE_ACK;
	send->message->upa.sequence = upn->sequence;
	send->message->upa.status = (uint8_t)status;
	send->message->upa.options.has_mn_id = true;
	send->message->upa.options.mn_id = upn->options.mn_id;
	mag->counters.upa_sent++;
}

static void refuse(struct mag *mag, const struct in6_addr *src,
		   const struct in6_addr *dst,
		   const struct mh_update_notification *upn,
		   enum mh_upa_status status, const char *reason,
		   struct outbox *out)
{
	struct report *report;

	mag->counters.upn_refused++;
	answer(mag, src, dst, upn, status, out);
	report = transaction_report(transaction_new(out, NULL), REPORT_WARNING,
				    "upn-refused", &upn->options.mn_id);
	report->has_peer = true;
	report->peer = *src;
	report->status = status;
	report->reason = reason;
}

static bool is_meant(const struct bule *bule, const struct in6_addr *src,
		     const struct mh_options *options)
{
	return (bule->state == BULE_ACTIVE ||
		bule->state == BULE_REGISTERING) &&
	       bule_is_named(bule, src, options);
}

static bool is_duplicate(const struct bule *bule,
			 const struct mh_update_notification *upn)
{
	return (upn->flags & MH_UPN_RETRANSMITTED) && bule->notified &&
	       bule->notified_as == upn->sequence;
}

/*
 * What is under way may have been answered before there was news: it is asked
 * for once more when that is over. Of one that is probed, a PBU follows anyway.
 */
static void notify(struct mag *mag, struct bule *bule,
		   const struct mh_update_notification *upn, struct now now,
		   struct outbox *out)
{
	if (is_duplicate(bule, upn)) {
		mag->counters.upn_duplicates++;
		return;
	}
	bule->notified = true;
	bule->notified_as = upn->sequence;
	mag_report(transaction_new(out, NULL), REPORT_INFO, "notified", bule);
	if (bule->waits)
		bule->news = true;
	else if (!bule->unheard)
		mag_set_timer(mag, bule, BULE_TIMER_PBU, now.mono_ms);
}

void mag_on_upn(struct mag *mag, const struct in6_addr *src,
		const struct in6_addr *dst,
		const struct mh_update_notification *upn, struct now now,
		struct outbox *out)
{
	unsigned int found = 0, asked = 0;
	struct bule *bule;

	mag->counters.upn_received++;
	if (!upn->options.has_mn_id || !upn->options.mn_id.len) {
		ignore(mag, src, &upn->options, "names no mobile node", out);
		return;
	}
	/* One that serves nobody here has no business with us. */
	if (!peers_find(&mag->peers, src)) {
		ignore(mag, src, &upn->options,
		       "is from no anchor of a mobile node that is here", out);
		return;
	}
	if (upn->reason != MH_UPN_FORCE_REREGISTRATION) {
		refuse(mag, src, dst, upn, MH_UPA_FAILED,
		       "reason is not known here", out);
		return;
	}
	for (bule = bul_by_mn(&mag->bul, &upn->options.mn_id); bule;
	     bule = bul_next_of_mn(bule)) {
		if (!is_meant(bule, src, &upn->options))
			continue;
		found++;
		if (bule->stopped)
			continue;
		asked++;
		notify(mag, bule, upn, now, out);
	}
	if (!found)
		refuse(mag, src, dst, upn, MH_UPA_MN_NOT_ATTACHED,
		       "mobile node is not registered here by that anchor",
		       out);
	else if (!asked)
		refuse(mag, src, dst, upn, MH_UPA_FAILED,
		       "its anchor is not asked any more: pmipctl mn attach",
		       out);
	else
		answer(mag, src, dst, upn, MH_UPA_SUCCESS, out);
}
