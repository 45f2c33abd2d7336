/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink messages octet by octet, right and wrong ones, and what the kernel
 * answers.  libnl would mend them, or refuse to send them.
 */
#ifndef PMIP6_TESTS_NETLINK_MESSAGE_H
#define PMIP6_TESTS_NETLINK_MESSAGE_H

#include <netinet/in.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#define MESSAGE_ROOM 8192

/**
 * struct message - a message that grows
 * @data: its octets, from struct nlmsghdr on
 * @len: how many; its header is told of them by channel_exchange()
 * @lie: what the header says instead, or 0
 */
struct message {
	alignas(NLMSG_ALIGNTO) uint8_t data[MESSAGE_ROOM];
	size_t len;
	uint32_t lie;
};

/**
 * message_begin() - an empty message
 * @message: where
 * @type: nlmsg_type
 * @flags: nlmsg_flags
 */
void message_begin(struct message *message, uint16_t type, uint16_t flags);

/**
 * message_append() - octets as they are, padded to the next attribute
 * @message: the message
 * @data: the octets
 * @len: how many; what does not fit is left out
 */
void message_append(struct message *message, const void *data, size_t len);

/**
 * message_genl() - a message of a generic family
 * @message: where
 * @family: its number
 * @cmd: the command
 * @flags: besides NLM_F_REQUEST and NLM_F_ACK
 */
void message_genl(struct message *message, uint16_t family, uint8_t cmd,
		  uint16_t flags);

/**
 * message_put() - an attribute
 * @message: the message
 * @type: its type
 * @data: its payload
 * @len: of so many octets
 */
void message_put(struct message *message, uint16_t type, const void *data,
		 size_t len);

/**
 * message_u8() - an attribute of one octet
 * @message: the message
 * @type: its type
 * @value: its value
 */
void message_u8(struct message *message, uint16_t type, uint8_t value);

/**
 * message_u32() - an attribute of four octets
 * @message: the message
 * @type: its type
 * @value: its value
 */
void message_u32(struct message *message, uint16_t type, uint32_t value);

/**
 * message_nest() - begin a nest
 * @message: the message
 * @type: its type
 *
 * Return: what message_nest_end() wants.
 */
size_t message_nest(struct message *message, uint16_t type);

/**
 * message_nest_end() - end a nest
 * @message: the message
 * @nest: where it began
 */
void message_nest_end(struct message *message, size_t nest);

/**
 * message_addr() - an address, or with a length a prefix
 * @message: the message
 * @type: the nest's type
 * @addr: the address
 * @prefixlen: its length, or -1
 */
void message_addr(struct message *message, uint16_t type,
		  const struct in6_addr *addr, int prefixlen);

/**
 * struct answer - all that came back for one message
 * @acked: an acknowledgement or a refusal
 * @done: the end of a dump
 * @lost: the socket says that an answer was lost
 * @error: of @acked or @done: 0 or a negative error
 * @parts: messages with data
 * @text: of a refusal, or empty
 */
struct answer {
	bool acked;
	bool done;
	bool lost;
	int error;
	unsigned int parts;
	char text[128];
};

/**
 * typedef answer_part_t - is handed each message with data
 * @nlh: it
 * @arg: as given
 */
typedef void (*answer_part_t)(const struct nlmsghdr *nlh, void *arg);

/**
 * struct channel - a netlink socket
 * @fd: it, or -1
 * @seq: of the last message
 * @room: octets of one read, and so of a part of a dump; 0 for as many as fit
 * @part: is handed what comes back, if not NULL
 * @arg: and handed this
 */
struct channel {
	int fd;
	uint32_t seq;
	size_t room;
	answer_part_t part;
	void *arg;
};

/**
 * channel_open() - a socket in the namespace that the process is in
 * @channel: where
 * @protocol: NETLINK_GENERIC or NETLINK_ROUTE
 *
 * Ends the program if there is none.
 */
void channel_open(struct channel *channel, int protocol);

/**
 * channel_close() - the end of it
 * @channel: the channel
 */
void channel_close(struct channel *channel);

/**
 * channel_send() - send, and do not wait
 * @channel: the channel
 * @message: gets its sequence number and, unless it lies, its length
 *
 * Return: 0 or a negative error.
 */
int channel_send(struct channel *channel, struct message *message);

/**
 * channel_receive() - one datagram of what is there
 * @channel: the channel
 * @answer: grows by it
 *
 * Return: false if there is nothing, or the socket gave an error.
 */
bool channel_receive(struct channel *channel, struct answer *answer);

/**
 * channel_exchange() - send, and take all that comes back
 * @channel: the channel
 * @message: the message
 * @answer: what came
 *
 * The kernel has answered when send() returns, but for the later parts of a
 * dump, which come by reading: so nothing here waits.
 *
 * Return: 0 or the negative error of sending.
 */
int channel_exchange(struct channel *channel, struct message *message,
		     struct answer *answer);

/**
 * attr_find() - an attribute among others
 * @data: where they begin
 * @len: of so many octets
 * @type: which, without flags
 *
 * Return: the first such, or NULL.
 */
const struct nlattr *attr_find(const void *data, size_t len, uint16_t type);

/**
 * attr_next() - walk attributes
 * @data: where they begin; moved on
 * @len: of so many octets; made less
 *
 * Return: the first, or NULL when there is none.
 */
const struct nlattr *attr_next(const void **data, size_t *len);

/**
 * attr_data() - payload of an attribute
 * @attr: the attribute
 *
 * Return: where it begins.
 */
const void *attr_data(const struct nlattr *attr);

/**
 * attr_len() - length of an attribute's payload
 * @attr: the attribute
 *
 * Return: octets.
 */
size_t attr_len(const struct nlattr *attr);

/**
 * attr_u32() - an attribute's value
 * @attr: the attribute, or NULL
 *
 * Return: it, or 0.
 */
uint32_t attr_u32(const struct nlattr *attr);

/**
 * die() - end the program, with a remark and errno's
 * @format: as of printf()
 */
void die(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

#endif /* PMIP6_TESTS_NETLINK_MESSAGE_H */
