/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Binding Revocation Indications that come from peers, at either end, and what is
 * answered (RFC 5846 6.1.2).
 */
#ifndef PMIP6_TESTS_BRI_H
#define PMIP6_TESTS_BRI_H

#include "world.h"

#define BRI_GLOBAL (MH_BR_PROXY | MH_BR_GLOBAL)

/**
 * bri_of() - an indication
 * @mn: of which mobile node, or NULL
 * @trigger: enum mh_br_trigger, which the G flag follows
 *
 * Return: the indication.
 */
struct mh_revocation bri_of(const char *mn, uint8_t trigger);

/**
 * bri_of_group() - an indication that is about a bulk group
 * @group: its identifier
 *
 * Return: the indication.
 */
struct mh_revocation bri_of_group(uint32_t group);

/**
 * assert_bra() - one message was sent since others were forgotten: an answer
 * @world: where
 * @own: its source
 * @peer: its destination
 * @bri: what it answers
 * @status: how
 */
void assert_bra(const struct world *world, const char *own, const char *peer,
		const struct mh_revocation *bri, uint8_t status);

#endif /* PMIP6_TESTS_BRI_H */
