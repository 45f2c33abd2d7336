// SPDX-License-Identifier: GPL-2.0
/*
 * Octets as what comes to the raw socket of an anchor, packet after packet,
 * through the checks of RFC 6275 9.2 up to the engine. A packet is an octet of
 * flags, two of its length, and what follows its IPv6 header. All that is sent
 * goes to one node, and is a message or an error that parses.
 *
 * Covers: user/ports/mh_socket.c user/ports/mh_answer.c
 * user/pmip6d/role_message.c user/ports/inet6.c
 */
#include <errno.h>
#include <netinet/icmp6.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ev.h>
#include <linux/errqueue.h>

#include "../mh/cursor.h"
#include "../pmip6d/lma_role.h"
#include "../pmip6d/role_message.h"
#include "../ports/mh_answer.h"
#include "../ports/mh_socket.h"
#include "fuzz.h"

#define SEAL 0x01
#define OTHER_DESTINATION 0x02
#define NO_DESTINATION 0x04
#define IS_CUT 0x08
#define FROM_NOWHERE 0x10
#define FROM_GROUP 0x20
#define IS_ERROR 0x40

#define CHECKSUM_AT 4

static const struct in6_addr lmaa = { .s6_addr = { 0x20, 1, [15] = 1 } };
static const struct in6_addr mag1 = { .s6_addr = { 0x20, 1, [15] = 0x11 } };

static struct lma_role anchor;
static struct cursor input;
static int mh_fd, icmp_fd;

/* --- The system, in the place of the C library's. */

int socket(int domain, int type, int protocol)
{
	int fd;

	REQUIRE(domain == AF_INET6 && (type & 0xf) == SOCK_RAW);
	/* There is always something to read. */
	fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	REQUIRE(fd >= 0);
	if (protocol == IPPROTO_MH)
		mh_fd = fd;
	else
		icmp_fd = fd;
	return fd;
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	(void)fd;
	(void)level;
	(void)name;
	REQUIRE(value && len);
	return 0;
}

int bind(int fd, const struct sockaddr *address, socklen_t len)
{
	(void)fd;
	REQUIRE(address && len == sizeof(struct sockaddr_in6));
	return 0;
}

ssize_t recv(int fd, void *data, size_t len, int flags)
{
	(void)fd;
	(void)data;
	(void)len;
	(void)flags;
	errno = EAGAIN;
	return -1;
}

static struct in6_addr source(uint8_t flags)
{
	struct in6_addr src = mag1;

	if (flags & FROM_NOWHERE)
		src = in6addr_any;
	if (flags & FROM_GROUP)
		src.s6_addr[0] = 0xff;
	return src;
}

static void put_control(struct msghdr *msg, int type, const void *data,
			size_t len)
{
	struct cmsghdr *header = msg->msg_control;

	REQUIRE(msg->msg_controllen >= CMSG_SPACE(len));
	memset(header, 0, CMSG_SPACE(len));
	header->cmsg_level = IPPROTO_IPV6;
	header->cmsg_type = type;
	header->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(header), data, len);
	msg->msg_controllen = CMSG_SPACE(len);
}

static void put_destination(struct msghdr *msg, uint8_t flags)
{
	struct in6_pktinfo info = { .ipi6_addr = lmaa };

	if (flags & OTHER_DESTINATION)
		info.ipi6_addr.s6_addr[0] = 0xff;
	if (flags & NO_DESTINATION)
		msg->msg_controllen = 0;
	else
		put_control(msg, IPV6_PKTINFO, &info, sizeof(info));
}

static void give(struct mmsghdr *message)
{
	struct msghdr *msg = &message->msg_hdr;
	struct sockaddr_in6 *name = msg->msg_name;
	uint8_t flags = cursor_u8(&input), *data = msg->msg_iov->iov_base;
	size_t len = cursor_be(&input, 2);

	if (len > input.left)
		len = input.left;
	if (len > msg->msg_iov->iov_len)
		len = msg->msg_iov->iov_len;
	name->sin6_family = AF_INET6;
	name->sin6_addr = source(flags);
	put_destination(msg, flags);
	msg->msg_flags = flags & IS_CUT ? MSG_TRUNC : 0;
	cursor_bytes(&input, data, len);
	message->msg_len = (unsigned int)len;
	if (flags & SEAL && len >= CHECKSUM_AT + 2) {
		memset(data + CHECKSUM_AT, 0, 2);
		mh_set_checksum(&name->sin6_addr, &lmaa, data, len);
	}
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned int room, int flags,
	     struct timespec *timeout)
{
	unsigned int count = 0;

	(void)flags;
	(void)timeout;
	REQUIRE(fd == mh_fd);
	while (count < room && input.left >= 3 && !(*input.at & IS_ERROR))
		give(&messages[count++]);
	if (count)
		return (int)count;
	errno = EAGAIN;
	return -1;
}

/* Of the queue of errors. */
ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sock_extended_err error = { 0 };
	struct sockaddr_in6 *name = msg->msg_name;

	REQUIRE(fd == mh_fd && flags & MSG_ERRQUEUE);
	if (input.left < 4 || !(*input.at & IS_ERROR)) {
		errno = EAGAIN;
		return -1;
	}
	name->sin6_addr = source(cursor_u8(&input));
	error.ee_origin = cursor_u8(&input);
	error.ee_type = cursor_u8(&input);
	error.ee_errno = cursor_u8(&input);
	put_control(msg, IPV6_RECVERR, &error, sizeof(error));
	return 0;
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	const struct sockaddr_in6 *to = msg->msg_name;
	const uint8_t *data = msg->msg_iov->iov_base;
	size_t len = msg->msg_iov->iov_len;
	struct mh_message message;

	(void)flags;
	REQUIRE(!IN6_IS_ADDR_UNSPECIFIED(&to->sin6_addr) &&
		!IN6_IS_ADDR_MULTICAST(&to->sin6_addr));
	if (fd == icmp_fd) {
		REQUIRE(len >= 48 && len <= MH_ANSWER_MAX_LEN);
		REQUIRE(data[0] == ICMP6_PARAM_PROB && !data[1]);
		return (ssize_t)len;
	}
	REQUIRE(fd == mh_fd);
	REQUIRE(!mh_checksum(&lmaa, &to->sin6_addr, data, len));
	REQUIRE(!mh_parse(data, len, &message));
	return (ssize_t)len;
}

/* --- The role. */

static struct mh_socket *sock;

void role_run(struct role *role, struct outbox *out)
{
	struct transaction *transaction;
	const struct effect *effect;
	unsigned int i;

	(void)role;
	while ((transaction = outbox_take(out))) {
		for (i = 0; i < transaction->count; i++) {
			effect = &transaction->effects[i];
			if (effect->kind == EFFECT_SEND)
				mh_socket_send(sock, &effect->send.src,
					       &effect->send.dst,
					       effect->send.message);
		}
		if (transaction->owner)
			lma_on_done(&anchor.lma, transaction->owner, 0,
				    (struct now){ .mono_ms = 1000 }, out);
		transaction_free(transaction);
	}
}

static void on_pbu(struct role *role, const struct in6_addr *src,
		   const struct in6_addr *dst,
		   const struct mh_message *message, struct now now,
		   struct outbox *out)
{
	struct lma_request request = {
		.src = *src, .dst = *dst, .bu = message->bu,
		.policy = { .mag_authorized = true, .mn_known = true,
			    .service_enabled = true },
	};

	REQUIRE(role == &anchor.role);
	lma_on_pbu(&anchor.lma, &request, now, out);
}

static void on_unreachable(void *arg, const struct in6_addr *peer, int error)
{
	REQUIRE(arg == &anchor.role && peer && error >= 0);
}

static void begin(struct ev_loop *loop)
{
	static const struct role_handler handlers[] = {
		{ .type = MH_BINDING_UPDATE, .on_message = on_pbu }, { 0 },
	};
	static const struct role_ops ops = { .name = "lma",
					     .handlers = handlers };
	struct mh_prefix pool = { .len = 60,
		.addr = { .s6_addr = { 0x20, 1, 0x0d, 0xb8 } } };
	struct lma_config config = { .address = lmaa, .max_lifetime_s = 3600,
				     .max_sessions = 16 };
	struct mh_socket_config listen = {
		.address = lmaa, .on_message = role_on_message,
		.on_unreachable = on_unreachable, .arg = &anchor.role,
	};

	memset(&anchor, 0, sizeof(anchor));
	lma_init(&anchor.lma, &config);
	REQUIRE(prefix_pool_add(&anchor.lma.pool, &pool, 64));
	anchor.role.ops = &ops;
	anchor.role.peers = &anchor.lma.peers;
	anchor.role.reconciled = true;
	REQUIRE(!mh_socket_open(loop, &listen, &sock));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ev_loop *loop;
	struct counter counters[MH_SOCKET_COUNTERS_MAX];
	size_t left;

	if (!loop)
		loop = ev_loop_new(EVFLAG_AUTO);
	begin(loop);
	input = cursor_on(data, size);
	do {
		left = input.left;
		ev_run(loop, EVRUN_NOWAIT);
	} while (input.left && input.left != left);
	REQUIRE(mh_socket_counters(sock, counters) <= MH_SOCKET_COUNTERS_MAX);
	mh_socket_close(sock);
	lma_free(&anchor.lma);
	return 0;
}
