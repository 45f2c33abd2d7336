// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag.c: mobile nodes that come, move and go.
 */
#include <errno.h>
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

static void link_down(struct mag_bench *bench, uint32_t ifindex)
{
	mag_on_link_down(&bench->mag, ifindex, bench->world.now,
			 &bench->world.out);
	world_collect(&bench->world);
}

static void test_attach(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	bule = mn(bench, 1);
	assert_int_equal(bule->state, BULE_REGISTERING);
	assert_false(hears_all(bench, ACCESS1));
	assert_non_null(world_reported(&bench->world, "attached"));
	assert_int_equal(bench->mag.counters.attachments, 1);
	/* RULE: B-MAG-12 */
	assert_int_equal(bench->world.binding_count, 0);
	/* It is there already. */
	attach(bench, ACCESS1, 1, false);
	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	/* RULE: B-MAG-15 */
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->mag.counters.attachments, 1);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(bule->state, BULE_ACTIVE);
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 1);
	assert_mag_agreed(bench);
}

/* RFC 5213 6.9.1.4: acknowledged, all of it is gone. */
static void test_detach(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	detach(bench, false);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_DEREGISTERING);
	assert_true(hears_all(bench, ACCESS1));
	assert_int_equal(bench->mag.counters.detachments, 1);
	assert_string_equal(world_reported(&bench->world, "left")->reason,
			    "test");
	acknowledge(bench, MH_ACCEPTED);
	/* RULE: B-MAG-22 */
	assert_null(mn(bench, 1));
	/* RULE: B-MAG-22 */
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->world.ra_count, 1);
	assert_true(mag_next_timer(&bench->mag) == NEVER);
	assert_non_null(world_reported(&bench->world, "detached"));
	assert_mag_agreed(bench);
	/* And can begin anew. */
	register_at(bench, ACCESS1);
	assert_mag_agreed(bench);
}

/* Nobody answers: state goes after the first wait, the message is repeated. */
static void test_detach_unanswered(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);

	world_forget_messages(&bench->world);
	detach(bench, false);
	world_settle(&bench->world);
	mag_bench_until(bench, 999);
	/* RULE: B-MAG-22 */
	assert_non_null(world_binding(&bench->world, HNP1));
	mag_bench_until(bench, 1);
	/* RULE: B-MAG-22 */
	assert_int_equal(bench->world.binding_count, 0);
	/* RULE: B-MAG-78 */
	assert_int_equal(bench->world.sent_count, 2);
	/* RULE: B-MAG-78 B-MAG-21 */
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], HNP1);
	assert_int_equal(last_pbu(bench)->lifetime, 0);
	assert_int_equal(bule->state, BULE_DEREGISTERING);
	assert_mag_agreed(bench);
	mag_bench_until(bench, 2000);
	assert_int_equal(bench->world.sent_count, 3);
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], HNP1);
	mag_bench_until(bench, 3999);
	assert_non_null(mn(bench, 1));
	mag_bench_until(bench, 1);
	assert_null(mn(bench, 1));
	assert_int_equal(bench->world.sent_count, 3);
	assert_mag_agreed(bench);
}

static void test_detach_with_one_try(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.deregistration_tries = 1;
	register_at(bench, ACCESS1);
	detach(bench, false);
	world_settle(&bench->world);
	mag_bench_until(bench, 1000);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

/* Refused or not, it has left (RFC 5213 6.9.1.2 (8) is for who is there). */
static void test_detach_refused(void **state)
{
	static const uint8_t statuses[] = {
		MH_REASON_UNSPECIFIED, MH_PROXY_REG_NOT_ENABLED,
		MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED,
	};
	struct mag_bench *bench = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		register_at(bench, ACCESS1);
		detach(bench, false);
		world_settle(&bench->world);
		acknowledge(bench, statuses[i]);
		/* RULE: B-MAG-77 */
		assert_null(mn(bench, 1));
		assert_mag_agreed(bench);
	}
}

/* Back before the anchor has answered that it was gone. */
/* Strangers can be without number. */
static void test_attach_too_many(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.max_mobile_nodes = 2;
	attach(bench, ACCESS1, 1, false);
	attach(bench, ACCESS1, 2, false);
	attach(bench, ACCESS1, 3, false);
	world_settle(&bench->world);
	assert_null(mn(bench, 3));
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(bench->mag.counters.full, 1);
	assert_non_null(world_reported(&bench->world, "gateway-full"));
	/* Those that are here are served on. */
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_int_equal(bench->mag.counters.full, 1);
	mag_on_link_down(&bench->mag, ACCESS1, bench->world.now,
			 &bench->world.out);
	mag_bench_until(bench, 60000);
	attach(bench, ACCESS1, 3, false);
	assert_non_null(mn(bench, 3));
}

static void test_attach_while_deregistering(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);
	struct mh_binding_ack late;

	detach(bench, false);
	world_settle(&bench->world);
	late = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	world_forget_messages(&bench->world);
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_REGISTERING);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(last_pbu(bench)->lifetime, 75);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], "::/0");
	/* What it had until then still stands. */
	assert_non_null(world_binding(&bench->world, HNP1));
	/* That it is gone is old news. */
	hand(bench, &late);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_REGISTERING);
	acknowledge(bench, MH_ACCEPTED);
	assert_ptr_equal(mn(bench, 1), bule);
	assert_int_equal(bule->state, BULE_ACTIVE);
	/* It came anew, so it is told. */
	assert_int_equal(bench->world.ra_count, 1);
	assert_mag_agreed(bench);
}

/* Back on another link, and then refused: nothing is left on either. */
static void test_attach_elsewhere_while_deregistering(void **state)
{
	struct mag_bench *bench;
	int refuse;

	for (refuse = 0; refuse < 2; refuse++) {
		mag_bench_setup(state);
		bench = *state;
		register_at(bench, ACCESS1);
		detach(bench, false);
		world_settle(&bench->world);
		attach(bench, ACCESS2, 1, false);
		world_settle(&bench->world);
		acknowledge(bench, refuse ? MH_INSUFFICIENT_RESOURCES :
				   MH_ACCEPTED);
		assert_int_equal(mn(bench, 1)->state, refuse ? BULE_REFUSED :
				 BULE_ACTIVE);
		assert_int_equal(bench->world.route_count, !refuse);
		assert_mag_agreed(bench);
		mag_bench_teardown(state);
	}
}

/* That it was registered is no answer to that it has left. */
static void test_late_registration(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack late;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	late = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	detach(bench, false);
	world_settle(&bench->world);
	hand(bench, &late);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_DEREGISTERING);
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->mag.counters.pba_ignored, 1);
	assert_mag_agreed(bench);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
}

/* --- Moves. */

static void test_move(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);

	world_forget_messages(&bench->world);
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_int_equal(bule->at.ifindex, ACCESS2);
	assert_string_equal(bule->at.ifname, "access2");
	/* The anchor need not know, the host need. */
	assert_int_equal(bench->world.sent_count, 0);
	assert_int_equal(bench->world.ra_count, 1);
	assert_int_equal(bench->world.ras[0].ifindex, ACCESS2);
	assert_true(hears_all(bench, ACCESS1));
	assert_false(hears_all(bench, ACCESS2));
	assert_int_equal(world_route(&bench->world, HNP1)->access_ifindex,
			 ACCESS2);
	assert_mag_agreed(bench);
	/* What happens to the old link does not matter any more. */
	link_down(bench, ACCESS1);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

static void test_move_while_registering(void **state)
{
	struct mag_bench *bench = *state;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 1);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(bench->world.ras[0].ifindex, ACCESS2);
	assert_mag_agreed(bench);
}

/* RFC 5213 5.4.1: by another technology it would be another session. */
static void test_move_keeps_access_technology(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);
	struct mag_attachment at = bule->at;

	at.ifindex = ACCESS2;
	at.att = MH_ATT_IEEE_802_3;
	mag_on_attach(&bench->mag, &at, &bench->profile, false,
		      bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	world_forget_messages(&bench->world);
	while (!bench->world.sent_count)
		mag_bench_until(bench, 1000);
	assert_int_equal(last_pbu(bench)->options.att, MH_ATT_IEEE_802_11);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* Its session is what it was registered as, also when policy says otherwise. */
static void test_profile_changes(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	bench->profile.mn_id = nai("mn9@example.com");
	bench->profile.lma = ip6("2001:db8:2::9");
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_mag_agreed(bench);
	detach(bench, false);
	world_settle(&bench->world);
	assert_true(mh_mn_id_equal(&last_pbu(bench)->options.mn_id,
				   &(struct mh_mn_id){
					.subtype = 1, .len = 15,
					.data = "mn1@example.com" }));
	acknowledge(bench, MH_ACCEPTED);
	/* Then it is what it is now. */
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	assert_true(mh_mn_id_equal(&last_pbu(bench)->options.mn_id,
				   &bench->profile.mn_id));
}

/* --- Held by the operator. */

static void test_hold(void **state)
{
	struct mag_bench *bench = *state;
	int deregistering;

	/* Its frames do not bring it back, neither now nor afterwards. */
	register_at(bench, ACCESS1);
	detach(bench, true);
	for (deregistering = 1; deregistering >= 0; deregistering--) {
		world_settle(&bench->world);
		attach(bench, ACCESS1, 1, false);
		world_settle(&bench->world);
		assert_int_equal(mn(bench, 1)->state, deregistering ?
				 BULE_DEREGISTERING : BULE_HELD);
		assert_false(hears_all(bench, ACCESS1));
		assert_int_equal(bench->world.sent_count, 2);
		if (deregistering)
			acknowledge(bench, MH_ACCEPTED);
	}
	assert_int_equal(bench->world.binding_count, 0);
	mag_bench_until(bench, 10000000);
	assert_int_equal(mn(bench, 1)->state, BULE_HELD);
	assert_mag_agreed(bench);
	/* The operator does. */
	attach(bench, ACCESS1, 1, true);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

static void test_hold_ends_with_the_link(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	detach(bench, true);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	link_down(bench, ACCESS1);
	world_settle(&bench->world);
	assert_null(mn(bench, 1));
	assert_true(hears_all(bench, ACCESS1));
	register_at(bench, ACCESS1);
	assert_mag_agreed(bench);
}

static void test_hold_while_registering(void **state)
{
	struct mag_bench *bench = *state;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	detach(bench, true);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_HELD);
	assert_mag_agreed(bench);
}

static void test_hold_one_that_is_refused(void **state)
{
	struct mag_bench *bench = *state;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_INSUFFICIENT_RESOURCES);
	detach(bench, true);
	world_settle(&bench->world);
	mag_bench_until(bench, 1000000);
	assert_int_equal(mn(bench, 1)->state, BULE_HELD);
	assert_mag_agreed(bench);
	detach(bench, false);
	world_settle(&bench->world);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

/* --- What does not go well. */

static void test_link_down(void **state)
{
	struct mag_bench *bench = *state;
	uint8_t i;

	/* In all states: active, registering, refused, elsewhere. */
	for (i = 1; i <= 4; i++) {
		attach(bench, i < 4 ? ACCESS1 : ACCESS2, i, false);
		world_settle(&bench->world);
		if (i == 1)
			acknowledge(bench, MH_ACCEPTED);
		if (i == 3)
			acknowledge(bench, MH_INSUFFICIENT_RESOURCES);
	}
	link_down(bench, ACCESS1);
	world_settle(&bench->world);
	/* RULE: B-MAG-21 B-MAG-46 */
	assert_int_equal(mn(bench, 1)->state, BULE_DEREGISTERING);
	assert_int_equal(mn(bench, 2)->state, BULE_DEREGISTERING);
	assert_null(mn(bench, 3));
	assert_int_equal(mn(bench, 4)->state, BULE_REGISTERING);
	mag_bench_until(bench, 10000);
	assert_null(mn(bench, 1));
	assert_null(mn(bench, 2));
	assert_int_equal(bench->world.binding_count, 0);
	assert_mag_agreed(bench);
}

/* The anchor is silent: forwarding ends in time, asking does not. */
static void test_expiry(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);

	mag_bench_until(bench, 299999);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
	mag_bench_until(bench, 1);
	assert_int_equal(bule->state, BULE_REGISTERING);
	/* RULE: B-MAG-37 */
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->mag.counters.expired, 1);
	assert_mag_agreed(bench);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 32000);
	assert_true(bench->world.sent_count > 0);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_UNKNOWN);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_int_equal(bench->world.ra_count, 1);
	assert_mag_agreed(bench);
}

static void test_path_expired(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);

	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_int_equal(bule->generation, 2);
	/* Of another entry, and of a renewal ago: no news. */
	mag_on_path_expired(&bench->mag, bule->id + 1, bule->generation,
			    bench->world.now, &bench->world.out);
	mag_on_path_expired(&bench->mag, bule->id, bule->generation - 1,
			    bench->world.now, &bench->world.out);
	assert_int_equal(world_collect(&bench->world), 0);
	mag_on_path_expired(&bench->mag, bule->id, bule->generation,
			    bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_REGISTERING);
	assert_int_equal(bench->world.binding_count, 0);
	/* It asks at once. */
	assert_int_equal(bench->world.sent_count, 2);
	assert_mag_agreed(bench);
	acknowledge(bench, MH_ACCEPTED);
	assert_mag_agreed(bench);
}

/* No forwarding, no advertisement; the anchor is told, and not asked for long. */
static void test_forwarding_fails(void **state)
{
	static const int kinds[] = {
		EFFECT_STORE_PUT, EFFECT_BINDING_SET, EFFECT_ROUTE_ADD,
	};
	struct mag_bench *bench;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		mag_bench_setup(state);
		bench = *state;
		attach(bench, ACCESS1, 1, false);
		world_settle(&bench->world);
		world_fail(&bench->world, kinds[i], 0, 1, EIO);
		acknowledge(bench, MH_ACCEPTED);
		assert_int_equal(bench->world.fail_count, 0);
		assert_int_equal(bench->world.ra_count, 0);
		assert_int_equal(bench->mag.counters.failed, 1);
		assert_non_null(world_reported(&bench->world,
					       "forwarding-failed"));
		assert_int_equal(mn(bench, 1)->state, BULE_DEREGISTERING);
		assert_int_equal(last_pbu(bench)->lifetime, 0);
		/* Its next frame does not start it over at once. */
		attach(bench, ACCESS1, 1, false);
		world_settle(&bench->world);
		assert_int_equal(bench->world.sent_count, 2);
		acknowledge(bench, MH_ACCEPTED);
		assert_int_equal(mn(bench, 1)->state, BULE_REFUSED);
		assert_mag_agreed(bench);
		mag_bench_until(bench, 60000);
		assert_null(mn(bench, 1));
		register_at(bench, ACCESS1);
		assert_mag_agreed(bench);
		mag_bench_teardown(state);
	}
}

/* A move that fails leaves nothing on either link. */
static void test_move_fails(void **state)
{
	static const int kinds[] = {
		EFFECT_STORE_PUT, EFFECT_BINDING_SET, EFFECT_ROUTE_ADD,
	};
	struct mag_bench *bench;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		mag_bench_setup(state);
		bench = *state;
		register_at(bench, ACCESS1);
		world_fail(&bench->world, kinds[i], 0, 1, EIO);
		attach(bench, ACCESS2, 1, false);
		world_settle(&bench->world);
		assert_int_equal(bench->world.fail_count, 0);
		acknowledge(bench, MH_ACCEPTED);
		assert_int_equal(mn(bench, 1)->state, BULE_REFUSED);
		assert_int_equal(bench->world.route_count, 0);
		/* The host is there, and is told. */
		assert_int_equal(bench->world.ra_count, 2);
		assert_int_equal(bench->world.ras[1].prefix[0].valid_s, 0);
		assert_mag_agreed(bench);
		mag_bench_teardown(state);
	}
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_attach),
		with_bench(test_attach_too_many),
		with_bench(test_detach),
		with_bench(test_detach_unanswered),
		with_bench(test_detach_with_one_try),
		with_bench(test_detach_refused),
		with_bench(test_attach_while_deregistering),
		cmocka_unit_test(test_attach_elsewhere_while_deregistering),
		with_bench(test_late_registration),
		with_bench(test_move),
		with_bench(test_move_while_registering),
		with_bench(test_move_keeps_access_technology),
		with_bench(test_profile_changes),
		with_bench(test_hold),
		with_bench(test_hold_ends_with_the_link),
		with_bench(test_hold_while_registering),
		with_bench(test_hold_one_that_is_refused),
		with_bench(test_link_down),
		with_bench(test_expiry),
		with_bench(test_path_expired),
		cmocka_unit_test(test_forwarding_fails),
		cmocka_unit_test(test_move_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
