/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Mobility Header and what it carries: bytes to structs and back. No
 * sockets, no allocation, no globals.
 *
 * Numbers are the registered ones; the RFC that defines each stands beside it.
 */
#ifndef PMIP6_MH_H
#define PMIP6_MH_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "flow.h"

/* RFC 6275 6.1.1: the largest message, by its 8-bit length. */
#define MH_MAX_LEN 2048

/* How many of each an accepted message may carry, far above any use. */
#define MH_MAX_HNP 16
#define MH_MAX_GROUPS 32

/* RFC 4283: a one-octet length that also counts the subtype. */
#define MH_MN_ID_MAX 254

/* Longer than any link-layer address in use: InfiniBand has 20 octets. */
#define MH_LL_ID_MAX 32

enum mh_type {
	MH_BINDING_UPDATE = 5,		/* RFC 6275, 5213 */
	MH_BINDING_ACK = 6,		/* RFC 6275, 5213 */
	MH_BINDING_ERROR = 7,		/* RFC 6275 */
	MH_HEARTBEAT = 13,		/* RFC 5847 */
	MH_BINDING_REVOCATION = 16,	/* RFC 5846 */
	MH_UPDATE_NOTIFICATION = 19,	/* RFC 7077 */
	MH_UPDATE_ACK = 20,		/* RFC 7077 */
};

/* Binding Update flags that a PBU may have. */
enum mh_bu_flag {
	MH_BU_ACK = 0x8000,		/* A, RFC 6275 */
	MH_BU_PROXY = 0x0200,		/* P, RFC 5213 */
	MH_BU_BULK = 0x0040,		/* B, RFC 6602 */
};

/* Binding Acknowledgement flags that a PBA may have. */
enum mh_ba_flag {
	MH_BA_PROXY = 0x20,		/* P, RFC 5213 */
	MH_BA_BULK = 0x08,		/* B, RFC 6602 */
};

/* Heartbeat flags; both: a response that nobody asked for. */
enum mh_heartbeat_flag {
	MH_HB_UNSOLICITED = 0x0002,	/* U, RFC 5847 */
	MH_HB_RESPONSE = 0x0001,	/* R, RFC 5847 */
};

/* Which of the two messages a Binding Revocation is. */
enum mh_br_kind {
	MH_BR_INDICATION = 1,		/* RFC 5846 */
	MH_BR_ACK = 2,			/* RFC 5846 */
};

/* Flags of both, which the acknowledgement copies. */
enum mh_br_flag {
	MH_BR_PROXY = 0x8000,		/* P, RFC 5846 */
	MH_BR_IPV4_ONLY = 0x4000,	/* V, RFC 5846 */
	MH_BR_GLOBAL = 0x2000,		/* G, RFC 5846 */
};

/* Why a binding is revoked; from 128 on, more than one mobile node's. */
enum mh_br_trigger {
	MH_BR_UNSPECIFIED = 0,			/* RFC 5846 */
	MH_BR_ADMINISTRATIVE = 1,		/* RFC 5846 */
	MH_BR_HANDOVER_SAME_ATT = 2,		/* RFC 5846 */
	MH_BR_HANDOVER_OTHER_ATT = 3,		/* RFC 5846 */
	MH_BR_HANDOVER_UNKNOWN = 4,		/* RFC 5846 */
	MH_BR_USER_INITIATED = 5,		/* RFC 5846 */
	MH_BR_ACCESS_NETWORK = 6,		/* RFC 5846 */
	MH_BR_OUT_OF_SYNC = 7,			/* RFC 5846 */
	MH_BR_PER_PEER_POLICY = 128,		/* RFC 5846 */
	MH_BR_MN_LOCAL_POLICY = 129,		/* RFC 5846 */
};

#define MH_BR_GLOBAL_TRIGGER 128

/* What became of that; below 128 it was done. */
enum mh_br_status {
	MH_BR_SUCCESS = 0,			/* RFC 5846 */
	MH_BR_PARTIAL = 1,			/* RFC 5846 */
	MH_BR_NO_BINDING = 128,			/* RFC 5846 */
	MH_BR_GLOBAL_NOT_AUTHORIZED = 130,	/* RFC 5846 */
	MH_BR_MN_ID_REQUIRED = 131,		/* RFC 5846 */
	MH_BR_ATTACHED = 132,			/* RFC 5846 */
	MH_BR_TRIGGER_NOT_SUPPORTED = 133,	/* RFC 5846 */
	MH_BR_FUNCTION_NOT_SUPPORTED = 134,	/* RFC 5846 */
};

/* Update Notification flags. */
enum mh_upn_flag {
	MH_UPN_ACK = 0x8000,		/* A, RFC 7077 */
	MH_UPN_RETRANSMITTED = 0x4000,	/* D, RFC 7077 */
};

/* Why an Update Notification is sent. */
enum mh_upn_reason {
	MH_UPN_FORCE_REREGISTRATION = 1,	/* RFC 7077 */
	MH_UPN_FLOW_MOBILITY = 8,		/* RFC 7864 */
};

/* What became of an Update Notification; below 128 it was done. */
enum mh_upa_status {
	MH_UPA_SUCCESS = 0,		/* RFC 7077 */
	MH_UPA_FAILED = 128,		/* RFC 7077 */
	MH_UPA_REASON_UNSPECIFIED = 131,	/* RFC 7864 */
	MH_UPA_MN_NOT_ATTACHED = 132,	/* RFC 7864 */
};

enum mh_status {
	MH_ACCEPTED = 0,				/* RFC 6275 */
	MH_REASON_UNSPECIFIED = 128,			/* RFC 6275 */
	MH_ADMINISTRATIVELY_PROHIBITED = 129,		/* RFC 6275 */
	MH_INSUFFICIENT_RESOURCES = 130,		/* RFC 6275 */
	MH_NOT_HOME_AGENT_FOR_THIS_MOBILE_NODE = 133,	/* RFC 6275 */
	MH_SEQUENCE_OUT_OF_WINDOW = 135,		/* RFC 6275 */
	MH_PROXY_REG_NOT_ENABLED = 152,			/* RFC 5213 */
	MH_NOT_LMA_FOR_THIS_MOBILE_NODE = 153,		/* RFC 5213 */
	MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG = 154,	/* RFC 5213 */
	MH_NOT_AUTHORIZED_FOR_HNP = 155,		/* RFC 5213 */
	MH_TIMESTAMP_MISMATCH = 156,			/* RFC 5213 */
	MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED = 157,	/* RFC 5213 */
	MH_MISSING_HNP_OPTION = 158,			/* RFC 5213 */
	MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH = 159,	/* RFC 5213 */
	MH_MISSING_MN_ID_OPTION = 160,			/* RFC 5213 */
	MH_MISSING_HANDOFF_INDICATOR_OPTION = 161,	/* RFC 5213 */
	MH_MISSING_ACCESS_TECH_TYPE_OPTION = 162,	/* RFC 5213 */
	MH_INVALID_MN_GROUP_IDENTIFIER = 175,		/* RFC 6602 */
	MH_CANNOT_SUPPORT_MULTIPATH_BINDING = 180,	/* RFC 8278 */
};

/* RFC 6275 6.1.8: below is accepted, from here on rejected. */
#define MH_STATUS_REJECTED 128

enum mh_option_type {
	MH_OPT_PAD1 = 0,		/* RFC 6275 */
	MH_OPT_PADN = 1,		/* RFC 6275 */
	MH_OPT_ALT_COA = 3,		/* RFC 6275 */
	MH_OPT_MN_ID = 8,		/* RFC 4283 */
	MH_OPT_EXPERIMENTAL = 18,	/* RFC 5096 */
	MH_OPT_HNP = 22,		/* RFC 5213 */
	MH_OPT_HANDOFF_INDICATOR = 23,	/* RFC 5213 */
	MH_OPT_ACCESS_TECH_TYPE = 24,	/* RFC 5213 */
	MH_OPT_MN_LL_ID = 25,		/* RFC 5213 */
	MH_OPT_LINK_LOCAL_ADDRESS = 26,	/* RFC 5213 */
	MH_OPT_TIMESTAMP = 27,		/* RFC 5213 */
	MH_OPT_RESTART_COUNTER = 28,	/* RFC 5847 */
	MH_OPT_GRE_KEY = 33,		/* RFC 5845 */
	MH_OPT_BINDING_ID = 35,		/* RFC 5648 */
	MH_OPT_IPV4_REQUEST = 36,	/* RFC 5844 */
	MH_OPT_FLOW_IDENTIFICATION = 45,	/* RFC 6089 */
	MH_OPT_MN_GROUP_ID = 50,	/* RFC 6602 */
};

enum mh_mn_id_subtype {
	MH_MN_ID_NAI = 1,		/* RFC 4283 */
};

/* RFC 6602 4.3; others are passed over. */
enum mh_mn_group_id_subtype {
	MH_MN_GROUP_BULK = 1,		/* RFC 6602 */
};

/* Identifiers of bulk groups that are none of a node's choice. */
enum mh_mn_group_id {
	MH_GROUP_RESERVED = 0,		/* RFC 6602 4.3 */
	MH_GROUP_ALL_SESSIONS = 1,	/* RFC 6602 5.1.1 */
};

/*
 * draft-melia-netext-muho-solution 4.1: the group of all interfaces, which is
 * the only one that there is.
 */
#define MH_MULTIHOMING_GROUP_ALL 0

/* The same: what becomes of the flows of an interface that is removed. */
enum mh_multihoming_act {
	MH_ACT_NONE = 0,	/* not a removal; in one, as if to remove */
	MH_ACT_REMOVE = 1,
	MH_ACT_KEEP = 2,	/* they go on by the other interfaces */
};

/* RFC 5213 8.4 */
enum mh_handoff_indicator {
	MH_HI_NEW_INTERFACE = 1,
	MH_HI_BETWEEN_INTERFACES = 2,
	MH_HI_SAME_INTERFACE = 3,
	MH_HI_UNKNOWN = 4,
	MH_HI_NOT_CHANGED = 5,
	MH_HI_SHARED_PREFIXES = 6,	/* RFC 7864 */
};

/* RFC 5213 8.5 and the registry that it set up. */
enum mh_access_technology {
	MH_ATT_RESERVED = 0,
	MH_ATT_VIRTUAL = 1,
	MH_ATT_PPP = 2,
	MH_ATT_IEEE_802_3 = 3,
	MH_ATT_IEEE_802_11 = 4,
	MH_ATT_IEEE_802_16E = 5,
	MH_ATT_GERAN = 6,
	MH_ATT_UTRAN = 7,
	MH_ATT_E_UTRAN = 8,
	MH_ATT_EHRPD = 9,
	MH_ATT_HRPD = 10,
	MH_ATT_1XRTT = 11,
	MH_ATT_UMB = 12,
	MH_ATT_NB_IOT = 13,
};

/* Why bytes are no message; counted under these names. */
enum mh_error {
	MH_OK,
	MH_ERROR_TRUNCATED,		/* shorter than its length says */
	MH_ERROR_CHECKSUM,
	MH_ERROR_UNKNOWN_TYPE,
	MH_ERROR_PAYLOAD_PROTO,		/* RFC 6275 9.2: not 59 */
	MH_ERROR_HEADER_LEN,		/* RFC 6275 9.2: too small for its type */
	MH_ERROR_OPTION_TRUNCATED,	/* runs past the end of the message */
	MH_ERROR_OPTION_LENGTH,		/* impossible for its type */
	MH_ERROR_OPTION_REPEATED,	/* RFC 5213 8.1: one instance of each */
	MH_ERROR_TOO_MANY_PREFIXES,
	MH_ERROR_TOO_MANY_GROUPS,
	MH_ERROR_TOO_MANY_FLOWS,
	MH_ERROR_MAX,
};

/**
 * struct mh_mn_id - Mobile Node Identifier option (RFC 4283)
 * @subtype: enum mh_mn_id_subtype or one that we only compare
 * @len: octets of @data; 0 where RFC 5213 5.3.6 wants an empty one
 * @data: the identifier, not terminated
 */
struct mh_mn_id {
	uint8_t subtype;
	uint8_t len;
	uint8_t data[MH_MN_ID_MAX];
};

/**
 * struct mh_prefix - Home Network Prefix option (RFC 5213 8.3)
 * @addr: the prefix; all zero asks for an allocation
 * @len: 0 to 128
 * @off_link: to a gateway: route it to the mobile node, but do not advertise it
 *	(L, RFC 7864 4.1); no part of which prefix it is
 */
struct mh_prefix {
	struct in6_addr addr;
	uint8_t len;
	bool off_link;
};

/* Of a prefix as a key: that part of it that has no padding after it. */
#define MH_PREFIX_KEY_LEN (offsetof(struct mh_prefix, len) + 1)

/**
 * struct mh_ll_id - Mobile Node Link-layer Identifier option (RFC 5213 8.6)
 * @len: octets of @data, 0 if unknown
 * @data: the identifier
 */
struct mh_ll_id {
	uint8_t len;
	uint8_t data[MH_LL_ID_MAX];
};

/**
 * struct mh_multihoming - Multihoming option, in one of RFC 5096
 * @group: which of a mobile node's interfaces share its prefixes
 * @act: enum mh_multihoming_act or one that we do not know, below 8
 */
struct mh_multihoming {
	uint8_t group;
	uint8_t act;
};

/**
 * struct mh_binding_id - Binding Identifier option (RFC 5648 4.3)
 * @id: how its sender calls the binding to its care-of address
 * @status: of that binding, in an acknowledgement
 * @priority: the lower the better, below 128 (RFC 6089 4.1)
 */
struct mh_binding_id {
	uint16_t id;
	uint8_t status;
	uint8_t priority;
};

/**
 * struct mh_options - the options of a PBU or PBA
 * @mn_id: if @has_mn_id
 * @hnp: the first @hnp_count are there
 * @handoff: if @has_handoff: enum mh_handoff_indicator or unknown to us
 * @att: if @has_att: enum mh_access_technology or unknown to us
 * @ll_id: if @has_ll_id
 * @link_local: if @has_link_local
 * @timestamp: if @has_timestamp: 1/65536 s since 1970 (RFC 5213 8.8)
 * @alt_coa: if @has_alt_coa: Alternate Care-of Address (RFC 6275 6.2.5)
 * @multihoming: if @has_multihoming
 * @bid: if @has_bid
 * @has_gre_key: a GRE Key is there, of which no more is read
 * @has_ipv4_request: likewise an IPv4 Home Address Request
 * @group_count: how many bulk groups are named
 * @group: identifiers of those, as the sender calls them (RFC 6602 4.3)
 * @flow_count: how many flows are named
 * @flow: those (RFC 6089 4.2); mh_add_flow() adds one
 *
 * Flows are the most of it, and few messages have any: those from @flow_count on
 * have no meaning, are not made zero, and need not be copied.
 */
struct mh_options {
	bool has_mn_id, has_handoff, has_att, has_ll_id, has_link_local,
		has_timestamp, has_alt_coa, has_multihoming, has_bid,
		has_gre_key, has_ipv4_request;
	uint8_t hnp_count;
	uint8_t group_count;
	uint8_t flow_count;
	uint8_t handoff;
	uint8_t att;
	struct mh_multihoming multihoming;
	struct mh_binding_id bid;
	uint64_t timestamp;
	struct in6_addr link_local;
	struct in6_addr alt_coa;
	struct mh_ll_id ll_id;
	uint32_t group[MH_MAX_GROUPS];
	struct mh_prefix hnp[MH_MAX_HNP];
	struct mh_mn_id mn_id;
	struct mh_flow flow[MH_MAX_FLOWS];
};

/**
 * mh_add_flow() - name one more flow
 * @options: the options, with room for one
 *
 * Return: the flow, zero.
 */
static inline struct mh_flow *mh_add_flow(struct mh_options *options)
{
	struct mh_flow *flow = &options->flow[options->flow_count++];

	*flow = (struct mh_flow){ 0 };
	return flow;
}

/**
 * struct mh_binding_update - Binding Update (RFC 6275 6.1.7), PBU with P
 * @sequence: sequence number
 * @flags: enum mh_bu_flag
 * @lifetime: in units of 4 seconds; 0 de-registers
 * @options: its options
 */
struct mh_binding_update {
	uint16_t sequence;
	uint16_t flags;
	uint16_t lifetime;
	struct mh_options options;
};

/**
 * mh_update_copy() - copy an update, without flows that it has not
 * @to: where to
 * @from: the update
 */
static inline void mh_update_copy(struct mh_binding_update *to,
				  const struct mh_binding_update *from)
{
	memcpy(to, from, offsetof(struct mh_binding_update, options.flow) +
			 from->options.flow_count * sizeof(struct mh_flow));
}

/**
 * struct mh_binding_ack - Binding Acknowledgement (RFC 6275 6.1.8), PBA with P
 * @status: enum mh_status
 * @flags: enum mh_ba_flag
 * @sequence: of the update that it answers
 * @lifetime: granted, in units of 4 seconds
 * @options: its options
 */
struct mh_binding_ack {
	uint8_t status;
	uint8_t flags;
	uint16_t sequence;
	uint16_t lifetime;
	struct mh_options options;
};

/**
 * struct mh_binding_error - Binding Error (RFC 6275 6.1.9)
 * @status: 1 Home Address option without a binding, 2 unknown MH type
 * @home_address: of the packet that it answers, or ::
 */
struct mh_binding_error {
	uint8_t status;
	struct in6_addr home_address;
};

#define MH_BE_UNKNOWN_TYPE 2

/**
 * struct mh_heartbeat - Heartbeat (RFC 5847 3.3)
 * @flags: enum mh_heartbeat_flag; reserved ones are not shown
 * @sequence: of a request, and of the response to it
 * @has_restart_counter: there is one, as there should be in responses
 * @restart_counter: how often its sender has lost its sessions
 */
struct mh_heartbeat {
	uint16_t flags;
	uint32_t sequence;
	bool has_restart_counter;
	uint32_t restart_counter;
};

/**
 * struct mh_update_notification - Update Notification (RFC 7077 4.1)
 * @sequence: sequence number; a copy has that of the first one
 * @reason: enum mh_upn_reason or one that we do not know
 * @flags: enum mh_upn_flag; reserved ones are not shown
 * @options: whose session it is about
 */
struct mh_update_notification {
	uint16_t sequence;
	uint16_t reason;
	uint16_t flags;
	struct mh_options options;
};

/**
 * struct mh_update_ack - Update Notification Acknowledgement (RFC 7077 4.2)
 * @sequence: of the notification that it answers
 * @status: enum mh_upa_status or one that we do not know
 * @options: whose session it is about
 */
struct mh_update_ack {
	uint16_t sequence;
	uint8_t status;
	struct mh_options options;
};

/**
 * struct mh_revocation - Binding Revocation Indication and Acknowledgement
 *	(RFC 5846 5.1, 5.2)
 * @kind: enum mh_br_kind or one that we do not know
 * @trigger: of an indication: enum mh_br_trigger or one that we do not know
 * @status: of an acknowledgement: enum mh_br_status, likewise
 * @sequence: of the indication; a copy has that of the first one
 * @flags: enum mh_br_flag; reserved ones are not shown
 * @options: whose binding it is about
 */
struct mh_revocation {
	uint8_t kind;
	union {
		uint8_t trigger;
		uint8_t status;
	};
	uint16_t sequence;
	uint16_t flags;
	struct mh_options options;
};

/**
 * struct mh_message - any message
 * @type: enum mh_type, which member of the union is meant
 */
struct mh_message {
	uint8_t type;
	union {
		struct mh_binding_update bu;
		struct mh_binding_ack ba;
		struct mh_binding_error be;
		struct mh_heartbeat heartbeat;
		struct mh_revocation revocation;
		struct mh_update_notification upn;
		struct mh_update_ack upa;
	};
};

/* What of a message has to be zero before there is something in it. */
#define MH_MESSAGE_HEAD (sizeof(struct mh_message) - \
			 sizeof(((struct mh_options *)NULL)->flow))

/**
 * mh_parse() - bytes to a message
 * @data: what follows the IPv6 header
 * @len: how much of it there is; what follows the message is ignored
 * @message: where to put it; on error its type is set if it could be read
 *
 * Checks in the order of RFC 6275 9.2, but for the checksum, which is
 * mh_checksum_ok()'s. Unknown options are skipped.
 *
 * Return: MH_OK or why not.
 */
enum mh_error mh_parse(const uint8_t *data, size_t len,
		       struct mh_message *message);

/**
 * mh_build() - a message to bytes
 * @message: the message
 * @data: where to put it; its checksum is left zero
 * @size: room there, MH_MAX_LEN is always enough for what mh_parse() accepts
 *
 * Return: length in octets, a multiple of 8, or 0 if it does not fit or its
 * type is not known.
 */
size_t mh_build(const struct mh_message *message, uint8_t *data, size_t size);

/**
 * mh_checksum() - the checksum of a message
 * @src: IPv6 source
 * @dst: IPv6 destination
 * @data: the message
 * @len: its length
 *
 * RFC 6275 6.1.1.
 *
 * Return: what belongs into the field if that was zero, else 0 if it was right;
 * in host byte order.
 */
uint16_t mh_checksum(const struct in6_addr *src, const struct in6_addr *dst,
		     const uint8_t *data, size_t len);

/**
 * mh_set_checksum() - fill the checksum field in
 * @src: IPv6 source
 * @dst: IPv6 destination
 * @data: a message as mh_build() left it
 * @len: its length
 */
void mh_set_checksum(const struct in6_addr *src, const struct in6_addr *dst,
		     uint8_t *data, size_t len);

/**
 * mh_error_name() - the name that an error is counted and logged under
 * @error: the error
 *
 * Return: a constant string.
 */
const char *mh_error_name(enum mh_error error);

/**
 * mh_status_name() - the name of a status
 * @status: enum mh_status
 *
 * Return: a constant string; "unknown" if there is none.
 */
const char *mh_status_name(uint8_t status);

/**
 * mh_multihoming_act_name() - the name of what becomes of flows
 * @act: enum mh_multihoming_act
 *
 * Return: a constant string; "unknown" if there is none.
 */
const char *mh_multihoming_act_name(uint8_t act);

/**
 * mh_mn_id_equal() - is it the same mobile node
 * @a: one identifier
 * @b: the other
 *
 * Return: true if subtype and octets are the same.
 */
bool mh_mn_id_equal(const struct mh_mn_id *a, const struct mh_mn_id *b);

/**
 * mh_names_session() - is something of a single session among options
 * @options: the options
 *
 * Return: true if so: a message about bulk groups has none of that (RFC 6602
 * 5.1.3, 5.2.3).
 */
bool mh_names_session(const struct mh_options *options);

/**
 * mh_prefix_any() - does this option ask for an allocation
 * @prefix: a Home Network Prefix option
 *
 * Return: true for the all-zero prefix, of whatever length.
 */
bool mh_prefix_any(const struct mh_prefix *prefix);

/**
 * mh_prefix_equal() - is it the same prefix
 * @a: one prefix
 * @b: the other
 *
 * Return: true if length and address are the same, on the link or not.
 */
bool mh_prefix_equal(const struct mh_prefix *a, const struct mh_prefix *b);

#endif /* PMIP6_MH_H */
