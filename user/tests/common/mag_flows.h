/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A gateway with a mobile node that may be at several, and its flows.
 */
#ifndef PMIP6_TESTS_MAG_FLOWS_H
#define PMIP6_TESTS_MAG_FLOWS_H

#include "mag_bench.h"

#define MULTIHOMING_RETRY_S 600u

/**
 * flow_of() - a flow by its words
 * @fid: its identifier
 * @priority: its priority
 * @key: of its selector: one field
 * @value: of that
 *
 * Return: the flow.
 */
struct mh_flow flow_of(uint16_t fid, uint16_t priority, const char *key,
		       const char *value);

/**
 * flows_setup() - a gateway whose mobile node has multihoming, without flows
 * @state: where to put the bench
 *
 * Return: 0.
 */
int flows_setup(void **state);

/**
 * want_flows() - policy wants these from now on
 * @bench: the bench
 * @flows: which are copied
 * @count: how many
 */
void want_flows(struct mag_bench *bench, const struct mh_flow *flows,
		unsigned int count);

/**
 * flow_at() - a flow of the mobile node
 * @bench: the bench
 * @fid: its identifier
 *
 * Return: the flow or NULL.
 */
const struct bule_flow *flow_at(struct mag_bench *bench, uint16_t fid);

/**
 * hand_and_run() - hand an acknowledgement over, and everything happens
 * @bench: the bench
 * @ba: the acknowledgement
 */
void hand_and_run(struct mag_bench *bench, const struct mh_binding_ack *ba);

/**
 * soon() - let everything happen that is due within half a second
 * @bench: the bench
 */
void soon(struct mag_bench *bench);

#endif /* PMIP6_TESTS_MAG_FLOWS_H */
