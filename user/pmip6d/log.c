// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../mh/mh.h"
#include "log.h"

/* So many lines of one event at once, and so many a second after that. */
#define BURST 200
#define PER_SECOND 50

#define KINDS 160

/* How much of one event was said lately. */
struct kind {
	const char *event;
	double tokens;
	double updated;
	unsigned long suppressed;
};

static struct {
	enum report_level level;
	bool journal;
	struct kind kinds[KINDS];
} state = { .level = REPORT_INFO };

void log_init(enum report_level level)
{
	state.level = level;
	state.journal = getenv("JOURNAL_STREAM");
	/* One line is one write, whoever else writes to the same place. */
	setvbuf(stderr, NULL, _IOLBF, 4096);
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static struct kind *kind_of(const char *event)
{
	struct kind *kind;

	for (kind = state.kinds; kind < state.kinds + KINDS - 1; kind++) {
		if (!kind->event) {
			kind->event = event;
			kind->tokens = BURST;
			kind->updated = seconds();
		}
		if (!strcmp(kind->event, event))
			break;
	}
	/* More kinds than there is room for share the last one. */
	return kind;
}

static void begin(enum report_level level, const char *event)
{
	static const char priority[] = { '7', '6', '4', '3' };
	static const char *const name[] = { "debug", "info", "warning",
					    "error" };
	struct timespec ts;
	struct tm tm;
	char text[32];

	if (state.journal) {
		fprintf(stderr, "<%c>event=%s", priority[level], event);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	fprintf(stderr, "%s.%03ldZ level=%s event=%s", text,
		ts.tv_nsec / 1000000, name[level], event);
}

static bool may_say(enum report_level level, const char *event)
{
	struct kind *kind;
	double now;

	if (level < state.level)
		return false;
	now = seconds();
	kind = kind_of(event);
	kind->tokens += (now - kind->updated) * PER_SECOND;
	kind->updated = now;
	if (kind->tokens > BURST)
		kind->tokens = BURST;
	if (kind->tokens < 1) {
		kind->suppressed++;
		return false;
	}
	kind->tokens--;
	if (kind->suppressed) {
		begin(level, event);
		fprintf(stderr, " suppressed=%lu\n", kind->suppressed);
		kind->suppressed = 0;
	}
	return true;
}

void log_event(enum report_level level, const char *event, const char *format,
	       ...)
{
	va_list args;

	if (!may_say(level, event))
		return;
	begin(level, event);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

const char *log_quote(char *to, size_t size, const void *from, size_t len)
{
	const unsigned char *text = from;
	size_t used = 0;

	for (; len && used + 5 <= size; len--, text++) {
		if (*text > ' ' && *text < 0x7f && *text != '"' &&
		    *text != '\\' && *text != '=')
			to[used++] = (char)*text;
		else
			used += (size_t)snprintf(to + used, 5, "\\x%02x",
						 *text);
	}
	to[used] = '\0';
	return to;
}

static void say_addr(const char *key, const struct in6_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	fprintf(stderr, " %s=%s", key,
		inet_ntop(AF_INET6, addr, text, sizeof(text)));
}

static void say_words(const char *key, const char *words)
{
	fprintf(stderr, " %s=\"%s\"", key, words);
}

void log_report(const char *role, const struct report *report)
{
	char text[4 * MH_MN_ID_MAX + 8];

	if (!may_say(report->level, report->event))
		return;
	begin(report->level, report->event);
	fprintf(stderr, " role=%s", role);
	if (report->mn_id.len)
		fprintf(stderr, " mn=%s",
			log_quote(text, sizeof(text), report->mn_id.data,
				  report->mn_id.len));
	if (report->has_hnp) {
		say_addr("hnp", &report->hnp.addr);
		fprintf(stderr, "/%u", report->hnp.len);
	}
	if (report->has_peer)
		say_addr(!strcmp(role, "lma") ? "mag" : "lma", &report->peer);
	if (report->has_previous)
		say_addr("previous", &report->previous);
	if (report->status >= 0)
		fprintf(stderr, " status=%d", report->status);
	if (report->lifetime_s >= 0)
		fprintf(stderr, " lifetime=%llds",
			(long long)report->lifetime_s);
	if (report->has_ahead)
		fprintf(stderr, " clock-difference=%lldms",
			(long long)report->ahead_ms);
	if (report->group >= 0)
		fprintf(stderr, " group=%lld", (long long)report->group);
	if (report->flow >= 0)
		fprintf(stderr, " flow=%lld", (long long)report->flow);
	if (report->bindings >= 0)
		fprintf(stderr, " bindings=%lld", (long long)report->bindings);
	if (report->restart_counter >= 0)
		fprintf(stderr, " restart-counter=%lld",
			(long long)report->restart_counter);
	if (report->ifindex && if_indextoname(report->ifindex, text))
		fprintf(stderr, " access=%s", text);
	if (report->has_difference)
		fprintf(stderr, " clock-difference=%lldms",
			(long long)report->difference_ms);
	if (report->reason)
		say_words("reason", report->reason);
	fputc('\n', stderr);
}
