// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow_text.h"

/* Longer than any text that is one. */
#define TEXT_MAX (2 * FLOW_TEXT_MAX)

static const char *const actions[] = {
	[MH_FLOW_FORWARD] = "forward",
	[MH_FLOW_DROP] = "drop",
	[MH_FLOW_DUPLICATE] = "duplicate",
};

#define ACTIONS (sizeof(actions) / sizeof(actions[0]))

const char *flow_action_name(uint8_t action)
{
	return action < ACTIONS ? actions[action] : "unknown";
}

static bool parse_number(const char *value, uint16_t *number)
{
	unsigned long read;
	char *end;

	if (*value < '0' || *value > '9')
		return false;
	read = strtoul(value, &end, 10);
	if (*end || !read || read > UINT16_MAX)
		return false;
	*number = (uint16_t)read;
	return true;
}

static bool parse_action(const char *value, uint8_t *action)
{
	size_t one;

	for (one = 0; one < ACTIONS; one++)
		if (!strcmp(value, actions[one])) {
			*action = (uint8_t)one;
			return true;
		}
	return false;
}

/* What was said, so that nothing is said twice. */
struct said {
	bool action;
	bool any;
};

/* Returns NULL, or what is wrong with the value. */
static const char *parse_pair(const char *key, const char *value,
			      struct mh_flow *flow, struct said *said)
{
	uint16_t *number = !strcmp(key, "fid") ? &flow->fid :
			   !strcmp(key, "priority") ? &flow->priority : NULL;

	if (number && *number)
		return "can be said only once";
	if (number)
		return parse_number(value, number) ? NULL :
		       "is not a number from 1 to 65535";
	if (strcmp(key, "action"))
		return selector_parse_pair(key, value, &flow->selector);
	if (said->action)
		return "can be said only once";
	said->action = true;
	return parse_action(value, &flow->action) ? NULL :
	       "is not an action, which is forward, duplicate or drop";
}

static bool is_key(const char *word)
{
	return !strcmp(word, "fid") || !strcmp(word, "priority") ||
	       !strcmp(word, "action") || selector_is_key(word);
}

static bool parse_words(char *words, struct mh_flow *flow, struct said *said,
			char *why)
{
	const char *error;
	char *key, *value, *rest;

	for (key = strtok_r(words, " \t", &rest); key;
	     key = strtok_r(NULL, " \t", &rest)) {
		if (!strcmp(key, "any")) {
			said->any = true;
			continue;
		}
		if (!is_key(key)) {
			snprintf(why, FLOW_WHY_MAX,
				 "\"%.64s\" is no word of a flow: fid, priority, action, proto, sport, dport, from, to, dscp, flow-label, spi or any",
				 key);
			return false;
		}
		value = strtok_r(NULL, " \t", &rest);
		if (!value) {
			snprintf(why, FLOW_WHY_MAX, "%s needs a value", key);
			return false;
		}
		error = parse_pair(key, value, flow, said);
		if (error) {
			snprintf(why, FLOW_WHY_MAX, "%s \"%.96s\" %s", key,
				 value, error);
			return false;
		}
	}
	return true;
}

bool flow_parse(const char *text, struct mh_flow *flow, char *why)
{
	struct said said = { 0 };
	char words[TEXT_MAX];
	const char *error = NULL;

	memset(flow, 0, sizeof(*flow));
	flow->format = MH_SELECTOR_IPV6;
	if (strlen(text) >= sizeof(words)) {
		snprintf(why, FLOW_WHY_MAX, "it is too long");
		return false;
	}
	strcpy(words, text);
	if (!parse_words(words, flow, &said, why))
		return false;
	if (!flow->fid)
		error = "its identifier is missing: fid N";
	else if (!flow->priority)
		error = "its priority is missing: priority N";
	else if (said.any && flow->selector.fields)
		error = "any is all packets: say that, or which";
	else if (!said.any && !flow->selector.fields)
		error = "which packets it has is missing, like proto udp dport 5060: any is all";
	if (error)
		snprintf(why, FLOW_WHY_MAX, "%s", error);
	return !error;
}

void flow_print(const struct mh_flow *flow, char *text, size_t size)
{
	char selector[SELECTOR_TEXT_MAX];

	selector_print(&flow->selector, selector, sizeof(selector));
	snprintf(text, size, "fid %u priority %u action %s %s", flow->fid,
		 flow->priority, flow_action_name(flow->action), selector);
}
