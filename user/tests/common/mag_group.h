/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A gateway whose mobile nodes are registered in bulk groups, and an anchor that
 * knows them.
 */
#ifndef PMIP6_TESTS_MAG_GROUP_H
#define PMIP6_TESTS_MAG_GROUP_H

#include "mag_bench.h"

/* What its operator has set. */
#define GROUP_SIZE 8
#define BULK_RETRY_S 600ull

/**
 * mag_group_setup() - a gateway that asks for groups, and may
 * @state: where to put it
 *
 * Return: 0.
 */
int mag_group_setup(void **state);

/**
 * mn_group() - the bulk group of a mobile node
 * @bench: the bench
 * @last: the last octet of its link-layer address
 *
 * Return: the group or NULL.
 */
struct mag_group *mn_group(struct mag_bench *bench, uint8_t last);

/**
 * come() - a mobile node comes, and a PBU is sent
 * @bench: the bench
 * @last: the last octet of its link-layer address, and the number in its
 *	identifier
 *
 * Return: the PBU.
 */
const struct mh_binding_update *come(struct mag_bench *bench, uint8_t last);

/**
 * let_in() - the acknowledgement of a PBU that asks to join a group
 * @bu: the PBU
 * @last: of whom; it is granted 2001:db8:a:LAST::/64, unless it has asked for one
 * @units: its lifetime, in units of 4 s
 *
 * Return: the acknowledgement: the anchor calls the group what the gateway does.
 */
struct mh_binding_ack let_in(const struct mh_binding_update *bu, uint8_t last,
			     uint16_t units);

/**
 * hand_and_settle() - hand an acknowledgement to the gateway; everything happens
 * @bench: the bench
 * @ba: the acknowledgement
 */
void hand_and_settle(struct mag_bench *bench, const struct mh_binding_ack *ba);

/**
 * come_in() - a mobile node comes, and joins a group
 * @bench: the bench
 * @last: which
 *
 * What it is granted is what the group has left, as an anchor rounds it.
 *
 * Return: its entry.
 */
struct bule *come_in(struct mag_bench *bench, uint8_t last);

/**
 * join_all() - the same for some
 * @bench: the bench
 * @count: for those from 1 to this
 *
 * Return: the group of the last.
 */
struct mag_group *join_all(struct mag_bench *bench, uint8_t count);

/**
 * is_bulk() - is a PBU about groups
 * @bu: the PBU
 *
 * Return: true if it names one, and nobody.
 */
bool is_bulk(const struct mh_binding_update *bu);

/**
 * until_bulk() - let time pass until a bulk PBU is sent
 * @bench: the bench; the test fails if none is within ten minutes
 *
 * Return: the PBU.
 */
const struct mh_binding_update *until_bulk(struct mag_bench *bench);

/**
 * renewal() - the acknowledgement of a bulk PBU
 * @bu: the PBU
 * @status: how
 *
 * Return: the acknowledgement.
 */
struct mh_binding_ack renewal(const struct mh_binding_update *bu,
			      uint8_t status);

/**
 * acknowledge_bulk() - the anchor answers the last PBU, which is a bulk one
 * @bench: the bench
 * @status: how
 */
void acknowledge_bulk(struct mag_bench *bench, uint8_t status);

/**
 * leave_for_good() - a mobile node has left, and its anchor knows that
 * @bench: the bench
 * @last: which
 */
void leave_for_good(struct mag_bench *bench, uint8_t last);

/**
 * read_back() - the gateway reads what the data plane has; everything happens
 * @bench: the bench
 */
void read_back(struct mag_bench *bench);

/**
 * mns_in_state() - how many entries are in a state
 * @bench: the bench
 * @state: which
 *
 * Return: the number.
 */
unsigned int mns_in_state(struct mag_bench *bench, enum bule_state state);

/**
 * group_reap() - what the data plane does to a set whose time is over
 * @bench: the bench
 * @id: the set, which is there
 */
void group_reap(struct mag_bench *bench, uint32_t id);

/**
 * group_expired() - the data plane says so
 * @bench: the bench
 * @set: which set
 * @generation: of it
 */
void group_expired(struct mag_bench *bench, uint32_t set, uint32_t generation);

/**
 * pbus_sent() - how many PBUs were sent since messages were forgotten
 * @bench: the bench
 * @bulk: those that renew groups, or the others
 *
 * Return: the number.
 */
unsigned int pbus_sent(const struct mag_bench *bench, bool bulk);

#endif /* PMIP6_TESTS_MAG_GROUP_H */
