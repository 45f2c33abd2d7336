// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/dhcp6_relay.c, on a link between two ends in one namespace.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <sys/socket.h>

#include <linux/if_packet.h>

#include "../engine/alloc.h"
#include "../ports/dhcp6_relay.h"
#include "common/frame.h"
#include "net/netns.h"

#define AGENT "2001:db8::1"
#define SERVER "2001:db8::2"
#define GROUP "ff02::1:2"
#define CLIENT "fe80::1"
#define ROUTER "fe80::200:5eff:fe00:5213"

/* So many messages must be able to wait. */
#define BURST_LEAST 150

/* Where things are in a frame. */
#define UDP_AT 54
#define MESSAGE_AT 62

static const uint8_t mn[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };
static const uint8_t router[6] = { 0x00, 0x00, 0x5e, 0x00, 0x52, 0x13 };

/**
 * struct fixture - what a test has
 * @loop: what calls back
 * @relay: the port
 * @ifindex: the access link
 * @station: a packet socket on its other end
 * @server: a server, at SERVER
 * @clients: what clients have sent
 * @lladdr: who the last one was
 * @src: its address
 * @len: octets of its message
 * @type: of the last message of either kind
 * @replies: what servers have answered
 * @from: the last one's source
 * @by: the link that it came by
 */
struct fixture {
	struct ev_loop *loop;
	struct dhcp6_relay *relay;
	uint32_t ifindex;
	int station;
	int server;
	unsigned int clients;
	uint8_t lladdr[ETH_ALEN];
	struct in6_addr src;
	size_t len;
	uint8_t type;
	unsigned int replies;
	struct in6_addr from;
	uint32_t by;
};

static void on_client(void *arg, uint32_t ifindex,
		      const struct dhcp6_client *client)
{
	struct fixture *fixture = arg;

	assert_int_equal(ifindex, fixture->ifindex);
	fixture->clients++;
	memcpy(fixture->lladdr, client->lladdr, ETH_ALEN);
	fixture->src = client->src;
	fixture->type = client->type;
	fixture->len = client->len;
}

static void on_reply(void *arg, uint32_t ifindex, const struct in6_addr *src,
		     const struct dhcp6_reply *reply)
{
	struct fixture *fixture = arg;

	fixture->replies++;
	fixture->type = reply->type;
	fixture->from = *src;
	fixture->by = ifindex;
}

static int open_server(void)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6,
		.sin6_addr = ip6(SERVER),
		.sin6_port = htons(547),
	};
	struct timeval deadline = { .tv_sec = (int)DEADLINE_S };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline,
				    sizeof(deadline)), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
			      sizeof(address)), 0);
	return fd;
}

static int open_station(void)
{
	struct timeval deadline = { .tv_sec = (int)DEADLINE_S };
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IPV6),
		.sll_ifindex = (int)if_nametoindex("station"),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int one = 1;

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline,
				    sizeof(deadline)), 0);
	assert_int_equal(setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING,
				    &one, sizeof(one)), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	return fd;
}

static struct dhcp6_relay *new_relay(struct fixture *fixture)
{
	const struct dhcp6_config config = {
		.address = ip6(AGENT),
		.underlay = "",
		.on_client = on_client,
		.on_reply = on_reply,
		.arg = fixture,
	};

	return dhcp6_relay_new(fixture->loop, &config);
}

static int set_up(void **state)
{
	struct fixture *fixture = must_alloc(sizeof(*fixture));

	enter_namespace();
	add_address(AGENT "/128", "lo");
	add_address(SERVER "/128", "lo");
	shell("ip link add access address 00:00:5e:00:52:13 type veth "
	      "peer name station");
	shell("ip link set station addrgenmode none && "
	      "ip link set access up && ip link set station up");
	await_carrier("access");
	await_carrier("station");
	fixture->loop = ev_loop_new(EVFLAG_AUTO);
	fixture->ifindex = if_nametoindex("access");
	fixture->station = open_station();
	fixture->server = open_server();
	fixture->relay = new_relay(fixture);
	assert_int_equal(dhcp6_relay_listen(fixture->relay), 0);
	assert_int_equal(dhcp6_relay_open_link(fixture->relay,
					       fixture->ifindex), 0);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	dhcp6_relay_free(fixture->relay);
	ev_loop_destroy(fixture->loop);
	close(fixture->station);
	close(fixture->server);
	free(fixture);
	return 0;
}

/* A message of four octets, by hand. */
static struct frame solicit(const char *dst)
{
	struct in6_addr from = ip6(CLIENT), to = ip6(dst);
	struct frame frame = { .len = MESSAGE_AT + 4 };
	uint8_t *data = frame.data;
	uint16_t sum;

	data[0] = data[1] = 0x33;
	memcpy(data + 2, to.s6_addr + 12, 4);
	memcpy(data + 6, mn, 6);
	data[12] = 0x86;
	data[13] = 0xdd;
	data[14] = 0x60;
	data[19] = data[59] = 12;
	data[20] = 17;
	data[21] = 1;
	memcpy(data + 22, &from, 16);
	memcpy(data + 38, &to, 16);
	data[54] = data[56] = 546 >> 8;
	data[55] = 546 & 0xff;
	data[57] = 547 & 0xff;
	data[62] = DHCP6_SOLICIT;
	sum = (uint16_t)~ones_complement_sum(data, frame.len);
	data[60] = (uint8_t)(sum >> 8);
	data[61] = (uint8_t)sum;
	return frame;
}

static void send_from_station(struct fixture *fixture,
			      const struct frame *frame)
{
	assert_int_equal(send(fixture->station, frame->data, frame->len, 0),
			 frame->len);
}

static uint64_t count_of(struct fixture *fixture, const char *name)
{
	struct counter counters[DHCP6_COUNTERS_MAX];
	unsigned int n = dhcp6_relay_counters(fixture->relay, counters);

	assert_true(n <= DHCP6_COUNTERS_MAX);
	return counter_of(counters, n, name);
}

static bool client_has_sent(void *arg)
{
	return ((struct fixture *)arg)->clients;
}

static bool server_has_answered(void *arg)
{
	return ((struct fixture *)arg)->replies;
}

static bool has_refused(void *arg)
{
	return count_of(arg, "dhcp-invalid-checksum");
}

/* What is not for a relay agent is not taken for it. */
static void test_client(void **state)
{
	struct fixture *fixture = *state;
	struct frame other = solicit("ff02::1:3"), frame = solicit(GROUP);
	struct in6_addr src = ip6(CLIENT);

	send_from_station(fixture, &other);
	other = solicit("ff05::1:2");
	send_from_station(fixture, &other);
	other = solicit("ff02:1::1:2");
	send_from_station(fixture, &other);
	other = solicit("ff02::1:0:1:2");
	send_from_station(fixture, &other);
	send_from_station(fixture, &frame);
	assert_true(comes_true(fixture->loop, client_has_sent, fixture));
	assert_int_equal(fixture->clients, 1);
	assert_memory_equal(fixture->lladdr, mn, sizeof(mn));
	assert_memory_equal(&fixture->src, &src, sizeof(src));
	assert_int_equal(fixture->type, DHCP6_SOLICIT);
	assert_int_equal(fixture->len, 4);
	assert_int_equal(count_of(fixture, "dhcp-received"), 1);
	frame.data[60] ^= 1;
	send_from_station(fixture, &frame);
	assert_true(comes_true(fixture->loop, has_refused, fixture));
	assert_int_equal(fixture->clients, 1);
}

static bool all_have_sent(void *arg)
{
	return ((struct fixture *)arg)->clients == 200;
}

/* More than are read at once: those that wait are not lost. */
static void test_many(void **state)
{
	struct fixture *fixture = *state;
	struct frame frame = solicit(GROUP);
	int i;

	for (i = 0; i < 200; i++)
		send_from_station(fixture, &frame);
	assert_true(comes_true(fixture->loop, all_have_sent, fixture));
}

/* What is more than can wait is lost, and counted. */
static void test_too_many(void **state)
{
	struct fixture *fixture = *state;
	struct frame frame = solicit(GROUP);
	unsigned int sent = 0;

	while (!count_of(fixture, "dhcp-queue-overflows") && sent < 100000) {
		send_from_station(fixture, &frame);
		sent++;
	}
	assert_int_equal(count_of(fixture, "dhcp-queue-overflows"), 1);
	assert_in_range(sent, BURST_LEAST, 99999);
}

/* By a host's own socket, whose checksums are left for hardware to do. */
static void test_offloaded(void **state)
{
	struct fixture *fixture = *state;
	struct sockaddr_in6 to = {
		.sin6_family = AF_INET6,
		.sin6_addr = ip6(GROUP),
		.sin6_port = htons(547),
		.sin6_scope_id = if_nametoindex("station"),
	};
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	add_address("fe80::5/64", "station");
	assert_int_equal(sendto(fd, "\1abc", 4, 0, (struct sockaddr *)&to,
				sizeof(to)), 4);
	close(fd);
	assert_true(comes_true(fixture->loop, client_has_sent, fixture));
	assert_int_equal(fixture->len, 4);
}

static void test_forward(void **state)
{
	struct fixture *fixture = *state;
	struct in6_addr server = ip6(SERVER), agent = ip6(AGENT);
	struct sockaddr_in6 from = { 0 };
	socklen_t size = sizeof(from);
	uint8_t data[64];

	assert_int_equal(dhcp6_relay_forward(fixture->relay, &server, 0,
					     (const uint8_t *)"abcd", 4), 0);
	assert_int_equal(recvfrom(fixture->server, data, sizeof(data), 0,
				  (struct sockaddr *)&from, &size), 4);
	assert_memory_equal(data, "abcd", 4);
	assert_memory_equal(&from.sin6_addr, &agent, sizeof(agent));
	assert_int_equal(ntohs(from.sin6_port), 547);
	assert_int_equal(count_of(fixture, "dhcp-forwarded"), 1);
}

/* RFC 8415 19.1.1: a group's messages have 8 hops. */
static void test_forward_to_group(void **state)
{
	struct fixture *fixture = *state;
	struct in6_addr group = ip6("ff05::1:3");
	uint8_t data[256];
	ssize_t len;

	add_address("2001:db8:1::1/64", "access");
	do {
		assert_int_equal(dhcp6_relay_forward(fixture->relay, &group,
						     fixture->ifindex,
						     (const uint8_t *)"abcd",
						     4), 0);
		len = recv(fixture->station, data, sizeof(data), 0);
		assert_true(len > 0);
	} while (data[20] != 17);
	assert_int_equal(len, MESSAGE_AT + 4);
	/* RULE: B-MAG-89 */
	assert_memory_equal(data + 38, &group, sizeof(group));
	assert_int_equal(data[21], 8);
}

static void answer_from(struct fixture *fixture, const char *hex)
{
	struct sockaddr_in6 to = {
		.sin6_family = AF_INET6,
		.sin6_addr = ip6(AGENT),
		.sin6_port = htons(547),
	};
	uint8_t data[128];
	size_t len = from_hex(hex, data, sizeof(data));

	assert_int_equal(sendto(fixture->server, data, len, 0,
				(struct sockaddr *)&to, sizeof(to)), len);
}

static void test_reply(void **state)
{
	struct fixture *fixture = *state;

	answer_from(fixture, "07000000");
	answer_from(fixture, "0d00" "20010db8000a00010000000000000001"
		    "fe800000000000000000000000000001" "0012000161"
		    "00090004" "07abcdef");
	assert_true(comes_true(fixture->loop, server_has_answered, fixture));
	assert_int_equal(fixture->replies, 1);
	assert_ip6_equal(&fixture->from, SERVER);
	assert_int_equal(fixture->by, if_nametoindex("lo"));
	assert_int_equal(fixture->type, DHCP6_REPLY);
	assert_int_equal(count_of(fixture, "dhcp-replies"), 1);
	assert_int_equal(count_of(fixture, "dhcp-invalid-type"), 1);
}

/* To its own link-layer address, and no other station hears it. */
static void test_answer(void **state)
{
	struct fixture *fixture = *state;
	struct in6_addr src = ip6(ROUTER);
	struct dhcp6_reply reply = {
		.peer = ip6(CLIENT),
		.message = (const uint8_t *)"\7abc",
		.len = 4,
	};
	uint8_t data[256], large[1500] = { 0 };
	ssize_t len;

	assert_int_equal(dhcp6_relay_answer(fixture->relay, fixture->ifindex,
					    mn, &src, &reply), 0);
	do {
		len = recv(fixture->station, data, sizeof(data), 0);
		assert_true(len > 0);
	} while (data[20] != 17);
	assert_int_equal(len, MESSAGE_AT + 4);
	assert_memory_equal(data, mn, 6);
	assert_memory_equal(data + 6, router, 6);
	assert_memory_equal(data + 38, &reply.peer, 16);
	assert_memory_equal(data + UDP_AT, "\x02\x23\x02\x22", 4);
	assert_memory_equal(data + MESSAGE_AT, "\7abc", 4);

	reply.message = large;
	reply.len = sizeof(large);
	assert_int_equal(dhcp6_relay_answer(fixture->relay, fixture->ifindex,
					    mn, &src, &reply), EMSGSIZE);
	assert_int_equal(dhcp6_relay_answer(fixture->relay, 9999, mn, &src,
					    &reply), ENODEV);
	assert_int_equal(count_of(fixture, "dhcp-answered"), 1);
	assert_int_equal(count_of(fixture, "dhcp-answer-failed"), 2);
}

/* There is another relay agent; once it is gone, this one is there. */
static void test_address_in_use(void **state)
{
	struct fixture *fixture = *state;
	struct dhcp6_relay *other = new_relay(fixture);
	struct in6_addr server = ip6(SERVER);
	const uint8_t *data = (const uint8_t *)"abcd";

	assert_int_equal(dhcp6_relay_forward(other, &server, 0, data, 4),
			 EADDRINUSE);
	dhcp6_relay_free(fixture->relay);
	fixture->relay = other;
	assert_int_equal(dhcp6_relay_forward(other, &server, 0, data, 4), 0);
}

static void test_close_link(void **state)
{
	struct fixture *fixture = *state;
	struct frame frame = solicit(GROUP);

	dhcp6_relay_close_link(fixture->relay, fixture->ifindex);
	send_from_station(fixture, &frame);
	assert_int_equal(dhcp6_relay_open_link(fixture->relay,
					       fixture->ifindex), 0);
	assert_int_equal(dhcp6_relay_open_link(fixture->relay,
					       fixture->ifindex), 0);
	frame.data[11] = 7;
	send_from_station(fixture, &frame);
	assert_true(comes_true(fixture->loop, client_has_sent, fixture));
	assert_int_equal(fixture->clients, 1);
	assert_int_equal(fixture->lladdr[5], 7);
	assert_int_not_equal(dhcp6_relay_open_link(fixture->relay, 9999), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_client, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_too_many, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_offloaded, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_forward, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_forward_to_group, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_reply, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_answer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_address_in_use, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_close_link, set_up,
						tear_down),
	};

	if (!have_root())
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
