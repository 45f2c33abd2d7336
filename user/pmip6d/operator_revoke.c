// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <netinet/ether.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "../engine/alloc.h"
#include "../engine/lma_revoke.h"
#include "../ports/clock.h"
#include "../ports/nai.h"
#include "agent.h"
#include "lma_role.h"
#include "mag_role.h"
#include "operator_revoke.h"
#include "operator_text.h"
#include "show.h"

/* --- What became of it. */

/**
 * struct waiting - somebody who waits for that
 * @told: whom to tell
 * @context: for it
 */
struct waiting {
	operator_told_t told;
	void *context;
};

static const char *const names[REVOCATION_RESULTS] = {
	[REVOCATION_DONE] = "revoked",
	[REVOCATION_REFUSED] = "refused",
	[REVOCATION_UNANSWERED] = "unanswered",
	[REVOCATION_NOT_UNDERSTOOD] = "not_understood",
	[REVOCATION_OVERTAKEN] = "overtaken",
	[REVOCATION_FAILED] = "failed",
};

static void put_results(struct json_object *object,
			const unsigned int *results)
{
	int i;

	for (i = 0; i < REVOCATION_RESULTS; i++)
		show_count(object, names[i], results[i]);
}

static void put_peer(struct json_object *list,
		     const struct revocation_outcome *outcome)
{
	struct json_object *peer = json_object_new_object();

	show_addr(peer, "peer", &outcome->peer);
	if (outcome->status >= 0)
		show_count(peer, "status", (uint64_t)outcome->status);
	put_results(peer, outcome->results);
	json_object_array_add(list, peer);
}

static void on_done(void *context, const struct revocation_order *order)
{
	struct json_object *answer = json_object_new_object();
	struct json_object *list = json_object_new_array();
	unsigned int sum[REVOCATION_RESULTS] = { 0 }, i, j;
	struct waiting *waiting = context;

	for (i = 0; i < order->count; i++) {
		for (j = 0; j < REVOCATION_RESULTS; j++)
			sum[j] += order->outcomes[i].results[j];
		put_peer(list, &order->outcomes[i]);
	}
	put_results(answer, sum);
	json_object_object_add(answer, "peers", list);
	waiting->told(waiting->context, answer);
	free(waiting);
}

/* --- What is meant. */

static bool is_lladdr(const char *mn, struct mh_ll_id *ll_id)
{
	struct ether_addr lladdr;

	if (!ether_aton_r(mn, &lladdr))
		return false;
	ll_id->len = ETH_ALEN;
	memcpy(ll_id->data, &lladdr, ETH_ALEN);
	return true;
}

static bool put_mn_id(struct mh_mn_id *mn_id, const char *before,
		      const char *text)
{
	size_t len = strlen(before), more = strlen(text);

	if (!more || len + more > MH_MN_ID_MAX)
		return false;
	mn_id->subtype = MH_MN_ID_NAI;
	mn_id->len = (uint8_t)(len + more);
	memcpy(mn_id->data, before, len);
	memcpy(mn_id->data + len, text, more);
	return true;
}

static const char *read_mn(const struct revoke_words *words,
			   struct revocation_target *target)
{
	target->scope = REVOKE_MN;
	if (!is_lladdr(words->mn, &target->ll_id) &&
	    !put_mn_id(&target->mn_id, "", words->mn))
		return "no mobile node is called like that";
	if (!words->hnp)
		return NULL;
	target->scope = REVOKE_SESSIONS;
	target->has_hnp = true;
	return operator_prefix(words->hnp, &target->hnp) ? NULL :
							   OPERATOR_NO_PREFIX;
}

static const char *read_realm(const char *realm,
			      struct revocation_target *target)
{
	if (*realm == '@')
		realm++;
	target->scope = REVOKE_REALM;
	return nai_is_realm(realm) && put_mn_id(&target->mn_id, "@", realm) ?
	       NULL : "a realm is like example.com";
}

static const char *read_peer(const char *peer, struct revocation_target *target)
{
	target->scope = REVOKE_PEER;
	return inet_pton(AF_INET6, peer, &target->peer) == 1 ?
	       NULL : "that is no IPv6 address";
}

static const char *read_group(const struct revoke_words *words,
			      struct revocation_target *target)
{
	target->scope = REVOKE_GROUP;
	target->has_peer = words->mag;
	if (!operator_group(words->group, &target->group))
		return "a group is a number: see pmipctl group";
	if (!words->mag)
		return NULL;
	return inet_pton(AF_INET6, words->mag, &target->peer) == 1 ?
	       NULL : "that is no IPv6 address";
}

static const char *read_words(const struct revoke_words *words,
			      struct revocation_target *target)
{
	if (words->hnp && !words->mn)
		return "a prefix goes with a mobile node";
	if (words->mn)
		return read_mn(words, target);
	if (words->realm)
		return read_realm(words->realm, target);
	if (words->group)
		return read_group(words, target);
	if (words->mag)
		return read_peer(words->mag, target);
	if (words->lma)
		return read_peer(words->lma, target);
	return "say what: mn, group, mag, lma or realm";
}

/* --- At an anchor. */

/* Whose interface it is. */
static void name_session(const struct lma_role *anchor, const char *mn,
			 struct revocation_target *target)
{
	const struct binding_cache *bc = &anchor->lma.bc;
	const struct bce *bce;

	for (bce = bc_next(bc, NULL); bce; bce = bc_next(bc, bce)) {
		if (!lma_role_is_named(bce, mn))
			continue;
		bce_mn_id(bce, &target->mn_id);
		return;
	}
}

static const char *revoke_at_anchor(struct lma_role *anchor, const char *mn,
				    struct revocation_target target,
				    struct waiting *waiting)
{
	struct outbox out;
	const char *why;

	if (!anchor->role.reconciled)
		return "this anchor is just starting: try again";
	if (target.ll_id.len)
		name_session(anchor, mn, &target);
	outbox_init(&out);
	why = lma_revoke(&anchor->lma, &target, on_done, waiting, clock_now(),
			 &out);
	role_run(&anchor->role, &out);
	return why;
}

/* --- At a gateway. */

static const char *revoke_at_gateway(struct mag_role *gateway,
				     struct revocation_target target,
				     struct waiting *waiting)
{
	const struct bule *bule;
	struct outbox out;
	const char *why;

	if (!gateway->role.reconciled)
		return "this gateway is just starting: try again";
	bule = target.ll_id.len ?
	       bul_by_lladdr(&gateway->mag.bul, target.ll_id.data) : NULL;
	if (bule)
		target.mn_id = bule->profile.mn_id;
	outbox_init(&out);
	why = mag_revoke(&gateway->mag, &target, on_done, waiting, clock_now(),
			 &out);
	role_run(&gateway->role, &out);
	return why;
}

/* --- */

const char *operator_revoke(struct agent *agent,
			    const struct revoke_words *words,
			    operator_told_t told, void *context)
{
	struct revocation_target target = { 0 };
	const char *why = read_words(words, &target);
	struct waiting *waiting;

	if (why)
		return why;
	if (words->mag && !agent->lma)
		return "this agent is no local mobility anchor";
	if (words->lma && !agent->mag)
		return "this agent is no mobile access gateway";
	waiting = must_alloc(sizeof(*waiting));
	waiting->told = told;
	waiting->context = context;
	/* One that is both begins at the anchor, which knows all of it. */
	why = "this agent has no role";
	if (agent->lma && !words->lma)
		why = revoke_at_anchor(agent->lma, words->mn, target, waiting);
	if (why && agent->mag && !words->mag)
		why = revoke_at_gateway(agent->mag, target, waiting);
	if (why)
		free(waiting);
	return why;
}
