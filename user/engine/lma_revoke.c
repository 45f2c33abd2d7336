// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation: sessions that end by it, and whether a mobile node has
 * left a gateway that has not said so (RFC 5846 8.1).
 */
#include <utlist.h>

#include "lma_internal.h"
#include "lma_revoke.h"

/* RFC 5846 11: InitMINDelayBRIs is 1 s, and never below half of that. */
#define FIRST_MIN_MS 500u
#define FIRST_MS 1000u

const struct in6_addr *lma_signals_to(const struct bce *bce)
{
	return IN6_IS_ADDR_UNSPECIFIED(&bce->now.source) ? &bce->now.proxy_coa :
							   &bce->now.source;
}

/* --- Sessions that end. */

bool lma_may_revoke(const struct bce *bce)
{
	return bce->now.state == BCE_ACTIVE &&
	       !(bce->operation && bce->operation->action == LMA_DELETE);
}

void lma_revoking(struct lma *lma, struct revocation *revocation,
		  struct bce *bce)
{
	lma_leave_revocation(lma, bce, REVOCATION_OVERTAKEN);
	bce->revoking = revocation_add(revocation, bce);
}

void lma_put_session(struct mh_options *options, const struct bce *bce)
{
	options->has_mn_id = true;
	bce_mn_id(bce, &options->mn_id);
	if (!IN6_IS_ADDR_UNSPECIFIED(&bce->now.source)) {
		options->has_alt_coa = true;
		options->alt_coa = bce->now.proxy_coa;
	}
	options->hnp_count +=
		(uint8_t)lma_copy_prefixes(bce->prefixes, bce->prefix_count,
					   &options->hnp[options->hnp_count]);
}

void lma_leave_revocation(struct lma *lma, struct bce *bce,
			  enum revocation_result result)
{
	struct revoking *revoking = bce->revoking;

	if (!revoking)
		return;
	bce->revoking = NULL;
	revoking_drop(&lma->revocations, revoking, result);
}

/* RFC 5846 8.1: as if its gateway had de-registered it. */
static bool end(void *context, struct revoking *revoking, struct now now,
		struct outbox *out)
{
	struct bce *bce = revoking->session;
	struct transaction *transaction;
	struct lma *lma = context;

	if (bce->operation)
		return false;
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
	return true;
}

static void stop_group(struct lma *lma, struct revocation *revocation,
		       struct revoking *revoking, struct now now,
		       struct outbox *out)
{
	const struct bce *bce = revoking->session;
	struct lma_group *group = bce->group;

	/* Of one that moves, say, what is under way is told the data plane last. */
	if (!group || bce->operation || group->meant != group->count)
		return;
	if (group->revoked ||
	    lma_group_revoke(lma, group, revocation, now, out))
		revoking_stop(revoking);
}

/*
 * A bulk group all of whose members are meant is over in the data plane at once,
 * however many they are; their ends follow, some in each turn of the loop.
 */
static void stop(void *context, struct revocation *revocation, struct now now,
		 struct outbox *out)
{
	struct revoking *revoking;
	const struct bce *bce;

	DL_FOREACH(revocation->members, revoking) {
		bce = revoking->session;
		if (bce->group)
			bce->group->meant = 0;
	}
	DL_FOREACH(revocation->members, revoking) {
		bce = revoking->session;
		if (bce->group)
			bce->group->meant++;
	}
	DL_FOREACH(revocation->members, revoking)
		stop_group(context, revocation, revoking, now, out);
}

void lma_on_revoked(struct lma *lma, struct bce *bce, int error, struct now now,
		    struct outbox *out)
{
	struct revoking *revoking = bce->revoking;

	if (revoking)
		revoking_over(&lma->revocations, revoking, error ?
			      REVOCATION_FAILED :
			      revoking->revocation->result, -1, now, out);
}

/* It is another interface that came: whoever waits gets a session of its own. */
static void still_attached(struct lma *lma, struct bce *bce, struct now now,
			   struct outbox *out)
{
	struct lma_delayed *delayed, *first = NULL, **last = &first;

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

/* Who waits goes on to, but for one that is still attached. */
static void over(void *context, struct revoking *revoking,
		 enum revocation_result result, int status, struct now now,
		 struct outbox *out)
{
	struct bce *bce = revoking->session;

	bce->revoking = NULL;
	if (result == REVOCATION_REFUSED && status == MH_BR_ATTACHED)
		still_attached(context, bce, now, out);
}

/* --- Whether a mobile node has left. */

/* Where nobody waits any more, only the answer is still waited for. */
static bool is_wanted(const struct revocation *question)
{
	const struct bce *bce = question->members->session;

	return bce->delayed;
}

static const struct revocation_ops ops = {
	.is_wanted = is_wanted,
	.stop = stop,
	.end = end,
	.over = over,
};

void lma_init_revocations(struct lma *lma, uint16_t sequence)
{
	revocations_init(&lma->revocations, &lma->config.revocations,
			 &lma->config.address, sequence, &ops, lma);
}

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

void lma_ask(struct lma *lma, struct bce *bce, struct now now,
	     struct outbox *out)
{
	const struct peer *peer = peers_find(&lma->peers, &bce->now.proxy_coa);
	struct revocation *question;

	if (!lma->config.revocation || bce->revoking ||
	    (peer && peer->no_revocations) ||
	    !lma_may_revoke(bce) ||
	    !revocations_have_room(&lma->revocations, 1))
		return;
	question = revocation_new(&lma->revocations, lma_signals_to(bce),
				  MH_BR_HANDOVER_UNKNOWN);
	question->question = true;
	lma_put_session(&question->bri.options, bce);
	lma_revoking(lma, question, bce);
	revocation_begin(&lma->revocations, question, first_interval(lma), 0,
			 now, out);
}
