/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink requests that nobody waits for: sent when a turn of the loop ends, many
 * at a time, and answered by a callback on the loop, each by itself.
 */
#ifndef PMIP6_PORTS_NL_QUEUE_H
#define PMIP6_PORTS_NL_QUEUE_H

struct ev_loop;
struct nl_msg;
struct nlmsghdr;
struct nl_queue;

/**
 * typedef nl_done_t - a request has ended
 * @context: as given with the request
 * @error: 0 or an errno value; EINTR for a dump that changed while it was read
 * @text: the kernel's words for it, or NULL
 */
typedef void (*nl_done_t)(void *context, int error, const char *text);

/**
 * typedef nl_each_t - one message of a reply
 * @context: as given with the request
 * @nlh: the message
 */
typedef void (*nl_each_t)(void *context, struct nlmsghdr *nlh);

/**
 * nl_queue_new() - a connection to a part of the kernel
 * @loop: where its callbacks run
 * @protocol: NETLINK_*
 *
 * Return: the queue, for nl_queue_free(), or NULL with errno set.
 */
struct nl_queue *nl_queue_new(struct ev_loop *loop, int protocol);

/**
 * nl_queue_free() - forget all requests without an answer
 * @queue: the queue or NULL
 */
void nl_queue_free(struct nl_queue *queue);

/**
 * nl_queue_submit() - a request
 * @queue: the queue
 * @msg: the request; freed; NULL means that there was no memory for it, and ends
 *	the process as must_alloc() does
 * @each: for every message of the reply, or NULL
 * @done: when it has ended, never before this call has returned; or NULL
 * @context: for both
 *
 * Requests reach the kernel in the order of their submission, but for dumps: one
 * waits until another has ended, and nothing else waits for it. A request whose
 * answer was lost is sent again, so it must be one that can be carried out twice.
 */
void nl_queue_submit(struct nl_queue *queue, struct nl_msg *msg, nl_each_t each,
		     nl_done_t done, void *context);

#endif /* PMIP6_PORTS_NL_QUEUE_H */
