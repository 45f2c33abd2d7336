// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag.c: what happens while a transaction is under way.
 */
#include <errno.h>

#include "common/mag_bench.h"
#include "common/test.h"

/* The acknowledgement has come, and what it promises is being set up. */
static struct bule *begin_busy(struct mag_bench *bench)
{
	struct mh_binding_ack ba;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	hand(bench, &ba);
	assert_true(mn(bench, 1)->busy);
	assert_int_equal(bench->world.pending_count, 1);
	return mn(bench, 1);
}

static void test_detach_while_busy(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = begin_busy(bench);

	detach(bench, false);
	assert_int_equal(bench->world.pending_count, 1);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_DEREGISTERING);
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], HNP1);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

static void test_hold_while_busy(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = begin_busy(bench);

	detach(bench, true);
	/* A frame of it is no reason to forget what the operator said. */
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(bule->state, BULE_HELD);
	assert_mag_agreed(bench);
}

static void test_move_while_busy(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = begin_busy(bench);

	attach(bench, ACCESS2, 1, false);
	assert_int_equal(bule->at.ifindex, ACCESS1);
	world_settle(&bench->world);
	assert_int_equal(bule->at.ifindex, ACCESS2);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* Left, and back, and left: what was last counts. */
static void test_last_word_while_busy(void **state)
{
	struct mag_bench *bench = *state;

	begin_busy(bench);
	detach(bench, false);
	attach(bench, ACCESS2, 1, false);
	detach(bench, false);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_DEREGISTERING);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

/* Forwarding is just being ended, for good or for a hold. */
static struct bule *begin_ending(struct mag_bench *bench, bool hold)
{
	struct mh_binding_ack ba;

	register_at(bench, ACCESS1);
	detach(bench, hold);
	world_settle(&bench->world);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	hand(bench, &ba);
	assert_true(mn(bench, 1)->busy);
	return mn(bench, 1);
}

static void test_attach_while_ending(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = begin_ending(bench, false);

	bench->profile.lifetime_s = 1000;
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_REGISTERING);
	assert_int_equal(bench->world.binding_count, 0);
	/* By the profile that it came with. */
	assert_int_equal(last_pbu(bench)->lifetime, 250);
	assert_mag_agreed(bench);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(world_route(&bench->world, HNP1)->access_ifindex,
			 ACCESS2);
	assert_mag_agreed(bench);
}

static void test_hold_while_ending(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = begin_ending(bench, false);

	detach(bench, true);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_HELD);
	assert_false(hears_all(bench, ACCESS1));
	assert_mag_agreed(bench);
}

static void test_frame_while_ending_for_a_hold(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = begin_ending(bench, true);

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_HELD);
	assert_mag_agreed(bench);
}

static void test_command_while_ending_for_a_hold(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = begin_ending(bench, true);

	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_REGISTERING);
	acknowledge(bench, MH_ACCEPTED);
	assert_mag_agreed(bench);
}

static void test_link_down_while_ending_for_a_hold(void **state)
{
	struct mag_bench *bench = *state;

	begin_ending(bench, true);
	mag_on_link_down(&bench->mag, ACCESS1, bench->world.now,
			 &bench->world.out);
	world_settle(&bench->world);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

static void test_acknowledgement_while_busy(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = begin_busy(bench);
	struct mh_binding_ack ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);

	hand(bench, &ba);
	ba.status = MH_INSUFFICIENT_RESOURCES;
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* One that comes while forwarding is being ended will come again. */
static void test_acknowledgement_while_expiring(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);
	struct mh_binding_ack ba;

	mag_on_path_expired(&bench->mag, bule->id, bule->generation,
			    bench->world.now, &bench->world.out);
	world_collect(&bench->world);
	/* The PBU goes out while forwarding still stands. */
	world_run_one(&bench->world, bench->world.pending_count - 1);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	hand(bench, &ba);
	ba.status = MH_INSUFFICIENT_RESOURCES;
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_REGISTERING);
	assert_mag_agreed(bench);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* All timers wait for the end of what is under way, and none gets lost. */
static void test_timers_while_busy(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = begin_busy(bench);
	int turn;

	for (turn = 0; turn < 50; turn++) {
		world_pass(&bench->world, 20000);
		mag_on_timer(&bench->mag, bench->world.now, &bench->world.out);
		assert_int_equal(world_collect(&bench->world), 1);
		assert_true(mag_next_timer(&bench->mag) >
			    bench->world.now.mono_ms);
	}
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_ACTIVE);
	/* Its lifetime has long ended. */
	mag_bench_until(bench, 200);
	assert_int_equal(bench->mag.counters.expired, 1);
	assert_int_equal(bule->state, BULE_REGISTERING);
	assert_mag_agreed(bench);
}

static void test_free_while_busy(void **state)
{
	struct mag_bench *bench = *state;

	begin_busy(bench);
	attach(bench, ACCESS2, 1, false);
	assert_int_equal(bench->world.pending_count, 1);
}

/* Detached meanwhile, it is not refused but gone. */
static void test_forwarding_fails_and_leaves(void **state)
{
	struct mag_bench *bench = *state;

	begin_busy(bench);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, EIO);
	detach(bench, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_true(hears_all(bench, ACCESS1));
	assert_mag_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_detach_while_busy),
		with_bench(test_hold_while_busy),
		with_bench(test_move_while_busy),
		with_bench(test_last_word_while_busy),
		with_bench(test_attach_while_ending),
		with_bench(test_hold_while_ending),
		with_bench(test_frame_while_ending_for_a_hold),
		with_bench(test_command_while_ending_for_a_hold),
		with_bench(test_link_down_while_ending_for_a_hold),
		with_bench(test_acknowledgement_while_busy),
		with_bench(test_acknowledgement_while_expiring),
		with_bench(test_timers_while_busy),
		with_bench(test_free_while_busy),
		with_bench(test_forwarding_fails_and_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
