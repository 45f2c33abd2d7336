// SPDX-License-Identifier: GPL-2.0
#include <string.h>

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

void policy_profile(const struct sim *sim, uint32_t mn,
		    struct mag_profile *profile)
{
	memset(profile, 0, sizeof(*profile));
	mobile_id(mn, &profile->mn_id);
	profile->lma = mobile_lma(sim, mn)->address;
	profile->local_routing = mn % 4 == 1;
	if (mn % 16 == 3)
		profile->hnp_count = policy_own_prefix(mn, &profile->hnp[0]);
}
