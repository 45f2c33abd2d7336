/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pmip6 network devices over rtnetlink.
 */
#ifndef PMIP6_NL_LINK_H
#define PMIP6_NL_LINK_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <linux/pmip6.h>

struct nl_msg;

/**
 * struct link_spec - a device to make or to change
 * @name: its name
 * @role: enum pmip6_role, or 0 to leave it
 * @has_local: @local is given
 * @local: its address
 * @hop_limit: of outer headers, or 0 to leave it
 * @has_link: @link is given
 * @link: underlay interface, 0 for any
 * @has_fwmark: @fwmark is given
 * @fwmark: of outer packets
 * @has_fastpath: @fastpath is given
 * @fastpath: interfaces that it takes packets from
 * @fastpath_count: how many
 * @up: bring it up
 */
struct link_spec {
	char name[IFNAMSIZ];
	uint8_t role;
	bool has_local;
	struct in6_addr local;
	uint8_t hop_limit;
	bool has_link;
	uint32_t link;
	bool has_fwmark;
	uint32_t fwmark;
	bool has_fastpath;
	uint32_t fastpath[PMIP6_FASTPATH_MAX_IFACES];
	unsigned int fastpath_count;
	bool up;
};

/**
 * link_request() - RTM_NEWLINK for a device of our kind
 * @spec: the device
 * @flags: NLM_F_*
 *
 * Return: the message, for nlmsg_free(), or NULL without memory.
 */
struct nl_msg *link_request(const struct link_spec *spec, int flags);

/**
 * link_delete_request() - RTM_DELLINK
 * @name: its name
 *
 * Return: the message, for nlmsg_free(), or NULL without memory.
 */
struct nl_msg *link_delete_request(const char *name);

#endif /* PMIP6_NL_LINK_H */
