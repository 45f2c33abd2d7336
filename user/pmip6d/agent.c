// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ev.h>
#include <linux/netlink.h>

#include "../engine/alloc.h"
#include "../ports/policy_file.h"
#include "access.h"
#include "agent.h"
#include "control.h"
#include "lma_role.h"
#include "log.h"
#include "mag_role.h"
#include "tunnel_mtu.h"

static void on_event(void *context, const struct genl_event *event)
{
	struct agent *agent = context;

	if (agent->lma && agent->lma->role.device.ifindex == event->ifindex)
		role_on_event(&agent->lma->role, event);
	if (agent->mag && agent->mag->role.device.ifindex == event->ifindex)
		role_on_event(&agent->mag->role, event);
}

static void on_lost(void *context)
{
	struct agent *agent = context;

	log_event(REPORT_WARNING, "events-lost",
		  " effect=\"the data plane is read again\"");
	if (agent->lma && agent->lma->role.device.ifindex)
		role_read_dataplane(&agent->lma->role);
	if (agent->mag && agent->mag->role.device.ifindex)
		role_read_dataplane(&agent->mag->role);
}

static void on_module(void *context, bool present)
{
	struct agent *agent = context;

	log_event(present ? REPORT_INFO : REPORT_WARNING,
		  present ? "module-present" : "module-gone", "%s", "");
	if (agent->lma)
		role_device_on_module(&agent->lma->role.device, present);
	if (agent->mag)
		role_device_on_module(&agent->mag->role.device, present);
}

static void on_link(void *context, const struct link_state *link)
{
	struct agent *agent = context;

	if (agent->lma)
		role_device_on_link(&agent->lma->role.device, link);
	if (agent->mag) {
		role_device_on_link(&agent->mag->role.device, link);
		access_on_link(agent->mag, link);
		tunnel_mtu_on_link(agent->mag);
	}
}

static void on_neighbour_failed(void *context, uint32_t ifindex,
				const struct in6_addr *address)
{
	struct agent *agent = context;

	if (agent->mag)
		mag_role_on_neighbour_failed(agent->mag, ifindex, address);
}

static void on_stop(struct ev_loop *loop, struct ev_signal *signal, int events)
{
	(void)signal;
	(void)events;
	ev_break(loop, EVBREAK_ALL);
}

void agent_fail(struct agent *agent)
{
	agent->status = 1;
	ev_break(agent->loop, EVBREAK_ALL);
}

/* Logs what a parser writes, one event a line. */
static void log_errors(const char *event, char *text)
{
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			log_event(REPORT_ERROR, event, " reason=\"%s\"", line);
	free(text);
}

static bool load_policy(struct agent *agent)
{
	struct policy *policy;
	FILE *errors;
	char *text;
	size_t len;

	if (!agent->config->profiles)
		return true;
	errors = open_memstream(&text, &len);
	if (!errors)
		abort();
	policy = policy_load(agent->config->profiles, errors);
	fclose(errors);
	log_errors("profiles-refused", text);
	if (!policy)
		return false;
	policy_free(agent->policy);
	agent->policy = policy;
	log_event(REPORT_INFO, "profiles-loaded", " file=%s mns=%u",
		  agent->config->profiles, policy_count(policy));
	return true;
}

/* Wrong profiles are logged and change nothing. */
static void reload(struct agent *agent)
{
	if (!load_policy(agent))
		return;
	if (agent->lma)
		lma_role_on_policy(agent->lma);
	if (agent->mag)
		mag_role_on_policy(agent->mag);
}

static void on_hangup(struct ev_loop *loop, struct ev_signal *signal,
		      int events)
{
	(void)loop;
	(void)events;
	reload(signal->data);
}

static void warn_of_forwarding(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/all/forwarding",
		      O_RDONLY | O_CLOEXEC);
	char value = '1';

	if (fd >= 0 && read(fd, &value, 1) == 1 && value == '0')
		log_event(REPORT_WARNING, "forwarding-off",
			  " hint=\"sysctl -w net.ipv6.conf.all.forwarding=1\"");
	if (fd >= 0)
		close(fd);
}

static struct store *open_store(const char *directory)
{
	struct store *store;
	FILE *errors;
	char *text;
	size_t len;

	errors = open_memstream(&text, &len);
	if (!errors)
		abort();
	store = store_open(directory, errors);
	fclose(errors);
	log_errors("store-refused", text);
	return store;
}

/* What is kept of peers lies apart, to be there when the sessions are not. */
static bool open_stores(struct agent *agent)
{
	const char *directory = agent->config->state_directory;
	char *peers;

	agent->store = open_store(directory);
	if (!agent->store)
		return false;
	peers = must_alloc(strlen(directory) + sizeof("/peers"));
	sprintf(peers, "%s/peers", directory);
	agent->peer_store = open_store(peers);
	free(peers);
	return agent->peer_store;
}

static bool open_ports(struct agent *agent,
		       const struct dataplane_listener *dataplane,
		       const struct link_listener *links)
{
	agent->rtnl = nl_queue_new(agent->loop, NETLINK_ROUTE);
	agent->dataplane = dataplane_new(agent->loop, dataplane);
	if (!agent->rtnl || !agent->dataplane) {
		log_event(REPORT_ERROR, "netlink-failed", " reason=\"%s\"",
			  strerror(errno));
		return false;
	}
	if (!open_stores(agent))
		return false;
	agent->control = control_open(agent, agent->config->control_socket);
	if (!agent->control) {
		log_event(REPORT_ERROR, "control-failed",
			  " socket=%s reason=\"%s\"",
			  agent->config->control_socket,
			  errno == EADDRINUSE ? "another pmip6d listens there" :
						strerror(errno));
		return false;
	}
	agent->monitor = link_monitor_new(agent->loop, links);
	if (!agent->monitor)
		log_event(REPORT_ERROR, "netlink-failed", " reason=\"%s\"",
			  strerror(errno));
	return agent->monitor;
}

static bool start_roles(struct agent *agent)
{
	const struct config *config = agent->config;
	int error;

	if (config->lma) {
		agent->lma = must_alloc(sizeof(*agent->lma));
		lma_role_init(agent->lma, agent, config->lma);
	}
	if (config->mag) {
		agent->mag = must_alloc(sizeof(*agent->mag));
		mag_role_init(agent->mag, agent, config->mag);
	}
	error = store_start(agent->store, agent->loop);
	if (!error)
		error = store_start(agent->peer_store, agent->loop);
	if (error) {
		log_event(REPORT_ERROR, "store-refused", " reason=\"%s\"",
			  strerror(error));
		return false;
	}
	if (agent->lma)
		lma_role_start(agent->lma);
	if (agent->mag)
		mag_role_start(agent->mag);
	return true;
}

/*
 * What is under way is not awaited but for what goes to disk: kernel and
 * records stay, and the next start makes them agree.
 */
static void stop(struct agent *agent)
{
	control_close(agent->control);
	store_close(agent->store);
	store_close(agent->peer_store);
	link_monitor_free(agent->monitor);
	dataplane_free(agent->dataplane);
	nl_queue_free(agent->rtnl);
	if (agent->lma)
		lma_role_stop(agent->lma);
	if (agent->mag)
		mag_role_stop(agent->mag);
	policy_free(agent->policy);
	free(agent->lma);
	free(agent->mag);
}

int agent_run(const struct config *config, bool lose_state)
{
	struct agent agent = { .config = config, .lose_state = lose_state };
	const struct dataplane_listener dataplane = {
		.context = &agent,
		.on_event = on_event,
		.on_lost = on_lost,
		.on_module = on_module,
	};
	const struct link_listener links = {
		.context = &agent,
		.on_link = on_link,
		.on_neighbour_failed = on_neighbour_failed,
	};
	struct ev_signal term, interrupt, hangup;

	agent.loop = ev_default_loop(EVFLAG_AUTO);
	ev_signal_init(&term, on_stop, SIGTERM);
	ev_signal_init(&interrupt, on_stop, SIGINT);
	ev_signal_init(&hangup, on_hangup, SIGHUP);
	hangup.data = &agent;
	ev_signal_start(agent.loop, &term);
	ev_signal_start(agent.loop, &interrupt);
	ev_signal_start(agent.loop, &hangup);
	warn_of_forwarding();
	if (load_policy(&agent) && open_ports(&agent, &dataplane, &links) &&
	    start_roles(&agent)) {
		if (!agent.status)
			ev_run(agent.loop, 0);
		log_event(REPORT_INFO, "stopped", " status=%d", agent.status);
	} else {
		agent.status = 1;
	}
	stop(&agent);
	ev_loop_destroy(agent.loop);
	return agent.status;
}
