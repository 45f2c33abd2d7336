// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation: one type of message, of two kinds (RFC 5846 5).
 */
#include "codec.h"
#include "options.h"

/* Trigger and status are the same octet. */
static enum mh_error parse(struct cursor *cursor, struct mh_message *message)
{
	struct mh_revocation *revocation = &message->revocation;

	revocation->kind = cursor_u8(cursor);
	revocation->trigger = cursor_u8(cursor);
	revocation->sequence = (uint16_t)cursor_be(cursor, 2);
	revocation->flags = (uint16_t)cursor_be(cursor, 2) &
			    (MH_BR_PROXY | MH_BR_IPV4_ONLY | MH_BR_GLOBAL);
	return mh_parse_options(cursor, &revocation->options);
}

static void build(struct builder *builder, const struct mh_message *message)
{
	const struct mh_revocation *revocation = &message->revocation;

	builder_u8(builder, revocation->kind);
	builder_u8(builder, revocation->trigger);
	builder_be(builder, revocation->sequence, 2);
	builder_be(builder, revocation->flags, 2);
	mh_build_options(builder, &revocation->options);
}

const struct mh_codec mh_codec_revocation = { 16, parse, build };
