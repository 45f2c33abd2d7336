// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "../engine/alloc.h"
#include "config_internal.h"
#include "paths.h"

/* Room in sockaddr_un, with the octet that ends it. */
#define SOCKET_PATH_SIZE sizeof(((struct sockaddr_un *)0)->sun_path)

static cfg_opt_t keys[] = {
	CONF_VALUE("control-socket"),
	CONF_VALUE("state-directory"),
	CONF_VALUE("profiles"),
	CONF_VALUE("log-level"),
	CONF_VALUE("security"),
	CONF_VALUE("ipsec-reqid"),
	CFG_SEC("lma", config_lma_keys, CFGF_MULTI),
	CFG_SEC("mag", config_mag_keys, CFGF_MULTI),
	CFG_END(),
};

static char *copy_text(const char *text)
{
	return must_copy(text, strlen(text) + 1);
}

/* An absolute path, as a daemon has no directory of its own. */
static char *read_path(struct conf *conf, const char *key, const char *usual,
		       size_t size)
{
	const struct conf_value *value = conf_value(conf->root, key);

	if (!value)
		return copy_text(usual);
	if (value->text[0] != '/')
		conf_error(conf, value->line,
			   "%s: \"%s\" does not begin with a slash", key,
			   value->text);
	else if (strlen(value->text) >= size)
		conf_error(conf, value->line,
			   "%s: \"%s\" is longer than %zu octets", key,
			   value->text, size - 1);
	return copy_text(value->text);
}

/* A name without a slash in front is one beside the configuration. */
static char *read_profiles(struct conf *conf)
{
	const struct conf_value *value = conf_value(conf->root, "profiles");
	const char *slash = strrchr(conf->path, '/');
	size_t len = slash ? (size_t)(slash - conf->path) + 1 : 0;
	char *path;

	if (!value)
		return NULL;
	if (!value->text[0])
		conf_error(conf, value->line, "profiles: \"\" is no file");
	if (value->text[0] == '/')
		len = 0;
	path = must_alloc(len + strlen(value->text) + 1);
	memcpy(path, conf->path, len);
	strcpy(path + len, value->text);
	return path;
}

static enum report_level read_log_level(struct conf *conf)
{
	static const char *const names[] = {
		[REPORT_DEBUG] = "debug",
		[REPORT_INFO] = "info",
		[REPORT_WARNING] = "warning",
		[REPORT_ERROR] = "error",
	};
	const struct conf_value *value = conf_value(conf->root, "log-level");
	unsigned int i;

	if (!value)
		return REPORT_INFO;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], value->text))
			return i;
	conf_error(conf, value->line,
		   "\"%s\" is not a value of log-level, which is debug, info, warning or error",
		   value->text);
	return REPORT_INFO;
}

/* RFC 5213 4 wants it, so who does without it has to say so. */
static bool read_security(struct conf *conf)
{
	const struct conf_value *value = conf_value(conf->root, "security");

	if (!value || !strcmp(value->text, "ipsec"))
		return true;
	if (strcmp(value->text, "none"))
		conf_error(conf, value->line,
			   "\"%s\" is not a value of security, which is ipsec or none",
			   value->text);
	return false;
}

static void read_ipsec(struct conf *conf, struct config *config)
{
	const struct conf_value *reqid = conf_value(conf->root, "ipsec-reqid");

	config->ipsec = read_security(conf);
	conf_u32(conf, conf->root, "ipsec-reqid", 1, UINT32_MAX,
		 &config->ipsec_reqid);
	if (reqid && !config->ipsec)
		conf_error(conf, reqid->line,
			   "ipsec-reqid has no use with security = none");
}

static bool has_fastpath(const struct config_device *device, const char *name)
{
	unsigned int i;

	for (i = 0; i < device->fastpath_count; i++)
		if (!strcmp(device->fastpath[i], name))
			return true;
	return false;
}

static void read_fastpath(struct conf *conf, cfg_t *section,
			  struct config_device *device)
{
	const char *key = "fastpath-interfaces";
	const struct conf_value *value;
	char name[IFNAMSIZ];
	unsigned int i;

	device->has_fastpath = conf_is_set(section, key);
	for (i = 0; (value = conf_item(section, key, i)); i++) {
		*name = '\0';
		conf_ifname(conf, value, name);
		if (device->fastpath_count == PMIP6_FASTPATH_MAX_IFACES) {
			conf_error(conf, value->line,
				   "%s has more than %d names", key,
				   PMIP6_FASTPATH_MAX_IFACES);
			return;
		}
		if (*name && !strcmp(name, device->name))
			conf_error(conf, value->line,
				   "\"%s\" is the device, which has no fast path of its own",
				   name);
		else if (*name && has_fastpath(device, name))
			conf_error(conf, value->line,
				   "\"%s\" stands in %s twice", name, key);
		strcpy(device->fastpath[device->fastpath_count++], name);
	}
}

void config_device(struct conf *conf, cfg_t *section,
		   struct config_device *device, struct in6_addr *address)
{
	const struct conf_value *underlay = conf_value(section, "underlay");
	uint32_t hop_limit = 64;

	conf_ifname(conf, conf_required(conf, section, "device"),
		    device->name);
	conf_unicast(conf, conf_required(conf, section, "address"), address);
	conf_ifname(conf, underlay, device->underlay);
	if (device->name[0] && !strcmp(device->name, device->underlay))
		conf_error(conf, underlay->line,
			   "\"%s\" cannot be the link below itself",
			   device->name);
	conf_u32(conf, section, "fwmark", 0, UINT32_MAX, &device->fwmark);
	conf_u32(conf, section, "hop-limit", 1, 255, &hop_limit);
	device->hop_limit = (uint8_t)hop_limit;
	read_fastpath(conf, section, device);
}

/* RFC 5847 5: no oftener than every 30 s, but where nobody is disturbed. */
void config_heartbeat(struct conf *conf, cfg_t *section,
		      struct peers_config *peers)
{
	bool lab = false;

	peers->heartbeat_interval_s = 60;
	peers->missing_heartbeats_allowed = 3;
	conf_bool(conf, section, "lab-heartbeat-interval", &lab);
	conf_u32(conf, section, "HEARTBEAT_INTERVAL", lab ? 1 : 30, 3600,
		 &peers->heartbeat_interval_s);
	conf_u32(conf, section, "MISSING_HEARTBEATS_ALLOWED", 1, 100,
		 &peers->missing_heartbeats_allowed);
}

/* The section of a role, which may be there once. */
static cfg_t *find_role(struct conf *conf, const char *role)
{
	unsigned int count = cfg_size(conf->root, role), i;

	for (i = 1; i < count; i++)
		conf_error(conf, conf_line(cfg_getnsec(conf->root, role, i)),
			   "there is a section %s already, on line %u", role,
			   conf_line(cfg_getnsec(conf->root, role, 0)));
	return count ? cfg_getnsec(conf->root, role, 0) : NULL;
}

/* One address has one device, and one device one role. */
static void check_both(struct conf *conf, cfg_t *section,
		       const struct config_lma *lma,
		       const struct config_mag *mag)
{
	const struct conf_value *value;
	unsigned int i;

	value = conf_value(section, "device");
	if (mag->device.name[0] &&
	    !strcmp(lma->device.name, mag->device.name))
		conf_error(conf, value->line,
			   "mag cannot have the device of lma, \"%s\"",
			   value->text);
	value = conf_value(section, "address");
	if (!IN6_IS_ADDR_UNSPECIFIED(&mag->engine.address) &&
	    IN6_ARE_ADDR_EQUAL(&lma->engine.address, &mag->engine.address))
		conf_error(conf, value->line,
			   "mag cannot have the address of lma, \"%s\"",
			   value->text);
	for (i = 0; i < mag->access_count; i++)
		if (lma->device.name[0] &&
		    !strcmp(mag->access[i].ifname, lma->device.name))
			conf_error(conf, conf_line(cfg_getnsec(section,
							       "access", i)),
				   "\"%s\" is the device of lma",
				   lma->device.name);
}

static void read_roles(struct conf *conf, struct config *config)
{
	bool profiles = conf_value(conf->root, "profiles");
	cfg_t *lma = find_role(conf, "lma");
	cfg_t *mag = find_role(conf, "mag");

	if (lma) {
		config->lma = must_alloc(sizeof(*config->lma));
		config_read_lma(conf, lma, profiles, config->lma);
	}
	if (mag) {
		config->mag = must_alloc(sizeof(*config->mag));
		config_read_mag(conf, mag, profiles, config->mag);
	}
	if (lma && mag)
		check_both(conf, mag, config->lma, config->mag);
	if (!lma && !mag)
		conf_error(conf, 0, "there is no section lma and none mag");
}

struct config *config_load(const char *path, FILE *errors)
{
	struct conf conf = { .path = path, .errors = errors };
	struct config *config = must_alloc(sizeof(*config));

	config->path = copy_text(path);
	if (conf_open(&conf, keys)) {
		config->control_socket = read_path(&conf, "control-socket",
						   DEFAULT_CONTROL_SOCKET,
						   SOCKET_PATH_SIZE);
		config->state_directory = read_path(&conf, "state-directory",
						    DEFAULT_STATE_DIRECTORY,
						    PATH_MAX);
		config->profiles = read_profiles(&conf);
		config->log_level = read_log_level(&conf);
		read_ipsec(&conf, config);
		read_roles(&conf, config);
	}
	conf_close(&conf);
	if (!conf.error_count)
		return config;
	config_free(config);
	return NULL;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	if (config->lma) {
		free(config->lma->pools);
		config_free_lma_mags(config->lma);
	}
	if (config->mag) {
		free(config->mag->access);
		free(config->mag->dhcp.servers);
	}
	free(config->lma);
	free(config->mag);
	free(config->path);
	free(config->control_socket);
	free(config->state_directory);
	free(config->profiles);
	free(config);
}

const struct config_access *config_access_find(const struct config_mag *mag,
					       const char *ifname)
{
	unsigned int i;

	for (i = 0; i < mag->access_count; i++)
		if (!strcmp(mag->access[i].ifname, ifname))
			return &mag->access[i];
	return NULL;
}
