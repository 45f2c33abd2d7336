/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The loopback link of a network namespace: a gateway and an anchor, by
 * user/ports/mh_socket.c, and a peer that sends what it likes.
 */
#ifndef PMIP6_TESTS_MH_FIXTURE_H
#define PMIP6_TESTS_MH_FIXTURE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ports/mh_socket.h"

#define MAG "2001:db8::1"
#define LMA "2001:db8::2"
#define PEER "2001:db8::3"

/**
 * struct end - a socket under test
 * @sock: the socket
 * @received: messages
 * @message: the last one
 * @src: where it came from
 * @dst: where it went
 * @unreachable: how often a peer was
 * @peer: which
 * @error: why
 */
struct end {
	struct mh_socket *sock;
	unsigned int received;
	struct mh_message message;
	struct in6_addr src;
	struct in6_addr dst;
	unsigned int unreachable;
	struct in6_addr peer;
	int error;
};

/**
 * struct mh_fixture - what a test has
 * @loop: what calls back
 * @mag: at address MAG
 * @lma: at address LMA
 * @out: for whole packets, whatever is in them
 * @in: at address PEER, for Mobility Headers
 * @icmp: at address PEER, for Parameter Problems
 * @kernel_filters: the kernel drops malformed messages before the socket
 */
struct mh_fixture {
	struct ev_loop *loop;
	struct end mag;
	struct end lma;
	int out;
	int in;
	int icmp;
	bool kernel_filters;
};

/**
 * mh_set_up() - gateway, anchor and peer
 * @state: where to put the struct mh_fixture
 *
 * Return: 0.
 */
int mh_set_up(void **state);

/**
 * mh_tear_down() - the end of them
 * @state: where the struct mh_fixture is
 *
 * Return: 0.
 */
int mh_tear_down(void **state);

/**
 * config_of() - what a socket is opened with
 * @end: who is told
 * @address: where
 *
 * Return: the configuration.
 */
struct mh_socket_config config_of(struct end *end, const char *address);

/**
 * send_octets() - a packet from the peer, as it is
 * @fixture: what the test has
 * @to: its destination
 * @data: what follows the IPv6 header
 * @len: octets of @data
 */
void send_octets(struct mh_fixture *fixture, const char *to,
		 const uint8_t *data, size_t len);

/**
 * set_checksum() - the right one for a packet from the peer
 * @to: its destination
 * @data: what follows the IPv6 header
 * @len: octets of @data, 6 at least
 */
void set_checksum(const char *to, uint8_t *data, size_t len);

/**
 * send_sealed() - a packet to the anchor with the right checksum
 * @fixture: what the test has
 * @data: what follows the IPv6 header; not changed
 * @len: octets of @data; with less than 6 there is no checksum
 */
void send_sealed(struct mh_fixture *fixture, const uint8_t *data, size_t len);

/**
 * build_pbu() - a message that nothing is wrong with
 * @data: where to put it, room for MH_MAX_LEN
 *
 * Return: its length.
 */
size_t build_pbu(uint8_t *data);

/**
 * lma_has_received() - a message
 * @arg: struct mh_fixture
 *
 * Return: true if so.
 */
bool lma_has_received(void *arg);

/**
 * flush() - wait until the anchor has dealt with all that was sent to it
 * @fixture: what the test has
 *
 * Sends one more message, which is received once and counted: messages keep
 * their order.
 */
void flush(struct mh_fixture *fixture);

/**
 * mh_count() - one of a socket's counters
 * @end: the socket
 * @name: which
 *
 * Return: its value.
 */
uint64_t mh_count(const struct end *end, const char *name);

/**
 * expect_problem() - wait for a Parameter Problem to the peer
 * @fixture: what the test has; its loop does not run meanwhile
 * @pointer: what it must point at
 */
void expect_problem(const struct mh_fixture *fixture, uint8_t pointer);

/**
 * expect_no_problem() - there must be no other Parameter Problem
 * @fixture: what the test has
 */
void expect_no_problem(const struct mh_fixture *fixture);

#endif /* PMIP6_TESTS_MH_FIXTURE_H */
