// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/pmip6.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "../nl/extack.h"
#include "../nl/genl.h"
#include "nl.h"
#include "pmipctl.h"

struct exchange {
	const char *what;
	void (*each)(struct nlmsghdr *nlh, void *context);
	void *context;
	bool interrupted;
	bool done;
	int status;
};

static struct nl_sock *connect_to(int protocol)
{
	struct nl_sock *sock = nl_socket_alloc();

	if (!sock || nl_connect(sock, protocol)) {
		fail("no netlink socket: %s", strerror(errno));
		nl_socket_free(sock);
		return NULL;
	}
	nl_socket_disable_auto_ack(sock);
	nl_socket_set_buffer_size(sock, 1 << 20, 0);
	extack_enable(sock);
	return sock;
}

int nl_family(struct nl_sock **sock)
{
	int family;

	*sock = connect_to(NETLINK_GENERIC);
	if (!*sock)
		return -1;
	family = genl_ctrl_resolve(*sock, PMIP6_GENL_NAME);
	if (family < 0) {
		if (family == -NLE_OBJ_NOTFOUND)
			fail("the kernel does not know pmip6: load it with \"modprobe pmip6\"");
		else
			fail("netlink: %s", nl_geterror(family));
		nl_socket_free(*sock);
		return -1;
	}
	return family;
}

struct nl_sock *nl_route(void)
{
	return connect_to(NETLINK_ROUTE);
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		exchange->interrupted = true;
	if (exchange->each)
		exchange->each(nlh, exchange->context);
	return NL_OK;
}

static int on_end(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;

	if (nlmsg_hdr(msg)->nlmsg_flags & NLM_F_DUMP_INTR)
		exchange->interrupted = true;
	exchange->done = true;
	return NL_STOP;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *err, void *arg)
{
	struct exchange *exchange = arg;
	const char *text = extack_message(err);

	(void)from;
	if (text)
		exchange->status = fail("%s: %s", exchange->what, text);
	else
		exchange->status = fail("%s: %s", exchange->what,
					strerror(-err->error));
	exchange->done = true;
	return NL_STOP;
}

static int receive(struct nl_sock *sock, struct exchange *exchange)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_CUSTOM);
	int err = 0;

	if (!cb)
		return fail("%s: out of memory", exchange->what);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, exchange);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, exchange);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, exchange);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, exchange);
	while (!exchange->done && !err) {
		err = nl_recvmsgs(sock, cb);
		/* A dump that changed meanwhile has still been read whole. */
		if (err == -NLE_DUMP_INTR) {
			exchange->interrupted = true;
			err = 0;
		}
	}
	nl_cb_put(cb);
	if (err < 0 && !exchange->done)
		return fail("%s: %s", exchange->what, nl_geterror(err));
	return exchange->status;
}

int nl_do(struct nl_sock *sock, struct nl_msg *msg, const char *what,
	  void (*each)(struct nlmsghdr *nlh, void *context), void *context,
	  bool *interrupted)
{
	struct exchange exchange = {
		.what = what,
		.each = each,
		.context = context,
	};
	int err;

	if (!msg)
		return fail("%s: out of memory", what);
	/* A dump ends by itself; anything else is acknowledged. */
	if ((nlmsg_hdr(msg)->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_ACK;
	err = nl_send_auto(sock, msg);
	nlmsg_free(msg);
	if (err < 0)
		return fail("%s: %s", what, nl_geterror(err));
	err = receive(sock, &exchange);
	if (interrupted)
		*interrupted = exchange.interrupted;
	return err;
}

bool nl_command_begin(struct nl_command *command, enum pmip6_cmd cmd, int flags)
{
	int family = nl_family(&command->sock);

	if (family < 0)
		return false;
	command->msg = genl_new(family, cmd, NLM_F_REQUEST | flags);
	if (command->msg)
		return true;
	nl_socket_free(command->sock);
	return !fail("out of memory");
}

int nl_command_end(struct nl_command *command, int error, const char *what,
		   void (*each)(struct nlmsghdr *nlh, void *context))
{
	int status;

	if (error) {
		nlmsg_free(command->msg);
		command->msg = NULL;
	}
	status = nl_do(command->sock, command->msg, what, each, NULL, NULL);
	nl_socket_free(command->sock);
	return status;
}
