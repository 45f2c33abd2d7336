// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "test.h"
#include "vectors.h"

/* 1700000000.5 s since 1970. */
#define VECTOR_TIMESTAMP (1700000000ull << 16 | 0x8000)

static void initial_registration(struct vector *vector)
{
	struct mh_binding_update *bu = &vector->message.bu;

	vector->name = "PBU of an initial registration";
	vector->from_mag = true;
	vector->hex =
		"3b0a0500e5af00018200004b"
		"0810016d6e31406578616d706c652e636f6d"
		"010400000000"
		"1612000000000000000000000000000000000000"
		"17020001" "18020004"
		"19080000020000000001"
		"1b0800006553f1008000"
		"01020000";
	vector->message.type = MH_BINDING_UPDATE;
	bu->sequence = 1;
	bu->flags = MH_BU_ACK | MH_BU_PROXY;
	bu->lifetime = 75;
	bu->options.has_mn_id = true;
	bu->options.mn_id = nai("mn1@example.com");
	bu->options.hnp_count = 1;
	bu->options.has_handoff = true;
	bu->options.handoff = MH_HI_NEW_INTERFACE;
	bu->options.has_att = true;
	bu->options.att = MH_ATT_IEEE_802_11;
	bu->options.has_ll_id = true;
	bu->options.ll_id = ll_id6(1);
	bu->options.has_timestamp = true;
	bu->options.timestamp = VECTOR_TIMESTAMP;
}

static void accepted(struct vector *vector, const struct mh_options *asked)
{
	struct mh_binding_ack *ba = &vector->message.ba;

	vector->name = "PBA that accepts it";
	vector->hex =
		"3b0a0600388c00200001004b"
		"0810016d6e31406578616d706c652e636f6d"
		"010400000000"
		"1612004020010db8000a00010000000000000000"
		"17020001" "18020004"
		"19080000020000000001"
		"1b0800006553f1008000"
		"01020000";
	vector->message.type = MH_BINDING_ACK;
	ba->status = MH_ACCEPTED;
	ba->flags = MH_BA_PROXY;
	ba->sequence = 1;
	ba->lifetime = 75;
	ba->options = *asked;
	ba->options.hnp[0] = prefix6("2001:db8:a:1::/64");
}

static void no_mn_id(struct vector *vector)
{
	struct mh_binding_ack *ba = &vector->message.ba;

	vector->name = "PBA that misses the mobile node identifier";
	vector->hex =
		"3b0506007191a02000020000"
		"080101" "010300000016120000"
		"00000000000000000000000000000000"
		"17020000" "18020000";
	vector->message.type = MH_BINDING_ACK;
	ba->status = MH_MISSING_MN_ID_OPTION;
	ba->flags = MH_BA_PROXY;
	ba->sequence = 2;
	ba->options.has_mn_id = true;
	ba->options.mn_id.subtype = MH_MN_ID_NAI;
	ba->options.hnp_count = 1;
	ba->options.has_handoff = true;
	ba->options.has_att = true;
}

static void unknown_type(struct vector *vector)
{
	vector->name = "Binding Error of an unknown type";
	vector->hex = "3b0207005fe70200"
		      "00000000000000000000000000000000";
	vector->message.type = MH_BINDING_ERROR;
	vector->message.be.status = MH_BE_UNKNOWN_TYPE;
}

static void heartbeat_request(struct vector *vector)
{
	vector->name = "Heartbeat that asks";
	vector->from_mag = true;
	vector->hex = "3b010d005ae90000" "00000005" "01020000";
	vector->message.type = MH_HEARTBEAT;
	vector->message.heartbeat.sequence = 5;
}

static void heartbeat_response(struct vector *vector)
{
	vector->name = "Heartbeat that answers it";
	vector->hex = "3b020d003dd80001" "00000005"
		      "01001c0400000003" "01020000";
	vector->message.type = MH_HEARTBEAT;
	vector->message.heartbeat.flags = MH_HB_RESPONSE;
	vector->message.heartbeat.sequence = 5;
	vector->message.heartbeat.has_restart_counter = true;
	vector->message.heartbeat.restart_counter = 3;
}

static void bulk_refresh(struct vector *vector)
{
	struct mh_binding_update *bu = &vector->message.bu;

	vector->name = "PBU that refreshes a bulk group";
	vector->from_mag = true;
	vector->hex = "3b040500b865" "0003" "8240" "01c2" "010400000000"
		      "1b0800006553f1008000" "3206010000000101" "01020000";
	vector->message.type = MH_BINDING_UPDATE;
	bu->sequence = 3;
	bu->flags = MH_BU_ACK | MH_BU_PROXY | MH_BU_BULK;
	bu->lifetime = 450;
	bu->options.has_timestamp = true;
	bu->options.timestamp = VECTOR_TIMESTAMP;
	bu->options.group_count = 1;
	bu->options.group[0] = 0x101;
}

static void group_revocation(struct vector *vector)
{
	struct mh_revocation *bri = &vector->message.revocation;

	vector->name = "revocation of a bulk group";
	vector->hex = "3b0210008254" "0180" "0009" "a000" "3206010000000101"
		      "01020000";
	vector->message.type = MH_BINDING_REVOCATION;
	bri->kind = MH_BR_INDICATION;
	bri->trigger = MH_BR_PER_PEER_POLICY;
	bri->sequence = 9;
	bri->flags = MH_BR_PROXY | MH_BR_GLOBAL;
	bri->options.group_count = 1;
	bri->options.group[0] = 0x101;
}

static void flow_mobility(struct vector *vector)
{
	struct mh_update_notification *upn = &vector->message.upn;

	vector->name = "notification that flows may come by another prefix";
	vector->hex = "3b0613006877" "000c" "0008" "8000"
		      "0810016d6e31406578616d706c652e636f6d" "010400000000"
		      "1612804020010db8000a00020000000000000000";
	vector->message.type = MH_UPDATE_NOTIFICATION;
	upn->sequence = 12;
	upn->reason = MH_UPN_FLOW_MOBILITY;
	upn->flags = MH_UPN_ACK;
	upn->options.has_mn_id = true;
	upn->options.mn_id = nai("mn1@example.com");
	upn->options.hnp_count = 1;
	upn->options.hnp[0] = prefix6("2001:db8:a:2::/64");
	upn->options.hnp[0].off_link = true;
}

void vectors_fill(struct vector *vectors)
{
	memset(vectors, 0, VECTORS * sizeof(*vectors));
	initial_registration(&vectors[0]);
	accepted(&vectors[1], &vectors[0].message.bu.options);
	no_mn_id(&vectors[2]);
	unknown_type(&vectors[3]);
	heartbeat_request(&vectors[4]);
	heartbeat_response(&vectors[5]);
	bulk_refresh(&vectors[6]);
	group_revocation(&vectors[7]);
	flow_mobility(&vectors[8]);
}

static void full_options(struct mh_options *options)
{
	options->has_mn_id = true;
	options->mn_id = nai("a-longer-identifier.of.mn1@realm.example.com");
	options->hnp_count = 3;
	options->hnp[0] = prefix6("2001:db8:a:1::/64");
	options->hnp[1] = prefix6("2001:db8:b::/48");
	options->hnp[2] = prefix6("2001:db8:c::17/128");
	options->has_handoff = true;
	options->handoff = MH_HI_UNKNOWN;
	options->has_att = true;
	options->att = MH_ATT_E_UTRAN;
	options->has_ll_id = true;
	options->ll_id = ll_id6(0xfe);
	options->has_link_local = true;
	options->link_local = ip6("fe80::200:5eff:fe00:5213");
	options->has_timestamp = true;
	options->timestamp = 0x0102030405060708;
	options->group_count = 2;
	options->group[0] = 0x101;
	options->group[1] = 0xfffffffe;
}

void full_update(struct mh_message *message)
{
	memset(message, 0, sizeof(*message));
	message->type = MH_BINDING_UPDATE;
	message->bu.sequence = 0xfedc;
	message->bu.flags = MH_BU_ACK | MH_BU_PROXY;
	message->bu.lifetime = 0xffff;
	full_options(&message->bu.options);
}

void full_ack(struct mh_message *message)
{
	memset(message, 0, sizeof(*message));
	message->type = MH_BINDING_ACK;
	message->ba.status = MH_TIMESTAMP_MISMATCH;
	message->ba.flags = MH_BA_PROXY;
	message->ba.sequence = 0x8001;
	message->ba.lifetime = 1;
	full_options(&message->ba.options);
}
