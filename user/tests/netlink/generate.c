// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <linux/pmip6.h>

#include "generate.h"
#include "random.h"

/* How often an attribute is there, where it is not nearly always. */
static const struct {
	unsigned int depth;
	uint16_t type;
	unsigned int percent;
} rare[] = {
	{ 0, PMIP6_A_BINDING_FLAGS, 8 },
	{ 0, PMIP6_A_BINDING_COOKIE, 30 },
	{ 0, PMIP6_A_BINDING_PATHS, 85 },
	{ 2, PMIP6_A_PATH_BID, 30 },
	{ 2, PMIP6_A_PATH_ENCAP, 6 },
	{ 2, PMIP6_A_PATH_KEY, 1 },
	{ 2, PMIP6_A_PATH_PRIORITY, 20 },
	{ 2, PMIP6_A_PATH_EXPIRY_SET, 3 },
	{ 2, PMIP6_A_PATH_GENERATION, 30 },
	{ 2, PMIP6_A_PATH_ACCESS_IFINDEX, 6 },
	{ 2, PMIP6_A_PATH_LLADDR, 3 },
	{ 2, PMIP6_A_PATH_WEIGHT, 5 },
};

static bool is_set_command(uint8_t cmd)
{
	return cmd == PMIP6_CMD_EXPIRY_SET_NEW ||
	       cmd == PMIP6_CMD_EXPIRY_SET_DEL ||
	       cmd == PMIP6_CMD_EXPIRY_SET_GET;
}

static bool is_flow_command(uint8_t cmd)
{
	return cmd == PMIP6_CMD_FLOW_NEW || cmd == PMIP6_CMD_FLOW_DEL ||
	       cmd == PMIP6_CMD_FLOW_GET;
}

/*
 * In a selector there are few fields, and fewer ends of ranges. What is dropped takes
 * no path.
 */
static unsigned int percent_of_flow(const struct generator *generator,
				    unsigned int depth, uint16_t type)
{
	if (depth == 2 && type == PMIP6_A_FLOW_BIDS && generator->drops)
		return 3;
	if (depth < 3)
		return 97;
	return type % 2 ? 15 : 2;
}

/* A path in a set has nothing of its own that says how long it lives. */
static unsigned int percent_in_set(uint16_t type, unsigned int otherwise)
{
	switch (type) {
	case PMIP6_A_PATH_EXPIRY_SET:
		return 100;
	case PMIP6_A_PATH_LIFETIME:
	case PMIP6_A_PATH_GENERATION:
		return 3;
	default:
		return otherwise;
	}
}

static unsigned int percent_of(unsigned int depth, uint16_t type)
{
	unsigned int i;

	for (i = 0; i < sizeof(rare) / sizeof(rare[0]); i++)
		if (rare[i].depth == depth && rare[i].type == type)
			return rare[i].percent;
	return 97;
}

void generate_addr(uint64_t *random, struct in6_addr *addr)
{
	unsigned int n = random_below(random, 64), i;

	switch (random_below(random, 60)) {
	case 0:
		for (i = 0; i < sizeof(*addr); i++)
			addr->s6_addr[i] = (uint8_t)random_next(random);
		break;
	case 1:
		*addr = world_core((uint16_t)(n % 16));
		break;
	case 2:
		*addr = world_remote((uint16_t)n);
		addr->s6_addr[0] = random_percent(random, 50) ? 0xff : 0xfe;
		addr->s6_addr[1] = 0x80;
		break;
	case 3:
		memset(addr, 0, sizeof(*addr));
		addr->s6_addr[15] = (uint8_t)random_below(random, 2);
		break;
	default:
		*addr = world_remote((uint16_t)(n % 8));
	}
}

static void prefix_octets(struct generator *generator, struct in6_addr *addr)
{
	uint64_t *random = &generator->random;
	uint16_t n = (uint16_t)random_below(random, 64);

	/* Flows are of few bindings, which are mostly there then, as are flows. */
	if (random_percent(random, is_flow_command(generator->cmd) ? 90 : 30))
		n &= 6;
	/* Half of them at the gateway: see the routes of the world. */
	*addr = world_hnp(n & 1 ? n | 0x8000 : n);
	if (random_percent(random, 5))
		generate_addr(random, addr);
}

static uint32_t device(struct generator *generator)
{
	uint64_t *random = &generator->random;
	static const uint32_t odd[] = { 0, 1, 2, 3, 0x7fffffff, 0x80000000,
					0xffffffff, 99 };

	if (random_percent(random, 3))
		return odd[random_below(random, sizeof(odd) / sizeof(odd[0]))];
	if (random_percent(random, 10))
		return WORLD_SPARE + random_below(random, WORLD_SPARES);
	/* Flow bindings are for anchors. */
	if (is_flow_command(generator->cmd) && random_percent(random, 80))
		return WORLD_LMA;
	return WORLD_LMA + random_below(random, 3);
}

static uint64_t number_u32(struct generator *generator, uint16_t type,
			   const struct policy_attr *attr)
{
	bool is_set = is_set_command(generator->cmd) ?
		      type == PMIP6_A_EXPIRY_SET_ID : attr->min != 1 &&
		      attr->max == PMIP6_EXPIRY_SET_ID_MAX;

	/* What has a range is an index, or the id of a set. */
	if (is_set && random_percent(&generator->random, 95))
		return random_below(&generator->random, 8);
	if (attr->min == 1 && !is_set)
		return device(generator);
	if (random_percent(&generator->random, 80))
		return random_below(&generator->random, 4);
	return random_next(&generator->random);
}

static uint64_t number_u64(struct generator *generator, uint16_t type,
			   const struct policy_attr *attr)
{
	bool is_lifetime = attr->min || (is_set_command(generator->cmd) &&
					 type == PMIP6_A_EXPIRY_SET_LIFETIME);
	static const uint64_t odd[] = { 0, 1ULL << 42, (1ULL << 42) + 1,
					1ULL << 63, ~1ULL };
	uint64_t *random = &generator->random;

	if (!is_lifetime)
		return random_next(random);
	switch (random_below(random, 10)) {
	case 0:
		return odd[random_below(random, sizeof(odd) / sizeof(odd[0]))];
	case 1:
	case 2:
	case 3:
		return 1 + random_below(random, 500);
	case 4:
	case 5:
		return 60000;
	default:
		return PMIP6_LIFETIME_FOREVER;
	}
}

static uint64_t number_u8(struct generator *generator,
			  const struct policy_attr *attr)
{
	static const uint8_t odd[] = { 65, 80, 96, 128, 48, 56, 1, 0, 129, 255 };
	uint64_t *random = &generator->random;

	if (attr->max == 128)
		return random_percent(random, 80) ? 64 :
		       odd[random_below(random, sizeof(odd))];
	if (attr->max == PMIP6_FLOW_DROP && random_percent(random, 90))
		return generator->drops ? PMIP6_FLOW_DROP :
		       PMIP6_FLOW_FORWARD + random_below(random, 2);
	if (random_percent(random, 70))
		return attr->min;
	return random_next(random);
}

static uint64_t number_u16(struct generator *generator,
			   const struct policy_attr *attr)
{
	uint64_t *random = &generator->random;

	if (random_percent(random, 3))
		return random_below(random, 2) ? 2 : random_next(random);
	return attr->min ? 1 + random_below(random, 3) : 10;
}

/* Identifiers of some paths; most bindings have the first only. */
static void fill_bids(uint64_t *random, struct node *node)
{
	bool first = random_percent(random, 70);
	uint16_t bid = first ? 0 : (uint16_t)random_below(random, 3), i;

	node->len = first ? 2 : (uint16_t)(2 * (1 + random_below(random, 3)));
	for (i = 0; i < node->len / 2; i++) {
		bid++;
		memcpy(node->data + i * sizeof(bid), &bid, sizeof(bid));
	}
}

static void fill_leaf(struct generator *generator, struct node *node,
		      const struct policy_attr *attr, bool is_prefix)
{
	uint64_t *random = &generator->random;
	uint64_t value = 0;
	unsigned int i;

	node->policy = attr;
	switch (attr->type) {
	case NL_ATTR_TYPE_U8:
		value = number_u8(generator, attr);
		node->len = 1;
		break;
	case NL_ATTR_TYPE_U16:
		value = number_u16(generator, attr);
		node->len = 2;
		break;
	case NL_ATTR_TYPE_U32:
		value = number_u32(generator, node->type, attr);
		node->len = 4;
		break;
	case NL_ATTR_TYPE_U64:
		value = number_u64(generator, node->type, attr);
		node->len = 8;
		break;
	case NL_ATTR_TYPE_BITFIELD32:
		value = random_next(random) &
			(attr->mask | (uint64_t)attr->mask << 32);
		if (random_percent(random, 80))
			value &= value >> 32 | 0xffffffffULL << 32;
		node->len = 8;
		break;
	default:
		for (i = 0; i < sizeof(node->data); i++)
			node->data[i] = (uint8_t)random_next(random);
		node->len = (uint16_t)(attr->max > TREE_DATA ? TREE_DATA :
				       attr->max);
		if (is_flow_command(generator->cmd) &&
		    node->type == PMIP6_A_FLOW_BIDS &&
		    attr->min < sizeof(struct in6_addr)) {
			fill_bids(random, node);
		} else if (attr->max == sizeof(struct in6_addr)) {
			struct in6_addr addr;

			if (is_prefix)
				prefix_octets(generator, &addr);
			else
				generate_addr(random, &addr);
			memcpy(node->data, &addr, sizeof(addr));
		}
		return;
	}
	memcpy(node->data, &value, node->len);
}

static unsigned int percent_here(const struct generator *generator,
				 unsigned int depth, uint16_t type)
{
	unsigned int percent = percent_of(depth, type);

	if (is_set_command(generator->cmd))
		return 97;
	if (is_flow_command(generator->cmd))
		return percent_of_flow(generator, depth, type);
	return depth == 2 && generator->in_set ?
	       percent_in_set(type, percent) : percent;
}

static void fill(struct generator *generator, struct node *in, uint32_t set,
		 unsigned int depth)
{
	const struct policy_attr *attrs = generator->policy->attrs[set];
	bool is_prefix = attrs[PMIP6_A_ADDR_PREFIXLEN].max == 128;
	unsigned int percent;
	struct node *node;
	uint16_t type;

	for (type = 0; type < POLICY_ATTRS; type++) {
		percent = percent_here(generator, depth, type);
		if (!attrs[type].type ||
		    !random_percent(&generator->random, percent))
			continue;
		if (attrs[type].type != NL_ATTR_TYPE_NESTED) {
			node = tree_add(&generator->tree, in, type, NULL, 0);
			if (node)
				fill_leaf(generator, node, &attrs[type],
					  is_prefix);
			continue;
		}
		node = tree_add_nest(&generator->tree, in, type);
		if (!node)
			return;
		node->policy = &attrs[type];
		if (attrs[type].nested < POLICY_SETS && depth < 4)
			fill(generator, node, attrs[type].nested, depth + 1);
	}
}

static uint16_t pick_flags(const struct policy *policy, uint64_t *random,
			   uint8_t cmd)
{
	bool known = cmd < POLICY_CMDS && policy->known[cmd];
	bool dump = random_percent(random, known && !policy->has_do[cmd] ? 95 :
				   known && !policy->has_dump[cmd] ? 3 : 40);
	uint16_t flags = NLM_F_REQUEST | NLM_F_ACK;

	if (cmd == PMIP6_CMD_BINDING_NEW || cmd == PMIP6_CMD_EXPIRY_SET_NEW ||
	    cmd == PMIP6_CMD_FLOW_NEW) {
		if (random_percent(random, 80))
			flags |= NLM_F_CREATE;
		if (random_percent(random, 15))
			flags |= NLM_F_EXCL;
		if (random_percent(random, 60))
			flags |= NLM_F_REPLACE;
	} else if (dump) {
		flags |= NLM_F_DUMP;
	}
	if (random_percent(random, 5))
		flags ^= NLM_F_ACK;
	if (random_percent(random, 1))
		flags ^= NLM_F_REQUEST;
	if (random_percent(random, 2))
		flags ^= (uint16_t)(1U << random_below(random, 16));
	return flags;
}

static uint8_t pick_cmd(uint64_t *random)
{
	static const uint8_t cmds[] = {
		PMIP6_CMD_INFO_GET, PMIP6_CMD_DEVICE_GET, PMIP6_CMD_TUNNEL_GET,
		PMIP6_CMD_BINDING_GET, PMIP6_CMD_BINDING_GET,
		PMIP6_CMD_BINDING_DEL, PMIP6_CMD_BINDING_DEL,
		PMIP6_CMD_EXPIRY_SET_NEW, PMIP6_CMD_EXPIRY_SET_NEW,
		PMIP6_CMD_EXPIRY_SET_DEL, PMIP6_CMD_EXPIRY_SET_GET,
		PMIP6_CMD_FLOW_NEW, PMIP6_CMD_FLOW_NEW, PMIP6_CMD_FLOW_NEW,
		PMIP6_CMD_FLOW_DEL, PMIP6_CMD_FLOW_GET,
	};

	if (random_percent(random, 2))
		return (uint8_t)random_next(random);
	if (random_percent(random, 50))
		return PMIP6_CMD_BINDING_NEW;
	return cmds[random_below(random, sizeof(cmds))];
}

/* What the whole of a message can have wrong. */
static void spoil_message(struct generator *generator, struct made *made)
{
	uint64_t *random = &generator->random;
	uint8_t trail[32];
	unsigned int i;

	switch (random_below(random, 4)) {
	case 0:
		made->message.len = NLMSG_HDRLEN +
			random_below(random, (uint32_t)(made->message.len -
							NLMSG_HDRLEN) + 1);
		break;
	case 1:
		for (i = 0; i < sizeof(trail); i++)
			trail[i] = (uint8_t)random_next(random);
		message_append(&made->message, trail,
			       random_below(random, sizeof(trail)));
		break;
	case 2:
		made->message.lie = (uint32_t)(made->message.len - 16 +
					       random_below(random, 32));
		made->framed = made->message.lie == made->message.len;
		break;
	case 3:
		/* Version, reserved, or the command. */
		made->message.data[NLMSG_HDRLEN + random_below(random, 4)] ^=
			(uint8_t)random_next(random);
		break;
	}
}

/* What was to be sent need not be what is: this looks at the latter. */
static void look(struct generator *generator, struct made *made)
{
	const struct policy *policy = generator->policy;
	struct nlmsghdr nlh;
	unsigned int cmd;
	bool dump;

	memcpy(&nlh, made->message.data, sizeof(nlh));
	made->kind = GENERATE_NOTHING;
	made->request = nlh.nlmsg_flags & NLM_F_REQUEST &&
			nlh.nlmsg_type >= NLMSG_MIN_TYPE;
	made->ack = nlh.nlmsg_flags & NLM_F_ACK;
	made->mute = false;
	made->ours = false;
	if (nlh.nlmsg_type != policy->family ||
	    made->message.len < NLMSG_LENGTH(GENL_HDRLEN))
		return;
	cmd = made->message.data[NLMSG_HDRLEN];
	dump = (nlh.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	if (cmd >= POLICY_CMDS ||
	    !(dump ? policy->has_dump[cmd] : policy->has_do[cmd]))
		return;
	made->kind = 2 * cmd + dump;
	made->ours = true;
	made->mute = cmd == PMIP6_CMD_BINDING_NEW ||
		     cmd == PMIP6_CMD_BINDING_DEL ||
		     cmd == PMIP6_CMD_EXPIRY_SET_NEW ||
		     cmd == PMIP6_CMD_EXPIRY_SET_DEL ||
		     cmd == PMIP6_CMD_FLOW_NEW || cmd == PMIP6_CMD_FLOW_DEL;
}

static enum world_who pick_who(uint64_t *random)
{
	unsigned int n = random_below(random, 100);

	if (n < 90)
		return WORLD_A;
	if (n < 94)
		return WORLD_B;
	return n < 97 ? WORLD_HOME : WORLD_WEAK;
}

void generate(struct generator *generator, struct made *made)
{
	const struct policy *policy = generator->policy;
	uint64_t *random = &generator->random;
	struct genlmsghdr header;
	unsigned int wrong;
	uint8_t cmd, like;

	made->who = pick_who(random);
	made->route = false;
	made->framed = true;
	cmd = pick_cmd(random);
	/* One that there is not takes what another does. */
	like = cmd < POLICY_CMDS && policy->known[cmd] ? cmd :
	       PMIP6_CMD_BINDING_NEW;
	generator->cmd = like;
	generator->in_set = random_percent(random, 15);
	generator->drops = random_percent(random, 25);
	tree_clear(&generator->tree);
	fill(generator, NULL, policy->set[like], 0);
	if (random_percent(random, 35))
		for (wrong = 1 + random_below(random, 3); wrong; wrong--)
			tree_spoil(&generator->tree, 0, random);

	message_begin(&made->message, policy->family,
		      pick_flags(policy, random, cmd));
	memset(&header, 0, sizeof(header));
	header.cmd = cmd;
	header.version = PMIP6_GENL_VERSION;
	message_append(&made->message, &header, sizeof(header));
	tree_write(&generator->tree, &made->message);
	if (random_percent(random, 4))
		spoil_message(generator, made);
	look(generator, made);
}
