// SPDX-License-Identifier: GPL-2.0
#include "../mh/options.h"
#include "record.h"

void record_put_options(struct builder *builder,
			const struct mh_options *options)
{
	uint8_t data[MH_MAX_LEN];
	struct builder inner = builder_on(data, sizeof(data));

	mh_build_options(&inner, options);
	builder_be(builder, inner.len, 2);
	builder_bytes(builder, data, inner.len);
	builder->failed |= inner.failed;
}

bool record_get_options(struct cursor *cursor, struct mh_options *options)
{
	struct cursor inner = cursor_take(cursor, cursor_be(cursor, 2));

	*options = (struct mh_options){ 0 };
	return !inner.failed && mh_parse_options(&inner, options) == MH_OK;
}

/* RFC 6275 6.1.7: more no lifetime can be; a record that says so is wrong. */
#define LEFT_MAX_MS ((uint64_t)UINT16_MAX * LIFETIME_UNIT_MS)

/* Both clocks, and what remained: each corrects what the others can not know. */
void record_put_time(struct builder *builder, uint64_t mono_ms, struct now now)
{
	uint64_t left = mono_ms > now.mono_ms ? mono_ms - now.mono_ms : 0;

	builder_be(builder, mono_ms, 8);
	builder_be(builder, now.wall, 8);
	builder_be(builder, left, 8);
}

uint64_t record_get_time(struct cursor *cursor, bool same_boot, struct now now)
{
	uint64_t mono_ms = cursor_be(cursor, 8);
	uint64_t written = cursor_be(cursor, 8);
	uint64_t left = cursor_be(cursor, 8), passed = 0;

	if (same_boot)
		return mono_ms < now.mono_ms + LEFT_MAX_MS ?
		       mono_ms : now.mono_ms + LEFT_MAX_MS;
	if (left > LEFT_MAX_MS)
		left = LEFT_MAX_MS;
	if (now.wall > written)
		passed = wall_to_ms(now.wall - written);
	return now.mono_ms + (left > passed ? left - passed : 0);
}
