/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a profile says of multihoming, and of flows.
 */
#ifndef PMIP6_PORTS_POLICY_FLOWS_H
#define PMIP6_PORTS_POLICY_FLOWS_H

#include "conf_file.h"

/* Of a mobile node... */
#define POLICY_MULTIHOMING_KEYS \
	CONF_VALUE("multihoming"), \
	CONF_VALUE("path-priority"), \
	CONF_VALUE("flows-on-detachment")

/* ...and of it or one of its interfaces. */
#define POLICY_FLOWS_KEY CONF_LIST("flows")

/**
 * struct policy_flows - what is wanted through the gateway
 * @flows: those, or NULL
 * @count: how many
 */
struct policy_flows {
	struct mh_flow *flows;
	unsigned int count;
};

/**
 * policy_read_multihoming() - may it be at several gateways
 * @conf: the file
 * @section: of the mobile node
 * @multihoming: set if it may
 * @keep_flows: set if its flows go on elsewhere when it leaves
 * @path_priority: set to that of its path, if it is said
 *
 * Says what is wrong.
 */
void policy_read_multihoming(struct conf *conf, cfg_t *section,
			     bool *multihoming, bool *keep_flows,
			     uint32_t *path_priority);

/**
 * policy_read_flows() - read the flows of a mobile node, or of an interface
 * @conf: the file
 * @section: of it
 * @flows: where to put them, zero
 *
 * Says what is wrong.
 */
void policy_read_flows(struct conf *conf, cfg_t *section,
		       struct policy_flows *flows);

#endif /* PMIP6_PORTS_POLICY_FLOWS_H */
