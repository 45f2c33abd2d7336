// SPDX-License-Identifier: GPL-2.0
/*
 * A gateway: what user/pmip6d/mag_role.c, mag_station.c and ports/nd.c are to
 * the daemon.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "policy.h"
#include "world.h"

/* What the tunnel leaves of 1500 octets. */
#define TUNNEL_MTU 1460

/* A station that is nobody's yet is news again after so long. */
#define NEWS_US US_PER_S

/* --- Stations, as access links hear them. */

static struct station *find_station(const struct agent *agent, uint32_t ifindex,
				    const uint8_t *lladdr, uint8_t *key)
{
	struct station *station;

	memcpy(key, &ifindex, 4);
	memcpy(key + 4, lladdr, ETH_ALEN);
	HASH_FIND(hh, agent->stations, key, 4 + ETH_ALEN, station);
	return station;
}

static struct station *station_of(struct agent *agent, uint32_t ifindex,
				  const uint8_t *lladdr)
{
	struct station *station;
	uint8_t key[4 + ETH_ALEN];

	station = find_station(agent, ifindex, lladdr, key);
	if (station)
		return station;
	station = must_alloc(sizeof(*station));
	memcpy(station->key, key, sizeof(key));
	HASH_ADD(hh, agent->stations, key, sizeof(station->key), station);
	return station;
}

void gateway_hear(struct agent *agent, const struct effect_hear *hear)
{
	struct station *station = station_of(agent, hear->ifindex,
					     hear->lladdr);

	station->quiet_us = hear->every_frame ? 0 : NEVER;
}

void gateway_forget_stations(struct agent *agent)
{
	struct station *station, *next;

	HASH_ITER(hh, agent->stations, station, next) {
		HASH_DEL(agent->stations, station);
		free(station);
	}
}

static uint64_t heard(void *context, const struct mag_attachment *at)
{
	const struct agent *agent = context;
	const struct station *station;
	uint8_t key[4 + ETH_ALEN];

	station = find_station(agent, at->ifindex, at->lladdr, key);
	if (!station || !station->seen_us)
		return 0;
	return (station->seen_us - agent->boot_us) / US_PER_MS +
	       agent->boot_ms;
}

static void attach(struct agent *agent, uint32_t ifindex, const uint8_t *lladdr,
		   bool commanded)
{
	struct mag_attachment at = {
		.ifindex = ifindex,
		.att = MH_ATT_IEEE_802_11,
	};
	struct mag_profile profile;
	uint32_t iface, mn = mobile_of_lladdr(lladdr, &iface);

	snprintf(at.ifname, sizeof(at.ifname), "access%u", ifindex);
	memcpy(at.lladdr, lladdr, ETH_ALEN);
	/* Of one with several interfaces the link layer has to know which. */
	if (agent->sim->mns[mn].iface_count > 1)
		at.handoff = mobile_handoff(agent->sim, mn, iface);
	policy_profile(agent->sim, mn, iface, &profile);
	mag_on_attach(agent->mag, &at, &profile, commanded, agent_now(agent),
		      &agent->out);
}

static struct in6_addr link_local_of(const uint8_t *lladdr)
{
	struct in6_addr address = { .s6_addr = { 0xfe, 0x80 } };

	memcpy(&address.s6_addr[10], lladdr, ETH_ALEN);
	return address;
}

static void on_news(struct agent *agent, uint32_t ifindex,
		    const uint8_t *lladdr, enum frame frame)
{
	struct in6_addr src = link_local_of(lladdr);

	attach(agent, ifindex, lladdr, false);
	if (frame != FRAME_DAD)
		mag_on_neighbour(agent->mag, lladdr, &src, agent_now(agent),
				 &agent->out);
}

static void on_discovery(struct agent *agent, const uint8_t *lladdr,
			 enum frame frame)
{
	struct in6_addr src = link_local_of(lladdr);
	struct now now = agent_now(agent);

	switch (frame) {
	case FRAME_ANY:
		break;
	case FRAME_DAD:
		mag_on_arrival(agent->mag, lladdr, now);
		break;
	case FRAME_SOLICIT:
		mag_on_solicit(agent->mag, lladdr, &src, now, &agent->out);
		break;
	case FRAME_NEIGHBOUR:
		mag_on_neighbour(agent->mag, lladdr, &src, now, &agent->out);
		break;
	}
}

void gateway_on_frame(struct agent *agent, uint32_t ifindex,
		      const uint8_t *lladdr, enum frame frame)
{
	struct sim *sim = agent->sim;
	struct station *station;

	if (!agent->up || agent->dying)
		return;
	station = station_of(agent, ifindex, lladdr);
	station->seen_us = sim->now_us;
	if (station->quiet_us <= sim->now_us) {
		station->quiet_us = sim->now_us + NEWS_US;
		on_news(agent, ifindex, lladdr, frame);
		agent_run(agent);
	}
	if (!agent->dying) {
		on_discovery(agent, lladdr, frame);
		agent_run(agent);
	}
	agent_settle_death(agent);
}

void gateway_on_left(struct agent *agent, uint32_t ifindex,
		     const uint8_t *lladdr)
{
	struct bule *bule;

	if (!agent->up || agent->dying)
		return;
	bule = bul_by_lladdr(&agent->mag->bul, lladdr);
	if (!bule || bule->at.ifindex != ifindex)
		return;
	mag_on_detach(agent->mag, bule, false, "link layer says so",
		      agent_now(agent), &agent->out);
	agent_run(agent);
	agent_settle_death(agent);
}

/* --- The operator. */

void gateway_hold(struct agent *agent, const uint8_t *lladdr)
{
	struct bule *bule;

	if (!agent->up || agent->dying)
		return;
	bule = bul_by_lladdr(&agent->mag->bul, lladdr);
	if (!bule)
		return;
	TRACE(agent->sim, agent->name, "operator detaches mn=%.*s",
	      bule->profile.mn_id.len, (const char *)bule->profile.mn_id.data);
	mag_on_detach(agent->mag, bule, true, "operator says so",
		      agent_now(agent), &agent->out);
	agent_run(agent);
	agent_settle_death(agent);
}

static bool is_held(const struct bule *bule)
{
	return bule->state == BULE_HELD || bule->hold ||
	       bule->next == BULE_NEXT_HOLD;
}

void gateway_release(struct agent *agent)
{
	const struct mn *mns = agent->sim->mns;
	struct bule *bule, *next;
	uint32_t mn, iface;

	if (!agent->up || agent->dying)
		return;
	for (bule = agent->mag->bul.entries; bule; bule = next) {
		next = bul_next(bule);
		if (!is_held(bule))
			continue;
		mn = mobile_of_lladdr(bule->at.lladdr, &iface);
		if (mns[mn].ifaces[iface].mag == agent->index)
			attach(agent, mns[mn].ifaces[iface].ifindex,
			       bule->at.lladdr, true);
		else
			mag_on_detach(agent->mag, bule, false,
				      "operator says so", agent_now(agent),
				      &agent->out);
	}
	agent_run(agent);
	agent_settle_death(agent);
}

void gateway_revoke(struct agent *agent, const struct revocation_target *target)
{
	if (!agent->up || agent->dying || !agent->reconciled)
		return;
	mag_revoke(agent->mag, target, NULL, NULL, agent_now(agent),
		   &agent->out);
	agent_run(agent);
	agent_settle_death(agent);
}

/* --- The engine. */

static void on_sweep(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];

	if (!agent_is_here(agent, event->life))
		return;
	mag_sweep(agent->mag, agent_now(agent), &agent->out);
	agent_run(agent);
	sim_after(sim, (sim->setup.presence_s + 1) * US_PER_S / 2, on_sweep,
		  agent->index, agent->life, NULL);
	agent_settle_death(agent);
}

static struct mag_config configuration(struct agent *agent)
{
	const struct setup *setup = &agent->sim->setup;
	struct mag_config config = {
		.address = agent->address,
		.lifetime_s = setup->lifetime_s,
		.initial_bindack_timeout_ms = 1000,
		.first_bindack_timeout_ms = 1000,
		.max_bindack_timeout_ms = 32000,
		.max_delay_ms = 1500,
		.deregistration_tries = 3,
		.max_mobile_nodes = 10000000,
		.retry_after_refusal_s = 60,
		.timestamp_based = setup->timestamps,
		.ask_any_prefix = true,
		.ra_interval_s = 600,
		.initial_ras = 1,
		.initial_ra_interval_s = 16,
		.final_ras = 1,
		.ra_delay_ms = 3000,
		.router_lifetime_s = 1800,
		.valid_lifetime_s = 7200,
		.preferred_lifetime_s = 3600,
		.presence_s = setup->presence_s,
		.reregister_within_s = 30,
		/* Not all gateways of a domain are alike. */
		.request_bulk = setup->bulk_group_size && agent->index % 3,
		.bulk_group_size = setup->bulk_group_size,
		.bulk_groups = agent->index % 3 == 2 ? MH_MAX_GROUPS : 1,
		.bulk_retry_s = 60,
		.multihoming_retry_s = 60,
		.bulk_member_interval_s = setup_member_interval_s(setup),
		.revocations = {
			.max_retries = 1,
			.first_ms = 1000,
			.max_timeout_ms = 2000,
		},
		.peers = {
			.heartbeat_interval_s = setup->heartbeat_s,
			.missing_heartbeats_allowed = 3,
		},
	};

	if (setup->fixed_router) {
		config.link_local.s6_addr[0] = 0xfe;
		config.link_local.s6_addr[1] = 0x80;
		config.link_local.s6_addr[15] = 0xff;
	}
	config.seed = rng_next(&agent->sim->rng[STREAM_SETUP]);
	return config;
}

static void begin(struct agent *agent)
{
	struct mag_config config = configuration(agent);

	agent->mag = must_alloc(sizeof(*agent->mag));
	mag_init(agent->mag, &config);
	agent->peers = &agent->mag->peers;
	agent->mag->heard = heard;
	agent->mag->heard_context = agent;
	agent->mag->flows = gateway_flows;
	agent->mag->flows_context = agent;
	sim_after(agent->sim, (config.presence_s + 1) * US_PER_S / 2, on_sweep,
		  agent->index, agent->life, NULL);
}

static bool restore(struct agent *agent, const struct record *record,
		    bool same_boot)
{
	struct mag_profile profile;
	struct bule *bule;
	uint32_t iface, mn;

	if (mag_restore_group(agent->mag, record->key, record->data,
			      record->len, same_boot, agent_now(agent)))
		return true;
	bule = mag_restore(agent->mag, record->key, record->data, record->len,
			   same_boot, agent_now(agent));
	if (!bule)
		return false;
	bule->at.ifindex = (uint32_t)(bule->at.ifname[6] - '0');
	mn = mobile_of_lladdr(bule->at.lladdr, &iface);
	policy_profile(agent->sim, mn, iface, &profile);
	bule->local_routing = profile.local_routing;
	mag_on_profile(agent->mag, bule, &profile, agent_now(agent),
		       &agent->out);
	outbox_free(&agent->out);
	return true;
}

static void start(struct agent *agent)
{
	mag_start(agent->mag, &agent->out);
}

static void end(struct agent *agent)
{
	gateway_forget_stations(agent);
	agent->sim->totals.flows += agent->mag->counters.flows_accepted;
	mag_free(agent->mag);
	free(agent->mag);
	agent->mag = NULL;
	agent->peers = NULL;
}

static void on_revocation(struct agent *agent, const struct in6_addr *src,
			  const struct in6_addr *dst,
			  const struct mh_revocation *revocation)
{
	if (revocation->kind == MH_BR_INDICATION)
		mag_on_bri(agent->mag, src, dst, revocation, agent_now(agent),
			   &agent->out);
	else
		revocations_on_ack(&agent->mag->revocations, src, revocation,
				   agent_now(agent), &agent->out);
}

static bool on_message(struct agent *agent, const struct in6_addr *src,
		       const struct in6_addr *dst,
		       const struct mh_message *message, bool ready)
{
	switch (message->type) {
	case MH_BINDING_ACK:
		if (ready)
			mag_on_pba(agent->mag, src, &message->ba,
				   agent_now(agent), &agent->out);
		return true;
	case MH_BINDING_REVOCATION:
		if (ready)
			on_revocation(agent, src, dst, &message->revocation);
		return true;
	case MH_UPDATE_NOTIFICATION:
		if (ready)
			mag_on_upn(agent->mag, src, dst, &message->upn,
				   agent_now(agent), &agent->out);
		return true;
	default:
		return false;
	}
}

static void on_done(struct agent *agent, void *owner, int error)
{
	mag_on_done(agent->mag, owner, error, agent_now(agent), &agent->out);
}

static void on_timer(struct agent *agent)
{
	bool synchronised = !agent->skew;

	if (synchronised != agent->mag->clock_synchronised)
		mag_on_clock(agent->mag, synchronised, agent_now(agent),
			     &agent->out);
	else
		mag_on_timer(agent->mag, agent_now(agent), &agent->out);
}

static uint64_t next_timer(const struct agent *agent)
{
	return mag_next_timer(agent->mag);
}

static void on_dataplane(struct agent *agent,
			 const struct dataplane_dump *dump)
{
	mag_on_dataplane(agent->mag, dump, agent_now(agent), &agent->out);
}

static void on_expired(struct agent *agent,
		       const struct effect_binding *binding)
{
	mag_on_path_expired(agent->mag, binding->cookie, binding->generation,
			    agent_now(agent), &agent->out);
}

static void on_set_expired(struct agent *agent, uint32_t id,
			   uint32_t generation)
{
	mag_on_set_expired(agent->mag, id, generation, agent_now(agent));
}

static bool wants_route(const struct agent *agent,
			const struct mh_prefix *prefix, uint32_t ifindex)
{
	const struct bule *bule;

	for (bule = agent->mag->bul.entries; bule; bule = bul_next(bule))
		if (bule->at.ifindex == ifindex &&
		    bule_has_prefix(bule, prefix))
			return true;
	return false;
}

void gateway_on_tunnel(struct agent *agent, const struct in6_addr *remote)
{
	mag_on_tunnel_mtu(agent->mag, remote, TUNNEL_MTU, agent_now(agent),
			  &agent->out);
	agent_run(agent);
}

const struct role_ops gateway_ops = {
	.begin = begin,
	.restore = restore,
	.start = start,
	.end = end,
	.on_message = on_message,
	.on_done = on_done,
	.on_timer = on_timer,
	.next_timer = next_timer,
	.on_dataplane = on_dataplane,
	.on_expired = on_expired,
	.on_set_expired = on_set_expired,
	.wants_route = wants_route,
};
