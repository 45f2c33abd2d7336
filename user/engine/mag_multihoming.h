/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mobile nodes that are at several gateways at once with one set of prefixes
 * (draft-melia-netext-muho-solution), and the flows that a gateway has its anchor
 * send through it (RFC 6089).
 */
#ifndef PMIP6_ENGINE_MAG_MULTIHOMING_H
#define PMIP6_ENGINE_MAG_MULTIHOMING_H

#include <stdbool.h>
#include <stdint.h>

#include <uthash.h>

#include "../mh/mh.h"
#include "effects.h"
#include "types.h"

struct builder;
struct bule;
struct cursor;
struct mag;

/* So many a mobile node can have at a gateway. */
#define BULE_FLOWS_MAX 64

/* Identifiers from here on are given by the anchor. */
#define FLOW_FID_OF_ANCHOR 0x8000u

/* Who wants a flow. */
enum bule_flow_origin {
	BULE_FLOW_PROFILE,
	BULE_FLOW_OPERATOR,
	BULE_FLOW_ANCHOR,	/* it was another gateway's */
};

enum bule_flow_state {
	BULE_FLOW_PENDING,	/* the anchor does not have it like this yet */
	BULE_FLOW_STANDS,
	BULE_FLOW_REFUSED,
	BULE_FLOW_LEAVING,	/* the anchor is to delete it */
};

/**
 * struct bule_flow - a flow through a gateway
 * @prev: the one before of its mobile node
 * @next: the one after
 * @origin: enum bule_flow_origin
 * @state: enum bule_flow_state
 * @known: the anchor may have it
 * @sent: what is to be done was sent
 * @first: sequence number of the first PBU that said so
 * @last: of the last one
 * @status: of its last answer: enum mh_flow_status
 * @says: which packets, and what of them
 */
struct bule_flow {
	struct bule_flow *prev;
	struct bule_flow *next;
	uint8_t origin;
	uint8_t state;
	bool known;
	bool sent;
	uint16_t first;
	uint16_t last;
	uint8_t status;
	struct mh_flow says;
};

/**
 * struct bule_multihoming - of a mobile node that may be elsewhere as well
 * @asked: the exchange under way is with the Multihoming option
 * @stands: its anchor has answered with that: it is in the group
 * @flows: in the order in which they came
 * @count: how many
 * @turn: which one is named next, where there is nothing to be said
 */
struct bule_multihoming {
	bool asked;
	bool stands;
	struct bule_flow *flows;
	unsigned int count;
	unsigned int turn;
};

/**
 * struct multihoming_anchor - an anchor that does not know of it
 * @address: its address, the key
 * @again_ms: it is not asked before
 * @hh: among all
 */
struct multihoming_anchor {
	struct in6_addr address;
	uint64_t again_ms;
	UT_hash_handle hh;
};

/**
 * typedef mag_flows_t - what flows does policy want through this gateway
 * @context: as given
 * @lladdr: link-layer address of a mobile node
 * @count: set to how many
 *
 * Return: those, valid until the profiles change; or NULL.
 */
typedef const struct mh_flow *(*mag_flows_t)(void *context,
					     const uint8_t *lladdr,
					     unsigned int *count);

/**
 * multihoming_begin() - a mobile node attaches
 * @mag: the gateway
 * @bule: the entry, with its profile
 *
 * What there was of an earlier attachment is forgotten.
 */
void multihoming_begin(struct mag *mag, struct bule *bule);

/**
 * multihoming_free() - forget what there is of it
 * @bule: the entry
 */
void multihoming_free(struct bule *bule);

/**
 * multihoming_forget_anchors() - forget who does not know of it
 * @mag: the gateway
 */
void multihoming_forget_anchors(struct mag *mag);

/**
 * multihoming_ask() - an exchange begins: shall it be with the option
 * @mag: the gateway
 * @bule: the entry
 * @handoff: enum mh_handoff_indicator that it would have without
 * @now: the time
 *
 * If it is as for one that came, all flows are to be sent with it.
 *
 * Return: enum mh_handoff_indicator that it has.
 */
enum mh_handoff_indicator
multihoming_ask(struct mag *mag, struct bule *bule,
		enum mh_handoff_indicator handoff, struct now now);

/**
 * multihoming_asks() - is the exchange under way with the option
 * @bule: the entry
 *
 * Return: true if so.
 */
bool multihoming_asks(const struct bule *bule);

/**
 * multihoming_put() - add the option, and what there is to say about flows
 * @bule: the entry
 * @bu: its PBU, with its sequence number
 *
 * Return: true if something is said of flows that is not answered yet.
 */
bool multihoming_put(struct bule *bule, struct mh_binding_update *bu);

/**
 * multihoming_on_pba() - the anchor has accepted
 * @mag: the gateway
 * @bule: the entry
 * @ba: the acknowledgement
 * @now: the time
 * @out: what shall happen
 */
void multihoming_on_pba(struct mag *mag, struct bule *bule,
			const struct mh_binding_ack *ba, struct now now,
			struct outbox *out);

/**
 * multihoming_on_refusal() - does the anchor refuse for the option
 * @mag: the gateway
 * @bule: the entry
 * @ba: the acknowledgement, of a status of 128 or above
 * @now: the time
 * @out: what shall happen
 *
 * Return: true if so: it is being asked without.
 */
bool multihoming_on_refusal(struct mag *mag, struct bule *bule,
			    const struct mh_binding_ack *ba, struct now now,
			    struct outbox *out);

/**
 * multihoming_on_profile() - policy may want other flows
 * @mag: the gateway
 * @bule: the entry
 * @now: the time
 */
void multihoming_on_profile(struct mag *mag, struct bule *bule, struct now now);

/**
 * multihoming_set_priority() - policy may want another priority of its path
 * @mag: the gateway
 * @bule: the entry
 * @priority: which, or 0
 * @now: the time
 */
void multihoming_set_priority(struct mag *mag, struct bule *bule,
			      uint8_t priority, struct now now);

/**
 * multihoming_put_record() - keep what there is of it
 * @builder: the record, complete but for this
 * @bule: the entry
 */
void multihoming_put_record(struct builder *builder, const struct bule *bule);

/**
 * multihoming_record_max() - what that may take
 * @bule: the entry
 *
 * Return: octets.
 */
size_t multihoming_record_max(const struct bule *bule);

/**
 * multihoming_restore() - what an earlier run has kept
 * @bule: the entry, before it is resumed
 * @cursor: the record, where it has nothing more or this
 *
 * Return: false if it is none.
 */
bool multihoming_restore(struct bule *bule, struct cursor *cursor);

/* --- Flows: mag_flow.c. */

/**
 * flows_sync() - have what policy wants now
 * @mag: the gateway
 * @bule: the entry, with multihoming
 *
 * What an operator wants stays as it is.
 */
void flows_sync(struct mag *mag, struct bule *bule);

/**
 * flows_anew() - the anchor may have none: all are to be sent
 * @multihoming: whose
 */
void flows_anew(struct bule_multihoming *multihoming);

/**
 * flows_retry() - ask again for what was refused without a reason
 * @multihoming: whose
 */
void flows_retry(struct bule_multihoming *multihoming);

/**
 * flows_put() - say in a PBU what is to be done, as much as fits
 * @multihoming: whose
 * @bu: the PBU, with its sequence number
 *
 * With nothing to be done one that stands is named as it is: an anchor that has
 * lost its sessions, or this one, makes it anew and says nothing of that, but does
 * not know the flow.
 *
 * Return: true if something is said that is not answered yet.
 */
bool flows_put(struct bule_multihoming *multihoming,
	       struct mh_binding_update *bu);

/**
 * flows_on_pba() - the anchor says what became of each
 * @mag: the gateway
 * @bule: the entry, with multihoming
 * @ba: the acknowledgement
 * @out: what shall happen
 */
void flows_on_pba(struct mag *mag, struct bule *bule,
		  const struct mh_binding_ack *ba, struct outbox *out);

/**
 * flows_wait() - is there something that the anchor does not know yet
 * @multihoming: whose
 *
 * Return: true if so.
 */
bool flows_wait(const struct bule_multihoming *multihoming);

/**
 * flows_free() - forget all
 * @multihoming: whose
 */
void flows_free(struct bule_multihoming *multihoming);

/**
 * flow_restore() - one that an earlier run has kept
 * @multihoming: whose
 * @flow: the flow; its neighbours are not looked at
 *
 * Return: false if it cannot be.
 */
bool flow_restore(struct bule_multihoming *multihoming,
		  const struct bule_flow *flow);

/**
 * mag_flow_set() - an operator wants a flow
 * @mag: the gateway
 * @bule: the entry of the mobile node
 * @says: the flow
 * @changes: there is one with its identifier, else there is none
 * @now: the time
 *
 * Its anchor is told at once, or when it has answered what it was asked.
 *
 * Return: NULL, or what is wrong; a constant string.
 */
const char *mag_flow_set(struct mag *mag, struct bule *bule,
			 const struct mh_flow *says, bool changes,
			 struct now now);

/**
 * mag_flow_delete() - an operator does not want a flow any more
 * @mag: the gateway
 * @bule: the entry of the mobile node
 * @fid: which flow
 * @now: the time
 *
 * Return: NULL, or what is wrong; a constant string.
 */
const char *mag_flow_delete(struct mag *mag, struct bule *bule, uint16_t fid,
			    struct now now);

/**
 * bule_flow_state_name() - a state as operators see it
 * @state: enum bule_flow_state
 *
 * Return: a constant string.
 */
const char *bule_flow_state_name(uint8_t state);

/**
 * bule_flow_origin_name() - who wants it, as operators see it
 * @origin: enum bule_flow_origin
 *
 * Return: a constant string.
 */
const char *bule_flow_origin_name(uint8_t origin);

/**
 * multihoming_tell() - have the anchor told what it does not know
 * @mag: the gateway
 * @bule: the entry, with multihoming
 * @now: the time
 */
void multihoming_tell(struct mag *mag, struct bule *bule, struct now now);

#endif /* PMIP6_ENGINE_MAG_MULTIHOMING_H */
