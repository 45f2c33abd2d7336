// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/nd.c: what is advertised. Every test runs with the filter in the
 * kernel and with the classic one.
 */
#include <errno.h>
#include <netinet/icmp6.h>
#include <sys/socket.h>

#include "net/nd_fixture.h"
#include "net/netns.h"

static struct effect_advertise advertisement(const struct nd_fixture *fixture)
{
	struct effect_advertise ra = {
		.ifindex = fixture->ifindex,
		.src = ip6("fe80::200:5eff:fe00:5213"),
		.router_lifetime_s = 1800,
		.mtu = 1460,
		.prefix_count = 1,
		.prefix = { {
			.prefix = prefix6("2001:db8:1:2::/64"),
			.valid_s = 3600,
			.preferred_s = 1800,
			.on_link = true,
			.autonomous = true,
		} },
	};

	memcpy(ra.lladdr, mn_lladdr, sizeof(mn_lladdr));
	return ra;
}

/* What comes to the station that is not the gateway's kernel's own. */
static size_t receive_ra(struct nd_fixture *fixture, uint8_t *frame,
			 size_t size)
{
	struct timeval deadline = { .tv_sec = (time_t)DEADLINE_S };
	ssize_t len;

	setsockopt(fixture->station, SOL_SOCKET, SO_RCVTIMEO, &deadline,
		   sizeof(deadline));
	do {
		len = recv(fixture->station, frame, size, 0);
		assert_true(len > 0);
	} while (len < 55 || frame[20] != IPPROTO_ICMPV6 ||
		 frame[54] != ND_ROUTER_ADVERT);
	return (size_t)len;
}

static void test_advertise(void **state)
{
	struct nd_fixture *fixture = *state;
	struct effect_advertise ra = advertisement(fixture);
	struct in6_addr all_nodes = ip6("ff02::1");
	uint8_t frame[2048];
	size_t len;

	assert_int_equal(nd_advertise(fixture->nd, &ra), 0);
	len = receive_ra(fixture, frame, sizeof(frame));
	assert_int_equal(len, 118);
	assert_memory_equal(frame, mn_lladdr, ETH_ALEN);
	assert_memory_equal(frame + 6, router_lladdr, ETH_ALEN);
	assert_memory_equal(frame + 22, &ra.src, 16);
	assert_memory_equal(frame + 38, &all_nodes, 16);
	assert_memory_equal(frame + 72, router_lladdr, ETH_ALEN);
	assert_int_equal(ones_complement_sum(frame, len), 0xffff);
	/* It was not taken for a station's. */
	hear_all(fixture);
	assert_int_equal(fixture->heard.others, 0);
	assert_int_equal(nd_count(fixture, "router-advertisements"), 1);

	ra.ifindex = 9999;
	assert_int_equal(nd_advertise(fixture->nd, &ra), ENODEV);
	assert_int_equal(nd_count(fixture, "router-advertisements-failed"), 1);
}

/* With none that the kernel makes. */
static void give_address(const char *ifname, const char *address)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "cd /proc/sys/net/ipv6/conf/%s && echo 1 >addr_gen_mode && "
		 "echo 0 >disable_ipv6", ifname);
	shell(command);
	add_address(address, ifname);
}

static void test_advertise_own_address(void **state)
{
	struct nd_fixture *fixture = *state;
	struct effect_advertise ra = advertisement(fixture);
	struct in6_addr link_local = ip6("fe80::99");
	uint8_t frame[2048];

	/* Another link has one, and this one gets one that is not link-local. */
	give_address("station", "fe80::77/64");
	give_address("access", "2001:db8::99/64");
	ra.src = in6addr_any;
	assert_int_equal(nd_advertise(fixture->nd, &ra), EADDRNOTAVAIL);
	give_address("access", "fe80::99/64");
	assert_int_equal(nd_advertise(fixture->nd, &ra), 0);
	receive_ra(fixture, frame, sizeof(frame));
	assert_memory_equal(frame + 22, &link_local, 16);

	shell("ip addr del fe80::99/64 dev access");
	give_address("access", "fe80::98/64");
	assert_int_equal(nd_refresh_link(fixture->nd, fixture->ifindex), 0);
	assert_int_equal(nd_advertise(fixture->nd, &ra), 0);
	receive_ra(fixture, frame, sizeof(frame));
	link_local = ip6("fe80::98");
	assert_memory_equal(frame + 22, &link_local, 16);
}

static void test_new_lladdr(void **state)
{
	static const uint8_t new_lladdr[6] = { 0x02, 0xaa, 0, 0, 0, 1 };
	struct nd_fixture *fixture = *state;
	struct effect_advertise ra = advertisement(fixture);
	uint8_t frame[2048];

	shell("ip link set access address 02:aa:00:00:00:01");
	assert_int_equal(nd_refresh_link(fixture->nd, fixture->ifindex), 0);
	assert_int_equal(nd_advertise(fixture->nd, &ra), 0);
	receive_ra(fixture, frame, sizeof(frame));
	assert_memory_equal(frame + 6, new_lladdr, ETH_ALEN);
	assert_memory_equal(frame + 72, new_lladdr, ETH_ALEN);

	send_udp(fixture, new_lladdr);
	hear_all(fixture);
	assert_int_equal(fixture->heard.others, 0);
	send_udp(fixture, router_lladdr);
	hear_all(fixture);
	assert_int_equal(fixture->heard.others, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(test_advertise),
		BOTH(test_advertise_own_address),
		BOTH(test_new_lladdr),
	};

	if (!have_root())
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
