// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_group.c, mag_membership.c: who joins a bulk group, and who
 * leaves it
 */
#include <errno.h>
#include <string.h>

#include "common/mag_group.h"
#include "common/test.h"

static bool has_timer(const struct bule *bule, enum bule_timer_kind kind)
{
	return timer_is_set(&bule->timers[kind].timer);
}

static void test_asks(void **state)
{
	struct mag_bench *bench = *state;
	const struct mh_binding_update *bu = come(bench, 1);

	/* RULE: BULK-02 BULK-15 */
	assert_true(bu->flags & MH_BU_BULK);
	assert_int_equal(bu->options.group_count, 1);
	/* RULE: BULK-46 */
	assert_true(bu->options.group[0] > MH_GROUP_ALL_SESSIONS);
	assert_true(bu->options.has_mn_id);
	assert_int_equal(bu->options.hnp_count, 1);
}

static void test_does_not_ask(void **state)
{
	struct mag_bench *bench = *state;
	unsigned int i;

	for (i = 1; i <= 3; i++) {
		bench->mag.config.request_bulk = i != 1;
		/* Before the data plane was read, and if it knows no sets. */
		bench->mag.groups.usable = i != 2;
		/* Policy says how long this one lives. */
		bench->profile.lifetime_s = i == 3 ? 100 : 0;
		assert_false(come(bench, (uint8_t)i)->flags & MH_BU_BULK);
		assert_int_equal(last_pbu(bench)->options.group_count, 0);
	}
	assert_null(bench->mag.groups.all);
	/* That is what all others live as well. */
	bench->profile.lifetime_s = 300;
	assert_true(come(bench, 4)->flags & MH_BU_BULK);
}

static void test_joins(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = come_in(bench, 1);
	const struct mag_group *group = bule->member.group;
	struct world_binding *binding = world_binding(&bench->world,
						      "2001:db8:a:1::/64");

	assert_non_null(group);
	assert_int_equal(group->count, 1);
	assert_int_equal(group->asking, 0);
	/* RULE: BULK-13 BULK-17 */
	assert_int_equal(bule->member.lma_id, group->id);
	assert_int_equal(binding->set.expiry_set, group->set);
	assert_int_equal(bench->mag.groups.counters.joined, 1);
	/* RULE: BULK-23 */
	assert_false(has_timer(bule, BULE_TIMER_EXPIRY));
	assert_false(has_timer(bule, BULE_TIMER_PBU));
	assert_mag_agreed(bench);
}

/* One that joins extends nothing, and has the deadline of the others. */
static void test_second_joins(void **state)
{
	struct mag_bench *bench = *state;
	const struct mag_group *group = join_all(bench, 1);
	uint64_t expires = group->expires_ms;

	mag_bench_until(bench, 50000);
	bench->world.set_puts = 0;
	come_in(bench, 2);
	assert_ptr_equal(mn_group(bench, 2), group);
	assert_int_equal(group->count, 2);
	assert_true(group->expires_ms == expires);
	assert_true(bule_expires_ms(mn(bench, 2)) == expires);
	assert_int_equal(bench->world.set_puts, 0);
	assert_int_equal(bench->mag.groups.counters.forgotten, 0);
	assert_mag_agreed(bench);
}

static void test_denied(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule;
	uint64_t again = bench->world.now.mono_ms + BULK_RETRY_S * 1000;
	unsigned int asked = 0;

	come(bench, 1);
	acknowledge(bench, MH_ACCEPTED);
	bule = mn(bench, 1);
	assert_int_equal(bule->state, BULE_ACTIVE);
	/* RULE: BULK-24 BULK-47 */
	assert_null(bule->member.group);
	assert_int_equal(bule->member.lma_id, 0);
	assert_int_equal(bench->mag.groups.counters.denied, 1);
	assert_true(has_timer(bule, BULE_TIMER_EXPIRY));
	mag_bench_until(bench, 0);
	assert_mag_agreed(bench);
	while (mn(bench, 1)->copies[0].sent_ms < again) {
		assert_int_equal(!(last_pbu(bench)->flags & MH_BU_BULK),
				 asked++ > 0);
		until_sent(bench);
		if (mn(bench, 1)->copies[0].sent_ms < again)
			acknowledge(bench, MH_ACCEPTED);
	}
	assert_true(asked > 2);
	/* RULE: BULK-25 */
	assert_true(last_pbu(bench)->flags & MH_BU_BULK);
	/* Others are not concerned. */
	come_in(bench, 2);
}

static void test_names_no_group(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba = let_in(come(bench, 1), 1, 75);

	ba.options.group_count = 0;
	hand_and_settle(bench, &ba);
	/* RULE: BULK-05 */
	assert_int_equal(mn(bench, 1)->state, BULE_REGISTERING);
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_NO_GROUP], 1);
	/* It is asked again. */
	until_sent(bench);
	ba = let_in(last_pbu(bench), 1, 75);
	hand_and_settle(bench, &ba);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
}

/* An identifier that is reserved names none. */
static void test_reserved_id(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba = let_in(come(bench, 1), 1, 75);

	ba.options.group[0] = MH_GROUP_RESERVED;
	hand_and_settle(bench, &ba);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_null(mn_group(bench, 1));
}

static void test_was_not_asked(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	bench->mag.config.request_bulk = false;
	ba = pba_to(come(bench, 1), MH_ACCEPTED, HNP1);
	ba.flags |= MH_BA_BULK;
	ba.options.group_count = 1;
	ba.options.group[0] = 77;
	hand_and_settle(bench, &ba);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	/* RULE: BULK-04 */
	assert_null(mn_group(bench, 1));
	assert_int_equal(bench->mag.groups.counters.denied, 0);
	assert_mag_agreed(bench);
}

static void test_anchor_has_its_own_id(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba = let_in(come(bench, 1), 1, 75);
	uint32_t id = ba.options.group[0];

	ba.options.group[0] = 0x80000001;
	hand_and_settle(bench, &ba);
	assert_int_equal(mn(bench, 1)->member.lma_id, 0x80000001);
	assert_int_equal(mn_group(bench, 1)->id, id);
	/* RULE: BULK-14 BULK-44 */
	assert_int_equal(until_bulk(bench)->options.group[0], id);
}

/* It calls groups what we call them: then another name is another group's. */
static void test_is_in_another(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 1);
	struct mh_binding_ack ba = let_in(come(bench, 2), 2, 75);

	ba.options.group[0]++;
	hand_and_settle(bench, &ba);
	assert_int_equal(mn(bench, 2)->state, BULE_ACTIVE);
	assert_null(mn_group(bench, 2));
	assert_int_equal(group->count, 1);
	assert_int_equal(bench->mag.groups.counters.denied, 0);
	assert_mag_agreed(bench);
	/* With the next update it is in ours. */
	mag_bench_restart(bench, true);
	read_back(bench);
	until_sent(bench);
	while (is_bulk(last_pbu(bench))) {
		acknowledge_bulk(bench, MH_ACCEPTED);
		until_sent(bench);
	}
	assert_true(last_pbu(bench)->flags & MH_BU_BULK);
	ba = let_in(last_pbu(bench), 2, 75);
	ba.options.group[0]++;
	hand_and_settle(bench, &ba);
	assert_null(mn_group(bench, 2));
}

static void test_stays(void **state)
{
	struct mag_bench *bench = *state;
	const struct mag_group *group = join_all(bench, 3);
	struct mh_binding_ack ba;

	attach(bench, ACCESS1, 2, true);
	until_sent(bench);
	/* RULE: BULK-06 */
	assert_true(last_pbu(bench)->flags & MH_BU_BULK);
	assert_int_equal(last_pbu(bench)->options.group[0], group->id);
	ba = let_in(last_pbu(bench), 2, 74);
	hand_and_settle(bench, &ba);
	assert_ptr_equal(mn_group(bench, 2), group);
	assert_int_equal(group->count, 3);
	assert_int_equal(bench->mag.groups.counters.joined, 3);
	assert_mag_agreed(bench);
}

/*
 * Nobody says who is in a group that is renewed: each asks for itself now and
 * then, whatever becomes of the group.
 */
static void test_asks_for_itself(void **state)
{
	struct mag_bench *bench = *state;
	uint64_t began = bench->world.now.mono_ms, at;
	const struct mag_group *group;
	struct mh_binding_ack ba;
	unsigned int renewed;

	bench->mag.config.bulk_member_interval_s = 1000;
	group = join_all(bench, 1);
	for (renewed = 0; renewed < 3; renewed++) {
		until_bulk(bench);
		acknowledge_bulk(bench, MH_ACCEPTED);
		assert_mag_agreed(bench);
	}
	at = mn(bench, 1)->timers[BULE_TIMER_PBU].timer.due;
	assert_in_range(at, began + 800000, began + 1001000);
	while (bench->world.now.mono_ms + 1000 < at) {
		mag_bench_until(bench, 1000);
		if (group->waits)
			acknowledge_bulk(bench, MH_ACCEPTED);
	}
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 1000);
	assert_int_equal(pbus_sent(bench, false), 1);
	assert_int_equal(last_pbu(bench)->options.group[0], group->id);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	ba = let_in(last_pbu(bench), 1, 60);
	hand_and_settle(bench, &ba);
	assert_ptr_equal(mn_group(bench, 1), group);
	assert_mag_agreed(bench);
}

/* Its anchor does not let it stay: it lives by itself, and others together. */
static void test_is_put_out(void **state)
{
	struct mag_bench *bench = *state;
	const struct mag_group *group = join_all(bench, 3);

	attach(bench, ACCESS1, 2, true);
	until_sent(bench);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn_group(bench, 2));
	assert_int_equal(mn(bench, 2)->member.lma_id, 0);
	assert_int_equal(group->count, 2);
	assert_int_equal(bench->mag.groups.counters.left, 1);
	assert_true(has_timer(mn(bench, 2), BULE_TIMER_EXPIRY));
	assert_mag_agreed(bench);
}

static void test_leaves(void **state)
{
	struct mag_bench *bench = *state;
	const struct mag_group *group = join_all(bench, 2);

	mag_on_detach(&bench->mag, mn(bench, 1), false, "test",
		      bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(last_pbu(bench)->lifetime, 0);
	/* RULE: BULK-48 */
	assert_false(last_pbu(bench)->flags & MH_BU_BULK);
	assert_int_equal(last_pbu(bench)->options.group_count, 0);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	/* RULE: BULK-43 */
	assert_int_equal(group->count, 1);
	assert_mag_agreed(bench);
	/* With the last the group ends, and nothing is left of it. */
	leave_for_good(bench, 2);
	assert_null(bench->mag.groups.all);
	assert_int_equal(bench->world.set_count, 0);
	assert_int_equal(bench->world.record_count, 0);
	assert_mag_agreed(bench);
}

/* Who has asked, and has no answer yet, has a place. */
static void test_size(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack answers[GROUP_SIZE];
	uint32_t first;
	uint8_t i;

	for (i = 0; i < GROUP_SIZE; i++)
		answers[i] = let_in(come(bench, i + 1), i + 1, 75);
	first = answers[0].options.group[0];
	for (i = 0; i < GROUP_SIZE; i++)
		assert_int_equal(answers[i].options.group[0], first);
	/* RULE: BULK-01 */
	assert_int_not_equal(come(bench, 100)->options.group[0], first);
	for (i = 0; i < GROUP_SIZE; i++)
		hand_and_settle(bench, &answers[i]);
	assert_int_equal(mn_group(bench, 1)->count, GROUP_SIZE);
	assert_int_equal(come(bench, 101)->options.group[0],
			 mn(bench, 100)->copies[0].group);
	/* A place that is free again is taken. */
	leave_for_good(bench, 3);
	assert_int_equal(mag_group_by_id(&bench->mag.groups, first)->count,
			 GROUP_SIZE - 1);
	mag_on_detach(&bench->mag, mn(bench, 100), false, "test",
		      bench->world.now, &bench->world.out);
	mag_on_detach(&bench->mag, mn(bench, 101), false, "test",
		      bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	mag_bench_until(bench, 0);
	assert_int_equal(HASH_CNT(by_id, bench->mag.groups.all), 1);
	assert_int_equal(come(bench, 102)->options.group[0], first);
}

/* A group that is about to be renewed, and was not, is no place to join. */
static void test_short_rest(void **state)
{
	struct mag_bench *bench = *state;
	const struct mag_group *group = join_all(bench, 1);

	mag_bench_until(bench, 300000 * 79 / 100);
	assert_int_equal(come(bench, 2)->options.group[0], group->id);
	mag_bench_until(bench, 300000 * 2 / 100);
	assert_int_not_equal(come(bench, 3)->options.group[0], group->id);
}

static void test_two_anchors(void **state)
{
	struct mag_bench *bench = *state;
	const struct mag_group *group = join_all(bench, 1);

	bench->profile.lma = ip6("2001:db8:2::2");
	/* RULE: BULK-16 */
	assert_int_not_equal(come(bench, 2)->options.group[0], group->id);
}

/* All copies of a PBU ask for the same: any of them may be what is answered. */
static void test_copies_agree(void **state)
{
	struct mag_bench *bench = *state;
	uint32_t id = come(bench, 1)->options.group[0];

	come_in(bench, 2);
	assert_int_equal(mn_group(bench, 2)->id, id);
	/* Its group would be no place to join by now; but it has asked. */
	mag_bench_until(bench, 270000);
	assert_int_equal(mn(bench, 1)->copies[0].group, id);
	assert_int_equal(mn(bench, 1)->copies[3].group, id);
}

/* Nor is it asked halfway what was not asked at first. */
static void test_copies_ask_for_none(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.groups.usable = false;
	come(bench, 1);
	bench->mag.groups.usable = true;
	until_sent(bench);
	assert_false(last_pbu(bench)->flags & MH_BU_BULK);
	assert_true(mn(bench, 1)->copies[1].used);
}

/*
 * What was asked for is not there any more: the answer to that would mean what
 * the answer to the next copy does not.
 */
static void test_copies_that_differ_are_forgotten(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack old = let_in(come(bench, 1), 1, 75), ba;

	bench->mag.groups.all->retired = true;
	until_sent(bench);
	assert_int_not_equal(last_pbu(bench)->options.group[0],
			     old.options.group[0]);
	hand_and_settle(bench, &old);
	assert_int_equal(mn(bench, 1)->state, BULE_REGISTERING);
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_UNASKED], 1);
	ba = let_in(last_pbu(bench), 1, 75);
	hand_and_settle(bench, &ba);
	assert_int_equal(mn_group(bench, 1)->id, ba.options.group[0]);
}

/* Nobody lives longer than it was granted, nor do those that it is with. */
static void test_granted_less(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 2);
	uint64_t sent = bench->world.now.mono_ms;
	struct mh_binding_ack ba = let_in(come(bench, 3), 3, 25);

	hand_and_settle(bench, &ba);
	assert_int_equal(group->count, 3);
	assert_true(group->expires_ms == sent + 100000);
	assert_mag_agreed(bench);
	assert_true(group->timers[GROUP_TIMER_PBU].timer.due < sent + 100000);
}

/*
 * An anchor that grants one that joins more than the group has left has made it
 * anew: it does not know the others, and would renew it without them.
 */
static void test_group_was_forgotten(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 4);
	struct mh_binding_ack ba;

	mag_bench_until(bench, 60000);
	ba = let_in(come(bench, 5), 5, 75);
	hand_and_settle(bench, &ba);
	assert_non_null(world_reported(&bench->world, "group-forgotten"));
	assert_ptr_equal(mn_group(bench, 5), group);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 100);
	/* All of them; once, whatever they are granted. */
	assert_in_range(pbus_sent(bench, false), 4, 5);
	assert_true(last_pbu(bench)->flags & MH_BU_BULK);
	ba = let_in(last_pbu(bench), mn(bench, 1)->copies[0].sequence ==
		    last_pbu(bench)->sequence ? 1 : 9, 75);
	world_forget_messages(&bench->world);
	hand_and_settle(bench, &ba);
	assert_null(world_reported(&bench->world, "group-forgotten"));
	assert_int_equal(bench->mag.groups.counters.forgotten, 1);
}

/* One that calls it something else may grant what it likes. */
static void test_group_was_not_forgotten(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 4);
	uint64_t expires = group->expires_ms;
	struct mh_binding_ack ba;

	group->anchor->echoes = false;
	mag_bench_until(bench, 60000);
	ba = let_in(come(bench, 5), 5, 75);
	ba.options.group[0] = 0x80000001;
	hand_and_settle(bench, &ba);
	assert_int_equal(bench->mag.groups.counters.forgotten, 0);
	assert_true(group->expires_ms == expires);
	assert_mag_agreed(bench);
}

/* It has ended here, while one was being let in there. */
static void test_joins_what_has_ended(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 1);
	uint32_t id = group->id;
	struct mh_binding_ack ba;

	attach(bench, ACCESS1, 1, true);
	until_sent(bench);
	ba = let_in(last_pbu(bench), 1, 75);
	group->expires_ms = bench->world.now.mono_ms;
	mag_on_set_expired(&bench->mag, group->set, group->generation,
			   bench->world.now);
	mag_bench_until(bench, 0);
	assert_int_equal(mn(bench, 1)->state, BULE_REGISTERING);
	assert_null(mag_group_by_id(&bench->mag.groups, id));
	hand_and_settle(bench, &ba);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_int_equal(mn_group(bench, 1)->id, id);
	assert_mag_agreed(bench);
}

/*
 * Its group's expiry set is gone, so that it is set up once more; it has moved
 * meanwhile, which waits for that.
 */
static void test_moves_as_its_set_is_lost(void **state)
{
	struct mag_bench *bench = *state;
	struct world *world = &bench->world;
	struct mag_group *group;
	struct mh_binding_ack ba;
	struct bule *bule;

	group = join_all(bench, 1);
	ba = let_in(come(bench, 2), 2, 70);
	bule = mn(bench, 2);
	hand(bench, &ba);
	attach(bench, ACCESS2, 2, false);
	assert_int_equal(bule->at.ifindex, ACCESS1);
	group_reap(bench, group->set);
	world_run_one(world, 0);
	world_collect(world);
	assert_true(bule->busy);
	assert_int_equal(bule->at.ifindex, ACCESS1);
	world_settle(world);
	assert_int_equal(bule->at.ifindex, ACCESS2);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_false(bule->busy);
	/* Other members follow to the new set. */
	mag_bench_until(bench, 0);
	assert_mag_agreed(bench);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, mag_group_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_asks),
		TEST(test_does_not_ask),
		TEST(test_joins),
		TEST(test_second_joins),
		TEST(test_denied),
		TEST(test_names_no_group),
		TEST(test_reserved_id),
		TEST(test_was_not_asked),
		TEST(test_anchor_has_its_own_id),
		TEST(test_is_in_another),
		TEST(test_stays),
		TEST(test_asks_for_itself),
		TEST(test_is_put_out),
		TEST(test_leaves),
		TEST(test_size),
		TEST(test_short_rest),
		TEST(test_two_anchors),
		TEST(test_copies_agree),
		TEST(test_copies_ask_for_none),
		TEST(test_copies_that_differ_are_forgotten),
		TEST(test_granted_less),
		TEST(test_group_was_forgotten),
		TEST(test_group_was_not_forgotten),
		TEST(test_joins_what_has_ended),
		TEST(test_moves_as_its_set_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
