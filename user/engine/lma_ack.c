// SPDX-License-Identifier: GPL-2.0
/*
 * The Proxy Binding Acknowledgement (RFC 5213 5.3.6).
 */
#include "lma_flow.h"

static bool is_accepted(uint8_t status)
{
	return status < MH_STATUS_REJECTED;
}

/* Accepted: all that the session has. Refused: what was asked for. */
static void put_prefixes(struct mh_options *to, const struct mh_options *from,
			 const struct bce *bce, uint8_t status)
{
	unsigned int i;

	if (is_accepted(status)) {
		for (i = 0; i < bce->prefix_count; i++)
			to->hnp[to->hnp_count++] = bce->prefixes[i].prefix;
		return;
	}
	for (i = 0; i < from->hnp_count; i++)
		to->hnp[to->hnp_count++] = from->hnp[i];
	/* None in the request: one that is all zero, as it is in a new array. */
	if (!to->hnp_count)
		to->hnp_count = 1;
}

static void put_link_local(struct mh_options *to, const struct mh_options *from,
			   const struct bce *bce, uint8_t status)
{
	to->has_link_local = from->has_link_local;
	to->link_local = from->link_local;
	if (is_accepted(status) && bce)
		to->link_local = bce->link_local;
}

/* RFC 5213 5.5: what was refused for its time is told ours. */
static void put_timestamp(struct mh_options *to, const struct mh_options *from,
			  uint8_t status, struct now now)
{
	to->has_timestamp = from->has_timestamp;
	to->timestamp = from->timestamp;
	if (status == MH_TIMESTAMP_MISMATCH ||
	    status == MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED)
		to->timestamp = now.wall;
}

/* There always is one; empty where the request had none. */
static void put_mn_id(struct mh_options *to, const struct mh_options *from)
{
	to->has_mn_id = true;
	to->mn_id.subtype = MH_MN_ID_NAI;
	if (from->has_mn_id)
		to->mn_id = from->mn_id;
}

/* RFC 6602 5.2.2: what it has joined, and nothing where it has not. */
static void put_group(struct mh_binding_ack *ba,
		      const struct lma_request *request, const struct bce *bce,
		      uint8_t status)
{
	if (!is_accepted(status) || !(request->bu.flags & MH_BU_BULK) ||
	    !request->bu.lifetime || !bce || !bce->group)
		return;
	ba->flags |= MH_BA_BULK;
	ba->options.group[ba->options.group_count++] = bce->group->name.number;
}

/*
 * There is no action but in a removal (draft-melia-netext-muho-solution 4.1), and
 * what is carried out is what the gateway asks for.
 */
static void put_multihoming(struct mh_options *to,
			    const struct lma_request *request,
			    const struct bce *bce, uint8_t status)
{
	const struct mh_options *from = &request->bu.options;

	if (!is_accepted(status) || !from->has_multihoming)
		return;
	to->has_multihoming = true;
	if (!request->bu.lifetime && from->handoff == MH_HI_UNKNOWN)
		to->multihoming.act = from->multihoming.act;
	/* RFC 5648 5.3: as it was, with a status that accepts it. */
	to->has_bid = from->has_bid;
	to->bid = from->bid;
	to->bid.status = 0;
	if (bce)
		lma_put_results(to, request, bce);
}

void lma_acknowledge(struct transaction *transaction,
		     const struct lma_request *request, const struct bce *bce,
		     uint8_t status, struct now now)
{
	struct effect *effect = transaction_add(transaction, EFFECT_SEND);
	const struct mh_options *from = &request->bu.options;
	struct mh_binding_ack *ba = &effect->send.message->ba;
	struct mh_options *to = &ba->options;

	effect->send.src = request->dst;
	effect->send.dst = request->src;
	effect->send.message->type = MH_BINDING_ACK;
	ba->status = status;
	ba->flags = MH_BA_PROXY;
	ba->sequence = request->bu.sequence;
	if (status == MH_SEQUENCE_OUT_OF_WINDOW && bce)
		ba->sequence = bce->now.sequence;
	if (is_accepted(status) && request->bu.lifetime)
		ba->lifetime = bce->now.lifetime;

	put_mn_id(to, from);
	put_prefixes(to, from, bce, status);
	to->has_handoff = true;
	to->handoff = from->has_handoff ? from->handoff : 0;
	to->has_att = true;
	to->att = from->has_att ? from->att : MH_ATT_RESERVED;
	to->has_ll_id = from->has_ll_id;
	to->ll_id = from->ll_id;
	put_link_local(to, from, bce, status);
	put_timestamp(to, from, status, now);
	put_group(ba, request, bce, status);
	put_multihoming(to, request, bce, status);
}
