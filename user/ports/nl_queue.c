// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ev.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <utlist.h>

#include "../engine/alloc.h"
#include "../nl/extack.h"
#include "nl_queue.h"

/* Answers to so many fit the receive buffer by far. */
#define MAX_IN_FLIGHT 64u
#define RECEIVE_BUFFER (1 << 20)

struct request {
	struct request *prev, *next;
	struct nl_msg *msg;
	nl_each_t each;
	nl_done_t done;
	void *context;
	uint32_t seq;
	bool sent;
	bool interrupted;
};

struct nl_queue {
	struct ev_loop *loop;
	struct ev_io readable;
	struct ev_idle failing;
	struct nl_sock *sock;
	struct nl_cb *cb;
	struct request *requests;	/* oldest first */
	unsigned int in_flight;
	uint32_t next_seq;
	bool dumping;
};

static struct request *by_seq(struct nl_queue *queue, uint32_t seq)
{
	struct request *request;

	DL_FOREACH(queue->requests, request)
		if (request->sent && request->seq == seq)
			return request;
	return NULL;
}

static bool is_dump(const struct request *request)
{
	return (nlmsg_hdr(request->msg)->nlmsg_flags & NLM_F_DUMP) ==
	       NLM_F_DUMP;
}

static void finish(struct nl_queue *queue, struct request *request, int error,
		   const char *text)
{
	DL_DELETE(queue->requests, request);
	if (request->sent) {
		queue->in_flight--;
		queue->dumping &= !is_dump(request);
	}
	if (!error && request->interrupted)
		error = EINTR;
	if (request->done)
		request->done(request->context, error, text);
	nlmsg_free(request->msg);
	free(request);
}

static int transmit(struct nl_queue *queue, struct request *request)
{
	struct nlmsghdr *nlh = nlmsg_hdr(request->msg);

	nlh->nlmsg_flags |= NLM_F_REQUEST;
	/* A dump ends by itself. */
	if (!is_dump(request))
		nlh->nlmsg_flags |= NLM_F_ACK;
	nlh->nlmsg_pid = nl_socket_get_local_port(queue->sock);
	nlh->nlmsg_seq = request->seq = queue->next_seq++;
	request->interrupted = false;
	if (nl_sendto(queue->sock, nlh, nlh->nlmsg_len) < 0)
		return errno ? errno : EIO;
	request->sent = true;
	queue->in_flight++;
	queue->dumping |= is_dump(request);
	return 0;
}

/*
 * Only what is not sent is taken: the kernel handles a request while it is
 * being sent, so what waits is never much. It has room for one dump a socket,
 * and would refuse others (EBUSY).
 */
static void send_waiting(struct nl_queue *queue)
{
	struct request *request;

	DL_FOREACH(queue->requests, request) {
		if (request->sent)
			continue;
		if (queue->in_flight >= MAX_IN_FLIGHT)
			break;
		if (is_dump(request) && queue->dumping)
			continue;
		/* One that the kernel would not take waits for a turn. */
		if (transmit(queue, request)) {
			ev_idle_start(queue->loop, &queue->failing);
			break;
		}
	}
}

static void on_failing(struct ev_loop *loop, struct ev_idle *idle, int events)
{
	struct nl_queue *queue = idle->data;
	struct request *request;
	int error;

	(void)events;
	ev_idle_stop(loop, idle);
	DL_FOREACH(queue->requests, request)
		if (!request->sent && !(is_dump(request) && queue->dumping))
			break;
	if (!request)
		return;
	error = transmit(queue, request);
	if (error == EAGAIN || error == ENOBUFS || error == EINTR)
		ev_idle_start(loop, idle);
	else if (error)
		finish(queue, request, error, NULL);
	send_waiting(queue);
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct nl_queue *queue = arg;
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct request *request = by_seq(queue, nlh->nlmsg_seq);

	if (request && request->each)
		request->each(request->context, nlh);
	return NL_OK;
}

static int on_interrupted(struct nl_msg *msg, void *arg)
{
	struct request *request = by_seq(arg, nlmsg_hdr(msg)->nlmsg_seq);

	if (request)
		request->interrupted = true;
	return NL_OK;
}

/* A dump that failed says so in its end. */
static int end_error(struct nlmsghdr *nlh)
{
	int error = 0;

	if (nlh->nlmsg_type == NLMSG_DONE &&
	    nlmsg_datalen(nlh) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(nlh), sizeof(error));
	return error < 0 ? -error : 0;
}

static int on_end(struct nl_msg *msg, void *arg)
{
	struct nl_queue *queue = arg;
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct request *request = by_seq(queue, nlh->nlmsg_seq);

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		on_interrupted(msg, queue);
	if (request)
		finish(queue, request, end_error(nlh), NULL);
	return NL_OK;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *err, void *arg)
{
	struct nl_queue *queue = arg;
	struct request *request = by_seq(queue, err->msg.nlmsg_seq);

	(void)from;
	if (request)
		finish(queue, request, -err->error, extack_message(err));
	return NL_SKIP;
}

static int any_seq(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

/* Which answers were lost is not known: whatever has none is sent again. */
static void answers_lost(struct nl_queue *queue)
{
	struct request *request;

	DL_FOREACH(queue->requests, request) {
		if (request->sent && is_dump(request))
			request->interrupted = true;
		else
			request->sent = false;
	}
	queue->in_flight = 0;
	DL_FOREACH(queue->requests, request)
		queue->in_flight += request->sent;
}

static void on_readable(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct nl_queue *queue = io->data;
	int err;

	(void)loop;
	(void)events;
	do {
		errno = 0;
		err = nl_recvmsgs(queue->sock, queue->cb);
		if (err == -NLE_NOMEM || errno == ENOBUFS)
			answers_lost(queue);
	} while (err != -NLE_AGAIN && err != -NLE_BAD_SOCK && queue->in_flight);
	send_waiting(queue);
}

static bool open_socket(struct nl_queue *queue, int protocol)
{
	const int one = 1;
	int err;

	queue->sock = nl_socket_alloc();
	queue->cb = nl_cb_alloc(NL_CB_CUSTOM);
	if (!queue->sock || !queue->cb) {
		errno = ENOMEM;
		return false;
	}
	errno = 0;
	err = nl_connect(queue->sock, protocol);
	if (err) {
		errno = errno ? errno : EPROTONOSUPPORT;
		return false;
	}
	nl_socket_set_nonblocking(queue->sock);
	nl_socket_set_buffer_size(queue->sock, RECEIVE_BUFFER, 0);
	extack_enable(queue->sock);
	/* So that dumps are filtered by the kernel; an old one sends all. */
	setsockopt(nl_socket_get_fd(queue->sock), SOL_NETLINK,
		   NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	nl_cb_set(queue->cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, queue);
	nl_cb_set(queue->cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, queue);
	nl_cb_set(queue->cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, queue);
	nl_cb_set(queue->cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, any_seq, NULL);
	nl_cb_set(queue->cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_interrupted,
		  queue);
	nl_cb_err(queue->cb, NL_CB_CUSTOM, on_error, queue);
	return true;
}

struct nl_queue *nl_queue_new(struct ev_loop *loop, int protocol)
{
	struct nl_queue *queue = must_alloc(sizeof(*queue));

	queue->loop = loop;
	queue->next_seq = 1;
	ev_init(&queue->readable, on_readable);
	ev_idle_init(&queue->failing, on_failing);
	queue->readable.data = queue->failing.data = queue;
	if (!open_socket(queue, protocol)) {
		nl_queue_free(queue);
		return NULL;
	}
	ev_io_set(&queue->readable, nl_socket_get_fd(queue->sock), EV_READ);
	ev_io_start(loop, &queue->readable);
	return queue;
}

void nl_queue_free(struct nl_queue *queue)
{
	struct request *request, *next;
	int error = errno;

	if (!queue)
		return;
	DL_FOREACH_SAFE(queue->requests, request, next) {
		DL_DELETE(queue->requests, request);
		nlmsg_free(request->msg);
		free(request);
	}
	ev_io_stop(queue->loop, &queue->readable);
	ev_idle_stop(queue->loop, &queue->failing);
	nl_socket_free(queue->sock);
	nl_cb_put(queue->cb);
	free(queue);
	errno = error;
}

void nl_queue_submit(struct nl_queue *queue, struct nl_msg *msg, nl_each_t each,
		     nl_done_t done, void *context)
{
	struct request *request = must_alloc(sizeof(*request));

	if (!msg)
		abort();
	request->msg = msg;
	request->each = each;
	request->done = done;
	request->context = context;
	DL_APPEND(queue->requests, request);
	send_waiting(queue);
}
