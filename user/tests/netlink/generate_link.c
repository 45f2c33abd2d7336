// SPDX-License-Identifier: GPL-2.0
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/pmip6.h>
#include <linux/rtnetlink.h>

#include "generate.h"
#include "random.h"

/* Nobody tells of these policies. */
static const struct policy_attr link_policy[IFLA_PMIP6_MAX + 1] = {
	[IFLA_PMIP6_ROLE] = { .type = NL_ATTR_TYPE_U8, .min = PMIP6_ROLE_LMA,
			      .max = PMIP6_ROLE_MAX },
	[IFLA_PMIP6_HOP_LIMIT] = { .type = NL_ATTR_TYPE_U8, .min = 1,
				   .max = 255 },
	[IFLA_PMIP6_LINK] = { .type = NL_ATTR_TYPE_U32, .max = UINT32_MAX },
	[IFLA_PMIP6_FWMARK] = { .type = NL_ATTR_TYPE_U32, .max = UINT32_MAX },
};

static const struct policy_attr fastpath_policy = {
	.type = NL_ATTR_TYPE_U32, .min = 1, .max = INT32_MAX,
};

static struct node *add_number(struct tree *tree, struct node *in,
			       uint16_t type, uint32_t value)
{
	const struct policy_attr *policy = &link_policy[type];
	struct node *node;

	node = tree_add(tree, in, type, &value,
			policy->type == NL_ATTR_TYPE_U8 ? 1 : sizeof(value));
	if (node)
		node->policy = policy;
	return node;
}

/* The link to the others; now and then what has none, or is not there. */
static void add_fastpath(struct generator *generator, struct node *data)
{
	uint64_t *random = &generator->random;
	struct tree *tree = &generator->tree;
	unsigned int count = random_below(random, 4);
	struct node *nest, *node;
	uint32_t index;

	if (random_percent(random, 2))
		count = 40;
	nest = tree_add_nest(tree, data, IFLA_PMIP6_FASTPATH);
	while (count--) {
		index = random_percent(random, 80) ?
			if_nametoindex("a0") :
			random_below(random, 2 * WORLD_SPARE);
		node = tree_add(tree, nest, PMIP6_A_FASTPATH_IFINDEX, &index,
				sizeof(index));
		if (node)
			node->policy = &fastpath_policy;
	}
}

static void fill_data(struct generator *generator, struct node *data,
		      uint32_t index, bool create)
{
	uint64_t *random = &generator->random;
	struct tree *tree = &generator->tree;
	struct in6_addr local;
	uint16_t family = 10;
	struct node *nest;

	if (random_percent(random, create ? 98 : 20))
		add_number(tree, data, IFLA_PMIP6_ROLE,
			   1 + random_below(random, 2));
	if (random_percent(random, create ? 98 : 20)) {
		local = world_core((uint16_t)(index & 0xffff));
		if (random_percent(random, 10))
			generate_addr(random, &local);
		nest = tree_add_nest(tree, data, IFLA_PMIP6_LOCAL);
		tree_add(tree, nest, PMIP6_A_ADDR_FAMILY, &family,
			 sizeof(family));
		tree_add(tree, nest, PMIP6_A_ADDR_ADDRESS, &local,
			 sizeof(local));
	}
	if (random_percent(random, 40))
		add_number(tree, data, IFLA_PMIP6_HOP_LIMIT,
			   1 + random_below(random, 255));
	if (random_percent(random, 30))
		add_number(tree, data, IFLA_PMIP6_LINK,
			   random_below(random, 4));
	if (random_percent(random, 40))
		add_number(tree, data, IFLA_PMIP6_FWMARK,
			   random_below(random, 2));
	if (random_percent(random, create ? 5 : 50))
		add_fastpath(generator, data);
}

/* Of links as such, with what may be a value, or may not. */
static void add_others(struct generator *generator)
{
	static const uint16_t types[] = {
		IFLA_MTU, IFLA_TXQLEN, IFLA_ADDRESS, IFLA_BROADCAST,
		IFLA_MASTER, IFLA_LINK, IFLA_LINKMODE, IFLA_OPERSTATE,
		IFLA_GROUP, IFLA_NUM_TX_QUEUES, IFLA_NUM_RX_QUEUES,
		IFLA_GSO_MAX_SIZE, IFLA_GSO_MAX_SEGS, IFLA_CARRIER,
		IFLA_PROMISCUITY, IFLA_IFALIAS, IFLA_NET_NS_FD,
		IFLA_LINK_NETNSID, IFLA_NEW_IFINDEX, IFLA_AF_SPEC,
		IFLA_PROTO_DOWN, IFLA_PROP_LIST, IFLA_ALT_IFNAME, IFLA_MAP,
	};
	uint64_t *random = &generator->random;
	unsigned int count = 1 + random_below(random, 3), len;
	uint32_t value[4] = { 0 };
	uint16_t type;

	while (count--) {
		type = types[random_below(random,
					  sizeof(types) / sizeof(types[0]))];
		value[0] = random_below(random, 2000);
		if (random_percent(random, 20))
			value[0] = (uint32_t)random_next(random);
		if (type == IFLA_NET_NS_FD && random_percent(random, 70))
			value[0] = (uint32_t)generator->world->b;
		/* A queue is memory, and thousands of them are time. */
		if (type == IFLA_NUM_TX_QUEUES || type == IFLA_NUM_RX_QUEUES)
			value[0] = random_below(random, 4);
		len = random_percent(random, 85) ? 4 : random_below(random, 17);
		tree_add(&generator->tree, NULL, type, value, (uint16_t)len);
	}
}

static uint32_t pick_index(uint64_t *random)
{
	if (random_percent(random, 6))
		return 0x7fffffff;
	if (random_percent(random, 3))
		return WORLD_LMA + random_below(random, 3);
	return WORLD_SPARE + random_below(random, WORLD_SPARES);
}

static void begin(struct generator *generator, struct made *made, uint16_t type,
		  uint16_t flags, uint32_t index)
{
	struct ifinfomsg ifi = { .ifi_index = (int)index };

	if (type == RTM_NEWLINK) {
		ifi.ifi_flags = (uint32_t)random_next(&generator->random);
		ifi.ifi_change = random_percent(&generator->random, 70) ?
			1 : (uint32_t)random_next(&generator->random);
		/* Once more up than not, for packets to pass. */
		if (random_percent(&generator->random, 75))
			ifi.ifi_flags |= 1;
	}
	message_begin(&made->message, type,
		      NLM_F_REQUEST | NLM_F_ACK | flags);
	message_append(&made->message, &ifi, sizeof(ifi));
}

void generate_link(struct generator *generator, struct made *made)
{
	uint64_t *random = &generator->random;
	struct tree *tree = &generator->tree;
	uint32_t index = pick_index(random);
	struct node *info, *data;
	unsigned int wrong;
	char name[16];
	bool create;

	made->route = made->framed = made->request = made->ack = true;
	made->who = random_percent(random, 92) ? WORLD_A :
		    random_percent(random, 50) ? WORLD_B : WORLD_WEAK;
	made->mute = made->ours = false;
	if (random_percent(random, 20)) {
		made->kind = GENERATE_DELETE;
		begin(generator, made, RTM_DELLINK, 0, index);
		return;
	}

	create = random_percent(random, 45);
	made->kind = create ? GENERATE_CREATE : GENERATE_CHANGE;
	begin(generator, made, RTM_NEWLINK,
	      create ? NLM_F_CREATE | NLM_F_EXCL : 0, index);
	tree_clear(tree);
	if (create) {
		snprintf(name, sizeof(name), "s%u", index);
		tree_add(tree, NULL, IFLA_IFNAME, name,
			 (uint16_t)(strlen(name) + 1));
	}
	info = tree_add_nest(tree, NULL, IFLA_LINKINFO);
	tree_add(tree, info, IFLA_INFO_KIND, PMIP6_LINK_KIND,
		 sizeof(PMIP6_LINK_KIND));
	data = tree_add_nest(tree, info, IFLA_INFO_DATA);
	wrong = tree->count;
	fill_data(generator, data, index, create);
	made->ours = true;
	if (random_percent(random, 35))
		tree_spoil(tree, wrong, random);
	if (random_percent(random, 25)) {
		add_others(generator);
		made->ours = false;
	}
	tree_write(tree, &made->message);
}
