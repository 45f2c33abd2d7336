// SPDX-License-Identifier: GPL-2.0
/*
 * Stations without mobility service (RFC 5213 6.14): they may have plain IPv6
 * from a visitor prefix of their access link, never a home network prefix. Who
 * was a mobile node before is told here that it has no home any more.
 */
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "alloc.h"
#include "mag_internal.h"

/*
 * Strangers can be without number; the one heard longest ago gives way. Mobile
 * nodes are counted, and all may have lost their home at once.
 */
#define VISITORS_MAX 4096u

/**
 * struct visitor - such a station
 * @timer: when it is told again; the first member
 * @at: where it is; its link-layer address is the key
 * @link_local: its link-local address, or ::
 * @router: what its router was, while it had a home; or ::
 * @served: it has the visitor prefix of its link
 * @prefix: that
 * @told: what it was told
 * @heard_ms: when it was last heard
 * @hh: among all, the one that was heard last is last
 */
struct visitor {
	struct timer timer;
	struct mag_attachment at;
	struct in6_addr link_local;
	struct in6_addr router;
	bool served;
	struct mh_prefix prefix;
	struct told told;
	uint64_t heard_ms;
	UT_hash_handle hh;
};

static struct visitor *find(const struct mag *mag, const uint8_t *lladdr)
{
	struct visitor *visitor;

	HASH_FIND(hh, mag->visitors, lladdr, ETH_ALEN, visitor);
	return visitor;
}

static void forget(struct mag *mag, struct visitor *visitor)
{
	timer_cancel(&mag->visitor_timers, &visitor->timer);
	HASH_DEL(mag->visitors, visitor);
	free(visitor);
}

void visitors_forget(struct mag *mag, uint32_t ifindex)
{
	struct visitor *visitor, *next;

	HASH_ITER(hh, mag->visitors, visitor, next)
		if (!ifindex || visitor->at.ifindex == ifindex)
			forget(mag, visitor);
}

/* Of one that is on another link now, what it was told there does not count. */
static struct visitor *get(struct mag *mag, const struct mag_attachment *at,
			   struct now now)
{
	struct visitor *visitor = find(mag, at->lladdr);

	if (visitor && visitor->at.ifindex != at->ifindex) {
		forget(mag, visitor);
		visitor = NULL;
	}
	if (!visitor) {
		if (HASH_COUNT(mag->visitors) >=
		    VISITORS_MAX + bul_count(&mag->bul))
			forget(mag, mag->visitors);
		visitor = must_alloc(sizeof(*visitor));
		visitor->at = *at;
	} else {
		HASH_DEL(mag->visitors, visitor);
	}
	visitor->heard_ms = now.mono_ms;
	HASH_ADD_KEYPTR(hh, mag->visitors, visitor->at.lladdr, ETH_ALEN,
			visitor);
	return visitor;
}

static void note_address(struct visitor *visitor, const struct in6_addr *src)
{
	if (IN6_IS_ADDR_LINKLOCAL(src))
		visitor->link_local = *src;
}

/* What is left to be told one that nothing is left for is its end. */
static void advertise(struct mag *mag, struct transaction *transaction,
		      struct visitor *visitor, struct now now)
{
	const struct mag_config *config = &mag->config;
	const struct mag_link *link = mag_link_by_index(mag,
							visitor->at.ifindex);
	struct advertised_prefix *to;
	struct effect_advertise *ra;

	ra = told_begin(mag, transaction, &visitor->at, &visitor->link_local);
	if (!visitor->served && !IN6_IS_ADDR_UNSPECIFIED(&visitor->router))
		ra->src = visitor->router;
	if (visitor->served) {
		ra->router_lifetime_s = config->router_lifetime_s;
		ra->mtu = link ? link->mtu : 0;
		to = &ra->prefix[ra->prefix_count++];
		to->prefix = visitor->prefix;
		/* Others have it too: they are reached by way of the router. */
		to->autonomous = true;
		to->valid_s = config->valid_lifetime_s;
		to->preferred_s = config->preferred_lifetime_s;
	}
	told_end(mag, &visitor->told, ra, now);
	timer_set(&mag->visitor_timers, &visitor->timer,
		  now.mono_ms + told_interval(mag, &visitor->told));
}

bool visitor_admit(struct mag *mag, const struct mag_attachment *at,
		   const struct in6_addr *link_local, struct now now)
{
	const struct mag_link *link = mag_link_by_index(mag, at->ifindex);
	struct visitor *visitor;

	if (!link || !link->has_visitor_prefix)
		return false;
	visitor = get(mag, at, now);
	note_address(visitor, link_local);
	if (visitor->served)
		return true;
	visitor->served = true;
	visitor->prefix = link->visitor_prefix;
	visitor->told.repeats = mag->config.initial_ras;
	mag->counters.visitors++;
	timer_set(&mag->visitor_timers, &visitor->timer, now.mono_ms);
	return true;
}

void visitors_on_link(struct mag *mag, const struct mag_link *link,
		      struct now now, struct outbox *out)
{
	struct visitor *visitor, *next;

	HASH_ITER(hh, mag->visitors, visitor, next) {
		if (visitor->at.ifindex != link->ifindex || !visitor->served ||
		    (link->has_visitor_prefix &&
		     mh_prefix_equal(&visitor->prefix, &link->visitor_prefix)))
			continue;
		visitor->served = false;
		told_gone(mag, &visitor->told, &visitor->prefix);
		advertise(mag, transaction_new(out, NULL), visitor, now);
	}
}

bool mag_on_stranger(struct mag *mag, const struct mag_attachment *at,
		     struct now now, struct outbox *out)
{
	struct bule *bule = bul_by_lladdr(&mag->bul, at->lladdr);

	/* Of one that has service yet, detaching will make it a visitor. */
	if (bule) {
		mag_on_barred(mag, bule, "it may not have service any more",
			      now, out);
		return false;
	}
	return visitor_admit(mag, at, &in6addr_any, now);
}

void visitor_withdraw(struct mag *mag, struct transaction *transaction,
		      struct bule *bule, struct now now)
{
	struct visitor *visitor;
	unsigned int i;

	if (!bule->at.ifindex)
		return;
	visitor = get(mag, &bule->at, now);
	note_address(visitor, &bule->link_local);
	visitor->router = *mag_router(mag, bule);
	for (i = 0; i < bule->told.gone_count; i++)
		told_gone(mag, &visitor->told, &bule->told.gone[i]);
	for (i = 0; i < bule->hnp_count; i++)
		if (!bule->hnp[i].off_link)
			told_gone(mag, &visitor->told, &bule->hnp[i]);
	memset(&bule->told, 0, sizeof(bule->told));
	advertise(mag, transaction, visitor, now);
}

void visitor_entitled(struct mag *mag, struct bule *bule)
{
	struct visitor *visitor = find(mag, bule->at.lladdr);
	unsigned int i;

	if (!visitor)
		return;
	for (i = 0; i < visitor->told.gone_count; i++)
		if (!bule_has_prefix(bule, &visitor->told.gone[i]))
			told_gone(mag, &bule->told, &visitor->told.gone[i]);
	if (visitor->served && visitor->told.sent_ms)
		told_gone(mag, &bule->told, &visitor->prefix);
	forget(mag, visitor);
}

void visitor_on_neighbour(struct mag *mag, const uint8_t *lladdr,
			  const struct in6_addr *src)
{
	struct visitor *visitor = find(mag, lladdr);

	if (visitor)
		note_address(visitor, src);
}

void visitor_on_solicit(struct mag *mag, const uint8_t *lladdr,
			const struct in6_addr *src, struct now now,
			struct outbox *out)
{
	struct visitor *visitor = find(mag, lladdr);
	uint64_t later;

	if (!visitor || !visitor->served)
		return;
	visitor = get(mag, &visitor->at, now);
	note_address(visitor, src);
	later = mag_solicited(mag, &visitor->told, now);
	if (later)
		timer_set(&mag->visitor_timers, &visitor->timer, later);
	else
		advertise(mag, transaction_new(out, NULL), visitor, now);
}

/* Nobody says that it has left: that it is silent for long does. */
static bool is_over(const struct mag *mag, const struct visitor *visitor,
		    struct now now)
{
	uint64_t heard = visitor->heard_ms, frame;

	if (!visitor->served)
		return !visitor->told.gone_left;
	frame = mag->heard ? mag->heard(mag->heard_context, &visitor->at) : 0;
	if (frame > heard)
		heard = frame;
	return now.mono_ms > heard &&
	       now.mono_ms - heard > mag->config.router_lifetime_s * 1000ull;
}

void visitors_on_timer(struct mag *mag, struct now now, struct outbox *out)
{
	struct visitor *visitor;

	while ((visitor = (struct visitor *)timers_take(&mag->visitor_timers,
							now.mono_ms))) {
		if (is_over(mag, visitor, now))
			forget(mag, visitor);
		else
			advertise(mag, transaction_new(out, NULL), visitor,
				  now);
	}
}
