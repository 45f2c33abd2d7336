// SPDX-License-Identifier: GPL-2.0
/*
 * What an operator is shown of an anchor.
 */
#include <netinet/ether.h>
#include <string.h>

#include <json-c/json.h>

#include "../engine/lma_flow.h"
#include "../mh/flow_text.h"
#include "../ports/clock.h"
#include "lma_role.h"
#include "show.h"

static void put_prefixes(struct json_object *mn, const char *key,
			 const struct bce_prefix *prefixes, unsigned int count)
{
	struct json_object *list = json_object_new_array();
	unsigned int i;

	for (i = 0; i < count; i++)
		show_prefix(list, &prefixes[i].prefix);
	json_object_object_add(mn, key, list);
}

static void put_flows(struct json_object *mn, const struct lma_flows *flows)
{
	struct json_object *list = json_object_new_array(), *object;
	char text[SELECTOR_TEXT_MAX];
	unsigned int i;

	for (i = 0; i < flows->count; i++) {
		const struct lma_flow *flow = &flows->flow[i];

		object = json_object_new_object();
		show_count(object, "fid", flow->fid);
		show_count(object, "id", flow->id);
		show_count(object, "priority", flow->priority);
		json_object_object_add(object, "action",
				       json_object_new_string(
				       flow_action_name(flow->action)));
		show_count(object, "bid", flow->bid);
		selector_print(&flow->selector, text, sizeof(text));
		json_object_object_add(object, "selector",
				       json_object_new_string(text));
		json_object_object_add(object, "moved",
				       json_object_new_boolean(flow->moved));
		json_object_array_add(list, object);
	}
	json_object_object_add(mn, "flow_bindings", list);
}

struct json_object *lma_role_put_session(const struct bce *bce, struct now now,
					 struct json_object *list)
{
	struct json_object *mn = json_object_new_object();

	/* The key is the subtype and then the identifier. */
	show_text(mn, "mn", bce->mn->key + 1, bce->mn->key_len - 1);
	json_object_object_add(mn, "role", json_object_new_string("lma"));
	json_object_object_add(mn, "state", json_object_new_string(
			       bce->now.state == BCE_DEREGISTERED ?
			       "deregistered" :
			       bce->now.invalid ? "invalid" : "active"));
	put_prefixes(mn, "hnp", bce->prefixes, bce->prefix_count);
	if (bce->pending.count)
		put_prefixes(mn, "pending", bce->pending.prefixes,
			     bce->pending.count);
	show_addr(mn, "proxy_coa", &bce->now.proxy_coa);
	if (bce->now.ll_id.len == ETH_ALEN)
		show_lladdr(mn, "lladdr", bce->now.ll_id.data);
	show_left(mn, lma_expires_ms(bce), now);
	if (bce->group)
		show_count(mn, "group", bce->group->name.number);
	if (bce->path) {
		show_count(mn, "bid", bce->path->bid);
		show_count(mn, "priority", bce->now.priority);
		if (bce->path->flows && bce->path->flows->count)
			put_flows(mn, bce->path->flows);
	}
	json_object_object_add(mn, "sequence",
			       json_object_new_uint64(bce->now.sequence));
	json_object_array_add(list, mn);
	return mn;
}

bool lma_role_is_named(const struct bce *bce, const char *mn)
{
	const struct bc_mn *node = bce->mn;
	struct ether_addr lladdr;

	if (ether_aton_r(mn, &lladdr))
		return bce->now.ll_id.len == ETH_ALEN &&
		       !memcmp(&lladdr, bce->now.ll_id.data, ETH_ALEN);
	return node->key_len - 1 == strlen(mn) &&
	       !memcmp(node->key + 1, mn, strlen(mn));
}

void lma_role_put_mns(const struct lma_role *anchor, const char *mn,
		      struct json_object *list)
{
	struct now now = clock_now();
	const struct bc_mn *node;
	const struct bce *bce;

	for (node = anchor->lma.bc.mns; node; node = node->by_id.next)
		for (bce = node->sessions; bce; bce = bce->next)
			if (!mn || lma_role_is_named(bce, mn))
				lma_role_put_session(bce, now, list);
}

static const char *state_of(const struct lma_group *group)
{
	if (group->ending)
		return "ending";
	if (!group->stands)
		return "forming";
	return group->bulk ? "renewing" : "active";
}

static void put_group(const struct lma_group *group, struct now now,
		      struct json_object *list)
{
	struct json_object *object = json_object_new_object();
	uint64_t lifetime_ms = (uint64_t)group->now.lifetime * LIFETIME_UNIT_MS;
	uint64_t since_ms = now.mono_ms + lifetime_ms - group->now.expires_ms;

	show_count(object, "id", group->name.number);
	json_object_object_add(object, "role", json_object_new_string("lma"));
	show_addr(object, "peer", &group->name.mag);
	json_object_object_add(object, "state",
			       json_object_new_string(state_of(group)));
	show_count(object, "members", group->count);
	show_left(object, group->now.expires_ms, now);
	if (group->now.received)
		show_count(object, "renewed_ms", since_ms);
	show_count(object, "expiry_set", group->set);
	json_object_array_add(list, object);
}

void lma_role_put_groups(const struct lma_role *anchor,
			 struct json_object *list)
{
	struct now now = clock_now();
	const struct lma_group *group;

	for (group = anchor->lma.groups.by_name; group;
	     group = group->by_name.next)
		put_group(group, now, list);
}

static void put_group_stats(const struct lma *lma, struct json_object *object)
{
	const struct lma_counters *counters = &lma->counters;

	show_count(object, "groups", HASH_CNT(by_set, lma->groups.by_set));
	show_count(object, "groups-joined", counters->groups_joined);
	show_count(object, "groups-left", counters->groups_left);
	show_count(object, "groups-denied", counters->groups_denied);
	show_count(object, "groups-expired", counters->groups_expired);
	show_count(object, "bulk-pbu-received", counters->bulk_received);
	show_count(object, "bulk-pbu-accepted", counters->bulk_accepted);
	show_count(object, "bulk-pbu-refused", counters->bulk_refused);
	show_count(object, "bulk-renewed", counters->bulk_renewed);
}

void lma_role_put_stats(const struct lma_role *anchor,
			struct json_object *object)
{
	const struct lma_counters *counters = &anchor->lma.counters;

	show_count(object, "sessions", anchor->lma.bc.count);
	show_count(object, "pbu-received", counters->pbu_received);
	show_count(object, "pbu-ignored", counters->pbu_ignored);
	show_count(object, "accepted", counters->accepted);
	show_count(object, "refused", counters->refused);
	show_count(object, "created", counters->created);
	show_count(object, "joined", counters->joined);
	show_count(object, "refreshed", counters->refreshed);
	show_count(object, "handovers", counters->handovers);
	show_count(object, "deregistered", counters->deregistered);
	show_count(object, "expired", counters->expired);
	show_count(object, "invalidated", counters->invalidated);
	show_count(object, "failed", counters->failed);
	show_count(object, "timestamp-mismatches",
		   counters->timestamp_mismatches);
	show_count(object, "pool-exhausted", counters->pool_exhausted);
	show_count(object, "delayed", counters->delayed);
	show_count(object, "delays-deregistered",
		   counters->delays_deregistered);
	show_count(object, "delays-attached", counters->delays_attached);
	show_count(object, "delays-timed-out", counters->delays_timed_out);
	show_count(object, "renumbered", counters->renumbered);
	show_count(object, "renumber-failed", counters->renumber_failed);
	show_count(object, "upn-sent", counters->upn_sent);
	show_count(object, "upn-retransmitted", counters->upn_retransmitted);
	show_count(object, "upn-refused", counters->upn_refused);
	show_count(object, "upn-unanswered", counters->upn_unanswered);
	show_count(object, "upa-received", counters->upa_received);
	show_count(object, "upa-ignored", counters->upa_ignored);
	show_count(object, "revoked", counters->revoked);
	show_revocations(object, &anchor->lma.revocations.counters);
	put_group_stats(&anchor->lma, object);
	role_put_stats(&anchor->role, object);
}
