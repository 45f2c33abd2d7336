/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An anchor whose operator, or whose gateways, revoke.
 */
#ifndef PMIP6_TESTS_LMA_ORDER_H
#define PMIP6_TESTS_LMA_ORDER_H

#include "../../engine/lma_revoke.h"
#include "lma_bench.h"

#define MN1 "mn1@example.com"
#define MN2 "mn2@example.com"
#define MN3 "mn3@example.org"

/**
 * struct outcome - what an operator was told
 * @told: how often
 * @peers: of how many gateways
 * @results: how many sessions, by enum revocation_result
 * @status: what the last gateway has answered
 */
struct outcome {
	unsigned int told;
	unsigned int peers;
	unsigned int results[REVOCATION_RESULTS];
	int status;
};

/**
 * order_begin() - an anchor with prefixes for several sessions of a mobile node
 * @state: of the test
 *
 * Return: the bench.
 */
struct lma_bench *order_begin(void **state);

/**
 * assert_told() - an operator was told once, and of sessions of one kind
 * @outcome: what he was told
 * @result: what became of them
 * @count: how many they are
 */
void assert_told(const struct outcome *outcome, enum revocation_result result,
		 unsigned int count);

/**
 * assert_revoked() - a session is over, and kept as one that was de-registered
 * @bench: the bench
 * @bce: the session
 */
void assert_revoked(struct lma_bench *bench, const struct bce *bce);

/**
 * assert_nothing_open() - no revocation is under way, and all agree
 * @bench: the bench
 */
void assert_nothing_open(struct lma_bench *bench);

/**
 * order_come() - a mobile node comes to a gateway
 * @bench: the bench
 * @mag: the gateway
 * @mn: the mobile node
 * @ll_id: by which interface: the last octet of its address
 *
 * Return: its session there, a second later.
 */
struct bce *order_come(struct lma_bench *bench, const char *mag, const char *mn,
		       uint8_t ll_id);

/**
 * order_give() - an operator wants something to be revoked; nothing runs
 * @bench: the bench
 * @target: that
 * @outcome: what he is told when it is over
 *
 * Return: NULL, or why not.
 */
const char *order_give(struct lma_bench *bench,
		       const struct revocation_target *target,
		       struct outcome *outcome);

/**
 * order_mn() - an operator wants a mobile node's sessions to be revoked
 * @bench: the bench
 * @mn: the mobile node
 * @hnp: the session only that has this prefix, or NULL
 * @outcome: what he is told when it is over
 *
 * Return: NULL, or why not; everything has happened that does at once.
 */
const char *order_mn(struct lma_bench *bench, const char *mn, const char *hnp,
		     struct outcome *outcome);

/**
 * order_realm() - the same of a realm
 * @bench: the bench
 * @realm: "@" and the realm
 * @outcome: what he is told when it is over
 *
 * Return: NULL, or why not.
 */
const char *order_realm(struct lma_bench *bench, const char *realm,
			struct outcome *outcome);

/**
 * order_mag() - the same of a gateway
 * @bench: the bench
 * @mag: the gateway
 * @outcome: what he is told when it is over
 *
 * Return: NULL, or why not.
 */
const char *order_mag(struct lma_bench *bench, const char *mag,
		      struct outcome *outcome);

#endif /* PMIP6_TESTS_LMA_ORDER_H */
