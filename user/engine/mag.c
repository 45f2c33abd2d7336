// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "mag_group_internal.h"

/* How soon to look again at an entry that is busy when its time comes. */
#define BUSY_RETRY_MS 100u

void mag_init(struct mag *mag, const struct mag_config *config)
{
	memset(mag, 0, sizeof(*mag));
	mag->config = *config;
	mag->rng.state = config->seed;
	mag->next_id = 1;
	/* Not from 0 after each start: the anchor remembers. */
	mag->sequence = (uint16_t)rng_next(&mag->rng);
	mag_init_peers(mag);
	groups_init(mag);
	mag_init_revocations(mag, (uint16_t)config->seed);
}

static void drop(struct mag *mag, struct bule *bule)
{
	int kind;

	for (kind = 0; kind < BULE_TIMERS; kind++)
		mag_cancel_timer(mag, bule, (enum bule_timer_kind)kind);
	peers_unlink(&mag->peers, &bule->peer);
	group_ask_no_more(mag, bule);
	group_remove(mag, bule);
	mag_leave_revocation(mag, bule, REVOCATION_DONE);
	mag_forget_router(mag, bule);
	bul_remove(&mag->bul, bule);
}

void mag_free(struct mag *mag)
{
	while (mag->bul.entries)
		drop(mag, mag->bul.entries);
	visitors_forget(mag, 0);
	groups_free(mag);
	multihoming_forget_anchors(mag);
	revocations_free(&mag->revocations);
	peers_free(&mag->peers);
	timers_free(&mag->timers);
	timers_free(&mag->visitor_timers);
	free(mag->links);
	free(mag->tunnels);
}

/* What is heard is told at once: in the time that routes take, one may move. */
void mag_start(struct mag *mag, struct outbox *out)
{
	struct transaction *hears = transaction_new(out, NULL);
	struct transaction *transaction = transaction_new(out, NULL);
	struct effect *effect;
	struct bule *bule;
	unsigned int i;

	for (bule = mag->bul.entries; bule; bule = bul_next(bule)) {
		if (bule->state != BULE_ACTIVE)
			continue;
		mag_hear(hears, &bule->at, false);
		mag_put_router(mag, transaction, bule);
		for (i = 0; bule->at.ifindex && i < bule->hnp_count; i++) {
			effect = transaction_add(transaction, EFFECT_ROUTE_ADD);
			effect->route.prefix = bule->hnp[i];
			effect->route.access_ifindex = bule->at.ifindex;
		}
	}
}

static void begin(struct mag *mag, struct bule *bule, struct now now,
		  struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);

	bule->state = BULE_REGISTERING;
	bule->hold = false;
	bule->refuse = false;
	bule->stopped = false;
	bule->any_prefix = false;
	bule->clock.differs = false;
	bule->barred = false;
	if (!bule->forwards) {
		bul_set_prefixes(&mag->bul, bule, NULL, 0);
		memset(&bule->router, 0, sizeof(bule->router));
		bule->router_own = false;
	}
	multihoming_begin(mag, bule);
	mag->counters.attachments++;
	mag_hear(transaction, &bule->at, false);
	mag_report(transaction, REPORT_INFO, "attached", bule);
	/* RFC 5213 6.9.1.1 (5): what the link layer does not say is not known. */
	mag_register(mag, bule, bule->at.handoff ?
		     (enum mh_handoff_indicator)bule->at.handoff :
		     MH_HI_UNKNOWN, now, out);
}

/* It is on another one now. */
static void leave_link(struct mag *mag, struct transaction *transaction,
		       struct bule *bule)
{
	mag_hear(transaction, &bule->at, true);
	if (bule->forwards)
		mag_remove_router(mag, transaction, bule);
}

/* To another access link of this gateway: the anchor need not know. */
static void move(struct mag *mag, struct bule *bule,
		 const struct mag_attachment *at, struct now now,
		 struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	uint8_t att = bule->at.att;

	leave_link(mag, transaction, bule);
	bule->at = *at;
	/* The anchor knows the session by it (RFC 5213 5.4.1). */
	bule->at.att = att;
	memset(&bule->link_local, 0, sizeof(bule->link_local));
	memset(&bule->told, 0, sizeof(bule->told));
	mag_hear(transaction, &bule->at, false);
	if (bule->state == BULE_ACTIVE)
		mag_install(mag, bule, "moved", REPORT_INFO, true, now, out);
}

/* So often it is registered again, and not for every frame that asks for it. */
#define CONFIRM_INTERVAL_MS 1000u

static void confirm(struct mag *mag, struct bule *bule, struct now now)
{
	uint64_t soonest = bule->copies[0].sent_ms + CONFIRM_INTERVAL_MS;

	if (bule->state != BULE_ACTIVE || bule->stopped || bule->waits)
		return;
	bule->confirm = true;
	mag_set_timer(mag, bule, BULE_TIMER_PBU,
		      soonest > now.mono_ms ? soonest : now.mono_ms);
}

/* It is there already. */
static void attach_again(struct mag *mag, struct bule *bule,
			 const struct mag_attachment *at, bool commanded,
			 struct now now, struct outbox *out)
{
	if (bule->at.ifindex != at->ifindex)
		move(mag, bule, at, now, out);
	else
		mag_hear(transaction_new(out, NULL), at, false);
	mag_tell_policy(mag, bule, now, out);
	if (!commanded)
		return;
	if (!bule->stopped) {
		confirm(mag, bule, now);
		return;
	}
	bule->stopped = false;
	mag_register(mag, bule, MH_HI_NOT_CHANGED, now, out);
}

/* Is a frame of it, without a command, nothing that makes it attached. */
static bool is_kept_out(const struct bule *bule)
{
	return bule->state == BULE_HELD || bule->state == BULE_REFUSED ||
	       (bule->state == BULE_DEREGISTERING &&
		(bule->hold || bule->refuse)) || bule->next == BULE_NEXT_HOLD;
}

/*
 * One that is kept out is so on whichever link it is; where it was before it is
 * news again, for nobody would hear it there once it may come in. What is under
 * way is about where it was: it is heard again then.
 */
static void keep_out(struct mag *mag, struct bule *bule,
		     const struct mag_attachment *at, struct outbox *out)
{
	struct transaction *transaction;

	if (bule->busy && bule->at.ifindex != at->ifindex)
		return;
	transaction = transaction_new(out, NULL);
	if (bule->at.ifindex != at->ifindex)
		leave_link(mag, transaction, bule);
	bule->at.ifindex = at->ifindex;
	memcpy(bule->at.ifname, at->ifname, sizeof(bule->at.ifname));
	mag_hear(transaction, at, false);
}

static void attach_known(struct mag *mag, struct bule *bule,
			 const struct mag_attachment *at,
			 const struct mag_profile *profile, bool commanded,
			 struct now now, struct outbox *out)
{
	if (bule->state == BULE_REGISTERING || bule->state == BULE_ACTIVE) {
		attach_again(mag, bule, at, commanded, now, out);
		return;
	}
	if (is_kept_out(bule) && !commanded) {
		keep_out(mag, bule, at, out);
		return;
	}
	mag_end_exchange(mag, bule);
	if (bule->at.ifindex != at->ifindex)
		leave_link(mag, transaction_new(out, NULL), bule);
	bule->at = *at;
	bul_set_profile(&mag->bul, bule, profile);
	begin(mag, bule, now, out);
}

/* It is news again in a second, if it says anything then. */
static void full(struct mag *mag, const struct mag_profile *profile,
		 struct outbox *out)
{
	struct report *report;

	mag->counters.full++;
	report = transaction_report(transaction_new(out, NULL), REPORT_WARNING,
				    "gateway-full", &profile->mn_id);
	report->reason = "max-mobile-nodes are here already";
}

void mag_on_attach(struct mag *mag, const struct mag_attachment *at,
		   const struct mag_profile *profile, bool commanded,
		   struct now now, struct outbox *out)
{
	struct bule *bule = bul_by_lladdr(&mag->bul, at->lladdr);

	if (!bule && bul_count(&mag->bul) >= mag->config.max_mobile_nodes) {
		full(mag, profile, out);
		return;
	}
	if (!bule) {
		bule = bul_insert(&mag->bul, mag->next_id++, at, profile);
		bule->sequence = (uint16_t)rng_next(&mag->rng);
		begin(mag, bule, now, out);
		return;
	}
	if (!bule->busy) {
		attach_known(mag, bule, at, profile, commanded, now, out);
		return;
	}
	if (is_kept_out(bule) && !commanded) {
		keep_out(mag, bule, at, out);
		return;
	}
	bule->next = BULE_NEXT_ATTACH;
	bule->next_at = *at;
	bule->next_commanded = commanded;
	free(bule->next_profile);
	bule->next_profile = must_copy(profile, sizeof(*profile));
}

void mag_leave(struct mag *mag, struct bule *bule, struct now now,
	       struct outbox *out)
{
	mag_cancel_timer(mag, bule, BULE_TIMER_RA);
	mag_cancel_timer(mag, bule, BULE_TIMER_EXPIRY);
	bule->state = BULE_DEREGISTERING;
	mag->counters.detachments++;
	mag_hear(transaction_new(out, NULL), &bule->at,
		 !bule->hold && !bule->refuse);
	mag_register(mag, bule, MH_HI_UNKNOWN, now, out);
}

void mag_gone(struct mag *mag, struct bule *bule, struct now now,
	      struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);

	mag_end_exchange(mag, bule);
	mag_hear(transaction, &bule->at, !bule->hold && !bule->refuse);
	mag_report(transaction, REPORT_INFO, "detached", bule);
	if (bule->hold) {
		bule->state = BULE_HELD;
		bul_set_prefixes(&mag->bul, bule, NULL, 0);
	} else if (bule->refuse) {
		mag_refused(mag, bule, now);
	} else {
		/* Without a router it may say nothing more by itself. */
		if (bule->barred)
			visitor_admit(mag, &bule->at, &bule->link_local, now);
		if (bule->revoking)
			revoking_over(&mag->revocations, bule->revoking,
				      REVOCATION_DONE, -1, now, out);
		drop(mag, bule);
	}
}

void mag_refused(struct mag *mag, struct bule *bule, struct now now)
{
	mag_end_exchange(mag, bule);
	bule->state = BULE_REFUSED;
	bule->refuse = false;
	bul_set_prefixes(&mag->bul, bule, NULL, 0);
	if (!bule->stopped)
		mag_set_timer(mag, bule, BULE_TIMER_PBU, now.mono_ms +
			      mag->config.retry_after_refusal_s * 1000ull);
	/* RFC 5213 6.9.2 (2), 6.14 */
	visitor_admit(mag, &bule->at, &bule->link_local, now);
}

void mag_on_detach(struct mag *mag, struct bule *bule, bool hold,
		   const char *reason, struct now now, struct outbox *out)
{
	if (bule->busy) {
		bule->next = hold ? BULE_NEXT_HOLD : BULE_NEXT_DETACH;
		return;
	}
	bule->hold = hold;
	bule->refuse = false;
	switch (bule->state) {
	case BULE_REGISTERING:
	case BULE_ACTIVE:
		mag_report(transaction_new(out, NULL), REPORT_INFO, "left",
			   bule)->reason = reason;
		mag_leave(mag, bule, now, out);
		break;
	case BULE_DEREGISTERING:
		break;
	case BULE_REFUSED:
	case BULE_HELD:
		mag_gone(mag, bule, now, out);
		break;
	}
}

void mag_on_barred(struct mag *mag, struct bule *bule, const char *reason,
		   struct now now, struct outbox *out)
{
	bule->barred = true;
	mag_on_detach(mag, bule, false, reason, now, out);
}

void mag_on_link_down(struct mag *mag, uint32_t ifindex, struct now now,
		      struct outbox *out)
{
	struct bule *bule, *next;

	for (bule = mag->bul.entries; bule; bule = next) {
		next = bul_next(bule);
		if (bule->at.ifindex == ifindex)
			mag_on_detach(mag, bule, false, "access link is down",
				      now, out);
	}
	visitors_forget(mag, ifindex);
}

void mag_on_arrival(struct mag *mag, const uint8_t *lladdr, struct now now)
{
	struct bule *bule = bul_by_lladdr(&mag->bul, lladdr);

	if (bule)
		confirm(mag, bule, now);
}

void mag_on_solicit(struct mag *mag, const uint8_t *lladdr,
		    const struct in6_addr *src, struct now now,
		    struct outbox *out)
{
	struct bule *bule = bul_by_lladdr(&mag->bul, lladdr);
	uint64_t later;

	mag_on_neighbour(mag, lladdr, src, now, out);
	if (bule)
		confirm(mag, bule, now);
	/* RFC 5213 6.9.2: not before registration; then it is told anyway. */
	if (!bule || bule->state != BULE_ACTIVE || !bule->forwards) {
		visitor_on_solicit(mag, lladdr, src, now, out);
		return;
	}
	later = mag_solicited(mag, &bule->told, now);
	if (later)
		mag_set_timer(mag, bule, BULE_TIMER_RA, later);
	else
		mag_advertise(mag, transaction_new(out, NULL), bule, now);
}

static void do_next(struct mag *mag, struct bule *bule, struct now now,
		    struct outbox *out)
{
	struct mag_profile *profile = bule->next_profile;
	enum bule_next next = bule->next;

	bule->next = BULE_NEXT_NOTHING;
	bule->next_profile = NULL;
	switch (next) {
	case BULE_NEXT_NOTHING:
		break;
	case BULE_NEXT_DETACH:
	case BULE_NEXT_HOLD:
		mag_on_detach(mag, bule, next == BULE_NEXT_HOLD,
			      "left meanwhile", now, out);
		break;
	case BULE_NEXT_ATTACH:
		attach_known(mag, bule, &bule->next_at, profile,
			     bule->next_commanded, now, out);
		break;
	case BULE_NEXT_LET_GO:
		mag_let_go(mag, bule, "revoked meanwhile", now, out);
		break;
	}
	free(profile);
}

static void installed(struct mag *mag, struct bule *bule, int error,
		      struct now now, struct outbox *out)
{
	/* Its set is not there any more, or some of what was done. */
	if (error ? membership_lost(mag, bule, error, now) : bule->missed) {
		mag_install(mag, bule, "forwarding-restored", REPORT_INFO,
			    false, now, out);
		return;
	}
	if (!error) {
		bule->state = BULE_ACTIVE;
		membership_stands(bule);
		visitor_entitled(mag, bule);
		if (bule->next == BULE_NEXT_NOTHING)
			mag_announce_router(mag, bule, now, out);
		/* RFC 5213 6.7: not before; and who asked meanwhile is answered. */
		if (bule->tell)
			mag_tell(mag, bule, now, out);
		else if (mag->config.prefixes_of_binding)
			mag_advertise(mag, transaction_new(out, NULL), bule,
				      now);
		bule->tell = false;
		if (bule->next == BULE_NEXT_NOTHING)
			mag_tell_policy(mag, bule, now, out);
		return;
	}
	/* Its next frame would make it attached, and fail again. */
	bule->refuse = true;
	mag->counters.failed++;
	mag_report(transaction_new(out, NULL), REPORT_ERROR,
		   "forwarding-failed", bule)->reason = strerror(error);
	mag_leave(mag, bule, now, out);
}

/* Returns false if the entry is gone. */
static bool uninstalled(struct mag *mag, struct bule *bule, struct now now,
			struct outbox *out)
{
	bool stays;

	/* A copy of its de-registration may still have to name them. */
	if (bule->state != BULE_DEREGISTERING) {
		bul_set_prefixes(&mag->bul, bule, NULL, 0);
		return true;
	}
	if (bule->waits || bule->next == BULE_NEXT_ATTACH)
		return true;
	if (bule->next != BULE_NEXT_NOTHING) {
		bule->hold = bule->next == BULE_NEXT_HOLD;
		bule->refuse = false;
		bule->next = BULE_NEXT_NOTHING;
	}
	stays = bule->hold || bule->refuse;
	mag_gone(mag, bule, now, out);
	return stays;
}

void mag_on_done(struct mag *mag, void *owner, int error, struct now now,
		 struct outbox *out)
{
	struct bule *bule = owner;

	if (bule->owner == MAG_OWNER_GROUP) {
		groups_on_done(mag, owner, error, now, out);
		return;
	}
	bule->busy = false;
	if (bule->forwards)
		installed(mag, bule, error, now, out);
	else if (!uninstalled(mag, bule, now, out))
		return;
	mag_on_revoked(mag, bule, now, out);
	/* What was lost meanwhile is under way once more. */
	if (!bule->busy)
		do_next(mag, bule, now, out);
}

/* RFC 5213 6.9.1.4: after a first wait state goes; the message is repeated. */
static void deregistration_due(struct mag *mag, struct bule *bule,
			       struct now now, struct outbox *out)
{
	uint64_t drop_ms = bule->asked_ms +
			   mag->config.initial_bindack_timeout_ms;
	bool more = bule->tries < mag->config.deregistration_tries;

	if (more)
		mag_retransmit(mag, bule, now, out);
	if (now.mono_ms < drop_ms) {
		if (!more || now.mono_ms + bule->interval_ms > drop_ms)
			mag_set_timer(mag, bule, BULE_TIMER_PBU, drop_ms);
		return;
	}
	if (!more) {
		mag_end_exchange(mag, bule);
		membership_unsure(mag, bule, now, out);
	}
	if (bule->forwards)
		mag_uninstall(mag, bule, "unbound", "no acknowledgement",
			      bule->refuse, now, out);
	else if (!bule->waits)
		mag_gone(mag, bule, now, out);
}

static void pbu_due(struct mag *mag, struct bule *bule, struct now now,
		    struct outbox *out)
{
	switch (bule->state) {
	case BULE_DEREGISTERING:
		deregistration_due(mag, bule, now, out);
		break;
	case BULE_REFUSED:
		if (!mag_clocks_may_agree(mag, bule, now)) {
			mag_refused(mag, bule, now);
			break;
		}
		/* RFC 5213 6.9.1.2 (9); it may wait for us without a word. */
		if (bule->clock.differs && mag_is_present(mag, bule, now)) {
			begin(mag, bule, now, out);
			break;
		}
		/* If it is there, its answer attaches it. */
		if (bule->clock.differs)
			mag_probe(mag, bule, out);
		mag_hear(transaction_new(out, NULL), &bule->at, true);
		drop(mag, bule);
		break;
	case BULE_HELD:
		break;
	case BULE_ACTIVE:
	case BULE_REGISTERING:
		if (mag_check_presence(mag, bule, now, out))
			mag_ask(mag, bule, now, out);
		break;
	}
}

static void due(struct mag *mag, struct bule_timer *timer, struct now now,
		struct outbox *out)
{
	struct bule *bule = timer->bule;

	if (bule->busy) {
		mag_set_timer(mag, bule, timer->kind,
			      now.mono_ms + BUSY_RETRY_MS);
		return;
	}
	switch (timer->kind) {
	case BULE_TIMER_PBU:
		pbu_due(mag, bule, now, out);
		break;
	case BULE_TIMER_RA:
		mag_advertise(mag, transaction_new(out, NULL), bule, now);
		break;
	default:
		mag_expire(mag, bule, now.mono_ms, now, out);
		break;
	}
}

void mag_on_timer(struct mag *mag, struct now now, struct outbox *out)
{
	struct timer *timer;

	while ((timer = timers_take(&mag->timers, now.mono_ms)))
		due(mag, (struct bule_timer *)timer, now, out);
	revocations_on_timer(&mag->revocations, now, out);
	/* What ends may be a member. */
	groups_on_timer(mag, now, out);
	visitors_on_timer(mag, now, out);
}

uint64_t mag_next_timer(const struct mag *mag)
{
	uint64_t mine = timers_next(&mag->timers);
	uint64_t visitors = timers_next(&mag->visitor_timers);
	uint64_t groups = timers_next(&mag->groups.timers);
	uint64_t revoked = timers_next(&mag->revocations.timers);

	mine = mine < groups ? mine : groups;
	mine = mine < visitors ? mine : visitors;
	return mine < revoked ? mine : revoked;
}

void mag_on_path_expired(struct mag *mag, uint64_t cookie, uint32_t generation,
			 struct now now, struct outbox *out)
{
	struct bule *bule = bul_by_id(&mag->bul, cookie);

	if (bule && !bule->busy && bule->state == BULE_ACTIVE &&
	    bule->generation == generation)
		mag_expire(mag, bule, now.mono_ms, now, out);
}
