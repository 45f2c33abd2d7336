// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_record.c
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "common/lma_bench.h"
#include "common/test.h"

/* Two sessions: of mn1 at MAG1 with HNP1, of mn2 with two prefixes of its own. */
static void register_both(struct lma_bench *bench)
{
	struct lma_request request;

	register_mn1(bench);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.src = ip6(MAG2);
	request.bu.options.mn_id = nai("mn2@example.com");
	request.bu.options.has_link_local = true;
	own_prefixes(&request, OWN1, OWN2);
	assert_status(bench, &request, MH_ACCEPTED);
}

static const struct dataplane_dump nothing = { .has_sets = true };

static struct bce *session(struct lma_bench *bench, const char *hnp)
{
	struct mh_prefix prefix = prefix6(hnp);

	return bc_by_prefix(&bench->lma.bc, &prefix);
}

/* The process ends, traffic does not: nothing is touched, all is known. */
static void test_restart(void **state)
{
	struct lma_bench *bench = *state;
	struct bce_registration before;
	struct in6_addr link_local;
	uint64_t id;
	unsigned int sets;

	register_both(bench);
	before = session(bench, OWN1)->now;
	link_local = session(bench, OWN1)->link_local;
	id = session(bench, OWN1)->id;
	sets = bench->world.binding_sets;
	world_pass(&bench->world, 100000);
	assert_int_equal(lma_bench_restart(bench, true), 2);
	assert_ptr_equal(session(bench, OWN1), session(bench, OWN2));
	assert_memory_equal(&session(bench, OWN1)->now, &before,
			    sizeof(before));
	assert_memory_equal(&session(bench, OWN1)->link_local, &link_local,
			    sizeof(link_local));
	assert_true(session(bench, OWN1)->id == id);
	lma_bench_read(bench);
	world_settle(&bench->world);
	assert_int_equal(bench->world.binding_sets, sets);
	assert_agreed(bench);
	/* New sessions do not take the place of old ones. */
	assert_true(bench->lma.next_id > id);
	/* And all of them end when they should. */
	lma_bench_until(bench, 199999);
	assert_int_equal(bench->lma.bc.count, 2);
	lma_bench_until(bench, 1);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
}

/* RFC 5213 5.5: what was accepted before a restart is not accepted again. */
static void test_restart_remembers_order(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	register_mn1(bench);
	lma_bench_restart(bench, true);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.src = ip6(MAG2);
	request.bu.options.timestamp--;
	/* RULE: B-LMA-07 */
	assert_status(bench, &request, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	request.bu.options.timestamp += 2;
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

/* The machine restarted: the data plane is empty, and gets all of it back. */
static void test_reboot(void **state)
{
	struct lma_bench *bench = *state;

	register_both(bench);
	world_pass(&bench->world, 100000);
	bench->world.binding_count = 0;
	bench->world.route_count = 0;
	assert_int_equal(lma_bench_restart(bench, false), 2);
	lma_bench_read(bench);
	world_settle(&bench->world);
	assert_non_null(world_route(&bench->world, POOL));
	/* RULE: B-LMA-57 */
	assert_non_null(world_route(&bench->world, OWN1));
	assert_non_null(world_route(&bench->world, OWN2));
	assert_int_equal(bench->world.route_count, 3);
	assert_ip6_equal(&world_binding(&bench->world, HNP1)->set.remote, MAG1);
	assert_ip6_equal(&world_binding(&bench->world, OWN2)->set.remote, MAG2);
	assert_true(world_binding(&bench->world, OWN2)->set.lifetime_ms ==
		    200000);
	assert_agreed(bench);
}

/* What ended while nobody looked is ended properly. */
static void test_restart_too_late(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;
	int same_boot;

	for (same_boot = 0; same_boot < 2; same_boot++) {
		register_both(bench);
		assert_int_equal(bench->world.route_count, 3);
		world_pass(&bench->world, 300001);
		lma_bench_restart(bench, same_boot);
		lma_bench_read(bench);
		world_settle(&bench->world);
		lma_bench_until(bench, 0);
		assert_int_equal(bench->lma.bc.count, 0);
		assert_int_equal(bench->world.route_count, 1);
		assert_agreed(bench);
	}
	/* Cookies are not used again. */
	assert_true(bench->lma.next_id > 2);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_true(session(bench, HNP1)->id > 2);
}

static void test_restart_while_waiting_for_deletion(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;
	unsigned int sets;

	register_mn1(bench);
	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	sets = bench->world.binding_sets;
	world_pass(&bench->world, 4000);
	assert_int_equal(lma_bench_restart(bench, true), 1);
	assert_int_equal(session(bench, HNP1)->now.state, BCE_DEREGISTERED);
	lma_bench_read(bench);
	world_settle(&bench->world);
	assert_int_equal(bench->world.binding_sets, sets);
	/* What has no path has no generation that could be adopted. */
	assert_true(session(bench, HNP1)->now.generation > 0);
	lma_bench_until(bench, 6000);
	assert_int_equal(bench->lma.bc.count, 0);
	assert_agreed(bench);
}

/* A prefix of a session that came back is not handed out. */
static void test_restored_prefix_is_in_use(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	register_mn1(bench);
	lma_bench_restart(bench, true);
	world_pass(&bench->world, 1000);
	request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	request.bu.options.mn_id = nai("mn2@example.com");
	assert_status(bench, &request, MH_ACCEPTED);
	assert_prefix_equal(&world_last_message(&bench->world)->ba.options
			    .hnp[0], HNP2);
	assert_agreed(bench);
}

/* --- Records that are none. */

static void test_cut_record(void **state)
{
	struct lma_bench *bench = *state;
	struct effect_store record;
	uint8_t *copy;
	size_t len;

	register_both(bench);
	record = bench->world.records[1];
	lma_free(&bench->lma);
	lma_init(&bench->lma, &(struct lma_config){ .seed = 1 });
	for (len = 0; len < record.len; len++) {
		copy = exact_copy(record.data, len);
		assert_false(lma_restore(&bench->lma, record.key, copy, len,
					 true, bench->world.now));
		free(copy);
	}
	assert_int_equal(bench->lma.bc.count, 0);
	assert_true(lma_restore(&bench->lma, record.key, record.data,
				record.len, true, bench->world.now));
	/* Not a second time. */
	assert_false(lma_restore(&bench->lma, record.key + 1, record.data,
				 record.len, true, bench->world.now));
}

static void test_damaged_record(void **state)
{
	struct lma_bench *bench = *state;
	const struct effect_store *record;
	unsigned int taken = 0;
	struct lma lma;
	uint8_t *copy;
	size_t at;
	int bits;

	register_both(bench);
	record = &bench->world.records[1];
	copy = exact_copy(record->data, record->len);
	for (at = 0; at < record->len; at++) {
		for (bits = 1; bits < 256; bits++) {
			copy[at] ^= (uint8_t)bits;
			lma_init(&lma, &(struct lma_config){ .seed = 1 });
			taken += lma_restore(&lma, 1, copy, record->len, true,
					     bench->world.now);
			/* Another kind of record, layout or state. */
			if (at < 2 || (at == 2 && copy[at] > BCE_DEREGISTERED))
				assert_int_equal(lma.bc.count, 0);
			lma_free(&lma);
			copy[at] ^= (uint8_t)bits;
		}
	}
	assert_true(taken > 0);
	free(copy);
}

/* --- The data plane has it otherwise. */

static void test_empty_dataplane(void **state)
{
	struct lma_bench *bench = *state;

	register_both(bench);
	bench->world.binding_count = 0;
	lma_bench_read(bench);
	world_settle(&bench->world);
	assert_int_equal(bench->world.binding_count, 3);
	assert_non_null(world_reported(&bench->world, "forwarding-restored"));
	assert_agreed(bench);
}

/* What is wrong is set right, and only that. */
static void assert_repaired(struct lma_bench *bench)
{
	unsigned int sets = bench->world.binding_sets;

	lma_bench_read(bench);
	world_settle(&bench->world);
	assert_true(bench->world.binding_sets > sets);
	assert_agreed(bench);
	sets = bench->world.binding_sets;
	lma_bench_read(bench);
	assert_int_equal(world_collect(&bench->world), 0);
	assert_int_equal(bench->world.binding_sets, sets);
}

static void test_wrong_bindings(void **state)
{
	struct lma_bench *bench = *state;

	register_both(bench);
	world_binding(&bench->world, HNP1)->set.remote = ip6(MAG2);
	assert_repaired(bench);
	world_binding(&bench->world, OWN2)->set.has_path = false;
	assert_repaired(bench);
	world_binding(&bench->world, OWN1)->expires_ms += 2001;
	assert_repaired(bench);
	world_binding(&bench->world, OWN1)->expires_ms -= 2001;
	assert_repaired(bench);
	world_binding(&bench->world, HNP1)->set.cookie += 5;
	assert_repaired(bench);
	/* One of two is missing. */
	*world_binding(&bench->world, OWN1) =
		bench->world.bindings[--bench->world.binding_count];
	assert_repaired(bench);
}

/* One that should drop, and forwards. */
static void test_forwards_after_deregistration(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	register_mn1(bench);
	world_pass(&bench->world, 1000);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	world_binding(&bench->world, HNP1)->set.has_path = true;
	assert_repaired(bench);
	assert_false(world_binding(&bench->world, HNP1)->set.has_path);
}

static void test_strays(void **state)
{
	struct lma_bench *bench = *state;
	struct world_binding *stray, *foreign;
	unsigned int sets;

	register_mn1(bench);
	bench->world.bindings = must_realloc(bench->world.bindings, 3 *
					     sizeof(*bench->world.bindings));
	stray = &bench->world.bindings[1];
	foreign = &bench->world.bindings[2];
	bench->world.binding_count = 3;
	*stray = bench->world.bindings[0];
	stray->set.hnp = prefix6(OWN1);
	stray->set.cookie = 77;
	*foreign = *stray;
	foreign->set.hnp = prefix6(OWN2);
	foreign->set.cookie = 0;
	sets = bench->world.binding_sets;
	lma_bench_read(bench);
	world_settle(&bench->world);
	assert_null(world_binding(&bench->world, OWN1));
	assert_non_null(world_binding(&bench->world, OWN2));
	assert_non_null(world_binding(&bench->world, HNP1));
	assert_int_equal(bench->world.binding_sets, sets);
	assert_non_null(world_reported(&bench->world, "stray-deleted"));
}

/* The generation that the data plane knows is the one that its news tell. */
static void test_generation_is_adopted(void **state)
{
	struct lma_bench *bench = *state;
	struct mh_prefix hnp = prefix6(HNP1);

	register_mn1(bench);
	world_binding(&bench->world, HNP1)->set.generation = 4711;
	lma_bench_read(bench);
	assert_int_equal(world_collect(&bench->world), 0);
	lma_on_path_expired(&bench->lma, &hnp, 1, 4711, bench->world.now,
			    &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->lma.bc.count, 0);
}

/* What was read before a change is no reason to undo the change. */
static void test_busy_sessions_are_left_alone(void **state)
{
	struct lma_bench *bench = *state;
	struct dataplane_dump dump;
	struct lma_request request;
	uint32_t generation;

	register_mn1(bench);
	world_pass(&bench->world, 1000);
	dump = world_dump(&bench->world);
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	give(bench, &request);
	generation = session(bench, HNP1)->now.generation;
	lma_on_dataplane(&bench->lma, &dump, bench->world.now,
			 &bench->world.out);
	dataplane_dump_free(&dump);
	lma_on_dataplane(&bench->lma, &nothing, bench->world.now,
			 &bench->world.out);
	assert_int_equal(world_collect(&bench->world), 1);
	assert_int_equal(session(bench, HNP1)->now.generation, generation);
	world_settle(&bench->world);
	assert_agreed(bench);
}

/*
 * The module was reloaded when a part of what is under way had been done, of which
 * nothing is left: it is told anew when the rest is done.
 */
static void test_reloaded_halfway(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	uint64_t ends_ms;

	give(bench, &request);
	lma_on_dataplane(&bench->lma, &nothing, bench->world.now,
			 &bench->world.out);
	world_settle(&bench->world);
	bench->world.binding_count = 0;
	ends_ms = session(bench, HNP1)->now.expires_ms;
	lma_bench_until(bench, 1);
	assert_int_equal(bench->world.binding_count, 1);
	assert_agreed(bench);
	assert_false(session(bench, HNP1)->unsure);
	assert_true(lma_next_timer(&bench->lma) == ends_ms);
	/* Once, and not where it was read as it was. */
	request = pbu(bench, HNP1, MH_HI_NOT_CHANGED);
	world_pass(&bench->world, 1000);
	give(bench, &request);
	lma_bench_read(bench);
	world_settle(&bench->world);
	assert_false(session(bench, HNP1)->unsure);
}

/* That repair fails is no end: the next reading finds it again. */
static void test_failed_repair(void **state)
{
	struct lma_bench *bench = *state;

	register_mn1(bench);
	bench->world.binding_count = 0;
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 1, EIO);
	lma_bench_read(bench);
	world_settle(&bench->world);
	assert_int_equal(bench->world.binding_count, 0);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_repaired(bench);
}

/* Nor is it waited for: it is tried again, and the session ends when it does. */
static void test_failed_repair_is_repeated(void **state)
{
	struct lma_bench *bench = *state;
	struct world *world = &bench->world;
	uint64_t ends_ms = register_mn1(bench)->now.expires_ms;

	world->binding_count = 0;
	world_fail(world, EFFECT_BINDING_SET, 0, 2, EIO);
	lma_bench_read(bench);
	world_settle(world);
	lma_bench_until(bench, 1000);
	assert_int_equal(world->binding_count, 0);
	lma_bench_until(bench, 1000);
	assert_int_equal(world->binding_count, 1);
	assert_agreed(bench);
	assert_true(lma_next_timer(&bench->lma) == ends_ms);
	lma_bench_until(bench, ends_ms);
	assert_int_equal(bench->lma.bc.count, 0);
}

/* What cannot be in its time is over then. */
static void test_repair_fails_to_the_end(void **state)
{
	struct lma_bench *bench = *state;
	struct world *world = &bench->world;
	uint64_t ends_ms = register_mn1(bench)->now.expires_ms;

	/* So that the next time would be after the end. */
	world_pass(world, 500);
	world->binding_count = 0;
	world_fail(world, EFFECT_BINDING_SET, 0, 1000000, EIO);
	lma_bench_read(bench);
	world_settle(world);
	lma_bench_until(bench, ends_ms - world->now.mono_ms - 1);
	assert_int_equal(bench->lma.bc.count, 1);
	lma_bench_until(bench, 1);
	assert_int_equal(bench->lma.bc.count, 0);
}

/*
 * A de-registration fails halfway, and going back does too: a copy of the update
 * before it is not acknowledged as if its session had been forwarded all along.
 */
static void test_copy_after_failure(void **state)
{
	struct lma_bench *bench = *state;
	struct world *world = &bench->world;
	struct lma_request first = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	struct lma_request last;
	unsigned int sets;

	own_prefixes(&first, OWN1, OWN2);
	assert_status(bench, &first, MH_ACCEPTED);
	world_pass(world, 100);
	last = pbu(bench, OWN1, MH_HI_UNKNOWN);
	last.bu.options.hnp[last.bu.options.hnp_count++] = prefix6(OWN2);
	last.bu.lifetime = 0;
	world_fail(world, EFFECT_BINDING_SET, 1, 2, EIO);
	assert_status(bench, &last, MH_REASON_UNSPECIFIED);
	assert_false(world_binding(world, OWN1)->set.has_path);
	assert_status(bench, &first, MH_ACCEPTED);
	assert_true(world_binding(world, OWN1)->set.has_path);
	assert_true(world_binding(world, OWN2)->set.has_path);
	assert_agreed(bench);
	/* From now on it is again. */
	sets = world->binding_sets;
	assert_status(bench, &first, MH_ACCEPTED);
	assert_int_equal(world->binding_sets, sets);
}

/* Nor what is stored: a restart finds it where it is. */
static void test_failed_record_is_repeated(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, HNP1, MH_HI_SAME_INTERFACE);
	struct in6_addr mag1 = ip6(MAG1);
	struct bce *bce;

	register_mn1(bench);
	world_pass(&bench->world, 100);
	request.src = ip6(MAG2);
	request.bu.options.timestamp = bench->world.now.wall;
	world_fail(&bench->world, ANY_ADDITION, 1, 2, EIO);
	assert_status(bench, &request, MH_REASON_UNSPECIFIED);
	assert_int_equal(bench->world.fail_count, 0);
	lma_bench_until(bench, 1000);
	assert_int_equal(lma_bench_restart(bench, true), 1);
	bce = bc_next(&bench->lma.bc, NULL);
	assert_memory_equal(&bce->now.proxy_coa, &mag1, sizeof(mag1));
	assert_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_restart),
		with_bench(test_restart_remembers_order),
		with_bench(test_reboot),
		with_bench(test_restart_too_late),
		with_bench(test_restart_while_waiting_for_deletion),
		with_bench(test_restored_prefix_is_in_use),
		with_bench(test_cut_record),
		with_bench(test_damaged_record),
		with_bench(test_empty_dataplane),
		with_bench(test_wrong_bindings),
		with_bench(test_forwards_after_deregistration),
		with_bench(test_strays),
		with_bench(test_generation_is_adopted),
		with_bench(test_busy_sessions_are_left_alone),
		with_bench(test_reloaded_halfway),
		with_bench(test_failed_repair),
		with_bench(test_failed_repair_is_repeated),
		with_bench(test_repair_fails_to_the_end),
		with_bench(test_copy_after_failure),
		with_bench(test_failed_record_is_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
