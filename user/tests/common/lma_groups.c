// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "lma_groups.h"
#include "test.h"

int group_setup(void **state)
{
	struct mh_prefix pool = prefix6("2001:db8:c000::/40");
	struct lma_bench *bench;

	lma_bench_setup(state);
	bench = *state;
	assert_true(prefix_pool_add(&bench->lma.pool, &pool, 64));
	bench->more = "2001:db8:c000::/40";
	return 0;
}

static struct mh_mn_id id_of(unsigned int mn)
{
	char text[32];

	snprintf(text, sizeof(text), "mn%u@example.com", mn);
	return nai(text);
}

static void ask_for_group(struct lma_request *request, uint32_t group)
{
	struct mh_options *options = &request->bu.options;

	request->policy.accepts_bulk = true;
	request->bu.flags |= MH_BU_BULK;
	if (group)
		options->group[options->group_count++] = group;
}

struct lma_request joining(struct lma_bench *bench, unsigned int mn,
			   uint32_t group)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_UNKNOWN);
	struct mh_options *options = &request.bu.options;

	options->mn_id = id_of(mn);
	options->ll_id = ll_id6((uint8_t)mn);
	options->ll_id.data[4] = (uint8_t)(mn >> 8);
	ask_for_group(&request, group);
	return request;
}

struct lma_request refreshing(struct lma_bench *bench, const struct bce *bce,
			      uint32_t group)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_NOT_CHANGED);
	struct mh_options *options = &request.bu.options;

	request.src = bce->now.proxy_coa;
	bce_mn_id(bce, &options->mn_id);
	options->hnp[0] = bce->prefixes[0].prefix;
	options->ll_id = bce->now.ll_id;
	request.policy.accepts_bulk = true;
	if (group)
		ask_for_group(&request, group);
	return request;
}

struct bce *join(struct lma_bench *bench, unsigned int mn, uint32_t group)
{
	struct lma_request request = joining(bench, mn, group);
	const struct mh_binding_ack *ba = answer(bench, &request);
	struct bce *bce;

	assert_non_null(ba);
	assert_granted_group(ba, group);
	bce = session_of(bench, mn);
	assert_non_null(bce);
	return bce;
}

struct bce *session_of(struct lma_bench *bench, unsigned int mn)
{
	struct mh_mn_id id = id_of(mn);
	struct bc_mn *found = bc_mn(&bench->lma.bc, &id);

	return found ? found->sessions : NULL;
}

struct lma_group *group_of(struct lma_bench *bench, const char *mag,
			   uint32_t number)
{
	struct in6_addr address = ip6(mag);

	return lma_group_find(&bench->lma, &address, number);
}

struct lma_request bulk_pbu(struct lma_bench *bench, uint32_t group)
{
	struct lma_request one = pbu(bench, NULL, MH_HI_NOT_CHANGED);
	struct lma_request request = {
		.src = one.src,
		.dst = one.dst,
		.policy = { .mag_authorized = true, .accepts_bulk = true },
	};
	struct mh_options *options = &request.bu.options;

	request.bu.sequence = one.bu.sequence;
	request.bu.flags = one.bu.flags;
	request.bu.lifetime = one.bu.lifetime;
	options->group[options->group_count++] = group;
	options->has_timestamp = true;
	options->timestamp = one.bu.options.timestamp;
	return request;
}

const struct mh_binding_ack *renew(struct lma_bench *bench, uint32_t group)
{
	struct lma_request request = bulk_pbu(bench, group);
	const struct mh_binding_ack *ba = answer(bench, &request);

	assert_non_null(ba);
	assert_int_equal(ba->status, MH_ACCEPTED);
	return ba;
}

void assert_granted_group(const struct mh_binding_ack *ba, uint32_t group)
{
	assert_non_null(ba);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_true(ba->flags & MH_BA_BULK);
	assert_int_equal(ba->options.group_count, 1);
	if (group)
		assert_int_equal(ba->options.group[0], group);
}

void assert_granted_none(const struct mh_binding_ack *ba)
{
	assert_non_null(ba);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_false(ba->flags & MH_BA_BULK);
	assert_int_equal(ba->options.group_count, 0);
}
