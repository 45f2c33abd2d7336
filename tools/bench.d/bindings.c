// SPDX-License-Identifier: GPL-2.0
/*
 * Bindings of a pmip6 device by the million: many messages in one send, each of them
 * acknowledged. What was done, and how long it took, is printed as JSON.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/pmip6.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH_MAX	1024
#define MESSAGE_MAX	256	/* what one addition takes, and some more */
#define ACK_MAX		512
#define RECEIVE_BUFFER	(8 << 20)

struct options {
	uint32_t ifindex;
	uint32_t count;
	uint32_t first;
	uint32_t tunnels;
	uint32_t batch;
	uint32_t access;
	uint64_t lifetime_ms;
	uint64_t together_ms;
	bool has_lladdr;
	uint8_t lladdr[6];
	struct in6_addr prefix;
	struct in6_addr remote;
};

struct session {
	int fd;
	uint16_t family;
	uint32_t sequence;
	uint32_t refused;
	int first_error;
	char first_reason[128];
	/* A batch, and room for its answers. */
	char out[BATCH_MAX * MESSAGE_MAX];
	size_t used;
	char in[BATCH_MAX][ACK_MAX];
};

static void die(const char *what)
{
	fprintf(stderr, "bindings: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- Messages ----------------------------------------------------------- */

static void put(struct session *s, uint16_t type, const void *data, size_t len)
{
	struct nlattr *attr = (struct nlattr *)(s->out + s->used);

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy(s->out + s->used + NLA_HDRLEN, data, len);
	memset(s->out + s->used + attr->nla_len, 0, NLA_ALIGN(len) - len);
	s->used += NLA_HDRLEN + NLA_ALIGN(len);
}

static size_t nest(struct session *s, uint16_t type)
{
	size_t at = s->used;

	put(s, type | NLA_F_NESTED, NULL, 0);
	return at;
}

static void end_nest(struct session *s, size_t at)
{
	((struct nlattr *)(s->out + at))->nla_len = s->used - at;
}

static void put_address(struct session *s, uint16_t type, const struct in6_addr *addr, int len)
{
	size_t at = nest(s, type);
	uint16_t family = AF_INET6;
	uint8_t prefixlen = len;

	put(s, PMIP6_A_ADDR_FAMILY, &family, sizeof(family));
	put(s, PMIP6_A_ADDR_ADDRESS, addr, sizeof(*addr));
	if (len >= 0)
		put(s, PMIP6_A_ADDR_PREFIXLEN, &prefixlen, sizeof(prefixlen));
	end_nest(s, at);
}

static size_t begin(struct session *s, uint16_t type, uint16_t flags, uint8_t command)
{
	struct nlmsghdr *header = (struct nlmsghdr *)(s->out + s->used);
	struct genlmsghdr *genl = NLMSG_DATA(header);
	size_t at = s->used;

	memset(header, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	header->nlmsg_seq = ++s->sequence;
	genl->cmd = command;
	genl->version = 1;
	s->used += NLMSG_HDRLEN + GENL_HDRLEN;
	return at;
}

static void end(struct session *s, size_t at)
{
	((struct nlmsghdr *)(s->out + at))->nlmsg_len = s->used - at;
}

/* add_to() - @base with @n added to its octets 4 to 7 */
static struct in6_addr add_to(const struct in6_addr *base, uint32_t n)
{
	struct in6_addr addr = *base;

	addr.s6_addr32[1] = htonl(ntohl(addr.s6_addr32[1]) + n);
	return addr;
}

static void put_addition(struct session *s, const struct options *o, uint32_t n, uint64_t lifetime)
{
	struct in6_addr prefix = add_to(&o->prefix, n);
	struct in6_addr remote = add_to(&o->remote, n % o->tunnels);
	size_t at, paths, path;

	at = begin(s, s->family, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, PMIP6_CMD_BINDING_NEW);
	put(s, PMIP6_A_BINDING_IFINDEX, &o->ifindex, sizeof(o->ifindex));
	put_address(s, PMIP6_A_BINDING_HNP, &prefix, 64);
	paths = nest(s, PMIP6_A_BINDING_PATHS);
	path = nest(s, PMIP6_A_PATHS_PATH);
	put_address(s, PMIP6_A_PATH_REMOTE, &remote, -1);
	put(s, PMIP6_A_PATH_LIFETIME, &lifetime, sizeof(lifetime));
	if (o->access)
		put(s, PMIP6_A_PATH_ACCESS_IFINDEX, &o->access, sizeof(o->access));
	if (o->has_lladdr)
		put(s, PMIP6_A_PATH_LLADDR, o->lladdr, sizeof(o->lladdr));
	end_nest(s, path);
	end_nest(s, paths);
	end(s, at);
}

static void put_deletion(struct session *s, const struct options *o, uint32_t n)
{
	struct in6_addr prefix = add_to(&o->prefix, n);
	size_t at;

	at = begin(s, s->family, NLM_F_ACK, PMIP6_CMD_BINDING_DEL);
	put(s, PMIP6_A_BINDING_IFINDEX, &o->ifindex, sizeof(o->ifindex));
	put_address(s, PMIP6_A_BINDING_HNP, &prefix, 64);
	end(s, at);
}

/* ---- The socket --------------------------------------------------------- */

static void send_all(struct session *s)
{
	ssize_t sent = send(s->fd, s->out, s->used, 0);

	if (sent != (ssize_t)s->used)
		die("send");
	s->used = 0;
}

/* The first reason is enough to say what is wrong with all of them. */
static void note_error(struct session *s, const struct nlmsghdr *header, int error)
{
	const struct nlmsgerr *body = NLMSG_DATA(header);
	const struct nlattr *attr = (const struct nlattr *)(body + 1);
	int left = header->nlmsg_len - NLMSG_LENGTH(sizeof(*body));

	s->refused++;
	if (s->first_error)
		return;
	s->first_error = -error;
	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	for (; left >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN && attr->nla_len <= left;
	     left -= NLA_ALIGN(attr->nla_len),
	     attr = (const struct nlattr *)((const char *)attr + NLA_ALIGN(attr->nla_len)))
		if (attr->nla_type == NLMSGERR_ATTR_MSG)
			snprintf(s->first_reason, sizeof(s->first_reason), "%.*s",
				 attr->nla_len - NLA_HDRLEN, (const char *)(attr + 1));
}

static void receive_acks(struct session *s, uint32_t count)
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
				die("an answer that is no acknowledgement");
			}
			if (body->error)
				note_error(s, header, body->error);
		}
		count -= got;
	}
}

static void open_session(struct session *s)
{
	struct sockaddr_nl local = { .nl_family = AF_NETLINK };
	const int size = RECEIVE_BUFFER, on = 1;

	s->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&local, sizeof(local)))
		die("socket");
	if (setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(s->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(s->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) ||
	    setsockopt(s->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)))
		die("setsockopt");
}

/* find_family() - by name, as the module was given its number when it was loaded */
static void find_family(struct session *s)
{
	const struct nlmsghdr *header = (struct nlmsghdr *)s->in;
	const struct nlattr *attr;
	ssize_t got;
	int left;
	size_t at;

	at = begin(s, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
	put(s, CTRL_ATTR_FAMILY_NAME, PMIP6_GENL_NAME, sizeof(PMIP6_GENL_NAME));
	end(s, at);
	send_all(s);
	got = recv(s->fd, s->in, sizeof(s->in), 0);
	if (got < 0 || !NLMSG_OK(header, (size_t)got))
		die("recv");
	if (header->nlmsg_type == NLMSG_ERROR) {
		errno = ENOENT;
		die("family pmip6 (is the module loaded?)");
	}
	attr = (const struct nlattr *)((const char *)NLMSG_DATA(header) + GENL_HDRLEN);
	left = header->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN);
	for (; left >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN && attr->nla_len <= left;
	     left -= NLA_ALIGN(attr->nla_len),
	     attr = (const struct nlattr *)((const char *)attr + NLA_ALIGN(attr->nla_len)))
		if (attr->nla_type == CTRL_ATTR_FAMILY_ID)
			memcpy(&s->family, attr + 1, sizeof(s->family));
}

/* ---- Commands ----------------------------------------------------------- */

/*
 * Either each lives as long as it is told, or all until the same time from now, so
 * that they expire together however long it takes to add them.
 */
static uint64_t lifetime(const struct options *o, uint64_t start)
{
	uint64_t passed = (now_ns() - start) / 1000000;

	if (!o->together_ms)
		return o->lifetime_ms;
	return o->together_ms > passed ? o->together_ms - passed : 1;
}

static void change(struct session *s, const struct options *o, bool add)
{
	uint64_t start = now_ns();
	uint32_t done = 0, count, i;

	while (done < o->count) {
		uint64_t life = lifetime(o, start);

		count = o->count - done < o->batch ? o->count - done : o->batch;
		for (i = 0; i < count; i++) {
			if (add)
				put_addition(s, o, o->first + done + i, life);
			else
				put_deletion(s, o, o->first + done + i);
		}
		send_all(s);
		receive_acks(s, count);
		done += count;
	}
	printf("{\"messages\":%u,\"refused\":%u,\"ns\":%llu,\"reason\":\"%s%s%s\"}\n", done,
	       s->refused, (unsigned long long)(now_ns() - start),
	       s->refused ? strerror(s->first_error) : "", *s->first_reason ? ": " : "",
	       s->first_reason);
}

static void dump(struct session *s, const struct options *o)
{
	uint64_t start = now_ns(), longest = 0, before, after;
	uint32_t count = 0;
	bool ended = false;
	ssize_t got;
	size_t at;

	at = begin(s, s->family, NLM_F_DUMP, PMIP6_CMD_BINDING_GET);
	put(s, PMIP6_A_BINDING_IFINDEX, &o->ifindex, sizeof(o->ifindex));
	end(s, at);
	send_all(s);
	while (!ended) {
		const struct nlmsghdr *header = (struct nlmsghdr *)s->in;

		before = now_ns();
		got = recv(s->fd, s->in, sizeof(s->in), 0);
		if (got < 0)
			die("recv");
		after = now_ns();
		if (after - before > longest)
			longest = after - before;
		for (; NLMSG_OK(header, (size_t)got); header = NLMSG_NEXT(header, got)) {
			if (header->nlmsg_type == NLMSG_ERROR) {
				errno = -((const struct nlmsgerr *)NLMSG_DATA(header))->error;
				die("dump");
			}
			ended |= header->nlmsg_type == NLMSG_DONE;
			count += header->nlmsg_type == s->family;
		}
	}
	printf("{\"messages\":%u,\"ns\":%llu,\"longest_receive_ns\":%llu}\n", count,
	       (unsigned long long)(now_ns() - start), (unsigned long long)longest);
}

/* ---- The command line --------------------------------------------------- */

static void usage(FILE *to)
{
	fputs("usage: bindings add|del|dump --dev DEV [options]\n"
	      "\n"
	      "  --count N      bindings (1)\n"
	      "  --first N      number of the first (0); N is added to octets 4 to 7 of PREFIX\n"
	      "  --prefix ADDR  /64 of binding 0\n"
	      "  --remote ADDR  endpoint of tunnel 0\n"
	      "  --tunnels N    binding N has tunnel N modulo this (1); it is added to octets\n"
	      "                 4 to 7 of ADDR\n"
	      "  --batch N      messages a send, 1 to 1024 (256)\n"
	      "  --lifetime MS  of each (for ever)\n"
	      "  --together MS  all end so long after the first was added\n"
	      "  --access DEV   access interface\n"
	      "  --lladdr MAC   link-layer address of the mobile nodes\n", to);
}

static uint32_t number(const char *text, uint32_t low, uint32_t high)
{
	char *rest;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &rest, 10);
	if (errno || rest == text || *rest || *text == '-' || value < low || value > high) {
		fprintf(stderr, "bindings: not a number from %u to %u: %s\n", low, high, text);
		exit(2);
	}
	return value;
}

static struct in6_addr address(const char *text)
{
	struct in6_addr addr;

	if (inet_pton(AF_INET6, text, &addr) != 1) {
		fprintf(stderr, "bindings: not an IPv6 address: %s\n", text);
		exit(2);
	}
	return addr;
}

static uint32_t interface(const char *name)
{
	uint32_t ifindex = if_nametoindex(name);

	if (!ifindex)
		die(name);
	return ifindex;
}

static void mac(struct options *o, const char *text)
{
	uint8_t *a = o->lladdr;
	char rest;

	if (sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%c", &a[0], &a[1], &a[2], &a[3],
		   &a[4], &a[5], &rest) != 6) {
		fprintf(stderr, "bindings: not a link-layer address: %s\n", text);
		exit(2);
	}
	o->has_lladdr = true;
}

static void parse(struct options *o, int argc, char **argv)
{
	static const struct option words[] = {
		{ "dev", required_argument, NULL, 'd' },
		{ "count", required_argument, NULL, 'n' },
		{ "first", required_argument, NULL, 'f' },
		{ "prefix", required_argument, NULL, 'p' },
		{ "remote", required_argument, NULL, 'r' },
		{ "tunnels", required_argument, NULL, 't' },
		{ "batch", required_argument, NULL, 'b' },
		{ "lifetime", required_argument, NULL, 'l' },
		{ "together", required_argument, NULL, 'e' },
		{ "access", required_argument, NULL, 'a' },
		{ "lladdr", required_argument, NULL, 'm' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "h", words, NULL)) != -1) {
		switch (c) {
		case 'd': o->ifindex = interface(optarg); break;
		case 'n': o->count = number(optarg, 1, UINT32_MAX); break;
		case 'f': o->first = number(optarg, 0, UINT32_MAX); break;
		case 'p': o->prefix = address(optarg); break;
		case 'r': o->remote = address(optarg); break;
		case 't': o->tunnels = number(optarg, 1, UINT32_MAX); break;
		case 'b': o->batch = number(optarg, 1, BATCH_MAX); break;
		case 'l': o->lifetime_ms = number(optarg, 1, UINT32_MAX); break;
		case 'e': o->together_ms = number(optarg, 1, UINT32_MAX); break;
		case 'a': o->access = interface(optarg); break;
		case 'm': mac(o, optarg); break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	struct options o = {
		.count = 1,
		.tunnels = 1,
		.batch = 256,
		.lifetime_ms = PMIP6_LIFETIME_FOREVER,
	};
	static struct session session;
	const char *command;

	parse(&o, argc, argv);
	command = argv[optind];
	if (!command || !o.ifindex || optind + 1 != argc ||
	    (strcmp(command, "add") && strcmp(command, "del") && strcmp(command, "dump"))) {
		usage(stderr);
		return 2;
	}
	open_session(&session);
	find_family(&session);
	if (!strcmp(command, "dump"))
		dump(&session, &o);
	else
		change(&session, &o, !strcmp(command, "add"));
	return session.refused != 0;
}
