/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policy: the policy profiles of mobile nodes (RFC 5213 6.2), whatever keeps
 * them.
 */
#ifndef PMIP6_PORTS_POLICY_H
#define PMIP6_PORTS_POLICY_H

#include <net/ethernet.h>
#include <stdbool.h>
#include <stdint.h>

#include "../engine/lma.h"
#include "../engine/mag.h"
#include "../pmip6d/config.h"

struct policy;

/* What policy says to a mobile node that asks for mobility service. */
enum policy_answer {
	POLICY_UNKNOWN,		/* there is no such mobile node */
	POLICY_NO_SERVICE,	/* it may not have it (RFC 5213 6.2) */
	POLICY_SERVICE,
};

/**
 * policy_flows() - what flows are wanted through a gateway
 * @policy: the profiles, or NULL
 * @lladdr: link-layer address of a mobile node
 * @count: set to how many
 *
 * Return: those of that interface, or of the mobile node if it has none of its
 * own; valid as long as the profiles.
 */
const struct mh_flow *policy_flows(const struct policy *policy,
				   const uint8_t *lladdr, unsigned int *count);

/**
 * typedef policy_prefix_t - called with a prefix that is a mobile node's own
 * @context: as given
 * @hnp: the prefix
 */
typedef void (*policy_prefix_t)(void *context, const struct mh_prefix *hnp);

/**
 * policy_for_lladdr() - the profile of a mobile node that a gateway heard
 * @policy: all profiles, or NULL if there are none
 * @lladdr: its link-layer address, of ETH_ALEN octets
 * @mag: configuration of the gateway, with the anchor of those that have none
 * @profile: filled in if it is known; with the prefixes that are this
 *	interface's for sure, none where its anchor is to choose
 *
 * Return: what policy says.
 */
enum policy_answer policy_for_lladdr(const struct policy *policy,
				     const uint8_t *lladdr,
				     const struct config_mag *mag,
				     struct mag_profile *profile);

/**
 * policy_for_mn() - what an anchor has to know of a mobile node
 * @policy: all profiles, or NULL if there are none
 * @mn_id: the mobile node
 * @ll_id: its interface, if its length is not 0
 * @lma: configuration of the anchor, which may accept those without a profile
 * @answer: all is filled in but what is of the gateway, which is left alone, and
 *	that it may have bulk groups, which is no more than that allows
 */
void policy_for_mn(const struct policy *policy, const struct mh_mn_id *mn_id,
		   const struct mh_ll_id *ll_id, const struct config_lma *lma,
		   struct lma_policy *answer);

/**
 * policy_lladdrs() - the interfaces of a mobile node
 * @policy: all profiles, or NULL if there are none
 * @mn_id: the mobile node
 * @lladdrs: where to put the first one's link-layer address; the others
 *	follow; valid until policy_free()
 *
 * Return: how many; 0 also if there is no such mobile node.
 */
unsigned int policy_lladdrs(const struct policy *policy,
			    const struct mh_mn_id *mn_id,
			    const uint8_t (**lladdrs)[ETH_ALEN]);

/**
 * policy_each_prefix() - all prefixes that are mobile nodes' own
 * @policy: all profiles, or NULL if there are none
 * @each: called with each, as for lma_reserve()
 * @context: for @each
 */
void policy_each_prefix(const struct policy *policy, policy_prefix_t each,
			void *context);

/**
 * policy_count() - how many mobile nodes have a profile
 * @policy: all profiles, or NULL if there are none
 *
 * Return: how many.
 */
unsigned int policy_count(const struct policy *policy);

/**
 * policy_free() - the end of all profiles
 * @policy: the profiles, or NULL
 */
void policy_free(struct policy *policy);

#endif /* PMIP6_PORTS_POLICY_H */
