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
 * struct revocation_heard - an indication that has come
 * @all: all of them
 * @src: where it is from
 * @dst: its destination: our address
 * @bri: the indication
 * @revocation: it, once there is a session that it is about
 * @known: which of the prefixes that it names were found
 * @missing: a bulk group that it names was not
 */
struct revocation_heard {
	struct revocations *all;
	const struct in6_addr *src;
	const struct in6_addr *dst;
	const struct mh_revocation *bri;
	struct revocation *revocation;
	bool known[MH_MAX_HNP];
	bool missing;
};

/**
 * revocation_is_heard() - is an indication to be looked at
 * @heard: the indication
 * @stranger: why its sender has nothing to say here; a constant string, or NULL
 *	if it has
 * @out: what shall happen
 *
 * RFC 5846 6.1.2. A copy of one that is being followed waits with that for the
 * answer.
 *
 * Return: false if that was all.
 */
bool revocation_is_heard(const struct revocation_heard *heard,
			 const char *stranger, struct outbox *out);

/**
 * revocation_repeats() - a copy of one that was followed gets the same answer
 * @heard: the indication
 * @now: the time
 * @out: what shall happen
 *
 * Return: true if it is one.
 */
bool revocation_repeats(const struct revocation_heard *heard, struct now now,
			struct outbox *out);

/**
 * revocation_refuse() - refuse an indication
 * @heard: the indication
 * @verdict: how, and why
 * @out: what shall happen
 */
void revocation_refuse(const struct revocation_heard *heard,
		       const struct revocation_verdict *verdict,
		       struct outbox *out);

/**
 * revocation_names() - which of the prefixes that it names does a session have
 * @heard: the indication, which notes these
 * @has: does it have that one
 * @session: the session
 *
 * Return: true if it has one of them, or if none are named.
 */
bool revocation_names(struct revocation_heard *heard,
		      bool (*has)(const void *session,
				  const struct mh_prefix *hnp),
		      const void *session);

/**
 * revocation_about() - there is a session that an indication is about
 * @heard: the indication
 *
 * Return: the revocation, for the session to be added.
 */
struct revocation *revocation_about(struct revocation_heard *heard);

/**
 * revocation_follow() - do what an indication says
 * @heard: the indication, about a session at least
 * @event: what that is for the operator; a constant string
 * @now: the time
 * @out: what shall happen
 *
 * It is acknowledged when all of that stands.
 */
void revocation_follow(struct revocation_heard *heard, const char *event,
		       struct now now, struct outbox *out);

/**
 * revocation_keep_promise() - acknowledge what was followed, and stands
 * @all: all of them
 * @revocation: the revocation, which has a promise; it has none afterwards
 * @now: the time
 * @out: what shall happen
 *
 * Copies of the indication get the same from now on.
 */
void revocation_keep_promise(struct revocations *all,
			     struct revocation *revocation, struct now now,
			     struct outbox *out);

#endif /* PMIP6_ENGINE_REVOCATION_PEER_H */
