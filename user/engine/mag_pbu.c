// SPDX-License-Identifier: GPL-2.0
/*
 * Proxy Binding Updates, and their copies (RFC 5213 6.9.1.1, 6.9.4).
 */
#include <string.h>

#include "mag_group_internal.h"

/* RFC 7864 4.1: it is gateways that are told what is off the link. */
void mag_name_prefix(struct mh_options *options, const struct mh_prefix *hnp)
{
	struct mh_prefix *to = &options->hnp[options->hnp_count++];

	*to = *hnp;
	to->off_link = false;
}

/*
 * What is asked for: what it has, what is its own, or any. With multihoming it is
 * what it has at other gateways, whatever that is.
 */
static void put_prefixes(struct mh_options *options, const struct bule *bule)
{
	bool has = bule->state != BULE_REGISTERING && bule->hnp_count;
	const struct mh_prefix *hnp = has ? bule->hnp : bule->profile.hnp;
	bool any = bule->any_prefix || multihoming_asks(bule);
	unsigned int count = has ? bule->hnp_count :
			     any ? 0 : bule->profile.hnp_count;
	unsigned int i;

	for (i = 0; i < count; i++)
		mag_name_prefix(options, &hnp[i]);
	if (!count)
		options->hnp_count = 1;
}

uint16_t mag_units(uint32_t seconds)
{
	uint64_t units = (uint64_t)seconds * 1000 / LIFETIME_UNIT_MS;

	if (!units)
		units = 1;
	return units < UINT16_MAX ? (uint16_t)units : UINT16_MAX;
}

static uint16_t wanted_lifetime(const struct mag *mag, const struct bule *bule)
{
	uint32_t seconds = bule->profile.lifetime_s;

	if (bule->state == BULE_DEREGISTERING)
		return 0;
	return mag_units(seconds ? seconds : mag->config.lifetime_s);
}

static void remember_copy(struct bule *bule, const struct mh_binding_update *bu,
			  struct now now)
{
	memmove(&bule->copies[1], &bule->copies[0],
		sizeof(bule->copies) - sizeof(bule->copies[0]));
	bule->copies[0] = (struct bule_copy){
		.sequence = bu->sequence,
		.used = true,
		.handoff = bule->handoff,
		.att = bule->at.att,
		.lifetime = bu->lifetime,
		.group = bu->options.group[0],
		.sent_ms = now.mono_ms,
	};
}

/* A clock that is set back by less is not followed: see mag_next_timestamp(). */
#define SET_BACK_MS 300u

/*
 * Every one is newer than the last, also within the clock's step; but a clock
 * that was ahead, and is right again, is not ahead for the anchor either.
 */
uint64_t mag_next_timestamp(struct mag *mag, struct now now)
{
	if (now.wall > mag->timestamp ||
	    mag->timestamp - now.wall > wall_from_ms(SET_BACK_MS))
		mag->timestamp = now.wall;
	else
		mag->timestamp++;
	return mag->timestamp;
}

static void put_options(struct mag *mag, const struct bule *bule,
			struct mh_options *options, struct now now)
{
	options->has_mn_id = true;
	options->mn_id = bule->profile.mn_id;
	put_prefixes(options, bule);
	options->has_handoff = true;
	options->handoff = bule->handoff;
	options->has_att = true;
	options->att = bule->at.att;
	options->has_ll_id = true;
	options->ll_id.len = ETH_ALEN;
	memcpy(options->ll_id.data, bule->at.lladdr, ETH_ALEN);
	/* RFC 5213 6.9.1.1 (9): all zero, it asks for an address. */
	options->has_link_local =
		IN6_IS_ADDR_UNSPECIFIED(&mag->config.link_local);
	if (options->has_link_local)
		options->link_local = bule->router;
	if (!mag->config.timestamp_based)
		return;
	options->has_timestamp = true;
	options->timestamp = mag_next_timestamp(mag, now);
}

/*
 * What was sent after a record was written may have been accepted: without
 * timestamps, the same number again would be taken for a copy of that.
 */
#define SENT_SINCE 64

/*
 * RFC 5213 6.9.1.1 (6): with a timestamp, one count of the gateway, by which
 * answers are told apart; without, that of the session, which goes on.
 */
static uint16_t next_sequence(struct mag *mag, struct bule *bule)
{
	if (mag->config.timestamp_based)
		bule->sequence = ++mag->sequence;
	else
		bule->sequence += bule->skips ? SENT_SINCE : 1;
	bule->skips = false;
	return bule->sequence;
}

/*
 * RFC 6602 5.1.2. What was sent before and asked for something else is not to be
 * answered any more: it is this one that counts with the anchor.
 */
static void put_group(struct mag *mag, struct bule *bule,
		      struct mh_binding_update *bu, struct now now)
{
	uint32_t id = group_to_ask(mag, bule, now);

	if (bule->copies[0].group != id)
		memset(bule->copies, 0, sizeof(bule->copies));
	if (!id)
		return;
	bu->flags |= MH_BU_BULK;
	bu->options.group[bu->options.group_count++] = id;
}

static void send_copy(struct mag *mag, struct bule *bule, struct now now,
		      struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	struct effect *effect = transaction_add(transaction, EFFECT_SEND);
	struct mh_binding_update *bu = &effect->send.message->bu;
	struct report *report;
	bool said;

	effect->send.src = mag->config.address;
	effect->send.dst = bule->profile.lma;
	effect->send.message->type = MH_BINDING_UPDATE;
	bu->sequence = next_sequence(mag, bule);
	bu->flags = MH_BU_ACK | MH_BU_PROXY;
	bu->lifetime = wanted_lifetime(mag, bule);
	put_options(mag, bule, &bu->options, now);
	put_group(mag, bule, bu, now);
	said = multihoming_put(bule, bu);
	remember_copy(bule, bu, now);
	/* What the anchor may have is known here after a restart. */
	if (said && bule->state == BULE_ACTIVE && bule->forwards)
		mag_put_record(transaction, bule, now);

	report = mag_report(transaction, REPORT_DEBUG, "pbu-sent", bule);
	report->lifetime_s = (int64_t)bu->lifetime * LIFETIME_UNIT_MS / 1000;

	mag->counters.pbu_sent++;
	bule->tries++;
	mag_set_timer(mag, bule, BULE_TIMER_PBU,
		      now.mono_ms + bule->interval_ms);
}

/* RFC 5213 9.1: the anchor waits so long for one that another gateway sends. */
static uint32_t deregistration_interval(const struct mag_config *config)
{
	uint32_t most = config->max_delay_ms * 2 / 3;

	return !most || config->initial_bindack_timeout_ms < most ?
	       config->initial_bindack_timeout_ms : most;
}

static uint32_t first_interval(const struct mag *mag, const struct bule *bule)
{
	switch (bule->state) {
	case BULE_REGISTERING:
		return mag->config.first_bindack_timeout_ms;
	case BULE_DEREGISTERING:
		return deregistration_interval(&mag->config);
	default:
		return mag->config.initial_bindack_timeout_ms;
	}
}

void mag_register(struct mag *mag, struct bule *bule,
		  enum mh_handoff_indicator handoff, struct now now,
		  struct outbox *out)
{
	memset(bule->copies, 0, sizeof(bule->copies));
	bule->handoff = (uint8_t)multihoming_ask(mag, bule, handoff, now);
	bule->confirm = false;
	bule->waits = true;
	bule->tries = 0;
	bule->resynced = false;
	bule->news = false;
	bule->asked_ms = now.mono_ms;
	bule->unheard = false;
	bule->interval_ms = first_interval(mag, bule);
	send_copy(mag, bule, now, out);
}

void mag_retransmit(struct mag *mag, struct bule *bule, struct now now,
		    struct outbox *out)
{
	uint32_t most = mag->config.max_bindack_timeout_ms;

	bule->interval_ms = bule->interval_ms < most / 2 ?
			    2 * bule->interval_ms : most;
	bule->waits = true;
	mag->counters.pbu_retransmitted++;
	send_copy(mag, bule, now, out);
}

void mag_ask(struct mag *mag, struct bule *bule, struct now now,
	     struct outbox *out)
{
	/* RFC 5213 6.9.1.2 (8): one that was refused for its time has a copy. */
	if (bule->tries && (bule->waits || bule->state == BULE_REGISTERING))
		mag_retransmit(mag, bule, now, out);
	else
		mag_register(mag, bule, bule->state == BULE_ACTIVE &&
			     !bule->confirm ? MH_HI_NOT_CHANGED :
			     MH_HI_UNKNOWN, now, out);
}

/* How long it may take to answer; the kernel solicits for 3 s. */
#define ANSWER_MS 5000u

bool mag_check_presence(struct mag *mag, struct bule *bule, struct now now,
			struct outbox *out)
{
	bool asked = bule->unheard;

	bule->unheard = false;
	if (mag_is_present(mag, bule, now))
		return true;
	if (!asked) {
		bule->unheard = true;
		mag_probe(mag, bule, out);
		mag_set_timer(mag, bule, BULE_TIMER_PBU,
			      now.mono_ms + ANSWER_MS);
		return false;
	}
	mag->counters.unheard++;
	mag_on_detach(mag, bule, false, "it is not known to be attached", now,
		      out);
	return false;
}

void mag_now_heard(struct mag *mag, struct bule *bule, struct now now)
{
	if (bule->unheard && mag_is_present(mag, bule, now))
		mag_set_timer(mag, bule, BULE_TIMER_PBU, now.mono_ms);
}

void mag_end_exchange(struct mag *mag, struct bule *bule)
{
	bule->waits = false;
	bule->unheard = false;
	group_ask_no_more(mag, bule);
	mag_cancel_timer(mag, bule, BULE_TIMER_PBU);
}
