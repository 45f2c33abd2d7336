// SPDX-License-Identifier: GPL-2.0
/*
 * What an anchor keeps of the flows of an interface: beside its record, as that
 * changes with each update, and they do not.
 */
#include <stdlib.h>

#include "../mh/cursor.h"
#include "alloc.h"
#include "lma_flow.h"
#include "lma_multihoming.h"

/* "F" and the version of the layout. */
#define RECORD_KIND 0x4601

/* Sessions count from 1 on, and groups have the bit above. */
#define KEY_BASE (1ull << 62)

/* Room for any flow: 10 octets, 2 of its fields, and all of those. */
#define FLOW_MAX (12 + SELECTOR_ADDRESSES * 32 + SELECTOR_FIELDS * 8)

/* And for what stands before. */
#define HEAD_MAX 32

static uint64_t key_of(const struct bce *bce)
{
	return KEY_BASE | bce->id;
}

bool lma_is_flow_key(uint64_t key)
{
	return key & KEY_BASE && !lma_is_group_key(key);
}

static void put_flow(struct builder *builder, const struct lma_flow *flow)
{
	const struct selector *selector = &flow->selector;
	unsigned int i;

	builder_be(builder, flow->fid, 2);
	builder_be(builder, flow->id, 2);
	builder_be(builder, flow->priority, 2);
	builder_be(builder, flow->bid, 2);
	builder_u8(builder, flow->action);
	builder_u8(builder, flow->moved);
	builder_be(builder, selector->fields, 2);
	for (i = 0; i < SELECTOR_FIELDS; i++) {
		if (!(selector->fields & 1u << i))
			continue;
		if (i < SELECTOR_ADDRESSES) {
			builder_bytes(builder, selector->address[i],
				      sizeof(selector->address[i]));
			continue;
		}
		builder_be(builder, selector->number[i][0], 4);
		builder_be(builder, selector->number[i][1], 4);
	}
}

static bool get_flow(struct cursor *cursor, struct lma_flow *flow)
{
	struct selector *selector = &flow->selector;
	unsigned int i;

	*flow = (struct lma_flow){ 0 };
	flow->fid = (uint16_t)cursor_be(cursor, 2);
	flow->id = (uint16_t)cursor_be(cursor, 2);
	flow->priority = (uint16_t)cursor_be(cursor, 2);
	flow->bid = (uint16_t)cursor_be(cursor, 2);
	flow->action = cursor_u8(cursor);
	flow->moved = cursor_u8(cursor);
	selector->fields = (unsigned int)cursor_be(cursor, 2);
	for (i = 0; i < SELECTOR_FIELDS; i++) {
		if (!(selector->fields & 1u << i))
			continue;
		if (i < SELECTOR_ADDRESSES) {
			cursor_bytes(cursor, selector->address[i],
				     sizeof(selector->address[i]));
			continue;
		}
		selector->number[i][0] = (uint32_t)cursor_be(cursor, 4);
		selector->number[i][1] = (uint32_t)cursor_be(cursor, 4);
	}
	return !cursor->failed && flow->fid && flow->id && flow->priority &&
	       flow->bid && flow->action <= MH_FLOW_DUPLICATE &&
	       selector->fields < 1u << SELECTOR_FIELDS;
}

void lma_forget_flows(struct transaction *transaction, const struct bce *bce)
{
	transaction_add(transaction, EFFECT_STORE_DELETE)->store.key =
		key_of(bce);
}

/* Where they are is found by the prefix: nothing is found by its key. */
void lma_put_flows(struct transaction *transaction, const struct bce *bce)
{
	const struct lma_flows *flows = bce->path->flows;
	size_t size = HEAD_MAX + flows->count * FLOW_MAX;
	struct builder builder;
	struct effect *effect;
	unsigned int i;

	if (!flows->count) {
		lma_forget_flows(transaction, bce);
		return;
	}
	effect = transaction_add(transaction, EFFECT_STORE_PUT);
	effect->store.key = key_of(bce);
	effect->store.data = must_alloc(size);
	builder = builder_on(effect->store.data, size);
	builder_be(&builder, RECORD_KIND, 2);
	builder_u8(&builder, bce->prefixes[0].prefix.len);
	builder_bytes(&builder, &bce->prefixes[0].prefix.addr,
		      sizeof(struct in6_addr));
	builder_be(&builder, bce->path->bid, 2);
	builder_u8(&builder, bce->now.keeps_flows);
	for (i = 0; i < flows->count; i++)
		put_flow(&builder, &flows->flow[i]);
	effect->store.len = builder.len;
}

void lma_put_flows_of_all(struct transaction *transaction,
			  const struct bce *bce)
{
	const struct bce *path = bce;

	do {
		if (path->path && path->path->flows)
			lma_put_flows(transaction, path);
		path = bce_next_path(path);
	} while (path != bce);
}

static struct bce *find_path(struct lma *lma, uint64_t key,
			     const struct mh_prefix *hnp, uint16_t bid)
{
	struct bce *bce = bc_by_prefix(&lma->bc, hnp);

	if (!bce || !bce->path)
		return NULL;
	bce = lma_path_by_bid(bce, bid);
	return bce && key_of(bce) == key && !bce->path->flows ? bce : NULL;
}

bool lma_restore_flows(struct lma *lma, uint64_t key, const uint8_t *data,
		       size_t len)
{
	struct cursor cursor = cursor_on(data, len);
	struct mh_prefix hnp = { 0 };
	struct lma_flows *flows;
	struct bce *bce;
	uint16_t bid;
	bool keep;

	if (cursor_be(&cursor, 2) != RECORD_KIND)
		return false;
	hnp.len = cursor_u8(&cursor);
	cursor_bytes(&cursor, &hnp.addr, sizeof(hnp.addr));
	bid = (uint16_t)cursor_be(&cursor, 2);
	keep = cursor_u8(&cursor);
	bce = cursor.failed ? NULL : find_path(lma, key, &hnp, bid);
	if (!bce || !cursor.left)
		return false;
	/* No flow takes less than what it begins with. */
	flows = must_alloc(sizeof(*flows) + (cursor.left / 12 + 1) *
			   sizeof(flows->flow[0]));
	while (cursor.left) {
		if (!get_flow(&cursor, &flows->flow[flows->count])) {
			free(flows);
			return false;
		}
		/* One that was about to be another's when that failed is there twice. */
		flows->count += !lma_flow_clashes(bce, &flows->flow[flows->count]);
	}
	if (!flows->count) {
		free(flows);
		return false;
	}
	bce->path->flows = flows;
	bce->now.keeps_flows = keep;
	return true;
}
