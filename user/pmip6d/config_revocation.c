// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation: how often, and which gateways may revoke what
 * (RFC 5846 11, 13).
 */
#include <arpa/inet.h>
#include <string.h>

#include "config_internal.h"

void config_revocation(struct conf *conf, cfg_t *section,
		       struct revocation_config *config)
{
	const struct conf_value *value;

	config->max_retries = 1;
	config->first_ms = 1000;
	config->max_timeout_ms = 2000;
	conf_u32(conf, section, "BRIMaxRetriesNumber", 0, 5,
		 &config->max_retries);
	conf_u32(conf, section, "InitMINDelayBRIs", 500, 10000,
		 &config->first_ms);
	conf_u32(conf, section, "MAX_BRACK_TIMEOUT", 500, 10000,
		 &config->max_timeout_ms);
	if (config->first_ms <= config->max_timeout_ms)
		return;
	value = conf_value(section, "MAX_BRACK_TIMEOUT");
	if (!value)
		value = conf_value(section, "InitMINDelayBRIs");
	conf_error(conf, value->line,
		   "MAX_BRACK_TIMEOUT %u is less than InitMINDelayBRIs %u",
		   config->max_timeout_ms, config->first_ms);
}

/* An identifier (RFC 4283), and the address in its place where there is none. */
void config_identity(struct conf *conf, cfg_t *section,
		     const struct in6_addr *address, struct mh_mn_id *identity)
{
	const struct conf_value *value = conf_value(section, "identity");
	char text[INET6_ADDRSTRLEN];
	const char *name = text;

	inet_ntop(AF_INET6, address, text, sizeof(text));
	if (value)
		name = value->text;
	if (!*name || strlen(name) > MH_MN_ID_MAX) {
		conf_error(conf, value ? value->line : conf_line(section),
			   "identity has 1 to %u octets", MH_MN_ID_MAX);
		return;
	}
	identity->subtype = MH_MN_ID_NAI;
	identity->len = (uint8_t)strlen(name);
	memcpy(identity->data, name, identity->len);
}

void config_mag_revoker(const struct config_lma *lma,
			const struct in6_addr *src,
			const struct mh_revocation *bri,
			struct lma_revoker *revoker)
{
	const struct mh_options *options = &bri->options;
	const struct config_lma_mag *mag =
		config_find_mag(lma, options->has_alt_coa ? &options->alt_coa :
							    src);

	revoker->known = config_mag_may_register(lma, src);
	revoker->many = mag && mag->revoke_all;
	/* RFC 5846 8.2: it says which gateway it is. */
	if (bri->trigger == MH_BR_PER_PEER_POLICY && options->mn_id.len &&
	    revoker->many)
		revoker->many = mh_mn_id_equal(&options->mn_id, &mag->identity);
}
