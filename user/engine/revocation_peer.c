// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation Indications that come from peers: what they say, and how
 * they are acknowledged (RFC 5846 6.1.2, 6.2.1).
 */
#include <ctype.h>
#include <string.h>

#include "revocation_peer.h"

/* --- What they say. */

struct revocation_verdict revocation_refusal(enum mh_br_status status,
					     const char *reason)
{
	return (struct revocation_verdict){
		.status = status,
		.reason = reason,
	};
}

static bool is_known(uint8_t trigger)
{
	return trigger <= MH_BR_OUT_OF_SYNC ||
	       trigger == MH_BR_PER_PEER_POLICY ||
	       trigger == MH_BR_MN_LOCAL_POLICY;
}

/* RFC 5846 8.1: "@" and the realm. */
static bool names_realm(const struct mh_options *options)
{
	const struct mh_mn_id *mn_id = &options->mn_id;

	return options->has_mn_id && mn_id->subtype == MH_MN_ID_NAI &&
	       mn_id->len > 1 && mn_id->data[0] == '@';
}

static struct revocation_verdict about(enum revocation_scope scope)
{
	return (struct revocation_verdict){
		.status = MH_BR_SUCCESS,
		.scope = scope,
	};
}

static struct revocation_verdict judge_many(const struct mh_revocation *bri)
{
	if (bri->options.group_count)
		return revocation_refusal(MH_BR_FUNCTION_NOT_SUPPORTED,
					  "is for a bulk group");
	if (bri->trigger == MH_BR_PER_PEER_POLICY)
		return about(REVOKE_PEER);
	if (!names_realm(&bri->options))
		return revocation_refusal(MH_BR_MN_ID_REQUIRED,
					  "names no realm");
	return about(REVOKE_REALM);
}

struct revocation_verdict revocation_judge(const struct mh_revocation *bri)
{
	bool global = bri->flags & MH_BR_GLOBAL;
	bool many = bri->trigger >= MH_BR_GLOBAL_TRIGGER;

	if (!(bri->flags & MH_BR_PROXY))
		return revocation_refusal(MH_BR_NO_BINDING,
					  "has no P flag: there are proxy bindings only");
	if (!is_known(bri->trigger))
		return revocation_refusal(MH_BR_TRIGGER_NOT_SUPPORTED,
					  "its trigger is not known here");
	if (global != many)
		return revocation_refusal(MH_BR_FUNCTION_NOT_SUPPORTED,
					  "trigger and G flag contradict each other");
	if (bri->flags & MH_BR_IPV4_ONLY)
		return revocation_refusal(MH_BR_NO_BINDING,
					  "is for an IPv4 home address");
	if (many)
		return judge_many(bri);
	if (!bri->options.has_mn_id || !bri->options.mn_id.len)
		return revocation_refusal(MH_BR_MN_ID_REQUIRED,
					  "names no mobile node");
	return about(bri->options.hnp_count ? REVOKE_SESSIONS : REVOKE_MN);
}

/* RFC 4282 2.1: what follows "@", which is the same in whatever case. */
bool revocation_is_of_realm(const struct mh_mn_id *mn_id,
			    const struct mh_mn_id *realm)
{
	const uint8_t *own;
	unsigned int i;

	if (mn_id->subtype != MH_MN_ID_NAI || mn_id->len < realm->len)
		return false;
	own = mn_id->data + mn_id->len - realm->len;
	for (i = 0; i < realm->len; i++)
		if (tolower(own[i]) != tolower(realm->data[i]))
			return false;
	return true;
}

/* --- What they are told. */

static struct mh_revocation *say(struct revocations *all,
				 const struct in6_addr *src,
				 const struct in6_addr *dst, struct outbox *out)
{
	struct effect_send *send = &transaction_add(transaction_new(out, NULL),
						    EFFECT_SEND)->send;

	send->src = *dst;
	send->dst = *src;
	send->message->type = MH_BINDING_REVOCATION;
	all->counters.answered++;
	return &send->message->revocation;
}

struct mh_revocation *revocation_answer(struct revocations *all,
					const struct in6_addr *src,
					const struct in6_addr *dst,
					const struct mh_revocation *bri,
					enum mh_br_status status,
					struct outbox *out)
{
	struct mh_revocation *bra = say(all, src, dst, out);

	bra->kind = MH_BR_ACK;
	bra->status = (uint8_t)status;
	bra->sequence = bri->sequence;
	bra->flags = bri->flags;
	bra->options.has_mn_id = bri->options.has_mn_id;
	bra->options.mn_id = bri->options.mn_id;
	return bra;
}

void revocation_repeat(struct revocations *all, const struct in6_addr *src,
		       const struct in6_addr *dst,
		       const struct mh_revocation *bra, struct outbox *out)
{
	all->counters.duplicates++;
	*say(all, src, dst, out) = *bra;
}

void revocation_ignore(struct revocations *all, const struct in6_addr *src,
		       const struct mh_revocation *bri, const char *reason,
		       struct outbox *out)
{
	struct report *report;

	all->counters.ignored++;
	report = transaction_report(transaction_new(out, NULL), REPORT_INFO,
				    "bri-ignored", &bri->options.mn_id);
	report->has_peer = true;
	report->peer = *src;
	report->reason = reason;
}

/* --- Copies, of which the first was followed. */

static bool is_copy(const struct mh_revocation *one,
		    const struct mh_revocation *other)
{
	return one->sequence == other->sequence &&
	       one->trigger == other->trigger && one->flags == other->flags &&
	       mh_mn_id_equal(&one->options.mn_id, &other->options.mn_id);
}

const struct mh_revocation *revocation_copy_of(const struct revocations *all,
					       const struct in6_addr *src,
					       const struct mh_revocation *bri,
					       struct now now)
{
	const struct revocation_copy *copy;
	unsigned int i;

	for (i = 0; i < REVOCATION_COPIES; i++) {
		copy = &all->copies[i];
		if (now.mono_ms < copy->until_ms &&
		    IN6_ARE_ADDR_EQUAL(&copy->peer, src) &&
		    is_copy(&copy->bri, bri))
			return &copy->bra;
	}
	return NULL;
}

void revocation_remember(struct revocations *all, const struct in6_addr *src,
			 const struct mh_revocation *bri,
			 const struct mh_revocation *bra, struct now now)
{
	struct revocation_copy *copy = &all->copies[all->next_copy];

	all->next_copy = (all->next_copy + 1) % REVOCATION_COPIES;
	copy->peer = *src;
	copy->bri = *bri;
	copy->bra = *bra;
	copy->until_ms = now.mono_ms + REVOCATION_COPIES_MS;
}
