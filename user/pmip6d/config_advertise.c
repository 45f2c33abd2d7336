// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "config_internal.h"

/* How often news is told, and how soon (RFC 4861 10). */
static void read_repeats(struct conf *conf, cfg_t *section,
			 struct mag_config *engine)
{
	engine->initial_ras = 3;
	engine->initial_ra_interval_s = 16;
	engine->final_ras = 3;
	engine->ra_delay_ms = 3000;
	conf_u32(conf, section, "MAX_INITIAL_RTR_ADVERTISEMENTS", 1, 20,
		 &engine->initial_ras);
	conf_u32(conf, section, "MAX_INITIAL_RTR_ADVERT_INTERVAL", 1, 1800,
		 &engine->initial_ra_interval_s);
	conf_u32(conf, section, "MAX_FINAL_RTR_ADVERTISEMENTS", 1, 20,
		 &engine->final_ras);
	conf_u32(conf, section, "MIN_DELAY_BETWEEN_RAS", 30, 600000,
		 &engine->ra_delay_ms);
}

static void read_prefix_lifetimes(struct conf *conf, cfg_t *section,
				  struct mag_config *engine)
{
	const struct conf_value *value = conf_value(section,
						    "prefix-lifetimes");

	if (!value || !strcmp(value->text, "configured"))
		return;
	if (!strcmp(value->text, "binding"))
		engine->prefixes_of_binding = true;
	else
		conf_error(conf, value->line,
			   "\"%s\" is not a value of prefix-lifetimes, which is configured or binding",
			   value->text);
}

/* RFC 4861 6.2.1 has the ranges, RFC 6275 7.5 allows short intervals. */
void config_read_advertisement(struct conf *conf, cfg_t *section,
			       struct mag_config *engine)
{
	const struct conf_value *value;
	uint32_t lifetime;

	engine->ra_interval_s = 600;
	engine->valid_lifetime_s = 2592000;
	engine->preferred_lifetime_s = 604800;
	conf_u32(conf, section, "MaxRtrAdvInterval", 1, 1800,
		 &engine->ra_interval_s);
	lifetime = 3 * engine->ra_interval_s;
	conf_u32(conf, section, "AdvDefaultLifetime", engine->ra_interval_s,
		 9000, &lifetime);
	engine->router_lifetime_s = (uint16_t)lifetime;

	conf_u32(conf, section, "AdvValidLifetime", 1, UINT32_MAX,
		 &engine->valid_lifetime_s);
	if (engine->preferred_lifetime_s > engine->valid_lifetime_s)
		engine->preferred_lifetime_s = engine->valid_lifetime_s;
	conf_u32(conf, section, "AdvPreferredLifetime", 1, UINT32_MAX,
		 &engine->preferred_lifetime_s);
	value = conf_value(section, "AdvPreferredLifetime");
	if (engine->preferred_lifetime_s > engine->valid_lifetime_s)
		conf_error(conf, value->line,
			   "AdvPreferredLifetime %u is more than AdvValidLifetime %u",
			   engine->preferred_lifetime_s,
			   engine->valid_lifetime_s);

	value = conf_value(section, "AdvLinkMTU");
	if (value && strcmp(value->text, "0"))
		conf_u32(conf, section, "AdvLinkMTU", 1280, 65535,
			 &engine->mtu);
	engine->default_path_mtu = 1280;
	conf_u32(conf, section, "default-path-mtu", 1280, 65535,
		 &engine->default_path_mtu);
	read_prefix_lifetimes(conf, section, engine);
	read_repeats(conf, section, engine);
}
