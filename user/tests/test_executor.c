// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions run phase by phase, whatever the ports answer and when. The
 * ports are played here: what is asked of them is noted, and answered when the
 * test says so.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../pmip6d/executor.h"
#include "../pmip6d/log.h"
#include "../ports/routes_rtnl.h"
#include "common/test.h"

#define MAX_ASKED 16

/* What a port was asked for and has not answered. */
struct asked {
	nl_done_t done;
	store_done_t stored;
	void *context;
};

static struct {
	struct executor executor;
	struct role_device device;
	char said[512];			/* what happened, a word each */
	struct asked asked[MAX_ASKED];
	unsigned int count;
	void *owner;
	int error;
	unsigned int done;
	uint32_t device_after_catch_up;
	bool catches_up;
} world;

static int begin(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.executor.role = "test";
	world.executor.device = &world.device;
	world.device.ifindex = 7;
	return 0;
}

static int end(void **state)
{
	(void)state;
	executor_abandon(&world.executor);
	return 0;
}

__attribute__((format(printf, 1, 2)))
static void say(const char *format, ...)
{
	size_t used = strlen(world.said);
	va_list args;

	va_start(args, format);
	vsnprintf(world.said + used, sizeof(world.said) - used, format, args);
	va_end(args);
}

/* Happened since the last look, exactly this. */
static void expect(const char *said)
{
	assert_string_equal(world.said, said);
	world.said[0] = '\0';
}

static void note(nl_done_t done, store_done_t stored, void *context)
{
	assert_in_range(world.count, 0, MAX_ASKED - 1);
	world.asked[world.count++] = (struct asked) { done, stored, context };
}

/* Answers the oldest question. */
static void answer(int error)
{
	struct asked asked = world.asked[0];

	assert_int_not_equal(world.count, 0);
	world.count--;
	memmove(world.asked, world.asked + 1,
		world.count * sizeof(*world.asked));
	if (asked.stored)
		asked.stored(asked.context, error);
	else
		asked.done(asked.context, error, NULL);
}

/* Where records of peers go. */
#define PEER_STORE ((struct store *)&world.count)

/* --- The ports. */

struct store_batch {
	int unused;
};

struct store_batch *store_batch_new(enum store_role role)
{
	static struct store_batch batch;

	(void)role;
	return &batch;
}

void store_batch_put(struct store_batch *batch, uint64_t key,
		     const uint8_t *data, size_t len)
{
	(void)batch;
	(void)data;
	(void)len;
	say("put%llu ", (unsigned long long)key);
}

void store_batch_delete(struct store_batch *batch, uint64_t key)
{
	(void)batch;
	say("forget%llu ", (unsigned long long)key);
}

void store_submit(struct store *store, struct store_batch *batch,
		  store_done_t done, void *arg)
{
	(void)batch;
	say(store == PEER_STORE ? "peer-store " : "store ");
	note(NULL, done, arg);
}

void dataplane_set(struct dataplane *dataplane, uint32_t ifindex,
		   const struct effect_binding *binding, nl_done_t done,
		   void *context)
{
	(void)dataplane;
	(void)binding;
	say("set@%u ", ifindex);
	note(done, NULL, context);
}

void dataplane_delete(struct dataplane *dataplane, uint32_t ifindex,
		      const struct mh_prefix *hnp, nl_done_t done,
		      void *context)
{
	(void)dataplane;
	(void)hnp;
	say("delete@%u ", ifindex);
	note(done, NULL, context);
}

void route_add(struct nl_queue *queue, const struct route *route,
	       nl_done_t done, void *context)
{
	(void)queue;
	say("route@%u ", route->ifindex);
	note(done, NULL, context);
}

void route_delete(struct nl_queue *queue, const struct route *route,
		  nl_done_t done, void *context)
{
	(void)queue;
	say("unroute@%u ", route->ifindex);
	note(done, NULL, context);
}

void address_add(struct nl_queue *queue, uint32_t ifindex,
		 const struct in6_addr *address, uint8_t len, nl_done_t done,
		 void *context)
{
	(void)queue;
	assert_true(IN6_IS_ADDR_LINKLOCAL(address));
	assert_int_equal(len, 64);
	say("address@%u ", ifindex);
	note(done, NULL, context);
}

void address_add_detected(struct nl_queue *queue, uint32_t ifindex,
			  const struct in6_addr *address, uint8_t len,
			  nl_done_t done, void *context)
{
	say("detected-");
	address_add(queue, ifindex, address, len, done, context);
}

void address_delete(struct nl_queue *queue, uint32_t ifindex,
		    const struct in6_addr *address, uint8_t len,
		    nl_done_t done, void *context)
{
	say("no-");
	address_add(queue, ifindex, address, len, done, context);
}

int mh_socket_send(struct mh_socket *socket, const struct in6_addr *src,
		   const struct in6_addr *dst, const struct mh_message *message)
{
	(void)socket;
	(void)src;
	(void)dst;
	(void)message;
	say("send ");
	return 0;
}

int nd_advertise(struct nd *nd, const struct effect_advertise *ra)
{
	(void)nd;
	(void)ra;
	say("advertise ");
	return 0;
}

int nd_hear(struct nd *nd, uint32_t ifindex, const uint8_t *lladdr,
	    bool every_frame)
{
	(void)nd;
	(void)ifindex;
	(void)lladdr;
	say("hear%d ", every_frame);
	return 0;
}

int nd_query(struct nd *nd, uint32_t ifindex, const uint8_t *lladdr)
{
	(void)nd;
	(void)ifindex;
	(void)lladdr;
	say("query ");
	return 0;
}

void neighbour_probe(struct nl_queue *queue, uint32_t ifindex,
		     const struct in6_addr *address, const uint8_t *lladdr)
{
	(void)queue;
	(void)ifindex;
	(void)address;
	(void)lladdr;
	say("neighbour ");
}

void dataplane_read_tunnels(struct dataplane *dataplane, uint32_t ifindex,
			    dataplane_tunnel_t each, nl_done_t done,
			    void *context)
{
	struct in6_addr one = ip6("2001:db8::1"), other = ip6("2001:db8::2");

	(void)dataplane;
	say("tunnels@%u ", ifindex);
	each(context, &one, 1400);
	each(context, &other, 1300);
	note(done, NULL, context);
}

void link_monitor_catch_up(struct link_monitor *monitor)
{
	(void)monitor;
	if (world.catches_up)
		world.device.ifindex = world.device_after_catch_up;
}

void log_event(enum report_level level, const char *event, const char *format,
	       ...)
{
	(void)level;
	(void)format;
	say("log:%s ", event);
}

void log_report(const char *role, const struct report *report)
{
	(void)role;
	say("report:%s ", report->event);
}

/* --- The transactions. */

static void on_done(void *context, void *owner, int error)
{
	(void)context;
	world.owner = owner;
	world.error = error;
	world.done++;
}

static void run(struct outbox *out)
{
	static struct mh_socket *const any = (struct mh_socket *)&world;

	world.executor.on_done = on_done;
	world.executor.socket = any;
	executor_run(&world.executor, out);
}

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
	answer(0);
	expect("");
	answer(ENOSPC);
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

static void run_one(enum effect_kind kind, void *owner)
{
	struct outbox out;

	outbox_init(&out);
	transaction_add(transaction_new(&out, owner), kind);
	run(&out);
}

static void test_phases_in_order(void **state)
{
	(void)state;
	run_all(&world);
	expect("put3 store ");
	answer(0);
	expect("set@7 delete@7 ");
	answer(0);
	expect("");
	answer(0);
	expect("route@7 ");
	assert_int_equal(world.done, 0);
	answer(0);
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
	answer(ENOSPC);
	expect("log:store-failed ");
	assert_int_equal(world.done, 1);
	assert_int_equal(world.error, ENOSPC);
	assert_int_equal(world.count, 0);
}

static void test_all_of_a_phase_is_awaited(void **state)
{
	(void)state;
	run_all(&world);
	answer(0);
	expect("put3 store set@7 delete@7 ");
	answer(EINVAL);
	expect("log:binding-failed ");
	assert_int_equal(world.done, 0);
	answer(0);
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
		answer(errors[i]);
		assert_int_equal(world.done, 2 * i + 1);
		assert_int_equal(world.error, 0);
		run_one(EFFECT_ROUTE_DELETE, &world);
		answer(errors[i]);
		assert_int_equal(world.done, 2 * i + 2);
		assert_int_equal(world.error, 0);
	}
	run_one(EFFECT_BINDING_DELETE, &world);
	answer(EPERM);
	assert_int_equal(world.error, EPERM);
}

/* As much goes as can, and that not all of it did is told. */
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
	answer(EIO);
	answer(EPERM);
	answer(EPERM);
	assert_int_equal(world.done, 1);
	assert_int_equal(world.error, EIO);
	expect("forget3 store log:store-failed delete@7 log:binding-failed unroute@7 log:route-failed send ");
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
	expect("set@9 route@9 ");
	answer(0);
	answer(0);
	assert_int_equal(world.done, 2);
}

/* That it went is told by the kernel's answer before its event was read. */
static void test_device_goes_meanwhile(void **state)
{
	(void)state;
	world.catches_up = true;
	run_one(EFFECT_BINDING_SET, &world);
	answer(ENODEV);
	expect("set@7 ");
	assert_int_equal(world.done, 0);
	world.device.ifindex = 8;
	executor_resume(&world.executor);
	expect("set@8 ");
	answer(0);
	assert_int_equal(world.done, 1);
	assert_int_equal(world.error, 0);
}

static void test_device_is_another_one(void **state)
{
	(void)state;
	world.catches_up = true;
	world.device_after_catch_up = 8;
	run_one(EFFECT_BINDING_SET, &world);
	answer(ENOENT);
	expect("set@7 set@8 ");
	answer(0);
	assert_int_equal(world.error, 0);
}

static void test_device_is_there(void **state)
{
	(void)state;
	run_one(EFFECT_BINDING_SET, &world);
	answer(ENODEV);
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
	answer(ENODEV);
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
	answer(0);
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
	answer(EEXIST);
	answer(EPERM);
	answer(EADDRNOTAVAIL);
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
		answer(error);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_peers, begin, end),
		cmocka_unit_test_setup_teardown(test_phases_in_order, begin,
						end),
		cmocka_unit_test_setup_teardown(test_failure_ends_it, begin,
						end),
		cmocka_unit_test_setup_teardown(test_tunnel_mtu, begin, end),
		cmocka_unit_test_setup_teardown(test_probe, begin, end),
		cmocka_unit_test_setup_teardown(test_all_of_a_phase_is_awaited,
						begin, end),
		cmocka_unit_test_setup_teardown(test_failed_removal_stops_nothing,
						begin, end),
		cmocka_unit_test_setup_teardown(test_removal_of_nothing, begin,
						end),
		cmocka_unit_test_setup_teardown(test_waits_for_device, begin,
						end),
		cmocka_unit_test_setup_teardown(test_device_goes_meanwhile,
						begin, end),
		cmocka_unit_test_setup_teardown(test_device_is_another_one,
						begin, end),
		cmocka_unit_test_setup_teardown(test_device_is_there, begin,
						end),
		cmocka_unit_test_setup_teardown(
			test_access_route_needs_no_device, begin, end),
		cmocka_unit_test_setup_teardown(
			test_access_route_goes_from_any_link, begin, end),
		cmocka_unit_test_setup_teardown(test_addresses, begin, end),
		cmocka_unit_test_setup_teardown(test_nobody_waits, begin, end),
		cmocka_unit_test_setup_teardown(test_abandoned, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
