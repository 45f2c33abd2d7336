// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation Indications of gateways: these end what they have
 * registered (RFC 5846 8.2).
 */
#include "lma_internal.h"
#include "lma_revoke.h"
#include "revocation_peer.h"

/**
 * struct meant - what an indication is about
 * @lma: the anchor
 * @src: where it is from
 * @coa: the Proxy-CoA that is meant, or NULL for any that signals from there
 * @bri: the indication
 * @scope: enum revocation_scope
 * @revocation: it, once there is a session
 * @known: which of the prefixes that it names were found
 */
struct meant {
	struct lma *lma;
	const struct in6_addr *src;
	const struct in6_addr *coa;
	const struct mh_revocation *bri;
	enum revocation_scope scope;
	struct revocation *revocation;
	bool known[MH_MAX_HNP];
};

/*
 * RFC 5846 13: nobody revokes what is registered with somebody else. Not what
 * comes: a de-registration does not either, from where it did not register.
 */
static bool is_its_own(const struct meant *meant, const struct bce *bce)
{
	return lma_may_revoke(bce) &&
	       IN6_ARE_ADDR_EQUAL(lma_signals_to(bce), meant->src) &&
	       (!meant->coa ||
		IN6_ARE_ADDR_EQUAL(&bce->now.proxy_coa, meant->coa));
}

static bool is_named(struct meant *meant, const struct bce *bce)
{
	const struct mh_options *options = &meant->bri->options;
	bool named = !options->hnp_count;
	unsigned int i;

	for (i = 0; i < options->hnp_count; i++) {
		if (!bce_has_prefix(bce, &options->hnp[i]))
			continue;
		meant->known[i] = true;
		named = true;
	}
	return named;
}

static void take(struct meant *meant, struct bce *bce)
{
	if (!is_its_own(meant, bce))
		return;
	if (!meant->revocation)
		meant->revocation =
			revocation_from_peer(&meant->lma->revocations,
					     meant->src, meant->bri);
	lma_revoking(meant->lma, meant->revocation, bce);
}

static void collect_mn(struct meant *meant)
{
	const struct bc_mn *mn = bc_mn(&meant->lma->bc,
				       &meant->bri->options.mn_id);
	struct bce *bce;

	for (bce = mn ? mn->sessions : NULL; bce; bce = bce->next)
		if (is_named(meant, bce))
			take(meant, bce);
}

static void collect_mag(struct meant *meant)
{
	const struct peer *peer = peers_find(&meant->lma->peers, meant->coa);
	const struct mh_mn_id *realm = &meant->bri->options.mn_id;
	struct peer_link *link;
	struct mh_mn_id mn_id;
	struct bce *bce;

	for (link = peer ? peer->links : NULL; link; link = link->next) {
		bce = lma_bce_of(link);
		bce_mn_id(bce, &mn_id);
		if (meant->scope == REVOKE_PEER ||
		    revocation_is_of_realm(&mn_id, realm))
			take(meant, bce);
	}
}

/* RFC 5846 8.2: what it names and is over before is named in the answer. */
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

static struct revocation_verdict judge(const struct mh_revocation *bri,
				       const struct lma_revoker *revoker)
{
	struct revocation_verdict verdict = revocation_judge(bri);

	if (verdict.status == MH_BR_SUCCESS &&
	    bri->trigger >= MH_BR_HANDOVER_SAME_ATT &&
	    bri->trigger <= MH_BR_HANDOVER_UNKNOWN)
		return revocation_refusal(MH_BR_TRIGGER_NOT_SUPPORTED,
					  "is for a handover, of which the anchor knows");
	/* RFC 5846 8.2, 13: also where it says for whom. */
	if ((verdict.status == MH_BR_SUCCESS ||
	     verdict.status == MH_BR_MN_ID_REQUIRED) &&
	    bri->trigger >= MH_BR_GLOBAL_TRIGGER && !revoker->many)
		return revocation_refusal(MH_BR_GLOBAL_NOT_AUTHORIZED,
					  "this gateway may not revoke all at once: see revoke-all");
	if (verdict.status == MH_BR_SUCCESS &&
	    bri->trigger == MH_BR_PER_PEER_POLICY && !bri->options.mn_id.len)
		return revocation_refusal(MH_BR_GLOBAL_NOT_AUTHORIZED,
					  "does not say which gateway it is");
	return verdict;
}

static void refuse(struct lma *lma, const struct in6_addr *src,
		   const struct in6_addr *dst, const struct mh_revocation *bri,
		   const struct revocation_verdict *verdict, struct outbox *out)
{
	struct report *report;

	lma->revocations.counters.peers_refused++;
	revocation_answer(&lma->revocations, src, dst, bri, verdict->status,
			  out);
	report = transaction_report(transaction_new(out, NULL), REPORT_WARNING,
				    "revocation-refused",
				    &bri->options.mn_id);
	report->has_peer = true;
	report->peer = *src;
	report->status = verdict->status;
	report->reason = verdict->reason;
}

static void follow(struct meant *meant, const struct in6_addr *dst,
		   struct now now, struct outbox *out)
{
	struct revocations *all = &meant->lma->revocations;
	const struct mh_revocation *bri = meant->bri;
	struct mh_revocation *bra;
	struct report *report;

	bra = revocation_answer(all, meant->src, dst, bri, MH_BR_SUCCESS, out);
	put_unknown(meant, bra);
	revocation_remember(all, meant->src, bri, bra, now);
	report = transaction_report(transaction_new(out, NULL), REPORT_INFO,
				    "revoked-by-gateway", &bri->options.mn_id);
	report->has_peer = true;
	report->peer = *meant->src;
	report->bindings = meant->revocation->count;
	revocation_end(all, meant->revocation, REVOCATION_DONE, -1, now, out);
}

static void carry_out(struct meant *meant, const struct in6_addr *dst,
		      struct now now, struct outbox *out)
{
	static const struct revocation_verdict nothing = {
		.status = MH_BR_NO_BINDING,
		.reason = "there is no such session of that gateway",
	};

	if (meant->scope == REVOKE_PEER || meant->scope == REVOKE_REALM)
		collect_mag(meant);
	else
		collect_mn(meant);
	if (meant->revocation)
		follow(meant, dst, now, out);
	else
		refuse(meant->lma, meant->src, dst, meant->bri, &nothing, out);
}

void lma_on_bri(struct lma *lma, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_revocation *bri,
		const struct lma_revoker *revoker, struct now now,
		struct outbox *out)
{
	struct revocation_verdict verdict;
	const struct mh_revocation *bra;
	struct meant meant = {
		.lma = lma,
		.src = src,
		.bri = bri,
	};

	lma->revocations.counters.received++;
	if (IN6_IS_ADDR_MULTICAST(src) || IN6_IS_ADDR_UNSPECIFIED(src) ||
	    IN6_IS_ADDR_MULTICAST(dst)) {
		revocation_ignore(&lma->revocations, src, bri,
				  "is not from one address to one", out);
		return;
	}
	if (!revoker->known) {
		revocation_ignore(&lma->revocations, src, bri,
				  "is from no gateway of this anchor", out);
		return;
	}
	bra = revocation_copy_of(&lma->revocations, src, bri, now);
	if (bra) {
		revocation_repeat(&lma->revocations, src, dst, bra, out);
		return;
	}
	verdict = judge(bri, revoker);
	if (verdict.status != MH_BR_SUCCESS) {
		refuse(lma, src, dst, bri, &verdict, out);
		return;
	}
	meant.scope = verdict.scope;
	if (bri->options.has_alt_coa)
		meant.coa = &bri->options.alt_coa;
	else if (bri->flags & MH_BR_GLOBAL)
		meant.coa = src;
	carry_out(&meant, dst, now, out);
}
