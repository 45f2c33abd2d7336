// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_flow.c: flows that an anchor has lost with its sessions, and
 * those that it may have while a gateway has lost its own. Found by user/sim.
 */
#include <errno.h>
#include <string.h>

#include <utlist.h>

#include "common/mag_flows.h"
#include "common/test.h"

static const struct mh_options *sent(const struct mag_bench *bench)
{
	return &last_pbu(bench)->options;
}

/* All that it says of flows has this status. */
static void answer(struct mag_bench *bench, uint8_t status)
{
	struct mh_binding_ack ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	unsigned int i;

	for (i = 0; i < ba.options.flow_count; i++)
		ba.options.flow[i].status = status;
	hand_and_run(bench, &ba);
}

static void begin(struct mag_bench *bench, const struct mh_flow *flows,
		  unsigned int count)
{
	want_flows(bench, flows, count);
	arrive(bench);
	answer(bench, MH_FLOW_ACCEPTED);
}

/* An anchor makes a session anew from a renewal, and says nothing of that. */
static void test_anchor_lost(void **state)
{
	struct mh_flow flows[] = { flow_of(1, 10, "proto", "udp"),
				   flow_of(2, 20, "proto", "tcp") };
	struct mag_bench *bench = *state;
	uint16_t fid;

	begin(bench, flows, 2);
	until_sent(bench);
	/* RULE: MH-22 */
	assert_int_equal(sent(bench)->flow_count, 1);
	assert_int_equal(sent(bench)->flow[0].operation, MH_FLOW_MODIFY);
	fid = sent(bench)->flow[0].fid;
	assert_memory_equal(&sent(bench)->flow[0].selector,
			    &flows[fid - 1].selector,
			    sizeof(flows[0].selector));
	answer(bench, MH_FLOW_ACCEPTED);
	/* Another one the next time. */
	until_sent(bench);
	assert_int_equal(sent(bench)->flow_count, 1);
	assert_int_equal(sent(bench)->flow[0].fid, 3 - fid);
	answer(bench, MH_FLOW_FID_NOT_FOUND);
	soon(bench);
	/* RULE: MH-22 */
	assert_int_equal(sent(bench)->flow_count, 2);
	assert_int_equal(sent(bench)->flow[0].operation, MH_FLOW_ADD);
	assert_int_equal(sent(bench)->flow[1].operation, MH_FLOW_ADD);
	answer(bench, MH_FLOW_ACCEPTED);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);
	assert_int_equal(flow_at(bench, 2)->state, BULE_FLOW_STANDS);
	assert_mag_agreed(bench);
}

/* Whether it stands, or is to be changed. */
static void test_anchor_lost_meanwhile(void **state)
{
	struct mh_flow flows[] = { flow_of(1, 10, "proto", "udp"),
				   flow_of(2, 20, "proto", "tcp") };
	struct mag_bench *bench = *state;
	struct mh_flow other = flow_of(1, 11, "proto", "esp");

	begin(bench, flows, 2);
	assert_null(mag_flow_set(&bench->mag, mn(bench, 1), &other, true,
				 bench->world.now));
	soon(bench);
	assert_int_equal(sent(bench)->flow_count, 1);
	answer(bench, MH_FLOW_FID_NOT_FOUND);
	soon(bench);
	assert_int_equal(sent(bench)->flow_count, 2);
}

/* Also beside one that is asked for with each renewal, but not beside news. */
static void test_beside_others(void **state)
{
	struct mh_flow flows[] = { flow_of(1, 10, "proto", "udp"),
				   flow_of(2, 20, "proto", "tcp") };
	struct mag_bench *bench = *state;
	struct mh_flow more = flow_of(3, 30, "proto", "esp");
	struct mh_binding_ack ba;

	want_flows(bench, flows, 2);
	arrive(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.flow[1].status = MH_FLOW_REASON_UNSPECIFIED;
	hand_and_run(bench, &ba);
	until_sent(bench);
	assert_int_equal(sent(bench)->flow_count, 2);
	assert_int_equal(sent(bench)->flow[0].fid, 2);
	assert_int_equal(sent(bench)->flow[1].fid, 1);
	answer(bench, MH_FLOW_ACCEPTED);
	assert_null(mag_flow_set(&bench->mag, mn(bench, 1), &more, false,
				 bench->world.now));
	soon(bench);
	assert_int_equal(sent(bench)->flow_count, 1);
	assert_int_equal(sent(bench)->flow[0].fid, 3);
}

/* One flow stands, and the operator has another one to say. */
static struct mag_bench *begin_with_news(void **state)
{
	struct mh_flow flows[] = { flow_of(1, 10, "proto", "udp") };
	struct mh_flow more = flow_of(3, 30, "proto", "esp");
	struct mag_bench *bench = *state;

	begin(bench, flows, 1);
	assert_null(mag_flow_set(&bench->mag, mn(bench, 1), &more, false,
				 bench->world.now));
	return bench;
}

/* What its anchor may have, a gateway that restarts knows that it has said. */
static void test_gateway_lost(void **state)
{
	struct mag_bench *bench = begin_with_news(state);

	soon(bench);
	assert_int_equal(sent(bench)->flow[0].fid, 3);
	/* The anchor accepts, and nobody hears that. */
	assert_int_equal(mag_bench_restart(bench, true), 1);
	assert_int_equal(mn(bench, 1)->multihoming->count, 2);
	assert_int_equal(flow_at(bench, 3)->origin, BULE_FLOW_OPERATOR);
	assert_true(flow_at(bench, 3)->known);
	soon(bench);
	assert_int_equal(sent(bench)->flow[0].fid, 3);
	assert_int_equal(sent(bench)->flow[0].operation, MH_FLOW_MODIFY);
}

/* Nor is it said again before it is stored, where that has failed. */
static void test_gateway_lost_once_stored(void **state)
{
	struct mag_bench *bench = begin_with_news(state);

	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, ENOSPC);
	soon(bench);
	assert_int_equal(bench->world.fail_count, 0);
	until_sent(bench);
	assert_int_equal(sent(bench)->flow[0].fid, 3);
	assert_int_equal(mag_bench_restart(bench, true), 1);
	assert_int_equal(mn(bench, 1)->multihoming->count, 2);
	assert_true(flow_at(bench, 3)->known);
}

/* Of this one the next acknowledgement says that it was moved here. */
static void move_here(struct mag_bench *bench, struct mh_flow moved)
{
	struct mh_binding_ack ba;

	until_sent(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	moved.has_extras = true;
	moved.pro = MH_FLOW_PRO_REINSTANTIATED;
	ba.options.flow[ba.options.flow_count++] = moved;
	hand_and_run(bench, &ba);
	assert_int_equal(flow_at(bench, moved.fid)->origin, BULE_FLOW_ANCHOR);
}

/*
 * What an anchor that has lost it hears of again it has from here: it is here, also
 * if it is not said to be. By one of its identifiers the anchor knows it as moved.
 */
static void test_moved_here_before(void **state)
{
	struct mh_flow own = flow_of(1, 10, "proto", "udp");
	struct mag_bench *bench = *state;

	begin(bench, &own, 1);
	move_here(bench, flow_of(5, 20, "proto", "tcp"));
	flows_anew(mn(bench, 1)->multihoming);
	until_sent(bench);
	assert_int_equal(sent(bench)->flow_count, 2);
	assert_int_equal(sent(bench)->flow[1].operation, MH_FLOW_ADD);
	answer(bench, MH_FLOW_ACCEPTED);
	until_sent(bench);
	answer(bench, MH_FLOW_ACCEPTED);
	assert_non_null(flow_at(bench, 5));
	/* RULE: MH-23 */
	assert_int_equal(flow_at(bench, 5)->origin, BULE_FLOW_OPERATOR);
	assert_int_equal(flow_at(bench, 5)->state, BULE_FLOW_STANDS);
	assert_int_equal(bench->mag.counters.flows_given_back, 0);
	/* And an operator can have it deleted. */
	assert_null(mag_flow_delete(&bench->mag, mn(bench, 1), 5,
				    bench->world.now));
	soon(bench);
	assert_int_equal(sent(bench)->flow[0].operation, MH_FLOW_DELETE);
	answer(bench, MH_FLOW_ACCEPTED);
	assert_null(flow_at(bench, 5));
	move_here(bench, flow_of(FLOW_FID_OF_ANCHOR, 20, "proto", "tcp"));
	flows_anew(mn(bench, 1)->multihoming);
	until_sent(bench);
	assert_int_equal(sent(bench)->flow_count, 2);
	answer(bench, MH_FLOW_ACCEPTED);
	assert_int_equal(flow_at(bench, FLOW_FID_OF_ANCHOR)->origin,
			 BULE_FLOW_ANCHOR);
	assert_mag_agreed(bench);
}

/* An anchor that refuses it may have it as another gateway said it before. */
static void test_refused_but_there(void **state)
{
	struct mh_flow one = flow_of(1, 10, "proto", "udp");
	struct mag_bench *bench = *state;

	want_flows(bench, &one, 1);
	arrive(bench);
	answer(bench, MH_FLOW_REASON_UNSPECIFIED);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_REFUSED);
	assert_null(mag_flow_delete(&bench->mag, mn(bench, 1), 1,
				    bench->world.now));
	soon(bench);
	assert_int_equal(sent(bench)->flow_count, 1);
	assert_int_equal(sent(bench)->flow[0].operation, MH_FLOW_DELETE);
	/* Or it has none of it. */
	answer(bench, MH_FLOW_FID_NOT_FOUND);
	assert_null(flow_at(bench, 1));
	assert_mag_agreed(bench);
}

/*
 * Nor is what it says to have under that identifier, from before, what was asked for:
 * that is asked for again.
 */
static void test_refused_but_moved(void **state)
{
	struct mh_flow one = flow_of(1, 10, "proto", "udp");
	struct mh_flow before = flow_of(1, 20, "proto", "tcp");
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	want_flows(bench, &one, 1);
	arrive(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.flow[0].status = MH_FLOW_REASON_UNSPECIFIED;
	before.has_extras = true;
	before.pro = MH_FLOW_PRO_REINSTANTIATED;
	ba.options.flow[ba.options.flow_count++] = before;
	hand_and_run(bench, &ba);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_REFUSED);
	assert_int_equal(flow_at(bench, 1)->says.priority, 10);
	until_sent(bench);
	/* RULE: MH-23 */
	assert_int_equal(sent(bench)->flow_count, 1);
	assert_int_equal(sent(bench)->flow[0].priority, 10);
	answer(bench, MH_FLOW_ACCEPTED);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);
	assert_mag_agreed(bench);
}

/*
 * It may have forgotten one that stands here, and have moved that of another interface
 * here since, by the same identifier: it is told what it shall be.
 */
static void test_stands_but_moved(void **state)
{
	struct mh_flow one = flow_of(1, 10, "proto", "udp");
	struct mh_flow others = flow_of(1, 20, "proto", "tcp");
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	begin(bench, &one, 1);
	until_sent(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	others.has_extras = true;
	others.pro = MH_FLOW_PRO_REINSTANTIATED;
	ba.options.flow[0] = others;
	ba.options.flow_count = 1;
	hand_and_run(bench, &ba);
	assert_int_equal(bench->mag.counters.flows_taken_over, 0);
	soon(bench);
	/* RULE: MH-23 */
	assert_int_equal(sent(bench)->flow_count, 1);
	assert_int_equal(sent(bench)->flow[0].operation, MH_FLOW_MODIFY);
	assert_int_equal(sent(bench)->flow[0].priority, 10);
	answer(bench, MH_FLOW_ACCEPTED);
	assert_int_equal(flow_at(bench, 1)->state, BULE_FLOW_STANDS);
	assert_int_equal(flow_at(bench, 1)->origin, BULE_FLOW_PROFILE);
	assert_int_equal(flow_at(bench, 1)->says.priority, 10);
	assert_mag_agreed(bench);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, \
	flows_setup, mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_anchor_lost),
		TEST(test_anchor_lost_meanwhile),
		TEST(test_beside_others),
		TEST(test_gateway_lost),
		TEST(test_gateway_lost_once_stored),
		TEST(test_moved_here_before),
		TEST(test_refused_but_there),
		TEST(test_refused_but_moved),
		TEST(test_stands_but_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
