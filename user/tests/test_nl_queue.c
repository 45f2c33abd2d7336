// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/nl_queue.c
 */
#include <ev.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>

#include "../ports/nl_queue.h"
#include "common/test.h"

#define DUMPS 3

/**
 * struct bench - requests, and how they ended
 * @messages: of their replies
 * @ended: how many have
 * @failed: how many of them with an error
 * @order: which ended when, by number
 */
struct bench {
	struct ev_loop *loop;
	struct nl_queue *queue;
	unsigned int messages, ended, failed;
	unsigned int order[DUMPS + 1];
};

struct asked {
	struct bench *bench;
	unsigned int number;
};

static void on_message(void *context, struct nlmsghdr *nlh)
{
	struct asked *asked = context;

	assert_int_equal(nlh->nlmsg_type, RTM_NEWLINK);
	asked->bench->messages++;
}

static void on_done(void *context, int error, const char *text)
{
	struct asked *asked = context;
	struct bench *bench = asked->bench;

	(void)text;
	bench->order[bench->ended++] = asked->number;
	bench->failed += error != 0;
	if (bench->ended == DUMPS + 1)
		ev_break(bench->loop, EVBREAK_ALL);
}

static struct nl_msg *links(int flags, int ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETLINK, flags);

	assert_non_null(msg);
	assert_int_equal(nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO),
			 0);
	return msg;
}

static void on_late(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)timer;
	(void)events;
	ev_break(loop, EVBREAK_ALL);
}

/* The kernel takes one dump at a time; what waits for it waits in its turn. */
static void test_dumps(void **state)
{
	struct bench bench = { 0 };
	struct asked asked[DUMPS + 1];
	unsigned int i, dump = 0;
	ev_timer late;

	(void)state;
	bench.loop = ev_loop_new(EVFLAG_AUTO);
	bench.queue = nl_queue_new(bench.loop, NETLINK_ROUTE);
	assert_non_null(bench.queue);
	for (i = 0; i <= DUMPS; i++) {
		asked[i] = (struct asked){ &bench, i };
		nl_queue_submit(bench.queue,
				i < DUMPS ? links(NLM_F_DUMP, 0) : links(0, 1),
				on_message, on_done, &asked[i]);
	}
	ev_timer_init(&late, on_late, 10, 0);
	ev_timer_start(bench.loop, &late);
	ev_run(bench.loop, 0);
	assert_int_equal(bench.ended, DUMPS + 1);
	assert_int_equal(bench.failed, 0);
	for (i = 0; i <= DUMPS; i++) {
		if (bench.order[i] == DUMPS)
			continue;
		assert_int_equal(bench.order[i], dump);
		dump++;
	}
	/* Every one has the loopback device at least. */
	assert_in_range(bench.messages, DUMPS + 1, UINT32_MAX);
	ev_timer_stop(bench.loop, &late);
	nl_queue_free(bench.queue);
	ev_loop_destroy(bench.loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dumps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
