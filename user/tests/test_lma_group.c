// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_group.c: who is in which bulk group, and how one ends.
 */
#include <string.h>

#include "common/lma_groups.h"
#include "common/lma_revoke.h"
#include "common/test.h"

/* The group is called as its gateway calls it, and begins with the session. */
static void test_join(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = joining(bench, 1, GROUP_A);
	const struct mh_binding_ack *ba;
	struct lma_group *group;
	struct bce *bce;

	assert_int_equal(lma_next_timer(&bench->lma), NEVER);
	/* RULE: BULK-01 BULK-02 BULK-03 BULK-30 BULK-44 */
	ba = answer(bench, &request);
	assert_granted_group(ba, GROUP_A);
	assert_int_equal(ba->lifetime, 75);
	group = group_of(bench, MAG1, GROUP_A);
	assert_non_null(group);
	bce = session_of(bench, 1);
	/* RULE: BULK-26 */
	assert_ptr_equal(bce->group, group);
	assert_true(group->now.expires_ms == bench->world.now.mono_ms + 300000);
	assert_int_equal(bench->lma.counters.groups_joined, 1);
	assert_agreed(bench);
}

/* What the others have is not put off, and the newcomer gets what is left. */
static void test_second_joins(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;
	uint64_t end;

	end = lma_expires_ms(join(bench, 1, GROUP_A));
	world_pass(&bench->world, 99000);
	request = joining(bench, 2, GROUP_A);
	/* 201 s, in units of 4. */
	assert_int_equal(answer(bench, &request)->lifetime, 50);
	/* RULE: BULK-33 */
	assert_true(lma_expires_ms(session_of(bench, 1)) == end);
	assert_true(lma_expires_ms(session_of(bench, 2)) == end);
	assert_int_equal(group_of(bench, MAG1, GROUP_A)->count, 2);
	assert_agreed(bench);

	/* One that asks for less is told so, and ends with the others. */
	request = joining(bench, 3, GROUP_A);
	request.bu.lifetime = 10;
	assert_int_equal(answer(bench, &request)->lifetime, 10);
	assert_agreed(bench);
}

static void test_not_asked_for(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = joining(bench, 1, GROUP_A);

	/* Something else may be said of a group in any update. */
	request.bu.flags &= ~MH_BU_BULK;
	request.bu.options.group_count = 0;
	/* RULE: BULK-04 BULK-49 */
	assert_granted_none(answer(bench, &request));
	assert_null(session_of(bench, 1)->group);
	assert_agreed(bench);
}

/* At first it is an update as any other. */
static void test_refused(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = joining(bench, 1, GROUP_A);
	const struct mh_binding_ack *ba;

	request.policy.service_enabled = false;
	/* RULE: BULK-05 BULK-27 */
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_PROXY_REG_NOT_ENABLED);
	assert_false(ba->flags & MH_BA_BULK);
	assert_int_equal(ba->options.group_count, 0);
	assert_null(group_of(bench, MAG1, GROUP_A));

	/* RULE: BULK-45 */
	request.policy.service_enabled = true;
	request.bu.flags &= ~MH_BU_PROXY;
	assert_null(answer(bench, &request));
	assert_agreed(bench);
}

static void test_denied(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = joining(bench, 1, GROUP_A);

	request.policy.accepts_bulk = false;
	/* RULE: BULK-28 BULK-37 BULK-49 */
	assert_granted_none(answer(bench, &request));
	assert_int_equal(bench->lma.counters.groups_denied, 1);

	/* Nor can it be, with a module that has no expiry sets. */
	bench->lma.groups.unsupported = true;
	request = joining(bench, 2, GROUP_A);
	assert_granted_none(answer(bench, &request));
	assert_int_equal(bench->lma.counters.groups_denied, 2);
	assert_agreed(bench);
}

/* Policy has changed since it joined: with its next update it lives by itself. */
static void test_denied_later(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *first = join(bench, 1, GROUP_A), *other;
	struct lma_request request;
	uint64_t expires_ms;

	other = join(bench, 2, GROUP_A);
	world_pass(&bench->world, 10000);
	request = refreshing(bench, first, GROUP_A);
	request.policy.accepts_bulk = false;
	/* RULE: BULK-28 BULK-47 */
	assert_granted_none(answer(bench, &request));
	assert_null(first->group);
	assert_int_equal(other->group->count, 1);
	expires_ms = lma_expires_ms(first);
	assert_true(expires_ms == bench->world.now.mono_ms + 300000);
	world_pass(&bench->world, 10000);
	assert_int_equal(renew(bench, GROUP_A)->status, MH_ACCEPTED);
	assert_true(lma_expires_ms(first) == expires_ms);
	assert_true(lma_expires_ms(other) > expires_ms);
	assert_agreed(bench);
}

/* Of a gateway that has no identifier of its own, one for all. */
static void test_of_the_anchors_choice(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *first = join(bench, 1, 0), *second;
	struct lma_request request;
	uint32_t number;

	number = first->group->name.number;
	/* RULE: BULK-46 */
	assert_true(number > MH_GROUP_ALL_SESSIONS);
	second = join(bench, 2, 0);
	assert_ptr_equal(second->group, first->group);
	/* RULE: BULK-05 */
	request = joining(bench, 3, MH_GROUP_ALL_SESSIONS);
	assert_int_equal(answer(bench, &request)->options.group[0], number);
	/* What it was told, it names from then on: the draft before RFC 6602. */
	world_pass(&bench->world, 1000);
	request = refreshing(bench, first, number);
	assert_granted_group(answer(bench, &request), number);
	assert_int_equal(first->group->count, 3);

	/* One that is in a group of the gateway's choice stays there. */
	second = join(bench, 4, GROUP_A);
	world_pass(&bench->world, 1000);
	request = refreshing(bench, second, MH_GROUP_ALL_SESSIONS);
	assert_granted_group(answer(bench, &request), GROUP_A);
	assert_agreed(bench);
}

/* Once it is too late for one, the next is another. */
static void test_next_choice(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *first = join(bench, 1, 0), *second;

	world_pass(&bench->world, 297000);
	second = join(bench, 2, 0);
	assert_ptr_not_equal(second->group, first->group);
	assert_int_equal(second->now.lifetime, 75);
	assert_agreed(bench);
}

static void test_of_each_gateway(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = joining(bench, 2, GROUP_A);

	join(bench, 1, GROUP_A);
	join(bench, 3, GROUP_B);
	request.src = ip6(MAG2);
	assert_granted_group(answer(bench, &request), GROUP_A);
	/* RULE: BULK-01 BULK-29 BULK-46 */
	assert_int_equal(group_of(bench, MAG1, GROUP_A)->count, 1);
	assert_int_equal(group_of(bench, MAG1, GROUP_B)->count, 1);
	assert_int_equal(group_of(bench, MAG2, GROUP_A)->count, 1);
	assert_agreed(bench);
}

/* An update of its own that says so keeps it in, and puts nothing off. */
static void test_stays(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = join(bench, 1, GROUP_A);
	uint64_t end = lma_expires_ms(bce);
	struct lma_request request;
	const struct mh_binding_ack *ba;

	world_pass(&bench->world, 100000);
	request = refreshing(bench, bce, GROUP_A);
	/* RULE: BULK-06 */
	ba = answer(bench, &request);
	assert_granted_group(ba, GROUP_A);
	assert_int_equal(ba->lifetime, 50);
	assert_true(lma_expires_ms(bce) == end);
	assert_int_equal(bench->lma.counters.groups_joined, 1);
	assert_int_equal(bench->lma.counters.groups_left, 0);
	assert_agreed(bench);

	/* The same once more, as its acknowledgement was lost. */
	ba = answer(bench, &request);
	assert_granted_group(ba, GROUP_A);
	assert_int_equal(ba->lifetime, 50);
	/* Nor is it answered what one without the flag must not be. */
	request.bu.flags &= ~MH_BU_BULK;
	request.bu.options.group_count = 0;
	/* RULE: BULK-04 */
	assert_granted_none(answer(bench, &request));
	assert_agreed(bench);
}

static void test_moves_to_another_group(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = join(bench, 1, GROUP_A);
	struct lma_request request;

	join(bench, 2, GROUP_B);
	world_pass(&bench->world, 1000);
	request = refreshing(bench, bce, GROUP_B);
	assert_granted_group(answer(bench, &request), GROUP_B);
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_int_equal(group_of(bench, MAG1, GROUP_B)->count, 2);
	assert_agreed(bench);
}

static void test_leaves(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = join(bench, 1, GROUP_A);
	struct lma_request request;
	const struct mh_binding_ack *ba;

	join(bench, 2, GROUP_A);
	world_pass(&bench->world, 100000);
	request = refreshing(bench, bce, 0);
	/* RULE: BULK-06 BULK-48 */
	ba = answer(bench, &request);
	assert_granted_none(ba);
	assert_int_equal(ba->lifetime, 75);
	assert_null(bce->group);
	assert_true(lma_expires_ms(bce) ==
		    bench->world.now.mono_ms + 300000);
	assert_int_equal(bench->lma.counters.groups_left, 1);
	assert_int_equal(group_of(bench, MAG1, GROUP_A)->count, 1);
	assert_agreed(bench);

	/* With the last one it ends. */
	request = refreshing(bench, session_of(bench, 2), 0);
	assert_granted_none(answer(bench, &request));
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_agreed(bench);
	assert_int_equal(bench->world.set_count, 0);
}

static void test_handover(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = join(bench, 1, GROUP_A);
	struct lma_request request;

	join(bench, 2, GROUP_A);
	world_pass(&bench->world, 1000);
	/* RULE: BULK-42 */
	request = joining(bench, 1, GROUP_A);
	request.src = ip6(MAG2);
	assert_granted_group(answer(bench, &request), GROUP_A);
	assert_ptr_equal(bce->group, group_of(bench, MAG2, GROUP_A));
	assert_int_equal(group_of(bench, MAG1, GROUP_A)->count, 1);
	assert_agreed(bench);

	world_pass(&bench->world, 1000);
	request = joining(bench, 1, 0);
	request.bu.flags &= ~MH_BU_BULK;
	assert_granted_none(answer(bench, &request));
	/* RULE: BULK-42 BULK-49 */
	assert_null(bce->group);
	assert_null(group_of(bench, MAG2, GROUP_A));
	assert_int_equal(bench->lma.counters.handovers, 2);
	assert_agreed(bench);
}

static void test_deregistered(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = join(bench, 1, GROUP_A);
	struct lma_request request;

	join(bench, 2, GROUP_A);
	world_pass(&bench->world, 1000);
	request = refreshing(bench, bce, GROUP_A);
	request.bu.lifetime = 0;
	/* RULE: BULK-43 */
	assert_granted_none(answer(bench, &request));
	assert_null(bce->group);
	assert_int_equal(group_of(bench, MAG1, GROUP_A)->count, 1);
	assert_agreed(bench);
	lma_bench_until(bench, 10000);
	assert_null(session_of(bench, 1));
	assert_non_null(session_of(bench, 2));
	assert_agreed(bench);
}

static void test_revoked(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;
	struct bce *bce;

	bench->lma.config.revocation = true;
	bce = join(bench, 1, GROUP_A);
	world_pass(&bench->world, 1000);
	/* By another interface, maybe, of the same mobile node. */
	request = joining(bench, 1, GROUP_A);
	request.src = ip6(MAG2);
	request.bu.options.ll_id = ll_id6(77);
	give(bench, &request);
	world_settle(&bench->world);
	revoke_say_of(bench, MAG1, "mn1@example.com",
		      revoke_bri(bench, bench->world.sent_count - 1)->sequence,
		      MH_BR_SUCCESS);
	/* RULE: BULK-43 */
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_ptr_equal(bce->group, group_of(bench, MAG2, GROUP_A));
	assert_int_equal(bench->lma.counters.revoked, 1);
	assert_agreed(bench);
}

/* Where there is not even a unit of its lifetime left, only that one is denied. */
static void test_too_late(void **state)
{
	struct lma_bench *bench = *state;
	struct bce *bce = join(bench, 1, GROUP_A);
	struct lma_request request;
	const struct mh_binding_ack *ba;

	world_pass(&bench->world, 296000);
	request = joining(bench, 2, GROUP_A);
	assert_int_equal(answer(bench, &request)->lifetime, 1);
	world_pass(&bench->world, 1);
	request = joining(bench, 3, GROUP_A);
	/* RULE: BULK-28 */
	ba = answer(bench, &request);
	assert_granted_none(ba);
	assert_int_equal(ba->lifetime, 75);
	request = refreshing(bench, bce, GROUP_A);
	assert_granted_none(answer(bench, &request));
	assert_null(bce->group);
	assert_int_equal(group_of(bench, MAG1, GROUP_A)->count, 1);
	assert_agreed(bench);
}

/* Who may not have what the others are granted is extended by itself. */
static void test_shorter_profile(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	join(bench, 1, GROUP_A);
	request = joining(bench, 2, GROUP_A);
	request.policy.max_lifetime_s = 600;
	assert_granted_none(answer(bench, &request));

	/* And where the group is of such, all others may be. */
	request = joining(bench, 3, GROUP_B);
	request.policy.max_lifetime_s = 600;
	assert_granted_group(answer(bench, &request), GROUP_B);
	join(bench, 4, GROUP_B);
	assert_agreed(bench);
}

/* Until its gateway has named what it has, it is refreshed by itself. */
static void test_renumbered(void **state)
{
	struct mh_prefix others[] = { prefix6("2001:db8:e::/64") };
	struct lma_bench *bench = *state;
	struct bce *bce = join(bench, 1, GROUP_A);
	struct lma_request request;
	const struct mh_binding_ack *ba;

	join(bench, 2, GROUP_A);
	world_pass(&bench->world, 1000);
	request = refreshing(bench, bce, GROUP_A);
	assert_null(lma_renumber(&bench->lma, bce, &request.policy, others, 1,
				 bench->world.now, &bench->world.out));
	world_settle(&bench->world);
	ba = answer(bench, &request);
	assert_granted_none(ba);
	assert_prefix_equal(&ba->options.hnp[0], "2001:db8:e::/64");
	assert_null(bce->group);
	assert_int_equal(group_of(bench, MAG1, GROUP_A)->count, 1);
	assert_agreed(bench);
	world_pass(&bench->world, 1000);
	request = refreshing(bench, bce, GROUP_A);
	assert_granted_group(answer(bench, &request), GROUP_A);
	assert_agreed(bench);
}

/* It may have no update of its own to come: it is told again after a while. */
static void test_notice_unanswered(void **state)
{
	struct mh_prefix others[] = { prefix6("2001:db8:e::/64") };
	struct lma_bench *bench = *state;
	struct bce *bce = join(bench, 1, GROUP_A);
	struct lma_request request = refreshing(bench, bce, GROUP_A);

	assert_null(lma_renumber(&bench->lma, bce, &request.policy, others, 1,
				 bench->world.now, &bench->world.out));
	lma_bench_until(bench, 10000);
	assert_int_equal(bench->lma.counters.upn_sent, 2);
	assert_int_equal(bench->lma.counters.upn_unanswered, 1);
	lma_bench_until(bench, 60000);
	assert_int_equal(bench->lma.counters.upn_sent, 4);
	assert_ptr_equal(bce->group, group_of(bench, MAG1, GROUP_A));
}

/* All at one time, some hundred in each turn of the loop. */
static void test_expiry(void **state)
{
	struct lma_bench *bench = *state;
	unsigned int mn;

	for (mn = 1; mn <= 600; mn++)
		join(bench, mn, GROUP_A);
	/* RULE: BULK-36 */
	assert_int_equal(bench->lma.timers.count, 0);
	assert_int_equal(bench->lma.groups.timers.count, 1);
	lma_bench_until(bench, 299999);
	assert_int_equal(bench->lma.bc.count, 600);
	world_pass(&bench->world, 1);
	world_forget_messages(&bench->world);
	/* RULE: BULK-33 */
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	assert_non_null(group_of(bench, MAG1, GROUP_A));
	world_settle(&bench->world);
	assert_int_equal(bench->lma.bc.count, 600 - 256);
	assert_non_null(world_reported(&bench->world, "group-expired"));
	assert_int_equal(bench->lma.counters.groups_expired, 1);
	lma_bench_until(bench, 2);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->lma.counters.expired, 600);
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_agreed(bench);
	assert_int_equal(bench->world.record_count, 0);
}

/* Meanwhile it is neither joined nor renewed, and its name is not free. */
static void test_ending(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;
	unsigned int mn;

	for (mn = 1; mn <= 300; mn++)
		join(bench, mn, GROUP_A);
	world_pass(&bench->world, 300000);
	lma_on_timer(&bench->lma, bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->lma.bc.count, 44);
	request = joining(bench, 1000, GROUP_A);
	assert_granted_none(answer(bench, &request));
	request = bulk_pbu(bench, GROUP_A);
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	request = bulk_pbu(bench, MH_GROUP_ALL_SESSIONS);
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	lma_bench_until(bench, 2);
	join(bench, 1001, GROUP_A);
	assert_agreed(bench);
}

/* The data plane's clock may be a little ahead. */
static void test_set_expired(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_group *group = join(bench, 1, GROUP_A)->group;
	uint32_t set = group->set, before = group->now.generation;
	uint32_t generation;

	world_pass(&bench->world, 1000);
	renew(bench, GROUP_A);
	generation = group->now.generation;
	assert_int_not_equal(generation, before);
	lma_on_set_expired(&bench->lma, set, before, bench->world.now,
			   &bench->world.out);
	lma_on_set_expired(&bench->lma, set + 1, generation, bench->world.now,
			   &bench->world.out);
	assert_false(group->ending);
	lma_on_set_expired(&bench->lma, set, generation, bench->world.now,
			   &bench->world.out);
	assert_true(group->ending);
	lma_bench_until(bench, 1);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_int_equal(bench->lma.counters.expired, 1);
	assert_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, group_setup, lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_join),
		with_bench(test_second_joins),
		with_bench(test_not_asked_for),
		with_bench(test_refused),
		with_bench(test_denied),
		with_bench(test_denied_later),
		with_bench(test_of_the_anchors_choice),
		with_bench(test_next_choice),
		with_bench(test_of_each_gateway),
		with_bench(test_stays),
		with_bench(test_moves_to_another_group),
		with_bench(test_leaves),
		with_bench(test_handover),
		with_bench(test_deregistered),
		with_bench(test_revoked),
		with_bench(test_too_late),
		with_bench(test_shorter_profile),
		with_bench(test_renumbered),
		with_bench(test_notice_unanswered),
		with_bench(test_expiry),
		with_bench(test_ending),
		with_bench(test_set_expired),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
