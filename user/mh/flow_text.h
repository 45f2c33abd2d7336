/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How people write a flow:
 * "fid 1 priority 10 action forward proto udp dport 5060-5062".
 */
#ifndef PMIP6_MH_FLOW_TEXT_H
#define PMIP6_MH_FLOW_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "flow.h"

/* The longest that flow_print() writes, with its end. */
#define FLOW_TEXT_MAX (SELECTOR_TEXT_MAX + 64)

/* The longest that flow_parse() says, with its end. */
#define FLOW_WHY_MAX 256

/**
 * flow_parse() - read a flow, as people write it
 * @text: fid and priority, maybe action, and the fields of its selector, each with
 *	its value, in any order; or the word any in place of a selector
 * @flow: where to put it
 * @why: where to say what is wrong, of FLOW_WHY_MAX octets
 *
 * Return: true if it is one.
 */
bool flow_parse(const char *text, struct mh_flow *flow, char *why);

/**
 * flow_print() - write a flow so that it can be read back
 * @flow: the flow
 * @text: where to
 * @size: room there, FLOW_TEXT_MAX is always enough
 */
void flow_print(const struct mh_flow *flow, char *text, size_t size);

/**
 * flow_action_name() - what becomes of its packets, as people write it
 * @action: enum mh_flow_action
 *
 * Return: a constant string; "unknown" if there is none.
 */
const char *flow_action_name(uint8_t action);

#endif /* PMIP6_MH_FLOW_TEXT_H */
