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

/* What policy wants of flows has identifiers from here on; operators' are below. */
#define POLICY_FID_FIRST 100
#define POLICY_FLOWS_MAX 3

struct agent;
struct sim;

/**
 * policy_profile() - what policy tells gateways of a mobile node
 * @sim: the run
 * @mn: its index
 * @iface: of which interface
 * @profile: where to put it
 */
void policy_profile(const struct sim *sim, uint32_t mn, uint32_t iface,
		    struct mag_profile *profile);

/**
 * policy_flows() - what flows does policy want through a gateway
 * @sim: the run
 * @mn: index of the mobile node
 * @iface: which of its interfaces
 * @flows: where to put them, POLICY_FLOWS_MAX
 *
 * Return: how many.
 */
unsigned int policy_flows(const struct sim *sim, uint32_t mn, uint32_t iface,
			  struct mh_flow *flows);

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

/**
 * policy_anchor_shares() - does an anchor have multihoming
 * @sim: the run
 * @lma: index of the anchor
 *
 * Return: true if so.
 */
bool policy_anchor_shares(const struct sim *sim, uint32_t lma);

/**
 * policy_shares() - are interfaces of a mobile node to share its prefixes
 * @sim: the run
 * @mn: its index
 *
 * Return: true if its gateways ask for that, and its anchor has it.
 */
bool policy_shares(const struct sim *sim, uint32_t mn);

#endif /* PMIP6_SIM_POLICY_H */
