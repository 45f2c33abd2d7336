// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/routes_rtnl.c: link-local addresses that links get and lose.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "../ports/routes_rtnl.h"
#include "common/test.h"
#include "net/netns.h"
#include "net/rtnl_fixture.h"

#define ROUTER "fe80::aaaa"

static struct {
	struct rtnl_fixture rtnl;
	uint32_t ifindex;
	struct link_address seen[8];
	unsigned int count;
} bench;

static int setup(void **state)
{
	(void)state;
	if (!have_root())
		return 0;
	enter_namespace();
	shell("ip link add access1 type veth peer name mn");
	shell("ip link set access1 addrgenmode none up");
	shell("ip link set mn addrgenmode none up");
	bench.ifindex = if_nametoindex("access1");
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
	    address_get(nlh, &bench.seen[bench.count]))
		bench.count++;
}

static int add(const struct in6_addr *router)
{
	address_add(bench.rtnl.queue, bench.ifindex, router, 64, rtnl_on_done,
		    &bench.rtnl);
	return rtnl_answer(&bench.rtnl);
}

static int take(const struct in6_addr *router)
{
	address_delete(bench.rtnl.queue, bench.ifindex, router, 64,
		       rtnl_on_done, &bench.rtnl);
	return rtnl_answer(&bench.rtnl);
}

static unsigned int dump(void)
{
	bench.count = 0;
	address_dump(bench.rtnl.queue, on_each, rtnl_on_done, &bench.rtnl);
	assert_int_equal(rtnl_answer(&bench.rtnl), 0);
	return bench.count;
}

/* Ours are told from those that others have made. */
static void test_added_and_taken(void **state)
{
	struct in6_addr router = ip6(ROUTER);

	(void)state;
	if (!bench.rtnl.loop)
		skip();
	shell("ip addr add fe80::1/64 dev access1 nodad");
	assert_int_equal(add(&router), 0);
	/* RULE: B-MAG-76 */
	shell("ip -6 addr show dev access1 -tentative | grep -q " ROUTER);
	assert_int_equal(add(&router), EEXIST);
	assert_int_equal(dump(), 1);
	assert_int_equal(bench.seen[0].ifindex, bench.ifindex);
	assert_int_equal(bench.seen[0].len, 64);
	assert_ip6_equal(&bench.seen[0].address, ROUTER);
	assert_int_equal(take(&router), 0);
	assert_int_equal(dump(), 0);
	assert_int_equal(take(&router), EADDRNOTAVAIL);
	shell("ip -6 addr show dev access1 | grep -q fe80::1/64");
}

/* One that is not the anchor's is tried before it is used. */
static void test_detected(void **state)
{
	struct in6_addr router = ip6(ROUTER);

	(void)state;
	if (!bench.rtnl.loop)
		skip();
	shell("ip addr add " ROUTER "/64 dev mn nodad");
	address_add_detected(bench.rtnl.queue, bench.ifindex, &router, 64,
			     rtnl_on_done, &bench.rtnl);
	assert_int_equal(rtnl_answer(&bench.rtnl), 0);
	/* RULE: B-MAG-76 */
	await("ip -6 addr show dev access1 dadfailed | grep -q " ROUTER);
	assert_int_equal(dump(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_added_and_taken, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_detected, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
