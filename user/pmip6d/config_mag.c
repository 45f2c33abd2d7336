// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <linux/rtnetlink.h>

#include "../engine/alloc.h"
#include "config_internal.h"

/* Where the l3mdev rule of VRF stands: those of ours come before it. */
#define L3MDEV_RULE_PRIORITY 1000

/* RFC 6543 */
static const struct in6_addr fixed_link_local = { .s6_addr = {
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x02, 0, 0x5e, 0xff, 0xfe, 0, 0x52, 0x13,
} };
static const uint8_t fixed_link_layer[ETH_ALEN] = {
	0, 0, 0x5e, 0, 0x52, 0x13,
};

cfg_opt_t config_mag_keys[] = {
	CONFIG_DEVICE_KEYS,
	CONFIG_HEARTBEAT_KEYS,
	CONFIG_REVOCATION_KEYS,
	CONF_VALUE("identity"),
	CONF_VALUE("reregister-within"),
	CONF_VALUE("lma"),
	CONF_VALUE("realm-of-unknown"),
	CONF_VALUE("lifetime"),
	CONF_VALUE("deregistration-tries"),
	CONF_VALUE("MaxDelayBeforeNewBCEAssign"),
	CONF_VALUE("max-mobile-nodes"),
	CONF_VALUE("retry-after-refusal"),
	CONF_VALUE("request-any-prefix"),
	CONF_VALUE("request-bulk-binding-update"),
	CONF_VALUE("bulk-group-size"),
	CONF_VALUE("bulk-groups-per-update"),
	CONF_VALUE("bulk-retry"),
	CONF_VALUE("bulk-member-interval"),
	CONF_VALUE("multihoming-retry"),
	CONF_VALUE("TimestampBasedApproachInUse"),
	CONF_VALUE("INITIAL_BINDACK_TIMEOUT"),
	CONF_VALUE("InitialBindackTimeoutFirstReg"),
	CONF_VALUE("MAX_BINDACK_TIMEOUT"),
	CONF_VALUE("FixedMAGLinkLocalAddressOnAllAccessLinks"),
	CONF_VALUE("FixedMAGLinkLayerAddressOnAllAccessLinks"),
	CONFIG_ADVERTISE_KEYS,
	CONF_VALUE("EnableMAGLocalRouting"),
	CONF_VALUE("neighbour-idle"),
	CONF_VALUE("path-mtu-interval"),
	CONF_VALUE("traffic-idle"),
	CONF_VALUE("rule-priority"),
	CONF_VALUE("table-uplink"),
	CONF_VALUE("table-access"),
	CONFIG_DHCP_KEYS,
	CFG_SEC("access", config_access_keys,
		CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
	CFG_END(),
};

/* RFC 5213 9.3 turns either mode off by the value ALL_ZERO. */
static void read_fixed(struct conf *conf, cfg_t *section,
		       struct config_mag *mag)
{
	const struct conf_value *value;
	struct in6_addr *addr = &mag->engine.link_local;

	*addr = fixed_link_local;
	value = conf_value(section, "FixedMAGLinkLocalAddressOnAllAccessLinks");
	if (value && !strcmp(value->text, "none"))
		*addr = in6addr_any;
	else if (value && (inet_pton(AF_INET6, value->text, addr) != 1 ||
			   (!IN6_IS_ADDR_LINKLOCAL(addr) &&
			    !IN6_IS_ADDR_UNSPECIFIED(addr))))
		conf_error(conf, value->line,
			   "\"%s\" is neither a link-local address nor none",
			   value->text);

	mag->fixed_lladdr.enabled = true;
	memcpy(mag->fixed_lladdr.octets, fixed_link_layer, ETH_ALEN);
	value = conf_value(section, "FixedMAGLinkLayerAddressOnAllAccessLinks");
	if (value && (!strcmp(value->text, "none") ||
		      !strcmp(value->text, "00:00:00:00:00:00"))) {
		mag->fixed_lladdr.enabled = false;
		memset(mag->fixed_lladdr.octets, 0, ETH_ALEN);
	} else if (value) {
		conf_lladdr(conf, value, mag->fixed_lladdr.octets);
	}
}

static void read_registration(struct conf *conf, cfg_t *section,
			      struct mag_config *engine)
{
	const struct conf_value *value;

	engine->lifetime_s = 600;
	engine->initial_bindack_timeout_ms = 1000;
	engine->max_bindack_timeout_ms = 32000;
	engine->max_delay_ms = 1500;
	conf_u32(conf, section, "MaxDelayBeforeNewBCEAssign", 0, 60000,
		 &engine->max_delay_ms);
	engine->deregistration_tries = 3;
	engine->max_mobile_nodes = 65536;
	conf_u32(conf, section, "max-mobile-nodes", 1, 10000000,
		 &engine->max_mobile_nodes);
	engine->retry_after_refusal_s = 60;
	engine->ask_any_prefix = true;
	engine->timestamp_based = true;
	conf_bool(conf, section, "request-any-prefix", &engine->ask_any_prefix);
	conf_bool(conf, section, "TimestampBasedApproachInUse",
		  &engine->timestamp_based);
	engine->reregister_within_s = 30;
	conf_u32(conf, section, "lifetime", LIFETIME_MIN_S, LIFETIME_MAX_S,
		 &engine->lifetime_s);
	conf_u32(conf, section, "INITIAL_BINDACK_TIMEOUT", 100, 600000,
		 &engine->initial_bindack_timeout_ms);
	engine->first_bindack_timeout_ms = engine->initial_bindack_timeout_ms;
	conf_u32(conf, section, "InitialBindackTimeoutFirstReg", 100, 600000,
		 &engine->first_bindack_timeout_ms);
	conf_u32(conf, section, "MAX_BINDACK_TIMEOUT", 100, 600000,
		 &engine->max_bindack_timeout_ms);
	conf_u32(conf, section, "deregistration-tries", 1, 10,
		 &engine->deregistration_tries);
	conf_u32(conf, section, "retry-after-refusal", 1, 86400,
		 &engine->retry_after_refusal_s);
	conf_u32(conf, section, "reregister-within", 1, 3600,
		 &engine->reregister_within_s);
	config_heartbeat(conf, section, &engine->peers);
	config_revocation(conf, section, &engine->revocations);
	config_identity(conf, section, &engine->address, &engine->identity);

	if (engine->initial_bindack_timeout_ms <=
	    engine->max_bindack_timeout_ms)
		return;
	value = conf_value(section, "MAX_BINDACK_TIMEOUT");
	if (!value)
		value = conf_value(section, "INITIAL_BINDACK_TIMEOUT");
	conf_error(conf, value->line,
		   "MAX_BINDACK_TIMEOUT %u is less than INITIAL_BINDACK_TIMEOUT %u",
		   engine->max_bindack_timeout_ms,
		   engine->initial_bindack_timeout_ms);
}

/*
 * RFC 6602 6.2, but for its default: a member that its anchor has lost from the
 * group is not noticed by renewals, so that whoever wants groups says so.
 */
static void read_bulk(struct conf *conf, cfg_t *section,
		      struct mag_config *engine)
{
	engine->request_bulk = false;
	engine->bulk_group_size = 1000;
	/* RFC 6602 4.3: more SHOULD not be. */
	engine->bulk_groups = 1;
	engine->bulk_retry_s = 600;
	engine->bulk_member_interval_s = 7200;
	conf_bool(conf, section, "request-bulk-binding-update",
		  &engine->request_bulk);
	conf_u32(conf, section, "bulk-group-size", 1, 10000000,
		 &engine->bulk_group_size);
	conf_u32(conf, section, "bulk-groups-per-update", 1, MH_MAX_GROUPS,
		 &engine->bulk_groups);
	conf_u32(conf, section, "bulk-retry", 1, 86400,
		 &engine->bulk_retry_s);
	conf_u32(conf, section, "bulk-member-interval", 0, 604800,
		 &engine->bulk_member_interval_s);
}

static void check_table(struct conf *conf, cfg_t *section, const char *key,
			uint32_t table)
{
	/* What everybody else uses is no place for rules that divert. */
	if (table >= RT_TABLE_DEFAULT && table <= RT_TABLE_LOCAL)
		conf_error(conf, conf_value(section, key)->line,
			   "%s: table %u is the kernel's", key, table);
}

static void read_routing(struct conf *conf, cfg_t *section,
			 struct config_mag *mag)
{
	const struct conf_value *value;

	mag->rule_priority = 900;
	mag->table_uplink = 5213;
	mag->table_access = 5214;
	/* One before it, for visitors, and one after it. */
	conf_u32(conf, section, "rule-priority", 2, L3MDEV_RULE_PRIORITY - 2,
		 &mag->rule_priority);
	conf_u32(conf, section, "table-uplink", 1, UINT32_MAX,
		 &mag->table_uplink);
	conf_u32(conf, section, "table-access", 1, UINT32_MAX,
		 &mag->table_access);
	check_table(conf, section, "table-uplink", mag->table_uplink);
	check_table(conf, section, "table-access", mag->table_access);
	if (mag->table_uplink != mag->table_access)
		return;
	value = conf_value(section, "table-access");
	if (!value)
		value = conf_value(section, "table-uplink");
	conf_error(conf, value->line,
		   "table-uplink and table-access are the same, %u",
		   mag->table_access);
}

static void read_realm(struct conf *conf, cfg_t *section,
		       struct config_mag *mag)
{
	const struct conf_value *realm = conf_value(section,
						    "realm-of-unknown");

	if (!realm)
		return;
	if (nai_is_realm(realm->text))
		strcpy(mag->realm_of_unknown, realm->text);
	else
		conf_error(conf, realm->line,
			   "\"%s\" is not a realm, like example.com",
			   realm->text);
}

void config_read_mag(struct conf *conf, cfg_t *section, bool profiles,
		     struct config_mag *mag)
{
	const struct conf_value *lma = conf_required(conf, section, "lma");

	config_device(conf, section, &mag->device, &mag->engine.address);
	if (conf_unicast(conf, lma, &mag->lma) &&
	    IN6_ARE_ADDR_EQUAL(&mag->lma, &mag->engine.address))
		conf_error(conf, lma->line,
			   "mag cannot be its own lma, \"%s\"", lma->text);
	read_realm(conf, section, mag);
	config_read_links(conf, section, mag);
	read_registration(conf, section, &mag->engine);
	read_bulk(conf, section, &mag->engine);
	mag->engine.multihoming_retry_s = 600;
	conf_u32(conf, section, "multihoming-retry", 1, 604800,
		 &mag->engine.multihoming_retry_s);
	read_fixed(conf, section, mag);
	config_read_advertisement(conf, section, &mag->engine);
	read_routing(conf, section, mag);
	conf_bool(conf, section, "EnableMAGLocalRouting", &mag->local_routing);
	mag->neighbour_idle_s = 30;
	conf_u32(conf, section, "neighbour-idle", 0, 86400,
		 &mag->neighbour_idle_s);
	mag->engine.presence_s = mag->neighbour_idle_s;
	mag->mtu_interval_s = 10;
	conf_u32(conf, section, "path-mtu-interval", 1, 86400,
		 &mag->mtu_interval_s);
	conf_u32(conf, section, "traffic-idle", 0, 604800,
		 &mag->traffic_idle_s);
	config_read_dhcp(conf, section, &mag->dhcp);
	if (!profiles && !conf_is_set(section, "realm-of-unknown"))
		conf_error(conf, conf_line(section),
			   "mag knows no mobile node: give profiles, or realm-of-unknown");
}
