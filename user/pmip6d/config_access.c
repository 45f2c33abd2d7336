// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "config_internal.h"

cfg_opt_t config_access_keys[] = {
	CONF_DEFAULT("access-technology", "ieee-802.3"),
	CONF_VALUE("visitor-prefix"),
	CFG_END(),
};

/* The registry of RFC 5213 8.5; what is not in it goes by its number. */
static bool technology(const char *text, uint8_t *att)
{
	static const char *const names[] = {
		[MH_ATT_VIRTUAL] = "virtual",
		[MH_ATT_PPP] = "ppp",
		[MH_ATT_IEEE_802_3] = "ieee-802.3",
		[MH_ATT_IEEE_802_11] = "ieee-802.11",
		[MH_ATT_IEEE_802_16E] = "ieee-802.16e",
		[MH_ATT_GERAN] = "geran",
		[MH_ATT_UTRAN] = "utran",
		[MH_ATT_E_UTRAN] = "e-utran",
		[MH_ATT_EHRPD] = "ehrpd",
		[MH_ATT_HRPD] = "hrpd",
		[MH_ATT_1XRTT] = "1xrtt",
		[MH_ATT_UMB] = "umb",
		[MH_ATT_NB_IOT] = "nb-iot",
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i] && !strcmp(names[i], text)) {
			*att = (uint8_t)i;
			return true;
		}
	}
	return false;
}

/* A host makes addresses from prefixes of 64 bits only (RFC 4862 5.5.3 (d)). */
static void read_visitors(struct conf *conf, cfg_t *section,
			  struct config_access *access)
{
	const struct conf_value *value = conf_value(section, "visitor-prefix");

	if (!value || !conf_prefix(conf, value->line, value->text,
				   &access->visitor_prefix))
		return;
	access->has_visitor_prefix = true;
	if (access->visitor_prefix.len != 64)
		conf_error(conf, value->line,
			   "visitor-prefix \"%s\" is not 64 bits long",
			   value->text);
}

static void check_visitors(struct conf *conf, cfg_t *section,
			   const struct config_mag *mag, unsigned int at)
{
	const struct config_access *one = &mag->access[at], *other;
	const struct conf_value *value =
		conf_value(cfg_getnsec(section, "access", at),
			   "visitor-prefix");
	unsigned int i;

	for (i = 0; one->has_visitor_prefix && i < at; i++) {
		other = &mag->access[i];
		if (other->has_visitor_prefix &&
		    mh_prefix_equal(&one->visitor_prefix,
				    &other->visitor_prefix))
			conf_error(conf, value->line,
				   "visitor-prefix \"%s\" is that of access \"%s\" already",
				   value->text, other->ifname);
	}
}

static void read_access(struct conf *conf, cfg_t *section,
			const struct config_mag *mag,
			struct config_access *access)
{
	const char *key = "access-technology";
	const struct conf_value *value = conf_value(section, key);
	unsigned int line = conf_line(section);
	const char *title = cfg_title(section);
	struct conf_value *name;
	uint32_t number = 0;

	name = must_alloc(sizeof(*name) + strlen(title) + 1);
	name->line = line;
	strcpy(name->text, title);
	conf_ifname(conf, name, access->ifname);
	free(name);
	if (access->ifname[0] && !strcmp(access->ifname, mag->device.name))
		conf_error(conf, line,
			   "access \"%s\" is the device of mag", title);

	read_visitors(conf, section, access);
	if (technology(value->text, &access->att))
		return;
	if (value->text[0] < '0' || value->text[0] > '9')
		conf_error(conf, value->line,
			   "there is no access technology \"%s\"",
			   value->text);
	else
		conf_u32(conf, section, key, 1, UINT8_MAX, &number);
	access->att = (uint8_t)number;
}

void config_read_links(struct conf *conf, cfg_t *section,
		       struct config_mag *mag)
{
	unsigned int count = cfg_size(section, "access"), i;

	if (!count)
		conf_error(conf, conf_line(section), "mag lacks access");
	mag->access = must_alloc(count * sizeof(*mag->access));
	mag->access_count = count;
	for (i = 0; i < count; i++) {
		read_access(conf, cfg_getnsec(section, "access", i), mag,
			    &mag->access[i]);
		check_visitors(conf, section, mag, i);
	}
}
