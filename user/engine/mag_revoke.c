// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation: bindings that end by it, and what anchors revoke
 * (RFC 5846 9.1).
 */
#include "mag_internal.h"
#include "revocation_peer.h"

/* --- Bindings that end. */

void mag_revoking(struct mag *mag, struct revocation *revocation,
		  struct bule *bule)
{
	mag_leave_revocation(mag, bule, REVOCATION_OVERTAKEN);
	bule->revoking = revocation_add(revocation, bule);
}

void mag_leave_revocation(struct mag *mag, struct bule *bule,
			  enum revocation_result result)
{
	struct revoking *revoking = bule->revoking;

	if (!revoking)
		return;
	bule->revoking = NULL;
	revoking_drop(&mag->revocations, revoking, result);
}

static bool is_handover(const struct mh_revocation *bri)
{
	return bri->trigger >= MH_BR_HANDOVER_SAME_ATT &&
	       bri->trigger <= MH_BR_HANDOVER_UNKNOWN;
}

static const char *reason_of(const struct revocation *revocation)
{
	switch (revocation->bri.trigger) {
	case MH_BR_PER_PEER_POLICY:
		return "all of its anchor is revoked";
	case MH_BR_MN_LOCAL_POLICY:
		return "its realm is revoked";
	default:
		return "it is revoked";
	}
}

/* It has left, or is leaving: there is nobody to be told. */
static void let_go(struct mag *mag, struct revoking *revoking, struct now now,
		   struct outbox *out)
{
	struct bule *bule = revoking->session;

	/* Gone, maybe, before its place is. */
	bule->revoking = NULL;
	revoking->session = NULL;
	mag_let_go(mag, bule, "its anchor has revoked it", now, out);
	revoking_over(&mag->revocations, revoking,
		      revoking->revocation->result, -1, now, out);
}

/*
 * RFC 5846 9.1, RFC 5213 6.9.2 (2): it is there, and has no home any more. It is
 * asked for again after a while, as one that was refused: then its anchor says
 * whether it may.
 */
static void take_home(struct mag *mag, struct revoking *revoking,
		      struct now now, struct outbox *out)
{
	struct bule *bule = revoking->session;
	struct report *report = mag_report(transaction_new(out, NULL),
					   REPORT_INFO, "revoked", bule);

	report->reason = reason_of(revoking->revocation);
	mag->counters.detachments++;
	mag_give_up(mag, bule, report->reason, now, out);
	/* What is undone is over when it is. */
	if (!bule->busy)
		revoking_over(&mag->revocations, revoking,
			      revoking->revocation->result, -1, now, out);
}

static bool end(void *context, struct revoking *revoking, struct now now,
		struct outbox *out)
{
	struct bule *bule = revoking->session;
	struct mag *mag = context;
	bool leaves = bule->state == BULE_DEREGISTERING;

	if (bule->busy && !leaves &&
	    !is_handover(&revoking->revocation->bri))
		return false;
	mag->counters.revoked++;
	if (leaves || is_handover(&revoking->revocation->bri))
		let_go(mag, revoking, now, out);
	else if (bule->state == BULE_REFUSED || bule->state == BULE_HELD)
		revoking_over(&mag->revocations, revoking,
			      revoking->revocation->result, -1, now, out);
	else
		take_home(mag, revoking, now, out);
	return true;
}

/* RFC 5846 9.2: an anchor that has said so is not asked for that again. */
static void over(void *context, struct revoking *revoking,
		 enum revocation_result result, int status, struct now now,
		 struct outbox *out)
{
	const struct revocation *revocation = revoking->revocation;
	struct bule *bule = revoking->session;
	struct mag *mag = context;
	struct peer *peer;

	(void)now;
	(void)out;
	if (!bule)
		return;
	bule->revoking = NULL;
	if (result != REVOCATION_REFUSED ||
	    status != MH_BR_GLOBAL_NOT_AUTHORIZED)
		return;
	peer = peers_find(&mag->peers, &revocation->peer);
	if (peer)
		peer->no_global_revocations = true;
}

static const struct revocation_ops ops = {
	.end = end,
	.over = over,
};

void mag_init_revocations(struct mag *mag, uint16_t sequence)
{
	revocations_init(&mag->revocations, &mag->config.revocations,
			 &mag->config.address, sequence, &ops, mag);
}

void mag_on_revoked(struct mag *mag, struct bule *bule, struct now now,
		    struct outbox *out)
{
	struct revoking *revoking = bule->revoking;

	if (revoking && revoking->ending)
		revoking_over(&mag->revocations, revoking,
			      revoking->revocation->result, -1, now, out);
}

/* --- Which bindings are meant. */

/* One that was never registered, or is not any more, has no prefixes. */
bool mag_may_revoke(const struct bule *bule, const struct mh_options *options)
{
	unsigned int i;

	if (!bule->hnp_count || (bule->revoking && bule->revoking->ending))
		return false;
	for (i = 0; i < options->hnp_count; i++)
		if (bule_has_prefix(bule, &options->hnp[i]))
			return true;
	return !options->hnp_count;
}

/**
 * struct meant - what an indication is about
 * @mag: the gateway
 * @src: its anchor
 * @bri: the indication
 * @revocation: it, once there is a binding
 * @attached: a mobile node is still there, which was thought to have left
 * @known: which of the prefixes that it names were found
 */
struct meant {
	struct mag *mag;
	const struct in6_addr *src;
	const struct mh_revocation *bri;
	struct revocation *revocation;
	bool attached;
	bool known[MH_MAX_HNP];
};

static bool has_left(const struct bule *bule)
{
	return bule->state == BULE_DEREGISTERING ||
	       bule->next == BULE_NEXT_DETACH ||
	       bule->next == BULE_NEXT_HOLD || bule->next == BULE_NEXT_LET_GO;
}

/*
 * RFC 5846 9.1: that it is not attached any more is to be made sure before this
 * is said: where that can not be told, it is attached.
 */
static bool is_attached(const struct mag *mag, const struct bule *bule,
			struct now now)
{
	return bule->next == BULE_NEXT_ATTACH ||
	       (!has_left(bule) && mag_is_present(mag, bule, now));
}

static void take(struct meant *meant, struct bule *bule)
{
	const struct mh_options *options = &meant->bri->options;
	unsigned int i;

	if (!meant->revocation)
		meant->revocation =
			revocation_from_peer(&meant->mag->revocations,
					     meant->src, meant->bri);
	for (i = 0; i < options->hnp_count; i++)
		meant->known[i] |= bule_has_prefix(bule, &options->hnp[i]);
	mag_revoking(meant->mag, meant->revocation, bule);
}

static void collect_mn(struct meant *meant, struct now now)
{
	const struct mh_options *options = &meant->bri->options;
	bool leaves = is_handover(meant->bri);
	struct bule *bule;

	for (bule = bul_by_mn(&meant->mag->bul, &options->mn_id); bule;
	     bule = bul_next_of_mn(bule)) {
		if (!bule_is_named(bule, meant->src, options) ||
		    !mag_may_revoke(bule, options))
			continue;
		if (leaves && is_attached(meant->mag, bule, now)) {
			meant->attached = true;
			return;
		}
		take(meant, bule);
	}
}

static void collect_peer(struct meant *meant, enum revocation_scope scope)
{
	const struct peer *peer = peers_find(&meant->mag->peers, meant->src);
	const struct mh_options *options = &meant->bri->options;
	struct peer_link *link;
	struct bule *bule;

	for (link = peer ? peer->links : NULL; link; link = link->next) {
		bule = mag_bule_of(link);
		if (mag_may_revoke(bule, options) &&
		    (scope == REVOKE_PEER ||
		     revocation_is_of_realm(&bule->profile.mn_id,
					    &options->mn_id)))
			take(meant, bule);
	}
}

/* --- What anchors revoke. */

/* Has an anchor anything to say here. */
static bool serves(const struct mag *mag, const struct in6_addr *src)
{
	const struct bule *bule;

	if (peers_find(&mag->peers, src))
		return true;
	/* Who leaves has no peer any more. */
	for (bule = mag->bul.entries; bule; bule = bul_next(bule))
		if (IN6_ARE_ADDR_EQUAL(src, &bule->profile.lma))
			return true;
	return false;
}

static struct revocation_verdict judge(const struct mag *mag,
				       const struct mh_revocation *bri)
{
	struct revocation_verdict verdict = revocation_judge(bri);
	const struct mh_options *options = &bri->options;

	if (verdict.status != MH_BR_SUCCESS)
		return verdict;
	/* RFC 5846 9.1: with any, it may be meant for less. */
	if (verdict.scope == REVOKE_PEER &&
	    (options->has_mn_id || options->has_alt_coa || options->hnp_count))
		return revocation_refusal(MH_BR_FUNCTION_NOT_SUPPORTED,
					  "is for all bindings, and for some");
	if (options->has_alt_coa &&
	    !IN6_ARE_ADDR_EQUAL(&options->alt_coa, &mag->config.address))
		return revocation_refusal(MH_BR_NO_BINDING,
					  "is for the care-of address of another gateway");
	return verdict;
}

static void refuse(struct mag *mag, const struct in6_addr *src,
		   const struct in6_addr *dst, const struct mh_revocation *bri,
		   enum mh_br_status status, const char *reason,
		   struct outbox *out)
{
	struct revocation_counters *counters = &mag->revocations.counters;
	bool attached = status == MH_BR_ATTACHED;
	struct report *report;

	counters->peers_attached += attached;
	counters->peers_refused += !attached;
	revocation_answer(&mag->revocations, src, dst, bri, status, out);
	report = transaction_report(transaction_new(out, NULL), attached ?
				    REPORT_INFO : REPORT_WARNING,
				    "revocation-refused",
				    &bri->options.mn_id);
	report->has_peer = true;
	report->peer = *src;
	report->status = status;
	report->reason = reason;
}

/* RFC 5846 9.1: what it names and is over before is named in the answer. */
static void put_unknown(const struct meant *meant, struct mh_revocation *bra)
{
	const struct mh_options *options = &meant->bri->options;
	unsigned int i;

	for (i = 0; i < options->hnp_count; i++) {
		if (meant->known[i])
			continue;
		bra->status = MH_BR_PARTIAL;
		bra->options.hnp[bra->options.hnp_count++] = options->hnp[i];
	}
}

static void follow(struct meant *meant, const struct in6_addr *dst,
		   struct now now, struct outbox *out)
{
	struct revocations *all = &meant->mag->revocations;
	const struct mh_revocation *bri = meant->bri;
	struct mh_revocation *bra;
	struct report *report;

	bra = revocation_answer(all, meant->src, dst, bri, MH_BR_SUCCESS, out);
	put_unknown(meant, bra);
	revocation_remember(all, meant->src, bri, bra, now);
	report = transaction_report(transaction_new(out, NULL), REPORT_INFO,
				    "revoked-by-anchor", &bri->options.mn_id);
	report->has_peer = true;
	report->peer = *meant->src;
	report->bindings = meant->revocation->count;
	revocation_end(all, meant->revocation, REVOCATION_DONE, -1, now, out);
}

static void carry_out(struct meant *meant, const struct in6_addr *dst,
		      enum revocation_scope scope, struct now now,
		      struct outbox *out)
{
	struct mag *mag = meant->mag;
	const struct mh_revocation *bra;

	if (scope == REVOKE_PEER || scope == REVOKE_REALM)
		collect_peer(meant, scope);
	else
		collect_mn(meant, now);
	if (meant->attached) {
		if (meant->revocation)
			revocation_cancel(&mag->revocations,
					  meant->revocation, now, out);
		refuse(mag, meant->src, dst, meant->bri, MH_BR_ATTACHED,
		       "mobile node is attached", out);
		return;
	}
	if (meant->revocation) {
		follow(meant, dst, now, out);
		return;
	}
	bra = revocation_copy_of(&mag->revocations, meant->src, meant->bri,
				 now);
	if (bra)
		revocation_repeat(&mag->revocations, meant->src, dst, bra, out);
	else
		refuse(mag, meant->src, dst, meant->bri, MH_BR_NO_BINDING,
		       "mobile node is not registered here by that anchor",
		       out);
}

void mag_on_bri(struct mag *mag, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_revocation *bri,
		struct now now, struct outbox *out)
{
	struct meant meant = { .mag = mag, .src = src, .bri = bri };
	struct revocation_verdict verdict;
	const struct mh_revocation *bra;

	mag->revocations.counters.received++;
	if (IN6_IS_ADDR_MULTICAST(src) || IN6_IS_ADDR_UNSPECIFIED(src) ||
	    IN6_IS_ADDR_MULTICAST(dst)) {
		revocation_ignore(&mag->revocations, src, bri,
				  "is not from one address to one", out);
		return;
	}
	/* One that serves nobody here has no business with us. */
	if (!serves(mag, src)) {
		revocation_ignore(&mag->revocations, src, bri,
				  "is from no anchor of a mobile node that is here",
				  out);
		return;
	}
	/* Who is back is there, whatever was said of it before. */
	bra = is_handover(bri) ? NULL :
	      revocation_copy_of(&mag->revocations, src, bri, now);
	if (bra) {
		revocation_repeat(&mag->revocations, src, dst, bra, out);
		return;
	}
	verdict = judge(mag, bri);
	if (verdict.status == MH_BR_SUCCESS)
		carry_out(&meant, dst, verdict.scope, now, out);
	else
		refuse(mag, src, dst, bri, verdict.status, verdict.reason, out);
}
