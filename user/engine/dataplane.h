/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the data plane tells of itself.
 */
#ifndef PMIP6_ENGINE_DATAPLANE_H
#define PMIP6_ENGINE_DATAPLANE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "effects.h"

/* How far its clock may be from ours before a lifetime is set again. */
#define DATAPLANE_SLACK_MS 2000u

/**
 * struct dataplane_binding - a binding as the data plane has it
 * @hnp: its prefix
 * @has_path: packets go to @remote
 * @remote: the other end of the tunnel
 * @expiry_set: the set that its path ends with, which has the next two; or 0
 * @lifetime_ms: what remains
 * @generation: as last told
 * @cookie: as last told; 0 is not of an engine's making
 * @local_routing: as last told
 * @hosts: it is of no mobile node
 * @access_ifindex: as last told
 * @bid: binding identifier of its path
 * @priority: of that
 * @more_count: how many other paths it has
 * @more: those; owned by the dump
 * @tx_packets: how many went into its tunnel
 */
struct dataplane_binding {
	struct mh_prefix hnp;
	bool has_path;
	struct in6_addr remote;
	uint32_t expiry_set;
	uint64_t lifetime_ms;
	uint32_t generation;
	uint64_t cookie;
	bool local_routing;
	bool hosts;
	uint32_t access_ifindex;
	uint16_t bid;
	uint8_t priority;
	uint8_t more_count;
	struct effect_path *more;
	uint64_t tx_packets;
};

/**
 * struct dataplane_set - an expiry set as the data plane has it
 * @id: its number
 * @lifetime_ms: what remains
 * @generation: as last told
 */
struct dataplane_set {
	uint32_t id;
	uint64_t lifetime_ms;
	uint32_t generation;
};

/**
 * struct dataplane_dump - all that the data plane has
 * @bindings: bindings
 * @count: how many
 * @has_sets: it knows expiry sets
 * @sets: those
 * @set_count: how many
 */
struct dataplane_dump {
	struct dataplane_binding *bindings;
	size_t count;
	bool has_sets;
	struct dataplane_set *sets;
	size_t set_count;
};

/**
 * dataplane_dump_free() - forget what the data plane had
 * @dump: that, empty afterwards
 */
void dataplane_dump_free(struct dataplane_dump *dump);

/**
 * dataplane_lifetime_agrees() - is this about the lifetime it should have
 * @binding: a binding with a path
 * @expires_ms: when it should end
 * @now_ms: the time
 *
 * Return: true if the difference is too small to matter.
 */
static inline bool
dataplane_lifetime_agrees(const struct dataplane_binding *binding,
			  uint64_t expires_ms, uint64_t now_ms)
{
	uint64_t left = expires_ms > now_ms ? expires_ms - now_ms : 0;

	return binding->lifetime_ms <= left + DATAPLANE_SLACK_MS &&
	       left <= binding->lifetime_ms + DATAPLANE_SLACK_MS;
}

/**
 * dataplane_set_agrees() - the same of an expiry set
 * @set: the set
 * @expires_ms: when it should end
 * @now_ms: the time
 *
 * Return: true if the difference is too small to matter.
 */
static inline bool dataplane_set_agrees(const struct dataplane_set *set,
					uint64_t expires_ms, uint64_t now_ms)
{
	struct dataplane_binding binding = { .lifetime_ms = set->lifetime_ms };

	return dataplane_lifetime_agrees(&binding, expires_ms, now_ms);
}

/**
 * dataplane_delete_stray() - end a binding that is left over from an earlier run
 * @hnp: its prefix
 * @out: what shall happen
 *
 * Only one that has a cookie: what others made is left alone.
 */
void dataplane_delete_stray(const struct mh_prefix *hnp, struct outbox *out);

/**
 * dataplane_delete_stray_set() - end an expiry set that is left over likewise
 * @id: its number
 * @out: what shall happen, after all bindings of its have been seen to
 */
void dataplane_delete_stray_set(uint32_t id, struct outbox *out);

#endif /* PMIP6_ENGINE_DATAPLANE_H */
