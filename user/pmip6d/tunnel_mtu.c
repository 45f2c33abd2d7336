// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "../ports/clock.h"
#include "tunnel_mtu.h"

/* After a link changed: several do at a time, and routes after them. */
#define SOON_S 0.2

static void tell(struct mag_role *gateway, const struct in6_addr *remote,
		 uint32_t mtu)
{
	struct outbox out;

	outbox_init(&out);
	mag_on_tunnel_mtu(&gateway->mag, remote, mtu, clock_now(), &out);
	role_run(&gateway->role, &out);
}

/* What a transaction has asked for. */
static void on_asked(void *context, const struct in6_addr *remote,
		     uint32_t mtu)
{
	tell(context, remote, mtu);
}

static void on_tunnel(void *context, const struct in6_addr *remote,
		      uint32_t mtu)
{
	struct mag_role *gateway = context;
	struct tunnel_mtus *mtus = &gateway->mtus;

	if (!mtu)
		return;
	mtus->seen = must_realloc(mtus->seen, (mtus->count + 1) *
					      sizeof(*mtus->seen));
	mtus->seen[mtus->count++] = *remote;
	tell(gateway, remote, mtu);
}

static bool was_seen(const struct tunnel_mtus *mtus,
		     const struct in6_addr *remote)
{
	unsigned int i;

	for (i = 0; i < mtus->count; i++)
		if (IN6_ARE_ADDR_EQUAL(&mtus->seen[i], remote))
			return true;
	return false;
}

/* Of a tunnel that went, nothing is known any more. */
static void on_read(void *context, int error, const char *text)
{
	struct mag_role *gateway = context;
	struct tunnel_mtus *mtus = &gateway->mtus;
	struct in6_addr lma;
	unsigned int i;

	(void)text;
	mtus->reading = false;
	if (error)
		return;
	for (i = gateway->mag.tunnel_count; i > 0; i--) {
		lma = gateway->mag.tunnels[i - 1].lma;
		if (!was_seen(mtus, &lma))
			tell(gateway, &lma, 0);
	}
}

void tunnel_mtu_read(struct mag_role *gateway)
{
	if (gateway->mtus.reading || !gateway->role.device.ifindex)
		return;
	gateway->mtus.reading = true;
	gateway->mtus.count = 0;
	dataplane_read_tunnels(gateway->role.agent->dataplane,
			       gateway->role.device.ifindex, on_tunnel, on_read,
			       gateway);
}

static void on_due(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct mag_role *gateway = timer->data;

	(void)loop;
	(void)events;
	if (gateway->mag.bul.entries)
		tunnel_mtu_read(gateway);
}

void tunnel_mtu_on_link(struct mag_role *gateway)
{
	struct tunnel_mtus *mtus = &gateway->mtus;

	if (ev_is_active(&mtus->soon))
		return;
	ev_timer_set(&mtus->soon, SOON_S, 0.);
	ev_timer_start(gateway->role.agent->loop, &mtus->soon);
}

void tunnel_mtu_start(struct mag_role *gateway)
{
	struct tunnel_mtus *mtus = &gateway->mtus;
	double interval = gateway->config->mtu_interval_s;

	gateway->role.executor.on_tunnel = on_asked;
	ev_timer_init(&mtus->poll, on_due, interval, interval);
	ev_timer_init(&mtus->soon, on_due, SOON_S, 0.);
	mtus->poll.data = mtus->soon.data = gateway;
	ev_timer_start(gateway->role.agent->loop, &mtus->poll);
}

void tunnel_mtu_stop(struct mag_role *gateway)
{
	ev_timer_stop(gateway->role.agent->loop, &gateway->mtus.poll);
	ev_timer_stop(gateway->role.agent->loop, &gateway->mtus.soon);
	free(gateway->mtus.seen);
}
