/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What policy says of mobile nodes: to anchors and to gateways, which agree.
 */
#ifndef PMIP6_SIM_POLICY_H
#define PMIP6_SIM_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "../engine/lma.h"
#include "../engine/update_list.h"

struct agent;
struct sim;

/**
 * policy_profile() - what policy tells gateways of a mobile node
 * @sim: the run
 * @mn: its index
 * @profile: where to put it
 */
void policy_profile(const struct sim *sim, uint32_t mn,
		    struct mag_profile *profile);

/**
 * policy_of_anchor() - what policy tells anchors of a mobile node
 * @mn: its index, or NOWHERE
 * @policy: where to put it
 */
void policy_of_anchor(uint32_t mn, struct lma_policy *policy);

/**
 * policy_own_prefix() - a prefix that policy keeps for a mobile node
 * @mn: its index
 * @hnp: where to put it
 *
 * Return: false if it has none.
 */
bool policy_own_prefix(uint32_t mn, struct mh_prefix *hnp);

#endif /* PMIP6_SIM_POLICY_H */
