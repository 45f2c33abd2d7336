// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_wait.c: RFC 5213 5.4.1.2 (4) and 5.4.1.3 (3).
 */
#include <string.h>

#include "common/lma_bench.h"
#include "common/test.h"

#define WAIT_MS 1500

/* From MAG2, of another interface or of none that is known. */
static struct lma_request attachment(struct lma_bench *bench, uint8_t ll_id)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_UNKNOWN);

	request.src = ip6(MAG2);
	request.bu.options.has_ll_id = ll_id;
	if (ll_id)
		request.bu.options.ll_id = ll_id6(ll_id);
	else
		memset(&request.bu.options.ll_id, 0,
		       sizeof(request.bu.options.ll_id));
	return request;
}

static struct lma_request departure(struct lma_bench *bench)
{
	struct lma_request request = pbu(bench, HNP1, MH_HI_UNKNOWN);

	request.bu.lifetime = 0;
	return request;
}

static const struct mh_binding_ack *last_ack(struct lma_bench *bench)
{
	return &world_last_message(&bench->world)->ba;
}

/* The old gateway de-registers: then, and not before, it is a handover. */
static void assert_taken_over(void **state, uint8_t ll_id)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct lma_request request = attachment(bench, ll_id), left;

	/* RULE: B-LMA-85 */
	assert_status(bench, &request, -1);
	assert_int_equal(bench->lma.counters.delayed, 1);
	assert_non_null(world_reported(&bench->world, "pbu-delayed"));
	lma_bench_until(bench, 1000);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);

	left = departure(bench);
	/* Nor may this say which interface it is of. */
	if (!ll_id)
		left.bu.options.ll_id = request.bu.options.ll_id;
	give(bench, &left);
	world_settle(&bench->world);
	/* Both are answered, the one that left first. */
	assert_int_equal(bench->world.sent_count, 3);
	assert_ip6_equal(&bench->world.sent[1].dst, MAG1);
	assert_int_equal(bench->world.sent[1].message->ba.status, MH_ACCEPTED);
	assert_ip6_equal(&bench->world.sent[2].dst, MAG2);
	/* RULE: B-LMA-74 */
	assert_int_equal(last_ack(bench)->status, MH_ACCEPTED);
	assert_int_equal(last_ack(bench)->sequence, request.bu.sequence);
	assert_prefix_equal(&last_ack(bench)->options.hnp[0], HNP1);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	assert_int_equal(bench->lma.counters.handovers, 1);
	assert_int_equal(bench->lma.counters.delays_deregistered, 1);
	assert_int_equal(bench->lma.counters.delays_timed_out, 0);
	assert_agreed(bench);
	/* The end of the wait is nothing any more. */
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_int_equal(bench->world.sent_count, 3);
	assert_agreed(bench);
}

static void test_deregistered(void **state)
{
	assert_taken_over(state, 2);
}

static void test_deregistered_without_ll_id(void **state)
{
	assert_taken_over(state, 0);
}

/* Not de-registered in time: a session of its own. */
static void assert_new(void **state, uint8_t ll_id)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct lma_request request = attachment(bench, ll_id);

	assert_status(bench, &request, -1);
	lma_bench_until(bench, WAIT_MS - 1);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->lma.bc.count, 1);
	lma_bench_until(bench, 1);
	/* RULE: B-LMA-94 */
	assert_int_equal(bench->world.sent_count, 2);
	/* RULE: B-LMA-71 B-LMA-72 */
	assert_int_equal(last_ack(bench)->status, MH_ACCEPTED);
	assert_prefix_equal(&last_ack(bench)->options.hnp[0], HNP2);
	assert_int_equal(bench->lma.bc.count, 2);
	assert_ip6_equal(&bce->now.proxy_coa, MAG1);
	assert_int_equal(bench->lma.counters.delays_timed_out, 1);
	assert_int_equal(bench->lma.counters.created, 2);
	assert_agreed(bench);
}

static void test_timed_out(void **state)
{
	assert_new(state, 2);
}

static void test_timed_out_without_ll_id(void **state)
{
	assert_new(state, 0);
}

/* The newer copy replaces the one that waits, whose time runs on. */
static void test_retransmission(void **state)
{
	struct lma_bench *bench;
	struct lma_request first, second;

	lma_bench_begin(state, &bench);
	bench->lma.config.timestamp_validity_window_ms = 2000;
	first = attachment(bench, 2);
	assert_status(bench, &first, -1);
	lma_bench_until(bench, 1000);
	second = attachment(bench, 2);
	second.bu.lifetime = 50;
	assert_status(bench, &second, -1);
	/* It is one that waits, however often it was sent. */
	assert_int_equal(bench->lma.counters.delayed, 1);
	/* A copy that the network was slow with changes nothing. */
	assert_status(bench, &first, -1);
	lma_bench_until(bench, WAIT_MS - 1000 - 1);
	assert_int_equal(bench->world.sent_count, 1);
	lma_bench_until(bench, 1);
	/* RULE: B-LMA-85 */
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(last_ack(bench)->status, MH_ACCEPTED);
	assert_int_equal(last_ack(bench)->sequence, second.bu.sequence);
	assert_int_equal(last_ack(bench)->lifetime, 50);
	assert_int_equal(bench->lma.bc.count, 2);
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->world.sent_count, 2);
	assert_agreed(bench);
}

/* So with sequence numbers: RFC 6275 compares them modulo 2^16. */
static void test_retransmission_by_sequence(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct lma_request first, second;

	bench->lma.config.timestamp_based_approach_in_use = false;
	bce->now.sequence = 0xfff0;
	first = attachment(bench, 2);
	first.bu.options.has_timestamp = false;
	first.bu.sequence = 0xffff;
	assert_status(bench, &first, -1);
	second = first;
	second.bu.sequence = 0;
	assert_status(bench, &second, -1);
	assert_status(bench, &first, -1);
	lma_bench_until(bench, WAIT_MS);
	assert_int_equal(bench->world.sent_count, 2);
	/* RULE: B-LMA-85 */
	assert_int_equal(last_ack(bench)->sequence, 0);
	assert_agreed(bench);
}

/* Waiting may be switched off. */
static void test_switched_off(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;

	lma_bench_begin(state, &bench);
	bench->lma.config.max_delay_before_new_bce_assign_ms = 0;
	request = attachment(bench, 2);
	/* RULE: B-LMA-94 */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 2);
	assert_int_equal(bench->lma.counters.delayed, 0);
	assert_agreed(bench);
}

/* What is in its delete wait is de-registered: no second wait. */
static void test_deregistered_before(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct lma_request request = departure(bench);

	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 10);
	request = attachment(bench, 2);
	/* RULE: B-LMA-84 */
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_ip6_equal(&bce->now.proxy_coa, MAG2);
	assert_int_equal(bench->lma.counters.delayed, 0);
	assert_agreed(bench);
}

/* Refused is refused at once: no policy is asked again in a second. */
static void test_refused_at_once(void **state)
{
	struct lma_bench *bench;
	struct lma_request request, forged;

	lma_bench_begin(state, &bench);
	request = attachment(bench, 2);
	request.policy.service_enabled = false;
	assert_status(bench, &request, MH_PROXY_REG_NOT_ENABLED);
	request = attachment(bench, 2);
	request.bu.options.timestamp -= wall_from_ms(1001);
	/* RULE: B-LMA-91 */
	assert_status(bench, &request, MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	assert_int_equal(bench->lma.counters.delayed, 0);

	/* Nor does what is refused end another one's wait. */
	request = attachment(bench, 2);
	assert_status(bench, &request, -1);
	world_pass(&bench->world, 10);
	forged = attachment(bench, 2);
	forged.policy.mag_authorized = false;
	assert_status(bench, &forged, MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG);
	lma_bench_until(bench, WAIT_MS);
	assert_int_equal(last_ack(bench)->status, MH_ACCEPTED);
	assert_int_equal(last_ack(bench)->sequence, request.bu.sequence);
	assert_agreed(bench);
}

/* The new gateway has lost it again before it had it. */
static void test_left_while_waiting(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;

	lma_bench_begin(state, &bench);
	request = attachment(bench, 2);
	assert_status(bench, &request, -1);
	world_pass(&bench->world, 10);
	request = attachment(bench, 2);
	request.bu.lifetime = 0;
	assert_status(bench, &request, -1);
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

/* Its gateway knows better meanwhile: what waited is answered by that. */
static void test_replaced_by_a_handoff(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;

	lma_bench_begin(state, &bench);
	request = attachment(bench, 2);
	assert_status(bench, &request, -1);
	world_pass(&bench->world, 10);
	request = attachment(bench, 2);
	request.bu.options.handoff = MH_HI_BETWEEN_INTERFACES;
	assert_status(bench, &request, MH_ACCEPTED);
	lma_bench_until(bench, 20000);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

/* Two interfaces: the first has the session, the second one of its own. */
static void test_two_wait(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct lma_request first = attachment(bench, 2), second, left;

	assert_status(bench, &first, -1);
	lma_bench_until(bench, 100);
	second = attachment(bench, 3);
	assert_status(bench, &second, -1);
	assert_int_equal(bench->lma.counters.delayed, 2);
	left = departure(bench);
	give(bench, &left);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 3);
	assert_int_equal(last_ack(bench)->sequence, first.bu.sequence);
	assert_int_equal(bce->now.ll_id.data[5], 2);
	lma_bench_until(bench, WAIT_MS - 1);
	assert_int_equal(bench->world.sent_count, 3);
	lma_bench_until(bench, 1);
	assert_int_equal(last_ack(bench)->sequence, second.bu.sequence);
	assert_prefix_equal(&last_ack(bench)->options.hnp[0], HNP2);
	assert_int_equal(bench->lma.bc.count, 2);
	assert_agreed(bench);
}

/* A session that ends otherwise leaves its mobile node without one. */
static void test_expired_while_waiting(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;

	lma_bench_begin(state, &bench);
	lma_bench_until(bench, 298000);
	request = attachment(bench, 2);
	assert_status(bench, &request, -1);
	lma_bench_until(bench, 1000);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(last_ack(bench)->status, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_int_equal(bench->lma.counters.expired, 1);
	assert_agreed(bench);
}

/* A de-registration that could not be kept is none. */
static void test_failed_deregistration(void **state)
{
	struct lma_bench *bench;
	struct bce *bce = lma_bench_begin(state, &bench);
	struct lma_request request = attachment(bench, 2), left;

	assert_status(bench, &request, -1);
	lma_bench_until(bench, 500);
	left = departure(bench);
	world_fail(&bench->world, EFFECT_STORE_PUT, 0, 1, 5);
	assert_status(bench, &left, MH_REASON_UNSPECIFIED);
	assert_int_equal(bce->now.state, BCE_ACTIVE);
	lma_bench_until(bench, WAIT_MS - 500);
	assert_int_equal(last_ack(bench)->status, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 2);
	assert_agreed(bench);
}

/* While it is being de-registered it waits for the end of that, no longer. */
static void test_busy(void **state)
{
	struct lma_bench *bench;
	struct lma_request request, left;

	lma_bench_begin(state, &bench);
	left = departure(bench);
	give(bench, &left);
	world_pass(&bench->world, 10);
	request = attachment(bench, 2);
	give(bench, &request);
	assert_int_equal(bench->world.sent_count, 1);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 3);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_int_equal(bench->lma.counters.delayed, 0);
	assert_agreed(bench);
}

/* A restart forgets what waits; its gateway sends it again. */
static void test_restart(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;

	lma_bench_begin(state, &bench);
	request = attachment(bench, 2);
	assert_status(bench, &request, -1);
	assert_int_equal(lma_bench_restart(bench, true), 1);
	lma_bench_until(bench, 2000);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->lma.bc.count, 1);
	request = attachment(bench, 2);
	assert_status(bench, &request, -1);
	lma_bench_until(bench, WAIT_MS);
	assert_int_equal(bench->world.sent_count, 2);
	assert_agreed(bench);
}

/* An engine may end while much waits. */
static void test_free_while_waiting(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;
	uint8_t i;

	lma_bench_begin(state, &bench);
	for (i = 2; i < 5; i++) {
		request = attachment(bench, i);
		assert_status(bench, &request, -1);
	}
	assert_int_equal(bench->lma.counters.delayed, 3);
}

/* Two wait for one session: each as long as it has to. */
static void test_two_wait_as_long(void **state)
{
	struct lma_bench *bench;
	struct lma_request first, second;

	lma_bench_begin(state, &bench);
	bench->lma.config.timestamp_validity_window_ms = 3000;
	first = attachment(bench, 2);
	assert_status(bench, &first, -1);
	lma_bench_until(bench, 500);
	second = attachment(bench, 3);
	assert_status(bench, &second, -1);
	assert_int_equal(bench->lma.counters.delayed, 2);
	lma_bench_until(bench, WAIT_MS - 500);
	assert_int_equal(bench->world.sent_count, 2);
	assert_int_equal(last_ack(bench)->status, MH_ACCEPTED);
	assert_int_equal(last_ack(bench)->sequence, first.bu.sequence);
	assert_prefix_equal(&last_ack(bench)->options.hnp[0], HNP2);
	lma_bench_until(bench, 499);
	assert_int_equal(bench->world.sent_count, 2);
	lma_bench_until(bench, 1);
	/* The pool had two prefixes. */
	assert_int_equal(bench->world.sent_count, 3);
	assert_int_equal(last_ack(bench)->status, MH_INSUFFICIENT_RESOURCES);
	assert_int_equal(last_ack(bench)->sequence, second.bu.sequence);
	assert_int_equal(bench->lma.counters.delays_timed_out, 2);
	assert_agreed(bench);
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_deregistered),
		with_bench(test_deregistered_without_ll_id),
		with_bench(test_timed_out),
		with_bench(test_timed_out_without_ll_id),
		with_bench(test_retransmission),
		with_bench(test_retransmission_by_sequence),
		with_bench(test_switched_off),
		with_bench(test_deregistered_before),
		with_bench(test_refused_at_once),
		with_bench(test_left_while_waiting),
		with_bench(test_replaced_by_a_handoff),
		with_bench(test_two_wait),
		with_bench(test_two_wait_as_long),
		with_bench(test_expired_while_waiting),
		with_bench(test_failed_deregistration),
		with_bench(test_busy),
		with_bench(test_restart),
		with_bench(test_free_while_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
