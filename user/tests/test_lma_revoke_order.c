// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_revoke_order.c, user/engine/revocation.c: what an operator of
 * an anchor revokes (RFC 5846 8.1)
 */
#include "common/lma_order.h"
#include "common/lma_revoke.h"
#include "common/test.h"

static void test_mobile_node(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	const struct mh_revocation *bri;
	struct outcome outcome;
	struct mh_mn_id mn_id = nai(MN1);

	order_come(bench, MAG1, MN2, 2);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	assert_int_equal(bench->world.sent_count, 1);
	bri = revoke_bri(bench, 0);
	/* RULE: BRI-10 */
	assert_ip6_equal(&bench->world.sent[0].src, LMAA);
	assert_ip6_equal(&bench->world.sent[0].dst, MAG1);
	/* RULE: BRI-02 */
	assert_int_equal(bri->trigger, MH_BR_ADMINISTRATIVE);
	/* RULE: BRI-02 BRI-03 */
	assert_int_equal(bri->flags, MH_BR_PROXY);
	/* RULE: BRI-10 */
	assert_true(mh_mn_id_equal(&bri->options.mn_id, &mn_id));
	assert_int_equal(bri->options.hnp_count, 1);
	assert_true(mh_prefix_equal(&bri->options.hnp[0],
				    &bce->prefixes[0].prefix));
	assert_false(bri->options.has_alt_coa);
	/* RULE: BRI-11 */
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_true(world_binding_of(&bench->world,
				     &bce->prefixes[0].prefix)->set.has_path);
	assert_int_equal(outcome.told, 0);

	revoke_say(bench, 0, MH_BR_SUCCESS);
	/* RULE: BRI-08 BRI-15 */
	assert_revoked(bench, bce);
	assert_told(&outcome, REVOCATION_DONE, 1);
	assert_int_equal(outcome.status, MH_BR_SUCCESS);
	assert_int_equal(bench->lma.bc.count, 2);
	assert_int_equal(bench->lma.counters.revoked, 1);
	assert_non_null(world_reported(&bench->world, "binding-revoked"));
	assert_nothing_open(bench);
	lma_bench_until(bench, 10000);
	assert_int_equal(bench->lma.bc.count, 1);
	/* No copy of what was answered. */
	assert_int_equal(bench->world.sent_count, 1);
	assert_agreed(bench);
}

/* All of its sessions: each gateway is told once, of all that it has there. */
static void test_several_sessions(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *one = order_come(bench, MAG1, MN1, 1);
	struct bce *two = order_come(bench, MAG1, MN1, 2);
	struct bce *three = order_come(bench, MAG2, MN1, 3);
	struct outcome outcome;

	assert_null(order_mn(bench, MN1, NULL, &outcome));
	assert_int_equal(bench->world.sent_count, 2);
	/* RULE: BRI-10 */
	assert_int_equal(revoke_bri(bench, 0)->options.hnp_count +
			 revoke_bri(bench, 1)->options.hnp_count, 3);
	/* RULE: BRI-02 */
	assert_int_not_equal(revoke_bri(bench, 0)->sequence,
			     revoke_bri(bench, 1)->sequence);
	revoke_say_of(bench, MAG1, MN1, revoke_bri(bench, 0)->sequence, 0);
	revoke_say_of(bench, MAG2, MN1, revoke_bri(bench, 0)->sequence, 0);
	assert_int_equal(outcome.told, 0);
	revoke_say_of(bench, MAG1, MN1, revoke_bri(bench, 1)->sequence, 0);
	revoke_say_of(bench, MAG2, MN1, revoke_bri(bench, 1)->sequence, 0);
	assert_told(&outcome, REVOCATION_DONE, 3);
	assert_int_equal(outcome.peers, 2);
	assert_revoked(bench, one);
	assert_revoked(bench, two);
	assert_revoked(bench, three);
	assert_nothing_open(bench);
}

/* More prefixes than a message has room for: by the mobile node alone. */
static void test_many_prefixes(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct outcome outcome;
	uint8_t i;

	bench->lma.config.max_sessions = MH_MAX_HNP + 1;
	for (i = 0; i <= MH_MAX_HNP; i++)
		order_come(bench, MAG1, MN1, i);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	assert_int_equal(bench->world.sent_count, 1);
	/* RULE: BRI-10 */
	assert_int_equal(revoke_bri(bench, 0)->options.hnp_count, 0);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_told(&outcome, REVOCATION_DONE, MH_MAX_HNP + 1);
	assert_nothing_open(bench);
}

static void test_one_prefix(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *one = order_come(bench, MAG1, MN1, 1);
	struct bce *two = order_come(bench, MAG1, MN1, 2);
	struct outcome outcome;

	assert_string_equal(order_mn(bench, MN2, NULL, &outcome),
			    "no such mobile node has a session here");
	assert_string_equal(order_mn(bench, MN1, OWN1, &outcome),
			    "no such mobile node has a session with that prefix here");
	assert_int_equal(outcome.told, 0);
	assert_nothing_open(bench);
	assert_null(order_mn(bench, MN1, HNP2, &outcome));
	assert_int_equal(revoke_bri(bench, 0)->options.hnp_count, 1);
	/* RULE: BRI-10 */
	assert_prefix_equal(&revoke_bri(bench, 0)->options.hnp[0], HNP2);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_told(&outcome, REVOCATION_DONE, 1);
	assert_int_equal(one->now.state, BCE_ACTIVE);
	assert_revoked(bench, two);
	/* What has ended is not there any more. */
	assert_non_null(order_mn(bench, MN1, HNP2, &outcome));
}

/* RFC 5846 8.1: told where it signals from, of its Proxy-CoA. */
static void test_alternate(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	struct in6_addr coa = ip6("2001:db8:1::77");
	struct outcome outcome;

	request.bu.options.has_alt_coa = true;
	request.bu.options.alt_coa = coa;
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	world_forget_messages(&bench->world);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	/* RULE: BRI-10 */
	assert_ip6_equal(&bench->world.sent[0].dst, MAG1);
	assert_true(revoke_bri(bench, 0)->options.has_alt_coa);
	assert_memory_equal(&revoke_bri(bench, 0)->options.alt_coa, &coa,
			    sizeof(coa));
	revoke_say(bench, 0, MH_BR_ATTACHED);
	assert_told(&outcome, REVOCATION_REFUSED, 1);

	/* All that is there by that gateway, of whatever Proxy-CoA. */
	order_come(bench, MAG1, MN2, 2);
	assert_null(order_mag(bench, "2001:db8:1::77", &outcome));
	assert_int_equal(bench->world.sent_count, 1);
	assert_false(revoke_bri(bench, 0)->options.has_alt_coa);
	revoke_say(bench, 0, MH_BR_SUCCESS);
	assert_told(&outcome, REVOCATION_DONE, 2);
	assert_nothing_open(bench);
}

static void test_gateway(void **state)
{
	struct lma_bench *bench = order_begin(state);
	const struct mh_revocation *bri;
	struct bce *other;
	struct outcome outcome;

	order_come(bench, MAG1, MN1, 1);
	order_come(bench, MAG1, MN2, 2);
	other = order_come(bench, MAG2, MN3, 3);
	assert_string_equal(order_mag(bench, "2001:db8:66::1", &outcome),
			    "no mobile node has a session here by that gateway");
	assert_null(order_mag(bench, MAG1, &outcome));
	assert_int_equal(bench->world.sent_count, 1);
	bri = revoke_bri(bench, 0);
	assert_ip6_equal(&bench->world.sent[0].dst, MAG1);
	/* RULE: BRI-12 */
	assert_int_equal(bri->trigger, MH_BR_PER_PEER_POLICY);
	/* RULE: BRI-02 BRI-12 */
	assert_int_equal(bri->flags, MH_BR_PROXY | MH_BR_GLOBAL);
	/* RULE: BRI-12 */
	assert_false(bri->options.has_mn_id || bri->options.hnp_count ||
		     bri->options.has_alt_coa || bri->options.has_ll_id);
	revoke_say_of(bench, MAG1, NULL, bri->sequence, MH_BR_SUCCESS);
	/* RULE: BRI-08 */
	assert_told(&outcome, REVOCATION_DONE, 2);
	assert_int_equal(other->now.state, BCE_ACTIVE);
	assert_nothing_open(bench);
	lma_bench_until(bench, 10000);
	assert_int_equal(bench->lma.bc.count, 1);
}

/* A gateway is told at each address that it signals from: of numbers there are so many. */
static void test_no_room(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct revocations *all = &bench->lma.revocations;
	struct revocation_order *order = revocation_order_new(all, NULL, NULL);
	struct in6_addr peer = ip6(MAG2);
	struct bce *one, *two;
	/* It is told as all of that is freed. */
	static struct outcome outcome;
	unsigned int i;

	one = order_come(bench, MAG1, MN1, 1);
	two = order_come(bench, MAG1, MN2, 2);
	two->now.source = ip6("2001:db8:1::77");
	for (i = 1; i < REVOCATIONS_MAX; i++)
		revocation_order_add(order, revocation_new(all, &peer,
							   MH_BR_ADMINISTRATIVE));
	assert_string_equal(order_mag(bench, MAG1, &outcome),
			    "too much is being revoked: try again");
	assert_string_equal(order_realm(bench, "example.com", &outcome),
			    "too much is being revoked: try again");
	assert_null(one->revoking);
	assert_null(two->revoking);
	assert_ptr_equal(all->orders, order);
	assert_null(order->next);
	assert_int_equal(bench->world.sent_count, 0);
	/* There is room for one. */
	two->now.source = in6addr_any;
	assert_null(order_mag(bench, MAG1, &outcome));
	assert_non_null(one->revoking);
	assert_ptr_equal(one->revoking->revocation, two->revoking->revocation);
	assert_false(revocations_have_room(all, 1));
}

static void test_realm(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct mh_mn_id realm = nai("@Example.COM");
	struct outcome outcome;
	struct bce *within, *other;
	unsigned int i;

	order_come(bench, MAG1, MN1, 1);
	order_come(bench, MAG1, MN2, 2);
	order_come(bench, MAG2, MN1, 3);
	within = order_come(bench, MAG1, "mn4@foo.example.com", 4);
	other = order_come(bench, MAG2, MN3, 5);
	assert_string_equal(order_realm(bench, "@example.net", &outcome),
			    "no mobile node of that realm has a session here");
	assert_null(order_realm(bench, "@Example.COM", &outcome));
	assert_int_equal(bench->world.sent_count, 2);
	for (i = 0; i < 2; i++) {
		/* RULE: BRI-13 */
		assert_int_equal(revoke_bri(bench, i)->trigger,
				 MH_BR_MN_LOCAL_POLICY);
		/* RULE: BRI-02 BRI-13 */
		assert_int_equal(revoke_bri(bench, i)->flags,
				 MH_BR_PROXY | MH_BR_GLOBAL);
		/* RULE: BRI-13 */
		assert_true(mh_mn_id_equal(&revoke_bri(bench, i)->options.mn_id,
					   &realm));
		assert_int_equal(revoke_bri(bench, i)->options.hnp_count, 0);
	}
	for (i = 0; i < 2; i++) {
		revoke_say_of(bench, MAG1, NULL,
			      revoke_bri(bench, i)->sequence, MH_BR_SUCCESS);
		revoke_say_of(bench, MAG2, NULL,
			      revoke_bri(bench, i)->sequence, MH_BR_SUCCESS);
	}
	assert_told(&outcome, REVOCATION_DONE, 3);
	/* RULE: BRI-13 */
	assert_int_equal(within->now.state, BCE_ACTIVE);
	assert_int_equal(other->now.state, BCE_ACTIVE);
	assert_nothing_open(bench);
}

/* --- Answers. */

/* It is left as it was; and whose it is hears of it no more. */
static void assert_left(void **state, uint8_t status)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct outcome outcome;

	assert_null(order_mn(bench, MN1, NULL, &outcome));
	revoke_say(bench, 0, status);
	assert_told(&outcome, REVOCATION_REFUSED, 1);
	assert_int_equal(outcome.status, status);
	/* RULE: BRI-08 BRI-15 */
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_nothing_open(bench);
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
}

static void test_attached(void **state)
{
	assert_left(state, MH_BR_ATTACHED);
}

static void test_not_supported(void **state)
{
	assert_left(state, MH_BR_TRIGGER_NOT_SUPPORTED);
}

static void assert_ended(void **state, uint8_t status)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct outcome outcome;

	assert_null(order_mn(bench, MN1, NULL, &outcome));
	revoke_say(bench, 0, status);
	assert_told(&outcome, REVOCATION_DONE, 1);
	/* RULE: BRI-08 */
	assert_revoked(bench, bce);
	assert_nothing_open(bench);
}

/* What its gateway does not have need not be kept for it. */
static void test_no_binding(void **state)
{
	assert_ended(state, MH_BR_NO_BINDING);
}

/* RFC 5846 5.2: all below 128 is success. */
static void test_other_success(void **state)
{
	assert_ended(state, 100);
}

/* RFC 5846 9.1: what it had not any more is named, and ends here too. */
static void test_partial(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct mh_revocation bra = {
		.kind = MH_BR_ACK,
		.status = MH_BR_PARTIAL,
		.flags = MH_BR_PROXY | MH_BR_GLOBAL,
		.options = {
			.has_mn_id = true,
			.mn_id = nai(MN2),
			.hnp_count = 1,
			.hnp = { prefix6(HNP2) },
		},
	};
	struct bce *one = order_come(bench, MAG1, MN1, 1);
	struct bce *two = order_come(bench, MAG1, MN2, 2);
	struct in6_addr src = ip6(MAG1);
	const struct report *report;
	struct outcome outcome;

	assert_null(order_mag(bench, MAG1, &outcome));
	bra.sequence = revoke_bri(bench, 0)->sequence;
	revocations_on_ack(&bench->lma.revocations, &src, &bra,
			   bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	report = world_reported(&bench->world, "bri-partial");
	assert_non_null(report);
	/* RULE: BRI-08 */
	assert_true(mh_mn_id_equal(&report->mn_id, &bra.options.mn_id));
	assert_prefix_equal(&report->hnp, HNP2);
	assert_int_equal(bench->lma.revocations.counters.partial, 1);
	assert_told(&outcome, REVOCATION_DONE, 2);
	assert_int_equal(outcome.status, MH_BR_PARTIAL);
	assert_revoked(bench, one);
	assert_revoked(bench, two);
}

/* No answer: again after 1 s, and then it is for us to clean up. */
static void test_unanswered(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct outcome outcome;

	assert_null(order_mn(bench, MN1, NULL, &outcome));
	lma_bench_until(bench, 999);
	assert_int_equal(bench->world.sent_count, 1);
	lma_bench_until(bench, 1);
	/* RULE: BRI-09 */
	assert_int_equal(bench->world.sent_count, 2);
	/* RULE: BRI-09 */
	assert_memory_equal(revoke_bri(bench, 1), revoke_bri(bench, 0),
			    sizeof(struct mh_revocation));
	lma_bench_until(bench, 1999);
	/* RULE: BRI-11 */
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	lma_bench_until(bench, 1);
	/* RULE: BRI-09 */
	assert_revoked(bench, bce);
	assert_told(&outcome, REVOCATION_UNANSWERED, 1);
	assert_int_equal(outcome.status, -1);
	assert_int_equal(bench->world.sent_count, 2);
	assert_non_null(world_reported(&bench->world, "bri-unanswered"));
	assert_nothing_open(bench);
	/* Too late. */
	revoke_say(bench, 0, MH_BR_ATTACHED);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 1);
}

/* As often as the operator says, doubling to what he says. */
static void test_retries(void **state)
{
	static const unsigned int sent_ms[] = { 0, 500, 1500, 3000, 4500 };
	struct lma_bench *bench = order_begin(state);
	struct outcome outcome;
	unsigned int i;

	bench->lma.revocations.config = (struct revocation_config){
		.max_retries = 4,
		.first_ms = 500,
		.max_timeout_ms = 1500,
	};
	order_come(bench, MAG1, MN1, 1);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	for (i = 1; i < ARRAY_SIZE(sent_ms); i++) {
		lma_bench_until(bench, sent_ms[i] - sent_ms[i - 1] - 1);
		assert_int_equal(bench->world.sent_count, i);
		lma_bench_until(bench, 1);
		/* RULE: BRI-09 */
		assert_int_equal(bench->world.sent_count, i + 1);
	}
	lma_bench_until(bench, 1499);
	assert_int_equal(outcome.told, 0);
	lma_bench_until(bench, 1);
	assert_told(&outcome, REVOCATION_UNANSWERED, 1);
	assert_int_equal(bench->lma.revocations.counters.retransmitted, 4);
}

/* None of these answers what was asked. */
static void test_ignored(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *bce = order_come(bench, MAG1, MN1, 1);
	struct outcome outcome;
	uint16_t sequence;

	order_come(bench, MAG2, MN2, 2);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	sequence = revoke_bri(bench, 0)->sequence;
	revoke_say_of(bench, MAG2, NULL, sequence, MH_BR_SUCCESS);
	revoke_say_of(bench, MAG1, NULL, sequence + 1, MH_BR_SUCCESS);
	revoke_say_of(bench, MAG1, MN2, sequence, MH_BR_SUCCESS);
	/* RULE: BRI-05 */
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_int_equal(outcome.told, 0);
	assert_int_equal(bench->lma.revocations.counters.acks_ignored, 3);
	revoke_say_of(bench, MAG1, MN1, sequence, MH_BR_SUCCESS);
	/* RULE: BRI-05 */
	assert_revoked(bench, bce);
	assert_told(&outcome, REVOCATION_DONE, 1);
}

/* RFC 5846 6.2: it does not know such messages, and gets no more of them. */
static void test_not_understood(void **state)
{
	struct lma_bench *bench = order_begin(state);
	struct bce *one = order_come(bench, MAG1, MN1, 1), *two;
	struct outcome outcome;

	assert_null(order_mn(bench, MN1, NULL, &outcome));
	assert_true(binding_error(bench, MAG1, MH_BE_UNKNOWN_TYPE));
	assert_told(&outcome, REVOCATION_NOT_UNDERSTOOD, 1);
	assert_revoked(bench, one);
	two = order_come(bench, MAG1, MN2, 2);
	assert_null(order_mn(bench, MN2, NULL, &outcome));
	assert_int_equal(bench->world.sent_count, 0);
	assert_told(&outcome, REVOCATION_NOT_UNDERSTOOD, 1);
	assert_revoked(bench, two);
	assert_nothing_open(bench);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_mobile_node),
		TEST(test_several_sessions),
		TEST(test_many_prefixes),
		TEST(test_one_prefix),
		TEST(test_alternate),
		TEST(test_gateway),
		TEST(test_no_room),
		TEST(test_realm),
		TEST(test_attached),
		TEST(test_not_supported),
		TEST(test_no_binding),
		TEST(test_other_success),
		TEST(test_partial),
		TEST(test_unanswered),
		TEST(test_retries),
		TEST(test_ignored),
		TEST(test_not_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
