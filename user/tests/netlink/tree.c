// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "random.h"
#include "tree.h"

void tree_clear(struct tree *tree)
{
	tree->first = NULL;
	tree->count = 0;
}

static struct node *add(struct tree *tree, struct node *in)
{
	struct node **end = in ? &in->first : &tree->first, *node;

	if (tree->count == TREE_NODES)
		return NULL;
	node = &tree->node[tree->count++];
	memset(node, 0, sizeof(*node));
	node->copies = 1;
	while (*end)
		end = &(*end)->next;
	*end = node;
	return node;
}

struct node *tree_add(struct tree *tree, struct node *in, uint16_t type,
		      const void *data, uint16_t len)
{
	struct node *node = add(tree, in);

	if (!node)
		return NULL;
	node->type = type;
	node->len = len;
	if (data)
		memcpy(node->data, data, len);
	return node;
}

struct node *tree_add_nest(struct tree *tree, struct node *in, uint16_t type)
{
	struct node *node = tree_add(tree, in, type | NLA_F_NESTED, NULL, 0);

	if (node)
		node->nest = true;
	return node;
}

static void spoil_length(struct node *node, uint64_t *random)
{
	node->len = (uint16_t)random_below(random, TREE_DATA + 1);
	if (random_percent(random, 50))
		node->len = (uint16_t)random_below(random, 17);
	node->nest = false;
}

static void spoil_type(struct node *node, uint64_t *random)
{
	static const uint16_t types[] = { 0, 1, 2, 7, 31, 255, 0x3fff };
	unsigned int count = sizeof(types) / sizeof(types[0]);
	uint16_t flags = node->type & (uint16_t)~NLA_TYPE_MASK;
	unsigned int at = random_below(random, count + 2);

	if (at < count)
		node->type = types[at];
	else if (at == count)
		node->type++;
	else
		node->type--;
	node->type = (node->type & NLA_TYPE_MASK) | flags;
}

static void spoil_data(struct node *node, uint64_t *random)
{
	unsigned int flips = 1 + random_below(random, 8);
	unsigned int at;

	if (!node->len)
		return;
	while (flips--) {
		at = random_below(random, node->len);
		node->data[at] ^= (uint8_t)(1U << random_below(random, 8));
	}
}

/* The least and the greatest that are let, and what is just beyond. */
static void spoil_bound(struct node *node, uint64_t *random)
{
	const struct policy_attr *policy = node->policy;
	uint64_t value;

	if (!policy || node->nest)
		return;
	value = random_percent(random, 50) ? policy->min : policy->max;
	value += random_below(random, 3) - 1ULL;
	if (policy->type == NL_ATTR_TYPE_BINARY) {
		node->len = (uint16_t)(value > TREE_DATA ? TREE_DATA : value);
		return;
	}
	if (node->len <= sizeof(value))
		memcpy(node->data, &value, node->len);
}

static void spoil_lie(struct node *node, uint64_t *random)
{
	static const uint16_t lies[] = { 0, 1, 3, 4, 5, 8, 0x7fff, 0xffff };

	node->lies = true;
	node->lie = lies[random_below(random, sizeof(lies) / sizeof(lies[0]))];
	if (random_percent(random, 50))
		node->lie = (uint16_t)(node->len + random_below(random, 9));
}

/* In a nest of itself, many times over. */
static void spoil_depth(struct node *node, uint64_t *random)
{
	size_t depth = 1 + random_below(random, TREE_DATA / NLA_HDRLEN);
	struct nlattr attr = { .nla_type = node->type | NLA_F_NESTED };
	size_t at;

	node->nest = false;
	node->type |= NLA_F_NESTED;
	node->len = (uint16_t)(depth * NLA_HDRLEN);
	for (at = 0; at < depth; at++) {
		attr.nla_len = (uint16_t)(node->len - at * NLA_HDRLEN);
		memcpy(node->data + at * NLA_HDRLEN, &attr, sizeof(attr));
	}
}

void tree_spoil(struct tree *tree, unsigned int from, uint64_t *random)
{
	struct node *node, *other;

	if (tree->count <= from)
		return;
	node = &tree->node[from + random_below(random, tree->count - from)];
	other = &tree->node[from + random_below(random, tree->count - from)];
	switch (random_below(random, 10)) {
	case 0:
		node->copies = 0;
		break;
	case 1:
		node->copies = 2 + random_below(random, 3);
		break;
	case 2:
		spoil_length(node, random);
		break;
	case 3:
		spoil_type(node, random);
		break;
	case 4:
		node->type ^= random_percent(random, 70) ? NLA_F_NESTED :
							   NLA_F_NET_BYTEORDER;
		break;
	case 5:
		spoil_data(node, random);
		break;
	case 6:
		spoil_bound(node, random);
		break;
	case 7:
		spoil_lie(node, random);
		break;
	case 8:
		spoil_depth(node, random);
		break;
	case 9:
		node->type = other->type;
		break;
	}
}

static void write_list(const struct node *node, struct message *message)
{
	unsigned int copies;
	struct nlattr attr;
	size_t nest;

	for (; node; node = node->next)
		for (copies = node->copies; copies; copies--) {
			nest = message->len;
			message_put(message, node->type, node->data,
				    node->nest ? 0 : node->len);
			if (message->len == nest)
				return;
			if (node->nest) {
				write_list(node->first, message);
				message_nest_end(message, nest);
			}
			if (!node->lies)
				continue;
			memcpy(&attr, message->data + nest, sizeof(attr));
			attr.nla_len = node->lie;
			memcpy(message->data + nest, &attr, sizeof(attr));
		}
}

void tree_write(const struct tree *tree, struct message *message)
{
	write_list(tree->first, message);
}
