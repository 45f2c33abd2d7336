/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operator revokes (RFC 5846 8.1, 9.2).
 */
#ifndef PMIP6D_OPERATOR_REVOKE_H
#define PMIP6D_OPERATOR_REVOKE_H

struct agent;
struct json_object;

/**
 * struct revoke_words - what he says: one of @mn, @group, @mag, @lma and @realm
 * @mn: identifier or link-layer address of a mobile node, or NULL
 * @hnp: of that, the session only that has this prefix, or NULL
 * @group: the identifier of a bulk group, or NULL
 * @mag: at an anchor, the gateway all of whose sessions are meant, or only those
 *	of @group, or NULL
 * @lma: at a gateway, the anchor, likewise
 * @realm: all mobile nodes whose identifiers end in "@" and this, or NULL
 */
struct revoke_words {
	const char *mn;
	const char *hnp;
	const char *group;
	const char *mag;
	const char *lma;
	const char *realm;
};

/**
 * typedef operator_told_t - it is over
 * @context: as given
 * @answer: what became of it, for json_object_put(): how many sessions, by what
 *	became of them, and "peers", a list of what each was told and has said
 */
typedef void (*operator_told_t)(void *context, struct json_object *answer);

/**
 * operator_revoke() - revoke it
 * @agent: the agent
 * @words: what
 * @told: told when all of it is over, maybe before this returns; not if it
 *	cannot be
 * @context: for it
 *
 * Return: NULL, or why it cannot be: a constant string.
 */
const char *operator_revoke(struct agent *agent,
			    const struct revoke_words *words,
			    operator_told_t told, void *context);

#endif /* PMIP6D_OPERATOR_REVOKE_H */
