/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flow bindings of an anchor (RFC 6089, draft-melia-netext-muho-solution): which
 * packets to a mobile node take the path of which of its interfaces.
 *
 * A flow belongs to the interface whose gateway has asked for it, and goes with
 * it, or to another one if that is wanted. The data plane knows it by a number of
 * the anchor's choice, as each gateway has identifiers of its own.
 */
#ifndef PMIP6_ENGINE_LMA_FLOW_H
#define PMIP6_ENGINE_LMA_FLOW_H

#include "lma_internal.h"

/* So many flows an interface may be given. */
#define LMA_FLOWS_MAX 64

/* Identifiers of flows that the anchor has moved begin here. */
#define LMA_MOVED_FID_FIRST 0x8000

/**
 * struct lma_flow - a flow
 * @fid: what its gateway calls it
 * @id: what the data plane calls it, no other flow of the session
 * @priority: the lower is matched before; no other flow's of the session
 * @bid: by which path it goes
 * @action: enum mh_flow_action
 * @moved: it is another gateway's that has gone, and has a new @fid
 * @selector: its packets
 */
struct lma_flow {
	uint16_t fid;
	uint16_t id;
	uint16_t priority;
	uint16_t bid;
	uint8_t action;
	bool moved;
	struct selector selector;
};

/**
 * struct lma_passed - a flow that another interface has lost, or has got
 * @bid: of that interface
 * @got: it has got it
 * @flow: as it had it, or has it
 */
struct lma_passed {
	uint16_t bid;
	bool got;
	struct lma_flow flow;
};

/**
 * struct lma_flows - those of an interface; one allocation
 * @result_count: how many the last update has named
 * @result: what became of each, for its copies: enum mh_flow_status
 * @count: how many there are
 * @flow: those
 */
struct lma_flows {
	uint8_t result_count;
	uint8_t result[MH_MAX_FLOWS];
	unsigned int count;
	struct lma_flow flow[];
};

/**
 * lma_take_flows() - do what an accepted update says of flows
 * @transaction: where the effects go, after those of the path
 * @bce: its interface, with an operation under way
 * @request: the update
 *
 * Each by itself: what cannot be done of one does not keep it from another one.
 * One that another interface has had since its own was gone comes back to that.
 */
void lma_take_flows(struct transaction *transaction, struct bce *bce,
		    const struct lma_request *request);

/**
 * lma_put_results() - what the acknowledgement says of flows
 * @options: of that
 * @request: the update
 * @bce: its interface
 *
 * Those that the update has named, and as many as fit that were moved to the
 * interface: its gateway hears of them whenever there is an opportunity.
 */
void lma_put_results(struct mh_options *options,
		     const struct lma_request *request, const struct bce *bce);

/**
 * lma_note_removal() - an interface is removed: what becomes of its flows
 * @transaction: where the effects go, before that of the paths that are left
 * @bce: the interface, with an operation under way
 * @options: of the update that removes it
 * @now: the time
 *
 * Where there are others that they are to go on by, they do so before its path
 * goes. Else nothing until it has gone: it may be taken over before.
 */
void lma_note_removal(struct transaction *transaction, struct bce *bce,
		      const struct mh_options *options, struct now now);

/**
 * lma_end_flows() - an interface goes
 * @transaction: where the effects go, after that of the paths that are left
 * @bce: the interface
 * @now: the time
 *
 * Its flows go with it, or to the best of those that are left and have room.
 */
void lma_end_flows(struct transaction *transaction, struct bce *bce,
		   struct now now);

/**
 * lma_flows_go_back() - what an update has said of flows could not be done
 * @transaction: where the effects go, after that of the paths
 * @bce: the interface
 * @operation: what has failed, which was of flows
 */
void lma_flows_go_back(struct transaction *transaction, struct bce *bce,
		       const struct lma_operation *operation);

/**
 * lma_flows_return() - what other interfaces have lost or got is undone
 * @transaction: where the effects go
 * @bce: the interface
 * @operation: what has failed
 */
void lma_flows_return(struct transaction *transaction, struct bce *bce,
		      const struct lma_operation *operation);

/**
 * lma_clear_flows() - prefixes that are new to a session have none, whatever the data
 * plane has
 * @transaction: where the effects go, after that of the paths
 * @bce: the session
 */
void lma_clear_flows(struct transaction *transaction, const struct bce *bce);

/**
 * lma_put_all_flows() - tell the data plane all flows of a session anew
 * @transaction: where the effects go, after that of the paths
 * @bce: one of its interfaces
 *
 * Also where it has none: there may be some that it had.
 */
void lma_put_all_flows(struct transaction *transaction, struct bce *bce);

/**
 * lma_flows_follow() - a session has other prefixes: its flows are theirs now
 * @transaction: where the effects go, after that of the paths
 * @bce: the session, with one interface
 */
void lma_flows_follow(struct transaction *transaction, struct bce *bce);

/**
 * lma_has_flows() - does any interface of a session have flows
 * @bce: one of its interfaces
 *
 * Return: true if so.
 */
bool lma_has_flows(const struct bce *bce);

/**
 * lma_flow_clashes() - does a session have a flow of that number or priority
 * @bce: one of its interfaces
 * @flow: another flow
 *
 * Return: true if so.
 */
bool lma_flow_clashes(const struct bce *bce, const struct lma_flow *flow);

/* --- Records: lma_flow_record.c */

/**
 * lma_put_flows() - keep what flows an interface has
 * @transaction: where the effect goes
 * @bce: the interface, whose flows have changed
 */
void lma_put_flows(struct transaction *transaction, const struct bce *bce);

/**
 * lma_put_flows_of_all() - keep what flows all interfaces of a session have
 * @transaction: where the effects go
 * @bce: one of them
 */
void lma_put_flows_of_all(struct transaction *transaction,
			  const struct bce *bce);

/**
 * lma_forget_flows() - an interface has no flows any more
 * @transaction: where the effect goes
 * @bce: the interface
 */
void lma_forget_flows(struct transaction *transaction, const struct bce *bce);

/**
 * lma_is_flow_key() - whose record is it
 * @key: its key
 *
 * Return: true if it is of flows.
 */
bool lma_is_flow_key(uint64_t key);

/**
 * lma_restore_flows() - a record of an earlier run
 * @lma: the anchor, which knows the interface already
 * @key: its key
 * @data: its octets
 * @len: how many
 *
 * Return: false if it is not one of ours: forget it.
 */
bool lma_restore_flows(struct lma *lma, uint64_t key, const uint8_t *data,
		       size_t len);

#endif /* PMIP6_ENGINE_LMA_FLOW_H */
