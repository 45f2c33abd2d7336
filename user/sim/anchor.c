// SPDX-License-Identifier: GPL-2.0
/*
 * An anchor: what user/pmip6d/lma_role.c is to the daemon.
 */
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "../engine/lma_revoke.h"
#include "policy.h"
#include "world.h"

static struct mh_prefix pool_of(const struct agent *agent)
{
	struct mh_prefix pool = { .len = 32 };

	pool.addr.s6_addr[0] = 0x2a;
	pool.addr.s6_addr[2] = (uint8_t)((agent->index + 1) >> 8);
	pool.addr.s6_addr[3] = (uint8_t)(agent->index + 1);
	return pool;
}

static void reserve_own(struct agent *agent)
{
	const struct sim *sim = agent->sim;
	struct mh_prefix hnp;
	uint32_t mn;

	for (mn = 0; mn < sim->options.mns; mn++)
		if (mobile_lma(sim, mn) == agent &&
		    policy_own_prefix(mn, &hnp))
			lma_reserve(agent->lma, &hnp);
}

static void begin(struct agent *agent)
{
	const struct setup *setup = &agent->sim->setup;
	struct mh_prefix pool = pool_of(agent);
	struct lma_config config = {
		.address = agent->address,
		.max_lifetime_s = 3600,
		.min_delay_before_bce_delete_ms = 10000,
		.max_delay_before_new_bce_assign_ms = 1500,
		.timestamp_validity_window_ms = 300,
		.timestamp_based_approach_in_use = setup->timestamps,
		.max_update_notification_retransmit_count = 1,
		.min_delay_between_update_notification_replay_ms = 1000,
		.max_sessions = 16,
		.multihoming = policy_anchor_shares(agent->sim, agent->index),
		.revocation = setup->revocation,
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

	config.seed = rng_next(&agent->sim->rng[STREAM_SETUP]);
	agent->lma = must_alloc(sizeof(*agent->lma));
	lma_init(agent->lma, &config);
	prefix_pool_add(&agent->lma->pool, &pool, 64);
	agent->peers = &agent->lma->peers;
	reserve_own(agent);
}

static bool restore(struct agent *agent, const struct record *record,
		    bool same_boot)
{
	return lma_restore(agent->lma, record->key, record->data, record->len,
			   same_boot, agent_now(agent));
}

static void start(struct agent *agent)
{
	lma_start(agent->lma, &agent->out);
}

static void end(struct agent *agent)
{
	struct totals *totals = &agent->sim->totals;
	const struct lma_counters *done = &agent->lma->counters;

	totals->registered += done->created;
	totals->handovers += done->handovers;
	totals->refreshed += done->refreshed;
	totals->renumbered += done->renumbered;
	totals->revoked += done->revoked;
	totals->joined += done->joined;
	lma_free(agent->lma);
	free(agent->lma);
	agent->lma = NULL;
	agent->peers = NULL;
}

static void on_pbu(struct agent *agent, const struct in6_addr *src,
		   const struct in6_addr *dst,
		   const struct mh_binding_update *bu)
{
	const struct agent *from = agent_by_address(agent->sim, src);
	uint32_t mn = NOWHERE;
	struct lma_request request = {
		.src = *src,
		.dst = *dst,
		.bu = *bu,
	};

	if (bu->options.has_mn_id)
		mn = mobile_of_id(agent->sim, &bu->options.mn_id);
	policy_of_anchor(mn, &request.policy);
	request.policy.mag_authorized = from && !agent_is_lma(from);
	/* The first one does not want to, in some runs. */
	request.policy.accepts_bulk = agent->index ||
		agent->sim->setup.bulk_group_size % 3;
	lma_on_pbu(agent->lma, &request, agent_now(agent), &agent->out);
}

static void on_revocation(struct agent *agent, const struct in6_addr *src,
			  const struct in6_addr *dst,
			  const struct mh_revocation *revocation)
{
	struct lma_revoker revoker = { .known = true, .many = true };

	if (revocation->kind == MH_BR_INDICATION)
		lma_on_bri(agent->lma, src, dst, revocation, &revoker,
			   agent_now(agent), &agent->out);
	else
		revocations_on_ack(&agent->lma->revocations, src, revocation,
				   agent_now(agent), &agent->out);
}

static bool on_message(struct agent *agent, const struct in6_addr *src,
		       const struct in6_addr *dst,
		       const struct mh_message *message, bool ready)
{
	switch (message->type) {
	case MH_BINDING_UPDATE:
		if (ready)
			on_pbu(agent, src, dst, &message->bu);
		return true;
	case MH_BINDING_REVOCATION:
		if (ready)
			on_revocation(agent, src, dst, &message->revocation);
		return true;
	case MH_UPDATE_ACK:
		lma_on_upa(agent->lma, src, &message->upa, &agent->out);
		return true;
	default:
		return false;
	}
}

static void on_done(struct agent *agent, void *owner, int error)
{
	lma_on_done(agent->lma, owner, error, agent_now(agent), &agent->out);
}

static void on_timer(struct agent *agent)
{
	lma_on_timer(agent->lma, agent_now(agent), &agent->out);
}

static uint64_t next_timer(const struct agent *agent)
{
	return lma_next_timer(agent->lma);
}

static void on_dataplane(struct agent *agent,
			 const struct dataplane_dump *dump)
{
	lma_on_dataplane(agent->lma, dump, agent_now(agent), &agent->out);
}

static void on_expired(struct agent *agent,
		       const struct effect_binding *binding)
{
	lma_on_path_expired(agent->lma, &binding->hnp, binding->bid,
			    binding->generation, agent_now(agent),
			    &agent->out);
}

static void on_set_expired(struct agent *agent, uint32_t set,
			   uint32_t generation)
{
	lma_on_set_expired(agent->lma, set, generation, agent_now(agent),
			   &agent->out);
}

static bool wants_route(const struct agent *agent,
			const struct mh_prefix *prefix, uint32_t ifindex)
{
	(void)ifindex;
	return lma_wants_route(agent->lma, prefix);
}

void anchor_renumber(struct agent *agent, uint32_t mn)
{
	struct lma_policy policy;
	struct mh_mn_id mn_id;
	struct bc_mn *found;

	if (!agent->up || agent->dying || !agent->reconciled)
		return;
	mobile_id(mn, &mn_id);
	policy_of_anchor(mn, &policy);
	found = bc_mn(&agent->lma->bc, &mn_id);
	if (!found)
		return;
	TRACE(agent->sim, agent->name, "operator renumbers mn=mn%u", mn);
	policy.mag_authorized = true;
	lma_renumber(agent->lma, found->sessions, &policy, NULL, 0,
		     agent_now(agent), &agent->out);
	agent_run(agent);
	agent_settle_death(agent);
}

void anchor_revoke(struct agent *agent, const struct revocation_target *target)
{
	if (!agent->up || agent->dying || !agent->reconciled)
		return;
	lma_revoke(agent->lma, target, NULL, NULL, agent_now(agent),
		   &agent->out);
	agent_run(agent);
	agent_settle_death(agent);
}

const struct role_ops anchor_ops = {
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
