// SPDX-License-Identifier: GPL-2.0
/*
 * Bindings, and routes, by the million: many messages in one send, each of them
 * acknowledged. What was done, and how long it took, is printed as JSON.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <linux/pmip6.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "netlink.h"

enum command { ADD, RENEW, DELETE, DUMP, SETS, FLOWS, ROUTES, SOURCE_ROUTES, COMMANDS };

struct options {
	enum command command;
	uint32_t ifindex;
	uint32_t count;
	uint32_t first;
	uint32_t tunnels;
	uint32_t batch;
	uint32_t access;
	uint32_t set;
	uint32_t flows;
	uint32_t hit;
	uint64_t lifetime_ms;
	uint64_t together_ms;
	bool has_lladdr;
	bool has_via;
	uint8_t lladdr[6];
	struct in6_addr via;
	struct in6_addr prefix;
	struct in6_addr remote;
};

/* add_to() - @base with @n added to its octets 4 to 7 */
static struct in6_addr add_to(const struct in6_addr *base, uint32_t n)
{
	struct in6_addr addr = *base;

	addr.s6_addr32[1] = htonl(ntohl(addr.s6_addr32[1]) + n);
	return addr;
}

static void put_addition(struct session *s, const struct options *o, uint32_t n, uint64_t lifetime)
{
	struct in6_addr prefix = add_to(&o->prefix, n);
	struct in6_addr remote = add_to(&o->remote, n % o->tunnels);
	size_t at, paths, path;

	/* As pmip6d does for a refresh, or nobody is to be there yet. */
	at = nl_genl(s, NLM_F_ACK | NLM_F_CREATE |
		     (o->command == RENEW ? NLM_F_REPLACE : NLM_F_EXCL), PMIP6_CMD_BINDING_NEW);
	nl_put(s, PMIP6_A_BINDING_IFINDEX, &o->ifindex, sizeof(o->ifindex));
	nl_put_address(s, PMIP6_A_BINDING_HNP, &prefix, 64);
	paths = nl_nest(s, PMIP6_A_BINDING_PATHS);
	path = nl_nest(s, PMIP6_A_PATHS_PATH);
	nl_put_address(s, PMIP6_A_PATH_REMOTE, &remote, -1);
	if (o->set)
		nl_put(s, PMIP6_A_PATH_EXPIRY_SET, &o->set, sizeof(o->set));
	else
		nl_put(s, PMIP6_A_PATH_LIFETIME, &lifetime, sizeof(lifetime));
	if (o->access)
		nl_put(s, PMIP6_A_PATH_ACCESS_IFINDEX, &o->access, sizeof(o->access));
	if (o->has_lladdr)
		nl_put(s, PMIP6_A_PATH_LLADDR, o->lladdr, sizeof(o->lladdr));
	nl_end_nest(s, path);
	nl_end_nest(s, paths);
	nl_end(s, at);
}

static void put_deletion(struct session *s, const struct options *o, uint32_t n)
{
	struct in6_addr prefix = add_to(&o->prefix, n);
	size_t at;

	at = nl_genl(s, NLM_F_ACK, PMIP6_CMD_BINDING_DEL);
	nl_put(s, PMIP6_A_BINDING_IFINDEX, &o->ifindex, sizeof(o->ifindex));
	nl_put_address(s, PMIP6_A_BINDING_HNP, &prefix, 64);
	nl_end(s, at);
}

/* One that all of these paths have in common is made, or renewed. */
static void put_set(struct session *s, const struct options *o, uint64_t lifetime)
{
	size_t at;

	at = nl_genl(s, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, PMIP6_CMD_EXPIRY_SET_NEW);
	nl_put(s, PMIP6_A_EXPIRY_SET_IFINDEX, &o->ifindex, sizeof(o->ifindex));
	nl_put(s, PMIP6_A_EXPIRY_SET_ID, &o->set, sizeof(o->set));
	nl_put(s, PMIP6_A_EXPIRY_SET_LIFETIME, &lifetime, sizeof(lifetime));
	nl_end(s, at);
}

/* To a mobile node, or for what comes from it. */
static void put_route(struct session *s, const struct options *o, uint32_t n, bool by_source)
{
	const struct rtmsg header = {
		.rtm_family = AF_INET6,
		.rtm_dst_len = by_source ? 0 : 64,
		.rtm_src_len = by_source ? 64 : 0,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	struct in6_addr prefix = add_to(&o->prefix, n);
	size_t at;

	at = nl_begin(s, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	nl_header(s, &header, sizeof(header));
	nl_put(s, by_source ? RTA_SRC : RTA_DST, &prefix, sizeof(prefix));
	nl_put(s, RTA_OIF, &o->ifindex, sizeof(o->ifindex));
	if (o->has_via)
		nl_put(s, RTA_GATEWAY, &o->via, sizeof(o->via));
	nl_end(s, at);
}

/* ---- Flows -------------------------------------------------------------- */

/* So many in a message: each has all flows of its binding sorted anew. */
#define FLOWS_A_MESSAGE 256

/* Where packets of the one flow that is to be hit go, and of the first of the others. */
#define HIT_PORT	9
#define OTHER_PORT	20000

/*
 * Each is of UDP to a port of its own; of every second one it matters, too, from
 * which network its packets come.
 */
static void put_selector(struct session *s, const struct options *o, uint32_t n)
{
	struct in6_addr first = add_to(&o->remote, n), last = first;
	uint16_t port = n + 1 == o->hit ? HIT_PORT : OTHER_PORT + n;
	const uint8_t udp = IPPROTO_UDP;

	nl_put(s, PMIP6_A_SELECTOR_PROTOCOL_FIRST, &udp, sizeof(udp));
	nl_put(s, PMIP6_A_SELECTOR_DESTINATION_PORT_FIRST, &port, sizeof(port));
	if (port == HIT_PORT || n % 2)
		return;
	memset(&first.s6_addr[8], 0, 8);
	memset(&last.s6_addr[8], 0xff, 8);
	nl_put(s, PMIP6_A_SELECTOR_SOURCE_FIRST, &first, sizeof(first));
	nl_put(s, PMIP6_A_SELECTOR_SOURCE_LAST, &last, sizeof(last));
}

static void put_flow(struct session *s, const struct options *o, uint32_t n)
{
	const uint16_t fid = n + 1, bid = 1;
	size_t flow, selector;

	flow = nl_nest(s, PMIP6_A_FLOW_LIST_FLOW);
	nl_put(s, PMIP6_A_FLOW_FID, &fid, sizeof(fid));
	nl_put(s, PMIP6_A_FLOW_PRIORITY, &fid, sizeof(fid));
	nl_put(s, PMIP6_A_FLOW_BIDS, &bid, sizeof(bid));
	selector = nl_nest(s, PMIP6_A_FLOW_SELECTOR);
	put_selector(s, o, n);
	nl_end_nest(s, selector);
	nl_end_nest(s, flow);
}

/* put_flows() - those of the binding of number 0 from number @n * FLOWS_A_MESSAGE on */
static void put_flows(struct session *s, const struct options *o, uint32_t n)
{
	uint32_t at_flow = n * FLOWS_A_MESSAGE, end = at_flow + FLOWS_A_MESSAGE;
	size_t at, list;

	at = nl_genl(s, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, PMIP6_CMD_FLOW_NEW);
	nl_put(s, PMIP6_A_FLOWS_IFINDEX, &o->ifindex, sizeof(o->ifindex));
	nl_put_address(s, PMIP6_A_FLOWS_HNP, &o->prefix, 64);
	list = nl_nest(s, PMIP6_A_FLOWS_LIST);
	for (; at_flow < end && at_flow < o->flows; at_flow++)
		put_flow(s, o, at_flow);
	nl_end_nest(s, list);
	nl_end(s, at);
}

/* ---- Commands ----------------------------------------------------------- */

/*
 * Either each lives as long as it is told, or all until the same time from now, so
 * that they expire together however long it takes to add them.
 */
static uint64_t lifetime(const struct options *o, uint64_t start)
{
	uint64_t passed = (now_ns() - start) / 1000000;

	if (!o->together_ms)
		return o->lifetime_ms;
	return o->together_ms > passed ? o->together_ms - passed : 1;
}

static void put_message(struct session *s, const struct options *o, uint32_t n, uint64_t life)
{
	switch (o->command) {
	case ADD:
	case RENEW:
		put_addition(s, o, n, life);
		break;
	case DELETE:
		put_deletion(s, o, n);
		break;
	case SETS:
		put_set(s, o, life);
		break;
	case FLOWS:
		put_flows(s, o, n);
		break;
	default:
		put_route(s, o, n, o->command == SOURCE_ROUTES);
		break;
	}
}

static void change(struct session *s, const struct options *o)
{
	uint64_t start = now_ns();
	uint32_t done = 0, count, i;

	while (done < o->count) {
		uint64_t life = lifetime(o, start);

		count = o->count - done < o->batch ? o->count - done : o->batch;
		for (i = 0; i < count; i++)
			put_message(s, o, o->first + done + i, life);
		nl_send(s);
		nl_receive_acks(s, count);
		done += count;
	}
	printf("{\"messages\":%u,\"refused\":%u,\"ns\":%llu,\"reason\":\"%s%s%s\"}\n", done,
	       s->refused, (unsigned long long)(now_ns() - start),
	       s->refused ? strerror(s->first_error) : "", *s->first_reason ? ": " : "",
	       s->first_reason);
}

static void dump(struct session *s, const struct options *o)
{
	uint64_t start = now_ns(), longest = 0, before, after;
	uint32_t count = 0;
	bool ended = false;
	ssize_t got;
	size_t at;

	at = nl_genl(s, NLM_F_DUMP, PMIP6_CMD_BINDING_GET);
	nl_put(s, PMIP6_A_BINDING_IFINDEX, &o->ifindex, sizeof(o->ifindex));
	nl_end(s, at);
	nl_send(s);
	while (!ended) {
		const struct nlmsghdr *header = (struct nlmsghdr *)s->in;

		before = now_ns();
		got = recv(s->fd, s->in, sizeof(s->in), 0);
		if (got < 0)
			die("recv");
		after = now_ns();
		if (after - before > longest)
			longest = after - before;
		for (; NLMSG_OK(header, (size_t)got); header = NLMSG_NEXT(header, got)) {
			if (header->nlmsg_type == NLMSG_ERROR) {
				errno = -((const struct nlmsgerr *)NLMSG_DATA(header))->error;
				die("dump");
			}
			ended |= header->nlmsg_type == NLMSG_DONE;
			count += header->nlmsg_type == s->family;
		}
	}
	printf("{\"messages\":%u,\"ns\":%llu,\"longest_receive_ns\":%llu}\n", count,
	       (unsigned long long)(now_ns() - start), (unsigned long long)longest);
}

/* ---- The command line --------------------------------------------------- */

static const char *const commands[] = {
	[ADD] = "add",
	[RENEW] = "renew",
	[DELETE] = "del",
	[DUMP] = "dump",
	[SETS] = "sets",
	[FLOWS] = "flows",
	[ROUTES] = "routes",
	[SOURCE_ROUTES] = "source-routes",
};

static void usage(FILE *to)
{
	fputs("usage: fill COMMAND --dev DEV [options]\n"
	      "\n"
	      "  add            bindings of the pmip6 device DEV\n"
	      "  renew          the same, whether they are there or not\n"
	      "  del            these are deleted\n"
	      "  dump           how many it has\n"
	      "  sets           an expiry set is made, or renewed so many times\n"
	      "  flows          so many flow bindings of binding 0, which has none\n"
	      "  routes         by DEV, a route to each prefix\n"
	      "  source-routes  by DEV, a default route from each prefix\n"
	      "\n"
	      "  --count N      how many (1)\n"
	      "  --first N      number of the first (0); N is added to octets 4 to 7 of ADDR\n"
	      "  --prefix ADDR  /64 of number 0\n"
	      "  --remote ADDR  endpoint of tunnel 0\n"
	      "  --tunnels N    binding N has tunnel N modulo this (1); it is added to octets\n"
	      "                 4 to 7 of ADDR\n"
	      "  --batch N      messages a send, 1 to 1024 (256)\n"
	      "  --lifetime MS  of each (for ever)\n"
	      "  --together MS  all end so long after the first was added\n"
	      "  --set ID       expiry set, which they have in common\n"
	      "  --hit N        flow N, from 1 on, is of UDP to port 9, and no other (none)\n"
	      "  --access DEV   access interface\n"
	      "  --lladdr MAC   link-layer address of the mobile nodes\n"
	      "  --via ADDR     next hop of the routes\n", to);
}

static uint32_t number(const char *text, uint32_t low, uint32_t high)
{
	char *rest;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &rest, 10);
	if (errno || rest == text || *rest || *text == '-' || value < low || value > high) {
		fprintf(stderr, "fill: not a number from %u to %u: %s\n", low, high, text);
		exit(2);
	}
	return value;
}

static struct in6_addr address(const char *text)
{
	struct in6_addr addr;

	if (inet_pton(AF_INET6, text, &addr) != 1) {
		fprintf(stderr, "fill: not an IPv6 address: %s\n", text);
		exit(2);
	}
	return addr;
}

static uint32_t interface(const char *name)
{
	uint32_t ifindex = if_nametoindex(name);

	if (!ifindex)
		die(name);
	return ifindex;
}

static void mac(struct options *o, const char *text)
{
	const char *at = text;
	char *rest = NULL;
	size_t i;

	for (i = 0; i < sizeof(o->lladdr); i++) {
		unsigned long octet = strtoul(at, &rest, 16);
		char after = i + 1 < sizeof(o->lladdr) ? ':' : '\0';

		if (rest == at || octet > UINT8_MAX || *rest != after) {
			fprintf(stderr, "fill: not a link-layer address: %s\n", text);
			exit(2);
		}
		o->lladdr[i] = octet;
		at = rest + 1;
	}
	o->has_lladdr = true;
}

static void parse(struct options *o, int argc, char **argv)
{
	static const struct option words[] = {
		{ "dev", required_argument, NULL, 'd' },
		{ "count", required_argument, NULL, 'n' },
		{ "first", required_argument, NULL, 'f' },
		{ "prefix", required_argument, NULL, 'p' },
		{ "remote", required_argument, NULL, 'r' },
		{ "tunnels", required_argument, NULL, 't' },
		{ "batch", required_argument, NULL, 'b' },
		{ "lifetime", required_argument, NULL, 'l' },
		{ "together", required_argument, NULL, 'e' },
		{ "set", required_argument, NULL, 's' },
		{ "hit", required_argument, NULL, 'i' },
		{ "access", required_argument, NULL, 'a' },
		{ "lladdr", required_argument, NULL, 'm' },
		{ "via", required_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "h", words, NULL)) != -1) {
		switch (c) {
		case 'd':
			o->ifindex = interface(optarg);
			break;
		case 'n':
			o->count = number(optarg, 1, UINT32_MAX);
			break;
		case 'f':
			o->first = number(optarg, 0, UINT32_MAX);
			break;
		case 'p':
			o->prefix = address(optarg);
			break;
		case 'r':
			o->remote = address(optarg);
			break;
		case 't':
			o->tunnels = number(optarg, 1, UINT32_MAX);
			break;
		case 'b':
			o->batch = number(optarg, 1, BATCH_MAX);
			break;
		case 'l':
			o->lifetime_ms = number(optarg, 1, UINT32_MAX);
			break;
		case 'e':
			o->together_ms = number(optarg, 1, UINT32_MAX);
			break;
		case 's':
			o->set = number(optarg, 1, PMIP6_EXPIRY_SET_ID_MAX);
			break;
		case 'i':
			o->hit = number(optarg, 1, PMIP6_FLOWS_MAX);
			break;
		case 'a':
			o->access = interface(optarg);
			break;
		case 'm':
			mac(o, optarg);
			break;
		case 'v':
			o->via = address(optarg);
			o->has_via = true;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(2);
		}
	}
}

static enum command command_of(const char *word)
{
	enum command command;

	for (command = 0; word && command < COMMANDS; command++)
		if (!strcmp(word, commands[command]))
			return command;
	usage(stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	struct options o = {
		.count = 1,
		.tunnels = 1,
		.batch = 256,
		.lifetime_ms = PMIP6_LIFETIME_FOREVER,
	};
	static struct session session;

	parse(&o, argc, argv);
	o.command = command_of(argv[optind]);
	if (!o.ifindex || optind + 1 != argc || (o.command == SETS && !o.set)) {
		usage(stderr);
		return 2;
	}
	if (o.command == ROUTES || o.command == SOURCE_ROUTES) {
		nl_open(&session, NETLINK_ROUTE);
	} else {
		nl_open(&session, NETLINK_GENERIC);
		nl_find_family(&session);
	}
	if (o.command == FLOWS) {
		o.flows = o.count;
		o.count = (o.flows + FLOWS_A_MESSAGE - 1) / FLOWS_A_MESSAGE;
		o.batch = 1;
	}
	if (o.command == DUMP)
		dump(&session, &o);
	else
		change(&session, &o);
	return session.refused != 0;
}
