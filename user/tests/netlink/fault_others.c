// SPDX-License-Identifier: GPL-2.0
/* What is no command: the module, namespaces, packets. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/pmip6.h>

#include "fault.h"
#include "fault_tests.h"
#include "memory.h"
#include "tap.h"
#include "world.h"

/* More than anything allocates. */
#define ALL 1000000U

/*
 * A new namespace allocates a thousand times, nearly all not for us. kmemleak adds one
 * of its own to each, without which the namespace does as well.
 */
#define NAMESPACES 200U

#define MNS 8U
#define PACKETS 4000U

static bool is_loaded(void)
{
	return !access("/sys/module/pmip6", F_OK);
}

static bool unload(void)
{
	return !syscall(SYS_delete_module, "pmip6", O_NONBLOCK);
}

static int load(int fd)
{
	return syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
}

void fault_load_module(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	errno = fd < 0 ? errno : -load(fd);
	if (errno)
		die("%s", file);
	close(fd);
}

void fault_test_module(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), err;
	unsigned int nth, failed = 0;
	bool injected, good = true;

	if (fd < 0)
		die("%s", file);
	for (nth = 1; good; nth++) {
		fault_arm(nth);
		err = load(fd);
		injected = fault_disarm();
		if (!injected)
			break;
		failed += !!err;
		if (err && (err != -ENOMEM || is_loaded())) {
			printf("# module: allocation %u: error %d, loaded: %d\n",
			       nth, err, is_loaded());
			good = false;
		} else if (!err && !unload()) {
			printf("# module: allocation %u: it can not be removed\n",
			       nth);
			good = false;
		}
	}
	close(fd);
	printf("# module: %u allocations failed: %u errors\n", nth - 1, failed);
	tap(good && !err && is_loaded() && failed >= 50,
	    "loading the module: all or nothing");
}

void fault_test_leaks(void)
{
	bool unloaded = unload();
	long leaked;

	if (!unloaded)
		printf("# it can not be removed: %s\n", strerror(errno));
	leaked = memory_leaked();
	printf("# leaked: %ld\n", leaked);
	tap(unloaded && !leaked, "kmemleak finds nothing");
}

static int new_namespace(void)
{
	return unshare(CLONE_NEWNET) ? -errno : 0;
}

static unsigned int namespace_allocations(int home)
{
	unsigned int used;

	fault_arm(ALL);
	if (new_namespace())
		die("a new namespace");
	used = fault_used(ALL);
	world_enter(home);
	return used;
}

void fault_test_namespace(void)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), err;
	unsigned int ours = memory_can_leak() ? NAMESPACES / 2 : NAMESPACES;
	unsigned int all, nth, tried = 0, failed = 0;
	bool good;

	all = namespace_allocations(home);
	/* What was loaded last comes last; the rest is not ours to test. */
	for (nth = all > NAMESPACES ? all - NAMESPACES : 1; nth <= all; nth++) {
		fault_arm(nth);
		err = new_namespace();
		tried += fault_disarm();
		/* What it says is not for us to say, nor always ENOMEM. */
		if (err)
			failed++;
		else
			world_enter(home);
	}
	good = !new_namespace();
	world_enter(home);
	close(home);
	printf("# namespaces: %u allocations, of which %u failed: %u errors\n",
	       all, tried, failed);
	tap(good && failed >= ours / 3,
	    "new namespaces: all or nothing");
}

static const struct world_device gateway = {
	WORLD_SPARE, "gateway0", PMIP6_ROLE_MAG, 7, NULL
};

/* In a namespace of its own: 1 if it came to that allocation, 0, or an error. */
static int first_gateway(struct world *world, unsigned int nth,
			 unsigned int *failed)
{
	struct channel rtnl, genl;
	struct message message;
	struct answer answer;
	bool injected;

	if (new_namespace())
		die("a new namespace");
	channel_open(&rtnl, NETLINK_ROUTE);
	channel_open(&genl, NETLINK_GENERIC);
	world_link(&message, &gateway, NLM_F_CREATE | NLM_F_EXCL);
	fault_arm(nth);
	answer.error = channel_exchange(&rtnl, &message, &answer) ?:
		       answer.error;
	injected = fault_disarm();
	if (answer.error) {
		(*failed)++;
		/* Nothing of it is there, so that it can be made now. */
		channel_exchange(&rtnl, &message, &answer);
	} else if (answer.lost) {
		answer.error = 0;
	}
	message_genl(&message, world->family, PMIP6_CMD_DEVICE_GET, 0);
	message_u32(&message, PMIP6_A_DEVICE_IFINDEX, WORLD_SPARE);
	if (!answer.error)
		channel_exchange(&genl, &message, &answer);
	channel_close(&rtnl);
	channel_close(&genl);
	world_enter(world->a);
	if (answer.error || !answer.parts)
		return answer.error ? answer.error : -ENODEV;
	return injected;
}

void fault_test_gateway(struct world *world)
{
	unsigned int nth, failed = 0;
	int result;

	for (nth = 1; (result = first_gateway(world, nth, &failed)) > 0; nth++)
		;
	printf("# gateway: %u allocations failed: %u errors\n", nth - 1,
	       failed);
	if (result)
		printf("# gateway: allocation %u: error %d\n", nth, result);
	tap(!result && failed >= 20,
	    "the first gateway of a namespace: all or nothing");
}

/**
 * struct counts - of a device
 * @rx: packets out of tunnels
 * @tx: packets into tunnels
 * @no_memory: packets dropped for want of it
 */
struct counts {
	uint64_t rx;
	uint64_t tx;
	uint64_t no_memory;
};

static uint64_t counter(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attr;
	uint64_t value = 0;

	attr = nest ? attr_find(attr_data(nest), attr_len(nest), type) : NULL;
	if (attr)
		memcpy(&value, attr_data(attr), sizeof(value));
	return value;
}

static void take_counts(const struct nlmsghdr *nlh, void *arg)
{
	const uint8_t *attrs = (const uint8_t *)NLMSG_DATA(nlh) + GENL_HDRLEN;
	size_t len = nlh->nlmsg_len - (size_t)NLMSG_LENGTH(GENL_HDRLEN);
	const struct nlattr *stats, *drops;
	struct counts *counts = arg;

	stats = attr_find(attrs, len, PMIP6_A_DEVICE_STATS);
	drops = attr_find(attrs, len, PMIP6_A_DEVICE_DROPS);
	counts->rx += counter(stats, PMIP6_A_STATS_RX_PACKETS);
	counts->tx += counter(stats, PMIP6_A_STATS_TX_PACKETS);
	counts->no_memory += counter(drops, PMIP6_DROP_NO_MEMORY);
}

static void count(struct world *world, struct counts *counts)
{
	struct channel *genl = &world->genl[WORLD_A];
	struct message message;
	struct answer answer;

	memset(counts, 0, sizeof(*counts));
	genl->part = take_counts;
	genl->arg = counts;
	message_genl(&message, world->family, PMIP6_CMD_DEVICE_GET, NLM_F_DUMP);
	channel_exchange(genl, &message, &answer);
	genl->part = NULL;
	if (!answer.done || answer.error)
		die("a dump of devices");
}

static void bind_mns(struct world *world)
{
	struct message message;
	struct answer answer;
	uint16_t n;

	world_fill(world);
	for (n = 0; n < MNS; n++) {
		world_bind(&message, world->family, WORLD_LMA, n, n,
			   NLM_F_CREATE);
		channel_exchange(&world->genl[WORLD_A], &message, &answer);
		world_bind(&message, world->family, WORLD_MAG, n | 0x8000, n,
			   NLM_F_CREATE);
		channel_exchange(&world->genl[WORLD_A], &message, &answer);
	}
}

static void packets(struct world *world, unsigned int pairs)
{
	unsigned int i;

	for (i = 0; i < pairs; i++)
		world_packet(world,
			     (uint16_t)(i % MNS | (i / MNS % 2 ? 0x8000 : 0)),
			     (uint16_t)(i % MNS));
}

/* What is sent, arrives: half by each device. */
static bool all_pass(struct world *world)
{
	const unsigned int sent = 10 * 2 * MNS;
	struct counts before, after;

	count(world, &before);
	packets(world, sent);
	count(world, &after);
	printf("# packets: %llu into tunnels and %llu out of them, of %u\n",
	       (unsigned long long)(after.tx - before.tx),
	       (unsigned long long)(after.rx - before.rx), sent);
	return after.tx - before.tx >= sent / 2 &&
	       after.rx - before.rx == sent;
}

/* While one allocation in ten fails; how many did. */
static unsigned long shortage(struct world *world, struct counts *counts)
{
	struct counts before, after;
	unsigned long injected;

	count(world, &before);
	fault_begin(10);
	packets(world, PACKETS);
	injected = fault_end();
	count(world, &after);
	counts->rx = after.rx - before.rx;
	counts->tx = after.tx - before.tx;
	counts->no_memory = after.no_memory - before.no_memory;
	printf("# packets: %lu allocations failed; of %u pairs %llu into tunnels, %llu out of them, %llu without memory\n",
	       injected, PACKETS, (unsigned long long)counts->tx,
	       (unsigned long long)counts->rx,
	       (unsigned long long)counts->no_memory);
	return injected;
}

void fault_test_packets(struct world *world)
{
	struct counts counts;
	unsigned long injected;
	bool passed;
	long more;

	bind_mns(world);
	/* The first finds routes. */
	packets(world, 2 * MNS);
	passed = all_pass(world);
	/* Once for queues to fill: some hundred buffers wait in them. */
	shortage(world, &counts);
	more = memory_cache("skbuff_head_cache");
	injected = shortage(world, &counts);
	more = memory_cache("skbuff_head_cache") - more;
	printf("# packets: %ld buffers more\n", more);
	tap(all_pass(world) && passed, "packets pass after a shortage");
	tap(injected >= PACKETS / 40 && counts.tx && counts.rx &&
	    counts.no_memory >= injected / 4,
	    "packets are dropped for want of memory, and counted so");
	tap(more < (long)injected / 2, "no packet has leaked");
}
