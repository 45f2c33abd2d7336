// SPDX-License-Identifier: GPL-2.0
#include "lma_renumber.h"
#include "test.h"

struct lma_policy policy_of(struct lma_bench *bench)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_UNKNOWN);

	return request.policy;
}

const char *renumber_to(struct lma_bench *bench, struct bce *bce,
			const char *first, const char *second)
{
	struct lma_policy policy = policy_of(bench);
	struct mh_prefix prefixes[2];
	unsigned int count = 0;
	const char *why;

	if (first)
		prefixes[count++] = prefix6(first);
	if (second)
		prefixes[count++] = prefix6(second);
	why = lma_renumber(&bench->lma, bce, &policy, prefixes, count,
			   bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	return why;
}

void refresh_with(struct lma_bench *bench, const char *hnp,
		  const char *granted)
{
	const struct mh_binding_ack *ba;
	struct lma_request request;

	world_pass(&bench->world, 10);
	request = pbu(bench, hnp, MH_HI_NOT_CHANGED);
	ba = answer(bench, &request);
	assert_non_null(ba);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.hnp_count, 1);
	/* RULE: B-LMA-63 */
	assert_prefix_equal(&ba->options.hnp[0], granted);
}

struct bce *of_prefix(struct lma_bench *bench, const char *text)
{
	struct mh_prefix hnp = prefix6(text);

	return bc_by_prefix(&bench->lma.bc, &hnp);
}

const struct mh_prefix *other_gets(struct lma_bench *bench)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	request.bu.options.mn_id = nai("mn2@example.com");
	request.bu.options.ll_id = ll_id6(2);
	ba = answer(bench, &request);
	assert_non_null(ba);
	return ba->status == MH_ACCEPTED ? &ba->options.hnp[0] : NULL;
}
