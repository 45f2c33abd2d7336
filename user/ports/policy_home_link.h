/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a profile says of the home link of its mobile node (RFC 5213 6.4, 6.7).
 */
#ifndef PMIP6_PORTS_POLICY_HOME_LINK_H
#define PMIP6_PORTS_POLICY_HOME_LINK_H

#include <stdint.h>

#include "conf_file.h"

/* The keys of it. */
#define POLICY_HOME_LINK_KEYS			\
	CONF_VALUE("address-configuration"),	\
	CONF_VALUE("valid-lifetime"),		\
	CONF_VALUE("preferred-lifetime")

/**
 * struct policy_home_link - what is told of a home link
 * @configuration: enum address_configuration
 * @valid_s: how long its prefixes are valid, 0 for the gateway's own
 * @preferred_s: how long they are preferred, likewise
 */
struct policy_home_link {
	uint8_t configuration;
	uint32_t valid_s;
	uint32_t preferred_s;
};

/**
 * policy_read_home_link() - read that
 * @conf: the file
 * @section: the mobile node's
 * @home: where to put it, zero
 *
 * Says what is wrong with it.
 */
void policy_read_home_link(struct conf *conf, cfg_t *section,
			   struct policy_home_link *home);

#endif /* PMIP6_PORTS_POLICY_HOME_LINK_H */
