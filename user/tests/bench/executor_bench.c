// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "../../pmip6d/log.h"
#include "../../ports/routes_rtnl.h"
#include "../common/test.h"
#include "executor_bench.h"

struct executor_bench world;

int executor_bench_setup(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.executor.role = "test";
	world.executor.device = &world.device;
	world.device.ifindex = 7;
	return 0;
}

int executor_bench_teardown(void **state)
{
	(void)state;
	executor_abandon(&world.executor);
	return 0;
}

void say(const char *format, ...)
{
	size_t used = strlen(world.said);
	va_list args;

	va_start(args, format);
	vsnprintf(world.said + used, sizeof(world.said) - used, format, args);
	va_end(args);
}

void expect(const char *said)
{
	assert_string_equal(world.said, said);
	world.said[0] = '\0';
}

static void note(nl_done_t done, store_done_t stored, void *context)
{
	assert_in_range(world.count, 0, MAX_ASKED - 1);
	world.asked[world.count++] = (struct asked) { done, stored, context };
}

void port_answers(int error)
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

void dataplane_put_set(struct dataplane *dataplane, uint32_t ifindex,
		       const struct effect_expiry_set *set, nl_done_t done,
		       void *context)
{
	(void)dataplane;
	say("put-set%u@%u ", set->id, ifindex);
	note(done, NULL, context);
}

void dataplane_delete_set(struct dataplane *dataplane, uint32_t ifindex,
			  uint32_t id, nl_done_t done, void *context)
{
	(void)dataplane;
	say("delete-set%u@%u ", id, ifindex);
	note(done, NULL, context);
}

void dataplane_put_flow(struct dataplane *dataplane, uint32_t ifindex,
			const struct effect_flow *flow, nl_done_t done,
			void *context)
{
	(void)dataplane;
	say("put-flow%u@%u ", flow->id, ifindex);
	note(done, NULL, context);
}

void dataplane_delete_flow(struct dataplane *dataplane, uint32_t ifindex,
			   const struct effect_flow *flow, nl_done_t done,
			   void *context)
{
	(void)dataplane;
	say("delete-flow%u@%u ", flow->id, ifindex);
	note(done, NULL, context);
}

void route_add(struct nl_queue *queue, const struct route *route,
	       nl_done_t done, void *context)
{
	(void)queue;
	say("%s@%u ", route->tunnel ? "tunnel-route" : "route", route->ifindex);
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

void run(struct outbox *out)
{
	static struct mh_socket *const any = (struct mh_socket *)&world;

	world.executor.on_done = on_done;
	world.executor.socket = any;
	executor_run(&world.executor, out);
}

void run_one(enum effect_kind kind, void *owner)
{
	struct outbox out;

	outbox_init(&out);
	transaction_add(transaction_new(&out, owner), kind);
	run(&out);
}
