// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "../engine/alloc.h"
#include "network.h"
#include "world.h"

/* What a line has room for. */
#define FLOWS_TEXT 120

/**
 * struct letter - a message on its way
 * @src: its source
 * @dst: its destination
 * @len: octets of @data
 * @data: those
 */
struct letter {
	struct in6_addr src;
	struct in6_addr dst;
	size_t len;
	uint8_t data[];
};

static void deliver(struct sim *sim, const struct event *event)
{
	struct agent *to = &sim->agents[event->who];
	struct letter *letter = event->data;

	if (to->up && !to->dying) {
		sim->totals.messages++;
		agent_on_packet(to, &letter->src, letter->data, letter->len);
	}
	free(letter);
}

static bool is_parted(struct sim *sim, uint32_t one, uint32_t other)
{
	struct partition *at;
	uint32_t i = 0;

	while (i < sim->partition_count) {
		at = &sim->partitions[i];
		if (at->until_us <= sim->now_us) {
			*at = sim->partitions[--sim->partition_count];
			continue;
		}
		if ((at->one == one && at->other == other) ||
		    (at->one == other && at->other == one))
			return true;
		i++;
	}
	return false;
}

void network_part(struct sim *sim, uint32_t one, uint32_t other,
		  uint64_t until_us)
{
	sim->partitions = must_realloc(sim->partitions,
				       (sim->partition_count + 1) *
				       sizeof(*sim->partitions));
	sim->partitions[sim->partition_count++] = (struct partition){
		.one = one,
		.other = other,
		.until_us = until_us,
	};
}

static uint64_t travel_us(struct sim *sim)
{
	uint64_t us = sim_draw(sim, STREAM_NETWORK, sim->setup.latency_us / 2,
			       sim->setup.latency_us);

	if (fault_happens(sim, FAULT_REORDER))
		us += sim_draw(sim, STREAM_NETWORK, 1, 200) * US_PER_MS;
	if (fault_happens(sim, FAULT_DELAY))
		us += sim_draw(sim, STREAM_NETWORK, 200, 5000) * US_PER_MS;
	return us;
}

/* What is said of flows: identifier, operation, status. */
static const char *flows_of(const struct mh_options *options, char *text)
{
	const struct mh_flow *flow;
	size_t len = 0;
	unsigned int i;

	snprintf(text, FLOWS_TEXT, "%s",
		 options->has_multihoming ? " multihoming" : "");
	len = strlen(text);
	for (i = 0; i < options->flow_count && len < FLOWS_TEXT; i++) {
		flow = &options->flow[i];
		len += (size_t)snprintf(text + len, FLOWS_TEXT - len,
					"%s%u:%u:%u", i ? "," : " flows=",
					flow->fid, mh_flow_wants(flow),
					flow->status);
	}
	return text;
}

static void trace_message(struct agent *from, const char *name,
			  const struct mh_message *message, const char *fate)
{
	const struct mh_binding_update *bu = &message->bu;
	const struct mh_binding_ack *ba = &message->ba;
	const struct mh_options *options;
	char text[FLOWS_TEXT];

	switch (message->type) {
	case MH_BINDING_UPDATE:
		options = &bu->options;
		TRACE(from->sim, from->name,
		      "pbu to %s mn=%.*s seq=%u lifetime=%u hi=%u ts=%llx%s%s",
		      name, options->mn_id.len,
		      (const char *)options->mn_id.data, bu->sequence,
		      bu->lifetime, options->handoff,
		      (unsigned long long)options->timestamp,
		      flows_of(options, text), fate);
		break;
	case MH_BINDING_ACK:
		options = &ba->options;
		TRACE(from->sim, from->name,
		      "pba to %s mn=%.*s seq=%u lifetime=%u status=%u%s%s",
		      name, options->mn_id.len,
		      (const char *)options->mn_id.data, ba->sequence,
		      ba->lifetime, ba->status, flows_of(options, text), fate);
		break;
	case MH_BINDING_REVOCATION:
		options = &message->revocation.options;
		TRACE(from->sim, from->name, "%s to %s mn=%.*s seq=%u%s",
		      message->revocation.kind == MH_BR_ACK ? "bra" : "bri",
		      name, options->mn_id.len,
		      (const char *)options->mn_id.data,
		      message->revocation.sequence, fate);
		break;
	default:
		TRACE(from->sim, from->name, "message type=%u to %s%s",
		      message->type, name, fate);
		break;
	}
}

void network_send(struct agent *from, const struct effect_send *send)
{
	struct sim *sim = from->sim;
	struct agent *to = agent_by_address(sim, &send->dst);
	const char *name = to ? to->name : "nobody";
	uint8_t data[MH_MAX_LEN];
	struct letter *letter;
	size_t len;

	len = mh_build(send->message, data, sizeof(data));
	if (!len) {
		check_fail(sim, "what is sent can be written",
			   "%s has built no message of type %u", from->name,
			   send->message->type);
		return;
	}
	if (!to || is_parted(sim, from->index, to->index) ||
	    fault_happens(sim, FAULT_LOSS)) {
		trace_message(from, name, send->message, " LOST");
		return;
	}
	trace_message(from, name, send->message, "");
	mh_set_checksum(&send->src, &send->dst, data, len);
	do {
		letter = must_alloc(sizeof(*letter) + len);
		letter->src = send->src;
		letter->dst = send->dst;
		letter->len = len;
		memcpy(letter->data, data, len);
		sim_after(sim, travel_us(sim), deliver, to->index, 0, letter);
	} while (fault_happens(sim, FAULT_DUPLICATE));
}
