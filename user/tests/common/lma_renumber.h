/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A session that gets other prefixes, and a gateway that asks for what it has.
 */
#ifndef PMIP6_TESTS_LMA_RENUMBER_H
#define PMIP6_TESTS_LMA_RENUMBER_H

#include "lma_bench.h"

/**
 * policy_of() - what policy says of mn1
 * @bench: the bench
 *
 * Return: that.
 */
struct lma_policy policy_of(struct lma_bench *bench);

/**
 * renumber_to() - the operator wants a session to have other prefixes
 * @bench: the bench
 * @bce: the session
 * @first: one of them, or NULL for whatever there is
 * @second: another one, or NULL
 *
 * All that comes of it happens.
 *
 * Return: why it cannot be, or NULL.
 */
const char *renumber_to(struct lma_bench *bench, struct bce *bce,
			const char *first, const char *second);

/**
 * refresh_with() - 10 ms later MAG1 registers mn1 again; the test fails if that
 * is refused, or grants anything else
 * @bench: the bench
 * @hnp: the prefix to ask for, or NULL for any
 * @granted: what is granted
 */
void refresh_with(struct lma_bench *bench, const char *hnp,
		  const char *granted);

/**
 * of_prefix() - whose a prefix is
 * @bench: the bench
 * @text: the prefix
 *
 * Return: the session or NULL.
 */
struct bce *of_prefix(struct lma_bench *bench, const char *text);

/**
 * other_gets() - another mobile node comes, and gets a prefix of the pool
 * @bench: the bench
 *
 * Return: the prefix, or NULL if it is refused because nothing is left.
 */
const struct mh_prefix *other_gets(struct lma_bench *bench);

#endif /* PMIP6_TESTS_LMA_RENUMBER_H */
