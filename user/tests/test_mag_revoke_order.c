// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_revoke_order.c: what an operator of a gateway revokes
 * (RFC 5846 9.2)
 */
#include "common/mag_order.h"
#include "common/test.h"

#define IDENTITY "gw1@example.net"

struct outcome {
	unsigned int told;
	unsigned int peers;
	unsigned int results[REVOCATION_RESULTS];
	int status;
};

static void done(void *context, const struct revocation_order *order)
{
	struct outcome *outcome = context;
	unsigned int i, j;

	outcome->told++;
	outcome->peers = order->count;
	for (i = 0; i < order->count; i++) {
		outcome->status = order->outcomes[i].status;
		for (j = 0; j < REVOCATION_RESULTS; j++)
			outcome->results[j] += order->outcomes[i].results[j];
	}
}

static const char *order(struct mag_bench *bench,
			 const struct revocation_target *target,
			 struct outcome *outcome)
{
	const char *why;

	memset(outcome, 0, sizeof(*outcome));
	why = mag_revoke(&bench->mag, target, done, outcome, bench->world.now,
			 &bench->world.out);
	world_settle(&bench->world);
	return why;
}

static const char *order_mn(struct mag_bench *bench, const char *mn,
			    const char *hnp, struct outcome *outcome)
{
	struct revocation_target target = {
		.scope = hnp ? REVOKE_SESSIONS : REVOKE_MN,
		.mn_id = nai(mn),
		.has_hnp = hnp,
	};

	if (hnp)
		target.hnp = prefix6(hnp);
	return order(bench, &target, outcome);
}

static const char *order_realm(struct mag_bench *bench, const char *realm,
			       struct outcome *outcome)
{
	struct revocation_target target = {
		.scope = REVOKE_REALM,
		.mn_id = nai(realm),
	};

	return order(bench, &target, outcome);
}

static const char *order_lma(struct mag_bench *bench, const char *lma,
			     struct outcome *outcome)
{
	struct revocation_target target = {
		.scope = REVOKE_PEER,
		.peer = ip6(lma),
	};

	return order(bench, &target, outcome);
}

static const struct mh_revocation *bri(const struct mag_bench *bench, size_t at)
{
	const struct effect_send *sent = &bench->world.sent[at];

	assert_true(at < bench->world.sent_count);
	assert_int_equal(sent->message->type, MH_BINDING_REVOCATION);
	assert_int_equal(sent->message->revocation.kind, MH_BR_INDICATION);
	return &sent->message->revocation;
}

static void say(struct mag_bench *bench, const char *lma, uint16_t sequence,
		uint8_t status)
{
	struct mh_revocation bra = {
		.kind = MH_BR_ACK,
		.status = status,
		.sequence = sequence,
	};
	struct in6_addr src = ip6(lma);

	revocations_on_ack(&bench->mag.revocations, &src, &bra,
			   bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

static void assert_told(const struct outcome *outcome,
			enum revocation_result result, unsigned int count)
{
	unsigned int i;

	assert_int_equal(outcome->told, 1);
	for (i = 0; i < REVOCATION_RESULTS; i++)
		assert_int_equal(outcome->results[i], i == result ? count : 0);
}

static void assert_taken(struct mag_bench *bench, uint8_t last, const char *hnp)
{
	assert_null(world_binding(&bench->world, hnp));
	assert_null(world_route(&bench->world, hnp));
	assert_int_equal(mn(bench, last)->state, BULE_REFUSED);
	assert_null(mn(bench, last)->revoking);
}

static void assert_nothing_open(struct mag_bench *bench)
{
	assert_null(bench->mag.revocations.all);
	assert_null(bench->mag.revocations.orders);
	assert_int_equal(bench->mag.revocations.timers.count, 0);
	assert_mag_agreed(bench);
}

static void test_mobile_node(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_mn_id mn_id = nai(MN1);
	struct outcome outcome;

	order_register(bench, 1, MN1, HNP1);
	order_register(bench, 2, MN2, HNP2);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	assert_int_equal(bench->world.sent_count, 1);
	assert_ip6_equal(&bench->world.sent[0].src, PROXY_COA);
	assert_ip6_equal(&bench->world.sent[0].dst, ANCHOR);
	assert_int_equal(bri(bench, 0)->trigger, MH_BR_ADMINISTRATIVE);
	/* RULE: BRI-02 */
	assert_int_equal(bri(bench, 0)->flags, MH_BR_PROXY);
	assert_true(mh_mn_id_equal(&bri(bench, 0)->options.mn_id, &mn_id));
	assert_int_equal(bri(bench, 0)->options.hnp_count, 1);
	assert_prefix_equal(&bri(bench, 0)->options.hnp[0], HNP1);
	/* It has it until its anchor has answered. */
	assert_non_null(world_binding(&bench->world, HNP1));
	say(bench, ANCHOR, bri(bench, 0)->sequence, MH_BR_SUCCESS);
	/* RULE: BRI-08 */
	assert_taken(bench, 1, HNP1);
	assert_int_equal(told(bench, HNP1)->valid_s, 0);
	assert_told(&outcome, REVOCATION_DONE, 1);
	assert_int_equal(mn(bench, 2)->state, BULE_ACTIVE);
	assert_int_equal(bench->mag.counters.revoked, 1);
	assert_nothing_open(bench);
}

static void test_one_prefix(void **state)
{
	struct mag_bench *bench = *state;
	struct outcome outcome;

	order_register(bench, 1, MN1, HNP1);
	order_register(bench, 2, MN1, HNP2);
	assert_string_equal(order_mn(bench, MN2, NULL, &outcome),
			    "no such mobile node is registered here");
	assert_string_equal(order_mn(bench, MN1, HNP3, &outcome),
			    "no such mobile node is registered with that prefix here");
	assert_null(order_mn(bench, MN1, HNP2, &outcome));
	assert_int_equal(bri(bench, 0)->options.hnp_count, 1);
	assert_prefix_equal(&bri(bench, 0)->options.hnp[0], HNP2);
	say(bench, ANCHOR, bri(bench, 0)->sequence, MH_BR_SUCCESS);
	assert_taken(bench, 2, HNP2);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_nothing_open(bench);
}

static void test_anchor(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_mn_id identity = nai(IDENTITY);
	struct outcome outcome;

	bench->mag.config.identity = identity;
	order_register(bench, 1, MN1, HNP1);
	order_register(bench, 2, MN3, HNP2);
	bench->profile.lma = ip6(OTHER);
	order_register(bench, 3, MN2, HNP3);
	assert_string_equal(order_lma(bench, "2001:db8:66::1", &outcome),
			    "no mobile node is registered here with that anchor");
	assert_null(order_lma(bench, ANCHOR, &outcome));
	assert_int_equal(bench->world.sent_count, 1);
	/* RULE: BRI-21 */
	assert_ip6_equal(&bench->world.sent[0].src, PROXY_COA);
	assert_ip6_equal(&bench->world.sent[0].dst, ANCHOR);
	assert_int_equal(bri(bench, 0)->trigger, MH_BR_PER_PEER_POLICY);
	/* RULE: BRI-02 BRI-21 */
	assert_int_equal(bri(bench, 0)->flags, MH_BR_PROXY | MH_BR_GLOBAL);
	/* RULE: BRI-21 */
	assert_true(mh_mn_id_equal(&bri(bench, 0)->options.mn_id, &identity));
	assert_int_equal(bri(bench, 0)->options.hnp_count, 0);
	say(bench, ANCHOR, bri(bench, 0)->sequence, MH_BR_SUCCESS);
	assert_told(&outcome, REVOCATION_DONE, 2);
	assert_taken(bench, 1, HNP1);
	assert_taken(bench, 2, HNP2);
	assert_int_equal(mn(bench, 3)->state, BULE_ACTIVE);
	assert_nothing_open(bench);
}

/* Each anchor is told once. */
static void test_realm(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_mn_id realm = nai("@example.com");
	struct outcome outcome;
	unsigned int i;

	order_register(bench, 1, MN1, HNP1);
	order_register(bench, 2, MN3, HNP2);
	bench->profile.lma = ip6(OTHER);
	order_register(bench, 3, MN2, HNP3);
	assert_string_equal(order_realm(bench, "@example.net", &outcome),
			    "no mobile node of that realm is registered here");
	assert_null(order_realm(bench, "@example.com", &outcome));
	assert_int_equal(bench->world.sent_count, 2);
	for (i = 0; i < 2; i++) {
		assert_int_equal(bri(bench, i)->trigger, MH_BR_MN_LOCAL_POLICY);
		assert_int_equal(bri(bench, i)->flags,
				 MH_BR_PROXY | MH_BR_GLOBAL);
		assert_true(mh_mn_id_equal(&bri(bench, i)->options.mn_id,
					   &realm));
	}
	for (i = 0; i < 2; i++) {
		say(bench, ANCHOR, bri(bench, i)->sequence, MH_BR_SUCCESS);
		say(bench, OTHER, bri(bench, i)->sequence, MH_BR_SUCCESS);
	}
	assert_told(&outcome, REVOCATION_DONE, 2);
	assert_int_equal(outcome.peers, 2);
	assert_taken(bench, 1, HNP1);
	assert_taken(bench, 3, HNP3);
	assert_int_equal(mn(bench, 2)->state, BULE_ACTIVE);
	assert_nothing_open(bench);
}

/* RFC 5846 9.2: who may not is told so once. */
static void test_not_authorized(void **state)
{
	struct mag_bench *bench = *state;
	struct in6_addr lma = ip6(ANCHOR);
	struct outcome outcome;

	order_register(bench, 1, MN1, HNP1);
	assert_null(order_lma(bench, ANCHOR, &outcome));
	say(bench, ANCHOR, bri(bench, 0)->sequence,
	    MH_BR_GLOBAL_NOT_AUTHORIZED);
	assert_told(&outcome, REVOCATION_REFUSED, 1);
	assert_int_equal(outcome.status, MH_BR_GLOBAL_NOT_AUTHORIZED);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	/* RULE: BRI-21 */
	assert_non_null(world_reported(&bench->world, "bri-refused"));
	assert_nothing_open(bench);
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 20000);
	/* RULE: BRI-21 */
	assert_int_equal(bench->world.sent_count, 0);
	assert_string_equal(order_lma(bench, ANCHOR, &outcome),
			    "the anchor does not let this gateway revoke all at once: pmipctl peer reset when it does");
	assert_int_equal(outcome.told, 0);
	/* RULE: BRI-21 */
	assert_int_equal(bench->world.sent_count, 0);
	/* Nor a realm; but one mobile node, and once it may. */
	assert_non_null(order_realm(bench, "@example.com", &outcome));
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	say(bench, ANCHOR, bri(bench, 0)->sequence, MH_BR_ATTACHED);
	peers_reset(&bench->mag.peers, peers_find(&bench->mag.peers, &lma),
		    bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	world_forget_messages(&bench->world);
	assert_null(order_lma(bench, ANCHOR, &outcome));
	say(bench, ANCHOR, bri(bench, 0)->sequence, MH_BR_SUCCESS);
	assert_told(&outcome, REVOCATION_DONE, 1);
}

/* No answer: again, and then it is for us to clean up. */
static void test_unanswered(void **state)
{
	struct mag_bench *bench = *state;
	struct outcome outcome;

	order_register(bench, 1, MN1, HNP1);
	assert_null(order_lma(bench, ANCHOR, &outcome));
	mag_bench_until(bench, 1000);
	/* RULE: BRI-09 */
	assert_int_equal(bench->world.sent_count, 2);
	assert_memory_equal(bri(bench, 1), bri(bench, 0),
			    sizeof(struct mh_revocation));
	mag_bench_until(bench, 1999);
	assert_int_equal(outcome.told, 0);
	mag_bench_until(bench, 1);
	/* RULE: BRI-09 */
	assert_told(&outcome, REVOCATION_UNANSWERED, 1);
	assert_taken(bench, 1, HNP1);
	assert_nothing_open(bench);
}

static void test_no_binding(void **state)
{
	struct mag_bench *bench = *state;
	struct outcome outcome;

	order_register(bench, 1, MN1, HNP1);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	say(bench, OTHER, bri(bench, 0)->sequence, MH_BR_SUCCESS);
	/* RULE: BRI-05 */
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	say(bench, ANCHOR, bri(bench, 0)->sequence, MH_BR_NO_BINDING);
	assert_told(&outcome, REVOCATION_DONE, 1);
	assert_taken(bench, 1, HNP1);
}

static void test_not_understood(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_binding_error error = { .status = MH_BE_UNKNOWN_TYPE };
	struct in6_addr lma = ip6(ANCHOR);
	struct outcome outcome;

	order_register(bench, 1, MN1, HNP1);
	assert_false(mag_on_binding_error(&bench->mag, &lma, &error,
					  bench->world.now,
					  &bench->world.out));
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	error.status = 1;
	assert_false(mag_on_binding_error(&bench->mag, &lma, &error,
					  bench->world.now,
					  &bench->world.out));
	error.status = MH_BE_UNKNOWN_TYPE;
	assert_true(mag_on_binding_error(&bench->mag, &lma, &error,
					 bench->world.now, &bench->world.out));
	world_settle(&bench->world);
	assert_told(&outcome, REVOCATION_NOT_UNDERSTOOD, 1);
	assert_taken(bench, 1, HNP1);
	order_register(bench, 2, MN2, HNP2);
	assert_null(order_mn(bench, MN2, NULL, &outcome));
	assert_int_equal(bench->world.sent_count, 0);
	assert_told(&outcome, REVOCATION_NOT_UNDERSTOOD, 1);
	assert_nothing_open(bench);
}

/* It leaves before the answer: what is under way for it is over. */
static void test_left_meanwhile(void **state)
{
	struct mag_bench *bench = *state;
	struct outcome outcome;

	order_register(bench, 1, MN1, HNP1);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	detach(bench, false);
	world_settle(&bench->world);
	say(bench, ANCHOR, bri(bench, 0)->sequence, MH_BR_SUCCESS);
	assert_told(&outcome, REVOCATION_DONE, 1);
	assert_null(mn(bench, 1));
	assert_nothing_open(bench);
}

/* Its de-registration was answered first. */
static void test_gone_meanwhile(void **state)
{
	struct mag_bench *bench = *state;
	struct outcome outcome;

	order_register(bench, 1, MN1, HNP1);
	assert_null(order_mn(bench, MN1, NULL, &outcome));
	detach(bench, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	assert_null(mn(bench, 1));
	assert_told(&outcome, REVOCATION_DONE, 1);
	assert_nothing_open(bench);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_mobile_node),
		TEST(test_one_prefix),
		TEST(test_anchor),
		TEST(test_realm),
		TEST(test_not_authorized),
		TEST(test_unanswered),
		TEST(test_no_binding),
		TEST(test_not_understood),
		TEST(test_left_meanwhile),
		TEST(test_gone_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
