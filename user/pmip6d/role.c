// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <json-c/json.h>

#include "../ports/clock.h"
#include "log.h"
#include "peer_show.h"
#include "role.h"
#include "role_clock.h"
#include "role_message.h"

/* An address that the host does not have may be on its way: DAD takes 1 s. */
#define SOCKET_RETRY_S 0.5

#define READ_RETRY_S 0.1

static void rearm(struct role *role)
{
	uint64_t due = role->ops->next_timer(role);
	uint64_t ask = peers_next_timer(role->peers), now;

	if (ask < due)
		due = ask;
	if (due == NEVER) {
		ev_timer_stop(role->agent->loop, &role->timer);
		return;
	}
	now = clock_now().mono_ms;
	/* One more, since both clocks round down. */
	role->timer.repeat = due > now ? (double)(due - now + 1) / 1000 : 1e-3;
	ev_now_update(role->agent->loop);
	ev_timer_again(role->agent->loop, &role->timer);
}

void role_run(struct role *role, struct outbox *out)
{
	peers_settle(role->peers, clock_now(), out);
	executor_run(&role->executor, out);
	rearm(role);
}

static void on_timer(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct role *role = timer->data;
	struct outbox out;

	(void)loop;
	(void)events;
	outbox_init(&out);
	role->ops->on_timer(role, clock_now(), &out);
	peers_on_timer(role->peers, clock_now(), &out);
	role_run(role, &out);
}

static void on_done(void *context, void *owner, int error)
{
	struct role *role = context;
	struct outbox out;

	outbox_init(&out);
	role->ops->on_done(role, owner, error, clock_now(), &out);
	role_run(role, &out);
}

static void on_read(void *context, int error,
		    const struct dataplane_dump *dump)
{
	struct role *role = context;
	struct outbox out;

	role->reading = false;
	/* The device went meanwhile: it is read when it is back. */
	if (!role->device.ifindex)
		return;
	if (error) {
		log_event(REPORT_WARNING, "read-failed",
			  " role=%s dev=%s reason=\"%s\"", role->ops->name,
			  role->device.spec.name, strerror(error));
		role->reading = true;
		ev_timer_again(role->agent->loop, &role->read_retry);
		return;
	}
	if (role->read_again) {
		role_read_dataplane(role);
		return;
	}
	outbox_init(&out);
	role->ops->on_dataplane(role, dump, clock_now(), &out);
	role_run(role, &out);
	if (!role->reconciled)
		log_event(REPORT_INFO, "ready", " role=%s dev=%s bindings=%zu",
			  role->ops->name, role->device.spec.name, dump->count);
	role->reconciled = true;
}

/*
 * Messages are left to be repeated meanwhile: what they change would look
 * like something left over.
 */
void role_read_dataplane(struct role *role)
{
	role->read_again = role->reading;
	if (role->reading)
		return;
	role->reading = true;
	dataplane_read(role->agent->dataplane, role->device.ifindex, on_read,
		       role);
}

static void on_read_retry(struct ev_loop *loop, struct ev_timer *timer,
			  int events)
{
	struct role *role = timer->data;

	(void)events;
	ev_timer_stop(loop, timer);
	role->reading = false;
	if (role->device.ifindex)
		role_read_dataplane(role);
}

static void on_device_ready(void *context)
{
	struct role *role = context;
	struct outbox out;

	role->stood = true;
	outbox_init(&out);
	role->ops->on_ready(role, &out);
	role_run(role, &out);
	executor_resume(&role->executor);
	role_read_dataplane(role);
}

static void on_device_gone(void *context)
{
	struct role *role = context;

	role->reconciled = false;
}

static void on_device_failed(void *context)
{
	struct role *role = context;

	/* At start the operator waits for it; later the mobile nodes do. */
	if (!role->stood)
		agent_fail(role->agent);
}

static void on_unreachable(void *arg, const struct in6_addr *peer, int error)
{
	struct role *role = arg;
	char text[INET6_ADDRSTRLEN];

	log_event(REPORT_WARNING, "undeliverable",
		  " role=%s peer=%s reason=\"%s\"", role->ops->name,
		  inet_ntop(AF_INET6, peer, text, sizeof(text)),
		  strerror(error));
}

static void listen_for_messages(struct role *role)
{
	char text[INET6_ADDRSTRLEN];
	int error = mh_socket_open(role->agent->loop, &role->socket_config,
				   &role->executor.socket);

	inet_ntop(AF_INET6, &role->address, text, sizeof(text));
	if (!error) {
		ev_timer_stop(role->agent->loop, &role->socket_retry);
		log_event(REPORT_INFO, "listening",
			  " role=%s address=%s security=%s", role->ops->name,
			  text, role->socket_config.ipsec ? "ipsec" : "none");
		peers_start(role->peers, clock_now());
		rearm(role);
		return;
	}
	if (error != EADDRNOTAVAIL && error != ENODEV) {
		log_event(REPORT_ERROR, "listen-failed",
			  " role=%s address=%s reason=\"%s\"%s",
			  role->ops->name, text, strerror(error),
			  role->socket_config.ipsec && error == ENOPROTOOPT ?
			  " hint=\"the kernel has no IPsec: set security to none only where nobody else can send to this address\"" :
			  "");
		agent_fail(role->agent);
		return;
	}
	if (!ev_is_active(&role->socket_retry))
		log_event(REPORT_WARNING, "address-missing",
			  " role=%s address=%s reason=\"no interface has it yet\"",
			  role->ops->name, text);
	ev_timer_again(role->agent->loop, &role->socket_retry);
}

static void on_socket_retry(struct ev_loop *loop, struct ev_timer *timer,
			    int events)
{
	(void)loop;
	(void)events;
	listen_for_messages(timer->data);
}

static void prepare_ports(struct role *role, const struct config_device *config)
{
	struct executor *executor = &role->executor;
	struct agent *agent = role->agent;

	executor->role = role->ops->name;
	executor->store = agent->store;
	executor->peer_store = agent->peer_store;
	executor->store_role = role->ops->store_role;
	executor->dataplane = agent->dataplane;
	executor->rtnl = agent->rtnl;
	executor->monitor = agent->monitor;
	executor->device = &role->device;
	executor->context = role;
	executor->on_done = on_done;

	role->device.loop = agent->loop;
	role->device.dataplane = agent->dataplane;
	role->device.rtnl = agent->rtnl;
	role->device.on_ready = on_device_ready;
	role->device.on_gone = on_device_gone;
	role->device.on_failed = on_device_failed;
	role->device.context = role;

	role->socket_config.address = role->address;
	role->socket_config.mark = config->fwmark;
	role->socket_config.ipsec = agent->config->ipsec;
	role->socket_config.ipsec_reqid = agent->config->ipsec_reqid;
	if (*config->underlay)
		role->socket_config.underlay = config->underlay;
	role->socket_config.on_message = role_on_message;
	role->socket_config.on_unreachable = on_unreachable;
	role->socket_config.arg = role;
}

void role_init(struct role *role, const struct role_ops *ops,
	       struct agent *agent, struct peers *peers)
{
	role->ops = ops;
	role->agent = agent;
	role->peers = peers;
}

void role_start(struct role *role, const struct config_device *config,
		const struct in6_addr *address)
{
	restart_start(role);
	role->address = *address;
	prepare_ports(role, config);
	ev_timer_init(&role->timer, on_timer, 0., 0.);
	ev_timer_init(&role->socket_retry, on_socket_retry, 0., SOCKET_RETRY_S);
	ev_timer_init(&role->read_retry, on_read_retry, 0., READ_RETRY_S);
	role->timer.data = role->socket_retry.data = role;
	role->read_retry.data = role;
	listen_for_messages(role);
	role_device_start(&role->device, config, role->ops->kernel_role,
			  address);
	rearm(role);
}

void role_stop(struct role *role)
{
	role_device_stop(&role->device);
	ev_timer_stop(role->agent->loop, &role->timer);
	ev_timer_stop(role->agent->loop, &role->socket_retry);
	ev_timer_stop(role->agent->loop, &role->read_retry);
	mh_socket_close(role->executor.socket);
	role->executor.socket = NULL;
	executor_abandon(&role->executor);
	restart_free(role);
}

static void log_unknown_mn(const struct role *role,
			   const struct genl_event *event)
{
	char address[INET6_ADDRSTRLEN], remote[INET6_ADDRSTRLEN] = "none";

	inet_ntop(AF_INET6, &event->address, address, sizeof(address));
	if (event->has_remote)
		inet_ntop(AF_INET6, &event->remote, remote, sizeof(remote));
	log_event(REPORT_INFO, "packet-of-unknown-mn",
		  " role=%s address=%s peer=%s reason=%s", role->ops->name,
		  address, remote, genl_drop_name(event->drop));
}

void role_on_event(struct role *role, const struct genl_event *event)
{
	char remote[INET6_ADDRSTRLEN];
	struct outbox out;

	switch (event->cmd) {
	case PMIP6_CMD_PATH_EXPIRED:
		role->counters.expired_events++;
		outbox_init(&out);
		role->ops->on_path_expired(role, event, clock_now(), &out);
		role_run(role, &out);
		break;
	case PMIP6_CMD_EXPIRY_SET_EXPIRED:
		role->counters.set_expired_events++;
		if (!role->ops->on_set_expired)
			break;
		outbox_init(&out);
		role->ops->on_set_expired(role, event->expiry_set,
					  event->generation, clock_now(),
					  &out);
		role_run(role, &out);
		break;
	case PMIP6_CMD_MN_UNKNOWN:
		role->counters.mn_unknown_events++;
		log_unknown_mn(role, event);
		break;
	case PMIP6_CMD_TUNNEL_UNKNOWN:
		role->counters.tunnel_unknown_events++;
		inet_ntop(AF_INET6, &event->remote, remote, sizeof(remote));
		log_event(REPORT_INFO, "packet-of-unknown-tunnel",
			  " role=%s peer=%s", role->ops->name, remote);
		break;
	}
}

void role_put_stats(const struct role *role, struct json_object *object)
{
	struct counter counters[MH_SOCKET_COUNTERS_MAX] = {
		{ "messages-before-ready", role->counters.not_ready },
		{ "messages-of-another-role", role->counters.other_type },
		{ "binding-errors-received", role->counters.binding_errors },
		{ "kernel-path-expired", role->counters.expired_events },
		{ "kernel-set-expired", role->counters.set_expired_events },
		{ "kernel-mn-unknown", role->counters.mn_unknown_events },
		{ "kernel-tunnel-unknown",
		  role->counters.tunnel_unknown_events },
	};
	unsigned int count = 7, i;

	peer_show_put_stats(role, object);
	for (i = 0; i < count; i++)
		json_object_object_add(object, counters[i].name,
				       json_object_new_uint64(counters[i].value));
	count = role->executor.socket ?
		mh_socket_counters(role->executor.socket, counters) : 0;
	for (i = 0; i < count; i++)
		json_object_object_add(object, counters[i].name,
				       json_object_new_uint64(counters[i].value));
	role_clock_put(object);
}
