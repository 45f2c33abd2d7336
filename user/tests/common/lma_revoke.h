/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A session that another gateway may have taken over: its gateway is asked.
 */
#ifndef PMIP6_TESTS_LMA_REVOKE_H
#define PMIP6_TESTS_LMA_REVOKE_H

#include "lma_bench.h"

#define WAIT_MS 1500

/**
 * revoke_begin() - mn1 is at MAG1 by its first interface, since a second ago
 * @state: where the bench is
 * @bench: set to that; it asks, and nothing was sent yet
 *
 * Return: the session, of HNP1.
 */
struct bce *revoke_begin(void **state, struct lma_bench **bench);

/**
 * revoke_attachment() - it is at MAG2
 * @bench: the bench
 * @ll_id: by which interface: the last octet of its address
 *
 * Return: what MAG2 asks for.
 */
struct lma_request revoke_attachment(struct lma_bench *bench, uint8_t ll_id);

/**
 * revoke_come() - that is asked for, and everything happens
 * @bench: the bench
 * @ll_id: by which interface
 */
void revoke_come(struct lma_bench *bench, uint8_t ll_id);

/**
 * revoke_bri() - an indication that was sent
 * @bench: the bench
 * @at: which message it was; the test fails if that is something else
 *
 * Return: the indication.
 */
const struct mh_revocation *revoke_bri(const struct lma_bench *bench,
				       size_t at);

/**
 * assert_granted() - a PBA that was sent accepts
 * @bench: the bench
 * @at: which message it was
 * @mag: whom it went to
 * @hnp: what it grants
 */
void assert_granted(const struct lma_bench *bench, size_t at, const char *mag,
		    const char *hnp);

/**
 * revoke_say_of() - somebody acknowledges an indication, and everything happens
 * @bench: the bench
 * @from: who
 * @mn: whose identifier is in that, or NULL
 * @sequence: its sequence number
 * @status: its status
 */
void revoke_say_of(struct lma_bench *bench, const char *from, const char *mn,
		   uint16_t sequence, uint8_t status);

/**
 * revoke_say() - MAG1 answers what it was asked
 * @bench: the bench
 * @at: which message asked it
 * @status: how
 */
void revoke_say(struct lma_bench *bench, size_t at, uint8_t status);

#endif /* PMIP6_TESTS_LMA_REVOKE_H */
