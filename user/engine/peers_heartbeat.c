// SPDX-License-Identifier: GPL-2.0
/*
 * Heartbeats: requests, responses, and what they tell (RFC 5847 3).
 */
#include "peers_internal.h"

/* An anchor that has thousands of gateways does not tell them all at once. */
#define ANNOUNCE_SPACING_MS 1u

static struct mh_heartbeat *send_heartbeat(struct peers *peers,
					   struct transaction *transaction,
					   const struct in6_addr *to)
{
	struct effect *effect = transaction_add(transaction, EFFECT_SEND);
	struct mh_message *message = effect->send.message;

	effect->send.src = peers->config.address;
	effect->send.dst = *to;
	message->type = MH_HEARTBEAT;
	return &message->heartbeat;
}

static void put_counter(const struct peers *peers,
			struct mh_heartbeat *heartbeat)
{
	heartbeat->has_restart_counter = true;
	heartbeat->restart_counter = peers->restart_counter;
}

static struct report *report_on(struct outbox *out, enum report_level level,
				const char *event, const struct peer *peer)
{
	struct report *report = transaction_report(transaction_new(out, NULL),
						   level, event, NULL);

	report->has_peer = true;
	report->peer = peer->address;
	report->bindings = peer->bindings;
	return report;
}

/* --- Requests. */

static uint64_t interval_ms(const struct peers *peers)
{
	return peers->config.heartbeat_interval_s * 1000ull;
}

/* Never more often than HEARTBEAT_INTERVAL, however bindings come and go. */
void peers_ask_soon(struct peers *peers, struct peer *peer, uint64_t within_ms,
		    struct now now)
{
	uint64_t due = now.mono_ms + rng_between(&peers->rng, 0, within_ms);
	uint64_t earliest = peer->asked_ms ?
			    peer->asked_ms + interval_ms(peers) : 0;

	peers_set_timer(peers, peer, PEER_TIMER_ASK,
			due > earliest ? due : earliest);
}

static void send_request(struct peers *peers, struct peer *peer,
			 struct now now, struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);

	send_heartbeat(peers, transaction, &peer->address)->sequence =
		++peer->sequence;
	peer->awaits = true;
	peer->asked_ms = now.mono_ms;
	peer->counters.asked++;
	peers->counters.requests_sent++;
	peers_set_timer(peers, peer, PEER_TIMER_ASK,
			now.mono_ms + interval_ms(peers));
}

static void note_missing(struct peers *peers, struct peer *peer,
			 struct now now, struct outbox *out)
{
	peer->missing++;
	peer->counters.missed++;
	peers->counters.missing++;
	if (peer->missing <= peers->config.missing_heartbeats_allowed ||
	    peer->state == PEER_UNREACHABLE)
		return;
	peer->state = PEER_UNREACHABLE;
	peers->counters.unreachable++;
	report_on(out, REPORT_WARNING, "peer-unreachable", peer)->reason =
		"it does not answer heartbeats";
	peers->on_event(peers->context, peer, PEER_EVENT_UNREACHABLE, 0, now,
			out);
}

static void ask(struct peers *peers, struct peer *peer, struct now now,
		struct outbox *out)
{
	/* RFC 5847 3: not without a binding. What stays is not needed. */
	if (!peer->bindings) {
		if (!peer->announce && !peer->changed &&
		    peer->state != PEER_NO_HEARTBEAT)
			peers_drop(peers, peer);
		return;
	}
	if (peer->awaits)
		note_missing(peers, peer, now, out);
	send_request(peers, peer, now, out);
}

/* --- Announcements of our own restart. */

void peers_set_restart(struct peers *peers, uint32_t counter, bool lost)
{
	struct peer *peer;

	peers->restart_counter = counter;
	peers->lost = lost;
	for (peer = peers->all; lost && peer; peer = peer->by_address.next)
		peer->announce = PEERS_ANNOUNCEMENTS;
}

static void announce(struct peers *peers, struct peer *peer, struct now now,
		     struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	struct mh_heartbeat *heartbeat;

	heartbeat = send_heartbeat(peers, transaction, &peer->address);
	heartbeat->flags = MH_HB_UNSOLICITED | MH_HB_RESPONSE;
	put_counter(peers, heartbeat);
	peers->counters.announcements_sent++;
	if (!peer->announced)
		report_on(out, REPORT_INFO, "restart-announced", peer)
			->restart_counter = peers->restart_counter;
	peer->announced++;
	if (--peer->announce)
		peers_set_timer(peers, peer, PEER_TIMER_ANNOUNCE, now.mono_ms +
				((uint64_t)PEERS_ANNOUNCE_INTERVAL_MS <<
				 (peer->announced - 1)));
	else
		peers_touch(peers, peer);
}

void peers_start(struct peers *peers, struct now now)
{
	uint64_t announce_ms = now.mono_ms;
	struct peer *peer;

	if (peers->started)
		return;
	peers->started = true;
	peers->started_ms = now.mono_ms;
	for (peer = peers->all; peer; peer = peer->by_address.next) {
		/* What was restored is of a time when the counter was this. */
		if (peer->has_counter)
			peer->confirmed_ms = now.mono_ms;
		if (peer->announce) {
			peers_set_timer(peers, peer, PEER_TIMER_ANNOUNCE,
					announce_ms);
			announce_ms += ANNOUNCE_SPACING_MS;
		}
		if (peer->bindings)
			peers_ask_soon(peers, peer, interval_ms(peers), now);
	}
}

/* --- Timers. */

void peers_on_timer(struct peers *peers, struct now now, struct outbox *out)
{
	struct peer_timer *due;
	struct timer *timer;

	while ((timer = timers_take(&peers->timers, now.mono_ms))) {
		due = (struct peer_timer *)timer;
		if (due->kind == PEER_TIMER_ASK)
			ask(peers, due->peer, now, out);
		else
			announce(peers, due->peer, now, out);
	}
}

uint64_t peers_next_timer(const struct peers *peers)
{
	return timers_next(&peers->timers);
}

/* --- What comes. */

void peers_on_message(struct peers *peers, const struct in6_addr *src,
		      struct now now)
{
	struct peer *peer = peers_find(peers, src);

	if (!peer)
		return;
	peer->heard = true;
	peer->heard_ms = now.mono_ms;
}

static bool may_be_answered(const struct in6_addr *src)
{
	return !IN6_IS_ADDR_UNSPECIFIED(src) && !IN6_IS_ADDR_MULTICAST(src);
}

/* RFC 5847 3: with or without a binding. */
static void answer(struct peers *peers, const struct in6_addr *src,
		   const struct mh_heartbeat *request, struct outbox *out)
{
	struct peer *peer = peers_find(peers, src);
	struct mh_heartbeat *response;

	peers->counters.requests_received++;
	if (!may_be_answered(src))
		return;
	response = send_heartbeat(peers, transaction_new(out, NULL), src);
	response->flags = MH_HB_RESPONSE;
	response->sequence = request->sequence;
	put_counter(peers, response);
	peers->counters.responses_sent++;
	if (peer)
		peer->counters.asked_us++;
}

static void restarted(struct peers *peers, struct peer *peer,
		      uint64_t since_ms, struct now now, struct outbox *out)
{
	struct report *report;

	peer->counters.restarts++;
	peers->counters.restarted++;
	report = report_on(out, REPORT_WARNING, "peer-restarted", peer);
	report->restart_counter = peer->counter;
	report->reason = "it has lost its sessions";
	peers->on_event(peers->context, peer, PEER_EVENT_RESTARTED, since_ms,
			now, out);
}

/* RFC 5847 3.2: the first value is only kept. */
static void compare_counter(struct peers *peers, struct peer *peer,
			    const struct mh_heartbeat *heartbeat,
			    struct now now, struct outbox *out)
{
	uint64_t since_ms = peer->confirmed_ms;
	bool differs;

	if (!heartbeat->has_restart_counter || !peer->bindings)
		return;
	differs = peer->has_counter &&
		  peer->counter != heartbeat->restart_counter;
	if (differs || !peer->has_counter) {
		peer->stale = true;
		peers_touch(peers, peer);
	}
	peer->has_counter = true;
	peer->counter = heartbeat->restart_counter;
	peer->confirmed_ms = now.mono_ms;
	/* One that tells of itself does so before it does anything else. */
	if ((heartbeat->flags & MH_HB_UNSOLICITED) &&
	    since_ms + PEERS_ANNOUNCE_SPAN_MS < now.mono_ms)
		since_ms = now.mono_ms - PEERS_ANNOUNCE_SPAN_MS;
	if (differs)
		restarted(peers, peer, since_ms, now, out);
}

/* RFC 5847 3.1: any answer to what was asked since the last one counts. */
static bool answers_request(const struct peer *peer,
			    const struct mh_heartbeat *heartbeat)
{
	return peer->awaits &&
	       peer->sequence - heartbeat->sequence <= peer->missing;
}

static void is_back(struct peers *peers, struct peer *peer, struct now now,
		    struct outbox *out)
{
	bool was_unreachable = peer->state == PEER_UNREACHABLE;

	peer->missing = 0;
	peer->state = PEER_UP;
	if (!was_unreachable)
		return;
	report_on(out, REPORT_INFO, "peer-back", peer);
	peers->on_event(peers->context, peer, PEER_EVENT_BACK, 0, now, out);
}

static void on_response(struct peers *peers, struct peer *peer,
			const struct mh_heartbeat *heartbeat, struct now now,
			struct outbox *out)
{
	if (!answers_request(peer, heartbeat)) {
		peers->counters.responses_ignored++;
		return;
	}
	peer->awaits = peer->sequence != heartbeat->sequence;
	peer->counters.answered++;
	peers->counters.responses_received++;
	is_back(peers, peer, now, out);
	compare_counter(peers, peer, heartbeat, now, out);
}

/* Its sequence number says nothing, and it is not answered. */
static void on_announcement(struct peers *peers, struct peer *peer,
			    const struct mh_heartbeat *heartbeat,
			    struct now now, struct outbox *out)
{
	peers->counters.announcements_received++;
	if (peer->state == PEER_UNREACHABLE)
		is_back(peers, peer, now, out);
	peer->missing = 0;
	compare_counter(peers, peer, heartbeat, now, out);
}

void peers_on_heartbeat(struct peers *peers, const struct in6_addr *src,
			const struct mh_heartbeat *heartbeat, struct now now,
			struct outbox *out)
{
	struct peer *peer;

	if (!(heartbeat->flags & MH_HB_RESPONSE)) {
		answer(peers, src, heartbeat, out);
		return;
	}
	peer = peers_find(peers, src);
	if (!peer)
		peers->counters.responses_ignored++;
	else if (heartbeat->flags & MH_HB_UNSOLICITED)
		on_announcement(peers, peer, heartbeat, now, out);
	else
		on_response(peers, peer, heartbeat, now, out);
}

bool peers_on_binding_error(struct peers *peers, const struct in6_addr *src,
			    const struct mh_binding_error *error,
			    struct now now, struct outbox *out)
{
	struct peer *peer = peers_find(peers, src);

	(void)now;
	/* RFC 6275 11.3.6: nothing that was asked, nothing to conclude. */
	if (error->status != MH_BE_UNKNOWN_TYPE || !peer || !peer->awaits) {
		peers->counters.errors_ignored++;
		return false;
	}
	peer->awaits = false;
	peer->missing = 0;
	peer->state = PEER_NO_HEARTBEAT;
	timer_cancel(&peers->timers, &peer->timers[PEER_TIMER_ASK].timer);
	peers->counters.unsupported++;
	report_on(out, REPORT_WARNING, "peer-without-heartbeat", peer)->reason =
		"it does not understand them: pmipctl peer reset, when it does";
	return true;
}

void peers_reset(struct peers *peers, struct peer *peer, struct now now,
		 struct outbox *out)
{
	peer->state = PEER_UNKNOWN;
	peer->awaits = false;
	peer->no_notices = false;
	peer->no_revocations = false;
	peer->no_global_revocations = false;
	peer->missing = 0;
	report_on(out, REPORT_INFO, "peer-reset", peer);
	if (!peers->started)
		return;
	if (peer->bindings)
		send_request(peers, peer, now, out);
	else
		peers_ask_soon(peers, peer, interval_ms(peers), now);
}
