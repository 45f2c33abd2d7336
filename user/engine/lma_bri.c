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
 * @coa: the Proxy-CoA that is meant, or NULL for any that signals from there
 * @heard: the indication
 */
struct meant {
	struct lma *lma;
	const struct in6_addr *coa;
	struct revocation_heard heard;
};

/*
 * RFC 5846 13: nobody revokes what is registered with somebody else. Not what
 * comes: a de-registration does not either, from where it did not register.
 */
static bool is_its_own(const struct meant *meant, const struct bce *bce)
{
	return lma_may_revoke(bce) &&
	       IN6_ARE_ADDR_EQUAL(lma_signals_to(bce), meant->heard.src) &&
	       (!meant->coa ||
		IN6_ARE_ADDR_EQUAL(&bce->now.proxy_coa, meant->coa));
}

static bool has_prefix(const void *session, const struct mh_prefix *hnp)
{
	return bce_has_prefix(session, hnp);
}

static void take(struct meant *meant, struct bce *bce)
{
	const struct revocation *revocation = meant->heard.revocation;

	/* A group may be named more than once. */
	if (revocation && bce->revoking &&
	    bce->revoking->revocation == revocation)
		return;
	if (is_its_own(meant, bce))
		lma_revoking(meant->lma, revocation_about(&meant->heard), bce);
}

static void collect_mn(struct meant *meant)
{
	const struct bc_mn *mn = bc_mn(&meant->lma->bc,
				       &meant->heard.bri->options.mn_id);
	struct bce *bce;

	for (bce = mn ? mn->sessions : NULL; bce; bce = bce->next)
		if (revocation_names(&meant->heard, has_prefix, bce))
			take(meant, bce);
}

static void collect_mag(struct meant *meant, enum revocation_scope scope)
{
	const struct mh_mn_id *realm = &meant->heard.bri->options.mn_id;
	const struct peer *peer = peers_find(&meant->lma->peers, meant->coa);
	struct peer_link *link;
	struct mh_mn_id mn_id;
	struct bce *bce;

	for (link = peer ? peer->links : NULL; link; link = link->next) {
		bce = lma_bce_of(link);
		bce_mn_id(bce, &mn_id);
		if (scope == REVOKE_PEER ||
		    revocation_is_of_realm(&mn_id, realm))
			take(meant, bce);
	}
}

static void collect_group(struct meant *meant, const struct lma_group *group)
{
	struct bce *bce;

	for (bce = group->first; bce; bce = bce->group_next)
		take(meant, bce);
}

/* RFC 6602 4.3: 1 is for all that there are with that gateway. */
static void collect_all_groups(struct meant *meant)
{
	const struct lma_group *group;

	for (group = meant->lma->groups.by_name; group;
	     group = group->by_name.next)
		if (IN6_ARE_ADDR_EQUAL(&group->name.mag, meant->coa))
			collect_group(meant, group);
}

static void collect_groups(struct meant *meant)
{
	const struct mh_options *options = &meant->heard.bri->options;
	const struct lma_group *group;
	unsigned int i;

	for (i = 0; i < options->group_count; i++) {
		group = lma_group_find(meant->lma, meant->coa,
				       options->group[i]);
		if (options->group[i] == MH_GROUP_ALL_SESSIONS)
			collect_all_groups(meant);
		else if (group)
			collect_group(meant, group);
		else
			meant->heard.missing = true;
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
	    (bri->trigger >= MH_BR_GLOBAL_TRIGGER ||
	     bri->options.group_count) && !revoker->many)
		return revocation_refusal(MH_BR_GLOBAL_NOT_AUTHORIZED,
					  "this gateway may not revoke all at once: see revoke-all");
	if (verdict.status == MH_BR_SUCCESS && verdict.scope == REVOKE_PEER &&
	    !bri->options.mn_id.len)
		return revocation_refusal(MH_BR_GLOBAL_NOT_AUTHORIZED,
					  "does not say which gateway it is");
	return verdict;
}

static void carry_out(struct meant *meant, enum revocation_scope scope,
		      struct now now, struct outbox *out)
{
	static const struct revocation_verdict nothing = {
		.status = MH_BR_NO_BINDING,
		.reason = "there is no such session of that gateway",
	};

	if (scope == REVOKE_GROUP)
		collect_groups(meant);
	else if (scope == REVOKE_PEER || scope == REVOKE_REALM)
		collect_mag(meant, scope);
	else
		collect_mn(meant);
	if (meant->heard.revocation)
		revocation_follow(&meant->heard, "revoked-by-gateway", now,
				  out);
	else
		revocation_refuse(&meant->heard, &nothing, out);
}

void lma_on_bri(struct lma *lma, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_revocation *bri,
		const struct lma_revoker *revoker, struct now now,
		struct outbox *out)
{
	struct revocation_verdict verdict;
	struct meant meant = {
		.lma = lma,
		.heard = {
			.all = &lma->revocations,
			.src = src,
			.dst = dst,
			.bri = bri,
		},
	};

	if (!revocation_is_heard(&meant.heard, revoker->known ? NULL :
				 "is from no gateway of this anchor", out) ||
	    revocation_repeats(&meant.heard, now, out))
		return;
	verdict = judge(bri, revoker);
	if (verdict.status != MH_BR_SUCCESS) {
		revocation_refuse(&meant.heard, &verdict, out);
		return;
	}
	if (bri->options.has_alt_coa)
		meant.coa = &bri->options.alt_coa;
	else if (bri->flags & MH_BR_GLOBAL || verdict.scope == REVOKE_GROUP)
		meant.coa = src;
	carry_out(&meant, verdict.scope, now, out);
}
