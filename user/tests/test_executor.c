// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/executor.c: transactions run phase by phase, whatever the ports
 * answer and when.
 */
#include <arpa/inet.h>
#include <errno.h>

#include "bench/executor_bench.h"
#include "common/test.h"

/* They go elsewhere, and nobody waits for them. */
static void test_peers(void **state)
{
	struct transaction *transaction;
	struct outbox out;

	(void)state;
	world.executor.peer_store = PEER_STORE;
	outbox_init(&out);
	transaction = transaction_new(&out, &world);
	transaction_add(transaction, EFFECT_PEER_PUT)->store.key = 5;
	transaction_add(transaction, EFFECT_PEER_DELETE)->store.key = 6;
	run(&out);
	expect("put5 peer-store forget6 peer-store ");
	assert_int_equal(world.done, 1);
	assert_int_equal(world.error, 0);
	port_answers(0);
	expect("");
	port_answers(ENOSPC);
	expect("log:store-failed ");
	assert_int_equal(world.done, 1);
}

/* One of everything, in the worst order. */
static void run_all(void *owner)
{
	struct transaction *transaction;
	struct outbox out;

	outbox_init(&out);
	transaction = transaction_new(&out, owner);
	transaction_report(transaction, REPORT_INFO, "all", NULL);
	transaction_add(transaction, EFFECT_SEND);
	transaction_add(transaction, EFFECT_ROUTE_ADD);
	transaction_add(transaction, EFFECT_BINDING_SET);
	transaction_add(transaction, EFFECT_BINDING_DELETE);
	transaction_add(transaction, EFFECT_STORE_PUT)->store.key = 3;
	transaction_add(transaction, EFFECT_ADVERTISE);
	transaction_add(transaction, EFFECT_HEAR)->hear.every_frame = true;
	run(&out);
}

static void test_phases_in_order(void **state)
{
	(void)state;
	run_all(&world);
	expect("put3 store ");
	port_answers(0);
	expect("set@7 delete@7 ");
	port_answers(0);
	expect("");
	port_answers(0);
	expect("tunnel-route@7 ");
	assert_int_equal(world.done, 0);
	port_answers(0);
	expect("report:all send advertise hear1 ");
	assert_int_equal(world.done, 1);
	assert_ptr_equal(world.owner, &world);
	assert_int_equal(world.error, 0);
}

static void test_failure_ends_it(void **state)
{
	(void)state;
	run_all(&world);
	expect("put3 store ");
	port_answers(ENOSPC);
	expect("log:store-failed ");
	assert_int_equal(world.done, 1);
	assert_int_equal(world.error, ENOSPC);
	assert_int_equal(world.count, 0);
}

static void test_all_of_a_phase_is_awaited(void **state)
{
	(void)state;
	run_all(&world);
	port_answers(0);
	expect("put3 store set@7 delete@7 ");
	port_answers(EINVAL);
	expect("log:binding-failed ");
	assert_int_equal(world.done, 0);
	port_answers(0);
	expect("");
	assert_int_equal(world.done, 1);
	assert_int_equal(world.error, EINVAL);
}

static void test_removal_of_nothing(void **state)
{
	static const int errors[] = { ENOENT, ENODEV, ESRCH };
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		run_one(EFFECT_BINDING_DELETE, &world);
		port_answers(errors[i]);
		assert_int_equal(world.done, 2 * i + 1);
		assert_int_equal(world.error, 0);
		run_one(EFFECT_ROUTE_DELETE, &world);
		port_answers(errors[i]);
		assert_int_equal(world.done, 2 * i + 2);
		assert_int_equal(world.error, 0);
	}
	run_one(EFFECT_BINDING_DELETE, &world);
	port_answers(EPERM);
	assert_int_equal(world.error, 0);
}

/*
 * As much goes as can, and the operator is told that not all of it did. It is no
 * failure for the engine, which would undo what was acknowledged meanwhile.
 */
static void test_failed_removal_stops_nothing(void **state)
{
	struct transaction *transaction;
	struct outbox out;

	(void)state;
	outbox_init(&out);
	transaction = transaction_new(&out, &world);
	transaction_add(transaction, EFFECT_STORE_DELETE)->store.key = 3;
	transaction_add(transaction, EFFECT_BINDING_DELETE);
	transaction_add(transaction, EFFECT_ROUTE_DELETE);
	transaction_add(transaction, EFFECT_SEND);
	run(&out);
	port_answers(EIO);
	port_answers(EPERM);
	port_answers(EPERM);
	assert_int_equal(world.done, 1);
	assert_int_equal(world.error, 0);
	expect("forget3 store log:store-failed delete@7 log:binding-failed unroute@7 log:route-failed send ");
}

static void run_set(enum effect_kind kind)
{
	struct outbox out;

	outbox_init(&out);
	transaction_add(transaction_new(&out, &world), kind)->set.id = 3;
	run(&out);
}

/* One that can not be put is a failure, one that is not there needs no removal. */
static void test_expiry_sets(void **state)
{
	(void)state;
	run_set(EFFECT_EXPIRY_SET_PUT);
	port_answers(0);
	expect("put-set3@7 ");
	assert_int_equal(world.error, 0);
	run_set(EFFECT_EXPIRY_SET_PUT);
	port_answers(ENOENT);
	expect("put-set3@7 log:expiry-set-failed ");
	assert_int_equal(world.error, ENOENT);
	run_set(EFFECT_EXPIRY_SET_DELETE);
	port_answers(ENOENT);
	expect("delete-set3@7 ");
	run_set(EFFECT_EXPIRY_SET_DELETE);
	port_answers(EBUSY);
	expect("delete-set3@7 log:expiry-set-failed ");
	assert_int_equal(world.done, 4);
	assert_int_equal(world.error, 0);

	world.device.ifindex = 0;
	run_set(EFFECT_EXPIRY_SET_PUT);
	expect("");
	world.device.ifindex = 9;
	executor_resume(&world.executor);
	expect("put-set3@9 ");
}

static void run_flow(enum effect_kind kind, uint16_t id)
{
	struct outbox out;

	outbox_init(&out);
	transaction_add(transaction_new(&out, &world), kind)->flow->id = id;
	run(&out);
}

static void test_flows(void **state)
{
	(void)state;
	run_flow(EFFECT_FLOW_SET, 5);
	port_answers(0);
	expect("put-flow5@7 ");
	assert_int_equal(world.error, 0);
	run_flow(EFFECT_FLOW_SET, 5);
	port_answers(EOPNOTSUPP);
	expect("put-flow5@7 log:flow-failed ");
	assert_int_equal(world.error, EOPNOTSUPP);
	run_flow(EFFECT_FLOW_DELETE, 5);
	port_answers(ENOENT);
	expect("delete-flow5@7 ");
	run_flow(EFFECT_FLOW_DELETE, 5);
	port_answers(EBUSY);
	expect("delete-flow5@7 log:flow-failed ");
	/* None may stay; who knows none has none. */
	assert_int_equal(world.error, EBUSY);
	run_flow(EFFECT_FLOW_DELETE, 0);
	port_answers(EBUSY);
	expect("delete-flow0@7 log:flow-failed ");
	assert_int_equal(world.error, EBUSY);
	run_flow(EFFECT_FLOW_DELETE, 0);
	port_answers(EOPNOTSUPP);
	expect("delete-flow0@7 ");
	assert_int_equal(world.error, 0);
}

static void test_waits_for_device(void **state)
{
	(void)state;
	world.device.ifindex = 0;
	run_one(EFFECT_BINDING_SET, &world);
	run_one(EFFECT_ROUTE_ADD, &world);
	expect("");
	executor_resume(&world.executor);
	expect("");
	world.device.ifindex = 9;
	executor_resume(&world.executor);
	expect("set@9 tunnel-route@9 ");
	port_answers(0);
	port_answers(0);
	assert_int_equal(world.done, 2);
}

static void run_on(enum effect_kind kind, const char *prefix)
{
	struct transaction *transaction;
	struct effect *effect;
	struct outbox out;

	outbox_init(&out);
	transaction = transaction_new(&out, &world);
	effect = transaction_add(transaction, kind);
	assert_int_equal(inet_pton(AF_INET6, prefix, &effect->binding.hnp.addr),
			 1);
	run(&out);
}

/*
 * Interfaces of a session have transactions each. What one takes away is not left by
 * what another one set before; what nothing waits for needs no device to be gone.
 */
static void test_removal_does_not_overtake(void **state)
{
	(void)state;
	world.device.ifindex = 0;
	run_on(EFFECT_BINDING_SET, "2001:db8:1::");
	run_on(EFFECT_BINDING_DELETE, "2001:db8:1::");
	expect("");
	run_on(EFFECT_BINDING_DELETE, "2001:db8:2::");
	expect("delete@0 ");
	port_answers(ENODEV);
	assert_int_equal(world.done, 1);
	world.device.ifindex = 9;
	executor_resume(&world.executor);
	expect("set@9 delete@9 ");
	port_answers(0);
	port_answers(0);
	assert_int_equal(world.done, 3);
	/* That was all. */
	world.device.ifindex = 0;
	run_on(EFFECT_BINDING_DELETE, "2001:db8:1::");
	expect("delete@0 ");
	port_answers(ENODEV);
	assert_int_equal(world.done, 4);
}

/* Both were asked for when it was there. */
static void test_removal_comes_after_what_is_parked(void **state)
{
	(void)state;
	world.catches_up = true;
	run_on(EFFECT_BINDING_SET, "2001:db8:1::");
	run_on(EFFECT_BINDING_DELETE, "2001:db8:1::");
	run_on(EFFECT_BINDING_DELETE, "2001:db8:2::");
	expect("set@7 delete@7 delete@7 ");
	port_answers(ENODEV);
	port_answers(ENODEV);
	assert_int_equal(world.done, 0);
	port_answers(ENODEV);
	assert_int_equal(world.done, 1);
	world.device.ifindex = 8;
	executor_resume(&world.executor);
	expect("set@8 delete@8 ");
	port_answers(0);
	port_answers(ENOENT);
	assert_int_equal(world.done, 3);
	assert_int_equal(world.error, 0);
}

static void test_removal_follows_to_another_device(void **state)
{
	(void)state;
	world.catches_up = true;
	world.device_after_catch_up = 8;
	run_on(EFFECT_BINDING_SET, "2001:db8:1::");
	run_on(EFFECT_BINDING_DELETE, "2001:db8:1::");
	port_answers(ENODEV);
	port_answers(ENODEV);
	expect("set@7 delete@7 set@8 delete@8 ");
	port_answers(0);
	port_answers(0);
	assert_int_equal(world.done, 2);
	assert_int_equal(world.error, 0);
}

/* That it went is told by the kernel's answer before its event was read. */
static void test_device_goes_meanwhile(void **state)
{
	(void)state;
	world.catches_up = true;
	run_one(EFFECT_BINDING_SET, &world);
	port_answers(ENODEV);
	expect("set@7 ");
	assert_int_equal(world.done, 0);
	world.device.ifindex = 8;
	executor_resume(&world.executor);
	expect("set@8 ");
	port_answers(0);
	assert_int_equal(world.done, 1);
	assert_int_equal(world.error, 0);
}

static void test_device_is_another_one(void **state)
{
	(void)state;
	world.catches_up = true;
	world.device_after_catch_up = 8;
	run_one(EFFECT_BINDING_SET, &world);
	port_answers(ENOENT);
	expect("set@7 set@8 ");
	port_answers(0);
	assert_int_equal(world.error, 0);
}

static void test_device_is_there(void **state)
{
	(void)state;
	run_one(EFFECT_BINDING_SET, &world);
	port_answers(ENODEV);
	expect("set@7 log:binding-failed ");
	assert_int_equal(world.error, ENODEV);
}

static void test_access_route_needs_no_device(void **state)
{
	struct effect *effect;
	struct outbox out;

	(void)state;
	world.device.ifindex = 0;
	outbox_init(&out);
	effect = transaction_add(transaction_new(&out, &world),
				 EFFECT_ROUTE_ADD);
	effect->route.access_ifindex = 4;
	run(&out);
	expect("route@4 ");
	port_answers(ENODEV);
	expect("log:route-failed ");
	assert_int_equal(world.error, ENODEV);
}

/* The mobile node may have moved since. */
static void test_access_route_goes_from_any_link(void **state)
{
	struct effect *effect;
	struct outbox out;

	(void)state;
	outbox_init(&out);
	effect = transaction_add(transaction_new(&out, &world),
				 EFFECT_ROUTE_DELETE);
	effect->route.access_ifindex = 4;
	run(&out);
	expect("unroute@0 ");
	port_answers(0);
	assert_int_equal(world.error, 0);
}

/* Those of links need no device, and nothing ends for want of one. */
static void test_addresses(void **state)
{
	struct transaction *transaction;
	struct in6_addr router = ip6("fe80::5213");
	struct effect *effect;
	struct outbox out;

	(void)state;
	world.device.ifindex = 0;
	outbox_init(&out);
	transaction = transaction_new(&out, &world);
	transaction_add(transaction, EFFECT_SEND);
	effect = transaction_add(transaction, EFFECT_ADDRESS_ADD);
	effect->address.ifindex = 4;
	effect->address.address = router;
	effect = transaction_add(transaction, EFFECT_ADDRESS_ADD);
	effect->address.ifindex = 5;
	effect->address.address = router;
	effect->address.detect = true;
	effect = transaction_add(transaction, EFFECT_ADDRESS_DELETE);
	effect->address.ifindex = 6;
	effect->address.address = router;
	run(&out);
	/* RULE: B-MAG-76 */
	expect("address@4 detected-address@5 no-address@6 ");
	port_answers(EEXIST);
	port_answers(EPERM);
	port_answers(EADDRNOTAVAIL);
	expect("log:access-address-failed send ");
	assert_int_equal(world.done, 1);
	assert_int_equal(world.error, 0);
}

static void on_tunnel(void *context, const struct in6_addr *remote,
		      uint32_t mtu)
{
	(void)context;
	assert_ip6_equal(remote, "2001:db8::2");
	say("mtu%u ", mtu);
}

/* Read before what comes after it; and if it cannot be, nothing is lost. */
static void test_tunnel_mtu(void **state)
{
	struct transaction *transaction;
	struct outbox out;
	int error;

	(void)state;
	world.executor.on_tunnel = on_tunnel;
	for (error = 0; error <= ENOENT; error += ENOENT) {
		outbox_init(&out);
		transaction = transaction_new(&out, &world);
		transaction_add(transaction, EFFECT_SEND);
		transaction_add(transaction, EFFECT_TUNNEL_MTU)
			->tunnel_mtu.remote = ip6("2001:db8::2");
		world.error = -1;
		run(&out);
		expect("tunnels@7 mtu1300 ");
		port_answers(error);
		expect("send ");
		assert_int_equal(world.error, 0);
	}
}

/* By its address, or where there is none, by a query that is to be answered. */
static void test_probe(void **state)
{
	struct effect *effect;
	struct outbox out;

	(void)state;
	outbox_init(&out);
	effect = transaction_add(transaction_new(&out, NULL), EFFECT_PROBE);
	effect->probe.address = ip6("fe80::1");
	run(&out);
	expect("neighbour ");
	run_one(EFFECT_PROBE, NULL);
	expect("hear1 query ");
}

static void test_nobody_waits(void **state)
{
	(void)state;
	run_one(EFFECT_SEND, NULL);
	expect("send ");
	assert_int_equal(world.done, 0);
	assert_null(world.executor.jobs);
}

static void test_abandoned(void **state)
{
	(void)state;
	run_all(&world);
	world.device.ifindex = 0;
	run_one(EFFECT_BINDING_SET, &world);
	executor_abandon(&world.executor);
	assert_null(world.executor.jobs);
	assert_null(world.executor.parked);
	assert_int_equal(world.done, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, executor_bench_setup, \
					executor_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_peers),
		TEST(test_phases_in_order),
		TEST(test_failure_ends_it),
		TEST(test_tunnel_mtu),
		TEST(test_probe),
		TEST(test_all_of_a_phase_is_awaited),
		TEST(test_failed_removal_stops_nothing),
		TEST(test_removal_of_nothing),
		TEST(test_expiry_sets),
		TEST(test_flows),
		TEST(test_waits_for_device),
		TEST(test_removal_does_not_overtake),
		TEST(test_removal_comes_after_what_is_parked),
		TEST(test_removal_follows_to_another_device),
		TEST(test_device_goes_meanwhile),
		TEST(test_device_is_another_one),
		TEST(test_device_is_there),
		TEST(test_access_route_needs_no_device),
		TEST(test_access_route_goes_from_any_link),
		TEST(test_addresses),
		TEST(test_nobody_waits),
		TEST(test_abandoned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
