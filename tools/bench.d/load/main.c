// SPDX-License-Identifier: GPL-2.0
/*
 * Gateways that register mobile nodes at an anchor, and refresh them, as fast as it
 * answers: so many updates are under way, and no more. What came of it is printed as
 * JSON.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "field.h"
#include "post.h"

/* RFC 5213 6.9.4 has a second, too, before an update is repeated. */
#define REPEAT_MS 1000

/* An anchor that is silent for as many of these does not live. */
#define SILENCES 30

struct options {
	uint32_t window;
	uint32_t refreshes;
};

/**
 * struct round - each mobile node once
 * @order: these, in the order that they come in
 * @next: how many have been asked for
 * @waiting: how many of these have no answer
 * @repeated: how many were asked for again
 * @refused: how many were refused
 * @status: why the first was
 * @took_us: how long each took
 * @done: how many have
 * @ns: how long all did
 */
struct round {
	uint32_t *order;
	uint32_t next;
	uint32_t waiting;
	uint32_t repeated;
	uint32_t refused;
	uint8_t status;
	uint32_t *took_us;
	uint32_t done;
	uint64_t ns;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void *must_have(size_t count, size_t size)
{
	void *room = calloc(count, size);

	if (!room)
		die("memory");
	return room;
}

/* Fisher and Yates; the same each time. */
static void shuffle(uint32_t *order, uint32_t count)
{
	uint32_t i, other, kept;

	for (i = count - 1; i > 0; i--) {
		other = (uint32_t)random() % (i + 1);
		kept = order[i];
		order[i] = order[other];
		order[other] = kept;
	}
}

/* What finds no room is taken back, and written again later. */
static void send_more(struct field *field, struct round *round, int fd, uint32_t window)
{
	struct letter letters[POST_BATCH];
	unsigned int count, sent, i;

	while (round->next < field->count && round->waiting < window) {
		for (count = 0; count < POST_BATCH && round->waiting + count < window &&
		     round->next + count < field->count; count++) {
			uint32_t mn = round->order[round->next + count];

			field->mobiles[mn].sent_ns = now_ns();
			field_write(field, mn, &letters[count]);
		}
		sent = post_send(fd, &field->anchor, letters, count);
		for (i = sent; i < count; i++)
			field->mobiles[round->order[round->next + i]].waiting = false;
		round->next += sent;
		round->waiting += sent;
		if (sent < count)
			return;
	}
}

static void repeat_all(struct field *field, struct round *round, int fd)
{
	struct letter letter;
	uint32_t i;

	for (i = 0; i < round->next; i++) {
		if (!field->mobiles[round->order[i]].waiting)
			continue;
		field_write(field, round->order[i], &letter);
		round->repeated += post_send(fd, &field->anchor, &letter, 1);
	}
}

static void take(struct field *field, struct round *round, const struct letter *letter)
{
	uint8_t status;
	uint32_t mn;

	if (!field_read(field, letter->data, letter->len, &mn, &status))
		return;
	round->waiting--;
	if (status && !round->refused++)
		round->status = status;
	round->took_us[round->done++] =
		(uint32_t)((now_ns() - field->mobiles[mn].sent_ns) / 1000);
}

static void run(struct field *field, struct round *round, int fd, uint32_t window)
{
	static struct letter letters[POST_BATCH];
	uint64_t start = now_ns();
	unsigned int got, silent = 0, i;

	shuffle(round->order, field->count);
	while (round->done < field->count) {
		send_more(field, round, fd, window);
		got = post_receive(fd, letters, REPEAT_MS);
		for (i = 0; i < got; i++)
			take(field, round, &letters[i]);
		silent = got ? 0 : silent + 1;
		if (silent == SILENCES) {
			errno = ETIMEDOUT;
			die("the anchor does not answer");
		}
		if (silent)
			repeat_all(field, round, fd);
	}
	round->ns = now_ns() - start;
}

static int by_value(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return (one > other) - (one < other);
}

static void print(const char *name, struct round *round, const char *after)
{
	uint32_t last = round->done - 1, *took = round->took_us;

	qsort(took, round->done, sizeof(*took), by_value);
	printf("\"%s\":{\"messages\":%u,\"ns\":%llu,\"refused\":%u,\"status\":%u,\"repeated\":%u,",
	       name, round->done, (unsigned long long)round->ns, round->refused, round->status,
	       round->repeated);
	printf("\"p50_us\":%u,\"p90_us\":%u,\"p99_us\":%u,\"max_us\":%u}%s",
	       took[(uint64_t)last * 50 / 100], took[(uint64_t)last * 90 / 100],
	       took[(uint64_t)last * 99 / 100], took[last], after);
}

static void round_init(struct round *round, uint32_t count)
{
	uint32_t i;

	*round = (struct round){ .order = must_have(count, sizeof(*round->order)) };
	round->took_us = must_have(count, sizeof(*round->took_us));
	for (i = 0; i < count; i++)
		round->order[i] = i;
}

static void round_free(struct round *round)
{
	free(round->order);
	free(round->took_us);
}

/* ---- The command line --------------------------------------------------- */

static void usage(FILE *to)
{
	fputs("usage: load --lma ADDR --from ADDR [options]\n"
	      "\n"
	      "  --lma ADDR     the anchor\n"
	      "  --from ADDR    the first gateway; the others are at the addresses after it\n"
	      "  --mags N       gateways (1)\n"
	      "  --count N      mobile nodes (1)\n"
	      "  --window N     updates under way at a time (256)\n"
	      "  --refreshes N  times that each is refreshed (1)\n", to);
}

static uint32_t number(const char *text, uint32_t low, uint32_t high)
{
	unsigned long long value;
	char *rest;

	errno = 0;
	value = strtoull(text, &rest, 10);
	if (errno || rest == text || *rest || *text == '-' || value < low || value > high) {
		fprintf(stderr, "load: not a number from %u to %u: %s\n", low, high, text);
		exit(2);
	}
	return (uint32_t)value;
}

static struct in6_addr address(const char *text)
{
	struct in6_addr addr;

	if (inet_pton(AF_INET6, text, &addr) != 1) {
		fprintf(stderr, "load: not an IPv6 address: %s\n", text);
		exit(2);
	}
	return addr;
}

static void parse(struct field *field, struct options *o, int argc, char **argv)
{
	static const struct option words[] = {
		{ "lma", required_argument, NULL, 'l' },
		{ "from", required_argument, NULL, 'f' },
		{ "mags", required_argument, NULL, 'm' },
		{ "count", required_argument, NULL, 'n' },
		{ "window", required_argument, NULL, 'w' },
		{ "refreshes", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "h", words, NULL)) != -1) {
		switch (c) {
		case 'l':
			field->anchor = address(optarg);
			break;
		case 'f':
			field->first = address(optarg);
			break;
		case 'm':
			field->gateway_count = number(optarg, 1, 1000000);
			break;
		case 'n':
			field->count = number(optarg, 1, 9999999);
			break;
		case 'w':
			o->window = number(optarg, 1, 65536);
			break;
		case 'r':
			o->refreshes = number(optarg, 0, 1000);
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(2);
		}
	}
	if (optind == argc && !IN6_IS_ADDR_UNSPECIFIED(&field->anchor) &&
	    !IN6_IS_ADDR_UNSPECIFIED(&field->first))
		return;
	usage(stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	struct field field = { .count = 1, .gateway_count = 1 };
	struct options o = { .window = 256, .refreshes = 1 };
	uint32_t refused, i;
	struct round round;
	int fd;

	parse(&field, &o, argc, argv);
	field.mobiles = must_have(field.count, sizeof(*field.mobiles));
	field.gateways = must_have(field.gateway_count, sizeof(*field.gateways));
	fd = post_open();
	round_init(&round, field.count);
	run(&field, &round, fd, o.window);
	printf("{");
	print("register", &round, ",\"refreshes\":{");
	refused = round.refused;
	round_free(&round);
	for (i = 0; i < o.refreshes; i++) {
		char name[16];

		round_init(&round, field.count);
		run(&field, &round, fd, o.window);
		snprintf(name, sizeof(name), "%u", i);
		print(name, &round, i + 1 < o.refreshes ? "," : "");
		refused += round.refused;
		round_free(&round);
	}
	puts("}}");
	free(field.mobiles);
	free(field.gateways);
	return refused != 0;
}
