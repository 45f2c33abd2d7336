// SPDX-License-Identifier: GPL-2.0
/*
 * Traffic selectors on the wire (RFC 6088).
 */
#include <string.h>

#include "flow.h"
#include "options.h"

/* In the order of the fields: a flag for the start of each, and one for its end. */
struct field {
	enum selector_field field;
	uint8_t octets;
};

static const struct field ipv4[] = {
	{ SELECTOR_SOURCE, 4 },
	{ SELECTOR_DESTINATION, 4 },
	{ SELECTOR_SPI, 4 },
	{ SELECTOR_SOURCE_PORT, 2 },
	{ SELECTOR_DESTINATION_PORT, 2 },
	{ SELECTOR_DS, 1 },
	{ SELECTOR_PROTOCOL, 1 },
};

static const struct field ipv6[] = {
	{ SELECTOR_SOURCE, 16 },
	{ SELECTOR_DESTINATION, 16 },
	{ SELECTOR_SPI, 4 },
	{ SELECTOR_FLOW_LABEL, 4 },
	{ SELECTOR_SOURCE_PORT, 2 },
	{ SELECTOR_DESTINATION_PORT, 2 },
	{ SELECTOR_DS, 1 },
	{ SELECTOR_PROTOCOL, 1 },
};

struct layout {
	const struct field *fields;
	size_t count;
};

static const struct layout layouts[] = {
	[MH_SELECTOR_IPV4] = { ipv4, sizeof(ipv4) / sizeof(ipv4[0]) },
	[MH_SELECTOR_IPV6] = { ipv6, sizeof(ipv6) / sizeof(ipv6[0]) },
};

static const struct layout *layout_of(uint8_t format)
{
	return format != MH_SELECTOR_NONE &&
	       format < sizeof(layouts) / sizeof(layouts[0]) ?
	       &layouts[format] : NULL;
}

static uint32_t start_flag(size_t i)
{
	return 0x80000000u >> 2 * i;
}

static uint32_t end_flag(size_t i)
{
	return start_flag(i) >> 1;
}

static void parse_address(struct cursor *data, const struct field *field,
			  struct in6_addr *address)
{
	size_t mapped = sizeof(*address) - field->octets;

	memset(address, 0, sizeof(*address));
	if (mapped)
		memset(&address->s6_addr[mapped - 2], 0xff, 2);
	cursor_bytes(data, &address->s6_addr[mapped], field->octets);
}

/* DS is the upper six bits of its octet; a flow label has no more than 20. */
static uint32_t parse_number(struct cursor *data, const struct field *field)
{
	uint32_t value = (uint32_t)cursor_be(data, field->octets);

	if (field->field == SELECTOR_DS)
		value >>= 2;
	return value & selector_max(field->field);
}

/* Returns false if it ends before it begins. */
static bool parse_field(struct cursor *data, const struct field *field,
			bool has_end, struct selector *selector)
{
	struct in6_addr *address;
	uint32_t *number;

	selector->fields |= 1u << field->field;
	if (field->field < SELECTOR_ADDRESSES) {
		address = selector->address[field->field];
		parse_address(data, field, &address[0]);
		address[1] = address[0];
		if (has_end)
			parse_address(data, field, &address[1]);
		return memcmp(&address[0], &address[1], sizeof(*address)) <= 0;
	}
	number = selector->number[field->field];
	number[0] = parse_number(data, field);
	number[1] = has_end ? parse_number(data, field) : number[0];
	return number[0] <= number[1];
}

uint8_t mh_selector_parse(struct cursor *data, uint8_t *format,
			  struct selector *selector)
{
	const struct layout *layout;
	uint32_t flags;
	bool has_end;
	size_t i;

	*format = cursor_u8(data);
	cursor_skip(data, 1);
	if (data->failed)
		return MH_FLOW_MALFORMED;
	layout = layout_of(*format);
	if (!layout)
		return MH_FLOW_FORMAT_NOT_SUPPORTED;
	flags = (uint32_t)cursor_be(data, 4);
	for (i = 0; i < layout->count; i++) {
		has_end = flags & end_flag(i);
		if (!(flags & start_flag(i))) {
			if (has_end)
				return MH_FLOW_MALFORMED;
			continue;
		}
		if (!parse_field(data, &layout->fields[i], has_end, selector))
			return MH_FLOW_MALFORMED;
	}
	return data->failed || data->left ? MH_FLOW_MALFORMED : 0;
}

/* --- And back. */

static bool is_range(const struct selector *selector, const struct field *field)
{
	const struct in6_addr *address;
	const uint32_t *number;

	if (field->field < SELECTOR_ADDRESSES) {
		address = selector->address[field->field];
		return !IN6_ARE_ADDR_EQUAL(&address[0], &address[1]);
	}
	number = selector->number[field->field];
	return number[0] != number[1];
}

static void build_bound(struct builder *builder, const struct field *field,
			const struct selector *selector, int end)
{
	const struct in6_addr *address;
	uint32_t value;

	if (field->field < SELECTOR_ADDRESSES) {
		address = &selector->address[field->field][end];
		builder_bytes(builder, &address->s6_addr[sizeof(*address) -
							 field->octets],
			      field->octets);
		return;
	}
	value = selector->number[field->field][end];
	builder_be(builder, field->field == SELECTOR_DS ? value << 2 : value,
		   field->octets);
}

/* RFC 6088 3.1, 3.2: of the widest that there is, 8 at most. */
static size_t alignment(const struct layout *layout,
			const struct selector *selector)
{
	size_t i, octets = 1;

	for (i = 0; i < layout->count; i++)
		if (selector->fields & 1u << layout->fields[i].field &&
		    layout->fields[i].octets > octets)
			octets = layout->fields[i].octets;
	return octets < 8 ? octets : 8;
}

void mh_selector_build(struct builder *builder, uint8_t format,
		       const struct selector *selector)
{
	const struct layout *layout = layout_of(format);
	size_t i, begin, len;
	uint32_t flags = 0;

	if (!layout) {
		builder->failed = true;
		return;
	}
	mh_build_padding(builder, alignment(layout, selector), 0);
	builder_u8(builder, MH_FLOW_OPT_TRAFFIC_SELECTOR);
	builder_u8(builder, 0);
	begin = builder->len;
	builder_u8(builder, format);
	builder_zeros(builder, 1);
	for (i = 0; i < layout->count; i++) {
		if (!(selector->fields & 1u << layout->fields[i].field))
			continue;
		flags |= start_flag(i);
		if (is_range(selector, &layout->fields[i]))
			flags |= end_flag(i);
	}
	builder_be(builder, flags, 4);
	for (i = 0; i < layout->count; i++) {
		if (flags & start_flag(i))
			build_bound(builder, &layout->fields[i], selector, 0);
		if (flags & end_flag(i))
			build_bound(builder, &layout->fields[i], selector, 1);
	}
	len = builder->len - begin;
	if (!builder->failed)
		builder->data[begin - 1] = (uint8_t)len;
}
