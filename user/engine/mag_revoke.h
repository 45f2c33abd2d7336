/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Binding Revocation at a gateway (RFC 5846 9): what its anchors revoke, and
 * what its operator does.
 */
#ifndef PMIP6_ENGINE_MAG_REVOKE_H
#define PMIP6_ENGINE_MAG_REVOKE_H

#include <netinet/in.h>

#include "../mh/mh.h"
#include "effects.h"
#include "revocation.h"
#include "types.h"

struct bule;
struct mag;

/**
 * mag_init_revocations() - none
 * @mag: the gateway, with its configuration
 * @sequence: of the first one
 */
void mag_init_revocations(struct mag *mag, uint16_t sequence);

/**
 * mag_on_bri() - a Binding Revocation Indication has come
 * @mag: the gateway
 * @src: its source
 * @dst: its destination: our address
 * @bri: the indication
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5846 9.1. For a handover between gateways, the binding of a mobile node
 * ends that has left; one that is there keeps it. Otherwise all bindings end
 * that are meant, and mobile nodes are told that their prefixes are gone.
 */
void mag_on_bri(struct mag *mag, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_revocation *bri,
		struct now now, struct outbox *out);

/**
 * mag_on_binding_error() - an anchor may not understand what is revoked
 * @mag: the gateway
 * @src: the source of the Binding Error
 * @error: that
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5846 6.2: it is sent no more of them until peers_reset().
 *
 * Return: true if that is what it was about.
 */
bool mag_on_binding_error(struct mag *mag, const struct in6_addr *src,
			  const struct mh_binding_error *error, struct now now,
			  struct outbox *out);

/**
 * mag_revoke() - what an operator wants to end
 * @mag: the gateway
 * @target: that
 * @done: told when all of it is over; not if there is nothing of it
 * @context: for it
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5846 9.2.
 *
 * Return: NULL, or why not, for the operator: a constant string.
 */
const char *mag_revoke(struct mag *mag, const struct revocation_target *target,
		       void (*done)(void *context,
				    const struct revocation_order *order),
		       void *context, struct now now, struct outbox *out);

/**
 * mag_revoking() - a binding is to end with a revocation
 * @mag: the gateway
 * @revocation: the revocation
 * @bule: the entry
 *
 * It is not part any more of what it was part of before.
 */
void mag_revoking(struct mag *mag, struct revocation *revocation,
		  struct bule *bule);

/**
 * mag_may_revoke() - is there a binding that may be revoked
 * @bule: the entry
 *
 * Return: true if so; not if it was refused, or has ended.
 */
bool mag_may_revoke(const struct bule *bule);

/**
 * mag_leave_revocation() - an entry is not to be revoked any more
 * @mag: the gateway
 * @bule: the entry
 * @result: what became of it
 */
void mag_leave_revocation(struct mag *mag, struct bule *bule,
			  enum revocation_result result);

/**
 * mag_on_revoked() - what is under way for an entry has ended
 * @mag: the gateway
 * @bule: the entry
 * @now: the time
 * @out: what shall happen
 */
void mag_on_revoked(struct mag *mag, struct bule *bule, struct now now,
		    struct outbox *out);

#endif /* PMIP6_ENGINE_MAG_REVOKE_H */
