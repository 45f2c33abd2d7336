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
	(void)src;
	(void)dst;
	(void)message;
	(void)now;
	(void)out;
	role->counters.binding_errors++;
}

static const struct role_handler shared[] = {
	{ .type = MH_BINDING_ERROR, .unready = true,
	  .on_message = on_binding_error },
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
