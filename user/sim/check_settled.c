// SPDX-License-Identifier: GPL-2.0
/*
 * When all is quiet: every mobile node has service where it is, and everybody
 * agrees about that; and when all have left, nothing is left.
 */
#include <string.h>

#include "../engine/lma_flow.h"
#include "policy.h"
#include "world.h"

#define AGREE "once quiet, all agree"
#define EMPTY "nothing is left when all have left"

/* Set anew only if it is further off: see dataplane_lifetime_agrees(). */
#define LIFETIME_US ((DATAPLANE_SLACK_MS + 10) * US_PER_MS)

static bool about(uint64_t expires_us, const struct agent *agent,
		  uint64_t expires_ms)
{
	uint64_t engine_us = agent->boot_us +
			     (expires_ms - agent->boot_ms) * US_PER_MS;

	return expires_us <= engine_us + LIFETIME_US &&
	       engine_us <= expires_us + LIFETIME_US;
}

/* --- An anchor. */

static const char *forwarding_is_wrong(const struct agent *lma,
				       const struct bce *bce,
				       const struct mh_prefix *hnp)
{
	const struct kernel_binding *binding;
	const struct kernel_path *path;

	binding = kernel_binding(&lma->kernel, hnp);
	path = check_path(lma, bce, hnp);
	if (!path || !check_cookie(bce, binding->told.cookie))
		return "the anchor's kernel does not forward it";
	if (!IN6_ARE_ADDR_EQUAL(&path->what.remote, &bce->now.proxy_coa))
		return "the anchor's kernel forwards it elsewhere";
	if (!about(kernel_path_ends_us(&lma->kernel, path), lma,
		   lma_expires_ms(bce)))
		return "the anchor's kernel has another lifetime";
	if (!prefix_pool_covers(&lma->lma->pool, hnp) &&
	    !kernel_route(&lma->kernel, hnp, false))
		return "the anchor has no route";
	return check_paths(bce, binding);
}

static const char *session_is_wrong(struct agent *lma,
				    const struct bce *bce)
{
	const char *what = NULL;
	unsigned int i;

	if (bce->operation || bce->waiting || bce->delayed)
		return "the anchor is not done with it";
	if (bce->now.state != BCE_ACTIVE || bce->now.invalid)
		return "the anchor's session is not active";
	if (bce->pending.count || bce->former.count)
		return "the anchor keeps other prefixes for it";
	if (!store_find(lma->store.sessions, bce->id))
		return "the anchor has no record";
	check_packets(lma, bce);
	for (i = 0; i < bce->prefix_count && !what; i++)
		what = forwarding_is_wrong(lma, bce, &bce->prefixes[i].prefix);
	return what;
}

/* --- A gateway. */

const char *check_gateway_path(const struct agent *mag, const struct bule *bule,
			       const struct mh_prefix *hnp)
{
	const struct kernel_binding *binding;
	const struct kernel_path *path;

	binding = kernel_binding(&mag->kernel, hnp);
	path = binding ? binding->paths : NULL;
	if (!path || path->next || binding->told.cookie != bule->id)
		return "the gateway's kernel does not forward it";
	if (!IN6_ARE_ADDR_EQUAL(&path->what.remote, &bule->profile.lma) ||
	    binding->told.access_ifindex != bule->at.ifindex ||
	    memcmp(binding->told.lladdr, bule->at.lladdr, ETH_ALEN))
		return "the gateway's kernel forwards it elsewhere";
	return NULL;
}

static const char *path_is_wrong(const struct agent *mag,
				 const struct bule *bule,
				 const struct mh_prefix *hnp)
{
	const struct kernel_binding *binding;
	const struct kernel_route *route;
	const char *what;

	what = check_gateway_path(mag, bule, hnp);
	if (what)
		return what;
	binding = kernel_binding(&mag->kernel, hnp);
	if (binding->told.local_routing != bule->profile.local_routing)
		return "the gateway's kernel routes it locally, or not";
	if (!about(kernel_path_ends_us(&mag->kernel, binding->paths), mag,
		   bule_expires_ms(bule)))
		return "the gateway's kernel has another lifetime";
	route = kernel_route(&mag->kernel, hnp, true);
	if (!route || route->ifindex != bule->at.ifindex)
		return "the gateway has no route";
	return NULL;
}

/* Of a member of a group, by its group. */
static bool would_be_forgotten(const struct bule *bule)
{
	const struct mag_group *group = bule->member.group;

	if (!timer_is_set(&bule->timers[BULE_TIMER_RA].timer))
		return true;
	if (group)
		return !timer_is_set(&group->timers[GROUP_TIMER_EXPIRY].timer);
	return !timer_is_set(&bule->timers[BULE_TIMER_EXPIRY].timer) ||
	       !timer_is_set(&bule->timers[BULE_TIMER_PBU].timer);
}

static const char *entry_is_wrong(const struct agent *mag,
				  const struct bule *bule)
{
	const char *what;
	unsigned int i;

	if (bule->state != BULE_ACTIVE)
		return bule_state_name(bule->state);
	if (!bule->forwards || !bule->hnp_count)
		return "the gateway does not forward it";
	if (would_be_forgotten(bule))
		return "the gateway would forget it";
	if (!store_find(mag->store.sessions, bule->id))
		return "the gateway has no record";
	if (!IN6_IS_ADDR_UNSPECIFIED(&bule->router) &&
	    !kernel_has_address(&mag->kernel, bule->at.ifindex, &bule->router))
		return "its link has not the address of its router";
	for (i = 0; i < bule->hnp_count; i++) {
		what = path_is_wrong(mag, bule, &bule->hnp[i]);
		if (what)
			return what;
	}
	return NULL;
}

/* --- A mobile node. */

static const struct bule *entry_of(const struct sim *sim, uint32_t mn,
				   uint32_t which)
{
	const struct iface *iface = &sim->mns[mn].ifaces[which];
	uint8_t lladdr[ETH_ALEN];

	if (iface->mag == NOWHERE || !sim->agents[iface->mag].up)
		return NULL;
	mobile_lladdr(mn, which, lladdr);
	return bul_by_lladdr(&sim->agents[iface->mag].mag->bul, lladdr);
}

/* How many prefixes two interfaces of a mobile node have in common. */
static unsigned int common(const struct sim *sim, uint32_t mn, uint32_t one,
			   uint32_t other)
{
	const struct bule *a = entry_of(sim, mn, one);
	const struct bule *b = entry_of(sim, mn, other);
	unsigned int i, count = 0;

	for (i = 0; a && b && i < a->hnp_count; i++)
		count += bule_has_prefix(b, &a->hnp[i]);
	return count;
}

/*
 * An anchor that has lost its sessions finds one by any of its prefixes,
 * whichever interface it was for (RFC 5213 5.4.1.1): two of a mobile node may
 * share one from then on, without multihoming. Nothing is said of those.
 */
static bool shares(const struct sim *sim, uint32_t mn, uint32_t which)
{
	uint32_t other;

	for (other = 0; other < IFACES; other++)
		if (other != which && common(sim, mn, which, other))
			return true;
	return false;
}

static bool shares_with_earlier(const struct sim *sim, uint32_t mn,
				uint32_t which)
{
	uint32_t other;

	for (other = 0; other < which; other++)
		if (common(sim, mn, which, other))
			return true;
	return false;
}

static const char *service_is_wrong(struct sim *sim, uint32_t mn,
				    uint32_t which)
{
	const struct iface *iface = &sim->mns[mn].ifaces[which];
	const struct agent *mag = &sim->agents[iface->mag];
	struct agent *lma = mobile_lma(sim, mn);
	bool together = policy_shares(sim, mn);
	struct mh_ll_id ll_id = { .len = ETH_ALEN };
	const struct bule *bule;
	const struct bce *bce;
	const char *what;

	bule = entry_of(sim, mn, which);
	if (!bule)
		return "its gateway does not know it";
	if (!together && shares(sim, mn, which))
		return NULL;
	what = entry_is_wrong(mag, bule);
	if (what)
		return what;
	if (bule->at.ifindex != iface->ifindex)
		return "its gateway believes it on another link";
	bce = bc_by_prefix(&lma->lma->bc, &bule->hnp[0]);
	if (!bce || !bce_is_of(bce, &bule->profile.mn_id))
		return "its prefix is not its own at the anchor";
	if (!bce_prefixes_are(bce->prefixes, bce->prefix_count, bule->hnp,
			      bule->hnp_count))
		return "gateway and anchor have different prefixes";
	memcpy(ll_id.data, bule->at.lladdr, ETH_ALEN);
	bce = check_interface(bce, &ll_id);
	if (!bce || (together && !bce->path))
		return "its anchor does not have it as an interface";
	if (!IN6_ARE_ADDR_EQUAL(&bce->now.proxy_coa, &mag->address))
		return "its anchor believes it elsewhere";
	what = session_is_wrong(lma, bce);
	return what || !together ? what : check_multihomed(sim, mn, bule, bce);
}

/* --- All of them. */

/* Its prefixes are there once for all interfaces of its session. */
static bool is_found_by_other(const struct bce *bce)
{
	return bce->path && bce->path->shares;
}

static unsigned int own_routes(const struct lma *lma)
{
	const struct bce *bce;
	unsigned int i, count = lma->pool.count;

	for (bce = bc_next(&lma->bc, NULL); bce; bce = bc_next(&lma->bc, bce))
		for (i = 0; i < bce->prefix_count && !is_found_by_other(bce);
		     i++)
			count += !prefix_pool_covers(&lma->pool,
						     &bce->prefixes[i].prefix);
	return count;
}

static void expect(struct agent *agent, const char *broken, const char *what,
		   unsigned int found, unsigned int expected)
{
	if (found != expected)
		check_fail(agent->sim, broken, "%s: %u %s instead of %u",
			   agent->name, found, what, expected);
}

/* Whoever waited was told, whatever became of it. */
static void check_revocations(struct agent *agent, const char *broken,
			      const struct revocations *all)
{
	expect(agent, broken, "revocations", all->all != NULL, 0);
	expect(agent, broken, "orders", all->orders != NULL, 0);
}

static void check_anchor(struct agent *agent, const char *broken,
			 unsigned int sessions)
{
	const struct lma *lma = agent->lma;
	unsigned int prefixes = 0, members = 0, flows = 0;
	unsigned int groups = HASH_CNT(by_name, lma->groups.by_name);
	const struct bce *bce;

	for (bce = bc_next(&lma->bc, NULL); bce; bce = bc_next(&lma->bc, bce)) {
		if (!is_found_by_other(bce))
			prefixes += bce->prefix_count;
		members += bce->group != NULL;
		flows += bce->path && bce->path->flows &&
			 bce->path->flows->count;
	}
	expect(agent, broken, "sessions", lma->bc.count, sessions);
	expect(agent, broken, "records", HASH_COUNT(agent->store.sessions),
	       sessions + groups + flows);
	expect(agent, broken, "expiry sets", HASH_COUNT(agent->kernel.sets),
	       groups);
	expect(agent, broken, "bindings in the kernel",
	       HASH_COUNT(agent->kernel.bindings), prefixes);
	expect(agent, broken, "routes", HASH_COUNT(agent->kernel.routes),
	       own_routes(lma));
	expect(agent, broken, "lifetimes", lma->timers.count,
	       sessions - members);
	expect(agent, broken, "lifetimes of groups", lma->groups.timers.count,
	       groups);
	expect(agent, broken, "waits",
	       lma->waits.count + lma->notices.count +
	       lma->revocations.timers.count, 0);
	check_revocations(agent, broken, &lma->revocations);
}

/* Each is one that a mobile node's router has there. */
static void check_addresses(struct agent *agent, const char *broken)
{
	const struct kernel_address *at;
	struct mh_prefix address = { .len = 128 };
	const struct bule *bule;
	char text[TRACE_TEXT];

	for (at = agent->kernel.addresses; at; at = at->hh.next) {
		for (bule = agent->mag->bul.entries; bule;
		     bule = bul_next(bule))
			if (!memcmp(at->key, &bule->at.ifindex, 4) &&
			    !memcmp(at->key + 4, &bule->router, 16))
				break;
		if (bule)
			continue;
		memcpy(&address.addr, at->key + 4, 16);
		check_fail(agent->sim, broken,
			   "%s: address %s of link %u is no router's",
			   agent->name, trace_prefix(&address, text),
			   at->key[0]);
	}
}

/* What two entries of a gateway have in common is there once. */
static unsigned int prefixes_at(const struct agent *agent)
{
	const struct sim *sim = agent->sim;
	const struct bule *bule;
	unsigned int count = 0;
	uint32_t mn, iface, other;

	for (bule = agent->mag->bul.entries; bule; bule = bul_next(bule)) {
		count += bule->hnp_count;
		mn = mobile_of_lladdr(bule->at.lladdr, &iface);
		for (other = 0; other < iface; other++)
			if (sim->mns[mn].ifaces[other].mag == agent->index)
				count -= common(sim, mn, iface, other);
	}
	return count;
}

static unsigned int timers_of_entries(const struct mag *mag)
{
	const struct bule *bule;
	unsigned int count = 0;

	for (bule = mag->bul.entries; bule; bule = bul_next(bule))
		if (!bule->member.group)
			count += BULE_TIMERS;
		else
			count += 1 + timer_is_set(
					&bule->timers[BULE_TIMER_PBU].timer);
	return count;
}

static unsigned int groups_with_members(const struct mag *mag)
{
	const struct mag_group *group;
	unsigned int count = 0;

	for (group = mag->groups.all; group; group = mag_group_next(group))
		count += group->count != 0;
	return count;
}

static void check_gateway(struct agent *agent, const char *broken,
			  unsigned int entries)
{
	const struct mag *mag = agent->mag;
	unsigned int prefixes = prefixes_at(agent);

	expect(agent, broken, "entries", bul_count(&mag->bul), entries);
	expect(agent, broken, "records", HASH_COUNT(agent->store.sessions),
	       entries + groups_with_members(mag));
	expect(agent, broken, "expiry sets", HASH_COUNT(agent->kernel.sets),
	       groups_with_members(mag));
	expect(agent, broken, "bindings in the kernel",
	       HASH_COUNT(agent->kernel.bindings), prefixes);
	expect(agent, broken, "routes", HASH_COUNT(agent->kernel.routes),
	       prefixes);
	expect(agent, broken, "timers", mag->timers.count,
	       timers_of_entries(mag));
	check_addresses(agent, broken);
	check_revocations(agent, broken, &mag->revocations);
}

/* One for each interface, but where they share without multihoming. */
static bool has_entry(const struct sim *sim, uint32_t mn, uint32_t which)
{
	return sim->mns[mn].ifaces[which].mag != NOWHERE &&
	       (policy_shares(sim, mn) ||
		!shares_with_earlier(sim, mn, which));
}

/* How many entries an agent has. */
static unsigned int present_at(const struct sim *sim, const struct agent *agent)
{
	unsigned int count = 0;
	uint32_t mn, i;

	for (mn = 0; mn < sim->options.mns; mn++) {
		if (agent_is_lma(agent) && mobile_lma(sim, mn) != agent)
			continue;
		for (i = 0; i < IFACES; i++)
			if (agent_is_lma(agent))
				count += has_entry(sim, mn, i);
			else
				count += sim->mns[mn].ifaces[i].mag ==
					 agent->index;
	}
	return count;
}

/* Who is elsewhere is nobody's here. */
static void check_strangers(struct agent *mag, const char *broken)
{
	const struct bule *bule;
	uint32_t mn, iface;

	for (bule = mag->mag->bul.entries; bule; bule = bul_next(bule)) {
		mn = mobile_of_lladdr(bule->at.lladdr, &iface);
		if (mag->sim->mns[mn].ifaces[iface].mag != mag->index)
			check_fail(mag->sim, broken,
				   "mn=mn%u.%u is not at %s, which has it %s",
				   mn, iface, mag->name,
				   bule_state_name(bule->state));
	}
}

static void check_agents(struct sim *sim, const char *broken)
{
	struct agent *agent;
	uint32_t i;

	for (i = 0; i < sim->agent_count; i++) {
		agent = &sim->agents[i];
		if (!agent->up || !agent->reconciled) {
			check_fail(sim, broken, "%s is not ready",
				   agent->name);
			return;
		}
		check_engine(agent);
		if (agent_is_lma(agent)) {
			check_anchor(agent, broken, present_at(sim, agent));
			continue;
		}
		check_strangers(agent, broken);
		check_gateway(agent, broken, present_at(sim, agent));
	}
}

void check_settled(struct sim *sim)
{
	const char *what;
	uint32_t mn, i;

	for (mn = 0; mn < sim->options.mns; mn++) {
		for (i = 0; i < IFACES; i++) {
			if (sim->mns[mn].ifaces[i].mag == NOWHERE)
				continue;
			what = service_is_wrong(sim, mn, i);
			if (what)
				check_fail(sim, AGREE,
					   "mn=mn%u.%u at %s: %s", mn, i,
					   sim->agents[sim->mns[mn].ifaces[i].mag].name,
					   what);
		}
	}
	check_agents(sim, AGREE);
}

void check_empty(struct sim *sim)
{
	struct agent *agent;
	uint32_t i;

	check_agents(sim, EMPTY);
	for (i = 0; i < sim->agent_count; i++) {
		agent = &sim->agents[i];
		expect(agent, EMPTY, "tunnels",
		       HASH_COUNT(agent->kernel.tunnels), 0);
		expect(agent, EMPTY, "paths that expire",
		       agent->kernel.expiry.count, 0);
		expect(agent, EMPTY, "expiry sets",
		       HASH_COUNT(agent->kernel.sets), 0);
		expect(agent, EMPTY, "transactions", agent->exec.owned, 0);
		if (!agent->up)
			continue;
		expect(agent, EMPTY, "peers", agent->peers->count, 0);
		expect(agent, EMPTY, "timers of peers",
		       agent->peers->timers.count, 0);
		expect(agent, EMPTY, "records of peers",
		       HASH_COUNT(agent->store.peers), 0);
	}
}
