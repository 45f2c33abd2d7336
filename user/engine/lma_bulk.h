/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Updates for groups (RFC 6602 5.2.3).
 */
#ifndef PMIP6_ENGINE_LMA_BULK_H
#define PMIP6_ENGINE_LMA_BULK_H

#include "lma.h"

/**
 * struct lma_bulk - what is under way for some groups
 * @self: the key: whom a transaction is owned by
 * @repairs: nothing is to be answered: the data plane had it otherwise, or what
 *	it was to be has failed
 * @stops: nor is this one, which ends the group's members, unless it is NULL
 * @src: of the PBU that is to be answered
 * @dst: likewise
 * @bu: that
 * @by_owner: in the anchor
 * @count: how many groups
 * @groups: those
 */
struct lma_bulk {
	struct lma_bulk *self;
	bool repairs;
	struct revocation *stops;
	struct in6_addr src;
	struct in6_addr dst;
	struct mh_binding_update bu;
	UT_hash_handle by_owner;
	unsigned int count;
	struct lma_group *groups[];
};

/**
 * lma_is_bulk() - is a PBU for groups
 * @request: the PBU
 *
 * Return: true if so; false for one that is about a session.
 */
bool lma_is_bulk(const struct lma_request *request);

/**
 * lma_on_bulk() - a PBU for groups has come
 * @lma: the anchor
 * @request: the PBU
 * @now: the time
 * @out: what shall happen
 */
void lma_on_bulk(struct lma *lma, const struct lma_request *request,
		 struct now now, struct outbox *out);

/**
 * lma_bulk_find() - what is under way for groups
 * @lma: the anchor
 * @owner: of a transaction
 *
 * Return: that, or NULL if the transaction is another's.
 */
struct lma_bulk *lma_bulk_find(const struct lma *lma, void *owner);

/**
 * lma_on_bulk_done() - it has ended
 * @lma: the anchor
 * @bulk: what was under way; freed
 * @error: 0, or the errno value of why it has failed
 * @now: the time
 * @out: what shall happen next
 */
void lma_on_bulk_done(struct lma *lma, struct lma_bulk *bulk, int error,
		      struct now now, struct outbox *out);

/**
 * lma_bulk_repair() - have the data plane know what a group is
 * @lma: the anchor
 * @group: the group, with nothing under way
 * @store: and the store, before; else before anything that waits for that
 * @now: the time
 * @out: what shall happen
 */
void lma_bulk_repair(struct lma *lma, struct lma_group *group, bool store,
		     struct now now, struct outbox *out);

/**
 * lma_bulk_stop() - have data plane and store know that a group is over
 * @lma: the anchor
 * @group: the group, with nothing under way, whose lifetime is over
 * @revocation: for which that is
 * @now: the time
 * @out: what shall happen
 */
void lma_bulk_stop(struct lma *lma, struct lma_group *group,
		   struct revocation *revocation, struct now now,
		   struct outbox *out);

#endif /* PMIP6_ENGINE_LMA_BULK_H */
