// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>

#include "codec.h"
#include "mh.h"
#include "options.h"

/* RFC 6275 6.1.1: the value of Payload Proto. */
#define NO_NEXT_HEADER 59

/* Octets up to the message data. */
#define MH_HEADER_LEN 6

static enum mh_error parse_update(struct cursor *cursor,
				  struct mh_message *message)
{
	struct mh_binding_update *bu = &message->bu;

	bu->sequence = (uint16_t)cursor_be(cursor, 2);
	bu->flags = (uint16_t)cursor_be(cursor, 2);
	bu->lifetime = (uint16_t)cursor_be(cursor, 2);
	return mh_parse_options(cursor, &bu->options);
}

static enum mh_error parse_ack(struct cursor *cursor,
			       struct mh_message *message)
{
	struct mh_binding_ack *ba = &message->ba;

	ba->status = cursor_u8(cursor);
	ba->flags = cursor_u8(cursor);
	ba->sequence = (uint16_t)cursor_be(cursor, 2);
	ba->lifetime = (uint16_t)cursor_be(cursor, 2);
	return mh_parse_options(cursor, &ba->options);
}

static enum mh_error parse_error(struct cursor *cursor,
				 struct mh_message *message)
{
	struct mh_binding_error *be = &message->be;

	be->status = cursor_u8(cursor);
	cursor_skip(cursor, 1);
	cursor_bytes(cursor, &be->home_address, sizeof(be->home_address));
	return MH_OK;
}

static void build_update(struct builder *builder,
			 const struct mh_message *message)
{
	const struct mh_binding_update *bu = &message->bu;

	builder_be(builder, bu->sequence, 2);
	builder_be(builder, bu->flags, 2);
	builder_be(builder, bu->lifetime, 2);
	mh_build_options(builder, &bu->options);
}

static void build_ack(struct builder *builder,
		      const struct mh_message *message)
{
	const struct mh_binding_ack *ba = &message->ba;

	builder_u8(builder, ba->status);
	builder_u8(builder, ba->flags);
	builder_be(builder, ba->sequence, 2);
	builder_be(builder, ba->lifetime, 2);
	mh_build_options(builder, &ba->options);
}

static void build_error(struct builder *builder,
			const struct mh_message *message)
{
	const struct mh_binding_error *be = &message->be;

	builder_u8(builder, be->status);
	builder_u8(builder, 0);
	builder_bytes(builder, &be->home_address, sizeof(be->home_address));
}

static const struct mh_codec update = { 16, parse_update, build_update };
static const struct mh_codec ack = { 16, parse_ack, build_ack };
static const struct mh_codec error = { 24, parse_error, build_error };

static const struct mh_codec *const codecs[] = {
	[MH_BINDING_UPDATE] = &update,
	[MH_BINDING_ACK] = &ack,
	[MH_BINDING_ERROR] = &error,
	[MH_HEARTBEAT] = &mh_codec_heartbeat,
	[MH_BINDING_REVOCATION] = &mh_codec_revocation,
	[MH_UPDATE_NOTIFICATION] = &mh_codec_update_notification,
	[MH_UPDATE_ACK] = &mh_codec_update_ack,
};

static const struct mh_codec *codec_of(uint8_t type)
{
	return type < sizeof(codecs) / sizeof(codecs[0]) ? codecs[type] : NULL;
}

enum mh_error mh_parse(const uint8_t *data, size_t len,
		       struct mh_message *message)
{
	struct cursor cursor = cursor_on(data, len);
	const struct mh_codec *codec;
	uint8_t payload_proto;
	size_t octets;

	memset(message, 0, MH_MESSAGE_HEAD);
	payload_proto = cursor_u8(&cursor);
	octets = ((size_t)cursor_u8(&cursor) + 1) * 8;
	message->type = cursor_u8(&cursor);
	if (cursor.failed || octets > len)
		return MH_ERROR_TRUNCATED;
	codec = codec_of(message->type);
	if (!codec)
		return MH_ERROR_UNKNOWN_TYPE;
	if (payload_proto != NO_NEXT_HEADER)
		return MH_ERROR_PAYLOAD_PROTO;
	if (octets < codec->least_octets)
		return MH_ERROR_HEADER_LEN;

	cursor = cursor_on(data, octets);
	cursor_skip(&cursor, MH_HEADER_LEN);
	return codec->parse(&cursor, message);
}

size_t mh_build(const struct mh_message *message, uint8_t *data, size_t size)
{
	const struct mh_codec *codec = codec_of(message->type);
	struct builder builder;

	if (!codec)
		return 0;
	if (size > MH_MAX_LEN)
		size = MH_MAX_LEN;
	builder = builder_on(data, size);
	builder_u8(&builder, NO_NEXT_HEADER);
	builder_u8(&builder, 0);
	builder_u8(&builder, message->type);
	builder_zeros(&builder, 3);
	codec->build(&builder, message);
	mh_build_padding(&builder, 8, 0);
	if (builder.failed)
		return 0;
	data[1] = (uint8_t)(builder.len / 8 - 1);
	return builder.len;
}

/* RFC 1071 2 (B): in whatever order of octets, which is set right at the end. */
static uint64_t sum_octets(const void *from, size_t len)
{
	struct cursor cursor = cursor_on(from, len);
	uint32_t word = 0;
	uint64_t sum = 0;

	while (cursor.left >= sizeof(word)) {
		cursor_bytes(&cursor, &word, sizeof(word));
		sum += word;
	}
	word = 0;
	cursor_bytes(&cursor, &word, cursor.left);
	return sum + word;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

uint16_t mh_checksum(const struct in6_addr *src, const struct in6_addr *dst,
		     const uint8_t *data, size_t len)
{
	uint64_t sum = sum_octets(src, sizeof(*src)) +
		       sum_octets(dst, sizeof(*dst)) + sum_octets(data, len);

	return (uint16_t)~fold(ntohs(fold(sum)) + len + IPPROTO_MH);
}

void mh_set_checksum(const struct in6_addr *src, const struct in6_addr *dst,
		     uint8_t *data, size_t len)
{
	uint16_t checksum = mh_checksum(src, dst, data, len);

	data[4] = (uint8_t)(checksum >> 8);
	data[5] = (uint8_t)checksum;
}
