// SPDX-License-Identifier: GPL-2.0
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "../ports/clock.h"
#include "lma_role.h"
#include "log.h"
#include "role_clock.h"

static struct lma_role *anchor_of(struct role *role)
{
	return (struct lma_role *)role;
}

static void judge_leftovers(void *context, struct leftovers *leftovers)
{
	const struct lma_role *anchor = context;
	const struct route *route;
	size_t i;

	for (i = 0; i < leftovers->route_count; i++) {
		route = &leftovers->routes[i];
		if (route->table == anchor->role.executor.table_tunnel &&
		    route->ifindex == anchor->role.device.ifindex &&
		    !lma_wants_route(&anchor->lma, &route->prefix))
			leftovers_delete_route(leftovers, route);
	}
}

static void on_ready(struct role *role, struct outbox *out)
{
	struct lma_role *anchor = anchor_of(role);

	lma_start(&anchor->lma, out);
	if (anchor->leftovers.judge)
		return;
	anchor->leftovers.role = "lma";
	anchor->leftovers.rtnl = role->agent->rtnl;
	anchor->leftovers.judge = judge_leftovers;
	anchor->leftovers.context = anchor;
	leftovers_read(&anchor->leftovers);
}

/* RFC 5213 4: both of who sends and of whom it is for. */
void lma_role_ask_policy(const struct lma_role *anchor,
			 struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;
	const struct config_lma *config = anchor->config;
	const struct in6_addr *proxy_coa = options->has_alt_coa ?
					   &options->alt_coa : &request->src;

	config_mag_policy(config, proxy_coa, &options->mn_id,
			  &request->policy);
	request->policy.mag_authorized &=
		config_mag_may_register(config, &request->src);
	if (options->has_mn_id)
		policy_for_mn(anchor->role.agent->policy, &options->mn_id,
			      &options->ll_id, config, &request->policy);
}

static void on_pbu(struct role *role, const struct in6_addr *src,
		   const struct in6_addr *dst, const struct mh_message *message,
		   struct now now, struct outbox *out)
{
	struct lma_role *anchor = anchor_of(role);
	struct lma_request request;

	lma_request_init(&request, src, dst, &message->bu);
	lma_role_ask_policy(anchor, &request);
	lma_on_pbu(&anchor->lma, &request, now, out);
}

static void on_upa(struct role *role, const struct in6_addr *src,
		   const struct in6_addr *dst, const struct mh_message *message,
		   struct now now, struct outbox *out)
{
	(void)dst;
	(void)now;
	lma_on_upa(&anchor_of(role)->lma, src, &message->upa, out);
}

static void on_revocation(struct role *role, const struct in6_addr *src,
			  const struct in6_addr *dst,
			  const struct mh_message *message, struct now now,
			  struct outbox *out)
{
	const struct mh_revocation *revocation = &message->revocation;
	struct lma_role *anchor = anchor_of(role);
	struct lma_revoker revoker;

	switch (revocation->kind) {
	case MH_BR_INDICATION:
		config_mag_revoker(anchor->config, src, revocation, &revoker);
		lma_on_bri(&anchor->lma, src, dst, revocation, &revoker, now,
			   out);
		break;
	case MH_BR_ACK:
		revocations_on_ack(&anchor->lma.revocations, src, revocation,
				   now, out);
		break;
	default:
		role->counters.other_type++;
		break;
	}
}

/* Of what it knows nothing about, the others may. */
static void on_binding_error(struct role *role, const struct in6_addr *src,
			     const struct in6_addr *dst,
			     const struct mh_message *message, struct now now,
			     struct outbox *out)
{
	(void)dst;
	role->counters.binding_errors++;
	if (!lma_on_binding_error(&anchor_of(role)->lma, src, &message->be,
				  now, out))
		peers_on_binding_error(role->peers, src, &message->be, now,
				       out);
}

static void on_done(struct role *role, void *owner, int error, struct now now,
		    struct outbox *out)
{
	lma_on_done(&anchor_of(role)->lma, owner, error, now, out);
}

static void on_timer(struct role *role, struct now now, struct outbox *out)
{
	lma_on_timer(&anchor_of(role)->lma, now, out);
}

static uint64_t next_timer(const struct role *role)
{
	return lma_next_timer(&((const struct lma_role *)role)->lma);
}

static void on_dataplane(struct role *role, const struct dataplane_dump *dump,
			 struct now now, struct outbox *out)
{
	lma_on_dataplane(&anchor_of(role)->lma, dump, now, out);
}

static void on_path_expired(struct role *role, const struct genl_event *event,
			    struct now now, struct outbox *out)
{
	lma_on_path_expired(&anchor_of(role)->lma, &event->hnp, event->bid,
			    event->generation, now, out);
}

static void on_set_expired(struct role *role, uint32_t set,
			   uint32_t generation, struct now now,
			   struct outbox *out)
{
	lma_on_set_expired(&anchor_of(role)->lma, set, generation, now, out);
}

static const struct role_handler handlers[] = {
	{ .type = MH_BINDING_UPDATE, .on_message = on_pbu },
	{ .type = MH_BINDING_REVOCATION, .on_message = on_revocation },
	{ .type = MH_UPDATE_ACK, .unready = true, .on_message = on_upa },
	{ .type = MH_BINDING_ERROR, .unready = true,
	  .on_message = on_binding_error },
	{ 0 },
};

static const struct role_ops ops = {
	.name = "lma",
	.kernel_role = PMIP6_ROLE_LMA,
	.store_role = STORE_LMA,
	.handlers = handlers,
	.on_ready = on_ready,
	.on_done = on_done,
	.on_timer = on_timer,
	.next_timer = next_timer,
	.on_dataplane = on_dataplane,
	.on_path_expired = on_path_expired,
	.on_set_expired = on_set_expired,
};

static void reserve(void *context, const struct mh_prefix *hnp)
{
	lma_reserve(context, hnp);
}

void lma_role_on_policy(struct lma_role *anchor)
{
	lma_unreserve_all(&anchor->lma);
	policy_each_prefix(anchor->role.agent->policy, reserve, &anchor->lma);
}

static bool restore(struct role *role, uint64_t key, const uint8_t *data,
		    size_t len, bool same_boot)
{
	return lma_restore(&anchor_of(role)->lma, key, data, len, same_boot,
			   clock_now());
}

void lma_role_init(struct lma_role *anchor, struct agent *agent,
		   const struct config_lma *config)
{
	struct lma_config engine = config->engine;
	struct prefix_pool *pool = &anchor->lma.pool;
	unsigned int i;

	if (getrandom(&engine.seed, sizeof(engine.seed), 0) < 0)
		engine.seed = clock_now().wall;
	anchor->config = config;
	role_init(&anchor->role, &ops, agent, &anchor->lma.peers);
	anchor->role.executor.table_tunnel = RT_TABLE_MAIN;
	lma_init(&anchor->lma, &engine);
	for (i = 0; i < config->pool_count; i++)
		prefix_pool_add(pool, &config->pools[i].range,
				config->pools[i].length);
	lma_role_on_policy(anchor);
	restart_restore(&anchor->role, restore);
}

void lma_role_start(struct lma_role *anchor)
{
	const struct config_lma *config = anchor->config;

	/* Those of mobile nodes are compared among themselves only. */
	if (config->engine.timestamp_based_approach_in_use &&
	    !config->engine.mobile_node_generated_timestamp_in_use)
		role_clock_check(ops.name);
	role_start(&anchor->role, &config->device, &config->engine.address);
}

void lma_role_stop(struct lma_role *anchor)
{
	role_stop(&anchor->role);
	leftovers_free(&anchor->leftovers);
	lma_free(&anchor->lma);
}
