// SPDX-License-Identifier: GPL-2.0
#include "dhcp_link.h"

#include <netinet/ether.h>
#include <stdio.h>
#include <string.h>

/* Of one message, in struct dhcp_limit. */
#define MILLI 1000u

/* In so long a time a limit is as good as a new one. */
#define FULL_MS 2000u

/* The identifier of the link-local address of RFC 6543, behind any prefix. */
static const struct in6_addr identifier = { .s6_addr = {
	[8] = 0x02, [10] = 0x5e, 0xff, 0xfe, 0x00, 0x52, 0x13,
} };

/* Those that are on the link come before those that are on another one. */
static int compare(const struct mh_prefix *a, const struct mh_prefix *b)
{
	if (a->off_link != b->off_link)
		return a->off_link ? 1 : -1;
	return memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

void dhcp_link_address(const struct bule *bule, struct in6_addr *addr)
{
	const struct mh_prefix *first = &bule->hnp[0];
	unsigned int i;

	for (i = 1; i < bule->hnp_count; i++)
		if (compare(&bule->hnp[i], first) < 0)
			first = &bule->hnp[i];
	*addr = identifier;
	for (i = 0; i < first->len; i++) {
		addr->s6_addr[i / 8] &= (uint8_t)~(0x80 >> i % 8);
		addr->s6_addr[i / 8] |= (uint8_t)(first->addr.s6_addr[i / 8] &
						  (0x80 >> i % 8));
	}
}

size_t dhcp_interface_id(const struct mag_attachment *at, char *to)
{
	const uint8_t *octet = at->lladdr;

	return (size_t)snprintf(to, DHCP_INTERFACE_ID_SIZE,
				"%s/%02x:%02x:%02x:%02x:%02x:%02x", at->ifname,
				octet[0], octet[1], octet[2], octet[3],
				octet[4], octet[5]);
}

struct bule *dhcp_find(const struct update_list *bul, const uint8_t *id,
		       size_t len)
{
	char given[DHCP_INTERFACE_ID_SIZE], own[DHCP_INTERFACE_ID_SIZE];
	struct ether_addr lladdr;
	struct bule *bule;
	const char *slash;

	if (len >= sizeof(given))
		return NULL;
	memcpy(given, id, len);
	given[len] = '\0';
	slash = strrchr(given, '/');
	if (!slash || !ether_aton_r(slash + 1, &lladdr))
		return NULL;
	bule = bul_by_lladdr(bul, lladdr.ether_addr_octet);
	if (!bule || dhcp_interface_id(&bule->at, own) != len ||
	    memcmp(given, own, len))
		return NULL;
	return bule;
}

bool dhcp_may(struct dhcp_limit *limit, uint32_t rate, uint64_t now_ms)
{
	uint64_t most = (uint64_t)rate * FULL_MS;

	if (dhcp_limit_idle(limit, now_ms))
		limit->milli = most;
	else
		limit->milli += (now_ms - limit->updated_ms) * rate;
	if (limit->milli > most)
		limit->milli = most;
	limit->updated_ms = now_ms;
	if (limit->milli < MILLI)
		return false;
	limit->milli -= MILLI;
	return true;
}

bool dhcp_limit_idle(const struct dhcp_limit *limit, uint64_t now_ms)
{
	return !limit->updated_ms || now_ms - limit->updated_ms >= FULL_MS;
}
