// SPDX-License-Identifier: GPL-2.0
#include "nd_fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#include <linux/capability.h>
#include <linux/if_packet.h>

#include "../../engine/alloc.h"
#include "netns.h"

const uint8_t router_lladdr[ETH_ALEN] = { 0x00, 0x00, 0x5e, 0x00, 0x52, 0x13 };
const uint8_t mn_lladdr[ETH_ALEN] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };

static void on_frame(void *arg, uint32_t ifindex, const uint8_t *lladdr)
{
	struct nd_fixture *fixture = arg;
	struct heard *heard = &fixture->heard;

	heard->ifindex = ifindex;
	if (!memcmp(lladdr, mn_lladdr, ETH_ALEN))
		heard->news++;
	else if (!memcmp(lladdr, fixture->marker, ETH_ALEN))
		heard->marked = true;
	else if (lladdr[1] == 0xee)
		heard->made_up++;
	else
		heard->others++;
}

static void on_solicit(void *arg, uint32_t ifindex, const uint8_t *lladdr,
		       const struct in6_addr *src)
{
	struct heard *heard = &((struct nd_fixture *)arg)->heard;

	assert_memory_equal(lladdr, mn_lladdr, ETH_ALEN);
	if (!heard->solicits++)
		heard->news_before_solicit = heard->news;
	heard->ifindex = ifindex;
	heard->src = *src;
}

static void on_neighbour(void *arg, uint32_t ifindex, const uint8_t *lladdr,
			 const struct in6_addr *src)
{
	struct heard *heard = &((struct nd_fixture *)arg)->heard;

	assert_memory_equal(lladdr, mn_lladdr, ETH_ALEN);
	heard->neighbours++;
	heard->ifindex = ifindex;
	heard->src = *src;
}

static void on_arrival(void *arg, uint32_t ifindex, const uint8_t *lladdr)
{
	struct heard *heard = &((struct nd_fixture *)arg)->heard;

	assert_memory_equal(lladdr, mn_lladdr, ETH_ALEN);
	heard->arrivals++;
	heard->ifindex = ifindex;
}

/* IPv6 is off: nothing is on the links but what the tests send. */
static void make_links(void)
{
	shell("echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6");
	shell("ip link add access address 00:00:5e:00:52:13 type veth "
	      "peer name station");
	shell("ip link set access up && ip link set station up");
	await_carrier("access");
	await_carrier("station");
}

static int open_station(void)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IPV6),
		.sll_ifindex = (int)if_nametoindex("station"),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	return fd;
}

static void set_up(struct nd_fixture *fixture)
{
	const struct nd_callbacks callbacks = {
		.on_frame = on_frame,
		.on_solicit = on_solicit,
		.on_neighbour = on_neighbour,
		.on_arrival = on_arrival,
		.arg = fixture,
	};

	enter_namespace();
	make_links();
	fixture->loop = ev_loop_new(EVFLAG_AUTO);
	fixture->nd = nd_new(fixture->loop, &callbacks);
	fixture->ifindex = if_nametoindex("access");
	fixture->station = open_station();
	assert_int_equal(nd_open_link(fixture->nd, fixture->ifindex), 0);
}

int nd_set_up(void **state)
{
	struct nd_fixture *fixture = must_alloc(sizeof(*fixture));

	set_up(fixture);
	assert_int_equal(nd_filter_refused(fixture->nd), 0);
	*state = fixture;
	return 0;
}

/* As for a daemon in a container that may not use bpf(2). */
int nd_set_up_classic(void **state)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct all[2], some[2];
	struct nd_fixture *fixture = must_alloc(sizeof(*fixture));
	const struct nd_callbacks callbacks = {
		.on_frame = on_frame,
		.on_solicit = on_solicit,
		.on_neighbour = on_neighbour,
		.on_arrival = on_arrival,
		.arg = fixture,
	};

	set_up(fixture);
	nd_free(fixture->nd);
	assert_int_equal(syscall(SYS_capget, &header, all), 0);
	memcpy(some, all, sizeof(some));
	some[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective &=
		~CAP_TO_MASK(CAP_SYS_ADMIN);
	some[CAP_TO_INDEX(CAP_BPF)].effective &= ~CAP_TO_MASK(CAP_BPF);
	assert_int_equal(syscall(SYS_capset, &header, some), 0);
	fixture->nd = nd_new(fixture->loop, &callbacks);
	assert_int_equal(syscall(SYS_capset, &header, all), 0);
	assert_int_equal(nd_filter_refused(fixture->nd), EPERM);
	assert_int_equal(nd_open_link(fixture->nd, fixture->ifindex), 0);
	*state = fixture;
	return 0;
}

int nd_tear_down(void **state)
{
	struct nd_fixture *fixture = *state;

	nd_free(fixture->nd);
	close(fixture->station);
	ev_loop_destroy(fixture->loop);
	free(fixture);
	return 0;
}

void send_frame(struct nd_fixture *fixture, const struct frame *frame)
{
	assert_int_equal(send(fixture->station, frame->data, frame->len, 0),
			 frame->len);
}

void send_udp(struct nd_fixture *fixture, const uint8_t *lladdr)
{
	struct frame frame = frame_udp(lladdr);

	send_frame(fixture, &frame);
}

void send_nd(struct nd_fixture *fixture, const char *src, const char *dst,
	     uint8_t type, const char *body)
{
	struct frame frame = frame_icmp6(mn_lladdr, src, dst, type, body);

	send_frame(fixture, &frame);
}

bool was_marked(void *arg)
{
	return ((struct nd_fixture *)arg)->heard.marked;
}

bool was_solicited(void *arg)
{
	return ((struct nd_fixture *)arg)->heard.solicits;
}

const uint8_t *new_marker(struct nd_fixture *fixture)
{
	fixture->marker[0] = 0x02;
	fixture->marker[1] = 0xff;
	if (++fixture->marker[5] == 0)
		fixture->marker[4]++;
	fixture->heard.marked = false;
	return fixture->marker;
}

void hear_all(struct nd_fixture *fixture)
{
	send_udp(fixture, new_marker(fixture));
	assert_true(comes_true(fixture->loop, was_marked, fixture));
}

void hear_all_nd(struct nd_fixture *fixture)
{
	unsigned int before = fixture->heard.solicits;

	fixture->heard.solicits = 0;
	send_nd(fixture, LINK_LOCAL, "ff02::2", ND_ROUTER_SOLICIT, "00000000");
	assert_true(comes_true(fixture->loop, was_solicited, fixture));
	fixture->heard.solicits += before - 1;
}

uint64_t nd_count(struct nd_fixture *fixture, const char *name)
{
	struct counter counters[ND_COUNTERS_MAX];
	unsigned int n = nd_counters(fixture->nd, counters);

	assert_true(n <= ND_COUNTERS_MAX);
	return counter_of(counters, n, name);
}

uint64_t boot_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
