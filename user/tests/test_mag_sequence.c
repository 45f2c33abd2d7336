// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_*.c: the order of PBUs by sequence numbers, which RFC 5213 5.5
 * has beside that by timestamps.
 */
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

/* A gateway without timestamps. */
static int setup(void **state)
{
	struct mag_bench *bench;

	mag_bench_setup(state);
	bench = *state;
	bench->mag.config.timestamp_based = false;
	return 0;
}

/* One after the other in each session, whatever others do. */
static void test_per_session(void **state)
{
	struct mag_bench *bench = *state;
	uint16_t first, second;

	arrive(bench);
	/* RULE: B-MAG-16 */
	assert_false(last_pbu(bench)->options.has_timestamp);
	first = last_pbu(bench)->sequence;
	bench->profile.mn_id = nai("mn2@example.com");
	attach(bench, ACCESS1, 2, false);
	world_settle(&bench->world);
	second = last_pbu(bench)->sequence;
	/* Drawn at random: another gateway may have had it before. */
	assert_int_not_equal(second, (uint16_t)(first + 1));
	mag_bench_until(bench, 1000);
	assert_int_equal(bench->world.sent_count, 4);
	/* RULE: B-MAG-16 B-MAG-53 */
	assert_int_equal(mn(bench, 1)->sequence, (uint16_t)(first + 1));
	assert_int_equal(mn(bench, 2)->sequence, (uint16_t)(second + 1));
}

/* It goes on through registration, refresh, restart and the end. */
static void test_goes_on(void **state)
{
	struct mag_bench *bench = *state;
	uint16_t sequence;

	register_at(bench, ACCESS1);
	sequence = last_pbu(bench)->sequence;
	until_sent(bench);
	/* RULE: B-MAG-16 B-MAG-20 */
	assert_int_equal(last_pbu(bench)->sequence, (uint16_t)(sequence + 1));
	assert_false(last_pbu(bench)->options.has_timestamp);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mag_bench_restart(bench, true), 1);
	bench->mag.config.timestamp_based = false;
	until_sent(bench);
	/* Beyond what may have been sent, and accepted, since that was kept. */
	/* RULE: B-MAG-16 */
	assert_in_range((uint16_t)(last_pbu(bench)->sequence - sequence), 20,
			1000);
	sequence = last_pbu(bench)->sequence;
	acknowledge(bench, MH_ACCEPTED);
	detach(bench, false);
	world_settle(&bench->world);
	assert_int_equal(last_pbu(bench)->sequence, (uint16_t)(sequence + 1));
	assert_int_equal(last_pbu(bench)->lifetime, 0);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

/* A number is one of a session: the same in another is another's. */
static void test_told_apart(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	arrive(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	bench->profile.mn_id = nai("mn2@example.com");
	attach(bench, ACCESS1, 2, false);
	world_settle(&bench->world);
	mn(bench, 2)->copies[0].sequence = ba.sequence;
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_int_equal(mn(bench, 2)->state, BULE_REGISTERING);
}

/* Nor is a copy of what one interface was answered an answer to the other one. */
static void test_told_apart_by_interface(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	arrive(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	attach(bench, ACCESS1, 2, false);
	world_settle(&bench->world);
	mn(bench, 2)->copies[0].sequence = ba.sequence;
	hand(bench, &ba);
	world_settle(&bench->world);
	/* RULE: B-MAG-54 */
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_UNASKED], 1);
	assert_false(mn(bench, 2)->stopped);
	assert_int_equal(mn(bench, 2)->state, BULE_REGISTERING);
	/* That of an interface that is not here is one of these, said wrong. */
	ba.options.ll_id = ll_id6(3);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_ECHO], 1);
	assert_true(mn(bench, 2)->stopped);
}

/* What the anchor had last, as status 135 tells it. */
static void refuse(struct mag_bench *bench, uint16_t last, bool lladdr)
{
	struct mh_binding_ack ba = pba_to(last_pbu(bench),
					  MH_SEQUENCE_OUT_OF_WINDOW, NULL);

	ba.sequence = last;
	ba.options.has_ll_id = lladdr;
	hand(bench, &ba);
	world_settle(&bench->world);
}

/*
 * One of another kind was overtaken by the newest, which the anchor has accepted:
 * neither is that a reason to ask again, nor one never to ask again.
 */
static void test_overtaken_of_another_kind(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	register_at(bench, ACCESS1);
	until_sent(bench);
	ba = pba_to(last_pbu(bench), MH_SEQUENCE_OUT_OF_WINDOW, NULL);
	assert_int_not_equal(ba.options.handoff, MH_HI_SAME_INTERFACE);
	ba.options.handoff = MH_HI_SAME_INTERFACE;
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_false(mn(bench, 1)->stopped);
	assert_int_equal(bench->world.sent_count, 2);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

static void test_out_of_window(void **state)
{
	static const uint16_t ahead[] = { 0, 1, 1000, 0x7fff };
	struct mag_bench *bench;
	uint16_t last;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ahead); i++) {
		setup(state);
		bench = *state;
		arrive(bench);
		last = (uint16_t)(last_pbu(bench)->sequence + ahead[i]);
		refuse(bench, last, i != 1);
		assert_int_equal(bench->world.sent_count, 2);
		/* RULE: B-MAG-53 */
		assert_int_equal(last_pbu(bench)->sequence,
				 (uint16_t)(last + 1));
		assert_int_equal(last_pbu(bench)->options.handoff,
				 MH_HI_UNKNOWN);
		assert_mag_agreed(bench);
		acknowledge(bench, MH_ACCEPTED);
		assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
		assert_mag_agreed(bench);
		mag_bench_teardown(state);
	}
}

/* Once: what is refused then is refused. */
static void test_out_of_window_again(void **state)
{
	struct mag_bench *bench = *state;

	arrive(bench);
	refuse(bench, (uint16_t)(last_pbu(bench)->sequence + 5), true);
	refuse(bench, (uint16_t)(last_pbu(bench)->sequence + 5), true);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(mn(bench, 1)->state, BULE_REFUSED);
	assert_int_equal(bench->mag.counters.refused[MAG_REFUSED_SEQUENCE], 2);
	assert_mag_agreed(bench);
}

/* What was overtaken by a copy that the anchor has accepted. */
static void test_out_of_window_but_old(void **state)
{
	struct mag_bench *bench = *state;
	uint16_t first;

	arrive(bench);
	first = last_pbu(bench)->sequence;
	mag_bench_until(bench, 1000);
	assert_int_equal(bench->world.sent_count, 2);
	refuse(bench, first, true);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_UNASKED], 1);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
}

/* Of one that nobody waits for, and of one that echoes something else. */
static void test_out_of_window_of_nobody(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	arrive(bench);
	ba = pba_to(last_pbu(bench), MH_SEQUENCE_OUT_OF_WINDOW, NULL);
	ba.options.mn_id = nai("mn2@example.com");
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_UNASKED], 1);
	ba = pba_to(last_pbu(bench), MH_SEQUENCE_OUT_OF_WINDOW, NULL);
	ba.sequence++;
	ba.options.handoff = MH_HI_SAME_INTERFACE;
	hand(bench, &ba);
	world_settle(&bench->world);
	/* RULE: B-MAG-54 */
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_ECHO], 1);
	/* Nothing says what it answers: what was asked may still be answered. */
	assert_false(mn(bench, 1)->stopped);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* One that is late, of an exchange that is over, ends none that came after it. */
static void test_out_of_window_too_late(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack late;

	register_at(bench, ACCESS1);
	world_pass(&bench->world, 10000);
	mag_on_arrival(&bench->mag, ll_id6(1).data, bench->world.now);
	mag_bench_until(bench, 0);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
	late = pba_to(last_pbu(bench), MH_SEQUENCE_OUT_OF_WINDOW, NULL);
	late.sequence = (uint16_t)(late.sequence + 1000);
	acknowledge(bench, MH_ACCEPTED);
	until_sent(bench);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	hand(bench, &late);
	world_settle(&bench->world);
	assert_false(mn(bench, 1)->stopped);
	acknowledge(bench, MH_ACCEPTED);
	assert_false(mn(bench, 1)->waits);
	assert_mag_agreed(bench);
}

/*
 * Likewise of any status, where the number was counted on from what the anchor
 * said: who was here before did so, too, and refreshed what another gateway had.
 * Any other number is of what was asked.
 */
static void test_late_by_the_same_number(void **state)
{
	struct mag_bench *bench;
	struct mh_binding_ack late;
	int recounted;

	for (recounted = 0; recounted < 2; recounted++) {
		setup(state);
		bench = *state;
		arrive(bench);
		if (recounted)
			refuse(bench, (uint16_t)(last_pbu(bench)->sequence + 5),
			       true);
		late = pba_to(last_pbu(bench), MH_NOT_AUTHORIZED_FOR_HNP, NULL);
		late.options.handoff = MH_HI_NOT_CHANGED;
		hand(bench, &late);
		world_settle(&bench->world);
		/* RULE: B-MAG-54 */
		assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_ECHO],
				 1);
		assert_int_equal(mn(bench, 1)->stopped, !recounted);
		assert_int_equal(mn(bench, 1)->state, recounted ?
				 BULE_REGISTERING : BULE_REFUSED);
		if (recounted) {
			acknowledge(bench, MH_ACCEPTED);
			assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
		}
		assert_mag_agreed(bench);
		mag_bench_teardown(state);
	}
}

/* Register anew, whatever the time, with another Handoff Indicator than to renew. */
static struct mh_binding_ack renew_otherwise(struct mag_bench *bench)
{
	struct mh_binding_ack ba;

	mag_on_arrival(&bench->mag, ll_id6(1).data, bench->world.now);
	mag_bench_until(bench, 0);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.handoff = MH_HI_SAME_INTERFACE;
	return ba;
}

/*
 * So it is with the numbers after that, until nobody would wait for their answers any
 * more: who echoes something else then answers what was asked.
 */
static void test_late_for_so_long(void **state)
{
	struct mag_bench *bench = *state;
	uint32_t most = bench->mag.config.max_bindack_timeout_ms;
	struct mh_binding_ack late;

	arrive(bench);
	refuse(bench, (uint16_t)(last_pbu(bench)->sequence + 5), true);
	acknowledge(bench, MH_ACCEPTED);
	mag_bench_until(bench, most - 1);
	late = renew_otherwise(bench);
	hand(bench, &late);
	world_settle(&bench->world);
	/* RULE: B-MAG-54 */
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_ECHO], 1);
	assert_false(mn(bench, 1)->stopped);
	assert_true(mn(bench, 1)->waits);
	world_pass(&bench->world, 1);
	hand(bench, &late);
	world_settle(&bench->world);
	/* RULE: B-MAG-54 */
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_ECHO], 2);
	assert_true(mn(bench, 1)->stopped);
	assert_false(mn(bench, 1)->waits);
	assert_mag_agreed(bench);
}

/* An anchor that always does so is not asked for as long as the entry lives. */
static void test_echoes_never(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	arrive(bench);
	refuse(bench, (uint16_t)(last_pbu(bench)->sequence + 5), true);
	while (!mn(bench, 1)->stopped) {
		/* RULE: B-MAG-54 */
		assert_in_range(bench->world.sent_count, 0, 8);
		until_sent(bench);
		ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
		ba.options.handoff = MH_HI_SAME_INTERFACE;
		hand(bench, &ba);
		world_settle(&bench->world);
	}
	assert_int_equal(mn(bench, 1)->state, BULE_REFUSED);
	assert_mag_agreed(bench);
}

static void test_out_of_window_at_the_end(void **state)
{
	struct mag_bench *bench = *state;
	uint16_t last;

	register_at(bench, ACCESS1);
	detach(bench, false);
	world_settle(&bench->world);
	last = (uint16_t)(last_pbu(bench)->sequence + 9);
	refuse(bench, last, true);
	assert_int_equal(last_pbu(bench)->sequence, (uint16_t)(last + 1));
	assert_int_equal(last_pbu(bench)->lifetime, 0);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, setup, mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_per_session),
		with_bench(test_goes_on),
		with_bench(test_told_apart),
		with_bench(test_told_apart_by_interface),
		with_bench(test_overtaken_of_another_kind),
		cmocka_unit_test(test_out_of_window),
		with_bench(test_out_of_window_again),
		with_bench(test_out_of_window_but_old),
		with_bench(test_out_of_window_of_nobody),
		with_bench(test_out_of_window_too_late),
		cmocka_unit_test(test_late_by_the_same_number),
		with_bench(test_late_for_so_long),
		with_bench(test_echoes_never),
		with_bench(test_out_of_window_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
