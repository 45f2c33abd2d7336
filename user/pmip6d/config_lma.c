// SPDX-License-Identifier: GPL-2.0
#include "../engine/alloc.h"
#include "config_internal.h"

/* As prefix_pool_add() wants it. */
#define POOL_BITS_MAX 32

static cfg_opt_t pool_keys[] = {
	CONF_DEFAULT("prefix-length", "64"),
	CFG_END(),
};

cfg_opt_t config_lma_keys[] = {
	CONFIG_DEVICE_KEYS,
	CONFIG_HEARTBEAT_KEYS,
	CONFIG_REVOCATION_KEYS,
	CONF_VALUE("delete-if-unreachable"),
	CONF_VALUE("max-sessions"),
	CONF_VALUE("revocation"),
	CONF_LIST("mags"),
	CONF_VALUE("max-lifetime"),
	CONF_VALUE("accept-unknown-mobile-nodes"),
	CONF_VALUE("accept-draft-peers"),
	CONF_VALUE("accept-bulk-binding-update"),
	CONF_VALUE("multihoming"),
	CONF_VALUE("MinDelayBeforeBCEDelete"),
	CONF_VALUE("MaxDelayBeforeNewBCEAssign"),
	CONF_VALUE("TimestampValidityWindow"),
	CONF_VALUE("TimestampBasedApproachInUse"),
	CONF_VALUE("MobileNodeGeneratedTimestampInUse"),
	CONF_VALUE("MAX_UPDATE_NOTIFICATION_RETRANSMIT_COUNT"),
	CONF_VALUE("MIN_DELAY_BETWEEN_UPDATE_NOTIFICATION_REPLAY"),
	CONF_VALUE("prefixes-per-session"),
	CFG_SEC("mag", config_lma_mag_keys,
		CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
	CFG_SEC("pool", pool_keys,
		CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
	CFG_END(),
};

/* Leaves a length of 0 where there is no knowing what was meant. */
static void read_pool(struct conf *conf, cfg_t *section,
		      struct config_pool *pool)
{
	const struct conf_value *value = conf_value(section, "prefix-length");
	const struct mh_prefix *range = &pool->range;
	uint32_t length = 0;

	conf_u32(conf, section, "prefix-length", 1, 128, &length);
	if (!conf_prefix(conf, conf_line(section), cfg_title(section),
			 &pool->range) || !length)
		return;
	pool->length = (uint8_t)length;
	if (length < range->len)
		conf_error(conf, value->line,
			   "prefix-length %u is shorter than that of the pool, %u",
			   length, range->len);
	else if (length - range->len > POOL_BITS_MAX)
		conf_error(conf, value->line,
			   "prefix-length %u is more than %u longer than that of the pool, %u",
			   length, POOL_BITS_MAX, range->len);
}

static void check_overlap(struct conf *conf, cfg_t *section,
			  const struct config_lma *lma, unsigned int at)
{
	cfg_t *one = cfg_getnsec(section, "pool", at), *other;
	unsigned int i;

	for (i = 0; i < at; i++) {
		if (!lma->pools[at].length || !lma->pools[i].length ||
		    !conf_prefixes_overlap(&lma->pools[at].range,
					   &lma->pools[i].range))
			continue;
		other = cfg_getnsec(section, "pool", i);
		conf_error(conf, conf_line(one),
			   "pool \"%s\" overlaps \"%s\" on line %u",
			   cfg_title(one), cfg_title(other), conf_line(other));
	}
}

static void read_pools(struct conf *conf, cfg_t *section,
		       struct config_lma *lma)
{
	unsigned int count = cfg_size(section, "pool"), i;

	lma->pools = must_alloc(count * sizeof(*lma->pools));
	lma->pool_count = count;
	for (i = 0; i < count; i++) {
		read_pool(conf, cfg_getnsec(section, "pool", i),
			  &lma->pools[i]);
		check_overlap(conf, section, lma, i);
	}
}

static void read_variables(struct conf *conf, cfg_t *section,
			   struct lma_config *engine)
{
	const struct conf_value *value;

	engine->max_lifetime_s = 3600;
	engine->min_delay_before_bce_delete_ms = 10000;
	engine->max_delay_before_new_bce_assign_ms = 1500;
	engine->timestamp_validity_window_ms = 300;
	engine->timestamp_based_approach_in_use = true;
	conf_u32(conf, section, "max-lifetime", LIFETIME_MIN_S, LIFETIME_MAX_S,
		 &engine->max_lifetime_s);
	conf_u32(conf, section, "MinDelayBeforeBCEDelete", 1, 600000,
		 &engine->min_delay_before_bce_delete_ms);
	conf_u32(conf, section, "MaxDelayBeforeNewBCEAssign", 0, 60000,
		 &engine->max_delay_before_new_bce_assign_ms);
	conf_u32(conf, section, "TimestampValidityWindow", 1, 3600000,
		 &engine->timestamp_validity_window_ms);
	conf_bool(conf, section, "TimestampBasedApproachInUse",
		  &engine->timestamp_based_approach_in_use);
	conf_bool(conf, section, "MobileNodeGeneratedTimestampInUse",
		  &engine->mobile_node_generated_timestamp_in_use);
	conf_bool(conf, section, "accept-draft-peers",
		  &engine->accept_draft_peers);
	conf_bool(conf, section, "multihoming", &engine->multihoming);

	/* RFC 5213 9.3 */
	value = conf_value(section, "MobileNodeGeneratedTimestampInUse");
	if (engine->mobile_node_generated_timestamp_in_use &&
	    !engine->timestamp_based_approach_in_use)
		conf_error(conf, value->line,
			   "MobileNodeGeneratedTimestampInUse wants TimestampBasedApproachInUse = true");
}

/* RFC 7077 7 */
static void read_notifications(struct conf *conf, cfg_t *section,
			       struct lma_config *engine)
{
	engine->max_update_notification_retransmit_count = 1;
	engine->min_delay_between_update_notification_replay_ms = 1000;
	conf_u32(conf, section, "MAX_UPDATE_NOTIFICATION_RETRANSMIT_COUNT",
		 0, 5, &engine->max_update_notification_retransmit_count);
	conf_u32(conf, section, "MIN_DELAY_BETWEEN_UPDATE_NOTIFICATION_REPLAY",
		 500, 5000,
		 &engine->min_delay_between_update_notification_replay_ms);
}

void config_read_lma(struct conf *conf, cfg_t *section, bool profiles,
		     struct config_lma *lma)
{
	config_device(conf, section, &lma->device, &lma->engine.address);
	lma->accepts_bulk = true;
	conf_bool(conf, section, "accept-bulk-binding-update",
		  &lma->accepts_bulk);
	config_read_lma_mags(conf, section, lma);
	read_pools(conf, section, lma);
	read_variables(conf, section, &lma->engine);
	read_notifications(conf, section, &lma->engine);
	config_heartbeat(conf, section, &lma->engine.peers);
	config_revocation(conf, section, &lma->engine.revocations);
	lma->engine.max_sessions = 16;
	conf_u32(conf, section, "max-sessions", 1, 1000,
		 &lma->engine.max_sessions);
	lma->engine.revocation = true;
	conf_bool(conf, section, "revocation", &lma->engine.revocation);
	conf_bool(conf, section, "delete-if-unreachable",
		  &lma->engine.delete_if_unreachable);
	conf_bool(conf, section, "accept-unknown-mobile-nodes",
		  &lma->accept_unknown_mns);
	lma->prefixes_per_session = 1;
	conf_u32(conf, section, "prefixes-per-session", 1, MH_MAX_HNP,
		 &lma->prefixes_per_session);

	if (lma->accept_unknown_mns && !lma->pool_count)
		conf_error(conf, conf_line(section),
			   "lma lacks a pool for unknown mobile nodes");
	if (!lma->accept_unknown_mns && !profiles)
		conf_error(conf, conf_line(section),
			   "lma knows no mobile node: give profiles, or accept-unknown-mobile-nodes = true");
}
