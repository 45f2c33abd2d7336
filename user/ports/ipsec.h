/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages that only IPsec may bring (RFC 5213 4).
 *
 * Keys are for others: an IKE daemon or "ip xfrm". Here a socket refuses what
 * came without them, whatever the policies of the host say.
 */
#ifndef PMIP6_PORTS_IPSEC_H
#define PMIP6_PORTS_IPSEC_H

#include <stdint.h>

/**
 * ipsec_require() - let a socket have only what ESP has protected
 * @fd: a socket of IPv6
 * @reqid: of the security associations, or 0: then any does, and what is sent
 *	is for the policies of the host to protect
 *
 * In transport mode, as RFC 5213 4 wants it. What comes without is dropped by
 * the kernel, and counted in /proc/net/xfrm_stat. With @reqid, what is to be
 * sent without such an association is refused: EAGAIN. Needs CAP_NET_ADMIN.
 *
 * Return: 0 or an errno value: ENOPROTOOPT if the kernel knows no IPsec.
 */
int ipsec_require(int fd, uint32_t reqid);

#endif /* PMIP6_PORTS_IPSEC_H */
