// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>

#include <json-c/json.h>

#include "../ports/clock.h"
#include "peer_show.h"
#include "role.h"
#include "show.h"

/* NULL for what is no address. */
static struct peer *find(const struct role *role, const char *text)
{
	struct in6_addr address;

	if (inet_pton(AF_INET6, text, &address) != 1)
		return NULL;
	return peers_find(role->peers, &address);
}

static void put_counters(struct json_object *object,
			 const struct peer_counters *counters)
{
	struct json_object *stats = json_object_new_object();

	show_count(stats, "asked", counters->asked);
	show_count(stats, "answered", counters->answered);
	show_count(stats, "missed", counters->missed);
	show_count(stats, "asked_us", counters->asked_us);
	show_count(stats, "restarts", counters->restarts);
	json_object_object_add(object, "stats", stats);
}

static void put_peer(const struct role *role, const struct peer *peer,
		     struct now now, struct json_object *list)
{
	struct json_object *object = json_object_new_object();

	show_addr(object, "peer", &peer->address);
	json_object_object_add(object, "role",
			       json_object_new_string(role->ops->name));
	json_object_object_add(object, "state", json_object_new_string(
			       peer_state_name(peer->state)));
	show_count(object, "bindings", peer->bindings);
	if (peer->has_counter)
		show_count(object, "restart_counter", peer->counter);
	show_count(object, "missing", peer->missing);
	if (peer->heard)
		show_count(object, "heard_ms", now.mono_ms - peer->heard_ms);
	put_counters(object, &peer->counters);
	json_object_array_add(list, object);
}

void peer_show_put(const struct role *role, const char *address,
		   struct json_object *list)
{
	struct now now = clock_now();
	const struct peer *peer;

	if (address) {
		peer = find(role, address);
		if (peer)
			put_peer(role, peer, now, list);
		return;
	}
	for (peer = peers_next(role->peers, NULL); peer;
	     peer = peers_next(role->peers, peer))
		put_peer(role, peer, now, list);
}

const char *peer_show_reset(struct role *role, const char *address)
{
	struct peer *peer = find(role, address);
	struct outbox out;

	if (!peer)
		return "there is no such peer: pmipctl peer show lists them";
	outbox_init(&out);
	peers_reset(role->peers, peer, clock_now(), &out);
	role_run(role, &out);
	return NULL;
}

static unsigned int unreachable_now(const struct peers *peers)
{
	const struct peer *peer;
	unsigned int count = 0;

	for (peer = peers_next(peers, NULL); peer; peer = peers_next(peers, peer))
		if (peer->state == PEER_UNREACHABLE)
			count++;
	return count;
}

void peer_show_put_stats(const struct role *role, struct json_object *object)
{
	const struct peers *peers = role->peers;
	const struct peers_counters *counters = &peers->counters;

	show_count(object, "restart-counter", peers->restart_counter);
	show_count(object, "peers", peers->count);
	show_count(object, "peers-unreachable-now", unreachable_now(peers));
	show_count(object, "peers-unreachable", counters->unreachable);
	show_count(object, "peers-restarted", counters->restarted);
	show_count(object, "peers-without-heartbeat", counters->unsupported);
	show_count(object, "heartbeats-sent", counters->requests_sent);
	show_count(object, "heartbeats-answered", counters->responses_received);
	show_count(object, "heartbeats-missing", counters->missing);
	show_count(object, "heartbeats-received", counters->requests_received);
	show_count(object, "heartbeat-responses-sent",
		   counters->responses_sent);
	show_count(object, "heartbeat-responses-ignored",
		   counters->responses_ignored);
	show_count(object, "restarts-announced", counters->announcements_sent);
	show_count(object, "restart-announcements-received",
		   counters->announcements_received);
	show_count(object, "binding-errors-ignored", counters->errors_ignored);
}
