// SPDX-License-Identifier: GPL-2.0
/*
 * Octets as a Mobility Header. What parses, builds back to something that
 * parses the same, in the one way in which we write it.
 *
 * Covers: user/mh/message.c user/mh/options.c user/mh/heartbeat.c
 * user/mh/revocation.c user/mh/update_notification.c
 * user/mh/multihoming.c user/mh/flow.c user/mh/selector_binary.c
 * user/mh/selector_text.c user/mh/names.c user/mh/cursor.h
 */
#include <string.h>

#include "../mh/mh.h"
#include "fuzz.h"

static struct mh_options *options_of(struct mh_message *message)
{
	switch (message->type) {
	case MH_BINDING_UPDATE:
		return &message->bu.options;
	case MH_BINDING_ACK:
		return &message->ba.options;
	case MH_BINDING_REVOCATION:
		return &message->revocation.options;
	case MH_UPDATE_NOTIFICATION:
		return &message->upn.options;
	case MH_UPDATE_ACK:
		return &message->upa.options;
	default:
		return NULL;
	}
}

/* What engines compare by is the same, too. */
static void require_same_options(struct mh_message *message,
				 struct mh_message *back)
{
	const struct mh_options *ours = options_of(message);
	const struct mh_options *theirs = options_of(back);
	unsigned int i;

	if (!ours)
		return;
	REQUIRE(ours->hnp_count <= MH_MAX_HNP);
	REQUIRE(ours->ll_id.len <= MH_LL_ID_MAX);
	REQUIRE(mh_mn_id_equal(&ours->mn_id, &theirs->mn_id));
	for (i = 0; i < ours->hnp_count; i++) {
		REQUIRE(ours->hnp[i].len <= 128);
		REQUIRE(mh_prefix_equal(&ours->hnp[i], &theirs->hnp[i]));
		REQUIRE(mh_prefix_any(&ours->hnp[i]) ==
			mh_prefix_any(&theirs->hnp[i]));
	}
}

/* In exactly the room that it takes, and not in less. */
static uint8_t *build(const struct mh_message *message, size_t *len)
{
	uint8_t room[MH_MAX_LEN], *data;

	*len = mh_build(message, room, sizeof(room));
	REQUIRE(*len >= 8 && *len % 8 == 0 && *len <= MH_MAX_LEN);
	data = malloc(*len);
	REQUIRE(data);
	REQUIRE(!mh_build(message, data, *len - 1));
	REQUIRE(mh_build(message, data, *len) == *len);
	REQUIRE(!memcmp(data, room, *len));
	return data;
}

static void require_checksum(uint8_t *data, size_t len)
{
	static const struct in6_addr src = IN6ADDR_LOOPBACK_INIT;
	static const struct in6_addr dst = IN6ADDR_ANY_INIT;

	mh_set_checksum(&src, &dst, data, len);
	REQUIRE(!mh_checksum(&src, &dst, data, len));
}

/* mh_parse() makes all zero that it does not fill in, but for flows. */
static void read_message(const uint8_t *data, size_t len,
			 struct mh_message *message)
{
	memset(message, 0, sizeof(*message));
	REQUIRE(mh_parse(data, len, message) == MH_OK);
}

static void round_trip(struct mh_message *message)
{
	uint8_t *data, *again;
	struct mh_message back;
	size_t len, again_len;

	data = build(message, &len);
	read_message(data, len, &back);
	REQUIRE(same_octets(&back, message, sizeof(back)));
	require_same_options(message, &back);
	again = build(&back, &again_len);
	REQUIRE(again_len == len && !memcmp(again, data, len));
	free(again);
	require_checksum(data, len);
	read_message(data, len, &back);
	REQUIRE(same_octets(&back, message, sizeof(back)));
	free(data);
}

/* A selector is read back as it is printed. */
static void require_same_text(const struct mh_flow *flow)
{
	char text[SELECTOR_TEXT_MAX], *key, *value, *rest;
	struct selector back = { 0 };

	selector_print(&flow->selector, text, sizeof(text));
	REQUIRE(strlen(text) < sizeof(text) - 1);
	for (key = strtok_r(text, " ", &rest); key && strcmp(key, "any");
	     key = strtok_r(NULL, " ", &rest)) {
		value = strtok_r(NULL, " ", &rest);
		REQUIRE(value && selector_is_key(key));
		REQUIRE(!selector_parse_pair(key, value, &back));
	}
	REQUIRE(same_octets(&back, &flow->selector, sizeof(back)));
}

/* One with a fault says which it is, and is not sent with that. */
static void require_flows(struct mh_options *options)
{
	struct mh_flow *flow;
	unsigned int i;

	for (i = 0; options && i < options->flow_count; i++) {
		flow = &options->flow[i];
		REQUIRE(*mh_flow_status_name(flow->fault));
		REQUIRE(!flow->fault || flow->fault >= MH_STATUS_REJECTED);
		REQUIRE(!flow->fault || flow->format == MH_SELECTOR_NONE);
		flow->fault = 0;
		if (flow->format != MH_SELECTOR_NONE)
			require_same_text(flow);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mh_message message = { 0 };
	enum mh_error error;

	error = mh_parse(data, size, &message);
	REQUIRE(error < MH_ERROR_MAX && *mh_error_name(error));
	if (size >= 3)
		REQUIRE(message.type == data[2]);
	if (size)
		REQUIRE(*mh_status_name(data[size - 1]));
	if (!error) {
		require_flows(options_of(&message));
		round_trip(&message);
	}
	return 0;
}
