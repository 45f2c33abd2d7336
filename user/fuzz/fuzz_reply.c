// SPDX-License-Identifier: GPL-2.0
/*
 * Octets as what an agent answers pmipctl, which shows what it can and says
 * that it failed, or has nothing to show, otherwise. The first octet says what
 * was asked for, and how it is to be shown.
 *
 * Covers: user/pmipctl/agent.c user/pmipctl/mn.c user/pmipctl/peer.c
 * user/pmipctl/stats.c user/pmipctl/out.c
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "../pmipctl/args.h"
#include "../pmipctl/pmipctl.h"
#include "../pmipctl/show.h"
#include "fuzz.h"

#define JSON 0x40
#define STATISTICS 0x80

/* More does not fit in a socket at once. */
#define ANSWER_MAX 32768

struct options options = { .socket = "/nowhere" };

static const uint8_t *answer;
static size_t answer_len;
static int other_end = -1;

/* --- What is around it. */

int fail(const char *format, ...)
{
	REQUIRE(format);
	return 1;
}

/* In the place of the C library's: the agent has answered already. */
int connect(int fd, const struct sockaddr *to, socklen_t len)
{
	int pair[2];

	(void)to;
	(void)len;
	REQUIRE(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	REQUIRE(dup2(pair[0], fd) == fd);
	close(pair[0]);
	other_end = pair[1];
	REQUIRE(send(other_end, answer, answer_len, MSG_NOSIGNAL) ==
		(ssize_t)answer_len);
	REQUIRE(!shutdown(other_end, SHUT_WR));
	return 0;
}

/* The kernel has nothing to show. */
int show_dump(enum pmip6_cmd cmd, int ifindex_attr, uint32_t ifindex,
	      const char *what,
	      void (*each)(struct nlmsghdr *nlh, void *context))
{
	(void)cmd;
	(void)ifindex_attr;
	(void)ifindex;
	REQUIRE(what && each);
	return 0;
}

/* --- A command. */

static int run(uint8_t what)
{
	static const struct noun *const nouns[] = { &noun_mn, &noun_peer,
						    &noun_stats };
	char name[] = "02:00:00:00:00:01", address[] = "2001:db8:1::1";
	char *mn[] = { name }, *peer[] = { address };

	switch (what % 8) {
	case 0:
	case 1:
	case 2:
		return nouns[what % 8]->verbs[0].run(0, NULL);
	case 3:
	case 4:
	case 5:
	case 6:
		return noun_mn.verbs[what % 8 - 3].run(1, mn);
	default:
		return noun_peer.verbs[1].run(1, peer);
	}
}

/* What it prints is of no interest, and TAP goes there. */
static void run_silently(uint8_t what)
{
	static int nowhere = -1;
	int out;

	if (nowhere < 0)
		nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	fflush(stdout);
	out = dup(STDOUT_FILENO);
	REQUIRE(nowhere >= 0 && out >= 0);
	dup2(nowhere, STDOUT_FILENO);
	REQUIRE(run(what) <= 1);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size || size > ANSWER_MAX)
		return -1;
	options.json = data[0] & JSON;
	options.statistics = data[0] & STATISTICS;
	answer = data + 1;
	answer_len = size - 1;
	run_silently(data[0]);
	if (other_end >= 0)
		close(other_end);
	other_end = -1;
	return 0;
}
