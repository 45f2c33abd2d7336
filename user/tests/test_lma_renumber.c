// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_renumber.c: sessions that get other prefixes
 */
#include <errno.h>

#include "../engine/lma_notice.h"
#include "common/lma_renumber.h"
#include "common/test.h"

static const char *why_not(struct lma_bench *bench, struct bce *bce,
			   const char *prefix)
{
	const char *why = renumber_to(bench, bce, prefix, NULL);

	assert_int_equal(bce->pending.count, 0);
	return why ? why : "done";
}

/* Nothing goes before the gateway can know. */
static void test_pending(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	const struct mh_update_notification *upn;
	const struct effect_send *sent;

	assert_null(renumber_to(bench, bce, NULL, NULL));
	assert_non_null(world_binding(&bench->world, HNP1));
	assert_null(world_binding(&bench->world, HNP2));
	assert_true(bce_has_prefix(bce, &bce->prefixes[0].prefix));
	assert_prefix_equal(&bce->prefixes[0].prefix, HNP1);
	assert_prefix_equal(&bce->pending.prefixes[0].prefix, HNP2);
	assert_ptr_equal(of_prefix(bench, HNP2), bce);
	/* Nobody else gets it meanwhile, nor what it still has. */
	assert_null(other_gets(bench));

	sent = &bench->world.sent[1];
	assert_ip6_equal(&sent->src, LMAA);
	assert_ip6_equal(&sent->dst, MAG1);
	assert_int_equal(sent->message->type, MH_UPDATE_NOTIFICATION);
	upn = &sent->message->upn;
	assert_int_equal(upn->reason, MH_UPN_FORCE_REREGISTRATION);
	assert_int_equal(upn->flags, MH_UPN_ACK);
	assert_true(upn->options.has_mn_id);
	assert_true(bce_is_of(bce, &upn->options.mn_id));
	assert_agreed(bench);
}

static void test_exchanged(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	assert_null(renumber_to(bench, bce, OWN1, NULL));
	assert_null(world_route(&bench->world, OWN1));
	refresh_with(bench, HNP1, OWN1);
	/* RULE: B-LMA-63 */
	assert_null(world_binding(&bench->world, HNP1));
	assert_non_null(world_binding(&bench->world, OWN1));
	assert_non_null(world_route(&bench->world, OWN1));
	assert_int_equal(bench->lma.bc.count, 1);
	assert_int_equal(bench->lma.counters.renumbered, 1);
	assert_non_null(world_reported(&bench->world, "renumbered"));
	assert_prefix_equal(&world_reported(&bench->world,
					    "prefix-withdrawn")->hnp, HNP1);
	assert_agreed(bench);

	/* Back to the pool: the route of its own goes as well. */
	assert_null(renumber_to(bench, bce, HNP2, NULL));
	refresh_with(bench, OWN1, HNP2);
	/* RULE: B-LMA-63 */
	assert_null(world_route(&bench->world, OWN1));
	assert_null(world_binding(&bench->world, OWN1));
	assert_agreed(bench);
}

/* What it had is another's once its gateway names what it has. */
static void test_released(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	assert_null(renumber_to(bench, bce, NULL, NULL));
	refresh_with(bench, HNP1, HNP2);
	assert_ptr_equal(of_prefix(bench, HNP1), bce);
	assert_null(other_gets(bench));
	refresh_with(bench, HNP2, HNP2);
	assert_null(of_prefix(bench, HNP1));
	assert_int_equal(bce->former.count, 0);
	/* RULE: B-LMA-63 */
	assert_prefix_equal(other_gets(bench), HNP1);
	assert_agreed(bench);
}

/* Or with the session, like what it was to get. */
static void test_released_at_the_end(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	assert_null(renumber_to(bench, bce, OWN1, NULL));
	refresh_with(bench, HNP1, OWN1);
	assert_null(renumber_to(bench, bce, HNP2, NULL));
	lma_bench_until(bench, 400000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_null(world_route(&bench->world, OWN1));
	assert_prefix_equal(other_gets(bench), HNP2);
	register_mn1(bench);
	assert_agreed(bench);
}

/* The acknowledgement was lost: the gateway asks again for what it has. */
static void test_lost_ack(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	assert_null(renumber_to(bench, bce, NULL, NULL));
	refresh_with(bench, HNP1, HNP2);
	refresh_with(bench, HNP1, HNP2);
	refresh_with(bench, HNP1, HNP2);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_int_equal(bench->lma.counters.renumbered, 1);
	assert_agreed(bench);
	refresh_with(bench, HNP2, HNP2);
	assert_int_equal(bce->former.count, 0);
}

/* The very same update twice. */
static void test_copy(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;
	const struct mh_binding_ack *ba;

	assert_null(renumber_to(bench, bce, NULL, NULL));
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_prefix_equal(&ba->options.hnp[0], HNP2);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

/* No notification arrived: the next update that comes anyway will do. */
static void test_lost_notifications(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	assert_null(renumber_to(bench, bce, NULL, NULL));
	lma_bench_until(bench, 200000);
	assert_int_equal(bench->lma.counters.upn_unanswered, 1);
	refresh_with(bench, HNP1, HNP2);
	assert_agreed(bench);
}

/* Told again before it has heard of the first time. */
static void test_renumbered_twice(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	uint64_t sent;

	assert_null(renumber_to(bench, bce, NULL, NULL));
	refresh_with(bench, HNP1, HNP2);
	assert_null(renumber_to(bench, bce, OWN1, NULL));
	sent = bench->lma.counters.upn_sent;
	/* First what it has, and a notification, and then what it gets. */
	refresh_with(bench, HNP1, HNP2);
	lma_bench_until(bench, 0);
	assert_int_equal(bench->lma.counters.upn_sent, sent);
	lma_bench_until(bench, 1000);
	assert_int_equal(bench->lma.counters.upn_sent, sent + 1);
	refresh_with(bench, HNP2, OWN1);
	assert_null(of_prefix(bench, HNP1));
	assert_ptr_equal(of_prefix(bench, HNP2), bce);
	assert_agreed(bench);
}

/* The operator thinks better of it. */
static void test_replaced(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);

	assert_null(renumber_to(bench, bce, HNP2, NULL));
	assert_null(renumber_to(bench, bce, OWN1, HNP2));
	assert_null(renumber_to(bench, bce, OWN1, NULL));
	assert_null(of_prefix(bench, HNP2));
	assert_prefix_equal(other_gets(bench), HNP2);
	refresh_with(bench, HNP1, OWN1);
	assert_agreed(bench);
}

/* The new gateway advertises what the mobile node has, to withdraw it. */
static void test_handover(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	const struct mh_binding_ack *ba;
	struct lma_request request;

	assert_null(renumber_to(bench, bce, NULL, NULL));
	world_pass(&bench->world, 10);
	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_prefix_equal(&ba->options.hnp[0], HNP1);
	assert_ip6_equal(&world_binding(&bench->world, HNP1)->set.remote, MAG2);
	/* The gateway that it has left is not told again. */
	lma_bench_until(bench, 0);
	assert_int_equal(bench->lma.counters.upn_sent, 2);
	assert_non_null(bce->notice);
	assert_ip6_equal(&bce->notice->mag, MAG2);

	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.src = ip6(MAG2);
	ba = answer(bench, &request);
	assert_prefix_equal(&ba->options.hnp[0], HNP2);
	assert_null(world_binding(&bench->world, HNP1));
	assert_ip6_equal(&world_binding(&bench->world, HNP2)->set.remote, MAG2);
	assert_agreed(bench);
	/* The one that it has left can end nothing, by its old name. */
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	assert_status(bench, &request, -1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
}

/* A gateway that has the new profile already asks for what it says. */
static void test_named_by_gateway(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct mh_prefix pool = prefix6(POOL);
	struct lma_request request;

	assert_null(renumber_to(bench, bce, OWN1, NULL));
	world_pass(&bench->world, 10);
	request = pbu(bench, OWN1, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	request.policy.mag_limited = true;
	request.policy.mag_prefixes = &pool;
	request.policy.mag_prefix_count = 1;
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_prefix_equal(&bce->prefixes[0].prefix, HNP1);

	world_pass(&bench->world, 10);
	request = pbu(bench, OWN1, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_prefix_equal(&bce->prefixes[0].prefix, OWN1);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
	assert_agreed(bench);
}

/* A gateway that may not register them leaves it with what it has. */
static void test_gateway_may_not(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct mh_prefix pool = prefix6(POOL);
	struct lma_request request;
	uint64_t sent;

	assert_null(renumber_to(bench, bce, OWN1, NULL));
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.policy.mag_limited = true;
	request.policy.mag_prefixes = &pool;
	request.policy.mag_prefix_count = 1;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&bce->prefixes[0].prefix, HNP1);
	assert_int_equal(bce->pending.count, 1);
	assert_agreed(bench);

	/* Nor is it told of them time and again. */
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->lma.counters.upn_unanswered, 1);
	sent = bench->lma.counters.upn_sent;
	request.bu.sequence++;
	request.bu.options.timestamp = bench->world.now.wall;
	assert_status(bench, &request, MH_ACCEPTED);
	request.bu.sequence++;
	request.src = ip6(MAG2);
	request.bu.options.timestamp++;
	request.bu.options.handoff = MH_HI_UNKNOWN;
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->lma.counters.upn_sent, sent);
}

static void test_deregistered(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_request request;

	assert_null(renumber_to(bench, bce, NULL, NULL));
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&bce->prefixes[0].prefix, HNP1);
	assert_agreed(bench);
	assert_string_equal(renumber_to(bench, bce, OWN1, NULL),
			    "it is de-registered");
	/* It comes back in time. */
	refresh_with(bench, NULL, HNP2);
	assert_agreed(bench);
}

static void test_profile_prefixes(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	struct bce *bce = register_mn1(bench);

	own_prefixes(&request, OWN1, OWN2);
	assert_null(lma_renumber(&bench->lma, bce, &request.policy, NULL, 0,
				 bench->world.now, &bench->world.out));
	world_settle(&bench->world);
	assert_int_equal(bce->pending.count, 2);
	assert_prefix_equal(&bce->pending.prefixes[0].prefix, OWN1);
	assert_prefix_equal(&bce->pending.prefixes[1].prefix, OWN2);
	/* It has them, so there is no choice but the pool. */
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	own_prefixes(&request, OWN1, OWN2);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bce->prefix_count, 2);
	assert_null(lma_renumber(&bench->lma, bce, &request.policy, NULL, 0,
				 bench->world.now, &bench->world.out));
	world_settle(&bench->world);
	/* Its former one may be handed out again, to nobody but itself. */
	assert_prefix_equal(&bce->pending.prefixes[0].prefix, HNP2);
	assert_agreed(bench);
}

static void test_refusals(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	struct lma_policy policy = policy_of(bench);
	struct mh_prefix kept = prefix6(OWN1), pool = prefix6(POOL);
	struct mh_prefix twice[2] = { prefix6(OWN2), prefix6(OWN2) };

	assert_prefix_equal(other_gets(bench), HNP2);
	lma_reserve(&bench->lma, &kept);
	assert_string_equal(why_not(bench, bce, HNP2),
			    "another session has it, or part of it");
	assert_string_equal(why_not(bench, bce, "2001:db8:a:1:8000::/65"),
			    "another session has it, or part of it");
	assert_string_equal(why_not(bench, bce, OWN1),
			    "a profile keeps it for another mobile node");
	assert_string_equal(why_not(bench, bce, "2001:db8:b::/48"),
			    "a profile keeps it for another mobile node");
	assert_string_equal(why_not(bench, bce, "2001:db8:a:0:8000::/65"),
			    "the pool that it is of hands out others only");
	assert_string_equal(why_not(bench, bce, HNP1), "it has just these");
	assert_string_equal(why_not(bench, bce, "::/0"),
			    "that is no prefix that a mobile node can have");
	assert_string_equal(why_not(bench, bce, NULL),
			    "no prefix is left in any pool: name one");
	assert_string_equal(lma_renumber(&bench->lma, bce, &policy, twice, 2,
					 bench->world.now, &bench->world.out),
			    "one is part of another, or named twice");
	policy.mag_limited = true;
	policy.mag_prefixes = &pool;
	policy.mag_prefix_count = 1;
	assert_string_equal(lma_renumber(&bench->lma, bce, &policy, twice, 1,
					 bench->world.now, &bench->world.out),
			    "the gateway may not register it");
	assert_string_equal(lma_renumber(&bench->lma, bce, &policy, twice,
					 MH_MAX_HNP + 1, bench->world.now,
					 &bench->world.out),
			    "no session has so many prefixes");
	assert_int_equal(bench->lma.counters.upn_sent, 0);
	assert_agreed(bench);
}

/* What it had and is to have it keeps: nothing of that is touched. */
static void test_one_more(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = register_mn1(bench);
	const struct mh_binding_ack *ba;
	struct lma_request request;
	size_t routes;

	assert_null(renumber_to(bench, bce, HNP1, OWN1));
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.hnp_count, 2);
	assert_int_equal(bce->prefix_count, 2);
	assert_non_null(world_binding(&bench->world, HNP1));
	assert_non_null(world_binding(&bench->world, OWN1));
	assert_non_null(world_route(&bench->world, OWN1));
	assert_null(world_reported(&bench->world, "prefix-withdrawn"));
	assert_agreed(bench);
	routes = bench->world.route_count;
	/* And the one of its own alone: its route is there, and not made again. */
	world_fail(&bench->world, EFFECT_ROUTE_ADD, 0, 1, EEXIST);
	assert_null(renumber_to(bench, bce, OWN1, NULL));
	world_pass(&bench->world, 10);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	request.bu.options.hnp_count = 2;
	request.bu.options.hnp[1] = prefix6(OWN1);
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.hnp_count, 1);
	assert_null(world_binding(&bench->world, HNP1));
	assert_int_equal(bench->world.route_count, routes);
	assert_prefix_equal(&world_reported(&bench->world,
					    "prefix-withdrawn")->hnp, HNP1);
	assert_agreed(bench);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pending),
		TEST(test_exchanged),
		TEST(test_one_more),
		TEST(test_released),
		TEST(test_released_at_the_end),
		TEST(test_lost_ack),
		TEST(test_copy),
		TEST(test_lost_notifications),
		TEST(test_renumbered_twice),
		TEST(test_replaced),
		TEST(test_handover),
		TEST(test_named_by_gateway),
		TEST(test_gateway_may_not),
		TEST(test_deregistered),
		TEST(test_profile_prefixes),
		TEST(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
