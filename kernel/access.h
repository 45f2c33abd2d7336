/* SPDX-License-Identifier: GPL-2.0 */
/*
 * At a gateway: is a packet from where its mobile node is?
 *
 * RFC 5213 6.10.5 forwards what comes from a mobile node over its access link
 * only.  A prefix names one mobile node, so a source address that comes from
 * another interface, or on a shared link from another link-layer address, is
 * somebody else's.
 */
#ifndef PMIP6_ACCESS_H
#define PMIP6_ACCESS_H

#include <linux/skbuff.h>
#include <net/net_namespace.h>

#include "path.h"

/**
 * pmip6_access_check() - did this packet come the way that its path says
 * @path: the path of the packet's source
 * @skb: the packet, as it is about to enter the tunnel
 *
 * Context: softirq or BH disabled, RCU read side.
 * Return: PMIP6_DROP_UNSPEC if so, otherwise what to count.
 */
enum pmip6_drop pmip6_access_check(const struct pmip6_path *path,
				   const struct sk_buff *skb);

/**
 * pmip6_access_init() - module init: check fragments on arrival
 *
 * Where conntrack defragments, what is fragmented again afterwards has lost
 * its origin by the time it reaches the tunnel; so fragments are checked
 * before that, in every namespace that a gateway's device is in or was in.
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int pmip6_access_init(void);

/**
 * pmip6_access_exit() - module exit; namespaces end their checks themselves
 *
 * Context: process.
 */
void pmip6_access_exit(void);

/**
 * pmip6_access_disable() - the end of a namespace
 * @net: the namespace
 *
 * Context: process. Sleeps.
 */
void pmip6_access_disable(struct net *net);

#endif /* PMIP6_ACCESS_H */
