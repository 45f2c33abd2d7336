/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernel versions, and only those.  The rest of the
 * module is written for the newest kernel; where an older one lacks what it
 * calls, that is supplied here under the kernel's own name.  What can not be
 * has the prefix pmip6_compat_.  PMIP6_COMPAT_HAVE_ is what Kbuild found in the
 * kernel's headers, as distributions' kernels have more than their version says.
 */
#ifndef PMIP6_COMPAT_H
#define PMIP6_COMPAT_H

#include <linux/export.h>
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>

#include "device.h"

/* skb_gso_segment(), in <linux/netdevice.h> up to 6.4. */
#ifdef PMIP6_COMPAT_HAVE_NET_GSO_H
#include <net/gso.h>
#endif

/**
 * pmip6_compat_set_lockless_tx() - the device's xmit needs no queue lock
 * @dev: a device that is being set up
 *
 * A feature bit up to 6.11, a member of its own from 6.12 on.
 */
static inline void pmip6_compat_set_lockless_tx(struct net_device *dev)
{
#ifdef PMIP6_COMPAT_HAVE_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/*
 * &struct rtnl_link_ops.newlink took its arguments one by one up to 6.14, the
 * first being what rtnl_newlink_link_net() returns now.
 */
#ifdef PMIP6_COMPAT_HAVE_NEWLINK_PARAMS
#define pmip6_compat_newlink pmip6_device_newlink
#else
struct rtnl_newlink_params {
	struct net *src_net;
	struct nlattr **tb;
	struct nlattr **data;
};

static inline struct net *
rtnl_newlink_link_net(const struct rtnl_newlink_params *params)
{
	return params->src_net;
}

/**
 * pmip6_compat_newlink() - call pmip6_device_newlink() as an older kernel does
 * @net: the underlay's namespace
 * @dev: a device that is not registered yet
 * @tb: attributes of any device
 * @data: attributes of ours
 * @extack: what to tell who asked
 *
 * Context: process, holding RTNL.
 * Return: as pmip6_device_newlink().
 */
static inline int
pmip6_compat_newlink(struct net *net, struct net_device *dev,
		     struct nlattr *tb[], struct nlattr *data[],
		     struct netlink_ext_ack *extack)
{
	struct rtnl_newlink_params params = {
		.src_net = net,
		.tb = tb,
		.data = data,
	};

	return pmip6_device_newlink(dev, &params, extack);
}
#endif

/* What a dump was asked for: its attributes moved in 6.6. */
#ifndef PMIP6_COMPAT_HAVE_GENL_INFO_DUMP
static inline const struct genl_dumpit_info *
genl_info_dump(struct netlink_callback *cb)
{
	return genl_dumpit_info(cb);
}
#endif

/*
 * What KUnit suites reach into is exported only where KUnit is built, in a
 * namespace that nobody else imports; <kunit/visibility.h> from 6.2 on.
 */
#if !IS_ENABLED(CONFIG_KUNIT)
#define EXPORT_SYMBOL_IF_KUNIT(symbol)
#elif defined(PMIP6_COMPAT_HAVE_KUNIT_VISIBILITY_H)
#include <kunit/visibility.h>
#else
#define EXPORT_SYMBOL_IF_KUNIT(symbol) \
	EXPORT_SYMBOL_NS(symbol, EXPORTED_FOR_KUNIT_TESTING)
#endif

#endif /* PMIP6_COMPAT_H */
