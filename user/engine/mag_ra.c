// SPDX-License-Identifier: GPL-2.0
/*
 * What a gateway tells mobile nodes by Router Advertisements: the emulation of
 * their home link (RFC 5213 6.7, 6.9.2, 6.9.5).
 */
#include <string.h>

#include "alloc.h"
#include "mag_internal.h"

/* A mobile node that solicits without end is answered this often. */
#define SOLICIT_INTERVAL_MS 250u

/* RFC 2473 6.7: what a tunnel takes; RFC 8200 5: what every link has. */
#define TUNNEL_OVERHEAD 40u
#define LEAST_MTU 1280u

/* --- What a station was told. */

static bool is_gone(const struct told *told, const struct mh_prefix *prefix,
		    unsigned int *at)
{
	for (*at = 0; *at < told->gone_count; (*at)++)
		if (mh_prefix_equal(&told->gone[*at], prefix))
			return true;
	return false;
}

void told_anew(struct told *told, const struct mh_prefix *prefix)
{
	unsigned int at;

	if (!is_gone(told, prefix, &at))
		return;
	told->gone_count--;
	memmove(&told->gone[at], &told->gone[at + 1],
		(told->gone_count - at) * sizeof(told->gone[0]));
	if (!told->gone_count)
		told->gone_left = 0;
}

void told_gone(struct mag *mag, struct told *told,
	       const struct mh_prefix *prefix)
{
	told_anew(told, prefix);
	/* That of long ago has been said often enough. */
	if (told->gone_count == TOLD_GONE_MAX)
		told_anew(told, &told->gone[0]);
	told->gone[told->gone_count++] = *prefix;
	told->gone_left = mag->config.final_ras ? mag->config.final_ras : 1;
	mag->counters.prefixes_withdrawn++;
}

uint64_t told_interval(struct mag *mag, const struct told *told)
{
	const struct mag_config *config = &mag->config;
	uint64_t most = config->ra_interval_s * 1000ull, limit = most;
	/* RFC 4861 6.2.4: at random times, and 6.2.1: no less than a third. */
	uint64_t drawn = rng_between(&mag->rng, most / 3, most);

	if (told->gone_left)
		limit = config->ra_delay_ms;
	else if (told->repeats)
		limit = config->initial_ra_interval_s * 1000ull;
	return drawn < limit ? drawn : limit;
}

struct effect_advertise *told_begin(const struct mag *mag,
				    struct transaction *transaction,
				    const struct mag_attachment *at,
				    const struct in6_addr *dst)
{
	struct effect_advertise *ra;

	ra = transaction_add(transaction, EFFECT_ADVERTISE)->advertise;
	ra->ifindex = at->ifindex;
	memcpy(ra->lladdr, at->lladdr, ETH_ALEN);
	ra->src = mag->config.link_local;
	ra->dst = *dst;
	return ra;
}

void told_end(struct mag *mag, struct told *told, struct effect_advertise *ra,
	      struct now now)
{
	struct advertised_prefix *to;
	unsigned int i;

	for (i = 0; i < told->gone_count; i++) {
		to = &ra->prefix[ra->prefix_count++];
		to->prefix = told->gone[i];
		/* As it was, but for no time. */
		to->on_link = true;
		to->autonomous = true;
	}
	if (told->gone_left && !--told->gone_left)
		told->gone_count = 0;
	if (told->repeats)
		told->repeats--;
	told->sent_ms = now.mono_ms;
	told->mtu = ra->mtu;
	mag->counters.ra_sent++;
}

uint64_t mag_solicited(const struct mag *mag, const struct told *told,
		       struct now now)
{
	uint64_t next = told->sent_ms + SOLICIT_INTERVAL_MS;

	(void)mag;
	return next > now.mono_ms ? next : 0;
}

/* --- The MTU. */

const struct mag_link *mag_link_by_index(const struct mag *mag,
					 uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; i < mag->link_count; i++)
		if (mag->links[i].ifindex == ifindex)
			return &mag->links[i];
	return NULL;
}

static struct mag_tunnel *find_tunnel(const struct mag *mag,
				      const struct in6_addr *lma)
{
	unsigned int i;

	for (i = 0; i < mag->tunnel_count; i++)
		if (IN6_ARE_ADDR_EQUAL(&mag->tunnels[i].lma, lma))
			return &mag->tunnels[i];
	return NULL;
}

uint32_t mag_tunnel_mtu(const struct mag *mag, const struct in6_addr *lma)
{
	const struct mag_tunnel *tunnel = find_tunnel(mag, lma);

	return tunnel ? tunnel->mtu : 0;
}

/* RFC 5213 6.9.5: a default where nothing can be found out. */
static uint32_t default_mtu(const struct mag *mag)
{
	uint32_t path = mag->config.default_path_mtu;

	if (!path)
		return 0;
	return path < LEAST_MTU + TUNNEL_OVERHEAD ? LEAST_MTU :
						    path - TUNNEL_OVERHEAD;
}

/* RFC 5213 6.9.5: of tunnel and access link the lower. */
static uint32_t mtu_for(const struct mag *mag, const struct bule *bule)
{
	const struct mag_link *link = mag_link_by_index(mag, bule->at.ifindex);
	uint32_t mtu = mag->config.mtu;

	if (mtu)
		return mtu;
	mtu = mag_tunnel_mtu(mag, &bule->profile.lma);
	if (!mtu)
		mtu = default_mtu(mag);
	if (link && link->mtu >= LEAST_MTU && (!mtu || link->mtu < mtu))
		mtu = link->mtu;
	return mtu;
}

static void mtu_changed(struct mag *mag, struct bule *bule, struct now now,
			struct outbox *out)
{
	/* Who is not told yet will be, and then of this one. */
	if (bule->state != BULE_ACTIVE || !bule->forwards ||
	    !bule->told.sent_ms || bule->told.mtu == mtu_for(mag, bule))
		return;
	mag->counters.mtu_changes++;
	mag_tell(mag, bule, now, out);
}

void mag_on_tunnel_mtu(struct mag *mag, const struct in6_addr *lma,
		       uint32_t mtu, struct now now, struct outbox *out)
{
	struct mag_tunnel *tunnel = find_tunnel(mag, lma);
	struct bule *bule;

	if ((tunnel ? tunnel->mtu : 0) == mtu)
		return;
	if (!mtu) {
		*tunnel = mag->tunnels[--mag->tunnel_count];
	} else if (tunnel) {
		tunnel->mtu = mtu;
	} else {
		mag->tunnels = must_realloc(mag->tunnels,
					    (mag->tunnel_count + 1) *
					    sizeof(*mag->tunnels));
		mag->tunnels[mag->tunnel_count++] = (struct mag_tunnel){
			.lma = *lma,
			.mtu = mtu,
		};
	}
	for (bule = mag->bul.entries; bule; bule = bul_next(bule))
		if (IN6_ARE_ADDR_EQUAL(&bule->profile.lma, lma))
			mtu_changed(mag, bule, now, out);
}

void mag_set_link(struct mag *mag, const struct mag_link *link, struct now now,
		  struct outbox *out)
{
	struct mag_link *known =
		(struct mag_link *)mag_link_by_index(mag, link->ifindex);
	struct bule *bule;

	if (!known) {
		mag->links = must_realloc(mag->links, (mag->link_count + 1) *
						      sizeof(*mag->links));
		known = &mag->links[mag->link_count++];
	}
	*known = *link;
	visitors_on_link(mag, link, now, out);
	for (bule = mag->bul.entries; bule; bule = bul_next(bule))
		if (bule->at.ifindex == link->ifindex)
			mtu_changed(mag, bule, now, out);
}

void mag_forget_link(struct mag *mag, uint32_t ifindex)
{
	struct mag_link *link =
		(struct mag_link *)mag_link_by_index(mag, ifindex);

	if (link)
		*link = mag->links[--mag->link_count];
	visitors_forget(mag, ifindex);
}

/* --- Advertisements to mobile nodes. */

/* RFC 5213 6.4: the same on whatever link it is. */
static void put_flags(struct effect_advertise *ra, uint8_t configuration)
{
	ra->managed = configuration == ADDRESS_DHCPV6 ||
		      configuration == ADDRESS_BOTH;
	ra->other = ra->managed || configuration == ADDRESS_STATELESS;
}

static bool is_autonomous(uint8_t configuration)
{
	return configuration != ADDRESS_DHCPV6 &&
	       configuration != ADDRESS_MANUAL;
}

/*
 * Appendix B of draft-ietf-netlmm-proxymip6-02: others of the prefix that it is
 * from may be anywhere, so there is nothing on the link but the mobile node.
 */
static bool is_one_address(const struct mh_prefix *hnp)
{
	return hnp->len == 128;
}

static void put_lifetimes(const struct mag *mag, const struct bule *bule,
			  struct advertised_prefix *to, struct now now)
{
	const struct mag_config *config = &mag->config;
	const struct mag_profile *profile = &bule->profile;
	uint64_t left_ms;

	to->valid_s = profile->valid_lifetime_s ? profile->valid_lifetime_s :
						  config->valid_lifetime_s;
	to->preferred_s = profile->preferred_lifetime_s ?
			  profile->preferred_lifetime_s :
			  config->preferred_lifetime_s;
	if (config->prefixes_of_binding) {
		left_ms = bule_expires_ms(bule) > now.mono_ms ?
			  bule_expires_ms(bule) - now.mono_ms : 0;
		to->valid_s = (uint32_t)((left_ms + 999) / 1000);
		to->preferred_s = to->valid_s;
	}
	if (to->preferred_s > to->valid_s)
		to->preferred_s = to->valid_s;
}

void mag_advertise(struct mag *mag, struct transaction *transaction,
		   struct bule *bule, struct now now)
{
	uint8_t configuration = bule->profile.address_configuration;
	struct advertised_prefix *to;
	struct effect_advertise *ra;
	unsigned int i;

	if (!bule->at.ifindex)
		return;
	ra = told_begin(mag, transaction, &bule->at, &bule->link_local);
	ra->src = *mag_router(mag, bule);
	ra->router_lifetime_s = mag->config.router_lifetime_s;
	ra->mtu = mtu_for(mag, bule);
	put_flags(ra, configuration);
	for (i = 0; i < bule->hnp_count; i++) {
		/* RFC 7864 3.2.2: it has its place on another link. */
		if (bule->hnp[i].off_link)
			continue;
		to = &ra->prefix[ra->prefix_count++];
		to->prefix = bule->hnp[i];
		to->on_link = !is_one_address(&bule->hnp[i]);
		to->autonomous = is_autonomous(configuration);
		put_lifetimes(mag, bule, to, now);
	}
	told_end(mag, &bule->told, ra, now);
	mag_set_timer(mag, bule, BULE_TIMER_RA,
		      now.mono_ms + told_interval(mag, &bule->told));
}

void mag_tell(struct mag *mag, struct bule *bule, struct now now,
	      struct outbox *out)
{
	bule->told.repeats = mag->config.initial_ras;
	mag_advertise(mag, transaction_new(out, NULL), bule, now);
}
