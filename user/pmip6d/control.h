/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control socket: one JSON object a line, answered by one.
 *
 *	{"do": "mn-show", "mn": ID|MAC}		{"mns": [...]}
 *	{"do": "mn-attach", "mn": ID|MAC, "access": IFACE}	{}
 *	{"do": "mn-detach", "mn": ID|MAC}	{}
 *	{"do": "mn-renumber", "mn": ID|MAC, "hnp": [PREFIX...]}	{"mns": [...]}
 *	{"do": "revoke", "mn": ID|MAC, "hnp": PREFIX}	{"revoked": N, ...}
 *	{"do": "revoke", "mag": ADDRESS}	likewise; "lma", "realm"
 *	{"do": "revoke", "group": ID, "mag": ADDRESS}	likewise
 *	{"do": "peer-show", "peer": ADDRESS}	{"peers": [...]}
 *	{"do": "peer-reset", "peer": ADDRESS}	{}
 *	{"do": "stats"}				{"roles": [...]}
 *
 * What cannot be done is answered by {"error": why}. What is kept is answered
 * when it is stored, what is revoked when peers have answered, or do not.
 */
#ifndef PMIP6D_CONTROL_H
#define PMIP6D_CONTROL_H

struct agent;
struct control;

/**
 * control_open() - listen
 * @agent: whose it is
 * @path: of the socket; one that nobody listens on is replaced
 *
 * Only root may connect.
 *
 * Return: the socket, for control_close(), or NULL with errno set; EADDRINUSE
 * if another process listens there.
 */
struct control *control_open(struct agent *agent, const char *path);

/**
 * control_close() - end all conversations and remove the socket
 * @control: the socket or NULL
 */
void control_close(struct control *control);

#endif /* PMIP6D_CONTROL_H */
