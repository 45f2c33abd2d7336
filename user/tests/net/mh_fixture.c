// SPDX-License-Identifier: GPL-2.0
#include "mh_fixture.h"

#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <poll.h>
#include <sys/socket.h>

#include "../../engine/alloc.h"
#include "../common/vectors.h"
#include "netns.h"

static void on_message(void *arg, const struct in6_addr *src,
		       const struct in6_addr *dst,
		       const struct mh_message *message)
{
	struct end *end = arg;

	end->received++;
	end->message = *message;
	end->src = *src;
	end->dst = *dst;
}

static void on_unreachable(void *arg, const struct in6_addr *peer, int error)
{
	struct end *end = arg;

	end->unreachable++;
	end->peer = *peer;
	end->error = error;
}

struct mh_socket_config config_of(struct end *end, const char *address)
{
	return (struct mh_socket_config){
		.address = ip6(address),
		.on_message = on_message,
		.on_unreachable = on_unreachable,
		.arg = end,
	};
}

static void open_end(struct mh_fixture *fixture, struct end *end,
		     const char *address)
{
	struct mh_socket_config config = config_of(end, address);

	assert_int_equal(mh_socket_open(fixture->loop, &config, &end->sock), 0);
}

static int open_peer(int protocol)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6,
		.sin6_addr = ip6(PEER),
	};
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, protocol);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	return fd;
}

static int open_icmp(void)
{
	int fd = open_peer(IPPROTO_ICMPV6);
	struct icmp6_filter filter;

	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ICMP6_PARAM_PROB, &filter);
	assert_int_equal(setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter,
				    sizeof(filter)), 0);
	return fd;
}

void send_octets(struct mh_fixture *fixture, const char *to,
		 const uint8_t *data, size_t len)
{
	struct sockaddr_in6 dst = {
		.sin6_family = AF_INET6,
		.sin6_addr = ip6(to),
	};
	struct ip6_hdr header = {
		.ip6_flow = htonl(6u << 28),
		.ip6_plen = htons((uint16_t)len),
		.ip6_nxt = IPPROTO_MH,
		.ip6_hlim = 64,
		.ip6_src = ip6(PEER),
		.ip6_dst = dst.sin6_addr,
	};
	uint8_t *packet = must_alloc(sizeof(header) + len);

	memcpy(packet, &header, sizeof(header));
	if (len)
		memcpy(packet + sizeof(header), data, len);
	assert_int_equal(sendto(fixture->out, packet, sizeof(header) + len, 0,
				(struct sockaddr *)&dst, sizeof(dst)),
			 sizeof(header) + len);
	free(packet);
}

void set_checksum(const char *to, uint8_t *data, size_t len)
{
	struct in6_addr src = ip6(PEER), dst = ip6(to);

	data[4] = 0;
	data[5] = 0;
	mh_set_checksum(&src, &dst, data, len);
}

void send_sealed(struct mh_fixture *fixture, const uint8_t *data, size_t len)
{
	uint8_t *copy = exact_copy(data, len);

	if (len >= 6)
		set_checksum(LMA, copy, len);
	send_octets(fixture, LMA, copy, len);
	free(copy);
}

size_t build_pbu(uint8_t *data)
{
	struct mh_message message;
	size_t len;

	full_update(&message);
	len = mh_build(&message, data, MH_MAX_LEN);
	assert_true(len > 0);
	return len;
}

bool lma_has_received(void *arg)
{
	return ((struct mh_fixture *)arg)->lma.received;
}

void flush(struct mh_fixture *fixture)
{
	uint8_t data[MH_MAX_LEN];
	size_t len = build_pbu(data);

	fixture->lma.received = 0;
	send_sealed(fixture, data, len);
	assert_true(comes_true(fixture->loop, lma_has_received, fixture));
}

uint64_t mh_count(const struct end *end, const char *name)
{
	struct counter counters[MH_SOCKET_COUNTERS_MAX];
	unsigned int n = mh_socket_counters(end->sock, counters);

	assert_true(n <= MH_SOCKET_COUNTERS_MAX);
	return counter_of(counters, n, name);
}

void expect_problem(const struct mh_fixture *fixture, uint8_t pointer)
{
	struct pollfd readable = { .fd = fixture->icmp, .events = POLLIN };
	uint8_t answer[2048];
	ssize_t len;

	assert_int_equal(poll(&readable, 1, (int)(DEADLINE_S * 1000)), 1);
	len = recv(fixture->icmp, answer, sizeof(answer), 0);
	assert_true(len >= 56);
	assert_int_equal(answer[0], ICMP6_PARAM_PROB);
	assert_int_equal(answer[1], ICMP6_PARAMPROB_HEADER);
	assert_int_equal(answer[7], pointer);
	assert_int_equal(answer[14], IPPROTO_MH);
}

void expect_no_problem(const struct mh_fixture *fixture)
{
	uint8_t answer[2048];

	assert_int_equal(recv(fixture->icmp, answer, sizeof(answer),
			      MSG_DONTWAIT), -1);
}

/* A kernel with CONFIG_IPV6_MIP6 does not let such a message through. */
static void probe_kernel(struct mh_fixture *fixture)
{
	uint8_t data[16] = { 0, 1, MH_BINDING_UPDATE };

	send_sealed(fixture, data, sizeof(data));
	flush(fixture);
	expect_problem(fixture, 40);
	expect_no_problem(fixture);
	fixture->kernel_filters = !mh_count(&fixture->lma, "payload-proto");
	mh_socket_close(fixture->lma.sock);
	memset(&fixture->lma, 0, sizeof(fixture->lma));
	open_end(fixture, &fixture->lma, LMA);
}

int mh_set_up(void **state)
{
	struct mh_fixture *fixture = must_alloc(sizeof(*fixture));

	enter_namespace();
	add_address(MAG "/128", "lo");
	add_address(LMA "/128", "lo");
	add_address(PEER "/128", "lo");
	fixture->loop = ev_loop_new(EVFLAG_AUTO);
	open_end(fixture, &fixture->mag, MAG);
	open_end(fixture, &fixture->lma, LMA);
	fixture->out = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	assert_true(fixture->out >= 0);
	fixture->in = open_peer(IPPROTO_MH);
	fixture->icmp = open_icmp();
	probe_kernel(fixture);
	*state = fixture;
	return 0;
}

int mh_tear_down(void **state)
{
	struct mh_fixture *fixture = *state;

	mh_socket_close(fixture->mag.sock);
	mh_socket_close(fixture->lma.sock);
	close(fixture->out);
	close(fixture->in);
	close(fixture->icmp);
	ev_loop_destroy(fixture->loop);
	free(fixture);
	return 0;
}
