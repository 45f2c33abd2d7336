// SPDX-License-Identifier: GPL-2.0
/*
 * Bulk groups that are revoked at a gateway (RFC 6602 5.1.3), by their anchor or by
 * its operator: user/engine/mag_revoke.c, mag_revoke_order.c, mag_group_life.c
 */
#include <errno.h>

#include "../engine/mag_internal.h"
#include "common/mag_bri.h"
#include "common/mag_group.h"
#include "common/test.h"

/* What the anchor calls it, where that is not what the gateway does. */
#define ANCHORS_ID 0x80000007u

static void assert_taken(struct mag_bench *bench, uint8_t last)
{
	assert_int_equal(mn(bench, last)->state, BULE_REFUSED);
	assert_null(mn(bench, last)->revoking);
	/* RULE: BULK-43 */
	assert_null(mn(bench, last)->member.group);
}

static void assert_stays(struct mag_bench *bench, uint8_t last)
{
	assert_int_equal(mn(bench, last)->state, BULE_ACTIVE);
	assert_non_null(mn(bench, last)->member.group);
}

static bool is_over(const struct mag_bench *bench, uint32_t set)
{
	return world_set(&bench->world, set)->expires_ms <=
	       bench->world.now.mono_ms;
}

/* The group of three, and another one of whoever comes next. */
static struct mag_group *two_groups(struct mag_bench *bench)
{
	struct mag_group *group;

	bench->mag.config.bulk_group_size = 3;
	group = join_all(bench, 3);
	come_in(bench, 4);
	assert_ptr_not_equal(mn_group(bench, 4), group);
	return group;
}

/* --- By its anchor. */

static void test_by_the_anchor(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = two_groups(bench);
	struct mh_revocation bri = bri_of_group(group->id);
	uint32_t id = group->id;

	/* RULE: BULK-51 */
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_taken(bench, 1);
	assert_taken(bench, 2);
	assert_taken(bench, 3);
	assert_stays(bench, 4);
	assert_int_equal(bench->world.binding_count, 1);
	assert_int_equal(bench->world.route_count, 1);
	/* RULE: BRI-20 */
	assert_int_equal(bench->world.ra_count, 3);
	assert_int_equal(world_reported(&bench->world,
					"revoked-by-anchor")->bindings, 3);
	assert_int_equal(world_reported(&bench->world,
					"group-revoked")->group, id);
	assert_string_equal(world_reported(&bench->world, "revoked")->reason,
			    "its group is revoked");
	mag_bench_until(bench, 0);
	assert_null(mag_group_by_id(&bench->mag.groups, id));
	assert_null(bench->mag.revocations.all);
	assert_mag_agreed(bench);
	/* A copy gets the same; another one finds nothing. */
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	bri.sequence++;
	assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
}

/* By its own identifier, whatever we call it; groups are not its alone there. */
static void test_by_the_anchors_identifier(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of_group(ANCHORS_ID);
	struct mag_group *group;
	struct mh_binding_ack ba;
	uint8_t last;

	for (last = 1; last <= 3; last++) {
		ba = let_in(come(bench, last), last, 75);
		ba.options.group[0] = ANCHORS_ID + (last == 2);
		hand_and_settle(bench, &ba);
	}
	group = mn_group(bench, 1);
	assert_ptr_equal(mn_group(bench, 2), group);
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	/* RULE: BULK-40 BULK-52 */
	assert_taken(bench, 1);
	/* RULE: BULK-40 BULK-52 */
	assert_stays(bench, 2);
	assert_taken(bench, 3);
	assert_false(is_over(bench, group->set));
	assert_false(group->ending);
	bri.sequence++;
	bri.options.group[0] = group->id;
	assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
	assert_mag_agreed(bench);
}

static void test_all_groups(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of_group(MH_GROUP_ALL_SESSIONS);

	two_groups(bench);
	/* RULE: BULK-46 */
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->mag.counters.revoked, 4);
}

static void test_refused(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = two_groups(bench);
	struct mh_revocation bri = bri_of_group(group->id), wrong = bri;

	wrong.options.has_mn_id = true;
	wrong.options.mn_id = nai("mn1@example.com");
	/* RULE: BULK-40 BULK-50 */
	assert_mag_answer(bench, &wrong, MH_BR_NO_BINDING);
	wrong = bri;
	wrong.options.hnp_count = 1;
	wrong.options.hnp[0] = prefix6("2001:db8:a:1::/64");
	/* RULE: BULK-50 */
	assert_mag_answer(bench, &wrong, MH_BR_NO_BINDING);
	wrong = bri;
	wrong.options.has_gre_key = true;
	/* RULE: BULK-50 */
	assert_mag_answer(bench, &wrong, MH_BR_NO_BINDING);
	wrong = bri;
	wrong.options.group[0] = 0x7fff0000;
	assert_mag_answer(bench, &wrong, MH_BR_NO_BINDING);
	wrong = bri;
	wrong.options.has_alt_coa = true;
	wrong.options.alt_coa = ip6("2001:db8:1::77");
	assert_mag_answer(bench, &wrong, MH_BR_NO_BINDING);
	assert_int_equal(bench->world.binding_count, 4);
	bri.options.has_alt_coa = true;
	bri.options.alt_coa = ip6(PROXY_COA);
	bri.options.group_count = 2;
	bri.options.group[1] = 0x7fff0000;
	assert_mag_answer(bench, &bri, MH_BR_PARTIAL);
	assert_int_equal(bench->world.binding_count, 1);
}

/* When forwarding is over for all, and not before; nor as late as the last ends. */
static void test_acknowledged_when_stopped(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct mh_revocation bri = bri_of_group(group->id);
	uint32_t set = group->set;

	mag_hear_bri(bench, ANCHOR, &bri);
	while (!is_over(bench, set)) {
		assert_in_range(world_collect(&bench->world), 1, SIZE_MAX);
		assert_int_equal(bench->mag.revocations.counters.answered, 0);
		world_run_one(&bench->world, 0);
	}
	/* RULE: BULK-51 */
	assert_int_equal(bench->mag.revocations.counters.answered, 1);
	assert_int_equal(bench->world.binding_count, 3);
	mag_hear_bri(bench, ANCHOR, &bri);
	assert_int_equal(bench->mag.revocations.counters.duplicates, 1);
	world_settle(&bench->world);
	assert_int_equal(bench->mag.counters.revoked, 3);
	assert_null(bench->mag.revocations.all);
	/* That the data plane has reaped it is no news. */
	mag_on_set_expired(&bench->mag, set, 2, bench->world.now);
	mag_bench_until(bench, 0);
	assert_int_equal(bench->mag.counters.expired, 0);
	assert_mag_agreed(bench);
}

/* If that is not done, when the last has ended. */
static void test_not_stopped(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct mh_revocation bri = bri_of_group(group->id);

	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, ENOSPC);
	mag_hear_bri(bench, ANCHOR, &bri);
	world_collect(&bench->world);
	while (bench->world.binding_count) {
		assert_int_equal(bench->mag.revocations.counters.answered, 0);
		world_run_one(&bench->world, 0);
		world_collect(&bench->world);
	}
	world_settle(&bench->world);
	/* RULE: BULK-51 */
	assert_bra(&bench->world, PROXY_COA, ANCHOR, &bri, MH_BR_SUCCESS);
	mag_bench_until(bench, 2000);
	assert_null(bench->mag.groups.all);
	assert_mag_agreed(bench);
}

/* The data plane was faster: then it is over. */
static void test_just_over(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct mh_revocation bri = bri_of_group(group->id);

	world_fail(&bench->world, EFFECT_EXPIRY_SET_PUT, 0, 1, ENOENT);
	mag_hear_bri(bench, ANCHOR, &bri);
	world_collect(&bench->world);
	while (!bench->mag.revocations.counters.answered)
		world_run_one(&bench->world, 0);
	assert_int_equal(bench->world.binding_count, 3);
	world_settle(&bench->world);
	mag_bench_until(bench, 2000);
	assert_null(bench->mag.groups.all);
	assert_mag_agreed(bench);
}

/* Its acknowledgement was on its way: it is in no group, and ends as well. */
static void test_refreshed(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct mh_revocation bri = bri_of_group(group->id);
	struct mh_binding_ack ba;

	mag_register(&bench->mag, mn(bench, 1), MH_HI_NOT_CHANGED,
		     bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	ba = let_in(last_pbu(bench), 1, 75);
	mag_hear_bri(bench, ANCHOR, &bri);
	assert_true(mn(bench, 1)->state != BULE_ACTIVE || group->revoked);
	hand_and_settle(bench, &ba);
	mag_bench_until(bench, REVOCATION_STEP_MS);
	assert_taken(bench, 1);
	assert_int_equal(bench->world.binding_count, 0);
	assert_null(bench->mag.revocations.all);
	assert_mag_agreed(bench);
}

static void run_of(struct world *world, const void *owner)
{
	size_t i;

	world_collect(world);
	for (i = 0; i < world->pending_count; i++) {
		if (world->pending[i]->owner != owner)
			continue;
		world_run_one(world, i);
		world_collect(world);
		return;
	}
	fail_msg("nothing of it is under way");
}

/* What is under way for one is told the data plane after its group is over. */
static void test_busy(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct mh_revocation bri = bri_of_group(group->id);
	uint32_t set = group->set;
	struct mh_binding_ack ba;

	mag_register(&bench->mag, mn(bench, 2), MH_HI_NOT_CHANGED,
		     bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	ba = let_in(last_pbu(bench), 2, 75);
	hand(bench, &ba);
	assert_true(mn(bench, 2)->busy);
	mag_hear_bri(bench, ANCHOR, &bri);
	assert_false(mn(bench, 2)->revoking->stopped);
	run_of(&bench->world, group);
	assert_true(is_over(bench, set));
	run_of(&bench->world, mn(bench, 1));
	run_of(&bench->world, mn(bench, 3));
	/* RULE: BULK-51 */
	assert_int_equal(bench->mag.revocations.counters.answered, 0);
	world_settle(&bench->world);
	mag_bench_until(bench, REVOCATION_STEP_MS);
	assert_int_equal(bench->mag.revocations.counters.answered, 1);
	assert_taken(bench, 2);
	assert_int_equal(bench->world.binding_count, 0);
	assert_null(bench->mag.revocations.all);
	assert_mag_agreed(bench);
}

/* It was just renewed: the store and the data plane are told of that first. */
static void test_being_put(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct mh_revocation bri = bri_of_group(group->id);
	struct mh_binding_ack ba = renewal(until_bulk(bench), MH_ACCEPTED);
	uint32_t set = group->set;

	hand(bench, &ba);
	assert_int_equal(group->busy, 1);
	mag_hear_bri(bench, ANCHOR, &bri);
	run_of(&bench->world, group);
	assert_false(is_over(bench, set));
	/* RULE: BULK-51 */
	assert_int_equal(bench->mag.revocations.counters.answered, 0);
	run_of(&bench->world, group);
	assert_true(is_over(bench, set));
	/* RULE: BULK-51 */
	assert_int_equal(bench->mag.revocations.counters.answered, 1);
	world_settle(&bench->world);
	mag_bench_until(bench, 0);
	assert_null(bench->mag.revocations.all);
	assert_mag_agreed(bench);
}

/* One more than there are last octets. */
static struct bule *come_last(struct mag_bench *bench,
			      const struct mh_prefix *hnp)
{
	struct mag_attachment at = {
		.ifindex = ACCESS1,
		.ifname = "access1",
		.att = MH_ATT_IEEE_802_11,
		.lladdr = { 2, 0, 0, 1, 0, 0 },
	};
	struct mh_binding_ack ba;

	bench->profile.mn_id = nai("last@example.com");
	mag_on_attach(&bench->mag, &at, &bench->profile, false,
		      bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	ba = let_in(last_pbu(bench), 0, 75);
	ba.options.hnp[0] = *hnp;
	hand_and_settle(bench, &ba);
	return bul_by_lladdr(&bench->mag.bul, at.lladdr);
}

/*
 * Its acknowledgement was on its way, and comes before its turn: as it is in no group
 * any more, it is forwarded until its turn comes.
 */
static void test_forwards_alone(void **state)
{
	struct mh_prefix hnp = prefix6("2001:db8:b::/64");
	struct mag_bench *bench = *state;
	struct mh_revocation bri;
	struct mag_group *group;
	struct mh_binding_ack ba;
	struct bule *last;
	unsigned int i;

	bench->mag.config.bulk_group_size = 2 * REVOCATION_STEP;
	for (i = 0; i < REVOCATION_STEP; i++)
		come_in(bench, (uint8_t)i);
	last = come_last(bench, &hnp);
	group = last->member.group;
	assert_int_equal(group->count, REVOCATION_STEP + 1);
	mag_register(&bench->mag, last, MH_HI_NOT_CHANGED, bench->world.now,
		     &bench->world.out);
	world_settle(&bench->world);
	ba = let_in(last_pbu(bench), 0, 75);
	bri = bri_of_group(group->id);
	mag_hear_bri(bench, ANCHOR, &bri);
	assert_int_equal(last->state, BULE_ACTIVE);
	assert_true(last->revoking->stopped);
	hand(bench, &ba);
	assert_null(last->member.group);
	assert_false(last->revoking->stopped);
	run_of(&bench->world, group);
	/* RULE: BULK-51 */
	assert_int_equal(bench->mag.revocations.counters.answered, 0);
	run_of(&bench->world, last);
	assert_true(world_binding_of(&bench->world, &hnp)->set.has_path);
	assert_int_equal(bench->mag.revocations.counters.answered, 0);
	world_settle(&bench->world);
	mag_bench_until(bench, REVOCATION_STEP_MS);
	/* RULE: BULK-51 */
	assert_int_equal(bench->mag.revocations.counters.answered, 1);
	assert_int_equal(bench->world.binding_count, 0);
	assert_null(bench->mag.revocations.all);
	assert_mag_agreed(bench);
}

/* A crash then does not leave anything that is forwarded. */
static void test_restarted_meanwhile(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct mh_revocation bri = bri_of_group(group->id);
	uint32_t set = group->set;

	mag_hear_bri(bench, ANCHOR, &bri);
	while (!bench->mag.revocations.counters.answered) {
		world_collect(&bench->world);
		world_run_one(&bench->world, 0);
	}
	world_drop_pending(&bench->world);
	mag_bench_restart(bench, true);
	assert_true(is_over(bench, set));
	mag_bench_until(bench, 0);
	assert_int_equal(bench->world.binding_count, 0);
}

/* --- By its operator. */

struct outcome {
	unsigned int told;
	unsigned int results[REVOCATION_RESULTS];
	int status;
};

static void done(void *context, const struct revocation_order *order)
{
	struct outcome *outcome = context;

	assert_int_equal(order->count, 1);
	outcome->told++;
	memcpy(outcome->results, order->outcomes[0].results,
	       sizeof(outcome->results));
	outcome->status = order->outcomes[0].status;
}

static const char *order(struct mag_bench *bench, uint32_t group,
			 struct outcome *outcome)
{
	struct revocation_target target = {
		.scope = REVOKE_GROUP,
		.group = group,
	};
	const char *why;

	memset(outcome, 0, sizeof(*outcome));
	world_forget_messages(&bench->world);
	why = mag_revoke(&bench->mag, &target, done, outcome, bench->world.now,
			 &bench->world.out);
	world_settle(&bench->world);
	return why;
}

static void say(struct mag_bench *bench, uint8_t status)
{
	const struct mh_revocation *bri =
		&bench->world.sent[0].message->revocation;
	struct in6_addr src = ip6(ANCHOR);
	struct mh_revocation bra = {
		.kind = MH_BR_ACK,
		.status = status,
		.sequence = bri->sequence,
		.flags = bri->flags,
		.options = {
			.group_count = 1,
			.group = { bri->options.group[0] },
		},
	};

	revocations_on_ack(&bench->mag.revocations, &src, &bra,
			   bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

static void test_order(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = two_groups(bench);
	const struct mh_revocation *bri;
	struct outcome outcome;

	assert_string_equal(order(bench, 0x7fff0000, &outcome),
			    "there is no such group here");
	assert_null(order(bench, group->id, &outcome));
	assert_int_equal(bench->world.sent_count, 1);
	assert_ip6_equal(&bench->world.sent[0].dst, ANCHOR);
	bri = &bench->world.sent[0].message->revocation;
	assert_int_equal(bri->trigger, MH_BR_PER_PEER_POLICY);
	assert_int_equal(bri->flags, MH_BR_PROXY | MH_BR_GLOBAL);
	/* RULE: BULK-40 BRI-22 */
	assert_int_equal(bri->options.group_count, 1);
	/* RULE: BULK-40 BRI-22 */
	assert_int_equal(bri->options.group[0], group->id);
	/* RULE: BULK-50 */
	assert_false(mh_names_session(&bri->options));
	assert_stays(bench, 1);
	say(bench, MH_BR_SUCCESS);
	assert_taken(bench, 1);
	assert_taken(bench, 3);
	assert_stays(bench, 4);
	assert_int_equal(outcome.told, 1);
	assert_int_equal(outcome.results[REVOCATION_DONE], 3);
	mag_bench_until(bench, 0);
	assert_mag_agreed(bench);
}

/* It may not revoke more than one at a time, and does not try that again. */
static void test_not_authorized(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = two_groups(bench);
	struct outcome outcome;

	assert_null(order(bench, group->id, &outcome));
	say(bench, MH_BR_GLOBAL_NOT_AUTHORIZED);
	assert_stays(bench, 1);
	assert_int_equal(outcome.results[REVOCATION_REFUSED], 3);
	assert_false(group->revoked);
	/* RULE: BRI-21 */
	assert_non_null(strstr(order(bench, group->id, &outcome),
			       "does not let this gateway"));
	assert_int_equal(bench->world.sent_count, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, mag_group_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_by_the_anchor),
		TEST(test_by_the_anchors_identifier),
		TEST(test_all_groups),
		TEST(test_refused),
		TEST(test_acknowledged_when_stopped),
		TEST(test_not_stopped),
		TEST(test_just_over),
		TEST(test_refreshed),
		TEST(test_busy),
		TEST(test_being_put),
		TEST(test_forwards_alone),
		TEST(test_restarted_meanwhile),
		TEST(test_order),
		TEST(test_not_authorized),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
