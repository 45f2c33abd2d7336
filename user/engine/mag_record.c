// SPDX-License-Identifier: GPL-2.0
/*
 * What a gateway keeps of a mobile node, and how it finds its way back after a
 * restart of its own or of the data plane.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "dataplane.h"
#include "mag_group_internal.h"
#include "record.h"

/* "M" and the version of the layout. */
#define RECORD_KIND 0x4d04

void mag_put_record(struct transaction *transaction, const struct bule *bule,
		    struct now now)
{
	struct effect *effect = transaction_add(transaction, EFFECT_STORE_PUT);
	struct mh_options options;
	size_t more = multihoming_record_max(bule);
	uint8_t most[RECORD_MAX], *data = most;
	struct builder builder;

	if (more)
		data = must_alloc(sizeof(most) + more);
	builder = builder_on(data, sizeof(most) + more);
	memset(&options, 0, offsetof(struct mh_options, flow));
	options.has_mn_id = true;
	options.mn_id = bule->profile.mn_id;
	options.has_link_local = true;
	options.link_local = bule->link_local;
	options.hnp_count = (uint8_t)bule->hnp_count;
	memcpy(options.hnp, bule->hnp, sizeof(options.hnp));
	builder_be(&builder, RECORD_KIND, 2);
	builder_bytes(&builder, bule->at.ifname, sizeof(bule->at.ifname));
	builder_bytes(&builder, bule->at.lladdr, sizeof(bule->at.lladdr));
	builder_u8(&builder, bule->at.att);
	builder_bytes(&builder, &bule->profile.lma, sizeof(bule->profile.lma));
	builder_be(&builder, bule->profile.lifetime_s, 4);
	builder_be(&builder, bule->lifetime, 2);
	builder_be(&builder, bule->generation, 4);
	builder_be(&builder, bule->sequence, 2);
	builder_bytes(&builder, &bule->router, sizeof(bule->router));
	builder_u8(&builder, bule->router_own);
	builder_be(&builder, bule->member.group ? bule->member.group->id :
						  MH_GROUP_RESERVED, 4);
	builder_be(&builder, bule->member.lma_id, 4);
	record_put_time(&builder, bule->expires_ms, now);
	record_put_options(&builder, &options);
	multihoming_put_record(&builder, bule);
	effect->store.key = bule->id;
	effect->store.data = must_copy(data, builder.len);
	effect->store.len = builder.len;
	if (more)
		free(data);
}

void mag_resume(struct mag *mag, struct bule *bule, struct now now)
{
	if (bule->expires_ms > now.mono_ms) {
		mag_schedule(mag, bule, now);
		return;
	}
	/* Whether it is still there is for its next frame to say. */
	bule->state = BULE_DEREGISTERING;
	bule->tries = mag->config.deregistration_tries;
	mag_set_timer(mag, bule, BULE_TIMER_PBU, now.mono_ms);
}

/* In its group there is somebody who knows how long it lives. */
static void resume(struct mag *mag, struct bule *bule, struct mag_group *group,
		   uint32_t lma_id, struct now now)
{
	if (!group) {
		mag_resume(mag, bule, now);
		return;
	}
	group_add(mag, group, bule);
	bule->member.lma_id = lma_id;
	group->anchor->echoes |= lma_id == group->id;
	mag_schedule(mag, bule, now);
}

struct bule *mag_restore(struct mag *mag, uint64_t key, const uint8_t *data,
			 size_t len, bool same_boot, struct now now)
{
	struct cursor cursor = cursor_on(data, len);
	struct mag_profile profile = { 0 };
	struct mag_attachment at = { 0 };
	struct in6_addr router = in6addr_any;
	struct mh_options options;
	uint32_t generation, group, lma_id;
	bool router_own;
	uint64_t expires_ms;
	struct bule *bule;
	uint16_t lifetime, sequence;

	if (cursor_be(&cursor, 2) != RECORD_KIND)
		return NULL;
	cursor_bytes(&cursor, at.ifname, sizeof(at.ifname));
	cursor_bytes(&cursor, at.lladdr, sizeof(at.lladdr));
	at.att = cursor_u8(&cursor);
	cursor_bytes(&cursor, &profile.lma, sizeof(profile.lma));
	profile.lifetime_s = (uint32_t)cursor_be(&cursor, 4);
	lifetime = (uint16_t)cursor_be(&cursor, 2);
	generation = (uint32_t)cursor_be(&cursor, 4);
	sequence = (uint16_t)cursor_be(&cursor, 2);
	cursor_bytes(&cursor, &router, sizeof(router));
	router_own = cursor_u8(&cursor);
	group = (uint32_t)cursor_be(&cursor, 4);
	lma_id = (uint32_t)cursor_be(&cursor, 4);
	expires_ms = record_get_time(&cursor, same_boot, now);
	at.ifname[sizeof(at.ifname) - 1] = '\0';
	if (!record_get_options(&cursor, &options) || !options.has_mn_id ||
	    !options.hnp_count || bul_by_lladdr(&mag->bul, at.lladdr))
		return NULL;

	/* Above every key, also of records that are forgotten. */
	if (key >= mag->next_id)
		mag->next_id = key + 1;
	profile.mn_id = options.mn_id;
	bule = bul_insert(&mag->bul, key, &at, &profile);
	if (!multihoming_restore(bule, &cursor)) {
		bul_remove(&mag->bul, bule);
		return NULL;
	}
	bule->state = BULE_ACTIVE;
	bule->forwards = true;
	peers_link(&mag->peers, &bule->peer, &profile.lma);
	bul_set_prefixes(&mag->bul, bule, options.hnp, options.hnp_count);
	bule->link_local = options.link_local;
	bule->lifetime = lifetime;
	bule->generation = generation;
	bule->sequence = sequence;
	bule->skips = true;
	bule->router = router;
	bule->router_own = router_own;
	bule->expires_ms = expires_ms;
	/* RFC 4861 6.2.4: a router that begins says so soon. */
	bule->told.repeats = mag->config.initial_ras;
	resume(mag, bule, group_of_record(mag, &profile.lma, group, now),
	       lma_id, now);
	return bule;
}

/* That of a group was looked at before. */
static bool lives_as_long(const struct bule *bule,
			  const struct dataplane_binding *binding,
			  struct now now)
{
	const struct mag_group *group = bule->member.group;

	if (group)
		return group->put && binding->expiry_set == group->set;
	return !binding->expiry_set &&
	       dataplane_lifetime_agrees(binding, bule->expires_ms,
					 now.mono_ms);
}

static bool agrees(const struct bule *bule,
		   const struct dataplane_binding *binding, struct now now)
{
	return binding->has_path &&
	       binding->access_ifindex == bule->at.ifindex &&
	       binding->local_routing == bule->profile.local_routing &&
	       IN6_ARE_ADDR_EQUAL(&binding->remote, &bule->profile.lma) &&
	       bule_has_prefix(bule, &binding->hnp) &&
	       lives_as_long(bule, binding, now);
}

/*
 * What is under way may have been told before a module was reloaded, and does not
 * stand though all of it will be done.
 */
static void restore(struct mag *mag, struct bule *bule, struct now now,
		    struct outbox *out)
{
	if (bule->busy)
		bule->missed = true;
	else if (bule->state == BULE_ACTIVE && bule->at.ifindex)
		mag_install(mag, bule, "forwarding-restored", REPORT_INFO,
			    false, now, out);
}

void mag_on_dataplane(struct mag *mag, const struct dataplane_dump *dump,
		      struct now now, struct outbox *out)
{
	const struct dataplane_binding *binding;
	struct bule *bule;
	size_t i;

	groups_on_dataplane(mag, dump, now, out);
	for (bule = mag->bul.entries; bule; bule = bul_next(bule))
		bule->agreed = 0;
	for (i = 0; i < dump->count; i++) {
		binding = &dump->bindings[i];
		if (binding->hosts)
			continue;
		bule = bul_by_id(&mag->bul, binding->cookie);
		/* That will be right; what was read is old. */
		if (bule && bule->busy) {
			bule->agreed += bule_has_prefix(bule, &binding->hnp);
			continue;
		}
		if (bule && bule->forwards && agrees(bule, binding, now)) {
			bule->generation = binding->generation;
			bule->member.set = binding->expiry_set;
			bule->agreed++;
		} else if (binding->cookie &&
			   !(bule && bule_has_prefix(bule, &binding->hnp))) {
			dataplane_delete_stray(&binding->hnp, out);
		}
	}
	for (bule = mag->bul.entries; bule; bule = bul_next(bule))
		if (bule->agreed != bule->hnp_count)
			restore(mag, bule, now, out);
	groups_delete_strays(mag, dump, out);
}
