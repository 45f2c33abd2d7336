/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wire, outer headers off.
 */
#ifndef PMIP6_DECAP_H
#define PMIP6_DECAP_H

#include <linux/pmip6.h>
#include <linux/skbuff.h>

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
