// SPDX-License-Identifier: GPL-2.0
#include "multihoming.h"
#include "options.h"

/* RFC 7864 4.1: of the octet that RFC 5213 8.3 has reserved. */
#define HNP_OFF_LINK 0x80

/* RFC 5213 8.1, 8.2: one instance of each, but for prefixes. */
static enum mh_error once(bool *has)
{
	if (*has)
		return MH_ERROR_OPTION_REPEATED;
	*has = true;
	return MH_OK;
}

static enum mh_error parse_mn_id(struct cursor *data,
				 struct mh_options *options)
{
	struct mh_mn_id *id = &options->mn_id;

	if (data->left < 1 || data->left > 1 + sizeof(id->data))
		return MH_ERROR_OPTION_LENGTH;
	id->subtype = cursor_u8(data);
	id->len = (uint8_t)data->left;
	cursor_bytes(data, id->data, data->left);
	return once(&options->has_mn_id);
}

static enum mh_error parse_hnp(struct cursor *data, struct mh_options *options)
{
	struct mh_prefix *hnp;

	if (data->left != 18)
		return MH_ERROR_OPTION_LENGTH;
	if (options->hnp_count == MH_MAX_HNP)
		return MH_ERROR_TOO_MANY_PREFIXES;
	hnp = &options->hnp[options->hnp_count];
	hnp->off_link = cursor_u8(data) & HNP_OFF_LINK;
	hnp->len = cursor_u8(data);
	if (hnp->len > 128)
		return MH_ERROR_OPTION_LENGTH;
	cursor_bytes(data, &hnp->addr, sizeof(hnp->addr));
	options->hnp_count++;
	return MH_OK;
}

/* Handoff Indicator and Access Technology Type share their layout. */
static enum mh_error parse_indicator(struct cursor *data, bool *has,
				     uint8_t *value)
{
	if (data->left != 2)
		return MH_ERROR_OPTION_LENGTH;
	cursor_skip(data, 1);
	*value = cursor_u8(data);
	return once(has);
}

static enum mh_error parse_ll_id(struct cursor *data,
				 struct mh_options *options)
{
	struct mh_ll_id *id = &options->ll_id;

	if (data->left < 2 || data->left > 2 + sizeof(id->data))
		return MH_ERROR_OPTION_LENGTH;
	cursor_skip(data, 2);
	id->len = (uint8_t)data->left;
	cursor_bytes(data, id->data, data->left);
	return once(&options->has_ll_id);
}

/* Link-local Address and Alternate Care-of Address are nothing else. */
static enum mh_error parse_address(struct cursor *data, bool *has,
				   struct in6_addr *address)
{
	if (data->left != sizeof(*address))
		return MH_ERROR_OPTION_LENGTH;
	cursor_bytes(data, address, sizeof(*address));
	return once(has);
}

static enum mh_error parse_timestamp(struct cursor *data,
				     struct mh_options *options)
{
	if (data->left != 8)
		return MH_ERROR_OPTION_LENGTH;
	options->timestamp = cursor_be(data, 8);
	return once(&options->has_timestamp);
}

/*
 * RFC 6602 4.3. Before it was one, an option without an identifier meant all
 * sessions of a gateway at an anchor.
 */
static enum mh_error parse_group(struct cursor *data,
				 struct mh_options *options)
{
	uint32_t id = MH_GROUP_ALL_SESSIONS;

	if (data->left && data->left != 6)
		return MH_ERROR_OPTION_LENGTH;
	if (data->left) {
		if (cursor_u8(data) != MH_MN_GROUP_BULK)
			return MH_OK;
		cursor_skip(data, 1);
		id = (uint32_t)cursor_be(data, 4);
	}
	if (options->group_count == MH_MAX_GROUPS)
		return MH_ERROR_TOO_MANY_GROUPS;
	options->group[options->group_count++] = id;
	return MH_OK;
}

static enum mh_error parse_flow(struct cursor *data,
				struct mh_options *options)
{
	if (options->flow_count == MH_MAX_FLOWS)
		return MH_ERROR_TOO_MANY_FLOWS;
	return mh_flow_parse(data, mh_add_flow(options)) ?
	       MH_OK : MH_ERROR_OPTION_LENGTH;
}

static enum mh_error parse_one(uint8_t type, struct cursor *data,
			       struct mh_options *options)
{
	switch (type) {
	case MH_OPT_MN_ID:
		return parse_mn_id(data, options);
	case MH_OPT_HNP:
		return parse_hnp(data, options);
	case MH_OPT_HANDOFF_INDICATOR:
		return parse_indicator(data, &options->has_handoff,
				       &options->handoff);
	case MH_OPT_ACCESS_TECH_TYPE:
		return parse_indicator(data, &options->has_att, &options->att);
	case MH_OPT_MN_LL_ID:
		return parse_ll_id(data, options);
	case MH_OPT_LINK_LOCAL_ADDRESS:
		return parse_address(data, &options->has_link_local,
				     &options->link_local);
	case MH_OPT_ALT_COA:
		return parse_address(data, &options->has_alt_coa,
				     &options->alt_coa);
	case MH_OPT_TIMESTAMP:
		return parse_timestamp(data, options);
	case MH_OPT_MN_GROUP_ID:
		return parse_group(data, options);
	case MH_OPT_EXPERIMENTAL:
		return mh_parse_experimental(data, options);
	case MH_OPT_BINDING_ID:
		return mh_parse_binding_id(data, options);
	case MH_OPT_FLOW_IDENTIFICATION:
		return parse_flow(data, options);
	/* That they are there is what RFC 6602 5.2.3 looks at. */
	case MH_OPT_GRE_KEY:
		options->has_gre_key = true;
		return MH_OK;
	case MH_OPT_IPV4_REQUEST:
		options->has_ipv4_request = true;
		return MH_OK;
	default:
		/* RFC 6275 6.2.1: what is not understood is skipped. */
		return MH_OK;
	}
}

enum mh_error mh_take_option(struct cursor *cursor, uint8_t *type,
			     struct cursor *data)
{
	*type = cursor_u8(cursor);
	if (*type == MH_OPT_PAD1) {
		*data = cursor_on(NULL, 0);
		return MH_OK;
	}
	*data = cursor_take(cursor, cursor_u8(cursor));
	return cursor->failed ? MH_ERROR_OPTION_TRUNCATED : MH_OK;
}

enum mh_error mh_parse_options(struct cursor *cursor,
			       struct mh_options *options)
{
	enum mh_error error;
	struct cursor data;
	uint8_t type;

	while (cursor->left) {
		error = mh_take_option(cursor, &type, &data);
		if (!error)
			error = parse_one(type, &data, options);
		if (error)
			return error;
	}
	return MH_OK;
}

void mh_build_padding(struct builder *builder, size_t n, size_t y)
{
	size_t pad = (n + y - builder->len % n) % n;

	if (pad == 1) {
		builder_u8(builder, MH_OPT_PAD1);
	} else if (pad) {
		builder_u8(builder, MH_OPT_PADN);
		builder_u8(builder, (uint8_t)(pad - 2));
		builder_zeros(builder, pad - 2);
	}
}

static void begin(struct builder *builder, enum mh_option_type type, size_t len)
{
	builder_u8(builder, (uint8_t)type);
	builder_u8(builder, (uint8_t)len);
}

static void build_mn_id(struct builder *builder, const struct mh_mn_id *id)
{
	begin(builder, MH_OPT_MN_ID, 1 + (size_t)id->len);
	builder_u8(builder, id->subtype);
	builder_bytes(builder, id->data, id->len);
}

static void build_hnp(struct builder *builder, const struct mh_prefix *hnp)
{
	mh_build_padding(builder, 8, 4);
	begin(builder, MH_OPT_HNP, 18);
	builder_u8(builder, hnp->off_link ? HNP_OFF_LINK : 0);
	builder_u8(builder, hnp->len);
	builder_bytes(builder, &hnp->addr, sizeof(hnp->addr));
}

static void build_indicator(struct builder *builder, enum mh_option_type type,
			    uint8_t value)
{
	begin(builder, type, 2);
	builder_u8(builder, 0);
	builder_u8(builder, value);
}

/* RFC 5213 8.6: by the size of the identifier, which begins 4 octets on. */
static void build_ll_id(struct builder *builder, const struct mh_ll_id *id)
{
	size_t unit = 8;

	while (id->len % unit)
		unit /= 2;
	mh_build_padding(builder, unit, 4 % unit);
	begin(builder, MH_OPT_MN_LL_ID, 2 + (size_t)id->len);
	builder_zeros(builder, 2);
	builder_bytes(builder, id->data, id->len);
}

static void build_address(struct builder *builder, enum mh_option_type type,
			  const struct in6_addr *address)
{
	mh_build_padding(builder, 8, 6);
	begin(builder, type, sizeof(*address));
	builder_bytes(builder, address, sizeof(*address));
}

static void build_timestamp(struct builder *builder, uint64_t timestamp)
{
	mh_build_padding(builder, 8, 2);
	begin(builder, MH_OPT_TIMESTAMP, 8);
	builder_be(builder, timestamp, 8);
}

static void build_group(struct builder *builder, uint32_t id)
{
	mh_build_padding(builder, 4, 0);
	begin(builder, MH_OPT_MN_GROUP_ID, 6);
	builder_u8(builder, MH_MN_GROUP_BULK);
	builder_u8(builder, 0);
	builder_be(builder, id, 4);
}

/* That it is there, and nothing more. */
static void build_presence(struct builder *builder, enum mh_option_type type,
			   size_t len)
{
	mh_build_padding(builder, 4, 0);
	begin(builder, type, len);
	builder_zeros(builder, len);
}

void mh_build_options(struct builder *builder, const struct mh_options *options)
{
	unsigned int i;

	if (options->has_mn_id)
		build_mn_id(builder, &options->mn_id);
	for (i = 0; i < options->hnp_count; i++)
		build_hnp(builder, &options->hnp[i]);
	if (options->has_handoff)
		build_indicator(builder, MH_OPT_HANDOFF_INDICATOR,
				options->handoff);
	if (options->has_att)
		build_indicator(builder, MH_OPT_ACCESS_TECH_TYPE, options->att);
	if (options->has_ll_id)
		build_ll_id(builder, &options->ll_id);
	if (options->has_link_local)
		build_address(builder, MH_OPT_LINK_LOCAL_ADDRESS,
			      &options->link_local);
	if (options->has_alt_coa)
		build_address(builder, MH_OPT_ALT_COA, &options->alt_coa);
	if (options->has_timestamp)
		build_timestamp(builder, options->timestamp);
	if (options->has_gre_key)
		build_presence(builder, MH_OPT_GRE_KEY, 2);
	if (options->has_ipv4_request)
		build_presence(builder, MH_OPT_IPV4_REQUEST, 6);
	for (i = 0; i < options->group_count; i++)
		build_group(builder, options->group[i]);
	if (options->has_multihoming)
		mh_build_multihoming(builder, &options->multihoming);
	if (options->has_bid)
		mh_build_binding_id(builder, &options->bid);
	for (i = 0; i < options->flow_count; i++)
		mh_flow_build(builder, &options->flow[i]);
}
