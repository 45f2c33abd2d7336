// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/pmip6.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "netlink.h"

#define RECEIVE_BUFFER	(8 << 20)

void die(const char *what)
{
	fprintf(stderr, "fill: %s: %s\n", what, strerror(errno));
	exit(1);
}

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void nl_put(struct session *s, uint16_t type, const void *data, size_t len)
{
	struct nlattr *attr = (struct nlattr *)(s->out + s->used);

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy(s->out + s->used + NLA_HDRLEN, data, len);
	memset(s->out + s->used + attr->nla_len, 0, NLA_ALIGN(len) - len);
	s->used += NLA_HDRLEN + NLA_ALIGN(len);
}

size_t nl_nest(struct session *s, uint16_t type)
{
	size_t at = s->used;

	nl_put(s, type | NLA_F_NESTED, NULL, 0);
	return at;
}

void nl_end_nest(struct session *s, size_t at)
{
	((struct nlattr *)(s->out + at))->nla_len = s->used - at;
}

void nl_put_address(struct session *s, uint16_t type, const struct in6_addr *addr, int len)
{
	size_t at = nl_nest(s, type);
	uint16_t family = AF_INET6;
	uint8_t prefixlen = len;

	nl_put(s, PMIP6_A_ADDR_FAMILY, &family, sizeof(family));
	nl_put(s, PMIP6_A_ADDR_ADDRESS, addr, sizeof(*addr));
	if (len >= 0)
		nl_put(s, PMIP6_A_ADDR_PREFIXLEN, &prefixlen, sizeof(prefixlen));
	nl_end_nest(s, at);
}

size_t nl_begin(struct session *s, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *header = (struct nlmsghdr *)(s->out + s->used);
	size_t at = s->used;

	memset(header, 0, NLMSG_HDRLEN);
	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	header->nlmsg_seq = ++s->sequence;
	s->used += NLMSG_HDRLEN;
	return at;
}

void nl_header(struct session *s, const void *data, size_t len)
{
	memset(s->out + s->used, 0, NLMSG_ALIGN(len));
	memcpy(s->out + s->used, data, len);
	s->used += NLMSG_ALIGN(len);
}

size_t nl_genl(struct session *s, uint16_t flags, uint8_t command)
{
	const struct genlmsghdr genl = { .cmd = command, .version = PMIP6_GENL_VERSION };
	size_t at = nl_begin(s, s->family, flags);

	nl_header(s, &genl, sizeof(genl));
	return at;
}

void nl_end(struct session *s, size_t at)
{
	((struct nlmsghdr *)(s->out + at))->nlmsg_len = s->used - at;
}

/* ---- The socket --------------------------------------------------------- */

void nl_send(struct session *s)
{
	ssize_t sent = send(s->fd, s->out, s->used, 0);

	if (sent != (ssize_t)s->used)
		die("send");
	s->used = 0;
}

/* find() - the attribute of @type behind the first @skip octets of a message, or NULL */
static const struct nlattr *find(const struct nlmsghdr *header, size_t skip, uint16_t type)
{
	const struct nlattr *attr;
	size_t at;

	for (at = NLMSG_HDRLEN + NLMSG_ALIGN(skip); at + NLA_HDRLEN <= header->nlmsg_len;
	     at += NLA_ALIGN(attr->nla_len)) {
		attr = (const struct nlattr *)((const char *)header + at);
		if (attr->nla_len < NLA_HDRLEN || at + attr->nla_len > header->nlmsg_len)
			break;
		if (attr->nla_type == type)
			return attr;
	}
	return NULL;
}

/* The first reason is enough to say what is wrong with all of them. */
static void note_error(struct session *s, const struct nlmsghdr *header, int error)
{
	const struct nlattr *words = NULL;

	s->refused++;
	if (s->first_error)
		return;
	s->first_error = -error;
	if (header->nlmsg_flags & NLM_F_ACK_TLVS)
		words = find(header, sizeof(struct nlmsgerr), NLMSGERR_ATTR_MSG);
	if (words)
		snprintf(s->first_reason, sizeof(s->first_reason), "%.*s",
			 (int)(words->nla_len - NLA_HDRLEN), (const char *)(words + 1));
}

void nl_receive_acks(struct session *s, uint32_t count)
{
	struct iovec parts[BATCH_MAX];
	struct mmsghdr messages[BATCH_MAX] = {};
	int got, i;

	while (count) {
		for (i = 0; i < (int)count; i++) {
			parts[i] = (struct iovec){ s->in[i], ACK_MAX };
			messages[i].msg_hdr.msg_iov = &parts[i];
			messages[i].msg_hdr.msg_iovlen = 1;
		}
		got = recvmmsg(s->fd, messages, count, MSG_WAITFORONE, NULL);
		if (got <= 0)
			die("recvmmsg");
		for (i = 0; i < got; i++) {
			const struct nlmsghdr *header = (struct nlmsghdr *)s->in[i];
			const struct nlmsgerr *body = NLMSG_DATA(header);

			if (!NLMSG_OK(header, messages[i].msg_len) ||
			    header->nlmsg_type != NLMSG_ERROR) {
				errno = EBADMSG;
				die("an answer that acknowledges nothing");
			}
			if (body->error)
				note_error(s, header, body->error);
		}
		count -= got;
	}
}

void nl_open(struct session *s, int protocol)
{
	struct sockaddr_nl local = { .nl_family = AF_NETLINK };
	const int size = RECEIVE_BUFFER, on = 1;

	s->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&local, sizeof(local)))
		die("socket");
	if (setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(s->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(s->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) ||
	    setsockopt(s->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)))
		die("setsockopt");
}

/* nl_find_family() - by name, as the module was given its number when it was loaded */
void nl_find_family(struct session *s)
{
	const struct genlmsghdr genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	const struct nlmsghdr *header = (struct nlmsghdr *)s->in;
	const struct nlattr *id;
	ssize_t got;
	size_t at;

	at = nl_begin(s, GENL_ID_CTRL, 0);
	nl_header(s, &genl, sizeof(genl));
	nl_put(s, CTRL_ATTR_FAMILY_NAME, PMIP6_GENL_NAME, sizeof(PMIP6_GENL_NAME));
	nl_end(s, at);
	nl_send(s);
	got = recv(s->fd, s->in, sizeof(s->in), 0);
	if (got < 0 || !NLMSG_OK(header, (size_t)got))
		die("recv");
	if (header->nlmsg_type == NLMSG_ERROR) {
		errno = ENOENT;
		die("family pmip6 (is the module loaded?)");
	}
	id = find(header, GENL_HDRLEN, CTRL_ATTR_FAMILY_ID);
	if (!id || id->nla_len < NLA_HDRLEN + sizeof(s->family)) {
		errno = EBADMSG;
		die("family pmip6");
	}
	memcpy(&s->family, id + 1, sizeof(s->family));
}
