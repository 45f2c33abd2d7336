/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What several nouns show alike.
 */
#ifndef PMIPCTL_SHOW_H
#define PMIPCTL_SHOW_H

#include <stdint.h>

#include <linux/pmip6.h>

#include "../nl/genl.h"

struct nlmsghdr;

/**
 * show_stats() - counters, where they are asked for
 * @stats: the counters
 */
void show_stats(const struct genl_stats *stats);

/**
 * show_ifname() - the name of a network device
 * @key: its name in JSON
 * @label: what text has before it, or NULL
 * @ifindex: its index
 */
void show_ifname(const char *key, const char *label, uint32_t ifindex);

/**
 * show_dump() - all that the module has of something
 * @cmd: which
 * @ifindex_attr: the attribute that names the only device wanted
 * @ifindex: that device, or 0 for all
 * @what: it is, for an error
 * @each: shows one
 *
 * Return: the exit status.
 */
int show_dump(enum pmip6_cmd cmd, int ifindex_attr, uint32_t ifindex,
	      const char *what,
	      void (*each)(struct nlmsghdr *nlh, void *context));

#endif /* PMIPCTL_SHOW_H */
