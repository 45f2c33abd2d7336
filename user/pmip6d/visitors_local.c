// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "access.h"
#include "log.h"
#include "visitors.h"
#include "visitors_local.h"

/* No engine gets that far: it tells them from the mobile nodes'. */
#define VISITORS_COOKIE UINT64_MAX

static bool is_wanted(const struct mag_role *gateway,
		      const struct access_link *link)
{
	return gateway->config->local_routing && visitors_may_be(gateway, link->config);
}

static const struct access_link *link_of(const struct mag_role *gateway,
					 const struct mh_prefix *prefix)
{
	const struct access_link *link;
	unsigned int i;

	for (i = 0; i < gateway->config->access_count; i++) {
		link = &gateway->access[i];
		if (is_wanted(gateway, link) &&
		    mh_prefix_equal(&link->config->visitor_prefix, prefix))
			return link;
	}
	return NULL;
}

static void on_done(void *context, int error, const char *text)
{
	/* The device may go while it is told. */
	if (error && error != ENODEV && error != ENOENT)
		log_event(REPORT_ERROR, "dataplane-failed",
			  " what=%s reason=\"%s\"", (const char *)context,
			  text ? text : strerror(error));
}

static void set(struct mag_role *gateway, const struct mh_prefix *prefix)
{
	struct effect_binding binding = {
		.hnp = *prefix,
		.hosts = true,
		.local_routing = true,
		.cookie = VISITORS_COOKIE,
	};

	dataplane_set(gateway->role.agent->dataplane,
		      gateway->role.device.ifindex, &binding, on_done,
		      (void *)"visitors");
}

static bool is_set(const struct dataplane_binding *bindings, size_t count,
		   const struct mh_prefix *prefix)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (mh_prefix_equal(&bindings[i].hnp, prefix))
			return bindings[i].hosts && bindings[i].local_routing;
	return false;
}

void visitors_on_dataplane(struct mag_role *gateway,
			   const struct dataplane_binding *bindings,
			   size_t count)
{
	const struct config_access *access;
	size_t i;

	for (i = 0; i < count; i++)
		if (bindings[i].hosts &&
		    bindings[i].cookie == VISITORS_COOKIE &&
		    !link_of(gateway, &bindings[i].hnp))
			dataplane_delete(gateway->role.agent->dataplane,
					 gateway->role.device.ifindex,
					 &bindings[i].hnp, on_done,
					 (void *)"visitors");
	for (i = 0; i < gateway->config->access_count; i++) {
		access = gateway->access[i].config;
		if (is_wanted(gateway, &gateway->access[i]) &&
		    !is_set(bindings, count, &access->visitor_prefix))
			set(gateway, &access->visitor_prefix);
	}
}

static void on_route(void *context, int error, const char *text)
{
	const struct access_link *link = context;

	if (error)
		log_event(REPORT_ERROR, "route-failed",
			  " route=visitors-local access=%s reason=\"%s\"",
			  link->config->ifname, text ? text : strerror(error));
}

void visitors_route_locally(struct mag_role *gateway,
			    const struct access_link *link)
{
	struct route route = {
		.prefix = link->config->visitor_prefix,
		.table = gateway->config->table_access,
		.ifindex = link->ifindex,
	};

	if (is_wanted(gateway, link))
		route_add(gateway->role.agent->rtnl, &route, on_route,
			  (void *)link);
	else if (gateway->config->local_routing &&
		 link->config->has_visitor_prefix)
		route_delete(gateway->role.agent->rtnl, &route, NULL, NULL);
}

bool visitors_want_local_route(const struct mag_role *gateway,
			       const struct route *route)
{
	const struct access_link *link = link_of(gateway, &route->prefix);

	return link && link->ifindex == route->ifindex;
}
