/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attributes as a tree, to be spoilt and then written.
 */
#ifndef PMIP6_TESTS_NETLINK_TREE_H
#define PMIP6_TESTS_NETLINK_TREE_H

#include "message.h"
#include "policy.h"

#define TREE_NODES 64
#define TREE_DATA 64

/**
 * struct node - an attribute
 * @policy: what it may be, or NULL if nobody says
 * @type: its type, with flags
 * @data: its payload, unless it is a nest
 * @len: of so many octets
 * @lie: what is written as its length instead, if @lies
 * @lies: its length is wrong
 * @nest: it is a nest, of @first and what follows that
 * @copies: how often it is written
 * @first: the first attribute in it
 * @next: the attribute after it
 */
struct node {
	const struct policy_attr *policy;
	uint16_t type;
	uint8_t data[TREE_DATA];
	uint16_t len;
	uint16_t lie;
	bool lies;
	bool nest;
	unsigned int copies;
	struct node *first;
	struct node *next;
};

/**
 * struct tree - attributes of one message
 * @first: the first, or NULL
 * @count: nodes in use
 * @node: all of them
 */
struct tree {
	struct node *first;
	unsigned int count;
	struct node node[TREE_NODES];
};

/**
 * tree_clear() - no attributes
 * @tree: the tree
 */
void tree_clear(struct tree *tree);

/**
 * tree_add() - an attribute at the end of a nest
 * @tree: the tree
 * @in: the nest, or NULL
 * @type: its type
 * @data: its payload, or NULL
 * @len: of so many octets, at most TREE_DATA
 *
 * Return: it, or NULL when there is no room.
 */
struct node *tree_add(struct tree *tree, struct node *in, uint16_t type,
		      const void *data, uint16_t len);

/**
 * tree_add_nest() - a nest at the end of a nest
 * @tree: the tree
 * @in: the nest, or NULL
 * @type: its type
 *
 * Return: it, or NULL when there is no room.
 */
struct node *tree_add_nest(struct tree *tree, struct node *in, uint16_t type);

/**
 * tree_spoil() - make one attribute wrong, or odd
 * @tree: the tree
 * @from: the first node, by number, that may be
 * @random: the generator of random numbers
 */
void tree_spoil(struct tree *tree, unsigned int from, uint64_t *random);

/**
 * tree_write() - append them all to a message
 * @tree: the tree
 * @message: the message
 */
void tree_write(const struct tree *tree, struct message *message);

#endif /* PMIP6_TESTS_NETLINK_TREE_H */
