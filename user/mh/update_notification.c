// SPDX-License-Identifier: GPL-2.0
/*
 * Update Notification and its acknowledgement (RFC 7077 4).
 */
#include "codec.h"
#include "options.h"

static enum mh_error parse_upn(struct cursor *cursor,
			       struct mh_message *message)
{
	struct mh_update_notification *upn = &message->upn;

	upn->sequence = (uint16_t)cursor_be(cursor, 2);
	upn->reason = (uint16_t)cursor_be(cursor, 2);
	upn->flags = (uint16_t)cursor_be(cursor, 2) &
		     (MH_UPN_ACK | MH_UPN_RETRANSMITTED);
	return mh_parse_options(cursor, &upn->options);
}

static enum mh_error parse_upa(struct cursor *cursor,
			       struct mh_message *message)
{
	struct mh_update_ack *upa = &message->upa;

	upa->sequence = (uint16_t)cursor_be(cursor, 2);
	upa->status = cursor_u8(cursor);
	cursor_skip(cursor, 3);
	return mh_parse_options(cursor, &upa->options);
}

static void build_upn(struct builder *builder,
		      const struct mh_message *message)
{
	const struct mh_update_notification *upn = &message->upn;

	builder_be(builder, upn->sequence, 2);
	builder_be(builder, upn->reason, 2);
	builder_be(builder, upn->flags, 2);
	mh_build_options(builder, &upn->options);
}

static void build_upa(struct builder *builder,
		      const struct mh_message *message)
{
	const struct mh_update_ack *upa = &message->upa;

	builder_be(builder, upa->sequence, 2);
	builder_u8(builder, upa->status);
	builder_zeros(builder, 3);
	mh_build_options(builder, &upa->options);
}

const struct mh_codec mh_codec_update_notification = {
	16, parse_upn, build_upn
};

const struct mh_codec mh_codec_update_ack = { 16, parse_upa, build_upa };
