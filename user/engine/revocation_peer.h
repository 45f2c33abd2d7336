/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Binding Revocation Indications that come from peers (RFC 5846 6.1.2, 6.2.1).
 */
#ifndef PMIP6_ENGINE_REVOCATION_PEER_H
#define PMIP6_ENGINE_REVOCATION_PEER_H

#include "revocation.h"

/**
 * struct revocation_verdict - what to say of an indication
 * @status: enum mh_br_status
 * @scope: what it is about, if it is to be followed
 * @reason: why it is refused, for the operator; a constant string
 */
struct revocation_verdict {
	enum mh_br_status status;
	enum revocation_scope scope;
	const char *reason;
};

/**
 * revocation_judge() - is an indication what RFC 5846 says (6.2.1)
 * @bri: the indication
 *
 * Before who may send it, and whose sessions it is about.
 *
 * Return: what it is about, or a refusal.
 */
struct revocation_verdict revocation_judge(const struct mh_revocation *bri);

/**
 * revocation_refusal() - a verdict against an indication
 * @status: enum mh_br_status
 * @reason: why, for the operator; a constant string
 *
 * Return: the verdict.
 */
struct revocation_verdict revocation_refusal(enum mh_br_status status,
					     const char *reason);

/**
 * revocation_is_of_realm() - is a mobile node of the realm that is meant
 * @mn_id: the mobile node
 * @realm: "@" and the realm (RFC 5846 8.1)
 *
 * Return: true if so; not of a realm within that one.
 */
bool revocation_is_of_realm(const struct mh_mn_id *mn_id,
			    const struct mh_mn_id *realm);

/**
 * revocation_from_peer() - an indication has come, and is to be followed
 * @all: all of them
 * @peer: from whom
 * @bri: the indication
 *
 * Return: the revocation, about no session, for revocation_end().
 */
struct revocation *revocation_from_peer(struct revocations *all,
					const struct in6_addr *peer,
					const struct mh_revocation *bri);

/**
 * revocation_copy_of() - the answer to an indication that was followed already
 * @all: all of them
 * @src: its source
 * @bri: the indication
 * @now: the time
 *
 * Return: the answer, or NULL if it is none.
 */
const struct mh_revocation *revocation_copy_of(const struct revocations *all,
					       const struct in6_addr *src,
					       const struct mh_revocation *bri,
					       struct now now);

/**
 * revocation_answer() - acknowledge an indication (RFC 5846 6.1.2)
 * @all: all of them
 * @src: its source
 * @dst: its destination: our address
 * @bri: the indication
 * @status: enum mh_br_status
 * @out: what shall happen
 *
 * Return: the acknowledgement, which may be added to until @out is run.
 */
struct mh_revocation *revocation_answer(struct revocations *all,
					const struct in6_addr *src,
					const struct in6_addr *dst,
					const struct mh_revocation *bri,
					enum mh_br_status status,
					struct outbox *out);

/**
 * revocation_remember() - an indication was followed: so are its copies
 * @all: all of them
 * @src: its source
 * @bri: the indication
 * @bra: the answer
 * @now: the time
 */
void revocation_remember(struct revocations *all, const struct in6_addr *src,
			 const struct mh_revocation *bri,
			 const struct mh_revocation *bra, struct now now);

/**
 * revocation_repeat() - a copy has come: acknowledge it as the first one
 * @all: all of them
 * @src: its source
 * @dst: its destination: our address
 * @bra: what the first one got
 * @out: what shall happen
 */
void revocation_repeat(struct revocations *all, const struct in6_addr *src,
		       const struct in6_addr *dst,
		       const struct mh_revocation *bra, struct outbox *out);

/**
 * revocation_ignore() - leave an indication without an answer
 * @all: all of them
 * @src: its source
 * @bri: the indication
 * @reason: why, for the operator; a constant string
 * @out: what shall happen
 */
void revocation_ignore(struct revocations *all, const struct in6_addr *src,
		       const struct mh_revocation *bri, const char *reason,
		       struct outbox *out);

#endif /* PMIP6_ENGINE_REVOCATION_PEER_H */
