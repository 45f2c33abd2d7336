// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_peer.c: anchors that have restarted or are gone
 */
#include <stdio.h>
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

#define ANNOUNCEMENT (MH_HB_UNSOLICITED | MH_HB_RESPONSE)

static void settle(struct mag_bench *bench)
{
	peers_settle(&bench->mag.peers, bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

static struct peer *anchor(struct mag_bench *bench)
{
	struct in6_addr key = ip6(ANCHOR);

	return peers_find(&bench->mag.peers, &key);
}

static void tells(struct mag_bench *bench, uint32_t counter)
{
	struct mh_heartbeat heartbeat = {
		.flags = ANNOUNCEMENT,
		.has_restart_counter = true,
		.restart_counter = counter,
	};
	struct in6_addr src = ip6(ANCHOR);

	peers_on_heartbeat(&bench->mag.peers, &src, &heartbeat,
			   bench->world.now, &bench->world.out);
	settle(bench);
}

static unsigned int pbus(struct mag_bench *bench)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < bench->world.sent_count; i++)
		if (bench->world.sent[i].message->type == MH_BINDING_UPDATE)
			count++;
	world_forget_messages(&bench->world);
	return count;
}

static void test_counted(void **state)
{
	struct mag_bench *bench = *state;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	/* It was asked for, and not granted yet. */
	/* RULE: HB-02 */
	assert_null(anchor(bench));
	acknowledge(bench, MH_ACCEPTED);
	/* RULE: HB-02 */
	assert_int_equal(anchor(bench)->bindings, 1);
	assert_int_equal(mag_bench_restart(bench, true), 1);
	assert_int_equal(anchor(bench)->bindings, 1);
	mn(bench, 1)->at.ifindex = ACCESS1;
	/* Its entry stays, and forwards nothing. */
	detach(bench, true);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_HELD);
	/* RULE: HB-02 */
	assert_int_equal(anchor(bench)->bindings, 0);
}

static void test_restarted(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);

	tells(bench, 1);
	mag_bench_until(bench, 10000);
	pbus(bench);
	tells(bench, 1);
	mag_bench_until(bench, 1000);
	/* RULE: HB-08 */
	assert_int_equal(pbus(bench), 0);
	tells(bench, 2);
	mag_bench_until(bench, 100);
	/* RULE: HB-08 */
	assert_int_equal(last_pbu(bench)->options.handoff,
			 MH_HI_NOT_CHANGED);
	assert_memory_equal(&last_pbu(bench)->options.hnp[0], &bule->hnp[0],
			    sizeof(bule->hnp[0]));
	/* Meanwhile it forwards. */
	assert_true(bule->forwards);
	assert_non_null(world_binding(&bench->world, HNP1));
	assert_int_equal(bench->mag.counters.reregistered, 1);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* That its anchor may believe it elsewhere is not forgotten over that. */
static void test_restarted_while_confirmed(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	tells(bench, 1);
	mag_bench_until(bench, 10000);
	mag_on_arrival(&bench->mag, ll_id6(1).data, bench->world.now);
	mag_bench_until(bench, 100);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
	assert_true(mn(bench, 1)->waits);
	tells(bench, 2);
	pbus(bench);
	mag_bench_until(bench, 100);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
	assert_int_equal(pbus(bench), 1);
}

/* Copies that were far apart come fast again. */
static void test_restarted_while_asked(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	tells(bench, 1);
	/* The refresh is not answered for a while. */
	mag_bench_until(bench, 260000);
	assert_true(mn(bench, 1)->waits);
	assert_true(mn(bench, 1)->interval_ms > 8000);
	tells(bench, 2);
	pbus(bench);
	mag_bench_until(bench, 100);
	/* RULE: HB-08 */
	assert_int_equal(pbus(bench), 1);
	assert_int_equal(mn(bench, 1)->interval_ms, 1000);
}

static void more(struct mag_bench *bench, uint8_t last)
{
	struct mh_binding_ack ba;
	char id[32], hnp[32];

	snprintf(id, sizeof(id), "mn%u@example.com", last);
	snprintf(hnp, sizeof(hnp), "2001:db8:c:%x::/64", last);
	bench->profile.mn_id = nai(id);
	attach(bench, ACCESS1, last, false);
	world_settle(&bench->world);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, hnp);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, last)->state, BULE_ACTIVE);
}

/* A hundred a second, or faster if that would be too slow. */
static void test_paced(void **state)
{
	struct mag_bench *bench = *state;
	unsigned int i, first;

	bench->mag.config.reregister_within_s = 30;
	for (i = 1; i <= 200; i++)
		more(bench, (uint8_t)i);
	tells(bench, 1);
	pbus(bench);
	mag_bench_until(bench, 1);
	tells(bench, 2);
	mag_bench_until(bench, 200);
	first = pbus(bench);
	assert_in_range(first, 5, 45);
	mag_bench_until(bench, 799);
	/* No copies yet. */
	assert_in_range(first + pbus(bench), 70, 130);

	bench->mag.config.reregister_within_s = 1;
	tells(bench, 3);
	mag_bench_until(bench, 999);
	assert_in_range(pbus(bench), 195, 400);
}

static void test_unreachable_and_back(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);
	struct mh_heartbeat answer = { .flags = MH_HB_RESPONSE };
	struct in6_addr src = ip6(ANCHOR);
	struct peer *peer = anchor(bench);

	bench->mag.peers.config.heartbeat_interval_s = 10;
	bench->mag.peers.config.missing_heartbeats_allowed = 1;
	pbus(bench);
	peers_start(&bench->mag.peers, bench->world.now);
	while (peer->state != PEER_UNREACHABLE) {
		world_pass(&bench->world, 1000);
		peers_on_timer(&bench->mag.peers, bench->world.now,
			       &bench->world.out);
		settle(bench);
	}
	assert_int_equal(pbus(bench), 0);
	mag_bench_until(bench, 100);
	/* RULE: HB-05 */
	assert_int_equal(pbus(bench), 1);
	assert_true(bule->forwards);
	mag_bench_until(bench, 30000);
	assert_true(bule->interval_ms > 8000);
	pbus(bench);
	answer.sequence = peer->sequence;
	peers_on_heartbeat(&bench->mag.peers, &src, &answer, bench->world.now,
			   &bench->world.out);
	settle(bench);
	assert_int_equal(peer->state, PEER_UP);
	mag_bench_until(bench, 100);
	assert_int_equal(pbus(bench), 1);
}

/* Whom the anchor is not to be asked for is left alone. */
static void test_stopped(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1)->stopped = true;
	tells(bench, 1);
	pbus(bench);
	tells(bench, 2);
	assert_int_equal(bench->mag.counters.reregistered, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(test)							\
	cmocka_unit_test_setup_teardown(test, mag_bench_setup,		\
					mag_bench_teardown)
		TEST(test_counted),
		TEST(test_restarted),
		TEST(test_restarted_while_confirmed),
		TEST(test_restarted_while_asked),
		TEST(test_paced),
		TEST(test_unreachable_and_back),
		TEST(test_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
