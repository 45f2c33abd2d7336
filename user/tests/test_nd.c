// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/nd.c and its filter: what is heard. Every test runs with the filter
 * in the kernel and with the classic one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <sys/socket.h>

#include <linux/if_packet.h>

#include "../ports/nd_filter.h"
#include "../ports/nd_message.h"
#include "net/nd_fixture.h"
#include "net/netns.h"

#define NS_BODY "00000000" "fe800000000000000000000000000001"

static void test_first_frame_once(void **state)
{
	struct nd_fixture *fixture = *state;
	int i;

	for (i = 0; i < 20; i++)
		send_udp(fixture, mn_lladdr);
	hear_all(fixture);
	assert_int_equal(fixture->heard.news, 1);
	assert_int_equal(fixture->heard.others, 0);
	assert_int_equal(fixture->heard.ifindex, fixture->ifindex);
	if (!nd_filter_refused(fixture->nd))
		assert_int_equal(nd_count(fixture, "frames"), 2);
}

static bool is_news_again(void *arg)
{
	struct nd_fixture *fixture = arg;

	send_udp(fixture, mn_lladdr);
	return fixture->heard.news > 1;
}

/* A report may be lost: nobody decided about the station. */
static void test_undecided_is_repeated(void **state)
{
	struct nd_fixture *fixture = *state;
	uint64_t begin = boot_ms();

	send_udp(fixture, mn_lladdr);
	hear_all(fixture);
	assert_int_equal(fixture->heard.news, 1);
	assert_true(comes_true(fixture->loop, is_news_again, fixture));
	assert_true(boot_ms() - begin >= ND_FILTER_REPEAT_NS / 1000000);
}

static void test_known_station(void **state)
{
	struct nd_fixture *fixture = *state;
	struct in6_addr src = ip6(LINK_LOCAL);
	int i;

	assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, mn_lladdr, false), 0);
	for (i = 0; i < 20; i++)
		send_udp(fixture, mn_lladdr);
	send_nd(fixture, LINK_LOCAL, "ff02::2", ND_ROUTER_SOLICIT, "00000000");
	hear_all(fixture);
	assert_true(comes_true(fixture->loop, was_solicited, fixture));
	assert_int_equal(fixture->heard.news, 0);
	assert_int_equal(fixture->heard.solicits, 1);
	assert_memory_equal(&fixture->heard.src, &src, sizeof(src));
	if (!nd_filter_refused(fixture->nd))
		assert_int_equal(nd_count(fixture, "frames"), 2);
	assert_int_equal(nd_count(fixture, "router-solicitations"), 1);
}

static void test_hear_every_frame(void **state)
{
	struct nd_fixture *fixture = *state;
	int round;

	for (round = 1; round <= 3; round++) {
		assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, mn_lladdr,
					 true), 0);
		send_udp(fixture, mn_lladdr);
		send_udp(fixture, mn_lladdr);
		hear_all(fixture);
		assert_int_equal(fixture->heard.news, round);
		assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, mn_lladdr,
					 false), 0);
		send_udp(fixture, mn_lladdr);
		hear_all(fixture);
		assert_int_equal(fixture->heard.news, round);
	}
}

/* What waited in the queue was sent before the gateway changed its mind. */
static void test_queued_is_no_news(void **state)
{
	struct nd_fixture *fixture = *state;

	if (nd_filter_refused(fixture->nd)) {
		assert_int_equal(nd_count(fixture, "news"), 0);
		return;
	}
	send_udp(fixture, mn_lladdr);
	assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, mn_lladdr, true), 0);
	hear_all(fixture);
	assert_int_equal(fixture->heard.news, 0);
	send_udp(fixture, mn_lladdr);
	hear_all(fixture);
	assert_int_equal(fixture->heard.news, 1);
}

static bool is_news(void *arg)
{
	struct nd_fixture *fixture = arg;

	send_udp(fixture, mn_lladdr);
	return fixture->heard.news;
}

static void test_forget_after(void **state)
{
	struct nd_fixture *fixture = *state;
	uint64_t begin = boot_ms();

	assert_int_equal(nd_forget_after(fixture->nd, fixture->ifindex, mn_lladdr,
					 300), 0);
	assert_true(comes_true(fixture->loop, is_news, fixture));
	assert_true(boot_ms() - begin >= 299);

	fixture->heard.news = 0;
	assert_int_equal(nd_forget_after(fixture->nd, fixture->ifindex, mn_lladdr, 0),
			 0);
	send_udp(fixture, mn_lladdr);
	hear_all(fixture);
	assert_int_equal(fixture->heard.news, 1);
}

static void test_solicit_is_news_first(void **state)
{
	struct nd_fixture *fixture = *state;

	send_nd(fixture, "::", "ff02::2", ND_ROUTER_SOLICIT, "00000000");
	assert_true(comes_true(fixture->loop, was_solicited, fixture));
	assert_int_equal(fixture->heard.news, 1);
	assert_true(fixture->heard.news_before_solicit);
	assert_memory_equal(&fixture->heard.src, &in6addr_any, 16);
}

static void test_neighbours(void **state)
{
	struct nd_fixture *fixture = *state;
	struct in6_addr src = ip6("fe80::7");

	/* A test of an address: news, but no address to send to. */
	send_nd(fixture, "::", "ff02::1:ff00:1", ND_NEIGHBOR_SOLICIT, NS_BODY);
	hear_all_nd(fixture);
	assert_int_equal(fixture->heard.news, 1);
	assert_int_equal(fixture->heard.neighbours, 0);
	assert_int_equal(fixture->heard.arrivals, 1);

	send_nd(fixture, "fe80::7", "fe80::2", ND_NEIGHBOR_SOLICIT, NS_BODY);
	send_nd(fixture, "2001:db8::7", "fe80::2", ND_NEIGHBOR_SOLICIT,
		NS_BODY);
	send_nd(fixture, "2001:db8::7", "ff02::1", ND_NEIGHBOR_ADVERT, NS_BODY);
	send_nd(fixture, "fe80::7", "ff02::1", ND_NEIGHBOR_ADVERT, NS_BODY);
	hear_all_nd(fixture);
	assert_int_equal(fixture->heard.neighbours, 2);
	assert_int_equal(nd_count(fixture, "neighbour-messages"), 5);
	assert_int_equal(fixture->heard.news, 1);
	assert_int_equal(fixture->heard.arrivals, 1);

	send_nd(fixture, "fe80::7", "ff02::1", ND_NEIGHBOR_ADVERT, NS_BODY);
	fixture->heard.solicits = 0;
	send_nd(fixture, LINK_LOCAL, "ff02::2", ND_ROUTER_SOLICIT, "00000000");
	assert_true(comes_true(fixture->loop, was_solicited, fixture));
	assert_int_equal(fixture->heard.neighbours, 3);
	assert_memory_not_equal(&fixture->heard.src, &src, sizeof(src));
}

/* RFC 3810: what a station sends whose link was down is a report of groups. */
static void test_news_from_link_local(void **state)
{
	struct nd_fixture *fixture = *state;
	struct in6_addr src = ip6("fe80::7");
	struct frame frame = frame_udp(mn_lladdr);

	memcpy(frame.data + FRAME_IP6 + 8, &src, sizeof(src));
	send_frame(fixture, &frame);
	send_frame(fixture, &frame);
	hear_all(fixture);
	assert_int_equal(fixture->heard.news, 1);
	assert_int_equal(fixture->heard.neighbours, 1);
	assert_memory_equal(&fixture->heard.src, &src, sizeof(src));
	assert_int_equal(nd_count(fixture, "neighbour-messages"), 0);
}

/* From a station that is known: what it joins is heard, what it answers is not. */
static void test_reports(void **state)
{
	static const uint8_t answers[] = { 1, 2, 5, 6 };
	struct nd_fixture *fixture = *state;
	struct frame frame;
	size_t i;

	assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, mn_lladdr,
				 false), 0);
	for (i = 0; i < sizeof(answers); i++) {
		frame = frame_report(mn_lladdr, "fe80::7", answers[i]);
		send_frame(fixture, &frame);
	}
	hear_all(fixture);
	assert_int_equal(nd_count(fixture, "frames"), 1);
	assert_int_equal(fixture->heard.arrivals, 0);

	frame = frame_report(mn_lladdr, "fe80::7", ND_RECORD_TO_EXCLUDE);
	send_frame(fixture, &frame);
	frame = frame_report(mn_lladdr, "::", ND_RECORD_TO_INCLUDE);
	send_frame(fixture, &frame);
	hear_all(fixture);
	assert_int_equal(fixture->heard.arrivals, 2);
	assert_int_equal(nd_count(fixture, "group-reports"), 2);
	assert_int_equal(fixture->heard.news, 0);
}

static void test_faults_are_counted(void **state)
{
	struct nd_fixture *fixture = *state;
	struct frame frame;

	frame = frame_icmp6(mn_lladdr, LINK_LOCAL, "ff02::2", ND_ROUTER_SOLICIT,
			    "00000000");
	frame.data[21] = 64;
	send_frame(fixture, &frame);
	frame.data[21] = 255;
	frame.data[56] ^= 1;
	send_frame(fixture, &frame);
	hear_all_nd(fixture);
	assert_int_equal(fixture->heard.solicits, 0);
	assert_int_equal(nd_count(fixture, "invalid-hop-limit"), 1);
	assert_int_equal(nd_count(fixture, "invalid-checksum"), 1);
}

/* Not only its header passes: all of it is summed up. */
static void test_long_solicitation(void **state)
{
	struct nd_fixture *fixture = *state;
	struct frame frame;

	frame = frame_icmp6(mn_lladdr, LINK_LOCAL, "ff02::2", ND_ROUTER_SOLICIT,
			    "00000000" "0e20");
	memset(frame.data + frame.len, 0x5a, 254);
	frame.len += 254;
	frame_seal(&frame);
	send_frame(fixture, &frame);
	assert_true(comes_true(fixture->loop, was_solicited, fixture));
}

static bool is_seen_anew(void *arg)
{
	struct nd_fixture *fixture = arg;

	send_udp(fixture, mn_lladdr);
	return nd_last_seen_ms(fixture->nd, fixture->ifindex, mn_lladdr) >
	       fixture->seen_ms;
}

static void test_last_seen(void **state)
{
	struct nd_fixture *fixture = *state;
	uint64_t begin = boot_ms();

	assert_int_equal(nd_last_seen_ms(fixture->nd, fixture->ifindex, mn_lladdr),
			 0);
	send_udp(fixture, mn_lladdr);
	hear_all(fixture);
	fixture->seen_ms = nd_last_seen_ms(fixture->nd, fixture->ifindex, mn_lladdr);
	assert_in_range(fixture->seen_ms, begin, boot_ms());

	/* Nobody hears of it, but the time goes on, and so does what is seen. */
	assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, mn_lladdr, false), 0);
	assert_int_equal(nd_last_seen_ms(fixture->nd, fixture->ifindex, mn_lladdr),
			 fixture->seen_ms);
	assert_true(comes_true(fixture->loop, is_seen_anew, fixture));
	assert_in_range(nd_last_seen_ms(fixture->nd, fixture->ifindex, mn_lladdr),
			fixture->seen_ms, boot_ms());
	assert_int_equal(fixture->heard.news, 1);

	assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, mn_lladdr, true), 0);
	assert_true(nd_last_seen_ms(fixture->nd, fixture->ifindex, mn_lladdr) >
		    fixture->seen_ms);
}

/* What the router itself sends, for a virtual machine of its own say. */
static void send_out(const struct nd_fixture *fixture, const uint8_t *lladdr)
{
	struct frame frame = frame_udp(lladdr);
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IPV6),
		.sll_ifindex = (int)fixture->ifindex,
	};

	assert_int_equal(sendto(fixture->station, frame.data, frame.len, 0,
				(struct sockaddr *)&to, sizeof(to)),
			 frame.len);
}

static void test_no_stations(void **state)
{
	static const uint8_t group[6] = { 0x03, 1, 2, 3, 4, 5 };
	static const uint8_t zero[6];
	static const uint8_t tag[4] = { 0x81, 0x00, 0x00, 0x05 };
	struct nd_fixture *fixture = *state;
	struct frame frame;

	send_udp(fixture, group);
	send_udp(fixture, zero);
	send_udp(fixture, router_lladdr);
	send_out(fixture, mn_lladdr);
	/* Of a VLAN, which is a link of its own. */
	frame = frame_udp(mn_lladdr);
	memmove(frame.data + 16, frame.data + 12, frame.len - 12);
	memcpy(frame.data + 12, tag, sizeof(tag));
	frame.len += sizeof(tag);
	send_frame(fixture, &frame);
	hear_all(fixture);
	assert_int_equal(fixture->heard.news, 0);
	assert_int_equal(fixture->heard.others, 0);

	/* With a priority only, it is of the link. */
	frame.data[14] = 0xe0;
	frame.data[15] = 0;
	send_frame(fixture, &frame);
	hear_all(fixture);
	assert_int_equal(fixture->heard.news, 1);

	assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, router_lladdr, false),
			 EINVAL);
	assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, zero, false),
			 EINVAL);
}

static bool marker_comes(void *arg)
{
	struct nd_fixture *fixture = arg;

	send_udp(fixture, fixture->marker);
	return was_marked(arg);
}

/* Made-up addresses do not keep the daemon busy, nor others out for long. */
static void test_made_up_addresses(void **state)
{
	struct nd_fixture *fixture = *state;
	uint8_t made_up[6] = { 0x02, 0xee, 0, 0, 0, 0 };
	uint64_t begin = boot_ms(), periods;
	unsigned int i;

	for (i = 0; i < 5000; i++) {
		made_up[4] = (uint8_t)(i >> 8);
		made_up[5] = (uint8_t)i;
		send_udp(fixture, made_up);
	}
	periods = 2 + (boot_ms() - begin) / (ND_FILTER_BUDGET_NS / 1000000);
	new_marker(fixture);
	assert_true(comes_true(fixture->loop, marker_comes, fixture));
	assert_true(fixture->heard.made_up > 0);
	if (!nd_filter_refused(fixture->nd))
		assert_true(fixture->heard.made_up <=
			    periods * ND_FILTER_BUDGET);

	/* Known stations are heard all the time. */
	assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, mn_lladdr, false), 0);
	for (i = 0; i < 500; i++) {
		made_up[3] = 1;
		made_up[5] = (uint8_t)i;
		send_udp(fixture, made_up);
	}
	send_nd(fixture, LINK_LOCAL, "ff02::2", ND_ROUTER_SOLICIT, "00000000");
	assert_true(comes_true(fixture->loop, was_solicited, fixture));
}

static void test_close_forgets(void **state)
{
	struct nd_fixture *fixture = *state;

	assert_int_equal(nd_open_link(fixture->nd, fixture->ifindex), 0);
	assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, mn_lladdr, false), 0);
	send_udp(fixture, mn_lladdr);
	hear_all(fixture);
	nd_close_link(fixture->nd, fixture->ifindex);
	nd_close_link(fixture->nd, fixture->ifindex);
	assert_int_equal(nd_last_seen_ms(fixture->nd, fixture->ifindex, mn_lladdr),
			 0);
	assert_int_equal(nd_hear(fixture->nd, fixture->ifindex, mn_lladdr, false),
			 ENODEV);
	assert_int_equal(nd_forget_after(fixture->nd, fixture->ifindex, mn_lladdr, 1),
			 ENODEV);
	assert_int_equal(nd_refresh_link(fixture->nd, fixture->ifindex),
			 ENODEV);

	assert_int_equal(nd_open_link(fixture->nd, fixture->ifindex), 0);
	send_udp(fixture, mn_lladdr);
	hear_all(fixture);
	assert_int_equal(fixture->heard.news, 1);
}

/* Stations of one link are not those of another. */
static void test_two_links(void **state)
{
	struct nd_fixture *fixture = *state;
	struct nd_fixture other = *fixture;

	shell("ip link add access2 type veth peer name station2");
	shell("ip link set access2 up && ip link set station2 up");
	other.ifindex = if_nametoindex("access2");
	assert_int_equal(nd_open_link(fixture->nd, other.ifindex), 0);
	assert_int_equal(nd_hear(fixture->nd, other.ifindex, mn_lladdr, false), 0);
	send_udp(fixture, mn_lladdr);
	hear_all(fixture);
	assert_int_equal(fixture->heard.news, 1);
	assert_int_equal(nd_last_seen_ms(fixture->nd, other.ifindex, mn_lladdr), 0);
	nd_close_link(fixture->nd, fixture->ifindex);
	assert_int_equal(nd_hear(fixture->nd, other.ifindex, mn_lladdr, false), 0);
}

static void test_no_such_link(void **state)
{
	struct nd_fixture *fixture = *state;

	assert_int_equal(nd_open_link(fixture->nd, 9999), ENODEV);
	assert_int_equal(nd_open_link(fixture->nd, if_nametoindex("lo")),
			 EPROTONOSUPPORT);
	nd_close_link(fixture->nd, 9999);
}

static void test_link_down_and_up(void **state)
{
	struct nd_fixture *fixture = *state;

	shell("ip link set access down");
	ev_run(fixture->loop, EVRUN_NOWAIT);
	shell("ip link set access up");
	await_carrier("access");
	await_carrier("station");
	send_udp(fixture, mn_lladdr);
	hear_all(fixture);
	assert_int_equal(fixture->heard.news, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(test_first_frame_once),
		BOTH(test_undecided_is_repeated),
		BOTH(test_known_station),
		BOTH(test_hear_every_frame),
		BOTH(test_queued_is_no_news),
		BOTH(test_forget_after),
		BOTH(test_solicit_is_news_first),
		BOTH(test_neighbours),
		BOTH(test_news_from_link_local),
		cmocka_unit_test_setup_teardown(test_reports, nd_set_up,
						nd_tear_down),
		BOTH(test_faults_are_counted),
		BOTH(test_long_solicitation),
		BOTH(test_last_seen),
		BOTH(test_no_stations),
		BOTH(test_made_up_addresses),
		BOTH(test_close_forgets),
		BOTH(test_two_links),
		BOTH(test_no_such_link),
		BOTH(test_link_down_and_up),
	};

	if (!have_root())
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
