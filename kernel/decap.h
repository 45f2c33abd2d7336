/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wire, outer headers off.
 */
#ifndef PMIP6_DECAP_H
#define PMIP6_DECAP_H

#include <linux/pmip6.h>
#include <linux/skbuff.h>

#include "path.h"
#include "tunnel.h"

/**
 * pmip6_decap() - check a packet that came by a tunnel, unwrap it, hand it on
 * @skb: the outer header at its network header, the inner one pulled and at
 *	its start
 * @tunnel: by which it came
 *
 * Context: softirq or BH disabled, RCU read side.
 * Return: PMIP6_DROP_UNSPEC when it went on from the device and @skb is gone;
 * otherwise why not, and @skb is still the caller's.
 */
enum pmip6_drop pmip6_decap(struct sk_buff *skb, struct pmip6_tunnel *tunnel);

/**
 * pmip6_decap_check() - who a packet that came by a tunnel is from or for
 * @skb: the packet, with its inner header at its start
 * @tunnel: by which it came
 * @binding: where to put the binding
 * @path: where to put the path of it that is by this tunnel
 *
 * Context: softirq or BH disabled, RCU read side.
 * Return: PMIP6_DROP_UNSPEC, or why it must not go on: whoever has no binding,
 * or not by this tunnel, is refused.
 */
enum pmip6_drop pmip6_decap_check(const struct sk_buff *skb,
				  const struct pmip6_tunnel *tunnel,
				  struct pmip6_binding **binding,
				  const struct pmip6_path **path);

/**
 * pmip6_decap_strip() - take the outer header off
 * @skb: the outer header at its network header, the inner one at its start;
 *	then it is as if it had come in by the device
 * @tunnel: by which it came
 *
 * Congestion on the way is marked on the inner header (RFC 6040 4.2).
 *
 * Context: softirq or BH disabled, RCU read side.
 * Return: PMIP6_DROP_UNSPEC, PMIP6_DROP_NO_MEMORY or PMIP6_DROP_ECN.
 */
enum pmip6_drop pmip6_decap_strip(struct sk_buff *skb,
				  const struct pmip6_tunnel *tunnel);

/**
 * pmip6_decap_init() - module init: take next header 41 for our tunnels
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int pmip6_decap_init(void);

/**
 * pmip6_decap_exit() - module exit
 *
 * Context: process. Sleeps until no packet is on its way through.
 */
void pmip6_decap_exit(void);

#endif /* PMIP6_DECAP_H */
