// SPDX-License-Identifier: GPL-2.0
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <linux/pmip6.h>
#include <linux/rtnetlink.h>

#include "snapshot.h"

static void put(struct snapshot *snapshot, const void *data, size_t len)
{
	if (snapshot->len + len > sizeof(snapshot->data))
		die("a snapshot is too long");
	memcpy(snapshot->data + snapshot->len, data, len);
	snapshot->len += len;
}

static bool counts(uint8_t cmd, uint16_t type)
{
	switch (cmd) {
	case PMIP6_CMD_DEVICE_GET:
		return type == PMIP6_A_DEVICE_STATS ||
		       type == PMIP6_A_DEVICE_DROPS;
	case PMIP6_CMD_BINDING_GET:
		return type == PMIP6_A_BINDING_STATS;
	case PMIP6_CMD_TUNNEL_GET:
		return type == PMIP6_A_TUNNEL_STATS;
	default:
		return false;
	}
}

static int compare(const struct snapshot *snapshot, size_t start,
		   unsigned int part)
{
	size_t end = part + 1 < snapshot->parts ? snapshot->part[part + 1] :
						  start;
	size_t len = snapshot->len - start, of = end - snapshot->part[part];
	int order = memcmp(snapshot->data + start,
			   snapshot->data + snapshot->part[part],
			   len < of ? len : of);

	return order ? order : (len > of) - (len < of);
}

/* What begins there is the last: put it where it belongs. */
static void sort_last(struct snapshot *snapshot, size_t start)
{
	static uint8_t last[SNAPSHOT_ROOM];
	size_t len = snapshot->len - start;
	uint8_t *to;
	unsigned int at = 0, i;

	if (snapshot->parts == SNAPSHOT_PARTS)
		die("a snapshot has too many parts");
	while (at < snapshot->parts && compare(snapshot, start, at) >= 0)
		at++;
	if (at == snapshot->parts) {
		snapshot->part[snapshot->parts++] = start;
		return;
	}
	to = snapshot->data + snapshot->part[at];
	memcpy(last, snapshot->data + start, len);
	memmove(to + len, to, start - snapshot->part[at]);
	memcpy(to, last, len);
	for (i = snapshot->parts++; i > at; i--)
		snapshot->part[i] = snapshot->part[i - 1] + len;
}

static void take_part(const struct nlmsghdr *nlh, void *arg)
{
	struct snapshot *snapshot = arg;
	size_t start = snapshot->len;
	const void *attrs = (const uint8_t *)NLMSG_DATA(nlh) + GENL_HDRLEN;
	size_t len = nlh->nlmsg_len - (size_t)NLMSG_LENGTH(GENL_HDRLEN);
	uint8_t cmd = *(const uint8_t *)NLMSG_DATA(nlh);
	const struct nlattr *attr;

	while ((attr = attr_next(&attrs, &len)))
		if (!counts(cmd, attr->nla_type & NLA_TYPE_MASK))
			put(snapshot, attr, attr->nla_len);
	sort_last(snapshot, start);
}

static void take_link(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *ifi = NLMSG_DATA(nlh);
	uint32_t is[2] = { (uint32_t)ifi->ifi_index, ifi->ifi_flags & IFF_UP };

	put(arg, is, sizeof(is));
}

static void dump(struct channel *channel, struct message *message,
		 answer_part_t part, struct snapshot *snapshot)
{
	struct answer answer;

	snapshot->parts = 0;
	channel->part = part;
	channel->arg = snapshot;
	if (channel_exchange(channel, message, &answer) || !answer.done ||
	    answer.error || answer.lost)
		die("a dump for a snapshot");
	channel->part = NULL;
}

void snapshot_take(struct world *world, struct snapshot *snapshot)
{
	static const uint8_t cmds[] = { PMIP6_CMD_DEVICE_GET,
					PMIP6_CMD_BINDING_GET,
					PMIP6_CMD_TUNNEL_GET,
					PMIP6_CMD_EXPIRY_SET_GET,
					PMIP6_CMD_FLOW_GET };
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	struct message message;
	unsigned int i;

	snapshot->len = 0;
	for (i = 0; i < sizeof(cmds); i++) {
		message_genl(&message, world->family, cmds[i], NLM_F_DUMP);
		dump(&world->genl[WORLD_A], &message, take_part, snapshot);
	}
	message_begin(&message, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP);
	message_append(&message, &ifi, sizeof(ifi));
	dump(&world->rtnl[WORLD_A], &message, take_link, snapshot);
}

bool snapshot_same(const struct snapshot *a, const struct snapshot *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

static void print(const char *what, const struct snapshot *snapshot)
{
	size_t i;

	printf("# %s: ", what);
	for (i = 0; i < snapshot->len; i++)
		printf("%02x", snapshot->data[i]);
	putchar('\n');
}

void snapshot_print(const struct snapshot *was, const struct snapshot *is)
{
	print("was", was);
	print("is", is);
}
