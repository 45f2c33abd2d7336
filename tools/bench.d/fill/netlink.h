/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Many netlink messages in one send, and their acknowledgements in one receive. What
 * fails ends the program.
 */
#ifndef FILL_NETLINK_H
#define FILL_NETLINK_H

#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BATCH_MAX	1024
#define MESSAGE_MAX	256	/* what one message takes, and some more */
#define ACK_MAX		512

/**
 * struct session - a socket, the batch that is being written, and its answers
 * @fd: the socket
 * @family: of the module, for messages of generic netlink
 * @sequence: of the last message
 * @refused: messages that were
 * @first_error: errno of the first of these
 * @first_reason: what the kernel said of it
 * @out: the batch
 * @used: its octets
 * @in: room for answers
 */
struct session {
	int fd;
	uint16_t family;
	uint32_t sequence;
	uint32_t refused;
	int first_error;
	char first_reason[128];
	size_t used;
	char out[BATCH_MAX * MESSAGE_MAX] __attribute__((aligned(8)));
	char in[BATCH_MAX][ACK_MAX] __attribute__((aligned(8)));
};

/**
 * die() - end the program with what @what has failed of, by errno
 * @what: words for it
 */
_Noreturn void die(const char *what);

/**
 * now_ns() - a clock that is never set
 *
 * Return: ns.
 */
uint64_t now_ns(void);

/**
 * nl_open() - the socket
 * @s: all 0
 * @protocol: NETLINK_ROUTE, NETLINK_GENERIC
 */
void nl_open(struct session *s, int protocol);

/**
 * nl_find_family() - by name, as the module was given its number when it was loaded
 * @s: of NETLINK_GENERIC
 */
void nl_find_family(struct session *s);

/**
 * nl_begin() - a message, which the batch has room for
 * @s: session
 * @type: of the message
 * @flags: besides NLM_F_REQUEST
 *
 * Return: where it begins, for nl_end().
 */
size_t nl_begin(struct session *s, uint16_t type, uint16_t flags);

/**
 * nl_header() - what the protocol's messages begin with
 * @s: in a message
 * @data: header
 * @len: its octets
 */
void nl_header(struct session *s, const void *data, size_t len);

/**
 * nl_genl() - nl_begin() and header of a message of the module
 * @s: after nl_find_family()
 * @flags: besides NLM_F_REQUEST
 * @command: enum pmip6_cmd
 *
 * Return: as nl_begin().
 */
size_t nl_genl(struct session *s, uint16_t flags, uint8_t command);

/**
 * nl_end() - a message is complete
 * @s: session
 * @at: where it began
 */
void nl_end(struct session *s, size_t at);

/**
 * nl_put() - an attribute
 * @s: in a message
 * @type: of the attribute
 * @data: payload
 * @len: its octets
 */
void nl_put(struct session *s, uint16_t type, const void *data, size_t len);

/**
 * nl_nest() - an attribute that has attributes
 * @s: in a message
 * @type: of the attribute
 *
 * Return: where it begins, for nl_end_nest().
 */
size_t nl_nest(struct session *s, uint16_t type);

/**
 * nl_end_nest() - a nest is complete
 * @s: session
 * @at: where it began
 */
void nl_end_nest(struct session *s, size_t at);

/**
 * nl_put_address() - address or prefix, as the module has them
 * @s: in a message
 * @type: of the attribute
 * @addr: address
 * @len: of the prefix; negative for an address
 */
void nl_put_address(struct session *s, uint16_t type, const struct in6_addr *addr, int len);

/**
 * nl_send() - the batch, whole
 * @s: session
 */
void nl_send(struct session *s);

/**
 * nl_receive_acks() - each of a batch was acknowledged or refused
 * @s: counts in it those that were refused
 * @count: how many messages had NLM_F_ACK
 */
void nl_receive_acks(struct session *s, uint32_t count);

#endif /* FILL_NETLINK_H */
