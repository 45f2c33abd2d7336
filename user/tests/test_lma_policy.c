// SPDX-License-Identifier: GPL-2.0
/*
 * Who may register what (RFC 5213 4), and how much a session gets (5.3.2, 5.4):
 * user/engine/lma_judge.c and lma_grant.c.
 */
#include <string.h>

#include "common/lma_bench.h"
#include "common/test.h"

/* Of the pool, and of what else there is. */
#define WITHIN "2001:db8:a::/48"
#define BEYOND "2001:db8:b::/48"

/* Its gateway may register prefixes within one only. */
static void limit(struct lma_request *request, const struct mh_prefix *within)
{
	request->policy.mag_limited = true;
	request->policy.mag_prefixes = within;
	request->policy.mag_prefix_count = within ? 1 : 0;
}

static void test_gateway_and_pool(void **state)
{
	struct mh_prefix within = prefix6(WITHIN), beyond = prefix6(BEYOND);
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	/* RULE: B-SEC-05 */
	limit(&request, &beyond);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	limit(&request, NULL);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	/* A pool that is not within as a whole is none. */
	within.len = 64;
	limit(&request, &within);
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	within.len = 63;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options
			    .hnp[0], HNP1);
	assert_agreed(bench);
}

static void test_gateway_and_named_prefix(void **state)
{
	struct mh_prefix within = prefix6(WITHIN), beyond = prefix6(BEYOND);
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, HNP1, MH_HI_NEW_INTERFACE);

	limit(&request, &beyond);
	/* RULE: B-SEC-05 */
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	limit(&request, &within);
	assert_status(bench, &request, MH_ACCEPTED);
	/* What is the mobile node's own is not the gateway's for that. */
	request = pbu(bench, OWN1, MH_HI_NEW_INTERFACE);
	request.bu.options.mn_id = nai("mn2@example.com");
	own_prefixes(&request, OWN1, NULL);
	limit(&request, &within);
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	limit(&request, &beyond);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_agreed(bench);
}

/* Of its own prefixes, those that the gateway may register; else the pool's. */
static void test_gateway_and_own_prefixes(void **state)
{
	struct mh_prefix only = prefix6(OWN2), within = prefix6(WITHIN);
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	own_prefixes(&request, OWN1, OWN2);
	limit(&request, &only);
	ba = answer(bench, &request);
	/* RULE: B-SEC-05 */
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.hnp_count, 1);
	assert_prefix_equal(&ba->options.hnp[0], OWN2);

	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.mn_id = nai("mn2@example.com");
	own_prefixes(&request, OWN1, NULL);
	limit(&request, &within);
	ba = answer(bench, &request);
	assert_prefix_equal(&ba->options.hnp[0], HNP1);
	assert_agreed(bench);
}

/* RFC 5213 4: nor may it manipulate the binding of another prefix. */
static void test_gateway_and_handover(void **state)
{
	struct mh_prefix within = prefix6(WITHIN), beyond = prefix6(BEYOND);
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;

	world_pass(&bench->world, 1000);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	limit(&request, &beyond);
	/* RULE: B-SEC-05 */
	assert_status(bench, &request, MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG);
	request.bu.options.hnp[0] = prefix6(HNP1);
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);
	assert_agreed(bench);
	limit(&request, &within);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);

	/* What it has it may give back, whatever was configured meanwhile. */
	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	request.bu.lifetime = 0;
	limit(&request, &beyond);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bce->now.state, BCE_DEREGISTERED);
	assert_agreed(bench);
}

/* --- Several prefixes. */

static struct lma_bench *with_more(void **state)
{
	struct mh_prefix more = prefix6("2001:db8:c::/62");
	struct lma_bench *bench = *state;

	assert_true(prefix_pool_add(&bench->lma.pool, &more, 64));
	return bench;
}

/* RFC 5213 5.3.2 (1): one or more; all of them make one session. */
static void test_several_of_a_pool(void **state)
{
	struct lma_bench *bench = with_more(state);
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	struct mh_options options;
	const struct mh_binding_ack *ba;
	unsigned int i;

	request.policy.session_prefixes = 3;
	ba = answer(bench, &request);
	/* RULE: B-LMA-77 B-LMA-73 */
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.hnp_count, 3);
	assert_prefix_equal(&ba->options.hnp[0], HNP1);
	assert_prefix_equal(&ba->options.hnp[1], HNP2);
	assert_prefix_equal(&ba->options.hnp[2], "2001:db8:c::/64");
	options = ba->options;
	/* RULE: B-LMA-05 B-LMA-01 */
	assert_int_equal(bench->lma.bc.count, 1);
	assert_int_equal(bench->world.binding_count, 3);
	assert_agreed(bench);

	/* RULE: B-LMA-24 */
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.mn_id = nai("mn2@example.com");
	request.policy.session_prefixes = 2;
	ba = answer(bench, &request);
	assert_prefix_equal(&ba->options.hnp[0], "2001:db8:c:1::/64");
	assert_prefix_equal(&ba->options.hnp[1], "2001:db8:c:2::/64");

	/* All of them move at once. */
	world_pass(&bench->world, 1000);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	request.bu.options.hnp_count = 3;
	memcpy(request.bu.options.hnp, options.hnp, sizeof(options.hnp));
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-80 B-LMA-74 */
	for (i = 0; i < bench->world.binding_count; i++) {
		const struct effect_binding *set = &bench->world.bindings[i].set;

		if (set->cookie == 1)
			assert_ip6_equal(&set->remote, MAG2);
	}
	assert_agreed(bench);
}

/* Fewer than are wanted, rather than none. */
static void test_fewer_than_wanted(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	request.policy.session_prefixes = MH_MAX_HNP;
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.hnp_count, 2);
	assert_agreed(bench);
	/* They come back together. */
	lma_bench_until(bench, 300000);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.policy.session_prefixes = 2;
	assert_int_equal(answer(bench, &request)->options.hnp_count, 2);
	assert_agreed(bench);
}

/* RFC 5213 5.4: a session an interface, each with its own prefixes. */
static void test_two_interfaces(void **state)
{
	struct lma_bench *bench = with_more(state);
	struct lma_request first = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	struct lma_request second = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;
	struct mh_prefix hnp;

	own_prefixes(&first, OWN1, OWN2);
	first.policy.interface_hnp_count = 1;
	assert_status(bench, &first, MH_ACCEPTED);
	second.bu.options.ll_id = ll_id6(2);
	own_prefixes(&second, OWN2, OWN1);
	second.policy.interface_hnp_count = 1;
	ba = answer(bench, &second);
	/* RULE: B-LMA-71 B-LMA-72 */
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.hnp_count, 1);
	assert_prefix_equal(&ba->options.hnp[0], OWN2);
	assert_int_equal(bench->lma.bc.count, 2);
	assert_agreed(bench);

	/* One ends, the other goes on, with a lifetime of its own. */
	lma_bench_until(bench, 200000);
	first = pbu(bench, OWN1, MH_HI_NOT_CHANGED);
	assert_status(bench, &first, MH_ACCEPTED);
	/* RULE: B-LMA-72 */
	lma_bench_until(bench, 150000);
	assert_int_equal(bench->lma.bc.count, 1);
	hnp = prefix6(OWN1);
	assert_non_null(bc_by_prefix(&bench->lma.bc, &hnp));
	hnp = prefix6(OWN2);
	assert_null(bc_by_prefix(&bench->lma.bc, &hnp));
	assert_agreed(bench);
}

/* RFC 5213 6.11: all that its link has, and those as long as the session is. */
static void test_prefixes_of_a_link(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	own_prefixes(&request, OWN1, OWN2);
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	/* What policy says meanwhile is for sessions to come. */
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	own_prefixes(&request, "2001:db8:b:3::/64", NULL);
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	/* RULE: B-LMA-78 */
	assert_int_equal(ba->options.hnp_count, 2);
	assert_prefix_equal(&ba->options.hnp[0], OWN1);
	assert_prefix_equal(&ba->options.hnp[1], OWN2);
	assert_agreed(bench);
}

/* --- Nothing left. */

static void ask_for_one(struct lma_bench *bench, const char *mn, int status)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	request.bu.options.mn_id = nai(mn);
	assert_status(bench, &request, status);
}

static unsigned int told(const struct lma_bench *bench)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < bench->world.report_count; i++)
		count += !strcmp(bench->world.reports[i].event,
				 "pool-exhausted") &&
			 bench->world.reports[i].level > REPORT_DEBUG;
	return count;
}

/* Told once, until there is one again. */
static void test_pool_exhausted(void **state)
{
	struct lma_bench *bench = *state;
	unsigned int i;

	ask_for_one(bench, "mn1@example.com", MH_ACCEPTED);
	ask_for_one(bench, "mn2@example.com", MH_ACCEPTED);
	assert_int_equal(told(bench), 0);
	/* RULE: B-LMA-25 */
	for (i = 0; i < 5; i++)
		ask_for_one(bench, "mn3@example.com",
			    MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(told(bench), 1);
	assert_int_equal(bench->lma.counters.pool_exhausted, 5);
	assert_int_equal(bench->lma.counters.refused, 5);

	lma_bench_until(bench, 300000);
	ask_for_one(bench, "mn1@example.com", MH_ACCEPTED);
	ask_for_one(bench, "mn2@example.com", MH_ACCEPTED);
	ask_for_one(bench, "mn3@example.com", MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(told(bench), 2);
	/* So after the operator has changed something. */
	lma_unreserve_all(&bench->lma);
	ask_for_one(bench, "mn3@example.com", MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(told(bench), 3);
	assert_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_gateway_and_pool),
		with_bench(test_gateway_and_named_prefix),
		with_bench(test_gateway_and_own_prefixes),
		with_bench(test_gateway_and_handover),
		with_bench(test_several_of_a_pool),
		with_bench(test_fewer_than_wanted),
		with_bench(test_two_interfaces),
		with_bench(test_prefixes_of_a_link),
		with_bench(test_pool_exhausted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
