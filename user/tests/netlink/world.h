/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Namespaces with devices of every kind, for messages to hit: an anchor, a
 * gateway, and an anchor whose underlay is another namespace.
 */
#ifndef PMIP6_TESTS_NETLINK_WORLD_H
#define PMIP6_TESTS_NETLINK_WORLD_H

#include "message.h"

/* Indices of devices, in the namespace "a". */
#define WORLD_LMA 101U
#define WORLD_MAG 102U
#define WORLD_FAR 103U
#define WORLD_SPARE 110U
#define WORLD_SPARES 8U

/**
 * struct world - it
 * @home: the namespace that the program began in
 * @a: the namespace of the devices
 * @b: the other end of a link, and the underlay of one of them
 * @family: number of the generic family
 * @genl: sockets of the generic family, by enum world_who
 * @rtnl: sockets of rtnetlink, by enum world_who
 * @udp: sends to mobile nodes
 * @tunnel: sends from the other ends of tunnels
 */
struct world {
	int home;
	int a;
	int b;
	uint16_t family;
	struct channel genl[4];
	struct channel rtnl[4];
	int udp;
	int tunnel;
};

/* Who speaks: in "a", in "b", where we began, and in "a" without a capability. */
enum world_who { WORLD_A, WORLD_B, WORLD_HOME, WORLD_WEAK };

/**
 * struct world_device - a device to make
 * @index: its index
 * @name: its name
 * @role: enum pmip6_role
 * @local: last octets of its address, as of world_core()
 * @prefixes: what is routed there, or NULL
 */
struct world_device {
	uint32_t index;
	const char *name;
	uint8_t role;
	uint16_t local;
	const char *prefixes;
};

/**
 * world_open() - namespaces and sockets; the process is in "a" afterwards
 * @world: where
 * @family: number of the generic family
 */
void world_open(struct world *world, uint16_t family);

/**
 * world_close() - the end of them
 * @world: the world
 */
void world_close(struct world *world);

/**
 * world_fill() - make those devices that are not there, and routes to them
 * @world: the world
 */
void world_fill(struct world *world);

/**
 * world_empty() - delete every device of ours
 * @world: the world
 *
 * Return: how many there were.
 */
unsigned int world_empty(struct world *world);

/**
 * world_core() - an address of "a", to be a device's
 * @n: which
 *
 * Return: the address.
 */
struct in6_addr world_core(uint16_t n);

/**
 * world_remote() - an address of "b", to be the other end of a tunnel
 * @n: which
 *
 * Return: the address.
 */
struct in6_addr world_remote(uint16_t n);

/**
 * world_hnp() - a home network prefix, of 64 bits
 * @n: which
 *
 * Return: the prefix.
 */
struct in6_addr world_hnp(uint16_t n);

/**
 * world_link() - the message that makes a device, or changes one
 * @message: where
 * @device: the device
 * @flags: NLM_F_CREATE and the like
 */
void world_link(struct message *message, const struct world_device *device,
		uint16_t flags);

/**
 * world_unlink() - the message that deletes a device
 * @message: where
 * @index: the device
 */
void world_unlink(struct message *message, uint32_t index);

/**
 * world_bind() - the message that makes a binding with a path, for ever
 * @message: where
 * @family: number of the generic family
 * @index: the device
 * @n: the prefix, as of world_hnp()
 * @remote: the path, as of world_remote()
 * @flags: NLM_F_CREATE and the like
 */
void world_bind(struct message *message, uint16_t family, uint32_t index,
		uint16_t n, uint16_t remote, uint16_t flags);

/**
 * world_name() - the message about a binding that is there
 * @message: where
 * @family: number of the generic family
 * @cmd: enum pmip6_cmd
 * @index: the device
 * @n: the prefix, as of world_hnp()
 */
void world_name(struct message *message, uint16_t family, uint8_t cmd,
		uint32_t index, uint16_t n);

/**
 * world_set() - the message about an expiry set; a new one is for ever
 * @message: where
 * @family: number of the generic family
 * @cmd: enum pmip6_cmd
 * @index: the device
 * @id: its id
 */
void world_set(struct message *message, uint16_t family, uint8_t cmd,
	       uint32_t index, uint32_t id);

/**
 * world_join() - the message that makes a binding whose path is in a set
 * @message: where
 * @family: number of the generic family
 * @index: the device
 * @n: the prefix, as of world_hnp(), and the path, as of world_remote()
 * @id: of the set
 * @flags: NLM_F_CREATE and the like
 */
void world_join(struct message *message, uint16_t family, uint32_t index,
		uint16_t n, uint32_t id, uint16_t flags);

/**
 * world_flow() - the message that makes a flow of a binding's first path
 * @message: where
 * @family: number of the generic family
 * @index: the device
 * @n: the prefix, as of world_hnp()
 * @fid: the flow, which is its priority, and a port, as well
 * @flags: NLM_F_CREATE and the like
 */
void world_flow(struct message *message, uint16_t family, uint32_t index,
		uint16_t n, uint16_t fid, uint16_t flags);

/**
 * world_packet() - a packet to a mobile node, and one from it
 * @world: the world
 * @n: the mobile node's prefix, as of world_hnp()
 * @remote: where it is, as of world_remote()
 */
void world_packet(struct world *world, uint16_t n, uint16_t remote);

/**
 * world_works() - can a device and a binding be made, shown and removed
 * @world: the world
 *
 * Return: NULL, or what can not.
 */
const char *world_works(struct world *world);

/**
 * world_dumps_highest() - is a device of the highest index dumped, and once
 * @world: the world, with such devices as may be
 *
 * Return: true if so; where it is not, the dump might have no end.
 */
bool world_dumps_highest(struct world *world);

/**
 * world_enter() - the namespace of what is done from now on
 * @ns: one of the world
 */
void world_enter(int ns);

#endif /* PMIP6_TESTS_NETLINK_WORLD_H */
