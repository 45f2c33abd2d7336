// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_multihoming.c
 */
#include <string.h>

#include "common/mag_flows.h"
#include "common/test.h"

#define OTHER_HNP "2001:db8:b::/64"

static void assert_option(const struct mh_binding_update *bu, uint8_t act)
{
	/* RULE: MH-07 */
	assert_true(bu->options.has_multihoming);
	assert_int_equal(bu->options.multihoming.group,
			 MH_MULTIHOMING_GROUP_ALL);
	/* RULE: MH-12 */
	assert_int_equal(bu->options.multihoming.act, act);
}

static struct bule *join(struct mag_bench *bench)
{
	struct bule *bule = register_at(bench, ACCESS1);

	assert_non_null(bule->multihoming);
	assert_true(bule->multihoming->stands);
	return bule;
}

/* Whatever is its own, it asks for what the group has. */
static void test_attach(void **state)
{
	struct mag_bench *bench = *state;
	const struct mh_binding_update *bu;

	bench->profile.hnp_count = 1;
	bench->profile.hnp[0] = prefix6(OTHER_HNP);
	arrive(bench);
	bu = last_pbu(bench);
	assert_option(bu, MH_ACT_NONE);
	/* RULE: MH-29 MH-34 */
	assert_int_equal(bu->options.handoff, MH_HI_NEW_INTERFACE);
	assert_int_equal(bu->options.hnp_count, 1);
	/* RULE: MH-39 */
	assert_true(mh_prefix_any(&bu->options.hnp[0]));
	assert_int_equal(bu->options.flow_count, 0);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	/* RULE: MH-30 */
	assert_prefix_equal(&mn(bench, 1)->hnp[0], HNP1);
	assert_mag_agreed(bench);
}

/* Who has no multihoming is asked for as ever. */
static void test_without(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule;

	bench->profile.multihoming = false;
	bule = register_at(bench, ACCESS1);
	assert_null(bule->multihoming);
	/* RULE: MH-06 */
	assert_false(last_pbu(bench)->options.has_multihoming);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
	assert_string_equal(mag_flow_delete(&bench->mag, bule, 1,
					    bench->world.now),
			    "its profile has no multihoming: set multihoming = true there, and attach it anew");
}

/* What the link layer knows is said. */
static void test_handoff_is_known(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_attachment at = {
		.ifindex = ACCESS1,
		.ifname = "access1",
		.att = MH_ATT_IEEE_802_11,
		.handoff = MH_HI_SAME_INTERFACE,
	};

	memcpy(at.lladdr, ll_id6(1).data, ETH_ALEN);
	mag_on_attach(&bench->mag, &at, &bench->profile, true,
		      bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_option(last_pbu(bench), MH_ACT_NONE);
	assert_int_equal(last_pbu(bench)->options.handoff,
			 MH_HI_SAME_INTERFACE);
	/* Also to an anchor that has to be asked without. */
	acknowledge(bench, MH_CANNOT_SUPPORT_MULTIPATH_BINDING);
	assert_false(last_pbu(bench)->options.has_multihoming);
	assert_int_equal(last_pbu(bench)->options.handoff,
			 MH_HI_SAME_INTERFACE);
}

static void test_renewal(void **state)
{
	struct mag_bench *bench = *state;

	join(bench);
	until_sent(bench);
	assert_option(last_pbu(bench), MH_ACT_NONE);
	/* RULE: MH-31 */
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	/* RULE: MH-31 */
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], HNP1);
	acknowledge(bench, MH_ACCEPTED);
	assert_mag_agreed(bench);
}

/* What stands goes when the anchor has agreed, and not before. */
static void leaves(struct mag_bench *bench, uint8_t act)
{
	struct mh_prefix hnp = prefix6(HNP1);
	const struct mh_binding_update *bu;

	join(bench);
	detach(bench, false);
	world_settle(&bench->world);
	bu = last_pbu(bench);
	assert_option(bu, act);
	/* RULE: MH-24 */
	assert_int_equal(bu->lifetime, 0);
	/* RULE: MH-24 MH-33 */
	assert_int_equal(bu->options.handoff, MH_HI_UNKNOWN);
	/* RULE: MH-33 */
	assert_prefix_equal(&bu->options.hnp[0], HNP1);
	/* RULE: MH-24 */
	assert_non_null(world_binding_of(&bench->world, &hnp));
	acknowledge(bench, MH_ACCEPTED);
	/* RULE: MH-24 */
	assert_null(world_binding_of(&bench->world, &hnp));
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

static void test_leaves_removing(void **state)
{
	leaves(*state, MH_ACT_REMOVE);
}

static void test_leaves_keeping(void **state)
{
	struct mag_bench *bench = *state;

	bench->profile.keep_flows = true;
	leaves(bench, MH_ACT_KEEP);
}

/* An acknowledgement as of an anchor that has passed the option over. */
static struct mh_binding_ack plain(const struct mh_binding_update *bu)
{
	struct mh_binding_ack ba = pba_to(bu, MH_ACCEPTED, HNP1);

	ba.options.has_multihoming = false;
	ba.options.flow_count = 0;
	return ba;
}

/* It has what it was given; said once, and asked again later. */
static void test_unsupported(void **state)
{
	struct mh_flow flows[] = { flow_of(1, 10, "proto", "udp") };
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	const struct report *report;
	uint64_t begin;

	want_flows(bench, flows, 1);
	arrive(bench);
	ba = plain(last_pbu(bench));
	begin = bench->world.now.mono_ms;
	hand_and_run(bench, &ba);
	/* RULE: MH-28 */
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_false(mn(bench, 1)->multihoming->stands);
	report = world_reported(&bench->world, "multihoming-unsupported");
	/* RULE: MH-28 */
	assert_non_null(report);
	assert_true(report->has_peer);
	assert_int_equal(bench->mag.counters.multihoming_unsupported, 1);
	assert_mag_agreed(bench);
	/* Nor is it told of flows, whoever wants them. */
	assert_null(mag_flow_set(&bench->mag, mn(bench, 1),
				 &(struct mh_flow){ .fid = 2, .priority = 2,
				 .format = MH_SELECTOR_IPV6 }, false,
				 bench->world.now));
	world_forget_messages(&bench->world);
	soon(bench);
	assert_int_equal(bench->world.sent_count, 0);

	world_forget_messages(&bench->world);
	while (bench->world.now.mono_ms <
	       begin + MULTIHOMING_RETRY_S * 1000ull - 200000) {
		until_sent(bench);
		/* RULE: MH-28 */
		assert_false(last_pbu(bench)->options.has_multihoming);
		assert_int_equal(last_pbu(bench)->options.flow_count, 0);
		assert_int_equal(last_pbu(bench)->options.handoff,
				 MH_HI_NOT_CHANGED);
		ba = plain(last_pbu(bench));
		hand_and_run(bench, &ba);
	}
	do {
		until_sent(bench);
		ba = plain(last_pbu(bench));
		hand_and_run(bench, &ba);
	} while (!last_pbu(bench)->options.has_multihoming);
	assert_true(bench->world.now.mono_ms >=
		    begin + MULTIHOMING_RETRY_S * 1000ull);
	/* It need not be told again. */
	assert_null(world_reported(&bench->world, "multihoming-unsupported"));
	assert_int_equal(bench->mag.counters.multihoming_unsupported, 2);

	/* The anchor has learned it. */
	do {
		until_sent(bench);
		if (!last_pbu(bench)->options.has_multihoming)
			acknowledge(bench, MH_ACCEPTED);
	} while (!last_pbu(bench)->options.has_multihoming);
	assert_int_equal(last_pbu(bench)->options.flow_count, 2);
	acknowledge(bench, MH_ACCEPTED);
	assert_true(mn(bench, 1)->multihoming->stands);
	assert_int_equal(flow_at(bench, 2)->state, BULE_FLOW_STANDS);
	assert_null(bench->mag.multihoming_anchors);
	assert_mag_agreed(bench);
}

/* What leaves an anchor that does not know it has no option. */
static void test_unsupported_leaves(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	arrive(bench);
	ba = plain(last_pbu(bench));
	hand_and_run(bench, &ba);
	detach(bench, false);
	world_settle(&bench->world);
	assert_false(last_pbu(bench)->options.has_multihoming);
	acknowledge(bench, MH_ACCEPTED);
	/* The next is asked for without from the first. */
	arrive(bench);
	assert_false(last_pbu(bench)->options.has_multihoming);
	/* RULE: MH-28 */
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
}

/* One that says that it does not have it is asked without at once. */
static void test_refused(void **state)
{
	struct mag_bench *bench = *state;

	arrive(bench);
	acknowledge(bench, MH_CANNOT_SUPPORT_MULTIPATH_BINDING);
	/* RULE: MH-27 */
	assert_false(last_pbu(bench)->options.has_multihoming);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
	/* RULE: MH-27 */
	assert_non_null(world_reported(&bench->world,
				       "multihoming-unsupported"));
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
	/* To one that was asked without it is a refusal like any other. */
	until_sent(bench);
	acknowledge(bench, MH_CANNOT_SUPPORT_MULTIPATH_BINDING);
	assert_int_equal(mn(bench, 1)->state, BULE_REFUSED);
	assert_mag_agreed(bench);
}

/* Those that were in it before stay in it. */
static void test_one_stands(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	join(bench);
	attach(bench, ACCESS1, 2, false);
	world_settle(&bench->world);
	ba = plain(last_pbu(bench));
	ba.options.hnp[0] = prefix6(OTHER_HNP);
	hand_and_run(bench, &ba);
	assert_false(mn(bench, 2)->multihoming->stands);
	do {
		until_sent(bench);
	} while (last_pbu(bench)->options.ll_id.data[5] != 1);
	/* RULE: MH-28 */
	assert_option(last_pbu(bench), MH_ACT_NONE);
}

/* One care-of address has one of the interfaces that share prefixes. */
static void test_second_interface_here(void **state)
{
	struct mag_bench *bench = *state;

	join(bench);
	attach(bench, ACCESS2, 2, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_int_equal(mn(bench, 2)->state, BULE_ACTIVE);
	assert_prefix_equal(&mn(bench, 2)->hnp[0], HNP1);
	assert_mag_agreed(bench);
}

/* It has something of its own to say: it is in no bulk group. */
static void test_no_group(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.request_bulk = true;
	bench->mag.config.bulk_group_size = 100;
	join(bench);
	assert_false(last_pbu(bench)->flags & MH_BU_BULK);
	assert_int_equal(last_pbu(bench)->options.group_count, 0);
}

static void test_restart(void **state)
{
	struct mh_flow flows[] = { flow_of(1, 10, "proto", "udp"),
				   flow_of(2, 20, "dport", "80-90") };
	struct mag_bench *bench = *state;
	struct mh_flow more = flow_of(3, 30, "from", "2001:db8::/32");
	struct mh_binding_ack ba;

	bench->profile.keep_flows = true;
	want_flows(bench, flows, 2);
	arrive(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.flow[1].status = MH_FLOW_PROHIBITED;
	hand_and_run(bench, &ba);
	more.action = MH_FLOW_DROP;
	assert_null(mag_flow_set(&bench->mag, mn(bench, 1), &more, false,
				 bench->world.now));
	soon(bench);
	acknowledge(bench, MH_ACCEPTED);
	assert_mag_agreed(bench);

	assert_int_equal(mag_bench_restart(bench, true), 1);
	assert_true(mn(bench, 1)->multihoming->stands);
	assert_true(mn(bench, 1)->profile.keep_flows);
	assert_int_equal(mn(bench, 1)->multihoming->count, 3);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);
	assert_int_equal(flow_at(bench, 1)->origin, BULE_FLOW_PROFILE);
	assert_true(flow_at(bench, 1)->known);
	assert_memory_equal(&flow_at(bench, 1)->says, &flows[0],
			    sizeof(flows[0]));
	assert_int_equal(flow_at(bench, 2)->state, BULE_FLOW_REFUSED);
	assert_int_equal(flow_at(bench, 2)->status, MH_FLOW_PROHIBITED);
	assert_int_equal(flow_at(bench, 3)->origin, BULE_FLOW_OPERATOR);
	assert_memory_equal(&flow_at(bench, 3)->says, &more, sizeof(more));
	until_sent(bench);
	assert_option(last_pbu(bench), MH_ACT_NONE);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	assert_int_equal(last_pbu(bench)->options.flow_count, 1);
}

/* What was on its way is sent again, and soon. */
static void test_restart_while_telling(void **state)
{
	struct mh_flow flows[] = { flow_of(1, 10, "proto", "udp") };
	struct mh_flow changed[] = { flow_of(1, 11, "proto", "udp") };
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	want_flows(bench, flows, 1);
	arrive(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.flow_count = 0;
	/* Changed after it was sent: the answer is to something else. */
	want_flows(bench, changed, 1);
	mag_on_profile(&bench->mag, mn(bench, 1), &bench->profile,
		       bench->world.now, &bench->world.out);
	hand_and_run(bench, &ba);
	assert_int_equal(mag_bench_restart(bench, true), 1);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_PENDING);
	world_forget_messages(&bench->world);
	soon(bench);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(last_pbu(bench)->options.flow_count, 1);
	assert_int_equal(last_pbu(bench)->options.flow[0].priority, 11);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);
	assert_mag_agreed(bench);
}

/* Lower is preferred; a change is told at once. */
static void test_priority(void **state)
{
	struct mag_bench *bench = *state;

	arrive(bench);
	assert_false(last_pbu(bench)->options.has_bid);
	acknowledge(bench, MH_ACCEPTED);
	bench->profile.path_priority = 20;
	mag_on_profile(&bench->mag, mn(bench, 1), &bench->profile,
		       bench->world.now, &bench->world.out);
	soon(bench);
	assert_true(last_pbu(bench)->options.has_bid);
	assert_int_equal(last_pbu(bench)->options.bid.id, 1);
	assert_int_equal(last_pbu(bench)->options.bid.status, 0);
	assert_int_equal(last_pbu(bench)->options.bid.priority, 20);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mag_bench_restart(bench, true), 1);
	until_sent(bench);
	assert_int_equal(last_pbu(bench)->options.bid.priority, 20);
	/* To an anchor that does not know the option it says nothing. */
	acknowledge(bench, MH_CANNOT_SUPPORT_MULTIPATH_BINDING);
	assert_false(last_pbu(bench)->options.has_bid);
}

/* A record that is cut short is none of ours. */
static void test_record_is_cut(void **state)
{
	struct mh_flow flows[] = { flow_of(1, 10, "proto", "udp") };
	struct mag_bench *bench = *state;
	const struct effect_store *record;
	struct mag_config config;
	struct mag other;
	size_t len, plain_len;

	want_flows(bench, flows, 1);
	join(bench);
	record = world_record(&bench->world, mn(bench, 1)->id);
	assert_non_null(record);
	/* Two flags, a priority, a count, five octets, and an option of 17. */
	plain_len = record->len - 5 - 5 - 17 - (record->len - 17) % 2;
	config = mag_bench_config();
	for (len = plain_len + 1; len < record->len; len++) {
		mag_init(&other, &config);
		assert_null(mag_restore(&other, record->key, record->data, len,
					true, bench->world.now));
		assert_int_equal(bul_count(&other.bul), 0);
		mag_free(&other);
	}
	mag_init(&other, &config);
	assert_non_null(mag_restore(&other, record->key, record->data, len,
				    true, bench->world.now));
	mag_free(&other);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, flows_setup, \
						   mag_bench_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_attach),
		TEST(test_without),
		TEST(test_handoff_is_known),
		TEST(test_renewal),
		TEST(test_leaves_removing),
		TEST(test_leaves_keeping),
		TEST(test_unsupported),
		TEST(test_unsupported_leaves),
		TEST(test_refused),
		TEST(test_one_stands),
		TEST(test_second_interface_here),
		TEST(test_no_group),
		TEST(test_restart),
		TEST(test_restart_while_telling),
		TEST(test_priority),
		TEST(test_record_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
