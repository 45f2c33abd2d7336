// SPDX-License-Identifier: GPL-2.0
/*
 * Proxy Binding Acknowledgements (RFC 5213 6.9.1.2).
 */
#include <string.h>

#include "mag_group_internal.h"

static void ignore(struct mag *mag, const struct in6_addr *src,
		   const struct mh_binding_ack *ba, enum mag_ignored why,
		   struct outbox *out)
{
	static const char *const reasons[MAG_IGNORED_REASONS] = {
		[MAG_IGNORED_UNASKED] = "answers nothing that was asked",
		[MAG_IGNORED_SOURCE] = "is not from the anchor that was asked",
		[MAG_IGNORED_NO_PROXY] = "is from an anchor without proxy service",
		[MAG_IGNORED_ECHO] = "echoes other options than were sent",
		[MAG_IGNORED_NO_PREFIX] = "accepts, but grants no prefix",
		[MAG_IGNORED_NO_GROUP] = "has the B flag, but names no group",
		[MAG_IGNORED_BUSY] = "comes before the last one is carried out",
	};
	struct report *report;

	mag->counters.pba_ignored++;
	mag->counters.ignored[why]++;
	report = transaction_report(transaction_new(out, NULL), REPORT_INFO,
				    "pba-ignored", &ba->options.mn_id);
	report->has_peer = true;
	report->peer = *src;
	report->status = ba->status;
	report->reason = reasons[why];
}

/*
 * RFC 6275 11.7.3: the lifetime counts from the sending of the update; what was
 * granted beyond what was asked for does not count.
 */
static void note_lifetime(struct bule *bule, const struct mh_binding_ack *ba)
{
	const struct bule_copy *copy = bule_copy_of(bule, ba->sequence);

	bule->lifetime = ba->lifetime < copy->lifetime ? ba->lifetime :
							 copy->lifetime;
	bule->expires_ms = copy->sent_ms +
			   (uint64_t)bule->lifetime * LIFETIME_UNIT_MS;
}

unsigned int mag_named_prefixes(const struct mh_options *options,
				struct mh_prefix *hnp)
{
	unsigned int count = 0, i, j;

	for (i = 0; i < options->hnp_count; i++) {
		for (j = 0; j < count; j++)
			if (mh_prefix_equal(&hnp[j], &options->hnp[i]))
				break;
		if (j == count)
			hnp[count++] = options->hnp[i];
		else
			hnp[j].off_link |= options->hnp[i].off_link;
	}
	return count;
}

static bool grants_prefixes(const struct mh_binding_ack *ba)
{
	unsigned int i;

	if (!ba->lifetime || !ba->options.hnp_count)
		return false;
	for (i = 0; i < ba->options.hnp_count; i++)
		if (mh_prefix_any(&ba->options.hnp[i]))
			return false;
	return true;
}

static void lose_prefix(struct mag *mag, struct bule *bule,
			const struct mh_prefix *hnp)
{
	struct mh_prefix left[MH_MAX_HNP];
	unsigned int i, count = 0;

	for (i = 0; i < bule->hnp_count; i++)
		if (!mh_prefix_equal(&bule->hnp[i], hnp))
			left[count++] = bule->hnp[i];
	bul_set_prefixes(&mag->bul, bule, left, count);
}

static bool is_of_another(const struct bule *bule, const struct bule *other)
{
	return !mh_mn_id_equal(&bule->profile.mn_id, &other->profile.mn_id);
}

/*
 * RFC 5213 6.9.1.1 (5), Handoff Indicator 2: what another interface of the mobile
 * node had, perhaps here, is of this one now. It ends there without deleting
 * what this one is about to have. So does what another mobile node had, that has
 * left unheard, or another interface: its session ended elsewhere, or was lost, and
 * the anchor has given its prefix away since. Of several interfaces that share
 * prefixes, one is at this gateway, as it has one care-of address for them: the last
 * that came.
 */
void mag_take_over(struct mag *mag, struct bule *bule,
		   const struct mh_prefix *hnp, unsigned int count,
		   struct now now, struct outbox *out)
{
	struct bule *other;
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (bule_has_prefix(bule, &hnp[i]))
			continue;
		other = bul_by_prefix(&mag->bul, &hnp[i]);
		if (!other)
			continue;
		lose_prefix(mag, other, &hnp[i]);
		if (!other->hnp_count)
			mag_let_go(mag, other, is_of_another(bule, other) ?
				   "its anchor has given its prefix away" :
				   "another interface of the mobile node has it",
				   now, out);
		else if (other->forwards)
			mag_put_record(transaction_new(out, NULL), other, now);
	}
}

static void registered(struct mag *mag, struct bule *bule,
		       const struct mh_binding_ack *ba, struct now now,
		       struct outbox *out)
{
	struct mh_prefix hnp[MH_MAX_HNP];
	/* They are the mobile node's, whatever was asked for. */
	unsigned int count = mag_named_prefixes(&ba->options, hnp);
	bool moved;

	mag_take_over(mag, bule, hnp, count, now, out);
	note_lifetime(bule, ba);
	membership_on_pba(mag, bule, ba, now, out);
	multihoming_on_pba(mag, bule, ba, now, out);
	mag_end_exchange(mag, bule);
	moved = mag_take_router(mag, bule, &ba->options, now, out);
	if (bule->forwards && !bule_prefixes_are(bule, hnp, count)) {
		mag_change_prefixes(mag, bule, hnp, count, "prefixes-changed",
				    now, out);
	} else if (bule->state == BULE_ACTIVE) {
		mag_install(mag, bule, "binding-refreshed",
			    moved ? REPORT_INFO : REPORT_DEBUG, moved, now,
			    out);
	} else {
		bul_set_prefixes(&mag->bul, bule, hnp, count);
		mag_install(mag, bule, "registered", REPORT_INFO, true, now,
			    out);
	}
}

static void accepted(struct mag *mag, struct bule *bule,
		     const struct in6_addr *src,
		     const struct mh_binding_ack *ba, struct now now,
		     struct outbox *out)
{
	mag->counters.pba_accepted++;
	if (bule->state == BULE_DEREGISTERING) {
		mag_end_exchange(mag, bule);
		if (bule->forwards)
			mag_uninstall(mag, bule, "unbound", NULL, bule->refuse,
				      now, out);
		else
			mag_gone(mag, bule, now, out);
		return;
	}
	if (!grants_prefixes(ba)) {
		ignore(mag, src, ba, MAG_IGNORED_NO_PREFIX, out);
		return;
	}
	registered(mag, bule, ba, now, out);
}

static bool echoes_copy(const struct bule_copy *copy,
			const struct mh_binding_ack *ba)
{
	const struct mh_options *options = &ba->options;

	return (!options->has_handoff || options->handoff == copy->handoff) &&
	       (!options->has_att || options->att == copy->att);
}

/* Of status 135 the number is not that of what it answers. */
static bool echoes_any(const struct bule *bule, const struct mh_binding_ack *ba)
{
	unsigned int i;

	for (i = 0; i < BULE_COPIES; i++)
		if (bule->copies[i].used && echoes_copy(&bule->copies[i], ba))
			return true;
	return false;
}

static bool echoes(const struct bule *bule, const struct mh_binding_ack *ba)
{
	const struct bule_copy *copy = bule_copy_of(bule, ba->sequence);

	if (ba->status == MH_SEQUENCE_OUT_OF_WINDOW)
		return echoes_any(bule, ba);
	/* The number of something that was accepted before, maybe not ours. */
	if (!copy)
		copy = &bule->copies[0];
	return echoes_copy(copy, ba);
}

/* RFC 5213 6.9.1.2 (6): ignored, and not asked again. What stands may stand. */
static void stop(struct mag *mag, struct bule *bule, struct now now,
		 struct outbox *out)
{
	bule->stopped = true;
	if (bule->state == BULE_ACTIVE)
		mag_end_exchange(mag, bule);
	else
		mag_give_up(mag, bule, "anchor answers something else", now,
			    out);
}

/*
 * The Sequence Number of status 135 is that of the last PBU that the anchor
 * accepted (RFC 6275 9.5.1). Where it is behind what we sent last, or is that
 * very one, the anchor has refused one that was overtaken.
 */
static bool is_overtaken(const struct bule *bule,
			 const struct mh_binding_ack *ba)
{
	const struct bule_copy *newest = &bule->copies[0];

	if (ba->sequence == newest->sequence)
		return !echoes_copy(newest, ba);
	return (int16_t)(ba->sequence - newest->sequence) < 0;
}

/*
 * Of status 135 the number does not, where each session has its own: it may be
 * late, and of an exchange that is over.
 */
static bool tells_what_it_answers(const struct mag *mag,
				  const struct mh_binding_ack *ba)
{
	return ba->status != MH_SEQUENCE_OUT_OF_WINDOW ||
	       mag->config.timestamp_based;
}

/*
 * Nor does any that the anchor's count has led to, for as long as an answer is waited
 * for: who was here before may have sent the same number for something else, and be
 * answered late.
 */
static bool answers_us(const struct mag *mag, const struct bule *bule,
		       const struct mh_binding_ack *ba, struct now now)
{
	return tells_what_it_answers(mag, ba) &&
	       now.mono_ms >= bule->late_until_ms;
}

static struct bule *find(const struct mag *mag, const struct mh_binding_ack *ba,
			 bool *same_mn)
{
	struct bule *bule;

	if (tells_what_it_answers(mag, ba))
		return bul_by_ack(&mag->bul, ba, same_mn);
	*same_mn = true;
	bule = bul_by_options(&mag->bul, &ba->options);
	return bule && !is_overtaken(bule, ba) ? bule : NULL;
}

static bool is_from(struct mag *mag, const struct in6_addr *lma,
		    const struct in6_addr *src, const struct mh_binding_ack *ba,
		    struct outbox *out)
{
	if (!IN6_ARE_ADDR_EQUAL(src, lma)) {
		ignore(mag, src, ba, MAG_IGNORED_SOURCE, out);
		return false;
	}
	if (!(ba->flags & MH_BA_PROXY)) {
		ignore(mag, src, ba, MAG_IGNORED_NO_PROXY, out);
		return false;
	}
	/* RFC 6602 5.1.2: malformed. */
	if ((ba->flags & MH_BA_BULK) && !ba->options.group_count) {
		ignore(mag, src, ba, MAG_IGNORED_NO_GROUP, out);
		return false;
	}
	return true;
}

static void on_bulk_pba(struct mag *mag, struct mag_group *group,
			const struct in6_addr *src,
			const struct mh_binding_ack *ba, struct now now,
			struct outbox *out)
{
	bool accepts = ba->status < MH_STATUS_REJECTED;

	if (!is_from(mag, &group->anchor->address, src, ba, out))
		return;
	if (accepts && !bulk_echoes(group, ba))
		ignore(mag, src, ba, MAG_IGNORED_ECHO, out);
	else if (accepts && !ba->lifetime)
		ignore(mag, src, ba, MAG_IGNORED_NO_PREFIX, out);
	else
		bulk_on_pba(mag, group, ba, now, out);
}

void mag_on_pba(struct mag *mag, const struct in6_addr *src,
		const struct mh_binding_ack *ba, struct now now,
		struct outbox *out)
{
	bool same_mn;
	struct bule *bule = find(mag, ba, &same_mn);
	struct mag_group *group = bule ? NULL : bulk_find(mag, ba);

	if (group) {
		on_bulk_pba(mag, group, src, ba, now, out);
		return;
	}
	if (!bule) {
		ignore(mag, src, ba, MAG_IGNORED_UNASKED, out);
		membership_on_stray(mag, src, ba, now, out);
		return;
	}
	if (!is_from(mag, &bule->profile.lma, src, ba, out))
		return;
	/* It will be repeated. */
	if (bule->busy) {
		ignore(mag, src, ba, MAG_IGNORED_BUSY, out);
		return;
	}
	if (!same_mn || !echoes(bule, ba)) {
		ignore(mag, src, ba, MAG_IGNORED_ECHO, out);
		if (answers_us(mag, bule, ba, now))
			stop(mag, bule, now, out);
		return;
	}
	if (ba->status < MH_STATUS_REJECTED)
		accepted(mag, bule, src, ba, now, out);
	else
		mag_on_refusal(mag, bule, ba, now, out);
}
