/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The access links of a gateway: who is on them, and what is told them.
 *
 * A mobile node is noticed by its first frame, whatever that is. The rest of
 * its traffic stays in the kernel: a socket filter knows every station and
 * passes on only its first frame and its Neighbour Discovery. See nd_filter.h.
 */
#ifndef PMIP6_PORTS_ND_H
#define PMIP6_PORTS_ND_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "../engine/effects.h"
#include "counter.h"

struct ev_loop;
struct nd;

/* How many counters nd_counters() has at most. */
#define ND_COUNTERS_MAX 24

/**
 * struct nd_callbacks - who is told what was heard
 * @on_frame: a frame from a station that was not known, or that nd_hear() or
 *	nd_forget_after() want to be news again; not repeated within a second,
 *	but repeated after it as long as none of those was called. Comes before
 *	the other two if the same frame is the reason.
 * @on_solicit: a valid Router Solicitation from @src, which is :: or unicast
 * @on_neighbour: a valid Neighbour Solicitation or Advertisement from @src, a
 *	link-local address; or a frame of any kind from one that was news. What
 *	a station asks for while it still tests whether an address is free
 *	(source ::) is not reported: the address is not its own yet, and it
 *	would drop what is sent there (RFC 4862 5.4).
 * @on_arrival: what a host sends when its link has come up: a test of an address,
 *	or a report of groups just joined. Where the kernel refuses the filter,
 *	reports are not heard.
 * @arg: handed to all of them
 *
 * Called from the loop. A callback may call anything here but nd_close_link()
 * and nd_free().
 */
struct nd_callbacks {
	void (*on_frame)(void *arg, uint32_t ifindex, const uint8_t *lladdr);
	void (*on_solicit)(void *arg, uint32_t ifindex, const uint8_t *lladdr,
			   const struct in6_addr *src);
	void (*on_neighbour)(void *arg, uint32_t ifindex, const uint8_t *lladdr,
			     const struct in6_addr *src);
	void (*on_arrival)(void *arg, uint32_t ifindex, const uint8_t *lladdr);
	void *arg;
};

/**
 * nd_new() - no access links yet
 * @loop: what calls back
 * @callbacks: whom; copied
 *
 * Needs CAP_BPF (or CAP_SYS_ADMIN) for the filter that keeps traffic away from
 * the daemon; see nd_filter_refused().
 *
 * Return: the port, for nd_free(); never NULL.
 */
struct nd *nd_new(struct ev_loop *loop, const struct nd_callbacks *callbacks);

/**
 * nd_free() - close all links
 * @nd: the port, or NULL
 */
void nd_free(struct nd *nd);

/**
 * nd_filter_refused() - does the kernel keep traffic away from the daemon
 * @nd: the port
 *
 * Return: 0, or the errno value for which the kernel refused the filter. Frames
 * of known stations then come to the daemon too, which looks at a limited
 * number a second and may notice a new station late: warn of it.
 */
int nd_filter_refused(const struct nd *nd);

/**
 * nd_open_link() - listen on an access link
 * @nd: the port
 * @ifindex: the link, of Ethernet kind
 *
 * Reads the link's addresses; see nd_refresh_link(). The link is told to pass
 * all multicast, since stations test their addresses by groups that the host
 * is no member of. Needs CAP_NET_RAW. Nothing happens if it is open already.
 *
 * Return: 0 or an errno value: ENODEV if there is no such link, EPROTONOSUPPORT
 * if it has no Ethernet addresses.
 */
int nd_open_link(struct nd *nd, uint32_t ifindex);

/**
 * nd_close_link() - listen on it no more, and forget its stations
 * @nd: the port
 * @ifindex: the link, open or not
 */
void nd_close_link(struct nd *nd, uint32_t ifindex);

/**
 * nd_refresh_link() - its link-layer or link-local address may have changed
 * @nd: the port
 * @ifindex: the link
 *
 * The link-layer address is the source of Router Advertisements, and frames
 * that come from it are nobody's. The link-local address is the source of
 * those that have no other.
 *
 * Return: 0 or an errno value: ENODEV if the link is not open.
 */
int nd_refresh_link(struct nd *nd, uint32_t ifindex);

/**
 * nd_hear() - whether frames of a station are news (EFFECT_HEAR)
 * @nd: the port
 * @ifindex: the link
 * @lladdr: the station, ETH_ALEN octets
 * @every_frame: true: its next frame of any kind; false: none, until this is
 *	called again; Neighbour Discovery is heard in either case
 *
 * Frames that were received before the call are not news after it.
 *
 * Return: 0 or an errno value: ENODEV if the link is not open.
 */
int nd_hear(struct nd *nd, uint32_t ifindex, const uint8_t *lladdr,
	    bool every_frame);

/**
 * nd_forget_after() - a station is nobody's: do not hear of it for a while
 * @nd: the port
 * @ifindex: the link
 * @lladdr: the station, ETH_ALEN octets
 * @ms: after so many milliseconds its next frame is news; 0: at once
 *
 * Needs no timer: the filter keeps the time.
 *
 * Return: 0 or an errno value: ENODEV if the link is not open.
 */
int nd_forget_after(struct nd *nd, uint32_t ifindex, const uint8_t *lladdr,
		    uint64_t ms);

/**
 * nd_last_seen_ms() - when did a station last send anything
 * @nd: the port
 * @ifindex: the link
 * @lladdr: the station, ETH_ALEN octets
 *
 * Return: milliseconds of CLOCK_BOOTTIME, at most 10 ms early; 0 if it is not
 * known: it sent nothing, or is the one of 65536 stations that did so longest
 * ago.
 */
uint64_t nd_last_seen_ms(const struct nd *nd, uint32_t ifindex,
			 const uint8_t *lladdr);

/**
 * nd_advertise() - send a Router Advertisement to one station
 * @nd: the port
 * @ra: what it says; a source of :: stands for the link's own link-local
 *	address
 *
 * Return: 0 or an errno value: ENODEV if the link is not open, EADDRNOTAVAIL if
 * it has no link-local address and needs one, ENETDOWN, or EAGAIN if the link
 * takes no more now.
 */
int nd_advertise(struct nd *nd, const struct effect_advertise *ra);

/**
 * nd_counters() - what was heard and told, on all links
 * @nd: the port
 * @counters: where to put them, room for ND_COUNTERS_MAX
 *
 * Return: how many there are.
 */
unsigned int nd_counters(struct nd *nd, struct counter *counters);

#endif /* PMIP6_PORTS_ND_H */
