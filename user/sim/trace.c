// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "world.h"

void trace_line(struct sim *sim, const char *who, const char *format, ...)
{
	struct trace *trace = &sim->trace;
	char scratch[TRACE_LINE], *line = scratch;
	va_list arguments;
	int len;

	if (!trace->to) {
		if (!trace->kept)
			trace->kept = must_alloc(TRACE_KEPT *
						 sizeof(*trace->kept));
		line = trace->kept[trace->count % TRACE_KEPT];
	}
	trace->count++;
	len = snprintf(line, TRACE_LINE, "%6llu.%06llu %-6s ",
		       (unsigned long long)(sim->now_us / 1000000),
		       (unsigned long long)(sim->now_us % 1000000), who);
	va_start(arguments, format);
	vsnprintf(line + len, (size_t)(TRACE_LINE - len), format, arguments);
	va_end(arguments);
	if (trace->to)
		fprintf(trace->to, "%s\n", line);
}

void trace_print_kept(const struct trace *trace, FILE *to, unsigned int most,
		      const char *word)
{
	uint64_t first = trace->count > TRACE_KEPT ?
			 trace->count - TRACE_KEPT : 0;
	uint64_t at, from = trace->count;

	/* Back to where enough of them are, and forth again. */
	for (at = trace->count; at > first && most; at--) {
		if (word && !strstr(trace->kept[(at - 1) % TRACE_KEPT], word))
			continue;
		from = at - 1;
		most--;
	}
	for (at = from; at < trace->count; at++)
		if (!word || strstr(trace->kept[at % TRACE_KEPT], word))
			fprintf(to, "#   %s\n", trace->kept[at % TRACE_KEPT]);
}

void trace_free(struct trace *trace)
{
	free(trace->kept);
	trace->kept = NULL;
}

const char *trace_prefix(const struct mh_prefix *prefix, char *text)
{
	char address[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &prefix->addr, address, sizeof(address));
	snprintf(text, TRACE_TEXT, "%s/%u", address, prefix->len);
	return text;
}
