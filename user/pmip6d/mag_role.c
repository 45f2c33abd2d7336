// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "../engine/alloc.h"
#include "../ports/clock.h"
#include "access.h"
#include "dhcp.h"
#include "log.h"
#include "mag_station.h"
#include "visitors_local.h"
#include "presence.h"
#include "role_clock.h"
#include "tunnel_mtu.h"

static struct mag_role *gateway_of(struct role *role)
{
	return (struct mag_role *)role;
}

/* --- The engine. */

static void on_ready(struct role *role, struct outbox *out)
{
	struct mag_role *gateway = gateway_of(role);

	access_route_tunnel(gateway);
	tunnel_mtu_read(gateway);
	if (gateway->started)
		return;
	gateway->started = true;
	/* What policy says of those that were restored. */
	mag_role_on_policy(gateway);
	mag_start(&gateway->mag, out);
	access_delete_leftovers(gateway);
}

static void on_pba(struct role *role, const struct in6_addr *src,
		   const struct in6_addr *dst, const struct mh_message *message,
		   struct now now, struct outbox *out)
{
	(void)dst;
	mag_on_pba(&gateway_of(role)->mag, src, &message->ba, now, out);
}

static void on_revocation(struct role *role, const struct in6_addr *src,
			  const struct in6_addr *dst,
			  const struct mh_message *message, struct now now,
			  struct outbox *out)
{
	const struct mh_revocation *revocation = &message->revocation;
	struct mag *mag = &gateway_of(role)->mag;

	switch (revocation->kind) {
	case MH_BR_INDICATION:
		mag_on_bri(mag, src, dst, revocation, now, out);
		break;
	case MH_BR_ACK:
		revocations_on_ack(&mag->revocations, src, revocation, now,
				   out);
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
	if (!mag_on_binding_error(&gateway_of(role)->mag, src, &message->be,
				  now, out))
		peers_on_binding_error(role->peers, src, &message->be, now,
				       out);
}

static void on_upn(struct role *role, const struct in6_addr *src,
		   const struct in6_addr *dst, const struct mh_message *message,
		   struct now now, struct outbox *out)
{
	mag_on_upn(&gateway_of(role)->mag, src, dst, &message->upn, now, out);
}

static void on_done(struct role *role, void *owner, int error, struct now now,
		    struct outbox *out)
{
	mag_on_done(&gateway_of(role)->mag, owner, error, now, out);
}

/* That the clock is synchronised by now is told by nobody: see, when awake. */
static void on_timer(struct role *role, struct now now, struct outbox *out)
{
	struct mag *mag = &gateway_of(role)->mag;
	bool synchronised = clock_is_synchronised();

	if (synchronised != mag->clock_synchronised)
		mag_on_clock(mag, synchronised, now, out);
	else
		mag_on_timer(mag, now, out);
}

static void on_clock_set(void *arg)
{
	struct mag_role *gateway = arg;
	struct outbox out;

	outbox_init(&out);
	mag_on_clock(&gateway->mag, clock_is_synchronised(), clock_now(), &out);
	role_run(&gateway->role, &out);
}

static uint64_t next_timer(const struct role *role)
{
	return mag_next_timer(&((const struct mag_role *)role)->mag);
}

static void on_dataplane(struct role *role, const struct dataplane_dump *dump,
			 struct now now, struct outbox *out)
{
	mag_on_dataplane(&gateway_of(role)->mag, dump, now, out);
	visitors_on_dataplane(gateway_of(role), dump->bindings, dump->count);
}

static void on_path_expired(struct role *role, const struct genl_event *event,
			    struct now now, struct outbox *out)
{
	mag_on_path_expired(&gateway_of(role)->mag, event->cookie,
			    event->generation, now, out);
}

static void on_set_expired(struct role *role, uint32_t set, uint32_t generation,
			   struct now now, struct outbox *out)
{
	(void)out;
	mag_on_set_expired(&gateway_of(role)->mag, set, generation, now);
}

static const struct role_handler handlers[] = {
	{ .type = MH_BINDING_ACK, .on_message = on_pba },
	{ .type = MH_BINDING_REVOCATION, .on_message = on_revocation },
	{ .type = MH_UPDATE_NOTIFICATION, .on_message = on_upn },
	{ .type = MH_BINDING_ERROR, .unready = true,
	  .on_message = on_binding_error },
	{ 0 },
};

static const struct role_ops ops = {
	.name = "mag",
	.kernel_role = PMIP6_ROLE_MAG,
	.store_role = STORE_MAG,
	.handlers = handlers,
	.on_ready = on_ready,
	.on_done = on_done,
	.on_timer = on_timer,
	.next_timer = next_timer,
	.on_dataplane = on_dataplane,
	.on_path_expired = on_path_expired,
	.on_set_expired = on_set_expired,
};

/* --- Begin and end. */

static bool restore(struct role *role, uint64_t key, const uint8_t *data,
		    size_t len, bool same_boot)
{
	struct mag_role *gateway = gateway_of(role);
	const struct config_access *access;
	struct bule *bule;

	if (mag_restore_group(&gateway->mag, key, data, len, same_boot,
			      clock_now()))
		return true;
	bule = mag_restore(&gateway->mag, key, data, len, same_boot,
			   clock_now());
	if (!bule)
		return false;
	access = config_access_find(gateway->config, bule->at.ifname);
	bule->at.ifindex = access ? if_nametoindex(bule->at.ifname) : 0;
	mag_station_refresh(gateway, bule);
	return true;
}

/* Its link went while nobody looked. */
static void detach_homeless(struct mag_role *gateway)
{
	struct bule *bule, *next;

	for (bule = gateway->mag.bul.entries; bule; bule = next) {
		next = bul_next(bule);
		if (!bule->at.ifindex)
			mag_station_detach(gateway, bule, false,
					   "access link is gone");
	}
}

static const struct mh_flow *flows_of(void *context, const uint8_t *lladdr,
				      unsigned int *count)
{
	const struct mag_role *gateway = context;

	return policy_flows(gateway->role.agent->policy, lladdr, count);
}

void mag_role_init(struct mag_role *gateway, struct agent *agent,
		   const struct config_mag *config)
{
	struct nd_callbacks callbacks;
	struct mag_config engine = config->engine;
	unsigned int i;
	int error;

	if (getrandom(&engine.seed, sizeof(engine.seed), 0) < 0)
		engine.seed = clock_now().wall;
	gateway->config = config;
	role_init(&gateway->role, &ops, agent, &gateway->mag.peers);
	gateway->access = must_alloc(config->access_count *
				     sizeof(*gateway->access));
	for (i = 0; i < config->access_count; i++)
		gateway->access[i].config = &config->access[i];
	mag_station_callbacks(gateway, &callbacks);
	gateway->nd = nd_new(agent->loop, &callbacks);
	error = nd_filter_refused(gateway->nd);
	if (error)
		log_event(REPORT_WARNING, "filter-refused",
			  " reason=\"%s\" effect=\"every frame of an access link wakes the agent\"",
			  strerror(error));
	gateway->dhcp = dhcp_new(gateway);
	mag_init(&gateway->mag, &engine);
	gateway->mag.flows = flows_of;
	gateway->mag.flows_context = gateway;
	presence_init(gateway);
	restart_restore(&gateway->role, restore);
}

void mag_role_start(struct mag_role *gateway)
{
	const struct config_mag *config = gateway->config;
	struct executor *executor = &gateway->role.executor;
	struct agent *agent = gateway->role.agent;
	int error;

	executor->nd = gateway->nd;
	executor->table_access = config->table_access;
	executor->table_tunnel = config->table_uplink;
	if (config->engine.timestamp_based)
		role_clock_check(ops.name);
	role_start(&gateway->role, &config->device, &config->engine.address);
	detach_homeless(gateway);
	gateway->clock.on_set = on_clock_set;
	gateway->clock.arg = gateway;
	error = clock_watch_start(&gateway->clock, agent->loop);
	if (error)
		log_event(REPORT_WARNING, "clock-watch-failed",
			  " reason=\"%s\"", strerror(error));
	presence_start(gateway);
	tunnel_mtu_start(gateway);
}

void mag_role_stop(struct mag_role *gateway)
{
	clock_watch_stop(&gateway->clock, gateway->role.agent->loop);
	presence_stop(gateway);
	tunnel_mtu_stop(gateway);
	role_stop(&gateway->role);
	leftovers_free(&gateway->leftovers);
	dhcp_free(gateway->dhcp);
	nd_free(gateway->nd);
	mag_free(&gateway->mag);
	free(gateway->access);
}
