/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operator, or an access network, says of flows at a gateway.
 */
#ifndef PMIP6D_OPERATOR_FLOW_H
#define PMIP6D_OPERATOR_FLOW_H

struct agent;
struct json_object;

/**
 * operator_flow_show() - "flow-show": list flows
 * @agent: the agent
 * @request: "mn" is the identifier or link-layer address of a mobile node; without,
 *	those of all
 *
 * Return: the answer, for json_object_put(): "flows", a list.
 */
struct json_object *operator_flow_show(struct agent *agent,
				       struct json_object *request);

/**
 * operator_flow_set() - "flow-add" and "flow-change"
 * @agent: the agent
 * @request: "do" is which of them, "mn" whose, "flow" the flow in words
 *
 * Return: the answer, for json_object_put(); "error" is what is wrong.
 */
struct json_object *operator_flow_set(struct agent *agent,
				      struct json_object *request);

/**
 * operator_flow_delete() - "flow-del"
 * @agent: the agent
 * @request: "mn" is whose, "fid" which
 *
 * Return: the answer, for json_object_put(); "error" is what is wrong.
 */
struct json_object *operator_flow_delete(struct agent *agent,
					 struct json_object *request);

#endif /* PMIP6D_OPERATOR_FLOW_H */
