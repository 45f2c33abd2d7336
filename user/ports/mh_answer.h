/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How what is no Mobility Header is answered (RFC 6275 9.2). No sockets, no
 * clock, no globals.
 */
#ifndef PMIP6_PORTS_MH_ANSWER_H
#define PMIP6_PORTS_MH_ANSWER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 4443 3.4: not more than what every link carries. */
#define MH_ANSWER_MAX_LEN (1280 - 40)

/* So many answers at once, and then one in so many milliseconds. */
#define MH_ANSWER_BURST 10
#define MH_ANSWER_INTERVAL_MS 100

/**
 * struct mh_answer_limit - how many answers may still be sent
 * @credit_ms: MH_ANSWER_INTERVAL_MS is worth one
 * @since_ms: when it was reckoned
 *
 * Zero before its first use.
 */
struct mh_answer_limit {
	uint64_t credit_ms;
	uint64_t since_ms;
};

/**
 * mh_answer_allowed() - may one more be sent (RFC 4443 2.4 (f))
 * @limit: the limit
 * @now_ms: a clock that does not jump, not 0
 *
 * Return: true if so; it is counted as sent then.
 */
bool mh_answer_allowed(struct mh_answer_limit *limit, uint64_t now_ms);

/**
 * struct mh_packet - a packet that a socket gave without its IPv6 header
 * @src: its source
 * @dst: its destination
 * @hop_limit: as it came
 * @data: what follows the IPv6 header
 * @len: octets of @data
 */
struct mh_packet {
	struct in6_addr src;
	struct in6_addr dst;
	uint8_t hop_limit;
	const uint8_t *data;
	size_t len;
};

/**
 * mh_answer_problem() - an ICMPv6 Parameter Problem of code 0 (RFC 4443 3.4)
 * @packet: what it is about
 * @offset: where in @packet->data the fault is
 * @answer: where to put it, MH_ANSWER_MAX_LEN octets; its checksum is left zero
 *
 * The IPv6 header that it quotes is made anew: what the socket does not tell,
 * traffic class and flow label, is zero in it, and extension headers are
 * missing.
 *
 * Return: its length in octets.
 */
size_t mh_answer_problem(const struct mh_packet *packet, uint32_t offset,
			 uint8_t *answer);

#endif /* PMIP6_PORTS_MH_ANSWER_H */
