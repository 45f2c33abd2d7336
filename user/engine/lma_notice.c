// SPDX-License-Identifier: GPL-2.0
/*
 * Update Notifications: a gateway is to register a session anew (RFC 7077 5).
 */
#include <stddef.h>
#include <stdlib.h>

#include "alloc.h"
#include "lma_internal.h"

/* How soon a member of a bulk group is told again, after nobody has answered. */
#define MEMBER_AGAIN_MS 60000u

static struct lma_notice *notice_of(struct bce *bce)
{
	if (!bce->notice) {
		bce->notice = must_alloc(sizeof(*bce->notice));
		bce->notice->bce = bce;
	}
	return bce->notice;
}

static void send_copy(struct lma *lma, const struct bce *bce,
		      struct transaction *transaction)
{
	struct effect_send *send =
		&transaction_add(transaction, EFFECT_SEND)->send;
	struct mh_update_notification *upn = &send->message->upn;
	const struct lma_notice *notice = bce->notice;
	struct mh_options *options = &upn->options;

	send->src = lma->config.address;
	send->dst = notice->mag;
	send->message->type = MH_UPDATE_NOTIFICATION;
	upn->sequence = notice->sequence;
	upn->reason = MH_UPN_FORCE_REREGISTRATION;
	upn->flags = MH_UPN_ACK;
	if (notice->copies)
		upn->flags |= MH_UPN_RETRANSMITTED;
	options->has_mn_id = true;
	bce_mn_id(bce, &options->mn_id);
	/* Which of its interfaces. */
	options->has_ll_id = bce->now.ll_id.len;
	options->ll_id = bce->now.ll_id;
}

static void next_copy(struct lma *lma, struct bce *bce,
		      struct transaction *transaction, struct now now)
{
	send_copy(lma, bce, transaction);
	lma->counters.upn_sent++;
	lma->counters.upn_retransmitted += bce->notice->copies != 0;
	bce->notice->copies++;
	timer_set(&lma->notices, &bce->notice->timer, now.mono_ms +
		  lma->config.min_delay_between_update_notification_replay_ms);
}

static struct report *warn(struct transaction *transaction, const char *event,
			   const struct bce *bce)
{
	struct report *report = lma_report_on(transaction, REPORT_WARNING,
					      event, bce);

	report->reason = bce->pending.count ?
			 "its prefixes change with its next update" :
			 "its prefixes have changed meanwhile";
	return report;
}

void lma_notify(struct lma *lma, struct bce *bce,
		struct transaction *transaction, struct now now)
{
	const struct peer *peer = peers_find(&lma->peers, &bce->now.proxy_coa);
	struct lma_notice *notice;

	lma_end_notice(lma, bce);
	/* RFC 7077 5.2: not before the operator says that it has changed. */
	if (peer && peer->no_notices) {
		warn(transaction, "upn-not-understood", bce);
		return;
	}
	notice = notice_of(bce);
	notice->waits = true;
	notice->mag = bce->now.proxy_coa;
	notice->sequence = lma->upn_sequence++;
	next_copy(lma, bce, transaction, now);
}

void lma_notify_at(struct lma *lma, struct bce *bce, uint64_t due)
{
	lma_end_notice(lma, bce);
	if (bce->pending.count)
		timer_set(&lma->notices, &notice_of(bce)->timer, due);
}

void lma_end_notice(struct lma *lma, struct bce *bce)
{
	if (!bce->notice)
		return;
	timer_cancel(&lma->notices, &bce->notice->timer);
	free(bce->notice);
	bce->notice = NULL;
}

static void due(struct lma *lma, struct lma_notice *notice, struct now now,
		struct outbox *out)
{
	struct bce *bce = notice->bce;

	/* Not before what its gateway has asked for is answered. */
	if (bce->operation) {
		timer_set(&lma->notices, &notice->timer,
			  now.mono_ms + LMA_BUSY_RETRY_MS);
	} else if (bce->now.state != BCE_ACTIVE) {
		lma_end_notice(lma, bce);
	} else if (!notice->waits && bce->pending.count) {
		lma_notify(lma, bce, transaction_new(out, NULL), now);
	} else if (!notice->waits ||
		   !IN6_ARE_ADDR_EQUAL(&notice->mag, &bce->now.proxy_coa)) {
		lma_end_notice(lma, bce);
	} else if (notice->copies <=
		   lma->config.max_update_notification_retransmit_count) {
		next_copy(lma, bce, transaction_new(out, NULL), now);
	} else {
		lma_end_notice(lma, bce);
		lma->counters.upn_unanswered++;
		warn(transaction_new(out, NULL), "upn-unanswered", bce);
		/* A member of a bulk group may have no update of its own to come. */
		if (bce->group)
			lma_notify_at(lma, bce, now.mono_ms + MEMBER_AGAIN_MS);
	}
}

void lma_notices_on_timer(struct lma *lma, struct now now, struct outbox *out)
{
	struct timer *timer;

	while ((timer = timers_take(&lma->notices, now.mono_ms)))
		due(lma, (struct lma_notice *)((char *)timer -
					       offsetof(struct lma_notice,
							timer)),
		    now, out);
}

static bool waits_for(const struct bce *bce, const struct in6_addr *mag)
{
	return bce->notice && bce->notice->waits &&
	       IN6_ARE_ADDR_EQUAL(&bce->notice->mag, mag);
}

static struct bce *find(const struct lma *lma, const struct in6_addr *src,
			const struct mh_update_ack *upa)
{
	const struct bc_mn *mn = upa->options.has_mn_id ?
				 bc_mn(&lma->bc, &upa->options.mn_id) : NULL;
	struct bce *bce;

	for (bce = mn ? mn->sessions : NULL; bce; bce = bce->next)
		if (waits_for(bce, src) &&
		    bce->notice->sequence == upa->sequence)
			return bce;
	return NULL;
}

void lma_on_upa(struct lma *lma, const struct in6_addr *src,
		const struct mh_update_ack *upa, struct outbox *out)
{
	struct bce *bce = find(lma, src, upa);
	struct report *report;

	lma->counters.upa_received++;
	if (!bce) {
		lma->counters.upa_ignored++;
		report = transaction_report(transaction_new(out, NULL),
					    REPORT_INFO, "upa-ignored",
					    &upa->options.mn_id);
		report->has_peer = true;
		report->peer = *src;
		report->status = upa->status;
		report->reason = "answers nothing that was asked";
		return;
	}
	lma_end_notice(lma, bce);
	if (upa->status < MH_STATUS_REJECTED)
		return;
	lma->counters.upn_refused++;
	warn(transaction_new(out, NULL), "upn-refused", bce)->status =
		upa->status;
}

bool lma_notices_on_error(struct lma *lma, struct peer *peer,
			  struct outbox *out)
{
	struct peer_link *link;
	struct bce *bce;

	for (link = peer->links; link; link = link->next) {
		bce = lma_bce_of(link);
		if (!waits_for(bce, &peer->address))
			continue;
		lma_end_notice(lma, bce);
		peer->no_notices = true;
		warn(transaction_new(out, NULL), "upn-not-understood", bce);
		return true;
	}
	return false;
}
