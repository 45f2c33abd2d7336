/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A raw socket for the messages of all gateways, many in one system call.
 */
#ifndef LOAD_POST_H
#define LOAD_POST_H

#include "field.h"

/* So many are sent or received at once, at most. */
#define POST_BATCH 64

/**
 * die() - end, for this reason and errno's
 * @what: the reason
 */
void die(const char *what) __attribute__((noreturn));

/**
 * post_open() - a socket
 *
 * Return: its descriptor.
 */
int post_open(void);

/**
 * post_send() - messages to the anchor
 * @fd: the socket
 * @anchor: its address
 * @letters: the messages
 * @count: how many
 *
 * Return: how many of them went; the others found no room.
 */
unsigned int post_send(int fd, const struct in6_addr *anchor,
		       const struct letter *letters, unsigned int count);

/**
 * post_receive() - messages from it
 * @fd: the socket
 * @letters: where to put them, room for POST_BATCH; without their @src
 * @timeout_ms: wait so long for the first
 *
 * Return: how many there were.
 */
unsigned int post_receive(int fd, struct letter *letters, int timeout_ms);

#endif /* LOAD_POST_H */
