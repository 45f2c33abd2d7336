/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The relay agent for DHCPv6 of a gateway (RFC 5213 6.11): which mobile nodes
 * may use it, and what servers are told of them.
 *
 * Servers see one link a mobile node, whatever gateway it is at: that of its
 * home network prefixes.
 */
#ifndef PMIP6D_DHCP_H
#define PMIP6D_DHCP_H

#include <netinet/in.h>
#include <stdint.h>

#include "../engine/update_list.h"

struct dhcp;
struct json_object;
struct mag_role;

/**
 * dhcp_new() - the relay agent of a gateway
 * @gateway: the role, with its configuration
 *
 * Return: for dhcp_free(), or NULL if there shall be none.
 */
struct dhcp *dhcp_new(struct mag_role *gateway);

/**
 * dhcp_free() - its end
 * @dhcp: the agent, or NULL
 */
void dhcp_free(struct dhcp *dhcp);

/**
 * dhcp_open_link() - an access link is there
 * @dhcp: the agent, or NULL
 * @ifindex: the link
 */
void dhcp_open_link(struct dhcp *dhcp, uint32_t ifindex);

/**
 * dhcp_close_link() - an access link is there no more
 * @dhcp: the agent, or NULL
 * @ifindex: the link
 */
void dhcp_close_link(struct dhcp *dhcp, uint32_t ifindex);

/**
 * dhcp_put_stats() - add its counters
 * @dhcp: the agent, or NULL
 * @object: where to
 */
void dhcp_put_stats(const struct dhcp *dhcp, struct json_object *object);

#endif /* PMIP6D_DHCP_H */
