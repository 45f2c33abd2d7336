// SPDX-License-Identifier: GPL-2.0
/*
 * Heartbeat (RFC 5847 3.3).
 */
#include "codec.h"
#include "options.h"

static enum mh_error parse_option(uint8_t type, struct cursor *data,
				  struct mh_heartbeat *heartbeat)
{
	if (type != MH_OPT_RESTART_COUNTER)
		return MH_OK;
	if (data->left != 4)
		return MH_ERROR_OPTION_LENGTH;
	if (heartbeat->has_restart_counter)
		return MH_ERROR_OPTION_REPEATED;
	heartbeat->has_restart_counter = true;
	heartbeat->restart_counter = (uint32_t)cursor_be(data, 4);
	return MH_OK;
}

static enum mh_error parse(struct cursor *cursor, struct mh_message *message)
{
	struct mh_heartbeat *heartbeat = &message->heartbeat;
	struct cursor data;
	enum mh_error error;
	uint8_t type;

	heartbeat->flags = (uint16_t)cursor_be(cursor, 2) &
			   (MH_HB_UNSOLICITED | MH_HB_RESPONSE);
	heartbeat->sequence = (uint32_t)cursor_be(cursor, 4);
	while (cursor->left) {
		error = mh_take_option(cursor, &type, &data);
		if (!error)
			error = parse_option(type, &data, heartbeat);
		if (error)
			return error;
	}
	return MH_OK;
}

static void build(struct builder *builder, const struct mh_message *message)
{
	const struct mh_heartbeat *heartbeat = &message->heartbeat;

	builder_be(builder, heartbeat->flags, 2);
	builder_be(builder, heartbeat->sequence, 4);
	if (!heartbeat->has_restart_counter)
		return;
	mh_build_padding(builder, 4, 2);
	builder_u8(builder, MH_OPT_RESTART_COUNTER);
	builder_u8(builder, 4);
	builder_be(builder, heartbeat->restart_counter, 4);
}

const struct mh_codec mh_codec_heartbeat = { 16, parse, build };
