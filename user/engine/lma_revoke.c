// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation Indications: whether a mobile node has left a gateway that
 * has not said so (RFC 5846 8.1).
 */
#include <stddef.h>
#include <stdlib.h>

#include "alloc.h"
#include "lma_internal.h"
#include "lma_revoke.h"

/* RFC 5846 11: BRIMaxRetriesNumber, InitMINDelayBRIs, MAX_BRACK_TIMEOUT. */
#define RETRIES 1u
#define FIRST_MIN_MS 500u
#define FIRST_MS 1000u
#define INTERVAL_MAX_MS 2000u

/* So many at once: numbers are told apart, and there are more of them. */
#define QUESTIONS_MAX 0x8000u

/*
 * The copy and the time for its answer, which is twice as long, are to fit into
 * the wait: a third of that, within what RFC 5846 11 allows. Of 1500 ms that is
 * the least, 500 ms.
 */
static uint32_t first_interval(const struct lma *lma)
{
	uint32_t third = lma->config.max_delay_before_new_bce_assign_ms / 3;

	if (third < FIRST_MIN_MS)
		return FIRST_MIN_MS;
	return third < FIRST_MS ? third : FIRST_MS;
}

static struct lma_question *by_sequence(const struct lma *lma,
					uint16_t sequence)
{
	struct lma_question *question;

	HASH_FIND(by_sequence, lma->questions, &sequence, sizeof(sequence),
		  question);
	return question;
}

/* RFC 5846 5.1: none that another one has which is not answered. */
static uint16_t fresh_sequence(struct lma *lma)
{
	while (by_sequence(lma, lma->bri_sequence))
		lma->bri_sequence++;
	return lma->bri_sequence++;
}

/* Where nobody waits any more, only the answer is still waited for. */
static void next_copy(struct lma *lma, struct lma_question *question,
		      struct transaction *transaction, struct now now)
{
	struct effect_send *send;

	if (question->bce->delayed) {
		send = &transaction_add(transaction, EFFECT_SEND)->send;
		send->src = lma->config.address;
		send->dst = question->mag;
		send->message->type = MH_BINDING_REVOCATION;
		send->message->revocation = question->bri;
		lma->counters.bri_sent++;
		lma->counters.bri_retransmitted += question->copies != 0;
	}
	question->copies++;
	timer_set(&lma->question_timers, &question->timer,
		  now.mono_ms + question->interval_ms);
	question->interval_ms = question->interval_ms < INTERVAL_MAX_MS / 2 ?
				2 * question->interval_ms : INTERVAL_MAX_MS;
}

static struct report *report_on(struct transaction *transaction,
				enum report_level level, const char *event,
				const struct bce *bce)
{
	struct report *report = lma_report_on(transaction, level, event, bce);

	report->peer = bce->question->mag;
	return report;
}

/* RFC 5846 8.1: to where its updates come from, which binding it is. */
static void fill(struct lma *lma, struct lma_question *question)
{
	const struct bce *bce = question->bce;
	struct mh_options *options = &question->bri.options;

	question->mag = bce->now.proxy_coa;
	if (!IN6_IS_ADDR_UNSPECIFIED(&bce->now.source)) {
		question->mag = bce->now.source;
		options->has_alt_coa = true;
		options->alt_coa = bce->now.proxy_coa;
	}
	question->bri.kind = MH_BR_INDICATION;
	question->bri.trigger = MH_BR_HANDOVER_UNKNOWN;
	question->bri.sequence = fresh_sequence(lma);
	question->bri.flags = MH_BR_PROXY;
	options->has_mn_id = true;
	bce_mn_id(bce, &options->mn_id);
	options->hnp_count = (uint8_t)lma_copy_prefixes(bce->prefixes,
							bce->prefix_count,
							options->hnp);
}

void lma_ask(struct lma *lma, struct bce *bce, struct now now,
	     struct outbox *out)
{
	const struct peer *peer = peers_find(&lma->peers, &bce->now.proxy_coa);
	struct transaction *transaction;
	struct lma_question *question;

	if (!lma->config.revocation || bce->question ||
	    (peer && peer->no_revocations) ||
	    bce->now.state != BCE_ACTIVE ||
	    (bce->operation && bce->operation->action == LMA_DELETE) ||
	    HASH_CNT(by_sequence, lma->questions) >= QUESTIONS_MAX)
		return;
	question = must_alloc(sizeof(*question));
	question->bce = bce;
	question->interval_ms = first_interval(lma);
	fill(lma, question);
	bce->question = question;
	HASH_ADD(by_sequence, lma->questions, bri.sequence,
		 sizeof(question->bri.sequence), question);
	transaction = transaction_new(out, NULL);
	next_copy(lma, question, transaction, now);
	report_on(transaction, REPORT_DEBUG, "bri-sent", bce);
}

void lma_end_question(struct lma *lma, struct bce *bce)
{
	struct lma_question *question = bce->question;

	if (!question)
		return;
	HASH_DELETE(by_sequence, lma->questions, question);
	timer_cancel(&lma->question_timers, &question->timer);
	bce->question = NULL;
	free(question);
}

/* RFC 5846 8.1: as if its gateway had de-registered it. */
void lma_revoke(struct lma *lma, struct bce *bce, struct now now,
		struct outbox *out)
{
	struct transaction *transaction;

	if (!bce->question || !bce->question->left || bce->operation)
		return;
	lma_end_question(lma, bce);
	lma_begin(bce, LMA_REVOKE, NULL);
	bce->now.expires_ms = now.mono_ms +
			      lma->config.min_delay_before_bce_delete_ms;
	bce->now.state = BCE_DEREGISTERED;
	bce->now.lifetime = 0;
	lma_note_peer(lma, bce);
	timer_set(&lma->timers, &bce->timer, bce->now.expires_ms);
	transaction = transaction_new(out, bce);
	lma_set_forwarding(transaction, bce, now);
	lma_put_record(transaction, bce, now);
	lma_report_on(transaction, REPORT_INFO, "binding-revoked", bce);
}

static void due(struct lma *lma, struct lma_question *question, struct now now,
		struct outbox *out)
{
	struct bce *bce = question->bce;

	if (question->copies <= RETRIES) {
		next_copy(lma, question, transaction_new(out, NULL), now);
		return;
	}
	lma->counters.bri_unanswered++;
	report_on(transaction_new(out, NULL), REPORT_WARNING, "bri-unanswered",
		  bce);
	lma_end_question(lma, bce);
}

void lma_questions_on_timer(struct lma *lma, struct now now,
			    struct outbox *out)
{
	struct timer *timer;

	while ((timer = timers_take(&lma->question_timers, now.mono_ms)))
		due(lma, (struct lma_question *)((char *)timer -
						 offsetof(struct lma_question,
							  timer)),
		    now, out);
}

/* It is another interface that came: whoever waits gets a session of its own. */
static void still_attached(struct lma *lma, struct bce *bce, struct now now,
			   struct outbox *out)
{
	struct lma_delayed *delayed, *first = NULL, **last = &first;

	lma->counters.bri_attached++;
	report_on(transaction_new(out, NULL), REPORT_INFO, "still-attached",
		  bce);
	lma_end_question(lma, bce);
	while ((delayed = lma_take_delayed(lma, bce))) {
		*last = delayed;
		last = &delayed->next;
	}
	while ((delayed = first)) {
		first = delayed->next;
		lma->counters.delays_attached++;
		lma_end_delay(lma, delayed, now, out);
	}
}

/* Who waits goes on to: it may still be de-registered. */
static void refused(struct lma *lma, struct bce *bce, uint8_t status,
		    struct outbox *out)
{
	lma->counters.bri_refused++;
	report_on(transaction_new(out, NULL), REPORT_WARNING, "bri-refused",
		  bce)->status = status;
	lma_end_question(lma, bce);
}

static void ignore(const struct in6_addr *src, const struct mh_options *options,
		   const char *event, const char *reason, struct outbox *out)
{
	struct report *report;

	report = transaction_report(transaction_new(out, NULL), REPORT_INFO,
				    event, &options->mn_id);
	report->has_peer = true;
	report->peer = *src;
	report->reason = reason;
}

static struct lma_question *find(const struct lma *lma,
				 const struct in6_addr *src,
				 const struct mh_revocation *bra)
{
	struct lma_question *question = by_sequence(lma, bra->sequence);
	const struct mh_options *options = &bra->options;

	if (!question || question->left ||
	    !IN6_ARE_ADDR_EQUAL(&question->mag, src) ||
	    (options->has_mn_id && !bce_is_of(question->bce, &options->mn_id)))
		return NULL;
	return question;
}

void lma_on_bra(struct lma *lma, const struct in6_addr *src,
		const struct mh_revocation *bra, struct now now,
		struct outbox *out)
{
	struct lma_question *question = find(lma, src, bra);

	lma->counters.bra_received++;
	if (!question) {
		lma->counters.bra_ignored++;
		ignore(src, &bra->options, "bra-ignored",
		       "answers nothing that was asked", out);
	} else if (bra->status < MH_STATUS_REJECTED) {
		question->left = true;
		timer_cancel(&lma->question_timers, &question->timer);
		lma_revoke(lma, question->bce, now, out);
	} else if (bra->status == MH_BR_ATTACHED) {
		still_attached(lma, question->bce, now, out);
	} else {
		refused(lma, question->bce, bra->status, out);
	}
}

bool lma_questions_on_error(struct lma *lma, struct peer *peer,
			    struct outbox *out)
{
	struct peer_link *link;
	struct bce *bce;

	for (link = peer->links; link; link = link->next) {
		bce = lma_bce_of(link);
		if (!bce->question || bce->question->left ||
		    !IN6_ARE_ADDR_EQUAL(&bce->question->mag, &peer->address))
			continue;
		peer->no_revocations = true;
		report_on(transaction_new(out, NULL), REPORT_WARNING,
			  "bri-not-understood", bce);
		lma_end_question(lma, bce);
		return true;
	}
	return false;
}

/* RFC 5846 8.2: what a gateway may ask for is done for none of them. */
static enum mh_br_status answer_to(const struct mh_revocation *bri)
{
	bool global = bri->flags & MH_BR_GLOBAL;
	bool many = bri->trigger >= MH_BR_GLOBAL_TRIGGER;

	if (!(bri->flags & MH_BR_PROXY))
		return MH_BR_NO_BINDING;
	if (global != many)
		return MH_BR_FUNCTION_NOT_SUPPORTED;
	if (bri->trigger == MH_BR_PER_PEER_POLICY)
		return MH_BR_GLOBAL_NOT_AUTHORIZED;
	return MH_BR_TRIGGER_NOT_SUPPORTED;
}

void lma_on_bri(struct lma *lma, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_revocation *bri,
		struct outbox *out)
{
	struct transaction *transaction;
	struct effect_send *send;
	struct report *report;

	lma->counters.bri_received++;
	if (!peers_find(&lma->peers, src) || IN6_IS_ADDR_MULTICAST(dst)) {
		ignore(src, &bri->options, "bri-ignored",
		       "is not from a gateway that has sessions", out);
		return;
	}
	transaction = transaction_new(out, NULL);
	send = &transaction_add(transaction, EFFECT_SEND)->send;
	send->src = *dst;
	send->dst = *src;
	send->message->type = MH_BINDING_REVOCATION;
	send->message->revocation = (struct mh_revocation){
		.kind = MH_BR_ACK,
		.status = (uint8_t)answer_to(bri),
		.sequence = bri->sequence,
		.flags = bri->flags,
	};
	report = transaction_report(transaction, REPORT_WARNING,
				    "revocation-refused",
				    &bri->options.mn_id);
	report->has_peer = true;
	report->peer = *src;
	report->status = send->message->revocation.status;
	report->reason = "gateways may not revoke here";
}
