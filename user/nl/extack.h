/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why the kernel refused, in its own words.
 */
#ifndef PMIP6_NL_EXTACK_H
#define PMIP6_NL_EXTACK_H

struct nlmsgerr;
struct nl_sock;

/**
 * extack_enable() - ask for explanations on a socket
 * @sock: the socket, connected
 */
void extack_enable(struct nl_sock *sock);

/**
 * extack_message() - the explanation in an error message
 * @err: what a handler for nl_cb_err() is given
 *
 * Return: a string inside the message, or NULL if it has none.
 */
const char *extack_message(const struct nlmsgerr *err);

#endif /* PMIP6_NL_EXTACK_H */
