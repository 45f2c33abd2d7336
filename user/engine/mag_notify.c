// SPDX-License-Identifier: GPL-2.0
/*
 * Update Notifications: an anchor has news for a mobile node (RFC 7077 6), or
 * moves flows of its to a gateway (RFC 7864 4.2).
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

/*
 * RFC 7077 6.2: from where to where the notification went, and of whom. RFC 7864
 * 4.3: and by which prefixes flows can come now.
 */
static void put_answer(struct mag *mag, struct transaction *transaction,
		       const struct in6_addr *src, const struct in6_addr *dst,
		       const struct mh_update_notification *upn,
		       enum mh_upa_status status)
{
	struct mh_options *options;
	struct effect_send *send;
	unsigned int i;

	if (!(upn->flags & MH_UPN_ACK))
		return;
	send = &transaction_add(transaction, EFFECT_SEND)->send;
	send->src = *dst;
	send->dst = *src;
	send->message->type = MH_UPDATE_ACK;
	send->message->upa.sequence = upn->sequence;
	send->message->upa.status = (uint8_t)status;
	options = &send->message->upa.options;
	options->has_mn_id = true;
	options->mn_id = upn->options.mn_id;
	if (upn->reason == MH_UPN_FLOW_MOBILITY && status == MH_UPA_SUCCESS)
		for (i = 0; i < upn->options.hnp_count; i++)
			mag_name_prefix(options, &upn->options.hnp[i]);
	mag->counters.upa_sent++;
}

static void answer(struct mag *mag, const struct in6_addr *src,
		   const struct in6_addr *dst,
		   const struct mh_update_notification *upn,
		   enum mh_upa_status status, struct outbox *out)
{
	put_answer(mag, transaction_new(out, NULL), src, dst, upn, status);
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

static void register_anew(struct mag *mag, const struct in6_addr *src,
			  const struct in6_addr *dst,
			  const struct mh_update_notification *upn,
			  struct now now, struct outbox *out)
{
	unsigned int found = 0, asked = 0;
	struct bule *bule;

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

/* --- Flow Mobility Initiate. */

static bool is_named(const struct mh_options *options,
		     const struct mh_prefix *hnp)
{
	unsigned int i;

	for (i = 0; i < options->hnp_count; i++)
		if (mh_prefix_equal(&options->hnp[i], hnp))
			return true;
	return false;
}

/* Another interface of it that is here has one of them, which can be of one. */
static bool is_elsewhere(const struct mag *mag, const struct bule *bule,
			 const struct mh_options *options)
{
	const struct bule *other;
	unsigned int i;

	for (i = 0; i < options->hnp_count; i++) {
		other = bul_by_prefix(&mag->bul, &options->hnp[i]);
		if (other && other != bule &&
		    mh_mn_id_equal(&other->profile.mn_id, &options->mn_id))
			return true;
	}
	return false;
}

static const char *wrong_with(const struct mag *mag, const struct bule *bule,
			      const struct mh_options *options)
{
	unsigned int i;

	if (!options->hnp_count)
		return "names no prefix";
	for (i = 0; i < options->hnp_count; i++)
		if (mh_prefix_any(&options->hnp[i]))
			return "names no prefix";
	if (is_elsewhere(mag, bule, options))
		return "another interface of it that is here has that prefix";
	return NULL;
}

/*
 * RFC 7864 4.2: what flows could be moved by and is not named any more goes; what
 * is on its link stays.
 */
static unsigned int prefixes_after(const struct bule *bule,
				   const struct mh_options *options,
				   struct mh_prefix *hnp)
{
	unsigned int count = 0, i;

	for (i = 0; i < bule->hnp_count; i++)
		if (!bule->hnp[i].off_link && !is_named(options, &bule->hnp[i]))
			hnp[count++] = bule->hnp[i];
	return count + mag_named_prefixes(options, &hnp[count]);
}

/* Which of its interfaces; several are set to none. */
static struct bule *find_active(struct mag *mag, const struct in6_addr *src,
				const struct mh_options *options,
				unsigned int *count)
{
	struct bule *bule, *found = NULL;

	*count = 0;
	for (bule = bul_by_mn(&mag->bul, &options->mn_id); bule;
	     bule = bul_next_of_mn(bule)) {
		if (bule->state != BULE_ACTIVE ||
		    !bule_is_named(bule, src, options))
			continue;
		found = bule;
		(*count)++;
	}
	return *count == 1 ? found : NULL;
}

static void move_flows(struct mag *mag, const struct in6_addr *src,
		       const struct in6_addr *dst,
		       const struct mh_update_notification *upn,
		       struct now now, struct outbox *out)
{
	const struct mh_options *options = &upn->options;
	struct mh_prefix hnp[2 * MH_MAX_HNP];
	struct transaction *transaction;
	unsigned int count;
	const char *why;
	struct bule *bule = find_active(mag, src, options, &count);

	if (!bule) {
		refuse(mag, src, dst, upn, count ? MH_UPA_REASON_UNSPECIFIED :
						   MH_UPA_MN_NOT_ATTACHED,
		       count ? "does not say which of its interfaces here" :
		       "mobile node is not registered here by that anchor",
		       out);
		return;
	}
	/* It will be repeated. */
	if (bule->busy) {
		ignore(mag, src, options,
		       "comes before the last one is carried out", out);
		return;
	}
	why = wrong_with(mag, bule, options);
	count = prefixes_after(bule, options, hnp);
	if (!why && count > MH_MAX_HNP)
		why = "would give it more prefixes than there is room for";
	if (why) {
		refuse(mag, src, dst, upn, MH_UPA_REASON_UNSPECIFIED, why, out);
		return;
	}
	if (bule_prefixes_are(bule, hnp, count)) {
		answer(mag, src, dst, upn, MH_UPA_SUCCESS, out);
		return;
	}
	mag_take_over(mag, bule, hnp, count, now, out);
	transaction = mag_change_prefixes(mag, bule, hnp, count,
					  "flow-mobility", now, out);
	put_answer(mag, transaction, src, dst, upn, MH_UPA_SUCCESS);
}

void mag_on_upn(struct mag *mag, const struct in6_addr *src,
		const struct in6_addr *dst,
		const struct mh_update_notification *upn, struct now now,
		struct outbox *out)
{
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
	switch (upn->reason) {
	case MH_UPN_FORCE_REREGISTRATION:
		register_anew(mag, src, dst, upn, now, out);
		break;
	case MH_UPN_FLOW_MOBILITY:
		move_flows(mag, src, dst, upn, now, out);
		break;
	default:
		refuse(mag, src, dst, upn, MH_UPA_FAILED,
		       "reason is not known here", out);
		break;
	}
}
