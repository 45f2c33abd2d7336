// SPDX-License-Identifier: GPL-2.0
/*
 * Flows of a kernel's bindings, and where a packet goes: as kernel/flow.c,
 * kernel/selector.h and kernel/path_list.c do that.
 */
#include <errno.h>
#include <stdlib.h>

#include "../engine/alloc.h"
#include "packet.h"
#include "world.h"

/* --- Changes. */

static struct kernel_flow **find_flow(struct kernel_binding *binding,
				      uint16_t id)
{
	struct kernel_flow **at = &binding->flows;

	while (*at && (*at)->what.id != id)
		at = &(*at)->next;
	return at;
}

const struct kernel_flow *kernel_flow(const struct kernel_binding *binding,
				      uint16_t id)
{
	const struct kernel_flow *flow = binding->flows;

	while (flow && flow->what.id != id)
		flow = flow->next;
	return flow;
}

static void drop_flow(struct kernel_flow **at)
{
	struct kernel_flow *flow = *at;

	if (!flow)
		return;
	*at = flow->next;
	free(flow);
}

static bool priority_is_taken(const struct kernel_binding *binding,
			      const struct effect_flow *what)
{
	const struct kernel_flow *flow;

	for (flow = binding->flows; flow; flow = flow->next)
		if (flow->what.id != what->id &&
		    flow->what.priority == what->priority)
			return true;
	return false;
}

int kernel_set_flow(struct kernel *kernel, const struct effect_flow *what)
{
	struct kernel_binding *binding = kernel_binding(kernel, &what->hnp);
	struct kernel_flow **at, *flow;

	if (!binding)
		return ENOENT;
	if (priority_is_taken(binding, what))
		return EINVAL;
	drop_flow(find_flow(binding, what->id));
	for (at = &binding->flows;
	     *at && (*at)->what.priority < what->priority; at = &(*at)->next)
		;
	flow = must_alloc(sizeof(*flow));
	flow->what = *what;
	flow->next = *at;
	*at = flow;
	return 0;
}

void kernel_free_flows(struct kernel_binding *binding)
{
	while (binding->flows)
		drop_flow(&binding->flows);
}

void kernel_delete_flow(struct kernel *kernel, const struct effect_flow *flow)
{
	struct kernel_binding *binding = kernel_binding(kernel, &flow->hnp);

	if (!binding)
		return;
	if (flow->id)
		drop_flow(find_flow(binding, flow->id));
	else
		kernel_free_flows(binding);
}

/* --- What a packet has: kernel/selector.c. */

struct value {
	uint64_t high;
	uint64_t low;
};

struct key {
	unsigned int fields;
	struct value value[SELECTOR_FIELDS];
};

static struct value value_of(const struct in6_addr *address)
{
	struct value value = { 0 };
	int i;

	for (i = 0; i < 8; i++) {
		value.high = value.high << 8 | address->s6_addr[i];
		value.low = value.low << 8 | address->s6_addr[8 + i];
	}
	return value;
}

static void put_number(struct key *key, enum selector_field field,
		       uint64_t number)
{
	key->fields |= 1u << field;
	key->value[field] = (struct value){ .low = number };
}

static struct key key_of(const struct packet *packet)
{
	struct key key = {
		.fields = 1u << SELECTOR_SOURCE | 1u << SELECTOR_DESTINATION,
		.value = {
			[SELECTOR_SOURCE] = value_of(&packet->source),
			[SELECTOR_DESTINATION] =
				value_of(&packet->destination),
		},
	};

	put_number(&key, SELECTOR_FLOW_LABEL, packet->flow_label);
	put_number(&key, SELECTOR_DS, packet->ds);
	put_number(&key, SELECTOR_PROTOCOL, packet->protocol);
	if (packet->has_spi)
		put_number(&key, SELECTOR_SPI, packet->spi);
	if (packet->has_ports) {
		put_number(&key, SELECTOR_SOURCE_PORT, packet->source_port);
		put_number(&key, SELECTOR_DESTINATION_PORT,
			   packet->destination_port);
	}
	return key;
}

static bool is_below(const struct value *a, const struct value *b)
{
	return a->high < b->high || (a->high == b->high && a->low < b->low);
}

static bool is_within(const struct value *value, const struct value *first,
		      const struct value *last)
{
	return !is_below(value, first) && !is_below(last, value);
}

static bool is_in_range(const struct selector *selector, unsigned int field,
			const struct value *value)
{
	struct value first = { 0 }, last = { 0 };

	switch (field) {
	case SELECTOR_SOURCE:
	case SELECTOR_DESTINATION:
		first = value_of(&selector->address[field][0]);
		last = value_of(&selector->address[field][1]);
		break;
	default:
		first.low = selector->number[field][0];
		last.low = selector->number[field][1];
		break;
	}
	return is_within(value, &first, &last);
}

static bool matches(const struct selector *selector, const struct key *key)
{
	unsigned int field;

	if (selector->fields & ~key->fields)
		return false;
	for (field = 0; field < SELECTOR_FIELDS; field++)
		if (selector->fields & 1u << field &&
		    !is_in_range(selector, field, &key->value[field]))
			return false;
	return true;
}

/* --- Where it goes. */

static bool lives(const struct agent *agent, const struct kernel_path *path)
{
	return path && kernel_path_ends_us(&agent->kernel, path) >
	       agent->sim->now_us;
}

/* The same for each packet of a connection, whatever other paths there are. */
static uint64_t share(const struct kernel_path *path, uint32_t hash)
{
	struct rng rng = { .state = (uint64_t)hash << 16 | path->what.bid };

	return rng_next(&rng);
}

static unsigned int by_default(const struct agent *agent,
			       const struct kernel_binding *binding,
			       const struct packet *packet, struct in6_addr *to)
{
	const struct kernel_path *path = binding->paths, *best;

	while (path && !lives(agent, path))
		path = path->next;
	if (!path)
		return 0;
	best = path;
	while ((path = path->next) &&
	       path->what.priority == best->what.priority)
		if (lives(agent, path) && share(path, packet->hash) >
					  share(best, packet->hash))
			best = path;
	*to = best->what.remote;
	return 1;
}

static unsigned int by_flow(const struct agent *agent,
			    const struct kernel_binding *binding,
			    const struct effect_flow *flow, struct in6_addr *to)
{
	const struct kernel_path *path;
	unsigned int i, count = 0;

	for (i = 0; i < flow->bid_count; i++) {
		path = kernel_path_by_bid(binding, flow->bid[i]);
		if (!lives(agent, path))
			continue;
		to[count++] = path->what.remote;
		if (flow->action == MH_FLOW_FORWARD)
			break;
	}
	return count;
}

unsigned int kernel_choose(const struct agent *agent,
			   const struct kernel_binding *binding,
			   const struct packet *packet, struct in6_addr *to)
{
	struct key key = key_of(packet);
	const struct kernel_flow *flow;
	unsigned int count;

	for (flow = binding->flows; flow; flow = flow->next) {
		if (!matches(&flow->what.selector, &key))
			continue;
		/* One that drops needs no path; others are inactive without. */
		if (flow->what.action == MH_FLOW_DROP)
			return 0;
		count = by_flow(agent, binding, &flow->what, to);
		if (count)
			return count;
	}
	return by_default(agent, binding, packet, to);
}
