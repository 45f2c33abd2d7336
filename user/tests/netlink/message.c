// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/pmip6.h>

#include "message.h"

/* What one read may take: the kernel makes the parts of a dump to measure. */
#define RECEIVE_ROOM 16384

void die(const char *format, ...)
{
	int err = errno;
	va_list args;

	printf("Bail out! ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(": %s\n", strerror(err));
	exit(1);
}

void message_begin(struct message *message, uint16_t type, uint16_t flags)
{
	struct nlmsghdr nlh = { .nlmsg_type = type, .nlmsg_flags = flags };

	message->len = 0;
	message->lie = 0;
	message_append(message, &nlh, sizeof(nlh));
}

void message_append(struct message *message, const void *data, size_t len)
{
	size_t room = NLMSG_ALIGN(len);

	if (message->len + room > sizeof(message->data))
		return;
	memset(message->data + message->len, 0, room);
	if (len)
		memcpy(message->data + message->len, data, len);
	message->len += room;
}

void message_genl(struct message *message, uint16_t family, uint8_t cmd,
		  uint16_t flags)
{
	struct genlmsghdr header = {
		.cmd = cmd,
		.version = PMIP6_GENL_VERSION,
	};

	message_begin(message, family, NLM_F_REQUEST | NLM_F_ACK | flags);
	message_append(message, &header, sizeof(header));
}

void message_put(struct message *message, uint16_t type, const void *data,
		 size_t len)
{
	struct nlattr attr = {
		.nla_len = (uint16_t)(NLA_HDRLEN + len),
		.nla_type = type,
	};

	message_append(message, &attr, sizeof(attr));
	message_append(message, data, len);
}

void message_u8(struct message *message, uint16_t type, uint8_t value)
{
	message_put(message, type, &value, sizeof(value));
}

void message_u32(struct message *message, uint16_t type, uint32_t value)
{
	message_put(message, type, &value, sizeof(value));
}

size_t message_nest(struct message *message, uint16_t type)
{
	size_t at = message->len;

	message_put(message, type | NLA_F_NESTED, NULL, 0);
	return at;
}

void message_nest_end(struct message *message, size_t nest)
{
	struct nlattr attr;

	memcpy(&attr, message->data + nest, sizeof(attr));
	attr.nla_len = (uint16_t)(message->len - nest);
	memcpy(message->data + nest, &attr, sizeof(attr));
}

void message_addr(struct message *message, uint16_t type,
		  const struct in6_addr *addr, int prefixlen)
{
	size_t nest = message_nest(message, type);
	uint16_t family = AF_INET6;

	message_put(message, PMIP6_A_ADDR_FAMILY, &family, sizeof(family));
	message_put(message, PMIP6_A_ADDR_ADDRESS, addr, sizeof(*addr));
	if (prefixlen >= 0)
		message_u8(message, PMIP6_A_ADDR_PREFIXLEN, (uint8_t)prefixlen);
	message_nest_end(message, nest);
}

void channel_open(struct channel *channel, int protocol)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int on = 1;

	memset(channel, 0, sizeof(*channel));
	channel->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (channel->fd < 0 ||
	    bind(channel->fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("netlink socket");
	setsockopt(channel->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(channel->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
}

void channel_close(struct channel *channel)
{
	close(channel->fd);
	channel->fd = -1;
}

int channel_send(struct channel *channel, struct message *message)
{
	struct nlmsghdr nlh;

	memcpy(&nlh, message->data, sizeof(nlh));
	nlh.nlmsg_seq = ++channel->seq;
	nlh.nlmsg_len = message->lie ? message->lie : (uint32_t)message->len;
	memcpy(message->data, &nlh, sizeof(nlh));
	if (send(channel->fd, message->data, message->len, MSG_DONTWAIT) < 0)
		return -errno;
	return 0;
}

static void take_text(struct answer *answer, const struct nlmsghdr *nlh,
		      size_t offset)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || nlh->nlmsg_len <= offset)
		return;
	attr = attr_find((const uint8_t *)nlh + offset, nlh->nlmsg_len - offset,
			 NLMSGERR_ATTR_MSG);
	if (attr)
		snprintf(answer->text, sizeof(answer->text), "%.*s",
			 (int)attr_len(attr), (const char *)attr_data(attr));
}

static void take_message(struct channel *channel, struct answer *answer,
			 const struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_seq != channel->seq)
		return;
	switch (nlh->nlmsg_type) {
	case NLMSG_ERROR:
		answer->acked = true;
		memcpy(&answer->error, NLMSG_DATA(nlh), sizeof(answer->error));
		take_text(answer, nlh, NLMSG_LENGTH(sizeof(struct nlmsgerr)));
		break;
	case NLMSG_DONE:
		answer->done = true;
		memcpy(&answer->error, NLMSG_DATA(nlh), sizeof(answer->error));
		take_text(answer, nlh, NLMSG_LENGTH(sizeof(int)));
		break;
	default:
		answer->parts++;
		if (channel->part)
			channel->part(nlh, channel->arg);
	}
}

bool channel_receive(struct channel *channel, struct answer *answer)
{
	alignas(NLMSG_ALIGNTO) static uint8_t room[RECEIVE_ROOM];
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)room;
	ssize_t got;

	do {
		got = recv(channel->fd, room,
			   channel->room ? channel->room : sizeof(room),
			   MSG_DONTWAIT);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		answer->lost |= errno != EAGAIN;
		return false;
	}
	for (; NLMSG_OK(nlh, got); nlh = NLMSG_NEXT(nlh, got))
		take_message(channel, answer, nlh);
	return true;
}

int channel_exchange(struct channel *channel, struct message *message,
		     struct answer *answer)
{
	int err;

	memset(answer, 0, sizeof(*answer));
	err = channel_send(channel, message);
	if (err)
		return err;
	while (channel_receive(channel, answer))
		;
	return 0;
}

const struct nlattr *attr_next(const void **data, size_t *len)
{
	const struct nlattr *attr = *data;
	size_t step;

	if (*len < sizeof(*attr) || attr->nla_len < sizeof(*attr) ||
	    attr->nla_len > *len)
		return NULL;
	step = NLA_ALIGN(attr->nla_len);
	if (step > *len)
		step = *len;
	*data = (const uint8_t *)*data + step;
	*len -= step;
	return attr;
}

const struct nlattr *attr_find(const void *data, size_t len, uint16_t type)
{
	const struct nlattr *attr;

	while ((attr = attr_next(&data, &len)))
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
	return NULL;
}

const void *attr_data(const struct nlattr *attr)
{
	return (const uint8_t *)attr + NLA_HDRLEN;
}

size_t attr_len(const struct nlattr *attr)
{
	return attr->nla_len - (size_t)NLA_HDRLEN;
}

uint32_t attr_u32(const struct nlattr *attr)
{
	uint32_t value = 0;

	if (attr && attr_len(attr) >= sizeof(value))
		memcpy(&value, attr_data(attr), sizeof(value));
	return value;
}
