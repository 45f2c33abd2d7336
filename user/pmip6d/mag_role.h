/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The mobile access gateway of this process.
 */
#ifndef PMIP6D_MAG_ROLE_H
#define PMIP6D_MAG_ROLE_H

#include <stdbool.h>

#include "../engine/mag.h"
#include "../ports/clock_watch.h"
#include "leftovers.h"
#include "role.h"

/**
 * struct access_link - an access link
 * @config: what an operator sets of it
 * @ifindex: its index, or 0 while it is not there
 * @mtu: its MTU
 * @known: it was told of once
 * @open: it is listened on
 * @running: it has a carrier, as far as was told: that may come later than
 *	the first frame does
 */
struct access_link {
	const struct config_access *config;
	uint32_t ifindex;
	uint32_t mtu;
	bool known;
	bool open;
	bool running;
};

/**
 * struct mag_role_counters - what stations did that are nobody's
 * @unknown_stations: first frames from stations without a profile
 * @service_refused: first frames from stations that may not have service
 * @probes: neighbours that were silent and were asked for
 * @neighbours_failed: those that did not answer
 */
struct mag_role_counters {
	uint64_t unknown_stations;
	uint64_t service_refused;
	uint64_t probes;
	uint64_t neighbours_failed;
};

/**
 * struct tunnel_mtus - see tunnel_mtu.h
 * @poll: when to look again
 * @soon: when to look because something has changed
 * @reading: they are being read
 * @seen: other ends of those that were read
 * @count: how many
 */
struct tunnel_mtus {
	struct ev_timer poll;
	struct ev_timer soon;
	bool reading;
	struct in6_addr *seen;
	unsigned int count;
};

/**
 * struct mag_role - the gateway and its ports
 * @role: what all roles have
 * @config: what an operator sets
 * @mag: the engine
 * @nd: what is heard on access links
 * @dhcp: the relay agent for DHCPv6, or NULL
 * @access: access links, in the order of @config
 * @sweep: when to look for silent neighbours
 * @look: when to look for those that send nothing
 * @traffic_is_read: what they send is being read
 * @mtus: the MTU of tunnels
 * @clock: whether the wall clock is set
 * @leftovers: routes and rules of an earlier run
 * @started: mag_start() was called
 * @counters: what strangers did
 */
struct mag_role {
	struct role role;
	const struct config_mag *config;
	struct mag mag;
	struct nd *nd;
	struct dhcp *dhcp;
	struct access_link *access;
	struct ev_timer sweep;
	struct ev_timer look;
	bool traffic_is_read;
	struct tunnel_mtus mtus;
	struct clock_watch clock;
	struct leftovers leftovers;
	bool started;
	struct mag_role_counters counters;
};

/**
 * mag_role_init() - a gateway with the mobile nodes that it had
 * @gateway: zero
 * @agent: whose it is, with its ports, its store not started
 * @config: what an operator sets
 */
void mag_role_init(struct mag_role *gateway, struct agent *agent,
		   const struct config_mag *config);

/**
 * mag_role_start() - begin
 * @gateway: the role, its store started
 */
void mag_role_start(struct mag_role *gateway);

/**
 * mag_role_stop() - end; what the kernel has stays
 * @gateway: the role
 */
void mag_role_stop(struct mag_role *gateway);

/**
 * mag_role_on_policy() - the profiles have changed
 * @gateway: the role
 *
 * A mobile node that may not have service any more is detached.
 */
void mag_role_on_policy(struct mag_role *gateway);

/**
 * mag_role_on_neighbour_failed() - the kernel asked for one without an answer
 * @gateway: the role
 * @ifindex: on which link
 * @address: its address
 */
void mag_role_on_neighbour_failed(struct mag_role *gateway, uint32_t ifindex,
				  const struct in6_addr *address);

/**
 * mag_role_attach() - the operator says that a mobile node is there
 * @gateway: the role
 * @mn: its identifier or its link-layer address
 * @access: its access link, or NULL if there is only one
 * @handoff: how it came there, as the link layer knows it, or NULL if it does
 *	not
 *
 * Return: NULL, or what is wrong; a constant string.
 */
const char *mag_role_attach(struct mag_role *gateway, const char *mn,
			    const char *access, const char *handoff);

/**
 * mag_role_detach() - the operator says that a mobile node has left
 * @gateway: the role
 * @mn: its identifier or its link-layer address
 *
 * It is not taken for attached again before the operator or its access link
 * says so.
 *
 * Return: NULL, or what is wrong; a constant string.
 */
const char *mag_role_detach(struct mag_role *gateway, const char *mn);

/**
 * mag_role_is_named() - is it this mobile node that an operator names
 * @bule: its entry
 * @mn: an identifier or a link-layer address
 *
 * Return: true if so.
 */
bool mag_role_is_named(const struct bule *bule, const char *mn);

/**
 * mag_role_put_mns() - list its binding update list
 * @gateway: the role
 * @mn: only those of this identifier or link-layer address, or NULL
 * @list: where to
 */
void mag_role_put_mns(const struct mag_role *gateway, const char *mn,
		      struct json_object *list);

/**
 * mag_role_put_groups() - list its bulk groups
 * @gateway: the role
 * @list: where to
 */
void mag_role_put_groups(const struct mag_role *gateway,
			 struct json_object *list);

/**
 * mag_role_renew_group() - the operator wants a bulk group to be renewed
 * @gateway: the role
 * @id: its identifier, or "all"
 *
 * Return: NULL, or what is wrong; a constant string.
 */
const char *mag_role_renew_group(struct mag_role *gateway, const char *id);

/**
 * mag_role_put_stats() - add its counters
 * @gateway: the role
 * @object: where to
 */
void mag_role_put_stats(const struct mag_role *gateway,
			struct json_object *object);

#endif /* PMIP6D_MAG_ROLE_H */
