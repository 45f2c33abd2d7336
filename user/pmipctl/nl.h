/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to the kernel, one at a time, waited for.
 */
#ifndef PMIPCTL_NL_H
#define PMIPCTL_NL_H

#include <stdbool.h>

struct nl_msg;
struct nlmsghdr;
struct nl_sock;

/**
 * nl_family() - a socket to the module
 * @sock: where to put it
 *
 * Says what is wrong if there is none.
 *
 * Return: the id of the family, or -1.
 */
int nl_family(struct nl_sock **sock);

/**
 * nl_route() - a socket to rtnetlink
 *
 * Says what is wrong if there is none.
 *
 * Return: the socket or NULL.
 */
struct nl_sock *nl_route(void);

/**
 * nl_do() - send a request and wait for its end
 * @sock: the socket
 * @msg: the request, freed; NULL if there was no memory for it
 * @what: what it is about, for an error
 * @each: called for every message that comes back, or NULL
 * @context: for @each
 * @interrupted: set if what was shown changed meanwhile, or NULL
 *
 * Says what is wrong, with the kernel's own explanation, if it is refused.
 *
 * Return: the exit status.
 */
int nl_do(struct nl_sock *sock, struct nl_msg *msg, const char *what,
	  void (*each)(struct nlmsghdr *nlh, void *context), void *context,
	  bool *interrupted);

#endif /* PMIPCTL_NL_H */
