// SPDX-License-Identifier: GPL-2.0
/*
 * What an anchor binds: the source of a PBU, or what its Alternate Care-of
 * Address option says (RFC 6275 6.2.5, 9.5.1; RFC 5213 5.3.1, 5.3.5, 5.3.6).
 */
#include <string.h>

#include "common/lma_bench.h"
#include "common/test.h"

/* Another address of MAG1. */
#define OTHER "2001:db8:1::2"

static struct lma_request from_other(struct lma_bench *bench, const char *hnp,
				     enum mh_handoff_indicator handoff)
{
	struct lma_request request = pbu(bench, hnp, handoff);

	request.src = ip6(OTHER);
	request.bu.options.has_alt_coa = true;
	request.bu.options.alt_coa = ip6(MAG1);
	return request;
}

/* It is bound, and the answer goes to where the question came from. */
static void test_registration(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = from_other(bench, NULL,
						MH_HI_NEW_INTERFACE);
	struct mh_prefix hnp = prefix6(HNP1);
	const struct bce *bce;
	const struct mh_binding_ack *ba;

	/* answer() has seen where it went. */
	ba = answer(bench, &request);
	/* RULE: B-LMA-38 B-LMA-39 */
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_false(ba->options.has_alt_coa);
	bce = bc_by_prefix(&bench->lma.bc, &hnp);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);
	assert_ip6_equal(&world_binding(&bench->world, HNP1)->set.remote, MAG1);
	assert_agreed(bench);

	/* From the address itself it is the same gateway, and so back. */
	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	/* RULE: B-LMA-75 */
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	request = from_other(bench, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.counters.refreshed, 2);
	assert_int_equal(bench->lma.counters.handovers, 0);
	/* And the same message again is the same message. */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.counters.refreshed, 2);
	assert_agreed(bench);
}

/* RFC 5213 5.3.1 (13): it is a handover if the address differs, not the source. */
static void test_handover(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;

	world_pass(&bench->world, 1000);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.bu.options.has_alt_coa = true;
	request.bu.options.alt_coa = ip6(MAG2);
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-75 */
	assert_int_equal(bench->lma.counters.handovers, 1);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
	assert_agreed(bench);
}

/* RFC 5213 5.3.5 (1): a de-registration is compared with it, too. */
static void test_deregistration(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;

	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	request.bu.options.has_alt_coa = true;
	request.bu.options.alt_coa = ip6(OTHER);
	/* RULE: B-LMA-33 */
	assert_status(bench, &request, -1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	request = from_other(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bce->now.state, BCE_DEREGISTERED);
	assert_agreed(bench);
}

/* RFC 5213 5.4.1.1 (5), last bullet: the same gateway, by that address. */
static void test_lookup(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	register_mn1(bench);
	world_pass(&bench->world, 1000);
	request = from_other(bench, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.ll_id = ll_id6(2);
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.options.has_alt_coa = true;
	request.bu.options.alt_coa = ip6(OTHER);
	/* RULE: B-LMA-22 */
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

/* RFC 6275 6.1.7: silently, what packets can not be sent to. */
static void test_not_routable(void **state)
{
	static const char *const bad[] = {
		"::", "::1", "ff02::1", "fe80::1", "::ffff:192.0.2.1",
	};
	struct lma_bench *bench = *state;
	struct lma_request request;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
		request.bu.options.has_alt_coa = true;
		request.bu.options.alt_coa = ip6(bad[i]);
		/* RULE: B-LMA-11 */
		assert_status(bench, &request, -1);
	}
	assert_int_equal(bench->lma.counters.pbu_ignored, ARRAY_SIZE(bad));
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
}

/* --- Gateways that are older than two of the options. */

static struct lma_request of_draft(struct lma_bench *bench, const char *hnp)
{
	struct lma_request request = pbu(bench, hnp, 0);
	struct mh_options *options = &request.bu.options;

	options->has_handoff = false;
	options->has_att = false;
	options->att = 0;
	options->has_ll_id = false;
	memset(&options->ll_id, 0, sizeof(options->ll_id));
	return request;
}

static void test_draft_peer(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = of_draft(bench, NULL);
	struct mh_prefix hnp = prefix6(HNP1);
	const struct mh_binding_ack *ba;
	const struct bce *bce;

	/* RULE: B-MSG-08 */
	assert_status(bench, &request, MH_MISSING_HANDOFF_INDICATOR_OPTION);
	bench->lma.config.accept_draft_peers = true;
	ba = answer(bench, &request);
	/* RULE: B-MSG-08 B-LMA-43 */
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_true(ba->options.has_handoff);
	assert_int_equal(ba->options.handoff, 0);
	assert_true(ba->options.has_att);
	assert_int_equal(ba->options.att, 0);
	bce = bc_by_prefix(&bench->lma.bc, &hnp);
	assert_int_equal(bce->now.att, MH_ATT_RESERVED);

	world_pass(&bench->world, 1000);
	request = of_draft(bench, HNP1);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.counters.refreshed, 1);
	/* Its handoff state is unknown: it is waited for. */
	world_pass(&bench->world, 1000);
	request = of_draft(bench, NULL);
	request.src = ip6(MAG2);
	assert_status(bench, &request, -1);
	/* RULE: B-MSG-08 */
	assert_int_equal(bench->lma.counters.delayed, 1);
	request = of_draft(bench, HNP1);
	request.bu.lifetime = 0;
	give(bench, &request);
	world_settle(&bench->world);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_registration),
		with_bench(test_handover),
		with_bench(test_deregistration),
		with_bench(test_lookup),
		with_bench(test_not_routable),
		with_bench(test_draft_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
