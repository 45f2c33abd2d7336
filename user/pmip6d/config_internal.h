/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the files that read the configuration.
 */
#ifndef PMIP6D_CONFIG_INTERNAL_H
#define PMIP6D_CONFIG_INTERNAL_H

#include "../ports/conf_file.h"
#include "config.h"

/* RFC 6275 6.1.7: what the Lifetime field can say, in seconds. */
#define LIFETIME_MIN_S 4
#define LIFETIME_MAX_S (UINT16_MAX * 4)

/* The keys that every role has, see config_device(). */
#define CONFIG_DEVICE_KEYS			\
	CONF_VALUE("device"),			\
	CONF_VALUE("address"),			\
	CONF_VALUE("underlay"),			\
	CONF_VALUE("fwmark"),			\
	CONF_LIST("fastpath-interfaces"),	\
	CONF_DEFAULT("hop-limit", "64")

/* The keys of heartbeats, which every role has, see config_heartbeat(). */
#define CONFIG_HEARTBEAT_KEYS			\
	CONF_VALUE("HEARTBEAT_INTERVAL"),	\
	CONF_VALUE("MISSING_HEARTBEATS_ALLOWED"), \
	CONF_VALUE("lab-heartbeat-interval")

/* The keys of revocations, which every role has, see config_revocation(). */
#define CONFIG_REVOCATION_KEYS			\
	CONF_VALUE("BRIMaxRetriesNumber"),	\
	CONF_VALUE("InitMINDelayBRIs"),		\
	CONF_VALUE("MAX_BRACK_TIMEOUT")

/* What is told mobile nodes, see config_read_advertisement(). */
#define CONFIG_ADVERTISE_KEYS				\
	CONF_VALUE("MaxRtrAdvInterval"),		\
	CONF_VALUE("AdvDefaultLifetime"),		\
	CONF_VALUE("AdvValidLifetime"),			\
	CONF_VALUE("AdvPreferredLifetime"),		\
	CONF_VALUE("AdvLinkMTU"),			\
	CONF_VALUE("default-path-mtu"),			\
	CONF_VALUE("prefix-lifetimes"),			\
	CONF_VALUE("MAX_INITIAL_RTR_ADVERTISEMENTS"),	\
	CONF_VALUE("MAX_INITIAL_RTR_ADVERT_INTERVAL"),	\
	CONF_VALUE("MAX_FINAL_RTR_ADVERTISEMENTS"),	\
	CONF_VALUE("MIN_DELAY_BETWEEN_RAS")

/* What may stand in an access section. */
extern cfg_opt_t config_access_keys[];

/* What may stand in a lma or mag section, and in a mag section of lma. */
extern cfg_opt_t config_lma_keys[];
extern cfg_opt_t config_lma_mag_keys[];
extern cfg_opt_t config_mag_keys[];

/**
 * config_device() - the device of a role and its address
 * @conf: the file
 * @section: the role
 * @device: where to put it
 * @address: where to put its address
 */
void config_device(struct conf *conf, cfg_t *section,
		   struct config_device *device, struct in6_addr *address);

/**
 * config_heartbeat() - how a role asks its peers
 * @conf: the file
 * @section: the role
 * @peers: where to put it
 */
void config_heartbeat(struct conf *conf, cfg_t *section,
		      struct peers_config *peers);

/**
 * config_revocation() - how often a role repeats what it revokes
 * @conf: the file
 * @section: the role
 * @config: where to put it
 */
void config_revocation(struct conf *conf, cfg_t *section,
		       struct revocation_config *config);

/**
 * config_identity() - what a gateway is called where it revokes all that it has
 * @conf: the file
 * @section: the gateway
 * @address: its Proxy-CoA, which it is called without another name
 * @identity: where to put it
 */
void config_identity(struct conf *conf, cfg_t *section,
		     const struct in6_addr *address, struct mh_mn_id *identity);

/**
 * config_find_mag() - what is configured of a gateway
 * @lma: configuration of the anchor
 * @proxy_coa: the gateway
 *
 * Return: that, or NULL.
 */
const struct config_lma_mag *config_find_mag(const struct config_lma *lma,
					     const struct in6_addr *proxy_coa);

/**
 * config_read_lma() - a lma section
 * @conf: the file
 * @section: the section
 * @profiles: there is a file of profiles
 * @lma: where to put it, zero
 */
void config_read_lma(struct conf *conf, cfg_t *section, bool profiles,
		     struct config_lma *lma);

/**
 * config_read_lma_mags() - the gateways of a lma section
 * @conf: the file
 * @section: the section
 * @lma: where to put them
 */
void config_read_lma_mags(struct conf *conf, cfg_t *section,
			  struct config_lma *lma);

/**
 * config_free_lma_mags() - forget them
 * @lma: where they are
 */
void config_free_lma_mags(struct config_lma *lma);

/**
 * config_read_links() - the access links of a mag section
 * @conf: the file
 * @section: the section
 * @mag: where to put them; its device was read
 */
void config_read_links(struct conf *conf, cfg_t *section,
		       struct config_mag *mag);

/**
 * config_read_advertisement() - what is told mobile nodes of their home link
 * @conf: the file
 * @section: the section of a mag
 * @engine: where to put it
 */
void config_read_advertisement(struct conf *conf, cfg_t *section,
			       struct mag_config *engine);

/**
 * config_read_mag() - a mag section
 * @conf: the file
 * @section: the section
 * @profiles: there is a file of profiles
 * @mag: where to put it, zero
 */
void config_read_mag(struct conf *conf, cfg_t *section, bool profiles,
		     struct config_mag *mag);

/* The keys that config_read_dhcp() reads. */
#define CONFIG_DHCP_KEYS		\
	CONF_LIST("dhcp-servers"),	\
	CONF_VALUE("dhcp-rate")

/**
 * config_read_dhcp() - the relay agent of a mag section
 * @conf: the file
 * @section: the section
 * @dhcp: where to put it, zero
 */
void config_read_dhcp(struct conf *conf, cfg_t *section,
		      struct config_dhcp *dhcp);

#endif /* PMIP6D_CONFIG_INTERNAL_H */
