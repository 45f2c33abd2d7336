/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mobility Headers to and from the network, on one address.
 */
#ifndef PMIP6_PORTS_MH_SOCKET_H
#define PMIP6_PORTS_MH_SOCKET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../mh/mh.h"
#include "counter.h"

struct ev_loop;
struct mh_socket;

/* How many counters mh_socket_counters() has at most. */
#define MH_SOCKET_COUNTERS_MAX 32

/**
 * struct mh_socket_config - where to listen, and whom to tell
 * @address: LMAA or Proxy-CoA; an address of this host
 * @underlay: the only link that messages may come and go by, or NULL
 * @mark: of what is sent (SO_MARK), or 0
 * @ipsec: only what ESP has protected is taken; see ipsec_require()
 * @ipsec_reqid: likewise
 * @on_message: a message that is well-formed and has the right checksum; valid
 *	until it returns
 * @on_unreachable: the network says that what was sent to @peer does not arrive;
 *	@error is an errno value. May be NULL.
 * @arg: handed to both
 *
 * Callbacks come from the loop and must not call mh_socket_close().
 */
struct mh_socket_config {
	struct in6_addr address;
	const char *underlay;
	uint32_t mark;
	bool ipsec;
	uint32_t ipsec_reqid;
	void (*on_message)(void *arg, const struct in6_addr *src,
			   const struct in6_addr *dst,
			   const struct mh_message *message);
	void (*on_unreachable)(void *arg, const struct in6_addr *peer,
			       int error);
	void *arg;
};

/**
 * mh_socket_open() - listen for Mobility Headers
 * @loop: what calls back
 * @config: where and whom; copied
 * @sock: where to put the socket, for mh_socket_close()
 *
 * Two on different addresses do not disturb each other. What is no message is
 * counted and answered as RFC 6275 9.2 says; answers are limited to ten a
 * second (RFC 4443 2.4 (f)). Needs CAP_NET_RAW, with a mark CAP_NET_ADMIN.
 *
 * Return: 0 or an errno value: EADDRNOTAVAIL if the host does not have the
 * address, or has not tested yet that it is free; ENODEV if there is no such
 * underlay; ENOPROTOOPT if there shall be IPsec and the kernel has none.
 */
int mh_socket_open(struct ev_loop *loop, const struct mh_socket_config *config,
		   struct mh_socket **sock);

/**
 * mh_socket_close() - listen no more
 * @sock: the socket, or NULL
 */
void mh_socket_close(struct mh_socket *sock);

/**
 * mh_socket_send() - send a message (EFFECT_SEND)
 * @sock: the socket
 * @src: an address of this host, usually the socket's
 * @dst: to whom
 * @message: what
 *
 * Never waits. Errors that the network told of earlier messages are not taken
 * for one of this message.
 *
 * Return: 0 or an errno value: EAGAIN if the socket takes no more now, EINVAL
 * for a message that cannot be built, ENETUNREACH or EHOSTUNREACH without a
 * route.
 */
int mh_socket_send(struct mh_socket *sock, const struct in6_addr *src,
		   const struct in6_addr *dst,
		   const struct mh_message *message);

/**
 * mh_socket_counters() - what was received, sent and refused
 * @sock: the socket
 * @counters: where to put them, room for MH_SOCKET_COUNTERS_MAX
 *
 * Return: how many there are.
 */
unsigned int mh_socket_counters(const struct mh_socket *sock,
				struct counter *counters);

#endif /* PMIP6_PORTS_MH_SOCKET_H */
