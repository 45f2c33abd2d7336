// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_link.h>
#include <linux/pmip6.h>
#include <linux/rtnetlink.h>

#include "world.h"

/* In the range of victims, but never one. */
#define PROBE 130U

static const struct world_device base[] = {
	{ WORLD_LMA, "lma0", PMIP6_ROLE_LMA, 1, "2001:db8:a::/49" },
	{ WORLD_MAG, "mag0", PMIP6_ROLE_MAG, 2, "2001:db8:a:8000::/49" },
};

static const struct world_device far = {
	WORLD_FAR, "far0", PMIP6_ROLE_LMA, 0xff, NULL
};

static const struct world_device probe = {
	PROBE, "probe0", PMIP6_ROLE_LMA, 0x99, NULL
};

static const char links[] =
	"link set lo up\n"
	"link add a0 address 02:00:00:00:00:0a type veth peer name b0 address 02:00:00:00:00:0b netns %s\n"
	"link set a0 addrgenmode none up\n"
	"addr add 2001:db8:1::1/64 dev a0 nodad\n"
	"addr add 2001:db8:1::2/64 dev a0 nodad\n"
	"addr add 2001:db8:1::99/64 dev a0 nodad\n"
	"addr add 2001:db8:a:ffff::1/128 dev a0 nodad\n"
	"neigh add 2001:db8:1::ff lladdr 02:00:00:00:00:0b dev a0 nud permanent\n"
	"route add 2001:db8:2::/64 via 2001:db8:1::ff\n";

static const char links_b[] =
	"link set lo up\n"
	"link set b0 addrgenmode none up\n"
	"addr add 2001:db8:1::ff/64 dev b0 nodad\n"
	"neigh add 2001:db8:1::1 lladdr 02:00:00:00:00:0a dev b0 nud permanent\n"
	"neigh add 2001:db8:1::2 lladdr 02:00:00:00:00:0a dev b0 nud permanent\n"
	"route add local 2001:db8:2::/64 dev lo\n";

static struct in6_addr address(const char *text, unsigned int at, uint16_t n)
{
	struct in6_addr addr;

	inet_pton(AF_INET6, text, &addr);
	addr.s6_addr[at] = (uint8_t)(n >> 8);
	addr.s6_addr[at + 1] = (uint8_t)n;
	return addr;
}

struct in6_addr world_core(uint16_t n)
{
	return address("2001:db8:1::", 14, n);
}

struct in6_addr world_remote(uint16_t n)
{
	return address("2001:db8:2::", 14, n);
}

struct in6_addr world_hnp(uint16_t n)
{
	return address("2001:db8:a::", 6, n);
}

void world_link(struct message *message, const struct world_device *device,
		uint16_t flags)
{
	struct ifinfomsg ifi = {
		.ifi_index = (int)device->index,
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
	struct in6_addr local = world_core(device->local);
	size_t info, data;

	message_begin(message, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK | flags);
	message_append(message, &ifi, sizeof(ifi));
	message_put(message, IFLA_IFNAME, device->name,
		    strlen(device->name) + 1);
	info = message_nest(message, IFLA_LINKINFO);
	message_put(message, IFLA_INFO_KIND, PMIP6_LINK_KIND,
		    sizeof(PMIP6_LINK_KIND));
	data = message_nest(message, IFLA_INFO_DATA);
	message_u8(message, IFLA_PMIP6_ROLE, device->role);
	message_addr(message, IFLA_PMIP6_LOCAL, &local, -1);
	message_nest_end(message, data);
	message_nest_end(message, info);
}

void world_unlink(struct message *message, uint32_t index)
{
	struct ifinfomsg ifi = { .ifi_index = (int)index };

	message_begin(message, RTM_DELLINK, NLM_F_REQUEST | NLM_F_ACK);
	message_append(message, &ifi, sizeof(ifi));
}

void world_name(struct message *message, uint16_t family, uint8_t cmd,
		uint32_t index, uint16_t n)
{
	struct in6_addr hnp = world_hnp(n);

	message_genl(message, family, cmd, 0);
	message_u32(message, PMIP6_A_BINDING_IFINDEX, index);
	message_addr(message, PMIP6_A_BINDING_HNP, &hnp, 64);
}

/* Up to what says how long its path lives, with the two nests that this is in. */
static void begin_path(struct message *message, uint16_t family, uint32_t index,
		       uint16_t n, uint16_t remote, uint16_t flags,
		       size_t nests[2])
{
	struct in6_addr hnp = world_hnp(n), coa = world_remote(remote);

	message_genl(message, family, PMIP6_CMD_BINDING_NEW, flags);
	message_u32(message, PMIP6_A_BINDING_IFINDEX, index);
	message_addr(message, PMIP6_A_BINDING_HNP, &hnp, 64);
	nests[0] = message_nest(message, PMIP6_A_BINDING_PATHS);
	nests[1] = message_nest(message, PMIP6_A_PATHS_PATH);
	message_addr(message, PMIP6_A_PATH_REMOTE, &coa, -1);
}

static void end_path(struct message *message, const size_t nests[2])
{
	message_nest_end(message, nests[1]);
	message_nest_end(message, nests[0]);
}

void world_bind(struct message *message, uint16_t family, uint32_t index,
		uint16_t n, uint16_t remote, uint16_t flags)
{
	uint64_t lifetime = PMIP6_LIFETIME_FOREVER;
	size_t nests[2];

	begin_path(message, family, index, n, remote, flags, nests);
	message_put(message, PMIP6_A_PATH_LIFETIME, &lifetime,
		    sizeof(lifetime));
	message_u32(message, PMIP6_A_PATH_GENERATION, 7);
	end_path(message, nests);
}

void world_join(struct message *message, uint16_t family, uint32_t index,
		uint16_t n, uint32_t id, uint16_t flags)
{
	size_t nests[2];

	begin_path(message, family, index, n, n, flags, nests);
	message_u32(message, PMIP6_A_PATH_EXPIRY_SET, id);
	end_path(message, nests);
}

void world_flow(struct message *message, uint16_t family, uint32_t index,
		uint16_t n, uint16_t fid, uint16_t flags)
{
	struct in6_addr hnp = world_hnp(n);
	size_t list, flow, selector;
	uint16_t bid = 1;

	message_genl(message, family, PMIP6_CMD_FLOW_NEW, flags);
	message_u32(message, PMIP6_A_FLOWS_IFINDEX, index);
	message_addr(message, PMIP6_A_FLOWS_HNP, &hnp, 64);
	list = message_nest(message, PMIP6_A_FLOWS_LIST);
	flow = message_nest(message, PMIP6_A_FLOW_LIST_FLOW);
	message_put(message, PMIP6_A_FLOW_FID, &fid, sizeof(fid));
	message_put(message, PMIP6_A_FLOW_PRIORITY, &fid, sizeof(fid));
	message_put(message, PMIP6_A_FLOW_BIDS, &bid, sizeof(bid));
	selector = message_nest(message, PMIP6_A_FLOW_SELECTOR);
	message_put(message, PMIP6_A_SELECTOR_DESTINATION_PORT_FIRST, &fid,
		    sizeof(fid));
	message_nest_end(message, selector);
	message_nest_end(message, flow);
	message_nest_end(message, list);
}

void world_set(struct message *message, uint16_t family, uint8_t cmd,
	       uint32_t index, uint32_t id)
{
	uint64_t lifetime = PMIP6_LIFETIME_FOREVER;

	message_genl(message, family, cmd, 0);
	message_u32(message, PMIP6_A_EXPIRY_SET_IFINDEX, index);
	message_u32(message, PMIP6_A_EXPIRY_SET_ID, id);
	if (cmd != PMIP6_CMD_EXPIRY_SET_NEW)
		return;
	message_put(message, PMIP6_A_EXPIRY_SET_LIFETIME, &lifetime,
		    sizeof(lifetime));
	message_u32(message, PMIP6_A_EXPIRY_SET_GENERATION, 7);
}

void world_enter(int ns)
{
	if (setns(ns, CLONE_NEWNET))
		die("setns");
}

static int new_ns(void)
{
	int fd;

	if (unshare(CLONE_NEWNET))
		die("a new namespace");
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("/proc/self/ns/net");
	return fd;
}

static void ip_batch(const char *commands)
{
	FILE *ip = popen("ip -batch -", "w");

	if (!ip || fputs(commands, ip) < 0 || pclose(ip))
		die("ip -batch");
}

static void open_channels(struct world *world)
{
	const int ns[] = { world->a, world->b, world->home, world->a };
	unsigned int who;

	for (who = WORLD_A; who <= WORLD_WEAK; who++) {
		world_enter(ns[who]);
		/* What a socket may do, who opened it must have been let. */
		if (who == WORLD_WEAK && seteuid(65534))
			die("seteuid");
		channel_open(&world->genl[who], NETLINK_GENERIC);
		channel_open(&world->rtnl[who], NETLINK_ROUTE);
		if (who == WORLD_WEAK && seteuid(0))
			die("seteuid");
	}
}

/* A socket that only sends: what it would receive is none of its business. */
static void deafen(int fd)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = { .len = 1, .filter = &nothing };

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
		       sizeof(program)))
		die("SO_ATTACH_FILTER");
}

static void open_traffic(struct world *world)
{
	int on = 1;

	world_enter(world->b);
	world->tunnel = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_IPV6);
	world_enter(world->a);
	world->udp = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (world->tunnel < 0 || world->udp < 0)
		die("socket");
	deafen(world->tunnel);
	deafen(world->udp);
	setsockopt(world->tunnel, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof(on));
}

void world_open(struct world *world, uint16_t family)
{
	char commands[sizeof(links) + 64], path[64];

	memset(world, 0, sizeof(*world));
	world->family = family;
	world->home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	world->b = new_ns();
	world->a = new_ns();
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), world->b);
	snprintf(commands, sizeof(commands), links, path);
	ip_batch(commands);
	world_enter(world->b);
	ip_batch(links_b);
	open_channels(world);
	open_traffic(world);
}

void world_close(struct world *world)
{
	unsigned int who;

	for (who = WORLD_A; who <= WORLD_WEAK; who++) {
		channel_close(&world->genl[who]);
		channel_close(&world->rtnl[who]);
	}
	close(world->udp);
	close(world->tunnel);
	world_enter(world->home);
	close(world->a);
	close(world->b);
	close(world->home);
}

/* Must succeed, or find its place taken. */
static bool must(struct channel *channel, struct message *message)
{
	struct answer answer;

	errno = -channel_exchange(channel, message, &answer);
	if (!errno && answer.error != -EEXIST && answer.error != -EBUSY)
		errno = -answer.error;
	if (errno || !answer.acked)
		die("a command that must succeed (%s)", answer.text);
	return !answer.error;
}

static int ask(struct channel *channel, struct message *message)
{
	struct answer answer;
	int err;

	err = channel_exchange(channel, message, &answer);
	if (err)
		return err;
	return answer.acked ? answer.error : -EPROTO;
}

static bool is_there(struct world *world, uint32_t index)
{
	struct message message;
	struct answer answer;

	message_genl(&message, world->family, PMIP6_CMD_DEVICE_GET, 0);
	message_u32(&message, PMIP6_A_DEVICE_IFINDEX, index);
	channel_exchange(&world->genl[WORLD_A], &message, &answer);
	return answer.parts;
}

/* What was moved to the other namespace would be in the way. */
static void make_way(struct world *world, uint32_t index)
{
	struct message message;
	struct answer answer;

	world_unlink(&message, index);
	channel_exchange(&world->rtnl[WORLD_B], &message, &answer);
}

static void fill_base(struct world *world, const struct world_device *device)
{
	struct message message;
	char route[64];

	/* Where it is there, what was changed becomes as it was. */
	world_link(&message, device, 0);
	if (!is_there(world, device->index) ||
	    ask(&world->rtnl[WORLD_A], &message)) {
		/* Or it is another by that index. */
		world_unlink(&message, device->index);
		ask(&world->rtnl[WORLD_A], &message);
		make_way(world, device->index);
		world_link(&message, device, NLM_F_CREATE | NLM_F_EXCL);
		if (!must(&world->rtnl[WORLD_A], &message))
			return;
	}
	snprintf(route, sizeof(route), "route replace %s dev %s\n",
		 device->prefixes, device->name);
	ip_batch(route);
}

static void fill_far(struct world *world)
{
	struct ifinfomsg ifi = { .ifi_index = (int)far.index };
	struct message message;

	if (is_there(world, far.index))
		return;
	make_way(world, far.index);
	world_link(&message, &far, NLM_F_CREATE | NLM_F_EXCL);
	if (!must(&world->rtnl[WORLD_B], &message))
		return;
	message_begin(&message, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK);
	message_append(&message, &ifi, sizeof(ifi));
	message_u32(&message, IFLA_NET_NS_FD, (uint32_t)world->a);
	must(&world->rtnl[WORLD_B], &message);
}

void world_fill(struct world *world)
{
	unsigned int i;

	for (i = 0; i < sizeof(base) / sizeof(base[0]); i++)
		fill_base(world, &base[i]);
	fill_far(world);
}

struct indices {
	uint32_t index[64];
	unsigned int count;
};

static void take_index(const struct nlmsghdr *nlh, void *arg)
{
	const size_t header = NLMSG_LENGTH(GENL_HDRLEN);
	struct indices *found = arg;

	if (found->count < sizeof(found->index) / sizeof(found->index[0]))
		found->index[found->count++] =
			attr_u32(attr_find((const uint8_t *)nlh + header,
					   nlh->nlmsg_len - header,
					   PMIP6_A_DEVICE_IFINDEX));
}

static unsigned int empty_ns(struct world *world, enum world_who who)
{
	struct indices found = { .count = 0 };
	struct channel channel = world->genl[who];
	struct message message;
	struct answer answer;
	unsigned int i;

	channel.part = take_index;
	channel.arg = &found;
	message_genl(&message, world->family, PMIP6_CMD_DEVICE_GET, NLM_F_DUMP);
	channel_exchange(&channel, &message, &answer);
	world->genl[who].seq = channel.seq;
	if (!answer.done || answer.error)
		die("a dump of devices");
	for (i = 0; i < found.count; i++) {
		world_unlink(&message, found.index[i]);
		must(&world->rtnl[who], &message);
	}
	return found.count;
}

unsigned int world_empty(struct world *world)
{
	return empty_ns(world, WORLD_A) + empty_ns(world, WORLD_B) +
	       empty_ns(world, WORLD_HOME);
}

void world_packet(struct world *world, uint16_t n, uint16_t remote)
{
	struct sockaddr_in6 from = { .sin6_family = AF_INET6 };
	struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
	uint8_t inner[48] = { 0x60, [5] = 8, [6] = 17, [7] = 64, [45] = 8 };
	struct in6_addr mn = world_hnp(n), cn = world_core(n % 3 + 1);

	to.sin6_port = htons(9);
	mn.s6_addr[15] = 1;
	to.sin6_addr = mn;
	/* Whether they arrive is for the tables to say. */
	if (sendto(world->udp, inner, sizeof(inner), MSG_DONTWAIT,
		   (struct sockaddr *)&to, sizeof(to)) < 0 && errno == EBADF)
		die("sendto");
	memcpy(inner + 8, n & 0x8000 ? &cn : &mn, 16);
	memcpy(inner + 24, n & 0x8000 ? &mn : &cn, 16);
	from.sin6_addr = world_remote(remote);
	to.sin6_port = 0;
	to.sin6_addr = world_core(n & 0x8000 ? 2 : 1);
	if (bind(world->tunnel, (struct sockaddr *)&from, sizeof(from)))
		die("bind");
	if (sendto(world->tunnel, inner, sizeof(inner), MSG_DONTWAIT,
		   (struct sockaddr *)&to, sizeof(to)) < 0 && errno == EBADF)
		die("sendto");
}

const char *world_works(struct world *world)
{
	struct channel *genl = &world->genl[WORLD_A];
	struct channel *rtnl = &world->rtnl[WORLD_A];
	struct message message;

	world_link(&message, &probe, NLM_F_CREATE | NLM_F_EXCL);
	if (ask(rtnl, &message))
		return "a device can not be made";
	world_bind(&message, world->family, PROBE, 1, 1,
		   NLM_F_CREATE | NLM_F_EXCL);
	if (ask(genl, &message))
		return "a binding can not be made";
	world_name(&message, world->family, PMIP6_CMD_BINDING_GET, PROBE, 1);
	if (ask(genl, &message))
		return "a binding can not be shown";
	world_name(&message, world->family, PMIP6_CMD_BINDING_DEL, PROBE, 1);
	if (ask(genl, &message))
		return "a binding can not be removed";
	world_name(&message, world->family, PMIP6_CMD_BINDING_GET, PROBE, 1);
	if (ask(genl, &message) != -ENOENT)
		return "a binding that was removed is there";
	world_unlink(&message, PROBE);
	if (ask(rtnl, &message))
		return "a device can not be removed";
	return NULL;
}

bool world_dumps_highest(struct world *world)
{
	const struct world_device device = {
		INT_MAX, "highest0", PMIP6_ROLE_LMA, 0x99, NULL
	};
	struct channel *genl = &world->genl[WORLD_A];
	struct message message;
	struct answer all, one;

	world_link(&message, &device, NLM_F_CREATE | NLM_F_EXCL);
	if (!must(&world->rtnl[WORLD_A], &message))
		return false;
	message_genl(&message, world->family, PMIP6_CMD_DEVICE_GET, NLM_F_DUMP);
	channel_exchange(genl, &message, &all);
	message_genl(&message, world->family, PMIP6_CMD_DEVICE_GET, NLM_F_DUMP);
	message_u32(&message, PMIP6_A_DEVICE_IFINDEX, INT_MAX);
	channel_exchange(genl, &message, &one);
	world_unlink(&message, INT_MAX);
	return must(&world->rtnl[WORLD_A], &message) && all.done &&
	       all.parts == 4 && one.done && one.parts == 1;
}
