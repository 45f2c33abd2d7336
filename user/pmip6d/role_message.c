// SPDX-License-Identifier: GPL-2.0
#include "../ports/clock.h"
#include "role.h"
#include "role_message.h"

/* --- Messages that both roles take. */

static void on_binding_error(struct role *role, const struct in6_addr *src,
			     const struct in6_addr *dst,
			     const struct mh_message *message, struct now now,
			     struct outbox *out)
{
	(void)dst;
	role->counters.binding_errors++;
	peers_on_binding_error(role->peers, src, &message->be, now, out);
}

static void on_heartbeat(struct role *role, const struct in6_addr *src,
			 const struct in6_addr *dst,
			 const struct mh_message *message, struct now now,
			 struct outbox *out)
{
	(void)dst;
	peers_on_heartbeat(role->peers, src, &message->heartbeat, now, out);
}

static const struct role_handler shared[] = {
	{ .type = MH_BINDING_ERROR, .unready = true,
	  .on_message = on_binding_error },
	{ .type = MH_HEARTBEAT, .unready = true, .on_message = on_heartbeat },
	{ 0 },
};

/* --- Whom a message is for. */

static const struct role_handler *find(const struct role_handler *handler,
				       uint8_t type)
{
	for (; handler->on_message; handler++)
		if (handler->type == type)
			return handler;
	return NULL;
}

void role_on_message(void *arg, const struct in6_addr *src,
		     const struct in6_addr *dst,
		     const struct mh_message *message)
{
	const struct role_handler *handler;
	struct role *role = arg;
	struct outbox out;

	peers_on_message(role->peers, src, clock_now());
	handler = find(role->ops->handlers, message->type);
	if (!handler)
		handler = find(shared, message->type);
	if (!handler) {
		role->counters.other_type++;
		return;
	}
	if ((!role->reconciled || role->reading) && !handler->unready) {
		role->counters.not_ready++;
		return;
	}
	outbox_init(&out);
	handler->on_message(role, src, dst, message, clock_now(), &out);
	role_run(role, &out);
}
