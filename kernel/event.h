/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notifications out, to whoever joined the multicast group "events".
 */
#ifndef PMIP6_EVENT_H
#define PMIP6_EVENT_H

#include <linux/in6.h>
#include <linux/pmip6.h>

struct pmip6_device;
struct pmip6_path;
struct pmip6_shared_set;

/**
 * pmip6_event_path_expired() - a path was reaped
 * @pd: the device
 * @path: the path, still in its binding
 *
 * Context: process, holding the device's lock. Sleeps.
 */
void pmip6_event_path_expired(struct pmip6_device *pd,
			      const struct pmip6_path *path);

/**
 * pmip6_event_expiry_set_expired() - a set was reaped with all of its paths
 * @pd: the device
 * @shared: the set
 *
 * Context: process, holding the device's lock. Sleeps.
 */
void pmip6_event_expiry_set_expired(struct pmip6_device *pd,
				    const struct pmip6_shared_set *shared);

/**
 * pmip6_event_mn_unknown() - a packet of or for nobody
 * @pd: the device
 * @mn: the address of the mobile node's side
 * @remote: outer source if it came by a tunnel, or NULL
 * @ifindex: where it came in if it came by a link, or 0
 * @why: why it went no further
 *
 * Rate-limited, as a stranger can cause it.
 *
 * Context: softirq or BH disabled, RCU read side.
 */
void pmip6_event_mn_unknown(struct pmip6_device *pd, const struct in6_addr *mn,
			    const struct in6_addr *remote, int ifindex,
			    enum pmip6_drop why);

/**
 * pmip6_event_tunnel_unknown() - an outer header from an endpoint we lack
 * @pd: the device whose local address it was sent to
 * @remote: its source
 *
 * Rate-limited, as a stranger can cause it.
 *
 * Context: softirq or BH disabled, RCU read side.
 */
void pmip6_event_tunnel_unknown(struct pmip6_device *pd,
				const struct in6_addr *remote);

#endif /* PMIP6_EVENT_H */
