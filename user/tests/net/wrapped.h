/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls that a test stands in for, so that they fail as the kernel's do not at
 * will: see ld(1), --wrap.
 */
#ifndef PMIP6_TESTS_NET_WRAPPED_H
#define PMIP6_TESTS_NET_WRAPPED_H

#include <sys/socket.h>

/* NOLINTBEGIN(bugprone-reserved-identifier) */

/**
 * __real_sendmsg() - sendmsg(2)
 * @fd: the socket
 * @message: what is sent
 * @flags: MSG_*
 *
 * Return: octets, or -1.
 */
ssize_t __real_sendmsg(int fd, const struct msghdr *message, int flags);

/**
 * __wrap_sendmsg() - what is called instead
 * @fd: the socket
 * @message: what is sent
 * @flags: MSG_*
 *
 * Return: octets, or -1.
 */
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);

/**
 * __real_recvmmsg() - recvmmsg(2)
 * @fd: the socket
 * @messages: where datagrams go
 * @count: how many
 * @flags: MSG_*
 * @timeout: for how long, or NULL
 *
 * Return: datagrams, or -1.
 */
int __real_recvmmsg(int fd, struct mmsghdr *messages, unsigned int count,
		    int flags, struct timespec *timeout);

/**
 * __wrap_recvmmsg() - what is called instead
 * @fd: the socket
 * @messages: where datagrams go
 * @count: how many
 * @flags: MSG_*
 * @timeout: for how long, or NULL
 *
 * Return: datagrams, or -1.
 */
int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned int count,
		    int flags, struct timespec *timeout);

/* NOLINTEND(bugprone-reserved-identifier) */

#endif /* PMIP6_TESTS_NET_WRAPPED_H */
