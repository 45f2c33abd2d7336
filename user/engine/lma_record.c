// SPDX-License-Identifier: GPL-2.0
/*
 * What an anchor keeps of a session, and how it finds its way back after a
 * restart of its own or of the data plane.
 */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "lma_flow.h"
#include "lma_internal.h"
#include "lma_multihoming.h"
#include "record.h"

/* "L" and the version of the layout. */
#define RECORD_KIND 0x4c02

/* Of an interface that may be one of several. */
#define RECORD_KIND_PATH 0x4c03

static void put_registration(struct builder *builder,
			     const struct bce_registration *now_registered,
			     struct now now)
{
	builder_u8(builder, now_registered->state);
	builder_bytes(builder, &now_registered->proxy_coa,
		      sizeof(now_registered->proxy_coa));
	builder_be(builder, now_registered->received, 8);
	builder_be(builder, now_registered->lifetime, 2);
	builder_be(builder, now_registered->sequence, 2);
	builder_be(builder, now_registered->generation, 4);
	record_put_time(builder, now_registered->expires_ms, now);
}

static void get_registration(struct cursor *cursor,
			     struct bce_registration *registered,
			     bool same_boot, struct now now)
{
	registered->state = cursor_u8(cursor);
	cursor_bytes(cursor, &registered->proxy_coa,
		     sizeof(registered->proxy_coa));
	registered->received = cursor_be(cursor, 8);
	registered->lifetime = (uint16_t)cursor_be(cursor, 2);
	registered->sequence = (uint16_t)cursor_be(cursor, 2);
	registered->generation = (uint32_t)cursor_be(cursor, 4);
	registered->expires_ms = record_get_time(cursor, same_boot, now);
}

static void options_of(const struct bce *bce, struct mh_options *options)
{
	unsigned int i;

	*options = (struct mh_options){
		.has_mn_id = true,
		.has_att = true,
		.att = bce->now.att,
		.has_ll_id = bce->now.ll_id.len,
		.ll_id = bce->now.ll_id,
		.has_link_local = true,
		.link_local = bce->link_local,
		.has_timestamp = true,
		.timestamp = bce->now.timestamp,
	};
	bce_mn_id(bce, &options->mn_id);
	for (i = 0; i < bce->prefix_count; i++)
		options->hnp[options->hnp_count++] = bce->prefixes[i].prefix;
}

static void put_set(struct builder *builder, const struct bce_set *set)
{
	struct mh_options options;

	/* As most sessions have it, and as no options are written. */
	if (!set->count) {
		builder_be(builder, 0, 2);
		return;
	}
	options = (struct mh_options){ .hnp_count = (uint8_t)set->count };
	lma_copy_prefixes(set->prefixes, set->count, options.hnp);
	record_put_options(builder, &options);
}

void lma_put_record(struct transaction *transaction, const struct bce *bce,
		    struct now now)
{
	struct effect *effect = transaction_add(transaction, EFFECT_STORE_PUT);
	uint8_t data[RECORD_MAX];
	struct builder builder = builder_on(data, sizeof(data));
	struct mh_options options;

	options_of(bce, &options);
	builder_be(&builder, bce->path ? RECORD_KIND_PATH : RECORD_KIND, 2);
	put_registration(&builder, &bce->now, now);
	record_put_options(&builder, &options);
	put_set(&builder, &bce->pending);
	put_set(&builder, &bce->former);
	if (bce->path) {
		builder_be(&builder, bce->path->bid, 2);
		builder_be(&builder, bce->now.named, 2);
		builder_u8(&builder, bce->now.priority);
	}
	/* Of most sessions, and as of those before there were groups: nothing. */
	if (bce->group)
		builder_be(&builder, bce->group->set, 4);
	effect->store.key = bce->id;
	effect->store.data = must_copy(data, builder.len);
	effect->store.len = builder.len;
}

static bool prefixes_are_free(const struct lma *lma,
			      const struct mh_options *options)
{
	unsigned int i;

	for (i = 0; i < options->hnp_count; i++)
		if (bc_by_prefix(&lma->bc, &options->hnp[i]))
			return false;
	return options->hnp_count;
}

static bool may_be_of(const struct lma *lma, const struct bce *bce,
		      const struct mh_options *options)
{
	const struct bce *other;
	unsigned int i;

	for (i = 0; i < options->hnp_count; i++) {
		other = bc_by_prefix(&lma->bc, &options->hnp[i]);
		if (other && other != bce)
			return false;
	}
	return options->hnp_count;
}

/* Without it, a session is still one. */
static void restore_set(struct lma *lma, struct bce *bce, struct bce_set *set,
			const struct mh_options *options)
{
	if (may_be_of(lma, bce, options))
		bc_set_insert(&lma->bc, bce, set, options->hnp,
			      options->hnp_count);
}

/*
 * What a session was to have, or had before, is no reason against one that has
 * it: the record that says so is older, as it could not be stored once more.
 */
static void make_room(struct lma *lma, const struct mh_options *options)
{
	struct bce *other;
	unsigned int i;

	for (i = 0; i < options->hnp_count; i++) {
		other = bc_by_prefix(&lma->bc, &options->hnp[i]);
		if (!other || bce_has_prefix(other, &options->hnp[i]))
			continue;
		bc_set_remove(&lma->bc, &other->pending);
		bc_set_remove(&lma->bc, &other->former);
		lma_end_notice(lma, other);
	}
}

/* Beside others that it shares its prefixes with, if there are any. */
static struct bce *restore_entry(struct lma *lma, uint64_t key,
				 const struct mh_options *options, uint16_t bid)
{
	struct bce *bce = lma_restore_path(lma, key, options, bid);

	if (!bce && !prefixes_are_free(lma, options))
		return NULL;
	/* Above every key, also of records that are forgotten. */
	if (key >= lma->next_id)
		lma->next_id = key + 1;
	if (bce)
		return bce;
	bce = bc_insert(&lma->bc, key, &options->mn_id, options->hnp,
			options->hnp_count);
	if (bid)
		bce_path(bce)->bid = bid;
	return bce;
}

bool lma_restore(struct lma *lma, uint64_t key, const uint8_t *data, size_t len,
		 bool same_boot, struct now now)
{
	struct cursor cursor = cursor_on(data, len);
	struct bce_registration registered = { 0 };
	struct mh_options options, pending, former;
	uint32_t set = 0, kind;
	uint16_t bid = 0;
	struct bce *bce;

	if (lma_is_group_key(key))
		return lma_group_restore(lma, key, data, len, same_boot, now);
	if (lma_is_flow_key(key))
		return lma_restore_flows(lma, key, data, len);
	kind = (uint32_t)cursor_be(&cursor, 2);
	if (kind != RECORD_KIND && kind != RECORD_KIND_PATH)
		return false;
	get_registration(&cursor, &registered, same_boot, now);
	if (!record_get_options(&cursor, &options) ||
	    !record_get_options(&cursor, &pending) ||
	    !record_get_options(&cursor, &former) || !options.has_mn_id ||
	    registered.state > BCE_DEREGISTERED)
		return false;
	if (kind == RECORD_KIND_PATH) {
		bid = (uint16_t)cursor_be(&cursor, 2);
		registered.named = (uint16_t)cursor_be(&cursor, 2);
		registered.priority = cursor_u8(&cursor);
		if (!bid || bid >= BCE_BID_FIRST + BCE_PATHS_MAX)
			return false;
	}
	if (cursor.left)
		set = (uint32_t)cursor_be(&cursor, 4);
	if (cursor.failed || cursor.left)
		return false;
	make_room(lma, &options);
	bce = restore_entry(lma, key, &options, bid);
	if (!bce)
		return false;
	registered.att = options.att;
	registered.ll_id = options.ll_id;
	registered.timestamp = options.timestamp;
	bce->now = registered;
	bce->link_local = options.link_local;
	if (bce->path)
		bce->path->moved = (uint16_t)rng_next(&lma->rng);
	/* Which flows the data plane has nobody knows, nor whether it has any. */
	bce->unsure = bce->path && !bce->path->shares;
	lma_note_peer(lma, bce);
	timer_set(&lma->timers, &bce->timer, bce->now.expires_ms);
	restore_set(lma, bce, &bce->pending, &pending);
	restore_set(lma, bce, &bce->former, &former);
	lma_notify_at(lma, bce, now.mono_ms);
	if (set && bce->now.state == BCE_ACTIVE)
		lma_group_expect(lma, bce, set);
	return true;
}

static bool agrees(struct bce *bce, const struct dataplane_binding *binding,
		   struct now now)
{
	if (bce->path)
		return lma_paths_agree(bce, binding, now);
	if (binding->cookie != bce->id)
		return false;
	if (bce->now.state == BCE_DEREGISTERED)
		return !binding->has_path;
	if (!binding->has_path ||
	    !IN6_ARE_ADDR_EQUAL(&binding->remote, &bce->now.proxy_coa))
		return false;
	if (bce->group)
		return binding->expiry_set == bce->group->set;
	return !binding->expiry_set &&
	       dataplane_lifetime_agrees(binding, bce->now.expires_ms,
					 now.mono_ms);
}

void lma_repair(struct bce *bce, struct now now, struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, bce);
	struct report *report;
	struct mh_mn_id mn_id;

	lma_begin(bce, LMA_REPAIR, NULL);
	lma_set_forwarding(transaction, bce, now);
	if (!lma_is_unsure(bce))
		lma_put_all_flows(transaction, bce);
	/* What has failed may have been to store it. */
	if (bce->unsure)
		lma_put_record(transaction, bce, now);
	bce_mn_id(bce, &mn_id);
	report = transaction_report(transaction, REPORT_INFO,
				    "forwarding-restored", &mn_id);
	report->has_hnp = true;
	report->hnp = bce->prefixes[0].prefix;
}

/*
 * There is one binding for all interfaces of a session. Which flows it has is not
 * read: they are set anew.
 */
static bool is_found_by_another(const struct bce *bce)
{
	return bce->path && bce->path->shares;
}

/*
 * What is under way may have been told before a module was reloaded, and does not
 * stand though all of it will be done.
 */
static void doubt_what_is_under_way(struct lma *lma, struct bce *bce,
				    struct now now)
{
	struct bce *path = bce;

	do {
		if (path->operation)
			lma_doubt(lma, path, now.mono_ms);
		path = bce_next_path(path);
	} while (path != bce);
}

static void restore(struct lma *lma, struct bce *bce, struct now now,
		    struct outbox *out)
{
	bool found = bce->agreed == bce->prefix_count;

	if (is_found_by_another(bce))
		return;
	if (!lma_is_busy(bce) && (!found || bce->unsure || lma_has_flows(bce)))
		lma_repair(bce, now, out);
	else if (lma_is_busy(bce) && (!found || lma_has_flows(bce)))
		doubt_what_is_under_way(lma, bce, now);
}

void lma_on_dataplane(struct lma *lma, const struct dataplane_dump *dump,
		      struct now now, struct outbox *out)
{
	const struct dataplane_binding *binding;
	struct bce *bce;
	size_t i;

	lma_groups_on_dataplane(lma, dump, now, out);
	for (bce = bc_next(&lma->bc, NULL); bce; bce = bc_next(&lma->bc, bce))
		bce->agreed = 0;
	for (i = 0; i < dump->count; i++) {
		binding = &dump->bindings[i];
		bce = bc_by_prefix(&lma->bc, &binding->hnp);
		/* What it had, or is to have, is not forwarded: nor by what is under way. */
		if (bce && !bce_has_prefix(bce, &binding->hnp))
			bce = NULL;
		/* That will be right; what was read is old. */
		if (bce && lma_is_busy(bce)) {
			bce->agreed++;
		} else if (bce && agrees(bce, binding, now)) {
			if (binding->has_path && !bce->group && !bce->path)
				bce->now.generation = binding->generation;
			bce->agreed++;
		} else if (!bce && binding->cookie) {
			dataplane_delete_stray(&binding->hnp, out);
		}
	}
	for (bce = bc_next(&lma->bc, NULL); bce; bce = bc_next(&lma->bc, bce))
		restore(lma, bce, now, out);
	lma_groups_after_dataplane(lma, dump, out);
}
