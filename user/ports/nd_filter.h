/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which frames of an access link come to the daemon.
 *
 * A table has every station with when it was last seen and until when it is
 * quiet, that is, no news. In the kernel an eBPF socket filter keeps the table:
 * it passes a frame if its station is not quiet, makes the station quiet for a
 * second so that one frame is enough, and marks it as news, which the daemon
 * takes off again. Router Solicitations, Neighbour Solicitations and
 * Advertisements, and reports of groups just joined pass always. A link has a
 * limited number of news a second, so that made-up addresses do not keep the
 * daemon busy; what is above it is news with its next frame.
 *
 * Where the kernel refuses the filter the table is in the daemon, and a classic
 * filter tells Neighbour Discovery and other frames apart.
 */
#ifndef PMIP6_PORTS_ND_FILTER_H
#define PMIP6_PORTS_ND_FILTER_H

#include <stdbool.h>
#include <stdint.h>

struct nd_filter;

/* How many stations are known, on all links together. */
#define ND_FILTER_STATIONS 65536

/* So often a station that nobody decides about is news again. */
#define ND_FILTER_REPEAT_NS 1000000000ull

/* So many news a link may have in so long a time. */
#define ND_FILTER_BUDGET 100
#define ND_FILTER_BUDGET_NS 100000000ull

/*
 * What passes of a frame that is no Neighbour Discovery: the headers of Ethernet
 * and IPv6.
 */
#define ND_FILTER_SNAP (14 + 40)

/* No time. */
#define ND_FILTER_FOREVER UINT64_MAX

/* What a socket is for. */
enum nd_filter_kind {
	ND_FILTER_ALL,		/* all that is to be heard */
	ND_FILTER_ND,		/* Neighbour Discovery; classic filter */
	ND_FILTER_NOT_ND,	/* everything else; classic filter */
};

/**
 * nd_filter_new() - know no stations
 *
 * Return: the filter, for nd_filter_free(); never NULL.
 */
struct nd_filter *nd_filter_new(void);

/**
 * nd_filter_free() - forget all stations
 * @filter: the filter, or NULL; sockets may still have it
 */
void nd_filter_free(struct nd_filter *filter);

/**
 * nd_filter_error() - is the table in the kernel
 * @filter: the filter
 *
 * Return: 0, or why not: an errno value.
 */
int nd_filter_error(const struct nd_filter *filter);

/**
 * nd_filter_attach() - let a packet socket have what it is for
 * @filter: the filter
 * @fd: the socket, which receives nothing yet
 * @kind: what it is for; ND_FILTER_ALL only if the table is in the kernel, and
 *	the others only if it is not
 *
 * Return: 0 or an errno value.
 */
int nd_filter_attach(const struct nd_filter *filter, int fd,
		     enum nd_filter_kind kind);

/**
 * nd_filter_open_link() - a link may have news
 * @filter: the filter
 * @ifindex: the link
 *
 * Return: 0 or an errno value.
 */
int nd_filter_open_link(struct nd_filter *filter, uint32_t ifindex);

/**
 * nd_filter_close_link() - forget the stations of a link
 * @filter: the filter
 * @ifindex: the link
 */
void nd_filter_close_link(struct nd_filter *filter, uint32_t ifindex);

/**
 * nd_filter_ignore() - frames from this address are nobody's
 * @filter: the filter
 * @ifindex: the link
 * @lladdr: the address, that of the link itself
 *
 * For the filter's own sake: it may forget, so the daemon looks too.
 *
 * Return: 0 or an errno value.
 */
int nd_filter_ignore(struct nd_filter *filter, uint32_t ifindex,
		     const uint8_t *lladdr);

/**
 * nd_filter_forget() - know nothing of an address
 * @filter: the filter
 * @ifindex: the link
 * @lladdr: the address, not all zero: that stands for the link
 */
void nd_filter_forget(struct nd_filter *filter, uint32_t ifindex,
		      const uint8_t *lladdr);

/**
 * nd_filter_set_quiet() - until when a station is no news
 * @filter: the filter
 * @ifindex: the link
 * @lladdr: the station
 * @until_ns: CLOCK_BOOTTIME, 0 or ND_FILTER_FOREVER
 *
 * Return: 0 or an errno value.
 */
int nd_filter_set_quiet(struct nd_filter *filter, uint32_t ifindex,
			const uint8_t *lladdr, uint64_t until_ns);

/**
 * nd_filter_heard() - a frame of a station has passed
 * @filter: the filter
 * @ifindex: the link
 * @lladdr: the station
 * @now_ns: CLOCK_BOOTTIME
 *
 * Return: true if that is news.
 */
bool nd_filter_heard(struct nd_filter *filter, uint32_t ifindex,
		     const uint8_t *lladdr, uint64_t now_ns);

/**
 * nd_filter_seen_ns() - when did a station send a frame
 * @filter: the filter
 * @ifindex: the link
 * @lladdr: the station
 *
 * Return: CLOCK_BOOTTIME, or 0 if it is not known.
 */
uint64_t nd_filter_seen_ns(const struct nd_filter *filter, uint32_t ifindex,
			   const uint8_t *lladdr);

#endif /* PMIP6_PORTS_ND_FILTER_H */
