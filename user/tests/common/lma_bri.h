/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An anchor whose gateways revoke.
 */
#ifndef PMIP6_TESTS_LMA_BRI_H
#define PMIP6_TESTS_LMA_BRI_H

#include "bri.h"
#include "lma_bench.h"

/* Gateways that may revoke all that they have, or one mobile node at a time. */
extern const struct lma_revoker may_all;
extern const struct lma_revoker may_own;

/**
 * lma_hear_bri() - an indication comes to the anchor; nothing runs
 * @bench: the bench, which forgets what was sent before
 * @from: the gateway
 * @bri: the indication
 * @revoker: what policy says of the gateway
 */
void lma_hear_bri(struct lma_bench *bench, const char *from,
		  const struct mh_revocation *bri,
		  const struct lma_revoker *revoker);

/**
 * assert_lma_answer() - one comes, everything happens, and it is answered
 * @bench: the bench
 * @from: the gateway
 * @bri: the indication
 * @revoker: what policy says of the gateway
 * @status: how
 */
void assert_lma_answer(struct lma_bench *bench, const char *from,
		       const struct mh_revocation *bri,
		       const struct lma_revoker *revoker, uint8_t status);

#endif /* PMIP6_TESTS_LMA_BRI_H */
