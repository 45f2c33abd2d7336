// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_notify.c: an anchor has news for a mobile node
 */
#include "common/mag_bench.h"
#include "common/test.h"

#define STRANGER "2001:db8:66::1"

static struct mh_update_notification upn_of(const char *mn, uint16_t sequence)
{
	struct mh_update_notification upn = {
		.sequence = sequence,
		.reason = MH_UPN_FORCE_REREGISTRATION,
		.flags = MH_UPN_ACK,
		.options = { .has_mn_id = true, .mn_id = nai(mn) },
	};

	return upn;
}

static void notify_from(struct mag_bench *bench, const char *from,
			const struct mh_update_notification *upn)
{
	struct in6_addr src = ip6(from), dst = ip6(PROXY_COA);

	world_forget_messages(&bench->world);
	mag_on_upn(&bench->mag, &src, &dst, upn, bench->world.now,
		   &bench->world.out);
	world_settle(&bench->world);
	/* What is due now, but no copy of it. */
	mag_bench_until(bench, 10);
}

static void notify(struct mag_bench *bench,
		   const struct mh_update_notification *upn)
{
	notify_from(bench, ANCHOR, upn);
}

static unsigned int pbus(const struct mag_bench *bench)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < bench->world.sent_count; i++)
		count += bench->world.sent[i].message->type ==
			 MH_BINDING_UPDATE;
	return count;
}

/* It was acknowledged once, from where it went to where it came from. */
static void assert_upa(const struct mag_bench *bench, uint16_t sequence,
		       uint8_t status)
{
	const struct effect_send *found = NULL;
	size_t i;

	for (i = 0; i < bench->world.sent_count; i++) {
		if (bench->world.sent[i].message->type != MH_UPDATE_ACK)
			continue;
		assert_null(found);
		found = &bench->world.sent[i];
	}
	assert_non_null(found);
	assert_ip6_equal(&found->src, PROXY_COA);
	assert_ip6_equal(&found->dst, ANCHOR);
	assert_int_equal(found->message->upa.sequence, sequence);
	assert_int_equal(found->message->upa.status, status);
	assert_true(found->message->upa.options.has_mn_id);
}

static void test_registers_anew(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_update_notification upn = upn_of("mn1@example.com", 7);
	struct bule *bule = register_at(bench, ACCESS1);
	struct mh_binding_ack ba;

	notify(bench, &upn);
	assert_upa(bench, 7, MH_UPA_SUCCESS);
	assert_int_equal(pbus(bench), 1);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
	assert_prefix_equal(&last_pbu(bench)->options.hnp[0], HNP1);

	/* What changed comes with the acknowledgement. */
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	ba.options.hnp[0] = prefix6(HNP2);
	hand(bench, &ba);
	world_settle(&bench->world);
	mag_bench_until(bench, 3000);
	assert_prefix_equal(&bule->hnp[0], HNP2);
	/* RULE: B-MAG-42 */
	assert_null(world_binding(&bench->world, HNP1));
	/* RULE: B-MAG-42 */
	assert_null(world_route(&bench->world, HNP1));
	assert_non_null(world_binding(&bench->world, HNP2));
	assert_true(bench->world.ra_count > 0);
	/* RULE: B-MAG-42 */
	assert_int_equal(bench->mag.counters.prefixes_withdrawn, 1);
	assert_mag_agreed(bench);
}

/* RFC 7077 6.1: only where A asks for it. */
static void test_not_answered(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_update_notification upn = upn_of("mn1@example.com", 7);

	register_at(bench, ACCESS1);
	upn.flags = 0;
	notify(bench, &upn);
	assert_int_equal(bench->mag.counters.upa_sent, 0);
	assert_int_equal(pbus(bench), 1);
}

static void test_duplicate(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_update_notification upn = upn_of("mn1@example.com", 7);

	register_at(bench, ACCESS1);
	notify(bench, &upn);
	acknowledge(bench, MH_ACCEPTED);
	upn.flags |= MH_UPN_RETRANSMITTED;
	notify(bench, &upn);
	assert_upa(bench, 7, MH_UPA_SUCCESS);
	assert_int_equal(pbus(bench), 0);
	assert_int_equal(bench->mag.counters.upn_duplicates, 1);

	/* The first one was lost. */
	upn.sequence = 8;
	notify(bench, &upn);
	assert_upa(bench, 8, MH_UPA_SUCCESS);
	assert_int_equal(pbus(bench), 1);
}

/* What is under way may have been answered before. */
static void test_while_asking(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_update_notification upn = upn_of("mn1@example.com", 7);

	register_at(bench, ACCESS1);
	notify(bench, &upn);
	upn.sequence = 8;
	notify(bench, &upn);
	assert_upa(bench, 8, MH_UPA_SUCCESS);
	assert_int_equal(pbus(bench), 0);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 1000);
	assert_int_equal(pbus(bench), 1);
	acknowledge(bench, MH_ACCEPTED);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 10);
	assert_int_equal(pbus(bench), 1);
	acknowledge(bench, MH_ACCEPTED);
	/* And that was all. */
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 60000);
	assert_int_equal(pbus(bench), 0);
	assert_mag_agreed(bench);
}

/* Nor may what registers it know of the news. */
static void test_while_registering(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_update_notification upn = upn_of("mn1@example.com", 7);

	/* Somebody has to be there whose anchor it is. */
	register_at(bench, ACCESS1);
	attach(bench, ACCESS1, 2, false);
	world_settle(&bench->world);
	upn.options.has_ll_id = true;
	upn.options.ll_id = ll_id6(2);
	notify(bench, &upn);
	assert_upa(bench, 7, MH_UPA_SUCCESS);
	assert_int_equal(pbus(bench), 0);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 1000);
	acknowledge(bench, MH_ACCEPTED);
	assert_int_equal(mn(bench, 2)->state, BULE_ACTIVE);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 10);
	assert_int_equal(pbus(bench), 1);
	assert_int_equal(last_pbu(bench)->options.handoff, MH_HI_NOT_CHANGED);
}

static void test_refused(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_update_notification upn = upn_of("mn9@example.com", 7);

	register_at(bench, ACCESS1);
	notify(bench, &upn);
	assert_upa(bench, 7, MH_UPA_MN_NOT_ATTACHED);
	upn = upn_of("mn1@example.com", 8);
	upn.reason = 2;
	notify(bench, &upn);
	assert_upa(bench, 8, MH_UPA_FAILED);
	assert_int_equal(pbus(bench), 0);
	/* Another interface than the one that is here. */
	upn = upn_of("mn1@example.com", 9);
	upn.options.has_ll_id = true;
	upn.options.ll_id = ll_id6(2);
	notify(bench, &upn);
	assert_upa(bench, 9, MH_UPA_MN_NOT_ATTACHED);
	assert_int_equal(pbus(bench), 0);
	assert_int_equal(bench->mag.counters.upn_refused, 3);
	upn.sequence = 10;
	upn.options.ll_id = ll_id6(1);
	notify(bench, &upn);
	assert_upa(bench, 10, MH_UPA_SUCCESS);
	assert_int_equal(pbus(bench), 1);
}

static void test_ignored(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_update_notification upn = upn_of("mn1@example.com", 7);

	register_at(bench, ACCESS1);
	notify_from(bench, STRANGER, &upn);
	assert_int_equal(bench->world.sent_count, 0);
	upn.options.has_mn_id = false;
	notify(bench, &upn);
	assert_int_equal(bench->world.sent_count, 0);
	assert_int_equal(bench->mag.counters.upn_ignored, 2);
}

/* Detached meanwhile: it is not there any more. */
static void test_left(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_update_notification upn = upn_of("mn1@example.com", 7);

	register_at(bench, ACCESS1);
	detach(bench, true);
	world_settle(&bench->world);
	notify(bench, &upn);
	assert_upa(bench, 7, MH_UPA_MN_NOT_ATTACHED);
	assert_int_equal(pbus(bench), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_registers_anew, mag_bench_setup,
						mag_bench_teardown),
		cmocka_unit_test_setup_teardown(test_not_answered, mag_bench_setup,
						mag_bench_teardown),
		cmocka_unit_test_setup_teardown(test_duplicate, mag_bench_setup,
						mag_bench_teardown),
		cmocka_unit_test_setup_teardown(test_while_asking, mag_bench_setup,
						mag_bench_teardown),
		cmocka_unit_test_setup_teardown(test_while_registering, mag_bench_setup,
						mag_bench_teardown),
		cmocka_unit_test_setup_teardown(test_refused, mag_bench_setup,
						mag_bench_teardown),
		cmocka_unit_test_setup_teardown(test_ignored, mag_bench_setup,
						mag_bench_teardown),
		cmocka_unit_test_setup_teardown(test_left, mag_bench_setup,
						mag_bench_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
