// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/routes_rtnl.c: routes by a pmip6 device, and others.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <linux/rtnetlink.h>

#include "../ports/routes_rtnl.h"
#include "common/test.h"
#include "net/netns.h"
#include "net/rtnl_fixture.h"

static struct {
	struct rtnl_fixture rtnl;
	struct route route;		/* of a pool, by the device */
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
	rtnl_open(&bench.rtnl);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (!bench.rtnl.loop)
		return 0;
	rtnl_close(&bench.rtnl);
	memset(&bench, 0, sizeof(bench));
	return 0;
}

static void on_each(void *context, struct nlmsghdr *nlh)
{
	(void)context;
	if (bench.count < ARRAY_SIZE(bench.seen) &&
	    route_get(nlh, &bench.seen[bench.count]))
		bench.count++;
}

static int add(const struct route *route)
{
	route_add(bench.rtnl.queue, route, rtnl_on_done, &bench.rtnl);
	return rtnl_answer(&bench.rtnl);
}

static int delete(const struct route *route)
{
	route_delete(bench.rtnl.queue, route, rtnl_on_done, &bench.rtnl);
	return rtnl_answer(&bench.rtnl);
}

/* That of the pool is the only one of ours. */
static void expect_pool(void)
{
	bench.count = 0;
	route_dump(bench.rtnl.queue, on_each, rtnl_on_done, &bench.rtnl);
	assert_int_equal(rtnl_answer(&bench.rtnl), 0);
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
	if (!bench.rtnl.loop)
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
	if (!bench.rtnl.loop)
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
	if (!bench.rtnl.loop)
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
