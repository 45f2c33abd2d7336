/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operator sets of a mobile access gateway.
 */
#ifndef PMIP6_ENGINE_MAG_CONFIG_H
#define PMIP6_ENGINE_MAG_CONFIG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "peers.h"
#include "revocation.h"

/**
 * struct mag_config - what an operator sets
 * @address: Proxy-CoA
 * @lifetime_s: of a binding, to ask for
 * @initial_bindack_timeout_ms: INITIAL_BINDACK_TIMEOUT (RFC 6275)
 * @first_bindack_timeout_ms: InitialBindackTimeoutFirstReg (RFC 6275); it need
 *	not differ from INITIAL_BINDACK_TIMEOUT (RFC 5213 6.9.4)
 * @max_bindack_timeout_ms: MAX_BINDACK_TIMEOUT (RFC 6275)
 * @max_delay_ms: MaxDelayBeforeNewBCEAssign of the anchors: how long they wait
 *	for a de-registration, and its first copy is to come within
 * @deregistration_tries: how often a de-registration is sent
 * @max_mobile_nodes: so many are served at once; strangers can be without number
 * @retry_after_refusal_s: how long a refused mobile node is not asked for
 * @timestamp_based: TimestampBasedApproachInUse: PBUs are ordered by their
 *	timestamps, and otherwise by the sequence numbers of each session
 * @ask_any_prefix: where its own prefixes are refused, ask for any other
 * @link_local: source of Router Advertisements:
 *	FixedMAGLinkLocalAddressOnAllAccessLinks, or :: for one that the anchor
 *	says, and the link's own where it says none
 * @ra_interval_s: the longest time between two advertisements
 * @initial_ras: MAX_INITIAL_RTR_ADVERTISEMENTS (RFC 4861): so many tell news
 * @initial_ra_interval_s: MAX_INITIAL_RTR_ADVERT_INTERVAL: so soon
 * @final_ras: MAX_FINAL_RTR_ADVERTISEMENTS: so many tell that a prefix is gone
 * @ra_delay_ms: MIN_DELAY_BETWEEN_RAS: so soon
 * @router_lifetime_s: advertised
 * @valid_lifetime_s: advertised of prefixes
 * @preferred_lifetime_s: advertised of prefixes
 * @prefixes_of_binding: instead of those two, prefixes are advertised for as
 *	long as the binding lasts (RFC 5213 6.7)
 * @mtu: advertised whatever is found out, or 0
 * @default_path_mtu: to anchors of which nothing can be found out (RFC 5213
 *	6.9.5); 0 has no default
 * @presence_s: a mobile node that was not heard for so long is asked whether it
 *	is there; 0 never
 * @reregister_within_s: when an anchor has lost its sessions, all of them are
 *	registered anew within this time
 * @request_bulk: RequestBulkBindingUpdateSupportForMobilitySession (RFC 6602
 *	6.2): mobile nodes are registered in groups, and renewed together
 * @bulk_group_size: a group has so many members at most
 * @bulk_groups: so many groups are renewed by one message at most
 * @bulk_retry_s: where that was refused, so long it is not asked for
 * @bulk_member_interval_s: so often one of a group is registered by itself as
 *	well, or 0: never
 * @multihoming_retry_s: so long an anchor that does not know multihoming is not
 *	asked for it
 * @peers: heartbeats; its address and seed are filled in
 * @revocations: how often, for what an operator revokes
 * @identity: of this gateway, where it revokes all that it has (RFC 5846 9.2)
 * @seed: of what is drawn at random
 */
struct mag_config {
	struct in6_addr address;
	uint32_t lifetime_s;
	uint32_t initial_bindack_timeout_ms;
	uint32_t first_bindack_timeout_ms;
	uint32_t max_bindack_timeout_ms;
	uint32_t max_delay_ms;
	uint32_t deregistration_tries;
	uint32_t max_mobile_nodes;
	uint32_t retry_after_refusal_s;
	bool timestamp_based;
	bool ask_any_prefix;
	struct in6_addr link_local;
	uint32_t ra_interval_s;
	uint32_t initial_ras;
	uint32_t initial_ra_interval_s;
	uint32_t final_ras;
	uint32_t ra_delay_ms;
	uint16_t router_lifetime_s;
	uint32_t valid_lifetime_s;
	uint32_t preferred_lifetime_s;
	bool prefixes_of_binding;
	uint32_t mtu;
	uint32_t default_path_mtu;
	uint32_t presence_s;
	uint32_t reregister_within_s;
	bool request_bulk;
	uint32_t bulk_group_size;
	uint32_t bulk_groups;
	uint32_t bulk_retry_s;
	uint32_t bulk_member_interval_s;
	uint32_t multihoming_retry_s;
	struct peers_config peers;
	struct revocation_config revocations;
	struct mh_mn_id identity;
	uint64_t seed;
};

#endif /* PMIP6_ENGINE_MAG_CONFIG_H */
