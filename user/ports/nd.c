// SPDX-License-Identifier: GPL-2.0
#include "nd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <ev.h>
#include <linux/if_packet.h>
#include <uthash.h>

#include "../engine/alloc.h"
#include "nd_filter.h"
#include "nd_message.h"
#include "nd_query.h"
#include "ra.h"

/* So many frames are read before others have their turn. */
#define BATCH 32

/* Neighbour Discovery that is longer has no right checksum, and is refused. */
#define FRAME_MAX 2048

#define RECEIVE_BUFFER (1024 * 1024)

/* How long frames of all kinds wait once a batch was full (classic filter). */
#define REST_S 0.01

#define NS_PER_S 1000000000ull
#define NS_PER_MS 1000000ull

struct link;

/**
 * struct ear - a socket on an access link
 * @io: there is something to read
 * @rest: it was too much, and is let wait until then
 * @limited: it may be let wait
 * @link: which
 */
struct ear {
	ev_io io;
	ev_timer rest;
	bool limited;
	struct link *link;
};

/**
 * struct link - an access link
 * @ifindex: which
 * @nd: whose
 * @lladdr: its link-layer address
 * @link_local: its link-local address, or :: if it has none
 * @ears: one with the filter in the kernel, else one for Neighbour Discovery
 *	and one for all else
 * @ear_count: how many are open
 * @hh: by @ifindex
 */
struct link {
	uint32_t ifindex;
	struct nd *nd;
	uint8_t lladdr[ETH_ALEN];
	struct in6_addr link_local;
	struct ear ears[2];
	unsigned int ear_count;
	UT_hash_handle hh;
};

/* What is counted besides faults. */
enum count {
	COUNT_FRAMES,
	COUNT_NEWS,
	COUNT_SOLICITATIONS,
	COUNT_NEIGHBOUR_MESSAGES,
	COUNT_GROUP_REPORTS,
	COUNT_ADVERTISEMENTS,
	COUNT_ADVERTISEMENTS_FAILED,
	COUNT_QUERIES,
	COUNT_OVERFLOWS,
	COUNTS,
};

static const char *const count_names[COUNTS] = {
	[COUNT_FRAMES] = "frames",
	[COUNT_NEWS] = "news",
	[COUNT_SOLICITATIONS] = "router-solicitations",
	[COUNT_NEIGHBOUR_MESSAGES] = "neighbour-messages",
	[COUNT_GROUP_REPORTS] = "group-reports",
	[COUNT_ADVERTISEMENTS] = "router-advertisements",
	[COUNT_ADVERTISEMENTS_FAILED] = "router-advertisements-failed",
	[COUNT_QUERIES] = "presence-queries",
	[COUNT_OVERFLOWS] = "frame-queue-overflows",
};

/**
 * struct nd - all access links
 * @loop: what calls back
 * @callbacks: whom
 * @filter: which frames come here
 * @links: those
 * @count: by enum count
 * @errors: by enum nd_error
 * @frames: where frames are read to
 */
struct nd {
	struct ev_loop *loop;
	struct nd_callbacks callbacks;
	struct nd_filter *filter;
	struct link *links;
	uint64_t count[COUNTS];
	uint64_t errors[ND_ERROR_MAX];
	uint8_t frames[BATCH][FRAME_MAX];
};

struct nd *nd_new(struct ev_loop *loop, const struct nd_callbacks *callbacks)
{
	struct nd *nd = must_alloc(sizeof(*nd));

	nd->loop = loop;
	nd->callbacks = *callbacks;
	nd->filter = nd_filter_new();
	return nd;
}

int nd_filter_refused(const struct nd *nd)
{
	return nd_filter_error(nd->filter);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static struct link *find_link(const struct nd *nd, uint32_t ifindex)
{
	struct link *link;

	HASH_FIND(hh, nd->links, &ifindex, sizeof(ifindex), link);
	return link;
}

static bool is_zero(const uint8_t *lladdr)
{
	static const uint8_t zero[ETH_ALEN];

	return !memcmp(lladdr, zero, ETH_ALEN);
}

static bool is_station(const struct link *link, const uint8_t *lladdr)
{
	return !(lladdr[0] & 1) && !is_zero(lladdr) &&
	       memcmp(lladdr, link->lladdr, ETH_ALEN);
}

static void report_message(const struct link *link, const uint8_t *lladdr,
			   const struct nd_message *message)
{
	struct nd *nd = link->nd;
	const struct nd_callbacks *callbacks = &nd->callbacks;

	if (message->type == ND_ROUTER_SOLICIT) {
		nd->count[COUNT_SOLICITATIONS]++;
		callbacks->on_solicit(callbacks->arg, link->ifindex, lladdr,
				      &message->src);
		return;
	}
	nd->count[COUNT_NEIGHBOUR_MESSAGES]++;
	if (IN6_IS_ADDR_UNSPECIFIED(&message->src))
		callbacks->on_arrival(callbacks->arg, link->ifindex, lladdr);
	if (IN6_IS_ADDR_LINKLOCAL(&message->src))
		callbacks->on_neighbour(callbacks->arg, link->ifindex, lladdr,
					&message->src);
}

static void report_news(const struct link *link, const uint8_t *frame,
			size_t len)
{
	const uint8_t *lladdr = frame + ETH_ALEN;
	struct nd *nd = link->nd;
	const struct nd_callbacks *callbacks = &nd->callbacks;
	struct in6_addr src;

	nd->count[COUNT_NEWS]++;
	callbacks->on_frame(callbacks->arg, link->ifindex, lladdr);
	if (nd_link_local_source(frame, len, &src))
		callbacks->on_neighbour(callbacks->arg, link->ifindex, lladdr,
					&src);
}

static void on_frame(const struct link *link, const uint8_t *frame, size_t len,
		     uint64_t now)
{
	const uint8_t *lladdr = frame + ETH_ALEN;
	struct nd *nd = link->nd;
	const struct nd_callbacks *callbacks = &nd->callbacks;
	struct nd_message message;
	enum nd_error error;

	if (len < ETH_HLEN || !is_station(link, lladdr))
		return;
	nd->count[COUNT_FRAMES]++;
	if (nd_filter_heard(nd->filter, link->ifindex, lladdr, now))
		report_news(link, frame, len);
	error = nd_parse(frame, len, &message);
	if (!error) {
		report_message(link, lladdr, &message);
		return;
	}
	nd->errors[error]++;
	if (nd_joins_groups(frame, len)) {
		nd->count[COUNT_GROUP_REPORTS]++;
		callbacks->on_arrival(callbacks->arg, link->ifindex, lladdr);
	}
}

static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
	struct ear *ear = (struct ear *)io;
	struct nd *nd = ear->link->nd;
	struct mmsghdr messages[BATCH];
	struct iovec iov[BATCH];
	uint64_t now;
	int i, count;

	(void)events;
	memset(messages, 0, sizeof(messages));
	for (i = 0; i < BATCH; i++) {
		iov[i].iov_base = nd->frames[i];
		iov[i].iov_len = FRAME_MAX;
		messages[i].msg_hdr.msg_iov = &iov[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	/* An error is told once, ENETDOWN say: that it was is enough. */
	count = recvmmsg(io->fd, messages, BATCH, MSG_DONTWAIT, NULL);
	now = now_ns();
	for (i = 0; i < count; i++)
		on_frame(ear->link, nd->frames[i], messages[i].msg_len, now);
	if (ear->limited && count == BATCH) {
		ev_io_stop(loop, &ear->io);
		ev_timer_set(&ear->rest, REST_S, 0.);
		ev_timer_start(loop, &ear->rest);
	}
}

static void on_rested(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct ear *ear = timer->data;

	(void)events;
	ev_io_start(loop, &ear->io);
}

static int set_up(const struct nd *nd, int fd, uint32_t ifindex,
		  enum nd_filter_kind kind)
{
	struct packet_mreq all_multicast = {
		.mr_ifindex = (int)ifindex,
		.mr_type = PACKET_MR_ALLMULTI,
	};
	struct sockaddr_ll link = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)ifindex,
	};
	int size = RECEIVE_BUFFER;
	int one = 1;
	int error;

	/* The limit of others is good enough if ours is not to be had. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	error = nd_filter_attach(nd->filter, fd, kind);
	if (error)
		return error;
	if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one,
		       sizeof(one)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all_multicast,
		       sizeof(all_multicast)) ||
	    bind(fd, (struct sockaddr *)&link, sizeof(link)))
		return errno;
	return 0;
}

static int open_ear(struct link *link, enum nd_filter_kind kind)
{
	struct ear *ear = &link->ears[link->ear_count];
	struct nd *nd = link->nd;
	int fd, error;

	/* Of no protocol: it hears nothing before its filter is there. */
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return errno;
	error = set_up(nd, fd, link->ifindex, kind);
	if (error) {
		close(fd);
		return error;
	}
	ear->link = link;
	ear->limited = kind == ND_FILTER_NOT_ND;
	ear->rest.data = ear;
	ev_io_init(&ear->io, on_readable, fd, EV_READ);
	ev_timer_init(&ear->rest, on_rested, REST_S, 0.);
	ev_io_start(nd->loop, &ear->io);
	link->ear_count++;
	return 0;
}

static int read_lladdr(struct link *link)
{
	struct sockaddr_ll address = { 0 };
	socklen_t len = sizeof(address);

	if (getsockname(link->ears[0].io.fd, (struct sockaddr *)&address, &len))
		return errno;
	if (address.sll_ifindex != (int)link->ifindex)
		return ENODEV;
	if (address.sll_hatype != ARPHRD_ETHER ||
	    address.sll_halen != ETH_ALEN)
		return EPROTONOSUPPORT;
	if (!memcmp(link->lladdr, address.sll_addr, ETH_ALEN))
		return 0;
	if (!is_zero(link->lladdr))
		nd_filter_forget(link->nd->filter, link->ifindex, link->lladdr);
	memcpy(link->lladdr, address.sll_addr, ETH_ALEN);
	return nd_filter_ignore(link->nd->filter, link->ifindex, link->lladdr);
}

static int read_link_local(struct link *link)
{
	struct ifaddrs *addresses, *at;
	const struct sockaddr_in6 *in6;

	memset(&link->link_local, 0, sizeof(link->link_local));
	if (getifaddrs(&addresses))
		return errno;
	for (at = addresses; at; at = at->ifa_next) {
		in6 = (const struct sockaddr_in6 *)at->ifa_addr;
		if (!in6 || in6->sin6_family != AF_INET6 ||
		    in6->sin6_scope_id != link->ifindex ||
		    !IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr))
			continue;
		/*
		 * The kernel tells the newest first: its own is the last one,
		 * behind those that routers of mobile nodes have for a while.
		 */
		link->link_local = in6->sin6_addr;
	}
	freeifaddrs(addresses);
	return 0;
}

static int refresh(struct link *link)
{
	int error = read_lladdr(link);

	return error ? error : read_link_local(link);
}

static void free_link(struct link *link)
{
	struct nd *nd = link->nd;
	struct ear *ear;

	while (link->ear_count) {
		ear = &link->ears[--link->ear_count];
		ev_io_stop(nd->loop, &ear->io);
		ev_timer_stop(nd->loop, &ear->rest);
		close(ear->io.fd);
	}
	free(link);
}

static int open_ears(struct link *link)
{
	const struct nd *nd = link->nd;
	int error;

	if (!nd_filter_refused(nd)) {
		error = nd_filter_open_link(nd->filter, link->ifindex);
		return error ? error : open_ear(link, ND_FILTER_ALL);
	}
	error = open_ear(link, ND_FILTER_ND);
	return error ? error : open_ear(link, ND_FILTER_NOT_ND);
}

int nd_open_link(struct nd *nd, uint32_t ifindex)
{
	struct link *link = find_link(nd, ifindex);
	int error;

	if (link)
		return 0;
	link = must_alloc(sizeof(*link));
	link->nd = nd;
	link->ifindex = ifindex;
	error = open_ears(link);
	if (!error)
		error = refresh(link);
	if (error) {
		free_link(link);
		return error;
	}
	HASH_ADD(hh, nd->links, ifindex, sizeof(ifindex), link);
	return 0;
}

static void count_overflows(struct link *link)
{
	struct tpacket_stats stats;
	socklen_t len;
	unsigned int i;

	for (i = 0; i < link->ear_count; i++) {
		len = sizeof(stats);
		if (!getsockopt(link->ears[i].io.fd, SOL_PACKET,
				PACKET_STATISTICS, &stats, &len))
			link->nd->count[COUNT_OVERFLOWS] += stats.tp_drops;
	}
}

void nd_close_link(struct nd *nd, uint32_t ifindex)
{
	struct link *link = find_link(nd, ifindex);

	if (!link)
		return;
	count_overflows(link);
	HASH_DEL(nd->links, link);
	free_link(link);
	nd_filter_close_link(nd->filter, ifindex);
}

void nd_free(struct nd *nd)
{
	struct link *link, *next;

	if (!nd)
		return;
	HASH_ITER(hh, nd->links, link, next) {
		HASH_DEL(nd->links, link);
		free_link(link);
	}
	nd_filter_free(nd->filter);
	free(nd);
}

int nd_refresh_link(struct nd *nd, uint32_t ifindex)
{
	struct link *link = find_link(nd, ifindex);

	return link ? refresh(link) : ENODEV;
}

static int set_quiet(struct nd *nd, uint32_t ifindex, const uint8_t *lladdr,
		     uint64_t until_ns)
{
	const struct link *link = find_link(nd, ifindex);

	if (!link)
		return ENODEV;
	if (!is_station(link, lladdr))
		return EINVAL;
	return nd_filter_set_quiet(nd->filter, ifindex, lladdr, until_ns);
}

int nd_hear(struct nd *nd, uint32_t ifindex, const uint8_t *lladdr,
	    bool every_frame)
{
	return set_quiet(nd, ifindex, lladdr,
			 every_frame ? 0 : ND_FILTER_FOREVER);
}

int nd_forget_after(struct nd *nd, uint32_t ifindex, const uint8_t *lladdr,
		    uint64_t ms)
{
	return set_quiet(nd, ifindex, lladdr,
			 ms ? now_ns() + ms * NS_PER_MS : 0);
}

uint64_t nd_last_seen_ms(const struct nd *nd, uint32_t ifindex,
			 const uint8_t *lladdr)
{
	return nd_filter_seen_ns(nd->filter, ifindex, lladdr) / NS_PER_MS;
}

static int send_frame(const struct link *link, const uint8_t *frame, size_t len)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IPV6),
		.sll_ifindex = (int)link->ifindex,
	};

	return sendto(link->ears[0].io.fd, frame, len, MSG_DONTWAIT,
		      (struct sockaddr *)&to, sizeof(to)) < 0 ? errno : 0;
}

static int find_link_local(struct link *link, struct in6_addr *addr)
{
	int error;

	if (IN6_IS_ADDR_UNSPECIFIED(&link->link_local)) {
		error = read_link_local(link);
		if (error)
			return error;
	}
	*addr = link->link_local;
	return IN6_IS_ADDR_UNSPECIFIED(addr) ? EADDRNOTAVAIL : 0;
}

int nd_link_local(struct nd *nd, uint32_t ifindex, struct in6_addr *addr)
{
	struct link *link = find_link(nd, ifindex);

	return link ? find_link_local(link, addr) : ENODEV;
}

static int advertise(struct link *link, const struct effect_advertise *wanted)
{
	struct effect_advertise ra = *wanted;
	uint8_t frame[RA_MAX_LEN];
	size_t len;
	int error;

	if (IN6_IS_ADDR_UNSPECIFIED(&ra.src)) {
		error = find_link_local(link, &ra.src);
		if (error)
			return error;
	}
	len = ra_build(&ra, link->lladdr, frame, sizeof(frame));
	return len ? send_frame(link, frame, len) : EINVAL;
}

int nd_advertise(struct nd *nd, const struct effect_advertise *ra)
{
	struct link *link = find_link(nd, ra->ifindex);
	int error = link ? advertise(link, ra) : ENODEV;

	nd->count[error ? COUNT_ADVERTISEMENTS_FAILED :
		  COUNT_ADVERTISEMENTS]++;
	return error;
}

int nd_query(struct nd *nd, uint32_t ifindex, const uint8_t *lladdr)
{
	struct link *link = find_link(nd, ifindex);
	uint8_t frame[ND_QUERY_LEN];
	struct in6_addr src;
	int error = link ? find_link_local(link, &src) : ENODEV;

	if (error)
		return error;
	nd_query_build(lladdr, link->lladdr, &src, frame);
	nd->count[COUNT_QUERIES]++;
	return send_frame(link, frame, sizeof(frame));
}

unsigned int nd_counters(struct nd *nd, struct counter *counters)
{
	struct link *link;
	unsigned int i, n = 0;

	for (link = nd->links; link; link = link->hh.next)
		count_overflows(link);
	for (i = 0; i < COUNTS; i++)
		counters[n++] = (struct counter){ count_names[i],
						  nd->count[i] };
	for (i = ND_ERROR_NOT_ND + 1; i < ND_ERROR_MAX; i++)
		counters[n++] = (struct counter){
			nd_error_name((enum nd_error)i), nd->errors[i]
		};
	return n;
}
