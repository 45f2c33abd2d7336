// SPDX-License-Identifier: GPL-2.0
#include "mh_socket.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <ev.h>
#include <linux/errqueue.h>

#include "../engine/alloc.h"
#include "ipsec.h"
#include "mh_answer.h"

/* So many messages are read before others have their turn. */
#define BATCH 32

#define CONTROL_MAX 256

/* Handovers of many mobile nodes come together. */
#define RECEIVE_BUFFER (4 * 1024 * 1024)

#define HOP_LIMIT 64

/* Where RFC 6275 9.2 wants a Parameter Problem to point. */
#define PAYLOAD_PROTO_OFFSET 0
#define HEADER_LEN_OFFSET 1

/* Less has no checksum field. */
#define CHECKSUM_END 6

/* More than a receive buffer holds. */
#define FORGET_MAX 65536u

/* What is counted besides faults. */
enum count {
	COUNT_RECEIVED,
	COUNT_SENT,
	COUNT_SEND_FAILED,
	COUNT_SEND_AGAIN,
	COUNT_BINDING_ERRORS,
	COUNT_PARAMETER_PROBLEMS,
	COUNT_ANSWERS_LIMITED,
	COUNT_UNREACHABLE,
	COUNT_OVERFLOWS,
	COUNT_OVERSIZE,
	COUNT_OTHER_DESTINATION,
	COUNTS,
};

static const char *const count_names[COUNTS] = {
	[COUNT_RECEIVED] = "received",
	[COUNT_SENT] = "sent",
	[COUNT_SEND_FAILED] = "send-failed",
	[COUNT_SEND_AGAIN] = "send-queue-full",
	[COUNT_BINDING_ERRORS] = "binding-errors-sent",
	[COUNT_PARAMETER_PROBLEMS] = "parameter-problems-sent",
	[COUNT_ANSWERS_LIMITED] = "answers-not-sent",
	[COUNT_UNREACHABLE] = "unreachable",
	[COUNT_OVERFLOWS] = "queue-overflows",
	[COUNT_OVERSIZE] = "oversize",
	[COUNT_OTHER_DESTINATION] = "other-destination",
};

/**
 * struct mh_socket - Mobility Headers to and from one address
 * @loop: what calls back
 * @config: where and whom
 * @io: there is something to read
 * @icmp: a socket to send Parameter Problems by
 * @limit: of answers
 * @count: by enum count
 * @errors: by enum mh_error
 * @data: where messages are read to
 * @control: where what is said of them is read to
 */
struct mh_socket {
	struct ev_loop *loop;
	struct mh_socket_config config;
	ev_io io;
	int icmp;
	struct mh_answer_limit limit;
	uint64_t count[COUNTS];
	uint64_t errors[MH_ERROR_MAX];
	uint8_t data[BATCH][MH_MAX_LEN];
	char control[BATCH][CONTROL_MAX]
		__attribute__((aligned(_Alignof(struct cmsghdr))));
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int set_option(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) ?
	       errno : 0;
}

static int set_common_options(int fd, const struct mh_socket_config *config)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6,
		.sin6_addr = config->address,
	};
	const char *underlay = config->underlay;
	int error;

	if (underlay && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, underlay,
				   (socklen_t)strlen(underlay) + 1))
		return errno;
	if (config->mark) {
		error = set_option(fd, SOL_SOCKET, SO_MARK, (int)config->mark);
		if (error)
			return error;
	}
	error = set_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, HOP_LIMIT);
	if (error)
		return error;
	return bind(fd, (struct sockaddr *)&address, sizeof(address)) ?
	       errno : 0;
}

static int set_mh_options(int fd)
{
	static const struct {
		int level, option, value;
	} options[] = {
		/* The kernel would drop wrong checksums uncounted. */
		{ IPPROTO_IPV6, IPV6_CHECKSUM, -1 },
		{ IPPROTO_IPV6, IPV6_RECVPKTINFO, 1 },
		{ IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1 },
		{ IPPROTO_IPV6, IPV6_RECVERR, 1 },
		{ SOL_SOCKET, SO_RXQ_OVFL, 1 },
	};
	size_t i;
	int error;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		error = set_option(fd, options[i].level, options[i].option,
				   options[i].value);
		if (error)
			return error;
	}
	/* The limit of others is good enough if ours is not to be had. */
	if (set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER))
		set_option(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
	return 0;
}

static int set_icmp_options(int fd)
{
	struct icmp6_filter nothing;

	ICMP6_FILTER_SETBLOCKALL(&nothing);
	return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &nothing,
			  sizeof(nothing)) ? errno : 0;
}

/*
 * A raw socket hears from when it is made: what came before its options stood
 * was looked at by none of them. Whoever sends without end is told no more than
 * that the socket is not to be had now.
 */
static int forget_queued(int fd)
{
	unsigned int i;
	uint8_t octet;

	for (i = 0; i < FORGET_MAX; i++)
		if (recv(fd, &octet, sizeof(octet), MSG_DONTWAIT) < 0 &&
		    errno == EAGAIN)
			return 0;
	return EBUSY;
}

static int open_raw(const struct mh_socket_config *config, int protocol,
		    int (*set_options)(int fd), int *opened)
{
	int fd, error;

	fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    protocol);
	if (fd < 0)
		return errno;
	error = set_options(fd);
	if (!error && protocol == IPPROTO_MH && config->ipsec)
		error = ipsec_require(fd, config->ipsec_reqid);
	if (!error)
		error = set_common_options(fd, config);
	if (!error)
		error = forget_queued(fd);
	if (error) {
		close(fd);
		return error;
	}
	*opened = fd;
	return 0;
}

static int send_raw(int fd, const struct in6_addr *src,
		    const struct in6_addr *dst, void *data, size_t len)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	} control = { 0 };
	struct in6_pktinfo info = { .ipi6_addr = *src };
	struct sockaddr_in6 to = {
		.sin6_family = AF_INET6,
		.sin6_addr = *dst,
	};
	struct iovec iov = { .iov_base = data, .iov_len = len };
	struct msghdr msg = {
		.msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.room),
	};

	control.header.cmsg_level = IPPROTO_IPV6;
	control.header.cmsg_type = IPV6_PKTINFO;
	control.header.cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(&control.header), &info, sizeof(info));
	return sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
}

static bool is_unicast(const struct in6_addr *addr)
{
	return !IN6_IS_ADDR_UNSPECIFIED(addr) && !IN6_IS_ADDR_MULTICAST(addr);
}

int mh_socket_send(struct mh_socket *sock, const struct in6_addr *src,
		   const struct in6_addr *dst,
		   const struct mh_message *message)
{
	uint8_t data[MH_MAX_LEN];
	size_t len = mh_build(message, data, sizeof(data));
	int error = EINVAL;

	if (len && is_unicast(dst)) {
		mh_set_checksum(src, dst, data, len);
		/* Raw sockets keep errors of earlier messages for reading. */
		error = send_raw(sock->io.fd, src, dst, data, len);
	}
	if (!error)
		sock->count[COUNT_SENT]++;
	else if (error == EAGAIN)
		sock->count[COUNT_SEND_AGAIN]++;
	else
		sock->count[COUNT_SEND_FAILED]++;
	return error;
}

/* Home addresses are no matter of ours: RFC 5213 6.9.1.5 has no such option. */
static void send_binding_error(struct mh_socket *sock,
			       const struct mh_packet *packet)
{
	struct mh_message answer = { .type = MH_BINDING_ERROR };

	answer.be.status = MH_BE_UNKNOWN_TYPE;
	if (!mh_socket_send(sock, &packet->dst, &packet->src, &answer))
		sock->count[COUNT_BINDING_ERRORS]++;
}

static void send_problem(struct mh_socket *sock, const struct mh_packet *packet,
			 uint32_t offset)
{
	uint8_t answer[MH_ANSWER_MAX_LEN];
	size_t len = mh_answer_problem(packet, offset, answer);

	if (!send_raw(sock->icmp, &packet->dst, &packet->src, answer, len))
		sock->count[COUNT_PARAMETER_PROBLEMS]++;
}

/*
 * RFC 6275 9.2. A kernel that has a filter of its own for Mobility Headers has
 * answered what it dropped, and dropped what it answered: nothing is answered
 * twice.
 */
static void answer_error(struct mh_socket *sock, const struct mh_packet *packet,
			 enum mh_error error)
{
	if (error != MH_ERROR_UNKNOWN_TYPE && error != MH_ERROR_PAYLOAD_PROTO &&
	    error != MH_ERROR_HEADER_LEN)
		return;
	if (!is_unicast(&packet->src))
		return;
	if (!mh_answer_allowed(&sock->limit, now_ms())) {
		sock->count[COUNT_ANSWERS_LIMITED]++;
		return;
	}
	if (error == MH_ERROR_UNKNOWN_TYPE)
		send_binding_error(sock, packet);
	else if (error == MH_ERROR_PAYLOAD_PROTO)
		send_problem(sock, packet, PAYLOAD_PROTO_OFFSET);
	else
		send_problem(sock, packet, HEADER_LEN_OFFSET);
}

static void on_packet(struct mh_socket *sock, const struct mh_packet *packet)
{
	struct mh_message message;
	enum mh_error error;

	if (packet->len >= CHECKSUM_END &&
	    mh_checksum(&packet->src, &packet->dst, packet->data, packet->len))
		error = MH_ERROR_CHECKSUM;
	else
		error = mh_parse(packet->data, packet->len, &message);
	if (error) {
		sock->errors[error]++;
		answer_error(sock, packet, error);
		return;
	}
	sock->count[COUNT_RECEIVED]++;
	sock->config.on_message(sock->config.arg, &packet->src, &packet->dst,
				&message);
}

static void read_control(struct mh_socket *sock, struct msghdr *msg,
			 struct mh_packet *packet)
{
	struct in6_pktinfo info;
	struct cmsghdr *at;
	uint32_t overflows;
	int hop_limit;

	for (at = CMSG_FIRSTHDR(msg); at; at = CMSG_NXTHDR(msg, at)) {
		if (at->cmsg_level == SOL_SOCKET &&
		    at->cmsg_type == SO_RXQ_OVFL) {
			memcpy(&overflows, CMSG_DATA(at), sizeof(overflows));
			sock->count[COUNT_OVERFLOWS] = overflows;
		} else if (at->cmsg_level == IPPROTO_IPV6 &&
			   at->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info, CMSG_DATA(at), sizeof(info));
			packet->dst = info.ipi6_addr;
		} else if (at->cmsg_level == IPPROTO_IPV6 &&
			   at->cmsg_type == IPV6_HOPLIMIT) {
			memcpy(&hop_limit, CMSG_DATA(at), sizeof(hop_limit));
			packet->hop_limit = (uint8_t)hop_limit;
		}
	}
}

static void on_datagram(struct mh_socket *sock, struct mmsghdr *message)
{
	struct msghdr *msg = &message->msg_hdr;
	struct mh_packet packet = {
		.src = ((const struct sockaddr_in6 *)msg->msg_name)->sin6_addr,
		.data = msg->msg_iov->iov_base,
		.len = message->msg_len,
	};

	read_control(sock, msg, &packet);
	if (msg->msg_flags & MSG_TRUNC)
		sock->count[COUNT_OVERSIZE]++;
	else if (!IN6_ARE_ADDR_EQUAL(&packet.dst, &sock->config.address))
		/* A raw socket also gets what goes to groups of the host. */
		sock->count[COUNT_OTHER_DESTINATION]++;
	else
		on_packet(sock, &packet);
}

static void read_messages(struct mh_socket *sock)
{
	struct sockaddr_in6 names[BATCH];
	struct mmsghdr messages[BATCH];
	struct iovec iov[BATCH];
	int i, count;

	memset(messages, 0, sizeof(messages));
	memset(names, 0, sizeof(names));
	for (i = 0; i < BATCH; i++) {
		iov[i].iov_base = sock->data[i];
		iov[i].iov_len = MH_MAX_LEN;
		messages[i].msg_hdr = (struct msghdr){
			.msg_name = &names[i],
			.msg_namelen = sizeof(names[i]),
			.msg_iov = &iov[i],
			.msg_iovlen = 1,
			.msg_control = sock->control[i],
			.msg_controllen = CONTROL_MAX,
		};
	}
	/* An error here is one that read_errors() has the whole of. */
	count = recvmmsg(sock->io.fd, messages, BATCH, MSG_DONTWAIT, NULL);
	for (i = 0; i < count; i++)
		on_datagram(sock, &messages[i]);
}

static void on_error(struct mh_socket *sock, const struct in6_addr *peer,
		     const struct sock_extended_err *error)
{
	if (error->ee_origin != SO_EE_ORIGIN_ICMP6 ||
	    (error->ee_type != ICMP6_DST_UNREACH &&
	     error->ee_type != ICMP6_PARAM_PROB))
		return;
	sock->count[COUNT_UNREACHABLE]++;
	if (sock->config.on_unreachable)
		sock->config.on_unreachable(sock->config.arg, peer,
					    (int)error->ee_errno);
}

/* Returns false if there is no more. */
static bool read_error(struct mh_socket *sock)
{
	struct sockaddr_in6 peer = { 0 };
	struct sock_extended_err error;
	struct iovec iov = { .iov_base = sock->data[0], .iov_len = MH_MAX_LEN };
	struct msghdr msg = {
		.msg_name = &peer,
		.msg_namelen = sizeof(peer),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = sock->control[0],
		.msg_controllen = CONTROL_MAX,
	};
	struct cmsghdr *at;

	if (recvmsg(sock->io.fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	for (at = CMSG_FIRSTHDR(&msg); at; at = CMSG_NXTHDR(&msg, at)) {
		if (at->cmsg_level != IPPROTO_IPV6 ||
		    at->cmsg_type != IPV6_RECVERR)
			continue;
		memcpy(&error, CMSG_DATA(at), sizeof(error));
		on_error(sock, &peer.sin6_addr, &error);
	}
	return true;
}

static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
	struct mh_socket *sock = io->data;
	int i;

	(void)loop;
	(void)events;
	read_messages(sock);
	for (i = 0; i < BATCH && read_error(sock); i++)
		;
}

int mh_socket_open(struct ev_loop *loop, const struct mh_socket_config *config,
		   struct mh_socket **sock)
{
	struct mh_socket *opened;
	int fd = -1, icmp = -1, error;

	error = open_raw(config, IPPROTO_MH, set_mh_options, &fd);
	if (error)
		return error;
	error = open_raw(config, IPPROTO_ICMPV6, set_icmp_options, &icmp);
	if (error) {
		close(fd);
		return error;
	}
	opened = must_alloc(sizeof(*opened));
	opened->loop = loop;
	opened->config = *config;
	opened->icmp = icmp;
	opened->io.data = opened;
	ev_io_init(&opened->io, on_readable, fd, EV_READ);
	ev_io_start(loop, &opened->io);
	*sock = opened;
	return 0;
}

void mh_socket_close(struct mh_socket *sock)
{
	if (!sock)
		return;
	ev_io_stop(sock->loop, &sock->io);
	close(sock->io.fd);
	close(sock->icmp);
	free(sock);
}

unsigned int mh_socket_counters(const struct mh_socket *sock,
				struct counter *counters)
{
	unsigned int i, n = 0;

	for (i = 0; i < COUNTS; i++)
		counters[n++] = (struct counter){ count_names[i],
						  sock->count[i] };
	for (i = MH_OK + 1; i < MH_ERROR_MAX; i++)
		counters[n++] = (struct counter){
			mh_error_name((enum mh_error)i), sock->errors[i]
		};
	return n;
}
