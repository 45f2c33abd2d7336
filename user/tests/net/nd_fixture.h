/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A pair of links in a network namespace: the access link of a gateway, which
 * user/ports/nd.c listens on, and what stands for all stations on it.
 */
#ifndef PMIP6_TESTS_ND_FIXTURE_H
#define PMIP6_TESTS_ND_FIXTURE_H

#include <net/ethernet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "../../ports/nd.h"
#include "../common/frame.h"

/* The mobile node's address, if a test says nothing else. */
#define LINK_LOCAL "fe80::1"

/* Link-layer addresses of the access link and of the mobile node. */
extern const uint8_t router_lladdr[ETH_ALEN];
extern const uint8_t mn_lladdr[ETH_ALEN];

/**
 * struct heard - what callbacks were told
 * @news: of frames from @mn_lladdr
 * @others: of frames from others
 * @made_up: of those, from addresses that made_up() makes
 * @solicits: Router Solicitations
 * @neighbours: Neighbour Solicitations and Advertisements
 * @arrivals: of @mn_lladdr
 * @src: source of the last one
 * @ifindex: link of the last of all
 * @marked: the present marker was heard
 * @news_before_solicit: of the first Router Solicitation
 */
struct heard {
	unsigned int news;
	unsigned int others;
	unsigned int made_up;
	unsigned int solicits;
	unsigned int neighbours;
	unsigned int arrivals;
	struct in6_addr src;
	uint32_t ifindex;
	bool marked;
	bool news_before_solicit;
};

/**
 * struct nd_fixture - what a test has
 * @loop: what calls back
 * @nd: the port
 * @ifindex: the access link
 * @station: a packet socket on the other end
 * @seen_ms: when @mn_lladdr was seen
 * @marker: a station that hear_all() makes up
 * @heard: what callbacks were told
 */
struct nd_fixture {
	struct ev_loop *loop;
	struct nd *nd;
	uint32_t ifindex;
	int station;
	uint64_t seen_ms;
	uint8_t marker[ETH_ALEN];
	struct heard heard;
};

/**
 * nd_set_up() - an access link that is open, with the filter in the kernel
 * @state: where to put the struct nd_fixture
 *
 * Return: 0.
 */
int nd_set_up(void **state);

/**
 * nd_set_up_classic() - an access link that is open, with the classic filter
 * @state: where to put the struct nd_fixture
 *
 * As for a daemon in a container that may not use bpf(2).
 *
 * Return: 0.
 */
int nd_set_up_classic(void **state);

/**
 * nd_tear_down() - the end of both
 * @state: where the struct nd_fixture is
 *
 * Return: 0.
 */
int nd_tear_down(void **state);

/**
 * send_frame() - a frame from the other end
 * @fixture: what the test has
 * @frame: the frame
 */
void send_frame(struct nd_fixture *fixture, const struct frame *frame);

/**
 * send_udp() - a datagram from the other end
 * @fixture: what the test has
 * @lladdr: of the station that it is from
 */
void send_udp(struct nd_fixture *fixture, const uint8_t *lladdr);

/**
 * send_nd() - Neighbour Discovery from the mobile node
 * @fixture: what the test has
 * @src: its source
 * @dst: its destination
 * @type: ICMPv6 type
 * @body: what follows the checksum, as hexadecimal digits
 */
void send_nd(struct nd_fixture *fixture, const char *src, const char *dst,
	     uint8_t type, const char *body);

/**
 * new_marker() - the address of a station that was not heard yet
 * @fixture: what the test has
 *
 * Return: the address, until the next one is made.
 */
const uint8_t *new_marker(struct nd_fixture *fixture);

/**
 * was_marked() - was the station of new_marker() heard
 * @arg: struct nd_fixture
 *
 * Return: true if so.
 */
bool was_marked(void *arg);

/**
 * was_solicited() - was a Router Solicitation heard
 * @arg: struct nd_fixture
 *
 * Return: true if so.
 */
bool was_solicited(void *arg);

/**
 * hear_all() - wait until all frames sent so far were heard
 * @fixture: what the test has
 *
 * But for Neighbour Discovery, which may have a socket of its own. A frame of a
 * new station is sent: those before it are heard before it.
 */
void hear_all(struct nd_fixture *fixture);

/**
 * hear_all_nd() - wait until all Neighbour Discovery sent so far was heard
 * @fixture: what the test has
 *
 * Sends a Router Solicitation, which @fixture->heard does not count.
 */
void hear_all_nd(struct nd_fixture *fixture);

/**
 * nd_count() - one of the port's counters
 * @fixture: what the test has
 * @name: which
 *
 * Return: its value.
 */
uint64_t nd_count(struct nd_fixture *fixture, const char *name);

/**
 * boot_ms() - the time by which the filter reckons
 *
 * Return: milliseconds.
 */
uint64_t boot_ms(void);

/* A test, with the filter in the kernel and with the classic one. */
#define BOTH(test) \
	{ #test ": kernel", test, nd_set_up, nd_tear_down, NULL }, \
	{ #test ": classic", test, nd_set_up_classic, nd_tear_down, NULL }

#endif /* PMIP6_TESTS_ND_FIXTURE_H */
