// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/rtnetlink.h>

#include "../engine/alloc.h"
#include "../ports/clock.h"
#include "../ports/routes_rtnl.h"
#include "access.h"
#include "dhcp.h"
#include "log.h"
#include "visitors.h"
#include "visitors_local.h"

/*
 * After every route that has none of its own. With the last of all, "ip route
 * flush" would take it for one of the kernel's, and leave it.
 */
#define LAST_METRIC 0xfffffffe

static void on_rule(void *context, int error, const char *text)
{
	/* From an earlier run. */
	if (error && error != EEXIST)
		log_event(REPORT_ERROR, "rule-failed", " rule=%s reason=\"%s\"",
			  (const char *)context, text ? text : strerror(error));
}

static void on_route(void *context, int error, const char *text)
{
	if (error)
		log_event(REPORT_ERROR, "route-failed", " route=%s reason=\"%s\"",
			  (const char *)context, text ? text : strerror(error));
}

static void add_rule(struct mag_role *gateway, const char *iif, uint32_t offset,
		     uint32_t table, const char *what)
{
	struct routing_rule rule = {
		.preference = gateway->config->rule_priority + offset,
		.table = table,
	};

	strcpy(rule.iif, iif);
	rule_add(gateway->role.agent->rtnl, &rule, on_rule, (void *)what);
}

void access_route_tunnel(struct mag_role *gateway)
{
	const struct config_mag *config = gateway->config;
	struct nl_queue *rtnl = gateway->role.agent->rtnl;
	const char *tunnel = config->device.name;
	struct route last = {
		.table = config->table_uplink,
		.metric = LAST_METRIC,
		.unreachable = true,
	};
	struct route up = {
		.table = config->table_uplink,
		.ifindex = gateway->role.device.ifindex,
		.tunnel = true,
	};

	route_add(rtnl, &last, on_route, "uplink-unreachable");
	route_add(rtnl, &up, on_route, "uplink");
	add_rule(gateway, tunnel, 0, config->table_access, "from-tunnel");
	add_rule(gateway, "lo", 0, config->table_access, "from-router");
	add_rule(gateway, tunnel, 1, 0, "from-tunnel-blackhole");
}

static bool wants_rule(const struct mag_role *gateway,
		       const struct routing_rule *rule)
{
	const struct config_mag *config = gateway->config;
	bool tunnel = !strcmp(rule->iif, config->device.name);

	if (rule->from.len)
		return visitors_want_rule(gateway, rule);
	if (!rule->table)
		return tunnel &&
		       rule->preference == config->rule_priority + 1;
	if (rule->preference != config->rule_priority)
		return false;
	if (rule->table == config->table_access)
		return tunnel || !strcmp(rule->iif, "lo");
	return rule->table == config->table_uplink &&
	       config_access_find(config, rule->iif);
}

/* Where a prefix is routed to. */
struct place {
	struct mh_prefix prefix;
	uint32_t ifindex;
};

static int compare_places(const void *first, const void *second)
{
	const struct place *a = first, *b = second;
	int order = memcmp(&a->prefix.addr, &b->prefix.addr,
			   sizeof(a->prefix.addr));

	if (!order)
		order = a->prefix.len - b->prefix.len;
	if (!order)
		order = (a->ifindex > b->ifindex) - (a->ifindex < b->ifindex);
	return order;
}

/* Those of all mobile nodes, sorted. */
static struct place *all_places(const struct mag_role *gateway, size_t *count)
{
	struct place *places = NULL;
	const struct bule *bule;
	size_t room = 0;
	unsigned int i;

	*count = 0;
	for (bule = gateway->mag.bul.entries; bule; bule = bul_next(bule)) {
		if (!places || *count + bule->hnp_count > room) {
			room = 2 * room + MH_MAX_HNP;
			places = must_realloc(places, room * sizeof(*places));
		}
		for (i = 0; i < bule->hnp_count; i++)
			places[(*count)++] = (struct place){
				.prefix = bule->hnp[i],
				.ifindex = bule->at.ifindex,
			};
	}
	if (places)
		qsort(places, *count, sizeof(*places), compare_places);
	return places;
}

static bool wants_route(const struct mag_role *gateway,
			const struct route *route, const struct place *places,
			size_t count)
{
	const struct config_mag *config = gateway->config;
	struct place place = {
		.prefix = route->prefix,
		.ifindex = route->ifindex,
	};

	if (route->table == RT_TABLE_MAIN)
		return visitors_want_route(gateway, route);
	if (route->table == config->table_uplink)
		return !route->prefix.len &&
		       (route->unreachable ||
			route->ifindex == gateway->role.device.ifindex);
	if (route->table != config->table_access)
		return false;
	return visitors_want_local_route(gateway, route) ||
	       (count && bsearch(&place, places, count, sizeof(place),
				 compare_places));
}

static bool wants_address(const struct mag_role *gateway,
			  const struct link_address *address)
{
	if (IN6_ARE_ADDR_EQUAL(&address->address,
			       &gateway->config->engine.link_local))
		return access_by_index(gateway, address->ifindex);
	return mag_link_carries(&gateway->mag, address->ifindex,
				&address->address);
}

static void judge_leftovers(void *context, struct leftovers *leftovers)
{
	const struct mag_role *gateway = context;
	struct place *places;
	size_t count, i;

	for (i = 0; i < leftovers->rule_count; i++)
		if (!wants_rule(gateway, &leftovers->rules[i]))
			leftovers_delete_rule(leftovers, &leftovers->rules[i]);
	for (i = 0; i < leftovers->address_count; i++)
		if (!wants_address(gateway, &leftovers->addresses[i]))
			leftovers_delete_address(leftovers,
						 &leftovers->addresses[i]);
	places = all_places(gateway, &count);
	for (i = 0; i < leftovers->route_count; i++)
		if (!wants_route(gateway, &leftovers->routes[i], places, count))
			leftovers_delete_route(leftovers,
					       &leftovers->routes[i]);
	free(places);
}

void access_delete_leftovers(struct mag_role *gateway)
{
	gateway->leftovers.role = "mag";
	gateway->leftovers.rtnl = gateway->role.agent->rtnl;
	gateway->leftovers.judge = judge_leftovers;
	gateway->leftovers.context = gateway;
	leftovers_read(&gateway->leftovers);
}

struct access_link *access_by_index(const struct mag_role *gateway,
				    uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; i < gateway->config->access_count; i++)
		if (gateway->access[i].ifindex == ifindex)
			return &gateway->access[i];
	return NULL;
}

struct access_link *access_by_name(const struct mag_role *gateway,
				   const char *name)
{
	unsigned int i;

	if (!name)
		return gateway->config->access_count == 1 ? gateway->access :
							    NULL;
	for (i = 0; i < gateway->config->access_count; i++)
		if (!strcmp(gateway->access[i].config->ifname, name))
			return &gateway->access[i];
	return NULL;
}

static void on_lladdr(void *context, int error, const char *text)
{
	const struct access_link *link = context;

	if (error)
		log_event(REPORT_ERROR, "access-lladdr-failed",
			  " access=%s reason=\"%s\" hint=\"set FixedMAGLinkLayerAddressOnAllAccessLinks to none\"",
			  link->config->ifname, text ? text : strerror(error));
}

static void on_address(void *context, int error, const char *text)
{
	const struct access_link *link = context;

	if (error && error != EEXIST)
		log_event(REPORT_ERROR, "access-address-failed",
			  " access=%s reason=\"%s\"", link->config->ifname,
			  text ? text : strerror(error));
}

/* RFC 6543: the same on every gateway, so that nothing changes as it moves. */
static void set_addresses(struct mag_role *gateway, struct access_link *link,
			  const struct link_state *state)
{
	const struct config_mag *config = gateway->config;
	struct nl_queue *rtnl = gateway->role.agent->rtnl;

	if (config->fixed_lladdr.enabled && state->has_lladdr &&
	    memcmp(state->lladdr, config->fixed_lladdr.octets, ETH_ALEN))
		link_set_address(rtnl, link->ifindex,
				 config->fixed_lladdr.octets, on_lladdr, link);
	if (!IN6_IS_ADDR_UNSPECIFIED(&config->engine.link_local))
		address_add(rtnl, link->ifindex, &config->engine.link_local, 64,
			    on_address, link);
}

static void link_open(struct mag_role *gateway, struct access_link *link,
		      const struct link_state *state)
{
	int error = nd_open_link(gateway->nd, link->ifindex);

	if (error) {
		log_event(REPORT_ERROR, "access-failed",
			  " access=%s reason=\"%s\"", state->name,
			  strerror(error));
		return;
	}
	link->open = true;
	set_addresses(gateway, link, state);
	dhcp_open_link(gateway->dhcp, link->ifindex);
	add_rule(gateway, state->name, 0, gateway->config->table_uplink,
		 "from-access");
	visitors_open(gateway, link);
	visitors_route_locally(gateway, link);
	log_event(REPORT_INFO, "access-open", " access=%s", state->name);
}

static void link_close(struct mag_role *gateway, struct access_link *link)
{
	if (link->open)
		log_event(REPORT_INFO, "access-closed", " access=%s",
			  link->config->ifname);
	link->open = false;
	nd_close_link(gateway->nd, link->ifindex);
	dhcp_close_link(gateway->dhcp, link->ifindex);
}

/*
 * Only when it had a carrier before: that it has one is told up to a second
 * late, and its first mobile node may be there by then.
 */
static void link_down(struct mag_role *gateway, struct access_link *link)
{
	struct outbox out;

	if (link->known && !link->running)
		return;
	if (link->running)
		log_event(REPORT_INFO, "access-down", " access=%s",
			  link->config->ifname);
	link->known = true;
	link->running = false;
	outbox_init(&out);
	mag_on_link_down(&gateway->mag, link->ifindex, clock_now(), &out);
	role_run(&gateway->role, &out);
}

static void link_up(struct access_link *link)
{
	if (!link->running)
		log_event(REPORT_INFO, "access-up", " access=%s",
			  link->config->ifname);
	link->known = true;
	link->running = true;
}

/* Another link has its name now, or its index has none. */
static void link_lost(struct mag_role *gateway, struct access_link *link)
{
	link->known = false;
	link_down(gateway, link);
	link_close(gateway, link);
	mag_forget_link(&gateway->mag, link->ifindex);
	link->known = false;
	link->ifindex = 0;
}

/* What the engine has to know of it. */
static void set_link(struct mag_role *gateway, const struct access_link *link)
{
	struct mag_link known = {
		.ifindex = link->ifindex,
		.mtu = link->mtu,
		.has_visitor_prefix = visitors_may_be(gateway, link->config),
		.visitor_prefix = link->config->visitor_prefix,
	};
	struct outbox out;

	outbox_init(&out);
	mag_set_link(&gateway->mag, &known, clock_now(), &out);
	role_run(&gateway->role, &out);
}

void access_on_policy(struct mag_role *gateway)
{
	const struct access_link *link;
	unsigned int i;

	for (i = 0; i < gateway->config->access_count; i++) {
		link = &gateway->access[i];
		if (link->ifindex)
			set_link(gateway, link);
		if (!link->open)
			continue;
		visitors_open(gateway, link);
		visitors_route_locally(gateway, link);
	}
	/* Their bindings follow. */
	if (gateway->config->local_routing && gateway->role.reconciled)
		role_read_dataplane(&gateway->role);
}

void access_on_link(struct mag_role *gateway, const struct link_state *state)
{
	struct access_link *link = access_by_index(gateway, state->ifindex);

	if (link && (state->gone || strcmp(state->name, link->config->ifname)))
		link_lost(gateway, link);
	link = access_by_name(gateway, state->name);
	if (!link || state->gone)
		return;
	if (link->ifindex && link->ifindex != state->ifindex)
		link_lost(gateway, link);
	link->ifindex = state->ifindex;
	link->mtu = state->mtu;
	set_link(gateway, link);
	if (state->running)
		link_up(link);
	else
		link_down(gateway, link);
	if (link->open && state->up)
		nd_refresh_link(gateway->nd, link->ifindex);
	else if (state->up)
		link_open(gateway, link, state);
	else
		link_close(gateway, link);
}
