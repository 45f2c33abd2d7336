// SPDX-License-Identifier: GPL-2.0
/*
 * What a gateway does for a mobile node once it is registered: forwarding
 * state (RFC 5213 6.10.5, 6.12).
 */
#include <string.h>

#include "mag_group_internal.h"

void mag_set_timer(struct mag *mag, struct bule *bule,
		   enum bule_timer_kind kind, uint64_t due)
{
	timer_set(&mag->timers, &bule->timers[kind].timer, due);
}

void mag_cancel_timer(struct mag *mag, struct bule *bule,
		      enum bule_timer_kind kind)
{
	timer_cancel(&mag->timers, &bule->timers[kind].timer);
}

/*
 * At two thirds of the lifetime, give or take a tenth of that, so that many
 * that came together do not stay together.
 */
uint64_t mag_refresh_at(struct mag *mag, uint16_t units, uint64_t expires_ms,
			struct now now)
{
	uint64_t lifetime = (uint64_t)units * LIFETIME_UNIT_MS;
	uint64_t begin = expires_ms > lifetime ? expires_ms - lifetime : 0;
	uint64_t due = begin + rng_between(&mag->rng, lifetime * 60 / 100,
					   lifetime * 73 / 100);

	return due > now.mono_ms ? due : now.mono_ms;
}

/*
 * A group is renewed, but nobody says who the anchor still has in it: one that
 * another gateway has taken for its own by mistake, say, is lost from it without
 * a word, and only an update of its own brings it back. So there is one now and
 * then: each at its own time.
 */
static uint64_t member_at(struct mag *mag, const struct bule *bule,
			  struct now now)
{
	uint64_t interval = mag->config.bulk_member_interval_s * 1000ull;
	const struct mag_group *group = bule->member.group;

	if (group->ending)
		return now.mono_ms + rng_between(&mag->groups.rng, 0,
						 group->spread_ms);
	/* It is to leave, as many others may at the same time. */
	if (!group_is_wanted(mag, bule))
		return now.mono_ms + rng_between(&mag->groups.rng, 0,
			mag->config.reregister_within_s * 1000ull);
	if (!interval)
		return NEVER;
	return now.mono_ms + rng_between(&mag->groups.rng, interval * 80 / 100,
					 interval);
}

static uint64_t pbu_at(struct mag *mag, const struct bule *bule, struct now now)
{
	if (bule->news)
		return now.mono_ms;
	if (!bule->member.group)
		return mag_refresh_at(mag, bule->lifetime, bule->expires_ms,
				      now);
	return member_at(mag, bule, now);
}

void mag_schedule(struct mag *mag, struct bule *bule, struct now now)
{
	const struct timer *pbu = &bule->timers[BULE_TIMER_PBU].timer;
	uint64_t due = pbu_at(mag, bule, now);

	/* What is to be sent earlier, a copy or for news, is not put off. */
	if (!bule->stopped && due != NEVER &&
	    (!timer_is_set(pbu) || pbu->due > due))
		mag_set_timer(mag, bule, BULE_TIMER_PBU, due);
	if (bule->member.group)
		mag_cancel_timer(mag, bule, BULE_TIMER_EXPIRY);
	else
		mag_set_timer(mag, bule, BULE_TIMER_EXPIRY, bule->expires_ms);
	if (!timer_is_set(&bule->timers[BULE_TIMER_RA].timer))
		mag_set_timer(mag, bule, BULE_TIMER_RA, now.mono_ms +
			      told_interval(mag, &bule->told));
}

void mag_hear(struct transaction *transaction, const struct mag_attachment *at,
	      bool every_frame)
{
	struct effect *effect;

	if (!at->ifindex)
		return;
	effect = transaction_add(transaction, EFFECT_HEAR);
	effect->hear.ifindex = at->ifindex;
	memcpy(effect->hear.lladdr, at->lladdr, ETH_ALEN);
	effect->hear.every_frame = every_frame;
}

struct report *mag_report(struct transaction *transaction,
			  enum report_level level, const char *event,
			  const struct bule *bule)
{
	struct report *report = transaction_report(transaction, level, event,
						   &bule->profile.mn_id);

	report->has_hnp = bule->hnp_count;
	report->hnp = bule->hnp[0];
	report->has_peer = true;
	report->peer = bule->profile.lma;
	report->ifindex = bule->at.ifindex;
	return report;
}

static void put_binding(struct transaction *transaction,
			const struct bule *bule, const struct mh_prefix *hnp,
			struct now now)
{
	struct effect_binding *binding;

	binding = &transaction_add(transaction, EFFECT_BINDING_SET)->binding;
	binding->hnp = *hnp;
	binding->cookie = bule->id;
	binding->generation = bule->generation;
	binding->has_path = true;
	binding->remote = bule->profile.lma;
	binding->local_routing = bule->local_routing;
	binding->expiry_set = bule->member.set;
	if (!binding->expiry_set)
		binding->lifetime_ms = bule->expires_ms > now.mono_ms ?
				       bule->expires_ms - now.mono_ms : 1;
	binding->access_ifindex = bule->at.ifindex;
	binding->has_lladdr = true;
	memcpy(binding->lladdr, bule->at.lladdr, ETH_ALEN);
}

static void put_route(struct transaction *transaction, enum effect_kind kind,
		      const struct mh_prefix *hnp, uint32_t ifindex)
{
	struct effect_route *route;

	if (!ifindex)
		return;
	route = &transaction_add(transaction, kind)->route;
	route->prefix = *hnp;
	route->access_ifindex = ifindex;
}

struct transaction *mag_install(struct mag *mag, struct bule *bule,
				const char *event, enum report_level level,
				bool advertise, struct now now,
				struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, bule);
	struct report *report;
	unsigned int i;

	bule->busy = true;
	bule->missed = false;
	bule->forwards = true;
	peers_link(&mag->peers, &bule->peer, &bule->profile.lma);
	bule->generation++;
	bule->local_routing = bule->profile.local_routing;
	mag_put_record(transaction, bule, now);
	membership_put(transaction, bule, now);
	for (i = 0; i < bule->hnp_count; i++) {
		put_binding(transaction, bule, &bule->hnp[i], now);
		put_route(transaction, EFFECT_ROUTE_ADD, &bule->hnp[i],
			  bule->at.ifindex);
	}
	mag_put_router(mag, transaction, bule);
	/* So that it is told of the MTU as well, once all of this stands. */
	if (!mag_tunnel_mtu(mag, &bule->profile.lma))
		transaction_add(transaction, EFFECT_TUNNEL_MTU)
			->tunnel_mtu.remote = bule->profile.lma;
	bule->tell |= advertise;
	report = mag_report(transaction, level, event, bule);
	report->lifetime_s = (int64_t)bule->lifetime * LIFETIME_UNIT_MS / 1000;
	mag_schedule(mag, bule, now);
	return transaction;
}

void mag_uninstall(struct mag *mag, struct bule *bule, const char *event,
		   const char *reason, bool withdraw, struct now now,
		   struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, bule);
	struct effect *effect;
	struct report *report;
	unsigned int i;

	bule->busy = true;
	bule->forwards = false;
	group_remove(mag, bule);
	peers_unlink(&mag->peers, &bule->peer);
	mag_cancel_timer(mag, bule, BULE_TIMER_RA);
	mag_cancel_timer(mag, bule, BULE_TIMER_EXPIRY);
	effect = transaction_add(transaction, EFFECT_STORE_DELETE);
	effect->store.key = bule->id;
	for (i = 0; i < bule->hnp_count; i++) {
		effect = transaction_add(transaction, EFFECT_BINDING_DELETE);
		effect->binding.hnp = bule->hnp[i];
		put_route(transaction, EFFECT_ROUTE_DELETE, &bule->hnp[i],
			  bule->at.ifindex);
	}
	mag_remove_router(mag, transaction, bule);
	bule->tell = false;
	/* Who is detached, but has not left, is to know that. */
	if (bule->state == BULE_DEREGISTERING)
		withdraw |= bule->hold || bule->barred;
	if (withdraw)
		visitor_withdraw(mag, transaction, bule, now);
	report = mag_report(transaction, REPORT_INFO, event, bule);
	report->reason = reason;
}

static bool is_among(const struct mh_prefix *hnp, unsigned int count,
		     const struct mh_prefix *one)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (mh_prefix_equal(&hnp[i], one))
			return true;
	return false;
}

/*
 * One that goes off the link is not taken back from the mobile node: its address
 * goes on, and is advertised where that prefix has its place (RFC 7864 3.2.2).
 */
struct transaction *mag_change_prefixes(struct mag *mag, struct bule *bule,
					const struct mh_prefix *hnp,
					unsigned int count, const char *event,
					struct now now, struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	struct effect *effect;
	unsigned int i;

	for (i = 0; i < bule->hnp_count; i++) {
		if (is_among(hnp, count, &bule->hnp[i]))
			continue;
		effect = transaction_add(transaction, EFFECT_BINDING_DELETE);
		effect->binding.hnp = bule->hnp[i];
		put_route(transaction, EFFECT_ROUTE_DELETE, &bule->hnp[i],
			  bule->at.ifindex);
		if (bule->hnp[i].off_link)
			continue;
		mag_report(transaction, REPORT_INFO, "prefix-withdrawn",
			   bule)->hnp = bule->hnp[i];
		told_gone(mag, &bule->told, &bule->hnp[i]);
	}
	bul_set_prefixes(&mag->bul, bule, hnp, count);
	for (i = 0; i < count; i++)
		told_anew(&bule->told, &bule->hnp[i]);
	return mag_install(mag, bule, event, REPORT_INFO, true, now, out);
}

/* The anchor did not answer in time. The mobile node is still to be served. */
void mag_expire(struct mag *mag, struct bule *bule, uint64_t ask_ms,
		struct now now, struct outbox *out)
{
	mag->counters.expired++;
	bule->state = BULE_REGISTERING;
	bule->handoff = MH_HI_UNKNOWN;
	mag_uninstall(mag, bule, "binding-expired", "anchor does not answer",
		      bule->stopped, now, out);
	if (bule->stopped) {
		mag_refused(mag, bule, now);
	} else if (!bule->waits) {
		bule->tries = 0;
		bule->unheard = false;
		if (ask_ms > now.mono_ms)
			mag_set_timer(mag, bule, BULE_TIMER_PBU, ask_ms);
		else if (mag_check_presence(mag, bule, now, out))
			mag_ask(mag, bule, now, out);
	}
}
