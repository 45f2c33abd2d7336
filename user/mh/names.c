// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "mh.h"

const char *mh_error_name(enum mh_error error)
{
	static const char *const names[MH_ERROR_MAX] = {
		[MH_OK] = "ok",
		[MH_ERROR_TRUNCATED] = "truncated",
		[MH_ERROR_CHECKSUM] = "checksum",
		[MH_ERROR_UNKNOWN_TYPE] = "unknown-type",
		[MH_ERROR_PAYLOAD_PROTO] = "payload-proto",
		[MH_ERROR_HEADER_LEN] = "header-len",
		[MH_ERROR_OPTION_TRUNCATED] = "option-truncated",
		[MH_ERROR_OPTION_LENGTH] = "option-length",
		[MH_ERROR_OPTION_REPEATED] = "option-repeated",
		[MH_ERROR_TOO_MANY_PREFIXES] = "too-many-prefixes",
		[MH_ERROR_TOO_MANY_GROUPS] = "too-many-groups",
		[MH_ERROR_TOO_MANY_FLOWS] = "too-many-flows",
	};

	return error < MH_ERROR_MAX ? names[error] : "unknown";
}

const char *mh_status_name(uint8_t status)
{
	switch (status) {
	case MH_ACCEPTED:
		return "accepted";
	case MH_REASON_UNSPECIFIED:
		return "reason-unspecified";
	case MH_ADMINISTRATIVELY_PROHIBITED:
		return "administratively-prohibited";
	case MH_INSUFFICIENT_RESOURCES:
		return "insufficient-resources";
	case MH_NOT_HOME_AGENT_FOR_THIS_MOBILE_NODE:
		return "not-home-agent-for-this-mobile-node";
	case MH_SEQUENCE_OUT_OF_WINDOW:
		return "sequence-number-out-of-window";
	case MH_PROXY_REG_NOT_ENABLED:
		return "proxy-reg-not-enabled";
	case MH_NOT_LMA_FOR_THIS_MOBILE_NODE:
		return "not-lma-for-this-mobile-node";
	case MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG:
		return "mag-not-authorized-for-proxy-reg";
	case MH_NOT_AUTHORIZED_FOR_HNP:
		return "not-authorized-for-home-network-prefix";
	case MH_TIMESTAMP_MISMATCH:
		return "timestamp-mismatch";
	case MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED:
		return "timestamp-lower-than-prev-accepted";
	case MH_MISSING_HNP_OPTION:
		return "missing-home-network-prefix-option";
	case MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH:
		return "bce-pbu-prefix-set-do-not-match";
	case MH_MISSING_MN_ID_OPTION:
		return "missing-mn-identifier-option";
	case MH_MISSING_HANDOFF_INDICATOR_OPTION:
		return "missing-handoff-indicator-option";
	case MH_MISSING_ACCESS_TECH_TYPE_OPTION:
		return "missing-access-tech-type-option";
	case MH_INVALID_MN_GROUP_IDENTIFIER:
		return "invalid-mobile-node-group-identifier";
	case MH_CANNOT_SUPPORT_MULTIPATH_BINDING:
		return "cannot-support-multipath-binding";
	default:
		return "unknown";
	}
}

const char *mh_multihoming_act_name(uint8_t act)
{
	switch (act) {
	case MH_ACT_NONE:
		return "none";
	case MH_ACT_REMOVE:
		return "remove";
	case MH_ACT_KEEP:
		return "keep";
	default:
		return "unknown";
	}
}

bool mh_mn_id_equal(const struct mh_mn_id *a, const struct mh_mn_id *b)
{
	return a->subtype == b->subtype && a->len == b->len &&
	       !memcmp(a->data, b->data, a->len);
}

bool mh_names_session(const struct mh_options *options)
{
	return options->has_mn_id || options->hnp_count ||
	       options->has_gre_key || options->has_ipv4_request;
}

bool mh_prefix_any(const struct mh_prefix *prefix)
{
	return IN6_IS_ADDR_UNSPECIFIED(&prefix->addr);
}

bool mh_prefix_equal(const struct mh_prefix *a, const struct mh_prefix *b)
{
	return a->len == b->len && IN6_ARE_ADDR_EQUAL(&a->addr, &b->addr);
}
