// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <sys/time.h>
#include <time.h>

#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "nl.h"
#include "out.h"
#include "pmipctl.h"
#include "show.h"

static const char *event_name(uint8_t cmd)
{
	switch (cmd) {
	case PMIP6_CMD_PATH_EXPIRED:
		return "path-expired";
	case PMIP6_CMD_MN_UNKNOWN:
		return "mn-unknown";
	case PMIP6_CMD_TUNNEL_UNKNOWN:
		return "tunnel-unknown";
	case PMIP6_CMD_EXPIRY_SET_EXPIRED:
		return "expiry-set-expired";
	default:
		return "unknown";
	}
}

static void show_time(void)
{
	char text[sizeof("2026-01-01T00:00:00.000000Z")], day[32];
	struct timeval now;
	struct tm tm;

	gettimeofday(&now, NULL);
	gmtime_r(&now.tv_sec, &tm);
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof(text), "%.19s.%06ldZ", day, (long)now.tv_usec);
	out_string("time", NULL, text);
}

static void show_details(const struct genl_event *event)
{
	if (event->cmd == PMIP6_CMD_PATH_EXPIRED) {
		out_prefix("hnp", "hnp ", &event->hnp);
		out_u64("bid", "bid ", event->bid);
		out_u64("cookie", "cookie ", event->cookie);
		out_u64("generation", "generation ", event->generation);
		return;
	}
	if (event->cmd == PMIP6_CMD_EXPIRY_SET_EXPIRED) {
		out_u64("id", "id ", event->expiry_set);
		out_u64("paths", "paths ", event->paths);
		out_u64("generation", "generation ", event->generation);
		return;
	}
	if (event->cmd == PMIP6_CMD_MN_UNKNOWN)
		out_addr("address", "address ", &event->address);
	if (event->has_remote)
		out_addr("remote", "remote ", &event->remote);
	if (event->access_ifindex)
		show_ifname("access", "access ", event->access_ifindex);
	out_string("drop", "drop ", genl_drop_name(event->drop));
}

/* One line, or one JSON value, an event: a reader need not wait for the end. */
static int on_event(struct nl_msg *msg, void *arg)
{
	struct genl_event event;

	(void)arg;
	if (genl_get_event(nlmsg_hdr(msg), &event))
		return NL_SKIP;
	out_begin();
	out_object();
	show_time();
	out_string("event", NULL, event_name(event.cmd));
	show_ifname("device", "dev ", event.ifindex);
	show_details(&event);
	out_object_end();
	out_end();
	fflush(stdout);
	return NL_OK;
}

static int show(int argc, char **argv)
{
	struct nl_sock *sock;
	int group, err;

	if (argc)
		return fail("unknown word \"%s\"", argv[0]);
	if (nl_family(&sock) < 0)
		return 1;
	group = genl_ctrl_resolve_grp(sock, PMIP6_GENL_NAME,
				      PMIP6_GENL_MCGRP_EVENTS);
	if (group < 0 || nl_socket_add_membership(sock, group)) {
		nl_socket_free(sock);
		return fail("events can not be received: is this root?");
	}
	nl_socket_disable_seq_check(sock);
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_event, NULL);
	do {
		err = nl_recvmsgs_default(sock);
		if (err == -NLE_NOMEM)
			fail("events were lost: they came faster than they could be shown");
	} while (err >= 0 || err == -NLE_NOMEM);
	nl_socket_free(sock);
	return fail("events have ended: %s", nl_geterror(err));
}

static const struct verb verbs[] = {
	{ "show", show, "" },
	{ 0 }
};

const struct noun noun_monitor = { "monitor", verbs };
