/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The messages of the family "pmip6" that are about flow bindings, as structs.
 */
#ifndef PMIP6_NL_GENL_FLOW_H
#define PMIP6_NL_GENL_FLOW_H

#include "../mh/selector.h"
#include "genl.h"

/**
 * struct genl_flow - PMIP6_CMD_FLOW_*, of one flow
 * @ifindex: the pmip6 device; 0 for all, in a dump
 * @hnp: of the binding
 * @fid: its identifier; 0 for all of the binding, to delete them
 * @priority: lower is looked at first
 * @action: enum pmip6_flow_action; 0 for the module's default
 * @bid_count: how many paths
 * @bid: those
 * @selector: its packets
 * @stats: in replies
 */
struct genl_flow {
	uint32_t ifindex;
	struct mh_prefix hnp;
	uint16_t fid;
	uint16_t priority;
	uint8_t action;
	unsigned int bid_count;
	uint16_t bid[PMIP6_PATHS_MAX];
	struct selector selector;
	struct genl_stats stats;
};

/**
 * genl_put_flow() - write a flow, for PMIP6_CMD_FLOW_NEW
 * @msg: the message
 * @flow: the flow
 *
 * Return: 0 or a negative libnl error.
 */
int genl_put_flow(struct nl_msg *msg, const struct genl_flow *flow);

/**
 * genl_put_flow_place() - write which flow is meant, for PMIP6_CMD_FLOW_DEL
 * @msg: the message
 * @flow: the flow
 *
 * Return: 0 or a negative libnl error.
 */
int genl_put_flow_place(struct nl_msg *msg, const struct genl_flow *flow);

/**
 * genl_get_flow() - read a flow
 * @nlh: the message
 * @flow: where to put it
 *
 * Return: 0 or a negative libnl error.
 */
int genl_get_flow(struct nlmsghdr *nlh, struct genl_flow *flow);

/**
 * genl_action_name() - the name of what becomes of a flow's packets
 * @action: enum pmip6_flow_action
 *
 * Return: a constant string.
 */
const char *genl_action_name(unsigned int action);

#endif /* PMIP6_NL_GENL_FLOW_H */
