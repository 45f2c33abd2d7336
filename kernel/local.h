/* SPDX-License-Identifier: GPL-2.0 */
/*
 * At a gateway: from one of its mobile nodes to another, or to a host that is
 * there, without the tunnel.
 *
 * RFC 5213 6.10.3.  Policy says for each mobile node whether that may be, as
 * its anchor then neither sees nor counts the traffic; so it takes the
 * permission of both ends.  All that is checked of a packet that enters the
 * tunnel was checked before.
 */
#ifndef PMIP6_LOCAL_H
#define PMIP6_LOCAL_H

#include <linux/skbuff.h>

#include "device.h"
#include "path.h"

/**
 * pmip6_local_lookup() - may a packet go straight to its destination
 * @pd: a device of role mag
 * @source: the binding of the packet's source
 * @path: its path, by which the packet has come as it should
 * @skb: the packet, an IPv6 header at its start
 *
 * The destination has to be here: with an access link, and not expired; or it
 * is one of the hosts at this gateway that are no mobile nodes.
 *
 * Context: RCU read side.
 * Return: the binding of its destination, or NULL: into the tunnel with it.
 */
struct pmip6_binding *pmip6_local_lookup(struct pmip6_device *pd,
					 const struct pmip6_binding *source,
					 const struct pmip6_path *path,
					 const struct sk_buff *skb);

/**
 * pmip6_local_xmit() - have a packet come in as if by a tunnel
 * @pd: the device
 * @skb: the packet, network header at its start
 * @source: the binding of its source
 * @destination: what pmip6_local_lookup() said
 *
 * This router forwards the packet twice then, once into the device and once
 * out of it. That costs one hop, as one router has to.
 *
 * Context: softirq or BH disabled, RCU read side.
 * Return: PMIP6_DROP_UNSPEC when @skb is gone; otherwise why not, and @skb is
 * still the caller's.
 */
enum pmip6_drop pmip6_local_xmit(struct pmip6_device *pd, struct sk_buff *skb,
				 struct pmip6_binding *source,
				 struct pmip6_binding *destination);

#endif /* PMIP6_LOCAL_H */
