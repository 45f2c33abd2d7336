// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "../ports/clock.h"
#include "log.h"
#include "presence.h"

/* So many times within the time that one may be idle, it is looked at. */
#define LOOKS 4

static uint64_t heard(void *context, const struct mag_attachment *at)
{
	const struct mag_role *gateway = context;

	return nd_last_seen_ms(gateway->nd, at->ifindex, at->lladdr);
}

void presence_init(struct mag_role *gateway)
{
	gateway->mag.heard = heard;
	gateway->mag.heard_context = gateway;
}

static void on_sweep(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct mag_role *gateway = timer->data;
	struct outbox out;

	(void)loop;
	(void)events;
	outbox_init(&out);
	gateway->counters.probes += mag_sweep(&gateway->mag, clock_now(), &out);
	role_run(&gateway->role, &out);
}

static void on_read(void *context, int error,
		    const struct dataplane_dump *dump)
{
	struct mag_role *gateway = context;
	struct outbox out;

	gateway->traffic_is_read = false;
	if (error) {
		log_event(REPORT_WARNING, "read-failed",
			  " role=mag dev=%s reason=\"%s\"",
			  gateway->role.device.spec.name, strerror(error));
		return;
	}
	outbox_init(&out);
	mag_on_traffic(&gateway->mag, dump->bindings, dump->count,
		       gateway->config->traffic_idle_s * 1000ull, clock_now(),
		       &out);
	role_run(&gateway->role, &out);
}

static void on_look(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct mag_role *gateway = timer->data;

	(void)loop;
	(void)events;
	if (gateway->traffic_is_read || !gateway->role.reconciled ||
	    !gateway->role.device.ifindex)
		return;
	gateway->traffic_is_read = true;
	dataplane_read(gateway->role.agent->dataplane,
		       gateway->role.device.ifindex, on_read, gateway);
}

void presence_start(struct mag_role *gateway)
{
	double silence = (gateway->config->neighbour_idle_s + 1) / 2.;
	double idle = gateway->config->traffic_idle_s * 1. / LOOKS;

	ev_timer_init(&gateway->sweep, on_sweep, silence, silence);
	ev_timer_init(&gateway->look, on_look, idle, idle);
	gateway->sweep.data = gateway->look.data = gateway;
	if (gateway->config->neighbour_idle_s)
		ev_timer_start(gateway->role.agent->loop, &gateway->sweep);
	if (gateway->config->traffic_idle_s)
		ev_timer_start(gateway->role.agent->loop, &gateway->look);
}

void presence_stop(struct mag_role *gateway)
{
	ev_timer_stop(gateway->role.agent->loop, &gateway->sweep);
	ev_timer_stop(gateway->role.agent->loop, &gateway->look);
}
