// SPDX-License-Identifier: GPL-2.0
/*
 * Bulk groups that are revoked at an anchor (RFC 6602 5.2.3), by its operator or by
 * their gateway: user/engine/lma_revoke_order.c, lma_bri.c, lma_group.c
 */
#include <errno.h>

#include "common/lma_bri.h"
#include "common/lma_groups.h"
#include "common/lma_order.h"
#include "common/lma_revoke.h"
#include "common/test.h"

/* More than end in one turn of the loop. */
#define MANY (REVOCATION_STEP + 44)

static struct revocation_target target_of(uint32_t group)
{
	struct revocation_target target = {
		.scope = REVOKE_GROUP,
		.group = group,
	};

	return target;
}

static const char *order_group(struct lma_bench *bench, uint32_t group,
			       struct outcome *outcome)
{
	struct revocation_target target = target_of(group);
	const char *why;

	world_forget_messages(&bench->world);
	why = order_give(bench, &target, outcome);
	world_settle(&bench->world);
	return why;
}

static bool has_path(const struct lma_bench *bench, const struct bce *bce)
{
	return world_binding_of(&bench->world,
				&bce->prefixes[0].prefix)->set.has_path;
}

static void assert_gone(struct lma_bench *bench, unsigned int mn)
{
	const struct bce *bce = session_of(bench, mn);

	assert_non_null(bce);
	assert_revoked(bench, bce);
	/* RULE: BULK-43 */
	assert_null(bce->group);
}

static void assert_stays(struct lma_bench *bench, unsigned int mn)
{
	const struct bce *bce = session_of(bench, mn);

	assert_non_null(bce);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_true(has_path(bench, bce));
}

static void join_many(struct lma_bench *bench, unsigned int count)
{
	unsigned int mn;

	for (mn = 1; mn <= count; mn++)
		join(bench, mn, GROUP_A);
}

/* --- What an operator wants. */

static void test_order(void **state)
{
	struct lma_bench *bench = *state;
	const struct mh_revocation *bri;
	struct outcome outcome;

	join(bench, 1, GROUP_A);
	join(bench, 2, GROUP_A);
	join(bench, 3, GROUP_B);
	assert_null(order_group(bench, GROUP_A, &outcome));
	assert_int_equal(bench->world.sent_count, 1);
	bri = revoke_bri(bench, 0);
	assert_ip6_equal(&bench->world.sent[0].dst, MAG1);
	assert_int_equal(bri->trigger, MH_BR_PER_PEER_POLICY);
	assert_int_equal(bri->flags, MH_BR_PROXY | MH_BR_GLOBAL);
	/* RULE: BULK-40 BRI-22 */
	assert_int_equal(bri->options.group_count, 1);
	/* RULE: BULK-40 BRI-22 */
	assert_int_equal(bri->options.group[0], GROUP_A);
	/* RULE: BULK-50 */
	assert_false(mh_names_session(&bri->options));
	assert_false(bri->options.has_alt_coa);
	assert_stays(bench, 1);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_gone(bench, 1);
	assert_gone(bench, 2);
	assert_stays(bench, 3);
	assert_int_equal(outcome.told, 1);
	assert_int_equal(outcome.results[REVOCATION_DONE], 2);
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_null(bench->lma.revocations.all);
	assert_agreed(bench);
	assert_string_equal(order_group(bench, GROUP_A, &outcome),
			    "there is no such group here");
}

/* RFC 5846 8.1: where its updates come from, and for which Proxy-CoA. */
static void test_alternate(void **state)
{
	struct lma_request request;
	struct lma_bench *bench = *state;
	const struct mh_revocation *bri;
	struct outcome outcome;

	request = joining(bench, 1, GROUP_A);
	request.bu.options.has_alt_coa = true;
	request.bu.options.alt_coa = ip6("2001:db8:1::77");
	assert_granted_group(answer(bench, &request), GROUP_A);
	assert_null(order_group(bench, GROUP_A, &outcome));
	bri = revoke_bri(bench, 0);
	assert_ip6_equal(&bench->world.sent[0].dst, MAG1);
	/* RULE: BRI-10 */
	assert_true(bri->options.has_alt_coa);
	assert_ip6_equal(&bri->options.alt_coa, "2001:db8:1::77");
	assert_false(mh_names_session(&bri->options));
	/* Who waits is told before he is gone. */
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(outcome.told, 1);
}

/* What gateways call their groups is a matter of each. */
static void test_which_gateway(void **state)
{
	struct revocation_target target = target_of(GROUP_A);
	struct lma_bench *bench = *state;
	struct lma_request request;
	struct outcome outcome;

	join(bench, 1, GROUP_A);
	request = joining(bench, 2, GROUP_A);
	request.src = ip6(MAG2);
	assert_granted_group(answer(bench, &request), GROUP_A);
	assert_non_null(strstr(order_group(bench, GROUP_A, &outcome),
			       "several gateways"));
	assert_int_equal(bench->world.sent_count, 0);
	target.has_peer = true;
	target.peer = ip6(MAG2);
	assert_null(order_give(bench, &target, &outcome));
	world_settle(&bench->world);
	assert_ip6_equal(&bench->world.sent[0].dst, MAG2);
	revoke_say_of(bench, MAG2, NULL, revoke_bri(bench, 0)->sequence, 0);
	assert_stays(bench, 1);
	assert_gone(bench, 2);
	assert_agreed(bench);
}

/* --- Forwarding is over at once. */

/* One word to the data plane, and one record, however many they are. */
static void test_stopped_at_once(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_group *group;
	struct outcome outcome;
	unsigned int puts, turns;
	uint32_t set;

	join_many(bench, MANY);
	group = group_of(bench, MAG1, GROUP_A);
	set = group->set;
	assert_null(order_group(bench, GROUP_A, &outcome));
	puts = bench->world.set_puts;
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_true(has_path(bench, session_of(bench, 1)) ||
		    has_path(bench, session_of(bench, MANY)));
	/* RULE: BULK-52 */
	assert_true(world_set(&bench->world, set)->expires_ms <=
		    bench->world.now.mono_ms);
	assert_int_equal(bench->world.set_puts, puts + 1);
	assert_int_equal(bench->lma.counters.revoked, REVOCATION_STEP);
	assert_int_equal(world_reported(&bench->world,
					"group-revoked")->bindings, MANY);
	/* That the data plane has reaped it is no news. */
	lma_on_set_expired(&bench->lma, set, group->now.generation,
			   bench->world.now, &bench->world.out);
	for (turns = 0; bench->lma.revocations.all; turns++)
		lma_bench_until(bench, REVOCATION_STEP_MS);
	assert_int_equal(turns, 1);
	assert_int_equal(outcome.results[REVOCATION_DONE], MANY);
	assert_int_equal(bench->lma.counters.expired, 0);
	assert_null(group_of(bench, MAG1, GROUP_A));
	assert_agreed(bench);
}

/* A whole gateway, with one that is in no group. */
static void test_with_others(void **state)
{
	struct lma_request alone;
	struct lma_bench *bench = *state;
	struct outcome outcome;
	unsigned int puts;

	join(bench, 1, GROUP_A);
	join(bench, 2, GROUP_A);
	join(bench, 3, GROUP_B);
	join(bench, 4, GROUP_B);
	alone = joining(bench, 5, 0);
	alone.bu.flags &= (uint16_t)~MH_BU_BULK;
	assert_granted_none(answer(bench, &alone));
	world_forget_messages(&bench->world);
	assert_null(order_mag(bench, MAG1, &outcome));
	puts = bench->world.set_puts;
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(bench->world.set_puts, puts + 2);
	assert_int_equal(outcome.results[REVOCATION_DONE], 5);
	assert_agreed(bench);
}

/* Of a group that some remain in nothing is said at once. */
static void test_not_of_all(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request two;
	struct outcome outcome;
	unsigned int puts;

	join(bench, 1, GROUP_A);
	two = joining(bench, 1, GROUP_A);
	two.bu.options.handoff = MH_HI_NEW_INTERFACE;
	two.bu.options.ll_id = ll_id6(77);
	assert_granted_group(answer(bench, &two), GROUP_A);
	join(bench, 3, GROUP_A);
	world_forget_messages(&bench->world);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	puts = bench->world.set_puts;
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_int_equal(outcome.results[REVOCATION_DONE], 2);
	assert_int_equal(bench->world.set_puts, puts);
	assert_stays(bench, 3);
	assert_int_equal(group_of(bench, MAG1, GROUP_A)->count, 1);
	assert_agreed(bench);
}

/* --- What gateways want. */

static void test_by_the_gateway(void **state)
{
	struct mh_revocation bri = bri_of_group(GROUP_A);
	struct lma_bench *bench = *state;

	join(bench, 1, GROUP_A);
	join(bench, 2, GROUP_A);
	join(bench, 3, GROUP_B);
	/* RULE: BULK-51 */
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	assert_gone(bench, 1);
	assert_gone(bench, 2);
	assert_stays(bench, 3);
	assert_int_equal(world_reported(&bench->world,
					"revoked-by-gateway")->group, GROUP_A);
	assert_agreed(bench);
	/* A copy gets the same. */
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.revocations.counters.duplicates, 1);
	bri.sequence++;
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_NO_BINDING);
}

/* An administrative one, without the G flag, is the same; 1 is all groups. */
static void test_all_groups(void **state)
{
	struct mh_revocation bri = bri_of_group(MH_GROUP_ALL_SESSIONS);
	struct lma_bench *bench = *state;
	struct lma_request other = joining(bench, 3, GROUP_A);

	bri.trigger = MH_BR_ADMINISTRATIVE;
	bri.flags = MH_BR_PROXY;
	bri.options.group_count = 2;
	bri.options.group[1] = GROUP_A;
	join(bench, 1, GROUP_A);
	join(bench, 2, GROUP_B);
	other.src = ip6(MAG2);
	assert_granted_group(answer(bench, &other), GROUP_A);
	/* RULE: BULK-46 */
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	assert_gone(bench, 1);
	assert_gone(bench, 2);
	assert_stays(bench, 3);
	assert_agreed(bench);
}

/* Its only member is meant once. */
static void test_named_twice(void **state)
{
	static const uint32_t other_names[] = {
		GROUP_A, MH_GROUP_ALL_SESSIONS,
	};
	struct mh_revocation bri = bri_of_group(GROUP_A);
	struct lma_bench *bench = *state;
	unsigned int i;

	bri.options.group_count = 2;
	for (i = 0; i < ARRAY_SIZE(other_names); i++) {
		join(bench, i + 1, GROUP_A);
		bri.sequence++;
		bri.options.group[1] = other_names[i];
		assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
		assert_gone(bench, i + 1);
		assert_null(bench->lma.revocations.all);
	}
}

static void test_refused(void **state)
{
	struct mh_revocation bri = bri_of_group(GROUP_A), wrong;
	struct lma_bench *bench = *state;

	join(bench, 1, GROUP_A);
	wrong = bri;
	wrong.options.has_mn_id = true;
	wrong.options.mn_id = nai(MN1);
	/* RULE: BULK-40 BULK-50 */
	assert_lma_answer(bench, MAG1, &wrong, &may_all, MH_BR_NO_BINDING);
	wrong = bri;
	wrong.options.hnp_count = 1;
	wrong.options.hnp[0] = session_of(bench, 1)->prefixes[0].prefix;
	/* RULE: BULK-40 BULK-50 */
	assert_lma_answer(bench, MAG1, &wrong, &may_all, MH_BR_NO_BINDING);
	wrong = bri;
	wrong.options.has_gre_key = true;
	/* RULE: BULK-50 */
	assert_lma_answer(bench, MAG1, &wrong, &may_all, MH_BR_NO_BINDING);
	wrong = bri;
	wrong.options.has_ipv4_request = true;
	/* RULE: BULK-50 */
	assert_lma_answer(bench, MAG1, &wrong, &may_all, MH_BR_NO_BINDING);
	wrong = bri;
	wrong.options.group[0] = GROUP_B;
	/* RULE: BRI-07 */
	assert_lma_answer(bench, MAG1, &wrong, &may_all, MH_BR_NO_BINDING);
	wrong = bri;
	wrong.trigger = MH_BR_MN_LOCAL_POLICY;
	assert_lma_answer(bench, MAG1, &wrong, &may_all, MH_BR_MN_ID_REQUIRED);
	wrong = bri;
	wrong.trigger = MH_BR_HANDOVER_UNKNOWN;
	wrong.flags = MH_BR_PROXY;
	assert_lma_answer(bench, MAG1, &wrong, &may_all,
			  MH_BR_TRIGGER_NOT_SUPPORTED);
	/* RULE: BRI-16 */
	assert_lma_answer(bench, MAG1, &bri, &may_own,
			  MH_BR_GLOBAL_NOT_AUTHORIZED);
	wrong = bri;
	wrong.trigger = MH_BR_ADMINISTRATIVE;
	wrong.flags = MH_BR_PROXY;
	/* RULE: BRI-16 */
	assert_lma_answer(bench, MAG1, &wrong, &may_own,
			  MH_BR_GLOBAL_NOT_AUTHORIZED);
	/* That is a group of its own, whatever it is called. */
	assert_lma_answer(bench, MAG2, &bri, &may_all, MH_BR_NO_BINDING);
	assert_stays(bench, 1);
	/* Of two, one is not there. */
	bri.options.group_count = 2;
	bri.options.group[1] = GROUP_B;
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_PARTIAL);
	assert_gone(bench, 1);
	assert_agreed(bench);
}

/* When forwarding is over for all, and not before; nor as late as the last ends. */
static void test_acknowledged_when_stopped(void **state)
{
	struct mh_revocation bri = bri_of_group(GROUP_A);
	struct lma_bench *bench = *state;
	struct lma_group *group;

	join_many(bench, MANY);
	group = group_of(bench, MAG1, GROUP_A);
	lma_hear_bri(bench, MAG1, &bri, &may_all);
	while (world_set(&bench->world, group->set)->expires_ms >
	       bench->world.now.mono_ms) {
		assert_in_range(world_collect(&bench->world), 1, SIZE_MAX);
		assert_int_equal(bench->lma.revocations.counters.answered, 0);
		world_run_one(&bench->world, 0);
	}
	/* RULE: BULK-51 */
	assert_int_equal(bench->lma.revocations.counters.answered, 1);
	assert_int_equal(bench->lma.counters.revoked, 0);
	world_settle(&bench->world);
	assert_bra(&bench->world, LMAA, MAG1, &bri, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.counters.revoked, REVOCATION_STEP);
	assert_int_equal(group->count, MANY - REVOCATION_STEP);
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	lma_bench_until(bench, REVOCATION_STEP_MS);
	assert_int_equal(bench->lma.counters.revoked, MANY);
	assert_null(bench->lma.revocations.all);
	assert_agreed(bench);
}

/* A crash then does not bring back what a peer was told is over. */
static void test_restarted_meanwhile(void **state)
{
	struct mh_revocation bri = bri_of_group(GROUP_A);
	struct lma_bench *bench = *state;
	unsigned int mn;

	join_many(bench, MANY);
	lma_hear_bri(bench, MAG1, &bri, &may_all);
	while (!bench->lma.revocations.counters.answered) {
		world_collect(&bench->world);
		world_run_one(&bench->world, 0);
	}
	world_drop_pending(&bench->world);
	lma_bench_restart(bench, true);
	world_settle(&bench->world);
	lma_bench_until(bench, 20);
	for (mn = 1; mn <= MANY; mn++)
		assert_null(session_of(bench, mn));
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->world.record_count, 0);
}

/* Also of more than end in one turn. */
static void test_many_not_stopped(void **state)
{
	struct mh_revocation bri = bri_of_group(GROUP_A);
	struct lma_bench *bench = *state;

	join_many(bench, MANY);
	world_fail(&bench->world, EFFECT_EXPIRY_SET_PUT, 0, 1, ENOMEM);
	lma_hear_bri(bench, MAG1, &bri, &may_all);
	world_settle(&bench->world);
	assert_int_equal(bench->lma.counters.revoked, REVOCATION_STEP);
	assert_int_equal(bench->lma.revocations.counters.answered, 0);
	lma_bench_until(bench, REVOCATION_STEP_MS);
	assert_int_equal(bench->lma.counters.revoked, MANY);
	/* RULE: BULK-51 */
	assert_bra(&bench->world, LMAA, MAG1, &bri, MH_BR_SUCCESS);
	assert_agreed(bench);
}

/* If the store or the data plane does not do that, when the last has ended. */
static void test_not_stopped(void **state)
{
	static const struct {
		int kind;
		int error;
	} cases[] = {
		{ EFFECT_STORE_PUT, ENOSPC },
		{ EFFECT_EXPIRY_SET_PUT, ENOMEM },
	};
	struct mh_revocation bri = bri_of_group(GROUP_A);
	struct lma_bench *bench = *state;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		join_many(bench, 3);
		bri.sequence++;
		world_fail(&bench->world, cases[i].kind, 0, 1, cases[i].error);
		lma_hear_bri(bench, MAG1, &bri, &may_all);
		world_collect(&bench->world);
		while (bench->lma.counters.revoked < 3 * i + 2) {
			assert_int_equal(
				bench->lma.revocations.counters.answered, i);
			world_run_one(&bench->world, 0);
			world_collect(&bench->world);
		}
		assert_int_equal(bench->lma.revocations.counters.answered, i);
		world_settle(&bench->world);
		/* RULE: BULK-51 */
		assert_bra(&bench->world, LMAA, MAG1, &bri, MH_BR_SUCCESS);
		assert_int_equal(bench->lma.counters.revoked, 3 * i + 3);
		assert_null(bench->lma.revocations.all);
		assert_agreed(bench);
		lma_bench_until(bench, 10000);
	}
}

/* One that is not there any more is over: the data plane was faster. */
static void test_just_over(void **state)
{
	struct mh_revocation bri = bri_of_group(GROUP_A);
	struct lma_bench *bench = *state;

	join_many(bench, MANY);
	world_fail(&bench->world, EFFECT_EXPIRY_SET_PUT, 0, 1, ENOENT);
	assert_lma_answer(bench, MAG1, &bri, &may_all, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.counters.revoked, REVOCATION_STEP);
}

/* --- Meanwhile. */

/* Nobody joins it, and it is not renewed. */
static void test_joined_and_renewed(void **state)
{
	struct mh_revocation bri = bri_of_group(GROUP_A);
	struct lma_bench *bench = *state;
	const struct mh_binding_ack *ba;
	struct lma_request request;

	join_many(bench, MANY);
	lma_hear_bri(bench, MAG1, &bri, &may_all);
	world_settle(&bench->world);
	world_pass(&bench->world, 1);
	request = bulk_pbu(bench, GROUP_A);
	ba = answer(bench, &request);
	assert_int_equal(ba->status, MH_INVALID_MN_GROUP_IDENTIFIER);
	request = joining(bench, MANY + 1, GROUP_A);
	assert_granted_none(answer(bench, &request));
	lma_bench_until(bench, REVOCATION_STEP_MS);
	assert_stays(bench, MANY + 1);
	assert_int_equal(bench->lma.counters.revoked, MANY);
	/* It is another one from then on. */
	join(bench, MANY + 2, GROUP_A);
	assert_agreed(bench);
}

/* A refresh that was sent before brings forwarding back, but not for long. */
static void test_refreshed(void **state)
{
	struct mh_revocation bri = bri_of_group(GROUP_A);
	struct lma_bench *bench = *state;
	struct lma_request request;
	struct bce *last;

	join_many(bench, MANY);
	lma_hear_bri(bench, MAG1, &bri, &may_all);
	world_settle(&bench->world);
	last = session_of(bench, 1)->now.state == BCE_ACTIVE ?
	       session_of(bench, 1) : session_of(bench, MANY);
	assert_true(last->revoking->stopped);
	world_pass(&bench->world, 1);
	request = refreshing(bench, last, GROUP_A);
	give(bench, &request);
	assert_false(last->revoking->stopped);
	assert_null(last->group);
	world_settle(&bench->world);
	lma_bench_until(bench, REVOCATION_STEP_MS);
	assert_int_equal(last->now.state, BCE_DEREGISTERED);
	assert_false(has_path(bench, last));
	assert_agreed(bench);
}

/* What is being renewed ends one by one. */
static void test_being_renewed(void **state)
{
	struct mh_revocation bri = bri_of_group(GROUP_A);
	struct lma_bench *bench = *state;
	struct lma_request request;

	join(bench, 1, GROUP_A);
	join(bench, 2, GROUP_A);
	world_pass(&bench->world, 1);
	request = bulk_pbu(bench, GROUP_A);
	give(bench, &request);
	lma_hear_bri(bench, MAG1, &bri, &may_all);
	assert_false(session_of(bench, 1)->revoking->stopped);
	world_settle(&bench->world);
	assert_gone(bench, 1);
	assert_gone(bench, 2);
	assert_null(bench->lma.revocations.all);
	lma_bench_until(bench, 10000);
	assert_agreed(bench);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, group_setup, lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order),
		TEST(test_alternate),
		TEST(test_which_gateway),
		TEST(test_stopped_at_once),
		TEST(test_with_others),
		TEST(test_not_of_all),
		TEST(test_by_the_gateway),
		TEST(test_all_groups),
		TEST(test_named_twice),
		TEST(test_refused),
		TEST(test_acknowledged_when_stopped),
		TEST(test_restarted_meanwhile),
		TEST(test_not_stopped),
		TEST(test_many_not_stopped),
		TEST(test_just_over),
		TEST(test_joined_and_renewed),
		TEST(test_refreshed),
		TEST(test_being_renewed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
