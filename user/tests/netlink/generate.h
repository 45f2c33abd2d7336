/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages at random: what a policy lets through, and what is a little wrong.
 */
#ifndef PMIP6_TESTS_NETLINK_GENERATE_H
#define PMIP6_TESTS_NETLINK_GENERATE_H

#include "policy.h"
#include "tree.h"
#include "world.h"

/* Kinds of messages: a command done or dumped, links, and what there is not. */
#define GENERATE_CREATE (2 * POLICY_CMDS)
#define GENERATE_CHANGE (GENERATE_CREATE + 1)
#define GENERATE_DELETE (GENERATE_CREATE + 2)
#define GENERATE_NOTHING (GENERATE_CREATE + 3)
#define GENERATE_KINDS (GENERATE_CREATE + 4)

/**
 * struct made - a message, and what may be asked of its answer
 * @message: it
 * @who: who sends it
 * @kind: its kind
 * @route: it goes to rtnetlink
 * @framed: its length is as its header says, so that it is one message
 * @request: the kernel looks at it at all
 * @ack: it asks for an answer
 * @mute: without @ack success has none
 * @ours: if it is refused, it is by us, or for what is in our attributes
 */
struct made {
	struct message message;
	enum world_who who;
	unsigned int kind;
	bool route;
	bool framed;
	bool request;
	bool ack;
	bool mute;
	bool ours;
};

/**
 * struct generator - where messages come from
 * @random: random numbers
 * @policy: of the family
 * @cmd: of the message at hand, or whose attributes it takes
 * @in_set: its path is in an expiry set
 * @drops: its flow drops packets
 * @world: the namespaces, for links to be moved between
 * @tree: attributes of the message at hand
 */
struct generator {
	uint64_t random;
	const struct policy *policy;
	uint8_t cmd;
	bool in_set;
	bool drops;
	const struct world *world;
	struct tree tree;
};

/**
 * generate() - the next message
 * @generator: the generator
 * @made: where to put it
 */
void generate(struct generator *generator, struct made *made);

/**
 * generate_link() - the next message to rtnetlink
 * @generator: the generator
 * @made: where to put it
 */
void generate_link(struct generator *generator, struct made *made);

/**
 * generate_addr() - octets of an address, mostly one of the world
 * @random: random numbers
 * @addr: where to put it
 */
void generate_addr(uint64_t *random, struct in6_addr *addr);

#endif /* PMIP6_TESTS_NETLINK_GENERATE_H */
