/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flow bindings (RFC 6089): which of a binding's packets take other paths than
 * the preferred one.
 */
#ifndef PMIP6_FLOW_H
#define PMIP6_FLOW_H

#include <linux/pmip6.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>

#include "counters.h"
#include "path.h"
#include "selector.h"

struct netlink_ext_ack;
struct pmip6_binding;
struct pmip6_classifier;
struct pmip6_device;
struct pmip6_fragments;

/**
 * struct pmip6_flow_spec - what a command says of a flow
 * @fid: its identifier within the binding, not 0
 * @priority: lower is looked at first; no other flow of the binding has it
 * @action: enum pmip6_flow_action
 * @bid_count: how many paths
 * @bid: those, the preferred one first
 * @selector: its packets
 */
struct pmip6_flow_spec {
	u16 fid;
	u16 priority;
	u8 action;
	u8 bid_count;
	u16 bid[PMIP6_PATHS_MAX];
	struct pmip6_selector selector;
};

/**
 * struct pmip6_flow - a flow binding; fixed once readers can see it
 * @spec: what it is
 * @tables: how many tables have it; under the device's lock
 * @counters: its traffic
 * @rcu: frees it
 */
struct pmip6_flow {
	struct pmip6_flow_spec spec;
	unsigned int tables;
	struct pmip6_counters counters ____cacheline_aligned;
	struct rcu_head rcu;
};

/**
 * struct pmip6_flow_table - the flows of a binding; fixed once readers can see it
 * @rcu: frees it
 * @classifier: finds the first of them
 * @fragments: the device's
 * @by_fid: places in @flow, in order of their identifiers
 * @count: how many
 * @flow: those, in order of priority
 */
struct pmip6_flow_table {
	struct rcu_head rcu;
	struct pmip6_classifier *classifier;
	struct pmip6_fragments *fragments;
	u16 *by_fid;
	unsigned int count;
	struct pmip6_flow *flow[];
};

/**
 * pmip6_flows_set() - add flows to a binding, or change those that it has
 * @pd: the device
 * @binding: the binding
 * @specs: what the command says of them; an identifier that is there changes
 * @count: how many
 * @nlflags: NLM_F_EXCL refuses one that is there, which only NLM_F_REPLACE
 *	changes, and NLM_F_CREATE is needed for one that is not
 * @extack: told why not
 *
 * One that changes counts anew.
 *
 * Context: process, holding the device's lock. Sleeps.
 * Return: 0, or a negative error with nothing changed.
 */
int pmip6_flows_set(struct pmip6_device *pd, struct pmip6_binding *binding,
		    const struct pmip6_flow_spec *specs, unsigned int count,
		    u16 nlflags, struct netlink_ext_ack *extack);

/**
 * pmip6_flow_delete() - end a flow of a binding
 * @pd: the device
 * @binding: the binding
 * @fid: its identifier
 * @extack: told why not
 *
 * Context: process, holding the device's lock. Sleeps.
 * Return: 0, -ENOENT or -ENOMEM.
 */
int pmip6_flow_delete(struct pmip6_device *pd, struct pmip6_binding *binding,
		      u16 fid, struct netlink_ext_ack *extack);

/**
 * pmip6_flows_free() - end all flows of a binding
 * @binding: the binding
 *
 * Context: process, holding the device's lock.
 */
void pmip6_flows_free(struct pmip6_binding *binding);

/**
 * pmip6_flow_choose() - the flow of a packet, and the path that it takes
 * @binding: its binding, which has flows
 * @skb: the packet
 * @flow: set to the flow, or to NULL if no flow of it has a path
 * @why: without a path, what to count
 *
 * RFC 6089 5.2: the first that matches, and has a path that lives. A fragment
 * takes the flow of the first one of its packet.
 *
 * Context: BH disabled, RCU read side.
 * Return: the path, the first of several for PMIP6_FLOW_DUPLICATE; or NULL.
 */
const struct pmip6_path *pmip6_flow_choose(const struct pmip6_binding *binding,
					   struct sk_buff *skb,
					   struct pmip6_flow **flow,
					   enum pmip6_drop *why);

/**
 * pmip6_flow_duplicate() - send copies of a packet by the other paths of its flow
 * @binding: its binding
 * @flow: the flow
 * @path: the path that the packet itself takes
 * @skb: the packet
 *
 * Context: BH disabled, RCU read side.
 */
void pmip6_flow_duplicate(const struct pmip6_binding *binding,
			  const struct pmip6_flow *flow,
			  const struct pmip6_path *path, struct sk_buff *skb);

#endif /* PMIP6_FLOW_H */
