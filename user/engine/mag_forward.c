// SPDX-License-Identifier: GPL-2.0
/*
 * What a gateway does for a mobile node once it is registered: forwarding
 * state, and the emulation of its home link (RFC 5213 6.7, 6.9.2, 6.10.5).
 */
#include <string.h>

#include "mag_internal.h"

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

void mag_advertise_later(struct mag *mag, struct bule *bule, struct now now)
{
	uint64_t most = mag->config.ra_interval_s * 1000ull;

	/* RFC 4861 6.2.4: at random times, and 6.2.1: no less than a third. */
	mag_set_timer(mag, bule, BULE_TIMER_RA, now.mono_ms +
		      rng_between(&mag->rng, most / 3, most));
}

/*
 * At two thirds of the lifetime, give or take a tenth of that, so that many
 * that came together do not stay together.
 */
static uint64_t refresh_at(struct mag *mag, const struct bule *bule,
			   struct now now)
{
	uint64_t lifetime = (uint64_t)bule->lifetime * LIFETIME_UNIT_MS;
	uint64_t begin = bule->expires_ms > lifetime ?
			 bule->expires_ms - lifetime : 0;
	uint64_t due = begin + rng_between(&mag->rng, lifetime * 60 / 100,
					   lifetime * 73 / 100);

	return due > now.mono_ms ? due : now.mono_ms;
}

void mag_schedule(struct mag *mag, struct bule *bule, struct now now)
{
	/* One that is to be confirmed has an earlier time already. */
	if (!bule->stopped && !bule->confirm)
		mag_set_timer(mag, bule, BULE_TIMER_PBU,
			      refresh_at(mag, bule, now));
	mag_set_timer(mag, bule, BULE_TIMER_EXPIRY, bule->expires_ms);
	if (!timer_is_set(&bule->timers[BULE_TIMER_RA].timer))
		mag_advertise_later(mag, bule, now);
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

void mag_advertise(struct mag *mag, struct transaction *transaction,
		   struct bule *bule, bool withdraw, struct now now)
{
	const struct mag_config *config = &mag->config;
	struct effect_advertise *ra;

	if (!bule->at.ifindex)
		return;
	ra = transaction_add(transaction, EFFECT_ADVERTISE)->advertise;
	ra->ifindex = bule->at.ifindex;
	memcpy(ra->lladdr, bule->at.lladdr, ETH_ALEN);
	ra->src = config->link_local;
	ra->dst = bule->link_local;
	ra->mtu = config->mtu;
	ra->prefix_count = bule->hnp_count;
	memcpy(ra->prefix, bule->hnp, sizeof(ra->prefix));
	if (!withdraw) {
		ra->router_lifetime_s = config->router_lifetime_s;
		ra->valid_s = config->valid_lifetime_s;
		ra->preferred_s = config->preferred_lifetime_s;
	}
	bule->advertised_ms = now.mono_ms;
	mag->counters.ra_sent++;
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

void mag_install(struct mag *mag, struct bule *bule, const char *event,
		 enum report_level level, bool advertise, struct now now,
		 struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, bule);
	struct report *report;
	unsigned int i;

	bule->busy = true;
	bule->forwards = true;
	bule->generation++;
	mag_put_record(transaction, bule, now);
	for (i = 0; i < bule->hnp_count; i++) {
		put_binding(transaction, bule, &bule->hnp[i], now);
		put_route(transaction, EFFECT_ROUTE_ADD, &bule->hnp[i],
			  bule->at.ifindex);
	}
	if (advertise)
		mag_advertise(mag, transaction, bule, false, now);
	report = mag_report(transaction, level, event, bule);
	report->lifetime_s = (int64_t)bule->lifetime * LIFETIME_UNIT_MS / 1000;
	mag_schedule(mag, bule, now);
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
	if (withdraw)
		mag_advertise(mag, transaction, bule, true, now);
	report = mag_report(transaction, REPORT_INFO, event, bule);
	report->reason = reason;
}
