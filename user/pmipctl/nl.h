/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to the kernel, one at a time, waited for.
 */
#ifndef PMIPCTL_NL_H
#define PMIPCTL_NL_H

#include <linux/pmip6.h>
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

/**
 * struct nl_command - a command for the module
 * @sock: the socket
 * @msg: the command, for what it is about to be put into
 */
struct nl_command {
	struct nl_sock *sock;
	struct nl_msg *msg;
};

/**
 * nl_command_begin() - make a command
 * @command: where to put it
 * @cmd: which
 * @flags: NLM_F_* besides NLM_F_REQUEST
 *
 * Says what is wrong if it cannot be made.
 *
 * Return: true if it was: it has to end then.
 */
bool nl_command_begin(struct nl_command *command, enum pmip6_cmd cmd, int flags);

/**
 * nl_command_end() - send it, and wait for its end
 * @command: the command
 * @error: not 0 if what it is about did not fit
 * @what: that, for an error
 * @each: called for every message that comes back, or NULL
 *
 * Return: the exit status.
 */
int nl_command_end(struct nl_command *command, int error, const char *what,
		   void (*each)(struct nlmsghdr *nlh, void *context));

#endif /* PMIPCTL_NL_H */
