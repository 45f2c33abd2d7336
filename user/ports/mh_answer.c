// SPDX-License-Identifier: GPL-2.0
#include "mh_answer.h"

#include <netinet/icmp6.h>

#include "../mh/cursor.h"
#include "inet6.h"

bool mh_answer_allowed(struct mh_answer_limit *limit, uint64_t now_ms)
{
	const uint64_t most = (uint64_t)MH_ANSWER_BURST *
			      MH_ANSWER_INTERVAL_MS;

	if (limit->since_ms)
		limit->credit_ms += now_ms - limit->since_ms;
	else
		limit->credit_ms = most;
	limit->since_ms = now_ms;
	if (limit->credit_ms > most)
		limit->credit_ms = most;
	if (limit->credit_ms < MH_ANSWER_INTERVAL_MS)
		return false;
	limit->credit_ms -= MH_ANSWER_INTERVAL_MS;
	return true;
}

size_t mh_answer_problem(const struct mh_packet *packet, uint32_t offset,
			 uint8_t *answer)
{
	struct builder builder = builder_on(answer, MH_ANSWER_MAX_LEN);
	size_t quoted = packet->len;
	size_t room;

	builder_u8(&builder, ICMP6_PARAM_PROB);
	builder_u8(&builder, ICMP6_PARAMPROB_HEADER);
	builder_be(&builder, 0, 2);
	builder_be(&builder, INET6_HEADER_LEN + offset, 4);

	builder_be(&builder, 6u << 28, 4);
	builder_be(&builder, packet->len, 2);
	builder_u8(&builder, IPPROTO_MH);
	builder_u8(&builder, packet->hop_limit);
	builder_bytes(&builder, &packet->src, sizeof(packet->src));
	builder_bytes(&builder, &packet->dst, sizeof(packet->dst));

	room = builder.size - builder.len;
	if (quoted > room)
		quoted = room;
	builder_bytes(&builder, packet->data, quoted);
	return builder.len;
}
