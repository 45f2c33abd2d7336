// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/routes_rtnl.c: routes by a pmip6 device, and others.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <ev.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "../ports/routes_rtnl.h"
#include "common/test.h"
#include "net/netns.h"

static struct {
	struct ev_loop *loop;
	struct nl_queue *queue;
	struct route route;		/* of a pool, by the device */
	bool answered;
	int error;
	struct route seen[8];
	unsigned int count;
} bench;

/* What matters of a device here is that it resolves no addresses. */
static int setup(void **state)
{
	(void)state;
	if (!have_root())
		return 0;
	enter_namespace();
	shell("ip link add pmip0 type veth peer name other");
	shell("ip link set other up");
	shell("ip link set pmip0 arp off addrgenmode none up");
	bench.route = (struct route){
		.prefix = { .addr = ip6("2001:db8:a::"), .len = 48 },
		.table = RT_TABLE_MAIN,
		.ifindex = if_nametoindex("pmip0"),
		.tunnel = true,
	};
	bench.loop = ev_loop_new(EVFLAG_AUTO);
	bench.queue = nl_queue_new(bench.loop, NETLINK_ROUTE);
	assert_non_null(bench.queue);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (!bench.loop)
		return 0;
	nl_queue_free(bench.queue);
	ev_loop_destroy(bench.loop);
	memset(&bench, 0, sizeof(bench));
	return 0;
}

static void on_done(void *context, int error, const char *text)
{
	(void)context;
	(void)text;
	bench.answered = true;
	bench.error = error;
}

static void on_each(void *context, struct nlmsghdr *nlh)
{
	(void)context;
	if (bench.count < ARRAY_SIZE(bench.seen) &&
	    route_get(nlh, &bench.seen[bench.count]))
		bench.count++;
}

static bool is_answered(void *arg)
{
	(void)arg;
	return bench.answered;
}

static int answer(void)
{
	assert_true(comes_true(bench.loop, is_answered, NULL));
	bench.answered = false;
	return bench.error;
}

static int add(const struct route *route)
{
	route_add(bench.queue, route, on_done, NULL);
	return answer();
}

static int delete(const struct route *route)
{
	route_delete(bench.queue, route, on_done, NULL);
	return answer();
}

/* That of the pool is the only one of ours. */
static void expect_pool(void)
{
	bench.count = 0;
	route_dump(bench.queue, on_each, on_done, NULL);
	assert_int_equal(answer(), 0);
	assert_int_equal(bench.count, 1);
	assert_true(mh_prefix_equal(&bench.seen[0].prefix,
				    &bench.route.prefix));
	assert_int_equal(bench.seen[0].table, RT_TABLE_MAIN);
	assert_int_equal(bench.seen[0].ifindex, bench.route.ifindex);
	assert_false(bench.seen[0].unreachable);
}

/* Destinations behind it have one neighbour, the next hop that they share. */
static void test_by_the_device(void **state)
{
	(void)state;
	if (!bench.loop)
		skip();
	assert_int_equal(add(&bench.route), 0);
	expect_pool();
	shell("ip -6 route show 2001:db8:a::/48 | grep -q "
	      "'via " ROUTES_TUNNEL_GATEWAY " dev pmip0 proto 52 '");
	shell("ip -6 route get 2001:db8:a:1::1 | grep -q "
	      "'via " ROUTES_TUNNEL_GATEWAY " dev pmip0 '");
	/* Again, as after a restart of the agent. */
	assert_int_equal(add(&bench.route), 0);
	expect_pool();
	assert_int_equal(delete(&bench.route), 0);
	assert_int_equal(delete(&bench.route), ESRCH);
	shell("test -z \"$(ip -6 route show proto 52)\"");
}

/* Earlier releases made them without. */
static void test_without_next_hop(void **state)
{
	(void)state;
	if (!bench.loop)
		skip();
	shell("ip -6 route add 2001:db8:a::/48 dev pmip0 proto 52");
	expect_pool();
	assert_int_equal(add(&bench.route), 0);
	expect_pool();
	shell("test \"$(ip -6 route show 2001:db8:a::/48 | wc -l)\" = 1");
	shell("ip -6 route show | grep -q 'via " ROUTES_TUNNEL_GATEWAY "'");
	assert_int_equal(delete(&bench.route), 0);

	shell("ip -6 route add 2001:db8:a::/48 dev pmip0 proto 52");
	assert_int_equal(delete(&bench.route), 0);
	shell("test -z \"$(ip -6 route show proto 52)\"");
}

/* On an access link destinations are what is resolved. */
static void test_on_a_link(void **state)
{
	(void)state;
	if (!bench.loop)
		skip();
	bench.route.tunnel = false;
	assert_int_equal(add(&bench.route), 0);
	expect_pool();
	shell("test -z \"$(ip -6 route show proto 52 | grep via)\"");
	assert_int_equal(delete(&bench.route), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_by_the_device, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_without_next_hop, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_on_a_link, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
