// SPDX-License-Identifier: GPL-2.0
/*
 * What a gateway shows of itself.
 */
#include <json-c/json.h>

#include "../ports/clock.h"
#include "dhcp.h"
#include "mag_role.h"
#include "show.h"

static void put_multihoming(const struct bule_multihoming *multihoming,
			    struct json_object *mn)
{
	if (!multihoming)
		return;
	json_object_object_add(mn, "multihoming",
			       json_object_new_boolean(multihoming->stands));
	show_count(mn, "flows", multihoming->count);
}

/* Those that are routed only are shown apart, where there are any. */
static void put_prefixes(const struct bule *bule, struct json_object *mn)
{
	struct json_object *hnp = json_object_new_array(), *off_link = NULL;
	unsigned int i;

	json_object_object_add(mn, "hnp", hnp);
	for (i = 0; i < bule->hnp_count; i++) {
		if (!bule->hnp[i].off_link) {
			show_prefix(hnp, &bule->hnp[i]);
			continue;
		}
		if (!off_link) {
			off_link = json_object_new_array();
			json_object_object_add(mn, "off_link", off_link);
		}
		show_prefix(off_link, &bule->hnp[i]);
	}
}

static void put_entry(const struct mag_role *gateway, const struct bule *bule,
		      struct now now, struct json_object *list)
{
	struct json_object *mn = json_object_new_object();

	show_text(mn, "mn", bule->profile.mn_id.data, bule->profile.mn_id.len);
	json_object_object_add(mn, "role", json_object_new_string("mag"));
	json_object_object_add(mn, "state", json_object_new_string(
			       bule_state_name(bule->state)));
	put_prefixes(bule, mn);
	show_addr(mn, "lma", &bule->profile.lma);
	json_object_object_add(mn, "access",
			       json_object_new_string(bule->at.ifname));
	show_lladdr(mn, "lladdr", bule->at.lladdr);
	show_addr(mn, "link_local", &bule->link_local);
	show_addr(mn, "router", mag_router(&gateway->mag, bule));
	json_object_object_add(mn, "local_routing", json_object_new_boolean(
			       bule->profile.local_routing));
	if (bule->state == BULE_ACTIVE)
		show_left(mn, bule_expires_ms(bule), now);
	if (bule->member.group)
		show_count(mn, "group", bule->member.group->id);
	put_multihoming(bule->multihoming, mn);
	json_object_object_add(mn, "sequence",
			       json_object_new_int(bule->sequence));
	json_object_array_add(list, mn);
}

void mag_role_put_mns(const struct mag_role *gateway, const char *mn,
		      struct json_object *list)
{
	struct now now = clock_now();
	const struct bule *bule;

	for (bule = gateway->mag.bul.entries; bule; bule = bul_next(bule))
		if (!mn || mag_role_is_named(bule, mn))
			put_entry(gateway, bule, now, list);
}

static const char *state_of(const struct mag_group *group)
{
	if (group->ending)
		return "ending";
	if (!group->count)
		return "forming";
	if (group->retired)
		return "retired";
	return group->waits ? "renewing" : "active";
}

static void put_group(const struct mag_group *group, struct now now,
		      struct json_object *list)
{
	struct json_object *object = json_object_new_object();

	show_count(object, "id", group->id);
	json_object_object_add(object, "role", json_object_new_string("mag"));
	show_addr(object, "peer", &group->anchor->address);
	json_object_object_add(object, "state",
			       json_object_new_string(state_of(group)));
	show_count(object, "members", group->count);
	if (group->count)
		show_left(object, group->expires_ms, now);
	if (group->renewed_ms)
		show_count(object, "renewed_ms",
			   now.mono_ms - group->renewed_ms);
	if (group->count)
		show_count(object, "expiry_set", group->set);
	json_object_array_add(list, object);
}

void mag_role_put_groups(const struct mag_role *gateway,
			 struct json_object *list)
{
	struct now now = clock_now();
	const struct mag_group *group;

	for (group = gateway->mag.groups.all; group;
	     group = mag_group_next(group))
		put_group(group, now, list);
}

static void put_group_stats(const struct mag_group_counters *counters,
			    struct json_object *object)
{
	show_count(object, "groups-joined", counters->joined);
	show_count(object, "groups-left", counters->left);
	show_count(object, "groups-denied", counters->denied);
	show_count(object, "groups-fell-back", counters->fell_back);
	show_count(object, "groups-forgotten", counters->forgotten);
	show_count(object, "groups-retired", counters->retired);
	show_count(object, "bulk-pbu-sent", counters->sent);
	show_count(object, "bulk-pbu-retransmitted", counters->retransmitted);
	show_count(object, "bulk-pbu-groups", counters->named);
	show_count(object, "bulk-apart", counters->apart);
	show_count(object, "bulk-pba-accepted", counters->accepted);
	show_count(object, "bulk-pba-refused", counters->refused);
	show_count(object, "bulk-renewed", counters->renewed);
}

static void put_flow_stats(const struct mag_counters *engine,
			   struct json_object *object)
{
	show_count(object, "flows-accepted", engine->flows_accepted);
	show_count(object, "flows-refused", engine->flows_refused);
	show_count(object, "flows-removed", engine->flows_removed);
	show_count(object, "flows-taken-over", engine->flows_taken_over);
	show_count(object, "flows-given-back", engine->flows_given_back);
	show_count(object, "multihoming-unsupported",
		   engine->multihoming_unsupported);
}

void mag_role_put_stats(const struct mag_role *gateway,
			struct json_object *object)
{
	const struct mag_counters *engine = &gateway->mag.counters;
	const struct mag_role_counters *own = &gateway->counters;
	struct counter heard[ND_COUNTERS_MAX];
	unsigned int count, i;

	show_count(object, "attachments", engine->attachments);
	show_count(object, "detachments", engine->detachments);
	show_count(object, "pbu-sent", engine->pbu_sent);
	show_count(object, "pbu-retransmitted", engine->pbu_retransmitted);
	show_count(object, "pba-accepted", engine->pba_accepted);
	show_count(object, "pba-refused", engine->pba_refused);
	show_count(object, "pba-ignored", engine->pba_ignored);
	for (i = 0; i < MAG_REFUSALS; i++)
		show_count(object, mag_refusal_name((enum mag_refusal)i),
			   engine->refused[i]);
	for (i = 0; i < MAG_IGNORED_REASONS; i++)
		show_count(object, mag_ignored_name((enum mag_ignored)i),
			   engine->ignored[i]);
	show_count(object, "ra-sent", engine->ra_sent);
	show_count(object, "prefixes-withdrawn", engine->prefixes_withdrawn);
	show_count(object, "mtu-changes", engine->mtu_changes);
	show_count(object, "visitors", engine->visitors);
	show_count(object, "expired", engine->expired);
	show_count(object, "over-max-mobile-nodes", engine->full);
	show_count(object, "presence-unknown", engine->unheard);
	show_count(object, "reregistered", engine->reregistered);
	show_count(object, "failed", engine->failed);
	show_count(object, "upn-received", engine->upn_received);
	show_count(object, "upn-ignored", engine->upn_ignored);
	show_count(object, "upn-refused", engine->upn_refused);
	show_count(object, "upn-duplicates", engine->upn_duplicates);
	show_count(object, "upa-sent", engine->upa_sent);
	put_group_stats(&gateway->mag.groups.counters, object);
	show_count(object, "revoked", engine->revoked);
	put_flow_stats(engine, object);
	show_revocations(object, &gateway->mag.revocations.counters);
	show_count(object, "stations-unknown", own->unknown_stations);
	show_count(object, "service-refused", own->service_refused);
	show_count(object, "neighbour-probes", own->probes);
	show_count(object, "neighbours-failed", own->neighbours_failed);
	count = nd_counters(gateway->nd, heard);
	for (i = 0; i < count; i++)
		show_count(object, heard[i].name, heard[i].value);
	dhcp_put_stats(gateway->dhcp, object);
	role_put_stats(&gateway->role, object);
}
