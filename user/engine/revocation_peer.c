// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation Indications that come from peers: what they say, and how
 * they are acknowledged (RFC 5846 6.1.2, 6.2.1).
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
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

/* RFC 6602 5.1.3, 5.2.3. Draft S0 has none. */
static struct revocation_verdict judge_group(const struct mh_revocation *bri)
{
	if (mh_names_session(&bri->options))
		return revocation_refusal(MH_BR_NO_BINDING,
					  "names both groups and a session");
	if (bri->trigger == MH_BR_MN_LOCAL_POLICY)
		return revocation_refusal(MH_BR_MN_ID_REQUIRED,
					  "names no realm");
	if (bri->trigger >= MH_BR_HANDOVER_SAME_ATT &&
	    bri->trigger <= MH_BR_HANDOVER_UNKNOWN)
		return revocation_refusal(MH_BR_TRIGGER_NOT_SUPPORTED,
					  "is for a handover of a group");
	return about(REVOKE_GROUP);
}

static struct revocation_verdict judge_many(const struct mh_revocation *bri)
{
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
	if (bri->options.group_count)
		return judge_group(bri);
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

/* RFC 5846 6.1.2 */
static void put_answer(struct mh_revocation *bra,
		       const struct mh_revocation *bri,
		       enum mh_br_status status)
{
	bra->kind = MH_BR_ACK;
	bra->status = (uint8_t)status;
	bra->sequence = bri->sequence;
	bra->flags = bri->flags;
	bra->options.has_mn_id = bri->options.has_mn_id;
	bra->options.mn_id = bri->options.mn_id;
	/* RFC 6602 5.2.3 */
	bra->options.group_count = bri->options.group_count;
	memcpy(bra->options.group, bri->options.group,
	       sizeof(bra->options.group));
}

static struct report *report_on(const struct revocation_heard *heard,
				enum report_level level, const char *event,
				struct outbox *out)
{
	const struct mh_options *options = &heard->bri->options;
	struct report *report;

	report = transaction_report(transaction_new(out, NULL), level, event,
				    &options->mn_id);
	report->has_peer = true;
	report->peer = *heard->src;
	if (options->group_count)
		report->group = options->group[0];
	return report;
}

void revocation_refuse(const struct revocation_heard *heard,
		       const struct revocation_verdict *verdict,
		       struct outbox *out)
{
	struct revocation_counters *counters = &heard->all->counters;
	bool attached = verdict->status == MH_BR_ATTACHED;
	struct report *report;

	counters->peers_attached += attached;
	counters->peers_refused += !attached;
	put_answer(say(heard->all, heard->src, heard->dst, out), heard->bri,
		   verdict->status);
	report = report_on(heard, attached ? REPORT_INFO : REPORT_WARNING,
			   "revocation-refused", out);
	report->status = verdict->status;
	report->reason = verdict->reason;
}

/* --- Copies: a gateway's of a handover may be about who is back. */

static bool is_copy(const struct mh_revocation *one,
		    const struct mh_revocation *other)
{
	return one->sequence == other->sequence &&
	       one->trigger == other->trigger && one->flags == other->flags &&
	       one->options.group_count == other->options.group_count &&
	       !memcmp(one->options.group, other->options.group,
		       sizeof(one->options.group)) &&
	       mh_mn_id_equal(&one->options.mn_id, &other->options.mn_id);
}

bool revocation_repeats(const struct revocation_heard *heard, struct now now,
			struct outbox *out)
{
	struct revocations *all = heard->all;
	const struct revocation_copy *copy;
	unsigned int i;

	for (i = 0; i < REVOCATION_COPIES; i++) {
		copy = &all->copies[i];
		if (now.mono_ms >= copy->until_ms ||
		    !IN6_ARE_ADDR_EQUAL(&copy->peer, heard->src) ||
		    !is_copy(&copy->bri, heard->bri))
			continue;
		all->counters.duplicates++;
		*say(all, heard->src, heard->dst, out) = copy->bra;
		return true;
	}
	return false;
}

static void remember(struct revocations *all,
		     const struct revocation *revocation, struct now now)
{
	struct revocation_copy *copy = &all->copies[all->next_copy];

	all->next_copy = (all->next_copy + 1) % REVOCATION_COPIES;
	copy->peer = revocation->peer;
	copy->bri = revocation->bri;
	copy->bra = revocation->promise->bra;
	copy->until_ms = now.mono_ms + REVOCATION_COPIES_MS;
}

static bool is_followed(const struct revocation_heard *heard)
{
	const struct revocation *one;

	for (one = heard->all->all; one; one = one->next)
		if (one->promise &&
		    IN6_ARE_ADDR_EQUAL(&one->peer, heard->src) &&
		    is_copy(&one->bri, heard->bri))
			return true;
	return false;
}

/* --- What becomes of them. */

bool revocation_is_heard(const struct revocation_heard *heard,
			 const char *stranger, struct outbox *out)
{
	struct revocation_counters *counters = &heard->all->counters;

	counters->received++;
	if (IN6_IS_ADDR_MULTICAST(heard->src) ||
	    IN6_IS_ADDR_UNSPECIFIED(heard->src) ||
	    IN6_IS_ADDR_MULTICAST(heard->dst))
		stranger = "is not from one address to one";
	if (stranger) {
		counters->ignored++;
		report_on(heard, REPORT_INFO, "bri-ignored", out)->reason =
			stranger;
		return false;
	}
	if (!is_followed(heard))
		return true;
	counters->ignored++;
	report_on(heard, REPORT_DEBUG, "bri-ignored", out)->reason =
		"it is a copy of one that is being followed";
	return false;
}

bool revocation_names(struct revocation_heard *heard,
		      bool (*has)(const void *session,
				  const struct mh_prefix *hnp),
		      const void *session)
{
	const struct mh_options *options = &heard->bri->options;
	bool named = !options->hnp_count;
	unsigned int i;

	for (i = 0; i < options->hnp_count; i++) {
		if (!has(session, &options->hnp[i]))
			continue;
		heard->known[i] = true;
		named = true;
	}
	return named;
}

struct revocation *revocation_about(struct revocation_heard *heard)
{
	if (!heard->revocation)
		heard->revocation = revocation_from_peer(heard->all, heard->src,
							 heard->bri);
	return heard->revocation;
}

/* RFC 5846 8.2, 9.1: what it names and is over before is named in the answer. */
static void put_unknown(const struct revocation_heard *heard,
			struct mh_revocation *bra)
{
	const struct mh_options *options = &heard->bri->options;
	unsigned int i;

	if (heard->missing)
		bra->status = MH_BR_PARTIAL;
	for (i = 0; i < options->hnp_count; i++) {
		if (heard->known[i])
			continue;
		bra->status = MH_BR_PARTIAL;
		bra->options.hnp[bra->options.hnp_count++] = options->hnp[i];
	}
}

void revocation_follow(struct revocation_heard *heard, const char *event,
		       struct now now, struct outbox *out)
{
	struct revocation *revocation = heard->revocation;
	struct revocation_promise *promise = must_alloc(sizeof(*promise));

	promise->dst = *heard->dst;
	put_answer(&promise->bra, heard->bri, MH_BR_SUCCESS);
	put_unknown(heard, &promise->bra);
	revocation->promise = promise;
	report_on(heard, REPORT_INFO, event, out)->bindings =
		revocation->count;
	revocation_end(heard->all, revocation, REVOCATION_DONE, -1, now, out);
}

void revocation_keep_promise(struct revocations *all,
			     struct revocation *revocation, struct now now,
			     struct outbox *out)
{
	struct revocation_promise *promise = revocation->promise;

	*say(all, &revocation->peer, &promise->dst, out) = promise->bra;
	remember(all, revocation, now);
	revocation->promise = NULL;
	free(promise);
}
