/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A gateway in a world, and what an anchor says to it.
 */
#ifndef PMIP6_TESTS_MAG_BENCH_H
#define PMIP6_TESTS_MAG_BENCH_H

#include "../../engine/mag.h"
#include "world.h"

#define PROXY_COA "2001:db8:1::1"
#define ANCHOR "2001:db8:2::1"
#define ROUTER "fe80::200:5eff:fe00:5213"

#define HNP1 "2001:db8:a::/64"
#define HNP2 "2001:db8:a:1::/64"

/* Its access links. */
#define ACCESS1 11
#define ACCESS2 12

/**
 * struct mag_bench - a gateway on the bench
 * @mag: the gateway
 * @world: its world
 * @profile: of the mobile node that is attached
 * @heard_ms: when that was heard, for a gateway that listens
 */
struct mag_bench {
	struct mag mag;
	struct world world;
	struct mag_profile profile;
	uint64_t heard_ms;
};

/**
 * mag_bench_config() - what its operator has set
 *
 * Return: 300 s; 1 s doubling to 32 s; 3 de-registrations; refusals for 60 s;
 * advertisements every 600 s, and none twice.
 */
struct mag_config mag_bench_config(void);

/**
 * mag_bench_setup() - a gateway that has started
 * @state: where to put it
 *
 * Return: 0.
 */
int mag_bench_setup(void **state);

/**
 * mag_bench_teardown() - its end
 * @state: where it is
 *
 * Return: 0.
 */
int mag_bench_teardown(void **state);

/**
 * mag_bench_restart() - the gateway ends and starts again, with its records
 * @bench: the bench
 * @same_boot: only the process ended
 *
 * Return: how many records it took.
 */
unsigned int mag_bench_restart(struct mag_bench *bench, bool same_boot);

/**
 * mag_bench_listen() - the gateway asks who is silent for 30 s, from now on
 * @bench: the bench; its heard_ms, which is now, says when the mobile node was
 *	heard, the last octet of whose link-layer address is 1
 */
void mag_bench_listen(struct mag_bench *bench);

/**
 * attach() - a mobile node of the bench's profile is on an access link
 * @bench: the bench
 * @ifindex: the link
 * @last: the last octet of its link-layer address
 * @commanded: the operator says so
 */
void attach(struct mag_bench *bench, uint32_t ifindex, uint8_t last,
	    bool commanded);

/**
 * mn() - the entry of a mobile node
 * @bench: the bench
 * @last: the last octet of its link-layer address
 *
 * Return: the entry or NULL.
 */
struct bule *mn(struct mag_bench *bench, uint8_t last);

/**
 * arrive() - the mobile node comes to its first access link: its PBU is sent
 * @bench: the bench
 *
 * Return: its entry; the last octet of its link-layer address is 1.
 */
struct bule *arrive(struct mag_bench *bench);

/**
 * mag_bench_begin() - a test begins with a mobile node that has just come
 * @state: where the bench is
 * @bench: set to that
 *
 * Return: its entry, see arrive().
 */
struct bule *mag_bench_begin(void **state, struct mag_bench **bench);

/**
 * last_pbu() - the last PBU that was sent
 * @bench: the bench
 *
 * Return: the PBU; the test fails if there is none.
 */
const struct mh_binding_update *last_pbu(const struct mag_bench *bench);

/**
 * pba_to() - the acknowledgement of a PBU, with all that it echoes
 * @bu: the PBU
 * @status: its status
 * @hnp: the prefix that is granted to one that asked for any, or NULL
 *
 * Return: the acknowledgement.
 */
struct mh_binding_ack pba_to(const struct mh_binding_update *bu, uint8_t status,
			     const char *hnp);

/**
 * hand() - hand an acknowledgement from the anchor to the gateway, run nothing
 * @bench: the bench
 * @ba: the acknowledgement
 */
void hand(struct mag_bench *bench, const struct mh_binding_ack *ba);

/**
 * acknowledge() - the anchor answers the last PBU, and everything happens
 * @bench: the bench
 * @status: how
 */
void acknowledge(struct mag_bench *bench, uint8_t status);

/**
 * register_at() - a mobile node attaches and gets HNP1
 * @bench: the bench
 * @ifindex: on which link
 *
 * Return: its entry; the last octet of its link-layer address is 1.
 */
struct bule *register_at(struct mag_bench *bench, uint32_t ifindex);

/**
 * detach() - a mobile node has left
 * @bench: the bench
 * @hold: the operator says so
 */
void detach(struct mag_bench *bench, bool hold);

/**
 * solicit() - a mobile node asks for an advertisement, and gets what it gets
 * @bench: the bench
 * @last: the last octet of its link-layer address
 * @src: source of its Router Solicitation
 */
void solicit(struct mag_bench *bench, uint8_t last, const char *src);

/**
 * last_ra() - the last advertisement
 * @bench: the bench
 *
 * Return: the advertisement; the test fails if there is none.
 */
const struct effect_advertise *last_ra(const struct mag_bench *bench);

/**
 * told() - what the last advertisement says of a prefix
 * @bench: the bench
 * @hnp: the prefix
 *
 * Return: that, or NULL if it says nothing of it; the test fails if there is no
 * advertisement.
 */
const struct advertised_prefix *told(const struct mag_bench *bench,
				     const char *hnp);

/**
 * hears_all() - would any frame of the mobile node be an attachment
 * @bench: the bench
 * @ifindex: on this link
 *
 * Return: true if so, see world_hears_all().
 */
bool hears_all(const struct mag_bench *bench, uint32_t ifindex);

/**
 * mag_bench_until() - let time pass, and everything that becomes due
 * @bench: the bench
 * @ms: how long
 */
void mag_bench_until(struct mag_bench *bench, uint64_t ms);

/**
 * until_sent() - let time pass, by seconds, until the gateway sends a message
 * @bench: the bench
 */
void until_sent(struct mag_bench *bench);

/**
 * assert_mag_agreed() - engine, data plane, routes and store say the same
 * @bench: the bench, with nothing under way
 */
void assert_mag_agreed(struct mag_bench *bench);

#endif /* PMIP6_TESTS_MAG_BENCH_H */
