/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that the module tells of its state, but for counters of packets.
 */
#ifndef PMIP6_TESTS_NETLINK_SNAPSHOT_H
#define PMIP6_TESTS_NETLINK_SNAPSHOT_H

#include "world.h"

#define SNAPSHOT_ROOM 32768
#define SNAPSHOT_PARTS 256

/**
 * struct snapshot - it
 * @data: attributes of devices, bindings and tunnels, and of links
 * @len: octets
 * @part: where each device, binding or tunnel begins, of those of the last dump
 * @parts: how many these are
 *
 * A dump is in an order of its own, and here in that of the octets.
 */
struct snapshot {
	uint8_t data[SNAPSHOT_ROOM];
	size_t len;
	size_t part[SNAPSHOT_PARTS];
	unsigned int parts;
};

/**
 * snapshot_take() - as it is now
 * @world: where
 * @snapshot: where to put it
 */
void snapshot_take(struct world *world, struct snapshot *snapshot);

/**
 * snapshot_same() - is it the same
 * @a: one
 * @b: the other
 *
 * Return: true if so.
 */
bool snapshot_same(const struct snapshot *a, const struct snapshot *b);

/**
 * snapshot_print() - both, where they are not
 * @was: one
 * @is: the other
 */
void snapshot_print(const struct snapshot *was, const struct snapshot *is);

#endif /* PMIP6_TESTS_NETLINK_SNAPSHOT_H */
