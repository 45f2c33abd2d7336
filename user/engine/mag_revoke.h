/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Binding Revocation, as far as a gateway follows it: a mobile node may be
 * elsewhere (RFC 5846 9.1).
 */
#ifndef PMIP6_ENGINE_MAG_REVOKE_H
#define PMIP6_ENGINE_MAG_REVOKE_H

#include <netinet/in.h>
#include <stdint.h>

#include "../mh/mh.h"
#include "effects.h"
#include "types.h"

struct mag;

/* So many are remembered that were followed. */
#define MAG_REVOKED_MAX 16

/**
 * struct mag_revoked - an indication that was followed: its copies are, too
 * @lma: from whom it was
 * @sequence: its sequence number
 * @mn_id: whose binding it was
 * @until_ms: how long there may be copies
 */
struct mag_revoked {
	struct in6_addr lma;
	uint16_t sequence;
	struct mh_mn_id mn_id;
	uint64_t until_ms;
};

/**
 * struct mag_revocations - what there was of it
 * @last: those that were followed
 * @next: the oldest one of them
 * @received: indications
 * @ignored: those that were left without an answer
 * @attached: those refused as the mobile node is still there
 * @refused: those refused otherwise
 * @duplicates: copies of what was followed already
 * @revoked: bindings that ended
 * @answered: acknowledgements
 */
struct mag_revocations {
	struct mag_revoked last[MAG_REVOKED_MAX];
	unsigned int next;
	uint64_t received;
	uint64_t ignored;
	uint64_t attached;
	uint64_t refused;
	uint64_t duplicates;
	uint64_t revoked;
	uint64_t answered;
};

/**
 * mag_on_bri() - a Binding Revocation Indication has come
 * @mag: the gateway
 * @src: its source
 * @dst: its destination: our address
 * @bri: the indication
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5846 9.1: for a handover between gateways, the binding of a mobile node
 * ends that has left; one that is there keeps it. Nothing else is revoked.
 */
void mag_on_bri(struct mag *mag, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_revocation *bri,
		struct now now, struct outbox *out);

#endif /* PMIP6_ENGINE_MAG_REVOKE_H */
