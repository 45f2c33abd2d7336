// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "packet.h"
#include "policy.h"
#include "world.h"

bool policy_own_prefix(uint32_t mn, struct mh_prefix *hnp)
{
	if (mn % 8 != 3)
		return false;
	*hnp = (struct mh_prefix){
		.addr = { .s6_addr = { 0x20, 0x01, 0x0d, 0xb9,
				       (uint8_t)(mn >> 24),
				       (uint8_t)(mn >> 16),
				       (uint8_t)(mn >> 8), (uint8_t)mn } },
		.len = 64,
	};
	return true;
}

void policy_of_anchor(uint32_t mn, struct lma_policy *policy)
{
	memset(policy, 0, sizeof(*policy));
	if (mn == NOWHERE)
		return;
	policy->mn_known = true;
	policy->service_enabled = true;
	policy->session_prefixes = mn % 16 == 5 ? 2 : 1;
	policy->hnp_count = policy_own_prefix(mn, &policy->hnp[0]);
	policy->interface_hnp_count = policy->hnp_count;
}

/* --- Multihoming: as the seed has it, until somebody changes it. */

/* What there is to be said of an interface, or of a mobile node. */
static struct rng stream_of(const struct sim *sim, uint32_t mn, uint32_t what)
{
	struct rng rng = {
		.state = sim->seed ^ (uint64_t)mn << 32 ^
			 (uint64_t)sim->mns[mn].policy << 8 ^ what,
	};

	rng.state = rng_next(&rng);
	return rng;
}

bool policy_anchor_shares(const struct sim *sim, uint32_t lma)
{
	return sim->setup.sharing & 1u << lma % 32;
}

bool policy_shares(const struct sim *sim, uint32_t mn)
{
	return sim->mns[mn].multihomed &&
	       policy_anchor_shares(sim, mobile_lma(sim, mn)->index);
}

/* All as the anchor has it, all the same, or each its own. */
static uint8_t priority_of(const struct sim *sim, uint32_t mn, uint32_t iface)
{
	struct rng rng = stream_of(sim, mn, 0);

	switch (rng_between(&rng, 0, 3)) {
	case 0:
		return 0;
	case 1:
		return 10;
	case 2:
		return iface ? (uint8_t)(10 * iface) : 0;
	default:
		return (uint8_t)(43 * iface + (uint32_t)rng_between(&rng, 1, 40));
	}
}

void policy_profile(const struct sim *sim, uint32_t mn, uint32_t iface,
		    struct mag_profile *profile)
{
	struct rng rng = stream_of(sim, mn, 1);

	memset(profile, 0, sizeof(*profile));
	mobile_id(mn, &profile->mn_id);
	profile->lma = mobile_lma(sim, mn)->address;
	profile->local_routing = mn % 4 == 1;
	if (mn % 16 == 3)
		profile->hnp_count = policy_own_prefix(mn, &profile->hnp[0]);
	if (!sim->mns[mn].multihomed)
		return;
	profile->multihoming = true;
	profile->keep_flows = rng_between(&rng, 0, 2);
	profile->path_priority = priority_of(sim, mn, iface);
}

/* Mostly priorities of its own: what another interface has is refused. */
unsigned int policy_flows(const struct sim *sim, uint32_t mn, uint32_t iface,
			  struct mh_flow *flows)
{
	struct rng rng = stream_of(sim, mn, 2 + iface);
	unsigned int count, i;

	if (!sim->mns[mn].multihomed)
		return 0;
	count = (unsigned int)rng_between(&rng, 0, POLICY_FLOWS_MAX);
	for (i = 0; i < count; i++)
		flows[i] = flow_draw(&rng, (uint16_t)(POLICY_FID_FIRST + i),
				     (uint16_t)(20 * i + 10 +
					(rng_between(&rng, 0, 5) ? iface : 5)));
	return count;
}
