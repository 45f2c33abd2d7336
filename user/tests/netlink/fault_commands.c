// SPDX-License-Identifier: GPL-2.0
/* Each command of the family, and of links, with each allocation failing once. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/pmip6.h>
#include <linux/rtnetlink.h>

#include "fault.h"
#include "fault_tests.h"
#include "snapshot.h"
#include "tap.h"

#define SPARE WORLD_SPARE

/* The id of the set at the anchor. */
#define SET_ID 5

/* One attempt in so many octets that a command allocates: few are less. */
#define STEP 64

/* What is there before a command. */
enum before {
	FIRST = 1,	/* a binding at the anchor */
	SECOND = 2,	/* another, by another tunnel */
	VISITOR = 4,	/* a binding at the gateway */
	DEVICE = 8,	/* a device to change */
	BOUND = 16,	/* with a binding */
	SET = 32,	/* an expiry set at the anchor */
	MEMBER = 64,	/* a binding whose path is in it, instead of the first */
	FLOW = 128,	/* a flow of the first */
	TWO_FLOWS = 256,	/* another one */
};

/**
 * struct scenario - a command
 * @name: its name
 * @least: of its allocations at least so many must have failed
 * @before: enum before
 * @route: it goes to rtnetlink
 * @build: makes it
 */
struct scenario {
	const char *name;
	unsigned int least;
	unsigned int before;
	bool route;
	void (*build)(uint16_t family, struct message *message);
};

static const struct world_device spare = {
	SPARE, "spare0", PMIP6_ROLE_LMA, 7, NULL
};

static void info_get(uint16_t family, struct message *message)
{
	message_genl(message, family, PMIP6_CMD_INFO_GET, 0);
}

static void device_get(uint16_t family, struct message *message)
{
	message_genl(message, family, PMIP6_CMD_DEVICE_GET, 0);
	message_u32(message, PMIP6_A_DEVICE_IFINDEX, WORLD_LMA);
}

static void device_dump(uint16_t family, struct message *message)
{
	message_genl(message, family, PMIP6_CMD_DEVICE_GET, NLM_F_DUMP);
}

static void binding_new(uint16_t family, struct message *message)
{
	world_bind(message, family, WORLD_LMA, 1, 1,
		   NLM_F_CREATE | NLM_F_EXCL);
}

static void binding_drop(uint16_t family, struct message *message)
{
	world_name(message, family, PMIP6_CMD_BINDING_NEW, WORLD_LMA, 3);
	message_nest_end(message,
			 message_nest(message, PMIP6_A_BINDING_PATHS));
	((struct nlmsghdr *)message->data)->nlmsg_flags |= NLM_F_CREATE;
}

static void binding_path(uint16_t family, struct message *message)
{
	world_bind(message, family, WORLD_LMA, 1, 3, NLM_F_REPLACE);
}

static void binding_renew(uint16_t family, struct message *message)
{
	world_bind(message, family, WORLD_LMA, 1, 1, NLM_F_REPLACE);
}

static void binding_visitor(uint16_t family, struct message *message)
{
	world_bind(message, family, WORLD_MAG, 1, 1, NLM_F_CREATE);
}

static void binding_flags(uint16_t family, struct message *message)
{
	struct nla_bitfield32 flags = {
		.value = PMIP6_BINDING_F_LOCAL_ROUTING,
		.selector = PMIP6_BINDING_F_LOCAL_ROUTING,
	};

	world_name(message, family, PMIP6_CMD_BINDING_NEW, WORLD_MAG, 1);
	message_put(message, PMIP6_A_BINDING_FLAGS, &flags, sizeof(flags));
	((struct nlmsghdr *)message->data)->nlmsg_flags |= NLM_F_REPLACE;
}

static void binding_del(uint16_t family, struct message *message)
{
	world_name(message, family, PMIP6_CMD_BINDING_DEL, WORLD_LMA, 1);
}

static void binding_get(uint16_t family, struct message *message)
{
	world_name(message, family, PMIP6_CMD_BINDING_GET, WORLD_LMA, 1);
}

static void binding_dump(uint16_t family, struct message *message)
{
	message_genl(message, family, PMIP6_CMD_BINDING_GET, NLM_F_DUMP);
	message_u32(message, PMIP6_A_BINDING_IFINDEX, WORLD_LMA);
}

static void tunnel_dump(uint16_t family, struct message *message)
{
	message_genl(message, family, PMIP6_CMD_TUNNEL_GET, NLM_F_DUMP);
}

static void set_new(uint16_t family, struct message *message)
{
	world_set(message, family, PMIP6_CMD_EXPIRY_SET_NEW, WORLD_LMA, SET_ID);
	((struct nlmsghdr *)message->data)->nlmsg_flags |= NLM_F_CREATE;
}

/* Far from the others, so that the tree that they are in grows. */
static void set_new_far(uint16_t family, struct message *message)
{
	world_set(message, family, PMIP6_CMD_EXPIRY_SET_NEW, WORLD_LMA,
		  PMIP6_EXPIRY_SET_ID_MAX);
	((struct nlmsghdr *)message->data)->nlmsg_flags |= NLM_F_CREATE;
}

static void set_renew(uint16_t family, struct message *message)
{
	world_set(message, family, PMIP6_CMD_EXPIRY_SET_NEW, WORLD_LMA, SET_ID);
	((struct nlmsghdr *)message->data)->nlmsg_flags |= NLM_F_REPLACE;
}

static void set_del(uint16_t family, struct message *message)
{
	world_set(message, family, PMIP6_CMD_EXPIRY_SET_DEL, WORLD_LMA, SET_ID);
}

static void set_get(uint16_t family, struct message *message)
{
	world_set(message, family, PMIP6_CMD_EXPIRY_SET_GET, WORLD_LMA, SET_ID);
}

static void set_dump(uint16_t family, struct message *message)
{
	message_genl(message, family, PMIP6_CMD_EXPIRY_SET_GET, NLM_F_DUMP);
}

static void flow_new(uint16_t family, struct message *message)
{
	world_flow(message, family, WORLD_LMA, 1, 1,
		   NLM_F_CREATE | NLM_F_REPLACE);
}

static void flow_new_other(uint16_t family, struct message *message)
{
	world_flow(message, family, WORLD_LMA, 1, 2, NLM_F_CREATE);
}

static void flow_del(uint16_t family, struct message *message)
{
	struct in6_addr hnp = world_hnp(1);
	uint16_t fid = 1;

	message_genl(message, family, PMIP6_CMD_FLOW_DEL, 0);
	message_u32(message, PMIP6_A_FLOWS_IFINDEX, WORLD_LMA);
	message_addr(message, PMIP6_A_FLOWS_HNP, &hnp, 64);
	message_put(message, PMIP6_A_FLOWS_FID, &fid, sizeof(fid));
}

static void flow_dump(uint16_t family, struct message *message)
{
	message_genl(message, family, PMIP6_CMD_FLOW_GET, NLM_F_DUMP);
}

static void binding_joins(uint16_t family, struct message *message)
{
	world_join(message, family, WORLD_LMA, 1, SET_ID,
		   NLM_F_CREATE | NLM_F_REPLACE);
}

static void link_create(uint16_t family, struct message *message)
{
	(void)family;
	world_link(message, &spare, NLM_F_CREATE | NLM_F_EXCL);
}

/* Up to the attributes of our kind, with the two nests that these are in. */
static void change_begin(struct message *message, size_t nests[2])
{
	struct ifinfomsg ifi = { .ifi_index = SPARE };

	message_begin(message, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK);
	message_append(message, &ifi, sizeof(ifi));
	nests[0] = message_nest(message, IFLA_LINKINFO);
	message_put(message, IFLA_INFO_KIND, PMIP6_LINK_KIND,
		    sizeof(PMIP6_LINK_KIND));
	nests[1] = message_nest(message, IFLA_INFO_DATA);
}

static void change_end(struct message *message, const size_t nests[2])
{
	message_nest_end(message, nests[1]);
	message_nest_end(message, nests[0]);
}

static void link_change(uint16_t family, struct message *message)
{
	size_t nests[2];

	(void)family;
	change_begin(message, nests);
	message_u8(message, IFLA_PMIP6_HOP_LIMIT, 99);
	message_u32(message, IFLA_PMIP6_FWMARK, 99);
	change_end(message, nests);
}

static void link_fastpath(uint16_t family, struct message *message)
{
	size_t nests[2], fastpath;

	(void)family;
	change_begin(message, nests);
	fastpath = message_nest(message, IFLA_PMIP6_FASTPATH);
	message_u32(message, PMIP6_A_FASTPATH_IFINDEX, if_nametoindex("a0"));
	message_nest_end(message, fastpath);
	change_end(message, nests);
}

static void link_down(uint16_t family, struct message *message)
{
	struct ifinfomsg ifi = { .ifi_index = SPARE, .ifi_change = 1 };

	(void)family;
	message_begin(message, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK);
	message_append(message, &ifi, sizeof(ifi));
}

static void link_delete(uint16_t family, struct message *message)
{
	(void)family;
	world_unlink(message, SPARE);
}

static const struct scenario scenarios[] = {
	{ "info-get", 6, 0, false, info_get },
	{ "device-get", 6, 0, false, device_get },
	{ "device-get, a dump", 5, 0, false, device_dump },
	{ "binding-new, the first", 11, 0, false, binding_new },
	{ "binding-new, another", 8, SECOND, false, binding_new },
	{ "binding-new, without a path", 5, FIRST, false, binding_drop },
	{ "binding-new, another path", 7, FIRST, false, binding_path },
	{ "binding-new, the same path", 4, FIRST, false, binding_renew },
	{ "binding-new, at a gateway", 10, FIRST, false, binding_visitor },
	{ "binding-new, other flags", 4, VISITOR, false, binding_flags },
	{ "binding-del, the last", 5, FIRST, false, binding_del },
	{ "binding-del, one of two", 4, FIRST | SECOND, false, binding_del },
	{ "binding-get", 6, FIRST, false, binding_get },
	{ "binding-get, a dump", 5, FIRST | SECOND, false, binding_dump },
	{ "tunnel-get, a dump", 5, FIRST | SECOND, false, tunnel_dump },
	{ "expiry-set-new", 5, 0, false, set_new },
	{ "expiry-set-new, far from another", 6, SET, false, set_new_far },
	{ "expiry-set-new, again", 4, SET | MEMBER, false, set_renew },
	{ "expiry-set-del", 4, SET, false, set_del },
	{ "expiry-set-get", 6, SET, false, set_get },
	{ "expiry-set-get, a dump", 5, SET | MEMBER, false, set_dump },
	{ "binding-new, in an expiry set", 9, SET, false, binding_joins },
	{ "binding-new, into an expiry set", 5, SET | FIRST, false, binding_joins },
	{ "binding-new, out of an expiry set", 6, SET | MEMBER, false, binding_renew },
	{ "binding-del, in an expiry set", 4, SET | MEMBER, false, binding_del },
	{ "flow-new, the first", 9, FIRST, false, flow_new },
	{ "flow-new, another", 8, FIRST | FLOW, false, flow_new_other },
	{ "flow-new, again", 8, FIRST | FLOW, false, flow_new },
	{ "flow-del, the last", 4, FIRST | FLOW, false, flow_del },
	{ "flow-del, one of two", 7, FIRST | FLOW | TWO_FLOWS, false, flow_del },
	{ "flow-get, a dump", 5, FIRST | FLOW | TWO_FLOWS, false, flow_dump },
	{ "binding-del, with flows", 4, FIRST | FLOW, false, binding_del },
	{ "link-create", 100, 0, true, link_create },
	{ "link-change", 5, DEVICE, true, link_change },
	{ "link-change, the fast path", 7, DEVICE, true, link_fastpath },
	{ "link-down", 8, DEVICE, true, link_down },
	{ "link-delete", 18, DEVICE, true, link_delete },
	{ "link-delete, with a binding", 18, DEVICE | BOUND, true, link_delete },
};

static void want(struct channel *channel, struct message *message)
{
	struct answer answer;

	errno = -channel_exchange(channel, message, &answer);
	if (!errno)
		errno = -answer.error;
	if (errno || !answer.acked)
		die("preparing a command (%s)", answer.text);
}

static void bind_now(struct world *world, uint32_t index, uint16_t n)
{
	struct message message;

	world_bind(&message, world->family, index, n, n, NLM_F_CREATE);
	want(&world->genl[WORLD_A], &message);
}

/* Whether it is there or not. */
static void unbind(struct world *world, uint32_t index, uint16_t n)
{
	struct message message;
	struct answer answer;

	world_name(&message, world->family, PMIP6_CMD_BINDING_DEL, index, n);
	channel_exchange(&world->genl[WORLD_A], &message, &answer);
}

/* From no binding each time, so that it is the same each time. */
static void prepare(struct world *world, unsigned int before)
{
	struct message message;
	struct answer answer;
	uint16_t n;

	for (n = 1; n <= 3; n++) {
		unbind(world, WORLD_LMA, n);
		unbind(world, WORLD_MAG, n);
	}
	for (n = 0; n <= 1; n++) {
		world_set(&message, world->family, PMIP6_CMD_EXPIRY_SET_DEL,
			  WORLD_LMA, n ? PMIP6_EXPIRY_SET_ID_MAX : SET_ID);
		channel_exchange(&world->genl[WORLD_A], &message, &answer);
	}
	world_unlink(&message, SPARE);
	channel_exchange(&world->rtnl[WORLD_A], &message, &answer);
	if (before & SET) {
		set_new(world->family, &message);
		want(&world->genl[WORLD_A], &message);
	}
	if (before & MEMBER) {
		binding_joins(world->family, &message);
		want(&world->genl[WORLD_A], &message);
	}
	if (before & FIRST)
		bind_now(world, WORLD_LMA, 1);
	if (before & FLOW) {
		flow_new(world->family, &message);
		want(&world->genl[WORLD_A], &message);
	}
	if (before & TWO_FLOWS) {
		flow_new_other(world->family, &message);
		want(&world->genl[WORLD_A], &message);
	}
	if (before & SECOND)
		bind_now(world, WORLD_LMA, 2);
	if (before & VISITOR)
		bind_now(world, WORLD_MAG, 1);
	if (!(before & DEVICE))
		return;
	world_link(&message, &spare, NLM_F_CREATE | NLM_F_EXCL);
	want(&world->rtnl[WORLD_A], &message);
	if (before & BOUND)
		bind_now(world, SPARE, 1);
}

/**
 * struct shortage - which allocations fail
 * @nth: one, by its number; 0 none
 * @all: not that one, but all of them
 * @octets: after so many
 */
struct shortage {
	unsigned int nth;
	bool all;
	unsigned long octets;
};

static void begin(const struct shortage *shortage)
{
	if (shortage->all)
		fault_arm_after(shortage->octets);
	else
		fault_arm(shortage->nth);
}

static bool end(const struct shortage *shortage)
{
	return shortage->all ? fault_disarm_after() : fault_disarm();
}

/* Sent, while that fails; true if it came to that. */
static bool attempt(struct world *world, const struct scenario *scenario,
		    const struct shortage *shortage, struct answer *answer)
{
	struct channel channel;
	struct message message;
	bool injected;
	int err;

	channel_open(&channel, scenario->route ? NETLINK_ROUTE :
						 NETLINK_GENERIC);
	scenario->build(world->family, &message);
	memset(answer, 0, sizeof(*answer));
	begin(shortage);
	err = channel_send(&channel, &message);
	injected = end(shortage);
	while (channel_receive(&channel, answer))
		;
	if (err) {
		answer->acked = true;
		answer->error = err;
	}
	channel_close(&channel);
	return injected;
}

/*
 * Netlink says ENOBUFS. A device whose name there was no memory for is one
 * without a name to device_add(), which says EINVAL.
 */
static bool is_no_memory(const struct scenario *scenario, int error)
{
	return error == -ENOMEM || error == -ENOBUFS ||
	       (error == -EINVAL && scenario->build == link_create);
}

static void wrong(const struct scenario *scenario,
		  const struct shortage *shortage, const struct answer *answer,
		  const char *what)
{
	char when[64];

	if (shortage->all)
		snprintf(when, sizeof(when), "after %lu octets",
			 shortage->octets);
	else
		snprintf(when, sizeof(when), "allocation %u", shortage->nth);
	printf("# %s: %s: error %d%s \"%s\": %s\n", scenario->name, when,
	       answer->error, answer->lost ? "?" : "", answer->text, what);
}

static bool good(const struct scenario *scenario,
		 const struct shortage *shortage, const struct answer *answer,
		 const struct snapshot *before, const struct snapshot *done,
		 const struct snapshot *after)
{
	const struct snapshot *wanted = done;

	if (answer->error) {
		if (!is_no_memory(scenario, answer->error)) {
			wrong(scenario, shortage, answer, "another error");
			return false;
		}
		wanted = before;
	} else if (answer->lost && snapshot_same(after, before)) {
		return true;
	} else if (!answer->lost && !answer->acked && !answer->done) {
		wrong(scenario, shortage, answer, "no answer");
		return false;
	}
	if (snapshot_same(after, wanted))
		return true;
	wrong(scenario, shortage, answer, "the state is another");
	snapshot_print(wanted, after);
	return false;
}

/**
 * struct sweep - a command with one shortage after the other
 * @before: what is there without it
 * @done: and with it
 * @attempts: how often it came to a failure
 * @failed: of these it was refused
 * @lost: and so often nothing was heard
 * @passed: it was done all the same
 */
struct sweep {
	struct snapshot before;
	struct snapshot done;
	unsigned int attempts;
	unsigned int failed;
	unsigned int lost;
	unsigned int passed;
};

/* Until it comes to none; that one is in @answer, and it must be done. */
static bool sweep(struct world *world, const struct scenario *scenario,
		  struct sweep *all, struct shortage *shortage,
		  struct answer *answer)
{
	static struct snapshot again, after;

	for (;; shortage->nth++, shortage->octets += STEP) {
		prepare(world, scenario->before);
		snapshot_take(world, &again);
		if (!snapshot_same(&all->before, &again)) {
			printf("# %s: it can not be as before\n",
			       scenario->name);
			snapshot_print(&all->before, &again);
			return false;
		}
		if (!attempt(world, scenario, shortage, answer))
			break;
		snapshot_take(world, &after);
		if (!good(scenario, shortage, answer, &all->before, &all->done,
			  &after))
			return false;
		all->attempts++;
		all->failed += answer->error < 0;
		all->lost += answer->lost && !answer->error;
		all->passed += !answer->error && !answer->lost;
	}
	return !answer->error && !answer->lost && all->failed;
}

static void say(const struct scenario *scenario, const char *what,
		const struct sweep *all)
{
	printf("# %s: %s %u times: %u errors, %u answers lost, %u done all the same\n",
	       scenario->name, what, all->attempts, all->failed, all->lost,
	       all->passed);
}

static bool run(struct world *world, const struct scenario *scenario)
{
	struct shortage one = { .nth = 1 }, rest = { .all = true }, none = { 0 };
	static struct sweep single, every;
	struct answer answer;
	bool done;

	memset(&single, 0, sizeof(single));
	prepare(world, scenario->before);
	snapshot_take(world, &single.before);
	attempt(world, scenario, &none, &answer);
	snapshot_take(world, &single.done);
	if (answer.error || answer.lost || (!answer.acked && !answer.done)) {
		printf("# %s: without a failure: error %d\n", scenario->name,
		       answer.error);
		return false;
	}
	every = single;
	done = sweep(world, scenario, &single, &one, &answer);
	say(scenario, "one allocation failed,", &single);
	if (!done || single.attempts < scenario->least)
		return false;
	/* What else the core does for a link is not ours to exhaust. */
	if (scenario->route)
		return true;
	done = sweep(world, scenario, &every, &rest, &answer);
	say(scenario, "all the rest failed,", &every);
	return done;
}

void fault_test_commands(struct world *world)
{
	char what[128];
	unsigned int i;

	world_fill(world);
	for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		snprintf(what, sizeof(what), "%s: all or nothing",
			 scenarios[i].name);
		tap(run(world, &scenarios[i]), what);
	}
}

unsigned int fault_test_commands_count(void)
{
	return sizeof(scenarios) / sizeof(scenarios[0]);
}
