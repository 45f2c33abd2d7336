/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An anchor whose mobile nodes have several interfaces, and flows.
 */
#ifndef PMIP6_TESTS_LMA_FLOWS_H
#define PMIP6_TESTS_LMA_FLOWS_H

#include "../../engine/lma_flow.h"
#include "lma_paths.h"

/**
 * new_flow() - a flow as a gateway asks for it
 * @fid: its identifier
 * @priority: its priority
 * @port: the port that its packets go to
 *
 * Return: the flow.
 */
struct mh_flow new_flow(uint16_t fid, uint16_t priority, uint16_t port);

/**
 * numbered_flow() - one of many
 * @number: its identifier, and its priority
 *
 * Return: the flow.
 */
struct mh_flow numbered_flow(unsigned int number);

/**
 * operation_on() - what a gateway says of a flow that is there
 * @fid: its identifier
 * @what: what is to be done
 *
 * Return: that, with priority 1 and no selector.
 */
struct mh_flow operation_on(uint16_t fid, enum mh_flow_operation what);

/**
 * add_flow_to() - a PBU says one thing more of flows
 * @request: the PBU
 * @one: what
 */
void add_flow_to(struct lma_request *request, struct mh_flow one);

/**
 * with_flow() - a PBU that renews an interface and says one thing of flows
 * @bench: the anchor
 * @mag: address of the gateway
 * @ll_id: the interface
 * @one: what
 *
 * Return: the PBU.
 */
struct lma_request with_flow(struct lma_bench *bench, const char *mag,
			     uint8_t ll_id, struct mh_flow one);

/**
 * assert_answered() - what a PBU that renews an interface says of one flow is
 * answered so
 * @bench: the anchor, of which a second passes
 * @mag: address of the gateway
 * @ll_id: the interface
 * @one: what it says
 * @status: enum mh_flow_status
 */
void assert_answered(struct lma_bench *bench, const char *mag, uint8_t ll_id,
		     struct mh_flow one, uint8_t status);

/**
 * assert_lma_flows() - all flows of sessions stand in the data plane, no others
 * @bench: the anchor
 * @count: how many they are
 */
void assert_lma_flows(struct lma_bench *bench, unsigned int count);

/**
 * flows_begin() - a mobile node is at MAG1 with interface 1, and at MAG2 with 2
 * @state: where the anchor is
 *
 * Return: the anchor on its bench.
 */
struct lma_bench *flows_begin(void **state);

/**
 * flow_begin() - a mobile node is at MAG1 with interface 1, and has flow 7
 * @state: where the anchor is
 *
 * Return: the anchor on its bench.
 */
struct lma_bench *flow_begin(void **state);

/**
 * lma_flow_at() - a flow of an interface
 * @bench: the anchor
 * @ll_id: the interface
 * @at: which, in the order in which they came
 *
 * Return: the flow; the test fails if there is none.
 */
const struct lma_flow *lma_flow_at(struct lma_bench *bench, uint8_t ll_id,
				   unsigned int at);

/**
 * renewed() - an interface is renewed, and nothing said of flows
 * @bench: the anchor, of which a second passes
 * @mag: address of the gateway
 * @ll_id: the interface
 *
 * Return: the acknowledgement, which accepts.
 */
const struct mh_binding_ack *renewed(struct lma_bench *bench, const char *mag,
				     uint8_t ll_id);

#endif /* PMIP6_TESTS_LMA_FLOWS_H */
