/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module keeps for every network namespace, as an underlay.
 */
#ifndef PMIP6_NET_H
#define PMIP6_NET_H

#include <linux/list.h>
#include <linux/rhashtable.h>
#include <net/net_namespace.h>

/**
 * struct pmip6_net - one namespace
 * @devices: devices whose underlay this is; changed under RTNL, read by RCU
 * @inside: devices that are in it, in no order; changed and read likewise
 * @tunnels: their tunnels by both endpoints, for decapsulation
 * @access_hook: the hook of access.c is registered in this namespace
 */
struct pmip6_net {
	struct list_head devices;
	struct hlist_head inside;
	struct rhashtable tunnels;
	bool access_hook;
};

/**
 * pmip6_net() - the module's part of a namespace
 * @net: the namespace
 *
 * Context: any.
 * Return: its part, as long as @net lives.
 */
struct pmip6_net *pmip6_net(const struct net *net);

#endif /* PMIP6_NET_H */
