/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device, a tunnel and a binding with one path, outside of any namespace's
 * lists, and packets for them. What leaves the tunnel's route or reaches the
 * device is caught, so nothing reaches the stack.
 */
#ifndef PMIP6_TESTS_FIXTURE_H
#define PMIP6_TESTS_FIXTURE_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "device.h"
#include "path.h"
#include "tunnel.h"

struct rt6_info;

/* The underlay's device wants this much in front of an outer header. */
#define FIXTURE_NEEDED_HEADROOM	64

/**
 * struct fixture - what a test has to play with
 * @pd: the device, an anchor; up
 * @underlay: the device of the outer route
 * @route: the outer route; its output catches packets
 * @tunnel: of @pd, from @fixture_local to @fixture_remote
 * @binding: of the prefix of @fixture_mn, with @path
 * @path: by @tunnel, forever
 * @caught: the packet that came out, if one did
 * @arrived: completed by a packet that was decapsulated
 */
struct fixture {
	struct pmip6_device *pd;
	struct net_device *underlay;
	struct rt6_info *route;
	struct pmip6_tunnel tunnel;
	struct pmip6_binding *binding;
	struct pmip6_path path;
	struct sk_buff *caught;
	struct completion arrived;
};

extern const struct in6_addr fixture_local;
extern const struct in6_addr fixture_remote;
extern const struct in6_addr fixture_mn;	/* a mobile node */
extern const struct in6_addr fixture_cn;	/* its correspondent */

/**
 * fixture_init() - the init of a suite
 * @test: its priv becomes the &struct fixture
 *
 * Context: process. Sleeps.
 * Return: 0 or a negative error; fixture_exit() cleans up after either.
 */
int fixture_init(struct kunit *test);

/**
 * fixture_exit() - the exit of a suite
 * @test: whose priv fixture_init() set
 *
 * Context: process. Sleeps.
 */
void fixture_exit(struct kunit *test);

/**
 * fixture_packet() - an IPv6 packet between correspondent and mobile node
 * @test: aborted without memory
 * @headroom: exactly so much room in front
 * @payload: octets after the header, each other than the one before
 * @dsfield: traffic class
 *
 * Next header is 59, No Next Header, so that nobody looks further.
 *
 * Context: process.
 * Return: the packet, the caller's.
 */
struct sk_buff *fixture_packet(struct kunit *test, unsigned int headroom,
			       unsigned int payload, u8 dsfield);

/**
 * fixture_fill() - what fixture_packet() has as a payload
 * @data: where to put it
 * @len: octets
 *
 * Context: any.
 */
void fixture_fill(u8 *data, unsigned int len);

/**
 * fixture_caught() - what came out
 * @fx: the fixture, which forgets it
 *
 * Context: process, after what may have caught it has ended.
 * Return: a packet, the caller's, or NULL.
 */
struct sk_buff *fixture_caught(struct fixture *fx);

/**
 * fixture_totals() - add up the traffic of device, tunnel and binding
 * @fx: the fixture
 * @device: the counters of the device
 * @tunnel: of the tunnel
 * @binding: of the binding
 *
 * Context: process.
 */
void fixture_totals(const struct fixture *fx, struct pmip6_totals *device,
		    struct pmip6_totals *tunnel, struct pmip6_totals *binding);

#endif /* PMIP6_TESTS_FIXTURE_H */
