// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "post.h"

/* As many as are under way fit. */
#define BUFFER (8 * 1024 * 1024)

#define CHECKSUM_OFFSET 4

/* Room for the source of a message. */
union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

void die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void set_option(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)))
		die("setsockopt");
}

int post_open(void)
{
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_MH);

	if (fd < 0)
		die("socket");
	set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER);
	set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, BUFFER);
	/* Gateways are as many as addresses of a route, not of an interface. */
	set_option(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1);
	return fd;
}

static void put_source(struct msghdr *msg, union control *control, const struct in6_addr *src)
{
	struct in6_pktinfo info = { .ipi6_addr = *src };

	memset(control, 0, sizeof(*control));
	control->header.cmsg_level = IPPROTO_IPV6;
	control->header.cmsg_type = IPV6_PKTINFO;
	control->header.cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(&control->header), &info, sizeof(info));
	msg->msg_control = control;
	msg->msg_controllen = sizeof(control->room);
}

unsigned int post_send(int fd, const struct in6_addr *anchor,
		       const struct letter *letters, unsigned int count)
{
	static union control controls[POST_BATCH];
	struct mmsghdr messages[POST_BATCH] = { 0 };
	struct iovec iov[POST_BATCH];
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = *anchor };
	unsigned int i;
	int sent;

	for (i = 0; i < count; i++) {
		struct msghdr *msg = &messages[i].msg_hdr;

		iov[i].iov_base = (void *)letters[i].data;
		iov[i].iov_len = letters[i].len;
		msg->msg_name = &to;
		msg->msg_namelen = sizeof(to);
		msg->msg_iov = &iov[i];
		msg->msg_iovlen = 1;
		put_source(msg, &controls[i], &letters[i].src);
	}
	sent = sendmmsg(fd, messages, count, MSG_DONTWAIT);
	if (sent < 0 && errno != EAGAIN && errno != ENOBUFS)
		die("sendmmsg");
	return sent < 0 ? 0 : (unsigned int)sent;
}

unsigned int post_receive(int fd, struct letter *letters, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	struct mmsghdr messages[POST_BATCH] = { 0 };
	struct iovec iov[POST_BATCH];
	unsigned int i;
	int got;

	if (poll(&poll_fd, 1, timeout_ms) < 0)
		die("poll");
	for (i = 0; i < POST_BATCH; i++) {
		iov[i].iov_base = letters[i].data;
		iov[i].iov_len = sizeof(letters[i].data);
		messages[i].msg_hdr.msg_iov = &iov[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	got = recvmmsg(fd, messages, POST_BATCH, MSG_DONTWAIT, NULL);
	if (got < 0 && errno != EAGAIN)
		die("recvmmsg");
	for (i = 0; got > 0 && i < (unsigned int)got; i++)
		letters[i].len = messages[i].msg_len;
	return got < 0 ? 0 : (unsigned int)got;
}
