// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_flow.c
 */
#include <stdio.h>
#include <string.h>

#include <utlist.h>

#include "common/mag_flows.h"
#include "common/test.h"

static const struct mh_flow *sent_flow(const struct mag_bench *bench,
				       uint16_t fid)
{
	const struct mh_options *options = &last_pbu(bench)->options;
	unsigned int i;

	for (i = 0; i < options->flow_count; i++)
		if (options->flow[i].fid == fid)
			return &options->flow[i];
	return NULL;
}

static void assert_sent(const struct mag_bench *bench, const struct mh_flow *is,
			uint8_t operation, uint8_t pro)
{
	const struct mh_flow *said = sent_flow(bench, is->fid);

	assert_non_null(said);
	assert_int_equal(said->operation, operation);
	assert_int_equal(said->pro, pro);
	assert_true(said->has_extras);
	assert_int_equal(said->priority, is->priority);
	assert_int_equal(said->status, 0);
	assert_false(said->has_bid);
	if (operation == MH_FLOW_DELETE) {
		assert_int_equal(said->format, MH_SELECTOR_NONE);
		return;
	}
	assert_int_equal(said->action, is->action);
	assert_int_equal(said->format, MH_SELECTOR_IPV6);
	assert_memory_equal(&said->selector, &is->selector,
			    sizeof(is->selector));
}

static struct mh_binding_ack answer(const struct mag_bench *bench)
{
	return pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
}

static struct mh_flow *in(struct mh_binding_ack *ba, uint16_t fid)
{
	unsigned int i = 0;

	while (i < ba->options.flow_count && ba->options.flow[i].fid != fid)
		i++;
	assert_in_range(i, 0, MH_MAX_FLOWS - 1);
	assert_int_equal(ba->options.flow[i].fid, fid);
	return &ba->options.flow[i];
}

static const char *set(struct mag_bench *bench, struct mh_flow says,
		       bool changes)
{
	return mag_flow_set(&bench->mag, mn(bench, 1), &says, changes,
			    bench->world.now);
}

static const char *delete(struct mag_bench *bench, uint16_t fid)
{
	return mag_flow_delete(&bench->mag, mn(bench, 1), fid,
			       bench->world.now);
}

static void profile_changed(struct mag_bench *bench)
{
	mag_on_profile(&bench->mag, mn(bench, 1), &bench->profile,
		       bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

/* With the registration; each has an answer of its own. */
static void test_of_profile(void **state)
{
	struct mh_flow flows[] = { flow_of(1, 10, "proto", "udp"),
				   flow_of(2, 20, "dport", "5060-5062"),
				   flow_of(3, 30, "from", "2001:db8::/32") };
	struct mag_bench *bench = *state;
	const struct report *report;
	struct mh_binding_ack ba;
	unsigned int i;

	flows[1].action = MH_FLOW_DROP;
	want_flows(bench, flows, 3);
	arrive(bench);
	/* RULE: MH-21 MH-06 */
	assert_int_equal(last_pbu(bench)->options.flow_count, 3);
	for (i = 0; i < 3; i++)
		/* RULE: MH-21 */
		assert_sent(bench, &flows[i], MH_FLOW_ADD, MH_FLOW_PRO_CREATE);
	ba = answer(bench);
	in(&ba, 2)->status = MH_FLOW_PROHIBITED;
	hand_and_run(bench, &ba);
	/* RULE: MH-22 */
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);
	/* RULE: MH-22 */
	assert_int_equal(flow_at(bench, 2)->state, BULE_FLOW_REFUSED);
	assert_int_equal(flow_at(bench, 2)->status, MH_FLOW_PROHIBITED);
	/* RULE: MH-22 */
	assert_int_equal(flow_at(bench, 3)->state, BULE_FLOW_STANDS);
	report = world_reported(&bench->world, "flow-refused");
	/* RULE: MH-22 */
	assert_non_null(report);
	assert_int_equal(report->flow, 2);
	assert_int_equal(report->status, MH_FLOW_PROHIBITED);
	assert_int_equal(bench->mag.counters.flows_accepted, 2);
	assert_int_equal(bench->mag.counters.flows_refused, 1);
	/* None of them is said again, but one as it is: test_mag_flow_lost.c. */
	until_sent(bench);
	assert_int_equal(last_pbu(bench)->options.flow_count, 1);
	assert_int_equal(last_pbu(bench)->options.flow[0].operation,
			 MH_FLOW_MODIFY);
	assert_mag_agreed(bench);
}

/* At once, as a renewal. */
static void test_changes(void **state)
{
	struct mh_flow one = flow_of(1, 10, "proto", "udp");
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	assert_null(set(bench, one, false));
	soon(bench);
	/* RULE: MH-32 */
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	/* RULE: MH-22 MH-32 */
	assert_sent(bench, &one, MH_FLOW_ADD, MH_FLOW_PRO_CREATE);
	assert_int_equal(flow_at(bench, 1)->origin, BULE_FLOW_OPERATOR);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);

	one.priority = 12;
	assert_null(set(bench, one, true));
	soon(bench);
	/* RULE: MH-22 MH-32 */
	assert_sent(bench, &one, MH_FLOW_MODIFY, MH_FLOW_PRO_MODIFY);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(flow_at(bench, 1)->says.priority, 12);

	assert_null(delete(bench, 1));
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_LEAVING);
	soon(bench);
	/* RULE: MH-22 MH-32 */
	assert_sent(bench, &one, MH_FLOW_DELETE, MH_FLOW_PRO_DELETE);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(flow_at(bench, 1));
	assert_int_equal(bench->mag.counters.flows_removed, 1);
	world_forget_messages(&bench->world);
	soon(bench);
	assert_int_equal(bench->world.sent_count, 0);
	assert_mag_agreed(bench);
}

static void test_operator_errs(void **state)
{
	struct mh_flow one = flow_of(1, 10, "proto", "udp");
	struct mag_bench *bench = *state;
	unsigned int i;

	register_at(bench, ACCESS1);
	assert_non_null(strstr(set(bench, one, true), "no flow with that fid"));
	assert_non_null(strstr(delete(bench, 1), "no flow with that fid"));
	assert_null(set(bench, one, false));
	assert_non_null(strstr(set(bench, one, false), "already"));
	one.fid = 2;
	assert_non_null(strstr(set(bench, one, false), "has that priority"));
	one.priority = 11;
	one.fid = FLOW_FID_OF_ANCHOR;
	assert_non_null(strstr(set(bench, one, false), "for the anchor"));
	for (i = 2; i <= BULE_FLOWS_MAX; i++) {
		one.fid = (uint16_t)i;
		one.priority = (uint16_t)(100 + i);
		assert_null(set(bench, one, false));
	}
	one.fid = 500;
	one.priority = 500;
	assert_non_null(strstr(set(bench, one, false), "as many flows"));
	/* One that is over may come again, also while it leaves. */
	assert_null(delete(bench, 3));
	one.fid = 3;
	assert_null(set(bench, one, false));
	detach(bench, false);
	assert_string_equal(delete(bench, 1), "it is not registered");
}

/* As many as fit into a message, then the others. */
static void test_many(void **state)
{
	struct mh_flow flows[2 * MH_MAX_FLOWS + 3];
	struct mag_bench *bench = *state;
	unsigned int i, said = 0, rounds = 0;
	char port[8];

	for (i = 0; i < ARRAY_SIZE(flows); i++) {
		snprintf(port, sizeof(port), "%u", 5000 + i);
		flows[i] = flow_of((uint16_t)(i + 1), (uint16_t)(i + 1),
				   "dport", port);
	}
	want_flows(bench, flows, ARRAY_SIZE(flows));
	arrive(bench);
	for (;;) {
		said += last_pbu(bench)->options.flow_count;
		rounds++;
		acknowledge(bench, MH_ACCEPTED);
		if (said == ARRAY_SIZE(flows))
			break;
		world_forget_messages(&bench->world);
		soon(bench);
		assert_int_equal(bench->world.sent_count, 1);
	}
	assert_int_equal(rounds, 3);
	for (i = 0; i < ARRAY_SIZE(flows); i++)
		assert_int_equal(flow_at(bench, (uint16_t)(i + 1))->state,
				 BULE_FLOW_STANDS);
	assert_mag_agreed(bench);
}

/* What was said before a change is no answer to it; copies say the change. */
static void test_changed_meanwhile(void **state)
{
	struct mh_flow one = flow_of(1, 10, "proto", "udp");
	struct mag_bench *bench = *state;
	struct mh_binding_ack early, late;

	register_at(bench, ACCESS1);
	assert_null(set(bench, one, false));
	soon(bench);
	early = answer(bench);
	one.priority = 20;
	assert_null(set(bench, one, true));
	hand_and_run(bench, &early);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_PENDING);
	soon(bench);
	assert_sent(bench, &one, MH_FLOW_ADD, MH_FLOW_PRO_CREATE);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);

	/* The same, but a copy goes out before the first is answered. */
	one.priority = 30;
	assert_null(set(bench, one, true));
	soon(bench);
	early = answer(bench);
	one.priority = 40;
	assert_null(set(bench, one, true));
	mag_bench_until(bench, 1000);
	late = answer(bench);
	assert_int_not_equal(late.sequence, early.sequence);
	assert_sent(bench, &one, MH_FLOW_MODIFY, MH_FLOW_PRO_MODIFY);
	hand_and_run(bench, &early);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_PENDING);
	soon(bench);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);
	assert_mag_agreed(bench);
}

/* One that was sent once may be there, so that it has to be deleted. */
static void test_deleted_meanwhile(void **state)
{
	struct mh_flow one = flow_of(1, 10, "proto", "udp");
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	register_at(bench, ACCESS1);
	assert_null(set(bench, one, false));
	/* Nobody knows of it yet. */
	assert_null(delete(bench, 1));
	assert_null(flow_at(bench, 1));
	assert_null(set(bench, one, false));
	soon(bench);
	ba = answer(bench);
	assert_null(delete(bench, 1));
	hand_and_run(bench, &ba);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_LEAVING);
	soon(bench);
	assert_sent(bench, &one, MH_FLOW_DELETE, MH_FLOW_PRO_DELETE);
	/* It is not there: so much the better. */
	ba = answer(bench);
	in(&ba, 1)->status = MH_FLOW_FID_NOT_FOUND;
	hand_and_run(bench, &ba);
	assert_null(flow_at(bench, 1));
	assert_int_equal(bench->mag.counters.flows_refused, 0);
	assert_mag_agreed(bench);
}

/* What is not there is added; what is refused without a reason, once more. */
static void test_retries(void **state)
{
	struct mh_flow one = flow_of(1, 10, "proto", "udp");
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	register_at(bench, ACCESS1);
	assert_null(set(bench, one, false));
	soon(bench);
	acknowledge(bench, MH_ACCEPTED);
	one.priority = 20;
	assert_null(set(bench, one, true));
	soon(bench);
	ba = answer(bench);
	in(&ba, 1)->status = MH_FLOW_FID_NOT_FOUND;
	hand_and_run(bench, &ba);
	soon(bench);
	/* RULE: MH-22 */
	assert_sent(bench, &one, MH_FLOW_ADD, MH_FLOW_PRO_CREATE);
	ba = answer(bench);
	in(&ba, 1)->status = MH_FLOW_REASON_UNSPECIFIED;
	hand_and_run(bench, &ba);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_REFUSED);
	world_forget_messages(&bench->world);
	soon(bench);
	assert_int_equal(bench->world.sent_count, 0);
	until_sent(bench);
	/* RULE: MH-22 */
	assert_sent(bench, &one, MH_FLOW_ADD, MH_FLOW_PRO_CREATE);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);
	assert_mag_agreed(bench);
}

/* It is not asked for ever what it passes over. */
static void test_passed_over(void **state)
{
	struct mh_flow one = flow_of(1, 10, "proto", "udp");
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	register_at(bench, ACCESS1);
	assert_null(set(bench, one, false));
	soon(bench);
	ba = answer(bench);
	ba.options.flow_count = 0;
	hand_and_run(bench, &ba);
	/* RULE: MH-22 */
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_REFUSED);
	assert_int_equal(flow_at(bench, 1)->status, MH_FLOW_REASON_UNSPECIFIED);
	world_forget_messages(&bench->world);
	soon(bench);
	assert_int_equal(bench->world.sent_count, 0);
}

/* One that the anchor does not delete is there. */
static void test_is_not_deleted(void **state)
{
	struct mh_flow one = flow_of(1, 10, "proto", "udp");
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	register_at(bench, ACCESS1);
	assert_null(set(bench, one, false));
	soon(bench);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(delete(bench, 1));
	soon(bench);
	ba = answer(bench);
	in(&ba, 1)->status = MH_FLOW_PROHIBITED;
	hand_and_run(bench, &ba);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);
	assert_int_equal(flow_at(bench, 1)->status, MH_FLOW_PROHIBITED);
	assert_non_null(world_reported(&bench->world, "flow-refused"));
}

/* The anchor sends through here what went through another gateway. */
static void test_taken_over(void **state)
{
	struct mh_flow moved = flow_of(0x8001, 15, "proto", "tcp");
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	struct mh_flow *said;

	register_at(bench, ACCESS1);
	until_sent(bench);
	ba = answer(bench);
	said = &ba.options.flow[ba.options.flow_count++];
	*said = moved;
	said->action = MH_FLOW_DUPLICATE;
	said->has_extras = true;
	said->pro = MH_FLOW_PRO_REINSTANTIATED;
	hand_and_run(bench, &ba);
	/* RULE: MH-23 */
	assert_non_null(flow_at(bench, 0x8001));
	/* RULE: MH-23 */
	assert_int_equal(flow_at(bench, 0x8001)->origin, BULE_FLOW_ANCHOR);
	/* RULE: MH-23 */
	assert_int_equal(flow_at(bench, 0x8001)->state, BULE_FLOW_STANDS);
	assert_int_equal(flow_at(bench, 0x8001)->says.priority, 15);
	assert_int_equal(flow_at(bench, 0x8001)->says.action, MH_FLOW_DUPLICATE);
	assert_memory_equal(&flow_at(bench, 0x8001)->says.selector,
			    &moved.selector, sizeof(moved.selector));
	/* RULE: MH-23 */
	assert_non_null(world_reported(&bench->world, "flow-taken-over"));
	assert_int_equal(bench->mag.counters.flows_taken_over, 1);
	/* Nothing has to be said about it; but it can be changed, and deleted. */
	world_forget_messages(&bench->world);
	soon(bench);
	assert_int_equal(bench->world.sent_count, 0);
	moved.priority = 16;
	assert_null(set(bench, moved, true));
	soon(bench);
	assert_sent(bench, &moved, MH_FLOW_MODIFY, MH_FLOW_PRO_MODIFY);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(delete(bench, 0x8001));
	soon(bench);
	assert_sent(bench, &moved, MH_FLOW_DELETE, MH_FLOW_PRO_DELETE);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(flow_at(bench, 0x8001));
	assert_mag_agreed(bench);
}

/* The next acknowledgement, with this of flows that were moved, and no more. */
static void renew_with(struct mag_bench *bench, const struct mh_flow *moved,
		       unsigned int count)
{
	struct mh_binding_ack ba;
	struct mh_flow *said;
	unsigned int i;

	until_sent(bench);
	ba = answer(bench);
	/* One of its own is named already. */
	for (i = 0; i < count && ba.options.flow_count < MH_MAX_FLOWS; i++) {
		said = &ba.options.flow[ba.options.flow_count++];
		*said = moved[i];
		said->has_extras = true;
		said->pro = MH_FLOW_PRO_REINSTANTIATED;
	}
	hand_and_run(bench, &ba);
}

/* RFC 7864 3.4: what is not named any more is not here any more. */
static void test_given_back(void **state)
{
	struct mh_flow moved[MH_MAX_FLOWS];
	struct mh_flow own = flow_of(1, 10, "proto", "tcp");
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	unsigned int i;

	for (i = 0; i < MH_MAX_FLOWS; i++)
		moved[i] = flow_of((uint16_t)(0x8001 + i), (uint16_t)(20 + i),
				   "proto", "udp");
	register_at(bench, ACCESS1);
	assert_null(set(bench, own, false));
	soon(bench);
	acknowledge(bench, MH_ACCEPTED);
	renew_with(bench, moved, 2);
	assert_int_equal(mn(bench, 1)->multihoming->count, 3);
	renew_with(bench, &moved[1], 1);
	/* RULE: MH-23 */
	assert_null(flow_at(bench, 0x8001));
	assert_non_null(world_reported(&bench->world, "flow-given-back"));
	assert_non_null(flow_at(bench, 0x8002));
	/* That of its own stays. */
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);
	/* One that is full may have had no room for it. */
	moved[1].fid = 0x8100;
	moved[1].priority = 100;
	renew_with(bench, moved, MH_MAX_FLOWS);
	assert_non_null(flow_at(bench, 0x8002));
	assert_int_equal(mn(bench, 1)->multihoming->count, MH_MAX_FLOWS + 1);
	renew_with(bench, NULL, 0);
	assert_int_equal(mn(bench, 1)->multihoming->count, 1);
	assert_int_equal(bench->mag.counters.flows_given_back,
			 MH_MAX_FLOWS + 1);
	/* Nor is it one that the anchor refuses, where all are said anew. */
	renew_with(bench, moved, 1);
	flows_anew(mn(bench, 1)->multihoming);
	until_sent(bench);
	ba = answer(bench);
	assert_int_equal(ba.options.flow_count, 2);
	assert_int_equal(ba.options.flow[1].fid, 0x8001);
	ba.options.flow[1].status = MH_FLOW_REASON_UNSPECIFIED;
	hand_and_run(bench, &ba);
	assert_null(flow_at(bench, 0x8001));
	/* Or that it says not to know. */
	renew_with(bench, moved, 1);
	assert_non_null(flow_at(bench, 0x8001));
	until_sent(bench);
	ba = answer(bench);
	ba.options.flow[ba.options.flow_count++] = (struct mh_flow){
		.fid = 0x8001, .status = MH_FLOW_FID_NOT_FOUND,
	};
	hand_and_run(bench, &ba);
	assert_null(flow_at(bench, 0x8001));
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);
	assert_mag_agreed(bench);
}

/* Only what is whole, and was not asked for. */
static void test_not_taken_over(void **state)
{
	struct mh_flow one = flow_of(1, 10, "proto", "udp");
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	struct mh_flow *said;

	register_at(bench, ACCESS1);
	assert_null(set(bench, one, false));
	soon(bench);
	ba = answer(bench);
	said = &ba.options.flow[1];
	ba.options.flow_count = 3;
	*said = flow_of(7, 15, "proto", "tcp");
	said[1] = (struct mh_flow){
		.fid = 8, .priority = 16, .has_extras = true,
		.pro = MH_FLOW_PRO_REINSTANTIATED,
	};
	hand_and_run(bench, &ba);
	assert_int_equal(mn(bench, 1)->multihoming->count, 1);
	assert_int_equal(bench->mag.counters.flows_taken_over, 0);
}

/* Other flows by the profile, while it is there. */
static void test_profile_changes(void **state)
{
	struct mh_flow flows[] = { flow_of(1, 10, "proto", "udp"),
				   flow_of(2, 20, "proto", "tcp") };
	struct mag_bench *bench = *state;
	struct mh_flow mine = flow_of(3, 30, "dport", "80");

	want_flows(bench, flows, 2);
	register_at(bench, ACCESS1);
	assert_null(set(bench, mine, false));
	soon(bench);
	acknowledge(bench, MH_ACCEPTED);
	flows[1].priority = 25;
	want_flows(bench, &flows[1], 1);
	profile_changed(bench);
	soon(bench);
	/* RULE: MH-06 */
	assert_int_equal(last_pbu(bench)->options.flow_count, 2);
	assert_sent(bench, &flows[0], MH_FLOW_DELETE, MH_FLOW_PRO_DELETE);
	assert_sent(bench, &flows[1], MH_FLOW_MODIFY, MH_FLOW_PRO_MODIFY);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(flow_at(bench, 1));
	/* What an operator wants is the operator's. */
	assert_int_equal(flow_at(bench, 3)->state, BULE_FLOW_STANDS);
	world_forget_messages(&bench->world);
	profile_changed(bench);
	soon(bench);
	assert_int_equal(bench->world.sent_count, 0);
	/* Also one that was the profile's. */
	flows[1].priority = 26;
	assert_null(set(bench, flows[1], true));
	soon(bench);
	acknowledge(bench, MH_ACCEPTED);
	flows[1].priority = 27;
	want_flows(bench, &flows[1], 1);
	profile_changed(bench);
	assert_int_equal(flow_at(bench, 2)->says.priority, 26);
	/* And what an operator has deleted is back with the profiles. */
	assert_null(delete(bench, 2));
	profile_changed(bench);
	soon(bench);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(flow_at(bench, 2)->state, BULE_FLOW_STANDS);
	assert_int_equal(flow_at(bench, 2)->says.priority, 27);
	assert_mag_agreed(bench);
	/* What an operator has made his own, and deleted, is the profile's again. */
	assert_null(set(bench, flow_of(2, 28, "proto", "tcp"), true));
	assert_int_equal(flow_at(bench, 2)->origin, BULE_FLOW_OPERATOR);
	assert_null(delete(bench, 2));
	profile_changed(bench);
	assert_int_equal(flow_at(bench, 2)->origin, BULE_FLOW_PROFILE);
	assert_int_equal(flow_at(bench, 2)->state, BULE_FLOW_PENDING);
	assert_int_equal(flow_at(bench, 2)->says.priority, 27);
}

/* An anchor that has forgotten it is told of all of them. */
static void test_registered_anew(void **state)
{
	struct mh_flow flows[] = { flow_of(1, 10, "proto", "udp"),
				   flow_of(2, 20, "proto", "tcp"),
				   flow_of(3, 30, "sport", "53") };
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	want_flows(bench, flows, 3);
	arrive(bench);
	ba = answer(bench);
	in(&ba, 2)->status = MH_FLOW_PROHIBITED;
	hand_and_run(bench, &ba);
	assert_null(delete(bench, 1));
	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	do {
		until_sent(bench);
	} while (last_pbu(bench)->options.handoff == MH_HI_NOT_CHANGED);
	/* RULE: MH-07 */
	assert_int_equal(last_pbu(bench)->options.handoff,
			 MH_HI_NEW_INTERFACE);
	/* RULE: MH-07 */
	assert_sent(bench, &flows[1], MH_FLOW_ADD, MH_FLOW_PRO_CREATE);
	/* RULE: MH-07 */
	assert_sent(bench, &flows[2], MH_FLOW_ADD, MH_FLOW_PRO_CREATE);
	/* It may have them all the same: what shall go is named. */
	assert_sent(bench, &flows[0], MH_FLOW_DELETE, MH_FLOW_PRO_DELETE);
	ba = answer(bench);
	in(&ba, 1)->status = MH_FLOW_FID_NOT_FOUND;
	hand_and_run(bench, &ba);
	assert_null(flow_at(bench, 1));
	assert_int_equal(flow_at(bench, 2)->state, BULE_FLOW_STANDS);
	assert_mag_agreed(bench);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(bule_flow_state_name(BULE_FLOW_PENDING), "pending");
	assert_string_equal(bule_flow_state_name(BULE_FLOW_STANDS), "active");
	assert_string_equal(bule_flow_state_name(BULE_FLOW_REFUSED), "refused");
	assert_string_equal(bule_flow_state_name(BULE_FLOW_LEAVING), "leaving");
	assert_string_equal(bule_flow_origin_name(BULE_FLOW_PROFILE),
			    "profile");
	assert_string_equal(bule_flow_origin_name(BULE_FLOW_OPERATOR),
			    "operator");
	assert_string_equal(bule_flow_origin_name(BULE_FLOW_ANCHOR), "anchor");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, flows_setup, \
						   mag_bench_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_of_profile),
		TEST(test_changes),
		TEST(test_operator_errs),
		TEST(test_many),
		TEST(test_changed_meanwhile),
		TEST(test_deleted_meanwhile),
		TEST(test_retries),
		TEST(test_passed_over),
		TEST(test_is_not_deleted),
		TEST(test_taken_over),
		TEST(test_given_back),
		TEST(test_not_taken_over),
		TEST(test_profile_changes),
		TEST(test_registered_anew),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
