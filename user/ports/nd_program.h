/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The socket filters of nd_filter.h, as programs.
 */
#ifndef PMIP6_PORTS_ND_PROGRAM_H
#define PMIP6_PORTS_ND_PROGRAM_H

#include <net/ethernet.h>
#include <stdbool.h>
#include <stdint.h>

/* What nd_station.flags has. */
#define ND_STATION_NEWS 1	/* the daemon is still to be told */
#define ND_STATION_OURS 2	/* the address of the link itself */

/**
 * struct nd_station_key - what a station is known by
 * @ifindex: the link
 * @lladdr: the station, or all zero for the entry of the link
 * @zero: nothing
 */
struct nd_station_key {
	uint32_t ifindex;
	uint8_t lladdr[ETH_ALEN];
	uint8_t zero[2];
};

/**
 * struct nd_station - what is known of a station, or of the news of a link
 * @seen_ns: when it was last seen, CLOCK_BOOTTIME; of a link: since when its
 *	news are counted
 * @quiet_until_ns: before that it is no news
 * @flags: ND_STATION_NEWS, ND_STATION_OURS
 * @news: of a link: how many since then
 */
struct nd_station {
	uint64_t seen_ns;
	uint64_t quiet_until_ns;
	uint32_t flags;
	uint32_t news;
};

/**
 * nd_program_load() - the filter that keeps the table
 * @map_fd: the table, struct nd_station by struct nd_station_key
 *
 * Return: a file descriptor for SO_ATTACH_BPF, or -1 with errno set.
 */
int nd_program_load(int map_fd);

/**
 * nd_program_attach_classic() - the filter for when there is no other
 * @fd: a packet socket
 * @discovery: true: only Neighbour Discovery; false: only all else
 *
 * Return: 0 or an errno value.
 */
int nd_program_attach_classic(int fd, bool discovery);

#endif /* PMIP6_PORTS_ND_PROGRAM_H */
