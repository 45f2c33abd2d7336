// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation: bindings that end by it, and what anchors revoke
 * (RFC 5846 9.1).
 */
#include <utlist.h>

#include "mag_group_internal.h"
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
	if (revocation->bri.options.group_count)
		return "its group is revoked";
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
	/* Otherwise it is over when that is undone: see mag_on_done(). */
	bool at_once = !bule->busy && !bule->forwards;

	/* Gone, maybe, before its place is. */
	if (at_once) {
		bule->revoking = NULL;
		revoking->session = NULL;
	}
	mag_let_go(mag, bule, "its anchor has revoked it", now, out);
	if (at_once)
		revoking_over(&mag->revocations, revoking,
			      revoking->revocation->result, -1, now, out);
}

/*
 * A bulk group all of whose members are meant is over in the data plane at once,
 * however many they are; their ends follow, some in each turn of the loop.
 */
static void stop(void *context, struct revocation *revocation, struct now now,
		 struct outbox *out)
{
	struct mag_group *group;
	struct revoking *revoking;
	const struct bule *bule;

	DL_FOREACH(revocation->members, revoking) {
		bule = revoking->session;
		if (bule->member.group)
			bule->member.group->meant = 0;
	}
	DL_FOREACH(revocation->members, revoking) {
		bule = revoking->session;
		if (bule->member.group)
			bule->member.group->meant++;
	}
	DL_FOREACH(revocation->members, revoking) {
		bule = revoking->session;
		group = bule->member.group;
		/* What is under way for one is told the data plane last. */
		if (!group || bule->busy || group->meant != group->count)
			continue;
		if (group->revoked ||
		    group_revoke(context, group, revocation, now, out))
			revoking_stop(revoking);
	}
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
	if (bule->state == BULE_REFUSED || bule->state == BULE_HELD)
		revoking_over(&mag->revocations, revoking,
			      revoking->revocation->result, -1, now, out);
	else if (leaves || is_handover(&revoking->revocation->bri))
		let_go(mag, revoking, now, out);
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
	.stop = stop,
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
	/* One that was busy is let go only now, unless it is back. */
	bool goes_on = bule->forwards && bule->next != BULE_NEXT_NOTHING &&
		       bule->next != BULE_NEXT_ATTACH;

	if (revoking && revoking->ending && !goes_on)
		revoking_over(&mag->revocations, revoking,
			      revoking->revocation->result, -1, now, out);
}

/* --- Which bindings are meant. */

/* One that was never registered, or is not any more, has no prefixes. */
bool mag_may_revoke(const struct bule *bule)
{
	return bule->hnp_count && !(bule->revoking && bule->revoking->ending);
}

/**
 * struct meant - what an indication is about
 * @mag: the gateway
 * @attached: a mobile node is still there, which was thought to have left
 * @heard: the indication
 */
struct meant {
	struct mag *mag;
	bool attached;
	struct revocation_heard heard;
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

static bool has_prefix(const void *session, const struct mh_prefix *hnp)
{
	return bule_has_prefix(session, hnp);
}

static bool is_meant(struct meant *meant, const struct bule *bule)
{
	return mag_may_revoke(bule) &&
	       revocation_names(&meant->heard, has_prefix, bule);
}

static void take(struct meant *meant, struct bule *bule)
{
	mag_revoking(meant->mag, revocation_about(&meant->heard), bule);
}

static void collect_mn(struct meant *meant, struct now now)
{
	const struct mh_options *options = &meant->heard.bri->options;
	bool leaves = is_handover(meant->heard.bri);
	struct bule *bule;

	for (bule = bul_by_mn(&meant->mag->bul, &options->mn_id); bule;
	     bule = bul_next_of_mn(bule)) {
		if (!bule_is_named(bule, meant->heard.src, options) ||
		    !is_meant(meant, bule))
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
	const struct peer *peer = peers_find(&meant->mag->peers,
					     meant->heard.src);
	const struct mh_mn_id *realm = &meant->heard.bri->options.mn_id;
	struct peer_link *link;
	struct bule *bule;

	for (link = peer ? peer->links : NULL; link; link = link->next) {
		bule = mag_bule_of(link);
		if ((scope == REVOKE_PEER ||
		     revocation_is_of_realm(&bule->profile.mn_id, realm)) &&
		    is_meant(meant, bule))
			take(meant, bule);
	}
}

/* Which groups those are is for the anchor to say: these are its identifiers. */
static void collect_members(struct meant *meant, const struct mag_group *group,
			    bool *known)
{
	const struct mh_options *options = &meant->heard.bri->options;
	struct bule *bule;
	unsigned int i;

	for (bule = group->members; bule; bule = bule->member.next) {
		for (i = 0; i < options->group_count; i++) {
			if (options->group[i] != bule->member.lma_id &&
			    options->group[i] != MH_GROUP_ALL_SESSIONS)
				continue;
			known[i] = true;
			if (mag_may_revoke(bule))
				take(meant, bule);
			break;
		}
	}
}

static void collect_groups(struct meant *meant)
{
	const struct mh_options *options = &meant->heard.bri->options;
	const struct mag_group *group;
	bool known[MH_MAX_GROUPS] = { false };
	unsigned int i;

	for (group = meant->mag->groups.all; group;
	     group = mag_group_next(group))
		if (IN6_ARE_ADDR_EQUAL(&group->anchor->address,
				       meant->heard.src))
			collect_members(meant, group, known);
	for (i = 0; i < options->group_count; i++)
		meant->heard.missing |= !known[i];
}

/* --- What anchors revoke. */

/* Has an anchor anything to say here. */
static bool serves(const struct mag *mag, const struct in6_addr *src)
{
	/* Who leaves has no peer any more; whose profile has changed, another anchor. */
	return peers_find(&mag->peers, src) || bul_has_lma(&mag->bul, src);
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

static void refuse_attached(struct meant *meant, struct now now,
			    struct outbox *out)
{
	static const struct revocation_verdict attached = {
		.status = MH_BR_ATTACHED,
		.reason = "mobile node is attached",
	};

	if (meant->heard.revocation)
		revocation_cancel(&meant->mag->revocations,
				  meant->heard.revocation, now, out);
	revocation_refuse(&meant->heard, &attached, out);
}

static void carry_out(struct meant *meant, enum revocation_scope scope,
		      struct now now, struct outbox *out)
{
	static const struct revocation_verdict nothing = {
		.status = MH_BR_NO_BINDING,
		.reason = "nothing of that is registered here by that anchor",
	};

	if (scope == REVOKE_GROUP)
		collect_groups(meant);
	else if (scope == REVOKE_PEER || scope == REVOKE_REALM)
		collect_peer(meant, scope);
	else
		collect_mn(meant, now);
	if (meant->attached)
		refuse_attached(meant, now, out);
	else if (meant->heard.revocation)
		revocation_follow(&meant->heard, "revoked-by-anchor", now,
				  out);
	else if (!revocation_repeats(&meant->heard, now, out))
		revocation_refuse(&meant->heard, &nothing, out);
}

void mag_on_bri(struct mag *mag, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_revocation *bri,
		struct now now, struct outbox *out)
{
	struct revocation_verdict verdict;
	struct meant meant = {
		.mag = mag,
		.heard = {
			.all = &mag->revocations,
			.src = src,
			.dst = dst,
			.bri = bri,
		},
	};

	/* One that serves nobody here has no business with us. */
	if (!revocation_is_heard(&meant.heard, serves(mag, src) ? NULL :
				 "is from no anchor of a mobile node that is here",
				 out))
		return;
	/* Who is back is there, whatever was said of it before. */
	if (!is_handover(bri) && revocation_repeats(&meant.heard, now, out))
		return;
	verdict = judge(mag, bri);
	if (verdict.status == MH_BR_SUCCESS)
		carry_out(&meant, verdict.scope, now, out);
	else
		revocation_refuse(&meant.heard, &verdict, out);
}
