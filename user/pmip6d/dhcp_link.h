/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How servers are told where a mobile node is, and how much it may say.
 */
#ifndef PMIP6D_DHCP_LINK_H
#define PMIP6D_DHCP_LINK_H

#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../engine/update_list.h"

/* "IFACE/02:00:00:00:00:01" and a null character. */
#define DHCP_INTERFACE_ID_SIZE (IFNAMSIZ + 3 * ETH_ALEN)

/**
 * dhcp_link_address() - the link of a mobile node
 * @bule: its entry, with at least one prefix
 * @addr: where to put an address of the prefix of its that comes first by
 *	number, of those on the link if there are any: the same at every gateway,
 *	whatever the order of prefixes
 *
 * RFC 5213 6.11: made as by autoconfiguration, with the identifier of RFC 6543.
 */
void dhcp_link_address(const struct bule *bule, struct in6_addr *addr);

/**
 * dhcp_interface_id() - what servers give back
 * @at: where a mobile node is
 * @to: where to put it, DHCP_INTERFACE_ID_SIZE octets, ends with a null
 *	character
 *
 * Outlives a restart: servers may have rules for it (RFC 8415 21.18).
 *
 * Return: its length.
 */
size_t dhcp_interface_id(const struct mag_attachment *at, char *to);

/**
 * dhcp_find() - whose it was
 * @bul: all mobile nodes
 * @id: what a server gives back
 * @len: its length
 *
 * Return: the entry of a mobile node that is where dhcp_interface_id() said,
 * or NULL.
 */
struct bule *dhcp_find(const struct update_list *bul, const uint8_t *id,
		       size_t len);

/**
 * struct dhcp_limit - of a mobile node's messages
 * @milli: thousandths of messages that it may send at once
 * @updated_ms: since when
 */
struct dhcp_limit {
	uint64_t milli;
	uint64_t updated_ms;
};

/**
 * dhcp_may() - may it send one more
 * @limit: of the mobile node; zero at first
 * @rate: messages a second; twice as many at once
 * @now_ms: the time, not 0
 *
 * Return: true if so, and it has.
 */
bool dhcp_may(struct dhcp_limit *limit, uint32_t rate, uint64_t now_ms);

/**
 * dhcp_limit_idle() - is a limit as good as a new one
 * @limit: the limit
 * @now_ms: the time
 *
 * Return: true if so.
 */
bool dhcp_limit_idle(const struct dhcp_limit *limit, uint64_t now_ms);

#endif /* PMIP6D_DHCP_LINK_H */
