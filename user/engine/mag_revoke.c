// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation Indications: an anchor thinks that a mobile node may have
 * left (RFC 5846 9.1).
 */
#include "mag_internal.h"

/* Longer than an anchor repeats one (RFC 5846 11). */
#define COPIES_MS 10000u

/**
 * struct verdict - what to say of an indication
 * @status: enum mh_br_status
 * @reason: why it is refused, for the operator; a constant string
 */
struct verdict {
	enum mh_br_status status;
	const char *reason;
};

static void ignore(struct mag *mag, const struct in6_addr *src,
		   const struct mh_revocation *bri, const char *reason,
		   struct outbox *out)
{
	struct report *report;

	mag->revocations.ignored++;
	report = transaction_report(transaction_new(out, NULL), REPORT_INFO,
				    "bri-ignored", &bri->options.mn_id);
	report->has_peer = true;
	report->peer = *src;
	report->reason = reason;
}

/* RFC 5846 6.1.2 */
static void answer(struct mag *mag, const struct in6_addr *src,
		   const struct in6_addr *dst, const struct mh_revocation *bri,
		   enum mh_br_status status, struct outbox *out)
{
	struct effect_send *send = &transaction_add(transaction_new(out, NULL),
						    EFFECT_SEND)->send;
	struct mh_revocation *bra = &send->message->revocation;

	send->src = *dst;
	send->dst = *src;
	send->message->type = MH_BINDING_REVOCATION;
	bra->kind = MH_BR_ACK;
	bra->status = (uint8_t)status;
	bra->sequence = bri->sequence;
	bra->flags = bri->flags;
	bra->options.has_mn_id = bri->options.has_mn_id;
	bra->options.mn_id = bri->options.mn_id;
	mag->revocations.answered++;
}

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

/* One that was never registered, or is not any more, has no prefixes. */
static bool is_meant(const struct bule *bule, const struct in6_addr *src,
		     const struct mh_options *options)
{
	unsigned int i;

	if (!bule->hnp_count || !bule_is_named(bule, src, options))
		return false;
	for (i = 0; i < options->hnp_count; i++)
		if (bule_has_prefix(bule, &options->hnp[i]))
			return true;
	return !options->hnp_count;
}

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

/* --- Copies, of which the first was followed. */

static bool was_followed(const struct mag *mag, const struct in6_addr *src,
			 const struct mh_revocation *bri, struct now now)
{
	const struct mag_revoked *one;
	unsigned int i;

	for (i = 0; i < MAG_REVOKED_MAX; i++) {
		one = &mag->revocations.last[i];
		if (now.mono_ms < one->until_ms &&
		    one->sequence == bri->sequence &&
		    IN6_ARE_ADDR_EQUAL(&one->lma, src) &&
		    mh_mn_id_equal(&one->mn_id, &bri->options.mn_id))
			return true;
	}
	return false;
}

static void remember(struct mag *mag, const struct in6_addr *src,
		     const struct mh_revocation *bri, struct now now)
{
	struct mag_revocations *revocations = &mag->revocations;
	struct mag_revoked *one = &revocations->last[revocations->next];

	revocations->next = (revocations->next + 1) % MAG_REVOKED_MAX;
	one->lma = *src;
	one->sequence = bri->sequence;
	one->mn_id = bri->options.mn_id;
	one->until_ms = now.mono_ms + COPIES_MS;
}

/* --- What to do. */

static struct verdict refuse(enum mh_br_status status, const char *reason)
{
	return (struct verdict){ .status = status, .reason = reason };
}

/* RFC 5846 6.2.1, before whose it is. */
static struct verdict judge_message(const struct mag *mag,
				    const struct mh_revocation *bri)
{
	const struct mh_options *options = &bri->options;
	bool global = bri->flags & MH_BR_GLOBAL;
	bool many = bri->trigger >= MH_BR_GLOBAL_TRIGGER;

	if (!(bri->flags & MH_BR_PROXY))
		return refuse(MH_BR_NO_BINDING,
			      "has no P flag: there are proxy bindings only");
	if (global != many)
		return refuse(MH_BR_FUNCTION_NOT_SUPPORTED,
			      "trigger and G flag contradict each other");
	if (bri->trigger < MH_BR_HANDOVER_SAME_ATT ||
	    bri->trigger > MH_BR_HANDOVER_UNKNOWN)
		return refuse(MH_BR_TRIGGER_NOT_SUPPORTED,
			      "is not for a handover");
	if (bri->flags & MH_BR_IPV4_ONLY)
		return refuse(MH_BR_NO_BINDING,
			      "is for an IPv4 home address");
	if (!options->mn_id.len)
		return refuse(MH_BR_MN_ID_REQUIRED, "names no mobile node");
	if (options->has_alt_coa &&
	    !IN6_ARE_ADDR_EQUAL(&options->alt_coa, &mag->config.address))
		return refuse(MH_BR_NO_BINDING,
			      "is for the care-of address of another gateway");
	return (struct verdict){ .status = MH_BR_SUCCESS };
}

static struct verdict judge(struct mag *mag, const struct in6_addr *src,
			    const struct mh_revocation *bri, struct now now)
{
	struct verdict verdict = judge_message(mag, bri);
	unsigned int found = 0;
	struct bule *bule;

	if (verdict.status != MH_BR_SUCCESS)
		return verdict;
	for (bule = bul_by_mn(&mag->bul, &bri->options.mn_id); bule;
	     bule = bul_next_of_mn(bule)) {
		if (!is_meant(bule, src, &bri->options))
			continue;
		found++;
		if (is_attached(mag, bule, now))
			return refuse(MH_BR_ATTACHED,
				      "mobile node is attached");
	}
	if (found)
		return verdict;
	if (!was_followed(mag, src, bri, now))
		return refuse(MH_BR_NO_BINDING,
			      "mobile node is not registered here by that anchor");
	mag->revocations.duplicates++;
	return verdict;
}

static void revoke(struct mag *mag, const struct in6_addr *src,
		   const struct mh_revocation *bri, struct now now,
		   struct outbox *out)
{
	struct bule *bule, *next;
	bool any = false;

	for (bule = bul_by_mn(&mag->bul, &bri->options.mn_id); bule;
	     bule = next) {
		next = bul_next_of_mn(bule);
		if (!is_meant(bule, src, &bri->options))
			continue;
		any = true;
		mag->revocations.revoked++;
		mag_let_go(mag, bule, "its anchor has revoked it", now, out);
	}
	if (any)
		remember(mag, src, bri, now);
}

static void report_refusal(struct mag *mag, const struct in6_addr *src,
			   const struct mh_revocation *bri,
			   const struct verdict *verdict, struct outbox *out)
{
	bool attached = verdict->status == MH_BR_ATTACHED;
	struct report *report;

	mag->revocations.attached += attached;
	mag->revocations.refused += !attached;
	report = transaction_report(transaction_new(out, NULL), attached ?
				    REPORT_INFO : REPORT_WARNING,
				    "revocation-refused",
				    &bri->options.mn_id);
	report->has_peer = true;
	report->peer = *src;
	report->status = verdict->status;
	report->reason = verdict->reason;
}

void mag_on_bri(struct mag *mag, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_revocation *bri,
		struct now now, struct outbox *out)
{
	struct verdict verdict;

	mag->revocations.received++;
	if (IN6_IS_ADDR_MULTICAST(src) || IN6_IS_ADDR_UNSPECIFIED(src) ||
	    IN6_IS_ADDR_MULTICAST(dst)) {
		ignore(mag, src, bri, "is not from one address to one", out);
		return;
	}
	/* One that serves nobody here has no business with us. */
	if (!serves(mag, src)) {
		ignore(mag, src, bri,
		       "is from no anchor of a mobile node that is here", out);
		return;
	}
	verdict = judge(mag, src, bri, now);
	answer(mag, src, dst, bri, verdict.status, out);
	if (verdict.status == MH_BR_SUCCESS)
		revoke(mag, src, bri, now, out);
	else
		report_refusal(mag, src, bri, &verdict, out);
}
