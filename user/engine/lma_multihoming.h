/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interfaces of one mobile node that share its prefixes, at an anchor
 * (draft-melia-netext-muho-solution, RFC 7864 3.2.1).
 *
 * Each interface has a binding cache entry of its own, with its gateway, its
 * lifetime, its timestamps and its record, and all that an anchor does with an
 * entry it does with each. They have the prefixes in common, and with these one
 * binding in the data plane, which has a path for each of them.
 */
#ifndef PMIP6_ENGINE_LMA_MULTIHOMING_H
#define PMIP6_ENGINE_LMA_MULTIHOMING_H

#include "lma_internal.h"

/* Of a path whose gateway says nothing: room for better and for worse ones. */
#define LMA_PRIORITY_DEFAULT 64

/**
 * lma_is_multihoming() - is it a PBU of an interface that may be one of several
 * @lma: the anchor
 * @options: of the PBU
 *
 * Return: true if so.
 */
bool lma_is_multihoming(const struct lma *lma,
			const struct mh_options *options);

/**
 * lma_lookup_path() - which interface such a PBU is about
 * @lma: the anchor
 * @request: the PBU
 *
 * Return: what was found; nothing for a new session.
 */
struct lma_found lma_lookup_path(const struct lma *lma,
				 const struct lma_request *request);

/**
 * lma_path_of() - which interface of a session any other PBU is about
 * @bce: one of its interfaces
 * @request: the PBU
 *
 * Return: the one that fits best, or @bce.
 */
struct bce *lma_path_of(struct bce *bce, const struct lma_request *request);

/**
 * lma_judge_join() - may an interface join a session
 * @request: the PBU
 * @bce: an interface of the session
 *
 * Return: what to do.
 */
struct lma_verdict lma_judge_join(const struct lma_request *request,
				  struct bce *bce);

/**
 * lma_insert_path() - another interface of a session
 * @lma: the anchor
 * @bce: one of those that it has
 *
 * Return: its entry, or NULL if there are too many.
 */
struct bce *lma_insert_path(struct lma *lma, struct bce *bce);

/**
 * lma_note_path() - a PBU is accepted: may its interface be one of several
 * @lma: the anchor
 * @bce: the interface
 * @options: of the PBU
 */
void lma_note_path(const struct lma *lma, struct bce *bce,
		   const struct mh_options *options);

/**
 * lma_path_lives() - is a mobile node reached by an interface
 * @bce: the interface
 * @now: the time
 *
 * Return: true if so.
 */
bool lma_path_lives(const struct bce *bce, struct now now);

/**
 * lma_has_others() - does a session live on without an interface
 * @bce: the interface
 * @now: the time
 *
 * Return: true if there is another one by which it is reached.
 */
bool lma_has_others(const struct bce *bce, struct now now);

/**
 * lma_may_be_reaped() - may the data plane have ended a session before it hears
 * that it goes on
 * @bce: one of its interfaces
 * @now: the time
 *
 * Return: true if all of them end about now.
 */
bool lma_may_be_reaped(const struct bce *bce, struct now now);

/**
 * lma_outlives() - is there anything left of a session without an interface
 * @bce: the interface
 *
 * Return: true if there is another one, reached or not, that does not end.
 */
bool lma_outlives(const struct bce *bce);

/**
 * lma_path_by_bid() - the interface that the data plane speaks of
 * @bce: one of those of its session
 * @bid: binding identifier of its path
 *
 * Return: the interface, or NULL.
 */
struct bce *lma_path_by_bid(struct bce *bce, uint16_t bid);

/**
 * lma_is_busy() - is something under way for what the data plane has of it
 * @bce: the session, or an interface of it
 *
 * Return: true if so, for any of its interfaces.
 */
bool lma_is_busy(const struct bce *bce);

/**
 * lma_is_unsure() - may the data plane not have a session as it is
 * @bce: the session, or an interface of it
 *
 * Return: true if so, for any of its interfaces.
 */
bool lma_is_unsure(const struct bce *bce);

/**
 * lma_put_paths() - tell the data plane all paths of a session
 * @binding: of one of its prefixes, which has none yet
 * @bce: an interface that may be one of several
 * @now: the time
 */
void lma_put_paths(struct effect_binding *binding, struct bce *bce,
		   struct now now);

/**
 * lma_paths_agree() - does the data plane have the paths that a session has
 * @bce: an interface that may be one of several
 * @binding: what the data plane has
 * @now: the time
 *
 * Return: true if so; generations of the paths are then those that it has.
 */
bool lma_paths_agree(struct bce *bce, const struct dataplane_binding *binding,
		     struct now now);

/**
 * lma_restore_path() - a record says that an interface is, or was, one of several
 * @lma: the anchor
 * @key: of the record
 * @options: what it says of mobile node and prefixes
 * @bid: binding identifier of its path, or 0 if the record says no such thing
 *
 * Return: its entry, beside one with the same prefixes, or NULL if there is none.
 */
struct bce *lma_restore_path(struct lma *lma, uint64_t key,
			     const struct mh_options *options, uint16_t bid);

#endif /* PMIP6_ENGINE_LMA_MULTIHOMING_H */
