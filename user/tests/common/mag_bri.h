/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A gateway whose anchors revoke.
 */
#ifndef PMIP6_TESTS_MAG_BRI_H
#define PMIP6_TESTS_MAG_BRI_H

#include "bri.h"
#include "mag_bench.h"

/**
 * mag_hear_bri() - an indication comes to the gateway; nothing runs
 * @bench: the bench, which forgets what was sent before
 * @from: the anchor
 * @bri: the indication
 */
void mag_hear_bri(struct mag_bench *bench, const char *from,
		  const struct mh_revocation *bri);

/**
 * assert_mag_answer() - the anchor sends one, everything happens, and it is answered
 * @bench: the bench
 * @bri: the indication
 * @status: how
 */
void assert_mag_answer(struct mag_bench *bench, const struct mh_revocation *bri,
		       uint8_t status);

#endif /* PMIP6_TESTS_MAG_BRI_H */
