// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_bulk.c: one message renews a group, or does not
 */
#include <string.h>

#include "../engine/mag_group_internal.h"
#include "common/mag_group.h"
#include "common/test.h"

static void test_asks(void **state)
{
	struct mag_bench *bench = *state;
	const struct mag_group *group = join_all(bench, 3);
	uint64_t begin = group->expires_ms - 300000;
	const struct mh_binding_update *bu = until_bulk(bench);
	const struct mh_options *options = &bu->options;

	/* RULE: BULK-18 */
	assert_in_range(bench->world.now.mono_ms - begin, 180000, 220000);
	assert_int_equal(bu->flags, MH_BU_ACK | MH_BU_PROXY);
	assert_int_equal(bu->lifetime, 75);
	assert_int_equal(options->group_count, 1);
	/* RULE: BULK-07 */
	assert_int_equal(options->group[0], group->id);
	/* RULE: BULK-19 */
	assert_false(options->has_mn_id);
	assert_false(options->has_ll_id);
	assert_false(options->has_link_local);
	assert_int_equal(options->hnp_count, 0);
	assert_true(options->has_timestamp);
	assert_true(options->has_handoff);
	assert_int_equal(options->handoff, MH_HI_NOT_CHANGED);
	assert_true(options->has_att);
}

static size_t effects_of(struct mag_bench *bench)
{
	size_t count = 0, i;

	world_collect(&bench->world);
	for (i = 0; i < bench->world.pending_count; i++)
		count += bench->world.pending[i]->count;
	return count;
}

static void test_renews(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct mh_binding_ack ba = renewal(until_bulk(bench), MH_ACCEPTED);
	uint64_t sent = group->copies[0].sent_ms;
	struct world *world = &bench->world;
	const struct report *report;
	uint8_t last;

	world->set_puts = 0;
	world->binding_sets = 0;
	world_pass(world, 300);
	hand(bench, &ba);
	/* A record, an expiry set, and a line about it; whoever is in it. */
	assert_int_equal(effects_of(bench), 3);
	world_settle(world);
	assert_int_equal(world->set_puts, 1);
	assert_int_equal(world->binding_sets, 0);
	for (last = 1; last <= 3; last++)
		/* RULE: BULK-21 BULK-33 */
		assert_true(bule_expires_ms(mn(bench, last)) == sent + 300000);
	assert_true(world_binding(world, "2001:db8:a:2::/64")->expires_ms ==
		    sent + 300000);
	report = world_reported(world, "group-renewed");
	assert_non_null(report);
	assert_int_equal(report->group, group->id);
	assert_int_equal(report->bindings, 3);
	assert_int_equal(report->lifetime_s, 300);
	assert_int_equal(bench->mag.groups.counters.accepted, 1);
	assert_int_equal(bench->mag.groups.counters.renewed, 3);
	assert_false(group->waits);
	assert_mag_agreed(bench);
	/* That is all that is ever sent for them. */
	world_forget_messages(world);
	mag_bench_until(bench, 179000);
	assert_int_equal(world->sent_count, 0);
	until_bulk(bench);
}

/* RFC 6275 11.7.3: less may be granted, but not more. */
static void test_grants_otherwise(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 2);
	struct mh_binding_ack ba = renewal(until_bulk(bench), MH_ACCEPTED);

	ba.lifetime = 50;
	hand_and_settle(bench, &ba);
	assert_true(group->expires_ms == group->copies[0].sent_ms + 200000);
	ba = renewal(until_bulk(bench), MH_ACCEPTED);
	ba.lifetime = 100;
	hand_and_settle(bench, &ba);
	assert_true(group->expires_ms == group->copies[0].sent_ms + 300000);
	assert_mag_agreed(bench);
}

static void test_copies(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 2);
	struct mh_binding_update first = *until_bulk(bench), next;
	uint64_t sent = group->copies[0].sent_ms;
	struct mh_binding_ack ba;

	mag_bench_until(bench, 1000);
	next = *last_pbu(bench);
	assert_int_not_equal(next.sequence, first.sequence);
	assert_true(next.options.timestamp > first.options.timestamp);
	assert_int_equal(bench->mag.groups.counters.retransmitted, 1);
	mag_bench_until(bench, 2000);
	assert_int_equal(bench->mag.groups.counters.sent, 3);
	/* Whichever is answered, it counts from when that was sent. */
	ba = renewal(&first, MH_ACCEPTED);
	hand_and_settle(bench, &ba);
	assert_true(group->expires_ms == sent + 300000);
	hand_and_settle(bench, &ba);
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_UNASKED], 1);
	assert_mag_agreed(bench);
}

static void test_is_ignored(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 2);
	uint64_t expires = group->expires_ms;
	struct mh_binding_ack good = renewal(until_bulk(bench), MH_ACCEPTED),
			      ba;
	const uint64_t *ignored = bench->mag.counters.ignored;
	struct in6_addr other = ip6("2001:db8:2::2");

	mag_on_pba(&bench->mag, &other, &good, bench->world.now,
		   &bench->world.out);
	assert_int_equal(ignored[MAG_IGNORED_SOURCE], 1);
	ba = good;
	ba.flags = 0;
	hand(bench, &ba);
	assert_int_equal(ignored[MAG_IGNORED_NO_PROXY], 1);
	ba = good;
	ba.options.group_count = 0;
	hand(bench, &ba);
	/* RULE: BULK-09 */
	assert_int_equal(ignored[MAG_IGNORED_ECHO], 1);
	ba.flags |= MH_BA_BULK;
	hand(bench, &ba);
	assert_int_equal(ignored[MAG_IGNORED_NO_GROUP], 1);
	ba = good;
	ba.lifetime = 0;
	hand(bench, &ba);
	assert_int_equal(ignored[MAG_IGNORED_NO_PREFIX], 1);
	/* Another group is not what was asked for. */
	ba = good;
	ba.options.group[0]++;
	hand(bench, &ba);
	assert_int_equal(ignored[MAG_IGNORED_UNASKED], 1);
	ba = good;
	ba.sequence++;
	hand(bench, &ba);
	assert_int_equal(ignored[MAG_IGNORED_UNASKED], 2);
	world_settle(&bench->world);
	assert_true(group->expires_ms == expires);
	assert_true(group->waits);
	/* And the flag is none of a renewal's business. */
	good.flags |= MH_BA_BULK;
	hand_and_settle(bench, &good);
	assert_true(group->expires_ms > expires);
}

/* Each asks for itself, in time, without the flag; then it lives by itself. */
static void assert_falls_back(struct mag_bench *bench, uint8_t count)
{
	struct world *world = &bench->world;
	struct mag_group *group = mn_group(bench, 1);
	uint64_t rest = group->expires_ms - world->now.mono_ms, bulk;
	uint64_t begin = world->now.mono_ms, first = 0;
	unsigned int asked = 0;

	bulk = bench->mag.groups.counters.sent;
	assert_non_null(world_reported(world, "group-fell-back"));
	assert_int_equal(bench->mag.groups.counters.fell_back, 1);
	while (asked < count) {
		until_sent(bench);
		assert_false(last_pbu(bench)->flags & MH_BU_BULK);
		assert_true(last_pbu(bench)->options.has_mn_id);
		if (!asked++)
			first = world->now.mono_ms;
		acknowledge(bench, MH_ACCEPTED);
	}
	/* Not all at once. */
	assert_true(world->now.mono_ms - first > rest / 8);
	assert_true(world->now.mono_ms - begin <= rest / 2 + 1000);
	assert_int_equal(bench->mag.groups.counters.sent, bulk);
	mag_bench_until(bench, 0);
	assert_null(bench->mag.groups.all);
	assert_int_equal(world->set_count, 0);
	while (count)
		assert_null(mn_group(bench, count--));
}

static void test_is_lost(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 4);
	uint64_t half;

	until_bulk(bench);
	half = (group->expires_ms - bench->world.now.mono_ms) / 2;
	mag_bench_until(bench, half - 1000);
	assert_false(group->ending);
	while (!group->ending)
		mag_bench_until(bench, 1000);
	/* RULE: BULK-22 */
	assert_true(group->expires_ms - bench->world.now.mono_ms > half / 3);
	assert_falls_back(bench, 4);
	/* RULE: BULK-25 */
	assert_false(come(bench, 50)->flags & MH_BU_BULK);
	mag_bench_until(bench, BULK_RETRY_S * 1000);
	assert_true(come(bench, 51)->flags & MH_BU_BULK);
}

static void test_is_refused(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	uint64_t expires = group->expires_ms;
	unsigned int i;

	until_bulk(bench);
	for (i = 0; i < 3; i++) {
		assert_false(group->ending);
		if (i)
			until_sent(bench);
		assert_true(is_bulk(last_pbu(bench)));
		acknowledge_bulk(bench, MH_REASON_UNSPECIFIED);
		/* RULE: BULK-35 */
		assert_true(group->expires_ms == expires);
	}
	assert_int_equal(bench->mag.groups.counters.refused, 3);
	assert_int_equal(bench->mag.counters.pba_refused, 3);
	assert_int_equal(world_reported(&bench->world,
					"group-refused")->status,
			 MH_REASON_UNSPECIFIED);
	assert_falls_back(bench, 3);
}

static void test_is_not_understood(void **state)
{
	static const uint8_t statuses[] = {
		MH_MISSING_MN_ID_OPTION, MH_MISSING_HNP_OPTION,
		MH_MISSING_HANDOFF_INDICATOR_OPTION,
		MH_MISSING_ACCESS_TECH_TYPE_OPTION,
	};
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	unsigned int i;
	uint8_t last;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		bench->mag.groups.counters.fell_back = 0;
		join_all(bench, 6);
		/* RFC 5213 5.3.6: an empty identifier, and no option 50. */
		ba = renewal(until_bulk(bench), statuses[i]);
		ba.options.group_count = 0;
		ba.options.has_mn_id = true;
		hand_and_settle(bench, &ba);
		/* RULE: BULK-37 */
		assert_true(mn_group(bench, 1)->ending);
		assert_falls_back(bench, 6);
		for (last = 1; last <= 6; last++)
			leave_for_good(bench, last);
		mag_bench_until(bench, BULK_RETRY_S * 1000);
	}
}

/* One is let in as its group is given up: it asks for itself with the others. */
static void test_joins_meanwhile(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 1);
	struct mh_binding_ack ba = let_in(come(bench, 2), 2, 70);

	bulk_fall_back(&bench->mag, group, "test", bench->world.now,
		       &bench->world.out);
	world_settle(&bench->world);
	mag_bench_until(bench, 0);
	hand_and_settle(bench, &ba);
	assert_ptr_equal(mn_group(bench, 2), group);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 150000);
	assert_int_equal(mn(bench, 2)->waits, true);
	assert_false(mn(bench, 2)->copies[0].group);
}

/* Somebody else's is newer: ours is, once it is sent anew. */
static void test_is_overtaken(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 2);
	uint64_t timestamp = until_bulk(bench)->options.timestamp;

	acknowledge_bulk(bench, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	until_sent(bench);
	assert_true(is_bulk(last_pbu(bench)));
	assert_true(last_pbu(bench)->options.timestamp > timestamp);
	acknowledge_bulk(bench, MH_ACCEPTED);
	assert_false(group->waits);
	assert_int_equal(group->count, 2);
	assert_mag_agreed(bench);
}

/* It knows groups, but not this one: in another, and each by itself. */
static void test_is_unknown(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	uint32_t id = group->id, other = 0;
	struct mh_binding_ack ba;
	unsigned int i;
	uint8_t last;

	until_bulk(bench);
	acknowledge_bulk(bench, MH_INVALID_MN_GROUP_IDENTIFIER);
	assert_true(group->ending);
	assert_null(world_reported(&bench->world, "group-fell-back"));
	for (i = 0; i < 3; i++) {
		until_sent(bench);
		assert_true(last_pbu(bench)->flags & MH_BU_BULK);
		assert_true(last_pbu(bench)->options.has_mn_id);
		other = last_pbu(bench)->options.group[0];
		assert_int_not_equal(other, id);
		ba = let_in(last_pbu(bench), 1, 75);
		last = (uint8_t)(last_pbu(bench)->options.mn_id.data[2] - '0');
		ba.options.hnp[0] = mn(bench, last)->hnp[0];
		hand_and_settle(bench, &ba);
	}
	mag_bench_until(bench, 0);
	assert_null(mag_group_by_id(&bench->mag.groups, id));
	assert_int_equal(mag_group_by_id(&bench->mag.groups, other)->count, 3);
	assert_mag_agreed(bench);
}

/* Each group counts for itself, and its anchor says where it is. */
static void test_sequence(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group;
	struct mh_binding_ack ba;
	uint16_t sequence;

	bench->mag.config.timestamp_based = false;
	group = join_all(bench, 2);
	sequence = until_bulk(bench)->sequence;
	assert_false(last_pbu(bench)->options.has_timestamp);
	ba = renewal(last_pbu(bench), MH_SEQUENCE_OUT_OF_WINDOW);
	ba.sequence = 500;
	hand_and_settle(bench, &ba);
	assert_int_equal(last_pbu(bench)->sequence, 501);
	assert_int_not_equal(sequence, 501);
	/* Once. */
	ba = renewal(last_pbu(bench), MH_SEQUENCE_OUT_OF_WINDOW);
	ba.sequence = 600;
	hand_and_settle(bench, &ba);
	assert_int_equal(last_pbu(bench)->sequence, 501);
	until_sent(bench);
	assert_int_equal(last_pbu(bench)->sequence, 502);
	acknowledge_bulk(bench, MH_ACCEPTED);
	assert_false(group->waits);
	assert_int_equal(until_bulk(bench)->sequence, 503);
}

/* Two groups may have come to one number: what is named, is meant. */
static void test_same_sequence(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *one, *two;
	struct mh_binding_ack ba;
	uint8_t last;

	bench->mag.config.timestamp_based = false;
	one = join_all(bench, GROUP_SIZE);
	for (last = 0; last < GROUP_SIZE; last++)
		come_in(bench, 100 + last);
	two = mn_group(bench, 100);
	assert_ptr_not_equal(one, two);
	one->sequence = two->sequence = 7;
	assert_null(mag_group_renew(&bench->mag, one, bench->world.now,
				    &bench->world.out));
	world_settle(&bench->world);
	assert_null(mag_group_renew(&bench->mag, two, bench->world.now,
				    &bench->world.out));
	world_settle(&bench->world);
	assert_int_equal(last_pbu(bench)->options.group[0], two->id);
	ba = renewal(last_pbu(bench), MH_ACCEPTED);
	hand_and_settle(bench, &ba);
	assert_true(one->waits);
	assert_false(two->waits);
}

static void test_is_commanded(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 2);
	uint64_t expires = group->expires_ms;
	struct now now;

	mag_bench_until(bench, 5000);
	now = bench->world.now;
	/* RULE: BULK-20 */
	assert_null(mag_group_renew(&bench->mag, group, now,
				    &bench->world.out));
	world_settle(&bench->world);
	assert_non_null(mag_group_renew(&bench->mag, group, now,
					&bench->world.out));
	acknowledge_bulk(bench, MH_ACCEPTED);
	assert_true(group->expires_ms == expires + 5000);
	assert_true(group->renewed_ms == now.mono_ms);
	group->ending = true;
	assert_non_null(mag_group_renew(&bench->mag, group, now,
					&bench->world.out));
	group->ending = false;
	come(bench, 60);
	leave_for_good(bench, 1);
	mag_on_detach(&bench->mag, mn(bench, 2), false, "test", now,
		      &bench->world.out);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(group->count, 0);
	assert_non_null(mag_group_renew(&bench->mag, group, now,
					&bench->world.out));
}

/* One leaves while its group is being renewed. */
static void test_members_leave_meanwhile(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 3);
	struct mh_binding_ack ba = renewal(until_bulk(bench), MH_ACCEPTED);

	leave_for_good(bench, 2);
	assert_true(group->waits);
	hand_and_settle(bench, &ba);
	assert_false(group->waits);
	assert_int_equal(group->count, 2);
	assert_int_equal(bench->mag.groups.counters.renewed, 2);
	assert_mag_agreed(bench);
}

/* With the last of them goes what is asked for them. */
static void test_all_leave_meanwhile(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	join_all(bench, 2);
	ba = renewal(until_bulk(bench), MH_ACCEPTED);
	leave_for_good(bench, 1);
	leave_for_good(bench, 2);
	hand_and_settle(bench, &ba);
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_UNASKED], 1);
	assert_null(bench->mag.groups.all);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 300000);
	assert_int_equal(bench->world.sent_count, 0);
	assert_mag_agreed(bench);
}

static struct peer *anchor(struct mag_bench *bench)
{
	struct in6_addr key = ip6(ANCHOR);
	struct peer *peer = peers_find(&bench->mag.peers, &key);

	assert_non_null(peer);
	return peer;
}

static void event(struct mag_bench *bench, enum peer_event what)
{
	bench->mag.peers.on_event(bench->mag.peers.context, anchor(bench),
				  what, 0, bench->world.now,
				  &bench->world.out);
	mag_bench_until(bench, 100);
}

/* One question is enough to hear whether it is there. */
static void test_anchor_goes_and_comes(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_group *group = join_all(bench, 5);

	world_forget_messages(&bench->world);
	event(bench, PEER_EVENT_UNREACHABLE);
	assert_int_equal(pbus_sent(bench, true), 1);
	assert_int_equal(pbus_sent(bench, false), 0);
	/* While it answers nothing at all, that says nothing of groups. */
	anchor(bench)->state = PEER_UNREACHABLE;
	mag_bench_until(bench, 200000);
	assert_false(group->ending);
	assert_true(group->waits);
	world_forget_messages(&bench->world);
	anchor(bench)->state = PEER_UP;
	event(bench, PEER_EVENT_BACK);
	assert_int_equal(pbus_sent(bench, true), 1);
	assert_int_equal(pbus_sent(bench, false), 0);
	acknowledge_bulk(bench, MH_ACCEPTED);
	assert_false(group->waits);
	world_forget_messages(&bench->world);
	event(bench, PEER_EVENT_BACK);
	assert_int_equal(bench->world.sent_count, 0);
	assert_mag_agreed(bench);
}

/* What it has lost is no group's: each is registered anew, and joins anew. */
static void test_anchor_restarts(void **state)
{
	struct mag_bench *bench = *state;

	join_all(bench, 5);
	world_forget_messages(&bench->world);
	event(bench, PEER_EVENT_RESTARTED);
	assert_int_equal(pbus_sent(bench, true), 0);
	assert_int_equal(pbus_sent(bench, false), 5);
	assert_true(last_pbu(bench)->flags & MH_BU_BULK);
}

/* Whose prefixes are advertised for as long as it lives is to hear of that. */
static void test_tells(void **state)
{
	struct mag_bench *bench = *state;

	join_all(bench, 3);
	until_bulk(bench);
	bench->world.ra_count = 0;
	acknowledge_bulk(bench, MH_ACCEPTED);
	mag_bench_until(bench, 3000);
	assert_int_equal(bench->world.ra_count, 0);
	until_bulk(bench);
	bench->mag.config.prefixes_of_binding = true;
	acknowledge_bulk(bench, MH_ACCEPTED);
	bench->world.ra_count = 0;
	mag_bench_until(bench, 3000);
	assert_int_equal(bench->world.ra_count, 3);
	assert_in_range(last_ra(bench)->prefix[0].valid_s, 290, 300);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, mag_group_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_asks),
		TEST(test_renews),
		TEST(test_grants_otherwise),
		TEST(test_copies),
		TEST(test_is_ignored),
		TEST(test_is_lost),
		TEST(test_is_refused),
		TEST(test_is_not_understood),
		TEST(test_joins_meanwhile),
		TEST(test_is_overtaken),
		TEST(test_is_unknown),
		TEST(test_sequence),
		TEST(test_same_sequence),
		TEST(test_is_commanded),
		TEST(test_members_leave_meanwhile),
		TEST(test_all_leave_meanwhile),
		TEST(test_anchor_goes_and_comes),
		TEST(test_anchor_restarts),
		TEST(test_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
