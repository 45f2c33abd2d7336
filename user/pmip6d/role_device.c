// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <linux/pmip6.h>

#include "../nl/genl.h"
#include "../ports/routes_rtnl.h"
#include "log.h"
#include "role_device.h"

/*
 * How long to wait before a device that was removed is made again: the module
 * may be on its way out, and asking for a device would load it again.
 */
#define RETRY_S 1.0

static void fail(struct role_device *device)
{
	ev_timer_stop(device->loop, &device->retry);
	device->on_failed(device->context);
}

static void on_made(void *context, int error, const char *text)
{
	struct role_device *device = context;

	device->asked = false;
	if (!error || device->ifindex)
		return;
	/* The kernel's own words are that it does not know the kind. */
	if (error == EOPNOTSUPP)
		text = "the kernel does not know pmip6: load it with \"modprobe pmip6\"";
	log_event(REPORT_ERROR, "device-refused", " dev=%s reason=\"%s\"",
		  device->spec.name, text ? text : strerror(error));
	fail(device);
}

static void make(struct role_device *device)
{
	if (device->asked || device->ifindex)
		return;
	if (*device->underlay) {
		device->spec.has_link = true;
		device->spec.link = if_nametoindex(device->underlay);
		if (!device->spec.link) {
			log_event(REPORT_ERROR, "underlay-missing",
				  " dev=%s underlay=%s", device->spec.name,
				  device->underlay);
			fail(device);
			return;
		}
	}
	device->asked = true;
	link_ensure(device->rtnl, &device->spec, on_made, device);
}

static void on_retry(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct role_device *device = timer->data;

	(void)loop;
	(void)events;
	if (dataplane_present(device->dataplane))
		make(device);
}

void role_device_start(struct role_device *device,
		       const struct config_device *config, uint8_t role,
		       const struct in6_addr *local)
{
	struct link_spec *spec = &device->spec;

	strcpy(spec->name, config->name);
	strcpy(device->underlay, config->underlay);
	spec->role = role;
	spec->has_local = true;
	spec->local = *local;
	spec->hop_limit = config->hop_limit;
	spec->has_fwmark = config->fwmark;
	spec->fwmark = config->fwmark;
	spec->up = true;
	role_fastpath_init(&device->fastpath, device->rtnl, config);
	ev_timer_init(&device->retry, on_retry, 0., RETRY_S);
	device->retry.data = device;
	make(device);
}

void role_device_stop(struct role_device *device)
{
	ev_timer_stop(device->loop, &device->retry);
}

static bool is_right(const struct role_device *device,
		     const struct link_state *link)
{
	char text[INET6_ADDRSTRLEN];

	if (!link->is_pmip6) {
		log_event(REPORT_ERROR, "device-refused",
			  " dev=%s reason=\"there is one of this name that is not of kind pmip6\"",
			  link->name);
		return false;
	}
	if (link->role == device->spec.role &&
	    IN6_ARE_ADDR_EQUAL(&link->local, &device->spec.local))
		return true;
	log_event(REPORT_ERROR, "device-refused",
		  " dev=%s reason=\"there is one of this name with role %s and address %s\"",
		  link->name, genl_role_name(link->role),
		  inet_ntop(AF_INET6, &link->local, text, sizeof(text)));
	return false;
}

static void lost(struct role_device *device)
{
	if (!device->ifindex)
		return;
	device->ifindex = 0;
	role_fastpath_on_gone(&device->fastpath);
	device->on_gone(device->context);
}

/* That it goes down is told before that it is gone. */
static void gone(struct role_device *device)
{
	device->found = 0;
	log_event(REPORT_WARNING, "device-gone", " dev=%s", device->spec.name);
	lost(device);
	ev_timer_again(device->loop, &device->retry);
}

/* Who took it down is left to bring it up. */
static void down(struct role_device *device)
{
	if (!device->ifindex)
		return;
	log_event(REPORT_WARNING, "device-down", " dev=%s", device->spec.name);
	lost(device);
}

/* What it means for the device itself. */
static void follow(struct role_device *device, const struct link_state *link)
{
	if (link->gone) {
		if (device->found == link->ifindex)
			gone(device);
		return;
	}
	if (device->ifindex == link->ifindex) {
		if (!link->running)
			down(device);
		return;
	}
	if (strcmp(link->name, device->spec.name))
		return;
	if (!is_right(device, link)) {
		fail(device);
		return;
	}
	ev_timer_stop(device->loop, &device->retry);
	device->found = link->ifindex;
	/* Down until the request is through that makes it. */
	if (!link->running)
		return;
	device->ifindex = link->ifindex;
	role_fastpath_on_ready(&device->fastpath);
	device->on_ready(device->context);
}

void role_device_on_link(struct role_device *device,
			 const struct link_state *link)
{
	follow(device, link);
	role_fastpath_on_link(&device->fastpath, link);
}

void role_device_on_module(struct role_device *device, bool present)
{
	if (present)
		make(device);
}
