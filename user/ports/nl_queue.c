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

/*
 * So many messages are in one send at most. The kernel carries them out meanwhile,
 * and answers to so many fit the receive buffer by far.
 */
#define MAX_IN_FLIGHT 64u
#define BATCH_OCTETS 32768u
#define RECEIVE_BUFFER (1 << 20)

/* So many datagrams are received at a time; the kernel writes none that is larger. */
#define DATAGRAMS 32u
#define DATAGRAM_MAX ((size_t)32768)

/*
 * A message of libnl has room for a page, and a million may wait: what was said is
 * kept, and no more.
 */
struct request {
	struct request *prev, *next;
	struct nlmsghdr *nlh;
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
	struct ev_prepare turn_ends;
	struct ev_idle failing;
	struct nl_sock *sock;
	struct request *requests;	/* oldest first */
	unsigned int in_flight;
	uint32_t next_seq;
	bool dumping;
	uint8_t *datagrams;
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
	return (request->nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
}

static void forget(struct nl_queue *queue, struct request *request)
{
	DL_DELETE(queue->requests, request);
	free(request->nlh);
	free(request);
}

static void finish(struct nl_queue *queue, struct request *request, int error,
		   const char *text)
{
	nl_done_t done = request->done;
	void *context = request->context;

	if (request->sent) {
		queue->in_flight--;
		queue->dumping &= !is_dump(request);
	}
	if (!error && request->interrupted)
		error = EINTR;
	forget(queue, request);
	if (done)
		done(context, error, text);
}

static void put_header(struct nl_queue *queue, struct request *request)
{
	struct nlmsghdr *nlh = request->nlh;

	nlh->nlmsg_flags |= NLM_F_REQUEST;
	/* A dump ends by itself. */
	if (!is_dump(request))
		nlh->nlmsg_flags |= NLM_F_ACK;
	nlh->nlmsg_pid = nl_socket_get_local_port(queue->sock);
	nlh->nlmsg_seq = request->seq = queue->next_seq++;
	request->interrupted = false;
}

/**
 * struct batch - messages of one send
 * @requests: whose they are
 * @parts: these
 * @count: how many
 */
struct batch {
	struct request *requests[MAX_IN_FLIGHT];
	struct iovec parts[MAX_IN_FLIGHT];
	unsigned int count;
};

/* The kernel has room for one dump a socket, and would refuse others (EBUSY). */
static void collect(struct nl_queue *queue, struct batch *batch,
		    unsigned int most)
{
	bool dumping = queue->dumping;
	struct request *request;
	struct nlmsghdr *nlh;
	size_t octets = 0;

	batch->count = 0;
	DL_FOREACH(queue->requests, request) {
		if (request->sent || (is_dump(request) && dumping))
			continue;
		nlh = request->nlh;
		octets += NLMSG_ALIGN(nlh->nlmsg_len);
		if (batch->count == most ||
		    queue->in_flight + batch->count >= MAX_IN_FLIGHT ||
		    (batch->count && octets > BATCH_OCTETS))
			break;
		dumping |= is_dump(request);
		put_header(queue, request);
		batch->requests[batch->count] = request;
		batch->parts[batch->count++] = (struct iovec){
			nlh, NLMSG_ALIGN(nlh->nlmsg_len)
		};
	}
}

/* All of them are taken, or none is: the kernel has them in one piece. */
static int transmit(struct nl_queue *queue, const struct batch *batch)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr message = {
		.msg_name = &kernel,
		.msg_namelen = sizeof(kernel),
		.msg_iov = (struct iovec *)batch->parts,
		.msg_iovlen = batch->count,
	};
	unsigned int i;

	if (sendmsg(nl_socket_get_fd(queue->sock), &message, 0) < 0)
		return errno;
	for (i = 0; i < batch->count; i++) {
		batch->requests[i]->sent = true;
		queue->dumping |= is_dump(batch->requests[i]);
	}
	queue->in_flight += batch->count;
	return 0;
}

static void send_waiting(struct nl_queue *queue)
{
	struct batch batch;

	collect(queue, &batch, MAX_IN_FLIGHT);
	/* What the kernel would not take waits for a turn. */
	if (batch.count && transmit(queue, &batch))
		ev_idle_start(queue->loop, &queue->failing);
}

/* What was asked for in one turn of the loop goes together. */
static void on_turn_ends(struct ev_loop *loop, struct ev_prepare *prepare,
			 int events)
{
	struct nl_queue *queue = prepare->data;

	(void)loop;
	(void)events;
	if (queue->requests && !ev_is_active(&queue->failing))
		send_waiting(queue);
}

/* One by one: it may be one of them that is not taken. */
static void on_failing(struct ev_loop *loop, struct ev_idle *idle, int events)
{
	struct nl_queue *queue = idle->data;
	struct batch batch;
	int error;

	(void)events;
	ev_idle_stop(loop, idle);
	collect(queue, &batch, 1);
	if (!batch.count)
		return;
	error = transmit(queue, &batch);
	if (error == EAGAIN || error == ENOBUFS || error == EINTR)
		ev_idle_start(loop, idle);
	else if (error)
		finish(queue, batch.requests[0], error, NULL);
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

static void on_message(struct nl_queue *queue, struct nlmsghdr *nlh)
{
	struct request *request = by_seq(queue, nlh->nlmsg_seq);
	const struct nlmsgerr *err = nlmsg_data(nlh);

	if (!request)
		return;
	request->interrupted |= nlh->nlmsg_flags & NLM_F_DUMP_INTR;
	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
	case NLMSG_OVERRUN:
		break;
	case NLMSG_DONE:
		finish(queue, request, end_error(nlh), NULL);
		break;
	case NLMSG_ERROR:
		if (nlmsg_datalen(nlh) < (int)sizeof(*err))
			break;
		finish(queue, request, -err->error,
		       err->error ? extack_message(err) : NULL);
		break;
	default:
		if (request->each)
			request->each(request->context, nlh);
		break;
	}
}

static void on_datagram(struct nl_queue *queue, uint8_t *data, int len)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)data;

	for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len))
		on_message(queue, nlh);
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

/* Return: how many datagrams, or -1. */
static int receive(struct nl_queue *queue)
{
	struct mmsghdr messages[DATAGRAMS] = { 0 };
	struct iovec parts[DATAGRAMS];
	unsigned int i;
	int count;

	for (i = 0; i < DATAGRAMS; i++) {
		parts[i].iov_base = queue->datagrams + i * DATAGRAM_MAX;
		parts[i].iov_len = DATAGRAM_MAX;
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	count = recvmmsg(nl_socket_get_fd(queue->sock), messages, DATAGRAMS,
			 MSG_DONTWAIT, NULL);
	for (i = 0; (int)i < count; i++)
		on_datagram(queue, parts[i].iov_base,
			    (int)messages[i].msg_len);
	return count;
}

static void on_readable(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct nl_queue *queue = io->data;
	int count;

	(void)loop;
	(void)events;
	do {
		count = receive(queue);
		if (count < 0 && errno == ENOBUFS)
			answers_lost(queue);
	} while ((count > 0 || errno == EINTR || errno == ENOBUFS) &&
		 queue->in_flight);
}

static bool open_socket(struct nl_queue *queue, int protocol)
{
	const int one = 1;
	int err;

	queue->sock = nl_socket_alloc();
	if (!queue->sock) {
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
	return true;
}

struct nl_queue *nl_queue_new(struct ev_loop *loop, int protocol)
{
	struct nl_queue *queue = must_alloc(sizeof(*queue));

	queue->loop = loop;
	queue->next_seq = 1;
	queue->datagrams = must_alloc(DATAGRAMS * DATAGRAM_MAX);
	ev_init(&queue->readable, on_readable);
	ev_prepare_init(&queue->turn_ends, on_turn_ends);
	ev_idle_init(&queue->failing, on_failing);
	queue->readable.data = queue->failing.data = queue;
	queue->turn_ends.data = queue;
	if (!open_socket(queue, protocol)) {
		nl_queue_free(queue);
		return NULL;
	}
	ev_io_set(&queue->readable, nl_socket_get_fd(queue->sock), EV_READ);
	ev_io_start(loop, &queue->readable);
	/* After all others that this turn ends for: they may ask for something. */
	ev_set_priority(&queue->turn_ends, EV_MINPRI);
	ev_prepare_start(loop, &queue->turn_ends);
	return queue;
}

void nl_queue_free(struct nl_queue *queue)
{
	struct request *request, *next;
	int error = errno;

	if (!queue)
		return;
	DL_FOREACH_SAFE(queue->requests, request, next)
		forget(queue, request);
	ev_io_stop(queue->loop, &queue->readable);
	ev_prepare_stop(queue->loop, &queue->turn_ends);
	ev_idle_stop(queue->loop, &queue->failing);
	nl_socket_free(queue->sock);
	free(queue->datagrams);
	free(queue);
	errno = error;
}

void nl_queue_submit(struct nl_queue *queue, struct nl_msg *msg, nl_each_t each,
		     nl_done_t done, void *context)
{
	struct request *request = must_alloc(sizeof(*request));

	if (!msg)
		abort();
	/* With what makes it end where the next one may begin. */
	request->nlh = must_copy(nlmsg_hdr(msg),
				 NLMSG_ALIGN(nlmsg_hdr(msg)->nlmsg_len));
	nlmsg_free(msg);
	request->each = each;
	request->done = done;
	request->context = context;
	DL_APPEND(queue->requests, request);
}
