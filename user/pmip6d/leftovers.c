// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "leftovers.h"
#include "log.h"

static void *room_for_one(void *array, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return array;
	*room = *room ? 2 * *room : 16;
	return must_realloc(array, *room * size);
}

static void on_route(void *context, struct nlmsghdr *nlh)
{
	struct leftovers *leftovers = context;
	struct route route;

	if (!route_get(nlh, &route))
		return;
	leftovers->routes = room_for_one(leftovers->routes,
					 leftovers->route_count,
					 &leftovers->route_room, sizeof(route));
	leftovers->routes[leftovers->route_count++] = route;
}

static void on_rule(void *context, struct nlmsghdr *nlh)
{
	struct leftovers *leftovers = context;
	struct routing_rule rule;

	if (!rule_get(nlh, &rule))
		return;
	leftovers->rules = room_for_one(leftovers->rules,
					leftovers->rule_count,
					&leftovers->rule_room, sizeof(rule));
	leftovers->rules[leftovers->rule_count++] = rule;
}

static void on_address(void *context, struct nlmsghdr *nlh)
{
	struct leftovers *leftovers = context;
	struct link_address address;

	if (!address_get(nlh, &address))
		return;
	leftovers->addresses = room_for_one(leftovers->addresses,
					    leftovers->address_count,
					    &leftovers->address_room,
					    sizeof(address));
	leftovers->addresses[leftovers->address_count++] = address;
}

static void read_addresses(struct leftovers *leftovers);
static void read_routes(struct leftovers *leftovers);
static void read_rules(struct leftovers *leftovers);

static void log_failure(const struct leftovers *leftovers, int error,
			const char *text)
{
	log_event(REPORT_WARNING, "leftovers-failed", " role=%s reason=\"%s\"",
		  leftovers->role, text ? text : strerror(error));
}

static void on_addresses_read(void *context, int error, const char *text)
{
	struct leftovers *leftovers = context;

	if (error == EINTR) {
		read_addresses(leftovers);
		return;
	}
	if (error)
		log_failure(leftovers, error, text);
	leftovers->judge(leftovers->context, leftovers);
	leftovers_free(leftovers);
}

static void on_routes_read(void *context, int error, const char *text)
{
	struct leftovers *leftovers = context;

	if (error == EINTR) {
		read_routes(leftovers);
		return;
	}
	if (error)
		log_failure(leftovers, error, text);
	read_addresses(leftovers);
}

static void on_rules_read(void *context, int error, const char *text)
{
	struct leftovers *leftovers = context;

	if (error == EINTR) {
		read_rules(leftovers);
		return;
	}
	if (error)
		log_failure(leftovers, error, text);
	read_routes(leftovers);
}

static void read_addresses(struct leftovers *leftovers)
{
	leftovers->address_count = 0;
	address_dump(leftovers->rtnl, on_address, on_addresses_read, leftovers);
}

static void read_routes(struct leftovers *leftovers)
{
	leftovers->route_count = 0;
	route_dump(leftovers->rtnl, on_route, on_routes_read, leftovers);
}

static void read_rules(struct leftovers *leftovers)
{
	leftovers->rule_count = 0;
	rule_dump(leftovers->rtnl, on_rule, on_rules_read, leftovers);
}

void leftovers_read(struct leftovers *leftovers)
{
	read_rules(leftovers);
}

void leftovers_delete_route(struct leftovers *leftovers,
			    const struct route *route)
{
	char prefix[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &route->prefix.addr, prefix, sizeof(prefix));
	log_event(REPORT_INFO, "leftover-route-deleted",
		  " role=%s prefix=%s/%u table=%u", leftovers->role, prefix,
		  route->prefix.len, route->table);
	route_delete(leftovers->rtnl, route, NULL, NULL);
}

void leftovers_delete_rule(struct leftovers *leftovers,
			   const struct routing_rule *rule)
{
	log_event(REPORT_INFO, "leftover-rule-deleted",
		  " role=%s preference=%u iif=%s table=%u", leftovers->role,
		  rule->preference, rule->iif, rule->table);
	rule_delete(leftovers->rtnl, rule, NULL, NULL);
}

void leftovers_delete_address(struct leftovers *leftovers,
			      const struct link_address *address)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &address->address, text, sizeof(text));
	log_event(REPORT_INFO, "leftover-address-deleted",
		  " role=%s address=%s/%u ifindex=%u", leftovers->role, text,
		  address->len, address->ifindex);
	address_delete(leftovers->rtnl, address->ifindex, &address->address,
		       address->len, NULL, NULL);
}

void leftovers_free(struct leftovers *leftovers)
{
	free(leftovers->addresses);
	leftovers->addresses = NULL;
	leftovers->address_count = leftovers->address_room = 0;
	free(leftovers->routes);
	free(leftovers->rules);
	leftovers->routes = NULL;
	leftovers->rules = NULL;
	leftovers->route_count = leftovers->route_room = 0;
	leftovers->rule_count = leftovers->rule_room = 0;
}
