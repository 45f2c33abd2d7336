/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one way in which bytes from the network are read, and the one in which
 * they are written: bounds-checked, with an error that sticks, so that a
 * reader may check once at the end.
 */
#ifndef PMIP6_CURSOR_H
#define PMIP6_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
 * struct cursor - what is left to read
 * @at: the next octet
 * @left: how many there are
 * @failed: something was read that is not there
 */
struct cursor {
	const uint8_t *at;
	size_t left;
	bool failed;
};

/**
 * cursor_on() - begin to read
 * @data: the bytes
 * @len: how many
 *
 * Return: a cursor at their start.
 */
static inline struct cursor cursor_on(const uint8_t *data, size_t len)
{
	return (struct cursor){ .at = data, .left = len };
}

/**
 * cursor_bytes() - read octets as they are
 * @cursor: where from
 * @to: where to; zeroed if they are not there
 * @len: how many
 */
static inline void cursor_bytes(struct cursor *cursor, void *to, size_t len)
{
	if (cursor->failed || len > cursor->left) {
		cursor->failed = true;
		memset(to, 0, len);
		return;
	}
	if (len)
		memcpy(to, cursor->at, len);
	cursor->at += len;
	cursor->left -= len;
}

/**
 * cursor_u8() - read one octet
 * @cursor: where from
 *
 * Return: the octet, 0 if it is not there.
 */
static inline uint8_t cursor_u8(struct cursor *cursor)
{
	uint8_t value;

	cursor_bytes(cursor, &value, sizeof(value));
	return value;
}

/**
 * cursor_be() - read an unsigned integer, most significant octet first
 * @cursor: where from
 * @len: its octets, at most 8
 *
 * Return: the integer, 0 if it is not there.
 */
static inline uint64_t cursor_be(struct cursor *cursor, size_t len)
{
	uint8_t octets[8];
	uint64_t value = 0;
	size_t i;

	cursor_bytes(cursor, octets, len);
	for (i = 0; i < len; i++)
		value = value << 8 | octets[i];
	return value;
}

/**
 * cursor_skip() - pass over octets
 * @cursor: where from
 * @len: how many
 */
static inline void cursor_skip(struct cursor *cursor, size_t len)
{
	if (cursor->failed || len > cursor->left) {
		cursor->failed = true;
		return;
	}
	cursor->at += len;
	cursor->left -= len;
}

/**
 * cursor_take() - a cursor on the next octets, which this one passes over
 * @cursor: where from
 * @len: how many
 *
 * Return: a cursor that ends where they end; a failed one if they are not there.
 */
static inline struct cursor cursor_take(struct cursor *cursor, size_t len)
{
	struct cursor part = { .at = cursor->at, .left = len };

	cursor_skip(cursor, len);
	if (cursor->failed) {
		part.left = 0;
		part.failed = true;
	}
	return part;
}

/**
 * struct builder - what is being written
 * @data: where to
 * @size: room there
 * @len: octets written
 * @failed: something did not fit
 */
struct builder {
	uint8_t *data;
	size_t size;
	size_t len;
	bool failed;
};

/**
 * builder_on() - begin to write
 * @data: where to
 * @size: room there
 *
 * Return: a builder at its start.
 */
static inline struct builder builder_on(uint8_t *data, size_t size)
{
	return (struct builder){ .data = data, .size = size };
}

/**
 * builder_bytes() - write octets as they are
 * @builder: where to
 * @from: the octets
 * @len: how many
 */
static inline void builder_bytes(struct builder *builder, const void *from,
				 size_t len)
{
	if (builder->failed || len > builder->size - builder->len) {
		builder->failed = true;
		return;
	}
	if (len)
		memcpy(builder->data + builder->len, from, len);
	builder->len += len;
}

/**
 * builder_be() - write an unsigned integer, most significant octet first
 * @builder: where to
 * @value: the integer
 * @len: its octets, at most 8
 */
static inline void builder_be(struct builder *builder, uint64_t value,
			      size_t len)
{
	uint8_t octets[8];
	size_t i;

	for (i = len; i > 0; i--, value >>= 8)
		octets[i - 1] = (uint8_t)value;
	builder_bytes(builder, octets, len);
}

/**
 * builder_u8() - write one octet
 * @builder: where to
 * @value: the octet
 */
static inline void builder_u8(struct builder *builder, uint8_t value)
{
	builder_bytes(builder, &value, sizeof(value));
}

/**
 * builder_zeros() - write octets that are zero
 * @builder: where to
 * @len: how many
 */
static inline void builder_zeros(struct builder *builder, size_t len)
{
	while (len-- && !builder->failed)
		builder_u8(builder, 0);
}

#endif /* PMIP6_CURSOR_H */
