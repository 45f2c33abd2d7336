// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_record.c
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "common/mag_bench.h"
#include "common/test.h"

static const struct dataplane_dump nothing = { .has_sets = true };

static void reconcile(struct mag_bench *bench)
{
	struct dataplane_dump dump;

	dump = world_dump(&bench->world);
	mag_on_dataplane(&bench->mag, &dump, bench->world.now,
			 &bench->world.out);
	dataplane_dump_free(&dump);
}

/* The process ends, traffic does not: nothing is touched, all is known. */
static void test_restart(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS2);
	uint64_t id = bule->id, expires;
	struct in6_addr local = ip6("fe80::7");
	uint32_t generation;
	unsigned int sets;

	mag_on_neighbour(&bench->mag, ll_id6(1).data, &local,
			 bench->world.now, &bench->world.out);
	while (bench->world.sent_count < 2)
		mag_bench_until(bench, 1000);
	acknowledge(bench, MH_ACCEPTED);
	expires = bule->expires_ms;
	generation = bule->generation;
	sets = bench->world.binding_sets;
	world_forget_messages(&bench->world);
	world_pass(&bench->world, 50000);
	assert_int_equal(mag_bench_restart(bench, true), 1);
	bule = mn(bench, 1);
	assert_non_null(bule);
	assert_int_equal(bule->state, BULE_ACTIVE);
	assert_true(bule->id == id);
	assert_true(bule->expires_ms == expires);
	assert_int_equal(bule->generation, generation);
	assert_int_equal(bule->at.ifindex, ACCESS2);
	assert_int_equal(bule->at.att, MH_ATT_IEEE_802_11);
	assert_ip6_equal(&bule->profile.lma, ANCHOR);
	assert_true(mh_mn_id_equal(&bule->profile.mn_id,
				   &bench->profile.mn_id));
	assert_ip6_equal(&bule->link_local, "fe80::7");
	assert_true(bench->mag.next_id > id);
	reconcile(bench);
	world_settle(&bench->world);
	assert_int_equal(bench->world.binding_sets, sets);
	assert_int_equal(bench->world.sent_count, 0);
	assert_false(world_hears_all(&bench->world, ACCESS2, ll_id6(1).data));
	assert_mag_agreed(bench);
	/* It refreshes in time, by the prefix that it has. */
	while (!bench->world.sent_count)
		mag_bench_until(bench, 1000);
	assert_true(bench->world.now.mono_ms < expires);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], HNP1);
	acknowledge(bench, MH_ACCEPTED);
	assert_mag_agreed(bench);
	/* And it can leave. */
	detach(bench, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

static void test_reboot(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	world_pass(&bench->world, 100000);
	bench->world.binding_count = 0;
	bench->world.route_count = 0;
	assert_int_equal(mag_bench_restart(bench, false), 1);
	reconcile(bench);
	world_settle(&bench->world);
	assert_true(world_binding(&bench->world, HNP1)->set.lifetime_ms ==
		    200000);
	assert_mag_agreed(bench);
}

/* What ended while nobody looked is ended properly. */
static void test_restart_too_late(void **state)
{
	struct mag_bench *bench = *state;
	int same_boot;

	for (same_boot = 0; same_boot < 2; same_boot++) {
		register_at(bench, ACCESS1);
		world_pass(&bench->world, 300001);
		world_forget_messages(&bench->world);
		assert_int_equal(mag_bench_restart(bench, same_boot), 1);
		reconcile(bench);
		world_settle(&bench->world);
		mag_bench_until(bench, 0);
		assert_null(mn(bench, 1));
		assert_int_equal(bench->world.sent_count, 0);
		assert_true(world_hears_all(&bench->world, ACCESS1,
					    ll_id6(1).data));
		assert_mag_agreed(bench);
	}
	/* Cookies are not used again. */
	assert_true(bench->mag.next_id > 1);
	attach(bench, ACCESS1, 2, false);
	assert_true(mn(bench, 2)->id > 1);
}

/* A frame that comes before it was looked after shows that it is there. */
static void test_restart_too_late_but_there(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	world_pass(&bench->world, 300001);
	mag_bench_restart(bench, true);
	world_forget_messages(&bench->world);
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_int_equal(bench->world.ra_count, 1);
	assert_mag_agreed(bench);
}

/* What has left has no record, whatever the anchor says. */
static void test_restart_while_deregistering(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	detach(bench, false);
	world_settle(&bench->world);
	mag_bench_until(bench, 1000);
	assert_int_equal(mag_bench_restart(bench, true), 0);
	assert_null(mn(bench, 1));
	assert_int_equal(bench->world.binding_count, 0);
}

/* Its link is gone: nothing is set up for it, all of it can be ended. */
static void test_restart_without_its_link(void **state)
{
	struct mag_bench *bench = *state;
	unsigned int sets;

	register_at(bench, ACCESS1);
	mag_bench_restart(bench, true);
	mn(bench, 1)->at.ifindex = 0;
	/* Its routes went with it. */
	bench->world.route_count = 0;
	bench->world.binding_count = 0;
	sets = bench->world.binding_sets;
	reconcile(bench);
	world_settle(&bench->world);
	assert_int_equal(bench->world.binding_sets, sets);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 100000);
	assert_int_equal(bench->world.ra_count, 0);
	detach(bench, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

/* --- Records that are none. */

static void test_cut_record(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_config config = mag_bench_config();
	struct effect_store record;
	uint8_t *copy;
	size_t len;

	register_at(bench, ACCESS1);
	record = bench->world.records[0];
	mag_free(&bench->mag);
	mag_init(&bench->mag, &config);
	for (len = 0; len < record.len; len++) {
		copy = exact_copy(record.data, len);
		assert_null(mag_restore(&bench->mag, record.key, copy, len,
					true, bench->world.now));
		free(copy);
	}
	assert_null(bench->mag.bul.entries);
	assert_non_null(mag_restore(&bench->mag, record.key, record.data,
				    record.len, true, bench->world.now));
	/* Not a second time. */
	assert_null(mag_restore(&bench->mag, record.key + 1, record.data,
				record.len, true, bench->world.now));
}

/* A name of a link that has no end gets one. */
static void test_endless_name(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_config config = mag_bench_config();
	struct effect_store record;
	struct bule *bule;
	char *name;

	register_at(bench, ACCESS1);
	record = bench->world.records[0];
	name = memmem(record.data, record.len, "access1", 7);
	assert_non_null(name);
	memset(name, 'x', IFNAMSIZ);
	mag_free(&bench->mag);
	mag_init(&bench->mag, &config);
	bule = mag_restore(&bench->mag, record.key, record.data, record.len,
			   true, bench->world.now);
	assert_non_null(bule);
	assert_string_equal(bule->at.ifname, "xxxxxxxxxxxxxxx");
}

static void test_damaged_record(void **state)
{
	struct mag_bench *bench = *state;
	struct mag_config config = mag_bench_config();
	const struct effect_store *record;
	unsigned int taken = 0;
	struct bule *bule;
	struct mag mag;
	uint8_t *copy;
	size_t at;
	int bits;

	register_at(bench, ACCESS1);
	record = &bench->world.records[0];
	copy = exact_copy(record->data, record->len);
	for (at = 0; at < record->len; at++) {
		for (bits = 1; bits < 256; bits++) {
			copy[at] ^= (uint8_t)bits;
			mag_init(&mag, &config);
			bule = mag_restore(&mag, 1, copy, record->len, true,
					   bench->world.now);
			if (bule) {
				taken++;
				assert_true(at >= 2);
				assert_true(bule->hnp_count > 0);
				assert_true(strlen(bule->at.ifname) < IFNAMSIZ);
			}
			mag_free(&mag);
			copy[at] ^= (uint8_t)bits;
		}
	}
	assert_true(taken > 0);
	free(copy);
}

/* --- The data plane has it otherwise. */

/* What is wrong is set right, and only that. */
static void assert_repaired(struct mag_bench *bench)
{
	unsigned int sets = bench->world.binding_sets;

	world_forget_messages(&bench->world);
	reconcile(bench);
	world_settle(&bench->world);
	assert_true(bench->world.binding_sets > sets);
	assert_non_null(world_reported(&bench->world, "forwarding-restored"));
	assert_int_equal(bench->world.sent_count, 0);
	assert_mag_agreed(bench);
	sets = bench->world.binding_sets;
	reconcile(bench);
	assert_int_equal(world_collect(&bench->world), 0);
	assert_int_equal(bench->world.binding_sets, sets);
}

static void test_wrong_bindings(void **state)
{
	struct mag_bench *bench = *state;

	register_at(bench, ACCESS1);
	bench->world.binding_count = 0;
	assert_repaired(bench);
	world_binding(&bench->world, HNP1)->set.remote = ip6(PROXY_COA);
	assert_repaired(bench);
	world_binding(&bench->world, HNP1)->set.has_path = false;
	assert_repaired(bench);
	world_binding(&bench->world, HNP1)->set.access_ifindex = ACCESS2;
	assert_repaired(bench);
	world_binding(&bench->world, HNP1)->expires_ms += 2001;
	assert_repaired(bench);
	world_binding(&bench->world, HNP1)->expires_ms -= 2001;
	assert_repaired(bench);
}

static void test_strays(void **state)
{
	struct mag_bench *bench = *state;
	struct world_binding *stray, *own, *foreign;
	unsigned int sets;

	register_at(bench, ACCESS1);
	bench->world.bindings = must_realloc(bench->world.bindings, 4 *
					     sizeof(*bench->world.bindings));
	stray = &bench->world.bindings[1];
	own = &bench->world.bindings[2];
	foreign = &bench->world.bindings[3];
	bench->world.binding_count = 4;
	*stray = bench->world.bindings[0];
	stray->set.hnp = prefix6(HNP2);
	stray->set.cookie = 77;
	/* By the cookie of one that has another prefix. */
	*own = bench->world.bindings[0];
	own->set.hnp = prefix6("2001:db8:c::/64");
	*foreign = *stray;
	foreign->set.hnp = prefix6("2001:db8:d::/64");
	foreign->set.cookie = 0;
	sets = bench->world.binding_sets;
	reconcile(bench);
	world_settle(&bench->world);
	assert_null(world_binding(&bench->world, HNP2));
	assert_null(world_binding(&bench->world, "2001:db8:c::/64"));
	assert_non_null(world_binding(&bench->world, "2001:db8:d::/64"));
	assert_non_null(world_binding(&bench->world, HNP1));
	assert_int_equal(bench->world.binding_sets, sets);
}

static void test_generation_is_adopted(void **state)
{
	struct mag_bench *bench = *state;
	struct bule *bule = register_at(bench, ACCESS1);

	world_binding(&bench->world, HNP1)->set.generation = 4711;
	reconcile(bench);
	assert_int_equal(world_collect(&bench->world), 0);
	mag_on_path_expired(&bench->mag, bule->id, 4711, bench->world.now,
			    &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bule->state, BULE_REGISTERING);
}

/* What was read before a repair is no reason to forget the repair. */
static void test_busy_with_a_repair(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	struct bule *bule;

	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.hnp_count = 2;
	ba.options.hnp[1] = prefix6(HNP2);
	hand(bench, &ba);
	world_settle(&bench->world);
	bule = mn(bench, 1);
	assert_int_equal(bule->generation, 1);
	*world_binding(&bench->world, HNP1) =
		bench->world.bindings[--bench->world.binding_count];
	reconcile(bench);
	assert_int_equal(world_collect(&bench->world), 1);
	reconcile(bench);
	assert_int_equal(world_collect(&bench->world), 1);
	assert_int_equal(bule->generation, 2);
	world_settle(&bench->world);
	assert_mag_agreed(bench);
}

/* Neither what is being set up nor what is being ended is a stray. */
static void test_busy_entries_are_left_alone(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	struct bule *bule = register_at(bench, ACCESS1);
	uint32_t generation;

	while (bench->world.sent_count < 2)
		mag_bench_until(bench, 1000);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	hand(bench, &ba);
	generation = bule->generation;
	reconcile(bench);
	mag_on_dataplane(&bench->mag, &nothing, bench->world.now,
			 &bench->world.out);
	assert_int_equal(world_collect(&bench->world), 1);
	assert_int_equal(bule->generation, generation);
	world_settle(&bench->world);
	assert_mag_agreed(bench);

	detach(bench, false);
	world_settle(&bench->world);
	/* It stands until the anchor has answered. */
	reconcile(bench);
	assert_int_equal(world_collect(&bench->world), 0);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	hand(bench, &ba);
	reconcile(bench);
	assert_int_equal(world_collect(&bench->world), 1);
	world_settle(&bench->world);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

/* What is under way is done, but the module was reloaded before the last of it. */
static void reload_meanwhile(struct mag_bench *bench)
{
	struct world *world = &bench->world;

	world_collect(world);
	assert_int_equal(world->pending_count, 1);
	world_run_one(world, 0);
	world->binding_count = 0;
	world->route_count = 0;
}

/*
 * The module was reloaded when a part of what is under way had been done, of which
 * nothing is left: it is told anew when the rest is done, and only then it stands.
 */
static void test_reloaded_halfway(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	unsigned int sets;

	arrive(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	hand(bench, &ba);
	mag_on_dataplane(&bench->mag, &nothing, bench->world.now,
			 &bench->world.out);
	reload_meanwhile(bench);
	assert_int_equal(mn(bench, 1)->state, BULE_REGISTERING);
	assert_int_equal(bench->world.ra_count, 0);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_int_equal(bench->world.ra_count, 1);
	assert_non_null(world_reported(&bench->world, "forwarding-restored"));
	assert_mag_agreed(bench);
	/* Once, and not where it was read as it was. */
	sets = bench->world.binding_sets;
	until_sent(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	hand(bench, &ba);
	reconcile(bench);
	world_settle(&bench->world);
	assert_int_equal(bench->world.binding_sets, sets + 1);
}

/* Whatever it is to do next, it does it after that. */
static void test_reloaded_halfway_and_moves(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	register_at(bench, ACCESS1);
	until_sent(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	hand(bench, &ba);
	attach(bench, ACCESS1, 1, true);
	mag_on_dataplane(&bench->mag, &nothing, bench->world.now,
			 &bench->world.out);
	reload_meanwhile(bench);
	world_settle(&bench->world);
	assert_mag_agreed(bench);
	detach(bench, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_mag_agreed(bench);
}

/* What needs neither store nor kernel is done at once. */
static void run_messages(struct world *world)
{
	const struct transaction *transaction;
	unsigned int j, last;
	size_t i;

	world_collect(world);
	for (i = 0; i < world->pending_count;) {
		transaction = world->pending[i];
		last = PHASE_MESSAGES;
		for (j = 0; j < transaction->count; j++)
			if (effect_phase(transaction->effects[j].kind) < last)
				last = effect_phase(transaction->effects[j].kind);
		if (last == PHASE_MESSAGES)
			world_run_one(world, i);
		else
			i++;
	}
}

/* One that moves before the routes of a start are there is heard where it was. */
static void test_moves_as_it_starts(void **state)
{
	struct mag_bench *bench = *state;
	struct world *world = &bench->world;

	register_at(bench, ACCESS1);
	mag_start(&bench->mag, &world->out);
	run_messages(world);
	attach(bench, ACCESS2, 1, false);
	run_messages(world);
	while (world_collect(world))
		world_run_one(world, world->pending_count - 1);
	assert_true(world_hears_all(world, ACCESS1, ll_id6(1).data));
	assert_false(world_hears_all(world, ACCESS2, ll_id6(1).data));
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_restart),
		with_bench(test_reboot),
		with_bench(test_restart_too_late),
		with_bench(test_restart_too_late_but_there),
		with_bench(test_restart_while_deregistering),
		with_bench(test_restart_without_its_link),
		with_bench(test_cut_record),
		with_bench(test_endless_name),
		with_bench(test_damaged_record),
		with_bench(test_wrong_bindings),
		with_bench(test_strays),
		with_bench(test_generation_is_adopted),
		with_bench(test_busy_with_a_repair),
		with_bench(test_busy_entries_are_left_alone),
		with_bench(test_reloaded_halfway),
		with_bench(test_reloaded_halfway_and_moves),
		with_bench(test_moves_as_it_starts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
