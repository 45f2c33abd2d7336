/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernel versions, and only those.  What is probed
 * or shimmed here carries the prefix pmip6_compat_; Kbuild says which headers
 * there are, as sparse does not know __has_include().
 */
#ifndef PMIP6_COMPAT_H
#define PMIP6_COMPAT_H

#include <linux/export.h>
#include <linux/netdevice.h>

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
	dev->features |= NETIF_F_LLTX;
}

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
