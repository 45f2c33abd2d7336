// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_bulk.c: updates for groups.
 */
#include <string.h>

#include "common/lma_groups.h"
#include "common/test.h"

/* Two sessions in a group, and one in none, since 100 s. */
static struct lma_group *begin(void **state, struct lma_bench **bench)
{
	struct lma_request request;
	struct lma_group *group;

	*bench = *state;
	group = join(*bench, 1, GROUP_A)->group;
	join(*bench, 2, GROUP_A);
	request = joining(*bench, 3, 0);
	request.bu.flags &= ~MH_BU_BULK;
	assert_granted_none(answer(*bench, &request));
	world_pass(&(*bench)->world, 100000);
	world_forget_messages(&(*bench)->world);
	return group;
}

static bool is_renewed(const struct lma_bench *bench,
		       const struct lma_group *group)
{
	return group->now.expires_ms == bench->world.now.mono_ms + 300000;
}

static void test_renewed(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct bce *alone = session_of(bench, 3);
	const struct mh_binding_ack *ba;
	uint64_t end = lma_expires_ms(alone);

	/* RULE: BULK-31 BULK-34 */
	ba = renew(bench, GROUP_A);
	assert_int_equal(ba->lifetime, 75);
	assert_int_equal(ba->flags, MH_BA_PROXY);
	/* RULE: BULK-09 */
	assert_int_equal(ba->options.group_count, 1);
	assert_int_equal(ba->options.group[0], GROUP_A);
	assert_false(ba->options.has_mn_id);
	assert_int_equal(ba->options.hnp_count, 0);
	assert_true(ba->options.has_timestamp);
	/* RULE: BULK-32 BULK-33 */
	assert_true(is_renewed(bench, group));
	assert_true(lma_expires_ms(session_of(bench, 1)) ==
		    group->now.expires_ms);
	assert_true(lma_expires_ms(session_of(bench, 2)) ==
		    group->now.expires_ms);
	assert_true(lma_expires_ms(alone) == end);
	assert_agreed(bench);
	assert_int_equal(bench->lma.counters.bulk_received, 1);
	assert_int_equal(bench->lma.counters.bulk_accepted, 1);
	assert_int_equal(bench->lma.counters.bulk_renewed, 2);
	assert_int_equal(world_reported(&bench->world, "group-renewed")->bindings,
			 2);

	/* With the flag, as in the draft before RFC 6602. */
	lma_bench_until(bench, 250000);
	assert_null(session_of(bench, 3));
	{
		struct lma_request request = bulk_pbu(bench, GROUP_A);

		request.bu.flags |= MH_BU_BULK;
		ba = answer(bench, &request);
		assert_granted_group(ba, GROUP_A);
	}
	assert_true(is_renewed(bench, group));
	assert_agreed(bench);
}

/* Of a million sessions as of one: a record, a set, an acknowledgement. */
static void test_costs_the_same(void **state)
{
	static const enum effect_kind kinds[] = {
		EFFECT_STORE_PUT, EFFECT_EXPIRY_SET_PUT, EFFECT_SEND,
		EFFECT_REPORT,
	};
	struct lma_bench *bench = *state;
	struct lma_request request;
	const struct transaction *transaction;
	unsigned int mn, i, sets;

	for (mn = 1; mn <= 500; mn++)
		join(bench, mn, GROUP_A);
	world_pass(&bench->world, 1000);
	sets = bench->world.binding_sets;
	request = bulk_pbu(bench, GROUP_A);
	give(bench, &request);
	/* RULE: BULK-36 */
	assert_int_equal(bench->world.pending_count, 1);
	transaction = bench->world.pending[0];
	assert_int_equal(transaction->count, ARRAY_SIZE(kinds));
	for (i = 0; i < transaction->count; i++)
		assert_int_equal(transaction->effects[i].kind, kinds[i]);
	world_settle(&bench->world);
	assert_int_equal(bench->world.binding_sets, sets);
	assert_agreed(bench);
}

static void test_several(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench), *other;
	struct lma_request request;
	const struct mh_binding_ack *ba;

	other = join(bench, 4, GROUP_B)->group;
	world_pass(&bench->world, 1000);
	request = bulk_pbu(bench, GROUP_A);
	request.bu.options.group[request.bu.options.group_count++] = GROUP_B;
	/* Once more is not twice. */
	request.bu.options.group[request.bu.options.group_count++] = GROUP_A;
	/* RULE: BULK-08 BULK-09 */
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.group_count, 3);
	assert_int_equal(ba->options.group[1], GROUP_B);
	assert_true(is_renewed(bench, group));
	assert_true(is_renewed(bench, other));
	assert_int_equal(bench->lma.counters.bulk_renewed, 3);
	assert_agreed(bench);
}

/* One that is not known, and nothing at all has changed. */
static void test_all_or_nothing(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_renewal before = group->now;
	struct lma_request request = bulk_pbu(bench, GROUP_A);
	const struct mh_binding_ack *ba;

	request.bu.options.group[request.bu.options.group_count++] = GROUP_B;
	/* RULE: BULK-35 */
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_INVALID_MN_GROUP_IDENTIFIER);
	assert_int_equal(ba->lifetime, 0);
	assert_int_equal(ba->options.group_count, 2);
	assert_memory_equal(&group->now, &before, sizeof(before));
	assert_int_equal(bench->lma.counters.bulk_refused, 1);
	assert_agreed(bench);

	/* RULE: BULK-46 */
	request = bulk_pbu(bench, MH_GROUP_RESERVED);
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	request = bulk_pbu(bench, GROUP_A);
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_ADMINISTRATIVELY_PROHIBITED);
	request = bulk_pbu(bench, GROUP_A);
	request.policy.mag_authorized = false;
	assert_status(bench, &request, MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG);
	assert_memory_equal(&group->now, &before, sizeof(before));
	assert_agreed(bench);
}

static void test_of_another_gateway(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_renewal before = group->now;
	struct lma_request request = bulk_pbu(bench, GROUP_A);

	request.src = ip6(MAG2);
	/* RULE: BULK-32 */
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	request = bulk_pbu(bench, MH_GROUP_ALL_SESSIONS);
	request.src = ip6(MAG2);
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	assert_memory_equal(&group->now, &before, sizeof(before));

	/* It may say whose it is, as in any update. */
	request = bulk_pbu(bench, GROUP_A);
	request.src = ip6("2001:db8:1::99");
	request.bu.options.has_alt_coa = true;
	request.bu.options.alt_coa = ip6(MAG1);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_true(is_renewed(bench, group));
}

static void test_all_sessions(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench), *other, *elsewhere;
	struct lma_request request;
	const struct mh_binding_ack *ba;

	other = join(bench, 4, GROUP_B)->group;
	request = joining(bench, 5, GROUP_A);
	request.src = ip6(MAG2);
	assert_granted_group(answer(bench, &request), GROUP_A);
	elsewhere = group_of(bench, MAG2, GROUP_A);
	world_pass(&bench->world, 1000);
	/* RULE: BULK-12 BULK-46 */
	ba = renew(bench, MH_GROUP_ALL_SESSIONS);
	assert_int_equal(ba->options.group[0], MH_GROUP_ALL_SESSIONS);
	assert_true(is_renewed(bench, group));
	assert_true(is_renewed(bench, other));
	assert_false(is_renewed(bench, elsewhere));
	assert_int_equal(bench->lma.counters.bulk_renewed, 3);
	assert_agreed(bench);
}

/* What is repeated is for those that there were as it was sent. */
static void test_all_sessions_again(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;
	struct lma_group *younger;

	begin(state, &bench);
	request = bulk_pbu(bench, MH_GROUP_ALL_SESSIONS);
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 100);
	younger = join(bench, 4, GROUP_B)->group;
	world_pass(&bench->world, 100);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.counters.bulk_accepted, 1);
	assert_false(is_renewed(bench, younger));
	assert_agreed(bench);
}

/* RFC 6602 5.2.3 */
static void test_names_a_session(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_renewal before = group->now;
	struct lma_request request;

	request = refreshing(bench, session_of(bench, 1), 0);
	request.bu.options.group[request.bu.options.group_count++] = GROUP_A;
	/* RULE: BULK-07 */
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	request.bu.options.has_mn_id = false;
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	request.bu.options.has_mn_id = true;
	request.bu.options.hnp_count = 0;
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	/* Nor what is no option of a session that is known here. */
	request = bulk_pbu(bench, GROUP_A);
	request.bu.options.has_gre_key = true;
	/* RULE: BULK-07 */
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	request = bulk_pbu(bench, GROUP_A);
	request.bu.options.has_ipv4_request = true;
	/* RULE: BULK-07 */
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	assert_memory_equal(&group->now, &before, sizeof(before));
	assert_int_equal(group->count, 2);
	assert_agreed(bench);
}

static void test_switched_off(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = bulk_pbu(bench, GROUP_A);
	const struct mh_binding_ack *ba;

	request.policy.accepts_bulk = false;
	ba = answer(bench, &request);
	/* RULE: BULK-37 */
	assert_int_equal(ba->status, MH_MISSING_MN_ID_OPTION);
	assert_int_equal(ba->options.group_count, 0);
	request = joining(bench, 1, GROUP_A);
	request.policy.accepts_bulk = false;
	request.bu.options.hnp_count = 0;
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_MISSING_HNP_OPTION);
	assert_false(ba->flags & MH_BA_BULK);
	assert_int_equal(bench->lma.counters.bulk_received, 0);
}

static void test_creates_nothing(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = bulk_pbu(bench, GROUP_A);

	/* RULE: BULK-53 */
	assert_status(bench, &request, MH_INVALID_MN_GROUP_IDENTIFIER);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_agreed(bench);
}

/* Who has left is not extended, whichever of the two came first. */
static void test_who_has_left(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_request bulk = bulk_pbu(bench, GROUP_A), request;
	struct bce *bce = session_of(bench, 1);
	uint64_t end;

	/* Sent before, and taken over. */
	world_pass(&bench->world, 100);
	request = joining(bench, 1, GROUP_A);
	request.src = ip6(MAG2);
	assert_granted_group(answer(bench, &request), GROUP_A);
	end = lma_expires_ms(bce);
	world_pass(&bench->world, 100);
	/* RULE: BULK-32 BULK-42 */
	assert_status(bench, &bulk, MH_ACCEPTED);
	assert_true(is_renewed(bench, group));
	assert_true(lma_expires_ms(bce) == end);
	assert_int_equal(bench->lma.counters.bulk_renewed, 1);

	/* Sent before that one, and overtaken by it: it counts all the same. */
	request = refreshing(bench, session_of(bench, 2), GROUP_A);
	request.bu.lifetime = 0;
	request.bu.options.timestamp = bulk.bu.options.timestamp - 1;
	/* RULE: BULK-43 */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_null(session_of(bench, 2)->group);
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_agreed(bench);
}

/* RFC 5213 5.5, by the last one for the group. */
static void test_order(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_request first = bulk_pbu(bench, GROUP_A), request;
	const struct mh_binding_ack *ba;
	struct lma_renewal before;

	assert_status(bench, &first, MH_ACCEPTED);
	before = group->now;
	world_pass(&bench->world, 100);
	/* The very same: what is left of what it was granted. */
	ba = answer(bench, &first);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->lifetime, 74);
	assert_int_equal(bench->lma.counters.bulk_accepted, 1);

	request = bulk_pbu(bench, GROUP_A);
	request.bu.options.timestamp = first.bu.options.timestamp;
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	assert_true(ba->options.timestamp == bench->world.now.wall);
	request.bu.options.timestamp--;
	assert_status(bench, &request, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	request.bu.options.timestamp = bench->world.now.wall +
				       WALL_PER_SECOND;
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_TIMESTAMP_MISMATCH);
	assert_true(ba->options.timestamp == bench->world.now.wall);
	assert_memory_equal(&group->now, &before, sizeof(before));

	/* Between the last one and an update of a member. */
	request = bulk_pbu(bench, GROUP_A);
	world_pass(&bench->world, 100);
	first = refreshing(bench, session_of(bench, 1), GROUP_A);
	assert_status(bench, &first, MH_ACCEPTED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_true(is_renewed(bench, group));
	assert_agreed(bench);
}

/* What was for an earlier group of that name is not for this one. */
static void test_older_than_the_group(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request old;

	old = bulk_pbu(bench, GROUP_A);
	world_pass(&bench->world, 100);
	join(bench, 1, GROUP_A);
	assert_status(bench, &old, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	old = bulk_pbu(bench, GROUP_A);
	/* Of the same moment as the first, which was no update for groups. */
	assert_status(bench, &old, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
}

static void test_sequence_numbers(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_request request = bulk_pbu(bench, GROUP_A);

	request.bu.options.has_timestamp = false;
	request.bu.sequence = 65530;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.counters.bulk_accepted, 1);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.counters.bulk_accepted, 1);
	request.bu.sequence = 65529;
	assert_status(bench, &request, MH_SEQUENCE_OUT_OF_WINDOW);
	request.bu.sequence = 3;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.counters.bulk_accepted, 2);
	assert_int_equal(group->now.sequence, 3);
	assert_agreed(bench);
}

/* No more than any of them may have. */
static void test_lifetime(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;
	const struct mh_binding_ack *ba;

	begin(state, &bench);
	request = joining(bench, 4, GROUP_B);
	request.policy.max_lifetime_s = 400;
	assert_granted_group(answer(bench, &request), GROUP_B);
	world_pass(&bench->world, 1000);
	request = bulk_pbu(bench, GROUP_A);
	request.bu.lifetime = 5000;
	ba = answer(bench, &request);
	assert_int_equal(ba->lifetime, 900);
	world_pass(&bench->world, 1000);
	request = bulk_pbu(bench, MH_GROUP_ALL_SESSIONS);
	request.bu.lifetime = 5000;
	/* RULE: BULK-33 BULK-34 */
	ba = answer(bench, &request);
	assert_int_equal(ba->lifetime, 100);
	assert_true(group_of(bench, MAG1, GROUP_A)->now.expires_ms ==
		    group_of(bench, MAG1, GROUP_B)->now.expires_ms);
	assert_agreed(bench);
}

/* Another one comes meanwhile: its sender repeats it. */
static void test_busy(void **state)
{
	struct lma_bench *bench;
	struct lma_group *group = begin(state, &bench);
	struct lma_request first = bulk_pbu(bench, GROUP_A), second;

	give(bench, &first);
	give(bench, &first);
	second = bulk_pbu(bench, GROUP_A);
	second.bu.options.timestamp++;
	give(bench, &second);
	assert_int_equal(bench->world.pending_count, 1);
	/* A newcomer gets no more than what is certain. */
	second = joining(bench, 4, GROUP_A);
	give(bench, &second);
	assert_int_equal(session_of(bench, 4)->now.lifetime, 50);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(group->count, 3);
	assert_agreed(bench);
}

/* The first member of a group is not set up yet. */
static void test_not_standing(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = joining(bench, 1, GROUP_A);

	give(bench, &request);
	request = bulk_pbu(bench, GROUP_A);
	request.bu.options.timestamp++;
	give(bench, &request);
	assert_int_equal(bench->world.pending_count, 1);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 1);
	assert_agreed(bench);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, group_setup, lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_renewed),
		with_bench(test_costs_the_same),
		with_bench(test_several),
		with_bench(test_all_or_nothing),
		with_bench(test_of_another_gateway),
		with_bench(test_all_sessions),
		with_bench(test_all_sessions_again),
		with_bench(test_names_a_session),
		with_bench(test_switched_off),
		with_bench(test_creates_nothing),
		with_bench(test_who_has_left),
		with_bench(test_order),
		with_bench(test_older_than_the_group),
		with_bench(test_sequence_numbers),
		with_bench(test_lifetime),
		with_bench(test_busy),
		with_bench(test_not_standing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
