// SPDX-License-Identifier: GPL-2.0
#include "dhcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <uthash.h>

#include "../engine/alloc.h"
#include "../ports/clock.h"
#include "../ports/dhcp6_relay.h"
#include "access.h"
#include "dhcp_link.h"
#include "lma_role.h"
#include "log.h"
#include "show.h"

/* So many limits are kept beside those of mobile nodes that are here. */
#define LIMITS_SPARE 64

/* Why a message went no further; counted under these names. */
enum drop {
	DROP_NOT_REGISTERED,
	DROP_NOT_ITS_ADDRESS,
	DROP_LIMITED,
	DROP_UNTRUSTED,
	DROP_LEFT,
	DROP_OTHER_LINK,
	DROPS,
};

static const struct {
	const char *name;
	const char *reason;
} drops[DROPS] = {
	[DROP_NOT_REGISTERED] = { "dhcp-not-registered",
				  "no mobile node is registered there" },
	[DROP_NOT_ITS_ADDRESS] = { "dhcp-not-its-address",
				   "comes from an address of others" },
	[DROP_LIMITED] = { "dhcp-limited", "there are too many" },
	[DROP_UNTRUSTED] = { "dhcp-untrusted",
			     "is not from a server that was asked" },
	[DROP_LEFT] = { "dhcp-left", "the mobile node has left" },
	[DROP_OTHER_LINK] = { "dhcp-other-link",
			      "is for prefixes that it does not have" },
};

/**
 * struct station - how much a mobile node may say
 * @lladdr: its link-layer address, the key
 * @limit: so much
 * @hh: among all
 */
struct station {
	uint8_t lladdr[ETH_ALEN];
	struct dhcp_limit limit;
	UT_hash_handle hh;
};

/**
 * struct dhcp - the relay agent
 * @gateway: whose it is
 * @config: what an operator sets
 * @relay: its sockets
 * @stations: limits
 * @drops: by enum drop
 */
struct dhcp {
	struct mag_role *gateway;
	const struct config_dhcp *config;
	struct dhcp6_relay *relay;
	struct station *stations;
	uint64_t drops[DROPS];
};

static const char *mn_text(const struct bule *bule, char *text, size_t size)
{
	return log_quote(text, size, bule->profile.mn_id.data,
			 bule->profile.mn_id.len);
}

static void drop(struct dhcp *dhcp, enum drop reason, const struct bule *bule,
		 uint8_t type)
{
	char mn[4 * MH_MN_ID_MAX + 8] = "";

	dhcp->drops[reason]++;
	if (bule)
		mn_text(bule, mn, sizeof(mn));
	log_event(REPORT_DEBUG, "dhcp-dropped", "%s%s type=%s reason=\"%s\"",
		  bule ? " mn=" : "", mn, dhcp6_type_name(type),
		  drops[reason].reason);
}

/* --- From clients. */

/* What is as good as new need not be kept. */
static void forget_idle(struct dhcp *dhcp, uint64_t now_ms)
{
	size_t here = HASH_CNT(by_lladdr, dhcp->gateway->mag.bul.entries);
	struct station *station, *next;

	if (HASH_COUNT(dhcp->stations) <= here + LIMITS_SPARE)
		return;
	HASH_ITER(hh, dhcp->stations, station, next) {
		if (!dhcp_limit_idle(&station->limit, now_ms))
			continue;
		HASH_DEL(dhcp->stations, station);
		free(station);
	}
}

static bool may_send(struct dhcp *dhcp, const uint8_t *lladdr)
{
	uint64_t now_ms = clock_now().mono_ms;
	struct station *station;

	HASH_FIND(hh, dhcp->stations, lladdr, ETH_ALEN, station);
	if (!station) {
		forget_idle(dhcp, now_ms);
		station = must_alloc(sizeof(*station));
		memcpy(station->lladdr, lladdr, ETH_ALEN);
		HASH_ADD(hh, dhcp->stations, lladdr, ETH_ALEN, station);
	}
	return dhcp_may(&station->limit, dhcp->config->rate, now_ms);
}

static void forward(struct dhcp *dhcp, const struct bule *bule,
		    const struct dhcp6_client *client,
		    const struct config_dhcp_server *server,
		    const uint8_t *data, size_t len)
{
	uint32_t ifindex = server->ifname[0] ? if_nametoindex(server->ifname) :
					       0;
	char addr[INET6_ADDRSTRLEN], mn[4 * MH_MN_ID_MAX + 8];
	int error = 0;

	if (server->ifname[0] && !ifindex)
		error = ENODEV;
	else
		error = dhcp6_relay_forward(dhcp->relay, &server->addr,
					    ifindex, data, len);
	inet_ntop(AF_INET6, &server->addr, addr, sizeof(addr));
	if (error)
		log_event(REPORT_WARNING, "dhcp-relay-failed",
			  " mn=%s server=%s reason=\"%s\"",
			  mn_text(bule, mn, sizeof(mn)), addr,
			  strerror(error));
	else
		log_event(REPORT_DEBUG, "dhcp-relayed",
			  " mn=%s access=%s type=%s server=%s",
			  mn_text(bule, mn, sizeof(mn)), bule->at.ifname,
			  dhcp6_type_name(client->type), addr);
}

static void on_client(void *arg, uint32_t ifindex,
		      const struct dhcp6_client *client)
{
	struct dhcp *dhcp = arg;
	uint8_t data[DHCP6_FRAME_MAX + DHCP6_RELAY_EXTRA];
	char interface_id[DHCP_INTERFACE_ID_SIZE];
	struct dhcp6_link link = { .interface_id = interface_id };
	const struct bule *bule;
	enum drop reason = DROPS;
	unsigned int i;
	size_t len;

	bule = bul_by_lladdr(&dhcp->gateway->mag.bul, client->lladdr);
	if (!bule || bule->state != BULE_ACTIVE || bule->at.ifindex != ifindex)
		reason = DROP_NOT_REGISTERED;
	else if (!IN6_IS_ADDR_LINKLOCAL(&client->src) &&
		 !bule_holds(bule, &client->src))
		reason = DROP_NOT_ITS_ADDRESS;
	else if (!may_send(dhcp, client->lladdr))
		reason = DROP_LIMITED;
	if (reason != DROPS) {
		drop(dhcp, reason, bule, client->type);
		return;
	}
	dhcp_link_address(bule, &link.link);
	link.interface_id_len = dhcp_interface_id(&bule->at, interface_id);
	link.subscriber_id = bule->profile.mn_id.data;
	link.subscriber_id_len = bule->profile.mn_id.len;
	len = dhcp6_build_forward(client, &link, data, sizeof(data));
	for (i = 0; len && i < dhcp->config->server_count; i++)
		forward(dhcp, bule, client, &dhcp->config->servers[i], data,
			len);
}

/* --- From servers. */

/*
 * Never from where mobile nodes are; and where all servers are known, from one
 * of them.
 */
static bool is_trusted(const struct dhcp *dhcp, uint32_t ifindex,
		       const struct in6_addr *src)
{
	const struct agent *agent = dhcp->gateway->role.agent;
	const struct config_dhcp *config = dhcp->config;
	unsigned int i;

	if (access_by_index(dhcp->gateway, ifindex) ||
	    ifindex == dhcp->gateway->role.device.ifindex ||
	    (agent->lma && ifindex == agent->lma->role.device.ifindex))
		return false;
	for (i = 0; i < config->server_count; i++)
		if (IN6_ARE_ADDR_EQUAL(&config->servers[i].addr, src))
			return true;
	return config->has_group;
}

static void answer(struct dhcp *dhcp, const struct bule *bule,
		   const struct dhcp6_reply *reply)
{
	struct mag_role *gateway = dhcp->gateway;
	struct in6_addr src = gateway->config->engine.link_local;
	char mn[4 * MH_MN_ID_MAX + 8];
	int error = 0;

	if (IN6_IS_ADDR_UNSPECIFIED(&src))
		error = nd_link_local(gateway->nd, bule->at.ifindex, &src);
	if (!error)
		error = dhcp6_relay_answer(dhcp->relay, bule->at.ifindex,
					   bule->at.lladdr, &src, reply);
	mn_text(bule, mn, sizeof(mn));
	if (error)
		log_event(REPORT_WARNING, "dhcp-answer-failed",
			  " mn=%s access=%s type=%s reason=\"%s\"", mn,
			  bule->at.ifname, dhcp6_type_name(reply->type),
			  strerror(error));
	else
		log_event(REPORT_DEBUG, "dhcp-answered",
			  " mn=%s access=%s type=%s", mn, bule->at.ifname,
			  dhcp6_type_name(reply->type));
}

static void on_reply(void *arg, uint32_t ifindex, const struct in6_addr *src,
		     const struct dhcp6_reply *reply)
{
	struct dhcp *dhcp = arg;
	const struct bule *bule;

	if (!is_trusted(dhcp, ifindex, src)) {
		drop(dhcp, DROP_UNTRUSTED, NULL, reply->type);
		return;
	}
	bule = dhcp_find(&dhcp->gateway->mag.bul, reply->interface_id,
			 reply->interface_id_len);
	if (!bule || bule->state != BULE_ACTIVE || !bule->at.ifindex) {
		drop(dhcp, DROP_LEFT, bule, reply->type);
		return;
	}
	if (!bule_holds(bule, &reply->link) ||
	    (!IN6_IS_ADDR_LINKLOCAL(&reply->peer) &&
	     !bule_holds(bule, &reply->peer))) {
		drop(dhcp, DROP_OTHER_LINK, bule, reply->type);
		return;
	}
	answer(dhcp, bule, reply);
}

/* --- Begin and end. */

static void listen_for_servers(struct dhcp *dhcp)
{
	int error = dhcp6_relay_listen(dhcp->relay);

	if (error)
		log_event(REPORT_ERROR, "dhcp-failed",
			  " reason=\"%s\" effect=\"tried again with each message of a mobile node\"",
			  error == EADDRINUSE ?
			  "another relay agent or server is there" :
			  strerror(error));
}

struct dhcp *dhcp_new(struct mag_role *gateway)
{
	const struct config_mag *config = gateway->config;
	struct dhcp6_config relay = {
		.address = config->engine.address,
		.underlay = config->device.underlay,
		.mark = config->device.fwmark,
		.on_client = on_client,
		.on_reply = on_reply,
	};
	struct dhcp *dhcp;

	if (!config->dhcp.server_count)
		return NULL;
	dhcp = must_alloc(sizeof(*dhcp));
	dhcp->gateway = gateway;
	dhcp->config = &config->dhcp;
	relay.arg = dhcp;
	dhcp->relay = dhcp6_relay_new(gateway->role.agent->loop, &relay);
	listen_for_servers(dhcp);
	return dhcp;
}

void dhcp_free(struct dhcp *dhcp)
{
	struct station *station, *next;

	if (!dhcp)
		return;
	dhcp6_relay_free(dhcp->relay);
	HASH_ITER(hh, dhcp->stations, station, next) {
		HASH_DEL(dhcp->stations, station);
		free(station);
	}
	free(dhcp);
}

void dhcp_open_link(struct dhcp *dhcp, uint32_t ifindex)
{
	char ifname[IF_NAMESIZE] = "";
	int error;

	if (!dhcp)
		return;
	error = dhcp6_relay_open_link(dhcp->relay, ifindex);
	if (!error)
		return;
	if_indextoname(ifindex, ifname);
	log_event(REPORT_ERROR, "dhcp-failed", " access=%s reason=\"%s\"",
		  ifname, strerror(error));
}

void dhcp_close_link(struct dhcp *dhcp, uint32_t ifindex)
{
	if (dhcp)
		dhcp6_relay_close_link(dhcp->relay, ifindex);
}

void dhcp_put_stats(const struct dhcp *dhcp, struct json_object *object)
{
	struct counter counters[DHCP6_COUNTERS_MAX];
	unsigned int count, i;

	if (!dhcp)
		return;
	count = dhcp6_relay_counters(dhcp->relay, counters);
	for (i = 0; i < count; i++)
		show_count(object, counters[i].name, counters[i].value);
	for (i = 0; i < DROPS; i++)
		show_count(object, drops[i].name, dhcp->drops[i]);
}
