// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_pba.c: RFC 5213 6.9.1.2.
 */
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

static void assert_ignored(struct mag_bench *bench,
			   const struct mh_binding_ack *ba)
{
	uint64_t ignored = bench->mag.counters.pba_ignored;
	enum bule_state before = mn(bench, 1)->state;
	size_t sent = bench->world.sent_count;

	hand(bench, ba);
	world_settle(&bench->world);
	/* RULE: B-MAG-54 */
	assert_int_equal(bench->mag.counters.pba_ignored, ignored + 1);
	assert_int_equal(mn(bench, 1)->state, before);
	assert_int_equal(bench->world.sent_count, sent);
	assert_int_equal(bench->world.ra_count, 0);
	assert_mag_agreed(bench);
}

static void assert_denied(struct mag_bench *bench)
{
	assert_int_equal(mn(bench, 1)->state, BULE_REFUSED);
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->world.ra_count, 0);
	assert_mag_agreed(bench);
}

/* State first, then the advertisement. */
static void test_accepted(void **state)
{
	struct mag_bench *bench;
	struct bule *bule = mag_bench_begin(state, &bench);
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
	/* RULE: B-MAG-12 */
	assert_false(kinds & 1 << EFFECT_ADVERTISE);
	assert_int_equal(bule->state, BULE_REGISTERING);
	/* RULE: B-MAG-12 B-MAG-50 */
	assert_int_equal(bench->world.ra_count, 0);
	world_settle(&bench->world);
	/* RULE: B-MSG-02 */
	assert_int_equal(bule->state, BULE_ACTIVE);
	/* RFC 6275 11.7.3: it counts from the sending. RULE: B-MAG-75 */
	assert_true(bule->expires_ms == sent + 200000);
	/* RULE: B-MAG-13 B-MAG-75 */
	assert_prefix_equal(&bule->hnp[0], HNP1);
	/* RULE: B-MAG-18 */
	assert_int_equal(bench->world.binding_count, 1);
	assert_int_equal(bench->world.ra_count, 1);
	assert_int_equal(bench->mag.counters.pba_accepted, 1);
	assert_mag_agreed(bench);
	/* And that was the end of it. */
	mag_bench_until(bench, 60000);
	assert_int_equal(bench->world.sent_count, 1);
}

static void test_several_prefixes(void **state)
{
	struct mag_bench *bench;
	struct bule *bule = mag_bench_begin(state, &bench);
	struct mh_binding_ack ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);

	ba.options.hnp_count = 3;
	ba.options.hnp[1] = prefix6(HNP2);
	/* One that is named twice is still one. */
	ba.options.hnp[2] = prefix6(HNP1);
	hand(bench, &ba);
	world_settle(&bench->world);
	/* RULE: B-MAG-13 */
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

	mag_bench_begin(state, &bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.sequence++;
	/* RULE: B-MAG-54 B-MAG-74 */
	assert_ignored(bench, &ba);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.mn_id = nai("mn2@example.com");
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

	mag_bench_begin(state, &bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	mag_on_pba(&bench->mag, &other, &ba, bench->world.now,
		   &bench->world.out);
	world_settle(&bench->world);
	/* RULE: B-MAG-54 */
	assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_SOURCE], 1);
	/* RULE: B-MAG-74 */
	assert_int_equal(bench->mag.counters.pba_ignored, 1);
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

	mag_bench_begin(state, &bench);
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
	struct bule *bule = mag_bench_begin(state, &bench);
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

	mag_bench_begin(state, &bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	mag_bench_until(bench, 15000);
	assert_int_equal(bench->world.sent_count, BULE_COPIES + 1);
	assert_ignored(bench, &ba);
}

/* --- An anchor that does not echo: 6.9.1.2 (6). */

static void test_echoes_something_else(void **state)
{
	struct mag_bench *bench;
	struct mh_binding_ack ba;
	int what;

	for (what = 0; what < 4; what++) {
		mag_bench_setup(state);
		mag_bench_begin(state, &bench);
		ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
		switch (what) {
		case 0:
			ba.options.att = MH_ATT_IEEE_802_3;
			break;
		case 1:
			ba.options.handoff = MH_HI_SAME_INTERFACE;
			break;
		case 2:
			ba.options.mn_id = nai("mn2@example.com");
			break;
		case 3:
			ba.options.ll_id = ll_id6(2);
			break;
		}
		hand(bench, &ba);
		world_settle(&bench->world);
		/* RULE: B-MAG-54 */
		assert_int_equal(bench->mag.counters.ignored[MAG_IGNORED_ECHO], 1);
		assert_int_equal(bench->mag.counters.pba_ignored, 1);
		assert_int_equal(bench->mag.counters.pba_accepted, 0);
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
	assert_int_equal(bench->world.ras[0].prefix[0].valid_s, 0);
	bench->world.ra_count = 0;
	assert_denied(bench);
}

/* --- Lifetimes: RFC 6275 11.7.3. */

/* From the sending of the copy that is answered, and no more than it asked. */
static void test_lifetimes(void **state)
{
	static const struct {
		uint32_t granted;
		uint32_t counts;
		uint64_t late_ms;
	} rows[] = {
		{ 75, 300, 0 }, { 74, 296, 600 }, { 1, 4, 900 }, { 76, 300, 0 },
		{ 0xffff, 300, 500 },
	};
	struct mh_binding_ack ba;
	struct mag_bench *bench;
	struct bule *bule;
	uint64_t sent;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		mag_bench_setup(state);
		bule = mag_bench_begin(state, &bench);
		ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
		sent = bench->world.now.mono_ms;
		world_pass(&bench->world, rows[i].late_ms);
		ba.lifetime = (uint16_t)rows[i].granted;
		hand(bench, &ba);
		world_settle(&bench->world);
		/* RULE: B-MAG-75 */
		assert_true(bule->expires_ms == sent + rows[i].counts * 1000ull);
		assert_mag_agreed(bench);
		mag_bench_teardown(state);
	}
}

/* An answer that came later than what it grants is worth nothing. */
static void test_lifetime_over(void **state)
{
	struct mag_bench *bench;
	struct bule *bule = mag_bench_begin(state, &bench);
	struct mh_binding_ack ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);

	mag_bench_until(bench, 6000);
	ba.lifetime = 1;
	hand(bench, &ba);
	world_settle(&bench->world);
	mag_bench_until(bench, 0);
	assert_int_equal(bule->state, BULE_REGISTERING);
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->mag.counters.expired, 1);
	assert_mag_agreed(bench);
}

/* --- Other prefixes than before, or than were asked for. */

static void test_other_than_asked(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	struct bule *bule;

	bench->profile.hnp_count = 1;
	bench->profile.hnp[0] = prefix6(HNP1);
	bule = mag_bench_begin(state, &bench);
	/* RULE: B-MAG-17 B-MAG-26 */
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], HNP1);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	ba.options.hnp[0] = prefix6(HNP2);
	hand(bench, &ba);
	world_settle(&bench->world);
	/* RULE: B-MAG-13 B-MAG-75 */
	assert_int_equal(bule->hnp_count, 1);
	assert_prefix_equal(&bule->hnp[0], HNP2);
	assert_prefix_equal(&bench->world.ras[0].prefix[0].prefix, HNP2);
	assert_mag_agreed(bench);
}

/* The acknowledgement of a refresh, with these prefixes. */
static void refresh_with(struct mag_bench *bench, const char *first,
			 const char *second)
{
	struct mh_binding_ack ba;

	world_forget_messages(&bench->world);
	while (!bench->world.sent_count)
		mag_bench_until(bench, 1000);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	ba.options.hnp_count = second ? 2 : 1;
	ba.options.hnp[0] = prefix6(first);
	if (second)
		ba.options.hnp[1] = prefix6(second);
	hand(bench, &ba);
	world_settle(&bench->world);
}

static void test_prefix_changes(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);

	refresh_with(bench, HNP2, NULL);
	assert_int_equal(bench->world.ra_count, 1);
	/* RULE: B-MAG-42 */
	assert_non_null(told(bench, HNP1));
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	assert_int_equal(told(bench, HNP1)->preferred_s, 0);
	/* The router is the same. */
	assert_int_equal(bench->world.ras[0].router_lifetime_s, 1800);
	assert_non_null(told(bench, HNP2));
	assert_int_equal(told(bench, HNP2)->valid_s, 7200);
	/* RULE: B-MAG-42 B-MAG-75 */
	assert_null(world_binding(&bench->world, HNP1));
	assert_null(world_route(&bench->world, HNP1));
	assert_non_null(world_route(&bench->world, HNP2));
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_mag_agreed(bench);
}

/* One more, then the first one less. */
static void test_prefix_set_changes(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);

	refresh_with(bench, HNP1, HNP2);
	assert_int_equal(bench->world.ra_count, 1);
	assert_int_equal(bench->world.ras[0].prefix_count, 2);
	assert_int_equal(told(bench, HNP2)->valid_s, 7200);
	assert_int_equal(bench->world.binding_count, 2);
	assert_mag_agreed(bench);

	refresh_with(bench, HNP2, NULL);
	/* RULE: B-MAG-20 */
	assert_int_equal(last_pbu(bench)->options.hnp_count, 2);
	/* RULE: B-MAG-42 */
	assert_non_null(told(bench, HNP1));
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	assert_int_equal(bench->world.route_count, 1);
	assert_int_equal(bule->hnp_count, 1);
	assert_mag_agreed(bench);
	/* And so it is after a restart. */
	assert_int_equal(mag_bench_restart(bench, true), 1);
	assert_prefix_equal(&mn(bench, 1)->hnp[0], HNP2);
	assert_mag_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, mag_bench_setup, \
					mag_bench_teardown)

/* What one of its interfaces had here is another one's, here too. */
static void other_interface_gets(struct mag_bench *bench,
				 enum mh_handoff_indicator handoff)
{
	struct mag_attachment at = register_at(bench, ACCESS1)->at;
	struct mh_binding_ack ba;
	size_t sent;

	at.ifindex = ACCESS2;
	memcpy(at.lladdr, ll_id6(2).data, ETH_ALEN);
	at.handoff = handoff;
	mag_on_attach(&bench->mag, &at, &bench->profile, true,
		      bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	sent = bench->world.sent_count;
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 2)->state, BULE_ACTIVE);
	assert_null(mn(bench, 1));
	assert_int_equal(bench->world.sent_count, sent);
	assert_non_null(world_binding(&bench->world, HNP1));
	assert_int_equal(world_route(&bench->world, HNP1)->access_ifindex,
			 ACCESS2);
	assert_mag_agreed(bench);
	/* The other one is heard again. */
	assert_true(world_hears_all(&bench->world, ACCESS1, ll_id6(1).data));
}

static void test_other_interface(void **state)
{
	other_interface_gets(*state, MH_HI_BETWEEN_INTERFACES);
}

/* Whose session the anchor has lost, and given its prefix away. */
static void test_other_interface_beside(void **state)
{
	other_interface_gets(*state, MH_HI_NEW_INTERFACE);
}

/* A second mobile node, on the other interface, which gets what the first has. */
static void other_gets(struct mag_bench *bench, const char *hnp)
{
	struct mag_attachment at = mn(bench, 1)->at;
	struct mh_binding_ack ba;

	at.ifindex = ACCESS2;
	strcpy(at.ifname, "access2");
	memcpy(at.lladdr, ll_id6(2).data, ETH_ALEN);
	bench->profile.mn_id = nai("mn2@example.com");
	mag_on_attach(&bench->mag, &at, &bench->profile, false,
		      bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, hnp);
	hand(bench, &ba);
	world_settle(&bench->world);
}

/*
 * What one had here that has left unheard is another mobile node's by now, here
 * too: its end must not take that away.
 */
static void test_other_mobile_node(void **state)
{
	struct mag_bench *bench = *state;
	size_t sent;

	register_at(bench, ACCESS1);
	sent = bench->world.sent_count;
	other_gets(bench, HNP1);
	assert_int_equal(mn(bench, 2)->state, BULE_ACTIVE);
	assert_null(mn(bench, 1));
	/* The anchor knows, and would take it for the end of the other one. */
	assert_int_equal(bench->world.sent_count, sent + 1);
	assert_non_null(world_binding(&bench->world, HNP1));
	assert_memory_equal(world_binding(&bench->world, HNP1)->set.lladdr,
			    mn(bench, 2)->at.lladdr, ETH_ALEN);
	assert_int_equal(world_route(&bench->world, HNP1)->access_ifindex,
			 ACCESS2);
	assert_mag_agreed(bench);
}

/* One that has another prefix as well keeps that, and so it is after a restart. */
static void test_other_mobile_node_has_one_of_two(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	refresh_with(bench, HNP1, HNP2);
	other_gets(bench, HNP1);
	assert_int_equal(mn(bench, 1)->hnp_count, 1);
	assert_prefix_equal(&mn(bench, 1)->hnp[0], HNP2);
	assert_mag_agreed(bench);
	assert_int_equal(mag_bench_restart(bench, true), 2);
	assert_int_equal(mn(bench, 1)->hnp_count, 1);
	assert_prefix_equal(&mn(bench, 1)->hnp[0], HNP2);
	assert_mag_agreed(bench);
}

/* Of one that does not forward any more there is nothing to keep. */
static void test_other_mobile_node_is_being_unbound(void **state)
{
	struct mag_bench *bench = *state;
	uint64_t id;

	register_at(bench, ACCESS1);
	refresh_with(bench, HNP1, HNP2);
	id = mn(bench, 1)->id;
	assert_non_null(world_record(&bench->world, id));
	detach(bench, false);
	world_settle(&bench->world);
	/* Its anchor is silent: forwarding ends, and it is asked again. */
	mag_bench_until(bench, 1500);
	assert_int_equal(mn(bench, 1)->state, BULE_DEREGISTERING);
	assert_false(mn(bench, 1)->forwards);
	assert_null(world_record(&bench->world, id));

	other_gets(bench, HNP1);
	assert_int_equal(mn(bench, 2)->state, BULE_ACTIVE);
	assert_int_equal(mn(bench, 1)->hnp_count, 1);
	assert_prefix_equal(&mn(bench, 1)->hnp[0], HNP2);
	assert_null(world_record(&bench->world, id));
	assert_mag_agreed(bench);
	/* The next start does not know it, nor has it what was given away. */
	assert_int_equal(mag_bench_restart(bench, true), 1);
	assert_null(mn(bench, 1));
	assert_prefix_equal(&mn(bench, 2)->hnp[0], HNP1);
	assert_mag_agreed(bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_accepted),
		with_bench(test_other_interface),
		with_bench(test_other_interface_beside),
		with_bench(test_other_mobile_node),
		with_bench(test_other_mobile_node_has_one_of_two),
		with_bench(test_other_mobile_node_is_being_unbound),
		with_bench(test_several_prefixes),
		with_bench(test_matches_nothing),
		with_bench(test_not_from_the_anchor),
		with_bench(test_grants_nothing),
		with_bench(test_late),
		with_bench(test_too_late),
		cmocka_unit_test(test_echoes_something_else),
		with_bench(test_refresh_echoes_something_else),
		cmocka_unit_test(test_lifetimes),
		with_bench(test_lifetime_over),
		with_bench(test_other_than_asked),
		with_bench(test_prefix_changes),
		with_bench(test_prefix_set_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
