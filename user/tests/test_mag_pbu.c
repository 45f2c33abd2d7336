// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_pbu.c: RFC 5213 6.9.1.1, 6.9.1.5, 6.9.4.
 */
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

static void test_initial(void **state)
{
	struct mag_bench *bench = *state;
	const struct mh_binding_update *bu;
	const struct effect_send *sent;
	const struct mh_options *options;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	/* RULE: B-MAG-15 */
	assert_int_equal(bench->world.sent_count, 1);
	sent = &bench->world.sent[0];
	/* RULE: B-MAG-24 B-MAG-23 */
	assert_ip6_equal(&sent->src, PROXY_COA);
	/* RULE: B-MAG-25 B-MAG-23 */
	assert_ip6_equal(&sent->dst, ANCHOR);
	bu = last_pbu(bench);
	/* RULE: B-MAG-23 B-MSG-01 */
	assert_int_equal(bu->flags, MH_BU_ACK | MH_BU_PROXY);
	assert_int_equal(bu->lifetime, 75);
	options = &bu->options;
	/* RULE: B-MAG-07 B-MAG-28 */
	assert_true(options->has_mn_id);
	/* RULE: B-MAG-28 B-MAG-16 */
	assert_true(mh_mn_id_equal(&options->mn_id, &bench->profile.mn_id));
	/* Only one, if it asks for any. */
	/* RULE: B-MAG-26 B-MAG-17 */
	assert_int_equal(options->hnp_count, 1);
	/* RULE: B-MAG-17 */
	assert_prefix_equal(&options->hnp[0], "::/0");
	/* RULE: B-MAG-57 B-MSG-07 */
	assert_true(options->has_handoff);
	/* RULE: B-MAG-57 B-MAG-16 */
	assert_int_equal(options->handoff, MH_HI_UNKNOWN);
	/* RULE: B-MAG-72 */
	assert_true(options->has_att);
	/* RULE: B-MAG-72 B-MAG-16 */
	assert_int_equal(options->att, MH_ATT_IEEE_802_11);
	/* RULE: B-MAG-71 */
	assert_true(options->has_ll_id);
	assert_int_equal(options->ll_id.len, 6);
	/* RULE: B-MAG-71 */
	assert_memory_equal(options->ll_id.data, ll_id6(1).data, 6);
	assert_true(options->has_timestamp);
	/* RULE: B-MAG-16 B-LMA-87 */
	assert_true(options->timestamp == bench->world.now.wall);
	/* RULE: B-MAG-73 */
	assert_false(options->has_link_local);
	assert_int_equal(bench->mag.counters.pbu_sent, 1);
	assert_mag_agreed(bench);
}

/* 6.9.1.1 (9): asked for if and only if there is no fixed one. */
static void test_link_local_address(void **state)
{
	struct mag_bench *bench = *state;

	memset(&bench->mag.config.link_local, 0, 16);
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	/* RULE: B-MAG-14 B-MAG-27 B-MAG-73 */
	assert_true(last_pbu(bench)->options.has_link_local);
	/* RULE: B-MAG-27 B-MAG-73 */
	assert_ip6_equal(&last_pbu(bench)->options.link_local, "::");
}

static void test_profile(void **state)
{
	struct mag_bench *bench = *state;
	const struct mh_binding_update *bu;

	bench->profile.hnp_count = 2;
	bench->profile.hnp[0] = prefix6(HNP1);
	bench->profile.hnp[1] = prefix6(HNP2);
	bench->profile.lifetime_s = 1000;
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	bu = last_pbu(bench);
	assert_int_equal(bu->lifetime, 250);
	/* RULE: B-MAG-17 B-MAG-26 */
	assert_int_equal(bu->options.hnp_count, 2);
	/* RULE: B-MAG-13 B-MAG-17 */
	assert_prefix_equal(&bu->options.hnp[0], HNP1);
	assert_prefix_equal(&bu->options.hnp[1], HNP2);
}

static void test_lifetime_fits_its_field(void **state)
{
	static const struct {
		uint32_t seconds;
		uint16_t units;
	} rows[] = {
		{ 1, 1 }, { 4, 1 }, { 7, 1 }, { 8, 2 }, { 262140, 0xffff },
		{ 262144, 0xffff }, { UINT32_MAX, 0xffff },
	};
	struct mag_bench *bench = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		bench->profile.lifetime_s = rows[i].seconds;
		attach(bench, ACCESS1, (uint8_t)(i + 1), false);
		world_settle(&bench->world);
		assert_int_equal(last_pbu(bench)->lifetime, rows[i].units);
	}
}

static void assert_same(const struct mh_binding_update *bu,
			const struct mh_binding_update *other)
{
	assert_int_equal(bu->sequence, other->sequence);
	assert_int_equal(bu->flags, other->flags);
	assert_int_equal(bu->lifetime, other->lifetime);
	assert_options_equal(&bu->options, &other->options);
}

/* 6.9.4: doubling up to the most, newer each time, for ever. */
static void test_retransmission(void **state)
{
	static const uint32_t waits[] = {
		1000, 2000, 4000, 8000, 16000, 32000, 32000, 32000,
	};
	struct mag_bench *bench = *state;
	struct mh_binding_update first, last;
	size_t i;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	first = *last_pbu(bench);
	for (i = 0; i < ARRAY_SIZE(waits); i++) {
		last = *last_pbu(bench);
		mag_bench_until(bench, waits[i] - 1);
		/* RULE: B-MAG-53 B-MAG-83 */
		assert_int_equal(bench->world.sent_count, i + 1);
		mag_bench_until(bench, 1);
		/* RULE: B-MAG-53 B-MAG-83 */
		assert_int_equal(bench->world.sent_count, i + 2);
		/* RULE: B-MAG-53 */
		assert_int_equal(last_pbu(bench)->sequence,
				 (uint16_t)(last.sequence + 1));
		/* RULE: B-MAG-53 */
		assert_true(last_pbu(bench)->options.timestamp ==
			    bench->world.now.wall);
	}
	/* Otherwise it is the same. */
	last = *last_pbu(bench);
	last.sequence = first.sequence;
	last.options.timestamp = first.options.timestamp;
	assert_same(&last, &first);
	assert_int_equal(bench->mag.counters.pbu_retransmitted,
			 ARRAY_SIZE(waits));
	assert_int_equal(bench->mag.counters.pbu_sent, ARRAY_SIZE(waits) + 1);
}

/* The most need not be a multiple of the first that is doubled. */
static void test_most_is_reached(void **state)
{
	static const uint32_t waits[] = {
		1000, 2000, 4000, 8000, 10000, 10000,
	};
	struct mag_bench *bench = *state;
	size_t i;

	bench->mag.config.max_bindack_timeout_ms = 10000;
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	for (i = 0; i < ARRAY_SIZE(waits); i++) {
		mag_bench_until(bench, waits[i] - 1);
		assert_int_equal(bench->world.sent_count, i + 1);
		mag_bench_until(bench, 1);
		/* RULE: B-MAG-53 B-MAG-83 */
		assert_int_equal(bench->world.sent_count, i + 2);
	}
}

/* RFC 6275 has another first interval, which is not needed here. */
static void test_first_interval(void **state)
{
	struct mag_bench *bench = *state;
	size_t sent;

	bench->mag.config.first_bindack_timeout_ms = 1500;
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	mag_bench_until(bench, 1499);
	assert_int_equal(bench->world.sent_count, 1);
	mag_bench_until(bench, 1);
	assert_int_equal(bench->world.sent_count, 2);
	mag_bench_until(bench, 3000);
	assert_int_equal(bench->world.sent_count, 3);
	acknowledge(bench, MH_ACCEPTED);
	/* A refresh is not the first. */
	while (bench->world.sent_count == 3)
		mag_bench_until(bench, 1000);
	sent = bench->world.sent_count;
	mag_bench_until(bench, 1000);
	assert_int_equal(bench->world.sent_count, sent + 1);
}

/* One count for all, and every timestamp is newer. */
static void test_order(void **state)
{
	struct mag_bench *bench = *state;
	uint64_t timestamp = 0;
	uint16_t sequence = bench->mag.sequence;
	int i;

	for (i = 1; i < 20; i++) {
		attach(bench, ACCESS1, (uint8_t)i, false);
		world_settle(&bench->world);
		/* RULE: B-MAG-70 */
		assert_int_equal(last_pbu(bench)->sequence, ++sequence);
		assert_true(last_pbu(bench)->options.timestamp > timestamp);
		timestamp = last_pbu(bench)->options.timestamp;
		if (i == 10)
			bench->world.now.wall -= 1000;
	}
}

/* Where the clock was ahead, the anchor would refuse it for as long. */
static void test_clock_set_back(void **state)
{
	struct mag_bench *bench = *state;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	bench->world.now.wall -= wall_from_ms(3600000);
	attach(bench, ACCESS1, 2, false);
	world_settle(&bench->world);
	/* RULE: B-MAG-55 */
	assert_true(last_pbu(bench)->options.timestamp ==
		    bench->world.now.wall);
	attach(bench, ACCESS1, 3, false);
	world_settle(&bench->world);
	assert_true(last_pbu(bench)->options.timestamp ==
		    bench->world.now.wall + 1);
}

/* 6.9.1.1 (4), (5): what the link layer said, and nothing that it did not. */
static void test_handoff(void **state)
{
	static const uint8_t handoffs[] = {
		0, MH_HI_NEW_INTERFACE, MH_HI_BETWEEN_INTERFACES,
		MH_HI_SAME_INTERFACE, MH_HI_UNKNOWN,
	};
	struct mag_attachment at = {
		.ifindex = ACCESS1, .ifname = "access1",
		.att = MH_ATT_IEEE_802_11,
	};
	struct mag_bench *bench;
	uint8_t expected;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(handoffs); i++) {
		mag_bench_setup(state);
		bench = *state;
		memcpy(at.lladdr, ll_id6(1).data, ETH_ALEN);
		at.handoff = handoffs[i];
		mag_on_attach(&bench->mag, &at, &bench->profile, true,
			      bench->world.now, &bench->world.out);
		world_settle(&bench->world);
		expected = handoffs[i] ? handoffs[i] : MH_HI_UNKNOWN;
		/* RULE: B-MAG-57 */
		assert_int_equal(last_pbu(bench)->options.handoff, expected);
		/* The copy says the same. */
		mag_bench_until(bench, 1000);
		assert_int_equal(bench->world.sent_count, 2);
		assert_int_equal(last_pbu(bench)->options.handoff, expected);
		acknowledge(bench, MH_ACCEPTED);
		assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
		/* What is over is not known any more. */
		mag_on_path_expired(&bench->mag, mn(bench, 1)->id,
				    mn(bench, 1)->generation, bench->world.now,
				    &bench->world.out);
		world_settle(&bench->world);
		/* RULE: B-MAG-57 */
		assert_int_equal(last_pbu(bench)->options.handoff,
				 MH_HI_UNKNOWN);
		mag_bench_teardown(state);
	}
}

/* 6.9.1.3: HI 5, each prefix, the same options otherwise. */
static void test_refresh(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_update first;
	const struct mh_binding_update *bu;
	struct bule *bule = register_at(bench, ACCESS1);
	uint64_t before = bench->world.now.mono_ms;

	first = *last_pbu(bench);
	world_forget_messages(&bench->world);
	while (!bench->world.sent_count) {
		mag_bench_until(bench, 1000);
		assert_true(bench->world.now.mono_ms < bule->expires_ms);
	}
	/* Not too early, and in time for copies. */
	/* RULE: B-MAG-20 */
	assert_in_range(bench->world.now.mono_ms - before, 180000, 220000);
	bu = last_pbu(bench);
	/* RULE: B-MAG-20 */
	assert_int_equal(bu->options.handoff, MH_HI_NOT_CHANGED);
	assert_int_equal(bu->options.hnp_count, 1);
	/* RULE: B-MAG-20 */
	assert_prefix_equal(&bu->options.hnp[0], HNP1);
	assert_int_equal(bu->lifetime, 75);
	first.sequence = bu->sequence;
	first.options.handoff = bu->options.handoff;
	first.options.timestamp = bu->options.timestamp;
	first.options.hnp[0] = bu->options.hnp[0];
	/* RULE: B-MAG-20 */
	assert_same(bu, &first);
	acknowledge(bench, MH_ACCEPTED);
	assert_mag_agreed(bench);
	assert_int_equal(bench->world.ra_count, 0);
}

/* Those that came together do not stay together. */
static void test_refreshes_spread(void **state)
{
	struct mag_bench *bench = *state;
	uint64_t least = UINT64_MAX, most = 0, due;
	uint8_t i;

	for (i = 1; i < 100; i++) {
		bench->profile.mn_id.data[2] = i;
		attach(bench, ACCESS1, i, false);
		world_settle(&bench->world);
		acknowledge(bench, MH_ACCEPTED);
		due = mn(bench, i)->timers[BULE_TIMER_PBU].timer.due -
		      bench->world.now.mono_ms;
		assert_in_range(due, 180000, 219000);
		least = due < least ? due : least;
		most = due > most ? due : most;
	}
	assert_true(most - least > 30000);
}

/* 6.9.1.4: lifetime 0, HI 4, each prefix. */
static void test_deregistration(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_update first;
	const struct mh_binding_update *bu;

	register_at(bench, ACCESS1);
	first = *last_pbu(bench);
	world_pass(&bench->world, 10);
	detach(bench, false);
	world_settle(&bench->world);
	bu = last_pbu(bench);
	/* RULE: B-MAG-21 */
	assert_int_equal(bu->lifetime, 0);
	/* RULE: B-MAG-21 */
	assert_int_equal(bu->options.handoff, MH_HI_UNKNOWN);
	/* RULE: B-MAG-21 */
	assert_prefix_equal(&bu->options.hnp[0], HNP1);
	first.lifetime = 0;
	first.sequence = bu->sequence;
	first.options.timestamp = bu->options.timestamp;
	first.options.hnp[0] = bu->options.hnp[0];
	/* RULE: B-MAG-21 */
	assert_same(bu, &first);
}

/* What it may have got, but never knew of, is given back too. */
static void test_deregistration_before_registration(void **state)
{
	struct mag_bench *bench = *state;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	detach(bench, false);
	world_settle(&bench->world);
	assert_int_equal(last_pbu(bench)->lifetime, 0);
	assert_int_equal(last_pbu(bench)->options.hnp_count, 1);
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], "::/0");
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_initial),
		with_bench(test_link_local_address),
		with_bench(test_profile),
		with_bench(test_lifetime_fits_its_field),
		with_bench(test_retransmission),
		with_bench(test_most_is_reached),
		with_bench(test_first_interval),
		with_bench(test_order),
		with_bench(test_clock_set_back),
		cmocka_unit_test(test_handoff),
		with_bench(test_refresh),
		with_bench(test_refreshes_spread),
		with_bench(test_deregistration),
		with_bench(test_deregistration_before_registration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
