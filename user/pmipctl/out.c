// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <json-c/json.h>
#include <linux/pmip6.h>

#include "out.h"
#include "pmipctl.h"

/* Objects within objects within the list; deeper than any command goes. */
#define DEPTH 8

static struct json_object *stack[DEPTH];
static int depth;
static int begun;
static bool line_begun;

static void add(const char *key, struct json_object *value)
{
	struct json_object *top = stack[depth - 1];

	if (json_object_is_type(top, json_type_array))
		json_object_array_add(top, value);
	else
		json_object_object_add(top, key, value);
}

static void push(struct json_object *object)
{
	if (depth == DEPTH)
		abort();
	stack[depth++] = object;
}

static void begin(const char *key, struct json_object *object)
{
	if (depth)
		add(key, object);
	push(object);
}

void out_begin(void)
{
	if (!begun++ && options.json)
		begin(NULL, json_object_new_array());
}

void out_end(void)
{
	int flags = options.pretty ? JSON_C_TO_STRING_PRETTY :
				     JSON_C_TO_STRING_PLAIN;

	if (--begun || !options.json)
		return;
	puts(json_object_to_json_string_ext(stack[0], flags |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(stack[0]);
	depth = 0;
}

void out_object(void)
{
	if (options.json)
		begin(NULL, json_object_new_object());
	line_begun = false;
}

void out_object_end(void)
{
	if (options.json)
		depth--;
	else
		putchar('\n');
}

void out_nest(const char *key)
{
	if (options.json)
		begin(key, json_object_new_object());
}

void out_nest_end(void)
{
	if (options.json)
		depth--;
}

void out_list(const char *key)
{
	if (options.json)
		begin(key, json_object_new_array());
}

void out_list_end(void)
{
	out_nest_end();
}

void out_text(const char *text)
{
	if (options.json)
		return;
	fputs(text, stdout);
	line_begun = false;
}

/* Words are kept apart by one space; a new line begins without. */
static void word(const char *label, const char *value)
{
	const unsigned char *at = (const unsigned char *)value;

	if (line_begun)
		putchar(' ');
	line_begun = true;
	if (label)
		fputs(label, stdout);
	/* A name comes from the network: it must not drive the terminal. */
	for (; *at; at++)
		if (iscntrl(*at))
			printf("\\x%02x", *at);
		else
			putchar(*at);
}

void out_string(const char *key, const char *label, const char *value)
{
	if (options.json)
		add(key, json_object_new_string(value));
	else
		word(label, value);
}

void out_u64(const char *key, const char *label, uint64_t value)
{
	char text[24];

	if (options.json) {
		add(key, json_object_new_uint64(value));
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64, value);
	word(label, text);
}

void out_bool(const char *key, const char *text, bool value)
{
	if (options.json)
		add(key, json_object_new_boolean(value));
	else if (value)
		word(NULL, text);
}

void out_addr(const char *key, const char *label, const struct in6_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, addr, text, sizeof(text));
	out_string(key, label, text);
}

void out_prefix(const char *key, const char *label,
		const struct mh_prefix *prefix)
{
	char text[INET6_ADDRSTRLEN + sizeof("/128")];
	char addr[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &prefix->addr, addr, sizeof(addr));
	snprintf(text, sizeof(text), "%s/%u", addr, prefix->len);
	out_string(key, label, text);
}

void out_lladdr(const char *key, const char *label, const uint8_t *lladdr)
{
	char text[sizeof("00:00:00:00:00:00")];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", lladdr[0],
		 lladdr[1], lladdr[2], lladdr[3], lladdr[4], lladdr[5]);
	out_string(key, label, text);
}

void out_lifetime(const char *key, const char *label, uint64_t ms)
{
	char text[32];

	if (options.json) {
		if (ms == PMIP6_LIFETIME_FOREVER)
			add(key, NULL);
		else
			add(key, json_object_new_uint64(ms));
		return;
	}
	if (ms == PMIP6_LIFETIME_FOREVER)
		snprintf(text, sizeof(text), "forever");
	else
		snprintf(text, sizeof(text), "%" PRIu64 ".%03us", ms / 1000,
			 (unsigned int)(ms % 1000));
	word(label, text);
}
