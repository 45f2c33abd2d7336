// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/dhcp.c, between sockets that only note what they are told.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "../pmip6d/access.h"
#include "../pmip6d/dhcp.h"
#include "../pmip6d/log.h"
#include "../pmip6d/show.h"
#include "../ports/dhcp6_relay.h"
#include "common/test.h"

#define ACCESS 11
#define OTHER_ACCESS 12
#define UPLINK 2
#define TUNNEL 7

#define LINK_LOCAL "fe80::11:22ff:fe33:4455"
#define SERVER "2001:db8:c::2"
#define LINK "2001:db8:a:1:200:5eff:fe00:5213"

static const uint8_t solicit[] = { DHCP6_SOLICIT, 1, 2, 3 };

/* What the sockets were told last, and what they are to say. */
static struct {
	struct dhcp6_config config;
	bool listens;
	int error;
	unsigned int forwarded;
	struct in6_addr server;
	uint32_t by;
	uint8_t data[4096];
	size_t len;
	unsigned int answered;
	uint32_t ifindex;
	uint8_t lladdr[ETH_ALEN];
	struct in6_addr src;
	struct in6_addr peer;
} relay;

struct dhcp6_relay *dhcp6_relay_new(struct ev_loop *loop,
				    const struct dhcp6_config *config)
{
	(void)loop;
	relay.config = *config;
	return (struct dhcp6_relay *)&relay;
}

void dhcp6_relay_free(struct dhcp6_relay *freed)
{
	assert_ptr_equal(freed, &relay);
}

int dhcp6_relay_listen(struct dhcp6_relay *ours)
{
	(void)ours;
	relay.listens = true;
	return relay.error;
}

int dhcp6_relay_open_link(struct dhcp6_relay *ours, uint32_t ifindex)
{
	(void)ours;
	(void)ifindex;
	return relay.error;
}

void dhcp6_relay_close_link(struct dhcp6_relay *ours, uint32_t ifindex)
{
	(void)ours;
	(void)ifindex;
}

int dhcp6_relay_forward(struct dhcp6_relay *ours,
			const struct in6_addr *server, uint32_t ifindex,
			const uint8_t *data, size_t len)
{
	(void)ours;
	relay.forwarded++;
	relay.server = *server;
	relay.by = ifindex;
	memcpy(relay.data, data, len);
	relay.len = len;
	return relay.error;
}

int dhcp6_relay_answer(struct dhcp6_relay *ours, uint32_t ifindex,
		       const uint8_t *lladdr, const struct in6_addr *src,
		       const struct dhcp6_reply *reply)
{
	(void)ours;
	relay.answered++;
	relay.ifindex = ifindex;
	memcpy(relay.lladdr, lladdr, ETH_ALEN);
	relay.src = *src;
	relay.peer = reply->peer;
	return relay.error;
}

unsigned int dhcp6_relay_counters(struct dhcp6_relay *ours,
				  struct counter *counters)
{
	(void)ours;
	(void)counters;
	return 0;
}

struct access_link *access_by_index(const struct mag_role *gateway,
				    uint32_t ifindex)
{
	static struct access_link link;

	(void)gateway;
	return ifindex == ACCESS || ifindex == OTHER_ACCESS ? &link : NULL;
}

int nd_link_local(struct nd *nd, uint32_t ifindex, struct in6_addr *addr)
{
	(void)nd;
	assert_int_equal(ifindex, ACCESS);
	*addr = ip6("fe80::ac");
	return 0;
}

/* The counters, by their name. */
static struct {
	const char *name;
	uint64_t value;
} shown;

void show_count(struct json_object *object, const char *key, uint64_t value)
{
	(void)object;
	if (!strcmp(key, shown.name))
		shown.value = value;
}

/**
 * struct fixture - a gateway with one mobile node
 * @gateway: the role, as far as it is looked at
 * @agent: of the role
 * @config: of the role
 * @servers: two
 * @bule: the mobile node, at ACCESS
 * @dhcp: the relay agent
 */
struct fixture {
	struct mag_role gateway;
	struct agent agent;
	struct config_mag config;
	struct config_dhcp_server servers[2];
	struct bule *bule;
	struct dhcp *dhcp;
};

static int set_up(void **state)
{
	struct fixture *fixture = must_alloc(sizeof(*fixture));
	struct mag_attachment at = {
		.ifindex = ACCESS,
		.ifname = "access0",
		.lladdr = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 },
	};
	struct mag_profile profile = { .mn_id = nai("mn1@example.com") };
	struct mh_prefix hnp = prefix6("2001:db8:a:1::/64");

	memset(&relay, 0, sizeof(relay));
	log_init(REPORT_ERROR);
	fixture->servers[0].addr = ip6(SERVER);
	fixture->servers[1].addr = ip6("2001:db8:c::3");
	fixture->config.dhcp.servers = fixture->servers;
	fixture->config.dhcp.server_count = 1;
	fixture->config.dhcp.rate = 10;
	fixture->config.engine.address = ip6("2001:db8:2::1");
	fixture->config.engine.link_local = ip6("fe80::200:5eff:fe00:5213");
	fixture->gateway.config = &fixture->config;
	fixture->gateway.role.agent = &fixture->agent;
	fixture->gateway.role.device.ifindex = TUNNEL;
	fixture->bule = bul_insert(&fixture->gateway.mag.bul, 1, &at, &profile);
	fixture->bule->state = BULE_ACTIVE;
	bul_set_prefixes(&fixture->gateway.mag.bul, fixture->bule, &hnp, 1);
	fixture->dhcp = dhcp_new(&fixture->gateway);
	assert_non_null(fixture->dhcp);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	dhcp_free(fixture->dhcp);
	if (fixture->bule)
		bul_remove(&fixture->gateway.mag.bul, fixture->bule);
	free(fixture);
	return 0;
}

static uint64_t count_of(const struct fixture *fixture, const char *name)
{
	shown.name = name;
	shown.value = UINT64_MAX;
	dhcp_put_stats(fixture->dhcp, NULL);
	assert_int_not_equal(shown.value, UINT64_MAX);
	return shown.value;
}

static void client_says(uint32_t ifindex, uint8_t last, const char *src)
{
	struct dhcp6_client client = {
		.lladdr = { 0x02, 0x11, 0x22, 0x33, 0x44, last },
		.src = ip6(src),
		.type = DHCP6_SOLICIT,
		.message = solicit,
		.len = sizeof(solicit),
	};

	relay.config.on_client(relay.config.arg, ifindex, &client);
}

static void server_says(uint32_t ifindex, const char *src, const char *link,
			const char *peer, const char *id)
{
	struct dhcp6_reply reply = {
		.link = ip6(link),
		.peer = ip6(peer),
		.interface_id = (const uint8_t *)id,
		.interface_id_len = strlen(id),
		.type = DHCP6_REPLY,
		.message = (const uint8_t *)"\7abc",
		.len = 4,
	};
	struct in6_addr from = ip6(src);

	relay.config.on_reply(relay.config.arg, ifindex, &from, &reply);
}

#define ID "access0/02:11:22:33:44:55"

static void test_relayed(void **state)
{
	struct fixture *fixture = *state;
	struct in6_addr link = ip6(LINK);

	assert_true(relay.listens);
	assert_ip6_equal(&relay.config.address, "2001:db8:2::1");
	client_says(ACCESS, 0x55, LINK_LOCAL);
	assert_int_equal(relay.forwarded, 1);
	/* RULE: B-MAG-89 */
	assert_ip6_equal(&relay.server, SERVER);
	assert_int_equal(relay.by, 0);
	assert_int_equal(relay.data[0], DHCP6_RELAY_FORW);
	/* RULE: B-MAG-41 B-MAG-90 */
	assert_memory_equal(relay.data + 2, &link, sizeof(link));
	assert_non_null(memmem(relay.data, relay.len, ID, strlen(ID)));
	assert_non_null(memmem(relay.data, relay.len, "mn1@example.com", 15));
	assert_non_null(memmem(relay.data, relay.len, solicit,
			       sizeof(solicit)));

	/* From one of its own addresses, too, and to all servers. */
	fixture->config.dhcp.server_count = 2;
	client_says(ACCESS, 0x55, "2001:db8:a:1::5");
	assert_int_equal(relay.forwarded, 3);
	/* RULE: B-MAG-89 */
	assert_ip6_equal(&relay.server, "2001:db8:c::3");
}

static void test_not_relayed(void **state)
{
	struct fixture *fixture = *state;

	client_says(ACCESS, 0x56, LINK_LOCAL);
	client_says(OTHER_ACCESS, 0x55, LINK_LOCAL);
	fixture->bule->state = BULE_REGISTERING;
	client_says(ACCESS, 0x55, LINK_LOCAL);
	fixture->bule->state = BULE_DEREGISTERING;
	client_says(ACCESS, 0x55, LINK_LOCAL);
	assert_int_equal(count_of(fixture, "dhcp-not-registered"), 4);
	fixture->bule->state = BULE_ACTIVE;
	client_says(ACCESS, 0x55, "2001:db8:a:2::5");
	assert_int_equal(count_of(fixture, "dhcp-not-its-address"), 1);
	assert_int_equal(relay.forwarded, 0);
}

static void test_limited(void **state)
{
	struct fixture *fixture = *state;
	int i;

	for (i = 0; i < 500; i++)
		client_says(ACCESS, 0x55, LINK_LOCAL);
	assert_in_range(relay.forwarded, 20, 100);
	assert_int_equal(count_of(fixture, "dhcp-limited"),
			 500 - relay.forwarded);
}

static void test_answered(void **state)
{
	struct fixture *fixture = *state;

	server_says(UPLINK, SERVER, LINK, LINK_LOCAL, ID);
	assert_int_equal(relay.answered, 1);
	assert_int_equal(relay.ifindex, ACCESS);
	assert_memory_equal(relay.lladdr, fixture->bule->at.lladdr, ETH_ALEN);
	assert_ip6_equal(&relay.src, "fe80::200:5eff:fe00:5213");
	assert_ip6_equal(&relay.peer, LINK_LOCAL);
	/* Where links have each an address of their own. */
	fixture->config.engine.link_local = in6addr_any;
	server_says(UPLINK, SERVER, LINK, "2001:db8:a:1::5", ID);
	assert_int_equal(relay.answered, 2);
	assert_ip6_equal(&relay.src, "fe80::ac");
}

static void test_untrusted(void **state)
{
	struct fixture *fixture = *state;

	server_says(UPLINK, "2001:db8:c::3", LINK, LINK_LOCAL, ID);
	server_says(ACCESS, SERVER, LINK, LINK_LOCAL, ID);
	server_says(OTHER_ACCESS, SERVER, LINK, LINK_LOCAL, ID);
	server_says(TUNNEL, SERVER, LINK, LINK_LOCAL, ID);
	assert_int_equal(relay.answered, 0);
	assert_int_equal(count_of(fixture, "dhcp-untrusted"), 4);
	/* Of a group nobody knows the addresses. */
	fixture->config.dhcp.has_group = true;
	server_says(UPLINK, "2001:db8:c::3", LINK, LINK_LOCAL, ID);
	assert_int_equal(relay.answered, 1);
	server_says(ACCESS, "2001:db8:c::3", LINK, LINK_LOCAL, ID);
	assert_int_equal(relay.answered, 1);
}

/* It was there when it asked. */
static void test_left(void **state)
{
	struct fixture *fixture = *state;

	server_says(UPLINK, SERVER, LINK, LINK_LOCAL, "access1" ID);
	strcpy(fixture->bule->at.ifname, "access9");
	server_says(UPLINK, SERVER, LINK, LINK_LOCAL, ID);
	strcpy(fixture->bule->at.ifname, "access0");
	fixture->bule->at.ifindex = 0;
	server_says(UPLINK, SERVER, LINK, LINK_LOCAL, ID);
	fixture->bule->at.ifindex = ACCESS;
	fixture->bule->state = BULE_DEREGISTERING;
	server_says(UPLINK, SERVER, LINK, LINK_LOCAL, ID);
	bul_remove(&fixture->gateway.mag.bul, fixture->bule);
	fixture->bule = NULL;
	server_says(UPLINK, SERVER, LINK, LINK_LOCAL, ID);
	assert_int_equal(relay.answered, 0);
	assert_int_equal(count_of(fixture, "dhcp-left"), 5);
}

static void test_other_link(void **state)
{
	struct fixture *fixture = *state;

	server_says(UPLINK, SERVER, "2001:db8:a:2::1", LINK_LOCAL, ID);
	server_says(UPLINK, SERVER, "::", LINK_LOCAL, ID);
	server_says(UPLINK, SERVER, LINK, "2001:db8:a:2::1", ID);
	assert_int_equal(relay.answered, 0);
	assert_int_equal(count_of(fixture, "dhcp-other-link"), 3);
}

static void test_none(void **state)
{
	struct fixture *fixture = *state;

	fixture->config.dhcp.server_count = 0;
	assert_null(dhcp_new(&fixture->gateway));
	dhcp_open_link(NULL, ACCESS);
	dhcp_close_link(NULL, ACCESS);
	dhcp_put_stats(NULL, NULL);
	dhcp_free(NULL);
}

#define with_fixture(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(test_relayed),
		with_fixture(test_not_relayed),
		with_fixture(test_limited),
		with_fixture(test_answered),
		with_fixture(test_untrusted),
		with_fixture(test_left),
		with_fixture(test_other_link),
		with_fixture(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
