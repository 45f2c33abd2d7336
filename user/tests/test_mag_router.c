// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_router.c: RFC 5213 6.8, 6.9.1.2 (15).
 */
#include <string.h>

#include "common/mag_bench.h"
#include "common/test.h"

#define SAID "fe80::aaaa"
#define OTHER "fe80::bbbb"

/* A gateway without a fixed link-local address. */
static int setup(void **state)
{
	struct mag_bench *bench;

	mag_bench_setup(state);
	bench = *state;
	memset(&bench->mag.config.link_local, 0, 16);
	return 0;
}

/* The anchor answers the last PBU, and says that address. */
static void answer(struct mag_bench *bench, const char *router)
{
	struct mh_binding_ack ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);

	ba.options.has_link_local = router != NULL;
	if (router)
		ba.options.link_local = ip6(router);
	hand(bench, &ba);
	world_settle(&bench->world);
}

static void hear(struct mag_bench *bench, const struct in6_addr *address)
{
	mag_on_neighbour(&bench->mag, ll_id6(1).data, address,
			 bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

static bool link_has(const struct mag_bench *bench, uint32_t ifindex,
		     const char *text)
{
	const struct world *world = &bench->world;
	struct in6_addr address = ip6(text);
	size_t i;

	for (i = 0; i < world->address_count; i++)
		if (world->addresses[i].ifindex == ifindex &&
		    IN6_ARE_ADDR_EQUAL(&world->addresses[i].address, &address))
			return true;
	return false;
}

static void test_said(void **state)
{
	struct mag_bench *bench = *state;

	arrive(bench);
	/* RULE: B-MAG-73 */
	assert_true(last_pbu(bench)->options.has_link_local);
	/* RULE: B-MAG-27 B-MAG-73 */
	assert_ip6_equal(&last_pbu(bench)->options.link_local, "::");
	answer(bench, SAID);
	/* RULE: B-MAG-76 */
	assert_true(link_has(bench, ACCESS1, SAID));
	/* RULE: B-MAG-76 */
	assert_false(bench->world.addresses[0].detect);
	/* RULE: B-MAG-76 */
	assert_ip6_equal(&last_ra(bench)->src, SAID);
	assert_ip6_equal(mag_router(&bench->mag, mn(bench, 1)), SAID);
	assert_mag_agreed(bench);
	/* The refresh has the same options as the first PBU. */
	until_sent(bench);
	/* RULE: B-MAG-20 */
	assert_true(last_pbu(bench)->options.has_link_local);
	answer(bench, SAID);
	assert_int_equal(bench->world.address_count, 1);
	assert_mag_agreed(bench);
	/* So has the last one, and then it goes. */
	detach(bench, false);
	world_settle(&bench->world);
	/* RULE: B-MAG-21 */
	assert_true(last_pbu(bench)->options.has_link_local);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(bench->world.address_count, 0);
	assert_mag_agreed(bench);
}

/* One that comes back on another link while it leaves has no router on the old. */
static void test_back_on_another_link(void **state)
{
	struct mag_bench *bench = *state;

	arrive(bench);
	answer(bench, SAID);
	detach(bench, false);
	world_settle(&bench->world);
	assert_int_equal(mn(bench, 1)->state, BULE_DEREGISTERING);
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_false(link_has(bench, ACCESS1, SAID));
	assert_true(hears_all(bench, ACCESS1));
	answer(bench, SAID);
	assert_true(link_has(bench, ACCESS2, SAID));
	assert_int_equal(bench->world.address_count, 1);
	assert_mag_agreed(bench);
}

/* With a fixed one nothing is asked, and nothing taken. */
static void test_fixed(void **state)
{
	struct mag_bench *bench = *state;

	bench->mag.config.link_local = ip6(ROUTER);
	arrive(bench);
	/* RULE: B-MAG-73 */
	assert_false(last_pbu(bench)->options.has_link_local);
	answer(bench, SAID);
	assert_int_equal(bench->world.address_count, 0);
	/* RULE: B-MAG-82 */
	assert_ip6_equal(&last_ra(bench)->src, ROUTER);
	hear(bench, &bench->mag.config.link_local);
	assert_int_equal(bench->world.sent_count, 1);
	assert_mag_agreed(bench);
}

/* What is none is not taken. */
static void test_said_nothing(void **state)
{
	static const char *const rows[] = { NULL, "::", "2001:db8::1", "ff02::1" };
	struct mag_bench *bench;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		setup(state);
		bench = *state;
		arrive(bench);
		answer(bench, rows[i]);
		assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
		assert_int_equal(bench->world.address_count, 0);
		assert_ip6_equal(&last_ra(bench)->src, "::");
		mag_bench_teardown(state);
	}
}

static void test_said_another(void **state)
{
	struct mag_bench *bench = *state;

	arrive(bench);
	answer(bench, SAID);
	until_sent(bench);
	bench->world.ra_count = 0;
	answer(bench, OTHER);
	assert_int_equal(bench->world.address_count, 1);
	assert_true(link_has(bench, ACCESS1, OTHER));
	assert_ip6_equal(&last_ra(bench)->src, OTHER);
	assert_mag_agreed(bench);
}

/* It moves with the mobile node. */
static void test_moves(void **state)
{
	struct mag_bench *bench = *state;

	arrive(bench);
	answer(bench, SAID);
	attach(bench, ACCESS2, 1, false);
	world_settle(&bench->world);
	assert_int_equal(bench->world.address_count, 1);
	assert_true(link_has(bench, ACCESS2, SAID));
	assert_mag_agreed(bench);
}

/* And outlives the process. */
static void test_restart(void **state)
{
	struct mag_bench *bench = *state;
	const struct effect_store *record;
	struct mag_config config;
	struct world *world = &bench->world;
	struct bule *bule;

	arrive(bench);
	answer(bench, SAID);
	config = bench->mag.config;
	world->address_count = 0;
	world->ra_count = 0;
	mag_free(&bench->mag);
	mag_init(&bench->mag, &config);
	record = &world->records[0];
	bule = mag_restore(&bench->mag, record->key, record->data, record->len,
			   true, world->now);
	assert_non_null(bule);
	bule->at.ifindex = ACCESS1;
	mag_start(&bench->mag, &world->out);
	world_settle(world);
	assert_true(link_has(bench, ACCESS1, SAID));
	/* Nor is it taken for one that an earlier run has left. */
	assert_true(mag_link_carries(&bench->mag, ACCESS1, &bule->router));
	assert_false(mag_link_carries(&bench->mag, ACCESS2, &bule->router));
	assert_mag_agreed(bench);
}

/* Two mobile nodes on a link may have the same. */
static void test_shared(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;

	arrive(bench);
	answer(bench, SAID);
	bench->profile.mn_id = nai("mn2@example.com");
	attach(bench, ACCESS1, 2, false);
	world_settle(&bench->world);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP2);
	ba.options.link_local = ip6(SAID);
	hand(bench, &ba);
	world_settle(&bench->world);
	detach(bench, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_true(link_has(bench, ACCESS1, SAID));
	assert_mag_agreed(bench);
	/* Nor is it left on a link where nobody has it any more. */
	attach(bench, ACCESS2, 2, false);
	world_settle(&bench->world);
	assert_false(link_has(bench, ACCESS1, SAID));
	assert_true(link_has(bench, ACCESS2, SAID));
	mag_on_detach(&bench->mag, mn(bench, 2), false, "it has left",
		      bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 2));
	assert_int_equal(bench->world.address_count, 0);
	assert_mag_agreed(bench);
}

/* --- The mobile node has it. */

static void assert_own(struct mag_bench *bench, const struct in6_addr *taken)
{
	const struct bule *bule = mn(bench, 1);

	assert_true(IN6_IS_ADDR_LINKLOCAL(&bule->router));
	/* RULE: B-MAG-58 */
	assert_memory_not_equal(&bule->router, taken, sizeof(*taken));
	assert_int_equal(bench->world.address_count, 1);
	assert_memory_equal(&bench->world.addresses[0].address, &bule->router,
			    sizeof(bule->router));
	/* RULE: B-MAG-76 */
	assert_true(bench->world.addresses[0].detect);
	assert_memory_equal(&last_ra(bench)->src, &bule->router,
			    sizeof(bule->router));
	/* RULE: B-MAG-58 */
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	/* RULE: B-MAG-58 */
	assert_memory_equal(&last_pbu(bench)->options.link_local,
			    &bule->router, sizeof(bule->router));
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], HNP1);
	assert_mag_agreed(bench);
}

static void test_taken_already(void **state)
{
	struct mag_bench *bench = *state;
	struct in6_addr said = ip6(SAID);
	uint64_t asked;

	arrive(bench);
	hear(bench, &said);
	asked = bench->world.now.mono_ms;
	answer(bench, SAID);
	/* At once. RULE: B-MAG-58 */
	assert_int_equal(bench->world.sent_count, 2);
	assert_true(bench->world.now.mono_ms == asked);
	assert_own(bench, &said);
	/* The anchor keeps it, and that is the end of it. */
	acknowledge(bench, MH_ACCEPTED);
	mag_bench_until(bench, 60000);
	assert_int_equal(bench->world.sent_count, 2);
	assert_mag_agreed(bench);
}

/* One that insists is not asked for ever, and does not get its way. */
static void test_anchor_insists(void **state)
{
	struct mag_bench *bench = *state;
	struct in6_addr said = ip6(SAID);

	arrive(bench);
	hear(bench, &said);
	answer(bench, SAID);
	answer(bench, SAID);
	assert_own(bench, &said);
	mag_bench_until(bench, 60000);
	assert_int_equal(bench->world.sent_count, 2);
	/* Another that is free it may have. */
	until_sent(bench);
	answer(bench, OTHER);
	assert_true(link_has(bench, ACCESS1, OTHER));
	assert_mag_agreed(bench);
}

static void test_taken_later(void **state)
{
	struct mag_bench *bench = *state;
	struct in6_addr said = ip6(SAID), own;

	arrive(bench);
	answer(bench, SAID);
	world_pass(&bench->world, 5000);
	hear(bench, &said);
	/* RULE: B-MAG-58 */
	assert_int_equal(bench->world.sent_count, 2);
	assert_own(bench, &said);
	acknowledge(bench, MH_ACCEPTED);
	/* If it follows, it is not run away from all the time. */
	own = mn(bench, 1)->router;
	hear(bench, &own);
	hear(bench, &own);
	assert_int_equal(bench->world.sent_count, 2);
	world_pass(&bench->world, 10000);
	hear(bench, &own);
	assert_int_equal(bench->world.sent_count, 3);
	assert_own(bench, &own);
}

/* While something else is being asked. */
static void test_taken_while_refreshing(void **state)
{
	struct mag_bench *bench = *state;
	struct in6_addr said = ip6(SAID);

	arrive(bench);
	answer(bench, SAID);
	until_sent(bench);
	assert_int_equal(bench->world.sent_count, 2);
	hear(bench, &said);
	assert_int_equal(bench->world.sent_count, 2);
	answer(bench, SAID);
	assert_int_equal(bench->world.sent_count, 3);
	assert_own(bench, &said);
}

/* While it is being set up. */
static void test_taken_while_busy(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_ack ba;
	struct in6_addr said = ip6(SAID);

	arrive(bench);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP1);
	ba.options.link_local = said;
	hand(bench, &ba);
	mag_on_neighbour(&bench->mag, ll_id6(1).data, &said, bench->world.now,
			 &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 2);
	assert_own(bench, &said);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, setup, mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_said),
		with_bench(test_back_on_another_link),
		with_bench(test_fixed),
		cmocka_unit_test(test_said_nothing),
		with_bench(test_said_another),
		with_bench(test_moves),
		with_bench(test_restart),
		with_bench(test_shared),
		with_bench(test_taken_already),
		with_bench(test_anchor_insists),
		with_bench(test_taken_later),
		with_bench(test_taken_while_refreshing),
		with_bench(test_taken_while_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
