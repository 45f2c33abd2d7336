// SPDX-License-Identifier: GPL-2.0
#include "rtnl_fixture.h"

#include <linux/netlink.h>
#include <string.h>

#include "../common/test.h"
#include "netns.h"

void rtnl_open(struct rtnl_fixture *fixture)
{
	fixture->loop = ev_loop_new(EVFLAG_AUTO);
	fixture->queue = nl_queue_new(fixture->loop, NETLINK_ROUTE);
	assert_non_null(fixture->queue);
}

void rtnl_close(struct rtnl_fixture *fixture)
{
	nl_queue_free(fixture->queue);
	ev_loop_destroy(fixture->loop);
	memset(fixture, 0, sizeof(*fixture));
}

void rtnl_on_done(void *context, int error, const char *text)
{
	struct rtnl_fixture *fixture = context;

	(void)text;
	fixture->answered = true;
	fixture->error = error;
}

static bool is_answered(void *arg)
{
	const struct rtnl_fixture *fixture = arg;

	return fixture->answered;
}

int rtnl_answer(struct rtnl_fixture *fixture)
{
	assert_true(comes_true(fixture->loop, is_answered, fixture));
	fixture->answered = false;
	return fixture->error;
}
