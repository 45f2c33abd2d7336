/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sockets of a relay agent for DHCPv6 (RFC 8415 19): what clients on access
 * links send, and what servers answer. Who may be served is for others to say.
 *
 * Clients are heard by packet sockets: the link-layer source of a frame tells
 * who has sent it, whatever the message says, and an answer goes to that
 * address and to nobody else.
 */
#ifndef PMIP6_PORTS_DHCP6_RELAY_H
#define PMIP6_PORTS_DHCP6_RELAY_H

#include "counter.h"
#include "dhcp6_message.h"

struct ev_loop;
struct dhcp6_relay;

/* How many counters dhcp6_relay_counters() has at most. */
#define DHCP6_COUNTERS_MAX 24

/**
 * struct dhcp6_config - where, and whom to tell
 * @address: what servers see, and answer; need not be there yet
 * @underlay: name of the link that servers are behind, or "" for any
 * @mark: for the route lookup of what goes to servers, or 0
 * @on_client: a client on an access link has sent something
 * @on_reply: something was sent to @address, from @src, by link @ifindex
 * @arg: handed to both
 *
 * Callbacks come from the loop, and may call anything here but
 * dhcp6_relay_close_link() and dhcp6_relay_free().
 */
struct dhcp6_config {
	struct in6_addr address;
	const char *underlay;
	uint32_t mark;
	void (*on_client)(void *arg, uint32_t ifindex,
			  const struct dhcp6_client *client);
	void (*on_reply)(void *arg, uint32_t ifindex,
			 const struct in6_addr *src,
			 const struct dhcp6_reply *reply);
	void *arg;
};

/**
 * dhcp6_relay_new() - no links yet
 * @loop: what calls back
 * @config: where, and whom to tell; copied but for @underlay
 *
 * Return: the port, for dhcp6_relay_free(); never NULL.
 */
struct dhcp6_relay *dhcp6_relay_new(struct ev_loop *loop,
				    const struct dhcp6_config *config);

/**
 * dhcp6_relay_free() - close everything
 * @relay: the port, or NULL
 */
void dhcp6_relay_free(struct dhcp6_relay *relay);

/**
 * dhcp6_relay_listen() - be there for servers
 * @relay: the port
 *
 * Needs CAP_NET_BIND_SERVICE. Nothing happens if it is already.
 *
 * Return: 0 or an errno value: EADDRINUSE if another relay agent or a server is
 * there.
 */
int dhcp6_relay_listen(struct dhcp6_relay *relay);

/**
 * dhcp6_relay_open_link() - be there for clients on an access link
 * @relay: the port
 * @ifindex: the link, of Ethernet kind
 *
 * Needs CAP_NET_RAW. Nothing happens if it is open already.
 *
 * Return: 0 or an errno value.
 */
int dhcp6_relay_open_link(struct dhcp6_relay *relay, uint32_t ifindex);

/**
 * dhcp6_relay_close_link() - and no more
 * @relay: the port
 * @ifindex: the link, open or not
 */
void dhcp6_relay_close_link(struct dhcp6_relay *relay, uint32_t ifindex);

/**
 * dhcp6_relay_forward() - send something to a server
 * @relay: the port
 * @server: its address, or that of a group
 * @ifindex: link for a group, else 0
 * @data: a Relay-forward
 * @len: its octets
 *
 * Return: 0 or an errno value.
 */
int dhcp6_relay_forward(struct dhcp6_relay *relay,
			const struct in6_addr *server, uint32_t ifindex,
			const uint8_t *data, size_t len);

/**
 * dhcp6_relay_answer() - send something to a client
 * @relay: the port
 * @ifindex: its access link
 * @lladdr: its link-layer address, ETH_ALEN octets
 * @src: link-local address to send from
 * @reply: what it is, and to which address
 *
 * Return: 0 or an errno value: ENODEV if the link is not open, EMSGSIZE if it
 * does not fit into a frame of that link.
 */
int dhcp6_relay_answer(struct dhcp6_relay *relay, uint32_t ifindex,
		       const uint8_t *lladdr, const struct in6_addr *src,
		       const struct dhcp6_reply *reply);

/**
 * dhcp6_relay_counters() - what was heard and sent
 * @relay: the port
 * @counters: where to put them, room for DHCP6_COUNTERS_MAX
 *
 * Return: how many there are.
 */
unsigned int dhcp6_relay_counters(struct dhcp6_relay *relay,
				  struct counter *counters);

#endif /* PMIP6_PORTS_DHCP6_RELAY_H */
