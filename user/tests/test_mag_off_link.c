// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_ra.c, user/engine/mag_forward.c, user/engine/mag_notify.c:
 * prefixes that a gateway routes and does not advertise (RFC 7864 3.2.2, 3.3).
 */
#include <errno.h>
#include <string.h>

#include "../engine/mag_internal.h"
#include "common/mag_bench.h"
#include "common/test.h"

#define HNP3 "2001:db8:a:2::/64"

static struct mh_prefix off_link(const char *hnp)
{
	struct mh_prefix prefix = prefix6(hnp);

	prefix.off_link = true;
	return prefix;
}

/* The anchor answers the last PBU with these, and everything happens. */
static void grant(struct mag_bench *bench, const struct mh_prefix *hnp,
		  unsigned int count)
{
	struct mh_binding_ack ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);

	memcpy(ba.options.hnp, hnp, count * sizeof(*hnp));
	ba.options.hnp_count = (uint8_t)count;
	world_forget_messages(&bench->world);
	hand(bench, &ba);
	world_settle(&bench->world);
}

static void grant_two(struct mag_bench *bench, struct mh_prefix first,
		      struct mh_prefix second)
{
	grant(bench, (struct mh_prefix[]){ first, second }, 2);
}

/* One is on its link, and one is routed only. */
static struct bule *begin(void **state, struct mag_bench **bench)
{
	struct bule *bule = mag_bench_begin(state, bench);

	grant_two(*bench, prefix6(HNP1), off_link(HNP2));
	assert_int_equal(bule->state, BULE_ACTIVE);
	return bule;
}

/* It is routed to the mobile node, which may send from it. */
static void assert_routed(struct mag_bench *bench, const char *hnp)
{
	const struct world_binding *binding =
		world_binding(&bench->world, hnp);

	assert_non_null(binding);
	/* RULE: MH-42 */
	assert_int_equal(binding->set.access_ifindex, ACCESS1);
	/* RULE: MH-42 */
	assert_non_null(world_route(&bench->world, hnp));
	assert_mag_agreed(bench);
}

static void assert_gone(struct mag_bench *bench, const char *hnp)
{
	/* RULE: MH-42 */
	assert_null(world_binding(&bench->world, hnp));
	assert_null(world_route(&bench->world, hnp));
	assert_mag_agreed(bench);
}

static void test_granted(void **state)
{
	struct mag_bench *bench;

	begin(state, &bench);
	assert_routed(bench, HNP1);
	assert_routed(bench, HNP2);
	assert_non_null(told(bench, HNP1));
	/* RULE: MH-42 */
	assert_null(told(bench, HNP2));
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 1000);
	solicit(bench, 1, "fe80::1");
	assert_non_null(told(bench, HNP1));
	/* RULE: MH-42 */
	assert_null(told(bench, HNP2));
}

/* Named twice, it is as its flag says once. */
static void test_twice(void **state)
{
	struct mag_bench *bench;
	struct bule *bule = mag_bench_begin(state, &bench);
	struct mh_prefix hnp[] = {
		prefix6(HNP1), off_link(HNP2), prefix6(HNP2),
	};

	grant(bench, hnp, 3);
	assert_int_equal(bule->hnp_count, 2);
	assert_null(told(bench, HNP2));
	assert_routed(bench, HNP2);
}

/* A renewal has all that it was granted; the flag is for gateways alone. */
static void test_renewed(void **state)
{
	struct mag_bench *bench;
	const struct mh_options *options;

	begin(state, &bench);
	world_forget_messages(&bench->world);
	until_sent(bench);
	options = &last_pbu(bench)->options;
	assert_int_equal(options->hnp_count, 2);
	assert_prefix_equal(&options->hnp[1], HNP2);
	assert_false(options->hnp[1].off_link);
	/* As it was: there is nothing to tell. */
	grant_two(bench, prefix6(HNP1), off_link(HNP2));
	assert_int_equal(bench->world.ra_count, 0);
	assert_routed(bench, HNP2);
}

static void test_changes(void **state)
{
	struct mag_bench *bench;

	begin(state, &bench);
	until_sent(bench);
	grant_two(bench, prefix6(HNP1), prefix6(HNP2));
	assert_non_null(told(bench, HNP2));
	assert_true(told(bench, HNP2)->valid_s);
	assert_routed(bench, HNP2);
	until_sent(bench);
	/* Its address of that prefix goes on: it is not told to let go of it. */
	grant_two(bench, off_link(HNP1), prefix6(HNP2));
	/* RULE: MH-42 */
	assert_null(told(bench, HNP1));
	assert_non_null(told(bench, HNP2));
	assert_routed(bench, HNP1);
	assert_int_equal(bench->mag.counters.prefixes_withdrawn, 0);
	/* What was never advertised here is not withdrawn either. */
	until_sent(bench);
	grant_two(bench, prefix6(HNP3), prefix6(HNP2));
	assert_gone(bench, HNP1);
	assert_null(told(bench, HNP1));
	assert_int_equal(bench->mag.counters.prefixes_withdrawn, 0);
}

/* It was withdrawn a moment ago, and that shall be said some times more. */
static void test_withdrawn_before(void **state)
{
	struct mag_bench *bench;

	bench = *state;
	bench->mag.config.final_ras = 3;
	begin(state, &bench);
	until_sent(bench);
	grant_two(bench, prefix6(HNP3), off_link(HNP2));
	assert_non_null(told(bench, HNP1));
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	bench->mag.config.lifetime_s = 300;
	mag_register(&bench->mag, mn(bench, 1), MH_HI_NOT_CHANGED,
		     bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	grant_two(bench, prefix6(HNP3), off_link(HNP1));
	/* RULE: MH-42 */
	assert_null(told(bench, HNP1));
	assert_routed(bench, HNP1);
}

/* Held: it is told that its home is gone, and nothing of what was never here. */
static void test_detached(void **state)
{
	struct mag_bench *bench;

	begin(state, &bench);
	world_forget_messages(&bench->world);
	detach(bench, true);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_non_null(told(bench, HNP1));
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	/* RULE: MH-42 */
	assert_null(told(bench, HNP2));
	assert_gone(bench, HNP2);
}

static void test_restart(void **state)
{
	struct mag_bench *bench;
	struct bule *bule;

	begin(state, &bench);
	assert_int_equal(mag_bench_restart(bench, true), 1);
	bule = mn(bench, 1);
	assert_int_equal(bule->hnp_count, 2);
	assert_false(bule->hnp[0].off_link);
	assert_true(bule->hnp[1].off_link);
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 1000);
	solicit(bench, 1, "fe80::1");
	assert_non_null(told(bench, HNP1));
	/* RULE: MH-42 */
	assert_null(told(bench, HNP2));
}

/* --- By Update Notifications. */

static struct mh_update_notification fmi(uint16_t sequence,
					 const struct mh_prefix *hnp,
					 unsigned int count)
{
	struct mh_update_notification upn = {
		.sequence = sequence,
		.reason = MH_UPN_FLOW_MOBILITY,
		.flags = MH_UPN_ACK,
		.options = {
			.has_mn_id = true,
			.mn_id = nai("mn1@example.com"),
			.hnp_count = (uint8_t)count,
		},
	};

	memcpy(upn.options.hnp, hnp, count * sizeof(*hnp));
	return upn;
}

static void notify(struct mag_bench *bench,
		   const struct mh_update_notification *upn)
{
	struct in6_addr src = ip6(ANCHOR), dst = ip6(PROXY_COA);

	world_forget_messages(&bench->world);
	mag_on_upn(&bench->mag, &src, &dst, upn, bench->world.now,
		   &bench->world.out);
	world_settle(&bench->world);
}

static const struct mh_update_ack *last_upa(const struct mag_bench *bench)
{
	const struct mh_message *message =
		world_last_message(&bench->world);

	assert_int_equal(message->type, MH_UPDATE_ACK);
	return &message->upa;
}

static void assert_upa(const struct mag_bench *bench, uint16_t sequence,
		       uint8_t status)
{
	const struct mh_update_ack *upa = last_upa(bench);

	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(upa->sequence, sequence);
	assert_int_equal(upa->status, status);
	assert_true(upa->options.has_mn_id);
	if (status != MH_UPA_SUCCESS)
		assert_int_equal(upa->options.hnp_count, 0);
}

/* Those that are named are routed, and those that are not any more are not. */
static void test_notified(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_prefix hnp[] = { off_link(HNP2), off_link(HNP3) };
	struct mh_update_notification upn = fmi(7, hnp, 2);
	struct bule *bule = register_at(bench, ACCESS1);

	notify(bench, &upn);
	/* RFC 7864 4.3: with what can come now. */
	assert_upa(bench, 7, MH_UPA_SUCCESS);
	assert_int_equal(last_upa(bench)->options.hnp_count, 2);
	assert_prefix_equal(&last_upa(bench)->options.hnp[1], HNP3);
	assert_int_equal(bule->hnp_count, 3);
	assert_routed(bench, HNP1);
	assert_routed(bench, HNP2);
	assert_routed(bench, HNP3);
	solicit(bench, 1, "fe80::1");
	assert_non_null(told(bench, HNP1));
	/* RULE: MH-42 */
	assert_null(told(bench, HNP2));
	/* RULE: MH-42 */
	assert_null(told(bench, HNP3));

	/* A copy: it is so already. */
	upn.flags |= MH_UPN_RETRANSMITTED;
	notify(bench, &upn);
	assert_upa(bench, 7, MH_UPA_SUCCESS);
	assert_int_equal(bench->world.ra_count, 0);
	upn = fmi(8, &hnp[1], 1);
	notify(bench, &upn);
	assert_upa(bench, 8, MH_UPA_SUCCESS);
	assert_gone(bench, HNP2);
	assert_routed(bench, HNP3);
	assert_routed(bench, HNP1);
	/* By name of what is on its link, all others go. */
	upn = fmi(9, (struct mh_prefix[]){ prefix6(HNP1) }, 1);
	notify(bench, &upn);
	assert_upa(bench, 9, MH_UPA_SUCCESS);
	assert_gone(bench, HNP3);
	assert_routed(bench, HNP1);
	assert_int_equal(bench->mag.counters.prefixes_withdrawn, 0);
	/* And as its flag says. */
	upn = fmi(10, (struct mh_prefix[]){ off_link(HNP1) }, 1);
	notify(bench, &upn);
	assert_upa(bench, 10, MH_UPA_SUCCESS);
	/* RULE: MH-42 */
	assert_null(told(bench, HNP1));
	assert_routed(bench, HNP1);
}

/* Nothing is promised that does not stand. */
static void test_notified_in_vain(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_prefix hnp = off_link(HNP2);
	struct mh_update_notification upn = fmi(7, &hnp, 1);
	size_t i;

	register_at(bench, ACCESS1);
	world_fail(&bench->world, EFFECT_BINDING_SET, 0, 2, ENOMEM);
	notify(bench, &upn);
	for (i = 0; i < bench->world.sent_count; i++)
		assert_int_not_equal(bench->world.sent[i].message->type,
				     MH_UPDATE_ACK);
}

static void test_refused(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_prefix hnp[MH_MAX_HNP];
	struct mh_update_notification upn;
	unsigned int i;

	for (i = 0; i < MH_MAX_HNP; i++) {
		hnp[i] = off_link(HNP3);
		hnp[i].addr.s6_addr[7] = (uint8_t)(0x10 + i);
	}
	register_at(bench, ACCESS1);
	upn = fmi(7, hnp, 0);
	notify(bench, &upn);
	assert_upa(bench, 7, MH_UPA_REASON_UNSPECIFIED);
	upn = fmi(8, (struct mh_prefix[]){ off_link("::/0") }, 1);
	notify(bench, &upn);
	assert_upa(bench, 8, MH_UPA_REASON_UNSPECIFIED);
	/* One more than there is room for, with that on its link. */
	upn = fmi(9, hnp, MH_MAX_HNP);
	notify(bench, &upn);
	assert_upa(bench, 9, MH_UPA_REASON_UNSPECIFIED);
	upn = fmi(10, hnp, MH_MAX_HNP - 1);
	notify(bench, &upn);
	assert_upa(bench, 10, MH_UPA_SUCCESS);
	assert_int_equal(mn(bench, 1)->hnp_count, MH_MAX_HNP);
	upn.options.mn_id = nai("mn9@example.com");
	notify(bench, &upn);
	assert_upa(bench, 10, MH_UPA_MN_NOT_ATTACHED);
	assert_mag_agreed(bench);
}

/* Two of its interfaces are here: each can be meant, and has its own. */
static void test_two_interfaces(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_prefix hnp = off_link(HNP3);
	struct mh_update_notification upn = fmi(7, &hnp, 1);

	register_at(bench, ACCESS1);
	attach(bench, ACCESS2, 2, false);
	world_settle(&bench->world);
	grant(bench, (struct mh_prefix[]){ prefix6(HNP2) }, 1);
	notify(bench, &upn);
	assert_upa(bench, 7, MH_UPA_REASON_UNSPECIFIED);
	upn.options.has_ll_id = true;
	upn.options.ll_id = ll_id6(1);
	notify(bench, &upn);
	assert_upa(bench, 7, MH_UPA_SUCCESS);
	assert_routed(bench, HNP3);
	/* The other interface has it. */
	upn.options.hnp[0] = off_link(HNP2);
	notify(bench, &upn);
	assert_upa(bench, 7, MH_UPA_REASON_UNSPECIFIED);
	assert_int_equal(world_binding(&bench->world, HNP2)->set.access_ifindex,
			 ACCESS2);
	assert_mag_agreed(bench);
}

/* While the last one is carried out: it will be repeated. */
static void test_busy(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_prefix hnp = off_link(HNP2);
	struct mh_update_notification upn = fmi(7, &hnp, 1);
	struct bule *bule = register_at(bench, ACCESS1);

	bule->busy = true;
	notify(bench, &upn);
	assert_int_equal(bench->world.sent_count, 0);
	assert_int_equal(bench->mag.counters.upn_ignored, 1);
	bule->busy = false;
	notify(bench, &upn);
	assert_upa(bench, 7, MH_UPA_SUCCESS);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_granted),
		TEST(test_twice),
		TEST(test_renewed),
		TEST(test_changes),
		TEST(test_withdrawn_before),
		TEST(test_detached),
		TEST(test_restart),
		TEST(test_notified),
		TEST(test_notified_in_vain),
		TEST(test_refused),
		TEST(test_two_interfaces),
		TEST(test_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
