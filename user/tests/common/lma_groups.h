/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sessions in bulk groups of an anchor, and updates for these.
 */
#ifndef PMIP6_TESTS_LMA_GROUPS_H
#define PMIP6_TESTS_LMA_GROUPS_H

#include "lma_bench.h"

/* What the gateways of the tests call their groups. */
#define GROUP_A 0x101u
#define GROUP_B 0x102u

/**
 * group_setup() - an anchor with prefixes for many sessions
 * @state: where to put it
 *
 * Return: 0.
 */
int group_setup(void **state);

/**
 * joining() - a registration of a mobile node that is to join a group
 * @bench: the bench
 * @mn: which, from 1 on
 * @group: the group, or 0 to leave the option out
 *
 * Return: the request, by MAG1; its session is a new one, or is found by its
 * interface.
 */
struct lma_request joining(struct lma_bench *bench, unsigned int mn,
			   uint32_t group);

/**
 * refreshing() - an update of a session that stays where it is
 * @bench: the bench
 * @bce: the session
 * @group: the group it is to be in, or 0: none, and no B flag
 *
 * Return: the request, by the gateway that it is with.
 */
struct lma_request refreshing(struct lma_bench *bench, const struct bce *bce,
			      uint32_t group);

/**
 * join() - that is asked for, granted, and everything happens
 * @bench: the bench
 * @mn: which mobile node
 * @group: the group
 *
 * Return: its session.
 */
struct bce *join(struct lma_bench *bench, unsigned int mn, uint32_t group);

/**
 * session_of() - the session of a mobile node
 * @bench: the bench
 * @mn: which
 *
 * Return: the session or NULL.
 */
struct bce *session_of(struct lma_bench *bench, unsigned int mn);

/**
 * group_of() - a group
 * @bench: the bench
 * @mag: its gateway
 * @number: its identifier there
 *
 * Return: the group or NULL.
 */
struct lma_group *group_of(struct lma_bench *bench, const char *mag,
			   uint32_t number);

/**
 * bulk_pbu() - an update for a group by MAG1, for 300 s
 * @bench: the bench
 * @group: the group
 *
 * Return: the request; its sequence number is one more each time.
 */
struct lma_request bulk_pbu(struct lma_bench *bench, uint32_t group);

/**
 * renew() - that is asked for and granted, and everything happens
 * @bench: the bench
 * @group: the group
 *
 * Return: the acknowledgement.
 */
const struct mh_binding_ack *renew(struct lma_bench *bench, uint32_t group);

/**
 * assert_granted_group() - an acknowledgement says that a session is in a group
 * @ba: the acknowledgement
 * @group: the group
 */
void assert_granted_group(const struct mh_binding_ack *ba, uint32_t group);

/**
 * assert_granted_none() - an acceptance has nothing of groups
 * @ba: the acknowledgement
 */
void assert_granted_none(const struct mh_binding_ack *ba);

#endif /* PMIP6_TESTS_LMA_GROUPS_H */
