// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_ack.c: RFC 5213 5.3.6.
 */
#include <errno.h>
#include <string.h>

#include "common/lma_bench.h"
#include "common/test.h"

/* Options that are echoed, whatever the status. */
static void assert_echo(const struct mh_binding_ack *ba,
			const struct lma_request *request)
{
	const struct mh_options *to = &ba->options;
	const struct mh_options *from = &request->bu.options;

	/* RULE: B-MSG-02 B-LMA-37 */
	assert_int_equal(ba->flags, MH_BA_PROXY);
	/* RULE: B-LMA-50 B-LMA-98 */
	assert_int_equal(ba->sequence, request->bu.sequence);
	assert_true(to->has_mn_id);
	/* RULE: B-LMA-37 B-LMA-42 */
	assert_true(mh_mn_id_equal(&to->mn_id, &from->mn_id));
	assert_true(to->has_handoff);
	/* RULE: B-LMA-37 B-LMA-43 */
	assert_int_equal(to->handoff, from->handoff);
	assert_true(to->has_att);
	/* RULE: B-LMA-37 B-LMA-43 */
	assert_int_equal(to->att, from->att);
	/* RULE: B-LMA-37 B-LMA-43 */
	assert_int_equal(to->has_ll_id, from->has_ll_id);
	assert_memory_equal(&to->ll_id, &from->ll_id, sizeof(to->ll_id));
	/* RULE: B-LMA-37 B-LMA-41 */
	assert_int_equal(to->has_link_local, from->has_link_local);
	/* RULE: B-LMA-37 B-LMA-47 B-LMA-53 */
	assert_int_equal(to->has_timestamp, from->has_timestamp);
	/* RULE: B-LMA-51 */
	assert_true(to->timestamp == from->timestamp);
}

static void test_accepted(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba = answer(bench, &request);

	assert_int_equal(ba->status, MH_ACCEPTED);
	/* RULE: B-LMA-98 */
	assert_int_equal(ba->lifetime, 75);
	/* RULE: B-LMA-76 */
	assert_echo(ba, &request);
	assert_int_equal(ba->options.hnp_count, 1);
	/* RULE: B-LMA-23 B-LMA-40 */
	assert_prefix_equal(&ba->options.hnp[0], HNP1);
}

static void test_optional_options_absent(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	request.bu.options.has_ll_id = false;
	request.bu.options.ll_id.len = 0;
	memset(request.bu.options.ll_id.data, 0, MH_LL_ID_MAX);
	request.bu.options.has_timestamp = false;
	request.bu.options.timestamp = 0;
	assert_echo(answer(bench, &request), &request);
}

/* All that was asked for comes back, and no lifetime. */
static void test_refused(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, OWN1, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	request.bu.options.hnp[1] = prefix6(OWN2);
	request.bu.options.hnp_count = 2;
	request.bu.options.has_link_local = true;
	request.bu.options.link_local = ip6("fe80::77");
	ba = answer(bench, &request);
	/* RULE: B-LMA-26 */
	assert_int_equal(ba->status, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_int_equal(ba->lifetime, 0);
	/* RULE: B-LMA-76 */
	assert_echo(ba, &request);
	/* RULE: B-LMA-40 */
	assert_int_equal(ba->options.hnp_count, 2);
	assert_prefix_equal(&ba->options.hnp[0], OWN1);
	assert_prefix_equal(&ba->options.hnp[1], OWN2);
	/* RULE: B-LMA-41 */
	assert_ip6_equal(&ba->options.link_local, "fe80::77");
}

/* 128 is a refusal already: nothing is granted by it. */
static void test_failed(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, EIO);
	ba = answer(bench, &request);
	/* RULE: B-MSG-06 */
	assert_int_equal(ba->status, 128);
	/* RULE: B-MSG-06 */
	assert_int_equal(ba->lifetime, 0);
	/* RULE: B-MSG-06 */
	assert_int_equal(ba->options.hnp_count, 1);
	/* RULE: B-MSG-06 */
	assert_prefix_equal(&ba->options.hnp[0], "::/0");
}

/* What must be there is there, if only as a zero. */
static void test_refused_for_missing_options(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	request.bu.options = (struct mh_options){ .has_mn_id = false };
	ba = answer(bench, &request);
	/* RULE: B-LMA-13 */
	assert_int_equal(ba->status, MH_MISSING_MN_ID_OPTION);
	assert_true(ba->options.has_mn_id);
	assert_int_equal(ba->options.mn_id.subtype, MH_MN_ID_NAI);
	/* RULE: B-LMA-42 */
	assert_int_equal(ba->options.mn_id.len, 0);
	assert_int_equal(ba->options.hnp_count, 1);
	/* RULE: B-LMA-40 */
	assert_prefix_equal(&ba->options.hnp[0], "::/0");
	assert_true(ba->options.has_handoff);
	/* RULE: B-LMA-43 */
	assert_int_equal(ba->options.handoff, 0);
	assert_true(ba->options.has_att);
	/* RULE: B-LMA-43 */
	assert_int_equal(ba->options.att, 0);
	assert_false(ba->options.has_ll_id);
	assert_false(ba->options.has_link_local);
	assert_false(ba->options.has_timestamp);
}

/* The link-local address: generated, kept, replaced. */
static void test_link_local_address(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;
	struct in6_addr generated;
	struct mh_prefix hnp = prefix6(HNP1);

	request.bu.options.has_link_local = true;
	ba = answer(bench, &request);
	assert_true(ba->options.has_link_local);
	generated = ba->options.link_local;
	/* RULE: B-LMA-41 */
	assert_true(IN6_IS_ADDR_LINKLOCAL(&generated));
	/* RULE: B-LMA-04 */
	assert_memory_equal(&bc_by_prefix(&bench->lma.bc, &hnp)->link_local,
			    &generated, sizeof(generated));

	/* Asked by the next gateway: the same. */
	world_pass(&bench->world, 1000);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	request.bu.options.has_link_local = true;
	ba = answer(bench, &request);
	/* RULE: B-LMA-41 */
	assert_memory_equal(&ba->options.link_local, &generated,
			    sizeof(generated));

	/* Uploaded: that one from now on. */
	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.src = ip6(MAG2);
	request.bu.options.has_link_local = true;
	request.bu.options.link_local = ip6("fe80::88");
	ba = answer(bench, &request);
	/* RULE: B-LMA-41 */
	assert_ip6_equal(&ba->options.link_local, "fe80::88");
	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.src = ip6(MAG2);
	request.bu.options.has_link_local = true;
	ba = answer(bench, &request);
	assert_ip6_equal(&ba->options.link_local, "fe80::88");
	/* Not asked: not said. */
	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.src = ip6(MAG2);
	/* RULE: B-LMA-41 */
	assert_false(answer(bench, &request)->options.has_link_local);
	assert_ip6_equal(&bc_by_prefix(&bench->lma.bc, &hnp)->link_local,
			 "fe80::88");
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_accepted),
		with_bench(test_optional_options_absent),
		with_bench(test_refused),
		with_bench(test_failed),
		with_bench(test_refused_for_missing_options),
		with_bench(test_link_local_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
