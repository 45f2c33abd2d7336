// SPDX-License-Identifier: GPL-2.0
/*
 * Multihoming: interfaces of a mobile node that share its prefixes, and the flows
 * that divide what goes to it. Whether anchor, gateways and kernels agree.
 */
#include <string.h>

#include <utlist.h>

#include "../engine/lma_flow_internal.h"
#include "../engine/lma_multihoming.h"
#include "policy.h"
#include "world.h"

/* --- An anchor. */

const struct bce *check_interface(const struct bce *bce,
				  const struct mh_ll_id *ll_id)
{
	const struct bce *path = bce;

	if (!bce->path)
		return bce;
	do {
		if (path->now.ll_id.len == ll_id->len &&
		    !memcmp(path->now.ll_id.data, ll_id->data, ll_id->len))
			return path;
		path = bce_next_path(path);
	} while (path != bce);
	return NULL;
}

bool check_cookie(const struct bce *bce, uint64_t cookie)
{
	const struct bce *path = bce;

	do {
		if (path->id == cookie)
			return true;
		path = bce_next_path(path);
	} while (path != bce);
	return false;
}

const struct kernel_path *check_path(const struct agent *agent,
				     const struct bce *bce,
				     const struct mh_prefix *hnp)
{
	const struct kernel_binding *binding =
		kernel_binding(&agent->kernel, hnp);

	if (!binding)
		return NULL;
	return kernel_path_by_bid(binding, bce->path ? bce->path->bid :
						       KERNEL_BID);
}

bool check_may_share(const struct agent *agent, const struct bce *bce)
{
	struct mh_mn_id mn_id;
	uint32_t mn;

	bce_mn_id(bce, &mn_id);
	mn = mobile_of_id(agent->sim, &mn_id);
	return mn != NOWHERE && policy_shares(agent->sim, mn);
}

/* --- Flows: of an entry, of its session, in its kernel, at its gateway. */

/* As the engine compares them: they are zero but for what they say. */
static bool selects_the_same(const struct selector *one,
			     const struct selector *other)
{
	return !memcmp(one, other, sizeof(*one));
}

static bool goes_by(const struct effect_flow *flow, uint16_t bid)
{
	unsigned int i;

	for (i = 0; i < flow->bid_count; i++)
		if (flow->bid[i] == bid)
			return true;
	return false;
}

/* Of a copy to all, one for each entry; else one and no other. */
static bool goes_where_it_shall(const struct bce *bce,
				const struct lma_flow *flow,
				const struct effect_flow *set)
{
	const struct bce *path = bce;

	if (flow->action == MH_FLOW_DROP)
		return true;
	if (set->bid[0] != flow->bid)
		return false;
	if (flow->action == MH_FLOW_FORWARD)
		return set->bid_count == 1;
	do {
		if (!goes_by(set, path->path->bid))
			return false;
		path = bce_next_path(path);
	} while (path != bce);
	return true;
}

const char *check_flow(const struct bce *bce,
		       const struct kernel_binding *binding,
		       const struct lma_flow *flow)
{
	const struct kernel_flow *has = kernel_flow(binding, flow->id);

	if (!has)
		return "the anchor's kernel does not have one of its flows";
	if (has->what.priority != flow->priority ||
	    has->what.action != flow->action ||
	    !selects_the_same(&has->what.selector, &flow->selector))
		return "the anchor's kernel has another flow for one of its own";
	if (!goes_where_it_shall(bce, flow, &has->what))
		return "the anchor's kernel has one of its flows go elsewhere";
	return NULL;
}

static bool has_path_of(const struct kernel_binding *binding,
			const struct bce *bce)
{
	const struct kernel_path *path =
		kernel_path_by_bid(binding, bce->path->bid);

	return path && path->what.priority == bce->now.priority;
}

static const char *check_flows(const struct bce *bce, const struct bce *path,
			       const struct kernel_binding *binding)
{
	const struct lma_flows *flows = path->path ? path->path->flows : NULL;
	const char *what = NULL;
	unsigned int i;

	for (i = 0; flows && i < flows->count && !what; i++)
		what = check_flow(bce, binding, &flows->flow[i]);
	return what;
}

static const char *other_flows(const struct bce *bce,
			       const struct kernel_binding *binding)
{
	unsigned int flows = 0, theirs = 0;
	const struct kernel_flow *has;
	const struct bce *path = bce;

	do {
		flows += lma_flow_count(path);
		path = bce_next_path(path);
	} while (path != bce);
	for (has = binding->flows; has; has = has->next)
		theirs++;
	if (theirs < flows)
		return "the anchor's kernel does not have all of its flows";
	return theirs > flows ?
	       "the anchor's kernel has flows that it does not have" : NULL;
}

const char *check_paths(const struct bce *bce,
			const struct kernel_binding *binding)
{
	const struct bce *path = bce;
	unsigned int entries = 0;
	const char *what;

	do {
		entries++;
		if (path->path && !has_path_of(binding, path))
			return "the anchor's kernel has a path of another priority";
		what = check_flows(bce, path, binding);
		if (what)
			return what;
		path = bce_next_path(path);
	} while (path != bce);
	if (kernel_path_count(binding) != entries)
		return "the anchor's kernel has paths that are no interface's";
	return other_flows(bce, binding);
}

static const struct lma_flow *flow_of(const struct bce *bce, uint16_t fid)
{
	unsigned int i;

	for (i = 0; i < lma_flow_count(bce); i++)
		if (bce->path->flows->flow[i].fid == fid)
			return &bce->path->flows->flow[i];
	return NULL;
}

/*
 * What others have under way may change its flows as well; and it may have failed, or
 * they have been lost, since this was told the kernel.
 */
static bool is_alone_busy(const struct bce *bce)
{
	const struct bce *path;

	if (lma_is_unsure(bce))
		return false;
	for (path = bce_next_path(bce); path != bce;
	     path = bce_next_path(path))
		if (path->operation)
			return false;
	return true;
}

const char *check_flows_ack(const struct bce *bce,
			    const struct kernel_binding *binding,
			    const struct mh_options *options)
{
	const struct lma_flow *has;
	bool accepts = false;
	const char *what;
	unsigned int i;

	if (!is_alone_busy(bce))
		return NULL;
	for (i = 0; i < options->flow_count; i++) {
		if (options->flow[i].status >= MH_STATUS_REJECTED)
			continue;
		accepts = true;
		if (mh_flow_wants(&options->flow[i]) == MH_FLOW_DELETE)
			continue;
		has = flow_of(bce, options->flow[i].fid);
		what = has ? check_flow(bce, binding, has) :
			     "it does not have a flow that it accepts";
		if (what)
			return what;
	}
	/* Nor does one stand that it says to have deleted. */
	return accepts ? other_flows(bce, binding) : NULL;
}

static const struct bule_flow *flow_at(const struct bule *bule, uint16_t fid)
{
	const struct bule_flow *flow;

	DL_FOREACH(bule->multihoming->flows, flow)
		if (flow->says.fid == fid)
			return flow;
	return NULL;
}

static bool is_the_same(const struct bule_flow *flow,
			const struct lma_flow *has)
{
	return flow->says.priority == has->priority &&
	       flow->says.action == has->action &&
	       selects_the_same(&flow->says.selector, &has->selector);
}

/*
 * RFC 7864 3.4: no message says what was moved to a gateway and has gone, but one
 * with room for all that was, beside what is said of those of its own.
 */
static bool hears_of_all(const struct bule *bule, const struct bce *bce)
{
	const struct bule_flow *flow;
	unsigned int count = 1, i;

	DL_FOREACH(bule->multihoming->flows, flow)
		count += flow->state == BULE_FLOW_REFUSED;
	for (i = 0; i < lma_flow_count(bce); i++)
		count += bce->path->flows->flow[i].moved;
	return count < MH_MAX_FLOWS;
}

/*
 * One that was refused is there as it was before, if it was. What the anchor has
 * moved to it its gateway hears with its next renewal, if there is room.
 */
static const char *gateway_flows_are_wrong(const struct bule *bule,
					   const struct bce *bce)
{
	const struct bule_flow *flow;
	const struct lma_flow *has;
	unsigned int i;

	/* What is refused without a reason is asked for with each renewal. */
	if (bule->waits)
		return NULL;
	DL_FOREACH(bule->multihoming->flows, flow) {
		has = flow_of(bce, flow->says.fid);
		if (flow->state == BULE_FLOW_PENDING ||
		    flow->state == BULE_FLOW_LEAVING)
			return "its gateway is not done with a flow";
		if (!has && flow->origin == BULE_FLOW_ANCHOR &&
		    !hears_of_all(bule, bce))
			continue;
		if (flow->state == BULE_FLOW_STANDS &&
		    (!has || !is_the_same(flow, has)))
			return has ? "its anchor has a flow otherwise than its gateway" : "its anchor does not have a flow that its gateway has";
	}
	for (i = 0; i < lma_flow_count(bce); i++) {
		has = &bce->path->flows->flow[i];
		if ((!has->moved || hears_of_all(bule, bce)) &&
		    !flow_at(bule, has->fid))
			return "its anchor has a flow that its gateway does not have";
	}
	return NULL;
}

/* --- A mobile node. */

static bool has_other_prefixes(const struct sim *sim, uint32_t mn,
			       const struct bce *bce)
{
	const struct bule *bule;
	const struct agent *mag;
	uint8_t lladdr[ETH_ALEN];
	uint32_t i;

	for (i = 0; i < sim->mns[mn].iface_count; i++) {
		if (sim->mns[mn].ifaces[i].mag == NOWHERE)
			continue;
		mag = &sim->agents[sim->mns[mn].ifaces[i].mag];
		mobile_lladdr(mn, i, lladdr);
		bule = bul_by_lladdr(&mag->mag->bul, lladdr);
		if (bule && !bce_prefixes_are(bce->prefixes, bce->prefix_count,
					      bule->hnp, bule->hnp_count))
			return true;
	}
	return false;
}

const char *check_multihomed(const struct sim *sim, uint32_t mn,
			     const struct bule *bule, const struct bce *bce)
{
	const char *what;

	if (!bule->multihoming || !bule->multihoming->stands)
		return "its gateway does not know that it shares its prefixes";
	if (has_other_prefixes(sim, mn, bce))
		return "its interfaces have different prefixes";
	if (bce->now.priority != (bule->profile.path_priority ?
				  bule->profile.path_priority :
				  LMA_PRIORITY_DEFAULT))
		return "its anchor has another priority of its path";
	what = check_policy(sim, bule);
	return what ? what : gateway_flows_are_wrong(bule, bce);
}
