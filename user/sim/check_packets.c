// SPDX-License-Identifier: GPL-2.0
/*
 * A packet to a mobile node goes to exactly the gateways that the state of its
 * anchor and the order of RFC 6089 5.2 and of draft-melia-netext-muho-solution
 * say. What they say is worked out here in the plainest way, and by nothing that
 * engine or kernel use.
 */
#include <stdio.h>
#include <string.h>

#include "../engine/lma_flow.h"
#include "../engine/lma_multihoming.h"
#include "packet.h"
#include "policy.h"
#include "world.h"

#define TUNNELS "a packet goes where anchor and specification say"

/* Engine and kernel may differ so much about when a path ends. */
#define NEAR_MS 7000u

/* Of a session that is looked at, so many packets are. */
#define PACKETS 3

/**
 * struct outcome - where a packet goes
 * @any: to one of those, and it is not said which
 * @count: how many
 * @to: to all of these
 */
struct outcome {
	bool any;
	unsigned int count;
	struct in6_addr to[FLOW_PATHS_MAX];
};

/* --- What is said. */

static bool reaches(const struct bce *bce, uint64_t now_ms)
{
	return bce->now.state == BCE_ACTIVE && lma_expires_ms(bce) > now_ms;
}

static bool is_within(uint32_t number, const uint32_t *range)
{
	return number >= range[0] && number <= range[1];
}

static bool is_between(const struct in6_addr *address,
		       const struct in6_addr *range)
{
	return memcmp(address, &range[0], sizeof(*address)) >= 0 &&
	       memcmp(address, &range[1], sizeof(*address)) <= 0;
}

/* RFC 6088: each field that is there; a packet without it is not meant. */
static bool is_meant(const struct selector *selector,
		     const struct packet *packet)
{
	unsigned int fields = selector->fields;

	if (fields & 1u << SELECTOR_SOURCE &&
	    !is_between(&packet->source, selector->address[SELECTOR_SOURCE]))
		return false;
	if (fields & 1u << SELECTOR_DESTINATION &&
	    !is_between(&packet->destination,
			selector->address[SELECTOR_DESTINATION]))
		return false;
	if (fields & 1u << SELECTOR_SPI &&
	    (!packet->has_spi ||
	     !is_within(packet->spi, selector->number[SELECTOR_SPI])))
		return false;
	if (fields & 1u << SELECTOR_FLOW_LABEL &&
	    !is_within(packet->flow_label,
		       selector->number[SELECTOR_FLOW_LABEL]))
		return false;
	if (fields & 1u << SELECTOR_SOURCE_PORT &&
	    (!packet->has_ports ||
	     !is_within(packet->source_port,
			selector->number[SELECTOR_SOURCE_PORT])))
		return false;
	if (fields & 1u << SELECTOR_DESTINATION_PORT &&
	    (!packet->has_ports ||
	     !is_within(packet->destination_port,
			selector->number[SELECTOR_DESTINATION_PORT])))
		return false;
	if (fields & 1u << SELECTOR_DS &&
	    !is_within(packet->ds, selector->number[SELECTOR_DS]))
		return false;
	return !(fields & 1u << SELECTOR_PROTOCOL) ||
	       is_within(packet->protocol, selector->number[SELECTOR_PROTOCOL]);
}

/* Of all interfaces, the flow of the next priority that means the packet. */
static const struct lma_flow *next_flow(const struct bce *bce,
					const struct packet *packet,
					uint32_t above)
{
	const struct lma_flow *flow, *best = NULL;
	const struct bce *path = bce;
	unsigned int i;

	do {
		for (i = 0; path->path && path->path->flows &&
		     i < path->path->flows->count; i++) {
			flow = &path->path->flows->flow[i];
			if (flow->priority > above &&
			    is_meant(&flow->selector, packet) &&
			    (!best || flow->priority < best->priority))
				best = flow;
		}
		path = bce_next_path(path);
	} while (path != bce);
	return best;
}

static void add(struct outcome *outcome, const struct bce *bce)
{
	outcome->to[outcome->count++] = bce->now.proxy_coa;
}

/* By the path that it is bound to, or by all; nothing if they are gone. */
static void follow(const struct bce *bce, const struct lma_flow *flow,
		   uint64_t now_ms, struct outcome *outcome)
{
	const struct bce *path = bce;

	do {
		if (reaches(path, now_ms) &&
		    (flow->action == MH_FLOW_DUPLICATE ||
		     path->path->bid == flow->bid))
			add(outcome, path);
		path = bce_next_path(path);
	} while (path != bce);
}

/* By the best priority of a path; by any, where several have that. */
static void take_default(const struct bce *bce, uint64_t now_ms,
			 struct outcome *outcome)
{
	unsigned int best = UINT8_MAX;
	const struct bce *path = bce;

	do {
		if (reaches(path, now_ms) && path->now.priority < best)
			best = path->now.priority;
		path = bce_next_path(path);
	} while (path != bce);
	do {
		if (reaches(path, now_ms) && path->now.priority == best)
			add(outcome, path);
		path = bce_next_path(path);
	} while (path != bce);
	outcome->any = outcome->count > 1;
}

static struct outcome expected(const struct bce *bce,
			       const struct packet *packet, uint64_t now_ms)
{
	struct outcome outcome = { 0 };
	const struct lma_flow *flow;
	uint32_t above = 0;

	while ((flow = next_flow(bce, packet, above))) {
		if (flow->action == MH_FLOW_DROP)
			return outcome;
		follow(bce, flow, now_ms, &outcome);
		if (outcome.count)
			return outcome;
		above = flow->priority;
	}
	take_default(bce, now_ms, &outcome);
	return outcome;
}

/* --- Whether it is so. */

static unsigned int times(const struct in6_addr *to, unsigned int count,
			  const struct in6_addr *address)
{
	unsigned int i, n = 0;

	for (i = 0; i < count; i++)
		n += IN6_ARE_ADDR_EQUAL(&to[i], address);
	return n;
}

static bool is_so(const struct outcome *said, const struct in6_addr *to,
		  unsigned int count)
{
	unsigned int i;

	if (said->any)
		return count == 1 && times(said->to, said->count, to);
	for (i = 0; i < count; i++)
		if (times(said->to, said->count, &to[i]) !=
		    times(to, count, &to[i]))
			return false;
	return count == said->count;
}

static const char *names_of(const struct agent *agent, const struct in6_addr *to,
			    unsigned int count, char *text, size_t size)
{
	const struct agent *mag;
	size_t len = 0;
	unsigned int i;

	snprintf(text, size, "nobody");
	for (i = 0; i < count && len < size; i++) {
		mag = agent_by_address(agent->sim, &to[i]);
		len += (size_t)snprintf(text + len, size - len, "%s%s",
					i ? "," : "", mag ? mag->name : "?");
	}
	return text;
}

static void compare(struct agent *agent, const struct bce *bce,
		    const struct kernel_binding *binding)
{
	struct sim *sim = agent->sim;
	struct packet packet = packet_draw(&sim->rng[STREAM_CHECK],
					   &binding->hnp);
	struct in6_addr to[FLOW_PATHS_MAX];
	unsigned int count = kernel_choose(agent, binding, &packet, to);
	struct outcome said = expected(bce, &packet, agent_now(agent).mono_ms);
	char text[PACKET_TEXT], goes[80], shall[80];
	struct mh_mn_id mn_id;

	sim->totals.packets++;
	if (is_so(&said, to, count))
		return;
	bce_mn_id(bce, &mn_id);
	check_fail(sim, TUNNELS,
		   "%s sends a packet of mn=%.*s to %s and not to %s%s: %s",
		   agent->name, mn_id.len, (const char *)mn_id.data,
		   names_of(agent, to, count, goes, sizeof(goes)),
		   said.any ? "one of " : "",
		   names_of(agent, said.to, said.count, shall, sizeof(shall)),
		   packet_print(&packet, text));
}

/* What is under way, what has failed, and what is about to end is in between. */
static bool stands(const struct bce *bce, uint64_t now_ms)
{
	const struct bce *path = bce;

	do {
		if (path->operation || path->unsure ||
		    lma_expires_ms(path) < now_ms + NEAR_MS)
			return false;
		path = bce_next_path(path);
	} while (path != bce);
	return true;
}

void check_packets(struct agent *agent, const struct bce *bce)
{
	const struct kernel_binding *binding;
	unsigned int i, j;

	if (!agent->reconciled || agent->reading || !agent->kernel.device ||
	    !stands(bce, agent_now(agent).mono_ms))
		return;
	for (i = 0; i < bce->prefix_count; i++) {
		binding = kernel_binding(&agent->kernel,
					 &bce->prefixes[i].prefix);
		if (!binding) {
			check_fail(agent->sim,
				   "a packet goes where anchor and specification say",
				   "%s has no binding of a session that stands",
				   agent->name);
			continue;
		}
		for (j = 0; j < PACKETS; j++)
			compare(agent, bce, binding);
	}
}

/* In turn: the sessions of whoever is next. */
void check_some_packets(struct sim *sim)
{
	uint32_t mn = sim->check.packets_of++ % sim->options.mns;
	struct agent *agent = mobile_lma(sim, mn);
	struct mh_mn_id mn_id = { 0 };
	const struct bc_mn *found;
	const struct bce *bce;

	if (!agent->up || agent->dying)
		return;
	mobile_id(mn, &mn_id);
	found = bc_mn(&agent->lma->bc, &mn_id);
	for (bce = found ? found->sessions : NULL; bce; bce = bce->next)
		if (!bce->path || !bce->path->shares)
			check_packets(agent, bce);
}
