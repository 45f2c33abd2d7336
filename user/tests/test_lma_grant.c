// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_grant.c
 */
#include <string.h>

#include "common/lma_bench.h"
#include "common/test.h"

static void test_lifetime(void **state)
{
	static const struct {
		uint32_t anchor_s;
		uint32_t policy_s;
		uint16_t asked;
		uint16_t granted;
	} rows[] = {
		{ 3600, 0, 75, 75 },
		{ 3600, 0, 900, 900 },
		{ 3600, 0, 901, 900 },
		{ 3600, 0, 0xffff, 900 },
		{ 3600, 600, 0xffff, 150 },
		{ 3600, 7200, 0xffff, 900 },
		{ 3600, 1, 0xffff, 1 },
		{ 262140, 0, 0xffff, 0xffff },
		/* More than a Lifetime field can say. */
		{ UINT32_MAX, 0, 0xffff, 0xffff },
		{ UINT32_MAX, 4300000, 0xffff, 0xffff },
	};
	struct lma_bench *bench;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lma_request request;
		const struct mh_binding_ack *ba;

		lma_bench_setup(state);
		bench = *state;
		bench->lma.config.max_lifetime_s = rows[i].anchor_s;
		request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
		request.policy.max_lifetime_s = rows[i].policy_s;
		request.bu.lifetime = rows[i].asked;
		ba = answer(bench, &request);
		assert_int_equal(ba->status, MH_ACCEPTED);
		/* RULE: B-LMA-98 */
		assert_int_equal(ba->lifetime, rows[i].granted);
		assert_true(world_binding(&bench->world, HNP1)->set.lifetime_ms
			    == rows[i].granted * 4000ull);
		assert_agreed(bench);
		lma_bench_teardown(state);
	}
}

/* One of the pool that nobody has may be asked for by its name. */
static void test_named_prefix_of_the_pool(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, HNP2, MH_HI_NEW_INTERFACE);

	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-05 */
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options
			    .hnp[0], HNP2);
	assert_agreed(bench);
}

/* RFC 7864 4.1: that a prefix is off the link is not for gateways to say. */
static void test_named_off_link(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, HNP2, MH_HI_NEW_INTERFACE);

	request.bu.options.hnp[0].off_link = true;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options
			    .hnp[0], HNP2);
	assert_false(world_last_message(&bench->world)->ba.options
		     .hnp[0].off_link);
	assert_agreed(bench);
}

static void test_unauthorized_prefixes(void **state)
{
	static const char *const bad[] = {
		OWN1, "2001:db8:a::/65", "2001:db8:a::/63", "2001:db8:a::1/64",
		"2001:db8:a:2::/64", "8000::/1", "ff02::/64",
	};
	struct lma_bench *bench = *state;
	struct lma_request request;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		request = pbu(bench, bad[i], MH_HI_NEW_INTERFACE);
		/* RULE: B-LMA-26 */
		assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	}
	/* All of them, or none. */
	request = pbu(bench, HNP1, MH_HI_NEW_INTERFACE);
	request.bu.options.hnp[1] = prefix6(OWN1);
	request.bu.options.hnp_count = 2;
	/* RULE: B-LMA-26 */
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	own_prefixes(&request, OWN1, NULL);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(world_last_message(&bench->world)->ba.options
			 .hnp_count, 2);
	assert_agreed(bench);
}

/* What policy keeps for one is not for another, neither by name nor by turn. */
static void test_reserved(void **state)
{
	struct lma_bench *bench = *state;
	struct mh_prefix hnp1 = prefix6(HNP1);
	struct lma_request request;

	lma_reserve(&bench->lma, &hnp1);
	lma_reserve(&bench->lma, &hnp1);
	request = pbu(bench, HNP1, MH_HI_NEW_INTERFACE);
	/* RULE: B-LMA-26 */
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options
			    .hnp[0], HNP2);

	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.mn_id = nai("mn2@example.com");
	assert_status(bench, &request, MH_INSUFFICIENT_RESOURCES);
	own_prefixes(&request, HNP1, NULL);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options
			    .hnp[0], HNP1);

	/* Not kept any more, and not in use: there for anybody. */
	lma_bench_until(bench, 300000);
	request = pbu(bench, HNP2, MH_HI_NEW_INTERFACE);
	assert_status(bench, &request, MH_ACCEPTED);
	lma_unreserve_all(&bench->lma);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.mn_id = nai("mn3@example.com");
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options
			    .hnp[0], HNP1);
	assert_agreed(bench);
}

/* An address is a prefix like any other, and belongs to whom policy says. */
static void test_addresses(void **state)
{
	struct lma_bench *bench = *state;
	struct mh_prefix pool = prefix6("2001:db8:b::/126");
	struct mh_prefix reserved = prefix6("2001:db8:b::2/128");
	struct lma_request request;

	assert_true(prefix_pool_add(&bench->lma.pool, &pool, 128));
	lma_reserve(&bench->lma, &reserved);
	request = pbu(bench, "2001:db8:b::1/128", MH_HI_NEW_INTERFACE);
	/* RULE: B-LMA-66 */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_non_null(world_binding(&bench->world, "2001:db8:b::1/128"));
	request.bu.options.mn_id = nai("mn2@example.com");
	request.bu.options.hnp[0] = reserved;
	/* RULE: B-LMA-66 */
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	request.bu.options.hnp[0] = prefix6("2001:db8:b::11/128");
	/* RULE: B-LMA-66 */
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	own_prefixes(&request, "2001:db8:b::11/128", NULL);
	/* RULE: B-LMA-66 */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_agreed(bench);
}

/* One that was passed over for its owner is not lost when it has none. */
static void test_reserved_no_more(void **state)
{
	struct lma_bench *bench = *state;
	struct mh_prefix hnp1 = prefix6(HNP1);
	struct lma_request request;

	lma_reserve(&bench->lma, &hnp1);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options
			    .hnp[0], HNP2);
	lma_unreserve_all(&bench->lma);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.mn_id = nai("mn2@example.com");
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options
			    .hnp[0], HNP1);
	assert_agreed(bench);
}

/* A profile's prefixes are its first session's; the next one gets others. */
static void test_second_session_of_a_profile(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	own_prefixes(&request, OWN1, NULL);
	assert_status(bench, &request, MH_ACCEPTED);
	request.bu.options.ll_id = ll_id6(2);
	request.bu.options.timestamp++;
	assert_status(bench, &request, MH_ACCEPTED);
	/* RULE: B-LMA-71 */
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options
			    .hnp[0], HNP1);
	/* RULE: B-LMA-01 */
	assert_int_equal(bench->lma.bc.count, 2);
	assert_agreed(bench);
}

/* Named twice it is still one prefix. */
static void test_prefix_named_twice(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, HNP1, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	request.bu.options.hnp[1] = request.bu.options.hnp[0];
	request.bu.options.hnp_count = 2;
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.hnp_count, 1);
	assert_agreed(bench);
	lma_bench_until(bench, 300000);
	assert_agreed(bench);
}

/* RFC 5213 5.3.2 (1): one that is all zero among others asks for any. */
static void test_any_beside_others(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, OWN1, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;

	request.bu.options.hnp_count = 2;
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.hnp_count, 1);
	/* RULE: B-LMA-79 */
	assert_prefix_equal(&ba->options.hnp[0], HNP1);
	assert_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lifetime),
		with_bench(test_named_prefix_of_the_pool),
		with_bench(test_named_off_link),
		with_bench(test_unauthorized_prefixes),
		with_bench(test_reserved),
		with_bench(test_addresses),
		with_bench(test_reserved_no_more),
		with_bench(test_second_session_of_a_profile),
		with_bench(test_prefix_named_twice),
		with_bench(test_any_beside_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
