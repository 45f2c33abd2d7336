/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What lma_flow.c and lma_flow_move.c share.
 */
#ifndef PMIP6_ENGINE_LMA_FLOW_INTERNAL_H
#define PMIP6_ENGINE_LMA_FLOW_INTERNAL_H

#include "lma_flow.h"

/**
 * lma_flow_count() - how many flows an interface has
 * @bce: the interface
 *
 * Return: the number.
 */
unsigned int lma_flow_count(const struct bce *bce);

/**
 * lma_flow_append() - an interface has one more
 * @bce: the interface
 * @flow: the flow
 *
 * Return: where it is, until the next change.
 */
struct lma_flow *lma_flow_append(struct bce *bce, const struct lma_flow *flow);

/**
 * lma_flow_append_to() - some have one more with them
 * @flows: those; set to where they are then
 * @flow: the flow
 *
 * Return: where it is, until the next change.
 */
struct lma_flow *lma_flow_append_to(struct lma_flows **flows,
				    const struct lma_flow *flow);

/**
 * lma_flow_remove() - one is not among some any more
 * @flows: those
 * @id: what the data plane calls it
 *
 * Return: false if it was not.
 */
bool lma_flow_remove(struct lma_flows *flows, uint16_t id);

/**
 * lma_flows_copy() - what some are now
 * @flows: those
 *
 * Return: a copy, to be freed.
 */
struct lma_flows *lma_flows_copy(const struct lma_flows *flows);

/**
 * lma_free_moved_fid() - an identifier for one that is moved
 * @bce: the interface that it is moved to
 *
 * They are given in their order, which after a restart begins anywhere: it is not
 * known which ones were given, and are free, and whose gateways have not heard so.
 *
 * Return: one that no flow of the session has, nor one has had there since the start
 * as long as there are others.
 */
uint16_t lma_free_moved_fid(struct bce *bce);

/**
 * lma_flow_set() - tell the data plane of a flow
 * @transaction: where the effects go
 * @bce: an interface of its session
 * @flow: the flow
 */
void lma_flow_set(struct transaction *transaction, const struct bce *bce,
		  const struct lma_flow *flow);

/**
 * lma_flow_unset() - tell the data plane that a flow is no more
 * @transaction: where the effects go
 * @bce: an interface of its session
 * @id: what the data plane calls it, or 0 for all that the session has
 */
void lma_flow_unset(struct transaction *transaction, const struct bce *bce,
		    uint16_t id);

/**
 * lma_flow_lose() - an interface has one no more
 * @bce: the interface
 * @id: what the data plane calls the flow
 *
 * Nor once what is under way for the interface has failed.
 *
 * Return: false if it had not.
 */
bool lma_flow_lose(struct bce *bce, uint16_t id);

/**
 * lma_flow_passed() - note what is to be undone if an operation fails
 * @operation: the operation, of another interface
 * @bce: the interface that has lost a flow, or got one
 * @got: it has got it
 * @flow: as it had it, or has it
 */
void lma_flow_passed(struct lma_operation *operation, const struct bce *bce,
		     bool got, const struct lma_flow *flow);

#endif /* PMIP6_ENGINE_LMA_FLOW_INTERNAL_H */
