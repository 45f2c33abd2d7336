// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <linux/rtnetlink.h>

#include "../ports/conf_file.h"
#include "../ports/policy.h"
#include "access.h"
#include "log.h"
#include "visitors.h"

/* Tells routes to visitors from others of ours in the main table. */
#define VISITOR_METRIC 1023

/* What policy_each_prefix() is asked. */
struct search {
	const struct mh_prefix *visitors;
	bool found;
};

static void compare(void *context, const struct mh_prefix *hnp)
{
	struct search *search = context;

	if (conf_prefixes_overlap(hnp, search->visitors))
		search->found = true;
}

bool visitors_may_be(const struct mag_role *gateway,
		     const struct config_access *access)
{
	struct search search = { .visitors = &access->visitor_prefix };

	if (!access->has_visitor_prefix)
		return false;
	policy_each_prefix(gateway->role.agent->policy, compare, &search);
	return !search.found;
}

static void log_refused(const struct config_access *access)
{
	const struct mh_prefix *prefix = &access->visitor_prefix;
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &prefix->addr, text, sizeof(text));
	log_event(REPORT_ERROR, "visitor-prefix-refused",
		  " access=%s prefix=%s/%u reason=\"a profile has it\"",
		  access->ifname, text, prefix->len);
}

static void on_rule(void *context, int error, const char *text)
{
	const struct access_link *link = context;

	/* From an earlier run. */
	if (error && error != EEXIST)
		log_event(REPORT_ERROR, "rule-failed",
			  " rule=visitors access=%s reason=\"%s\"",
			  link->config->ifname, text ? text : strerror(error));
}

static void on_route(void *context, int error, const char *text)
{
	const struct access_link *link = context;

	if (error)
		log_event(REPORT_ERROR, "route-failed",
			  " route=visitors access=%s reason=\"%s\"",
			  link->config->ifname, text ? text : strerror(error));
}

static struct routing_rule rule_of(const struct config_mag *config,
				   const struct config_access *access)
{
	struct routing_rule rule = {
		.preference = config->rule_priority - 1,
		.from = access->visitor_prefix,
		.table = RT_TABLE_MAIN,
	};

	strcpy(rule.iif, access->ifname);
	return rule;
}

static struct route route_of(const struct access_link *link)
{
	return (struct route){
		.prefix = link->config->visitor_prefix,
		.table = RT_TABLE_MAIN,
		.ifindex = link->ifindex,
		.metric = VISITOR_METRIC,
	};
}

void visitors_open(struct mag_role *gateway, const struct access_link *link)
{
	struct nl_queue *rtnl = gateway->role.agent->rtnl;
	struct routing_rule rule = rule_of(gateway->config, link->config);
	struct route route = route_of(link);

	if (!link->config->has_visitor_prefix)
		return;
	if (!visitors_may_be(gateway, link->config)) {
		log_refused(link->config);
		/* Before a profile got it they might. */
		rule_delete(rtnl, &rule, NULL, NULL);
		route_delete(rtnl, &route, NULL, NULL);
		return;
	}
	rule_add(rtnl, &rule, on_rule, (void *)link);
	route_add(rtnl, &route, on_route, (void *)link);
}

bool visitors_want_rule(const struct mag_role *gateway,
			const struct routing_rule *rule)
{
	const struct config_access *access =
		config_access_find(gateway->config, rule->iif);
	struct routing_rule ours;

	if (!access || !visitors_may_be(gateway, access))
		return false;
	ours = rule_of(gateway->config, access);
	return rule->preference == ours.preference &&
	       rule->table == ours.table &&
	       mh_prefix_equal(&rule->from, &ours.from);
}

bool visitors_want_route(const struct mag_role *gateway,
			 const struct route *route)
{
	const struct config_mag *config = gateway->config;
	const struct config_access *access;
	unsigned int i;

	if (route->metric != VISITOR_METRIC)
		return true;
	/* By name: it may not have been told of yet. */
	for (i = 0; i < config->access_count; i++) {
		access = &config->access[i];
		if (mh_prefix_equal(&access->visitor_prefix, &route->prefix) &&
		    if_nametoindex(access->ifname) == route->ifindex &&
		    visitors_may_be(gateway, access))
			return true;
	}
	return false;
}
