// SPDX-License-Identifier: GPL-2.0
/*
 * Sends messages of the family at random, and looks at what comes back: see
 * usage() below.  Prints TAP.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include <linux/pmip6.h>

#include "generate.h"
#include "memory.h"
#include "random.h"
#include "tap.h"

/* Errno values that are told apart; others are told as the last. */
#define ERRORS 134

#define DUMPERS 3
/* Parts of a dump then have room for a dozen bindings. */
#define DUMPER_ROOM 4096

#define COMPLAINTS_MAX 20

/* A link takes a hundred times as long as a message. */
#define LINKS_PER_MILLE 20

/* How often the world is put in order, and the family tried. */
#define ROUND 1000

/**
 * struct dumper - a dump that is in progress while others change things
 * @channel: its socket
 * @running: it was asked for and has not ended
 * @answer: what has come so far
 */
struct dumper {
	struct channel channel;
	bool running;
	struct answer answer;
};

/**
 * struct run - what happened
 * @world: where
 * @policy: by which policy
 * @generator: what makes the messages
 * @dumper: dumps in progress
 * @accepted: messages, by kind
 * @refused: messages, by kind and errno
 * @silent: refusals without a word by the core, by kind and errno
 * @sent: messages
 * @packets: pairs of packets
 * @abandoned: dumps that were not read to their end
 * @finished: dumps that were read slowly, and to their end
 * @complaints: what is wrong
 * @dumps_silent: the kernel has no place for the words of what starts a dump
 */
struct run {
	struct world world;
	struct policy policy;
	struct generator generator;
	struct dumper dumper[DUMPERS];
	unsigned long accepted[GENERATE_KINDS];
	unsigned long refused[GENERATE_KINDS][ERRORS];
	unsigned long silent[GENERATE_KINDS][ERRORS];
	unsigned long sent;
	unsigned long packets;
	unsigned long abandoned;
	unsigned long finished;
	unsigned int complaints;
	bool dumps_silent;
};

static const char *kind_name(unsigned int kind)
{
	static const char *const cmds[] = {
		[PMIP6_CMD_INFO_GET] = "info-get",
		[PMIP6_CMD_DEVICE_GET] = "device-get",
		[PMIP6_CMD_BINDING_NEW] = "binding-new",
		[PMIP6_CMD_BINDING_DEL] = "binding-del",
		[PMIP6_CMD_BINDING_GET] = "binding-get",
		[PMIP6_CMD_TUNNEL_GET] = "tunnel-get",
		[PMIP6_CMD_EXPIRY_SET_NEW] = "expiry-set-new",
		[PMIP6_CMD_EXPIRY_SET_DEL] = "expiry-set-del",
		[PMIP6_CMD_EXPIRY_SET_GET] = "expiry-set-get",
		[PMIP6_CMD_FLOW_NEW] = "flow-new",
		[PMIP6_CMD_FLOW_DEL] = "flow-del",
		[PMIP6_CMD_FLOW_GET] = "flow-get",
	};
	static const char *const others[] = {
		"link-create", "link-change", "link-delete", "no-command"
	};
	static char name[32];
	unsigned int cmd = kind / 2;

	if (kind >= GENERATE_CREATE)
		return others[kind - GENERATE_CREATE];
	if (cmd < sizeof(cmds) / sizeof(cmds[0]) && cmds[cmd])
		snprintf(name, sizeof(name), "%s%s", cmds[cmd],
			 kind % 2 ? "-dump" : "");
	else
		snprintf(name, sizeof(name), "command-%u", cmd);
	return name;
}

static void complain(struct run *run, const struct made *made, const char *what,
		     const struct answer *answer)
{
	size_t i;

	if (run->complaints++ >= COMPLAINTS_MAX)
		return;
	printf("# message %lu, %s: %s; error %d \"%s\"\n# ", run->sent,
	       kind_name(made->kind), what, answer->error, answer->text);
	for (i = 0; i < made->message.len; i++)
		printf("%02x", made->message.data[i]);
	putchar('\n');
}

/*
 * Where the core refuses before we are asked, it often says no word: who may
 * not, a header cut short, a second dump on a socket.
 */
static bool core_is_silent(const struct run *run, const struct made *made,
			   const struct answer *answer)
{
	bool dump = made->kind < GENERATE_CREATE && made->kind % 2;

	if (dump && run->dumps_silent)
		return true;

	switch (-answer->error) {
	case EPERM:
	case ENOMEM:
	case ENOBUFS:
		return true;
	case ENODEV:
	case EOPNOTSUPP:
		return made->kind == GENERATE_DELETE ||
		       made->kind == GENERATE_CHANGE;
	case EEXIST:
	case EBUSY:
		return made->kind == GENERATE_CREATE;
	default:
		return false;
	}
}

static void judge(struct run *run, const struct made *made,
		  const struct answer *answer)
{
	unsigned int err = answer->error < 0 ? (unsigned int)-answer->error : 0;

	if (answer->lost)
		complain(run, made, "its answer was lost", answer);
	/* More than one message, or none: whatever comes will do. */
	if (!made->framed)
		return;
	if (made->message.len < NLMSG_HDRLEN)
		return;
	if (!made->request) {
		if (made->ack && !answer->acked)
			complain(run, made, "is not answered", answer);
		return;
	}
	if (made->ack ? !answer->acked && !answer->done :
	    !made->mute && !answer->acked && !answer->done && !answer->parts)
		complain(run, made, "is not answered", answer);
	if (answer->parts && !answer->done && made->kind < GENERATE_CREATE &&
	    made->kind % 2)
		complain(run, made, "is a dump without an end", answer);
	if (answer->error > 0)
		complain(run, made, "has an error above zero", answer);

	if (!err) {
		run->accepted[made->kind]++;
		return;
	}
	if (err >= ERRORS)
		err = ERRORS - 1;
	run->refused[made->kind][err]++;
	if (answer->text[0])
		return;
	run->silent[made->kind][err]++;
	if (made->ours && !core_is_silent(run, made, answer))
		complain(run, made, "is refused without a word", answer);
}

/* What starts a dump finds no place for its words. */
static bool are_dumps_silent(struct run *run)
{
	struct message message;
	struct answer answer;
	uint32_t none = 99;

	message_genl(&message, run->policy.family, PMIP6_CMD_DEVICE_GET,
		     NLM_F_DUMP);
	message_put(&message, PMIP6_A_DEVICE_IFINDEX, &none, sizeof(none));
	errno = -channel_exchange(&run->world.genl[WORLD_A], &message, &answer);
	if (errno || answer.error != -ENODEV)
		die("a dump of a device that is not there");
	return !answer.text[0];
}

static void one_message(struct run *run, struct made *made)
{
	struct channel *channel;
	struct answer answer;
	int err;

	if (random_below(&run->generator.random, 1000) < LINKS_PER_MILLE)
		generate_link(&run->generator, made);
	else
		generate(&run->generator, made);
	channel = made->route ? &run->world.rtnl[made->who] :
				&run->world.genl[made->who];
	run->sent++;
	err = channel_exchange(channel, &made->message, &answer);
	if (err) {
		answer.error = err;
		complain(run, made, "can not be sent", &answer);
		return;
	}
	judge(run, made, &answer);
}

static void dumper_open(struct dumper *dumper)
{
	channel_open(&dumper->channel, NETLINK_GENERIC);
	dumper->channel.room = DUMPER_ROOM;
	dumper->running = false;
}

static void dumper_begin(struct run *run, struct dumper *dumper)
{
	static const uint8_t cmds[] = { PMIP6_CMD_BINDING_GET,
					PMIP6_CMD_TUNNEL_GET,
					PMIP6_CMD_EXPIRY_SET_GET,
					PMIP6_CMD_FLOW_GET,
					PMIP6_CMD_DEVICE_GET };
	uint64_t *random = &run->generator.random;
	struct message message;

	message_genl(&message, run->policy.family,
		     cmds[random_below(random, sizeof(cmds))], NLM_F_DUMP);
	memset(&dumper->answer, 0, sizeof(dumper->answer));
	if (channel_send(&dumper->channel, &message))
		die("sending a dump");
	dumper->running = true;
}

static void dumper_turn(struct run *run, struct dumper *dumper)
{
	struct answer *answer = &dumper->answer;

	if (!dumper->running) {
		dumper_begin(run, dumper);
		return;
	}
	if (random_percent(&run->generator.random, 10)) {
		channel_close(&dumper->channel);
		dumper_open(dumper);
		run->abandoned++;
		return;
	}
	if (!channel_receive(&dumper->channel, answer)) {
		printf("# message %lu: a dump in progress has stopped\n",
		       run->sent);
		run->complaints++;
		dumper->running = false;
	} else if (answer->done || answer->acked) {
		if (answer->error) {
			printf("# message %lu: a dump in progress gave %d\n",
			       run->sent, answer->error);
			run->complaints++;
		}
		run->finished++;
		dumper->running = false;
	}
}

static bool put_in_order(struct run *run)
{
	const char *problem;

	world_fill(&run->world);
	problem = world_works(&run->world);
	if (!problem)
		return true;
	printf("# after message %lu: %s\n", run->sent, problem);
	return false;
}

static bool send_all(struct run *run, unsigned long count)
{
	uint64_t *random = &run->generator.random;
	static struct made made;
	unsigned long end = run->sent + count;

	while (run->sent < end) {
		if (run->sent % ROUND == 0 && !put_in_order(run))
			return false;
		one_message(run, &made);
		if (random_percent(random, 5))
			dumper_turn(run,
				    &run->dumper[random_below(random, DUMPERS)]);
		if (random_percent(random, 3)) {
			world_packet(&run->world,
				     (uint16_t)(random_below(random, 64) |
						random_below(random, 2) << 15),
				     (uint16_t)random_below(random, 8));
			run->packets++;
		}
	}
	return put_in_order(run);
}

/* A part of a run, from an empty world to an empty world. */
static bool part(struct run *run, unsigned long count)
{
	bool works = send_all(run, count);
	unsigned int i;

	for (i = 0; i < DUMPERS; i++) {
		channel_close(&run->dumper[i].channel);
		dumper_open(&run->dumper[i]);
	}
	world_empty(&run->world);
	return works;
}

static unsigned long all_refused(const struct run *run, unsigned int kind)
{
	unsigned long sum = 0;
	unsigned int err;

	for (err = 0; err < ERRORS; err++)
		sum += run->refused[kind][err];
	return sum;
}

static void print_kind(const struct run *run, unsigned int kind)
{
	unsigned int err;

	printf("# %-18s accepted %7lu refused %7lu:", kind_name(kind),
	       run->accepted[kind], all_refused(run, kind));
	for (err = 0; err < ERRORS; err++)
		if (run->refused[kind][err])
			printf(" %s %lu", strerrorname_np((int)err) ?: "other",
			       run->refused[kind][err]);
	for (err = 0; err < ERRORS; err++)
		if (run->silent[kind][err])
			printf(" (without a word: %s %lu)",
			       strerrorname_np((int)err) ?: "other",
			       run->silent[kind][err]);
	putchar('\n');
}

/* What never reaches the code proves nothing about it. */
static bool all_reached(const struct run *run)
{
	const struct policy *policy = &run->policy;
	bool reached = true;
	unsigned int kind, cmd;

	for (kind = 0; kind < GENERATE_KINDS; kind++) {
		cmd = kind / 2;
		if (kind < GENERATE_CREATE &&
		    !(kind % 2 ? policy->has_dump[cmd] : policy->has_do[cmd]))
			continue;
		print_kind(run, kind);
		if (kind != GENERATE_NOTHING && !run->accepted[kind]) {
			printf("# none was accepted\n");
			reached = false;
		}
		if (!all_refused(run, kind)) {
			printf("# none was refused\n");
			reached = false;
		}
	}
	if (!run->abandoned || !run->finished || !run->packets) {
		printf("# no dump in progress, or no packets\n");
		reached = false;
	}
	return reached;
}

static void usage(void)
{
	fputs("usage: netlink-random COUNT SEED\n\n"
	      "Sends COUNT messages of the family \"pmip6\", and to links of that kind,\n"
	      "that follow from SEED and the policy that the kernel tells: right ones, and\n"
	      "such with attributes that are missing, too many, too short, too long, too\n"
	      "deep, unknown, or out of range; with and without CAP_NET_ADMIN, from three\n"
	      "namespaces, while dumps are in progress and packets pass. To be run as root.\n",
	      stderr);
	exit(2);
}

/* Up to 6.8 that is the kernel's. */
static bool may_be_silent(void)
{
	struct utsname name;

	if (uname(&name))
		die("uname");
	return strverscmp(name.release, "6.9") < 0;
}

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	unsigned long count = argc == 3 ? strtoul(argv[1], NULL, 0) : 0;
	static struct run run;
	long held, more, objects;
	bool works, again;
	unsigned int i;
	double begun;

	if (!count)
		usage();
	setvbuf(stdout, NULL, _IOLBF, 0);
	policy_learn(&run.policy, PMIP6_GENL_NAME);
	world_open(&run.world, run.policy.family);
	run.generator.random = strtoull(argv[2], NULL, 0);
	run.generator.policy = &run.policy;
	run.generator.world = &run.world;
	for (i = 0; i < DUMPERS; i++)
		dumper_open(&run.dumper[i]);

	printf("1..8\n# count %lu seed %s\n", count, argv[2]);
	run.dumps_silent = are_dumps_silent(&run);
	tap(!run.dumps_silent || may_be_silent(),
	    "what refuses to begin a dump says why, if the kernel lets it");
	world_fill(&run.world);
	tap(world_dumps_highest(&run.world),
	    "a device of the highest index is dumped once");
	begun = now();
	/* Once for caches to fill. */
	works = part(&run, count / 4);
	memory_objects();
	held = memory_held();
	again = part(&run, count - count / 4);
	objects = memory_objects();
	more = memory_held() - held;
	begun = now() - begun;

	printf("# %lu messages in %.1f s: %.0f a second; %lu pairs of packets, %lu dumps read slowly, %lu left\n",
	       run.sent, begun, (double)run.sent / begun, run.packets,
	       run.finished, run.abandoned);
	tap(all_reached(&run), "each command was accepted, and refused");
	tap(!run.complaints, "each message is answered, and each refusal of ours has a message");
	tap(works && again, "the family works afterwards");
	tap(!world_empty(&run.world), "no device is left");
	printf("# objects left: %ld\n", objects);
	tap(!objects, "no binding or path is left");
	printf("# memory: %ld KiB more\n", more);
	/* One accepted message in ten that leaks is 60 octets a message. */
	tap(more < 2048 + (long)(count / 100),
	    "memory does not grow with the messages");
	world_close(&run.world);
	return !!tap_failed();
}
