// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_pbu.c: nobody is asked for who is not there, RFC 5213 6.13,
 * 6.9.4 (2); and the end, 6.9.1.4.
 */
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

/* A gateway that listens: who is silent for 30 s is asked. */
static int setup(void **state)
{
	struct mag_bench *bench;

	mag_bench_setup(state);
	bench = *state;
	mag_bench_listen(bench);
	return 0;
}

static void hear(struct mag_bench *bench)
{
	struct in6_addr address = ip6("fe80::1");

	bench->heard_ms = bench->world.now.mono_ms;
	mag_on_neighbour(&bench->mag, ll_id6(1).data, &address,
			 bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

/* Until the refresh is due: nothing was sent, but the mobile node asked. */
static void until_asked(struct mag_bench *bench)
{
	uint64_t end = bench->world.now.mono_ms + 300000;

	while (!mn(bench, 1)->unheard) {
		assert_true(bench->world.now.mono_ms < end);
		mag_bench_until(bench, 100);
	}
}

static void test_present(void **state)
{
	struct mag_bench *bench = *state;
	size_t probes = bench->world.probe_count;

	arrive(bench);
	acknowledge(bench, MH_ACCEPTED);
	while (bench->world.sent_count < 2 && mn(bench, 1)) {
		bench->heard_ms = bench->world.now.mono_ms;
		mag_bench_until(bench, 1000);
	}
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	assert_int_equal(bench->world.probe_count, probes);
}

/* Silent, but there: it is asked first, and then for. */
static void test_silent_but_there(void **state)
{
	struct mag_bench *bench = *state;

	arrive(bench);
	acknowledge(bench, MH_ACCEPTED);
	until_asked(bench);
	/* RULE: B-MAG-43 */
	assert_int_equal(bench->world.sent_count, 1);
	/* RULE: B-MAG-43 */
	assert_int_equal(bench->world.probe_count, 1);
	mag_bench_until(bench, 2000);
	/* RULE: B-MAG-43 */
	assert_int_equal(bench->world.sent_count, 1);
	hear(bench);
	mag_bench_until(bench, 0);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	assert_int_not_equal(last_pbu(bench)->lifetime, 0);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* What it says may be no Neighbour Discovery. */
static void test_heard_otherwise(void **state)
{
	struct mag_bench *bench = *state;

	arrive(bench);
	acknowledge(bench, MH_ACCEPTED);
	until_asked(bench);
	mag_bench_until(bench, 1000);
	bench->heard_ms = bench->world.now.mono_ms;
	mag_bench_until(bench, 4000);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_not_equal(last_pbu(bench)->lifetime, 0);
}

/* It can not be told: it is not extended, but given up. */
static void test_not_known(void **state)
{
	struct mag_bench *bench = *state;

	arrive(bench);
	acknowledge(bench, MH_ACCEPTED);
	until_asked(bench);
	mag_bench_until(bench, 5000);
	assert_int_equal(bench->world.sent_count, 2);
	/* RULE: B-MAG-44 B-MAG-45 */
	assert_int_equal(last_pbu(bench)->lifetime, 0);
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], HNP1);
	assert_int_equal(bench->mag.counters.unheard, 1);
	mag_bench_until(bench, 100000);
	/* RULE: B-MAG-45 */
	assert_null(mn(bench, 1));
	assert_int_equal(bench->world.binding_count, 0);
	assert_mag_agreed(bench);
	/* It was never extended: nothing but the end was said. */
	assert_int_equal(bench->world.sent_count, 4);
	assert_int_equal(last_pbu(bench)->lifetime, 0);
}

/* Nor is a copy sent for one that may have gone. */
static void test_retransmission(void **state)
{
	struct mag_bench *bench = *state;
	size_t sent;

	arrive(bench);
	until_asked(bench);
	sent = bench->world.sent_count;
	/* 1 + 2 + 4 + 8 + 16 + 32 s: the next is beyond what is known. */
	assert_int_equal(sent, 7);
	mag_bench_until(bench, 1000);
	/* RULE: B-MAG-53 B-MAG-83 B-MAG-43 */
	assert_int_equal(bench->world.sent_count, sent);
	hear(bench);
	mag_bench_until(bench, 0);
	assert_int_equal(bench->world.sent_count, sent + 1);
	assert_int_equal(bench->world.sent[sent].message->bu.lifetime, 75);
	assert_int_equal(mn(bench, 1)->interval_ms, 32000);
	assert_mag_agreed(bench);
	/* Nor for one that has gone. */
	until_asked(bench);
	sent = bench->world.sent_count;
	mag_bench_until(bench, 5000);
	assert_int_equal(bench->world.sent_count, sent + 1);
	/* RULE: B-MAG-53 B-MAG-83 */
	assert_int_equal(last_pbu(bench)->lifetime, 0);
}

/* Its link and the operator are believed where nothing else is to be. */
static void test_link_is_believed(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.presence_s = 0;
	arrive(bench);
	acknowledge(bench, MH_ACCEPTED);
	mag_bench_until(bench, 230000);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	assert_int_equal(bench->world.probe_count, 0);
}

/* What has expired is begun anew only with one that is there. */
static void test_expired(void **state)
{
	struct mag_bench *bench = *state;

	arrive(bench);
	acknowledge(bench, MH_ACCEPTED);
	mag_bench_until(bench, 100000);
	mag_on_path_expired(&bench->mag, mn(bench, 1)->id,
			    mn(bench, 1)->generation, bench->world.now,
			    &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->world.binding_count, 0);
	assert_mag_agreed(bench);
	hear(bench);
	mag_bench_until(bench, 0);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
	assert_int_equal(mn(bench, 1)->interval_ms, 1000);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* --- The end: 6.9.1.4. */

/* Dropped after INITIAL_BINDACK_TIMEOUT, repeated while anchors wait for it. */
static void test_deregistration(void **state)
{
	static const struct {
		uint32_t initial, delay, copy, drop;
	} rows[] = {
		{ 1000, 1500, 1000, 1000 }, { 2000, 1500, 1000, 2000 },
		{ 400, 1500, 400, 400 }, { 1000, 600, 400, 1000 },
		{ 3000, 0, 3000, 3000 },
	};
	struct mag_bench *bench;
	uint64_t begun;
	size_t sent, i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		mag_bench_setup(state);
		bench = *state;
		bench->mag.config.initial_bindack_timeout_ms = rows[i].initial;
		bench->mag.config.max_delay_ms = rows[i].delay;
		register_at(bench, ACCESS1);
		detach(bench, false);
		world_settle(&bench->world);
		sent = bench->world.sent_count;
		begun = bench->world.now.mono_ms;
		while (bench->world.sent_count == sent &&
		       bench->world.now.mono_ms < begun + 10000)
			mag_bench_until(bench, 1);
		/* RULE: B-MAG-78 */
		assert_int_equal(bench->world.now.mono_ms - begun,
				 rows[i].copy);
		/* RULE: B-MAG-78 */
		assert_int_equal(last_pbu(bench)->lifetime, 0);
		mag_bench_until(bench, rows[i].drop - rows[i].copy);
		/* RULE: B-MAG-22 */
		assert_int_equal(bench->world.binding_count, 0);
		assert_int_equal(bench->world.route_count, 0);
		mag_bench_until(bench, 200000);
		assert_int_equal(bench->world.sent_count, 4);
		assert_null(mn(bench, 1));
		assert_mag_agreed(bench);
		mag_bench_teardown(state);
	}
}

/* With one copy or none, what stands ends no later. */
static void test_deregistration_with_few_tries(void **state)
{
	struct mag_bench *bench;
	uint32_t tries;

	for (tries = 1; tries < 3; tries++) {
		mag_bench_setup(state);
		bench = *state;
		bench->mag.config.initial_bindack_timeout_ms = 5000;
		bench->mag.config.deregistration_tries = tries;
		register_at(bench, ACCESS1);
		detach(bench, false);
		world_settle(&bench->world);
		mag_bench_until(bench, 4999);
		assert_int_equal(bench->world.binding_count, 1);
		assert_mag_agreed(bench);
		mag_bench_until(bench, 1);
		/* RULE: B-MAG-22 */
		assert_int_equal(bench->world.binding_count, 0);
		assert_null(mn(bench, 1));
		assert_int_equal(bench->world.sent_count, 1 + tries);
		mag_bench_teardown(state);
	}
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, setup, mag_bench_teardown)

/* Its clock is right again; who has left meanwhile is not registered. */
static void test_clock_of_one_that_left(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	size_t sent, probes;

	arrive(bench);
	ba = pba_to(last_pbu(bench), MH_TIMESTAMP_MISMATCH, NULL);
	ba.options.timestamp += wall_from_ms(5000);
	hand(bench, &ba);
	world_settle(&bench->world);
	mag_bench_until(bench, 300000);
	assert_int_equal(mn(bench, 1)->state, BULE_REFUSED);
	sent = bench->world.sent_count;
	probes = bench->world.probe_count;
	bench->world.now.wall += wall_from_ms(5000);
	mag_on_clock(&bench->mag, false, bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, sent);
	assert_int_equal(bench->world.probe_count, probes + 1);
	assert_null(mn(bench, 1));
	assert_true(world_hears_all(&bench->world, ACCESS1, ll_id6(1).data));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_present),
		with_bench(test_silent_but_there),
		with_bench(test_heard_otherwise),
		with_bench(test_clock_of_one_that_left),
		with_bench(test_not_known),
		with_bench(test_retransmission),
		with_bench(test_link_is_believed),
		with_bench(test_expired),
		cmocka_unit_test(test_deregistration),
		cmocka_unit_test(test_deregistration_with_few_tries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
