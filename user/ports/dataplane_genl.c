// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ev.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <utlist.h>

#include "../engine/alloc.h"
#include "../engine/binding_cache.h"
#include "dataplane_internal.h"

#define EVENT_BUFFER (4 << 20)

/* Above GENL_MAX_ID: whatever is asked of it is answered with ENOENT. */
#define NO_FAMILY 0xffff

struct reading;

struct dataplane {
	const struct dataplane_listener *listener;
	struct ev_loop *loop;
	struct nl_queue *queue;
	struct nl_sock *events;
	struct nl_cb *cb;
	struct ev_io readable;
	int family;		/* 0 while the module is not there */
	struct reading *readings;
};

/* A dump under way. */
struct reading {
	struct reading *prev, *next;
	struct dataplane *dataplane;
	uint32_t ifindex;
	dataplane_read_t done;
	dataplane_tunnel_t on_tunnel;
	nl_done_t tunnels_done;
	void *context;
	struct dataplane_dump dump;
	size_t room;
	size_t set_room;
};

static void forget(struct reading *reading)
{
	DL_DELETE(reading->dataplane->readings, reading);
	dataplane_dump_free(&reading->dump);
	free(reading);
}

static void set_present(struct dataplane *dataplane, int family)
{
	bool was = dataplane->family;

	dataplane->family = family;
	if (was != !!family)
		dataplane->listener->on_module(dataplane->listener->context,
					       family);
}

static void join(struct dataplane *dataplane, struct nlattr *groups)
{
	struct nlattr *group, *tb[CTRL_ATTR_MCAST_GRP_MAX + 1];
	int remain;

	nla_for_each_nested(group, groups, remain) {
		if (nla_parse_nested(tb, CTRL_ATTR_MCAST_GRP_MAX, group, NULL))
			continue;
		if (tb[CTRL_ATTR_MCAST_GRP_NAME] && tb[CTRL_ATTR_MCAST_GRP_ID] &&
		    !nla_strcmp(tb[CTRL_ATTR_MCAST_GRP_NAME],
				PMIP6_GENL_MCGRP_EVENTS))
			nl_socket_add_membership(dataplane->events,
						 (int)nla_get_u32(tb[CTRL_ATTR_MCAST_GRP_ID]));
	}
}

/* A family came or went: the module was loaded or removed. */
static void on_controller(struct dataplane *dataplane, struct nlmsghdr *nlh)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct genlmsghdr *genl = nlmsg_data(nlh);

	if (genlmsg_parse(nlh, 0, tb, CTRL_ATTR_MAX, NULL) ||
	    !tb[CTRL_ATTR_FAMILY_NAME] || !tb[CTRL_ATTR_FAMILY_ID] ||
	    nla_strcmp(tb[CTRL_ATTR_FAMILY_NAME], PMIP6_GENL_NAME))
		return;
	if (genl->cmd == CTRL_CMD_DELFAMILY) {
		set_present(dataplane, 0);
	} else if (genl->cmd == CTRL_CMD_NEWFAMILY) {
		if (tb[CTRL_ATTR_MCAST_GROUPS])
			join(dataplane, tb[CTRL_ATTR_MCAST_GROUPS]);
		set_present(dataplane, nla_get_u16(tb[CTRL_ATTR_FAMILY_ID]));
	}
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct dataplane *dataplane = arg;
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct genl_event event;

	if (nlh->nlmsg_type == GENL_ID_CTRL)
		on_controller(dataplane, nlh);
	else if (nlh->nlmsg_type == dataplane->family &&
		 !genl_get_event(nlh, &event))
		dataplane->listener->on_event(dataplane->listener->context,
					      &event);
	return NL_OK;
}

static int any_seq(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

static void on_readable(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct dataplane *dataplane = io->data;
	int err;

	(void)loop;
	(void)events;
	/* Others want their turn too. */
	errno = 0;
	err = nl_recvmsgs(dataplane->events, dataplane->cb);
	if (err == -NLE_NOMEM || (err < 0 && errno == ENOBUFS))
		dataplane->listener->on_lost(dataplane->listener->context);
}

static bool listen_to_controller(struct dataplane *dataplane)
{
	int group = genl_ctrl_resolve_grp(dataplane->events, "nlctrl",
					  "notify");

	return group >= 0 &&
	       !nl_socket_add_membership(dataplane->events, group);
}

static bool open_events(struct dataplane *dataplane)
{
	dataplane->events = nl_socket_alloc();
	dataplane->cb = nl_cb_alloc(NL_CB_CUSTOM);
	if (!dataplane->events || !dataplane->cb ||
	    nl_connect(dataplane->events, NETLINK_GENERIC) ||
	    !listen_to_controller(dataplane))
		return false;
	nl_socket_set_buffer_size(dataplane->events, EVENT_BUFFER, 0);
	nl_cb_set(dataplane->cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid,
		  dataplane);
	nl_cb_set(dataplane->cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, any_seq, NULL);
	return true;
}

/* After the controller's events are heard, so that none falls between. */
static void look_for_module(struct dataplane *dataplane)
{
	struct nl_sock *sock = nl_socket_alloc();
	int family, group;

	if (!sock)
		return;
	if (!genl_connect(sock)) {
		family = genl_ctrl_resolve(sock, PMIP6_GENL_NAME);
		group = genl_ctrl_resolve_grp(sock, PMIP6_GENL_NAME,
					      PMIP6_GENL_MCGRP_EVENTS);
		if (family > 0 && group > 0 &&
		    !nl_socket_add_membership(dataplane->events, group))
			dataplane->family = family;
	}
	nl_socket_free(sock);
}

struct dataplane *dataplane_new(struct ev_loop *loop,
				const struct dataplane_listener *listener)
{
	struct dataplane *dataplane = must_alloc(sizeof(*dataplane));

	dataplane->listener = listener;
	dataplane->loop = loop;
	ev_init(&dataplane->readable, on_readable);
	dataplane->readable.data = dataplane;
	dataplane->queue = nl_queue_new(loop, NETLINK_GENERIC);
	errno = 0;
	if (!dataplane->queue || !open_events(dataplane)) {
		dataplane_free(dataplane);
		errno = errno ? errno : EPROTONOSUPPORT;
		return NULL;
	}
	look_for_module(dataplane);
	nl_socket_set_nonblocking(dataplane->events);
	ev_io_set(&dataplane->readable, nl_socket_get_fd(dataplane->events),
		  EV_READ);
	ev_io_start(loop, &dataplane->readable);
	return dataplane;
}

void dataplane_free(struct dataplane *dataplane)
{
	int error = errno;

	if (!dataplane)
		return;
	while (dataplane->readings)
		forget(dataplane->readings);
	ev_io_stop(dataplane->loop, &dataplane->readable);
	nl_queue_free(dataplane->queue);
	nl_socket_free(dataplane->events);
	nl_cb_put(dataplane->cb);
	free(dataplane);
	errno = error;
}

bool dataplane_present(const struct dataplane *dataplane)
{
	return dataplane->family;
}

struct nl_msg *dataplane_request(struct dataplane *dataplane,
				 enum pmip6_cmd cmd, int flags)
{
	return genl_new(dataplane->family ? dataplane->family : NO_FAMILY, cmd,
			flags);
}

void dataplane_submit(struct dataplane *dataplane, struct nl_msg *msg,
		      nl_done_t done, void *context)
{
	nl_queue_submit(dataplane->queue, msg, NULL, done, context);
}

static void submit_binding(struct dataplane *dataplane, enum pmip6_cmd cmd,
			   int flags, const struct genl_binding *binding,
			   nl_done_t done, void *context)
{
	struct nl_msg *msg = dataplane_request(dataplane, cmd, flags);

	if (!msg || genl_put_binding(msg, binding))
		abort();
	dataplane_submit(dataplane, msg, done, context);
}

_Static_assert(BCE_PATHS_MAX <= GENL_MAX_PATHS, "a binding has room for all");

static void put_more(struct genl_binding *binding,
		     const struct effect_binding *effect)
{
	const struct effect_path *from;
	unsigned int i;

	for (i = 0; i < effect->more_count &&
	     binding->path_count < GENL_MAX_PATHS; i++) {
		from = &effect->more[i];
		binding->path[binding->path_count++] = (struct genl_path){
			.bid = from->bid,
			.remote = from->remote,
			.priority = from->priority,
			.lifetime_ms = from->lifetime_ms,
			.expiry_set = from->expiry_set,
			.has_generation = true,
			.generation = from->generation,
		};
	}
}

void dataplane_set(struct dataplane *dataplane, uint32_t ifindex,
		   const struct effect_binding *effect, nl_done_t done,
		   void *context)
{
	struct genl_binding binding = {
		.ifindex = ifindex,
		.hnp = effect->hnp,
		.flags = effect->local_routing ?
			 PMIP6_BINDING_F_LOCAL_ROUTING : 0,
		.flags_mask = PMIP6_BINDING_F_LOCAL_ROUTING,
		.has_cookie = true,
		.cookie = effect->cookie,
		.has_paths = true,
		.path_count = effect->has_path,
	};
	struct genl_path *path = &binding.path[0];

	if (effect->hosts) {
		binding.flags |= PMIP6_BINDING_F_HOSTS;
		binding.flags_mask |= PMIP6_BINDING_F_HOSTS;
	}
	path->bid = effect->bid;
	path->priority = effect->priority;
	path->remote = effect->remote;
	path->expiry_set = effect->expiry_set;
	path->lifetime_ms = effect->lifetime_ms;
	path->has_generation = true;
	path->generation = effect->generation;
	path->access_ifindex = effect->access_ifindex;
	path->has_lladdr = effect->has_lladdr;
	memcpy(path->lladdr, effect->lladdr, ETH_ALEN);
	put_more(&binding, effect);
	submit_binding(dataplane, PMIP6_CMD_BINDING_NEW,
		       NLM_F_CREATE | NLM_F_REPLACE, &binding, done, context);
}

void dataplane_delete(struct dataplane *dataplane, uint32_t ifindex,
		      const struct mh_prefix *hnp, nl_done_t done,
		      void *context)
{
	struct genl_binding binding = { .ifindex = ifindex, .hnp = *hnp };

	submit_binding(dataplane, PMIP6_CMD_BINDING_DEL, 0, &binding, done,
		       context);
}

static void submit_set(struct dataplane *dataplane, enum pmip6_cmd cmd,
		       int flags, const struct genl_expiry_set *set,
		       nl_done_t done, void *context)
{
	struct nl_msg *msg = dataplane_request(dataplane, cmd, flags);

	if (!msg || genl_put_expiry_set(msg, set))
		abort();
	dataplane_submit(dataplane, msg, done, context);
}

void dataplane_put_set(struct dataplane *dataplane, uint32_t ifindex,
		       const struct effect_expiry_set *effect, nl_done_t done,
		       void *context)
{
	struct genl_expiry_set set = {
		.ifindex = ifindex,
		.id = effect->id,
		.has_lifetime = true,
		.lifetime_ms = effect->lifetime_ms,
		.has_generation = true,
		.generation = effect->generation,
	};

	submit_set(dataplane, PMIP6_CMD_EXPIRY_SET_NEW,
		   (effect->renews ? 0 : NLM_F_CREATE) | NLM_F_REPLACE, &set,
		   done, context);
}

void dataplane_delete_set(struct dataplane *dataplane, uint32_t ifindex,
			  uint32_t id, nl_done_t done, void *context)
{
	struct genl_expiry_set set = { .ifindex = ifindex, .id = id };

	submit_set(dataplane, PMIP6_CMD_EXPIRY_SET_DEL, 0, &set, done, context);
}

static void get_more(struct dataplane_binding *to,
		     const struct genl_binding *from)
{
	const struct genl_path *path;
	unsigned int i;

	if (from->path_count < 2)
		return;
	to->more_count = (uint8_t)(from->path_count - 1);
	to->more = must_alloc(to->more_count * sizeof(*to->more));
	for (i = 0; i < to->more_count; i++) {
		path = &from->path[i + 1];
		to->more[i] = (struct effect_path){
			.remote = path->remote,
			.bid = path->bid,
			.priority = path->priority,
			.expiry_set = path->expiry_set,
			.lifetime_ms = path->lifetime_ms,
			.generation = path->generation,
		};
	}
}

static void forget_bindings(struct dataplane_dump *dump)
{
	while (dump->count)
		free(dump->bindings[--dump->count].more);
}

static void on_binding(void *context, struct nlmsghdr *nlh)
{
	struct reading *reading = context;
	struct dataplane_dump *dump = &reading->dump;
	struct dataplane_binding *to;
	struct genl_binding from;

	if (genl_get_binding(nlh, &from))
		return;
	if (dump->count == reading->room) {
		reading->room = reading->room ? 2 * reading->room : 64;
		dump->bindings = must_realloc(dump->bindings, reading->room *
					      sizeof(*dump->bindings));
	}
	to = &dump->bindings[dump->count++];
	*to = (struct dataplane_binding) {
		.hnp = from.hnp,
		.cookie = from.cookie,
		.local_routing = from.flags & PMIP6_BINDING_F_LOCAL_ROUTING,
		.hosts = from.flags & PMIP6_BINDING_F_HOSTS,
		.has_path = from.path_count,
		.tx_packets = from.stats.tx_packets,
	};
	if (!from.path_count)
		return;
	to->remote = from.path[0].remote;
	to->expiry_set = from.path[0].expiry_set;
	to->lifetime_ms = from.path[0].lifetime_ms;
	to->generation = from.path[0].generation;
	to->access_ifindex = from.path[0].access_ifindex;
	to->bid = from.path[0].bid;
	to->priority = from.path[0].priority;
	get_more(to, &from);
}

static void read_bindings(struct reading *reading);
static void read_sets(struct reading *reading);

static void on_set(void *context, struct nlmsghdr *nlh)
{
	struct reading *reading = context;
	struct dataplane_dump *dump = &reading->dump;
	struct genl_expiry_set from;

	if (genl_get_expiry_set(nlh, &from))
		return;
	if (dump->set_count == reading->set_room) {
		reading->set_room = reading->set_room ? 2 * reading->set_room :
							16;
		dump->sets = must_realloc(dump->sets, reading->set_room *
					  sizeof(*dump->sets));
	}
	dump->sets[dump->set_count++] = (struct dataplane_set) {
		.id = from.id,
		.lifetime_ms = from.lifetime_ms,
		.generation = from.generation,
	};
}

/* A module that does not know the command has none. */
static void on_sets_read(void *context, int error, const char *text)
{
	struct reading *reading = context;

	(void)text;
	reading->dump.has_sets = error != EOPNOTSUPP;
	if (error == EINTR) {
		reading->dump.set_count = 0;
		read_sets(reading);
	} else if (error && error != EOPNOTSUPP) {
		reading->done(reading->context, error, &reading->dump);
		forget(reading);
	} else {
		read_bindings(reading);
	}
}

static void read_sets(struct reading *reading)
{
	struct nl_msg *msg = dataplane_request(reading->dataplane,
					       PMIP6_CMD_EXPIRY_SET_GET,
					       NLM_F_DUMP);

	if (!msg ||
	    nla_put_u32(msg, PMIP6_A_EXPIRY_SET_IFINDEX, reading->ifindex))
		abort();
	nl_queue_submit(reading->dataplane->queue, msg, on_set, on_sets_read,
			reading);
}

static void on_read(void *context, int error, const char *text)
{
	struct reading *reading = context;

	(void)text;
	if (error == EINTR) {
		forget_bindings(&reading->dump);
		read_bindings(reading);
		return;
	}
	reading->done(reading->context, error, &reading->dump);
	forget(reading);
}

static void read_bindings(struct reading *reading)
{
	struct nl_msg *msg = dataplane_request(reading->dataplane,
					       PMIP6_CMD_BINDING_GET,
					       NLM_F_DUMP);

	if (!msg || nla_put_u32(msg, PMIP6_A_BINDING_IFINDEX, reading->ifindex))
		abort();
	nl_queue_submit(reading->dataplane->queue, msg, on_binding, on_read,
			reading);
}

void dataplane_read(struct dataplane *dataplane, uint32_t ifindex,
		    dataplane_read_t done, void *context)
{
	struct reading *reading = must_alloc(sizeof(*reading));

	reading->dataplane = dataplane;
	reading->ifindex = ifindex;
	reading->done = done;
	reading->context = context;
	DL_APPEND(dataplane->readings, reading);
	read_sets(reading);
}

static void on_tunnel(void *context, struct nlmsghdr *nlh)
{
	struct reading *reading = context;
	struct genl_tunnel tunnel;

	if (!genl_get_tunnel(nlh, &tunnel) &&
	    tunnel.ifindex == reading->ifindex)
		reading->on_tunnel(reading->context, &tunnel.remote,
				   tunnel.mtu);
}

static void read_tunnels(struct reading *reading);

static void on_tunnels_read(void *context, int error, const char *text)
{
	struct reading *reading = context;

	if (error == EINTR) {
		read_tunnels(reading);
		return;
	}
	reading->tunnels_done(reading->context, error, text);
	forget(reading);
}

static void read_tunnels(struct reading *reading)
{
	struct nl_msg *msg = dataplane_request(reading->dataplane,
					       PMIP6_CMD_TUNNEL_GET,
					       NLM_F_DUMP);

	if (!msg || nla_put_u32(msg, PMIP6_A_TUNNEL_IFINDEX, reading->ifindex))
		abort();
	nl_queue_submit(reading->dataplane->queue, msg, on_tunnel,
			on_tunnels_read, reading);
}

void dataplane_read_tunnels(struct dataplane *dataplane, uint32_t ifindex,
			    dataplane_tunnel_t each, nl_done_t done,
			    void *context)
{
	struct reading *reading = must_alloc(sizeof(*reading));

	reading->dataplane = dataplane;
	reading->ifindex = ifindex;
	reading->on_tunnel = each;
	reading->tunnels_done = done;
	reading->context = context;
	DL_APPEND(dataplane->readings, reading);
	read_tunnels(reading);
}
