// SPDX-License-Identifier: GPL-2.0
#include "dhcp6_relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if_arp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ev.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <uthash.h>

#include "../engine/alloc.h"

/*
 * So many messages are read before others have their turn, and those of a link
 * that has more wait this long: nobody can keep the daemon busy.
 */
#define BATCH 32
#define REST_S 0.01

/* RFC 8415 19.1.1: of what goes to a group. */
#define MULTICAST_HOPS 8

/* Where things are in a frame. */
#define SOURCE_OFFSET ETH_ALEN
#define ETHERTYPE_OFFSET (2 * ETH_ALEN)
#define NEXT_HEADER_OFFSET (ETH_HLEN + 6)
#define DESTINATION_OFFSET (ETH_HLEN + 24)
#define DPORT_OFFSET (ETH_HLEN + 40 + 2)

#define VLAN_ID_MASK 0xfff

#define CONTROL_MAX 128

/* RFC 8415 7.1: All_DHCP_Relay_Agents_and_Servers */
static const struct in6_addr agents = {
	.s6_addr = { 0xff, 0x02, [13] = 1, [15] = 2 }
};

/**
 * struct ear - a socket on an access link
 * @io: there is something to read
 * @rest: it was too much, and is let wait until then
 * @ifindex: which link
 * @relay: whose
 * @hh: by @ifindex
 */
struct ear {
	ev_io io;
	ev_timer rest;
	uint32_t ifindex;
	struct dhcp6_relay *relay;
	UT_hash_handle hh;
};

enum count {
	COUNT_RECEIVED,
	COUNT_FORWARDED,
	COUNT_FORWARD_FAILED,
	COUNT_REPLIES,
	COUNT_ANSWERED,
	COUNT_ANSWER_FAILED,
	COUNT_OVERFLOWS,
	COUNTS,
};

static const char *const count_names[COUNTS] = {
	[COUNT_RECEIVED] = "dhcp-received",
	[COUNT_FORWARDED] = "dhcp-forwarded",
	[COUNT_FORWARD_FAILED] = "dhcp-forward-failed",
	[COUNT_REPLIES] = "dhcp-replies",
	[COUNT_ANSWERED] = "dhcp-answered",
	[COUNT_ANSWER_FAILED] = "dhcp-answer-failed",
	[COUNT_OVERFLOWS] = "dhcp-queue-overflows",
};

/**
 * struct dhcp6_relay - all links
 * @loop: what calls back
 * @config: where, and whom to tell
 * @io: something came from a server; its fd is -1 while nobody listens
 * @ears: access links
 * @count: by enum count
 * @errors: by enum dhcp6_error
 * @data: where messages are read to, and answers are built
 */
struct dhcp6_relay {
	struct ev_loop *loop;
	struct dhcp6_config config;
	ev_io io;
	struct ear *ears;
	uint64_t count[COUNTS];
	uint64_t errors[DHCP6_ERROR_MAX];
	uint8_t data[DHCP6_HEADERS_LEN + DHCP6_REPLY_MAX];
};

struct dhcp6_relay *dhcp6_relay_new(struct ev_loop *loop,
				    const struct dhcp6_config *config)
{
	struct dhcp6_relay *relay = must_alloc(sizeof(*relay));

	relay->loop = loop;
	relay->config = *config;
	relay->io.fd = -1;
	return relay;
}

static int set_option(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) ?
	       errno : 0;
}

static struct ear *find_ear(const struct dhcp6_relay *relay, uint32_t ifindex)
{
	struct ear *ear;

	HASH_FIND(hh, relay->ears, &ifindex, sizeof(ifindex), ear);
	return ear;
}

/* --- Servers. */

static void on_datagram(struct dhcp6_relay *relay, struct msghdr *msg,
			size_t len)
{
	const struct sockaddr_in6 *from = msg->msg_name;
	struct in6_pktinfo info = { 0 };
	struct dhcp6_reply reply;
	enum dhcp6_error error;
	struct cmsghdr *at;

	for (at = CMSG_FIRSTHDR(msg); at; at = CMSG_NXTHDR(msg, at))
		if (at->cmsg_level == IPPROTO_IPV6 &&
		    at->cmsg_type == IPV6_PKTINFO)
			memcpy(&info, CMSG_DATA(at), sizeof(info));
	if (msg->msg_flags & MSG_TRUNC)
		error = DHCP6_ERROR_TRUNCATED;
	else
		error = dhcp6_parse_reply(relay->data, len, &reply);
	if (error) {
		relay->errors[error]++;
		return;
	}
	relay->count[COUNT_REPLIES]++;
	relay->config.on_reply(relay->config.arg, info.ipi6_ifindex,
			       &from->sin6_addr, &reply);
}

static void on_server(struct ev_loop *loop, ev_io *io, int events)
{
	struct dhcp6_relay *relay = io->data;
	char control[CONTROL_MAX]
		__attribute__((aligned(_Alignof(struct cmsghdr))));
	struct sockaddr_in6 from;
	struct iovec iov = { relay->data, DHCP6_REPLY_MAX };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t len;
	int i;

	(void)loop;
	(void)events;
	for (i = 0; i < BATCH; i++) {
		msg.msg_name = &from;
		msg.msg_namelen = sizeof(from);
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		len = recvmsg(io->fd, &msg, MSG_DONTWAIT);
		if (len < 0)
			return;
		on_datagram(relay, &msg, (size_t)len);
	}
}

static int set_up_listener(int fd, const struct dhcp6_config *config)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6,
		.sin6_addr = config->address,
		.sin6_port = htons(DHCP6_SERVER_PORT),
	};
	const char *underlay = config->underlay;
	int error;

	if (underlay[0] && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, underlay,
				      (socklen_t)strlen(underlay) + 1))
		return errno;
	error = config->mark ?
		set_option(fd, SOL_SOCKET, SO_MARK, (int)config->mark) : 0;
	if (!error)
		error = set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (!error)
		error = set_option(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1);
	if (!error)
		error = set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	if (!error)
		error = set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS,
				   MULTICAST_HOPS);
	if (error)
		return error;
	return bind(fd, (struct sockaddr *)&address, sizeof(address)) ? errno :
									0;
}

/*
 * Frames come by packet sockets: this is for bridges and switches that hand
 * groups only to those who have reported them (RFC 4541).
 */
static void set_member(const struct dhcp6_relay *relay, uint32_t ifindex,
		       bool member)
{
	struct ipv6_mreq group = {
		.ipv6mr_multiaddr = agents,
		.ipv6mr_interface = ifindex,
	};

	if (relay->io.fd >= 0)
		setsockopt(relay->io.fd, IPPROTO_IPV6,
			   member ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP, &group,
			   sizeof(group));
}

int dhcp6_relay_listen(struct dhcp6_relay *relay)
{
	const struct ear *ear;
	int fd, error;

	if (relay->io.fd >= 0)
		return 0;
	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return errno;
	error = set_up_listener(fd, &relay->config);
	if (error) {
		close(fd);
		return error;
	}
	ev_io_init(&relay->io, on_server, fd, EV_READ);
	relay->io.data = relay;
	ev_io_start(relay->loop, &relay->io);
	for (ear = relay->ears; ear; ear = ear->hh.next)
		set_member(relay, ear->ifindex, true);
	return 0;
}

static int send_to(int fd, const struct in6_addr *server, uint32_t ifindex,
		   const uint8_t *data, size_t len)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	} control = { 0 };
	struct in6_pktinfo info = { .ipi6_ifindex = ifindex };
	struct sockaddr_in6 to = {
		.sin6_family = AF_INET6,
		.sin6_addr = *server,
		.sin6_port = htons(DHCP6_SERVER_PORT),
	};
	struct iovec iov = { (void *)(uintptr_t)data, len };
	struct msghdr msg = {
		.msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};

	if (ifindex) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control.room);
		control.header.cmsg_level = IPPROTO_IPV6;
		control.header.cmsg_type = IPV6_PKTINFO;
		control.header.cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(&control.header), &info, sizeof(info));
	}
	return sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
}

int dhcp6_relay_forward(struct dhcp6_relay *relay,
			const struct in6_addr *server, uint32_t ifindex,
			const uint8_t *data, size_t len)
{
	int error = dhcp6_relay_listen(relay);

	if (!error)
		error = send_to(relay->io.fd, server, ifindex, data, len);
	relay->count[error ? COUNT_FORWARD_FAILED : COUNT_FORWARDED]++;
	return error;
}

/* --- Clients. */

static void on_frame(struct ear *ear, size_t len, bool checked)
{
	struct dhcp6_relay *relay = ear->relay;
	struct dhcp6_client client;
	enum dhcp6_error error;

	error = dhcp6_parse_frame(relay->data, len, checked, &client);
	if (error) {
		relay->errors[error]++;
		return;
	}
	relay->count[COUNT_RECEIVED]++;
	relay->config.on_client(relay->config.arg, ear->ifindex, &client);
}

/* Between namespaces of one machine checksums are left for hardware to do. */
static bool is_checked(struct msghdr *msg)
{
	struct tpacket_auxdata aux;
	struct cmsghdr *at;

	for (at = CMSG_FIRSTHDR(msg); at; at = CMSG_NXTHDR(msg, at)) {
		if (at->cmsg_level != SOL_PACKET ||
		    at->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&aux, CMSG_DATA(at), sizeof(aux));
		return aux.tp_status &
		       (TP_STATUS_CSUMNOTREADY | TP_STATUS_CSUM_VALID);
	}
	return false;
}

static void on_client(struct ev_loop *loop, ev_io *io, int events)
{
	struct ear *ear = (struct ear *)io;
	char control[CONTROL_MAX]
		__attribute__((aligned(_Alignof(struct cmsghdr))));
	struct iovec iov = { ear->relay->data, DHCP6_FRAME_MAX };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t len;
	int i;

	(void)events;
	for (i = 0; i < BATCH; i++) {
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		len = recvmsg(io->fd, &msg, MSG_DONTWAIT);
		/* An error is told once, ENETDOWN say: that it was is enough. */
		if (len < 0)
			return;
		on_frame(ear, (size_t)len, is_checked(&msg));
	}
	ev_io_stop(loop, io);
	ev_timer_set(&ear->rest, REST_S, 0.);
	ev_timer_start(loop, &ear->rest);
}

static void on_rested(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct ear *ear = timer->data;

	(void)events;
	ev_io_start(loop, &ear->io);
}

/* A frame of a VLAN comes again, without its tag, on the VLAN's own link. */
static int set_filter(int fd)
{
	/* Where the jumps go to. */
	enum { UNTAGGED = 5, REFUSE = 21 };
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT),
		BPF_JUMP(BPF_JMP | BPF_JEQ, 0, UNTAGGED - 2, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 SKF_AD_OFF + SKF_AD_VLAN_TAG),
		BPF_STMT(BPF_ALU | BPF_AND, VLAN_ID_MASK),
		BPF_JUMP(BPF_JMP | BPF_JEQ, 0, 0, REFUSE - 5),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SOURCE_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JSET, 1, REFUSE - 7, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, ETHERTYPE_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ, ETH_P_IPV6, 0, REFUSE - 9),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, NEXT_HEADER_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ, IPPROTO_UDP, 0, REFUSE - 11),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DESTINATION_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ, 0xff020000, 0, REFUSE - 13),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DESTINATION_OFFSET + 12),
		BPF_JUMP(BPF_JMP | BPF_JEQ, 0x00010002, 0, REFUSE - 15),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, DPORT_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ, DHCP6_SERVER_PORT, 0, REFUSE - 17),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DESTINATION_OFFSET + 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ, 0, 0, REFUSE - 19),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DESTINATION_OFFSET + 8),
		BPF_JUMP(BPF_JMP | BPF_JEQ, 0, 1, 0),
		BPF_STMT(BPF_RET, 0),
		BPF_STMT(BPF_RET, DHCP6_FRAME_MAX),
	};
	struct sock_fprog program = {
		.len = sizeof(insns) / sizeof(insns[0]),
		.filter = insns,
	};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
			  sizeof(program)) ? errno : 0;
}

static int set_up_ear(int fd, uint32_t ifindex)
{
	struct packet_mreq group = {
		.mr_ifindex = (int)ifindex,
		.mr_type = PACKET_MR_MULTICAST,
		.mr_alen = ETH_ALEN,
		.mr_address = { 0x33, 0x33, 0, 1, 0, 2 },
	};
	struct sockaddr_ll link = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IPV6),
		.sll_ifindex = (int)ifindex,
	};
	int error = set_filter(fd);

	if (!error)
		error = set_option(fd, SOL_PACKET, PACKET_AUXDATA, 1);
	if (!error)
		error = set_option(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
	if (error)
		return error;
	if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &group,
		       sizeof(group)) ||
	    bind(fd, (struct sockaddr *)&link, sizeof(link)))
		return errno;
	return 0;
}

int dhcp6_relay_open_link(struct dhcp6_relay *relay, uint32_t ifindex)
{
	struct ear *ear = find_ear(relay, ifindex);
	int fd, error;

	if (ear)
		return 0;
	/* Of no protocol: it hears nothing before its filter is there. */
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return errno;
	error = set_up_ear(fd, ifindex);
	if (error) {
		close(fd);
		return error;
	}
	ear = must_alloc(sizeof(*ear));
	ear->ifindex = ifindex;
	ear->relay = relay;
	ear->rest.data = ear;
	ev_io_init(&ear->io, on_client, fd, EV_READ);
	ev_timer_init(&ear->rest, on_rested, REST_S, 0.);
	ev_io_start(relay->loop, &ear->io);
	HASH_ADD(hh, relay->ears, ifindex, sizeof(ifindex), ear);
	set_member(relay, ifindex, true);
	return 0;
}

static void count_overflows(const struct ear *ear)
{
	struct tpacket_stats stats;
	socklen_t len = sizeof(stats);

	if (!getsockopt(ear->io.fd, SOL_PACKET, PACKET_STATISTICS, &stats,
			&len))
		ear->relay->count[COUNT_OVERFLOWS] += stats.tp_drops;
}

static void free_ear(struct ear *ear)
{
	struct dhcp6_relay *relay = ear->relay;

	count_overflows(ear);
	ev_io_stop(relay->loop, &ear->io);
	ev_timer_stop(relay->loop, &ear->rest);
	close(ear->io.fd);
	set_member(relay, ear->ifindex, false);
	HASH_DEL(relay->ears, ear);
	free(ear);
}

void dhcp6_relay_close_link(struct dhcp6_relay *relay, uint32_t ifindex)
{
	struct ear *ear = find_ear(relay, ifindex);

	if (ear)
		free_ear(ear);
}

void dhcp6_relay_free(struct dhcp6_relay *relay)
{
	struct ear *ear, *next;

	if (!relay)
		return;
	HASH_ITER(hh, relay->ears, ear, next)
		free_ear(ear);
	if (relay->io.fd >= 0) {
		ev_io_stop(relay->loop, &relay->io);
		close(relay->io.fd);
	}
	free(relay);
}

static int answer(const struct ear *ear, struct dhcp6_path *path,
		  const struct dhcp6_reply *reply)
{
	uint8_t frame[DHCP6_HEADERS_LEN + DHCP6_REPLY_MAX];
	struct sockaddr_ll link = { 0 };
	socklen_t size = sizeof(link);
	size_t len;

	/* As it is now: it may have been changed. */
	if (getsockname(ear->io.fd, (struct sockaddr *)&link, &size))
		return errno;
	if (link.sll_halen != ETH_ALEN)
		return EPROTONOSUPPORT;
	memcpy(path->src_lladdr, link.sll_addr, ETH_ALEN);
	len = dhcp6_build_frame(path, reply->message, reply->len, frame,
				sizeof(frame));
	if (!len)
		return EMSGSIZE;
	return send(ear->io.fd, frame, len, MSG_DONTWAIT) < 0 ? errno : 0;
}

int dhcp6_relay_answer(struct dhcp6_relay *relay, uint32_t ifindex,
		       const uint8_t *lladdr, const struct in6_addr *src,
		       const struct dhcp6_reply *reply)
{
	const struct ear *ear = find_ear(relay, ifindex);
	struct dhcp6_path path = { .src = *src, .dst = reply->peer };
	int error = ENODEV;

	memcpy(path.dst_lladdr, lladdr, ETH_ALEN);
	if (ear)
		error = answer(ear, &path, reply);
	relay->count[error ? COUNT_ANSWER_FAILED : COUNT_ANSWERED]++;
	return error;
}

unsigned int dhcp6_relay_counters(struct dhcp6_relay *relay,
				  struct counter *counters)
{
	const struct ear *ear;
	unsigned int i, n = 0;

	for (ear = relay->ears; ear; ear = ear->hh.next)
		count_overflows(ear);
	for (i = 0; i < COUNTS; i++)
		counters[n++] = (struct counter){ count_names[i],
						  relay->count[i] };
	for (i = DHCP6_ERROR_NOT_DHCP + 1; i < DHCP6_ERROR_MAX; i++)
		counters[n++] = (struct counter){
			dhcp6_error_name((enum dhcp6_error)i), relay->errors[i]
		};
	return n;
}
