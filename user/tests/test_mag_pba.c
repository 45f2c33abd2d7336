// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_pba.c: RFC 5213 6.9.1.2.
 */
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

static const struct mag_counters *counters(const struct mag_bench *bench)
{
	return &bench->mag.counters;
}

/* A mobile node that has just come: its PBU is sent. */
static struct bule *begin(void **state, struct mag_bench **bench)
{
	*bench = *state;
	attach(*bench, ACCESS1, 1, false);
	world_settle(&(*bench)->world);
	assert_non_null(mn(*bench, 1));
	return mn(*bench, 1);
}

static void assert_ignored(struct mag_bench *bench,
			   const struct mh_binding_ack *ba)
{
	uint64_t ignored = counters(bench)->pba_ignored;
	enum bule_state before = mn(bench, 1)->state;
	size_t sent = bench->world.sent_count;

	hand(bench, ba);
	world_settle(&bench->world);
	/* RULE: B-MAG-54 */
	assert_int_equal(counters(bench)->pba_ignored, ignored + 1);
	assert_int_equal(mn(bench, 1)->state, before);
	assert_int_equal(bench->world.sent_count, sent);
	assert_int_equal(bench->world.ra_count, 0);
	assert_mag_agreed(bench);
}

/* State first, then the advertisement. */
static void test_accepted(void **state)
{
	struct mag_bench *bench;
	struct bule *bule = begin(state, &bench);
	struct mh_binding_ack ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	uint64_t sent = bench->world.now.mono_ms;
	const struct transaction *transaction;
	unsigned int i, kinds = 0;

	world_pass(&bench->world, 400);
	ba.lifetime = 50;
	hand(bench, &ba);
	assert_int_equal(bench->world.pending_count, 1);
	transaction = bench->world.pending[0];
	assert_ptr_equal(transaction->owner, bule);
	for (i = 0; i < transaction->count; i++)
		kinds |= 1u << transaction->effects[i].kind;
	assert_true(kinds & 1 << EFFECT_STORE_PUT);
	/* RULE: B-MAG-18 B-MAG-75 */
	assert_true(kinds & 1 << EFFECT_BINDING_SET);
	/* RULE: B-MAG-18 */
	assert_true(kinds & 1 << EFFECT_ROUTE_ADD);
	/* RULE: B-MAG-18 B-MAG-75 */
	assert_true(kinds & 1 << EFFECT_ADVERTISE);
	assert_int_equal(bule->state, BULE_REGISTERING);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_ACTIVE);
	/* RFC 6275 11.7.3: it counts from the sending. */
	/* RULE: B-MAG-75 */
	assert_true(bule->expires_ms == sent + 200000);
	/* RULE: B-MAG-13 B-MAG-75 */
	assert_prefix_equal(&bule->hnp[0], HNP1);
	assert_int_equal(bench->world.ra_count, 1);
	assert_int_equal(counters(bench)->pba_accepted, 1);
	assert_mag_agreed(bench);
	/* And that was the end of it. */
	mag_bench_until(bench, 60000);
	assert_int_equal(bench->world.sent_count, 1);
}

static void test_several_prefixes(void **state)
{
	struct mag_bench *bench;
	struct bule *bule = begin(state, &bench);
	struct mh_binding_ack ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);

	ba.options.hnp_count = 3;
	ba.options.hnp[1] = prefix6(HNP2);
	/* One that is named twice is still one. */
	ba.options.hnp[2] = prefix6(HNP1);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(bule->hnp_count, 2);
	/* RULE: B-MAG-75 */
	assert_int_equal(bench->world.binding_count, 2);
	/* RULE: B-MAG-75 B-MAG-67 */
	assert_int_equal(bench->world.ras[0].prefix_count, 2);
	assert_mag_agreed(bench);
	/* Again the same: nothing is new. */
	while (bench->world.sent_count < 2)
		mag_bench_until(bench, 1000);
	ba.sequence = last_pbu(bench)->sequence;
	ba.options.handoff = MH_HI_NOT_CHANGED;
	ba.options.hnp[0] = prefix6(HNP2);
	ba.options.hnp[1] = prefix6(HNP1);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_int_equal(bench->world.ra_count, 1);
	assert_mag_agreed(bench);
}

static void test_matches_nothing(void **state)
{
	struct mag_bench *bench;
	struct mh_binding_ack ba;

	begin(state, &bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.sequence++;
	/* RULE: B-MAG-54 B-MAG-74 */
	assert_ignored(bench, &ba);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.mn_id = nai("mn2@example.com");
	/* RULE: B-MAG-54 */
	assert_ignored(bench, &ba);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.ll_id = ll_id6(2);
	assert_ignored(bench, &ba);
	ba = pba_to(last_pbu(bench), MH_PROXY_REG_NOT_ENABLED, NULL);
	ba.options.has_mn_id = false;
	ba.options.mn_id.len = 0;
	assert_ignored(bench, &ba);
	/* Without a link-layer identifier the rest tells enough. */
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.has_ll_id = false;
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	/* Nothing is asked any more. */
	bench->world.ra_count = 0;
	assert_ignored(bench, &ba);
}

static void test_not_from_the_anchor(void **state)
{
	struct mag_bench *bench;
	struct in6_addr other = ip6("2001:db8:2::2");
	struct mh_binding_ack ba;

	begin(state, &bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	mag_on_pba(&bench->mag, &other, &ba, bench->world.now,
		   &bench->world.out);
	world_settle(&bench->world);
	/* RULE: B-MAG-74 */
	assert_int_equal(counters(bench)->pba_ignored, 1);
	assert_int_equal(mn(bench, 1)->state, BULE_REGISTERING);
	/* Nor is one without the P flag from any anchor. */
	ba.flags = 0;
	/* RULE: B-MSG-02 */
	assert_ignored(bench, &ba);
	/* It goes on asking. */
	mag_bench_until(bench, 1000);
	assert_int_equal(bench->world.sent_count, 2);
}

static void test_grants_nothing(void **state)
{
	struct mag_bench *bench;
	struct mh_binding_ack ba;

	begin(state, &bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	assert_ignored(bench, &ba);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.lifetime = 0;
	assert_ignored(bench, &ba);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.hnp_count = 0;
	assert_ignored(bench, &ba);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.hnp_count = 2;
	assert_ignored(bench, &ba);
	mag_bench_until(bench, 1000);
	assert_int_equal(bench->world.sent_count, 2);
}

/* The answer to a copy that was sent before the last one. */
static void test_late(void **state)
{
	struct mag_bench *bench;
	struct bule *bule = begin(state, &bench);
	struct mh_binding_ack ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	uint64_t sent = bench->world.now.mono_ms;

	mag_bench_until(bench, 7000);
	assert_int_equal(bench->world.sent_count, 4);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_true(bule->expires_ms == sent + 300000);
	assert_mag_agreed(bench);
}

/* One that is older than the copies that are remembered. */
static void test_too_late(void **state)
{
	struct mag_bench *bench;
	struct mh_binding_ack ba;

	begin(state, &bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	mag_bench_until(bench, 15000);
	assert_int_equal(bench->world.sent_count, BULE_COPIES + 1);
	assert_ignored(bench, &ba);
}

/* --- Refusals. */

static void assert_denied(struct mag_bench *bench)
{
	assert_int_equal(mn(bench, 1)->state, BULE_REFUSED);
	/* RULE: B-MAG-19 */
	assert_int_equal(bench->world.binding_count, 0);
	/* RULE: B-MAG-19 B-MAG-12 B-MAG-80 */
	assert_int_equal(bench->world.ra_count, 0);
	assert_mag_agreed(bench);
}

/* 6.9.1.2 (11): no service, and for a while no other try. */
static void test_refused(void **state)
{
	static const uint8_t statuses[] = {
		MH_REASON_UNSPECIFIED, MH_ADMINISTRATIVELY_PROHIBITED,
		MH_INSUFFICIENT_RESOURCES, MH_NOT_LMA_FOR_THIS_MOBILE_NODE,
		MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG, MH_NOT_AUTHORIZED_FOR_HNP,
		MH_TIMESTAMP_MISMATCH, MH_MISSING_HNP_OPTION, 200, 255,
	};
	const struct report *report;
	struct mag_bench *bench;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		mag_bench_setup(state);
		begin(state, &bench);
		acknowledge(bench, statuses[i]);
		/* RULE: B-MAG-19 B-MSG-06 */
		assert_denied(bench);
		report = world_reported(&bench->world, "refused");
		assert_non_null(report);
		assert_int_equal(report->status, statuses[i]);
		assert_non_null(report->reason);
		assert_int_equal(counters(bench)->pba_refused, 1);
		/* Its frames are no news now... */
		attach(bench, ACCESS1, 1, false);
		world_settle(&bench->world);
		assert_false(world_hears_all(&bench->world, ACCESS1,
					     ll_id6(1).data));
		mag_bench_until(bench, 59999);
		assert_denied(bench);
		/* RULE: B-MAG-55 */
		assert_int_equal(bench->world.sent_count, 1);
		/* ...but then they are again. */
		mag_bench_until(bench, 1);
		assert_null(mn(bench, 1));
		assert_true(world_hears_all(&bench->world, ACCESS1,
					    ll_id6(1).data));
		register_at(bench, ACCESS1);
		assert_mag_agreed(bench);
		mag_bench_teardown(state);
	}
}

/* The operator does not have to wait. */
static void test_refused_then_commanded(void **state)
{
	struct mag_bench *bench;

	begin(state, &bench);
	acknowledge(bench, MH_INSUFFICIENT_RESOURCES);
	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 2);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* 6.9.1.2 (7): not before the operator says so. */
static void test_service_not_enabled(void **state)
{
	struct mag_bench *bench;

	begin(state, &bench);
	acknowledge(bench, MH_PROXY_REG_NOT_ENABLED);
	assert_denied(bench);
	mag_bench_until(bench, 10000000);
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	assert_denied(bench);
	/* RULE: B-MAG-55 */
	assert_int_equal(bench->world.sent_count, 1);
	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 2);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* 6.9.1.2 (8): again, with a newer timestamp. */
static void test_timestamp_lower(void **state)
{
	struct mag_bench *bench;

	begin(state, &bench);
	acknowledge(bench, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_REGISTERING);
	assert_mag_agreed(bench);
	mag_bench_until(bench, 1000);
	/* RULE: B-MAG-55 */
	assert_int_equal(bench->world.sent_count, 2);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* A refresh that is refused ends what stands, and the host is told. */
static void test_refresh_refused(void **state)
{
	struct mag_bench *bench = *state;
	const struct effect_advertise *ra;

	register_at(bench, ACCESS1);
	world_forget_messages(&bench->world);
	while (!bench->world.sent_count)
		mag_bench_until(bench, 1000);
	acknowledge(bench, MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(bench->world.ra_count, 1);
	ra = &bench->world.ras[0];
	/* RULE: B-MAG-19 */
	assert_int_equal(ra->router_lifetime_s, 0);
	/* RULE: B-MAG-42 */
	assert_int_equal(ra->valid_s, 0);
	assert_int_equal(ra->preferred_s, 0);
	assert_prefix_equal(&ra->prefix[0], HNP1);
	bench->world.ra_count = 0;
	assert_denied(bench);
}

/* It left unnoticed: nothing is to be said to the link that it left. */
static void test_refresh_refused_elsewhere(void **state)
{
	struct mag_bench *bench = *state;
	uint64_t advertised;

	register_at(bench, ACCESS1);
	advertised = counters(bench)->ra_sent;
	mag_bench_until(bench, 230000);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	acknowledge(bench, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_null(mn(bench, 1));
	assert_int_equal(counters(bench)->ra_sent, advertised);
	assert_true(world_hears_all(&bench->world, ACCESS1, ll_id6(1).data));
	assert_mag_agreed(bench);

	register_at(bench, ACCESS1);
	assert_mag_agreed(bench);
}

/* --- An anchor that does not echo: 6.9.1.2 (6). */

static void test_echoes_something_else(void **state)
{
	struct mag_bench *bench;
	struct mh_binding_ack ba;
	int att;

	for (att = 0; att < 2; att++) {
		mag_bench_setup(state);
		begin(state, &bench);
		ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
		if (att)
			ba.options.att = MH_ATT_IEEE_802_3;
		else
			ba.options.handoff = MH_HI_SAME_INTERFACE;
		hand(bench, &ba);
		world_settle(&bench->world);
		/* RULE: B-MAG-54 */
		assert_int_equal(counters(bench)->pba_ignored, 1);
		assert_denied(bench);
		mag_bench_until(bench, 10000000);
		/* RULE: B-MAG-54 */
		assert_int_equal(bench->world.sent_count, 1);
		attach(bench, ACCESS1, 1, true);
		world_settle(&bench->world);
		assert_int_equal(bench->world.sent_count, 2);
		mag_bench_teardown(state);
	}
}

/* What stands stands to its end, but no longer. */
static void test_refresh_echoes_something_else(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);
	struct mh_binding_ack ba;

	world_forget_messages(&bench->world);
	while (!bench->world.sent_count)
		mag_bench_until(bench, 1000);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	ba.options.handoff = MH_HI_UNKNOWN;
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
	mag_bench_until(bench, 100);
	/* Nor when it moves. */
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 1);
	assert_mag_agreed(bench);
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	bench->world.ra_count = 0;
	/* Said by the operator, it is asked again. */
	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 2);
	ba.sequence = last_pbu(bench)->sequence;
	hand(bench, &ba);
	mag_bench_until(bench, 300000);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(bench->world.ra_count, 1);
	assert_int_equal(bench->world.ras[0].valid_s, 0);
	bench->world.ra_count = 0;
	assert_denied(bench);
}

/* --- Another prefix than before. */

static void test_prefix_changes(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);
	struct mh_binding_ack ba;

	world_forget_messages(&bench->world);
	while (!bench->world.sent_count)
		mag_bench_until(bench, 1000);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	ba.options.hnp[0] = prefix6(HNP2);
	hand(bench, &ba);
	world_settle(&bench->world);
	/* The old one is withdrawn, and the new one asked for. */
	assert_int_equal(bench->world.ra_count, 1);
	/* RULE: B-MAG-42 */
	assert_int_equal(bench->world.ras[0].valid_s, 0);
	assert_prefix_equal(&bench->world.ras[0].prefix[0], HNP1);
	/* RULE: B-MAG-42 */
	assert_int_equal(bench->world.binding_count, 0);
	assert_mag_agreed(bench);
	mag_bench_until(bench, 1000);
	assert_int_equal(bench->world.sent_count, 2);
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], "::/0");
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP2);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_prefix_equal(&bench->world.ras[1].prefix[0], HNP2);
	assert_int_equal(bench->world.ras[1].valid_s, 7200);
	assert_mag_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_accepted),
		with_bench(test_several_prefixes),
		with_bench(test_matches_nothing),
		with_bench(test_not_from_the_anchor),
		with_bench(test_grants_nothing),
		with_bench(test_late),
		with_bench(test_too_late),
		cmocka_unit_test(test_refused),
		with_bench(test_refused_then_commanded),
		with_bench(test_service_not_enabled),
		with_bench(test_timestamp_lower),
		with_bench(test_refresh_refused),
		with_bench(test_refresh_refused_elsewhere),
		cmocka_unit_test(test_echoes_something_else),
		with_bench(test_refresh_echoes_something_else),
		with_bench(test_prefix_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
