// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "config_internal.h"

static bool is_listed(const struct config_dhcp *dhcp,
		      const struct config_dhcp_server *server)
{
	unsigned int i;

	for (i = 0; i < dhcp->server_count; i++)
		if (IN6_ARE_ADDR_EQUAL(&dhcp->servers[i].addr, &server->addr) &&
		    !strcmp(dhcp->servers[i].ifname, server->ifname))
			return true;
	return false;
}

/* A value that stands on the line of another. */
static struct conf_value *part_of(const struct conf_value *value,
				  const char *text, size_t len)
{
	struct conf_value *part = must_alloc(sizeof(*part) + len + 1);

	part->line = value->line;
	memcpy(part->text, text, len);
	return part;
}

/* GROUP%IFACE */
static bool read_group(struct conf *conf, const struct conf_value *value,
		       struct config_dhcp_server *server)
{
	const char *percent = strchr(value->text, '%');
	size_t len = percent ? (size_t)(percent - value->text) :
			       strlen(value->text);
	struct conf_value *part = part_of(value, value->text, len);
	bool group = inet_pton(AF_INET6, part->text, &server->addr) == 1 &&
		     IN6_IS_ADDR_MULTICAST(&server->addr);

	free(part);
	if (!group)
		return false;
	if (!percent) {
		conf_error(conf, value->line,
			   "\"%s\" is a group: say by which link, as in %s%%eth0",
			   value->text, value->text);
		return true;
	}
	part = part_of(value, percent + 1, strlen(percent + 1));
	conf_ifname(conf, part, server->ifname);
	free(part);
	return true;
}

/* RFC 5213 6.11: unicast addresses, All_DHCP_Servers, or others. */
static void read_server(struct conf *conf, const struct conf_value *value,
			struct config_dhcp *dhcp)
{
	struct config_dhcp_server server = { 0 };

	if (read_group(conf, value, &server))
		dhcp->has_group = true;
	else if (!conf_unicast(conf, value, &server.addr))
		return;
	if (is_listed(dhcp, &server))
		conf_error(conf, value->line,
			   "\"%s\" stands in dhcp-servers twice",
			   value->text);
	dhcp->servers[dhcp->server_count++] = server;
}

void config_read_dhcp(struct conf *conf, cfg_t *section,
		      struct config_dhcp *dhcp)
{
	unsigned int count = cfg_size(section, "dhcp-servers"), i;

	dhcp->rate = 10;
	conf_u32(conf, section, "dhcp-rate", 1, 10000, &dhcp->rate);
	if (!count)
		return;
	dhcp->servers = must_alloc(count * sizeof(*dhcp->servers));
	for (i = 0; i < count; i++)
		read_server(conf, conf_item(section, "dhcp-servers", i), dhcp);
}
