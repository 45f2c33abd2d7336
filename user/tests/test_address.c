// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/routes_rtnl.c: link-local addresses that links get and lose.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <ev.h>
#include <linux/netlink.h>

#include "../ports/routes_rtnl.h"
#include "common/test.h"
#include "net/netns.h"

#define ROUTER "fe80::aaaa"

static struct {
	struct ev_loop *loop;
	struct nl_queue *queue;
	uint32_t ifindex;
	bool answered;
	int error;
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
	    address_get(nlh, &bench.seen[bench.count]))
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

static unsigned int dump(void)
{
	bench.count = 0;
	address_dump(bench.queue, on_each, on_done, NULL);
	assert_int_equal(answer(), 0);
	return bench.count;
}

/* Ours are told from those that others have made. */
static void test_added_and_taken(void **state)
{
	struct in6_addr router = ip6(ROUTER);

	(void)state;
	if (!bench.loop)
		skip();
	shell("ip addr add fe80::1/64 dev access1 nodad");
	address_add(bench.queue, bench.ifindex, &router, 64, on_done, NULL);
	assert_int_equal(answer(), 0);
	/* RULE: B-MAG-76 */
	shell("ip -6 addr show dev access1 -tentative | grep -q " ROUTER);
	address_add(bench.queue, bench.ifindex, &router, 64, on_done, NULL);
	assert_int_equal(answer(), EEXIST);
	assert_int_equal(dump(), 1);
	assert_int_equal(bench.seen[0].ifindex, bench.ifindex);
	assert_int_equal(bench.seen[0].len, 64);
	assert_ip6_equal(&bench.seen[0].address, ROUTER);
	address_delete(bench.queue, bench.ifindex, &router, 64, on_done, NULL);
	assert_int_equal(answer(), 0);
	assert_int_equal(dump(), 0);
	address_delete(bench.queue, bench.ifindex, &router, 64, on_done, NULL);
	assert_int_equal(answer(), EADDRNOTAVAIL);
	shell("ip -6 addr show dev access1 | grep -q fe80::1/64");
}

/* One that is not the anchor's is tried before it is used. */
static void test_detected(void **state)
{
	struct in6_addr router = ip6(ROUTER);

	(void)state;
	if (!bench.loop)
		skip();
	shell("ip addr add " ROUTER "/64 dev mn nodad");
	address_add_detected(bench.queue, bench.ifindex, &router, 64, on_done,
			     NULL);
	assert_int_equal(answer(), 0);
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
